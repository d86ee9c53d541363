/* Handlers do only what is async-signal-safe: set flags, write bytes, tcsetattr. The flags are this
 * file's only state and the program's only mutable globals: a handler has nowhere else to look. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

enum { STACK_SIZE = 64 << 10 };

static volatile sig_atomic_t ended, resized, stopped, installed;
static int wake[2] = {-1, -1};
static int out_fd = -1, report_fd = 2, capture_fd = -1;
static struct termios saved_termios;
static const char *restore_string = "", *report_string = "";

static char main_stack[STACK_SIZE];

static const int endings[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static void put(int fd, const char *s, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, s, n);
        if (k <= 0)
            return;
        s += k;
        n -= (size_t)k;
    }
}

static void restore_terminal(void)
{
    put(out_fd, restore_string, strlen(restore_string));
    tcsetattr(out_fd, TCSANOW, &saved_termios);
}

static void on_note(int sig)
{
    int saved = errno;
    if (sig == SIGWINCH) {
        resized = 1;
    } else if (sig == SIGTSTP) {
        stopped = 1;
    } else {
        if (ended) { /* asked twice: the loop is stuck */
            restore_terminal();
            _exit(128 + sig);
        }
        ended = sig;
    }
    if (wake[1] >= 0 && write(wake[1], "", 1) < 0)
        errno = 0;
    errno = saved;
}

static void print_captured(void)
{
    char block[1024];
    if (capture_fd < 0 || lseek(capture_fd, 0, SEEK_SET) < 0)
        return;
    for (ssize_t n; (n = read(capture_fd, block, sizeof block)) > 0;)
        put(report_fd, block, (size_t)n);
}

static void on_crash(int sig)
{
    signal(sig, SIG_DFL);
    restore_terminal();
    print_captured();
    put(report_fd, report_string, strlen(report_string));
    if (report_fd != 2)
        dup2(report_fd, 2);
    raise(sig);
}

static void handle(int sig, void (*fn)(int), int flags)
{
    struct sigaction sa;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = fn;
    sa.sa_flags = flags;
    sigemptyset(&sa.sa_mask);
    sigaction(sig, &sa, NULL);
}

void signals_install(int out, const struct termios *saved, const char *restore, int report)
{
    stack_t ss;
    memset(&ss, 0, sizeof ss);
    ss.ss_sp = main_stack;
    ss.ss_size = STACK_SIZE;
    sigaltstack(&ss, NULL); /* so that an overflow of the stack can be reported, too */
    out_fd = out;
    report_fd = report;
    saved_termios = *saved;
    restore_string = restore;
    ended = resized = stopped = 0;
    if (wake[0] < 0 && pipe(wake) == 0)
        for (int i = 0; i < 2; i++) {
            fcntl(wake[i], F_SETFL, O_NONBLOCK);
            fcntl(wake[i], F_SETFD, FD_CLOEXEC);
        }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) handle(endings[i], on_note, 0);
    handle(SIGWINCH, on_note, 0);
    handle(SIGTSTP, on_note, 0);
    handle(SIGPIPE, SIG_IGN, 0);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        handle(crashes[i], on_crash, (int)(SA_ONSTACK | SA_NODEFER | SA_RESETHAND));
    installed = 1;
}

void signals_set_report(const char *text)
{
    report_string = text;
}
void signals_set_capture(int fd)
{
    capture_fd = fd;
}

void signals_remove(void)
{
    if (!installed)
        return;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) handle(endings[i], SIG_DFL, 0);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) handle(crashes[i], SIG_DFL, 0);
    handle(SIGWINCH, SIG_DFL, 0);
    handle(SIGTSTP, SIG_DFL, 0);
    handle(SIGPIPE, SIG_DFL, 0);
    report_string = restore_string = "";
    capture_fd = -1;
    installed = 0;
}

void signals_pause(bool paused)
{
    handle(SIGINT, paused ? SIG_IGN : on_note, 0);
    handle(SIGQUIT, paused ? SIG_IGN : on_note, 0);
}

int signals_fd(void)
{
    return wake[0];
}

void signals_drain(void)
{
    char bytes[64];
    while (wake[0] >= 0 && read(wake[0], bytes, sizeof bytes) > 0) continue;
}

int signals_ended(void)
{
    return ended;
}

bool signals_resized(void)
{
    bool was = resized;
    resized = 0;
    return was;
}

bool signals_stopped(void)
{
    bool was = stopped;
    stopped = 0;
    return was;
}

void *signals_thread_stack(void)
{
    stack_t ss;
    memset(&ss, 0, sizeof ss);
    ss.ss_sp = x_alloc(STACK_SIZE);
    ss.ss_size = STACK_SIZE;
    sigaltstack(&ss, NULL);
    return ss.ss_sp;
}

void signals_thread_stack_free(void *stack)
{
    stack_t ss;
    memset(&ss, 0, sizeof ss);
    ss.ss_flags = SS_DISABLE;
    ss.ss_size = STACK_SIZE;
    sigaltstack(&ss, NULL);
    free(stack);
}
