/* The line that asks for text, and the sentence that asks for a key. Editing keys are the usual
 * ones of a shell; pasted text is inserted with its newlines as blanks, so nothing pasted runs by
 * itself. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "complete.h"
#include "keys.h"
#include "overlay.h"

enum { HISTORY_MAX = 100 };

void prompt_open(App *app, const char *label, const char *text, int history, SubmitFn submit)
{
    overlay_close(app);
    Prompt *p = &app->prompt;
    memset(p, 0, sizeof *p);
    snprintf(p->label, sizeof p->label, "%s", label);
    buf_add(&p->text, text);
    p->cursor = (int)p->text.len;
    p->submit = submit;
    p->history = history >= 0 ? app->history[history] : NULL;
    p->nhistory = p->at = history >= 0 ? app->nhistory[history] : 0;
    app->overlay = OVERLAY_PROMPT;
    app->paste = true;
}

static void replace(Prompt *p, const char *text)
{
    p->text.len = 0;
    buf_add(&p->text, text);
    p->cursor = (int)p->text.len;
}

static void insert(Prompt *p, const char *bytes, int n)
{
    Buf fresh = {0};
    buf_addn(&fresh, p->text.s, (size_t)p->cursor);
    buf_addn(&fresh, bytes, (size_t)n);
    buf_add(&fresh, p->text.s + p->cursor);
    buf_free(&p->text);
    p->text = fresh;
    p->cursor += n;
}

static void erase(Prompt *p, int from, int to)
{
    if (from >= to)
        return;
    memmove(p->text.s + from, p->text.s + to, p->text.len - (size_t)to + 1);
    p->text.len -= (size_t)(to - from);
    p->cursor = from;
}

static int before(const Prompt *p)
{
    int i = p->cursor;
    while (i > 0 && ((unsigned char)p->text.s[--i] & 0xc0) == 0x80) continue;
    return i;
}

static int behind(const Prompt *p)
{
    unsigned cp;
    int left = (int)p->text.len - p->cursor;
    return left > 0 ? p->cursor + utf8_decode(p->text.s + p->cursor, (size_t)left, &cp) : p->cursor;
}

static int word_before(const Prompt *p)
{
    int i = p->cursor;
    while (i > 0 && p->text.s[i - 1] == ' ') i--;
    while (i > 0 && p->text.s[i - 1] != ' ') i--;
    return i;
}

static void recall(Prompt *p, int step)
{
    int at = p->at + step;
    if (at < 0 || at > p->nhistory)
        return;
    p->at = at;
    replace(p, at == p->nhistory ? "" : p->history[at]);
}

static void remember(App *app, const char *text)
{
    for (int i = 0; i < 2; i++) {
        bool ours = app->prompt.history == app->history[i] && app->prompt.label[1] == '\0' &&
                    (i == 0) == (app->prompt.label[0] == ':');
        int *n = &app->nhistory[i];
        if (!ours || !*text || (*n && str_eq(app->history[i][*n - 1], text)))
            continue;
        if (*n == HISTORY_MAX) {
            free(app->history[i][0]);
            memmove(app->history[i], app->history[i] + 1, sizeof(char *) * (size_t)-- * n);
        }
        app->history[i] = x_realloc(app->history[i], sizeof(char *) * (size_t)(*n + 1));
        app->history[i][(*n)++] = x_strdup(text);
        return;
    }
}

static void submit(App *app)
{
    char *text = x_strdup(app->prompt.text.s);
    SubmitFn fn = app->prompt.submit;
    app->prompt.error[0] = '\0';
    app->prompt.live = false;
    remember(app, text);
    app->overlay = OVERLAY_PROMPT;
    fn(app, text); /* keeps the prompt open by writing an error into it */
    if (app->overlay == OVERLAY_PROMPT && app->prompt.submit == fn && !app->prompt.error[0])
        overlay_close(app);
    free(text);
}

static void cancel(App *app)
{
    SubmitFn fn = app->prompt.live ? app->prompt.submit : NULL;
    overlay_close(app);
    if (fn)
        fn(app, NULL);
}

static bool edit(Prompt *p, int key)
{
    char text[5];
    int n;
    switch (key) {
    case KEY_BACKSPACE_:
        erase(p, before(p), p->cursor);
        return true;
    case KEY_DELETE: {
        int at = p->cursor;
        erase(p, at, behind(p));
        return true;
    }
    case KEY_CTRL('w'):
        erase(p, word_before(p), p->cursor);
        return true;
    case KEY_CTRL('u'):
        erase(p, 0, p->cursor);
        return true;
    case KEY_CTRL('k'):
        erase(p, p->cursor, (int)p->text.len);
        return true;
    case KEY_LEFT_:
    case KEY_CTRL('b'):
        p->cursor = before(p);
        return false;
    case KEY_RIGHT_:
    case KEY_CTRL('f'):
        p->cursor = behind(p);
        return false;
    case KEY_HOME_:
    case KEY_CTRL('a'):
        p->cursor = 0;
        return false;
    case KEY_END_:
    case KEY_CTRL('e'):
        p->cursor = (int)p->text.len;
        return false;
    case KEY_UP_:
        recall(p, -1);
        return true;
    case KEY_DOWN_:
        recall(p, 1);
        return true;
    }
    if ((n = key_text(key, text)) == 0)
        return false;
    insert(p, text, n);
    return true;
}

