/* Inside of the framework's half of the trace room: what its files share and the Python half does
 * not see.
 *
 *   events.c     sites, events, diagnostics, questions
 *   bind.c       the arguments of a call -> the parameters of a dialect row -> pivot attributes
 *   ext.c        calls of framework names
 *   layer.c      layers: built, called, asked for attributes
 *   container.c  Sequential, ModuleList, ModuleDict
 *   functional.c graphs on symbolic tensors: Input, Model(inputs, outputs), replay on other tensors
 *   holders.c    plain lists and dictionaries that hold layers
 *   module.c     instances of the file's own module classes
 *   graph.c      the steps of forward passes: nodes, tensors, whose pass collects them
 *   op.c         tensor operations: functions, methods, operators
 *   tensor.c     attributes, subscripts and methods of tensors
 *   assume.c     inputs of unknown shape: what their first consumer says of them
 *   roots.c      which networks the file has; building and applying them
 *   training.c   configuration and datasets out of the events of training code
 *   roles.c      a letter for each axis
 *
 * Tensors pass the borders of sub-networks unchanged: the PNODE_NN step of the caller and the steps
 * inside of the callee share them. */
#ifndef TRACE_FRAME_H
#define TRACE_FRAME_H

#include "trace/interp.h"

/* In the reason of an unknown that an input's shape would make known. */
#define UNKNOWN_SHAPE "shape of this tensor"

typedef VEC(PivotTensor *) TensorVec;
typedef VEC(PivotNode *) NodeList;

/* model.build((None, 32, 32, 3)), summary(model, (3, 224, 224)) */
typedef struct ShapeHint {
    PivotNN *nn;
    const Size *dims; /* batch included */
    int rank;
    Node *site;
} ShapeHint;

/* An input of a network that is applied from outside. */
typedef struct RootInput {
    PivotTensor *tensor;
    PivotNN *nn;
    const char *network, *argument;
    bool told, assumed;
    const char *says;   /* what its first consumer says */
    const char *misfit; /* a mismatch that an assumed size may have caused */
} RootInput;

/* A size that the pass needs to have a value. */
typedef struct HintEquation {
    const SizeExpr *expr;
    long long value;
    Node *site;
    bool soft; /* it may mean something else */
} HintEquation;

typedef struct Framework {
    NodeList pending; /* steps on symbolic tensors outside of any forward pass */
    int off; /* > 0: steps are not collected at all (later calls, bodies of Lambda layers) */
    int extra_outputs; /* results that the call being made asks for beside the usual ones */
    int implicit; /* > 0: layers are applied by a container, not by an expression of the source */
    unsigned char *symbolic; /* by tensor id: made from a symbolic input */
    int nsymbolic;
    Map *functions; /* layer id as text -> Value *: the function of a Lambda layer, inner module of
                       a wrapper */
    VEC(Value *) layer_values; /* by layer id - 1 */
    Map *nn_values;            /* PivotNN id as text -> Value *: its object or container */
    VEC(ShapeHint) hints;      /* shapes that the file tells of a network's input */
    VEC(Value *) objects; /* module instances, in order of construction, forced ones left out */
    VEC(Value *) containers;
    bool quiet;       /* running training code for its events: notes only, no questions */
    bool assumed;     /* some size of an input was assumed */
    bool discovering; /* a pass that is run only for what the first consumers of its inputs say */
    bool misfit;      /* a shape error that an assumed size may have caused */
    const char *misfit_text;
    Node *misfit_site;
    int spatial_hint;     /* length to assume for free spatial axes */
    VEC(Value *) handles; /* losses, optimizers, ... in order */
    VEC(Value *) criteria; /* functions and objects of the file's own that compile() was given */
    VEC(RootInput) root_inputs;
    VEC(HintEquation) equations; /* of the root being applied */
    VEC(const char *) auto_names; /* by layer id - 1: the name that the framework gives it when it is built */
    Map *layer_names;            /* automatic names given so far: "conv2d" -> count */
    int keras;                   /* generation that rows are read with; 0: the dialect has none */
    const char *keras_why;       /* the evidence for it, NULL: there is none */
    bool keras_asked;
    int keras_old;      /* 1 yes, -1 no, 0 not looked at */
    struct HolderLog *holders; /* holders.c's own */
    bool symbolic_told; /* an unnamed --shape was taken by a symbolic input */
} Framework;

