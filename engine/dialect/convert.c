/* Named conversions: finding them, and the plain ones (numbers, lists of numbers, flags, names).
 *
 * Each is a pair of functions over values; none knows a framework or a syntax tree. None as an
 * argument means "not given" where a conversion serves an optional attribute: reading sets nothing,
 * and writing an attribute that is absent gives an unset value, which leaves the argument out.
 *
 * convert_pad.c has paddings, convert_layer.c what belongs to one family of layers, convert_op.c
 * what belongs to operations, convert_train.c losses and optimizers. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialect/convert_tables.h"

/* ---- shared ---- */

bool convert_put(Arena *a, PAttrs *out, const char *attr, PValue v)
{
    attr_set(a, out, attr, v);
    return true;
}

bool convert_fail(Arena *a, const char **err, const char *what, const PValue *arg)
{
    *err = arena_printf(a, "%s %s", what, pv_text(a, arg));
    return false;
}

PValue convert_unnest(const PValue *v)
{
    if (v->kind == PV_LIST && v->u.list.len == 1 && v->u.list.at[0].kind == PV_LIST)
        return v->u.list.at[0];
    return *v;
}

bool convert_is_count(const PValue *v)
{
    return v->kind == PV_INT || v->kind == PV_SIZE ||
           (v->kind == PV_FLOAT && v->u.f == floor(v->u.f));
}

bool convert_is_absent(const PValue *v)
{
    return !v || v->kind == PV_UNSET || v->kind == PV_NONE;
}

static bool is_number(const PValue *v)
{
    return v->kind == PV_INT || v->kind == PV_SIZE || v->kind == PV_FLOAT;
}

bool convert_per_axis(Arena *a, const PValue *arg, int ndim, PValue *out)
{
    PValue v = convert_unnest(arg);
    int n = ndim > 0 ? ndim : v.kind == PV_LIST ? v.u.list.len : 1;
    bool one = v.kind == PV_LIST && v.u.list.len == 1;
    if (v.kind != PV_LIST && !is_number(&v))
        return false;
    if (v.kind == PV_LIST && v.u.list.len != n && !one)
        return false;
    PValue list = pv_list(a, n);
    for (int i = 0; i < n; i++) {
        PValue item = v.kind != PV_LIST ? v : v.u.list.at[one ? 0 : i];
        if (!is_number(&item) && item.kind != PV_NONE && item.kind != PV_UNKNOWN)
            return false;
        if (item.kind == PV_FLOAT && convert_is_count(&item))
            item = pv_int((long long)item.u.f);
        list.u.list.at[i] = item;
    }
    *out = list;
    return true;
}

PValue convert_collapse(const PValue *list)
{
    if (list->kind != PV_LIST || list->u.list.len == 0)
        return *list;
    for (int i = 1; i < list->u.list.len; i++) {
        if (!pv_same(&list->u.list.at[0], &list->u.list.at[i]))
            return *list;
    }
    return list->u.list.at[0];
}

PValue convert_negate(const PValue *v)
{
    return v->kind == PV_INT ? pv_int(-v->u.i) : pv_unknown("it is no plain number");
}

/* ---- lists of numbers ---- */

static bool read_ints(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                      const char **err)
{
    PValue list;
    if (arg->kind == PV_NONE)
        return true;
    if (!convert_per_axis(a, arg, ndim, &list))
        return convert_fail(a, err,
                            ndim ? arena_printf(a, "expected a number or %d of them, not", ndim)
                                 : "expected a number or a tuple of them, not",
                            arg);
    return convert_put(a, out, attr, list);
}

static bool write_ints(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    const PValue *v = attr_get(attrs, attr);
    *out = convert_is_absent(v) ? (PValue){.kind = PV_UNSET} : convert_collapse(v);
    return true;
}

/* As ints, but always a tuple: one size for each axis. */
static bool write_tuple(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    const PValue *v = attr_get(attrs, attr);
    *out = convert_is_absent(v) ? (PValue){.kind = PV_UNSET} : *v;
    if (out->kind == PV_INT) { /* one axis, where a tuple is asked for */
        PValue list = pv_list(a, 1);
        list.u.list.at[0] = *out;
        *out = list;
    }
    return true;
}

static bool read_axes(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                      const char **err)
{
    PValue v = convert_unnest(arg), list;
    (void)ndim;
    if (v.kind == PV_NONE || v.kind == PV_UNSET || (v.kind == PV_LIST && v.u.list.len == 0))
        return true; /* all */
    if (!convert_per_axis(a, &v, 0, &list))
        return convert_fail(a, err, "expected an axis or a tuple of axes, not", arg);
    return convert_put(a, out, attr, list);
}

