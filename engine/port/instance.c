/* Targets that are generated from instances: another style than the source's.
 *
 * The events of the forward pass, in execution order and freed of what no output needs, are the flat network:
 * layers applied and operations on tensors, whatever classes and loops the source used to say so. From them
 *   sequential    a chain of layers, inside of one Sequential;
 *   functional    Input, one call after the other, Model;
 *   subclassing   a class with the layers as attributes and the calls in its forward pass.
 * A class of the source becomes a factory function of its name and parameters, so that the rest of the file can
 * go on building it as before; a Sequential or a graph at module level becomes what the style wants in its place.
 *
 * Not handled: parameters of sub-networks (their values are written), several roots with different styles. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "port/instance.h"
#include "port/layout.h"
#include "port/static.h"
#include "python/names.h"

/* ---- the flat network ---- */

static bool below(const PivotNN *nn, const PivotNN *root)
{
    for (; nn; nn = nn->parent)
        if (nn == root) return true;
    return false;
}

static bool needed(const Event *e, const Map *live, Arena *a)
{
    for (int i = 0; i < e->out.len; i++)
        if (e->out.at[i] && map_has(live, arena_printf(a, "%d", e->out.at[i]->id))) return true;
    return false;
}

static void want(Flat *f, const PivotTensor *t)
{
    if (t) map_set(f->live, arena_printf(f->rw->a, "%d", t->id), (void *)t);
}

/* Keeps what some output needs, walking backwards. */
static void flat_collect(Flat *f)
{
    const Trace *t = f->rw->t;
    VEC(Event *) all = {0};
    for (int i = 0; i < t->events.len; i++) {
        Event *e = t->events.at[i];
        if (e->forced || (e->kind != EV_APPLY && e->kind != EV_OP) || !e->node || !e->out.len) continue;
        bool apart = e->node->owner && !below(e->node->owner, f->root->nn);
        if (apart && !f->root->functional) continue; /* a graph goes on from another's tensors */
        vec_push(f->rw->a, &all, e);
    }
    for (int i = 0; i < f->root->nn->outputs.len; i++) want(f, f->root->nn->outputs.at[i]);
    VEC(Event *) kept = {0};
    for (int i = all.len - 1; i >= 0; i--) {
        if (!needed(all.at[i], f->live, f->rw->a)) continue;
        for (int k = 0; k < all.at[i]->in.len; k++) want(f, all.at[i]->in.at[k]);
        vec_push(f->rw->a, &kept, all.at[i]);
    }
    for (int i = kept.len - 1; i >= 0; i--) vec_push(f->rw->a, &f->events, kept.at[i]);
}

static Event *construction(Flat *f, const PivotLayer *l)
{
    return construction_of(f->rw, l);
}

/* ---- plans with the parameters of the root's constructor ---- */

typedef struct NameCheck {
    Flat *f;
    bool ok;
} NameCheck;

static bool name_is_parameter(Node *n, void *ctx)
{
    NameCheck *c = ctx;
    if (n->kind == N_ATTRIBUTE && n->a->kind == N_NAME && str_eq(n->a->name, "self")) c->ok = false;
    if (n->kind == N_NAME) {
        bool param = false;
        for (int i = 0; c->f->params && i < c->f->params->list.len; i++)
            param |= str_eq(c->f->params->list.at[i].name, n->name);
        c->ok &= param || map_has(c->f->rw->framework_names, n->name);
    }
    return true;
}

/* May the expressions at this site stand in the factory function? Only where they name its parameters. */
static bool expressions_stand(Flat *f, const Event *e)
{
    NameCheck c = {f, true};
    Node *site = e->site->node;
    Definition *d = site->id > 0 ? f->rw->t->definition_of[site->id] : NULL;
    if (!f->factory || !d || d->node != f->init) return false;
    for (int i = 0; i < site->items.len; i++) node_walk(site->items.at[i], name_is_parameter, &c);
    for (int i = 0; i < f->rw->t->numbers.len; i++) { /* said in the terms of the place, too */
        const SiteNumber *k = &f->rw->t->numbers.at[i];
        if (k->at == site->span.start) node_walk(k->expr, name_is_parameter, &c);
    }
    return c.ok;
}

