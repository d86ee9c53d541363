/* What stands on disk against what a write would put there. Unchanged stretches are folded to their
 * edges. Before a write the same view asks: y writes target and decisions, d the decisions alone, o
 * another name.
 *
 * What is on disk is read again at the moment of writing; when it is no longer what was shown, the
 * view is made anew and the question stands again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "commands.h"
#include "journal.h"
#include "keys.h"
#include "lastport.h"
#include "merge.h"
#include "overlay.h"
#include "panes.h"

enum { CONTEXT = 3 };

static void add_line(App *app, char kind, const Text *t, int line)
{
    int from = t->start[line], n = text_line_end(t, line) - from;
    int role = kind == '+' ? ROLE_added : kind == '-' ? ROLE_removed : ROLE_text;
    PagerLine l = {(unsigned char)role, kind,
                   arena_strndup(app->pager.arena, t->s + from, (size_t)n)};
    vec_push(app->pager.arena, &app->pager.lines, l);
}

static bool near_change(const Diff *d, int i)
{
    for (int k = i - CONTEXT; k <= i + CONTEXT; k++)
        if (k >= 0 && k < d->nrows && d->rows[k].kind != ' ')
            return true;
    return false;
}

static void add_rows(App *app, const Diff *d, const Text *a, const Text *b)
{
    for (int i = 0; i < d->nrows;) {
        int skip = i;
        while (skip < d->nrows && !near_change(d, skip)) skip++;
        if (skip > i + 1) {
            pager_add(app, ROLE_dim, ' ', "⋯ %d lines unchanged", skip - i);
            i = skip;
            continue;
        }
        const DiffRow *r = &d->rows[i++];
        add_line(app, r->kind, r->kind == '+' ? b : a, r->kind == '+' ? r->b : r->a);
    }
}

static void add_headline(App *app, PtlTargetState state, const char *path, const Diff *d)
{
    const PtlPort *p = app->port;
    static const char *const said[] = {
        "%s is new: %d lines", "%s: %d lines added, %d removed",
        "%s was edited since the last port, or is not ours: writing replaces it",
        "%s on disk is exactly this text"};
    switch (state) {
    case PTL_TARGET_NEW:
        pager_add(app, ROLE_name, ' ', said[0], path, d->added);
        break;
    case PTL_TARGET_OURS:
        pager_add(app, ROLE_name, ' ', said[1], path, d->added, d->removed);
        break;
    case PTL_TARGET_FOREIGN:
        pager_add(app, ROLE_warning, '!', said[2], path);
        break;
    case PTL_TARGET_SAME:
        pager_add(app, ROLE_name, ' ', said[3], path);
        break;
    }
    int marked = p->open + p->unsupported + p->stale;
    if (marked)
        pager_add(app, ROLE_warning, '!',
                  "%d open, %d unsupported, %d stale: written as marked stubs", p->open,
                  p->unsupported, p->stale);
    if (app->pager.writes)
        pager_add(app, ROLE_dim, ' ', "decisions go to %s", ptl_sidecar_path(app->doc));
    pager_add(app, ROLE_text, ' ', "%s", "");
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

void diffview_open(App *app, const char *path, bool writes)
{
    if (job_running(app))
        job_wait(app, -1);
    if (!app->port || !app->port->text) {
        app_say(app, MESSAGE_ERROR, "there is no port to write: %s",
                app->port && app->port->impossible ? app->port->impossible
                                                   : "the source gives none");
        return;
    }
    if (writes && same_file(path, ptl_path(app->doc))) {
        app_say(app, MESSAGE_ERROR, "%s is the source: it is never written", path);
        return;
    }
    const char *disk = NULL;
    PtlTargetState state = ptl_target_state(app->doc, path, &disk);
    char *own_path = x_strdup(path);
    pager_open(app, writes ? "write" : "difference to what is on disk");
    Pager *p = &app->pager;
    app->overlay = OVERLAY_DIFF;
    p->writes = writes;
    p->foreign = state == PTL_TARGET_FOREIGN;
    p->target = arena_strdup(p->arena, own_path);
    p->disk = disk ? arena_strdup(p->arena, disk) : NULL;
    free(own_path);
    Text *a = ARENA_NEW(p->arena, Text), *b = ARENA_NEW(p->arena, Text);
    text_init(a, p->arena, p->disk ? p->disk : "", p->disk ? (int)strlen(p->disk) : 0);
    text_init(b, p->arena, app->port->text, app->port->len);
    Diff d = diff_lines(p->arena, a, b);
    add_headline(app, state, p->target, &d);
    if (state != PTL_TARGET_SAME)
        add_rows(app, &d, a, b);
    p->base = p->foreign && p->disk ? lastport_load(app, p->arena, p->target) : NULL;
    p->keys = !writes   ? "j/k scroll   w write   Esc back"
              : p->base ? "y replace it   m merge   o other name   d decisions only   Esc back"
              : p->foreign
                  ? "y replace it   o other name   d decisions only   j/k scroll   Esc back"
                  : "y write   d decisions only   o other name   j/k scroll   Esc back";
}

static void write_now(App *app)
{
    Pager *p = &app->pager;
    const char *disk = NULL;
    ptl_target_state(app->doc, p->target, &disk);
    if (!str_eq(disk, p->disk)) {
        char *path = x_strdup(p->target);
        diffview_open(app, path, true);
        app_say(app, MESSAGE_WARNING,
                "the file changed on disk meanwhile: this is the difference now");
        free(path);
        return;
    }
    char *path = x_strdup(p->target), *merged = p->merged ? x_strdup(p->merged) : NULL;
    overlay_close(app);
    job_start_write(app, path, merged);
    free(path);
    free(merged);
}

/* Shows what stands on disk against the merge of it with the port; y then writes the merge. */
static void show_merge(App *app)
{
    Pager *p = &app->pager;
    Arena *a = p->arena;
    Text base, theirs, ours, *merged = ARENA_NEW(a, Text), *disk = ARENA_NEW(a, Text);
    text_init(&base, a, p->base, (int)strlen(p->base));
    text_init(&theirs, a, p->disk, (int)strlen(p->disk));
    text_init(&ours, a, app->port->text, app->port->len);
    Merge m = merge_texts(a, &base, &theirs, &ours);
    *disk = theirs;
    text_init(merged, a, m.text, m.len);
    p->merged = m.text;
    p->lines.len = p->top = 0;
    snprintf(p->title, sizeof p->title, "write: merged with what was edited");
    pager_add(app, ROLE_name, ' ', "%s: what was edited there since the last port stays",
              p->target);
    if (m.conflicts)
        pager_add(app, ROLE_warning, '!',
                  "%d place%s changed on both sides: both are kept, between <<<<<<< and >>>>>>>",
                  m.conflicts, m.conflicts == 1 ? "" : "s");
    pager_add(app, ROLE_text, ' ', "%s", "");
    Diff d = diff_lines(a, disk, merged);
    add_rows(app, &d, disk, merged);
    p->keys = "y write the merge   o other name   j/k scroll   Esc back";
}

static void other_name(App *app, const char *text)
{
    if (!text || !*text)
        return;
    diffview_open(app, text, true);
}

bool diffview_key(App *app, int key)
{
    Pager *p = &app->pager;
    if (job_running(app))
        return false;
    app->message[0] = '\0';
    if (!p->writes) {
        if (key != 'w')
            return false;
        char *path = x_strdup(p->target);
        diffview_open(app, path, true);
        free(path);
        return true;
    }
    if (key == 'y' || (key == KEY_ENTER_ && (!p->foreign || p->merged))) {
        write_now(app);
    } else if (key == 'm' && p->base && !p->merged) {
        show_merge(app);
    } else if (key == 'd') {
        overlay_close(app);
        job_start_write(app, NULL, NULL);
    } else if (key == 'o') {
        char *path = x_strdup(p->target);
        prompt_open(app, "write to: ", path, -1, other_name);
        free(path);
    } else {
        return false;
    }
    return true;
}
