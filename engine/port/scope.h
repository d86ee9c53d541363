/* Numbers that the target needs and the source never says (in_channels of a block that only says filters),
 * as expressions in scope. */
#ifndef PORT_SCOPE_H
#define PORT_SCOPE_H

#include "port/rw.h"

/* An expression over names in scope at a construction site that gives attr in every event there: the output width
 * of the layer that feeds it, as it is written in the same function. NULL when there is none. */
Node *scope_expression(Rw *rw, Node *site, const char *attr);

#endif
