/* Arithmetic on sizes that may be free.
 *
 * A free size is kept in one normal form, so that equal computations give equal trees and size_same can
 * compare trees: a sum of terms, each a coefficient times a sorted product of *atoms*. An atom is a symbol or
 * something a polynomial cannot say: a floor division, a remainder, a maximum, a minimum, whose own operands are
 * again in normal form. The tree is rebuilt from that form after each operation.
 *
 * Rules beyond plain polynomials, all exact on integers:
 *   (k*A + R) // k        = A + R // k           terms that divide exactly leave the quotient
 *   (g*X) // (g*Y)        = X // Y               common factors, numbers and symbols alike
 *   (X // a + c) // b     = (X + a*c) // (a*b)   so a stack of strided convolutions is one division
 *   (X + c) // k          : c is brought to -k < c <= 0, so (H+1)//2 and (H-1)//2+1 are one
 *   ceil(X / k)           = (X + k - 1) // k
 *
 * Soundness before completeness: what the form cannot hold (too many terms, an overflow) becomes the symbol
 * "?", which is the same as nothing, itself included. Not handled: facts about symbols (that H is even). */
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/value.h"

/* Real networks need three or four terms of two factors; the bounds only keep hostile programs cheap. */
enum { MAX_TERMS = 24, MAX_FACTORS = 8, MAX_EXPR = 300 };

typedef struct Term {
    long long c;
    int n;
    const SizeExpr *f[MAX_FACTORS]; /* atoms, sorted */
} Term;

typedef struct Poly { /* terms sorted, no zero coefficient */
    bool ok;
    int n;
    Term t[MAX_TERMS];
} Poly;

/* ---- trees ---- */

/* Nodes of a tree, counting stops at `left`. */
static int expr_count(const SizeExpr *e, int left)
{
    if (!e || left <= 0) return 0;
    int n = 1 + expr_count(e->l, left - 1);
    return n < left ? n + expr_count(e->r, left - n) : n;
}

static bool too_big(const SizeExpr *e)
{
    return expr_count(e, MAX_EXPR) >= MAX_EXPR;
}

static int op_rank(char op)
{
    const char *order = "sn/%mic+-*";
    const char *p = strchr(order, op);
    return p ? (int)(p - order) : 99;
}

/* Total order on trees; 0 means the same tree. Symbols come first, by name. */
static int expr_cmp(const SizeExpr *x, const SizeExpr *y)
{
    if (x == y) return 0;
    if (!x || !y) return x ? 1 : -1;
    if (x->op != y->op) return op_rank(x->op) < op_rank(y->op) ? -1 : 1;
    if (x->op == 's') return strcmp(x->symbol, y->symbol);
    if (x->op == 'n') return x->n < y->n ? -1 : x->n > y->n;
    int c = expr_cmp(x->l, y->l);
    return c ? c : expr_cmp(x->r, y->r);
}

static bool has_opaque(const SizeExpr *e)
{
    if (!e) return false;
    if (e->op == 's') return strcmp(e->symbol, "?") == 0;
    return has_opaque(e->l) || has_opaque(e->r);
}

static const SizeExpr *expr_new(Arena *a, char op, const SizeExpr *l, const SizeExpr *r)
{
    SizeExpr *e = ARENA_NEW(a, SizeExpr);
    e->op = op;
    e->l = l;
    e->r = r;
    return e;
}

static const SizeExpr *expr_number(Arena *a, long long n)
{
    SizeExpr *e = ARENA_NEW(a, SizeExpr);
    e->op = 'n';
    e->n = n;
    return e;
}

static const SizeExpr *expr_symbol(Arena *a, const char *symbol)
{
    SizeExpr *e = ARENA_NEW(a, SizeExpr);
    e->op = 's';
    e->symbol = arena_strdup(a, symbol);
    return e;
}

/* ---- integers as Python has them ---- */

static bool floor_div(long long l, long long r, long long *out)
{
    if (r == 0 || (l == LLONG_MIN && r == -1)) return false;
    long long q = l / r;
    *out = (l % r != 0 && (l < 0) != (r < 0)) ? q - 1 : q;
    return true;
}

