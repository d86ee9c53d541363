/* Renders a parsed template against a stack of contexts.
 *
 * Output goes into one buffer, so that a mark is only the buffer's length before and after. Parsed
 * partials are kept by name and indentation, because a template for statements includes itself for
 * every nested block.
 *
 * As the specification has it, the indentation of a standalone partial goes before the lines of the
 * partial's template, not of the values interpolated there. Empty lines get none: a line of blanks
 * is no good in code. */
#include "render/mustache.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "render/mustache_parse.h"

enum {
    /* one within the other: more is a partial that includes itself forever */
    MUSTACHE_MAX_PARTIALS = 200,
    /* partials and sections together: bounds the C stack */
    MUSTACHE_MAX_DEPTH = 2000,
    /* a thousand times the largest source file anybody ports */
    MUSTACHE_MAX_OUTPUT = 64 << 20,
    /* nodes rendered: bounds a partial that doubles itself without output */
    MUSTACHE_MAX_STEPS = 20 * 1000 * 1000
};

typedef struct Renderer {
    Arena *a;
    const MustachePartials *partials;
    bool raw;
    RenderMarks *marks; /* NULL: not wanted */
    Map parsed;         /* "indent\nname" -> MustacheTemplate */
    VEC(const cJSON *) contexts;
    Buf out;
    int depth, partial_depth, steps;
    const char *error;
} Renderer;

static void render_nodes(Renderer *r, const MustacheTemplate *t, int from, int to);

/* ---- names ---- */

static const cJSON *member(const cJSON *object, const char *name, size_t len)
{
    if (!cJSON_IsObject(object))
        return NULL;
    for (const cJSON *m = object->child; m; m = m->next)
        if (m->string && strlen(m->string) == len && memcmp(m->string, name, len) == 0)
            return m;
    return NULL;
}

/* The first part of a dotted name is looked for from the innermost context out, the others only
 * inside it. */
static const cJSON *lookup(const Renderer *r, const char *name)
{
    if (str_eq(name, "."))
        return r->contexts.at[r->contexts.len - 1];
    size_t len = strcspn(name, ".");
    const cJSON *found = NULL;
    for (int i = r->contexts.len - 1; i >= 0 && !found; i--)
        found = member(r->contexts.at[i], name, len);
    while (found && name[len] == '.') {
        name += len + 1;
        len = strcspn(name, ".");
        found = member(found, name, len);
    }
    return found;
}

static const cJSON *marked_text(const cJSON *value)
{
    const cJSON *text = member(value, "@text", 5);
    return cJSON_IsString(text) ? text : NULL;
}

static bool is_truthy(const cJSON *v)
{
    if (!v || cJSON_IsNull(v) || cJSON_IsFalse(v))
        return false;
    if (cJSON_IsString(v))
        return *v->valuestring != 0;
    if (cJSON_IsArray(v))
        return v->child != NULL;
    const cJSON *text = marked_text(v);
    return !text || *text->valuestring;
}

/* ---- marks ---- */

static int open_mark(Renderer *r, const cJSON *value)
{
    const cJSON *map = member(value, "@map", 4);
    if (!r->marks || !cJSON_IsNumber(map))
        return -1;
    int at = (int)r->out.len;
    RenderMark m = {map->valueint, at, at};
    vec_push(r->a, &r->marks->list, m);
    return r->marks->list.len - 1;
}

static void close_mark(Renderer *r, int mark)
{
    if (mark >= 0)
        r->marks->list.at[mark].end = (int)r->out.len;
}

static void drop_empty_marks(RenderMarks *marks)
{
    int kept = 0;
    for (int i = 0; i < marks->list.len; i++)
        if (marks->list.at[i].end > marks->list.at[i].start)
            marks->list.at[kept++] = marks->list.at[i];
    marks->list.len = kept;
}

/* ---- values ---- */

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

static void add_value(Renderer *r, const char *s, bool raw)
{
    if (raw) {
        buf_add(&r->out, s);
        return;
    }
    for (; *s; s++) {
        const char *entity = escape_of(*s);
        if (entity)
            buf_add(&r->out, entity);
        else
            buf_addc(&r->out, *s);
    }
}

/* How many bytes the first n of s take when written. */
static int written_length(const char *s, int n, bool raw)
{
    int len = 0;
    for (int i = 0; i < n && s[i]; i++) {
        const char *entity = raw ? NULL : escape_of(s[i]);
        len += entity ? (int)strlen(entity) : 1;
    }
    return len;
}

static void add_marks(Renderer *r, const cJSON *marks, const char *text, bool raw)
{
    if (!r->marks || !cJSON_IsArray(marks))
        return;
    int base = (int)r->out.len;
    for (const cJSON *m = marks->child; m; m = m->next) {
        const cJSON *map = cJSON_GetArrayItem(m, 0), *start = cJSON_GetArrayItem(m, 1),
                    *end = cJSON_GetArrayItem(m, 2);
        if (!cJSON_IsNumber(map) || !cJSON_IsNumber(start) || !cJSON_IsNumber(end))
            continue;
        RenderMark mark = {map->valueint, base + written_length(text, start->valueint, raw),
                           base + written_length(text, end->valueint, raw)};
        vec_push(r->a, &r->marks->list, mark);
    }
}

/* The shortest form that reads back as the same number: 85, 1.21, 1e-05. */
static void add_number(Renderer *r, double d)
{
    if (d == floor(d) && fabs(d) < 1e15) {
        buf_printf(&r->out, "%.0f", d);
        return;
    }
    char text[40];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, d);
        if (strtod(text, NULL) == d)
            break;
    }
    buf_add(&r->out, text);
}

