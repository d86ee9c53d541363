#include "port/training.h"
int fit_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out)
{
    (void)rw; (void)in; (void)i; (void)out;
    return 0;
}
