/* Methods that make a model of the network itself, to be looked at: see view.c. */
#ifndef PORT_VIEW_H
#define PORT_VIEW_H

#include "port/rw.h"

bool view_method(Rw *rw, const Node *fn);
/* The network of a call of such a method: net of net.build_graph(); NULL: it is none. */
Node *view_of(Rw *rw, Node *call);

#endif
