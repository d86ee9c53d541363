/* Inputs of the networks that the file applies from outside, and of those that nothing in it
 * applies.
 *
 * Where a shape is told (an option, an answer, a dummy input, model.build, a summary) the input has
 * it, with the batch free. Where none is, the input has no known rank until its first consumer
 * speaks: a Conv2d takes a batch of images with so many channels, an Embedding a batch of sequences
 * of integers. Sizes that nobody tells are free, with a hint; a mismatch later on then says that
 * the hint was wrong, not that the network is (roots.c asks). */
#include "trace/frame.h"

#include <stdlib.h>
#include <string.h>

#include "dialect/convert.h"

Size assumed_batch(Interp *in)
{
    return size_free(in->arena, "B", 2);
}

const char *nn_title(Interp *in, const PivotNN *nn)
{
    if (nn->definition)
        return nn->definition->name;
    const Value *v = value_of_nn(in, nn);
    return v && v->origin ? site_path(in, v->origin) : "model";
}

/* ---- told ---- */

static Size size_of_text(Interp *in, const char *d)
{
    if (*d >= '0' && *d <= '9')
        return size_known(atoll(d));
    bool space = str_eq(d, "H") || str_eq(d, "W") || str_eq(d, "D");
    return size_free(in->arena, d,
                     str_eq(d, "B") || str_eq(d, "N") ? 2
                     : space                          ? fw(in)->spatial_hint
                                                      : 32);
}

static PivotTensor *tensor_of_shape(Interp *in, const TraceShape *s)
{
    Size *dims = ARENA_ARRAY(in->arena, Size, s->dims.len + 1);
    for (int i = 0; i < s->dims.len; i++) dims[i] = size_of_text(in, s->dims.at[i]);
    return tensor_new(in, dims, s->dims.len, s->dtype ? s->dtype : "float32");
}

/* "x[0]" and "x" are the same argument to somebody who names it. */
static bool same_argument(const char *asked, const char *argument)
{
    if (!asked)
        return true;
    if (!argument)
        return false;
    return str_eq(asked, argument);
}

static const TraceShape *option_for(Interp *in, const char *network, const char *argument,
                                    int index)
{
    if (!in->opts)
        return NULL;
    const TraceShape *best = NULL;
    int rank = 0;
    for (int i = 0; i < in->opts->shapes.len; i++) {
        const TraceShape *s = &in->opts->shapes.at[i];
        if (s->network && !str_eq(s->network, network))
            continue;
        if (!same_argument(s->argument, argument) || (!s->argument && index > 0))
            continue;
        int r = 1 + (s->network != NULL) + (s->argument != NULL);
        if (r > rank)
            rank = r, best = s;
    }
    return best;
}

static const ShapeHint *hint_for(Interp *in, const PivotNN *nn)
{
    Framework *f = fw(in);
    for (int i = 0; i < f->hints.len; i++)
        if (f->hints.at[i].nn == nn)
            return &f->hints.at[i];
    return NULL;
}

/* The network that a Sequential begins with, or NULL. */
static const PivotNN *first_part(const PivotNN *nn)
{
    const PivotNN *first = nn->is_sequential && nn->children.len ? nn->children.at[0] : NULL;
    return first && (!nn->layers.len || first->def.start < nn->layers.at[0]->def.start) ? first : NULL;
}

/* What is told of it, or what its graph says. */
static PivotTensor *told_of_first(Interp *in, const PivotNN *nn, int index)
{
    const PivotNN *first = index == 0 ? first_part(nn) : NULL;
    const char *name = first && first->definition ? first->definition->name : NULL;
    for (int i = 0; name && in->opts && i < in->opts->shapes.len; i++)
        if (str_eq(in->opts->shapes.at[i].network, name)) return tensor_of_shape(in, &in->opts->shapes.at[i]);
    const PivotTensor *x = first && first->inputs.len == 1 ? first->inputs.at[0] : NULL;
    return x && x->rank > 0 ? tensor_new(in, x->dims, x->rank, x->dtype) : NULL;
}

