/* Small constructors for rewritten nodes, in the caller's arena; and the parser of one expression,
 * for template text and typed answers. */
#ifndef PYTHON_BUILD_H
#define PYTHON_BUILD_H

#include "python/ast.h"

Node *py_name(Arena *a, const char *name);                 /* a dotted name gives attributes */
Node *py_int(Arena *a, long long v);
Node *py_float(Arena *a, double v);                        /* 1e-5, 0.9: the shortest text */
Node *py_str(Arena *a, const char *s);                     /* double quotes */
Node *py_bool(Arena *a, bool v);
Node *py_none(Arena *a);
Node *py_attr(Arena *a, Node *of, const char *name);
Node *py_index(Arena *a, Node *of, Node *index);
Node *py_call(Arena *a, Node *func);                       /* push arguments onto ->items */
Node *py_kw(Arena *a, const char *name, Node *value);
/* Parentheses are added where precedence needs them. */
Node *py_binary(Arena *a, Node *l, const char *op, Node *r);
Node *py_unary(Arena *a, const char *op, Node *v);
Node *py_tuple(Arena *a, bool paren);                      /* push onto ->items */
Node *py_list(Arena *a);
Node *py_assign(Arena *a, Node *target, Node *value);
Node *py_expr_stmt(Arena *a, Node *value);
Node *py_return(Arena *a, Node *value);
/* Parses "text" as one expression; NULL and *err when it is not one. */
Node *py_parse_expr(Arena *a, const char *text, const char **err);
/* Parses statements, for helper code and recognised templates; empty and *err when they do not
 * parse. Comments between them become `lead` and `trail`. */
NodeVec py_parse_stmts(Arena *a, const char *text, const char **err);
/* Structural equality, spans and parentheses aside. */
bool py_same(const Node *x, const Node *y);

#endif
