/* Builtin functions about any object: len, getattr, isinstance, print, min and max, and their kin.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "python/build.h"
#include "trace/pystate.h"

static Value *do_nothing(Call *c)
{
    return v_none(c->in);
}

static Value *do_unknown(Call *c)
{
    return v_unknown(c->in, "what %s() gives", c->name);
}

static bool set_place(Node *n, void *site)
{
    const Node *at = site;
    n->id = at->id;
    n->span = at->span;
    return true;
}

/* eval("nn." + name): an expression that is known text is evaluated, at the place of the call. */
static Value *b_eval(Call *c)
{
    const char *err = NULL, *text = nargs(c) ? v_text(arg(c, 0, NULL)) : NULL;
    if (!text || nargs(c) > 1 || !c->site) return v_unknown(c->in, "what eval() gives");
    if (strlen(text) > 10000) return v_unknown(c->in, "a very long expression");
    Node *n = py_parse_expr(c->in->arena, text, &err);
    if (!n) return raise_error(c->in, "SyntaxError", c->site, "invalid syntax (<string>, line 1)");
    node_walk(n, set_place, c->site);
    return eval(c->in, c->env, n);
}

static Value *b_len(Call *c)
{
    Value *bad = arity(c, 1, 1);
    return bad ? bad : length_value(c->in, arg(c, 0, NULL), c->site);
}

/* ---- numbers ---- */

static Value *b_abs(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    Value *v = arg(c, 0, NULL);
    if (v->kind == V_TENSOR) {
        Args none = {0};
        return call_tensor_method(c->in, c->env, v, "abs", &none, c->site);
    }
    bool found = false;
    if (v->kind == V_OBJECT) {
        Value *r = call_method(c->in, v, "__abs__", c->site, 0, NULL, &found);
        if (found) return r;
    }
    v = v_base(v);
    if (v->kind == V_UNKNOWN) return v;
    if (v->kind == V_FLOAT) return v_float(c->in, fabs(v->u.f));
    if (v_is_int(v))
        return v->free           ? v
               : v_as_int(v) < 0 ? unary(c->in, "-", v, c->site)
                                 : v_int(c->in, v_as_int(v));
    return raise_error(c->in, "TypeError", c->site, "bad operand type for abs(): '%s'",
                       v_type_name(v));
}

/* Of free ints the minimum and maximum are sizes themselves. */
static Value *extreme_size(Interp *in, char op, Value *x, Value *y)
{
    Size s = size_op(in->arena, op, v_to_size(x), v_to_size(y));
    return size_unknown(s) ? NULL : v_size(in, s);
}

static Value *extreme(Call *c, bool want_max)
{
    Interp *in = c->in;
    ValueVec items = {0};
    Value *key = args_kw(c->args, "key"), *dflt = args_kw(c->args, "default");
    if (c->args->unknown_star || nargs(c) == 0)
        return v_unknown(in, "%s() of something not known", c->name);
    if (nargs(c) > 1) items = c->args->pos;
    else if (arg(c, 0, NULL)->kind == V_TENSOR || !arg_list(c, 0, &items))
        return in->raising ? in->py->poison : v_unknown(in, "%s() of something not known", c->name);
    if (items.len == 0)
        return dflt ? dflt
                    : raise_error(in, "ValueError", c->site, "%s() arg is an empty sequence",
                                  c->name);
    Value *best = items.at[0], *best_key = NULL;
    for (int i = 0; i < items.len; i++) {
        Value *v = items.at[i], *k = v;
        if (v->kind == V_UNKNOWN) return v;
        if (key && key->kind != V_NONE) k = call_with(in, c->env, key, c->site, 1, &v);
        if (in->raising) return in->py->poison;
        if (k->kind == V_TENSOR || k->kind == V_UNKNOWN)
            return v_unknown(in, "%s() of something not known", c->name);
        if (!best_key) {
            best_key = k;
            continue;
        }
        if (!key && v_is_int(v) && v_is_int(best) && (v->free || best->free)) {
            Value *s = extreme_size(in, want_max ? 'm' : 'i', best, v);
            if (!s) return v_unknown(in, "%s() of free sizes", c->name);
            best = best_key = s;
            continue;
        }
        int r = want_max ? less(in, best_key, k, c->site) : less(in, k, best_key, c->site);
        if (in->raising) return in->py->poison;
        if (r < 0) return v_unknown(in, "%s() of values that are not known", c->name);
        if (r) {
            best = v;
            best_key = k;
        }
    }
    return best;
}

