/* Gradient tapes, for a target whose losses go back by themselves.
 *
 *     with tape: body                               optimizer.zero_grad()
 *     g = tape.gradient(loss, net.variables)        body
 *     optimizer.apply_gradients(zip(g, ...))        loss.backward(); optimizer.step()
 *
 * Several gradients of one forward pass (a generator's and a discriminator's) are taken each for its own network:
 * loss.backward() would add to those of all. */
#include "port/training.h"
#include "python/build.h"

static bool is_method(Rw *rw, const Node *call, const char *fact)
{
    const char *m = call && call->kind == N_CALL ? training_method(call) : NULL;
    return m && training_is(rw, fact, m);
}

static bool is_tape(Rw *rw, Node *n)
{
    if (n->kind != N_WITH || !n->items.len) return false;
    for (int i = 0; i < n->items.len; i++) {
        const Node *call = n->items.at[i]->a;
        const char *d = call->kind == N_CALL ? static_dotted(rw, call->a) : NULL;
        if (!d || !training_is(rw, "tape", d)) return false;
    }
    return true;
}

/* What a statement does: its call, where it is one. */
static Node *call_of(Node *n)
{
    Node *v = n->kind == N_ASSIGN && n->items.len == 1 ? node_unparen(n->b) : n->kind == N_EXPR ? node_unparen(n->a) : NULL;
    return v && v->kind == N_CALL ? v : NULL;
}

typedef struct Gradients {
    int n, steps;      /* statements that take gradients, and then those that apply them */
    Node *loss[8], *network[8], *optimizer[8];
    const char *name[8], *applied[8];
} Gradients;

/* net.trainable_variables: net. */
static Node *network_of_variables(Rw *rw, Node *vars)
{
    vars = vars ? node_unparen(vars) : NULL;
    return vars && vars->kind == N_ATTRIBUTE && training_is_network(rw, vars->a) ? vars->a : NULL;
}

static bool read_gradients(Rw *rw, const NodeVec *in, int i, Gradients *g)
{
    int k = i + 1;
    for (; k < in->len && g->n < 8; k++, g->n++) {
        Node *n = in->at[k], *call = call_of(n);
        if (n->kind != N_ASSIGN || !is_method(rw, call, "gradient") || n->items.at[0]->kind != N_NAME || !call->items.len) break;
        g->name[g->n] = n->items.at[0]->name;
        g->loss[g->n] = call->items.at[0];
        g->network[g->n] = network_of_variables(rw, training_keyword(call, "sources", 1));
    }
    for (; k < in->len && g->steps < g->n; k++, g->steps++) {
        Node *call = call_of(in->at[k]), *zip = is_method(rw, call, "apply_gradients") && call->items.len ? node_unparen(call->items.at[0]) : NULL;
        bool pairs = zip && zip->kind == N_CALL && zip->items.len == 2 && zip->items.at[0]->kind == N_NAME;
        if (!zip || (!pairs && g->n > 1)) return false;
        g->optimizer[g->steps] = call->a->a;
        g->applied[g->steps] = pairs ? zip->items.at[0]->name : NULL;
    }
    for (int m = 0; g->n > 1 && m < g->n; m++)
        if (!g->network[m]) return false;
    return g->n > 0 && g->steps == g->n;
}

static Node *plain_call(Rw *rw, Node *of, const char *method)
{
    return py_expr_stmt(rw->a, py_call(rw->a, py_attr(rw->a, rewrite_expr(rw, of), method)));
}

static int one_step(Rw *rw, const NodeVec *in, int i, const Gradients *g, NodeVec *out)
{
    Node *zero = plain_call(rw, g->optimizer[0], "zero_grad");
    zero->map = map_for(rw, in->at[i]);
    vec_push(rw->a, out, zero);
    rewrite_block(rw, &in->at[i]->body, out);
    Node *back = plain_call(rw, g->loss[0], "backward"), *step = plain_call(rw, g->optimizer[0], "step");
    back->from = in->at[i + 1];
    step->from = in->at[i + 2];
    vec_push(rw->a, out, back);
    vec_push(rw->a, out, step);
    return 3;
}

static int several_steps(Rw *rw, const NodeVec *in, int i, const Gradients *g, NodeVec *out)
{
    const char *take = dialect_fact(rw->to, "helper:gradients"), *apply = dialect_fact(rw->to, "helper:apply_gradients");
    if (!take || !apply) return 0;
    rewrite_block(rw, &in->at[i]->body, out);
    for (int k = 0; k < g->n; k++) {
        Node *call = py_call(rw->a, helper_of(rw, take));
        vec_push(rw->a, &call->items, rewrite_expr(rw, g->loss[k]));
        vec_push(rw->a, &call->items, rewrite_expr(rw, g->network[k]));
        if (k + 1 < g->n) vec_push(rw->a, &call->items, py_kw(rw->a, "retain_graph", py_bool(rw->a, true)));
        Node *stmt = py_assign(rw->a, py_name(rw->a, g->name[k]), call);
        stmt->from = in->at[i + 1 + k];
        vec_push(rw->a, out, stmt);
    }
    for (int k = 0; k < g->n; k++) {
        Node *call = py_call(rw->a, helper_of(rw, apply));
        vec_push(rw->a, &call->items, rewrite_expr(rw, g->optimizer[k]));
        vec_push(rw->a, &call->items, py_name(rw->a, g->applied[k]));
        Node *stmt = py_expr_stmt(rw->a, call);
        stmt->from = in->at[i + 1 + g->n + k];
        vec_push(rw->a, out, stmt);
    }
    return 1 + 2 * g->n;
}

int gradients_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    Gradients g = {0};
    if (!is_tape(rw, in->at[i])) return 0;
    bool read = read_gradients(rw, in, i, &g);
    int taken = !read ? 0 : g.n == 1 ? one_step(rw, in, i, &g, out) : several_steps(rw, in, i, &g, out);
    if (!taken) {
        flag(rw, in->at[i], "a tape whose gradients are not applied right behind it");
        push_flagged(rw, in->at[i], out);
        return 1;
    }
    account(rw, in->at[i], FATE_PORTED, "a tape");
    for (int k = 0; k < g.n; k++) {
        account(rw, in->at[i + 1 + k], FATE_PORTED, "gradients");
        account(rw, in->at[i + 1 + g.n + k], FATE_PORTED, "a step");
    }
    return taken;
}
