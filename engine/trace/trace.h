/* Tracing: the source interpreted abstractly. Its result is the pivot (what the network is) and the
 * sites (which place in the source did what), on which port/ works.
 *
 * The tracer runs module-level code, class construction and forward/call with symbolic tensors; it
 * never runs Python. Unknown is a value with a reason; it becomes a question only when it reaches
 * the network.
 *
 * A *site* is a node of the syntax tree at which something of the framework happened. Each time it
 * happened is an *event*: in which instance, what was built or applied, with which argument
 * expressions and values. */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "base/diag.h"
#include "base/map.h"
#include "dialect/dialect.h"
#include "pivot/pivot.h"
#include "pivot/question.h"
#include "python/ast.h"

/* How the pivot is filled:
 *  - A layer's owner is the instance of a class of the file (or the root container) whose attribute
 * it is, its name the path from there: "conv1", "features.0", "convs.2". trace_layer_path gives the
 * path from the root. A Sequential held by an instance is a PivotNN of its own (name: path within
 * the root), whose `layers` list the same layers.
 *  - Tensors pass the borders of sub-networks unchanged: the PNODE_NN step of the caller has the
 * callee's result as its output, and the callee's PNODE_INPUT steps have the caller's tensors as
 * outputs. producer is the step that computed it.
 *  - What a Sequential applies has EV_APPLY / EV_APPLY_NN events too, in trace->events only:
 * event->site->node is the call of the container, but trace_site() of that node lists only the
 * container's EV_APPLY_NN. */
typedef enum EventKind {
    EV_LAYER,     /* a layer of the framework was built: layer, row, args */
    EV_CONTAINER, /* Sequential, ModuleList, ModuleDict, Model was built: row; nn for Sequential and
                     Model */
    EV_NN,        /* an instance of a class of the file was built: nn */
    EV_APPLY,     /* a layer was called: node (PNODE_LAYER), layer */
    EV_APPLY_NN,  /* a sub-NN or Sequential was called: node (PNODE_NN), nn */
    EV_OP, /* a tensor operation (function, method, operator, subscript): node (PNODE_OP), row where
              there is one */
    EV_SHAPE, /* x.shape, x.size(), x.size(0), x.dim(), len(x.shape), tf.shape(x): in[0]; axis or -1
               */
    EV_REF, /* a name of the framework used as a value, not called: dotted (nn.ReLU as an argument)
             */
    EV_ACT_REF,  /* an activation named by a string or function as an argument */
    EV_ITEM, /* an item read as an attribute: d.conv for d["conv"], seq.conv; or added by name, seq.add_module("conv", m).
              * dotted: ModuleDict, Sequential or module; axis: its place in a Sequential */
    EV_INERT,    /* a call without meaning for the network: dotted */
    EV_TRAINING, /* a loss, optimizer, metric, scheduler or a step of training: row or dotted */
    EV_MEMBER,   /* an attribute that a module has from the framework, not from a class of the file: dotted */
    EV_NAMED,    /* a sequence was given its items by name, in a dictionary */
    EV_GAP       /* something of the framework that no row knows: dotted, why */
} EventKind;

#define VIEW_OF_ITSELF "view" /* EV_INERT: a model that is made of a network to be looked at */

typedef struct Event Event;
typedef struct Site Site;
typedef struct Definition Definition;
typedef struct Activation Activation;

/* How one parameter of a row was given at a site. */
typedef struct SiteArg {
    Node *expr; /* the argument's expression in the source, NULL: not given there (default, or from
                   * or **) */
    bool given; /* given in whatever way */
    PValue value; /* in the framework's own terms (before conversion); PV_UNKNOWN where it is */
} SiteArg;

/* The whole numbers (and lists of them) that names in scope had at some moment; "self.width" too. */
typedef struct ScopeName {
    const char *name;
    PValue value;
    bool module; /* bound at module level */
} ScopeName;
typedef VEC(ScopeName) Snapshot;

