/* The model as JSON: flat tables of tensors, layers, nodes and NNs that refer to each other by id,
 * so that what is shared is written once.
 *
 *   {"configuration", "datasets", "definitions", "format": 1, "layers", "nns", "nodes", "roots",
 *     "source", "tensors"}
 *
 * Only what the roots and definitions reach is written. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/json.h"

typedef struct Saver {
    Arena *a;
    const PivotModel *m;
    /* by id, NULL where not reached */
    const PivotNN **nns;
    const PivotLayer **layers;
    const PivotNode **nodes;
    const PivotTensor **tensors;
    int depth; /* of producers of producers: beyond the limit they are left out */
} Saver;

enum { MAX_CHAIN = 4000 };

/* ---- what is reached ---- */

static bool in_range(int id, int n)
{
    return id >= 1 && id <= n;
}

static void reach_nn(Saver *s, const PivotNN *nn);
static void reach_node(Saver *s, const PivotNode *n);

static void reach_layer(Saver *s, const PivotLayer *l)
{
    for (; l && in_range(l->id, s->m->nlayers) && !s->layers[l->id]; l = l->inner) {
        s->layers[l->id] = l;
        reach_nn(s, l->owner);
    }
}

static void reach_tensor(Saver *s, const PivotTensor *t)
{
    if (!t || !in_range(t->id, s->m->ntensors) || s->tensors[t->id]) return;
    s->tensors[t->id] = t;
    if (s->depth >= MAX_CHAIN) return;
    s->depth++;
    reach_node(s, t->producer);
    s->depth--;
}

static void reach_node(Saver *s, const PivotNode *n)
{
    if (!n || !in_range(n->id, s->m->nnodes) || s->nodes[n->id]) return;
    s->nodes[n->id] = n;
    reach_layer(s, n->layer);
    reach_nn(s, n->nn);
    reach_nn(s, n->owner);
    for (int i = 0; i < n->outputs.len; i++) reach_tensor(s, n->outputs.at[i]);
    for (int i = 0; i < n->inputs.len; i++) reach_tensor(s, n->inputs.at[i]);
}

static void reach_nn(Saver *s, const PivotNN *nn)
{
    if (!nn || !in_range(nn->id, s->m->nnns) || s->nns[nn->id]) return;
    s->nns[nn->id] = nn;
    reach_nn(s, nn->parent);
    for (int i = 0; i < nn->layers.len; i++) reach_layer(s, nn->layers.at[i]);
    for (int i = 0; i < nn->children.len; i++) reach_nn(s, nn->children.at[i]);
    for (int i = 0; i < nn->nodes.len; i++) reach_node(s, nn->nodes.at[i]);
    for (int i = 0; i < nn->inputs.len; i++) reach_tensor(s, nn->inputs.at[i]);
    for (int i = 0; i < nn->outputs.len; i++) reach_tensor(s, nn->outputs.at[i]);
}

static void reach_all(Saver *s)
{
    const PivotModel *m = s->m;
    s->nns = ARENA_ARRAY(s->a, const PivotNN *, m->nnns + 1);
    s->layers = ARENA_ARRAY(s->a, const PivotLayer *, m->nlayers + 1);
    s->nodes = ARENA_ARRAY(s->a, const PivotNode *, m->nnodes + 1);
    s->tensors = ARENA_ARRAY(s->a, const PivotTensor *, m->ntensors + 1);
    for (int i = 0; i < m->roots.len; i++) reach_nn(s, m->roots.at[i]);
    for (int i = 0; i < m->definitions.len; i++) {
        const PivotDefinition *d = m->definitions.at[i];
        for (int k = 0; k < d->instances.len; k++) reach_nn(s, d->instances.at[k]);
    }
}

/* ---- small parts ---- */

static void add_text(cJSON *o, const char *key, const char *text)
{
    if (text) cJSON_AddStringToObject(o, key, text);
}

static void add_count(cJSON *o, const char *key, int n)
{
    if (n) cJSON_AddNumberToObject(o, key, n);
}

static void add_flag(cJSON *o, const char *key, bool on)
{
    if (on) cJSON_AddTrueToObject(o, key);
}

static void add_span(cJSON *o, const char *key, Span s)
{
    if (!s.start && !s.end) return;
    cJSON_AddItemToObject(o, key, cJSON_CreateIntArray((const int[]){s.start, s.end}, 2));
}

/* "key": the ids of a Vec of pointers to things with an id. */
#define ADD_IDS(o, key, vec)                                                                       \
    do {                                                                                           \
        cJSON *ids_ = (vec).len ? cJSON_AddArrayToObject((o), (key)) : NULL;                       \
        for (int k_ = 0; k_ < (vec).len; k_++)                                                     \
            cJSON_AddItemToArray(ids_, cJSON_CreateNumber((vec).at[k_]->id));                      \
    } while (0)

