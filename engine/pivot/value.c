/* Values of pivot attributes: making, comparing, printing, and the attribute lists that hold them.
 *
 * Two values are the same when a framework could not tell them apart as an argument: 1 and 1.0
 * are, True and 1 are not, a tuple is a list. A value that is not known is the same as nothing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/value.h"

/* Lists inside lists deeper than this are not compared or printed: pads are two deep, an index
 * three. */
enum { MAX_DEPTH = 32 };

PValue pv_none(void)
{
    return (PValue){.kind = PV_NONE};
}

PValue pv_bool(bool b)
{
    return (PValue){.kind = PV_BOOL, .u.b = b};
}

PValue pv_int(long long i)
{
    return (PValue){.kind = PV_INT, .u.i = i};
}

PValue pv_size(Size s)
{
    if (size_unknown(s)) return pv_unknown("its size is not known");
    if (!s.free || s.free->op == 'n') return pv_int(s.n);
    return (PValue){.kind = PV_SIZE, .u.size = s};
}

PValue pv_float(double f)
{
    return (PValue){.kind = PV_FLOAT, .u.f = f};
}

PValue pv_str(const char *s)
{
    return (PValue){.kind = PV_STR, .u.str = s};
}

PValue pv_list(Arena *a, int len)
{
    PValue v = {.kind = PV_LIST};
    v.u.list.len = len;
    v.u.list.at = len > 0 ? ARENA_ARRAY(a, PValue, len) : NULL;
    return v;
}

PValue pv_unknown(const char *why)
{
    return (PValue){.kind = PV_UNKNOWN, .u.str = why};
}

PValue pv_act(Arena *a, const char *kind)
{
    PValue v = {.kind = PV_ACT};
    v.u.act = ARENA_NEW(a, PivotAct);
    v.u.act->kind = kind;
    return v;
}

bool pv_is_int(const PValue *v, long long n)
{
    return v && v->kind == PV_INT && v->u.i == n;
}

Size pv_as_size(const PValue *v)
{
    if (v && v->kind == PV_SIZE) return v->u.size;
    if (v && v->kind == PV_INT) return size_known(v->u.i);
    return size_known(-1);
}

/* ---- comparing ---- */

static bool is_number(const PValue *v)
{
    return v->kind == PV_INT || v->kind == PV_FLOAT;
}

static double as_double(const PValue *v)
{
    return v->kind == PV_INT ? (double)v->u.i : v->u.f;
}

static bool same_deep(const PValue *x, const PValue *y, int depth);

static bool same_attrs(const PAttrs *x, const PAttrs *y, int depth)
{
    if (x->len != y->len) return false;
    for (int i = 0; i < x->len; i++) {
        const PValue *other = attr_get(y, x->at[i].name);
        if (!other || !same_deep(&x->at[i].value, other, depth)) return false;
    }
    return true;
}

static bool same_deep(const PValue *x, const PValue *y, int depth)
{
    if (depth > MAX_DEPTH) return false;
    if (x->kind != y->kind) return is_number(x) && is_number(y) && as_double(x) == as_double(y);
    switch (x->kind) {
    case PV_UNSET:
    case PV_NONE: return true;
    case PV_BOOL: return x->u.b == y->u.b;
    case PV_INT: return x->u.i == y->u.i;
    case PV_SIZE: return size_same(x->u.size, y->u.size);
    case PV_FLOAT: return x->u.f == y->u.f || (isnan(x->u.f) && isnan(y->u.f));
    case PV_STR:
    case PV_REF: return str_eq(x->u.str, y->u.str);
    case PV_LIST:
        if (x->u.list.len != y->u.list.len) return false;
        for (int i = 0; i < x->u.list.len; i++) {
            if (!same_deep(&x->u.list.at[i], &y->u.list.at[i], depth + 1)) return false;
        }
        return true;
    case PV_ACT:
        return str_eq(x->u.act->kind, y->u.act->kind) &&
               same_attrs(&x->u.act->attrs, &y->u.act->attrs, depth + 1);
    case PV_UNKNOWN: return false;
    }
    return false;
}

bool pv_same(const PValue *x, const PValue *y)
{
    return same_deep(x, y, 0);
}

/* ---- printing, as Python would write it ---- */

/* The shortest digits that read back as the same number, laid out as repr() does. */
static void print_float(Buf *b, double f)
{
    if (isnan(f) || isinf(f)) {
        buf_printf(b, "float('%s')", isnan(f) ? "nan" : f > 0 ? "inf" : "-inf");
        return;
    }
    char digits[40];
    int precision = 0;
    do {
        snprintf(digits, sizeof digits, "%.*e", precision, f);
    } while (strtod(digits, NULL) != f && ++precision < 17);
    int exponent = atoi(strchr(digits, 'e') + 1);
    if (exponent >= -4 && exponent < 16) {
        int places = precision > exponent ? precision - exponent : 1;
        buf_printf(b, "%.*f", places, f);
        return;
    }
    buf_printf(b, "%.*se%c%02d", (int)(strchr(digits, 'e') - digits), digits,
               exponent < 0 ? '-' : '+', abs(exponent));
}

