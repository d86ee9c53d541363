/* Which code of the file the flat network says, beside the root's own.
 *
 * Helper functions that built its layers, and what only these use, are not written again. A factory may make several
 * graphs where all but the one it returns are views of that one: a backbone whose tensors it goes on from. */
#include <string.h>

#include "port/instance.h"

static bool is_graph(const Event *e)
{
    return e->kind == EV_CONTAINER && !e->forced && e->row && str_eq(e->row->kind->name, "Model");
}

/* All that it gives is on the way to what the root gives. */
static bool is_view(const Flat *f, const PivotNN *nn)
{
    for (int i = 0; nn && i < nn->outputs.len; i++)
        if (!nn->outputs.at[i] || !map_has(f->live, arena_printf(f->rw->a, "%d", nn->outputs.at[i]->id))) return false;
    return nn && nn->outputs.len;
}

static bool returns_several(Node *n, void *ctx)
{
    bool *several = ctx;
    if (n->kind == N_RETURN && n->a && node_unparen(n->a)->kind != N_CALL && node_unparen(n->a)->kind != N_NAME) *several = true;
    return true;
}

bool parts_one_graph(const Flat *f)
{
    const Trace *t = f->rw->t;
    const Definition *d = f->root->definition;
    int last = 0, others = 0;
    bool several = false;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        int id = is_graph(e) ? e->site->node->id : 0;
        if (id <= 0 || id > t->module->nnodes || t->definition_of[id] != d || id == last) continue;
        last = id;
        if (id == f->root->nn->site) continue;
        others++;
        if (!is_view(f, e->nn)) return false;
    }
    if (others) node_walk(d->node, returns_several, &several);
    return !several;
}

/* ---- functions ---- */

typedef struct Uses {
    const char *name;
    bool found;
} Uses;

static bool find_use(Node *n, void *ctx)
{
    Uses *u = ctx;
    u->found |= n->kind == N_NAME && str_eq(n->name, u->name);
    return !u->found;
}

static bool uses(Node *s, const char *name)
{
    Uses u = {name, false};
    node_walk(s, find_use, &u);
    return u.found;
}

static Definition *function_at(Rw *rw, const Node *s)
{
    for (int i = 0; i < rw->t->definitions.len; i++) {
        Definition *d = rw->t->definitions.at[i];
        if (d->node == s && d->kind == DEF_FUNCTION && !d->parent && s->kind == N_FUNCTION) return d;
    }
    return NULL;
}

static void add_running(const Flat *f, Map *said)
{
    const Trace *t = f->rw->t;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        if (e->forced || (e->kind != EV_LAYER && e->kind != EV_APPLY && e->kind != EV_OP)) continue;
        for (const Activation *act = e->frame; act; act = act->caller) {
            const Definition *d = act->definition;
            if (d && d != f->root->definition && d->kind == DEF_FUNCTION && !d->parent && d->node->kind == N_FUNCTION)
                map_set(said, d->name, (void *)d);
        }
    }
}

/* Is it named by a statement that stays, or (taken: the other way round) by one that does not? */
static bool named(const Flat *f, const Map *said, const Definition *d, bool taken)
{
    Rw *rw = f->rw;
    const NodeVec *items = &rw->t->module->root->items;
    for (int i = 0; i < items->len; i++) {
        Node *s = items->at[i];
        Definition *of = function_at(rw, s);
        if (of == d) continue;
        bool root = f->root->definition ? f->root->definition->node == s
                                        : instance_makes_root(rw, s, f->root) || instance_extends_root(rw, s, f->root);
        bool goes = root || (of && map_has(said, of->name));
        if (goes == taken && uses(s, d->name)) return true;
    }
    return false;
}

const Map *parts_functions(const Flat *f)
{
    Rw *rw = f->rw;
    Map *said = map_new(rw->a);
    const RootTrace *root = f->root;
    if (!root->functional && !root->sequential) return said;
    add_running(f, said);
    const NodeVec *items = &rw->t->module->root->items;
    bool changed = true;
    while (changed) { /* what only these use goes with them */
        changed = false;
        for (int i = 0; i < items->len; i++) {
            Definition *d = function_at(rw, items->at[i]);
            if (!d || d == root->definition || map_has(said, d->name) || !named(f, said, d, true)) continue;
            map_set(said, d->name, d);
            changed = true;
        }
    }
    for (changed = true; changed;) {
        changed = false;
        for (int i = 0; i < items->len; i++) {
            Definition *d = function_at(rw, items->at[i]);
            if (!d || !map_has(said, d->name) || !named(f, said, d, false)) continue;
            map_remove(said, d->name);
            changed = true;
        }
    }
    return said;
}
