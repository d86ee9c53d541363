/* What is done with members of modules: weights that are frozen (net.body.requires_grad_(False), the loop that does it weight by
 * weight, base.trainable = False), parts that have names, and members that the target lacks. */
#ifndef PORT_MEMBER_H
#define PORT_MEMBER_H

#include "port/rw.h"

/* The statement in the target's terms; NULL where it is none of these. */
Node *freeze_statement(Rw *rw, Node *n);
/* An attribute of a module that stands in the port as it is: flagged where the target's modules have none of the name. */
void member_check(Rw *rw, Node *n);
/* base.layers, walked by a loop, in the target's terms; NULL: it is none. */
Node *member_children(Rw *rw, Node *n);

/* What a layer was built with, read from it: fc.in_features. NULL: it stays as it is. */
Node *member_parameter(Rw *rw, Node *n);
/* sum(p.numel() for p in net.parameters()): how many weights are trained, in the target's terms; NULL: it is none. */
Node *member_count(Rw *rw, Node *n);
/* An item of a container that has a name, read as an attribute: d.conv is d["conv"], seq.conv is seq.layers[0]. */
Node *member_item(Rw *rw, Node *n);
/* seq.add_module("conv", m), net.add_module("conv", m) in a target that has no such method; NULL: it is none. */
Node *member_added(Rw *rw, Node *n);
/* The path below a layer at which the target's weights tell this member: "gamma.shape"; NULL. */
const char *member_of_weights(Rw *rw, const Event *e, const char *name);
/* self.dense.kernel, a layer's own weight read as a tensor: by the target's name and order of axes. NULL: it is none. */
Node *member_held(Rw *rw, Node *n);
/* weight = next(self.parameters()).data, where the name is only asked for tensors like it: the statement goes. */
bool member_probe(Rw *rw, const Node *n);

#endif
