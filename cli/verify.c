/* portolan verify: do source and port compute the same? The only command that runs Python.
 *
 * The mapping comes from porting FILE once more, with the target framework that PORTED is written
 * for and the style that gives PORTED's very text. Where none does, PORTED was edited since, and
 * the style that comes nearest serves: layers are paired by their qualified names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/stop.h"
#include "tui/diff.h"
#include "tui/text.h"
#include "verify/verify.h"

static bool number_option(const Args *args, OptionId id, double least, double *value)
{
    char *end;
    if (!args_has(args, id))
        return true;
    errno = 0;
    *value = strtod(args->value[id], &end);
    if (end != args->value[id] && !*end && errno == 0 && *value >= least && *value < 1e9)
        return true;
    say_usage(args, arena_printf(args->arena, "%s: %s is no number of at least %g",
                                 cli_options[id].name, args->value[id], least));
    return false;
}

static bool read_options(const Args *args, VerifyRequest *q)
{
    double trials = 0;
    if (!number_option(args, OPT_TRIALS, 1, &trials) ||
        !number_option(args, OPT_TOLERANCE, 0, &q->tolerance) ||
        !number_option(args, OPT_TIMEOUT, 1, &q->timeout))
        return false;
    q->trials = (int)trials;
    q->weights = args->value[OPT_WEIGHTS];
    q->python = args->value[OPT_PYTHON];
    q->keep = args->value[OPT_KEEP];
    if (q->weights && !str_eq(q->weights, "drawn") && !str_eq(q->weights, "init")) {
        say_usage(args, "--weights: drawn or init");
        return false;
    }
    return true;
}

/* ---- which port is it? ---- */

/* How many lines differ between the current port and the text; -1 where there is no port. */
static int distance(const PtlDoc *doc, const char *text)
{
    const PtlPort *port = ptl_port(doc);
    if (!port || !port->text)
        return -1;
    Arena *a = arena_new();
    Text x, y;
    text_init(&x, a, port->text, port->len);
    text_init(&y, a, text, (int)strlen(text));
    Diff d = diff_lines(a, &x, &y);
    int lines = d.added + d.removed;
    arena_free(a);
    return lines;
}

/* What the ported file is: its text and its framework, or false after a message. */
static bool read_ported(const Args *args, const char **text, const char **framework)
{
    const char *err = NULL;
    PtlOptions plain = {.templates = args->value[OPT_TEMPLATES], .no_sidecar = true};
    PtlDoc *doc = ptl_open(args->files.at[1], &plain, &err);
    if (!doc) {
        say_error("%s", err);
        return false;
    }
    int len;
    const char *from = ptl_from(doc);
    *text = arena_strdup(args->arena, ptl_source(doc, &len));
    *framework = from ? arena_strdup(args->arena, from) : NULL;
    ptl_close(doc);
    if (!from)
        say_error("%s: the framework cannot be told from its imports", args->files.at[1]);
    return from != NULL;
}

/* The source, ported as PORTED was. *edited: no style gives its text. */
static PtlDoc *open_pair(const Args *args, const char *text, const char *framework, bool *edited)
{
    static const char *const styles[] = {NULL, "subclassing", "sequential", "functional"};
    const char *err = NULL;
    PtlDoc *best = NULL;
    int least = -1;
    for (int i = 0; i < 4 && least != 0; i++) {
        PtlOptions options = engine_options(args);
        options.to = framework;
        options.style = styles[i];
        options.output = args->files.at[1];
        PtlDoc *doc = ptl_open(args->files.at[0], &options, &err);
        if (!doc) {
            say_error("%s", err);
            ptl_close(best);
            return NULL;
        }
        int lines = distance(doc, text);
        if (lines >= 0 && (least < 0 || lines < least)) {
            ptl_close(best);
            best = doc;
            least = lines;
        } else {
            ptl_close(doc);
        }
    }
    *edited = least != 0;
    if (!best)
        say_error("%s has no port to %s to pair its layers with", args->files.at[0], framework);
    return best;
}

/* ---- saying how it goes and what came out ---- */

typedef struct Progress {
    bool terminal;
    char last[128];
} Progress;

static bool show_progress(void *user, int done, int total, const char *text)
{
    Progress *p = user;
    if (!text || stop_asked())
        return !stop_asked();
    if (p->terminal)
        fprintf(stderr, "\r\033[K  %s (%d of %d)", text, done, total);
    else if (!str_eq(p->last, text))
        fprintf(stderr, "  %s\n", text);
    snprintf(p->last, sizeof p->last, "%s", text);
    fflush(stderr);
    return true;
}

