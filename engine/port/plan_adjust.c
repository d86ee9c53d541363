/* Attributes brought to the target's terms before anything is lowered: channel axes, the axes and shapes of
 * normalisations, the axis of a softmax that none is given for. */
#include "port/plan.h"

#include <stdio.h>
#include <string.h>

#include "dialect/convert.h"
#include "port/instance.h"
#include "port/layout.h"
#include "port/op_settle.h"
#include "port/question_port.h"

int plan_rank(PlanCtx *c)
{
    for (int i = 0; i < c->napplies; i++)
        if (c->applies[i]->in.len && c->applies[i]->in.at[0]->rank >= 0) return c->applies[i]->in.at[0]->rank;
    return -1;
}

/* Axis numbers of a layer, in the target's order. */
static void adjust_axis(PlanCtx *c, const char *name)
{
    PlanAttr *a = plan_attr(c, name);
    if (!a || a->value.kind != PV_INT || !c->napplies) return;
    const Event *e = c->applies[0];
    int perm[MAX_RANK];
    const PivotTensor *t = e->out.len ? e->out.at[0] : NULL;
    if (!t || t->rank < 0 || !layout_perm(c->rw->layout, t, perm)) return;
    *a = (PlanAttr){.name = name, .value = plan_axis(c, a->value)};
}

static PValue axis_in(const int perm[MAX_RANK], int rank, PValue axis)
{
    long long from = axis.u.i < 0 ? axis.u.i + rank : axis.u.i;
    int j = layout_axis(perm, rank, (int)axis.u.i);
    bool stays = j == from || j == rank - 1;
    return pv_int(axis.u.i < 0 && stays ? j - rank : j);
}

PValue plan_axis(PlanCtx *c, PValue axis)
{
    int perm[MAX_RANK];
    const PivotTensor *t = c->napplies && c->applies[0]->out.len ? c->applies[0]->out.at[0] : NULL;
    if (axis.kind != PV_INT || !t || t->rank < 0 || !layout_perm(c->rw->layout, t, perm)) return axis;
    return axis_in(perm, t->rank, axis);
}

PValue plan_axis_behind(PlanCtx *c, PValue axis)
{
    int perm[MAX_RANK];
    const PivotTensor *t = c->napplies && c->applies[0]->out.len ? c->applies[0]->out.at[0] : NULL;
    if (axis.kind != PV_INT || !t || t->rank < 0 || t->rank > MAX_RANK) return axis;
    layout_order_out(c->rw->layout, c->applies[0], 0, perm);
    return axis_in(perm, t->rank, axis);
}

/* groups=-1 of Keras, a group for each channel: normalisation of each instance. */
static void each_channel(PlanCtx *c, int rank)
{
    const PlanAttr *groups = plan_attr(c, "groups"), *center = plan_attr(c, "center"), *scale = plan_attr(c, "scale");
    bool each = groups && pv_is_int(&groups->value, -1) && !groups->expr && !groups->varies;
    bool alike = center && scale && center->value.kind == PV_BOOL && scale->value.kind == PV_BOOL &&
                 center->value.u.b == scale->value.u.b && !center->varies && !scale->varies;
    if (!each || !alike || rank < 3 || c->rw->from == c->rw->to) return;
    plan_set(c, "affine", center->value);
    plan_set(c, "dimension", pv_int(rank - 2));
    c->kind = pivot_kind("InstanceNormLayer");
    static const char *const gone[] = {"groups", "axis", "center", "scale"};
    for (int g = 0; g < 4; g++)
        for (int i = 0; i < c->attrs.len; i++)
            if (str_eq(c->attrs.at[i].name, gone[g])) {
                memmove(&c->attrs.at[i], &c->attrs.at[i + 1], (size_t)(c->attrs.len - i - 1) * sizeof *c->attrs.at);
                c->attrs.len--;
                break;
            }
}

static void adjust_norm(PlanCtx *c)
{
    int rank = plan_rank(c);
    if (str_eq(c->kind->name, "GroupNormLayer")) each_channel(c, rank);
    bool first = c->napplies && rank > 2 && layout_channels_first(c->rw->layout, c->applies[0]);
    if (str_eq(c->kind->name, "BatchNormLayer")) {
        PlanAttr *d = plan_attr(c, "dimension");
        if (d->value.kind != PV_INT || d->value.u.i == 0)
            plan_set(c, "dimension", pv_int(rank == 4 ? 2 : rank == 5 ? 3 : 1));
    }
    const PAttrs *as = &c->events[0]->layer->attrs;
    long long axis = attr_int(as, "axis", 1);
    bool odd = rank > 0 && axis != 1 && axis != -1 && axis != rank - 1;
    if (odd) plan_unsupported(c, arena_printf(c->rw->a, "a normalisation of axis %lld, which is not that of channels", axis));
    if (plan_attr(c, "axis")) plan_set(c, "axis", pv_int(first && rank > 2 ? 1 : -1));
}

