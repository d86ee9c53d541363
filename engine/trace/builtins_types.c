/* Python's types as functions: int(x), str(x), list(x), dict(...); the methods of numbers; which
 * methods a value has. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/pystate.h"

static bool opaque(const Value *v)
{
    return v->kind == V_UNKNOWN || v->kind == V_TENSOR || v->kind == V_EXT || v->kind == V_HANDLE;
}

static Value *not_known(Call *c, const Value *v)
{
    if (v->kind == V_UNKNOWN) return (Value *)v;
    return v_unknown(c->in,
                     v->kind == V_TENSOR ? "the value of a tensor" : "%s() of something not known",
                     c->name);
}

/* ---- numbers ---- */

static Value *bad_literal(Call *c, const char *what, Value *v)
{
    return raise_error(c->in, "ValueError", c->site, "%s: %s", what, v_repr(c->in, v));
}

/* Digits with underscores between them, blanks around; false where it is no number or too large. */
static bool parse_int(const char *s, int base, long long *out)
{
    while (isspace((unsigned char)*s)) s++;
    bool minus = *s == '-';
    if (*s == '-' || *s == '+') s++;
    if (*s == '0' && s[1] && strchr("xXoObB", s[1])) {
        int b = strchr("xX", s[1]) ? 16 : strchr("oO", s[1]) ? 8 : 2;
        if (base == 0 || base == b) {
            base = b;
            s += 2;
        }
    }
    if (base == 0) base = 10;
    long long n = 0;
    int digits = 0;
    for (; isalnum((unsigned char)*s) || (*s == '_' && digits); s++) {
        if (*s == '_') continue;
        int d = isdigit((unsigned char)*s) ? *s - '0' : tolower((unsigned char)*s) - 'a' + 10;
        if (d >= base || __builtin_mul_overflow(n, (long long)base, &n) ||
            __builtin_add_overflow(n, (long long)d, &n))
            return false;
        digits++;
    }
    while (isspace((unsigned char)*s)) s++;
    *out = minus ? -n : n;
    return digits > 0 && *s == 0;
}

static Value *int_of_float(Call *c, Value *v)
{
    if (v->free && v->items.len == 2) { /* a quotient of sizes */
        Size q = size_op(c->in->arena, '/', v_to_size(v->items.at[0]), v_to_size(v->items.at[1]));
        if (!size_unknown(q)) return v_size(c->in, q);
    }
    if (isnan(v->u.f))
        return raise_error(c->in, "ValueError", c->site, "cannot convert float NaN to integer");
    if (isinf(v->u.f))
        return raise_error(c->in, "OverflowError", c->site,
                           "cannot convert float infinity to integer");
    if (fabs(v->u.f) >= 9.2e18) return v_unknown(c->in, "an integer beyond 64 bits");
    Value *r = v_int(c->in, (long long)v->u.f);
    if (v->free) {
        const char *name =
            arena_printf(c->in->arena, "int(%s)", size_text(c->in->arena, (Size){r->u.i, v->free}));
        r->free = size_free(c->in->arena, name, r->u.i > 1 ? r->u.i : 2).free;
    }
    return r;
}

static Value *by_method(Call *c, Value *v, const char *method, bool *found)
{
    *found = false;
    return v->kind == V_OBJECT ? call_method(c->in, v, method, c->site, 0, NULL, found) : NULL;
}

