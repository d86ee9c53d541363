/* The parser: every form of Python as a tree, literals decoded, errors kept where they stand;
 * constructors; places in the source. */
#include <math.h>
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
static DiagList diags;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    diags = (DiagList){.arena = arena};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static Module *parse_bytes(const char *text, size_t len)
{
    diags.list.len = 0;
    return python_parse(arena, "test.py", text, (int)len, &diags);
}

static Module *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static Node *stmt(const char *text)
{
    Module *m = parse(text);
    if (diags.list.len) fail_msg("%s: %s", text, diags.list.at[0].message);
    assert_true(m->root->items.len >= 1);
    return m->root->items.at[0];
}

static Node *expr(const char *text)
{
    Node *s = stmt(text);
    assert_int_equal(s->kind, N_EXPR);
    return s->a;
}

/* --- the tree as text, for comparing --- */

static const char *kind_name(NodeKind k)
{
    static const char *const names[] = {
        [N_NAME] = "Name",
        [N_INT] = "Int",
        [N_FLOAT] = "Float",
        [N_IMAG] = "Imag",
        [N_STRING] = "Str",
        [N_FSTRING] = "FStr",
        [N_FORMAT] = "Format",
        [N_TRUE] = "True",
        [N_FALSE] = "False",
        [N_NONE] = "None",
        [N_ELLIPSIS] = "...",
        [N_ATTRIBUTE] = "Attr",
        [N_SUBSCRIPT] = "Index",
        [N_SLICE] = "Slice",
        [N_CALL] = "Call",
        [N_KEYWORD] = "Kw",
        [N_STAR] = "Star",
        [N_DSTAR] = "DStar",
        [N_BINARY] = "Bin",
        [N_UNARY] = "Un",
        [N_BOOL] = "Bool",
        [N_COMPARE] = "Cmp",
        [N_IFEXP] = "IfExp",
        [N_LAMBDA] = "Lambda",
        [N_TUPLE] = "Tuple",
        [N_LIST] = "List",
        [N_SET] = "Set",
        [N_DICT] = "Dict",
        [N_PAIR] = "Pair",
        [N_LISTCOMP] = "ListComp",
        [N_SETCOMP] = "SetComp",
        [N_GENEXP] = "Gen",
        [N_DICTCOMP] = "DictComp",
        [N_COMPFOR] = "For",
        [N_WALRUS] = "Walrus",
        [N_AWAIT] = "Await",
        [N_YIELD] = "Yield",
        [N_PAREN] = "Paren",
        [N_MODULE] = "Module",
        [N_EXPR] = "Expr",
        [N_ASSIGN] = "Assign",
        [N_ANNASSIGN] = "AnnAssign",
        [N_AUGASSIGN] = "AugAssign",
        [N_RETURN] = "Return",
        [N_DEL] = "Del",
        [N_PASS] = "Pass",
        [N_BREAK] = "Break",
        [N_CONTINUE] = "Continue",
        [N_IF] = "If",
        [N_FOR] = "ForLoop",
        [N_WHILE] = "While",
        [N_TRY] = "Try",
        [N_EXCEPT] = "Except",
        [N_WITH] = "With",
        [N_WITHITEM] = "Item",
        [N_RAISE] = "Raise",
        [N_ASSERT] = "Assert",
        [N_GLOBAL] = "Global",
        [N_NONLOCAL] = "Nonlocal",
        [N_IMPORT] = "Import",
        [N_IMPORTFROM] = "From",
        [N_ALIAS] = "Alias",
        [N_FUNCTION] = "Def",
        [N_CLASS] = "Class",
        [N_MATCH] = "Match",
        [N_CASE] = "Case",
        [N_PATTERN] = "Pattern",
        [N_TYPEALIAS] = "TypeAlias",
        [N_ERROR] = "Error",
    };
    return names[k];
}

static void show(Buf *out, const Node *n);

static void show_list(Buf *out, const char *label, const NodeVec *v)
{
    if (v->len == 0) return;
    buf_printf(out, " %s[", label);
    for (int i = 0; i < v->len; i++) {
        if (i) buf_addc(out, ' ');
        show(out, v->at[i]);
    }
    buf_addc(out, ']');
}

