/* build: fake-engine
 *
 * The workbench ended 200 times by signals at arbitrary moments of a session that answers, undoes, redoes and writes.
 * Whatever the moment: an answer that stood on the screen is offered again or is in the decisions file, port and
 * decisions are whole or not there, the next start works, and the terminal is as before (SIGKILL aside). */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cJSON.h>
#include <cmocka.h>

#include "base/file.h"
#include "pty.h"
#include "tui/tui.h"

#define OUT "build/test-crashes"
#define PORT OUT "/out.py"
#define SIDECAR OUT "/out.json"

enum { ROUNDS = 200 };

static const int signals[] = {SIGKILL, SIGSEGV, SIGABRT, SIGTERM, SIGHUP};

/* One session's keys: an answer, taken back, given again, written. */
static const char *const steps[] = {"14g\r", "2", "\033", "u", "\022", "w", "y", "]]"};
enum { STEPS = sizeof steps / sizeof *steps };

static int workbench(void *arg)
{
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("XDG_STATE_HOME", arg, 1);
    setenv("XDG_CONFIG_HOME", "/dev/null/none", 1);
    TuiOptions o = {.path = "tests/tui/net.py", .engine = {.output = PORT, .decisions = SIDECAR}};
    return tui_run(&o);
}

static char *read_all(Arena *a, const char *path)
{
    size_t len;
    const char *err = NULL;
    return file_exists(path) ? file_read(a, path, &len, &err) : NULL;
}

static void clean(void)
{
    assert_int_equal(system("rm -rf " OUT " && mkdir -p " OUT), 0);
}

/* What a session with these keys writes, nothing disturbing it. */
static const char *written_by(Arena *a, char *state_home, const char *keys)
{
    Pty p;
    clean();
    pty_start(&p, 120, 40, workbench, state_home);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, keys);
    if (*keys)
        assert_true(pty_wait_for(&p, "unsaved:1"));
    pty_send(&p, "\033w");
    assert_true(pty_wait_for(&p, "is new"));
    pty_send(&p, "y");
    assert_true(pty_wait_for(&p, "wrote"));
    pty_send(&p, "q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
    const char *text = read_all(a, PORT);
    assert_non_null(text);
    return text;
}

static bool offers(Pty *p)
{
    for (int i = 0; i < 400; i++) {
        if (pty_shows(p, "again?"))
            return true;
        if (pty_shows(p, "?3") || pty_shows(p, "?2")) {
            pty_settle(p, 30);
            return pty_shows(p, "again?");
        }
        pty_settle(p, 25);
    }
    pty_print(p);
    fail_msg("%s", "the next start shows no network");
    return false;
}

static void check_files(Arena *a, const char *plain, const char *answered)
{
    const char *port = read_all(a, PORT), *sidecar = read_all(a, SIDECAR);
    if (port && strcmp(port, plain) != 0)
        assert_string_equal(port, answered);
    if (!sidecar)
        return;
    cJSON *json = cJSON_Parse(sidecar);
    assert_non_null(json);
    cJSON_Delete(json);
}

static void one_round(int round, char *state_home, const char *plain, const char *answered)
{
    Arena *a = arena_new();
    Pty p;
    clean();
    int sig = signals[round % 5], upto = rand() % (STEPS + 1);
    pty_start(&p, 120, 40, workbench, state_home);
    if (rand() % 8 > 0) /* else while it starts */
        assert_true(pty_wait_for(&p, "?3"));
    for (int i = 0; i < upto; i++) {
        pty_send(&p, steps[i]);
        if (rand() % 2)
            pty_settle(&p, 1 + rand() % 10);
    }
    pty_settle(&p, rand() % 4);
    bool shown = pty_shows(&p, "unsaved:1");
    kill(p.pid, sig);
    int status = pty_wait_end(&p);
    const char *wrong = sig == SIGKILL ? NULL : pty_not_restored(&p);
    if (wrong)
        fail_msg("round %d, signal %d after %d keys, status %x: %s", round, sig, upto, (unsigned)status, wrong);
    pty_free(&p);
    check_files(a, plain, answered);
    const char *sidecar = read_all(a, SIDECAR);
    bool kept = sidecar && strstr(sidecar, "\"activation:AlexNet.act\"");
    pty_start(&p, 120, 40, workbench, state_home);
    bool offered = offers(&p);
    if (shown && !kept && !offered)
        fail_msg("round %d, signal %d after %d keys: the answer is lost", round, sig, upto);
    if (offered) {
        pty_send(&p, "y");
        assert_true(pty_wait_for(&p, "recovered"));
    }
    pty_free(&p);
    arena_free(a);
}

static void test_no_moment_loses_an_answer(void **state)
{
    (void)state;
    Arena *a = arena_new();
    char cwd[4096];
    assert_non_null(getcwd(cwd, sizeof cwd));
    char *state_home = path_join(a, cwd, OUT "/state");
    const char *plain = written_by(a, state_home, ""), *answered = written_by(a, state_home, "14g\r2");
    assert_string_not_equal(plain, answered);
    srand(20);
    for (int i = 0; i < ROUNDS; i++) one_round(i, state_home, plain, answered);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_moment_loses_an_answer)};
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("crashes", tests, NULL, NULL);
}
