/* One worker thread at a time, born for a job and joined after it. It runs exactly one of the
 * engine's calls (or a series, for answers given alike and for a journal) and writes one byte to a
 * pipe that the main loop polls.
 *
 * A trace may recurse deeply, so the thread has a large stack (virtual until touched) and an
 * alternate one for the crash handler. */
#include "job.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "base/file.h"
#include "base/str.h"
#include "commands.h"
#include "journal.h"
#include "lastport.h"
#include "panes.h"
#include "signals.h"

enum { GRACE = 25, STACK = 64 << 20 };

void job_init(Job *job)
{
    memset(job, 0, sizeof *job);
    if (pipe(job->pipe) != 0)
        job->pipe[0] = job->pipe[1] = -1;
}

static void clear_request(Job *job)
{
    for (char **id = job->ids; id && *id; id++) free(*id);
    free(job->ids);
    free(job->answer);
    free(job->to);
    free(job->style);
    free(job->path);
    free(job->content);
    job->ids = NULL;
    job->answer = job->to = job->style = job->path = job->content = NULL;
    journal_steps_free(job->steps, job->nsteps);
    job->steps = NULL;
    job->nsteps = job->done_steps = 0;
    job->preview = NULL;
    job->error = job->note = job->text = NULL;
}

void job_free(Job *job)
{
    clear_request(job);
    if (job->pipe[0] >= 0)
        close(job->pipe[0]);
    if (job->pipe[1] >= 0)
        close(job->pipe[1]);
}

bool job_running(const App *app)
{
    return app->job.kind != JOB_NONE;
}
bool job_changes(const App *app)
{
    return app->job.kind != JOB_NONE && app->job.kind != JOB_PREVIEW;
}
int job_fd(const App *app)
{
    return job_running(app) ? app->job.pipe[0] : -1;
}

/* --- on the worker's side
 * --------------------------------------------------------------------------------- */

static void run_answers(Job *job)
{
    job->ok = true;
    for (char **id = job->ids; *id && job->ok; id++) {
        job->ok = ptl_answer(job->doc, *id, job->answer, &job->error);
        job->done_steps += job->ok;
    }
}

static void run_replay(Job *job)
{
    job->ok = true;
    for (int i = 0; i < job->nsteps; i++) {
        const JournalStep *s = &job->steps[i];
        const char *err = NULL;
        bool ok = true;
        if (s->kind == STEP_ANSWER || s->kind == STEP_CLEAR)
            ok = ptl_answer(job->doc, s->a, s->kind == STEP_ANSWER ? s->b : NULL, &err);
        else if (s->kind == STEP_UNDO)
            ok = ptl_undo(job->doc) != NULL;
        else if (s->kind == STEP_REDO)
            ok = ptl_redo(job->doc) != NULL;
        else if (s->kind == STEP_TARGET)
            ok = ptl_set_target(job->doc, *s->a ? s->a : NULL, *s->b ? s->b : NULL, &err);
        if (ok)
            job->done_steps++;
        else if (!job->error)
            job->error = err;
    }
}

static void run_write(Job *job)
{
    const char *note = NULL;
    job->ok = true;
    if (job->content)
        job->ok = file_write_atomic(job->arena, job->path, job->content, strlen(job->content),
                                    &job->note, &job->error);
    else if (job->path)
        job->ok = ptl_write_target(job->doc, job->path, &job->note, &job->error);
    if (job->ok)
        job->ok = ptl_write_sidecar(job->doc, ptl_sidecar_path(job->doc), &note, &job->error);
    if (!job->note)
        job->note = note;
}

static void run(Job *job)
{
    switch (job->kind) {
    case JOB_NONE:
        break;
    case JOB_WORK:
        ptl_work(job->doc), job->ok = true;
        break;
    case JOB_PREVIEW:
        job->preview = ptl_preview(job->doc, job->ids[0], job->answer, &job->error);
        job->ok = job->preview != NULL;
        break;
    case JOB_ANSWER:
        run_answers(job);
        break;
    case JOB_UNDO:
        job->text = ptl_undo(job->doc), job->ok = job->text != NULL;
        break;
    case JOB_REDO:
        job->text = ptl_redo(job->doc), job->ok = job->text != NULL;
        break;
    case JOB_TARGET:
        job->ok = ptl_set_target(job->doc, job->to, job->style, &job->error);
        break;
    case JOB_RELOAD:
        job->ok = ptl_reload(job->doc, &job->error);
        break;
    case JOB_WRITE:
        run_write(job);
        break;
    case JOB_REPLAY:
        run_replay(job);
        break;
    }
}

