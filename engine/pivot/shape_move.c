/* Operations that move or merge axes, and those that repeat or pad along them.
 *
 * A reshape's -1 is the quotient of the two products; size_op keeps it exact where the symbols
 * cancel, so (B,16,H,W) to (B,-1) gives 16*H*W. A mismatch is an error only between known
 * products: whether a free one fits is not the network's business. */
#include <string.h>

#include "pivot/shape.h"

/* Fills in the -1 of dims[0..n) so that the product is total. */
static bool infer_size(ShapeJob *j, Size total, Size *dims, const bool *infer, int n,
                       const char *what)
{
    int hole = -1;
    Size rest = size_known(1);
    for (int i = 0; i < n; i++) {
        if (!infer[i]) {
            rest = size_op(j->a, '*', rest, dims[i]);
        } else if (hole >= 0) {
            return shape_error(j, "%s has more than one -1 in its shape", what);
        } else {
            hole = i;
        }
    }
    bool known = !total.free && !rest.free && !size_unknown(total) && !size_unknown(rest);
    bool fits = !known || (hole < 0 ? total.n == rest.n : rest.n > 0 && total.n % rest.n == 0) ||
                (hole >= 0 && rest.n == 0 && total.n == 0);
    if (hole >= 0) dims[hole] = size_known(-1);
    if (!fits)
        return shape_error(j, "%s makes %s of %lld elements, which cannot hold %lld", what,
                           shape_dims_text(j, dims, n), rest.n, total.n);
    if (hole >= 0) dims[hole] = size_op(j->a, '/', total, rest);
    return true;
}

bool rule_reshape(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    bool infer[MAX_RANK];
    int n;
    if (!shape_sizes(j, attr_get(j->as, "shape"), dims, infer, &n)) return false;
    if (!infer_size(j, size_product(j->a, x->dims, x->rank), dims, infer, n, "reshape"))
        return false;
    return shape_out(j, dims, n, x->dtype);
}

/* Keras: the batch is left out and kept. */
bool rule_reshape_layer(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK + 1];
    bool infer[MAX_RANK];
    int n;
    if (x->rank < 1) return shape_error(j, "Reshape takes a tensor with a batch axis");
    if (!shape_sizes(j, attr_get(j->as, "target_shape"), dims + 1, infer, &n)) return false;
    Size total = size_product(j->a, x->dims + 1, x->rank - 1);
    if (!infer_size(j, total, dims + 1, infer, n, "Reshape")) return false;
    dims[0] = x->dims[0];
    return shape_out(j, dims, n + 1, x->dtype);
}

bool rule_flatten(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    bool layer = j->kind->group == GROUP_LAYER;
    if (x->rank == 0 || (x->rank == 1 && layer && !j->in->channels_first)) { /* one axis is added */
        if (x->rank) dims[0] = x->dims[0];
        dims[x->rank] = size_known(1);
        return shape_out(j, dims, x->rank + 1, x->dtype);
    }
    int from, to, rank = 0;
    if (!shape_axis_attr(j, "start_dim", x->rank, &from) ||
        !shape_axis_attr(j, "end_dim", x->rank, &to))
        return false;
    if (from > to)
        return shape_error(j, "%s starts at axis %d and ends before it, at axis %d", shape_name(j),
                           from, to);
    for (int i = 0; i < from; i++) dims[rank++] = x->dims[i];
    dims[rank++] = size_product(j->a, x->dims + from, to - from + 1);
    for (int i = to + 1; i < x->rank; i++) dims[rank++] = x->dims[i];
    return shape_out(j, dims, rank, x->dtype);
}

bool rule_unflatten(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size sizes[MAX_RANK], dims[2 * MAX_RANK];
    bool infer[MAX_RANK];
    int axis, n, rank = 0;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    if (!shape_sizes(j, attr_get(j->as, "sizes"), sizes, infer, &n)) return false;
    if (!infer_size(j, x->dims[axis], sizes, infer, n, "unflatten")) return false;
    for (int i = 0; i < axis; i++) dims[rank++] = x->dims[i];
    for (int i = 0; i < n; i++) dims[rank++] = sizes[i];
    for (int i = axis + 1; i < x->rank; i++) dims[rank++] = x->dims[i];
    return shape_out(j, dims, rank, x->dtype);
}

/* order[i] is the axis that comes to place i, with `base` taken off first (1 for Keras' Permute).
 * */
