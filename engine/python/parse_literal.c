/* Literals: numbers, strings, f-strings.
 *
 * A string keeps its text as written and gets its value decoded: escapes (\N{...} stays as written,
 * lone surrogates become U+FFFD), raw and bytes prefixes, \r\n as \n. The literal parts of an
 * f-string are the gaps between its replacement fields; {x=} is the text "x=" and a field with
 * conversion r, which is what it means. */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "python/parse_internal.h"

/* strtod reads the decimal point of the locale; Python's is a point. */
static double read_double(const char *digits)
{
    const char *point = localeconv()->decimal_point;
    const char *dot = strchr(digits, '.');
    if (!dot || strcmp(point, ".") == 0) return strtod(digits, NULL);
    Buf b = {0};
    buf_addn(&b, digits, (size_t)(dot - digits));
    buf_add(&b, point);
    buf_add(&b, dot + 1);
    double f = strtod(b.s, NULL);
    buf_free(&b);
    return f;
}

static void read_int(Parse *p, Node *n, char *digits, size_t len)
{
    static const char legacy[] = "this is a Python 2 number";
    int base = 10;
    char letter = len > 1 && digits[0] == '0' ? digits[1] : '\0';
    if (letter == 'x' || letter == 'X') base = 16;
    if (letter == 'o' || letter == 'O') base = 8;
    if (letter == 'b' || letter == 'B') base = 2;
    if (strchr("lL", digits[len - 1])) parse_give_up(p, n->span, legacy, NULL);
    else if (base == 10 && digits[0] == '0' && strspn(digits, "0") != len)
        parse_give_up(p, n->span, legacy, "octal numbers are written 0o17");
    errno = 0;
    n->num.i = strtoll(base == 10 ? digits : digits + 2, NULL, base);
    n->big = errno == ERANGE;
}

Node *parse_number(Parse *p, TSNode ts, bool is_float)
{
    Node *n = parse_node(p, is_float ? N_FLOAT : N_INT, parse_span(ts));
    n->text = parse_text(p, n->span);
    char *digits = arena_strdup(p->arena, n->text);
    size_t len = 0;
    for (const char *s = n->text; *s; s++)
        if (*s != '_') digits[len++] = *s;
    digits[len] = '\0';
    bool hex = len > 1 && strchr("xX", digits[1]);
    if (len == 0) return n; /* cannot be, but costs nothing */
    if (!hex && strchr("jJ", digits[len - 1])) n->kind = N_IMAG;
    else if (is_float) n->num.f = read_double(digits);
    else read_int(p, n, digits, len);
    return n;
}

/* --- decoding --- */

typedef struct Decoder {
    const char *s;
    int n, i;
    bool raw, bytes, fstring;
    Buf out;
} Decoder;

