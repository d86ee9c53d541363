/* The author's expressions, site by site.
 *
 * An expression at which nothing of the framework happened is kept, with its parts rewritten; an expression none
 * of whose parts changed is the very node of the source, which the printer copies verbatim. At a site, the kind
 * of event decides which file writes it. Names of the source's framework that no rule covers are flagged: they
 * must never reach the target in silence. */
#include <stdio.h>
#include <string.h>

#include "port/view.h"
#include "port/class_value.h"
#include "port/member.h"
#include "port/layout.h"
#include "port/rw.h"
#include "port/class.h"
#include "port/class_takes.h"
#include "port/settled.h"
#include "port/static.h"
#include "port/stored_axes.h"
#include "port/training.h"
#include "python/names.h"

void note(Rw *rw, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(rw->a, fmt, ap);
    va_end(ap);
    for (int i = 0; i < rw->res->notes.len; i++)
        if (str_eq(rw->res->notes.at[i], s)) return;
    vec_push(rw->a, &rw->res->notes, s);
}

void flag(Rw *rw, Node *n, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(rw->a, fmt, ap);
    va_end(ap);
    (void)n;
    for (int i = 0; i < rw->flags.len; i++)
        if (str_eq(rw->flags.at[i], s)) return;
    vec_push(rw->a, &rw->flags, s);
}

void flag_stub(Rw *rw, const char *why)
{
    for (int i = 0; i < rw->stubs.len; i++)
        if (str_eq(rw->stubs.at[i], why)) return;
    vec_push(rw->a, &rw->stubs, why);
}

int map_for(Rw *rw, Node *site)
{
    if (!site || site->id <= 0 || site->id > rw->t->module->nnodes) return 0;
    int m = rw->map_of[site->id];
    if (m) return m;
    PortMapping fresh = {0};
    vec_push(rw->a, &fresh.sites, site->id);
    vec_push(rw->a, &rw->res->mappings, fresh);
    rw->map_of[site->id] = rw->res->mappings.len;
    return rw->res->mappings.len;
}

/* A permutation of the target, its axes as values or as expressions. */
Node *moved_by(Rw *rw, Node *x, const char *kind, PlanAttr *by, int n)
{
    PAttrs values = {0};
    for (int i = 0; i < n; i++)
        if (!by[i].expr) attr_set(rw->a, &values, by[i].name, by[i].value);
    const DialectRow *row = dialect_write(rw->to, FORM_METHOD, kind, &values);
    if (!row) row = dialect_write(rw->to, FORM_FUNCTION, kind, &values);
    if (!row) return x;
    StrVec unsaid = {0};
    return call_build(rw, row, by, n, &x, 1, &unsaid);
}

Node *move_axes(Rw *rw, Node *x, const int *axes, int rank)
{
    PValue dims = pv_list(rw->a, rank);
    for (int i = 0; i < rank; i++) dims.u.list.at[i] = pv_int(axes[i]);
    PlanAttr by = {.name = "dims", .value = dims};
    return moved_by(rw, x, "permute", &by, 1);
}

static Node *same_or_copy(Rw *rw, Node *n, Node *copy)
{
    return copy ? copy : node_copy(rw->a, n);
}

/* n with its parts rewritten; n itself where none changed. */
Node *rewrite_parts(Rw *rw, Node *n)
{
    Node *copy = NULL;
    Node *a = rewrite_expr(rw, n->a), *b = rewrite_expr(rw, n->b), *c = rewrite_expr(rw, n->c);
    if (a != n->a || b != n->b || c != n->c) {
        copy = same_or_copy(rw, n, copy);
        copy->a = a;
        copy->b = b;
        copy->c = c;
    }
    for (int i = 0; i < n->items.len; i++) {
        Node *x = rewrite_expr(rw, n->items.at[i]);
        if (x == n->items.at[i]) continue;
        copy = same_or_copy(rw, n, copy);
        copy->items.at[i] = x;
    }
    for (int i = 0; i < n->params.list.len; i++) {
        Node *x = rewrite_expr(rw, n->params.list.at[i].dflt);
        if (x == n->params.list.at[i].dflt) continue;
        copy = same_or_copy(rw, n, copy);
        /* the copy shares the parameter array: give it its own */
        Params own = {.bare_star = n->params.bare_star, .slash = n->params.slash};
        for (int k = 0; k < n->params.list.len; k++) vec_push(rw->a, &own.list, copy->params.list.at[k]);
        own.list.at[i].dflt = x;
        copy->params = own;
    }
    return copy ? copy : n;
}

