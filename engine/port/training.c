/* Training code: the door, and what both directions share.
 *
 * Two ways of training stand against each other. Where a framework's training is a loop with steps of its own, the
 * port finds the loop (training_tape.c); where it is compile and fit, the port writes the loop (training_fit.c).
 * Data for a network is held as the source holds it, in files and arrays that the trace does not follow; where such
 * data meets a network whose port takes another order of axes, the axes are moved at that border.
 *
 * What cannot be said is flagged: no step of training is dropped in silence. */
#include "port/training.h"

#include <string.h>

#include "base/file.h"
#include "render/mustache.h"

bool training_loops(const Dialect *d)
{
    return str_eq(dialect_fact(d, "training"), "loop");
}

bool training_compiles(const Dialect *d)
{
    return str_eq(dialect_fact(d, "training"), "compile");
}

/* ---- calls ---- */

const char *training_method(const Node *call)
{
    return call && call->kind == N_CALL && call->a->kind == N_ATTRIBUTE ? call->a->name : NULL;
}

Node *training_receiver(const Node *call)
{
    return training_method(call) ? call->a->a : NULL;
}

bool training_is(Rw *rw, const char *fact, const char *name)
{
    if (!name) return false;
    const char *one = dialect_fact(rw->from, fact);
    return one ? str_eq(one, name) : dialect_lists(rw->from, fact, name);
}

Node *training_keyword(Node *call, const char *name, int position)
{
    int at = 0;
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        if (x->kind == N_KEYWORD) {
            if (str_eq(x->name, name)) return x->a;
        } else if (x->kind != N_STAR && x->kind != N_DSTAR && at++ == position) {
            return x;
        }
    }
    return NULL;
}

/* ---- what the file's names hold ---- */

static Node *peel(Rw *rw, Node *n) /* Net().to(device) -> Net() */
{
    n = node_unparen(n);
    while (training_method(n) && training_is(rw, "module_returns_self", n->a->name) && !static_dotted(rw, n->a))
        n = node_unparen(n->a->a);
    return n;
}

static bool has_kind(Rw *rw, Node *n, EventKind k)
{
    const Site *s = trace_site(rw->t, n);
    for (int i = 0; s && i < s->events.len; i++)
        if (s->events.at[i]->kind == k) return true;
    return false;
}

static bool builds_network(Rw *rw, Node *n)
{
    if (n->kind != N_CALL) return false;
    if (has_kind(rw, n, EV_NN)) return true;
    for (int i = 0; i < rw->t->roots.len; i++)
        if (rw->t->roots.at[i].call == n) return true;
    for (int i = 0; n->a->kind == N_NAME && i < rw->t->definitions.len; i++) {
        const Definition *d = rw->t->definitions.at[i];
        if (!str_eq(d->name, n->a->name)) continue;
        for (int k = 0; k < rw->t->roots.len; k++)
            if (rw->t->roots.at[k].definition == d) return true;
    }
    return false;
}

const char *training_schedule(Rw *rw, const char *dotted)
{
    const char *dot = strrchr(dotted, '.');
    if (rw->from == rw->to || !dot || !training_is(rw, "schedules", dotted)) return NULL;
    return dialect_fact(rw->to, arena_printf(rw->a, "helper:schedule:%s", dot + 1));
}

bool training_is_schedule(Rw *rw, Node *x)
{
    x = x ? node_unparen(x) : NULL;
    const char *name = x && (x->kind == N_NAME || x->kind == N_ATTRIBUTE) ? x->name : NULL;
    return name && map_has(training_of(rw)->schedules, name);
}

static void learn_assign(Rw *rw, Training *t, Node *n)
{
    Node *v = peel(rw, n->b), *to = n->items.at[0];
    const char *name = to->kind == N_NAME || to->kind == N_ATTRIBUTE ? to->name : NULL;
    if (!name || v->kind != N_CALL) return;
    if (builds_network(rw, v)) map_set(t->networks, name, v);
    const char *dotted = static_dotted(rw, v->a);
    const DialectRow *row = dotted ? dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version) : NULL;
    if (row && row->kind->group == GROUP_LOSS) map_set(t->losses, name, v);
    if (row && row->kind->group == GROUP_OPTIMIZER) map_set(t->optimizers, name, v);
    if (dotted && training_is(rw, "device", dotted)) map_set(t->devices, name, v);
    if (dotted && training_schedule(rw, dotted)) map_set(t->schedules, name, v);
}

