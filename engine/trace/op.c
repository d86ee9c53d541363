/* Tensor operations: functions, methods and operators on tensors become steps with shapes.
 *
 * Attributes are the row's; axis numbers are normalised to count from 0 once the rank is known (the
 * raw value stays in the event's args). A number among the operands is a constant tensor of rank 0.
 * What no row knows is a gap: the result is unknown, and the port says so. */
#include "trace/frame.h"

#include <string.h>

void event_gap(Interp *in, Node *site, const char *dotted, const TensorVec *ins, const char *why)
{
    Event *e = event_add(in, EV_GAP, site);
    e->dotted = dotted;
    e->why = why;
    for (int i = 0; ins && i < ins->len; i++) vec_push(in->arena, &e->in, ins->at[i]);
}

static PValue axis_from_start(const PValue *v, int rank)
{
    PValue r = *v;
    if (r.kind == PV_INT && r.u.i < 0 && r.u.i + rank >= 0)
        r.u.i += rank;
    return r;
}

/* The rank that an axis counts in: that of the input, one more where the operation adds an axis. */
static int axis_rank(const PivotKind *kind, const TensorVec *ins)
{
    int rank = -1;
    for (int i = 0; i < ins->len && rank < 1; i++) rank = ins->at[i]->rank;
    if (rank < 0)
        return -1;
    bool adds = str_eq(kind->name, "unsqueeze") || str_eq(kind->name, "stack");
    return rank + adds;
}

void normalise_axes(Interp *in, const PivotKind *kind, PAttrs *attrs, const TensorVec *ins)
{
    int rank = axis_rank(kind, ins);
    if (rank < 0)
        return;
    const PValue *dimension = kind_attr(kind, "dimension") ? attr_get(attrs, "dimension") : NULL;
    bool open = kind_attr(kind, "dimension") && (!dimension || dimension->kind == PV_UNSET || dimension->kind == PV_NONE);
    if (open && kind->group == GROUP_LAYER && rank > 2 && rank < 6) /* a function that does not say it */
        attr_set(in->arena, attrs, "dimension", pv_int(rank - 2));
    for (int i = 0; i < attrs->len; i++) {
        const KindAttr *ka = kind_attr(kind, attrs->at[i].name);
        if (!ka)
            continue;
        PValue *v = &attrs->at[i].value;
        bool flat = str_eq(ka->name, "start_dim") || str_eq(ka->name, "end_dim");
        bool axis = str_eq(ka->type, "axis") || flat ||
                    (str_eq(ka->name, "axis") && str_eq(ka->type, "int"));
        if (axis)
            *v = axis_from_start(v, rank);
        if (!str_eq(ka->type, "axes"))
            continue;
        if (v->kind == PV_INT)
            *v = axis_from_start(v, rank);
        if (v->kind != PV_LIST)
            continue;
        PValue list = pv_list(in->arena, v->u.list.len);
        for (int k = 0; k < list.u.list.len; k++)
            list.u.list.at[k] = axis_from_start(&v->u.list.at[k], rank);
        *v = list;
    }
}

static bool unknown_attr(const PAttrs *attrs, const PivotKind *kind)
{
    for (int i = 0; i < attrs->len; i++) {
        const KindAttr *ka = kind_attr(kind, attrs->at[i].name);
        if (ka && attrs->at[i].value.kind == PV_UNKNOWN && !str_eq(ka->type, "float") &&
            !str_eq(ka->type, "str") && !str_eq(ka->type, "act"))
            return true;
    }
    return false;
}

/* A reshape says its rank even where its input does not. */
static bool shape_of_reshape(Interp *in, const PivotKind *kind, const PAttrs *attrs,
                             PivotTensor *out)
{
    const PValue *shape = str_eq(kind->name, "reshape") ? attr_get(attrs, "shape") : NULL;
    if (!shape || shape->kind != PV_LIST)
        return false;
    out->rank = shape->u.list.len;
    out->dims = ARENA_ARRAY(in->arena, Size, out->rank + 1);
    for (int i = 0; i < out->rank; i++) {
        Size s = pv_as_size(&shape->u.list.at[i]);
        bool known = !size_unknown(s) && (s.free || s.n >= 0);
        bool batch = i == 0 && s.n == -1 && out->rank > 1;
        out->dims[i] = known ? s : batch ? assumed_batch(in) : (Size){-1, NULL};
    }
    return true;
}

