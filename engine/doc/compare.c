/* The request for a comparison of the document's network with a ported file. */
#include <string.h>

#include "base/file.h"
#include "doc/doc.h"
#include "verify/request.h"
#include "verify/verify.h"

/* Layers with weights below a root, in the order in which the forward pass first calls them. */
typedef VEC(const PivotLayer *) LayerVec;

static bool has_arrays(const PivotLayer *l)
{
    static const char *const NONE[] = {"PoolingLayer", "DropoutLayer", "FlattenLayer", "PaddingLayer", "ActivationLayer",
                                       "IdentityLayer", "ReshapeLayer", "PermuteLayer", "SpatialDropout", "CroppingLayer",
                                       "UpSamplingLayer", "LambdaLayer", "RescalingLayer", "InputLayer", "PixelShuffle"};
    if (l->kind->group != GROUP_LAYER && l->kind->group != GROUP_WRAPPER) return str_eq(l->kind->name, "prelu");
    if (l->kind->besser && str_eq(l->kind->besser, "TensorOp")) return false;
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        if (str_eq(NONE[i], l->kind->name)) return false;
    return true;
}

static LayerVec weight_layers(Arena *a, const Trace *t)
{
    LayerVec out = {0};
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        if (e->kind != EV_APPLY || e->forced || !e->layer || !e->layer->name || !has_arrays(e->layer)) continue;
        bool have = false;
        for (int k = 0; k < out.len; k++) have |= out.at[k] == e->layer;
        if (!have) vec_push(a, &out, e->layer);
    }
    return out;
}

/* How the framework reaches a layer: "features.0", or "features.layers[0]". */
static const char *native_path(Arena *a, const Trace *t, const PivotLayer *l)
{
    const char *path = trace_layer_path(a, l);
    if (t->dialect->channels_first) return path;
    Buf b = {0};
    char *copy = arena_strdup(a, path), *save = NULL;
    for (char *part = strtok_r(copy, ".", &save); part; part = strtok_r(NULL, ".", &save)) {
        bool number = part[0] >= '0' && part[0] <= '9';
        buf_printf(&b, number ? "%slayers[%s]" : "%s%s", b.len ? "." : "", part);
    }
    return buf_take(&b, a);
}

/* A port that is not the current text's: layers are paired in execution order where both files have the same kinds in
 * the same order. */
static void pair_by_order(PtlDoc *doc, Arena *a, Module *m, const StrVec *shapes, VerifyRequest *q)
{
    const Dialect *to = doc_dialect(doc, doc->to);
    TraceOptions o = {0};
    const char *err = NULL;
    for (int i = 0; i < shapes->len; i++) {
        TraceShape *s = trace_parse_shape(a, shapes->at[i], &err);
        if (s) vec_push(a, &o.shapes, *s);
    }
    Trace *t = trace_run(a, m, to, &o);
    LayerVec x = weight_layers(a, doc->used), y = weight_layers(a, t);
    if (!x.len || x.len != y.len) return;
    for (int i = 0; i < x.len; i++)
        if (x.at[i]->kind != y.at[i]->kind) return;
    VerifyPair *pairs = ARENA_ARRAY(a, VerifyPair, x.len);
    for (int i = 0; i < x.len; i++) {
        pairs[i] = (VerifyPair){.source = trace_layer_path(a, x.at[i]), .target = native_path(a, t, y.at[i]),
                                .kind = x.at[i]->kind->name, .rule = x.at[i]->kind->name};
        int col;
        source_position(doc->used->module->src, x.at[i]->def.start, &pairs[i].source_line, &col);
        source_position(m->src, y.at[i]->def.start, &pairs[i].target_line, &col);
    }
    q->pairs = pairs;
    q->npairs = x.len;
}

bool ptl_verify_request(PtlDoc *doc, const char *ported, struct VerifyRequest *request, const char **err)
{
    size_t len;
    Arena *a = doc->port_arena;
    char *text = file_read(a, ported, &len, err);
    if (!text) return false;
    if (!doc->trace || !doc->result) {
        *err = "no framework is recognised in the source, so there is no network to compare";
        return false;
    }
    DiagList diags = {.arena = a};
    StrVec shapes = {0};
    Module *m = python_parse(a, ported, doc_without_header(a, text, len, &shapes), (int)len, &diags);
    request->templates = doc->templates;
    if (!request_fill(a, doc->trace, doc->module, doc->result, doc_dialect(doc, doc->to), m, request, err)) return false;
    if (!doc->port.text || strcmp(text, doc->port.text) != 0) pair_by_order(doc, a, m, &shapes, request);
    return true;
}
