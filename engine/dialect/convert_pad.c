/* Paddings, in the many ways in which they are said.
 *
 * The pivot has padding_type with padding_amount for layers that pad by themselves, and amounts for
 * layers and operations whose whole business it is: a pair [before, after] for each spatial axis,
 * first axis first. Here are the translations from and to
 *
 *   torch_pad       an int, a tuple of ints (symmetric, first axis first), 'same', 'valid'
 *   torch_pool_pad  the same without names
 *   keras_pad       'valid', 'same', 'causal', in any case
 *   keras_avg_pad   the same for average pools, which do not count what "same" adds
 *   torch_pads      an int, or a flat tuple of pairs, last axis first
 *   torch_neg_pads  the same, cutting off: negative numbers
 *   keras_pads      an int, a tuple of ints (symmetric) or of pairs; for one axis the pair itself
 *   pad_flat        flat pairs, last axis first, for as many of the last axes as there are
 *   pad_pairs       a pair for each axis of the tensor; crop_pairs: negative ones cut off
 *
 * A "same" that strides is no symmetric padding and has no name in PyTorch: torch_pad does not
 * write it. */
#include <string.h>

#include "base/str.h"
#include "dialect/convert_tables.h"

static const char *const AVERAGE[] = {"padding_type", "padding_amount", "count_include_pad", NULL};
static const char *const PADDING[] = {"padding_type", "padding_amount", NULL};

static PValue pair(Arena *a, PValue before, PValue after)
{
    PValue p = pv_list(a, 2);
    p.u.list.at[0] = before;
    p.u.list.at[1] = after;
    return p;
}

static bool is_pair(const PValue *v)
{
    return v->kind == PV_LIST && v->u.list.len == 2 && convert_is_count(&v->u.list.at[0]) &&
           convert_is_count(&v->u.list.at[1]);
}

/* A value for each axis -> a symmetric pair for each. */
static PValue symmetric(Arena *a, const PValue *list)
{
    PValue pads = pv_list(a, list->u.list.len);
    for (int i = 0; i < list->u.list.len; i++)
        pads.u.list.at[i] = pair(a, list->u.list.at[i], list->u.list.at[i]);
    return pads;
}

/* Symmetric pairs -> a value for each axis. False where one is not symmetric. */
static bool unsymmetric(Arena *a, const PValue *pads, PValue *out)
{
    if (!pads || pads->kind != PV_LIST)
        return false;
    PValue list = pv_list(a, pads->u.list.len);
    for (int i = 0; i < pads->u.list.len; i++) {
        const PValue *p = &pads->u.list.at[i];
        if (p->kind != PV_LIST || p->u.list.len != 2 ||
            !pv_same(&p->u.list.at[0], &p->u.list.at[1]))
            return false;
        list.u.list.at[i] = p->u.list.at[0];
    }
    *out = list;
    return true;
}

static bool all_zero(const PValue *list)
{
    const PValue one = convert_collapse(list), zero = pv_int(0);
    return pv_same(&one, &zero);
}

/* ---- padding of convolutions and pools ---- */

static bool put_padding(Arena *a, PAttrs *out, const char *type, const PValue *amounts)
{
    attr_set(a, out, "padding_type", pv_str(type));
    if (amounts)
        attr_set(a, out, "padding_amount", *amounts);
    return true;
}

static bool read_torch_pool_pad(Arena *a, const PValue *arg, int ndim, const char *attr,
                                PAttrs *out, const char **err)
{
    PValue list;
    (void)attr;
    if (!convert_per_axis(a, arg, ndim, &list))
        return convert_fail(a, err, "expected a padding (a number or a tuple of them), not", arg);
    PValue pads = symmetric(a, &list);
    return all_zero(&list) ? put_padding(a, out, "valid", NULL)
                           : put_padding(a, out, "explicit", &pads);
}

static bool read_torch_pad(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    if (arg->kind != PV_STR)
        return read_torch_pool_pad(a, arg, ndim, attr, out, err);
    if (str_eq(arg->u.str, "same") || str_eq(arg->u.str, "valid"))
        return put_padding(a, out, arg->u.str, NULL);
    return convert_fail(a, err, "unknown padding", arg);
}

static bool write_torch_pool_pad(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                 PValue *out)
{
    const char *type = attr_str(attrs, "padding_type", "valid");
    PValue list;
    (void)ndim, (void)attr;
    if (str_eq(type, "valid")) {
        *out = pv_int(0);
        return true;
    }
    if (!str_eq(type, "explicit") || !unsymmetric(a, attr_get(attrs, "padding_amount"), &list))
        return false;
    *out = convert_collapse(&list);
    return true;
}

static bool strides_one(const PAttrs *attrs)
{
    const PValue *s = attr_get(attrs, "stride_dim"), one = pv_int(1);
    if (convert_is_absent(s))
        return true;
    PValue v = convert_collapse(s);
    return pv_same(&v, &one);
}

