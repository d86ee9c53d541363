/* The list of questions: state, kind, place, question, answer. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "draw.h"
#include "panes.h"

typedef struct Columns {
    int title, place, question, answer;
} Columns;

static Columns columns(const App *app, int w)
{
    Columns c = {7, 0, 0, 0};
    int title_w = app->queue.title_w, place_w = 5, answer_w = w / 5 < 12 ? 12 : w / 5;
    if (title_w > w / 4)
        title_w = w / 4;
    c.place = c.title + title_w + 2;
    c.question = c.place + place_w + 2;
    c.answer = w - answer_w;
    return c;
}

static void draw_row(App *app, int y, Rect b, int index, const Columns *c)
{
    Screen *s = &app->screen;
    const PtlDecision *d = &app->port->decisions[index];
    screen_printf(s, y, b.x + 1, 4, ROLE_label, "D%d", index + 1);
    screen_put(s, y, b.x + 5, 1, status_role(d->status), status_glyph(d->status));
    screen_put_cut(s, y, b.x + c->title, c->place - c->title - 1, ROLE_text, d->title);
    if (d->line > 0)
        screen_printf(s, y, b.x + c->place, 6, ROLE_dim, ":%d", d->line);
    screen_put_cut(s, y, b.x + c->question, c->answer - c->question - 1, ROLE_text, d->question);
    char answer[160];
    snprintf(answer, sizeof answer, "%s%s", d->answer ? d->answer : "—",
             d->status == PTL_DEFAULT ? " (default)" : "");
    screen_put_cut(s, y, b.x + c->answer, b.w - c->answer, d->answer ? ROLE_text : ROLE_dim,
                   answer);
}

void draw_queue(App *app)
{
    Screen *s = &app->screen;
    QueueView *q = &app->queue;
    Rect b = app->layout.body[PANE_QUEUE];
    draw_tabs_or_heading(app, PANE_QUEUE, app->port ? q->summary : "questions", "");
    if (!app->port)
        return;
    if (q->nrows == 0) {
        const char *nothing =
            app->port->ndecisions == 0 ? "nothing had to be asked"
            : str_eq(app->settings.value[SET_filter], "open")
                ? "nothing is open: w writes the port   (f lists the answered ones)"
                : "none of these   (f lists others)";
        screen_put(s, b.y, b.x + 1, b.w - 2, ROLE_dim, nothing);
        return;
    }
    Columns c = columns(app, b.w);
    screen_put(s, b.y, b.x + 1, 3, ROLE_dim, "id");
    screen_put(s, b.y, b.x + c.title, c.place - c.title, ROLE_dim, "kind");
    screen_put(s, b.y, b.x + c.place, 6, ROLE_dim, "line");
    screen_put(s, b.y, b.x + c.question, c.answer - c.question, ROLE_dim, "question");
    screen_put(s, b.y, b.x + c.answer, b.w - c.answer, ROLE_dim, "answer");
    for (int i = 0; i < b.h - 1 && q->top + i < q->nrows; i++) {
        int index = q->rows[q->top + i], y = b.y + 1 + i;
        draw_row(app, y, b, index, &c);
        bool selected = app->decision && str_eq(app->port->decisions[index].id, app->decision);
        if (selected)
            screen_put(s, y, b.x, 1, ROLE_bar, "▌");
        if (selected && app->focus == PANE_QUEUE) {
            screen_over(s, y, b.x, b.w, OVER_current);
            s->cursor_y = y;
            s->cursor_x = b.x;
        } else if (selected) {
            screen_over(s, y, b.x + c.title, c.place - c.title - 2, OVER_counterpart);
        }
    }
}
