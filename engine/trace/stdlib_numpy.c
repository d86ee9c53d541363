/* The part of numpy that computes widths, depths and rates: scalars and 1-D arrays of numbers.
 *
 * An array is an instance of a class of our own whose base is a list. Anything else (more axes,
 * unknown numbers, random ones) is handed on as a library call, which the other half of the room
 * answers. */
#include <math.h>
#include <string.h>

#include "trace/pystate.h"

bool is_array(const Value *v)
{
    return v->kind == V_OBJECT && v->u.obj->cls && !v->u.obj->cls->node &&
           strcmp(v->u.obj->cls->name, "ndarray") == 0;
}

static const char *const METHODS[] = {
    "tolist", "item",  "sum",    "mean",   "max", "min", "prod",   "astype",  "round", "cumsum",
    "copy",   "numpy", "argmax", "argmin", "std", "cpu", "detach", "flatten", "int",   "long"};
static const char *const PROPERTIES[] = {"shape", "size", "ndim"};

static ClassValue *array_class(Interp *in)
{
    ClassValue *c = own_class(in, "ndarray");
    if (map_get(c->attrs, "tolist")) return c;
    for (size_t i = 0; i < sizeof(METHODS) / sizeof(*METHODS); i++)
        map_set(c->attrs, METHODS[i],
                v_builtin(in, arena_printf(in->arena, "ndarray.%s", METHODS[i]), NULL));
    for (size_t i = 0; i < sizeof(PROPERTIES) / sizeof(*PROPERTIES); i++) {
        Value *p = v_new(in, V_PROPERTY);
        vec_push(in->arena, &p->items,
                 v_builtin(in, arena_printf(in->arena, "ndarray.%s", PROPERTIES[i]), NULL));
        map_set(c->attrs, PROPERTIES[i], p);
    }
    c->is_open = true;
    return c;
}

Value *v_array(Interp *in, const ValueVec *items)
{
    Value *v = object_new(in, array_class(in));
    v->u.obj->base = v_list(in, V_LIST);
    for (int i = 0; i < items->len; i++) vec_push(in->arena, &v->u.obj->base->items, items->at[i]);
    return v;
}

static Value *hand_on(Call *c)
{
    return call_ext(c->in, c->env, c->name, c->args, c->site);
}

/* The numbers of argument i: a scalar gives one and *scalar. False: not something computed here. */
static bool numbers(Call *c, int i, const char *name, ValueVec *out, bool *scalar)
{
    Value *v = arg(c, i, name);
    if (!v) return false;
    Value *b = v_base(v);
    *scalar = v_is_num(b);
    if (*scalar) vec_push(c->in->arena, out, b);
    else if ((b->kind != V_LIST && b->kind != V_TUPLE && b->kind != V_RANGE &&
              b->kind != V_SHAPE) ||
             !iterate(c->in, b, out, c->site))
        return false;
    for (int k = 0; k < out->len; k++) {
        out->at[k] = v_base(out->at[k]);
        if (!v_is_num(out->at[k]) || out->at[k]->free) return false;
    }
    return true;
}

static bool extra_keywords(const Call *c)
{
    for (int i = 0; i < c->args->kw_names.len; i++)
        if (strcmp(c->args->kw_names.at[i], "axis") == 0) return true;
    return c->args->unknown_star;
}

/* dtype=int and its kin make integers. */
static bool wants_int(Call *c, Value *dtype)
{
    if (!dtype) return false;
    if (dtype->kind == V_BUILTIN) return strcmp(dtype->u.builtin.name, "int") == 0;
    if (v_text(dtype)) return strstr(v_text(dtype), "int") != NULL;
    (void)c;
    return dtype->kind == V_EXT && strstr(dtype->u.dotted, "int") != NULL;
}

static bool any_float(const ValueVec *v)
{
    for (int i = 0; i < v->len; i++)
        if (v->at[i]->kind == V_FLOAT) return true;
    return false;
}

static Value *as_type(Interp *in, Value *v, bool integer)
{
    if (integer)
        return v->kind == V_FLOAT && fabs(v->u.f) < 9e18 ? v_int(in, (long long)v->u.f) : v;
    return v->kind == V_FLOAT ? v : v_float(in, v_num(v));
}

