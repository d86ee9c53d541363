/* Methods of str (and those of bytes that programs of networks use: decode). Case and classes are
 * those of ASCII; other code points pass unchanged. */
#include <ctype.h>
#include <string.h>

#include "trace/pystate.h"

/* The receiver's text. */
static const char *text(const Call *c)
{
    return c->self->u.str.s;
}

static int length(const Call *c)
{
    return c->self->u.str.len;
}

/* Argument i as text; NULL with a result in *bad where it is none. */
static const char *text_arg(Call *c, int i, const char *name, Value **bad)
{
    Value *v = arg(c, i, name);
    if (v && v_text(v)) return v_text(v);
    *bad = v && v->kind == V_UNKNOWN ? v
           : !v                      ? v_unknown(c->in, "an argument of %s", c->name)
                : raise_error(c->in, "TypeError", c->site, "%s() argument must be str, not %s",
                              strchr(c->name, '.') + 1, v_type_name(v));
    return NULL;
}

/* ---- case ---- */

static Value *mapped(Call *c, int (*f)(int))
{
    char *s = arena_strndup(c->in->arena, text(c), (size_t)length(c));
    for (int i = 0; i < length(c); i++)
        if ((unsigned char)s[i] < 0x80) s[i] = (char)f((unsigned char)s[i]);
    return v_strn(c->in, s, (size_t)length(c));
}

static int swap_case(int ch)
{
    return isupper(ch) ? tolower(ch) : toupper(ch);
}

static Value *s_upper(Call *c) { return mapped(c, toupper); }
static Value *s_lower(Call *c) { return mapped(c, tolower); }
static Value *s_swapcase(Call *c) { return mapped(c, swap_case); }

static Value *s_capitalize(Call *c)
{
    Value *v = mapped(c, tolower);
    if (v->u.str.len) ((char *)v->u.str.s)[0] = (char)toupper((unsigned char)v->u.str.s[0]);
    return v;
}

static Value *s_title(Call *c)
{
    Value *v = mapped(c, tolower);
    char *s = (char *)v->u.str.s;
    for (int i = 0; i < v->u.str.len; i++)
        if (isalpha((unsigned char)s[i]) && (i == 0 || !isalpha((unsigned char)s[i - 1])))
            s[i] = (char)toupper((unsigned char)s[i]);
    return v;
}

/* ---- classes of characters ---- */

static Value *every(Call *c, int (*f)(int))
{
    bool all = length(c) > 0;
    for (int i = 0; i < length(c); i++)
        all &= (unsigned char)text(c)[i] >= 0x80 || f((unsigned char)text(c)[i]);
    return v_bool(c->in, all);
}

static int is_word(int ch)
{
    return isalnum(ch) || ch == '_';
}

static Value *s_isdigit(Call *c) { return every(c, isdigit); }
static Value *s_isalpha(Call *c) { return every(c, isalpha); }
static Value *s_isalnum(Call *c) { return every(c, isalnum); }
static Value *s_isspace(Call *c) { return every(c, isspace); }

static Value *s_isidentifier(Call *c)
{
    if (length(c) && isdigit((unsigned char)text(c)[0])) return v_bool(c->in, false);
    return every(c, is_word);
}

static Value *one_case(Call *c, int (*is)(int), int (*other)(int))
{
    bool some = false;
    for (int i = 0; i < length(c); i++) {
        if (other((unsigned char)text(c)[i])) return v_bool(c->in, false);
        some |= is((unsigned char)text(c)[i]) != 0;
    }
    return v_bool(c->in, some);
}

static Value *s_isupper(Call *c) { return one_case(c, isupper, islower); }
static Value *s_islower(Call *c) { return one_case(c, islower, isupper); }

/* ---- cutting ---- */

