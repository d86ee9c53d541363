/* An expression on one line.
 *
 * What is unchanged and stood on one line is copied as the author spaced it; the rest is spaced as
 * the usual formatters do. Parentheses come from the tree (N_PAREN) and from precedence: a place
 * says what it needs at least. */
#include <string.h>

#include "base/str.h"
#include "python/build.h"
#include "python/print_internal.h"

static void add(Print *c, const char *s)
{
    buf_add(c->out, s);
}

static void items(Print *c, const NodeVec *list, Prec min)
{
    for (int i = 0; i < list->len; i++) {
        if (i) add(c, ", ");
        print_flat(c, list->at[i], min);
    }
}

static void between(Print *c, const char *open, const NodeVec *list, const char *close)
{
    add(c, open);
    items(c, list, PREC_WALRUS);
    add(c, close);
}

/* --- numbers --- */

static void number(Print *c, const Node *e)
{
    bool changed = e->id == 0 && e->from && e->text == e->from->text && !print_same(e);
    if (e->text && !changed) add(c, e->text);
    else if (e->kind == N_INT) buf_printf(c->out, "%lld", e->num.i);
    else print_flat(c, py_float(c->arena, e->num.f), PREC_YIELD);
}

/* --- parameters --- */

static void one_param(Print *c, const Param *p)
{
    add(c, p->kind == PARAM_STAR ? "*" : p->kind == PARAM_DSTAR ? "**" : "");
    add(c, p->name);
    if (p->annotation) {
        add(c, ": ");
        print_flat(c, p->annotation, PREC_TEST);
    }
    if (p->dflt) {
        add(c, p->annotation ? " = " : "=");
        print_flat(c, p->dflt, PREC_TEST);
    }
}

/* Parameter i with the bare star before it or the slash after it, where they belong there. */
void print_flat_param(Print *c, const Params *params, int i)
{
    const Param *p = &params->list.at[i];
    bool last = i + 1 == params->list.len;
    bool star_before = i > 0 && params->list.at[i - 1].keyword_only;
    for (int j = 0; j < i; j++) star_before |= params->list.at[j].kind == PARAM_STAR;
    if (p->keyword_only && !star_before) add(c, "*, ");
    one_param(c, p);
    if (p->positional_only && (last || !params->list.at[i + 1].positional_only)) add(c, ", /");
}

void print_flat_params(Print *c, const Params *params)
{
    for (int i = 0; i < params->list.len; i++) {
        if (i) add(c, ", ");
        print_flat_param(c, params, i);
    }
}

/* --- slices and powers --- */

/* A name, a number, an attribute of a name: what needs no blanks around ** or a slice's colon. */
static bool is_simple(const Node *e)
{
    switch (e->kind) {
    case N_NAME:
    case N_INT:
    case N_FLOAT:
    case N_IMAG:
    case N_NONE:
    case N_TRUE:
    case N_FALSE:
    case N_STRING: return true;
    case N_ATTRIBUTE: return is_simple(e->a) && e->a->kind != N_STRING;
    case N_UNARY:
        return !str_eq(e->op, "not") &&
               (e->a->kind == N_INT || e->a->kind == N_FLOAT || e->a->kind == N_NAME);
    default: return false;
    }
}

static const char *blank_around(const Node *e)
{
    bool tight = str_eq(e->op, "**") && is_simple(e->a) && is_simple(e->b);
    return tight ? "" : " ";
}

static void slice(Print *c, const Node *e)
{
    const Node *parts[] = {e->a, e->b, e->c};
    bool simple = true;
    for (int i = 0; i < 3; i++) simple &= !parts[i] || is_simple(parts[i]);
    int n = e->c ? 3 : 2;
    for (int i = 0; i < n; i++) {
        if (i > 0) {
            if (parts[i - 1] && !simple) add(c, " ");
            add(c, ":");
            if (parts[i] && !simple) add(c, " ");
        }
        if (parts[i]) print_flat(c, parts[i], PREC_TEST);
    }
}

/* --- comprehensions and calls --- */

static void comp_for(Print *c, const Node *e)
{
    add(c, e->is_async ? "async for " : "for ");
    print_flat(c, e->a, PREC_TUPLE);
    add(c, " in ");
    print_flat(c, e->b, PREC_OR);
    for (int i = 0; i < e->items.len; i++) {
        add(c, " if ");
        print_flat(c, e->items.at[i], PREC_OR);
    }
}

