/* Three-way merge of lines: what stands in a file now, and what would be written, against the last
 * port that both come from. Where both have changed the same lines in different ways both are kept,
 * between marks. */
#ifndef TUI_MERGE_H
#define TUI_MERGE_H

#include "text.h"

typedef struct Merge {
    char *text;
    int len;
    int conflicts; /* places that both have changed */
} Merge;

Merge merge_texts(Arena *arena, const Text *base, const Text *theirs, const Text *ours);

#endif