static Value *stripped(Call *c, bool left, bool right)
{
    Value *bad = NULL, *a = arg(c, 0, NULL);
    const char *set = !a || a->kind == V_NONE ? " \t\n\r\f\v" : text_arg(c, 0, NULL, &bad);
    if (bad) return bad;
    int lo = 0, hi = length(c);
    while (left && lo < hi && strchr(set, text(c)[lo])) lo++;
    while (right && hi > lo && strchr(set, text(c)[hi - 1])) hi--;
    return v_strn(c->in, text(c) + lo, (size_t)(hi - lo));
}

static Value *s_strip(Call *c) { return stripped(c, true, true); }
static Value *s_lstrip(Call *c) { return stripped(c, true, false); }
static Value *s_rstrip(Call *c) { return stripped(c, false, true); }

static void push_text(Interp *in, Value *list, const char *s, int n)
{
    vec_push(in->arena, &list->items, v_strn(in, s, (size_t)n));
}

static Value *split_blanks(Call *c, long long max)
{
    Value *l = v_list(c->in, V_LIST);
    const char *s = text(c), *end = s + length(c);
    for (;;) {
        while (s < end && isspace((unsigned char)*s)) s++;
        if (s == end) return l;
        const char *from = s;
        if (max >= 0 && l->items.len >= max) {
            while (end > from && isspace((unsigned char)end[-1])) end--;
            push_text(c->in, l, from, (int)(end - from));
            return l;
        }
        while (s < end && !isspace((unsigned char)*s)) s++;
        push_text(c->in, l, from, (int)(s - from));
    }
}

static Value *s_split(Call *c)
{
    Value *bad = NULL, *a = arg(c, 0, "sep");
    long long max = arg_int(c, 1, "maxsplit", -1);
    if (!a || a->kind == V_NONE) return split_blanks(c, max);
    const char *sep = text_arg(c, 0, "sep", &bad);
    if (bad) return bad;
    if (!*sep) return raise_error(c->in, "ValueError", c->site, "empty separator");
    Value *l = v_list(c->in, V_LIST);
    const char *s = text(c), *hit;
    while ((max < 0 || l->items.len < max) && (hit = strstr(s, sep)) != NULL) {
        push_text(c->in, l, s, (int)(hit - s));
        s = hit + strlen(sep);
    }
    push_text(c->in, l, s, (int)(text(c) + length(c) - s));
    return l;
}

static const char *find_last(const char *s, const char *end, const char *sub)
{
    size_t n = strlen(sub);
    for (const char *p = end - n; p >= s; p--)
        if (memcmp(p, sub, n) == 0) return p;
    return NULL;
}

static Value *s_rsplit(Call *c)
{
    long long max = arg_int(c, 1, "maxsplit", -1);
    Value *bad = NULL, *a = arg(c, 0, "sep");
    if (max < 0 || !a || a->kind == V_NONE) return s_split(c);
    const char *sep = text_arg(c, 0, "sep", &bad);
    if (bad || !*sep)
        return bad ? bad : raise_error(c->in, "ValueError", c->site, "empty separator");
    Value *l = v_list(c->in, V_LIST);
    const char *end = text(c) + length(c), *hit;
    while (l->items.len < max && (hit = find_last(text(c), end, sep)) != NULL) {
        vec_insert(c->in->arena, &l->items, 0,
                   v_strn(c->in, hit + strlen(sep), (size_t)(end - hit) - strlen(sep)));
        end = hit;
    }
    vec_insert(c->in->arena, &l->items, 0, v_strn(c->in, text(c), (size_t)(end - text(c))));
    return l;
}

static Value *s_splitlines(Call *c)
{
    Value *l = v_list(c->in, V_LIST);
    Value *k = arg(c, 0, "keepends");
    bool keep = k && v_truth(c->in, k) == 1;
    const char *s = text(c), *end = s + length(c);
    while (s < end) {
        size_t n = strcspn(s, "\r\n"),
               brk = s + n < end ? (s[n] == '\r' && s[n + 1] == '\n' ? 2 : 1) : 0;
        push_text(c->in, l, s, (int)(n + (keep ? brk : 0)));
        s += n + brk;
    }
    return l;
}