static int inputs_of(Interp *in, const PivotNN *nn)
{
    int n = 0;
    for (int i = 0; i < fw(in)->root_inputs.len; i++) n += fw(in)->root_inputs.at[i].nn == nn;
    return n;
}

static PivotTensor *told_tensor(Interp *in, PivotNN *nn, const char *network, const char *argument,
                                const PivotTensor *given, int index, bool *told)
{
    *told = true;
    const TraceShape *s = option_for(in, network, argument, index);
    if (s)
        return tensor_of_shape(in, s);
    const char *err = NULL;
    const char *id =
        arena_printf(in->arena, "input-shape:%s.%s", network, argument ? argument : "input");
    const char *answer = answer_to(in, id);
    if (answer && (s = trace_parse_shape(in->arena, answer, &err)))
        return tensor_of_shape(in, s);
    const ShapeHint *h = index == 0 ? hint_for(in, nn) : NULL;
    if (h)
        return tensor_new(in, h->dims, h->rank, given && given->dtype ? given->dtype : "float32");
    PivotTensor *first = told_of_first(in, nn, index);
    if (first) return first;
    *told = false;
    if (!given || given->rank < 0)
        return tensor_unknown(in);
    PivotTensor *t =
        tensor_new(in, given->dims, given->rank, given->dtype ? given->dtype : "float32");
    *told = true;
    if (t->rank > 1 && !t->dims[0].free)
        t->dims[0] = size_free(in->arena, "B", t->dims[0].n > 1 ? t->dims[0].n : 2);
    return t;
}

PivotTensor *root_input(Interp *in, PivotNN *nn, const char *network, const char *argument,
                        const PivotTensor *given)
{
    int index = inputs_of(in, nn);
    bool told = false;
    PivotTensor *t = told_tensor(in, nn, network, argument, given, index, &told);
    RootInput r = {.tensor = t, .nn = nn, .network = network, .argument = argument, .told = told};
    vec_push(in->arena, &fw(in)->root_inputs, r);
    return t;
}

static const TraceShape *answer_for_symbolic(Interp *in, const char *name)
{
    const AnswerSet *set = in->opts ? in->opts->answers : NULL;
    const char *kind = question_kind_name(Q_INPUT_SHAPE), *err = NULL;
    for (int i = 0; set && i < set->list.len; i++)
        if (str_starts(set->list.at[i].id, kind) &&
            str_ends(set->list.at[i].id, arena_printf(in->arena, ".%s", name)))
            return trace_parse_shape(in->arena, set->list.at[i].answer, &err);
    return NULL;
}

PivotTensor *symbolic_input(Interp *in, const char *name, const Size *dims, int rank,
                            const char *dtype)
{
    bool blind = rank < 0;
    for (int i = 0; i < rank; i++) blind |= size_unknown(dims[i]);
    const TraceShape *s = NULL;
    for (int i = 0; in->opts && i < in->opts->shapes.len && !s; i++) {
        const TraceShape *o = &in->opts->shapes.at[i];
        if (o->argument ? str_eq(o->argument, name) : blind && !fw(in)->symbolic_told)
            s = o;
    }
    if (s && !s->argument)
        fw(in)->symbolic_told = true;
    if (!s && name)
        s = answer_for_symbolic(in, name);
    if (!s)
        return tensor_new(in, dims, rank, dtype);
    PivotTensor *t = tensor_of_shape(in, s);
    if (!s->dtype)
        t->dtype = dtype;
    return t;
}

/* ---- assumed ---- */

static RootInput *input_behind(Interp *in, PivotTensor *t, TensorVec *chain)
{
    static const char *const KEEPS[] = {
        "cast",     "identity", "DropoutLayer", "dropout", "IdentityLayer",      "RescalingLayer",
        "multiply", "divide",   "subtract",     "add",     "NormalizationLayer", "FlattenLayer",
        "flatten"};
    for (int depth = 0; t && depth < 8; depth++) {
        for (int i = 0; i < fw(in)->root_inputs.len; i++)
            if (fw(in)->root_inputs.at[i].tensor == t)
                return &fw(in)->root_inputs.at[i];
        const PivotNode *n = t->producer;
        bool keeps = n && n->kind && n->kind->group == GROUP_ACTIVATION;
        for (size_t i = 0; n && n->kind && i < sizeof KEEPS / sizeof *KEEPS; i++)
            keeps |= str_eq(n->kind->name, KEEPS[i]);
        if (!keeps || !n->inputs.len)
            return NULL;
        vec_push(in->arena, chain, t);
        t = n->inputs.at[0];
    }
    return NULL;
}

