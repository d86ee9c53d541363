/* Graphs on symbolic tensors: Input(...), layers called on it, Model(inputs, outputs).
 *
 * Steps on symbolic tensors wait in `pending`. A Model takes the ancestors of its outputs, back to
 * its inputs, in the order in which they happened; its layers become its own unless an instance
 * holds them as attributes already. Called on other tensors, a Model is replayed: its steps are
 * applied again, and the call is one step of the caller. */
#include "trace/frame.h"

#include <string.h>

static const char *free_symbol(int nfree, int i)
{
    static const char *const SPACE[] = {"D", "H", "W"};
    if (nfree == 1)
        return "T";
    int at = 3 - nfree + i;
    return nfree <= 3 && at >= 0 && at < 3 ? SPACE[at] : "S";
}

/* (None, 32, 3) -> sizes; an axis of free length gets a symbol, the batch (batch: it is not in the
 * value) is B. */
const Size *shape_value_dims(Interp *in, Value *shape, int *rank, bool batch)
{
    Value one = {.kind = V_TUPLE};
    if (shape->kind == V_INT) {
        vec_push(in->arena, &one.items, shape);
        shape = &one;
    }
    *rank = -1;
    if (shape->kind != V_TUPLE && shape->kind != V_LIST && shape->kind != V_SHAPE)
        return NULL;
    int n = shape->items.len + (batch ? 1 : 0);
    Size *dims = ARENA_ARRAY(in->arena, Size, n + 1);
    int nfree = 0, free = 0;
    for (int i = 0; i < n; i++) {
        Value *v = i || !batch ? shape->items.at[batch ? i - 1 : i] : NULL;
        if (i > 0 && v && v->kind == V_NONE)
            nfree++;
    }
    for (int i = 0; i < n; i++) {
        Value *v = i || !batch ? shape->items.at[batch ? i - 1 : i] : NULL;
        if (!v || (i == 0 && (v->kind == V_NONE || v->kind == V_INT))) {
            long long hint = v && v->kind == V_INT && v->u.i > 1 && !v->free ? v->u.i : 2;
            dims[i] = size_free(in->arena, "B", hint);
        } else if (v->kind == V_NONE) {
            dims[i] = size_free(in->arena, free_symbol(nfree, free++),
                                nfree > 1 ? fw(in)->spatial_hint : 32);
        } else if (v->kind == V_INT) {
            dims[i] = v_to_size(v);
        } else {
            dims[i] = (Size){-1, NULL};
        }
    }
    *rank = n;
    return dims;
}

static const char *variable_of(Interp *in, Node *site)
{
    Node *stmt = node_in_source(in, site) ? in->trace->stmt_parent[site->id] : NULL;
    if (!stmt || stmt->kind != N_ASSIGN || !stmt->items.len)
        return NULL;
    Node *target = node_unparen(stmt->items.at[0]);
    bool direct = node_unparen(stmt->b) == site;
    return direct && target->kind == N_NAME ? target->name : NULL;
}

Value *input_tensor(Interp *in, const Binding *b, const char *name, Node *site)
{
    Value *shape = bound_param(b, "shape"), *whole = bound_param(b, "batch_shape");
    Value *given = bound_param(b, "tensor");
    if (given && given->kind == V_TENSOR)
        return given;
    Value *dtype = bound_param(b, "dtype"), *title = bound_param(b, "name");
    int rank = -1;
    const Size *dims = NULL;
    if (shape && shape->kind != V_NONE && shape->kind != V_UNKNOWN)
        dims = shape_value_dims(in, shape, &rank, true);
    else if (whole && whole->kind != V_NONE)
        dims = shape_value_dims(in, whole, &rank, false);
    const char *variable = variable_of(in, site);
    if (title && title->kind == V_STR)
        name = title->u.str.s;
    else if (variable)
        name = variable;
    const char *type = "float32";
    if (dtype && dtype->kind == V_STR)
        type = dtype->u.str.s;
    else if (dtype && dtype->kind == V_EXT && dialect_dtype(in->dialect, dtype->u.dotted))
        type = dialect_dtype(in->dialect, dtype->u.dotted);
    PivotTensor *t = symbolic_input(in, name, dims, rank, type);
    tensor_set_symbolic(in, t);
    TensorVec out = {0};
    vec_push(in->arena, &out, t);
    PivotNode *n = node_step(in, PNODE_INPUT, site, NULL, &out);
    n->name = name;
    return value_of_tensor(in, t, site);
}

