/* Statements, with what a site needs around them, and the accounting: every statement is ported, kept or
 * flagged.
 *
 * A statement that still speaks of the source's framework after rewriting cannot stand: inside of a function its
 * text becomes a comment and a raise, marked "# PORT:"; at module level a comment alone. A statement that holds
 * a stub stands, with the mark at its end. */
#include <string.h>

#include "port/class.h"
#include "port/member.h"
#include "port/initialise.h"
#include "port/layout.h"
#include "port/question_port.h"
#include "port/settled.h"
#include "port/static.h"
#include "port/training.h"

void account(Rw *rw, Node *stmt, StmtFate fate, const char *why)
{
    if (!stmt || stmt->id <= 0) return;
    for (int i = 0; i < rw->res->accounts.len; i++) {
        PortAccount *a = &rw->res->accounts.at[i];
        if (a->stmt != stmt) continue;
        if (fate > a->fate) a->fate = fate, a->why = why;
        return;
    }
    PortAccount a = {.stmt = stmt, .fate = fate, .why = why};
    vec_push(rw->a, &rw->res->accounts, a);
}

void account_all(Rw *rw, Node *stmt, const char *why)
{
    account(rw, stmt, FATE_PORTED, why);
    for (int i = 0; i < stmt->body.len; i++) account_all(rw, stmt->body.at[i], why);
    for (int i = 0; i < stmt->orelse.len; i++) account_all(rw, stmt->orelse.at[i], why);
    for (int i = 0; i < stmt->final.len; i++) account_all(rw, stmt->final.at[i], why);
}

/* ---- imports ---- */

/* The import without the names of the source's framework; NULL when nothing is left. */
static Node *strip_import(Rw *rw, Node *n)
{
    Node *copy = NULL;
    NodeVec keep = {0};
    for (int i = 0; i < n->items.len; i++) {
        Node *al = n->items.at[i];
        const char *module = n->kind == N_IMPORT ? al->name : n->name;
        bool ours = (n->kind == N_IMPORT || n->level == 0) &&
                    static_of_framework(rw, module);
        if (!ours) vec_push(rw->a, &keep, al);
    }
    if (keep.len == n->items.len) return n;
    if (!keep.len) return NULL;
    copy = node_copy(rw->a, n);
    copy->items = keep;
    return copy;
}

/* ---- assignments ---- */

static Node *layer_value(Rw *rw, Node *value)
{
    value = node_unparen(value);
    int n;
    if (value->kind != N_CALL) return NULL;
    site_events(rw, value, EV_LAYER, &n);
    return n ? value : NULL;
}

/* The further steps of self.name = Layer(...), as attributes beside it. */
static void step_attributes(Rw *rw, Node *n, Node *target, Plan *p)
{
    Node *site = layer_value(rw, n->b);
    int map = map_for(rw, site);
    for (int i = 0; i < p->steps.len; i++) {
        const PlanStep *s = &p->steps.at[i];
        if (s->place == STEP_MAIN || !step_is_attribute(rw, s)) continue;
        StrVec unsaid = {0};
        Node *made = step_construct(rw, s, &unsaid);
        if (unsaid.len) flag(rw, n, "%s cannot be written in %s", unsaid.at[0], rw->to->title);
        made->map = map;
        const char *name = arena_printf(rw->a, "%s_%s", target->name, s->suffix ? s->suffix : "step");
        Node *stmt = py_assign(rw->a, py_attr(rw->a, target->a, name), made);
        vec_push(rw->a, s->place == STEP_BEFORE ? rw->before : rw->after, stmt);
    }
}

/* b, c, h, w = x.shape where the target holds the axes in another order: the names follow. */
static Node *shape_targets(Rw *rw, Node *n, Node *target)
{
    int count, perm[MAX_RANK];
    Event **e = site_events(rw, node_unparen(n->b), EV_SHAPE, &count);
    if (!count || e[0]->axis >= 0 || target->kind != N_TUPLE || !e[0]->in.len) return target;
    const PivotTensor *t = e[0]->in.at[0];
    if (t->rank != target->items.len || !layout_perm(rw->layout, t, perm)) return target;
    Node *copy = node_copy(rw->a, target);
    for (int j = 0; j < t->rank; j++) copy->items.at[j] = target->items.at[perm[j]];
    copy->from = NULL;
    return copy;
}

