/* The pivot model: what a network is, in BESSER-NN's terms, extended where real networks need more.
 *
 * Two levels (ARCHITECTURE.md, "Definitions and instances"). A PivotDefinition is what the author
 * wrote (a class, a factory function, a module-level model); a PivotNN is one instance of it that
 * the trace built, with its layers, its sub-NNs and the dataflow of its forward pass as PivotNodes
 * in execution order.
 *
 * The pivot knows neither Python nor a framework: sources are only byte spans and site numbers
 * (the id of a node of the syntax tree), attribute values are PValues in the conventions of
 * kinds.def. */
#ifndef PIVOT_PIVOT_H
#define PIVOT_PIVOT_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/vec.h"
#include "pivot/value.h"

typedef enum KindGroup {
    GROUP_LAYER,
    GROUP_WRAPPER,
    GROUP_CONTAINER,
    GROUP_ACTIVATION,
    GROUP_OP,
    GROUP_LOSS,
    GROUP_OPTIMIZER,
    GROUP_METRIC
} KindGroup;

typedef struct KindAttr {
    const char *name, *type; /* type as in kinds.def, without "?" */
    bool optional;
    const char *dflt; /* text, or NULL */
} KindAttr;

typedef struct PivotKind {
    const char *name;
    KindGroup group;
    const char *besser; /* BESSER-NN class or op type, NULL where the pivot extends it */
    const KindAttr *attrs;
    int nattrs;
} PivotKind;

/* NULL when there is none; names are unique over groups. */
const PivotKind *pivot_kind(const char *name);
const PivotKind *pivot_kind_at(int i);         /* NULL past the end: iterate from 0 */
const KindAttr *kind_attr(const PivotKind *k, const char *name);
/* PV_UNSET where none. "ints" and "pads" come as lists for Conv1D to Conv3D; for other kinds the
 * number of axes is not known here, and they come as one PV_INT that stands for every axis
 * (shape_infer takes both). */
PValue kind_default(Arena *a, const PivotKind *k, const char *attr);

typedef struct PivotNN PivotNN;
typedef struct PivotLayer PivotLayer;
typedef struct PivotNode PivotNode;
typedef struct PivotTensor PivotTensor;
typedef struct PivotDefinition PivotDefinition;

/* A symbolic tensor. Its axes are in the order in which the SOURCE holds it. */
struct PivotTensor {
    int id; /* dense, from 1 */
    Size *dims;
    int rank; /* -1: rank not known */
    const char *dtype; /* "float32", "int64", ... */
    PivotNode *producer; /* NULL for a parameter or a constant */
    int output;          /* which output of the producer */
    bool is_parameter;   /* a bare weight or buffer */
    const PValue *numbers; /* a constant of the source: a number, or a list of them; NULL where they are not known */
    /* one letter an axis where known: N batch, C channel, D H W space, T time, F feature, "?" */
    const char *roles;
};

/* A layer as built: one set of weights. Called twice it is still one layer. */
struct PivotLayer {
    int id;
    const PivotKind *kind;
    const char *name; /* how its NN reaches it: "conv1"; "blocks.2.conv" is in NN blocks.2 */
    PAttrs attrs;     /* every attribute, defaults filled in; traced ones too once known */
    PAttrs traced;    /* those that the trace found, not the source (in_channels of Keras) */
    PivotNN *owner;   /* NULL until it is attached */
    Span def;         /* where it is built */
    int site;         /* syntax tree node id of the constructor call */
    int calls;        /* how often the forward pass applied it */
    PivotLayer *inner; /* wrapper kinds: what they wrap */
    bool own_activation; /* a function of the source's own runs behind it, named by its activation argument */
};

typedef enum { PNODE_INPUT, PNODE_LAYER, PNODE_OP, PNODE_NN, PNODE_OUTPUT } PivotNodeType;

/* One step of a forward pass, in execution order. */
struct PivotNode {
    int id; /* dense over the model, from 1 */
    PivotNodeType type;
    PivotLayer *layer;     /* PNODE_LAYER */
    const PivotKind *kind; /* PNODE_OP; for PNODE_LAYER the layer's kind */
    PivotNN *nn;           /* PNODE_NN: the callee */
    PAttrs attrs;          /* PNODE_OP */
    VEC(PivotTensor *) inputs, outputs;
    PivotNN *owner; /* whose forward pass this step is in */
    Span use;
    int site;         /* syntax tree node id */
    const char *name; /* PNODE_INPUT: the argument's name */
};

typedef struct PivotParam { /* a constructor parameter, with its value in this instance */
    const char *name;
    PValue value;
} PivotParam;

