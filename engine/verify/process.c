/* One loop over poll: two pipes, a clock, and the caller's wish to stop.
 *
 * Ending is gentle first: SIGTERM, so that the program can end what it started itself, then SIGKILL
 * when it has not gone after a few seconds. The child stays in our process group, so that ^C on a
 * terminal reaches it too. Both pipes' reading ends are closed before waiting: a child that still
 * writes is not waited for in vain. */
#include "verify/process.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

extern char **environ;

enum {
    PROCESS_TICK_MS = 100,
    PROCESS_GRACE_MS = 5000,
    PROCESS_MAX_LINE = 64 << 20 /* a line longer than that is not one of ours */
};

typedef struct Run {
    const ProcessOptions *options;
    pid_t pid;
    int out, err; /* reading ends; -1 once at their end */
    Buf line;
    char tail[4096]; /* the end of standard error */
    size_t tail_len;
    double heard; /* when the last line came */
    bool stop;
} Run;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void nap(int ms)
{
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000L};
    nanosleep(&t, NULL);
}

static bool open_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

/* 0, or errno. */
static int spawn(Run *r, int out_write, int err_write)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out_write, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err_write, STDERR_FILENO);
    /* posix_spawn wants char *const *, and changes nothing in it */
    int code = posix_spawnp(&r->pid, r->options->argv[0], &actions, NULL,
                            (char *const *)r->options->argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static int start(Run *r)
{
    int out[2], err[2];
    if (!open_pipe(out))
        return errno;
    if (!open_pipe(err)) {
        int code = errno;
        close(out[0]);
        close(out[1]);
        return code;
    }
    int code = spawn(r, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    r->out = out[0];
    r->err = err[0];
    return code;
}

static void tell(Run *r, const char *line)
{
    if (!r->stop && r->options->on_line && !r->options->on_line(r->options->user, line))
        r->stop = true;
}

static void take_output(Run *r, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            if (r->line.len < PROCESS_MAX_LINE)
                buf_addc(&r->line, bytes[i]);
            continue;
        }
        r->heard = now();
        tell(r, r->line.s ? r->line.s : "");
        buf_free(&r->line);
    }
}

static void take_error(Run *r, const char *bytes, size_t n)
{
    size_t room = sizeof r->tail - 1;
    if (n > room) {
        bytes += n - room;
        n = room;
    }
    size_t keep = r->tail_len + n > room ? room - n : r->tail_len;
    memmove(r->tail, r->tail + r->tail_len - keep, keep);
    memcpy(r->tail + keep, bytes, n);
    r->tail_len = keep + n;
    r->tail[r->tail_len] = 0;
}

static void pump(Run *r, int *fd, void (*take)(Run *, const char *, size_t))
{
    char bytes[8192];
    ssize_t n = read(*fd, bytes, sizeof bytes);
    if (n > 0) {
        take(r, bytes, (size_t)n);
    } else if (n == 0 || errno != EINTR) {
        close(*fd);
        *fd = -1;
    }
}

/* The last line of the tail that holds more than blanks. */
static void find_last_words(const Run *r, char *to, size_t size)
{
    size_t end = r->tail_len;
    while (end > 0 && isspace((unsigned char)r->tail[end - 1])) end--;
    size_t from = end;
    while (from > 0 && r->tail[from - 1] != '\n') from--;
    size_t n = end - from < size - 1 ? end - from : size - 1;
    memcpy(to, r->tail + from, n);
    to[n] = 0;
}

static void end_child(Run *r, int *status)
{
    kill(r->pid, SIGTERM);
    for (int waited = 0; waited < PROCESS_GRACE_MS; waited += PROCESS_TICK_MS) {
        if (waitpid(r->pid, status, WNOHANG) == r->pid)
            return;
        nap(PROCESS_TICK_MS);
    }
    kill(r->pid, SIGKILL);
    waitpid(r->pid, status, 0);
}

/* Until both pipes are closed, or somebody has had enough. */
static ProcessHow listen_to(Run *r)
{
    while (r->out >= 0 || r->err >= 0) {
        struct pollfd fds[2] = {{.fd = r->out, .events = POLLIN}, {.fd = r->err, .events = POLLIN}};
        int n = poll(fds, 2, PROCESS_TICK_MS);
        if (n == 0)
            tell(r, NULL);
        if (n > 0 && r->out >= 0 && fds[0].revents)
            pump(r, &r->out, take_output);
        if (n > 0 && r->err >= 0 && fds[1].revents)
            pump(r, &r->err, take_error);
        if (r->stop)
            return PROCESS_CANCELLED;
        if (r->options->silence > 0 && now() - r->heard > r->options->silence)
            return PROCESS_SILENT;
    }
    return PROCESS_EXITED;
}

ProcessEnd process_run(const ProcessOptions *options)
{
    Run r = {.options = options, .heard = now()};
    ProcessEnd end = {.how = PROCESS_NOT_STARTED, .code = start(&r)};
    if (end.code != 0)
        return end;
    end.how = listen_to(&r);
    if (r.out >= 0)
        close(r.out);
    if (r.err >= 0)
        close(r.err);
    int status = 0;
    if (end.how != PROCESS_EXITED) {
        end_child(&r, &status);
    } else {
        while (waitpid(r.pid, &status, 0) < 0 && errno == EINTR) continue;
        if (WIFSIGNALED(status))
            end.how = PROCESS_SIGNALED;
        end.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    }
    find_last_words(&r, end.last_words, sizeof end.last_words);
    buf_free(&r.line);
    return end;
}
