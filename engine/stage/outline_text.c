/* The draft: the functions of the graphs in front of what they stood in, and the scopes without what went there. */
#include <string.h>

#include "python/names.h"
#include "stage/copy.h"
#include "stage/outline_internal.h"

/* ---- copies ---- */

typedef struct Inside {
    Scope *k;
    const Graph *g;
    CopyHoles *holes;
} Inside;

static const char *inner_name(const Graph *g, const char *outer)
{
    for (int i = 0; i < g->handed.len; i++)
        if (str_eq(g->handed.at[i].outer, outer)) return g->handed.at[i].inner;
    return NULL;
}

/* self.width and layers that were built before, by the names of the parameters. */
static bool find_hole(Node *n, void *ctx)
{
    Inside *x = ctx;
    const Scope *k = x->k;
    const char *name = NULL;
    if (k->self && n->kind == N_ATTRIBUTE && n->a->kind == N_NAME && str_eq(n->a->name, k->self))
        name = inner_name(x->g, arena_printf(k->s->a, "%s.%s", k->self, n->name));
    for (int i = 0; i < k->hoisted.len; i++)
        if (k->hoisted.at[i].call == n) name = inner_name(x->g, k->hoisted.at[i].name);
    if (!name && n->kind == N_NAME) {
        name = inner_name(x->g, n->name);
        if (str_eq(name, n->name)) name = NULL;
    }
    if (!name) return true;
    CopyHole h = {n->span, name};
    vec_push(k->s->a, x->holes, h);
    return false;
}

static void copy_own(Scope *k, const Graph *g, Node *n, int depth, Chunks *out)
{
    CopyHoles holes = {0};
    Inside x = {k, g, &holes};
    node_walk(n, find_hole, &x);
    copy_stmt(k->s, n, &holes, depth, out);
}

static void copy_expr(Scope *k, const Graph *g, const Node *n, Chunks *out)
{
    CopyHoles holes = {0};
    Inside x = {k, g, &holes};
    for (int i = 0; i < n->items.len; i++) node_walk(n->items.at[i], find_hole, &x);
    copy_span(k->s, n->span, &holes, out);
}

/* ---- a graph's function ---- */

static const char *joined(Scope *k, const StrVec *names)
{
    Buf b = {0};
    for (int i = 0; i < names->len; i++) buf_printf(&b, "%s%s", i ? ", " : "", names->at[i]);
    return b.len ? buf_take(&b, k->s->a) : "";
}

/* code = encoder(inputs) */
static void begun_call(Scope *k, const Graph *g, const Begun *b, Span why, Chunks *out)
{
    const char *callee = inner_name(g, outline_target(k, &k->graphs.at[b->graph]));
    chunk_text(k->s, out, why, "    %s = %s(%s)\n", joined(k, &b->outputs), callee,
               b->inputs.len > 1 ? arena_printf(k->s->a, "[%s]", joined(k, &b->inputs)) : joined(k, &b->inputs));
    for (int i = 0; i < b->given->len; i++) {
        const char *name = b->given->entries[i].key, *of = b->given->entries[i].value;
        if (name && !str_eq(name, of)) chunk_text(k->s, out, why, "    %s = %s\n", name, of);
    }
}

typedef struct Bound {
    const char *name;
    int n;
} Bound;

static bool count_bound(Node *n, void *ctx)
{
    Bound *b = ctx;
    bool def = n->kind == N_FUNCTION || n->kind == N_CLASS || n->kind == N_ALIAS;
    b->n += def && (str_eq(n->name, b->name) || str_eq(n->asname, b->name));
    if (n->kind == N_ASSIGN)
        for (int i = 0; i < n->items.len; i++) b->n += n->items.at[i]->kind == N_NAME && str_eq(n->items.at[i]->name, b->name);
    return true;
}

/* May a function of the scope stand at module level: it reads nothing of the scope, and its name is its own? */
static bool stands_alone(Scope *k, int i)
{
    const Node *n = k->body->at[i];
    const StmtFacts *f = &k->facts[i];
    Bound b = {.name = n->name};
    if (n->kind != N_FUNCTION || !k->fn || map_count(f->attrs) || f->sets_self) return false;
    for (int j = 0; j < f->reads->len; j++) {
        const char *name = f->reads->entries[j].key;
        if (name && map_has(k->names.statics, name) && !str_eq(name, n->name) && !names_function_binds(n, name)) return false;
        if (name && map_has(k->names.dynamic, name) && !names_function_binds(n, name)) return false;
    }
    node_walk(k->s->t->module->root, count_bound, &b);
    return b.n == 1;
}

/* Functions that need nothing of the scope stand before the graph's, once. */
static void lifted_functions(Scope *k, const Graph *g, Chunks *out)
{
    for (int i = 0; i < g->at; i++) {
        bool before = false;
        for (int j = 0; &k->graphs.at[j] != g; j++) before |= k->graphs.at[j].in[i];
        if (!g->in[i] || before || !stands_alone(k, i)) continue;
        copy_own(k, g, k->body->at[i], 0, out);
        chunk_text(k->s, out, k->body->at[i]->span, "\n\n");
    }
}

