/* Verify without Python: what it writes, how it runs a program, how it reads the answer. A shell
 * script plays Python; the real one is in tests/equivalence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "verify/job.h"
#include "verify/process.h"
#include "verify/verify.h"

/* ---- process_run ---- */

typedef struct Heard {
    Buf text;
    int lines, stop_after;
} Heard;

static bool hear(void *user, const char *line)
{
    Heard *h = user;
    if (!line)
        return true;
    buf_printf(&h->text, "%s|", line);
    return ++h->lines != h->stop_after;
}

static ProcessEnd shell(const char *script, double silence, Heard *h)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    ProcessOptions o = {.argv = argv, .silence = silence, .on_line = hear, .user = h};
    return process_run(&o);
}

static void lines_and_status_arrive(void **s)
{
    (void)s;
    Heard h = {0};
    ProcessEnd end = shell("echo one; echo two; echo oops >&2; echo >&2; cat; exit 3", 10, &h);
    assert_int_equal(end.how, PROCESS_EXITED);
    assert_int_equal(end.code, 3);
    assert_string_equal(h.text.s, "one|two|");
    assert_string_equal(end.last_words, "oops");
    buf_free(&h.text);
}

static void a_large_output_does_not_block(void **s)
{
    (void)s;
    Heard h = {0};
    ProcessEnd end = shell(
        "i=0; while [ $i -lt 20000 ]; do echo aaaaaaaaaa; echo bbbbbbbbbb >&2; i=$((i+1)); done",
        20, &h);
    assert_int_equal(end.how, PROCESS_EXITED);
    assert_int_equal(h.lines, 20000);
    assert_string_equal(end.last_words, "bbbbbbbbbb");
    buf_free(&h.text);
}

static void silence_signals_and_absence_are_told_apart(void **s)
{
    (void)s;
    Heard h = {0};
    assert_int_equal(shell("sleep 30", 0.3, &h).how, PROCESS_SILENT);
    ProcessEnd end = shell("kill -KILL $$", 10, &h);
    assert_int_equal(end.how, PROCESS_SIGNALED);
    assert_int_equal(end.code, 9);
    const char *argv[] = {"/nowhere/at/all", NULL};
    ProcessOptions o = {.argv = argv};
    end = process_run(&o);
    assert_int_equal(end.how, PROCESS_NOT_STARTED);
    assert_true(end.code != 0);
}

static void the_caller_can_stop_it(void **s)
{
    (void)s;
    Heard h = {.stop_after = 1};
    assert_int_equal(shell("echo one; exec sleep 30", 10, &h).how, PROCESS_CANCELLED);
    buf_free(&h.text);
}

/* ---- verify_run with a false Python ---- */

typedef struct Setting {
    Arena *a;
    char *folder, *python;
    Buf progress;
} Setting;

static bool note_progress(void *user, int done, int total, const char *text)
{
    Setting *set = user;
    if (text)
        buf_printf(&set->progress, "%d/%d %s|", done, total, text);
    return true;
}

static void write_text(Arena *a, const char *path, const char *text)
{
    const char *note = NULL, *err = NULL;
    assert_true(file_write_atomic(a, path, text, strlen(text), &note, &err));
}

static VerifyRequest set_up(Setting *set, const char *script)
{
    *set = (Setting){.a = arena_new()};
    set->folder = mkdtemp(arena_strdup(set->a, "/tmp/portolan-test-XXXXXX"));
    assert_non_null(set->folder);
    set->python = path_join(set->a, set->folder, "python");
    write_text(set->a, set->python, arena_printf(set->a, "#!/bin/sh\n%s\n", script));
    assert_int_equal(chmod(set->python, 0700), 0);
    return (VerifyRequest){
        .source = {.path = "model.py", .framework = "pytorch", .root = "Net()"},
        .port = {.path = "/abs/model_tensorflow.py", .framework = "tensorflow", .root = "Net()"},
        .templates = "templates",
        .python = set->python,
        .progress = note_progress,
        .user = set};
}

