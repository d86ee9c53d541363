/* What the shape rules share: errors, outputs, dtypes, and reading attributes into sizes.
 *
 * Attributes may be anything: the source gave them. Whatever is not a number where a number
 * belongs counts as an unknown size; whatever has the wrong count or range is an error in the
 * user's terms. */
#include <stdarg.h>
#include <string.h>

#include "pivot/shape.h"

/* ---- errors and names ---- */

bool shape_error(ShapeJob *j, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (j->err) *j->err = arena_vprintf(j->a, fmt, ap);
    va_end(ap);
    return false;
}

static const char *pool_name(const ShapeJob *j)
{
    static const char *const names[][2] = {
        {"average", "AveragePooling"},
        {"max", "MaxPooling"},
        {"adaptive_average", "AdaptiveAveragePooling"},
        {"adaptive_max", "AdaptiveMaxPooling"},
        {"global_average", "GlobalAveragePooling"},
        {"global_max", "GlobalMaxPooling"},
    };
    const char *type = attr_str(j->as, "pooling_type", "");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(type, names[i][0]) == 0) return names[i][1];
    }
    return "Pooling";
}

const char *shape_name(const ShapeJob *j)
{
    const char *name = j->kind->name;
    static const char *const suffixes[] = {"Layer", "Wrapper"};
    if (strcmp(name, "PoolingLayer") == 0) {
        name = pool_name(j);
    } else {
        for (int i = 0; i < 2; i++) {
            if (str_ends(name, suffixes[i]))
                name = arena_strndup(j->a, name, strlen(name) - strlen(suffixes[i]));
        }
    }
    long long nd = attr_int(j->as, "dimension", 0);
    return nd > 0 ? arena_printf(j->a, "%s%lldD", name, nd) : name;
}

const char *shape_dims_text(ShapeJob *j, const Size *dims, int rank)
{
    PivotTensor t = {.dims = (Size *)dims, .rank = rank};
    return tensor_shape_text(j->a, &t);
}

/* ---- outputs ---- */

bool shape_out(ShapeJob *j, const Size *dims, int rank, const char *dtype)
{
    if (j->out->nout == MAX_OUTPUTS)
        return shape_error(j, "%s gives more than %d tensors, too many to follow", shape_name(j),
                           MAX_OUTPUTS);
    if (rank > MAX_RANK)
        return shape_error(j, "%s gives a tensor of %d axes, too many to follow", shape_name(j),
                           rank);
    PivotTensor *t = &j->out->out[j->out->nout++];
    *t = (PivotTensor){.rank = rank, .dtype = dtype ? dtype : "float32"};
    if (rank > 0) {
        t->dims = ARENA_ARRAY(j->a, Size, rank);
        memcpy(t->dims, dims, sizeof(Size) * (size_t)rank);
    }
    return true;
}

bool shape_out_like(ShapeJob *j, const PivotTensor *t, const char *dtype)
{
    return shape_out(j, t->dims, t->rank, dtype);
}

bool shape_out_unknown(ShapeJob *j, const char *dtype)
{
    return shape_out(j, NULL, -1, dtype);
}

/* ---- dtypes ---- */

/* In the order of promotion; the floating ones from index FLOATS on. */
static const char *const dtypes[] = {"bool",    "uint8",   "int8",      "int16",
                                     "int32",   "int64",   "float16",   "bfloat16",
                                     "float32", "float64", "complex64", "complex128"};
enum { NDTYPES = sizeof dtypes / sizeof dtypes[0], FLOATS = 6, FLOAT32 = 8 };

static int dtype_index(const char *dtype)
{
    for (int i = 0; dtype && i < NDTYPES; i++) {
        if (strcmp(dtypes[i], dtype) == 0) return i;
    }
    return FLOAT32;
}

const char *dtype_canonical(const char *dtype)
{
    static const char *const names[][2] = {{"float", "float32"}, {"double", "float64"},
                                           {"half", "float16"},  {"long", "int64"},
                                           {"int", "int32"},     {"short", "int16"}};
    for (size_t i = 0; dtype && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(dtype, names[i][0]) == 0) return names[i][1];
    }
    return dtype ? dtype : "float32";
}

