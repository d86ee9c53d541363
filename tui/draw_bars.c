/* Title, status, key line, headings. What does not fit is left out whole, the least needed first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "commands.h"
#include "draw.h"
#include "keys.h"
#include "panes.h"
#include "tour.h"

void draw_heading(App *app, Rect r, const char *title, const char *right, bool focused)
{
    Screen *s = &app->screen;
    int wide = screen_columns(right), max = r.w - 4;
    screen_fill(s, r.y, r.x, r.w, ROLE_frame, "─");
    if (*right && wide + 16 < r.w) {
        screen_fill(s, r.y, r.x + r.w - wide - 3, wide + 2, ROLE_head, " ");
        screen_put(s, r.y, r.x + r.w - wide - 2, wide, ROLE_head, right);
        max -= wide + 3;
    }
    screen_put(s, r.y, r.x + 1, 1, ROLE_head, " ");
    int n = screen_put_cut(s, r.y, r.x + 2, max, focused ? ROLE_focus : ROLE_head, title);
    screen_put(s, r.y, r.x + 2 + n, 1, ROLE_head, " ");
    if (focused)
        screen_over(s, r.y, r.x + 1, n + 2, OVER_selected);
}

static int put_count(App *app, int x, PtlStatus status, int n, const char *word)
{
    char text[48];
    snprintf(text, sizeof text, "%s%d%s%s", status_glyph(status), n, *word ? " " : "", word);
    return screen_put(&app->screen, 0, x, app->screen.w - x, n ? status_role(status) : ROLE_dim,
                      text) +
           (*word ? 2 : 1);
}

static int draw_counts(App *app, int x, bool words)
{
    const PtlPort *p = app->port;
    x += put_count(app, x, PTL_OPEN, p->open, words ? "open" : "");
    x += put_count(app, x, PTL_UNSUPPORTED, p->unsupported, words ? "unsupported" : "");
    x += put_count(app, x, PTL_DEFAULT, p->defaults, words ? "default taken" : "");
    x += put_count(app, x, PTL_OK, p->chosen, words ? "chosen" : "");
    if (p->stale)
        x += put_count(app, x, PTL_STALE, p->stale, words ? "stale" : "");
    return x + 1;
}

static int counts_width(const App *app, bool words)
{
    const PtlPort *p = app->port;
    char text[200];
    snprintf(text, sizeof text,
             words ? "?%d open  !%d unsupported  ~%d default taken  ?%d chosen  "
                   : "?%d !%d ~%d ?%d ",
             p->open, p->unsupported, p->defaults, p->chosen);
    int n = (int)strlen(text) + 1;
    if (p->stale)
        n += 2 + (words ? 8 : 1) + snprintf(text, sizeof text, "%d", p->stale);
    return n;
}

/* "reviewed 3/17": lines that are ticked off, of those that something came of; and ticks whose line has changed since. */
static void review_text(const App *app, char *out, size_t size)
{
    const Text *t = &app->source.text;
    int total = 0, done = 0, placed = 0, last = -1;
    *out = '\0';
    if (!app->nmarks || !app->source.marked)
        return;
    unsigned char *seen = x_alloc((size_t)t->nlines + 1);
    memset(seen, 0, (size_t)t->nlines + 1);
    for (int i = 0; i < app->port->nmappings; i++) {
        const PtlMapping *m = &app->port->mappings[i];
        last = m->nsource ? text_line_of(t, m->source[0].start) : -1;
        if (last < 0 || last >= t->nlines || seen[last])
            continue;
        seen[last] = 1;
        total++;
        done += app->source.marked[last];
    }
    for (int i = 0; i < t->nlines; i++) placed += app->source.marked[i];
    free(seen);
    int n = snprintf(out, size, "reviewed %d/%d", done, total);
    if (placed < app->nmarks && n > 0)
        snprintf(out + n, size - (size_t)n, ", %d stale", app->nmarks - placed);
}

