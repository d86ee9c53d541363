/* Names that nothing binds: Python's scopes, read off texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "python/unbound.h"

typedef struct Case {
    const char *text, *unbound; /* the names in order, "<" before those that are read too early */
} Case;

static const Case CASES[] = {
    {"print(x)\n", "x"},
    {"x = 1\nprint(x, len([]))\n", ""},
    {"import a.b, c as d\nfrom e import f as g\na, d, g\nb, c, e, f\n", "b c e f"},
    {"from a import *\nx\n", ""},
    {"def f(:\nx\n", ""},
    {"x\nx = 1\n", "<x"},
    {"x += 1\n", "<x"},
    {"x, y = y, x\n", "<y <x"},
    {"x = [x for x in range(3)]\n", ""},
    {"[(i, j) for i in a for j in i]\n", "a"},
    {"i = [[1]]\n[i for i in i]\n", ""},
    {"for i in range(3):\n    if i:\n        print(y)\n    y = i\n", ""},
    {"while True:\n    y\n    y = 1\n", ""},
    {"def f(a, *b, c=d, **e):\n    return a, b, c, e, g\n\n\ng = 1\n", "d"},
    {"def f():\n    return x\n    x = 1\n", "<x"},
    {"def f():\n    global x\n    x = 1\n\n\nf()\nprint(x)\n", ""},
    {"def f():\n    x = 1\n\n    def g():\n        nonlocal x\n        x += 1\n        return y\n    return g, x\n", "y"},
    {"class A:\n    x = 1\n    y = x\n\n    def f(self):\n        return x, __class__\n", "x"},
    {"class A:\n    n = [1]\n    m = [k for k in n]\n    o = [n for k in m]\n", "n"},
    {"class A(B, metaclass=C):\n    pass\n", "B C"},
    {"f = lambda a, b=c: a + b + d\n", "c d"},
    {"try:\n    pass\nexcept E as e:\n    print(e)\n", "E"},
    {"with open('x') as f, g(f) as h:\n    h\n", "g"},
    {"if (n := len('a')) > 1:\n    print(n)\n", ""},
    {"x[0] = 1\ny.z = 2\ny = 3\n", "x <y"},
    {"def f(a: T) -> U:\n    v: W = a\n", "T U W"},
    {"from __future__ import annotations\ndef f(a: T) -> U:\n    v: W = a\n", ""},
    {"match p:\n    case {'a': q, **rest}:\n        q, rest\n    case K(r=s):\n        s\n", "p"},
    {"f'{x} {y!r:{z}}'\n", "x y z"},
    {"x: int\nx: int = 1\nprint(x, __name__, __file__)\n", ""},
    {"@d\ndef f(): pass\n\n\n@f\nclass A: pass\n", "d"},
    {"x\nx\n\n\ndef f():\n    return x\n", "x x"},
};

static void names_are_looked_up_as_python_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Arena *a = arena_new();
        const Module *m = python_parse(a, "test.py", CASES[i].text, (int)strlen(CASES[i].text), NULL);
        UnboundVec found = python_unbound(a, m);
        Buf b = {0};
        for (int k = 0; k < found.len; k++)
            buf_printf(&b, "%s%s%s", k ? " " : "", found.at[k].early ? "<" : "", found.at[k].name->name);
        if (strcmp(b.s ? b.s : "", CASES[i].unbound) != 0) fail_msg("%s\nfound: %s", CASES[i].text, b.s ? b.s : "");
        buf_free(&b);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_looked_up_as_python_does)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
