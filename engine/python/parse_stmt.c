/* Statements, and what becomes of those that do not parse.
 *
 * Three things make an N_ERROR of a statement: tree-sitter recovered from an error inside it (inside its
 * header, for a compound one: errors in a body belong to the statements there), a conversion gave up,
 * or an ERROR node stands between statements. What is whole inside an ERROR node is saved: tree-sitter
 * often wraps a run of good statements together with one stray bracket. Only statements at the column of
 * the block are saved that way, since others belong to a header that was lost.
 *
 * A compound statement ends where its last statement ends, whatever comments follow. */
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

/* One line of the span, for the caret. */
static Span first_line(const Parse *p, Span span)
{
    while (span.start < span.end && strchr(" \t\r\n", p->text[span.start]) && p->text[span.start])
        span.start++;
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
        diag_add(p->diags, SEV_ERROR, "syntax", p->module->src->path, first_line(p, span), hint, "%s", why);
}

static void report_flaw(Parse *p, Flaw f)
{
    if (p->errors > ERRORS_MAX) return;
    if (f.missing) {
        bool token = strlen(f.missing) <= 2;
        report(p, f.span, NULL,
               arena_printf(p->arena, token ? "'%s' is missing here" : "%s is missing here", f.missing));
        return;
    }
    Span line = first_line(p, f.span);
    int n = line.end - line.start;
    if (n <= 0) report(p, f.span, NULL, "this does not parse");
    else report(p, f.span, NULL, arena_printf(p->arena, "this does not parse: %.*s", n > 30 ? 30 : n,
                                              p->text + line.start));
}

static Node *error_node(Parse *p, Span span)
{
    Node *e = parse_node(p, N_ERROR, span);
    e->text = parse_text(p, span);
    return e;
}

/* --- small things --- */

/* The index of the block that is the body, among the kids; -1 when there is none. */
static int block_at(const Parse *p, Kids ks)
{
    for (int i = 0; i < ks.n; i++)
        if (kid(p, ks, i).gram == G_block) return i;
    return -1;
}

static bool is_clause(Gram g)
{
    return g == G_elif_clause || g == G_else_clause || g == G_except_clause ||
           g == G_except_group_clause || g == G_finally_clause || g == G_case_clause || g == G_block ||
           g == G_class_definition || g == G_function_definition;
}

/* Gives up when one of the kids that make up the header did not parse. */
static void check_header(Parse *p, Kids ks)
{
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        bool bad = k.gram == G_ERROR || ts_node_is_missing(k.node) ||
                   (!is_clause(k.gram) && ts_node_has_error(k.node));
        if (bad) p->bad = true; /* told by statement() */
    }
}

/* The end of a list of statements. */
static int list_end(const NodeVec *list, int otherwise)
{
    return list->len ? list->at[list->len - 1]->span.end : otherwise;
}

/* The body: the block among the kids, and head, the byte after the colon before it. */
static int body(Parse *p, Node *n, Kids ks, NodeVec *out)
{
    int at = block_at(p, ks);
    int colon = at - 1;
    while (colon >= 0 && kid(p, ks, colon).gram != G_colon) colon--;
    int head = colon >= 0 ? parse_span(kid(p, ks, colon).node).end : n->span.start;
    if (at >= 0 && !p->bad) parse_statements(p, kid(p, ks, at).node, out);
    if (out->len == 0)
        parse_give_up(p, (Span){n->span.start, head}, "an indented block is missing after this", NULL);
    return head;
}

/* A clause that is nothing but a keyword and a body. */
static void plain_clause(Parse *p, Node *n, TSNode clause, NodeVec *out)
{
    Kids ks = kids_open(p, clause);
    check_header(p, ks);
    body(p, n, ks, out);
    n->span.end = list_end(out, n->span.end);
    kids_close(p, ks);
}

static Node *need(Parse *p, Node *e, Span whole)
{
    if (e) return e;
    parse_give_up(p, whole, "an expression is missing here", NULL);
    return parse_node(p, N_NONE, whole);
}

static Node *expr_in(Parse *p, Kids ks, Field field, Span whole)
{
    Kid k = kid_in(p, ks, field);
    return need(p, kid_is_there(k) ? parse_expr(p, k.node) : NULL, whole);
}

/* --- simple statements --- */

