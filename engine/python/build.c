/* Constructors for rewritten nodes, and trees from text.
 *
 * A tree from text is parsed like a file and then made rootless: ids, spans and origins go, because
 * they mean nothing in the document that the tree is built into. Comments and blank lines of parsed
 * statements survive as `lead` and `trail`. */
#include "python/build.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "python/precedence.h"

static Node *new_node(Arena *a, NodeKind kind)
{
    Node *n = ARENA_NEW(a, Node);
    n->kind = kind;
    return n;
}

Node *py_name(Arena *a, const char *name)
{
    const char *dot = strrchr(name, '.');
    if (dot) return py_attr(a, py_name(a, arena_strndup(a, name, (size_t)(dot - name))), dot + 1);
    Node *n = new_node(a, N_NAME);
    n->name = arena_strdup(a, name);
    return n;
}

Node *py_int(Arena *a, long long v)
{
    Node *n = new_node(a, N_INT);
    n->num.i = v;
    n->text = arena_printf(a, "%lld", v);
    return n;
}

/* The point of the C locale, whatever the process's is. */
static void delocalise(char *s)
{
    const char *point = localeconv()->decimal_point;
    char *at = strcmp(point, ".") == 0 ? NULL : strstr(s, point);
    if (!at) return;
    size_t n = strlen(point);
    *at = '.';
    memmove(at + 1, at + n, strlen(at + n) + 1);
}

/* Like Python's repr, but without zeros in the exponent: 0.001, 1e-5, 100000.0, 1e20. */
static const char *float_text(Arena *a, double v)
{
    char s[64];
    int digits = 1;
    do snprintf(s, sizeof(s), "%.*e", digits - 1, v);
    while (strtod(s, NULL) != v && digits++ < 17);
    int exponent = atoi(strchr(s, 'e') + 1);
    if (exponent >= -4 && exponent < 16) {
        int decimals = digits - 1 - exponent;
        snprintf(s, sizeof(s), "%.*f", decimals > 1 ? decimals : 1, v);
    } else {
        snprintf(strchr(s, 'e'), 8, "e%d", exponent);
    }
    delocalise(s);
    return arena_strdup(a, s);
}

Node *py_float(Arena *a, double v)
{
    if (isnan(v) || isinf(v)) {
        Node *call = py_call(a, py_name(a, "float"));
        Node *arg = py_str(a, isnan(v) ? "nan" : v < 0 ? "-inf" : "inf");
        vec_push(a, &call->items, arg);
        return call;
    }
    Node *n = new_node(a, N_FLOAT);
    n->num.f = v;
    n->text = float_text(a, v);
    return n;
}

Node *py_str(Arena *a, const char *s)
{
    Node *n = new_node(a, N_STRING);
    n->str = arena_strdup(a, s);
    n->str_len = (int)strlen(s);
    return n;
}

Node *py_bool(Arena *a, bool v)
{
    return new_node(a, v ? N_TRUE : N_FALSE);
}

Node *py_none(Arena *a)
{
    return new_node(a, N_NONE);
}

/* v, in parentheses where it binds less tightly than asked. */
static Node *at_least(Arena *a, Node *v, Prec prec)
{
    if (prec_of(v) >= prec) return v;
    Node *p = new_node(a, N_PAREN);
    p->a = v;
    return p;
}

Node *py_attr(Arena *a, Node *of, const char *name)
{
    Node *n = new_node(a, N_ATTRIBUTE);
    n->a = at_least(a, of, PREC_PRIMARY);
    n->name = arena_strdup(a, name);
    return n;
}

Node *py_index(Arena *a, Node *of, Node *index)
{
    Node *n = new_node(a, N_SUBSCRIPT);
    n->a = at_least(a, of, PREC_PRIMARY);
    n->b = index;
    return n;
}

Node *py_call(Arena *a, Node *func)
{
    Node *n = new_node(a, N_CALL);
    n->a = at_least(a, func, PREC_PRIMARY);
    return n;
}

