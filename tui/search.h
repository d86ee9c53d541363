/* Search: plain text, case aside unless the pattern has a capital. */
#ifndef TUI_SEARCH_H
#define TUI_SEARCH_H

#include "app.h"

/* First byte of a match in s[from, end), or -1. */
int search_in(const char *s, int from, int end, const char *pattern);
void search_start(App *app, const char *pattern, Pane pane);
/* To the next match in the searched pane. */
void search_go(App *app, int direction, bool from_here);

#endif
