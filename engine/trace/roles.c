/* A letter for each axis, where it is known: N batch, C channel, D H W space, T time, F feature.
 *
 * Consumers and producers say it (what a Conv2d takes is N C H W), operations that keep axes carry
 * it on, forward and then backward, a few times over the steps of the trace. It is information for
 * people and for names; the layout of a port does not rest on it. */
#include "trace/frame.h"

#include <string.h>

#include "dialect/convert.h"

#define ROUNDS 3

static void say(Interp *in, PivotTensor *t, const char *roles)
{
    if (!t || t->rank < 0 || (int)strlen(roles) != t->rank)
        return;
    char *have = t->roles ? arena_strdup(in->arena, t->roles) : NULL;
    if (!have) {
        have = arena_alloc(in->arena, (size_t)t->rank + 1);
        memset(have, '?', (size_t)t->rank);
    }
    for (int i = 0; i < t->rank; i++)
        if (have[i] == '?')
            have[i] = roles[i];
    t->roles = have;
}

static void image_roles(Interp *in, const PivotNode *n, const PAttrs *attrs)
{
    static const char *const FIRST[] = {"NCT", "NCHW", "NCDHW"}, *const LAST[] = {"NTC", "NHWC",
                                                                                  "NDHWC"};
    int space = kind_spatial(n->kind, attrs);
    if (space < 1 || space > 3)
        return;
    const char *format = attr_str(attrs, "data_format", NULL);
    bool first = format ? str_eq(format, "channels_first") : in->dialect->channels_first;
    const char *roles = first ? FIRST[space - 1] : LAST[space - 1];
    if (n->inputs.len)
        say(in, n->inputs.at[0], roles);
    if (n->outputs.len)
        say(in, n->outputs.at[0], roles);
    if (n->outputs.len && n->outputs.at[0]->rank == 2)
        say(in, n->outputs.at[0], "NC");
}

static bool is_image_kind(const char *k)
{
    static const char *const KINDS[] = {"Conv1D",          "Conv2D",        "Conv3D",
                                        "ConvTranspose",   "DepthwiseConv", "SeparableConv",
                                        "PoolingLayer",    "PaddingLayer",  "CroppingLayer",
                                        "UpSamplingLayer", "SpatialDropout"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_eq(k, KINDS[i]))
            return true;
    return false;
}

static void consumer_roles(Interp *in, const PivotNode *n)
{
    const PivotLayer *l = n->layer ? (n->layer->inner ? n->layer->inner : n->layer) : NULL;
    const char *k = l ? l->kind->name : n->kind->name;
    const PAttrs *attrs = l ? &l->attrs : &n->attrs;
    if (is_image_kind(k) && !(n->layer && n->layer->inner))
        image_roles(in, n, attrs);
    PivotTensor *x = n->inputs.len ? n->inputs.at[0] : NULL,
                *y = n->outputs.len ? n->outputs.at[0] : NULL;
    if (str_eq(k, "EmbeddingLayer")) {
        say(in, x, "NT");
        say(in, y, "NTF");
    }
    if (str_eq(k, "LSTMLayer") || str_eq(k, "GRULayer") || str_eq(k, "SimpleRNNLayer")) {
        bool time_first = str_eq(attr_str(attrs, "return_type", ""), "torch") &&
                          !attr_bool(attrs, "batch_first", false);
        say(in, x, time_first ? "TNF" : "NTF");
        say(in, y, y && y->rank == 2 ? "NF" : time_first ? "TNF" : "NTF");
    }
    if (str_eq(k, "LinearLayer")) {
        if (x && x->rank == 2)
            say(in, x, "NF");
        if (y && y->rank == 2)
            say(in, y, "NF");
    }
    if (str_eq(k, "FlattenLayer") && y && y->rank == 2)
        say(in, y, "NF");
}

static bool same_shape(const PivotTensor *x, const PivotTensor *y)
{
    if (x->rank != y->rank || x->rank < 0)
        return false;
    for (int i = 0; i < x->rank; i++)
        if (!size_same(x->dims[i], y->dims[i]))
            return false;
    return true;
}

static void carry(Interp *in, const PivotNode *n, bool back)
{
    for (int i = 0; i < n->inputs.len; i++)
        for (int o = 0; o < n->outputs.len; o++) {
            PivotTensor *x = n->inputs.at[i], *y = n->outputs.at[o];
            if (!same_shape(x, y))
                continue;
            bool mixes = n->kind &&
                         (str_eq(n->kind->name, "permute") || str_eq(n->kind->name, "transpose") ||
                          str_eq(n->kind->name, "reshape") || str_eq(n->kind->name, "matmultiply"));
            if (mixes)
                continue;
            if (back && y->roles)
                say(in, x, y->roles);
            if (!back && x->roles)
                say(in, y, x->roles);
        }
}

void roles_infer(Interp *in)
{
    Trace *t = in->trace;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < t->steps.len; i++) {
            const PivotNode *n = t->steps.at[i];
            if (n->type == PNODE_LAYER || n->type == PNODE_OP) {
                if (round == 0)
                    consumer_roles(in, n);
                carry(in, n, false);
            }
        }
        for (int i = t->steps.len - 1; i >= 0; i--) {
            const PivotNode *n = t->steps.at[i];
            if (n->type == PNODE_LAYER || n->type == PNODE_OP)
                carry(in, n, true);
        }
    }
}