bool dtype_is_float(const char *dtype)
{
    return dtype_index(dtype) >= FLOATS;
}

const char *dtype_float(const char *dtype)
{
    return dtype && dtype_is_float(dtype) ? dtype : "float32";
}

const char *dtype_integral(const char *dtype)
{
    return dtype_is_float(dtype) ? dtype : "int64";
}

const char *dtype_promote(const char *x, const char *y)
{
    int i = dtype_index(x), k = dtype_index(y);
    if ((i == FLOATS && k == FLOATS + 1) || (k == FLOATS && i == FLOATS + 1)) return "float32";
    if ((i == 1 && k == 2) || (i == 2 && k == 1)) return "int16"; /* uint8 with int8 */
    return dtypes[i > k ? i : k];
}

/* ---- attributes ---- */

static bool is_given(const PValue *v)
{
    return v && v->kind != PV_UNSET && v->kind != PV_NONE;
}

bool shape_given(const ShapeJob *j, const char *attr)
{
    return is_given(attr_get(j->as, attr));
}

static Size as_size(const PValue *v)
{
    if (v && v->kind == PV_FLOAT && v->u.f >= 0 && v->u.f < 1e15 &&
        v->u.f == (double)(long long)v->u.f)
        return size_known((long long)v->u.f);
    return pv_as_size(v);
}

Size shape_size(const ShapeJob *j, const char *attr)
{
    return as_size(attr_get(j->as, attr));
}

void shape_trace(ShapeJob *j, const char *attr, PValue v)
{
    if (j->traced && !shape_given(j, attr) && v.kind != PV_UNKNOWN)
        attr_set(j->a, j->traced, attr, v);
}

bool shape_ints(ShapeJob *j, const char *attr, int n, long long dflt, Size *out)
{
    const PValue *v = attr_get(j->as, attr);
    bool list = v && v->kind == PV_LIST;
    if (list && v->u.list.len != n && v->u.list.len != 1)
        return shape_error(j, "%s takes %d number%s for %s, and gets %d", shape_name(j), n,
                           n == 1 ? "" : "s", attr, v->u.list.len);
    for (int i = 0; i < n; i++) {
        const PValue *item = list ? &v->u.list.at[v->u.list.len == 1 ? 0 : i] : v;
        out[i] = is_given(item) ? as_size(item) : size_known(dflt);
    }
    return true;
}

bool shape_pads(ShapeJob *j, const char *attr, int n, Size (*out)[2])
{
    const PValue *v = attr_get(j->as, attr);
    bool list = v && v->kind == PV_LIST;
    if (list && v->u.list.len != n && v->u.list.len != 1)
        return shape_error(j, "%s takes amounts for %d ax%s, and gets %d", shape_name(j), n,
                           n == 1 ? "is" : "es", v->u.list.len);
    for (int i = 0; i < n; i++) {
        const PValue *item = list ? &v->u.list.at[v->u.list.len == 1 ? 0 : i] : v;
        bool pair = item && item->kind == PV_LIST && item->u.list.len == 2;
        for (int k = 0; k < 2; k++) {
            const PValue *side = pair ? &item->u.list.at[k] : item;
            /* a negative number is a crop; -1 must not be read as "unknown" */
            out[i][k] = !is_given(side)        ? size_known(0)
                        : side->kind == PV_INT ? size_number(j->a, side->u.i)
                                               : as_size(side);
        }
    }
    return true;
}

bool shape_axis(ShapeJob *j, const PValue *v, int rank, int *axis)
{
    if (!v || v->kind != PV_INT)
        return shape_error(j, "%s needs an axis that is a number", shape_name(j));
    long long n = v->u.i < 0 ? v->u.i + rank : v->u.i;
    if (n < 0 || n >= rank)
        return shape_error(j, "%s names axis %lld of a tensor of %d ax%s", shape_name(j), v->u.i,
                           rank, rank == 1 ? "is" : "es");
    *axis = (int)n;
    return true;
}

bool shape_axis_attr(ShapeJob *j, const char *attr, int rank, int *axis)
{
    const PValue *v = attr_get(j->as, attr);
    PValue dflt;
    if (!is_given(v)) {
        dflt = kind_default(j->a, j->kind, attr);
        v = &dflt;
    }
    return shape_axis(j, v, rank, axis);
}

