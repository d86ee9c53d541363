/* openpty and fork, a poll loop, and libvterm. Waiting is always for something to be seen, with a limit;
 * nothing sleeps for a fixed time and hopes. */
#define _GNU_SOURCE
#include "pty.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

enum { LIMIT = 10000 };

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

void pty_start(Pty *p, int w, int h, int (*fn)(void *), void *arg)
{
    struct winsize size = {.ws_row = (unsigned short)h, .ws_col = (unsigned short)w};
    memset(p, 0, sizeof *p);
    p->w = w;
    p->h = h;
    p->vt = vterm_new(h, w);
    vterm_set_utf8(p->vt, 1);
    p->screen = vterm_obtain_screen(p->vt);
    vterm_screen_enable_altscreen(p->screen, 1);
    vterm_screen_reset(p->screen, 1);
    fflush(NULL);
    int slave = -1;
    if (openpty(&p->fd, &slave, NULL, NULL, &size) != 0) {
        perror("openpty");
        abort();
    }
    tcgetattr(slave, &p->before); /* before the program can change them */
    p->pid = fork();
    if (p->pid == 0) {
        close(p->fd);
        login_tty(slave);
        alarm(120); /* no test leaves a program behind */
        int status = fn(arg);
#ifdef __SANITIZE_ADDRESS__
        _exit(status); /* what the parent holds would count as leaked */
#endif
        exit(status);
    }
    close(slave);
}

void pty_free(Pty *p)
{
    if (!p->ended) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, &p->status, 0);
    }
    close(p->fd);
    vterm_free(p->vt);
    buf_free(&p->out);
}

static bool take(Pty *p, int ms)
{
    struct pollfd f = {p->fd, POLLIN, 0};
    char bytes[16384];
    if (poll(&f, 1, ms) <= 0)
        return false;
    ssize_t n = read(p->fd, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    buf_addn(&p->out, bytes, (size_t)n);
    vterm_input_write(p->vt, bytes, (size_t)n);
    vterm_screen_flush_damage(p->screen);
    return true;
}

void pty_settle(Pty *p, int quiet)
{
    long limit = now_ms() + LIMIT;
    while (now_ms() < limit && take(p, quiet)) continue;
}

void pty_send(Pty *p, const char *keys)
{
    size_t n = strlen(keys);
    while (n > 0) {
        ssize_t k = write(p->fd, keys, n);
        if (k < 0 && errno != EINTR)
            return;
        if (k > 0)
            keys += k, n -= (size_t)k;
    }
}

const char *pty_row(Pty *p, int row, char *out, int size)
{
    VTermRect r = {row, row + 1, 0, p->w};
    size_t n = vterm_screen_get_text(p->screen, out, (size_t)size - 1, r);
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\0')) n--;
    out[n] = '\0';
    for (size_t i = 0; i < n; i++)
        if (out[i] == '\0')
            out[i] = ' ';
    return out;
}

bool pty_shows(Pty *p, const char *text)
{
    char row[2048];
    for (int y = 0; y < p->h; y++)
        if (strstr(pty_row(p, y, row, sizeof row), text))
            return true;
    return false;
}

void pty_print(Pty *p)
{
    char row[2048];
    for (int y = 0; y < p->h; y++) fprintf(stderr, "|%s\n", pty_row(p, y, row, sizeof row));
}

static bool wait_until(Pty *p, const char *text, bool there)
{
    long limit = now_ms() + LIMIT;
    while (pty_shows(p, text) != there) {
        if (now_ms() > limit) {
            fprintf(stderr, "%s on the screen: \"%s\"\n", there ? "never came" : "never went",
                    text);
            pty_print(p);
            return false;
        }
        take(p, 50);
    }
    return true;
}

bool pty_wait_for(Pty *p, const char *text)
{
    return wait_until(p, text, true);
}
bool pty_wait_gone(Pty *p, const char *text)
{
    return wait_until(p, text, false);
}

int pty_wait_end(Pty *p)
{
    long limit = now_ms() + LIMIT;
    while (!p->ended && now_ms() < limit) {
        take(p, 20);
        if (waitpid(p->pid, &p->status, WNOHANG) == p->pid)
            p->ended = true;
    }
    while (take(p, 0)) continue;
    return p->ended ? p->status : -1;
}

void pty_resize(Pty *p, int w, int h)
{
    struct winsize size = {.ws_row = (unsigned short)h, .ws_col = (unsigned short)w};
    vterm_set_size(p->vt, h, w);
    p->w = w;
    p->h = h;
    ioctl(p->fd, TIOCSWINSZ, &size);
}

/* Of two switches the one that was written last is in force. */
static bool last_is(const Pty *p, const char *on, const char *off)
{
    const char *a = NULL, *b = NULL;
    for (const char *s = p->out.s; s && (s = strstr(s, on)); s++) a = s;
    for (const char *s = p->out.s; s && (s = strstr(s, off)); s++) b = s;
    return !a || (b && b > a);
}

const char *pty_not_restored(Pty *p)
{
    struct termios now;
    if (!last_is(p, "\033[?1049h", "\033[?1049l"))
        return "the alternate screen is still on";
    if (!last_is(p, "\033[?1000h", "\033[?1000l"))
        return "the mouse is still read";
    if (!last_is(p, "\033[?2004h", "\033[?2004l"))
        return "bracketed paste is still on";
    if (!last_is(p, "\033[?25l", "\033[?25h"))
        return "the cursor is hidden";
    if (tcgetattr(p->fd, &now) != 0)
        return NULL;
    if (now.c_lflag != p->before.c_lflag || now.c_iflag != p->before.c_iflag ||
        now.c_oflag != p->before.c_oflag)
        return "the terminal's settings are not as before";
    return NULL;
}
