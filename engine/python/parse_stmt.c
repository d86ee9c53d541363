/* Statements, and what becomes of those that do not parse.
 *
 * Three things make an N_ERROR of a statement: tree-sitter recovered from an error inside it
 * (inside its header, for a compound one: errors in a body belong to the statements there), a
 * conversion gave up, or an ERROR node stands between statements. What is whole inside an ERROR
 * node is saved: tree-sitter often wraps a run of good statements together with one stray bracket.
 * Only statements at the column of the block are saved that way, since others belong to a header
 * that was lost. */
#include <assert.h>
#include <string.h>

#include "python/parse_internal.h"

#define ERRORS_MAX 100 /* diagnostics for one file */

/* --- errors --- */

typedef struct Flaw {
    Span span;
    const char *missing; /* the token that is not there, or NULL */
} Flaw;

/* The first ERROR or MISSING node at or below n, which has an error. */
static Flaw first_flaw(Parse *p, TSNode n)
{
    for (;;) {
        if (ts_node_is_missing(n)) return (Flaw){parse_span(n), ts_node_type(n)};
        if (parse_gram(p, n) == G_ERROR) return (Flaw){parse_span(n), NULL};
        Kids ks = kids_open(p, n);
        bool found = false;
        for (int i = 0; i < ks.n && !found; i++) {
            found = ts_node_has_error(kid(p, ks, i).node) || ts_node_is_missing(kid(p, ks, i).node);
            if (found) n = kid(p, ks, i).node;
        }
        kids_close(p, ks);
        if (!found) return (Flaw){parse_span(n), NULL};
    }
}

/* The first line of the span that is no comment, for the caret. */
static Span first_line(const Parse *p, Span span)
{
    while (span.start < span.end && p->text[span.start] && strchr(" \t\r\n#", p->text[span.start]))
        if (p->text[span.start] != '#') span.start++;
        else
            while (span.start < span.end && p->text[span.start] != '\n') span.start++;
    int end = span.start;
    while (end < span.end && p->text[end] != '\n' && p->text[end] != '\r') end++;
    if (end == span.start && end < p->len && p->text[end] != '\n') end++;
    return (Span){span.start, end};
}

static void report(Parse *p, Span span, const char *hint, const char *why)
{
    if (!p->diags || p->errors > ERRORS_MAX) return;
    p->errors++;
    if (p->errors > ERRORS_MAX)
        diag_add(p->diags, SEV_NOTE, "syntax", p->module->src->path, span, NULL,
                 "there are more syntax errors after this one");
    else
        diag_add(p->diags, SEV_ERROR, "syntax", p->module->src->path, first_line(p, span), hint,
                 "%s", why);
}

static void report_flaw(Parse *p, Flaw f)
{
    if (p->errors > ERRORS_MAX) return;
    if (f.missing) {
        bool token = strlen(f.missing) <= 2;
        report(p, f.span, NULL,
               arena_printf(p->arena, token ? "'%s' is missing here" : "%s is missing here",
                            f.missing));
        return;
    }
    Span line = first_line(p, f.span);
    int n = line.end - line.start;
    if (n <= 0) report(p, f.span, NULL, "this does not parse");
    else
        report(p, f.span, NULL,
               arena_printf(p->arena, "this does not parse: %.*s", n > 30 ? 30 : n,
                            p->text + line.start));
}

static Node *error_node(Parse *p, Span span)
{
    Node *e = parse_node(p, N_ERROR, span);
    e->text = parse_text(p, span);
    return e;
}

Node *parse_need(Parse *p, Node *e, Span whole)
{
    if (e) return e;
    parse_give_up(p, whole, "an expression is missing here", NULL);
    return parse_node(p, N_NONE, whole);
}

Node *parse_expr_in(Parse *p, Kids ks, Field field, Span whole)
{
    Kid k = kid_in(p, ks, field);
    return parse_need(p, kid_is_there(k) ? parse_expr(p, k.node) : NULL, whole);
}

/* --- simple statements --- */