/* ---- Model(inputs, outputs) ---- */

static int maker_of(const NodeList *steps, const PivotTensor *t)
{
    for (int i = steps->len - 1; i >= 0; i--)
        for (int o = 0; o < steps->at[i]->outputs.len; o++)
            if (steps->at[i]->outputs.at[o] == t)
                return i;
    return -1;
}

static bool among(const TensorVec *v, const PivotTensor *t)
{
    for (int i = 0; i < v->len; i++)
        if (v->at[i] == t)
            return true;
    return false;
}

/* Marks the steps that t needs, back to the inputs. */
static void mark_ancestors(Interp *in, const NodeList *steps, const PivotTensor *t,
                           const TensorVec *inputs, bool *mark)
{
    TensorVec stack = {0};
    vec_push(in->arena, &stack, (PivotTensor *)t);
    while (stack.len) {
        PivotTensor *now = stack.at[--stack.len];
        if (among(inputs, now))
            continue;
        int i = maker_of(steps, now);
        if (i < 0 || mark[i])
            continue;
        mark[i] = true;
        for (int k = 0; k < steps->at[i]->inputs.len; k++)
            vec_push(in->arena, &stack, steps->at[i]->inputs.at[k]);
    }
}

static const char *class_of_layer(Interp *in, const PivotLayer *l)
{
    Framework *f = fw(in);
    Value *v = l->id <= f->layer_values.len ? f->layer_values.at[l->id - 1] : NULL;
    return v && v->built && v->built->dotted ? short_name(v->built->dotted) : l->kind->name;
}

static void own_layer(Interp *in, PivotNN *nn, PivotLayer *l)
{
    if (l->owner && l->owner != nn)
        return;
    const char *given = l->id <= fw(in)->auto_names.len ? fw(in)->auto_names.at[l->id - 1] : NULL;
    if (!given && !l->owner && !l->name)
        given = auto_name(in, class_of_layer(in, l));
    if (!l->owner)
        layer_name(in, l, nn, l->name ? l->name : given);
    for (int i = 0; i < nn->layers.len; i++)
        if (nn->layers.at[i] == l)
            return;
    vec_push(in->arena, &nn->layers, l);
}

static void take_input_step(Interp *in, PivotNN *nn, const NodeList *steps, PivotTensor *t,
                            Node *site)
{
    int i = maker_of(steps, t);
    PivotNode *n = steps->at && i >= 0 && steps->at[i]->type == PNODE_INPUT ? steps->at[i] : NULL;
    if (!n) {
        n = ARENA_NEW(in->arena, PivotNode);
        n->id = ++in->trace->pivot->nnodes;
        n->type = PNODE_INPUT;
        n->use = node_span(site);
        vec_push(in->arena, &n->outputs, t);
    }
    if (!n->owner)
        n->owner = nn;
    vec_push(in->arena, &nn->nodes, n);
    vec_push(in->arena, &nn->inputs, t);
}

/* A model within a model: the name it was given, the variable that holds it, or what Keras would
 * call it. */
static const char *name_of_part(Interp *in, const PivotNN *nn)
{
    const Value *v = value_of_nn(in, nn);
    const Container *c = v && v->kind == V_CONTAINER ? v->u.cont : NULL;
    if (c && c->name)
        return c->name;
    const char *variable = c ? variable_of(in, c->site) : v ? variable_of(in, v->origin) : NULL;
    if (variable)
        return variable;
    return auto_name(in, nn->definition ? nn->definition->name : c ? c->what : "model");
}

