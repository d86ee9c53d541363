/* The model out of JSON (the form is told in json_save.c and json.h).
 *
 * Three passes: every row becomes an empty object by its id; rows are filled in, and references
 * looked up; then what would send a reader round in circles is refused (an NN among its own
 * ancestors, children or callees; a wrapper that wraps itself). A tensor whose producer is not
 * there has none. Everything else that does not fit is an error that names its place, "layers[2]:
 * unknown kind Conv4D". */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "pivot/json.h"

/* Ids are kept, so one absurd id must not cost memory. */
enum { MAX_ID = 1 << 20 };

typedef struct Table {
    const char *key; /* "layers" */
    void **by_id;
    int max;
} Table;

typedef struct Loader {
    Arena *a;
    PivotModel *m;
    const char *err;
    const char *key; /* of the row in hand, for messages */
    int row;
    Table definitions, nns, layers, nodes, tensors;
} Loader;

typedef bool RowReader(Loader *l, const cJSON *j, void *object);

static bool fail(Loader *l, const char *what, const char *detail)
{
    const char *text = arena_printf(l->a, what, detail);
    if (!l->err) l->err = l->key ? arena_printf(l->a, "%s[%d]: %s", l->key, l->row, text) : text;
    return false;
}

/* ---- small parts ---- */

