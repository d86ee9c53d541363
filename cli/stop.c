/* A signal that ends the program, heard while something runs that must be tidied up: the work asks whether one came, tidies
 * up, and the program then ends by the signal as if nothing had heard it. */
#define _XOPEN_SOURCE 700
#include "cli/stop.h"

#include <signal.h>
#include <stddef.h>

static const int ENDING[] = {SIGINT, SIGTERM, SIGHUP};

/* Of the process, as its signal handlers are. */
static volatile sig_atomic_t came;

static void on_signal(int number)
{
    came = number;
}

void stop_listen(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    came = 0;
    for (size_t i = 0; i < sizeof ENDING / sizeof *ENDING; i++) {
        struct sigaction was;
        bool ignored = sigaction(ENDING[i], NULL, &was) == 0 && was.sa_handler == SIG_IGN; /* nohup */
        if (!ignored) sigaction(ENDING[i], &action, NULL);
    }
}

bool stop_asked(void)
{
    return came != 0;
}

void stop_end(void)
{
    int number = came;
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigemptyset(&plain.sa_mask);
    for (size_t i = 0; i < sizeof ENDING / sizeof *ENDING; i++) {
        struct sigaction now;
        if (sigaction(ENDING[i], NULL, &now) == 0 && now.sa_handler == on_signal) sigaction(ENDING[i], &plain, NULL);
    }
    if (number) raise(number);
}
