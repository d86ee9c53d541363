/* From a trace, its port and the port's text to a comparison.
 *
 * The network is the first root that the trace could build; it is named by an expression over the file's own names: a
 * class or factory called with the values that the trace gave its parameters (so a call inside of main() with local
 * names in it works too), or the variable of a module-level model. The port's is what the port says, else the
 * same expression where the port's text has that name, else its module-level model, else its last class.
 *
 * Not handled: several roots in one comparison (--entry picks one), constructor arguments that have no literal form. */
#include "verify/request.h"

#include <string.h>

#include "base/str.h"
#include "python/names.h"

typedef struct Filling {
    Arena *a;
    const Trace *trace;
    const PortResult *port;
    Module *ported;
    VerifyRequest *q;
} Filling;

static int steps_of(const PivotNN *nn, int depth)
{
    int n = 0;
    for (int i = 0; i < nn->nodes.len; i++) {
        const PivotNode *x = nn->nodes.at[i];
        n += x->type == PNODE_LAYER;
        if (x->type == PNODE_NN && x->nn && x->nn != nn && depth < 16) n += steps_of(x->nn, depth + 1);
    }
    return n;
}

/* Does a factory that nothing calls build it, with an argument that nobody knows? */
static bool lacks_argument(const Trace *t, const RootTrace *r)
{
    for (int i = 0; r->definition && i < t->questions.list.len; i++) {
        const Question *q = t->questions.list.at[i];
        Span of = r->definition->node->span;
        if (q->kind == Q_CONSTRUCTOR_ARGUMENT && q->state == ANSWER_OPEN && of.start <= q->span.start && q->span.end <= of.end) return true;
    }
    return false;
}

/* Of several functional graphs the one with the most layers: it mostly has the others in it. */
static const RootTrace *largest_graph(const Trace *t)
{
    const RootTrace *best = NULL;
    int most = 0;
    for (int i = 0; i < t->roots.len; i++) {
        const RootTrace *r = &t->roots.at[i];
        if (!r->nn || !r->applied) continue;
        if (!r->functional) return NULL;
        int n = lacks_argument(t, r) ? 1 : steps_of(r->nn, 0);
        if (n > most) most = n, best = r;
    }
    return best;
}

const RootTrace *request_root(const Trace *t)
{
    const RootTrace *graph = largest_graph(t);
    if (graph) return graph;
    for (int i = 0; i < t->roots.len; i++)
        if (t->roots.at[i].nn && t->roots.at[i].applied) return &t->roots.at[i];
    for (int i = 0; i < t->roots.len; i++)
        if (t->roots.at[i].nn) return &t->roots.at[i];
    return NULL;
}

/* ---- the expressions that build the networks ---- */

static bool has_literal(const PValue *v)
{
    switch (v->kind) {
    case PV_NONE:
    case PV_BOOL:
    case PV_INT:
    case PV_FLOAT:
    case PV_STR:
        return true;
    case PV_LIST:
        for (int i = 0; i < v->u.list.len; i++)
            if (!has_literal(&v->u.list.at[i])) return false;
        return true;
    default:
        return false;
    }
}

/* Whether the constructor of this class of the port still takes a parameter; in doubt it does. */
static bool port_takes(const Module *ported, const char *cls, const char *param)
{
    const Node *init = NULL;
    for (int i = 0; i < ported->root->items.len; i++) {
        const Node *c = ported->root->items.at[i];
        for (int k = 0; c->kind == N_CLASS && str_eq(c->name, cls) && k < c->body.len; k++)
            if (c->body.at[k]->kind == N_FUNCTION && str_eq(c->body.at[k]->name, "__init__")) init = c->body.at[k];
    }
    for (int i = 0; init && i < init->params.list.len; i++) {
        const Param *p = &init->params.list.at[i];
        if (p->kind == PARAM_DSTAR || str_eq(p->name, param)) return true;
    }
    return !init;
}

/* A call with what is known of the network's parameters; ported: only those that the port's class takes. */
static const char *call_text(Arena *a, const char *name, const PivotNN *nn, const Module *ported)
{
    Buf b = {0};
    buf_printf(&b, "%s(", name);
    for (int i = 0, n = 0; i < nn->params.len; i++) {
        const PivotParam *p = &nn->params.at[i];
        if (ported && !port_takes(ported, name, p->name)) continue;
        if (has_literal(&p->value)) buf_printf(&b, "%s%s=%s", n++ ? ", " : "", p->name, pv_text(a, &p->value));
    }
    buf_addc(&b, ')');
    return buf_take(&b, a);
}

