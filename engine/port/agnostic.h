/* Functions that no order of axes matters to: see agnostic.c. */
#ifndef PORT_AGNOSTIC_H
#define PORT_AGNOSTIC_H

#include "port/rw.h"

/* By node id, the functions that compute element by element alone. */
bool *agnostic_functions(Rw *rw);

#endif
