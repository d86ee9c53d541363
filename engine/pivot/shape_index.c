/* Subscripts and gathers.
 *
 * The index is a list of: a number (the axis goes), ["slice", lo, hi, step] (as Python's slice),
 * "..." (the axes that nobody names), None (a new axis of 1), "tensor" (the next further input:
 * whole numbers replace the axis by the index's shape, booleans take as many axes as they have and
 * leave one of unknown length). Several index tensors broadcast together; their result stands
 * where the first was when they are neighbours, else in front, as PyTorch has it (plain numbers
 * are taken out first).
 *
 * Bounds against a free length: the hint decides whether a bound is inside, so x[:, 1:] of length
 * T is T-1 and a table of 512 rows cut at T is T long. */
#include <string.h>

#include "pivot/shape.h"

typedef struct Subscript {
    Size dims[3 * MAX_RANK + 1]; /* new axes, axes that stay, axes of index tensors */
    int rank;
    int axis;             /* next axis of the input */
    int input;            /* next index tensor */
    Size joint[MAX_RANK]; /* broadcast shape of the index tensors */
    int joint_rank, ntensors;
    int place;      /* where in dims the first index tensor stood, -1: none yet */
    int last_place; /* dims' length after the last index tensor */
    bool scattered; /* index tensors that are not neighbours */
} Subscript;

/* A bound of a slice within 0..n; an absent one is `dflt`. */
static Size clamp(Arena *a, const PValue *v, Size n, Size dflt)
{
    if (!v || v->kind == PV_NONE || v->kind == PV_UNSET) return dflt;
    Size s = v->kind == PV_INT ? size_number(a, v->u.i) : pv_as_size(v);
    if (size_unknown(s) || size_unknown(n)) return size_known(-1);
    if (s.n < 0) s = size_op(a, '+', n, s);
    if (s.n < 0) return size_known(0);
    return s.n > n.n ? n : s;
}

static bool slice(ShapeJob *j, const PValue *part, Size n, Size *out)
{
    Arena *a = j->a;
    long long step = 1;
    if (part->u.list.len > 3 && part->u.list.at[3].kind == PV_INT) step = part->u.list.at[3].u.i;
    else if (part->u.list.len > 3 && part->u.list.at[3].kind != PV_NONE &&
             part->u.list.at[3].kind != PV_UNSET) {
        *out = size_known(-1);
        return true;
    }
    if (step == 0) return shape_error(j, "a slice has a step of 0");
    if (size_unknown(n)) {
        *out = n;
        return true;
    }
    bool whole =
        step < 0 && part->u.list.at[1].kind == PV_NONE && part->u.list.at[2].kind == PV_NONE;
    if (step < 0 && !whole) { /* x[lo:hi:-k] with bounds: rare enough to leave open */
        *out = size_known(-1);
        return true;
    }
    Size lo = whole ? size_known(0) : clamp(a, &part->u.list.at[1], n, size_known(0));
    Size hi = whole ? n : clamp(a, &part->u.list.at[2], n, n);
    Size length = size_op(a, '-', hi, lo);
    if (size_unknown(length)) *out = length;
    else if (length.n <= 0) *out = size_known(0);
    else *out = size_op(a, 'c', length, size_known(step < 0 ? -step : step));
    return true;
}

static bool index_tensor(ShapeJob *j, Subscript *s, const PivotTensor *x)
{
    if (s->input >= j->in->nin) return shape_error(j, "a subscript lacks its index tensor");
    const PivotTensor *ix = j->in->in[s->input++];
    bool mask = str_eq(ix->dtype, "bool");
    Size count = size_known(-1), both[MAX_RANK];
    int axes = mask ? ix->rank : 1;
    if (mask && ix->rank == 0)
        return shape_error(j, "a subscript with a single truth value is not followed");
    if (s->axis + axes > x->rank)
        return shape_error(j, "too many indices for a tensor of %d axes", x->rank);
    if (!shape_broadcast(j, s->joint, s->joint_rank, mask ? &count : ix->dims, mask ? 1 : ix->rank,
                         both, &s->joint_rank))
        return false;
    memcpy(s->joint, both, sizeof(Size) * (size_t)s->joint_rank);
    if (s->place < 0) s->place = s->rank;
    else if (s->last_place != s->rank) s->scattered = true;
    s->last_place = s->rank;
    s->ntensors++;
    s->axis += axes;
    return true;
}

