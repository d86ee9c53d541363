/* build: fake-engine
 *
 * Bytes to events: what a terminal may send, whole and in pieces, early and late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/input.h"
#include "tui/keys.h"

/* Feeds s and writes the events as words into out. */
static void take(Input *in, long now, char *out, size_t size)
{
    Event ev;
    while (input_next(in, now, &ev)) {
        size_t n = strlen(out);
        char label[16];
        if (ev.kind == EV_KEY)
            snprintf(out + n, size - n, "%s ", key_label(ev.key, label));
        else if (ev.kind == EV_PASTE)
            snprintf(out + n, size - n, "paste(%s) ", ev.paste);
        else if (ev.kind == EV_MOUSE)
            snprintf(out + n, size - n, "mouse%d(%d,%d) ", ev.mouse, ev.x, ev.y);
        else
            snprintf(out + n, size - n, "background(%d,%d,%d) ", ev.red, ev.green, ev.blue);
    }
}

static void expect(const char *bytes, const char *events)
{
    char out[512] = "";
    Input in;
    input_init(&in, 25);
    input_feed(&in, bytes, strlen(bytes), 0);
    take(&in, 0, out, sizeof out);
    take(&in, 5000, out, sizeof out);
    assert_string_equal(out, events);
    input_free(&in);
}

static void test_keys(void **state)
{
    (void)state;
    expect("aZ \t\r\177", "a Z Space Tab Enter BS ");
    expect("\033[A\033[B\033OC\033OD\033[H\033[F", "Up Down Right Left Home End ");
    expect("\033[5~\033[6~\033[3~\033[Z\033OP\033[11~\033[24~", "PgUp PgDn Del S-Tab F1 F1 F12 ");
    expect("\033[1;5A", "Up ");
    expect("\004\025", "^D ^U ");
    expect("é日", "é 日 ");
    expect("\033", "Esc ");
    expect("\033\033", "Esc Esc ");
    expect("\033x", "Esc x ");
    expect("\377", "");        /* the beginning of no character */
    expect("\033[?62;4c", ""); /* an answer to a query that somebody else sent */
    expect("\033P1$r0m\033\\j", "j ");
    expect("\033]52;c;AAAA\ak", "k ");
    expect("\033[<0;11;5M\033[<0;11;5m\033[<64;1;1M\033[<65;1;1M",
           "mouse0(10,4) mouse1(10,4) mouse2(0,0) mouse3(0,0) ");
    expect("\033[<2;1;1M\033[<35;1;1M", ""); /* other buttons, movement */
    expect("\033[200~:q\ry\033[A\033[201~j", "paste(:q\ry\033[A) j ");
    expect("\033]11;rgb:ffff/0000/8080\033\\", "background(255,0,128) ");
    expect("\033]11;rgb:f/8/0\a", "background(255,136,0) ");
    expect("\033]11;rgba:ff/ff/ff/ff\a", "background(255,255,255) ");
}

static void test_a_lone_escape_waits_its_delay(void **state)
{
    (void)state;
    Input in;
    char out[64] = "";
    input_init(&in, 25);
    input_feed(&in, "\033", 1, 1000);
    take(&in, 1010, out, sizeof out);
    assert_string_equal(out, "");
    assert_int_equal(input_timeout(&in, 1010), 15);
    take(&in, 1025, out, sizeof out);
    assert_string_equal(out, "Esc ");
    assert_int_equal(input_timeout(&in, 1030), -1);
    input_free(&in);
}

/* An answer to the query for the background, split at every byte, with a pause of every sort in
 * between. */
static void test_an_answer_in_two_pieces(void **state)
{
    (void)state;
    static const char *const answers[] = {"\033]11;rgb:ffff/ffff/ffff\033\\",
                                          "\033]11;rgb:1c1c/1c1c/1c1c\a"};
    static const long pauses[] = {0, 1, 20, 30, 100, 240};
    for (int a = 0; a < 2; a++) {
        const char *s = answers[a];
        for (size_t split = 1; split < strlen(s); split++) {
            for (size_t p = 0; p < sizeof pauses / sizeof *pauses; p++) {
                Input in;
                char out[256] = "";
                input_init(&in, 25);
                input_expect_background(&in, 0);
                input_feed(&in, s, split, 10);
                for (long t = 10; t <= 10 + pauses[p]; t += 5) take(&in, t, out, sizeof out);
                assert_string_equal(out, "");
                input_feed(&in, s + split, strlen(s) - split, 10 + pauses[p]);
                take(&in, 10 + pauses[p], out, sizeof out);
                assert_string_equal(out, a ? "background(28,28,28) " : "background(255,255,255) ");
                input_feed(&in, "j", 1, 400);
                take(&in, 400, out, sizeof out);
                assert_non_null(strstr(out, ") j "));
                input_free(&in);
            }
        }
    }
}

