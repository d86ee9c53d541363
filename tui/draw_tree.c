/* The pivot: name and kind from the left, shape and channel order from the right, parameters where
 * there is room. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "draw.h"
#include "panes.h"

enum {
    NARROW = 44
}; /* under it a level is one column, and the shape is all there is at the right */

typedef struct Columns {
    int step;                 /* columns of a level */
    int kind, params, layout; /* x from the pane's left, 0 for none */
    int name_w, kind_w;
} Columns;

/* Fold mark, state, a blank, the name. */
static int name_x(const PtlNode *n, const Columns *c)
{
    int x = c->step * n->depth + 3;
    return x > c->name_w - 6 && c->name_w > 9 ? c->name_w - 6 : x;
}

static Columns columns(const App *app, int w)
{
    const TreeView *t = &app->tree;
    Columns c = {.step = w < NARROW ? 1 : 2, .kind_w = t->kind_w};
    int widest = w * 45 / 100, shape_w = t->shape_w;
    c.name_w = t->name_w[c.step - 1];
    if (c.name_w > widest)
        c.name_w = widest;
    if (c.kind_w > 18)
        c.kind_w = 18;
    c.kind = c.name_w + 1;
    if (t->layout_w && w >= c.kind + c.kind_w + 1 + shape_w + t->layout_w + 2)
        c.layout = w - t->layout_w - 1;
    int left = (c.layout ? c.layout : w) - 1 - shape_w - 1 - (c.kind + c.kind_w + 1);
    if (left >= 10)
        c.params = c.kind + c.kind_w + 1;
    return c;
}

/* A node's own glyph: only what was asked about has one. */
static const char *glyph(const App *app, const PtlNode *n)
{
    const PtlMapping *m = sync_mapping_by_id(app, n->mapping);
    if (n->status == PTL_OK && (!m || m->ndecisions == 0))
        return " ";
    return status_glyph(n->status);
}

static void draw_node(App *app, int y, Rect b, int node, const Columns *c)
{
    Screen *s = &app->screen;
    const PtlNode *n = &app->port->nodes[node];
    int x = b.x, at = name_x(n, c), end = c->layout ? c->layout - 1 : b.w - 1;
    screen_put(s, y, x + at - 3, 1, ROLE_text,
               !n->has_children         ? " "
               : tree_folded(app, node) ? "▸"
                                        : "▾");
    screen_put(s, y, x + at - 2, 1, status_role(n->status), glyph(app, n));
    screen_put_cut(s, y, x + at, c->name_w - at, n->has_children ? ROLE_name : ROLE_text, n->name);
    if (n->shape[0]) {
        int shape_x = end - screen_columns(n->shape);
        if (shape_x < c->kind)
            shape_x = c->kind;
        screen_put_cut(s, y, x + shape_x, end - shape_x, n->shape_why ? ROLE_warning : ROLE_shape,
                       n->shape);
        end = shape_x - 1;
    }
    int kind_end = c->params ? c->params - 1 : end;
    screen_put_cut(s, y, x + c->kind, kind_end - c->kind, ROLE_kind, n->kind);
    if (c->params)
        screen_put_cut(s, y, x + c->params, end - c->params, ROLE_dim, n->params);
    if (c->layout && n->layout)
        screen_put(s, y, x + c->layout, b.w - c->layout, ROLE_layout, n->layout);
}

static bool shows_current(const App *app, int node)
{
    return app->map > 0 && app->port->nodes[node].mapping == app->map;
}

void draw_tree(App *app)
{
    Screen *s = &app->screen;
    Rect b = app->layout.body[PANE_TREE];
    TreeView *t = &app->tree;
    char where[32] = "";
    if (t->nrows)
        snprintf(where, sizeof where, "%d/%d", t->row + 1, t->nrows);
    draw_tabs_or_heading(app, PANE_TREE, "model", where);
    if (!app->port || t->nrows == 0) {
        screen_put(s, b.y + 1, b.x + 2, b.w - 3, ROLE_dim,
                   app->port ? "no network found in this file" : "reading …");
        return;
    }
    Columns c = columns(app, b.w);
    for (int i = 0; i < b.h && t->top + i < t->nrows; i++) {
        int node = t->rows[t->top + i];
        draw_node(app, b.y + i, b, node, &c);
        bool cursor = t->top + i == t->row && (app->focus == PANE_TREE || shows_current(app, node));
        if (cursor)
            screen_over(s, b.y + i, b.x, b.w,
                        app->focus == PANE_TREE ? OVER_current : OVER_counterpart);
        else if (shows_current(app, node))
            screen_over(s, b.y + i, b.x + name_x(&app->port->nodes[node], &c),
                        screen_columns(app->port->nodes[node].name), OVER_use);
        if (cursor)
            screen_put(s, b.y + i, b.x + b.w - 1, 1, ROLE_bar, "▌");
    }
    if (app->focus == PANE_TREE) {
        s->cursor_y = b.y + t->row - t->top;
        s->cursor_x = b.x;
    }
}
