/* compile, fit, evaluate and predict, for a target whose training is a loop.
 *
 * compile gives the loss and the optimizer names; fit becomes the loader and the loop, in place; evaluate and predict
 * become calls of helpers. Arrays become tensors at the loader: of the type that the network and the loss take, with the
 * axes that the network's port takes. Where compile and fit stand in different functions, the network carries what
 * compile gave.
 *
 * Callbacks that save, stop or lower the rate become objects that the loop calls between epochs.
 *
 * Not handled, and marked: other callbacks, weights of classes and samples, data that brings its own targets. */
#include "port/view.h"
#include "port/training_fit.h"

#include <string.h>

#include "python/names.h"

/* ---- compile ---- */

typedef struct Uses {
    Rw *rw;
    Node *compile;
    bool far;
} Uses;

static bool uses_compile(Rw *rw, Node *call)
{
    return compiled_is(rw, call, "fit") || compiled_is(rw, call, "evaluate") || compiled_is(rw, call, "train_batch") ||
           compiled_is(rw, call, "test_batch");
}

static bool find_far(Node *n, void *ctx)
{
    Uses *u = ctx;
    Compiled c;
    if (n->kind == N_CALL && uses_compile(u->rw, n) &&
        compiled_for(u->rw, n, &c) && c.call == u->compile)
        u->far |= c.far;
    return true;
}

/* What was frozen for this compile alone is trained by its own, as before. */
static void thaw(Rw *rw, Node *n, NodeVec *out)
{
    const char *method = dialect_fact(rw->to, "freeze_method");
    NodeVec *frozen = &training_of(rw)->frozen;
    for (int i = 0; method && i < frozen->len; i++) {
        Node *call = py_call(rw->a, py_attr(rw->a, rewrite_expr(rw, frozen->at[i]), method));
        vec_push(rw->a, &call->items, py_bool(rw->a, true));
        Node *stmt = py_expr_stmt(rw->a, call);
        stmt->map = map_for(rw, n);
        vec_push(rw->a, out, stmt);
    }
    frozen->len = 0;
}

typedef struct Indexes {
    Rw *rw;
    int depth;
    bool found;
} Indexes;

/* An item of something, in the function or in those of the file that it calls. */
static bool find_index(Node *n, void *ctx)
{
    Indexes *k = ctx;
    const Node *callee = n->kind == N_CALL && n->a->kind == N_NAME && k->depth < 6 ? compiled_function_named(k->rw, n->a) : NULL;
    k->found |= n->kind == N_SUBSCRIPT;
    if (callee && !k->found) {
        k->depth++;
        node_walk((Node *)callee, find_index, k);
        k->depth--;
    }
    return !k->found;
}

/* Was it run for what it does, with the network's output? */
static bool was_run(const Rw *rw, const Node *function)
{
    for (int i = 0; i < rw->t->events.len; i++) {
        const Activation *act = rw->t->events.at[i]->frame;
        const Definition *d = act ? act->definition : NULL, *outer = d ? d->parent : NULL;
        bool here = d && (d->node == function || (outer && outer->kind == DEF_FUNCTION && outer->node == function));
        if (here && rw->t->events.at[i]->kind == EV_OP) return true;
    }
    return false;
}

/* A loss of the file's own, which takes (targets, outputs). Where no trace ran it, nobody knows which items of images in
 * another order of axes it takes. Axes that it names are flagged where they stand. */
Node *fit_own_loss(Rw *rw, Node *n, const PivotNN *nn)
{
    const char *helper = dialect_fact(rw->to, "helper:own_loss");
    const Node *function = helper ? compiled_own_function(rw, node_unparen(n)) : NULL;
    const PivotTensor *out = function ? training_output(nn) : NULL;
    Indexes k = {.rw = rw};
    if (!out) return NULL;
    if ((out->rank < 0 || out->rank > 2) && !was_run(rw, function)) node_walk((Node *)function, find_index, &k);
    if (k.found) return NULL;
    Node *made = py_call(rw->a, helper_of(rw, helper));
    vec_push(rw->a, &made->items, rewrite_expr(rw, n));
    made->from = n;
    return made;
}