static Value *b_min(Call *c)
{
    return extreme(c, false);
}

static Value *b_max(Call *c)
{
    return extreme(c, true);
}

static Value *b_sum(Call *c)
{
    ValueVec items = {0};
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    if (!arg_list(c, 0, &items))
        return c->in->raising ? c->in->py->poison
                              : v_unknown(c->in, "a sum of values that are not known");
    Value *start = arg(c, 1, "start"), *sum = start ? start : v_int(c->in, 0);
    for (int i = 0; i < items.len && !c->in->raising; i++) {
        bool first = i == 0 && !start && items.at[i]->kind == V_TENSOR; /* 0 + x is x */
        sum = first ? items.at[i] : binary(c->in, "+", sum, items.at[i], c->site);
    }
    return sum;
}

static Value *b_round(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    Value *v = v_base(arg(c, 0, NULL)), *digits = arg(c, 1, "ndigits");
    if (v->kind == V_UNKNOWN || v->kind == V_TENSOR)
        return v->kind == V_UNKNOWN ? v : v_unknown(c->in, "the value of a tensor");
    if (!v_is_num(v))
        return raise_error(c->in, "TypeError", c->site, "type %s doesn't define __round__ method",
                           v_type_name(v));
    if (v_is_int(v)) {
        if (!digits || digits->kind == V_NONE || v_as_int(digits) >= 0)
            return v->kind == V_INT ? v : v_int(c->in, v->u.b);
        long long p = 1;
        for (long long i = v_as_int(digits); i < 0 && p < 1000000000000000000LL; i++) p *= 10;
        double q = nearbyint((double)v_as_int(v) / (double)p);
        return v_int(c->in, (long long)q * p);
    }
    if (v->free) return v_unknown(c->in, "a rounded quotient of a free size");
    if (digits && digits->kind != V_NONE) {
        if (!v_is_int(digits)) return v_unknown(c->in, "round() to digits that are not known");
        long long n = v_as_int(digits);
        if (n > 300 || !isfinite(v->u.f)) return v;
        if (n < 0) {
            double p = pow(10, (double)-n);
            return v_float(c->in, nearbyint(v->u.f / p) * p);
        }
        return v_float(c->in, strtod(arena_printf(c->in->arena, "%.*f", (int)n, v->u.f), NULL));
    }
    double r = nearbyint(v->u.f);
    if (isnan(r))
        return raise_error(c->in, "ValueError", c->site, "cannot convert float NaN to integer");
    return fabs(r) < 9e18 ? v_int(c->in, (long long)r)
                          : v_unknown(c->in, "an integer beyond 64 bits");
}

static Value *b_divmod(Call *c)
{
    Value *bad = arity(c, 2, 2);
    if (bad) return bad;
    Value *a = arg(c, 0, NULL), *b = arg(c, 1, NULL);
    Value *q = binary(c->in, "//", a, b, c->site), *r = binary(c->in, "%", a, b, c->site);
    return c->in->raising ? c->in->py->poison : v_tuple2(c->in, q, r);
}

static Value *b_pow(Call *c)
{
    Value *bad = arity(c, 2, 3);
    if (bad) return bad;
    if (nargs(c) == 3) {
        if (arg_unknown(c)) return arg_unknown(c);
        long long b = arg_int(c, 0, NULL, 0), e = arg_int(c, 1, NULL, 0),
                  m = arg_int(c, 2, NULL, 1), r = 1;
        if (m <= 0 || m > 2000000000 || e < 0) return v_unknown(c->in, "pow() with a modulus");
        b = ((b % m) + m) % m;
        for (; e; e >>= 1, b = b * b % m)
            if (e & 1) r = r * b % m;
        return v_int(c->in, r % m);
    }
    return binary(c->in, "**", arg(c, 0, NULL), arg(c, 1, NULL), c->site);
}

static Value *in_base(Call *c, char type)
{
    Value *v = arg(c, 0, NULL);
    if (!v || !v_is_int(v))
        return v && v->kind != V_UNKNOWN
                   ? raise_error(c->in, "TypeError", c->site,
                                 "'%s' object cannot be interpreted as an integer", v_type_name(v))
                   : v_unknown(c->in, "a number that is not known");
    const char spec[] = {'#', type, 0};
    const char *s = format_value(c->in, v, spec, c->site);
    return s ? v_str(c->in, s) : v_unknown(c->in, "a number that is not known");
}

