/* Classes and functions: see class.c. */
#ifndef PORT_CLASS_H
#define PORT_CLASS_H

#include "port/rw.h"

Definition *definition_for(Rw *rw, const Node *n); /* of an N_CLASS or N_FUNCTION; NULL */

/* self.sample(x) where that method asks whether this is training: the target's forward pass hands it on. */
bool class_asks_training(Rw *rw, const Node *call);
Node *class_training_call(Rw *rw, Node *call);
/* The annotation, or NULL where it names the source's framework. */
Node *class_annotation(Rw *rw, Node *x);

/* Does a class that derives from a sequence become one that holds a sequence, self.sequence? */
bool class_holds_sequence(Rw *rw, Node *cls);
bool class_is_sequence(Rw *rw, Node *cls); /* it leaves the forward pass to the sequence that it derives from */
Node *class_sequence(Rw *rw);

#endif