/* ---- making arrays ---- */

static Value *n_array(Call *c)
{
    ValueVec items = {0};
    bool scalar;
    Value *v = arg(c, 0, NULL);
    if (!v || v->kind == V_TENSOR || !numbers(c, 0, "object", &items, &scalar)) return hand_on(c);
    bool integer = wants_int(c, arg(c, 1, "dtype"));
    for (int i = 0; i < items.len; i++)
        if (integer || any_float(&items)) items.at[i] = as_type(c->in, items.at[i], integer);
    return scalar ? items.at[0] : v_array(c->in, &items);
}

static Value *n_arange(Call *c)
{
    ValueVec a = {0};
    bool scalar;
    for (int i = 0; i < nargs(c) && i < 3; i++)
        if (!numbers(c, i, NULL, &a, &scalar) || !scalar) return hand_on(c);
    if (a.len == 0) return hand_on(c);
    bool is_float = any_float(&a);
    double lo = a.len > 1 ? v_num(a.at[0]) : 0, hi = v_num(a.at[a.len > 1 ? 1 : 0]),
           by = a.len > 2 ? v_num(a.at[2]) : 1;
    double n = by != 0 ? ceil((hi - lo) / by) : 0;
    if (!(n <= MAX_SEQUENCE)) return hand_on(c);
    ValueVec items = {0};
    for (long long i = 0; i < (long long)n; i++) {
        double x = lo + (double)i * by;
        vec_push(c->in->arena, &items, is_float ? v_float(c->in, x) : v_int(c->in, (long long)x));
    }
    return v_array(c->in, &items);
}

static Value *n_linspace(Call *c)
{
    ValueVec a = {0}, items = {0};
    bool scalar;
    if (!numbers(c, 0, "start", &a, &scalar) || !scalar || !numbers(c, 1, "stop", &a, &scalar) ||
        !scalar)
        return hand_on(c);
    long long n = arg_int(c, 2, "num", 50);
    if (n < 0 || n > MAX_SEQUENCE) return hand_on(c);
    double lo = v_num(a.at[0]), hi = v_num(a.at[1]), by = n > 1 ? (hi - lo) / (double)(n - 1) : 0;
    for (long long i = 0; i < n; i++)
        vec_push(c->in->arena, &items,
                 v_float(c->in, i + 1 == n && n > 1 ? hi : lo + (double)i * by));
    return v_array(c->in, &items);
}

static Value *n_filled(Call *c)
{
    Value *n = arg(c, 0, "shape");
    if (n && n->kind == V_TUPLE && n->items.len == 1) n = n->items.at[0];
    if (!n || !v_is_int(n) || n->free || v_as_int(n) < 0 || v_as_int(n) > MAX_SEQUENCE)
        return hand_on(c);
    double fill = strcmp(c->name, "numpy.ones") == 0;
    ValueVec items = {0};
    for (long long i = 0; i < v_as_int(n); i++)
        vec_push(c->in->arena, &items, v_float(c->in, fill));
    return v_array(c->in, &items);
}

/* ---- functions of each number ---- */

static double sign(double x)
{
    return (x > 0) - (x < 0);
}

static double square(double x)
{
    return x * x;
}

static const struct {
    const char *name;
    double (*f)(double);
    bool keeps_int;
} EACH[] = {
    {"sqrt", sqrt, false},    {"log", log, false},         {"log2", log2, false},
    {"log10", log10, false},  {"exp", exp, false},         {"floor", floor, false},
    {"ceil", ceil, false},    {"round", nearbyint, true},  {"rint", nearbyint, false},
    {"abs", fabs, true},      {"absolute", fabs, true},    {"sin", sin, false},
    {"cos", cos, false},      {"tanh", tanh, false},       {"sign", sign, true},
    {"square", square, true}, {"around", nearbyint, true}, {"trunc", trunc, false},
};

