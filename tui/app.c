/* The app's life, and what is made anew when the source or the port changes. Keys are handed to the
 * overlay that is up, else to the commands; after every event the layout is computed again, so that
 * commands can rely on the panes' sizes. */
#include "app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "commands.h"
#include "journal.h"
#include "keys.h"
#include "mouse.h"
#include "overlay.h"
#include "panes.h"
#include "pycolour.h"

enum { ERROR_ON_LINE = 100 }; /* beside PtlStatus + 1 in a line's status */

void app_set_string(char **where, const char *value)
{
    char *fresh = value ? x_strdup(value) : NULL;
    free(*where);
    *where = fresh;
}

App *app_new(const TuiOptions *opts)
{
    App *app = x_alloc(sizeof *app);
    memset(app, 0, sizeof *app);
    app->opts = opts;
    app->arena = arena_new();
    app->source_arena = arena_new();
    app->port_arena = arena_new();
    app->preview_arena = arena_new();
    app->keymap = keymap_new();
    app->sync = app->utf8 = true;
    app->now = 1; /* 0 is "never" in preview_due */
    app->src_range = app->tgt_range = app->node = -1;
    settings_init(&app->settings);
    facts_init(&app->facts);
    job_init(&app->job);
    check_init(&app->check);
    theme_builtin(&app->theme);
    text_init(&app->source.text, app->source_arena, "", 0);
    text_init(&app->target.text, app->port_arena, "", 0);
    screen_resize(&app->screen, 80, 24);
    return app;
}

static void free_strings(char **list, int n)
{
    for (int i = 0; i < n; i++) free(list[i]);
    free(list);
}

void app_free(App *app)
{
    overlay_free(app);
    facts_free(&app->facts);
    free_strings(app->tree.folded, app->tree.nfolded);
    free_strings(app->history[0], app->nhistory[0]);
    free_strings(app->history[1], app->nhistory[1]);
    free_strings(app->marks, app->nmarks);
    free(app->decision);
    free(app->typed);
    free(app->own_id);
    free(app->own_hint);
    free(app->preview_id);
    free(app->preview_answer);
    free(app->written);
    free(app->shown);
    free(app->search.pattern);
    free(app->deferred_arg);
    free(app->edit_path);
    buf_free(&app->clipboard);
    settings_free(&app->settings);
    keymap_free(app->keymap);
    check_free(app);
    job_free(&app->job);
    screen_free(&app->screen);
    if (app->doc)
        ptl_close(app->doc);
    arena_free(app->preview_arena);
    arena_free(app->port_arena);
    arena_free(app->source_arena);
    arena_free(app->arena);
    free(app);
}

bool app_open(App *app, const char *path, const char **err)
{
    PtlDoc *doc = ptl_open_text(path, &app->opts->engine, err);
    if (!doc)
        return false;
    if (app->doc)
        ptl_close(app->doc);
    app->doc = doc;
    app->port = NULL;
    app_source_changed(app);
    facts_learn(app);
    app->source.line = app->source.pos = app->source.top = 0;
    return true;
}

void app_say(App *app, MessageKind kind, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(app->message, sizeof app->message, fmt, ap);
    va_end(ap);
    app->message_kind = kind;
}

void app_resize(App *app, int w, int h)
{
    screen_resize(&app->screen, w, h);
    layout_update(app);
    for (int p = 0; p < PANE_DETAIL; p++)
        if (p != PANE_TARGET || app->rows)
            view_reveal(app, (Pane)p);
}

bool app_is_text_pane(Pane pane)
{
    return pane <= PANE_TARGET;
}

TextView *app_view(App *app, Pane pane)
{
    return pane == PANE_SOURCE ? &app->source : pane == PANE_TARGET ? &app->target : NULL;
}

int app_decision_index(const App *app, const char *id)
{
    for (int i = 0; app->port && id && i < app->port->ndecisions; i++)
        if (str_eq(app->port->decisions[i].id, id))
            return i;
    return -1;
}

const PtlDecision *app_decision(const App *app)
{
    int i = app_decision_index(app, app->decision);
    return i < 0 ? NULL : &app->port->decisions[i];
}

/* --- what follows from a new port
 * ------------------------------------------------------------------------- */

static void worsen(unsigned char *slot, PtlStatus status)
{
    static const int severity[] = {0, 1, 4, 3, 2}; /* ok, default, open, unsupported, stale */
    if (status == PTL_OK)
        return;
    if (*slot == 0 || (*slot < ERROR_ON_LINE && severity[*slot - 1] < severity[status]))
        *slot = (unsigned char)(status + 1);
}

static void line_statuses(App *app)
{
    const PtlPort *p = app->port;
    app->source.status = arena_alloc(app->port_arena, (size_t)app->source.text.nlines + 1);
    for (int i = 0; p && i < p->ndecisions; i++) {
        const PtlDecision *d = &p->decisions[i];
        if (d->line > 0 && d->line <= app->source.text.nlines)
            worsen(&app->source.status[d->line - 1], d->status);
        const PtlMapping *m = sync_mapping_by_id(app, d->mapping);
        for (int k = 0; m && k < m->ntarget && k < 1; k++)
            worsen(&app->target.status[text_line_of(&app->target.text, m->target[k].start)],
                   d->status);
    }
    for (int i = 0; p && i < p->ndiags; i++) {
        const PtlDiag *d = &p->diags[i];
        if (d->severity == PTL_ERROR && d->line > 0 && d->line <= app->source.text.nlines)
            if (!app->source.status[d->line - 1])
                app->source.status[d->line - 1] = ERROR_ON_LINE;
    }
}

