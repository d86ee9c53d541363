/* A training loop with steps of its own, for a target that trains by compile and fit.
 *
 * An epoch loop that does nothing but the usual steps, and keeps books for printing, is compile and fit. Any other
 * loop stays a loop: what leads from the data to the loss stands under a gradient tape, backward() becomes the
 * gradients, step() applies them, zero_grad() goes.
 *
 * Not handled, and flagged: gradients that add up over several backward() before a step(), a step() away from its
 * backward(), schedules. */
#include "port/training.h"

#include <string.h>

/* ---- finding ---- */

static Node *statement_call(Node *n)
{
    return n->kind == N_EXPR && n->a->kind == N_CALL ? n->a : NULL;
}

static bool is_call_of(Rw *rw, Node *n, const char *fact)
{
    Node *call = statement_call(n);
    return call && training_is(rw, fact, training_method(call)) && !static_dotted(rw, call->a);
}

typedef struct Search {
    Rw *rw;
    Node *found;
} Search;

static bool find_network(Node *n, void *ctx)
{
    Search *s = ctx;
    int count = 0;
    if (s->found || n->kind != N_CALL) return !s->found;
    site_events(s->rw, n, EV_APPLY_NN, &count);
    bool named = n->a->kind == N_NAME && training_is_network(s->rw, n->a);
    if (count || named) s->found = n;
    return !s->found;
}

static Node *network_call(Rw *rw, Node *stmt)
{
    Search s = {rw, NULL};
    node_walk(stmt, find_network, &s);
    return s.found;
}

/* The network whose parameters an optimizer holds. */
static Node *network_of_optimizer(Rw *rw, Node *optimizer)
{
    const char *name = optimizer->kind == N_NAME || optimizer->kind == N_ATTRIBUTE ? optimizer->name : NULL;
    Node *built = name ? map_get(training_of(rw)->optimizers, name) : NULL;
    Node *params = built && built->items.len ? node_unparen(built->items.at[0]) : NULL;
    return params && training_method(params) ? params->a->a : NULL;
}

/* ---- the tape ---- */

typedef struct Segment {
    int first, backward, step, clip; /* statements of the block; -1 */
    Node *network;                   /* the expression that is called */
} Segment;

static bool find_segment(Rw *rw, const NodeVec *in, int i, Segment *s)
{
    *s = (Segment){-1, -1, -1, -1, NULL};
    for (int k = i; k < in->len && s->backward < 0; k++)
        if (is_call_of(rw, in->at[k], "backward")) s->backward = k;
    if (s->backward < 0) return false;
    for (int k = i; k < s->backward && s->first < 0; k++) {
        Node *call = network_call(rw, in->at[k]);
        if (!call) continue;
        s->first = k;
        s->network = call->a;
    }
    for (int k = s->backward + 1; k < in->len && s->step < 0; k++) {
        if (is_call_of(rw, in->at[k], "backward")) break;
        if (is_call_of(rw, in->at[k], "step")) s->step = k;
    }
    return true;
}

static bool clips(Rw *rw, Node *n, const char *fact)
{
    Node *call = statement_call(n);
    const char *dotted = call ? static_dotted(rw, call->a) : NULL;
    return dotted && training_is(rw, fact, dotted);
}

static void body_of_tape(Rw *rw, const NodeVec *in, const Segment *s, NodeVec *body)
{
    NodeVec part = {0};
    for (int k = s->first; k < s->backward; k++) vec_push(rw->a, &part, in->at[k]);
    Training *t = training_of(rw);
    bool was = t->tape;
    t->tape = true;
    rewrite_block(rw, &part, body);
    t->tape = was;
}

/* The statements from the forward pass to backward(). */
static int open_tape(Rw *rw, const NodeVec *in, const Segment *s, NodeVec *out)
{
    Node *back = in->at[s->backward];
    Node *optimizer = in->at[s->step]->a->a->a, *network = network_of_optimizer(rw, optimizer);
    if (!network) network = s->network;
    NodeVec body = {0};
    body_of_tape(rw, in, s, &body);
    TrainHole holes[] = {{"loss", rewrite_expr(rw, training_receiver(back->a))}, {"network", rewrite_expr(rw, network)}};
    NodeVec made = training_template(rw, "tape", NULL, holes, 2);
    if (rw->flags.len || !made.len) {
        push_flagged(rw, back, out);
        return s->backward - s->first + 1;
    }
    made.at[0]->body = body;
    training_push(rw, &made, back, out);
    account(rw, back, FATE_PORTED, "gradients of a tape");
    return s->backward - s->first + 1;
}

