/* Inside of the trace room: values, environments and the interpreter's entry points. Not seen
 * outside.
 *
 * The room is written in two halves that meet here:
 *   Python's meaning        value.c env.c expr.c stmt.c call.c class.c builtins*.c stdlib*.c
 * comprehension.c the framework's meaning ext.c layer.c container.c module.c op.c tensor.c
 * functional.c roots.c
 *
 * Every value has a concrete face (v->kind and its union) and, for numbers, possibly a free face
 * (v->free: it was computed from an axis of free length). V_UNKNOWN carries its reason and is never
 * an error in itself. */
#ifndef TRACE_INTERP_H
#define TRACE_INTERP_H

#include "trace/trace.h"

typedef struct Value Value;
typedef struct Env Env;
typedef struct Interp Interp;
typedef struct Object Object;
typedef struct ClassValue ClassValue;
typedef struct FunctionValue FunctionValue;
typedef VEC(Value *) ValueVec;

typedef enum ValueKind {
    V_NONE,
    V_BOOL,
    V_INT,
    V_FLOAT,
    V_STR,
    V_BYTES,
    V_ELLIPSIS,
    V_LIST,
    V_TUPLE,
    V_SET,       /* items */
    V_DICT,      /* keys, items (same length, insertion order) */
    V_RANGE,     /* items computed on demand: lo, hi, step */
    V_SLICE,     /* items[3], each a value (V_NONE for absent) */
    V_FUNCTION,  /* user function, lambda or bound method (self != NULL) */
    V_BUILTIN,   /* a Python builtin or a function of the standard library: name, optional self */
    V_CLASS,     /* user class */
    V_OBJECT,    /* instance of a user class; module instances have obj->nn */
    V_MODULE,    /* a Python module of the file's own project: obj holds its names */
    V_EXT,       /* a name of the framework or of any library: dotted canonical path */
    V_LAYER,     /* a layer of the framework: layer */
    V_CONTAINER, /* Sequential, ModuleList, ModuleDict, functional Model: cont */
    V_TENSOR,    /* tensor */
    V_SHAPE,     /* x.shape: a tuple of ints with free faces; items; tensor it came from */
    V_ITER,      /* a materialised iterator: items, pos */
    V_PROPERTY,
    V_STATICMETHOD,
    V_CLASSMETHOD, /* func */
    V_SUPER,       /* super(): cls to start after, self */
    V_HANDLE,      /* a training object (optimizer, loss, dataset): dotted, row, attrs */
    V_UNKNOWN      /* why */
} ValueKind;

typedef struct Container {
    const DialectRow *row;
    const char *what; /* "Sequential", "ModuleList", "ModuleDict", "Model" */
    PivotNN *nn;      /* Sequential, Model */
    ValueVec items;
    StrVec keys;        /* names of the items; "0", "1", ... where not given */
    Value *input_shape; /* Sequential: from Input / InputLayer / input_shape=, without batch; or
                           NULL */
    ValueVec inputs, outputs; /* Model: symbolic tensors */
    Node *site;
    PivotNN *owner; /* class instance whose attribute it was put into, and under which path; NULL
                       until then */
    const char *path;
    bool forced;      /* built by an arm that was not taken */
    const char *name; /* name= of a Keras model */
    Map *attrs;       /* what code sets on it beside; NULL until then */
} Container;

struct Value {
    ValueKind kind;
    union {
        bool b;
        long long i;
        double f;
        struct {
            const char *s;
            int len;
        } str; /* V_STR, V_BYTES */
        FunctionValue *fn;
        ClassValue *cls;
        Object *obj;
        PivotLayer *layer;
        Container *cont;
        PivotTensor *tensor;
        struct {
            long long lo, hi, step;
        } range;
        struct {
            const char *name;
            Value *self;
        } builtin;
        const char *dotted; /* V_EXT */
        struct {
            ClassValue *after;
            Value *self;
        } super;
        struct {
            const char *dotted;
            const DialectRow *row;
            PAttrs attrs;
        } handle;
        const char *why; /* V_UNKNOWN */
    } u;
    ValueVec items, keys; /* containers */
    int pos;              /* V_ITER */
    int born; /* V_LIST, V_DICT: in->steps when it was made: whether a loop over a free size made it
                 or grows it */
    const SizeExpr *free; /* V_INT: free face; V_FLOAT: the quotient it is; V_BOOL: a guard, true
                             for the hints; V_RANGE: of its end; V_LIST: its length, when it was
                             filled by a loop over a free size */
    PivotTensor *of;      /* V_SHAPE, and V_INT taken from a shape: of which tensor */
    int axis;             /* V_INT taken from a shape: which axis, else -1 */
    Node *origin; /* V_TENSOR: the expression that made it; V_LAYER, V_OBJECT, V_CONTAINER: where
                     built */
    const DialectRow *row;   /* V_LAYER: the row that read it */
    Event *built;            /* V_LAYER, V_CONTAINER, V_OBJECT (module): its construction event */
    const struct Made *made; /* V_LAYER, V_CONTAINER, V_OBJECT: the call that made it, to make
                                another like it (copy.deepcopy) */
    bool from_param; /* the concrete face depends on a constructor parameter (directly or through
                        attributes, lookups and calls): what makes a choice *dynamic* (all arms) */
    bool keras_symbolic;   /* V_TENSOR: from keras.Input: calls on it build a functional graph */
    bool is_training_flag; /* self.training, the training argument */
};