/* out, _ = (value, None): the target's layer returns the one thing. */
static bool drops_states(Node *target, Node *value)
{
    return target->kind == N_TUPLE && target->items.len == 2 && value->kind == N_TUPLE && value->items.len == 2 &&
           value->id == 0 && value->items.at[1]->kind == N_NONE;
}

static bool is_empty(const Node *n)
{
    return (n->kind == N_LIST || n->kind == N_DICT || n->kind == N_TUPLE) && !n->items.len;
}

/* self.blocks_modules = ModuleList(modules_in(self.blocks)): what a list holds that no container can hold as it is. */
static void named_beside(Rw *rw, Node *target, const char *holder, const char *helper, const char *suffix)
{
    if (!holder || !helper) return;
    Node *made = py_call(rw->a, name_of(rw, holder)), *found = py_call(rw->a, helper_of(rw, helper));
    vec_push(rw->a, &found->items, target);
    vec_push(rw->a, &made->items, found);
    Node *name = py_attr(rw->a, target->a, arena_printf(rw->a, "%s_%s", target->name, suffix));
    vec_push(rw->a, rw->init_extra ? rw->init_extra : rw->after, py_assign(rw->a, name, made));
}

/* self.blocks = [...] for a target that does not look into plain lists: in a container of its own, or, where that
 * cannot hold it as it is, with the modules and weights in it named beside it. */
static Node *held(Rw *rw, Node *n, Node *target, Node *value)
{
    const char *tracks = dialect_fact(rw->to, "tracks_lists");
    const Holder *h = NULL;
    for (int i = 0; i < rw->t->holders.len && !h; i++)
        if (rw->t->holders.at[i].stmt == n) h = &rw->t->holders.at[i];
    if (!h || str_eq(tracks, "true") || target->kind != N_ATTRIBUTE) return value;
    if (h->kind == HOLDER_MIXED) {
        if (h->modules) named_beside(rw, target, dialect_fact(rw->to, "list_holder"), dialect_fact(rw->to, "helper:holder"), "modules");
        if (h->weights) named_beside(rw, target, dialect_fact(rw->to, "weight_list_holder"), dialect_fact(rw->to, "helper:weight_holder"), "weights");
        return value;
    }
    const char *fact = arena_printf(rw->a, "%s%s_holder", h->weights ? "weight_" : "", h->kind == HOLDER_DICT ? "dict" : "list");
    const char *holder = dialect_fact(rw->to, fact);
    if (!holder) return value;
    Node *made = py_call(rw->a, name_of(rw, holder));
    if (!is_empty(node_unparen(value))) vec_push(rw->a, &made->items, value);
    made->from = n->b;
    return made;
}

static Node *rewrite_assign(Rw *rw, Node *n)
{
    Node *value = rewrite_expr(rw, n->b), *copy = NULL;
    Node *site = layer_value(rw, n->b);
    Plan *p = site ? plan_for(rw, site) : NULL;
    NodeVec targets = {0};
    for (int i = 0; i < n->items.len; i++) vec_push(rw->a, &targets, rewrite_expr(rw, n->items.at[i]));
    if (targets.len == 1) {
        targets.at[0] = shape_targets(rw, n, targets.at[0]);
        if (drops_states(targets.at[0], value)) {
            targets.at[0] = targets.at[0]->items.at[0];
            Node *one = value->items.at[0];
            if (!one->map) one->map = value->map;
            value = one;
        }
        if (p && !p->one_call && !p->unsupported && mode_for(rw, site) == MODE_ATTR &&
            targets.at[0]->kind == N_ATTRIBUTE)
            step_attributes(rw, n, targets.at[0], p);
        value = held(rw, n, targets.at[0], value);
    }
    bool same = value == n->b;
    for (int i = 0; i < targets.len; i++) same &= targets.at[i] == n->items.at[i];
    if (same) return n;
    copy = node_copy(rw->a, n);
    copy->items = targets;
    copy->b = value;
    return copy;
}

/* ---- blocks ---- */

static void rewrite_body(Rw *rw, const NodeVec *in, NodeVec *out)
{
    out->at = NULL;
    out->len = out->cap = 0;
    NodeVec *before = rw->before, *after = rw->after;
    StrVec flags = rw->flags, stubs = rw->stubs;
    rewrite_block(rw, in, out);
    rw->before = before;
    rw->after = after;
    rw->flags = flags;
    rw->stubs = stubs;
}