/* Tab puts the next completion of what was typed; any other key makes it what was typed. */
static void complete(App *app)
{
    Prompt *p = &app->prompt;
    Arena *a = arena_new();
    const char **lines;
    if (!p->stem)
        p->stem = x_strdup(p->text.s), p->round = -1;
    int n = complete_line(app, a, p->stem, &lines);
    if (n > 0)
        replace(p, lines[++p->round % n]);
    arena_free(a);
}

/* With live set the submit function is told of each change as well: it sees app->prompt.live still
 * set. */
void prompt_key(App *app, int key)
{
    Prompt *p = &app->prompt;
    if (key == KEY_ESC || key == KEY_CTRL('c') || (key == KEY_BACKSPACE_ && p->text.len == 0)) {
        cancel(app);
        return;
    }
    if (key == KEY_ENTER_) {
        submit(app);
        return;
    }
    p->error[0] = '\0';
    if (key == KEY_TAB && p->label[0] == ':') {
        complete(app);
        return;
    }
    app_set_string(&p->stem, NULL);
    if (edit(p, key) && p->live)
        p->submit(app, p->text.s);
}

void prompt_insert(App *app, const char *text)
{
    char *flat = x_strdup(text);
    for (char *c = flat; *c; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    insert(&app->prompt, flat, (int)strlen(flat));
    free(flat);
    if (app->prompt.live)
        app->prompt.submit(app, app->prompt.text.s);
}

/* A long text is shown from where its cursor is in sight. */
void prompt_draw(App *app)
{
    Prompt *p = &app->prompt;
    Screen *s = &app->screen;
    int y = app->layout.status, w = s->w, x = 0;
    screen_fill(s, y, 0, w, ROLE_text, " ");
    x += screen_put(s, y, 0, w, ROLE_prompt, p->label);
    int room = w - x - 1, from = 0;
    char *head = x_alloc(p->text.len + 1);
    for (;;) {
        memcpy(head, p->text.s + from, (size_t)(p->cursor - from));
        head[p->cursor - from] = '\0';
        if (screen_columns(head) <= room)
            break;
        unsigned cp;
        from += utf8_decode(p->text.s + from, p->text.len - (size_t)from, &cp);
    }
    s->cursor_y = y;
    s->cursor_x = x + screen_columns(head);
    free(head);
    screen_put(s, y, x, w - x, ROLE_text, p->text.s + from);
    screen_fill(s, app->layout.keyline, 0, w, ROLE_text, " ");
    const char *below = p->error[0] ? p->error
                        : p->hint   ? p->hint
                                    : "Enter takes it   Esc cancels   Up/Down earlier ones";
    screen_put_cut(s, app->layout.keyline, 1, w - 2, p->error[0] ? ROLE_error : ROLE_dim, below);
}

void question_open(App *app, const char *keys, AnswerFn answer, const char *fmt, ...)
{
    overlay_close(app);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(app->question.text, sizeof app->question.text, fmt, ap);
    va_end(ap);
    snprintf(app->question.keys, sizeof app->question.keys, "%s", keys);
    app->question.answer = answer;
    app->overlay = OVERLAY_QUESTION;
}

void question_key(App *app, int key)
{
    Question q = app->question;
    if (key == KEY_ESC || key == KEY_CTRL('c')) {
        overlay_close(app);
        q.answer(app, KEY_ESC);
    } else if (key > 0 && key < 128 && strchr(q.keys, key)) {
        overlay_close(app);
        q.answer(app, key);
    }
}

void question_draw(App *app)
{
    Screen *s = &app->screen;
    int y = app->layout.status, x = 1;
    screen_fill(s, y, 0, s->w, ROLE_text, " ");
    screen_fill(s, app->layout.keyline, 0, s->w, ROLE_text, " ");
    screen_put_cut(s, y, x, s->w - 2, ROLE_warning, app->question.text);
    x = 1;
    for (const char *k = app->question.keys; *k; k++) {
        char key[2] = {*k, '\0'};
        const char *word = *k == 'y'   ? "yes"
                           : *k == 'n' ? "no"
                           : *k == 'w' ? "write"
                           : *k == 'd' ? "discard"
                                       : "";
        x += screen_put(s, app->layout.keyline, x, s->w - x, ROLE_key, key) + 1;
        x += screen_put(s, app->layout.keyline, x, s->w - x, ROLE_label, word) + 3;
    }
    x += screen_put(s, app->layout.keyline, x, s->w - x, ROLE_key, "Esc") + 1;
    screen_put(s, app->layout.keyline, x, s->w - x, ROLE_label, "back");
    s->cursor_y = y;
    s->cursor_x = 0;
}