/* How many results an operation has whose shapes are not known. */
static int result_count(const PivotKind *kind, const PAttrs *attrs)
{
    const char *k = kind->name;
    if (str_eq(k, "chunk") || str_eq(k, "split_n"))
        return (int)attr_int(attrs, "n", 0);
    if (kind_gives_pair(kind))
        return 2;
    const PValue *sizes = str_eq(k, "split") ? attr_get(attrs, "sizes") : NULL;
    if (sizes && sizes->kind == PV_LIST)
        return sizes->u.list.len;
    return str_eq(k, "split") || str_eq(k, "unbind") ? 0 : 1;
}

static bool gives_several(const PivotKind *kind)
{
    static const char *const KINDS[] = {"chunk", "split_n", "split", "unbind"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_eq(kind->name, KINDS[i]))
            return true;
    return kind_gives_pair(kind);
}

/* view(-1, 400) of (B,16,H//4-3,W//4-3): what is left of the sizes is 400. */
static void note_reshape(Interp *in, const PivotKind *kind, const PAttrs *attrs,
                         const TensorVec *ins, Node *site)
{
    const PValue *shape = str_eq(kind->name, "reshape") ? attr_get(attrs, "shape") : NULL;
    if (!shape || shape->kind != PV_LIST || !ins->len || ins->at[0]->rank < 2)
        return;
    long long want = 1;
    for (int i = 1; i < shape->u.list.len; i++) {
        if (shape->u.list.at[i].kind != PV_INT || shape->u.list.at[i].u.i < 1)
            return;
        want *= shape->u.list.at[i].u.i;
    }
    bool soft = shape->u.list.at[0].kind == PV_INT && shape->u.list.at[0].u.i == -1;
    bool batch = shape->u.list.at[0].kind == PV_SIZE &&
                 size_same(shape->u.list.at[0].u.size, ins->at[0]->dims[0]);
    if (shape->u.list.len < 2 || (soft ? shape->u.list.len > 2 : !batch))
        return;
    Size have = size_known(1);
    for (int i = 1; i < ins->at[0]->rank; i++)
        have = size_op(in->arena, '*', have, ins->at[0]->dims[i]);
    hint_equation(in, have, want, site, soft);
}

/* x + position_embedding: a free size beside a known one has to be that one. */
static void note_broadcast(Interp *in, const PivotKind *kind, const TensorVec *ins, Node *site)
{
    bool elementwise = str_eq(kind->name, "add") || str_eq(kind->name, "multiply") ||
                       str_eq(kind->name, "subtract");
    if (!elementwise || ins->len != 2)
        return;
    const PivotTensor *x = ins->at[0], *y = ins->at[1];
    for (int i = 1; i <= x->rank && i <= y->rank; i++) {
        Size a = x->dims[x->rank - i], b = y->dims[y->rank - i];
        if (a.free && !b.free && b.n > 1)
            hint_equation(in, a, b.n, site, true);
        if (b.free && !a.free && a.n > 1)
            hint_equation(in, b, a.n, site, true);
    }
}

static void infer_op(Interp *in, const PivotKind *kind, const PAttrs *attrs, const TensorVec *ins,
                     Node *site, ShapeOut *out)
{
    PAttrs traced = {0};
    const char *err = NULL;
    ShapeIn si = {(const PivotTensor *const *)ins->at, ins->len, in->dialect->channels_first};
    bool ok = true;
    note_reshape(in, kind, attrs, ins, site);
    note_broadcast(in, kind, ins, site);
    bool unknown = unknown_attr(attrs, kind);
    if (!unknown)
        ok = shape_infer(in->arena, kind, attrs, &si, out, &traced, &err);
    bool blind = unknown || !ok || out->nout == 0 || out->out[0].rank < 0;
    if (!ok) {
        const char *from = ins->len ? producer_text(in, ins->at[0]) : "";
        if (fw(in)->assumed && in->forced == 0) {
            if (!fw(in)->misfit) {
                fw(in)->misfit_text = arena_printf(in->arena, "%s%s", err ? err : kind->name, from);
                fw(in)->misfit_site = site;
            }
            fw(in)->misfit = true;
        } else {
            frame_diag(in, SEV_ERROR, "shape", site, NULL, "%s%s",
                       err ? err : "the shapes do not fit", from);
        }
    }
    if (!blind)
        return;
    const char *dtype = ok && out->nout ? out->out[0].dtype : NULL;
    int n = result_count(kind, attrs);
    out->nout = n < 1 ? 1 : n > 64 ? 64 : n;
    for (int i = 0; i < out->nout; i++) out->out[i] = (PivotTensor){.rank = -1, .dtype = dtype};
    if (ok)
        shape_of_reshape(in, kind, attrs, &out->out[0]);
}

