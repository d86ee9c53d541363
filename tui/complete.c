/* The candidates are made fresh from the tables each time; the prompt goes round them. */
#include "complete.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "commands.h"

static void offer(Arena *a, StrVec *v, const char *line, const char *candidate)
{
    if (str_starts(candidate, line))
        vec_push(a, v, arena_strdup(a, candidate));
}

static void offer_values(const App *app, Arena *a, StrVec *v, const char *line, int setting)
{
    static const char *const layouts[] = {"auto", "focus", "three", "wide", NULL};
    static const char *const filters[] = {"open", "all", "defaults", "errors", NULL};
    static const char *const styles[] = {"subclassing", "sequential", "functional", NULL};
    static const char *const switches[] = {"on", "off", NULL};
    const char *const *values = settings_type(setting) == TYPE_BOOL ? switches : NULL;
    if (setting == SET_layout)
        values = layouts;
    if (setting == SET_filter)
        values = filters;
    if (setting == SET_style)
        values = styles;
    if (setting == SET_to && app->doc && !job_running(app))
        values = ptl_frameworks(app->doc);
    if (setting == SET_theme)
        values = theme_names(app->theme_dirs, a);
    for (; values && *values; values++)
        offer(a, v, line, arena_printf(a, "set %s=%s", settings_name(setting), *values));
}

int complete_line(const App *app, Arena *arena, const char *line, const char ***out)
{
    StrVec v = {0};
    for (int i = 0; !strchr(line, ' ') && i < ncommands; i++)
        if (commands[i].group != GROUP_HIDDEN)
            offer(arena, &v, line, commands[i].name);
    for (int i = 0; str_starts(line, "set ") && i < SET_COUNT; i++) {
        const char *name = arena_printf(arena, "set %s=", settings_name(i));
        if (str_starts(line, name))
            offer_values(app, arena, &v, line, i);
        else
            offer(arena, &v, line, name);
    }
    *out = v.at;
    return v.len;
}