static Node *assignment(Parse *p, TSNode n, Span span)
{
    Node *s = parse_node(p, N_ASSIGN, span);
    for (;;) {
        Kids ks = kids_open(p, n);
        Kid type = kid_in(p, ks, F_type), right = kid_in(p, ks, F_right);
        Node *target = expr_in(p, ks, F_left, span);
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
    s->a = expr_in(p, ks, F_left, span);
    Kid op = kid_in(p, ks, F_operator);
    if (kid_is_there(op)) {
        Span text = parse_span(op.node);
        s->op = parse_text(p, (Span){text.start, text.end - 1});
    }
    s->b = expr_in(p, ks, F_right, span);
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
        s->a = need(p, parse_bare_tuple(p, ks, 0, F_none), span);
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

static Node *delete(Parse *p, TSNode n)
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

/* --- compound statements --- */

/* The elif and else clauses from kid i on. Each elif nests in the one before it, so they count as depth. */
static void alternatives(Parse *p, Node *n, Kids ks)
{
    int depth = p->depth;
    Node *inner = n;
    for (int i = 0; i < ks.n && !p->bad; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_else_clause) {
            plain_clause(p, inner, k.node, &inner->orelse);
        } else if (k.gram == G_elif_clause && parse_deeper(p, k.node)) {
            Node *e = parse_node(p, N_IF, parse_span(k.node));
            e->elif = true;
            Kids clause = kids_open(p, k.node);
            check_header(p, clause);
            e->a = expr_in(p, clause, F_condition, e->span);
            e->head = body(p, e, clause, &e->body);
            e->span.end = list_end(&e->body, e->span.end);
            kids_close(p, clause);
            vec_push(p->arena, &inner->orelse, e);
            inner = e;
        }
    }
    /* Each level ends where the innermost ends. */
    for (Node *outer = n; outer != inner; outer = outer->orelse.at[0]) outer->span.end = inner->span.end;
    p->depth = depth;
}

static Node *if_or_while(Parse *p, TSNode ts, Kids ks, NodeKind kind)
{
    Node *n = parse_node(p, kind, parse_span(ts));
    n->a = expr_in(p, ks, F_condition, n->span);
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    alternatives(p, n, ks);
    return n;
}

static Node *for_loop(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_FOR, parse_span(ts));
    n->is_async = kids_have(p, ks, G_async);
    n->a = expr_in(p, ks, F_left, n->span);
    n->b = expr_in(p, ks, F_right, n->span);
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    alternatives(p, n, ks);
    return n;
}

/* `value as target`, or value alone. */
static void as_parts(Parse *p, TSNode ts, Node **value, Node **target)
{
    if (parse_gram(p, ts) != G_as_pattern) {
        *value = parse_expr(p, ts);
        return;
    }
    Kids ks = kids_open(p, ts);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node)) continue;
        Node **part = k.field == F_alias ? target : value;
        *part = parse_expr(p, k.node);
    }
    kids_close(p, ks);
}

static Node *except(Parse *p, TSNode ts, bool group)
{
    Node *n = parse_node(p, N_EXCEPT, parse_span(ts));
    if (group) n->op = "*";
    Kids ks = kids_open(p, ts);
    check_header(p, ks);
    Node *target = NULL;
    for (int i = 0; i < ks.n && kid(p, ks, i).gram != G_block; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_comma)
            parse_give_up(p, n->span, "this except clause is Python 2", "except Error as name:");
        if (!ts_node_is_named(k.node)) continue;
        if (!n->a) as_parts(p, k.node, &n->a, &target);
        else target = parse_expr(p, k.node);
    }
    if (target && target->kind != N_NAME)
        parse_give_up(p, target->span, "an exception is bound to a plain name", NULL);
    if (target) n->name = target->name;
    if (target && target->id == p->next_id) p->next_id--; /* no node of its own */
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    kids_close(p, ks);
    return n;
}

static Node *try_statement(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_TRY, parse_span(ts));
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    for (int i = 0; i < ks.n && !p->bad; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_except_clause || k.gram == G_except_group_clause) {
            Node *e = except(p, k.node, k.gram == G_except_group_clause);
            vec_push(p->arena, &n->items, e);
            n->span.end = e->span.end;
        } else if (k.gram == G_else_clause) {
            plain_clause(p, n, k.node, &n->orelse);
        } else if (k.gram == G_finally_clause) {
            plain_clause(p, n, k.node, &n->final);
        }
    }
    if (n->items.len == 0 && n->final.len == 0)
        parse_give_up(p, (Span){n->span.start, n->head}, "try needs except or finally", NULL);
    return n;
}

