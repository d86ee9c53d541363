/* The precedence of each expression kind. Numbers may carry a sign (built from values), and then
 * bind like a unary operator. */
#include "python/precedence.h"

#include <string.h>

#include "base/str.h"

Prec prec_of_operator(const char *op)
{
    static const struct {
        const char *op;
        Prec prec;
    } table[] = {
        {"|", PREC_BITOR},  {"^", PREC_BITXOR}, {"&", PREC_BITAND}, {"<<", PREC_SHIFT},
        {">>", PREC_SHIFT}, {"+", PREC_SUM},    {"-", PREC_SUM},    {"*", PREC_TERM},
        {"/", PREC_TERM},   {"//", PREC_TERM},  {"%", PREC_TERM},   {"@", PREC_TERM},
        {"**", PREC_POWER},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (str_eq(table[i].op, op)) return table[i].prec;
    return PREC_TERM;
}

Prec prec_left(const char *op)
{
    return str_eq(op, "**") ? PREC_AWAIT : prec_of_operator(op);
}

Prec prec_right(const char *op)
{
    return str_eq(op, "**") ? PREC_UNARY : (Prec)(prec_of_operator(op) + 1);
}

static bool is_negative(const Node *e)
{
    if (e->text) return e->text[0] == '-';
    return e->kind == N_INT ? e->num.i < 0 : e->num.f < 0;
}

Prec prec_of(const Node *e)
{
    switch (e->kind) {
    case N_YIELD: return PREC_YIELD;
    case N_TUPLE: return e->paren || e->items.len == 0 ? PREC_ATOM : PREC_TUPLE;
    case N_WALRUS: return PREC_WALRUS;
    case N_LAMBDA:
    case N_IFEXP: return PREC_TEST;
    case N_BOOL: return str_eq(e->op, "or") ? PREC_OR : PREC_AND;
    case N_COMPARE: return PREC_COMPARE;
    case N_BINARY: return prec_of_operator(e->op);
    case N_UNARY: return str_eq(e->op, "not") ? PREC_NOT : PREC_UNARY;
    case N_AWAIT: return PREC_AWAIT;
    case N_INT:
    case N_FLOAT: return is_negative(e) ? PREC_UNARY : PREC_ATOM;
    case N_ATTRIBUTE:
    case N_SUBSCRIPT:
    case N_CALL: return PREC_PRIMARY;
    default: return PREC_ATOM;
    }
}