static Value *n_each(Call *c)
{
    ValueVec items = {0};
    bool scalar;
    Value *first = arg(c, 0, NULL);
    if (first && v_is_num(first) && first->free) { /* of a free size: as math has it */
        const char *name = arena_printf(c->in->arena, "math.%s", strrchr(c->name, '.') + 1);
        if (builtin_find(c->in, name))
            return call_builtin(c->in, c->env, name, NULL, c->args, c->site);
    }
    if (!numbers(c, 0, NULL, &items, &scalar)) return hand_on(c);
    const char *name = strrchr(c->name, '.') + 1;
    double scale = pow(10, (double)arg_int(c, 1, "decimals", 0));
    bool rounds = strcmp(name, "round") == 0 || strcmp(name, "around") == 0;
    for (size_t k = 0; k < sizeof(EACH) / sizeof(*EACH); k++) {
        if (strcmp(EACH[k].name, name) != 0) continue;
        for (int i = 0; i < items.len; i++) {
            double x = v_num(items.at[i]), y = rounds ? EACH[k].f(x * scale) / scale : EACH[k].f(x);
            bool integer = EACH[k].keeps_int && v_is_int(items.at[i]);
            items.at[i] = integer ? v_int(c->in, (long long)y) : v_float(c->in, y);
        }
    }
    return scalar ? items.at[0] : v_array(c->in, &items);
}

/* ---- of all numbers ---- */

static Value *fold(Call *c, const char *what, const ValueVec *v)
{
    Interp *in = c->in;
    if (strcmp(what, "sum") == 0 || strcmp(what, "prod") == 0 || strcmp(what, "mean") == 0) {
        bool times = strcmp(what, "prod") == 0;
        Value *r = v_int(in, times);
        for (int i = 0; i < v->len; i++) r = binary(in, times ? "*" : "+", r, v->at[i], c->site);
        if (strcmp(what, "mean") == 0)
            return v->len ? v_float(in, v_num(r) / v->len) : v_float(in, NAN);
        return v->len == 0 ? v_float(in, times) : r;
    }
    if (strcmp(what, "std") == 0 || strcmp(what, "var") == 0) {
        double mean = 0, sum = 0;
        for (int i = 0; i < v->len; i++) mean += v_num(v->at[i]) / v->len;
        for (int i = 0; i < v->len; i++) sum += square(v_num(v->at[i]) - mean) / v->len;
        return v_float(in, strcmp(what, "std") == 0 ? sqrt(sum) : sum);
    }
    if (v->len == 0)
        return raise_error(in, "ValueError", c->site, "zero-size array to reduction operation %s",
                           what);
    bool want_max = strstr(what, "max") != NULL;
    int best = 0;
    for (int i = 1; i < v->len; i++)
        if (want_max ? v_num(v->at[i]) > v_num(v->at[best]) : v_num(v->at[i]) < v_num(v->at[best]))
            best = i;
    return strncmp(what, "arg", 3) == 0 ? v_int(in, best) : v->at[best];
}

static Value *n_fold(Call *c)
{
    ValueVec items = {0};
    bool scalar;
    const char *what = strrchr(c->name, '.') + 1;
    if (extra_keywords(c) || nargs(c) > 1 || !numbers(c, 0, NULL, &items, &scalar))
        return hand_on(c);
    if (strcmp(what, "amax") == 0) what = "max";
    if (strcmp(what, "amin") == 0) what = "min";
    return fold(c, what, &items);
}

static Value *cumulated(Call *c, const ValueVec *items)
{
    ValueVec out = {0};
    Value *sum = v_int(c->in, 0);
    for (int i = 0; i < items->len; i++) {
        sum = binary(c->in, "+", sum, items->at[i], c->site);
        vec_push(c->in->arena, &out, sum);
    }
    return v_array(c->in, &out);
}

static Value *n_cumsum(Call *c)
{
    ValueVec items = {0};
    bool scalar;
    if (extra_keywords(c) || !numbers(c, 0, NULL, &items, &scalar)) return hand_on(c);
    return cumulated(c, &items);
}

