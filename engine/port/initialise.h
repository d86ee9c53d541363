/* Code that only sets the first values of weights. It differs from the target's own initialisation in training
 * alone, and has no counterpart in a framework whose layers are built at their first call: it is left out, and said. */
#ifndef PORT_INITIALISE_H
#define PORT_INITIALISE_H

#include "port/rw.h"

/* Takes the statement where it is such code. */
bool initialise_leaves_out(Rw *rw, Node *n);

#endif
