/* The tour: eight hints in the status line, each of which goes when its command has been used. */
#ifndef TUI_TOUR_H
#define TUI_TOUR_H

#include "app.h"

struct Command;

const char *tour_hint(const App *app, char *out, int size); /* NULL: no tour, or it is over */
void tour_notice(App *app, const struct Command *cmd);      /* a command was run */

#endif
