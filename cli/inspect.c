/* portolan inspect: the network as it was traced, and what is open about it. 0 unless the file
 * can't be read. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int cmd_inspect(const Args *args)
{
    int status;
    PtlDoc *doc = open_document(args, args->files.at[0], &status);
    if (!doc)
        return status;
    const char *err = NULL;
    const char *text = ptl_export(doc, args_has(args, OPT_JSON) ? "inspect-json" : "inspect", &err);
    say_diagnostics(doc);
    if (!text) {
        say_error("%s", err ? err : "there is nothing to show");
        status = STATUS_FAILED;
    } else if (!put_text("-", text, strlen(text))) {
        status = STATUS_FAILED;
    }
    ptl_close(doc);
    return status;
}
