/* Functions that build layers for nobody: see unused.c. */
#ifndef STAGE_UNUSED_H
#define STAGE_UNUSED_H

#include "trace/trace.h"

/* NULL: there are none. Adds to the notes what goes. */
Module *unused_make(Arena *a, const Trace *t, StrVec *notes);

#endif