Node *py_kw(Arena *a, const char *name, Node *value)
{
    Node *n = new_node(a, N_KEYWORD);
    n->name = arena_strdup(a, name);
    n->a = value;
    return n;
}

Node *py_binary(Arena *a, Node *l, const char *op, Node *r)
{
    Node *n = new_node(a, N_BINARY);
    n->op = arena_strdup(a, op);
    n->a = at_least(a, l, prec_left(op));
    n->b = at_least(a, r, prec_right(op));
    return n;
}

Node *py_unary(Arena *a, const char *op, Node *v)
{
    Node *n = new_node(a, N_UNARY);
    n->op = arena_strdup(a, op);
    n->a = at_least(a, v, str_eq(op, "not") ? PREC_NOT : PREC_UNARY);
    return n;
}

Node *py_tuple(Arena *a, bool paren)
{
    Node *n = new_node(a, N_TUPLE);
    n->paren = paren;
    return n;
}

Node *py_list(Arena *a)
{
    return new_node(a, N_LIST);
}

Node *py_assign(Arena *a, Node *target, Node *value)
{
    Node *n = new_node(a, N_ASSIGN);
    vec_push(a, &n->items, target);
    n->b = value;
    return n;
}

Node *py_expr_stmt(Arena *a, Node *value)
{
    Node *n = new_node(a, N_EXPR);
    n->a = value;
    return n;
}

Node *py_return(Arena *a, Node *value)
{
    Node *n = new_node(a, N_RETURN);
    n->a = value;
    return n;
}

/* --- from text --- */

typedef struct Uproot {
    Arena *arena;
    const Module *module;
    int next; /* comment */
    int end;  /* of the statement before */
} Uproot;

static int newlines(const char *text, int from, int to)
{
    int n = 0;
    for (int i = from; i < to; i++) n += text[i] == '\n';
    return n;
}

static void add_blanks(Uproot *u, Node *stmt, int until)
{
    int blank = u->end ? newlines(u->module->src->text, u->end, until) - 1 : 0;
    for (int i = 0; i < blank && i < 2; i++) vec_push(u->arena, &stmt->lead, "");
}

static const char *comment_text(Uproot *u, const Comment *c)
{
    return arena_strndup(u->arena, u->module->src->text + c->span.start,
                         (size_t)(c->span.end - c->span.start));
}

/* Comments and blank lines before the statement, and the comment at the end of its first line.
 * Comments within expressions are dropped: such text is written by us. */
static void keep_comments(Uproot *u, Node *stmt, Span span, int head_end)
{
    const Module *m = u->module;
    for (; u->next < m->comments.len && m->comments.at[u->next].span.start < span.start;
         u->next++) {
        const Comment *c = &m->comments.at[u->next];
        if (!c->own_line) continue;
        add_blanks(u, stmt, c->span.start);
        vec_push(u->arena, &stmt->lead, comment_text(u, c));
        u->end = c->span.end;
    }
    add_blanks(u, stmt, span.start);
    u->end = head_end;
    while (u->next < m->comments.len && m->comments.at[u->next].span.start < head_end) u->next++;
    if (u->next >= m->comments.len) return;
    const Comment *c = &m->comments.at[u->next];
    if (newlines(m->src->text, head_end, c->span.start) == 0) {
        stmt->trail = comment_text(u, c);
        u->next++;
    }
}

static bool uproot(Node *n, void *ctx)
{
    Uproot *u = ctx;
    if (node_is_stmt(n)) keep_comments(u, n, n->span, n->head ? n->head : n->span.end);
    if (n->head) u->end = 0; /* no blank lines kept at the start of a body */
    n->id = 0;
    n->span = (Span){0, 0};
    n->head = 0;
    for (int i = 0; i < n->params.list.len; i++) n->params.list.at[i].span = (Span){0, 0};
    return true;
}

