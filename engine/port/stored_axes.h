/* Axes that a constructor stores and a permutation reads: see stored_axes.c. */
#ifndef PORT_STORED_AXES_H
#define PORT_STORED_AXES_H

#include "port/rw.h"

/* The attributes that hold the axes of a permutation (one), or the two that it exchanges, where each construction can say
 * its own for the target; false: it cannot. */
bool stored_axes(Rw *rw, Node *n, Event **e, int count, Node *out[2]);

/* By node id, the classes whose forward pass is such a permutation: each instance has its own orders of axes. */
bool *stored_axes_classes(Rw *rw);

/* A construction with the target's axes; the call itself where it stores none. Not rewritten yet. */
Node *stored_axes_call(Rw *rw, Node *call);

#endif
