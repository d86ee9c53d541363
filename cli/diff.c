/* portolan diff: what writing the port would change on disk, as a unified diff. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/unified.h"

static int show(const Args *args, PtlDoc *doc)
{
    const PtlPort *port = ptl_port(doc);
    const char *path = args_has(args, OPT_OUTPUT) ? args->value[OPT_OUTPUT] : ptl_target_path(doc);
    say_diagnostics(doc);
    if (port->impossible) {
        say_error("%s", port->impossible);
        return STATUS_FAILED;
    }
    if (!check_answers(args, doc))
        return STATUS_USAGE;
    const char *old = NULL;
    PtlTargetState state = ptl_target_state(doc, path, &old);
    Buf out = {0};
    unified_diff(old ? old : "", port->text, state == PTL_TARGET_NEW ? "/dev/null" : path, path,
                 &out);
    bool ok = put_text("-", out.s ? out.s : "", out.len);
    buf_free(&out);
    if (state == PTL_TARGET_FOREIGN)
        say_error("%s was not written by Portolan", path);
    return ok ? port_status(port) : STATUS_FAILED;
}

int cmd_diff(const Args *args)
{
    if (!args_has(args, OPT_TO)) {
        say_usage(args, "diff needs to know where to: --to pytorch or --to tensorflow");
        return STATUS_USAGE;
    }
    int status;
    PtlDoc *doc = open_document(args, args->files.at[0], &status);
    if (!doc)
        return status;
    status = show(args, doc);
    ptl_close(doc);
    return status;
}
