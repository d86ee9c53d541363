/* build: fake-engine
 *
 * The workbench on a real (pseudo-)terminal: whole sessions at three sizes, signals, crashes, what
 * is sent and what is given back. The screens themselves are test_screens.c's. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "pty.h"
#include "tui/tui.h"

#define OUT "build/test-pty"
#define NET "tests/tui/net.py"

typedef struct Run {
    const char *path, *output, *sidecar, *env[8]; /* "NAME=VALUE", "NAME" unsets */
    bool no_mouse;
} Run;

static void set_env(const Run *r)
{
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("XDG_STATE_HOME", "/dev/null/none", 1); /* no folder can be made there */
    setenv("XDG_CONFIG_HOME", "/dev/null/none", 1);
    unsetenv("NO_COLOR");
    unsetenv("ESCDELAY");
    unsetenv("LINES");
    unsetenv("COLUMNS");
    for (int i = 0; i < 8 && r->env[i]; i++) {
        char *pair = strdup(r->env[i]), *eq = strchr(pair, '=');
        if (eq)
            *eq = '\0';
        if (eq)
            setenv(pair, eq + 1, 1);
        else
            unsetenv(pair);
        free(pair);
    }
}

static int workbench(void *arg)
{
    const Run *r = arg;
    set_env(r);
    TuiOptions o = {.path = r->path,
                    .engine = {.output = r->output, .decisions = r->sidecar},
                    .no_mouse = r->no_mouse};
    return tui_run(&o);
}

static Run plain_run(void)
{
    return (Run){.path = NET, .output = OUT "/out.py", .sidecar = OUT "/out.json"};
}

static char *read_all(Arena *a, const char *path)
{
    size_t len;
    const char *err = NULL;
    char *s = file_exists(path) ? file_read(a, path, &len, &err) : NULL;
    return s ? s : arena_strdup(a, "");
}

static const char *absolute(Arena *a, const char *path)
{
    char cwd[4096];
    assert_non_null(getcwd(cwd, sizeof cwd));
    return path_join(a, cwd, path);
}

static void assert_restored(Pty *p)
{
    const char *wrong = pty_not_restored(p);
    if (wrong)
        print_error("%s\n", wrong);
    assert_null(wrong);
}

/* --- sessions
 * --------------------------------------------------------------------------------------------- */

static void session(int w, int h)
{
    Pty p;
    Arena *a = arena_new();
    Run r = plain_run();
    unlink(OUT "/out.py");
    unlink(OUT "/out.json");
    pty_start(&p, w, h, workbench, &r);
    assert_true(pty_wait_for(&p, "portolan  net.py"));
    assert_true(pty_wait_for(&p, "?3")); /* the work is done: counts stand in the title */
    pty_send(&p, "]]]");
    assert_true(pty_wait_for(&p, "net.py:12"));
    pty_send(&p, ":14\r\r");
    assert_true(pty_wait_for(&p, "D2 ~ dynamic activation"));
    pty_send(&p, "jj");
    assert_true(pty_wait_for(&p, "layers.Activation(\"relu\")")); /* previewed */
    assert_false(pty_shows(&p, "unsaved"));
    pty_send(&p, "\r");
    assert_true(pty_wait_for(&p, "unsaved:1"));
    pty_send(&p, "u");
    assert_true(pty_wait_for(&p, "undo activation:AlexNet.act"));
    pty_send(&p, "\022");
    assert_true(pty_wait_for(&p, "redo activation:AlexNet.act"));
    pty_send(&p, "q");
    assert_true(pty_wait_for(&p, "not written yet"));
    pty_send(&p, "w");
    assert_true(pty_wait_for(&p, "is new"));
    pty_send(&p, "y");
    assert_true(pty_wait_for(&p, "wrote"));
    pty_send(&p, "q");
    int status = pty_wait_end(&p);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_restored(&p);
    assert_non_null(strstr(read_all(a, OUT "/out.py"), "self.act = layers.Activation(\"relu\")\n"));
    assert_non_null(strstr(read_all(a, OUT "/out.json"), "\"activation:AlexNet.act\": \"relu\""));
    pty_free(&p);
    arena_free(a);
}

