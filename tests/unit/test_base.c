/* Arena, vectors, maps, strings, diagnostics, files. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"

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

/* --- memory --- */

static void arena_gives_zeroed_aligned_distinct_memory(void **state)
{
    (void)state;
    unsigned char *last = NULL;
    for (size_t size = 0; size < 100000; size = size * 2 + 1) {
        unsigned char *p = arena_alloc(arena, size);
        assert_ptr_not_equal(p, last);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(p[i], 0);
        memset(p, 0xAB, size);
        last = p;
    }
    assert_true(arena_bytes(arena) > 100000);
}

static void arena_keeps_small_blocks_after_large_ones(void **state)
{
    (void)state;
    char *small = arena_strdup(arena, "small");
    char *large = arena_alloc(arena, 10 * 1024 * 1024);
    large[0] = large[10 * 1024 * 1024 - 1] = 'x';
    char *next = arena_printf(arena, "%s %d", small, 2);
    assert_string_equal(next, "small 2");
    assert_true(next > small && next < small + 1024);
    assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
}

static void vec_grows_and_inserts(void **state)
{
    (void)state;
    IntVec v = {0};
    for (int i = 0; i < 100; i++) vec_push(arena, &v, i);
    vec_insert(arena, &v, 0, -1);
    vec_insert(arena, &v, 50, -2);
    vec_insert(arena, &v, v.len, -3);
    assert_int_equal(v.len, 103);
    assert_int_equal(v.at[0], -1);
    assert_int_equal(v.at[50], -2);
    assert_int_equal(v.at[51], 49);
    assert_int_equal(v.at[102], -3);
}

static void map_keeps_order_and_survives_removal(void **state)
{
    (void)state;
    Map *m = map_new(arena);
    assert_null(map_get(m, "nothing"));
    for (int i = 0; i < 1000; i++)
        map_set(m, arena_printf(arena, "k%d", i), arena_printf(arena, "v%d", i));
    assert_int_equal(map_count(m), 1000);
    assert_string_equal(map_get(m, "k777"), "v777");
    assert_string_equal(m->entries[3].key, "k3");
    for (int i = 0; i < 1000; i += 2) map_remove(m, arena_printf(arena, "k%d", i));
    assert_int_equal(map_count(m), 500);
    assert_false(map_has(m, "k10"));
    assert_true(map_has(m, "k11"));
    map_set(m, "k10", "again");
    map_set(m, "k11", "other");
    assert_string_equal(map_get(m, "k10"), "again");
    assert_string_equal(map_get(m, "k11"), "other");
    assert_int_equal(map_count(m), 501);
    map_set(m, "null", NULL);
    assert_true(map_has(m, "null"));
}

/* --- strings --- */

static void buf_is_always_terminated(void **state)
{
    (void)state;
    Buf b = {0};
    buf_addn(&b, "", 0);
    assert_string_equal(b.s, "");
    buf_add(&b, "ab");
    buf_addc(&b, 'c');
    buf_printf(&b, "%d%s", 12, "z");
    assert_string_equal(b.s, "abc12z");
    assert_string_equal(buf_take(&b, arena), "abc12z");
    assert_null(b.s);
    assert_string_equal(buf_take(&b, arena), "");
}

static void distance_counts_edits(void **state)
{
    (void)state;
    assert_int_equal(str_distance("conv", "conv"), 0);
    assert_int_equal(str_distance("", "conv"), 4);
    assert_int_equal(str_distance("conv", ""), 4);
    assert_int_equal(str_distance("kernel", "kernal"), 1);
    assert_int_equal(str_distance("stirde", "stride"), 1);
    assert_int_equal(str_distance("kitten", "sitting"), 3);
    assert_true(str_starts("module", "mod") && !str_starts("mod", "module"));
    assert_true(str_ends("model.py", ".py") && !str_ends("y", ".py"));
    assert_true(str_eq(NULL, NULL) && !str_eq("a", NULL) && str_eq("a", "a"));
}

static void utf8_decodes_and_measures(void **state)
{
    (void)state;
    unsigned c;
    assert_int_equal(utf8_decode("A", 1, &c), 1);
    assert_int_equal(c, 'A');
    assert_int_equal(utf8_decode("\xE2\x82\xAC", 3, &c), 3);
    assert_int_equal(c, 0x20AC);
    static const char *const malformed[] = {"\x80",         "\xC0\xAF",         "\xE2\x82",
                                            "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF"};
    for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
        assert_int_equal(utf8_decode(malformed[i], strlen(malformed[i]), &c), 1);
        assert_int_equal(c, 0xFFFD);
    }
    assert_int_equal(utf8_width("abc", 3), 3);
    assert_int_equal(utf8_width("\xE5\xB1\xA4", 3), 2); /* a wide character */
    assert_int_equal(utf8_width("e\xCC\x81", 3), 1);    /* a combining accent */
}

