/* What the constructors of the file's own classes still take once they are ported: Keras gives every layer and model
 * a `name` (and dtype, trainable, ...) through **kwargs, which a target without such arguments has no use for. */
#ifndef PORT_CLASS_TAKES_H
#define PORT_CLASS_TAKES_H

#include "port/rw.h"

/* Whether the port's base class takes no such arguments, so that they go. */
bool class_drops_base_arguments(Rw *rw);

/* Whether this class's constructor loses its `name` parameter: it only ever hands it on. */
bool class_drops_name(Rw *rw, Node *cls);

/* Whether its **kwargs go with it. */
bool class_drops_kwargs(Rw *rw, Node *cls);

/* The arguments of super().__init__(...) in a class whose base is a class of the file, without what that no longer
 * takes. */
NodeVec class_base_arguments(Rw *rw, Node *cls, Node *call);

/* A call that builds an instance of a class of the file, without the arguments that its constructor no longer takes;
 * the call itself where there are none. Not rewritten yet. */
Node *class_call_arguments(Rw *rw, Node *call);

#endif
