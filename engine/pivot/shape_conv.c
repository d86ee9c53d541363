/* Convolutions: plain, transposed, depthwise, separable.
 *
 * Along one axis, with n the input size, k kernel, s stride, d dilation and ke = d(k-1)+1 the span
 * of the kernel:
 *   valid      (n - ke) // s + 1
 *   explicit   (n + before + after - ke) // s + 1
 *   same       ceil(n / s)             (TensorFlow's rule; PyTorch has it at stride 1 only, where
 *     it agrees)
 *   causal     as same                 (all of ke - 1 before)
 * Transposed, with op the output padding where the source gives one:
 *   (n-1)s + ke - before - after + op  PyTorch, and Keras with an output_padding (same: before =
 *     after = ke // 2)
 *   n*s + max(ke - s, 0), n*s          Keras without, valid and same */
#include <string.h>

#include "pivot/shape.h"

typedef struct Window { /* along one axis */
    Size k, s, d, span, pad[2];
} Window;

static bool read_windows(ShapeJob *j, int nd, Window *w)
{
    Size k[3], s[3], d[3], pads[3][2];
    if (!shape_given(j, "kernel_dim"))
        return shape_error(j, "%s needs a kernel size", shape_name(j));
    if (!shape_ints(j, "kernel_dim", nd, 1, k) || !shape_ints(j, "stride_dim", nd, 1, s) ||
        !shape_ints(j, "dilation", nd, 1, d) || !shape_pads(j, "padding_amount", nd, pads))
        return false;
    for (int i = 0; i < nd; i++) {
        if (size_is(s[i], 0) || size_is(d[i], 0) || size_is(k[i], 0))
            return shape_error(j, "%s needs a kernel, stride and dilation above 0", shape_name(j));
        Size span = size_add(j->a, size_op(j->a, '*', d[i], size_add(j->a, k[i], -1)), 1);
        w[i] = (Window){
            .k = k[i], .s = s[i], .d = d[i], .span = span, .pad = {pads[i][0], pads[i][1]}};
    }
    return true;
}

static const char *padding_type(const ShapeJob *j)
{
    return attr_str(j->as, "padding_type", "valid");
}

static bool conv_axis(ShapeJob *j, const Window *w, Size n, int axis, Size *out)
{
    Arena *a = j->a;
    const char *type = padding_type(j);
    if (strcmp(type, "same") == 0 || strcmp(type, "causal") == 0) {
        *out = size_op(a, 'c', n, w->s);
        return true;
    }
    Size padded = n;
    if (strcmp(type, "explicit") == 0)
        padded = size_op(a, '+', n, size_op(a, '+', w->pad[0], w->pad[1]));
    if (!padded.free && !w->span.free && padded.n >= 0 && w->span.n > padded.n)
        return shape_error(j, "%s's kernel spans %lld, more than the %lld along axis %d",
                           shape_name(j), w->span.n, padded.n, axis);
    *out = size_add(a, size_op(a, '/', size_op(a, '-', padded, w->span), w->s), 1);
    return true;
}

static bool transposed_axis(ShapeJob *j, const Window *w, Size n, Size op, bool has_op, Size *out)
{
    Arena *a = j->a;
    const char *type = padding_type(j);
    bool same = strcmp(type, "same") == 0, explicit = strcmp(type, "explicit") == 0;
    if (!has_op && !explicit) {
        Size extra = size_op(a, 'm', size_op(a, '-', w->span, w->s), size_known(0));
        *out = size_op(a, '*', n, w->s);
        if (!same) *out = size_op(a, '+', *out, extra);
        return true;
    }
    Size pads = size_known(0);
    if (explicit) pads = size_op(a, '+', w->pad[0], w->pad[1]);
    else if (same) pads = size_op(a, '*', size_op(a, '/', w->span, size_known(2)), size_known(2));
    Size full = size_op(a, '+', size_op(a, '*', size_add(a, n, -1), w->s), w->span);
    *out = size_op(a, '-', full, pads);
    if (has_op) *out = size_op(a, '+', *out, op);
    if (!out->free && !size_unknown(*out) && out->n < 1)
        return shape_error(j, "%s's padding leaves nothing of its output", shape_name(j));
    return true;
}

/* The groups must divide the channels on both sides. */
static bool check_groups(ShapeJob *j, Size in, Size out)
{
    long long g = attr_int(j->as, "groups", 1);
    if (g < 1)
        return shape_error(j, "%s needs at least one group, and gets %lld", shape_name(j), g);
    const Size both[2] = {in, out};
    for (int i = 0; i < 2; i++) {
        if (!both[i].free && both[i].n >= 0 && both[i].n % g != 0)
            return shape_error(j, "%s has %lld groups, which do not divide %lld %s channels",
                               shape_name(j), g, both[i].n, i ? "output" : "input");
    }
    return true;
}

