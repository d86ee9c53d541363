/* Conversions of losses and optimizers. */
#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "dialect/convert_tables.h"

/* Reductions in the pivot's words: mean, sum, none. Keras says sum_over_batch_size, and in its
 * second generation auto and an enumeration (Reduction.SUM). */
static bool read_keras_reduction(Arena *a, const PValue *arg, int ndim, const char *attr,
                                 PAttrs *out, const char **err)
{
    (void)ndim;
    if (arg->kind == PV_NONE)
        return convert_put(a, out, attr, pv_str("none"));
    if (arg->kind != PV_STR && arg->kind != PV_REF)
        return convert_fail(a, err, "unknown reduction", arg);
    const char *dot = strrchr(arg->u.str, '.');
    char *s = arena_strdup(a, dot ? dot + 1 : arg->u.str);
    for (char *p = s; *p; p++) *p = (char)tolower((unsigned char)*p);
    if (str_eq(s, "auto") || str_eq(s, "sum_over_batch_size"))
        s = "mean";
    if (!str_eq(s, "mean") && !str_eq(s, "sum") && !str_eq(s, "none"))
        return convert_fail(a, err, "unknown reduction", arg);
    return convert_put(a, out, attr, pv_str(s));
}

static bool write_keras_reduction(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                  PValue *out)
{
    const char *s = attr_str(attrs, attr, "mean");
    (void)a, (void)ndim;
    *out = pv_str(str_eq(s, "mean") ? "sum_over_batch_size" : s);
    return str_eq(s, "mean") || str_eq(s, "sum") || str_eq(s, "none");
}

/* Losses of numbers take the mean over the last axis first in Keras: its sum and its none are of
 * those means. */
static bool read_of_means(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                          const char **err)
{
    if (!read_keras_reduction(a, arg, ndim, attr, out, err))
        return false;
    const char *s = attr_str(out, attr, "mean");
    return str_eq(s, "mean") ||
           convert_put(a, out, attr, pv_str(arena_printf(a, "%s_of_means", s)));
}

static bool write_of_means(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const char *s = attr_str(attrs, attr, "mean");
    (void)a, (void)ndim;
    *out = pv_str(str_eq(s, "mean")           ? "sum_over_batch_size"
                  : str_eq(s, "sum_of_means") ? "sum"
                                              : "none");
    return str_eq(s, "mean") || str_ends(s, "_of_means");
}

static bool read_torch_reduction(Arena *a, const PValue *arg, int ndim, const char *attr,
                                 PAttrs *out, const char **err)
{
    const char *s = arg->kind == PV_STR ? arg->u.str : "";
    (void)ndim;
    if (!str_eq(s, "mean") && !str_eq(s, "sum") && !str_eq(s, "none"))
        return convert_fail(a, err, "unknown reduction", arg);
    return convert_put(a, out, attr, *arg);
}

static bool write_torch_reduction(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                  PValue *out)
{
    (void)a, (void)ndim;
    *out = pv_str(attr_str(attrs, attr, "mean"));
    return !str_ends(out->u.str, "_of_means");
}

/* -100 is PyTorch's way to ignore nothing that a label can be. */
static bool read_ignore_index(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                              const char **err)
{
    (void)ndim, (void)err;
    return pv_is_int(arg, -100) || arg->kind == PV_NONE || convert_put(a, out, attr, *arg);
}

static bool write_ignore_index(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                               PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    *out = convert_is_absent(v) ? pv_int(-100) : *v;
    return true;
}

static const char *const BETAS[] = {"beta_1", "beta_2", NULL};

static bool read_betas(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    (void)ndim, (void)attr;
    if (arg->kind != PV_LIST || arg->u.list.len != 2)
        return convert_fail(a, err, "expected two numbers, not", arg);
    attr_set(a, out, "beta_1", arg->u.list.at[0]);
    return convert_put(a, out, "beta_2", arg->u.list.at[1]);
}

static bool write_betas(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *b1 = attr_get(attrs, "beta_1"), *b2 = attr_get(attrs, "beta_2");
    (void)ndim, (void)attr;
    *out = pv_list(a, 2);
    out->u.list.at[0] = b1 ? *b1 : pv_float(0.9);
    out->u.list.at[1] = b2 ? *b2 : pv_float(0.999);
    return true;
}

const Conversion convert_training[] = {
    {"keras_reduction", read_keras_reduction, write_keras_reduction, CARRY_NONE, NULL, NULL},
    {"torch_reduction", read_torch_reduction, write_torch_reduction, CARRY_NONE, NULL, NULL},
    {"reduction_of_means", read_of_means, write_of_means, CARRY_NONE, NULL, NULL},
    {"ignore_index", read_ignore_index, write_ignore_index, CARRY_SAME, NULL, NULL},
    {"betas", read_betas, write_betas, CARRY_NONE, BETAS, NULL},
    {0},
};
