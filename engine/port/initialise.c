/* Initialisation code, by its form.
 *
 *     for m in self.modules():                     self.apply(self._init_weights)
 *         if isinstance(m, nn.Conv2d):             def _init_weights(self, m): ...
 *             nn.init.kaiming_normal_(m.weight)    model.apply(weights_init)
 *
 * Initialising statements are calls of the framework's initialisers (the dialect's "initialisers"), methods that fill
 * a parameter in place, assignments to .data, and the conditions, loops and plain local values around them. A function
 * of such statements is an initialising function; its calls and its definition go where nothing else uses it. */
#include "port/initialise.h"

#include <string.h>

#include "port/static.h"

typedef struct Form {
    Rw *rw;
    bool sets; /* something is initialised */
    int depth;
} Form;

static bool initialises(Form *f, Node *n);

static bool all_initialise(Form *f, const NodeVec *body)
{
    for (int i = 0; i < body->len; i++)
        if (!initialises(f, body->at[i])) return false;
    return true;
}

static Node *function_named(Rw *rw, const char *name)
{
    for (int i = 0; i < rw->t->definitions.len; i++) {
        Node *n = rw->t->definitions.at[i]->node;
        if (n->kind == N_FUNCTION && str_eq(n->name, name) && n->id <= rw->t->module->nnodes) return n;
    }
    return NULL;
}

static bool is_docstring(const Node *n)
{
    return n->kind == N_EXPR && n->a->kind == N_STRING;
}

/* A function whose body initialises, and returns nothing. */
static bool initialising_function(Form *f, const char *name)
{
    Node *fn = name ? function_named(f->rw, name) : NULL;
    if (!fn || f->depth > 6) return false;
    Form inner = {.rw = f->rw, .depth = f->depth + 1};
    bool all = all_initialise(&inner, &fn->body) && inner.sets;
    f->sets |= all;
    return all;
}

static const char *last_name(const Node *n)
{
    return n->kind == N_NAME || n->kind == N_ATTRIBUTE ? n->name : NULL;
}

/* m.weight.data.normal_(0, 0.01), m.bias.zero_() */
static bool fills_in_place(const Node *call)
{
    const Node *f = call->a;
    size_t n = f->kind == N_ATTRIBUTE ? strlen(f->name) : 0;
    if (n < 2 || f->name[n - 1] != '_' || f->name[n - 2] == '_') return false;
    bool parameter = false;
    for (const Node *p = f->a; p && (p->kind == N_ATTRIBUTE || p->kind == N_SUBSCRIPT || p->kind == N_NAME); p = p->a) {
        if (p->kind == N_NAME) return parameter || str_eq(p->name, "p") || str_eq(p->name, "param");
        if (p->kind != N_ATTRIBUTE) continue;
        parameter |= strstr(p->name, "weight") || strstr(p->name, "bias") || str_eq(p->name, "data") ||
                     strstr(p->name, "param");
    }
    return false;
}

static bool initialising_call(Form *f, Node *call)
{
    const char *dotted = static_dotted(f->rw, call->a);
    if (dotted && dialect_lists(f->rw->from, "initialisers", arena_strndup(f->rw->a, dotted, strlen(dotted) -
                                                                           strlen(strrchr(dotted, '.')))))
        return f->sets = true;
    if (fills_in_place(call)) return f->sets = true;
    const char *name = last_name(call->a);
    if (name && str_eq(name, "apply") && call->items.len == 1 && call->a->kind == N_ATTRIBUTE) {
        Node *x = call->items.at[0];
        bool partial = x->kind == N_CALL && str_eq(last_name(x->a), "partial") && x->items.len;
        return initialising_function(f, last_name(partial ? x->items.at[0] : x));
    }
    if (name && str_eq(name, "print")) return true;
    return initialising_function(f, name);
}

/* A value that only code like this can want: no layer is built, no tensor computed. */
static bool plain_value(Form *f, Node *n)
{
    Rw *rw = f->rw;
    for (Node *x = n; x; x = NULL) {
        Site *s = trace_site(rw->t, x);
        for (int i = 0; s && i < s->events.len; i++)
            if (s->events.at[i]->kind == EV_LAYER || s->events.at[i]->kind == EV_NN || s->events.at[i]->kind == EV_CONTAINER)
                return false;
    }
    return true;
}