static void test_session_80(void **state)
{
    (void)state, session(80, 24);
}
static void test_session_120(void **state)
{
    (void)state, session(120, 40);
}
static void test_session_200(void **state)
{
    (void)state, session(200, 60);
}

static void test_resize(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    pty_start(&p, 200, 60, workbench, &r);
    assert_true(pty_wait_for(&p, "?3 open"));
    pty_send(&p, "]]]");
    assert_true(pty_wait_for(&p, "m4 conv1"));
    pty_resize(&p, 80, 24);
    assert_true(pty_wait_for(&p, "1 source"));
    assert_true(pty_wait_for(&p, "m4 conv1"));
    pty_resize(&p, 40, 10);
    assert_true(pty_wait_for(&p, "60x16 needed, have 40x10"));
    pty_resize(&p, 120, 40);
    assert_true(pty_wait_for(&p, "m4 conv1"));
    assert_true(pty_wait_for(&p, "self.conv1 = layers"));
    pty_send(&p, "q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
}

/* --- signals
 * ---------------------------------------------------------------------------------------------- */

static void ended_by(int sig)
{
    Pty p;
    Arena *a = arena_new();
    Run r = plain_run();
    const char *dir = absolute(a, OUT "/state"),
               *state_home = arena_printf(a, "XDG_STATE_HOME=%s", dir);
    r.env[0] = state_home;
    assert_int_equal(system("rm -rf " OUT "/state"), 0);
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "14g\r2");
    assert_true(pty_wait_for(&p, "unsaved:1"));
    kill(p.pid, sig);
    int status = pty_wait_end(&p);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 128 + sig);
    assert_restored(&p);
    pty_free(&p);
    pty_start(&p, 120, 40, workbench, &r); /* and the answer is not lost */
    assert_true(pty_wait_for(&p, "Take its 1 change again?"));
    pty_send(&p, "y");
    assert_true(pty_wait_for(&p, "unsaved:1"));
    assert_true(pty_wait_for(&p, "recovered 1 of 1"));
    pty_send(&p, "qd");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
    arena_free(a);
}

static void test_term(void **state)
{
    (void)state, ended_by(SIGTERM);
}
static void test_hup(void **state)
{
    (void)state, ended_by(SIGHUP);
}
static void test_int(void **state)
{
    (void)state, ended_by(SIGINT);
}
static void test_quit(void **state)
{
    (void)state, ended_by(SIGQUIT);
}

static void crashed_by(int sig)
{
    Pty p;
    Arena *a = arena_new();
    Run r = plain_run();
    const char *state_home = arena_printf(a, "XDG_STATE_HOME=%s", absolute(a, OUT "/state"));
    r.env[0] = state_home;
    assert_int_equal(system("rm -rf " OUT "/state"), 0);
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "14g\r2");
    assert_true(pty_wait_for(&p, "unsaved:1"));
    kill(p.pid, sig);
    int status = pty_wait_end(&p);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), sig);
    assert_restored(&p);
    assert_non_null(strstr(p.out.s, "a fault of ours ended the workbench; the answers are in "));
    pty_free(&p);
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "Take its 1 change again?"));
    pty_send(&p, "n");
    assert_true(pty_wait_gone(&p, "again?"));
    pty_send(&p, "q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
    arena_free(a);
}

static void test_segv(void **state)
{
    (void)state, crashed_by(SIGSEGV);
}
static void test_bus(void **state)
{
    (void)state, crashed_by(SIGBUS);
}
static void test_fpe(void **state)
{
    (void)state, crashed_by(SIGFPE);
}
static void test_ill(void **state)
{
    (void)state, crashed_by(SIGILL);
}
static void test_abrt(void **state)
{
    (void)state, crashed_by(SIGABRT);
}

/* A shell in little: runs the workbench in a process group of its own, and when it stops says
 * STOPPED, waits for a line, and brings it back. */
