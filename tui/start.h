/* What both ways of running the workbench begin with. */
#ifndef TUI_START_H
#define TUI_START_H

#include "app.h"
#include "draw.h"

/* Opens the file's text, or the picker for a folder; finds theme and journal. False and *err when
 * the file cannot be read. */
bool start_app(App *app, const char **err);
bool start_file(App *app, const char *path, const char **err);

#endif