Plan *flat_plan(Flat *f, const PivotLayer *l)
{
    Event *e = construction(f, l);
    if (!e) return NULL;
    Plan *p = map_get(f->plans, arena_printf(f->rw->a, "%d", l->id));
    if (p) return p;
    p = plan_make(f->rw, &e, 1, !expressions_stand(f, e));
    map_set(f->plans, arena_printf(f->rw->a, "%d", l->id), p);
    int m = map_for(f->rw, e->site->node);
    PortMapping *map = &f->rw->res->mappings.at[m - 1];
    map->rule = l->kind->name;
    map->why = p->why ? p->why : "";
    map->unsupported |= p->unsupported;
    vec_push(f->rw->a, &map->layers, l->id);
    if (p->unsupported) {
        f->rw->res->gaps++;
        note(f->rw, "line %d: %s", static_line(f->rw, e->site->node), p->why);
    } else if (p->why) {
        note(f->rw, "line %d: %s", static_line(f->rw, e->site->node), p->why);
    }
    return p;
}

/* ---- names ---- */

const char *flat_kind_word(Flat *f, const PivotLayer *l)
{
    static const struct {
        const char *kind, *name;
    } NAMES[] = {{"LinearLayer", "linear"}, {"PoolingLayer", "pool"},   {"BatchNormLayer", "norm"},
                 {"LayerNormLayer", "norm"}, {"DropoutLayer", "dropout"}, {"FlattenLayer", "flatten"},
                 {"EmbeddingLayer", "embedding"}, {"LSTMLayer", "lstm"}, {"GRULayer", "gru"}, {"SimpleRNNLayer", "rnn"},
                 {"PaddingLayer", "pad"}, {"ActivationLayer", "activation"}};
    if (str_eq(l->kind->name, "LinearLayer") && !f->rw->to->channels_first) return "dense"; /* each in its own words */
    if (l->kind->group == GROUP_ACTIVATION) return l->kind->name;
    if (str_starts(l->kind->name, "Conv")) return "conv";
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(NAMES[i].kind, l->kind->name)) return NAMES[i].name;
    return "layer";
}

/* The attribute for a layer: its own name where it has one, else its kind and a number. */
/* "node4/conv" as node4_conv: a layer's name may be no name of Python. */
static const char *identifier(Arena *a, const char *name)
{
    char *made = arena_strdup(a, name);
    for (char *s = made; *s; s++)
        if (!isalnum((unsigned char)*s) && *s != '_' && *s != '.' && *s != '[' && *s != ']') *s = '_';
    return made;
}

const char *flat_name(Flat *f, const PivotLayer *l)
{
    char *key = arena_printf(f->rw->a, "%d", l->id);
    const char *known = map_get(f->names, key);
    if (known) return known;
    const char *last = l->name ? identifier(f->rw->a, l->name) : "";
    bool plain = isalpha((unsigned char)last[0]) || last[0] == '_';
    const char *name;
    if (plain && !strpbrk(last, "0123456789.[") ) {
        name = last;
    } else if (plain && strchr(last, '.') == NULL) {
        name = last;
    } else {
        const char *kind = flat_kind_word(f, l);
        int n = (int)(long)map_get(f->counts, kind) + 1;
        map_set(f->counts, kind, (void *)(long)n);
        name = arena_printf(f->rw->a, "%s%d", kind, n);
    }
    const char *renamed = dialect_rename(f->rw->to, f->rw->a, name);
    if (renamed) name = renamed;
    if (str_is_keyword(name)) name = arena_printf(f->rw->a, "%s_layer", name);
    while (map_has(f->taken, name)) name = arena_printf(f->rw->a, "%s_", name);
    map_set(f->taken, name, (void *)name);
    map_set(f->names, key, (void *)name);
    return name;
}

/* ---- the file around ---- */

static Node *init_of(Definition *d)
{
    for (int i = 0; d && d->node->kind == N_CLASS && i < d->node->body.len; i++)
        if (d->node->body.at[i]->kind == N_FUNCTION && str_eq(d->node->body.at[i]->name, "__init__"))
            return d->node->body.at[i];
    return NULL;
}

static Node *factory(Flat *f, const char *name, NodeVec *body)
{
    Rw *rw = f->rw;
    const char *err = NULL;
    Node *fn = py_parse_stmts(rw->a, arena_printf(rw->a, "def %s():\n    pass\n", name), &err).at[0];
    for (int i = f->init && f->init == f->root->definition->node ? 0 : 1; f->params && i < f->params->list.len; i++) {
        Param p = f->params->list.at[i];
        if (p.kind != PARAM_PLAIN) continue;
        p.annotation = NULL;
        p.dflt = rewrite_expr(rw, p.dflt);
        vec_push(rw->a, &fn->params.list, p);
    }
    fn->body = *body;
    Node *doc = f->root->definition ? node_docstring(f->root->definition->node) : NULL;
    if (doc) vec_insert(rw->a, &fn->body, 0, doc);
    return fn;
}