static bool has_event(const Site *s, EventKind k)
{
    for (int i = 0; s && i < s->events.len; i++)
        if (s->events.at[i]->kind == k) return true;
    return false;
}

/* self.layers in a class whose target reserves that name. */
static Node *renamed_attribute(Rw *rw, Node *n)
{
    if (!rw->cls || n->a->kind != N_NAME || !str_eq(n->a->name, "self")) return NULL;
    const char *to = map_get(rw->rename, n->name);
    if (!to) return NULL;
    Node *copy = node_copy(rw->a, n);
    copy->name = to;
    return copy;
}

/* `training` of a Keras call and `self.training` of a PyTorch forward. */
static Node *training_flag(Rw *rw, Node *n)
{
    const char *argument = dialect_fact(rw->from, "training_name");
    const char *attribute = dialect_fact(rw->from, "training_attribute");
    const char *to_argument = dialect_fact(rw->to, "training_name");
    const char *to_attribute = dialect_fact(rw->to, "training_attribute");
    if (!rw->cls || rw->from == rw->to) return NULL;
    if (n->kind == N_NAME && argument && str_eq(n->name, argument) && rw->in_forward && to_attribute)
        return py_name(rw->a, arena_printf(rw->a, "self.%s", to_attribute));
    if (n->kind == N_ATTRIBUTE && attribute && str_eq(n->name, attribute) && n->a->kind == N_NAME &&
        str_eq(n->a->name, "self") && to_argument && (rw->in_forward || rw->in_training_method)) {
        rw->uses_training = true;
        return py_name(rw->a, to_argument);
    }
    return NULL;
}

static bool find_copy_import(Node *n, void *ctx)
{
    const char **name = ctx; /* [0] the name, [1] where it is found: "deepcopy" of copy, or copy itself */
    bool from = n->kind == N_IMPORTFROM && str_eq(n->name, "copy"), whole = n->kind == N_IMPORT;
    for (int i = 0; (from || whole) && i < n->items.len; i++) {
        const Node *al = n->items.at[i];
        bool mine = str_eq(al->name, from ? "deepcopy" : "copy") && str_eq(al->asname ? al->asname : al->name, name[0]);
        if (mine) name[1] = al->name;
    }
    return !name[1];
}

/* copy.deepcopy, in a file that copies layers with it: layers of the target are not copied like other objects. */
static Node *layer_copy(Rw *rw, Node *n)
{
    const char *helper = rw->t->copies_layers && rw->from != rw->to ? dialect_fact(rw->to, "helper:copy") : NULL;
    const Node *first = n->kind == N_ATTRIBUTE && str_eq(n->name, "deepcopy") ? n->a : n;
    if (!helper || first->kind != N_NAME) return NULL;
    const char *name[2] = {first->name, NULL};
    node_walk(rw->t->module->root, find_copy_import, name);
    bool mine = name[1] && str_eq(name[1], first == n ? "deepcopy" : "copy");
    return mine ? helper_of(rw, helper) : NULL;
}

static Node *rewrite_attribute(Rw *rw, Node *n)
{
    Node *r = renamed_attribute(rw, n);
    if (!r) r = training_expr(rw, n);
    if (r) return r;
    r = training_flag(rw, n);
    if (!r) r = layer_copy(rw, n);
    if (r) return r;
    if (!as_written(rw) && has_event(trace_site(rw->t, n), EV_SHAPE)) return rewrite_shape_site(rw, n);
    const char *dotted = static_dotted(rw, n);
    if (dotted) return static_name(rw, n, dotted);
    bool itself = rw->from != rw->to && dialect_lists(rw->from, "tensor_self_attributes", n->name); /* x.data, w.value */
    if (itself && flow_tensor(rw, node_unparen(n->a))) return rewrite_expr(rw, n->a);
    if (rw->from != rw->to && dialect_lists(rw->from, "false_attributes", n->name)) return py_bool(rw->a, false);
    bool plain = str_eq(dialect_fact(rw->to, "tracks_lists"), "true"); /* it is a dictionary there */
    if (rw->from != rw->to && plain && has_event(trace_site(rw->t, n), EV_ITEM)) return member_item(rw, n);
    if (has_event(trace_site(rw->t, n), EV_OP)) return rewrite_op_site(rw, n);
    /* super().forward, self.forward: the target's name */
    const char *from = dialect_fact(rw->from, "forward"), *to = dialect_fact(rw->to, "forward");
    if (from && to && str_eq(n->name, from) && !str_eq(from, to) && rw->cls &&
        ((n->a->kind == N_NAME && str_eq(n->a->name, "self")) ||
         (n->a->kind == N_CALL && n->a->a->kind == N_NAME && str_eq(n->a->a->name, "super")))) {
        if (n->a->kind == N_CALL && class_holds_sequence(rw, rw->cls ? rw->cls->node : NULL)) return class_sequence(rw);
        Node *copy = node_copy(rw->a, n);
        copy->a = rewrite_expr(rw, n->a);
        copy->name = to;
        return copy;
    }
    Node *children = member_children(rw, n);
    if (children) return children;
    Node *parameter = member_parameter(rw, n);
    if (!parameter) parameter = member_held(rw, n);
    if (parameter) return parameter;
    member_check(rw, n);
    return rewrite_parts(rw, n);
}