/* Two parts that were held by variables of one name are told apart. */
static const char *name_among(Interp *in, const PivotNN *nn, const char *name)
{
    const char *own = name;
    for (int n = 1;; n++) {
        bool taken = false;
        for (int i = 0; i < nn->children.len; i++) taken |= str_eq(nn->children.at[i]->name, own);
        if (!taken) return own;
        own = arena_printf(in->arena, "%s_%d", name, n);
    }
}

/* The steps outside of any pass, and those inside of a part whose inner tensors are asked for
 * (model.layers[-2].output). */
static NodeList steps_for(Interp *in, const TensorVec *outputs)
{
    const NodeList *pending = &fw(in)->pending;
    NodeList all = {0};
    for (int i = 0; i < outputs->len; i++) {
        const PivotNode *made = outputs->at[i]->producer;
        if (!made || !made->owner || maker_of(pending, outputs->at[i]) >= 0)
            continue;
        for (int k = 0; k < made->owner->nodes.len; k++) {
            PivotNode *n = made->owner->nodes.at[k];
            bool known = n->type == PNODE_OUTPUT || n->type == PNODE_INPUT;
            for (int j = 0; j < all.len; j++) known |= all.at[j] == n;
            if (!known)
                vec_push(in->arena, &all, n);
        }
    }
    for (int i = 0; i < pending->len; i++) vec_push(in->arena, &all, pending->at[i]);
    return all;
}

static void take_steps(Interp *in, Container *c, const TensorVec *inputs, const TensorVec *outputs,
                       Node *site)
{
    PivotNN *nn = c->nn;
    NodeList all = steps_for(in, outputs), *steps = &all;
    bool *mark = ARENA_ARRAY(in->arena, bool, steps->len + 1);
    for (int i = 0; i < outputs->len; i++) mark_ancestors(in, steps, outputs->at[i], inputs, mark);
    for (int i = 0; i < inputs->len; i++) take_input_step(in, nn, steps, inputs->at[i], site);
    for (int i = 0; i < steps->len; i++) {
        PivotNode *n = steps->at[i];
        if (!mark[i] || n->type == PNODE_INPUT)
            continue;
        if (!n->owner)
            n->owner = nn;
        vec_push(in->arena, &nn->nodes, n);
        if (n->layer)
            own_layer(in, nn, n->layer);
        if (n->nn && !n->nn->parent)
            nn_attach(in, n->nn, nn, name_among(in, nn, dotted_join(in, nn->name, name_of_part(in, n->nn))));
        if (n->layer) {
            Framework *f = fw(in);
            Value *v =
                n->layer->id <= f->layer_values.len ? f->layer_values.at[n->layer->id - 1] : NULL;
            if (v)
                vec_push(in->arena, &c->items, v);
            if (v)
                vec_push(in->arena, &c->keys, n->layer->name ? n->layer->name : "");
        }
    }
    PivotNode *end = ARENA_NEW(in->arena, PivotNode);
    end->id = ++in->trace->pivot->nnodes;
    end->type = PNODE_OUTPUT;
    end->owner = nn;
    end->use = node_span(site);
    end->site = node_in_source(in, site) ? site->id : 0;
    for (int i = 0; i < outputs->len; i++) {
        vec_push(in->arena, &end->inputs, outputs->at[i]);
        vec_push(in->arena, &nn->outputs, outputs->at[i]);
    }
    vec_push(in->arena, &nn->nodes, end);
    nn->calls = 1;
}

static Value *model_arg(const Args *args, int position, const char *name, const char *old)
{
    for (int i = 0; i < args->kw_names.len; i++)
        if (str_eq(args->kw_names.at[i], name) || str_eq(args->kw_names.at[i], old))
            return args->kw.at[i];
    return position < args->pos.len ? args->pos.at[position] : NULL;
}

const char *string_arg(const Args *args, const char *name)
{
    for (int i = 0; i < args->kw_names.len; i++)
        if (i < args->kw.len && str_eq(args->kw_names.at[i], name)) {
            const Value *v = args->kw.at[i];
            return v && v->kind == V_STR ? v->u.str.s : NULL;
        }
    return NULL;
}