static Value *b_int(Call *c)
{
    Value *bad = arity(c, 0, 2);
    if (bad) return bad;
    if (nargs(c) == 0) return v_int(c->in, 0);
    bool found;
    Value *r = by_method(c, arg(c, 0, NULL), "__int__", &found);
    if (!found) r = by_method(c, arg(c, 0, NULL), "__index__", &found);
    if (found) return r;
    Value *v = v_base(arg(c, 0, NULL));
    if (opaque(v)) return not_known(c, v);
    if (v->kind == V_BOOL) return v_int(c->in, v->u.b);
    if (v->kind == V_INT) return v;
    if (v->kind == V_FLOAT) return int_of_float(c, v);
    if (v->kind == V_STR) {
        long long i;
        int base = (int)arg_int(c, 1, "base", 10);
        if (base != 0 && (base < 2 || base > 36))
            return raise_error(c->in, "ValueError", c->site,
                               "int() base must be >= 2 and <= 36, or 0");
        if (parse_int(v->u.str.s, base, &i)) return v_int(c->in, i);
        return raise_error(c->in, "ValueError", c->site,
                           "invalid literal for int() with base %d: %s", base, v_repr(c->in, v));
    }
    if (is_array(arg(c, 0, NULL)) && v->items.len == 1)
        return int_of_float(c, v_float(c->in, v_num(v->items.at[0])));
    return raise_error(
        c->in, "TypeError", c->site,
        "int() argument must be a string, a bytes-like object or a real number, not '%s'",
        v_type_name(v));
}

static Value *b_float(Call *c)
{
    Value *bad = arity(c, 0, 1);
    if (bad) return bad;
    if (nargs(c) == 0) return v_float(c->in, 0);
    bool found;
    Value *r = by_method(c, arg(c, 0, NULL), "__float__", &found);
    if (found) return r;
    Value *v = v_base(arg(c, 0, NULL));
    if (opaque(v)) return not_known(c, v);
    if (v->kind == V_FLOAT) return v;
    if (v_is_int(v)) {
        r = v_float(c->in, v_num(v));
        r->free = v->free;
        if (v->free) {
            vec_push(c->in->arena, &r->items, v);
            vec_push(c->in->arena, &r->items, v_int(c->in, 1));
        }
        return r;
    }
    if (v->kind == V_STR) {
        char *end, *s = arena_strdup(c->in->arena, v->u.str.s + strspn(v->u.str.s, " \t\n\r"));
        for (char *from = s, *to = s; (*to = *from) != 0;
             from++) /* 1_000: underscores between digits */
            if (!(*from == '_' && from > s && isdigit((unsigned char)from[-1]) &&
                  isdigit((unsigned char)from[1])))
                to++;
        double d = strtod(s, &end);
        while (isspace((unsigned char)*end)) end++;
        if (end == s || *end || strpbrk(s, "xX("))
            return bad_literal(c, "could not convert string to float", v);
        return v_float(c->in, d);
    }
    if (is_array(arg(c, 0, NULL)) && v->items.len == 1)
        return v_float(c->in, v_num(v->items.at[0]));
    return raise_error(c->in, "TypeError", c->site,
                       "float() argument must be a string or a real number, not '%s'",
                       v_type_name(v));
}

static Value *b_bool(Call *c)
{
    if (nargs(c) == 0) return v_bool(c->in, false);
    bool guard = false;
    Value *v = arg(c, 0, NULL);
    int t = truth(c->in, v, &guard);
    if (c->in->raising || t < 0) return not_known(c, v);
    Value *r = v_bool(c->in, t);
    if (guard) r->free = v->free;
    return r;
}

static Value *b_complex(Call *c)
{
    return v_unknown(c->in, "a complex number");
}

/* ---- text ---- */

static Value *b_str(Call *c)
{
    if (nargs(c) == 0) return v_str(c->in, "");
    Value *v = arg(c, 0, NULL);
    if (opaque(v)) return not_known(c, v);
    if (v_is_num(v) && v->free) return v_unknown(c->in, "the text of a free size");
    if (v->kind == V_BYTES)
        return nargs(c) > 1 ? v_strn(c->in, v->u.str.s, (size_t)v->u.str.len)
                            : v_str(c->in, v_repr(c->in, v));
    return v->kind == V_STR ? v : v_str(c->in, v_str_text(c->in, v));
}

static Value *b_bytes(Call *c)
{
    Value *v = arg(c, 0, NULL);
    if (!v || v->kind != V_STR) return v_unknown(c->in, "bytes");
    Value *b = v_copy(c->in, v);
    b->kind = V_BYTES;
    return b;
}