static int flagged(Rw *rw, Node *n, const char *why, NodeVec *out)
{
    flag(rw, n, "%s", why);
    push_flagged(rw, n, out);
    return 1;
}

static int step_statement(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    Node *call = in->at[i]->a, *optimizer = call->a->a;
    bool mine = false;
    for (int k = i - 1; k >= 0 && !mine; k--) {
        if (is_call_of(rw, in->at[k], "step")) break;
        mine = is_call_of(rw, in->at[k], "backward");
    }
    if (!mine) return flagged(rw, in->at[i], "a step away from its backward pass, or of a schedule", out);
    if (call->items.len) return flagged(rw, in->at[i], "a step with a closure", out);
    Node *network = network_of_optimizer(rw, optimizer);
    for (int k = i - 1; k >= 0 && !network; k--) {
        Node *c = network_call(rw, in->at[k]);
        if (c) network = c->a;
    }
    if (!network) return flagged(rw, in->at[i], "no network was found that this step is about", out);
    TrainHole holes[] = {{"optimizer", rewrite_expr(rw, optimizer)}, {"network", rewrite_expr(rw, network)}};
    NodeVec made = training_template(rw, "step", NULL, holes, 2);
    training_push(rw, &made, in->at[i], out);
    account(rw, in->at[i], FATE_PORTED, "gradients applied");
    return 1;
}

static int clip_statement(Rw *rw, Node *n, const char *template, NodeVec *out)
{
    Node *limit = training_keyword(n->a, "max_norm", 1);
    if (!limit) limit = training_keyword(n->a, "clip_value", 1);
    if (!limit) return flagged(rw, n, "gradients clipped without a limit", out);
    TrainHole holes[] = {{"limit", rewrite_expr(rw, limit)}};
    NodeVec made = training_template(rw, template, NULL, holes, 1);
    training_push(rw, &made, n, out);
    account(rw, n, FATE_PORTED, "gradients clipped");
    return 1;
}

static int tape_statement(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    Node *n = in->at[i];
    Segment s;
    if (training_of(rw)->tape) return 0;
    if (clips(rw, n, "clip_norm")) return clip_statement(rw, n, "clip_norm", out);
    if (clips(rw, n, "clip_value")) return clip_statement(rw, n, "clip_value", out);
    if (is_call_of(rw, n, "step") && training_is_schedule(rw, n->a->a->a)) return 0;
    if (is_call_of(rw, n, "step")) return step_statement(rw, in, i, out);
    if (!find_segment(rw, in, i, &s)) return 0;
    if (s.backward == i) return flagged(rw, n, "the forward pass of this loss does not stand in front of it", out);
    if (s.first != i) return 0;
    if (s.step < 0) { /* nothing of the pass is kept: it would train otherwise */
        for (int k = i; k <= s.backward; k++) flagged(rw, in->at[k], "gradients that are not applied right after their pass", out);
        return s.backward - i + 1;
    }
    return open_tape(rw, in, &s, out);
}

/* ---- compile and fit ---- */

typedef struct Loop {
    Node *outer, *inner;
    Node *loader, *network, *optimizer, *loss, *epochs;
    const char *data[2]; /* the names of a batch */
    const char *outputs, *value; /* names of the outputs and of the loss */
    bool zeroed, stepped, backed;
} Loop;

static bool calls_allowed(Rw *rw, Node *n);

typedef struct Scan {
    Rw *rw;
    bool bad;
} Scan;

static bool scan_book(Node *n, void *ctx)
{
    Scan *s = ctx;
    if (n->kind == N_BREAK || n->kind == N_CONTINUE || n->kind == N_RETURN || n->kind == N_YIELD || n->kind == N_AWAIT ||
        n->kind == N_RAISE || n->kind == N_GLOBAL || n->kind == N_NONLOCAL)
        s->bad = true;
    if (n->kind == N_CALL && !calls_allowed(s->rw, n)) s->bad = true;
    return !s->bad;
}

