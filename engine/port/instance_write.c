/* Writing the flat network: as a chain of layers in one Sequential, as a graph of calls, as a class. What it is and
 * where its parts come from is instance.c's. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "port/instance.h"
#include "port/layout.h"
#include "port/static.h"

/* ---- sequences ---- */

static bool is_activation(const PivotKind *k)
{
    return k->group == GROUP_ACTIVATION;
}

static bool applied_again(const Flat *f, const PivotLayer *l)
{
    int n = 0;
    for (int i = 0; i < f->events.len; i++) n += f->events.at[i]->kind == EV_APPLY && f->events.at[i]->layer == l;
    return n > 1;
}

/* Two of these that are built alike are one. */
static bool is_stateless(const PivotKind *k)
{
    static const char *const names[] = {
        "PoolingLayer", "FlattenLayer", "DropoutLayer", "DropPath", "SpatialDropout", "GaussianNoise", "IdentityLayer", "PaddingLayer",
        "PermuteLayer", "ReshapeLayer", "RepeatVector", "UpSamplingLayer", "PixelShuffle", "PixelUnshuffle", "RescalingLayer",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(k->name, names[i])) return true;
    return is_activation(k) && !str_eq(k->name, "prelu");
}

/* A tensor operation as a layer of a sequence; NULL where it has no such form. */
static Plan *op_as_layer(Flat *f, Event *e)
{
    Rw *rw = f->rw;
    const PivotKind *k = e->node->kind;
    const PivotTensor *in = e->in.len ? e->in.at[0] : NULL, *out = e->out.len ? e->out.at[0] : NULL;
    Plan *p = ARENA_NEW(rw->a, Plan);
    PlanStep main = {.place = STEP_MAIN, .kind = k->name};
    int axes[MAX_RANK];
    if (is_activation(k)) {
        for (int i = 0; i < e->attrs.len; i++) step_put(rw, &main, e->attrs.at[i].name, e->attrs.at[i].value);
    } else if (str_eq(k->name, "dropout")) {
        main.kind = "DropoutLayer";
        const PValue *rate = attr_get(&e->attrs, "rate");
        if (rate) step_put(rw, &main, "rate", *rate);
    } else if ((str_eq(k->name, "flatten") || str_eq(k->name, "reshape")) && in && out && out->rank == 2 &&
               in->rank > 2 && size_same(in->dims[0], out->dims[0])) {
        main.kind = "FlattenLayer";
        step_put(rw, &main, "start_dim", pv_int(1));
        step_put(rw, &main, "end_dim", pv_int(-1));
        if (layout_move_in(rw->layout, e, 0, axes) && question_keeps_order(rw, e)) {
            PlanStep move = {.place = STEP_BEFORE, .kind = "permute"};
            PValue dims = pv_list(rw->a, in->rank);
            for (int i = 0; i < in->rank; i++) dims.u.list.at[i] = pv_int(axes[i]);
            step_put(rw, &move, "dims", dims);
            vec_push(rw->a, &p->steps, move);
        }
    } else if ((str_eq(k->name, "flatten") || str_eq(k->name, "reshape")) && in && out && in->rank == 2 && out->rank == 2) {
        return p; /* nothing to do: no steps */
    } else if (str_eq(k->name, "identity")) {
        return p;
    } else if ((str_eq(k->name, "permute") || str_eq(k->name, "transpose")) && in && out && in->rank > 0) {
        if (!op_permutation(rw, e, axes)) return p;
        if (axes[0] != 0) return NULL; /* the batch stays in front in a layer */
        main.kind = "permute";
        PValue dims = pv_list(rw->a, in->rank);
        for (int i = 0; i < in->rank; i++) dims.u.list.at[i] = pv_int(axes[i]);
        step_put(rw, &main, "dims", dims);
    } else {
        return NULL;
    }
    vec_push(rw->a, &p->steps, main);
    return p;
}

