/* Commands: commands.def as a table, and the keys that lead to them. */
#ifndef TUI_COMMANDS_H
#define TUI_COMMANDS_H

#include "app.h"

typedef struct CommandCall {
    int count;       /* 0: none typed */
    const char *arg; /* "" when none */
} CommandCall;

typedef enum {
    GROUP_MOVE,
    GROUP_STEP,
    GROUP_DECIDE,
    GROUP_VIEW,
    GROUP_SEARCH,
    GROUP_FILE,
    GROUP_OTHER,
    GROUP_HIDDEN
} CommandGroup;

typedef struct Command {
    const char *name, *keys, *panes;
    CommandGroup group;
    const char *flags, *brief, *help;
    void (*run)(App *app, const CommandCall *call);
} Command;

extern const Command commands[];
extern const int ncommands;

#define CMD(name, keys, panes, group, flags, brief, help)                                          \
    void act_##name(App *app, const CommandCall *call);
#include "commands.def"
#undef CMD

const char *command_group_title(CommandGroup group);
const Command *command_find(const char *name);

struct Keymap *keymap_new(void);
void keymap_free(struct Keymap *map);
/* Binds keys (script notation) in panes (letters as in commands.def) to a command line. False: no
 * such command. */
bool keymap_bind(struct Keymap *map, const char *panes, const char *keys, const char *line);
/* First key that leads to the command in this pane, as shown to people; NULL when none does. */
const char *keymap_label(const struct Keymap *map, const Command *cmd, Pane pane, char *out,
                         int size);

/* A key outside overlays: counts, sequences, then the command. */
void command_key(App *app, int key);
/* A line typed behind ':'. */
void command_line(App *app, const char *line);
void command_run(App *app, const Command *cmd, int count, const char *arg);
/* Runs what waited for a job. */
void command_resume(App *app);

#endif
