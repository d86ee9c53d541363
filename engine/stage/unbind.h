/* Methods that only build and call layers become functions.
 *
 *     class Trainer:                              def block(width, x):
 *         def block(self, x):                         return Conv2D(width, 3)(x)
 *             return Conv2D(self.width, 3)(x)
 *                                                 class Trainer:
 *         def build(self):                            def build(self):
 *             x = self.block(x)                           x = block(self.width, x)
 *
 * In classes that are no networks themselves; what the method reads of self is handed to the function. Outlining and
 * staging take functions. Not handled: methods that set attributes of self, or use it otherwise. */
#ifndef STAGE_UNBIND_H
#define STAGE_UNBIND_H

#include "trace/trace.h"

/* The draft; NULL where there is nothing to do. */
Module *unbind_make(Arena *a, const Trace *t);

#endif
