/* Rows that did not change since the last showing are not handed to curses at all; within the
 * others curses finds the difference. Colours are resolved once per look: true colour only where
 * terminfo says RGB, else the nearest of 256, 16 or 8; the palette itself is never touched. */
#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "terminal.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "signals.h"

enum { COPY_MAX = 74000 };

struct Terminal {
    SCREEN *screen;
    struct termios saved;
    bool have_saved;
    Cell *sent;
    int w, h;
    bool rgb, mouse, paste, away;
    int attr_pair[ROLE_COUNT][OVER_COUNT];
    attr_t attrs[ROLE_COUNT][OVER_COUNT];
    Theme theme; /* that the two tables were made from */
    char restore[512];
    int real_stderr, capture;
};

static void put(const char *s, size_t n)
{
    while (n > 0) {
        ssize_t k = write(STDOUT_FILENO, s, n);
        if (k <= 0)
            return;
        s += k;
        n -= (size_t)k;
    }
}

static void say(const char *s)
{
    put(s, strlen(s));
}

static void append_capability(char *out, size_t size, const char *name)
{
    const char *s = tigetstr(name);
    size_t n = strlen(out);
    if (s && s != (const char *)-1 && !strstr(s, "$<") && n + strlen(s) < size)
        strcpy(out + n, s);
}

static void build_restore(Terminal *t)
{
    strcpy(t->restore, "\033[?1000l\033[?1006l\033[?2004l");
    append_capability(t->restore, sizeof t->restore, "sgr0");
    append_capability(t->restore, sizeof t->restore, "op");
    append_capability(t->restore, sizeof t->restore, "cnorm");
    append_capability(t->restore, sizeof t->restore, "rmcup");
    strcat(t->restore, "\r");
}

/* --- stderr is gathered while the screen is ours
 * ---------------------------------------------------------- */

static void capture_stderr(Terminal *t)
{
    FILE *f = tmpfile();
    t->real_stderr = dup(STDERR_FILENO);
    t->capture = f ? dup(fileno(f)) : -1;
    if (f)
        fclose(f);
    if (t->capture >= 0 && t->real_stderr >= 0)
        dup2(t->capture, STDERR_FILENO);
    signals_set_capture(t->capture);
}

static void release_stderr(Terminal *t)
{
    char block[1024];
    signals_set_capture(-1);
    fflush(stderr);
    if (t->real_stderr >= 0)
        dup2(t->real_stderr, STDERR_FILENO);
    if (t->capture >= 0 && lseek(t->capture, 0, SEEK_SET) == 0)
        for (ssize_t n; (n = read(t->capture, block, sizeof block)) > 0;)
            if (write(STDERR_FILENO, block, (size_t)n) < 0)
                break;
    if (t->capture >= 0)
        close(t->capture);
    if (t->real_stderr >= 0)
        close(t->real_stderr);
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    intrflush(NULL, FALSE);
    curs_set(1);
}

/* What brings the terminal back is known, and who brings it back in place, before anything changes it: a signal that comes
 * while curses starts must find both. */
static void prepare_restore(Terminal *t)
{
    int found = 0;
    if (setupterm(NULL, STDOUT_FILENO, &found) == OK)
        build_restore(t);
    TERMINAL *own = set_curterm(NULL);
    if (own)
        del_curterm(own);
    capture_stderr(t);
    signals_install(STDOUT_FILENO, &t->saved, t->restore,
                    t->real_stderr >= 0 ? t->real_stderr : STDERR_FILENO);
}

Terminal *terminal_open(App *app, const char **err)
{
    Terminal *t = x_alloc(sizeof *t);
    memset(t, 0, sizeof *t);
    t->have_saved = tcgetattr(STDIN_FILENO, &t->saved) == 0;
    prepare_restore(t);
    t->screen = newterm(NULL, stdout, stdin);
    const char *cup = t->screen ? tigetstr("cup") : NULL;
    if (!cup || cup == (const char *)-1) {
        if (t->screen) {
            endwin();
            delscreen(t->screen);
        }
        signals_remove();
        release_stderr(t);
        *err = "this terminal cannot show the workbench; portolan ask FILE puts the same questions "
               "line by line";
        free(t);
        return NULL;
    }
    set_modes();
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    t->rgb = tigetflag("RGB") > 0;
    app->colourless = app->colourless || !has_colors();
    t->w = COLS;
    t->h = LINES;
    return t;
}

void terminal_close(Terminal *t)
{
    terminal_mouse(t, false);
    terminal_paste(t, false);
    if (!t->away)
        endwin();
    signals_remove();
    release_stderr(t);
    if (t->have_saved)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &t->saved);
    delscreen(t->screen);
    free(t->sent);
    free(t);
}

bool terminal_has_colours(const Terminal *t)
{
    (void)t;
    return has_colors();
}

void terminal_size(Terminal *t, int *w, int *h)
{
    struct winsize ws;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 && ws.ws_row > 0) {
        if (ws.ws_col != COLS || ws.ws_row != LINES)
            resizeterm(ws.ws_row, ws.ws_col);
    }
    *w = COLS;
    *h = LINES;
    (void)t;
}

void terminal_leave(Terminal *t)
{
    bool mouse = t->mouse;
    terminal_mouse(t, false);
    terminal_paste(t, false);
    t->mouse = mouse; /* remembered for the way back */
    endwin();
    t->away = true;
}

void terminal_return(Terminal *t)
{
    bool mouse = t->mouse;
    refresh();
    set_modes();
    clearok(stdscr, TRUE);
    t->away = false;
    t->mouse = false;
    terminal_mouse(t, mouse);
    free(t->sent);
    t->sent = NULL;
}

