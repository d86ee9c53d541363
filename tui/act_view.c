/* Looking: which pane, how wide, what is folded and listed; and the texts that explain. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "commands.h"
#include "overlay.h"
#include "panes.h"

static void focus(App *app, Pane pane)
{
    if (app->focus == PANE_DETAIL && pane != PANE_DETAIL)
        preview_drop(app);
    if (app_is_text_pane(pane))
        app->text_focus = pane;
    app->focus = pane;
    layout_update(app);
    if (pane != PANE_DETAIL)
        view_reveal(app, pane);
    if (pane == PANE_DETAIL)
        preview_wish(app);
    if (pane == PANE_QUEUE && app->queue.nrows)
        decision_select(app, app->queue.rows[app->queue.row]);
}

static bool can_focus(const App *app, Pane pane)
{
    bool questions = app->port && app->port->ndecisions > 0;
    if (app_is_text_pane(pane))
        return !app->zoom || pane == app->text_focus;
    if (pane == PANE_QUEUE)
        return questions && (app->layout.kind == LAYOUT_FOCUS || layout_shows(app, PANE_QUEUE));
    return questions && app_decision(app);
}

static void cycle(App *app, int direction)
{
    int pane = app->focus;
    do pane = (pane + direction + PANE_COUNT) % PANE_COUNT;
    while (!can_focus(app, (Pane)pane) && pane != (int)app->focus);
    focus(app, (Pane)pane);
}

void act_next_pane(App *app, const CommandCall *call)
{
    (void)call;
    cycle(app, 1);
}

void act_previous_pane(App *app, const CommandCall *call)
{
    (void)call;
    cycle(app, -1);
}

/* Esc: out of the panel, out of the zoom, the search's marks away; in this order, one at a time. */
void act_back(App *app, const CommandCall *call)
{
    (void)call;
    if (!app_is_text_pane(app->focus)) {
        focus(app, app->text_focus);
    } else if (app->zoom) {
        app->zoom = false;
    } else if (app->search.pattern) {
        app_set_string(&app->search.pattern, NULL);
    }
    app->count = app->npending = 0;
}

void act_source(App *app, const CommandCall *call)
{
    (void)call;
    focus(app, PANE_SOURCE);
}

void act_tree(App *app, const CommandCall *call)
{
    (void)call;
    focus(app, PANE_TREE);
}

void act_target(App *app, const CommandCall *call)
{
    (void)call;
    focus(app, PANE_TARGET);
}

void act_questions(App *app, const CommandCall *call)
{
    (void)call;
    if (app->layout.kind == LAYOUT_FOCUS || layout_shows(app, PANE_QUEUE))
        focus(app, PANE_QUEUE);
    else
        app_say(app, MESSAGE_INFO, "there are no questions to list");
}

void act_grow(App *app, const CommandCall *call)
{
    (void)call;
    app->grow = 1;
    if (app->layout.kind == LAYOUT_FOCUS)
        app_say(app, MESSAGE_INFO, "one pane is shown at a time here");
}

void act_shrink(App *app, const CommandCall *call)
{
    (void)call;
    app->grow = 0;
}

void act_zoom(App *app, const CommandCall *call)
{
    (void)call;
    if (!app_is_text_pane(app->focus))
        focus(app, app->text_focus);
    app->zoom = !app->zoom;
    layout_update(app);
    view_reveal(app, app->focus);
}

/* --- folds and filters
 * ------------------------------------------------------------------------------------ */

void act_fold(App *app, const CommandCall *call)
{
    (void)call;
    int node = tree_node(app);
    if (node < 0)
        return;
    if (!app->port->nodes[node].has_children || tree_folded(app, node))
        node = app->port->nodes[node].parent;
    if (node < 0)
        return;
    if (tree_node(app) == node)
        tree_fold(app, node, true);
    tree_rows(app);
    tree_reveal(app, node);
    sync_to_node(app, node);
}

void act_unfold(App *app, const CommandCall *call)
{
    (void)call;
    int node = tree_node(app);
    if (node < 0)
        return;
    tree_fold(app, node, false);
    tree_rows(app);
    tree_reveal(app, node);
}

static void fold_every(App *app, bool folded)
{
    int node = tree_node(app);
    for (int i = 0; i < app->port->nnodes; i++)
        if (app->port->nodes[i].has_children && (!folded || app->port->nodes[i].parent >= 0))
            tree_fold(app, i, folded);
    tree_rows(app);
    if (node >= 0)
        tree_reveal(app, node);
}

void act_fold_all(App *app, const CommandCall *call)
{
    (void)call;
    fold_every(app, true);
}

void act_unfold_all(App *app, const CommandCall *call)
{
    (void)call;
    fold_every(app, false);
}

void act_filter(App *app, const CommandCall *call)
{
    (void)call;
    static const char *const filters[] = {"open", "all", "defaults", "errors"};
    const char *err = NULL;
    int next = 0;
    for (int i = 0; i < 4; i++)
        if (str_eq(filters[i], app->settings.value[SET_filter]))
            next = (i + 1) % 4;
    settings_set(&app->settings, SET_filter, filters[next], "f", app->arena, &err);
    queue_rows(app);
    view_reveal(app, PANE_QUEUE);
    app_say(app, MESSAGE_INFO, "questions listed: %s", filters[next]);
}

/* --- texts to read
 * ---------------------------------------------------------------------------------------- */

void act_diff(App *app, const CommandCall *call)
{
    (void)call;
    diffview_open(app, ptl_target_path(app->doc), false);
}

