/* A look is parsed word by word; a file is read with cJSON, its base first (bounded depth, so that
 * two themes that name each other end). The nearest of 256 colours is found by distance in RGB over
 * the cube and the greys: the first 16 are the user's own and are never aimed at. */
#include "theme.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

static const char *const role_names[] = {
#define LOOK(name, letter, spec) #name,
#define OVER(name, letter, spec)
#include "looks.def"
#undef LOOK
#undef OVER
};
static const char *const over_names[] = {
#define LOOK(name, letter, spec)
#define OVER(name, letter, spec) #name,
#include "looks.def"
#undef LOOK
#undef OVER
};
static const char role_letters[] = {
#define LOOK(name, letter, spec) letter,
#define OVER(name, letter, spec)
#include "looks.def"
#undef LOOK
#undef OVER
};
static const char over_letters[] = {
#define LOOK(name, letter, spec)
#define OVER(name, letter, spec) letter,
#include "looks.def"
#undef LOOK
#undef OVER
};
static const char *const role_specs[] = {
#define LOOK(name, letter, spec) spec,
#define OVER(name, letter, spec)
#include "looks.def"
#undef LOOK
#undef OVER
};
static const char *const over_specs[] = {
#define LOOK(name, letter, spec)
#define OVER(name, letter, spec) spec,
#include "looks.def"
#undef LOOK
#undef OVER
};

static const char *const colour_names[] = {"black", "red",     "green", "yellow",
                                           "blue",  "magenta", "cyan",  "white"};
static const char *const attr_names[] = {"bold", "dim", "italic", "underline", "reverse"};

char theme_role_letter(int role)
{
    return role_letters[role];
}
char theme_over_letter(int over)
{
    return over_letters[over];
}
const char *theme_role_name(int role)
{
    return role_names[role];
}
const char *theme_over_name(int over)
{
    return over_names[over];
}

static bool parse_colour(const char *word, int *colour)
{
    char *end;
    if (str_eq(word, "default")) {
        *colour = COLOUR_DEFAULT;
        return true;
    }
    if (word[0] == '#' && strlen(word) == 7) {
        *colour = COLOUR_RGB | (int)strtol(word + 1, &end, 16);
        return *end == '\0';
    }
    if (word[0] >= '0' && word[0] <= '9') {
        long v = strtol(word, &end, 10);
        *colour = (int)v;
        return *end == '\0' && v <= 255;
    }
    int bright = str_starts(word, "bright-") ? 8 : 0;
    for (int i = 0; i < 8; i++)
        if (str_eq(word + (bright ? 7 : 0), colour_names[i])) {
            *colour = i + bright;
            return true;
        }
    return false;
}

bool theme_parse_look(const char *spec, Look *look)
{
    Look l = {COLOUR_DEFAULT, COLOUR_DEFAULT, 0};
    bool background = false, ok = true;
    while (*spec) {
        char word[32];
        int n = 0;
        while (*spec == ' ') spec++;
        for (; *spec && *spec != ' '; spec++)
            if (n < 31)
                word[n++] = *spec;
        word[n] = '\0';
        if (n == 0)
            break;
        int attr = -1, colour;
        for (int i = 0; i < 5; i++)
            if (str_eq(word, attr_names[i]))
                attr = i;
        if (attr >= 0) {
            l.attrs |= 1u << attr;
        } else if (str_eq(word, "on")) {
            background = true;
        } else if (parse_colour(word, &colour)) {
            if (background)
                l.bg = colour;
            else
                l.fg = colour;
        } else {
            ok = false;
        }
    }
    *look = l;
    return ok;
}

static int describe_colour(char *out, int size, int colour)
{
    if (colour & COLOUR_RGB)
        return snprintf(out, (size_t)size, "#%06x", colour & 0xffffff);
    if (colour < 16)
        return snprintf(out, (size_t)size, "%s%s", colour >= 8 ? "bright-" : "",
                        colour_names[colour % 8]);
    return snprintf(out, (size_t)size, "%d", colour);
}

const char *theme_describe(Look l, char *out, int size)
{
    int n = 0;
    out[0] = '\0';
    if (l.fg != COLOUR_DEFAULT)
        n += describe_colour(out, size, l.fg);
    if (l.bg != COLOUR_DEFAULT) {
        n += snprintf(out + n, (size_t)(size - n), "%son ", n ? " " : "");
        n += describe_colour(out + n, size - n, l.bg);
    }
    for (int i = 0; i < 5; i++)
        if (l.attrs & (1u << i))
            n += snprintf(out + n, (size_t)(size - n), "%s%s", n ? " " : "", attr_names[i]);
    if (n == 0)
        snprintf(out, (size_t)size, "plain");
    return out;
}

void theme_builtin(Theme *t)
{
    memset(t, 0, sizeof *t);
    snprintf(t->name, sizeof t->name, "built-in");
    for (int i = 0; i < ROLE_COUNT; i++) theme_parse_look(role_specs[i], &t->role[i]);
    for (int i = 0; i < OVER_COUNT; i++) theme_parse_look(over_specs[i], &t->over[i]);
}

static Look *find_look(Theme *t, const char *name)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (str_eq(name, role_names[i]))
            return &t->role[i];
    for (int i = 1; i < OVER_COUNT; i++)
        if (str_eq(name, over_names[i]))
            return &t->over[i];
    return NULL;
}