static const cJSON *get(const cJSON *o, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static const char *get_text(Loader *l, const cJSON *o, const char *key)
{
    const cJSON *j = get(o, key);
    return cJSON_IsString(j) ? arena_strdup(l->a, j->valuestring) : NULL;
}

/* A number from 0 to MAX_ID; 0 where there is none. */
static int get_int(const cJSON *o, const char *key)
{
    const cJSON *j = get(o, key);
    bool fits = cJSON_IsNumber(j) && j->valuedouble == floor(j->valuedouble) &&
                j->valuedouble >= 0 && j->valuedouble <= 1e9;
    return fits ? (int)j->valuedouble : 0;
}

static Span get_span(const cJSON *o, const char *key)
{
    const cJSON *j = get(o, key);
    Span s = {0, 0};
    if (cJSON_GetArraySize(j) != 2) return s;
    for (int i = 0; i < 2; i++) {
        double n = cJSON_GetArrayItem(j, i)->valuedouble;
        if (!cJSON_IsNumber(cJSON_GetArrayItem(j, i)) || n < 0 || n > 1e9) return (Span){0, 0};
        *(i ? &s.end : &s.start) = (int)n;
    }
    return s.start <= s.end ? s : (Span){0, 0};
}

static void *by_id(const Table *t, int id)
{
    return id >= 1 && id <= t->max ? t->by_id[id] : NULL;
}

/* The object that "key": id names. False when it names one that is not there. */
static bool get_ref(Loader *l, const cJSON *o, const char *key, const Table *t, void *out)
{
    int id = get_int(o, key);
    void *object = by_id(t, id);
    memcpy(out, &object, sizeof object);
    if (object || !get(o, key)) return true;
    return fail(l, "%s", arena_printf(l->a, "%s %d is not there", key, id));
}

/* Fills a Vec of pointers with the objects that a list of ids names. */
#define GET_REFS(l, o, key, table, vec)                                                            \
    do {                                                                                           \
        const cJSON *list_ = get((o), (key));                                                      \
        if (list_ && !cJSON_IsArray(list_)) return fail((l), "%s is no list", (key));              \
        int i_ = 0;                                                                                \
        for (const cJSON *c_ = list_ ? list_->child : NULL; c_; c_ = c_->next, i_++) {             \
            void *object_ =                                                                        \
                cJSON_IsNumber(c_) && c_->valuedouble >= 1 && c_->valuedouble <= MAX_ID            \
                    ? by_id((table), (int)c_->valuedouble)                                         \
                    : NULL;                                                                        \
            if (!object_)                                                                          \
                return fail((l), "%s", arena_printf((l)->a, "%s[%d] is not there", (key), i_));    \
            vec_push((l)->a, (vec), object_);                                                      \
        }                                                                                          \
    } while (0)

static const PivotKind *get_kind(Loader *l, const cJSON *o)
{
    const cJSON *j = get(o, "kind");
    const PivotKind *k = cJSON_IsString(j) ? pivot_kind(j->valuestring) : NULL;
    if (!k) fail(l, "unknown kind %s", cJSON_IsString(j) ? j->valuestring : "(none given)");
    return k;
}

static bool get_attrs(Loader *l, const cJSON *o, const PivotKind *k, PAttrs *out)
{
    const char *err = NULL;
    const cJSON *j = get(o, "attrs");
    return !j || json_read_attrs(l->a, j, k, out, &err) || fail(l, "%s", err);
}

/* Layers may be of an operation's kind and operations of a layer's: frameworks have classes and
 * functions for both. */
static bool computes(const PivotKind *k)
{
    return k->group == GROUP_LAYER || k->group == GROUP_WRAPPER || k->group == GROUP_ACTIVATION ||
           k->group == GROUP_OP;
}

/* ---- rows ---- */

static bool load_definition(Loader *l, const cJSON *j, void *object)
{
    PivotDefinition *d = object;
    d->name = get_text(l, j, "name");
    if (!d->name) return fail(l, "%s", "a definition without a name");
    d->span = get_span(j, "span");
    d->node = get_int(j, "node");
    GET_REFS(l, j, "instances", &l->nns, &d->instances);
    vec_push(l->a, &l->m->definitions, d);
    return true;
}

static bool load_tensor(Loader *l, const cJSON *j, void *object)
{
    PivotTensor *t = object;
    const cJSON *shape = get(j, "shape");
    t->rank = cJSON_IsArray(shape) ? cJSON_GetArraySize(shape) : -1;
    if (t->rank > 64) return fail(l, "%s", "a tensor of more than 64 axes");
    if (t->rank > 0) t->dims = ARENA_ARRAY(l->a, Size, t->rank);
    for (int i = 0; i < t->rank; i++) {
        if (!json_read_size(l->a, cJSON_GetArrayItem(shape, i), &t->dims[i]))
            return fail(l, "%s", arena_printf(l->a, "shape[%d] is no size", i));
    }
    t->dtype = get_text(l, j, "dtype");
    t->roles = get_text(l, j, "roles");
    t->is_parameter = cJSON_IsTrue(get(j, "parameter"));
    t->producer = by_id(&l->nodes, get_int(j, "producer"));
    t->output = get_int(j, "output");
    return true;
}

static bool load_layer(Loader *l, const cJSON *j, void *object)
{
    PivotLayer *layer = object;
    layer->kind = get_kind(l, j);
    if (!layer->kind || !get_attrs(l, j, layer->kind, &layer->attrs)) return false;
    if (!computes(layer->kind)) return fail(l, "%s is no kind of layer", layer->kind->name);
    for (int i = 0; i < layer->kind->nattrs; i++) {
        const char *name = layer->kind->attrs[i].name;
        PValue dflt = kind_default(l->a, layer->kind, name);
        if (!attr_get(&layer->attrs, name) && dflt.kind != PV_UNSET)
            attr_set(l->a, &layer->attrs, name, dflt);
    }
    const cJSON *traced = get(j, "traced");
    for (const cJSON *c = traced ? traced->child : NULL; c; c = c->next) {
        const KindAttr *ka = cJSON_IsString(c) ? kind_attr(layer->kind, c->valuestring) : NULL;
        const PValue *v = ka ? attr_get(&layer->attrs, ka->name) : NULL;
        if (v) attr_set(l->a, &layer->traced, ka->name, *v);
    }
    layer->name = get_text(l, j, "name");
    layer->def = get_span(j, "span");
    layer->site = get_int(j, "site");
    layer->calls = get_int(j, "calls");
    return get_ref(l, j, "owner", &l->nns, &layer->owner) &&
           get_ref(l, j, "inner", &l->layers, &layer->inner);
}

/* What a node's type promises must be there: readers do not ask again. */
static bool check_node(Loader *l, const PivotNode *n)
{
    if (n->type == PNODE_LAYER && !n->layer) return fail(l, "%s", "a layer node without a layer");
    if (n->type == PNODE_NN && !n->nn) return fail(l, "%s", "an NN node without an NN");
    if (n->type != PNODE_OP) return true;
    return computes(n->kind) || fail(l, "%s is no kind of operation", n->kind->name);
}

static bool load_node(Loader *l, const cJSON *j, void *object)
{
    static const char *const types[] = {"input", "layer", "op", "nn", "output"};
    PivotNode *n = object;
    const char *type = get_text(l, j, "type");
    int t = 0;
    while (t < 5 && !str_eq(type, types[t])) t++;
    if (t == 5) return fail(l, "unknown type of node %s", type ? type : "(none given)");
    n->type = (PivotNodeType)t;
    if (!get_ref(l, j, "layer", &l->layers, &n->layer) || !get_ref(l, j, "nn", &l->nns, &n->nn) ||
        !get_ref(l, j, "owner", &l->nns, &n->owner))
        return false;
    if (n->type == PNODE_OP && !(n->kind = get_kind(l, j))) return false;
    if (n->kind && !get_attrs(l, j, n->kind, &n->attrs)) return false;
    GET_REFS(l, j, "inputs", &l->tensors, &n->inputs);
    GET_REFS(l, j, "outputs", &l->tensors, &n->outputs);
    n->use = get_span(j, "span");
    n->site = get_int(j, "site");
    n->name = get_text(l, j, "name");
    return check_node(l, n);
}

static bool load_params(Loader *l, const cJSON *list, PivotNN *nn)
{
    const char *err = NULL;
    for (const cJSON *c = list ? list->child : NULL; c; c = c->next) {
        PivotParam p = {.name = get_text(l, c, "name")};
        if (!p.name || !get(c, "value"))
            return fail(l, "%s", "a parameter without a name or a value");
        if (!json_read_value(l->a, get(c, "value"), NULL, &p.value, &err))
            return fail(l, "%s", err);
        vec_push(l->a, &nn->params, p);
    }
    return true;
}

static bool load_nn(Loader *l, const cJSON *j, void *object)
{
    PivotNN *nn = object;
    nn->name = get_text(l, j, "name");
    if (!nn->name) nn->name = "";
    nn->is_sequential = cJSON_IsTrue(get(j, "sequential"));
    nn->def = get_span(j, "span");
    nn->site = get_int(j, "site");
    nn->calls = get_int(j, "calls");
    if (!get_ref(l, j, "definition", &l->definitions, &nn->definition) ||
        !get_ref(l, j, "parent", &l->nns, &nn->parent) || !load_params(l, get(j, "params"), nn))
        return false;
    GET_REFS(l, j, "layers", &l->layers, &nn->layers);
    GET_REFS(l, j, "children", &l->nns, &nn->children);
    GET_REFS(l, j, "nodes", &l->nodes, &nn->nodes);
    GET_REFS(l, j, "inputs", &l->tensors, &nn->inputs);
    GET_REFS(l, j, "outputs", &l->tensors, &nn->outputs);
    return true;
}

/* ---- passes ---- */

_Static_assert(offsetof(PivotDefinition, id) == 0 && offsetof(PivotNN, id) == 0 &&
                   offsetof(PivotLayer, id) == 0 && offsetof(PivotNode, id) == 0 &&
                   offsetof(PivotTensor, id) == 0,
               "make_rows writes the id at the beginning");

/* Makes an empty object of `size` bytes, which begins with its id, for each row of a table. */
static bool make_rows(Loader *l, const cJSON *root, Table *t, const char *key, size_t size)
{
    const cJSON *list = get(root, key);
    *t = (Table){.key = key};
    l->key = key;
    l->row = 0;
    if (list && !cJSON_IsArray(list)) return fail(l, "%s", "this is no list");
    for (const cJSON *c = list ? list->child : NULL; c; c = c->next, l->row++) {
        int id = get_int(c, "id");
        if (id < 1 || id > MAX_ID) return fail(l, "%s", "a row without an id");
        if (id > t->max) t->max = id;
    }
    t->by_id = ARENA_ARRAY(l->a, void *, t->max + 1);
    l->row = 0;
    for (const cJSON *c = list ? list->child : NULL; c; c = c->next, l->row++) {
        int id = get_int(c, "id");
        if (t->by_id[id]) return fail(l, "%s", arena_printf(l->a, "id %d stands twice", id));
        t->by_id[id] = arena_alloc(l->a, size);
        memcpy(t->by_id[id], &id, sizeof id);
    }
    return true;
}

static bool fill_rows(Loader *l, const cJSON *root, const Table *t, RowReader *read)
{
    const cJSON *list = get(root, t->key);
    l->key = t->key;
    l->row = 0;
    for (const cJSON *c = list ? list->child : NULL; c; c = c->next, l->row++) {
        if (!read(l, c, by_id(t, get_int(c, "id")))) return false;
    }
    return true;
}

/* Depth-first over children and callees; mark 1 while on the path, 2 when done. The depth is
 * bounded as well, for readers walk the same way. */
static bool nn_is_acyclic(Loader *l, const PivotNN *nn, char *mark, int depth)
{
    if (mark[nn->id] == 2) return true;
    if (mark[nn->id] == 1 || depth > 200) return false;
    mark[nn->id] = 1;
    for (int i = 0; i < nn->children.len; i++) {
        if (!nn_is_acyclic(l, nn->children.at[i], mark, depth + 1)) return false;
    }
    for (int i = 0; i < nn->nodes.len; i++) {
        const PivotNN *callee = nn->nodes.at[i]->type == PNODE_NN ? nn->nodes.at[i]->nn : NULL;
        if (callee && !nn_is_acyclic(l, callee, mark, depth + 1)) return false;
    }
    mark[nn->id] = 2;
    return true;
}

static bool check_circles(Loader *l)
{
    char *mark = ARENA_ARRAY(l->a, char, l->nns.max + 1);
    l->key = NULL;
    for (int i = 1; i <= l->nns.max; i++) {
        const PivotNN *nn = l->nns.by_id[i], *up = nn;
        int steps = 0;
        while (up && steps++ <= 200) up = up->parent;
        if (up || (nn && !nn_is_acyclic(l, nn, mark, 0)))
            return fail(l, "%s", arena_printf(l->a, "nn %d goes in a circle, or too deep", i));
    }
    for (int i = 1; i <= l->layers.max; i++) {
        const PivotLayer *in = l->layers.by_id[i];
        int steps = 0;
        while (in && steps++ <= 50) in = in->inner;
        if (in) return fail(l, "%s", arena_printf(l->a, "layer %d wraps itself", i));
    }
    return true;
}

static bool load_configuration(Loader *l, const cJSON *j)
{
    const char *err = NULL;
    l->key = NULL;
    if (!j) return true;
    PivotConfiguration *c = l->m->configuration = ARENA_NEW(l->a, PivotConfiguration);
    const cJSON *batch = get(j, "batch_size"), *epochs = get(j, "epochs");
    const cJSON *optimizer = get(j, "optimizer"), *loss = get(j, "loss"),
                *metrics = get(j, "metrics");
    if (batch && !json_read_value(l->a, batch, NULL, &c->batch_size, &err))
        return fail(l, "configuration: %s", err);
    if (epochs && !json_read_value(l->a, epochs, NULL, &c->epochs, &err))
        return fail(l, "configuration: %s", err);
    if (optimizer && (!(c->optimizer = get_kind(l, optimizer)) ||
                      !get_attrs(l, optimizer, c->optimizer, &c->optimizer_attrs)))
        return false;
    if (loss && (!(c->loss = get_kind(l, loss)) || !get_attrs(l, loss, c->loss, &c->loss_attrs)))
        return false;
    if ((c->optimizer && c->optimizer->group != GROUP_OPTIMIZER) ||
        (c->loss && c->loss->group != GROUP_LOSS))
        return fail(l, "%s", "configuration: a kind in the wrong place");
    for (const cJSON *m = metrics ? metrics->child : NULL; m; m = m->next) {
        const PivotKind *k = cJSON_IsString(m) ? pivot_kind(m->valuestring) : NULL;
        if (!k || k->group != GROUP_METRIC)
            return fail(l, "%s", "configuration: an unknown metric");
        vec_push(l->a, &c->metrics, k);
    }
    return true;
}

static bool load_datasets(Loader *l, const cJSON *list)
{
    const char *err = NULL;
    for (const cJSON *c = list ? list->child : NULL; c; c = c->next) {
        PivotDataset d = {.name = get_text(l, c, "name"),
                          .path = get_text(l, c, "path"),
                          .task_type = get_text(l, c, "task_type"),
                          .input_format = get_text(l, c, "input_format")};
        const cJSON *shape = get(c, "image_shape");
        if (shape && !json_read_value(l->a, shape, NULL, &d.image_shape, &err))
            return fail(l, "datasets: %s", err);
        vec_push(l->a, &l->m->datasets, d);
    }
    return true;
}

static bool load_source(Loader *l, const cJSON *root)
{
    const cJSON *source = get(root, "source");
    l->key = NULL;
    if (!cJSON_IsObject(root) || get_int(root, "format") != 1)
        return fail(l, "%s", "this is no pivot of format 1");
    l->m->source_path = get_text(l, source, "path");
    l->m->source_framework = get_text(l, source, "framework");
    l->m->keras_version = get_int(source, "keras_version");
    return true;
}

static bool load_roots(Loader *l, const cJSON *root)
{
    l->key = NULL;
    GET_REFS(l, root, "roots", &l->nns, &l->m->roots);
    return true;
}

static bool load_model(Loader *l, const cJSON *root)
{
    if (!load_source(l, root)) return false;
    if (!make_rows(l, root, &l->definitions, "definitions", sizeof(PivotDefinition)) ||
        !make_rows(l, root, &l->nns, "nns", sizeof(PivotNN)) ||
        !make_rows(l, root, &l->layers, "layers", sizeof(PivotLayer)) ||
        !make_rows(l, root, &l->nodes, "nodes", sizeof(PivotNode)) ||
        !make_rows(l, root, &l->tensors, "tensors", sizeof(PivotTensor)))
        return false;
    if (!fill_rows(l, root, &l->definitions, load_definition) ||
        !fill_rows(l, root, &l->tensors, load_tensor) ||
        !fill_rows(l, root, &l->layers, load_layer) || !fill_rows(l, root, &l->nodes, load_node) ||
        !fill_rows(l, root, &l->nns, load_nn) || !load_roots(l, root) || !check_circles(l))
        return false;
    for (int i = 1; i <= l->nodes.max; i++) { /* a layer's step has the layer's kind */
        PivotNode *n = l->nodes.by_id[i];
        if (n && n->type == PNODE_LAYER) n->kind = n->layer->kind;
    }
    l->m->nnns = l->nns.max;
    l->m->nlayers = l->layers.max;
    l->m->nnodes = l->nodes.max;
    l->m->ntensors = l->tensors.max;
    return load_configuration(l, get(root, "configuration")) &&
           load_datasets(l, get(root, "datasets"));
}

PivotModel *pivot_from_json(Arena *a, const char *text, const char **err)
{
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithOpts(text, &end, true);
    if (!root) {
        *err = arena_printf(a, "no JSON at byte %d", end && end >= text ? (int)(end - text) : 0);
        return NULL;
    }
    Loader l = {.a = a, .m = pivot_new(a)};
    bool ok = load_model(&l, root);
    cJSON_Delete(root);
    *err = ok ? NULL : l.err;
    return ok ? l.m : NULL;
}
