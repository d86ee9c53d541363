/* Calls of names that no file of the project defines: the framework's, and any other library's.
 *
 * The canonical name finds a row of the dialect: a layer is built, a container filled, a function
 * applied to its tensors. What is without meaning for the network is an inert event, what belongs
 * to training an event of that kind. A name of the framework that no row knows is a gap where
 * tensors reach it or where it stands among the layers; anything else is an unknown value, which
 * costs nothing until it reaches the network.
 *
 * The methods of the framework's values are bound builtins whose name has the kind of receiver in
 * front
 * ("tensor:view"); call_framework_builtin takes them apart. */
#include "trace/frame.h"

#include <stdlib.h>
#include <string.h>

/* A list of dotted names in which "a.b.*" stands for all below a.b. */
static bool name_listed(Interp *in, const char *list, const char *dotted)
{
    const StrVec *v = dialect_list(in->dialect, list);
    for (int i = 0; i < v->len; i++) {
        size_t n = strlen(v->at[i]);
        if (str_eq(v->at[i], dotted))
            return true;
        if (n > 2 && str_ends(v->at[i], ".*") && strncmp(v->at[i], dotted, n - 1) == 0)
            return true;
    }
    return false;
}

static bool any_tensor_arg(const Args *args)
{
    for (int i = 0; i < args->pos.len; i++)
        if (is_tensorish(args->pos.at[i]))
            return true;
    for (int i = 0; i < args->kw.len; i++)
        if (is_tensorish(args->kw.at[i]))
            return true;
    return false;
}

static void all_tensors(Interp *in, const Args *args, TensorVec *out)
{
    for (int i = 0; i < args->pos.len; i++) tensors_of(in, args->pos.at[i], out);
    for (int i = 0; i < args->kw.len; i++) tensors_of(in, args->kw.at[i], out);
}

static Value *first_arg(const Args *args)
{
    return args->pos.len ? args->pos.at[0] : args->kw.len ? args->kw.at[0] : NULL;
}

static Value *inert(Interp *in, const char *dotted, Node *site)
{
    Event *e = event_add(in, EV_INERT, site);
    e->dotted = dotted;
    return v_unknown(in, "%s has no meaning for the network", dotted);
}

/* tf.shape(x), keras.backend.int_shape(x), tf.rank(x) */
static Value *shape_function(Interp *in, const char *dotted, Args *args, Node *site)
{
    Value *x = first_arg(args);
    if (!x || x->kind != V_TENSOR)
        return NULL;
    if (name_listed(in, "shape_functions", dotted)) {
        event_shape(in, site, x->u.tensor, -1);
        Value *s = shape_of_tensor(in, x->u.tensor);
        return s;
    }
    if (!name_listed(in, "rank_functions", dotted))
        return NULL;
    event_shape(in, site, x->u.tensor, -1);
    return x->u.tensor->rank < 0 ? v_unknown(in, "the rank is not known")
                                 : v_int(in, x->u.tensor->rank);
}

/* nn.Parameter(torch.zeros(3)): the tensor, as a weight. */
static Value *parameter(Interp *in, const char *dotted, Args *args, Node *site)
{
    Value *x = first_arg(args);
    PivotTensor *t = x && x->kind == V_TENSOR ? x->u.tensor : NULL;
    PivotTensor *p = t ? tensor_new(in, t->dims, t->rank, t->dtype) : tensor_unknown(in);
    p->is_parameter = true;
    if (!p->dtype)
        p->dtype = "float32";
    Event *e = event_add(in, EV_REF, site);
    e->dotted = dotted;
    vec_push(in->arena, &e->out, p);
    return v_tensor(in, p, site);
}

static bool is_input_kind(const DialectRow *row)
{
    return str_eq(row->kind->name, "InputLayer");
}

static Value *call_row(Interp *in, Env *env, const DialectRow *row, const char *dotted, Args *args,
                       Node *site)
{
    switch (row->kind->group) {
    case GROUP_LOSS:
    case GROUP_METRIC:
    case GROUP_OPTIMIZER:
        if (row->form == FORM_FUNCTION) {
            training_event(in, site, dotted, row, args);
            return v_loss(in, dotted, row);
        }
        return build_handle(in, row, dotted, args, site);
    case GROUP_CONTAINER:
        return build_container(in, env, row, args, site);
    default:
        break;
    }
    if (name_listed(in, "input_functions", dotted) && is_input_kind(row)) {
        Binding b;
        bind_args(in, row, NULL, args, site, short_name(dotted), &b);
        return input_tensor(in, &b, NULL, site);
    }
    if (row->form == FORM_LAYER)
        return build_layer(in, env, row, dotted, args, site);
    return call_op(in, row, dotted, NULL, args, site);
}

