/* Division, remainder and extremes of polynomials, and the dispatch over all operators.
 *
 * Rules beyond plain polynomials, all exact on integers:
 *   (k*A + R) // k        = A + R // k           terms that divide exactly leave the quotient
 *   (g*X) // (g*Y)        = X // Y               common factors, numbers and symbols alike
 *   (X // a + c) // b     = (X + a*c) // (a*b)   so a stack of strided convolutions is one division
 *   (X + c) // k          : c is brought to -k < c <= 0, so (H+1)//2 and (H-1)//2+1 are one
 *   ceil(X / k)           = (X + k - 1) // k
 * Not handled: facts about symbols (that H is even). */
#include <assert.h>
#include <limits.h>
#include <string.h>

#include "pivot/poly.h"

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

/* Takes the greatest common factor of all terms of p and q out of both; exact under floor division
 * as long as the number that is taken out is positive. */
static void cancel_common(Poly *p, Poly *q)
{
    long long g = 0;
    for (int i = 0; i < p->n; i++) g = int_gcd(g, p->t[i].c);
    for (int i = 0; i < q->n; i++) g = int_gcd(g, q->t[i].c);
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

/* (X // d + c) // k = (X + c*d) // (d*k): true when p is one division by a number, and then *out
 * holds it. */
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
            if (!int_op('c', t.c, k, &q) || __builtin_mul_overflow(q, k, &r)) {
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
        int_floor_div(c, k, &q);
        poly_number(&divided, q);
    } else if (!collapse_nested(a, &rest, k, &divided)) {
        Poly by;
        poly_number(&by, k);
        poly_opaque(a, '/', &rest, &by, &divided);
    }
    *out = quotient;
    poly_add_scaled(out, &divided, 1);
}

/* gcd of the coefficients of p's free terms and k: floor((g*X + c) / (g*m)) = floor((X + c//g) /
 * m). */
static void reduce_by_gcd(Poly *p, long long *k)
{
    long long g = *k;
    for (int i = 0; i < p->n; i++) {
        if (p->t[i].n) g = int_gcd(g, p->t[i].c);
    }
    if (g <= 1) return;
    Poly r = {.ok = true};
    for (int i = 0; i < p->n; i++) {
        Term t = p->t[i];
        if (!int_floor_div(t.c, g, &t.c)) return;
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
    poly_opaque(a, op, swap ? q : p, swap ? p : q, out);
}

void poly_op(Arena *a, char op, const Poly *x, const Poly *y, Poly *out)
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

void poly_from(Arena *a, const SizeExpr *e, Poly *p)
{
    if (e->op == 'n') {
        poly_number(p, e->n);
    } else if (e->op == 's' || !e->l || !e->r || !strchr(a ? "+-*c" : "+-*", e->op)) {
        poly_atom(p, e);
    } else {
        Poly l, r;
        poly_from(a, e->l, &l);
        poly_from(a, e->r, &r);
        poly_op(a, e->op, &l, &r, p);
    }
}
