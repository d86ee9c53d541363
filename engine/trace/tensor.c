/* Attributes, subscripts and methods of tensors.
 *
 * Reading a shape is a site of its own (EV_SHAPE): which axis stands where depends on the target's
 * order. The numbers carry the tensor and axis they came from. In-place methods compute the same as
 * the method without the underscore, and the value that held the tensor holds the result from then
 * on. */
#include "trace/frame.h"

#include <string.h>

void event_shape(Interp *in, Node *site, PivotTensor *t, int axis)
{
    Event *e = event_add(in, EV_SHAPE, site);
    e->axis = axis;
    vec_push(in->arena, &e->in, t);
}

Value *axis_size(Interp *in, PivotTensor *t, int axis)
{
    if (t->rank < 0) {
        bool input = t->producer && t->producer->type == PNODE_INPUT;
        if (axis != 0 || !input)
            return v_unknown(in, "the " UNKNOWN_SHAPE " is not known");
        Value *v = v_size(in, assumed_batch(in));
        v->of = t;
        v->axis = 0;
        return v;
    }
    if (axis < 0)
        axis += t->rank;
    if (axis < 0 || axis >= t->rank)
        return v_unknown(in, "the tensor has no axis %d", axis);
    Value *v = size_unknown(t->dims[axis])
                   ? v_unknown(in, "axis %d in the " UNKNOWN_SHAPE " is not known", axis)
                   : v_size(in, t->dims[axis]);
    v->of = t;
    v->axis = axis;
    return v;
}

Value *shape_of_tensor(Interp *in, PivotTensor *t)
{
    if (t->rank < 0) {
        Value *v = v_unknown(in, "the " UNKNOWN_SHAPE " is not known");
        v->of = t;
        return v;
    }
    Value *v = v_list(in, V_SHAPE);
    v->of = t;
    v->axis = -1;
    for (int i = 0; i < t->rank; i++) vec_push(in->arena, &v->items, axis_size(in, t, i));
    return v;
}

static Value *element_count(Interp *in, PivotTensor *t)
{
    if (t->rank < 0)
        return v_unknown(in, "the " UNKNOWN_SHAPE " is not known");
    Size n = size_known(1);
    for (int i = 0; i < t->rank; i++) {
        if (size_unknown(t->dims[i]))
            return v_unknown(in, "a size of this tensor is not known");
        n = size_op(in->arena, '*', n, t->dims[i]);
    }
    return v_size(in, n);
}

static const DialectRow *method_row(Interp *in, const char *name, bool *in_place)
{
    const DialectRow *row = dialect_read(in->dialect, FORM_METHOD, name, fw(in)->keras);
    size_t n = strlen(name);
    *in_place = n > 1 && name[n - 1] == '_' && name[n - 2] != '_';
    if (!row && *in_place)
        row = dialect_read(in->dialect, FORM_METHOD, arena_strndup(in->arena, name, n - 1),
                           fw(in)->keras);
    return row;
}

Value *tensor_attr(Interp *in, Value *t, const char *name, Node *site)
{
    const Dialect *d = in->dialect;
    if (dialect_lists(d, "shape_attributes", name)) {
        event_shape(in, site, t->u.tensor, -1);
        return shape_of_tensor(in, t->u.tensor);
    }
    if (dialect_lists(d, "rank_attributes", name)) {
        event_shape(in, site, t->u.tensor, -1);
        return t->u.tensor->rank < 0 ? v_unknown(in, "the rank is not known")
                                     : v_int(in, t->u.tensor->rank);
    }
    if (dialect_lists(d, "property_methods", name))
        return call_tensor_method(in, in->globals, t, name, &(Args){0}, site);
    if (dialect_lists(d, "tensor_self_attributes", name))
        return t;
    if (str_eq(name, "dtype"))
        return t->u.tensor->dtype ? v_ext(in, dialect_dtype_spelling(d, t->u.tensor->dtype)
                                                  ? dialect_dtype_spelling(d, t->u.tensor->dtype)
                                                  : t->u.tensor->dtype)
                                  : v_unknown(in, "the element type is not known");
    if (dialect_lists(d, "false_attributes", name))
        return v_bool(in, false);
    if (dialect_lists(d, "tensor_unknown_attributes", name))
        return v_unknown(in, "%s of a tensor", name);
    return v_builtin(in, arena_printf(in->arena, "tensor:%s", name), t);
}