static void show_params(Buf *out, const Params *params)
{
    if (params->list.len == 0) return;
    buf_add(out, " (");
    for (int i = 0; i < params->list.len; i++) {
        const Param *p = &params->list.at[i];
        buf_printf(out, "%s%s%s%s%s", i ? " " : "",
                   p->kind == PARAM_STAR    ? "*"
                   : p->kind == PARAM_DSTAR ? "**"
                                            : "",
                   p->name, p->keyword_only ? "!" : "", p->positional_only ? "/" : "");
        if (p->annotation) buf_addc(out, ':'), show(out, p->annotation);
        if (p->dflt) buf_addc(out, '='), show(out, p->dflt);
    }
    buf_addc(out, ')');
}

static void show(Buf *out, const Node *n)
{
    if (n->kind == N_NAME) {
        buf_add(out, n->name);
        return;
    }
    if (n->kind == N_INT || n->kind == N_FLOAT || n->kind == N_IMAG) {
        buf_add(out, n->text);
        return;
    }
    if (n->kind == N_STRING) {
        buf_printf(out, "'%s'", n->str);
        return;
    }
    buf_printf(out, "%s", kind_name(n->kind));
    const Node *parts[] = {n->a, n->b, n->c};
    bool any = n->name || n->op || n->asname || n->strs.len || n->a || n->b || n->c ||
               n->items.len || n->body.len || n->params.list.len || n->decorators.len || n->level;
    if (!any) return;
    buf_addc(out, '(');
    if (n->is_async) buf_add(out, "async ");
    if (n->paren) buf_add(out, "paren ");
    if (n->elif) buf_add(out, "elif ");
    for (int i = 0; i < n->level; i++) buf_addc(out, '.');
    if (n->name) buf_printf(out, "%s", n->name);
    if (n->asname) buf_printf(out, " as %s", n->asname);
    if (n->op) buf_printf(out, "%s", n->op);
    for (int i = 0; i < n->strs.len; i++) buf_printf(out, "%s%s", i ? "," : "", n->strs.at[i]);
    for (int i = 0; i < 3; i++) {
        if (parts[i]) buf_printf(out, " %c:", "abc"[i]), show(out, parts[i]);
    }
    show_list(out, "@", &n->decorators);
    show_params(out, &n->params);
    show_list(out, "", &n->items);
    show_list(out, "body", &n->body);
    show_list(out, "else", &n->orelse);
    show_list(out, "finally", &n->final);
    buf_addc(out, ')');
}

static const char *shape(const Node *n)
{
    Buf out = {0};
    show(&out, n);
    return buf_take(&out, arena);
}

typedef struct Case {
    const char *text, *shape;
} Case;

static void check_expressions(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) assert_string_equal(shape(expr(cases[i].text)), cases[i].shape);
}

static void check_statements(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) assert_string_equal(shape(stmt(cases[i].text)), cases[i].shape);
}

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* --- expressions --- */

static void operators_nest_as_in_python(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"a + b * c", "Bin(+ a:a b:Bin(* a:b b:c))"},
        {"(a + b) * c", "Bin(* a:Paren( a:Bin(+ a:a b:b)) b:c)"},
        {"-a ** -b", "Un(- a:Bin(** a:a b:Un(- a:b)))"},
        {"a ** b ** c", "Bin(** a:a b:Bin(** a:b b:c))"},
        {"a // b % c @ d", "Bin(@ a:Bin(% a:Bin(// a:a b:b) b:c) b:d)"},
        {"a << 1 | b & c ^ d", "Bin(| a:Bin(<< a:a b:1) b:Bin(^ a:Bin(& a:b b:c) b:d))"},
        {"a ^ b & c ^ d & e", "Bin(^ a:Bin(^ a:a b:Bin(& a:b b:c)) b:Bin(& a:d b:e))"},
        {"a & b & c", "Bin(& a:Bin(& a:a b:b) b:c)"},
        {"a & (b ^ c)", "Bin(& a:a b:Paren( a:Bin(^ a:b b:c)))"},
        {"~a", "Un(~ a:a)"},
        {"a and b and c or d", "Bool(or [Bool(and [a b c]) d])"},
        {"a or b or (c or d)", "Bool(or [a b Paren( a:Bool(or [c d]))])"},
        {"not a == b", "Un(not a:Cmp(== [a b]))"},
        {"a < b <= c != d", "Cmp(<,<=,!= [a b c d])"},
        {"a in b not in c", "Cmp(in,not in [a b c])"},
        {"a is not  b", "Cmp(is not [a b])"},
        {"a if b else c if d else e", "IfExp( a:a b:b c:IfExp( a:c b:d c:e))"},
        {"(y := f(x))", "Paren( a:Walrus( a:y b:Call( a:f [x])))"},
        {"lambda: 0", "Lambda( a:0)"},
        {"lambda x, *a, y=1, **k: x", "Lambda( a:x (x *a y!=1 **k))"},
        {"await x.y", "Await( a:Attr(y a:x))"},
    };
    check_expressions(cases, COUNT(cases));
}

