/* The forward pass as a graph in text: a lane for each tensor that is still needed, as histories of commits are drawn. A
 * step stands in the lane of what it takes; where that is needed again it opens a lane beside it, and lanes that it takes
 * together end in it:
 *
 *     o  x            (B,64,8,8)
 *     |-o  conv1      (B,64,8,8)
 *     | o  bn1        (B,64,8,8)
 *     o-'  add        (B,64,8,8)
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "commands.h"
#include "overlay.h"

#define LANES 12

typedef struct Graph {
    App *app;
    const PtlPort *port;
    int *left;       /* by node: how many steps still take its tensor */
    int lane[LANES]; /* which node's tensor runs there, -1: none */
    int name_w, kind_w;
    bool crowded; /* more lanes than can be drawn */
} Graph;

typedef struct Row {
    int at;             /* the step's lane */
    int from, to;       /* lanes between which a stroke runs */
    bool ends[LANES], takes[LANES], runs[LANES];
} Row;

static int lane_of(const Graph *g, int node)
{
    for (int i = 0; i < LANES; i++)
        if (g->lane[i] == node)
            return i;
    return -1;
}

static int free_lane(const Graph *g)
{
    for (int i = 0; i < LANES; i++)
        if (g->lane[i] < 0)
            return i;
    return -1;
}

static void put_glyph(Buf *b, bool utf8, const char *fancy, const char *plain)
{
    buf_add(b, utf8 ? fancy : plain);
}

static void draw_row(const Graph *g, const Row *r, Buf *b)
{
    bool utf8 = g->app->utf8 || g->app->offscreen;
    if (settings_on(&g->app->settings, SET_ascii))
        utf8 = false;
    int last = r->at;
    for (int i = 0; i < LANES; i++)
        if (r->runs[i] && i > last)
            last = i;
    for (int i = 0; i <= last; i++) {
        bool right = i >= r->from && i < r->to;
        if (i == r->at)
            put_glyph(b, utf8, "●", "o");
        else if (r->takes[i] && r->ends[i] && i > r->from && i < r->to)
            put_glyph(b, utf8, "┴", "'");
        else if (r->takes[i] && r->ends[i])
            put_glyph(b, utf8, i > r->at ? "╯" : "╰", i > r->at ? "'" : "`");
        else if (r->takes[i])
            put_glyph(b, utf8, i > r->at ? (i < r->to ? "┼" : "┤") : i > r->from ? "┼" : "├", "+");
        else if (r->runs[i])
            put_glyph(b, utf8, i > r->from && i < r->to ? "┼" : "│", i > r->from && i < r->to ? "+" : "|");
        else
            put_glyph(b, utf8, i > r->from && i < r->to ? "─" : " ", i > r->from && i < r->to ? "-" : " ");
        put_glyph(b, utf8, right ? "─" : " ", right ? "-" : " ");
    }
}

/* Where the step stands, and what becomes of the lanes. */
static Row place_step(Graph *g, int node)
{
    const PtlNode *n = &g->port->nodes[node];
    Row r = {.at = -1};
    for (int i = 0; i < LANES; i++) r.runs[i] = g->lane[i] >= 0;
    for (int k = 0; k < n->ninputs; k++) {
        int l = lane_of(g, n->inputs[k]);
        if (l < 0)
            continue;
        r.takes[l] = true;
        if (--g->left[n->inputs[k]] == 0) {
            r.ends[l] = true;
            if (r.at < 0 || l < r.at)
                r.at = l;
        }
    }
    for (int i = 0; i < LANES; i++)
        if (r.ends[i])
            g->lane[i] = -1;
    if (r.at < 0)
        r.at = free_lane(g);
    if (r.at < 0) {
        g->crowded = true;
        r.at = LANES - 1;
    }
    r.from = r.to = r.at;
    for (int i = 0; i < LANES; i++) {
        if (!r.takes[i])
            continue;
        r.from = i < r.from ? i : r.from;
        r.to = i > r.to ? i : r.to;
    }
    if (g->left[node] > 0)
        g->lane[r.at] = node;
    return r;
}

