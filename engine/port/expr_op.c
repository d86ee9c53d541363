/* Tensor operations in expressions: functions, methods, operators, subscripts.
 *
 * An operation is written by the target's row for its kind, with axis numbers taken to the order in which the
 * target holds the tensor, and with moves of axes where an operand is needed in another order (layout.c).
 * Operators stay operators. What has no row is flagged. */
#include <string.h>

#include "dialect/convert.h"
#include "port/question_port.h"
#include "port/layout.h"
#include "port/op_settle.h"
#include "port/class_value.h"
#include "port/static.h"
#include "port/stored_axes.h"

static void map_event(Rw *rw, Node *made, Node *n, const Event *e)
{
    made->map = map_for(rw, n);
    made->from = n;
    PortMapping *m = &rw->res->mappings.at[made->map - 1];
    if (e->node) vec_push(rw->a, &m->nodes, e->node->id);
    if (!m->rule && e->node && e->node->kind) {
        m->rule = e->row && e->row->names.len
                      ? arena_printf(rw->a, "%s: %s", e->node->kind->name, e->row->names.at[0])
                      : e->node->kind->name;
        m->why = e->row && e->row->note ? e->row->note : "";
    }
}

/* The source's expression for input i of an operation. */
static Node *input_expr(const Event *e, Node *n, int i)
{
    const DialectRow *row = e->row;
    if (!row) return NULL;
    for (int k = 0; k < row->params.len; k++) {
        const RowParam *p = &row->params.at[k];
        bool mine = (p->role == ROLE_INPUT && p->input == i) || (p->role == ROLE_INPUT_LIST && i == 0);
        if (!mine) continue;
        if (row->form == FORM_METHOD && k == 0 && n->kind == N_ATTRIBUTE) return n->a; /* x.T */
        if (row->form == FORM_METHOD && k == 0) return n->a->kind == N_ATTRIBUTE ? n->a->a : NULL;
        return e->args ? e->args[k].expr : NULL;
    }
    return NULL;
}

static bool is_axis_type(const char *type)
{
    return str_eq(type, "axis") || str_eq(type, "axes");
}

static bool identity_order(const int *perm, int rank)
{
    for (int i = 0; i < rank; i++)
        if (perm[i] != i) return false;
    return true;
}

/* One axis number of event e, in the target's order. An axis counted from the end stays so where it stays. */
static long long mapped_axis(Rw *rw, const Event *e, long long source, bool negative)
{
    int perm[MAX_RANK];
    int rank = e->in.len && e->in.at[0] ? e->in.at[0]->rank : -1;
    if (rank < 0 || rank > MAX_RANK) return source;
    layout_order_in(rw->layout, e, 0, perm);
    int j = layout_axis(perm, rank, (int)source);
    bool moved = j != (int)source && j < rank - 1;
    return negative && !moved ? j - rank : j;
}

/* An axis to insert (unsqueeze, stack): where the class of the result wants it. */
static long long mapped_insert(Rw *rw, const Event *e, long long source, bool negative)
{
    const PivotTensor *out = e->out.len ? e->out.at[0] : NULL, *in = e->in.len ? e->in.at[0] : NULL;
    if (!out || !in || in->rank < 0 || out->rank != in->rank + 1 || out->rank > MAX_RANK) return source;
    int j = layout_insert(rw->layout, e);
    return negative ? j - out->rank : j;
}

static bool arg_negative(Rw *rw, Node *x)
{
    PValue v = x ? node_literal(rw, x) : pv_unknown("");
    if (v.kind == PV_INT) return v.u.i < 0;
    if (v.kind == PV_LIST && v.u.list.len) return v.u.list.at[0].kind == PV_INT && v.u.list.at[0].u.i < 0;
    return false;
}

/* The value of an axis attribute over all events: the same everywhere, or it varies. */
static PValue axis_value(Rw *rw, Event **e, int n, const char *name, Node *x, const RowParam *p, bool *varies)
{
    PValue first = {.kind = PV_UNSET};
    bool negative = x ? arg_negative(rw, x) : p && p->dflt.kind == PV_INT && p->dflt.u.i < 0;
    for (int i = 0; i < n; i++) {
        const char *kind = e[i]->node ? e[i]->node->kind->name : "";
        bool inserts = str_eq(kind, "unsqueeze") || str_eq(kind, "stack");
        const PValue *v = attr_get(&e[i]->attrs, name);
        PValue now = v ? *v : (PValue){.kind = PV_UNSET};
        if (now.kind == PV_INT) {
            now = pv_int(inserts ? mapped_insert(rw, e[i], now.u.i, negative) : mapped_axis(rw, e[i], now.u.i, negative));
        } else if (now.kind == PV_LIST) {
            PValue l = pv_list(rw->a, now.u.list.len);
            for (int k = 0; k < l.u.list.len; k++)
                l.u.list.at[k] = now.u.list.at[k].kind == PV_INT
                                     ? pv_int(mapped_axis(rw, e[i], now.u.list.at[k].u.i, negative))
                                     : now.u.list.at[k];
            for (int k = 1; k < l.u.list.len; k++) /* ascending, as one writes them */
                for (int m = k; m > 0 && l.u.list.at[m].u.i < l.u.list.at[m - 1].u.i; m--) {
                    PValue t = l.u.list.at[m];
                    l.u.list.at[m] = l.u.list.at[m - 1];
                    l.u.list.at[m - 1] = t;
                }
            now = l.u.list.len == 1 ? l.u.list.at[0] : l;
        }
        if (i == 0) first = now;
        else if (!pv_same(&first, &now)) *varies = true;
    }
    return first;
}

