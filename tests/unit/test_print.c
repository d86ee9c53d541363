/* The printer: unchanged text comes back byte for byte; changed statements are laid out in 88
 * columns; comments, blank lines and marks are where they belong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "python/build.h"
#include "python/print.h"

static Arena *arena;
static PrintMarks marks;

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

static Module *parse(const char *text)
{
    DiagList diags = {.arena = arena};
    Module *m = python_parse(arena, "test.py", text, (int)strlen(text), &diags);
    return m;
}

static const char *print_at(const Module *m, const NodeVec *stmts, int depth)
{
    Buf out = {0};
    Printer p = {.arena = arena, .source = m, .out = &out, .width = 88};
    print_stmts(&p, stmts, depth);
    marks = p.marks;
    return buf_take(&out, arena);
}

static const char *print(const Module *m, const NodeVec *stmts)
{
    return print_at(m, stmts, 0);
}

/* Copies of everything, with each name, attribute and keyword `old` renamed to `new` and marked. */
typedef struct Rename {
    const char *old, *new;
} Rename;

static bool rename_slot(Node **slot, void *ctx)
{
    const Rename *r = ctx;
    Node *n = node_copy(arena, *slot);
    bool named = n->kind == N_NAME || n->kind == N_ATTRIBUTE || n->kind == N_KEYWORD;
    if (named && str_eq(n->name, r->old)) {
        n->name = r->new;
        n->map = 7;
    }
    *slot = n;
    return node_slots(n, rename_slot, ctx);
}

static NodeVec renamed(const Module *m, const char *old, const char *new)
{
    Rename r = {old, new};
    NodeVec out = {0};
    for (int i = 0; i < m->root->items.len; i++) {
        Node *s = m->root->items.at[i];
        rename_slot(&s, &r);
        vec_push(arena, &out, s);
    }
    return out;
}

static void check_rename(const char *text, const char *old, const char *new, const char *expected)
{
    Module *m = parse(text);
    NodeVec stmts = renamed(m, old, new);
    assert_string_equal(print(m, &stmts), expected);
}

/* --- unchanged --- */

static void unchanged_trees_print_the_same_bytes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n\n",
        "# only a comment\n",
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n\nx=1 # odd   spacing\n\n\n\n\n\ny  =  2\n# end\n\n",
        "a = 1; b = 2 ;c=3  # three\nif x : y ; z\nelse : w\n",
        "class A :\n\n  x=1\n  # tail\n # further out\n\n\n  def f( self ) :\n\treturn (1,\n2)\n",
        "def f():\n    '''Doc\n  with lines\n    '''\n    x = '''\nraw\n'''\n\n# c\n@d\nclass B: pass\n",
        "x = (1 +\n     2  # two\n     )\nfoo(\n  a,\n  b )\ny = \\\n  3\n",
        "try:\n    a\n# before except\nexcept E:\n    b\n\nelse:\n    c\nfinally:\n    d\n",
        "x = 1\r\nif y:\r\n    z\r\n",
        "\xEF\xBB\xBFx = 1\n",
        "\f\nx = 1\n\f\ndef f(): pass\n",
        "ok = 1\nbroken = = 2\nx = (1,\ny\n   indented\nprint 'x'\n",
        "match x:\n    # c\n    case 1:\n        pass\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        Module *m = parse(texts[i]);
        assert_string_equal(print(m, &m->root->items), texts[i]);
        NodeVec copies = renamed(m, "no such name", "");
        assert_string_equal(print(m, &copies), texts[i]);
    }
}

static void a_last_line_gets_its_newline(void **state)
{
    (void)state;
    Module *m = parse("x = 1\ny = 2");
    assert_string_equal(print(m, &m->root->items), "x = 1\ny = 2\n");
}