static bool write_axes(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    const PValue *v = attr_get(attrs, attr);
    *out = convert_is_absent(v)                       ? (PValue){.kind = PV_UNSET}
           : v->kind == PV_LIST && v->u.list.len == 1 ? v->u.list.at[0]
                                                      : *v;
    return true;
}

/* A shape: sizes may be free or -1; a number alone is a shape of one axis. */
bool convert_read_shape(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                        const char **err)
{
    PValue v = convert_unnest(arg);
    (void)ndim;
    if (v.kind == PV_NONE)
        return true;
    if (v.kind != PV_LIST) {
        if (!convert_is_count(&v))
            return convert_fail(a, err, "expected a shape, not", arg);
        PValue list = pv_list(a, 1);
        list.u.list.at[0] = v;
        v = list;
    }
    return convert_put(a, out, attr, v);
}

/* ---- one number of a list: height and width that become one size ---- */

static bool read_item(Arena *a, const PValue *arg, const char *attr, PAttrs *out, int i)
{
    const PValue *had = attr_get(out, attr);
    PValue list = pv_list(a, 2);
    for (int k = 0; k < 2; k++)
        list.u.list.at[k] =
            had && had->kind == PV_LIST && had->u.list.len == 2 ? had->u.list.at[k] : pv_none();
    list.u.list.at[i] = *arg;
    return convert_put(a, out, attr, list);
}

static bool write_item(const PAttrs *attrs, const char *attr, PValue *out, int i)
{
    const PValue *v = attr_get(attrs, attr);
    if (!v || v->kind != PV_LIST || i >= v->u.list.len)
        return false;
    *out = v->u.list.at[i];
    return true;
}

static bool read_item0(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    (void)ndim, (void)err;
    return read_item(a, arg, attr, out, 0);
}

static bool read_item1(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    (void)ndim, (void)err;
    return read_item(a, arg, attr, out, 1);
}

static bool write_item0(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    return write_item(attrs, attr, out, 0);
}

static bool write_item1(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    return write_item(attrs, attr, out, 1);
}

/* ---- numbers and flags ---- */

/* 1 - x in decimal: 0.01 for 0.99 and not 0.010000000000000009. */
static double one_minus(double x)
{
    char text[40];
    snprintf(text, sizeof text, "%.12g", 1.0 - x);
    return strtod(text, NULL);
}

static bool read_one_minus(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    (void)ndim;
    if (arg->kind == PV_NONE)
        return convert_put(a, out, attr, *arg);
    if (arg->kind != PV_INT && arg->kind != PV_FLOAT)
        return convert_fail(a, err, "expected a number, not", arg);
    return convert_put(a, out, attr,
                       pv_float(one_minus(arg->kind == PV_INT ? (double)arg->u.i : arg->u.f)));
}

static bool write_one_minus(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (!v || (v->kind != PV_INT && v->kind != PV_FLOAT))
        return false;
    *out = pv_float(one_minus(v->kind == PV_INT ? (double)v->u.i : v->u.f));
    return true;
}

static bool read_not(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                     const char **err)
{
    (void)ndim;
    if (arg->kind != PV_BOOL)
        return convert_fail(a, err, "expected True or False, not", arg);
    return convert_put(a, out, attr, pv_bool(!arg->u.b));
}

static bool write_not(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (!v || v->kind != PV_BOOL)
        return false;
    *out = pv_bool(!v->u.b);
    return true;
}

/* None is False (align_corners=None), None is 0 (weight_decay=None). */
static bool read_none_false(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                            const char **err)
{
    (void)ndim, (void)err;
    return convert_put(a, out, attr, arg->kind == PV_NONE ? pv_bool(false) : *arg);
}

static bool read_none_zero(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    (void)ndim, (void)err;
    return convert_put(a, out, attr, arg->kind == PV_NONE ? pv_float(0) : *arg);
}

static bool write_zero_none(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue zero = pv_int(0), no = pv_bool(false), *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    *out = !v || pv_same(v, &zero) || pv_same(v, &no) ? pv_none() : *v;
    return true;
}

/* A number, so that another row is tried for a list: ops.split(x, 3) and ops.split(x, [2, 5]). */
static bool read_count(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    (void)ndim;
    if (!convert_is_count(arg))
        return convert_fail(a, err, "expected one number, not", arg);
    return convert_put(a, out, attr, *arg);
}

static bool write_plain(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (!v || v->kind == PV_UNSET)
        return false;
    *out = *v;
    return true;
}

static bool read_list(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                      const char **err)
{
    (void)ndim;
    if (arg->kind != PV_LIST)
        return convert_fail(a, err, "expected a list, not", arg);
    return convert_put(a, out, attr, *arg);
}