static void calls_and_subscripts(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"f()", "Call( a:f)"},
        {"f(a, *b, c=d, **e)", "Call( a:f [a Star( a:b) Kw(c a:d) DStar( a:e)])"},
        {"f(x for x in y)", "Call( a:f [Gen( a:x [For( a:x b:y)])])"},
        {"f((x for x in y))", "Call( a:f [Gen(paren  a:x [For( a:x b:y)])])"},
        {"f(a := 1)", "Call( a:f [Walrus( a:a b:1)])"},
        {"a.b.c(d)(e)", "Call( a:Call( a:Attr(c a:Attr(b a:a)) [d]) [e])"},
        {"x[0]", "Index( a:x b:0)"},
        {"x[a, b]", "Index( a:x b:Tuple( [a b]))"},
        {"x[a,]", "Index( a:x b:Tuple( [a]))"},
        {"x[:, ::2, ..., None]", "Index( a:x b:Tuple( [Slice Slice( c:2) ... None]))"},
        {"x[a:b:c]", "Index( a:x b:Slice( a:a b:b c:c))"},
        {"x[a:, :b]", "Index( a:x b:Tuple( [Slice( a:a) Slice( b:b)]))"},
        {"x[*a]", "Index( a:x b:Star( a:a))"},
        {"print(x)", "Call( a:print [x])"},
    };
    check_expressions(cases, COUNT(cases));
}

static void displays_and_comprehensions(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"()", "Tuple"},
        {"(a,)", "Tuple(paren  [a])"},
        {"(a, b)", "Tuple(paren  [a b])"},
        {"a, b", "Tuple( [a b])"},
        {"a,", "Tuple( [a])"},
        {"[]", "List"},
        {"[a, *b]", "List( [a Star( a:b)])"},
        {"{a, b}", "Set( [a b])"},
        {"{}", "Dict"},
        {"{a: b, **c}", "Dict( [Pair( a:a b:b) DStar( a:c)])"},
        {"[x for x in y if x if y]", "ListComp( a:x [For( a:x b:y [x y])])"},
        {"{x for a, b in c for x in b}", "SetComp( a:x [For( a:Tuple( [a b]) b:c) For( a:x b:b)])"},
        {"{k: v for k, v in d}", "DictComp( a:k b:v [For( a:Tuple( [k v]) b:d)])"},
        {"(x async for x in y)", "Gen(paren  a:x [For(async  a:x b:y)])"},
        {"[lambda x: x for f in g]", "ListComp( a:Lambda( a:x (x)) [For( a:f b:g)])"},
    };
    check_expressions(cases, COUNT(cases));
    assert_true(expr("()")->paren);
}

/* --- literals --- */

static void numbers_have_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long long value;
    } ints[] = {{"0", 0},
                {"1_000", 1000},
                {"0xFF", 255},
                {"0b1_01", 5},
                {"0o17", 15},
                {"00", 0},
                {"9223372036854775807", 9223372036854775807}};
    for (size_t i = 0; i < COUNT(ints); i++) {
        Node *n = expr(ints[i].text);
        assert_int_equal(n->kind, N_INT);
        assert_false(n->big);
        assert_true(n->num.i == ints[i].value);
        assert_string_equal(n->text, ints[i].text);
    }
    assert_true(expr("9223372036854775808")->big);
    assert_true(expr("0xFFFFFFFFFFFFFFFFFF")->big);
    static const struct {
        const char *text;
        double value;
    } floats[] = {{"1.5", 1.5}, {".5", .5}, {"5.", 5}, {"1e-5", 1e-5}, {"1_0.0_1e1_0", 10.01e10}};
    for (size_t i = 0; i < COUNT(floats); i++) {
        Node *n = expr(floats[i].text);
        assert_int_equal(n->kind, N_FLOAT);
        assert_true(n->num.f == floats[i].value);
    }
    assert_int_equal(expr("1j")->kind, N_IMAG);
    assert_int_equal(expr("1.5e3J")->kind, N_IMAG);
}