/* --- diagnostics --- */

static void positions_count_characters(void **state)
{
    (void)state;
    const char *text = "a\n\xC3\xA9t\xC3\xA9 = 1\n\nlast";
    SourceText *src = source_text_new(arena, "f.py", text, (int)strlen(text));
    int line, col;
    source_position(src, 0, &line, &col);
    assert_int_equal(line * 100 + col, 101);
    source_position(src, 8, &line, &col); /* '=' after three characters in five bytes and a blank */
    assert_int_equal(line * 100 + col, 205);
    source_position(src, src->len, &line, &col);
    assert_int_equal(line * 100 + col, 405);
    source_position(src, 99999, &line, &col);
    assert_int_equal(line * 100 + col, 405);
}

static const char *formatted(const char *text, Span span, const char *hint)
{
    SourceText *src = source_text_new(arena, "model.py", text, (int)strlen(text));
    DiagList l = {.arena = arena};
    diag_add(&l, SEV_ERROR, "shape", "model.py", span, hint, "expects %d", 3);
    diag_add(&l, SEV_ERROR, "shape", "model.py", span, hint, "expects %d", 3);
    assert_int_equal(l.list.len, 1); /* the same is said once */
    Buf out = {0};
    diag_format(&l.list.at[0], src, false, &out);
    return buf_take(&out, arena);
}

static void diagnostics_show_the_line_and_a_caret(void **state)
{
    (void)state;
    assert_string_equal(formatted("x = 1\ny = foo(2)\n", (Span){10, 16}, "say bar"),
                        "model.py:2:5: error: expects 3 [shape]\n"
                        "    y = foo(2)\n"
                        "        ^~~~~~\n"
                        "    hint: say bar\n");
    assert_string_equal(formatted("x = 1\n", (Span){0, 0}, NULL),
                        "model.py: error: expects 3 [shape]\n");
    assert_string_equal(formatted("\tx = \xE5\xB1\xA4(1)\n", (Span){5, 11}, NULL),
                        "model.py:1:6: error: expects 3 [shape]\n"
                        "        x = \xE5\xB1\xA4(1)\n"
                        "            ^~~~~\n");
    assert_string_equal(formatted("f(\n", (Span){2, 3}, NULL),
                        "model.py:1:3: error: expects 3 [shape]\n"
                        "    f(\n"
                        "      ^\n");
}

static void diagnostics_do_not_drive_the_terminal(void **state)
{
    (void)state;
    const char *text = formatted("x = '\033[2J\x9b\xff'\r\n", (Span){4, 5}, NULL);
    assert_null(strchr(text, '\033'));
    assert_null(strchr(text, '\r'));
    assert_null(strchr(text, '\xff'));
}

static void long_lines_are_cut_around_the_span(void **state)
{
    (void)state;
    char text[5001];
    memset(text, 'a', 5000);
    text[5000] = '\0';
    memcpy(text + 3000, "HERE", 4);
    const char *out = formatted(text, (Span){3000, 3004}, NULL);
    const char *line = strchr(out, '\n') + 1, *caret = strchr(line, '\n') + 1;
    assert_true(caret - line < 120);
    assert_memory_equal(line + (strchr(caret, '^') - caret), "HERE", 4);
}

/* --- files --- */

static char *folder;

static const char *in_folder(const char *name)
{
    return path_join(arena, folder, name);
}

static int make_folder(void **state)
{
    setup(state);
    char template[] = "build/test_base_XXXXXX";
    const char *err;
    file_mkdirs(arena, "build", &err);
    folder = mkdtemp(template) ? x_strdup(template) : NULL;
    return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
    char *command = arena_printf(arena, "rm -rf '%s'", folder);
    int rc = system(command);
    free(folder);
    teardown(state);
    return rc;
}

static const char *contents(const char *path)
{
    size_t len;
    const char *err = NULL;
    const char *text = file_read(arena, path, &len, &err);
    return text ? text : "(unreadable)";
}

static void files_are_written_whole(void **state)
{
    (void)state;
    const char *path = in_folder("a.py"), *note, *err;
    assert_true(file_write_atomic(arena, path, "one\n", 4, &note, &err));
    assert_null(note);
    assert_string_equal(contents(path), "one\n");
    chmod(path, 0640);
    assert_true(file_write_atomic(arena, path, "two", 3, &note, &err));
    struct stat st;
    stat(path, &st);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_string_equal(contents(path), "two");
    char *command = arena_printf(arena, "test \"$(ls -A '%s' | wc -l)\" -eq 1", folder);
    assert_int_equal(system(command), 0); /* no temporary file is left */
}