/* isinstance(x, Tensor) in the target's way; NULL: it is something else. */
static Node *tensor_check(Rw *rw, Node *n)
{
    const char *cls = dialect_fact(rw->from, "tensor_class"), *is = dialect_fact(rw->to, "is_tensor");
    if (rw->from == rw->to || !cls || !is || n->a->kind != N_NAME || !str_eq(n->a->name, "isinstance")) return NULL;
    const char *dotted = n->items.len == 2 ? static_dotted(rw, n->items.at[1]) : NULL;
    if (!str_eq(dotted, cls)) return NULL;
    Node *call = py_call(rw->a, name_of(rw, is));
    vec_push(rw->a, &call->items, rewrite_expr(rw, n->items.at[0]));
    return call;
}

/* layer.get_initial_state(x): none, since a recurrent layer that is given no state begins with zeros. */
static Node *zero_state(Rw *rw, Node *n)
{
    bool asks = rw->from != rw->to && n->a->kind == N_ATTRIBUTE && dialect_lists(rw->from, "zero_states", n->a->name);
    if (!asks || !has_event(trace_site(rw->t, n), EV_INERT)) return NULL;
    Node *made = py_none(rw->a);
    made->map = map_for(rw, n);
    made->from = n;
    return made;
}

static bool calls_base(const Node *n)
{
    const Node *of = n->a->kind == N_ATTRIBUTE ? n->a->a : NULL;
    return of && of->kind == N_CALL && of->a->kind == N_NAME && str_eq(of->a->name, "super");
}

static Node *rewrite_call(Rw *rw, Node *n)
{
    Site *s = trace_site(rw->t, n);
    Node *check = tensor_check(rw, n);
    if (check) return check;
    if (rw->from == rw->to && calls_base(n)) return rewrite_parts(rw, n); /* super().forward(x) */
    Node *zeros = zero_state(rw, n);
    if (zeros) return zeros;
    Node *viewed = view_of(rw, n);
    if (viewed) return rewrite_expr(rw, viewed);
    Node *weights = member_count(rw, n);
    if (weights) return weights;
    Node *training = training_expr(rw, n);
    if (training) return training;
    if (has_event(s, EV_LAYER)) return rewrite_layer_site(rw, n);
    if (has_event(s, EV_CONTAINER)) return rewrite_container_site(rw, n);
    if (as_written(rw) && (has_event(s, EV_APPLY_NN) || has_event(s, EV_APPLY) || has_event(s, EV_SHAPE))) return rewrite_parts(rw, n);
    if (has_event(s, EV_APPLY_NN) || has_event(s, EV_APPLY)) return rewrite_apply_site(rw, n);
    if (has_event(s, EV_OP)) return as_written(rw) ? rewrite_parts(rw, n) : rewrite_op_site(rw, n);
    if (has_event(s, EV_SHAPE)) return rewrite_shape_site(rw, n);
    Node *class_value = class_value_partial(rw, n);
    if (class_value) return class_value;
    const char *dotted = static_dotted(rw, n->a);
    Node *loss = dotted ? value_loss_in_pass(rw, n) : NULL;
    if (loss) return loss;
    if (dotted) {
        Node *weight = parameter_call(rw, n, dotted);
        return weight ? weight : static_call(rw, n, dotted);
    }
    Node *weight = parameter_method(rw, n);
    if (weight) return weight;
    if (class_asks_training(rw, n)) return class_training_call(rw, n);
    for (int i = 0; s && rw->cls && rw->from != rw->to && i < s->events.len; i++) /* a method that no row knows */
        if (s->events.at[i]->kind == EV_GAP && s->events.at[i]->why) return no_counterpart(rw, n, s->events.at[i]->why);
    return rewrite_parts(rw, stored_axes_call(rw, class_call_arguments(rw, n)));
}

