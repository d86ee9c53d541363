/* f-strings, str.format and the % operator. A part that is not known makes the text unknown. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/pystate.h"

static Value *part_unknown(Interp *in, Value *v)
{
    return v->kind == V_UNKNOWN ? v : v_unknown(in, "the text of a %s", v_type_name(v));
}

static Value *converted(Interp *in, Value *v, const char *conversion)
{
    if (!conversion || v->kind == V_UNKNOWN) return v;
    return v_str(in, *conversion == 's' ? v_str_text(in, v) : v_repr(in, v));
}

Value *eval_fstring(Interp *in, Env *env, Node *n)
{
    Buf out = {0};
    Value *unknown = NULL, *mark = NULL;
    buf_add(&out, "");
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *part = n->items.at[i];
        if (part->kind != N_FORMAT) {
            if (part->str) buf_addn(&out, part->str, (size_t)part->str_len);
            continue;
        }
        Value *v = eval(in, env, part->a);
        Value *spec = part->b && !in->raising ? eval(in, env, part->b) : NULL;
        if (in->raising) break;
        if (v->from_param) mark = v;
        const char *text = NULL;
        if (!spec || v_text(spec))
            text = format_value(in, converted(in, v, part->name), spec ? v_text(spec) : "", part);
        if (text) buf_add(&out, text);
        else if (!unknown) unknown = part_unknown(in, v);
    }
    Value *r = unknown ? unknown : v_strn(in, out.s, out.len);
    buf_free(&out);
    if (in->raising) return in->py->poison;
    return mark ? v_marked(in, r, mark) : r;
}

/* ---- "...".format(...) ---- */

typedef struct Format {
    Call *c;
    int next;
    Value *unknown;
} Format;

/* "0", "name", "" and then .attr and [item]. */
static Value *field_value(Format *f, const char *field)
{
    Interp *in = f->c->in;
    size_t n = strcspn(field, ".[");
    char *name = arena_strndup(in->arena, field, n);
    Value *v;
    if (n == 0 || isdigit((unsigned char)name[0])) {
        int at = n ? atoi(name) : f->next++;
        if (at < 0 || at >= f->c->args->pos.len)
            return raise_error(in, "IndexError", f->c->site,
                               "Replacement index %d out of range for positional args tuple", at);
        v = f->c->args->pos.at[at];
    } else if (!(v = args_kw(f->c->args, name)))
        return raise_error(in, "KeyError", f->c->site, "%s", name);
    for (const char *s = field + n; *s && !in->raising;) {
        if (*s == '.') {
            size_t k = strcspn(s + 1, ".[");
            v = attr_or_raise(in, v, arena_strndup(in->arena, s + 1, k), f->c->site);
            s += k + 1;
        } else {
            size_t k = strcspn(s + 1, "]");
            char *key = arena_strndup(in->arena, s + 1, k);
            Value *index = isdigit((unsigned char)key[0]) ? v_int(in, atoi(key)) : v_str(in, key);
            v = get_item(in, v, index, f->c->site);
            s += k + 1;
            if (*s == ']') s++;
            if (*s && *s != '.' && *s != '[') break;
        }
    }
    return v;
}

/* Expands one {field!conversion:spec}; specs may hold fields themselves. */
static void expand(Format *f, const char *s, size_t n, Buf *out, int depth);

static void replacement(Format *f, const char *s, size_t n, Buf *out, int depth)
{
    Interp *in = f->c->in;
    char *text = arena_strndup(in->arena, s, n);
    char *spec = strchr(text, ':'), *bang = strchr(text, '!');
    if (spec) *spec++ = 0;
    char *conversion = bang && (!spec || bang < spec) ? bang : NULL;
    if (conversion) *conversion++ = 0;
    Value *v = field_value(f, text);
    if (in->raising) return;
    Buf b = {0};
    buf_add(&b, "");
    if (spec && depth < 2) expand(f, spec, strlen(spec), &b, depth + 1);
    const char *done =
        in->raising ? NULL : format_value(in, converted(in, v, conversion), b.s, f->c->site);
    buf_free(&b);
    if (done) buf_add(out, done);
    else if (!f->unknown) f->unknown = part_unknown(in, v);
}

static void expand(Format *f, const char *s, size_t n, Buf *out, int depth)
{
    for (size_t i = 0; i < n && !f->c->in->raising; i++) {
        if ((s[i] == '{' || s[i] == '}') && i + 1 < n && s[i + 1] == s[i]) buf_addc(out, s[i++]);
        else if (s[i] == '{') {
            size_t k = i + 1;
            int open = 1;
            for (; k < n && open; k++) open += s[k] == '{' ? 1 : s[k] == '}' ? -1 : 0;
            if (open) {
                raise_error(f->c->in, "ValueError", f->c->site,
                            "Single '{' encountered in format string");
                return;
            }
            replacement(f, s + i + 1, k - i - 2, out, depth);
            i = k - 1;
        } else if (s[i] == '}') {
            raise_error(f->c->in, "ValueError", f->c->site,
                        "Single '}' encountered in format string");
        } else buf_addc(out, s[i]);
    }
}

