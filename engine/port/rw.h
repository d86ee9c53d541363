/* Inside of the port room: the rewriter's state, and the doors between its files.
 *
 *   layout.c     which axis order each tensor has in the target
 *   plan*.c      what a layer becomes: one call, or a call with layers or operations around it
 *   call.c       a pivot kind with attributes -> a call of the target
 *   expr*.c      the author's expressions, site by site
 *   stmt.c class.c  statements and classes, with what a site needs around it
 *   instance.c   targets that are generated from instances (sequential, functional)
 *   training.c   losses, optimizers, loops
 *   module.c     the file as a whole: header, imports, helpers, accounting */
#ifndef PORT_RW_H
#define PORT_RW_H

#include <cjson/cJSON.h>

#include "port/port.h"
#include "python/build.h"

#define MAX_RANK 8

typedef struct Layout Layout;

/* An attribute on its way from source to target: its value (the same in all events) or the expression that
 * gives it in the scope of the site. */
typedef struct PlanAttr {
    const char *name;
    PValue value;
    Node *expr;      /* rewritten expression, or NULL: use the value */
    bool varies;     /* events disagree and no expression says it: cannot be written */
    bool differs;    /* events disagree, whether or not an expression says it */
} PlanAttr;

typedef VEC(PlanAttr) PlanAttrVec;

typedef enum { STEP_MAIN, STEP_BEFORE, STEP_AFTER } StepPlace;

/* One step of a plan: a layer of the target (or a helper module, or an operation) applied before, as, or after
 * the layer itself. */
typedef struct PlanStep {
    StepPlace place;
    const char *kind;   /* pivot kind; NULL for a helper */
    VEC(PlanAttr) attrs;
    const char *suffix; /* attribute name: self.conv + "_pad" */
    const char *helper; /* helper of the target: a module class; its arguments are attrs in order */
    const char *inline_expr; /* how the step reads in an expression: "{}[0]", "{}[:, -1]"; NULL: call it */
    Node *ready;        /* the constructor expression is already known (resolve_activation(act)) */
} PlanStep;

typedef struct Plan {
    VEC(PlanStep) steps; /* in order of application */
    bool lossy, unsupported;
    const char *why;     /* what differs, or what is missing */
    const char *rule;    /* weight transfer rule */
    PAttrs rule_attrs;
    bool one_call;       /* only the main step */
} Plan;

typedef enum { MODE_UNDECIDED, MODE_ATTR, MODE_SPLICE, MODE_BUNDLE } SiteMode;

typedef struct Rw {
    Arena *a;
    const Trace *t;
    const Dialect *from, *to;
    const PortRequest *req;
    PortResult *res;
    Layout *layout;
    Map *stored_axes;    /* by id of a construction: stored_axes.c; NULL until it is asked for */
    int images_move;     /* 1: some tensor is held in another order than the source's; -1: none; 0: not looked at yet */
    const PivotTensor **flow_of; /* by node id: flow_tensor */
    bool *weights_read;  /* by node id of construction sites: built.c; NULL until it is asked for */
    Plan **plan_of;      /* by node id of construction sites */
    SiteMode *mode_of;   /* by node id of construction sites */
    int *map_of;         /* by node id: mapping id */
    Map *helpers;        /* names of helpers used, in order of first use */
    Map *imports;        /* "module\0name" used */
    Map *locals;         /* by definition: names that it binds itself */
    Map *bound;          /* names that the source binds anywhere */
    StrVec stars;        /* modules of the source framework of which the file imports all names */
    Map *framework_names;/* names that import statements of the source framework bind: name -> dotted */
    Map *rename;         /* self attributes renamed: old -> new */
    Definition *cls;     /* module class being rewritten */
    Node *fn;            /* function being rewritten */
    bool in_forward;     /* inside of the class's forward method */
    bool has_training;   /* the training argument is in scope */
    bool uses_training;  /* the forward being rewritten passes it on */
    Map *training_methods; /* of the class: methods beside the forward pass that ask whether this is training */
    bool in_training_method;
    NodeVec *init_extra; /* statements to append to the class's constructor */
    Map *init_names;     /* attributes that init_extra made */
    NodeVec *before;     /* statements to put before the one being rewritten */
    NodeVec *after;      /* and behind it */
    StrVec flags;        /* why the statement being rewritten cannot stand in the target */
    StrVec stubs;        /* why it holds a stub: it stands, marked */
    bool touched;        /* the statement being rewritten changed */
    Map *flat_paths;     /* layer id -> path in a target generated from instances, or NULL */
    const char *generated_name; /* the class that a generated target's network has, where it is another than the source's */
    Map *asked;          /* the port's questions: "kind:node id" -> Question* */
    Map *created;        /* attributes of self that hold steps: "Net.conv1_pad" */
    bool restyled;       /* the target is in another style than the source: written from instances */
    bool same_input;     /* the target takes the arrays of the source: a permute at the border */
    struct Training *training; /* training.c's own */
    int depth;
} Rw;