static void add_code_point(Decoder *d, unsigned c)
{
    if (d->bytes) {
        buf_addc(&d->out, (char)(c & 0xFF));
        return;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
    if (c < 0x80) {
        buf_addc(&d->out, (char)c);
    } else if (c < 0x800) {
        buf_addc(&d->out, (char)(0xC0 | c >> 6));
        buf_addc(&d->out, (char)(0x80 | (c & 0x3F)));
    } else {
        if (c < 0x10000) {
            buf_addc(&d->out, (char)(0xE0 | c >> 12));
        } else {
            buf_addc(&d->out, (char)(0xF0 | c >> 18));
            buf_addc(&d->out, (char)(0x80 | (c >> 12 & 0x3F)));
        }
        buf_addc(&d->out, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_addc(&d->out, (char)(0x80 | (c & 0x3F)));
    }
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

/* Up to max digits at d->i; how many there were. */
static int read_digits(Decoder *d, int base, int max, unsigned *value)
{
    int n = 0;
    *value = 0;
    for (; n < max && d->i + n < d->n && digit_value(d->s[d->i + n]) < base; n++)
        *value = *value * (unsigned)base + (unsigned)digit_value(d->s[d->i + n]);
    return n;
}

static bool decode_hex(Decoder *d, int digits)
{
    unsigned c;
    if (read_digits(d, 16, digits, &c) != digits) return false;
    d->i += digits;
    add_code_point(d, c);
    return true;
}

/* At the character after a backslash. What is no escape keeps its backslash. */
static void decode_escape(Decoder *d)
{
    static const char plain[] = "\\'\"abfnrtv";
    static const char value[] = "\\'\"\a\b\f\n\r\t\v";
    char c = d->s[d->i];
    const char *known = c ? strchr(plain, c) : NULL;
    unsigned code;
    int n = read_digits(d, 8, 3, &code);
    d->i++;
    if (known) {
        buf_addc(&d->out, value[known - plain]);
    } else if (n > 0) {
        d->i += n - 1;
        add_code_point(d, code);
    } else if (c == '\r' || c == '\n') {
        if (c == '\r' && d->i < d->n && d->s[d->i] == '\n') d->i++;
    } else if (c == 'x' && decode_hex(d, 2)) {
    } else if (c == 'u' && !d->bytes && decode_hex(d, 4)) {
    } else if (c == 'U' && !d->bytes && decode_hex(d, 8)) {
    } else {
        buf_addc(&d->out, '\\');
        d->i--;
        if (c != 'N' || d->bytes) return;
        while (d->i < d->n && d->s[d->i] != '}') buf_addc(&d->out, d->s[d->i++]);
    }
}

static void decode(Decoder *d)
{
    while (d->i < d->n) {
        char c = d->s[d->i];
        char next = d->i + 1 < d->n ? d->s[d->i + 1] : '\0';
        if (c == '\\' && !d->raw && d->i + 1 < d->n) {
            d->i++;
            decode_escape(d);
        } else if (d->fstring && (c == '{' || c == '}') && next == c) {
            buf_addc(&d->out, c);
            d->i += 2;
        } else if (c == '\r') {
            buf_addc(&d->out, '\n');
            d->i += next == '\n' ? 2 : 1;
        } else {
            buf_addc(&d->out, c);
            d->i++;
        }
    }
}

/* --- strings --- */

typedef struct Quotes {
    int open, close; /* bytes where the content starts and ends */
    bool raw, bytes, fstring;
} Quotes;

static Quotes read_quotes(const Parse *p, Span span)
{
    Quotes q = {.open = span.start, .close = span.end};
    while (q.open < span.end && p->text[q.open] != '"' && p->text[q.open] != '\'') {
        char c = p->text[q.open++];
        q.raw |= c == 'r' || c == 'R';
        q.bytes |= c == 'b' || c == 'B';
        q.fstring |= c == 'f' || c == 'F';
    }
    char quote = q.open < span.end ? p->text[q.open] : '\0';
    bool triple =
        span.end - q.open >= 6 && p->text[q.open + 1] == quote && p->text[q.open + 2] == quote;
    int n = triple ? 3 : 1;
    q.open += n;
    q.close -= n;
    if (q.close < q.open) q.close = q.open;
    return q;
}

/* Appends the value of the literal text between two bytes. */
static void add_value(const Parse *p, Buf *out, int start, int end, const Quotes *q)
{
    Decoder d = {.s = p->text + start,
                 .n = end - start,
                 .raw = q->raw,
                 .bytes = q->bytes,
                 .fstring = q->fstring,
                 .out = *out};
    decode(&d);
    *out = d.out;
}

static void take_value(Parse *p, Node *n, Buf *value)
{
    n->str_len = (int)value->len;
    n->str = buf_take(value, p->arena);
}

static void add_literal(Parse *p, Node *fstring, int start, int end, const Quotes *q)
{
    if (start >= end) return;
    Node *n = parse_node(p, N_STRING, (Span){start, end});
    n->text = parse_text(p, n->span);
    Buf value = {0};
    add_value(p, &value, start, end, q);
    take_value(p, n, &value);
    vec_push(p->arena, &fstring->items, n);
}

static void add_fields(Parse *p, Node *out, TSNode ts, int start, int end, const Quotes *q);

/* One replacement field: {expression = !conversion :format}. */
static void add_field(Parse *p, Node *out, TSNode ts, const Quotes *q)
{
    if (!parse_deeper(p, ts)) {
        p->depth--;
        return;
    }
    Kids ks = kids_open(p, ts);
    Span span = parse_span(ts);
    int equals = -1;
    for (int i = 0; i < ks.n; i++)
        if (kid(p, ks, i).gram == G_equals) equals = parse_span(kid(p, ks, i).node).end;
    if (equals >= 0) { /* blanks around the sign belong to the text */
        while (p->text[equals] == ' ') equals++;
        Quotes plain = {.raw = true};
        add_literal(p, out, span.start + 1, equals, &plain);
    }
    Node *n = parse_node(p, N_FORMAT, span);
    vec_push(p->arena, &out->items, n);
    n->a = parse_bare_tuple(p, ks, 0, F_expression);
    if (!n->a) parse_give_up(p, span, "a replacement field needs an expression", NULL);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_type_conversion) {
            Span c = parse_span(k.node);
            n->name = parse_text(p, (Span){c.start + 1, c.end});
        } else if (k.gram == G_format_specifier) {
            Span c = parse_span(k.node);
            n->b = parse_node(p, N_FSTRING, (Span){c.start + 1, c.end});
            n->b->text = parse_text(p, n->b->span);
            add_fields(p, n->b, k.node, c.start + 1, c.end, q);
        }
    }
    if (equals >= 0 && !n->name && !n->b) n->name = "r";
    kids_close(p, ks);
    p->depth--;
}

/* The parts of an f-string, or of a format specifier, whose content lies between start and end. */
static void add_fields(Parse *p, Node *out, TSNode ts, int start, int end, const Quotes *q)
{
    Kids ks = kids_open(p, ts);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram != G_interpolation && k.gram != G_format_expression) continue;
        Span span = parse_span(k.node);
        add_literal(p, out, start, span.start, q);
        add_field(p, out, k.node, q);
        start = span.end;
    }
    add_literal(p, out, start, end, q);
    kids_close(p, ks);
}

