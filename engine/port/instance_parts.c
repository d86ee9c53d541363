/* Which code of the file the flat network says, beside the root's own.
 *
 * Helper functions that built its layers, and what only these use, are not written again. A factory may make several
 * graphs where all but the one it returns are views of that one: a backbone whose tensors it goes on from. */
#include <string.h>

#include "port/instance.h"
#include "port/static.h"
#include "python/names.h"

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
    if (n->kind == N_FUNCTION || n->kind == N_LAMBDA || n->kind == N_CLASS) return false;
    if (n->kind == N_RETURN && n->a && node_unparen(n->a)->kind != N_CALL && node_unparen(n->a)->kind != N_NAME) *several = true;
    return true;
}

bool parts_one_graph(const Flat *f)
{
    const Trace *t = f->rw->t;
    const Definition *d = f->root->definition;
    int last = 0;
    bool several = false;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        int id = is_graph(e) ? e->site->node->id : 0;
        if (id <= 0 || id > t->module->nnodes || t->definition_of[id] != d || id == last) continue;
        last = id;
        if (id == f->root->nn->site) continue;
        if (!is_view(f, e->nn)) return false;
    }
    for (int i = 0; i < d->node->body.len; i++) node_walk(d->node->body.at[i], returns_several, &several);
    return !several;
}

/* ---- functions ---- */

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
        if (goes == taken && names_uses(s, d->name) > 0) return true;
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

/* ---- what goes with them ---- */

static bool fills_list(const Node *call)
{
    static const char *const METHODS[] = {"append", "extend", "insert", "add", "update", "pop"};
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (call->a->kind == N_ATTRIBUTE && call->a->a->kind == N_NAME && str_eq(call->a->name, METHODS[i])) return true;
    return false;
}

static bool trains(Rw *rw, Node *call)
{
    int n;
    site_events(rw, call, EV_TRAINING, &n);
    return n > 0;
}

/* Does it do something that no tensor tells: a compile, a frozen layer, a file? */
static bool has_effect(Rw *rw, Node *n)
{
    Node *v = n->kind == N_EXPR ? node_unparen(n->a) : n->kind == N_ASSIGN && n->b ? node_unparen(n->b) : NULL;
    bool call = v && v->kind == N_CALL;
    for (int i = 0; n->kind == N_ASSIGN && i < n->items.len; i++)
        if (n->items.at[i]->kind == N_ATTRIBUTE) return true;
    if (call && trains(rw, v)) return true;
    switch (n->kind) {
    case N_EXPR: return call && !inert_statement(rw, n) && !flow_tensor(rw, v) && !fills_list(v);
    case N_AUGASSIGN: return n->a->kind == N_ATTRIBUTE;
    case N_WITH: return !inert_with(rw, n);
    case N_ASSERT: case N_GLOBAL: case N_NONLOCAL: return true;
    default: return false;
    }
}

static bool says_mark(Rw *rw, const Mark *m)
{
    for (int i = 0; i < rw->to->reserved.len; i++)
        if (str_eq(rw->to->reserved.at[i], m->name)) return false;
    return value_node(rw, &m->value) != NULL;
}

static bool is_mark(const Flat *f, const Node *n)
{
    const Trace *t = f->rw->t;
    bool one = f->marks && n->kind == N_ASSIGN && n->items.len == 1;
    for (int i = 0; one && i < t->marks.len; i++)
        if (t->marks.at[i].target == n->items.at[0]) return t->marks.at[i].nn == f->root->nn && says_mark(f->rw, &t->marks.at[i]);
    return false;
}

void parts_marks(Flat *f, NodeVec *init)
{
    Rw *rw = f->rw;
    for (int i = 0; i < rw->t->marks.len; i++) {
        const Mark *m = &rw->t->marks.at[i];
        bool last = true;
        for (int k = i + 1; k < rw->t->marks.len; k++)
            last &= rw->t->marks.at[k].nn != m->nn || !str_eq(rw->t->marks.at[k].name, m->name);
        if (m->nn != f->root->nn || !last || !m->target || !rw->t->definition_of[m->target->id] || !says_mark(rw, m)) continue;
        Node *self = py_attr(rw->a, py_name(rw->a, "self"), m->name);
        vec_push(rw->a, init, py_assign(rw->a, self, value_node(rw, &m->value)));
    }
}

/* It held, or it printed, when the network was built whose layers are written. */
static bool is_said(Rw *rw, Node *n)
{
    const Node *v = n->kind == N_EXPR ? node_unparen(n->a) : NULL;
    bool prints = v && v->kind == N_CALL && v->a->kind == N_NAME && str_eq(v->a->name, "print");
    if (n->kind != N_ASSERT && !prints) return false;
    account(rw, n, FATE_PORTED, "left out of the flat network, as noted");
    note(rw, prints ? "line %d: the message that is printed while the network is built is left out"
                    : "line %d: the assertion is left out: it held for the network that was traced",
         static_line(rw, n));
    return true;
}

static bool find_effect(Node *n, void *ctx)
{
    const Flat *f = ctx;
    Rw *rw = f->rw;
    if (n->kind == N_CLASS || n->kind == N_LAMBDA) return false;
    if (n->id <= 0 || n->id > rw->t->module->nnodes || !rw->t->executed[n->id] || !has_effect(rw, n)) return true;
    if (is_mark(f, n) || is_said(rw, n)) return true;
    account(rw, n, FATE_FLAGGED, "the flat network does not say it");
    note(rw, "line %d: left out, since the network is written flat", static_line(rw, n));
    rw->res->gaps++;
    return true;
}

void parts_left_out(const Flat *f, Node *fn)
{
    Flat own = *f;
    for (int i = 0; i < fn->body.len; i++) node_walk(fn->body.at[i], find_effect, &own);
}
