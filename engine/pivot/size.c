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

Size size_op(Arena *a, char op, Size l, Size r)
{
    long long n;
    if (size_unknown(l) || size_unknown(r) || !int_op(op, l.n, r.n, &n)) return size_known(-1);
    if (!l.free && !r.free) return size_number(a, n);
    Poly x, y, z = {.ok = false};
    if (!expr_too_big(l.free) && !expr_too_big(r.free)) {
        if (l.free) poly_from(a, l.free, &x);
        else poly_number(&x, l.n);
        if (r.free) poly_from(a, r.free, &y);
        else poly_number(&y, r.n);
        poly_op(a, op, &x, &y, &z);
    }
    long long c;
    if (z.ok && poly_constant(&z, &c)) return size_number(a, c);
    const SizeExpr *e = z.ok ? poly_tree(a, &z) : NULL;
    if (!e || expr_too_big(e)) e = expr_symbol(a, "?");
    return (Size){.n = n, .free = e};
}

bool size_same(Size x, Size y)
{
    if (size_unknown(x) || size_unknown(y)) return false;
    bool x_known = !x.free || x.free->op == 'n', y_known = !y.free || y.free->op == 'n';
    if (x_known || y_known) return x_known && y_known && x.n == y.n;
    if (expr_too_big(x.free) || expr_too_big(y.free) || expr_has_opaque(x.free)) return false;
    return expr_cmp(x.free, y.free) == 0;
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
    int depth;
} Reader;

static void read_sum(Reader *r, Poly *p);

static bool accept(Reader *r, const char *token)
{
    if (!str_starts(r->at, token)) return false;
    r->at += strlen(token);
    return true;
}

static void read_call(Reader *r, char op, Poly *p)
{
    Poly x, y;
    read_sum(r, &x);
    bool ok = accept(r, ",");
    read_sum(r, &y);
    ok = ok && accept(r, ")");
    poly_op(r->a, op, &x, &y, p);
    p->ok = p->ok && ok;
}

static bool is_symbol_char(char c)
{
    return c == '_' || c == '?' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

static void read_atom(Reader *r, Poly *p)
{
    if (accept(r, "max(")) {
        read_call(r, 'm', p);
    } else if (accept(r, "min(")) {
        read_call(r, 'i', p);
    } else if (accept(r, "(")) {
        read_sum(r, p);
        p->ok = accept(r, ")") && p->ok;
    } else if (*r->at >= '0' && *r->at <= '9') {
        char *end;
        poly_number(p, strtoll(r->at, &end, 10));
        r->at = end;
    } else {
        size_t n = 0;
        while (is_symbol_char(r->at[n])) n++;
        poly_atom(p, expr_symbol(r->a, arena_strndup(r->a, r->at, n)));
        p->ok = n > 0;
        r->at += n;
    }
}

static void read_product(Reader *r, Poly *p)
{
    Poly y, z;
    bool minus = accept(r, "-");
    read_atom(r, p);
    while (p->ok) {
        char op = accept(r, "*") ? '*' : accept(r, "//") ? '/' : accept(r, "%") ? '%' : 0;
        if (!op) break;
        read_atom(r, &y);
        poly_op(r->a, op, p, &y, &z);
        *p = z;
    }
    if (!minus) return;
    z = (Poly){.ok = p->ok};
    poly_add_scaled(&z, p, -1);
    *p = z;
}

static void read_sum(Reader *r, Poly *p)
{
    Poly y, z;
    p->ok = false;
    if (++r->depth > MAX_EXPR) return;
    read_product(r, p);
    while (p->ok && (*r->at == '+' || *r->at == '-')) {
        char op = *r->at++;
        read_product(r, &y);
        poly_op(r->a, op, p, &y, &z);
        *p = z;
    }
    r->depth--;
}

Size size_from_text(Arena *a, const char *text, long long hint)
{
    if (strcmp(text, "?") == 0)
        return hint == -1 ? size_known(-1) : (Size){.n = hint, .free = expr_symbol(a, "?")};
    Reader r = {.a = a, .at = text};
    Poly p;
    long long n;
    read_sum(&r, &p);
    if (!p.ok || *r.at) return size_known(-1);
    if (poly_constant(&p, &n)) return size_number(a, n);
    return (Size){.n = hint, .free = poly_tree(a, &p)};
}