static bool write_list(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    return write_plain(a, attrs, ndim, attr, out) && out->kind == PV_LIST;
}

/* ---- names ---- */

bool convert_read_lower(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                        const char **err)
{
    (void)ndim;
    if (arg->kind == PV_NONE)
        return true;
    if (arg->kind != PV_STR)
        return convert_fail(a, err, "expected a name, not", arg);
    char *s = arena_strdup(a, arg->u.str);
    for (char *p = s; *p; p++) *p = (char)tolower((unsigned char)*p);
    return convert_put(a, out, attr, pv_str(s));
}

static bool write_name(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    *out = convert_is_absent(v) ? (PValue){.kind = PV_UNSET} : *v;
    return true;
}

/* A dtype that dialect_resolve has made neutral. Any other name or object is not one: x.to("cuda"),
 * x.to(device). */
static bool read_dtype(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    static const char *const families[] = {"float", "bfloat",  "int",   "uint",
                                           "bool",  "complex", "string"};
    (void)ndim;
    if (arg->kind == PV_NONE)
        return true;
    for (size_t i = 0; i < sizeof families / sizeof *families && arg->kind == PV_STR; i++) {
        size_t n = strlen(families[i]);
        if (strncmp(arg->u.str, families[i], n) == 0 &&
            strspn(arg->u.str + n, "0123456789") == strlen(arg->u.str + n))
            return convert_put(a, out, attr, *arg);
    }
    return convert_fail(a, err, "expected a dtype, not", arg);
}

/* tensordot's axes: a count, or two sides; a side of one axis is a list of it in what is written. */
static bool read_sides(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    (void)ndim, (void)err;
    return convert_put(a, out, attr, *arg);
}

static bool write_sides(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)ndim;
    *out = convert_is_absent(v) ? (PValue){.kind = PV_UNSET} : *v;
    if (out->kind != PV_LIST)
        return true;
    *out = pv_list(a, v->u.list.len);
    for (int i = 0; i < v->u.list.len; i++) {
        const PValue *side = &v->u.list.at[i];
        out->u.list.at[i] = side->kind == PV_LIST ? *side : pv_list(a, 1);
        if (side->kind != PV_LIST)
            out->u.list.at[i].u.list.at[0] = *side;
    }
    return true;
}

const Conversion convert_basic[] = {
    {"sides", read_sides, write_sides, CARRY_NONE, NULL, NULL},
    {"ints", read_ints, write_ints, CARRY_SAME, NULL, NULL},
    {"tuple", read_ints, write_tuple, CARRY_SAME, NULL, NULL},
    {"axes", read_axes, write_axes, CARRY_SAME, NULL, NULL},
    {"shape", convert_read_shape, write_tuple, CARRY_SAME, NULL, NULL},
    {"shape1", convert_read_shape, write_axes, CARRY_SAME, NULL, NULL},
    {"item0", read_item0, write_item0, CARRY_SAME, NULL, NULL},
    {"item1", read_item1, write_item1, CARRY_SAME, NULL, NULL},
    {"one_minus", read_one_minus, write_one_minus, CARRY_ONE_MINUS, NULL, NULL},
    {"not", read_not, write_not, CARRY_NOT, NULL, NULL},
    {"none_false", read_none_false, write_zero_none, CARRY_SAME, NULL, NULL},
    {"none_zero", read_none_zero, write_zero_none, CARRY_SAME, NULL, NULL},
    {"count", read_count, write_plain, CARRY_SAME, NULL, NULL},
    {"list", read_list, write_list, CARRY_SAME, NULL, NULL},
    {"lower", convert_read_lower, write_name, CARRY_SAME, NULL, NULL},
    {"dtype", read_dtype, write_name, CARRY_SAME, NULL, NULL},
    {0},
};

/* ---- the table ---- */

const Conversion *conversion_at(int i)
{
    const Conversion *const tables[] = {convert_basic, convert_pads, convert_layers, convert_ops,
                                        convert_training};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (const Conversion *c = tables[t]; c->name; c++) {
            if (i-- == 0)
                return c;
        }
    }
    return NULL;
}

const Conversion *conversion_find(const char *name)
{
    const Conversion *c;
    for (int i = 0; (c = conversion_at(i)); i++) {
        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
}

int kind_spatial(const PivotKind *k, const PAttrs *attrs)
{
    const PValue *d = attr_get(attrs, "dimension");
    if (d && d->kind == PV_INT)
        return (int)d->u.i;
    size_t n = k ? strlen(k->name) : 0;
    if (n == 6 && strncmp(k->name, "Conv", 4) == 0 && k->name[5] == 'D')
        return k->name[4] - '0';
    return 0;
}