static Value *parts(Call *c, const char *hit, const char *sep, bool right)
{
    Value *t = v_list(c->in, V_TUPLE);
    int at = hit ? (int)(hit - text(c)) : 0, n = (int)strlen(sep);
    if (hit) {
        push_text(c->in, t, text(c), at);
        push_text(c->in, t, sep, n);
        push_text(c->in, t, text(c) + at + n, length(c) - at - n);
        return t;
    }
    if (!right) push_text(c->in, t, text(c), length(c));
    push_text(c->in, t, "", 0);
    push_text(c->in, t, "", 0);
    if (right) push_text(c->in, t, text(c), length(c));
    return t;
}

static Value *s_partition(Call *c)
{
    Value *bad = NULL;
    const char *sep = text_arg(c, 0, NULL, &bad);
    if (bad) return bad;
    return *sep ? parts(c, strstr(text(c), sep), sep, false)
                : raise_error(c->in, "ValueError", c->site, "empty separator");
}

static Value *s_rpartition(Call *c)
{
    Value *bad = NULL;
    const char *sep = text_arg(c, 0, NULL, &bad);
    if (bad) return bad;
    if (!*sep) return raise_error(c->in, "ValueError", c->site, "empty separator");
    return parts(c, find_last(text(c), text(c) + length(c), sep), sep, true);
}

static Value *s_removeprefix(Call *c)
{
    Value *bad = NULL;
    const char *p = text_arg(c, 0, NULL, &bad);
    if (bad) return bad;
    return str_starts(text(c), p) ? v_str(c->in, text(c) + strlen(p)) : c->self;
}

static Value *s_removesuffix(Call *c)
{
    Value *bad = NULL;
    const char *p = text_arg(c, 0, NULL, &bad);
    if (bad) return bad;
    return *p && str_ends(text(c), p) ? v_strn(c->in, text(c), (size_t)length(c) - strlen(p))
                                      : c->self;
}

/* ---- joining and replacing ---- */

static Value *s_join(Call *c)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items))
        return c->in->raising ? c->in->py->poison
                              : v_unknown(c->in, "a text of parts that are not known");
    Buf b = {0};
    buf_add(&b, "");
    Value *result = NULL;
    for (int i = 0; i < items.len && !result && b.len < MAX_SEQUENCE * 8; i++) {
        const char *s = v_text(items.at[i]);
        if (!s)
            result = items.at[i]->kind == V_UNKNOWN
                         ? items.at[i]
                         : raise_error(c->in, "TypeError", c->site,
                                       "sequence item %d: expected str instance, %s found", i,
                                       v_type_name(items.at[i]));
        else {
            if (i) buf_add(&b, text(c));
            buf_add(&b, s);
        }
    }
    if (!result) result = v_strn(c->in, b.s, b.len);
    buf_free(&b);
    return result;
}

static Value *s_replace(Call *c)
{
    Value *bad = NULL;
    const char *old = text_arg(c, 0, "old", &bad), *new = bad ? NULL : text_arg(c, 1, "new", &bad);
    if (bad) return bad;
    long long max = arg_int(c, 2, "count", -1);
    Buf b = {0};
    buf_add(&b, "");
    const char *s = text(c), *end = s + length(c), *hit;
    if (!*old) { /* between all code points */
        while (max != 0) {
            buf_add(&b, new);
            max--;
            if (s == end || b.len > MAX_SEQUENCE * 8) break;
            int n = utf8_offset(s, (int)(end - s), 1);
            buf_addn(&b, s, (size_t)n);
            s += n;
        }
    } else {
        for (; max != 0 && b.len < MAX_SEQUENCE * 8 && (hit = strstr(s, old)) != NULL; max--) {
            buf_addn(&b, s, (size_t)(hit - s));
            buf_add(&b, new);
            s = hit + strlen(old);
        }
    }
    if (s < end) buf_addn(&b, s, (size_t)(end - s));
    Value *v = v_strn(c->in, b.s, b.len);
    buf_free(&b);
    return v;
}