static Value *b_hex(Call *c) { return in_base(c, 'x'); }
static Value *b_oct(Call *c) { return in_base(c, 'o'); }
static Value *b_bin(Call *c) { return in_base(c, 'b'); }

static Value *b_ord(Call *c)
{
    Value *v = arg(c, 0, NULL);
    if (!v || v->kind != V_STR) return v_unknown(c->in, "ord() of something not known");
    unsigned cp = 0;
    if (utf8_count(v->u.str.s, v->u.str.len) != 1)
        return raise_error(c->in, "TypeError", c->site,
                           "ord() expected a character, but string of length %d found",
                           utf8_count(v->u.str.s, v->u.str.len));
    utf8_decode(v->u.str.s, (size_t)v->u.str.len, &cp);
    return v_int(c->in, cp);
}

static Value *b_chr(Call *c)
{
    Value *v = arg(c, 0, NULL);
    if (!v || !v_is_int(v) || v->free) return v_unknown(c->in, "chr() of something not known");
    long long i = v_as_int(v);
    char s[5] = {0};
    if (i < 0 || i > 0x10FFFF)
        return raise_error(c->in, "ValueError", c->site, "chr() arg not in range(0x110000)");
    if (i < 0x80) s[0] = (char)i;
    else if (i < 0x800) { s[0] = (char)(0xC0 | (i >> 6)); s[1] = (char)(0x80 | (i & 63));
    } else if (i < 0x10000) {
        s[0] = (char)(0xE0 | (i >> 12));
        s[1] = (char)(0x80 | ((i >> 6) & 63));
        s[2] = (char)(0x80 | (i & 63));
    } else {
        s[0] = (char)(0xF0 | (i >> 18));
        s[1] = (char)(0x80 | ((i >> 12) & 63));
        s[2] = (char)(0x80 | ((i >> 6) & 63));
        s[3] = (char)(0x80 | (i & 63));
    }
    return v_strn(c->in, s, i ? strlen(s) : 1);
}

/* ---- attributes ---- */

static Value *computed_ref(Call *c, Value *of, Value *v)
{
    if (of->kind != V_EXT || v->kind != V_EXT || !c->in->dialect ||
        !dialect_owns(c->in->dialect, v->u.dotted))
        return v;
    Event *e = event_add(c->in, EV_REF, c->site);
    if (e) e->dotted = v->u.dotted;
    return v;
}

static Value *b_getattr(Call *c)
{
    Value *bad = arity(c, 2, 3);
    if (bad) return bad;
    Value *of = arg(c, 0, NULL), *name = arg(c, 1, NULL), *dflt = arg(c, 2, NULL);
    if (!v_text(name))
        return name->kind == V_UNKNOWN ? name
                                       : v_unknown(c->in, "an attribute whose name is not known");
    if (!dflt) return computed_ref(c, of, attr_or_raise(c->in, of, v_text(name), c->site));
    Value *v = get_attr(c->in, of, v_text(name), c->site);
    if (c->in->raising && !c->in->py->unwinding &&
        exception_matches(c->in, c->in->result,
                          v_class(c->in, exception_class(c->in, "AttributeError")))) {
        raise_clear(c->in);
        v = NULL;
    }
    return v ? computed_ref(c, of, v) : dflt;
}

static Value *b_hasattr(Call *c)
{
    Value *bad = arity(c, 2, 2);
    if (bad) return bad;
    Value *of = arg(c, 0, NULL), *name = arg(c, 1, NULL);
    if (of->kind == V_UNKNOWN || of->kind == V_HANDLE)
        return v_unknown(c->in, "whether something not known has an attribute");
    if (!v_text(name))
        return v_unknown(c->in, "whether there is an attribute whose name is not known");
    Value *v = get_attr(c->in, of, v_text(name), c->site);
    if (c->in->raising && !c->in->py->unwinding) {
        raise_clear(c->in);
        v = NULL;
    }
    if (v && v->kind == V_EXT && of->kind == V_EXT && !ext_is_named(c->in, v->u.dotted))
        return v_unknown(c->in, "whether %s is there", v->u.dotted);
    if (!v && of->kind == V_OBJECT && of->u.obj->cls && of->u.obj->cls->is_open &&
        !of->u.obj->cls->is_module)
        return v_unknown(c->in, "whether a %s has %s", v_type_name(of), v_text(name));
    return v_bool(c->in, v != NULL);
}

