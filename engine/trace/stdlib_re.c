/* re: match, search, fullmatch, split, sub, findall, compile, and what match objects are asked for.
 * A pattern that the matcher does not know makes the result unknown. */
#include <string.h>

#include "trace/pystate.h"
#include "trace/regex.h"

static Value *unknown(Call *c)
{
    return v_unknown(c->in, "what %s() gives", c->name);
}

static const char *const PATTERN[] = {"match", "search",  "fullmatch", "split",
                                      "sub",   "findall", "finditer"};
static const char *const MATCH[] = {"group", "groups", "groupdict", "start", "end", "span"};

static ClassValue *class_with(Interp *in, const char *name, const char *const *methods, int n)
{
    ClassValue *cls = own_class(in, name);
    for (int i = 0; i < n && !map_get(cls->attrs, methods[i]); i++)
        map_set(cls->attrs, methods[i],
                v_builtin(in, arena_printf(in->arena, "%s.%s", name, methods[i]), NULL));
    return cls;
}

/* ---- patterns ---- */

typedef struct Search {
    Regex *regex;
    const char *text;
    int n;
    int first; /* argument behind the pattern */
} Search;

/* The pattern is the receiver or the first argument; the text is argument `text_at` behind it. */
static bool search_begin(Call *c, int text_at, Search *s)
{
    bool bound = c->self != NULL;
    Value *pattern = bound ? map_get(c->self->u.obj->attrs, "pattern") : arg(c, 0, "pattern");
    if (!bound && pattern && pattern->kind == V_OBJECT && pattern->u.obj->attrs)
        pattern = map_get(pattern->u.obj->attrs, "pattern"); /* re.match(compiled, text) */
    s->first = bound ? 0 : 1;
    Value *text = arg(c, s->first + text_at, "string");
    if (!pattern || !text || !v_text(pattern) || !v_text(text)) return false;
    Value *flags = args_kw(c->args, "flags");
    if (!flags && bound) flags = map_get(c->self->u.obj->attrs, "flags");
    if (flags && (flags->kind != V_INT || (flags->u.i & ~2))) return false; /* all but IGNORECASE */
    bool ignore = flags && flags->u.i;
    s->regex = regex_compile(c->in->arena, v_text(pattern), ignore);
    s->text = v_text(text);
    s->n = (int)strlen(s->text);
    return s->regex != NULL;
}

static Value *re_compile(Call *c)
{
    Value *p = object_new(c->in, class_with(c->in, "re.Pattern", PATTERN, 7));
    Value *pattern = arg(c, 0, "pattern"), *flags = arg(c, 1, "flags");
    map_set(p->u.obj->attrs, "pattern", pattern ? pattern : v_none(c->in));
    map_set(p->u.obj->attrs, "flags", flags ? flags : v_int(c->in, 0));
    return p;
}

static Value *match_object(Call *c, const Search *s, const RegexMatch *m)
{
    Interp *in = c->in;
    Value *o = object_new(in, class_with(in, "re.Match", MATCH, 6));
    Value *groups = v_list(in, V_LIST), *spans = v_list(in, V_LIST), *names = v_list(in, V_DICT);
    for (int i = 0; i <= regex_groups(s->regex); i++) {
        int lo = m->at[2 * i], hi = m->at[2 * i + 1];
        bool took = lo >= 0 && hi >= lo;
        Value *text = took ? v_strn(in, s->text + lo, (size_t)(hi - lo)) : v_none(in);
        vec_push(in->arena, &groups->items, text);
        vec_push(in->arena, &spans->items,
                 v_tuple2(in, v_int(in, took ? lo : -1), v_int(in, took ? hi : -1)));
        const char *name = regex_name(s->regex, i);
        if (name) dict_set(in, names, v_str(in, name), text);
    }
    map_set(o->u.obj->attrs, "_groups", groups);
    map_set(o->u.obj->attrs, "_spans", spans);
    map_set(o->u.obj->attrs, "_names", names);
    return o;
}

/* The first match from byte `from` on: 1, 0, -1. */
static int find(const Search *s, int from, RegexMatch *m)
{
    for (int i = from; i <= s->n; i++) {
        int r = regex_match(s->regex, s->text, s->n, i, false, m);
        if (r) return r;
    }
    return 0;
}

static Value *re_match(Call *c)
{
    Search s;
    RegexMatch m;
    if (!search_begin(c, 0, &s)) return unknown(c);
    const char *how = strrchr(c->name, '.') + 1;
    int r = strcmp(how, "search") == 0
                ? find(&s, 0, &m)
                : regex_match(s.regex, s.text, s.n, 0, strcmp(how, "fullmatch") == 0, &m);
    return r < 0 ? unknown(c) : r ? match_object(c, &s, &m) : v_none(c->in);
}

