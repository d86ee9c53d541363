/* Which axis order each tensor has in the target.
 *
 * Channel order is a property of how a framework lays a tensor out. Every tensor of the trace and every
 * expression that had a tensor for value is a member of a class (union-find): members of one class are held in
 * one order, so that loops, list elements and the arms of a conditional agree. An operation either joins its
 * operands and results (element-wise ones, concatenation), or says what it does to axes (permute, reductions,
 * indexing), or is done literally in the source's order (reshape, matrix products). A class that some
 * convolution, pooling or normalisation takes as an image is held in the order the target's layers work in;
 * every other class keeps the source's order. Where an operation needs another order than its class has, a move
 * (a transpose) is put there: layout_move_in, layout_move_out.
 *
 * Not handled: per-input strategies in one port (the first root's answer holds for the file). */
#include "port/layout.h"

#include "port/agnostic.h"
#include "port/arms.h"
#include "port/stored_axes.h"

#include <assert.h>
#include <string.h>

typedef enum {
    RULE_LITERAL, /* inputs and outputs in the source's order */
    RULE_ELEMENT, /* operands of the result's rank and the result are one class */
    RULE_IMAGE,   /* first input and first output are images */
    RULE_REDUCE,  /* drops axes */
    RULE_PERMUTE,
    RULE_INDEX,   /* getitem */
    RULE_SQUEEZE,
    RULE_INSERT,  /* unsqueeze, stack */
    RULE_RNN,
    RULE_BODY     /* its body was traced and moves what must be moved */
} Rule;

typedef struct RuleRow {
    const char *kind;
    Rule rule;
} RuleRow;

