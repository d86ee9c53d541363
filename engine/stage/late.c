#include "stage/late.h"

#include "python/names.h"

typedef struct Late {
    Arena *a;
    const Trace *t;
    StrVec *notes;
} Late;

static bool has_parameter(const Node *lambda, const char *name)
{
    for (int i = 0; i < lambda->params.list.len; i++)
        if (str_eq(lambda->params.list.at[i].name, name)) return true;
    return false;
}

static bool is_lambda_layer(const Late *k, const Node *call)
{
    const Site *s = call->id > 0 && call->id <= k->t->module->nnodes ? k->t->site_of[call->id] : NULL;
    for (int i = 0; s && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        if (e->kind == EV_LAYER && !e->forced && e->layer && str_eq(e->layer->kind->name, "LambdaLayer")) return true;
    }
    return false;
}

static void check(const Late *k, const Node *lambda, const Node *target)
{
    for (int i = 0; (target->kind == N_TUPLE || target->kind == N_LIST) && i < target->items.len; i++)
        check(k, lambda, target->items.at[i]);
    if (target->kind != N_NAME || has_parameter(lambda, target->name)) return;
    if (!names_uses(lambda->a, target->name)) return;
    int line, col;
    source_position(k->t->module->src, lambda->span.start, &line, &col);
    vec_push(k->a, k->notes,
             arena_printf(k->a, "line %d: the function reads %s when it is called, behind the loop, as the source's does: all of them get its last "
                                "value; a graph that was built once kept the value of each round", line, target->name));
}

typedef struct InLoop {
    const Late *k;
    const Node *target;
} InLoop;

static bool find_lambda(Node *n, void *ctx)
{
    const InLoop *in = ctx;
    if (n->kind == N_FUNCTION || n->kind == N_CLASS) return false;
    if (n->kind != N_CALL || !is_lambda_layer(in->k, n)) return true;
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i]->kind == N_KEYWORD ? n->items.at[i]->a : n->items.at[i];
        if (node_unparen(x)->kind == N_LAMBDA) check(in->k, node_unparen(x), in->target);
    }
    return true;
}

static bool find_loop(Node *n, void *ctx)
{
    InLoop in = {ctx, n->a};
    for (int i = 0; n->kind == N_FOR && i < n->body.len; i++) node_walk(n->body.at[i], find_lambda, &in);
    return true;
}

void late_notes(Arena *a, const Trace *t, StrVec *notes)
{
    Late k = {a, t, notes};
    node_walk(t->module->root, find_loop, &k);
}