/* ---- layout.c ---- */
Layout *layout_solve(Rw *rw);
/* perm[j] = source axis at the target's physical position j. False: identity. */
bool layout_perm(const Layout *l, const PivotTensor *t, int perm[MAX_RANK]);
/* The same for an operation's event: axes that turn input i / output o of the event from how the target holds the
 * tensor into what the operation needs, and back. False: nothing to do. axes[j] = physical axis. */
bool layout_move_in(const Layout *l, const Event *e, int i, int axes[MAX_RANK]);
bool layout_move_out(const Layout *l, const Event *e, int o, int axes[MAX_RANK]);
/* The order in which input 0 arrives at the operation itself, after layout_move_in. */
void layout_order_in(const Layout *l, const Event *e, int i, int perm[MAX_RANK]);
/* The order in which the operation itself gives output o, before layout_move_out. */
void layout_order_out(const Layout *l, const Event *e, int o, int perm[MAX_RANK]);
int layout_axis(const int perm[MAX_RANK], int rank, int source_axis); /* physical position */
bool layout_channels_first(const Layout *l, const Event *e); /* does this layer work on channels at axis 1 in the target? */
/* An image-like tensor whose channel axis moves. */
bool layout_moves_channel(const Layout *l, const PivotTensor *t);

/* ---- call.c ---- */
Node *call_build(Rw *rw, const DialectRow *row, PlanAttr *attrs, int nattrs, Node **inputs, int ninputs, StrVec *unsaid);
/* The row to write a kind with: the target's own that says everything, else a helper that does, else the target's
 * own (call_build tells what it leaves unsaid); NULL: none. FORM_FUNCTION means methods too. */
const DialectRow *row_for(Rw *rw, RowForm form, const char *kind, PlanAttr *attrs, int nattrs);
Node *name_of(Rw *rw, const char *dotted);  /* the target's spelling; notes the import */
Node *helper_of(Rw *rw, const char *name);  /* a helper's name; notes its use */
const char *helper_spelling(Rw *rw, const char *name); /* a name that the file does not bind itself */
Node *value_node(Rw *rw, const PValue *v);
PValue node_literal(Rw *rw, Node *n);       /* PV_UNKNOWN when n is no literal */

/* ---- plan.c ---- */
Plan *plan_make(Rw *rw, Event **events, int n, bool literal);
bool plan_same_kind(const PivotLayer *x, const PivotLayer *y); /* can one call build both? */
Node *step_construct(Rw *rw, const PlanStep *s, StrVec *unsaid);
/* The events (EV_LAYER) of a construction site, forced ones only when there are no others. */
Event **site_events(Rw *rw, Node *site, EventKind kind, int *n);
/* The tensor that an expression of the source was, the first time; NULL: it was none. */
const PivotTensor *flow_tensor(Rw *rw, const Node *n);
Event *construction_of(Rw *rw, const PivotLayer *layer); /* the EV_LAYER that built it */
/* Events in which the layer was applied. */
Event **apply_events(Rw *rw, const PivotLayer *layer, int *n);
Node *arg_expr(const Event *e, const char *attr, const RowParam **param);
bool node_is_literal(const Node *n);

