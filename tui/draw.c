/* The whole screen, every time: the terminal library finds what differs. While the engine changes
 * the document there is no port to read, so the panes keep their cells and only the status line
 * moves. */
#include "draw.h"

#include <string.h>

#include "overlay.h"
#include "panes.h"

static void too_small(App *app)
{
    Screen *s = &app->screen;
    screen_clear(s);
    screen_printf(s, 0, 0, s->w, ROLE_text, "60x16 needed, have %dx%d", s->w, s->h);
    s->cursor_y = s->cursor_x = 0;
}

/* A joint only where the line is bare: headings stay whole. */
static void joint(Screen *s, int y, int x, const char *glyph)
{
    uint32_t under = s->cells[y * s->w + x].ch[0];
    if (under == 0x2500 || under == '-')
        screen_put(s, y, x, 1, ROLE_frame, glyph);
}

static void separators(App *app)
{
    Screen *s = &app->screen;
    for (int p = PANE_TREE; p <= PANE_TARGET; p++) {
        Rect b = app->layout.body[p];
        if (b.w == 0 || b.x == 0)
            continue;
        screen_put(s, b.y - 1, b.x - 1, 1, ROLE_frame, "┬");
        for (int y = b.y; y < b.y + b.h; y++) screen_put(s, y, b.x - 1, 1, ROLE_frame, "│");
        if (app->layout.head[PANE_QUEUE].w || app->layout.head[PANE_DETAIL].w) {
            bool joins = app->layout.kind == LAYOUT_WIDE && app->layout.head[PANE_DETAIL].x == b.x;
            if (joins)
                screen_put(s, b.y + b.h, b.x - 1, 1, ROLE_frame, "─");
            joint(s, b.y + b.h, b.x - 1, joins ? "┼" : "┴");
        }
    }
    Rect d = app->layout.body[PANE_DETAIL];
    if (app->layout.kind == LAYOUT_WIDE && d.w) {
        if (d.x != app->layout.body[PANE_TARGET].x)
            screen_put(s, d.y - 1, d.x - 1, 1, ROLE_frame, "┬");
        for (int y = d.y; y < d.y + d.h; y++) screen_put(s, y, d.x - 1, 1, ROLE_frame, "│");
    }
}

static void panes(App *app)
{
    if (layout_shows(app, PANE_SOURCE))
        draw_source(app);
    if (layout_shows(app, PANE_TREE))
        draw_tree(app);
    if (layout_shows(app, PANE_TARGET))
        draw_target(app);
    if (app->layout.mirror.h)
        draw_mirror(app);
    if (layout_shows(app, PANE_QUEUE))
        draw_queue(app);
    if (layout_shows(app, PANE_DETAIL))
        draw_detail(app);
    separators(app);
}

void draw_app(App *app)
{
    Screen *s = &app->screen;
    screen_clear(s);
    s->ascii = !app->utf8 || settings_on(&app->settings, SET_ascii);
    layout_update(app);
    if (app->layout.kind == LAYOUT_TOO_SMALL) {
        too_small(app);
        return;
    }
    draw_title(app);
    if (app->overlay == OVERLAY_PAGER || app->overlay == OVERLAY_DIFF) {
        pager_draw(app);
        return;
    }
    if (app->overlay == OVERLAY_PICKER) {
        picker_draw(app);
        return;
    }
    panes(app);
    draw_status(app);
    draw_keyline(app);
    if (app->overlay == OVERLAY_PROMPT)
        prompt_draw(app);
    if (app->overlay == OVERLAY_QUESTION)
        question_draw(app);
}
