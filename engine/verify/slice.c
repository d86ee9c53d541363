/* Which statements of a file build its network, so that nothing else of it has to run: no load_data, no fit.
 *
 * Backwards from the expression that names the network: a name needs the statements that bind it, those need the
 * names that they read, and so on until nothing is added. What a function's body reads counts as needed by the
 * function. Imports are taken whole where a name of theirs is needed; a star import always. A statement that only calls
 * a method (model.add(layer), layers.append(x)) is needed where the method is one that builds and its object is
 * needed. Loops, conditionals, with and try at top level are taken whole when they bind, or build, something needed.
 *
 * A name that a function binds itself (a parameter, a local) needs nothing from outside of it. */
#include <string.h>

#include "base/map.h"
#include "python/build.h"
#include "verify/request.h"

typedef struct Slice {
    Arena *a;
    Map needed;     /* names */
    NodeVec stmts;  /* top level, in source order */
    bool *taken;    /* by index in stmts */
    bool grew;
} Slice;

static void need(Slice *s, const char *name)
{
    if (!name || map_has(&s->needed, name)) return;
    map_set(&s->needed, name, s);
    s->grew = true;
}

/* Names read by a function's body, less those it binds. */
typedef struct Scope {
    Slice *slice;
    const struct Scope *outer;
    Map bound;
} Scope;

static bool is_bound(const Scope *s, const char *name)
{
    for (; s; s = s->outer)
        if (map_has(&s->bound, name)) return true;
    return false;
}

static void bind_target(Scope *s, const Node *target)
{
    if (target->kind == N_NAME)
        map_set(&s->bound, target->name, s);
    else if (target->kind == N_STAR || target->kind == N_PAREN)
        bind_target(s, target->a);
    else if (target->kind == N_TUPLE || target->kind == N_LIST)
        for (int i = 0; i < target->items.len; i++) bind_target(s, target->items.at[i]);
}

static bool bind_locals(Node *n, void *ctx)
{
    Scope *s = ctx;
    switch (n->kind) {
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++) bind_target(s, n->items.at[i]);
        return true;
    case N_FOR:
    case N_COMPFOR:
        bind_target(s, n->a);
        return true;
    case N_WITHITEM:
        if (n->b) bind_target(s, n->b);
        return true;
    case N_FUNCTION:
    case N_CLASS:
        map_set(&s->bound, n->name, s);
        return false;
    default:
        return n->kind != N_LAMBDA;
    }
}

static bool need_name(Node *n, void *ctx)
{
    Scope *s = ctx;
    if (n->kind == N_NAME && !is_bound(s, n->name)) need(s->slice, n->name);
    if (n->kind != N_FUNCTION && n->kind != N_LAMBDA) return true;
    Scope inner = {.slice = s->slice, .outer = s};
    map_init(&inner.bound, s->slice->a);
    for (int i = 0; i < n->params.list.len; i++)
        map_set(&inner.bound, n->params.list.at[i].name, s);
    for (int i = 0; i < n->body.len; i++) node_walk(n->body.at[i], bind_locals, &inner);
    for (int i = 0; i < n->body.len; i++) node_walk(n->body.at[i], need_name, &inner);
    for (int i = 0; i < n->params.list.len; i++) {
        Param *p = &n->params.list.at[i];
        if (p->dflt) node_walk(p->dflt, need_name, s);
        if (p->annotation) node_walk(p->annotation, need_name, s);
    }
    for (int i = 0; i < n->decorators.len; i++) node_walk(n->decorators.at[i], need_name, s);
    if (n->a) node_walk(n->a, need_name, &inner);
    if (n->c) node_walk(n->c, need_name, s);
    return false;
}

static void need_names(Slice *s, Node *n)
{
    Scope outside = {.slice = s};
    map_init(&outside.bound, s->a);
    node_walk(n, need_name, &outside);
}

static bool is_main_test(const Node *n)
{
    return n->kind == N_COMPARE && n->items.len == 2 && n->items.at[0]->kind == N_NAME &&
           !strcmp(n->items.at[0]->name, "__name__");
}

static void collect_stmts(Slice *s, const NodeVec *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->at[i];
        if (n->kind == N_IF && is_main_test(node_unparen(n->a)))
            collect_stmts(s, &n->body);
        else
            vec_push(s->a, &s->stmts, n);
    }
}

