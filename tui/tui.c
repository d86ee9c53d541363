/* The loop: wait for keys, signals and the engine; take in all that has come; paint once.
 *
 * Order at the start: the file is read before the terminal is touched, so an unreadable one is told
 * plainly; the text is painted before the engine's work begins, and the terminal is asked about its
 * background last of all. */
#define _XOPEN_SOURCE 700
#include "tui.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "hook.h"
#include "journal.h"
#include "session.h"
#include "signals.h"
#include "start.h"
#include "terminal.h"
#include "themes.h"

enum { PAINT_AT_LEAST = 40, SPINNER = 200 };

static long clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

typedef struct Loop {
    App *app;
    Terminal *terminal;
    Input input;
    bool hung_up; /* the terminal is gone */
    bool abandon; /* ^C while the engine works: leave without waiting for it */
} Loop;

static int esc_delay(const App *app)
{
    const char *s = getenv("ESCDELAY");
    int v = s && *s ? atoi(s) : settings_int(&app->settings, SET_escdelay);
    return v < 1 ? 1 : v > 1000 ? 1000 : v;
}

/* --- the world outside
 * ------------------------------------------------------------------------------------ */

static void resize(Loop *l)
{
    int w, h;
    terminal_size(l->terminal, &w, &h);
    app_resize(l->app, w, h);
}

static void suspend(Loop *l)
{
    l->app->suspend = false;
    terminal_leave(l->terminal);
    struct sigaction deflt, ours;
    memset(&deflt, 0, sizeof deflt);
    deflt.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &deflt, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    terminal_return(l->terminal);
    resize(l);
    l->app->redraw = true;
}

static void run_editor(Loop *l)
{
    App *app = l->app;
    char line[32];
    snprintf(line, sizeof line, "+%d", app->edit_line);
    terminal_leave(l->terminal);
    signals_pause(true);
    pid_t pid = fork();
    if (pid == 0) {
        signals_remove();
        execl("/bin/sh", "sh", "-c", "exec ${VISUAL:-${EDITOR:-vi}} \"$1\" \"$2\"", "sh", line,
              app->edit_path, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    signals_pause(false);
    terminal_return(l->terminal);
    resize(l);
    app->redraw = true;
    app_set_string(&app->edit_path, NULL);
    if (pid < 0)
        app_say(app, MESSAGE_ERROR, "the editor could not be started: %s", strerror(errno));
    else if (!job_running(app))
        job_start_reload(app);
}

static void outside(Loop *l)
{
    App *app = l->app;
    if (signals_resized())
        resize(l);
    if (signals_stopped())
        app->suspend = true;
    if (app->suspend)
        suspend(l);
    if (app->edit_path)
        run_editor(l);
    if (app->clipboard.len) {
        terminal_copy(l->terminal, &app->clipboard);
        app->clipboard.len = 0;
    }
    terminal_mouse(l->terminal, settings_on(&app->settings, SET_mouse) && !app->opts->no_mouse);
}

/* --- keys
 * -------------------------------------------------------------------------------------------------
 */

static bool readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLIN | POLLHUP));
}

static void read_keys(Loop *l)
{
    char bytes[4096];
    while (readable(STDIN_FILENO)) {
        ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            l->hung_up = true;
            return;
        }
        if (job_changes(l->app) && memchr(bytes, 3, (size_t)n))
            l->abandon = true;
        input_feed(&l->input, bytes, (size_t)n, clock_ms());
    }
}

/* Keys wait while the document is being changed: they are meant for what it will be. */
static bool takes_keys(const App *app)
{
    if (app->deferred)
        return false;
    return !job_changes(app) || app->job.kind == JOB_WORK;
}

static void take_events(Loop *l)
{
    Event ev;
    App *app = l->app;
    while (!app->quit && takes_keys(app) && input_next(&l->input, clock_ms(), &ev)) {
        app->now = clock_ms();
        app_event(app, &ev);
        if (app->suspend || app->edit_path)
            return;
    }
}