/* ---- containers ---- */

static Value *listed(Call *c, ValueKind kind)
{
    Value *bad = arity(c, 0, 1);
    if (bad) return bad;
    Value *l = v_list(c->in, kind);
    if (nargs(c) == 0) return l;
    Value *v = arg(c, 0, NULL);
    if ((v->kind == V_LIST || v->kind == V_RANGE) && v->free && kind != V_SET) {
        Value *i = v->kind == V_RANGE ? v_int(c->in, v->u.range.lo)
                   : v->items.len     ? v->items.at[0]
                                      : NULL;
        if (v->kind == V_RANGE) i->free = size_free(c->in->arena, "i", 2).free;
        if (i) vec_push(c->in->arena, &l->items, i);
        l->kind = V_LIST;
        l->free = v->free;
        l->pos = v->kind == V_LIST ? v->pos : (int)range_len(v);
        return l;
    }
    ValueVec items = {0};
    if (!iterate(c->in, v, &items, c->site))
        return c->in->raising ? c->in->py->poison : not_known(c, v);
    if (kind != V_SET) {
        l->items = items;
        return l;
    }
    for (int i = 0; i < items.len && hashable(c->in, items.at[i], c->site); i++)
        set_add(c->in, l, items.at[i]);
    return l;
}

static Value *b_list(Call *c)
{
    return listed(c, V_LIST);
}

static Value *b_tuple(Call *c)
{
    if (nargs(c) == 1 && arg(c, 0, NULL)->kind == V_SHAPE) return arg(c, 0, NULL);
    return listed(c, V_TUPLE);
}

static Value *b_set(Call *c)
{
    return listed(c, V_SET);
}

static Value *b_frozenset(Call *c)
{
    Value *s = listed(c, V_SET);
    if (s->kind == V_SET) s->u.b = true; /* it may be a key */
    return s;
}

/* Entries of a mapping or pairs, into d. False: not known, or raised. */
static bool add_entries(Call *c, Value *d, Value *from)
{
    Interp *in = c->in;
    bool found = false;
    Value *b = v_base(from);
    if (b->kind == V_DICT) {
        for (int i = 0; i < b->keys.len; i++) dict_set(in, d, b->keys.at[i], b->items.at[i]);
        return true;
    }
    ValueVec items = {0};
    Value *keys =
        from->kind == V_OBJECT ? call_method(in, from, "keys", c->site, 0, NULL, &found) : NULL;
    if (found) {
        if (!iterate(in, keys, &items, c->site)) return false;
        for (int i = 0; i < items.len && !in->raising; i++)
            dict_set(in, d, items.at[i], get_item(in, from, items.at[i], c->site));
        return !in->raising;
    }
    if (!iterate(in, from, &items, c->site)) return false;
    for (int i = 0; i < items.len; i++) {
        ValueVec pair = {0};
        if (!iterate(in, items.at[i], &pair, c->site)) return false;
        if (pair.len != 2) {
            raise_error(in, "ValueError", c->site,
                        "dictionary update sequence element #%d has length %d; 2 is required", i,
                        pair.len);
            return false;
        }
        if (!hashable(in, pair.at[0], c->site)) return false;
        dict_set(in, d, pair.at[0], pair.at[1]);
    }
    return true;
}

/* Also dict.update: entries of the argument, then the keywords. */
bool dict_fill(Call *c, Value *d)
{
    if (c->args->unknown_star) return false;
    if (nargs(c) && !add_entries(c, d, arg(c, 0, NULL))) return false;
    for (int i = 0; i < c->args->kw.len; i++)
        dict_set(c->in, d, v_str(c->in, c->args->kw_names.at[i]), c->args->kw.at[i]);
    return true;
}

static Value *b_dict(Call *c)
{
    Value *d = v_list(c->in, V_DICT);
    if (dict_fill(c, d)) return d;
    return c->in->raising ? c->in->py->poison : v_unknown(c->in, "a dict of something not known");
}