/* One slope for all axes, one for each channel, or one for each element (the target's shared_axes say which). */
static void adjust_prelu(PlanCtx *c)
{
    Rw *rw = c->rw;
    int rank = plan_rank(c), perm[MAX_RANK];
    PlanAttr *number = plan_attr(c, "num_parameters"), *shared = plan_attr(c, "shared_axes");
    if (rw->from == rw->to || rank < 2) return;
    const PivotTensor *t = c->applies[0]->in.at[0];
    if (!rw->to->channels_first) { /* slopes by number -> axes that share one */
        layout_perm(rw->layout, t, perm);
        bool one = number->value.kind != PV_INT || number->value.u.i <= 1;
        PValue axes = pv_list(rw->a, one ? rank - 1 : rank - 2);
        for (int j = 1, n = 0; j < rank; j++)
            if (one || perm[j] != 1) axes.u.list.at[n++] = pv_int(j);
        shared->value = axes;
        const PValue *init = attr_get(&c->events[0]->layer->attrs, "init");
        PlanAttr *start = plan_attr(c, "init");
        if (start && !start->expr && init && init->kind == PV_FLOAT) {
            start->expr = py_call(rw->a, name_of(rw, "keras.initializers.Constant"));
            vec_push(rw->a, &start->expr->items, py_float(rw->a, init->u.f));
        }
        if (!axes.u.list.len) shared->value = (PValue){.kind = PV_UNSET};
        return;
    }
    const char *format = attr_str(&c->events[0]->layer->attrs, "data_format", NULL);
    int channel = format && str_eq(format, "channels_first") ? 1 : rank - 1;
    int shares = shared->value.kind == PV_LIST ? shared->value.u.list.len : 0;
    bool channel_shared = false;
    for (int i = 0; i < shares; i++) channel_shared |= pv_is_int(&shared->value.u.list.at[i], channel);
    if (shares == rank - 1) {
        plan_set(c, "num_parameters", pv_int(1));
    } else if (shares == rank - 2 && !channel_shared && !t->dims[channel].free && t->dims[channel].n > 0) {
        plan_set(c, "num_parameters", pv_int(t->dims[channel].n));
    } else {
        plan_unsupported(c, "a slope for each element");
        return;
    }
    plan_set(c, "shared_axes", (PValue){.kind = PV_UNSET});
    plan_set(c, "init", pv_float(0.0));
}

/* A softmax without an axis chooses it by the rank of what arrives. */
static void adjust_softmax(PlanCtx *c)
{
    PlanAttr *axis = plan_attr(c, "axis");
    if (!axis || axis->expr || axis->varies || axis->value.kind == PV_INT || !c->napplies) return;
    PValue first = softmax_axis(c->rw, c->applies[0]->in.len ? c->applies[0]->in.at[0] : NULL);
    if (first.kind != PV_INT) return;
    for (int i = 1; i < c->napplies; i++) {
        PValue v = softmax_axis(c->rw, c->applies[i]->in.len ? c->applies[i]->in.at[0] : NULL);
        if (pv_same(&v, &first)) continue;
        plan_unsupported(c, "a softmax without an axis, which the ranks of its inputs choose differently");
        return;
    }
    axis->value = first;
    plan_why(c, "a softmax without an axis takes the one that its input's rank chooses: %lld", first.u.i);
}

static void adjust_layernorm(PlanCtx *c)
{
    Rw *rw = c->rw;
    PlanAttr *shape = plan_attr(c, "normalized_shape"), *axes = plan_attr(c, "axes");
    if (shape->value.kind == PV_INT) {
        PValue l = pv_list(rw->a, 1);
        l.u.list.at[0] = shape->value;
        shape->value = l;
    }
    if (axes->value.kind == PV_UNSET && shape->value.kind == PV_LIST) {
        int r = shape->value.u.list.len;
        PValue l = pv_list(rw->a, r);
        for (int i = 0; i < r; i++) l.u.list.at[i] = pv_int(i - r);
        axes->value = r == 1 ? pv_int(-1) : l;
    }
}