/* Kinds not listed are literal, but for activations, which are element-wise. */
static const RuleRow RULES[] = {
    {"Conv1D", RULE_IMAGE},          {"Conv2D", RULE_IMAGE},          {"Conv3D", RULE_IMAGE},
    {"ConvTranspose", RULE_IMAGE},   {"DepthwiseConv", RULE_IMAGE},   {"SeparableConv", RULE_IMAGE},
    {"PoolingLayer", RULE_IMAGE},    {"BatchNormLayer", RULE_IMAGE},  {"GroupNormLayer", RULE_IMAGE},
    {"InstanceNormLayer", RULE_IMAGE}, {"LocalResponseNorm", RULE_IMAGE}, {"SpatialDropout", RULE_IMAGE},
    {"PaddingLayer", RULE_IMAGE},    {"CroppingLayer", RULE_IMAGE},   {"UpSamplingLayer", RULE_IMAGE},
    {"PixelShuffle", RULE_IMAGE},    {"PixelUnshuffle", RULE_IMAGE},  {"ChannelShuffle", RULE_IMAGE},
    {"interpolate", RULE_IMAGE},     {"prelu", RULE_IMAGE},           {"convolve", RULE_IMAGE},
    {"depth_to_space", RULE_IMAGE},  {"space_to_depth", RULE_IMAGE},
    {"AugmentationLayer", RULE_ELEMENT}, {"DropoutLayer", RULE_ELEMENT},  {"DropPath", RULE_ELEMENT},
      {"AlphaDropout", RULE_ELEMENT},  {"GaussianNoise", RULE_ELEMENT},
    {"ConcatenateLayer", RULE_ELEMENT}, {"AddLayer", RULE_ELEMENT},   {"SubtractLayer", RULE_ELEMENT},
    {"MultiplyLayer", RULE_ELEMENT}, {"AverageLayer", RULE_ELEMENT},  {"MaximumLayer", RULE_ELEMENT},
    {"MinimumLayer", RULE_ELEMENT},  {"IdentityLayer", RULE_ELEMENT}, {"ActivationLayer", RULE_ELEMENT},
    {"RescalingLayer", RULE_ELEMENT}, {"NormalizationLayer", RULE_ELEMENT}, {"concatenate", RULE_ELEMENT},  {"add", RULE_ELEMENT},
    {"subtract", RULE_ELEMENT},      {"multiply", RULE_ELEMENT},      {"divide", RULE_ELEMENT},
    {"floor_divide", RULE_ELEMENT},  {"mod", RULE_ELEMENT},           {"power", RULE_ELEMENT},
    {"negative", RULE_ELEMENT},      {"maximum", RULE_ELEMENT},       {"minimum", RULE_ELEMENT},
    {"compare", RULE_ELEMENT},       {"logical_not", RULE_ELEMENT},   {"logical_and", RULE_ELEMENT},
    {"logical_or", RULE_ELEMENT},    {"cumsum", RULE_ELEMENT},        {"pad", RULE_ELEMENT},
    {"roll", RULE_ELEMENT},          {"flip", RULE_ELEMENT},          {"where", RULE_ELEMENT},
    {"masked_fill", RULE_ELEMENT},   {"clip", RULE_ELEMENT},          {"cast", RULE_ELEMENT},
    {"normalize", RULE_ELEMENT},     {"dropout", RULE_ELEMENT},       {"identity", RULE_ELEMENT},
    {"zeros_like", RULE_ELEMENT},    {"full_like", RULE_ELEMENT},     {"ones_like", RULE_ELEMENT},
    {"abs", RULE_ELEMENT},
    {"exp", RULE_ELEMENT},           {"log", RULE_ELEMENT},           {"sqrt", RULE_ELEMENT},
    {"rsqrt", RULE_ELEMENT},         {"square", RULE_ELEMENT},        {"sin", RULE_ELEMENT},
    {"cos", RULE_ELEMENT},           {"erf", RULE_ELEMENT},           {"floor", RULE_ELEMENT},
    {"elementwise", RULE_ELEMENT},   {"bernoulli", RULE_ELEMENT},     {"cast_like", RULE_ELEMENT},
    {"round", RULE_ELEMENT},         {"sign", RULE_ELEMENT},          {"chunk", RULE_ELEMENT},
    {"split", RULE_ELEMENT},         {"split_n", RULE_ELEMENT},       {"repeat_interleave", RULE_ELEMENT},
    {"mean", RULE_REDUCE},           {"sum", RULE_REDUCE},            {"prod", RULE_REDUCE},
    {"reduce_max", RULE_REDUCE},     {"reduce_min", RULE_REDUCE},     {"max_with_index", RULE_REDUCE},
    {"min_with_index", RULE_REDUCE}, {"moments", RULE_REDUCE},        {"var_mean", RULE_REDUCE},
    {"variance", RULE_REDUCE},       {"std", RULE_REDUCE},            {"norm", RULE_REDUCE},
    {"logsumexp", RULE_REDUCE},      {"argmax", RULE_REDUCE},         {"argmin", RULE_REDUCE},
    {"permute", RULE_PERMUTE},       {"transpose", RULE_PERMUTE},     {"getitem", RULE_INDEX},
    {"squeeze", RULE_SQUEEZE},       {"unsqueeze", RULE_INSERT},      {"stack", RULE_INSERT},
    {"logical_xor", RULE_ELEMENT},   {"cumprod", RULE_ELEMENT},       {"sort", RULE_ELEMENT},
    {"argsort", RULE_ELEMENT},       {"difference", RULE_ELEMENT},    {"narrow", RULE_ELEMENT},
    {"lerp", RULE_ELEMENT},          {"add_multiplied", RULE_ELEMENT}, {"arctan2", RULE_ELEMENT},
    {"any", RULE_REDUCE},            {"all", RULE_REDUCE},            {"group_norm", RULE_IMAGE},
    {"instance_norm", RULE_IMAGE},
    {"SimpleRNNLayer", RULE_RNN},    {"LSTMLayer", RULE_RNN},         {"GRULayer", RULE_RNN},
};

typedef struct Class {
    int parent;
    bool image;
    bool first, last; /* as an image, the source holds its channel at axis 1 / last */
    bool kept;        /* an image in the source's order: what takes it as one is given it moved */
} Class;