static Value *dict_fromkeys(Call *c)
{
    Value *d = v_list(c->in, V_DICT), *v = arg(c, 1, "value");
    ValueVec keys = {0};
    if (!arg_list(c, 0, &keys)) return v_unknown(c->in, "a dict of something not known");
    for (int i = 0; i < keys.len; i++) dict_set(c->in, d, keys.at[i], v ? v : v_none(c->in));
    return d;
}

/* ---- object, property, staticmethod, classmethod ---- */

static Value *b_object(Call *c)
{
    return object_new(c->in, own_class(c->in, "object"));
}

static Value *wrapper(Call *c, ValueKind kind)
{
    Value *v = v_new(c->in, kind);
    static const char *const names[] = {"fget", "fset", "fdel"};
    for (int i = 0; i < (kind == V_PROPERTY ? 3 : 1); i++) {
        Value *f = arg(c, i, names[i]);
        vec_push(c->in->arena, &v->items, f && f->kind != V_NONE ? f : NULL);
    }
    if (!v->items.at[0] && kind != V_PROPERTY) v->items.at[0] = v_none(c->in);
    return v;
}

static Value *b_property(Call *c) { return wrapper(c, V_PROPERTY); }
static Value *b_staticmethod(Call *c) { return wrapper(c, V_STATICMETHOD); }
static Value *b_classmethod(Call *c) { return wrapper(c, V_CLASSMETHOD); }

/* A property that an assignment to the attribute replaces. */
static Value *cached_property(Call *c)
{
    Value *v = wrapper(c, V_PROPERTY);
    vec_push(c->in->arena, &v->items, v_none(c->in));
    return v;
}

static Value *property_with(Call *c, int which)
{
    Value *v = v_new(c->in, V_PROPERTY);
    for (int i = 0; i < 3; i++)
        vec_push(c->in->arena, &v->items, i < c->self->items.len ? c->self->items.at[i] : NULL);
    v->items.at[which] = arg(c, 0, NULL);
    return v;
}

static Value *property_getter(Call *c) { return property_with(c, 0); }
static Value *property_setter(Call *c) { return property_with(c, 1); }
static Value *property_deleter(Call *c) { return property_with(c, 2); }

/* ---- methods of numbers ---- */

static Value *int_bit_length(Call *c)
{
    if (!v_is_int(c->self)) return v_unknown(c->in, "a bit length");
    long long i = v_as_int(c->self);
    unsigned long long u = i < 0 ? 0ull - (unsigned long long)i : (unsigned long long)i;
    int n = 0;
    for (; u; u >>= 1) n++;
    return v_int(c->in, n);
}

static Value *float_is_integer(Call *c)
{
    if (!v_is_num(c->self) || c->self->free)
        return v_unknown(c->in, "whether a number is an integer");
    return v_bool(c->in, v_num(c->self) == floor(v_num(c->self)));
}

static Value *num_self(Call *c)
{
    return c->self; /* item() of a plain number */
}

static Value *shape_list(Call *c)
{
    Value *l = v_list(c->in, V_LIST);
    for (int i = 0; i < c->self->items.len; i++)
        vec_push(c->in->arena, &l->items, c->self->items.at[i]);
    return l;
}

static Value *shape_numel(Call *c)
{
    Value *n = v_int(c->in, 1);
    for (int i = 0; i < c->self->items.len; i++)
        n = binary(c->in, "*", n, c->self->items.at[i], c->site);
    return n;
}

static Value *shape_rank(Call *c)
{
    return v_int(c->in, c->self->items.len);
}

/* ---- which method a value has ---- */

static const char *prefix_of(const Value *v)
{
    switch (v->kind) {
    case V_STR: return "str";
    case V_LIST: return "list";
    case V_TUPLE: return "tuple";
    case V_SHAPE: return "shape";
    case V_DICT: return "dict";
    case V_SET: return "set";
    case V_INT: case V_BOOL: return "int";
    case V_FLOAT: return "float";
    case V_BYTES: return "bytes";
    case V_ITER: return "generator";
    default: return NULL;
    }
}

