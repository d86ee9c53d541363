/* portolan FILE: the workbench. Without --keys it needs a terminal. */
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "tui/tui.h"

int cmd_workbench(const Args *args)
{
    const char *path = args->files.len ? args->files.at[0] : NULL;
    bool played = args_has(args, OPT_KEYS) || args_has(args, OPT_DUMP);
    if (path && !file_exists(path)) {
        const char *names[CMD_COUNT];
        for (int i = 0; i < CMD_COUNT; i++) names[i] = cli_commands[i].name;
        const char *near = nearest_word(path, names, CMD_COUNT);
        say_error("there is no file %s%s%s%s", path, near ? "; did you mean portolan " : "",
                  near ? near : "", near ? "?" : "");
        return STATUS_FAILED;
    }
    if (path && !file_is_dir(path) && !check_target(args, path))
        return STATUS_USAGE;
    if (!played && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))) {
        say_usage(args, "the workbench needs a terminal; portolan port FILE --to F needs none");
        return STATUS_USAGE;
    }
    TuiOptions options = {
        .path = path,
        .engine = engine_options(args),
        .program = args->program,
        .theme = args->value[OPT_THEME],
        .no_mouse = args_has(args, OPT_NO_MOUSE),
        .no_session = args_has(args, OPT_NO_SESSION),
        .tour = args_has(args, OPT_TOUR),
        .keys = args->value[OPT_KEYS],
        .size = args->value[OPT_SIZE],
        .dump = args->value[OPT_DUMP],
    };
    return tui_run(&options);
}
