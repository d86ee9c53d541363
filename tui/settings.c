/* Values are checked by type, and words that have a closed list by that list; what only the engine
 * can judge (a framework, a style) is judged when it is applied. */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const struct {
    const char *name;
    SettingType type;
    const char *dflt, *help;
} table[] = {
#define SETTING(name, type, dflt, help) {#name, TYPE_##type, dflt, help},
#include "settings.def"
#undef SETTING
};

static void put(char **where, const char *value)
{
    char *fresh = x_strdup(value); /* value may be the one that goes */
    free(*where);
    *where = fresh;
}

void settings_init(Settings *s)
{
    memset(s, 0, sizeof *s);
    for (int i = 0; i < SET_COUNT; i++) {
        put(&s->value[i], table[i].dflt);
        put(&s->origin[i], "default");
    }
}

void settings_free(Settings *s)
{
    for (int i = 0; i < SET_COUNT; i++) {
        free(s->value[i]);
        free(s->origin[i]);
    }
}

int settings_find(const char *name)
{
    for (int i = 0; i < SET_COUNT; i++)
        if (str_eq(name, table[i].name))
            return i;
    return -1;
}

const char *settings_name(int i)
{
    return table[i].name;
}
const char *settings_help(int i)
{
    return table[i].help;
}
SettingType settings_type(int i)
{
    return table[i].type;
}

static bool one_of(const char *value, const char *const *list)
{
    for (; *list; list++)
        if (str_eq(value, *list))
            return true;
    return false;
}

static bool check(int i, const char *value, Arena *a, const char **err)
{
    static const char *const layouts[] = {"auto", "focus", "three", "wide", NULL};
    static const char *const filters[] = {"open", "all", "defaults", "errors", NULL};
    static const char *const bools[] = {"on", "off", NULL};
    const char *expects = NULL;
    if (table[i].type == TYPE_BOOL && !one_of(value, bools))
        expects = "on or off";
    if (table[i].type == TYPE_INT) {
        char *end;
        long v = strtol(value, &end, 10);
        if (!*value || *end || v < 1 || v > 100000)
            expects = "a number";
    }
    if (i == SET_layout && !one_of(value, layouts))
        expects = "auto, focus, three or wide";
    if (i == SET_filter && !one_of(value, filters))
        expects = "open, all, defaults or errors";
    if (expects)
        *err = arena_printf(a, "%s is %s, not \"%s\"", table[i].name, expects, value);
    return !expects;
}

bool settings_set(Settings *s, int i, const char *value, const char *origin, Arena *a,
                  const char **err)
{
    if (!check(i, value, a, err))
        return false;
    put(&s->value[i], value);
    put(&s->origin[i], origin);
    return true;
}

bool settings_on(const Settings *s, int i)
{
    return str_eq(s->value[i], "on");
}
int settings_int(const Settings *s, int i)
{
    return atoi(s->value[i]);
}
