/* Session: where the cursor was, what was folded and marked, how the panes stood; kept per source
 * file. */
#ifndef TUI_SESSION_H
#define TUI_SESSION_H

#include "app.h"

void session_load(App *app, const char *dir, const char *source);
void session_save(App *app);

#endif
