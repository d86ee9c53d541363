/* Bindings in arms, by syntax, and the reads that they reach: those behind the conditional, up to where the name is bound
 * anew. Loops that come back to a read before it are not followed. */
#include "port/arms.h"

#include "python/names.h"

typedef struct Behind { /* what runs after a statement: the rest of its block, then of the blocks around */
    const struct Behind *outer;
    const NodeVec *block;
    int next;
} Behind;

typedef struct Arms {
    Arena *a;
    const Trace *t;
    int *rank;       /* by node id: of the tensor that the expression was; -1 none */
    bool *forced;    /* by node id: it was one in forced arms only */
    ArmJoins joins;
    const Node *value;
    const char *name;
} Arms;

static bool in_module(const Arms *k, const Node *n)
{
    return n->id > 0 && n->id <= k->t->module->nnodes;
}

static void find_ranks(Arms *k)
{
    const Trace *t = k->t;
    bool *untaken = ARENA_ARRAY(k->a, bool, t->pivot->ntensors + 2);
    k->rank = ARENA_ARRAY(k->a, int, t->module->nnodes + 2);
    k->forced = ARENA_ARRAY(k->a, bool, t->module->nnodes + 2);
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        for (int o = 0; e->forced && o < e->out.len; o++)
            if (e->out.at[o] && e->out.at[o]->id <= t->pivot->ntensors) untaken[e->out.at[o]->id] = true;
    }
    for (int i = 0; i <= t->module->nnodes; i++) k->rank[i] = -1;
    for (int i = 0; i < t->flows.len; i++) {
        const Flow *f = &t->flows.at[i];
        if (!f->expr || !f->tensor || !in_module(k, f->expr) || f->tensor->id > t->pivot->ntensors) continue;
        bool first = k->rank[f->expr->id] < 0;
        k->rank[f->expr->id] = f->tensor->rank;
        k->forced[f->expr->id] = untaken[f->tensor->id] && (first || k->forced[f->expr->id]);
    }
}

static bool find_read(Node *n, void *ctx)
{
    Arms *k = ctx;
    if (n->kind == N_FUNCTION || n->kind == N_LAMBDA || n->kind == N_CLASS) return false;
    if (n->kind != N_NAME || !str_eq(n->name, k->name) || !in_module(k, n)) return true;
    if (k->rank[n->id] != k->rank[k->value->id] || k->rank[n->id] < 3) return true;
    ArmJoin j = {k->value, n};
    vec_push(k->a, &k->joins, j);
    return true;
}

static bool binds_whole(const Node *n, const char *name)
{
    return n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && str_eq(n->items.at[0]->name, name);
}

static void reads_behind(Arms *k, const Behind *b)
{
    for (; b; b = b->outer)
        for (int i = b->next; i < b->block->len; i++) {
            Node *n = b->block->at[i];
            node_walk(binds_whole(n, k->name) ? n->b : n, find_read, k);
            if (binds_whole(n, k->name) || n->kind == N_RETURN) return;
        }
}

static void block(Arms *k, const NodeVec *body, const Behind *outer, bool conditional)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->at[i];
        Behind b = {outer, body, i + 1};
        const Node *value = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME ? node_unparen(n->b) : NULL;
        if (value && conditional && in_module(k, value) && k->forced[value->id]) {
            k->value = value;
            k->name = n->items.at[0]->name;
            reads_behind(k, &b);
        }
        if (n->kind == N_FUNCTION || n->kind == N_CLASS) {
            block(k, &n->body, NULL, false);
            continue;
        }
        bool arms = n->kind == N_IF;
        block(k, &n->body, &b, conditional || arms);
        block(k, &n->orelse, &b, conditional || arms);
    }
}

ArmJoins arms_find(Arena *a, const Trace *t)
{
    Arms k = {.a = a, .t = t};
    find_ranks(&k);
    block(&k, &t->module->root->items, NULL, false);
    return k.joins;
}