static int shell(void *arg)
{
    signal(SIGTTOU, SIG_IGN);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        tcsetpgrp(0, getpid());
        signal(SIGTTOU, SIG_DFL);
        _exit(workbench(arg));
    }
    setpgid(pid, pid);
    tcsetpgrp(0, pid);
    int status;
    while (waitpid(pid, &status, WUNTRACED) == pid) {
        char line[64];
        if (!WIFSTOPPED(status))
            return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
        tcsetpgrp(0, getpgrp());
        printf("STOPPED\n");
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin))
            return 98;
        tcsetpgrp(0, pid);
        kill(-pid, SIGCONT);
    }
    return 97;
}

static void test_suspend(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    pty_start(&p, 120, 40, shell, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "]]]\032");
    assert_true(pty_wait_for(&p, "STOPPED"));
    assert_restored(&p);
    pty_resize(&p, 80, 24);
    pty_send(&p, "\n");
    assert_true(pty_wait_for(&p, "1 source"));
    assert_true(pty_wait_for(&p, "m4 conv1"));
    pty_send(&p, "q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
}

/* The terminal goes away. */
static void test_hang_up(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    pty_start(&p, 80, 24, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    int status = 0;
    close(p.fd);
    p.fd = open("/dev/null", O_RDWR);
    assert_int_equal(waitpid(p.pid, &status, 0), p.pid);
    p.ended = true;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 128 + SIGHUP);
    pty_free(&p);
}

/* --- what is sent to the terminal
 * ------------------------------------------------------------------------- */

static bool is_colour(int v)
{
    return (v >= 30 && v <= 38) || (v >= 40 && v <= 48) || v >= 90;
}
static bool is_reverse(int v)
{
    return v == 7;
}

/* Does any SGR sequence set what is asked for? */
static bool sets(const char *s, bool (*what)(int))
{
    for (; (s = strstr(s, "\033[")) != NULL; s += 2) {
        size_t n = strspn(s + 2, "0123456789;");
        if (s[2 + n] != 'm')
            continue;
        for (const char *c = s + 2; c < s + 2 + n;) {
            if (what(atoi(c)))
                return true;
            c += strcspn(c, ";m") + 1;
        }
    }
    return false;
}

static void test_no_color(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    r.env[0] = "NO_COLOR=1";
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "]]]14g\rj:set theme=256\r");
    pty_settle(&p, 150);
    assert_false(sets(p.out.s, is_colour));
    assert_true(sets(p.out.s, is_reverse)); /* the cursor shows all the same */
    pty_send(&p, "q");
    pty_wait_end(&p);
    pty_free(&p);
    r.env[0] = NULL;
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    assert_true(sets(p.out.s, is_colour));
    pty_free(&p);
}

/* Outside UTF-8 nothing but ASCII is sent, whatever the source holds. */
static void test_ascii(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    r.path = "tests/tui/unicode.py";
    r.env[0] = "LC_ALL=C";
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?1"));
    pty_send(&p, "jjjj");
    pty_settle(&p, 100);
    for (size_t i = 0; i < p.out.len; i++) assert_true((unsigned char)p.out.s[i] < 0x80);
    pty_free(&p);
}

static void test_mouse(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_settle(&p, 100);
    assert_non_null(strstr(p.out.s, "\033[?1006h"));
    pty_send(&p, "\033[<0;20;15M\033[<0;20;15m");
    assert_true(pty_wait_for(&p, "m5 bn1"));
    pty_send(&p, "q");
    pty_wait_end(&p);
    assert_restored(&p);
    pty_free(&p);
    r.no_mouse = true;
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "]]q");
    pty_wait_end(&p);
    assert_null(strstr(p.out.s, "\033[?1000h"));
    pty_free(&p);
}

