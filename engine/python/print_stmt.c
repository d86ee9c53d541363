/* One statement: verbatim, or anew.
 *
 * A compound statement whose header is unchanged keeps it as written, and only its body is printed
 * again. When all is printed, comments that stood inside the statement (or header) and found no
 * place are put at its end, so that nothing that the author said is lost. */
#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "python/print_internal.h"

static void add(Print *c, const char *s)
{
    buf_add(c->out, s);
}

/* A value at the end of a statement. Parentheses that were there only for its several lines go. */
static void value(Print *c, const Node *e, Prec min, int indent, int tail)
{
    const Node *o = node_origin(e);
    if (e->kind == N_PAREN && o && c->source && !print_holds_comments(c, e)) {
        const char *text = c->source->src->text + o->span.start;
        bool lines = memchr(text, '\n', (size_t)(o->span.end - o->span.start)) != NULL;
        bool needed = e->a->kind == N_WALRUS || e->a->kind == N_YIELD || e->a->kind == N_PAREN ||
                      e->a->kind == N_GENEXP || e->a->kind == N_LAMBDA;
        int start = (int)c->out->len;
        if (lines && !needed) {
            print_layout(c, e->a, min, indent, tail, false);
            print_mark(c, e, start);
            return;
        }
    }
    if (e->kind == N_WALRUS && min < PREC_TEST) min = PREC_TEST; /* alone it needs parentheses */
    print_layout(c, e, min, indent, tail, false);
}

/* --- simple statements --- */

static void assign(Print *c, const Node *s, int indent)
{
    for (int i = 0; i < s->items.len; i++) {
        print_layout(c, s->items.at[i], PREC_TUPLE, indent, 4, false);
        add(c, " = ");
    }
    value(c, s->b, PREC_YIELD, indent, 0);
}

static void annotated(Print *c, const Node *s, int indent)
{
    print_flat(c, s->a, PREC_PRIMARY);
    add(c, ": ");
    print_layout(c, s->c, PREC_TEST, indent, s->b ? 4 : 0, false);
    if (!s->b) return;
    add(c, " = ");
    value(c, s->b, PREC_YIELD, indent, 0);
}

static void augmented(Print *c, const Node *s, int indent)
{
    print_flat(c, s->a, PREC_PRIMARY);
    buf_printf(c->out, " %s= ", s->op);
    value(c, s->b, PREC_YIELD, indent, 0);
}

static void after_keyword(Print *c, const char *keyword, const Node *e, Prec min, int indent,
                          int tail)
{
    add(c, keyword);
    if (!e) return;
    add(c, " ");
    value(c, e, min, indent, tail);
}

static int flat_width(Print *c, const Node *e)
{
    const char *text = print_expr_flat(c->arena, e);
    return utf8_width(text, strlen(text));
}

static void raise(Print *c, const Node *s, int indent)
{
    int cause = s->b ? 6 + flat_width(c, s->b) : 0; /* " from " */
    after_keyword(c, "raise", s->a, PREC_TEST, indent, cause);
    if (s->b) after_keyword(c, " from", s->b, PREC_TEST, indent, 0);
}

static void assertion(Print *c, const Node *s, int indent)
{
    after_keyword(c, "assert", s->a, PREC_TEST, indent, s->b ? 1 : 0);
    if (s->b) after_keyword(c, ",", s->b, PREC_TEST, indent, 0);
}

static void names(Print *c, const char *keyword, const StrVec *list)
{
    add(c, keyword);
    for (int i = 0; i < list->len; i++) buf_printf(c->out, "%s%s", i ? ", " : " ", list->at[i]);
}

static void targets(Print *c, const Node *s, int indent)
{
    Node list = {.kind = N_TUPLE, .items = s->items};
    add(c, "del ");
    if (s->items.len == 1) print_layout(c, s->items.at[0], PREC_TUPLE, indent, 0, false);
    else print_layout(c, &list, PREC_TUPLE, indent, 0, false);
}

static void import(Print *c, const Node *s)
{
    add(c, "import ");
    for (int i = 0; i < s->items.len; i++) {
        if (i) add(c, ", ");
        print_flat(c, s->items.at[i], PREC_ATOM);
    }
}

