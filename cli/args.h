/* Args: a command line, taken apart by the tables of table.h. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"
#include "cli/table.h"

typedef struct Args {
    CommandId command;
    const char *program;  /* as it was called */
    StrVec files; /* positional arguments */
    const char
        *value[OPT_COUNT]; /* the last one given; "" for a switch that is on, NULL when absent */
    StrVec shapes, sets;   /* NULL-terminated once parsed */
    Arena *arena;
} Args;

/* False and *err (with its hint, in the arena) when it is no command line of ours. -h and --version
 * end the parse early and are true. */
bool args_parse(Args *args, Arena *arena, int argc, char **argv, const char **err);
bool args_has(const Args *args, OptionId id);
/* The nearest of some words to a misspelt one, or NULL when none is near. */
const char *nearest_word(const char *word, const char *const *words, int n);

#endif