/* Names of objects of classes of the file that are no networks: their fit and predict are their own. */
static bool learn_plain(Node *n, void *ctx)
{
    Rw *rw = ctx;
    if (n->kind != N_ASSIGN || n->items.len != 1 || n->items.at[0]->kind != N_NAME) return true;
    const Node *v = node_unparen(n->b);
    for (int i = 0; v->kind == N_CALL && v->a->kind == N_NAME && i < rw->t->definitions.len; i++) {
        const Definition *d = rw->t->definitions.at[i];
        if (d->kind == DEF_PLAIN_CLASS && str_eq(d->name, v->a->name)) map_set(rw->training->plain, n->items.at[0]->name, n);
    }
    return true;
}

static bool learn(Node *n, void *ctx)
{
    Rw *rw = ctx;
    Training *t = rw->training;
    if (n->kind == N_ASSIGN) learn_assign(rw, t, n);
    if (n->kind != N_CALL) return true;
    if (n->a->kind == N_NAME && has_kind(rw, n, EV_APPLY_NN)) map_set(t->networks, n->a->name, n);
    Node *of = training_receiver(n);
    bool held = of && of->kind == N_ATTRIBUTE && of->a->kind == N_NAME && !map_has(rw->framework_names, of->a->name);
    if (!held && (!of || of->kind != N_NAME || map_has(rw->framework_names, of->name))) return true;
    if (of->kind == N_NAME && map_has(t->plain, of->name)) return true;
    if (training_is(rw, "training_compile", n->a->name)) {
        vec_push(rw->a, &t->compiles, n);
        map_set(t->networks, of->name, n);
    }
    if (training_is(rw, "network_methods", n->a->name)) map_set(t->networks, of->name, n);
    return true;
}

Training *training_of(Rw *rw)
{
    if (rw->training) return rw->training;
    Training *t = rw->training = ARENA_NEW(rw->a, Training);
    t->networks = map_new(rw->a);
    t->losses = map_new(rw->a);
    t->optimizers = map_new(rw->a);
    t->schedules = map_new(rw->a);
    t->devices = map_new(rw->a);
    t->histories = map_new(rw->a);
    t->plain = map_new(rw->a);
    for (int i = 0; i < rw->t->roots.len; i++)
        if (rw->t->roots.at[i].variable) map_set(t->networks, rw->t->roots.at[i].variable, (void *)t);
    node_walk(rw->t->module->root, learn_plain, rw);
    node_walk(rw->t->module->root, learn, rw);
    return t;
}

bool training_is_network(Rw *rw, Node *n)
{
    n = node_unparen(n);
    if (n->kind != N_NAME && n->kind != N_ATTRIBUTE) return false;
    return map_has(training_of(rw)->networks, n->name);
}

static bool is_root(Rw *rw, const PivotNN *nn)
{
    for (int i = 0; nn && i < rw->t->roots.len; i++)
        if (rw->t->roots.at[i].nn == nn) return true;
    return false;
}

typedef struct FindNetwork {
    Rw *rw;
    const char *name;
    const PivotNN *nn;
    bool parts; /* one that is a part of another will do */
} FindNetwork;

static bool find_network(Node *n, void *ctx)
{
    FindNetwork *f = ctx;
    if (f->nn || n->kind != N_CALL) return !f->nn;
    bool called = (n->a->kind == N_NAME || n->a->kind == N_ATTRIBUTE) && str_eq(n->a->name, f->name);
    Node *of = training_receiver(n);
    bool used = of && (of->kind == N_NAME || of->kind == N_ATTRIBUTE) && str_eq(of->name, f->name);
    const Site *s = called || used ? trace_site(f->rw->t, n) : NULL;
    for (int i = 0; s && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        bool network = (e->kind == EV_APPLY_NN || e->kind == EV_TRAINING) && e->nn;
        if (network && (f->parts || is_root(f->rw, e->nn))) f->nn = e->nn;
    }
    return !f->nn;
}

