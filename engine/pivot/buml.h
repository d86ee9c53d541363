/* Inside of the B-UML export: one module of a BESSER-NN network, and how a layer becomes one (buml_layer.c). */
#ifndef PIVOT_BUML_H
#define PIVOT_BUML_H

#include "pivot/pivot.h"

typedef enum BumlRole { BUML_LAYER, BUML_OP, BUML_NN } BumlRole;

typedef struct BumlModule {
    BumlRole role;
    const char *name;        /* an identifier, unique in its NN */
    const char *cls;         /* "Conv2D", "TensorOp"; BUML_NN: the variable that holds the sub-NN */
    const char *args;        /* "kernel_dim=[3, 3], out_channels=16", without name, input and activation */
    const char *actv;        /* "relu", or NULL */
    const char *return_type; /* recurrent layers: "full", "last", "hidden" */
    const char *from;        /* name of the module whose output is the input, where it is not the one before */
    bool reused;             /* its input is the input of another module too */
    bool takes_actv;
    const PivotTensor *out;
    StrVec lost; /* what BESSER-NN cannot say of it */
} BumlModule;

/* Fills cls, args, actv, return_type, takes_actv and lost. False when BESSER-NN has no such layer, or a size that it
 * must have is not known; *why says which. */
bool buml_layer(Arena *a, const PivotKind *kind, const PAttrs *attrs, const PivotTensor *in, BumlModule *out,
                const char **why);
/* The name of an activation as BESSER-NN has it; NULL for those it does not know, and for linear. */
const char *buml_activation(const char *kind);
/* "[3, 3]"; NULL when some item is no plain number. */
const char *buml_ints(Arena *a, const PValue *v, int n);

#endif
