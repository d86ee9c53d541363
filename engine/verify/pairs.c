/* Which layer of the source is which of the ported file.
 *
 * The port's own pairs are by qualified name, and hold for a text that is the port's. A file that was edited since, or
 * that went through another framework and back, may have other names: so the file is traced too, and where a pair
 * names something that is not in it, the layers with weights are paired in the order in which the forward passes reach
 * them, provided that the kinds agree from first to last. Names come first: pairing by order would follow two layers
 * that were swapped by mistake.
 *
 * A wrapper (Bidirectional) counts as what it wraps: PyTorch has it as an argument. */
#include <string.h>

#include "base/str.h"
#include "verify/request.h"

typedef VEC(const PivotLayer *) LayerVec;

static const char *kind_of(const PivotLayer *l)
{
    while (l->inner) l = l->inner;
    return l->kind->name;
}

static void add_layer(Arena *a, LayerVec *out, const PivotLayer *l)
{
    for (int i = 0; i < out->len; i++)
        if (out->at[i] == l) return;
    if (layer_has_weights(l)) vec_push(a, out, l);
}

/* In the order of execution; what no call reaches follows in the order of construction. */
static void reached_layers(Arena *a, const PivotNN *nn, LayerVec *out)
{
    for (int i = 0; i < nn->nodes.len; i++) {
        const PivotNode *n = nn->nodes.at[i];
        if (n->type == PNODE_LAYER && n->layer) add_layer(a, out, n->layer);
        if (n->type == PNODE_NN && n->nn && n->nn != nn) reached_layers(a, n->nn, out);
        bool own = n->type == PNODE_NN && n->nn == nn; /* a sequence that calls its base's pass */
        for (int k = 0; own && k < nn->layers.len; k++) add_layer(a, out, nn->layers.at[k]);
    }
}

static void built_layers(Arena *a, const PivotNN *nn, LayerVec *out)
{
    for (int i = 0; i < nn->layers.len; i++) add_layer(a, out, nn->layers.at[i]);
    for (int i = 0; i < nn->children.len; i++) built_layers(a, nn->children.at[i], out);
}

static LayerVec layers_of(Arena *a, const PivotNN *root)
{
    LayerVec v = {0};
    reached_layers(a, root, &v);
    built_layers(a, root, &v);
    return v;
}

/* "features.layers[2]" and "blocks[1]" as the trace writes them: "features.2", "blocks.1". */
static const char *plain_path(Arena *a, const char *path)
{
    Buf b = {0};
    for (const char *p = path; *p; p++) {
        if (str_starts(p, ".layers[")) p += strlen(".layers[") - 1, buf_addc(&b, '.');
        else if (*p == '[') buf_addc(&b, '.');
        else if (*p != ']') buf_addc(&b, *p);
    }
    return buf_take(&b, a);
}

static const PivotLayer *layer_at(Arena *a, const LayerVec *v, const char *path, const char *kind)
{
    for (int i = 0; i < v->len; i++)
        if (str_eq(trace_layer_path(a, v->at[i]), path) && str_eq(kind_of(v->at[i]), kind)) return v->at[i];
    return NULL;
}

static const PortPair *pair_of(const PortResult *port, const char *source)
{
    for (int i = 0; i < port->pairs.len; i++)
        if (str_eq(port->pairs.at[i].source, source)) return &port->pairs.at[i];
    return NULL;
}

/* A layer of the one framework may be a network of the other's: a helper of several layers. */
static bool has_network(const PivotNN *nn, const char *path)
{
    for (int i = 0; nn && i < nn->children.len; i++)
        if (str_eq(nn->children.at[i]->name, path) || has_network(nn->children.at[i], path)) return true;
    return false;
}

/* Does the port pair every layer with one that the file has? */
static bool names_hold(Arena *a, const PortResult *port, const LayerVec *s, const LayerVec *t, const PivotNN *root)
{
    for (int i = 0; i < s->len; i++) {
        const PortPair *p = pair_of(port, trace_layer_path(a, s->at[i]));
        const char *path = p ? plain_path(a, p->target) : NULL;
        if (!p || (!layer_at(a, t, path, kind_of(s->at[i])) && !has_network(root, path))) return false;
    }
    return true;
}

