/* Reductions: axes that go, or stay with size 1 under keepdims. Without axes, all of them. */
#include <string.h>

#include "pivot/shape.h"

static bool reduce(ShapeJob *j, const char *attr, const char *dtype)
{
    const PivotTensor *x = j->in->in[0];
    bool mask[MAX_RANK], all, keep = attr_bool(j->as, "keepdims", false);
    Size dims[MAX_RANK];
    int rank = 0;
    if (!shape_axes(j, attr, x->rank, mask, &all)) return false;
    for (int i = 0; i < x->rank; i++) {
        if (!all && !mask[i]) dims[rank++] = x->dims[i];
        else if (keep) dims[rank++] = size_known(1);
    }
    return shape_out(j, dims, rank, dtype);
}

bool rule_reduce(ShapeJob *j)
{
    return reduce(j, "axes", j->in->in[0]->dtype);
}

bool rule_reduce_bool(ShapeJob *j)
{
    return reduce(j, "axes", "bool");
}

/* Sums of integers and booleans are int64. */
bool rule_reduce_sum(ShapeJob *j)
{
    return reduce(j, "axes", dtype_integral(j->in->in[0]->dtype));
}

bool rule_reduce_float(ShapeJob *j)
{
    return reduce(j, "axes", dtype_float(j->in->in[0]->dtype));
}

bool rule_arg_reduce(ShapeJob *j)
{
    return reduce(j, "axis", "int64");
}

bool rule_max_with_index(ShapeJob *j)
{
    return reduce(j, "axis", j->in->in[0]->dtype) && reduce(j, "axis", "int64");
}

bool rule_moments(ShapeJob *j)
{
    const char *dtype = dtype_float(j->in->in[0]->dtype);
    return reduce(j, "axes", dtype) && reduce(j, "axes", dtype);
}

bool rule_topk(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK], k = shape_size(j, "k");
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    if (!k.free && !x->dims[axis].free && x->dims[axis].n >= 0 && k.n > x->dims[axis].n)
        return shape_error(j, "topk takes %lld of the %lld along axis %d", k.n, x->dims[axis].n,
                           axis);
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[axis] = k;
    return shape_out(j, dims, x->rank, x->dtype) && shape_out(j, dims, x->rank, "int64");
}

bool rule_cumsum(ShapeJob *j)
{
    int axis;
    const PivotTensor *x = j->in->in[0];
    if (x->rank && !shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    return shape_out_like(j, x, dtype_integral(x->dtype));
}