static void import_from(Print *c, const Node *s, int indent)
{
    const Node *o = node_origin(s);
    add(c, "from ");
    for (int i = 0; i < s->level; i++) add(c, ".");
    add(c, s->name ? s->name : "");
    add(c, " import ");
    Node list = {.kind = N_TUPLE, .items = s->items};
    bool comments = o && c->source && print_pending(c, o->span);
    if (!comments && s->items.len == 1) print_flat(c, s->items.at[0], PREC_ATOM);
    else if (!comments && print_fits(c, &list, PREC_TUPLE, 0)) print_flat(c, &list, PREC_TUPLE);
    else {
        Brackets b = {.open = "(",
                      .close = ")",
                      .items = &s->items,
                      .min = PREC_ATOM,
                      .comma = true,
                      .comma_if_one = true,
                      .split = true,
                      .region = comments ? o->span : (Span){0, 0}};
        print_brackets(c, &b, indent);
    }
}

static void simple(Print *c, const Node *s, int indent)
{
    switch (s->kind) {
    case N_EXPR: value(c, s->a, PREC_YIELD, indent, 0); break;
    case N_ASSIGN: assign(c, s, indent); break;
    case N_ANNASSIGN: annotated(c, s, indent); break;
    case N_AUGASSIGN: augmented(c, s, indent); break;
    case N_RETURN: after_keyword(c, "return", s->a, PREC_TUPLE, indent, 0); break;
    case N_DEL: targets(c, s, indent); break;
    case N_PASS: add(c, "pass"); break;
    case N_BREAK: add(c, "break"); break;
    case N_CONTINUE: add(c, "continue"); break;
    case N_RAISE: raise(c, s, indent); break;
    case N_ASSERT: assertion(c, s, indent); break;
    case N_GLOBAL: names(c, "global", &s->strs); break;
    case N_NONLOCAL: names(c, "nonlocal", &s->strs); break;
    case N_IMPORT: import(c, s); break;
    case N_IMPORTFROM: import_from(c, s, indent); break;
    default: add(c, s->text ? s->text : "pass"); break; /* N_ERROR, N_TYPEALIAS */
    }
}

/* --- headers --- */

static void decorators(Print *c, const Node *s, int indent)
{
    const Node *o = node_origin(s);
    for (int i = 0; i < s->decorators.len; i++) {
        const Node *d = s->decorators.at[i];
        add(c, "@");
        print_layout(c, d, PREC_WALRUS, indent, 0, false);
        Span at = print_span(c, d);
        if (o && at.end > 0) print_trailing(c, at.end);
        print_newline(c, indent);
    }
}

static bool params_fit(Print *c, const Node *s, int tail)
{
    const Node *o = node_origin(s);
    if (o && c->source && print_pending(c, (Span){o->span.start, o->head})) return false;
    Buf text = {0};
    Print q = *c;
    q.out = &text;
    q.quiet = true;
    print_flat_params(&q, &s->params);
    int width = text.s ? utf8_width(text.s, text.len) : 0;
    bool one = !text.s || !strchr(text.s, '\n');
    buf_free(&text);
    return one && print_column(c) + 2 + width + tail <= c->width;
}

static int returns_width(Print *c, const Node *s)
{
    return s->c ? 5 + flat_width(c, s->c) : 1; /* " -> " and the colon */
}

static void function_header(Print *c, const Node *s, int indent)
{
    const Node *o = node_origin(s);
    buf_printf(c->out, "%sdef %s%s", s->is_async ? "async " : "", s->name, s->text ? s->text : "");
    if (params_fit(c, s, returns_width(c, s)) || s->params.list.len == 0) {
        add(c, "(");
        print_flat_params(c, &s->params);
        add(c, ")");
    } else {
        Brackets b = {
            .open = "(", .close = ")", .params = &s->params, .comma = true, .comma_if_one = true};
        if (o && c->source) b.region = (Span){o->span.start, o->head};
        print_brackets(c, &b, indent);
    }
    if (!s->c) return;
    add(c, " -> ");
    print_layout(c, s->c, PREC_TEST, indent, 1, false);
}

static void class_header(Print *c, const Node *s, int indent)
{
    const Node *o = node_origin(s);
    buf_printf(c->out, "class %s%s", s->name, s->text ? s->text : "");
    bool comments = o && c->source && print_pending(c, (Span){o->span.start, o->head});
    if (comments) {
        Brackets b = {
            .open = "(", .close = ")", .items = &s->items, .min = PREC_WALRUS, .comma = true};
        b.region = (Span){o->span.start, o->head};
        print_brackets(c, &b, indent);
    } else if (s->items.len) { /* bases are written like arguments */
        Node none = {.kind = N_NAME, .name = ""};
        Node call = {.kind = N_CALL, .a = &none, .items = s->items};
        print_layout(c, &call, PREC_PRIMARY, indent, 1, true);
    }
}