/* Every match that does not overlap the one before. False: not known. */
typedef bool (*OnMatch)(Call *c, const Search *s, const RegexMatch *m, void *ctx);

static bool each(Call *c, const Search *s, long long max, OnMatch f, void *ctx)
{
    RegexMatch m;
    for (int from = 0; from <= s->n && max != 0; max--) {
        int r = find(s, from, &m);
        if (r < 0) return false;
        if (r == 0) return true;
        if (!f(c, s, &m, ctx)) return false;
        from = m.at[1] > m.at[0] ? m.at[1] : m.at[1] + 1;
    }
    return true;
}

static bool collect(Call *c, const Search *s, const RegexMatch *m, void *ctx)
{
    Interp *in = c->in;
    Value *list = ctx, *t = v_list(in, V_TUPLE);
    int n = regex_groups(s->regex);
    for (int i = n ? 1 : 0; i <= n; i++) {
        int lo = m->at[2 * i], hi = m->at[2 * i + 1];
        vec_push(in->arena, &t->items,
                 v_strn(in, s->text + (lo < 0 ? 0 : lo), lo < 0 ? 0 : (size_t)(hi - lo)));
    }
    vec_push(in->arena, &list->items, n > 1 ? t : t->items.at[0]);
    return true;
}

static Value *re_findall(Call *c)
{
    Search s;
    Value *list = v_list(c->in, V_LIST);
    return search_begin(c, 0, &s) && each(c, &s, -1, collect, list) ? list : unknown(c);
}

static bool collect_match(Call *c, const Search *s, const RegexMatch *m, void *ctx)
{
    Value *list = ctx;
    vec_push(c->in->arena, &list->items, match_object(c, s, m));
    return true;
}

static Value *re_finditer(Call *c)
{
    Search s;
    Value *list = v_list(c->in, V_ITER);
    return search_begin(c, 0, &s) && each(c, &s, -1, collect_match, list) ? list : unknown(c);
}

typedef struct Pieces {
    Value *list;
    int done; /* bytes of the text dealt with */
    Buf out;
    Value *with; /* sub: the replacement */
} Pieces;

static bool split_at(Call *c, const Search *s, const RegexMatch *m, void *ctx)
{
    Pieces *p = ctx;
    Interp *in = c->in;
    vec_push(in->arena, &p->list->items,
             v_strn(in, s->text + p->done, (size_t)(m->at[0] - p->done)));
    for (int i = 1; i <= regex_groups(s->regex); i++) {
        int lo = m->at[2 * i], hi = m->at[2 * i + 1];
        vec_push(in->arena, &p->list->items,
                 lo < 0 ? v_none(in) : v_strn(in, s->text + lo, (size_t)(hi - lo)));
    }
    p->done = m->at[1];
    return true;
}

static Value *re_split(Call *c)
{
    Search s;
    Pieces p = {.list = v_list(c->in, V_LIST)};
    if (!search_begin(c, 0, &s)) return unknown(c);
    long long max = arg_int(c, s.first + 1, "maxsplit", 0);
    if (!each(c, &s, max > 0 ? max : -1, split_at, &p)) return unknown(c);
    vec_push(c->in->arena, &p.list->items, v_strn(c->in, s.text + p.done, (size_t)(s.n - p.done)));
    return p.list;
}

/* \1, \g<1>, \g<name> in a replacement. */
static void expand(const Search *s, const RegexMatch *m, const char *with, Buf *out, Arena *a)
{
    for (; *with; with++) {
        int group = -1;
        if (*with == '\\' && with[1] >= '0' && with[1] <= '9') group = *++with - '0';
        else if (*with == '\\' && with[1] == 'g' && with[2] == '<') {
            size_t n = strcspn(with + 3, ">");
            const char *name = arena_strndup(a, with + 3, n);
            group = name[0] >= '0' && name[0] <= '9' ? name[0] - '0' : regex_named(s->regex, name);
            with += 2 + n + (with[3 + n] == '>');
        } else if (*with == '\\' && with[1]) {
            buf_addc(out, *++with == 'n' ? '\n' : *with);
            continue;
        } else {
            buf_addc(out, *with);
            continue;
        }
        if (group >= 0 && group <= regex_groups(s->regex) && m->at[2 * group] >= 0)
            buf_addn(out, s->text + m->at[2 * group],
                     (size_t)(m->at[2 * group + 1] - m->at[2 * group]));
    }
}

