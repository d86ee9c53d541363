/* The cell buffer. A wide character owns two cells; overwriting either half blanks the other, so
 * that no half of a character is ever shown. */
#include "cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

typedef struct Spelling {
    uint32_t glyph;
    char ascii;
} Spelling;

/* Every glyph that the workbench itself draws. */
static const Spelling spellings[] = {
    {0x2500, '-'}, {0x2502, '|'}, {0x252c, '+'}, {0x2534, '+'}, {0x253c, '+'}, {0x251c, '+'},
    {0x2524, '+'}, {0x250c, '+'}, {0x2510, '+'}, {0x2514, '+'}, {0x2518, '+'}, {0x258c, '|'},
    {0x25be, 'v'}, {0x25b8, '>'}, {0x2713, '*'}, {0x2192, '>'}, {0x2194, '='}, {0x2026, '.'},
    {0x00bb, '>'}, {0x00ab, '<'}, {0x00b7, '.'}, {0x2014, '-'}, {0x27e8, '<'}, {0x27e9, '>'},
    {0x25cf, '*'}, {0x25cb, 'o'}, {0x2191, '^'}, {0x2193, 'v'}, {0x2588, '#'}, {0x00d7, 'x'},
    {0x2190, '<'}, {0x2022, '*'}, {0x25b6, '>'}, {0x22ef, '.'},
};

void screen_resize(Screen *s, int w, int h)
{
    if (w < 1)
        w = 1;
    if (h < 1)
        h = 1;
    s->w = w;
    s->h = h;
    s->cells = x_realloc(s->cells, sizeof(Cell) * (size_t)w * (size_t)h);
    screen_clear(s);
}

void screen_free(Screen *s)
{
    free(s->cells);
    memset(s, 0, sizeof *s);
}

void screen_clear(Screen *s)
{
    Cell blank = {{' ', 0, 0}, 1, ROLE_text, OVER_none};
    for (int i = 0; i < s->w * s->h; i++) s->cells[i] = blank;
    s->cursor_x = s->cursor_y = -1;
}

static Cell *cell_at(Screen *s, int y, int x)
{
    return x < 0 || y < 0 || x >= s->w || y >= s->h ? NULL : &s->cells[y * s->w + x];
}

static void blank_half(Screen *s, int y, int x)
{
    Cell *c = cell_at(s, y, x);
    if (!c)
        return;
    c->ch[0] = ' ';
    c->ch[1] = c->ch[2] = 0;
    c->width = 1;
}

static void set_cell(Screen *s, int y, int x, uint32_t cp, int width, int role)
{
    Cell *c = cell_at(s, y, x);
    if (!c)
        return;
    if (c->width == 0)
        blank_half(s, y, x - 1);
    if (c->width == 2)
        blank_half(s, y, x + 1);
    *c = (Cell){{cp, 0, 0}, (uint8_t)width, (uint8_t)role, OVER_none};
    if (width == 2) {
        Cell *r = cell_at(s, y, x + 1);
        if (!r) {
            blank_half(s, y, x);
            return;
        }
        if (r->width == 2)
            blank_half(s, y, x + 2);
        *r = (Cell){{0, 0, 0}, 0, (uint8_t)role, OVER_none};
    }
}

static void add_combining(Screen *s, int y, int x, uint32_t cp)
{
    Cell *c = cell_at(s, y, x);
    if (c && c->width == 0)
        c = cell_at(s, y, x - 1);
    if (!c || s->ascii)
        return;
    if (!c->ch[1])
        c->ch[1] = cp;
    else if (!c->ch[2])
        c->ch[2] = cp;
}

static uint32_t spell(const Screen *s, uint32_t cp)
{
    if (!s->ascii || cp < 0x80)
        return cp;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (spellings[i].glyph == cp)
            return (uint32_t)spellings[i].ascii;
    return '?';
}

int screen_putn(Screen *s, int y, int x, int max, int role, const char *text, int n)
{
    int col = 0;
    for (int i = 0, bytes; i < n; i += bytes) {
        int width = text_char_width(text + i, n - i, 0, &bytes);
        unsigned cp = (unsigned char)text[i];
        if (cp == '\t')
            width = 1, cp = ' ';
        if (col + width > max)
            break;
        if (bytes > 1 || cp >= 0x80)
            utf8_decode(text + i, (size_t)(n - i), &cp);
        if (width == 0) {
            add_combining(s, y, x + col - 1, cp);
            continue;
        }
        if (cp < 0x20 || cp == 0x7f) {
            set_cell(s, y, x + col, '^', 1, role);
            set_cell(s, y, x + col + 1, cp == 0x7f ? '?' : cp + 0x40, 1, role);
        } else {
            bool hidden = width == 1 && cp >= 0x80 && utf8_width(text + i, (size_t)bytes) != 1;
            set_cell(s, y, x + col, spell(s, hidden || (cp >= 0x80 && cp < 0xa0) ? 0xfffd : cp),
                     s->ascii ? 1 : width, role);
            if (s->ascii && width == 2)
                set_cell(s, y, x + col + 1, ' ', 1, role);
        }
        col += width;
    }
    return col;
}

