/* Which compile a fit, an evaluate or one step is about, and what it says: the loss, the measures, the names that the port
 * has for its loss and optimizer; data as tensors for them. */
#include "port/training_fit.h"

#include <string.h>

bool compiled_is(Rw *rw, Node *call, const char *fact)
{
    return training_method(call) && training_is(rw, fact, call->a->name) && !static_dotted(rw, call->a);
}

Node *compiled_function(Rw *rw, Node *n)
{
    const Definition *d = rw->t->definition_of[n->id];
    return d ? d->node : NULL;
}

const char *compiled_receiver(const Node *call)
{
    const Node *of = training_receiver(call);
    return of && (of->kind == N_NAME || of->kind == N_ATTRIBUTE) ? of->name : NULL;
}

const Node *compiled_function_named(Rw *rw, const Node *name)
{
    for (int i = 0; name->kind == N_NAME && i < rw->t->definitions.len; i++) {
        const Definition *d = rw->t->definitions.at[i];
        if (d->node->kind == N_FUNCTION && !d->parent && str_eq(d->node->name, name->name)) return d->node;
    }
    return NULL;
}

/* Does a function only make another: def loss(y_true, y_pred): ... return loss? */
static bool makes_function(const Node *fn)
{
    const Node *last = fn && fn->body.len ? fn->body.at[fn->body.len - 1] : NULL, *made = last && last->kind == N_RETURN ? last->a : NULL;
    if (made && made->kind == N_LAMBDA) return true;
    for (int i = 0; made && made->kind == N_NAME && i < fn->body.len; i++)
        if (fn->body.at[i]->kind == N_FUNCTION && str_eq(fn->body.at[i]->name, made->name)) return true;
    return false;
}

/* FocalLoss(gamma=2) of a class of the file that is one of the framework's losses: the method that gives it; NULL. */
static const Node *own_class(Rw *rw, const Node *call)
{
    const char *base = dialect_fact(rw->from, "loss_class"), *forward = dialect_fact(rw->from, "forward");
    for (int i = 0; base && call->a->kind == N_NAME && i < rw->t->module->root->items.len; i++) {
        const Node *n = rw->t->module->root->items.at[i];
        bool derives = false;
        if (n->kind != N_CLASS || !str_eq(n->name, call->a->name)) continue;
        for (int k = 0; k < n->items.len; k++) derives |= str_eq(static_dotted(rw, n->items.at[k]), base);
        for (int k = 0; derives && k < n->body.len; k++)
            if (n->body.at[k]->kind == N_FUNCTION && str_eq(n->body.at[k]->name, forward)) return n->body.at[k];
    }
    return NULL;
}

/* A function of the file, or one that a function of the file makes: focal_loss(gamma=2); or a loss of a class of its own. */
const Node *compiled_own_function(Rw *rw, const Node *n)
{
    if (n->kind == N_LAMBDA) return n;
    const Node *method = n->kind == N_CALL ? own_class(rw, n) : NULL;
    if (method) return method;
    const Node *fn = compiled_function_named(rw, n->kind == N_CALL ? n->a : n);
    return n->kind != N_CALL || makes_function(fn) ? fn : NULL;
}

/* The compile that a fit or evaluate is about: of the same name in the same function, else of that name, else the only
 * one. */
bool compiled_for(Rw *rw, Node *use, Compiled *c)
{
    Training *t = training_of(rw);
    const char *name = compiled_receiver(use);
    int best = 0;
    *c = (Compiled){0};
    for (int i = 0; i < t->compiles.len; i++) {
        Node *call = t->compiles.at[i];
        bool same = str_eq(compiled_receiver(call), name), here = compiled_function(rw, call) == compiled_function(rw, use);
        int score = same && here ? 3 : same ? 2 : t->compiles.len == 1 ? 1 : 0;
        if (score < best || !score) continue;
        best = score;
        *c = (Compiled){.call = call, .far = !(same && here)};
    }
    if (!c->call) return false;
    c->loss = config_named_loss(rw, training_keyword(c->call, "loss", 1));
    c->row = config_row(rw, c->loss, GROUP_LOSS);
    c->nn = training_network(rw, use);
    if (!c->nn) c->nn = training_network(rw, c->call);
    c->own = !c->row && c->loss && compiled_own_function(rw, node_unparen(c->loss));
    if (!c->row) return true;
    const PValue *sparse = attr_get(&c->row->set, "sparse");
    c->sparse = sparse && sparse->kind == PV_BOOL && sparse->u.b;
    if (!sparse) sparse = attr_get(&c->row->implies, "sparse"), c->sparse = sparse && sparse->kind == PV_BOOL && sparse->u.b;
    return true;
}

