/* Names that code reads and nothing in it binds (Python's reference, "Naming and binding"), read off its text: what
 * would be a NameError or an UnboundLocalError, whichever way the program goes. */
#ifndef PYTHON_UNBOUND_H
#define PYTHON_UNBOUND_H

#include "python/ast.h"

typedef struct Unbound {
    const Node *name; /* the N_NAME that is read */
    bool early;       /* its own scope binds it, and only further down */
} Unbound;
typedef VEC(Unbound) UnboundVec;

/* The reads of a parsed module that cannot succeed, in source order, one for each name and scope. None where the module
 * cannot say: it imports all names of another, or holds code that did not parse. Nothing that a test or a loop could
 * still bring about is in it. */
UnboundVec python_unbound(Arena *a, const Module *m);

#endif