static int compile_statement(Rw *rw, Node *n, Node *call, NodeVec *out)
{
    Node *loss = training_keyword(call, "loss", 1), *opt = training_keyword(call, "optimizer", 0);
    Node *network = rewrite_expr(rw, call->a->a);
    Compiled c = {.call = call};
    const PivotNN *nn = training_network(rw, call);
    bool held = loss && config_named_loss(rw, loss) != loss; /* built where it stands */
    Node *criterion = held ? rewrite_expr(rw, loss) : loss ? config_loss(rw, loss, nn) : NULL;
    if (!criterion && loss && !rw->flags.len) criterion = fit_own_loss(rw, loss, nn);
    if (!criterion) flag(rw, n, loss ? "a loss that no rule knows" : "compile without a loss");
    Node *anew = compiled_anew(rw, opt);
    if (anew) opt = anew;
    const char *usual = opt ? NULL : dialect_fact(rw->from, "compile_optimizer"); /* what it takes when nobody says */
    if (usual) opt = py_str(rw->a, usual);
    bool named = opt && opt->kind == N_NAME && map_has(training_of(rw)->optimizers, opt->name);
    Node *step = named || !opt ? NULL : config_optimizer(rw, opt, network);
    if (!named && !step) flag(rw, n, "an optimizer that no rule knows");
    batch_unknown(rw, call, "compile_arguments");
    if (rw->flags.len) {
        push_flagged(rw, n, out);
        return 1;
    }
    Uses u = {rw, call, false};
    node_walk(rw->t->module->root, find_far, &u);
    cJSON *view = cJSON_CreateObject();
    if (step) cJSON_AddBoolToObject(view, "builds", true);
    if (held) cJSON_AddBoolToObject(view, "held", true);
    if (u.far) cJSON_AddBoolToObject(view, "far", true);
    TrainHole holes[] = {{"criterion", compiled_criterion(rw, &c)}, {"loss", criterion}, {"optimizer", compiled_optimizer(rw, &c)},
                         {"step", step},                    {"network", network}};
    NodeVec made = training_template(rw, "compile", view, holes, 5);
    training_push(rw, &made, n, out);
    fit_marks(rw, n, &made);
    thaw(rw, n, out);
    return 1;
}

/* ---- fit ---- */

static Node *records(Rw *rw, const Metrics *m, bool validates)
{
    Node *d = ARENA_NEW(rw->a, Node);
    d->kind = N_DICT;
    for (int v = 0; v < (validates ? 2 : 1); v++)
        for (int i = -1; i < (v ? m->names.len : 0); i++) {
            Node *pair = ARENA_NEW(rw->a, Node);
            const char *key = i < 0 ? "loss" : m->names.at[i];
            pair->kind = N_PAIR;
            pair->a = py_str(rw->a, v ? arena_printf(rw->a, "val_%s", key) : key);
            pair->b = py_list(rw->a);
            vec_push(rw->a, &d->items, pair);
        }
    return d;
}

static void results_view(Rw *rw, cJSON *view, const Metrics *m, bool validates)
{
    cJSON *list = cJSON_AddArrayToObject(view, "validated");
    for (int i = -1; validates && i < m->names.len; i++) {
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "name", i < 0 ? "loss" : m->names.at[i]);
        cJSON_AddStringToObject(o, "item", m->names.len ? arena_printf(rw->a, "[%d]", i + 1) : "");
        cJSON_AddItemToArray(list, o);
    }
}

typedef struct Key {
    const char *name;
    bool found;
} Key;

static bool find_key(Node *n, void *ctx)
{
    Key *k = ctx;
    Node *b = n->kind == N_SUBSCRIPT ? node_unparen(n->b) : NULL;
    if (b && b->kind == N_STRING && str_eq(b->str, k->name)) k->found = true;
    return !k->found;
}

/* A history here holds the loss, and what validation gives; measures of the training batches it lacks. */
static void check_history(Rw *rw, const Metrics *m)
{
    for (int i = 0; i < m->names.len; i++) {
        Key k = {m->names.at[i], false};
        node_walk(rw->t->module->root, find_key, &k);
        if (k.found) flag_stub(rw, arena_printf(rw->a, "the history has no %s of the training batches", k.name));
    }
}