static Value *op_value(Interp *in, const PivotKind *kind, const TensorVec *outs, Node *site)
{
    if (outs->len == 1 && !gives_several(kind))
        return value_of_tensor(in, outs->at[0], site);
    Value *v = v_list(in, V_TUPLE);
    for (int i = 0; i < outs->len; i++)
        vec_push(in->arena, &v->items, value_of_tensor(in, outs->at[i], site));
    return v;
}

Value *apply_op(Interp *in, const PivotKind *kind, PAttrs attrs, const TensorVec *ins,
                const DialectRow *row, SiteArg *args, Node *site)
{
    if (ins->len && ins->at[0]->rank < 0)
        assume_input(in, ins->at[0], kind, &attrs);
    normalise_axes(in, kind, &attrs, ins);
    ShapeOut *out = ARENA_NEW(in->arena, ShapeOut);
    infer_op(in, kind, &attrs, ins, site, out);
    TensorVec outs = {0};
    for (int i = 0; i < out->nout; i++)
        vec_push(in->arena, &outs,
                 tensor_new(in, out->out[i].dims, out->out[i].rank, out->out[i].dtype));
    PivotNode *n = node_step(in, PNODE_OP, site, ins, &outs);
    n->kind = kind;
    n->attrs = attrs;
    Event *e = fw(in)->implicit > 0 ? event_detached(in, EV_OP, site) : event_add(in, EV_OP, site);
    e->row = row;
    e->dotted = row && row->names.len ? row->names.at[0] : NULL;
    e->args = args;
    e->attrs = attrs;
    e->node = n;
    for (int i = 0; i < ins->len; i++) vec_push(in->arena, &e->in, ins->at[i]);
    for (int i = 0; i < outs.len; i++) vec_push(in->arena, &e->out, outs.at[i]);
    bool countless = gives_several(kind) && out->out[0].rank < 0 && result_count(kind, &attrs) < 1;
    if (countless)
        return v_unknown(in, "how many pieces %s gives is not known", kind->name);
    return op_value(in, kind, &outs, site);
}

/* The tensor of a constant, with its numbers. */
static PivotTensor *with_numbers(Interp *in, PivotTensor *t, const Value *v)
{
    PValue *numbers = ARENA_NEW(in->arena, PValue);
    *numbers = v_to_pvalue(in, v);
    t->numbers = numbers;
    return t;
}

/* An array of constants, or a list of numbers, among the operands. */
static PivotTensor *operand(Interp *in, Value *v)
{
    const Value *list = v->kind == V_OBJECT && v->u.obj->base ? v->u.obj->base : v;
    if (list->kind == V_LIST || list->kind == V_TUPLE) {
        for (int i = 0; i < list->items.len; i++)
            if (!v_is_num(list->items.at[i]))
                return tensor_unknown(in);
        Size n = size_known(list->items.len);
        return with_numbers(in, tensor_new(in, &n, 1, "float32"), list);
    }
    return v_is_num(v) && !v->free ? with_numbers(in, tensor_of_value(in, v), v) : tensor_of_value(in, v);
}

/* The operands of a row in order of their numbers, then lists, then optional ones. */
static void collect_inputs(Interp *in, const Binding *b, TensorVec *ins)
{
    const DialectRow *row = b->row;
    for (int number = 0; number < 8; number++)
        for (int p = 0; p < row->params.len; p++) {
            const RowParam *rp = &row->params.at[p];
            Value *v = b->at[p].value;
            if (rp->role != ROLE_INPUT || rp->input != number || !v || v->kind == V_NONE)
                continue;
            vec_push(in->arena, ins, operand(in, v));
        }
    for (int p = 0; p < row->params.len; p++) {
        Value *v = b->at[p].value;
        if (!v || row->params.at[p].role != ROLE_INPUT_LIST)
            continue;
        if (v->kind == V_LIST || v->kind == V_TUPLE) {
            for (int i = 0; i < v->items.len; i++)
                vec_push(in->arena, ins, operand(in, v->items.at[i]));
        } else if (v->kind == V_TENSOR || v->kind == V_UNKNOWN) {
            vec_push(in->arena, ins, tensor_of_value(in, v));
        }
    }
    for (int p = 0; p < row->params.len; p++) {
        Value *v = b->at[p].value;
        if (v && row->params.at[p].role == ROLE_INPUT_OPTIONAL && v->kind != V_NONE)
            tensors_of(in, v, ins);
    }
}

