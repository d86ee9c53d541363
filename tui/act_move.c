/* Moving: within a pane, from mapping to mapping, from question to question. */
#include <string.h>

#include "base/str.h"
#include "commands.h"
#include "panes.h"

static int times(const CommandCall *call)
{
    return call->count ? call->count : 1;
}

/* Up and down in the detail move the highlight over the options. */
static void move_option(App *app, int step)
{
    const PtlDecision *d = app_decision(app);
    if (!d)
        return;
    int n = d->noptions + (d->free_text ? 1 : 0);
    app->option += step;
    if (app->option >= n)
        app->option = n - 1;
    if (app->option < 0)
        app->option = 0;
    app_set_string(&app->typed, NULL);
    app->answered = false;
    preview_wish(app);
}

static void move(App *app, int lines)
{
    if (app->focus == PANE_DETAIL)
        move_option(app, lines);
    else
        view_move(app, app->focus, lines);
}

static int page(const App *app)
{
    return app->layout.body[app->focus].h > 1 ? app->layout.body[app->focus].h - 1 : 1;
}

void act_down(App *app, const CommandCall *call)
{
    move(app, times(call));
}
void act_up(App *app, const CommandCall *call)
{
    move(app, -times(call));
}
void act_page_down(App *app, const CommandCall *call)
{
    move(app, times(call) * page(app));
}
void act_page_up(App *app, const CommandCall *call)
{
    move(app, -times(call) * page(app));
}
void act_half_down(App *app, const CommandCall *call)
{
    move(app, times(call) * (page(app) + 1) / 2);
}
void act_half_up(App *app, const CommandCall *call)
{
    move(app, -times(call) * (page(app) + 1) / 2);
}

static void to_line(App *app, int line)
{
    TextView *v = app_view(app, app->focus);
    move(app, line - (v ? v->line : view_row(app, app->focus)));
}

void act_top(App *app, const CommandCall *call)
{
    to_line(app, call->count ? call->count - 1 : -(1 << 20));
}
void act_bottom(App *app, const CommandCall *call)
{
    to_line(app, call->count ? call->count - 1 : 1 << 20);
}

void act_goto(App *app, const CommandCall *call)
{
    int line = call->count;
    for (const char *c = call->arg; *c >= '0' && *c <= '9' && line < 1 << 24; c++)
        line = line * 10 + *c - '0';
    if (line > 0)
        to_line(app, line - 1);
    else
        app_say(app, MESSAGE_ERROR, "goto wants a line's number");
}

void act_scroll_left(App *app, const CommandCall *call)
{
    app->hscroll -= 8 * times(call);
    if (app->hscroll < 0)
        app->hscroll = 0;
}

static int longest_in_sight(const App *app, Pane pane)
{
    const TextView *v = pane == PANE_SOURCE ? &app->source : &app->target;
    int longest = 0;
    for (int i = v->top; i < v->text.nlines && i < v->top + app->layout.body[pane].h; i++) {
        int w = text_line_width(&v->text, i);
        if (w > longest)
            longest = w;
    }
    return longest;
}

static int scroll_limit(const App *app)
{
    Rect b = app->layout.body[app->focus];
    int limit = longest_in_sight(app, app->focus) - b.w + 8;
    return limit > 0 ? limit : 0;
}

void act_scroll_right(App *app, const CommandCall *call)
{
    int limit = scroll_limit(app), wanted = app->hscroll + 8 * times(call);
    if (wanted <= limit || app->hscroll < limit)
        app->hscroll = wanted < limit ? wanted : limit;
}

void act_line_start(App *app, const CommandCall *call)
{
    (void)call;
    app->hscroll = 0;
}

void act_line_end(App *app, const CommandCall *call)
{
    (void)call;
    app->hscroll = scroll_limit(app);
}

static void put_at(App *app, int row)
{
    if (app->focus == PANE_DETAIL)
        return;
    int *top = view_top(app, app->focus), h = app->layout.body[app->focus].h;
    *top = view_row(app, app->focus) - (row < 0 ? h - 1 : row);
    if (*top > view_rows(app, app->focus) - h)
        *top = view_rows(app, app->focus) - h;
    if (*top < 0)
        *top = 0;
}

void act_centre(App *app, const CommandCall *call)
{
    (void)call;
    put_at(app, app->layout.body[app->focus].h / 2);
}

void act_to_top(App *app, const CommandCall *call)
{
    (void)call;
    put_at(app, 0);
}

void act_to_bottom(App *app, const CommandCall *call)
{
    (void)call;
    put_at(app, -1);
}

/* --- stepping
 * --------------------------------------------------------------------------------------------- */

/* Stepping over mappings leaves the question panel: it is about the texts. */
static void to_texts(App *app)
{
    if (app_is_text_pane(app->focus))
        return;
    app->focus = app->text_focus;
    preview_drop(app);
    layout_update(app);
}

void act_next_mapping(App *app, const CommandCall *call)
{
    to_texts(app);
    sync_step(app, 1, times(call));
}

void act_previous_mapping(App *app, const CommandCall *call)
{
    to_texts(app);
    sync_step(app, -1, times(call));
}

static void step_open(App *app, int direction, int count)
{
    bool found = true;
    for (; count > 0 && found; count--) found = decision_step(app, direction);
    if (!found)
        app_say(app, MESSAGE_INFO, "no question is open: w writes the port");
}

void act_next_open(App *app, const CommandCall *call)
{
    step_open(app, 1, times(call));
}
void act_previous_open(App *app, const CommandCall *call)
{
    step_open(app, -1, times(call));
}

void act_counterpart(App *app, const CommandCall *call)
{
    (void)call;
    to_texts(app);
    Pane there = app->focus == PANE_TARGET ? PANE_SOURCE : PANE_TARGET;
    int range = there == PANE_TARGET ? app->tgt_range : app->src_range, map = app->map;
    if (map == 0 || range < 0) {
        app_say(app, MESSAGE_INFO, "nothing on the other side belongs to this");
        return;
    }
    app->focus = app->text_focus = there;
    layout_update(app);
    int paired_src = app->src_range, paired_tgt = app->tgt_range;
    sync_to_place(app, there, map, range);
    app->src_range = paired_src;
    app->tgt_range = paired_tgt;
}

void act_next_use(App *app, const CommandCall *call)
{
    to_texts(app);
    Pane pane = app->focus == PANE_TARGET ? PANE_TARGET : PANE_SOURCE;
    const PtlMapping *m = sync_mapping(app);
    int n = !m ? 0 : pane == PANE_SOURCE ? m->nsource : m->ntarget;
    int at = pane == PANE_SOURCE ? app->src_range : app->tgt_range;
    if (n < 2) {
        app_say(app, MESSAGE_INFO, m ? "this is its only place" : "no mapping here");
        return;
    }
    sync_to_place(app, pane, app->map, (at + times(call)) % n);
}

void act_sync(App *app, const CommandCall *call)
{
    (void)call;
    app->sync = !app->sync;
    app_say(app, MESSAGE_INFO, app->sync ? "panes follow the cursor" : "panes stay where they are");
}
