/* Request: what the comparison needs to know of a source and its port, found in the trace and in the two texts.
 *
 * The source's side follows from the trace; the port's from its own text, which may have been edited since: its
 * statements are read anew, and layers are found by their qualified names. */
#ifndef VERIFY_REQUEST_H
#define VERIFY_REQUEST_H

#include "port/port.h"
#include "verify/verify.h"

/* Fills both sides, the inputs, the orders of axes and the pairs of q, in arena a; the rest of q (trials, weights,
 * ...) is left as it is. ported: the parsed text of the file that is compared. False and *err (arena text) when there is
 * no network to compare. */
bool request_fill(Arena *a, const Trace *trace, Module *opened, const PortResult *port, const Dialect *to, Module *ported,
                  VerifyRequest *q, const char **err);

/* Pairs the layers of the source with those of the ported file: as the port says, where the file still has what it
 * says; else in the order of execution, where the kinds agree from first to last; else as the port says. expr builds the
 * network of the ported file. */
const VerifyPair *request_pairs(Arena *a, const Trace *source, const PivotNN *root, const PortResult *port,
                                const Dialect *to, Module *ported, const char *expr, int *n);
/* The root that is compared: the first that was built, one with a forward pass before others. */
const RootTrace *request_root(const Trace *t);

/* The statements that the names of expr need, in source order: imports, definitions, assignments, and what fills the
 * things that they name (model.add(...)). The body of `if __name__ == "__main__":` counts as top level. */
Span *request_slice(Arena *a, Module *m, const char *expr, int *n);

#endif
