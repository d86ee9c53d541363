/* Targets generated from instances. */
#include "port/rw.h"

bool instance_generate(Rw *rw, const char *style, NodeVec *out)
{
    (void)out;
    rw->res->impossible = arena_printf(rw->a, "not yet: %s", style);
    return false;
}