/* start, stop, step of ranges and slices; real, imag of numbers. */
static Value *data_attr(Interp *in, Value *v, const char *name)
{
    static const char *const parts[] = {"start", "stop", "step"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, parts[i]) != 0) continue;
        if (v->kind == V_SLICE) return v->items.at[i];
        if (v->kind == V_RANGE)
            return v_int(in, i == 0 ? v->u.range.lo : i == 1 ? v->u.range.hi : v->u.range.step);
    }
    if (v_is_num(v) && (strcmp(name, "real") == 0 || strcmp(name, "numerator") == 0)) return v;
    if (v_is_num(v) && strcmp(name, "imag") == 0) return v_int(in, 0);
    if (v->kind == V_SHAPE && (strcmp(name, "rank") == 0 || strcmp(name, "ndims") == 0))
        return v_int(in, v->items.len);
    return NULL;
}

static bool has_dunder(const Value *v, const char *name)
{
    bool indexed = v->kind == V_STR || v->kind == V_LIST || v->kind == V_TUPLE ||
                   v->kind == V_SHAPE || v->kind == V_DICT || v->kind == V_RANGE ||
                   v->kind == V_BYTES;
    bool sized = indexed || v->kind == V_SET;
    if (strcmp(name, "__len__") == 0 || strcmp(name, "__contains__") == 0) return sized;
    if (strcmp(name, "__getitem__") == 0) return indexed;
    if (strcmp(name, "__setitem__") == 0) return v->kind == V_LIST || v->kind == V_DICT;
    if (strcmp(name, "__iter__") == 0) return sized || v->kind == V_ITER;
    if (strcmp(name, "__next__") == 0) return v->kind == V_ITER;
    return strcmp(name, "__eq__") == 0 || strcmp(name, "__repr__") == 0 ||
           strcmp(name, "__str__") == 0;
}

Value *type_method(Interp *in, Value *self, const char *name)
{
    Value *data = data_attr(in, self, name);
    if (data) return data;
    const char *prefix = prefix_of(self);
    char full[64];
    if (strlen(name) > 40) return NULL;
    if (strncmp(name, "__", 2) == 0 && self->kind != V_ITER) {
        if (!has_dunder(self, name)) return NULL;
        prefix = "object";
    }
    if (!prefix) return NULL;
    strcat(strcat(strcpy(full, prefix), "."), name);
    const Builtin *b = builtin_find(in, full);
    if (!b && self->kind == V_SHAPE) b = builtin_find(in, strcat(strcpy(full, "tuple."), name));
    if (!b && v_is_num(self)) b = builtin_find(in, strcat(strcpy(full, "float."), name));
    return b ? v_builtin(in, b->name, self) : NULL;
}

const Builtin builtins_types[] = {
    {"int", b_int},
    {"float", b_float},
    {"bool", b_bool},
    {"complex", b_complex},
    {"str", b_str},
    {"bytes", b_bytes},
    {"bytearray", b_bytes},
    {"list", b_list},
    {"tuple", b_tuple},
    {"set", b_set},
    {"frozenset", b_frozenset},
    {"dict", b_dict},
    {"dict.fromkeys", dict_fromkeys},
    {"object", b_object},
    {"property", b_property},
    {"staticmethod", b_staticmethod},
    {"classmethod", b_classmethod},
    {"functools.cached_property", cached_property},
    {"property.getter", property_getter},
    {"property.setter", property_setter},
    {"property.deleter", property_deleter},
    {"int.bit_length", int_bit_length},
    {"float.is_integer", float_is_integer},
    {"int.item", num_self},
    {"float.item", num_self},
    {"int.conjugate", num_self},
    {"shape.as_list", shape_list},
    {"shape.numel", shape_numel},
    {"shape.num_elements", shape_numel},
    {"shape.__len__", shape_rank},
    {NULL, NULL},
};
