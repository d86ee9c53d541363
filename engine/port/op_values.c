/* Tensor operations written from the values of their attributes: for targets that are generated from instances,
 * where the source's expressions do not stand. */
#include <string.h>

#include "port/instance.h"
#include "port/layout.h"
#include "port/op_settle.h"

static const char *operator_of(const char *kind)
{
    static const struct {
        const char *kind, *op;
    } OPS[] = {{"add", "+"}, {"subtract", "-"}, {"multiply", "*"}, {"divide", "/"}, {"matmultiply", "@"},
               {"power", "**"}, {"floor_divide", "//"}, {"mod", "%"}};
    for (size_t i = 0; i < sizeof OPS / sizeof *OPS; i++)
        if (str_eq(OPS[i].kind, kind)) return OPS[i].op;
    return NULL;
}

static Node *moved(Rw *rw, const Event *e, Node *x, int i)
{
    int axes[MAX_RANK];
    return layout_move_in(rw->layout, e, i, axes) && question_keeps_order(rw, e)
               ? move_axes(rw, x, axes, e->in.at[i]->rank) : x;
}

static Node *moved_out(Rw *rw, const Event *e, Node *x)
{
    int axes[MAX_RANK];
    return layout_move_out(rw->layout, e, 0, axes) ? move_axes(rw, x, axes, e->out.at[0]->rank) : x;
}

static Node *index_node(Rw *rw, const PValue *v)
{
    if (v->kind == PV_NONE) return py_none(rw->a);
    if (v->kind == PV_INT) return py_int(rw->a, v->u.i);
    if (v->kind == PV_LIST && v->u.list.len == 4) {
        Node *s = ARENA_NEW(rw->a, Node);
        s->kind = N_SLICE;
        Node **parts[3] = {&s->a, &s->b, &s->c};
        for (int i = 0; i < 3; i++)
            if (v->u.list.at[i + 1].kind == PV_INT) *parts[i] = py_int(rw->a, v->u.list.at[i + 1].u.i);
        return s;
    }
    return NULL;
}

static Node *getitem_from(Rw *rw, const Event *e, Node *x)
{
    const PValue *ix = attr_get(&e->attrs, "index");
    bool drop[MAX_RANK], inserts;
    int perm[MAX_RANK], axis = 0, given = 0;
    const PivotTensor *in = e->in.at[0];
    if (!ix || ix->kind != PV_LIST || in->rank < 0 || !layout_index_drops(e, in->rank, drop, &inserts) || inserts) return NULL;
    layout_perm(rw->layout, in, perm);
    Node *at[MAX_RANK] = {0};
    for (int i = 0; i < ix->u.list.len; i++) given += !(ix->u.list.at[i].kind == PV_STR);
    for (int i = 0; i < ix->u.list.len; i++) {
        if (ix->u.list.at[i].kind == PV_STR) axis += in->rank - given;
        else if (axis < in->rank) at[axis++] = index_node(rw, &ix->u.list.at[i]);
    }
    Node *t = py_tuple(rw->a, false);
    int last = 0;
    for (int j = 0; j < in->rank; j++)
        if (at[perm[j]]) last = j;
    for (int j = 0; j <= last; j++) {
        Node *n = at[perm[j]];
        if (!n) {
            n = ARENA_NEW(rw->a, Node);
            n->kind = N_SLICE;
        }
        vec_push(rw->a, &t->items, n);
    }
    return py_index(rw->a, x, t->items.len == 1 ? t->items.at[0] : t);
}

/* Sizes, with at most one free one as -1; NULL where two are free. */
static Node *shape_from(Rw *rw, const PivotTensor *out)
{
    Node *t = py_tuple(rw->a, true);
    int free = 0;
    for (int i = 0; i < out->rank; i++) {
        bool f = out->dims[i].free || out->dims[i].n < 0;
        free += f;
        vec_push(rw->a, &t->items, py_int(rw->a, f ? -1 : out->dims[i].n));
    }
    return free > 1 ? NULL : t;
}

bool op_permutation(Rw *rw, const Event *e, int axes[MAX_RANK])
{
    const PivotTensor *in = e->in.at[0], *out = e->out.at[0];
    int p[MAX_RANK], have[MAX_RANK], want[MAX_RANK];
    for (int i = 0; i < in->rank; i++) p[i] = i;
    if (str_eq(e->node->kind->name, "transpose")) {
        int a = (int)attr_int(&e->attrs, "dim0", 0), b = (int)attr_int(&e->attrs, "dim1", 1);
        if (a < 0) a += in->rank;
        if (b < 0) b += in->rank;
        p[a] = b, p[b] = a;
    } else {
        const PValue *dims = attr_get(&e->attrs, "dims");
        for (int i = 0; dims && dims->kind == PV_LIST && i < dims->u.list.len && i < in->rank; i++) {
            long long d = dims->u.list.at[i].u.i;
            p[i] = (int)(d < 0 ? d + in->rank : d);
        }
    }
    layout_perm(rw->layout, in, have);
    layout_perm(rw->layout, out, want);
    bool moves = false;
    for (int j = 0; j < in->rank; j++) {
        axes[j] = layout_axis(have, in->rank, p[want[j]]);
        moves |= axes[j] != j;
    }
    return moves;
}

