/* The pivot as a tree in display order: a network, what it is built of, then its forward pass step by step. */
#include "doc/doc.h"

typedef struct Tree {
    Arena *a;
    const Trace *t;
    const PortResult *r;
    const int *site_map;
    VEC(PtlNode) nodes;
} Tree;

static int map_of_site(const Tree *t, int site)
{
    return site > 0 && site <= t->t->module->nnodes ? t->site_map[site] : 0;
}

static PtlStatus status_of_map(const Tree *t, int map)
{
    if (!map) return PTL_OK;
    const PortMapping *m = &t->r->mappings.at[map - 1];
    PtlStatus worst = m->unsupported ? PTL_UNSUPPORTED : PTL_OK;
    for (int i = 0; i < m->questions.len; i++) {
        const Question *q = question_find(&t->r->questions, m->questions.at[i]);
        if (!q) continue;
        if (q->state == ANSWER_OPEN) return PTL_OPEN;
        if (q->state == ANSWER_UNSUPPORTED) worst = PTL_UNSUPPORTED;
        if (q->state == ANSWER_STALE && worst == PTL_OK) worst = PTL_STALE;
        if (q->state == ANSWER_DEFAULT && worst == PTL_OK) worst = PTL_DEFAULT;
    }
    return worst;
}

static int push(Tree *t, PtlNode n)
{
    n.depth = n.parent >= 0 ? t->nodes.at[n.parent].depth + 1 : 0;
    if (!n.shape) n.shape = "";
    if (!n.params) n.params = "";
    if (!n.layout) n.layout = "";
    n.status = status_of_map(t, n.mapping);
    vec_push(t->a, &t->nodes, n);
    if (n.parent >= 0) t->nodes.at[n.parent].has_children = true;
    return t->nodes.len - 1;
}

static const PivotTensor *first_output(const Tree *t, const PivotLayer *l)
{
    for (int i = 0; i < t->t->events.len; i++) {
        const Event *e = t->t->events.at[i];
        if (e->kind == EV_APPLY && e->layer == l && e->out.len) return e->out.at[0];
    }
    return NULL;
}

static const char *last_part(const char *path)
{
    const char *dot = path;
    for (const char *s = path; s && *s; s++)
        if (*s == '.') dot = s + 1;
    return dot ? dot : "";
}

static void push_nn(Tree *t, const PivotNN *nn, int parent);

static void push_layer(Tree *t, const PivotLayer *l, int parent)
{
    const PivotTensor *out = first_output(t, l);
    push(t, (PtlNode){.parent = parent, .name = l->name ? last_part(l->name) : "", .kind = l->kind->name,
                      .params = layer_params_text(t->a, l), .shape = out ? tensor_shape_text(t->a, out) : "",
                      .shape_why = out && out->rank >= 0 ? NULL : "no forward pass reached it with a known shape",
                      .layout = out && out->roles ? out->roles : "", .mapping = map_of_site(t, l->site)});
}

/* Layers and sub-NNs in the order in which they were built. */
static void push_parts(Tree *t, const PivotNN *nn, int parent)
{
    int i = 0, k = 0;
    while (i < nn->layers.len || k < nn->children.len) {
        bool layer = k >= nn->children.len ||
                     (i < nn->layers.len && nn->layers.at[i]->def.start <= nn->children.at[k]->def.start);
        if (layer) push_layer(t, nn->layers.at[i++], parent);
        else push_nn(t, nn->children.at[k++], parent);
    }
}

static const char *node_name(const Tree *t, const PivotNode *n)
{
    (void)t;
    if (n->type == PNODE_LAYER) return n->layer->name ? last_part(n->layer->name) : n->layer->kind->name;
    if (n->type == PNODE_NN) return n->nn->name && *n->nn->name ? last_part(n->nn->name) : "network";
    if (n->type == PNODE_INPUT) return n->name ? n->name : "input";
    if (n->type == PNODE_OUTPUT) return "output";
    return n->kind ? n->kind->name : "operation";
}

/* Which step of a forward pass made a tensor; the last that did. */
typedef struct Made {
    const PivotTensor *tensor;
    int node;
} Made;
typedef VEC(Made) Makers;

