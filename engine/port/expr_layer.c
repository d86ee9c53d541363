/* Layers in expressions: where they are built, and where they are called.
 *
 * A plan of several steps can stand in the author's code in three ways (SiteMode):
 *   ATTR    self.conv = Conv(...): each further step gets an attribute of its own (self.conv_pad = ...) or is
 *           written as an operation, and the places that call self.conv apply the steps around it;
 *   SPLICE  an item of a Sequential: the steps become items;
 *   BUNDLE  anywhere else: one Sequential of the steps, so that every place that calls it stays as it is. */
#include <string.h>

#include "port/built.h"
#include "port/instance.h"
#include "port/layout.h"
#include "port/static.h"

Node *node_by_id(Rw *rw, int id)
{
    if (id <= 0 || id > rw->t->module->nnodes || !rw->t->site_of[id]) return NULL;
    return rw->t->site_of[id]->node;
}

Plan *plan_for(Rw *rw, Node *site)
{
    if (!site || site->id <= 0 || site->id > rw->t->module->nnodes) return NULL;
    if (rw->plan_of[site->id]) return rw->plan_of[site->id];
    int n;
    Event **events = site_events(rw, site, EV_LAYER, &n);
    if (!n) return NULL;
    Plan *p = plan_make(rw, events, n, false);
    rw->plan_of[site->id] = p;
    int m = map_for(rw, site);
    PortMapping *map = &rw->res->mappings.at[m - 1];
    const DialectRow *row = events[0]->row;
    map->rule = arena_printf(rw->a, "%s: %s", events[0]->layer->kind->name,
                             row && row->names.len ? row->names.at[0] : "");
    map->why = p->why ? p->why : row && row->note ? row->note : "";
    map->lossy = p->lossy;
    map->unsupported = p->unsupported;
    for (int i = 0; i < n; i++) vec_push(rw->a, &map->layers, events[i]->layer->id);
    if (p->why && !p->unsupported)
        note(rw, "line %d: %s", static_line(rw, site), p->why);
    return p;
}

static Node *parent_of(Rw *rw, Node *n)
{
    Node *p = n->id > 0 ? rw->t->parent[n->id] : NULL;
    while (p && p->kind == N_PAREN) p = rw->t->parent[p->id];
    return p;
}

static bool is_sequential_call(Rw *rw, Node *n)
{
    int count;
    Event **e = n && n->kind == N_CALL ? site_events(rw, n, EV_CONTAINER, &count) : NULL;
    return e && count && e[0]->row && str_eq(e[0]->row->kind->name, "Sequential");
}

typedef struct FindSequential {
    Rw *rw;
    Node *receiver;
    bool found;
} FindSequential;

static bool find_sequential(Node *n, void *ctx)
{
    FindSequential *f = ctx;
    if (n->kind == N_ASSIGN && n->items.len == 1 && py_same(n->items.at[0], f->receiver) &&
        is_sequential_call(f->rw, node_unparen(n->b)))
        f->found = true;
    return true;
}

/* self.add(layer) in a class that is a Sequential. */
static bool self_is_sequence(Rw *rw, const Node *call)
{
    const Node *of = call->a->a;
    const Definition *d = of->kind == N_NAME && str_eq(of->name, "self") && call->id > 0 ? rw->t->definition_of[call->id] : NULL;
    while (d && d->node->kind != N_CLASS) d = d->parent;
    const char *base = dialect_fact(rw->from, "sequence_base");
    for (int i = 0; d && base && i < d->node->items.len; i++)
        if (str_eq(static_dotted(rw, d->node->items.at[i]), base)) return true;
    return false;
}

/* model.add(layer) where model was made by Sequential(...). */
bool adds_to_sequential(Rw *rw, Node *call)
{
    if (!call || call->kind != N_CALL || call->a->kind != N_ATTRIBUTE || call->items.len != 1) return false;
    if (!str_eq(call->a->name, "add") && !str_eq(call->a->name, "append")) return false;
    if (self_is_sequence(rw, call)) return true;
    FindSequential f = {rw, call->a->a, false};
    node_walk(rw->t->module->root, find_sequential, &f);
    return f.found;
}

