/* What an operation's attributes must be for the target, beyond the order of axes.
 *
 *   pad            a pair for each axis of the tensor as the target holds it; the source may name the last ones only
 *   split, chunk   sizes where the target wants them, equal pieces where they are equal
 *   softmax        without an axis: by the rank (PyTorch's rule), where the source has such a rule
 *
 * The expressions of the source are kept where they can be: the numbers of a padding keep their expressions. */
#include "port/op_settle.h"

#include <string.h>

#include "dialect/convert.h"
#include "port/layout.h"

static PlanAttr *find(PlanAttrVec *attrs, const char *name)
{
    for (int i = 0; i < attrs->len; i++)
        if (str_eq(attrs->at[i].name, name)) return &attrs->at[i];
    return NULL;
}

static bool is(const char *kind, const char *name)
{
    return strcmp(kind, name) == 0;
}

/* ---- pad ---- */

static Node *pair_node(Rw *rw, Node *before, Node *after)
{
    Node *t = py_tuple(rw->a, true);
    vec_push(rw->a, &t->items, before);
    vec_push(rw->a, &t->items, after);
    return t;
}

/* Pairs of expressions for the last axes, out of a flat tuple, last axis first. */
static bool flat_pairs(Rw *rw, Node *x, NodeVec *pairs)
{
    x = node_unparen(x);
    if ((x->kind != N_TUPLE && x->kind != N_LIST) || x->items.len % 2) return false;
    for (int i = x->items.len - 2; i >= 0; i -= 2)
        vec_push(rw->a, pairs, pair_node(rw, rewrite_expr(rw, x->items.at[i]), rewrite_expr(rw, x->items.at[i + 1])));
    return true;
}

/* The same out of a tuple of pairs. */
static bool tuple_pairs(Rw *rw, Node *x, NodeVec *pairs)
{
    x = node_unparen(x);
    if (x->kind != N_TUPLE && x->kind != N_LIST) return false;
    for (int i = 0; i < x->items.len; i++) {
        Node *p = node_unparen(x->items.at[i]);
        if ((p->kind != N_TUPLE && p->kind != N_LIST) || p->items.len != 2) return false;
        vec_push(rw->a, pairs, pair_node(rw, rewrite_expr(rw, p->items.at[0]), rewrite_expr(rw, p->items.at[1])));
    }
    return true;
}

/* The same by items of a name: self.padding, of as many numbers (or pairs) wherever this ran. */
static bool named_pairs(Rw *rw, Node *x, Event **e, int count, int param, NodeVec *pairs)
{
    x = node_unparen(x);
    if (x->kind != N_NAME && x->kind != N_ATTRIBUTE) return false;
    const PValue *first = &e[0]->args[param].value;
    bool flat = first->kind == PV_LIST && first->u.list.len && first->u.list.at[0].kind != PV_LIST;
    for (int i = 0; i < count; i++) {
        const PValue *v = e[i]->args ? &e[i]->args[param].value : NULL;
        if (!v || v->kind != PV_LIST || v->u.list.len != first->u.list.len || (flat && v->u.list.len % 2)) return false;
    }
    Node *of = rewrite_expr(rw, x);
    int n = first->u.list.len;
    for (int i = flat ? n - 2 : 0; flat ? i >= 0 : i < n; i += flat ? -2 : 1) {
        Node *before = flat ? py_index(rw->a, of, py_int(rw->a, i)) : py_index(rw->a, py_index(rw->a, of, py_int(rw->a, i)), py_int(rw->a, 0));
        Node *after = flat ? py_index(rw->a, of, py_int(rw->a, i + 1)) : py_index(rw->a, py_index(rw->a, of, py_int(rw->a, i)), py_int(rw->a, 1));
        vec_push(rw->a, pairs, pair_node(rw, before, after));
    }
    return true;
}

