/* Signals: what ends, stops or resizes the workbench, and what restores the terminal when it
 * crashes. */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>
#include <termios.h>

/* Installs the handlers. Endings, stops and resizes are noted and make signals_fd readable; crashes
 * write the restore string to fd out, put the terminal's settings back, print the report and
 * re-raise. All strings must live as long as the handlers. */
void signals_install(int out, const struct termios *saved, const char *restore, int report_fd);
void signals_set_report(const char *text); /* one line, said after a crash */
void signals_set_capture(
    int fd); /* where stderr is gathered meanwhile: printed after a crash; -1 none */
void signals_remove(void);
/* While another program has the terminal, ^C and ^\ are meant for it. */
void signals_pause(bool paused);

int signals_fd(void);
void signals_drain(void);
int signals_ended(void);    /* the signal that asks for the end, 0: none */
bool signals_resized(void); /* since the last call */
bool signals_stopped(void); /* since the last call: SIGTSTP came from outside */

/* An alternate stack for the calling thread, so that a stack overflow can be reported. */
void *signals_thread_stack(void);
void signals_thread_stack_free(void *stack);

#endif