static void add_step(Graph *g, int node)
{
    const PtlNode *n = &g->port->nodes[node];
    Row r = place_step(g, node);
    Buf b = {0};
    draw_row(g, &r, &b);
    int columns = screen_columns(b.s ? b.s : "");
    while (columns++ < 10) buf_addc(&b, ' ');
    buf_printf(&b, " %s", n->name);
    for (int w = screen_columns(n->name); w < g->name_w; w++) buf_addc(&b, ' ');
    buf_printf(&b, "  %s", n->kind);
    for (int w = screen_columns(n->kind); w < g->kind_w; w++) buf_addc(&b, ' ');
    buf_printf(&b, "  %s%s%s", n->shape, *n->layout ? "  " : "", n->layout);
    int role = n->status == PTL_OPEN ? ROLE_open : n->status == PTL_UNSUPPORTED ? ROLE_unsupported : ROLE_text;
    bool here = n->mapping && n->mapping == g->app->map;
    pager_add(g->app, here ? ROLE_name : role, here ? '>' : ' ', "%s", b.s);
    buf_free(&b);
}

static void count_uses(Graph *g)
{
    g->left = x_alloc(sizeof(int) * (size_t)(g->port->nnodes + 1));
    memset(g->left, 0, sizeof(int) * (size_t)(g->port->nnodes + 1));
    g->name_w = g->kind_w = 8;
    for (int i = 0; i < g->port->nnodes; i++) {
        const PtlNode *n = &g->port->nodes[i];
        for (int k = 0; k < n->ninputs; k++) g->left[n->inputs[k]]++;
        int name = n->is_use ? screen_columns(n->name) : 0, kind = n->is_use ? screen_columns(n->kind) : 0;
        if (name > g->name_w && name < 30)
            g->name_w = name;
        if (kind > g->kind_w && kind < 24)
            g->kind_w = kind;
    }
}

/* "Net.body.0": the networks that a forward pass is of. */
static void heading(Graph *g, int forward)
{
    Buf b = {0};
    int chain[32], n = 0;
    for (int i = g->port->nodes[forward].parent; i >= 0 && n < 32; i = g->port->nodes[i].parent) chain[n++] = i;
    while (n--) buf_printf(&b, "%s%s", b.len ? "." : "", g->port->nodes[chain[n]].name);
    pager_add(g->app, ROLE_head, ' ', "%s", b.s ? b.s : "");
    buf_free(&b);
}

/* The node that holds a pass, or its first step where none does. */
static bool begins_pass(const Graph *g, int i)
{
    const PtlNode *n = &g->port->nodes[i], *before = i ? &g->port->nodes[i - 1] : NULL;
    if (!n->is_use || n->has_children)
        return n->is_use;
    bool held = n->parent >= 0 && g->port->nodes[n->parent].is_use;
    return !held && !(before && before->is_use && before->parent == n->parent);
}

static void one_pass(Graph *g, int forward, bool first)
{
    const PtlNode *head = &g->port->nodes[forward];
    int parent = head->has_children ? forward : head->parent;
    if (!first)
        pager_add(g->app, ROLE_text, ' ', "%s", "");
    heading(g, forward);
    for (int k = 0; k < LANES; k++) g->lane[k] = -1;
    for (int i = head->has_children ? forward + 1 : forward; i < g->port->nnodes; i++) {
        if (g->port->nodes[i].parent != parent || !g->port->nodes[i].is_use)
            break;
        add_step(g, i);
    }
}

void act_graph(App *app, const CommandCall *call)
{
    (void)call;
    Graph g = {.app = app, .port = app->port};
    bool any = false;
    count_uses(&g);
    pager_open(app, "graph of the forward pass");
    for (int inner = 0; inner < 2; inner++) /* whole networks, then their parts */
        for (int i = 0; i < g.port->nnodes; i++) {
            const PtlNode *n = &g.port->nodes[i];
            if (!begins_pass(&g, i) || (n->depth > 1) != inner)
                continue;
            one_pass(&g, i, !any);
            any = true;
        }
    if (!any)
        pager_add(app, ROLE_dim, ' ', "no forward pass was traced");
    if (g.crowded)
        pager_add(app, ROLE_dim, ' ', "more tensors are alive at once than lanes can be drawn for");
    free(g.left);
}
