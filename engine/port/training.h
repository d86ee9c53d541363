/* Inside of the training part of the port room.
 *
 *   training.c         the door, what both directions share: names of networks, borders, text templates
 *   training_config.c  losses and optimizers, with their questions
 *   training_tape.c    a loop with its own steps -> compile and fit, or a gradient tape
 *   training_value.c   expressions of such a loop: methods of values, devices, modes, losses called
 *   training_gradients.c  gradient tapes -> backward and steps
 *   training_fit.c     compile, fit, evaluate, predict -> a loop
 *
 * Which direction it is, and how a framework spells its steps, is said by facts of the dialects. */
#ifndef PORT_TRAINING_H
#define PORT_TRAINING_H

#include <cjson/cJSON.h>

#include "port/layout.h"
#include "port/question_port.h"
#include "port/static.h"

/* What is known of the file's training code: found once. */
typedef struct Training {
    Map *networks;   /* names that hold networks */
    Map *losses;     /* names that hold losses: name -> call that built it */
    Map *optimizers; /* likewise */
    Map *devices;    /* names that hold devices */
    Map *schedules;  /* names that hold schedules of learning rates, which the target has helpers for */
    Map *histories;  /* names that hold what fit gave, in the port a dictionary of lists */
    Map *plain;      /* names that hold objects of the file's own classes that are no networks */
    NodeVec compiles; /* calls of compile */
    NodeVec waiting;  /* optimizers that were built before their network: the port's stand behind it */
    StrVec awaited;   /* the names of these networks */
    NodeVec frozen;   /* modules of the source that are frozen for the next compile alone */
    const char *group; /* a loop's variable over the parameter groups of an optimizer, inside of that loop; NULL */
    Node *group_of;    /* that optimizer */
    bool tape;       /* inside of a gradient tape: networks run in training mode */
} Training;

typedef struct TrainHole {
    const char *name; /* PORT_name in the template's text */
    Node *node;
} TrainHole;

Training *training_of(Rw *rw);
bool training_loops(const Dialect *d);    /* the framework's training is a loop with steps of its own */
bool training_compiles(const Dialect *d); /* compile and fit */

/* Statements of templates/<framework>/training/NAME.mustache, with nodes for its holes. "# needs:" in its first
 * line names imports and helpers. Takes the view. */
NodeVec training_template(Rw *rw, const char *name, cJSON *view, const TrainHole *holes, int n);
void training_push(Rw *rw, const NodeVec *stmts, Node *from, NodeVec *out);

/* The method's name of a call x.m(...); NULL. */
const char *training_method(const Node *call);
Node *training_receiver(const Node *call);
bool training_is(Rw *rw, const char *fact, const char *name); /* name is that fact of the source, or in that list */
Node *training_keyword(Node *call, const char *name, int position);
bool training_is_network(Rw *rw, Node *n);
/* The root network that an expression is called as, or that a name holds; NULL. */
const PivotNN *training_network(Rw *rw, Node *n);
/* Axes that take data for the network, as the source holds it, to how the port's network takes it. */
bool training_border(Rw *rw, const PivotNN *nn, int axes[MAX_RANK], int *rank);
bool training_border_at(Rw *rw, const PivotNN *nn, int input, int axes[MAX_RANK], int *rank);
bool training_border_out(Rw *rw, const PivotNN *nn, int axes[MAX_RANK], int *rank);
const PivotTensor *training_input(const PivotNN *nn);
const PivotTensor *training_output(const PivotNN *nn);
bool training_held(Rw *rw, Node *x); /* the trace knows x as a tensor that is held in the target's order */
/* The target's helper for a schedule of learning rates; NULL. */
const char *training_schedule(Rw *rw, const char *dotted);
int training_rate_statement(Rw *rw, Node *n, NodeVec *out); /* a rate that is set; how many statements that were */
bool training_is_schedule(Rw *rw, Node *x); /* a name that holds one */
const char *training_end(Rw *rw, const PivotNN *nn); /* "softmax", "sigmoid": what the network ends with; NULL */
const char *training_fresh(Rw *rw, const char *name); /* a name that the source does not bind */
Node *training_tuple(Rw *rw, const int *axes, int rank);

/* training_config.c. rows of losses, optimizers and metrics; the call or string; for the network nn or NULL */
const DialectRow *config_row(Rw *rw, Node *n, KindGroup group);
Node *config_named_loss(Rw *rw, Node *n); /* the construction that a name stands for; else n */
Node *config_loss(Rw *rw, Node *n, const PivotNN *nn);
Node *config_optimizer(Rw *rw, Node *n, Node *network);
Node *config_call(Rw *rw, Node *n, const char *dotted); /* a construction outside of compile; NULL: none of these */

/* training_tape.c */
int tape_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out);
/* training_value.c */
Node *value_rewrite(Rw *rw, Node *n);
Node *value_network(Rw *rw, Node *n); /* a network called on data */
bool training_read(Rw *rw, const char *name); /* is the name read anywhere */
int value_statement(Rw *rw, Node *n, NodeVec *out);
/* training_fit.c */
Node *fit_input(Rw *rw, const PivotNN *nn, Node *data); /* an array as a tensor for the network */
Node *fit_input_at(Rw *rw, const PivotNN *nn, int input, Node *data); /* for one of its inputs */
Node *fit_evaluate(Rw *rw, Node *n);
Node *fit_predict(Rw *rw, Node *n);
void fit_marks(Rw *rw, Node *n, NodeVec *made);
int fit_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out);
void fit_waiting(Rw *rw, const Node *n, NodeVec *out); /* what waited for the network that a statement binds */

/* training_value.c: which callback of a fit a call builds, by its name alone; NULL: none that the target has a helper for. */
const char *training_callback(Rw *rw, const Node *call);
Node *training_callback_argument(Rw *rw, const char *kind, Node *call, const char *name); /* NULL: not given */
/* training_value.c: a loss that a forward pass itself computes, or NULL. */
Node *value_loss_in_pass(Rw *rw, Node *n);

/* training_gradients.c: the statements from a tape to what applies its gradients; how many there were, 0: no tape. */
int gradients_rewrite(Rw *rw, const NodeVec *in, int i, NodeVec *out);

#endif
