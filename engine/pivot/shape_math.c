/* Arithmetic on tensors: broadcasting, merging layers, products.
 *
 * Broadcasting with free sizes: a free size is never 1 (value.h), so beside a known size other
 * than 1 it must be that size for the program to run, and the known one is the result; beside
 * another free size the first is. */
#include <ctype.h>
#include <string.h>

#include "pivot/shape.h"

/* The common size of two that must agree or be 1; false when they cannot. */
static bool unite(Size x, Size y, Size *out)
{
    if (size_differs(x, y) && !size_is(x, 1) && !size_is(y, 1)) return false;
    if (size_is(x, 1)) *out = y;
    else if (size_is(y, 1)) *out = x;
    else if (size_unknown(x)) *out = y;
    else *out = !x.free || y.free || size_unknown(y) ? x : y;
    return true;
}

bool shape_broadcast(ShapeJob *j, const Size *x, int xrank, const Size *y, int yrank, Size *out,
                     int *rank)
{
    *rank = xrank > yrank ? xrank : yrank;
    for (int i = 0; i < *rank; i++) {
        int xi = i - (*rank - xrank), yi = i - (*rank - yrank);
        Size xs = xi >= 0 ? x[xi] : size_known(1), ys = yi >= 0 ? y[yi] : size_known(1);
        if (!unite(xs, ys, &out[i]))
            return shape_error(j, "%s cannot combine %s with %s: %lld and %lld along axis %d",
                               shape_name(j), shape_dims_text(j, x, xrank),
                               shape_dims_text(j, y, yrank), xs.n, ys.n, i);
    }
    return true;
}

static int category(const char *dtype)
{
    return dtype_is_float(dtype) ? 2 : str_eq(dtype, "bool") ? 0 : 1;
}

/* A single number does not widen a tensor of its own kind: float16 * 2.0 stays float16. */
static const char *promote(const PivotTensor *x, const PivotTensor *y)
{
    if (y->rank == 0 && x->rank > 0 && category(y->dtype) <= category(x->dtype)) return x->dtype;
    if (x->rank == 0 && y->rank > 0 && category(x->dtype) <= category(y->dtype)) return y->dtype;
    return dtype_promote(x->dtype, y->dtype);
}

/* All inputs together; the dtype is theirs unless one is given. */
static bool broadcast_all(ShapeJob *j, int from, const char *dtype, bool floating)
{
    const PivotTensor *x = j->in->in[from];
    PivotTensor sum = {
        .rank = x->rank, .dtype = x->dtype, .dims = ARENA_ARRAY(j->a, Size, MAX_RANK)};
    if (x->rank) memcpy(sum.dims, x->dims, sizeof(Size) * (size_t)x->rank);
    for (int i = from + 1; i < j->in->nin; i++) {
        const PivotTensor *y = j->in->in[i];
        Size dims[MAX_RANK];
        int rank;
        if (!shape_broadcast(j, sum.dims, sum.rank, y->dims, y->rank, dims, &rank)) return false;
        sum.dtype = promote(&sum, y);
        sum.rank = rank;
        memcpy(sum.dims, dims, sizeof(Size) * (size_t)rank);
    }
    if (!dtype) dtype = floating ? dtype_float(sum.dtype) : sum.dtype;
    return shape_out(j, sum.dims, sum.rank, dtype);
}

bool rule_binary(ShapeJob *j)
{
    return broadcast_all(j, 0, NULL, false);
}

bool rule_divide(ShapeJob *j)
{
    return broadcast_all(j, 0, NULL, true);
}

bool rule_compare(ShapeJob *j)
{
    return broadcast_all(j, 0, "bool", false);
}

/* where(condition, x, y); with the condition alone, as many places as are true. */
bool rule_where(ShapeJob *j)
{
    if (j->in->nin == 1) return shape_out_unknown(j, "int64");
    const char *dtype = j->in->nin > 2 ? promote(j->in->in[1], j->in->in[2]) : j->in->in[1]->dtype;
    return broadcast_all(j, 0, dtype, false);
}

/* Keras' Add and its kin: the batch apart, the rest broadcast; a shorter input gets axes after its
 * batch. */
static bool merge(ShapeJob *j, bool floating)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[MAX_RANK];
    int rank = x->rank - 1;
    if (rank < 0) return shape_error(j, "%s takes tensors with a batch axis", shape_name(j));
    const char *dtype = x->dtype;
    Size batch = x->dims[0];
    memcpy(dims, x->dims + 1, sizeof(Size) * (size_t)rank);
    for (int i = 1; i < j->in->nin; i++) {
        const PivotTensor *y = j->in->in[i];
        Size both[MAX_RANK];
        if (y->rank < 1) return shape_error(j, "%s takes tensors with a batch axis", shape_name(j));
        if (!shape_broadcast(j, dims, rank, y->dims + 1, y->rank - 1, both, &rank)) return false;
        if (!unite(batch, y->dims[0], &batch))
            return shape_error(j, "%s cannot combine batches of %lld and %lld", shape_name(j),
                               batch.n, y->dims[0].n);
        memcpy(dims, both, sizeof(Size) * (size_t)rank);
        dtype = dtype_promote(dtype, y->dtype);
    }
    memmove(dims + 1, dims, sizeof(Size) * (size_t)rank);
    dims[0] = batch;
    return shape_out(j, dims, rank + 1, floating ? dtype_float(dtype) : dtype);
}