struct Layout {
    Rw *rw;
    Class *classes; /* tensors, then tree nodes */
    int ntensors, n;
    bool channels_first; /* the target's order for images */
    bool keep;           /* strategy channels-first: every tensor as in the source */
};

static int find(Layout *l, int i)
{
    while (l->classes[i].parent != i) {
        l->classes[i].parent = l->classes[l->classes[i].parent].parent;
        i = l->classes[i].parent;
    }
    return i;
}

static void join(Layout *l, int i, int j)
{
    int x = find(l, i), y = find(l, j);
    if (x == y) return;
    Class *into = &l->classes[x], *from = &l->classes[y];
    into->image |= from->image;
    into->first |= from->first;
    into->last |= from->last;
    from->parent = x;
}

static Rule rule_of(const PivotKind *k)
{
    if (!k) return RULE_LITERAL;
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (str_eq(RULES[i].kind, k->name)) return RULES[i].rule;
    return k->group == GROUP_ACTIVATION ? RULE_ELEMENT : RULE_LITERAL;
}

static const PivotKind *event_kind(const Event *e)
{
    if (e->layer) return e->layer->kind;
    return e->node ? e->node->kind : NULL;
}

static const PAttrs *event_attrs(const Event *e)
{
    return e->layer ? &e->layer->attrs : &e->attrs;
}

/* A slope for all, or one for each element, is no matter of channels. */
static Rule event_rule(const Event *e)
{
    Rule rule = rule_of(event_kind(e));
    if (rule == RULE_REDUCE && e->out.len > 1) { /* two results, which are not moved one by one */
        bool channels = attr_int(&e->attrs, "axis", 0) == 1 || attr_bool(&e->attrs, "keepdims", false);
        return channels ? rule : RULE_LITERAL;
    }
    const PValue *mean = str_eq(event_kind(e) ? event_kind(e)->name : NULL, "NormalizationLayer") ? attr_get(event_attrs(e), "mean") : NULL;
    if (mean && mean->kind != PV_NONE && mean->kind != PV_UNSET) return RULE_LITERAL; /* given along the source's last axis */
    bool prelu = rule == RULE_IMAGE && str_eq(event_kind(e)->name, "prelu");
    const PValue *n = prelu ? attr_get(event_attrs(e), "num_parameters") : NULL;
    const PValue *shared = prelu ? attr_get(event_attrs(e), "shared_axes") : NULL;
    bool channels = shared && shared->kind == PV_LIST && e->in.len && shared->u.list.len == e->in.at[0]->rank - 2;
    if (prelu && !channels && (!n || pv_is_int(n, 1) || pv_is_int(n, 0))) return RULE_ELEMENT;
    return rule;
}

bool layout_image_kind(const PivotKind *k)
{
    return rule_of(k) == RULE_IMAGE;
}

bool layout_elementwise(const Event *e)
{
    return event_rule(e) == RULE_ELEMENT;
}

/* Does this layer, in the source, take axis 1 for the channels of an image? */
static bool channel_first(const Layout *l, const Event *e, const PivotTensor *t)
{
    const char *format = attr_str(event_attrs(e), "data_format", NULL);
    bool first = l->rw->from->channels_first;
    if (format) first = str_eq(format, "channels_first");
    const PAttrs *as = event_attrs(e);
    const PValue *axis = attr_get(as, "axis"); /* normalisation layers name the channel axis */
    if (axis && axis->kind == PV_INT && !l->rw->from->channels_first)
        first = axis->u.i == 1 && t->rank > 2;
    return first;
}

static void mark_image(Layout *l, const Event *e, const PivotTensor *t)
{
    if (!t || t->rank < 3) return;
    Class *c = &l->classes[find(l, t->id)];
    c->image = true;
    if (channel_first(l, e, t)) c->first = true;
    else c->last = true;
}

