/* portolan export: the pivot model, as JSON or as code that BESSER loads. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int cmd_export(const Args *args)
{
    bool json = args_has(args, OPT_JSON), buml = args_has(args, OPT_BUML);
    if (json == buml) {
        say_usage(args, json ? "--json or --buml, not both" : "export as what? --json or --buml");
        return STATUS_USAGE;
    }
    int status;
    PtlDoc *doc = open_document(args, args->files.at[0], &status);
    if (!doc)
        return status;
    const char *err = NULL;
    const char *text = ptl_export(doc, json ? "json" : "buml", &err);
    say_diagnostics(doc);
    const char *out = args_has(args, OPT_OUTPUT) ? args->value[OPT_OUTPUT] : "-";
    if (!text) {
        say_error("%s", err ? err : "there is no model to export");
        status = STATUS_FAILED;
    } else if (!put_text(out, text, strlen(text))) {
        status = STATUS_FAILED;
    }
    ptl_close(doc);
    return status;
}
