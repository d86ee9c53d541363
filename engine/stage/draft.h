/* Drafts: a text made from another by copying stretches of it, in whatever order, and adding text
 * of its own. Every byte knows what it stands for in the original, so that what is found in the
 * draft can be told in the terms of the text that a person opened. */
#ifndef STAGE_DRAFT_H
#define STAGE_DRAFT_H

#include "python/ast.h"

typedef struct Draft {
    Arena *a;
    const SourceText *origin;
    Buf text;
    VEC(SourcePiece) pieces;
} Draft;

void draft_copy(Draft *d, int start, int end);
/* Text of its own, on account of a span of the original. */
void draft_add(Draft *d, const char *text, Span why);

/* A change of the original in one place: the bytes of `at` become `text`. */
typedef struct DraftEdit {
    Span at;
    const char *text;
    Span why;
    int order; /* of several at one place */
} DraftEdit;
typedef VEC(DraftEdit) DraftEdits;
/* All of the original with these changes, which must not overlap. */
void draft_edits(Draft *d, const DraftEdits *edits);

/* Where the line begins that a byte of the original stands in, and the blanks in front of a statement. */
int draft_line_start(const SourceText *src, int byte);
const char *draft_indent(Arena *a, const SourceText *src, const Node *stmt);

/* Parsed, with the way back to the original in its source text. NULL where the draft does not
 * parse: it is no good then. Frees the draft's buffer. */
Module *draft_parse(Draft *d);

#endif
