/* Settings: the values of settings.def, with where each came from. Plain strings inside; readers
 * ask by index (SET_theme). */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include <stdbool.h>

#include "base/arena.h"

enum {
#define SETTING(name, type, dflt, help) SET_##name,
#include "settings.def"
#undef SETTING
    SET_COUNT
};

typedef enum { TYPE_BOOL, TYPE_INT, TYPE_WORD } SettingType;

typedef struct Settings {
    char *value[SET_COUNT];
    char *origin[SET_COUNT]; /* "default", "config:3", "command line", ":set" */
} Settings;

void settings_init(Settings *s);
void settings_free(Settings *s);
int settings_find(const char *name); /* -1: unknown */
const char *settings_name(int i);
const char *settings_help(int i);
SettingType settings_type(int i);
/* False and *err when the value is not of the setting's type. */
bool settings_set(Settings *s, int i, const char *value, const char *origin, Arena *a,
                  const char **err);
bool settings_on(const Settings *s, int i);
int settings_int(const Settings *s, int i);

#endif
