/* Themes: a look for each role of a cell. A theme is themes/NAME.json, an object of
 *
 *     { "name": "light", "about": "...", "base": "default",
 *       "looks": { "keyword": "#005f87 bold", ... } }
 *
 * where a look is words: a colour, "on" and a colour, and any of bold dim italic underline reverse.
 * A colour is a name (black red green yellow blue magenta cyan white, bright- before it), a number
 * of the 256, or #rrggbb. What a file does not name keeps its base's look; looks.def is the base of
 * all. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum {
#define LOOK(name, letter, spec) ROLE_##name,
#define OVER(name, letter, spec)
#include "looks.def"
#undef LOOK
#undef OVER
    ROLE_COUNT
};

enum {
#define LOOK(name, letter, spec)
#define OVER(name, letter, spec) OVER_##name,
#include "looks.def"
#undef LOOK
#undef OVER
    OVER_COUNT
};

enum { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_ITALIC = 4, ATTR_UNDERLINE = 8, ATTR_REVERSE = 16 };

#define COLOUR_DEFAULT (-1)
#define COLOUR_RGB 0x1000000 /* set in a colour that is 0xrrggbb; else a palette number 0..255 */

typedef struct Look {
    int fg, bg;
    unsigned attrs;
} Look;

typedef struct Theme {
    char name[32];
    Look role[ROLE_COUNT];
    Look over[OVER_COUNT];
} Theme;

void theme_builtin(Theme *t);
/* Looks NAME.json up in dirs (NULL-terminated). False and *err (arena text) when it is missing or
 * wrong; the theme is then the built-in one. */
bool theme_load(Theme *t, const char *name, const char *const *dirs, Arena *a, const char **err);
/* The names of all themes in dirs, NULL-terminated, sorted. */
const char **theme_names(const char *const *dirs, Arena *a);
void theme_mono(Theme *t); /* takes every colour out: NO_COLOR */
Look theme_look(const Theme *t, int role, int over);
bool theme_parse_look(const char *spec, Look *look);
/* Words for a look, as in a theme file. */
const char *theme_describe(Look look, char *out, int size);

char theme_role_letter(int role);
char theme_over_letter(int over);
const char *theme_role_name(int role);
const char *theme_over_name(int over);
int theme_nearest_256(int rgb);
int theme_nearest_16(int colour); /* of a palette number or RGB */

#endif
