/* Pooling, and the layers that change spatial sizes without parameters: padding, cropping,
 * resizing, pixel shuffle.
 *
 * Pooling with ceil_mode: a last window that would begin beyond the input and its left padding is
 * dropped. Its count is min(ceil((n + before + after - ke) / s) + 1, ceil((n + before) / s)); the
 * second term matters only where s > ke - after, and is left out elsewhere so that free sizes stay
 * readable. */
#include <math.h>
#include <string.h>

#include "pivot/shape.h"

typedef struct PoolWindow {
    Size span, s, pad[2];
    bool same, ceil_mode;
} PoolWindow;

static bool pool_axis(ShapeJob *j, const PoolWindow *w, Size n, int axis, Size *out)
{
    Arena *a = j->a;
    if (w->same) {
        *out = size_op(a, 'c', n, w->s);
        return true;
    }
    Size left = size_op(a, '+', n, w->pad[0]), padded = size_op(a, '+', left, w->pad[1]);
    Size reach = size_op(a, '-', padded, w->span);
    if (!padded.free && !w->span.free && padded.n >= 0 && w->span.n > padded.n && !w->ceil_mode)
        return shape_error(j, "%s's window spans %lld, more than the %lld along axis %d",
                           shape_name(j), w->span.n, padded.n, axis);
    *out = size_add(a, size_op(a, w->ceil_mode ? 'c' : '/', reach, w->s), 1);
    Size slack = size_op(a, '-', size_op(a, '-', w->span, w->pad[1]), w->s);
    bool last_may_start_outside = slack.free || slack.n < 0;
    if (w->ceil_mode && last_may_start_outside)
        *out = size_op(a, 'i', *out, size_op(a, 'c', left, w->s));
    return true;
}

static bool read_pool(ShapeJob *j, int nd, PoolWindow *w)
{
    Size k[3], s[3], d[3], pads[3][2];
    if (!shape_given(j, "kernel_dim"))
        return shape_error(j, "%s needs a window size", shape_name(j));
    if (!shape_ints(j, "kernel_dim", nd, 1, k) || !shape_ints(j, "stride_dim", nd, 1, s) ||
        !shape_ints(j, "dilation", nd, 1, d) || !shape_pads(j, "padding_amount", nd, pads))
        return false;
    if (!shape_given(j, "stride_dim")) memcpy(s, k, sizeof s);
    const char *type = attr_str(j->as, "padding_type", "valid");
    for (int i = 0; i < nd; i++) {
        if (size_is(s[i], 0) || size_is(k[i], 0))
            return shape_error(j, "%s needs a window and a stride above 0", shape_name(j));
        w[i].span = size_add(j->a, size_op(j->a, '*', d[i], size_add(j->a, k[i], -1)), 1);
        w[i].s = s[i];
        w[i].same = strcmp(type, "same") == 0;
        w[i].ceil_mode = attr_bool(j->as, "ceil_mode", false);
        bool padded = strcmp(type, "explicit") == 0;
        for (int side = 0; side < 2; side++)
            w[i].pad[side] = padded ? pads[i][side] : size_known(0);
    }
    return true;
}

static bool pool_global(ShapeJob *j, const PivotTensor *x, const Layout *l)
{
    bool keep = attr_bool(j->as, "keepdims", false);
    Size dims[MAX_RANK];
    int rank = 0;
    for (int i = 0; i < x->rank; i++) {
        bool spatial = i >= l->first && i < l->first + l->nd;
        if (!spatial) dims[rank++] = x->dims[i];
        else if (keep) dims[rank++] = size_known(1);
    }
    return shape_out(j, dims, rank, x->dtype);
}

