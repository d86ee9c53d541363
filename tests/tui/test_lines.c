/* build: fake-engine
 *
 * Lines: the diff of two texts and the merge of three, on texts that are small enough to be tried
 * in every way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "tui/diff.h"
#include "tui/merge.h"

static Text text(Arena *a, const char *s)
{
    Text t;
    text_init(&t, a, s, (int)strlen(s));
    return t;
}

/* The rows rebuild both texts, and no shorter diff exists than the longest common subsequence
 * allows. */
static void check_diff(Arena *a, const char *x, const char *y)
{
    Text tx = text(a, x), ty = text(a, y);
    Diff d = diff_lines(a, &tx, &ty);
    Buf bx = {0}, by = {0};
    buf_add(&bx, "");
    buf_add(&by, "");
    for (int i = 0; i < d.nrows; i++) {
        const DiffRow *r = &d.rows[i];
        if (r->kind != '+')
            buf_addn(&bx, tx.s + tx.start[r->a], (size_t)(tx.start[r->a + 1] - tx.start[r->a]));
        if (r->kind != '-')
            buf_addn(&by, ty.s + ty.start[r->b], (size_t)(ty.start[r->b + 1] - ty.start[r->b]));
    }
    assert_string_equal(bx.s, x);
    assert_string_equal(by.s, y);
    int n = *x ? tx.nlines : 0, m = *y ? ty.nlines : 0, lcs[16][16] = {{0}};
    for (int i = n - 1; i >= 0; i--)
        for (int k = m - 1; k >= 0; k--) {
            bool same = tx.s[tx.start[i]] == ty.s[ty.start[k]];
            int right = lcs[i][k + 1], down = lcs[i + 1][k];
            lcs[i][k] = same ? lcs[i + 1][k + 1] + 1 : right > down ? right : down;
        }
    assert_int_equal(d.added + d.removed, n + m - 2 * lcs[0][0]);
    buf_free(&bx);
    buf_free(&by);
}

/* A text of one-letter lines for each number: base 3, up to length digits. */
static void spell(int number, int length, char *out)
{
    for (int i = 0; i < length; i++, number /= 3) {
        *out++ = (char)('a' + number % 3);
        *out++ = '\n';
    }
    *out = '\0';
}

static void test_every_small_diff(void **state)
{
    (void)state;
    static const int numbers[] = {1, 3, 9, 27, 81, 243};
    for (int n = 0; n <= 4; n++)
        for (int m = 0; m <= 5; m++) {
            Arena *a = arena_new();
            for (int i = 0; i < numbers[n]; i++)
                for (int k = 0; k < numbers[m]; k += m == 5 ? 5 : 1) {
                    char x[16], y[16];
                    spell(i, n, x);
                    spell(k, m, y);
                    check_diff(a, arena_strdup(a, x), arena_strdup(a, y));
                }
            arena_free(a);
        }
}

static void test_distant_texts(void **state)
{
    (void)state;
    Arena *a = arena_new();
    Buf x = {0}, y = {0};
    for (int i = 0; i < 3000; i++) {
        buf_printf(&x, "left %d\n", i);
        buf_printf(&y, "right %d\n", i);
    }
    Text tx = text(a, x.s), ty = text(a, y.s);
    Diff d = diff_lines(a, &tx, &ty);
    assert_int_equal(d.added, 3000);
    assert_int_equal(d.removed, 3000);
    buf_free(&x);
    buf_free(&y);
    arena_free(a);
}

static void check_merge(const char *base, const char *theirs, const char *ours,
                        const char *expected, int conflicts)
{
    Arena *a = arena_new();
    Text b = text(a, base), t = text(a, theirs), o = text(a, ours);
    Merge m = merge_texts(a, &b, &t, &o);
    assert_string_equal(m.text, expected);
    assert_int_equal(m.conflicts, conflicts);
    arena_free(a);
}

static void test_merges(void **state)
{
    (void)state;
    check_merge("a\nb\nc\n", "a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n", 0);
    check_merge("a\nb\nc\n", "x\na\nb\nc\n", "a\nb\nC\n", "x\na\nb\nC\n", 0);
    check_merge("a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n", "a\nc\nd\n", 0);
    check_merge("a\nb\nc\n", "a\nX\nc\n", "a\nX\nc\n", "a\nX\nc\n", 0);
    check_merge("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n",
                "a\n<<<<<<< in the file\nX\n=======\nY\n>>>>>>> ported\nc\n", 1);
    check_merge("", "mine\n", "port\n",
                "<<<<<<< in the file\nmine\n=======\nport\n>>>>>>> ported\n", 1);
    check_merge("", "", "port\n", "port\n", 0);
    check_merge("a\n", "", "a\n", "", 0);
}

/* Merging with one side untouched gives the other, for every small triple; the order of sides does
 * not matter where there is no conflict. */
static void test_every_small_merge(void **state)
{
    (void)state;
    for (int i = 0; i < 27; i++)
        for (int k = 0; k < 27; k++) {
            char x[16], y[16], z[16];
            spell(i, 3, x);
            spell(k, 3, y);
            spell((i * 7 + k * 5) % 27, 3, z);
            check_merge(x, x, y, y, 0);
            check_merge(x, y, x, y, 0);
            check_merge(x, y, y, y, 0);
            Arena *a = arena_new();
            Text tx = text(a, x), ty = text(a, y), tz = text(a, z);
            Merge one = merge_texts(a, &tx, &ty, &tz), other = merge_texts(a, &tx, &tz, &ty);
            assert_int_equal(one.conflicts, other.conflicts);
            if (!one.conflicts)
                assert_string_equal(one.text, other.text);
            arena_free(a);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_small_diff),
        cmocka_unit_test(test_distant_texts),
        cmocka_unit_test(test_merges),
        cmocka_unit_test(test_every_small_merge),
    };
    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
