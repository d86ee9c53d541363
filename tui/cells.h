/* Screen: our own picture of the terminal, cell by cell: text, role, overlay. Panes draw into it; a
 * backend shows it (terminal.h) or saves it as planes (screen_dump). Drawing outside is clipped, so
 * no pane needs to check. */
#ifndef TUI_CELLS_H
#define TUI_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "theme.h"

typedef struct Cell {
    uint32_t ch[3]; /* a base character and up to two combining ones; 0 in the right half of a wide
                       one */
    uint8_t width;  /* 1, 2; 0 in the right half */
    uint8_t role, over;
} Cell;

typedef struct Screen {
    int w, h;
    Cell *cells;
    int cursor_y, cursor_x; /* where the hardware cursor rests; -1: hidden */
    bool ascii;             /* only ASCII may be drawn: glyphs are spelled from a table */
} Screen;

void screen_resize(Screen *s, int w, int h);
void screen_free(Screen *s);
void screen_clear(Screen *s);
/* Draws at most max columns and returns how many it took. A wide character that does not fit whole
 * is left out. The text is trusted not to have tabs (draw.c expands them). */
int screen_put(Screen *s, int y, int x, int max, int role, const char *text);
int screen_putn(Screen *s, int y, int x, int max, int role, const char *text, int n);
int screen_printf(Screen *s, int y, int x, int max, int role, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* As screen_put, but a text that is cut ends in the ellipsis. */
int screen_put_cut(Screen *s, int y, int x, int max, int role, const char *text);
void screen_fill(Screen *s, int y, int x, int w, int role, const char *glyph);
void screen_over(Screen *s, int y, int x, int w, int over);
int screen_columns(const char *text); /* that the text would take */
void screen_dump(const Screen *s, const Theme *theme, Buf *out);

#endif
