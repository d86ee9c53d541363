/* The parsed form of a mustache template: private to the renderer. */
#ifndef RENDER_MUSTACHE_PARSE_H
#define RENDER_MUSTACHE_PARSE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"

typedef enum { MT_TEXT, MT_VAR, MT_SECTION, MT_INVERTED, MT_PARTIAL } MustacheType;

/* Nodes stand flat, in the order of the text; a section's children follow it up to `end`. */
typedef struct MustacheNode {
    MustacheType type;
    const char *text; /* MT_TEXT: into the template; else the name, NUL-terminated */
    int len;          /* MT_TEXT */
    int end;          /* sections: index after the last child */
    int line;
    bool raw;                         /* MT_VAR: {{{x}}} or {{&x}} */
    const char *indent;               /* MT_PARTIAL: what stands before a standalone one, "" else */
    struct MustacheTemplate *partial; /* MT_PARTIAL: parsed, once the renderer came by */
} MustacheNode;

typedef struct MustacheTemplate {
    const char *name;
    VEC(MustacheNode) nodes;
} MustacheTemplate;

/* NULL and *err where the template is malformed. Texts point into `text`, which must outlive the
 * result. */
MustacheTemplate *mustache_parse(Arena *a, const char *name, const char *text, const char **err);

#endif
