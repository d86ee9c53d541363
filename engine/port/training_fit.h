/* What a compile says, for the calls that are about it: their loss, optimizer, measures and data. Inside of the training part. */
#ifndef PORT_TRAINING_FIT_H
#define PORT_TRAINING_FIT_H

#include "port/training.h"

typedef struct Compiled {
    Node *call;
    Node *loss;
    const DialectRow *row; /* of the loss */
    bool own;              /* the loss is a function of the file */
    bool sparse;
    const PivotNN *nn;
    bool far; /* in another function than the use */
} Compiled;

typedef struct Metrics {
    NodeVec made;
    StrVec names; /* as a history calls them */
} Metrics;

bool compiled_is(Rw *rw, Node *call, const char *fact); /* a method of that fact of the source */
Node *compiled_function(Rw *rw, Node *n);               /* the function that a place is in; NULL: the module */
const char *compiled_receiver(const Node *call);
const Node *compiled_function_named(Rw *rw, const Node *name);
const Node *compiled_own_function(Rw *rw, const Node *n);
/* A loss or a measure of the file's own, which takes (targets, outputs), in the order of the port's; NULL: it is none, or
 * nobody knows what it does with images. */
Node *fit_own_loss(Rw *rw, Node *n, const PivotNN *nn);
bool compiled_for(Rw *rw, Node *use, Compiled *c);
Node *compiled_target(Rw *rw, const Compiled *c, Node *data);
Node *compiled_batches(Rw *rw, const Compiled *c, Node *x, Node *y, Node *size, Node *shuffle, bool shuffles);
Metrics compiled_metrics(Rw *rw, const Compiled *c);
Node *compiled_criterion(Rw *rw, const Compiled *c); /* its name */
Node *compiled_anew(Rw *rw, const Node *opt);
Node *compiled_optimizer(Rw *rw, const Compiled *c); /* its name */

/* training_batch.c */
Node *batch_step(Rw *rw, Node *n, const char *helper); /* train_on_batch, test_on_batch */
Node *batch_evaluation(Rw *rw, const Compiled *c, Node *network, Node *loader);
void batch_unknown(Rw *rw, Node *call, const char *fact); /* arguments that the list of the source lacks are marked */

#endif