static void strings_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"'a'", "a"},
        {"\"\"", ""},
        {"'a\\n\\t\\\\\\''", "a\n\t\\'"},
        {"r'a\\n'", "a\\n"},
        {"'\\x41\\u20ac\\U0001F600\\101\\7'", "A\xE2\x82\xAC\xF0\x9F\x98\x80"
                                              "A\a"},
        {"'''a\n'b\"'''", "a\n'b\""},
        {"'a\\\nb'", "ab"},
        {"'\\q\\N{DASH}'", "\\q\\N{DASH}"},
        {"'''a\r\nb'''", "a\nb"},
        {"'a' \"b\" r'\\c'", "ab\\c"},
        {"('a'  # first\n 'b')", "ab"},
        {"'\\ud800'", "\xEF\xBF\xBD"},
        {"u'x'", "x"},
        {"'\\x4'", "\\x4"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Node *n = node_unparen(expr(cases[i].text));
        assert_int_equal(n->kind, N_STRING);
        assert_string_equal(n->str, cases[i].value);
        assert_int_equal(n->str_len, strlen(cases[i].value));
    }
    Node *b = expr("b'\\x00\\xff' rb'\\x'");
    assert_true(b->is_bytes);
    assert_int_equal(b->str_len, 4);
    assert_memory_equal(b->str, "\0\xff\\x", 4);
    assert_string_equal(b->text, "b'\\x00\\xff' rb'\\x'");
}

static void fstrings_have_their_parts(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"f''", "FStr"},
        {"f'a{b}c'", "FStr( ['a' Format( a:b) 'c'])"},
        {"f'{{{x}}}'", "FStr( ['{' Format( a:x) '}'])"},
        {"f'{x!r:>{w}.2f}'", "FStr( [Format(r a:x b:FStr( ['>' Format( a:w) '.2f']))])"},
        {"f'{x=}'", "FStr( ['x=' Format(r a:x)])"},
        {"f'{x = :d}'", "FStr( ['x = ' Format( a:x b:FStr( ['d']))])"},
        {"f'{a, b}'", "FStr( [Format( a:Tuple( [a b]))])"},
        {"'a{' f'{b}' 'c'", "FStr( ['a{' Format( a:b) 'c'])"},
        {"rf'\\d{x}'", "FStr( ['\\d' Format( a:x)])"},
        {"f'{d[\"k\"]}'", "FStr( [Format( a:Index( a:d b:'k'))])"},
    };
    check_expressions(cases, COUNT(cases));
}

/* --- statements --- */

static void simple_statements(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"x = y = 1", "Assign( b:1 [x y])"},
        {"a, *b = c", "Assign( b:c [Tuple( [a Star( a:b)])])"},
        {"[a, b] = (c) = d, e", "Assign( b:Tuple( [d e]) [List( [a b]) Paren( a:c)])"},
        {"x: int", "AnnAssign( a:x c:int)"},
        {"self.x: List[int] = []", "AnnAssign( a:Attr(x a:self) b:List c:Index( a:List b:int))"},
        {"x: a | None = 1", "AnnAssign( a:x b:1 c:Bin(| a:a b:None))"},
        {"x //= 2", "AugAssign(// a:x b:2)"},
        {"x @= y", "AugAssign(@ a:x b:y)"},
        {"return", "Return"},
        {"return a, b", "Return( a:Tuple( [a b]))"},
        {"del a, b[0]", "Del( [a Index( a:b b:0)])"},
        {"raise", "Raise"},
        {"raise E(1) from e", "Raise( a:Call( a:E [1]) b:e)"},
        {"assert a, 'm'", "Assert( a:a b:'m')"},
        {"global a, b", "Global(a,b)"},
        {"nonlocal c", "Nonlocal(c)"},
        {"import a.b as c, d", "Import( [Alias(a.b as c) Alias(d)])"},
        {"import a . b", "Import( [Alias(a.b)])"},
        {"from ..a.b import (c as d, e,)", "From(..a.b [Alias(c as d) Alias(e)])"},
        {"from . import x", "From(. [Alias(x)])"},
        {"from a import *", "From(a [Alias(*)])"},
        {"from __future__ import annotations", "From(__future__ [Alias(annotations)])"},
        {"pass", "Pass"},
        {"x = yield", "Assign( b:Yield [x])"},
        {"yield from g()", "Expr( a:Yield(from a:Call( a:g)))"},
        {"type X[T] = list[T]", "TypeAlias"},
        {"match = 1", "Assign( b:1 [match])"},
        {"print >>f", "Expr( a:Bin(>> a:print b:f))"},
    };
    check_statements(cases, COUNT(cases) - 1); /* the last one is Python 2 for tree-sitter */
}

