/* The mapping under the cursor. Ranges are bytes, so a cursor is a line and a byte on it: going up
 * and down picks the innermost range at the line's first character, else the first that starts on
 * the line; stepping goes from range to range. A definition that spans more lines than WHOLE is
 * only met on its first line: a cursor deep in a class body is not "on the class", and the other
 * panes stay.
 *
 * The others follow to the same screen row where the text allows it, so that the eye can go
 * straight across; but while the cursor merely moves by lines they stay as long as the counterpart
 * is in sight: a screen that jumps at each key is neither calm nor cheap. */
#include <string.h>

#include "panes.h"

enum { WHOLE = 12, MARGIN = 2 };

const PtlMapping *sync_mapping_by_id(const App *app, int id)
{
    return app->port && id > 0 && id <= app->port->nmappings ? &app->port->mappings[id - 1] : NULL;
}

const PtlMapping *sync_mapping(const App *app)
{
    return sync_mapping_by_id(app, app->map);
}

static const PtlRange *ranges(const PtlMapping *m, Pane pane, int *n)
{
    *n = pane == PANE_SOURCE ? m->nsource : m->ntarget;
    return pane == PANE_SOURCE ? m->source : m->target;
}

static bool is_met(const Text *t, PtlRange r, int pos)
{
    int first = text_line_of(t, r.start);
    return text_line_of(t, pos) == first || text_line_of(t, r.end) - first < WHOLE;
}

int sync_mapping_at(const App *app, Pane pane, int pos, int *range)
{
    const Text *t = pane == PANE_SOURCE ? &app->source.text : &app->target.text;
    int best = 0, least = 0;
    for (int i = 0; app->port && i < app->port->nmappings; i++) {
        int n;
        const PtlRange *r = ranges(&app->port->mappings[i], pane, &n);
        for (int k = 0; k < n; k++) {
            int length = r[k].end - r[k].start;
            if (pos < r[k].start || pos >= r[k].end || (best && length >= least))
                continue;
            if (!is_met(t, r[k], pos))
                continue;
            best = i + 1, least = length, *range = k;
        }
    }
    return best;
}

/* First range that starts on the line. */
static int mapping_on_line(const App *app, Pane pane, int line, int *range)
{
    const Text *t = pane == PANE_SOURCE ? &app->source.text : &app->target.text;
    int from = t->start[line], to = text_line_end(t, line), best = 0, where = to + 1, length = 0;
    for (int i = 0; app->port && i < app->port->nmappings; i++) {
        int n;
        const PtlRange *r = ranges(&app->port->mappings[i], pane, &n);
        for (int k = 0; k < n; k++) {
            int len = r[k].end - r[k].start;
            if (r[k].start < from || r[k].start > to || r[k].start > where || len <= 0)
                continue;
            if (r[k].start == where && len >= length)
                continue;
            best = i + 1, where = r[k].start, length = len, *range = k;
        }
    }
    return best;
}

/* --- scrolling
 * -------------------------------------------------------------------------------------------- */

int view_rows(const App *app, Pane pane)
{
    switch (pane) {
    case PANE_SOURCE:
        return app->source.text.nlines;
    case PANE_TARGET:
        return app->nrows;
    case PANE_TREE:
        return app->tree.nrows;
    case PANE_QUEUE:
        return app->queue.nrows;
    default:
        return 0;
    }
}

int view_row(const App *app, Pane pane)
{
    switch (pane) {
    case PANE_SOURCE:
        return app->source.line;
    case PANE_TARGET:
        return target_row_of(app, app->target.line);
    case PANE_TREE:
        return app->tree.row;
    case PANE_QUEUE:
        return app->queue.row;
    default:
        return 0;
    }
}

int *view_top(App *app, Pane pane)
{
    switch (pane) {
    case PANE_SOURCE:
        return &app->source.top;
    case PANE_TARGET:
        return &app->target.top;
    case PANE_TREE:
        return &app->tree.top;
    case PANE_QUEUE:
        return &app->queue.top;
    default:
        return &app->detail_top;
    }
}

static int page(const App *app, Pane pane)
{
    int h = app->layout.body[pane].h - (pane == PANE_QUEUE ? 1 : 0);
    return h > 0 ? h : 1;
}

static int clamp(int v, int low, int high)
{
    return v > high ? (high < low ? low : high) : v < low ? low : v;
}

