/* Reads a template into a flat list of nodes.
 *
 * One pass: text up to the next opening delimiter, then the tag. A tag other than an interpolation
 * that has its line to itself is *standalone*: the blanks before it and the line ending after it
 * belong to the tag and are not output. Whether it is standalone is decided on the template's own
 * bytes, before anything is rendered, so it does not depend on the view. Open sections are a stack
 * of node indexes; closing one sets its `end`. */
#include "render/mustache_parse.h"

#include <string.h>

#include "base/str.h"

typedef struct Parser {
    Arena *a;
    MustacheTemplate *t;
    const char *text, *at;    /* the whole, and where reading stands */
    int line;                 /* of `at` */
    const char *open, *close; /* delimiters in force */
    VEC(int) sections;
    const char *error;
} Parser;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\r' || c == '\n';
}

static void fail(Parser *p, int line, const char *what, const char *name)
{
    p->error = arena_printf(p->a, "%s:%d: %s%s%s%s", p->t->name, line, what, name ? " '" : "",
                            name ? name : "", name ? "'" : "");
}

/* Moves to `to`, counting lines. */
static void advance(Parser *p, const char *to)
{
    for (; p->at < to; p->at++)
        if (*p->at == '\n')
            p->line++;
}

static MustacheNode *add_node(Parser *p, MustacheType type, const char *text, int len)
{
    MustacheNode n = {.type = type, .text = text, .len = len, .line = p->line, .indent = ""};
    vec_push(p->a, &p->t->nodes, n);
    return &p->t->nodes.at[p->t->nodes.len - 1];
}

static void add_text(Parser *p, const char *from, const char *to)
{
    if (to > from)
        add_node(p, MT_TEXT, from, (int)(to - from));
}

static char *trimmed(Arena *a, const char *s, const char *end)
{
    while (s < end && is_space(*s)) s++;
    while (end > s && is_space(end[-1])) end--;
    return arena_strndup(a, s, (size_t)(end - s));
}

/* Is [tag, end) alone on its line (or lines)? *line_start and *next are then what the tag swallows.
 */
static bool is_standalone(const Parser *p, const char *tag, const char *end,
                          const char **line_start, const char **next)
{
    const char *s = tag, *e = end;
    while (s > p->text && is_blank(s[-1])) s--;
    if (s > p->text && s[-1] != '\n')
        return false;
    while (is_blank(*e)) e++;
    if (*e == '\r' && e[1] == '\n')
        e++;
    if (*e && *e != '\n')
        return false;
    *line_start = s;
    *next = *e ? e + 1 : e;
    return true;
}

/* {{=<% %>=}}: body is what stands between the two "=". */
static void set_delimiters(Parser *p, const char *body)
{
    const char *gap = body;
    while (*gap && !is_space(*gap)) gap++;
    const char *rest = gap;
    while (is_space(*rest)) rest++;
    bool valid = gap > body && *rest;
    for (const char *c = body; *c; c++)
        if (*c == '=' || (c >= rest && is_space(*c)))
            valid = false;
    if (!valid) {
        fail(p, p->line, "delimiters are two words without '=', not", body);
        return;
    }
    p->open = arena_strndup(p->a, body, (size_t)(gap - body));
    p->close = arena_strdup(p->a, rest);
}

static void close_section(Parser *p, const char *name)
{
    if (p->sections.len == 0) {
        fail(p, p->line, "this closes a section that is not open:", name);
        return;
    }
    MustacheNode *section = &p->t->nodes.at[p->sections.at[--p->sections.len]];
    if (!str_eq(section->text, name)) {
        fail(p, p->line,
             arena_printf(p->a, "section '%s' of line %d is closed as", section->text,
                          section->line),
             name);
        return;
    }
    section->end = p->t->nodes.len;
}

static void add_tag(Parser *p, char sigil, const char *name, const char *indent)
{
    if (sigil != '!' && sigil != '=' && !*name) {
        fail(p, p->line, "a tag without a name", NULL);
        return;
    }
    switch (sigil) {
    case '!':
        break;
    case '=':
        set_delimiters(p, name);
        break;
    case '/':
        close_section(p, name);
        break;
    case '>':
        add_node(p, MT_PARTIAL, name, 0)->indent = indent;
        break;
    case '#':
    case '^':
        vec_push(p->a, &p->sections, p->t->nodes.len);
        add_node(p, sigil == '#' ? MT_SECTION : MT_INVERTED, name, 0);
        break;
    default:
        add_node(p, MT_VAR, name, 0)->raw = sigil != 0;
        break;
    }
}

/* Where the tag's body ends, and *after its closing delimiter; NULL when it is never closed. */
static const char *find_close(const Parser *p, char sigil, const char *body, const char **after)
{
    char *close = arena_printf(p->a, "%s%s",
                               sigil == '{'   ? "}"
                               : sigil == '=' ? "="
                                              : "",
                               p->close);
    const char *end = strstr(body, close);
    if (end)
        *after = end + strlen(close);
    return end;
}

/* p->at stands at the text before `tag`, an opening delimiter. Reads both. */
static void read_tag(Parser *p, const char *tag)
{
    const char *text = p->at, *body = tag + strlen(p->open), *after = NULL, *line_start, *next;
    int line = p->line;
    for (const char *c = text; c < tag; c++)
        if (*c == '\n')
            line++;
    while (is_space(*body)) body++;
    char sigil = *body && strchr("!=/>#^&{", *body) ? *body : 0;
    if (sigil)
        body++;
    const char *end = find_close(p, sigil, body, &after);
    if (!end) {
        fail(p, line, "a tag is not closed with", p->close);
        return;
    }
    const char *name = trimmed(p->a, body, end), *indent = "";
    bool swallows = sigil && sigil != '&' && sigil != '{';
    bool standalone = swallows && is_standalone(p, tag, after, &line_start, &next);
    if (standalone && sigil == '>')
        indent = arena_strndup(p->a, line_start, (size_t)(tag - line_start));
    /* a tag before this one on the line would have made it not standalone, so line_start >= text */
    add_text(p, text, standalone ? line_start : tag);
    advance(p, tag);
    add_tag(p, sigil, name, indent);
    advance(p, standalone ? next : after);
}

MustacheTemplate *mustache_parse(Arena *a, const char *name, const char *text, const char **err)
{
    MustacheTemplate *t = ARENA_NEW(a, MustacheTemplate);
    t->name = name;
    Parser p = {.a = a, .t = t, .text = text, .at = text, .line = 1, .open = "{{", .close = "}}"};
    while (!p.error) {
        const char *tag = strstr(p.at, p.open);
        if (!tag) {
            add_text(&p, p.at, p.at + strlen(p.at));
            break;
        }
        read_tag(&p, tag);
    }
    if (!p.error && p.sections.len > 0) {
        const MustacheNode *open = &t->nodes.at[p.sections.at[p.sections.len - 1]];
        fail(&p, open->line, "a section is not closed:", open->text);
    }
    *err = p.error;
    return p.error ? NULL : t;
}
