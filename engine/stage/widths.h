/* Widths that the source never names and the target needs: in_channels of a convolution whose source
 * only says filters.
 *
 * For each such place an expression is looked for, and proved on every instance that the trace built:
 * what made the input's width, where that can be said in scope; a number, where it is the same
 * everywhere; a name in scope; a variable that a loop carries along; and last a parameter of the
 * function, which its callers then give, by the same rules. Parameters, arguments and variables become
 * a draft of the source in its own framework, to be traced and ported in place of the source. */
#ifndef STAGE_WIDTHS_H
#define STAGE_WIDTHS_H

#include "port/port.h"

typedef struct Widths {
    Module *module; /* the draft; NULL where nothing had to be changed */
    SiteNumbers numbers;
} Widths;

/* t must have been traced with want_scopes. False where no expression was found for anything. For `wishes` an expression
 * is taken only where it stands in scope as it is: nothing is changed for them. */
bool widths_find(Arena *a, const Trace *t, const PortNeeds *needs, const PortNeeds *wishes, Widths *out);

/* The same for the number of channels that a function reads off a tensor (x.shape[-1]) and builds layers with: the
 * reading becomes an expression that needs no tensor. Only the draft is made. */
bool widths_of_shapes(Arena *a, const Trace *t, Widths *out);

/* build(self, input_shape), where the target has no such method: what it does moves to the constructor, and the sizes
 * that it reads off input_shape become expressions. A class without a constructor gets one first: *again says that the
 * draft is only that, and is to be traced and folded again. notes: what does not come along. NULL where nothing is folded. */
Module *widths_fold_builds(Arena *a, const Trace *t, bool *again, StrVec *notes);

#endif
