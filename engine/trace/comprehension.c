/* Comprehensions and generator expressions: loops in an environment of their own, the first
 * iterable evaluated outside. Generator expressions run at once and give an iterator over the
 * result.
 *
 * Over something unknown the body runs once, so that what stands in it is seen, and the result is
 * unknown. Over a free size it runs once, and the result is a list whose length is that size. */
#include <string.h>

#include "trace/pystate.h"

typedef struct Comp {
    Node *node;
    Value *out;
    Value *unknown; /* why the result is not known */
    const SizeExpr *free;
    int hint;
} Comp;

static void run_for(Interp *in, Env *env, Comp *c, int k);

static void emit(Interp *in, Env *env, Comp *c)
{
    Node *n = c->node;
    Value *v = eval(in, env, n->a);
    if (in->raising) return;
    if (n->kind == N_DICTCOMP) {
        Value *item = eval(in, env, n->b);
        if (!in->raising && hashable(in, v, n)) dict_set(in, c->out, v, item);
    } else if (n->kind == N_SETCOMP) {
        if (hashable(in, v, n)) set_add(in, c->out, v);
    } else vec_push(in->arena, &c->out->items, v);
}

static void run_item(Interp *in, Env *env, Comp *c, int k, Value *item)
{
    Node *f = c->node->items.at[k];
    if (!step(in, c->node)) return;
    assign_target(in, env, f->a, item);
    for (int i = 0; i < f->items.len && !in->raising; i++) {
        Value *cond = eval(in, env, f->items.at[i]);
        if (in->raising) return;
        bool guard = false;
        int t = truth(in, cond, &guard);
        if (t == 0) {
            if (in->act && c->out->items.len == 0) forced_expr(in, env, c->node, true, c->node->a);
            return;
        }
        if (t < 0 && !c->unknown)
            c->unknown = cond->kind == V_UNKNOWN ? cond : v_unknown(in, "a filter on a tensor");
    }
    if (!in->raising) run_for(in, env, c, k + 1);
}

static void run_for(Interp *in, Env *env, Comp *c, int k)
{
    if (in->raising) return;
    if (k == c->node->items.len) {
        emit(in, env, c);
        return;
    }
    Node *f = c->node->items.at[k];
    Value *over = eval(in, k == 0 && env->parent ? env->parent : env, f->b);
    if (in->raising) return;
    if ((over->kind == V_RANGE || over->kind == V_LIST) && over->free) {
        c->free = over->free;
        c->hint = over->kind == V_LIST ? over->pos : (int)range_len(over);
        Value *item = over->kind == V_LIST ? (over->items.len ? over->items.at[0] : v_none(in))
                                           : v_int(in, over->u.range.lo);
        if (over->kind == V_RANGE)
            item->free = size_free(in->arena, f->a->name ? f->a->name : "i", 2).free;
        run_item(in, env, c, k, item);
        return;
    }
    ValueVec items = {0};
    if (!iterate(in, over, &items, f)) {
        if (in->raising) return;
        if (!c->unknown)
            c->unknown = over->kind == V_UNKNOWN
                             ? over
                             : v_unknown(in, "the items of %s", v_type_name(over));
        run_item(in, env, c, k, v_unknown(in, "an item of something that is not known"));
        return;
    }
    for (int i = 0; i < items.len && !in->raising; i++) run_item(in, env, c, k, items.at[i]);
}

Value *eval_comprehension(Interp *in, Env *env, Node *n)
{
    static const ValueKind kinds[] = {V_LIST, V_SET, V_ITER, V_DICT};
    Comp c = {.node = n};
    c.out = v_list(in, kinds[n->kind == N_LISTCOMP  ? 0
                             : n->kind == N_SETCOMP ? 1
                             : n->kind == N_GENEXP  ? 2
                                                    : 3]);
    Env *local = env_new(in, env);
    Node *loop = in->py->loop;
    Size free_loop = in->py->free_loop;
    in->py->loop = n;
    in->py->free_loop = size_known(0);
    Env *outer = in->act ? in->act->env : NULL;
    if (in->act) in->act->env = local;
    run_for(in, local, &c, 0);
    if (in->act) in->act->env = outer;
    in->py->loop = loop;
    in->py->free_loop = free_loop;
    if (in->raising) return in->py->poison;
    if (c.unknown) return c.unknown;
    if (c.free && c.out->items.len == 1) {
        if (c.out->kind == V_ITER) c.out->kind = V_LIST;
        c.out->free = c.free;
        c.out->pos = c.hint;
    }
    return c.out;
}