bool rule_merge(ShapeJob *j)
{
    return merge(j, false);
}

bool rule_merge_float(ShapeJob *j)
{
    return merge(j, true);
}

/* ---- products ---- */

/* Keras' Dot: axes is one number or a pair, counted with the batch. */
bool rule_dot(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "Dot takes two tensors");
    const PivotTensor *x = j->in->in[0], *y = j->in->in[1];
    const PValue *v = attr_get(j->as, "axes");
    bool pair = v && v->kind == PV_LIST;
    if (pair && v->u.list.len != 2 && v->u.list.len != 1)
        return shape_error(j, "Dot takes one axis or two, and gets %d", v->u.list.len);
    int ax, ay;
    if (!shape_axis(j, pair ? &v->u.list.at[0] : v, x->rank, &ax)) return false;
    if (!shape_axis(j, pair ? &v->u.list.at[v->u.list.len - 1] : v, y->rank, &ay)) return false;
    if (size_differs(x->dims[ax], y->dims[ay]))
        return shape_error(j, "Dot multiplies an axis of %lld with an axis of %lld", x->dims[ax].n,
                           y->dims[ay].n);
    Size dims[2 * MAX_RANK];
    int rank = 0;
    for (int i = 0; i < x->rank; i++) {
        if (i != ax) dims[rank++] = x->dims[i];
    }
    for (int i = 1; i < y->rank; i++) {
        if (i != ay) dims[rank++] = y->dims[i];
    }
    if (rank == 1) dims[rank++] = size_known(1);
    return shape_out(j, dims, rank, dtype_promote(x->dtype, y->dtype));
}

/* A vector counts as a row on the left and as a column on the right, and its axis goes again. */
bool rule_matmul(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "matrix product takes two tensors");
    const PivotTensor *x = j->in->in[0], *y = j->in->in[1];
    if (x->rank < 1 || y->rank < 1)
        return shape_error(j, "matrix product takes tensors of at least one axis");
    bool ta = x->rank > 1 && attr_bool(j->as, "transpose_a", false), tb = y->rank > 1 && attr_bool(j->as, "transpose_b", false);
    Size xk = x->dims[x->rank - (ta ? 2 : 1)], yk = y->dims[y->rank == 1 ? 0 : y->rank - (tb ? 1 : 2)];
    if (size_differs(xk, yk))
        return shape_error(
            j, "matrix product of %s and %s: %lld columns on the left, %lld rows on the right",
            tensor_shape_text(j->a, x), tensor_shape_text(j->a, y), xk.n, yk.n);
    Size dims[MAX_RANK + 2];
    int rank = 0;
    if (!shape_broadcast(j, x->dims, x->rank > 2 ? x->rank - 2 : 0, y->dims,
                         y->rank > 2 ? y->rank - 2 : 0, dims, &rank))
        return false;
    if (x->rank > 1) dims[rank++] = x->dims[x->rank - (ta ? 1 : 2)];
    if (y->rank > 1) dims[rank++] = y->dims[y->rank - (tb ? 2 : 1)];
    return shape_out(j, dims, rank, dtype_promote(x->dtype, y->dtype));
}

/* The axes of both that are summed over are marked; what is left of the first, then of the second. */
static bool contract(ShapeJob *j, const bool *gone_x, const bool *gone_y)
{
    const PivotTensor *x = j->in->in[0], *y = j->in->in[1];
    Size dims[2 * MAX_RANK];
    int rank = 0;
    for (int i = 0; i < x->rank; i++)
        if (!gone_x[i]) dims[rank++] = x->dims[i];
    for (int i = 0; i < y->rank; i++)
        if (!gone_y[i]) dims[rank++] = y->dims[i];
    return shape_out(j, dims, rank, dtype_promote(x->dtype, y->dtype));
}

/* One axis of each or as many; axes of a side are a number or a list. */
bool rule_tensordot(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "tensordot takes two tensors");
    const PivotTensor *x = j->in->in[0], *y = j->in->in[1];
    const PValue *axes = attr_get(j->as, "axes");
    bool gone[2][MAX_RANK] = {{false}};
    const PivotTensor *of[2] = {x, y};
    if (axes && axes->kind == PV_INT) {
        long long n = axes->u.i;
        if (n < 0 || n > x->rank || n > y->rank) return shape_error(j, "tensordot over %lld axes", n);
        for (int i = 0; i < n; i++) gone[0][x->rank - 1 - i] = gone[1][i] = true;
        return contract(j, gone[0], gone[1]);
    }
    if (!axes || axes->kind != PV_LIST || axes->u.list.len != 2) return shape_out_unknown(j, x->dtype);
    for (int side = 0; side < 2; side++) {
        const PValue *v = &axes->u.list.at[side];
        int n = v->kind == PV_LIST ? v->u.list.len : 1, axis;
        for (int i = 0; i < n; i++) {
            if (!shape_axis(j, v->kind == PV_LIST ? &v->u.list.at[i] : v, of[side]->rank, &axis)) return false;
            gone[side][axis] = true;
        }
    }
    return contract(j, gone[0], gone[1]);
}