static Size told_size(const PAttrs *attrs, const char *name)
{
    const PValue *v = attr_get(attrs, name);
    return v && v->kind == PV_INT ? size_known(v->u.i) : (Size){-1, NULL};
}

typedef struct Assumption {
    Size dims[8];
    int rank;
    const char *dtype;
    const char *says; /* "conv1 takes (B,3,H,W)" */
} Assumption;

static const char *symbol_for(Interp *in, const char *base, int index)
{
    return index ? arena_printf(in->arena, "%s%d", base, index + 1) : base;
}

static bool assume_image(Interp *in, const PivotKind *kind, const PAttrs *attrs, int index,
                         const char *channels, Assumption *a)
{
    static const char *const NAMES[] = {"D", "H", "W"};
    int n = kind_spatial(kind, attrs);
    if (n < 1 || n > 3)
        return false;
    const char *format = attr_str(attrs, "data_format", NULL);
    bool first = format ? str_eq(format, "channels_first") : in->dialect->channels_first;
    Size c = channels ? told_size(attrs, channels) : (Size){-1, NULL};
    a->rank = n + 2;
    a->dims[0] = assumed_batch(in);
    a->dims[first ? 1 : n + 1] = c;
    for (int i = 0; i < n; i++) {
        const char *name = n == 1 ? "T" : NAMES[3 - n + i];
        long long hint = n == 1 ? 64 : n == 3 ? 32 : fw(in)->spatial_hint;
        a->dims[first ? 2 + i : 1 + i] = size_free(in->arena, symbol_for(in, name, index), hint);
    }
    return true;
}

static void assume_sequence(Interp *in, const PAttrs *attrs, int index, Assumption *a)
{
    bool torch = str_eq(attr_str(attrs, "return_type", ""), "torch");
    bool time_first = torch && !attr_bool(attrs, "batch_first", false);
    Size t = size_free(in->arena, symbol_for(in, "T", index), 32);
    a->rank = 3;
    a->dims[0] = time_first ? t : assumed_batch(in);
    a->dims[1] = time_first ? assumed_batch(in) : t;
    a->dims[2] = told_size(attrs, "input_size");
}

/* view(-1, 784): anything with so many elements per item will do, the flat form of it too. */
static bool assume_flat(Interp *in, const PAttrs *attrs, Assumption *a)
{
    const PValue *shape = attr_get(attrs, "shape");
    if (!shape || shape->kind != PV_LIST || shape->u.list.len < 2)
        return false;
    long long n = 1;
    for (int i = 1; i < shape->u.list.len; i++) {
        if (shape->u.list.at[i].kind != PV_INT || shape->u.list.at[i].u.i < 1)
            return false;
        n *= shape->u.list.at[i].u.i;
    }
    a->rank = 2;
    a->dims[0] = assumed_batch(in);
    a->dims[1] = size_known(n);
    return true;
}