static void tear_down(Setting *set)
{
    unlink(set->python);
    unlink(path_join(set->a, set->folder, "kept/verify.py"));
    unlink(path_join(set->a, set->folder, "kept/job.json"));
    rmdir(path_join(set->a, set->folder, "kept"));
    assert_int_equal(rmdir(set->folder), 0);
    buf_free(&set->progress);
    arena_free(set->a);
}

static void a_verdict_is_read(void **s)
{
    (void)s;
    Setting set;
    VerifyRequest q = set_up(
        &set,
        "test -f \"$1\" && test -f \"$2\" || exit 9\n"
        "echo '{\"event\": \"progress\", \"done\": 1, \"total\": 4, \"text\": \"building\"}'\n"
        "echo 'noise'\n"
        "echo '{\"event\": \"result\", \"verdict\": \"unequal\", \"message\": \"m\", \"max\": 0.5, "
        "\"mean\": 0.1, "
        "\"allowed\": 1e-6, \"trials\": 20, \"first\": 0, \"unseen\": [\"fc\"], \"unreached\": [], "
        "\"outputs\": [{\"max\": 0.5, \"equal\": false}], \"layers\": [{\"source\": \"conv\", "
        "\"target\": \"conv\", "
        "\"source_line\": 12, \"seen\": false, \"moves\": 0.25, \"max\": 0.5, \"equal\": false}], "
        "\"versions\": {\"source\": \"torch 2\"}}'\nexit 4");
    VerifyResult *r = verify_run(&q);
    assert_int_equal(r->verdict, VERIFY_UNEQUAL);
    assert_int_equal(verify_exit_status(r), 4);
    assert_string_equal(r->message, "m");
    assert_string_equal(set.progress.s, "1/4 building|");
    assert_int_equal(r->layers.len, 1);
    assert_int_equal(r->layers.at[0].source_line, 12);
    assert_true(r->layers.at[0].unseen);
    assert_int_equal(r->first, 0);
    assert_string_equal(r->unseen.at[0], "fc");
    assert_string_equal(r->source_version, "torch 2");
    assert_string_equal(r->port_version, "");
    assert_non_null(strstr(verify_to_json(r), "\"status\":\t4"));
    verify_free(r);
    tear_down(&set);
}

static void check_failure(const char *script, const char *message)
{
    Setting set;
    VerifyRequest q = set_up(&set, script);
    VerifyResult *r = verify_run(&q);
    assert_int_equal(r->verdict, VERIFY_ERROR);
    assert_int_equal(verify_exit_status(r), 1);
    if (!strstr(r->message, message))
        fail_msg("'%s' does not say '%s'", r->message, message);
    assert_non_null(strstr(verify_to_json(r), "\"error\""));
    verify_free(r);
    tear_down(&set);
}

static void failures_are_messages(void **s)
{
    (void)s;
    check_failure("echo 'SyntaxError: invalid syntax' >&2; exit 1",
                  "ended with status 1 and no result: SyntaxError");
    check_failure("kill -SEGV $$", "was ended by signal 11");
    check_failure(
        "echo '{\"event\": \"result\", \"verdict\": \"error\", \"message\": \"no module torch\"}'",
        "no module torch");
    check_failure("echo '{\"event\": \"result\"}'", "");
    check_failure(
        "echo '{\"event\": \"result\", \"verdict\": 7, \"layers\": {\"a\": 1}, \"first\": 12}'",
        "");
}

static void a_missing_python_or_script_is_a_message(void **s)
{
    (void)s;
    VerifyRequest q = {.source = {.path = "a.py"},
                       .port = {.path = "b.py"},
                       .templates = "templates",
                       .python = "/nowhere/python"};
    VerifyResult *r = verify_run(&q);
    assert_int_equal(r->verdict, VERIFY_ERROR);
    assert_non_null(strstr(r->message, "cannot run /nowhere/python"));
    verify_free(r);
    q.templates = "tests";
    r = verify_run(&q);
    assert_non_null(strstr(r->message, "the comparison script is not in tests/verify"));
    verify_free(r);
}