static void compound_statements(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"if a: b", "If( a:a body[Expr( a:b)])"},
        {"if a:\n  b\nelif c:\n  d\nelse:\n  e\n",
         "If( a:a body[Expr( a:b)] else[If(elif  a:c body[Expr( a:d)] else[Expr( a:e)])])"},
        {"if a: b\nelse:\n  if c: d\n",
         "If( a:a body[Expr( a:b)] else[If( a:c body[Expr( a:d)])])"},
        {"for a, b in c, d:\n  break\nelse:\n  continue\n",
         "ForLoop( a:Tuple( [a b]) b:Tuple( [c d]) body[Break] else[Continue])"},
        {"async for a in b: pass", "ForLoop(async  a:a b:b body[Pass])"},
        {"while a: pass\nelse: pass", "While( a:a body[Pass] else[Pass])"},
        {"try:\n a\nexcept (E, F) as e:\n b\nexcept:\n c\nelse:\n d\nfinally:\n e\n",
         "Try( [Except(e a:Tuple(paren  [E F]) body[Expr( a:b)]) Except( body[Expr( a:c)])] "
         "body[Expr( a:a)] else[Expr( a:d)] finally[Expr( a:e)])"},
        {"try: a\nexcept* E: b", "Try( [Except(* a:E body[Expr( a:b)])] body[Expr( a:a)])"},
        {"with a as b, c: pass", "With( [Item( a:a b:b) Item( a:c)] body[Pass])"},
        {"with (a as b, c as (d, e)):\n pass",
         "With( [Item( a:a b:b) Item( a:c b:Tuple(paren  [d e]))] body[Pass])"},
        {"with (\n  a as b\n):\n pass", "With( [Item( a:a b:b)] body[Pass])"},
        {"with (a): pass", "With( [Item( a:Paren( a:a))] body[Pass])"},
        {"async with a: pass", "With(async  [Item( a:a)] body[Pass])"},
        {"def f(a, /, b: int = 1, *, c, **k) -> x: pass",
         "Def(f c:x (a/ b:int=1 c! **k) body[Pass])"},
        {"async def f(*a: int): pass", "Def(async f (*a:int) body[Pass])"},
        {"@a.b\n@c(1)\ndef f(): pass", "Def(f @[Attr(b a:a) Call( a:c [1])] body[Pass])"},
        {"class A: pass", "Class(A body[Pass])"},
        {"@d\nclass A(B, m=C, *D):\n x = 1\n y = 2\n",
         "Class(A @[d] [B Kw(m a:C) Star( a:D)] body[Assign( b:1 [x]) Assign( b:2 [y])])"},
        {"if a: b; c", "If( a:a body[Expr( a:b) Expr( a:c)])"},
    };
    check_statements(cases, COUNT(cases));
}

static void match_statements(void **state)
{
    (void)state;
    const char *text = "match x, y:\n"
                       " case 1 | -2 | None: pass\n"
                       " case A.B(c, d=_) if c: pass\n"
                       " case [a, *b], {'k': v, **rest}: pass\n"
                       " case (a): pass\n"
                       " case (1, 2) as t: pass\n"
                       " case 1 - 2j: pass\n"
                       " case _: pass\n";
    assert_string_equal(
        shape(stmt(text)),
        "Match( a:Tuple( [x y]) ["
        "Case( a:Bin(| a:Bin(| a:1 b:Un(- a:2)) b:None) body[Pass]) "
        "Case( a:Call( a:Attr(B a:A) [c Kw(d a:_)]) b:c body[Pass]) "
        "Case( a:Tuple( [List( [a Star( a:b)]) Dict( [Pair( a:'k' b:v) DStar( a:rest)])]) body[Pass]) "
        "Case( a:Paren( a:a) body[Pass]) Case( a:Pattern body[Pass]) "
        "Case( a:Bin(- a:1 b:2j) body[Pass]) Case( a:_ body[Pass])])");
}

