/* Deciding: to a question, over its answers, and back. An answer is taken by a job; what it changed
 * stays lit until the next key, and Enter then goes on to the next open question. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "commands.h"
#include "overlay.h"
#include "panes.h"

static void focus_detail(App *app)
{
    if (app_is_text_pane(app->focus))
        app->text_focus = app->focus;
    app->focus = PANE_DETAIL;
    app->answered = false;
    layout_update(app);
    if (app->layout.kind == LAYOUT_FOCUS)
        view_reveal(app, app->text_focus);
    preview_wish(app);
}

void act_decide(App *app, const CommandCall *call)
{
    (void)call;
    int node = tree_node(app), here = decision_here(app);
    if (here >= 0) {
        decision_select(app, here);
        focus_detail(app);
    } else if (app->focus == PANE_TREE && node >= 0 && app->port->nodes[node].has_children) {
        tree_fold(app, node, !tree_folded(app, node));
        tree_rows(app);
        tree_reveal(app, node);
    } else {
        app_say(app, MESSAGE_INFO, "nothing is asked here   } goes to the next open question");
    }
}

void act_open_detail(App *app, const CommandCall *call)
{
    (void)call;
    if (app->queue.nrows)
        decision_select(app, app->queue.rows[app->queue.row]);
    if (app_decision(app))
        focus_detail(app);
}

void act_question(App *app, const CommandCall *call)
{
    const char *arg = call->arg;
    int number = atoi(arg + (*arg == 'D')), index = app_decision_index(app, arg);
    if (index < 0 && number > 0 && number <= app->port->ndecisions)
        index = number - 1;
    if (index < 0) {
        app_say(app, MESSAGE_ERROR, "there is no question \"%s\"", arg);
        return;
    }
    decision_select(app, index);
    Pane focus = app->focus;
    app->focus = PANE_DETAIL; /* so that the place's own question is not selected instead */
    sync_to_decision(app, &app->port->decisions[index]);
    app->focus = focus;
    focus_detail(app);
}

static void take(App *app, const char *answer)
{
    const PtlDecision *d = app_decision(app);
    const char *ids[2] = {d->id, NULL};
    char *own = x_strdup(answer);
    job_start_answer(app, ids, own);
    free(own);
}

/* The answer was taken and a key of agreement follows: on to the next one. */
static bool move_on(App *app)
{
    if (!app->answered || !settings_on(&app->settings, SET_advance))
        return false;
    app->answered = false;
    if (!decision_step(app, 1)) {
        app->focus = app->text_focus;
        preview_drop(app);
        app_say(app, MESSAGE_INFO, "no question is open: w writes the port");
    }
    return true;
}

void act_choose(App *app, const CommandCall *call)
{
    const PtlDecision *d = app_decision(app);
    if (!d || move_on(app))
        return;
    const char *answer = decision_answer(app);
    if (!answer) {
        act_type_answer(app, call);
        return;
    }
    if (d->status == PTL_OK && str_eq(d->answer, answer)) {
        app->answered = true;
        app_say(app, MESSAGE_INFO, "that is the answer already");
        return;
    }
    take(app, answer);
}

static void choose_number(App *app, int i)
{
    const PtlDecision *d = app_decision(app);
    if (!d)
        return;
    if (i >= d->noptions) {
        app_say(app, MESSAGE_INFO, "there is no answer %d here", i + 1);
        return;
    }
    app->option = i;
    take(app, d->options[i].answer);
}

#define CHOOSE(n)                                                                                  \
    void act_choose_##n(App *app, const CommandCall *call)                                         \
    {                                                                                              \
        (void)call;                                                                                \
        choose_number(app, n - 1);                                                                 \
    }
CHOOSE(1)
CHOOSE(2)
CHOOSE(3)
CHOOSE(4)
CHOOSE(5)
CHOOSE(6)
CHOOSE(7)
CHOOSE(8)
CHOOSE(9)

void act_accept_default(App *app, const CommandCall *call)
{
    (void)call;
    const PtlDecision *d = app_decision(app);
    if (!d || move_on(app))
        return;
    if (d->dflt)
        take(app, d->dflt);
    else
        app_say(app, MESSAGE_INFO, "this question has no default");
}

static void answer_all(App *app, int key)
{
    const PtlDecision *d = app_decision(app);
    const char *answer = decision_answer(app), *ids[257];
    if (key != 'y' || !d || !answer)
        return;
    ids[decision_alike(app, d, ids, 256)] = NULL;
    char *own = x_strdup(answer);
    job_start_answer(app, ids, own);
    free(own);
}