static const char *event_words(Flat *f, const Event *e)
{
    const char *what = e->layer ? (e->layer->name ? e->layer->name : e->layer->kind->name) : e->node->kind->name;
    const char *nn = e->node->owner && e->node->owner->definition ? e->node->owner->definition->name : NULL;
    return arena_printf(f->rw->a, "%s%s%s (line %d)", nn ? nn : "", nn ? "." : "", what,
                        static_line(f->rw, e->site->node));
}

/* The chain's steps as items; false with res->impossible where something is no chain. */
static bool chain_items(Flat *f, NodeVec *items)
{
    Rw *rw = f->rw;
    const PivotTensor *at = NULL;
    for (int i = 0; i < f->events.len; i++) {
        Event *e = f->events.at[i];
        int inputs = 0;
        for (int k = 0; k < e->in.len; k++) inputs += e->in.at[k] && !e->in.at[k]->is_parameter;
        if (inputs != 1 || (at && e->in.at[0] != at)) {
            rw->res->impossible = arena_printf(rw->a, "the network is not a sequence: %s %s", event_words(f, e),
                                               inputs > 1 ? "takes several tensors"
                                                          : "does not take the result of the step before it");
            return false;
        }
        Plan *p = e->kind == EV_APPLY ? flat_plan(f, e->layer) : op_as_layer(f, e);
        if (!p) {
            rw->res->impossible = arena_printf(rw->a, "the network is not a sequence of layers: %s is an operation on "
                                               "tensors that has no form as a layer", event_words(f, e));
            return false;
        }
        if (e->layer && applied_again(f, e->layer) && !is_stateless(e->layer->kind)) {
            rw->res->impossible = arena_printf(rw->a, "the network is not a sequence of layers: %s is applied more than "
                                               "once with the same weights", event_words(f, e));
            return false;
        }
        int map = map_for(rw, e->layer && construction_of(f->rw, e->layer) ? construction_of(f->rw, e->layer)->site->node : e->site->node);
        for (int k = 0; k < p->steps.len; k++) {
            if (e->layer && p->steps.at[k].place == STEP_MAIN && !map_get(f->paths, arena_printf(rw->a, "%d", e->layer->id)))
                map_set(f->paths, arena_printf(rw->a, "%d", e->layer->id),
                        rw->to->channels_first ? arena_printf(rw->a, "%d", items->len)
                                               : arena_printf(rw->a, "layers[%d]", items->len));
            Node *n = step_module(rw, &p->steps.at[k]);
            n->map = map;
            vec_push(rw->a, items, n);
        }
        at = e->out.at[0];
    }
    return true;
}

/* keras.Input(shape=...) for the first item, where the target wants one and the sizes are known. */
static Node *input_node(Flat *f, const PivotTensor *t, bool sequence)
{
    Rw *rw = f->rw;
    const char *name = dialect_fact(rw->to, "input_layer");
    if (!name || !t || t->rank < 1) return NULL;
    Node *call = py_call(rw->a, name_of(rw, name)), *shape = py_tuple(rw->a, true);
    int perm[MAX_RANK];
    layout_perm(rw->layout, t, perm);
    if (rw->same_input)
        for (int i = 0; i < MAX_RANK; i++) perm[i] = i;
    for (int i = 1; i < t->rank; i++) {
        Size s = t->dims[perm[i]];
        if ((s.free || s.n < 0) && sequence) return NULL;
        vec_push(rw->a, &shape->items, s.free || s.n < 0 ? py_none(rw->a) : py_int(rw->a, s.n));
    }
    vec_push(rw->a, &call->items, py_kw(rw->a, "shape", shape));
    if (t->dtype && str_starts(t->dtype, "int"))
        vec_push(rw->a, &call->items, py_kw(rw->a, "dtype", py_str(rw->a, t->dtype)));
    return call;
}

static const PivotTensor *root_input(const Flat *f, int i)
{
    return i < f->root->nn->inputs.len ? f->root->nn->inputs.at[i] : NULL;
}

