/* The pivot: name and kind from the left, shape and channel order from the right, parameters where there is room. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "draw.h"
#include "panes.h"

typedef struct Columns {
    int kind, params, shape, layout; /* x from the pane's left, 0 for none */
    int name_w, kind_w, shape_w;
} Columns;

static int larger(int a, int b) { return a > b ? a : b; }

static int name_width(const App *app, int node)
{
    const PtlNode *n = &app->port->nodes[node];
    return 2 * n->depth + 4 + screen_columns(n->name);
}

static Columns columns(const App *app, int w)
{
    Columns c = {0};
    int layout_w = 0, widest = w * 45 / 100;
    for (int i = 0; i < app->tree.nrows; i++) {
        const PtlNode *n = &app->port->nodes[app->tree.rows[i]];
        c.name_w = larger(c.name_w, name_width(app, app->tree.rows[i]));
        c.kind_w = larger(c.kind_w, screen_columns(n->kind));
        c.shape_w = larger(c.shape_w, screen_columns(n->shape));
        if (n->layout) layout_w = larger(layout_w, screen_columns(n->layout));
    }
    if (c.name_w > widest) c.name_w = widest;
    if (c.kind_w > 18) c.kind_w = 18;
    c.kind = c.name_w + 1;
    c.shape = w - c.shape_w - 1;
    if (layout_w && w >= c.kind + c.kind_w + 1 + c.shape_w + layout_w + 2) {
        c.layout = w - layout_w - 1;
        c.shape = c.layout - c.shape_w - 1;
    }
    if (c.shape < c.kind + 6) c.shape = c.kind + 6;
    if (c.shape - c.kind - c.kind_w - 2 >= 10) c.params = c.kind + c.kind_w + 1;
    return c;
}

/* A node's own glyph: only what was asked about has one. */
static const char *glyph(const App *app, const PtlNode *n)
{
    const PtlMapping *m = sync_mapping_by_id(app, n->mapping);
    if (n->status == PTL_OK && (!m || m->ndecisions == 0)) return " ";
    return status_glyph(n->status);
}

static void draw_node(App *app, int y, Rect b, int node, const Columns *c)
{
    Screen *s = &app->screen;
    const PtlNode *n = &app->port->nodes[node];
    int x = b.x, indent = 2 * n->depth;
    if (indent > c->name_w - 8) indent = c->name_w - 8;
    if (indent < 0) indent = 0;
    const char *fold = !n->has_children ? " " : tree_folded(app, node) ? "▸" : "▾";
    screen_put(s, y, x + indent, 1, ROLE_text, fold);
    screen_put(s, y, x + indent + 2, 1, status_role(n->status), glyph(app, n));
    int name_x = indent + (n->has_children && glyph(app, n)[0] == ' ' ? 2 : 4);
    screen_put_cut(s, y, x + name_x, c->name_w - name_x + (n->kind[0] ? 0 : 8), n->has_children ? ROLE_name : ROLE_text,
                   n->name);
    bool bare = !n->shape[0] && !(n->layout && n->layout[0]);
    int kind_end = c->params ? c->kind + c->kind_w : bare ? b.w - 1 : c->shape - 1;
    screen_put_cut(s, y, x + c->kind, kind_end - c->kind, ROLE_kind, n->kind);
    if (c->params) screen_put_cut(s, y, x + c->params, (bare ? b.w : c->shape) - c->params - 1, ROLE_dim, n->params);
    int shape_w = (c->layout ? c->layout : b.w) - c->shape - 1;
    screen_put_cut(s, y, x + c->shape, shape_w, n->shape_why ? ROLE_warning : ROLE_shape, n->shape);
    if (c->layout && n->layout) screen_put(s, y, x + c->layout, b.w - c->layout, ROLE_layout, n->layout);
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
    if (t->nrows) snprintf(where, sizeof where, "%d/%d", t->row + 1, t->nrows);
    draw_tabs_or_heading(app, PANE_TREE, "model", where);
    if (!app->port || t->nrows == 0) {
        screen_put(s, b.y + 1, b.x + 2, b.w - 3, ROLE_dim, app->port ? "no network found in this file" : "reading …");
        return;
    }
    Columns c = columns(app, b.w);
    for (int i = 0; i < b.h && t->top + i < t->nrows; i++) {
        int node = t->rows[t->top + i];
        draw_node(app, b.y + i, b, node, &c);
        bool cursor = t->top + i == t->row && (app->focus == PANE_TREE || shows_current(app, node));
        if (cursor)
            screen_over(s, b.y + i, b.x, b.w, app->focus == PANE_TREE ? OVER_current : OVER_counterpart);
        else if (shows_current(app, node))
            screen_over(s, b.y + i, b.x + 2 * app->port->nodes[node].depth + 4, screen_columns(app->port->nodes[node].name),
                        OVER_use);
        if (cursor) screen_put(s, b.y + i, b.x + b.w - 1, 1, ROLE_bar, "▌");
    }
    if (app->focus == PANE_TREE) {
        s->cursor_y = b.y + t->row - t->top;
        s->cursor_x = b.x;
    }
}