static void comp_clauses(Print *c, const Node *e)
{
    for (int i = 0; i < e->items.len; i++) {
        add(c, " ");
        print_flat(c, e->items.at[i], PREC_ATOM);
    }
}

static bool can_copy(const Print *c, const Node *e)
{
    const Node *o = node_origin(e);
    if (!c->source || !o || o->span.end == 0) return false;
    Span s = o->span;
    if (memchr(c->source->src->text + s.start, '\n', (size_t)(s.end - s.start))) return false;
    return node_unchanged(e);
}

static void copy(Print *c, const Node *e)
{
    print_verbatim(c, e, node_origin(e)->span, 0);
}

void print_flat_inside(Print *c, const Node *e)
{
    print_flat(c, e->a, PREC_WALRUS);
    if (e->kind == N_DICTCOMP) {
        add(c, ": ");
        print_flat(c, e->b, PREC_TEST);
    }
    comp_clauses(c, e);
}

static void comprehension(Print *c, const Node *e, const char *open, const char *close)
{
    add(c, open);
    print_flat_inside(c, e);
    add(c, close);
}

void print_flat_lone(Print *c, const Node *e)
{
    int start = (int)c->out->len;
    if (can_copy(c, e)) copy(c, e);
    else print_flat_inside(c, e);
    print_mark(c, e, start);
}

/* Are these parentheses that became superfluous when their content became an argument? */
static bool is_superfluous(const Print *c, const Node *call, const Node *item)
{
    const Node *o = node_origin(call);
    if (item->kind != N_PAREN || item->map || prec_of(item->a) < PREC_TEST) return false;
    if (item->a->kind == N_GENEXP || print_holds_comments(c, item)) return false;
    for (int i = 0; o && i < o->items.len; i++)
        if (o->items.at[i] == node_origin(item)) return false;
    return true;
}

const NodeVec *print_arguments(Print *c, const Node *call)
{
    NodeVec *out = NULL;
    for (int i = 0; i < call->items.len; i++) {
        if (!is_superfluous(c, call, call->items.at[i])) continue;
        if (!out) {
            out = ARENA_NEW(c->arena, NodeVec);
            for (int j = 0; j < call->items.len; j++) vec_push(c->arena, out, call->items.at[j]);
        }
        out->at[i] = call->items.at[i]->a;
    }
    return out ? out : &call->items;
}

static void call(Print *c, const Node *e)
{
    print_flat(c, e->a, PREC_PRIMARY);
    add(c, "(");
    if (e->items.len == 1 && e->items.at[0]->kind == N_GENEXP) print_flat_lone(c, e->items.at[0]);
    else items(c, print_arguments(c, e), PREC_WALRUS);
    add(c, ")");
}

/* --- the dispatcher --- */

static void operators(Print *c, const Node *e)
{
    Prec inner = e->kind == N_COMPARE ? PREC_BITOR : str_eq(e->op, "or") ? PREC_AND : PREC_NOT;
    for (int i = 0; i < e->items.len; i++) {
        if (i) {
            add(c, " ");
            add(c, e->kind == N_COMPARE ? e->strs.at[i - 1] : e->op);
            add(c, " ");
        }
        print_flat(c, e->items.at[i], inner);
    }
}

static void binary(Print *c, const Node *e)
{
    const char *blank = blank_around(e);
    print_flat(c, e->a, prec_left(e->op));
    buf_printf(c->out, "%s%s%s", blank, e->op, blank);
    print_flat(c, e->b, prec_right(e->op));
}

static void unary(Print *c, const Node *e)
{
    bool is_not = str_eq(e->op, "not");
    add(c, e->op);
    if (is_not) add(c, " ");
    print_flat(c, e->a, is_not ? PREC_NOT : PREC_UNARY);
}

static void tuple(Print *c, const Node *e)
{
    bool bare = !e->paren && e->items.len > 0;
    if (!bare) add(c, "(");
    items(c, &e->items, PREC_WALRUS);
    if (e->items.len == 1) add(c, ",");
    if (!bare) add(c, ")");
}

static void yield(Print *c, const Node *e)
{
    add(c, e->op ? "yield from" : "yield");
    if (!e->a) return;
    add(c, " ");
    print_flat(c, e->a, e->op ? PREC_TEST : PREC_TUPLE);
}

