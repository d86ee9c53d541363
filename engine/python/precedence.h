/* How tightly an expression binds, from Python's grammar ("Operator precedence" in its reference).
 *
 * A place in the grammar asks for at least some level; an expression below it needs parentheses
 * there. */
#ifndef PYTHON_PRECEDENCE_H
#define PYTHON_PRECEDENCE_H

#include "python/ast.h"

typedef enum Prec {
    PREC_YIELD, /* yield: alone in a statement, or on the right of an assignment */
    PREC_TUPLE, /* a tuple without parentheses */
    PREC_WALRUS,
    PREC_TEST, /* lambda, conditional */
    PREC_OR,
    PREC_AND,
    PREC_NOT,
    PREC_COMPARE,
    PREC_BITOR,
    PREC_BITXOR,
    PREC_BITAND,
    PREC_SHIFT,
    PREC_SUM,
    PREC_TERM,
    PREC_UNARY,
    PREC_POWER,
    PREC_AWAIT,
    PREC_PRIMARY, /* what attributes, calls and subscripts hang on */
    PREC_ATOM
} Prec;

Prec prec_of(const Node *e);
Prec prec_of_operator(const char *op);
/* What the left and the right operand of a binary operator must have. */
Prec prec_left(const char *op);
Prec prec_right(const char *op);

#endif
