/* Numbers that the target needs and the source never says (in_channels of a block that only says filters),
 * as expressions in scope. */
#ifndef PORT_SCOPE_H
#define PORT_SCOPE_H

#include "port/rw.h"

/* An expression that gives attr at a construction site, proved on every instance. NULL when there is none. */
Node *scope_expression(Rw *rw, Node *site, const char *attr);

#endif