void draw_title(App *app)
{
    Screen *s = &app->screen;
    int w = s->w, x = 1;
    x += screen_put(s, 0, x, w, ROLE_name, "portolan") + 2;
    if (!app->doc)
        return;
    x += screen_put_cut(s, 0, x, w / 4, ROLE_title, app->facts.source);
    x += screen_put(s, 0, x, w - x, ROLE_dim, " → ");
    x += screen_put_cut(s, 0, x, w / 4, ROLE_title, app->facts.target) + 3;
    char text[160];
    const Facts *f = &app->facts;
    bool busy = !app->port;
    int unsaved = busy ? 0 : f->unsaved;
    int right = busy ? 12 : counts_width(app, w >= 170) + (unsaved ? 12 : 0) + (app->sync ? 0 : 9);
    snprintf(text, sizeof text, "%s→%s%s%s", *f->from ? f->from : "?", *f->to ? f->to : "?",
             w >= 110 && *f->style ? ", " : "", w >= 110 ? f->style : "");
    if (x + screen_columns(text) + right < w)
        x += screen_put(s, 0, x, w - x, ROLE_title, text) + 3;
    const char *input = busy ? "" : f->input;
    if (*input) {
        snprintf(text, sizeof text, "input %s", input);
        if (x + screen_columns(text) + right + 2 < w)
            x += screen_put(s, 0, x, w - x, ROLE_title, text) + 3;
    }
    if (busy) {
        screen_put(s, 0, x, w - x, ROLE_dim, "reading …");
        return;
    }
    x = draw_counts(app, x, w >= 170 && x + right < w) + 1;
    snprintf(text, sizeof text, "unsaved:%d", unsaved);
    if (unsaved && x + screen_columns(text) < w)
        x += screen_put(s, 0, x, w - x, ROLE_warning, text) + 2;
    review_text(app, text, sizeof text);
    if (*text && x + screen_columns(text) + 2 < w)
        x += screen_put(s, 0, x, w - x, ROLE_ok, text) + 2;
    if (!app->sync && x + 8 < w)
        screen_put(s, 0, x, w - x, ROLE_dim, "sync:off");
}

void draw_message(App *app, int y)
{
    static const int roles[] = {ROLE_message, ROLE_warning, ROLE_error};
    screen_fill(&app->screen, y, 0, app->screen.w, ROLE_text, " ");
    screen_put_cut(&app->screen, y, 1, app->screen.w - 2, roles[app->message_kind], app->message);
}

/* What is wrong with the source, at the right end; how many columns it takes. */
static int draw_troubles(App *app)
{
    const PtlPort *p = app->port;
    int errors = 0, warnings = 0, n = 0;
    char text[96] = "";
    for (int i = 0; p && i < p->ndiags; i++) {
        errors += p->diags[i].severity == PTL_ERROR;
        warnings += p->diags[i].severity == PTL_WARNING;
    }
    if (errors)
        n += snprintf(text, sizeof text, "%d error%s ", errors, errors == 1 ? "" : "s");
    if (warnings)
        n += snprintf(text + n, sizeof text - (size_t)n, "%d warning%s ", warnings,
                      warnings == 1 ? "" : "s");
    if (n == 0)
        return 0;
    n += snprintf(text + n, sizeof text - (size_t)n, "in the source: D");
    screen_put(&app->screen, app->layout.status, app->screen.w - n - 1, n,
               errors ? ROLE_error : ROLE_warning, text);
    return n + 2;
}

static void draw_triple(App *app)
{
    char hint[200];
    if (tour_hint(app, hint, sizeof hint)) {
        screen_put_cut(&app->screen, app->layout.status, 1, app->screen.w - 2, ROLE_prompt, hint);
        return;
    }
    const PtlMapping *m = sync_mapping(app);
    Screen *s = &app->screen;
    int y = app->layout.status, x = 1, w = s->w - draw_troubles(app);
    if (!m) {
        const char *where = app->port ? "no mapping here   ] goes to the next" : "";
        screen_printf(s, y, x, w - x, ROLE_dim, "%s:%d   %s", app->facts.source,
                      app->source.line + 1, where);
        return;
    }
    const char *name =
        app->node >= 0 && app->node < app->port->nnodes ? app->port->nodes[app->node].name : "";
    x += screen_printf(s, y, x, w - x, ROLE_label, "m%d%s%s", m->id, *name ? " " : "", name);
    if (app->src_range >= 0 && app->src_range < m->nsource) {
        int line = text_line_of(&app->source.text, m->source[app->src_range].start);
        x += screen_put(s, y, x, w - x, ROLE_dim, " ↔ ");
        x += screen_printf(s, y, x, w - x, ROLE_label, "%s:%d", app->facts.source, line + 1);
    }
    if (app->tgt_range >= 0 && app->tgt_range < m->ntarget) {
        int line = text_line_of(&app->target.text, m->target[app->tgt_range].start);
        x += screen_put(s, y, x, w - x, ROLE_dim, " ↔ ");
        x += screen_printf(s, y, x, w - x, ROLE_label, "%s:%d", app->facts.target, line + 1);
    }
    x += 3;
    if (m->inserted)
        x += screen_put(s, y, x, w - x, ROLE_added, "inserted") + 2;
    if (m->rule && *m->rule && x < w - 8)
        screen_put_cut(s, y, x, w - x - 1, ROLE_dim, m->rule);
}