bool write_sequential(Flat *f, NodeVec *body)
{
    NodeVec items = {0};
    Rw *rw = f->rw;
    Node *input = input_node(f, root_input(f, 0), true);
    if (rw->same_input) {
        int perm[MAX_RANK];
        const PivotTensor *t = root_input(f, 0);
        if (t && layout_perm(rw->layout, t, perm)) {
            PlanStep move = {.place = STEP_BEFORE, .kind = "permute"};
            PValue dims = pv_list(rw->a, t->rank);
            for (int i = 0; i < t->rank; i++) dims.u.list.at[i] = pv_int(perm[i]);
            step_put(rw, &move, "dims", dims);
            vec_push(rw->a, &items, step_module(rw, &move));
        }
    }
    if (!chain_items(f, &items)) return false;
    if (input) vec_insert(rw->a, &items, 0, input); /* an Input is no layer of model.layers */
    vec_push(rw->a, body, py_return(rw->a, sequential_node(rw, &items)));
    return true;
}

/* ---- graphs ---- */

static Node *tensor_node(Flat *f, const PivotTensor *t)
{
    Rw *rw = f->rw;
    const char *v = map_get(f->vars, arena_printf(rw->a, "%d", t->id));
    if (v) return py_name(rw->a, v);
    if (!t->numbers) {
        f->lost = true;
        return py_name(rw->a, "x");
    }
    Node *value = value_node(rw, t->numbers);
    const char *maker = t->rank > 0 ? dialect_fact(rw->to, "tensor_maker") : NULL;
    if (!maker) return value;
    Node *call = py_call(rw->a, name_of(rw, maker));
    vec_push(rw->a, &call->items, value);
    return call;
}

static int uses(Flat *f, const PivotTensor *t)
{
    int n = 0;
    for (int i = 0; i < f->events.len; i++)
        for (int k = 0; k < f->events.at[i]->in.len; k++) n += f->events.at[i]->in.at[k] == t;
    for (int i = 0; i < f->root->nn->outputs.len; i++) n += f->root->nn->outputs.at[i] == t;
    return n;
}

/* Still needed behind event i, other than by event i + 1 alone? */
static bool lives_on(Flat *f, const PivotTensor *t, int i)
{
    for (int j = i + 2; j < f->events.len; j++)
        for (int k = 0; k < f->events.at[j]->in.len; k++)
            if (f->events.at[j]->in.at[k] == t) return true;
    for (int k = 0; i + 1 < f->events.len && k < f->root->nn->outputs.len; k++) /* given at the end */
        if (f->root->nn->outputs.at[k] == t) return true;
    return false;
}

static void bind_output(Flat *f, const Event *e, int i)
{
    Rw *rw = f->rw;
    for (int o = 0; o < e->out.len; o++) {
        if (!e->out.at[o]) continue;
        const char *name = "x";
        if (o || lives_on(f, e->out.at[o], i) || uses(f, e->out.at[o]) > 1)
            name = arena_printf(rw->a, "%s%d", e->layer ? flat_kind_word(f, e->layer) : "h", ++f->nvars);
        map_set(f->vars, arena_printf(rw->a, "%d", e->out.at[o]->id), (void *)name);
    }
}

static Node *output_target(Flat *f, const Event *e)
{
    return py_name(f->rw->a, (const char *)map_get(f->vars, arena_printf(f->rw->a, "%d", e->out.at[0]->id)));
}

/* Does this call take a name? A layer of the framework does, a helper's constructor may not. */
static bool layer_has_name(const Node *call)
{
    return call->a->kind == N_ATTRIBUTE;
}

/* A layer that is called more than once is made once: pool_layer = MaxPooling2D(), then pool_layer(x). */
static Node *made_once(Flat *f, const char *name, Node *built)
{
    Rw *rw = f->rw;
    const char *variable = arena_printf(rw->a, "%s_layer", name);
    if (!map_has(f->made, variable)) {
        map_set(f->made, variable, (void *)variable);
        vec_push(rw->a, f->body, py_assign(rw->a, py_name(rw->a, variable), built));
    }
    return py_name(rw->a, variable);
}

