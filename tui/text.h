/* Text: a read-only buffer with its line starts, and the arithmetic between bytes, lines and
 * columns.
 *
 * The buffer is not copied; the line table lives in the arena. Any bytes are a text: malformed
 * UTF-8, NULs and lone carriage returns all have a width and a place. Lines and columns count from
 * 0 in here. */
#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include "base/arena.h"

#define TEXT_TAB 8

typedef struct Text {
    const char *s;
    int len;
    int *start; /* byte offset of each line */
    int nlines; /* a final newline does not open another line; an empty text has one line */
} Text;

void text_init(Text *t, Arena *a, const char *s, int len);
int text_line_of(const Text *t, int pos);
int text_line_end(const Text *t,
                  int line); /* byte after the last one shown: no newline, no CR before it */
int text_indent(const Text *t, int line); /* byte of the first non-blank, or the line's end */
int text_column(const Text *t, int line, int pos); /* display column, tabs expanded */
int text_line_width(const Text *t, int line);
/* Columns the character at s takes when it starts at column col, and how many bytes it has. Control
 * characters show as ^X, what would reorder or hide text as one replacement character. */
int text_char_width(const char *s, int n, int col, int *bytes);

#endif
