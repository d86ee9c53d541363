/* Reads of shapes: x.shape, x.size(0), tf.shape(x)[1], by the place where the target holds each axis. */
#include <string.h>

#include "port/layout.h"
#include "port/static.h"
#include "python/build.h"

/* The tensor expression behind x.shape, x.size(), tf.shape(x), len(x.shape). */
static Node *shape_of(Rw *rw, Node *n)
{
    n = node_unparen(n);
    if (n->kind == N_ATTRIBUTE) return n->a;
    bool method = n->kind == N_CALL && n->a->kind == N_ATTRIBUTE &&
                  (n->items.len == 0 || dialect_lists(rw->from, "shape_methods", n->a->name));
    if (method && !static_dotted(rw, n->a)) return n->a->a;
    if (n->kind == N_CALL && n->items.len) return n->items.at[0];
    return n;
}

static Node *shape_tuple(Rw *rw, Node *tensor, bool dynamic)
{
    const char *fn = dialect_fact(rw->to, "shape_function");
    if (dynamic && fn) {
        Node *call = py_call(rw->a, name_of(rw, fn));
        vec_push(rw->a, &call->items, tensor);
        return call;
    }
    return py_attr(rw->a, tensor, "shape");
}

static Node *shape_element(Rw *rw, Node *tensor, Event **e, int count, int axis)
{
    bool known = true, any = false;
    int physical = axis;
    for (int i = 0; i < count; i++) {
        const PivotTensor *t = e[i]->in.len ? e[i]->in.at[0] : NULL;
        int perm[MAX_RANK];
        if (e[i]->forced && t && t->rank < 0) { /* code that nothing ran, called with what nobody knows */
            known = false;
            continue;
        }
        if (!t || t->rank < 0 || t->rank > MAX_RANK) return NULL;
        int a = axis < 0 ? axis + t->rank : axis;
        if (a < 0 || a >= t->rank) return NULL;
        known &= !t->dims[a].free && t->dims[a].n >= 0;
        layout_perm(rw->layout, t, perm);
        int j = layout_axis(perm, t->rank, a);
        if (axis < 0) j -= t->rank;
        if (any && j != physical) flag(rw, e[0]->site->node, "axis orders differ between the places that run this");
        physical = j;
        any = true;
    }
    return !any ? NULL : py_index(rw->a, shape_tuple(rw, tensor, !known), py_int(rw->a, physical));
}

static Node *shape_slice(Rw *rw, Node *n, Node *tensor, Event **e)
{
    const PivotTensor *t = e[0]->in.len ? e[0]->in.at[0] : NULL;
    int perm[MAX_RANK];
    if (!t || t->rank < 0) return NULL;
    Node *s = n->b;
    PValue lo = s->a ? node_literal(rw, s->a) : pv_int(0), hi = s->b ? node_literal(rw, s->b) : pv_int(t->rank);
    if (!layout_perm(rw->layout, t, perm) || lo.kind != PV_INT || hi.kind != PV_INT || s->c) {
        Node *copy = node_copy(rw->a, n);
        copy->a = shape_tuple(rw, tensor, true);
        copy->from = NULL;
        return copy;
    }
    long long from = lo.u.i < 0 ? lo.u.i + t->rank : lo.u.i, to = hi.u.i < 0 ? hi.u.i + t->rank : hi.u.i;
    bool run = true;
    int first = from < t->rank ? layout_axis(perm, t->rank, (int)from) : 0;
    for (long long a = from; a < to; a++) run &= layout_axis(perm, t->rank, (int)a) == first + (int)(a - from);
    Node *shape = shape_tuple(rw, tensor, true);
    if (run) {
        Node *slice = ARENA_NEW(rw->a, Node);
        slice->kind = N_SLICE;
        if (first) slice->a = py_int(rw->a, first);
        if (first + (to - from) < t->rank) slice->b = py_int(rw->a, first + (to - from));
        return py_index(rw->a, shape, slice);
    }
    Node *tuple = py_tuple(rw->a, true);
    for (long long a = from; a < to; a++)
        vec_push(rw->a, &tuple->items,
                 py_index(rw->a, shape, py_int(rw->a, layout_axis(perm, t->rank, (int)a))));
    return tuple;
}