/* ---- expr.c ---- */
Node *rewrite_expr(Rw *rw, Node *n);
Node *rewrite_parts(Rw *rw, Node *n); /* its parts alone, whatever happened at it */
Node *moved_by(Rw *rw, Node *x, const char *kind, PlanAttr *by, int n);
Node *move_axes(Rw *rw, Node *x, const int *axes, int rank);
/* The permutation of a permute or transpose between the orders that the target holds; false: it is the identity. */
bool permute_axes(Rw *rw, const Event *e, int axes[MAX_RANK], int *rank);
void flag(Rw *rw, Node *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool question_keeps_order(Rw *rw, const Event *e); /* flatten-order, see question_port.h */
void flag_stub(Rw *rw, const char *why);
void note(Rw *rw, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int map_for(Rw *rw, Node *site);
/* expr_layer.c */
Plan *plan_for(Rw *rw, Node *site);        /* of a construction site; NULL where nothing is known */
SiteMode mode_for(Rw *rw, Node *site);
bool step_is_attribute(Rw *rw, const PlanStep *s); /* needs self.name_suffix = ... */
Node *step_apply(Rw *rw, const PlanStep *s, Node *x, Node *attribute); /* attribute: self.name_suffix or NULL */
void layer_elements(Rw *rw, Node *site, NodeVec *out); /* all steps as items of a sequence */
Node *sequential_node(Rw *rw, NodeVec *items);
bool adds_to_sequential(Rw *rw, Node *call);
Node *node_by_id(Rw *rw, int id);          /* of a site */
bool needs_training_nn(Rw *rw, const PivotNN *nn);
bool needs_training_kind(const PivotLayer *l);
/* Within a framework, and a generation of it, calls stay as the author wrote them. */
bool as_written(const Rw *rw);
Node *rewrite_layer_site(Rw *rw, Node *n);
Node *rewrite_apply_site(Rw *rw, Node *n);
Node *rewrite_container_site(Rw *rw, Node *n);
bool gets_dictionary(Rw *rw, Node *call); /* a sequence that gets a dictionary of its items */
Node *layers_of_dictionary(Rw *rw, Node *x, NodeVec *items); /* as a list; NULL: one by one, in items */
/* parameter.c: bare weights and buffers; NULL: it is none */
Node *parameter_call(Rw *rw, Node *n, const char *dotted);  /* nn.Parameter(value) */
Node *parameter_method(Rw *rw, Node *n);                    /* self.add_weight(...) */
Node *parameter_statement(Rw *rw, Node *n);                 /* self.register_buffer("name", value) */
/* inplace.c: operations that change their input */
Node *inplace_settle(Rw *rw, Node *n, Node *made, Event **e, int count);
/* A call of a sequence whose first layer changes its input. */
Node *inplace_sequence(Rw *rw, Node *n, Node *made, Event **nets, int count);
Node *inplace_statement(Rw *rw, Node *n);                   /* x.add_(1); y[:, 0] = v; NULL: none */
/* expr_op.c */
Node *rewrite_op_site(Rw *rw, Node *n);
Node *rewrite_shape_site(Rw *rw, Node *n);
Node *rewrite_getitem(Rw *rw, Node *n);
/* ---- stmt.c, class.c ---- */
void rewrite_block(Rw *rw, const NodeVec *in, NodeVec *out);
Node *rewrite_class(Rw *rw, Node *n);
Node *rewrite_function(Rw *rw, Node *n);
void account(Rw *rw, Node *stmt, StmtFate fate, const char *why);
bool inert_statement(Rw *rw, Node *n); /* a call without meaning in the target */
bool inert_with(Rw *rw, Node *n);
void account_all(Rw *rw, Node *stmt, const char *why); /* the statement and all within it: ported */
/* training.c: takes the statement at i (and what belongs to it) where it is training code; returns how many
 * statements it took, 0: none. */
int training_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out);
/* An expression of training code; NULL: none. */
Node *training_expr(Rw *rw, Node *n);
/* The layer loses the softmax that its network ends with (loss-reading). */
bool training_drops_end(Rw *rw, const PivotLayer *layer);
/* stmt.c: the statement as a marked comment, with rw->flags. */
void push_flagged(Rw *rw, Node *n, NodeVec *out);
/* instance.c: the whole target from instances. False with res->impossible. */
bool instance_generate(Rw *rw, const char *style, NodeVec *out);
/* The name of the network's i-th input in the target's forward pass. */
const char *port_input_name(Rw *rw, const RootTrace *root, int i);
/* module.c: the import that a name needs, in a "# needs:" line */
void need_import(Rw *rw, const char *what);
/* pairs.c */
void pairs_collect(Rw *rw);

#endif
