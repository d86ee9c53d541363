# case int arithmetic
result = [7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 2 ** 10, 2 ** -1, 7 / 2, 1 << 5, 255 >> 3, 6 & 3, 6 | 3, 6 ^ 3, ~5]
# case int literals
result = [0x1F, 0o17, 0b101, 1_000_000, 10**18, -5, +3]
# case float arithmetic
result = [0.1 + 0.2, 1e-5, 1e16, 1e15, 123456.789, 1.0, -0.0, 5.0 // 2, -5.5 // 2, 5.5 % 2, -5.5 % 2, 2.0 ** 0.5, 1e100, 1.5e-7]
# case float special
result = [float("inf"), float("-inf"), float("nan"), 1e309, 3.0, 1/3]
# case bool arithmetic
result = [True + True, True & False, True | False, True ^ True, not True, -True, True * 3]
# case division by zero
result = 1 // 0
# case true division by zero
result = 1 / 0
# case modulo by zero
result = 1 % 0
# case round half even
result = [round(0.5), round(1.5), round(2.5), round(-0.5), round(2.675, 2), round(1234.5678, -2), round(7), round(15, -1), round(3.14159, 3)]
# case abs divmod pow
result = [abs(-3), abs(-2.5), divmod(7, 2), divmod(-7, 2), pow(2, 5), pow(2, 5, 7), divmod(7.5, 2)]
# case int of things
result = [int("42"), int(" -7 "), int(3.9), int(-3.9), int("ff", 16), int("0b11", 2), int("1_000"), int(True), int()]
# case int of bad text
result = int("x1")
# case float of things
result = [float("1.5"), float(" 2 "), float(3), float("1e-3"), float(), float("1_0.5")]
# case float of bad text
result = float("abc")
# case hex oct bin
result = [hex(255), oct(8), bin(5), hex(-1), ord("a"), chr(98), ord("é"), chr(8364)]
# case comparison chains
x = 5
result = [1 < x < 10, 1 < x > 6, 1 == 1.0 == True, 3 > 2 >= 2 != 1]
# case is and identity
a = []
b = a
result = [a is b, a is not [], None is None, a == [], True is True]
# case in
result = [1 in [1, 2], 3 not in (1, 2), "a" in "cat", "x" in {"x": 1}, 2 in {1, 2}, 5 in range(0, 10, 5), 4 in range(0, 10, 5)]
# case bool short circuit values
result = [0 or "x", "" or 0 or None, 1 and 2, 0 and 1 / 0, 1 or 1 / 0, [] or {} or "last", not []]
# case conditional expression
result = ["yes" if 1 > 0 else "no", "a" if [] else "b"]
# case string basics
s = "Hello"
result = [s + " World", s * 2, len(s), s[0], s[-1], s[1:3], s[::-1], s[::2], s[10:], "l" in s]
# case string methods case
result = ["aBc".upper(), "aBc".lower(), "hello world".title(), "hELLO".capitalize(), "aB".swapcase(), "ß".lower()]
# case string strip
result = ["  x ".strip(), "xxaxx".strip("x"), "  x".lstrip(), "x  ".rstrip(), "abcba".strip("ab")]
# case string split
result = ["a,b,c".split(","), " a  b ".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "a\nb\r\nc".splitlines(), "".split(","), "".split(), "a b c d".split(None, 2)]
# case string join
result = [", ".join(["a", "b"]), "".join(str(i) for i in range(4)), "-".join("abc")]
# case string join bad
result = ",".join([1, 2])
# case string replace find
result = ["aaa".replace("a", "b"), "aaa".replace("a", "b", 2), "hello".find("l"), "hello".rfind("l"), "hello".find("z"), "hello".index("e"), "hello".count("l"), "abc".replace("", "-")]
# case string index missing
result = "abc".index("z")
# case string tests
result = ["abc".startswith("ab"), "abc".endswith(("x", "c")), "12".isdigit(), "ab".isalpha(), "a1".isalnum(), " ".isspace(), "AB".isupper(), "ab".islower(), "a_1".isidentifier(), "1a".isidentifier(), "".isdigit()]
# case string padding
result = ["5".zfill(3), "-5".zfill(4), "a".ljust(3), "a".rjust(3), "a".center(4), "a".center(5, "*"), "ab".center(5, "*"), "a".ljust(3, ".")]
# case string partition
result = ["a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("="), "abc".rpartition("="), "prefix_x".removeprefix("prefix_"), "x.py".removesuffix(".py")]
# case string escapes
result = ["a\tb", "it's", 'say "hi"', "both ' and \"", "back\\slash", "nl\n", "\x41", "\u00e9", r"raw\n", "a" "b" 'c']
# case string unicode
s = "naïve café"
result = [len(s), s[2], s.find("f"), s[::-1], s.upper()[0]]
# case string percent
result = ["%d items" % 3, "%s-%s" % ("a", 1), "%.2f" % 3.14159, "%05d" % 42, "%-5s|" % "ab", "%x" % 255, "%%", "%5.1f" % 2.25, "%r" % "q", "%(n)s=%(v)d" % {"n": "k", "v": 2}, "%e" % 12345.678, "%g" % 0.0001, "%g" % 1e20, "%+d" % 5]
# case string percent too few
result = "%s %s" % ("a",)
# case string percent too many
result = "%s" % ("a", "b")
# case string format
result = ["{} {}".format(1, 2), "{1} {0}".format("a", "b"), "{x}".format(x=5), "{:>5}".format("a"), "{:<5}|".format("a"), "{:^5}".format("a"), "{:.3f}".format(2.0), "{{}}".format(), "{0!r}".format("a"), "{:,}".format(1234567), "{:05.1f}".format(3.14159), "{0[1]}".format([1, 2]), "{a.real}".format(a=5)]
# case string format missing
result = "{} {}".format(1)
# case fstrings
name, n, pi = "net", 3, 3.14159
result = [f"{name}{n}", f"{n:03d}", f"{pi:.2f}", f"{name!r}", f"{n + 1}", f"{{}}", f"{name:>6}", f"{n=}" if False else "", f"{pi:{n}.{n - 1}f}", f"{'a' if n else 'b'}", f"{n:>{n}}", f"{1234567:,}", f"{0.5:%}", f"{255:#x}", f"{name[0]}"]
# case format builtin
result = [format(3.14159, ".3f"), format(42, "b"), format("x", ">3"), format(1e10), format(5, "e"), format(True), format(12, "+d"), format(0.00001234, ".2g"), format(1.0, ".1f"), format(10, "_"), format(3.0), format(1234.5, ",.2f")]
# case str of things
result = [str(1), str(1.5), str(True), str(None), str([1, "a"]), str({"a": 1}), str((1,)), str({1}), str(range(3)), repr("a'b")]
# case list basics
l = [3, 1, 2]
l.append(4)
l.extend([5, 6])
l.insert(0, 0)
l.remove(3)
p = l.pop()
q = l.pop(0)
result = [l, p, q, len(l), l.index(2), l.count(1), l[1:], l[-2:], l + [9], [0] * 3]
# case list slices
l = list(range(10))
result = [l[2:5], l[::3], l[::-2], l[-3:], l[:-3], l[5:2], l[100:], l[-100:2], l[7:2:-2]]
# case list slice assignment
l = list(range(6))
l[1:3] = ["a", "b", "c"]
l[::2] = [0] * len(l[::2])
del l[0]
del l[1:3]
result = l
# case list extended slice mismatch
l = [1, 2, 3]
l[::2] = [1]
result = l
# case list sort
l = [3, 1, 2]
l.sort()
m = sorted(["bb", "a", "ccc"], key=len, reverse=True)
l2 = sorted([(1, "b"), (1, "a"), (0, "z")])
l3 = sorted("hello")
l4 = [1, 2, 3]
l4.reverse()
result = [l, m, l2, l3, l4, sorted([3, 1, 2], key=lambda v: -v)]
# case sort is stable in reverse
result = sorted([("a", 1), ("b", 1), ("c", 0)], key=lambda p: p[1], reverse=True)
# case sort mixed fails
result = sorted([1, "a"])
# case list errors
result = [1, 2][5]
# case tuple errors
result = (1, 2)[5]
# case str index error
result = "ab"[5]
# case pop empty
result = [].pop()
# case list remove missing
result = [1].remove(2)
# case list index missing
result = [1].index(2)
# case list aliasing
a = [1]
b = a
b += [2]
c = a + []
c.append(3)
result = [a, b, c, a is b]
# case list multiply aliases
rows = [[0]] * 2
rows[0].append(1)
result = rows
# case augmented assignment
x = 5
x += 2; x *= 3; x -= 1; x //= 2; x **= 2; x %= 7
y = [1]
y *= 3
s = "a"
s += "b"
z = 6
z |= 1; z &= 5; z ^= 2; z <<= 2; z >>= 1
result = [x, y, s, z]
# case unpacking
a, b = 1, 2
a, b = b, a
c, *d = [1, 2, 3]
*e, f = (1, 2, 3)
g, (h, i) = 1, (2, 3)
[j, k] = "xy"
m, *n, o = range(5)
result = [a, b, c, d, e, f, g, h, i, j, k, m, n, o]
# case unpack too few
a, b, c = 1, 2
# case unpack too many
a, b = 1, 2, 3
# case unpack not iterable
a, b = 5
# case star displays
a = [1, 2]
result = [[*a, 3], (*a, *a), {*a}, {**{"x": 1}, "y": 2}, [*range(3), *"ab"]]
# case chained assignment
a = b = c = [0]
a.append(1)
result = [b, c is a]
# case dict basics
d = {"a": 1, "b": 2}
d["c"] = 3
del d["a"]
result = [d, d.get("z"), d.get("z", 9), list(d), list(d.values()), list(d.items()), "b" in d, len(d), d.pop("b"), d.setdefault("q", 5), d]
# case dict methods
d = dict(a=1, b=2)
d.update({"c": 3}, d=4)
e = dict([("x", 1), ("y", 2)])
f = {**d, "a": 10}
g = d | e
h = dict(zip("ab", [1, 2]))
k = dict.fromkeys("ab", 0)
result = [d, e, f, g, h, k, d.copy() == d, d.popitem()]
# case dict comprehension
result = [{k: v * 2 for k, v in {"a": 1}.items()}, {i: i ** 2 for i in range(4) if i % 2}]
# case dict missing key
result = {"a": 1}["b"]
# case dict unhashable key
result = {[1]: 2}
# case dict numeric keys
d = {1: "a", 1.0: "b", True: "c"}
result = [d, d[1]]
# case dict tuple keys
d = {(1, 2): "x"}
result = d[1, 2]
# case dict order and equality
result = [{"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} == {"a": 1.0}, list({"z": 1, "a": 2})]
# case dict iteration
out = []
for k in {"x": 1, "y": 2}:
    out.append(k)
for k, v in {"x": 1}.items():
    out.append((k, v))
result = out
# case set operations
a, b = {1, 2, 3}, {2, 3, 4}
result = [sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a <= b, {2} < a, a == {3, 2, 1}, a.isdisjoint({9}), sorted(a.union([7])), sorted(a.intersection([1])), len({1, 1, 1})]
# case set methods
s = set()
s.add(1); s.add(1); s.add(2); s.discard(9); s.remove(1)
s.update([5, 6])
result = [sorted(s), set(), frozenset([1]) == {1}, sorted(set("hello"))]
# case set remove missing
s = {1}
s.remove(2)
# case tuple basics
t = (1, 2, 3)
result = [t + (4,), t * 2, t[1:], t.index(2), t.count(1), len(t), (1, 2) < (1, 3), (1,), (), tuple("ab"), t[::-1]]
# case range
r = range(2, 10, 3)
result = [list(r), len(r), r[1], r[-1], list(range(5, 0, -2)), list(range(0)), range(3) == range(0, 3), r[1:], 5 in r, r.start, r.stop, r.step]
# case range zero step
range(1, 2, 0)
# case range bad
range("a")
# case slice objects
s = slice(1, 3)
result = [[1, 2, 3, 4][s], s.start, s.stop, s.step, "hello"[slice(None, None, 2)]]
# case enumerate zip
result = [list(enumerate("ab")), list(enumerate("ab", 1)), list(zip([1, 2, 3], "ab")), list(zip()), dict(enumerate("ab")), [x + y for x, y in zip([1, 2], [3, 4])]]
# case map filter
result = [list(map(str, [1, 2])), list(filter(None, [0, 1, "", 2])), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(lambda x: x > 1, [1, 2, 3]))]
# case any all sum min max
result = [any([0, 1]), all([1, 0]), any([]), all([]), sum([1, 2, 3]), sum([0.5, 0.25]), sum([[1], [2]], []), min(3, 1, 2), max([1, 5, 2]), max("abc"), min([], default=0), max([1, -3], key=abs), min("b", "a")]
# case max empty
max([])
# case reversed iter next
it = iter([1, 2, 3])
a = next(it)
rest = list(it)
result = [list(reversed([1, 2])), list(reversed("ab")), a, rest, next(it, "done"), list(reversed(range(3)))]
# case next exhausted
next(iter([]))
# case list comprehension
result = [[x * y for x in range(3) for y in range(3) if x != y], [[j for j in range(i)] for i in range(3)], [x for x in range(10) if x % 2 if x > 3]]
# case comprehension scope
x = "outer"
l = [x for x in range(3)]
result = [x, l]
# case walrus
if (n := len("abcd")) > 3:
    m = n * 2
result = [n, m, [y := 1, y + 1], [last := i for i in range(3)], last]
# case generator expression
g = (i * i for i in range(4))
result = [sum(g), list(g), list(x for x in "ab")]
# case generator function
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
    return "end"
def both():
    yield "start"
    yield from count(2)
result = [list(count(3)), list(both()), sum(count(5)), [x for x in count(2)]]
# case infinite generator with break
def nat():
    n = 0
    while True:
        yield n
        n += 1
out = []
for i in nat():
    if i > 3:
        break
    out.append(i)
result = out
# case functions
def f(a, b=2, *args, c=3, **kw):
    return (a, b, args, c, kw)
result = [f(1), f(1, 5), f(1, 2, 3, 4), f(1, c=9), f(1, z=1), f(*[1, 2, 3], **{"c": 4, "y": 5}), f(b=1, a=0)]
# case missing argument
def f(a, b):
    return a
f(1)
# case unexpected keyword
def f(a):
    return a
f(1, z=2)
# case too many positional
def f(a, b=1):
    return a
f(1, 2, 3)
# case multiple values
def f(a):
    return a
f(1, a=2)
# case keyword only missing
def f(*, a):
    return a
f()
# case keyword only and positional only
def f(a, /, b, *, c):
    return (a, b, c)
result = [f(1, 2, c=3), f(1, b=2, c=3)]
# case default evaluated once
def f(x, acc=[]):
    acc.append(x)
    return acc
f(1)
result = f(2)
# case defaults see definition time
n = 1
def f(x=n):
    return x
n = 2
result = f()
# case closures late binding
fs = [lambda: i for i in range(3)]
gs = [lambda i=i: i for i in range(3)]
result = [[f() for f in fs], [g() for g in gs]]
# case nonlocal
def counter():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
c = counter()
c()
result = [c(), c(), counter()()]
# case global
total = 0
def add(x):
    global total, made
    total += x
    made = True
add(2)
add(3)
result = [total, made]
# case recursion
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
def fib(n, memo={}):
    if n in memo:
        return memo[n]
    if n < 2:
        return n
    memo[n] = fib(n - 1) + fib(n - 2)
    return memo[n]
result = [fact(10), fib(40)]
# case lambda forms
result = [(lambda: 5)(), (lambda x, y=2: x * y)(3), (lambda *a: a)(1, 2), (lambda **k: k)(a=1)]
# case nested functions
def outer(x):
    def mid(y):
        def inner(z):
            return x + y + z
        return inner
    return mid
result = outer(1)(2)(3)
# case function attributes
def f():
    "Doc."
f.tag = 5
result = [f.tag, f.__name__, f.__doc__, hasattr(f, "nope")]
# case recursion through a default
def f(n, g=None):
    g = g or (lambda v: v + 1)
    return g(n)
result = [f(1), f(1, lambda v: v * 10)]
# case return nothing
def f():
    pass
def g():
    return
result = [f(), g()]
# case if elif else
def f(n):
    if n < 0:
        return "neg"
    elif n == 0:
        return "zero"
    elif n < 10:
        return "small"
    else:
        return "big"
result = [f(-1), f(0), f(5), f(50)]
# case for else break continue
out = []
for i in range(5):
    if i == 1:
        continue
    if i == 3:
        break
    out.append(i)
else:
    out.append("else")
for i in []:
    pass
else:
    out.append("empty")
result = out
# case while else
n = 3
out = []
while n:
    n -= 1
    out.append(n)
else:
    out.append("done")
while True:
    n += 1
    if n > 5:
        break
result = [out, n]
# case nested loops
out = []
for i in range(3):
    for j in range(3):
        if j == 2:
            break
        out.append((i, j))
result = out
# case loop over growing list
l = [1, 2]
for x in l:
    if len(l) < 5:
        l.append(x * 10)
result = l
# case loop variable survives
for i in range(4):
    pass
result = i
# case try except
out = []
try:
    1 / 0
except ZeroDivisionError as e:
    out.append(str(e))
else:
    out.append("no")
finally:
    out.append("finally")
try:
    {}["k"]
except (IndexError, KeyError) as e:
    out.append(repr(e))
try:
    out.append("body")
except Exception:
    pass
else:
    out.append("else")
result = out
# case try nested
def f():
    try:
        try:
            raise ValueError("inner")
        except KeyError:
            return "key"
        finally:
            out.append("fin")
    except ValueError as e:
        return "outer " + str(e)
out = []
result = [f(), out]
# case except by base class
out = []
try:
    [][1]
except LookupError:
    out.append("lookup")
try:
    int("x")
except Exception as e:
    out.append(type(e).__name__)
try:
    raise NotImplementedError
except RuntimeError:
    out.append("runtime")
result = out
# case bare except and reraise
out = []
try:
    try:
        raise KeyError("k")
    except:
        out.append("seen")
        raise
except KeyError as e:
    out.append(e.args)
result = out
# case finally overrides return
def f():
    try:
        return 1
    finally:
        out.append("cleanup")
def g():
    for i in range(3):
        try:
            continue
        finally:
            out.append(i)
out = []
g()
result = [f(), out]
# case custom exceptions
class AppError(Exception):
    def __init__(self, code, msg):
        super().__init__(msg)
        self.code = code
class SubError(AppError):
    pass
try:
    raise SubError(5, "bad")
except AppError as e:
    result = [e.code, str(e), isinstance(e, Exception), type(e).__name__]
# case raise uncaught
raise ValueError("oops")
# case raise class
raise TypeError
# case raise from
try:
    try:
        raise KeyError("a")
    except KeyError as e:
        raise ValueError("b") from e
except ValueError as e:
    result = str(e)
# case assert passes
assert 1 + 1 == 2, "math"
result = "ok"
# case assert fails
assert 1 == 2, "not equal"
# case assert without message
assert False
# case name error
result = undefined_name
# case attribute error
result = (5).foo
# case type error add
result = 1 + "a"
# case type error call
result = 5()
# case type error subscript
result = 5[0]
# case type error len
result = len(5)
# case type error iterate
for x in 5:
    pass
# case type error compare
result = 1 < "a"
# case classes
class A:
    kind = "a"
    def __init__(self, x):
        self.x = x
    def get(self):
        return self.x
    def add(self, y=1):
        self.x += y
        return self
a = A(5)
result = [a.get(), a.add().add(2).x, a.kind, A.kind, A.get(a), isinstance(a, A), type(a) is A, type(a).__name__, a.__class__.__name__]
# case inheritance
class A:
    def who(self):
        return "A"
    def call(self):
        return self.who()
class B(A):
    def who(self):
        return "B>" + super().who()
class C(B):
    def who(self):
        return "C>" + super(C, self).who()
result = [C().call(), issubclass(C, A), issubclass(A, C), isinstance(C(), (int, A)), [k.__name__ for k in C.__mro__]]
# case multiple inheritance
class A:
    def f(self):
        return ["A"]
class B(A):
    def f(self):
        return ["B"] + super().f()
class C(A):
    def f(self):
        return ["C"] + super().f()
class D(B, C):
    def f(self):
        return ["D"] + super().f()
result = [D().f(), [k.__name__ for k in D.__mro__]]
# case cooperative init
class Base:
    def __init__(self, **kw):
        self.kw = kw
class M1(Base):
    def __init__(self, a=1, **kw):
        super().__init__(**kw)
        self.a = a
class M2(Base):
    def __init__(self, b=2, **kw):
        super().__init__(**kw)
        self.b = b
class X(M1, M2):
    def __init__(self, **kw):
        super().__init__(**kw)
x = X(a=5, c=7)
result = [x.a, x.b, x.kw]
# case class attributes shared
class A:
    items = []
    n = 0
    def bump(self):
        self.n += 1
        A.n += 10
a, b = A(), A()
a.items.append(1)
a.bump()
result = [b.items, a.n, b.n, A.n]
# case properties
class A:
    def __init__(self):
        self._v = 1
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, x):
        self._v = x * 2
a = A()
a.v = 5
result = [a.v, a._v]
# case property without setter
class A:
    @property
    def v(self):
        return 1
A().v = 2
# case static and class methods
class A:
    n = 3
    @staticmethod
    def s(x):
        return x + 1
    @classmethod
    def c(cls, x):
        return (cls.__name__, cls.n + x)
    @classmethod
    def make(cls):
        return cls()
class B(A):
    n = 10
result = [A.s(1), A().s(2), A.c(1), B.c(1), B().c(2), type(B.make()).__name__]
# case dunder call and item
class A:
    def __init__(self):
        self.d = {}
    def __call__(self, x, *, k=0):
        return x + k
    def __getitem__(self, i):
        return ("item", i)
    def __setitem__(self, i, v):
        self.d[i] = v
    def __delitem__(self, i):
        del self.d[i]
    def __len__(self):
        return 4
    def __contains__(self, x):
        return x == 1
    def __iter__(self):
        return iter([7, 8])
a = A()
a["q"] = 1
a["r"] = 2
del a["q"]
result = [a(1), a(1, k=2), a[3], a[1:2], len(a), 1 in a, 2 in a, list(a), a.d, bool(a), callable(a)]
# case operators on objects
class V:
    def __init__(self, x):
        self.x = x
    def __add__(self, o):
        return V(self.x + (o.x if isinstance(o, V) else o))
    def __radd__(self, o):
        return V(o + self.x)
    def __mul__(self, k):
        return V(self.x * k)
    def __neg__(self):
        return V(-self.x)
    def __eq__(self, o):
        return isinstance(o, V) and self.x == o.x
    def __lt__(self, o):
        return self.x < o.x
    def __repr__(self):
        return f"V({self.x})"
    def __iadd__(self, o):
        self.x += 100
        return self
v = V(1)
v += 1
result = [V(1) + V(2), V(1) + 5, 3 + V(4), V(2) * 3, -V(1), V(1) == V(1), V(1) != V(2), V(1) < V(2), sorted([V(3), V(1)]), v, sum([V(1), V(2)]), max([V(1), V(9)])]
# case str and repr of objects
class A:
    def __str__(self):
        return "str"
    def __repr__(self):
        return "repr"
result = [str(A()), repr(A()), f"{A()}", f"{A()!r}", [A()], "%s" % A(), "{}".format(A())]
# case getattr setattr hasattr
class A:
    x = 1
a = A()
setattr(a, "y" + str(2), 5)
result = [getattr(a, "x"), a.y2, hasattr(a, "z"), getattr(a, "z", None), getattr(a, "y2"), hasattr(a, "y2"), a.__dict__, vars(a)]
# case getattr missing
class A:
    pass
A().nope
# case dunder getattr
class A:
    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(name)
a = A()
result = [a.dyn_x, hasattr(a, "dyn_y"), hasattr(a, "other"), getattr(a, "other", "none")]
# case dunder setattr
class A:
    def __setattr__(self, k, v):
        object.__setattr__(self, k, v * 2)
class B:
    def __setattr__(self, k, v):
        super().__setattr__(k, v + 1)
a, b = A(), B()
a.x = 5
b.x = 5
result = [a.x, b.x]
# case del attribute
class A:
    pass
a = A()
a.x = 1
del a.x
result = hasattr(a, "x")
# case iterator protocol
class Up:
    def __init__(self, n):
        self.n = n
        self.i = 0
    def __iter__(self):
        return self
    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i
result = [list(Up(3)), sum(Up(4)), [x for x in Up(2)]]
# case generator method iter
class Tree:
    def __init__(self, v, kids=()):
        self.v, self.kids = v, kids
    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k
result = list(Tree(1, [Tree(2), Tree(3, [Tree(4)])]))
# case context managers
class C:
    def __init__(self, log):
        self.log = log
    def __enter__(self):
        self.log.append("in")
        return self
    def __exit__(self, t, v, tb):
        self.log.append("out" if t is None else t.__name__)
        return True
log = []
with C(log) as c:
    log.append("body")
with C(log), C(log):
    raise ValueError("x")
result = log
# case decorators
def twice(f):
    def g(*a, **k):
        return f(*a, **k) * 2
    return g
def tag(name):
    def deco(f):
        f.tag = name
        return f
    return deco
@twice
def one():
    return 1
@tag("t")
@twice
def two(x):
    return x
result = [one(), two(4), two.tag]
# case class decorators
REG = {}
def register(cls):
    REG[cls.__name__] = cls
    return cls
@register
class A:
    v = 1
result = [list(REG), REG["A"].v, REG["A"] is A]
# case registry with names
MODELS = {}
def register(name):
    def wrap(f):
        MODELS[name] = f
        return f
    return wrap
@register("small")
def small(n=1):
    return n
@register("big")
def big(n=10):
    return n
result = [sorted(MODELS), MODELS["big"](), MODELS["small"](5)]
# case functools wraps
import functools
def deco(f):
    @functools.wraps(f)
    def inner(*a):
        return f(*a) + 1
    return inner
@deco
def base(x):
    return x
result = [base(1), base.__name__]
# case functools partial
from functools import partial, reduce
def f(a, b, c=0):
    return (a, b, c)
g = partial(f, 1, c=5)
h = partial(g, 2)
result = [g(2), g(2, c=9), h(), g.args, g.keywords, g.func is f, reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(lambda a, b: a + b, [], 7)]
# case functools cache
import functools
calls = []
@functools.lru_cache(maxsize=None)
def f(x):
    return x * 2
@functools.cache
def g(x):
    return x * 3
result = [f(2), f(2), g(1)]
# case math
import math
result = [math.sqrt(16), math.floor(2.7), math.ceil(2.1), math.floor(-2.1), math.ceil(-2.7), math.pi, math.log2(8), math.log(math.e), math.log(8, 2), math.pow(2, 3), math.gcd(12, 18), math.prod([2, 3, 4]), math.factorial(5), math.isclose(0.1 + 0.2, 0.3), math.inf > 5, math.trunc(2.9), math.comb(5, 2), math.exp(0), math.hypot(3, 4), math.isqrt(17), math.fabs(-2), math.log10(1000)]
# case math domain
import math
math.sqrt(-1)
# case itertools
import itertools
result = [list(itertools.chain([1], "a", (2,))), list(itertools.product([1, 2], "ab")), list(itertools.repeat(5, 3)), list(itertools.islice(itertools.count(10, 2), 3)), list(itertools.accumulate([1, 2, 3])), list(itertools.zip_longest([1, 2], "a", fillvalue="-")), list(itertools.combinations("abc", 2)), list(itertools.permutations([1, 2, 3], 2)), list(itertools.chain.from_iterable([[1], [2, 3]])), [(k, list(g)) for k, g in itertools.groupby([1, 1, 2, 2, 1])], list(itertools.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(itertools.dropwhile(lambda x: x < 3, [1, 3, 1])), list(itertools.starmap(pow, [(2, 3)])), list(itertools.product([0, 1], repeat=2))]
# case itertools cycle
from itertools import cycle, islice
result = list(islice(cycle("ab"), 5))
# case collections
from collections import OrderedDict, defaultdict, Counter, deque, namedtuple
d = defaultdict(list)
d["a"].append(1)
d["a"].append(2)
d["b"]
od = OrderedDict([("x", 1), ("y", 2)])
od.move_to_end("x")
c = Counter("hello")
q = deque([1, 2])
q.appendleft(0)
q.append(3)
q.popleft()
result = [dict(d), list(od.items()), c["l"], c["z"], c.most_common(1), list(q), sorted(c)]
# case defaultdict int
from collections import defaultdict
d = defaultdict(int)
for ch in "abca":
    d[ch] += 1
result = [dict(d), d["zz"], len(d)]
# case namedtuple
from collections import namedtuple
P = namedtuple("P", "x y")
Q = namedtuple("Q", ["a", "b"], defaults=[5])
p = P(1, y=2)
x, y = p
result = [p, p.x, p[1], x + y, len(p), p._replace(x=9), p._asdict(), Q(1), p == (1, 2), P._fields, isinstance(p, tuple), list(p)]
# case typing namedtuple
from typing import NamedTuple
class Cfg(NamedTuple):
    width: int
    depth: int = 2
    def area(self):
        return self.width * self.depth
c = Cfg(3)
result = [c, c.width, c.area(), tuple(c), Cfg(1, 5).depth]
# case dataclass
from dataclasses import dataclass, field
@dataclass
class Cfg:
    a: int
    b: str = "x"
    c: list = field(default_factory=list)
    d: int = field(default=4)
    def total(self):
        return self.a + self.d
@dataclass
class Sub(Cfg):
    e: float = 0.5
x = Cfg(1)
x.c.append(2)
result = [x, Cfg(1).c, x.total(), Cfg(2, "y") == Cfg(2, "y"), Sub(7), Sub(1, e=2.0).e, Cfg(a=3, d=9).d]
# case dataclass post init and replace
from dataclasses import dataclass, replace, asdict, field
@dataclass(frozen=True)
class A:
    x: int = 1
    y: int = 2
@dataclass
class B:
    n: int
    twice: int = field(init=False)
    def __post_init__(self):
        self.twice = self.n * 2
result = [replace(A(), x=5), asdict(A()), B(3)]
# case dataclass missing
from dataclasses import dataclass
@dataclass
class A:
    x: int
A()
# case enum
from enum import Enum, IntEnum, auto
class Color(Enum):
    RED = 1
    GREEN = "g"
    @property
    def low(self):
        return self.name.lower()
class N(IntEnum):
    A = 1
    B = 2
class K(Enum):
    X = auto()
    Y = auto()
result = [Color.RED, Color.RED.value, Color.GREEN.name, Color("g") is Color.GREEN, Color["RED"], [c.name for c in Color], N.A + 1, N.B > N.A, K.Y.value, Color.RED.low, Color.RED == Color.RED, Color.RED != Color.GREEN, str(Color.RED), len(Color), isinstance(Color.RED, Color), Color.RED in (Color.RED,)]
# case enum bad value
from enum import Enum
class C(Enum):
    A = 1
C(5)
# case enum str mixin
from enum import Enum
class Act(str, Enum):
    RELU = "relu"
    GELU = "gelu"
result = [Act.RELU == "relu", Act("gelu").name, {Act.RELU: 1}["relu"], Act.RELU.upper(), [a.value for a in Act]]
# case operator module
import operator
result = [operator.add(1, 2), operator.itemgetter(1)([4, 5]), operator.itemgetter(0, 2)("abc"), operator.attrgetter("real")(5), operator.mul(3, 4), sorted([(2, "a"), (1, "b")], key=operator.itemgetter(0)), operator.neg(3)]
# case copy
import copy
a = [[1], {"k": [2]}]
b = copy.copy(a)
c = copy.deepcopy(a)
a[0].append(9)
result = [b, c, c[1] is a[1], b[1] is a[1]]
# case deepcopy objects
import copy
class A:
    def __init__(self):
        self.l = [1]
a = A()
b = copy.deepcopy(a)
b.l.append(2)
c = copy.copy(a)
c.l.append(3)
result = [a.l, b.l]
# case isinstance types
result = [isinstance(1, int), isinstance(True, int), isinstance(1.0, (int, float)), isinstance("a", str), isinstance([], list), isinstance((), tuple), isinstance({}, dict), isinstance(None, type(None)), isinstance(int, type), isinstance(1, object), isinstance(1, bool), type(1) == int, type("a") is str, type([]) == list]
# case typing is inert
from typing import List, Optional, Union, Dict, Tuple, Any, Callable, TypeVar, Generic
T = TypeVar("T")
class Box(Generic[T]):
    def __init__(self, v: Optional[T] = None) -> None:
        self.v: Optional[T] = v
def f(a: List[int], b: Union[int, str] = 3, *, c: Callable[..., Any] = len) -> Dict[str, Tuple[int, ...]]:
    x: int = 5
    y: List[str]
    return {"a": (len(a), b, c("xyz"), x)}
IntList = List[int]
result = [f([1]), Box(4).v, Box[int](5).v]
# case isinstance abstract
from collections.abc import Iterable, Sequence, Mapping, Callable
import numbers
result = [isinstance([], Iterable), isinstance(5, Iterable), isinstance("a", Sequence), isinstance({}, Mapping), isinstance(len, Callable), isinstance(5, numbers.Number), isinstance(2.0, numbers.Integral)]
# case match literals
def f(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2:
            return "few"
        case "a":
            return "letter"
        case None:
            return "none"
        case int():
            return "int"
        case _:
            return "other"
result = [f(0), f(2), f("a"), f(None), f(99), f(1.5)]
# case match structures
def f(x):
    match x:
        case []:
            return "empty"
        case [a]:
            return ("one", a)
        case [a, *rest]:
            return (a, rest)
        case {"k": v, **more}:
            return (v, more)
        case (a, b):
            return "never"
        case str() as s if len(s) > 2:
            return s.upper()
    return "none"
result = [f([]), f([1]), f([1, 2, 3]), f({"k": 1, "z": 2}), f("abc"), f("ab")]
# case match classes
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y
def f(p):
    match p:
        case P(0, y):
            return ("axis", y)
        case P(x=a, y=b) if a == b:
            return ("diag", a)
        case P():
            return "p"
    return None
result = [f(P(0, 3)), f(P(2, 2)), f(P(1, 2)), f(5)]
# case del names
x = 1
del x
try:
    x
except NameError:
    result = "gone"
# case locals in functions
def f(a):
    b = 2
    return sorted(locals())
result = f(1)
# case type three arguments
C = type("C", (), {"v": 5, "f": lambda self: self.v + 1})
result = [C().v, C().f(), C.__name__]
# case new
class A:
    made = 0
    def __new__(cls, *a):
        o = super().__new__(cls)
        cls.made += 1
        return o
    def __init__(self, x):
        self.x = x
result = [A(1).x, A(2).x, A.made]
# case singleton new
class S:
    inst = None
    def __new__(cls):
        if cls.inst is None:
            cls.inst = object.__new__(cls)
        return cls.inst
result = S() is S()
# case init subclass
class Base:
    subs = []
    def __init_subclass__(cls, **kw):
        Base.subs.append(cls.__name__)
class A(Base):
    pass
class B(Base):
    pass
result = Base.subs
# case derived from dict
class Cfg(dict):
    def __getattr__(self, k):
        return self[k]
    def __setattr__(self, k, v):
        self[k] = v
c = Cfg(a=1, b=[2])
c.z = 5
result = [c.a, c.z, c["b"], len(c), sorted(c), isinstance(c, dict), dict(c), c.get("q", 0), "a" in c]
# case derived from list
class L(list):
    def total(self):
        return sum(self)
l = L([1, 2])
l.append(3)
result = [l.total(), l[0], len(l), l[1:], list(l), isinstance(l, list)]
# case derived from str and int
class S(str):
    def shout(self):
        return self.upper() + "!"
class I(int):
    def double(self):
        return self * 2
result = [S("hi").shout(), S("a") + "b", I(4).double(), I(3) + 1, len(S("abc")), S("x") == "x"]
# case dict with overridden methods
class D(dict):
    def __missing__(self, k):
        self[k] = k * 2
        return self[k]
d = D()
result = [d["a"], dict(d)]
# case abstract classes
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    def name(self):
        return type(self).__name__
class Sq(Shape):
    def __init__(self, s):
        self.s = s
    def area(self):
        return self.s ** 2
result = [Sq(3).area(), Sq(1).name(), issubclass(Sq, Shape)]
# case contextmanager
from contextlib import contextmanager
@contextmanager
def ctx(v):
    yield v + 1
with ctx(1) as x:
    result = x
# case string constants and misc
result = ["abc" < "abd", "Z" < "a", "" < "a", max(["b", "a"]), "a" * 0, "abc" == "abc", "-" * 3 + ">"]
# case nested data
cfg = {"layers": [{"type": "conv", "out": 8}, {"type": "fc", "out": 2}], "act": None}
total = 0
for l in cfg["layers"]:
    if l["type"] == "conv":
        total += l["out"]
result = [total, [l["out"] for l in cfg["layers"]], cfg["layers"][-1]["type"], cfg.get("act") or "relu"]
# case make divisible
def _make_divisible(v, divisor, min_value=None):
    if min_value is None:
        min_value = divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < 0.9 * v:
        new_v += divisor
    return new_v
result = [_make_divisible(v * 0.75, 8) for v in (16, 24, 32, 64, 96, 160, 320)]
# case vgg configuration
cfgs = {"A": [64, "M", 128, "M", 256, 256, "M"]}
def make(cfg, bn=False):
    layers, c = [], 3
    for v in cfg:
        if v == "M":
            layers += ["pool"]
        else:
            conv = f"conv{c}-{v}"
            if bn:
                layers += [conv, "bn", "relu"]
            else:
                layers += [conv, "relu"]
            c = v
    return layers
result = [make(cfgs["A"]), len(make(cfgs["A"], bn=True))]
# case linspace depths
import numpy as np
dpr = [round(float(x), 4) for x in np.linspace(0, 0.1, 5)]
w = np.array([16, 24, 40]) * 2
result = [dpr, w.tolist(), int(np.prod([2, 3, 4])), int(np.ceil(2.3)), float(np.sqrt(16)), np.cumsum([1, 2, 3]).tolist(), list(np.arange(3)) == [0, 1, 2], int(np.floor(-1.5)), (np.arange(4) ** 2).tolist(), float(np.log2(8)), np.arange(0, 1, 0.25).tolist(), bool(np.round(2.5) == 2.0), int(np.sum([1, 2]))]
# case regnet widths
import numpy as np
w_a, w_0, w_m, depth = 36.0, 24, 2.5, 13
ws_cont = np.arange(depth) * w_a + w_0
ks = np.round(np.log(ws_cont / w_0) / np.log(w_m))
ws = w_0 * np.power(w_m, ks)
ws = (np.round(np.divide(ws, 8)) * 8).astype(int)
result = ws.tolist()
# case argparse
import argparse
p = argparse.ArgumentParser(description="x")
p.add_argument("--lr", type=float, default=0.1)
p.add_argument("--batch-size", "-b", type=int, default=32)
p.add_argument("--verbose", action="store_true")
p.add_argument("--name")
g = p.add_argument_group("g")
g.add_argument("--depth", default="3", type=int)
args, _ = p.parse_known_args([])
result = [args.lr, args.batch_size, args.verbose, args.name, args.depth]
# case simple namespace
from types import SimpleNamespace
n = SimpleNamespace(a=1, b="x")
n.c = 3
result = [n.a, n.c, n]
# case star import of math
from math import *
result = [sqrt(4), floor(2.5), pi > 3]
# case import alias forms
import math as m, itertools as it
from collections import OrderedDict as OD
import os.path
result = [m.floor(1.5), list(it.chain([1])), list(OD(a=1)), os.path.join("a", "b"), os.path.basename("x/y.py"), os.path.splitext("a.tar.gz")]
# case try import
try:
    import some_library_that_does_not_exist_here
except ImportError:
    have = False
else:
    have = True
result = have in (True, False)
# case main guard
if __name__ == "__main__":
    result = "main"
else:
    result = "import"
# case global in class body
n = 3
class A:
    m = n + 1
    l = [n for _ in range(2)]
    def get(self):
        return n
result = [A.m, A.l, A().get()]
# case class body order
class A:
    x = 1
    y = x + 1
    def f(self, z=y):
        return z
result = [A.y, A().f()]
# case nested classes
class A:
    class B:
        v = 5
        def up(self):
            return self.v + 1
    def make(self):
        return self.B()
result = [A.B.v, A().make().up()]
# case method as value
class A:
    def __init__(self):
        self.n = 1
    def inc(self, k=1):
        self.n += k
        return self.n
a = A()
f = a.inc
f()
g = A.inc
result = [f(5), g(a), list(map(a.inc, [1, 2])), a.inc.__name__]
# case functions in dict
ops = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b}
table = dict(relu="R", gelu="G")
result = [ops["add"](2, 3), [ops[k](2, 4) for k in sorted(ops)], table.get("relu")]
# case call results chained
class B:
    def __init__(self):
        self.l = []
    def add(self, x):
        self.l.append(x)
        return self
result = B().add(1).add(2).add(3).l
# case bytes
b = b"abc"
result = [b, len(b), b[0], b[1:], b.decode(), "hé".encode().decode() == "hé"]
# case conditional imports of names
flags = {"bn": True}
norm = "bn" if flags["bn"] else "ln"
act = {"relu": 1, "gelu": 2}.get("gelu")
result = [norm, act]
# case tuple comparison and sort keys
data = [("b", 2), ("a", 2), ("c", 1)]
result = [sorted(data, key=lambda t: (t[1], t[0])), min(data), max(data, key=lambda t: t[1])]
# case int methods
result = [(5).bit_length(), (2.0).is_integer(), (2.5).is_integer(), (255).bit_length(), 3 .real]
# case identity of small values
a = "x"
b = "x"
result = [a is b, 5 is 5, () == (), None == None, None != 0]
# case ellipsis
x = ...
result = [x is Ellipsis, x is ..., str(x)]
# case dict views as sets
a, b = {"x": 1, "y": 2}, {"y": 3}
result = [sorted(a.keys() & b.keys()), sorted(a.keys() - b.keys()), list(a.keys()) == ["x", "y"]]
# case star args forwarding
def inner(*args, **kwargs):
    return args, kwargs
def outer(*args, **kwargs):
    kwargs.setdefault("k", 1)
    return inner(*args, extra=True, **kwargs)
result = outer(1, 2, z=3)
# case kwargs pop
def f(**kw):
    a = kw.pop("a", 1)
    b = kw.pop("b")
    return a, b, kw
result = [f(b=2), f(a=5, b=6, c=7)]
# case swap in list
l = [1, 2, 3]
l[0], l[2] = l[2], l[0]
i = 0
i, l[i] = 1, 9
result = l
# case attribute targets
class A:
    pass
a = A()
a.x, a.y = 1, [2]
a.y[0] += 5
a.x *= 4
a.d = {}
a.d["k"] = a.d.get("k", 0) + 1
for a.i in range(3):
    pass
result = [a.x, a.y, a.d, a.i]
# case comprehension over dict and nested conditions
m = {"a": [1, 2], "b": []}
result = [[(k, v) for k, vs in m.items() if vs for v in vs], {k for k in m if m[k]}, {k: len(v) for k, v in m.items()}]
# case set comprehension
result = sorted({x % 3 for x in range(10)})
# case multiline expressions
result = (1 +
          2 +
          3) * \
    2
# case semicolons and pass
a = 1; b = 2; pass
if a: c = 3
result = [a, b, c]
# case global constants computed
WIDTHS = tuple(2 ** i for i in range(4, 8))
NAMES = [f"layer{i + 1}" for i, _ in enumerate(WIDTHS)]
result = [WIDTHS, NAMES, dict(zip(NAMES, WIDTHS))]
# case pairwise channels
chs = [3, 16, 32]
result = [(a, b) for a, b in zip(chs[:-1], chs[1:])]
# case string building loop
s = ""
for i, c in enumerate("abc"):
    s += c * (i + 1) + ("," if i < 2 else "")
result = s
# case exception attributes
try:
    raise ValueError("a", 2)
except ValueError as e:
    result = [e.args, str(e), repr(e)]
# case stop iteration in for
def g():
    yield 1
    return
    yield 2
result = list(g())
# case while with complex conditions
a, b = 0, 10
while a < b and not (a == 5 or b == 7):
    a += 1
    b -= 1
result = [a, b]
# case big loop
t = 0
for i in range(20000):
    t += i
result = t
# case deep but fine recursion
def f(n):
    return 0 if n == 0 else 1 + f(n - 1)
result = f(120)
# case property on subclass with super
class A:
    @property
    def v(self):
        return 1
class B(A):
    @property
    def v(self):
        return super().v + 1
result = B().v
# case super in classmethod
class A:
    @classmethod
    def make(cls, x):
        return (cls.__name__, x)
class B(A):
    @classmethod
    def make(cls, x):
        return super().make(x * 2)
result = B.make(4)
# case mixin order
class LogMixin:
    def run(self):
        return "log:" + super().run()
class Base:
    def run(self):
        return "base"
class R(LogMixin, Base):
    pass
result = R().run()
# case inconsistent mro
class A: pass
class B(A): pass
try:
    class C(A, B): pass
except TypeError as e:
    result = str(e)[:20]
# case len of object without
class A:
    pass
len(A())
# case object not callable
class A:
    pass
A()()
# case wrong init arguments
class A:
    def __init__(self, x):
        pass
A()
# case class takes no arguments
class A:
    pass
A(1)
# case sum of generator with condition
result = sum(1 for x in range(10) if x % 3 == 0)
# case nested ternaries
def f(n):
    return "a" if n == 1 else "b" if n == 2 else "c"
result = [f(1), f(2), f(3)]
# case lambda closures over loop with default
fs = {n: (lambda x, n=n: x + n) for n in (1, 2)}
result = [fs[1](10), fs[2](10)]
# case any with generator short circuit
seen = []
def check(x):
    seen.append(x)
    return x > 0
result = any(check(x) for x in [1])
# case zip star transpose
pairs = [(1, "a"), (2, "b")]
nums, chars = zip(*pairs)
result = [nums, chars, list(map(list, zip(*[[1, 2], [3, 4]])))]
# case enumerate unpack
result = [(i, a, b) for i, (a, b) in enumerate([(1, 2), (3, 4)])]
# case reversed enumerate
result = [(i, x) for i, x in reversed(list(enumerate("abc")))]
# case int division of widths
result = [int(64 * 0.5), int(round(32 * 1.4)), int(3 * 224 / 4), 224 // 32, 7 * 7 * 512, (224 - 7 + 2 * 3) // 2 + 1]
# case boolean xor of flags
a, b = True, False
result = [a != b, a ^ b, bool(1) == True, int(a) + int(b), "yes" * a]
# case del slice and item
l = list(range(6))
del l[::2]
d = {"a": 1, "b": 2}
del d["a"]
result = [l, d]
# case string multiply and center table
rows = [("a", 1), ("bb", 22)]
result = "\n".join(f"{n:<4}|{v:>4}" for n, v in rows)
# case format alignment fill
result = [f"{'x':*^7}", f"{5:0>4}", f"{-3:+}", f"{3.5:8.2f}|", f"{'abc':.2}", f"{1e6:.0f}", f"{12:4d}|", f"{True:d}"]
# case float formatting
result = [f"{1/3:.3}", f"{1234.5678:.1e}", f"{0.1:.20f}", f"{100:.2%}", f"{1e-10}", f"{2.0:g}", f"{1e5:g}", f"{1e6:g}", f"{123456789.0:g}", str(1e22), str(123456789012345680.0), repr(0.1), str(100.0)]
# case global function redefinition
def f():
    return 1
g = f
def f():
    return 2
result = [f(), g()]
# case isinstance with user classes in tuple
class A: pass
class B(A): pass
result = [isinstance(B(), (str, A)), isinstance(A(), B), type(B()) == A]
# case hasattr on builtins
result = [hasattr([], "append"), hasattr([], "push"), hasattr("", "upper"), hasattr(5, "__len__"), hasattr([], "__len__"), hasattr((), "__iter__"), hasattr({}, "keys")]
# case max of strings by len
result = [max(["a", "bbb", "cc"], key=len), min((3, "x"), (2, "y")), sorted({"b": 1, "a": 2}.items(), key=lambda kv: kv[1])]
# case nonlocal in nested loops
def outer():
    c = 0
    def add(n):
        nonlocal c
        for _ in range(n):
            c += 1
    add(3)
    add(4)
    return c
result = outer()
# case generator with state
def chunks(l, n):
    for i in range(0, len(l), n):
        yield l[i:i + n]
result = list(chunks([1, 2, 3, 4, 5], 2))
# case iter over dict copy while changing
d = {"a": 1, "b": 2}
for k in list(d):
    if d[k] == 1:
        del d[k]
result = d
# case try except else return
def f(x):
    try:
        v = int(x)
    except ValueError:
        return None
    else:
        return v + 1
result = [f("3"), f("z")]
# case with returns
class C:
    def __enter__(self):
        return 5
    def __exit__(self, *a):
        return False
def f():
    with C() as v:
        return v
result = f()
# case static counters in class
class Counter_:
    _n = 0
    @classmethod
    def next(cls):
        cls._n += 1
        return cls._n
result = [Counter_.next(), Counter_.next()]
# case property cached
from functools import cached_property
class A:
    n = 0
    @cached_property
    def v(self):
        A.n += 1
        return 42
a = A()
result = [a.v, a.v]
# case str translate of None
result = [None or "d", str(None), f"{None}", None is not False]
# case bit flags
R, W, X = 1 << 0, 1 << 1, 1 << 2
p = R | X
result = [p & W == 0, bool(p & X), p ^ R, ~p & 7]
# case tuple in dict comprehension
result = {(i, j): i * j for i in range(2) for j in range(2)}
# case unhashable in set
{[1]}
# case keyword names like builtins
def f(list, type="t", id=3):
    return (list, type, id)
result = f([1], id=4)
# case shadowed builtins
max = lambda *a: "mine"
result = max(1, 2)
# case return tuple and unpack
def f():
    return 1, (2, 3)
a, (b, c) = f()
result = a + b + c
# case long string concatenation
parts = []
for i in range(3):
    parts.append("%02d:%s" % (i, "x" * i))
result = "|".join(parts)
# case index dunder
class I:
    def __index__(self):
        return 2
result = [[1, 2, 3][I()], int(I())]
# case bool dunder
class F:
    def __bool__(self):
        return False
class E:
    def __len__(self):
        return 0
result = ["t" if F() else "f", "t" if E() else "f", not F(), bool(E()), F() or 5 == 5]
# case eq without hash in list membership
class P:
    def __init__(self, v):
        self.v = v
    def __eq__(self, o):
        return self.v == o.v
result = [P(1) in [P(2), P(1)], P(3) in [P(1)], [P(1)] == [P(1)]]
# case getitem iteration protocol
class S:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10
result = list(S())
# case exec of nested comprehension with outer names
def f(n):
    k = 2
    return [[i * k + j for j in range(n)] for i in range(n)]
result = f(2)
# case unpack in for with star
out = []
for a, *b in [(1, 2, 3), (4,)]:
    out.append((a, b))
result = out
# case ordered dict of layers
from collections import OrderedDict
layers = OrderedDict()
layers["conv0"] = 1
layers["norm0"] = 2
for i in range(2):
    layers["block%d" % (i + 1)] = i
result = [list(layers.keys()), list(layers.items())[-1], len(layers)]
# case inplace on tuple rebinds
t = (1,)
u = t
t += (2,)
result = [t, u]
# case compare different types for equality
result = [1 == "1", [1] == (1,), {} == [], None == 0, "a" != 1, 1.0 == 1, True == 1, "1" == 1]
# case string comparisons of keys
names = ["layer10", "layer2", "layer1"]
result = [sorted(names), sorted(names, key=lambda s: int(s[5:]))]
# case recursion with lists
def flat(x):
    out = []
    for i in x:
        if isinstance(i, (list, tuple)):
            out.extend(flat(i))
        else:
            out.append(i)
    return out
result = flat([1, [2, (3, [4])], 5])
# case to tuple helpers
from itertools import repeat
import collections.abc
def _ntuple(n):
    def parse(x):
        if isinstance(x, collections.abc.Iterable) and not isinstance(x, str):
            return tuple(x)
        return tuple(repeat(x, n))
    return parse
to_2tuple = _ntuple(2)
result = [to_2tuple(3), to_2tuple((1, 2)), to_2tuple([5, 6])]
# case drop path schedule
depths = [2, 2, 6]
total = sum(depths)
rates = [round(0.1 * i / (total - 1), 3) for i in range(total)]
cur, out = 0, []
for d in depths:
    out.append(rates[cur:cur + d])
    cur += d
result = out
# case bool of numbers and containers
result = [bool(0.0), bool(-1), bool("0"), bool([0]), bool({}), bool(None), bool(range(0))]
# case nested format specs
w, p = 10, 3
result = ["{:{}.{}f}".format(3.14159, w, p), f"{3.14159:{w}.{p}f}", "{0:>{1}}".format("a", 4)]
# case mutable default dict sharing
def f(k, v, d={}):
    d[k] = v
    return dict(d)
f("a", 1)
result = f("b", 2)
# case global list mutated in function
log = []
def f(x):
    log.append(x)
    return x
f(1) or f(2)
f(0) or f(3)
result = log
# case evaluation order
out = []
def t(x):
    out.append(x)
    return x
d = {t("k"): t("v")}
l = [t(1), t(2)]
t(3) if t(4) else t(5)
t(6) < t(7) < t(8)
result = out
# case class with call chain in init
class Net:
    def __init__(self, cfg):
        self.layers = [self._make(i, c) for i, c in enumerate(cfg)]
        self.out = self.layers[-1]
    def _make(self, i, c):
        return (i, c * 2)
result = Net([1, 2]).layers
# case string slicing negative
s = "abcdef"
result = [s[-3:-1], s[:-1], s[-1:0:-2], s[3:1], s[1:-1:2]]
# case complex augmented targets
d = {"a": {"b": [1]}}
d["a"]["b"][0] += 4
d["a"]["c"] = d["a"].pop("b")
result = d
# case keyword argument order
def f(**kw):
    return list(kw.items())
result = f(z=1, a=2, m=3)
# case positional after star
def f(a, *rest, last):
    return a, rest, last
result = f(1, 2, 3, last=4)
# case decorators with state
class Cache:
    def __init__(self, f):
        self.f, self.n = f, 0
    def __call__(self, *a):
        self.n += 1
        return self.f(*a)
@Cache
def sq(x):
    return x * x
sq(2)
result = [sq(3), sq.n]
# case inner class sees globals not class names
class A:
    v = 1
    def f(self):
        try:
            return v
        except NameError:
            return "no v"
result = A().f()
# case sys version
import sys
result = [sys.version_info >= (3, 6), sys.version_info[0]]
# case warnings and logging are inert
import warnings, logging
warnings.warn("x")
logging.info("y")
result = "fine"
# case conditional function definition
if True:
    def f():
        return "t"
else:
    def f():
        return "f"
result = f()
# case star expression in index and call
t = (1, 2)
def f(a, b, c):
    return a + b + c
result = [f(*t, 3), f(0, *t), [*t][0]]
# case chained string methods
result = " Conv2D_BN ".strip().lower().replace("_", "-").split("-")
# case getattr with computed names
class M:
    layer1, layer2, layer3 = "a", "b", "c"
m = M()
result = [getattr(m, f"layer{i}") for i in range(1, 4)]
# case delattr and setattr builtin
class A: pass
a = A()
setattr(a, "p", 1)
delattr(a, "p")
result = hasattr(a, "p")
# case list of lambdas applied
fs = [abs, str, lambda x: x * 2]
result = [f(-3) for f in fs]
# case sum of tuples start
result = sum([(1,), (2,)], ())
# case min max with free types
result = [min(1.5, 2), max(True, 0), min("abc"), max((1, 2), (1, 3))]
# case exponent chains
result = [2 ** 3 ** 2, (-2) ** 2, -2 ** 2, 2 ** 0.5 == 2 ** (1 / 2), 10 ** -2, 0 ** 0]
# case comparison of none raises
None < 1
# case tuple not assignable
t = (1, 2)
t[0] = 5
# case str not assignable
s = "ab"
s[0] = "c"
# case set not subscriptable
{1}[0]
# case none not subscriptable
None[0]
# case none attribute
None.x
# case module attribute
import math
result = math.nonexistent if hasattr(math, "pi") and False else "ok"
# case eval of known text
import math
class A:
    pass
a = A()
a.layer2 = 5
result = [eval("1 + 2"), eval("a.layer" + "2"), eval("math.floor")(2.5), eval("[i for i in range(2)]")]
# case eval of bad text
eval("1 +")
# case instance dict update
class A:
    def __init__(self, **kw):
        self.__dict__.update(kw)
        vars(self)["z"] = 3
        self.__dict__.update({"q": 1}, r=2)
a = A(x=1, y=[2])
result = [a.x, a.y, a.z, a.q, a.r, sorted(a.__dict__)]
# case args captured in init
class A:
    def __init__(self, a, b=2):
        self.args = {k: v for k, v in locals().items() if k != "self"}
result = A(1).args
# case empty loops
def f(n):
    out = []
    for i in range(1, n):
        out.append(i)
    for x in []:
        out.append(x)
    while False:
        out.append("no")
    return out
result = [f(1), f(3)]
# case try without exception leaves handlers alone
def f():
    n = [0]
    try:
        v = 1
    except ValueError:
        n[0] = 5
        n.append(7)
        v = 2
    return v, n
result = f()
# case dispatch table of functions
calls = []
def a(x):
    calls.append("a")
    return x + 1
def b(x):
    calls.append("b")
    return x + 2
TABLE = {"a": a, "b": b, "c": lambda x: calls.append("c")}
def run(k, x):
    return TABLE[k](x), TABLE.get(k)(x)
result = [run("b", 1), calls]
# case float equality of keys and hashing
d = {1.5: "a", (1, "x"): "b", None: "c", frozenset([1]): "d"}
result = [d[1.5], d[(1, "x")], d[None], d[frozenset([1])]]
# case conditional methods
class A:
    def __init__(self, fast):
        if fast:
            self.run = self._fast
        else:
            self.run = self._slow
    def _fast(self):
        return "fast"
    def _slow(self):
        return "slow"
result = [A(True).run(), A(False).run()]
# case callable attribute in instance wins
class A:
    def f(self):
        return 1
a = A()
a.f = lambda: 2
result = [a.f(), A().f()]
# case class attribute function table
class A:
    ops = {"inc": lambda x: x + 1}
    def go(self, k, v):
        return self.ops[k](v)
result = A().go("inc", 4)
# case generator in class and next default
class A:
    def gen(self):
        for i in range(2):
            yield i
g = A().gen()
result = [next(g), next(g), next(g, None)]
# case zip of unequal and enumerate of generator
result = [list(zip(range(5), "ab")), list(enumerate(x * 2 for x in range(2)))]
# case sorted with tuples of mixed length
result = [sorted([(1,), (1, 0), (0, 5)]), (1, 2) < (1, 2, 0), [1] < [1, 1], [2] > [1, 9]]
# case string comparison chain
result = "a" < "b" < "c" != "d"
# case integer parsing of signs
result = [int("+5"), int("-0"), int("  12\n"), float("-.5"), float("1e5")]
# case slices of slices
l = list(range(10))
result = [l[2:8][1:3], l[::2][::-1], l[-4:][:2], tuple(l)[1:3], "abcdef"[1:5][::2]]
# case nested function sees later global
def f():
    return later
later = 9
result = f()
# case recursive closure
def make():
    def fact(n):
        return 1 if n <= 1 else n * fact(n - 1)
    return fact
result = make()(6)
# case class method calls through super with args
class A:
    def __init__(self, x, *, y=1):
        self.v = (x, y)
class B(A):
    def __init__(self, *args, **kwargs):
        kwargs["y"] = kwargs.get("y", 0) + 10
        super(B, self).__init__(*args, **kwargs)
result = [B(1).v, B(2, y=5).v]
# case explicit base call
class A:
    def __init__(self, x):
        self.x = x
class B(A):
    def __init__(self):
        A.__init__(self, 7)
result = B().x
# case diamond with explicit calls
log = []
class A:
    def __init__(self):
        log.append("A")
class B(A):
    def __init__(self):
        log.append("B")
        super().__init__()
class C(A):
    def __init__(self):
        log.append("C")
        super().__init__()
class D(B, C):
    pass
D()
result = log
# case isinstance of exceptions
try:
    raise FileNotFoundError("f")
except OSError as e:
    result = [type(e).__name__, str(e), isinstance(e, Exception)]
# case nested try in loop with continue
out = []
for s in ["1", "x", "3"]:
    try:
        v = int(s)
    except ValueError:
        continue
    else:
        out.append(v)
    finally:
        out.append("f")
result = out
# case return in loop in try
def f():
    for i in range(5):
        try:
            if i == 2:
                return i
        finally:
            pass
result = f()
# case exception in finally replaces
def f():
    try:
        raise ValueError("a")
    finally:
        raise KeyError("b")
try:
    f()
except KeyError as e:
    result = repr(e)
# case exception variable is gone
try:
    raise ValueError("a")
except ValueError as e:
    pass
try:
    e
    result = "there"
except NameError:
    result = "gone"
# case lambda with conditional and default
pick = lambda n, table={"a": 1}: table.get(n, -1) if n else None
result = [pick("a"), pick("z"), pick("")]
# case unpacking with nested star
(a, *b), c = ([1, 2, 3], 4)
result = [a, b, c]
# case dict of lists grouping
from collections import defaultdict
g = defaultdict(lambda: [0])
g["x"].append(1)
g["y"]
result = [dict(g), "z" in g, g.get("z")]
# case counter arithmetic
from collections import Counter
c = Counter(["a", "b", "a"])
c.update(["b", "b"])
result = [c.most_common(), sum(c.values()), dict(c)]
# case property raising attribute error
class A:
    @property
    def v(self):
        raise AttributeError("inner")
result = [getattr(A(), "v", "default"), hasattr(A(), "v")]
# case slots are inert
class A:
    __slots__ = ("x",)
    def __init__(self):
        self.x = 1
result = A().x
# case numbers as booleans in indexing
result = [["no", "yes"][True], ["no", "yes"][1 > 2], "ab"[False]]
# case walrus in comprehension condition
result = [y for x in range(5) if (y := x * 2) > 4]
# case walrus in while
data = [1, 2, 0, 3]
i, out = 0, []
while (v := data[i]):
    out.append(v)
    i += 1
result = out
# case chained comparison evaluates once
calls = []
def f(x):
    calls.append(x)
    return x
r = f(1) < f(5) < f(3)
result = [r, calls]
# case global keyword in nested function
x = 1
def outer():
    x = 2
    def inner():
        global x
        x = 3
        return x
    inner()
    return x
result = [outer(), x]
# case class scope does not leak to methods
y = "global"
class A:
    y = "class"
    def f(self):
        return y
    g = [y for _ in range(1)]
result = [A().f(), A.g]
# case star import all
from collections import *
result = [OrderedDict(a=1) == {"a": 1}, Counter("aa")["a"]]
# case numpy more
import numpy as np
a = np.array([1.0, 2.5, 3.0])
b = a / 2
result = [(a + b).tolist(), a.max().item() if hasattr(a.max(), "item") else a.max(), len(a), [float(v) for v in a], a[1:].tolist(), float(a[0]), a.mean().item() if hasattr(a.mean(), "item") else a.mean(), np.maximum(2, 3) == 3 and True, a.shape, a.ndim, int(a.sum()), np.linspace(0, 1, 3).tolist(), (a > 1).tolist(), np.round(a).astype(int).tolist(), int(np.argmax(a)), np.concatenate([a, b]).tolist()]
# case string methods unbound
result = [list(map(str.upper, ["a", "b"])), str.join("-", ["x", "y"]), sorted(["B", "a"], key=str.lower), list.count([1, 1], 1), dict.get({"a": 1}, "a")]
# case multiple assignment with calls
def two():
    return 1, 2
(a, b), c = two(), 3
result = a + b + c
# case conditional expression in call and subscript
d = {"x": 1, "y": 2}
f = True
result = [d["x" if f else "y"], max(1, 2 if f else 0), [1, 2][0 if f else 1]]
# case int overflow is exact when it comes back
result = (2 ** 62 - 1) * 2 + 1
# case format of negative and zero
result = [f"{-5:05d}", f"{0:+d}", f"{-0.5:.0f}", f"{-1.5:>8.1f}", "%5.2f|%-8s|%+d" % (-1.234, "ab", 0), f"{1e-7:.2e}", f"{12345.678:,.1f}"]
# case ternary chain with unpack
t = (1, 2) if 0 else (3, 4)
a, b = t
result = a * b
# case in operator on strings and tuples of pairs
result = ["ell" in "hello", ("a", 1) in {"a": 1}.items(), 2 in {1: 2}.values(), "" in "x"]
# case deleting in nested structures
d = {"a": [1, 2, {"b": 3}]}
del d["a"][2]["b"]
del d["a"][0]
result = d
# case frozen sets
f = frozenset([2, 2])
result = [f, frozenset(), {f: 1}[frozenset([2])], f | {3} == {2, 3}, 2 in f]
# case dataclass with a derived constructor
from dataclasses import dataclass
import copy
@dataclass
class _Conf:
    ratio: float
    channels: int
    block: object
    @staticmethod
    def adjust(c, mult):
        return int(c * mult)
class Conf(_Conf):
    def __init__(self, ratio, channels, mult=1.0, block=None):
        channels = self.adjust(channels, mult)
        if block is None:
            block = "MB"
        super().__init__(ratio, channels, block)
    @staticmethod
    def depth(n):
        return n * 2
c = Conf(6, 16, 0.5)
d = copy.copy(c)
d.channels = 99
result = [c.ratio, c.channels, c.block, d.channels, d.ratio, c.depth(3), isinstance(c, _Conf)]
# case dataclass init overrides base init
from dataclasses import dataclass
class A:
    def __init__(self, z):
        self.z = z
@dataclass
class B(A):
    x: int = 3
result = [B().x, B(5).x, hasattr(B(), "z")]
# case dataclass keeps own init
from dataclasses import dataclass
@dataclass
class A:
    x: int
    def __init__(self, v):
        self.x = v * 2
result = A(4)
# case namedtuple with new
from collections import namedtuple
class Args(namedtuple("Args", ["a", "b", "c"])):
    def __new__(cls, a=1, b=None, c=3):
        return super(Args, cls).__new__(cls, a, b, c)
    @property
    def total(self):
        return self.a + self.c
x = Args(b=2)
result = [x, x.total, x._replace(a=10).total, tuple(x)]
# case namedtuple new defaults trick
from collections import namedtuple
P = namedtuple("P", ["a", "b"])
P.__new__.__defaults__ = (None,) * len(P._fields)
result = [P(1, 2), P._fields]
# case namedtuple outputs
from collections import namedtuple
Out = namedtuple("Out", ["logits", "aux"])
Out.__annotations__ = {"logits": int, "aux": int}
_Out = Out
def f(training):
    return Out(1, 2) if training else 1
result = [f(True).aux, f(False), Out(5, None)]
# case classmethod constructors with math
import math
class Params:
    def __init__(self, depths, widths):
        self.depths, self.widths = depths, widths
    @classmethod
    def make(cls, depth, w_0, w_a, w_m, q=8):
        if w_a < 0 or w_0 <= 0 or w_m <= 1 or w_0 % 8 != 0:
            raise ValueError("Invalid settings")
        cont = [w_0 + w_a * i for i in range(depth)]
        caps = [round(math.log(w / w_0) / math.log(w_m)) for w in cont]
        widths = [int(round((w_0 * math.pow(w_m, c)) / q) * q) for c in caps]
        stages = len(set(widths))
        splits = [w != wp or r != rp for w, wp, r, rp in zip(widths + [0], [0] + widths, widths + [0], [0] + widths)]
        per = [w for w, t in zip(widths, splits[:-1]) if t]
        deps = [b - a for a, b in zip([d for d, t in enumerate(splits) if t][:-1], [d for d, t in enumerate(splits) if t][1:])]
        return cls(deps, per), stages
    def __iter__(self):
        return zip(self.depths, self.widths)
p, n = Params.make(13, 24, 36.0, 2.5)
result = [p.depths, p.widths, n, list(p)]
# case registry with module names
import sys
_entry = {}
def register(fn):
    mod = sys.modules[fn.__module__]
    name = fn.__name__
    if hasattr(mod, "__all__"):
        mod.__all__.append(name)
    _entry[name] = fn
    return fn
@register
def small():
    return 1
result = _entry["small"]()
# case helper that parses block strings
import re
def decode(s):
    ops = s.split("_")
    options = {}
    for op in ops[1:]:
        splits = re.split(r"(\d.*)", op)
        if len(splits) >= 2:
            key, value = splits[:2]
            options[key] = value
    return ops[0], options
result = decode("ir_r2_k3_s2_e6_c24_se0.25")
# case regular expressions
import re
m = re.match(r"layer(\d+)\.(\w+)", "layer3.conv")
result = [m.group(1), m.groups(), m.group(0), re.sub(r"\d", "#", "a1b22"), re.findall(r"\d+", "a1b22"), bool(re.search("z", "abc")), re.compile("b+").sub("x", "abbbc"), re.split(r"[,;]", "a,b;c"), re.match("x", "y") is None, re.fullmatch(r"[a-c]+", "abc") is not None]
# case regular expressions further
import re
p = re.compile(r"(?P<op>[a-z]+)(?P<n>\d+)?")
m = p.match("conv3")
result = [m.group("op"), m.group("n"), m.groupdict(), m.span(), m.start("n") if False else m.start(2), p.findall("conv3 pool"), re.sub(r"(\w)(\d)", r"\2\1", "a1 b2"), re.sub("x", lambda m: m.group() + "!", "axx", count=1), re.split(r"\s*,\s*", "a , b,c"), re.match(r"a{2,3}", "aaaa").group(), re.match(r"a+?", "aaa").group(), re.match(r"^(a|bc)+$", "abca") is not None, [m.group() for m in re.finditer(r"\d", "a1b2")], re.search(r"\bcat\b", "a cat!").start(), re.match("(?:ab)*c", "ababc").end(), re.match("A", "a", flags=re.IGNORECASE if False else 2) is not None, re.findall("(a)(b)?", "aba"), p.match("9")]