static void *thread_main(void *arg)
{
    Job *job = arg;
    void *stack = signals_thread_stack();
    run(job);
    signals_thread_stack_free(stack);
    ssize_t n;
    do n = write(job->pipe[1], "", 1);
    while (n < 0 && errno == EINTR);
    return NULL;
}

/* --- on the main side
 * ------------------------------------------------------------------------------------- */

static char *copy(const char *s)
{
    return s ? x_strdup(s) : NULL;
}

static void start(App *app, JobKind kind)
{
    Job *job = &app->job;
    pthread_attr_t attr;
    job->kind = kind;
    job->doc = app->doc;
    job->ok = false;
    job->started = app->now;
    if (kind != JOB_PREVIEW) {
        preview_drop(app);
        app->port = NULL;
    }
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    bool lives = job->pipe[1] >= 0 && pthread_create(&job->thread, &attr, thread_main, job) == 0;
    pthread_attr_destroy(&attr);
    if (!lives) { /* no thread to be had: the same, with the keyboard waiting */
        run(job);
        job->thread = pthread_self();
        if (job->pipe[1] >= 0 && write(job->pipe[1], "", 1) < 0)
            app_say(app, MESSAGE_ERROR, "%s", strerror(errno));
    }
    job_wait(app, app->offscreen ? -1 : kind == JOB_WORK ? 0 : GRACE);
}

void job_start_work(App *app)
{
    app_colour(app);
    start(app, JOB_WORK);
}

void job_start_preview(App *app, const char *id, const char *answer)
{
    const char *ids[] = {id, NULL};
    clear_request(&app->job);
    app->job.ids = x_alloc(sizeof(char *) * 2);
    app->job.ids[0] = copy(ids[0]);
    app->job.ids[1] = NULL;
    app->job.answer = copy(answer);
    start(app, JOB_PREVIEW);
}

void job_start_answer(App *app, const char *const *ids, const char *answer)
{
    int n = 0;
    while (ids[n]) n++;
    char **own = x_alloc(sizeof(char *) * (size_t)(n + 1));
    for (int i = 0; i < n; i++) own[i] = x_strdup(ids[i]);
    own[n] = NULL;
    clear_request(&app->job);
    app->job.ids = own;
    app->job.answer = copy(answer);
    if (app->port && app->port->text)
        app_set_string(&app->shown, app->port->text);
    start(app, JOB_ANSWER);
}

void job_start_undo(App *app, bool redo)
{
    clear_request(&app->job);
    if (app->port && app->port->text)
        app_set_string(&app->shown, app->port->text);
    start(app, redo ? JOB_REDO : JOB_UNDO);
}

void job_start_target(App *app, const char *to, const char *style)
{
    clear_request(&app->job);
    app->job.to = copy(to);
    app->job.style = copy(style);
    start(app, JOB_TARGET);
}

void job_start_reload(App *app)
{
    clear_request(&app->job);
    start(app, JOB_RELOAD);
}

void job_start_write(App *app, const char *path, const char *content)
{
    clear_request(&app->job);
    app->job.path = copy(path);
    app->job.content = copy(content);
    app->job.arena = app->arena;
    start(app, JOB_WRITE);
}

void job_start_replay(App *app, JournalStep *steps, int nsteps)
{
    clear_request(&app->job);
    app->job.steps = steps;
    app->job.nsteps = nsteps;
    start(app, JOB_REPLAY);
}

static void finish_answer(App *app, const Job *job)
{
    for (int i = 0; i < job->done_steps; i++)
        journal_answer(app->journal, job->ids[i], job->answer);
    if (!job->ok) {
        app_say(app, MESSAGE_ERROR, "%s", job->error ? job->error : "the answer was not taken");
    } else if (job->done_steps > 1) {
        app_say(app, MESSAGE_INFO, "%d questions answered alike: %s", job->done_steps,
                job->answer ? job->answer : "");
    } else if (!job->answer) {
        app_say(app, MESSAGE_INFO, "%s: answer taken back", job->ids[0]);
    } else {
        app_say(app, MESSAGE_INFO, "%s = %s   u undoes it", job->ids[0], job->answer);
    }
    app_set_string(&app->typed, NULL);
    app->answered = job->ok && job->answer;
}

