/* The steps of forward passes: who collects them, and the tensors between them.
 *
 * in->graph_nn is the network whose first call is running; steps made meanwhile are its own. A
 * later call of the same network makes steps too (their shapes may differ), but no network lists
 * them. Steps on symbolic tensors outside of any call wait in `pending` until a Model takes them.
 *
 * A callee gets the caller's tensors as they are: its PNODE_INPUT steps have them as outputs, and
 * the PNODE_NN step of the caller has the callee's results as outputs. */
#include "trace/frame.h"

#include <string.h>

PivotTensor *tensor_new(Interp *in, const Size *dims, int rank, const char *dtype)
{
    return pivot_add_tensor(in->trace->pivot, dims, rank, dtype);
}

PivotTensor *tensor_unknown(Interp *in)
{
    return tensor_new(in, NULL, -1, NULL);
}

bool tensor_is_symbolic(Interp *in, const PivotTensor *t)
{
    Framework *f = fw(in);
    return t && t->id < f->nsymbolic && f->symbolic[t->id];
}

void tensor_set_symbolic(Interp *in, const PivotTensor *t)
{
    Framework *f = fw(in);
    if (t->id >= f->nsymbolic) {
        int n = t->id * 2 + 64;
        unsigned char *grown = ARENA_ARRAY(in->arena, unsigned char, n);
        if (f->nsymbolic)
            memcpy(grown, f->symbolic, (size_t)f->nsymbolic);
        f->symbolic = grown;
        f->nsymbolic = n;
    }
    f->symbolic[t->id] = 1;
}

PivotTensor *tensor_of_value(Interp *in, Value *v)
{
    if (!v)
        return tensor_unknown(in);
    switch (v->kind) {
    case V_TENSOR:
        return v->u.tensor;
    case V_BOOL:
        return tensor_new(in, NULL, 0, "bool");
    case V_INT:
        return tensor_new(in, NULL, 0, "int64");
    case V_FLOAT:
        return tensor_new(in, NULL, 0, "float32");
    default:
        return tensor_unknown(in);
    }
}

Value *value_of_tensor(Interp *in, PivotTensor *t, Node *site)
{
    Value *v = v_tensor(in, t, site);
    v->keras_symbolic = tensor_is_symbolic(in, t);
    return v;
}

void tensors_of(Interp *in, Value *v, TensorVec *out)
{
    if (!v)
        return;
    if (v->kind == V_TENSOR)
        vec_push(in->arena, out, v->u.tensor);
    if (v->kind != V_LIST && v->kind != V_TUPLE && v->kind != V_DICT && v->kind != V_OBJECT)
        return;
    if (v->kind == V_OBJECT) { /* a dataclass or a named tuple that holds tensors */
        if (v->u.obj->nn || !v->u.obj->attrs)
            return;
        for (int i = 0; i < v->u.obj->attrs->len; i++) {
            Value *item =
                v->u.obj->attrs->entries[i].key ? v->u.obj->attrs->entries[i].value : NULL;
            if (item && item->kind == V_TENSOR)
                vec_push(in->arena, out, item->u.tensor);
        }
        return;
    }
    for (int i = 0; i < v->items.len; i++) tensors_of(in, v->items.at[i], out);
}

PivotNode *node_step(Interp *in, PivotNodeType type, Node *site, const TensorVec *ins,
                     const TensorVec *outs)
{
    Framework *f = fw(in);
    PivotNode *n = ARENA_NEW(in->arena, PivotNode);
    n->id = ++in->trace->pivot->nnodes;
    n->type = type;
    n->use = node_span(site);
    n->site = node_in_source(in, site) ? site->id : 0;
    bool symbolic = false;
    for (int i = 0; ins && i < ins->len; i++) {
        vec_push(in->arena, &n->inputs, ins->at[i]);
        symbolic |= tensor_is_symbolic(in, ins->at[i]);
    }
    for (int i = 0; outs && i < outs->len; i++) {
        vec_push(in->arena, &n->outputs, outs->at[i]);
        if (symbolic)
            tensor_set_symbolic(in, outs->at[i]);
        if (outs->at[i]->producer)
            continue;
        outs->at[i]->producer = n;
        outs->at[i]->output = i;
    }
    if (in->forced > 0)
        return n;
    vec_push(in->arena, &in->trace->steps, n);
    n->owner = in->graph_nn ? in->graph_nn : in->self_nn;
    if (f->off > 0)
        return n;
    if (in->graph_nn)
        vec_push(in->arena, &in->graph_nn->nodes, n);
    else if (symbolic || type == PNODE_INPUT)
        vec_push(in->arena, &f->pending, n);
    return n;
}

