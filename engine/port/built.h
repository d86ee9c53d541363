/* Layers whose weights are read before they are called. PyTorch makes them with the layer; where the target makes them at the
 * first call, such a layer is built in the constructor, by the helper that "helper:built" names. */
#ifndef PORT_BUILT_H
#define PORT_BUILT_H

#include "port/rw.h"

/* `made`, the layer that site n constructs, wrapped where some pass reads its weights; else as it is. */
Node *layer_built(Rw *rw, Node *n, Node *made);

#endif