static void finish_target(App *app, const Job *job)
{
    if (!job->ok) {
        app_say(app, MESSAGE_ERROR, "%s",
                job->error ? job->error : "the target cannot be changed so");
        return;
    }
    journal_target(app->journal, job->to, job->style);
    app_set_string(&app->written, NULL);
    const char *from = ptl_from(app->doc), *to = ptl_to(app->doc), *style = ptl_style(app->doc);
    app_say(app, MESSAGE_INFO, "%s → %s, %s", from ? from : "?", to ? to : "?",
            style ? style : "?");
}

static void finish_write(App *app, const Job *job)
{
    if (!job->ok) {
        app_say(app, MESSAGE_ERROR, "not written: %s", job->error ? job->error : "unknown error");
        return;
    }
    journal_written(app->journal);
    const char *note = job->note ? job->note : "";
    if (job->path) {
        const PtlPort *p = ptl_port(app->doc);
        app_set_string(&app->written, p && p->text ? p->text : "");
        lastport_save(app, job->path, app->written);
        app_say(app, *note ? MESSAGE_WARNING : MESSAGE_INFO, "wrote %s and its decisions%s%s",
                job->path, *note ? ": " : "", note);
    } else {
        app_say(app, *note ? MESSAGE_WARNING : MESSAGE_INFO, "wrote %s%s%s",
                ptl_sidecar_path(app->doc), *note ? ": " : "", note);
    }
}

static void finish_change(App *app, const Job *job)
{
    switch (job->kind) {
    case JOB_WORK:
        app_port_changed(app);
        journal_offer(app);
        return;
    case JOB_ANSWER:
        finish_answer(app, job);
        break;
    case JOB_UNDO:
    case JOB_REDO:
        if (job->ok)
            journal_undo(app->journal, job->kind == JOB_REDO);
        if (job->ok)
            app_say(app, MESSAGE_INFO, "%s", job->text);
        else
            app_say(app, MESSAGE_INFO,
                    job->kind == JOB_REDO ? "nothing to redo" : "nothing to undo");
        break;
    case JOB_TARGET:
        finish_target(app, job);
        break;
    case JOB_RELOAD:
        if (job->error)
            app_say(app, MESSAGE_ERROR, "%s", job->error);
        else
            app_say(app, MESSAGE_INFO,
                    job->ok ? "source read again" : "the source has not changed");
        app_source_changed(app);
        break;
    case JOB_WRITE:
        finish_write(app, job);
        break;
    case JOB_REPLAY:
        app_say(app, job->error ? MESSAGE_WARNING : MESSAGE_INFO, "recovered %d of %d steps%s%s",
                job->done_steps, job->nsteps, job->error ? ": " : "", job->error ? job->error : "");
        break;
    default:
        break;
    }
    app_port_changed(app);
}

static void finish(App *app)
{
    Job *job = &app->job;
    char byte;
    if (job->pipe[0] >= 0 && read(job->pipe[0], &byte, 1) < 0)
        return;
    if (!pthread_equal(job->thread, pthread_self()))
        pthread_join(job->thread, NULL);
    Job done = *job; /* only now: the thread wrote its results there */
    job->kind = JOB_NONE;
    if (done.kind == JOB_PREVIEW) {
        bool wished =
            str_eq(app->preview_id, done.ids[0]) && str_eq(app->preview_answer, done.answer);
        if (wished)
            preview_take(app, done.preview, done.error);
    } else {
        finish_change(app, &done);
        if (job->kind == JOB_NONE)
            clear_request(job);
    }
    app_tick(app);
    if (!job_running(app))
        command_resume(app);
}

void job_wait(App *app, int ms)
{
    if (!job_running(app))
        return;
    struct pollfd p = {app->job.pipe[0], POLLIN, 0};
    int n;
    do n = poll(&p, 1, ms);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        finish(app);
}
