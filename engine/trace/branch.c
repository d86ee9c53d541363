/* Choices: if, conditional expressions, and what is recorded of them.
 *
 * A known test is followed. The other arm is run too, for its events only (forced.c), before the
 * chosen one, so that it sees the state that it would see. Where the chosen arm ends the block
 * (return, raise, continue, break), the other way goes on behind the conditional, and so does its
 * forced run.
 *
 * A test that depends on a free size is decided by the hint and noted as a guard. A test that is
 * not known is decided by a recorded answer, else by what makes the network most complete: an
 * optional that is there, an arm that does not just raise, else the true arm; it is a question
 * where framework code stands in an arm and a network is being traced. */
#include <string.h>

#include "trace/pystate.h"

Branch *branch_note(Interp *in, Node *n)
{
    if (n->id <= 0 || n->id > in->trace->nids) return NULL;
    Branch **b = &in->trace->branch_of[n->id];
    if (!*b) {
        *b = ARENA_NEW(in->arena, Branch);
        (*b)->node = n;
    }
    return *b;
}

static void note_taken(Interp *in, Branch *b, bool arm)
{
    if (!b || in->forced) return;
    if (arm) b->took_true = true;
    else b->took_false = true;
}

static void note_guard(Interp *in, Node *test, const Value *v)
{
    diag_at(in, SEV_NOTE, "guard", test,
            "this holds for the sizes traced with (%s); the port is only as general as this test",
            v->kind == V_BOOL && v->u.b ? "true" : "false");
}

/* Does a block never run past its end? */
static bool ends(const NodeVec *stmts)
{
    if (stmts->len == 0) return false;
    const Node *n = stmts->at[stmts->len - 1];
    switch (n->kind) {
    case N_RETURN: case N_RAISE: case N_CONTINUE: case N_BREAK: return true;
    case N_IF: return ends(&n->body) && ends(&n->orelse);
    case N_WITH: return ends(&n->body);
    default: return false;
    }
}

static bool only_gives_up(const NodeVec *stmts)
{
    return stmts->len > 0 && stmts->at[stmts->len - 1]->kind == N_RAISE;
}

/* What runs where the arm is not taken: the other arm, and the rest of the block where the taken
 * arm ends it. */
static void force_other(Interp *in, Env *env, Node *n, bool taken, const NodeVec *stmts, int next)
{
    const NodeVec *arm = taken ? &n->body : &n->orelse, *other = taken ? &n->orelse : &n->body;
    if (!ends(arm)) {
        forced_block(in, env, n, !taken, other, 0);
        return;
    }
    if (ends(other)) {
        forced_block(in, env, n, !taken, other, 0);
        return;
    }
    NodeVec way = {0};
    for (int i = 0; i < other->len; i++) vec_push(in->arena, &way, other->at[i]);
    for (int i = next; i < stmts->len; i++) vec_push(in->arena, &way, stmts->at[i]);
    forced_block(in, env, n, !taken, &way, 0);
}

/* ---- tests that are not known ---- */

/* Is this `x is not None` (1) or `x is None` (0), under any nots? -1: neither. */
static int optional_test(Node *test)
{
    test = node_unparen(test);
    if (test->kind == N_UNARY && strcmp(test->op, "not") == 0) {
        int t = optional_test(test->a);
        return t < 0 ? -1 : !t;
    }
    if (test->kind != N_COMPARE || test->strs.len != 1 ||
        node_unparen(test->items.at[1])->kind != N_NONE)
        return -1;
    if (strcmp(test->strs.at[0], "is") == 0) return 0;
    return strcmp(test->strs.at[0], "is not") == 0 ? 1 : -1;
}

Node *branch_optional(Node *test, bool arm)
{
    bool given = optional_test(test) == (arm ? 1 : 0);
    Node *n = node_unparen(test);
    while (given && n->kind == N_UNARY) n = node_unparen(n->a);
    return given ? node_unparen(n->items.at[0]) : NULL;
}

static bool default_arm(Node *n)
{
    if (n->kind == N_IF && only_gives_up(&n->body)) return false;
    if (n->kind == N_IF && only_gives_up(&n->orelse)) return true;
    int optional = optional_test(n->kind == N_IFEXP ? n->b : n->a);
    return optional < 0 ? true : optional;
}

static const char *place_name(Interp *in)
{
    const Definition *d = in->act ? in->act->definition : NULL;
    return d && d->name ? d->name : "module";
}

/* The arm that a recorded answer chooses, or the default. Asked only where a network is being
 * traced. */