/* ---- data ---- */

static Node *template_expr(Rw *rw, const char *name, cJSON *view, const TrainHole *holes, int n)
{
    NodeVec made = training_template(rw, name, view, holes, n);
    return made.len && made.at[0]->kind == N_EXPR ? made.at[0]->a : py_none(rw->a);
}

static Node *tensor(Rw *rw, Node *data, const char *dtype, const char *shape)
{
    cJSON *view = cJSON_CreateObject();
    cJSON_AddStringToObject(view, "dtype", dtype);
    if (shape) cJSON_AddBoolToObject(view, shape, true);
    TrainHole holes[] = {{"data", data}};
    return template_expr(rw, "tensor", view, holes, 1);
}

Node *fit_input_at(Rw *rw, const PivotNN *nn, int input, Node *data)
{
    if (!nn || input >= nn->inputs.len) return data;
    const PivotTensor *t = nn->inputs.at[input];
    int axes[MAX_RANK], rank;
    Node *x = tensor(rw, data, t->dtype && strstr(t->dtype, "int") ? "long" : "float32", NULL);
    return training_border_at(rw, nn, input, axes, &rank) ? move_axes(rw, x, axes, rank) : x;
}

Node *fit_input(Rw *rw, const PivotNN *nn, Node *data)
{
    const PivotTensor *t = training_input(nn);
    int axes[MAX_RANK], rank;
    Node *x = tensor(rw, data, t && t->dtype && strstr(t->dtype, "int") ? "long" : "float32", NULL);
    return training_border(rw, nn, axes, &rank) ? move_axes(rw, x, axes, rank) : x;
}

Node *compiled_target(Rw *rw, const Compiled *c, Node *data)
{
    const PivotTensor *t = training_output(c->nn);
    int axes[MAX_RANK], rank;
    if (c->sparse) return tensor(rw, data, "long", t && t->rank == 2 ? "flat" : NULL);
    bool column = t && t->rank == 2 && !t->dims[1].free && t->dims[1].n == 1;
    Node *x = tensor(rw, data, "float32", column ? "column" : NULL);
    return training_border_out(rw, c->nn, axes, &rank) ? move_axes(rw, x, axes, rank) : x;
}

Node *compiled_batches(Rw *rw, const Compiled *c, Node *x, Node *y, Node *size, Node *shuffle, bool shuffles)
{
    cJSON *view = cJSON_CreateObject();
    PValue given = shuffle ? node_literal(rw, shuffle) : pv_bool(shuffles);
    bool known = given.kind == PV_BOOL;
    if (known && given.u.b) cJSON_AddBoolToObject(view, "shuffle", true);
    if (!known) cJSON_AddBoolToObject(view, "shuffles", true);
    TrainHole holes[] = {{"inputs", fit_input(rw, c->nn, x)},
                         {"targets", compiled_target(rw, c, y)},
                         {"batch", size ? rewrite_expr(rw, size) : py_int(rw->a, 32)},
                         {"shuffle", shuffle ? rewrite_expr(rw, shuffle) : NULL}};
    return template_expr(rw, "batches", view, holes, 4);
}

/* ---- metrics ---- */

/* "accuracy" is resolved by what the network gives and the loss takes. */
static const char *accuracy_kind(const Compiled *c)
{
    const PivotTensor *t = training_output(c->nn);
    if (c->sparse) return "SparseCategoricalAccuracy";
    if (t && t->rank > 0 && !t->dims[t->rank - 1].free && t->dims[t->rank - 1].n == 1) return "BinaryAccuracy";
    return "CategoricalAccuracy";
}