/* Arrays of other libraries that the file feeds to its network: an unknown value whose shape is
 * known. */
static Value *foreign_array(Interp *in, const char *dotted, Args *args)
{
    bool by_shape = name_listed(in, "array_of_shape", dotted),
         by_dims = name_listed(in, "array_of_dims", dotted);
    Value *v = v_unknown(in, "the numbers of %s", dotted);
    if (!by_shape && !by_dims)
        return NULL;
    Value *shape = NULL;
    for (int i = 0; i < args->kw_names.len; i++)
        if (str_eq(args->kw_names.at[i], "size") || str_eq(args->kw_names.at[i], "shape"))
            shape = args->kw.at[i];
    for (int i = 0; !shape && by_shape && i < args->pos.len; i++)
        if (args->pos.at[i]->kind == V_TUPLE || args->pos.at[i]->kind == V_LIST)
            shape = args->pos.at[i];
    if (!shape && by_dims && args->pos.len) {
        shape = v_list(in, V_TUPLE);
        shape->items = args->pos;
    }
    if (!shape || (shape->kind != V_TUPLE && shape->kind != V_LIST))
        return v;
    Size *dims = ARENA_ARRAY(in->arena, Size, shape->items.len + 1);
    for (int i = 0; i < shape->items.len; i++) {
        if (shape->items.at[i]->kind != V_INT)
            return v;
        dims[i] = v_to_size(shape->items.at[i]);
    }
    v->of = tensor_new(in, dims, shape->items.len, strstr(dotted, "int") ? "int64" : NULL);
    return v;
}

/* torchinfo.summary(model, input_size=(1, 3, 224, 224)), torchsummary.summary(model, (3, 224, 224))
 */
static void summary_hint(Interp *in, const char *dotted, Args *args, Node *site)
{
    Value *model = first_arg(args);
    PivotNN *nn = model && model->kind == V_OBJECT      ? model->u.obj->nn
                  : model && model->kind == V_CONTAINER ? model->u.cont->nn
                                                        : NULL;
    if (!nn || in->forced > 0)
        return;
    Value *shape = args->pos.len > 1 ? args->pos.at[1] : NULL;
    for (int i = 0; i < args->kw_names.len; i++)
        if (str_eq(args->kw_names.at[i], "input_size"))
            shape = args->kw.at[i];
    if (!shape || (shape->kind != V_TUPLE && shape->kind != V_LIST) || !shape->items.len)
        return;
    if (shape->items.at[0]->kind == V_TUPLE || shape->items.at[0]->kind == V_LIST)
        shape = shape->items.at[0];
    bool batch_in = str_starts(dotted, "torchinfo");
    ShapeHint h = {.nn = nn, .site = site};
    h.dims = shape_value_dims(in, shape, &h.rank, !batch_in);
    if (h.rank > 0)
        vec_push(in->arena, &fw(in)->hints, h);
}

static bool inside_pass(Interp *in)
{
    return in->graph_nn || fw(in)->off > 0 || in->forced > 0;
}

/* What comes out of something unknown that tensors go into: inside of a pass, a tensor, so that
 * what follows is seen. */
static Value *unknown_result(Interp *in, const TensorVec *ts, Node *site, const char *why)
{
    if (ts->len && inside_pass(in))
        return value_of_tensor(in, tensor_unknown(in), site);
    return v_unknown(in, "%s", why);
}

Value *call_unknown(Interp *in, Value *callee, Args *args, Node *site)
{
    TensorVec ts = {0};
    all_tensors(in, args, &ts);
    return ts.len && inside_pass(in) ? unknown_result(in, &ts, site, callee->u.why) : callee;
}

static Value *unknown_name(Interp *in, const char *dotted, Args *args, Node *site)
{
    TensorVec ts = {0};
    all_tensors(in, args, &ts);
    bool owned = dialect_owns(in->dialect, dotted);
    bool layerish = owned && name_listed(in, "layer_names", dotted) &&
                    short_name(dotted)[0] >= 'A' && short_name(dotted)[0] <= 'Z';
    if ((ts.len && (owned || inside_pass(in))) || layerish)
        event_gap(
            in, site, dotted, &ts,
            arena_printf(in->arena, owned ? "no rule for %s" : "%s is of another library", dotted));
    return unknown_result(in, &ts, site, arena_printf(in->arena, "%s is not known", dotted));
}

