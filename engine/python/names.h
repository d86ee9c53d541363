/* Which names code binds, read off its text (Python's reference, "Naming and binding"): nothing of it is run. */
#ifndef PYTHON_NAMES_H
#define PYTHON_NAMES_H

#include "python/ast.h"

/* Does a target (a name, or a tuple or list of targets) bind the name? */
bool names_target_binds(const Node *target, const char *name);
/* The alias of an import that binds the name, or NULL. */
const Node *names_alias_binds(const Node *import, const char *name);
/* Does a statement, or one in its arms, bind the name in the scope that it stands in? */
bool names_stmt_binds(const Node *stmt, const char *name);
bool names_block_binds(const NodeVec *body, const char *name);
/* Is the name a parameter of a function or lambda, or bound in its body? */
bool names_function_binds(const Node *fn, const char *name);
/* How often a name stands in a piece of code, bound or read. */
int names_uses(Node *n, const char *name);

#endif