static void one_metric(Rw *rw, const Compiled *c, Node *n, Metrics *out)
{
    const DialectRow *row = config_row(rw, n, GROUP_METRIC);
    const char *kind = row ? row->kind->name : NULL;
    if (str_eq(kind, "Accuracy") && node_unparen(n)->kind == N_STRING) kind = accuracy_kind(c);
    const char *helper = kind ? dialect_fact(rw->to, arena_printf(rw->a, "metric:%s", kind)) : NULL;
    Node *own = helper ? NULL : fit_own_loss(rw, n, c->nn);
    if (own) {
        const Node *of = node_unparen(n);
        vec_push(rw->a, &out->made, own);
        vec_push(rw->a, &out->names, of->kind == N_NAME ? of->name : of->kind == N_CALL && of->a->kind == N_NAME ? of->a->name : "measure");
        return;
    }
    if (!helper) {
        flag_stub(rw, arena_printf(rw->a, "the metric %s has no counterpart", node_source(rw->a, rw->t->module, n)));
        return;
    }
    vec_push(rw->a, &out->made, helper_of(rw, helper));
    vec_push(rw->a, &out->names, node_unparen(n)->kind == N_STRING ? node_unparen(n)->str : helper);
}

Metrics compiled_metrics(Rw *rw, const Compiled *c)
{
    Metrics m = {0};
    Node *list = training_keyword(c->call, "metrics", 3);
    list = list ? node_unparen(list) : NULL;
    if (!list || list->kind == N_NONE) return m;
    if (list->kind == N_LIST || list->kind == N_TUPLE)
        for (int i = 0; i < list->items.len; i++) one_metric(rw, c, list->items.at[i], &m);
    else one_metric(rw, c, list, &m);
    return m;
}

/* ---- names ---- */

/* "criterion"; where several networks are compiled in one function, "decoder_criterion". */
static const char *own_name(Rw *rw, const Compiled *c, const char *base)
{
    const Training *t = training_of(rw);
    const char *of = compiled_receiver(c->call);
    bool others = false;
    for (int i = 0; i < t->compiles.len; i++) {
        const char *other = compiled_receiver(t->compiles.at[i]);
        others |= other && compiled_function(rw, t->compiles.at[i]) == compiled_function(rw, c->call) && !str_eq(other, of);
    }
    return training_fresh(rw, others && of ? arena_printf(rw->a, "%s_%s", of, base) : base);
}

Node *compiled_criterion(Rw *rw, const Compiled *c)
{
    Node *given = training_keyword(c->call, "loss", 1), *loss = given ? node_unparen(given) : NULL;
    if (loss && config_named_loss(rw, loss) != loss) return loss; /* a name that the source has for it */
    return py_name(rw->a, own_name(rw, c, "criterion"));
}

/* ---- optimizers that have a name ---- */

typedef struct Binding {
    Rw *rw;
    const Node *target; /* the name of a network: net, self.net */
    int last;           /* where it is bound last */
} Binding;

static bool same_name(const Node *x, const Node *y)
{
    if (x->kind != y->kind || !str_eq(x->name, y->name)) return false;
    return x->kind == N_NAME || (x->kind == N_ATTRIBUTE && same_name(x->a, y->a));
}

static bool find_binding(Node *n, void *ctx)
{
    Binding *b = ctx;
    for (int i = 0; n->kind == N_ASSIGN && i < n->items.len; i++)
        if (same_name(n->items.at[i], b->target)) b->last = n->span.start;
    return true;
}

/* The construction of a named optimizer that each compile makes anew: several networks are compiled with it, or the
 * network is bound behind it. NULL: it is built where it stands. */
Node *compiled_anew(Rw *rw, const Node *opt)
{
    Training *t = training_of(rw);
    Node *built = opt && opt->kind == N_NAME ? map_get(t->optimizers, opt->name) : NULL;
    int users = 0;
    bool later = false;
    for (int i = 0; built && i < t->compiles.len; i++) {
        Node *given = training_keyword(t->compiles.at[i], "optimizer", 0);
        if (!given || given->kind != N_NAME || !str_eq(given->name, opt->name)) continue;
        Binding b = {rw, training_receiver(t->compiles.at[i]), -1};
        Node *fn = compiled_function(rw, t->compiles.at[i]);
        users++;
        if (b.target && fn == compiled_function(rw, built)) node_walk(fn ? fn : rw->t->module->root, find_binding, &b);
        later |= b.last > built->span.start;
    }
    return users > 1 || later ? built : NULL;
}

Node *compiled_optimizer(Rw *rw, const Compiled *c)
{
    Node *given = training_keyword(c->call, "optimizer", 0);
    bool named = given && given->kind == N_NAME && map_has(training_of(rw)->optimizers, given->name);
    if (named && !compiled_anew(rw, given)) return given;
    return py_name(rw->a, own_name(rw, c, named ? given->name : "optimizer"));
}
