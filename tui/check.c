/* The process, and what is made of its answer: a line for each layer with a bar as long as its difference is of what is
 * allowed, the first that differs selected in the panes behind. A Python that fails is shown with its own words. */
#include "check.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "commands.h"
#include "job.h"
#include "overlay.h"
#include "panes.h"

#define BAR 20 /* cells: as much as is allowed */
#define ARGS_MAX 64

void check_init(Check *c)
{
    memset(c, 0, sizeof *c);
    c->out = c->err = -1;
}

bool check_running(const App *app)
{
    return app->check.pid > 0;
}

int check_fds(const App *app, int *fds)
{
    int n = 0;
    if (app->check.out >= 0)
        fds[n++] = app->check.out;
    if (app->check.err >= 0)
        fds[n++] = app->check.err;
    return n;
}

/* ---- the folder that the port lies in ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void drop_folder(Check *c, const App *app)
{
    if (!c->folder)
        return;
    const char *names[] = {base_name(ptl_target_path(app->doc)), "decisions.json"};
    for (int i = 0; i < 2; i++) unlink(arena_printf(app->arena, "%s/%s", c->folder, names[i]));
    rmdir(c->folder);
    free(c->folder);
    c->folder = NULL;
}

static void closed(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void over(App *app)
{
    Check *c = &app->check;
    closed(&c->out);
    closed(&c->err);
    c->pid = 0;
    drop_folder(c, app);
}

void check_free(App *app)
{
    Check *c = &app->check;
    if (c->pid > 0) {
        kill(-c->pid, SIGTERM);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        over(app);
    }
    buf_free(&c->json);
    buf_free(&c->said);
}

static bool prepare(App *app, const char **port, const char **decisions, const char **err)
{
    Check *c = &app->check;
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(app->arena, "%s/portolan-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(folder)) {
        *err = strerror(errno);
        return false;
    }
    c->folder = x_strdup(folder);
    *port = arena_printf(app->arena, "%s/%s", folder, base_name(ptl_target_path(app->doc)));
    *decisions = arena_printf(app->arena, "%s/decisions.json", folder);
    const char *text = ptl_sidecar_text(app->doc), *note = NULL;
    return file_write_atomic(app->arena, *port, app->port->text, (size_t)app->port->len, &note, err) &&
           file_write_atomic(app->arena, *decisions, text, strlen(text), &note, err);
}

/* ---- the process ---- */

static int arguments(App *app, const char *port, const char *decisions, const char **args)
{
    const PtlOptions *o = &app->opts->engine;
    const char *python = app->settings.value[SET_python];
    int n = 0;
    const char *fixed[] = {app->opts->program, "verify", ptl_path(app->doc), port, "--json", "--decisions", decisions};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) args[n++] = fixed[i];
    const char *pairs[][2] = {{"--from", o->from}, {"--entry", o->entry}, {"--templates", o->templates},
                              {"--python", python && *python ? python : NULL}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][1])
            args[n++] = pairs[i][0], args[n++] = pairs[i][1];
    for (int i = 0; o->shapes && o->shapes[i] && n < ARGS_MAX - 2; i++) args[n++] = "--shape", args[n++] = o->shapes[i];
    args[n] = NULL;
    return n;
}

static void run(const char *const *args, int out, int err)
{
    setpgid(0, 0);
    int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execvp(args[0], (char *const *)args);
    dprintf(STDERR_FILENO, "%s cannot be run: %s\n", args[0], strerror(errno));
    _exit(127);
}

static bool start(App *app, const char *const *args, const char **err)
{
    Check *c = &app->check;
    int out[2], said[2];
    if (pipe(out) != 0) {
        *err = strerror(errno);
        return false;
    }
    if (pipe(said) != 0) {
        *err = strerror(errno);
        close(out[0]), close(out[1]);
        return false;
    }
    c->pid = fork();
    if (c->pid == 0) {
        close(out[0]), close(said[0]);
        run(args, out[1], said[1]);
    }
    close(out[1]), close(said[1]);
    c->out = out[0], c->err = said[0];
    if (c->pid > 0) {
        fcntl(c->out, F_SETFL, O_NONBLOCK);
        fcntl(c->err, F_SETFL, O_NONBLOCK);
        return true;
    }
    *err = strerror(errno);
    return false;
}

/* ---- the result ---- */

static double number(const cJSON *o, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);
    return cJSON_IsNumber(v) ? v->valuedouble : 0;
}

static const char *string(const cJSON *o, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);
    return cJSON_IsString(v) ? v->valuestring : "";
}

static void layer_line(App *app, const cJSON *layer)
{
    bool equal = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(layer, "equal"));
    double share = number(layer, "allowed") > 0 ? number(layer, "max") / number(layer, "allowed") : 0;
    int cells = share >= 1 ? BAR : (int)ceil(share * BAR);
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++) bar[i] = i < cells ? '#' : '.';
    bar[BAR] = '\0';
    pager_add(app, equal ? ROLE_ok : ROLE_error, equal ? ' ' : '!', "%s %-24.24s %-16.16s line %4.0f  %8.2g of %8.2g", bar,
              string(layer, "source"), string(layer, "kind"), number(layer, "source_line"), number(layer, "max"),
              number(layer, "allowed"));
}

