/* Conversions that belong to one family of layers or operations: pools, activations, recurrent
 * layers, norms, attention, resizing, splits.
 *
 * Some read what an earlier parameter of the same row has set (a pool's stride is its kernel where
 * it is not given; the alpha of TensorFlow's local response norm is for one channel, PyTorch's for
 * all of the window), so that they look into out before they write to it. Rows list such parameters
 * in that order. */
#include <string.h>

#include "base/str.h"
#include "dialect/convert_tables.h"

/* ---- pools ---- */

static bool read_pool_stride(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                             const char **err)
{
    const PValue *kernel = attr_get(out, "kernel_dim");
    PValue list;
    if (arg->kind == PV_NONE || (arg->kind == PV_LIST && arg->u.list.len == 0))
        return !kernel || convert_put(a, out, attr, *kernel);
    if (!convert_per_axis(a, arg, ndim, &list))
        return convert_fail(a, err, "expected a stride, not", arg);
    return convert_put(a, out, attr, list);
}

static bool write_pool_stride(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                              PValue *out)
{
    const PValue *kernel = attr_get(attrs, "kernel_dim"), *stride = attr_get(attrs, attr);
    (void)a, (void)ndim;
    *out = convert_is_absent(stride) || (kernel && pv_same(stride, kernel))
               ? pv_none()
               : convert_collapse(stride);
    return true;
}

/* TensorFlow's own functions: a number for each axis of the tensor, batch and channels included
 * ([1, 2, 2, 1]). */
static bool read_nhwc_ints(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    PValue list, v = *arg;
    if (v.kind == PV_NONE)
        return true;
    if (v.kind == PV_LIST && ndim > 0 && v.u.list.len == ndim + 2) {
        if (!pv_is_int(&v.u.list.at[0], 1))
            return convert_fail(a, err, "the batch cannot be strided:", arg);
        v.u.list.at += pv_is_int(&v.u.list.at[ndim + 1], 1) ? 1 : 2; /* NHWC, NCHW */
        v.u.list.len = ndim;
    }
    if (!convert_per_axis(a, &v, ndim, &list))
        return convert_fail(a, err, "expected a number or a tuple, not", arg);
    return convert_put(a, out, attr, list);
}

static bool write_nhwc_ints(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (convert_is_absent(v))
        return false;
    *out = convert_collapse(v);
    return true;
}

static bool read_nhwc(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                      const char **err)
{
    (void)ndim;
    if (arg->kind == PV_NONE)
        return true;
    if (arg->kind != PV_STR || arg->u.str[0] != 'N')
        return convert_fail(a, err, "unknown data format", arg);
    return convert_put(a, out, attr,
                       pv_str(arg->u.str[1] == 'C' ? "channels_first" : "channels_last"));
}

static bool write_nhwc(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const char *const names[2][4] = {{NULL, "NWC", "NHWC", "NDHWC"},
                                     {NULL, "NCW", "NCHW", "NCDHW"}};
    bool first = str_eq(attr_str(attrs, attr, "channels_last"), "channels_first");
    (void)a;
    if (ndim < 1 || ndim > 3)
        return false;
    *out = pv_str(names[first][ndim]);
    return true;
}

/* ---- activations ---- */

/* A layer without activation has no attribute; a gate without one is linear. */
static bool put_act(Arena *a, PAttrs *out, const char *attr, PValue v)
{
    if (str_eq(v.u.act->kind, "linear") && str_eq(attr, "actv_func"))
        return true;
    return convert_put(a, out, attr, v);
}

static bool read_act(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                     const char **err)
{
    (void)ndim;
    if (arg->kind == PV_ACT)
        return put_act(a, out, attr, *arg);
    if (arg->kind == PV_NONE)
        return put_act(a, out, attr, pv_act(a, "linear"));
    const PivotKind *k = arg->kind == PV_STR ? pivot_kind(arg->u.str) : NULL;
    if (!k || k->group != GROUP_ACTIVATION)
        return convert_fail(a, err, "unknown activation", arg);
    return put_act(a, out, attr, pv_act(a, k->name));
}

static bool write_act(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    bool none = convert_is_absent(v) || (v->kind == PV_ACT && str_eq(v->u.act->kind, "linear"));
    *out = none ? pv_none() : *v;
    return true;
}

/* PyTorch's nonlinearity: 'tanh' or 'relu'. */
static bool write_rnn_act(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    if (!v || v->kind != PV_ACT)
        return false;
    *out = pv_str(v->u.act->kind);
    return str_eq(v->u.act->kind, "tanh") || str_eq(v->u.act->kind, "relu");
}

static bool read_gelu(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                      const char **err)
{
    (void)ndim;
    bool none = arg->kind == PV_STR && str_eq(arg->u.str, "none");
    bool tanh = arg->kind == PV_STR && str_eq(arg->u.str, "tanh");
    if (!none && !tanh)
        return convert_fail(a, err, "unknown approximation", arg);
    return convert_put(a, out, attr, pv_bool(tanh));
}

static bool write_gelu(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    *out = pv_str(attr_bool(attrs, attr, false) ? "tanh" : "none");
    return true;
}