static Node *assignment(Parse *p, TSNode n, Span span)
{
    Node *s = parse_node(p, N_ASSIGN, span);
    for (;;) {
        Kids ks = kids_open(p, n);
        Kid type = kid_in(p, ks, F_type), right = kid_in(p, ks, F_right);
        Node *target = parse_expr_in(p, ks, F_left, span);
        vec_push(p->arena, &s->items, target);
        if (kid_is_there(type)) {
            if (s->items.len > 1) parse_give_up(p, span, "only one target can be annotated", NULL);
            s->kind = N_ANNASSIGN;
            s->a = target;
            s->items = (NodeVec){0};
            s->c = parse_expr(p, type.node);
        }
        kids_close(p, ks);
        if (right.gram == G_assignment && s->kind == N_ASSIGN) {
            n = right.node;
            continue;
        }
        if (kid_is_there(right)) s->b = parse_expr(p, right.node);
        else if (s->kind == N_ASSIGN) parse_give_up(p, span, "a value is missing here", NULL);
        return s;
    }
}

static Node *augmented(Parse *p, TSNode n, Span span)
{
    Node *s = parse_node(p, N_AUGASSIGN, span);
    Kids ks = kids_open(p, n);
    s->a = parse_expr_in(p, ks, F_left, span);
    Kid op = kid_in(p, ks, F_operator);
    if (kid_is_there(op)) {
        Span text = parse_span(op.node);
        s->op = parse_text(p, (Span){text.start, text.end - 1});
    }
    s->b = parse_expr_in(p, ks, F_right, span);
    kids_close(p, ks);
    return s;
}

static Node *expression_statement(Parse *p, TSNode n)
{
    Span span = parse_span(n);
    Kids ks = kids_open(p, n);
    Kid first = ks.n ? kid(p, ks, 0) : (Kid){0};
    Node *s;
    if (first.gram == G_assignment) {
        s = assignment(p, first.node, span);
    } else if (first.gram == G_augmented_assignment) {
        s = augmented(p, first.node, span);
    } else {
        s = parse_node(p, N_EXPR, span);
        s->a = parse_need(p, parse_bare_tuple(p, ks, 0, F_none), span);
    }
    kids_close(p, ks);
    return s;
}

/* return, raise: an optional expression, which may be a tuple, and an optional cause. */
static Node *with_value(Parse *p, TSNode n, NodeKind kind)
{
    Node *s = parse_node(p, kind, parse_span(n));
    Kids ks = kids_open(p, n);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node)) continue;
        Node *e = parse_expr(p, k.node);
        if (k.field == F_cause) s->b = e;
        else s->a = e;
    }
    kids_close(p, ks);
    if (kind == N_RAISE && s->a && s->a->kind == N_TUPLE && !s->a->paren)
        parse_give_up(p, s->span, "this way to raise is Python 2", "raise Exception(message)");
    return s;
}

static Node *deletion(Parse *p, TSNode n)
{
    Node *s = parse_node(p, N_DEL, parse_span(n));
    Kids ks = kids_open(p, n);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_expression_list) {
            parse_arguments(p, k.node, &s->items);
        } else if (ts_node_is_named(k.node)) {
            Node *e = parse_expr(p, k.node);
            vec_push(p->arena, &s->items, e);
        }
    }
    kids_close(p, ks);
    return s;
}

static Node *assertion(Parse *p, TSNode n)
{
    Node *s = parse_node(p, N_ASSERT, parse_span(n));
    NodeVec parts = {0};
    parse_arguments(p, n, &parts);
    if (parts.len < 1 || parts.len > 2)
        parse_give_up(p, s->span, "assert takes a condition and a message", NULL);
    if (parts.len > 0) s->a = parts.at[0];
    if (parts.len > 1) s->b = parts.at[1];
    return s;
}

static Node *names(Parse *p, TSNode n, NodeKind kind)
{
    Node *s = parse_node(p, kind, parse_span(n));
    Kids ks = kids_open(p, n);
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_identifier) continue;
        const char *name = parse_text(p, parse_span(kid(p, ks, i).node));
        vec_push(p->arena, &s->strs, name);
    }
    kids_close(p, ks);
    return s;
}

static Node *alias(Parse *p, Kid k)
{
    Node *n = parse_node(p, N_ALIAS, parse_span(k.node));
    if (k.gram != G_aliased_import) {
        n->name = parse_dotted(p, k.node);
        return n;
    }
    Kids ks = kids_open(p, k.node);
    Kid name = kid_in(p, ks, F_name), as = kid_in(p, ks, F_alias);
    n->name = kid_is_there(name) ? parse_dotted(p, name.node) : "";
    n->asname = kid_is_there(as) ? parse_text(p, parse_span(as.node)) : NULL;
    kids_close(p, ks);
    return n;
}