static void type_parameters_are_kept_as_text(void **state)
{
    (void)state;
    assert_string_equal(stmt("def f[T: int](x: T) -> T: pass")->text, "[T: int]");
    assert_string_equal(stmt("class A[T]: pass")->text, "[T]");
    assert_null(stmt("class A: pass")->text);
}

/* --- places --- */

typedef struct Dense {
    int next;
    const Module *module;
} Dense;

static bool in_order(Node *n, void *ctx)
{
    Dense *d = ctx;
    assert_int_equal(n->id, d->next++);
    assert_true(n->span.start <= n->span.end && n->span.end <= d->module->src->len);
    return true;
}

static const char sample[] = "# top\n"
                             "import a.b as c  # why\n"
                             "@d\n"
                             "class A(B):\n"
                             "    '''Doc.'''\n"
                             "    def f(self, x: int = 1, *y) -> int:\n"
                             "        # own\n"
                             "        return [i for i in x if i] and f'{x}a'\n"
                             "    # tail\n"
                             "x = {1: 2}\n";

static void ids_are_dense_and_in_source_order(void **state)
{
    (void)state;
    Module *m = parse(sample);
    Dense d = {1, m};
    node_walk(m->root, in_order, &d);
    assert_int_equal(d.next - 1, m->nnodes);
}

static void comments_are_collected(void **state)
{
    (void)state;
    Module *m = parse(sample);
    assert_int_equal(m->comments.len, 4);
    assert_true(m->comments.at[0].own_line && !m->comments.at[1].own_line);
    assert_true(m->comments.at[2].own_line && m->comments.at[3].own_line);
    assert_memory_equal(m->src->text + m->comments.at[1].span.start, "# why", 5);
}

static void compound_statements_end_with_their_last_statement(void **state)
{
    (void)state;
    Module *m = parse(sample);
    Node *a = m->root->items.at[1];
    assert_int_equal(a->kind, N_CLASS);
    assert_memory_equal(m->src->text + a->span.start, "@d\nclass", 8);
    assert_memory_equal(m->src->text + a->span.end - 7, "f'{x}a'", 7);
    assert_memory_equal(m->src->text + a->head - 4, "(B):", 4);
    assert_non_null(node_docstring(a));
    assert_null(node_docstring(m->root));
}

static void places_are_found(void **state)
{
    (void)state;
    Module *m = parse(sample);
    int at = (int)(strstr(sample, "in x") - sample) + 3;
    Node *x = node_find_at(m, at);
    assert_int_equal(x->kind, N_NAME);
    assert_string_equal(node_source(arena, m, x), "x");
    assert_ptr_equal(node_find_at(m, 0), m->root);
    Node *f = m->root->items.at[1]->body.at[1];
    int index = -1;
    assert_ptr_equal(node_stmt_list(m, f, &index), &m->root->items.at[1]->body);
    assert_int_equal(index, 1);
    assert_ptr_equal(node_stmt_list(m, f->body.at[0], &index), &f->body);
    assert_null(node_stmt_list(m, x, &index));
}

/* --- errors --- */

static void check_error(const char *text, int nstmts, int error_at, const char *says)
{
    Module *m = parse(text);
    if (m->root->items.len != nstmts) fail_msg("%s: %s", text, shape(m->root));
    for (int i = 0; i < nstmts; i++) {
        bool error = m->root->items.at[i]->kind == N_ERROR;
        assert_int_equal(error, i == error_at);
    }
    assert_int_equal(diags.list.len, 1);
    assert_string_equal(diags.list.at[0].code, "syntax");
    if (!strstr(diags.list.at[0].message, says)) fail_msg("%s", diags.list.at[0].message);
}

static void errors_stay_in_their_statement(void **state)
{
    (void)state;
    check_error("a = 1\nb = = 2\nc = 3\n", 3, 1, "does not parse");
    check_error("print 'x'\nc = 3\n", 2, 0, "print");
    check_error("exec 'x'\nc = 3\n", 2, 0, "exec");
    check_error("a <> b\n", 1, 0, "Python 2");
    check_error("a = 0777\n", 1, 0, "Python 2");
    check_error("a = 10L\n", 1, 0, "Python 2");
    check_error("raise E, 'x'\n", 1, 0, "Python 2");
    check_error("try:\n a\nexcept E, e:\n b\nc\n", 2, 0, "Python 2");
    check_error("def f(a, (b, c)): pass\nd\n", 2, 0, "Python 2");
    check_error("if a:\n\nb = 1\n", 2, 0, "indented block");
    check_error("x = 'a' b'c'\n", 1, 0, "bytes");
    check_error("try:\n a\n", 1, 0, "");
}

