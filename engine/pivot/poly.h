/* Inside of the arithmetic on sizes: expressions in normal form.
 *
 * A free size is kept in one normal form, so that equal computations give equal trees and
 * size_same can compare trees: a sum of terms, each a coefficient times a sorted product of
 * *atoms*. An atom is a symbol or something a polynomial cannot say: a floor division, a
 * remainder, a maximum, a minimum, whose own operands are again in normal form. The tree
 * (SizeExpr) is rebuilt from that form after each operation.
 *
 * A Poly whose ok is false holds nothing: too many terms, an overflow, a division by 0. */
#ifndef PIVOT_POLY_H
#define PIVOT_POLY_H

#include "pivot/value.h"

/* Real networks need three or four terms of two factors; the bounds only keep hostile programs
 * cheap. */
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

/* trees */
bool expr_too_big(const SizeExpr *e);               /* beyond MAX_EXPR nodes: not to be walked */
int expr_cmp(const SizeExpr *x, const SizeExpr *y); /* a total order; 0: the same tree */
bool expr_has_opaque(const SizeExpr *e);            /* holds "?" */
const SizeExpr *expr_new(Arena *a, char op, const SizeExpr *l, const SizeExpr *r);
const SizeExpr *expr_number(Arena *a, long long n);
const SizeExpr *expr_symbol(Arena *a, const char *symbol);

/* Integers as Python has them; false on overflow and division by 0. op as in SizeExpr. */
bool int_op(char op, long long l, long long r, long long *out);

void poly_number(Poly *p, long long n);
void poly_atom(Poly *p, const SizeExpr *atom);
/* A tree as a polynomial. a may be NULL when the tree comes from this room: sums and products
 * only. */
void poly_from(Arena *a, const SizeExpr *e, Poly *p);
void poly_op(Arena *a, char op, const Poly *x, const Poly *y, Poly *out);
void poly_add_scaled(Poly *out, const Poly *p, long long k); /* *out += k * p */
bool poly_constant(const Poly *p, long long *n);
bool poly_same(const Poly *x, const Poly *y);
const SizeExpr *poly_tree(Arena *a, const Poly *p);

/* between poly.c and poly_div.c */
bool int_floor_div(long long l, long long r, long long *out);
long long int_gcd(long long x, long long y);
int term_cmp(const Term *x, const Term *y); /* higher degree first, the constant last */
bool term_div(const Term *x, const Term *y,
              Term *out); /* x / y where factors and coefficient divide */
void poly_add_term(Poly *p, const Term *t);
void poly_mul(const Poly *x, const Poly *y, Poly *out);
long long poly_constant_part(const Poly *p);
void poly_opaque(Arena *a, char op, const Poly *p, const Poly *q, Poly *out); /* the atom p op q */

#endif
