/* Code that no order of axes matters to: activations, stochastic depth, gates of one input.
 *
 * An expression is held in one order, whoever runs it: for what runs the same code on images and on what is none, that
 * would mean a permutation around half of the calls. Where a function does nothing but compute element by element
 * there is no need: its text says no axis, so each run keeps the order that its input came in. */
#include "port/agnostic.h"

#include <string.h>

#include "port/layout.h"
#include "port/static.h"

static bool names_axes(const PivotKind *k)
{
    static const char *const NAMES[] = {"axis", "axes", "amounts", "dims", "index", "shape", "repeats", "n"};
    for (int i = 0; i < k->nattrs; i++)
        for (size_t w = 0; w < sizeof NAMES / sizeof *NAMES; w++)
            if (str_eq(k->attrs[i].name, NAMES[w])) return true;
    return false;
}

/* One number for each item of the batch: the same in every order. */
static bool is_flat(const PivotTensor *t)
{
    for (int i = 1; i < t->rank; i++)
        if (t->dims[i].free || t->dims[i].n != 1) return false;
    return t->rank >= 0;
}

static bool elements_alone(const Event *e)
{
    const PivotKind *k = e->layer ? e->layer->kind : e->node ? e->node->kind : NULL;
    if (!k || !e->out.len || !e->out.at[0]) return false;
    if (!e->in.len) return is_flat(e->out.at[0]);
    if (!layout_elementwise(e) || names_axes(k)) return false;
    for (int i = 0; i < e->in.len; i++) {
        const PivotTensor *t = e->in.at[i];
        if (!t || t->rank < 0 || t->is_parameter) return false;
        if (t->rank > 0 && t->rank != e->out.at[0]->rank) return false;
    }
    return true;
}

/* x.ndim, x.shape[0] */
static bool asks_no_order(Rw *rw, const Event *e)
{
    const Node *n = e->site->node;
    if (e->axis == 0) return true;
    const char *name = n->kind == N_ATTRIBUTE ? n->name : n->kind == N_CALL && n->a->kind == N_ATTRIBUTE ? n->a->name : NULL;
    if (name && (dialect_lists(rw->from, "rank_attributes", name) || dialect_lists(rw->from, "rank_methods", name))) return true;
    const Node *up = n->id > 0 ? rw->t->parent[n->id] : NULL;
    if (!up || up->kind != N_SUBSCRIPT || up->a != n) return false;
    PValue at = node_literal(rw, up->b);
    return pv_is_int(&at, 0);
}

static bool allows(Rw *rw, const Event *e)
{
    switch (e->kind) {
    case EV_OP:
    case EV_APPLY: return elements_alone(e);
    case EV_SHAPE: return asks_no_order(rw, e);
    case EV_APPLY_NN:
    case EV_GAP: return false;
    default: return true;
    }
}

bool *agnostic_functions(Rw *rw)
{
    bool *of = ARENA_ARRAY(rw->a, bool, rw->t->module->nnodes + 1);
    for (int i = 0; i < rw->t->definitions.len; i++) {
        const Node *n = rw->t->definitions.at[i]->node;
        if (n && n->kind == N_FUNCTION && n->id > 0 && n->id <= rw->t->module->nnodes) of[n->id] = true;
    }
    for (int i = 0; i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        const Definition *d = e->site->definition;
        while (d && d->node && d->node->kind == N_LAMBDA) d = d->parent;
        if (d && d->node && d->node->id > 0 && d->node->id <= rw->t->module->nnodes && !allows(rw, e)) of[d->node->id] = false;
    }
    return of;
}
