/* Chained assignments of what is built or made at a call, one by one: x = inp = Input(...) becomes inp = Input(...); x = inp.
 * Staging goes by the one name that a statement binds. */
#ifndef STAGE_CHAIN_H
#define STAGE_CHAIN_H

#include "trace/trace.h"

/* The draft; NULL where there is no such statement. */
Module *chain_make(Arena *a, const Trace *t);

#endif
