/* Copies of statements at another depth, with some of their expressions exchanged. */
#ifndef STAGE_COPY_H
#define STAGE_COPY_H

#include "stage/staging_internal.h"

typedef struct CopyHole { /* the bytes of `at` become `text` */
    Span at;
    const char *text;
} CopyHole;
typedef VEC(CopyHole) CopyHoles; /* in source order, without overlaps */

int copy_line_start(const Stager *s, int at);
/* A statement, its lines moved to another depth, its holes filled. */
void copy_stmt(Stager *s, const Node *n, const CopyHoles *holes, int depth, Chunks *out);
/* The same for a stretch on its own: no indent, no newline. */
void copy_span(Stager *s, Span span, const CopyHoles *holes, Chunks *out);
/* A statement with the comments before it (down to byte `from`) and the end of its line. */
Span copy_whole_lines(const Stager *s, const Node *n, int from);

#endif