bool rule_dot_product(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "a dot product takes two tensors");
    const PivotTensor *x = j->in->in[0], *y = j->in->in[1];
    bool gone[2][MAX_RANK] = {{false}};
    if (x->rank < 1 || y->rank < 1) return shape_error(j, "a dot product takes tensors of at least one axis");
    int ax = x->rank - 1, ay = y->rank == 1 ? 0 : y->rank - 2;
    if (size_differs(x->dims[ax], y->dims[ay]))
        return shape_error(j, "dot product of %s and %s: %lld and %lld are multiplied", tensor_shape_text(j->a, x),
                           tensor_shape_text(j->a, y), x->dims[ax].n, y->dims[ay].n);
    gone[0][ax] = gone[1][ay] = true;
    return contract(j, gone[0], gone[1]);
}

typedef struct Einsum {
    Size letter[128];
    /* over all operands; the output of an equation without "->" has the letters that occur once */
    int count[128];
    Size dots[MAX_RANK];
    int ndots;
} Einsum;

/* One operand's subscripts; returns what follows them, or NULL after an error. */
static const char *einsum_operand(ShapeJob *j, Einsum *e, const char *s, const PivotTensor *x)
{
    int letters = 0;
    bool dots = false;
    const char *end = s;
    for (; *end && *end != ',' && *end != '-'; end++) {
        letters += isalpha((unsigned char)*end) != 0;
        dots |= *end == '.';
    }
    int extra = x->rank - letters, axis = 0;
    if (extra < 0 || (extra > 0 && !dots)) {
        shape_error(j, "einsum names %d axes of a tensor of %d: %s", letters, x->rank,
                    tensor_shape_text(j->a, x));
        return NULL;
    }
    for (; s < end; s++) {
        if (*s == '.' && dots) {
            Size both[MAX_RANK];
            if (!shape_broadcast(j, e->dots, e->ndots, x->dims + axis, extra, both, &e->ndots))
                return NULL;
            memcpy(e->dots, both, sizeof(Size) * (size_t)e->ndots);
            axis += extra;
            dots = false;
        }
        unsigned char c = (unsigned char)*s;
        if (c >= 128 || !isalpha(c)) continue;
        Size n = x->dims[axis++];
        if (e->count[c]++ == 0) e->letter[c] = n;
        else if (!unite(e->letter[c], n, &e->letter[c])) {
            shape_error(j, "einsum has %lld and %lld for %c", e->letter[c].n, n.n, c);
            return NULL;
        }
    }
    return end;
}

static bool einsum_output(ShapeJob *j, const Einsum *e, const char *arrow, const char *dtype)
{
    Size dims[2 * MAX_RANK + 128];
    int rank = 0;
    bool dots = !*arrow;
    for (const char *s = arrow; *s; s++) dots |= *s == '.';
    if (!*arrow) {
        memcpy(dims, e->dots, sizeof(Size) * (size_t)e->ndots);
        rank = e->ndots;
        for (int c = 0; c < 128; c++) {
            if (e->count[c] == 1) dims[rank++] = e->letter[c];
        }
        return shape_out(j, dims, rank, dtype);
    }
    for (const char *s = arrow; *s && rank <= MAX_RANK; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '.' && dots) {
            memcpy(dims + rank, e->dots, sizeof(Size) * (size_t)e->ndots);
            rank += e->ndots;
            dots = false;
        }
        if (c >= 128 || !isalpha(c)) continue;
        if (!e->count[c])
            return shape_error(j, "einsum's result names %c, which no operand has", c);
        dims[rank++] = e->letter[c];
    }
    return shape_out(j, dims, rank, dtype);
}

bool rule_einsum(ShapeJob *j)
{
    const char *s = attr_str(j->as, "equation", NULL);
    if (!s) return shape_out_unknown(j, j->in->in[0]->dtype);
    Einsum *e = ARENA_NEW(j->a, Einsum);
    const char *dtype = j->in->in[0]->dtype;
    for (int i = 0; i < j->in->nin; i++) {
        if (i && *s++ != ',')
            return shape_error(j, "einsum's equation has fewer operands than the %d given",
                               j->in->nin);
        s = einsum_operand(j, e, s, j->in->in[i]);
        if (!s) return false;
        dtype = i ? dtype_promote(dtype, j->in->in[i]->dtype) : dtype;
    }
    if (*s == ',')
        return shape_error(j, "einsum's equation has more operands than the %d given", j->in->nin);
    return einsum_output(j, e, s, dtype);
}