/* Do all calls of the layers built here read self.NAME, and only these layers? */
static bool called_by_name(Rw *rw, Node *site, const char *name)
{
    int n;
    Event **events = site_events(rw, site, EV_LAYER, &n);
    for (int i = 0; i < n; i++) {
        int na;
        Event **applies = apply_events(rw, events[i]->layer, &na);
        for (int k = 0; k < na; k++) {
            Node *call = applies[k]->site->node;
            if (call->kind != N_CALL || call->a->kind != N_ATTRIBUTE || !str_eq(call->a->name, name)) return false;
            Site *s = applies[k]->site;
            for (int m = 0; m < s->events.len; m++)
                if (s->events.at[m]->kind == EV_APPLY && s->events.at[m]->layer->site != site->id) return false;
        }
    }
    return true;
}

SiteMode mode_for(Rw *rw, Node *site)
{
    if (rw->mode_of[site->id] != MODE_UNDECIDED) return rw->mode_of[site->id];
    SiteMode mode = MODE_BUNDLE;
    Node *p = parent_of(rw, site);
    if (p && p->kind == N_ASSIGN && p->items.len == 1 && p->items.at[0]->kind == N_ATTRIBUTE && p->b == site &&
        p->items.at[0]->a->kind == N_NAME && str_eq(p->items.at[0]->a->name, "self") &&
        called_by_name(rw, site, p->items.at[0]->name))
        mode = MODE_ATTR;
    else if (is_sequential_call(rw, p))
        mode = MODE_SPLICE;
    else if (p && p->kind == N_CALL && p->a != site && adds_to_sequential(rw, p))
        mode = MODE_SPLICE;
    else if (p && p->kind == N_LIST && is_sequential_call(rw, parent_of(rw, p)))
        mode = MODE_SPLICE;
    rw->mode_of[site->id] = mode;
    return mode;
}

/* ---- steps ---- */

static PAttrs step_values(Rw *rw, const PlanStep *s)
{
    PAttrs v = {0};
    for (int i = 0; i < s->attrs.len; i++)
        if (!s->attrs.at[i].varies) attr_set(rw->a, &v, s->attrs.at[i].name, s->attrs.at[i].value);
    return v;
}

/* Steps that read best as an operation: activations, permutes, a flatten. */
static const DialectRow *step_function(Rw *rw, const PlanStep *s)
{
    if (s->ready || s->helper || !s->kind) return NULL;
    const PivotKind *k = pivot_kind(s->kind);
    PAttrs v = step_values(rw, s);
    if (k && k->group == GROUP_ACTIVATION) return dialect_write(rw->to, FORM_FUNCTION, s->kind, &v);
    if (str_eq(s->kind, "FlattenLayer") && rw->to->channels_first)
        return dialect_write(rw->to, FORM_FUNCTION, "flatten", &v);
    return NULL;
}

bool step_is_attribute(Rw *rw, const PlanStep *s)
{
    if (s->place == STEP_MAIN) return true;
    if (s->inline_expr || (s->kind && str_eq(s->kind, "permute"))) return false;
    return !step_function(rw, s);
}

static Node *substitute(Rw *rw, Node *t, Node *x)
{
    if (!t) return NULL;
    if (t->kind == N_NAME && str_eq(t->name, "X__")) return x;
    Node *c = node_copy(rw->a, t);
    c->from = NULL;
    c->a = substitute(rw, t->a, x);
    c->b = substitute(rw, t->b, x);
    c->c = substitute(rw, t->c, x);
    for (int i = 0; i < t->items.len; i++) c->items.at[i] = substitute(rw, t->items.at[i], x);
    return c;
}

Node *step_apply(Rw *rw, const PlanStep *s, Node *x, Node *attribute)
{
    const char *err = NULL;
    if (s->inline_expr) {
        if (s->helper) { /* a helper function applied */
            Node *call = py_call(rw->a, helper_of(rw, s->helper));
            vec_push(rw->a, &call->items, x);
            return call;
        }
        Node *t = py_parse_expr(rw->a, s->inline_expr, &err);
        return t ? substitute(rw, t, x) : x;
    }
    if (s->kind && str_eq(s->kind, "permute")) {
        int axes[MAX_RANK];
        const PValue *d = &s->attrs.at[0].value;
        for (int i = 0; i < d->u.list.len; i++) axes[i] = (int)d->u.list.at[i].u.i;
        return move_axes(rw, x, axes, d->u.list.len);
    }
    const DialectRow *row = step_function(rw, s);
    if (row) {
        StrVec unsaid = {0};
        PlanStep copy = *s;
        return call_build(rw, row, copy.attrs.at, copy.attrs.len, &x, 1, &unsaid);
    }
    Node *call = py_call(rw->a, attribute);
    vec_push(rw->a, &call->items, x);
    return call;
}

