/* The test hook: plays a script of keys on an off-screen workbench and saves the screen.
 *
 * The script is text, with <Enter>, <Esc>, <C-d>, <lt> … for keys that are not, and
 *
 *     <wait>              lets the work finish; any key does, too: before the first one only the
 *                         plain text is shown
 *     <size 120x40>       resizes
 *     <dump PATH>         saves the screen as it is now
 *     <paste TEXT>        a bracketed paste
 *     <click X,Y>         columns and rows count from 1
 *     <wheel-up X,Y>
 *     <wheel-down X,Y>
 *
 * Newlines in a script are not keys, so a script can stand in a file; neither are lines of it that
 * begin with a # and a blank. */
#ifndef TUI_HOOK_H
#define TUI_HOOK_H

#include "tui.h"

int hook_run(const TuiOptions *opts);

#endif
