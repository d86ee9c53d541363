/* Taking a command line apart.
 *
 * Options stand anywhere, as `--name value` or `--name=value`; `--` ends them. The first word is a
 * command where it is the name of one, else it is the workbench's file. Whatever does not fit is
 * answered with what may have been meant. */
#include "cli/args.h"

#include <string.h>
#include <sys/stat.h>

bool args_has(const Args *args, OptionId id)
{
    return args->value[id] != NULL;
}

const char *nearest_word(const char *word, const char *const *words, int n)
{
    const char *best = NULL;
    int least = (int)strlen(word) / 2 + 1;
    for (int i = 0; i < n; i++) {
        int distance = str_distance(word, words[i]);
        if (*words[i] && distance < least) {
            least = distance;
            best = words[i];
        }
    }
    return best;
}

static const Option *find_option(const char *name, size_t n)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        const Option *o = &cli_options[i];
        if ((strlen(o->name) == n && !strncmp(o->name, name, n)) ||
            (o->letter && strlen(o->letter) == n && !strncmp(o->letter, name, n)))
            return o;
    }
    return NULL;
}

static const Command *find_command(const char *name)
{
    for (int i = 0; i < CMD_COUNT; i++)
        if (*cli_commands[i].name && str_eq(cli_commands[i].name, name))
            return &cli_commands[i];
    return NULL;
}

static const char *said(const Args *args)
{
    const char *name = cli_commands[args->command].name;
    return *name ? name : "the workbench";
}

static const char *unknown_option(Arena *a, const Args *args, const char *name)
{
    const char *words[OPT_COUNT];
    int n = 0;
    for (int i = 0; i < OPT_COUNT; i++)
        if (option_applies(&cli_options[i], args->command))
            words[n++] = cli_options[i].name;
    const char *near = nearest_word(name, words, n);
    return arena_printf(a, "no option %s%s%s%s", name, near ? "; did you mean " : "",
                        near ? near : "", near ? "?" : "");
}

static bool take_option(Args *args, const Option *o, const char *value, const char **err)
{
    if (!option_applies(o, args->command)) {
        *err = arena_printf(args->arena, "%s is not an option of %s", o->name, said(args));
        return false;
    }
    if (o->id == OPT_SHAPE)
        vec_push(args->arena, &args->shapes, value);
    if (o->id == OPT_SET)
        vec_push(args->arena, &args->sets, value);
    args->value[o->id] = value;
    return true;
}

/* argv[*i] is an option; moves *i over its value. */
static bool parse_option(Args *args, int argc, char **argv, int *i, const char **err)
{
    const char *word = argv[*i];
    const char *equals = str_starts(word, "--") ? strchr(word, '=') : NULL;
    size_t n = equals ? (size_t)(equals - word) : strlen(word);
    const Option *o = find_option(word, n);
    if (!o) {
        *err = unknown_option(args->arena, args, arena_strndup(args->arena, word, n));
        return false;
    }
    if (!o->value && equals) {
        *err = arena_printf(args->arena, "%s takes no value", o->name);
        return false;
    }
    const char *value = "";
    if (o->value && equals) {
        value = equals + 1;
    } else if (o->value) {
        if (*i + 1 >= argc) {
            *err = arena_printf(args->arena, "%s needs a value: %s %s", o->name, o->name, o->value);
            return false;
        }
        value = argv[++*i];
    }
    return take_option(args, o, value, err);
}

/* Too many or too few files; "prot model.py" is a misspelt command rather than two files. */
static bool check_files(Args *args, const char **err)
{
    const Command *c = &cli_commands[args->command];
    Arena *a = args->arena;
    if (args->files.len >= c->least && args->files.len <= c->most)
        return true;
    if (args->files.len > c->most && args->command == CMD_WORKBENCH) {
        const char *names[CMD_COUNT];
        for (int i = 0; i < CMD_COUNT; i++) names[i] = cli_commands[i].name;
        const char *near = nearest_word(args->files.at[0], names, CMD_COUNT);
        if (near)
            *err = arena_printf(a, "no command %s; did you mean %s?", args->files.at[0], near);
        else
            *err = arena_printf(a, "one file at a time, and there is %s too", args->files.at[1]);
    } else if (args->files.len > c->most) {
        *err =
            arena_printf(a, "%s takes %s: what is %s?", c->name, c->usage, args->files.at[c->most]);
    } else {
        *err = arena_printf(a, "%s needs what it works on: portolan %s %s", c->name, c->name,
                            c->usage);
    }
    return false;
}

bool args_parse(Args *args, Arena *arena, int argc, char **argv, const char **err)
{
    *args = (Args){.arena = arena, .command = CMD_WORKBENCH, .program = argc > 0 ? argv[0] : NULL};
    int i = 1;
    const Command *c = argc > 1 ? find_command(argv[1]) : NULL;
    if (c) {
        args->command = c->id;
        i = 2;
    }
    bool options = true;
    for (; i < argc; i++) {
        if (options && str_eq(argv[i], "--"))
            options = false;
        else if (options && argv[i][0] == '-' && argv[i][1]) {
            if (!parse_option(args, argc, argv, &i, err))
                return false;
        } else
            vec_push(arena, &args->files, (const char *)argv[i]);
    }
    vec_push(arena, &args->shapes, (const char *)NULL);
    vec_push(arena, &args->sets, (const char *)NULL);
    if (args_has(args, OPT_HELP) || args_has(args, OPT_VERSION))
        return true;
    return check_files(args, err);
}
