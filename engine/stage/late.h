/* Functions of a functional graph that read a loop's name when they run.
 *
 * for c in range(n): Lambda(lambda z: z[..., c])(x): Python looks c up at the call. A graph that was built once (Keras 1 and 2
 * on a graph) kept the value of each round; a network that is called again reads the last. The port does as the latter. */
#ifndef STAGE_LATE_H
#define STAGE_LATE_H

#include "trace/trace.h"

/* Adds a note for each such function. */
void late_notes(Arena *a, const Trace *t, StrVec *notes);

#endif