static bool apply_looks(Theme *t, const cJSON *looks, const char *file, Arena *a, const char **err)
{
    bool ok = true;
    const cJSON *item;
    cJSON_ArrayForEach(item, looks)
    {
        Look *look = find_look(t, item->string), parsed;
        if (!look || !cJSON_IsString(item) || !theme_parse_look(item->valuestring, &parsed)) {
            *err = arena_printf(a, "%s: \"%s\" is not a look that a theme can set", file,
                                item->string);
            ok = false;
        } else {
            *look = parsed;
        }
    }
    return ok;
}

static bool load(Theme *t, const char *name, const char *const *dirs, Arena *a, const char **err,
                 int depth)
{
    const char *path = NULL;
    for (; dirs && *dirs && !path; dirs++) {
        const char *p = path_join(a, *dirs, arena_printf(a, "%s.json", name));
        if (file_exists(p))
            path = p;
        if (path)
            break;
    }
    if (!path || strchr(name, '/') || depth > 4) {
        *err = arena_printf(a, "there is no theme called %s", name);
        return false;
    }
    size_t len;
    const char *text = file_read(a, path, &len, err);
    if (!text)
        return false;
    cJSON *json = cJSON_Parse(text);
    const cJSON *looks = json ? cJSON_GetObjectItemCaseSensitive(json, "looks") : NULL;
    bool ok = cJSON_IsObject(looks);
    if (!ok)
        *err = arena_printf(a, "%s: not a theme (an object with \"looks\" is expected)", path);
    const cJSON *base = json ? cJSON_GetObjectItemCaseSensitive(json, "base") : NULL;
    if (ok && cJSON_IsString(base))
        ok = load(t, base->valuestring, dirs, a, err, depth + 1);
    if (ok)
        ok = apply_looks(t, looks, path, a, err);
    cJSON_Delete(json);
    return ok;
}

bool theme_load(Theme *t, const char *name, const char *const *dirs, Arena *a, const char **err)
{
    Theme fresh;
    theme_builtin(&fresh);
    bool ok = load(&fresh, name, dirs, a, err, 0);
    if (!ok && str_eq(name, "mono")) { /* must exist even where no theme file does */
        theme_mono(&fresh);
        ok = true;
    }
    if (ok) {
        *t = fresh;
        snprintf(t->name, sizeof t->name, "%s", name);
    }
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **theme_names(const char *const *dirs, Arena *a)
{
    StrVec v = {0};
    for (; dirs && *dirs; dirs++) {
        DIR *d = opendir(*dirs);
        for (struct dirent *e; d && (e = readdir(d));) {
            if (!str_ends(e->d_name, ".json"))
                continue;
            char *name = arena_strndup(a, e->d_name, strlen(e->d_name) - 5);
            bool seen = false;
            for (int i = 0; i < v.len; i++) seen = seen || str_eq(v.at[i], name);
            if (!seen)
                vec_push(a, &v, name);
        }
        if (d)
            closedir(d);
    }
    if (v.len > 1)
        qsort(v.at, (size_t)v.len, sizeof *v.at, by_name);
    vec_push(a, &v, NULL);
    return v.at;
}

void theme_mono(Theme *t)
{
    for (int i = 0; i < ROLE_COUNT; i++) t->role[i].fg = t->role[i].bg = COLOUR_DEFAULT;
    for (int i = 0; i < OVER_COUNT; i++) t->over[i].fg = t->over[i].bg = COLOUR_DEFAULT;
}

Look theme_look(const Theme *t, int role, int over)
{
    Look l = t->role[role];
    if (over == OVER_none)
        return l;
    const Look *o = &t->over[over];
    if (o->fg != COLOUR_DEFAULT)
        l.fg = o->fg;
    if (o->bg != COLOUR_DEFAULT)
        l.bg = o->bg;
    /* A dim text under the cursor would be hard to read. */
    if (o->attrs & (ATTR_REVERSE | ATTR_BOLD))
        l.attrs &= ~(unsigned)ATTR_DIM;
    l.attrs |= o->attrs;
    return l;
}

static int square(int v)
{
    return v * v;
}

static int distance(int rgb, int r, int g, int b)
{
    return square((rgb >> 16 & 255) - r) + square((rgb >> 8 & 255) - g) + square((rgb & 255) - b);
}

int theme_nearest_256(int rgb)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int best = 16, least = 1 << 30;
    for (int i = 0; i < 216; i++) {
        int d = distance(rgb, levels[i / 36], levels[i / 6 % 6], levels[i % 6]);
        if (d < least)
            least = d, best = 16 + i;
    }
    for (int i = 0; i < 24; i++) {
        int d = distance(rgb, 8 + 10 * i, 8 + 10 * i, 8 + 10 * i);
        if (d < least)
            least = d, best = 232 + i;
    }
    return best;
}

static int rgb_of_256(int n)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    if (n >= 232)
        return (8 + 10 * (n - 232)) * 0x10101;
    n -= 16;
    return levels[n / 36] << 16 | levels[n / 6 % 6] << 8 | levels[n % 6];
}

int theme_nearest_16(int colour)
{
    if (colour < 16)
        return colour;
    int rgb = colour & COLOUR_RGB ? colour & 0xffffff : rgb_of_256(colour);
    static const int classic[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                    0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                    0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    int best = 0, least = 1 << 30;
    for (int i = 0; i < 16; i++) {
        int d = distance(rgb, classic[i] >> 16, classic[i] >> 8 & 255, classic[i] & 255);
        if (d < least)
            least = d, best = i;
    }
    return best;
}
