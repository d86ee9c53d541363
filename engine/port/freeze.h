/* Weights that are not trained, by statements on modules: net.body.requires_grad_(False), the loop that does it weight by
 * weight, and base.trainable = False. */
#ifndef PORT_FREEZE_H
#define PORT_FREEZE_H

#include "port/rw.h"

/* The statement in the target's terms; NULL where it is none of these. */
Node *freeze_statement(Rw *rw, Node *n);
/* An attribute of a module that stands in the port as it is: flagged where the target's modules have none of the name. */
void member_check(Rw *rw, Node *n);
/* base.layers, walked by a loop, in the target's terms; NULL: it is none. */
Node *member_children(Rw *rw, Node *n);

#endif
