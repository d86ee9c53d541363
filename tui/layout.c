/* Three layouts by width. Heights are fixed by the screen's height and by whether questions wait,
 * never by what the cursor is on, so that stepping does not make the panes jump. In the focus
 * layout, and where nothing waits, the detail opens when somebody turns to a question. */
#include <string.h>

#include "base/str.h"
#include "panes.h"

enum { MIN_W = 60, MIN_H = 16, TEXT_MIN = 10, NO_QUEUE_UNDER = 20 };

static LayoutKind kind(const App *app)
{
    int w = app->screen.w, h = app->screen.h;
    if (w < MIN_W || h < MIN_H)
        return LAYOUT_TOO_SMALL;
    const char *set = app->settings.value[SET_layout];
    if (str_eq(set, "focus") || app->zoom)
        return LAYOUT_FOCUS;
    if (str_eq(set, "three"))
        return LAYOUT_THREE;
    if (str_eq(set, "wide"))
        return LAYOUT_WIDE;
    if (w >= settings_int(&app->settings, SET_wide))
        return LAYOUT_WIDE;
    return w >= settings_int(&app->settings, SET_three) ? LAYOUT_THREE : LAYOUT_FOCUS;
}

static void place(Layout *l, Pane pane, int y, int x, int h, int w)
{
    l->head[pane] = (Rect){y, x, 1, w};
    l->body[pane] = (Rect){y + 1, x, h - 1, w};
}

/* Widths of the three text panes in per mille of what the separators leave. */
static void three_widths(const App *app, bool wide, int total, int out[3])
{
    static const int base[3] = {322, 305, 373}, wide_base[3] = {364, 242, 394};
    static const int grown[3][3] = {{475, 220, 305}, {280, 440, 280}, {280, 220, 500}};
    const int *share = app->grow ? grown[app->text_focus] : wide ? wide_base : base;
    out[0] = total * share[0] / 1000;
    out[1] = total * share[1] / 1000;
    out[2] = total - out[0] - out[1];
}

static void place_texts(App *app, Layout *l, int y, int h)
{
    int w[3], x = 0;
    three_widths(app, l->kind == LAYOUT_WIDE, app->screen.w - 2, w);
    for (int i = 0; i < 3; i++) {
        place(l, (Pane)i, y, x, h, w[i]);
        x += w[i] + 1;
    }
}

static int detail_height(int h)
{
    return h >= 44 ? 10 : h >= 34 ? 9 : h >= 28 ? 8 : 7;
}

static void focus_layout(App *app, Layout *l, int y, int h)
{
    bool asked = app->focus == PANE_DETAIL || app->focus == PANE_QUEUE;
    int detail = asked && app->port ? (app->screen.h >= 30 ? 12 : 9) : 0;
    int mirror = app->zoom ? 0 : 4;
    if (detail && h - detail - mirror < TEXT_MIN + 1)
        mirror = 0;
    if (detail && h - detail < TEXT_MIN + 1)
        detail = h - TEXT_MIN - 1;
    int body = h - detail - mirror;
    Pane shown = app->focus == PANE_DETAIL ? app->text_focus : app->focus;
    for (int i = 0; i < PANE_DETAIL; i++) {
        place(l, (Pane)i, y, 0, body, (Pane)i == shown ? app->screen.w : 0);
    }
    if (mirror)
        l->mirror = (Rect){y + body, 0, mirror, app->screen.w};
    if (detail)
        place(l, PANE_DETAIL, y + body + mirror, 0, detail, app->screen.w);
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Nothing waits and nobody looks at the questions: one line says so, and the texts have the room.
 */
static bool quiet(const App *app)
{
    const PtlPort *p = app->port;
    bool listed = !str_eq(app->settings.value[SET_filter], "open"); /* what is answered was asked for */
    return p && p->open + p->unsupported + p->stale == 0 && app_is_text_pane(app->focus) && !listed;
}

static void three_layout(App *app, Layout *l, int y, int h)
{
    int questions = app->port ? app->port->ndecisions : 0;
    int detail = questions && !quiet(app) ? detail_height(app->screen.h) : 0;
    int queue = questions && app->screen.h >= NO_QUEUE_UNDER
                    ? smaller(app->screen.h / 5, questions + 2)
                    : 0;
    if (queue && queue < 4)
        queue = 4;
    if (queue && quiet(app))
        queue = 2;
    while (h - queue - detail < TEXT_MIN + 1 && queue > 4) queue--;
    while (h - queue - detail < TEXT_MIN + 1 && detail > 5) detail--;
    if (h - queue - detail < TEXT_MIN + 1)
        queue = 0;
    int body = h - queue - detail;
    place_texts(app, l, y, body);
    if (queue)
        place(l, PANE_QUEUE, y + body, 0, queue, app->screen.w);
    if (detail)
        place(l, PANE_DETAIL, y + body + queue, 0, detail, app->screen.w);
}

static void wide_layout(App *app, Layout *l, int y, int h)
{
    int questions = app->port ? app->port->ndecisions : 0;
    int panel = questions ? app->screen.h / 4 : 0;
    if (panel && panel < 7)
        panel = 7;
    if (panel && quiet(app))
        panel = 2;
    if (h - panel < TEXT_MIN + 1)
        panel = h - TEXT_MIN - 1;
    place_texts(app, l, y, h - panel);
    if (panel == 2)
        place(l, PANE_QUEUE, y + h - panel, 0, panel, app->screen.w);
    if (panel > 3) {
        int left = l->head[PANE_TARGET].x - 1;
        if (left < app->screen.w * 55 / 100)
            left = app->screen.w * 55 / 100;
        place(l, PANE_QUEUE, y + h - panel, 0, panel, left);
        place(l, PANE_DETAIL, y + h - panel, left + 1, panel, app->screen.w - left - 1);
    }
}

void layout_update(App *app)
{
    Layout *l = &app->layout;
    memset(l, 0, sizeof *l);
    l->kind = kind(app);
    int h = app->screen.h;
    l->title = 0;
    l->status = h - 2;
    l->keyline = h - 1;
    if (l->kind == LAYOUT_FOCUS)
        focus_layout(app, l, 1, h - 3);
    if (l->kind == LAYOUT_THREE)
        three_layout(app, l, 1, h - 3);
    if (l->kind == LAYOUT_WIDE)
        wide_layout(app, l, 1, h - 3);
}

bool layout_shows(const App *app, Pane pane)
{
    return app->layout.body[pane].w > 0;
}
