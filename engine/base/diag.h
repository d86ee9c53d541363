/* Diag: what is wrong with (or worth saying about) a user's file, as a value.
 *
 * A diagnostic never stops the run. It is printed by diag_format as
 *     model.py:31:9: error: Linear expects 400 features in its last axis, and gets 256 [shape]
 *         self.fc = nn.Linear(400, 10)
 *                   ^~~~~~~~~~~~~~~~~~
 *         hint: ...
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct Span {
    int start, end; /* bytes, end exclusive; start == end means "nowhere" when both are 0 */
} Span;

typedef enum { SEV_NOTE, SEV_WARNING, SEV_ERROR } Severity;

typedef struct Diag {
    Severity severity;
    const char *code; /* "syntax", "shape", "unsupported", "limit", ... */
    const char *file; /* as the user named it */
    Span span;
    const char *message;
    const char *hint; /* or NULL */
} Diag;

typedef struct DiagList {
    Arena *arena;
    VEC(Diag) list;
} DiagList;

/* Source text with its line starts, for positions. */
typedef struct SourceText {
    const char *path;
    const char *text;
    int len;
    int *line_start; /* byte offset of each line */
    int nlines;
} SourceText;

SourceText *source_text_new(Arena *a, const char *path, const char *text, int len);
/* Both from 1; col in characters. */
void source_position(const SourceText *src, int byte, int *line, int *col);

/* Adds one unless an equal one (code, span, message) is there already. */
void diag_add(DiagList *l, Severity sev, const char *code, const char *file, Span span,
              const char *hint, const char *fmt, ...) __attribute__((format(printf, 7, 8)));
void diag_format(const Diag *d, const SourceText *src, bool colour, Buf *out);

#endif