bool shape_axes(ShapeJob *j, const char *attr, int rank, bool *mask, bool *all)
{
    const PValue *v = attr_get(j->as, attr);
    memset(mask, 0, sizeof(bool) * MAX_RANK);
    *all = !is_given(v) || (v->kind == PV_LIST && v->u.list.len == 0);
    if (*all) return true;
    int n = v->kind == PV_LIST ? v->u.list.len : 1;
    for (int i = 0; i < n; i++) {
        int axis;
        if (!shape_axis(j, v->kind == PV_LIST ? &v->u.list.at[i] : v, rank, &axis)) return false;
        if (mask[axis]) return shape_error(j, "%s names axis %d twice", shape_name(j), axis);
        mask[axis] = true;
    }
    return true;
}

bool shape_sizes(ShapeJob *j, const PValue *v, Size *out, bool *infer, int *n)
{
    bool list = v && v->kind == PV_LIST;
    *n = list ? v->u.list.len : is_given(v) ? 1 : 0;
    if (*n > MAX_RANK)
        return shape_error(j, "%s has a shape of %d axes, too many to follow", shape_name(j), *n);
    for (int i = 0; i < *n; i++) {
        const PValue *item = list ? &v->u.list.at[i] : v;
        out[i] = as_size(item);
        infer[i] = pv_is_int(item, -1);
        if (out[i].n < -1 && !out[i].free)
            return shape_error(j, "%s has a size of %lld in its shape", shape_name(j), out[i].n);
    }
    return true;
}

bool shape_expect(ShapeJob *j, const char *attr, Size got, const char *what)
{
    if (!shape_given(j, attr)) {
        shape_trace(j, attr, pv_size(got));
        return true;
    }
    Size want = shape_size(j, attr);
    if (!size_differs(want, got)) return true;
    return shape_error(j, "%s expects %lld %s, and gets %lld", shape_name(j), want.n, what, got.n);
}

/* ---- sizes ---- */

bool size_is(Size s, long long n)
{
    return !s.free && s.n == n;
}

bool size_differs(Size x, Size y)
{
    return !size_unknown(x) && !size_unknown(y) && !x.free && !y.free && x.n != y.n;
}

Size size_product(Arena *a, const Size *dims, int n)
{
    Size p = size_known(1);
    for (int i = 0; i < n; i++) p = size_op(a, '*', p, dims[i]);
    return p;
}

Size size_add(Arena *a, Size s, long long n)
{
    return size_op(a, '+', s, size_number(a, n));
}

/* ---- layout of images ---- */

int shape_dimension(const ShapeJob *j)
{
    const char *name = j->kind->name;
    size_t n = strlen(name);
    if (n > 2 && name[n - 1] == 'D' && name[n - 2] >= '1' && name[n - 2] <= '3')
        return name[n - 2] - '0';
    long long nd = attr_int(j->as, "dimension", 0);
    return nd >= 1 && nd <= 3 ? (int)nd : 0;
}

bool shape_layout(ShapeJob *j, const PivotTensor *x, int nd, Layout *l)
{
    const char *format = attr_str(j->as, "data_format", NULL);
    bool first = format ? strcmp(format, "channels_first") == 0 : j->in->channels_first;
    bool told = nd > 0;
    if (!told) nd = x->rank - 2;
    bool unbatched = x->rank == nd + 1 && j->in->channels_first;
    if (nd < 1 || (x->rank != nd + 2 && !unbatched))
        return shape_error(j, "%s takes a tensor of %d axes, and gets %d: %s", shape_name(j),
                           nd < 1 ? 3 : nd + 2, x->rank, tensor_shape_text(j->a, x));
    int batch = unbatched ? 0 : 1;
    *l = (Layout){.nd = nd, .rank = x->rank};
    if (!told && kind_attr(j->kind, "dimension")) shape_trace(j, "dimension", pv_int(nd));
    l->channel = first ? batch : x->rank - 1;
    l->first = first ? batch + 1 : batch;
    return true;
}