static Value *n_concatenate(Call *c)
{
    ValueVec lists = {0}, out = {0};
    if (extra_keywords(c) || !arg_list(c, 0, &lists)) return hand_on(c);
    for (int i = 0; i < lists.len; i++) {
        Value *b = v_base(lists.at[i]);
        if (b->kind != V_LIST) return hand_on(c);
        for (int k = 0; k < b->items.len; k++) {
            if (!v_is_num(b->items.at[k])) return hand_on(c);
            vec_push(c->in->arena, &out, b->items.at[k]);
        }
    }
    return v_array(c->in, &out);
}

static Value *n_two(Call *c)
{
    const char *name = strrchr(c->name, '.') + 1;
    static const char *const ops[][2] = {{"power", "**"},   {"add", "+"},    {"subtract", "-"},
                                         {"multiply", "*"}, {"divide", "/"}, {"mod", "%"}};
    ValueVec a = {0}, b = {0};
    bool sa, sb;
    if (nargs(c) != 2 || !numbers(c, 0, NULL, &a, &sa) || !numbers(c, 1, NULL, &b, &sb))
        return hand_on(c);
    for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
        if (strcmp(ops[i][0], name) == 0)
            return binary(c->in, ops[i][1], arg(c, 0, NULL), arg(c, 1, NULL), c->site);
    if (!sa || !sb) return hand_on(c);
    bool want_max = strcmp(name, "maximum") == 0;
    return (v_num(a.at[0]) < v_num(b.at[0])) == want_max ? b.at[0] : a.at[0];
}

/* ---- arithmetic by item ---- */

Value *array_binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    Value *a = v_base(l), *b = v_base(r), *u = v_pick(a, b);
    if (u) return u;
    bool la = a->kind == V_LIST || a->kind == V_TUPLE, ra = b->kind == V_LIST || b->kind == V_TUPLE;
    if ((!la && !v_is_num(a)) || (!ra && !v_is_num(b)))
        return v_unknown(in, "an operation on an array");
    int n = la ? a->items.len : b->items.len;
    if (la && ra && a->items.len != b->items.len) {
        if (a->items.len != 1 && b->items.len != 1)
            return raise_error(in, "ValueError", site,
                               "operands could not be broadcast together with shapes (%d,) (%d,)",
                               a->items.len, b->items.len);
        n = a->items.len > b->items.len ? a->items.len : b->items.len;
    }
    bool test = op[0] == '<' || op[0] == '>' || op[0] == '=' || op[0] == '!';
    ValueVec out = {0};
    for (int i = 0; i < n && !in->raising; i++) {
        Value *x = la ? a->items.at[a->items.len == 1 ? 0 : i] : a,
              *y = ra ? b->items.at[b->items.len == 1 ? 0 : i] : b;
        vec_push(in->arena, &out, test ? compare(in, op, x, y, site) : binary(in, op, x, y, site));
    }
    return in->raising ? in->py->poison : v_array(in, &out);
}

/* ---- methods ---- */

static Value *receiver(Call *c)
{
    return c->self ? c->self : nargs(c) ? arg(c, 0, NULL) : NULL;
}

static Value *a_method(Call *c)
{
    Value *self = receiver(c);
    const char *name = strrchr(c->name, '.') + 1;
    if (!self || !is_array(self)) return v_unknown(c->in, "%s of something that is no array", name);
    ValueVec *items = &self->u.obj->base->items;
    if (strcmp(name, "tolist") == 0) {
        Value *l = v_list(c->in, V_LIST);
        for (int i = 0; i < items->len; i++) vec_push(c->in->arena, &l->items, items->at[i]);
        return l;
    }
    if (strcmp(name, "item") == 0)
        return items->len == 1
                   ? items->at[0]
                   : raise_error(c->in, "ValueError", c->site,
                                 "can only convert an array of size 1 to a Python scalar");
    if (strcmp(name, "cumsum") == 0) return cumulated(c, items);
    if (strcmp(name, "astype") == 0 || strcmp(name, "int") == 0 || strcmp(name, "long") == 0) {
        bool integer =
            strcmp(name, "astype") != 0 || wants_int(c, arg(c, c->self ? 0 : 1, "dtype"));
        ValueVec out = {0};
        for (int i = 0; i < items->len; i++)
            vec_push(c->in->arena, &out, as_type(c->in, items->at[i], integer));
        return v_array(c->in, &out);
    }
    if (strcmp(name, "round") == 0) {
        ValueVec out = {0};
        for (int i = 0; i < items->len; i++)
            vec_push(c->in->arena, &out,
                     v_is_int(items->at[i]) ? items->at[i]
                                            : v_float(c->in, nearbyint(v_num(items->at[i]))));
        return v_array(c->in, &out);
    }
    static const char *const folds[] = {"sum",  "mean",   "max",    "min",
                                        "prod", "argmax", "argmin", "std"};
    for (size_t i = 0; i < sizeof(folds) / sizeof(*folds); i++)
        if (strcmp(name, folds[i]) == 0)
            return extra_keywords(c) ? v_unknown(c->in, "an operation on an array")
                                     : fold(c, name, items);
    return v_array(c->in, items); /* copy, numpy, cpu, detach, flatten */
}