Value *str_format(Call *c)
{
    Format f = {.c = c};
    Buf out = {0};
    buf_add(&out, "");
    if (c->args->unknown_star) return v_unknown(c->in, "a text with parts that are not known");
    expand(&f, c->self->u.str.s, (size_t)c->self->u.str.len, &out, 0);
    Value *r = f.unknown ? f.unknown : v_strn(c->in, out.s, out.len);
    buf_free(&out);
    return c->in->raising ? c->in->py->poison : r;
}

/* ---- "..." % args ---- */

static Value *percent_arg(Interp *in, Value *args, int *at, const char *key, Node *site)
{
    if (key) {
        Value *d = v_base(args);
        if (d->kind != V_DICT)
            return raise_error(in, "TypeError", site, "format requires a mapping");
        Value *v = dict_get(in, d, key);
        return v ? v : raise_error(in, "KeyError", site, "%s", key);
    }
    if (args->kind != V_TUPLE && args->kind != V_SHAPE) {
        if (*at == 0) {
            (*at)++;
            return args;
        }
    } else if (*at < args->items.len) return args->items.at[(*at)++];
    return raise_error(in, "TypeError", site, "not enough arguments for format string");
}

/* One conversion: its flags and width become a format specification. */
static const char *percent_one(Interp *in, Value *v, const char *flags, const char *width,
                               const char *precision, char type, Node *site)
{
    bool left = strchr(flags, '-') != NULL, zero = strchr(flags, '0') != NULL;
    const char *sign = strchr(flags, '+') ? "+" : strchr(flags, ' ') ? " " : "";
    if (type == 's' || type == 'r' || type == 'a') {
        if (v->kind == V_UNKNOWN || v->kind == V_TENSOR || v->kind == V_EXT) return NULL;
        Value *text = v_str(in, type == 's' ? v_str_text(in, v) : v_repr(in, v));
        return format_value(in, text,
                            arena_printf(in->arena, "%s%s%s%s", left ? "<" : ">", width,
                                         *precision ? "." : "", precision),
                            site);
    }
    Value *b = v_base(v);
    if (b->kind == V_UNKNOWN || b->kind == V_TENSOR || b->kind == V_EXT || b->kind == V_HANDLE || b->kind == V_OBJECT) return NULL;
    if (type == 'c' && b->kind == V_STR) return b->u.str.s;
    if (!v_is_num(b)) {
        raise_error(in, "TypeError", site, "%%%c format: a real number is required, not %s", type,
                    v_type_name(v));
        return NULL;
    }
    if (strchr("diu", type)) {
        if (b->kind == V_FLOAT) b = v_int(in, (long long)b->u.f);
        type = 'd';
    }
    const char *spec =
        arena_printf(in->arena, "%s%s%s%s%s%s%s%c", left ? "<" : "", sign,
                     strchr(flags, '#') ? "#" : "", zero && !left ? "0" : "", width,
                     *precision && type != 'd' ? "." : "", type != 'd' ? precision : "", type);
    return format_value(in, b, spec, site);
}

static const char *run_of(Interp *in, const char **s, const char *set)
{
    size_t n = strspn(*s, set);
    const char *r = arena_strndup(in->arena, *s, n);
    *s += n;
    return r;
}

static const char *star_or_digits(Interp *in, const char **s, Value *args, int *at, Node *site)
{
    if (**s != '*') return run_of(in, s, "0123456789");
    (*s)++;
    Value *v = percent_arg(in, args, at, NULL, site);
    return v_is_int(v) ? arena_printf(in->arena, "%lld", v_as_int(v)) : "";
}

Value *percent_format(Interp *in, Value *fmt, Value *args, Node *site)
{
    Buf out = {0};
    Value *unknown = NULL;
    int at = 0;
    buf_add(&out, "");
    for (const char *s = fmt->u.str.s; *s && !in->raising;) {
        if (*s != '%') {
            buf_addc(&out, *s++);
            continue;
        }
        s++;
        if (*s == '%') {
            buf_addc(&out, *s++);
            continue;
        }
        const char *key = NULL;
        if (*s == '(') {
            size_t n = strcspn(s + 1, ")");
            key = arena_strndup(in->arena, s + 1, n);
            s += n + 1;
            if (*s) s++;
        }
        const char *flags = run_of(in, &s, "-+ #0");
        const char *width = star_or_digits(in, &s, args, &at, site), *precision = "";
        if (*s == '.') {
            s++;
            precision = star_or_digits(in, &s, args, &at, site);
            if (!*precision) precision = "0";
        }
        char type = *s ? *s++ : 0;
        if (!type) {
            raise_error(in, "ValueError", site, "incomplete format");
            break;
        }
        Value *v = percent_arg(in, args, &at, key, site);
        const char *text =
            in->raising ? NULL : percent_one(in, v, flags, width, precision, type, site);
        if (text) buf_add(&out, text);
        else if (!unknown) unknown = part_unknown(in, v);
    }
    if (!in->raising && args->kind == V_TUPLE && at < args->items.len && at > 0)
        raise_error(in, "TypeError", site, "not all arguments converted during string formatting");
    Value *r = unknown ? unknown : v_strn(in, out.s, out.len);
    buf_free(&out);
    return in->raising ? in->py->poison : r;
}
