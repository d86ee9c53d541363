/* Statements of a graph's scope whose tensors reach no output.
 *
 * A functional model has the layers between its inputs and its outputs and no others (Keras documentation, "The
 * Functional API"); a class would build, and train, the others too. They go, each with a note.
 *
 * Not handled: such statements within loops and conditions, and in helper functions. */
#ifndef STAGE_PRUNE_H
#define STAGE_PRUNE_H

#include "trace/trace.h"

typedef struct Prune {
    Module *module; /* the draft */
    StrVec notes;   /* a line for each statement that goes */
} Prune;

/* False where nothing is to go. */
bool prune_make(Arena *a, const Trace *t, Prune *out);
#endif
