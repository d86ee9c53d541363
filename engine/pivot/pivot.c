/* Building the model piece by piece, and the one-line texts that a tree shows for its parts. */
#include <stdio.h>
#include <string.h>

#include "pivot/pivot.h"

PivotModel *pivot_new(Arena *a)
{
    PivotModel *m = ARENA_NEW(a, PivotModel);
    m->arena = a;
    return m;
}

PivotDefinition *pivot_add_definition(PivotModel *m, const char *name, Span span, int node)
{
    PivotDefinition *d = ARENA_NEW(m->arena, PivotDefinition);
    d->id = m->definitions.len + 1;
    d->name = name;
    d->span = span;
    d->node = node;
    vec_push(m->arena, &m->definitions, d);
    return d;
}

PivotNN *pivot_add_nn(PivotModel *m, PivotDefinition *d, const char *name, PivotNN *parent)
{
    PivotNN *nn = ARENA_NEW(m->arena, PivotNN);
    nn->id = ++m->nnns;
    nn->definition = d;
    nn->name = name;
    nn->parent = parent;
    if (d) vec_push(m->arena, &d->instances, nn);
    if (parent) vec_push(m->arena, &parent->children, nn);
    return nn;
}

PivotLayer *pivot_add_layer(PivotModel *m, const PivotKind *kind, PAttrs attrs)
{
    PivotLayer *l = ARENA_NEW(m->arena, PivotLayer);
    l->id = ++m->nlayers;
    l->kind = kind;
    l->attrs = attrs;
    return l;
}

PivotNode *pivot_add_node(PivotModel *m, PivotNN *owner, PivotNodeType type)
{
    PivotNode *n = ARENA_NEW(m->arena, PivotNode);
    n->id = ++m->nnodes;
    n->type = type;
    n->owner = owner;
    if (owner) vec_push(m->arena, &owner->nodes, n);
    return n;
}

PivotTensor *pivot_add_tensor(PivotModel *m, const Size *dims, int rank, const char *dtype)
{
    PivotTensor *t = ARENA_NEW(m->arena, PivotTensor);
    t->id = ++m->ntensors;
    t->rank = rank;
    t->dtype = dtype;
    if (rank > 0) {
        t->dims = ARENA_ARRAY(m->arena, Size, rank);
        memcpy(t->dims, dims, sizeof(Size) * (size_t)rank);
    }
    return t;
}

const char *tensor_shape_text(Arena *a, const PivotTensor *t)
{
    if (!t || t->rank < 0) return "(?)";
    Buf b = {0};
    buf_addc(&b, '(');
    for (int i = 0; i < t->rank; i++) {
        if (i) buf_addc(&b, ',');
        buf_add(&b, size_text(a, t->dims[i]));
    }
    buf_add(&b, t->rank == 1 ? ",)" : ")");
    return buf_take(&b, a);
}

/* ---- parameters of a layer in a few words ---- */

static bool is_set(const PValue *v)
{
    return v && v->kind != PV_UNSET && v->kind != PV_NONE;
}

/* "3" for [3, 3], "3x5" for [3, 5]. */
static void add_ints(Arena *a, Buf *b, const char *prefix, const PValue *v)
{
    if (!is_set(v)) return;
    buf_printf(b, "%s%s", b->len ? " " : "", prefix);
    if (v->kind != PV_LIST || !v->u.list.len) {
        buf_add(b, pv_text(a, v));
        return;
    }
    bool equal = true;
    for (int i = 1; i < v->u.list.len; i++) equal &= pv_same(&v->u.list.at[0], &v->u.list.at[i]);
    for (int i = 0; i < (equal ? 1 : v->u.list.len); i++)
        buf_printf(b, "%s%s", i ? "x" : "", pv_text(a, &v->u.list.at[i]));
}

static bool all_equal_int(const PValue *v, long long n)
{
    if (v->kind != PV_LIST) return pv_is_int(v, n);
    for (int i = 0; i < v->u.list.len; i++) {
        if (!all_equal_int(&v->u.list.at[i], n)) return false;
    }
    return true;
}

/* "1" for a symmetric pad, "1+0" for an uneven one. */
static void add_pads(Arena *a, Buf *b, const PValue *v)
{
    if (!is_set(v)) return;
    PValue flat = *v;
    if (v->kind == PV_LIST) {
        flat = pv_list(a, v->u.list.len);
        for (int i = 0; i < v->u.list.len; i++) {
            const PValue *p = &v->u.list.at[i];
            bool pair = p->kind == PV_LIST && p->u.list.len == 2;
            if (!pair) flat.u.list.at[i] = *p;
            else if (pv_same(&p->u.list.at[0], &p->u.list.at[1]))
                flat.u.list.at[i] = p->u.list.at[0];
            else
                flat.u.list.at[i] =
                    (PValue){.kind = PV_REF,
                             .u.str = arena_printf(a, "%s+%s", pv_text(a, &p->u.list.at[0]),
                                                   pv_text(a, &p->u.list.at[1]))};
        }
    }
    add_ints(a, b, "p", &flat);
}

