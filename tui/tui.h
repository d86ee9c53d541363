/* The workbench: source, pivot and target side by side in a terminal.
 *
 * tui_run opens the document itself (the text first, the work after the first paint), and comes
 * back when the user quits. Its answer is an exit status: 0 quit, 1 the file or the terminal cannot
 * be had (said on stderr), 128 + n ended by signal n.
 *
 * With keys or dump set no terminal is touched: the keys are played on an off-screen buffer of the
 * given size, with the clock standing still, and the last screen is saved to dump as text and
 * attribute planes. */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>

#include "portolan.h"

typedef struct TuiOptions {
    const char
        *path; /* the file, or a folder to pick one from; NULL: the picker in the current folder */
    PtlOptions engine;
    const char *theme;     /* NULL: the configured one, else "default" */
    const char *state_dir; /* journals and sessions; NULL: $XDG_STATE_HOME/portolan (none in the
                              test hook) */
    const char *program;   /* what runs `verify` beside the work; NULL: it can't */
    bool no_mouse;
    bool no_session;
    bool tour;
    const char *keys; /* "]]j<Enter>:set to=pytorch<Enter>", or "@FILE" */
    const char *size; /* "120x40"; NULL: 80x24 */
    const char *dump; /* path, or "-" for stdout */
} TuiOptions;

int tui_run(const TuiOptions *opts);

#endif