const PivotNN *training_network(Rw *rw, Node *n)
{
    n = node_unparen(n);
    bool method = training_method(n) && dialect_lists(rw->from, "module_training", n->a->name); /* net.fit(...) */
    Node *direct = method ? node_unparen(n->a->a) : n->kind == N_CALL ? n->a : n;
    for (int i = 0; n->kind == N_CALL && i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->site && e->site->node == n && (e->kind == EV_APPLY_NN || e->kind == EV_TRAINING) && is_root(rw, e->nn))
            return e->nn;
    }
    if (direct->kind == N_NAME || direct->kind == N_ATTRIBUTE) {
        FindNetwork f = {.rw = rw, .name = direct->name};
        for (int parts = 0; parts < 2 && !f.nn; parts++) {
            f.parts = parts;
            node_walk(rw->t->module->root, find_network, &f);
        }
        if (f.nn) return f.nn;
        for (int i = 0; i < rw->t->roots.len; i++)
            if (str_eq(rw->t->roots.at[i].variable, direct->name)) return rw->t->roots.at[i].nn;
    }
    return rw->t->roots.len == 1 ? rw->t->roots.at[0].nn : NULL;
}

/* ---- borders ---- */

const PivotTensor *training_input(const PivotNN *nn)
{
    return nn && nn->inputs.len ? nn->inputs.at[0] : NULL;
}

const PivotTensor *training_output(const PivotNN *nn)
{
    return nn && nn->outputs.len ? nn->outputs.at[0] : NULL;
}

static bool border(Rw *rw, const PivotTensor *t, int axes[MAX_RANK], int *rank)
{
    if (!t || rw->from == rw->to || !layout_perm(rw->layout, t, axes)) return false;
    *rank = t->rank;
    return true;
}

bool training_border(Rw *rw, const PivotNN *nn, int axes[MAX_RANK], int *rank)
{
    return !rw->same_input && border(rw, training_input(nn), axes, rank);
}

bool training_border_at(Rw *rw, const PivotNN *nn, int input, int axes[MAX_RANK], int *rank)
{
    return !rw->same_input && nn && input < nn->inputs.len && border(rw, nn->inputs.at[input], axes, rank);
}

bool training_border_out(Rw *rw, const PivotNN *nn, int axes[MAX_RANK], int *rank)
{
    return border(rw, training_output(nn), axes, rank);
}

bool training_held(Rw *rw, Node *x)
{
    int perm[MAX_RANK];
    x = node_unparen(x);
    for (int i = 0; i < rw->t->flows.len; i++)
        if (rw->t->flows.at[i].expr == x && layout_perm(rw->layout, rw->t->flows.at[i].tensor, perm)) return true;
    return false;
}

const char *training_end(Rw *rw, const PivotNN *nn)
{
    const PivotTensor *t = training_output(nn);
    const PivotNode *p = t ? t->producer : NULL;
    (void)rw;
    if (!p) return NULL;
    const char *kind = p->kind ? p->kind->name : p->layer ? p->layer->kind->name : "";
    if (p->layer) {
        static const char *const attrs[] = {"actv_func", "activation"};
        for (int i = 0; i < 2; i++) {
            const PValue *v = attr_get(&p->layer->attrs, attrs[i]);
            if (v && v->kind == PV_ACT) kind = v->u.act->kind;
        }
    }
    static const char *const ends[] = {"softmax", "sigmoid", "log_softmax"};
    for (int i = 0; i < 3; i++)
        if (str_eq(kind, ends[i])) return ends[i];
    return NULL;
}

/* ---- text ---- */

typedef struct Named {
    Rw *rw;
    const char *name;
    bool found;
} Named;

static bool find_named(Node *n, void *ctx)
{
    Named *s = ctx;
    if (n->id > 0 && n->kind == N_NAME && str_eq(n->name, s->name)) {
        const Definition *d = s->rw->t->definition_of[n->id];
        s->found |= s->rw->fn ? true : d == NULL;
    }
    return !s->found;
}

/* A name that neither the function nor, at module level, the module's own code has. */
const char *training_fresh(Rw *rw, const char *name)
{
    Named s = {rw, name, false};
    for (int i = 2;; i++) {
        s.found = false;
        node_walk(rw->fn ? rw->fn : rw->t->module->root, find_named, &s);
        if (!s.found && !map_has(rw->framework_names, s.name)) return s.name;
        s.name = arena_printf(rw->a, "%s_%d", name, i);
    }
}

Node *training_tuple(Rw *rw, const int *axes, int rank)
{
    Node *t = py_tuple(rw->a, true);
    for (int i = 0; i < rank; i++) vec_push(rw->a, &t->items, py_int(rw->a, axes[i]));
    return t;
}

