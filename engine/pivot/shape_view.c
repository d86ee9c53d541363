/* What is cut out of a tensor, or laid out anew: diagonals, windows, blocks of an image, grids; and sorted axes. */
#include <string.h>

#include "pivot/shape.h"

static Size count_windows(ShapeJob *j, Size n, Size window, Size step)
{
    return size_op(j->a, '+', size_op(j->a, '/', size_op(j->a, '-', n, window), step), size_known(1));
}

/* torch.diff(x, n, dim): n fewer along the axis. */
bool rule_difference(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[axis] = size_op(j->a, '-', dims[axis], shape_size(j, "n"));
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_argsort(ShapeJob *j)
{
    return shape_out_like(j, j->in->in[0], "int64");
}

bool rule_sort_with_index(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    return shape_out_like(j, x, x->dtype) && shape_out_like(j, x, "int64");
}

/* One tensor for each input, of all their sizes; numpy's order of axes has the second input's first. */
bool rule_meshgrid(ShapeJob *j)
{
    Size dims[MAX_RANK];
    int n = j->in->nin;
    if (n > MAX_RANK) return shape_error(j, "a grid of %d axes", n);
    for (int i = 0; i < n; i++) {
        const PivotTensor *x = j->in->in[i];
        if (x->rank > 1) return shape_error(j, "a grid is made of tensors of one axis, not %s", tensor_shape_text(j->a, x));
        dims[i] = x->rank ? x->dims[0] : size_known(1);
    }
    if (n > 1 && str_eq(attr_str(j->as, "indexing", "ij"), "xy")) {
        Size first = dims[0];
        dims[0] = dims[1], dims[1] = first;
    }
    for (int i = 0; i < n; i++)
        if (!shape_out(j, dims, n, j->in->in[i]->dtype)) return false;
    return true;
}

bool rule_outer(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "outer takes two tensors");
    const PivotTensor *x = j->in->in[0], *y = j->in->in[1];
    if (x->rank != 1 || y->rank != 1) return shape_error(j, "outer takes tensors of one axis");
    Size dims[2] = {x->dims[0], y->dims[0]};
    return shape_out(j, dims, 2, dtype_promote(x->dtype, y->dtype));
}

/* A matrix of a vector's elements, or a matrix's diagonal. */
bool rule_diag(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    long long k = attr_int(j->as, "diagonal", 0);
    if (x->rank == 1) {
        Size n = size_add(j->a, x->dims[0], k < 0 ? -k : k), dims[2] = {n, n};
        return shape_out(j, dims, 2, x->dtype);
    }
    if (x->rank != 2) return shape_error(j, "diag takes a tensor of one or two axes");
    Size n = k == 0 && size_same(x->dims[0], x->dims[1]) ? x->dims[0] : size_known(-1);
    return shape_out(j, &n, 1, x->dtype);
}

/* The two axes go, the diagonal is the last one. */
bool rule_diagonal(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    int one, other, rank = 0;
    if (!shape_axis_attr(j, "axis1", x->rank, &one) || !shape_axis_attr(j, "axis2", x->rank, &other)) return false;
    if (one == other) return shape_error(j, "a diagonal of one axis");
    for (int i = 0; i < x->rank; i++)
        if (i != one && i != other) dims[rank++] = x->dims[i];
    bool square = attr_int(j->as, "offset", 0) == 0 && size_same(x->dims[one], x->dims[other]);
    dims[rank++] = square ? x->dims[one] : size_known(-1);
    return shape_out(j, dims, rank, x->dtype);
}

bool rule_trace(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    if (x->rank != 2) return shape_error(j, "trace takes a matrix, and gets %s", tensor_shape_text(j->a, x));
    return shape_out(j, x->dims, 0, dtype_integral(x->dtype));
}

static int axes_listed(ShapeJob *j, const char *attr, int rank, int axes[MAX_RANK])
{
    const PValue *v = attr_get(j->as, attr);
    int n = v && v->kind == PV_LIST ? v->u.list.len : 1;
    if (!v || n > rank) return -1;
    for (int i = 0; i < n; i++)
        if (!shape_axis(j, v->kind == PV_LIST ? &v->u.list.at[i] : v, rank, axes + i)) return -1;
    return n;
}

/* numpy.moveaxis: the named axes go to their places, the others keep their order. */
bool rule_move_axes(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    int from[MAX_RANK], to[MAX_RANK], next = 0;
    bool moved[MAX_RANK] = {0}, taken[MAX_RANK] = {0};
    Size dims[MAX_RANK];
    int n = axes_listed(j, "source", x->rank, from);
    if (n < 0 || axes_listed(j, "destination", x->rank, to) != n)
        return shape_error(j, "axes and places that do not belong together");
    for (int i = 0; i < n; i++) {
        moved[from[i]] = taken[to[i]] = true;
        dims[to[i]] = x->dims[from[i]];
    }
    for (int i = 0; i < x->rank; i++) {
        if (moved[i]) continue;
        while (next < x->rank && taken[next]) next++;
        if (next < x->rank) dims[next++] = x->dims[i];
    }
    return shape_out(j, dims, x->rank, x->dtype);
}

/* x.unfold(dim, size, step): the axis counts the windows, a last one runs along them. */
bool rule_windows(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK], size = shape_size(j, "size");
    int axis;
    if (x->rank + 1 > MAX_RANK || !shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[axis] = count_windows(j, dims[axis], size, shape_size(j, "step"));
    dims[x->rank] = size;
    return shape_out(j, dims, x->rank + 1, x->dtype);
}

bool rule_narrow(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    int axis;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[axis] = shape_size(j, "length");
    return shape_out(j, dims, x->rank, x->dtype);
}