static void add_place(App *app, const char *label, const Text *t, PtlRange r, int mark)
{
    int line = text_line_of(t, r.start), from = text_indent(t, line),
        n = text_line_end(t, line) - from;
    pager_add(app, ROLE_text, (char)mark, "  %-7s %4d  %.*s", label, line + 1, n, t->s + from);
}

static void why_questions(App *app, const PtlMapping *m, int width)
{
    for (int i = 0; i < m->ndecisions; i++) {
        const PtlDecision *d = &app->port->decisions[m->decisions[i]];
        pager_add(app, status_role(d->status), ' ', "%s  %s   %s", status_glyph(d->status),
                  d->title, d->id);
        pager_text(app, ROLE_text, d->question, width);
        if (d->evidence && *d->evidence)
            pager_text(app, ROLE_dim, d->evidence, width);
        pager_add(app, ROLE_text, ' ', "%s%s", d->answer ? "answer: " : "no answer yet",
                  d->answer ? d->answer : "");
        pager_add(app, ROLE_text, ' ', "%s", "");
    }
}

static void why_nodes(App *app, const PtlMapping *m, int width)
{
    for (int i = 0; i < m->nnodes; i++) {
        const PtlNode *n = &app->port->nodes[m->nodes[i]];
        pager_add(app, ROLE_text, ' ', "  %s %s  %s  %s  %s  %s", n->is_use ? "call " : "built",
                  n->name, n->kind, n->params ? n->params : "", n->shape ? n->shape : "",
                  n->layout ? n->layout : "");
        if (n->shape_why)
            pager_text(app, ROLE_warning, n->shape_why, width);
    }
}

void act_why(App *app, const CommandCall *call)
{
    (void)call;
    const PtlMapping *m = sync_mapping(app);
    int width = app->screen.w - 4;
    char title[64];
    if (!m) {
        app_say(app, MESSAGE_INFO, "no mapping here   ] goes to the next");
        return;
    }
    snprintf(title, sizeof title, "why: mapping %d", m->id);
    pager_open(app, title);
    if (m->rule && *m->rule)
        pager_text(app, ROLE_name, m->rule, width);
    if (m->why && *m->why)
        pager_text(app, ROLE_text, m->why, width);
    if (m->inserted)
        pager_text(app, ROLE_added, "This has no text of its own in the source: it was inserted.",
                   width);
    pager_add(app, ROLE_text, ' ', "%s", "");
    for (int i = 0; i < m->nsource; i++)
        add_place(app, i ? "" : "source", &app->source.text, m->source[i], ' ');
    for (int i = 0; i < m->ntarget; i++)
        add_place(app, i ? "" : "target", &app->target.text, m->target[i], ' ');
    pager_add(app, ROLE_text, ' ', "%s", "");
    why_nodes(app, m, width);
    pager_add(app, ROLE_text, ' ', "%s", "");
    why_questions(app, m, width);
}

void act_report(App *app, const CommandCall *call)
{
    (void)call;
    const char *text = ptl_report(app->doc);
    pager_open(app, "report");
    pager_text(app, ROLE_text, text ? text : "", 0);
}

void act_diagnostics(App *app, const CommandCall *call)
{
    (void)call;
    const PtlPort *p = app->port;
    pager_open(app, "diagnostics");
    for (int i = 0; i < p->ndiags; i++) {
        static const int roles[] = {ROLE_text, ROLE_warning, ROLE_error};
        pager_text(app, roles[p->diags[i].severity],
                   p->diags[i].text ? p->diags[i].text : p->diags[i].message, 0);
        pager_add(app, ROLE_text, ' ', "%s", "");
    }
    if (p->ndiags == 0)
        pager_add(app, ROLE_dim, ' ', "nothing is wrong with the source");
}

/* A review mark belongs to a place of the source: "line:text", so that it outlives a port and ends
 * with its text. */
static void mark_name(const App *app, int line, Buf *out)
{
    int from = text_indent(&app->source.text, line);
    buf_printf(out, "%d:%.*s", line, text_line_end(&app->source.text, line) - from,
               app->source.text.s + from);
}

void marks_place(App *app)
{
    const Text *t = &app->source.text;
    app->source.marked = arena_alloc(app->source_arena, (size_t)t->nlines + 1);
    for (int i = 0; i < app->nmarks; i++) {
        Buf name = {0};
        int line = atoi(app->marks[i]);
        if (line < 0 || line >= t->nlines)
            continue;
        mark_name(app, line, &name);
        app->source.marked[line] = str_eq(name.s, app->marks[i]);
        buf_free(&name);
    }
}

void act_mark(App *app, const CommandCall *call)
{
    (void)call;
    Buf name = {0};
    mark_name(app, app->source.line, &name);
    int at = -1;
    for (int i = 0; i < app->nmarks; i++)
        if (str_eq(app->marks[i], name.s))
            at = i;
    if (at >= 0) {
        free(app->marks[at]);
        app->marks[at] = app->marks[--app->nmarks];
        app_say(app, MESSAGE_INFO, "the mark is taken away");
    } else {
        app->marks = x_realloc(app->marks, sizeof(char *) * (size_t)(app->nmarks + 1));
        app->marks[app->nmarks++] = x_strdup(name.s);
        app_say(app, MESSAGE_INFO, "line %d marked as reviewed (%d so far)", app->source.line + 1,
                app->nmarks);
    }
    marks_place(app);
    buf_free(&name);
}
