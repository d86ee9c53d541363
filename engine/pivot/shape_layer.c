/* Dense layers, normalisations, embeddings, activations, and whatever leaves a shape as it is. */
#include <string.h>

#include "pivot/shape.h"

bool rule_same(ShapeJob *j)
{
    return shape_out_like(j, j->in->in[0], j->in->in[0]->dtype);
}

/* The same shape, in floating point: exp, sqrt, softmax of integers. */
bool rule_same_float(ShapeJob *j)
{
    return shape_out_like(j, j->in->in[0], dtype_float(j->in->in[0]->dtype));
}

bool rule_unknown(ShapeJob *j)
{
    return shape_out_unknown(j, j->in->nin ? j->in->in[0]->dtype : NULL);
}

/* Shape as it is, after a look at the axis: softmax over axis 4 of an image has none. */
bool rule_axis_same(ShapeJob *j)
{
    int axis;
    const PivotTensor *x = j->in->in[0];
    bool named =
        kind_attr(j->kind, "axis") && (shape_given(j, "axis") || kind_attr(j->kind, "axis")->dflt);
    if (named && x->rank > 0 && !shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    return shape_out_like(j, x,
                          j->kind->group == GROUP_ACTIVATION ? dtype_float(x->dtype) : x->dtype);
}

bool rule_linear(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    if (x->rank < 1) return shape_error(j, "%s takes a tensor of at least one axis", shape_name(j));
    Size dims[MAX_RANK];
    if (!shape_expect(j, "in_features", x->dims[x->rank - 1], "features in its last axis"))
        return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[x->rank - 1] = shape_size(j, "out_features");
    return shape_out(j, dims, x->rank, dtype_float(x->dtype));
}

/* ---- normalisation ---- */

/* The channel axis is what the layer says; torch's classes also say how many axes there must be. */
bool rule_batch_norm(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    long long nd = attr_int(j->as, "dimension", 0);
    if (nd > 0 && x->rank != nd + 2 && !(nd == 1 && x->rank == 2))
        return shape_error(j, "%s takes a tensor of %s axes, and gets %d: %s", shape_name(j),
                           nd == 1   ? "2 or 3"
                           : nd == 2 ? "4"
                                     : "5",
                           x->rank, tensor_shape_text(j->a, x));
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    if (!shape_expect(j, "num_features", x->dims[axis], "channels")) return false;
    if (nd == 0 && j->traced && x->rank >= 2 && x->rank <= 5)
        attr_set(j->a, j->traced, "dimension", pv_int(x->rank <= 3 ? 1 : x->rank - 2));
    return shape_out_like(j, x, dtype_float(x->dtype));
}

/* Compares normalized_shape with the last axes. */
static bool check_last_axes(ShapeJob *j, const PivotTensor *x)
{
    Size want[MAX_RANK];
    bool infer[MAX_RANK];
    int n;
    if (!shape_sizes(j, attr_get(j->as, "normalized_shape"), want, infer, &n)) return false;
    bool fits = n <= x->rank;
    for (int i = 0; i < n && fits; i++) fits = !size_differs(want[i], x->dims[x->rank - n + i]);
    if (fits) return true;
    if (n == 1)
        return shape_error(j, "%s expects %lld features in its last axis, and gets %s",
                           shape_name(j), want[0].n,
                           x->rank ? size_text(j->a, x->dims[x->rank - 1]) : "a single number");
    return shape_error(j, "%s expects %s in its last axes, and gets %s", shape_name(j),
                       shape_dims_text(j, want, n), tensor_shape_text(j->a, x));
}

/* Where the source names axes, their sizes are the normalized shape; without either, the last axis
 * is meant. */
static bool trace_normalized(ShapeJob *j, const PivotTensor *x)
{
    bool mask[MAX_RANK], all;
    PValue shape = pv_list(j->a, x->rank);
    int n = 0;
    if (!shape_axes(j, "axes", x->rank, mask, &all)) return false;
    for (int i = 0; i < x->rank; i++) {
        if (all ? i == x->rank - 1 : mask[i]) shape.u.list.at[n++] = pv_size(x->dims[i]);
    }
    shape.u.list.len = n;
    shape_trace(j, "normalized_shape", shape);
    return true;
}

bool rule_layer_norm(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    bool by_axes = shape_given(
        j, "axes"); /* then a normalized_shape there is one that an earlier trace left */
    bool ok = shape_given(j, "normalized_shape") && !by_axes ? check_last_axes(j, x)
                                                             : trace_normalized(j, x);
    return ok && shape_out_like(j, x, dtype_float(x->dtype));
}

bool rule_rms_norm(ShapeJob *j)
{
    return rule_layer_norm(j);
}

bool rule_group_norm(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    Size channels = x->dims[axis];
    if (!shape_expect(j, "num_features", channels, "channels")) return false;
    long long g = attr_int(j->as, "groups", 1); /* -1: a group for each channel */
    if (g > 0 && !channels.free && channels.n >= 0 && channels.n % g != 0)
        return shape_error(j, "%s has %lld groups, which do not divide %lld channels",
                           shape_name(j), g, channels.n);
    return shape_out_like(j, x, dtype_float(x->dtype));
}

bool rule_instance_norm(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Layout l;
    if (!shape_layout(j, x, shape_dimension(j), &l)) return false;
    if (!shape_given(j, "num_features") ||
        attr_bool(j->as, "affine", false)) { /* unused without parameters */
        if (!shape_expect(j, "num_features", x->dims[l.channel], "channels")) return false;
    }
    return shape_out_like(j, x, dtype_float(x->dtype));
}

/* ---- the rest ---- */

bool rule_embedding(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK + 1];
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[x->rank] = shape_size(j, "embedding_dim");
    return shape_out(j, dims, x->rank + 1, "float32");
}

bool rule_one_hot(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK + 1];
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[x->rank] = shape_size(j, "num_classes"); /* -1 (as many as occur) is an unknown size */
    return shape_out(j, dims, x->rank + 1, "int64");
}

bool rule_glu(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    Size dims[MAX_RANK], n = x->dims[axis];
    if (!n.free && n.n >= 0 && n.n % 2)
        return shape_error(j, "glu halves axis %d, whose size %lld is odd", axis, n.n);
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[axis] = size_op(j->a, '/', n, size_known(2));
    return shape_out(j, dims, x->rank, x->dtype);
}

/* One parameter, or one for each channel (axis 1). */
bool rule_prelu(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size n = shape_size(j, "num_parameters");
    if (!shape_given(j, "shared_axes") && !n.free && n.n > 1 && x->rank >= 2 &&
        size_differs(n, x->dims[1]))
        return shape_error(j, "prelu expects %lld channels, and gets %lld", n.n, x->dims[1].n);
    return rule_same(j);
}

/* An InputLayer applied to nothing: its shape, which leaves out the batch. */
bool rule_input(ShapeJob *j)
{
    const char *dtype = dtype_canonical(attr_str(j->as, "dtype", "float32"));
    if (j->in->nin) return shape_out_like(j, j->in->in[0], j->in->in[0]->dtype);
    Size dims[MAX_RANK + 1];
    bool infer[MAX_RANK];
    int n;
    if (!shape_sizes(j, attr_get(j->as, "shape"), dims + 1, infer, &n)) return false;
    dims[0] = size_free(j->a, "B", 2);
    return shape_out(j, dims, n + 1, dtype);
}

bool rule_cast(ShapeJob *j)
{
    return shape_out_like(j, j->in->in[0],
                          dtype_canonical(attr_str(j->as, "dtype", j->in->in[0]->dtype)));
}