/* def summary(self): x = Input(...); return Model(x, self.call(x)): the network itself once more, to be looked at. */
static bool is_view(Interp *in, const TensorVec *ins, const TensorVec *outs, const Node *site)
{
    const Definition *d = site && node_in_source(in, site) ? in->trace->definition_of[site->id] : NULL;
    const NodeList *steps = &fw(in)->pending;
    const PivotNode *made = NULL; /* the pass of a network that gave what the model gives */
    for (int i = steps->len - 1; i >= 0 && outs->len && !made; i--)
        if (steps->at[i]->type == PNODE_NN && steps->at[i]->outputs.len && steps->at[i]->outputs.at[0] == outs->at[0])
            made = steps->at[i];
    if (!d || !d->parent || d->parent->kind != DEF_MODULE_CLASS || !made)
        return false;
    const Value *of = value_of_nn(in, made->nn);
    if (!of || of->kind != V_OBJECT || !of->u.obj->cls || of->u.obj->cls->def != d->parent || made->inputs.len != ins->len || made->outputs.len != outs->len)
        return false;
    for (int i = 0; i < ins->len; i++)
        if (made->inputs.at[i] != ins->at[i])
            return false;
    for (int i = 0; i < outs->len; i++)
        if (made->outputs.at[i] != outs->at[i])
            return false;
    return true;
}

Value *build_model(Interp *in, Env *env, const DialectRow *row, Args *args, Node *site, Value *self)
{
    (void)env;
    Value *inputs = model_arg(args, 0, "inputs", "input"),
          *outputs = model_arg(args, 1, "outputs", "output");
    TensorVec ins = {0}, outs = {0};
    if (inputs)
        tensors_of(in, inputs, &ins);
    if (outputs)
        tensors_of(in, outputs, &outs);
    Container *c = container_new(in, row, "Model", site);
    c->name = string_arg(args, "name");
    c->nn->is_sequential = false;
    Value *v = v_new(in, V_CONTAINER);
    v->u.cont = c;
    v->origin = site;
    if (self) {
        c->nn = self->u.obj->nn;
        self->u.obj->cont = c;
    }
    bool view = !self && is_view(in, &ins, &outs, site);
    Event *e = event_add(in, view ? EV_INERT : EV_CONTAINER, site);
    e->row = row;
    e->nn = c->nn;
    v->built = e;
    if (view) {
        e->dotted = VIEW_OF_ITSELF;
        vec_push(in->arena, &c->inputs, inputs);
        vec_push(in->arena, &c->outputs, outputs);
        return v;
    }
    if (!ins.len || !outs.len) {
        bool empty = !inputs && !outputs;
        if (!empty && in->forced == 0)
            frame_diag(in, SEV_WARNING, "unknown", site, NULL,
                       "the inputs and outputs of this model are not known");
        return v;
    }
    vec_push(in->arena, &c->inputs, inputs);
    vec_push(in->arena, &c->outputs, outputs);
    if (in->forced > 0)
        return v;
    take_steps(in, c, &ins, &outs, site);
    if (!self) {
        vec_push(in->arena, &fw(in)->containers, v);
        value_of_nn_set(in, c->nn, v);
    }
    return v;
}

/* ---- replay ---- */

typedef struct Replay {
    TensorVec from, to;
} Replay;

static PivotTensor *replaced(const Replay *r, PivotTensor *t)
{
    for (int i = r->from.len - 1; i >= 0; i--)
        if (r->from.at[i] == t)
            return r->to.at[i];
    return t;
}

static void replace(Interp *in, Replay *r, PivotTensor *from, PivotTensor *to)
{
    vec_push(in->arena, &r->from, from);
    vec_push(in->arena, &r->to, to);
}