struct Event {
    EventKind kind;
    Site *site;
    PivotNN *self;     /* the instance whose code ran (NULL outside of any) */
    Activation *frame; /* the running call of a definition's function */
    const DialectRow *row;
    const char *dotted; /* canonical framework name, for REF, INERT, TRAINING, GAP */
    const char *why;    /* GAP */
    SiteArg *args;      /* one for each row->params, NULL without row */
    PAttrs attrs; /* after conversion, defaults filled in; EV_OP: also on node; EV_LAYER: also on
                     layer */
    PivotLayer *layer;
    PivotNN *nn;
    PivotNode *node;
    VEC(PivotTensor *) in, out;
    int axis;    /* EV_SHAPE with an axis, else -1 */
    bool forced; /* ran only because an arm not taken was forced */
    const Snapshot *scope; /* EV_LAYER, EV_NN, EV_SHAPE: what was in scope; NULL unless scopes are wanted */
};

struct Site {
    Node *node;
    Definition
        *definition; /* innermost class or function that holds the node; NULL at module level */
    VEC(Event *) events;
};

/* One run of a function's body. */
struct Activation {
    int id;
    Definition *definition;
    PivotNN *self;
    Activation *caller;
    Node *call; /* the call expression, NULL for a root */
    const Snapshot *at_call; /* the caller's scope; NULL unless scopes are wanted */
    const Snapshot *at_end; /* a constructor's (or build's) own scope when it was done; NULL unless scopes are wanted */
    struct Env *env;      /* the run's own variables: for the trace room alone */
};

typedef enum DefinitionKind {
    DEF_MODULE_CLASS, /* a class derived (through whatever) from a module base of the framework */
    DEF_PLAIN_CLASS,  /* any other class */
    DEF_FUNCTION      /* a function or method */
} DefinitionKind;

struct Definition {
    DefinitionKind kind;
    Node *node;             /* N_CLASS, N_FUNCTION, N_LAMBDA */
    const char *name;       /* "Net", "Net.forward", "conv3x3" */
    Definition *parent;     /* the class of a method; the enclosing function */
    PivotDefinition *pivot; /* module classes and factories that gave an instance */
    const char *base; /* module classes: the framework base found, canonical ("torch.nn.Module",
                         "torch.nn.Sequential") */
    bool reached;     /* some of its code ran */
    bool builds;      /* functions: built layers or sub-NNs when run */
    bool computes;    /* functions: applied layers or operations on tensors when run */
    int runs;
};

/* A tensor that was the value of an expression: all (expression, tensor) pairs of the trace. Layout
 * is solved over them (port/layout.c). For parameters of a function the N_FUNCTION node's Param has
 * no node, so the pair is recorded at each N_NAME that reads it. */
typedef struct Flow {
    Node *expr;
    PivotTensor *tensor;
    PivotNN *self;
} Flow;

/* A branch as it went: If, IfExp, While test, BoolOp. */
typedef struct Branch {
    Node *node;
    bool took_true, took_false; /* over all runs */
    bool on_training;           /* the test read self.training / training */
    bool on_tensor;             /* the test depended on a tensor's values */
    bool on_unknown;
} Branch;

/* self.name = a plain list or dictionary that came to hold layers, modules or bare weights. */
typedef enum { HOLDER_LIST, HOLDER_DICT, HOLDER_MIXED } HolderKind; /* mixed: nested, or other things too */
typedef struct Holder {
    Node *stmt; /* the assignment */
    HolderKind kind;
    bool modules, weights; /* what it holds; both only where it is mixed */
} Holder;

/* An import of a file of the project: the statement (N_IMPORTFROM), or the alias where that is a module itself. */
typedef struct ImportLink {
    const Node *node;
    const Module *to;
} ImportLink;

typedef struct RootTrace {
    PivotNN *nn; /* or NULL when it could not be built */
    Definition *definition;
    Node *call; /* the call in the file that built it, NULL when the tracer called it itself */
    const char *variable; /* the module-level name it is bound to, or NULL */
    bool applied;         /* its forward pass was traced */
    bool sequential; /* keras.Sequential / nn.Sequential at module level or returned by a factory */
    bool functional; /* Keras Model(inputs, outputs) */
} RootTrace;