/* What every event says about its tensors. */
static void constrain(Layout *l, const Event *e)
{
    if (e->kind == EV_APPLY_NN && e->nn) { /* what a network is called with is held as its argument is */
        for (int i = 0; i < e->in.len && i < e->nn->inputs.len; i++)
            if (e->in.at[i] && e->nn->inputs.at[i] && e->in.at[i]->rank == e->nn->inputs.at[i]->rank)
                join(l, e->in.at[i]->id, e->nn->inputs.at[i]->id);
        for (int i = 0; i < e->out.len && i < e->nn->outputs.len; i++)
            if (e->out.at[i] && e->nn->outputs.at[i] && e->out.at[i]->rank == e->nn->outputs.at[i]->rank)
                join(l, e->out.at[i]->id, e->nn->outputs.at[i]->id);
        return;
    }
    Rule rule = event_rule(e);
    if (e->kind != EV_APPLY && e->kind != EV_OP) return;
    if (rule == RULE_IMAGE) {
        if (e->in.len) mark_image(l, e, e->in.at[0]);
        if (e->out.len) mark_image(l, e, e->out.at[0]);
        /* the layers of this group keep rank but for global pooling without kept axes */
        if (e->in.len && e->out.len && e->in.at[0]->rank == e->out.at[0]->rank)
            join(l, e->in.at[0]->id, e->out.at[0]->id);
        return;
    }
    bool same = rule == RULE_ELEMENT;
    if (rule == RULE_REDUCE && attr_bool(&e->attrs, "keepdims", false)) same = true;
    if (!same) return;
    for (int o = 0; o < e->out.len; o++)
        for (int i = 0; i < e->in.len; i++)
            if (e->in.at[i] && e->out.at[o] && e->in.at[i]->rank == e->out.at[o]->rank &&
                !e->in.at[i]->is_parameter) /* a bare weight keeps the source's order */
                join(l, e->in.at[i]->id, e->out.at[o]->id);
}

/* Does each run of this code have orders of its own? Then its expressions bind nothing. */
static bool runs_apart(const Trace *t, const Node *n, const bool *classes, const bool *functions)
{
    bool inner = true;
    for (; n && n->id > 0 && n->id <= t->module->nnodes; n = t->parent[n->id]) {
        if (n->kind == N_CLASS) return classes[n->id];
        if (n->kind == N_FUNCTION && inner && functions[n->id]) return true;
        if (n->kind == N_FUNCTION) inner = false;
    }
    return false;
}

static bool keep_class(Layout *l, const PivotTensor *t)
{
    int perm[MAX_RANK];
    if (!layout_perm(l, t, perm)) return false;
    l->classes[find(l, t->id)].kept = true;
    return true;
}

/* One text serves tensors of which some would be moved there and some not: these are held as the source holds them. False
 * where nothing is left to settle. */
static bool settle_pair(Layout *l, const Event *x, const Event *y)
{
    int axes[MAX_RANK], other[MAX_RANK];
    bool changed = false;
    for (int i = 0; i < x->in.len && i < y->in.len; i++) {
        if (layout_move_in(l, x, i, axes) == layout_move_in(l, y, i, other)) continue;
        changed |= keep_class(l, x->in.at[i]) | keep_class(l, y->in.at[i]);
    }
    if (changed || x->out.len != 1 || y->out.len != 1) return changed;
    bool mx = layout_move_out(l, x, 0, axes), my = layout_move_out(l, y, 0, other);
    int rank = x->out.at[0] ? x->out.at[0]->rank : -1;
    bool same = mx == my && (!mx || (y->out.at[0]->rank == rank && memcmp(axes, other, sizeof(int) * (size_t)rank) == 0));
    return !same && (keep_class(l, x->out.at[0]) | keep_class(l, y->out.at[0]));
}

