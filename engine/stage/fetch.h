/* Arms that fetch published weights: `if weights == "imagenet": path = get_file(...); model.load_weights(path)`.
 *
 * The weights are another framework's, so the port has nothing to load. An arm that never ran, and that fetches in it,
 * becomes one statement that says so where it is asked for. What only such arms read (the size that a file's name has in
 * it) is then free to go. Which calls fetch, the dialect lists ("fetches"). */
#ifndef STAGE_FETCH_H
#define STAGE_FETCH_H

#include "trace/trace.h"

typedef struct Fetch {
    Module *module; /* the draft */
    StrVec notes;
} Fetch;

/* False where there is no such arm. */
bool fetch_make(Arena *a, const Trace *t, Fetch *out);

#endif