static Value *replay_step(Interp *in, const PivotNode *n, const TensorVec *ins, Node *site)
{
    if (n->type == PNODE_LAYER) {
        Framework *f = fw(in);
        Value *lv =
            n->layer->id <= f->layer_values.len ? f->layer_values.at[n->layer->id - 1] : NULL;
        return apply_layer(in, n->layer, ins, site, lv);
    }
    if (n->type == PNODE_OP)
        return apply_op(in, n->kind, n->attrs, ins, NULL, NULL, site);
    Value *callee = n->type == PNODE_NN ? value_of_nn(in, n->nn) : NULL;
    if (!callee)
        return NULL;
    Args args = {0};
    for (int i = 0; i < ins->len; i++)
        arg_push(in, &args, value_of_tensor(in, ins->at[i], site), NULL);
    if (callee->kind == V_CONTAINER)
        return container_run(in, in->globals, callee->u.cont, &args, site);
    return run_module(in, in->globals, callee, &args, site);
}

/* The value's structure with other tensors in it. */
static Value *rebuilt(Interp *in, const Replay *r, Value *v, Node *site)
{
    if (v->kind == V_TENSOR)
        return value_of_tensor(in, replaced(r, v->u.tensor), site);
    if (v->kind != V_LIST && v->kind != V_TUPLE && v->kind != V_DICT)
        return v;
    Value *c = v_list(in, v->kind);
    c->keys = v->keys;
    for (int i = 0; i < v->items.len; i++)
        vec_push(in->arena, &c->items, rebuilt(in, r, v->items.at[i], site));
    return c;
}

Value *replay_model(Interp *in, Container *c, Args *args, Node *site)
{
    if (!c->inputs.len || !c->outputs.len)
        return v_unknown(in, "the graph of this model is not known");
    TensorVec formal = {0}, ins = {0};
    tensors_of(in, c->inputs.at[0], &formal);
    for (int i = 0; i < args->pos.len; i++) tensors_of(in, args->pos.at[i], &ins);
    if (!ins.len)
        for (int i = 0; i < args->kw.len; i++) tensors_of(in, args->kw.at[i], &ins);
    Replay r = {0};
    for (int i = 0; i < formal.len; i++)
        replace(in, &r, formal.at[i], i < ins.len ? ins.at[i] : tensor_unknown(in));
    GraphScope g = graph_enter(in, c->nn, &ins, NULL, site);
    fw(in)->implicit++;
    NodeList steps = {0};
    for (int i = 0; i < c->nn->nodes.len; i++) vec_push(in->arena, &steps, c->nn->nodes.at[i]);
    for (int i = 0; i < steps.len; i++) {
        const PivotNode *n = steps.at[i];
        if (n->type == PNODE_INPUT || n->type == PNODE_OUTPUT)
            continue;
        TensorVec now = {0}, outs = {0};
        for (int k = 0; k < n->inputs.len; k++)
            vec_push(in->arena, &now, replaced(&r, n->inputs.at[k]));
        Value *v = replay_step(in, n, &now, site);
        if (v)
            tensors_of(in, v, &outs);
        for (int o = 0; o < n->outputs.len; o++)
            replace(in, &r, n->outputs.at[o], o < outs.len ? outs.at[o] : tensor_unknown(in));
    }
    Value *result = rebuilt(in, &r, c->outputs.at[0], site);
    fw(in)->implicit--;
    graph_leave(in, &g, &ins, result, site);
    return result;
}

/* ---- attributes ---- */

/* A Sequential that knows its input: the symbolic tensors at its ends, made when somebody asks. */
static bool sequential_ends(Interp *in, Value *cont, Node *site)
{
    Container *c = cont->u.cont;
    if (c->outputs.len)
        return true;
    if (!str_eq(c->what, "Sequential"))
        return false;
    if (!c->inputs.len && c->input_shape) {
        int rank = 0;
        const Size *dims = shape_value_dims(in, c->input_shape, &rank, true);
        PivotTensor *t = tensor_new(in, dims, rank, "float32");
        tensor_set_symbolic(in, t);
        TensorVec out = {0};
        vec_push(in->arena, &out, t);
        node_step(in, PNODE_INPUT, site, NULL, &out);
        vec_push(in->arena, &c->inputs, value_of_tensor(in, t, site));
    }
    if (!c->inputs.len)
        return false;
    Args args = {0};
    arg_push(in, &args, c->inputs.at[0], NULL);
    int implicit = fw(in)->implicit;
    fw(in)->implicit = 1;
    vec_push(in->arena, &c->outputs, container_run(in, in->globals, c, &args, site));
    fw(in)->implicit = implicit;
    return true;
}

