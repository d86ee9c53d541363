/* Models that are made to be asked for a shape: see probe.c. */
#ifndef STAGE_PROBE_H
#define STAGE_PROBE_H

#include "trace/trace.h"

/* NULL: there are none. */
Module *probe_make(Arena *a, const Trace *t);

#endif
