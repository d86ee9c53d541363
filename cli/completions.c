/* Shell completions, made from the tables of commands and options.
 *
 * completions/ holds what this writes, so that installing needs no run of the program; a test
 * compares the two. The names of the frameworks are asked of the program when they are completed,
 * since they are folders. */
#include <string.h>

#include "cli/table.h"

#define FRAMEWORKS "portolan --version -v 2>/dev/null | sed -n 's/^frameworks: *//p'"

static bool is_choice(const Option *o)
{
    return *o->completion && !str_eq(o->completion, "file") && !str_eq(o->completion, "folder") &&
           !str_eq(o->completion, "framework");
}

/* A text within single quotes of a shell. */
static void quoted(const char *text, Buf *out)
{
    buf_addc(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '\'')
            buf_add(out, "'\\''");
        else
            buf_addc(out, *p);
    }
    buf_addc(out, '\'');
}

static void bash_values(Buf *out)
{
    buf_add(out, "    case $prev in\n");
    for (int i = 0; i < OPT_COUNT; i++) {
        const Option *o = &cli_options[i];
        if (!o->value)
            continue;
        buf_printf(out, "    %s%s%s) ", o->letter ? o->letter : "", o->letter ? " | " : "",
                   o->name);
        if (str_eq(o->completion, "framework"))
            buf_add(out, "COMPREPLY=($(compgen -W \"$(" FRAMEWORKS ")\" -- \"$cur\"));");
        else if (is_choice(o))
            buf_printf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"));", o->completion);
        else if (*o->completion)
            buf_printf(out, "COMPREPLY=($(compgen -%c -- \"$cur\"));",
                       str_eq(o->completion, "folder") ? 'd' : 'f');
        buf_add(out, " return ;;\n");
    }
    buf_add(out, "    esac\n");
}

static void bash_options(CommandId c, Buf *out)
{
    buf_add(out, "options='");
    for (int i = 0, n = 0; i < OPT_COUNT; i++)
        if (option_applies(&cli_options[i], c))
            buf_printf(out, "%s%s", n++ ? " " : "", cli_options[i].name);
    buf_add(out, "' ;;\n");
}

static void bash(Buf *out)
{
    buf_add(out, "# bash completion for portolan, made from its table of commands and options.\n"
                 "_portolan() {\n"
                 "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} options "
                 "words=''\n"
                 "    COMPREPLY=()\n");
    bash_values(out);
    buf_add(out, "    case ${COMP_WORDS[1]} in\n");
    for (int i = 1; i < CMD_COUNT; i++) {
        buf_printf(out, "    %s) ", cli_commands[i].name);
        bash_options(cli_commands[i].id, out);
    }
    buf_add(out, "    *) ");
    bash_options(CMD_WORKBENCH, out);
    buf_add(out, "    esac\n    [ \"$COMP_CWORD\" -gt 1 ] || words='");
    for (int i = 1; i < CMD_COUNT; i++)
        buf_printf(out, "%s%s", i > 1 ? " " : "", cli_commands[i].name);
    buf_add(out, "'\n"
                 "    if [[ $cur == -* ]]; then\n"
                 "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
                 "    else\n"
                 "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\") $(compgen -f -X '!*.py' "
                 "-- \"$cur\") "
                 "$(compgen -d -- \"$cur\"))\n"
                 "    fi\n"
                 "}\n"
                 "complete -o filenames -F _portolan portolan\n");
}

static void zsh_action(const Option *o, Buf *out)
{
    if (str_eq(o->completion, "framework"))
        buf_add(out, ":framework:($(" FRAMEWORKS "))");
    else if (str_eq(o->completion, "file"))
        buf_add(out, ":file:_files");
    else if (str_eq(o->completion, "folder"))
        buf_add(out, ":folder:_files -/");
    else if (is_choice(o))
        buf_printf(out, ":%s:(%s)", o->value, o->completion);
    else
        buf_printf(out, ":%s: ", o->value);
}