static Value *shape_method(Interp *in, Value *t, Args *args, Node *site)
{
    Value *axis = args->pos.len ? args->pos.at[0] : args->kw.len ? args->kw.at[0] : NULL;
    if (!axis || axis->kind == V_NONE) {
        event_shape(in, site, t->u.tensor, -1);
        return shape_of_tensor(in, t->u.tensor);
    }
    if (axis->kind != V_INT)
        return v_unknown(in, "which axis is not known");
    long long i = axis->u.i;
    if (i < 0 && t->u.tensor->rank >= 0)
        i += t->u.tensor->rank;
    event_shape(in, site, t->u.tensor, (int)i);
    return axis_size(in, t->u.tensor, (int)i);
}

static void set_in_place(Interp *in, Value *t, Value *result)
{
    if (result->kind != V_TENSOR)
        return;
    forced_note_value(in, t);
    t->u.tensor = result->u.tensor;
}

static Value *tensor_method(Interp *in, Env *env, Value *t, const char *name, Args *args,
                            Node *site);

Value *call_tensor_method(Interp *in, Env *env, Value *t, const char *name, Args *args, Node *site)
{
    Value *numbers = t->items.len ? constant_method(in, env, t, name, args, site) : NULL;
    if (in->raising)
        return v_unknown(in, "an exception");
    if (numbers && dialect_lists(in->dialect, "tensor_values", name))
        return numbers;
    Value *v = tensor_method(in, env, t, name, args, site);
    if (numbers && v->kind == V_TENSOR && v != t)
        constant_attach(in, v, numbers);
    return v;
}

static Value *tensor_method(Interp *in, Env *env, Value *t, const char *name, Args *args,
                            Node *site)
{
    (void)env;
    const Dialect *d = in->dialect;
    PivotTensor *x = t->u.tensor;
    if (dialect_lists(d, "shape_methods", name))
        return shape_method(in, t, args, site);
    if (dialect_lists(d, "rank_methods", name)) {
        event_shape(in, site, x, -1);
        return x->rank < 0 ? v_unknown(in, "the rank is not known") : v_int(in, x->rank);
    }
    if (dialect_lists(d, "count_methods", name)) {
        event_shape(in, site, x, -1);
        return element_count(in, x);
    }
    if (str_eq(name, "__len__")) {
        event_shape(in, site, x, 0);
        return axis_size(in, x, 0);
    }
    if (str_eq(name, "__getitem__") && args->pos.len)
        return tensor_getitem(in, t, args->pos.at[0], site);
    if (str_eq(name, "__abs__"))
        name = "abs";
    if (dialect_lists(d, "tensor_training", name)) {
        training_event(in, site, name, NULL, args);
        return v_none(in);
    }
    bool in_place = false;
    const DialectRow *row = method_row(in, name, &in_place);
    if (row) {
        const DialectRow *fits = row_match(in, FORM_METHOD, name, t, args, site);
        if (fits)
            row = fits;
        Value *v = call_op(in, row, name, t, args, site);
        if (in_place)
            set_in_place(in, t, v);
        return in_place ? t : v;
    }
    bool building = !in->graph_nn && fw(in)->off == 0; /* filling a weight before it is one */
    bool init = (x->is_parameter || building) && dialect_lists(d, "tensor_initialisers", name);
    if (init || dialect_lists(d, "tensor_inert", name)) {
        Event *e = event_add(in, EV_INERT, site);
        e->dotted = name;
        return t;
    }
    if (dialect_lists(d, "tensor_values", name))
        return v_unknown(in, "%s of a tensor depends on its values", name);
    TensorVec ins = {0};
    vec_push(in->arena, &ins, x);
    event_gap(in, site, name, &ins, arena_printf(in->arena, "the tensor method %s", name));
    return value_of_tensor(in, tensor_unknown(in), site);
}

