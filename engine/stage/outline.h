/* Outlining: a function for each graph.
 *
 * Keras code builds several graphs in one breath: an encoder, a decoder and the model that has both; a graph in a method.
 * Here the statements that belong to one Model(inputs, outputs) are moved into a function of their own, named after it,
 * and the call of Model becomes a call of that function. A graph that another begins with is called there; a layer
 * that several graphs have in common is built before them and handed to each. What is left is what staging takes.
 *
 * Not handled, and then the scope is left as it is: a call of Model inside of a loop or a condition, helper functions
 * whose layers several graphs share, methods of self that the graph calls. */
#ifndef STAGE_OUTLINE_H
#define STAGE_OUTLINE_H

#include "trace/trace.h"

typedef struct Outline {
    Module *module; /* the draft */
    StrVec gone;    /* names of tensors that no statement binds any more, though some still reads them */
} Outline;

/* False where there is nothing to outline. */
bool outline_make(Arena *a, const Trace *t, Outline *out);

#endif