static Node *with_statement(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_WITH, parse_span(ts));
    n->is_async = kids_have(p, ks, G_async);
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_with_clause) continue;
        Kids items = kids_open(p, kid(p, ks, i).node);
        for (int j = 0; j < items.n; j++) {
            Kid k = kid(p, items, j);
            if (k.gram != G_with_item) continue;
            Node *item = parse_node(p, N_WITHITEM, parse_span(k.node));
            Kids inner = kids_open(p, k.node);
            Kid value = kid_in(p, inner, F_value);
            kids_close(p, inner);
            if (kid_is_there(value)) as_parts(p, value.node, &item->a, &item->b);
            item->a = need(p, item->a, item->span);
            vec_push(p->arena, &n->items, item);
        }
        kids_close(p, items);
    }
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    return n;
}

static const char *type_parameters(Parse *p, Kids ks)
{
    Kid k = kid_in(p, ks, F_type_parameters);
    return kid_is_there(k) ? parse_text(p, parse_span(k.node)) : NULL;
}

static void definition(Parse *p, Node *n, Kids ks, NodeKind kind)
{
    n->kind = kind;
    Kid name = kid_in(p, ks, F_name), params = kid_in(p, ks, F_parameters);
    Kid bases = kid_in(p, ks, F_superclasses), returns = kid_in(p, ks, F_return_type);
    n->is_async = kids_have(p, ks, G_async);
    n->name = kid_is_there(name) ? parse_text(p, parse_span(name.node)) : "";
    n->text = type_parameters(p, ks);
    if (kid_is_there(params)) parse_params(p, params.node, &n->params);
    if (kid_is_there(bases)) parse_arguments(p, bases.node, &n->items);
    if (kid_is_there(returns)) n->c = parse_expr(p, returns.node);
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
}

static Node *define(Parse *p, TSNode ts, Kids ks, NodeKind kind)
{
    Node *n = parse_node(p, kind, parse_span(ts));
    definition(p, n, ks, kind);
    return n;
}

static Node *decorated(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_FUNCTION, parse_span(ts));
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_decorator) continue;
        NodeVec one = {0};
        parse_arguments(p, kid(p, ks, i).node, &one);
        Node *e = need(p, one.len ? one.at[0] : NULL, n->span);
        vec_push(p->arena, &n->decorators, e);
    }
    Kid inner = kid_in(p, ks, F_definition);
    if (!kid_is_there(inner)) {
        parse_give_up(p, n->span, "a class or function is missing here", NULL);
        return n;
    }
    Kids parts = kids_open(p, inner.node);
    check_header(p, parts);
    definition(p, n, parts, inner.gram == G_class_definition ? N_CLASS : N_FUNCTION);
    kids_close(p, parts);
    return n;
}

/* Patterns without brackets make a tuple. */
static Node *case_patterns(Parse *p, Kids ks, Span whole)
{
    int n = 0;
    Span span = {0, 0};
    bool comma = false;
    for (int i = 0; i < ks.n && kid(p, ks, i).gram != G_colon; i++) {
        Kid k = kid(p, ks, i);
        comma |= k.gram == G_comma;
        if (k.gram != G_case_pattern) continue;
        if (n++ == 0) span = parse_span(k.node);
        span.end = parse_span(k.node).end;
    }
    Node *tuple = n > 1 || comma ? parse_node(p, N_TUPLE, span) : NULL;
    Node *e = tuple;
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_case_pattern) continue;
        Node *one = parse_pattern(p, kid(p, ks, i).node);
        if (tuple) vec_push(p->arena, &tuple->items, one);
        else e = one;
    }
    return need(p, e, whole);
}

static Node *case_clause(Parse *p, TSNode ts)
{
    Node *n = parse_node(p, N_CASE, parse_span(ts));
    Kids ks = kids_open(p, ts);
    check_header(p, ks);
    n->a = case_patterns(p, ks, n->span);
    Kid guard = kid_in(p, ks, F_guard);
    if (kid_is_there(guard)) {
        NodeVec test = {0};
        parse_arguments(p, guard.node, &test);
        n->b = need(p, test.len ? test.at[0] : NULL, n->span);
    }
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    kids_close(p, ks);
    return n;
}

static Node *match_statement(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_MATCH, parse_span(ts));
    n->a = need(p, parse_bare_tuple(p, ks, 1, F_subject), n->span);
    int at = block_at(p, ks);
    for (int i = 0; i < ks.n; i++)
        if (kid(p, ks, i).gram == G_colon) n->head = parse_span(kid(p, ks, i).node).end;
    if (at >= 0 && !p->bad) {
        Kids cases = kids_open(p, kid(p, ks, at).node);
        for (int i = 0; i < cases.n && !p->bad; i++) {
            Kid k = kid(p, cases, i);
            if (k.gram == G_ERROR) parse_give_up(p, parse_span(k.node), "this does not parse", NULL);
            if (k.gram != G_case_clause) continue;
            Node *c = case_clause(p, k.node);
            vec_push(p->arena, &n->items, c);
        }
        kids_close(p, cases);
    }
    if (n->items.len == 0) parse_give_up(p, n->span, "match needs a case", NULL);
    n->span.end = list_end(&n->items, n->span.end);
    return n;
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
    case G_delete_statement: return delete(p, n);
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

