/* Model(image, x).output_shape: a model that nobody keeps, made to be asked for what is known of a tensor already. The
 * draft asks the tensor: x.shape. Without it each such place would be one more network of its function. */
#include "stage/probe.h"

#include <string.h>

#include "stage/draft.h"
#include "stage/staging_internal.h"

typedef struct Probes {
    Arena *a;
    const Trace *t;
    DraftEdits edits;
} Probes;

/* The graph that the call makes; NULL where it makes none, or graphs that differ in how many tensors they have. */
static const PivotNN *graph_of(const Probes *p, const Node *call)
{
    const Site *site = call->kind == N_CALL ? trace_site(p->t, call) : NULL;
    const PivotNN *nn = NULL;
    for (int i = 0; site && i < site->events.len; i++) {
        const Event *e = site->events.at[i];
        if (!stage_model_call(e) || !e->nn) continue;
        if (nn && (nn->inputs.len != e->nn->inputs.len || nn->outputs.len != e->nn->outputs.len)) return NULL;
        nn = e->nn;
    }
    return nn;
}

static const Node *argument(const Node *call, bool output)
{
    int at = 0;
    for (int i = 0; i < call->items.len; i++) {
        const Node *x = call->items.at[i];
        if (x->kind == N_STAR || x->kind == N_DSTAR) return NULL;
        if (x->kind != N_KEYWORD && at++ == (output ? 1 : 0)) return x;
        if (x->kind == N_KEYWORD && str_starts(x->name, output ? "output" : "input")) return x->a;
    }
    return NULL;
}

static bool find_probe(Node *n, void *ctx)
{
    Probes *p = ctx;
    if (n->kind != N_ATTRIBUTE || !strstr(n->name, "_shape")) return true;
    bool output = dialect_lists(p->t->dialect, "model_output_attributes", n->name);
    if (!output && !dialect_lists(p->t->dialect, "model_input_attributes", n->name)) return true;
    const PivotNN *nn = graph_of(p, n->a);
    const Node *x = nn && (output ? nn->outputs.len : nn->inputs.len) == 1 ? argument(n->a, output) : NULL;
    if (!x || x->kind != N_NAME) return true;
    DraftEdit e = {.at = n->span, .text = arena_printf(p->a, "%s.shape", x->name), .why = n->span};
    vec_push(p->a, &p->edits, e);
    return false;
}

Module *probe_make(Arena *a, const Trace *t)
{
    Probes p = {.a = a, .t = t};
    node_walk(t->module->root, find_probe, &p);
    if (!p.edits.len) return NULL;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &p.edits);
    return draft_parse(&d);
}