/* Paste is bracketed in prompts only, and what is pasted does not run. */
static void test_paste(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_settle(&p, 100);
    assert_null(strstr(p.out.s, "\033[?2004h"));
    pty_send(&p, ":");
    assert_true(pty_wait_for(&p, "Enter runs it"));
    pty_settle(&p, 50);
    assert_non_null(strstr(p.out.s, "\033[?2004h"));
    pty_send(&p, "\033[200~quit\rquit\r\033[201~");
    assert_true(pty_wait_for(&p, ":quit quit"));
    pty_send(&p, "\033");
    assert_true(pty_wait_gone(&p, ":quit quit"));
    pty_send(&p, "\033[200~qqq\033[201~]");
    assert_true(pty_wait_for(&p, "m1 AlexNet"));
    pty_send(&p, "q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
}

static void test_clipboard(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "yy");
    assert_true(pty_wait_for(&p, "copied the line (12 bytes)"));
    pty_settle(&p, 50);
    assert_non_null(strstr(p.out.s, "\033]52;c;aW1wb3J0IHRvcmNo\a")); /* import torch */
    pty_free(&p);
}

/* The terminal says that its background is light, in two pieces split at each byte: the theme
 * changes, and nothing of it is taken for keys. */
static void test_background_split(void **state)
{
    (void)state;
    static const char answer[] = "\033]11;rgb:ffff/ffff/ffff\033\\";
    for (size_t split = 0; split < sizeof answer - 1; split++) {
        Pty p;
        Run r = plain_run();
        char row[512];
        pty_start(&p, 80, 24, workbench, &r);
        while (!p.out.s || !strstr(p.out.s, "\033]11;?")) pty_settle(&p, 5);
        for (size_t i = 0; i < 2; i++) {
            char piece[64];
            snprintf(piece, sizeof piece, "%.*s", i ? (int)(sizeof answer - 1 - split) : (int)split,
                     answer + (i ? split : 0));
            pty_send(&p, piece);
            if (i == 0)
                pty_settle(&p, 60);
        }
        assert_true(pty_wait_for(&p, "?3"));
        pty_send(&p, ":set theme\r");
        pty_settle(&p, 40);
        pty_row(&p, 22, row, sizeof row);
        if (!strstr(row, "theme=default"))
            print_error("split at %zu: %s\n", split, row);
        assert_non_null(strstr(row, "theme=default"));
        pty_send(&p, ":set\r");
        assert_true(pty_wait_for(&p, "theme in force: light"));
        pty_send(&p, "\033");
        assert_true(pty_wait_for(&p, "1/31")); /* the cursor has not moved */
        pty_free(&p);
    }
}

static void test_dumb_terminal(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    r.env[0] = "TERM=dumb";
    pty_start(&p, 80, 24, workbench, &r);
    int status = pty_wait_end(&p);
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_non_null(strstr(p.out.s, "portolan ask"));
    pty_free(&p);
}

static void test_unreadable(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    r.path = "tests/tui/nowhere.py";
    pty_start(&p, 80, 24, workbench, &r);
    int status = pty_wait_end(&p);
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_null(strstr(p.out.s, "\033[?1049h")); /* told before the terminal is touched */
    pty_free(&p);
}

static void test_picker(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    r.path = "tests/tui";
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "open a file"));
    pty_send(&p, "net");
    assert_true(pty_wait_gone(&p, "unicode.py"));
    pty_send(&p, "\r");
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    assert_restored(&p);
    pty_free(&p);
}