/* Calls that only look: of values, and Python's own. */
static bool calls_allowed(Rw *rw, Node *n)
{
    static const char *const own[] = {"print", "len", "float", "int", "round", "str", "min", "max", "sum", "range", "abs"};
    if (n->a->kind == N_NAME && !static_dotted(rw, n->a)) {
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            if (str_eq(n->a->name, own[i])) return true;
        return false;
    }
    const char *dotted = static_dotted(rw, n->a), *m = training_method(n);
    if (dotted) return training_is(rw, "max_with_index", dotted) || training_is(rw, "looks", dotted);
    if (!m) return false;
    static const char *const methods[] = {"format", "time", "perf_counter", "set_description", "set_postfix", "info"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_eq(m, methods[i])) return true;
    return training_is(rw, "number", m) || training_is(rw, "moves", m) || training_is(rw, "shape_methods", m) ||
           dialect_read(rw->from, FORM_METHOD, m, 0) != NULL;
}

/* A statement that keeps books: it computes numbers for printing, and changes nothing else. */
static bool keeps_books(Rw *rw, Node *n)
{
    Scan s = {rw, false};
    if (n->kind == N_IF) {
        for (int i = 0; i < n->body.len; i++)
            if (!keeps_books(rw, n->body.at[i])) return false;
        for (int i = 0; i < n->orelse.len; i++)
            if (!keeps_books(rw, n->orelse.at[i])) return false;
        node_walk(n->a, scan_book, &s);
        return !s.bad;
    }
    if (n->kind == N_ASSIGN) {
        for (int i = 0; i < n->items.len; i++) {
            Node *t = n->items.at[i];
            if (t->kind == N_TUPLE) {
                for (int k = 0; k < t->items.len; k++)
                    if (t->items.at[k]->kind != N_NAME) return false;
            } else if (t->kind != N_NAME) {
                return false;
            }
        }
    } else if (n->kind == N_AUGASSIGN) {
        if (n->a->kind != N_NAME) return false;
    } else if (n->kind != N_EXPR && n->kind != N_PASS) {
        return false;
    }
    node_walk(n, scan_book, &s);
    return !s.bad;
}

static bool is_name(const Node *n, const char *name)
{
    return n && n->kind == N_NAME && str_eq(n->name, name);
}

/* for x, y in loader; for i, (x, y) in enumerate(loader) */
static bool read_data(Rw *rw, Loop *l)
{
    Node *target = node_unparen(l->inner->a), *it = node_unparen(l->inner->b);
    if (it->kind == N_CALL && it->a->kind == N_NAME && str_eq(it->a->name, "enumerate") && it->items.len &&
        target->kind == N_TUPLE && target->items.len == 2) {
        target = node_unparen(target->items.at[1]);
        it = node_unparen(it->items.at[0]);
    }
    while (it->kind == N_CALL && it->items.len && (is_name(it->a, "tqdm") || str_eq(training_method(it), "tqdm")))
        it = node_unparen(it->items.at[0]);
    (void)rw;
    if (it->kind != N_NAME && it->kind != N_ATTRIBUTE) return false;
    l->loader = it;
    if (target->kind != N_TUPLE || target->items.len != 2) return false;
    for (int i = 0; i < 2; i++) {
        if (target->items.at[i]->kind != N_NAME) return false;
        l->data[i] = target->items.at[i]->name;
    }
    return true;
}

static bool same_or_moved(Rw *rw, Node *n, const char *name)
{
    n = node_unparen(n);
    while (training_method(n) && training_is(rw, "moves", n->a->name)) {
        const char *dotted = n->items.len ? static_dotted(rw, n->items.at[0]) : NULL;
        if (dotted && dialect_dtype(rw->from, dotted)) return false;
        n = node_unparen(n->a->a);
    }
    return is_name(n, name);
}

/* x, y = x.to(device), y.to(device) */
static bool moves_data(Rw *rw, const Loop *l, Node *n)
{
    if (n->kind != N_ASSIGN || n->items.len != 1) return false;
    Node *t = n->items.at[0], *v = node_unparen(n->b);
    int count = t->kind == N_TUPLE ? t->items.len : 1;
    if (t->kind == N_TUPLE && (v->kind != N_TUPLE || v->items.len != count)) return false;
    for (int i = 0; i < count; i++) {
        Node *to = t->kind == N_TUPLE ? t->items.at[i] : t, *x = t->kind == N_TUPLE ? v->items.at[i] : v;
        if (to->kind != N_NAME || (!str_eq(to->name, l->data[0]) && !str_eq(to->name, l->data[1]))) return false;
        if (!same_or_moved(rw, x, to->name)) return false;
    }
    return true;
}

static bool is_forward(Rw *rw, Loop *l, Node *n)
{
    n = node_unparen(n);
    if (n->kind != N_CALL || n->items.len != 1 || !network_call(rw, n) || training_method(n)) return false;
    if (!same_or_moved(rw, n->items.at[0], l->data[0]) || n->a->kind != N_NAME) return false;
    l->network = n->a;
    return true;
}