static bool same_nodes(const NodeVec *x, const NodeVec *y)
{
    if (x->len != y->len) return false;
    for (int i = 0; i < x->len; i++)
        if (x->at[i] != y->at[i]) return false;
    return true;
}

static Node *rewrite_compound(Rw *rw, Node *n)
{
    Node *copy = node_copy(rw->a, n);
    copy->a = rewrite_expr(rw, n->a);
    copy->b = rewrite_expr(rw, n->b);
    bool same = copy->a == n->a && copy->b == n->b;
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        copy->items.at[i] = node_is_stmt(x) || x->kind == N_EXCEPT || x->kind == N_CASE ? rewrite_compound(rw, x)
                                                                                          : rewrite_expr(rw, x);
        same &= copy->items.at[i] == x;
    }
    rewrite_body(rw, &n->body, &copy->body);
    rewrite_body(rw, &n->orelse, &copy->orelse);
    rewrite_body(rw, &n->final, &copy->final);
    same = same && same_nodes(&n->body, &copy->body) && same_nodes(&n->orelse, &copy->orelse) &&
           same_nodes(&n->final, &copy->final);
    return same ? n : copy;
}

/* with torch.no_grad(): the body, where the target has nothing of the kind. */
bool inert_with(Rw *rw, Node *n)
{
    if (rw->from == rw->to) return false;
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i]->a;
        const char *d = static_dotted(rw, x->kind == N_CALL ? x->a : x);
        if (!d || !dialect_inert(rw->from, d)) return false;
    }
    return n->items.len > 0;
}

/* model.eval(), torch.manual_seed(0): no meaning in the target. */
bool inert_statement(Rw *rw, Node *n)
{
    if (n->kind != N_EXPR || n->a->kind != N_CALL || rw->from == rw->to) return false;
    const char *d = static_dotted(rw, n->a->a);
    return d && dialect_inert(rw->from, d);
}

static const char *joined(Rw *rw, const StrVec *v)
{
    const char *s = v->at[0];
    for (int i = 1; i < v->len; i++) s = arena_printf(rw->a, "%s; %s", s, v->at[i]);
    return s;
}

typedef struct Border {
    Rw *rw;
    bool found;
} Border;

static bool names_border(Node *n, void *ctx)
{
    Border *b = ctx;
    bool named = n->kind == N_NAME || n->kind == N_ATTRIBUTE;
    b->found |= named && dialect_lists(b->rw->from, "boundaries", n->name);
    return !b->found;
}

/* Code that no run came to, and that fetches something from outside (a checkpoint of the source's framework): it is
 * where the port ends, not a gap in it. */
static bool is_boundary(Rw *rw, Node *n)
{
    Border b = {.rw = rw};
    if (n->id <= 0 || rw->t->executed[n->id] || !rw->fn) return false;
    if (question_unreached(rw, n)) return true;
    node_walk(n, names_border, &b);
    return b.found;
}

/* The statement as a marked comment, and inside of a function a raise. */
void push_flagged(Rw *rw, Node *n, NodeVec *out)
{
    const char *why = joined(rw, &rw->flags);
    bool boundary = is_boundary(rw, n);
    if (boundary) why = question_unreached(rw, n) ? "the network that was asked for does not come here"
                                                  : "what this fetches belongs to the framework that the network came from";
    Node *stub = NULL;
    if (rw->fn) {
        stub = ARENA_NEW(rw->a, Node);
        stub->kind = N_RAISE;
        stub->a = py_call(rw->a, py_name(rw->a, "NotImplementedError"));
        vec_push(rw->a, &stub->a->items, py_str(rw->a, why));
    } else {
        stub = ARENA_NEW(rw->a, Node);
        stub->kind = N_PASS;
    }
    vec_push(rw->a, &stub->lead, arena_printf(rw->a, "%s: %s", boundary ? "Left out" : "PORT", why));
    char *text = node_source(rw->a, rw->t->module, n);
    for (char *line = text, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end) *end++ = '\0';
        vec_push(rw->a, &stub->lead, arena_printf(rw->a, "    %s", line));
    }
    stub->map = map_for(rw, n);
    if (boundary) note(rw, "line %d: a boundary: %s", static_line(rw, n), why);
    else rw->res->gaps++;
    vec_push(rw->a, out, stub);
    account(rw, n, FATE_FLAGGED, why);
}