/* One round over all places; false: nothing was left to settle. */
static bool settle_sites(Layout *l)
{
    const Trace *t = l->rw->t;
    bool changed = false;
    const Event **first = ARENA_ARRAY(l->rw->a, const Event *, t->module->nnodes + 2);
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        int id = e->site && e->site->node ? e->site->node->id : 0;
        if (e->forced || e->kind != EV_OP || id <= 0 || id > t->module->nnodes) continue;
        if (!first[id] || event_kind(first[id]) != event_kind(e)) first[id] = e;
        else changed |= settle_pair(l, first[id], e);
    }
    return changed;
}

Layout *layout_solve(Rw *rw)
{
    const Trace *t = rw->t;
    Layout *l = ARENA_NEW(rw->a, Layout);
    l->rw = rw;
    l->ntensors = t->pivot->ntensors + 1;
    l->n = l->ntensors + t->module->nnodes + 1;
    l->classes = ARENA_ARRAY(rw->a, Class, l->n);
    l->channels_first = rw->to->channels_first;
    for (int i = 0; i < l->n; i++) l->classes[i].parent = i;
    const bool *own_orders = stored_axes_classes(rw), *agnostic = agnostic_functions(rw);
    for (int i = 0; i < t->flows.len; i++) {
        const Flow *f = &t->flows.at[i];
        if (f->expr && runs_apart(t, f->expr, own_orders, agnostic)) continue;
        if (f->tensor && f->expr && f->expr->id > 0 && f->expr->id <= t->module->nnodes &&
            f->tensor->id < l->ntensors)
            join(l, f->tensor->id, l->ntensors + f->expr->id);
    }
    const ArmJoins arms = arms_find(rw->a, t);
    for (int i = 0; i < arms.len; i++) join(l, l->ntensors + arms.at[i].value->id, l->ntensors + arms.at[i].read->id);
    for (int i = 0; i < t->events.len; i++) constrain(l, t->events.at[i]);
    while (settle_sites(l)) continue;
    return l;
}

void layout_keep(Layout *l, bool keep)
{
    l->keep = keep;
}

/* As it is held or, for an event, as that takes it for an image. */
static bool image_perm(const Layout *l, const PivotTensor *t, int perm[MAX_RANK], const Event *e)
{
    if (!t || t->rank < 0 || t->rank > MAX_RANK) {
        for (int i = 0; i < MAX_RANK; i++) perm[i] = i;
        return false;
    }
    for (int i = 0; i < MAX_RANK; i++) perm[i] = i;
    if (t->rank < 3 || l->keep || t->id >= l->ntensors) return false;
    const Class *c = &l->classes[find((Layout *)l, t->id)];
    bool mixed = c->first && c->last; /* layers of both orders take it: in the source's for all but them */
    if (!c->image || (!e && (mixed || c->kept))) return false;
    bool first = e && mixed ? channel_first(l, e, t) : c->first;
    if (first == l->channels_first) return false;
    int r = t->rank;
    if (first) { /* to channels last */
        for (int i = 1; i < r - 1; i++) perm[i] = i + 1;
        perm[r - 1] = 1;
    } else {
        perm[1] = r - 1;
        for (int i = 2; i < r; i++) perm[i] = i - 1;
    }
    return true;
}

bool layout_perm(const Layout *l, const PivotTensor *t, int perm[MAX_RANK])
{
    return image_perm(l, t, perm, NULL);
}

bool layout_moves_channel(const Layout *l, const PivotTensor *t)
{
    int perm[MAX_RANK];
    return layout_perm(l, t, perm);
}

int layout_axis(const int perm[MAX_RANK], int rank, int axis)
{
    if (axis < 0) axis += rank;
    for (int j = 0; j < rank && j < MAX_RANK; j++)
        if (perm[j] == axis) return j;
    return axis;
}

bool layout_channels_first(const Layout *l, const Event *e)
{
    const PivotTensor *t = e->in.len ? e->in.at[0] : NULL;
    if (!t || t->rank < 3) return l->channels_first;
    const Class *c = &l->classes[find((Layout *)l, t->id)];
    if (l->keep) return c->first && c->last ? channel_first(l, e, t) : c->first;
    return l->channels_first;
}

