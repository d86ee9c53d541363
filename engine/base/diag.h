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

/* A stretch of a drafted text, and what it stands for in the text that it was drafted from. */
typedef struct SourcePiece {
    int at, len; /* bytes of the draft */
    Span from;   /* bytes of the original: as many where it is a copy, else what it was added for */
    bool copied;
} SourcePiece;

/* Source text with its line starts, for positions. A text that was drafted from another (stage/)
 * knows which of its pieces stand for what there: positions are told in the original's terms. */
typedef struct SourceText SourceText;
struct SourceText {
    const char *path;
    const char *text;
    int len;
    int *line_start; /* byte offset of each line */
    int nlines;
    const SourceText *origin; /* what this was drafted from, or NULL */
    const SourcePiece *pieces; /* in order, without gaps */
    int npieces;
};

SourceText *source_text_new(Arena *a, const char *path, const char *text, int len);
/* The span that one of a draft stands for, in the text that a person opened. */
Span source_origin(const SourceText *src, Span span);
/* The text that a person opened. */
const SourceText *source_opened(const SourceText *src);
/* Both from 1, in the text that a person opened; col in characters. */
void source_position(const SourceText *src, int byte, int *line, int *col);

/* Adds one unless an equal one (code, span, message) is there already. */
void diag_add(DiagList *l, Severity sev, const char *code, const char *file, Span span,
              const char *hint, const char *fmt, ...) __attribute__((format(printf, 7, 8)));
void diag_format(const Diag *d, const SourceText *src, bool colour, Buf *out);

#endif