static Value *padded(Call *c, int before_share)
{
    Value *bad = NULL;
    const char *fill = nargs(c) > 1 ? text_arg(c, 1, NULL, &bad) : " ";
    if (bad) return bad;
    long long gap = arg_int(c, 0, "width", 0) - utf8_count(text(c), length(c));
    if (gap > MAX_SEQUENCE) return v_unknown(c->in, "a very long string");
    long long before = gap <= 0            ? 0
                       : before_share == 2 ? gap
                       : before_share == 0 ? 0
                                           : gap / 2 + (gap & arg_int(c, 0, NULL, 0) & 1);
    Buf b = {0};
    buf_add(&b, "");
    for (long long i = 0; i < before; i++) buf_add(&b, fill);
    buf_add(&b, text(c));
    for (long long i = before; i < gap; i++) buf_add(&b, fill);
    Value *v = v_strn(c->in, b.s, b.len);
    buf_free(&b);
    return v;
}

static Value *s_ljust(Call *c) { return padded(c, 0); }
static Value *s_center(Call *c) { return padded(c, 1); }
static Value *s_rjust(Call *c) { return padded(c, 2); }

static Value *s_zfill(Call *c)
{
    bool sign = length(c) && strchr("+-", text(c)[0]);
    long long gap = arg_int(c, 0, NULL, 0) - length(c);
    if (gap <= 0) return c->self;
    if (gap > MAX_SEQUENCE) return v_unknown(c->in, "a very long string");
    char *s = arena_alloc(c->in->arena, (size_t)(gap + length(c)) + 1);
    if (sign) s[0] = text(c)[0];
    memset(s + sign, '0', (size_t)gap);
    memcpy(s + sign + gap, text(c) + sign, (size_t)(length(c) - sign));
    return v_strn(c->in, s, (size_t)(gap + length(c)));
}

static Value *s_expandtabs(Call *c)
{
    long long size = arg_int(c, 0, "tabsize", 8), col = 0;
    Buf b = {0};
    buf_add(&b, "");
    for (int i = 0; i < length(c); i++) {
        if (text(c)[i] != '\t') {
            buf_addc(&b, text(c)[i]);
            col = text(c)[i] == '\n' ? 0 : col + 1;
        } else if (size > 0 && size < 1000)
            do buf_addc(&b, ' '); while (++col % size);
    }
    Value *v = v_strn(c->in, b.s, b.len);
    buf_free(&b);
    return v;
}

/* ---- searching ---- */

/* Is argument 0 (a string or a tuple of them) at the start or end? */
static Value *at_end(Call *c, bool (*test)(const char *, const char *))
{
    Value *a = arg(c, 0, NULL);
    if (!a || nargs(c) > 1) return v_unknown(c->in, "%s() with places", c->name);
    if (v_text(a)) return v_bool(c->in, test(text(c), v_text(a)));
    if (a->kind == V_UNKNOWN) return a;
    if (a->kind != V_TUPLE)
        return raise_error(c->in, "TypeError", c->site,
                           "%s first arg must be str or a tuple of str, not %s",
                           strchr(c->name, '.') + 1, v_type_name(a));
    for (int i = 0; i < a->items.len; i++)
        if (v_text(a->items.at[i]) && test(text(c), v_text(a->items.at[i])))
            return v_bool(c->in, true);
    return v_bool(c->in, false);
}

static Value *s_startswith(Call *c) { return at_end(c, str_starts); }
static Value *s_endswith(Call *c) { return at_end(c, str_ends); }