void view_reveal(App *app, Pane pane)
{
    int h = page(app, pane), row = view_row(app, pane), rows = view_rows(app, pane),
        *top = view_top(app, pane);
    int margin = h > 3 * MARGIN ? MARGIN : 0;
    if (row < *top + margin)
        *top = row - margin;
    if (row > *top + h - 1 - margin)
        *top = row - h + 1 + margin;
    *top = clamp(*top, 0, rows - h);
}

static void align(App *app, Pane pane, int screen_row)
{
    int h = page(app, pane), row = view_row(app, pane), rows = view_rows(app, pane),
        *top = view_top(app, pane);
    *top = clamp(row - screen_row, 0, rows - h);
    if (row < *top || row >= *top + h)
        *top = clamp(row - h / 2, 0, rows - h);
}

/* --- following
 * -------------------------------------------------------------------------------------------- */

/* Which of the other side's ranges belongs to this one: definition to definition, use to use. */
static int paired(int index, int here, int there)
{
    if (there == 0)
        return -1;
    if (index <= 0)
        return 0;
    if (here == there || index < there)
        return index;
    return there - 1;
}

static int node_of(const App *app, const PtlMapping *m, int index)
{
    int use = 0, last = -1;
    for (int i = 0; i < m->nnodes; i++) {
        int node = m->nodes[i];
        if (node < 0 || node >= app->port->nnodes)
            continue;
        if (index <= 0 && !app->port->nodes[node].is_use)
            return node;
        if (app->port->nodes[node].is_use && ++use == index)
            return node;
        if (last < 0 || app->port->nodes[node].is_use)
            last = node;
    }
    return last;
}

static void set_view(TextView *v, PtlRange r)
{
    v->line = text_line_of(&v->text, r.start);
    v->pos = r.start;
}

static void select_question(App *app)
{
    int here = decision_here(app);
    if (here >= 0 && app->focus != PANE_DETAIL && app->focus != PANE_QUEUE)
        decision_select(app, here);
}

static bool in_sight(App *app, Pane pane)
{
    int h = page(app, pane), at = view_row(app, pane) - *view_top(app, pane);
    return at >= MARGIN && at < h - MARGIN;
}

typedef enum {
    CALM,
    LEVEL
} FollowHow; /* LEVEL: to the same screen row; CALM: only when out of sight */

static void follow(App *app, Pane origin, const PtlMapping *m, FollowHow how, bool node_known)
{
    int screen_row = view_row(app, origin) - *view_top(app, origin);
    if (!node_known)
        app->node = node_of(app, m, origin == PANE_TARGET ? app->tgt_range : app->src_range);
    select_question(app);
    if (!app->sync)
        return;
    if (origin != PANE_SOURCE && app->src_range >= 0) {
        set_view(&app->source, m->source[app->src_range]);
        if (origin == PANE_TREE)
            view_reveal(app, PANE_SOURCE);
        else if (how == LEVEL || !in_sight(app, PANE_SOURCE))
            align(app, PANE_SOURCE, screen_row);
    }
    if (origin != PANE_TARGET && app->tgt_range >= 0) {
        set_view(&app->target, m->target[app->tgt_range]);
        if (origin == PANE_TREE)
            screen_row = view_row(app, PANE_SOURCE) - app->source.top;
        if (how == LEVEL || !in_sight(app, PANE_TARGET))
            align(app, PANE_TARGET, screen_row);
    }
    if (origin != PANE_TREE && app->node >= 0)
        tree_reveal(app, app->node);
}

static void arrive(App *app, Pane pane, int map, int range, FollowHow how)
{
    const PtlMapping *m = sync_mapping_by_id(app, map);
    app->map = map;
    if (!m) {
        app->src_range = app->tgt_range = -1;
        select_question(app);
        return;
    }
    if (pane == PANE_SOURCE) {
        app->src_range = range;
        app->tgt_range = paired(range, m->nsource, m->ntarget);
    } else {
        app->tgt_range = range;
        app->src_range = paired(range, m->ntarget, m->nsource);
    }
    follow(app, pane, m, how, false);
}

void sync_moved(App *app, Pane pane)
{
    TextView *v = app_view(app, pane);
    int range = 0, indent = text_indent(&v->text, v->line);
    int map = sync_mapping_at(app, pane, indent, &range);
    int first = mapping_on_line(app, pane, v->line, &range);
    if (first) {
        map = first;
    } else if (map) {
        map = sync_mapping_at(app, pane, indent, &range);
    }
    const PtlMapping *m = sync_mapping_by_id(app, map);
    v->pos = indent;
    if (m) {
        int n;
        const PtlRange *r = ranges(m, pane, &n);
        if (text_line_of(&v->text, r[range].start) == v->line)
            v->pos = r[range].start;
    }
    view_reveal(app, pane);
    arrive(app, pane, map, range, CALM);
}