/* if not (weights is None or exists(weights)): raise ..., and assert: what only refuses values, and refused none here. */
static bool only_checks(const Rw *rw, const Node *n)
{
    if (n->id <= 0) return false;
    if (n->kind == N_ASSERT) return rw->t->executed[n->id];
    const Node *raise = n->kind == N_IF && n->body.len == 1 && !n->orelse.len ? n->body.at[0] : NULL;
    return raise && raise->kind == N_RAISE && rw->t->executed[n->id] && !rw->t->executed[raise->id];
}

static bool sets_docstring(const Node *n)
{
    const Node *target = n->kind == N_ASSIGN && n->items.len == 1 ? n->items.at[0] : NULL;
    return target && target->kind == N_ATTRIBUTE && str_eq(target->name, "__doc__");
}

/* A statement without a counterpart that the network does not need: left out, with a note, and what was asked about it
 * (the questions from `asked` on) is asked no more. */
static bool leaves_out(Rw *rw, Node *n, int asked)
{
    const char *what = only_checks(rw, n) ? "a check of arguments" : sets_docstring(n) ? "a docstring" : NULL;
    if (!what) return false;
    const char *why = joined(rw, &rw->flags);
    QuestionList *questions = &rw->res->questions;
    while (questions->list.len > asked && questions->list.at[questions->list.len - 1]->kind == Q_UNSUPPORTED)
        questions->list.len--;
    note(rw, "line %d: left out, %s for which %s", static_line(rw, n), what, why);
    account(rw, n, FATE_PORTED, why);
    return true;
}

/* model.add(layer): one statement for each step; none for an Input, which the target has no layer for. */
static bool rewrite_add(Rw *rw, Node *n, NodeVec *out)
{
    Node *call = n->kind == N_EXPR ? n->a : NULL;
    if (!call || rw->from == rw->to || !adds_to_sequential(rw, call)) return false;
    Node *arg = call->items.at[0];
    const char *dotted = arg->kind == N_CALL ? static_dotted(rw, arg->a) : NULL;
    const DialectRow *row = dotted ? dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version) : NULL;
    NodeVec items = {0};
    int count;
    site_events(rw, arg, EV_LAYER, &count);
    bool input = row && str_eq(row->kind->name, "InputLayer");
    if (!input && count && mode_for(rw, arg) == MODE_SPLICE) layer_elements(rw, arg, &items);
    else if (!input) vec_push(rw->a, &items, rewrite_expr(rw, arg));
    const char *method = dialect_fact(rw->to, "sequential_add");
    for (int i = 0; i < items.len; i++) {
        Node *made = py_call(rw->a, py_attr(rw->a, rewrite_expr(rw, call->a->a), method ? method : call->a->name));
        vec_push(rw->a, &made->items, items.at[i]);
        made = py_expr_stmt(rw->a, made);
        if (i == items.len - 1) made->from = n;
        vec_push(rw->a, out, made);
    }
    return true;
}

/* A function of the framework that asserts: Python's own statement. */
static Node *assertion(Rw *rw, Node *n)
{
    const char *d = rw->from != rw->to && n->a->kind == N_CALL ? static_dotted(rw, n->a->a) : NULL;
    if (!d || !dialect_lists(rw->from, "assertions", d) || !n->a->items.len) return NULL;
    Node *made = ARENA_NEW(rw->a, Node);
    made->kind = N_ASSERT;
    made->from = n;
    made->a = rewrite_expr(rw, n->a->items.at[0]);
    if (n->a->items.len > 1) made->b = rewrite_expr(rw, n->a->items.at[1]);
    return made;
}

