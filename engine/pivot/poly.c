/* Trees, integers and polynomials in the normal form of sizes (poly.h): sums and products.
 * Division is in poly_div.c. */
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/poly.h"

/* ---- trees ---- */

/* Nodes of a tree, counting stops at `left`. */
static int expr_count(const SizeExpr *e, int left)
{
    if (!e || left <= 0) return 0;
    int n = 1 + expr_count(e->l, left - 1);
    return n < left ? n + expr_count(e->r, left - n) : n;
}

bool expr_too_big(const SizeExpr *e)
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
int expr_cmp(const SizeExpr *x, const SizeExpr *y)
{
    if (x == y) return 0;
    if (!x || !y) return x ? 1 : -1;
    if (x->op != y->op) return op_rank(x->op) < op_rank(y->op) ? -1 : 1;
    if (x->op == 's') return strcmp(x->symbol, y->symbol);
    if (x->op == 'n') return x->n < y->n ? -1 : x->n > y->n;
    int c = expr_cmp(x->l, y->l);
    return c ? c : expr_cmp(x->r, y->r);
}

bool expr_has_opaque(const SizeExpr *e)
{
    if (!e) return false;
    if (e->op == 's') return strcmp(e->symbol, "?") == 0;
    return expr_has_opaque(e->l) || expr_has_opaque(e->r);
}

const SizeExpr *expr_new(Arena *a, char op, const SizeExpr *l, const SizeExpr *r)
{
    SizeExpr *e = ARENA_NEW(a, SizeExpr);
    e->op = op;
    e->l = l;
    e->r = r;
    return e;
}

const SizeExpr *expr_number(Arena *a, long long n)
{
    SizeExpr *e = ARENA_NEW(a, SizeExpr);
    e->op = 'n';
    e->n = n;
    return e;
}

const SizeExpr *expr_symbol(Arena *a, const char *symbol)
{
    SizeExpr *e = ARENA_NEW(a, SizeExpr);
    e->op = 's';
    e->symbol = arena_strdup(a, symbol);
    return e;
}

/* ---- integers as Python has them ---- */

bool int_floor_div(long long l, long long r, long long *out)
{
    if (r == 0 || (l == LLONG_MIN && r == -1)) return false;
    long long q = l / r;
    *out = (l % r != 0 && (l < 0) != (r < 0)) ? q - 1 : q;
    return true;
}

bool int_op(char op, long long l, long long r, long long *out)
{
    long long q;
    switch (op) {
    case '+': return !__builtin_add_overflow(l, r, out);
    case '-': return !__builtin_sub_overflow(l, r, out);
    case '*': return !__builtin_mul_overflow(l, r, out);
    case '/': return int_floor_div(l, r, out);
    case '%':
        return int_floor_div(l, r, &q) && !__builtin_mul_overflow(q, r, &q) &&
               !__builtin_sub_overflow(l, q, out);
    case 'm': *out = l > r ? l : r; return true;
    case 'i': *out = l < r ? l : r; return true;
    case 'c': /* -(-l // r) */
        if (l == LLONG_MIN || !int_floor_div(-l, r, &q) || q == LLONG_MIN) return false;
        *out = -q;
        return true;
    default: return false;
    }
}

long long int_gcd(long long x, long long y)
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

int term_cmp(const Term *x, const Term *y)
{
    if (x->n != y->n) return x->n > y->n ? -1 : 1; /* higher degree first, the constant last */
    for (int i = 0; i < x->n; i++) {
        int c = expr_cmp(x->f[i], y->f[i]);
        if (c) return c;
    }
    return 0;
}

void poly_add_term(Poly *p, const Term *t)
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

void poly_number(Poly *p, long long n)
{
    p->ok = true;
    p->n = 0;
    Term t = {.c = n};
    poly_add_term(p, &t);
}

void poly_atom(Poly *p, const SizeExpr *atom)
{
    p->ok = true;
    p->n = 1;
    p->t[0] = (Term){.c = 1, .n = 1, .f = {atom}};
}

bool poly_constant(const Poly *p, long long *n)
{
    if (!p->ok || p->n > 1 || (p->n == 1 && p->t[0].n > 0)) return false;
    *n = p->n ? p->t[0].c : 0;
    return true;
}

long long poly_constant_part(const Poly *p)
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
bool term_div(const Term *x, const Term *y, Term *out)
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
void poly_add_scaled(Poly *out, const Poly *p, long long k)
{
    if (!p->ok) out->ok = false;
    for (int i = 0; i < p->n && out->ok; i++) {
        Term t = p->t[i];
        if (__builtin_mul_overflow(t.c, k, &t.c)) out->ok = false;
        else poly_add_term(out, &t);
    }
}

void poly_mul(const Poly *x, const Poly *y, Poly *out)
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

bool poly_same(const Poly *x, const Poly *y)
{
    if (!x->ok || !y->ok || x->n != y->n) return false;
    for (int i = 0; i < x->n; i++) {
        if (x->t[i].c != y->t[i].c || term_cmp(&x->t[i], &y->t[i]) != 0) return false;
    }
    return true;
}

/* ---- polynomial to tree ---- */

static const SizeExpr *term_tree(Arena *a, const Term *t, long long c)
{
    const SizeExpr *e = c == 1 && t->n ? NULL : expr_number(a, c);
    for (int i = 0; i < t->n; i++) e = e ? expr_new(a, '*', e, t->f[i]) : t->f[i];
    return e;
}

/* Terms with a plus first, so that the text does not open with a minus where it need not. */
const SizeExpr *poly_tree(Arena *a, const Poly *p)
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

void poly_opaque(Arena *a, char op, const Poly *p, const Poly *q, Poly *out)
{
    poly_atom(out, expr_new(a, op, poly_tree(a, p), poly_tree(a, q)));
}