static void test_an_answer_byte_by_byte(void **state)
{
    (void)state;
    const char *s = "\033]11;rgb:ffff/ffff/ffff\033\\";
    Input in;
    char out[256] = "";
    input_init(&in, 25);
    input_expect_background(&in, 0);
    long t = 0;
    for (const char *c = s; *c; c++, t += 40) {
        input_feed(&in, c, 1, t);
        take(&in, t, out, sizeof out);
        take(&in, t + 39, out, sizeof out);
    }
    assert_string_equal(out, "background(255,255,255) ");
    input_free(&in);
}

/* Long after the query an Esc is given out in time, and what follows is still no key. */
static void test_a_late_answer_behind_its_escape(void **state)
{
    (void)state;
    Input in;
    char out[256] = "";
    input_init(&in, 25);
    input_expect_background(&in, 0);
    input_feed(&in, "\033", 1, 9000);
    take(&in, 9026, out, sizeof out);
    assert_string_equal(out, "Esc ");
    input_feed(&in, "]11;rgb:ffff/", 13, 9060);
    take(&in, 9060, out, sizeof out);
    input_feed(&in, "ffff/ffff\033\\", 11, 9090);
    take(&in, 9090, out, sizeof out);
    assert_string_equal(out, "Esc background(255,255,255) ");
    input_free(&in);
}

/* But a ] that somebody types behind an Esc is a key, if a moment later. */
static void test_a_bracket_behind_an_escape(void **state)
{
    (void)state;
    Input in;
    char out[64] = "";
    input_init(&in, 25);
    input_expect_background(&in, 0);
    input_feed(&in, "\033", 1, 9000);
    take(&in, 9100, out, sizeof out);
    input_feed(&in, "]", 1, 9200);
    take(&in, 9200, out, sizeof out);
    take(&in, 9200 + input_timeout(&in, 9200), out, sizeof out);
    assert_string_equal(out, "Esc ] ");
    input_feed(&in, "]", 1, 9600);
    take(&in, 9600, out, sizeof out);
    assert_string_equal(out, "Esc ] ] ");
    input_free(&in);
}

/* Any bytes, in any pieces, end in a parser that still takes keys. */
static void test_any_bytes(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 3000; round++) {
        Input in;
        Event ev;
        long now = 0;
        input_init(&in, 25);
        if (round % 2)
            input_expect_background(&in, 0);
        for (int i = 0; i < 40; i++) {
            static const char likely[] = "\033\033\033[]<;0123Mm~?OP_\\\a\r11;rgb:/200201";
            seed = seed * 1103515245u + 12345u;
            char c = seed >> 30 ? likely[(seed >> 16) % (sizeof likely - 1)] : (char)(seed >> 16);
            input_feed(&in, &c, 1, now);
            while (input_next(&in, now, &ev)) continue;
            now += (seed >> 12) % 60;
        }
        now += 20000;
        while (input_next(&in, now, &ev)) continue;
        input_feed(&in, "j", 1, now += 10000);
        while (input_next(&in, now, &ev)) continue;
        input_feed(&in, "\033[201~\a\033\\q", 11, now += 10000);
        bool got = false;
        while (input_next(&in, now, &ev) || input_next(&in, now += 5000, &ev))
            got = got || (ev.kind == EV_KEY && ev.key == 'q');
        assert_true(got);
        input_free(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_a_lone_escape_waits_its_delay),
        cmocka_unit_test(test_an_answer_in_two_pieces),
        cmocka_unit_test(test_an_answer_byte_by_byte),
        cmocka_unit_test(test_a_late_answer_behind_its_escape),
        cmocka_unit_test(test_a_bracket_behind_an_escape),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
