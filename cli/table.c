/* The rows of the command line, and its help texts.
 *
 * `portolan -h` has to be useful on a terminal of 24 lines, so it shows the commands, the options
 * that most runs need, and the exit statuses; `portolan COMMAND -h` shows all that a command takes.
 */
#include "cli/table.h"

#include <string.h>

#include "portolan.h"

const Command cli_commands[CMD_COUNT] = {
#define COMMAND(id, name, least, most, usage, help) {CMD_##id, name, least, most, usage, help},
#include "cli/commands.def"
#undef COMMAND
};

#define ON(id) (1u << CMD_##id)
const Option cli_options[OPT_COUNT] = {
#define OPTION(id, name, letter, value, commands, completion, help)                                \
    {OPT_##id, name, letter, value, commands, completion, help},
#include "cli/options.def"
#undef OPTION
};

bool option_applies(const Option *o, CommandId c)
{
    return (o->commands & (1u << c)) != 0;
}

static void option_line(const Option *o, Buf *out)
{
    Buf left = {0};
    buf_printf(&left, "%s%s%s%s%s", o->letter ? o->letter : "", o->letter ? ", " : "", o->name,
               o->value ? " " : "", o->value ? o->value : "");
    buf_printf(out, "  %-22s %s\n", left.s, o->help);
    buf_free(&left);
}

static void command_line(const Command *c, Buf *out)
{
    Buf left = {0};
    buf_printf(&left, "portolan %s%s%s", c->name, *c->name ? " " : "", c->usage);
    buf_printf(out, "  %-29s %s\n", left.s, c->help);
    buf_free(&left);
}

void help_program(Buf *out)
{
    static const OptionId common[] = {OPT_TO,    OPT_STYLE, OPT_ENTRY,
                                      OPT_SHAPE, OPT_SET,   OPT_DECISIONS};
    buf_add(out, "Portolan ports a neural network's source code to another framework.\n\n");
    for (int i = 0; i < CMD_COUNT; i++) command_line(&cli_commands[i], out);
    buf_add(out, "\n");
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        option_line(&cli_options[common[i]], out);
    buf_add(out, "\n  portolan COMMAND -h shows all that it takes; --version [-v]; man portolan\n"
                 "\nExit status: 0 complete, 1 failed, 2 wrong usage, 3 incomplete (gaps marked),\n"
                 "4 verified unequal, 70 a fault of Portolan's own.\n");
}

void help_command(CommandId id, Buf *out)
{
    const Command *c = &cli_commands[id];
    buf_printf(out, "portolan %s%s%s: %s\n\n", c->name, *c->name ? " " : "", c->usage, c->help);
    for (int i = 0; i < OPT_COUNT; i++)
        if (option_applies(&cli_options[i], id))
            option_line(&cli_options[i], out);
}