/* output_dim: None keeps an axis. */
static bool pool_adaptive(ShapeJob *j, const PivotTensor *x, const Layout *l)
{
    const PValue *v = attr_get(j->as, "output_dim");
    bool list = v && v->kind == PV_LIST;
    if (list && v->u.list.len != l->nd && v->u.list.len != 1)
        return shape_error(j, "%s takes %d output sizes, and gets %d", shape_name(j), l->nd,
                           v->u.list.len);
    Size dims[MAX_RANK];
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    for (int i = 0; i < l->nd; i++) {
        const PValue *item = list ? &v->u.list.at[v->u.list.len == 1 ? 0 : i] : v;
        if (item && item->kind != PV_NONE && item->kind != PV_UNSET)
            dims[l->first + i] = pv_as_size(item);
    }
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_pool(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    const char *type = attr_str(j->as, "pooling_type", "max");
    Layout l;
    if (!shape_layout(j, x, shape_dimension(j), &l)) return false;
    if (str_starts(type, "global")) return pool_global(j, x, &l);
    if (str_starts(type, "adaptive")) return pool_adaptive(j, x, &l);
    if (l.nd > 3) return shape_error(j, "%s has more than 3 spatial axes", shape_name(j));
    PoolWindow w[3];
    Size dims[MAX_RANK];
    if (!read_pool(j, l.nd, w)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    for (int i = 0; i < l.nd; i++) {
        int axis = l.first + i;
        if (!pool_axis(j, &w[i], x->dims[axis], axis, &dims[axis])) return false;
    }
    return shape_out(j, dims, x->rank, x->dtype);
}

/* ---- padding and cropping ---- */

static bool pad_spatial(ShapeJob *j, char op)
{
    const PivotTensor *x = j->in->in[0];
    Layout l;
    Size pads[MAX_RANK][2], dims[MAX_RANK];
    if (!shape_layout(j, x, shape_dimension(j), &l) || !shape_pads(j, "amounts", l.nd, pads))
        return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    bool reflect = str_eq(attr_str(j->as, "mode", "constant"), "reflect");
    for (int i = 0; i < l.nd; i++) {
        Size *d = &dims[l.first + i];
        for (int side = 0; side < 2; side++) {
            Size p = pads[i][side];
            if (reflect && !p.free && !x->dims[l.first + i].free && p.n >= x->dims[l.first + i].n)
                return shape_error(j,
                                   "%s reflects %lld, which needs more than the %lld along axis %d",
                                   shape_name(j), p.n, x->dims[l.first + i].n, l.first + i);
            *d = size_op(j->a, op, *d, p);
        }
        if (!d->free && !size_unknown(*d) && d->n < 1)
            return shape_error(j, "%s leaves nothing along axis %d of size %s", shape_name(j),
                               l.first + i, size_text(j->a, x->dims[l.first + i]));
    }
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_padding(ShapeJob *j)
{
    return pad_spatial(j, '+');
}

bool rule_cropping(ShapeJob *j)
{
    return pad_spatial(j, '-');
}

/* ---- resizing ---- */

/* floor(n * scale). A scale of a small denominator keeps a free n exact. */
static Size scaled(Arena *a, Size n, double scale)
{
    for (int q = 1; q <= 64; q++) {
        double p = scale * q;
        if (fabs(p - round(p)) > 1e-9 || fabs(p) > 1e9) continue;
        return size_op(a, '/', size_op(a, '*', n, size_known((long long)round(p))), size_known(q));
    }
    if (n.free || size_unknown(n) || !(fabs(scale) < 1e9)) return size_known(-1);
    return size_known((long long)floor((double)n.n * scale));
}

static Size scaled_by(Arena *a, Size n, const PValue *v)
{
    if (v && v->kind == PV_FLOAT) return scaled(a, n, v->u.f);
    return size_op(a, '*', n, pv_as_size(v));
}

static bool resize(ShapeJob *j, int nd)
{
    const PivotTensor *x = j->in->in[0];
    Layout l;
    if (!shape_layout(j, x, nd, &l)) return false;
    bool by_size = shape_given(j, "size");
    if (!by_size && !shape_given(j, "scale"))
        return shape_error(j, "%s needs a size or a scale", shape_name(j));
    const PValue *v = attr_get(j->as, by_size ? "size" : "scale");
    bool list = v->kind == PV_LIST;
    if (list && v->u.list.len != l.nd && v->u.list.len != 1)
        return shape_error(j, "%s takes %d numbers for %s, and gets %d", shape_name(j), l.nd,
                           by_size ? "size" : "scale", v->u.list.len);
    Size dims[MAX_RANK];
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    for (int i = 0; i < l.nd; i++) {
        const PValue *item = list ? &v->u.list.at[v->u.list.len == 1 ? 0 : i] : v;
        Size *d = &dims[l.first + i];
        *d = by_size ? pv_as_size(item) : scaled_by(j->a, *d, item);
    }
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_upsampling(ShapeJob *j)
{
    return resize(j, shape_dimension(j));
}

bool rule_interpolate(ShapeJob *j)
{
    return resize(j, 0);
}

bool rule_shuffle(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Layout l;
    long long r = attr_int(j->as, "factor", 0);
    if (r < 1 || r > 1 << 20) return shape_error(j, "%s needs a factor above 0", shape_name(j));
    if (!shape_layout(j, x, 2, &l)) return false;
    Size dims[MAX_RANK], channels = x->dims[l.channel];
    if (!channels.free && channels.n >= 0 && channels.n % (r * r) != 0)
        return shape_error(j, "%s by %lld needs channels that %lld divides, and gets %lld",
                           shape_name(j), r, r * r, channels.n);
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[l.channel] = size_op(j->a, '/', channels, size_known(r * r));
    for (int i = 0; i < 2; i++)
        dims[l.first + i] = size_op(j->a, '*', dims[l.first + i], size_known(r));
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_unshuffle(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Layout l;
    long long r = attr_int(j->as, "factor", 0);
    if (r < 1 || r > 1 << 20) return shape_error(j, "%s needs a factor above 0", shape_name(j));
    if (!shape_layout(j, x, 2, &l)) return false;
    Size dims[MAX_RANK];
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    for (int i = 0; i < 2; i++) {
        Size n = dims[l.first + i];
        if (!n.free && n.n >= 0 && n.n % r != 0)
            return shape_error(j, "%s by %lld needs sizes that it divides, and gets %lld", shape_name(j), r, n.n);
        dims[l.first + i] = size_op(j->a, '/', n, size_known(r));
    }
    dims[l.channel] = size_op(j->a, '*', dims[l.channel], size_known(r * r));
    return shape_out(j, dims, x->rank, x->dtype);
}

/* The shape of the second operand, with the type of the first. */
bool rule_like(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "%s needs a second tensor", shape_name(j));
    return shape_out(j, j->in->in[1]->dims, j->in->in[1]->rank, j->in->in[0]->dtype);
}

/* Without the axis along which the two are compared. */
bool rule_cosine(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    long long axis = attr_int(j->as, "axis", 1);
    Size dims[MAX_RANK];
    int n = 0;
    if (axis < 0) axis += x->rank;
    if (axis < 0 || axis >= x->rank) return shape_error(j, "%s has no axis %lld", shape_name(j), axis);
    for (int i = 0; i < x->rank; i++)
        if (i != axis) dims[n++] = x->dims[i];
    return shape_out(j, dims, n, x->dtype);
}

/* (..., in) and weights (out, in): (..., out). */
bool rule_linear_map(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "%s needs weights", shape_name(j));
    const PivotTensor *x = j->in->in[0], *w = j->in->in[1];
    Size dims[MAX_RANK];
    if (x->rank < 1 || w->rank != 2) return shape_error(j, "%s needs weights of two axes", shape_name(j));
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[x->rank - 1] = w->dims[0];
    return shape_out(j, dims, x->rank, x->dtype);
}