static void module_name(Parse *p, Node *s, Kid k)
{
    if (k.gram != G_relative_import) {
        s->name = parse_dotted(p, k.node);
        return;
    }
    Kids ks = kids_open(p, k.node);
    for (int i = 0; i < ks.n; i++) {
        Kid part = kid(p, ks, i);
        Span span = parse_span(part.node);
        if (part.gram == G_dotted_name) s->name = parse_dotted(p, part.node);
        for (int b = span.start; part.gram == G_import_prefix && b < span.end; b++)
            s->level += p->text[b] == '.';
    }
    kids_close(p, ks);
}

static Node *import(Parse *p, TSNode n, NodeKind kind)
{
    Node *s = parse_node(p, kind, parse_span(n));
    Kids ks = kids_open(p, n);
    if (kind == N_IMPORTFROM) s->name = "";
    if (parse_gram(p, n) == G_future_import_statement) s->name = "__future__";
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.field == F_module_name) {
            module_name(p, s, k);
        } else if (k.gram == G_wildcard_import) {
            Node *all = parse_node(p, N_ALIAS, parse_span(k.node));
            all->name = "*";
            vec_push(p->arena, &s->items, all);
        } else if (k.field == F_name && ts_node_is_named(k.node)) {
            Node *one = alias(p, k);
            vec_push(p->arena, &s->items, one);
        }
    }
    kids_close(p, ks);
    return s;
}

static Node *type_alias(Parse *p, TSNode n)
{
    Node *s = parse_node(p, N_TYPEALIAS, parse_span(n));
    s->text = parse_text(p, s->span);
    return s;
}

/* --- the dispatcher --- */

static Node *python2(Parse *p, TSNode n, const char *why, const char *hint)
{
    parse_give_up(p, parse_span(n), why, hint);
    return parse_node(p, N_PASS, parse_span(n));
}

static Node *simple(Parse *p, TSNode n, Gram gram)
{
    if (ts_node_has_error(n)) {
        p->bad = true; /* told by statement() */
        return NULL;
    }
    switch (gram) {
    case G_expression_statement: return expression_statement(p, n);
    case G_return_statement: return with_value(p, n, N_RETURN);
    case G_raise_statement: return with_value(p, n, N_RAISE);
    case G_delete_statement: return deletion(p, n);
    case G_assert_statement: return assertion(p, n);
    case G_pass_statement: return parse_node(p, N_PASS, parse_span(n));
    case G_break_statement: return parse_node(p, N_BREAK, parse_span(n));
    case G_continue_statement: return parse_node(p, N_CONTINUE, parse_span(n));
    case G_global_statement: return names(p, n, N_GLOBAL);
    case G_nonlocal_statement: return names(p, n, N_NONLOCAL);
    case G_import_statement: return import(p, n, N_IMPORT);
    case G_import_from_statement:
    case G_future_import_statement: return import(p, n, N_IMPORTFROM);
    case G_type_alias_statement: return type_alias(p, n);
    case G_print_statement:
        return python2(p, n, "the print statement is Python 2", "print(...) is a function now");
    case G_exec_statement:
        return python2(p, n, "the exec statement is Python 2", "exec(...) is a function now");
    default: return python2(p, n, "this is not a statement", NULL);
    }
}

static bool is_simple(Gram g)
{
    switch (g) {
    case G_expression_statement:
    case G_return_statement:
    case G_raise_statement:
    case G_delete_statement:
    case G_assert_statement:
    case G_pass_statement:
    case G_break_statement:
    case G_continue_statement:
    case G_global_statement:
    case G_nonlocal_statement:
    case G_import_statement:
    case G_import_from_statement:
    case G_future_import_statement:
    case G_type_alias_statement:
    case G_print_statement:
    case G_exec_statement: return true;
    default: return false;
    }
}

/* One statement, or the N_ERROR that it is. */
static Node *statement(Parse *p, TSNode n)
{
    Gram gram = parse_gram(p, n);
    int first_id = p->next_id;
    int errors = p->errors, ndiags = p->diags ? p->diags->list.len : 0;
    bool deep = parse_deeper(p, n);
    Node *s = !deep ? NULL : parse_is_compound(gram) ? parse_compound(p, n) : simple(p, n, gram);
    p->depth--;
    if (!p->bad) return s;

    /* Forget the nodes, and what was said about statements inside: the whole is told once. */
    p->next_id = first_id;
    p->errors = errors;
    if (p->diags && p->diags->list.len > ndiags) p->diags->list.len = ndiags;
    p->bad = false;
    if (p->bad_why) report(p, p->bad_span, p->bad_hint, p->bad_why);
    else report_flaw(p, first_flaw(p, n));
    p->bad_why = p->bad_hint = NULL;
    return error_node(p, parse_span(n));
}