struct FunctionValue {
    Node *node; /* N_FUNCTION or N_LAMBDA */
    Env *closure;
    ValueVec defaults; /* by parameter, NULL where none: evaluated at definition */
    Value *self;       /* bound receiver or NULL */
    ClassValue *owner; /* class it was defined in: for super() */
    Definition *def;
    Map *attrs; /* attributes set on the function (f.cache = {}), or NULL */
};

struct ClassValue {
    const char *name;
    Node *node;
    ValueVec bases;        /* V_CLASS or V_EXT */
    VEC(ClassValue *) mro; /* user classes, self first (C3) */
    const char *ext_base;  /* first framework base in the MRO, canonical; NULL */
    Map *attrs;            /* name -> Value* */
    Env *env;
    Definition *def;
    bool is_module; /* derives from a module base of the framework */
    bool is_dataclass, is_namedtuple, is_enum;
    bool is_open; /* has a base of the framework or of another library: it may have attributes that
                     nobody sees here */
};

struct Object {
    ClassValue *cls; /* NULL for a plain namespace */
    Map *attrs;
    PivotNN *nn;     /* module instances */
    Container *cont; /* module instances whose class derives from a container */
    Value *layer;    /* module instances whose class derives from a layer: that layer */
    bool applied, built;
    const Object *copy_of; /* module instances: what copy.deepcopy made it after */
    Value *base; /* what an instance of a class derived from dict, list, tuple, str, int holds;
                    arrays: a V_LIST */
};

/* An environment: a function's locals, a class body, or module globals. */
struct Env {
    Map vars;
    Env *parent; /* lexical; class bodies are skipped when looked up from inside */
    bool is_class, is_module;
    StrVec globals, nonlocals;
    Activation *act;
    FunctionValue *fn; /* the running function, for super() */
    Value *self;       /* first argument of the running method */
    ClassValue *cls;   /* is_class: the class whose body runs */
    Interp *in;        /* whose journal notes what a forced arm binds */
    Module *module;    /* module environments: the file they are of, and its path */
    const char *path;
};

typedef enum {
    FLOW_NORMAL,
    FLOW_RETURN,
    FLOW_BREAK,
    FLOW_CONTINUE,
    FLOW_RAISE,
    FLOW_LIMIT
} FlowKind;

typedef struct Args { /* evaluated arguments of a call */
    ValueVec pos;
    Node **pos_expr; /* the expression of each, NULL where it came out of *args */
    int npos_expr;
    StrVec kw_names;
    ValueVec kw;
    VEC(Node *) kw_expr; /* NULL where it came out of **kwargs */
    bool unknown_star;   /* *unknown or **unknown was among them */
} Args;

struct Interp {
    Arena *arena;
    Trace *trace;
    Module *module;
    const Dialect *dialect;
    const TraceOptions *opts;
    Env *globals;
    Value *result;      /* of FLOW_RETURN; the exception value of FLOW_RAISE */
    const char *raised; /* FLOW_RAISE: "ValueError: message" */
    Activation *act;    /* running activation */
    PivotNN *self_nn;   /* instance whose forward/constructor runs, NULL outside */
    PivotNN *graph_nn;  /* NN that collects PivotNodes now, NULL: operations on tensors are recorded
                           without owner */
    int depth, steps, max_steps, max_depth;
    int forced;        /* > 0 while an arm that was not taken is run for its events */
    bool raising;      /* an exception is on its way up: expr evaluation returns unknown until it is
                          handled */
    bool constructing; /* inside of a constructor */
    const char *path;
    Map *modules;         /* imported project modules by dotted name */
    struct Framework *fw; /* the framework half's own state (frame.h), made on first use */
    struct PyState *py;   /* the Python half's own state (pystate.h) */
};

/* forced.c: whoever changes a value, an object or an environment in place says so first, so that a
 * forced arm can be undone. They do nothing outside of one. */
void forced_note_value(Interp *in,
                       Value *v); /* v's fields, its items and its keys are about to change */
void forced_note_map(Interp *in, Map *m,
                     const char *key); /* m[key] is about to be set or removed */