static void add_sizes(Arena *a, Buf *b, const PAttrs *as, const char *in, const char *out)
{
    const PValue *i = attr_get(as, in), *o = attr_get(as, out);
    if (is_set(i)) buf_add(b, pv_text(a, i));
    if (is_set(i) && is_set(o)) buf_add(b, "->");
    if (is_set(o)) buf_add(b, pv_text(a, o));
}

static void add_window(Arena *a, Buf *b, const PAttrs *as)
{
    add_ints(a, b, "k", attr_get(as, "kernel_dim"));
    const PValue *stride = attr_get(as, "stride_dim"), *dilation = attr_get(as, "dilation");
    if (is_set(stride) && !all_equal_int(stride, 1)) add_ints(a, b, "s", stride);
    const char *type = attr_str(as, "padding_type", "valid");
    if (strcmp(type, "explicit") == 0) add_pads(a, b, attr_get(as, "padding_amount"));
    else if (strcmp(type, "valid") != 0) buf_printf(b, " %s", type);
    if (is_set(dilation) && !all_equal_int(dilation, 1)) add_ints(a, b, "d", dilation);
    if (attr_int(as, "groups", 1) != 1) buf_printf(b, " g%lld", attr_int(as, "groups", 1));
}

/* Attributes that the short forms above have said already. */
static bool is_said(const char *attr)
{
    static const char *const said[] = {
        "in_channels",  "out_channels",    "in_features",   "out_features", "input_size",
        "hidden_size",  "num_embeddings",  "embedding_dim", "kernel_dim",   "stride_dim",
        "padding_type", "padding_amount",  "dilation",      "groups",       "num_features",
        "dimension",    "depth_multiplier"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (strcmp(said[i], attr) == 0) return true;
    }
    return false;
}

static void add_others(Arena *a, Buf *b, const PivotLayer *l, bool skip_said)
{
    for (int i = 0; i < l->kind->nattrs; i++) {
        const char *name = l->kind->attrs[i].name;
        const PValue *v = attr_get(&l->attrs, name);
        bool said = skip_said && is_said(name);
        if (strcmp(name, "groups") == 0 && !kind_attr(l->kind, "kernel_dim")) said = false;
        if (!is_set(v) || said) continue;
        PValue dflt = kind_default(a, l->kind, name);
        if (pv_same(v, &dflt)) continue;
        bool bare = strcmp(name, "actv_func") == 0 || strcmp(name, "pooling_type") == 0;
        const char *text = bare && v->kind == PV_STR ? v->u.str : pv_text(a, v);
        buf_printf(b, "%s%s%s%s", b->len ? " " : "", bare ? "" : name, bare ? "" : "=", text);
    }
}

const char *layer_params_text(Arena *a, const PivotLayer *l)
{
    Buf b = {0};
    const PAttrs *as = &l->attrs;
    const char *name = l->kind->name;
    bool window = kind_attr(l->kind, "kernel_dim") != NULL;
    if (kind_attr(l->kind, "in_channels")) add_sizes(a, &b, as, "in_channels", "out_channels");
    else if (kind_attr(l->kind, "in_features")) add_sizes(a, &b, as, "in_features", "out_features");
    else if (kind_attr(l->kind, "hidden_size")) add_sizes(a, &b, as, "input_size", "hidden_size");
    else if (strcmp(name, "EmbeddingLayer") == 0)
        add_sizes(a, &b, as, "num_embeddings", "embedding_dim");
    else if (kind_attr(l->kind, "num_features")) add_sizes(a, &b, as, "num_features", "");
    else if (strcmp(name, "PoolingLayer") == 0) buf_add(&b, attr_str(as, "pooling_type", ""));
    else if (!window) {
        add_others(a, &b, l, false);
        return buf_take(&b, a);
    }
    if (window) add_window(a, &b, as);
    if (strcmp(name, "PoolingLayer") != 0) {
        add_others(a, &b, l, true);
        return buf_take(&b, a);
    }
    add_ints(a, &b, "out ", attr_get(as, "output_dim"));
    if (attr_bool(as, "ceil_mode", false)) buf_add(&b, " ceil");
    if (attr_bool(as, "keepdims", false)) buf_add(&b, " keepdims");
    return buf_take(&b, a);
}

bool kind_gives_pair(const PivotKind *k)
{
    static const char *const KINDS[] = {"topk", "sort_with_index", "max_with_index", "min_with_index", "var_mean", "moments"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_eq(KINDS[i], k->name)) return true;
    return false;
}

bool kind_has_weights(const PivotKind *k)
{
    static const char *const KINDS[] = {
        "LinearLayer",     "Conv1D",         "Conv2D",            "Conv3D",         "ConvTranspose", "DepthwiseConv",
        "SeparableConv",   "BatchNormLayer", "LayerNormLayer",    "GroupNormLayer", "RMSNormLayer",  "InstanceNormLayer",
        "EmbeddingLayer",  "SimpleRNNLayer", "LSTMLayer",         "GRULayer",       "RNNCellLayer",  "LSTMCellLayer",
        "GRUCellLayer",    "prelu",          "MultiHeadAttention"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_eq(KINDS[i], k->name)) return true;
    return false;
}

bool layer_has_weights(const PivotLayer *l)
{
    while (l->inner) l = l->inner;
    return kind_has_weights(l->kind);
}
