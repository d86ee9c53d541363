/* Expressions of whole numbers: evaluated on a snapshot of a scope, and carried from the function
 * that they stand in to the one that calls it. */
#ifndef STAGE_NUMBER_H
#define STAGE_NUMBER_H

#include "trace/trace.h"

/* The value of x where the names are as in the snapshot; false where it is no whole number there.
 * Names that are in `banned` (may be NULL) do not count as bound. */
bool number_eval(const Node *x, const Snapshot *s, const StrVec *banned, long long *value);
/* x, which stands in the function that `act` runs, in the terms of its caller: parameters become the
 * arguments of the call, names that are bound once become what they are bound to. NULL: it cannot be
 * said there. */
Node *number_lift(Arena *a, const Trace *t, const Node *x, const Activation *act);
/* A deep copy, without places. */
Node *number_copy(Arena *a, const Node *x);
/* The argument that a row's parameter for `attr` was given at a construction; NULL: none. */
Node *number_argument(const Event *e, const char *attr);

#endif