static Node *compound(Parse *p, TSNode n, Gram gram)
{
    Kids ks = kids_open(p, n);
    check_header(p, ks);
    Node *s = NULL;
    if (!p->bad) {
        switch (gram) {
        case G_if_statement: s = if_or_while(p, n, ks, N_IF); break;
        case G_while_statement: s = if_or_while(p, n, ks, N_WHILE); break;
        case G_for_statement: s = for_loop(p, n, ks); break;
        case G_try_statement: s = try_statement(p, n, ks); break;
        case G_with_statement: s = with_statement(p, n, ks); break;
        case G_function_definition: s = define(p, n, ks, N_FUNCTION); break;
        case G_class_definition: s = define(p, n, ks, N_CLASS); break;
        case G_decorated_definition: s = decorated(p, n, ks); break;
        case G_match_statement: s = match_statement(p, n, ks); break;
        default: assert(!"a compound statement");
        }
    }
    kids_close(p, ks);
    return s;
}

static bool is_compound(Gram g)
{
    return g == G_if_statement || g == G_while_statement || g == G_for_statement ||
           g == G_try_statement || g == G_with_statement || g == G_function_definition ||
           g == G_class_definition || g == G_decorated_definition || g == G_match_statement;
}

static bool is_simple(Gram g)
{
    switch (g) {
    case G_expression_statement: case G_return_statement: case G_raise_statement:
    case G_delete_statement: case G_assert_statement: case G_pass_statement: case G_break_statement:
    case G_continue_statement: case G_global_statement: case G_nonlocal_statement:
    case G_import_statement: case G_import_from_statement: case G_future_import_statement:
    case G_type_alias_statement: case G_print_statement: case G_exec_statement:
        return true;
    default:
        return false;
    }
}

/* One statement, or the N_ERROR that it is. */
static Node *statement(Parse *p, TSNode n)
{
    Gram gram = parse_gram(p, n);
    int first_id = p->next_id;
    int errors = p->errors, ndiags = p->diags ? p->diags->list.len : 0;
    bool deep = parse_deeper(p, n);
    Node *s = !deep ? NULL : is_compound(gram) ? compound(p, n, gram) : simple(p, n, gram);
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
    Span error;     /* of a run of things that are no statements; empty when error.start < 0 */
    Flaw flaw;      /* what to say of it */
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

static void add_kid(Parse *p, List *l, Kid k, uint32_t column);

/* What is whole inside an ERROR node, and the rest as errors. */
static void add_broken(Parse *p, List *l, TSNode n, uint32_t column)
{
    Kids ks = kids_open(p, n);
    bool some = false;
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        some |= (is_simple(k.gram) || is_compound(k.gram)) && ts_node_start_point(k.node).column == column;
    }
    p->depth++;
    if (!some || p->depth > PARSE_DEPTH_MAX) add_error(l, n);
    else
        for (int i = 0; i < ks.n; i++) add_kid(p, l, kid(p, ks, i), column);
    p->depth--;
    kids_close(p, ks);
}

static void add_kid(Parse *p, List *l, Kid k, uint32_t column)
{
    if (k.gram == G_ERROR) {
        add_broken(p, l, k.node, column);
    } else if ((is_simple(k.gram) || is_compound(k.gram)) &&
               (l->error.start < 0 || ts_node_start_point(k.node).column == column)) {
        close_error(p, l);
        Node *s = statement(p, k.node);
        vec_push(p->arena, l->out, s);
    } else {
        add_error(l, k.node);
    }
}

void parse_statements(Parse *p, TSNode block, NodeVec *out)
{
    List l = {.out = out, .error = {-1, -1}};
    bool module = parse_gram(p, block) != G_block;
    Kids ks = kids_open(p, block);
    uint32_t column = module || ks.n == 0 ? 0 : ts_node_start_point(kid(p, ks, 0).node).column;
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node) && k.gram != G_ERROR && parse_gram(p, block) != G_ERROR) continue;
        add_kid(p, &l, k, column);
    }
    close_error(p, &l);
    kids_close(p, ks);
}
