/* Lambdas that functions give: see closure.c. */
#ifndef STAGE_CLOSURE_H
#define STAGE_CLOSURE_H

#include "trace/trace.h"

/* NULL: there are none. */
Module *closure_make(Arena *a, const Trace *t);

#endif