/* Steps that a mask hides have no counterpart where there are no masks. */
static void adjust_embedding(PlanCtx *c)
{
    PlanAttr *mask = plan_attr(c, "mask_zero");
    if (!mask || mask->varies || mask->value.kind != PV_BOOL || !mask->value.u.b || plan_says(c, "mask_zero")) return;
    if (!plan_lossy(c, "mask_zero hides the steps of id 0 from the layers behind; without masks they are seen")) return;
    plan_set(c, "mask_zero", pv_bool(false));
}

/* Axes that are not the last ones, for a target that normalises the last ones only: they are moved there and back. */
void plan_norm_axes(PlanCtx *c)
{
    Rw *rw = c->rw;
    PlanAttr *axes = plan_attr(c, "axes");
    int rank = plan_rank(c), n = 0, move[MAX_RANK], back[MAX_RANK], own[MAX_RANK];
    if (!str_eq(c->kind->name, "LayerNormLayer") || !rw->to->channels_first || rw->from == rw->to || rank < 1) return;
    PValue list = axes->value;
    if (list.kind == PV_INT) {
        list = pv_list(rw->a, 1);
        list.u.list.at[0] = axes->value;
    }
    if (list.kind != PV_LIST) return;
    bool mine[MAX_RANK] = {false}, last = true;
    for (int i = 0; i < list.u.list.len; i++) {
        long long a = list.u.list.at[i].kind == PV_INT ? list.u.list.at[i].u.i : rank;
        if (a < 0) a += rank;
        if (a >= 0 && a < rank) mine[a] = true;
    }
    for (int a = 0; a < rank; a++)
        if (!mine[a]) move[n++] = a;
    int kept = n;
    for (int a = 0; a < rank; a++)
        if (mine[a]) last &= a >= kept, move[n++] = a;
    if (last) return;
    if (layout_move_in(rw->layout, c->applies[0], 0, own)) { /* from how the tensor is held, at once */
        for (int j = 0; j < rank; j++) move[j] = own[move[j]];
    }
    for (int j = 0; j < rank; j++) back[move[j]] = j;
    PValue there = pv_list(rw->a, rank), home = pv_list(rw->a, rank);
    for (int j = 0; j < rank; j++) there.u.list.at[j] = pv_int(move[j]), home.u.list.at[j] = pv_int(back[j]);
    step_set(rw, plan_push(c, STEP_BEFORE, "permute", "permute"), "dims", there);
    step_set(rw, plan_push(c, STEP_AFTER, "permute", "unpermute"), "dims", home);
}

void plan_adjust(PlanCtx *c)
{
    const char *k = c->kind->name;
    if (str_eq(k, "BatchNormLayer") || str_eq(k, "GroupNormLayer") || str_eq(k, "InstanceNormLayer")) adjust_norm(c);
    if (str_eq(k, "LayerNormLayer")) adjust_layernorm(c);
    if (str_eq(k, "EmbeddingLayer")) adjust_embedding(c);
    if (str_eq(k, "normalize")) adjust_axis(c, "axis");
    if (str_eq(k, "FlattenLayer")) {
        PlanAttr *end = plan_attr(c, "end_dim");
        if (end && end->value.kind == PV_INT && end->value.u.i == plan_rank(c) - 1) plan_set(c, "end_dim", pv_int(-1));
    }
    if (str_eq(k, "softmax") || str_eq(k, "log_softmax") || str_eq(k, "softmin")) adjust_softmax(c);
    if (str_eq(k, "prelu")) adjust_prelu(c);
    if (str_eq(k, "UpSamplingLayer") && plan_rank(c) > 2) plan_set(c, "dimension", pv_int(plan_rank(c) - 2));
    if (c->plan->unsupported) return;
    if (c->kind->group == GROUP_ACTIVATION || str_eq(k, "ConcatenateLayer")) adjust_axis(c, "axis");
    if (plan_attr(c, "data_format")) {
        bool first = c->napplies && layout_channels_first(c->rw->layout, c->applies[0]);
        bool dflt = c->rw->to->channels_first;
        PValue v = {.kind = PV_UNSET};
        if (first != dflt && !str_eq(k, "FlattenLayer"))
            v = pv_str(first ? "channels_first" : "channels_last");
        plan_set(c, "data_format", v);
    }
}
