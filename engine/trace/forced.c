/* Arms that were not taken. A definition's body holds all arms of its conditionals, and each of
 * them wants the events that tell what stands there; so the arm that this instance does not take is
 * run too, and everything it changed is undone: names, attributes, items. What it records is marked
 * forced.
 *
 * The journal holds the state of a map entry or of a value before its first change; undoing goes
 * backwards through it. An arm is forced a few times at most, never while it is being forced, and
 * in a bounded number of steps; its exceptions, questions and diagnostics are nobody's. */
#include <string.h>

#include "trace/frame.h"
#include "trace/pystate.h"

#define FORCED_STEPS 20000 /* of the outermost forced arm with all that it calls */
#define FORCED_TRIES 2     /* of one arm */
#define FORCED_NEST 12     /* an if-elif chain is nested arms */
#define FORCED_TOTAL 400000 /* steps of all forced arms of a trace */

static ValueVec vec_copy(Interp *in, const ValueVec *v)
{
    ValueVec c = {0};
    if (v->len) {
        c.at = ARENA_ARRAY(in->arena, Value *, v->len);
        memcpy(c.at, v->at, sizeof(Value *) * (size_t)v->len);
        c.len = c.cap = v->len;
    }
    return c;
}

void forced_note_value(Interp *in, Value *v)
{
    if (!in->forced) return;
    Undo u = {.value = v, .saved = *v};
    u.saved.items = vec_copy(in, &v->items);
    u.saved.keys = vec_copy(in, &v->keys);
    vec_push(in->arena, &in->py->undo, u);
}

void forced_note_map(Interp *in, Map *m, const char *key)
{
    if (!in->forced) return;
    Undo u = {.map = m, .key = key, .old = map_get(m, key), .had = map_has(m, key)};
    vec_push(in->arena, &in->py->undo, u);
}

/* What a constructor's arm built is gone with the arm; the arm of the forward pass that has the same test asks for it. */
static void keep_shadow(Interp *in, const Map *m, const char *key)
{
    PyState *py = in->py;
    Value *v = map_get(m, key);
    if (!v || (v->kind != V_LAYER && v->kind != V_CONTAINER && v->kind != V_OBJECT)) return;
    if (!py->shadows) py->shadows = map_new(in->arena);
    map_set(py->shadows, arena_printf(in->arena, "%p.%s", (const void *)m, key), v);
}

Value *forced_shadow(Interp *in, const Map *attrs, const char *key)
{
    if (!in->forced || !in->py->shadows) return NULL;
    return map_get(in->py->shadows, arena_printf(in->arena, "%p.%s", (const void *)attrs, key));
}

static void undo_to(Interp *in, int mark)
{
    PyState *py = in->py;
    while (py->undo.len > mark) {
        Undo *u = &py->undo.at[--py->undo.len];
        if (u->value) *u->value = u->saved;
        else if (u->had) map_set(u->map, u->key, u->old);
        else {
            keep_shadow(in, u->map, u->key);
            map_remove(u->map, u->key);
        }
    }
}

bool forced_may(Interp *in, Node *branch, bool arm)
{
    if (in->raising || in->forced >= FORCED_NEST || branch->id <= 0 ||
        in->py->forced_total > FORCED_TOTAL)
        return false;
    int tries = arm ? in->py->tried[branch->id] & 15 : in->py->tried[branch->id] >> 4;
    return tries < FORCED_TRIES;
}

ForcedRun forced_begin(Interp *in)
{
    PyState *py = in->py;
    ForcedRun s = {py->undo.len, py->forced_left, in->result, py->handling,
                   in->raised,   py->doubt,       py->yielded};
    if (!in->forced) py->forced_left = FORCED_STEPS;
    in->forced++;
    return s;
}

static ForcedRun begin(Interp *in, Node *branch, bool arm)
{
    in->py->tried[branch->id] = (unsigned char)(in->py->tried[branch->id] + (arm ? 1 : 16));
    return forced_begin(in);
}

void forced_end(Interp *in, const ForcedRun *s)
{
    PyState *py = in->py;
    in->forced--;
    undo_to(in, s->mark);
    if (!py->out_of_steps) { /* a limit of the whole trace goes on upwards */
        in->raising = false;
        py->unwinding = false;
    }
    if (!in->forced) py->forced_left = 0;
    else if (py->forced_left <= 0) { /* the outer arm is over, too */
        in->raising = py->unwinding = true;
    }
    in->result = s->result;
    in->raised = s->raised;
    py->handling = s->handling;
    py->doubt = s->doubt;
    py->yielded = s->yielded;
}

/* `if mask is not None:` with a mask that this call does not give: whoever gives one gives a tensor. */
static void assume_given(Interp *in, Env *env, Node *branch, bool arm)
{
    Node *given = branch_optional(branch->kind == N_IFEXP ? branch->b : branch->a, arm);
    Value *v = given && given->kind == N_NAME && in->graph_nn ? env_get(env, given->name) : NULL;
    if (v && v->kind == V_NONE) env_set(env, given->name, v_tensor(in, tensor_unknown(in), given));
}

void forced_block(Interp *in, Env *env, Node *branch, bool arm, const NodeVec *stmts, int from)
{
    if (stmts->len <= from || !forced_may(in, branch, arm)) return;
    NodeVec rest = {stmts->at + from, stmts->len - from, stmts->len - from};
    ValueVec sink = {0};
    ForcedRun s = begin(in, branch, arm);
    if (branch->kind == N_IF) assume_given(in, env, branch, arm);
    if (s.yielded) in->py->yielded = &sink; /* a generator's arm yields to nobody */
    exec_block(in, env, &rest);
    forced_end(in, &s);
}

void forced_round(Interp *in, Env *env, Node *loop, Value *item)
{
    if (!forced_may(in, loop, true)) return;
    ValueVec sink = {0};
    ForcedRun s = begin(in, loop, true);
    if (s.yielded) in->py->yielded = &sink;
    assign_target(in, env, loop->a, item);
    exec_block(in, env, &loop->body);
    forced_end(in, &s);
}

void forced_call(Interp *in, Env *env, Node *branch, Value *callee, Args *args, Node *site)
{
    if (!forced_may(in, branch, false)) return;
    ForcedRun s = begin(in, branch, false);
    call_value(in, env, callee, args, site);
    forced_end(in, &s);
}

void forced_expr(Interp *in, Env *env, Node *branch, bool arm, Node *expr)
{
    if (!forced_may(in, branch, arm)) return;
    ForcedRun s = begin(in, branch, arm);
    if (branch->kind == N_IFEXP) assume_given(in, env, branch, arm);
    eval(in, env, expr);
    forced_end(in, &s);
}