/* ---- rows of the tables ---- */

static cJSON *save_tensor(Arena *a, const PivotTensor *t)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "id", t->id);
    if (t->rank < 0) {
        cJSON_AddNullToObject(o, "shape");
    } else {
        cJSON *shape = cJSON_AddArrayToObject(o, "shape");
        for (int i = 0; i < t->rank; i++) cJSON_AddItemToArray(shape, json_size(a, t->dims[i]));
    }
    add_text(o, "dtype", t->dtype);
    add_text(o, "roles", t->roles);
    add_flag(o, "parameter", t->is_parameter);
    add_count(o, "producer", t->producer ? t->producer->id : 0);
    add_count(o, "output", t->output);
    return o;
}

/* Names of the attributes that the trace found. */
static void add_traced(cJSON *o, const PAttrs *traced)
{
    cJSON *names = traced->len ? cJSON_AddArrayToObject(o, "traced") : NULL;
    for (int i = 0; i < traced->len; i++)
        cJSON_AddItemToArray(names, cJSON_CreateString(traced->at[i].name));
}

static cJSON *save_layer(Arena *a, const PivotLayer *l)
{
    cJSON *o = cJSON_CreateObject();
    PAttrs attrs = {0};
    for (int i = 0; i < l->attrs.len; i++)
        attr_set(a, &attrs, l->attrs.at[i].name, l->attrs.at[i].value);
    for (int i = 0; i < l->traced.len; i++) {
        const PValue *v = attr_get(&attrs, l->traced.at[i].name);
        if (!v || v->kind == PV_UNSET)
            attr_set(a, &attrs, l->traced.at[i].name, l->traced.at[i].value);
    }
    cJSON_AddNumberToObject(o, "id", l->id);
    cJSON_AddStringToObject(o, "kind", l->kind->name);
    add_text(o, "name", l->name);
    cJSON_AddItemToObject(o, "attrs", json_attrs(a, &attrs, l->kind));
    add_traced(o, &l->traced);
    add_count(o, "owner", l->owner ? l->owner->id : 0);
    add_span(o, "span", l->def);
    add_count(o, "site", l->site);
    add_count(o, "calls", l->calls);
    add_count(o, "inner", l->inner ? l->inner->id : 0);
    return o;
}

static const char *const node_types[] = {"input", "layer", "op", "nn", "output"};

static cJSON *save_node(Arena *a, const PivotNode *n)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "id", n->id);
    cJSON_AddStringToObject(o, "type", node_types[n->type]);
    add_count(o, "layer", n->layer ? n->layer->id : 0);
    add_text(o, "kind", n->type == PNODE_OP && n->kind ? n->kind->name : NULL);
    add_count(o, "nn", n->nn ? n->nn->id : 0);
    if (n->attrs.len && n->type == PNODE_OP && n->kind)
        cJSON_AddItemToObject(o, "attrs", json_attrs(a, &n->attrs, n->kind));
    ADD_IDS(o, "inputs", n->inputs);
    ADD_IDS(o, "outputs", n->outputs);
    add_count(o, "owner", n->owner ? n->owner->id : 0);
    add_span(o, "span", n->use);
    add_count(o, "site", n->site);
    add_text(o, "name", n->name);
    return o;
}

static cJSON *save_nn(Arena *a, const PivotNN *nn)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "id", nn->id);
    add_count(o, "definition", nn->definition ? nn->definition->id : 0);
    add_text(o, "name", nn->name);
    add_count(o, "parent", nn->parent ? nn->parent->id : 0);
    add_flag(o, "sequential", nn->is_sequential);
    cJSON *params = nn->params.len ? cJSON_AddArrayToObject(o, "params") : NULL;
    for (int i = 0; i < nn->params.len; i++) {
        cJSON *p = cJSON_CreateObject();
        add_text(p, "name", nn->params.at[i].name);
        cJSON_AddItemToObject(p, "value", json_value(a, &nn->params.at[i].value, NULL));
        cJSON_AddItemToArray(params, p);
    }
    ADD_IDS(o, "layers", nn->layers);
    ADD_IDS(o, "children", nn->children);
    ADD_IDS(o, "nodes", nn->nodes);
    ADD_IDS(o, "inputs", nn->inputs);
    ADD_IDS(o, "outputs", nn->outputs);
    add_span(o, "span", nn->def);
    add_count(o, "site", nn->site);
    add_count(o, "calls", nn->calls);
    return o;
}

static cJSON *save_definition(const PivotDefinition *d)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "id", d->id);
    add_text(o, "name", d->name);
    add_span(o, "span", d->span);
    add_count(o, "node", d->node);
    ADD_IDS(o, "instances", d->instances);
    return o;
}

static cJSON *save_kind(Arena *a, const PivotKind *k, const PAttrs *attrs)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "kind", k->name);
    cJSON_AddItemToObject(o, "attrs", json_attrs(a, attrs, k));
    return o;
}