/* A step as a module, for a sequence. */
Node *step_module(Rw *rw, const PlanStep *s)
{
    StrVec unsaid = {0};
    if (s->kind && str_eq(s->kind, "permute")) {
        /* as a layer: the batch is not counted in the frameworks' own permute layers */
        PlanStep p = *s;
        p.kind = "PermuteLayer";
        PValue dims = pv_list(rw->a, s->attrs.at[0].value.u.list.len - 1);
        for (int i = 0; i < dims.u.list.len; i++) dims.u.list.at[i] = s->attrs.at[0].value.u.list.at[i + 1];
        PlanAttr a = {.name = "dims", .value = dims};
        p.attrs.at = NULL;
        p.attrs.len = p.attrs.cap = 0;
        vec_push(rw->a, &p.attrs, a);
        return step_construct(rw, &p, &unsaid);
    }
    if (s->inline_expr) {
        PlanStep p = {.helper = s->suffix};
        return step_construct(rw, &p, &unsaid);
    }
    return step_construct(rw, s, &unsaid);
}

void layer_elements(Rw *rw, Node *site, NodeVec *out)
{
    Plan *p = plan_for(rw, site);
    int map = map_for(rw, site);
    for (int i = 0; i < p->steps.len; i++) {
        Node *n = step_module(rw, &p->steps.at[i]);
        if (n->map == 0) n->map = map;
        if (p->steps.at[i].place == STEP_MAIN) n->from = n->from ? n->from : site;
        vec_push(rw->a, out, n);
    }
    if (p->unsupported) flag_stub(rw, p->why);
}

Node *sequential_node(Rw *rw, NodeVec *items)
{
    PAttrs none = {0};
    const DialectRow *row = dialect_write(rw->to, FORM_LAYER, "Sequential", &none);
    Node *call = py_call(rw->a, name_of(rw, row ? row->names.at[0] : "Sequential"));
    if (row && row->params.len && row->params.at[0].rest) {
        for (int i = 0; i < items->len; i++) vec_push(rw->a, &call->items, items->at[i]);
    } else {
        Node *list = py_list(rw->a);
        for (int i = 0; i < items->len; i++) vec_push(rw->a, &list->items, items->at[i]);
        vec_push(rw->a, &call->items, list);
    }
    return call;
}

/* ---- construction ---- */

/* A layer with weights that every pass of a network builds anew, and that nobody keeps: its weights would be others each time. */
static bool built_in_pass(Rw *rw, Node *n)
{
    int count;
    Event **e = site_events(rw, n, EV_LAYER, &count);
    const Node *stmt = n->id > 0 && n->id <= rw->t->module->nnodes ? rw->t->stmt_parent[n->id] : NULL;
    if (stmt && stmt->kind == N_ASSIGN && stmt->items.at[0]->kind == N_ATTRIBUTE) return false;
    const char *forward = dialect_fact(rw->from, "forward");
    for (int i = 0; rw->from != rw->to && i < count; i++) {
        if (!e[i]->layer || !layer_has_weights(e[i]->layer)) continue;
        for (const Activation *act = e[i]->frame; act; act = act->caller) {
            const Definition *d = act->definition;
            if (d && d->parent && d->parent->kind == DEF_MODULE_CLASS && str_eq(d->node->name, forward)) return true;
        }
    }
    return false;
}

/* Did somebody give a layer other attributes, or other code, than its text has? */
static bool any_edited(const Rw *rw)
{
    const AnswerSet *set = rw->req->answers;
    for (int i = 0; set && i < set->list.len; i++)
        if (str_starts(set->list.at[i].id, "edit:") || str_starts(set->list.at[i].id, "override:")) return true;
    return false;
}

/* Within a framework, and within a generation of it, a layer stays as the author wrote it. */
bool as_written(const Rw *rw)
{
    return rw->from == rw->to && rw->t->keras_version != 2 && !any_edited(rw);
}

