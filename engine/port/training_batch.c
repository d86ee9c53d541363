/* evaluate, predict, and single steps of training: calls of helpers. */
#include "port/training_fit.h"

Node *batch_evaluation(Rw *rw, const Compiled *c, Node *network, Node *loader)
{
    Metrics m = compiled_metrics(rw, c);
    Node *call = py_call(rw->a, helper_of(rw, dialect_fact(rw->to, "helper:evaluate")));
    vec_push(rw->a, &call->items, network);
    vec_push(rw->a, &call->items, c->far ? py_index(rw->a, py_attr(rw->a, network, "compiled"), py_int(rw->a, 0))
                                         : compiled_criterion(rw, c));
    vec_push(rw->a, &call->items, loader);
    for (int i = 0; i < m.made.len; i++) vec_push(rw->a, &call->items, m.made.at[i]);
    return call;
}

void batch_unknown(Rw *rw, Node *call, const char *fact)
{
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        if (x->kind == N_STAR || x->kind == N_DSTAR) flag(rw, x, "arguments that are not written out");
        if (x->kind != N_KEYWORD || dialect_lists(rw->from, fact, x->name)) continue;
        if (x->a->kind == N_NONE) continue;
        flag_stub(rw, arena_printf(rw->a, "%s= of %s has no counterpart", x->name, call->a->name));
    }
}

Node *fit_evaluate(Rw *rw, Node *n)
{
    Compiled c;
    Node *x = training_keyword(n, "x", 0), *y = training_keyword(n, "y", 1), *size = training_keyword(n, "batch_size", 2);
    if (!compiled_for(rw, n, &c) || !c.row) {
        flag(rw, n, "the loss of this evaluate is not known");
        return n;
    }
    if (!x || !y) {
        flag(rw, n, "data that brings its own targets");
        return n;
    }
    batch_unknown(rw, n, "fit_arguments");
    Node *loader = compiled_batches(rw, &c, rewrite_expr(rw, x), rewrite_expr(rw, y), size, NULL, false);
    Node *made = batch_evaluation(rw, &c, rewrite_expr(rw, n->a->a), loader);
    made->map = map_for(rw, n);
    made->from = n;
    return made;
}

Node *fit_predict(Rw *rw, Node *n)
{
    Node *x = training_keyword(n, "x", 0), *size = training_keyword(n, "batch_size", 1);
    const PivotNN *nn = training_network(rw, n);
    int axes[MAX_RANK], back[MAX_RANK], rank;
    if (!x) {
        flag(rw, n, "predict without data");
        return n;
    }
    batch_unknown(rw, n, "fit_arguments");
    Node *made = py_call(rw->a, helper_of(rw, dialect_fact(rw->to, "helper:predict")));
    vec_push(rw->a, &made->items, rewrite_expr(rw, n->a->a));
    vec_push(rw->a, &made->items, fit_input(rw, nn, rewrite_expr(rw, x)));
    if (size) vec_push(rw->a, &made->items, rewrite_expr(rw, size));
    if (training_border_out(rw, nn, axes, &rank)) { /* the array as the source's predict gives it */
        for (int i = 0; i < rank; i++) back[axes[i]] = i;
        Node *moved = py_call(rw->a, py_attr(rw->a, made, "transpose"));
        for (int i = 0; i < rank; i++) vec_push(rw->a, &moved->items, py_int(rw->a, back[i]));
        made = moved;
    }
    made->map = map_for(rw, n);
    made->from = n;
    return made;
}

/* ---- one batch ---- */

/* train_on_batch(x, y), test_on_batch(x, y): a helper takes the step; it gives the loss, and the measures behind it. */
Node *batch_step(Rw *rw, Node *n, const char *helper)
{
    Compiled c;
    Node *x = training_keyword(n, "x", 0), *y = training_keyword(n, "y", 1);
    bool known = compiled_for(rw, n, &c) && (c.row || c.own);
    if (!known) flag(rw, n, "the compile of this %s is not known", n->a->name);
    else if (c.nn && c.nn->inputs.len > 1) flag(rw, n, "%s of a network with several inputs", n->a->name);
    else if (c.nn && c.nn->outputs.len > 1) flag(rw, n, "%s of a network with several outputs", n->a->name);
    else if (!x || !y) flag(rw, n, "data that brings its own targets");
    if (rw->flags.len) return n;
    batch_unknown(rw, n, "batch_arguments");
    Metrics m = compiled_metrics(rw, &c);
    Node *made = py_call(rw->a, helper_of(rw, helper)), *network = rewrite_expr(rw, n->a->a);
    vec_push(rw->a, &made->items, network);
    if (c.far) {
        Node *both = ARENA_NEW(rw->a, Node);
        both->kind = N_STAR;
        both->a = py_attr(rw->a, network, "compiled");
        vec_push(rw->a, &made->items, both);
    } else {
        vec_push(rw->a, &made->items, compiled_criterion(rw, &c));
        vec_push(rw->a, &made->items, compiled_optimizer(rw, &c));
    }
    vec_push(rw->a, &made->items, fit_input(rw, c.nn, rewrite_expr(rw, x)));
    vec_push(rw->a, &made->items, compiled_target(rw, &c, rewrite_expr(rw, y)));
    for (int i = 0; i < m.made.len; i++) vec_push(rw->a, &made->items, m.made.at[i]);
    made->map = map_for(rw, n);
    made->from = n;
    return made;
}
