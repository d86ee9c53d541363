/* Conversions that belong to operations on tensors: cut points, borders, open shapes, unbiased
 * estimates, norms. Those of writing refuse what their call would say wrongly. */
#include <string.h>

#include "base/str.h"
#include "dialect/convert_tables.h"

static bool read_plain(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    (void)ndim, (void)err;
    return arg->kind == PV_NONE || convert_put(a, out, attr, *arg);
}

static bool read_any(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                     const char **err)
{
    (void)ndim, (void)err;
    return convert_put(a, out, attr, *arg);
}

static bool write_plain(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    *out = convert_is_absent(v) ? pv_none() : *v;
    return true;
}

/* Cut points -> sizes; what is behind the last cut is -1. */
static bool read_cuts(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                      const char **err)
{
    (void)ndim;
    if (arg->kind != PV_LIST)
        return convert_fail(a, err, "expected a list of indices, not", arg);
    int n = arg->u.list.len;
    PValue sizes = pv_list(a, n + 1);
    long long last = 0;
    for (int i = 0; i < n; i++) {
        const PValue *cut = &arg->u.list.at[i];
        if (cut->kind != PV_INT || cut->u.i < last)
            return convert_fail(a, err, "expected rising indices, not", arg);
        sizes.u.list.at[i] = pv_int(cut->u.i - last);
        last = cut->u.i;
    }
    sizes.u.list.at[n] = pv_int(-1);
    return convert_put(a, out, attr, sizes);
}

static bool write_cuts(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *sizes = attr_get(attrs, attr);
    (void)ndim;
    if (!sizes || sizes->kind != PV_LIST || sizes->u.list.len == 0)
        return false;
    PValue cuts = pv_list(a, sizes->u.list.len - 1);
    long long at = 0;
    for (int i = 0; i < cuts.u.list.len; i++) {
        const PValue *size = &sizes->u.list.at[i];
        if (size->kind != PV_INT || size->u.i < 0)
            return false;
        at += size->u.i;
        cuts.u.list.at[i] = pv_int(at);
    }
    *out = cuts;
    return true;
}

/* Which borders a padding can have beside the constant one. */
static bool write_torch_pad_mode(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                 PValue *out)
{
    const char *s = attr_str(attrs, attr, "constant");
    (void)a, (void)ndim;
    *out = pv_str(s);
    return !str_eq(s, "symmetric");
}

static bool write_keras_pad_mode(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                 PValue *out)
{
    const char *s = attr_str(attrs, attr, "constant");
    (void)a, (void)ndim;
    *out = pv_str(s);
    return str_eq(s, "constant") || str_eq(s, "reflect") || str_eq(s, "symmetric");
}

/* A shape without -1: what PyTorch's expand leaves as it is must be named elsewhere. */
static bool write_full_shape(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (!v || v->kind != PV_LIST)
        return false;
    for (int i = 0; i < v->u.list.len; i++) {
        if (v->u.list.at[i].kind == PV_INT && v->u.list.at[i].u.i < 0)
            return false;
    }
    *out = *v;
    return true;
}

/* An axis that somebody has named: PyTorch's softmax without one chooses it by the rank. */
static bool write_known(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (convert_is_absent(v))
        return false;
    *out = *v;
    return true;
}

/* 0 and -1 are Keras's words for "as many as there are". */
static bool write_positive(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    return write_known(a, attrs, ndim, attr, out) && !(out->kind == PV_INT && out->u.i <= 0);
}

static bool read_correction(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                            const char **err)
{
    (void)ndim;
    if (!pv_is_int(arg, 0) && !pv_is_int(arg, 1))
        return convert_fail(a, err, "only 0 and 1 are understood, not", arg);
    return convert_put(a, out, attr, pv_bool(arg->u.i == 1));
}

static bool write_correction(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    *out = pv_int(attr_bool(attrs, attr, true) ? 1 : 0);
    return true;
}

static bool read_norm_p(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                        const char **err)
{
    (void)ndim, (void)err;
    bool two =
        arg->kind == PV_NONE ||
        (arg->kind == PV_STR && (str_eq(arg->u.str, "fro") || str_eq(arg->u.str, "euclidean")));
    return convert_put(a, out, attr, two ? pv_int(2) : *arg);
}

/* Keras's ord=2 over a whole matrix is its spectral norm; without ord it is what PyTorch's vector
 * norm is. */
static bool write_norm_ord(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *p = attr_get(attrs, attr), *axes = attr_get(attrs, "axes"), two = pv_int(2);
    (void)a, (void)ndim;
    *out = convert_is_absent(p) || pv_same(p, &two) ? pv_none() : *p;
    return out->kind == PV_NONE || (axes && axes->kind == PV_LIST && axes->u.list.len == 1);
}

static bool is_numbers(const PValue *v)
{
    for (int i = 0; v->kind == PV_LIST && i < v->u.list.len; i++)
        if (!is_numbers(&v->u.list.at[i])) return false;
    return v->kind == PV_LIST || v->kind == PV_INT || v->kind == PV_FLOAT || v->kind == PV_BOOL || v->kind == PV_SIZE;
}

/* Numbers that are known, in lists or without: what makes a tensor of them. Tensors and what nobody knows are none. */
static bool read_numbers(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out, const char **err)
{
    (void)ndim;
    return is_numbers(arg) ? convert_put(a, out, attr, *arg) : convert_fail(a, err, "expected numbers, not", arg);
}

/* The same, but a number alone is a size there: torch.Tensor(3). */
static bool read_number_list(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out, const char **err)
{
    if (arg->kind != PV_LIST) return convert_fail(a, err, "expected a list of numbers, not", arg);
    return read_numbers(a, arg, ndim, attr, out, err);
}

const Conversion convert_ops[] = {
    {"numbers", read_numbers, write_plain, CARRY_SAME, NULL, NULL},
    {"number_list", read_number_list, write_plain, CARRY_SAME, NULL, NULL},
    {"cuts", read_cuts, write_cuts, CARRY_NONE, NULL, NULL},
    {"correction", read_correction, write_correction, CARRY_NONE, NULL, NULL},
    {"torch_pad_mode", read_plain, write_torch_pad_mode, CARRY_SAME, NULL, NULL},
    {"keras_pad_mode", convert_read_lower, write_keras_pad_mode, CARRY_SAME, NULL, NULL},
    {"full_shape", convert_read_shape, write_full_shape, CARRY_SAME, NULL, NULL},
    {"known", read_any, write_known, CARRY_SAME, NULL, NULL},
    {"positive", read_any, write_positive, CARRY_SAME, NULL, NULL},
    {"norm_ord", read_norm_p, write_norm_ord, CARRY_NONE, NULL, NULL},
    {"norm_p", read_norm_p, write_plain, CARRY_SAME, NULL, NULL},
    {0},
};
