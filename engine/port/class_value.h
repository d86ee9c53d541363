/* Classes of layers that are handed on as values, and called where several kinds of layer come to be:
 *
 *     activation = nn.Hardswish if late else nn.ReLU      activation = functools.partial(layers.Activation, "hard_swish")
 *     layers.append(activation(inplace=True))                          if late else layers.ReLU
 *                                                         layers.append(activation())
 *
 * What each class is built with is then said where the class is named, since one call cannot say it for all. */
#ifndef PORT_CLASS_VALUE_H
#define PORT_CLASS_VALUE_H

#include "port/rw.h"

/* The plan of a place that builds several kinds; false where it cannot be done. */
bool class_value_plan(Rw *rw, Event **events, int n, Plan *out);
/* The class `dotted` of the source, as a value for such places; NULL: it is called at none. */
Node *class_value_name(Rw *rw, const char *dotted);
/* functools.partial(nn.BatchNorm2d, eps=1e-3), by what its calls came to; NULL: they differ, or it is another call. */
Node *class_value_partial(Rw *rw, Node *call);

/* A call without what it is called with: its callee, or a partial of that with its arguments. */
Node *class_value_of(Rw *rw, Node *call);

/* self.activation(x), where the file says elsewhere which functions of one tensor that may be: the call stays, and the
 * values are the target's. */
bool function_value_called(Rw *rw, Node *n, Event **e, int count);

#endif