/* loss = criterion(outputs, labels), the forward pass before it or in it */
static bool is_loss(Rw *rw, Loop *l, Node *n)
{
    n = node_unparen(n);
    if (n->kind != N_CALL || n->items.len != 2 || n->a->kind != N_NAME || static_dotted(rw, n->a)) return false;
    int count;
    Event **e = site_events(rw, n, EV_TRAINING, &count);
    bool known = map_has(training_of(rw)->losses, n->a->name);
    for (int i = 0; i < count; i++) known |= e[i]->row && e[i]->row->kind->group == GROUP_LOSS;
    Node *out = node_unparen(n->items.at[0]);
    if (!known || !same_or_moved(rw, n->items.at[1], l->data[1])) return false;
    if (l->outputs ? !is_name(out, l->outputs) : !is_forward(rw, l, out)) return false;
    l->loss = n->a;
    return true;
}

static bool read_step(Rw *rw, Loop *l, Node *n)
{
    if (is_call_of(rw, n, "zero_grad")) return l->zeroed = true;
    if (is_call_of(rw, n, "backward")) return l->backed = !l->backed && l->value && is_name(n->a->a->a, l->value);
    if (is_call_of(rw, n, "step")) {
        l->optimizer = n->a->a->a;
        bool known = l->backed && !l->stepped && !n->a->items.len;
        return l->stepped = known;
    }
    if (moves_data(rw, l, n)) return true;
    if (n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && network_call(rw, n)) {
        if (!l->outputs && !l->value && is_forward(rw, l, n->b)) {
            l->outputs = n->items.at[0]->name;
            return true;
        }
    }
    if (n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && !l->value && is_loss(rw, l, n->b)) {
        l->value = n->items.at[0]->name;
        return true;
    }
    return !network_call(rw, n) && keeps_books(rw, n);
}

static Node *epochs_of(Rw *rw, Node *outer)
{
    Node *it = node_unparen(outer->b);
    while (it->kind == N_CALL && it->items.len && (is_name(it->a, "tqdm") || str_eq(training_method(it), "tqdm")))
        it = node_unparen(it->items.at[0]);
    if (it->kind != N_CALL || !is_name(it->a, "range") || it->items.len < 1 || it->items.len > 2) return NULL;
    if (it->items.len == 1) return rewrite_expr(rw, it->items.at[0]);
    Node *lo = it->items.at[0], *hi = node_unparen(it->items.at[1]);
    PValue from = node_literal(rw, lo);
    if (pv_is_int(&from, 0)) return rewrite_expr(rw, hi);
    if (pv_is_int(&from, 1) && hi->kind == N_BINARY && str_eq(hi->op, "+")) {
        PValue one = node_literal(rw, hi->b);
        if (pv_is_int(&one, 1)) return rewrite_expr(rw, hi->a);
    }
    return py_binary(rw->a, rewrite_expr(rw, hi), "-", rewrite_expr(rw, lo));
}

typedef struct Names {
    Rw *rw;
    Map *bound;
    int last;
    Node *fn;
    bool live;
    Map *settled;
} Names;

static bool collect_bound(Node *n, void *ctx)
{
    Names *s = ctx;
    if (n->id > s->last) s->last = n->id;
    if (n->kind == N_NAME && n->id > 0) {
        const Node *p = s->rw->t->parent[n->id], *c = n;
        while (p && (p->kind == N_TUPLE || p->kind == N_LIST)) c = p, p = p->id ? s->rw->t->parent[p->id] : NULL;
        bool stores = p && ((p->kind == N_FOR && p->a == c) || (p->kind == N_ASSIGN && p->b != c) ||
                            (p->kind == N_AUGASSIGN && p->a == c));
        if (stores) map_set(s->bound, n->name, n);
    }
    return true;
}

/* The first time after the loop that a name of the loop is met: read, or bound anew. */
static bool find_live(Node *n, void *ctx)
{
    Names *s = ctx;
    if (n->kind != N_NAME || n->id <= s->last || !map_has(s->bound, n->name) || map_has(s->settled, n->name)) return true;
    const Node *p = s->rw->t->parent[n->id], *c = n;
    while (p && (p->kind == N_TUPLE || p->kind == N_LIST)) c = p, p = p->id ? s->rw->t->parent[p->id] : NULL;
    bool stores = p && ((p->kind == N_FOR && p->a == c) || (p->kind == N_ASSIGN && p->b != c) ||
                        (p->kind == N_COMPFOR && p->a == c));
    const Definition *d = s->rw->t->definition_of[n->id];
    bool here = s->fn ? d && d->node == s->fn : true;
    if (!here) return true;
    if (s->fn == NULL && d) return true; /* a function's own name */
    map_set(s->settled, n->name, n);
    if (!stores) s->live = true;
    return true;
}

