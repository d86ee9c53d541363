/* The list of questions. It is filtered by a setting and sorted so that what waits comes first and
 * what is alike stands together; the selected question is remembered by id. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "panes.h"

bool decision_waits(const PtlDecision *d)
{
    return d->status == PTL_OPEN || d->status == PTL_STALE || d->status == PTL_UNSUPPORTED;
}

const char *status_glyph(PtlStatus status)
{
    static const char *const glyphs[] = {"✓", "~", "?", "!", "x"};
    return glyphs[status];
}

int status_role(PtlStatus status)
{
    static const int roles[] = {ROLE_ok, ROLE_default, ROLE_open, ROLE_unsupported, ROLE_stale};
    return roles[status];
}

static bool passes(const PtlDecision *d, const char *filter)
{
    if (str_eq(filter, "all"))
        return true;
    if (str_eq(filter, "defaults"))
        return d->status == PTL_DEFAULT;
    if (str_eq(filter, "errors"))
        return d->status == PTL_UNSUPPORTED || d->status == PTL_STALE;
    return decision_waits(d);
}

typedef struct SortKey {
    int index, rank, first;
} SortKey;

static int by_rank(const void *pa, const void *pb)
{
    const SortKey *a = pa, *b = pb;
    if (a->rank != b->rank)
        return a->rank - b->rank;
    return a->first != b->first ? a->first - b->first : a->index - b->index;
}

static bool alike(const PtlDecision *a, const PtlDecision *b)
{
    return str_eq(a->kind, b->kind) && str_eq(a->evidence, b->evidence);
}

/* "channel order ×1, unsupported ×3": what waits, by kind. */
static const char *summary(const App *app)
{
    const PtlPort *p = app->port;
    Buf b = {0};
    int kinds = 0, waiting = 0;
    for (int i = 0; i < p->ndecisions; i++) waiting += decision_waits(&p->decisions[i]);
    buf_printf(&b, "questions   %d of %d wait   listed: %s", waiting, p->ndecisions,
               app->settings.value[SET_filter]);
    for (int i = 0; i < p->ndecisions && kinds < 8; i++) {
        const PtlDecision *d = &p->decisions[i];
        int alike = 0;
        bool first = decision_waits(d);
        for (int k = 0; k < p->ndecisions && first; k++) {
            bool same = decision_waits(&p->decisions[k]) && str_eq(p->decisions[k].kind, d->kind);
            if (same && k < i)
                first = false;
            alike += same;
        }
        if (first)
            buf_printf(&b, "   %s ×%d", d->title, alike);
        kinds += first;
    }
    return buf_take(&b, app->port_arena);
}

void queue_rows(App *app)
{
    QueueView *q = &app->queue;
    int n = app->port ? app->port->ndecisions : 0;
    SortKey *keys = ARENA_ARRAY(app->port_arena, SortKey, n + 1);
    q->rows = ARENA_ARRAY(app->port_arena, int, n + 1);
    q->nrows = 0;
    static const int ranks[] = {3, 2, 0, 1, 0};
    for (int i = 0; i < n; i++) {
        const PtlDecision *d = &app->port->decisions[i];
        if (!passes(d, app->settings.value[SET_filter]))
            continue;
        int first = i;
        for (int k = 0; k < i && first == i; k++)
            if (alike(&app->port->decisions[k], d))
                first = k;
        keys[q->nrows++] = (SortKey){i, ranks[d->status], first};
    }
    qsort(keys, (size_t)q->nrows, sizeof *keys, by_rank);
    q->title_w = 4;
    for (int i = 0; i < q->nrows; i++) {
        int w = screen_columns(app->port->decisions[keys[i].index].title);
        q->rows[i] = keys[i].index;
        if (w > q->title_w)
            q->title_w = w;
    }
    q->summary = app->port ? summary(app) : "questions";
    int selected = app->decision ? app_decision_index(app, app->decision) : -1;
    for (int i = 0; i < q->nrows; i++)
        if (q->rows[i] == selected)
            q->row = i;
    if (q->row >= q->nrows)
        q->row = q->nrows ? q->nrows - 1 : 0;
}

