/* Values that come together behind a conditional: `if flag: x = f(x)` and what reads x after it. The trace takes one arm and
 * only looks at the other, so that the other's tensors reach no reader; the port of that arm still has to leave x in the
 * order of axes that the reader expects. */
#ifndef PORT_ARMS_H
#define PORT_ARMS_H

#include "trace/trace.h"

typedef struct ArmJoin {
    const Node *value; /* what an arm that was not taken binds a name to */
    const Node *read;  /* a reading of the name behind the conditional */
} ArmJoin;
typedef VEC(ArmJoin) ArmJoins;

/* Only values that were tensors in forced arms, and reads of tensors with as many axes. */
ArmJoins arms_find(Arena *a, const Trace *t);

#endif
