/* Line by line. The first error is kept as the message the workbench starts with; the others are
 * counted. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "commands.h"

static char *word(char **s)
{
    while (**s == ' ' || **s == '\t') (*s)++;
    char *start = *s;
    while (**s && **s != ' ' && **s != '\t') (*s)++;
    if (**s)
        *(*s)++ = '\0';
    return start;
}

static char *rest(char *s)
{
    while (*s == ' ' || *s == '\t') s++;
    for (size_t n = strlen(s); n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r');)
        s[--n] = '\0';
    return s;
}

static const char *set_line(App *app, char *line, const char *origin)
{
    const char *err = NULL;
    char *eq = strchr(line, '=');
    if (!eq)
        return "set wants name = value";
    *eq = '\0';
    int i = settings_find(rest(line));
    if (i < 0)
        return arena_printf(app->arena, "there is no setting \"%s\"", rest(line));
    settings_set(&app->settings, i, rest(eq + 1), origin, app->arena, &err);
    return err;
}

static const char *bind_line(App *app, char *line)
{
    static const struct {
        const char *name, *letters;
    } panes[] = {{"all", "A"},   {"source", "S"},    {"tree", "T"},    {"target", "G"},
                 {"texts", "X"}, {"questions", "Q"}, {"question", "D"}};
    const char *pane = word(&line), *keys = word(&line), *letters = NULL;
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++)
        if (str_eq(panes[i].name, pane))
            letters = panes[i].letters;
    if (!letters)
        return arena_printf(app->arena, "there is no pane \"%s\"", pane);
    if (!keymap_bind(app->keymap, letters, keys, rest(line)))
        return arena_printf(app->arena, "there is no command \"%s\"", rest(line));
    return NULL;
}

static const char *read_line(App *app, char *line, const char *origin)
{
    line = rest(line);
    if (*line == '#' || *line == '\0')
        return NULL;
    const char *verb = word(&line);
    if (str_eq(verb, "set"))
        return set_line(app, line, origin);
    if (str_eq(verb, "bind"))
        return bind_line(app, line);
    return arena_printf(app->arena, "\"%s\" is neither set nor bind", verb);
}

void config_read(App *app, const char *path, char *text)
{
    int number = 0, errors = 0;
    const char *first = NULL;
    while (*text) {
        char *end = text + strcspn(text, "\n"), *next = *end ? end + 1 : end;
        *end = '\0';
        number++;
        const char *origin = arena_printf(app->arena, "%s:%d", path_base(path), number);
        const char *err = read_line(app, text, origin);
        if (err && errors++ == 0)
            first = arena_printf(app->arena, "%s:%d: %s", path, number, err);
        text = next;
    }
    if (errors == 1)
        app_say(app, MESSAGE_WARNING, "%s", first);
    if (errors > 1)
        app_say(app, MESSAGE_WARNING, "%s (and %d more)", first, errors - 1);
}

void config_load(App *app)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *err = NULL;
    Arena *a = app->arena;
    const char *dir = base && base[0] == '/' ? base : home ? path_join(a, home, ".config") : NULL;
    if (!dir)
        return;
    const char *path = path_join(a, dir, "portolan/config");
    size_t len;
    char *text = file_exists(path) ? file_read(a, path, &len, &err) : NULL;
    if (text)
        config_read(app, path, text);
}