/* type(x) == list, for a target whose modules make lists of their own kind of what is put into them: isinstance(x, list),
 * which holds of these too. */
static Node *type_check(Rw *rw, Node *n)
{
    static const char *const TYPES[] = {"list", "dict", "set"};
    bool two = n->kind == N_COMPARE && n->items.len == 2 && rw->from != rw->to;
    if (!two || !str_eq(dialect_fact(rw->to, "tracks_lists"), "true") || str_eq(dialect_fact(rw->from, "tracks_lists"), "true")) return NULL;
    Node *of = node_unparen(n->items.at[0]), *type = node_unparen(n->items.at[1]);
    const char *op = n->strs.at[0];
    bool is = str_eq(op, "==") || str_eq(op, "is"), is_not = str_eq(op, "!=") || str_eq(op, "is not");
    bool asks = of->kind == N_CALL && of->a->kind == N_NAME && str_eq(of->a->name, "type") && of->items.len == 1 && type->kind == N_NAME;
    for (size_t i = 0; asks && (is || is_not) && i < sizeof TYPES / sizeof *TYPES; i++) {
        if (!str_eq(type->name, TYPES[i])) continue;
        Node *made = py_call(rw->a, py_name(rw->a, "isinstance"));
        vec_push(rw->a, &made->items, rewrite_expr(rw, of->items.at[0]));
        vec_push(rw->a, &made->items, type);
        made = is ? made : py_unary(rw->a, "not", made);
        made->from = n;
        return made;
    }
    return NULL;
}

static Node *rewrite_binary(Rw *rw, Node *n)
{
    Node *check = type_check(rw, n);
    if (check) return check;
    if (has_event(trace_site(rw->t, n), EV_OP)) return rewrite_op_site(rw, n);
    return rewrite_parts(rw, n);
}

static Node *rewrite_subscript(Rw *rw, Node *n)
{
    Site *inner = trace_site(rw->t, node_unparen(n->a));
    Node *training = training_expr(rw, n);
    if (training) return training;
    if (as_written(rw)) return rewrite_parts(rw, n);
    if (has_event(inner, EV_SHAPE)) return rewrite_shape_site(rw, n);
    if (has_event(trace_site(rw->t, n), EV_OP)) return rewrite_getitem(rw, n);
    return rewrite_parts(rw, n);
}

/* Is it a tensor that went into a network's class, and nothing else of that name is in scope? Asked of the text: code that
 * the trace never ran has to be flagged too. */
static bool is_gone(const Rw *rw, const Node *n)
{
    const StrVec *gone = rw->t->gone;
    bool named = false;
    for (int i = 0; gone && i < gone->len; i++) named |= str_eq(gone->at[i], n->name);
    if (!named || n->id <= 0) return false;
    for (const Node *up = rw->t->parent[n->id]; up; up = up->id > 0 ? rw->t->parent[up->id] : NULL) {
        bool function = up->kind == N_FUNCTION || up->kind == N_LAMBDA;
        if (function && names_function_binds(up, n->name)) return false;
        bool walks = up->kind == N_LISTCOMP || up->kind == N_SETCOMP || up->kind == N_GENEXP || up->kind == N_DICTCOMP;
        for (int i = 0; walks && i < up->items.len; i++)
            if (up->items.at[i]->a && names_target_binds(up->items.at[i]->a, n->name)) return false;
    }
    return !names_block_binds(&rw->t->module->root->items, n->name);
}

Node *rewrite_expr(Rw *rw, Node *n)
{
    if (!n) return NULL;
    switch (n->kind) {
    case N_NAME: {
        Node *flagged = training_flag(rw, n);
        if (flagged) return flagged;
        const char *dotted = static_dotted(rw, n);
        Node *copies = layer_copy(rw, n);
        if (copies) return copies;
        if (is_gone(rw, n)) flag(rw, n, "%s is a tensor of a network, which does not leave it", n->name);
        return dotted ? static_name(rw, n, dotted) : n;
    }
    case N_ATTRIBUTE: return rewrite_attribute(rw, n);
    case N_CALL: return rewrite_call(rw, n);
    case N_SUBSCRIPT: return rewrite_subscript(rw, n);
    case N_BINARY:
    case N_UNARY:
    case N_COMPARE: return rewrite_binary(rw, n);
    case N_IFEXP: { /* where the target settles the test, the value that comes */
        Settled test = settled_test(rw, n->b);
        return test == SETTLED_OPEN ? rewrite_parts(rw, n) : rewrite_expr(rw, test == SETTLED_TRUE ? n->a : n->c);
    }
    default: return rewrite_parts(rw, n);
    }
}