static bool results_are_used(Rw *rw, Node *loop)
{
    Names s = {.rw = rw, .bound = map_new(rw->a), .settled = map_new(rw->a), .fn = rw->fn};
    node_walk(loop, collect_bound, &s);
    node_walk(rw->fn ? rw->fn : rw->t->module->root, find_live, &s);
    return s.live;
}

static bool inside_loop(Rw *rw, Node *n)
{
    for (n = rw->t->parent[n->id]; n && n->id > 0; n = rw->t->parent[n->id]) {
        if (n->kind == N_FUNCTION) return false;
        if (n->kind == N_FOR || n->kind == N_WHILE) return true;
    }
    return false;
}

static bool read_loop(Rw *rw, Node *n, Loop *l)
{
    *l = (Loop){.outer = n};
    if (n->kind != N_FOR || n->orelse.len || n->is_async || inside_loop(rw, n)) return false;
    for (int i = 0; i < n->body.len; i++) {
        Node *s = n->body.at[i];
        if (s->kind == N_FOR && !l->inner) l->inner = s;
        else if (is_call_of(rw, s, "modes")) continue;
        else if (s->kind == N_FOR || network_call(rw, s) || !keeps_books(rw, s)) return false;
    }
    if (!l->inner || l->inner->orelse.len || !read_data(rw, l)) return false;
    for (int i = 0; i < l->inner->body.len; i++)
        if (!read_step(rw, l, l->inner->body.at[i])) return false;
    if (!l->zeroed || !l->backed || !l->stepped || !l->network || !l->loss) return false;
    l->epochs = epochs_of(rw, n);
    return l->epochs && !results_are_used(rw, n);
}

static bool account_below(Node *n, void *ctx)
{
    if (node_is_stmt(n)) account(ctx, n, FATE_PORTED, "compile and fit");
    return true;
}

/* The loader as fit takes it: with axes moved where the network's port takes another order. */
static Node *moved_loader(Rw *rw, const Loop *l)
{
    Node *loader = rewrite_expr(rw, l->loader);
    const PivotNN *nn = training_network(rw, l->network);
    int in[MAX_RANK], out[MAX_RANK], ri = 0, ro = 0;
    bool moves_in = training_border(rw, nn, in, &ri);
    Node *built = map_get(training_of(rw)->losses, l->loss->name);
    const DialectRow *row = built ? config_row(rw, built, GROUP_LOSS) : NULL;
    bool element = row && !str_eq(row->kind->name, "CrossEntropy") && !str_eq(row->kind->name, "NegativeLogLikelihood");
    bool moves_out = element && training_border_out(rw, nn, out, &ro);
    if (!moves_in && !moves_out) return loader;
    Node *call = py_call(rw->a, helper_of(rw, "Permuted"));
    vec_push(rw->a, &call->items, loader);
    if (moves_in) vec_push(rw->a, &call->items, py_kw(rw->a, "inputs", training_tuple(rw, in, ri)));
    if (moves_out) vec_push(rw->a, &call->items, py_kw(rw->a, "targets", training_tuple(rw, out, ro)));
    return call;
}

static int fit_loop(Rw *rw, Node *n, NodeVec *out)
{
    Loop l;
    if (!read_loop(rw, n, &l)) return 0;
    TrainHole holes[] = {{"network", rewrite_expr(rw, l.network)}, {"optimizer", rewrite_expr(rw, l.optimizer)},
                         {"loss", rewrite_expr(rw, l.loss)},       {"loader", moved_loader(rw, &l)},
                         {"epochs", l.epochs}};
    NodeVec made = training_template(rw, "fit", NULL, holes, 5);
    if (rw->flags.len || !made.len) return 0;
    training_push(rw, &made, n, out);
    node_walk(n, account_below, rw);
    note(rw, "line %d: the training loop is compile and fit, which print the loss themselves", static_line(rw, n));
    return 1;
}

int tape_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    int taken = training_rate_statement(rw, in->at[i], out);
    if (!taken) taken = fit_loop(rw, in->at[i], out);
    return taken ? taken : tape_statement(rw, in, i, out);
}