/* An expression for an attribute of what is built at a call, found before this trace was made. */
typedef struct SiteNumber {
    int at; /* byte at which the call starts */
    const char *attr;
    Node *expr;
} SiteNumber;
typedef VEC(SiteNumber) SiteNumbers;

/* model.classes = 10: what code sets on a network that it has from the framework, in the order of happening. */
typedef struct Mark {
    const PivotNN *nn;
    const char *name;
    PValue value;
    const Node *target; /* the attribute that is assigned to */
} Mark;

typedef struct Trace {
    Arena *arena;
    Module *module;
    const Dialect *dialect; /* of the source */
    PivotModel *pivot;
    DiagList diags;
    Site **site_of;     /* by node id (1..module->nnodes); NULL: nothing happened there */
    Branch **branch_of; /* by node id */
    VEC(Definition *) definitions; /* in source order */
    VEC(Event *) events;           /* in order of happening */
    VEC(Flow) flows;
    VEC(Mark) marks;
    VEC(PivotNode *)
    steps; /* every step of every call, also of later calls, which nn->nodes do not list */
    VEC(RootTrace) roots;
    const StrVec *gone;  /* TraceOptions.gone */
    NodeVec own_helpers; /* definitions that an earlier port wrote, read as what they stand for */
    VEC(Holder) holders;
    VEC(Activation *) runs; /* every call of a function of the file, when scopes are wanted */
    VEC(ImportLink) links;
    QuestionList questions; /* what the trace could not know */
    Node **stmt_parent;     /* by node id: the nearest enclosing statement (or the node itself) */
    Node **parent;          /* by node id */
    Definition **definition_of; /* by node id: innermost enclosing */
    bool *executed;             /* by node id of statements: ran at least once */
    bool copies_layers; /* copy.deepcopy was called on a layer or a network */
    int keras_version;
    const char *entry; /* the call or name that was asked for, or NULL */
    bool limited; /* a limit ended it: a diagnostic says which */
    SiteNumbers numbers; /* set by whoever found them (stage/widths.h) */
    int nids; /* the tables by node id hold ids 1..nids: the module's, then those of imported files
               */
    struct Interp *interp; /* what ran it: for the room's own use */
    VEC(Module *)
    imported; /* files of the project that were read for an import; their ids go on after the
                 module's */
} Trace;

typedef struct TraceShape {         /* "x:B,200:int64" */
    const char *network, *argument; /* either may be NULL */
    VEC(const char *) dims;         /* "B", "224" */
    const char *dtype;              /* or NULL */
} TraceShape;

typedef struct TraceOptions {
    const char *entry; /* --entry, or NULL */
    VEC(TraceShape) shapes;
    const AnswerSet *answers; /* recorded decisions; may be NULL */
    const StrVec *gone; /* names whose values a draft has lost: not known, where else they would not be defined; or NULL */
    bool want_scopes; /* put on record what is in scope where something is built or called */
    int max_steps, max_depth; /* 0: the defaults */
    size_t max_bytes;
} TraceOptions;

/* Traces module with the dialect of its framework. Never fails; trouble is in diags and questions.
 */
Trace *trace_run(Arena *a, Module *module, const Dialect *dialect, const TraceOptions *opts);

/* Which framework a file is written for, by its imports: the index into dialects, or -1 with *why.
 */
int trace_detect_framework(const Module *module, Dialect *const *dialects, int n, Arena *a,
                           const char **why);

static inline Site *trace_site(const Trace *t, const Node *n)
{
    return n && n->id > 0 && n->id <= t->nids ? t->site_of[n->id] : NULL;
}
/* Where a layer is reached from its root: "features.0", "blocks.2.conv". */
const char *trace_layer_path(Arena *a, const PivotLayer *l);
/* "B,224,224,3:float32", "x:B,200:int64", "Net.x:..." ; NULL and *err when it is not a shape. */
TraceShape *trace_parse_shape(Arena *a, const char *text, const char **err);

/* The layer that a class of the file can derive from, by its canonical name, and the attribute under which it is held then
 * ("conv1d" for torch.nn.Conv1d). NULL: it is none. */
const DialectRow *inherited_row(const Dialect *d, const char *dotted, int keras);
const char *inherited_name(Arena *a, const char *dotted);

#endif
