/* Sizes: known, free or not known at all; arithmetic on both faces, comparison, text and back.
 *
 * The free face goes through the normal form of poly.h. Soundness before completeness: what the
 * form cannot hold (too many terms, an overflow) becomes the symbol "?", which is the same as
 * nothing, itself included. */
#include <stdlib.h>
#include <string.h>

#include "pivot/poly.h"

/* ---- sizes ---- */

Size size_known(long long n)
{
    return (Size){.n = n};
}

Size size_number(Arena *a, long long n)
{
    return (Size){.n = n, .free = n == -1 ? expr_number(a, -1) : NULL};
}

bool size_unknown(Size s)
{
    return s.n == -1 && !s.free;
}

Size size_free(Arena *a, const char *symbol, long long hint)
{
    return (Size){.n = hint == 1 ? 2 : hint, .free = expr_symbol(a, symbol)};
}

static bool size_is_one(Size s)
{
    return !s.free && s.n == 1;
}

/* A product of sums is kept as it was multiplied, for the reader: 64*((H-1)//4+1)*((W-1)//4+1)
 * rather than its four terms. What computes with it expands it again, and what compares it too. */
static const SizeExpr *product_tree(Arena *a, Size l, Size r)
{
    if (!l.free) return expr_new(a, '*', expr_number(a, l.n), r.free);
    if (!r.free) return expr_new(a, '*', expr_number(a, r.n), l.free);
    return expr_new(a, '*', l.free, r.free);
}

static void poly_of(Arena *a, Size s, Poly *p)
{
    if (s.free) poly_from(a, s.free, p);
    else poly_number(p, s.n);
}

Size size_op(Arena *a, char op, Size l, Size r)
{
    long long n;
    if (size_unknown(l) || size_unknown(r) || !int_op(op, l.n, r.n, &n)) return size_known(-1);
    if (!l.free && !r.free) return size_number(a, n);
    Poly x, y, z = {.ok = false};
    if (!expr_too_big(l.free) && !expr_too_big(r.free)) {
        poly_of(a, l, &x);
        poly_of(a, r, &y);
        poly_op(a, op, &x, &y, &z);
    }
    long long c;
    if (z.ok && poly_constant(&z, &c)) return size_number(a, c);
    bool expanded = z.ok && op == '*' && z.n > 1 && !size_is_one(l) && !size_is_one(r);
    const SizeExpr *e = !z.ok ? NULL : expanded ? product_tree(a, l, r) : poly_tree(a, &z);
    if (z.ok && op == '*' && size_is_one(l)) e = r.free;
    if (z.ok && op == '*' && size_is_one(r)) e = l.free;
    if (!e || expr_too_big(e)) e = expr_symbol(a, "?");
    return (Size){.n = n, .free = e};
}

bool size_same(Size x, Size y)
{
    if (size_unknown(x) || size_unknown(y)) return false;
    bool x_known = !x.free || x.free->op == 'n', y_known = !y.free || y.free->op == 'n';
    if (x_known || y_known) return x_known && y_known && x.n == y.n;
    if (expr_too_big(x.free) || expr_too_big(y.free) || expr_has_opaque(x.free)) return false;
    if (expr_cmp(x.free, y.free) == 0) return true;
    Poly p, q;
    poly_from(NULL, x.free, &p);
    poly_from(NULL, y.free, &q);
    return poly_same(&p, &q);
}

/* ---- text ---- */

static int precedence(const SizeExpr *e)
{
    switch (e->op) {
    case '+':
    case '-': return 1;
    case '*': return e->l && e->l->op == 'n' && e->l->n < 0 ? 1 : 2;
    case '/':
    case '%': return 2;
    case 'n': return e->n < 0 ? 1 : 4;
    default: return 4;
    }
}

static void expr_print(Buf *b, const SizeExpr *e);

static void print_operand(Buf *b, const SizeExpr *e, bool parens)
{
    if (parens) buf_addc(b, '(');
    expr_print(b, e);
    if (parens) buf_addc(b, ')');
}

static void print_call(Buf *b, const char *name, const SizeExpr *e)
{
    buf_printf(b, "%s(", name);
    expr_print(b, e->l);
    buf_addc(b, ',');
    expr_print(b, e->r);
    buf_addc(b, ')');
}

