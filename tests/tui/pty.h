/* A program on a pseudo-terminal of our own, and what its screen shows (through libvterm). */
#ifndef TESTS_TUI_PTY_H
#define TESTS_TUI_PTY_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#include "base/str.h"

typedef struct Pty {
    pid_t pid;
    int fd;
    int w, h;
    VTerm *vt;
    VTermScreen *screen;
    Buf out;               /* every byte that the program wrote */
    struct termios before; /* the terminal's settings when it started */
    int status;
    bool ended;
} Pty;

/* Runs fn(arg) in a child on a terminal of w x h; its return is the exit status. */
void pty_start(Pty *p, int w, int h, int (*fn)(void *), void *arg);
void pty_free(Pty *p); /* kills what still runs */
void pty_send(Pty *p, const char *keys);
/* Takes in output until nothing has come for quiet ms (and at most for 10 s). */
void pty_settle(Pty *p, int quiet);
/* Until the text stands on the screen; false after 10 s. */
bool pty_wait_for(Pty *p, const char *text);
bool pty_wait_gone(Pty *p, const char *text);
/* Until the program has ended; its wait status. */
int pty_wait_end(Pty *p);
bool pty_shows(Pty *p, const char *text);
const char *pty_row(Pty *p, int row, char *out, int size); /* as UTF-8, trailing blanks off */
void pty_print(Pty *p);
void pty_resize(Pty *p, int w, int h);
/* Alternate screen left, mouse and paste off, cursor shown, settings as before. NULL, or what is
 * wrong. */
const char *pty_not_restored(Pty *p);

#endif