static bool has_inputs(const DialectRow *row)
{
    for (int p = 0; p < row->params.len; p++)
        if (row->params.at[p].role == ROLE_INPUT || row->params.at[p].role == ROLE_INPUT_LIST)
            return true;
    return false;
}

static bool any_tensor(const Binding *b)
{
    for (int p = 0; p < b->row->params.len; p++)
        if (b->at[p].value && is_tensorish(b->at[p].value))
            return true;
    return false;
}

static const char *unknown_operand(const Binding *b)
{
    for (int p = 0; p < b->row->params.len; p++)
        if (b->at[p].value && b->at[p].value->kind == V_UNKNOWN)
            return b->at[p].value->u.why;
    return NULL;
}

Value *call_op(Interp *in, const DialectRow *row, const char *dotted, Value *self, Args *args,
               Node *site)
{
    const char *callee = short_name(dotted);
    Binding b;
    bind_args(in, row, self, args, site, callee, &b);
    bool passes = in->graph_nn || fw(in)->off > 0 || in->forced > 0;
    if (has_inputs(row) && !any_tensor(&b) && !(passes && unknown_operand(&b))) {
        const char *why = unknown_operand(&b);
        if (why)
            return v_unknown(in, "%s", why);
        return v_unknown(in, "%s of constants", callee);
    }
    PAttrs attrs = bind_attrs(in, &b, site, callee);
    TensorVec ins = {0};
    collect_inputs(in, &b, &ins);
    SiteArg *site_args = bind_site_args(in, &b);
    Value *v = apply_op(in, row->kind, attrs, &ins, row, site_args, site);
    if (v->kind == V_TUPLE && row->kind->group == GROUP_OP && dialect_fact(in->dialect, "pieces") &&
        str_eq(dialect_fact(in->dialect, "pieces"), "list"))
        v->kind = V_LIST;
    return v;
}

/* ---- operators ---- */

typedef struct OpName {
    const char *op, *kind;
} OpName;

static const OpName BINARY[] = {
    {"+", "add"},           {"-", "subtract"},   {"*", "multiply"}, {"/", "divide"},
    {"//", "floor_divide"}, {"%", "mod"},        {"**", "power"},   {"@", "matmultiply"},
    {"&", "logical_and"},   {"|", "logical_or"},
};

static const PivotKind *operator_kind(const char *op)
{
    for (size_t i = 0; i < sizeof BINARY / sizeof *BINARY; i++)
        if (str_eq(BINARY[i].op, op))
            return pivot_kind(BINARY[i].kind);
    return NULL;
}

static Value *binary_step(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    TensorVec ins = {0};
    vec_push(in->arena, &ins, operand(in, l));
    vec_push(in->arena, &ins, operand(in, r));
    PAttrs attrs = {0};
    static const char *const COMPARE[] = {"==", "!=", "<", "<=", ">", ">="};
    for (size_t i = 0; i < sizeof COMPARE / sizeof *COMPARE; i++)
        if (str_eq(COMPARE[i], op)) {
            attr_set(in->arena, &attrs, "op", pv_str(op));
            return apply_op(in, pivot_kind("compare"), attrs, &ins, NULL, NULL, site);
        }
    const PivotKind *k = operator_kind(op);
    if (!k) {
        event_gap(in, site, op, &ins, arena_printf(in->arena, "the operator %s on tensors", op));
        return v_unknown(in, "the operator %s on tensors", op);
    }
    return apply_op(in, k, attrs, &ins, NULL, NULL, site);
}

Value *tensor_binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    Value *v = binary_step(in, op, l, r, site);
    Value *numbers = v->kind == V_TENSOR ? constant_binary(in, op, l, r, site) : NULL;
    if (numbers)
        constant_attach(in, v, numbers);
    return v;
}

Value *tensor_unary(Interp *in, const char *op, Value *v, Node *site)
{
    TensorVec ins = {0};
    vec_push(in->arena, &ins, tensor_of_value(in, v));
    if (str_eq(op, "+"))
        return v;
    if (str_eq(op, "-"))
        return apply_op(in, pivot_kind("negative"), (PAttrs){0}, &ins, NULL, NULL, site);
    if (str_eq(op, "~"))
        return apply_op(in, pivot_kind("logical_not"), (PAttrs){0}, &ins, NULL, NULL, site);
    return v_unknown(in, "%s of a tensor depends on its values", op);
}