static cJSON *save_configuration(Arena *a, const PivotConfiguration *c)
{
    cJSON *o = cJSON_CreateObject();
    if (c->batch_size.kind != PV_UNSET)
        cJSON_AddItemToObject(o, "batch_size", json_value(a, &c->batch_size, NULL));
    if (c->epochs.kind != PV_UNSET)
        cJSON_AddItemToObject(o, "epochs", json_value(a, &c->epochs, NULL));
    if (c->optimizer)
        cJSON_AddItemToObject(o, "optimizer", save_kind(a, c->optimizer, &c->optimizer_attrs));
    if (c->loss) cJSON_AddItemToObject(o, "loss", save_kind(a, c->loss, &c->loss_attrs));
    cJSON *metrics = c->metrics.len ? cJSON_AddArrayToObject(o, "metrics") : NULL;
    for (int i = 0; i < c->metrics.len; i++)
        cJSON_AddItemToArray(metrics, cJSON_CreateString(c->metrics.at[i]->name));
    return o;
}

static cJSON *save_dataset(Arena *a, const PivotDataset *d)
{
    cJSON *o = cJSON_CreateObject();
    add_text(o, "name", d->name);
    add_text(o, "path", d->path);
    add_text(o, "task_type", d->task_type);
    add_text(o, "input_format", d->input_format);
    if (d->image_shape.kind != PV_UNSET)
        cJSON_AddItemToObject(o, "image_shape", json_value(a, &d->image_shape, NULL));
    return o;
}

/* ---- the whole ---- */

static int compare_keys(const void *x, const void *y)
{
    const cJSON *const *l = x, *const *r = y;
    return strcmp((*l)->string, (*r)->string);
}

/* Depth is bounded: tables of rows of attributes, whose lists pv_text bounds too. */
static void sort_keys(Arena *a, cJSON *o)
{
    int n = cJSON_GetArraySize(o), i = 0;
    if (cJSON_IsObject(o) && n > 1) {
        cJSON **items = ARENA_ARRAY(a, cJSON *, n);
        for (cJSON *c = o->child; c; c = c->next) items[i++] = c;
        qsort(items, (size_t)n, sizeof *items, compare_keys);
        for (i = 0; i < n;
             i++) { /* relinked in order; the first one's prev is the last, as cJSON has it */
            items[i]->prev = items[i ? i - 1 : n - 1];
            items[i]->next = i + 1 < n ? items[i + 1] : NULL;
        }
        o->child = items[0];
    }
    for (cJSON *c = o->child; c; c = c->next) sort_keys(a, c);
}

#define SAVE_TABLE(root, key, table, count, row)                                                   \
    do {                                                                                           \
        cJSON *list_ = cJSON_AddArrayToObject((root), (key));                                      \
        for (int k_ = 1; k_ <= (count); k_++) {                                                    \
            if ((table)[k_]) cJSON_AddItemToArray(list_, row(s->a, (table)[k_]));                  \
        }                                                                                          \
    } while (0)

static cJSON *save_model(Saver *s)
{
    const PivotModel *m = s->m;
    cJSON *root = cJSON_CreateObject(), *source = cJSON_AddObjectToObject(root, "source");
    cJSON_AddNumberToObject(root, "format", 1);
    add_text(source, "path", m->source_path);
    add_text(source, "framework", m->source_framework);
    add_count(source, "keras_version", m->keras_version);
    cJSON *definitions = cJSON_AddArrayToObject(root, "definitions");
    for (int i = 0; i < m->definitions.len; i++)
        cJSON_AddItemToArray(definitions, save_definition(m->definitions.at[i]));
    SAVE_TABLE(root, "nns", s->nns, m->nnns, save_nn);
    SAVE_TABLE(root, "layers", s->layers, m->nlayers, save_layer);
    SAVE_TABLE(root, "nodes", s->nodes, m->nnodes, save_node);
    SAVE_TABLE(root, "tensors", s->tensors, m->ntensors, save_tensor);
    ADD_IDS(root, "roots", m->roots);
    if (m->configuration)
        cJSON_AddItemToObject(root, "configuration", save_configuration(s->a, m->configuration));
    cJSON *datasets = m->datasets.len ? cJSON_AddArrayToObject(root, "datasets") : NULL;
    for (int i = 0; i < m->datasets.len; i++)
        cJSON_AddItemToArray(datasets, save_dataset(s->a, &m->datasets.at[i]));
    return root;
}

char *pivot_to_json(Arena *a, const PivotModel *m)
{
    Saver s = {.a = a, .m = m};
    reach_all(&s);
    cJSON *root = save_model(&s);
    sort_keys(a, root);
    char *text = cJSON_Print(root);
    assert(text);
    char *out = arena_printf(a, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(root);
    return out;
}
