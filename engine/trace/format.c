/* Format specifications: [[fill]align][sign][#][0][width][,_][.precision][type], as str.format,
 * f-strings and format() take them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/pystate.h"

#define WIDTH_MAX 100000

typedef struct Spec {
    const char *fill; /* one code point */
    int fill_len;
    char align, sign, group, type;
    bool alt, zero;
    int width, precision; /* -1: none */
} Spec;

static const char *number(const char *s, int *out)
{
    long n = 0;
    while (isdigit((unsigned char)*s)) {
        n = n * 10 + (*s++ - '0');
        if (n > WIDTH_MAX) n = WIDTH_MAX;
    }
    *out = (int)n;
    return s;
}

static bool parse_spec(const char *s, Spec *sp)
{
    *sp = (Spec){.fill = " ", .fill_len = 1, .width = -1, .precision = -1};
    unsigned cp;
    int n = *s ? utf8_decode(s, strlen(s), &cp) : 0;
    if (n && s[n] && strchr("<>=^", s[n])) {
        sp->fill = s;
        sp->fill_len = n;
        sp->align = s[n];
        s += n + 1;
    } else if (*s && strchr("<>=^", *s)) sp->align = *s++;
    if (*s && strchr("+- ", *s)) sp->sign = *s++;
    if (*s == '#') sp->alt = *s++;
    if (*s == '0') {
        sp->zero = true;
        s++;
        if (!sp->align) {
            sp->fill = "0";
            sp->fill_len = 1;
            sp->align = '=';
        }
    }
    if (isdigit((unsigned char)*s)) s = number(s, &sp->width);
    if (*s == ',' || *s == '_') sp->group = *s++;
    if (*s == '.') s = number(s + 1, &sp->precision);
    if (*s) sp->type = *s++;
    return *s == 0;
}

static void pad(Buf *out, const Spec *sp, const char *sign, const char *body, char dflt)
{
    int have = utf8_count(sign, (int)strlen(sign)) + utf8_count(body, (int)strlen(body));
    int gap = sp->width > have ? sp->width - have : 0;
    char align = sp->align ? sp->align : dflt;
    int before = align == '>' || align == '=' ? gap : align == '^' ? gap / 2 : 0;
    if (align == '=') buf_add(out, sign);
    for (int i = 0; i < before; i++) buf_addn(out, sp->fill, (size_t)sp->fill_len);
    if (align != '=') buf_add(out, sign);
    buf_add(out, body);
    for (int i = before; i < gap; i++) buf_addn(out, sp->fill, (size_t)sp->fill_len);
}

/* Puts separators into the digits before the point. */
static const char *grouped(Arena *a, const char *digits, char sep)
{
    if (!sep) return digits;
    int n = 0;
    while (isdigit((unsigned char)digits[n])) n++;
    Buf b = {0};
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0) buf_addc(&b, sep);
        buf_addc(&b, digits[i]);
    }
    buf_add(&b, digits + n);
    return buf_take(&b, a);
}

static const char *sign_of(const Spec *sp, bool negative)
{
    return negative ? "-" : sp->sign == '+' ? "+" : sp->sign == ' ' ? " " : "";
}

static void format_int(Arena *a, Buf *out, const Spec *sp, long long i)
{
    unsigned long long u = i < 0 ? 0ull - (unsigned long long)i : (unsigned long long)i;
    const char *prefix = "";
    char digits[80];
    if (sp->type == 'b') {
        int n = 0;
        char rev[70];
        do rev[n++] = (char)('0' + (int)(u & 1)); while (u >>= 1);
        for (int k = 0; k < n; k++) digits[k] = rev[n - 1 - k];
        digits[n] = 0;
        prefix = "0b";
    } else if (sp->type == 'x' || sp->type == 'X') {
        snprintf(digits, sizeof(digits), sp->type == 'x' ? "%llx" : "%llX", u);
        prefix = sp->type == 'x' ? "0x" : "0X";
    } else if (sp->type == 'o') {
        snprintf(digits, sizeof(digits), "%llo", u);
        prefix = "0o";
    } else snprintf(digits, sizeof(digits), "%llu", u);
    const char *sign = arena_printf(a, "%s%s", sign_of(sp, i < 0), sp->alt ? prefix : "");
    pad(out, sp, sign, grouped(a, digits, sp->group), '>');
}