static void copies_differ_by_what_was_changed(void **state)
{
    (void)state;
    Module *m = parse("x = f(a)\n");
    Node *s = m->root->items.at[0];
    assert_true(node_unchanged(s));
    Node *copy = node_copy(arena, s);
    assert_true(node_unchanged(copy));
    copy->map = 3;
    assert_true(node_unchanged(copy)); /* a mark changes nothing */
    copy->trail = "why";
    assert_false(node_unchanged(copy));
    copy->trail = NULL;
    copy->b = node_copy(arena, copy->b);
    assert_true(node_unchanged(copy));
    copy->b->items.len = 0;
    assert_false(node_unchanged(copy));
}

/* --- layout --- */

static void changed_calls_fit_or_break(void **state)
{
    (void)state;
    check_rename("x = f(a,\n      b)\n", "f", "g", "x = g(a, b)\n");
    check_rename(
        "self.conv = f(in_channels, out_channels, kernel_size=3, stride=stride, padding=1)\n", "f",
        "nn.Conv2d",
        "self.conv = nn.Conv2d(\n"
        "    in_channels, out_channels, kernel_size=3, stride=stride, padding=1\n"
        ")\n");
    check_rename(
        "self.conv = f(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False, "
        "groups=2)\n",
        "f", "nn.Conv2d",
        "self.conv = nn.Conv2d(\n"
        "    in_channels,\n"
        "    out_channels,\n"
        "    kernel_size=3,\n"
        "    stride=stride,\n"
        "    padding=1,\n"
        "    bias=False,\n"
        "    groups=2,\n"
        ")\n");
    check_rename(
        "x = f(some_quite_long_name_for_an_argument, another_quite_long_name)[0].some_attribute_of_it\n",
        "f", "g.h",
        "x = g.h(\n"
        "    some_quite_long_name_for_an_argument, another_quite_long_name\n"
        ")[0].some_attribute_of_it\n");
}

static void operators_break_in_parentheses(void **state)
{
    (void)state;
    check_rename(
        "result = first_operand_of_the_sum * weight + second_operand_of_the_sum - third_operand_of_sum_x\n",
        "weight", "w",
        "result = (\n"
        "    first_operand_of_the_sum * w + second_operand_of_the_sum - third_operand_of_sum_x\n"
        ")\n");
    check_rename(
        "result = first_operand_of_the_sum * weight + second_operand_of_the_sum - third_operand_of_the_sum_and_more\n",
        "weight", "w",
        "result = (\n"
        "    first_operand_of_the_sum * w\n"
        "    + second_operand_of_the_sum\n"
        "    - third_operand_of_the_sum_and_more\n"
        ")\n");
    check_rename(
        "if first_condition_of_the_statement and second_condition_of_the_statement or not third_condition:\n"
        "    pass\n",
        "third_condition", "condition_number_three",
        "if (\n"
        "    first_condition_of_the_statement and second_condition_of_the_statement\n"
        "    or not condition_number_three\n"
        "):\n"
        "    pass\n");
    check_rename(
        "self.projection = convolution(a, b, 1) if stride_of_the_block != 1 or a != b else nn.Identity()\n",
        "convolution", "Conv2D",
        "self.projection = (\n"
        "    Conv2D(a, b, 1) if stride_of_the_block != 1 or a != b else nn.Identity()\n"
        ")\n");
    check_rename(
        "out = self.normalisation(x) + self.attention(queries, keys, values, mask=mask, dropout=0.1234)\n",
        "x", "inputs",
        "out = self.normalisation(inputs) + self.attention(\n"
        "    queries, keys, values, mask=mask, dropout=0.1234\n"
        ")\n");
}

static void method_chains_take_a_line_each(void **state)
{
    (void)state;
    check_rename(
        "y = self.conv(x).view(x.size(0), -1).transpose(1, 2).contiguous().mean(dim=dimension_of_it)\n",
        "dim", "axis",
        "y = (\n"
        "    self.conv(x)\n"
        "    .view(x.size(0), -1)\n"
        "    .transpose(1, 2)\n"
        "    .contiguous()\n"
        "    .mean(axis=dimension_of_it)\n"
        ")\n");
}

