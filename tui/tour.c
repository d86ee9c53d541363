/* A hint names its command, and the key is looked up, so that the tour fits a user's own bindings.
 */
#include "tour.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "commands.h"

static const struct {
    const char *command, *words;
} steps[] = {
    {"next_mapping", "steps to the next mapping: what became what, in all panes"},
    {"why", "says why it became that; Esc comes back"},
    {"next_use", "goes to the next place of the same mapping"},
    {"next_pane", "goes to the next pane: source, model, target, questions"},
    {"filter", "lists the answered questions too, not only the open ones"},
    {"next_open", "goes to the next open question; j and k show what each answer would do"},
    {"write", "shows the difference to what is on disk, and asks before it writes"},
    {"help", "lists all keys; the tour ends here"},
};
enum { STEPS = sizeof steps / sizeof *steps };

const char *tour_hint(const App *app, char *out, int size)
{
    char key[32] = "";
    if (!app->opts->tour || !app->port || app->tour >= STEPS)
        return NULL;
    const Command *cmd = command_find(steps[app->tour].command);
    keymap_label(app->keymap, cmd, app->focus, key, sizeof key);
    snprintf(out, (size_t)size, "tour %d/%d   %s %s", app->tour + 1, STEPS, *key ? key : cmd->name,
             steps[app->tour].words);
    return out;
}

void tour_notice(App *app, const Command *cmd)
{
    if (app->opts->tour && app->tour < STEPS && str_eq(cmd->name, steps[app->tour].command))
        app->tour++;
}