Node *rewrite_layer_site(Rw *rw, Node *n)
{
    if (as_written(rw)) return rewrite_parts(rw, n);
    Plan *p = plan_for(rw, n);
    int map = map_for(rw, n);
    if (p->unsupported) flag_stub(rw, p->why);
    if (built_in_pass(rw, n)) flag(rw, n, "a layer with weights is built whenever the network is called: it belongs in a constructor");
    StrVec unsaid = {0};
    if (p->one_call || mode_for(rw, n) == MODE_ATTR) {
        for (int i = 0; i < p->steps.len; i++) {
            if (p->steps.at[i].place != STEP_MAIN) continue;
            Node *made = layer_built(rw, n, step_construct(rw, &p->steps.at[i], &unsaid));
            made->map = map;
            if (made->id == 0) made->from = n;
            return made;
        }
    }
    NodeVec items = {0};
    layer_elements(rw, n, &items);
    Node *made = sequential_node(rw, &items);
    made->map = map;
    made->from = n;
    return made;
}

/* ---- containers ---- */

static void rewrite_item(Rw *rw, Node *x, NodeVec *out)
{
    int n;
    const char *dotted = x->kind == N_CALL && rw->from != rw->to ? static_dotted(rw, x->a) : NULL;
    const DialectRow *row = dotted ? dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version) : NULL;
    if (row && str_eq(row->kind->name, "InputLayer")) { /* the header keeps the shape */
        PAttrs none = {0};
        if (!dialect_write(rw->to, FORM_LAYER, "InputLayer", &none)) return;
    }
    site_events(rw, x, EV_LAYER, &n);
    if (n && x->kind == N_CALL && !as_written(rw) && mode_for(rw, x) == MODE_SPLICE) layer_elements(rw, x, out);
    else vec_push(rw->a, out, rewrite_expr(rw, x));
}

/* An empty Sequential hands its input on, where the target's refuses: one that does nothing stands in it. */
static void fill_empty(Rw *rw, Node *n, NodeVec *items)
{
    const char *idle = rw->from == rw->to ? NULL : dialect_fact(rw->to, "empty_sequence");
    int count;
    Event **e = site_events(rw, n, EV_CONTAINER, &count);
    bool called = false;
    for (int i = 0; i < count; i++) called |= e[i]->nn && e[i]->nn->calls > 0 && !e[i]->nn->layers.len && !e[i]->nn->children.len;
    if (called && idle) vec_push(rw->a, items, py_call(rw->a, name_of(rw, idle)));
}

/* OrderedDict([("a", x), ("b", y)]) written out: its layers. */
static bool named_items(Rw *rw, Node *x, NodeVec *items)
{
    Node *arg = x->kind == N_CALL && x->items.len == 1 ? x->items.at[0] : NULL;
    if (!arg || arg->kind != N_LIST || trace_site(rw->t, x)) return false;
    for (int k = 0; k < arg->items.len; k++) {
        Node *pair = arg->items.at[k];
        if (pair->kind == N_TUPLE && pair->items.len == 2) rewrite_item(rw, pair->items.at[1], items);
        else rewrite_item(rw, pair, items);
    }
    return true;
}

/* A dictionary of layers where the target takes a list of them: list(layers.values()). */
Node *layers_of_dictionary(Rw *rw, Node *x, NodeVec *items)
{
    if (named_items(rw, x, items)) return NULL;
    Node *call = py_call(rw->a, py_name(rw->a, "list"));
    vec_push(rw->a, &call->items, py_call(rw->a, py_attr(rw->a, rewrite_expr(rw, x), "values")));
    return call;
}

bool gets_dictionary(Rw *rw, Node *call)
{
    int n;
    site_events(rw, call, EV_NAMED, &n);
    return n > 0;
}