static void take_inputs(Tree *t, const PivotNode *n, const Makers *made, PtlNode *out)
{
    IntVec in = {0};
    for (int i = 0; i < n->inputs.len; i++)
        for (int k = made->len - 1; k >= 0; k--) {
            if (made->at[k].tensor != n->inputs.at[i]) continue;
            bool there = false;
            for (int j = 0; j < in.len; j++) there |= in.at[j] == made->at[k].node;
            if (!there) vec_push(t->a, &in, made->at[k].node);
            break;
        }
    out->inputs = in.at;
    out->ninputs = in.len;
}

static void push_step(Tree *t, const PivotNode *n, int parent, Makers *made)
{
    if (n->type == PNODE_OUTPUT) return;
    const PivotTensor *out = n->outputs.len ? n->outputs.at[0] : NULL;
    const char *kind = n->type == PNODE_INPUT ? "input" : n->type == PNODE_NN ? "network" : n->kind ? n->kind->name : "";
    PtlNode step = {.parent = parent, .name = node_name(t, n), .kind = kind,
                    .shape = out ? tensor_shape_text(t->a, out) : "(?)",
                    .shape_why = out && out->rank >= 0 ? NULL : "the shape of what goes in is not known",
                    .layout = out && out->roles ? out->roles : "", .mapping = map_of_site(t, n->site), .is_use = true};
    take_inputs(t, n, made, &step);
    int at = push(t, step);
    for (int i = 0; i < n->outputs.len; i++) {
        Made m = {n->outputs.at[i], at};
        vec_push(t->a, made, m);
    }
}

static void push_nn(Tree *t, const PivotNN *nn, int parent)
{
    const char *name = nn->name && *nn->name ? last_part(nn->name) : nn->definition ? nn->definition->name : "network";
    const char *kind = nn->definition ? nn->definition->name : nn->is_sequential ? "Sequential" : "network";
    const PivotTensor *in = nn->inputs.len ? nn->inputs.at[0] : NULL;
    const PivotTensor *out = nn->outputs.len ? nn->outputs.at[0] : NULL;
    const PivotTensor *shown = parent < 0 ? in : out;
    Buf params = {0};
    for (int i = 0; i < nn->params.len; i++)
        buf_printf(&params, "%s%s=%s", i ? ", " : "", nn->params.at[i].name, pv_text(t->a, &nn->params.at[i].value));
    int site = nn->site;
    if (!map_of_site(t, site) && nn->definition) site = nn->definition->node;
    int me = push(t, (PtlNode){.parent = parent, .name = name, .kind = kind, .params = buf_take(&params, t->a),
                               .shape = shown ? tensor_shape_text(t->a, shown) : "", .mapping = map_of_site(t, site)});
    push_parts(t, nn, me);
    bool plain = nn->is_sequential; /* a sequence's pass is its parts */
    if (plain || !nn->nodes.len) return;
    int forward = push(t, (PtlNode){.parent = me, .name = "forward", .kind = "", .is_use = true});
    Makers made = {0};
    for (int i = 0; i < nn->nodes.len; i++) push_step(t, nn->nodes.at[i], forward, &made);
}

static void push_training(Tree *t)
{
    const PivotConfiguration *c = t->t->pivot->configuration;
    if (!c) return;
    int me = push(t, (PtlNode){.parent = -1, .name = "training", .kind = "Configuration"});
    if (c->optimizer) push(t, (PtlNode){.parent = me, .name = "optimizer", .kind = c->optimizer->name});
    if (c->loss) push(t, (PtlNode){.parent = me, .name = "loss", .kind = c->loss->name});
    if (c->epochs.kind != PV_UNSET)
        push(t, (PtlNode){.parent = me, .name = "epochs", .kind = "", .params = pv_text(t->a, &c->epochs)});
    if (c->batch_size.kind != PV_UNSET)
        push(t, (PtlNode){.parent = me, .name = "batch_size", .kind = "", .params = pv_text(t->a, &c->batch_size)});
    for (int i = 0; i < c->metrics.len; i++)
        push(t, (PtlNode){.parent = me, .name = "metric", .kind = c->metrics.at[i]->name});
}

const PtlNode *tree_build(Arena *a, const Trace *trace, const PortResult *r, const int *site_map, int *n)
{
    Tree t = {.a = a, .t = trace, .r = r, .site_map = site_map};
    for (int i = 0; i < trace->roots.len; i++)
        if (trace->roots.at[i].nn) push_nn(&t, trace->roots.at[i].nn, -1);
    push_training(&t);
    *n = t.nodes.len;
    return t.nodes.at;
}