/* A second workbench on the same file runs without a journal, and says so. */
static void test_two_at_once(void **state)
{
    (void)state;
    Pty p, q;
    Arena *a = arena_new();
    Run r = plain_run();
    const char *state_home = arena_printf(a, "XDG_STATE_HOME=%s", absolute(a, OUT "/state2"));
    r.env[0] = state_home;
    pty_start(&p, 80, 24, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_start(&q, 80, 24, workbench, &r);
    assert_true(pty_wait_for(&q, "open in another workbench"));
    pty_free(&q);
    pty_send(&p, "q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
    arena_free(a);
}

static void test_config(void **state)
{
    (void)state;
    Pty p;
    Arena *a = arena_new();
    Run r = plain_run();
    const char *config_home = arena_printf(a, "XDG_CONFIG_HOME=%s", absolute(a, OUT "/config"));
    r.env[0] = config_home;
    assert_int_equal(
        system("mkdir -p " OUT
               "/config/portolan; printf 'set theme = mono\\nbind texts <C-n> next_mapping\\n"
               "bind nowhere x quit\\n' > " OUT "/config/portolan/config"),
        0);
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "config:3: there is no pane \"nowhere\""));
    pty_send(&p, "\016\016");
    assert_true(pty_wait_for(&p, "m2 ↔ net.py:10"));
    pty_send(&p, ":set\r");
    assert_true(pty_wait_for(&p, "config:1"));
    pty_send(&p, "\033q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
    arena_free(a);
}

static void test_session_is_kept(void **state)
{
    (void)state;
    Pty p;
    Arena *a = arena_new();
    Run r = plain_run();
    const char *state_home = arena_printf(a, "XDG_STATE_HOME=%s", absolute(a, OUT "/state3"));
    r.env[0] = state_home;
    assert_int_equal(system("rm -rf " OUT "/state3"), 0);
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "?3"));
    pty_send(&p, "15gmq");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    pty_free(&p);
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "15/31"));
    assert_true(pty_wait_for(&p, "m7 pool"));
    pty_free(&p);
    arena_free(a);
}

/* The editor changes the source, and so does somebody else: both are read again, and answers stay.
 */
static void test_editor_and_reload(void **state)
{
    (void)state;
    Pty p;
    Run r = plain_run();
    r.path = OUT "/edited.py";
    r.env[0] = "EDITOR=sh " OUT "/editor.sh";
    r.env[1] = "VISUAL";
    assert_int_equal(system("cp " NET " " OUT
                            "/edited.py; echo 'echo \"# line $1\" >> \"$2\"' > " OUT "/editor.sh"),
                     0);
    pty_start(&p, 120, 40, workbench, &r);
    assert_true(pty_wait_for(&p, "1/31"));
    pty_send(&p, "14g\r2");
    assert_true(pty_wait_for(&p, "unsaved:1"));
    pty_send(&p, "\033");
    pty_settle(&p, 60);
    pty_send(&p, "e");
    assert_true(pty_wait_for(&p, "14/32"));
    assert_true(pty_wait_for(&p, "source read again"));
    assert_true(pty_wait_for(&p, "unsaved:1"));
    pty_send(&p, "G");
    assert_true(pty_wait_for(&p, "# line +14"));
    assert_int_equal(system("echo '# more' >> " OUT "/edited.py"), 0);
    pty_send(&p, "rG");
    assert_true(pty_wait_for(&p, "# more"));
    pty_send(&p, "r");
    assert_true(pty_wait_for(&p, "has not changed"));
    pty_send(&p, "Q");
    assert_int_equal(WEXITSTATUS(pty_wait_end(&p)), 0);
    assert_restored(&p);
    pty_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session_80),
        cmocka_unit_test(test_session_120),
        cmocka_unit_test(test_session_200),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_term),
        cmocka_unit_test(test_hup),
        cmocka_unit_test(test_int),
        cmocka_unit_test(test_quit),
        cmocka_unit_test(test_segv),
        cmocka_unit_test(test_bus),
        cmocka_unit_test(test_fpe),
        cmocka_unit_test(test_ill),
        cmocka_unit_test(test_abrt),
        cmocka_unit_test(test_suspend),
        cmocka_unit_test(test_hang_up),
        cmocka_unit_test(test_no_color),
        cmocka_unit_test(test_ascii),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_paste),
        cmocka_unit_test(test_clipboard),
        cmocka_unit_test(test_background_split),
        cmocka_unit_test(test_dumb_terminal),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_picker),
        cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_config),
        cmocka_unit_test(test_session_is_kept),
        cmocka_unit_test(test_editor_and_reload),
    };
    Arena *a = arena_new();
    const char *err = NULL;
    file_mkdirs(a, OUT, &err);
    arena_free(a);
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("pty", tests, NULL, NULL);
}
