/* From options to an app with a file open. A folder gets the picker first: its Python files,
 * sub-folders one deep. */
#include "start.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "config.h"
#include "journal.h"
#include "overlay.h"
#include "panes.h"
#include "session.h"
#include "themes.h"

enum { FILES_MAX = 2000, DEPTH_MAX = 3 };

static const char *state_dir(App *app)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (app->opts->state_dir)
        return app->opts->state_dir;
    if (app->offscreen)
        return NULL;
    if (base && base[0] == '/')
        return path_join(app->arena, base, "portolan");
    return home && home[0] == '/' ? path_join(app->arena, home, ".local/state/portolan") : NULL;
}

bool start_file(App *app, const char *path, const char **err)
{
    bool locked = false;
    if (!app_open(app, path, err))
        return false;
    themes_find_dirs(app);
    themes_use(app, app->settings.value[SET_theme]);
    const char *dir = app->state_dir = state_dir(app);
    if (dir)
        app->journal = journal_open(dir, path, &locked);
    if (locked)
        app_say(app, MESSAGE_WARNING,
                "this file is open in another workbench: no journal is kept here");
    if (dir && !app->opts->no_session)
        session_load(app, dir, path);
    marks_place(app);
    return true;
}

/* --- the picker
 * ------------------------------------------------------------------------------------------- */

static void choose_file(App *app, const char *path)
{
    const char *err = NULL;
    if (start_file(app, path, &err)) {
        job_start_work(app);
        return;
    }
    app_say(app, MESSAGE_ERROR, "%s", err);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void collect(Arena *a, StrVec *files, const char *dir, int depth)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d)) && files->len < FILES_MAX;) {
        if (e->d_name[0] == '.' || str_eq(e->d_name, "__pycache__"))
            continue;
        const char *path =
            str_eq(dir, ".") ? arena_strdup(a, e->d_name) : path_join(a, dir, e->d_name);
        if (file_is_dir(path)) {
            if (depth < DEPTH_MAX)
                collect(a, files, path, depth + 1);
        } else if (str_ends(e->d_name, ".py")) {
            vec_push(a, files, path);
        }
    }
    if (d)
        closedir(d);
}

static void open_picker(App *app, const char *dir)
{
    char title[128];
    StrVec files = {0};
    snprintf(title, sizeof title, "open a file   %.100s", dir);
    picker_open(app, title, choose_file);
    app->picker.required = true;
    collect(app->picker.arena, &files, dir, 0);
    if (files.len > 1)
        qsort(files.at, (size_t)files.len, sizeof *files.at, by_path);
    for (int i = 0; i < files.len; i++) {
        struct stat st;
        char about[64] = "";
        if (stat(files.at[i], &st) == 0)
            snprintf(about, sizeof about, "%lld bytes", (long long)st.st_size);
        picker_add(app, files.at[i], about, files.at[i], true);
    }
    picker_ready(app);
}

bool start_app(App *app, const char **err)
{
    const char *no_colour = getenv("NO_COLOR");
    app->colourless = no_colour && *no_colour;
    if (!app->offscreen)
        config_load(app);
    app->sync = settings_on(&app->settings, SET_sync);
    if (app->opts->theme)
        settings_set(&app->settings, SET_theme, app->opts->theme, "command line", app->arena, err);
    const char *path = app->opts->path ? app->opts->path : ".";
    if (!file_is_dir(path))
        return start_file(app, path, err);
    themes_find_dirs(app);
    themes_use(app, app->settings.value[SET_theme]);
    open_picker(app, path);
    return true;
}