static bool data_target(const Rw *rw, const Node *t)
{
    if (t->kind == N_SUBSCRIPT) return data_target(rw, t->a);
    if (t->kind == N_CALL) return str_eq(last_name(t->a), dialect_fact(rw->from, "weights")); /* self.state_dict()[key][...] = 0 */
    return t->kind == N_ATTRIBUTE && (str_eq(t->name, "data") || data_target(rw, t->a));
}

static bool initialising_assignment(Form *f, Node *n)
{
    for (int i = 0; i < n->items.len; i++) {
        const Node *t = n->items.at[i];
        if (data_target(f->rw, t)) f->sets = true;
        else if (t->kind != N_NAME && t->kind != N_TUPLE) return false;
    }
    return plain_value(f, n->b);
}

static bool initialises(Form *f, Node *n)
{
    switch (n->kind) {
    case N_PASS: return true;
    case N_EXPR: return is_docstring(n) || (n->a->kind == N_CALL && initialising_call(f, n->a));
    case N_ASSIGN: return initialising_assignment(f, n);
    case N_RETURN: return !n->a || n->a->kind == N_NONE;
    case N_IF: return all_initialise(f, &n->body) && all_initialise(f, &n->orelse);
    case N_FOR: return all_initialise(f, &n->body) && !n->orelse.len;
    case N_WITH: return all_initialise(f, &n->body);
    case N_CONTINUE: case N_BREAK: case N_RAISE: return true;
    default: return false;
    }
}

/* ---- is a function used for anything else? ---- */

typedef struct Uses {
    Rw *rw;
    const char *name;
    bool other;
} Uses;

static bool find_other(Node *n, void *ctx)
{
    Uses *u = ctx;
    if (n->kind != N_NAME && n->kind != N_ATTRIBUTE) return true;
    if (!str_eq(n->name, u->name)) return true;
    Node *stmt = n->id > 0 ? u->rw->t->stmt_parent[n->id] : NULL;
    Form f = {.rw = u->rw};
    u->other |= !stmt || !initialises(&f, stmt) || !f.sets;
    return true;
}

static bool used_otherwise(Rw *rw, const char *name)
{
    Uses u = {.rw = rw, .name = name};
    node_walk(rw->t->module->root, find_other, &u);
    return u.other;
}

/* ---- what only the training of layers takes ---- */

static bool find_beside(Node *n, void *ctx)
{
    static const char *const WORDS[] = {"initializer", "regularizer", "constraint"};
    Uses *u = ctx;
    if (n->kind != N_NAME || !str_eq(n->name, u->name)) return true;
    const Node *up = n->id > 0 && n->id <= u->rw->t->module->nnodes ? u->rw->t->parent[n->id] : NULL;
    bool bound = up && up->kind == N_ASSIGN && up->b != n, taken = false;
    for (size_t i = 0; up && up->kind == N_KEYWORD && i < sizeof WORDS / sizeof *WORDS; i++) taken |= str_ends(up->name, WORDS[i]);
    u->other |= !bound && !taken;
    return true;
}

/* init = RandomNormal(stddev=0.02), which layers take as kernel_initializer=init and nothing else does. */
static bool names_start(Rw *rw, Node *n)
{
    bool plain = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && n->b;
    Node *v = plain ? node_unparen(n->b) : NULL;
    if (!static_trains_alone(rw, v && v->kind == N_CALL ? static_dotted(rw, v->a) : NULL)) return false;
    Uses u = {.rw = rw, .name = n->items.at[0]->name};
    const Definition *d = rw->t->definition_of[n->id];
    node_walk(d ? d->node : rw->t->module->root, find_beside, &u);
    return !u.other;
}

bool initialise_leaves_out(Rw *rw, Node *n)
{
    if (rw->from == rw->to || n->id <= 0) return false;
    if (names_start(rw, n)) {
        account(rw, n, FATE_PORTED, "about the training of layers alone");
        return true;
    }
    Form f = {.rw = rw};
    if (n->kind == N_FUNCTION) {
        if (n->decorators.len || str_eq(n->name, "__init__") || !initialising_function(&f, n->name)) return false;
        if (function_named(rw, n->name) != n || used_otherwise(rw, n->name)) return false;
    } else if (n->kind != N_FOR && n->kind != N_EXPR && n->kind != N_IF && n->kind != N_WITH) {
        return false;
    } else if (is_docstring(n) || !initialises(&f, n) || !f.sets) {
        return false;
    }
    account(rw, n, FATE_PORTED, "sets the first values of weights, as the target's layers do in their own way");
    note(rw, "line %d: weights get their first values here; the port leaves that to %s (noted: it differs in training only)",
         static_line(rw, n), rw->to->title);
    return true;
}