int decision_here(const App *app)
{
    const PtlMapping *m = sync_mapping(app);
    int best = -1;
    for (int i = 0; m && i < m->ndecisions; i++) {
        const PtlDecision *d = &app->port->decisions[m->decisions[i]];
        if (best < 0 || (decision_waits(d) && !decision_waits(&app->port->decisions[best])))
            best = m->decisions[i];
    }
    for (int i = 0; best < 0 && app->port && app->focus == PANE_SOURCE && i < app->port->ndecisions;
         i++)
        if (app->port->decisions[i].line == app->source.line + 1)
            best = i;
    return best;
}

/* The option that is in force, else the default, else the first. */
static int preferred(const PtlDecision *d)
{
    for (int i = 0; i < d->noptions; i++)
        if (d->answer && str_eq(d->options[i].answer, d->answer))
            return i;
    for (int i = 0; i < d->noptions; i++)
        if (d->dflt && str_eq(d->options[i].answer, d->dflt))
            return i;
    return 0;
}

void decision_select(App *app, int index)
{
    if (!app->port || index < 0 || index >= app->port->ndecisions) {
        app_set_string(&app->decision, NULL);
        return;
    }
    const PtlDecision *d = &app->port->decisions[index];
    if (app->decision && str_eq(app->decision, d->id))
        return;
    app_set_string(&app->decision, d->id);
    app->option = preferred(d);
    app->detail_top = 0;
    app->answered = false;
    for (int i = 0; i < app->queue.nrows; i++)
        if (app->queue.rows[i] == index)
            app->queue.row = i;
    view_reveal(app, PANE_QUEUE);
}

/* Open ones in the order of the source: behind the selected one while a question has the focus,
 * else from the cursor's line on; the list wraps. */
static int next_waiting(const App *app, int direction, bool *wrapped)
{
    const PtlPort *p = app->port;
    bool asked = app->focus == PANE_DETAIL || app->focus == PANE_QUEUE;
    int current = asked && app->decision ? app_decision_index(app, app->decision) : -1;
    int here = current >= 0 ? p->decisions[current].line : app->source.line + 1;
    int best = -1, around = -1;
    for (int k = 0; k < p->ndecisions; k++) {
        int i = direction > 0 ? k : p->ndecisions - 1 - k;
        const PtlDecision *d = &p->decisions[i];
        if (!decision_waits(d) || i == current)
            continue;
        int ahead = (d->line - here) * direction;
        if (ahead == 0)
            ahead = current >= 0 ? (i - current) * direction : 1;
        if (ahead > 0 && (best < 0 || (d->line - p->decisions[best].line) * direction < 0))
            best = i;
        if (around < 0 || (d->line - p->decisions[around].line) * direction < 0)
            around = i;
    }
    *wrapped = best < 0 && around >= 0;
    if (best < 0)
        best = around;
    if (best < 0 && current >= 0 && decision_waits(&p->decisions[current]))
        best = current;
    return best;
}

bool decision_step(App *app, int direction)
{
    bool wrapped = false;
    int next = next_waiting(app, direction, &wrapped);
    if (next < 0)
        return false;
    decision_select(app, next);
    Pane focus = app->focus;
    app->focus = PANE_DETAIL;
    layout_update(app);
    sync_to_decision(app, &app->port->decisions[next]);
    if (focus != PANE_DETAIL && app_is_text_pane(focus))
        app->text_focus = focus;
    if (wrapped)
        app_say(app, MESSAGE_INFO, direction > 0 ? "from the top again" : "from the bottom again");
    preview_wish(app);
    return true;
}

const char *decision_answer(const App *app)
{
    const PtlDecision *d = app_decision(app);
    if (!d)
        return NULL;
    if (app->typed)
        return app->typed;
    return app->option < d->noptions ? d->options[app->option].answer : NULL;
}

int decision_alike(const App *app, const PtlDecision *d, const char **ids, int max)
{
    int n = 0;
    for (int i = 0; i < app->port->ndecisions && n < max; i++)
        if (alike(&app->port->decisions[i], d))
            ids[n++] = app->port->decisions[i].id;
    return n;
}