/* The items that a Sequential is given, in whatever way, as arguments of the target's Sequential. */
static Node *rewrite_sequential(Rw *rw, Node *n, const DialectRow *to)
{
    NodeVec items = {0};
    bool to_rest = to->params.len && to->params.at[0].rest;
    Node *whole = NULL; /* one expression that is the list */
    bool named = gets_dictionary(rw, n);
    int given = 0;
    for (int i = 0; i < n->items.len; i++)
        given += n->items.at[i]->kind != N_KEYWORD || str_eq(n->items.at[i]->name, "layers");
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        if (x->kind == N_KEYWORD && !str_eq(x->name, "layers")) continue; /* name= */
        if (x->kind == N_KEYWORD) x = x->a;
        if ((x->kind == N_LIST || x->kind == N_TUPLE) && given == 1) {
            for (int k = 0; k < x->items.len; k++) rewrite_item(rw, x->items.at[k], &items);
        } else if (x->kind == N_STAR && given == 1 && !to_rest) {
            whole = rewrite_expr(rw, x->a);
        } else if (given == 1 && named && to_rest) {
            whole = rewrite_expr(rw, x);
        } else if (given == 1 && named) {
            whole = layers_of_dictionary(rw, x, &items);
        } else if (x->kind == N_CALL && given == 1 && !trace_site(rw->t, x)) {
            if (!named_items(rw, x, &items)) whole = rewrite_expr(rw, x);
        } else if (given == 1 && x->kind != N_CALL && x->kind != N_STAR) {
            whole = rewrite_expr(rw, x);
        } else {
            rewrite_item(rw, x, &items);
        }
    }
    Node *call = py_call(rw->a, name_of(rw, to->names.at[0]));
    if (whole) {
        if (to_rest && !named) {
            Node *star = ARENA_NEW(rw->a, Node);
            star->kind = N_STAR;
            star->a = whole;
            whole = star;
        }
        vec_push(rw->a, &call->items, whole);
        return call;
    }
    if (!items.len) fill_empty(rw, n, &items);
    if (!items.len) return call;
    return sequential_node(rw, &items);
}

Node *rewrite_container_site(Rw *rw, Node *n)
{
    int count;
    Event **e = site_events(rw, n, EV_CONTAINER, &count);
    const DialectRow *row = count ? e[0]->row : NULL;
    const char *dotted = static_dotted(rw, n->a);
    if (!row && dotted) row = dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version);
    if (!row) return n;
    PAttrs none = {0};
    const DialectRow *to = dialect_write(rw->to, FORM_LAYER, row->kind->name, &none);
    Node *made = NULL;
    if (str_eq(row->kind->name, "Sequential") && to) {
        made = rewrite_sequential(rw, n, to);
    } else if (to) {
        made = py_call(rw->a, name_of(rw, to->names.at[0]));
        for (int i = 0; i < n->items.len; i++) vec_push(rw->a, &made->items, rewrite_expr(rw, n->items.at[i]));
    } else if (str_eq(row->kind->name, "ModuleList") && n->items.len <= 1) {
        /* the target tracks plain lists and dicts of layers */
        made = n->items.len ? rewrite_expr(rw, n->items.at[0]) : py_list(rw->a);
        if (made->kind == N_GENEXP) {
            made = node_copy(rw->a, made);
            made->kind = N_LISTCOMP;
            made->from = NULL;
        }
    } else if (str_eq(row->kind->name, "ModuleDict") && n->items.len == 1) {
        made = rewrite_expr(rw, n->items.at[0]);
    } else {
        flag(rw, n, "%s has no counterpart for %s", rw->to->title, row->kind->name);
        return n;
    }
    if (made->id != 0) return made; /* a node of the source: unchanged */
    made->map = made->map ? made->map : map_for(rw, n);
    made->from = made->from ? made->from : n;
    return made;
}

/* ---- calls ---- */

bool needs_training_kind(const PivotLayer *l)
{
    if (!l) return false;
    const char *k = l->kind->name;
    if (str_eq(k, "BatchNormLayer") || str_eq(k, "DropoutLayer") || str_eq(k, "DropPath") || str_eq(k, "SpatialDropout") ||
        str_eq(k, "AlphaDropout") || str_eq(k, "GaussianNoise"))
        return true;
    return attr_float(&l->attrs, "dropout", 0) > 0 || attr_float(&l->attrs, "input_dropout", 0) > 0;
}

bool needs_training_nn(Rw *rw, const PivotNN *nn)
{
    for (int i = 0; i < nn->layers.len; i++)
        if (needs_training_kind(nn->layers.at[i])) return true;
    for (int i = 0; i < nn->children.len; i++)
        if (needs_training_nn(rw, nn->children.at[i])) return true;
    return false;
}

typedef struct Holding {
    Rw *rw;
    bool tensor;
} Holding;

static bool find_tensor(Node *n, void *ctx)
{
    Holding *h = ctx;
    if (n->kind == N_LAMBDA) return false;
    h->tensor |= flow_tensor(h->rw, n) != NULL;
    return !h->tensor;
}

