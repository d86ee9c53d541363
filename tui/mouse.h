/* The mouse: a click selects what it hits, the wheel scrolls the pane under it. */
#ifndef TUI_MOUSE_H
#define TUI_MOUSE_H

#include "app.h"

void mouse_event(App *app, const Event *ev);

#endif
