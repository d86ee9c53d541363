/* *args and **kwargs that only pass on to a layer of the framework become parameters of their own, since the target's layer
 * calls its arguments otherwise:
 *
 *     def __init__(self, cin, cout, **kwargs):         def __init__(self, cin, cout, kernel_size, stride=1):
 *         self.conv = nn.Conv2d(cin, cout, **kwargs)       self.conv = nn.Conv2d(cin, cout, kernel_size=kernel_size,
 *                                                                                stride=stride)
 *
 * Which ones there are, the trace says; the default of one that is not always given is that of the layer. */
#ifndef STAGE_SPREAD_H
#define STAGE_SPREAD_H

#include "trace/trace.h"

/* The draft; NULL where there is nothing to spread. */
Module *spread_make(Arena *a, const Trace *t);

#endif
