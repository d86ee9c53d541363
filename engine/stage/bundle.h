/* Bundles: a file and what it needs of the other files of its project, as one.
 *
 * What the networks were built with comes along from the files that are imported, statement by
 * statement, in front of the file's own. Names that would clash are told apart by their file's name.
 * What no network needs, and what rests on something that does not come along (tables of pretrained
 * weights), is left out and said. */
#ifndef STAGE_BUNDLE_H
#define STAGE_BUNDLE_H

#include "trace/trace.h"

typedef struct Bundle {
    Module *module;
    VEC(const char *) notes; /* what came along and what was left out */
} Bundle;

/* False where nothing is imported from the project, or the files cannot be put into one. */
bool bundle_make(Arena *a, const Trace *t, Bundle *out);

#endif