static void put_layer(const Args *args, const VerifyLayer *l, bool first)
{
    const char *names = str_eq(l->source, l->target)
                            ? l->source
                            : arena_printf(args->arena, "%s = %s", l->source, l->target);
    const char *lines = arena_printf(args->arena, "%d, %d", l->source_line, l->target_line);
    const char *state = first           ? "first to diverge"
                        : !l->gap.equal ? "differs"
                        : l->unseen     ? "not seen in the output"
                                        : "";
    if (l->note && *l->note)
        printf("  %-28s %-16s %-10s %s\n", names, l->kind, lines, l->note);
    else
        printf("  %-28s %-16s %-10s %9.1e %9.1e %9.1e  %s\n", names, l->kind, lines, l->gap.max,
               l->gap.mean, l->gap.allowed, state);
}

static void put_names(const char *what, const StrVec *names)
{
    for (int i = 0; i < names->len; i++) printf("%s%s", i ? ", " : what, names->at[i]);
    if (names->len)
        printf("\n");
}

static void put_result(const Args *args, const VerifyResult *r)
{
    static const char *const words[] = {"equal", "unequal", "not compared"};
    printf("%s: %s\n", words[r->verdict], r->message);
    if (r->source_version && *r->source_version)
        printf("%s with %s, %s with %s\n", args->files.at[0], r->source_version, args->files.at[1],
               r->port_version);
    if (r->layers.len)
        printf("\n  %-28s %-16s %-10s %9s %9s %9s\n", "layer", "kind", "lines", "largest", "mean",
               "allowed");
    for (int i = 0; i < r->layers.len; i++) put_layer(args, &r->layers.at[i], i == r->first);
    if (r->layers.len)
        printf("  %-28s %-16s %-10s %9.1e %9.1e %9.1e\n\n", "output", "", "", r->worst.max,
               r->worst.mean, r->worst.allowed);
    put_names("layers that the comparison cannot see: ", &r->unseen);
    put_names("layers that no call reaches: ", &r->unreached);
    for (int i = 0; i < r->notes.len; i++) printf("note: %s\n", r->notes.at[i]);
    if (r->kept)
        printf("kept: %s\n", r->kept);
}

/* Stubs raise when they are reached, so they are named before anything runs. */
static void say_stubs(const PtlDoc *doc)
{
    const PtlPort *port = ptl_port(doc);
    if (port->complete)
        return;
    say_error("the port is incomplete; what is marked PORT in it raises when it is reached");
    say_questions(doc);
}

static int compare(const Args *args, PtlDoc *doc, VerifyRequest *q)
{
    const char *err = NULL;
    if (!ptl_verify_request(doc, args->files.at[1], q, &err)) {
        say_error("%s", err);
        return STATUS_FAILED;
    }
    Progress progress = {.terminal = isatty(STDERR_FILENO)};
    q->progress = show_progress;
    q->user = &progress;
    stop_listen();
    VerifyResult *r = verify_run(q);
    stop_end();
    if (progress.terminal && *progress.last)
        fputs("\r\033[K", stderr);
    int status = verify_exit_status(r);
    if (args_has(args, OPT_JSON))
        printf("%s\n", verify_to_json(r));
    else if (r->verdict == VERIFY_ERROR)
        say_error("%s", r->message);
    else
        put_result(args, r);
    verify_free(r);
    return finish_stdout() ? status : STATUS_FAILED;
}

int cmd_verify(const Args *args)
{
    VerifyRequest request = {0};
    const char *text, *framework;
    bool edited;
    if (!read_options(args, &request) || !check_target(args, args->files.at[0]))
        return STATUS_USAGE;
    if (!read_ported(args, &text, &framework))
        return STATUS_FAILED;
    PtlDoc *doc = open_pair(args, text, framework, &edited);
    if (!doc)
        return STATUS_FAILED;
    int status = STATUS_USAGE;
    if (check_answers(args, doc)) {
        if (edited)
            say_error("%s was edited since it was ported: layers are paired by name",
                      args->files.at[1]);
        say_stubs(doc);
        status = compare(args, doc, &request);
    }
    ptl_close(doc);
    return status;
}