/* '*--set[…]:…', with what means something to _arguments escaped. */
static void zsh_option(const Option *o, const char *name, Buf *out)
{
    Buf spec = {0};
    buf_printf(&spec, "%s%s[", o->id == OPT_SET || o->id == OPT_SHAPE ? "*" : "", name);
    for (const char *p = o->help; *p; p++) {
        if (*p == '[' || *p == ']' || *p == ':')
            buf_addc(&spec, '\\');
        buf_addc(&spec, *p);
    }
    buf_addc(&spec, ']');
    if (!o->value) {
        buf_add(out, " \\\n        ");
        quoted(spec.s, out);
    } else {
        /* The framework's action runs a command, so it stands in double quotes. */
        Buf action = {0};
        zsh_action(o, &action);
        buf_add(out, " \\\n        ");
        quoted(spec.s, out);
        buf_printf(out, "\"%s\"", action.s);
        buf_free(&action);
    }
    buf_free(&spec);
}

static void zsh(Buf *out)
{
    buf_add(out, "#compdef portolan\n"
                 "# zsh completion for portolan, made from its table of commands and options.\n"
                 "_portolan() {\n"
                 "    local -a commands\n"
                 "    commands=(\n");
    for (int i = 1; i < CMD_COUNT; i++) {
        buf_add(out, "        ");
        Buf line = {0};
        buf_printf(&line, "%s:%s", cli_commands[i].name, cli_commands[i].help);
        quoted(line.s, out);
        buf_add(out, "\n");
        buf_free(&line);
    }
    buf_add(out, "    )\n"
                 "    (( CURRENT > 2 )) || { _describe command commands; _files -g '*.py'; }\n"
                 "    case $words[2] in\n");
    for (int i = 1; i <= CMD_COUNT; i++) {
        CommandId c = i < CMD_COUNT ? (CommandId)i : CMD_WORKBENCH;
        buf_printf(out, "    %s)\n        _arguments",
                   c == CMD_WORKBENCH ? "*" : cli_commands[c].name);
        for (int k = 0; k < OPT_COUNT; k++) {
            const Option *o = &cli_options[k];
            if (!option_applies(o, c))
                continue;
            zsh_option(o, o->name, out);
            if (o->letter)
                zsh_option(o, o->letter, out);
        }
        buf_add(out, " \\\n        '*:file:_files -g \"*.py\"' ;;\n");
    }
    buf_add(out, "    esac\n}\n_portolan \"$@\"\n");
}

static void fish_option(const Option *o, Buf *out)
{
    buf_add(out, "complete -c portolan -n '");
    if (option_applies(o, CMD_WORKBENCH))
        buf_add(out, "true");
    else {
        buf_add(out, "__fish_seen_subcommand_from");
        for (int c = 1; c < CMD_COUNT; c++)
            if (option_applies(o, (CommandId)c))
                buf_printf(out, " %s", cli_commands[c].name);
    }
    buf_addc(out, '\'');
    bool is_short = o->name[1] != '-';
    buf_printf(out, is_short ? " -s %s" : " -l %s", o->name + (is_short ? 1 : 2));
    if (o->letter)
        buf_printf(out, " -s %s", o->letter + 1);
    if (o->value && str_eq(o->completion, "file"))
        buf_add(out, " -rF");
    else if (o->value && str_eq(o->completion, "folder"))
        buf_add(out, " -xa '(__fish_complete_directories)'");
    else if (o->value && str_eq(o->completion, "framework"))
        buf_add(
            out,
            " -xa '(portolan --version -v 2>/dev/null | string replace -fr \"^frameworks: *\" \"\" "
            "| string split \" \")'");
    else if (o->value && is_choice(o))
        buf_printf(out, " -xa '%s'", o->completion);
    else if (o->value)
        buf_add(out, " -x");
    buf_add(out, " -d ");
    quoted(o->help, out);
    buf_add(out, "\n");
}

static void fish(Buf *out)
{
    buf_add(out, "# fish completion for portolan, made from its table of commands and options.\n");
    for (int i = 1; i < CMD_COUNT; i++) {
        buf_printf(out, "complete -c portolan -n __fish_use_subcommand -a %s -d ",
                   cli_commands[i].name);
        quoted(cli_commands[i].help, out);
        buf_add(out, "\n");
    }
    for (int i = 0; i < OPT_COUNT; i++) fish_option(&cli_options[i], out);
}

bool completions_write(const char *shell, Buf *out)
{
    if (str_eq(shell, "bash"))
        bash(out);
    else if (str_eq(shell, "zsh"))
        zsh(out);
    else if (str_eq(shell, "fish"))
        fish(out);
    else
        return false;
    return true;
}