static bool takes_flat(Rw *rw, PlanAttrVec *attrs)
{
    const DialectRow *row = row_for(rw, FORM_FUNCTION, "pad", attrs->at, attrs->len);
    for (int i = 0; row && i < row->params.len; i++)
        if (row->params.at[i].role == ROLE_ATTR && str_eq(row->params.at[i].attr, "amounts"))
            return row->params.at[i].conv && str_eq(row->params.at[i].conv->name, "pad_flat");
    return false;
}

static PValue zero_pair(Rw *rw)
{
    PValue p = pv_list(rw->a, 2);
    p.u.list.at[0] = p.u.list.at[1] = pv_int(0);
    return p;
}

static void settle_pad(Rw *rw, Event **e, int count, PlanAttrVec *attrs)
{
    PlanAttr *amounts = find(attrs, "amounts");
    const PivotTensor *in = e[0]->in.len ? e[0]->in.at[0] : NULL;
    int perm[MAX_RANK], param = -1;
    if (!amounts || !in || in->rank < 0 || in->rank > MAX_RANK) return;
    for (int k = 0; e[0]->row && k < e[0]->row->params.len; k++)
        if (e[0]->row->params.at[k].role == ROLE_ATTR && str_eq(e[0]->row->params.at[k].attr, "amounts")) param = k;
    layout_order_in(rw->layout, e[0], 0, perm);
    int rank = in->rank;
    Node *x = param >= 0 && e[0]->args ? e[0]->args[param].expr : NULL;
    if (x && !node_is_literal(x)) {
        NodeVec pairs = {0};
        Node *u = node_unparen(x);
        bool flat = (u->kind == N_TUPLE || u->kind == N_LIST) && u->items.len &&
                    node_unparen(u->items.at[0])->kind != N_TUPLE && node_unparen(u->items.at[0])->kind != N_LIST;
        bool ok = named_pairs(rw, x, e, count, param, &pairs) || (flat ? flat_pairs(rw, x, &pairs) : tuple_pairs(rw, x, &pairs));
        ok &= pairs.len <= rank;
        if (ok) {
            Node *of[MAX_RANK] = {0};
            for (int i = 0; i < pairs.len; i++) of[rank - pairs.len + i] = pairs.at[i];
            Node *made = py_tuple(rw->a, true);
            bool to_flat = takes_flat(rw, attrs);
            for (int j = 0; j < rank; j++) {
                Node *p = of[perm[to_flat ? rank - 1 - j : j]];
                if (!p) p = pair_node(rw, py_int(rw->a, 0), py_int(rw->a, 0));
                if (!to_flat) vec_push(rw->a, &made->items, p);
                for (int k = 0; to_flat && k < 2; k++) vec_push(rw->a, &made->items, p->items.at[k]);
            }
            amounts->expr = made;
            amounts->varies = false;
            return;
        }
        amounts->expr = NULL; /* the numbers, where they are the same everywhere */
    }
    if (amounts->varies || amounts->value.kind != PV_LIST || amounts->value.u.list.len > rank) return;
    PValue all = pv_list(rw->a, rank);
    int n = amounts->value.u.list.len;
    for (int j = 0; j < rank; j++) {
        int source = perm[j] - (rank - n);
        all.u.list.at[j] = source >= 0 ? amounts->value.u.list.at[source] : zero_pair(rw);
    }
    amounts->value = all;
}

/* ---- split and chunk ---- */

/* The sizes of the pieces along an axis, as they were traced; false where one is not known or runs differ. */
static bool piece_sizes(Rw *rw, Event **e, int count, PValue *sizes)
{
    for (int i = 0; i < count; i++) {
        const PivotTensor *in = e[i]->in.len ? e[i]->in.at[0] : NULL;
        int axis = (int)attr_int(&e[i]->attrs, "axis", 0);
        if (!in || in->rank <= 0) return false;
        if (axis < 0) axis += in->rank;
        PValue now = pv_list(rw->a, e[i]->out.len);
        for (int k = 0; k < e[i]->out.len; k++) {
            const PivotTensor *o = e[i]->out.at[k];
            if (o->rank != in->rank || axis >= o->rank || o->dims[axis].free || o->dims[axis].n < 0) return false;
            now.u.list.at[k] = pv_int(o->dims[axis].n);
        }
        if (i && !pv_same(sizes, &now)) return false;
        *sizes = now;
    }
    return true;
}