/* The layer's steps applied to its input(s). attribute: how the main layer is reached (self.conv1, or the call that builds it). */
static Node *apply_plan(Flat *f, const Event *e, Plan *p, const char *name)
{
    Rw *rw = f->rw;
    Node *x;
    bool many = e->in.len > 1 && str_ends(e->layer->kind->name, "Layer") && e->layer->kind->besser &&
                str_eq(e->layer->kind->besser, "TensorOp");
    if (many) {
        x = py_list(rw->a);
        for (int i = 0; i < e->in.len; i++) vec_push(rw->a, &x->items, tensor_node(f, e->in.at[i]));
    } else {
        x = tensor_node(f, e->in.at[0]);
    }
    for (int i = 0; i < p->steps.len; i++) {
        const PlanStep *s = &p->steps.at[i];
        StrVec unsaid = {0};
        Node *attribute = NULL;
        if (step_is_attribute(rw, s)) {
            if (f->self) {
                const char *n = s->place == STEP_MAIN ? name
                                                      : arena_printf(rw->a, "%s_%s", name, s->suffix ? s->suffix : "step");
                attribute = py_attr(rw->a, py_name(rw->a, "self"), n);
                if (!map_has(f->made, n)) {
                    map_set(f->made, n, (void *)n);
                    Node *built = step_construct(rw, s, &unsaid);
                    built->map = map_for(rw, construction_of(f->rw, e->layer)->site->node);
                    Node *stmt = py_assign(rw->a, attribute, built);
                    if (p->unsupported) stmt->trail = arena_printf(rw->a, "PORT: %s", p->why);
                    vec_push(rw->a, &f->init_body, stmt);
                }
            } else {
                attribute = step_construct(rw, s, &unsaid);
                if (s->place == STEP_MAIN && attribute->kind == N_CALL && layer_has_name(attribute)) {
                    attribute = node_copy(rw->a, attribute); /* reached by its name: model.get_layer("conv1") */
                    vec_push(rw->a, &attribute->items, py_kw(rw->a, "name", py_str(rw->a, name)));
                    map_set(f->paths, arena_printf(rw->a, "%d", e->layer->id),
                            arena_printf(rw->a, "get_layer(\"%s\")", name));
                }
                if (applied_again(f, e->layer)) {
                    const char *n = s->place == STEP_MAIN ? name : arena_printf(rw->a, "%s_%s", name, s->suffix ? s->suffix : "step");
                    attribute = made_once(f, n, attribute);
                }
            }
        }
        if (s->place == STEP_MAIN) {
            Node *call = py_call(rw->a, attribute);
            vec_push(rw->a, &call->items, x);
            for (int k = 1; k < e->in.len && !many; k++) vec_push(rw->a, &call->items, tensor_node(f, e->in.at[k]));
            const char *training = dialect_fact(rw->to, "training_name");
            if (f->self && training && needs_training_kind(e->layer)) {
                f->uses_training = true;
                vec_push(rw->a, &call->items, py_kw(rw->a, training, py_name(rw->a, training)));
            }
            x = call;
        } else {
            x = step_apply(rw, s, x, attribute);
        }
    }
    x->map = map_for(rw, construction_of(f->rw, e->layer) ? construction_of(f->rw, e->layer)->site->node : e->site->node);
    return x;
}

/* An operation that the target has as a layer only: dropout. */
static Node *op_by_layer(Flat *f, Event *e, Node *x)
{
    Plan *p = op_as_layer(f, e);
    for (int i = 0; p && i < p->steps.len; i++) {
        Node *call = py_call(f->rw->a, step_module(f->rw, &p->steps.at[i]));
        vec_push(f->rw->a, &call->items, x);
        x = call;
    }
    return p ? x : NULL;
}

