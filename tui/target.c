/* The target pane's rows. Without a preview they are its lines. With one they are the diff of the
 * current port and the previewed one: what would go and what would come, in place.
 *
 * A preview is wished for by id and answer (preview_wish), started when it is due (at once, or 80
 * ms after the last move when the answer makes the engine trace again), computed by a job, and
 * taken when it is still the one that is wished. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "panes.h"
#include "pycolour.h"

enum { RETRACE_DELAY = 80 };

static void mark_new(Arena *scratch, const char *old, const Text *now, unsigned char *marks)
{
    Text before;
    text_init(&before, scratch, old, (int)strlen(old));
    Diff d = diff_lines(scratch, &before, now);
    for (int i = 0; i < d.nrows; i++)
        if (d.rows[i].kind == '+')
            marks[d.rows[i].b] = 1;
}

void target_load(App *app)
{
    TextView *v = &app->target;
    const char *text = app->port && app->port->text ? app->port->text : "";
    int len = app->port && app->port->text ? app->port->len : 0;
    Arena *a = app->port_arena;
    text_init(&v->text, a, text, len);
    v->roles = pycolour(a, text, len);
    v->changed = arena_alloc(a, (size_t)v->text.nlines + 1);
    v->lit = arena_alloc(a, (size_t)v->text.nlines + 1);
    v->status = arena_alloc(a, (size_t)v->text.nlines + 1);
    if (app->port && !app->written)
        app->written = x_strdup(text);
    Arena *scratch = arena_new();
    if (app->written && strcmp(app->written, text) != 0)
        mark_new(scratch, app->written, &v->text, v->changed);
    if (app->shown && app->port && strcmp(app->shown, text) != 0)
        mark_new(scratch, app->shown, &v->text, v->lit);
    arena_free(scratch);
    if (v->line >= v->text.nlines)
        v->line = v->text.nlines - 1;
}

void target_forget_lit(App *app)
{
    if (!app->shown)
        return;
    app_set_string(&app->shown, NULL);
    if (app->target.lit)
        memset(app->target.lit, 0, (size_t)app->target.text.nlines);
}

bool preview_stands(const App *app)
{
    return app->preview != NULL;
}

static void plain_rows(App *app)
{
    app->nrows = app->target.text.nlines;
    app->rows = ARENA_ARRAY(app->preview_arena, TargetRow, app->nrows + 1);
    for (int i = 0; i < app->nrows; i++) app->rows[i] = (TargetRow){' ', i};
    app->first_change = -1;
}

void target_rows(App *app)
{
    arena_free(app->preview_arena);
    app->preview_arena = arena_new();
    if (!app->preview || !app->preview->text) {
        plain_rows(app);
        return;
    }
    text_init(&app->preview_text, app->preview_arena, app->preview->text, app->preview->len);
    app->preview_roles = pycolour(app->preview_arena, app->preview->text, app->preview->len);
    Diff d = diff_lines(app->preview_arena, &app->target.text, &app->preview_text);
    app->rows = ARENA_ARRAY(app->preview_arena, TargetRow, d.nrows + 1);
    app->nrows = d.nrows;
    app->first_change = -1;
    for (int i = 0; i < d.nrows; i++) {
        app->rows[i] =
            (TargetRow){d.rows[i].kind, d.rows[i].kind == '+' ? d.rows[i].b : d.rows[i].a};
        if (d.rows[i].kind != ' ' && app->first_change < 0)
            app->first_change = i;
    }
}

int target_row_of(const App *app, int line)
{
    for (int i = line < app->nrows ? line : 0; i < app->nrows; i++)
        if (app->rows[i].kind != '+' && app->rows[i].line == line)
            return i;
    for (int i = 0; i < app->nrows; i++)
        if (app->rows[i].kind != '+' && app->rows[i].line == line)
            return i;
    return 0;
}

void preview_drop(App *app)
{
    bool stood = app->preview != NULL;
    app->preview = NULL;
    app->preview_error = NULL;
    app->preview_due = 0;
    app_set_string(&app->preview_id, NULL);
    app_set_string(&app->preview_answer, NULL);
    if (stood) {
        target_rows(app);
        view_reveal(app, PANE_TARGET);
    }
}

void preview_wish(App *app)
{
    const PtlDecision *d = app_decision(app);
    const char *answer = decision_answer(app);
    if (d && answer && str_eq(app->preview_id, d->id) && str_eq(app->preview_answer, answer))
        return;
    preview_drop(app);
    if (!d || !answer || (d->answer && str_eq(answer, d->answer)))
        return;
    app_set_string(&app->preview_id, d->id);
    app_set_string(&app->preview_answer, answer);
    app->preview_due = app->now + (d->retraces && !app->offscreen ? RETRACE_DELAY : 0);
    app_tick(app);
}

void preview_take(App *app, const PtlPort *port, const char *error)
{
    app->preview = port;
    app->preview_error = error;
    target_rows(app);
    if (!port)
        return;
    int h = app->layout.body[PANE_TARGET].h, first = app->first_change;
    view_reveal(app, PANE_TARGET);
    if (first >= 0 && (first < app->target.top || first >= app->target.top + h - 1)) {
        app->target.top = first > h / 3 ? first - h / 3 : 0;
    }
}
