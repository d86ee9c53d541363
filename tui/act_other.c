/* The command line, settings, help, search, and the screen itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "commands.h"
#include "keys.h"
#include "overlay.h"
#include "panes.h"
#include "search.h"
#include "themes.h"

static void submit_command(App *app, const char *text)
{
    overlay_close(app);
    if (text)
        command_line(app, text);
}

void act_command(App *app, const CommandCall *call)
{
    prompt_open(app, ":", call->arg, 0, submit_command);
    app->prompt.hint = "a command: set theme=light, write, goto 12 …   Tab completes   Enter runs "
                       "it   Esc cancels";
}

static void choose_command(App *app, const char *name)
{
    command_line(app, name);
}

void act_palette(App *app, const CommandCall *call)
{
    (void)call;
    picker_open(app, "commands", choose_command);
    for (int i = 0; i < ncommands; i++) {
        char label[64], key[32] = "";
        if (commands[i].group == GROUP_HIDDEN)
            continue;
        keymap_label(app->keymap, &commands[i], app->focus, key, sizeof key);
        snprintf(label, sizeof label, "%-18s %s", commands[i].name, key);
        picker_add(app, label, commands[i].help, commands[i].name, true);
    }
    picker_ready(app);
}

/* --- help
 * -------------------------------------------------------------------------------------------------
 */

static void keys_of(const Command *c, char *out, int size)
{
    int n = 0;
    const char *keys = c->keys;
    out[0] = '\0';
    while (*keys) {
        if (*keys == ' ') {
            n += snprintf(out + n, (size_t)(size - n), " ");
            keys++;
            continue;
        }
        char label[16];
        n += snprintf(out + n, (size_t)(size - n), "%s", key_label(key_parse(&keys), label));
    }
    if (n == 0)
        snprintf(out, (size_t)size, ":%s", c->name);
}

static const char *panes_of(const Command *c)
{
    if (str_eq(c->panes, "A") || c->panes[0] == 'A')
        return "";
    if (str_eq(c->panes, "T"))
        return "in the model: ";
    if (str_eq(c->panes, "D"))
        return "in a question: ";
    if (str_eq(c->panes, "Q"))
        return "in the list: ";
    if (str_eq(c->panes, "QD"))
        return "questions: ";
    if (str_eq(c->panes, "X"))
        return "in the texts: ";
    return "";
}

void act_help(App *app, const CommandCall *call)
{
    (void)call;
    pager_open(app, "help");
    pager_add(app, ROLE_text, ' ',
              "Source, model and target stand side by side. The cursor is on a mapping: what");
    pager_add(
        app, ROLE_text, ' ',
        "became what. States:  ? open   ! unsupported   ~ default taken   ✓ chosen   x stale");
    for (int g = 0; g < GROUP_HIDDEN; g++) {
        pager_add(app, ROLE_text, ' ', "%s", "");
        pager_add(app, ROLE_name, ' ', "%s", command_group_title((CommandGroup)g));
        for (int i = 0; i < ncommands; i++) {
            char keys[64];
            if ((int)commands[i].group != g)
                continue;
            keys_of(&commands[i], keys, sizeof keys);
            pager_add(app, ROLE_text, ' ', "  %-14s %s%s", keys, panes_of(&commands[i]),
                      commands[i].help);
        }
    }
    pager_add(app, ROLE_text, ' ', "%s", "");
    pager_add(app, ROLE_name, ' ', "Settings   :set NAME=VALUE");
    for (int i = 0; i < SET_COUNT; i++)
        pager_add(app, ROLE_text, ' ', "  %-14s %s", settings_name(i), settings_help(i));
}

/* --- settings
 * --------------------------------------------------------------------------------------------- */

static void list_settings(App *app)
{
    pager_open(app, "settings");
    for (int i = 0; i < SET_COUNT; i++) {
        const char *value = app->settings.value[i];
        if (i == SET_style && !*value)
            value = app->facts.style;
        if (i == SET_to && !*value)
            value = app->facts.to;
        pager_add(app, ROLE_text, ' ', "%-10s %-14s %-14s %s", settings_name(i), value ? value : "",
                  app->settings.origin[i], settings_help(i));
    }
    const char **names = theme_names(app->theme_dirs, app->pager.arena);
    Buf list = {0};
    for (; *names; names++) buf_printf(&list, " %s", *names);
    pager_add(app, ROLE_text, ' ', "%s", "");
    pager_add(app, ROLE_dim, ' ', "themes:%s", list.s ? list.s : " none found");
    pager_add(app, ROLE_dim, ' ', "theme in force: %s", app->theme.name);
    buf_free(&list);
}

