/* Sizes: normal form, simplification, text; values: sameness and printing; the table of kinds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pivot/pivot.h"

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

/* A small calculator, so that the cases below read as formulas: symbols are capital letters with
 * distinct hints, operators + - * / (floor) % with Python's precedence, c( , ) ceil division, max(
 * , ), min( , ). */
static const char *at;

static Size sum(void);

static Size call(char op)
{
    while (*at != '(') at++;
    at++;
    Size l = sum();
    assert_int_equal(*at++, ',');
    Size r = sum();
    assert_int_equal(*at++, ')');
    return size_op(arena, op, l, r);
}

static Size atom(void)
{
    if (strncmp(at, "max", 3) == 0) return call('m');
    if (strncmp(at, "min", 3) == 0) return call('i');
    if (strncmp(at, "ceil", 4) == 0) return call('c');
    if (*at == '(') {
        at++;
        Size s = sum();
        assert_int_equal(*at++, ')');
        return s;
    }
    if (*at == '-') {
        at++;
        return size_op(arena, '*', size_number(arena, -1), atom());
    }
    if (*at >= 'A' && *at <= 'Z') {
        char name[2] = {*at, 0};
        return size_free(arena, name, 40 + 7 * (*at++ - 'A'));
    }
    if (*at == '?') {
        at++;
        return size_known(-1);
    }
    long long n = 0;
    while (*at >= '0' && *at <= '9') n = n * 10 + (*at++ - '0');
    return size_number(arena, n);
}

static Size product(void)
{
    Size s = atom();
    while (*at == '*' || *at == '/' || *at == '%') {
        char op = *at++;
        if (op == '/' && *at == '/') at++;
        s = size_op(arena, op, s, atom());
    }
    return s;
}

static Size sum(void)
{
    Size s = product();
    while (*at == '+' || *at == '-') {
        char op = *at++;
        s = size_op(arena, op, s, product());
    }
    return s;
}

static Size calc(const char *formula)
{
    at = formula;
    Size s = sum();
    assert_int_equal(*at, 0);
    return s;
}

static void test_size_text(void **state)
{
    (void)state;
    static const struct {
        const char *formula, *text;
    } cases[] = {
        {"224", "224"},
        {"B", "B"},
        {"?", "?"},
        {"?+B", "?"},
        {"7//2", "3"},
        {"(2-9)//2", "-4"},
        {"(2-9)%3", "2"},
        {"ceil(7,2)", "4"},
        {"7//0", "?"},
        {"7%0", "?"},
        {"1-2", "-1"},
        {"(1-2)+3", "2"},
        {"B+0", "B"},
        {"B*1", "B"},
        {"B*0", "0"},
        {"B-B", "0"},
        {"B//1", "B"},
        {"B//B", "1"},
        {"B%B", "0"},
        {"B+B", "2*B"},
        {"2*B-B", "B"},
        {"B+1-1", "B"},
        {"T+B", "B+T"},
        {"3-B", "3-B"},
        {"-B", "-B"},
        {"B*4//4", "B"},
        {"B*64//16", "4*B"},
        {"B*H*W//H", "B*W"},
        {"B*H*W//(W*H)", "B"},
        {"(B*H+B*W)//B", "H+W"},
        {"(B+1)*(B+1)//(B+1)", "B+1"},
        {"B*3//2", "3*B//2"},
        {"(4*B+3)//2", "2*B+1"},
        {"B%4", "B%4"},
        {"(B*8+3)%4", "3"},
        {"B*6%4", "2*B%4"},
        {"(B//4)*4", "4*(B//4)"},
        {"(H+2-3)//2+1", "(H-1)//2+1"},
        {"(H+1)//2", "(H-1)//2+1"},
        {"ceil(H,2)", "(H-1)//2+1"},
        {"(H-2)//2+1", "H//2"},
        {"H//2//2", "H//4"},
        {"(H//2-2)//2+1", "H//4"},
        {"((H+6-7)//2+1+2-3)//2+1", "(H-1)//4+1"},
        {"(2*H+4)//4", "H//2+1"},
        {"B*H//(B*G)", "H//G"},
        {"B//H", "B//H"},
        {"B//(H-1)", "B//(H-1)"},
        {"B//(H*W)", "B//(H*W)"},
        {"2*(H//2)*W", "2*W*(H//2)"},
        {"B*(T-1)", "B*(T-1)"}, {"B*(T-1)+B", "B*T"}, {"(T-1)*2", "2*(T-1)"}, {"(T-1)*1", "T-1"},
        {"64*((H+1)//2)*((W+1)//2)", "64*((H-1)//2+1)*((W-1)//2+1)"},
        {"64*((H+1)//2)*((W+1)//2)//16", "4*((H-1)//2)*((W-1)//2)+4*((H-1)//2)+4*((W-1)//2)+4"},
        {"B*(T-1)*H//(T-1)", "B*H"},
        {"(B-1)//(0-2)", "(-B-1)//2+1"},
        {"max(B,3)", "max(B,3)"},
        {"max(3,B)", "max(B,3)"},
        {"max(B+2,B)", "B+2"},
        {"min(B+2,B)", "B"},
        {"min(T,5)", "min(T,5)"},
        {"max(B,0)", "B"},
        {"min(B,0)", "0"},
        {"max(H,B)", "max(B,H)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = size_text(arena, calc(cases[i].formula));
        if (strcmp(text, cases[i].text) != 0)
            fail_msg("%s gives %s, expected %s", cases[i].formula, text, cases[i].text);
    }
}

/* Every expression's hint is what the formula gives with the symbols' hints, and its text,
 * calculated again, is the same size: the normal form is a fixed point. */
static void test_size_forms_agree(void **state)
{
    (void)state;
    static const char *const formulas[] = {
        "(H+2-3)//2+1",
        "B*H*W//64",
        "(B*H+3*B)//(2*B)",
        "((H+6-7)//2+1+2-3)//3+1",
        "(3*H-7)%5",
        "max(H-3,W)//2",
        "(H-1)*2+3-2*min(W,9)",
        "(0-H)//3",
        "(H*W+1)//7*7",
        "ceil(H*3,4)+ceil(W,4)",
        "(H//3+W//3)//2",
        "H%W+H//W*W",
        "5-H-W",
        "(5-H)//2",
        "(H*H-H)//H",
        "B//(H-1)",
        "(2*B*H)//(4*G*H)",
        "(12*H+18)//30",
        "max(min(H,W),B)",
    };
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        Size s = calc(formulas[i]);
        const char *text = size_text(arena, s);
        Size again = calc(text);
        assert_int_equal(again.n, s.n);
        if (!size_same(s, again))
            fail_msg("%s: %s then %s", formulas[i], text, size_text(arena, again));
    }
}