static bool write_torch_pad(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    if (!str_eq(attr_str(attrs, "padding_type", "valid"), "same"))
        return write_torch_pool_pad(a, attrs, ndim, attr, out);
    *out = pv_str("same");
    return strides_one(attrs);
}

static bool read_keras_pad(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    static const char *const names[] = {"valid", "same", "causal"};
    (void)ndim, (void)attr;
    for (int i = 0; i < 3 && arg->kind == PV_STR; i++) {
        const char *s = arg->u.str, *n = names[i];
        while (*s && *n && (*s | 32) == *n) s++, n++;
        if (!*s && !*n)
            return put_padding(a, out, names[i], NULL);
    }
    return convert_fail(a, err, "unknown padding", arg);
}

static bool write_keras_pad(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const char *type = attr_str(attrs, "padding_type", "valid");
    PValue list;
    (void)ndim, (void)attr;
    bool none = str_eq(type, "explicit") &&
                unsymmetric(a, attr_get(attrs, "padding_amount"), &list) && all_zero(&list);
    if (str_eq(type, "explicit") && !none)
        return false;
    *out = pv_str(none ? "valid" : type);
    return true;
}

static bool read_keras_avg_pad(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                               const char **err)
{
    if (!read_keras_pad(a, arg, ndim, attr, out, err))
        return false;
    return convert_put(a, out, "count_include_pad",
                       pv_bool(!str_eq(attr_str(out, "padding_type", ""), "same")));
}

static bool write_keras_avg_pad(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                PValue *out)
{
    if (!write_keras_pad(a, attrs, ndim, attr, out))
        return false;
    return !str_eq(out->u.str, "same") || !attr_bool(attrs, "count_include_pad", true);
}

/* ---- padding as a layer ---- */

/* Flat pairs, last axis first -> pairs, first axis first. */
static bool pairs_of_flat(Arena *a, const PValue *flat, PValue *out)
{
    int n = flat->kind == PV_LIST ? flat->u.list.len : -1;
    if (n < 0 || n % 2)
        return false;
    PValue pads = pv_list(a, n / 2);
    for (int i = 0; i < n / 2; i++)
        pads.u.list.at[i] = pair(a, flat->u.list.at[n - 2 - 2 * i], flat->u.list.at[n - 1 - 2 * i]);
    *out = pads;
    return true;
}

static bool flat_of_pairs(Arena *a, const PValue *pads, PValue *out)
{
    if (!pads || pads->kind != PV_LIST)
        return false;
    int n = pads->u.list.len, first = 0;
    for (; first < n; first++) { /* axes before the first padded one need not be said */
        if (pads->u.list.at[first].kind != PV_LIST || pads->u.list.at[first].u.list.len != 2)
            return false;
        if (!all_zero(&pads->u.list.at[first]))
            break;
    }
    PValue flat = pv_list(a, 2 * (n - first));
    for (int i = n - 1, k = 0; i >= first; i--) {
        if (pads->u.list.at[i].kind != PV_LIST || pads->u.list.at[i].u.list.len != 2)
            return false;
        flat.u.list.at[k++] = pads->u.list.at[i].u.list.at[0];
        flat.u.list.at[k++] = pads->u.list.at[i].u.list.at[1];
    }
    *out = flat;
    return true;
}

static bool read_torch_pads(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                            const char **err)
{
    PValue pads, list;
    bool ok = arg->kind == PV_LIST
                  ? pairs_of_flat(a, arg, &pads) && (!ndim || pads.u.list.len == ndim)
                  : convert_per_axis(a, arg, ndim, &list);
    if (!ok)
        return convert_fail(a, err, "expected a number or a pair for each axis, not", arg);
    return convert_put(a, out, attr, arg->kind == PV_LIST ? pads : symmetric(a, &list));
}

static bool flat_full(Arena *a, const PValue *pads, PValue *out)
{
    if (!pads || pads->kind != PV_LIST)
        return false;
    int n = pads->u.list.len;
    PValue flat = pv_list(a, 2 * n);
    for (int i = 0; i < n; i++) {
        const PValue *p = &pads->u.list.at[n - 1 - i];
        if (p->kind != PV_LIST || p->u.list.len != 2)
            return false;
        flat.u.list.at[2 * i] = p->u.list.at[0];
        flat.u.list.at[2 * i + 1] = p->u.list.at[1];
    }
    *out = flat;
    return true;
}

static bool write_torch_pads(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    PValue flat;
    (void)ndim;
    if (!flat_full(a, attr_get(attrs, attr), &flat))
        return false;
    *out = convert_collapse(&flat);
    return true;
}