static bool is_plain(const Node *n)
{
    while (n->kind == N_ATTRIBUTE) n = n->a;
    return n->kind == N_NAME;
}

/* x[:split], x[split:] */
static Node *part_of(Rw *rw, Node *x, Node *split, bool behind)
{
    Node *slice = ARENA_NEW(rw->a, Node);
    slice->kind = N_SLICE;
    *(behind ? &slice->a : &slice->b) = split;
    return py_index(rw->a, x, slice);
}

/* The names that a fit here tells its callbacks; what they watch beside these is marked. */
static bool told(const Metrics *m, bool validates, const char *name)
{
    if (str_eq(name, "loss")) return true;
    if (!validates || !str_starts(name, "val_")) return false;
    if (str_eq(name + 4, "loss")) return true;
    for (int i = 0; i < m->names.len; i++)
        if (str_eq(m->names.at[i], name + 4)) return true;
    return false;
}

typedef struct Watched {
    Rw *rw;
    const Metrics *m;
    bool validates;
    const char *missing;
} Watched;

static bool find_watched(Node *n, void *ctx)
{
    Watched *w = ctx;
    const Dialect *from = w->rw->from;
    const char *kind = training_callback(w->rw, n);
    if (!kind) return true;
    StrVec words = dialect_fact_words(from, w->rw->a, arena_printf(w->rw->a, "callback:%s", kind));
    const char *by = dialect_fact(from, "callback_monitor"), *where = dialect_fact(from, "callback_monitors_where");
    bool watches = false, asks = false;
    for (int i = 0; i < words.len; i++) watches |= str_eq(words.at[i], by), asks |= str_eq(words.at[i], where);
    Node *monitor = training_callback_argument(w->rw, kind, n, by), *best = training_callback_argument(w->rw, kind, n, where);
    if (asks) watches &= best && !(best->kind == N_BOOL && !best->num.i);
    const char *name = monitor && monitor->kind == N_STRING ? monitor->str : dialect_fact(from, "callback_monitor_default");
    if (watches && !told(w->m, w->validates, name)) w->missing = name;
    return true;
}

/* callbacks= of a fit, as the port's loop has them; NULL: none. */
static Node *callbacks_of(Rw *rw, Node *call, const Metrics *m, bool validates)
{
    Node *given = training_keyword(call, "callbacks", 5);
    if (!given || given->kind == N_NONE) return NULL;
    Watched w = {rw, m, validates, NULL};
    node_walk(rw->t->module->root, find_watched, &w);
    if (w.missing) flag_stub(rw, arena_printf(rw->a, "a callback watches %s, which this training does not measure", w.missing));
    return rewrite_expr(rw, given);
}