Node *parse_string(Parse *p, TSNode ts)
{
    Span span = parse_span(ts);
    Quotes q = read_quotes(p, span);
    Node *n = parse_node(p, q.fstring ? N_FSTRING : N_STRING, span);
    n->text = parse_text(p, span);
    n->is_bytes = q.bytes;
    if (q.fstring) {
        add_fields(p, n, ts, q.open, q.close, &q);
    } else {
        Buf value = {0};
        add_value(p, &value, q.open, q.close, &q);
        take_value(p, n, &value);
    }
    return n;
}

/* "a" "b": one node. An N_FSTRING as soon as one of the parts is one. */
Node *parse_concatenated(Parse *p, TSNode ts)
{
    Span span = parse_span(ts);
    Node *n = parse_node(p, N_STRING, span);
    n->text = parse_text(p, span);
    Kids ks = kids_open(p, ts);
    bool some_bytes = false, some_text = false;
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_string) continue;
        Quotes q = read_quotes(p, parse_span(kid(p, ks, i).node));
        if (q.fstring) n->kind = N_FSTRING;
        *(q.bytes ? &some_bytes : &some_text) = true;
    }
    if (some_bytes && some_text)
        parse_give_up(p, span, "bytes and text cannot be joined in one literal", NULL);
    n->is_bytes = some_bytes;
    Buf value = {0};
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram != G_string) continue;
        Span part = parse_span(k.node);
        Quotes q = read_quotes(p, part);
        if (n->kind == N_STRING) add_value(p, &value, q.open, q.close, &q);
        else if (q.fstring) add_fields(p, n, k.node, q.open, q.close, &q);
        else add_literal(p, n, q.open, q.close, &q);
    }
    kids_close(p, ks);
    if (n->kind == N_STRING) take_value(p, n, &value);
    return n;
}