static void render_value(Renderer *r, const cJSON *v, bool raw)
{
    if (cJSON_IsString(v)) {
        add_value(r, v->valuestring, raw);
    } else if (cJSON_IsNumber(v)) {
        add_number(r, v->valuedouble);
    } else if (cJSON_IsBool(v)) {
        buf_add(&r->out, cJSON_IsTrue(v) ? "true" : "false");
    } else if (marked_text(v)) {
        const char *text = marked_text(v)->valuestring;
        int mark = open_mark(r, v);
        add_marks(r, member(v, "@marks", 6), text, raw);
        add_value(r, text, raw);
        close_mark(r, mark);
    }
}

/* ---- sections and partials ---- */

static void push_and_render(Renderer *r, const MustacheTemplate *t, int section,
                            const cJSON *context)
{
    vec_push(r->a, &r->contexts, context);
    int mark = open_mark(r, context);
    render_nodes(r, t, section + 1, t->nodes.at[section].end);
    close_mark(r, mark);
    r->contexts.len--;
}

static void render_section(Renderer *r, const MustacheTemplate *t, int section)
{
    const cJSON *v = lookup(r, t->nodes.at[section].text);
    if (!is_truthy(v))
        return;
    if (!cJSON_IsArray(v)) {
        push_and_render(r, t, section, v);
        return;
    }
    for (const cJSON *item = v->child; item && !r->error; item = item->next)
        push_and_render(r, t, section, item);
}

static const char *indented(Arena *a, const char *text, const char *indent)
{
    if (!*indent)
        return text;
    Buf b = {0};
    bool line_start = true;
    for (; *text; text++) {
        bool empty = *text == '\n' || (*text == '\r' && text[1] == '\n');
        if (line_start && !empty)
            buf_add(&b, indent);
        buf_addc(&b, *text);
        line_start = *text == '\n';
    }
    buf_add(&b, ""); /* an empty partial has a text too */
    return buf_take(&b, a);
}

/* NULL where there is none, or where it is malformed (r->error). */
static MustacheTemplate *find_partial(Renderer *r, const MustacheNode *n)
{
    const char *key = arena_printf(r->a, "%s\n%s", n->indent, n->text);
    if (map_has(&r->parsed, key))
        return map_get(&r->parsed, key);
    bool can_find = r->partials && r->partials->find;
    const char *text = can_find ? r->partials->find(r->partials->user, n->text) : NULL;
    MustacheTemplate *t = NULL;
    if (text)
        t = mustache_parse(r->a, n->text, indented(r->a, text, n->indent), &r->error);
    map_set(&r->parsed, key, t);
    return t;
}

static void render_partial(Renderer *r, const MustacheTemplate *t, MustacheNode *n)
{
    if (r->partial_depth >= MUSTACHE_MAX_PARTIALS) {
        r->error = arena_printf(r->a, "%s:%d: partial '%s' includes itself without end", t->name,
                                n->line, n->text);
        return;
    }
    if (!n->partial)
        n->partial = find_partial(r, n);
    if (!n->partial)
        return;
    r->partial_depth++;
    render_nodes(r, n->partial, 0, n->partial->nodes.len);
    r->partial_depth--;
}

static void render_nodes(Renderer *r, const MustacheTemplate *t, int from, int to)
{
    if (++r->depth > MUSTACHE_MAX_DEPTH)
        r->error = arena_printf(r->a, "%s:%d: nested too deep", t->name,
                                from > 0 ? t->nodes.at[from - 1].line : 1);
    for (int i = from; i < to && !r->error; i++) {
        MustacheNode *n = &t->nodes.at[i];
        if (++r->steps > MUSTACHE_MAX_STEPS || r->out.len > MUSTACHE_MAX_OUTPUT) {
            r->error = arena_printf(r->a, "%s:%d: the output is too large", t->name, n->line);
            break;
        }
        switch (n->type) {
        case MT_TEXT:
            buf_addn(&r->out, n->text, (size_t)n->len);
            break;
        case MT_VAR:
            render_value(r, lookup(r, n->text), n->raw || r->raw);
            break;
        case MT_PARTIAL:
            render_partial(r, t, n);
            break;
        case MT_SECTION:
            render_section(r, t, i);
            i = n->end - 1;
            break;
        case MT_INVERTED:
            if (!is_truthy(lookup(r, n->text)))
                render_nodes(r, t, i + 1, n->end);
            i = n->end - 1;
            break;
        }
    }
    r->depth--;
}

char *mustache_render(Arena *a, const char *template, const cJSON *view,
                      const MustachePartials *partials, RenderMarks *marks, const char **err)
{
    assert(template && err);
    Renderer r = {.a = a, .partials = partials, .raw = partials && partials->raw, .marks = marks};
    map_init(&r.parsed, a);
    const char *name = partials && partials->name ? partials->name : "template";
    MustacheTemplate *t = mustache_parse(a, name, template, &r.error);
    if (t) {
        vec_push(a, &r.contexts, view);
        int mark = open_mark(&r, view);
        render_nodes(&r, t, 0, t->nodes.len);
        close_mark(&r, mark);
    }
    *err = r.error;
    if (marks)
        drop_empty_marks(marks);
    buf_add(&r.out, "");
    char *text = buf_take(&r.out, a);
    return r.error ? NULL : text;
}