static bool holds_tensor(Rw *rw, Node *n)
{
    Holding h = {.rw = rw};
    node_walk(n, find_tensor, &h);
    return h.tensor;
}

/* The forward pass of the class of a network, or of the first base in the file that has one. */
static const Node *forward_of(Rw *rw, const Node *cls, int depth)
{
    const char *forward = dialect_fact(rw->from, "forward");
    for (int i = 0; cls && i < cls->body.len; i++)
        if (cls->body.at[i]->kind == N_FUNCTION && str_eq(cls->body.at[i]->name, forward)) return cls->body.at[i];
    for (int i = 0; cls && depth < 8 && i < cls->items.len; i++)
        for (int k = 0; k < rw->t->definitions.len; k++) {
            const Definition *d = rw->t->definitions.at[k];
            bool base = d->kind == DEF_MODULE_CLASS && cls->items.at[i]->kind == N_NAME && str_eq(d->name, cls->items.at[i]->name);
            const Node *found = base ? forward_of(rw, d->node, depth + 1) : NULL;
            if (found) return found;
        }
    return NULL;
}

/* The name of parameter `at` (behind self) of the forward pass that runs; NULL where several run that differ in it. */
static const char *forward_parameter(Rw *rw, Event **nets, int count, int at)
{
    const char *name = NULL;
    for (int i = 0; i < count; i++) {
        const Node *fn = NULL;
        for (int k = 0; k < rw->t->definitions.len && nets[i]->nn; k++)
            if (rw->t->definitions.at[k]->pivot && rw->t->definitions.at[k]->pivot == nets[i]->nn->definition)
                fn = forward_of(rw, rw->t->definitions.at[k]->node, 0);
        if (!fn || at + 1 >= fn->params.list.len || fn->params.list.at[at + 1].kind != PARAM_PLAIN) return NULL;
        if (name && !str_eq(name, fn->params.list.at[at + 1].name)) return NULL;
        name = fn->params.list.at[at + 1].name;
    }
    return name;
}

static bool is_positional(const Node *x)
{
    return x->kind != N_KEYWORD && x->kind != N_STAR && x->kind != N_DSTAR;
}

/* From which argument on names are written: the first that is no tensor, where the target takes only tensors by position.
 * n->items.len: none. */
static int named_from(Rw *rw, Node *n, Event **nets, int count)
{
    int from = n->items.len;
    if (rw->from == rw->to || !count || !str_eq(dialect_fact(rw->to, "positional_tensors_only"), "true")) return from;
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        if (x->kind == N_STAR) return n->items.len;
        bool other = is_positional(x) && (x->kind == N_LAMBDA || (node_is_literal(x) && x->kind != N_NONE) ||
                                          (rw->in_forward && !holds_tensor(rw, x)));
        if (i && from == n->items.len && other) from = i;
        if (i >= from && is_positional(x) && !forward_parameter(rw, nets, count, i)) return n->items.len;
    }
    return from;
}

/* The arguments of a call of a layer or network, without the source's training flag. */
static void call_arguments(Rw *rw, Node *n, Node *call, int from, Event **nets, int count)
{
    const char *training = dialect_fact(rw->from, "training_name");
    int named = named_from(rw, n, nets, count);
    for (int i = from; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        if (x->kind == N_KEYWORD && rw->from != rw->to && training && str_eq(x->name, training)) continue;
        const char *name = i >= named && is_positional(x) ? forward_parameter(rw, nets, count, i) : NULL;
        vec_push(rw->a, &call->items, name ? py_kw(rw->a, name, rewrite_expr(rw, x)) : rewrite_expr(rw, x));
    }
}

static void pass_training(Rw *rw, Node *call)
{
    const char *to = dialect_fact(rw->to, "training_name");
    if (!to || !rw->in_forward || rw->from == rw->to) return;
    rw->uses_training = true;
    vec_push(rw->a, &call->items, py_kw(rw->a, to, py_name(rw->a, to)));
}