static PValue axis_moved(Rw *rw, const Event *e, PValue v)
{
    int perm[MAX_RANK];
    int rank = e->in.at[0]->rank;
    if (rank < 0) return v;
    layout_order_in(rw->layout, e, 0, perm);
    if (v.kind == PV_INT) return pv_int(layout_axis(perm, rank, (int)v.u.i));
    if (v.kind != PV_LIST) return v;
    PValue l = pv_list(rw->a, v.u.list.len);
    for (int i = 0; i < l.u.list.len; i++)
        l.u.list.at[i] = pv_int(layout_axis(perm, rank, (int)v.u.list.at[i].u.i));
    return l.u.list.len == 1 ? l.u.list.at[0] : l;
}

static Node *row_from(Rw *rw, const Event *e, Node **inputs, int n)
{
    const PivotKind *k = e->node->kind;
    PlanAttrVec attrs = {0};
    for (int i = 0; i < k->nattrs; i++) {
        const PValue *v = attr_get(&e->attrs, k->attrs[i].name);
        if (!v || v->kind == PV_UNSET) continue;
        PlanAttr a = {.name = k->attrs[i].name, .value = *v};
        const char *type = k->attrs[i].type;
        bool inserts = str_eq(k->name, "unsqueeze") || str_eq(k->name, "stack");
        bool result = str_eq(k->attrs[i].name, "shape"); /* of what comes out; others are repeats and pieces */
        if (inserts) a.value = pv_int(layout_insert(rw->layout, e));
        else if (str_eq(type, "axis") || str_eq(type, "axes")) a.value = axis_moved(rw, e, *v);
        if (result) a.expr = shape_from(rw, e->out.at[0]);
        if (result && !a.expr) return NULL;
        vec_push(rw->a, &attrs, a);
    }
    Event *one = (Event *)e;
    const char *kind = op_settle(rw, NULL, &one, 1, &attrs);
    const DialectRow *row = row_for(rw, FORM_FUNCTION, kind, attrs.at, attrs.len);
    if (!row) return NULL;
    bool list = false;
    for (int i = 0; i < row->params.len; i++) list |= row->params.at[i].role == ROLE_INPUT_LIST;
    if (list) {
        Node *l = py_list(rw->a);
        for (int i = 0; i < n; i++) vec_push(rw->a, &l->items, inputs[i]);
        inputs[0] = l;
        n = 1;
    }
    StrVec unsaid = {0};
    Node *call = call_build(rw, row, attrs.at, attrs.len, inputs, n, &unsaid);
    return unsaid.len ? NULL : call;
}

Node *op_from_values(Rw *rw, const Event *e, Node **inputs, int n)
{
    const char *kind = e->node->kind->name;
    if (!n) return NULL;
    for (int i = 0; i < n; i++) inputs[i] = op_broadcast(rw, moved(rw, e, inputs[i], i), e, i);
    const char *op = operator_of(kind);
    PlanAttrVec given = {0};
    for (int i = 0; i < e->attrs.len; i++) {
        PlanAttr a = {.name = e->attrs.at[i].name, .value = e->attrs.at[i].value};
        vec_push(rw->a, &given, a);
    }
    op_transpose_inputs(rw, kind, &given, inputs);
    if (op && n == 2) return moved_out(rw, e, py_binary(rw->a, inputs[0], op, inputs[1]));
    if (op && n == 1) { /* a number on one side: the source's text has it */
        Node *s = e->site->node;
        Node *other = s->kind == N_BINARY ? (node_is_literal(s->b) ? s->b : node_is_literal(s->a) ? s->a : NULL) : NULL;
        if (!other) return NULL;
        bool right = other == s->b;
        return py_binary(rw->a, right ? inputs[0] : other, op, right ? other : inputs[0]);
    }
    if (str_eq(kind, "negative")) return py_unary(rw->a, "-", inputs[0]);
    if (str_eq(kind, "identity")) return inputs[0];
    if (str_eq(kind, "permute") || str_eq(kind, "transpose")) {
        int axes[MAX_RANK];
        return op_permutation(rw, e, axes) ? move_axes(rw, inputs[0], axes, e->in.at[0]->rank) : inputs[0];
    }
    if (str_eq(kind, "getitem")) {
        Node *g = getitem_from(rw, e, inputs[0]);
        return g ? moved_out(rw, e, g) : NULL;
    }
    Node *made = row_from(rw, e, inputs, n);
    return made ? moved_out(rw, e, made) : NULL;
}