static void symlinks_stay_and_their_target_is_written(void **state)
{
    (void)state;
    const char *note, *err, *link = in_folder("link"), *target = in_folder("target");
    assert_int_equal(symlink("target", link), 0);
    assert_true(file_write_atomic(arena, link, "new", 3, &note, &err)); /* dangling until now */
    assert_string_equal(contents(target), "new");
    assert_true(file_write_atomic(arena, link, "newer", 5, &note, &err));
    struct stat st;
    lstat(link, &st);
    assert_true(S_ISLNK(st.st_mode));
    assert_string_equal(contents(target), "newer");
    assert_int_equal(symlink("loop", in_folder("loop")), 0);
    assert_false(file_write_atomic(arena, in_folder("loop"), "x", 1, &note, &err));
}

static void hard_links_are_kept_with_a_backup(void **state)
{
    (void)state;
    const char *note, *err, *one = in_folder("one"), *two = in_folder("two");
    assert_true(file_write_atomic(arena, one, "old", 3, &note, &err));
    assert_int_equal(link(one, two), 0);
    assert_true(file_write_atomic(arena, one, "new", 3, &note, &err));
    assert_non_null(note);
    assert_string_equal(contents(two), "new");
    assert_string_equal(contents(in_folder("one~")), "old");
}

static void what_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    const char *note, *err = NULL;
    assert_false(file_write_atomic(arena, folder, "x", 1, &note, &err));
    assert_non_null(err);
    err = NULL;
    assert_false(file_write_atomic(arena, in_folder("no/such/file"), "x", 1, &note, &err));
    assert_non_null(err);
    err = NULL;
    size_t len;
    assert_null(file_read(arena, in_folder("nothing"), &len, &err));
    assert_non_null(strstr(err, "nothing"));
    assert_null(file_read(arena, folder, &len, &err));
}

static void full_disks_are_told(void **state)
{
    (void)state;
    const char *note, *err = NULL;
    if (!file_exists("/dev/full")) skip();
    assert_false(file_write_atomic(arena, "/dev/full", "x", 1, &note, &err));
    assert_non_null(err);
}

static void folders_are_made_on_the_way(void **state)
{
    (void)state;
    const char *err = NULL;
    assert_true(file_mkdirs(arena, in_folder("a/b/c"), &err));
    assert_true(file_is_dir(in_folder("a/b/c")));
    assert_true(file_mkdirs(arena, in_folder("a/b/c"), &err));
    const char *note;
    file_write_atomic(arena, in_folder("file"), "", 0, &note, &err);
    assert_false(file_mkdirs(arena, in_folder("file/x"), &err));
    assert_false(file_is_dir(in_folder("file")));
    assert_true(file_exists(in_folder("file")));
}

static void paths_are_taken_apart(void **state)
{
    (void)state;
    assert_string_equal(path_join(arena, "a", "b"), "a/b");
    assert_string_equal(path_join(arena, "a/", "b"), "a/b");
    assert_string_equal(path_join(arena, "a", "/b"), "/b");
    assert_string_equal(path_join(arena, "", "b"), "b");
    assert_string_equal(path_dir(arena, "a/b.py"), "a");
    assert_string_equal(path_dir(arena, "b.py"), ".");
    assert_string_equal(path_dir(arena, "/b.py"), "/");
    assert_string_equal(path_base("a/b.py"), "b.py");
    assert_string_equal(path_base("b.py"), "b.py");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define F(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        T(arena_gives_zeroed_aligned_distinct_memory),
        T(arena_keeps_small_blocks_after_large_ones),
        T(vec_grows_and_inserts),
        T(map_keeps_order_and_survives_removal),
        T(buf_is_always_terminated),
        T(distance_counts_edits),
        T(utf8_decodes_and_measures),
        T(positions_count_characters),
        T(diagnostics_show_the_line_and_a_caret),
        T(diagnostics_do_not_drive_the_terminal),
        T(long_lines_are_cut_around_the_span),
        F(files_are_written_whole),
        F(symlinks_stay_and_their_target_is_written),
        F(hard_links_are_kept_with_a_backup),
        F(what_cannot_be_written_is_an_error),
        F(full_disks_are_told),
        F(folders_are_made_on_the_way),
        T(paths_are_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