static bool concrete(char op, long long l, long long r, long long *out)
{
    long long q;
    switch (op) {
    case '+': return !__builtin_add_overflow(l, r, out);
    case '-': return !__builtin_sub_overflow(l, r, out);
    case '*': return !__builtin_mul_overflow(l, r, out);
    case '/': return floor_div(l, r, out);
    case '%': return floor_div(l, r, &q) && !__builtin_mul_overflow(q, r, &q) &&
                     !__builtin_sub_overflow(l, q, out);
    case 'm': *out = l > r ? l : r; return true;
    case 'i': *out = l < r ? l : r; return true;
    case 'c': /* -(-l // r) */
        if (l == LLONG_MIN || !floor_div(-l, r, &q) || q == LLONG_MIN) return false;
        *out = -q;
        return true;
    default: return false;
    }
}

static long long gcd(long long x, long long y)
{
    if (x == LLONG_MIN || y == LLONG_MIN) return 1;
    x = llabs(x);
    y = llabs(y);
    while (y) {
        long long r = x % y;
        x = y;
        y = r;
    }
    return x;
}

/* ---- polynomials ---- */

static int term_cmp(const Term *x, const Term *y)
{
    if (x->n != y->n) return x->n > y->n ? -1 : 1; /* higher degree first, the constant last */
    for (int i = 0; i < x->n; i++) {
        int c = expr_cmp(x->f[i], y->f[i]);
        if (c) return c;
    }
    return 0;
}

static void poly_add_term(Poly *p, const Term *t)
{
    if (!p->ok || t->c == 0) return;
    int i = 0;
    while (i < p->n && term_cmp(&p->t[i], t) < 0) i++;
    if (i < p->n && term_cmp(&p->t[i], t) == 0) {
        if (__builtin_add_overflow(p->t[i].c, t->c, &p->t[i].c)) p->ok = false;
        if (p->t[i].c == 0) {
            memmove(&p->t[i], &p->t[i + 1], sizeof(Term) * (size_t)(p->n - i - 1));
            p->n--;
        }
        return;
    }
    if (p->n == MAX_TERMS) {
        p->ok = false;
        return;
    }
    memmove(&p->t[i + 1], &p->t[i], sizeof(Term) * (size_t)(p->n - i));
    p->t[i] = *t;
    p->n++;
}

static void poly_number(Poly *p, long long n)
{
    p->ok = true;
    p->n = 0;
    Term t = {.c = n};
    poly_add_term(p, &t);
}

static void poly_atom(Poly *p, const SizeExpr *atom)
{
    p->ok = true;
    p->n = 1;
    p->t[0] = (Term){.c = 1, .n = 1, .f = {atom}};
}

static bool poly_constant(const Poly *p, long long *n)
{
    if (!p->ok || p->n > 1 || (p->n == 1 && p->t[0].n > 0)) return false;
    *n = p->n ? p->t[0].c : 0;
    return true;
}

static long long poly_constant_part(const Poly *p)
{
    return p->n && p->t[p->n - 1].n == 0 ? p->t[p->n - 1].c : 0;
}

static bool term_mul(const Term *x, const Term *y, Term *out)
{
    if (x->n + y->n > MAX_FACTORS || __builtin_mul_overflow(x->c, y->c, &out->c)) return false;
    int i = 0, j = 0;
    out->n = 0;
    while (i < x->n || j < y->n) {
        bool left = j == y->n || (i < x->n && expr_cmp(x->f[i], y->f[j]) <= 0);
        out->f[out->n++] = left ? x->f[i++] : y->f[j++];
    }
    return true;
}

/* x / y when every factor and the coefficient divide. */
static bool term_div(const Term *x, const Term *y, Term *out)
{
    if (y->c == 0 || (x->c == LLONG_MIN && y->c == -1) || x->c % y->c != 0) return false;
    *out = (Term){.c = x->c / y->c};
    int j = 0;
    for (int i = 0; i < x->n; i++) {
        if (j < y->n && expr_cmp(x->f[i], y->f[j]) == 0) j++;
        else out->f[out->n++] = x->f[i];
    }
    return j == y->n;
}

/* *out += k * p */
static void poly_add_scaled(Poly *out, const Poly *p, long long k)
{
    if (!p->ok) out->ok = false;
    for (int i = 0; i < p->n && out->ok; i++) {
        Term t = p->t[i];
        if (__builtin_mul_overflow(t.c, k, &t.c)) out->ok = false;
        else poly_add_term(out, &t);
    }
}