static void with_header(Print *c, const Node *s, int indent)
{
    const Node *o = node_origin(s);
    Span region = o && c->source ? (Span){o->span.start, o->head} : (Span){0, 0};
    Node list = {.kind = N_TUPLE, .items = s->items};
    add(c, s->is_async ? "async with " : "with ");
    if (s->items.len == 1) {
        print_layout(c, s->items.at[0], PREC_TEST, indent, 1, false);
    } else if (!print_pending(c, region) && print_fits(c, &list, PREC_TUPLE, 1)) {
        print_flat(c, &list, PREC_TUPLE);
    } else { /* brackets around the items: Python 3.9 and later */
        Brackets b = {.open = "(",
                      .close = ")",
                      .items = &s->items,
                      .min = PREC_TEST,
                      .comma = true,
                      .comma_if_one = true,
                      .split = true,
                      .region = region};
        print_brackets(c, &b, indent);
    }
}

static void except_header(Print *c, const Node *s, int indent)
{
    add(c, s->op ? "except*" : "except");
    if (s->a) after_keyword(c, "", s->a, PREC_TEST, indent, 1);
    if (s->name) buf_printf(c->out, " as %s", s->name);
}

/* Up to the colon, which the caller adds. */
static void header(Print *c, const Node *s, int indent)
{
    switch (s->kind) {
    case N_IF: after_keyword(c, s->elif ? "elif" : "if", s->a, PREC_WALRUS, indent, 1); break;
    case N_WHILE: after_keyword(c, "while", s->a, PREC_WALRUS, indent, 1); break;
    case N_FOR:
        after_keyword(c, s->is_async ? "async for" : "for", s->a, PREC_TUPLE, indent, 3);
        after_keyword(c, " in", s->b, PREC_TUPLE, indent, 1);
        break;
    case N_TRY: add(c, "try"); break;
    case N_EXCEPT: except_header(c, s, indent); break;
    case N_WITH: with_header(c, s, indent); break;
    case N_MATCH: after_keyword(c, "match", s->a, PREC_TUPLE, indent, 1); break;
    case N_CASE:
        after_keyword(c, "case", s->a, PREC_TUPLE, indent, 1);
        if (s->b) after_keyword(c, " if", s->b, PREC_WALRUS, indent, 1);
        break;
    case N_CLASS:
        decorators(c, s, indent);
        class_header(c, s, indent);
        break;
    case N_FUNCTION:
        decorators(c, s, indent);
        function_header(c, s, indent);
        break;
    default: assert(!"a compound statement");
    }
}

/* Comments of the bytes that found no place, at the end of the line. */
static void leftover_comments(Print *c, Span span)
{
    if (!c->source || span.end == 0) return;
    for (int i = print_comment_at(c, span.start);
         i < c->source->comments.len && c->source->comments.at[i].span.start < span.end; i++) {
        if (c->done[i]) continue;
        add(c, "  ");
        print_comment(c, i);
    }
}

static void whole_header(Print *c, const Node *s, int indent)
{
    const Node *o = node_origin(s);
    bool copies = c->source && o && print_same_header(s);
    Span span = {0, 0};
    if (c->source && o) span = (Span){o->span.start, o->head ? o->head : o->span.end};
    if (copies) {
        print_verbatim(c, s, span, indent);
    } else {
        header(c, s, indent);
        add(c, ":");
        leftover_comments(c, span);
    }
    if (c->source && o && o->head) print_trailing(c, o->head);
}

/* --- compound statements --- */

static void body(Print *c, const NodeVec *list, int depth)
{
    print_newline(c, 0);
    if (list->len) {
        print_list(c, list, depth);
    } else {
        for (int i = 0; i < depth * PRINT_INDENT; i++) buf_addc(c->out, ' ');
        add(c, "pass");
    }
}

/* A byte after `keyword` and its colon, which follow somewhere after byte `from`; -1 where they do
 * not. */
static int after_clause_keyword(const Print *c, int from, const char *keyword, int *at)
{
    const SourceText *src = c->source->src;
    size_t n = strlen(keyword);
    for (int i = from; i < src->len; i++) {
        if (src->text[i] == '#') {
            while (i < src->len && src->text[i] != '\n') i++;
        } else if (!strchr(" \t\r\n\f;\\", src->text[i])) {
            if ((size_t)(src->len - i) < n || memcmp(src->text + i, keyword, n) != 0) return -1;
            *at = i;
            for (i += (int)n; i < src->len && src->text[i] != ':'; i++)
                if (src->text[i] == '\n') return -1;
            return i < src->len ? i + 1 : -1;
        }
    }
    return -1;
}