/* A name that a statement at top level (or under the main guard) binds: 'c' class, 'f' function, 'v' variable. */
static char binding(const NodeVec *body, const char *name)
{
    char found = 0;
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->at[i];
        if (n->kind == N_CLASS && str_eq(n->name, name)) found = 'c';
        if (n->kind == N_FUNCTION && str_eq(n->name, name)) found = 'f';
        if (n->kind == N_ASSIGN)
            for (int k = 0; k < n->items.len; k++)
                if (names_target_binds(n->items.at[k], name)) found = 'v';
        if (n->kind == N_IF && !found) found = binding(&n->body, name);
    }
    return found;
}

/* ---- a network that a plain class holds as an attribute ---- */

typedef struct Holding {
    const Node *call;      /* what builds the network */
    const char *attribute; /* self.model = call */
    const char *class_name;
    Node *instance;        /* Classifier(...) somewhere in the file */
} Holding;

static bool find_attribute(Node *n, void *ctx)
{
    Holding *h = ctx;
    if (n->kind == N_ASSIGN && node_unparen(n->b) == h->call)
        for (int i = 0; i < n->items.len; i++)
            if (n->items.at[i]->kind == N_ATTRIBUTE) h->attribute = n->items.at[i]->name;
    return !h->attribute;
}

static bool find_instance(Node *n, void *ctx)
{
    Holding *h = ctx;
    if (n->kind == N_CALL && n->a->kind == N_NAME && str_eq(n->a->name, h->class_name) && !h->instance)
        h->instance = n;
    return !h->instance;
}

/* "Classifier(activation=\"tanh\").model", with the arguments of the first call in the file; NULL: no such class. */
static const char *held_root(Filling *f, const RootTrace *root)
{
    const NodeVec *body = &f->trace->module->root->items;
    Holding h = {.call = root->call};
    for (int i = 0; i < body->len && root->call && !h.attribute; i++) {
        if (body->at[i]->kind != N_CLASS) continue;
        node_walk(body->at[i], find_attribute, &h);
        h.class_name = body->at[i]->name;
    }
    if (!h.attribute) return NULL;
    node_walk(f->trace->module->root, find_instance, &h);
    const char *made = h.instance ? node_source(f->a, f->trace->module, h.instance)
                                  : arena_printf(f->a, "%s()", h.class_name);
    return arena_printf(f->a, "%s.%s", made, h.attribute);
}

/* ---- a network that a function of the file builds and gives back ---- */

typedef struct Making {
    const Node *call;
    const char *variable; /* made = call, in this function */
    bool returned;
} Making;

static bool find_variable(Node *n, void *ctx)
{
    Making *m = ctx;
    if (n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && node_unparen(n->b) == m->call)
        m->variable = n->items.at[0]->name;
    return true;
}

static bool find_return(Node *n, void *ctx)
{
    Making *m = ctx;
    if (n->kind == N_RETURN && n->a) {
        const Node *v = node_unparen(n->a);
        m->returned |= v == m->call || (m->variable && v->kind == N_NAME && str_eq(v->name, m->variable));
    }
    return true;
}

typedef struct MakingCall {
    const NodeVec *body; /* of the module */
    const char *name;
    Node *call;
} MakingCall;

static bool find_foreign(Node *n, void *ctx)
{
    MakingCall *m = ctx;
    if (n->kind == N_NAME && !binding(m->body, n->name)) m->name = NULL;
    return m->name != NULL;
}

/* VGG16(num_classes=NUM_CLASSES): a call whose arguments are known at the top of the file. */
static bool find_making_call(Node *n, void *ctx)
{
    MakingCall *m = ctx;
    if (m->call || n->kind != N_CALL || n->a->kind != N_NAME || !str_eq(n->a->name, m->name)) return !m->call;
    MakingCall inner = {m->body, m->name, NULL};
    for (int i = 0; i < n->items.len && inner.name; i++) node_walk(n->items.at[i], find_foreign, &inner);
    if (inner.name) m->call = n;
    return !m->call;
}

/* "se_resnet18()": a call of the function that returns the network: one of the file, or one without arguments where it
 * needs none; else NULL. */
static const char *made_root(Filling *f, const RootTrace *root)
{
    const NodeVec *body = &f->trace->module->root->items;
    for (int i = 0; i < body->len && root->call; i++) {
        Node *fn = body->at[i];
        bool callable = fn->kind == N_FUNCTION;
        Making m = {.call = root->call};
        if (callable) node_walk(fn, find_variable, &m);
        if (callable) node_walk(fn, find_return, &m);
        if (!m.returned) continue;
        MakingCall made = {body, fn->name, NULL};
        node_walk(f->trace->module->root, find_making_call, &made);
        if (made.call) return node_source(f->a, f->trace->module, made.call);
        for (int k = 0; callable && k < fn->params.list.len; k++)
            callable = fn->params.list.at[k].dflt || fn->params.list.at[k].kind != PARAM_PLAIN;
        if (callable) return arena_printf(f->a, "%s()", fn->name);
    }
    return NULL;
}

