/* What an operation's attributes must be for the target. */
#ifndef PORT_OP_SETTLE_H
#define PORT_OP_SETTLE_H

#include "port/rw.h"

/* Adjusts attributes that count axes or that the target says in another way; the kind to write, which may be
 * another than the event's. n: the call in the source, NULL where the target is generated from instances. */
const char *op_settle(Rw *rw, Node *n, Event **e, int count, PlanAttrVec *attrs);
/* Does the source use this operation in a way that only a helper knows, though its arguments could be written? */
/* matmul(a, b, transpose_b=True), for a target that turns the operand itself. */
void op_transpose_inputs(Rw *rw, const char *kind, PlanAttrVec *attrs, Node **inputs);
bool op_wants_helper(Rw *rw, Event **e, int count);
/* Operand i with as many axes as the result has, where the result's channels moved. */
Node *op_broadcast(Rw *rw, Node *x, const Event *e, int i);
/* The axis of a softmax that names none, in the source's order; PV_UNSET: no such rule. */
PValue softmax_axis(Rw *rw, const PivotTensor *t);

#endif