static bool assume_of_kind(Interp *in, const PivotKind *kind, const PAttrs *attrs, int index,
                           Assumption *a)
{
    const char *k = kind->name;
    a->dtype = "float32";
    if (str_starts(k, "Conv") || str_eq(k, "DepthwiseConv") || str_eq(k, "SeparableConv"))
        return assume_image(in, kind, attrs, index, "in_channels", a);
    if (str_eq(k, "PoolingLayer") || str_eq(k, "PaddingLayer") || str_eq(k, "UpSamplingLayer") ||
        str_eq(k, "CroppingLayer") || str_eq(k, "SpatialDropout"))
        return assume_image(in, kind, attrs, index, NULL, a);
    if (str_eq(k, "BatchNormLayer") && attr_int(attrs, "dimension", 0) > 1)
        return assume_image(in, kind, attrs, index, "num_features", a);
    if (str_eq(k, "EmbeddingLayer")) {
        Size length = told_size(attrs, "input_length");
        a->rank = 2;
        a->dtype = "int64";
        a->dims[0] = assumed_batch(in);
        a->dims[1] = length.n > 0 ? length : size_free(in->arena, symbol_for(in, "T", index), 32);
        return true;
    }
    if (str_eq(k, "LSTMLayer") || str_eq(k, "GRULayer") || str_eq(k, "SimpleRNNLayer")) {
        assume_sequence(in, attrs, index, a);
        return true;
    }
    if (str_eq(k, "reshape"))
        return assume_flat(in, attrs, a);
    bool last =
        str_eq(k, "LinearLayer") || str_eq(k, "LayerNormLayer") || str_eq(k, "BatchNormLayer");
    if (!last)
        return false;
    a->rank = 2;
    a->dims[0] = assumed_batch(in);
    a->dims[1] = told_size(attrs, str_eq(k, "LinearLayer") ? "in_features" : "num_features");
    const PValue *shape = str_eq(k, "LayerNormLayer") ? attr_get(attrs, "normalized_shape") : NULL;
    if (shape && shape->kind == PV_LIST && shape->u.list.len == 1)
        a->dims[1] = pv_as_size(&shape->u.list.at[0]);
    return true;
}

static void set_shape(Interp *in, PivotTensor *t, const Assumption *a, bool dtype)
{
    t->rank = a->rank;
    t->dims = ARENA_ARRAY(in->arena, Size, a->rank);
    memcpy(t->dims, a->dims, sizeof(Size) * (size_t)a->rank);
    if (dtype)
        t->dtype = a->dtype;
}

/* What comes into a function that nothing calls: an image, where its first consumer takes nothing else. */
static void assume_image_of_uncalled(Interp *in, PivotTensor *t, const PivotKind *kind, const PAttrs *attrs)
{
    static const char *const IMAGES[] = {"Conv1D",       "Conv2D",       "Conv3D",      "ConvTranspose",  "DepthwiseConv",
                                         "PoolingLayer", "PaddingLayer", "SeparableConv", "UpSamplingLayer", "BatchNormLayer"};
    Assumption a = {0};
    bool image = false;
    for (size_t i = 0; i < sizeof IMAGES / sizeof *IMAGES; i++) image |= str_eq(kind->name, IMAGES[i]);
    if (!image || t->producer || t->is_parameter || !assume_of_kind(in, kind, attrs, 0, &a) || a.rank < 3) return;
    for (int i = 0; i < a.rank; i++)
        if (a.dims[i].free) a.dims[i] = size_known(-1);
    set_shape(in, t, &a, true);
}

void assume_input(Interp *in, PivotTensor *t, const PivotKind *kind, const PAttrs *attrs)
{
    TensorVec chain = {0};
    if (in->forced > 0 && !fw(in)->discovering && t->rank < 0) assume_image_of_uncalled(in, t, kind, attrs);
    RootInput *r = input_behind(in, t, &chain);
    if (!r || r->tensor->rank >= 0 || (in->forced > 0 && !fw(in)->discovering))
        return;
    int index = 0;
    for (int i = 0; i < fw(in)->root_inputs.len && &fw(in)->root_inputs.at[i] != r; i++)
        index += fw(in)->root_inputs.at[i].nn == r->nn;
    Assumption a = {0};
    if (!assume_of_kind(in, kind, attrs, index, &a))
        return;
    set_shape(in, r->tensor, &a, true);
    for (int i = 0; i < chain.len; i++) set_shape(in, chain.at[i], &a, false);
    r->assumed = true;
    r->says = arena_printf(in->arena, "its first consumer, %s, takes %s", kind->name,
                           tensor_shape_text(in->arena, r->tensor));
    fw(in)->assumed = true;
}
