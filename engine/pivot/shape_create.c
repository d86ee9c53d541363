/* Tensors made from nothing: zeros, ones, full, random numbers, ranges. */
#include <math.h>
#include <string.h>

#include "pivot/shape.h"

static bool create(ShapeJob *j, const char *dtype)
{
    Size dims[MAX_RANK];
    bool infer[MAX_RANK];
    int n;
    if (!shape_sizes(j, attr_get(j->as, "shape"), dims, infer, &n)) return false;
    return shape_out(j, dims, n, dtype_canonical(attr_str(j->as, "dtype", dtype)));
}

bool rule_create(ShapeJob *j)
{
    return create(j, "float32");
}

bool rule_create_int(ShapeJob *j)
{
    return create(j, "int64");
}

bool rule_filled_like(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    return shape_out(j, x->dims, x->rank, dtype_canonical(attr_str(j->as, "dtype", x->dtype)));
}

bool rule_full(ShapeJob *j)
{
    const PValue *v = attr_get(j->as, "value");
    const char *dtype = v && v->kind == PV_INT    ? "int64"
                        : v && v->kind == PV_BOOL ? "bool"
                                                  : "float32";
    return create(j, dtype);
}

static double as_double(const PValue *v, double dflt)
{
    if (!v || v->kind == PV_NONE || v->kind == PV_UNSET) return dflt;
    return v->kind == PV_FLOAT ? v->u.f : v->kind == PV_INT ? (double)v->u.i : NAN;
}

static Size bound(Arena *a, const PValue *v, long long dflt)
{
    if (!v || v->kind == PV_NONE || v->kind == PV_UNSET) return size_known(dflt);
    return v->kind == PV_INT ? size_number(a, v->u.i) : pv_as_size(v);
}

/* ceil((stop - start) / step) */
bool rule_arange(ShapeJob *j)
{
    const PValue *start = attr_get(j->as, "start"), *stop = attr_get(j->as, "stop"),
                 *step = attr_get(j->as, "step");
    bool real = (start && start->kind == PV_FLOAT) || (stop && stop->kind == PV_FLOAT) ||
                (step && step->kind == PV_FLOAT);
    const char *dtype = dtype_canonical(attr_str(j->as, "dtype", real ? "float32" : "int64"));
    Size n = size_known(-1);
    if (real) {
        double count = ceil((as_double(stop, NAN) - as_double(start, 0)) / as_double(step, 1));
        if (count >= 0 && count < 1e15) n = size_known((long long)count);
    } else {
        Size length = size_op(j->a, '-', bound(j->a, stop, -1), bound(j->a, start, 0));
        n = size_op(j->a, 'c', length, bound(j->a, step, 1));
        if (!n.free && n.n < 0 && !size_unknown(length)) n = size_known(0);
    }
    return shape_out(j, &n, 1, dtype);
}

/* Ones on the diagonal, as many columns as rows where nothing else is said. */
bool rule_eye(ShapeJob *j)
{
    const PValue *rows = attr_get(j->as, "rows"), *columns = attr_get(j->as, "columns");
    bool square = !columns || columns->kind == PV_NONE || columns->kind == PV_UNSET;
    Size dims[2] = {bound(j->a, rows, -1), bound(j->a, square ? rows : columns, -1)};
    return shape_out(j, dims, 2, dtype_canonical(attr_str(j->as, "dtype", "float32")));
}

/* The sizes of nested lists of numbers, and whether any number is no whole one. False where they are ragged. */
static bool nested(const PValue *v, Size dims[MAX_RANK], int depth, int *rank, bool *real, bool *truth)
{
    if (v->kind != PV_LIST) {
        *real |= v->kind == PV_FLOAT;
        *truth &= v->kind == PV_BOOL;
        if (*rank < 0) *rank = depth;
        return *rank == depth && (v->kind == PV_FLOAT || v->kind == PV_INT || v->kind == PV_SIZE || v->kind == PV_BOOL);
    }
    Size n = size_known(v->u.list.len);
    if (depth >= MAX_RANK) return false;
    if (*rank < 0) dims[depth] = n;
    else if (depth >= *rank || !size_same(dims[depth], n)) return false;
    for (int i = 0; i < v->u.list.len; i++)
        if (!nested(&v->u.list.at[i], dims, depth + 1, rank, real, truth)) return false;
    if (!v->u.list.len && *rank < 0) *rank = depth + 1;
    return true;
}

static bool constant(ShapeJob *j, const char *given)
{
    const PValue *data = attr_get(j->as, "data");
    Size dims[MAX_RANK];
    int rank = -1;
    bool real = false, truth = true;
    if (!data || !nested(data, dims, 0, &rank, &real, &truth)) return shape_error(j, "numbers in lists of different lengths");
    const char *dtype = given ? given : real ? "float32" : truth && rank >= 0 ? "bool" : "int64";
    return shape_out(j, dims, rank, dtype_canonical(attr_str(j->as, "dtype", dtype)));
}

bool rule_constant(ShapeJob *j)
{
    return constant(j, NULL);
}

bool rule_constant_like(ShapeJob *j)
{
    return constant(j, j->in->in[0]->dtype ? j->in->in[0]->dtype : "float32");
}

/* As many indices a row: (B, n). */
bool rule_sample(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    Size dims[2] = {x->rank == 2 ? x->dims[0] : size_known(-1), shape_size(j, "num_samples")};
    if (x->rank < 1 || x->rank > 2) return shape_error(j, "%s takes one row or a batch of them, and gets %s", shape_name(j), tensor_shape_text(j->a, x));
    return shape_out(j, x->rank == 2 ? dims : dims + 1, x->rank, "int64");
}
