/* Files: writing, reading again, the editor, the clipboard, quitting. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "commands.h"
#include "overlay.h"
#include "panes.h"

void act_write(App *app, const CommandCall *call)
{
    diffview_open(app, *call->arg ? call->arg : ptl_target_path(app->doc), true);
}

void act_reload(App *app, const CommandCall *call)
{
    (void)call;
    job_start_reload(app);
}

void act_edit(App *app, const CommandCall *call)
{
    (void)call;
    if (app->offscreen) {
        app_say(app, MESSAGE_INFO, "there is no terminal for an editor");
        return;
    }
    app_set_string(&app->edit_path, app->facts.path);
    app->edit_line = app->source.line + 1;
}

/* --- the clipboard
 * ---------------------------------------------------------------------------------------- */

static void copy(App *app, const char *s, int n, const char *what)
{
    app->clipboard.len = 0;
    buf_addn(&app->clipboard, s, (size_t)n);
    app_say(app, MESSAGE_INFO, "copied %s (%d bytes)", what, n);
}

static TextView *copied_view(App *app)
{
    Pane pane = app_is_text_pane(app->focus) ? app->focus : app->text_focus;
    TextView *v = app_view(app, pane);
    return v ? v : &app->source;
}

void act_copy_line(App *app, const CommandCall *call)
{
    (void)call;
    TextView *v = copied_view(app);
    int from = v->text.start[v->line];
    copy(app, v->text.s + from, text_line_end(&v->text, v->line) - from, "the line");
}

void act_copy_range(App *app, const CommandCall *call)
{
    (void)call;
    const PtlMapping *m = sync_mapping(app);
    TextView *v = copied_view(app);
    int at = v == &app->source ? app->src_range : app->tgt_range;
    if (!m || at < 0) {
        app_say(app, MESSAGE_INFO, "no mapping here");
        return;
    }
    PtlRange r = v == &app->source ? m->source[at] : m->target[at];
    copy(app, v->text.s + r.start, r.end - r.start, "the mapping's text");
}

void act_copy_target(App *app, const CommandCall *call)
{
    (void)call;
    if (app->port->text)
        copy(app, app->port->text, app->port->len, "the target");
}

/* Quoted for a shell: '...', with each ' as '\''. */
static void add_quoted(Buf *b, const char *s)
{
    buf_addc(b, '\'');
    for (; *s; s++) {
        if (*s == '\'')
            buf_add(b, "'\\''");
        else
            buf_addc(b, *s);
    }
    buf_addc(b, '\'');
}

void act_copy_decision(App *app, const CommandCall *call)
{
    (void)call;
    const PtlDecision *d = app_decision(app);
    if (!d || !d->answer) {
        app_say(app, MESSAGE_INFO,
                d ? "this question has no answer to copy" : "no question is selected");
        return;
    }
    Buf pair = {0}, line = {0};
    buf_printf(&pair, "%s=%s", d->id, d->answer);
    buf_add(&line, "--set ");
    add_quoted(&line, pair.s);
    copy(app, line.s, (int)line.len, "the answer");
    buf_free(&pair);
    buf_free(&line);
}

/* --- the end
 * ---------------------------------------------------------------------------------------------- */

static void answer_quit(App *app, int key)
{
    if (key == 'd')
        app->quit = true;
    if (key == 'w')
        diffview_open(app, ptl_target_path(app->doc), true);
}

void act_quit(App *app, const CommandCall *call)
{
    (void)call;
    int unsaved = app->doc ? app->facts.unsaved : 0;
    if (unsaved == 0) {
        app->quit = true;
        return;
    }
    question_open(app, "wd", answer_quit, "%d answer%s not written yet.", unsaved,
                  unsaved == 1 ? " is" : "s are");
}

void act_quit_now(App *app, const CommandCall *call)
{
    (void)call;
    app->quit = true;
    app->status = -1; /* the journal stays as it is */
}