static PValue negated(Arena *a, const PValue *v)
{
    if (v->kind != PV_LIST)
        return convert_negate(v);
    PValue list = pv_list(a, v->u.list.len);
    for (int i = 0; i < v->u.list.len; i++) list.u.list.at[i] = negated(a, &v->u.list.at[i]);
    return list;
}

static bool read_torch_neg_pads(Arena *a, const PValue *arg, int ndim, const char *attr,
                                PAttrs *out, const char **err)
{
    PValue v = negated(a, arg);
    return read_torch_pads(a, &v, ndim, attr, out, err);
}

static bool write_torch_neg_pads(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                 PValue *out)
{
    PValue v;
    if (!write_torch_pads(a, attrs, ndim, attr, &v))
        return false;
    *out = negated(a, &v);
    return true;
}

static bool read_keras_pads(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                            const char **err)
{
    PValue list;
    if (ndim <= 1 && is_pair(arg)) {
        PValue pads = pv_list(a, 1);
        pads.u.list.at[0] = *arg;
        return convert_put(a, out, attr, pads);
    }
    if (arg->kind == PV_LIST && arg->u.list.len > 0 && arg->u.list.at[0].kind == PV_LIST) {
        for (int i = 0; i < arg->u.list.len; i++) {
            if (!is_pair(&arg->u.list.at[i]))
                return convert_fail(a, err, "expected pairs, not", arg);
        }
        if (ndim && arg->u.list.len != ndim)
            return convert_fail(a, err, "expected a pair for each axis, not", arg);
        return convert_put(a, out, attr, *arg);
    }
    if (!convert_per_axis(a, arg, ndim, &list))
        return convert_fail(a, err, "expected a padding, not", arg);
    return convert_put(a, out, attr, symmetric(a, &list));
}

static bool write_keras_pads(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *pads = attr_get(attrs, attr);
    PValue list;
    if (!pads || pads->kind != PV_LIST)
        return false;
    if (unsymmetric(a, pads, &list)) {
        *out = convert_collapse(&list);
        return true;
    }
    *out = ndim == 1 && pads->u.list.len == 1 ? pads->u.list.at[0] : *pads;
    return true;
}

/* ---- padding as an operation ---- */

static bool read_pad_flat(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                          const char **err)
{
    PValue pads;
    (void)ndim;
    if (!pairs_of_flat(a, arg, &pads))
        return convert_fail(a, err, "expected pairs in one flat tuple, not", arg);
    return convert_put(a, out, attr, pads);
}

static bool write_pad_flat(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)ndim;
    return flat_of_pairs(a, attr_get(attrs, attr), out);
}

static bool read_pad_pairs(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    (void)ndim;
    bool ok = arg->kind == PV_LIST && arg->u.list.len > 0;
    for (int i = 0; ok && i < arg->u.list.len; i++) ok = is_pair(&arg->u.list.at[i]);
    if (!ok)
        return convert_fail(a, err, "expected a pair for each axis, not", arg);
    return convert_put(a, out, attr, *arg);
}

static bool write_pad_pairs(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (!v || v->kind != PV_LIST)
        return false;
    *out = *v;
    return true;
}

/* Pads only: a negative number, which cuts off, is not understood there. */
static bool write_growing_pairs(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    if (!write_pad_pairs(a, attrs, ndim, attr, out))
        return false;
    for (int i = 0; i < out->u.list.len; i++) {
        const PValue *p = &out->u.list.at[i];
        for (int k = 0; p->kind == PV_LIST && k < p->u.list.len; k++)
            if (p->u.list.at[k].kind == PV_INT && p->u.list.at[k].u.i < 0)
                return false;
    }
    return true;
}

const Conversion convert_pads[] = {
    {"torch_pad", read_torch_pad, write_torch_pad, CARRY_SCALAR, PADDING, NULL},
    {"torch_pool_pad", read_torch_pool_pad, write_torch_pool_pad, CARRY_SCALAR, PADDING, NULL},
    {"keras_pad", read_keras_pad, write_keras_pad, CARRY_NONE, PADDING, NULL},
    {"keras_avg_pad", read_keras_avg_pad, write_keras_avg_pad, CARRY_NONE, AVERAGE, NULL},
    {"torch_pads", read_torch_pads, write_torch_pads, CARRY_SCALAR, NULL, NULL},
    {"torch_neg_pads", read_torch_neg_pads, write_torch_neg_pads, CARRY_NONE, NULL, NULL},
    {"keras_pads", read_keras_pads, write_keras_pads, CARRY_SCALAR, NULL, NULL},
    {"pad_flat", read_pad_flat, write_pad_flat, CARRY_NONE, NULL, NULL},
    {"pad_pairs", read_pad_pairs, write_growing_pairs, CARRY_NONE, NULL, NULL},
    {"crop_pairs", read_pad_pairs, write_pad_pairs, CARRY_NONE, NULL, NULL},
    {0},
};
