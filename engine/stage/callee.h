/* Modules whose forward pass is called __call__: see callee.c. */
#ifndef STAGE_CALLEE_H
#define STAGE_CALLEE_H

#include "trace/trace.h"

/* NULL: there are none. */
Module *callee_make(Arena *a, const Trace *t);

#endif