static bool orders_hold(const LayerVec *s, const LayerVec *t)
{
    if (s->len != t->len) return false;
    for (int i = 0; i < s->len; i++)
        if (!str_eq(kind_of(s->at[i]), kind_of(t->at[i]))) return false;
    return s->len > 0;
}

static int line_at(const Module *m, Span span)
{
    int line = 0, col = 0;
    if (span.end > span.start) source_position(m->src, span.start, &line, &col);
    return line;
}

typedef struct Search {
    const char *name;
    Node *found;
} Search;

static bool find_binding(Node *n, void *ctx)
{
    Search *s = ctx;
    if (n->kind == N_ASSIGN && !s->found)
        for (int i = 0; i < n->items.len; i++) {
            const Node *t = n->items.at[i];
            if ((t->kind == N_ATTRIBUTE || t->kind == N_NAME) && str_eq(t->name, s->name)) s->found = n;
        }
    return !s->found;
}

/* The line that binds the first name of a path; 0 where there is none. */
static int line_of(Arena *a, Module *m, const char *path)
{
    size_t n = strcspn(path, ".[,");
    Search s = {.name = arena_strndup(a, path, n)};
    if (n) node_walk(m->root, find_binding, &s);
    return s.found ? line_at(m, s.found->span) : 0;
}

/* ---- the order of flattened features ---- */

/* Looks through what leaves the order of features alone. */
static const PivotTensor *flattened(const PivotTensor *x)
{
    while (x && x->producer && x->producer->inputs.len == 1 && x->producer->kind) {
        const PivotNode *n = x->producer;
        bool same = n->kind->group == GROUP_ACTIVATION || str_eq(n->kind->name, "DropoutLayer") ||
                    str_eq(n->kind->name, "IdentityLayer");
        if (!same) break;
        x = n->inputs.at[0];
    }
    return x;
}

static const PivotNode *use_of(const PivotNN *nn, const PivotLayer *l)
{
    for (int i = 0; i < nn->nodes.len; i++) {
        const PivotNode *n = nn->nodes.at[i];
        if (n->type == PNODE_LAYER && n->layer == l) return n;
        const PivotNode *inner = n->type == PNODE_NN && n->nn && n->nn != nn ? use_of(n->nn, l) : NULL;
        if (inner) return inner;
    }
    return NULL;
}

static bool takes_target_order(const PortResult *port, int site)
{
    for (int i = 0; i < port->questions.list.len; i++) {
        const Question *q = port->questions.list.at[i];
        if (q->kind == Q_FLATTEN_ORDER && q->site == site) return str_eq(q->answer, "target");
    }
    return false;
}

/* A number of an object, in the arena: these need no cJSON_Delete. */
static cJSON *number_in(Arena *a, char *name, long long n)
{
    cJSON *o = ARENA_NEW(a, cJSON);
    o->type = cJSON_Number;
    o->string = name;
    o->valueint = (int)n;
    o->valuedouble = (double)n;
    return o;
}

/* For a dense layer whose features were flattened in the port's own order: the sizes that were merged, by which its
 * weights are reordered. NULL for any other. */
static const cJSON *merged_sizes(Arena *a, const PivotNN *root, const PortResult *port, const PivotLayer *l)
{
    const PivotNode *use = str_eq(l->kind->name, "LinearLayer") ? use_of(root, l) : NULL;
    const PivotTensor *x = use && use->inputs.len ? flattened(use->inputs.at[0]) : NULL;
    const PivotNode *flatten = x ? x->producer : NULL;
    if (!flatten || !flatten->inputs.len || !takes_target_order(port, flatten->site)) return NULL;
    const PivotTensor *image = flatten->inputs.at[0];
    if (!image->roles) return NULL;
    cJSON *sizes = ARENA_NEW(a, cJSON), **at = &sizes->child;
    sizes->type = cJSON_Object;
    for (int i = 1; i < image->rank; i++) {
        *at = number_in(a, arena_strndup(a, image->roles + i, 1), image->dims[i].n);
        at = &(*at)->next;
    }
    return sizes;
}

