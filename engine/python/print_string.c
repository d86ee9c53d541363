/* String literals: as written where there is a text, else in double quotes with escapes.
 *
 * The pieces of an implicit concatenation are found by a small scanner, which knows that the
 * replacement fields of an f-string may hold strings of their own. An f-string of which only the
 * expressions changed is spliced: its literal parts, quotes and format specifiers stay as written.
 * Nothing inside a literal is marked. */
#include <string.h>

#include "python/print_internal.h"

/* --- scanning --- */

static int scan_literal(const char *s, int i);

/* From after the opening brace to after the closing one. */
static int scan_field(const char *s, int i)
{
    for (int depth = 1; s[i] && depth > 0;) {
        char ch = s[i];
        if (ch == '"' || ch == '\'') {
            i = scan_literal(s, i);
            continue;
        }
        depth += ch == '{' || ch == '(' || ch == '[';
        depth -= ch == '}' || ch == ')' || ch == ']';
        i++;
    }
    return i;
}

/* From the prefix or quote at i to after the closing quote. */
static int scan_literal(const char *s, int i)
{
    bool fstring = false;
    while (s[i] && s[i] != '"' && s[i] != '\'') {
        fstring |= s[i] == 'f' || s[i] == 'F';
        i++;
    }
    char quote = s[i];
    if (!quote) return i;
    bool triple = s[i + 1] == quote && s[i + 2] == quote;
    if (!triple && s[i + 1] == quote) return i + 2;
    i += triple ? 3 : 1;
    while (s[i]) {
        if (s[i] == '\\' && s[i + 1]) {
            i += 2;
        } else if (s[i] == quote && (!triple || (s[i + 1] == quote && s[i + 2] == quote))) {
            return i + (triple ? 3 : 1);
        } else if (fstring && s[i] == '{' && s[i + 1] == '{') {
            i += 2;
        } else if (fstring && s[i] == '{') {
            i = scan_field(s, i + 1);
        } else {
            i++;
        }
    }
    return i;
}

int print_skip_literal(const char *s, int i)
{
    return scan_literal(s, i);
}

void print_string_parts(const char *text, void (*f)(Span part, void *), void *ctx)
{
    int i = 0;
    while (text[i]) {
        if (text[i] == '#') {
            while (text[i] && text[i] != '\n') i++;
        } else if (strchr(" \t\r\n\f\\", text[i])) {
            i++;
        } else {
            int end = scan_literal(text, i);
            f((Span){i, end}, ctx);
            i = end;
        }
    }
}

typedef struct Parts {
    Print *c;
    const char *text;
    int n;
} Parts;

static void count_part(Span part, void *ctx)
{
    Parts *p = ctx;
    (void)part;
    p->n++;
}

static void emit_part(Span part, void *ctx)
{
    Parts *p = ctx;
    if (p->n++ > 0) buf_addc(p->c->out, ' ');
    buf_addn(p->c->out, p->text + part.start, (size_t)(part.end - part.start));
}

/* --- quoting --- */

/* quote 0: between triple double quotes. */
static void add_escaped(Buf *b, const char *s, int n, bool bytes, bool fstring, char quote)
{
    for (int i = 0; i < n;) {
        unsigned cp;
        int len = utf8_decode(s + i, (size_t)(n - i), &cp);
        unsigned char ch = (unsigned char)s[i];
        if (ch == '\n') buf_add(b, "\\n");
        else if (ch == '\t') buf_add(b, "\\t");
        else if (ch == '\r') buf_add(b, "\\r");
        else if (ch == '\\') buf_add(b, "\\\\");
        else if (ch == (unsigned char)(quote ? quote : '"')) buf_printf(b, "\\%c", ch);
        else if (fstring && (ch == '{' || ch == '}')) buf_printf(b, "%c%c", ch, ch);
        else if (ch < 0x20 || ch == 0x7F || (bytes && ch >= 0x80) || (len == 1 && ch >= 0x80))
            buf_printf(b, "\\x%02x", ch);
        else buf_addn(b, s + i, (size_t)(bytes ? 1 : len));
        i += bytes ? 1 : len;
    }
}

static void quote_string(Print *c, const Node *e)
{
    buf_add(c->out, e->is_bytes ? "b\"" : "\"");
    add_escaped(c->out, e->str ? e->str : "", e->str_len, e->is_bytes, false, '"');
    buf_addc(c->out, '"');
}

/* --- f-strings --- */

/* Renders with c's settings into a buffer of its own. */
static char *rendered(Print *c, const Node *e)
{
    Buf text = {0};
    Print inner = *c;
    inner.out = &text;
    inner.quiet = true;
    bool parens = e->kind == N_LAMBDA || e->kind == N_WALRUS;
    if (parens) buf_addc(&text, '(');
    print_flat(&inner, e, PREC_YIELD);
    if (parens) buf_addc(&text, ')');
    return buf_take(&text, c->arena);
}

