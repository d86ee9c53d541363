/* Inside of the B-UML export: one module of a BESSER-NN network, and how a layer becomes one
 * (buml_layer.c). */
#ifndef PIVOT_BUML_H
#define PIVOT_BUML_H

#include "base/map.h"
#include "pivot/pivot.h"

typedef enum BumlRole { BUML_LAYER, BUML_OP, BUML_NN } BumlRole;

typedef struct BumlModule {
    BumlRole role;
    const char *name; /* an identifier, unique in its NN */
    const char *cls;  /* "Conv2D", "TensorOp"; BUML_NN: the variable that holds the sub-NN */
    const char *args; /* "kernel_dim=[3, 3], out_channels=16", without name, input and activation */
    const char *actv; /* "relu", or NULL */
    const char *return_type; /* recurrent layers: "full", "last", "hidden" */
    const char
        *from;   /* name of the module whose output is the input, where it is not the one before */
    bool reused; /* its input is the input of another module too */
    bool takes_actv;
    const PivotTensor *out;
    StrVec lost; /* what BESSER-NN cannot say of it */
} BumlModule;

/* Fills cls, args, actv, return_type, takes_actv and lost. False when BESSER-NN has no such layer,
 * or a size that it must have is not known; *why says which. */
bool buml_layer(Arena *a, const PivotKind *kind, const PAttrs *attrs, const PivotTensor *in,
                BumlModule *out, const char **why);
/* The name of an activation as BESSER-NN has it; NULL for those it does not know, and for linear.
 * */
const char *buml_activation(const char *kind);
/* "[3, 3]"; NULL when some item is no plain number. */
const char *buml_ints(Arena *a, const PValue *v, int n);

/* The export of one model. */
typedef struct BumlExport {
    Arena *a;
    const PivotModel *m;
    DiagList *lost;
    Buf body;
    Map classes;              /* BESSER-NN's classes in use */
    Map variables;            /* names taken at the top of the file */
    const char **variable_of; /* by NN id: the Python variable, NULL while not written */
    /* of the NN on its way; each walk clears what it will touch, so that one array serves all */
    const char **made_by; /* by tensor id: the module that made it, NULL: none */
    int *uses;            /* by tensor id: steps that take it */
    bool *beside;         /* by tensor id: a step that could not be said made it */
    bool *called;         /* by NN id */
    bool *applied;        /* by layer id, in any NN */
} BumlExport;

/* buml_walk.c: one NN as a list of modules. What comes before the first one is in head. */
typedef VEC(BumlModule) BumlModules;
void buml_walk(BumlExport *x, const PivotNN *nn, BumlModules *modules, StrVec *head);

/* buml.c: names and notes */
const char *buml_identifier(Arena *a, const char *name,
                            const char *fallback); /* "features.0" gives features_0 */
const char *buml_unique(Arena *a, Map *taken, const char *name);
void buml_note(BumlExport *x, Span span, const char *text); /* "BESSER-NN cannot say <text>" */
const char *buml_one_line(Arena *a, const char *text);

#endif
