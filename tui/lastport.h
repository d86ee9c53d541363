/* The last port that was written to a path, kept in the state folder: what a three-way merge starts
 * from. */
#ifndef TUI_LASTPORT_H
#define TUI_LASTPORT_H

#include "app.h"

const char *lastport_load(App *app, Arena *arena, const char *path); /* NULL: none is known */
void lastport_save(App *app, const char *path, const char *text);

#endif