static bool permute(ShapeJob *j, const char *attr, int skip)
{
    const PivotTensor *x = j->in->in[0];
    const PValue *v = attr_get(j->as, attr);
    Size dims[MAX_RANK];
    bool seen[MAX_RANK] = {false};
    if (!shape_given(j, attr) && !skip) { /* tf.transpose without perm reverses */
        for (int i = 0; i < x->rank; i++) dims[i] = x->dims[x->rank - 1 - i];
        return shape_out(j, dims, x->rank, x->dtype);
    }
    int n = v && v->kind == PV_LIST ? v->u.list.len : -1;
    if (n != x->rank - skip)
        return shape_error(j, "%s names %d axes of a tensor of %d", shape_name(j), n < 0 ? 0 : n,
                           x->rank - skip);
    for (int i = 0; i < skip; i++) dims[i] = x->dims[i];
    for (int i = 0; i < n; i++) {
        int axis;
        if (!shape_axis(j, &v->u.list.at[i], x->rank, &axis)) return false;
        if (seen[axis] || axis < skip)
            return shape_error(j, "%s does not name every axis once: %s", shape_name(j),
                               pv_text(j->a, v));
        seen[axis] = true;
        dims[skip + i] = x->dims[axis];
    }
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_permute(ShapeJob *j)
{
    return permute(j, "dims", 0);
}

/* Its axes are counted from 1 with the batch left out: with the batch, the same numbers count from
 * 0. */
bool rule_permute_layer(ShapeJob *j)
{
    return permute(j, "dims", 1);
}

bool rule_transpose(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    int d0, d1;
    if (!shape_axis_attr(j, "dim0", x->rank, &d0) || !shape_axis_attr(j, "dim1", x->rank, &d1))
        return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[d0] = x->dims[d1];
    dims[d1] = x->dims[d0];
    return shape_out(j, dims, x->rank, x->dtype);
}

/* A free size is never 1 by its hint, so it stays. */
bool rule_squeeze(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    bool mask[MAX_RANK], all;
    int rank = 0;
    if (!shape_axes(j, "axes", x->rank, mask, &all)) return false;
    for (int i = 0; i < x->rank; i++) {
        if (!((all || mask[i]) && size_is(x->dims[i], 1))) dims[rank++] = x->dims[i];
    }
    return shape_out(j, dims, rank, x->dtype);
}

bool rule_unsqueeze(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK + 1];
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank + 1, &axis)) return false;
    for (int i = 0; i <= x->rank; i++)
        dims[i] = i == axis ? size_known(1) : x->dims[i < axis ? i : i - 1];
    return shape_out(j, dims, x->rank + 1, x->dtype);
}

/* ---- repeating and padding ---- */

bool rule_expand(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    bool infer[MAX_RANK];
    int n;
    if (!shape_sizes(j, attr_get(j->as, "shape"), dims, infer, &n)) return false;
    if (n < x->rank) return shape_error(j, "expand gives %d axes to a tensor of %d", n, x->rank);
    for (int i = 0; i < n; i++) {
        int from = i - (n - x->rank);
        if (from < 0 && infer[i])
            return shape_error(j, "expand cannot keep axis %d, which is new", i);
        if (from < 0) continue;
        if (infer[i]) dims[i] = x->dims[from];
        else if (!size_is(x->dims[from], 1) && size_differs(x->dims[from], dims[i]))
            return shape_error(j, "expand cannot bring axis %d from %lld to %lld", i,
                               x->dims[from].n, dims[i].n);
    }
    return shape_out(j, dims, n, x->dtype);
}

/* Repeats are aligned at the last axis; missing ones are 1, surplus ones are new axes in front. */
bool rule_tile(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size repeats[MAX_RANK], dims[MAX_RANK];
    bool infer[MAX_RANK];
    int n;
    if (!shape_sizes(j, attr_get(j->as, "repeats"), repeats, infer, &n)) return false;
    int rank = n > x->rank ? n : x->rank;
    for (int i = 0; i < rank; i++) {
        int from = i - (rank - x->rank), r = i - (rank - n);
        dims[i] = from >= 0 ? x->dims[from] : size_known(1);
        if (r >= 0) dims[i] = size_op(j->a, '*', dims[i], repeats[r]);
    }
    return shape_out(j, dims, rank, x->dtype);
}

bool rule_repeat_interleave(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK], n = shape_size(j, "repeats");
    int axis;
    if (!shape_given(j, "axis")) { /* flattened */
        dims[0] = size_op(j->a, '*', size_product(j->a, x->dims, x->rank), n);
        return shape_out(j, dims, 1, x->dtype);
    }
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[axis] = size_op(j->a, '*', dims[axis], n);
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_repeat_vector(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    if (x->rank != 2)
        return shape_error(j, "RepeatVector takes a tensor of 2 axes, and gets %d: %s", x->rank,
                           tensor_shape_text(j->a, x));
    Size dims[3] = {x->dims[0], shape_size(j, "n"), x->dims[1]};
    return shape_out(j, dims, 3, x->dtype);
}

/* A list shorter than the rank is about the last axes. */
bool rule_pad(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    const PValue *v = attr_get(j->as, "amounts");
    int n = v && v->kind == PV_LIST ? v->u.list.len : x->rank;
    if (n > x->rank) return shape_error(j, "pad names %d axes of a tensor of %d", n, x->rank);
    Size pads[MAX_RANK][2], dims[MAX_RANK];
    if (n && !shape_pads(j, "amounts", n, pads)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    for (int i = 0; i < n; i++) {
        int axis = x->rank - n + i;
        Size *d = &dims[axis];
        *d = size_op(j->a, '+', *d, size_op(j->a, '+', pads[i][0], pads[i][1]));
        if (!d->free && !size_unknown(*d) && d->n < 0)
            return shape_error(j, "pad takes away more than the %lld along axis %d",
                               x->dims[axis].n, axis);
    }
    return shape_out(j, dims, x->rank, x->dtype);
}