static void strip_zeros(char *s)
{
    char *e = strpbrk(s, "eE");
    char *end = e ? e : s + strlen(s);
    if (!memchr(s, '.', (size_t)(end - s))) return;
    char *p = end;
    while (p[-1] == '0') p--;
    if (p[-1] == '.') p--;
    memmove(p, end, strlen(end) + 1);
}

/* %g as Python has it, also for the empty type with a precision. */
static char *general(Arena *a, double d, int precision, bool alt, bool keep_point)
{
    if (precision == 0) precision = 1;
    char tmp[64];
    snprintf(tmp, sizeof(tmp), "%.*e", precision > 40 ? 40 : precision - 1, d);
    int exp = atoi(strchr(tmp, 'e') + 1);
    char *s;
    if (exp < -4 || exp >= precision - (keep_point ? 1 : 0))
        s = arena_printf(a, "%.*e", precision - 1, d);
    else s = arena_printf(a, "%.*f", precision - 1 - exp, d);
    if (!alt) strip_zeros(s);
    if (keep_point && !strpbrk(s, ".e")) s = arena_printf(a, "%s.0", s);
    return s;
}

static bool format_float(Arena *a, Buf *out, const Spec *sp, double d)
{
    bool negative = signbit(d) && !isnan(d);
    double m = fabs(d);
    int precision = sp->precision < 0 ? 6 : sp->precision;
    if (precision > 500) precision = 500;
    const char *body;
    if (isnan(d) || isinf(d)) body = isnan(d) ? "nan" : "inf";
    else switch (sp->type) {
    case 'f': case 'F': body = arena_printf(a, "%.*f", precision, m); break;
    case 'e': body = arena_printf(a, "%.*e", precision, m); break;
    case 'E': body = arena_printf(a, "%.*E", precision, m); break;
    case '%': body = arena_printf(a, "%.*f%%", precision, m * 100); break;
    case 'g': case 'G': case 'n': body = general(a, m, precision, sp->alt, false); break;
    case 0:
        body = sp->precision < 0 ? float_text(a, m) : general(a, m, precision, sp->alt, true);
        break;
    default: return false;
    }
    pad(out, sp, sign_of(sp, negative), grouped(a, body, sp->group), '>');
    return true;
}

static void format_text(Interp *in, Buf *out, const Spec *sp, const char *s)
{
    if (sp->precision >= 0) {
        int n = (int)strlen(s), cut = utf8_offset(s, n, sp->precision);
        s = arena_strndup(in->arena, s, (size_t)cut);
    }
    Spec plain = *sp;
    if (plain.align == '=') plain.align = '<';
    pad(out, &plain, "", s, '<');
}

const char *format_value(Interp *in, Value *v, const char *spec, Node *site)
{
    if (v->kind == V_UNKNOWN || v->kind == V_TENSOR || v->kind == V_EXT || v->kind == V_HANDLE)
        return NULL;
    if (v_is_num(v) && v->free) return NULL;
    if (v->kind == V_OBJECT) {
        bool found = false;
        Value *s = v_str(in, spec);
        Value *r = call_method(in, v, "__format__", site, 1, &s, &found);
        if (found) return v_text(r);
    }
    if (!*spec) return v_str_text(in, v);
    Spec sp;
    bool fine = parse_spec(spec, &sp);
    Buf out = {0};
    buf_add(&out, "");
    Value *b = v_base(v);
    bool text = !v_is_num(b) || (v->kind == V_OBJECT && !v_is_num(b));
    if (fine && text && (!sp.type || sp.type == 's')) format_text(in, &out, &sp, v_str_text(in, v));
    else if (fine && !text && b->kind != V_FLOAT && sp.type && strchr("bdoxXn", sp.type))
        format_int(in->arena, &out, &sp, v_as_int(b));
    else if (fine && b->kind == V_BOOL && !sp.type) format_text(in, &out, &sp, v_str_text(in, b));
    else if (fine && !text && b->kind != V_FLOAT && !sp.type)
        format_int(in->arena, &out, &sp, v_as_int(b));
    else if (fine && b->kind == V_INT && sp.type == 'c') {
        char c[2] = {(char)(b->u.i < 128 ? b->u.i : '?'), 0};
        pad(&out, &sp, "", c, '<');
    } else if (!fine || text || !format_float(in->arena, &out, &sp, v_num(b))) {
        buf_free(&out);
        raise_error(in, "ValueError", site, "Unknown format code '%c' for object of type '%s'",
                    sp.type ? sp.type : '?', v_type_name(v));
        return NULL;
    }
    return buf_take(&out, in->arena);
}