Framework *fw(Interp *in);

/* ---- events.c ---- */
/* An event that stands at no site of its own: what a container applied. It is in trace->events
 * only. */
Event *event_detached(Interp *in, EventKind k, Node *site);
Span node_span(const Node *n);
int line_of(Interp *in, const Node *n);
/* Drops it while an arm is forced, lowers it to a note while training code is run. */
void frame_diag(Interp *in, Severity sev, const char *code, Node *site, const char *hint,
                const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* "Net.conv1" where the site is (part of) what is assigned to self.conv1 in class Net;
 * "Net.forward", "model", ... */
const char *site_path(Interp *in, Node *site);
/* The answer in force for a question, or NULL. */
const char *answer_to(Interp *in, const char *id);
bool node_in_source(Interp *in, const Node *n);

/* ---- bind.c ---- */
typedef struct Bound {
    Value *value; /* NULL: not given */
    Node *expr;
} Bound;
typedef struct Binding {
    const DialectRow *row;
    Bound *at;      /* one for each of row->params */
    ValueVec *rest; /* what a *rest parameter took: one vector, or NULL */
    bool unknown;   /* *unknown or **unknown was among the arguments */
    bool failed;    /* some argument did not fit (diagnosed) */
} Binding;
/* The row that a call fits; NULL when no row has the name. self: a method's receiver or NULL. */
const DialectRow *row_match(Interp *in, RowForm form, const char *name, Value *self,
                            const Args *args, Node *site);
void bind_args(Interp *in, const DialectRow *row, Value *self, const Args *args, Node *site,
               const char *callee, Binding *out);
SiteArg *bind_site_args(Interp *in, const Binding *b);
/* Attributes by the row's conversions, with the kind's defaults; also makes EV_ACT_REF events. */
PAttrs bind_attrs(Interp *in, const Binding *b, Node *site, const char *callee);
/* The value that was given for a pivot attribute or a parameter's name; NULL. */
Value *bound_param(const Binding *b, const char *param);
const char *short_name(const char *dotted); /* behind the last dot */
bool is_tensorish(const Value *v);          /* a tensor, or a list or tuple with one in it */
/* An activation out of whatever was given: string, function, layer. PV_UNSET: none of these. */
PValue act_of_value(Interp *in, Value *v, Node *expr);
void arg_push(Interp *in, Args *args, Value *v, Node *expr);

/* ---- graph.c ---- */
PivotTensor *tensor_new(Interp *in, const Size *dims, int rank, const char *dtype);
PivotTensor *tensor_unknown(Interp *in);
#define WEIGHTS_OF_MODULE "the weights of a module" /* why self.parameters() is not known */
/* The tensor behind a value: itself, a number as a constant of rank 0, an unknown as a tensor of
 * unknown rank. */
PivotTensor *tensor_of_value(Interp *in, Value *v);
bool tensor_is_symbolic(Interp *in, const PivotTensor *t);
void tensor_set_symbolic(Interp *in, const PivotTensor *t);
Value *value_of_tensor(Interp *in, PivotTensor *t, Node *site);
/* A step, put where steps are collected now. */
PivotNode *node_step(Interp *in, PivotNodeType type, Node *site, const TensorVec *ins,
                     const TensorVec *outs);
PivotNN *nn_new(Interp *in, PivotDefinition *def, Node *site, bool forced);
void nn_attach(Interp *in, PivotNN *nn, PivotNN *parent,
               const char *path); /* path within the root */
const char *dotted_join(Interp *in, const char *a, const char *b);

/* The object or container that a network of the pivot is. */
Value *value_of_nn(Interp *in, const PivotNN *nn);
void value_of_nn_set(Interp *in, const PivotNN *nn, Value *v);

/* Collecting the steps of a callee: between graph_enter and graph_leave. */
typedef struct GraphScope {
    PivotNN *graph, *self;
    bool first;
    PivotNN *nn;
    int off;
} GraphScope;
GraphScope graph_enter(Interp *in, PivotNN *nn, const TensorVec *ins, const StrVec *names,
                       Node *site);
/* Closes the pass; records the PNODE_NN step and EV_APPLY_NN in the caller. */
void graph_leave(Interp *in, GraphScope *g, const TensorVec *ins, Value *result, Node *site);
void tensors_of(Interp *in, Value *v,
                TensorVec *out); /* tensors in a value, lists and dicts included */

/* ---- layer.c ---- */
/* einops.c: NULL where it is none of it */
Value *einops_call(Interp *in, const char *dotted, const Args *args, Node *site);
Value *einops_layer(Interp *in, Env *env, const DialectRow *row, const char *dotted, const Args *args, Node *site);
Value *build_layer(Interp *in, Env *env, const DialectRow *row, const char *dotted, Args *args,
                   Node *site);
void layer_name(Interp *in, PivotLayer *l, PivotNN *owner, const char *name);
Value *apply_layer(Interp *in, PivotLayer *l, const TensorVec *ins, Node *site, Value *layer_value);
Value *layer_function(Interp *in, const PivotLayer *l);
void layer_set_function(Interp *in, const PivotLayer *l, Value *f);
const char *producer_text(Interp *in, const PivotTensor *t); /* " from conv2 at line 31", or "" */
bool layer_input_shape(Interp *in, Value *layer,
                       Value **shape); /* input_shape= and its spellings: without batch */
const char *layer_given_name(const Value *layer); /* name=, else the name it was attached under */
const char *auto_name(Interp *in, const char *base);

/* ---- container.c ---- */
Container *container_new(Interp *in, const DialectRow *row, const char *what, Node *site);
void container_push(Interp *in, Container *c, int at, const char *key, Value *item);
Value *container_run(Interp *in, Env *env, Container *c, Args *args, Node *site);
void container_rename(Interp *in, Container *c);
void container_put(Interp *in, Container *c, const char *key, Value *item);
void container_fill(Interp *in, Container *c, Args *args, Node *site); /* constructor arguments */
Value *container_method(Interp *in, Value *cont, const char *name, Args *args, Node *site,
                        bool *known);

/* ---- holders.c ---- */
void holders_note(Interp *in, Value *v, Node *site); /* v was assigned to a module's attribute */
void holders_settle(Interp *in);                     /* at the end: fills trace->holders */

/* ---- module.c ---- */
Value *run_module(Interp *in, Env *env, Value *self, Args *args, Node *site);
void module_register(Interp *in, Value *self, const char *path, Value *v, Node *site);
/* Calls from outside of any pass: what they pass, and the call put on record without a pass. */
bool from_outside(Interp *in);
bool all_shapes_known(Interp *in, Args *args);
bool any_symbolic(Interp *in, Args *args);
Value *fresh_input(Interp *in, PivotNN *nn, const char *title, const char *argument, Value *v);
Value *call_deferred(Interp *in, PivotNN *nn, Args *args, Node *site);
Value *module_children(Interp *in, Value *self, bool named); /* a list of them, or a dict by name */
Value *module_method(Interp *in, Env *env, Value *self, const char *name, Args *args, Node *site);
void module_sync(Interp *in, Value *self); /* lists of layers that grew after they were assigned */

/* ---- functional.c ---- */
Value *input_tensor(Interp *in, const Binding *b, const char *name, Node *site);
Value *build_model(Interp *in, Env *env, const DialectRow *row, Args *args, Node *site,
                   Value *self);
Value *layer_end(Interp *in, Value *layer, bool output, Node *site);
/* model.input, model.output, ...; NULL: none of these. */
Value *functional_attr(Interp *in, Value *cont, const char *name, Node *site);
Value *replay_model(Interp *in, Container *c, Args *args, Node *site);
const char *string_arg(const Args *args,
                       const char *name); /* a keyword argument that is a string; NULL */
const Size *shape_value_dims(Interp *in, Value *shape, int *rank, bool batch);

/* ---- op.c ---- */
Value *call_op(Interp *in, const DialectRow *row, const char *dotted, Value *self, Args *args,
               Node *site);
Value *apply_op(Interp *in, const PivotKind *kind, PAttrs attrs, const TensorVec *ins,
                const DialectRow *row, SiteArg *args, Node *site);
void event_gap(Interp *in, Node *site, const char *dotted, const TensorVec *ins, const char *why);
/* Axis attributes that count from the end -> from 0. */
void normalise_axes(Interp *in, const PivotKind *kind, PAttrs *attrs, const TensorVec *ins);
void event_shape(Interp *in, Node *site, PivotTensor *t, int axis);
/* library.c: what a function of the framework gives that computes with plain values; NULL: it is none of those. */
Value *library_call(Interp *in, const char *dotted, const Args *args);
Value *shape_of_tensor(Interp *in, PivotTensor *t); /* V_SHAPE, or unknown */
Value *axis_size(Interp *in, PivotTensor *t, int axis);

/* ---- constants.c ---- */
void constant_attach(Interp *in, Value *tensor, Value *numbers);
/* The numbers that a function, a method or an operator gives on known numbers; NULL: not known. */
Value *constant_call(Interp *in, Env *env, const char *dotted, Value *self, const Args *args,
                     Node *site);
Value *constant_method(Interp *in, Env *env, Value *tensor, const char *name, Args *args,
                       Node *site);
Value *constant_binary(Interp *in, const char *op, Value *l, Value *r, Node *site);

/* ---- assume.c ---- */
/* The first consumer of an input of unknown rank says what it takes; dims are set in place. */
void assume_input(Interp *in, PivotTensor *t, const PivotKind *kind, const PAttrs *attrs);
Size assumed_batch(Interp *in);

/* ---- hints.c ---- */
void hint_equation(Interp *in, Size size, long long value, Node *site, bool soft);
/* Sets the hints of all tensors from this step on so that the equations hold; false: no length
 * does. */
bool hints_fit(Interp *in, int first_step);

/* ---- roles.c, training.c, roots ---- */
/* The tensors that a network takes when it is applied from outside: fresh ones, with the batch
 * free. given: what the call in the file passes, or NULL. */
PivotTensor *root_input(Interp *in, PivotNN *nn, const char *network, const char *argument,
                        const PivotTensor *given);
/* A symbolic input of the file: with the dims it gives, unless an option or an answer names it or
 * the file gives none. */
PivotTensor *symbolic_input(Interp *in, const char *name, const Size *dims, int rank,
                            const char *dtype);
const char *nn_title(Interp *in, const PivotNN *nn); /* "Net", "model" */
void roles_infer(Interp *in);
void training_collect(Interp *in);
void training_event(Interp *in, Node *site, const char *dotted, const DialectRow *row, Args *args);
Value *v_loss(Interp *in, const char *dotted, const DialectRow *row);
void tensors_into(Interp *in, Value *v, Event *e); /* the tensors of v among the event's inputs */
Value *build_handle(Interp *in, const DialectRow *row, const char *dotted, Args *args, Node *site);
/* ---- generation.c ---- */
/* Which generation of the framework the file is written for: sets fw->keras from the evidence in
 * the file. */
void keras_settle(Interp *in);
/* A file of the time before the framework was part of a larger one: evidence of the old generation,
 * and the framework imported by its own name only. */
bool keras_is_old(Interp *in);
/* Something in the file computes otherwise in another generation: asks, once, unless the file tells
 * which it is. */
void keras_matters(Interp *in, Node *site, const char *what);
/* Would this activation be another one in the other generation? */
void keras_check_act(Interp *in, const char *name, Node *site);
void keras_check_row(Interp *in, RowForm form, const char *name, const DialectRow *row, Node *site);

#endif
