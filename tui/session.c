/* A line for each thing: "line 12", "fold /Net/body", "mark 12:text", "grow 1". Unknown lines are
 * passed over, so that an older program can read a newer one's file. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "panes.h"

static const char *session_path(App *app, const char *dir, const char *source)
{
    unsigned long long h = 1469598103934665603u;
    for (const char *c = source; *c; c++) h = (h ^ (unsigned char)*c) * 1099511628211u;
    const char *err = NULL, *folder = path_join(app->arena, dir, "session");
    if (!file_mkdirs(app->arena, folder, &err))
        return NULL;
    return path_join(app->arena, folder,
                     arena_printf(app->arena, "%s-%016llx", path_base(source), h));
}

static void append(char ***list, int *n, const char *s)
{
    *list = x_realloc(*list, sizeof(char *) * (size_t)(*n + 1));
    (*list)[(*n)++] = x_strdup(s);
}

static void read_line(App *app, const char *line)
{
    if (str_starts(line, "line ")) {
        int n = atoi(line + 5);
        if (n >= 0 && n < app->source.text.nlines) {
            app->source.line = n;
            app->source.pos = text_indent(&app->source.text, n);
        }
    }
    if (str_starts(line, "fold "))
        append(&app->tree.folded, &app->tree.nfolded, line + 5);
    if (str_starts(line, "mark "))
        append(&app->marks, &app->nmarks, line + 5);
    if (str_starts(line, "grow "))
        app->grow = atoi(line + 5) ? 1 : 0;
}

void session_load(App *app, const char *dir, const char *source)
{
    const char *path = session_path(app, dir, source), *err = NULL;
    size_t len;
    app->session_path = path;
    char *text = path && file_exists(path) ? file_read(app->arena, path, &len, &err) : NULL;
    for (char *end; text && (end = strchr(text, '\n')); text = end + 1) {
        *end = '\0';
        read_line(app, text);
    }
}

void session_save(App *app)
{
    const char *note = NULL, *err = NULL;
    if (!app->session_path)
        return;
    Buf b = {0};
    buf_printf(&b, "line %d\ngrow %d\n", app->source.line, app->grow);
    for (int i = 0; i < app->tree.nfolded; i++) buf_printf(&b, "fold %s\n", app->tree.folded[i]);
    for (int i = 0; i < app->nmarks; i++) buf_printf(&b, "mark %s\n", app->marks[i]);
    file_write_atomic(app->arena, app->session_path, b.s, b.len, &note, &err);
    buf_free(&b);
}