static bool choose(Interp *in, Node *n, Value *v, bool framework_inside)
{
    bool arm = default_arm(n);
    if (in->forced || !framework_inside || (!in->graph_nn && !in->constructing)) return arm;
    if (n->kind == N_IF && (only_gives_up(&n->body) || only_gives_up(&n->orelse))) return arm;
    const char *why = v->kind == V_UNKNOWN ? v->u.why : "it depends on the values of a tensor";
    bool at_run = v->kind == V_TENSOR || !in->constructing; /* each call goes its way, in the port as in the source */
    Question *q = ask(in, Q_BRANCH, place_name(in), n, "Which way does this branch go?", why, at_run ? "keep" : NULL);
    if (q && q->answer && strcmp(q->answer, "true") == 0) return true;
    if (q && q->answer && strcmp(q->answer, "false") == 0) return false;
    return arm;
}

static bool from_tensor(const Value *v)
{
    return v->kind == V_TENSOR || (v->kind == V_UNKNOWN && strstr(v->u.why, "tensor") != NULL);
}

/* Did something of the network happen since? */
static bool network_since(const Interp *in, int first)
{
    for (int i = first; i < in->trace->events.len; i++)
        switch (in->trace->events.at[i]->kind) {
        case EV_LAYER:
        case EV_CONTAINER:
        case EV_NN:
        case EV_APPLY:
        case EV_APPLY_NN:
        case EV_OP:
        case EV_GAP:
            return true;
        default: break;
        }
    return false;
}

static void note_unknown(Interp *in, Value *v, Branch *b)
{
    in->py->doubt = true;
    if (!b) return;
    if (from_tensor(v)) b->on_tensor = true;
    if (v->kind != V_TENSOR) b->on_unknown = true;
}

/* Said where it may matter to the network: framework code stands in an arm, or a network is being
 * traced. */
static void report_unknown(Interp *in, Node *test, const Value *v, bool framework_inside)
{
    if (!framework_inside && !in->graph_nn && !in->constructing) return;
    const char *why = v->kind == V_UNKNOWN ? v->u.why : "the values of a tensor";
    diag_at(in, SEV_NOTE, "branch", test, "which way this goes is not known: it depends on %s",
            why);
}

static FlowKind if_unknown(Interp *in, Env *env, Node *n, Value *v, Branch *b, const NodeVec *stmts,
                           int next)
{
    note_unknown(in, v, b);
    int events = in->trace->events.len;
    bool dflt = default_arm(n);
    forced_block(in, env, n, dflt, dflt ? &n->body : &n->orelse, 0);
    force_other(in, env, n, dflt, stmts, next);
    bool framework_inside = network_since(in, events);
    report_unknown(in, n->a, v, framework_inside);
    bool arm = choose(in, n, v, framework_inside);
    note_taken(in, b, arm);
    return exec_block(in, env, arm ? &n->body : &n->orelse);
}

/* ---- if ---- */

FlowKind exec_if(Interp *in, Env *env, Node *n, const NodeVec *stmts, int next)
{
    Value *v = eval(in, env, n->a);
    if (in->raising) return FLOW_RAISE;
    Branch *b = branch_note(in, n);
    if (b && v->is_training_flag) b->on_training = true;
    bool guard = false;
    int t = v->kind == V_TENSOR ? -1 : truth(in, v, &guard);
    if (in->raising) return FLOW_RAISE;
    if (t < 0 && v->is_training_flag) t = 0; /* what evaluation runs */
    if (t < 0) return if_unknown(in, env, n, v, b, stmts, next);
    if (guard) note_guard(in, n->a, v);
    if (in->act || v->from_param) force_other(in, env, n, t, stmts, next);
    if (in->raising) return FLOW_RAISE;
    note_taken(in, b, t);
    return exec_block(in, env, t ? &n->body : &n->orelse);
}

/* ---- a if b else c ---- */

Value *eval_ifexp(Interp *in, Env *env, Node *n)
{
    Value *v = eval(in, env, n->b);
    if (in->raising) return in->py->poison;
    Branch *b = branch_note(in, n);
    if (b && v->is_training_flag) b->on_training = true;
    bool guard = false;
    int t = v->kind == V_TENSOR ? -1 : truth(in, v, &guard);
    if (in->raising) return in->py->poison;
    if (t < 0 && v->is_training_flag) t = 0;
    bool arm = t > 0;
    if (t < 0) {
        note_unknown(in, v, b);
        int events = in->trace->events.len;
        arm = default_arm(n);
        forced_expr(in, env, n, arm, arm ? n->a : n->c);
        forced_expr(in, env, n, !arm, arm ? n->c : n->a);
        bool framework_inside = network_since(in, events);
        report_unknown(in, n->b, v, framework_inside);
        arm = choose(in, n, v, framework_inside);
    } else if (in->act || v->from_param) {
        forced_expr(in, env, n, !arm, arm ? n->c : n->a);
    }
    if (in->raising) return in->py->poison;
    if (guard) note_guard(in, n->b, v);
    note_taken(in, b, arm);
    Value *r = eval(in, env, arm ? n->a : n->c);
    return in->raising ? in->py->poison : v->from_param ? v_dependent(in, r) : r;
}