static void poly_mul(const Poly *x, const Poly *y, Poly *out)
{
    out->ok = x->ok && y->ok;
    out->n = 0;
    for (int i = 0; i < x->n && out->ok; i++) {
        for (int j = 0; j < y->n && out->ok; j++) {
            Term t;
            if (term_mul(&x->t[i], &y->t[j], &t)) poly_add_term(out, &t);
            else out->ok = false;
        }
    }
}

/* ---- polynomial to tree ---- */

static const SizeExpr *term_tree(Arena *a, const Term *t, long long c)
{
    const SizeExpr *e = c == 1 && t->n ? NULL : expr_number(a, c);
    for (int i = 0; i < t->n; i++) e = e ? expr_new(a, '*', e, t->f[i]) : t->f[i];
    return e;
}

/* Terms with a plus first, so that the text does not open with a minus where it need not. */
static const SizeExpr *poly_tree(Arena *a, const Poly *p)
{
    assert(p->ok);
    const SizeExpr *e = NULL;
    for (int i = 0; i < p->n; i++) {
        if (p->t[i].c < 0) continue;
        const SizeExpr *t = term_tree(a, &p->t[i], p->t[i].c);
        e = e ? expr_new(a, '+', e, t) : t;
    }
    for (int i = 0; i < p->n; i++) {
        if (p->t[i].c >= 0) continue;
        if (e && p->t[i].c != LLONG_MIN)
            e = expr_new(a, '-', e, term_tree(a, &p->t[i], -p->t[i].c));
        else {
            const SizeExpr *t = term_tree(a, &p->t[i], p->t[i].c);
            e = e ? expr_new(a, '+', e, t) : t;
        }
    }
    return e ? e : expr_number(a, 0);
}

static void poly_opaque(Arena *a, char op, const Poly *p, const Poly *q, Poly *out)
{
    poly_atom(out, expr_new(a, op, poly_tree(a, p), poly_tree(a, q)));
}

/* ---- division ---- */

/* p / q without remainder as polynomials: long division by leading terms. */
static bool poly_exact_div(const Poly *p, const Poly *q, Poly *out)
{
    Poly rest = *p;
    *out = (Poly){.ok = true};
    while (rest.n) {
        Poly lead = {.ok = true, .n = 1}, back;
        if (!term_div(&rest.t[0], &q->t[0], &lead.t[0])) return false;
        poly_add_term(out, &lead.t[0]);
        poly_mul(&lead, q, &back);
        Term top = rest.t[0];
        poly_add_scaled(&rest, &back, -1);
        if (!rest.ok || !out->ok) return false;
        if (rest.n && term_cmp(&rest.t[0], &top) <= 0) return false; /* must shrink */
    }
    return true;
}

/* Takes the greatest common factor of all terms of p and q out of both; exact under floor division as long as
 * the number that is taken out is positive. */
static void cancel_common(Poly *p, Poly *q)
{
    long long g = 0;
    for (int i = 0; i < p->n; i++) g = gcd(g, p->t[i].c);
    for (int i = 0; i < q->n; i++) g = gcd(g, q->t[i].c);
    Term common = {.c = g ? g : 1};
    const Term *first = &q->t[0];
    for (int k = 0; k < first->n; k++) {
        Term trial = common;
        trial.f[trial.n++] = first->f[k];
        bool all = true;
        Term rest;
        for (int i = 0; i < p->n && all; i++) all = term_div(&p->t[i], &trial, &rest);
        for (int i = 0; i < q->n && all; i++) all = term_div(&q->t[i], &trial, &rest);
        if (all) common = trial;
    }
    Poly d = {.ok = true, .n = 1, .t = {common}}, r;
    if (poly_exact_div(p, &d, &r)) *p = r;
    if (poly_exact_div(q, &d, &r)) *q = r;
}

static void floor_div_number(Arena *a, const Poly *p, long long k, Poly *out);

/* (X // d + c) // k = (X + c*d) // (d*k): true when p is one division by a number, and then *out holds it. */
static bool collapse_nested(Arena *a, const Poly *p, long long k, Poly *out);

static void poly_from(Arena *a, const SizeExpr *e, Poly *p);

