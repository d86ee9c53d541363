/* Mustache over a cJSON document, with a map from output bytes back to what they stand for.
 *
 * The required modules of the mustache specification (v1: comments, delimiters, interpolation,
 * inverted, partials, sections), no lambdas. Falsy: missing, null, false, "", an empty list, an
 * empty "@text"; every other value is truthy, 0 included.
 *
 * Marks. An object that carries a member "@map": N marks the bytes rendered under it: those of a
 * section that pushed it, or its own interpolated text. An object {"@text": "...", "@marks": [[map,
 * start, end], ...]} interpolates as its text, and its marks (byte offsets in the text) are
 * recorded shifted to where the text landed. Empty ranges are not recorded. Marks come in order of
 * their start, an outer one before those inside it. */
#ifndef RENDER_MUSTACHE_H
#define RENDER_MUSTACHE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/vec.h"

typedef struct MustachePartials {
    const char *(*find)(
        void *user, const char *name); /* text, kept alive by the callee; NULL: no such partial */
    void *user;
    const char *name; /* of the template itself, for errors; NULL: "template" */
    bool raw;         /* {{x}} is not HTML-escaped: for templates of code */
} MustachePartials;

typedef struct RenderMark {
    int map, start, end; /* bytes of the output, end exclusive */
} RenderMark;

typedef struct RenderMarks {
    VEC(RenderMark) list;
} RenderMarks;

/* The text, in arena a, or NULL and *err ("class.mustache:3: section 'x' is not closed"). partials
 * and marks may be NULL: no partials, escaping, no marks. A partial that is not found renders as
 * nothing. Recursion and size of the output are bounded, and passing a bound is an error. */
char *mustache_render(Arena *a, const char *template, const cJSON *view,
                      const MustachePartials *partials, RenderMarks *marks, const char **err);

#endif