/* What stands between the body before a clause and the clause: comments and blank lines. */
static void clause_gap(Print *c, int from, int to, int indent)
{
    if (from > 0) print_trailing(c, from);
    print_newline(c, 0);
    if (from > 0 && to > from) print_gap(c, NULL, (Span){from, to}, 0, indent);
    for (int i = 0; i < indent; i++) buf_addc(c->out, ' ');
}

static int end_of(const NodeVec *list)
{
    return list->len ? list->at[list->len - 1]->span.end : 0;
}

/* `else:` and `finally:`. from: the byte where the clause before this one ends in the source; 0:
 * none. */
static void plain_clause(Print *c, const char *keyword, const NodeVec *list, int from, int depth)
{
    int indent = depth * PRINT_INDENT, at = 0;
    int after = c->source && from > 0 ? after_clause_keyword(c, from, keyword, &at) : -1;
    clause_gap(c, after < 0 ? 0 : from, at, indent);
    buf_printf(c->out, "%s:", keyword);
    if (after >= 0) print_trailing(c, after);
    body(c, list, depth + 1);
}

static void compound(Print *c, const Node *s, int depth);

static void alternative(Print *c, const Node *s, int depth)
{
    const Node *o = c->source ? node_origin(s) : NULL;
    int from = o ? end_of(&o->body) : 0, indent = depth * PRINT_INDENT;
    if (s->orelse.len == 0) return;
    const Node *e = s->orelse.at[0];
    if (s->kind != N_IF || s->orelse.len > 1 || e->kind != N_IF || !e->elif) {
        plain_clause(c, "else", &s->orelse, from, depth);
        return;
    }
    const Node *eo = c->source ? node_origin(e) : NULL;
    bool follows = eo && o && o->orelse.len && o->orelse.at[0] == eo;
    clause_gap(c, follows ? from : 0, eo ? eo->span.start : 0, indent);
    for (int i = 0; i < e->lead.len; i++) {
        buf_printf(c->out, "%s%s", str_starts(e->lead.at[i], "#") ? "" : "# ", e->lead.at[i]);
        print_newline(c, indent);
    }
    int start = (int)c->out->len;
    if (eo && node_unchanged(e)) print_verbatim(c, e, eo->span, indent);
    else compound(c, e, depth);
    print_mark(c, e, start);
}

static void clauses(Print *c, const NodeVec *list, int from, int depth)
{
    for (int i = 0; i < list->len; i++) {
        const Node *e = list->at[i];
        const Node *o = c->source ? node_origin(e) : NULL;
        int indent = depth * PRINT_INDENT;
        clause_gap(c, o && o->span.start > from ? from : 0, o ? o->span.start : 0, indent);
        int start = (int)c->out->len;
        if (o && node_unchanged(e)) print_verbatim(c, e, o->span, indent);
        else compound(c, e, depth);
        print_mark(c, e, start);
        from = o ? o->span.end : 0;
    }
}

static void compound(Print *c, const Node *s, int depth)
{
    const Node *o = c->source ? node_origin(s) : NULL;
    if (o && o->kind != s->kind) o = NULL;
    whole_header(c, s, depth * PRINT_INDENT);
    if (s->kind == N_MATCH) {
        clauses(c, &s->items, o ? o->head : 0, depth + 1);
        return;
    }
    body(c, &s->body, depth + 1);
    if (s->kind == N_TRY) {
        clauses(c, &s->items, o ? end_of(&o->body) : 0, depth);
        int from = !o ? 0 : o->items.len ? end_of(&o->items) : end_of(&o->body);
        if (s->orelse.len) plain_clause(c, "else", &s->orelse, from, depth);
        if (o && o->orelse.len) from = end_of(&o->orelse);
        if (s->final.len) plain_clause(c, "finally", &s->final, from, depth);
    } else {
        alternative(c, s, depth);
    }
}

/* --- the door --- */

static bool is_compound(const Node *s)
{
    switch (s->kind) {
    case N_IF:
    case N_FOR:
    case N_WHILE:
    case N_TRY:
    case N_WITH:
    case N_FUNCTION:
    case N_CLASS:
    case N_MATCH:
    case N_EXCEPT:
    case N_CASE: return true;
    default: return false;
    }
}

void print_stmt(Print *c, const Node *s, int depth)
{
    const Node *o = c->source ? node_origin(s) : NULL;
    int indent = depth * PRINT_INDENT, start = (int)c->out->len;
    if (o && print_same(s)) {
        print_verbatim(c, s, o->span, indent);
    } else if (is_compound(s)) {
        compound(c, s, depth);
    } else {
        simple(c, s, indent);
        print_mark(c, s, start);
        if (o && o->head == 0) leftover_comments(c, o->span);
        return;
    }
    print_mark(c, s, start);
}
