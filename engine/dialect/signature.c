/* The params mini-language: "filters>out_channels, strides=(1, 1)>stride_dim|ints, *, name=None>-".
 *
 * One pass from left to right. A parameter is [*]NAME [= LITERAL] [> TARGET [| CONVERSION]]; a lone
 * * makes what follows keyword-only. A literal is read by literal_parse: numbers, strings, None,
 * True, False, tuples and lists of literals, and a dotted name (torch.strided), which becomes
 * PV_REF.
 *
 * What names an attribute is checked against the kind, so that a slip in a table is found when it
 * is loaded: with a conversion that sets other attributes those are checked instead. Not handled:
 * annotations, expressions. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "dialect/convert.h"
#include "dialect/signature.h"

enum { MAX_LITERAL_DEPTH = 8 };

typedef struct Reader {
    Arena *a;
    const char *p;
    const PivotKind *kind;
    const char **err;
} Reader;

static void skip_space(const char **s)
{
    while (isspace((unsigned char)**s)) (*s)++;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* ---- literals ---- */

static bool parse_number(const char **s, PValue *out)
{
    char *end_int, *end_float;
    long long i = strtoll(*s, &end_int, 10);
    double f = strtod(*s, &end_float);
    if (end_float == *s)
        return false;
    if (end_float > end_int) {
        *out = pv_float(f);
        *s = end_float;
    } else {
        *out = pv_int(i);
        *s = end_int;
    }
    return true;
}

static bool parse_string(Arena *a, const char **s, PValue *out)
{
    char quote = **s;
    Buf b = {0};
    const char *p = *s + 1;
    for (; *p && *p != quote; p++) {
        if (*p == '\\' && p[1])
            p++;
        buf_addc(&b, *p);
    }
    if (*p != quote) {
        buf_free(&b);
        return false;
    }
    *s = p + 1;
    *out = pv_str(b.s ? buf_take(&b, a) : "");
    return true;
}

static bool parse_word(Arena *a, const char **s, PValue *out)
{
    const char *start = *s;
    while (is_name_char(**s) || **s == '.') (*s)++;
    if (*s == start)
        return false;
    const char *word = arena_strndup(a, start, (size_t)(*s - start));
    if (str_eq(word, "None"))
        *out = pv_none();
    else if (str_eq(word, "True") || str_eq(word, "False"))
        *out = pv_bool(str_eq(word, "True"));
    else
        *out = (PValue){.kind = PV_REF, .u.str = word};
    return true;
}

static bool parse_literal(Arena *a, const char **s, PValue *out, int depth);

static bool parse_sequence(Arena *a, const char **s, PValue *out, int depth)
{
    char close = **s == '(' ? ')' : ']';
    VEC(PValue) items = {0};
    (*s)++;
    for (skip_space(s); **s != close; skip_space(s)) {
        PValue v;
        if (!parse_literal(a, s, &v, depth + 1))
            return false;
        vec_push(a, &items, v);
        skip_space(s);
        if (**s == ',')
            (*s)++;
        else if (**s != close)
            return false;
    }
    (*s)++;
    *out = pv_list(a, items.len);
    if (items.len > 0)
        memcpy(out->u.list.at, items.at, sizeof(PValue) * (size_t)items.len);
    return true;
}

static bool parse_literal(Arena *a, const char **s, PValue *out, int depth)
{
    skip_space(s);
    if (depth > MAX_LITERAL_DEPTH)
        return false;
    if (**s == '(' || **s == '[')
        return parse_sequence(a, s, out, depth);
    if (**s == '\'' || **s == '"')
        return parse_string(a, s, out);
    if (isdigit((unsigned char)**s) || **s == '-' || **s == '+' || **s == '.')
        return parse_number(s, out);
    return parse_word(a, s, out);
}

bool literal_parse(Arena *a, const char **s, PValue *out)
{
    return parse_literal(a, s, out, 0);
}

/* ---- parameters ---- */

static const char *take_name(Reader *r)
{
    skip_space(&r->p);
    const char *start = r->p;
    while (is_name_char(*r->p)) r->p++;
    return r->p == start ? NULL : arena_strndup(r->a, start, (size_t)(r->p - start));
}

static bool fail(Reader *r, const char *what, const char *name)
{
    *r->err = name ? arena_printf(r->a, "parameter %s: %s", name, what) : what;
    return false;
}