/* ---- subscripts ---- */

static PValue slice_part(Interp *in, Value *v)
{
    if (!v || v->kind == V_NONE)
        return pv_none();
    return v_to_pvalue(in, v);
}

static PValue index_part(Interp *in, Value *v, TensorVec *ins, bool *unknown)
{
    if (v->kind == V_SLICE) {
        PValue s = pv_list(in->arena, 4);
        s.u.list.at[0] = pv_str("slice");
        for (int i = 0; i < 3; i++) {
            s.u.list.at[i + 1] = slice_part(in, i < v->items.len ? v->items.at[i] : NULL);
            if (s.u.list.at[i + 1].kind == PV_UNKNOWN)
                *unknown = true;
        }
        return s;
    }
    if (v->kind == V_ELLIPSIS)
        return pv_str("...");
    if (v->kind == V_NONE)
        return pv_none();
    if (v->kind == V_INT)
        return v_to_pvalue(in, v);
    if (v->kind == V_TENSOR) {
        vec_push(in->arena, ins, v->u.tensor);
        return pv_str("tensor");
    }
    if (v->kind == V_LIST || v->kind == V_RANGE) {
        long long n = v->kind == V_LIST ? v->items.len : v->u.range.hi - v->u.range.lo;
        Size s = size_known(n);
        vec_push(in->arena, ins, tensor_new(in, &s, 1, "int64"));
        return pv_str("tensor");
    }
    *unknown = true;
    return pv_unknown("an index that is not known");
}

static PValue index_value(Interp *in, Value *index, TensorVec *ins, bool *unknown)
{
    if (index->kind != V_TUPLE) {
        PValue one = pv_list(in->arena, 1);
        one.u.list.at[0] = index_part(in, index, ins, unknown);
        return one;
    }
    PValue all = pv_list(in->arena, index->items.len);
    for (int i = 0; i < index->items.len; i++)
        all.u.list.at[i] = index_part(in, index->items.at[i], ins, unknown);
    return all;
}

Value *tensor_getitem(Interp *in, Value *t, Value *index, Node *site)
{
    TensorVec ins = {0};
    vec_push(in->arena, &ins, t->u.tensor);
    bool unknown = false;
    PAttrs attrs = {0};
    PValue ix = index_value(in, index, &ins, &unknown);
    attr_set(in->arena, &attrs, "index", unknown ? pv_unknown("an index that is not known") : ix);
    Value *v = apply_op(in, pivot_kind("getitem"), attrs, &ins, NULL, NULL, site);
    Value *numbers =
        t->items.len && index->kind == V_INT ? get_item(in, t->items.at[0], index, site) : NULL;
    if (numbers && !in->raising)
        constant_attach(in, v, numbers);
    return v;
}

void tensor_setitem(Interp *in, Value *t, Value *index, Value *v, Node *site)
{
    (void)index;
    TensorVec ins = {0};
    vec_push(in->arena, &ins, t->u.tensor);
    tensors_of(in, v, &ins);
    event_gap(in, site, "__setitem__", &ins, "assignment to a part of a tensor");
    set_in_place(
        in, t,
        value_of_tensor(
            in, tensor_new(in, t->u.tensor->dims, t->u.tensor->rank, t->u.tensor->dtype), site));
}

void flow_record(Interp *in, Node *expr, Value *v)
{
    if (!expr || v->kind != V_TENSOR || !node_in_source(in, expr))
        return;
    Flow f = {expr, v->u.tensor, in->self_nn};
    Trace *t = in->trace;
    for (int i = t->flows.len - 1; i >= 0 && i >= t->flows.len - 8; i--)
        if (t->flows.at[i].expr == expr && t->flows.at[i].tensor == v->u.tensor)
            return;
    vec_push(in->arena, &t->flows, f);
}