/* What all of them do: channels checked and replaced, spatial axes mapped. */
static bool convolve(ShapeJob *j, Size out_channels, bool by_multiplier, bool transposed)
{
    const PivotTensor *x = j->in->in[0];
    Layout l;
    Window w[3];
    int nd = shape_dimension(j);
    if (!nd) return shape_error(j, "%s does not say how many spatial axes it has", shape_name(j));
    if (!shape_layout(j, x, nd, &l) || !read_windows(j, nd, w)) return false;
    Size channels = x->dims[l.channel];
    if (!shape_expect(j, "in_channels", channels, "channels")) return false;
    if (by_multiplier)
        out_channels = size_op(j->a, '*', channels, shape_size(j, "depth_multiplier"));
    if (!check_groups(j, channels, out_channels)) return false;
    Size op[3], dims[MAX_RANK];
    bool has_op = shape_given(j, "output_padding");
    if (!shape_ints(j, "output_padding", nd, 0, op)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[l.channel] = out_channels;
    for (int i = 0; i < nd; i++) {
        Size n = x->dims[l.first + i], *out = &dims[l.first + i];
        bool ok = transposed ? transposed_axis(j, &w[i], n, op[i], has_op, out)
                             : conv_axis(j, &w[i], n, l.first + i, out);
        if (!ok) return false;
    }
    return shape_out(j, dims, x->rank, dtype_float(x->dtype));
}

bool rule_conv(ShapeJob *j)
{
    return convolve(j, shape_size(j, "out_channels"), false, false);
}

bool rule_conv_transpose(ShapeJob *j)
{
    return convolve(j, shape_size(j, "out_channels"), false, true);
}

bool rule_depthwise(ShapeJob *j)
{
    return convolve(j, size_known(-1), true, false);
}

bool rule_separable(ShapeJob *j)
{
    return convolve(j, shape_size(j, "out_channels"), false, false);
}

/* Patches of channels-last images: (B, rows, columns, height x width x channels). */
bool rule_extract_patches(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size size[2], stride[2], dilation[2], dims[4];
    if (x->rank != 4) return shape_error(j, "patches are cut from images of four axes, not %s", tensor_shape_text(j->a, x));
    if (!shape_ints(j, "size", 2, 1, size) || !shape_ints(j, "dilation", 2, 1, dilation)) return false;
    bool given = shape_given(j, "stride");
    if (given && !shape_ints(j, "stride", 2, 1, stride)) return false;
    bool same = str_eq(attr_str(j->as, "padding", "valid"), "same");
    dims[0] = x->dims[0];
    dims[3] = x->dims[3];
    for (int i = 0; i < 2; i++) {
        Size step = given ? stride[i] : size[i], one = size_known(1), n = x->dims[i + 1];
        Size window = size_op(j->a, '+', size_op(j->a, '*', dilation[i], size_op(j->a, '-', size[i], one)), one);
        dims[i + 1] = same ? size_op(j->a, 'c', n, step)
                           : size_op(j->a, '+', size_op(j->a, '/', size_op(j->a, '-', n, window), step), one);
        dims[3] = size_op(j->a, '*', dims[3], size[i]);
    }
    return shape_out(j, dims, 4, x->dtype);
}

/* With weights that are a tensor, whose order of axes the attribute tells: the sizes are theirs. */
bool rule_convolve(ShapeJob *j)
{
    const char *order = attr_str(j->as, "weights", "first");
    bool first = strcmp(order, "first") == 0, depthwise = strcmp(order, "depthwise") == 0;
    if (j->in->nin < 2) return shape_error(j, "%s needs weights", shape_name(j));
    const PivotTensor *x = j->in->in[0], *w = j->in->in[1];
    int nd = w->rank - 2;
    if (nd < 1 || nd > 3 || x->rank < nd + 1)
        return shape_error(j, "%s has weights of %d axes for a tensor of %d", shape_name(j),
                           w->rank, x->rank);
    PAttrs as = {0};
    for (int i = 0; i < j->as->len; i++)
        attr_set(j->a, &as, j->as->at[i].name, j->as->at[i].value);
    PValue kernel = pv_list(j->a, nd);
    for (int i = 0; i < nd; i++) kernel.u.list.at[i] = pv_size(w->dims[i + (first ? 2 : 0)]);
    attr_set(j->a, &as, "kernel_dim", kernel);
    attr_set(j->a, &as, "dimension", pv_int(nd));
    long long groups = attr_int(j->as, "groups", 1);
    Size in = w->dims[first ? 1 : nd], out = w->dims[first ? 0 : nd + 1];
    if (first) in = size_op(j->a, '*', in, size_known(groups));
    if (depthwise) out = size_op(j->a, '*', in, out);
    if (!size_unknown(in) && !in.free) attr_set(j->a, &as, "in_channels", pv_int(in.n));
    ShapeJob inner = *j;
    inner.as = &as;
    return convolve(&inner, out, false, false);
}
