/* Drawing: reads the state, writes cells, changes nothing. */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include "app.h"

void draw_app(App *app);

/* draw_bars.c */
void draw_title(App *app);
void draw_status(App *app);
void draw_keyline(App *app);
void draw_message(App *app, int y);
/* "y write   Esc back": the first word of each part is a key. */
void draw_keys(App *app, int y, const char *keys);
/* A line across with a title in it and, at its right end, something short ("" for nothing). */
void draw_heading(App *app, Rect r, const char *title, const char *right, bool focused);

/* draw_text.c */
void draw_source(App *app);
void draw_target(App *app);
/* One line of plain text, tabs expanded and control characters made visible. */
void draw_plain(App *app, int y, int x, int w, int role, const char *text);

/* The heading of a pane, or, in the focus layout, the names of all. */
void draw_tabs_or_heading(App *app, Pane pane, const char *title, const char *right);

void draw_tree(App *app);   /* draw_tree.c */
void draw_queue(App *app);  /* draw_queue.c */
void draw_detail(App *app); /* draw_detail.c */
void draw_mirror(App *app); /* draw_mirror.c */

#endif
