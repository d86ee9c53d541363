/* The folders, in order: the user's configuration and data, beside the templates in use (an
 * installation or a build tree), beside the program. */
#define _XOPEN_SOURCE 700
#include "themes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

static const char *under_home(Arena *a, const char *variable, const char *fallback,
                              const char *rest)
{
    const char *base = getenv(variable), *home = getenv("HOME");
    if (base && base[0] == '/')
        return path_join(a, base, rest);
    return home && home[0] ? path_join(a, path_join(a, home, fallback), rest) : NULL;
}

static void add(Arena *a, StrVec *v, const char *dir)
{
    if (dir && file_is_dir(dir))
        vec_push(a, v, dir);
}

static void add_beside_program(Arena *a, StrVec *v)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return;
    exe[n] = '\0';
    const char *dir = path_dir(a, exe);
    static const char *const places[] = {"themes", "../themes", "../share/portolan/themes",
                                         "../../themes"};
    for (int i = 0; i < 4; i++) add(a, v, path_join(a, dir, places[i]));
}

void themes_find_dirs(App *app)
{
    Arena *a = app->arena;
    StrVec v = {0};
    add(a, &v, under_home(a, "XDG_CONFIG_HOME", ".config", "portolan/themes"));
    add(a, &v, under_home(a, "XDG_DATA_HOME", ".local/share", "portolan/themes"));
    const char *templates = app->doc ? ptl_templates_from(app->doc) : NULL;
    if (templates)
        add(a, &v, path_join(a, path_dir(a, templates), "themes"));
#ifdef PORTOLAN_DATADIR
    add(a, &v, PORTOLAN_DATADIR "/themes");
#endif
    add_beside_program(a, &v);
    add(a, &v, "themes");
    vec_push(a, &v, NULL);
    app->theme_dirs = v.at;
}

bool themes_use(App *app, const char *name)
{
    const char *err = NULL;
    Theme fresh = app->theme;
    bool ok =
        theme_load(&fresh, app->colourless ? "mono" : name, app->theme_dirs, app->arena, &err);
    if (!ok && str_eq(name, "default")) { /* no theme files anywhere: the built-in looks */
        theme_builtin(&fresh);
        ok = true;
    }
    if (!ok) {
        app_say(app, MESSAGE_ERROR, "%s", err);
        return false;
    }
    if (app->colourless)
        theme_mono(&fresh);
    app->theme = fresh;
    app->redraw = true;
    return true;
}