static Flat *flat_new(Rw *rw, const RootTrace *root)
{
    Flat *f = ARENA_NEW(rw->a, Flat);
    f->rw = rw;
    f->root = root;
    f->live = map_new(rw->a);
    f->plans = map_new(rw->a);
    f->names = map_new(rw->a);
    f->counts = map_new(rw->a);
    f->taken = map_new(rw->a);
    f->vars = map_new(rw->a);
    f->made = map_new(rw->a);
    f->paths = map_new(rw->a);
    bool function = root->definition && root->definition->node->kind == N_FUNCTION;
    f->init = function ? root->definition->node : init_of(root->definition);
    f->params = f->init ? &f->init->params : NULL;
    f->factory = root->definition && (function || root->definition->node->kind == N_CLASS);
    flat_collect(f);
    return f;
}

/* Is this class one whose instances are all below the root (so that the flat network says them)? */
static bool is_part(Rw *rw, Definition *d, const RootTrace *root)
{
    (void)rw;
    if (!d || d->kind != DEF_MODULE_CLASS || !d->pivot || d == root->definition) return false;
    for (int i = 0; i < d->pivot->instances.len; i++)
        if (!below(d->pivot->instances.at[i], root->nn)) return false;
    return d->pivot->instances.len > 0;
}

/* The statement at module level (or in a factory) that a root's network comes from: the assignment to its variable, and what
 * adds to it. */
bool instance_makes_root(Rw *rw, Node *s, const RootTrace *root)
{
    if (root->definition && root->definition->node->kind == N_CLASS) return false;
    if (root->variable && s->kind == N_ASSIGN && s->items.len == 1 && s->items.at[0]->kind == N_NAME &&
        str_eq(s->items.at[0]->name, root->variable))
        return true;
    (void)rw;
    return false;
}

typedef struct FindFactory {
    Rw *rw;
    const char *variable;
    Definition *found;
} FindFactory;

static bool find_factory(Node *s, void *ctx)
{
    FindFactory *f = ctx;
    if (s->kind == N_FUNCTION || s->kind == N_CLASS) return false;
    if (s->kind != N_ASSIGN || s->items.len != 1 || s->items.at[0]->kind != N_NAME ||
        !str_eq(s->items.at[0]->name, f->variable))
        return true;
    Node *v = node_unparen(s->b);
    for (int k = 0; v->kind == N_CALL && v->a->kind == N_NAME && k < f->rw->t->definitions.len; k++) {
        Definition *d = f->rw->t->definitions.at[k];
        if (d->kind == DEF_FUNCTION && !d->parent && d->node->kind == N_FUNCTION && str_eq(d->name, v->a->name)) f->found = d;
    }
    return true;
}

/* model = build(): the function of the file that builds the root's network; NULL when the root is built in place. */
static Definition *factory_of(Rw *rw, const RootTrace *root)
{
    FindFactory f = {rw, root->variable, NULL};
    if (root->variable) node_walk(rw->t->module->root, find_factory, &f);
    int site = root->nn->site;
    Definition *d = !f.found && site > 0 && site <= rw->t->module->nnodes ? rw->t->definition_of[site] : NULL;
    if (d && d->kind == DEF_FUNCTION && !d->parent && d->node->kind == N_FUNCTION) return d;
    return f.found;
}

/* The first network of the file; of several graphs in one factory the last, which is what it gives. */
const RootTrace *instance_root(Rw *rw)
{
    const RootTrace *root = NULL;
    const Definition *factory = NULL;
    for (int i = 0; i < rw->t->roots.len; i++) {
        const RootTrace *r = &rw->t->roots.at[i];
        if (!r->nn || !r->applied) continue;
        const Definition *d = r->definition ? r->definition : factory_of(rw, r);
        if (!root) factory = d;
        else if (!root->functional || !r->functional || !d || d != factory || d->node->kind != N_FUNCTION) continue;
        root = r;
    }
    return root;
}

/* Is something in the statement, which stands before the graph, a tensor of it: a loop over layers, another name? */
static bool makes_tensors(Rw *rw, const Node *s, const RootTrace *root)
{
    const Node *graph = root->nn->site > 0 ? node_by_id(rw, root->nn->site) : NULL;
    if (s->kind == N_FUNCTION || s->kind == N_CLASS || !graph || s->span.end > graph->span.start) return false;
    for (int i = 0; i < rw->t->flows.len; i++) {
        const Node *x = rw->t->flows.at[i].expr;
        bool here = x && x->id > 0 && x->id <= rw->t->module->nnodes;
        if (here && x->span.start >= s->span.start && x->span.end <= s->span.end) return true;
    }
    return false;
}