void sync_to_place(App *app, Pane pane, int map, int range)
{
    const PtlMapping *m = sync_mapping_by_id(app, map);
    TextView *v = app_view(app, pane);
    int n;
    if (!m || !v)
        return;
    const PtlRange *r = ranges(m, pane, &n);
    if (range < 0 || range >= n)
        return;
    set_view(v, r[range]);
    view_reveal(app, pane);
    arrive(app, pane, map, range, LEVEL);
}

void sync_to_node(App *app, int node)
{
    if (!app->port || node < 0 || node >= app->port->nnodes)
        return;
    const PtlNode *n = &app->port->nodes[node];
    const PtlMapping *m = sync_mapping_by_id(app, n->mapping);
    app->node = node;
    app->map = m ? n->mapping : 0;
    app->src_range = app->tgt_range = -1;
    if (!m)
        return;
    int use = 0;
    for (int i = 0; i < m->nnodes && m->nodes[i] != node; i++)
        use += app->port->nodes[m->nodes[i]].is_use;
    int index = n->is_use ? use + 1 : 0;
    app->src_range = m->nsource ? (index < m->nsource ? index : m->nsource - 1) : -1;
    app->tgt_range = app->src_range >= 0 ? paired(app->src_range, m->nsource, m->ntarget)
                                         : paired(index, 0, m->ntarget);
    follow(app, PANE_TREE, m, LEVEL, true);
}

void sync_to_decision(App *app, const PtlDecision *d)
{
    const PtlMapping *m = sync_mapping_by_id(app, d->mapping);
    if (m && m->nsource) {
        int range = 0;
        for (int i = 0; i < m->nsource; i++)
            if (m->source[i].start <= d->source.start && d->source.end <= m->source[i].end)
                range = i;
        sync_to_place(app, PANE_SOURCE, d->mapping, range);
    } else if (m && m->ntarget) {
        sync_to_place(app, PANE_TARGET, d->mapping, 0);
    } else if (d->line > 0 && d->line <= app->source.text.nlines) {
        app->source.line = d->line - 1;
        sync_moved(app, PANE_SOURCE);
    }
}

/* --- stepping
 * --------------------------------------------------------------------------------------------- */

/* The nearest place strictly before or behind (pos, length); longer ranges come first at one start.
 */
static int neighbour(const App *app, int direction, PtlRange from, int *range)
{
    int best = 0;
    PtlRange found = {0, 0};
    for (int i = 0; i < app->port->nmappings; i++) {
        const PtlMapping *m = &app->port->mappings[i];
        for (int k = 0; k < m->nsource; k++) {
            PtlRange r = m->source[k];
            int order = r.start != from.start ? r.start - from.start : from.end - r.end;
            int against = r.start != found.start ? r.start - found.start : found.end - r.end;
            if (order * direction <= 0 || (best && against * direction >= 0))
                continue;
            best = i + 1, found = r, *range = k;
        }
    }
    return best;
}

void sync_step(App *app, int direction, int count)
{
    for (; count > 0; count--) {
        const PtlMapping *m = sync_mapping(app);
        PtlRange from = {app->source.pos, app->source.text.len + 1};
        if (direction < 0)
            from.end = -1;
        if (m && app->src_range >= 0)
            from = m->source[app->src_range];
        int range = 0, next = neighbour(app, direction, from, &range);
        if (!next) {
            app_say(app, MESSAGE_INFO,
                    direction > 0 ? "that was the last mapping" : "that was the first mapping");
            return;
        }
        sync_to_place(app, PANE_SOURCE, next, range);
    }
}

void view_move(App *app, Pane pane, int lines)
{
    TextView *v = app_view(app, pane);
    int rows = view_rows(app, pane);
    if (v) {
        v->line = clamp(v->line + lines, 0, v->text.nlines - 1);
        sync_moved(app, pane);
    } else if (pane == PANE_TREE && rows) {
        app->tree.row = clamp(app->tree.row + lines, 0, rows - 1);
        view_reveal(app, pane);
        sync_to_node(app, app->tree.rows[app->tree.row]);
    } else if (pane == PANE_QUEUE && rows) {
        app->queue.row = clamp(app->queue.row + lines, 0, rows - 1);
        view_reveal(app, pane);
        decision_select(app, app->queue.rows[app->queue.row]);
        sync_to_decision(app, &app->port->decisions[app->queue.rows[app->queue.row]]);
    }
}