static const char *source_root(Filling *f, const RootTrace *root)
{
    const char *name = root->definition ? root->definition->name : NULL;
    const NodeVec *body = &f->trace->module->root->items;
    bool literal = true;
    for (int i = 0; i < root->nn->params.len; i++) literal &= has_literal(&root->nn->params.at[i].value);
    if (!literal && root->variable && binding(body, root->variable)) return root->variable;
    const char *made = literal ? NULL : made_root(f, root);
    if (made) return made;
    if (name && !strchr(name, '.') && binding(body, name)) return call_text(f->a, name, root->nn, NULL);
    if (root->variable) return root->variable;
    const char *held = held_root(f, root);
    if (held || !root->call) return held;
    made = made_root(f, root);
    if (made) return made;
    return node_source(f->a, f->trace->module, root->call);
}

static const char *last_class(const Module *m)
{
    const char *name = NULL;
    for (int i = 0; i < m->root->items.len; i++)
        if (m->root->items.at[i]->kind == N_CLASS) name = m->root->items.at[i]->name;
    return name;
}

static const char *port_root(Filling *f, const RootTrace *root, const char *source)
{
    const NodeVec *body = &f->ported->root->items;
    const char *name = root->definition ? root->definition->name : NULL;
    size_t open = strcspn(source, "(");
    const char *made = f->port->target_root;
    bool factory = !root->definition || root->definition->kind == DEF_FUNCTION;
    bool same = made && factory && source[open] && strncmp(made, source, open + 1) == 0; /* what gives it back became a class */
    if (same && binding(body, arena_strndup(f->a, source, open))) return source;
    if (made) return made;
    char kind = name ? binding(body, name) : 0;
    if (kind == 'c' && strchr(source, '(') && str_starts(source, name) && source[strlen(name)] == '(')
        return call_text(f->a, name, root->nn, f->ported);
    if (kind == 'c' || kind == 'f') return source; /* the same call, of the same name */
    if (root->variable && binding(body, root->variable)) return root->variable;
    char bound = source[open] && !name ? binding(body, arena_strndup(f->a, source, open)) : 0;
    if (bound == 'f' || bound == 'c') return source;
    const char *held = held_root(f, root);
    if (held && binding(body, arena_strndup(f->a, held, strcspn(held, "(")))) return held;
    if (binding(body, "model")) return "model";
    name = last_class(f->ported);
    return name ? arena_printf(f->a, "%s()", name) : NULL;
}

/* ---- inputs and orders of axes ---- */

static VerifyPerm perm_of(Arena *a, const PValue *v)
{
    if (!v || v->kind != PV_LIST) return (VerifyPerm){0};
    int *at = ARENA_ARRAY(a, int, v->u.list.len + 1);
    for (int i = 0; i < v->u.list.len; i++) at[i] = (int)v->u.list.at[i].u.i;
    return (VerifyPerm){at, v->u.list.len};
}

/* The smallest vocabulary below a network: an index below it is good for every embedding. */
static long long vocabulary(const PivotNN *nn)
{
    long long least = 0;
    for (int i = 0; i < nn->layers.len; i++) {
        long long n = attr_int(&nn->layers.at[i]->attrs, "num_embeddings", 0);
        if (n > 0 && (!least || n < least)) least = n;
    }
    for (int i = 0; i < nn->children.len; i++) {
        long long n = vocabulary(nn->children.at[i]);
        if (n > 0 && (!least || n < least)) least = n;
    }
    return least;
}

/* Keras embeds whatever it gets, so its inputs seldom say that they are indices. */
static bool feeds_embedding(const PivotNN *nn, const PivotTensor *x)
{
    for (int i = 0; i < nn->nodes.len; i++) {
        const PivotNode *n = nn->nodes.at[i];
        for (int k = 0; k < n->inputs.len; k++) {
            if (n->inputs.at[k] != x) continue;
            if (n->kind && str_eq(n->kind->name, "EmbeddingLayer")) return true;
            if (n->type == PNODE_NN && n->nn && k < n->nn->inputs.len &&
                feeds_embedding(n->nn, n->nn->inputs.at[k]))
                return true;
        }
    }
    return false;
}