static void print_str(Buf *b, const char *s)
{
    char quote = strchr(s, '\'') && !strchr(s, '"') ? '"' : '\'';
    buf_addc(b, quote);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == (unsigned char)quote || c == '\\') buf_printf(b, "\\%c", c);
        else if (c == '\n') buf_add(b, "\\n");
        else if (c == '\t') buf_add(b, "\\t");
        else if (c == '\r') buf_add(b, "\\r");
        else if (c < 32 || c == 127) buf_printf(b, "\\x%02x", c);
        else buf_addc(b, (char)c);
    }
    buf_addc(b, quote);
}

static void print_value(Arena *a, Buf *b, const PValue *v, int depth);

static void print_list(Arena *a, Buf *b, const PValue *v, int depth)
{
    buf_addc(b, v->u.list.square ? '[' : '(');
    for (int i = 0; i < v->u.list.len; i++) {
        if (i) buf_add(b, ", ");
        print_value(a, b, &v->u.list.at[i], depth + 1);
    }
    buf_add(b, v->u.list.square ? "]" : v->u.list.len == 1 ? ",)" : ")");
}

static void print_act(Arena *a, Buf *b, const PivotAct *act, int depth)
{
    buf_add(b, act->kind);
    for (int i = 0; i < act->attrs.len; i++) {
        buf_printf(b, "%s%s=", i ? ", " : "(", act->attrs.at[i].name);
        print_value(a, b, &act->attrs.at[i].value, depth + 1);
    }
    if (act->attrs.len) buf_addc(b, ')');
}

static void print_value(Arena *a, Buf *b, const PValue *v, int depth)
{
    if (depth > MAX_DEPTH) {
        buf_add(b, "...");
        return;
    }
    switch (v->kind) {
    case PV_UNSET: buf_add(b, "unset"); break;
    case PV_NONE: buf_add(b, "None"); break;
    case PV_BOOL: buf_add(b, v->u.b ? "True" : "False"); break;
    case PV_INT: buf_printf(b, "%lld", v->u.i); break;
    case PV_SIZE: buf_add(b, size_text(a, v->u.size)); break;
    case PV_FLOAT: print_float(b, v->u.f); break;
    case PV_STR: print_str(b, v->u.str ? v->u.str : ""); break;
    case PV_LIST: print_list(a, b, v, depth); break;
    case PV_ACT: print_act(a, b, v->u.act, depth); break;
    case PV_REF: buf_add(b, v->u.str ? v->u.str : "?"); break;
    case PV_UNKNOWN: buf_add(b, "?"); break;
    }
}

const char *pv_text(Arena *a, const PValue *v)
{
    Buf b = {0};
    print_value(a, &b, v, 0);
    return buf_take(&b, a);
}

/* ---- attribute lists ---- */

const PValue *attr_get(const PAttrs *as, const char *name)
{
    for (int i = 0; as && i < as->len; i++) {
        if (strcmp(as->at[i].name, name) == 0) return &as->at[i].value;
    }
    return NULL;
}

void attr_set(Arena *a, PAttrs *as, const char *name, PValue v)
{
    for (int i = 0; i < as->len; i++) {
        if (strcmp(as->at[i].name, name) == 0) {
            as->at[i].value = v;
            return;
        }
    }
    PAttr attr = {.name = name, .value = v};
    vec_push(a, as, attr);
}

long long attr_int(const PAttrs *as, const char *name, long long dflt)
{
    const PValue *v = attr_get(as, name);
    if (!v) return dflt;
    if (v->kind == PV_INT) return v->u.i;
    if (v->kind == PV_SIZE) return v->u.size.n;
    if (v->kind == PV_BOOL) return v->u.b;
    if (v->kind == PV_FLOAT && v->u.f == floor(v->u.f) && fabs(v->u.f) < 1e15)
        return (long long)v->u.f;
    return dflt;
}

bool attr_bool(const PAttrs *as, const char *name, bool dflt)
{
    const PValue *v = attr_get(as, name);
    if (v && v->kind == PV_BOOL) return v->u.b;
    if (v && v->kind == PV_INT) return v->u.i != 0;
    return dflt;
}

double attr_float(const PAttrs *as, const char *name, double dflt)
{
    const PValue *v = attr_get(as, name);
    return v && is_number(v) ? as_double(v) : dflt;
}

const char *attr_str(const PAttrs *as, const char *name, const char *dflt)
{
    const PValue *v = attr_get(as, name);
    return v && v->kind == PV_STR ? v->u.str : dflt;
}