static void errors_in_a_body_leave_the_statement(void **state)
{
    (void)state;
    Module *m = parse(
        "class A:\n    def f(self):\n        x = = 1\n        return x\n    def g(self): pass\n");
    Node *a = m->root->items.at[0];
    assert_int_equal(a->kind, N_CLASS);
    assert_int_equal(a->body.len, 2);
    Node *f = a->body.at[0];
    assert_int_equal(f->body.at[0]->kind, N_ERROR);
    assert_int_equal(f->body.at[f->body.len - 1]->kind, N_RETURN);
    assert_int_equal(diags.list.len, 1);
    int line, col;
    source_position(m->src, diags.list.at[0].span.start, &line, &col);
    assert_int_equal(line, 3);
}

static void whatever_bytes_there_are(void **state)
{
    (void)state;
    char bytes[256];
    for (int i = 0; i < 256; i++) bytes[i] = (char)i;
    assert_non_null(parse_bytes(bytes, 256)->root);
    assert_non_null(parse_bytes("x = 1\0y\n", 8)->root);
    assert_int_equal(parse("")->root->items.len, 0);
    assert_int_equal(parse("# only\n")->root->items.len, 0);
    assert_int_equal(parse("\xEF\xBB\xBFx = 1\n")->root->items.len, 1);
    Module *m = parse("x = 1\r\nif x:\r\n    y\r\n");
    assert_int_equal(m->root->items.len, 2);
    assert_int_equal(diags.list.len, 0);
}

static char *repeated(const char *unit, int n, const char *last)
{
    Buf b = {0};
    for (int i = 0; i < n; i++) buf_add(&b, unit);
    buf_add(&b, last);
    return buf_take(&b, arena);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    static const char *const units[] = {
        "(", "[", "not ", "-", "lambda:", "x = (", "f(", "a if b else ", "x."};
    for (size_t i = 0; i < COUNT(units); i++) {
        Module *m = parse(repeated(units[i], 100000, "x\n"));
        assert_true(m->root->items.len > 0);
        assert_true(diags.list.len > 0);
    }
    Module *m = parse(repeated("a and ", 20000, "b\n")); /* flat, however long */
    assert_int_equal(diags.list.len, 0);
    assert_int_equal(m->root->items.at[0]->a->items.len, 20001);
}

/* --- constructors --- */

static const char *flat(const Node *n)
{
    return print_expr_flat(arena, n);
}

static void constructors_print_as_python(void **state)
{
    (void)state;
    Arena *a = arena;
    assert_string_equal(flat(py_name(a, "keras.layers.Dense")), "keras.layers.Dense");
    assert_string_equal(
        flat(py_binary(a, py_binary(a, py_int(a, 1), "+", py_int(a, 2)), "*", py_name(a, "x"))),
        "(1 + 2) * x");
    assert_string_equal(
        flat(py_binary(a, py_name(a, "x"), "-", py_binary(a, py_int(a, 1), "-", py_int(a, 2)))),
        "x - (1 - 2)");
    assert_string_equal(flat(py_binary(a, py_int(a, -1), "**", py_int(a, -2))), "(-1) ** -2");
    assert_string_equal(flat(py_attr(a, py_binary(a, py_name(a, "a"), "+", py_name(a, "b")), "c")),
                        "(a + b).c");
    assert_string_equal(
        flat(py_unary(a, "not", py_binary(a, py_name(a, "a"), "+", py_name(a, "b")))), "not a + b");
    Node *call = py_call(a, py_name(a, "f"));
    vec_push(a, &call->items, py_str(a, "a\"b\n\\"));
    vec_push(a, &call->items, py_kw(a, "k", py_bool(a, true)));
    vec_push(a, &call->items, py_none(a));
    assert_string_equal(flat(call), "f(\"a\\\"b\\n\\\\\", k=True, None)");
    Node *t = py_tuple(a, true);
    vec_push(a, &t->items, py_int(a, 3));
    assert_string_equal(flat(py_index(a, py_name(a, "x"), t)), "x[(3,)]");
    assert_string_equal(flat(py_list(a)), "[]");
}