static Value *b_setattr(Call *c)
{
    Value *bad = arity(c, 3, 3);
    if (bad) return bad;
    const char *name = v_text(arg(c, 1, NULL));
    if (name) set_attr(c->in, arg(c, 0, NULL), name, arg(c, 2, NULL), c->site);
    return v_none(c->in);
}

static Value *b_delattr(Call *c)
{
    const char *name = nargs(c) == 2 ? v_text(arg(c, 1, NULL)) : NULL;
    if (name && !del_attr(c->in, arg(c, 0, NULL), name))
        return raise_error(c->in, "AttributeError", c->site, "no attribute '%s'", name);
    return v_none(c->in);
}

static Value *env_dict(Interp *in, const Env *e)
{
    Value *d = v_list(in, V_DICT);
    for (int i = 0; i < e->vars.len; i++) {
        const char *key = e->vars.entries[i].key;
        if (!key || strcmp(key, "*") == 0) continue;
        vec_push(in->arena, &d->keys, v_str(in, key));
        vec_push(in->arena, &d->items, e->vars.entries[i].value);
    }
    return d;
}

static Value *b_locals(Call *c)
{
    return env_dict(c->in, c->env);
}

static Value *b_globals(Call *c)
{
    return env_dict(c->in, env_module(c->env));
}

static Value *b_vars(Call *c)
{
    if (nargs(c) == 0) return b_locals(c);
    Value *v = arg(c, 0, NULL);
    return v->kind == V_OBJECT || v->kind == V_CLASS || v->kind == V_MODULE
               ? object_dict(c->in, v)
               : v_unknown(c->in, "the attributes of a %s", v_type_name(v));
}

static Value *b_dir(Call *c)
{
    Value *d = b_vars(c);
    if (d->kind != V_DICT) return d;
    Value *l = v_list(c->in, V_LIST);
    l->items = d->keys;
    if (nargs(c) && arg(c, 0, NULL)->kind == V_OBJECT && arg(c, 0, NULL)->u.obj->cls) {
        const ClassValue *k = arg(c, 0, NULL)->u.obj->cls;
        for (int i = 0; i < k->mro.len; i++)
            for (int j = 0; j < k->mro.at[i]->attrs->len; j++)
                if (k->mro.at[i]->attrs->entries[j].key)
                    set_add(c->in, l, v_str(c->in, k->mro.at[i]->attrs->entries[j].key));
    }
    return sort_values(c->in, c->env, &l->items, NULL, false, c->site);
}

/* ---- types ---- */

static Value *tri(Call *c, int r, const char *what)
{
    return r < 0 ? v_unknown(c->in, "%s of something not known", what) : v_bool(c->in, r);
}

static Value *b_isinstance(Call *c)
{
    Value *bad = arity(c, 2, 2);
    return bad ? bad : tri(c, is_instance(c->in, arg(c, 0, NULL), arg(c, 1, NULL)), "the type");
}

static Value *b_issubclass(Call *c)
{
    Value *bad = arity(c, 2, 2);
    return bad ? bad : tri(c, is_subclass(c->in, arg(c, 0, NULL), arg(c, 1, NULL)), "the base");
}

static Value *b_type(Call *c)
{
    if (nargs(c) == 3) {
        Value *name = arg(c, 0, NULL), *bases = arg(c, 1, NULL);
        if (!v_text(name) || bases->kind != V_TUPLE)
            return v_unknown(c->in, "a class made by type()");
        return class_make(c->in, v_text(name), &bases->items, arg(c, 2, NULL), c->site);
    }
    Value *bad = arity(c, 1, 1);
    return bad ? bad : type_of(c->in, arg(c, 0, NULL));
}

static Value *b_callable(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    Value *v = arg(c, 0, NULL);
    switch (v->kind) {
    case V_UNKNOWN: return v;
    case V_FUNCTION:
    case V_BUILTIN:
    case V_CLASS:
    case V_LAYER:
    case V_CONTAINER:
        return v_bool(c->in, true);
    case V_EXT:
        return ext_is_named(c->in, v->u.dotted)
                   ? v_bool(c->in, true)
                   : v_unknown(c->in, "whether %s is callable", v->u.dotted);
    case V_OBJECT:
        return v_bool(c->in, v->u.obj->nn || v->u.obj->cont || user_method(c->in, v, "__call__"));
    default: return v_bool(c->in, false);
    }
}