/* --- lists of statements --- */

typedef struct List {
    NodeVec *out;
    int indent; /* of its statements; -1: not known yet */
    Span error; /* of a run of things that are no statements; empty when error.start < 0 */
    Flaw flaw;  /* what to say of it */
} List;

static void close_error(Parse *p, List *l)
{
    if (l->error.start < 0) return;
    Node *e = error_node(p, l->error);
    vec_push(p->arena, l->out, e);
    report_flaw(p, l->flaw);
    l->error.start = -1;
}

static void add_error(List *l, TSNode n)
{
    Span span = parse_span(n);
    if (span.start == span.end) return;
    if (l->error.start < 0) {
        l->error = span;
        l->flaw = (Flaw){span, ts_node_is_missing(n) ? ts_node_type(n) : NULL};
    }
    l->error.end = span.end;
}

/* Bytes of blanks before the statement; -1 where it does not start its line. */
static int indentation(const Parse *p, int byte)
{
    int n = 0;
    for (int i = byte - 1; i >= 0 && p->text[i] != '\n' && p->text[i] != '\f'; i--, n++)
        if (p->text[i] != ' ' && p->text[i] != '\t') return -1;
    return n;
}

/* Tree-sitter takes a statement that is indented unlike its neighbours for one of them. So do we,
 * but Python does not. */
static void check_indentation(Parse *p, List *l, TSNode n)
{
    Span span = parse_span(n);
    int indent = indentation(p, span.start);
    if (indent < 0) return;
    if (l->indent < 0) l->indent = indent;
    else if (indent != l->indent)
        report(p, span, NULL, "this is indented unlike the statements around it");
}

static void add_kid(Parse *p, List *l, Kid k, uint32_t column);

/* Does tree-sitter give only the last children of the node (see parse.c), at wrong places? Each of
 * the 65536 that are missing has a byte at least. */
static bool lost_children(const Parse *p, TSNode n, Kids ks)
{
    Span span = parse_span(n);
    if (span.end - span.start < 65536) return false;
    return ks.n == 0 || span.end - parse_span(kid(p, ks, ks.n - 1).node).end > 32768;
}

/* What is whole inside an ERROR node, and the rest as errors. */
static void add_broken(Parse *p, List *l, TSNode n, uint32_t column)
{
    Kids ks = kids_open(p, n);
    bool some = false;
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        some |= (is_simple(k.gram) || parse_is_compound(k.gram)) &&
                ts_node_start_point(k.node).column == column;
    }
    p->depth++;
    if (!some || p->depth > PARSE_DEPTH_MAX || lost_children(p, n, ks)) add_error(l, n);
    else
        for (int i = 0; i < ks.n; i++) add_kid(p, l, kid(p, ks, i), column);
    p->depth--;
    kids_close(p, ks);
}

static void add_kid(Parse *p, List *l, Kid k, uint32_t column)
{
    if (k.gram == G_ERROR) {
        add_broken(p, l, k.node, column);
    } else if ((is_simple(k.gram) || parse_is_compound(k.gram)) &&
               (l->error.start < 0 || ts_node_start_point(k.node).column == column)) {
        close_error(p, l);
        check_indentation(p, l, k.node);
        Node *s = statement(p, k.node);
        vec_push(p->arena, l->out, s);
    } else {
        add_error(l, k.node);
    }
}

void parse_statements(Parse *p, TSNode block, NodeVec *out)
{
    List l = {.out = out, .indent = -1, .error = {-1, -1}};
    Gram gram = parse_gram(p, block);
    Kids ks = kids_open(p, block);
    bool lost = gram == G_ERROR && lost_children(p, block, ks);
    uint32_t column =
        gram != G_block || ks.n == 0 ? 0 : ts_node_start_point(kid(p, ks, 0).node).column;
    if (lost) add_error(&l, block);
    for (int i = 0; i < ks.n && !lost; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node) && k.gram != G_ERROR && gram != G_ERROR) continue; /* `;` */
        add_kid(p, &l, k, column);
    }
    close_error(p, &l);
    kids_close(p, ks);
}
