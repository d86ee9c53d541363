/* Jobs: calls into the engine that may take long, on a thread of their own, one at a time, so that
 * the keyboard is never left alone. While a job that changes the document runs nobody reads the
 * port.
 *
 *     job_start_answer(app, ids, answer);   ... poll job_fd ...   job_wait(app, 0);
 *
 * Short jobs are waited for a moment (GRACE in job.c) so that one paint shows their result. In the
 * test hook every job is waited for. */
#ifndef TUI_JOB_H
#define TUI_JOB_H

#include <pthread.h>
#include <stdbool.h>

#include "portolan.h"

typedef enum {
    JOB_NONE,
    JOB_WORK,    /* the first reading */
    JOB_PREVIEW, /* id, answer */
    JOB_ANSWER,  /* ids (NULL-terminated), answer or NULL to clear */
    JOB_UNDO,
    JOB_REDO,
    JOB_TARGET, /* to, style */
    JOB_RELOAD,
    JOB_WRITE,  /* path or NULL for the decisions alone */
    JOB_REPLAY, /* steps from a journal */
} JobKind;

struct App;

typedef struct Job {
    JobKind kind;
    pthread_t thread;
    PtlDoc *doc;
    struct Arena *arena; /* for what a merged text's writing has to say */
    char **ids;
    char *answer, *to, *style, *path, *content;
    struct JournalStep *steps;
    int nsteps, done_steps;
    /* Results, of the thread until finished is read from the pipe. */
    bool ok;
    const PtlPort *preview;
    const char *error, *note, *text;
    int pipe[2];
    long started;
} Job;

void job_init(Job *job);
void job_free(Job *job);
bool job_running(const struct App *app);
bool job_changes(const struct App *app); /* the running one changes the document */
void job_start_work(struct App *app);
void job_start_preview(struct App *app, const char *id, const char *answer);
void job_start_answer(struct App *app, const char *const *ids, const char *answer);
void job_start_undo(struct App *app, bool redo);
void job_start_target(struct App *app, const char *to, const char *style);
void job_start_reload(struct App *app);
/* The port to path and the decisions; content, when it is not NULL, instead of the port. */
void job_start_write(struct App *app, const char *path, const char *content);
void job_start_replay(struct App *app, struct JournalStep *steps, int nsteps);
int job_fd(const struct App *app);
/* Waits at most ms (-1: as long as it takes) and, when the job is done, takes its result into the
 * app. */
void job_wait(struct App *app, int ms);

#endif
