/* Questions and answers: which answer is in force, and in what state the question stands.
 *
 * An answer on record is found by the question's id. Where a place holds several questions ("#2",
 * "#3") and one was inserted in the source, numbers shift; so an answer of the same place whose
 * recorded text is this question's text is preferred over one that only has the same number. Text
 * is compared without regard to white space, so that reformatting a file leaves its decisions
 * alone.
 *
 * "stub" is an answer like any other, but never completes a port: its state stays "unsupported". */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/question.h"

static const char *const names[Q_KINDS] = {
#define X(id, name, title) name,
    QUESTION_KINDS(X)
#undef X
};

static const char *const titles[Q_KINDS] = {
#define X(id, name, title) title,
    QUESTION_KINDS(X)
#undef X
};

const char *question_kind_name(QuestionKind k)
{
    return (unsigned)k < Q_KINDS ? names[k] : "?";
}

const char *question_kind_title(QuestionKind k)
{
    return (unsigned)k < Q_KINDS ? titles[k] : "?";
}

const Answer *answer_find(const AnswerSet *s, const char *id)
{
    for (int i = s ? s->list.len - 1 : -1; i >= 0; i--) { /* the latest wins */
        if (str_eq(s->list.at[i].id, id)) return &s->list.at[i];
    }
    return NULL;
}

static bool same_text(const char *x, const char *y)
{
    if (!x || !y) return x == y;
    for (;;) {
        while (isspace((unsigned char)*x)) x++;
        while (isspace((unsigned char)*y)) y++;
        if (*x != *y) return false;
        if (!*x) return true;
        x++;
        y++;
    }
}

/* Length of an id without its "#n". */
static size_t place_length(const char *id)
{
    const char *hash = strrchr(id, '#');
    return hash ? (size_t)(hash - id) : strlen(id);
}

static bool same_place(const char *x, const char *y)
{
    size_t n = place_length(x);
    return n == place_length(y) && strncmp(x, y, n) == 0;
}

Question *question_find(const QuestionList *l, const char *id)
{
    for (int i = 0; i < l->list.len; i++) {
        if (str_eq(l->list.at[i]->id, id)) return l->list.at[i];
    }
    return NULL;
}

/* An answer that an earlier question of the same text has taken by its id is not free for another.
 * */
static bool is_taken(const QuestionList *l, const Answer *answer)
{
    const Question *q = question_find(l, answer->id);
    return q && same_text(q->at, answer->at);
}

/* The n of an id's "#n"; 1 without one. */
static int place_number(const char *id)
{
    const char *hash = strrchr(id, '#');
    return hash ? atoi(hash + 1) : 1;
}

/* A question that comes before others moves their numbers up, so an answer is looked for under lower numbers. Not under
 * higher ones: the question that has such a number is yet to be asked, and the answer is its own. */
static const Answer *recorded(const QuestionList *l, const AnswerSet *answers, const Question *q)
{
    const Answer *mine = answer_find(answers, q->id);
    if (mine && (!mine->at || same_text(mine->at, q->at))) return mine;
    for (int i = answers ? answers->list.len - 1 : -1; i >= 0; i--) {
        const Answer *other = &answers->list.at[i];
        bool about_this = other->at && same_place(other->id, q->id) && same_text(other->at, q->at);
        bool before = about_this && place_number(other->id) < place_number(q->id);
        if (before && !is_taken(l, other)) return other;
    }
    return mine;
}

static bool is_option(const Question *q, const char *answer)
{
    for (int i = 0; i < q->options.len; i++) {
        if (str_eq(q->options.at[i].answer, answer)) return true;
    }
    return false;
}

static bool leaves_a_stub(const Question *q, const char *answer)
{
    return (q->kind == Q_UNSUPPORTED || q->kind == Q_LOSSY) && str_eq(answer, "stub");
}

/* A question whose options are not there yet takes any answer: they are added before it where the
 * answer matters. */
static bool acceptable(const Question *q, const char *answer)
{
    return q->free_text || q->options.len == 0 || is_option(q, answer);
}

static void settle(Arena *a, Question *q, const Answer *given)
{
    q->answer = q->dflt;
    q->state = !q->dflt                    ? ANSWER_OPEN
               : leaves_a_stub(q, q->dflt) ? ANSWER_UNSUPPORTED
                                           : ANSWER_DEFAULT;
    if (!given || !given->answer) return;
    if ((given->at && !same_text(given->at, q->at)) || !acceptable(q, given->answer)) {
        q->state = ANSWER_STALE;
        return;
    }
    q->answer = arena_strdup(a, given->answer);
    q->state = leaves_a_stub(q, q->answer) ? ANSWER_UNSUPPORTED : ANSWER_CHOSEN;
}

static const char *unique_id(Arena *a, const QuestionList *l, const char *id)
{
    if (!question_find(l, id)) return id;
    for (int n = 2;; n++) {
        const char *numbered = arena_printf(a, "%s#%d", id, n);
        if (!question_find(l, numbered)) return numbered;
    }
}

Question *question_add(Arena *a, QuestionList *l, const AnswerSet *answers, Question q)
{
    Question *added = ARENA_NEW(a, Question);
    *added = q;
    added->id = unique_id(a, l, q.id);
    settle(a, added, recorded(l, answers, added));
    vec_push(a, &l->list, added);
    return added;
}

void question_option(Arena *a, Question *q, const char *answer, const char *label,
                     const char *consequence)
{
    QuestionOption o = {.answer = answer, .label = label, .consequence = consequence};
    vec_push(a, &q->options, o);
}
