/* Loops. A known iterable runs as often as it says. Something unknown runs the body once, with an
 * unknown target. A free size runs it once, too: one iteration stands for all, its index is a
 * symbol, and a list that it fills has the loop's length.
 *
 * A loop that trains (its body takes training steps and builds nothing) says the same each time:
 * after a few rounds it is left as if it had ended. */
#include <string.h>

#include "trace/pystate.h"

#define TRAINING_ROUNDS 2

/* What the events since `first` were: 1 a step of training and nothing built. */
static bool only_trains(const Interp *in, int first)
{
    bool trains = false;
    for (int i = first; i < in->trace->events.len; i++) {
        EventKind k = in->trace->events.at[i]->kind;
        if (k == EV_LAYER || k == EV_CONTAINER || k == EV_NN) return false;
        trains |= k == EV_TRAINING;
    }
    return trains;
}

typedef struct Loop {
    Node *node;
    Node *outer;
    int rounds; /* that trained */
    bool broke, ran;
    Value *first; /* what an empty range would have begun with */
} Loop;

/* One round. False: the loop is over, and *flow says how. */
static bool body(Interp *in, Env *env, Loop *l, FlowKind *flow)
{
    int events = in->trace->events.len;
    l->ran = true;
    if (!step(in, l->node)) {
        *flow = FLOW_RAISE;
        return false;
    }
    *flow = exec_block(in, env, &l->node->body);
    if (*flow == FLOW_BREAK) {
        l->broke = true;
        *flow = FLOW_NORMAL;
        return false;
    }
    if (*flow == FLOW_CONTINUE) *flow = FLOW_NORMAL;
    if (*flow != FLOW_NORMAL) return false;
    if (only_trains(in, events) && ++l->rounds >= TRAINING_ROUNDS) return false;
    return true;
}

static FlowKind finish(Interp *in, Env *env, Loop *l, FlowKind flow)
{
    in->py->loop = l->outer;
    if (in->raising) return FLOW_RAISE;
    if (!l->ran && in->act) { /* for what stands in it */
        if (l->node->kind == N_FOR)
            forced_round(in, env, l->node,
                         l->first ? l->first : v_unknown(in, "an item of an empty loop"));
        else forced_block(in, env, l->node, true, &l->node->body, 0);
        if (in->raising) return FLOW_RAISE;
    }
    if (flow == FLOW_NORMAL && !l->broke && l->node->orelse.len)
        return exec_block(in, env, &l->node->orelse);
    return flow;
}

static void once(Interp *in, Env *env, Loop *l, Value *item, FlowKind *flow)
{
    assign_target(in, env, l->node->a, item);
    if (in->raising) *flow = FLOW_RAISE;
    else body(in, env, l, flow);
}

/* One abstract round of a loop over a free size. */
static void run_free(Interp *in, Env *env, Loop *l, Size count, Value *item, FlowKind *flow)
{
    PyState *py = in->py;
    Size outer = py->free_loop;
    int born = py->free_loop_born;
    py->free_loop = count;
    py->free_loop_born = ++in->steps; /* what is made from here on is made by the body */
    once(in, env, l, item, flow);
    py->free_loop = outer;
    py->free_loop_born = born;
}

static Value *free_index(Interp *in, const Value *range, const Node *target)
{
    const char *name = target && target->kind == N_NAME ? target->name : "i";
    Value *v = v_int(in, range->u.range.lo);
    v->free = size_free(in->arena, name, 2).free;
    return v;
}

static bool run_if_free(Interp *in, Env *env, Loop *l, Value *over, FlowKind *flow)
{
    if (over->kind == V_RANGE && over->free) {
        run_free(in, env, l, (Size){range_len(over), over->free}, free_index(in, over, l->node->a),
                 flow);
        return true;
    }
    if (over->kind == V_LIST && over->free && over->items.len) {
        run_free(in, env, l, (Size){over->pos, over->free}, over->items.at[0], flow);
        return true;
    }
    if (over->kind == V_TENSOR && over->u.tensor->rank > 0 && over->u.tensor->dims[0].free) {
        Value *item = tensor_getitem(in, over, v_int(in, 0), l->node);
        run_free(in, env, l, over->u.tensor->dims[0], item, flow);
        return true;
    }
    return false;
}

FlowKind exec_for(Interp *in, Env *env, Node *n)
{
    Value *over = eval(in, env, n->b);
    if (in->raising) return FLOW_RAISE;
    Loop l = {.node = n, .outer = in->py->loop};
    in->py->loop = n;
    FlowKind flow = FLOW_NORMAL;
    if (run_if_free(in, env, &l, over, &flow)) return finish(in, env, &l, flow);
    Value *lazy = v_base(over);
    if (lazy->kind == V_RANGE) l.first = v_int(in, lazy->u.range.lo);
    if (is_lazy(lazy) &&
        !user_method(in, over, "__iter__")) { /* lists may grow while they are walked */
        Value *item;
        for (long long i = 0; (item = lazy_item(in, lazy, i)) != NULL; i++) {
            assign_target(in, env, n->a, item);
            if (in->raising || !body(in, env, &l, &flow)) break;
        }
        return finish(in, env, &l, flow);
    }
    ValueVec items = {0};
    if (over->kind == V_ITER) { /* what is left when the loop breaks stays for others */
        while (over->pos < over->items.len) {
            forced_note_value(in, over);
            assign_target(in, env, n->a, over->items.at[over->pos++]);
            if (in->raising || !body(in, env, &l, &flow)) break;
        }
        return finish(in, env, &l, flow);
    }
    if (!iterate(in, over, &items, n)) {
        if (in->raising) return finish(in, env, &l, FLOW_RAISE);
        in->py->doubt = true;
        Value *why =
            over->kind == V_UNKNOWN ? over : v_unknown(in, "an item of %s", v_type_name(over));
        once(in, env, &l, why, &flow);
        return finish(in, env, &l, flow);
    }
    for (int i = 0; i < items.len; i++) {
        assign_target(in, env, n->a, items.at[i]);
        if (in->raising || !body(in, env, &l, &flow)) break;
    }
    return finish(in, env, &l, flow);
}

FlowKind exec_while(Interp *in, Env *env, Node *n)
{
    Loop l = {.node = n, .outer = in->py->loop};
    in->py->loop = n;
    FlowKind flow = FLOW_NORMAL;
    Branch *b = branch_note(in, n);
    for (;;) {
        Value *v = eval(in, env, n->a);
        if (in->raising) break;
        bool guard = false;
        int t = v->kind == V_TENSOR ? -1 : truth(in, v, &guard);
        if (in->raising) break;
        if (t < 0) { /* once, for what stands in it */
            in->py->doubt = true;
            if (b) *(v->kind == V_TENSOR ? &b->on_tensor : &b->on_unknown) = true;
            body(in, env, &l, &flow);
            break;
        }
        if (b && !in->forced) *(t ? &b->took_true : &b->took_false) = true;
        if (!t || !body(in, env, &l, &flow)) break;
    }
    return finish(in, env, &l, flow);
}