static void displays_break_one_item_a_line(void **state)
{
    (void)state;
    check_rename(
        "self.layers = f([Dense(units * 2, activation=activation) for units in widths_of_the_layers[1:] if units])\n",
        "f", "g",
        "self.layers = g(\n"
        "    [\n"
        "        Dense(units * 2, activation=activation)\n"
        "        for units in widths_of_the_layers[1:]\n"
        "        if units\n"
        "    ]\n"
        ")\n");
    check_rename(
        "d = {'first key of it': f(1), 'second key of it': f(2, 3), 'third': f(4, 5, 6), 'fourth': f(7)}\n",
        "f", "g",
        "d = {\n"
        "    'first key of it': g(1),\n"
        "    'second key of it': g(2, 3),\n"
        "    'third': g(4, 5, 6),\n"
        "    'fourth': g(7),\n"
        "}\n");
    check_rename(
        "return first_value_to_be_returned, second_value_to_be_returned, third_value, fourth_value_of_f\n",
        "third_value", "value_three",
        "return (\n"
        "    first_value_to_be_returned,\n"
        "    second_value_to_be_returned,\n"
        "    value_three,\n"
        "    fourth_value_of_f,\n"
        ")\n");
}

static void headers_wrap(void **state)
{
    (void)state;
    Module *m = parse(
        "def forward(self, inputs, mask=None, *, return_attention: bool = False, **kwargs) -> Tensor:\n"
        "    return inputs\n");
    Node *f = node_copy(arena, m->root->items.at[0]);
    f->name = "call_of_the_layer";
    NodeVec stmts = {0};
    vec_push(arena, &stmts, f);
    assert_string_equal(print(m, &stmts),
                        "def call_of_the_layer(\n"
                        "    self, inputs, mask=None, *, return_attention: bool = False, **kwargs\n"
                        ") -> Tensor:\n"
                        "    return inputs\n");
    m = parse("from a import (b, c)\n");
    stmts.at[0] = node_copy(arena, m->root->items.at[0]);
    stmts.at[0]->name =
        "a_module_with_a_long_name.and_another_one_below_it.and_yet_another_in_there";
    assert_string_equal(
        print(m, &stmts),
        "from a_module_with_a_long_name.and_another_one_below_it.and_yet_another_in_there import (\n"
        "    b,\n"
        "    c,\n"
        ")\n");
    check_rename("class Net(nn.Module, metaclass=M): pass\n", "nn", "keras",
                 "class Net(keras.Module, metaclass=M):\n    pass\n");
}

static void parentheses_only_for_wrapping_go(void **state)
{
    (void)state;
    check_rename("x = (a +\n     f(b))\n", "f", "g", "x = a + g(b)\n");
    check_rename("x = (a + f(b))\n", "f", "g", "x = (a + g(b))\n");
    check_rename("x = (yield\n  f)\n", "f", "g", "x = (yield g)\n");
    check_rename("x = f((a == b), (c))\n", "f", "g", "x = g((a == b), (c))\n");
    Module *m = parse("x = (a == b).sum()\n"); /* the content of parentheses becomes an argument */
    Node *call = py_call(arena, py_name(arena, "ops.sum"));
    vec_push(arena, &call->items, m->root->items.at[0]->b->a->a);
    Node *s = node_copy(arena, m->root->items.at[0]);
    s->b = call;
    NodeVec stmts = {0};
    vec_push(arena, &stmts, s);
    assert_string_equal(print(m, &stmts), "x = ops.sum(a == b)\n");
}

static void unchanged_parts_keep_their_spacing(void **state)
{
    (void)state;
    check_rename("x = f( a,b ) + g( c )\n", "g", "h", "x = f( a,b ) + h(c)\n");
    check_rename("x = g(a*b+c, 'q', \"r\", 1_0)\n", "g", "h", "x = h(a*b+c, 'q', \"r\", 1_0)\n");
}