/* The object at the bottom of a.b[c].d, or NULL. */
static const char *base_name(const Node *n)
{
    while (n && (n->kind == N_ATTRIBUTE || n->kind == N_SUBSCRIPT || n->kind == N_STAR ||
                 n->kind == N_PAREN))
        n = n->a;
    return n && n->kind == N_NAME ? n->name : NULL;
}

static bool binds(Slice *s, const Node *target)
{
    if (target->kind == N_TUPLE || target->kind == N_LIST) {
        for (int i = 0; i < target->items.len; i++)
            if (binds(s, target->items.at[i])) return true;
        return false;
    }
    const char *name = base_name(target);
    return name && map_has(&s->needed, name);
}

static bool is_builder(const char *method)
{
    static const char *const METHODS[] = {"add", "append", "extend", "insert", "add_module", "update",
                                          "register_module", "build", "add_argument", "set_defaults"};
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (!strcmp(METHODS[i], method)) return true;
    return false;
}

/* A call for its effect that fills something needed. */
static bool fills(Slice *s, const Node *expr)
{
    if (expr->kind != N_CALL || expr->a->kind != N_ATTRIBUTE || !is_builder(expr->a->name)) return false;
    const char *name = base_name(expr->a);
    return name && map_has(&s->needed, name);
}

static bool imports(Slice *s, const Node *n)
{
    bool future = n->kind == N_IMPORTFROM && n->name && !strcmp(n->name, "__future__");
    for (int i = 0; i < n->items.len; i++) {
        const Node *alias = n->items.at[i];
        const char *name = alias->asname ? alias->asname : alias->name;
        const char *dot = alias->asname ? NULL : strchr(name, '.');
        if (future || !strcmp(name, "*")) return true;
        if (map_has(&s->needed, dot ? arena_strndup(s->a, name, (size_t)(dot - name)) : name)) return true;
    }
    return false;
}

static bool is_needed(Slice *s, const Node *n);

static bool any_needed(Slice *s, const NodeVec *body)
{
    for (int i = 0; i < body->len; i++)
        if (is_needed(s, body->at[i])) return true;
    return false;
}

static bool targets_needed(Slice *s, const NodeVec *targets)
{
    for (int i = 0; i < targets->len; i++)
        if (binds(s, targets->at[i])) return true;
    return false;
}

static bool is_needed(Slice *s, const Node *n)
{
    switch (n->kind) {
    case N_IMPORT:
    case N_IMPORTFROM:
        return imports(s, n);
    case N_FUNCTION:
    case N_CLASS:
        return map_has(&s->needed, n->name);
    case N_ASSIGN:
        return targets_needed(s, &n->items);
    case N_ANNASSIGN:
    case N_AUGASSIGN:
        return binds(s, n->a);
    case N_EXPR:
        return fills(s, node_unparen(n->a));
    case N_FOR:
    case N_WHILE:
    case N_IF:
    case N_WITH:
        return any_needed(s, &n->body) || any_needed(s, &n->orelse);
    case N_TRY:
        for (int i = 0; i < n->items.len; i++)
            if (any_needed(s, &n->items.at[i]->body)) return true;
        return any_needed(s, &n->body) || any_needed(s, &n->orelse) || any_needed(s, &n->final);
    default:
        return false;
    }
}

static void take_needed(Slice *s)
{
    do {
        s->grew = false;
        for (int i = 0; i < s->stmts.len; i++) {
            if (s->taken[i] || !is_needed(s, s->stmts.at[i])) continue;
            s->taken[i] = true;
            need_names(s, s->stmts.at[i]);
            s->grew = true;
        }
    } while (s->grew);
}

Span *request_slice(Arena *a, Module *m, const char *expr, int *n)
{
    const char *err = NULL;
    Slice s = {.a = a};
    map_init(&s.needed, a);
    collect_stmts(&s, &m->root->items);
    s.taken = ARENA_ARRAY(a, bool, s.stmts.len + 1);
    Node *root = py_parse_expr(a, expr, &err);
    if (root) need_names(&s, root);
    take_needed(&s);
    Span *spans = ARENA_ARRAY(a, Span, s.stmts.len + 1);
    *n = 0;
    for (int i = 0; i < s.stmts.len; i++)
        if (s.taken[i]) spans[(*n)++] = s.stmts.at[i]->span;
    return spans;
}