static Node *apply_with_steps(Rw *rw, Node *n, Plan *p)
{
    Node *attr = n->a; /* self.name */
    Node *of = rewrite_expr(rw, attr->a), *callee = rewrite_expr(rw, attr);
    const char *base = callee->kind == N_ATTRIBUTE ? callee->name : attr->name;
    Node *x = n->items.len ? rewrite_expr(rw, n->items.at[0]) : NULL;
    if (x && x->kind == N_KEYWORD) x = x->a;
    for (int i = 0; i < p->steps.len; i++) {
        const PlanStep *s = &p->steps.at[i];
        if (s->place == STEP_MAIN) {
            Node *call = py_call(rw->a, callee);
            vec_push(rw->a, &call->items, x);
            call_arguments(rw, n, call, 1, NULL, 0);
            int ne;
            Event **e = site_events(rw, n, EV_APPLY, &ne);
            if (ne && needs_training_kind(e[0]->layer)) pass_training(rw, call);
            x = call;
        } else {
            const char *name = arena_printf(rw->a, "%s_%s", base, s->suffix ? s->suffix : "step");
            x = step_apply(rw, s, x, py_attr(rw->a, of, name));
        }
    }
    return x;
}

/* The mapping of the layer that is called, where only one is. */
static int apply_map(Rw *rw, Node *n, int ne, Event **e)
{
    for (int i = 1; i < ne; i++)
        if (e[i]->layer && e[0]->layer && e[i]->layer->site != e[0]->layer->site) return map_for(rw, n);
    Node *site = ne && e[0]->layer ? node_by_id(rw, e[0]->layer->site) : NULL;
    int m = site ? map_for(rw, site) : map_for(rw, n);
    PortMapping *map = &rw->res->mappings.at[m - 1];
    bool have = false;
    for (int i = 0; i < map->sites.len; i++) have |= map->sites.at[i] == n->id;
    if (!have) vec_push(rw->a, &map->sites, n->id);
    rw->map_of[n->id] = m;
    for (int i = 0; i < ne; i++)
        if (e[i]->node) vec_push(rw->a, &map->nodes, e[i]->node->id);
    return m;
}

/* def forward(self, x, sublayer): sublayer(x): a function or a network, whichever is given. Networks learn from the call
 * around them whether this is training. */
static bool given_callee(const Rw *rw, const Node *n)
{
    for (int i = 0; rw->fn && n->a->kind == N_NAME && i < rw->fn->params.list.len; i++)
        if (str_eq(rw->fn->params.list.at[i].name, n->a->name)) return true;
    return false;
}

/* What is called: block of block.forward(x), which is the target's own way to run it. */
static Node *callee_of(Rw *rw, Node *n)
{
    const Node *of = n->a->kind == N_ATTRIBUTE ? node_unparen(n->a->a) : NULL;
    bool super_ = of && of->kind == N_CALL && of->a->kind == N_NAME && str_eq(of->a->name, "super");
    bool forward = of && !super_ && rw->from != rw->to && str_eq(n->a->name, dialect_fact(rw->from, "forward")) &&
                   !(of->kind == N_NAME && str_eq(of->name, "self"));
    return rewrite_expr(rw, forward ? n->a->a : n->a);
}

Node *rewrite_apply_site(Rw *rw, Node *n)
{
    int nn, ne;
    Event **nets = site_events(rw, n, EV_APPLY_NN, &nn);
    Event **e = site_events(rw, n, EV_APPLY, &ne);
    Node *made;
    if (!nn && ne) {
        Node *site = node_by_id(rw, e[0]->layer->site);
        Plan *p = site ? plan_for(rw, site) : NULL;
        if (p && !p->one_call && mode_for(rw, site) == MODE_ATTR) {
            made = apply_with_steps(rw, n, p);
        } else {
            made = py_call(rw->a, callee_of(rw, n));
            call_arguments(rw, n, made, 0, NULL, 0);
            bool training = false;
            for (int i = 0; i < ne; i++) training |= needs_training_kind(e[i]->layer);
            if (training) pass_training(rw, made);
        }
        made->map = apply_map(rw, n, ne, e);
    } else {
        made = py_call(rw->a, callee_of(rw, n));
        call_arguments(rw, n, made, 0, nets, nn);
        bool training = false;
        for (int i = 0; i < nn; i++) training |= nets[i]->nn && needs_training_nn(rw, nets[i]->nn);
        if (training && !given_callee(rw, n)) pass_training(rw, made);
        made->map = map_for(rw, n);
        for (int i = 0; i < nn; i++)
            if (nets[i]->node) vec_push(rw->a, &rw->res->mappings.at[made->map - 1].nodes, nets[i]->node->id);
    }
    made->from = n;
    return nn ? inplace_sequence(rw, n, made, nets, nn) : inplace_settle(rw, n, made, e, ne);
}
