/* One pass. Strings know their prefix and triple quotes, names after def and class are definitions,
 * a decorator colours its dotted name, numbers take their suffixes. An unclosed string ends at its
 * line's end; an unclosed triple-quoted one at the text's end. f-strings are coloured as strings
 * throughout. */
#include "pycolour.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "theme.h"

static const char *const keywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",    NULL};
static const char *const builtins[] = {
    "self",    "super",  "range",    "len", "print",     "int",        "float",   "str",
    "list",    "dict",   "tuple",    "zip", "enumerate", "isinstance", "getattr", "setattr",
    "hasattr", "sum",    "min",      "max", "abs",       "map",        "bool",    "cls",
    "set",     "sorted", "reversed", "any", "all",       "type",       NULL};

static bool listed(const char *const *list, const char *s, int n)
{
    for (; *list; list++)
        if ((*list)[0] == s[0] && strlen(*list) == (size_t)n && memcmp(*list, s, (size_t)n) == 0)
            return true;
    return false;
}

static bool is_name(unsigned char c)
{
    return isalnum(c) || c == '_' || c >= 0x80;
}

static int skip_string(const char *s, int len, int i)
{
    char quote = s[i];
    bool triple = i + 2 < len && s[i + 1] == quote && s[i + 2] == quote;
    i += triple ? 3 : 1;
    while (i < len) {
        if (s[i] == '\\' && i + 1 < len) {
            i += 2;
        } else if (triple && s[i] == quote && i + 2 < len && s[i + 1] == quote &&
                   s[i + 2] == quote) {
            return i + 3;
        } else if (!triple && (s[i] == quote || s[i] == '\n')) {
            return s[i] == quote ? i + 1 : i;
        } else {
            i++;
        }
    }
    return len;
}

static bool is_string_prefix(const char *s, int n)
{
    if (n > 2)
        return false;
    for (int i = 0; i < n; i++)
        if (!strchr("rRbBuUfF", s[i]))
            return false;
    return true;
}

static int number_end(const char *s, int len, int i)
{
    while (i < len && (is_name((unsigned char)s[i]) || s[i] == '.' ||
                       ((s[i] == '-' || s[i] == '+') && (s[i - 1] == 'e' || s[i - 1] == 'E'))))
        i++;
    return i;
}

unsigned char *pycolour(Arena *a, const char *s, int len)
{
    unsigned char *role = arena_alloc(a, (size_t)len + 1);
    bool defines = false, line_start = true;
    for (int i = 0, end; i < len; i = end) {
        unsigned char c = (unsigned char)s[i];
        int r = ROLE_text;
        end = i + 1;
        if (c == '#') {
            while (end < len && s[end] != '\n') end++;
            r = ROLE_comment;
        } else if (c == '"' || c == '\'') {
            end = skip_string(s, len, i);
            r = ROLE_string;
        } else if (isdigit(c)) {
            end = number_end(s, len, i);
            r = ROLE_number;
        } else if (c == '@' && line_start) {
            while (end < len && (is_name((unsigned char)s[end]) || s[end] == '.')) end++;
            r = ROLE_decorator;
        } else if (is_name(c)) {
            while (end < len && is_name((unsigned char)s[end])) end++;
            if (end < len && (s[end] == '"' || s[end] == '\'') &&
                is_string_prefix(s + i, end - i)) {
                end = skip_string(s, len, end);
                r = ROLE_string;
            } else if (defines) {
                r = ROLE_definition;
            } else if (listed(keywords, s + i, end - i)) {
                r = ROLE_keyword;
            } else if ((i == 0 || s[i - 1] != '.') && listed(builtins, s + i, end - i)) {
                r = ROLE_builtin;
            }
            defines = r == ROLE_keyword &&
                      (strncmp(s + i, "def ", 4) == 0 || strncmp(s + i, "class ", 6) == 0);
        }
        if (c == '\n')
            line_start = true;
        else if (c != ' ' && c != '\t')
            line_start = false;
        memset(role + i, r, (size_t)(end - i));
    }
    return role;
}
