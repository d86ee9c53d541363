/* The user's settings and keys: $XDG_CONFIG_HOME/portolan/config, lines of
 *
 *     # a comment
 *     set theme = light
 *     bind source <C-n> next_mapping
 *
 * with a pane of source, tree, target, texts, questions, question or all. What is wrong is told
 * with file and line, and the rest is read all the same. */
#ifndef TUI_CONFIG_H
#define TUI_CONFIG_H

#include "app.h"

void config_load(App *app);
/* The text of a configuration; path names it in messages. */
void config_read(App *app, const char *path, char *text);

#endif