static bool check_attribute(Reader *r, const RowParam *p)
{
    if (!r->kind || p->fixed.kind != PV_UNSET)
        return true;
    if (p->conv && p->conv->sets) {
        for (const char *const *s = p->conv->sets; *s; s++) {
            if (kind_attr(r->kind, *s))
                return true; /* a conversion may serve kinds with fewer attributes */
        }
        return fail(r,
                    arena_printf(r->a, "%s has none of what conversion %s sets", r->kind->name,
                                 p->conv->name),
                    p->name);
    }
    if (kind_attr(r->kind, p->attr))
        return true;
    return fail(r, arena_printf(r->a, "%s has no attribute %s", r->kind->name, p->attr), p->name);
}

static bool parse_input(Reader *r, RowParam *p)
{
    if (*r->p == '*') {
        r->p++;
        p->role = ROLE_INPUT_LIST;
        return true;
    }
    if (*r->p == '?') {
        r->p++;
        p->role = ROLE_INPUT_OPTIONAL;
        p->attr = take_name(r);
        return p->attr || fail(r, "a name is expected behind @?", p->name);
    }
    if (!isdigit((unsigned char)*r->p))
        return fail(r, "a number, * or ?name is expected behind @", p->name);
    p->role = ROLE_INPUT;
    p->input = *r->p++ - '0';
    return true;
}

static bool parse_target(Reader *r, RowParam *p)
{
    skip_space(&r->p);
    char c = *r->p;
    if (c == '=') {
        r->p++;
        p->attr = "";
        return literal_parse(r->a, &r->p, &p->fixed) ||
               fail(r, "a literal is expected behind >=", p->name);
    }
    if (c == '-' || c == '!' || c == '~' || c == '@')
        r->p++;
    if (c == '@')
        return parse_input(r, p);
    if (c == '-' || c == '!') {
        p->role = c == '-' ? ROLE_INERT : ROLE_DEFAULT_ONLY;
        return true;
    }
    p->attr = take_name(r);
    if (c == '~') {
        p->role = ROLE_TRAINING;
        if (!p->attr)
            p->attr = p->name;
        return true;
    }
    if (!p->attr)
        return fail(r, "an attribute, @input, -, ~ or ! is expected behind >", p->name);
    skip_space(&r->p);
    if (*r->p == '|') {
        r->p++;
        const char *conv = take_name(r);
        p->conv = conv ? conversion_find(conv) : NULL;
        if (!p->conv)
            return fail(r, arena_printf(r->a, "unknown conversion %s", conv ? conv : "(none)"),
                        p->name);
    }
    return check_attribute(r, p);
}

static bool parse_param(Reader *r, RowParam *p)
{
    p->name = take_name(r);
    if (!p->name)
        return fail(r, arena_printf(r->a, "a parameter is expected at \"%.20s\"", r->p), NULL);
    skip_space(&r->p);
    if (*r->p == '=') {
        r->p++;
        if (!literal_parse(r->a, &r->p, &p->dflt))
            return fail(r, "its default is no literal", p->name);
        p->has_default = true;
        skip_space(&r->p);
    }
    if (*r->p == '>') {
        r->p++;
        if (!parse_target(r, p))
            return false;
    } else {
        p->attr = p->name;
        if (!check_attribute(r, p))
            return false;
    }
    if (p->role == ROLE_DEFAULT_ONLY && !p->has_default && !p->rest)
        return fail(r, ">! needs a default", p->name);
    skip_space(&r->p);
    return *r->p == ',' || !*r->p ||
           fail(r, arena_printf(r->a, "a comma is expected at \"%.20s\"", r->p), p->name);
}

bool signature_parse(Arena *a, const char *text, const PivotKind *kind, DialectRow *row,
                     const char **err)
{
    Reader r = {a, text, kind, err};
    bool keyword_only = false;
    for (skip_space(&r.p); *r.p; skip_space(&r.p)) {
        RowParam p = {.input = -1};
        if (*r.p == '*') {
            r.p++;
            skip_space(&r.p);
            if (*r.p == ',' || !*r.p) {
                keyword_only = true;
                if (*r.p == ',')
                    r.p++;
                continue;
            }
            p.rest = true;
        }
        p.keyword_only = keyword_only && !p.rest;
        if (!parse_param(&r, &p))
            return false;
        if (p.rest)
            keyword_only = true;
        vec_push(a, &row->params, p);
        if (*r.p == ',')
            r.p++;
    }
    return true;
}
