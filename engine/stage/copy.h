/* Copies of statements at another depth, with some of their expressions exchanged; and drafts that are the whole text
 * but for some pieces. */
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
/* Comments on lines of their own between two places. */
void copy_comments(Stager *s, int from, int to, int depth, Chunks *out);

typedef struct Piece { /* the bytes of `at` become `text` */
    Span at;
    Chunks text;
    int order;
} Piece;
typedef VEC(Piece) Pieces; /* in any order; those that lie within another's bytes only add their text */

/* text NULL: the bytes go. */
void piece_add(Stager *s, Pieces *all, Span at, const Chunks *text);
Module *pieces_draft(Stager *s, Pieces *all);

#endif