/* What a Sequential that is still being filled would give now: nothing of that is on record. */
static Value *sequential_now(Interp *in, Value *cont, Node *site)
{
    Container *c = cont->u.cont;
    if (!str_eq(c->what, "Sequential") || c->outputs.len || !c->nn || (!c->inputs.len && !c->input_shape))
        return NULL;
    Value *x = c->inputs.len ? c->inputs.at[0] : NULL;
    if (!x) {
        int rank = 0;
        const Size *dims = shape_value_dims(in, c->input_shape, &rank, true);
        x = value_of_tensor(in, tensor_new(in, dims, rank, "float32"), site);
    }
    Args args = {0};
    arg_push(in, &args, x, NULL);
    int calls = c->nn->calls;
    c->nn->calls = 1; /* a second run leaves no steps */
    in->forced++;
    Value *v = container_run(in, in->globals, c, &args, site);
    in->forced--;
    c->nn->calls = calls;
    return v;
}

static Value *shape_with_none(Interp *in, const PivotTensor *t)
{
    if (t->rank < 0)
        return v_unknown(in, "the shape is not known");
    Value *v = v_list(in, V_TUPLE);
    for (int i = 0; i < t->rank; i++)
        vec_push(in->arena, &v->items,
                 t->dims[i].free || size_unknown(t->dims[i]) ? v_none(in) : v_size(in, t->dims[i]));
    return v;
}

/* layer.output: of the step that applied the layer in the model that holds it. */
Value *layer_end(Interp *in, Value *layer, bool output, Node *site)
{
    PivotLayer *l = layer->u.layer;
    Value *cont = l->owner ? value_of_nn(in, l->owner) : NULL;
    if (cont && cont->kind == V_CONTAINER)
        sequential_ends(in, cont, site);
    for (int i = in->trace->steps.len - 1; i >= 0; i--) {
        const PivotNode *n = in->trace->steps.at[i];
        if (n->layer != l || (output ? n->outputs.len : n->inputs.len) == 0)
            continue;
        return value_of_tensor(in, output ? n->outputs.at[0] : n->inputs.at[0], site);
    }
    return NULL;
}

Value *functional_attr(Interp *in, Value *cont, const char *name, Node *site)
{
    Container *c = cont->u.cont;
    bool input = dialect_lists(in->dialect, "model_input_attributes", name);
    bool output = dialect_lists(in->dialect, "model_output_attributes", name);
    if (!input && !output)
        return NULL;
    if (!c->inputs.len && !c->input_shape)
        return NULL;
    Value *now = output && strstr(name, "shape") ? sequential_now(in, cont, site) : NULL;
    if (!now && !sequential_ends(in, cont, site))
        return NULL;
    Value *v = now ? now : input ? c->inputs.at[0] : c->outputs.at[0];
    if (strstr(name, "shape")) {
        TensorVec ts = {0};
        tensors_of(in, v, &ts);
        return ts.len == 1 ? shape_with_none(in, ts.at[0])
                           : v_unknown(in, "the shapes of several tensors");
    }
    bool single = strlen(name) > 0 && name[strlen(name) - 1] != 's';
    if (single && (v->kind == V_LIST || v->kind == V_TUPLE) && v->items.len == 1)
        return v->items.at[0];
    if (!single && v->kind == V_TENSOR) {
        Value *l = v_list(in, V_LIST);
        vec_push(in->arena, &l->items, v);
        return l;
    }
    return v;
}
