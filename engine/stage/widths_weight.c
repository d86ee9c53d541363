/* Widths that a bare weight makes: x @ self.w, where build() or the constructor has
 *
 *     self.w = self.add_weight(shape=(input_shape[-1], self.units))
 *
 * The width is then what the shape says at that axis, in the terms of the constructor of that instance. */
#include "python/build.h"
#include "stage/number.h"
#include "stage/widths_internal.h"

/* The weight that an operation multiplies by and that has this size; its axis. */
static const PivotTensor *factor(const PivotNode *p, long long v, int *axis)
{
    for (int i = 0; p->type == PNODE_OP && i < p->inputs.len; i++) {
        const PivotTensor *t = p->inputs.at[i];
        if (!t || !t->is_parameter || t->rank < 2) continue;
        for (*axis = t->rank - 1; *axis >= 0; --*axis)
            if (t->dims[*axis].n == v) return t;
    }
    return NULL;
}

#define FARTHEST 300 /* operations looked at */

/* Back through whatever has that size too, the first operand first. */
static const PivotTensor *weight_behind(const PivotTensor *t, long long v, int *axis, int *left)
{
    const PivotNode *p = t ? t->producer : NULL;
    if (!p || --*left < 0) return NULL;
    const PivotTensor *found = factor(p, v, axis);
    if (found || p->type == PNODE_LAYER) return found;
    for (int i = 0; i < p->inputs.len && !found; i++)
        if (p->inputs.at[i] && !p->inputs.at[i]->is_parameter && widths_has_size(p->inputs.at[i], v))
            found = weight_behind(p->inputs.at[i], v, axis, left);
    return found;
}

static const Event *making(W *w, const PivotTensor *weight)
{
    for (int i = 0; i < w->t->events.len; i++) {
        const Event *e = w->t->events.at[i];
        if (e->kind == EV_REF && e->out.len && e->out.at[0] == weight && e->site->node->kind == N_CALL) return e;
    }
    return NULL;
}

/* The expression for one axis in the shape that a call is given. */
static Node *said_axis(const Node *call, int axis)
{
    Node *shape = NULL;
    for (int i = 0; i < call->items.len && !shape; i++) {
        Node *x = call->items.at[i];
        if (x->kind == N_KEYWORD && str_eq(x->name, "shape")) shape = node_unparen(x->a);
    }
    for (int i = 0; i < call->items.len && !shape; i++) {
        Node *x = node_unparen(call->items.at[i]);
        if (x->kind == N_TUPLE || x->kind == N_LIST) shape = x;
    }
    bool listed = shape && (shape->kind == N_TUPLE || shape->kind == N_LIST) && axis < shape->items.len;
    for (int i = 0; listed && i < shape->items.len; i++) listed = shape->items.at[i]->kind != N_STAR;
    return listed ? shape->items.at[axis] : NULL;
}

/* The run of the constructor of the instance that a method ran for; the method's own where it is the constructor. */
static const Activation *constructor(W *w, const Activation *act)
{
    if (!act || !act->self || !act->definition || str_eq(act->definition->node->name, "__init__")) return act;
    for (int i = 0; i < w->runs.len; i++) {
        const Activation *r = w->runs.at[i];
        bool same = r->self == act->self && r->definition && r->definition->parent == act->definition->parent;
        if (same && str_eq(r->definition->node->name, "__init__")) return r;
    }
    return NULL;
}

Node *widths_weight_made(W *w, const Occ *o, Made *made)
{
    int axis = 0, left = FARTHEST;
    const PivotTensor *weight = weight_behind(o->tensor, o->value, &axis, &left);
    const Event *e = weight ? making(w, weight) : NULL;
    Node *x = e ? said_axis(e->site->node, axis) : NULL;
    const Activation *act = x ? constructor(w, e->frame) : NULL;
    if (!act) return NULL;
    *made = (Made){.scope = act == e->frame ? e->scope : act->at_end, .site = e->site->node};
    return widths_lifted(w, o, number_copy(w->a, x), act, made);
}