/* model.add(...), and the calls of a functional graph: said by the new text. */
bool instance_extends_root(Rw *rw, Node *s, const RootTrace *root)
{
    if (s->kind == N_EXPR && s->a->kind == N_CALL && s->a->a->kind == N_ATTRIBUTE && s->a->a->a->kind == N_NAME &&
        root->variable && str_eq(s->a->a->a->name, root->variable) &&
        (str_eq(s->a->a->name, "add") || str_eq(s->a->a->name, "append") || str_eq(s->a->a->name, "build")))
        return true;
    if (root->functional && makes_tensors(rw, s, root)) return true;
    if (!root->functional || s->kind != N_ASSIGN) return false;
    Node *v = node_unparen(s->b);
    int n = 0;
    site_events(rw, v, EV_APPLY, &n);
    if (!n) site_events(rw, v, EV_OP, &n);
    if (!n) site_events(rw, v, EV_APPLY_NN, &n);
    const char *d = v->kind == N_CALL ? static_dotted(rw, v->a) : NULL;
    const DialectRow *row = d ? dialect_read(rw->from, FORM_LAYER, d, rw->t->keras_version) : NULL;
    return n > 0 || (row && (str_eq(row->kind->name, "InputLayer") || row->kind->group == GROUP_LAYER));
}

static const char *class_name(Rw *rw, const RootTrace *root)
{
    const char *from = root->definition ? root->definition->name : root->variable ? root->variable : "net";
    Buf b = {0};
    bool up = true;
    for (const char *s = from; *s; s++) {
        if (*s == '_' || *s == '.') {
            up = true;
            continue;
        }
        buf_addc(&b, up ? (char)toupper((unsigned char)*s) : *s);
        up = false;
    }
    const char *name = buf_take(&b, rw->a);
    if (str_starts(name, "Build") && strlen(name) > 5) name += 5;
    else if (str_starts(name, "Make") && strlen(name) > 4) name += 4;
    else if (str_starts(name, "Create") && strlen(name) > 6) name += 6;
    else if (str_starts(name, "Get") && strlen(name) > 3) name += 3;
    if (str_eq(name, "Model")) name = "Network"; /* the frameworks' own name */
    return map_has(rw->bound, name) ? arena_printf(rw->a, "%sModule", name) : name;
}

static bool write_root(Flat *f, const char *style, const char *name, NodeVec *out, Node **cls)
{
    Rw *rw = f->rw;
    NodeVec body = {0};
    *cls = NULL;
    if (str_eq(style, "subclassing")) {
        *cls = write_class(f, name);
        if (!*cls) return false;
        (*cls)->map = 0;
        vec_push(rw->a, out, *cls);
        return true;
    }
    bool ok = str_eq(style, "sequential") ? write_sequential(f, &body) : write_functional(f, &body);
    if (!ok) return false;
    vec_push(rw->a, out, factory(f, name, &body));
    return true;
}

static void flat_pairs(Flat *f)
{
    f->rw->flat_paths = f->paths;
}

/* Parameters of a factory that its flat network does not read: whatever they are, it is the network of the traced call. */
static void note_unasked(Flat *f, Node *made)
{
    const Definition *d = f->root->definition;
    for (int i = 0; i < d->node->params.list.len; i++) {
        const char *name = d->node->params.list.at[i].name;
        if (!names_uses(made, name))
            note(f->rw, "line %d: %s(%s=...) changes nothing: the network has the numbers of the call that was traced",
                 static_line(f->rw, d->node), d->name, name);
    }
}

/* A function by default, which the flat network says: nothing has its name any more. */
static const Params *params_without(Rw *rw, const Params *params, const Map *said)
{
    Params *own = ARENA_NEW(rw->a, Params);
    *own = *params;
    own->list.at = ARENA_ARRAY(rw->a, Param, params->list.len + 1);
    own->list.cap = params->list.len + 1;
    for (int i = 0; i < params->list.len; i++) {
        Param p = params->list.at[i];
        for (int k = 0; p.dflt && k < said->len; k++)
            if (said->entries[k].key && names_uses(p.dflt, said->entries[k].key)) p.dflt = py_none(rw->a);
        own->list.at[i] = p;
    }
    return own;
}

