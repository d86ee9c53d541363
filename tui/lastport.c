/* One file for each target, named after its absolute path. That it cannot be kept is no error: then
 * there is no merge to offer. */
#include "lastport.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"

static const char *place(App *app, Arena *a, const char *path)
{
    char cwd[4096];
    unsigned long long h = 1469598103934665603u;
    if (!app->state_dir)
        return NULL;
    if (path[0] != '/' && getcwd(cwd, sizeof cwd))
        path = path_join(a, cwd, path);
    for (const char *c = path; *c; c++) h = (h ^ (unsigned char)*c) * 1099511628211u;
    return path_join(a, path_join(a, app->state_dir, "ports"),
                     arena_printf(a, "%s-%016llx", path_base(path), h));
}

const char *lastport_load(App *app, Arena *arena, const char *path)
{
    const char *file = place(app, arena, path), *err = NULL;
    size_t len;
    return file && file_exists(file) ? file_read(arena, file, &len, &err) : NULL;
}

void lastport_save(App *app, const char *path, const char *text)
{
    Arena *a = arena_new();
    const char *file = place(app, a, path), *note = NULL, *err = NULL;
    if (file && file_mkdirs(a, path_dir(a, file), &err))
        file_write_atomic(a, file, text, strlen(text), &note, &err);
    arena_free(a);
}