int screen_put(Screen *s, int y, int x, int max, int role, const char *text)
{
    return screen_putn(s, y, x, max, role, text, (int)strlen(text));
}

int screen_columns(const char *text)
{
    int col = 0, n = (int)strlen(text);
    for (int i = 0, bytes; i < n; i += bytes)
        col += text[i] == '\t' ? (bytes = 1) : text_char_width(text + i, n - i, 0, &bytes);
    return col;
}

int screen_put_cut(Screen *s, int y, int x, int max, int role, const char *text)
{
    if (max <= 0)
        return 0;
    if (screen_columns(text) <= max)
        return screen_put(s, y, x, max, role, text);
    int n = screen_put(s, y, x, max - 1, role, text);
    return n + screen_put(s, y, x + n, 1, role, "…");
}

int screen_printf(Screen *s, int y, int x, int max, int role, const char *fmt, ...)
{
    char small[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    return screen_put(s, y, x, max, role, small);
}

void screen_fill(Screen *s, int y, int x, int w, int role, const char *glyph)
{
    for (int i = 0; i < w; i++) screen_put(s, y, x + i, 1, role, glyph);
}

void screen_over(Screen *s, int y, int x, int w, int over)
{
    for (int i = 0; i < w; i++) {
        Cell *c = cell_at(s, y, x + i);
        if (c)
            c->over = (uint8_t)over;
    }
}

static void add_utf8(Buf *out, uint32_t cp)
{
    if (cp < 0x80) {
        buf_addc(out, (char)cp);
    } else if (cp < 0x800) {
        buf_addc(out, (char)(0xc0 | cp >> 6));
        buf_addc(out, (char)(0x80 | (cp & 63)));
    } else if (cp < 0x10000) {
        buf_addc(out, (char)(0xe0 | cp >> 12));
        buf_addc(out, (char)(0x80 | (cp >> 6 & 63)));
        buf_addc(out, (char)(0x80 | (cp & 63)));
    } else {
        buf_addc(out, (char)(0xf0 | cp >> 18));
        buf_addc(out, (char)(0x80 | (cp >> 12 & 63)));
        buf_addc(out, (char)(0x80 | (cp >> 6 & 63)));
        buf_addc(out, (char)(0x80 | (cp & 63)));
    }
}

static void trim_line(Buf *out, size_t from)
{
    while (out->len > from && out->s[out->len - 1] == ' ') out->s[--out->len] = '\0';
    buf_addc(out, '\n');
}

static void dump_legend(const bool *roles, const bool *overs, const Theme *theme, Buf *out)
{
    char words[96];
    for (int i = 0; i < ROLE_COUNT; i++)
        if (roles[i])
            buf_printf(out, "%c %s: %s\n", theme_role_letter(i), theme_role_name(i),
                       theme_describe(theme->role[i], words, sizeof words));
    for (int i = 1; i < OVER_COUNT; i++)
        if (overs[i])
            buf_printf(out, "%c (over) %s: %s\n", theme_over_letter(i), theme_over_name(i),
                       theme_describe(theme->over[i], words, sizeof words));
}

/* Blank cells without an overlay have a blank in the attribute plane, whatever their role: it does
 * not show. */
void screen_dump(const Screen *s, const Theme *theme, Buf *out)
{
    bool roles[ROLE_COUNT] = {false}, overs[OVER_COUNT] = {false};
    for (int y = 0; y < s->h; y++) {
        size_t from = out->len;
        for (int x = 0; x < s->w; x++) {
            const Cell *c = &s->cells[y * s->w + x];
            for (int k = 0; k < 3 && c->ch[k]; k++) add_utf8(out, c->ch[k]);
        }
        trim_line(out, from);
    }
    buf_add(out, "---\n");
    for (int y = 0; y < s->h; y++) {
        size_t from = out->len;
        for (int x = 0; x < s->w; x++) {
            const Cell *c = &s->cells[y * s->w + x];
            bool blank = c->ch[0] == ' ' && c->over == OVER_none;
            buf_addc(out, blank     ? ' '
                          : c->over ? theme_over_letter(c->over)
                                    : theme_role_letter(c->role));
            if (!blank && !c->over)
                roles[c->role] = true;
            overs[c->over] = true;
        }
        trim_line(out, from);
    }
    buf_printf(out, "---\ntheme %s", theme->name);
    if (s->cursor_y >= 0)
        buf_printf(out, ", cursor %d,%d", s->cursor_y + 1, s->cursor_x + 1);
    buf_addc(out, '\n');
    dump_legend(roles, overs, theme, out);
}