static Node *rewrite_stmt(Rw *rw, Node *n)
{
    Node *freezes = freeze_statement(rw, n);
    if (freezes) return freezes;
    Node *added = member_added(rw, n);
    if (added) return added;
    switch (n->kind) {
    case N_CLASS: return rewrite_class(rw, n);
    case N_FUNCTION: return rewrite_function(rw, n);
    case N_EXPR: {
        Node *made = assertion(rw, n);
        if (made) return made;
        made = parameter_statement(rw, n);
        if (made) return made;
        made = rewrite_expr(rw, n);
        bool bare = made != n && made->kind == N_EXPR && made->a->kind == N_NAME && rw->before && rw->before->len;
        return bare ? NULL : made; /* what stood here is bound in front */
    }
    case N_ANNASSIGN: { /* an annotation in the source's terms goes; it never changes what is computed */
        Node *made = n->b && rw->fn ? py_assign(rw->a, rewrite_expr(rw, n->a), rewrite_expr(rw, n->b)) : NULL;
        Node *kept = class_annotation(rw, n->c);
        if (kept) return rewrite_expr(rw, n);
        if (made) {
            made->from = n;
            return made;
        }
        if (rw->fn) return NULL; /* a local annotation says nothing at run time; a field of a class is one by it */
        Node *field = node_copy(rw->a, n);
        field->c = py_name(rw->a, "object");
        field->b = n->b ? rewrite_expr(rw, n->b) : NULL;
        return field;
    }
    case N_AUGASSIGN: {
        Node *made = inplace_statement(rw, n);
        return made ? made : rewrite_expr(rw, n);
    }
    case N_ASSIGN: {
        Node *made = inplace_statement(rw, n);
        return made ? made : rewrite_assign(rw, n);
    }
    case N_IF:
    case N_FOR:
    case N_WHILE:
    case N_TRY:
    case N_WITH:
    case N_MATCH: return rewrite_compound(rw, n);
    case N_ERROR:
        flag(rw, n, "this did not parse");
        return n;
    default: return rewrite_expr(rw, n);
    }
}

static bool has_body(const Node *n)
{
    return n->body.len > 0;
}

/* Outputs.__annotations__ = {"logits": Tensor} */
static bool annotates(const Rw *rw, const Node *n)
{
    return rw->from != rw->to && n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_ATTRIBUTE &&
           str_eq(n->items.at[0]->name, "__annotations__");
}

typedef struct ShapeReads {
    const Rw *rw;
    int shapes;
} ShapeReads;

static bool find_shape_read(Node *n, void *ctx)
{
    ShapeReads *r = ctx;
    bool named = n->kind == N_ATTRIBUTE && (dialect_lists(r->rw->from, "model_output_attributes", n->name) ||
                                            dialect_lists(r->rw->from, "model_input_attributes", n->name));
    r->shapes += named && strstr(n->name, "shape");
    return true;
}

/* assert model.output_shape == (None, 7, 7, 256), where the target's networks have no such attribute. */
static bool checks_shape(Rw *rw, Node *n)
{
    if (n->kind != N_ASSERT || rw->from == rw->to) return false;
    const StrVec *same = dialect_list(rw->to, "model_output_attributes");
    ShapeReads r = {.rw = rw};
    if (!same || !same->len) node_walk(n, find_shape_read, &r);
    return r.shapes > 0;
}

/* The mark at the end of a statement that holds a stub. */
static const char *stub_mark(Rw *rw, Node *n)
{
    if (question_unreached(rw, n)) return "Left out: the network that was asked for does not come here";
    rw->res->gaps++;
    return arena_printf(rw->a, "PORT: %s", joined(rw, &rw->stubs));
}

/* if K.image_data_format() == "channels_first": ... else: ...: the arm that comes, alone. */
static bool settled_if(Rw *rw, Node *n, NodeVec *out)
{
    Settled test = n->kind == N_IF ? settled_test(rw, n->a) : SETTLED_OPEN;
    if (test == SETTLED_OPEN) return false;
    const NodeVec *comes = test == SETTLED_TRUE ? &n->body : &n->orelse, *goes = test == SETTLED_TRUE ? &n->orelse : &n->body;
    account(rw, n, FATE_PORTED, "which way it goes is settled by the target");
    for (int i = 0; i < goes->len; i++) account_all(rw, goes->at[i], "an arm that the target never takes");
    note(rw, "line %d: this test always goes one way in %s: the other arm is left out", static_line(rw, n), rw->to->title);
    rewrite_block(rw, comes, out);
    return true;
}