static void function_text(Scope *k, const Graph *g, Chunks *out)
{
    Stager *s = k->s;
    Span why = {g->model->span.start, g->model->span.start + 1};
    StrVec params = {0};
    for (int i = 0; i < g->handed.len; i++) vec_push(s->a, &params, g->handed.at[i].inner);
    chunk_text(s, out, why, "%sdef %s(%s):\n", k->fn ? "" : "\n\n", g->name, joined(k, &params));
    for (int i = 0; i < g->at; i++) {
        if (g->in[i] && !stands_alone(k, i)) {
            copy_comments(s, i ? k->body->at[i - 1]->span.end : k->fn ? k->fn->head : 0, k->body->at[i]->span.start, 1, out);
            copy_own(k, g, k->body->at[i], 1, out);
        }
        for (int b = 0; b < g->begun.len; b++)
            if (g->begun.at[b].after == i) begun_call(k, g, &g->begun.at[b], why, out);
    }
    chunk_text(s, out, why, "    return ");
    copy_expr(k, g, g->model, out);
    chunk_text(s, out, why, "\n");
}

static void call_text(Scope *k, const Graph *g, Chunks *out)
{
    StrVec args = {0};
    for (int i = 0; i < g->handed.len; i++) vec_push(k->s->a, &args, g->handed.at[i].outer);
    chunk_text(k->s, out, g->model->span, "%s(%s)", g->name, joined(k, &args));
}

/* ---- the scope ---- */

static Span whole_lines(Scope *k, int i)
{
    return copy_whole_lines(k->s, k->body->at[i], i ? k->body->at[i - 1]->span.end : k->fn ? k->fn->head : 0);
}

/* Graphs that others begin with are built before those. */
static int built_before(const Scope *k, int which)
{
    int first = k->graphs.at[which].at;
    for (int i = 0; i < k->graphs.len; i++)
        for (int b = 0; b < k->graphs.at[i].begun.len; b++)
            if (k->graphs.at[i].begun.at[b].graph == which && k->graphs.at[i].at < first) first = k->graphs.at[i].at;
    return first;
}

static int depth_of(const Scope *k, int i)
{
    int start = k->body->at[i]->span.start;
    return (start - copy_line_start(k->s, start)) / 4;
}

static void hoisted_text(Scope *k, int first, Chunks *out)
{
    for (int i = 0; i < k->hoisted.len; i++) {
        const Hoisted *h = &k->hoisted.at[i];
        chunk_text(k->s, out, h->call->span, "%s%s = ", stage_indent(k->s, depth_of(k, first)), h->name);
        chunk_copy(k->s, out, h->call->span.start, h->call->span.end);
        chunk_text(k->s, out, h->call->span, "\n");
    }
}

static void one_graph(Scope *k, int which, Pieces *all)
{
    Stager *s = k->s;
    const Graph *g = &k->graphs.at[which];
    int before = built_before(k, which);
    Chunks fn = {0}, call = {0};
    lifted_functions(k, g, &fn);
    function_text(k, g, &fn);
    chunk_text(s, &fn, g->model->span, "\n\n");
    int top = k->fn ? (k->self ? k->def->parent->node : k->fn)->span.start : k->body->at[before]->span.start;
    piece_add(s, all, (Span){copy_line_start(s, top), copy_line_start(s, top)}, &fn);
    if (before == g->at) {
        call_text(k, g, &call);
        piece_add(s, all, g->model->span, &call);
        return;
    }
    const char *indent = stage_indent(s, depth_of(k, before));
    chunk_text(s, &call, g->model->span, "%s%s = ", indent, outline_target(k, g));
    call_text(k, g, &call);
    chunk_text(s, &call, g->model->span, "\n");
    int at = copy_line_start(s, k->body->at[before]->span.start);
    piece_add(s, all, (Span){at, at}, &call);
    piece_add(s, all, whole_lines(k, g->at), NULL);
}

/* What a graph begins with stands before it. */
static void graph_in_order(Scope *k, int which, bool *done, Pieces *all)
{
    if (done[which]) return;
    done[which] = true;
    const Graph *g = &k->graphs.at[which];
    for (int b = 0; b < g->begun.len; b++) graph_in_order(k, g->begun.at[b].graph, done, all);
    one_graph(k, which, all);
}

static void scope_pieces(Scope *k, Pieces *all)
{
    int first = k->body->len;
    for (int i = 0; i < k->graphs.len; i++) {
        int at = built_before(k, i);
        if (at < first) first = at;
    }
    int at = copy_line_start(k->s, k->body->at[first]->span.start);
    Chunks hoisted = {0};
    hoisted_text(k, first, &hoisted);
    bool *done = ARENA_ARRAY(k->s->a, bool, k->graphs.len + 1);
    for (int i = 0; i < k->graphs.len; i++) graph_in_order(k, i, done, all);
    if (hoisted.len) piece_add(k->s, all, (Span){at, at}, &hoisted);
    for (int i = 0; i < k->body->len; i++)
        if (!k->keep[i]) piece_add(k->s, all, whole_lines(k, i), NULL);
}

Module *outline_text(Stager *s, Scope **scopes, int n)
{
    Pieces all = {0};
    for (int i = 0; i < n; i++) scope_pieces(scopes[i], &all);
    return pieces_draft(s, &all);
}
