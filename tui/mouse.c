/* A click goes to the pane and the line, node, question or option under it; a second one on an
 * option takes it. The wheel moves the cursor of the pane under the pointer, and the others follow
 * it as they follow keys. */
#include "mouse.h"

#include <string.h>

#include "commands.h"
#include "detail.h"
#include "keys.h"
#include "overlay.h"
#include "panes.h"

enum { WHEEL = 3 };

static bool inside(Rect r, int y, int x)
{
    return r.w > 0 && y >= r.y && y < r.y + r.h && x >= r.x && x < r.x + r.w;
}

static int pane_at(const App *app, int y, int x)
{
    for (int p = 0; p < PANE_COUNT; p++)
        if (inside(app->layout.body[p], y, x) || inside(app->layout.head[p], y, x))
            return p;
    return -1;
}

static void click_text(App *app, Pane pane, int row)
{
    TextView *v = app_view(app, pane);
    int line = v->top + row;
    if (pane == PANE_TARGET) {
        if (line >= app->nrows || app->rows[line].kind == '+')
            return;
        line = app->rows[line].line;
    }
    view_move(app, pane, line - v->line);
}

static void click_option(App *app, int row)
{
    int option = detail_option_at(app, row);
    if (option < 0)
        return;
    if (option == app->option && app->focus == PANE_DETAIL) {
        command_run(app, command_find("choose"), 0, "");
        return;
    }
    app->option = option;
}

static void click(App *app, Pane pane, int y)
{
    static const char *const names[] = {"source", "tree", "target", "questions"};
    Rect b = app->layout.body[pane];
    int row = y - b.y;
    bool had = app->focus == pane;
    if (pane == PANE_DETAIL) {
        if (row >= 0)
            click_option(app, row);
        if (!had && app_decision(app)) {
            if (app_is_text_pane(app->focus))
                app->text_focus = app->focus;
            app->focus = PANE_DETAIL;
        }
        if (!job_running(app))
            preview_wish(app);
        return;
    }
    command_run(app, command_find(names[pane]), 0, "");
    if (row < 0)
        return;
    if (pane == PANE_QUEUE)
        row--;
    if (app_view(app, pane))
        click_text(app, pane, row);
    else if (*view_top(app, pane) + row < view_rows(app, pane) && row >= 0)
        view_move(app, pane, *view_top(app, pane) + row - view_row(app, pane));
}

static void wheel(App *app, Pane pane, int lines)
{
    if (pane == PANE_DETAIL)
        return;
    Pane focus = app->focus;
    app->focus = pane;
    view_move(app, pane, lines);
    app->focus = focus;
}

void mouse_event(App *app, const Event *ev)
{
    bool up = ev->mouse == MOUSE_WHEEL_UP, down = ev->mouse == MOUSE_WHEEL_DOWN;
    if (app->overlay == OVERLAY_PAGER || app->overlay == OVERLAY_DIFF) {
        for (int i = 0; i < WHEEL && (up || down); i++) pager_key(app, up ? KEY_UP_ : KEY_DOWN_);
        return;
    }
    int pane = pane_at(app, ev->y, ev->x);
    if (app->overlay != OVERLAY_NONE || pane < 0)
        return;
    if (up || down)
        wheel(app, (Pane)pane, up ? -WHEEL : WHEEL);
    else if (ev->mouse == MOUSE_PRESS)
        click(app, (Pane)pane, ev->y);
}