void act_answer_alike(App *app, const CommandCall *call)
{
    (void)call;
    const PtlDecision *d = app_decision(app);
    const char *answer = d ? decision_answer(app) : NULL, *ids[256];
    if (!answer) {
        app_say(app, MESSAGE_INFO, "highlight an answer first");
        return;
    }
    int n = decision_alike(app, d, ids, 256);
    Buf lines = {0};
    for (int i = 0; i < n && lines.len < 120; i++) {
        const PtlDecision *other = &app->port->decisions[app_decision_index(app, ids[i])];
        buf_printf(&lines, "%s%d", i ? ", " : "", other->line);
    }
    question_open(app, "yn", answer_all, "Answer all %d alike with %.60s? They are at lines %s.", n,
                  answer, lines.s);
    buf_free(&lines);
}

void act_clear(App *app, const CommandCall *call)
{
    (void)call;
    const PtlDecision *d = app_decision(app);
    if (!d)
        return;
    if (d->status != PTL_OK && d->status != PTL_STALE) {
        app_say(app, MESSAGE_INFO, "there is no answer to take back");
        return;
    }
    const char *ids[2] = {d->id, NULL};
    job_start_answer(app, ids, NULL);
}

/* While it is typed (live) an answer that is valid is previewed; taken, it is checked and applied.
 */
static void submit_typed(App *app, const char *text)
{
    const PtlDecision *d = app_decision(app);
    const char *err = NULL;
    if (!text || !d) {
        app_set_string(&app->typed, NULL);
        preview_drop(app);
        preview_wish(app);
        return;
    }
    if (app->prompt.live) {
        bool ok = *text && !job_running(app) && ptl_check_answer(app->doc, d->id, text, &err);
        app_set_string(&app->typed, ok ? text : NULL);
        if (ok)
            preview_wish(app);
        else
            preview_drop(app);
        return;
    }
    if (job_running(app))
        job_wait(app, -1);
    d = app_decision(app);
    if (!d || !ptl_check_answer(app->doc, d->id, text, &err)) {
        snprintf(app->prompt.error, sizeof app->prompt.error, "%s",
                 err ? err : "not an answer to this question");
        app->prompt.live = true;
        return;
    }
    app_set_string(&app->typed, text);
    take(app, text);
}

static const char *what_is_expected(const PtlDecision *d)
{
    if (str_eq(d->kind, "input-shape"))
        return "a shape as the source has it, batch included: B,3,32,32   Enter takes it   Esc "
               "cancels";
    if (str_eq(d->kind, "constructor-argument"))
        return "a literal: 10, 0.5, \"relu\", (3, 3)   Enter takes it   Esc cancels";
    if (str_eq(d->kind, "missing-attribute"))
        return "a number, or lazy   Enter takes it   Esc cancels";
    return "Enter takes it   Esc cancels";
}

void act_type_answer(App *app, const CommandCall *call)
{
    (void)call;
    if (app_is_text_pane(app->focus) && decision_here(app) >= 0)
        decision_select(app, decision_here(app));
    const PtlDecision *d = app_decision(app);
    if (!d || !d->free_text) {
        app_say(app, MESSAGE_INFO,
                d ? "this question has only the answers listed" : "no question is selected");
        return;
    }
    focus_detail(app);
    char label[64];
    snprintf(label, sizeof label, "%.50s = ", d->title);
    prompt_open(app, label, d->status == PTL_OK && d->answer ? d->answer : "", -1, submit_typed);
    app->prompt.live = true;
    app->prompt.hint = what_is_expected(d);
}

void act_answer(App *app, const CommandCall *call)
{
    const PtlDecision *d = app_decision(app);
    const char *err = NULL;
    if (!d)
        app_say(app, MESSAGE_ERROR, "no question is selected");
    else if (!ptl_check_answer(app->doc, d->id, call->arg, &err))
        app_say(app, MESSAGE_ERROR, "%s", err ? err : "not an answer to this question");
    else
        take(app, call->arg);
}

static void undo_times(App *app, const CommandCall *call, bool redo)
{
    for (int n = call->count ? call->count : 1; n > 0; n--) {
        if (job_running(app))
            job_wait(app, -1);
        job_start_undo(app, redo);
    }
}

void act_undo(App *app, const CommandCall *call)
{
    undo_times(app, call, false);
}

void act_redo(App *app, const CommandCall *call)
{
    undo_times(app, call, true);
}