NodeVec py_parse_stmts(Arena *a, const char *text, const char **err)
{
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, "", text, (int)strlen(text), &diags);
    if (diags.list.len) {
        int line, col;
        source_position(m->src, diags.list.at[0].span.start, &line, &col);
        *err = arena_printf(a, "line %d: %s", line, diags.list.at[0].message);
        return (NodeVec){0};
    }
    Uproot u = {.arena = a, .module = m};
    for (int i = 0; i < m->root->items.len; i++) node_walk(m->root->items.at[i], uproot, &u);
    return m->root->items;
}

static Node *one_expression(Arena *a, const char *text, const char **err)
{
    NodeVec stmts = py_parse_stmts(a, text, err);
    if (stmts.len == 1 && stmts.at[0]->kind == N_EXPR) return stmts.at[0]->a;
    if (!*err) *err = "this is not one expression";
    return NULL;
}

Node *py_parse_expr(Arena *a, const char *text, const char **err)
{
    while (*text && strchr(" \t\r\n", *text)) text++;
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", text[n - 1])) n--;
    const char *inside = NULL;
    *err = NULL;
    if (n == 0) {
        *err = "an expression is missing";
        return NULL;
    }
    Node *e = one_expression(a, arena_strndup(a, text, n), err);
    if (e || !memchr(text, '\n', n)) return e;
    /* On several lines it may need brackets around it to be one. */
    e = one_expression(a, arena_printf(a, "(%.*s\n)", (int)n, text), &inside);
    if (e && e->kind == N_PAREN) e = e->a;
    if (e) *err = NULL;
    return e;
}

/* --- equality --- */

static bool same_nodes(const NodeVec *x, const NodeVec *y)
{
    if (x->len != y->len) return false;
    for (int i = 0; i < x->len; i++)
        if (!py_same(x->at[i], y->at[i])) return false;
    return true;
}

static bool same_strings(const StrVec *x, const StrVec *y)
{
    if (x->len != y->len) return false;
    for (int i = 0; i < x->len; i++)
        if (!str_eq(x->at[i], y->at[i])) return false;
    return true;
}

static bool same_params(const Params *x, const Params *y)
{
    if (x->list.len != y->list.len || x->bare_star != y->bare_star) return false;
    for (int i = 0; i < x->list.len; i++) {
        const Param *p = &x->list.at[i], *q = &y->list.at[i];
        if (!str_eq(p->name, q->name) || p->kind != q->kind || p->keyword_only != q->keyword_only ||
            p->positional_only != q->positional_only || !py_same(p->annotation, q->annotation) ||
            !py_same(p->dflt, q->dflt))
            return false;
    }
    return true;
}

static bool same_literal(const Node *x, const Node *y)
{
    switch (x->kind) {
    case N_INT:
        return x->big == y->big && (x->big ? str_eq(x->text, y->text) : x->num.i == y->num.i);
    case N_FLOAT: return x->num.f == y->num.f;
    case N_STRING:
        return x->is_bytes == y->is_bytes && x->str_len == y->str_len &&
               (x->str_len == 0 || memcmp(x->str, y->str, (size_t)x->str_len) == 0);
    case N_FSTRING: return true; /* its items are compared */
    default: return str_eq(x->text, y->text);
    }
}

bool py_same(const Node *x, const Node *y)
{
    while (x && x->kind == N_PAREN) x = x->a;
    while (y && y->kind == N_PAREN) y = y->a;
    if (x == y || !x || !y) return x == y;
    return x->kind == y->kind && same_literal(x, y) && str_eq(x->name, y->name) &&
           str_eq(x->asname, y->asname) && str_eq(x->op, y->op) && x->level == y->level &&
           x->is_async == y->is_async && py_same(x->a, y->a) && py_same(x->b, y->b) &&
           py_same(x->c, y->c) && same_nodes(&x->items, &y->items) &&
           same_strings(&x->strs, &y->strs) && same_nodes(&x->body, &y->body) &&
           same_nodes(&x->orelse, &y->orelse) && same_nodes(&x->final, &y->final) &&
           same_nodes(&x->decorators, &y->decorators) && same_params(&x->params, &y->params);
}