static Value *b_repr(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    Value *v = arg(c, 0, NULL);
    if (v->kind == V_UNKNOWN || v->kind == V_TENSOR || v->kind == V_EXT)
        return v_unknown(c->in, "the text of a %s", v_type_name(v));
    return v_str(c->in, v_repr(c->in, v));
}

static Value *b_format(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    Value *spec = arg(c, 1, NULL);
    const char *s =
        format_value(c->in, arg(c, 0, NULL), spec && v_text(spec) ? v_text(spec) : "", c->site);
    return s ? v_str(c->in, s) : v_unknown(c->in, "a text with parts that are not known");
}

static Value *b_exit(Call *c)
{
    return raise_error(c->in, "SystemExit", c->site, "the program ends here");
}

/* ---- methods that every object has ---- */

static Value *o_len(Call *c) { return length_value(c->in, c->self, c->site); }
static Value *o_getitem(Call *c)
{
    return nargs(c) ? get_item(c->in, c->self, arg(c, 0, NULL), c->site) : v_none(c->in);
}
static Value *o_contains(Call *c)
{
    return nargs(c) ? compare(c->in, "in", arg(c, 0, NULL), c->self, c->site) : v_none(c->in);
}
static Value *o_eq(Call *c)
{
    return nargs(c) ? v_bool(c->in, v_same_object(c->self, arg(c, 0, NULL))) : v_none(c->in);
}
static Value *o_repr(Call *c) { return v_str(c->in, v_repr(c->in, c->self)); }

static Value *o_setitem(Call *c)
{
    if (nargs(c) == 2) set_item(c->in, c->self, arg(c, 0, NULL), arg(c, 1, NULL), c->site);
    return v_none(c->in);
}

static Value *o_iter(Call *c)
{
    Value *it = v_list(c->in, V_ITER);
    return iterate(c->in, c->self, &it->items, c->site)
               ? it
               : v_unknown(c->in, "an iterator over something not known");
}

static Value *o_new(Call *c)
{
    return super_call(c, "__new__");
}

static Value *o_getattribute(Call *c)
{
    const char *name = nargs(c) ? v_text(arg(c, 0, NULL)) : NULL;
    return name && c->self ? attr_or_raise(c->in, c->self, name, c->site)
                           : v_unknown(c->in, "an attribute");
}

const Builtin builtins_core[] = {
    {"print", do_nothing},
    {"input", do_unknown},
    {"open", do_unknown},
    {"eval", b_eval},
    {"exec", do_nothing},
    {"compile", do_unknown},
    {"__import__", do_unknown},
    {"id", do_unknown},
    {"hash", do_unknown},
    {"breakpoint", do_nothing},
    {"exit", b_exit},
    {"quit", b_exit},
    {"len", b_len},
    {"abs", b_abs},
    {"min", b_min},
    {"max", b_max},
    {"sum", b_sum},
    {"round", b_round},
    {"divmod", b_divmod},
    {"pow", b_pow},
    {"hex", b_hex},
    {"oct", b_oct},
    {"bin", b_bin},
    {"ord", b_ord},
    {"chr", b_chr},
    {"getattr", b_getattr},
    {"hasattr", b_hasattr},
    {"setattr", b_setattr},
    {"delattr", b_delattr},
    {"locals", b_locals},
    {"globals", b_globals},
    {"vars", b_vars},
    {"dir", b_dir},
    {"isinstance", b_isinstance},
    {"issubclass", b_issubclass},
    {"type", b_type},
    {"callable", b_callable},
    {"repr", b_repr},
    {"ascii", b_repr},
    {"format", b_format},
    {"super", do_unknown},
    {"NotImplemented", do_unknown},
    {"object.__init__", do_nothing},
    {"object.__init_subclass__", do_nothing},
    {"object.__len__", o_len},
    {"object.__getitem__", o_getitem},
    {"object.__contains__", o_contains},
    {"object.__eq__", o_eq},
    {"object.__repr__", o_repr},
    {"object.__str__", o_repr},
    {"object.__setitem__", o_setitem},
    {"object.__iter__", o_iter},
    {"object.__new__", o_new},
    {"object.__setattr__", object_setattr},
    {"object.__getattribute__", o_getattribute},
    {NULL, NULL},
};
