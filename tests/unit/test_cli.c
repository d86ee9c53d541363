/* The command line: parsing, help, and that the man page and the completions say what the tables
 * say. With UPDATE=1 in the environment the completions are written anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/unified.h"

typedef struct Line {
    Arena *arena;
    Args args;
    const char *err;
    bool ok;
} Line;

/* Parses the words of a line that are split at blanks. */
static Line parse(const char *text)
{
    static char *words[32];
    Line line = {.arena = arena_new()};
    char *copy = arena_strdup(line.arena, text);
    int n = 0;
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) words[n++] = word;
    line.ok = args_parse(&line.args, line.arena, n, words, &line.err);
    return line;
}

static void parses_options_anywhere(void **state)
{
    (void)state;
    Line l = parse(
        "portolan port --to tensorflow model.py --shape 1,3,8,8 --set a:b=c --shape=x:B,2 -o -");
    assert_true(l.ok);
    assert_int_equal(l.args.command, CMD_PORT);
    assert_int_equal(l.args.files.len, 1);
    assert_string_equal(l.args.value[OPT_TO], "tensorflow");
    assert_string_equal(l.args.value[OPT_OUTPUT], "-");
    assert_string_equal(l.args.shapes.at[1], "x:B,2");
    assert_null(l.args.shapes.at[2]);
    assert_string_equal(l.args.sets.at[0], "a:b=c");
    arena_free(l.arena);
}

static void a_file_alone_is_the_workbench(void **state)
{
    (void)state;
    Line l = parse("portolan model.py --to pytorch");
    assert_true(l.ok);
    assert_int_equal(l.args.command, CMD_WORKBENCH);
    assert_string_equal(l.args.files.at[0], "model.py");
    arena_free(l.arena);
    l = parse("portolan -- port");
    assert_true(l.ok);
    assert_int_equal(l.args.command, CMD_WORKBENCH);
    assert_string_equal(l.args.files.at[0], "port");
    arena_free(l.arena);
}

static void refuses(const char *text, const char *message)
{
    Line l = parse(text);
    assert_false(l.ok);
    if (!strstr(l.err, message))
        fail_msg("%s: \"%s\" does not say \"%s\"", text, l.err, message);
    arena_free(l.arena);
}

static void says_what_was_meant(void **state)
{
    (void)state;
    refuses("portolan port model.py --too x", "did you mean --to?");
    refuses("portolan prot model.py", "did you mean port?");
    refuses("portolan port model.py --keep d", "--keep is not an option of port");
    refuses("portolan port --to pytorch", "FILE");
    refuses("portolan verify a.py", "FILE PORTED");
    refuses("portolan port a.py b.py", "b.py");
    refuses("portolan port a.py --to", "--to needs a value");
    refuses("portolan port a.py --strict=yes", "takes no value");
    refuses("portolan port a.py --zzzzzzzzzz", "no option --zzzzzzzzzz");
}

static void help_fits_a_terminal(void **state)
{
    (void)state;
    Buf out = {0};
    help_program(&out);
    int lines = 0, column = 0;
    for (size_t i = 0; i < out.len; i++) {
        column = out.s[i] == '\n' ? 0 : column + 1;
        lines += out.s[i] == '\n';
        assert_true(column <= 80);
    }
    assert_true(lines <= 24);
    for (int i = 0; i < CMD_COUNT; i++) assert_non_null(strstr(out.s, cli_commands[i].help));
    buf_free(&out);
    for (int c = 0; c < CMD_COUNT; c++) {
        help_command((CommandId)c, &out);
        for (size_t i = 0; i < out.len; i++) {
            column = out.s[i] == '\n' ? 0 : column + 1;
            assert_true(column <= 100);
        }
        buf_free(&out);
    }
}

static char *read_file(Arena *a, const char *path)
{
    size_t len;
    const char *err = NULL;
    char *text = file_read(a, path, &len, &err);
    if (!text)
        fail_msg("%s: %s", path, err);
    return text;
}

/* groff's hyphens are written \-, its font changes \fB and \fR. */
static char *plain_man(Arena *a)
{
    char *text = read_file(a, "portolan.1"), *to = text;
    for (const char *from = text; *from; from++) {
        if (from[0] == '\\' && from[1] == 'f' && from[2])
            from += 2;
        else if (from[0] != '\\')
            *to++ = *from;
    }
    *to = 0;
    return text;
}

static void man_page_has_every_row(void **state)
{
    (void)state;
    Arena *a = arena_new();
    const char *man = plain_man(a);
    for (int i = 0; i < OPT_COUNT; i++)
        if (!strstr(man, cli_options[i].name))
            fail_msg("the man page does not have %s", cli_options[i].name);
    const char *examples = strstr(man, ".SH EXAMPLES");
    assert_non_null(examples);
    for (int i = 1; i < CMD_COUNT; i++) {
        const char *line = arena_printf(a, "portolan %s ", cli_commands[i].name);
        if (!strstr(examples, line))
            fail_msg("the man page has no example of \"%s\"", line);
    }
    arena_free(a);
}

static void completions_are_the_tables(void **state)
{
    (void)state;
    static const char *const shells[][2] = {{"bash", "completions/portolan.bash"},
                                            {"zsh", "completions/_portolan"},
                                            {"fish", "completions/portolan.fish"}};
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        Buf out = {0};
        const char *note, *err;
        assert_true(completions_write(shells[i][0], &out));
        if (getenv("UPDATE"))
            assert_true(file_write_atomic(a, shells[i][1], out.s, out.len, &note, &err));
        assert_string_equal(read_file(a, shells[i][1]), out.s);
        buf_free(&out);
    }
    Buf none = {0};
    assert_false(completions_write("tcsh", &none));
    buf_free(&none);
    arena_free(a);
}

static void check_diff(const char *old, const char *new, const char *expected)
{
    Buf out = {0};
    unified_diff(old, new, "a", "b", &out);
    assert_string_equal(out.s ? out.s : "", expected);
    buf_free(&out);
}

static void unified_diffs(void **state)
{
    (void)state;
    check_diff("x\n", "x\n", "");
    check_diff("", "x\ny\n", "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+x\n+y\n");
    check_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
               "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
    check_diff("1\n2", "1\n2\n",
               "--- a\n+++ b\n@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_options_anywhere), cmocka_unit_test(a_file_alone_is_the_workbench),
        cmocka_unit_test(says_what_was_meant),     cmocka_unit_test(help_fits_a_terminal),
        cmocka_unit_test(man_page_has_every_row),  cmocka_unit_test(completions_are_the_tables),
        cmocka_unit_test(unified_diffs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