/* Does a function of the file stand in this layer, whose operations were traced? Then they say what happens to axes,
 * and the layer takes and gives what they do. */
static Rule layer_rule(const Layout *l, const Event *e)
{
    Rule rule = event_rule(e);
    if (rule != RULE_LITERAL || !e->layer || !str_eq(e->layer->kind->name, "LambdaLayer") || !e->out.len) return rule;
    const PivotTensor *out = e->out.at[0];
    for (int i = 0; i < e->in.len; i++)
        if (e->in.at[i] == out) return RULE_BODY;
    const Trace *t = l->rw->t;
    for (int i = 0; i < t->events.len; i++) {
        const Event *in = t->events.at[i];
        if (in == e || in->site == e->site || (in->kind != EV_OP && in->kind != EV_APPLY)) continue;
        for (int k = 0; k < in->out.len; k++)
            if (in->out.at[k] == out) return RULE_BODY;
    }
    return rule;
}

/* The order that the operation itself needs its input i in. */
static void wanted(const Layout *l, const Event *e, int i, int perm[MAX_RANK])
{
    const PivotTensor *t = e->in.at[i];
    Rule rule = layer_rule(l, e);
    if (rule == RULE_LITERAL) {
        for (int k = 0; k < MAX_RANK; k++) perm[k] = k;
    } else if (rule == RULE_RNN) {
        for (int k = 0; k < MAX_RANK; k++) perm[k] = k;
        if (i == 0 && layout_time_major(l, e) && t->rank == 3) perm[0] = 1, perm[1] = 0;
    } else if (rule == RULE_ELEMENT && t->is_parameter && e->out.len && e->out.at[0]->rank == t->rank) {
        layout_perm(l, e->out.at[0], perm);
    } else {
        image_perm(l, t, perm, rule == RULE_IMAGE && i == 0 ? e : NULL);
    }
}

bool layout_time_major(const Layout *l, const Event *e)
{
    (void)l;
    const PAttrs *as = event_attrs(e);
    const PValue *bf = attr_get(as, "batch_first");
    return bf && bf->kind == PV_BOOL && !bf->u.b && str_eq(attr_str(as, "return_type", ""), "torch") &&
           !l->rw->to->channels_first;
}

void layout_order_in(const Layout *l, const Event *e, int i, int perm[MAX_RANK])
{
    if (i < e->in.len && e->in.at[i]) wanted(l, e, i, perm);
    else
        for (int k = 0; k < MAX_RANK; k++) perm[k] = k;
}

/* axes with want[j] = have[axes[j]]; false when that is no move at all. */
static bool move_between(const int *have, const int *want, int rank, int axes[MAX_RANK])
{
    bool moves = false;
    for (int j = 0; j < rank; j++) {
        axes[j] = layout_axis(have, rank, want[j]);
        if (axes[j] != j) moves = true;
    }
    return moves;
}

/* A move of axes that are all of size 1 but for one changes nothing that a reshape would see. */
static bool move_is_trivial(const PivotTensor *t, const int *have, const int *want)
{
    int x[MAX_RANK], y[MAX_RANK], nx = 0, ny = 0;
    for (int j = 0; j < t->rank; j++) {
        Size sx = t->dims[have[j]], sy = t->dims[want[j]];
        if (sx.free || sx.n != 1) x[nx++] = have[j];
        if (sy.free || sy.n != 1) y[ny++] = want[j];
    }
    return nx == ny && memcmp(x, y, sizeof(int) * (size_t)nx) == 0;
}