static int fit_statement(Rw *rw, Node *n, Node *call, const char *history, NodeVec *out)
{
    Compiled c;
    Node *x = training_keyword(call, "x", 0), *y = training_keyword(call, "y", 1);
    Node *size = training_keyword(call, "batch_size", 2), *epochs = training_keyword(call, "epochs", 3);
    Node *val = training_keyword(call, "validation_data", 7), *shuffle = training_keyword(call, "shuffle", 8);
    if (!epochs) epochs = training_keyword(call, "nb_epoch", -1);
    if (val) val = node_unparen(val);
    if (!compiled_for(rw, call, &c) || (!c.row && !c.own)) flag(rw, n, "the compile of this fit is not known");
    else if (c.nn && c.nn->inputs.len > 1) flag(rw, n, "a fit of a network with several inputs");
    else if (c.nn && c.nn->outputs.len > 1) flag(rw, n, "a fit of a network with several outputs");
    else if (!x || !y) flag(rw, n, "data that brings its own targets");
    else if (val && val->kind != N_NONE && (val->kind != N_TUPLE || val->items.len < 2)) flag(rw, n, "validation data that is not a pair");
    if (rw->flags.len) {
        push_flagged(rw, n, out);
        return 1;
    }
    batch_unknown(rw, call, "fit_arguments");
    Node *share = val ? NULL : training_keyword(call, "validation_split", 6), *split = NULL;
    if (share && is_plain(x) && is_plain(y)) split = py_name(rw->a, training_fresh(rw, "split"));
    else if (share) flag_stub(rw, "validation_split= of data that has no name");
    bool validates = split || (val && val->kind == N_TUPLE), keeps = history && training_read(rw, history);
    Node *network = rewrite_expr(rw, call->a->a);
    cJSON *view = cJSON_CreateObject();
    Metrics m = compiled_metrics(rw, &c);
    if (c.far) cJSON_AddBoolToObject(view, "far", true);
    if (validates) cJSON_AddBoolToObject(view, "validates", true);
    if (keeps) {
        cJSON_AddBoolToObject(view, "history", true);
        check_history(rw, &m);
        map_set(training_of(rw)->histories, history, n);
    }
    Node *called = callbacks_of(rw, call, &m, validates);
    if (called) cJSON_AddBoolToObject(view, "called", true);
    if (called && called->kind != N_NAME) cJSON_AddBoolToObject(view, "lists", true);
    if (called || keeps) results_view(rw, view, &m, validates);
    if (split) cJSON_AddBoolToObject(view, "splits", true);
    Node *rx = rewrite_expr(rw, x), *ry = rewrite_expr(rw, y), *held_x = NULL, *held_y = NULL;
    if (split) held_x = part_of(rw, rx, split, true), held_y = part_of(rw, ry, split, true);
    else if (validates) held_x = rewrite_expr(rw, val->items.at[0]), held_y = rewrite_expr(rw, val->items.at[1]);
    Node *val_loader = py_name(rw->a, training_fresh(rw, "val_loader"));
    Compiled near = c;
    near.far = false;
    TrainHole holes[] = {
        {"criterion", compiled_criterion(rw, &c)},
        {"optimizer", compiled_optimizer(rw, &c)},
        {"network", network},
        {"loader", py_name(rw->a, training_fresh(rw, "train_loader"))},
        {"data", compiled_batches(rw, &c, split ? part_of(rw, rx, split, false) : rx, split ? part_of(rw, ry, split, false) : ry, size,
                         shuffle, true)},
        {"val_loader", val_loader},
        {"val_data", validates ? compiled_batches(rw, &c, held_x, held_y, size, NULL, false) : NULL},
        {"split", split},
        {"whole", rx},
        {"share", split ? rewrite_expr(rw, share) : NULL},
        {"evaluation", validates ? batch_evaluation(rw, &near, network, val_loader) : NULL},
        {"val_results", py_name(rw->a, training_fresh(rw, "val_results"))},
        {"callback_list", called},
        {"callbacks", called && called->kind == N_NAME ? called : py_name(rw->a, training_fresh(rw, "callbacks"))},
        {"callback", py_name(rw->a, training_fresh(rw, "callback"))},
        {"logs", py_name(rw->a, training_fresh(rw, "logs"))},
        {"history", history ? py_name(rw->a, history) : NULL},
        {"records", records(rw, &m, validates)},
        {"epoch", py_name(rw->a, training_fresh(rw, "epoch"))},
        {"epochs", epochs ? rewrite_expr(rw, epochs) : py_int(rw->a, 1)},
        {"total", py_name(rw->a, training_fresh(rw, "running_loss"))},
        {"value", py_name(rw->a, training_fresh(rw, "batch_loss"))},
        {"inputs", py_name(rw->a, training_fresh(rw, "inputs"))},
        {"targets", py_name(rw->a, training_fresh(rw, "targets"))},
    };
    NodeVec made = training_template(rw, "fit", view, holes, sizeof holes / sizeof *holes);
    if (rw->flags.len) {
        push_flagged(rw, n, out);
        return 1;
    }
    training_push(rw, &made, n, out);
    fit_marks(rw, n, &made);
    return 1;
}

