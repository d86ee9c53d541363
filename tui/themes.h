/* Which theme is in force: found by name in the theme folders, without colours where none are
 * wanted. */
#ifndef TUI_THEMES_H
#define TUI_THEMES_H

#include "app.h"

void themes_find_dirs(App *app);
/* False, with a message, when there is no such theme; the one in force then stays. */
bool themes_use(App *app, const char *name);

#endif