bool layout_move_in(const Layout *l, const Event *e, int i, int axes[MAX_RANK])
{
    if (i >= e->in.len || !e->in.at[i]) return false;
    const PivotTensor *t = e->in.at[i];
    if (t->rank < 2 || t->rank > MAX_RANK) return false;
    int have[MAX_RANK], want[MAX_RANK];
    layout_perm(l, t, have);
    wanted(l, e, i, want);
    const PivotKind *k = event_kind(e);
    bool reshapes = k && (str_eq(k->name, "reshape") || str_eq(k->name, "flatten") ||
                          str_eq(k->name, "FlattenLayer") || str_eq(k->name, "ReshapeLayer"));
    if (reshapes && t->dims && move_is_trivial(t, have, want)) return false;
    return move_between(have, want, t->rank, axes);
}

/* Removes the axes in drop from an order and renumbers. */
static int order_without(const int *have, int rank, const bool *drop, int out[MAX_RANK])
{
    int n = 0;
    for (int j = 0; j < rank; j++) {
        if (drop[have[j]]) continue;
        int lower = 0;
        for (int k = 0; k < have[j]; k++) lower += drop[k];
        out[n++] = have[j] - lower;
    }
    return n;
}

static void dropped_axes(const Event *e, int rank, bool drop[MAX_RANK])
{
    memset(drop, 0, sizeof(bool) * MAX_RANK);
    const PValue *axes = attr_get(&e->attrs, "axes"), *axis = attr_get(&e->attrs, "axis");
    if (axes && axes->kind == PV_LIST) {
        for (int i = 0; i < axes->u.list.len; i++) {
            long long a = axes->u.list.at[i].kind == PV_INT ? axes->u.list.at[i].u.i : 0;
            if (a < 0) a += rank;
            if (a >= 0 && a < rank) drop[a] = true;
        }
    } else if ((axes && axes->kind == PV_INT) || (axis && axis->kind == PV_INT)) {
        long long a = axes && axes->kind == PV_INT ? axes->u.i : axis->u.i;
        if (a < 0) a += rank;
        if (a >= 0 && a < rank) drop[a] = true;
    } else {
        for (int i = 0; i < rank; i++) drop[i] = true;
    }
}

/* Axes that an index drops; false where the index is one that moves axes (tensors, several lists). */
bool layout_index_drops(const Event *e, int rank, bool drop[MAX_RANK], bool *inserts)
{
    memset(drop, 0, sizeof(bool) * MAX_RANK);
    *inserts = false;
    const PValue *ix = attr_get(&e->attrs, "index");
    if (!ix || ix->kind != PV_LIST) return false;
    int given = 0, axis = 0;
    for (int i = 0; i < ix->u.list.len; i++) {
        const PValue *v = &ix->u.list.at[i];
        bool dots = v->kind == PV_STR && str_eq(v->u.str, "...");
        if (v->kind != PV_NONE && !dots) given++;
    }
    for (int i = 0; i < ix->u.list.len; i++) {
        const PValue *v = &ix->u.list.at[i];
        if (v->kind == PV_NONE) {
            *inserts = true;
        } else if (v->kind == PV_STR && str_eq(v->u.str, "...")) {
            axis += rank - given;
        } else if (v->kind == PV_LIST) {
            axis++;
        } else if (v->kind == PV_INT || v->kind == PV_SIZE) {
            if (axis < rank) drop[axis] = true;
            axis++;
        } else {
            return false;
        }
    }
    return axis <= rank;
}

static void identity_order(int perm[MAX_RANK])
{
    for (int i = 0; i < MAX_RANK; i++) perm[i] = i;
}

/* A new axis is put where the class of the result wants it, when the others are then in its order; else where the
 * source puts it, among the axes as they are held. perm: the order that this gives. Returns its place. */
