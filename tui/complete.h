/* Tab in the command line: names of commands, settings and their values. */
#ifndef TUI_COMPLETE_H
#define TUI_COMPLETE_H

#include "app.h"

/* What the line could become: the whole lines, in the arena. 0 when there is nothing. */
int complete_line(const App *app, Arena *arena, const char *line, const char ***out);

#endif
