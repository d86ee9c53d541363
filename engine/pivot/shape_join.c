/* Joining tensors and cutting them up.
 *
 * How many pieces a cut gives is a number that the program needs at once. Where the axis is free
 * and its length does not cancel, the hint decides that number; who traces a free axis knows that
 * (value.h). */
#include <string.h>

#include "pivot/shape.h"

bool rule_concatenate(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    int axis;
    const char *dtype = x->dtype;
    if (x->rank == 0) return shape_error(j, "%s takes tensors of at least one axis", shape_name(j));
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    for (int i = 1; i < j->in->nin; i++) {
        const PivotTensor *y = j->in->in[i];
        if (y->rank != x->rank)
            return shape_error(j, "%s joins tensors of %d and %d axes: %s and %s", shape_name(j),
                               x->rank, y->rank, tensor_shape_text(j->a, x),
                               tensor_shape_text(j->a, y));
        for (int k = 0; k < x->rank; k++) {
            if (k == axis) continue;
            if (size_differs(dims[k], y->dims[k]))
                return shape_error(
                    j, "%s along axis %d needs equal sizes along axis %d, and gets %lld and %lld",
                    shape_name(j), axis, k, dims[k].n, y->dims[k].n);
            if ((dims[k].free || size_unknown(dims[k])) && !y->dims[k].free &&
                !size_unknown(y->dims[k]))
                dims[k] = y->dims[k];
        }
        dims[axis] = size_op(j->a, '+', dims[axis], y->dims[axis]);
        dtype = dtype_promote(dtype, y->dtype);
    }
    return shape_out(j, dims, x->rank, dtype);
}

bool rule_stack(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK + 1];
    int axis;
    const char *dtype = x->dtype;
    if (!shape_axis_attr(j, "axis", x->rank + 1, &axis)) return false;
    for (int i = 1; i < j->in->nin; i++) {
        const PivotTensor *y = j->in->in[i];
        bool fits = y->rank == x->rank;
        for (int k = 0; k < x->rank && fits; k++) fits = !size_differs(x->dims[k], y->dims[k]);
        if (!fits)
            return shape_error(j, "stack needs equal shapes, and gets %s and %s",
                               tensor_shape_text(j->a, x), tensor_shape_text(j->a, y));
        dtype = dtype_promote(dtype, y->dtype);
    }
    for (int i = 0; i <= x->rank; i++)
        dims[i] = i == axis ? size_known(j->in->nin) : x->dims[i < axis ? i : i - 1];
    return shape_out(j, dims, x->rank + 1, dtype);
}

/* ---- cutting ---- */

static bool out_piece(ShapeJob *j, int axis, Size n)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[axis] = n;
    return shape_out(j, dims, x->rank, x->dtype);
}

/* Pieces of `size` along axis, the last one what is left. */
static bool pieces_of(ShapeJob *j, int axis, Size n, Size size)
{
    Arena *a = j->a;
    if (size_unknown(n) || size_unknown(size)) return shape_out_unknown(j, j->in->in[0]->dtype);
    if (size.n < 1)
        return shape_error(j, "%s needs pieces of at least 1, and gets %lld", shape_name(j),
                           size.n);
    Size count = size_op(a, 'c', n, size);
    if (count.n < 1) return out_piece(j, axis, n);
    if (count.n > MAX_OUTPUTS)
        return shape_error(j, "%s gives %lld tensors, more than the %d that are followed",
                           shape_name(j), count.n, MAX_OUTPUTS);
    for (long long i = 0; i + 1 < count.n; i++) {
        if (!out_piece(j, axis, size)) return false;
    }
    Size before = size_op(a, '*', size, size_known(count.n - 1));
    return out_piece(j, axis, size_op(a, '-', n, before));
}

/* A list of sizes; one of them may be -1: what is left. */
static bool pieces_listed(ShapeJob *j, int axis, Size n, const PValue *list)
{
    Size sum = size_known(0);
    int hole = -1;
    for (int i = 0; i < list->u.list.len; i++) {
        const PValue *v = &list->u.list.at[i];
        if (pv_is_int(v, -1) && hole < 0) hole = i;
        else sum = size_op(j->a, '+', sum, pv_as_size(v));
    }
    if (hole < 0 && size_differs(sum, n))
        return shape_error(j, "split into %s needs %lld along axis %d, and gets %lld",
                           pv_text(j->a, list), sum.n, axis, n.n);
    for (int i = 0; i < list->u.list.len; i++) {
        Size piece = i == hole ? size_op(j->a, '-', n, sum) : pv_as_size(&list->u.list.at[i]);
        if (!out_piece(j, axis, piece)) return false;
    }
    return true;
}

bool rule_split(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    const PValue *sizes = attr_get(j->as, "sizes");
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    if (sizes && sizes->kind == PV_LIST) return pieces_listed(j, axis, x->dims[axis], sizes);
    return pieces_of(j, axis, x->dims[axis], pv_as_size(sizes));
}

bool rule_split_n(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    long long pieces = attr_int(j->as, "n", 0);
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    Size n = x->dims[axis];
    if (pieces < 1)
        return shape_error(j, "%s needs at least one piece, and gets %lld", shape_name(j), pieces);
    if (!n.free && n.n >= 0 && n.n % pieces != 0)
        return shape_error(j, "split into %lld equal pieces does not divide the %lld along axis %d",
                           pieces, n.n, axis);
    for (long long i = 0; i < pieces; i++) {
        if (!out_piece(j, axis, size_op(j->a, '/', n, size_known(pieces)))) return false;
    }
    return true;
}

/* PyTorch: pieces of ceil(n / count), so there may be fewer than asked for. */
bool rule_chunk(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    long long count = attr_int(j->as, "n", 0);
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    if (count < 1)
        return shape_error(j, "%s needs at least one piece, and gets %lld", shape_name(j), count);
    Size n = x->dims[axis], size = size_op(j->a, 'c', n, size_known(count));
    if (!n.free) return pieces_of(j, axis, n, size);
    Size whole = size_op(j->a, '*', size, size_known(count));
    Size last = size_same(whole, n) ? size : size_op(j->a, '-', n, size_op(j->a, '-', whole, size));
    for (long long i = 0; i < count; i++) {
        if (!out_piece(j, axis, i + 1 < count ? size : last)) return false;
    }
    return true;
}

bool rule_unbind(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    int axis, rank = 0;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    if (size_unknown(x->dims[axis])) return shape_out_unknown(j, x->dtype);
    for (int i = 0; i < x->rank; i++) {
        if (i != axis) dims[rank++] = x->dims[i];
    }
    for (long long i = 0; i < x->dims[axis].n; i++) {
        if (!shape_out(j, dims, rank, x->dtype)) return false;
    }
    return true;
}
