/* The port's own questions, and what their answers say. Each asks at most once for a site. */
#ifndef PORT_QUESTION_PORT_H
#define PORT_QUESTION_PORT_H

#include "port/rw.h"

const char *question_path(Rw *rw, Node *site); /* "Net.conv1", "Net.forward", "make_layers" */
/* True: keep it dynamic. False: the answer (a name) is fixed, see question_activation_answer. */
bool question_dynamic_activation(Rw *rw, Node *site, Node *expr);
/* Typed code for an unsupported place, or NULL for the stub. */
const char *question_unsupported(Rw *rw, Node *site, const char *why);
/* True when the user accepts the nearest counterpart. */
bool question_lossy(Rw *rw, Node *site, const char *how);
/* The same where inference is the same: the nearest counterpart is the default. */
bool question_accepted(Rw *rw, Node *site, const char *how);
/* An expression for an attribute that the target needs: in scope, or from an answer; NULL while open. */
Node *question_missing(Rw *rw, Node *site, const char *attr);
/* A question of training code with two options (the first may be NULL); the answer in force. */
const char *question_training(Rw *rw, QuestionKind kind, Node *site, const char *text, const char *evidence,
                              const char *dflt, const char *a1, const char *label1, const char *consequence1,
                              const char *a2, const char *label2, const char *consequence2);
/* "native", "same-input", "channels-first" for the file. Asks for each root input that reaches channels. */
const char *question_channel_order_of(Rw *rw);
/* A helper module of the target that stands in for a kind without a row; NULL. */
const char *question_helper_for(Rw *rw, const char *kind);

/* Is this code that the entry which was asked for never comes to? Nothing is asked about it then. */
bool question_unreached(Rw *rw, const Node *site);

/* The user's own code for a place, parsed; NULL: there is none, or it was about another text. */
Node *question_override(Rw *rw, Node *site);
/* The user's notes, as questions that are answered and as notes of the report. */
void question_notes(Rw *rw);

#endif