void draw_status(App *app)
{
    Screen *s = &app->screen;
    int y = app->layout.status;
    if (app->npending || app->count) {
        char text[64] = "", label[16];
        int n = app->count ? snprintf(text, sizeof text, "%d", app->count) : 0;
        for (int i = 0; i < app->npending; i++)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s",
                          key_label(app->pending[i], label));
        screen_put(s, y, s->w - n - 2, n, ROLE_prompt, text);
    }
    if (app->message[0]) {
        draw_message(app, y);
    } else if (job_running(app) && app->job.kind != JOB_PREVIEW && !app->offscreen) {
        screen_put(s, y, 1, s->w - 2, ROLE_dim,
                   app->job.kind == JOB_WORK ? "reading …" : "working …");
    } else {
        draw_triple(app);
    }
}

void draw_keys(App *app, int y, const char *keys)
{
    Screen *s = &app->screen;
    int x = 1;
    screen_fill(s, y, 0, s->w, ROLE_text, " ");
    while (*keys) {
        int n = (int)strcspn(keys, " "), end = n;
        while (keys[end] && !(keys[end] == ' ' && keys[end + 1] == ' ')) end++;
        if (x + end > s->w - 1)
            return;
        x += screen_putn(s, y, x, s->w - x, ROLE_key, keys, n);
        x += screen_putn(s, y, x, s->w - x, ROLE_label, keys + n, end - n) + 3;
        keys += end;
        while (*keys == ' ') keys++;
    }
}

/* Would the command do something here and now? */
static bool is_live(const App *app, const Command *c)
{
    const PtlDecision *d = app_decision(app);
    if (strchr(c->flags, 'P') && !app->port)
        return false;
    if (c->run == act_next_open)
        return app->port->open + app->port->unsupported + app->port->stale > 0;
    if (c->run == act_decide)
        return app->focus == PANE_TREE || decision_here(app) >= 0;
    if (c->run == act_choose || c->run == act_open_detail)
        return d != NULL;
    if (c->run == act_accept_default)
        return d && d->dflt;
    if (c->run == act_type_answer)
        return d && d->free_text && app->focus >= PANE_QUEUE;
    if (c->run == act_clear)
        return d && (d->status == PTL_OK || d->status == PTL_STALE);
    if (c->run == act_undo)
        return app->facts.unsaved > 0;
    if (c->run == act_write || c->run == act_diff)
        return app->port->text != NULL;
    if (c->run == act_why)
        return app->map > 0;
    return true;
}

void draw_keyline(App *app)
{
    Screen *s = &app->screen;
    int y = app->layout.keyline, x = 1;
    if (app->layout.kind == LAYOUT_FOCUS && app->focus != PANE_DETAIL && !app->zoom) {
        x += screen_put(s, y, x, s->w, ROLE_key, "1-4");
        x += screen_put(s, y, x, s->w, ROLE_label, " view") + 2;
    }
    for (char rank = '1'; rank <= '9'; rank++) {
        for (int i = 0; i < ncommands; i++) {
            const Command *c = &commands[i];
            char key[32];
            if (c->brief[0] != rank || !is_live(app, c))
                continue;
            if (!keymap_label(app->keymap, c, app->focus, key, sizeof key))
                continue;
            const char *brief =
                c->run == act_choose && app->answered ? "on to the next" : c->brief + 1;
            int need = screen_columns(key) + 1 + screen_columns(brief);
            if (x + need > s->w - 1)
                continue;
            x += screen_put(s, y, x, s->w, ROLE_key, key) + 1;
            x += screen_put(s, y, x, s->w, ROLE_label, brief) + 2;
        }
    }
}