static bool index_number(ShapeJob *j, Subscript *s, const PivotTensor *x, const PValue *part)
{
    if (s->axis >= x->rank)
        return shape_error(j, "too many indices for a tensor of %d axes", x->rank);
    Size n = x->dims[s->axis];
    if (part->kind == PV_INT && !n.free && n.n >= 0 && (part->u.i >= n.n || part->u.i < -n.n))
        return shape_error(j, "index %lld is out of range for axis %d of size %lld", part->u.i,
                           s->axis, n.n);
    s->axis++;
    return true;
}

static bool is_text(const PValue *v, const char *text)
{
    return v->kind == PV_STR && str_eq(v->u.str, text);
}

static bool is_slice(const PValue *v)
{
    return v->kind == PV_LIST && v->u.list.len >= 3 && is_text(&v->u.list.at[0], "slice");
}

/* Axes that the parts from i on will take. */
static int axes_taken(const ShapeJob *j, const PValue *index, int i, int input)
{
    int n = 0;
    for (; i < index->u.list.len; i++) {
        const PValue *part = &index->u.list.at[i];
        if (part->kind == PV_NONE || is_text(part, "...")) continue;
        const PivotTensor *ix =
            is_text(part, "tensor") && input < j->in->nin ? j->in->in[input++] : NULL;
        n += ix && str_eq(ix->dtype, "bool") ? ix->rank : 1;
    }
    return n;
}

static bool subscript_part(ShapeJob *j, Subscript *s, const PivotTensor *x, const PValue *index,
                           int i)
{
    const PValue *part = &index->u.list.at[i];
    if (part->kind == PV_NONE) {
        s->dims[s->rank++] = size_known(1);
        return true;
    }
    if (is_text(part, "...")) {
        int rest = x->rank - s->axis - axes_taken(j, index, i + 1, s->input);
        for (int k = 0; k < rest; k++) s->dims[s->rank++] = x->dims[s->axis++];
        return true;
    }
    if (is_text(part, "tensor")) return index_tensor(j, s, x);
    if (is_slice(part)) {
        if (s->axis >= x->rank)
            return shape_error(j, "too many indices for a tensor of %d axes", x->rank);
        return slice(j, part, x->dims[s->axis++], &s->dims[s->rank++]);
    }
    return index_number(j, s, x, part);
}

bool rule_getitem(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    const PValue *index = attr_get(j->as, "index");
    if (!index || index->kind == PV_UNKNOWN) return shape_out_unknown(j, x->dtype);
    PValue one = pv_list(j->a, 1);
    if (index->kind != PV_LIST || is_slice(index)) {
        one.u.list.at[0] = *index;
        index = &one;
    }
    if (index->u.list.len > MAX_RANK)
        return shape_error(j, "too many indices for a tensor of %d axes", x->rank);
    Subscript s = {.input = 1, .place = -1};
    for (int i = 0; i < index->u.list.len; i++) {
        if (!subscript_part(j, &s, x, index, i)) return false;
    }
    while (s.axis < x->rank) s.dims[s.rank++] = x->dims[s.axis++];
    if (s.ntensors) {
        int place = s.scattered ? 0 : s.place;
        memmove(s.dims + place + s.joint_rank, s.dims + place,
                sizeof(Size) * (size_t)(s.rank - place));
        memcpy(s.dims + place, s.joint, sizeof(Size) * (size_t)s.joint_rank);
        s.rank += s.joint_rank;
    }
    return shape_out(j, s.dims, s.rank, x->dtype);
}

/* The result has the index's shape. */
bool rule_gather(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "gather takes a tensor and an index");
    const PivotTensor *x = j->in->in[0], *ix = j->in->in[1];
    int axis;
    if (ix->rank != x->rank)
        return shape_error(j, "gather takes an index of %d axes, and gets %d", x->rank, ix->rank);
    if (x->rank && !shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    return shape_out_like(j, ix, x->dtype);
}

/* The index's shape replaces the axis. */
bool rule_take(ShapeJob *j)
{
    if (j->in->nin < 2) return shape_error(j, "take takes a tensor and an index");
    const PivotTensor *x = j->in->in[0], *ix = j->in->in[1];
    Size dims[2 * MAX_RANK];
    int axis, rank = 0;
    if (!shape_axis_attr(j, "axis", x->rank, &axis)) return false;
    for (int i = 0; i < axis; i++) dims[rank++] = x->dims[i];
    for (int i = 0; i < ix->rank; i++) dims[rank++] = ix->dims[i];
    for (int i = axis + 1; i < x->rank; i++) dims[rank++] = x->dims[i];
    return shape_out(j, dims, rank, x->dtype);
}
