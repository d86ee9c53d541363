/* Names and calls of the framework at places that the trace did not reach (the other arm of a conditional, an
 * annotation, a function nobody calls): resolved from the file's imports alone. */
#ifndef PORT_STATIC_H
#define PORT_STATIC_H

#include "port/rw.h"

/* The canonical dotted name of an expression that begins with an imported name of the source's framework; NULL. */
const char *static_dotted(Rw *rw, Node *n);
/* Such a name used as a value: the target's counterpart, or n itself with the statement flagged. */
Node *static_name(Rw *rw, Node *n, const char *dotted);
/* Can the target say this function of one tensor as a value? */
bool static_says_function(Rw *rw, const char *dotted);
/* A call of such a name without events. */
Node *static_call(Rw *rw, Node *n, const char *dotted);
/* The building of a layer by a row, from the arguments of the call alone; NULL where that does not do. */
Node *static_layer(Rw *rw, Node *n, const DialectRow *row);
/* A place that nothing in the target stands for: asked; typed code, a stub where a module is built, or a flag. */
Node *no_counterpart(Rw *rw, Node *n, const char *why);
/* Is this module a part of the source's framework? */
bool static_of_framework(const Rw *rw, const char *module);
/* A helper that an earlier port wrote: it goes, what it stands for is written where it is used. */
bool static_own_helper(const Rw *rw, const Node *n);
/* A statement that only gives a module of the framework another name. */
bool static_is_alias(Rw *rw, const Node *n);
/* Fills rw->framework_names and rw->bound from the module's statements. */
void static_collect(Rw *rw);

int static_line(Rw *rw, Node *n); /* from 1 */

/* What only the training of layers takes: an initializer, a regularizer, a constraint. */
bool static_trains_alone(const Rw *rw, const char *dotted);

#endif