static bool write_calls(Flat *f, NodeVec *body)
{
    Rw *rw = f->rw;
    for (int i = 0; i < f->events.len; i++) {
        Event *e = f->events.at[i];
        Node *value;
        if (e->kind == EV_APPLY) {
            Plan *p = flat_plan(f, e->layer);
            if (!p) continue;
            const char *name = flat_name(f, e->layer);
            if (f->self && !map_get(f->paths, arena_printf(rw->a, "%d", e->layer->id)))
                map_set(f->paths, arena_printf(rw->a, "%d", e->layer->id), (void *)name);
            value = apply_plan(f, e, p, name);
            if (f->lost) {
                rw->res->impossible = arena_printf(rw->a, "what %s is called on comes from outside of the network", name);
                return false;
            }
        } else {
            Node *inputs[16];
            int n = 0;
            for (int k = 0; k < e->in.len && k < 16; k++) inputs[n++] = tensor_node(f, e->in.at[k]);
            value = op_from_values(rw, e, inputs, n);
            if (!value && n == 1) value = op_by_layer(f, e, inputs[0]);
            if (!value || f->lost) {
                rw->res->impossible = arena_printf(rw->a, "%s cannot be written from its values alone",
                                                   event_words(f, e));
                return false;
            }
            if (!value->map) value->map = map_for(rw, e->site->node);
        }
        bind_output(f, e, i);
        Node *target = output_target(f, e);
        if (e->out.len > 1 && value->kind == N_TUPLE && value->items.len == 2 && value->items.at[1]->kind == N_NONE)
            value = value->items.at[0];
        vec_push(rw->a, body, py_assign(rw->a, target, value));
    }
    return true;
}

static Node *outputs_node(Flat *f)
{
    const PivotNN *nn = f->root->nn;
    if (nn->outputs.len == 1) return tensor_node(f, nn->outputs.at[0]);
    Node *t = py_tuple(f->rw->a, false);
    for (int i = 0; i < nn->outputs.len; i++) vec_push(f->rw->a, &t->items, tensor_node(f, nn->outputs.at[i]));
    return t;
}

/* The last call of the chain is returned as it is: no x = ...; return x. */
static void fold_return(Flat *f, NodeVec *body, Node *result)
{
    (void)f;
    Node *last = body->len ? body->at[body->len - 1] : NULL;
    if (last && last->kind == N_ASSIGN && result->kind == N_NAME && last->items.at[0]->kind == N_NAME &&
        str_eq(last->items.at[0]->name, result->name))
        body->at[body->len - 1] = py_return(f->rw->a, last->b);
    else
        vec_push(f->rw->a, body, py_return(f->rw->a, result));
}

const char *port_input_name(Rw *rw, const RootTrace *root, int i)
{
    int k = 0;
    for (int n = 0; n < root->nn->nodes.len; n++) {
        const PivotNode *in = root->nn->nodes.at[n];
        if (in->type != PNODE_INPUT || k++ != i) continue;
        const char *s = in->name;
        bool word = s && (isalpha((unsigned char)s[0]) || s[0] == '_');
        for (const char *c = s; word && *c; c++) word = isalnum((unsigned char)*c) || *c == '_';
        if (word) return s;
    }
    return i ? arena_printf(rw->a, "x%d", i + 1) : "x";
}

static const char *input_name(Flat *f, int i)
{
    return port_input_name(f->rw, f->root, i);
}

static void border_permute(Flat *f, NodeVec *body, const char *name, const PivotTensor *t)
{
    int perm[MAX_RANK];
    if (!f->rw->same_input || !layout_perm(f->rw->layout, t, perm)) return;
    vec_push(f->rw->a, body, py_assign(f->rw->a, py_name(f->rw->a, name),
                                       move_axes(f->rw, py_name(f->rw->a, name), perm, t->rank)));
}