/* Marks of what the statements lack, and the account. */
void fit_marks(Rw *rw, Node *n, NodeVec *made)
{
    const char *why = NULL;
    for (int i = 0; i < rw->stubs.len; i++)
        why = why ? arena_printf(rw->a, "%s; %s", why, rw->stubs.at[i]) : rw->stubs.at[i];
    if (why && made->len) {
        vec_push(rw->a, &made->at[0]->lead, arena_printf(rw->a, "PORT: %s", why));
        rw->res->gaps++;
    }
    account(rw, n, why ? FATE_FLAGGED : FATE_PORTED, why ? why : "training");
}

/* ---- others ---- */

static int template_statement(Rw *rw, Node *n, Node *call, const char *template, NodeVec *out)
{
    Node *path = call->items.len && call->items.at[0]->kind != N_KEYWORD ? call->items.at[0] : NULL;
    const char *end = dialect_fact(rw->to, "weights_suffix");
    if (!path) return 0;
    Node *p = rewrite_expr(rw, path);
    if (path->kind == N_STRING && end) {
        const char *dot = strchr(path->str, '.');
        p = py_str(rw->a, arena_printf(rw->a, "%.*s%s", dot ? (int)(dot - path->str) : (int)strlen(path->str), path->str, end));
    }
    TrainHole holes[] = {{"network", rewrite_expr(rw, call->a->a)}, {"path", p}};
    NodeVec made = training_template(rw, template, NULL, holes, 2);
    training_push(rw, &made, n, out);
    note(rw, "line %d: files of weights are not interchangeable between %s and %s", static_line(rw, n), rw->from->title,
         rw->to->title);
    account(rw, n, FATE_PORTED, "a file of weights");
    return 1;
}

static int summary_statement(Rw *rw, Node *n, Node *call, NodeVec *out)
{
    Node *made = py_call(rw->a, py_name(rw->a, "print"));
    vec_push(rw->a, &made->items, rewrite_expr(rw, call->a->a));
    made = py_expr_stmt(rw->a, made);
    made->from = n;
    made->map = map_for(rw, n);
    vec_push(rw->a, out, made);
    account(rw, n, FATE_PORTED, "the network, printed");
    return 1;
}

/* model(keras.Input(...)), model.build(...): only so that the source knows its sizes. */
static bool only_builds(Rw *rw, Node *n, Node *call)
{
    if (n->kind != N_EXPR) return false;
    const char *build = dialect_fact(rw->from, "build");
    if (training_method(call) && str_eq(call->a->name, build) && training_is_network(rw, call->a->a)) return true;
    if (!training_is_network(rw, call->a) || call->items.len != 1 || call->items.at[0]->kind != N_CALL) return false;
    const char *dotted = static_dotted(rw, call->items.at[0]->a);
    return dotted && dialect_lists(rw->from, "input_functions", dotted);
}

/* The network that a named optimizer is about: of the compile or the gradients that use it. */
typedef struct About {
    Rw *rw;
    const char *name;
    Node *network;
} About;

static bool find_about(Node *n, void *ctx)
{
    About *a = ctx;
    if (a->network || n->kind != N_CALL) return !a->network;
    if (compiled_is(a->rw, n, "training_compile")) {
        Node *opt = training_keyword(n, "optimizer", 0);
        if (opt && opt->kind == N_NAME && str_eq(opt->name, a->name)) a->network = n->a->a;
    }
    if (compiled_is(a->rw, n, "apply_gradients") && str_eq(compiled_receiver(n), a->name) && n->items.len) {
        Node *zip = node_unparen(n->items.at[0]);
        Node *vars = zip->kind == N_CALL && zip->items.len == 2 ? zip->items.at[1] : NULL;
        if (vars && vars->kind == N_ATTRIBUTE) a->network = vars->a;
    }
    return !a->network;
}

/* Where a name of a network is bound first behind a statement of the module, and not before it. */
static bool bound_behind(Rw *rw, const Node *n, const Node *network)
{
    const NodeVec *items = &rw->t->module->root->items;
    bool behind = false, found = false;
    for (int i = 0; network->kind == N_NAME && i < items->len; i++) {
        if (items->at[i] == n) behind = true;
        else if (names_stmt_binds(items->at[i], network->name) && !behind) return false;
        else if (items->at[i]->kind == N_ASSIGN) found |= behind && names_stmt_binds(items->at[i], network->name);
    }
    return behind && found;
}

