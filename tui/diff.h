/* Line diff of two texts: the fewest removed and added lines, in order. */
#ifndef TUI_DIFF_H
#define TUI_DIFF_H

#include "base/arena.h"
#include "text.h"

typedef struct DiffRow {
    char kind; /* ' ' in both, '-' only in a, '+' only in b */
    int a, b;  /* line numbers from 0; for '-' b is where it would stand, for '+' a likewise */
} DiffRow;

typedef struct Diff {
    DiffRow *rows;
    int nrows;
    int added, removed;
} Diff;

Diff diff_lines(Arena *arena, const Text *a, const Text *b);

#endif
