/* Verify beside the work: `portolan verify` of the port as it stands, answers that are not written included, in a process
 * of its own. The keyboard stays free; what is found is shown when it is done. One at a time. */
#ifndef TUI_CHECK_H
#define TUI_CHECK_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/str.h"

struct App;

typedef struct Check {
    pid_t pid;      /* 0: none runs */
    int out, err;   /* of the process; -1: at its end */
    Buf json, said; /* what came so far */
    char *folder;   /* that the port lies in */
    int port;       /* of which port (App.ports) the result will tell */
} Check;

void check_init(Check *c);
/* Ends one that runs. */
void check_free(struct App *app);
bool check_running(const struct App *app);
/* Its file descriptors for poll, at most two; how many. */
int check_fds(const struct App *app, int *fds);
/* Reads what has come; shows the result when it has ended. */
void check_read(struct App *app);

#endif
