/* A crash of ours ends in one line that says so, and in exit status 70.
 *
 * The handler runs on its own stack, since the likeliest crash of a recursive program is a full
 * one, and calls only what is safe in a signal handler. The file's name is copied beforehand. */
#define _XOPEN_SOURCE 700
#include "cli/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_FAULT = 70, STACK_BYTES = 64 * 1024 };

/* Of the process, as its signal handlers are. */
static char fault_text[512];

static void on_fault(int signal_number)
{
    (void)signal_number;
    if (write(STDERR_FILENO, fault_text, strlen(fault_text)) < 0)
        _exit(STATUS_FAULT);
    _exit(STATUS_FAULT);
}

static void append(const char *text)
{
    size_t have = strlen(fault_text);
    for (; *text && have + 2 < sizeof fault_text; text++) fault_text[have++] = *text;
    fault_text[have] = 0;
}

void fault_install(const char *file)
{
    static char stack[STACK_BYTES];
    fault_text[0] = 0;
    append("portolan: a fault of Portolan's own, not of your file");
    if (file) {
        append("; it happened on ");
        append(file);
    }
    append(".\n  Nothing was left half written. Please report it with that file.\n");

    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigaction(faults[i], &action, NULL);
}