/* ---- recurrent layers ---- */

static bool read_return_sequences(Arena *a, const PValue *arg, int ndim, const char *attr,
                                  PAttrs *out, const char **err)
{
    (void)ndim;
    if (arg->kind != PV_BOOL)
        return convert_fail(a, err, "expected True or False, not", arg);
    return convert_put(a, out, attr, pv_str(arg->u.b ? "full" : "last"));
}

static bool write_return_sequences(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                                   PValue *out)
{
    const char *type = attr_str(attrs, attr, "full");
    (void)a, (void)ndim;
    *out = pv_bool(str_eq(type, "full"));
    return str_eq(type, "full") || str_eq(type, "last");
}

/* ---- norms ---- */

static const char *const AFFINE[] = {"center", "scale", NULL};

static bool read_affine(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                        const char **err)
{
    (void)ndim, (void)attr;
    if (arg->kind != PV_BOOL)
        return convert_fail(a, err, "expected True or False, not", arg);
    attr_set(a, out, "center", *arg);
    return convert_put(a, out, "scale", *arg);
}

/* The shift can be taken away by another argument (bias_flag), the scale alone cannot. */
static bool write_affine(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    bool center = attr_bool(attrs, "center", true), scale = attr_bool(attrs, "scale", true);
    (void)a, (void)ndim, (void)attr;
    *out = pv_bool(scale);
    return scale || !center;
}

static bool write_affine_both(Arena *a, const PAttrs *attrs, int ndim, const char *attr,
                              PValue *out)
{
    (void)a, (void)ndim, (void)attr;
    *out = pv_bool(attr_bool(attrs, "scale", true));
    return attr_bool(attrs, "center", true) == out->u.b;
}

static bool read_bias_flag(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    (void)ndim;
    if (arg->kind != PV_BOOL)
        return convert_fail(a, err, "expected True or False, not", arg);
    return convert_put(a, out, attr, pv_bool(arg->u.b && attr_bool(out, "scale", true)));
}

static bool write_bias_flag(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    (void)a, (void)ndim;
    *out = pv_bool(attr_bool(attrs, attr, true) || !attr_bool(attrs, "scale", true));
    return true;
}

/* RMSNorm without eps adds the spacing of float32 at 1. */
static bool write_rms_eps(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, attr);
    (void)a, (void)ndim;
    *out = convert_is_absent(v) ? pv_float(1.1920929e-07) : *v;
    return true;
}

static bool read_plain(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                       const char **err)
{
    (void)ndim, (void)err;
    return arg->kind == PV_NONE || convert_put(a, out, attr, *arg);
}

/* TensorFlow's local response norm counts the neighbours on one side, and its alpha is for each of
 * them. */
static bool read_lrn_radius(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                            const char **err)
{
    (void)ndim;
    if (arg->kind != PV_INT)
        return convert_fail(a, err, "expected a number, not", arg);
    return convert_put(a, out, attr, pv_int(2 * arg->u.i + 1));
}

static bool write_lrn_radius(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    long long size = attr_int(attrs, attr, 0);
    (void)a, (void)ndim;
    *out = pv_int(size / 2);
    return size % 2 == 1;
}

static bool read_lrn_alpha(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    (void)ndim;
    if (arg->kind != PV_INT && arg->kind != PV_FLOAT)
        return convert_fail(a, err, "expected a number, not", arg);
    double alpha = arg->kind == PV_INT ? (double)arg->u.i : arg->u.f;
    return convert_put(a, out, attr, pv_float(alpha * (double)attr_int(out, "size", 11)));
}

static bool write_lrn_alpha(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    long long size = attr_int(attrs, "size", 0);
    (void)a, (void)ndim;
    if (size <= 0)
        return false;
    *out = pv_float(attr_float(attrs, attr, 0.0001) / (double)size);
    return true;
}

/* ---- attention: Keras counts the size of one head, PyTorch that of all ---- */

static const char *const HEADS[] = {"key_dim", "embed_dim", NULL};

static bool write_head_dim(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, "key_dim");
    long long embed = attr_int(attrs, "embed_dim", 0), heads = attr_int(attrs, "num_heads", 0);
    (void)a, (void)ndim, (void)attr;
    *out = !convert_is_absent(v) ? *v : pv_int(heads > 0 ? embed / heads : 0);
    return !convert_is_absent(v) || (heads > 0 && embed > 0 && embed % heads == 0);
}

static bool write_embed_dim(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const PValue *v = attr_get(attrs, "embed_dim");
    long long key = attr_int(attrs, "key_dim", 0), heads = attr_int(attrs, "num_heads", 0);
    (void)a, (void)ndim, (void)attr;
    *out = !convert_is_absent(v) ? *v : pv_int(key * heads);
    if (convert_is_absent(v))
        return key > 0 && heads > 0;
    return key == 0 || out->kind != PV_INT ||
           key * heads == out->u.i; /* else its heads are of another size */
}

/* A depthwise convolution is one with a group for each channel in PyTorch: as many filters as
 * channels times the multiplier. */