/* The bound of the integers that the file itself draws for an input of this shape; 0: it draws none. */
static long long drawn_below(const Trace *t, const PivotTensor *x)
{
    long long least = 0;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        const PivotTensor *o = e->kind == EV_OP && e->node && e->node->kind && e->out.len ? e->out.at[0] : NULL;
        bool same = o && !e->self && str_eq(e->node->kind->name, "randint") && o->rank == x->rank;
        for (int k = 0; same && k < x->rank; k++) same = o->dims[k].n == x->dims[k].n;
        long long high = same ? attr_int(&e->attrs, "high", 0) : 0;
        if (high > 0 && (!least || high < least)) least = high;
    }
    return least;
}

static bool fill_input(Filling *f, const PivotNN *nn, const PivotNode *node, VerifyInput *in, const char **err)
{
    const PivotTensor *x = node->outputs.at[0];
    *in = (VerifyInput){.name = node->name ? node->name : "x", .rank = x->rank, .dtype = x->dtype};
    if (x->rank < 0) {
        *err = arena_printf(f->a, "the shape of %s is open: give it with --shape", in->name);
        return false;
    }
    long long *shape = ARENA_ARRAY(f->a, long long, x->rank + 1);
    for (int i = 0; i < x->rank; i++) {
        shape[i] = x->dims[i].n;
        if (shape[i] < 0) {
            *err = arena_printf(f->a, "the size of axis %d of %s is open: give it with --shape", i, in->name);
            return false;
        }
    }
    in->shape = shape;
    if (feeds_embedding(nn, x)) in->dtype = "int64";
    if (in->dtype && strstr(in->dtype, "int")) {
        long long drawn = drawn_below(f->trace, x);
        in->high = vocabulary(nn);
        if (drawn && (!in->high || drawn < in->high)) in->high = drawn;
    }
    in->port_perm = perm_of(f->a, attr_get(&f->port->input_perms, in->name));
    return true;
}

static bool fill_inputs(Filling *f, const PivotNN *nn, const char **err)
{
    VEC(VerifyInput) inputs = {0};
    for (int i = 0; i < nn->nodes.len; i++) {
        if (nn->nodes.at[i]->type != PNODE_INPUT || !nn->nodes.at[i]->outputs.len) continue;
        VerifyInput in;
        if (!fill_input(f, nn, nn->nodes.at[i], &in, err)) return false;
        vec_push(f->a, &inputs, in);
    }
    f->q->inputs = inputs.at;
    f->q->ninputs = inputs.len;
    f->q->input_form = nn->input_form;
    if (inputs.len) return true;
    *err = "the input's shape is open: give it with --shape";
    return false;
}

static void fill_outputs(Filling *f)
{
    VerifyPerm *perms = ARENA_ARRAY(f->a, VerifyPerm, f->port->output_perms.len + 1);
    int n = 0;
    for (int i = 0; i < f->port->output_perms.len; i++) {
        const PAttr *p = &f->port->output_perms.at[i];
        int at = p->name[0] - '0';
        if (at < 0 || at > f->port->output_perms.len) continue;
        perms[at] = perm_of(f->a, &p->value);
        n = at + 1 > n ? at + 1 : n;
    }
    f->q->output_perms = perms;
    f->q->noutput_perms = n;
}

static VerifySide side(Arena *a, Module *m, const char *framework, int keras, const char *root)
{
    VerifySide s = {.path = m->src->path, .framework = framework, .keras = keras, .root = root};
    s.slice = request_slice(a, m, root, &s.nslice);
    return s;
}

bool request_fill(Arena *a, const Trace *trace, Module *opened, const PortResult *port, const Dialect *to, Module *ported,
                  VerifyRequest *q, const char **err)
{
    Filling f = {a, trace, port, ported, q};
    const RootTrace *root = request_root(trace);
    const char *entry = trace->entry && strchr(trace->entry, '(') ? trace->entry : NULL;
    const char *source = !root ? NULL : entry ? entry : source_root(&f, root);
    const char *called = entry ? arena_strndup(a, entry, strcspn(entry, "(")) : NULL;
    bool kept = called && binding(&ported->root->items, called) && !port->target_root;
    const char *target = !source ? NULL : kept ? entry : port_root(&f, root, source_root(&f, root));
    if (!source || !target) {
        *err = !root ? "there is no network in the source that could be built: --entry names one"
                     : arena_printf(a, "there is no network in %s", source ? "the port" : "the source");
        return false;
    }
    const PivotModel *pivot = trace->pivot;
    q->source = side(a, opened, pivot->source_framework, pivot->keras_version, source);
    q->port = side(a, ported, to->name, to->channels_first ? 0 : 3, target);
    if (!fill_inputs(&f, root->nn, err)) return false;
    fill_outputs(&f);
    q->pairs = request_pairs(a, trace, root->nn, port, to, ported, target, &q->npairs);
    return true;
}
