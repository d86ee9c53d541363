/* How a framework's layers hold their weights: facts "held:KIND:SLOT" with the name of the attribute, and behind it the axes
 * that make PyTorch's order of it, where its own is another ("kernel 3 2 0 1"). */
#ifndef DIALECT_HELD_H
#define DIALECT_HELD_H

#include "dialect/dialect.h"

enum { HELD_AXES = 8 };

typedef struct Held {
    const char *slot, *name; /* "weight", "kernel" */
    int axes[HELD_AXES], rank; /* rank 0: in PyTorch's order */
} Held;

/* By slot: weight, bias, running_mean, running_var. False: such layers hold none, or nobody says how. */
bool held_slot(const Dialect *d, Arena *a, const char *kind, const char *slot, Held *out);
/* By the attribute's name. */
bool held_named(const Dialect *d, Arena *a, const char *kind, const char *name, Held *out);

#endif