bool write_functional(Flat *f, NodeVec *body)
{
    Rw *rw = f->rw;
    const PivotNN *nn = f->root->nn;
    Node *inputs = nn->inputs.len == 1 ? NULL : py_list(rw->a);
    for (int i = 0; i < nn->inputs.len; i++) {
        const char *name = nn->inputs.len == 1 ? "inputs" : input_name(f, i);
        map_set(f->vars, arena_printf(rw->a, "%d", nn->inputs.at[i]->id), (void *)name);
        Node *in = input_node(f, nn->inputs.at[i], false);
        if (!in) {
            rw->res->impossible = "the shape of the input is not known: give it with --shape";
            return false;
        }
        vec_push(rw->a, body, py_assign(rw->a, py_name(rw->a, name), in));
        int perm[MAX_RANK];
        if (rw->same_input && layout_perm(rw->layout, nn->inputs.at[i], perm)) {
            vec_push(rw->a, body, py_assign(rw->a, py_name(rw->a, "x"),
                                            move_axes(rw, py_name(rw->a, name), perm, nn->inputs.at[i]->rank)));
            map_set(f->vars, arena_printf(rw->a, "%d", nn->inputs.at[i]->id), (void *)"x");
        }
        if (inputs) vec_push(rw->a, &inputs->items, py_name(rw->a, name));
    }
    f->body = body;
    if (!write_calls(f, body)) return false;
    Node *out = outputs_node(f);
    if (out->kind == N_TUPLE) out->kind = N_LIST;
    PAttrs none = {0};
    const DialectRow *row = dialect_write(rw->to, FORM_LAYER, "Model", &none);
    Node *model = py_call(rw->a, name_of(rw, row ? row->names.at[0] : "Model"));
    vec_push(rw->a, &model->items, inputs ? inputs : py_name(rw->a, "inputs"));
    vec_push(rw->a, &model->items, out);
    vec_push(rw->a, body, py_return(rw->a, model));
    return true;
}

/* class NAME(Base): the layers as attributes, the calls in the forward pass. */
Node *write_class(Flat *f, const char *name)
{
    Rw *rw = f->rw;
    const PivotNN *nn = f->root->nn;
    const char *err = NULL;
    bool kwargs = str_eq(dialect_fact(rw->to, "constructor_kwargs"), "true");
    const char *forward = dialect_fact(rw->to, "forward");
    NodeVec made = py_parse_stmts(rw->a,
                                  arena_printf(rw->a, "class %s(Base):\n    def __init__(self%s):\n        "
                                               "super().__init__(%s)\n\n    def %s(self):\n        pass\n",
                                               name, kwargs ? ", **kwargs" : "", kwargs ? "**kwargs" : "", forward),
                                  &err);
    Node *cls = made.at[0];
    rw->generated_name = name;
    cls->items.at[0] = name_of(rw, rw->to->module_bases.at[0]);
    Node *init = cls->body.at[0], *fwd = cls->body.at[1];
    fwd->body.len = 0;
    bool function = f->root->definition && f->root->definition->node->kind == N_FUNCTION;
    for (int i = 0; function && i < f->params->list.len; i++) { /* the factory's parameters become the constructor's */
        Param p = f->params->list.at[i];
        if (p.kind != PARAM_PLAIN) continue;
        p.annotation = NULL;
        p.dflt = rewrite_expr(rw, p.dflt);
        vec_insert(rw->a, &init->params.list, i + 1, p);
    }
    f->self = true;
    for (int i = 0; i < nn->inputs.len; i++) {
        Param p = {.name = input_name(f, i)};
        vec_push(rw->a, &fwd->params.list, p);
        map_set(f->vars, arena_printf(rw->a, "%d", nn->inputs.at[i]->id), (void *)p.name);
        border_permute(f, &fwd->body, p.name, nn->inputs.at[i]);
    }
    if (!write_calls(f, &fwd->body)) return NULL;
    fold_return(f, &fwd->body, outputs_node(f));
    const char *training = dialect_fact(rw->to, "training_name");
    if (f->uses_training && training) {
        Param p = {.name = training, .dflt = py_none(rw->a)};
        vec_push(rw->a, &fwd->params.list, p);
    }
    for (int i = 0; i < f->init_body.len; i++) vec_push(rw->a, &init->body, f->init_body.at[i]);
    parts_marks(f, &init->body);
    return cls;
}
