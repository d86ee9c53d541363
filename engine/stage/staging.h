/* Staging: functional code becomes classes.
 *
 * A function that builds layers and calls them at once is split by when its parts can run: what needs
 * no tensor goes into a constructor, what needs one into a call. Helper functions, closures and the
 * function that ends in Model(inputs, outputs) become classes of their own, named after them; loops
 * that build and call become a list and a loop over it. The result is a draft of the source in its own
 * framework, which is traced and ported like any file with classes.
 *
 * Not handled, and then the whole file is left as it is: several graphs in one scope (outlining makes
 * functions of them before), layers built under a condition on a tensor, a name that is bound again between the two parts. */
#ifndef STAGE_STAGING_H
#define STAGE_STAGING_H

#include "trace/trace.h"

typedef struct StagedRoot {
    const char *cls;      /* the class that a graph became */
    const PivotNN *was;   /* the network of the source, or NULL */
    StrVec inputs;        /* names of the inputs in its call, in the order of the graph's */
} StagedRoot;

typedef struct Staging {
    Module *module; /* the draft */
    VEC(StagedRoot) roots;
    StrVec notes; /* what the draft says differently from the source */
    const char *failed; /* where it could not be done: why, and at which line (0: nowhere in particular) */
    int line;
} Staging;

/* Was a functional graph made there: Model(inputs, outputs)? */
bool staging_has_graph(const Event *e);
/* False where there is nothing to stage, or it cannot be done. */
bool staging_make(Arena *a, const Trace *t, Staging *out);

#endif