static bool all_equal(const PValue *list)
{
    for (int i = 1; i < list->u.list.len; i++)
        if (!pv_same(&list->u.list.at[0], &list->u.list.at[i])) return false;
    return true;
}

/* How many pieces there are, where each run has as many and cuts them alike; 0. */
static int equal_pieces(Event **e, int count)
{
    for (int i = 0; i < count; i++) {
        const PivotTensor *in = e[i]->in.len ? e[i]->in.at[0] : NULL;
        int axis = (int)attr_int(&e[i]->attrs, "axis", 0);
        if (!in || in->rank <= 0 || e[i]->out.len != e[0]->out.len) return 0;
        if (axis < 0) axis += in->rank;
        for (int k = 0; k < e[i]->out.len; k++)
            if (e[i]->out.at[k]->rank != in->rank || !size_same(e[i]->out.at[k]->dims[axis], e[i]->out.at[0]->dims[axis])) return 0;
    }
    return count ? e[0]->out.len : 0;
}

static const char *settle_split(Rw *rw, Node *site, Event **e, int count, const char *kind, PlanAttrVec *attrs)
{
    PlanAttr *sizes = find(attrs, "sizes"), *n = find(attrs, "n");
    PValue traced;
    if (rw->from == rw->to) return kind;
    bool known = piece_sizes(rw, e, count, &traced);
    if (is(kind, "chunk")) {
        if (known && !all_equal(&traced)) { /* pieces of ceil(size / n), and a smaller last one */
            PlanAttr a = {.name = "sizes", .value = traced};
            vec_push(rw->a, attrs, a);
            return "split";
        }
        if (known && n && !n->expr && traced.u.list.len) n->value = pv_int(traced.u.list.len), n->varies = false;
        return "split_n";
    }
    bool one_size = sizes && (sizes->value.kind == PV_INT || sizes->value.kind == PV_SIZE); /* of every piece, not how many */
    if (!known && one_size && !rw->to->channels_first) {
        int pieces = equal_pieces(e, count);
        if (!pieces && site) flag(rw, site, "pieces of a size that differs between the places that run this");
        PlanAttr a = {.name = "n", .value = pv_int(pieces)};
        vec_push(rw->a, attrs, a);
        return "split_n";
    }
    if (sizes && (sizes->value.kind == PV_LIST || sizes->expr) && sizes->value.kind != PV_INT && !known) return kind;
    if (known && sizes && (sizes->value.kind != PV_LIST || !sizes->expr)) {
        sizes->value = traced;
        sizes->expr = NULL;
        sizes->varies = false;
        if (rw->to->channels_first || !all_equal(&traced)) return kind;
        PlanAttr a = {.name = "n", .value = pv_int(traced.u.list.len)};
        vec_push(rw->a, attrs, a);
        return "split_n";
    }
    return kind;
}

/* ---- softmax ---- */

PValue softmax_axis(Rw *rw, const PivotTensor *t)
{
    if (!dialect_fact(rw->from, "no_dim_softmax") || !t || t->rank < 0) return (PValue){.kind = PV_UNSET};
    return pv_int(t->rank == 0 || t->rank == 1 || t->rank == 3 ? 0 : 1);
}

static void settle_softmax(Rw *rw, Event **e, PlanAttrVec *attrs)
{
    PlanAttr *axis = find(attrs, "axis");
    if (!axis || axis->expr || axis->varies || (axis->value.kind != PV_UNSET && axis->value.kind != PV_NONE)) return;
    PValue v = softmax_axis(rw, e[0]->in.len ? e[0]->in.at[0] : NULL);
    if (v.kind != PV_INT) return;
    int perm[MAX_RANK];
    layout_order_in(rw->layout, e[0], 0, perm);
    axis->value = pv_int(layout_axis(perm, e[0]->in.at[0]->rank, (int)v.u.i));
}

