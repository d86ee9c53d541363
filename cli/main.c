/* portolan: from a command line to a subcommand, and its exit status. */
#include <locale.h>
#include <stdio.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/fault.h"

static int show(Buf *text)
{
    bool ok = put_text("-", text->s, text->len);
    buf_free(text);
    return ok ? STATUS_COMPLETE : STATUS_FAILED;
}

/* Where the templates are is known only to an open document; any readable file serves, and a
 * message of the engine that names every place it looked is as good an answer. */
static void version_files(const Args *args, Buf *out)
{
    const char *err = NULL;
    PtlOptions options = {.templates = args->value[OPT_TEMPLATES], .no_sidecar = true};
    PtlDoc *doc = ptl_open_text("/dev/null", &options, &err);
    buf_printf(out, "templates: %s\n", doc ? ptl_templates_from(doc) : err ? err : "not found");
    const char *const *names = doc ? ptl_frameworks(doc) : NULL;
    buf_add(out, "frameworks:");
    for (int i = 0; names && names[i]; i++) buf_printf(out, " %s", names[i]);
    buf_add(out, "\n");
    ptl_close(doc);
}

static int version(const Args *args)
{
    Buf out = {0};
    buf_add(&out, "portolan " PORTOLAN_VERSION "\n");
    if (args_has(args, OPT_VERBOSE))
        version_files(args, &out);
    return show(&out);
}

static int help(const Args *args, int argc)
{
    Buf out = {0};
    if (args->command == CMD_WORKBENCH && argc <= 2)
        help_program(&out);
    else
        help_command(args->command, &out);
    return show(&out);
}

static int run(const Args *args)
{
    switch (args->command) {
    case CMD_WORKBENCH:
        return cmd_workbench(args);
    case CMD_PORT:
        return cmd_port(args);
    case CMD_INSPECT:
        return cmd_inspect(args);
    case CMD_VERIFY:
        return cmd_verify(args);
    case CMD_DIFF:
        return cmd_diff(args);
    case CMD_ASK:
        return cmd_ask(args);
    case CMD_EXPORT:
        return cmd_export(args);
    case CMD_COUNT:
        break;
    }
    return STATUS_USAGE;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    fault_install(NULL);
    Arena *arena = arena_new();
    Args args;
    const char *err = NULL;
    int status;
    if (!args_parse(&args, arena, argc, argv, &err)) {
        say_usage(&args, err);
        status = STATUS_USAGE;
    } else if (args_has(&args, OPT_HELP)) {
        status = help(&args, argc);
    } else if (args_has(&args, OPT_VERSION)) {
        status = version(&args);
    } else {
        fault_install(args.files.len ? args.files.at[0] : NULL);
        status = run(&args);
    }
    arena_free(arena);
    return status;
}