/* stdlib_numpy.c: a numeric 1-D array (numpy's, or a tensor of constants): an object whose base is
 * a V_LIST; it has arithmetic by item, tolist(), item(), iteration and indexing. */
Value *v_array(Interp *in, const ValueVec *items);

/* value.c */
Value *v_new(Interp *in, ValueKind k);
Value *v_none(Interp *in);
Value *v_bool(Interp *in, bool b);
Value *v_int(Interp *in, long long i);
Value *v_size(Interp *in, Size s); /* V_INT with a free face where it is free */
Value *v_float(Interp *in, double f);
Value *v_str(Interp *in, const char *s);
Value *v_list(Interp *in, ValueKind k); /* V_LIST, V_TUPLE, V_SET, V_DICT empty */
Value *v_ext(Interp *in, const char *dotted);
Value *v_tensor(Interp *in, PivotTensor *t, Node *origin);
Value *v_builtin(Interp *in, const char *name, Value *self);
Value *v_unknown(Interp *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int v_truth(Interp *in,
            const Value *v); /* 1, 0, or -1 unknown (tensors, unknowns, free comparisons) */
bool v_is_num(const Value *v);
double v_num(const Value *v);
Size v_to_size(const Value *v);                          /* V_INT; else n = -1 */
int v_equal(Interp *in, const Value *x, const Value *y); /* 1, 0, -1 unknown */
PValue
v_to_pvalue(Interp *in,
            const Value *v); /* layers, classes, functions become PV_REF; unknowns PV_UNKNOWN */
Value *v_from_pvalue(Interp *in, const PValue *v);
const char *v_type_name(const Value *v); /* "int", "list", "Block", "Tensor" */
const char *v_repr(Interp *in, const Value *v);

/* env.c */
Env *env_new(Interp *in, Env *parent);
Value *env_get(Env *e, const char *name); /* NULL when unbound (builtins are not looked at) */
void env_set(Env *e, const char *name, Value *v);

/* expr.c, stmt.c, call.c, class.c */
Value *eval(Interp *in, Env *env, Node *n); /* never NULL; records flows for tensors */
FlowKind exec_block(Interp *in, Env *env, const NodeVec *stmts);
void assign_target(Interp *in, Env *env, Node *target, Value *v);
Value *call_value(Interp *in, Env *env, Value *callee, Args *args,
                  Node *site); /* whatever is callable */
Value *call_function(Interp *in, FunctionValue *fn, Value *self, Args *args, Node *site);
Value *instantiate(Interp *in, Env *env, Value *cls, Args *args, Node *site);
Value *get_attr(Interp *in, Value *of, const char *name,
                Node *site); /* NULL when there is none: the caller raises */
void set_attr(Interp *in, Value *of, const char *name, Value *v, Node *site);
Value *get_item(Interp *in, Value *of, Value *index, Node *site);
void set_item(Interp *in, Value *of, Value *index, Value *v, Node *site);
bool iterate(Interp *in, Value *v, ValueVec *out,
             Node *site); /* false: not iterable (or unknown); lists what it yields */
Value *class_lookup(ClassValue *c, const char *name,
                    ClassValue **where); /* through the MRO; NULL */
Value *raise_error(Interp *in, const char *type, Node *site, const char *fmt, ...)
    __attribute__((format(printf, 4, 5))); /* sets raising; returns an unknown */
/* Ends an exception or a limit that nobody caught (a root's constructor raised): its text, or NULL
 * where there is none. */
const char *take_raised(Interp *in);
bool step(Interp *in, Node *n); /* counts; false when a limit ended the trace (diagnosed) */
Definition *definition_of_node(Interp *in, Node *n);

/* builtins.c, stdlib.c: name is "len", "str.format", "math.sqrt", "functools.partial", ... */
Value *call_builtin(Interp *in, Env *env, const char *name, Value *self, Args *args, Node *site);
/* An attribute of a library that is no framework (math.pi, os.environ): NULL leaves it to V_EXT. */
Value *stdlib_attr(Interp *in, const char *dotted);
/* Methods of Python's own types: a V_BUILTIN bound to self, or NULL. */
Value *type_method(Interp *in, Value *self, const char *name);

/* ---- the framework's half ---- */
/* ext.c: a call of a V_EXT that belongs to the framework or any other library. */
Value *call_ext(Interp *in, Env *env, const char *dotted, Args *args, Node *site);
/* module.c: attributes of module instances that no class defines (training, parameters(),
 * modules(), ...). NULL: none. */
Value *module_attr(Interp *in, Value *self, const char *name, Node *site);
void module_set_attr(Interp *in, Value *self, const char *name, Value *v,
                     Node *site); /* registers layers, sub-NNs, containers with their names */
bool module_called(Interp *in, Value *self); /* a module whose class has no forward pass but __call__ */
Value *call_module(Interp *in, Env *env, Value *self, Args *args,
                   Node *site); /* obj(...) -> forward/call, EV_APPLY_NN */
void module_init(Interp *in, Value *self,
                 Node *site); /* a module object was created: gives it a PivotNN */
/* super().__init__(...) and other methods reaching a framework base: name "__init__", "build",
 * "add_module", ... NULL: none. */
Value *module_base_method(Interp *in, Value *self, const char *name, Args *args, Node *site,
                          bool *known);
/* inherit.c: classes that derive from a layer. False, NULL: this one does not. */
bool inherited_init(Interp *in, Value *self, Args *args, Node *site);
Value *inherited_call(Interp *in, Value *self, Args *args, Node *site);
Value *inherited_attr(Interp *in, Value *self, const char *name, Node *site);
bool inherited_holds(Interp *in, const Value *layer, const char *name); /* a weight, or what the layer was built with */
Value *inherited_method(Interp *in, Env *env, Value *self, const char *method, const Args *args, Node *site);
/* layer.c, container.c */
Value *call_layer(Interp *in, Env *env, Value *layer, Args *args, Node *site); /* EV_APPLY */
/* layer_weights.c: a weight of a layer, as a tensor of its shape. */
Value *layer_weight(Interp *in, Value *layer, const char *name, Node *site);
Value *layer_attr(Interp *in, Value *layer, const char *name,
                  Node *site); /* .weight, .in_features, .units; NULL: none */
Value *build_container(Interp *in, Env *env, const DialectRow *row, Args *args, Node *site);
Value *call_container(Interp *in, Env *env, Value *cont, Args *args, Node *site);
Value *container_attr(Interp *in, Value *cont, const char *name,
                      Node *site); /* append, add, children, ...; NULL: none */
Value *container_item(Interp *in, Value *cont, Value *index, Node *site);
bool container_iterate(Interp *in, Value *cont, ValueVec *out);
Value *container_binary(Interp *in, const char *op, Value *l, Value *r, bool in_place,
                        Node *site); /* NULL: none */
void container_name_path(Interp *in, Container *c, const char *path);
/* op.c, tensor.c */
Value *tensor_attr(Interp *in, Value *t, const char *name,
                   Node *site); /* x.shape, x.view (bound), x.T; NULL: none */
Value *tensor_binary(Interp *in, const char *op, Value *l, Value *r,
                     Node *site); /* + - * / // % ** @ and comparisons */
Value *tensor_unary(Interp *in, const char *op, Value *v, Node *site);
Value *tensor_getitem(Interp *in, Value *t, Value *index, Node *site);
void tensor_setitem(Interp *in, Value *t, Value *index, Value *v, Node *site);
Value *call_tensor_method(Interp *in, Env *env, Value *t, const char *name, Args *args, Node *site);
void flow_record(Interp *in, Node *expr, Value *v); /* called by eval for tensor values */
/* Calls a V_BUILTIN whose name holds a ':' ("tensor:view", "module:parameters", "container:append",
 * "layer:to", "handle:step"): what tensor_attr, module_attr, container_attr, layer_attr and
 * handle_attr return for methods. */
Value *call_framework_builtin(Interp *in, Env *env, const char *name, Value *self, Args *args,
                              Node *site);
/* Attributes of a V_HANDLE: optimizer.step, loader.dataset; never NULL. */
Value *handle_attr(Interp *in, Value *handle, const char *name, Node *site);
/* The callee of this call depends on a parameter (from_param): which activation it is stays open.
 */
void call_depends(Interp *in, const Value *callee, const Value *result, Node *site);
/* The numbers of a tensor of constants, as an array or a number; NULL: not known. */
Value *constant_of(const Value *v);
/* Calling a V_UNKNOWN: inside of a forward pass a tensor goes in, so some tensor is taken to come
 * out. */
Value *call_unknown(Interp *in, Value *callee, Args *args, Node *site);
/* Calling a V_HANDLE: criterion(out, y) -> EV_TRAINING. */
Value *call_handle(Interp *in, Env *env, Value *handle, Args *args, Node *site);
/* To be called by instantiate when the parameters of a module's __init__ (the first one that runs)
 * are bound in env: they become nn->params. */
void module_params(Interp *in, Value *self, FunctionValue *init, Env *env);
/* snapshot.c: what is in scope now; NULL unless the trace's options ask for it. */
const Snapshot *scope_take(Interp *in);
/* events */
Event *event_add(Interp *in, EventKind k, Node *site);
/* roots.c: after the module ran: finds the roots, builds and applies them. */
void trace_roots(Interp *in);
/* A question on record, with its answer applied if there is one. */
Question *ask(Interp *in, QuestionKind kind, const char *path, Node *site, const char *text,
              const char *evidence, const char *dflt);

#endif
