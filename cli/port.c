/* portolan port: the port, headless.
 *
 * What stands at the target already is not lost. A file with our first line is kept beside where
 * its text is another one. A file without it is somebody's work: on a terminal the difference is
 * shown and the user asked once, without one nothing is written. An empty file is nobody's. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/unified.h"

static bool agreed(const char *path, const char *old, const char *new)
{
    Buf diff = {0};
    unified_diff(old, new, path, "port", &diff);
    fputs(diff.s ? diff.s : "", stderr);
    buf_free(&diff);
    fprintf(stderr, "%s was not written by Portolan. Overwrite it? [y/N] ", path);
    char answer[16];
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* A file with our first line may be the last port, with other answers or of an older source, or an
 * edited one; nothing in it tells. So it is kept beside, under another name. */
static bool keep_old(const char *path, const char *old)
{
    Buf beside = {0};
    buf_printf(&beside, "%s~", path);
    bool ok = put_text(beside.s, old, strlen(old));
    if (ok)
        say_error("%s had another text: it is kept as %s", path, beside.s);
    buf_free(&beside);
    return ok;
}

static bool may_write(PtlDoc *doc, const char *path, const char *new)
{
    const char *old = NULL;
    PtlTargetState state = ptl_target_state(doc, path, &old);
    if (state == PTL_TARGET_NEW || state == PTL_TARGET_SAME || !old || !*old)
        return true;
    if (state == PTL_TARGET_OURS)
        return keep_old(path, old);
    if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && agreed(path, old, new))
        return true;
    say_error("%s was not written by Portolan: left alone", path);
    fprintf(stderr, "  hint: another name (-o OUT), `-o - > %s`, or portolan diff to see it\n",
            path);
    return false;
}

static bool write_target(PtlDoc *doc, const char *path)
{
    const PtlPort *port = ptl_port(doc);
    if (str_eq(path, "-"))
        return put_text(path, port->text, (size_t)port->len);
    const char *note = NULL, *err = NULL;
    if (!may_write(doc, path, port->text))
        return false;
    if (!ptl_write_target(doc, path, &note, &err)) {
        say_error("%s", err);
        return false;
    }
    if (note)
        say_error("%s", note);
    return true;
}

static bool save_decisions(PtlDoc *doc)
{
    const char *note = NULL, *err = NULL;
    if (!ptl_write_sidecar(doc, ptl_sidecar_path(doc), &note, &err)) {
        say_error("%s", err);
        return false;
    }
    if (note)
        say_error("%s", note);
    return true;
}

static int port_document(const Args *args, PtlDoc *doc)
{
    const PtlPort *port = ptl_port(doc);
    const char *out = args_has(args, OPT_OUTPUT) ? args->value[OPT_OUTPUT] : ptl_target_path(doc);
    say_diagnostics(doc);
    if (port->impossible) {
        say_error("%s", port->impossible);
        return STATUS_FAILED;
    }
    if (!check_answers(args, doc))
        return STATUS_USAGE;
    say_questions(doc);
    bool ok = true;
    bool withheld = args_has(args, OPT_STRICT) && !port->complete;
    if (!withheld)
        ok = write_target(doc, out);
    if (ok && args_has(args, OPT_REPORT)) {
        const char *report = ptl_report(doc);
        ok = put_text(args->value[OPT_REPORT], report, strlen(report));
    }
    if (ok && !withheld && args_has(args, OPT_SAVE))
        ok = save_decisions(doc);
    if (!ok)
        return STATUS_FAILED;
    say_summary(doc, str_eq(out, "-") ? "the port" : out);
    if (withheld)
        say_error("--strict: nothing was written");
    return port_status(ptl_port(doc));
}

int cmd_port(const Args *args)
{
    if (!args_has(args, OPT_TO)) {
        say_usage(args, "port needs to know where to: --to pytorch or --to tensorflow");
        return STATUS_USAGE;
    }
    if (args_has(args, OPT_OUTPUT) && args_has(args, OPT_REPORT) &&
        str_eq(args->value[OPT_OUTPUT], "-") && str_eq(args->value[OPT_REPORT], "-")) {
        say_usage(args, "the port and the report cannot both go to standard output");
        return STATUS_USAGE;
    }
    int status;
    PtlDoc *doc = open_document(args, args->files.at[0], &status);
    if (!doc)
        return status;
    status = port_document(args, doc);
    ptl_close(doc);
    return status;
}