/* Is some size no number? unknown: what is said of a tensor whose rank is not known. */
static bool is_dynamic(Event **e, int count, bool unknown)
{
    bool dynamic = false;
    for (int i = 0; i < count; i++) {
        const PivotTensor *t = e[i]->in.len ? e[i]->in.at[0] : NULL;
        dynamic |= unknown && (!t || t->rank < 0);
        for (int k = 0; t && k < t->rank; k++) dynamic |= t->dims[k].free != NULL || t->dims[k].n < 0;
    }
    return dynamic;
}

/* x.numel(): the product of the sizes. */
static Node *element_count(Rw *rw, Node *tensor, Event **e, int count)
{
    need_import(rw, "math");
    Node *call = py_call(rw->a, py_name(rw->a, "math.prod"));
    vec_push(rw->a, &call->items, shape_tuple(rw, tensor, is_dynamic(e, count, true)));
    return call;
}

Node *rewrite_shape_site(Rw *rw, Node *n)
{
    int count;
    Node *site = n->kind == N_SUBSCRIPT ? node_unparen(n->a) : n;
    Event **e = site_events(rw, site, EV_SHAPE, &count);
    if (!count) return n;
    Node *tensor = rewrite_expr(rw, shape_of(rw, site)), *made = NULL;
    if (n->kind == N_SUBSCRIPT && node_unparen(n->b)->kind == N_SLICE) {
        made = shape_slice(rw, n, tensor, e);
    } else if (n->kind == N_SUBSCRIPT) {
        PValue axis = node_literal(rw, n->b);
        if (axis.kind == PV_INT) made = shape_element(rw, tensor, e, count, (int)axis.u.i);
    } else if (e[0]->axis >= 0) {
        made = shape_element(rw, tensor, e, count, e[0]->axis);
    } else if (n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && (str_eq(n->a->name, "dim") || str_eq(n->a->name, "ndimension"))) {
        made = py_call(rw->a, py_name(rw->a, "len"));
        vec_push(rw->a, &made->items, shape_tuple(rw, tensor, false));
    } else if (rw->from != rw->to && n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && dialect_lists(rw->from, "count_methods", n->a->name)) {
        made = element_count(rw, tensor, e, count);
    } else {
        bool moved = false, dynamic = is_dynamic(e, count, false);
        int perm[MAX_RANK];
        for (int i = 0; i < count; i++) {
            const PivotTensor *t = e[i]->in.len ? e[i]->in.at[0] : NULL;
            moved |= t && layout_perm(rw->layout, t, perm);
        }
        Node *p = n->id > 0 ? rw->t->parent[n->id] : NULL;
        bool unpacked = p && p->kind == N_ASSIGN && p->b == n && p->items.len == 1 && p->items.at[0]->kind == N_TUPLE;
        bool counted = p && p->kind == N_CALL && p->a->kind == N_NAME && str_eq(p->a->name, "len");
        if (moved && !unpacked && !counted) { /* the axes in the source's order, spelled out */
            const PivotTensor *t = e[0]->in.at[0];
            made = py_tuple(rw->a, true);
            for (int a = 0; made && a < t->rank; a++) {
                Node *size = shape_element(rw, tensor, e, count, a);
                if (size) vec_push(rw->a, &made->items, size);
                else made = NULL; /* the places that run this disagree on the rank */
            }
        } else {
            made = shape_tuple(rw, tensor, dynamic);
        }
    }
    if (!made) {
        flag(rw, n, "a shape of a tensor whose rank is not known");
        return n;
    }
    made->map = map_for(rw, n);
    made->from = n;
    return made;
}