struct PivotNN {
    int id;
    PivotDefinition *definition;
    const char *name; /* path within the root: "" for the root, "features", "blocks.2" */
    PivotNN *parent;
    bool is_sequential; /* a Sequential container (its own definition may be NULL) */
    VEC(PivotParam) params;
    VEC(PivotLayer *) layers; /* own layers in construction order */
    VEC(PivotNN *) children;  /* sub-NNs in construction order */
    VEC(PivotNode *) nodes;   /* own forward pass in execution order: first call */
    VEC(PivotTensor *) inputs, outputs; /* of the first call */
    const char *input_form; /* how the first call held its inputs, as JSON, where not each is an argument: [[0,null],1] */
    Span def;
    int site; /* syntax tree node id of the call that built it (0: the tracer built a root) */
    int calls;
};

struct PivotDefinition {
    int id;
    const char *name;
    Span span;
    int node; /* syntax tree node id of the class or function, 0 for a module-level model */
    VEC(PivotNN *) instances;
};

/* BESSER-NN's Configuration and Dataset, filled by the reading of training code. */
typedef struct PivotConfiguration {
    PValue batch_size, epochs;
    const PivotKind *optimizer;
    PAttrs optimizer_attrs;
    const PivotKind *loss;
    PAttrs loss_attrs;
    VEC(const PivotKind *) metrics;
} PivotConfiguration;

typedef struct PivotDataset {
    const char *name, *path, *task_type, *input_format;
    PValue image_shape;
} PivotDataset;

typedef struct PivotModel {
    Arena *arena;
    const char *source_path;
    const char *source_framework; /* "pytorch", "tensorflow" */
    int keras_version;            /* 2 or 3 for a tensorflow source, else 0 */
    VEC(PivotDefinition *) definitions;
    VEC(PivotNN *) roots;
    PivotConfiguration *configuration; /* or NULL */
    VEC(PivotDataset) datasets;
    int nnodes, ntensors, nlayers, nnns;
} PivotModel;

/* Does an operation of the kind give a pair of tensors (values and places, mean and variance)? */
bool kind_gives_pair(const PivotKind *k);
/* Has a layer of the kind weights (of its own, or statistics)? */
bool kind_has_weights(const PivotKind *k);
/* The same of a layer: a wrapper has those of what it wraps. */
bool layer_has_weights(const PivotLayer *l);

PivotModel *pivot_new(Arena *a);
PivotDefinition *pivot_add_definition(PivotModel *m, const char *name, Span span, int node);
PivotNN *pivot_add_nn(PivotModel *m, PivotDefinition *d, const char *name, PivotNN *parent);
PivotLayer *pivot_add_layer(PivotModel *m, const PivotKind *kind, PAttrs attrs);
PivotNode *pivot_add_node(PivotModel *m, PivotNN *owner, PivotNodeType type);
PivotTensor *pivot_add_tensor(PivotModel *m, const Size *dims, int rank, const char *dtype);
/* "(B,64,16,16)"; "(?)" where the rank is not known. */
const char *tensor_shape_text(Arena *a, const PivotTensor *t);
/* Attributes that differ from the kind's defaults, for a tree: "3->64 k3 s2 p1" for a convolution,
 * else "rate=0.5". */
const char *layer_params_text(Arena *a, const PivotLayer *l);

/* shape.c: what a layer or an operation does to shapes.
 *
 * in: the inputs in the source's axis order. channels_first: whether the source framework holds
 * the channel of images at axis 1 (else last); a layer's data_format attribute overrides it.
 * Writes the outputs' dims and dtypes (dims in arena a). On a mismatch returns false and *err: one
 * sentence in the user's terms ("Linear expects 400 features in its last axis, and gets 256"),
 * naming no place. Also fills attributes that the source left out into *traced (in_channels,
 * in_features, input_size, num_features, normalized_shape). An input of unknown rank gives outputs
 * of unknown rank (rank -1) and no error. A size that is free stays an expression. */
typedef struct ShapeIn {
    const PivotTensor *const *in;
    int nin;
    bool channels_first;
} ShapeIn;
typedef struct ShapeOut {
    PivotTensor out[64]; /* dims, rank, dtype are set */
    int nout;
} ShapeOut;
bool shape_infer(Arena *a, const PivotKind *kind, const PAttrs *attrs, const ShapeIn *in,
                 ShapeOut *out, PAttrs *traced, const char **err);

/* json_save.c, json_load.c: the whole model, and back. Keys sorted where the order has no meaning;
 * parts refer to each other by id. Loading checks kinds, attributes and references, and says what
 * is wrong and where ("layers[2]: unknown kind Conv4D"). */
char *pivot_to_json(Arena *a, const PivotModel *m);
PivotModel *pivot_from_json(Arena *a, const char *text, const char **err);

/* buml.c: Python text that stock besser loads (its NN metamodel), instances of the root; what
 * BESSER-NN cannot say is a comment and listed in *lost. */
char *pivot_to_buml(Arena *a, const PivotModel *m, DiagList *lost);

#endif