void terminal_mouse(Terminal *t, bool on)
{
    if (t->mouse == on)
        return;
    t->mouse = on;
    say(on ? "\033[?1000h\033[?1006h" : "\033[?1000l\033[?1006l");
}

void terminal_paste(Terminal *t, bool on)
{
    if (t->paste == on)
        return;
    t->paste = on;
    say(on ? "\033[?2004h" : "\033[?2004l");
}

void terminal_ask_background(Terminal *t)
{
    const char *term = getenv("TERM");
    (void)t;
    if (term && strncmp(term, "linux", 5) != 0)
        say("\033]11;?\007");
}

void terminal_copy(Terminal *t, const Buf *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = text->len < COPY_MAX ? text->len : COPY_MAX;
    const unsigned char *s = (const unsigned char *)text->s;
    Buf out = {0};
    (void)t;
    buf_add(&out, "\033]52;c;");
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)s[i] << 16 | (i + 1 < n ? (unsigned)s[i + 1] << 8 : 0) |
                     (i + 2 < n ? s[i + 2] : 0);
        buf_addc(&out, digits[v >> 18]);
        buf_addc(&out, digits[v >> 12 & 63]);
        buf_addc(&out, i + 1 < n ? digits[v >> 6 & 63] : '=');
        buf_addc(&out, i + 2 < n ? digits[v & 63] : '=');
    }
    buf_addc(&out, '\a');
    put(out.s, out.len);
    buf_free(&out);
}

/* --- looks to attributes
 * ---------------------------------------------------------------------------------- */

static int terminal_colour(const Terminal *t, int colour, attr_t *attrs)
{
    if (colour == COLOUR_DEFAULT)
        return -1;
    if (t->rgb && (colour & COLOUR_RGB))
        return colour & 0xffffff;
    if (colour & COLOUR_RGB)
        colour = theme_nearest_256(colour & 0xffffff);
    if (colour < COLORS && (!t->rgb || colour < 8))
        return colour;
    colour = theme_nearest_16(colour);
    if (colour < COLORS && !t->rgb)
        return colour;
    if (colour >= 8)
        *attrs |= A_BOLD;
    return colour % 8;
}

static void make_tables(Terminal *t, const Theme *theme)
{
    t->theme = *theme;
    for (int r = 0; r < ROLE_COUNT; r++) {
        for (int o = 0; o < OVER_COUNT; o++) {
            Look l = theme_look(theme, r, o);
            attr_t attrs = 0, ignored = 0;
            int fg = terminal_colour(t, l.fg, &attrs), bg = terminal_colour(t, l.bg, &ignored);
            if (l.attrs & ATTR_BOLD)
                attrs |= A_BOLD;
            if (l.attrs & ATTR_DIM)
                attrs |= A_DIM;
            if (l.attrs & ATTR_ITALIC)
                attrs |= A_ITALIC;
            if (l.attrs & ATTR_UNDERLINE)
                attrs |= A_UNDERLINE;
            if (l.attrs & ATTR_REVERSE)
                attrs |= A_REVERSE;
            t->attrs[r][o] = attrs;
            t->attr_pair[r][o] = has_colors() && (fg >= 0 || bg >= 0) ? alloc_pair(fg, bg) : 0;
        }
    }
}

/* A character whose width curses sees otherwise would shift the rest of its row: it is shown as a
 * question mark. */
static void put_cell(Terminal *t, int y, int x, const Cell *c)
{
    wchar_t text[4] = {(wchar_t)c->ch[0], (wchar_t)c->ch[1], (wchar_t)c->ch[2], 0};
    cchar_t cc;
    int pair = t->attr_pair[c->role][c->over];
    if (c->ch[0] >= 0x80 && wcwidth(text[0]) != c->width) {
        text[0] = L'?';
        text[1] = 0;
    }
    if (setcchar(&cc, text, t->attrs[c->role][c->over], (short)(pair < 32767 ? pair : 0), &pair) ==
        ERR)
        return;
    mvadd_wch(y, x, &cc);
    if (c->width == 2 && text[0] == L'?')
        mvaddch(y, x + 1, ' ');
}

void terminal_show(Terminal *t, App *app)
{
    const Screen *s = &app->screen;
    if (memcmp(&t->theme, &app->theme, sizeof t->theme) != 0 || app->redraw) {
        make_tables(t, &app->theme);
        free(t->sent);
        t->sent = NULL;
        if (app->redraw)
            clearok(stdscr, TRUE);
        app->redraw = false;
    }
    if (!t->sent || t->w != s->w || t->h != s->h) {
        t->sent = x_realloc(t->sent, sizeof(Cell) * (size_t)(s->w * s->h));
        memset(t->sent, 0xff, sizeof(Cell) * (size_t)(s->w * s->h));
        t->w = s->w;
        t->h = s->h;
    }
    for (int y = 0; y < s->h; y++) {
        const Cell *row = &s->cells[y * s->w];
        if (memcmp(row, &t->sent[y * s->w], sizeof(Cell) * (size_t)s->w) == 0)
            continue;
        for (int x = 0; x < s->w; x++)
            if (row[x].width)
                put_cell(t, y, x, &row[x]);
        memcpy(&t->sent[y * s->w], row, sizeof(Cell) * (size_t)s->w);
    }
    if (s->cursor_y >= 0)
        move(s->cursor_y, s->cursor_x);
    wnoutrefresh(stdscr);
    doupdate();
    terminal_paste(t, app->paste);
}
