/* Questions that only a person can settle, and the answers on record. An id is
 * "kind:Definition.path", with "#n" where one place holds several. */
#ifndef PIVOT_QUESTION_H
#define PIVOT_QUESTION_H

#include "base/diag.h"
#include "base/map.h"
#include "base/vec.h"

#define QUESTION_KINDS(X)                                                                         \
    X(Q_INPUT_SHAPE, "input-shape", "input shape")                                                \
    X(Q_CONSTRUCTOR_ARGUMENT, "constructor-argument", "constructor argument")                     \
    X(Q_MISSING_ATTRIBUTE, "missing-attribute", "missing attribute")                              \
    X(Q_ACTIVATION, "activation", "dynamic activation")                                           \
    X(Q_CHANNEL_ORDER, "channel-order", "channel order")                                          \
    X(Q_FLATTEN_ORDER, "flatten-order", "flatten order")                                          \
    X(Q_BRANCH, "branch", "branch on tensor values")                                              \
    X(Q_UNSUPPORTED, "unsupported", "unsupported")                                                \
    X(Q_LOSSY, "lossy", "nearest counterpart differs")                                            \
    X(Q_LOSS_READING, "loss-reading", "loss and final activation")                                \
    X(Q_OPTIMIZER_STEP, "optimizer-step", "optimizer step")                                       \
    X(Q_KERAS_VERSION, "keras-version", "Keras version")                                          \
    X(Q_EDIT, "edit", "edited attributes")                                                        \
    X(Q_OVERRIDE, "override", "code of your own")                                                 \
    X(Q_NOTE, "note", "note")

typedef enum QuestionKind {
#define X(id, name, title) id,
    QUESTION_KINDS(X)
#undef X
        Q_KINDS
} QuestionKind;

const char *question_kind_name(QuestionKind k);
const char *question_kind_title(QuestionKind k);

typedef enum AnswerState {
    ANSWER_OPEN,        /* ? */
    ANSWER_UNSUPPORTED, /* ! */
    ANSWER_DEFAULT,     /* ~ */
    ANSWER_CHOSEN,      /* the check mark */
    ANSWER_STALE        /* x */
} AnswerState;

typedef struct QuestionOption {
    const char *answer;      /* what is recorded: "dynamic", "native", "relu" */
    const char *label;       /* in words */
    const char *consequence; /* "exact", "4 permutes", "incomplete: a stub that raises" */
} QuestionOption;

typedef struct Question {
    QuestionKind kind;
    const char *id;        /* "activation:Net.dense1" */
    const char *text;      /* the question, one sentence */
    const char *evidence;  /* why it is asked, what the file says */
    Span span;             /* the place it is about */
    const char *at;        /* the source text the answer is about (span's text) */
    VEC(QuestionOption) options;
    const char *dflt;      /* the answer taken by default, NULL: none is safe */
    bool free_text;        /* an own answer may be typed (shape, literal, number, code) */
    AnswerState state;
    const char *answer;    /* the answer in force, NULL while open */
    bool retraces;         /* an answer changes the trace, not only the port */
    int site;              /* syntax tree node id, or 0 */
} Question;

typedef struct QuestionList {
    VEC(Question *) list;
} QuestionList;

/* A recorded answer: by the user on the command line, in the sidecar or in the workbench. */
typedef struct Answer {
    const char *id, *answer;
    const char *at; /* NULL: not recorded with a text */
} Answer;

typedef struct AnswerSet {
    VEC(Answer) list;
} AnswerSet;

const Answer *answer_find(const AnswerSet *s, const char *id);

/* Adds a question, gives it a unique id (appends #n), looks up its answer and sets state and
 * answer: a recorded answer whose `at` differs from the question's is stale; a value that is no
 * option of a question without free text is stale too, if the options are there already: add them
 * (question_option) to q before. While stale, the default is in force. Returns it. */
Question *question_add(Arena *a, QuestionList *l, const AnswerSet *answers, Question q);
Question *question_find(const QuestionList *l, const char *id);
void question_option(Arena *a, Question *q, const char *answer, const char *label,
                     const char *consequence);

#endif
