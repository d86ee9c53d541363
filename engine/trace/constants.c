/* Tensors of known numbers: torch.linspace(0, 0.1, 12), torch.round(widths / 8) * 8.
 *
 * Code that computes widths, depths and rates does it with small tensors, and takes the numbers out
 * again (tolist(), item(), int()). Such a tensor is an ordinary symbolic one, with its step and its
 * event; beside that the value holds the array of its numbers (value->items[0]), which is computed
 * along by the array functions of the Python half as long as all operands are known. */
#include "trace/frame.h"
#include "trace/pystate.h"

#include <string.h>

Value *constant_of(const Value *v)
{
    if (v->kind == V_TENSOR)
        return v->items.len ? v->items.at[0] : NULL;
    if (v_is_num(v) && !v->free)
        return (Value *)v;
    return is_array(v) ? (Value *)v : NULL;
}

void constant_attach(Interp *in, Value *tensor, Value *numbers)
{
    if (tensor->kind != V_TENSOR || tensor->items.len || (!is_array(numbers) && !v_is_num(numbers)))
        return;
    vec_push(in->arena, &tensor->items, numbers);
    PivotTensor *t = tensor->u.tensor;
    if (t->rank >= 0)
        return;
    t->rank = is_array(numbers) ? 1 : 0;
    Size n = size_known(is_array(numbers) ? numbers->u.obj->base->items.len : 0);
    if (t->rank)
        t->dims = ARENA_NEW(in->arena, Size), *t->dims = n;
}

static const char *array_name(const char *name)
{
    static const char *const OTHER[][2] = {
        {"pow", "power"},       {"div", "divide"},     {"true_divide", "divide"},
        {"mul", "multiply"},    {"sub", "subtract"},   {"tensor", "array"},
        {"as_tensor", "array"}, {"constant", "array"}, {"convert_to_tensor", "array"}};
    static const char *const SAME[] = {
        "arange", "linspace", "log",   "log2",   "log10", "round",   "floor",   "ceil", "sqrt",
        "exp",    "cumsum",   "sum",   "mean",   "max",   "min",     "abs",     "add",  "multiply",
        "divide", "subtract", "power", "square", "prod",  "maximum", "minimum", "array"};
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++)
        if (str_eq(OTHER[i][0], name))
            return OTHER[i][1];
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        if (str_eq(SAME[i], name))
            return name;
    return NULL;
}

static bool known_numbers(const Value *v)
{
    if (constant_of(v))
        return true;
    if (v->kind != V_LIST && v->kind != V_TUPLE)
        return false;
    for (int i = 0; i < v->items.len; i++)
        if (!v_is_num(v->items.at[i]) || v->items.at[i]->free)
            return false;
    return v->items.len > 0;
}

/* diff([1, 4, 9]) is [3, 5]: what numpy's part does not have. */
static Value *differences(Interp *in, const Value *array, Node *site)
{
    const ValueVec *items = &array->u.obj->base->items;
    ValueVec out = {0};
    for (int i = 1; i < items->len; i++)
        vec_push(in->arena, &out, number_binary(in, "-", items->at[i], items->at[i - 1], site));
    return v_array(in, &out);
}

Value *constant_call(Interp *in, Env *env, const char *dotted, Value *self, const Args *args,
                     Node *site)
{
    if (str_eq(short_name(dotted), "diff")) {
        Value *c = self                 ? constant_of(self)
                   : args->pos.len == 1 ? constant_of(args->pos.at[0])
                                        : NULL;
        return c && is_array(c) ? differences(in, c, site) : NULL;
    }
    if (!self && str_eq(short_name(dotted), "cast") && args->pos.len == 2) { /* as numpy's arrays have it: a method */
        Value *c = constant_of(args->pos.at[0]), *method = c && is_array(c) ? get_attr(in, c, "astype", site) : NULL;
        Args type = {0};
        arg_push(in, &type, args->pos.at[1], NULL);
        return method && method->kind == V_BUILTIN ? call_value(in, env, method, &type, site) : NULL;
    }
    const char *name = array_name(short_name(dotted));
    const char *builtin = name ? arena_printf(in->arena, "numpy.%s", name) : NULL;
    if (!builtin || !builtin_find(in, builtin) || str_eq(builtin, dotted)) /* its own name: it was asked already */
        return NULL;
    Args own = {0};
    if (self)
        arg_push(in, &own, constant_of(self), NULL);
    for (int i = 0; i < args->pos.len; i++) {
        if (!known_numbers(args->pos.at[i]))
            return NULL;
        Value *c = constant_of(args->pos.at[i]);
        arg_push(in, &own, c ? c : args->pos.at[i], NULL);
    }
    for (int i = 0; i < args->kw_names.len;
         i++) { /* linspace(0, 1, steps=5); dtype and device say nothing here */
        bool number = str_eq(args->kw_names.at[i], "steps") || str_eq(args->kw_names.at[i], "num");
        if (number && v_is_num(args->kw.at[i]))
            arg_push(in, &own, args->kw.at[i], NULL);
        else if (v_is_num(args->kw.at[i]))
            return NULL;
    }
    if (!own.pos.len)
        return NULL;
    Value *v = call_builtin(in, env, builtin, NULL, &own, site);
    return v && (is_array(v) || v_is_num(v)) ? v : NULL;
}

Value *constant_method(Interp *in, Env *env, Value *tensor, const char *name, Args *args,
                       Node *site)
{
    Value *c = constant_of(tensor);
    if (!c)
        return NULL;
    if (v_is_num(c)) {
        if (str_eq(name, "item") || str_eq(name, "tolist"))
            return c;
        bool same = str_eq(name, "cpu") || str_eq(name, "detach") || str_eq(name, "float") ||
                    str_eq(name, "numpy");
        if (same)
            return c;
        return str_eq(name, "int") || str_eq(name, "long") ? v_int(in, (long long)v_num(c)) : NULL;
    }
    Value *method = get_attr(in, c, name, site);
    if (!method || method->kind != V_BUILTIN)
        return constant_call(in, env, name, tensor, args, site);
    Args own = {0};
    for (int i = 0; i < args->pos.len; i++) {
        Value *n = constant_of(args->pos.at[i]);
        if (!n)
            return NULL;
        arg_push(in, &own, n, NULL);
    }
    Value *v = call_value(in, env, method, &own, site);
    return v->kind == V_UNKNOWN ? NULL : v;
}

Value *constant_binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    Value *x = constant_of(l), *y = constant_of(r);
    if (!x || !y || (!is_array(x) && !is_array(y) && l->kind != V_TENSOR && r->kind != V_TENSOR))
        return NULL;
    Value *v = is_array(x) || is_array(y) ? array_binary(in, op, x, y, site)
                                          : number_binary(in, op, x, y, site);
    return v && (is_array(v) || v_is_num(v)) ? v : NULL;
}