static void keep_leaves_script_and_job(void **s)
{
    (void)s;
    Setting set;
    VerifyRequest q = set_up(&set, "echo '{\"event\": \"result\", \"verdict\": \"equal\"}'");
    q.keep = path_join(set.a, set.folder, "kept");
    VerifyResult *r = verify_run(&q);
    assert_int_equal(r->verdict, VERIFY_EQUAL);
    assert_true(file_exists(r->kept));
    assert_true(file_exists(path_join(set.a, q.keep, "job.json")));
    verify_free(r);
    tear_down(&set);
}

/* ---- the job ---- */

static void the_job_says_it_all(void **s)
{
    (void)s;
    Arena *a = arena_new();
    Span slice[] = {{0, 12}, {40, 900}};
    int perm[] = {0, 2, 3, 1};
    long long shape[] = {2, 3, 8, 8};
    VerifyInput input = {.name = "x", .shape = shape, .rank = 4, .port_perm = {perm, 4}};
    cJSON *attrs = cJSON_Parse("{\"C\": 8, \"H\": 4, \"W\": 4}");
    VerifyPair pairs[] = {{"conv", "conv", "Conv2D", "conv", 3, 5, {perm, 4}, NULL, NULL},
                          {"fc", "fc", "LinearLayer", "dense", 4, 6, {NULL, 0}, attrs, NULL}};
    VerifyRequest q = {.source = {"dir/model.py", "tensorflow", 2, slice, 2, "model"},
                       .port = {"/p.py", "pytorch", 0, NULL, 0, "Net(\"a\")"},
                       .inputs = &input,
                       .ninputs = 1,
                       .pairs = pairs,
                       .npairs = 2,
                       .trials = 7};
    cJSON *job = cJSON_Parse(job_text(a, &q));
    assert_non_null(job);
    char *text = cJSON_PrintUnformatted(job);
    assert_non_null(strstr(
        text,
        "/dir/model.py\",\"framework\":\"tensorflow\",\"keras\":2,\"slice\":[[0,12],[40,900]]"));
    assert_non_null(strstr(text, "\"port\":{\"path\":\"/p.py\""));
    assert_non_null(
        strstr(text, "\"shape\":[2,3,8,8],\"dtype\":\"float32\",\"port_perm\":[0,2,3,1]"));
    assert_non_null(strstr(text, "\"out_perm\":[0,2,3,1],\"attrs\":{}"));
    assert_non_null(strstr(text, "\"out_perm\":null,\"attrs\":{\"C\":8,\"H\":4,\"W\":4}"));
    assert_non_null(strstr(text, "\"trials\":7,\"weights\":\"drawn\""));
    assert_null(strstr(text, "tolerance"));
    cJSON_free(text);
    cJSON_Delete(job);
    cJSON_Delete(attrs);
    arena_free(a);
}

static void the_script_is_whole(void **s)
{
    (void)s;
    Arena *a = arena_new();
    const char *err = NULL;
    char *script = job_script(a, "templates", &err);
    assert_non_null(script);
    assert_true(str_starts(script, "#!/usr/bin/env python3\n"));
    assert_true(str_ends(script, "sys.exit(__doc__)\n"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_status_arrive),
        cmocka_unit_test(a_large_output_does_not_block),
        cmocka_unit_test(silence_signals_and_absence_are_told_apart),
        cmocka_unit_test(the_caller_can_stop_it),
        cmocka_unit_test(a_verdict_is_read),
        cmocka_unit_test(failures_are_messages),
        cmocka_unit_test(a_missing_python_or_script_is_a_message),
        cmocka_unit_test(keep_leaves_script_and_job),
        cmocka_unit_test(the_job_says_it_all),
        cmocka_unit_test(the_script_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