static void test_size_same(void **state)
{
    (void)state;
    static const struct {
        const char *x, *y;
        bool same;
    } cases[] = {
        {"3", "3", true},
        {"3", "4", false},
        {"B", "B", true},
        {"B", "H", false},
        {"?", "?", false},
        {"B+T", "T+B", true},
        {"B*H*W", "W*B*H", true},
        {"(H+1)//2", "(H-1)//2+1", true},
        {"(B+1)*(B-1)", "B*B-1", true}, {"B*(T-1)", "B*T-B", true}, {"(T-1)*(H+2)", "(H+2)*(T-1)", true},
        {"B*(T-1)", "B*T", false},
        {"B", "40+7", false},
        {"47", "B", false},
        {"max(B,H)", "max(H,B)", true},
        {"ceil(H,2)", "(H+2-3)//2+1", true},
        {"H//2", "H//3", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (size_same(calc(cases[i].x), calc(cases[i].y)) != cases[i].same)
            fail_msg("%s and %s", cases[i].x, cases[i].y);
    }
}

/* A program can grow an expression without end; it must stay cheap and equal to nothing. */
static void test_size_growth_is_bounded(void **state)
{
    (void)state;
    Size s = calc("B"), h = calc("H");
    for (int i = 0; i < 3000 && !size_unknown(s); i++) {
        s = size_op(
            arena, '+',
            size_op(arena, '%', size_op(arena, '*', s, s), size_op(arena, '+', h, size_known(i))),
            s);
        s = size_op(arena, '%', s, size_known(1000003));
    }
    assert_false(size_same(s, s));
    s = calc("B");
    for (int i = 0; i < 100; i++) s = size_op(arena, '*', s, s);
    assert_true(size_unknown(s)); /* the hint left the range */
}

static const char *text_of(PValue v)
{
    return pv_text(arena, &v);
}

static void test_value_text(void **state)
{
    (void)state;
    PValue pair = pv_list(arena, 2), one = pv_list(arena, 1);
    pair.u.list.at[0] = pv_int(3);
    pair.u.list.at[1] = pv_size(calc("B//2"));
    one.u.list.at[0] = pv_none();
    assert_string_equal(text_of(pair), "(3, B//2)");
    assert_string_equal(text_of(one), "(None,)");
    assert_string_equal(text_of(pv_list(arena, 0)), "()");
    assert_string_equal(text_of(pv_float(0.1)), "0.1");
    assert_string_equal(text_of(pv_float(1.0)), "1.0");
    assert_string_equal(text_of(pv_float(-250.0)), "-250.0");
    assert_string_equal(text_of(pv_float(1e-5)), "1e-05");
    assert_string_equal(text_of(pv_float(0.0001)), "0.0001");
    assert_string_equal(text_of(pv_float(1e16)), "1e+16");
    assert_string_equal(text_of(pv_float(123456789.125)), "123456789.125");
    assert_string_equal(text_of(pv_float(0.1 + 0.2)), "0.30000000000000004");
    assert_string_equal(text_of(pv_float(1.0 / 255)), "0.00392156862745098");
    assert_string_equal(text_of(pv_float(0.0)), "0.0");
    assert_string_equal(text_of(pv_float((double)INFINITY)), "float('inf')");
    assert_string_equal(text_of(pv_bool(true)), "True");
    assert_string_equal(text_of(pv_str("same")), "'same'");
    assert_string_equal(text_of(pv_str("it's")), "\"it's\"");
    assert_string_equal(text_of(pv_str("a\n\\'\"")), "'a\\n\\\\\\'\"'");
    PValue act = pv_act(arena, "leaky_relu");
    assert_string_equal(text_of(act), "leaky_relu");
    attr_set(arena, &act.u.act->attrs, "negative_slope", pv_float(0.3));
    assert_string_equal(text_of(act), "leaky_relu(negative_slope=0.3)");
}

static bool same(PValue x, PValue y)
{
    return pv_same(&x, &y);
}

static void test_value_same(void **state)
{
    (void)state;
    assert_true(same(pv_int(1), pv_float(1.0)));
    assert_false(same(pv_int(1), pv_bool(true)));
    assert_true(same(pv_none(), pv_none()));
    assert_false(same(pv_unknown("x"), pv_unknown("x")));
    assert_true(same(pv_size(calc("B*2")), pv_size(calc("B+B"))));
    assert_false(same(pv_size(calc("B")), pv_int(47)));
    assert_true(pv_size(size_known(5)).kind == PV_INT);
    PValue x = pv_act(arena, "elu"), y = pv_act(arena, "elu");
    assert_true(same(x, y));
    attr_set(arena, &x.u.act->attrs, "alpha", pv_float(1));
    assert_false(same(x, y));
    attr_set(arena, &y.u.act->attrs, "alpha", pv_int(1));
    assert_true(same(x, y));
    PValue l = pv_list(arena, 1), m = pv_list(arena, 2);
    assert_false(same(l, m));
}

static void test_attrs(void **state)
{
    (void)state;
    PAttrs as = {0};
    attr_set(arena, &as, "a", pv_int(1));
    attr_set(arena, &as, "b", pv_str("x"));
    attr_set(arena, &as, "a", pv_float(2.0));
    assert_int_equal(as.len, 2);
    assert_int_equal(attr_int(&as, "a", 0), 2);
    assert_int_equal(attr_int(&as, "zz", 7), 7);
    assert_string_equal(attr_str(&as, "b", ""), "x");
    assert_null(attr_get(&as, "c"));
    assert_null(attr_get(NULL, "c"));
}

static void test_kinds(void **state)
{
    (void)state;
    int n = 0;
    for (const PivotKind *k; (k = pivot_kind_at(n)); n++) {
        assert_ptr_equal(pivot_kind(k->name), k);
        for (int i = 0; i < k->nattrs; i++) {
            assert_ptr_equal(kind_attr(k, k->attrs[i].name), &k->attrs[i]);
            const char *type = k->attrs[i].type;
            assert_non_null(strstr(" int float bool str any ints pads axis axes act shape ", type));
        }
    }
    assert_true(n > 150);
    assert_null(pivot_kind("Conv4D"));
    assert_null(pivot_kind(NULL));
    const PivotKind *conv = pivot_kind("Conv2D");
    assert_int_equal(conv->group, GROUP_LAYER);
    assert_string_equal(conv->besser, "Conv2D");
    assert_null(pivot_kind("ConvTranspose")->besser);
    assert_true(kind_attr(conv, "in_channels")->optional);
    assert_string_equal(kind_attr(conv, "in_channels")->type, "int");
    assert_string_equal(text_of(kind_default(arena, conv, "stride_dim")), "(1, 1)");
    assert_string_equal(text_of(kind_default(arena, conv, "padding_amount")), "((0, 0), (0, 0))");
    assert_int_equal(kind_default(arena, conv, "out_channels").kind, PV_UNSET);
    assert_int_equal(kind_default(arena, conv, "nonsense").kind, PV_UNSET);
    assert_string_equal(text_of(kind_default(arena, pivot_kind("ConvTranspose"), "dilation")), "1");
    assert_string_equal(text_of(kind_default(arena, pivot_kind("LSTMLayer"), "activation")),
                        "tanh");
    assert_string_equal(text_of(kind_default(arena, pivot_kind("LSTMLayer"), "dropout")), "0.0");
    assert_string_equal(text_of(kind_default(arena, pivot_kind("softmax"), "axis")), "-1");
    assert_string_equal(text_of(kind_default(arena, pivot_kind("norm"), "p")), "2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_text),  cmocka_unit_test(test_size_forms_agree),
        cmocka_unit_test(test_size_same),  cmocka_unit_test(test_size_growth_is_bounded),
        cmocka_unit_test(test_value_text), cmocka_unit_test(test_value_same),
        cmocka_unit_test(test_attrs),      cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
