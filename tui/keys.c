/* One table of names serves scripts, settings and the screen. */
#include "keys.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const struct {
    int key;
    const char *name;
} names[] = {
    {KEY_ENTER_, "Enter"}, {KEY_ESC, "Esc"},    {KEY_TAB, "Tab"},    {KEY_BACKTAB, "S-Tab"},
    {KEY_SPACE, "Space"},  {KEY_UP_, "Up"},     {KEY_DOWN_, "Down"}, {KEY_LEFT_, "Left"},
    {KEY_RIGHT_, "Right"}, {KEY_HOME_, "Home"}, {KEY_END_, "End"},   {KEY_PGUP, "PgUp"},
    {KEY_PGDN, "PgDn"},    {KEY_INSERT, "Ins"}, {KEY_DELETE, "Del"}, {KEY_BACKSPACE_, "BS"},
    {'<', "lt"},           {'>', "gt"},         {KEY_F1, "F1"},      {KEY_F1 + 1, "F2"},
    {KEY_F1 + 2, "F3"},    {KEY_F1 + 3, "F4"},  {KEY_F1 + 4, "F5"},  {KEY_F1 + 5, "F6"},
    {KEY_F1 + 6, "F7"},    {KEY_F1 + 7, "F8"},  {KEY_F1 + 8, "F9"},  {KEY_F1 + 9, "F10"},
    {KEY_F1 + 10, "F11"},  {KEY_F12, "F12"},
};

static int named(const char *s, size_t n)
{
    if (n == 3 && strncmp(s, "C-", 2) == 0)
        return KEY_CTRL(s[2]);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == n && strncmp(names[i].name, s, n) == 0)
            return names[i].key;
    return KEY_NONE;
}

int key_parse(const char **s)
{
    if (!**s)
        return KEY_NONE;
    const char *close = **s == '<' ? strchr(*s, '>') : NULL;
    if (close) {
        int key = named(*s + 1, (size_t)(close - *s - 1));
        if (key) {
            *s = close + 1;
            return key;
        }
    }
    unsigned cp;
    *s += utf8_decode(*s, strlen(*s), &cp);
    return cp == '\n' ? KEY_ENTER_ : (int)cp;
}

int key_text(int key, char out[5])
{
    unsigned cp = (unsigned)key;
    int n = 0;
    if (key < 0x20 || key == 0x7f || key >= KEY_SPECIAL)
        return 0;
    if (cp < 0x80) {
        out[n++] = (char)cp;
    } else if (cp < 0x800) {
        out[n++] = (char)(0xc0 | cp >> 6);
        out[n++] = (char)(0x80 | (cp & 63));
    } else if (cp < 0x10000) {
        out[n++] = (char)(0xe0 | cp >> 12);
        out[n++] = (char)(0x80 | (cp >> 6 & 63));
        out[n++] = (char)(0x80 | (cp & 63));
    } else {
        out[n++] = (char)(0xf0 | cp >> 18);
        out[n++] = (char)(0x80 | (cp >> 12 & 63));
        out[n++] = (char)(0x80 | (cp >> 6 & 63));
        out[n++] = (char)(0x80 | (cp & 63));
    }
    out[n] = '\0';
    return n;
}

const char *key_label(int key, char *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key && key != '<' && key != '>')
            return strcpy(out, names[i].name);
    if (key < 0x20)
        snprintf(out, 16, "^%c", key + 0x40);
    else
        key_text(key, out);
    return out;
}