static void expr_print(Buf *b, const SizeExpr *e)
{
    if (!e) {
        buf_addc(b, '?');
        return;
    }
    switch (e->op) {
    case 's': buf_add(b, e->symbol); return;
    case 'n': buf_printf(b, "%lld", e->n); return;
    case 'm': print_call(b, "max", e); return;
    case 'i': print_call(b, "min", e); return;
    case 'c': print_call(b, "ceildiv", e); return;
    default: break;
    }
    if (!e->l || !e->r) {
        buf_addc(b, '?');
        return;
    }
    if (e->op == '*' && e->l->op == 'n' && e->l->n == -1) {
        buf_addc(b, '-');
        print_operand(b, e->r, precedence(e->r) <= 2);
        return;
    }
    int mine = precedence(e), right = precedence(e->r);
    bool associative = (e->op == '+' || e->op == '*') && e->r->op == e->op;
    print_operand(b, e->l, precedence(e->l) < mine);
    buf_add(b, e->op == '/' ? "//" : (char[]){e->op, 0});
    print_operand(b, e->r, right < mine || (right == mine && !associative));
}

const char *size_text(Arena *a, Size s)
{
    if (size_unknown(s)) return "?";
    if (!s.free) return arena_printf(a, "%lld", s.n);
    if (expr_too_big(s.free)) return "?";
    Buf b = {0};
    expr_print(&b, s.free);
    return buf_take(&b, a);
}

/* ---- text, read back ---- */

typedef struct Reader {
    Arena *a;
    const char *at;
    long long hint; /* of every symbol while reading; the caller knows the whole's */
    int depth;
    bool ok;
} Reader;

static Size read_sum(Reader *r);

static bool accept(Reader *r, const char *token)
{
    if (!str_starts(r->at, token)) return false;
    r->at += strlen(token);
    return true;
}

static void require(Reader *r, const char *token)
{
    if (!accept(r, token)) r->ok = false;
}

static Size read_call(Reader *r, char op)
{
    Size x = read_sum(r);
    require(r, ",");
    Size y = read_sum(r);
    require(r, ")");
    return size_op(r->a, op, x, y);
}

static bool is_symbol_char(char c)
{
    return c == '_' || c == '?' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

static Size read_atom(Reader *r)
{
    if (accept(r, "max(")) return read_call(r, 'm');
    if (accept(r, "min(")) return read_call(r, 'i');
    if (accept(r, "(")) {
        Size s = read_sum(r);
        require(r, ")");
        return s;
    }
    if (*r->at >= '0' && *r->at <= '9') {
        char *end;
        long long n = strtoll(r->at, &end, 10);
        r->at = end;
        return size_number(r->a, n);
    }
    size_t n = 0;
    while (is_symbol_char(r->at[n])) n++;
    if (!n) r->ok = false;
    const char *symbol = arena_strndup(r->a, r->at, n);
    r->at += n;
    return size_free(r->a, symbol, r->hint);
}

static Size read_product(Reader *r)
{
    bool minus = accept(r, "-");
    Size s = read_atom(r);
    for (;;) {
        char op = accept(r, "*") ? '*' : accept(r, "//") ? '/' : accept(r, "%") ? '%' : 0;
        if (!op || !r->ok) break;
        s = size_op(r->a, op, s, read_atom(r));
    }
    return minus ? size_op(r->a, '*', size_number(r->a, -1), s) : s;
}

static Size read_sum(Reader *r)
{
    if (++r->depth > MAX_EXPR) r->ok = false;
    Size s = r->ok ? read_product(r) : size_known(-1);
    while (r->ok && (*r->at == '+' || *r->at == '-')) {
        char op = *r->at++;
        s = size_op(r->a, op, s, read_product(r));
    }
    r->depth--;
    return s;
}

/* The symbols' hints only carry the arithmetic through; where one hint divides by zero, another
 * may not. */
Size size_from_text(Arena *a, const char *text, long long hint)
{
    static const long long hints[] = {7, 11, 101};
    if (strcmp(text, "?") == 0)
        return hint == -1 ? size_known(-1) : (Size){.n = hint, .free = expr_symbol(a, "?")};
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        Reader r = {.a = a, .at = text, .hint = hints[i], .ok = true};
        Size s = read_sum(&r);
        if (!r.ok || *r.at) return size_known(-1);
        if (size_unknown(s)) continue;
        if (s.free && s.free->op != 'n') s.n = hint;
        return s;
    }
    return size_known(-1);
}