static int least(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static void wait_for_something(Loop *l)
{
    App *app = l->app;
    struct pollfd fds[5] = {{STDIN_FILENO, POLLIN, 0}, {signals_fd(), POLLIN, 0}};
    int n = 2, beside[2], nbeside = check_fds(app, beside);
    if (job_running(app))
        fds[n++] = (struct pollfd){job_fd(app), POLLIN, 0};
    for (int i = 0; i < nbeside && !job_changes(app); i++)
        fds[n++] = (struct pollfd){beside[i], POLLIN, 0};
    int timeout = app_timeout(app);
    if (takes_keys(app))
        timeout = least(timeout, input_timeout(&l->input, clock_ms()));
    poll(fds, (nfds_t)n, timeout);
}

static void paint(Loop *l)
{
    App *app = l->app;
    bool frozen = job_changes(app) && app->job.kind != JOB_WORK;
    if (!frozen) {
        draw_app(app);
    } else {
        draw_status(app);
    }
    terminal_show(l->terminal, app);
}

static void loop(Loop *l)
{
    App *app = l->app;
    outside(l); /* the mouse is wanted before the first key */
    while (!app->quit && !l->hung_up && !l->abandon && !signals_ended()) {
        wait_for_something(l);
        signals_drain();
        long began = clock_ms();
        do { /* all that has come, before one paint; but a held key must not keep the screen dark */
            app->now = clock_ms();
            read_keys(l);
            if (job_running(app))
                job_wait(app, 0);
            if (check_running(app))
                check_read(app);
            take_events(l);
            app_tick(app);
            outside(l);
        } while (!app->quit && readable(STDIN_FILENO) && takes_keys(app) &&
                 clock_ms() - began < PAINT_AT_LEAST);
        if (!app->quit)
            paint(l);
    }
}

/* --- beginning and end
 * ------------------------------------------------------------------------------------ */

static const char *crash_report(App *app)
{
    const char *path = journal_path(app->journal);
    return arena_printf(app->arena,
                        "portolan: a fault of ours ended the workbench%s%s; please report it\n",
                        path ? "; the answers are in " : "", path ? path : "");
}

static int finish(Loop *l)
{
    App *app = l->app;
    int ended = signals_ended();
    bool orderly = app->quit && app->status >= 0;
    if (l->hung_up && !ended)
        ended = SIGHUP;
    if (orderly && app->doc)
        session_save(app);
    terminal_close(l->terminal);
    journal_close(app->journal, orderly);
    input_free(&l->input);
    int status = ended ? 128 + ended : 0;
    if (job_running(app))
        _exit(status); /* the engine's thread still reads what would be freed */
    app_free(app);
    return status;
}

int tui_run(const TuiOptions *opts)
{
    const char *err = NULL;
    if (opts->keys || opts->dump)
        return hook_run(opts);
    setlocale(LC_CTYPE, "");
    App *app = app_new(opts);
    app->utf8 = str_eq(nl_langinfo(CODESET), "UTF-8");
    app->now = clock_ms();
    Loop l = {.app = app};
    if (start_app(app, &err))
        l.terminal = terminal_open(app, &err);
    if (!l.terminal) {
        fprintf(stderr, "portolan: %s\n", err ? err : "the terminal cannot be used");
        journal_close(app->journal, false);
        app_free(app);
        return 1;
    }
    input_init(&l.input, esc_delay(app));
    if (app->colourless)
        themes_use(app, "mono");
    signals_set_report(crash_report(app));
    resize(&l);
    paint(&l);
    if (app->doc)
        job_start_work(app);
    if (app->port)
        paint(&l); /* it was done at once */
    terminal_ask_background(l.terminal);
    input_expect_background(&l.input, clock_ms());
    loop(&l);
    return finish(&l);
}