/* An expression between braces must not hold the quotes that are around it (before Python 3.12). */
static void swap_quotes(char *s, char quote)
{
    char other = quote == '"' ? '\'' : '"';
    if (strchr(s, other) || strchr(s, '\\')) return;
    for (; *s; s++)
        if (*s == quote) *s = other;
}

static void add_items(Print *c, const Node *fstring, char quote);

static void add_field(Print *c, const Node *f, char quote)
{
    char *text = rendered(c, f->a);
    swap_quotes(text, quote);
    buf_add(c->out, *text == '{' ? "{ " : "{");
    buf_add(c->out, text);
    if (f->name) buf_printf(c->out, "!%s", f->name);
    if (f->b) {
        buf_addc(c->out, ':');
        add_items(c, f->b, quote);
    }
    buf_addc(c->out, '}');
}

static void add_items(Print *c, const Node *fstring, char quote)
{
    for (int i = 0; i < fstring->items.len; i++) {
        const Node *item = fstring->items.at[i];
        if (item->kind == N_FORMAT) add_field(c, item, quote);
        else add_escaped(c->out, item->str ? item->str : "", item->str_len, false, true, quote);
    }
}

static void compose_fstring(Print *c, const Node *e)
{
    bool doubles = false, singles = false;
    for (int i = 0; i < e->items.len; i++) {
        if (e->items.at[i]->kind != N_FORMAT) continue;
        const char *text = rendered(c, e->items.at[i]->a);
        doubles |= strchr(text, '"') != NULL;
        singles |= strchr(text, '\'') != NULL;
    }
    const char *open = !doubles ? "\"" : !singles ? "'" : "\"\"\"";
    buf_printf(c->out, "f%s", open);
    add_items(c, e, open[1] ? '\0' : *open);
    buf_add(c->out, open);
}

/* The quote around the part of the text that holds a byte; 0 for triple quotes. */
typedef struct QuoteAt {
    const char *text;
    int byte;
    char quote;
} QuoteAt;

static void find_quote(Span part, void *ctx)
{
    QuoteAt *q = ctx;
    if (q->byte < part.start || q->byte >= part.end) return;
    int i = part.start;
    while (q->text[i] != '"' && q->text[i] != '\'') i++;
    bool triple = q->text[i + 1] == q->text[i] && q->text[i + 2] == q->text[i];
    q->quote = triple ? '\0' : q->text[i];
}

/* The text of the origin with each changed field printed anew; false when the items do not match
 * it. */
static bool splice_fstring(Print *c, const Node *e)
{
    const Node *o = e->from;
    if (!o || !o->text || o->items.len != e->items.len) return false;
    for (int i = 0; i < e->items.len; i++)
        if (node_origin(e->items.at[i]) != o->items.at[i]) return false;
    int from = 0;
    for (int i = 0; i < e->items.len; i++) {
        const Node *item = e->items.at[i];
        if (node_unchanged(item) || item->kind != N_FORMAT) continue;
        Span s = {item->from->span.start - o->span.start, item->from->span.end - o->span.start};
        QuoteAt q = {.text = o->text, .byte = s.start};
        print_string_parts(o->text, find_quote, &q);
        buf_addn(c->out, o->text + from, (size_t)(s.start - from));
        const Node *before = i > 0 ? o->items.at[i - 1] : NULL;
        if (before &&
            before->span.start > item->from->span.start) /* {x=}: the text is in the field */
            add_escaped(c->out, before->str, before->str_len, false, true, q.quote);
        add_field(c, item, q.quote);
        from = s.end;
    }
    buf_add(c->out, o->text + from);
    return true;
}

/* --- the door --- */

/* Does the text still say what the node says? A rewrite may have changed the value alone. */
static bool text_stands(const Print *c, const Node *e)
{
    if (!e->text || (c->one_line && strchr(e->text, '\n'))) return false;
    if (e->id > 0 || !e->from || e->text != e->from->text) return true;
    return print_same(e);
}

const char *print_string_text(Print *c, const Node *e)
{
    if (text_stands(c, e)) return e->text;
    Buf text = {0};
    Print q = *c;
    q.out = &text;
    q.quiet = true;
    if (e->kind == N_STRING) quote_string(&q, e);
    else if (c->one_line || !splice_fstring(&q, e)) compose_fstring(&q, e);
    return buf_take(&text, c->arena);
}

int print_count_parts(const char *text)
{
    Parts p = {0};
    print_string_parts(text, count_part, &p);
    return p.n;
}

void print_string(Print *c, const Node *e)
{
    Parts p = {.c = c, .text = print_string_text(c, e)};
    print_string_parts(p.text, emit_part, &p);
}