typedef struct Blocks {
    Size kernel[2], dilation[2], padding[2], stride[2];
} Blocks;

static bool blocks_of(ShapeJob *j, Blocks *b)
{
    return shape_ints(j, "kernel_dim", 2, 1, b->kernel) && shape_ints(j, "dilation", 2, 1, b->dilation) &&
           shape_ints(j, "padding", 2, 0, b->padding) && shape_ints(j, "stride_dim", 2, 1, b->stride);
}

static Size blocks_along(ShapeJob *j, const Blocks *b, int i, Size n)
{
    Size one = size_known(1);
    Size window = size_add(j->a, size_op(j->a, '*', b->dilation[i], size_op(j->a, '-', b->kernel[i], one)), 1);
    return count_windows(j, size_op(j->a, '+', n, size_op(j->a, '*', b->padding[i], size_known(2))), window, b->stride[i]);
}

/* F.unfold: (B, C, H, W) to (B, C x kernel, blocks). */
bool rule_unfold(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Blocks b;
    if (x->rank != 4) return shape_error(j, "unfold takes images of four axes, not %s", tensor_shape_text(j->a, x));
    if (!blocks_of(j, &b)) return false;
    Size n = size_op(j->a, '*', blocks_along(j, &b, 0, x->dims[2]), blocks_along(j, &b, 1, x->dims[3]));
    Size dims[3] = {x->dims[0], size_op(j->a, '*', x->dims[1], size_op(j->a, '*', b.kernel[0], b.kernel[1])), n};
    return shape_out(j, dims, 3, x->dtype);
}

/* F.fold: (B, C x kernel, blocks) to (B, C, H, W). */
bool rule_fold(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Blocks b;
    Size size[2];
    if (x->rank != 3) return shape_error(j, "fold takes blocks of three axes, not %s", tensor_shape_text(j->a, x));
    if (!blocks_of(j, &b) || !shape_ints(j, "output_size", 2, -1, size)) return false;
    Size channels = size_op(j->a, '/', x->dims[1], size_op(j->a, '*', b.kernel[0], b.kernel[1]));
    Size dims[4] = {x->dims[0], channels, size[0], size[1]};
    return shape_out(j, dims, 4, x->dtype);
}

/* Every row of one against every row of the other. */
bool rule_distances(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "distances are between two tensors");
    const PivotTensor *x = j->in->in[0], *y = j->in->in[1];
    if (x->rank < 2 || y->rank < 2) return shape_error(j, "distances are between tensors of two axes or more");
    const PivotTensor *longer = x->rank < y->rank ? y : x; /* which tells the batch */
    Size dims[MAX_RANK];
    memcpy(dims, longer->dims, sizeof(Size) * (size_t)longer->rank);
    dims[longer->rank - 2] = x->dims[x->rank - 2];
    dims[longer->rank - 1] = y->dims[y->rank - 2];
    return shape_out(j, dims, longer->rank, dtype_float(x->dtype));
}

/* The pixels of the grid: (B, C, H, W) at (B, h, w, 2) gives (B, C, h, w). */
bool rule_grid_sample(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "grid_sample takes images and a grid");
    const PivotTensor *x = j->in->in[0], *grid = j->in->in[1];
    if (x->rank != 4) return shape_error(j, "grid_sample takes images of four axes, not %s", tensor_shape_text(j->a, x));
    Size unknown = size_known(-1), dims[4] = {x->dims[0], x->dims[1], unknown, unknown};
    if (grid->rank == 4) dims[2] = grid->dims[1], dims[3] = grid->dims[2];
    return shape_out(j, dims, 4, x->dtype);
}

/* (B, 2, 3) and the size (B, C, H, W) give (B, H, W, 2). */
bool rule_affine_grid(ShapeJob *j)
{
    Size size[MAX_RANK];
    bool infer[MAX_RANK];
    int n;
    if (!shape_sizes(j, attr_get(j->as, "size"), size, infer, &n)) return false;
    if (n != 4) return shape_error(j, "affine_grid makes grids of images of four axes, not of %d", n);
    Size dims[4] = {j->in->in[0]->rank ? j->in->in[0]->dims[0] : size[0], size[2], size[3], size_known(2)};
    return shape_out(j, dims, 4, j->in->in[0]->dtype);
}

/* a + s (x y): as a where it is no smaller than what is added to it. */
bool rule_first_broadcast(ShapeJob *j)
{
    Size dims[MAX_RANK];
    int rank;
    const PivotTensor *x = j->in->in[0];
    if (j->in->nin < 2 || j->in->in[1]->rank < 0) return shape_out_like(j, x, x->dtype);
    const PivotTensor *y = j->in->in[1];
    return shape_broadcast(j, x->dims, x->rank, y->dims, y->rank, dims, &rank) && shape_out(j, dims, rank, x->dtype);
}

/* input + mat1 mat2: the product's shape. */
bool rule_add_product(ShapeJob *j)
{
    if (j->in->nin < 3) return shape_error(j, "addmm takes a tensor and two factors");
    const PivotTensor *x = j->in->in[1], *y = j->in->in[2];
    if (x->rank < 2 || y->rank < 2) return shape_error(j, "factors of %d and %d axes", x->rank, y->rank);
    Size dims[MAX_RANK];
    memcpy(dims, x->dims, sizeof(Size) * (size_t)x->rank);
    dims[x->rank - 1] = y->dims[y->rank - 1];
    return shape_out(j, dims, x->rank, x->dtype);
}

bool rule_linspace(ShapeJob *j)
{
    Size n = shape_size(j, "num");
    return shape_out(j, &n, 1, dtype_canonical(attr_str(j->as, "dtype", "float32")));
}