void fit_waiting(Rw *rw, const Node *n, NodeVec *out)
{
    Training *t = rw->training;
    for (int i = 0; t && n->kind == N_ASSIGN && i < t->waiting.len; i++) {
        if (!t->waiting.at[i] || !names_stmt_binds(n, t->awaited.at[i])) continue;
        vec_push(rw->a, out, t->waiting.at[i]);
        t->waiting.at[i] = NULL;
    }
}

static int optimizer_statement(Rw *rw, Node *n, NodeVec *out)
{
    Node *to = n->items.at[0], *v = node_unparen(n->b);
    if (n->items.len != 1 || v->kind != N_CALL || to->kind != N_NAME || !config_row(rw, v, GROUP_OPTIMIZER)) return 0;
    if (compiled_anew(rw, to) == v) {
        account(rw, n, FATE_PORTED, "an optimizer, which is built where a network is compiled with it");
        return 1;
    }
    About a = {rw, to->name, NULL};
    node_walk(rw->t->module->root, find_about, &a);
    if (!a.network) {
        flag(rw, n, "no network was found that this optimizer is about");
        push_flagged(rw, n, out);
        return 1;
    }
    Node *made = config_optimizer(rw, v, rewrite_expr(rw, a.network));
    if (!made || rw->flags.len) {
        if (!rw->flags.len) flag(rw, n, "an optimizer that no rule knows");
        push_flagged(rw, n, out);
        return 1;
    }
    Node *stmt = node_copy(rw->a, n);
    stmt->b = made;
    if (bound_behind(rw, n, a.network)) {
        vec_push(rw->a, &training_of(rw)->waiting, stmt);
        vec_push(rw->a, &training_of(rw)->awaited, a.network->name);
    } else {
        vec_push(rw->a, out, stmt);
    }
    account(rw, n, FATE_PORTED, "an optimizer");
    return 1;
}

/* print(model.summary()) prints the network, and None. */
static Node *printed_summary(Rw *rw, Node *call)
{
    bool prints = call->kind == N_CALL && call->a->kind == N_NAME && str_eq(call->a->name, "print") && call->items.len == 1;
    Node *inner = prints ? node_unparen(call->items.at[0]) : NULL;
    return inner && inner->kind == N_CALL && training_method(inner) && compiled_is(rw, inner, "summary") ? inner : NULL;
}

int fit_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    Node *n = in->at[i];
    int taped = gradients_rewrite(rw, in, i, out);
    if (taped) return taped;
    Node *call = n->kind == N_EXPR ? n->a : n->kind == N_ASSIGN && n->items.len == 1 ? node_unparen(n->b) : NULL;
    if (n->kind == N_ASSIGN) {
        int taken = optimizer_statement(rw, n, out);
        if (taken) return taken;
    }
    if (!call || call->kind != N_CALL) return 0;
    if (only_builds(rw, n, call)) {
        account(rw, n, FATE_PORTED, "sizes are known in the target");
        return 1;
    }
    Node *printed = n->kind == N_EXPR ? printed_summary(rw, call) : NULL;
    if (printed) call = printed;
    if (!training_method(call) || static_dotted(rw, call->a)) return 0;
    bool network = training_is_network(rw, call->a->a) || view_of(rw, call->a->a);
    if (compiled_is(rw, call, "training_compile") && n->kind == N_EXPR) return compile_statement(rw, n, call, out);
    if (compiled_is(rw, call, "fit") && network) {
        Node *to = n->kind == N_ASSIGN ? n->items.at[0] : NULL;
        return fit_statement(rw, n, call, to && to->kind == N_NAME ? to->name : NULL, out);
    }
    if (n->kind != N_EXPR || !network) return 0;
    if (compiled_is(rw, call, "summary")) return summary_statement(rw, n, call, out);
    if (compiled_is(rw, call, "save_weights")) return template_statement(rw, n, call, "save", out);
    if (compiled_is(rw, call, "load_weights")) return template_statement(rw, n, call, "load", out);
    return 0;
}
