/* What nobody asked for: attributes edited, code of one's own, notes. Each is a decision on the mapping at the cursor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "commands.h"
#include "job.h"
#include "overlay.h"
#include "panes.h"

/* The id for the mapping at the cursor, kept until the prompt is done; false with a message where there is none. */
static bool choose(App *app, const char *kind)
{
    if (job_running(app))
        job_wait(app, -1);
    const PtlMapping *m = sync_mapping(app);
    const char *id = m ? ptl_own_id(app->doc, kind, m->id) : NULL;
    if (!id)
        app_say(app, MESSAGE_INFO, m ? "nothing of one's own can be said of this" : "no mapping here   ] goes to the next");
    app_set_string(&app->own_id, id);
    return id != NULL;
}

static void answer(App *app, const char *text)
{
    const char *ids[2] = {app->own_id, NULL};
    char *own = *text ? x_strdup(text) : NULL;
    job_start_answer(app, ids, own);
    free(own);
}

static void submit(App *app, const char *text)
{
    const char *err = NULL;
    if (!text || !app->own_id)
        return;
    if (*text && !ptl_check_answer(app->doc, app->own_id, text, &err)) {
        snprintf(app->prompt.error, sizeof app->prompt.error, "%s", err ? err : "not an answer here");
        return;
    }
    answer(app, text);
}

static void ask(App *app, const char *label, const char *begin, const char *hint)
{
    char *text = x_strdup(begin ? begin : "");
    prompt_open(app, label, text, -1, submit);
    app_set_string(&app->own_hint, hint);
    app->prompt.hint = app->own_hint;
    free(text);
}

void act_edit_attribute(App *app, const CommandCall *call)
{
    (void)call;
    if (!choose(app, "edit"))
        return;
    const char *has = ptl_own_attributes(app->doc, app->own_id);
    if (!has) {
        app_say(app, MESSAGE_INFO, "only layers have attributes to edit");
        return;
    }
    ask(app, "edit: ", ptl_own_now(app->doc, app->own_id), has);
}

void act_note(App *app, const CommandCall *call)
{
    (void)call;
    if (choose(app, "note"))
        ask(app, "note: ", ptl_own_now(app->doc, app->own_id), "Enter keeps it; an empty note is taken away   Esc cancels");
}

void act_override(App *app, const CommandCall *call)
{
    const char *err = NULL;
    if (!choose(app, "override"))
        return;
    if (!call->arg || !*call->arg) {
        ask(app, "override: ", ptl_own_now(app->doc, app->own_id), "code of the target for this place; empty takes it back   Esc cancels");
        return;
    }
    if (!ptl_check_answer(app->doc, app->own_id, call->arg, &err))
        app_say(app, MESSAGE_ERROR, "%s", err ? err : "not code");
    else
        answer(app, call->arg);
}