static Value *a_property(Call *c)
{
    Value *self = receiver(c);
    if (!self || !is_array(self)) return v_unknown(c->in, "an attribute of an array");
    const char *name = strrchr(c->name, '.') + 1;
    if (strcmp(name, "ndim") == 0) return v_int(c->in, 1);
    Value *n = v_int(c->in, self->u.obj->base->items.len);
    if (strcmp(name, "size") == 0) return n;
    Value *t = v_list(c->in, V_TUPLE);
    vec_push(c->in->arena, &t->items, n);
    return t;
}

const Builtin stdlib_numpy[] = {
    {"numpy.array", n_array},
    {"numpy.asarray", n_array},
    {"numpy.arange", n_arange},
    {"numpy.linspace", n_linspace},
    {"numpy.zeros", n_filled},
    {"numpy.ones", n_filled},
    {"numpy.sqrt", n_each},
    {"numpy.log", n_each},
    {"numpy.log2", n_each},
    {"numpy.log10", n_each},
    {"numpy.exp", n_each},
    {"numpy.floor", n_each},
    {"numpy.ceil", n_each},
    {"numpy.round", n_each},
    {"numpy.rint", n_each},
    {"numpy.abs", n_each},
    {"numpy.absolute", n_each},
    {"numpy.sin", n_each},
    {"numpy.cos", n_each},
    {"numpy.tanh", n_each},
    {"numpy.sign", n_each},
    {"numpy.square", n_each},
    {"numpy.around", n_each},
    {"numpy.trunc", n_each},
    {"numpy.sum", n_fold},
    {"numpy.prod", n_fold},
    {"numpy.mean", n_fold},
    {"numpy.std", n_fold},
    {"numpy.var", n_fold},
    {"numpy.max", n_fold},
    {"numpy.min", n_fold},
    {"numpy.amax", n_fold},
    {"numpy.amin", n_fold},
    {"numpy.argmax", n_fold},
    {"numpy.argmin", n_fold},
    {"numpy.cumsum", n_cumsum},
    {"numpy.concatenate", n_concatenate},
    {"numpy.power", n_two},
    {"numpy.add", n_two},
    {"numpy.subtract", n_two},
    {"numpy.multiply", n_two},
    {"numpy.divide", n_two},
    {"numpy.mod", n_two},
    {"numpy.maximum", n_two},
    {"numpy.minimum", n_two},
    {"ndarray.tolist", a_method},
    {"ndarray.item", a_method},
    {"ndarray.sum", a_method},
    {"ndarray.mean", a_method},
    {"ndarray.max", a_method},
    {"ndarray.min", a_method},
    {"ndarray.prod", a_method},
    {"ndarray.astype", a_method},
    {"ndarray.round", a_method},
    {"ndarray.cumsum", a_method},
    {"ndarray.copy", a_method},
    {"ndarray.numpy", a_method},
    {"ndarray.argmax", a_method},
    {"ndarray.argmin", a_method},
    {"ndarray.std", a_method},
    {"ndarray.cpu", a_method},
    {"ndarray.detach", a_method},
    {"ndarray.flatten", a_method},
    {"ndarray.int", a_method},
    {"ndarray.long", a_method},
    {"ndarray.shape", a_property},
    {"ndarray.size", a_property},
    {"ndarray.ndim", a_property},
    {NULL, NULL},
};