static void slices_and_powers_are_spaced(void **state)
{
    (void)state;
    const char *err = NULL;
    static const char *const texts[] = {"x[1:2, ::3]", "x[a + 1 :]",       "x[: f(y)]", "x**2",
                                        "f(x) ** 2",   "x[a : b + 1 : c]", "-x**-y"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_string_equal(print_expr_flat(arena, py_parse_expr(arena, texts[i], &err)), texts[i]);
}

static void strings_join_and_break(void **state)
{
    (void)state;
    check_rename("f('a'\n  'b')\n", "f", "g", "g('a' 'b')\n");
    check_rename("raise f('the first part of a message that is rather long, '\n"
                 "        'and the second part of the message that is long as well')\n",
                 "f", "Error",
                 "raise Error(\n"
                 "    'the first part of a message that is rather long, '\n"
                 "    'and the second part of the message that is long as well'\n"
                 ")\n");
    check_rename("print(f'{x!r:>{x}} {{}} {y[\"x\"]} {x=}')\n", "x", "z",
                 "print(f'{z!r:>{z}} {{}} {y[\"x\"]} x={z!r}')\n");
    check_rename("f('''a\n   b''')\n", "f", "g", "g('''a\n   b''')\n");
}

/* --- comments and blank lines --- */

static void comments_stay_with_their_items(void **state)
{
    (void)state;
    check_rename("x = f(  # open\n"
                 "    a,  # first\n"
                 "    # before b\n"
                 "    b  # second\n"
                 "    # last\n"
                 ")  # end\n",
                 "f", "g",
                 "x = g(  # open\n"
                 "    a,  # first\n"
                 "    # before b\n"
                 "    b,  # second\n"
                 "    # last\n"
                 ")  # end\n");
    check_rename("x = [a,  # one\n     f]\n", "f", "g", "x = [\n    a,  # one\n    g,\n]\n");
    check_rename("x = (a  # one\n     + f)\n", "f", "g", "x = (\n    a  # one\n    + g\n)\n");
    check_rename("x = a[  # odd\n  0].f\n", "f", "g", "x = a[  # odd\n    0\n].g\n");
    check_rename("x = {f:  # odd\n  1}\n", "f", "g", "x = {\n    g: 1\n    # odd\n}\n");
    check_rename("x = lambda: (  # odd\n  f)\n", "f", "g", "x = lambda: (  # odd\n    g\n)\n");
    check_rename("x = y.f  # plain\n", "f", "g", "x = y.g  # plain\n");
}

static void bodies_keep_what_stands_between_statements(void **state)
{
    (void)state;
    check_rename("def f(x):  # head\n"
                 "    # first\n"
                 "    a = x  # same\n"
                 "\n"
                 "\n"
                 "    # second\n"
                 "\n"
                 "    if a:  # test\n"
                 "        return x\n"
                 "    # before else\n"
                 "    else:  # other\n"
                 "        # inside\n"
                 "        b\n"
                 "    # tail\n"
                 "\n"
                 "# after\n"
                 "y = 1\n",
                 "b", "c",
                 "def f(x):  # head\n"
                 "    # first\n"
                 "    a = x  # same\n"
                 "\n"
                 "\n"
                 "    # second\n"
                 "\n"
                 "    if a:  # test\n"
                 "        return x\n"
                 "    # before else\n"
                 "    else:  # other\n"
                 "        # inside\n"
                 "        c\n"
                 "    # tail\n"
                 "\n"
                 "# after\n"
                 "y = 1\n");
    check_rename("try:\n    x\n# c\nexcept E:  # e\n    y\nfinally:  # f\n    z\n", "z", "w",
                 "try:\n    x\n# c\nexcept E:  # e\n    y\nfinally:  # f\n    w\n");
    check_rename("if a: b; c\nd\n", "c", "e", "if a:\n    b\n    e\nd\n");
}

static void files_with_two_blanks_or_tabs_are_indented_anew_where_changed(void **state)
{
    (void)state;
    check_rename(
        "class A:\n  def f(self):\n    x = '''\n  a'''\n    return b\n\n  def g(self):\n    if x:\n      pass\n",
        "b", "c",
        "class A:\n    def f(self):\n        x = '''\n  a'''\n        return c\n\n    def g(self):\n      if x:\n"
        "        pass\n");
    check_rename("if a:\n\tb\n\tif c:\n\t\td\n", "b", "e", "if a:\n    e\n    if c:\n    \td\n");
}

static void line_ends_stay_those_of_the_file(void **state)
{
    (void)state;
    check_rename("x = 1\r\nif a:\r\n    f()\r\n", "f", "g", "x = 1\r\nif a:\r\n    g()\r\n");
}

/* --- lists of statements --- */

static void deleted_statements_take_their_comments_along(void **state)
{
    (void)state;
    Module *m = parse("# about a\na = 1  # one\n\n# about b\nb = 2  # two\n# about c\nc = 3\n");
    NodeVec stmts = {0};
    vec_push(arena, &stmts, m->root->items.at[0]);
    vec_push(arena, &stmts, m->root->items.at[2]);
    assert_string_equal(print(m, &stmts),
                        "# about a\na = 1  # one\n\n# about b\n# about c\nc = 3\n");
}

static void new_statements_stand_between(void **state)
{
    (void)state;
    Module *m = parse("# a licence\n\nimport a\n\n\nx = 1  # one\n# about y\ny = 2\n");
    NodeVec stmts = {0};
    const char *err = NULL;
    NodeVec new = py_parse_stmts(arena, "import z\n", &err);
    NodeVec def =
        py_parse_stmts(arena, "def f(a):\n    # inside\n    b = 1\n\n    return a  # a\n", &err);
    vec_push(arena, &stmts, new.at[0]);
    vec_push(arena, &stmts, m->root->items.at[0]);
    vec_push(arena, &stmts, m->root->items.at[1]);
    vec_push(arena, &stmts, def.at[0]);
    vec_push(arena, &stmts, m->root->items.at[2]);
    assert_string_equal(print(m, &stmts),
                        "# a licence\n\nimport z\nimport a\n\n\nx = 1  # one\n\n\n"
                        "def f(a):\n    # inside\n    b = 1\n\n    return a  # a\n\n\n"
                        "# about y\ny = 2\n");
}

static void several_statements_may_stand_for_one(void **state)
{
    (void)state;
    Module *m = parse("a = 1\n\n# the convolution\nconv = f(x)  # here\n\nb = 2\n");
    Node *source = m->root->items.at[1];
    Node *pad = py_assign(arena, py_name(arena, "pad"), py_int(arena, 0));
    pad->from = source;
    Node *conv = node_copy(arena, source);
    conv->b = py_name(arena, "y");
    NodeVec stmts = {0};
    vec_push(arena, &stmts, m->root->items.at[0]);
    vec_push(arena, &stmts, pad);
    vec_push(arena, &stmts, conv);
    vec_push(arena, &stmts, m->root->items.at[2]);
    assert_string_equal(print(m, &stmts),
                        "a = 1\n\n# the convolution\npad = 0\nconv = y  # here\n\nb = 2\n");
}

static void empty_bodies_pass(void **state)
{
    (void)state;
    Module *m = parse("class A(B):\n    x = 1\n");
    Node *a = node_copy(arena, m->root->items.at[0]);
    a->body.len = 0;
    NodeVec stmts = {0};
    vec_push(arena, &stmts, a);
    assert_string_equal(print(m, &stmts), "class A(B):\n    pass\n");
}

static void leads_and_trails_are_comments(void **state)
{
    (void)state;
    Module *m = parse("x = 1  # was here\n@d\ndef f(a):\n    return '''\n'''\n");
    NodeVec stmts = {0};
    Node *x = node_copy(arena, m->root->items.at[0]), *f = node_copy(arena, m->root->items.at[1]);
    vec_push(arena, &x->lead, "PORT: look");
    vec_push(arena, &x->lead, "# as it is");
    x->trail = "checked";
    f->trail = "def";
    f->map = 4;
    f->body.at[0] = node_copy(arena, f->body.at[0]);
    f->body.at[0]->trail = "after";
    vec_push(arena, &stmts, x);
    vec_push(arena, &stmts, f);
    const char *out = print(m, &stmts);
    assert_string_equal(
        out, "# PORT: look\n# as it is\nx = 1  # checked  # was here\n@d\ndef f(a):  # def\n"
             "    return '''\n'''  # after\n");
    assert_int_equal(marks.len, 1);
    assert_memory_equal(out + marks.at[0].start, "@d\ndef", 6);
    assert_int_equal(marks.at[0].end, (int)strlen(out) - 1);
}

static void moved_statements_are_indented_anew(void **state)
{
    (void)state;
    Module *m = parse("x = f(\n    a,\n\n  b)\ny = '''\nq'''\n");
    assert_string_equal(print_at(m, &m->root->items, 2),
                        "        x = f(\n            a,\n\n          b)\n        y = '''\nq'''\n");
}

/* --- marks --- */

static void check_marks(const char *out, const char *text)
{
    assert_true(marks.len > 0);
    for (int i = 0; i < marks.len; i++) {
        PrintMark k = marks.at[i];
        assert_int_equal(k.map, 7);
        assert_int_equal(k.end - k.start, strlen(text));
        assert_memory_equal(out + k.start, text, strlen(text));
    }
}

static void marks_cover_what_was_rewritten(void **state)
{
    (void)state;
    Module *m = parse(
        "class A:\n  def f(self):  # c\n    if f: y = [f for f in f(f) if f] + f * f ** f\n"
        "    return f(f(some_long_name_of_a_variable, f), another_long_name_of_one, f, f, f, f, f)\n");
    NodeVec stmts = renamed(m, "f", "gg");
    const char *out = print(m, &stmts);
    check_marks(out, "gg");
    assert_int_equal(marks.len, 17);
}

static bool mark_names(Node **slot, void *ctx)
{
    Node *n = node_copy(arena, *slot);
    if (n->kind == N_NAME && str_eq(n->name, "f")) n->map = 7;
    *slot = n;
    return node_slots(n, mark_names, ctx);
}

static void verbatim_copies_keep_their_marks(void **state)
{
    (void)state;
    Module *m = parse("if a:\n  x = [f,\n    f ]; y = f\n");
    Node *s = m->root->items.at[0];
    mark_names(&s, NULL);
    NodeVec stmts = {0};
    vec_push(arena, &stmts, s);
    const char *out = print_at(m, &stmts, 1);
    assert_string_equal(out, "    if a:\n      x = [f,\n        f ]; y = f\n");
    check_marks(out, "f");
    assert_int_equal(marks.len, 3);
}

static void expressions_print_alone(void **state)
{
    (void)state;
    const char *err = NULL;
    Node *e = py_parse_expr(
        arena, "keras.Sequential([layers.Dense(10, activation='relu'), layers.Dense(classes)])",
        &err);
    Buf out = {0};
    Printer p = {.arena = arena, .out = &out, .width = 60};
    print_expr(&p, e, 1, 20);
    assert_string_equal(out.s, "keras.Sequential(\n"
                               "        [\n"
                               "            layers.Dense(10, activation='relu'),\n"
                               "            layers.Dense(classes),\n"
                               "        ]\n"
                               "    )");
    buf_free(&out);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(unchanged_trees_print_the_same_bytes),
        T(a_last_line_gets_its_newline),
        T(copies_differ_by_what_was_changed),
        T(changed_calls_fit_or_break),
        T(operators_break_in_parentheses),
        T(method_chains_take_a_line_each),
        T(displays_break_one_item_a_line),
        T(headers_wrap),
        T(parentheses_only_for_wrapping_go),
        T(unchanged_parts_keep_their_spacing),
        T(slices_and_powers_are_spaced),
        T(strings_join_and_break),
        T(comments_stay_with_their_items),
        T(bodies_keep_what_stands_between_statements),
        T(files_with_two_blanks_or_tabs_are_indented_anew_where_changed),
        T(line_ends_stay_those_of_the_file),
        T(deleted_statements_take_their_comments_along),
        T(new_statements_stand_between),
        T(several_statements_may_stand_for_one),
        T(empty_bodies_pass),
        T(leads_and_trails_are_comments),
        T(moved_statements_are_indented_anew),
        T(marks_cover_what_was_rewritten),
        T(verbatim_copies_keep_their_marks),
        T(expressions_print_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