PivotNN *nn_new(Interp *in, PivotDefinition *def, Node *site, bool forced)
{
    PivotNN *nn = ARENA_NEW(in->arena, PivotNN);
    nn->definition = def;
    nn->name = "";
    nn->def = node_span(site);
    nn->site = node_in_source(in, site) ? site->id : 0;
    nn->id = ++in->trace->pivot->nnns;
    if (def && !forced)
        vec_push(in->arena, &def->instances, nn);
    return nn;
}

static const char *nn_key(Interp *in, const PivotNN *nn)
{
    return arena_printf(in->arena, "%d", nn->id);
}

Value *value_of_nn(Interp *in, const PivotNN *nn)
{
    return map_get(fw(in)->nn_values, nn_key(in, nn));
}

void value_of_nn_set(Interp *in, const PivotNN *nn, Value *v)
{
    map_set(fw(in)->nn_values, nn_key(in, nn), v);
}

const char *dotted_join(Interp *in, const char *a, const char *b)
{
    if (!a || !*a)
        return b ? b : "";
    if (!b || !*b)
        return a;
    return arena_printf(in->arena, "%s.%s", a, b);
}

/* The path changed: those below follow. */
static void nn_rename(Interp *in, PivotNN *nn, const char *path)
{
    size_t old = strlen(nn->name);
    for (int i = 0; i < nn->children.len; i++) {
        PivotNN *c = nn->children.at[i];
        const char *rest = c->name;
        if (old && strncmp(rest, nn->name, old) == 0)
            rest += old + (rest[old] == '.');
        nn_rename(in, c, dotted_join(in, path, rest));
    }
    nn->name = path;
}

void nn_attach(Interp *in, PivotNN *nn, PivotNN *parent, const char *path)
{
    if (!parent || nn == parent || in->forced > 0)
        return;
    if (nn->parent && nn->parent != parent && !nn->parent->is_sequential)
        return;
    for (PivotNN *up = parent; up; up = up->parent)
        if (up == nn)
            return;
    if (nn->parent != parent) {
        nn->parent = parent;
        vec_push(in->arena, &parent->children, nn);
    }
    nn_rename(in, nn, path);
}

GraphScope graph_enter(Interp *in, PivotNN *nn, const TensorVec *ins, const StrVec *names,
                       Node *site)
{
    GraphScope g = {in->graph_nn, in->self_nn, false, nn, fw(in)->off};
    g.first = nn->calls == 0 && in->forced == 0;
    if (in->forced == 0)
        nn->calls++;
    in->self_nn = nn;
    in->graph_nn = nn;
    if (!g.first) {
        fw(in)->off++;
        return g;
    }
    fw(in)->off = 0;
    for (int i = 0; i < ins->len; i++) {
        TensorVec out = {0};
        vec_push(in->arena, &out, ins->at[i]);
        PivotNode *n = node_step(in, PNODE_INPUT, site, NULL, &out);
        n->name = names && i < names->len ? names->at[i] : NULL;
        vec_push(in->arena, &nn->inputs, ins->at[i]);
    }
    return g;
}

void graph_leave(Interp *in, GraphScope *g, const TensorVec *ins, Value *result, Node *site)
{
    TensorVec outs = {0};
    tensors_of(in, result, &outs);
    if (g->first) {
        node_step(in, PNODE_OUTPUT, site, &outs, NULL);
        for (int i = 0; i < outs.len; i++) vec_push(in->arena, &g->nn->outputs, outs.at[i]);
    }
    fw(in)->off = g->off;
    in->graph_nn = g->graph;
    in->self_nn = g->self;
    PivotNode *n = node_step(in, PNODE_NN, site, ins, &outs);
    n->nn = g->nn;
    Event *e = fw(in)->implicit > 0 ? event_detached(in, EV_APPLY_NN, site)
                                    : event_add(in, EV_APPLY_NN, site);
    e->nn = g->nn;
    e->node = n;
    for (int i = 0; i < ins->len; i++) vec_push(in->arena, &e->in, ins->at[i]);
    for (int i = 0; i < outs.len; i++) vec_push(in->arena, &e->out, outs.at[i]);
}
