/* Shapes as a person writes them: [NAME:]DIMS[:DTYPE], "2,3,32,32", "x:B,200:int64", "Net.x:(B,
 * 8)". */
#include <ctype.h>
#include <string.h>

#include "trace/trace.h"

static char *trimmed(Arena *a, const char *s, size_t n)
{
    while (n && (isspace((unsigned char)*s) || *s == '(' || *s == '[')) s++, n--;
    while (n && (isspace((unsigned char)s[n - 1]) || s[n - 1] == ')' || s[n - 1] == ']')) n--;
    return arena_strndup(a, s, n);
}

static bool is_dtype(const char *s)
{
    static const char *const NAMES[] = {"float",   "int",    "uint", "bool", "bfloat",
                                        "complex", "double", "half", "long"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_starts(s, NAMES[i]))
            return true;
    return false;
}

static const char *check_dim(Arena *a, const char *d)
{
    if (!*d)
        return "a dimension is empty";
    if (isdigit((unsigned char)*d)) {
        for (const char *p = d; *p; p++)
            if (!isdigit((unsigned char)*p))
                return arena_printf(a, "'%s' is neither a number nor a name", d);
        if (strlen(d) > 9)
            return arena_printf(a, "%s is too large for a dimension", d);
        return strspn(d, "0") == strlen(d) ? "a dimension cannot be 0" : NULL;
    }
    if (!isalpha((unsigned char)*d) && *d != '_')
        return arena_printf(a, "'%s' is no dimension", d);
    for (const char *p = d; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            return arena_printf(a, "'%s' is no dimension", d);
    return NULL;
}

static bool parse_dims(Arena *a, TraceShape *t, const char *text, const char **err)
{
    const char *s = trimmed(a, text, strlen(text));
    if (!*s) {
        *err = "no dimensions";
        return false;
    }
    while (*s) {
        size_t n = strcspn(s, ",");
        const char *d = trimmed(a, s, n);
        bool last = s[n] == '\0';
        if (!*d && last && t->dims.len)
            break; /* (8,) */
        if ((*err = check_dim(a, d)))
            return false;
        vec_push(a, &t->dims, d);
        s += n + (last ? 0 : 1);
    }
    if (t->dims.len > 16)
        *err = "more than 16 dimensions";
    return t->dims.len <= 16;
}

static void set_name(Arena *a, TraceShape *t, const char *name)
{
    const char *dot = strrchr(name, '.');
    t->argument = dot ? dot + 1 : name;
    if (dot)
        t->network = arena_strndup(a, name, (size_t)(dot - name));
    if (!*t->argument)
        t->argument = NULL;
}

TraceShape *trace_parse_shape(Arena *a, const char *text, const char **err)
{
    TraceShape *t = ARENA_NEW(a, TraceShape);
    const char *parts[4];
    int n = 0;
    *err = NULL;
    for (const char *p = text;;) {
        size_t k = strcspn(p, ":");
        if (n == 4)
            break;
        parts[n++] = trimmed(a, p, k);
        if (!p[k])
            break;
        p += k + 1;
    }
    if (n > 3) {
        *err = "more than NAME:DIMENSIONS:DTYPE";
        return NULL;
    }
    bool dtype = n > 1 && is_dtype(parts[n - 1]);
    if (n == 3 && !dtype) {
        *err = arena_printf(a, "'%s' is no element type", parts[2]);
        return NULL;
    }
    if (dtype)
        t->dtype = parts[n - 1];
    int dims = n == 3 || (n == 2 && !dtype) ? 1 : 0;
    if (dims)
        set_name(a, t, parts[0]);
    return parse_dims(a, t, parts[dims], err) ? t : NULL;
}
