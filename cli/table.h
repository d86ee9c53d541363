/* Table: the commands and options of the command line as data, and what is made of them: help texts
 * and shell completions. cli/commands.def and cli/options.def hold the rows. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>

#include "base/str.h"

typedef enum CommandId {
#define COMMAND(id, name, least, most, usage, help) CMD_##id,
#include "cli/commands.def"
#undef COMMAND
    CMD_COUNT
} CommandId;

typedef enum OptionId {
#define OPTION(id, name, letter, value, commands, completion, help) OPT_##id,
#include "cli/options.def"
#undef OPTION
    OPT_COUNT
} OptionId;

typedef struct Command {
    CommandId id;
    const char *name;
    int least, most; /* positional arguments */
    const char *usage, *help;
} Command;

typedef struct Option {
    OptionId id;
    const char *name, *letter; /* letter may be NULL */
    const char *value;         /* NULL: a switch */
    unsigned commands;         /* bit of each CommandId that takes it */
    const char *completion, *help;
} Option;

extern const Command cli_commands[CMD_COUNT];
extern const Option cli_options[OPT_COUNT];

bool option_applies(const Option *o, CommandId c);
void help_program(Buf *out);
void help_command(CommandId c, Buf *out);
/* Completion scripts; shell is "bash", "zsh" or "fish". False for another one. */
bool completions_write(const char *shell, Buf *out);

#endif