/* to_2tuple(x): a sequence as it is, anything else twice. */
static Value *pair_of(Interp *in, Value *x)
{
    if (x->kind == V_TUPLE || x->kind == V_LIST) return x;
    Value *pair = v_list(in, V_TUPLE);
    vec_push(in->arena, &pair->items, x);
    vec_push(in->arena, &pair->items, x);
    return pair;
}

Value *call_ext(Interp *in, Env *env, const char *dotted, Args *args, Node *site)
{
    dotted = dialect_canonical(in->dialect, in->arena, dotted);
    Value *v = shape_function(in, dotted, args, site);
    if (!v)
        v = einops_call(in, dotted, args, site);
    if (!v && args->pos.len && dialect_fact(in->dialect, arena_printf(in->arena, "returns_argument:%s", dotted)))
        v = args->pos.at[0];
    if (!v && args->pos.len == 1 && name_listed(in, "pair_functions", dotted))
        v = pair_of(in, args->pos.at[0]);
    if (!v && args->pos.len && args->pos.at[0]->kind == V_TENSOR && name_listed(in, "array_functions", dotted)) {
        v = constant_of(args->pos.at[0]);
        if (!v) v = v_unknown(in, "the numbers of a tensor");
    }
    if (v)
        return v;
    if (name_listed(in, "parameter_functions", dotted))
        return parameter(in, dotted, args, site);
    const DialectRow *row = row_match(in, FORM_LAYER, dotted, NULL, args, site);
    const DialectRow *function = row_match(in, FORM_FUNCTION, dotted, NULL, args, site);
    if (function && (!row || any_tensor_arg(args)))
        row = function;
    if (row)
        keras_check_row(in, row->form, dotted, row, site);
    Value *numbers =
        dialect_owns(in->dialect, dotted) ? constant_call(in, env, dotted, NULL, args, site) : NULL;
    if (row && (v = einops_layer(in, env, row, dotted, args, site)) != NULL)
        return v;
    if (row) {
        v = call_row(in, env, row, dotted, args, site);
        if (numbers && v->kind == V_UNKNOWN)
            v = v_tensor(in, tensor_unknown(in), site);
        if (numbers)
            constant_attach(in, v, numbers);
        return v;
    }
    const char *configured = dialect_fact(in->dialect, arena_printf(in->arena, "value:%s", dotted));
    if (configured) {
        inert(in, dotted, site);
        char *end;
        double number = strtod(configured, &end);
        return *configured && !*end ? v_float(in, number) : v_str(in, configured);
    }
    if (name_listed(in, "false_functions", dotted)) {
        inert(in, dotted, site);
        return v_bool(in, false);
    }
    if (dialect_inert(in->dialect, dotted))
        return inert(in, dotted, site);
    if (dialect_is_module_base(in->dialect, dotted) && any_tensor_arg(args))
        return build_model(in, env, NULL, args, site, NULL);
    if (name_listed(in, "training_calls", dotted))
        return build_handle(in, NULL, dotted, args, site);
    if (str_eq(short_name(dotted), "summary"))
        summary_hint(in, dotted, args, site);
    v = library_call(in, dotted, args);
    if (!v) v = foreign_array(in, dotted, args);
    if (v)
        return v;
    v = unknown_name(in, dotted, args, site);
    if (!numbers)
        return v;
    if (v->kind != V_TENSOR)
        v = v_tensor(in, tensor_unknown(in), site);
    constant_attach(in, v, numbers);
    return v;
}

/* ---- bound methods ---- */

static Value *module_like(Interp *in, Env *env, const char *method, Value *self, Args *args,
                          Node *site)
{
    if (str_eq(method, "__call__"))
        return call_value(in, env, self, args, site);
    return module_method(in, env, self, method, args, site);
}

Value *call_framework_builtin(Interp *in, Env *env, const char *name, Value *self, Args *args,
                              Node *site)
{
    const char *method = strchr(name, ':');
    if (!method)
        return v_unknown(in, "%s is not known", name);
    method++;
    if (str_starts(name, "tensor:"))
        return call_tensor_method(in, env, self, method, args, site);
    if (str_starts(name, "inherited:"))
        return inherited_method(in, env, self, method, args, site);
    if (str_starts(name, "handle:")) {
        training_event(in, site, arena_printf(in->arena, "%s.%s", self->u.handle.dotted, method),
                       NULL, args);
        return v_unknown(in, "what %s gives back", method);
    }
    if (str_starts(name, "container:")) {
        bool known = false;
        Value *v = container_method(in, self, method, args, site, &known);
        if (known)
            return v;
    }
    return module_like(in, env, method, self, args, site);
}