static char *take_needs(Rw *rw, char *text)
{
    if (!str_starts(text, "# needs:")) return text;
    char *end = strchr(text, '\n'), *save = NULL;
    if (!end) return text;
    *end = '\0';
    for (char *w = strtok_r(text + strlen("# needs:"), " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        if (str_starts(w, "helper:")) helper_of(rw, arena_strdup(rw->a, w + 7));
        else need_import(rw, w);
    }
    return end + 1;
}

typedef struct Fill {
    const TrainHole *holes;
    int n;
} Fill;

static bool fill_slot(Node **slot, void *ctx);

static Node *hole_of(const Fill *f, const char *name)
{
    if (!name || !str_starts(name, "PORT_")) return NULL;
    for (int i = 0; i < f->n; i++)
        if (str_eq(f->holes[i].name, name + 5)) return f->holes[i].node;
    return NULL;
}

static bool fill_slot(Node **slot, void *ctx)
{
    Fill *f = ctx;
    Node *x = (*slot)->kind == N_NAME ? hole_of(f, (*slot)->name) : NULL;
    if (x) *slot = x;
    else node_slots(*slot, fill_slot, ctx);
    return true;
}

static bool in_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Holes that are names are filled in the text, also within its f-strings. */
static char *fill_names(Rw *rw, const char *text, const TrainHole *holes, int n)
{
    Buf b = {0};
    for (const char *p = text; *p;) {
        const char *end = p;
        Node *name = NULL;
        if (str_starts(p, "PORT_")) {
            while (in_word(*end)) end++;
            char *word = arena_strndup(rw->a, p + 5, (size_t)(end - p - 5));
            for (int i = 0; i < n; i++)
                if (str_eq(holes[i].name, word) && holes[i].node && holes[i].node->kind == N_NAME) name = holes[i].node;
        }
        if (name) {
            buf_add(&b, name->name);
            p = end;
        } else {
            buf_addc(&b, *p++);
        }
    }
    return buf_take(&b, rw->a);
}

NodeVec training_template(Rw *rw, const char *name, cJSON *view, const TrainHole *holes, int n)
{
    NodeVec none = {0};
    size_t len;
    const char *err = NULL;
    char *path = path_join(rw->a, rw->req->templates, arena_printf(rw->a, "training/%s.mustache", name));
    char *template = file_read(rw->a, path, &len, &err);
    MustachePartials partials = {.name = name, .raw = true};
    cJSON *empty = view ? view : cJSON_CreateObject();
    char *text = template ? mustache_render(rw->a, template, empty, &partials, NULL, &err) : NULL;
    cJSON_Delete(empty);
    if (!text) {
        flag(rw, NULL, "%s", err ? err : "a template is missing");
        return none;
    }
    text = take_needs(rw, text);
    NodeVec made = py_parse_stmts(rw->a, fill_names(rw, text, holes, n), &err);
    Fill f = {holes, n};
    for (int i = 0; i < made.len; i++) fill_slot(&made.at[i], &f);
    return made;
}

void training_push(Rw *rw, const NodeVec *stmts, Node *from, NodeVec *out)
{
    for (int i = 0; i < stmts->len; i++) {
        stmts->at[i]->map = map_for(rw, from);
        bool plain = from && (from->kind == stmts->at[i]->kind || stmts->at[i]->kind != N_WITH);
        if (i == 0 && !stmts->at[i]->from && plain) stmts->at[i]->from = from;
        vec_push(rw->a, out, stmts->at[i]);
    }
}

/* ---- the door ---- */

int training_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    if (rw->from == rw->to || rw->in_forward) return 0;
    StrVec flags = rw->flags, stubs = rw->stubs;
    rw->flags = rw->stubs = (StrVec){0};
    int taken = 0;
    if (training_loops(rw->from) && training_compiles(rw->to)) {
        taken = tape_rewrite(rw, in, i, out);
        if (!taken) taken = value_statement(rw, in->at[i], out);
    } else if (training_compiles(rw->from) && training_loops(rw->to)) {
        taken = fit_rewrite(rw, in, i, out);
    }
    rw->flags = flags;
    rw->stubs = stubs;
    return taken;
}

/* Is this a step within some network's pass: a part of a network that is called, not a network from outside? */
static bool within_pass(Rw *rw, const Node *n)
{
    const Site *s = rw->cls ? trace_site(rw->t, n) : NULL;
    for (int i = 0; s && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        if (e->kind == EV_APPLY || e->kind == EV_OP) return true;
        if (e->kind == EV_APPLY_NN && e->nn && e->nn->parent) return true;
    }
    return false;
}

Node *training_expr(Rw *rw, Node *n)
{
    if (within_pass(rw, n)) return NULL;
    return rw->from == rw->to || rw->in_forward ? NULL : value_rewrite(rw, n);
}
