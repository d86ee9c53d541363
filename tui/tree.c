/* The pivot's tree: which nodes are in sight. A fold is remembered by the node's path of names,
 * since indexes change with each port. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "panes.h"

static void node_path(const App *app, int node, Buf *out)
{
    const PtlNode *n = &app->port->nodes[node];
    if (n->parent >= 0)
        node_path(app, n->parent, out);
    buf_printf(out, "/%s%s", n->name, n->is_use ? "()" : "");
}

static int find_fold(const App *app, int node)
{
    if (!app->tree.nfolded)
        return -1;
    Buf path = {0};
    node_path(app, node, &path);
    int found = -1;
    for (int i = 0; i < app->tree.nfolded && found < 0; i++)
        if (str_eq(app->tree.folded[i], path.s))
            found = i;
    buf_free(&path);
    return found;
}

bool tree_folded(const App *app, int node)
{
    return app->port->nodes[node].has_children && find_fold(app, node) >= 0;
}

/* A fold sets the row table anew; callers that fold many may do that once. */
void tree_fold(App *app, int node, bool folded)
{
    TreeView *t = &app->tree;
    int at = find_fold(app, node);
    if (folded && at < 0 && app->port->nodes[node].has_children) {
        Buf path = {0};
        node_path(app, node, &path);
        t->folded = x_realloc(t->folded, sizeof(char *) * (size_t)(t->nfolded + 1));
        t->folded[t->nfolded++] = x_strdup(path.s);
        buf_free(&path);
    } else if (!folded && at >= 0) {
        free(t->folded[at]);
        t->folded[at] = t->folded[--t->nfolded];
    }
}

static void widen(int *width, int by, const char *text)
{
    int n = text ? by + screen_columns(text) : 0;
    if (n > *width)
        *width = n;
}

/* Measured once for a port: a tree may have thousands of rows, and is drawn at each key. */
static void measure(App *app)
{
    TreeView *t = &app->tree;
    t->name_w[0] = t->name_w[1] = t->kind_w = t->shape_w = t->layout_w = 0;
    for (int i = 0; i < t->nrows; i++) {
        const PtlNode *n = &app->port->nodes[t->rows[i]];
        widen(&t->name_w[0], n->depth + 3, n->name);
        widen(&t->name_w[1], 2 * n->depth + 3, n->name);
        widen(&t->kind_w, 0, n->kind);
        widen(&t->shape_w, 0, n->shape);
        widen(&t->layout_w, 0, n->layout);
    }
}

void tree_rows(App *app)
{
    TreeView *t = &app->tree;
    int n = app->port ? app->port->nnodes : 0, hidden_under = -1;
    t->rows = ARENA_ARRAY(app->port_arena, int, n + 1);
    t->nrows = 0;
    for (int i = 0; i < n; i++) {
        const PtlNode *node = &app->port->nodes[i];
        if (hidden_under >= 0 && node->depth > app->port->nodes[hidden_under].depth)
            continue;
        hidden_under = tree_folded(app, i) ? i : -1;
        t->rows[t->nrows++] = i;
    }
    if (t->row >= t->nrows)
        t->row = t->nrows ? t->nrows - 1 : 0;
    measure(app);
}

int tree_node(const App *app)
{
    return app->tree.nrows ? app->tree.rows[app->tree.row] : -1;
}

static bool is_ancestor(const App *app, int ancestor, int node)
{
    while (node >= 0 && node != ancestor) node = app->port->nodes[node].parent;
    return node == ancestor;
}

void tree_reveal(App *app, int node)
{
    for (int i = app->tree.nrows - 1; i >= 0; i--) {
        if (!is_ancestor(app, app->tree.rows[i], node))
            continue;
        app->tree.row = i;
        view_reveal(app, PANE_TREE);
        return;
    }
}