static void floats_are_as_short_as_they_can_be(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.9, "0.9"},
                 {1e-5, "1e-5"},
                 {0.001, "0.001"},
                 {0.0001, "0.0001"},
                 {1, "1.0"},
                 {100000, "100000.0"},
                 {1e16, "1e16"},
                 {1e20, "1e20"},
                 {-0.5, "-0.5"},
                 {1.0 / 3, "0.3333333333333333"},
                 {0, "0.0"},
                 {1.5e-7, "1.5e-7"},
                 {123456.789, "123456.789"}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(py_float(arena, cases[i].value)->text, cases[i].text);
    assert_string_equal(flat(py_float(arena, INFINITY)), "float(\"inf\")");
    assert_string_equal(flat(py_float(arena, NAN)), "float(\"nan\")");
}

static void expressions_are_parsed_from_text(void **state)
{
    (void)state;
    const char *err = NULL;
    Node *e = py_parse_expr(arena, " layers.Dense(10, activation='relu') ", &err);
    assert_non_null(e);
    assert_null(err);
    assert_int_equal(e->id, 0);
    assert_int_equal(e->span.end, 0);
    assert_string_equal(flat(e), "layers.Dense(10, activation='relu')");
    assert_non_null(py_parse_expr(arena, "a\n+ b", &err));
    assert_null(err);
    static const char *const wrong[] = {"", "  ", "x = 1", "a b", "f(", "pass", "a; b", "x\ny"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        err = NULL;
        assert_null(py_parse_expr(arena, wrong[i], &err));
        assert_non_null(err);
    }
}

static void equality_looks_through_spelling(void **state)
{
    (void)state;
    static const char *const same[][2] = {{"f(a, b=1)", "f( a,b = 1 )"},
                                          {"(a) + b", "a + b"},
                                          {"'x'", "\"x\""},
                                          {"16", "0x10"},
                                          {"1.0", "1e0"},
                                          {"[i for i in x]", "[ i for i in (x) ]"},
                                          {"a, b", "(a, b)"}};
    static const char *const other[][2] = {{"a + b", "b + a"},  {"1", "1.0"},   {"'x'", "b'x'"},
                                           {"f(a)", "f(a, a)"}, {"a.b", "a.c"}, {"a < b", "a > b"}};
    const char *err = NULL;
    for (size_t i = 0; i < COUNT(same); i++)
        assert_true(py_same(py_parse_expr(arena, same[i][0], &err),
                            py_parse_expr(arena, same[i][1], &err)));
    for (size_t i = 0; i < COUNT(other); i++)
        assert_false(py_same(py_parse_expr(arena, other[i][0], &err),
                             py_parse_expr(arena, other[i][1], &err)));
    assert_true(py_same(NULL, NULL));
    assert_false(py_same(NULL, py_none(arena)));
}

static void copies_are_independent(void **state)
{
    (void)state;
    Node *call = expr("f(a, b)");
    Node *copy = node_copy(arena, call);
    assert_ptr_equal(copy->from, call);
    assert_true(node_unchanged(copy));
    copy->items.at[0] = py_int(arena, 1);
    assert_string_equal(flat(call), "f(a, b)");
    assert_string_equal(flat(copy), "f(1, b)");
    assert_false(node_unchanged(copy));
    assert_ptr_equal(node_copy(arena, copy)->from, call);
    assert_true(node_is_stmt(stmt("x = 1")) && !node_is_stmt(call));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(operators_nest_as_in_python),
        T(calls_and_subscripts),
        T(displays_and_comprehensions),
        T(numbers_have_values),
        T(strings_are_decoded),
        T(fstrings_have_their_parts),
        T(simple_statements),
        T(compound_statements),
        T(match_statements),
        T(type_parameters_are_kept_as_text),
        T(ids_are_dense_and_in_source_order),
        T(comments_are_collected),
        T(compound_statements_end_with_their_last_statement),
        T(places_are_found),
        T(errors_stay_in_their_statement),
        T(errors_in_a_body_leave_the_statement),
        T(whatever_bytes_there_are),
        T(depth_is_bounded),
        T(constructors_print_as_python),
        T(floats_are_as_short_as_they_can_be),
        T(expressions_are_parsed_from_text),
        T(equality_looks_through_spelling),
        T(copies_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
