/* Inputs of a graph that are made outside of its factory go into it: model = body(Input((8,)), 3) becomes model = body(3),
 * and body begins with inputs = Input((8,)). What is written flat is a network, which is given its inputs when it is called.
 * Only for functions that the file calls once. */
#ifndef STAGE_INWARD_H
#define STAGE_INWARD_H

#include "trace/trace.h"

/* The draft; NULL where there is no such call. */
Module *inward_make(Arena *a, const Trace *t);

#endif
