/* The table, the keymap built from it, and the reading of keys: a count, a sequence of up to three
 * keys, a command. A key that is bound in a pane of its own wins over one that is bound everywhere;
 * what is bound later (by the user) wins over what was bound before. */
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "keys.h"
#include "panes.h"
#include "tour.h"

enum { KEYS_MAX = 3, COUNT_MAX = 99999 };

const Command commands[] = {
#define CMD(name, keys, panes, group, flags, brief, help)                                          \
    {#name, keys, panes, GROUP_##group, flags, brief, help, act_##name},
#include "commands.def"
#undef CMD
};
const int ncommands = sizeof commands / sizeof *commands;

typedef struct Binding {
    int keys[KEYS_MAX], nkeys;
    unsigned panes; /* bits; 0x1f is everywhere */
    const Command *cmd;
    char *arg; /* of a user's binding, or NULL */
} Binding;

typedef struct Keymap {
    Binding *at;
    int n;
} Keymap;

const char *command_group_title(CommandGroup group)
{
    static const char *const titles[] = {"Moving",    "Stepping through mappings and questions",
                                         "Answering", "Looking",
                                         "Searching", "Files and copying",
                                         "Other",     ""};
    return titles[group];
}

const Command *command_find(const char *name)
{
    for (int i = 0; i < ncommands; i++)
        if (str_eq(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static unsigned pane_bits(const char *letters)
{
    unsigned bits = 0;
    for (; *letters; letters++) {
        switch (*letters) {
        case 'A':
            bits |= 0x1f;
            break;
        case 'X':
            bits |= 1u << PANE_SOURCE | 1u << PANE_TARGET;
            break;
        case 'S':
            bits |= 1u << PANE_SOURCE;
            break;
        case 'T':
            bits |= 1u << PANE_TREE;
            break;
        case 'G':
            bits |= 1u << PANE_TARGET;
            break;
        case 'Q':
            bits |= 1u << PANE_QUEUE;
            break;
        case 'D':
            bits |= 1u << PANE_DETAIL;
            break;
        }
    }
    return bits;
}

static void bind(Keymap *map, const char *keys, unsigned panes, const Command *cmd, const char *arg)
{
    Binding b = {{0}, 0, panes, cmd, arg && *arg ? x_strdup(arg) : NULL};
    while (*keys && b.nkeys < KEYS_MAX) b.keys[b.nkeys++] = key_parse(&keys);
    map->at = x_realloc(map->at, sizeof *map->at * (size_t)(map->n + 1));
    map->at[map->n++] = b;
}

Keymap *keymap_new(void)
{
    Keymap *map = x_alloc(sizeof *map);
    *map = (Keymap){NULL, 0};
    for (int i = 0; i < ncommands; i++) {
        const char *keys = commands[i].keys;
        while (*keys) {
            char one[32];
            int n = (int)strcspn(keys, " ");
            snprintf(one, sizeof one, "%.*s", n, keys);
            if (n)
                bind(map, one, pane_bits(commands[i].panes), &commands[i], NULL);
            keys += n + (keys[n] == ' ');
        }
    }
    return map;
}

void keymap_free(Keymap *map)
{
    for (int i = 0; i < map->n; i++) free(map->at[i].arg);
    free(map->at);
    free(map);
}

bool keymap_bind(Keymap *map, const char *panes, const char *keys, const char *line)
{
    char name[64];
    int n = (int)strcspn(line, " ");
    snprintf(name, sizeof name, "%.*s", n, line);
    const Command *cmd = command_find(name);
    unsigned bits = pane_bits(panes);
    if (!cmd || !bits || !*keys)
        return false;
    bind(map, keys, bits, cmd, line + n + (line[n] == ' '));
    return true;
}

static bool everywhere(const Binding *b)
{
    return b->panes == 0x1f;
}

/* The binding for these keys; *longer when they begin another one. */
static const Binding *look_up(const Keymap *map, Pane pane, const int *keys, int n, bool *longer)
{
    const Binding *found = NULL;
    *longer = false;
    for (int i = 0; i < map->n; i++) {
        const Binding *b = &map->at[i];
        if (!(b->panes & 1u << pane) || b->nkeys < n ||
            memcmp(b->keys, keys, sizeof(int) * (size_t)n) != 0)
            continue;
        if (b->nkeys > n)
            *longer = true;
        else if (!found || everywhere(found) || !everywhere(b))
            found = b;
    }
    return found;
}

const char *keymap_label(const Keymap *map, const Command *cmd, Pane pane, char *out, int size)
{
    for (int i = 0; i < map->n; i++) {
        const Binding *b = &map->at[i];
        bool longer;
        if (b->cmd != cmd || !(b->panes & 1u << pane) ||
            look_up(map, pane, b->keys, b->nkeys, &longer) != b)
            continue;
        int n = 0;
        out[0] = '\0';
        for (int k = 0; k < b->nkeys; k++) {
            char label[16];
            n += snprintf(out + n, (size_t)(size - n), "%s", key_label(b->keys[k], label));
        }
        return out;
    }
    return NULL;
}

void command_run(App *app, const Command *cmd, int count, const char *arg)
{
    bool needs_port = strchr(cmd->flags, 'P') && !app->port;
    if ((needs_port || strchr(cmd->flags, 'E')) &&
        job_running(app)) { /* typed ahead: waits for the job */
        app->deferred = cmd;
        app->deferred_count = count;
        app_set_string(&app->deferred_arg, arg);
        return;
    }
    if (needs_port) {
        app_say(app, MESSAGE_INFO, "there is no port yet");
        return;
    }
    tour_notice(app, cmd);
    CommandCall call = {count, arg ? arg : ""};
    cmd->run(app, &call);
}

void command_resume(App *app)
{
    const Command *cmd = app->deferred;
    if (!cmd)
        return;
    char *arg = app->deferred_arg;
    app->deferred = NULL;
    app->deferred_arg = NULL;
    command_run(app, cmd, app->deferred_count, arg);
    free(arg);
    layout_update(app);
}

static void unbound(App *app, int key)
{
    char label[16];
    if (app->quiet_key == key)
        return;
    app->quiet_key = key;
    app_say(app, MESSAGE_INFO, "%s is not bound here (? for help)", key_label(key, label));
}

/* In the focus layout a digit that begins nothing chooses the pane. */
static bool choose_pane(App *app, int key)
{
    static const char *const names[] = {"source", "tree", "target", "questions"};
    if (app->layout.kind != LAYOUT_FOCUS || app->zoom || app->focus == PANE_DETAIL)
        return false;
    if (app->count || app->npending || key < '1' || key > '4')
        return false;
    command_run(app, command_find(names[key - '1']), 0, "");
    return true;
}

static bool take_count(App *app, int key)
{
    if (app->npending || app->focus == PANE_DETAIL)
        return false;
    if (key < '0' || key > '9' || (key == '0' && app->count == 0))
        return false;
    app->count = app->count * 10 + key - '0';
    if (app->count > COUNT_MAX)
        app->count = COUNT_MAX;
    return true;
}

void command_key(App *app, int key)
{
    bool longer;
    if (key == KEY_CTRL('c')) {
        app->count = app->npending = 0;
        app_say(app, MESSAGE_INFO, "q quits");
        return;
    }
    if (choose_pane(app, key) || take_count(app, key))
        return;
    app->pending[app->npending++] = key;
    const Binding *b = look_up(app->keymap, app->focus, app->pending, app->npending, &longer);
    if (!b && longer && app->npending < KEYS_MAX)
        return;
    int count = app->count, last = app->npending > 1 ? 0 : key;
    app->count = app->npending = 0;
    if (b) {
        app->quiet_key = 0;
        command_run(app, b->cmd, count, b->arg);
    } else if (last) {
        unbound(app, last);
    } else {
        app_say(app, MESSAGE_INFO, "no such key sequence (? for help)");
    }
}

/* The only command that begins like this, or the exact one. */
static const Command *by_prefix(const char *name, bool *ambiguous)
{
    const Command *found = command_find(name);
    *ambiguous = false;
    for (int i = 0; i < ncommands && !command_find(name); i++) {
        if (!str_starts(commands[i].name, name) || commands[i].group == GROUP_HIDDEN)
            continue;
        *ambiguous = found != NULL;
        if (found)
            return NULL;
        found = &commands[i];
    }
    return found;
}

static const char *nearest(const char *name)
{
    const char *best = NULL;
    int least = 3;
    for (int i = 0; i < ncommands; i++) {
        int d = str_distance(commands[i].name, name);
        if (commands[i].group != GROUP_HIDDEN && d < least)
            least = d, best = commands[i].name;
    }
    return best;
}

void command_line(App *app, const char *line)
{
    char name[64];
    bool ambiguous;
    while (*line == ' ' || *line == ':') line++;
    int n = (int)strcspn(line, " ");
    snprintf(name, sizeof name, "%.*s", n < 63 ? n : 63, line);
    const char *arg = line + n;
    while (*arg == ' ') arg++;
    for (char *c = name; *c; c++)
        if (*c == '-')
            *c = '_';
    if (!*name)
        return;
    if (strspn(name, "0123456789") == strlen(name)) {
        command_run(app, command_find("goto"), atoi(name), "");
        return;
    }
    const Command *cmd =
        str_eq(name, "q!") ? command_find("quit_now") : by_prefix(name, &ambiguous);
    if (cmd) {
        command_run(app, cmd, 0, arg);
    } else if (nearest(name)) {
        app_say(app, MESSAGE_ERROR, "there is no command \"%s\": is it %s?", name, nearest(name));
    } else {
        app_say(app, MESSAGE_ERROR, "there is no command \"%s\" (? lists them)", name);
    }
}