static VerifyPair *pairs_by_order(Arena *a, const Trace *trace, Module *ported, const LayerVec *s,
                                        const LayerVec *t)
{
    VerifyPair *pairs = ARENA_ARRAY(a, VerifyPair, s->len + 1);
    for (int i = 0; i < s->len; i++)
        pairs[i] = (VerifyPair){.source = trace_layer_path(a, s->at[i]),
                                .target = trace_layer_path(a, t->at[i]),
                                .kind = kind_of(s->at[i]),
                                .rule = kind_of(s->at[i]),
                                .source_line = line_at(trace->module, s->at[i]->def),
                                .target_line = line_at(ported, t->at[i]->def)};
    return pairs;
}

static VerifyPair *pairs_by_name(Arena *a, const PortResult *port, Module *ported, const LayerVec *t)
{
    VerifyPair *pairs = ARENA_ARRAY(a, VerifyPair, port->pairs.len + 1);
    for (int i = 0; i < port->pairs.len; i++) {
        const PortPair *p = &port->pairs.at[i];
        const PivotLayer *l = layer_at(a, t, plain_path(a, p->target), p->kind);
        pairs[i] = (VerifyPair){.source = p->source,
                                .target = p->target,
                                .kind = p->kind,
                                .rule = p->rule,
                                .source_line = p->source_line,
                                .target_line = l ? line_at(ported, l->def) : line_of(a, ported, p->target)};
    }
    return pairs;
}

/* The root of the file that an expression ("Net(4)", "model") builds; else the one that would be compared. */
static const RootTrace *root_named(const Trace *t, const char *expr)
{
    size_t n = strcspn(expr, "(");
    for (int i = 0; i < t->roots.len; i++) {
        const RootTrace *r = &t->roots.at[i];
        const char *names[] = {r->definition ? r->definition->name : NULL, r->variable};
        for (int k = 0; k < 2; k++)
            if (r->nn && names[k] && strlen(names[k]) == n && !strncmp(names[k], expr, n)) return r;
    }
    return request_root(t);
}

/* Parts of a functional graph may have names that the framework does not know: by their places, too. "model|#0.seq|#1.0" */
static const char *placed_path(Arena *a, const PivotLayer *l, const char *path)
{
    Buf b = {0};
    const PivotNN *chain[32];
    int n = 0;
    for (const PivotNN *nn = l->owner; nn && nn->parent && n < 32; nn = nn->parent) chain[n++] = nn;
    size_t done = 0;
    for (int i = n - 1; i >= 0; i--) {
        const char *whole = chain[i]->name;
        size_t len = strlen(whole);
        int place = 0;
        const PivotNN *up = chain[i]->parent;
        while (place < up->children.len && up->children.at[place] != chain[i]) place++;
        if (len <= done || strncmp(path, whole, len) != 0 || path[len] != '.') return path;
        buf_printf(&b, "%s%s|#%d", b.len ? "." : "", whole + done, place);
        done = len + 1;
    }
    buf_printf(&b, "%s%s", b.len ? "." : "", path + done);
    return buf_take(&b, a);
}

const VerifyPair *request_pairs(Arena *a, const Trace *source, const PivotNN *root, const PortResult *port,
                                const Dialect *to, Module *ported, const char *expr, int *n)
{
    TraceOptions options = {0};
    AnswerSet none = {0};
    options.answers = &none;
    options.entry = source->entry && strchr(expr, '(') ? expr : NULL; /* the one that was asked for */
    const Trace *target = trace_run(a, ported, to, &options);
    const RootTrace *found = root_named(target, expr);
    LayerVec s = layers_of(a, root), t = {0};
    if (found) t = layers_of(a, found->nn);
    bool by_order = !names_hold(a, port, &s, &t, found ? found->nn : NULL) && orders_hold(&s, &t);
    VerifyPair *pairs = by_order ? pairs_by_order(a, source, ported, &s, &t)
                                 : pairs_by_name(a, port, ported, &t);
    *n = by_order ? s.len : port->pairs.len;
    bool functional = source->dialect && dialect_fact(source->dialect, "children_attribute");
    for (int i = 0; i < *n; i++) {
        const PivotLayer *l = layer_at(a, &s, pairs[i].source, pairs[i].kind);
        if (!l) continue;
        pairs[i].attrs = merged_sizes(a, root, port, l);
        if (functional) pairs[i].path = placed_path(a, l, pairs[i].source);
    }
    return pairs;
}