/* The last axis by its name for every rank. */
static void settle_flatten(Event **e, int count, PlanAttrVec *attrs)
{
    PlanAttr *end = find(attrs, "end_dim");
    bool last = end && !end->expr && !end->varies && end->value.kind == PV_INT;
    for (int i = 0; last && i < count; i++) last = e[i]->in.len && e[i]->in.at[0] && end->value.u.i == e[i]->in.at[0]->rank - 1;
    if (last) end->value = pv_int(-1);
}

/* ---- products ---- */

/* numpy's dot: a matrix product where the second has at most two axes. */
static const char *settle_dot(Rw *rw, Event **e, int count, PlanAttrVec *attrs)
{
    if (rw->from == rw->to) return "dot_product";
    bool matrix = true;
    for (int i = 0; i < count; i++) matrix &= e[i]->in.len == 2 && e[i]->in.at[1] && e[i]->in.at[1]->rank >= 0 && e[i]->in.at[1]->rank <= 2;
    if (matrix) return "matmultiply";
    PValue axes = pv_list(rw->a, 2);
    for (int i = 0; i < 2; i++) {
        axes.u.list.at[i] = pv_list(rw->a, 1);
        axes.u.list.at[i].u.list.at[0] = pv_int(i ? -2 : -1);
    }
    PlanAttr a = {.name = "axes", .value = axes};
    vec_push(rw->a, attrs, a);
    return "tensordot";
}

void op_transpose_inputs(Rw *rw, const char *kind, PlanAttrVec *attrs, Node **inputs)
{
    static const char *const names[] = {"transpose_a", "transpose_b"};
    for (int i = 0; i < 2 && is(kind, "matmultiply"); i++) {
        bool turned = false;
        for (int k = 0; k < attrs->len; k++) {
            if (!is(attrs->at[k].name, names[i])) continue;
            turned |= attrs->at[k].value.kind == PV_BOOL && attrs->at[k].value.u.b;
            attrs->at[k].value = (PValue){.kind = PV_UNSET}; /* said by the operand */
        }
        if (!turned || !inputs[i]) continue;
        PlanAttr dims[2] = {{.name = "dim0", .value = pv_int(-2)}, {.name = "dim1", .value = pv_int(-1)}};
        const DialectRow *row = row_for(rw, FORM_FUNCTION, "transpose", dims, 2);
        StrVec unsaid = {0};
        if (row) inputs[i] = call_build(rw, row, dims, 2, &inputs[i], 1, &unsaid);
    }
}

bool op_wants_helper(Rw *rw, Event **e, int count)
{
    if (rw->from != rw->to && is(e[0]->node->kind->name, "take"))
        for (int i = 0; i < count; i++) /* indices that are no vector */
            if (e[i]->in.len > 1 && e[i]->in.at[1] && e[i]->in.at[1]->rank != 1) return true;
    if (rw->from == rw->to || !is(e[0]->node->kind->name, "expand")) return false;
    for (int i = 0; i < count; i++) { /* -1: as it is */
        const PValue *shape = attr_get(&e[i]->attrs, "shape");
        bool known = shape && shape->kind == PV_LIST;
        for (int k = 0; known && k < shape->u.list.len; k++)
            if (shape->u.list.at[k].kind == PV_INT && shape->u.list.at[k].u.i < 0) return true;
        if (!known) return true;
    }
    return false;
}

const char *op_settle(Rw *rw, Node *n, Event **e, int count, PlanAttrVec *attrs)
{
    const char *kind = e[0]->node->kind->name;
    if (is(kind, "dot_product")) return settle_dot(rw, e, count, attrs);
    if (is(kind, "pad")) settle_pad(rw, e, count, attrs);
    if (is(kind, "split") || is(kind, "chunk")) return settle_split(rw, n, e, count, kind, attrs);
    if (is(kind, "flatten")) settle_flatten(e, count, attrs);
    if (is(kind, "softmax") || is(kind, "log_softmax") || is(kind, "softmin")) settle_softmax(rw, e, attrs);
    return kind;
}