static bool collapse_nested(Arena *a, const Poly *p, long long k, Poly *out)
{
    const Term *t = &p->t[0];
    if (p->n < 1 || p->n > 2 || t->n != 1 || t->c != 1 || t->f[0]->op != '/') return false;
    if (p->n == 2 && p->t[1].n != 0) return false;
    const SizeExpr *div = t->f[0];
    long long c = poly_constant_part(p), d = div->r->n;
    if (div->r->op != 'n' || d <= 0) return false;
    if (__builtin_mul_overflow(c, d, &c) || __builtin_mul_overflow(k, d, &k)) return false;
    Poly num, add;
    poly_from(a, div->l, &num);
    poly_number(&add, c);
    poly_add_scaled(&num, &add, 1);
    if (!num.ok) return false;
    floor_div_number(a, &num, k, out);
    return true;
}

static void floor_div_number(Arena *a, const Poly *p, long long k, Poly *out)
{
    assert(k > 0);
    Poly rest = {.ok = true}, quotient = {.ok = true};
    for (int i = 0; i < p->n; i++) {
        Term t = p->t[i];
        if (t.c % k == 0) {
            t.c /= k;
            poly_add_term(&quotient, &t);
        } else if (t.n == 0) { /* the constant: -k < r <= 0 */
            long long q, r;
            if (!concrete('c', t.c, k, &q) || __builtin_mul_overflow(q, k, &r)) {
                out->ok = false;
                return;
            }
            Term whole = {.c = q}, part = {.c = t.c - r};
            poly_add_term(&quotient, &whole);
            poly_add_term(&rest, &part);
        } else {
            poly_add_term(&rest, &t);
        }
    }
    long long c;
    Poly divided;
    if (poly_constant(&rest, &c)) {
        long long q = 0;
        floor_div(c, k, &q);
        poly_number(&divided, q);
    } else if (!collapse_nested(a, &rest, k, &divided)) {
        Poly by;
        poly_number(&by, k);
        poly_opaque(a, '/', &rest, &by, &divided);
    }
    *out = quotient;
    poly_add_scaled(out, &divided, 1);
}

/* gcd of the coefficients of p's free terms and k: floor((g*X + c) / (g*m)) = floor((X + c//g) / m). */
static void reduce_by_gcd(Poly *p, long long *k)
{
    long long g = *k;
    for (int i = 0; i < p->n; i++) {
        if (p->t[i].n) g = gcd(g, p->t[i].c);
    }
    if (g <= 1) return;
    Poly r = {.ok = true};
    for (int i = 0; i < p->n; i++) {
        Term t = p->t[i];
        if (!floor_div(t.c, g, &t.c)) return;
        poly_add_term(&r, &t);
    }
    *p = r;
    *k /= g;
}

static void poly_floor_div(Arena *a, const Poly *p, const Poly *q, Poly *out)
{
    out->ok = false;
    if (!q->n || !p->ok || !q->ok) return;
    if (poly_exact_div(p, q, out)) return;
    Poly x = *p, y = *q;
    cancel_common(&x, &y);
    long long k;
    if (!poly_constant(&y, &k)) {
        poly_opaque(a, '/', &x, &y, out);
        return;
    }
    if (k < 0) { /* both signs turned */
        Poly nx = {.ok = true};
        poly_add_scaled(&nx, &x, -1);
        x = nx;
        if (!x.ok || k == LLONG_MIN) {
            out->ok = false;
            return;
        }
        k = -k;
    }
    reduce_by_gcd(&x, &k);
    floor_div_number(a, &x, k, out);
}

static void poly_mod(Arena *a, const Poly *p, const Poly *q, Poly *out)
{
    out->ok = false;
    if (!q->n || !p->ok || !q->ok) return;
    long long k;
    if (poly_exact_div(p, q, out)) {
        poly_number(out, 0);
        return;
    }
    if (!poly_constant(q, &k) || k <= 0) {
        poly_opaque(a, '%', p, q, out);
        return;
    }
    Poly reduced = {.ok = true};
    for (int i = 0; i < p->n; i++) {
        Term t = p->t[i];
        t.c = ((t.c % k) + k) % k;
        poly_add_term(&reduced, &t);
    }
    long long c;
    if (poly_constant(&reduced, &c)) poly_number(out, c);
    else poly_opaque(a, '%', &reduced, q, out);
}

/* Is p >= 0 for all sizes? Only plain symbols are known to be at least 0. */
static bool poly_nonnegative(const Poly *p)
{
    for (int i = 0; i < p->n; i++) {
        if (p->t[i].c < 0) return false;
        for (int k = 0; k < p->t[i].n; k++) {
            if (p->t[i].f[k]->op != 's') return false;
        }
    }
    return p->ok;
}

