/* A text to read over the whole screen between title and status: help, why, the report, the diff.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "draw.h"
#include "keys.h"
#include "overlay.h"

void pager_open(App *app, const char *title)
{
    overlay_close(app);
    Pager *p = &app->pager;
    memset(p, 0, sizeof *p);
    p->arena = arena_new();
    snprintf(p->title, sizeof p->title, "%s", title);
    app->overlay = OVERLAY_PAGER;
}

void pager_add(App *app, int role, char mark, const char *fmt, ...)
{
    Pager *p = &app->pager;
    va_list ap;
    va_start(ap, fmt);
    PagerLine line = {(unsigned char)role, mark, arena_vprintf(p->arena, fmt, ap)};
    va_end(ap);
    vec_push(p->arena, &p->lines, line);
}

/* Bytes of s (n long) that fit in width columns, cut at a blank when there is one. */
static int fold_at(const char *s, int n, int width)
{
    int col = 0, blank = 0;
    for (int i = 0, bytes; i < n; i += bytes) {
        col += text_char_width(s + i, n - i, col, &bytes);
        if (width > 0 && col > width)
            return blank ? blank : i > 0 ? i : bytes;
        if (s[i] == ' ')
            blank = i + 1;
    }
    return n;
}

void pager_text(App *app, int role, const char *text, int width)
{
    while (*text) {
        int n = (int)strcspn(text, "\n");
        for (int from = 0;;) {
            int part = fold_at(text + from, n - from, width);
            pager_add(app, role, ' ', "%.*s", part, text + from);
            from += part;
            if (from >= n)
                break;
        }
        text += n + (text[n] == '\n');
    }
}

static int page(const App *app)
{
    return app->screen.h - 4;
}

void pager_key(App *app, int key)
{
    Pager *p = &app->pager;
    int h = page(app), last = p->lines.len > h ? p->lines.len - h : 0;
    switch (key) {
    case 'j':
    case KEY_DOWN_:
    case KEY_ENTER_:
        p->top++;
        break;
    case 'k':
    case KEY_UP_:
        p->top--;
        break;
    case KEY_PGDN:
    case KEY_SPACE:
        p->top += h;
        break;
    case KEY_PGUP:
        p->top -= h;
        break;
    case KEY_CTRL('d'):
        p->top += h / 2;
        break;
    case KEY_CTRL('u'):
        p->top -= h / 2;
        break;
    case 'g':
    case KEY_HOME_:
        p->top = 0;
        break;
    case 'G':
    case KEY_END_:
        p->top = last;
        break;
    case KEY_ESC:
    case 'q':
    case '?':
    case KEY_CTRL('c'):
    case KEY_F1:
        overlay_close(app);
        return;
    }
    if (p->top > last)
        p->top = last;
    if (p->top < 0)
        p->top = 0;
}

void pager_draw(App *app)
{
    Pager *p = &app->pager;
    Screen *s = &app->screen;
    int h = page(app), w = s->w;
    for (int y = 1; y < s->h; y++) screen_fill(s, y, 0, w, ROLE_text, " ");
    draw_heading(app, (Rect){1, 0, 1, w}, p->title, "", true);
    for (int i = 0; i < h && p->top + i < p->lines.len; i++) {
        const PagerLine *l = &p->lines.at[p->top + i];
        char mark[2] = {l->mark, '\0'};
        screen_put(s, 2 + i, 0, 1,
                   l->mark == '-'   ? ROLE_removed
                   : l->mark == '+' ? ROLE_added
                                    : ROLE_bar,
                   mark);
        draw_plain(app, 2 + i, 1, w - 1, l->role, l->text);
    }
    screen_fill(s, app->layout.status, 0, w, ROLE_frame, "─");
    if (p->lines.len > h) {
        char where[48];
        snprintf(where, sizeof where, " %d–%d of %d ", p->top + 1,
                 p->top + h < p->lines.len ? p->top + h : p->lines.len, p->lines.len);
        screen_put(s, app->layout.status, w - screen_columns(where) - 2, w, ROLE_dim, where);
    }
    draw_keys(app, app->layout.keyline, p->keys ? p->keys : "j/k scroll   Space page   Esc back");
    if (app->message[0])
        draw_message(app, app->layout.status);
    s->cursor_y = 2;
    s->cursor_x = 0;
}