/* Does the layout leave the axes of this operation where they are, in every event? */
static bool axes_stay(Rw *rw, Event **e, int n)
{
    int perm[MAX_RANK];
    for (int i = 0; i < n; i++) {
        int rank = e[i]->in.len && e[i]->in.at[0] ? e[i]->in.at[0]->rank : 0;
        if (rank < 0 || rank > MAX_RANK) continue;
        layout_order_in(rw->layout, e[i], 0, perm);
        if (!identity_order(perm, rank)) return false;
        if (e[i]->out.len && layout_perm(rw->layout, e[i]->out.at[0], perm) && e[i]->out.at[0]->rank != rank) return false;
    }
    return true;
}

/* permute and transpose: the permutation between the two held orders; false: it is the identity. */
bool permute_axes(Rw *rw, const Event *e, int axes[MAX_RANK], int *rank)
{
    const PivotTensor *in = e->in.at[0], *out = e->out.at[0];
    int p[MAX_RANK], have[MAX_RANK], want[MAX_RANK];
    *rank = in->rank;
    for (int i = 0; i < in->rank; i++) p[i] = i;
    if (str_eq(e->node->kind->name, "transpose")) {
        int a = (int)attr_int(&e->attrs, "dim0", 0), b = (int)attr_int(&e->attrs, "dim1", 1);
        if (a < 0) a += in->rank;
        if (b < 0) b += in->rank;
        if (a < in->rank && b < in->rank) p[a] = b, p[b] = a;
    } else {
        const PValue *dims = attr_get(&e->attrs, "dims");
        for (int i = 0; dims && dims->kind == PV_LIST && i < dims->u.list.len && i < in->rank; i++) {
            long long d = dims->u.list.at[i].kind == PV_INT ? dims->u.list.at[i].u.i : i;
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

static Node *write_permute(Rw *rw, Node *n, Event **e, int count)
{
    int axes[MAX_RANK], other[MAX_RANK], rank = 0, r;
    if (!e[0]->in.len || !e[0]->out.len || e[0]->in.at[0]->rank < 0) {
        flag(rw, n, "a permutation of a tensor whose rank is not known");
        return n;
    }
    Node *stored[2];
    if (stored_axes(rw, n, e, count, stored)) {
        Node *x = rewrite_expr(rw, input_expr(e[0], n, 0));
        PlanAttr by[2] = {{.name = stored[1] ? "dim0" : "dims", .expr = stored[0]}, {.name = "dim1", .expr = stored[1]}};
        return moved_by(rw, x, stored[1] ? "transpose" : "permute", by, stored[1] ? 2 : 1);
    }
    bool moves = permute_axes(rw, e[0], axes, &rank);
    for (int i = 1; i < count; i++) {
        bool m = permute_axes(rw, e[i], other, &r);
        if (m != moves || r != rank || (m && memcmp(axes, other, sizeof(int) * (size_t)rank) != 0)) {
            flag(rw, n, "a permutation that differs between the places that run it");
            return n;
        }
    }
    Node *x = rewrite_expr(rw, input_expr(e[0], n, 0));
    return moves ? move_axes(rw, x, axes, rank) : x;
}

/* The target shape of a reshape, as the source wrote it: its elements rewritten. */
static Node *shape_argument(Rw *rw, const Event *e, Node *n, int param)
{
    const RowParam *p = &e->row->params.at[param];
    Node *x = e->args[param].expr;
    if (p->rest) {
        int skip = 0;
        for (int i = 0; i < param; i++)
            if (e->row->params.at[i].role == ROLE_INPUT && !(e->row->form == FORM_METHOD && i == 0)) skip++;
        Node *t = py_tuple(rw->a, true);
        for (int i = skip; i < n->items.len; i++)
            if (n->items.at[i]->kind != N_KEYWORD) vec_push(rw->a, &t->items, n->items.at[i]);
        if (t->items.len == 1 && node_literal(rw, t->items.at[0]).kind != PV_INT) x = t->items.at[0];
        else if (t->items.len || !x) x = t; /* size=(2, 3) is given as it is */
    }
    if (!x) return NULL;
    x = node_unparen(x);
    if (x->kind == N_TUPLE || x->kind == N_LIST) {
        Node *t = py_tuple(rw->a, true);
        for (int i = 0; i < x->items.len; i++) vec_push(rw->a, &t->items, rewrite_expr(rw, x->items.at[i]));
        return t;
    }
    return rewrite_expr(rw, x);
}

static bool images_move(Rw *rw)
{
    int perm[MAX_RANK];
    for (int i = 0; !rw->images_move && i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        for (int k = 0; k < e->out.len; k++)
            if (e->out.at[k] && e->out.at[k]->rank > 2 && layout_perm(rw->layout, e->out.at[k], perm)) rw->images_move = 1;
    }
    if (!rw->images_move) rw->images_move = -1;
    return rw->images_move > 0;
}

/* May an image be there: in a method of a network, or anywhere where some network gives one? */
static bool images_come(Rw *rw, const Event *e)
{
    int perm[MAX_RANK];
    const Definition *d = e->site->definition;
    while (d && d->kind == DEF_FUNCTION) d = d->parent;
    bool come = d && d->kind == DEF_MODULE_CLASS;
    for (int i = 0; i < rw->t->roots.len && !come; i++) {
        const PivotNN *nn = rw->t->roots.at[i].nn;
        for (int k = 0; nn && k < nn->outputs.len; k++)
            come |= nn->outputs.at[k]->rank > 2 && layout_perm(rw->layout, nn->outputs.at[k], perm);
    }
    return come;
}

/* Axes of a tensor of which nobody knows how many it has, where images are held in another order: flagged. */
static void check_blind(Rw *rw, Node *n, Event **e, int count)
{
    bool blind = false;
    for (int i = 0; i < count; i++) blind |= e[i]->in.len && e[i]->in.at[0] && e[i]->in.at[0]->rank < 0;
    if (blind && rw->from != rw->to && images_move(rw) && images_come(rw, e[0])) flag(rw, n, "an axis of a tensor whose rank is not known");
}

/* The first axis is the batch in every order. */
static bool names_axis(const PValue *v)
{
    return v && (v->kind == PV_LIST || v->kind == PV_UNKNOWN || (v->kind == PV_INT && v->u.i != 0));
}

static void op_attrs(Rw *rw, Node *n, Event **e, int count, PlanAttrVec *attrs)
{
    const PivotKind *kind = e[0]->node->kind;
    bool stay = axes_stay(rw, e, count);
    for (int i = 0; i < kind->nattrs; i++) {
        const char *name = kind->attrs[i].name, *type = kind->attrs[i].type;
        PlanAttr a = {.name = name, .value = {.kind = PV_UNSET}};
        int param = -1;
        for (int k = 0; e[0]->row && k < e[0]->row->params.len; k++)
            if (e[0]->row->params.at[k].role == ROLE_ATTR && str_eq(e[0]->row->params.at[k].attr, name)) param = k;
        Node *x = param >= 0 && e[0]->args ? e[0]->args[param].expr : NULL;
        const Conversion *conv = param >= 0 ? e[0]->row->params.at[param].conv : NULL;
        if (is_axis_type(type)) {
            if (names_axis(attr_get(&e[0]->attrs, name))) check_blind(rw, n, e, count);
            a.value = axis_value(rw, e, count, name, x, param >= 0 ? &e[0]->row->params.at[param] : NULL, &a.varies);
            if (x && stay && (a.varies || !node_is_literal(x)) && !conv) a.expr = rewrite_expr(rw, x), a.varies = false;
        } else if (str_eq(type, "shape") && param >= 0 && e[0]->args[param].given) {
            check_blind(rw, n, e, count);
            a.expr = shape_argument(rw, e[0], n, param);
        } else {
            for (int k = 0; k < count; k++) {
                const PValue *v = attr_get(&e[k]->attrs, name);
                if (k == 0 && v) a.value = *v;
                else if (v && !pv_same(v, &a.value)) a.varies = true;
            }
            if (a.value.kind == PV_UNKNOWN || a.value.kind == PV_SIZE) a.varies = true;
            const PValue *given = param >= 0 && e[0]->args ? &e[0]->args[param].value : NULL;
            bool scalar = conv && conv->carry == CARRY_SCALAR && given && (given->kind == PV_INT || given->kind == PV_SIZE);
            if (x && !node_is_literal(x) && (!conv || conv->carry == CARRY_SAME || scalar))
                a.expr = rewrite_expr(rw, x), a.varies = false;
            bool left = param >= 0 && e[0]->args && !e[0]->args[param].given; /* its value follows from another's */
            if (left && a.varies) a.value = (PValue){.kind = PV_UNSET}, a.varies = false;
        }
        vec_push(rw->a, attrs, a);
    }
}

/* Tensor operands that are fewer axes than the result while the result's channel axis moved: broadcasting aligns
 * trailing axes, so the operand is given all axes first. */
Node *op_broadcast(Rw *rw, Node *x, const Event *e, int i)
{
    const PivotTensor *t = i < e->in.len ? e->in.at[i] : NULL, *out = e->out.len ? e->out.at[0] : NULL;
    int perm[MAX_RANK];
    if (!layout_elementwise(e)) return x;
    if (!t || !out || t->rank <= 0 || t->rank >= out->rank || !layout_perm(rw->layout, out, perm)) return x;
    Node *index = py_tuple(rw->a, false);
    int behind = out->rank - 1 - layout_axis(perm, out->rank, out->rank - 1);
    if (t->rank == 1) { /* one axis: [:, None, None] puts it where it belongs */
        Node *whole = ARENA_NEW(rw->a, Node);
        whole->kind = N_SLICE;
        vec_push(rw->a, &index->items, whole);
        for (int k = 0; k < behind; k++) vec_push(rw->a, &index->items, py_none(rw->a));
        return behind ? py_index(rw->a, x, index) : x;
    }
    for (int k = t->rank; k < out->rank; k++) vec_push(rw->a, &index->items, py_none(rw->a));
    vec_push(rw->a, &index->items, py_parse_expr(rw->a, "...", &(const char *){NULL}));
    return move_axes(rw, py_index(rw->a, x, index), perm, out->rank);
}

static Node *moved_input(Rw *rw, Node *x, Event **e, int count, int i)
{
    int axes[MAX_RANK], other[MAX_RANK];
    bool moves = i < e[0]->in.len && layout_move_in(rw->layout, e[0], i, axes);
    for (int k = 1; k < count; k++) {
        bool m = i < e[k]->in.len && layout_move_in(rw->layout, e[k], i, other);
        if (m != moves) flag(rw, e[0]->site->node, "axis orders differ between the places that run this");
    }
    if (moves && question_keeps_order(rw, e[0])) x = move_axes(rw, x, axes, e[0]->in.at[i]->rank);
    return x;
}

static Node *moved_output(Rw *rw, Node *x, Event **e, int count)
{
    int axes[MAX_RANK], other[MAX_RANK];
    if (e[0]->out.len != 1) return x;
    bool moves = layout_move_out(rw->layout, e[0], 0, axes);
    int rank = e[0]->out.at[0]->rank;
    for (int k = 1; k < count; k++) {
        bool m = e[k]->out.len == 1 && layout_move_out(rw->layout, e[k], 0, other);
        bool same = m == moves && (!m || (e[k]->out.at[0]->rank == rank && memcmp(axes, other, sizeof(int) * (size_t)rank) == 0));
        if (!same) flag(rw, e[0]->site->node, "axis orders differ between the places that run this");
    }
    return moves ? move_axes(rw, x, axes, rank) : x;
}

/* An array or a list of numbers beside a tensor, where the target's operators take tensors alone: it becomes one, of the
 * type that the result has. */
static Node *array_operand(Rw *rw, Node *x, const Event *e, int i)
{
    const PivotTensor *t = i < e->in.len ? e->in.at[i] : NULL, *out = e->out.len ? e->out.at[0] : NULL;
    const char *maker = dialect_fact(rw->to, "tensor_maker");
    if (rw->from == rw->to || !maker || !t || t->rank < 1 || t->producer || t->is_parameter) return x;
    Node *call = py_call(rw->a, name_of(rw, maker));
    vec_push(rw->a, &call->items, x);
    const char *dtype = out && out->dtype ? dialect_dtype_spelling(rw->to, out->dtype) : NULL;
    if (dtype && !str_eq(out->dtype, "bool"))
        vec_push(rw->a, &call->items, py_kw(rw->a, "dtype", strchr(dtype, '.') ? name_of(rw, dtype) : py_str(rw->a, dtype)));
    return call;
}

static bool is_float(const char *dtype)
{
    return dtype && (str_starts(dtype, "float") || str_eq(dtype, "bfloat16"));
}

/* Whole numbers beside fractions: one framework's operators promote them, the other's refuse. */
static Node *promoted(Rw *rw, Node *x, const Event *e, int i)
{
    const char *cast = rw->from == rw->to ? NULL : dialect_fact(rw->to, "operator_cast");
    if (!cast || e->in.len != 2 || !e->in.at[0] || !e->in.at[1] || !e->out.len) return x;
    const PivotTensor *t = e->in.at[i], *other = e->in.at[1 - i], *out = e->out.at[0];
    bool number = t->numbers && t->rank == 0; /* Python's own take any type */
    const char *to = is_float(out->dtype) ? out->dtype : is_float(other->dtype) ? other->dtype : NULL;
    if (number || !to || !t->dtype || is_float(t->dtype) || str_eq(t->dtype, "complex64")) return x;
    Node *call = py_call(rw->a, name_of(rw, cast));
    vec_push(rw->a, &call->items, x);
    vec_push(rw->a, &call->items, py_str(rw->a, to));
    return call;
}

/* mask == 0 with truth values, which only a function compares with numbers there. */
static Node *compared(Rw *rw, Node *n, Event **e, int count, Node *l, Node *r)
{
    bool truth = false;
    for (int i = 0; i < count; i++) {
        if (e[i]->in.len != 2 || !e[i]->in.at[0] || !e[i]->in.at[1]) return NULL;
        bool left = str_eq(e[i]->in.at[0]->dtype, "bool"), right = str_eq(e[i]->in.at[1]->dtype, "bool");
        truth |= left != right;
    }
    if (n->kind != N_COMPARE || !truth || rw->from == rw->to || !dialect_fact(rw->to, "operator_cast")) return NULL;
    PlanAttr op = {.name = "op", .value = pv_str(n->strs.at[0])};
    const DialectRow *row = row_for(rw, FORM_FUNCTION, "compare", &op, 1);
    Node *inputs[2] = {l, r};
    StrVec unsaid = {0};
    Node *call = row && row->form == FORM_FUNCTION ? call_build(rw, row, &op, 1, inputs, 2, &unsaid) : NULL;
    return unsaid.len ? NULL : call;
}

static Node *write_operator(Rw *rw, Node *n, Event **e, int count)
{
    Node *parts[2] = {n->a, n->b};
    if (n->kind == N_COMPARE) parts[0] = n->items.at[0], parts[1] = n->items.len > 1 ? n->items.at[1] : NULL;
    Node *was[2] = {parts[0], parts[1]};
    for (int i = 0; i < 2; i++) { /* both are inputs of the event, a number as a tensor without axes */
        if (!parts[i]) continue;
        parts[i] = rewrite_expr(rw, parts[i]);
        bool tensor = flow_tensor(rw, node_unparen(was[i])) != NULL;
        if (!tensor) parts[i] = array_operand(rw, parts[i], e[0], i);
        if (tensor) parts[i] = promoted(rw, parts[i], e[0], i);
        parts[i] = op_broadcast(rw, parts[i], e[0], i);
        parts[i] = moved_input(rw, parts[i], e, count, i);
    }
    Node *function = parts[0] && parts[1] ? compared(rw, n, e, count, parts[0], parts[1]) : NULL;
    if (function) return function;
    if (parts[0] == was[0] && parts[1] == was[1]) return n;
    Node *copy = node_copy(rw->a, n);
    if (n->kind == N_COMPARE) {
        copy->items.at[0] = parts[0];
        if (parts[1]) copy->items.at[1] = parts[1];
    } else {
        copy->a = parts[0];
        copy->b = parts[1];
    }
    return copy;
}

/* Flatten everything but the batch: a layer where the target has one that knows the size. */
static Node *write_flatten(Rw *rw, Node *n, Event **e, int count)
{
    if (rw->to->channels_first || !rw->in_forward || !rw->init_extra) return NULL;
    const char *kind = e[0]->node->kind->name;
    bool whole = false;
    for (int i = 0; i < count; i++) {
        const PivotTensor *in = e[i]->in.len ? e[i]->in.at[0] : NULL, *out = e[i]->out.len ? e[i]->out.at[0] : NULL;
        if (!in || !out || in->rank < 2 || out->rank != 2) return NULL;
        if (!size_same(in->dims[0], out->dims[0])) return NULL;
        whole = true;
    }
    if (!whole || (!str_eq(kind, "flatten") && !str_eq(kind, "reshape"))) return NULL;
    PAttrs values = {0};
    attr_set(rw->a, &values, "start_dim", pv_int(1));
    attr_set(rw->a, &values, "end_dim", pv_int(-1));
    const DialectRow *row = dialect_write(rw->to, FORM_LAYER, "FlattenLayer", &values);
    if (!row) return NULL;
    Node *self = py_name(rw->a, "self");
    if (!map_has(rw->init_names, "flatten")) {
        map_set(rw->init_names, "flatten", (void *)"flatten");
        StrVec unsaid = {0};
        Node *made = call_build(rw, row, NULL, 0, NULL, 0, &unsaid);
        made->map = map_for(rw, n);
        vec_push(rw->a, rw->init_extra, py_assign(rw->a, py_attr(rw->a, self, "flatten"), made));
    }
    Node *x = moved_input(rw, rewrite_expr(rw, input_expr(e[0], n, 0)), e, count, 0);
    Node *call = py_call(rw->a, py_attr(rw->a, self, "flatten"));
    vec_push(rw->a, &call->items, x);
    return call;
}

/* The parameter of the source's row that takes a list of tensors; -1: none. */
static int list_param(const DialectRow *row)
{
    for (int k = 0; row && k < row->params.len; k++)
        if (row->params.at[k].role == ROLE_INPUT_LIST) return k;
    return -1;
}

/* The items of a list of tensors, moved one by one. A list that is not spelled out stands as it is. */
static Node *list_input(Rw *rw, Node *n, Event **e, int count, int k)
{
    const RowParam *p = &e[0]->row->params.at[k];
    Node *given = p->rest ? NULL : e[0]->args ? e[0]->args[k].expr : NULL;
    Node *spelled = given ? node_unparen(given) : NULL;
    NodeVec items = {0};
    if (p->rest) {
        for (int i = k; i < n->items.len; i++)
            if (n->items.at[i]->kind != N_KEYWORD) vec_push(rw->a, &items, n->items.at[i]);
    } else if (spelled && (spelled->kind == N_LIST || spelled->kind == N_TUPLE)) {
        items = spelled->items;
    }
    bool star = false;
    for (int i = 0; i < items.len; i++) star |= items.at[i]->kind == N_STAR;
    int axes[MAX_RANK];
    if (star || !items.len) {
        for (int i = 0; i < e[0]->in.len; i++)
            if (layout_move_in(rw->layout, e[0], i, axes)) flag(rw, n, "tensors of a list are needed in another order of axes");
        if (given || items.len != 1) return given ? rewrite_expr(rw, given) : NULL;
    }
    Node *list = spelled && spelled->kind == N_TUPLE ? py_tuple(rw->a, true) : py_list(rw->a);
    for (int i = 0; i < items.len; i++) {
        Node *x = rewrite_expr(rw, items.at[i]);
        if (!star && i < e[0]->in.len) x = op_broadcast(rw, moved_input(rw, x, e, count, i), e[0], i);
        vec_push(rw->a, &list->items, x);
    }
    return list;
}

/* Inputs by number, or one list; how many. */
static int op_inputs(Rw *rw, Node *n, Event **e, int count, Node *inputs[8])
{
    int ni = 0, list = list_param(e[0]->row);
    if (list >= 0) {
        inputs[0] = list_input(rw, n, e, count, list);
        return inputs[0] ? 1 : 0;
    }
    int tensor = 0; /* the event's inputs are the tensors among them */
    for (int i = 0; i < 8; i++) {
        Node *x = input_expr(e[0], n, i);
        if (!x) continue;
        bool number = node_is_literal(x);
        x = rewrite_expr(rw, x);
        if (!number) x = op_broadcast(rw, moved_input(rw, x, e, count, tensor), e[0], tensor);
        tensor += !number;
        inputs[i] = x;
        ni = i + 1;
    }
    return ni;
}

/* Optional tensors (a mask) are attributes "?name" on their way. */
static void optional_inputs(Rw *rw, const Event *e, PlanAttrVec *attrs)
{
    for (int k = 0; e->row && e->args && k < e->row->params.len; k++) {
        const RowParam *p = &e->row->params.at[k];
        if (p->role != ROLE_INPUT_OPTIONAL || !e->args[k].expr) continue;
        Node *x = node_unparen(e->args[k].expr);
        if (x->kind == N_NONE) continue;
        PlanAttr a = {.name = arena_printf(rw->a, "?%s", p->attr), .value = {.kind = PV_UNSET}, .expr = rewrite_expr(rw, x)};
        vec_push(rw->a, attrs, a);
    }
}

/* An input that the target's row has no place for must not get lost. */
static void check_inputs(Rw *rw, Node *n, const DialectRow *row, Node **inputs, int ni)
{
    for (int i = 0; i < ni; i++) {
        bool placed = !inputs[i];
        for (int k = 0; k < row->params.len; k++)
            placed |= (row->params.at[k].role == ROLE_INPUT && row->params.at[k].input == i) ||
                      row->params.at[k].role == ROLE_INPUT_LIST;
        if (!placed) flag(rw, n, "%s of %s takes no such operand", row->names.at[0], rw->to->title);
    }
}

static Node *write_row(Rw *rw, Node *n, Event **e, int count)
{
    PlanAttrVec attrs = {0};
    op_attrs(rw, n, e, count, &attrs);
    optional_inputs(rw, e[0], &attrs);
    const char *kind = op_settle(rw, n, e, count, &attrs);
    const DialectRow *row = row_for(rw, FORM_FUNCTION, kind, attrs.at, attrs.len);
    if (op_wants_helper(rw, e, count)) {
        PAttrs none = {0};
        const DialectRow *helper = dialect_helper(rw->to, FORM_FUNCTION, kind, &none, NULL);
        row = helper ? helper : row;
    }
    if (!row) {
        return no_counterpart(rw, n, arena_printf(rw->a, "%s has no operation for %s", rw->to->title, kind));
    }
    Node *inputs[8] = {0};
    int ni = op_inputs(rw, n, e, count, inputs);
    check_inputs(rw, n, row, inputs, ni);
    if (rw->from != rw->to) op_transpose_inputs(rw, kind, &attrs, inputs);
    for (int i = 0; i < ni && i < e[0]->in.len && dialect_lists(rw->to, "tensor_operands", kind); i++) {
        const PivotTensor *t = e[0]->in.at[i];
        bool constant = t && !t->producer && !t->is_parameter && inputs[i];
        bool spelled = constant && (inputs[i]->kind == N_LIST || inputs[i]->kind == N_TUPLE);
        if (!constant || (t->rank != 0 && !spelled)) continue;
        Node *made = py_call(rw->a, name_of(rw, dialect_fact(rw->to, "tensor_maker")));
        vec_push(rw->a, &made->items, inputs[i]);
        inputs[i] = made;
    }
    if (row->form == FORM_METHOD && !inputs[0]) {
        flag(rw, n, "%s: what it works on is not spelled out here", kind);
        return n;
    }
    StrVec unsaid = {0};
    Node *call = call_build(rw, row, attrs.at, attrs.len, inputs, ni, &unsaid);
    for (int i = 0; i < unsaid.len; i++)
        flag(rw, n, "%s: %s cannot be said in %s", kind, unsaid.at[i], rw->to->title);
    return call;
}

/* sum(), reduce(), operator.add(): Python's own functions, which do their arithmetic with the operators that tensors
 * have in either framework. The call stays; what an operator would have moved has no place to be moved at. */
static bool calls_operators(Node *n, Event **e, int count)
{
    if (n->kind != N_CALL) return false;
    for (int i = 0; i < count; i++)
        if (e[i]->row || e[i]->in.len != 2 || !layout_elementwise(e[i])) return false;
    return true;
}

static Node *write_operator_call(Rw *rw, Node *n, Event **e, int count)
{
    int axes[MAX_RANK];
    for (int i = 0; i < count; i++) {
        const PivotTensor *out = e[i]->out.len ? e[i]->out.at[0] : NULL;
        for (int k = 0; k < 2; k++) {
            const PivotTensor *t = e[i]->in.at[k];
            bool widens = t && out && t->rank > 0 && t->rank < out->rank && layout_perm(rw->layout, out, axes);
            if (!widens && !layout_move_in(rw->layout, e[i], k, axes)) continue;
            flag(rw, n, "tensors whose order of axes differs, combined by a function of Python's");
            return n;
        }
    }
    Node *made = rewrite_parts(rw, n);
    if (e[0]->out.len == 1 && layout_move_out(rw->layout, e[count - 1], 0, axes))
        made = move_axes(rw, made, axes, e[count - 1]->out.at[0]->rank);
    return made;
}

static Node *einops_operand(Rw *rw, Node *x, Event **e, int count)
{
    const char *value = e[0]->in.at[0]->is_parameter ? dialect_fact(rw->to, "parameter_value") : NULL;
    if (value && rw->from != rw->to) x = py_attr(rw->a, x, value); /* a weight is no tensor there */
    return moved_input(rw, x, e, count, 0);
}

/* einops takes the tensors of either framework: the call stays, on the tensor in the order that its pattern speaks of. */
static Node *write_einops(Rw *rw, Node *n, Event **e, int count)
{
    Node *call = node_copy(rw->a, n);
    call->from = NULL;
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        bool tensor = i == 0 || (x->kind == N_KEYWORD && str_eq(x->name, "tensor"));
        if (x->kind == N_KEYWORD) {
            Node *value = rewrite_expr(rw, x->a);
            call->items.at[i] = py_kw(rw->a, x->name, tensor && i ? einops_operand(rw, value, e, count) : value);
        } else {
            x = rewrite_expr(rw, x);
            call->items.at[i] = tensor ? einops_operand(rw, x, e, count) : x;
        }
    }
    return call;
}

/* Arguments that the row understands at their default only. */
static void flag_gaps(Rw *rw, Node *n)
{
    Site *s = trace_site(rw->t, n);
    for (int i = 0; s && rw->from != rw->to && i < s->events.len; i++)
        if (s->events.at[i]->kind == EV_GAP && s->events.at[i]->why) flag(rw, n, "%s", s->events.at[i]->why);
}

Node *rewrite_op_site(Rw *rw, Node *n)
{
    int count;
    Event **e = site_events(rw, n, EV_OP, &count);
    if (!count || !e[0]->node) return n;
    Node *typed = n->kind == N_CALL ? question_override(rw, n) : NULL;
    if (typed) {
        map_event(rw, typed, n, e[0]);
        return typed;
    }
    const char *kind = e[0]->node->kind->name;
    if (n->kind == N_BINARY || n->kind == N_UNARY || n->kind == N_COMPARE) {
        Node *w = write_operator(rw, n, e, count);
        if (w != n) map_event(rw, w, n, e[0]);
        return w;
    }
    if (calls_operators(n, e, count)) {
        Node *w = write_operator_call(rw, n, e, count);
        if (w != n) map_event(rw, w, n, e[0]);
        return w;
    }
    if (function_value_called(rw, n, e, count)) return rewrite_parts(rw, n);
    for (int i = 1; i < count; i++)
        if (e[i]->node->kind != e[0]->node->kind) {
            flag(rw, n, "the places that run this disagree on the operation");
            return n;
        }
    Node *made = NULL;
    if (str_eq(kind, "einops")) made = write_einops(rw, n, e, count);
    else if (str_eq(kind, "permute") || str_eq(kind, "transpose")) made = write_permute(rw, n, e, count);
    else if (str_eq(kind, "identity") && !rw->to->channels_first) made = rewrite_expr(rw, input_expr(e[0], n, 0));
    else made = write_flatten(rw, n, e, count);
    if (!made) made = write_row(rw, n, e, count);
    if (made == n) return n;
    int axes[MAX_RANK];
    for (int o = 0; e[0]->out.len > 1 && o < e[0]->out.len; o++)
        if (layout_move_out(rw->layout, e[0], o, axes)) flag(rw, n, "pieces that are needed in another order of axes");
    flag_gaps(rw, n);
    made = moved_output(rw, made, e, count);
    if (made->id == 0) map_event(rw, made, n, e[0]);
    return inplace_settle(rw, n, made, e, count);
}

/* ---- subscripts ---- */

static bool is_tensor(Rw *rw, const Node *n)
{
    const Node *o = node_origin(n);
    return o && flow_tensor(rw, o);
}

/* x[:, rows], where rows is a list of numbers: in every run of this. */
static bool names_list(Rw *rw, Node *n, int at)
{
    int count;
    Event **e = site_events(rw, n, EV_OP, &count);
    for (int i = 0; i < count; i++) {
        const PValue *index = attr_get(&e[i]->attrs, "index");
        const PValue *item = index && index->kind == PV_LIST && at < index->u.list.len ? &index->u.list.at[at] : NULL;
        if (!item || item->kind != PV_STR || !str_eq(item->u.str, "tensor")) return false;
    }
    return count > 0;
}

/* x[:, [2, 0]] for a target that indexes by slices and numbers alone: the items are taken along that axis. */
static Node *taken(Rw *rw, Node *n, Node *made)
{
    const char *take = rw->from == rw->to ? NULL : dialect_fact(rw->to, "take_function");
    Node *index = node_unparen(made->b);
    if (!take || made->kind != N_SUBSCRIPT) return made;
    int ni = index->kind == N_TUPLE ? index->items.len : 1, lists = 0, at = 0, axis = 0, others = 0;
    Node *list = NULL;
    for (int i = 0; i < ni; i++) {
        Node *it = index->kind == N_TUPLE ? index->items.at[i] : index;
        if (it->kind == N_LIST || is_tensor(rw, it) || (it->kind == N_NAME && names_list(rw, n, i))) {
            list = it;
            at = i;
            if (lists++) break;
        }
    }
    if (!lists) return made;
    for (int i = 0; i < ni; i++) {
        Node *it = index->kind == N_TUPLE ? index->items.at[i] : index;
        bool whole = it->kind == N_SLICE && !it->a && !it->b && !it->c;
        if (i != at) others += !whole;
        if (i >= at) continue;
        if (it->kind == N_ELLIPSIS || it->kind == N_NONE) lists = 2;
        axis += it->kind == N_SLICE;
    }
    const PivotTensor *places = list->kind == N_LIST || !node_origin(list) ? NULL : flow_tensor(rw, node_origin(list));
    bool counts = places && places->dtype && (str_starts(places->dtype, "int") || str_starts(places->dtype, "uint"));
    bool masks = list->kind == N_COMPARE || (list->kind != N_LIST && index->kind != N_TUPLE && !counts);
    if (lists > 1 || masks) {
        flag(rw, n, "an index that is a tensor or a list, which %s has no counterpart of", rw->to->title);
        return made;
    }
    Node *x = made->a;
    if (others) {
        x = node_copy(rw->a, made);
        x->from = NULL;
        Node *t = node_copy(rw->a, index);
        Node *whole = ARENA_NEW(rw->a, Node);
        whole->kind = N_SLICE;
        t->items.at[at] = whole;
        x->b = t;
    }
    Node *call = py_call(rw->a, name_of(rw, take));
    vec_push(rw->a, &call->items, x);
    vec_push(rw->a, &call->items, list);
    vec_push(rw->a, &call->items, py_kw(rw->a, "axis", py_int(rw->a, axis)));
    return call;
}

Node *rewrite_getitem(Rw *rw, Node *n)
{
    int count;
    Event **e = site_events(rw, n, EV_OP, &count);
    Node *x = rewrite_expr(rw, n->a);
    Node *index = rewrite_expr(rw, n->b);
    const PivotTensor *in = e[0]->in.len ? e[0]->in.at[0] : NULL;
    int perm[MAX_RANK], axes[MAX_RANK];
    bool drop[MAX_RANK], inserts = false;
    Node *copy;
    if (node_unparen(n->b)->kind == N_TUPLE) check_blind(rw, n, e, count);
    bool moved = in && layout_perm(rw->layout, in, perm);
    bool simple = in && layout_index_drops(e[0], in->rank, drop, &inserts) && !inserts;
    bool out_moves = e[0]->out.len == 1 && layout_move_out(rw->layout, e[0], 0, axes);
    if (moved && !simple) { /* back to the source's order, and literally */
        for (int i = 0; i < in->rank; i++) axes[i] = layout_axis(perm, in->rank, i);
        x = move_axes(rw, x, axes, in->rank);
    } else if (moved) {
        Node *given[MAX_RANK] = {0};
        Node *items = node_unparen(index);
        int ni = items->kind == N_TUPLE ? items->items.len : 1, axis = 0;
        for (int i = 0; i < ni; i++) {
            Node *it = items->kind == N_TUPLE ? items->items.at[i] : items;
            if (it->kind == N_ELLIPSIS) axis += in->rank - (ni - 1);
            else if (axis < in->rank) given[axis++] = it;
        }
        Node *t = py_tuple(rw->a, false);
        int last = 0;
        for (int j = 0; j < in->rank; j++)
            if (given[perm[j]]) last = j;
        for (int j = 0; j <= last; j++) {
            Node *it = given[perm[j]];
            if (!it) {
                it = ARENA_NEW(rw->a, Node);
                it->kind = N_SLICE;
            }
            vec_push(rw->a, &t->items, it);
        }
        index = t->items.len == 1 ? t->items.at[0] : t;
    }
    copy = node_copy(rw->a, n);
    copy->a = x;
    copy->b = index;
    Node *items = taken(rw, n, copy);
    if (items == copy && x == n->a && index == n->b && !out_moves) return n;
    if (out_moves) copy->from = NULL;
    copy = moved_output(rw, items, e, count);
    map_event(rw, copy, n, e[0]);
    return copy;
}