static bool read_times_in(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                          const char **err)
{
    long long in = attr_int(out, "in_channels", 0);
    (void)ndim;
    if (arg->kind != PV_INT || in <= 0 || arg->u.i % in)
        return convert_fail(a, err, "no multiple of in_channels:", arg);
    return convert_put(a, out, attr, pv_int(arg->u.i / in));
}

static bool write_times_in(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    long long in = attr_int(attrs, "in_channels", 0);
    (void)a, (void)ndim;
    *out = pv_int(in * attr_int(attrs, attr, 1));
    return in > 0;
}

/* ---- resizing: TensorFlow's nearest takes the pixel's centre, which PyTorch calls nearest-exact
 * ---- */

static bool read_tf_interp(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    (void)ndim;
    const char *s = arg->kind == PV_STR ? arg->u.str : NULL;
    if (!s || (!str_eq(s, "nearest") && !str_eq(s, "bilinear") && !str_eq(s, "bicubic")))
        return convert_fail(a, err, "unknown interpolation", arg);
    return convert_put(a, out, attr, pv_str(str_eq(s, "nearest") ? "nearest-exact" : s));
}

static bool write_tf_interp(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const char *s = attr_str(attrs, attr, "nearest");
    const PValue *scale = attr_get(attrs, "scale");
    (void)a, (void)ndim;
    if (str_eq(s, "nearest-exact") || str_eq(s, "nearest")) {
        PValue one = convert_is_absent(scale) ? pv_none() : convert_collapse(scale);
        *out = pv_str("nearest");
        return str_eq(s, "nearest-exact") ||
               (one.kind == PV_INT && one.u.i > 0); /* whole steps agree */
    }
    *out = pv_str(s);
    return str_eq(s, "bilinear");
}

/* UpSampling2D repeats pixels: nearest in both senses. */
static bool write_up_interp(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    const char *s = attr_str(attrs, attr, "nearest");
    (void)a, (void)ndim;
    *out = pv_str(str_eq(s, "nearest-exact") ? "nearest" : s);
    return str_eq(s, "nearest") || str_eq(s, "nearest-exact") || str_eq(s, "bilinear");
}

static bool read_up_interp(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                           const char **err)
{
    (void)ndim;
    if (arg->kind != PV_STR)
        return convert_fail(a, err, "unknown interpolation", arg);
    return convert_put(a, out, attr, *arg);
}

/* noise_shape=(None, 1, 1): one number for a whole sample. As the rank of what is dropped. */
static bool read_per_sample(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out, const char **err)
{
    (void)ndim;
    bool fits = arg->kind == PV_LIST && arg->u.list.len > 1;
    for (int i = 1; fits && i < arg->u.list.len; i++) fits = pv_is_int(&arg->u.list.at[i], 1);
    if (!fits) return convert_fail(a, err, "expected one number for each sample, not", arg);
    return convert_put(a, out, attr, pv_int(arg->u.list.len));
}

static bool write_per_sample(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out)
{
    long long rank = attr_int(attrs, attr, 0);
    (void)ndim;
    if (rank < 2) return false;
    *out = pv_list(a, (int)rank);
    for (int i = 0; i < rank; i++) out->u.list.at[i] = i ? pv_int(1) : pv_none();
    return true;
}

const Conversion convert_layers[] = {
    {"per_sample", read_per_sample, write_per_sample, CARRY_NONE, NULL, NULL},
    {"pool_stride", read_pool_stride, write_pool_stride, CARRY_SAME, NULL, NULL},
    {"nhwc_ints", read_nhwc_ints, write_nhwc_ints, CARRY_NONE, NULL, NULL},
    {"nhwc", read_nhwc, write_nhwc, CARRY_NONE, NULL, NULL},
    {"act", read_act, write_act, CARRY_NONE, NULL, NULL},
    {"rnn_act", read_act, write_rnn_act, CARRY_NONE, NULL, NULL},
    {"gelu", read_gelu, write_gelu, CARRY_NONE, NULL, NULL},
    {"return_sequences", read_return_sequences, write_return_sequences, CARRY_SAME, NULL, NULL},
    {"affine", read_affine, write_affine, CARRY_SAME, AFFINE, NULL},
    {"affine_both", read_affine, write_affine_both, CARRY_SAME, AFFINE, NULL},
    {"bias_flag", read_bias_flag, write_bias_flag, CARRY_SAME, NULL, NULL},
    {"rms_eps", read_plain, write_rms_eps, CARRY_NONE, NULL, NULL},
    {"lrn_radius", read_lrn_radius, write_lrn_radius, CARRY_NONE, NULL, NULL},
    {"lrn_alpha", read_lrn_alpha, write_lrn_alpha, CARRY_NONE, NULL, NULL},
    {"head_dim", read_plain, write_head_dim, CARRY_NONE, HEADS, NULL},
    {"embed_dim", read_plain, write_embed_dim, CARRY_NONE, HEADS, NULL},
    {"times_in", read_times_in, write_times_in, CARRY_SAME, NULL, "in_channels"},
    {"tf_interp", read_tf_interp, write_tf_interp, CARRY_NONE, NULL, NULL},
    {"up_interp", read_up_interp, write_up_interp, CARRY_NONE, NULL, NULL},
    {0},
};
