/* Paths, and questions about what stands at one. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_mkdirs(Arena *a, const char *path, const char **err)
{
    char *p = arena_strdup(a, path);
    for (char *s = p + 1; *path; s++) {
        if (*s != '/' && *s != '\0') continue;
        char c = *s;
        *s = '\0';
        if (mkdir(p, 0777) != 0 && !file_is_dir(p)) {
            *err = arena_printf(a, "cannot make the folder %s: %s", p, strerror(errno));
            return false;
        }
        *s = c;
        if (c == '\0') break;
    }
    return true;
}

char *path_join(Arena *a, const char *dir, const char *name)
{
    if (!*dir || *name == '/') return arena_strdup(a, name);
    size_t n = strlen(dir);
    return arena_printf(a, dir[n - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
}

char *path_dir(Arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash) return arena_strdup(a, ".");
    if (slash == path) return arena_strdup(a, "/");
    return arena_strndup(a, path, (size_t)(slash - path));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