static int insert_order(const Layout *l, const Event *e, int perm[MAX_RANK])
{
    const PivotTensor *in = e->in.at[0], *out = e->out.at[0];
    const PValue *v = attr_get(&e->attrs, "axis");
    int have[MAX_RANK], rest[MAX_RANK], rank = out->rank;
    int axis = v && v->kind == PV_INT ? (int)v->u.i : 0;
    bool drop[MAX_RANK] = {false};
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank) axis = 0;
    layout_perm(l, in, have);
    layout_perm(l, out, perm);
    drop[axis] = true;
    order_without(perm, rank, drop, rest);
    if (memcmp(rest, have, sizeof(int) * (size_t)in->rank) == 0) return layout_axis(perm, rank, axis);
    int place = axis < in->rank ? layout_axis(have, in->rank, axis) : in->rank;
    for (int j = 0, k = 0; j < rank; j++)
        perm[j] = j == place ? axis : have[k] + (have[k] >= axis), k += j != place;
    return place;
}

int layout_insert(const Layout *l, const Event *e)
{
    int perm[MAX_RANK];
    return insert_order(l, e, perm);
}

/* The order in which the operation, done in the target, gives output o. */
static void natural(const Layout *l, const Event *e, int o, int perm[MAX_RANK])
{
    const PivotTensor *out = e->out.at[o], *in = e->in.len ? e->in.at[0] : NULL;
    Rule rule = layer_rule(l, e);
    identity_order(perm);
    int have[MAX_RANK];
    bool drop[MAX_RANK], inserts = false;
    switch (rule) {
    case RULE_IMAGE:
        image_perm(l, out, perm, o == 0 ? e : NULL);
        return;
    case RULE_ELEMENT:
    case RULE_BODY:
    case RULE_PERMUTE: /* the permute is written so that it gives the class's order */
        layout_perm(l, out, perm);
        return;
    case RULE_INSERT:
        if (in && in->rank >= 0 && out->rank == in->rank + 1) insert_order(l, e, perm);
        return;
    case RULE_REDUCE:
        if (attr_bool(&e->attrs, "keepdims", false)) {
            layout_perm(l, out, perm);
            return;
        }
        if (!in || in->rank < 0) return;
        layout_perm(l, in, have);
        dropped_axes(e, in->rank, drop);
        order_without(have, in->rank, drop, perm);
        return;
    case RULE_SQUEEZE:
        if (!in || in->rank < 0) return;
        layout_perm(l, in, have);
        memset(drop, 0, sizeof drop);
        if (attr_get(&e->attrs, "axes") && attr_get(&e->attrs, "axes")->kind != PV_UNSET &&
            attr_get(&e->attrs, "axes")->kind != PV_NONE) {
            dropped_axes(e, in->rank, drop);
            for (int i = 0; i < in->rank; i++) /* PyTorch leaves an axis that is not 1 */
                if (in->dims[i].free || in->dims[i].n != 1) drop[i] = false;
        } else {
            for (int i = 0; i < in->rank; i++) drop[i] = !in->dims[i].free && in->dims[i].n == 1;
        }
        order_without(have, in->rank, drop, perm);
        return;
    case RULE_INDEX:
        if (!in || in->rank < 0) return;
        layout_perm(l, in, have);
        if (layout_index_drops(e, in->rank, drop, &inserts) && !inserts)
            order_without(have, in->rank, drop, perm);
        return;
    case RULE_RNN:
        if (o == 0 && layout_time_major(l, e) && out->rank == 3) perm[0] = 1, perm[1] = 0;
        return;
    case RULE_LITERAL:
        return;
    }
}

void layout_order_out(const Layout *l, const Event *e, int o, int perm[MAX_RANK])
{
    if (o < e->out.len && e->out.at[o]) natural(l, e, o, perm);
    else identity_order(perm);
}

bool layout_move_out(const Layout *l, const Event *e, int o, int axes[MAX_RANK])
{
    if (o >= e->out.len || !e->out.at[o]) return false;
    const PivotTensor *t = e->out.at[o];
    if (t->rank < 2 || t->rank > MAX_RANK) return false;
    int nat[MAX_RANK], class[MAX_RANK];
    natural(l, e, o, nat);
    layout_perm(l, t, class);
    return move_between(nat, class, t->rank, axes);
}