/* Ranges are trusted nowhere else: a range that leaves its text would make the panes read outside
 * it. */
static bool ranges_hold(const App *app, const PtlPort *p)
{
    int slen = app->source.text.len, tlen = p->text ? p->len : 0;
    for (int i = 0; i < p->nmappings; i++) {
        const PtlMapping *m = &p->mappings[i];
        for (int k = 0; k < m->nsource; k++)
            if (m->source[k].start < 0 || m->source[k].end > slen ||
                m->source[k].start > m->source[k].end)
                return false;
        for (int k = 0; k < m->ntarget; k++)
            if (m->target[k].start < 0 || m->target[k].end > tlen ||
                m->target[k].start > m->target[k].end)
                return false;
    }
    return true;
}

static void find_mapping_again(App *app)
{
    int range = 0;
    int map = app->port ? sync_mapping_at(app, PANE_SOURCE, app->source.pos, &range) : 0;
    const PtlMapping *m = sync_mapping_by_id(app, map);
    app->map = map;
    app->src_range = m ? range : -1;
    app->tgt_range = -1;
    app->node = -1;
    if (m)
        sync_to_place(app, PANE_SOURCE, map, range);
}

void app_port_changed(App *app)
{
    arena_free(app->port_arena);
    app->port_arena = arena_new();
    app->port = app->doc && ptl_ready(app->doc) ? ptl_port(app->doc) : NULL;
    app->preview = NULL;
    app_colour(app);
    if (app->doc)
        facts_learn(app);
    target_load(app);
    if (app->port && !ranges_hold(app, app->port)) {
        app_say(app, MESSAGE_ERROR,
                "the engine gave ranges outside the text; panes cannot be kept in step");
        app->port = NULL;
        target_load(app);
    }
    line_statuses(app);
    target_rows(app);
    tree_rows(app);
    queue_rows(app);
    if (app->decision && app_decision_index(app, app->decision) < 0)
        decision_select(app, -1);
    layout_update(app);
    find_mapping_again(app);
    if (!app->decision && app->port && app->port->ndecisions)
        decision_select(app, app->queue.nrows ? app->queue.rows[0] : 0);
    if (app->port && app->port->impossible)
        app_say(app, MESSAGE_ERROR, "%s", app->port->impossible);
}

void app_colour(App *app)
{
    TextView *v = &app->source;
    if (!v->roles)
        v->roles = pycolour(app->source_arena, v->text.s, v->text.len);
}

void app_source_changed(App *app)
{
    int len;
    const char *text = ptl_source(app->doc, &len);
    arena_free(app->source_arena);
    app->source_arena = arena_new();
    char *copy = arena_strndup(app->source_arena, text, (size_t)len);
    memcpy(copy, text, (size_t)len); /* a text may hold NULs */
    text_init(&app->source.text, app->source_arena, copy, len);
    app->source.roles = NULL; /* the first paint is plain: app_colour comes behind it */
    app->source.status = NULL;
    marks_place(app);
    if (app->source.line >= app->source.text.nlines)
        app->source.line = app->source.text.nlines - 1;
    app->source.pos = app->source.text.start[app->source.line];
}

/* --- events
 * -----------------------------------------------------------------------------------------------
 */

void app_event(App *app, const Event *ev)
{
    if (ev->kind == EV_BACKGROUND) {
        overlay_background(app, ev);
        return;
    }
    if (app->layout.kind == LAYOUT_TOO_SMALL) {
        if (ev->kind == EV_KEY && ev->key == 'q')
            app->quit = true;
        if (ev->kind == EV_KEY && ev->key == KEY_CTRL('l'))
            app->redraw = true;
        if (ev->kind == EV_KEY && ev->key == KEY_CTRL('z'))
            app->suspend = true;
        return;
    }
    if (ev->kind == EV_MOUSE) {
        mouse_event(app, ev);
    } else if (ev->kind == EV_PASTE) {
        overlay_paste(app, ev->paste);
    } else {
        if (app->overlay == OVERLAY_NONE) {
            app->message[0] = '\0';
            target_forget_lit(app);
        }
        overlay_key(app, ev->key);
    }
    layout_update(app);
}

void app_tick(App *app)
{
    if (app->preview_due == 0 || app->now < app->preview_due || job_running(app))
        return;
    app->preview_due = 0;
    if (app->port && app->preview_id)
        job_start_preview(app, app->preview_id, app->preview_answer);
}

int app_timeout(const App *app)
{
    if (app->preview_due == 0 || job_running(app))
        return -1;
    long left = app->preview_due - app->now;
    return left < 0 ? 0 : (int)left;
}
