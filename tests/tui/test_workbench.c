/* The workbench over the engine itself, off-screen: every question of every sample answered by keys
 * in every way, and what is written held against what the engine makes headless of the decisions
 * that were written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "portolan.h"
#include "tui/tui.h"

#define OUT "build/test-workbench"

static void run(const char *path, const char *keys, const char *size)
{
    TuiOptions o = {
        .path = path,
        .engine = {.output = OUT "/out.py", .decisions = OUT "/out.json", .templates = "templates"},
        .keys = keys,
        .size = size,
        .dump = OUT "/screen.txt"};
    int status = tui_run(&o);
    if (status != 0)
        print_error("%s: status %d from keys %s\n", path, status, keys);
    assert_int_equal(status, 0);
}

static char *read_all(Arena *a, const char *path)
{
    size_t len;
    const char *err = NULL;
    return file_exists(path) ? file_read(a, path, &len, &err) : NULL;
}

static void answer_and_write(Arena *a, const char *path, const char *id, const char *keys)
{
    const char *err = NULL;
    unlink(OUT "/out.py");
    unlink(OUT "/out.json");
    run(path, arena_printf(a, "<wait>:question %s<Enter>%s<Esc>wy", id, keys), "120x40");
    PtlOptions o = {
        .output = OUT "/out.py", .decisions = OUT "/out.json", .templates = "templates"};
    PtlDoc *doc = ptl_open(path, &o, &err);
    assert_non_null(doc);
    const PtlPort *port = ptl_port(doc);
    const char *written = read_all(a, OUT "/out.py");
    bool right = port->text ? str_eq(written, port->text) : written == NULL;
    if (!right || (port->text && port->chosen == 0))
        print_error("%s: %s by %s: not what the decisions make headless\n%s", path, id, keys,
                    read_all(a, OUT "/screen.txt"));
    assert_true(right);
    assert_true(!port->text || port->chosen > 0);
    ptl_close(doc);
}

static void answer_each_way(const char *path)
{
    Arena *a = arena_new();
    const char *err = NULL;
    PtlOptions o = {.no_sidecar = true, .templates = "templates"};
    PtlDoc *doc = ptl_open(path, &o, &err);
    if (!doc)
        print_error("%s\n", err);
    assert_non_null(doc);
    const PtlPort *port = ptl_port(doc);
    for (int i = 0; i < port->ndecisions; i++) {
        const PtlDecision *d = &port->decisions[i];
        for (int k = 0; k < d->noptions && k < 9; k++)
            answer_and_write(a, path, d->id, arena_printf(a, "%d", k + 1));
        if (!d->free_text)
            continue;
        const char *typed = str_eq(d->kind, "input-shape") ? "2,32,32,3" : "10";
        if (ptl_check_answer(doc, d->id, typed, &err))
            answer_and_write(a, path, d->id, arena_printf(a, "i<C-u>%s<Enter>", typed));
    }
    ptl_close(doc);
    arena_free(a);
}

static void walk(const char *path)
{
    static const char *const walks[] = {
        "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]*%K<Esc>[[[[[[",
        "<Tab>jjjjjjjjjjhhzMzRjjG<Tab>jjjjjjjjGkkkkggK<Esc>",
        "}jj<Enter>{k<Enter>uuu<C-r><C-r>}jjjfffff:questions<Enter>jjjkk<Enter>",
        "p<PgDn>G<Esc>?G<Esc>t<Esc>:report<Enter><Esc>D<Esc>:set<Enter><Esc>/self<Enter>nnN",
        ":set style=sequential<Enter>]]]]:set style=functional<Enter>2jj:set style=<BS>x<Enter>",
    };
    static const char *const sizes[] = {"80x24", "120x40", "200x60"};
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 3; k++) run(path, walks[i], sizes[k]);
}

static void each_file(const char *pattern, void (*what)(const char *))
{
    glob_t files;
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) what(files.gl_pathv[i]);
    globfree(&files);
}

static void test_answers_of_decisions(void **state)
{
    (void)state;
    each_file("samples/decisions/*.py", answer_each_way);
}

static void test_answers_of_networks(void **state)
{
    (void)state;
    each_file("samples/*.py", answer_each_way);
}

static void test_walks(void **state)
{
    (void)state;
    each_file("samples/*.py", walk);
    each_file("samples/decisions/*.py", walk);
}

/* What an answer would do is what it does: the previewed lines are the ones that come. */
static void test_preview_is_what_comes(void **state)
{
    (void)state;
    Arena *a = arena_new();
    const char *path = "samples/decisions/flatten_order.py", *err = NULL;
    PtlOptions o = {.no_sidecar = true, .templates = "templates"};
    PtlDoc *doc = ptl_open(path, &o, &err);
    assert_non_null(doc);
    const PtlPort *port = ptl_port(doc);
    const char *id = NULL;
    for (int i = 0; i < port->ndecisions; i++)
        if (str_eq(port->decisions[i].kind, "flatten-order"))
            id = arena_strdup(a, port->decisions[i].id);
    assert_non_null(id);
    unlink(OUT "/out.json");
    run(path, arena_printf(a, "<wait>:question %s<Enter>j", id), "200x60");
    assert_non_null(strstr(read_all(a, OUT "/screen.txt"), "preview"));
    const PtlPort *preview = ptl_preview(doc, id, "target", &err);
    assert_non_null(preview);
    char *would = arena_strdup(a, preview->text);
    assert_true(ptl_answer(doc, id, "target", &err));
    assert_string_equal(ptl_port(doc)->text, would);
    ptl_close(doc);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_of_decisions),
        cmocka_unit_test(test_answers_of_networks),
        cmocka_unit_test(test_walks),
        cmocka_unit_test(test_preview_is_what_comes),
    };
    Arena *a = arena_new();
    const char *err = NULL;
    file_mkdirs(a, OUT, &err);
    arena_free(a);
    return cmocka_run_group_tests_name("workbench", tests, NULL, NULL);
}
