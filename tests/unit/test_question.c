/* Questions: ids, states, and which recorded answer is in force. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pivot/question.h"

static Arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void record(AnswerSet *s, const char *id, const char *answer, const char *at)
{
    Answer a = {.id = id, .answer = answer, .at = at};
    vec_push(arena, &s->list, a);
}

static Question activation(const char *at)
{
    Question q = {.kind = Q_ACTIVATION, .id = "activation:Net.dense1", .at = at, .dflt = "dynamic"};
    question_option(arena, &q, "dynamic", "a parameter", "exact");
    question_option(arena, &q, "relu", "relu always", "exact");
    return q;
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(question_kind_name(Q_FLATTEN_ORDER), "flatten-order");
    assert_string_equal(question_kind_title(Q_ACTIVATION), "dynamic activation");
    assert_string_equal(question_kind_name((QuestionKind)99), "?");
}

static void test_defaults(void **state)
{
    (void)state;
    QuestionList l = {0};
    Question *q = question_add(arena, &l, NULL, activation("x"));
    assert_int_equal(q->state, ANSWER_DEFAULT);
    assert_string_equal(q->answer, "dynamic");
    Question open = {.kind = Q_INPUT_SHAPE, .id = "input-shape:Net.x", .free_text = true};
    q = question_add(arena, &l, NULL, open);
    assert_int_equal(q->state, ANSWER_OPEN);
    assert_null(q->answer);
    Question stub = {
        .kind = Q_UNSUPPORTED, .id = "unsupported:Net.f", .dflt = "stub", .free_text = true};
    q = question_add(arena, &l, NULL, stub);
    assert_int_equal(q->state, ANSWER_UNSUPPORTED);
    assert_string_equal(q->answer, "stub");
}

static void test_ids_are_unique(void **state)
{
    (void)state;
    QuestionList l = {0};
    assert_string_equal(question_add(arena, &l, NULL, activation("x"))->id,
                        "activation:Net.dense1");
    assert_string_equal(question_add(arena, &l, NULL, activation("x"))->id,
                        "activation:Net.dense1#2");
    Question *third = question_add(arena, &l, NULL, activation("x"));
    assert_string_equal(third->id, "activation:Net.dense1#3");
    assert_ptr_equal(question_find(&l, "activation:Net.dense1#3"), third);
    assert_null(question_find(&l, "activation:Net.dense2"));
}

static void test_chosen(void **state)
{
    (void)state;
    QuestionList l = {0};
    AnswerSet s = {0};
    record(&s, "activation:Net.dense1", "relu", NULL);
    Question *q = question_add(arena, &l, &s, activation("Dense(64, activation=act)"));
    assert_int_equal(q->state, ANSWER_CHOSEN);
    assert_string_equal(q->answer, "relu");
}

static void test_stale(void **state)
{
    (void)state;
    QuestionList l = {0};
    AnswerSet text = {0}, option = {0}, moved = {0};
    record(&text, "activation:Net.dense1", "relu", "Dense(64, activation=act)");
    Question *q = question_add(arena, &l, &text, activation("Dense(32, activation=act)"));
    assert_int_equal(q->state, ANSWER_STALE);
    assert_string_equal(q->answer, "dynamic"); /* the default holds meanwhile */
    record(&option, "activation:Net.dense1", "swash", NULL);
    l = (QuestionList){0};
    assert_int_equal(question_add(arena, &l, &option, activation("x"))->state, ANSWER_STALE);
    record(&moved, "activation:Net.dense1", "relu", "Dense(64,\n      activation=act)");
    l = (QuestionList){0};
    assert_int_equal(
        question_add(arena, &l, &moved, activation("Dense(64, activation=act)"))->state,
        ANSWER_CHOSEN);
}

/* A question inserted before shifts the numbers; the text finds its answer. */
static void test_numbers_shift(void **state)
{
    (void)state;
    QuestionList l = {0};
    AnswerSet s = {0};
    record(&s, "activation:Net.dense1", "relu", "Dense(1, activation=a)");
    record(&s, "activation:Net.dense1#2", "dynamic", "Dense(2, activation=a)");
    Question *inserted = question_add(arena, &l, &s, activation("Dense(0, activation=a)"));
    Question *first = question_add(arena, &l, &s, activation("Dense(1, activation=a)"));
    Question *second = question_add(arena, &l, &s, activation("Dense(2, activation=a)"));
    assert_int_equal(inserted->state, ANSWER_STALE);
    assert_int_equal(first->state, ANSWER_CHOSEN);
    assert_string_equal(first->answer, "relu");
    assert_int_equal(second->state, ANSWER_CHOSEN);
    assert_string_equal(second->answer, "dynamic");
}

/* Two equal texts at one place: an answer to the first is no answer to the second. */
static void test_twins_are_asked_apart(void **state)
{
    (void)state;
    QuestionList l = {0};
    AnswerSet s = {0};
    record(&s, "activation:Net.dense1", "relu", "Dense(1, activation=a)");
    assert_int_equal(question_add(arena, &l, &s, activation("Dense(1, activation=a)"))->state,
                     ANSWER_CHOSEN);
    assert_int_equal(question_add(arena, &l, &s, activation("Dense(1, activation=a)"))->state,
                     ANSWER_DEFAULT);
}

static void test_a_chosen_stub_completes_nothing(void **state)
{
    (void)state;
    QuestionList l = {0};
    AnswerSet s = {0};
    record(&s, "lossy:Net.f", "stub", NULL);
    Question q = {.kind = Q_LOSSY, .id = "lossy:Net.f"};
    question_option(arena, &q, "nearest", "", "");
    question_option(arena, &q, "stub", "", "incomplete");
    assert_int_equal(question_add(arena, &l, &s, q)->state, ANSWER_UNSUPPORTED);
}

static void test_the_latest_answer_wins(void **state)
{
    (void)state;
    AnswerSet s = {0};
    record(&s, "a", "1", NULL);
    record(&s, "a", "2", NULL);
    assert_string_equal(answer_find(&s, "a")->answer, "2");
    assert_null(answer_find(&s, "b"));
    assert_null(answer_find(NULL, "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_ids_are_unique),
        cmocka_unit_test(test_chosen),
        cmocka_unit_test(test_stale),
        cmocka_unit_test(test_numbers_shift),
        cmocka_unit_test(test_twins_are_asked_apart),
        cmocka_unit_test(test_a_chosen_stub_completes_nothing),
        cmocka_unit_test(test_the_latest_answer_wins),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
