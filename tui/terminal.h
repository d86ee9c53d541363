/* Terminal: shows a Screen through ncurses, and gives the terminal back as it was, whatever
 * happens. The only room that includes curses; it is used for output alone, the keys are read by
 * input.h. */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "app.h"

typedef struct Terminal Terminal;

/* NULL and *err when the terminal cannot show the workbench (unknown, or it cannot place its
 * cursor). */
Terminal *terminal_open(App *app, const char **err);
void terminal_close(Terminal *t); /* prints what went to stderr meanwhile */
void terminal_show(Terminal *t, App *app);
void terminal_size(Terminal *t, int *w, int *h); /* asks the terminal, and tells curses */
/* Leaves the screen to others and comes back. */
void terminal_leave(Terminal *t);
void terminal_return(Terminal *t);
bool terminal_has_colours(const Terminal *t);
void terminal_ask_background(Terminal *t);
void terminal_copy(Terminal *t, const Buf *text); /* OSC 52 */
void terminal_mouse(Terminal *t, bool on);
void terminal_paste(Terminal *t, bool on);

#endif
