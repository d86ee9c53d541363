/* The style of a source: that of its first root. A class is subclassing, a Sequential at module level or out of a
 * factory sequential, a functional graph functional. */
#include "port/style.h"

const char *style_of_source(Rw *rw)
{
    for (int i = 0; i < rw->t->roots.len; i++) {
        const RootTrace *r = &rw->t->roots.at[i];
        if (r->functional) return "functional";
        if (r->sequential) return "sequential";
        return "subclassing";
    }
    return "subclassing";
}

const char *style_default(Rw *rw, const char *source)
{
    return dialect_lists(rw->to, "styles", source) ? source : "subclassing";
}