static bool replace(Call *c, const Search *s, const RegexMatch *m, void *ctx)
{
    Pieces *p = ctx;
    buf_addn(&p->out, s->text + p->done, (size_t)(m->at[0] - p->done));
    p->done = m->at[1];
    if (v_text(p->with)) {
        expand(s, m, v_text(p->with), &p->out, c->in->arena);
        return p->out.len < MAX_SEQUENCE * 8;
    }
    Value *o = match_object(c, s, m);
    Value *r = call_with(c->in, c->env, p->with, c->site, 1, &o);
    if (c->in->raising || !v_text(r)) return false;
    buf_add(&p->out, v_text(r));
    return p->out.len < MAX_SEQUENCE * 8;
}

static Value *re_sub(Call *c)
{
    Search s;
    Pieces p = {.done = 0};
    if (!search_begin(c, 1, &s) || !(p.with = arg(c, s.first, "repl"))) return unknown(c);
    long long max = arg_int(c, s.first + 2, "count", 0);
    buf_add(&p.out, "");
    bool known = each(c, &s, max > 0 ? max : -1, replace, &p);
    if (known) buf_addn(&p.out, s.text + p.done, (size_t)(s.n - p.done));
    Value *v = known            ? v_strn(c->in, p.out.s, p.out.len)
               : c->in->raising ? c->in->py->poison
                                : unknown(c);
    buf_free(&p.out);
    return v;
}

/* ---- match objects ---- */

static Value *part(const Call *c, const char *name)
{
    return map_get(c->self->u.obj->attrs, name);
}

static Value *one_group(Call *c, Value *key)
{
    if (v_text(key)) {
        Value *v = dict_get(c->in, part(c, "_names"), v_text(key));
        return v ? v : raise_error(c->in, "IndexError", c->site, "no such group");
    }
    Value *groups = part(c, "_groups");
    if (!v_is_int(key)) return v_unknown(c->in, "a group");
    if (v_as_int(key) < 0 || v_as_int(key) >= groups->items.len)
        return raise_error(c->in, "IndexError", c->site, "no such group");
    return groups->items.at[v_as_int(key)];
}

static Value *match_group(Call *c)
{
    if (!c->self) return unknown(c);
    if (nargs(c) == 0) return part(c, "_groups")->items.at[0];
    if (nargs(c) == 1) return one_group(c, arg(c, 0, NULL));
    Value *t = v_list(c->in, V_TUPLE);
    for (int i = 0; i < nargs(c) && !c->in->raising; i++)
        vec_push(c->in->arena, &t->items, one_group(c, arg(c, i, NULL)));
    return t;
}

static Value *match_groups(Call *c)
{
    Value *t = v_list(c->in, V_TUPLE);
    if (!c->self) return unknown(c);
    for (int i = 1; i < part(c, "_groups")->items.len; i++)
        vec_push(c->in->arena, &t->items, part(c, "_groups")->items.at[i]);
    return t;
}

static Value *match_groupdict(Call *c)
{
    return c->self ? part(c, "_names") : unknown(c);
}

static Value *match_span(Call *c)
{
    long long i = arg_int(c, 0, "group", 0);
    if (!c->self || i < 0 || i >= part(c, "_spans")->items.len) return unknown(c);
    Value *span = part(c, "_spans")->items.at[i];
    const char *how = strrchr(c->name, '.') + 1;
    return strcmp(how, "span") == 0 ? span : span->items.at[strcmp(how, "end") == 0];
}

const Builtin stdlib_re[] = {
    {"re.compile", re_compile},
    {"re.match", re_match},
    {"re.search", re_match},
    {"re.fullmatch", re_match},
    {"re.findall", re_findall},
    {"re.finditer", re_finditer},
    {"re.split", re_split},
    {"re.sub", re_sub},
    {"re.Pattern.match", re_match},
    {"re.Pattern.search", re_match},
    {"re.Pattern.fullmatch", re_match},
    {"re.Pattern.findall", re_findall},
    {"re.Pattern.finditer", re_finditer},
    {"re.Pattern.split", re_split},
    {"re.Pattern.sub", re_sub},
    {"re.Match.group", match_group},
    {"re.Match.groups", match_groups},
    {"re.Match.groupdict", match_groupdict},
    {"re.Match.start", match_span},
    {"re.Match.end", match_span},
    {"re.Match.span", match_span},
    {NULL, NULL},
};