static void poly_extreme(Arena *a, char op, const Poly *p, const Poly *q, Poly *out)
{
    Poly up = *p, down = *q;
    poly_add_scaled(&up, q, -1);
    poly_add_scaled(&down, p, -1);
    bool p_is_more = poly_nonnegative(&up), q_is_more = poly_nonnegative(&down);
    if (p_is_more || q_is_more) {
        *out = (op == 'm') == p_is_more ? *p : *q;
        return;
    }
    if (!up.ok || !down.ok) {
        out->ok = false;
        return;
    }
    const SizeExpr *l = poly_tree(a, p), *r = poly_tree(a, q);
    bool swap = l->op == 'n' || (r->op != 'n' && expr_cmp(l, r) > 0);
    poly_atom(out, swap ? expr_new(a, op, r, l) : expr_new(a, op, l, r));
}

static void poly_op(Arena *a, char op, const Poly *x, const Poly *y, Poly *out)
{
    out->ok = x->ok && y->ok;
    if (!out->ok) return;
    Poly t;
    switch (op) {
    case '+':
    case '-':
        *out = *x;
        poly_add_scaled(out, y, op == '+' ? 1 : -1);
        return;
    case '*': poly_mul(x, y, out); return;
    case '/': poly_floor_div(a, x, y, out); return;
    case '%': poly_mod(a, x, y, out); return;
    case 'm':
    case 'i': poly_extreme(a, op, x, y, out); return;
    case 'c': { /* ceil(x / y) = -((-x) // y) for any y; with a positive number the nicer form */
        long long k;
        t = *x;
        if (poly_constant(y, &k) && k > 0) {
            Poly add;
            poly_number(&add, k - 1);
            poly_add_scaled(&t, &add, 1);
            poly_floor_div(a, &t, y, out);
            return;
        }
        Poly minus = {.ok = true}, q;
        poly_add_scaled(&minus, x, -1);
        poly_floor_div(a, &minus, y, &q);
        *out = (Poly){.ok = true};
        poly_add_scaled(out, &q, -1);
        return;
    }
    default: out->ok = false;
    }
}

static void poly_from(Arena *a, const SizeExpr *e, Poly *p)
{
    if (e->op == 'n') {
        poly_number(p, e->n);
    } else if (e->op == 's' || !e->l || !e->r || !strchr("+-*c", e->op)) {
        poly_atom(p, e);
    } else {
        Poly l, r;
        poly_from(a, e->l, &l);
        poly_from(a, e->r, &r);
        poly_op(a, e->op, &l, &r, p);
    }
}

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
    if (size_unknown(l) || size_unknown(r) || !concrete(op, l.n, r.n, &n)) return size_known(-1);
    if (!l.free && !r.free) return size_number(a, n);
    Poly x, y, z = {.ok = false};
    if (!too_big(l.free) && !too_big(r.free)) {
        if (l.free) poly_from(a, l.free, &x);
        else poly_number(&x, l.n);
        if (r.free) poly_from(a, r.free, &y);
        else poly_number(&y, r.n);
        poly_op(a, op, &x, &y, &z);
    }
    long long c;
    if (z.ok && poly_constant(&z, &c)) return size_number(a, c);
    const SizeExpr *e = z.ok ? poly_tree(a, &z) : NULL;
    if (!e || too_big(e)) e = expr_symbol(a, "?");
    return (Size){.n = n, .free = e};
}

bool size_same(Size x, Size y)
{
    if (size_unknown(x) || size_unknown(y)) return false;
    bool x_known = !x.free || x.free->op == 'n', y_known = !y.free || y.free->op == 'n';
    if (x_known || y_known) return x_known && y_known && x.n == y.n;
    if (too_big(x.free) || too_big(y.free) || has_opaque(x.free)) return false;
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
    if (too_big(s.free)) return "?";
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
    return c == '_' || c == '?' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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
    if (strcmp(text, "?") == 0) return hint == -1 ? size_known(-1) : (Size){.n = hint, .free = expr_symbol(a, "?")};
    Reader r = {.a = a, .at = text};
    Poly p;
    long long n;
    read_sum(&r, &p);
    if (!p.ok || *r.at) return size_known(-1);
    if (poly_constant(&p, &n)) return size_number(a, n);
    return (Size){.n = hint, .free = poly_tree(a, &p)};
}
