/* Training code. */
#include "port/rw.h"

int training_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    (void)rw;
    (void)in;
    (void)i;
    (void)out;
    return 0;
}
