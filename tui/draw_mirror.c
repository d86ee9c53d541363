/* In the focus layout: what the two panes out of sight say of the current mapping, and the question
 * that hangs on it. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "draw.h"
#include "panes.h"

static void text_line(App *app, int y, const char *label, const TextView *v, PtlRange r)
{
    Screen *s = &app->screen;
    int line = text_line_of(&v->text, r.start), from = text_indent(&v->text, line);
    int n = text_line_end(&v->text, line) - from;
    screen_put(s, y, 1, 7, ROLE_dim, label);
    int x = 8 + screen_printf(s, y, 8, 8, ROLE_lineno, "%d ", line + 1);
    char text[512];
    snprintf(text, sizeof text, "%.*s", n < 511 ? n : 511, v->text.s + from);
    screen_put_cut(s, y, x + 1, s->w - x - 2, ROLE_text, text);
}

static void node_line(App *app, int y)
{
    Screen *s = &app->screen;
    screen_put(s, y, 1, 7, ROLE_dim, "model");
    if (app->node < 0 || app->node >= app->port->nnodes)
        return;
    const PtlNode *n = &app->port->nodes[app->node];
    int x = 8;
    x += screen_put(s, y, x, 24, ROLE_name, n->name) + 2;
    x += screen_put(s, y, x, 20, ROLE_kind, n->kind) + 2;
    x += screen_put(s, y, x, s->w - x, ROLE_dim, n->params) + 2;
    if (x < s->w - 20)
        x += screen_put(s, y, x, s->w - x, n->shape_why ? ROLE_warning : ROLE_shape, n->shape) + 2;
    if (n->layout && x < s->w - 6)
        screen_put(s, y, x, s->w - x, ROLE_layout, n->layout);
}

static void question_line(App *app, int y, const PtlMapping *m)
{
    Screen *s = &app->screen;
    const PtlDecision *d = app_decision(app);
    bool ours = false;
    for (int i = 0; d && i < m->ndecisions; i++)
        ours = ours || &app->port->decisions[m->decisions[i]] == d;
    if (!ours)
        return;
    int x = 1 + screen_put(s, y, 1, 1, status_role(d->status), status_glyph(d->status)) + 1;
    x += screen_put(s, y, x, 30, ROLE_label, d->title) + 2;
    char text[200];
    snprintf(text, sizeof text, "%s%s", d->answer ? "= " : "", d->answer ? d->answer : d->question);
    screen_put_cut(s, y, x, s->w - x - 1, ROLE_dim, text);
}

void draw_mirror(App *app)
{
    Rect r = app->layout.mirror;
    const PtlMapping *m = sync_mapping(app);
    char title[64] = "mirror";
    if (m)
        snprintf(title, sizeof title, "mapping %d of %d", m->id, app->port->nmappings);
    draw_heading(app, (Rect){r.y, r.x, 1, r.w}, title, "", false);
    if (!m) {
        screen_put(&app->screen, r.y + 1, 1, r.w - 2, ROLE_dim,
                   app->port ? "this line has no part in the network" : "reading …");
        return;
    }
    Pane shown = app->focus == PANE_DETAIL ? app->text_focus : app->focus;
    int y = r.y + 1;
    if (shown != PANE_SOURCE && app->src_range >= 0)
        text_line(app, y++, "source", &app->source, m->source[app->src_range]);
    if (shown != PANE_TREE)
        node_line(app, y++);
    if (shown != PANE_TARGET && app->tgt_range >= 0 && y < r.y + 3)
        text_line(app, y++, "target", &app->target, m->target[app->tgt_range]);
    question_line(app, r.y + 3, m);
}