bool instance_generate(Rw *rw, const char *style, NodeVec *out)
{
    const RootTrace *root = instance_root(rw);
    if (!root || !root->nn->outputs.len) {
        rw->res->impossible = "no network of the file could be traced from its input to its output: its shape or an "
                              "argument is missing (see the open questions)";
        return false;
    }
    RootTrace own = *root;
    if (!own.definition) own.definition = factory_of(rw, root);
    root = &own;
    Flat *f = flat_new(rw, root);
    bool from_class = root->definition && root->definition->node->kind == N_CLASS;
    bool in_function = root->definition && root->definition->node->kind == N_FUNCTION;
    if (in_function && !parts_one_graph(f)) {
        rw->res->impossible = "a function that builds several networks, or gives more than its network, cannot be written as one, and its own structure could not be kept";
        return false;
    }
    f->marks = str_eq(style, "subclassing");
    const NodeVec *items = &rw->t->module->root->items;
    const Map *said = parts_functions(f);
    if (in_function && f->params) f->params = params_without(rw, f->params, said);
    bool written = false;
    Node *cls;
    for (int i = 0; i < items->len; i++) {
        Node *s = items->at[i];
        Definition *d = NULL;
        for (int k = 0; k < rw->t->definitions.len; k++)
            if (rw->t->definitions.at[k]->node == s) d = rw->t->definitions.at[k];
        if (d && (is_part(rw, d, root) || map_has(said, d->name))) {
            account_all(rw, s, NULL);
            if (s->kind == N_FUNCTION) parts_left_out(f, s);
            continue;
        }
        if ((from_class && d == root->definition) || (in_function && d == root->definition && !written)) {
            account_all(rw, s, NULL);
            if (in_function) parts_left_out(f, s);
            bool camel = isupper((unsigned char)root->definition->name[0]); /* a function that reads like a class */
            bool own_name = from_class || !str_eq(style, "subclassing") || camel;
            if (!write_root(f, style, own_name ? root->definition->name : class_name(rw, root), out, &cls)) return false;
            if (in_function) note_unasked(f, cls ? cls : out->at[out->len - 1]);
            if (in_function && cls && !own_name) { /* the factory goes on building it */
                const char *err = NULL;
                Buf given = {0};
                for (int k = 0; k < root->definition->node->params.list.len; k++)
                    buf_printf(&given, "%s%s", k ? ", " : "", root->definition->node->params.list.at[k].name);
                Node *fn = py_parse_stmts(rw->a, arena_printf(rw->a, "def %s():\n    return %s(%s)\n",
                                                              root->definition->name, cls->name, given.s ? given.s : ""),
                                          &err).at[0];
                buf_free(&given);
                Node *doc = node_docstring(root->definition->node);
                if (doc) vec_insert(rw->a, &fn->body, 0, doc);
                for (int k = 0; k < f->params->list.len; k++) {
                    Param p = f->params->list.at[k];
                    p.annotation = NULL;
                    p.dflt = rewrite_expr(rw, p.dflt);
                    vec_push(rw->a, &fn->params.list, p);
                }
                vec_push(rw->a, out, fn);
            }
            written = true;
            continue;
        }
        if (!from_class && !in_function && instance_makes_root(rw, s, root)) {
            account_all(rw, s, NULL);
            if (written) continue;
            const char *name = class_name(rw, root);
            NodeVec made = {0};
            if (!write_root(f, style, name, &made, &cls)) return false;
            const char *err = NULL;
            if (cls) {
                vec_push(rw->a, out, cls);
                vec_push(rw->a, out, py_parse_stmts(rw->a, arena_printf(rw->a, "%s = %s()\n", root->variable, name), &err).at[0]);
            } else { /* the body of the factory, at module level */
                Node *fn = made.at[0];
                for (int k = 0; k < fn->body.len; k++) {
                    Node *b = fn->body.at[k];
                    vec_push(rw->a, out, b->kind == N_RETURN ? py_assign(rw->a, py_name(rw->a, root->variable), b->a) : b);
                }
            }
            written = true;
            continue;
        }
        if (!from_class && !in_function && instance_extends_root(rw, s, root)) {
            account_all(rw, s, NULL);
            continue;
        }
        NodeVec one = {0};
        vec_push(rw->a, &one, s);
        rewrite_block(rw, &one, out);
    }
    if (!written) {
        rw->res->impossible = "the statement that builds the network was not found at module level";
        return false;
    }
    flat_pairs(f);
    return true;
}
