/* One comparison: a folder with script and job, a run of Python, and its last word.
 *
 * The script enforces the time limit for each step of each side, since it knows which side is
 * stuck; the limit here is only for a Python that does not get that far. */
#include "verify/verify.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "verify/job.h"
#include "verify/process.h"
#include "verify/reply.h"

static const double DEFAULT_TIMEOUT = 300, START_ALLOWANCE = 30; /* seconds */

typedef struct Session {
    const VerifyRequest *request;
    Arena *a;
    const char *folder;
    bool temporary;
    cJSON *result; /* the result event */
} Session;

/* Removes what a run leaves in a temporary folder: files, and one level of folders of files. */
static void remove_folder(Arena *a, const char *folder, int depth)
{
    DIR *d = opendir(folder);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        if (str_eq(e->d_name, ".") || str_eq(e->d_name, ".."))
            continue;
        char *path = path_join(a, folder, e->d_name);
        struct stat st;
        if (depth > 0 && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
            remove_folder(a, path, depth - 1);
        else
            unlink(path);
    }
    closedir(d);
    rmdir(folder);
}

static bool make_folder(Session *s, const char **err)
{
    if (s->request->keep) {
        s->folder = s->request->keep;
        return file_mkdirs(s->a, s->folder, err);
    }
    const char *tmp = getenv("TMPDIR");
    char *folder = path_join(s->a, tmp && *tmp ? tmp : "/tmp", "portolan-verify-XXXXXX");
    if (!mkdtemp(folder)) {
        *err = arena_printf(s->a, "cannot make a temporary folder %s: %s", folder, strerror(errno));
        return false;
    }
    s->folder = folder;
    s->temporary = true;
    return true;
}

static bool write_file(Session *s, const char *name, const char *text, const char **err)
{
    const char *note = NULL;
    return file_write_atomic(s->a, path_join(s->a, s->folder, name), text, strlen(text), &note,
                             err);
}

static bool take_line(void *user, const char *line)
{
    Session *s = user;
    const VerifyRequest *q = s->request;
    if (!line)
        return !q->progress || q->progress(q->user, 0, 0, NULL);
    cJSON *event = cJSON_Parse(line);
    const char *name = reply_text(event, "event");
    bool go_on = true;
    if (str_eq(name, "result")) {
        cJSON_Delete(s->result);
        s->result = event;
        return true;
    }
    if (str_eq(name, "progress") && q->progress)
        go_on = q->progress(q->user, (int)reply_number(event, "done", 0),
                            (int)reply_number(event, "total", 0), reply_text(event, "text"));
    cJSON_Delete(event);
    return go_on;
}

/* Why there is no result. */
static const char *failure(Session *s, const char *python, const ProcessEnd *end)
{
    const char *said = *end->last_words ? arena_printf(s->a, ": %s", end->last_words) : "";
    switch (end->how) {
    case PROCESS_NOT_STARTED:
        return arena_printf(s->a, "cannot run %s: %s; name a Python with --python", python,
                            strerror(end->code));
    case PROCESS_CANCELLED:
        return "stopped";
    case PROCESS_SILENT:
        return arena_printf(s->a, "%s said nothing for too long and was ended%s", python, said);
    case PROCESS_SIGNALED:
        return arena_printf(s->a, "%s was ended by signal %d (%s)%s", python, end->code,
                            strsignal(end->code), said);
    case PROCESS_EXITED:
        break;
    }
    return arena_printf(s->a, "%s ended with status %d and no result%s", python, end->code, said);
}

static const char *run_python(Session *s)
{
    const VerifyRequest *q = s->request;
    const char *python = job_python(s->a, q);
    const char *argv[] = {python, path_join(s->a, s->folder, "verify.py"),
                          path_join(s->a, s->folder, "job.json"), NULL};
    ProcessOptions options = {
        .argv = argv,
        .silence = (q->timeout > 0 ? q->timeout : DEFAULT_TIMEOUT) + START_ALLOWANCE,
        .on_line = take_line,
        .user = s,
    };
    ProcessEnd end = process_run(&options);
    if (end.how == PROCESS_CANCELLED)
        return "stopped";
    return s->result ? NULL : failure(s, python, &end);
}

/* NULL when there is a result, else why not. */
static const char *run(Session *s)
{
    const char *err = NULL, *script = job_script(s->a, s->request->templates, &err);
    if (!script || !make_folder(s, &err))
        return err;
    bool written = write_file(s, "verify.py", script, &err) &&
                   write_file(s, "job.json", job_text(s->a, s->request), &err);
    const char *why = written ? run_python(s) : err;
    if (s->temporary)
        remove_folder(s->a, s->folder, 1);
    return why;
}

VerifyResult *verify_run(const VerifyRequest *request)
{
    Arena *a = arena_new();
    Session s = {.request = request, .a = a};
    const char *why = run(&s);
    VerifyResult *r = why ? reply_failure(a, why) : reply_read(a, s.result);
    if (why)
        cJSON_Delete(s.result);
    if (s.folder && !s.temporary)
        r->kept = path_join(a, s.folder, "verify.py");
    return r;
}

void verify_free(VerifyResult *r)
{
    if (!r)
        return;
    cJSON_Delete(r->json);
    arena_free(r->arena);
}

int verify_exit_status(const VerifyResult *r)
{
    switch (r->verdict) {
    case VERIFY_EQUAL:
        return 0;
    case VERIFY_UNEQUAL:
        return 4;
    case VERIFY_ERROR:
        break;
    }
    return 1;
}

const char *verify_to_json(VerifyResult *r)
{
    cJSON *o = cJSON_Duplicate(r->json, true);
    static const char *const verdicts[] = {"equal", "unequal", "error"};
    const char *replaced[] = {"event", "verdict", "message", "status", "script"};
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
        cJSON_DeleteItemFromObject(o, replaced[i]);
    cJSON_AddStringToObject(o, "verdict", verdicts[r->verdict]);
    cJSON_AddStringToObject(o, "message", r->message);
    cJSON_AddNumberToObject(o, "status", verify_exit_status(r));
    if (r->kept)
        cJSON_AddStringToObject(o, "script", r->kept);
    char *text = cJSON_Print(o);
    const char *copy = arena_printf(r->arena, "%s\n", text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(o);
    return copy;
}