static void conditional(Print *c, const Node *e)
{
    print_flat(c, e->a, PREC_OR);
    add(c, " if ");
    print_flat(c, e->b, PREC_OR);
    add(c, " else ");
    print_flat(c, e->c, PREC_TEST);
}

static void prefixed(Print *c, const char *prefix, const Node *e, Prec min)
{
    add(c, prefix);
    print_flat(c, e, min);
}

static void expression(Print *c, const Node *e)
{
    switch (e->kind) {
    case N_NAME: add(c, e->name); break;
    case N_INT:
    case N_FLOAT:
    case N_IMAG: number(c, e); break;
    case N_STRING:
    case N_FSTRING: print_string(c, e); break;
    case N_TRUE: add(c, "True"); break;
    case N_FALSE: add(c, "False"); break;
    case N_NONE: add(c, "None"); break;
    case N_ELLIPSIS: add(c, "..."); break;
    case N_ATTRIBUTE:
        print_flat(c, e->a,
                   e->a->kind == N_INT ? (Prec)(PREC_ATOM + 1) : PREC_PRIMARY); /* (1).real */
        add(c, ".");
        add(c, e->name);
        break;
    case N_SUBSCRIPT:
        print_flat(c, e->a, PREC_PRIMARY);
        add(c, "[");
        print_flat(c, e->b, PREC_TUPLE);
        add(c, "]");
        break;
    case N_SLICE: slice(c, e); break;
    case N_CALL: call(c, e); break;
    case N_KEYWORD:
        add(c, e->name);
        prefixed(c, "=", e->a, PREC_TEST);
        break;
    case N_STAR: prefixed(c, "*", e->a, PREC_BITOR); break;
    case N_DSTAR: prefixed(c, "**", e->a, PREC_BITOR); break;
    case N_BINARY: binary(c, e); break;
    case N_UNARY: unary(c, e); break;
    case N_BOOL:
    case N_COMPARE: operators(c, e); break;
    case N_IFEXP: conditional(c, e); break;
    case N_LAMBDA:
        add(c, e->params.list.len ? "lambda " : "lambda");
        print_flat_params(c, &e->params);
        prefixed(c, ": ", e->a, PREC_TEST);
        break;
    case N_TUPLE: tuple(c, e); break;
    case N_LIST: between(c, "[", &e->items, "]"); break;
    case N_SET: between(c, e->items.len ? "{" : "{*(", &e->items, e->items.len ? "}" : ")}"); break;
    case N_DICT: between(c, "{", &e->items, "}"); break;
    case N_PAIR:
        print_flat(c, e->a, PREC_TEST);
        prefixed(c, ": ", e->b, PREC_TEST);
        break;
    case N_LISTCOMP: comprehension(c, e, "[", "]"); break;
    case N_SETCOMP:
    case N_DICTCOMP: comprehension(c, e, "{", "}"); break;
    case N_GENEXP: comprehension(c, e, "(", ")"); break;
    case N_COMPFOR: comp_for(c, e); break;
    case N_WALRUS:
        print_flat(c, e->a, PREC_ATOM);
        prefixed(c, " := ", e->b, PREC_TEST);
        break;
    case N_AWAIT: prefixed(c, "await ", e->a, PREC_PRIMARY); break;
    case N_YIELD: yield(c, e); break;
    case N_PAREN:
        prefixed(c, "(", e->a, PREC_YIELD);
        add(c, ")");
        break;
    case N_ALIAS:
        add(c, e->name);
        if (e->asname) buf_printf(c->out, " as %s", e->asname);
        break;
    case N_WITHITEM:
        print_flat(c, e->a, PREC_TEST);
        if (e->b) prefixed(c, " as ", e->b, PREC_PRIMARY);
        break;
    default: add(c, e->text ? e->text : ""); break; /* N_PATTERN, and what is kept as text */
    }
}

void print_flat(Print *c, const Node *e, Prec min)
{
    bool copied = can_copy(c, e);
    bool shared = e->kind == N_GENEXP && copied && !node_origin(e)->paren; /* its span has none */
    bool parens = prec_of(e) < min || shared;
    if (parens) add(c, "(");
    int start = (int)c->out->len;
    if (copied) copy(c, e);
    else expression(c, e);
    print_mark(c, e, start);
    if (parens) add(c, ")");
}