/* x = x, of a source that said something: x = x.permute(0, 2, 3, 1) where the target holds x so. Comments stay at it. */
static bool became_idle(const Node *n, const Node *made)
{
    if (!made || made == n || made->kind != N_ASSIGN || made->items.len != 1 || !made->b || n->lead.len) return false;
    const Node *to = made->items.at[0], *value = node_unparen(made->b), *was = n->b ? node_unparen(n->b) : NULL;
    return to->kind == N_NAME && value->kind == N_NAME && str_eq(to->name, value->name) && was && was->kind != N_NAME;
}

void rewrite_block(Rw *rw, const NodeVec *in, NodeVec *out)
{
    for (int i = 0; i < in->len; i++) {
        Node *n = in->at[i];
        int taken = training_rewrite(rw, in, i, out);
        if (taken) {
            i += taken - 1;
            continue;
        }
        if (n->kind == N_IMPORT || n->kind == N_IMPORTFROM) {
            Node *left = strip_import(rw, n);
            account(rw, n, left == n ? FATE_KEPT : FATE_PORTED, "import");
            if (left) vec_push(rw->a, out, left);
            continue;
        }
        if (n->kind == N_WITH && inert_with(rw, n)) {
            account(rw, n, FATE_PORTED, "a context without meaning in the target");
            rewrite_block(rw, &n->body, out);
            continue;
        }
        if (static_own_helper(rw, n)) {
            account(rw, n, FATE_PORTED, "a helper of an earlier port: what it stands for is written where it is used");
            continue;
        }
        if (static_is_alias(rw, n)) {
            account(rw, n, FATE_PORTED, "a module of the framework by another name");
            continue;
        }
        if (initialise_leaves_out(rw, n)) continue;
        if (member_probe(rw, n)) {
            account(rw, n, FATE_PORTED, "a weight that only says of which type others are");
            continue;
        }
        if (annotates(rw, n)) {
            account(rw, n, FATE_PORTED, "annotations in the source's terms, which nothing computes with");
            continue;
        }
        if (checks_shape(rw, n)) {
            account(rw, n, FATE_PORTED, "a check of a shape that the source's networks keep");
            note(rw, "line %d: left out, a check of a shape: the target's networks keep none", static_line(rw, n));
            continue;
        }
        if (settled_if(rw, n, out)) continue;
        if (inert_statement(rw, n)) {
            account(rw, n, FATE_PORTED, "a call without meaning in the target");
            note(rw, "line %d: %s has no counterpart and no meaning in the target", static_line(rw, n),
                 node_source(rw->a, rw->t->module, n->a->a));
            continue;
        }
        NodeVec before = {0}, after = {0}, *old_before = rw->before, *old_after = rw->after;
        StrVec old_flags = rw->flags, old_stubs = rw->stubs;
        rw->before = &before;
        rw->after = &after;
        rw->flags = (StrVec){0};
        rw->stubs = (StrVec){0};
        NodeVec added = {0};
        int questions = rw->res->questions.list.len;
        bool adds = rewrite_add(rw, n, &added);
        Node *made = adds ? NULL : rewrite_stmt(rw, n);
        for (int k = 0; k < added.len && !rw->flags.len; k++) {
            if (rw->stubs.len && k == added.len - 1) {
                added.at[k]->trail = stub_mark(rw, n);
            }
            vec_push(rw->a, out, added.at[k]);
        }
        if (rw->flags.len) {
            if (!leaves_out(rw, n, questions)) push_flagged(rw, n, out);
        } else {
            for (int k = 0; k < before.len; k++) vec_push(rw->a, out, before.at[k]);
            if (rw->stubs.len && made && made != n) {
                if (made->id > 0) made = node_copy(rw->a, made);
                made->trail = stub_mark(rw, n);
            }
            if (!rw->stubs.len && !before.len && !after.len && became_idle(n, made)) {
                account(rw, n, FATE_PORTED, "the target holds it so already");
                made = NULL;
            }
            if (made) vec_push(rw->a, out, made);
            for (int k = 0; k < after.len; k++) vec_push(rw->a, out, after.at[k]);
            account(rw, n, rw->stubs.len && !has_body(n) ? FATE_FLAGGED : made == n ? FATE_KEPT : FATE_PORTED,
                    rw->stubs.len ? rw->stubs.at[0] : NULL);
        }
        rw->before = old_before;
        rw->after = old_after;
        rw->flags = old_flags;
        rw->stubs = old_stubs;
        fit_waiting(rw, n, out);
    }
}