static void show_result(App *app, const cJSON *o)
{
    const cJSON *outputs = cJSON_GetObjectItemCaseSensitive(o, "outputs"), *layers = cJSON_GetObjectItemCaseSensitive(o, "layers"), *x;
    bool equal = cJSON_GetArraySize(outputs) > 0;
    const cJSON *first = NULL;
    cJSON_ArrayForEach(x, outputs) equal &= cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(x, "equal"));
    pager_open(app, equal ? "verified: equal" : "verified: unequal");
    pager_add(app, equal ? ROLE_ok : ROLE_error, ' ', "largest difference %.2g, allowed %.2g, over %.0f inputs", number(o, "max"),
              number(o, "allowed"), number(o, "trials"));
    pager_add(app, ROLE_dim, ' ', "%s", "each layer alone: a full bar is as much as rounding explains");
    pager_add(app, ROLE_text, ' ', "%s", "");
    cJSON_ArrayForEach(x, layers)
    {
        layer_line(app, x);
        if (!first && cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(x, "equal")))
            first = x;
    }
    const cJSON *notes = cJSON_GetObjectItemCaseSensitive(o, "notes");
    cJSON_ArrayForEach(x, notes) if (cJSON_IsString(x)) pager_text(app, ROLE_text, x->valuestring, app->screen.w - 4);
    if (first && number(first, "source_line") > 0)
        command_line(app, arena_printf(app->arena, "goto %.0f", number(first, "source_line")));
    app_say(app, equal ? MESSAGE_INFO : MESSAGE_ERROR, equal ? "verified: equal, largest difference %.2g" : "verified: unequal, largest difference %.2g",
            number(o, "max"));
}

/* What the process said last: a line for the status, all of it where it failed. */
static const char *last_line(App *app, const Buf *said)
{
    size_t end = said->len;
    while (end && said->s[end - 1] == '\n') end--;
    size_t begin = end;
    while (begin && said->s[begin - 1] != '\n') begin--;
    while (begin < end && said->s[begin] == ' ') begin++;
    return end > begin ? arena_strndup(app->arena, said->s + begin, end - begin) : "";
}

static void show_failure(App *app, const cJSON *o, const Buf *said, int status)
{
    int width = app->screen.w - 4;
    const char *error = string(o, "message");
    pager_open(app, "verify did not come to a result");
    if (*error)
        pager_text(app, ROLE_error, error, width);
    char *text = arena_strndup(app->arena, said->s ? said->s : "", said->len), *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        pager_text(app, str_starts(line, "portolan:") ? ROLE_error : ROLE_text, line, width);
    if (WIFEXITED(status))
        pager_add(app, ROLE_text, ' ', "It ended with status %d.", WEXITSTATUS(status));
    pager_text(app, ROLE_text,
               "verify runs both files, so it needs a Python that has both frameworks:  :set python=PATH  names one.", width);
    app_say(app, MESSAGE_ERROR, "verify did not come to a result");
}

static void done(App *app)
{
    Check *c = &app->check;
    int status = 0;
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {
    }
    over(app);
    cJSON *o = c->json.len ? cJSON_ParseWithLength(c->json.s, c->json.len) : NULL;
    bool result = cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(o, "outputs"));
    if (result)
        show_result(app, o);
    else if (!WIFSIGNALED(status))
        show_failure(app, o, &c->said, status);
    else
        app_say(app, MESSAGE_INFO, "verify was stopped");
    cJSON_Delete(o);
}

static bool take(int *fd, Buf *into)
{
    char bytes[4096];
    ssize_t n = 0;
    bool any = false;
    while (*fd >= 0 && (n = read(*fd, bytes, sizeof bytes)) > 0) {
        buf_addn(into, bytes, (size_t)n);
        any = true;
    }
    if (*fd >= 0 && n == 0)
        closed(fd);
    return any;
}

void check_read(App *app)
{
    Check *c = &app->check;
    if (c->pid <= 0 || job_changes(app))
        return;
    take(&c->out, &c->json);
    if (take(&c->err, &c->said))
        app_say(app, MESSAGE_INFO, "verify: %s   v stops it", last_line(app, &c->said));
    if (c->out < 0 && c->err < 0)
        done(app);
}

void act_verify(App *app, const CommandCall *call)
{
    Check *c = &app->check;
    const char *args[ARGS_MAX], *port, *decisions, *err = NULL;
    (void)call;
    if (check_running(app)) {
        kill(-c->pid, SIGTERM);
        app_say(app, MESSAGE_INFO, "verify is being stopped");
        return;
    }
    if (!app->port || !app->port->text || !app->opts->program) {
        app_say(app, MESSAGE_INFO, "there is no port to verify");
        return;
    }
    c->json.len = c->said.len = 0;
    bool ready = prepare(app, &port, &decisions, &err) && arguments(app, port, decisions, args) > 0;
    if (!ready || !start(app, args, &err)) {
        app_say(app, MESSAGE_ERROR, "verify cannot be started: %s", err ? err : "unknown error");
        over(app);
        return;
    }
    app_say(app, MESSAGE_INFO, "verify runs beside: both networks on the real frameworks   v stops it");
    while (app->offscreen && check_running(app)) { /* the test hook waits for it */
        int fds[2], n = check_fds(app, fds);
        struct pollfd p[2] = {{n > 0 ? fds[0] : -1, POLLIN, 0}, {n > 1 ? fds[1] : -1, POLLIN, 0}};
        poll(p, 2, 1000);
        check_read(app);
    }
}