/* What a new value entails. */
static void apply(App *app, int i, const char *old, const char *old_origin)
{
    const char *value = app->settings.value[i];
    if (i == SET_theme && !themes_use(app, value)) {
        const char *err = NULL;
        settings_set(&app->settings, i, old, old_origin, app->arena, &err);
    }
    if (i == SET_sync)
        app->sync = settings_on(&app->settings, i);
    if (i == SET_filter && app->port)
        queue_rows(app);
    if (i == SET_to)
        job_start_target(app, value, NULL);
    if (i == SET_style)
        job_start_target(app, NULL, value);
    if (i == SET_layout || i == SET_three || i == SET_wide)
        app_resize(app, app->screen.w, app->screen.h);
}

static void set_pair(App *app, const char *name, const char *value)
{
    int i = settings_find(name);
    const char *err = NULL;
    if (i < 0) {
        app_say(app, MESSAGE_ERROR, "there is no setting \"%s\" (:set lists them)", name);
        return;
    }
    if ((i == SET_to || i == SET_style) && job_running(app))
        job_wait(app, -1);
    char *old = x_strdup(app->settings.value[i]), *origin = x_strdup(app->settings.origin[i]);
    if (!settings_set(&app->settings, i, value, ":set", app->arena, &err))
        app_say(app, MESSAGE_ERROR, "%s", err);
    else
        apply(app, i, old, origin);
    free(old);
    free(origin);
}

void act_set(App *app, const CommandCall *call)
{
    const char *arg = call->arg, *eq = strchr(arg, '=');
    char name[64], value[256];
    if (!*arg) {
        list_settings(app);
        return;
    }
    int n = eq ? (int)(eq - arg) : (int)strlen(arg);
    while (n > 0 && arg[n - 1] == ' ') n--;
    snprintf(name, sizeof name, "%.*s", n < 63 ? n : 63, arg);
    snprintf(value, sizeof value, "%s", eq ? eq + 1 + strspn(eq + 1, " ") : "on");
    int i = settings_find(name);
    if (!eq && str_starts(name, "no") && settings_find(name + 2) >= 0) {
        set_pair(app, name + 2, "off");
    } else if (!eq && i >= 0 && settings_type(i) != TYPE_BOOL) {
        app_say(app, MESSAGE_INFO, "%s=%s   (%s; %s)", name, app->settings.value[i],
                app->settings.origin[i], settings_help(i));
    } else {
        set_pair(app, name, value);
    }
}

/* --- search
 * -----------------------------------------------------------------------------------------------
 */

static void submit_search(App *app, const char *text)
{
    Pane pane = app->focus == PANE_DETAIL ? app->text_focus : app->focus;
    if (!text)
        return;
    if (app->prompt.live) {
        search_start(app, text, pane);
        return;
    }
    if (*text)
        search_start(app, text, pane);
    overlay_close(app);
    search_go(app, 1, true);
}

void act_search(App *app, const CommandCall *call)
{
    if (*call->arg) {
        search_start(app, call->arg, app->focus);
        search_go(app, 1, true);
        return;
    }
    prompt_open(app, "/", "", 1, submit_search);
    app->prompt.live = true;
    app->prompt.hint = "text to find; case counts when there is a capital   n and N go on";
}

void act_search_next(App *app, const CommandCall *call)
{
    for (int n = call->count ? call->count : 1; n > 0; n--) search_go(app, 1, false);
}

void act_search_previous(App *app, const CommandCall *call)
{
    for (int n = call->count ? call->count : 1; n > 0; n--) search_go(app, -1, false);
}

/* --- the screen
 * ------------------------------------------------------------------------------------------- */

void act_dump(App *app, const CommandCall *call)
{
    const char *note = NULL, *err = NULL;
    Buf out = {0};
    screen_dump(&app->screen, &app->theme, &out);
    if (!*call->arg)
        app_say(app, MESSAGE_ERROR, "dump wants a path");
    else if (file_write_atomic(app->arena, call->arg, out.s, out.len, &note, &err))
        app_say(app, MESSAGE_INFO, "screen saved to %s", call->arg);
    else
        app_say(app, MESSAGE_ERROR, "%s", err);
    buf_free(&out);
}

void act_redraw(App *app, const CommandCall *call)
{
    (void)call;
    app->redraw = true;
}

void act_suspend(App *app, const CommandCall *call)
{
    (void)call;
    app->suspend = true;
}