static Value *found(Call *c, bool last, bool must)
{
    Value *bad = NULL;
    const char *sub = text_arg(c, 0, NULL, &bad);
    if (bad) return bad;
    int n = length(c), count = utf8_count(text(c), n);
    long long lo = arg_int(c, 1, NULL, 0), hi = arg_int(c, 2, NULL, count);
    if (lo < 0) lo = lo + count < 0 ? 0 : lo + count;
    if (hi < 0) hi += count;
    if (hi > count) hi = count;
    const char *hit = NULL;
    if (lo <= hi) {
        const char *s = text(c) + utf8_offset(text(c), n, (int)lo),
                   *end = text(c) + utf8_offset(text(c), n, (int)hi);
        hit = last ? find_last(s, end, sub) : strstr(s, sub);
        if (hit && hit + strlen(sub) > end) hit = NULL;
    }
    if (!hit && must) return raise_error(c->in, "ValueError", c->site, "substring not found");
    return v_int(c->in, hit ? utf8_count(text(c), (int)(hit - text(c))) : -1);
}

static Value *s_find(Call *c) { return found(c, false, false); }
static Value *s_rfind(Call *c) { return found(c, true, false); }
static Value *s_index(Call *c) { return found(c, false, true); }
static Value *s_rindex(Call *c) { return found(c, true, true); }

static Value *s_count(Call *c)
{
    Value *bad = NULL;
    const char *sub = text_arg(c, 0, NULL, &bad);
    if (bad) return bad;
    if (!*sub) return v_int(c->in, utf8_count(text(c), length(c)) + 1);
    long long n = 0;
    for (const char *s = text(c); (s = strstr(s, sub)) != NULL; s += strlen(sub)) n++;
    return v_int(c->in, n);
}

static Value *s_same(Call *c)
{
    Value *v = v_copy(c->in, c->self);
    v->kind = strstr(c->name, "encode") ? V_BYTES : V_STR;
    return v;
}

static Value *s_unknown(Call *c)
{
    return v_unknown(c->in, "what %s() gives", c->name);
}

const Builtin methods_str[] = {
    {"str.upper", s_upper},
    {"str.lower", s_lower},
    {"str.casefold", s_lower},
    {"str.swapcase", s_swapcase},
    {"str.capitalize", s_capitalize},
    {"str.title", s_title},
    {"str.isdigit", s_isdigit},
    {"str.isdecimal", s_isdigit},
    {"str.isnumeric", s_isdigit},
    {"str.isalpha", s_isalpha},
    {"str.isalnum", s_isalnum},
    {"str.isspace", s_isspace},
    {"str.isidentifier", s_isidentifier},
    {"str.isupper", s_isupper},
    {"str.islower", s_islower},
    {"str.strip", s_strip},
    {"str.lstrip", s_lstrip},
    {"str.rstrip", s_rstrip},
    {"str.split", s_split},
    {"str.rsplit", s_rsplit},
    {"str.splitlines", s_splitlines},
    {"str.partition", s_partition},
    {"str.rpartition", s_rpartition},
    {"str.removeprefix", s_removeprefix},
    {"str.removesuffix", s_removesuffix},
    {"str.join", s_join},
    {"str.replace", s_replace},
    {"str.ljust", s_ljust},
    {"str.rjust", s_rjust},
    {"str.center", s_center},
    {"str.zfill", s_zfill},
    {"str.expandtabs", s_expandtabs},
    {"str.startswith", s_startswith},
    {"str.endswith", s_endswith},
    {"str.find", s_find},
    {"str.rfind", s_rfind},
    {"str.index", s_index},
    {"str.rindex", s_rindex},
    {"str.count", s_count},
    {"str.format", str_format},
    {"str.format_map", s_unknown},
    {"str.encode", s_same},
    {"bytes.decode", s_same},
    {"str.translate", s_unknown},
    {"str.maketrans", s_unknown},
    {NULL, NULL},
};
