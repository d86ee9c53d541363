/* math, and operator's functions. A quotient of free sizes keeps its meaning under floor and ceil.
 */
#include <math.h>
#include <string.h>

#include "trace/pystate.h"

static Value *number_arg(Call *c, int i, double *out)
{
    Value *v = arg(c, i, NULL);
    if (!v) return arity(c, i + 1, -1);
    v = v_base(v);
    if (v->kind == V_UNKNOWN) return v;
    if (v->kind == V_TENSOR || v->kind == V_EXT || v->kind == V_HANDLE)
        return v_unknown(c->in, "%s() of something not known", c->name);
    if (!v_is_num(v))
        return raise_error(c->in, "TypeError", c->site, "must be real number, not %s",
                           v_type_name(v));
    if (v->free) return v_unknown(c->in, "%s() of a free size", c->name);
    *out = v_num(v);
    return NULL;
}

static Value *to_int(Call *c, double d)
{
    if (isnan(d))
        return raise_error(c->in, "ValueError", c->site, "cannot convert float NaN to integer");
    return fabs(d) < 9.2e18 ? v_int(c->in, (long long)d)
                            : v_unknown(c->in, "an integer beyond 64 bits");
}

/* floor and ceil of a quotient of sizes stay exact. */
static Value *rounded(Call *c, char op, double (*f)(double))
{
    Value *v = arg(c, 0, NULL);
    double d;
    if (v && v_is_int(v)) return v;
    if (v && v->kind == V_FLOAT && v->free && v->items.len == 2) {
        Size s = size_op(c->in->arena, op, v_to_size(v->items.at[0]), v_to_size(v->items.at[1]));
        if (!size_unknown(s)) return v_size(c->in, s);
    }
    bool found = false;
    if (v && v->kind == V_OBJECT) {
        Value *r =
            call_method(c->in, v, op == 'c' ? "__ceil__" : "__floor__", c->site, 0, NULL, &found);
        if (found) return r;
    }
    Value *bad = number_arg(c, 0, &d);
    return bad ? bad : to_int(c, f(d));
}

static Value *m_floor(Call *c) { return rounded(c, '/', floor); }
static Value *m_ceil(Call *c) { return rounded(c, 'c', ceil); }
static Value *m_trunc(Call *c) { return rounded(c, '/', trunc); }

static Value *domain(Call *c)
{
    return raise_error(c->in, "ValueError", c->site, "math domain error");
}

static Value *m_log(Call *c)
{
    double x, base = 0;
    Value *bad = number_arg(c, 0, &x);
    if (!bad && nargs(c) > 1) bad = number_arg(c, 1, &base);
    if (bad) return bad;
    if (x <= 0 || (nargs(c) > 1 && base <= 0)) return domain(c);
    return v_float(c->in, nargs(c) > 1 ? log(x) / log(base) : log(x));
}

/* The functions of one number; *bad_below and *closed say where they have no value. */
typedef struct Fn {
    const char *name;
    double (*f)(double);
    double from;
    bool open;
} Fn;

static const Fn FNS[] = {
    {"sqrt", sqrt, 0, false},
    {"log2", log2, 0, true},
    {"log10", log10, 0, true},
    {"log1p", log1p, -1, true},
    {"exp", exp, -INFINITY, false},
    {"expm1", expm1, -INFINITY, false},
    {"sin", sin, -INFINITY, false},
    {"cos", cos, -INFINITY, false},
    {"tan", tan, -INFINITY, false},
    {"asin", asin, -1, false},
    {"acos", acos, -1, false},
    {"atan", atan, -INFINITY, false},
    {"sinh", sinh, -INFINITY, false},
    {"cosh", cosh, -INFINITY, false},
    {"tanh", tanh, -INFINITY, false},
    {"fabs", fabs, -INFINITY, false},
    {"erf", erf, -INFINITY, false},
    {"gamma", tgamma, -INFINITY, false},
    {"lgamma", lgamma, -INFINITY, false},
    {"cbrt", cbrt, -INFINITY, false},
};

static Value *m_one(Call *c)
{
    double x;
    Value *bad = number_arg(c, 0, &x);
    if (bad) return bad;
    const char *name = strrchr(c->name, '.') + 1;
    for (size_t i = 0; i < sizeof(FNS) / sizeof(*FNS); i++) {
        if (strcmp(FNS[i].name, name) != 0) continue;
        if (x < FNS[i].from || (FNS[i].open && x == FNS[i].from)) return domain(c);
        return v_float(c->in, FNS[i].f(x));
    }
    if (strcmp(name, "degrees") == 0) return v_float(c->in, x * 180 / 3.14159265358979323846);
    if (strcmp(name, "radians") == 0) return v_float(c->in, x * 3.14159265358979323846 / 180);
    return v_unknown(c->in, "%s()", c->name);
}

static Value *m_test(Call *c)
{
    double x;
    Value *bad = number_arg(c, 0, &x);
    if (bad) return bad;
    if (strcmp(c->name, "math.isnan") == 0) return v_bool(c->in, isnan(x));
    return v_bool(c->in, strcmp(c->name, "math.isinf") == 0 ? isinf(x) : isfinite(x));
}

static Value *m_two(Call *c)
{
    double x, y;
    Value *bad = number_arg(c, 0, &x);
    if (!bad) bad = number_arg(c, 1, &y);
    if (bad) return bad;
    const char *name = strrchr(c->name, '.') + 1;
    if (strcmp(name, "pow") == 0) return v_float(c->in, pow(x, y));
    if (strcmp(name, "atan2") == 0) return v_float(c->in, atan2(x, y));
    if (strcmp(name, "hypot") == 0) return v_float(c->in, hypot(x, y));
    if (strcmp(name, "copysign") == 0) return v_float(c->in, copysign(x, y));
    if (strcmp(name, "fmod") == 0) return y == 0 ? domain(c) : v_float(c->in, fmod(x, y));
    if (strcmp(name, "isclose") == 0) {
        Value *rel = args_kw(c->args, "rel_tol"), *abs_tol = args_kw(c->args, "abs_tol");
        double r = rel ? v_num(rel) : 1e-9, a = abs_tol ? v_num(abs_tol) : 0,
               big = fmax(fabs(x), fabs(y));
        return v_bool(c->in, x == y || fabs(x - y) <= fmax(r * big, a));
    }
    return v_unknown(c->in, "%s()", c->name);
}

static Value *m_gcd(Call *c)
{
    bool lcm = strcmp(c->name, "math.lcm") == 0;
    if (arg_unknown(c)) return arg_unknown(c);
    long long r = lcm ? 1 : 0;
    for (int i = 0; i < nargs(c); i++) {
        Value *v = arg(c, i, NULL);
        if (!v_is_int(v) || v->free)
            return v_unknown(c->in, "%s() of something not known", c->name);
        long long b = v_as_int(v);
        if (b == (-9223372036854775807LL - 1)) return v_unknown(c->in, "an integer beyond 64 bits");
        long long x = r < 0 ? -r : r, y = b < 0 ? -b : b, a = x;
        while (y) {
            long long t = x % y;
            x = y;
            y = t;
        }
        if (!lcm) r = x;
        else if (x == 0) r = 0;
        else if (__builtin_mul_overflow(a / x, b < 0 ? -b : b, &r))
            return v_unknown(c->in, "an integer beyond 64 bits");
    }
    return v_int(c->in, r);
}

static Value *m_factorial(Call *c)
{
    if (arg_unknown(c) || !nargs(c) || !v_is_int(arg(c, 0, NULL)))
        return v_unknown(c->in, "a factorial");
    long long n = arg_int(c, 0, NULL, 0);
    if (n < 0)
        return raise_error(c->in, "ValueError", c->site,
                           "factorial() not defined for negative values");
    Value *r = v_int(c->in, 1);
    for (long long i = 2; i <= n && r->kind == V_INT; i++)
        r = binary(c->in, "*", r, v_int(c->in, i), c->site);
    return r;
}

static Value *m_comb(Call *c)
{
    if (arg_unknown(c) || nargs(c) < 2) return v_unknown(c->in, "a number of combinations");
    bool perm = strcmp(c->name, "math.perm") == 0;
    long long n = arg_int(c, 0, NULL, 0), k = arg_int(c, 1, NULL, 0);
    if (k < 0 || k > n) return v_int(c->in, 0);
    if (!perm && k > n - k) k = n - k;
    Value *r = v_int(c->in, 1);
    for (long long i = 0; i < k && r->kind == V_INT; i++) {
        r = binary(c->in, "*", r, v_int(c->in, n - i), c->site);
        if (!perm) r = binary(c->in, "//", r, v_int(c->in, i + 1), c->site);
    }
    return r;
}

static Value *m_prod(Call *c)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items))
        return c->in->raising ? c->in->py->poison
                              : v_unknown(c->in, "a product of values that are not known");
    Value *start = args_kw(c->args, "start"), *r = start ? start : v_int(c->in, 1);
    for (int i = 0; i < items.len && !c->in->raising; i++)
        r = binary(c->in, "*", r, items.at[i], c->site);
    return r;
}

static Value *m_fsum(Call *c)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return v_unknown(c->in, "a sum of values that are not known");
    double sum = 0, low = 0; /* compensated: exact enough to give what an exact sum rounds to */
    for (int i = 0; i < items.len; i++) {
        if (!v_is_num(items.at[i]) || items.at[i]->free)
            return v_unknown(c->in, "a sum of values that are not known");
        double x = v_num(items.at[i]), t = sum + x;
        low += fabs(sum) >= fabs(x) ? (sum - t) + x : (x - t) + sum;
        sum = t;
    }
    return v_float(c->in, sum + low);
}

static Value *m_modf(Call *c)
{
    double x, whole;
    Value *bad = number_arg(c, 0, &x);
    if (bad) return bad;
    double frac = modf(x, &whole);
    return v_tuple2(c->in, v_float(c->in, frac), v_float(c->in, whole));
}

static Value *m_isqrt(Call *c)
{
    double x;
    Value *bad = number_arg(c, 0, &x);
    if (bad) return bad;
    if (x < 0)
        return raise_error(c->in, "ValueError", c->site, "isqrt() argument must be nonnegative");
    long long n = v_as_int(v_base(arg(c, 0, NULL))), r = (long long)sqrt((double)n);
    while (r * r > n) r--;
    while ((r + 1) <= n / (r + 1)) r++;
    return v_int(c->in, r);
}

/* ---- operator ---- */

static Value *op_binary(Call *c)
{
    static const char *const names[][2] = {
        {"add", "+"}, {"sub", "-"},    {"mul", "*"},    {"truediv", "/"}, {"floordiv", "//"},
        {"mod", "%"}, {"pow", "**"},   {"matmul", "@"}, {"and_", "&"},    {"or_", "|"},
        {"xor", "^"}, {"concat", "+"}, {"iadd", "+"},
    };
    static const char *const tests[][2] = {
        {"eq", "=="}, {"ne", "!="}, {"lt", "<"},   {"le", "<="},
        {"gt", ">"},  {"ge", ">="}, {"is_", "is"}, {"is_not", "is not"},
    };
    Value *bad = arity(c, 2, 2);
    if (bad) return bad;
    const char *name = strrchr(c->name, '.') + 1;
    Value *a = arg(c, 0, NULL), *b = arg(c, 1, NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(names[i][0], name) == 0) return binary(c->in, names[i][1], a, b, c->site);
    for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
        if (strcmp(tests[i][0], name) == 0) return compare(c->in, tests[i][1], a, b, c->site);
    if (strcmp(name, "contains") == 0) return compare(c->in, "in", b, a, c->site);
    return get_item(c->in, a, b, c->site);
}

static Value *op_unary(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    const char *name = strrchr(c->name, '.') + 1;
    const char *op = strcmp(name, "neg") == 0    ? "-"
                     : strcmp(name, "not_") == 0 ? "not"
                     : strcmp(name, "pos") == 0  ? "+"
                                                 : "~";
    return unary(c->in, op, arg(c, 0, NULL), c->site);
}

/* itemgetter(1), attrgetter("a.b"): a function that keeps what to get. */
static Value *getter(Call *c)
{
    Value *keys = v_list(c->in, V_TUPLE);
    keys->items = c->args->pos;
    return v_builtin(c->in,
                     strcmp(c->name, "operator.itemgetter") == 0 ? "operator.itemgetter.call"
                                                                 : "operator.attrgetter.call",
                     keys);
}

static Value *one_attr(Call *c, Value *v, const char *path)
{
    while (path && !c->in->raising) {
        size_t n = strcspn(path, ".");
        v = attr_or_raise(c->in, v, arena_strndup(c->in->arena, path, n), c->site);
        path = path[n] ? path + n + 1 : NULL;
    }
    return v;
}

static Value *getter_call(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    bool items = strcmp(c->name, "operator.itemgetter.call") == 0;
    Value *t = v_list(c->in, V_TUPLE), *of = arg(c, 0, NULL);
    for (int i = 0; i < c->self->items.len && !c->in->raising; i++) {
        Value *key = c->self->items.at[i];
        Value *v = items         ? get_item(c->in, of, key, c->site)
                   : v_text(key) ? one_attr(c, of, v_text(key))
                                 : key;
        vec_push(c->in->arena, &t->items, v);
    }
    return t->items.len == 1 ? t->items.at[0] : t;
}

const Builtin stdlib_math[] = {
    {"math.floor", m_floor},
    {"math.ceil", m_ceil},
    {"math.trunc", m_trunc},
    {"math.log", m_log},
    {"math.sqrt", m_one},
    {"math.log2", m_one},
    {"math.log10", m_one},
    {"math.log1p", m_one},
    {"math.exp", m_one},
    {"math.expm1", m_one},
    {"math.sin", m_one},
    {"math.cos", m_one},
    {"math.tan", m_one},
    {"math.asin", m_one},
    {"math.acos", m_one},
    {"math.atan", m_one},
    {"math.sinh", m_one},
    {"math.cosh", m_one},
    {"math.tanh", m_one},
    {"math.fabs", m_one},
    {"math.erf", m_one},
    {"math.gamma", m_one},
    {"math.lgamma", m_one},
    {"math.cbrt", m_one},
    {"math.degrees", m_one},
    {"math.radians", m_one},
    {"math.isnan", m_test},
    {"math.isinf", m_test},
    {"math.isfinite", m_test},
    {"math.pow", m_two},
    {"math.atan2", m_two},
    {"math.hypot", m_two},
    {"math.copysign", m_two},
    {"math.fmod", m_two},
    {"math.isclose", m_two},
    {"math.gcd", m_gcd},
    {"math.lcm", m_gcd},
    {"math.factorial", m_factorial},
    {"math.comb", m_comb},
    {"math.perm", m_comb},
    {"math.prod", m_prod},
    {"math.fsum", m_fsum},
    {"math.modf", m_modf},
    {"math.isqrt", m_isqrt},
    {"operator.add", op_binary},
    {"operator.sub", op_binary},
    {"operator.mul", op_binary},
    {"operator.truediv", op_binary},
    {"operator.floordiv", op_binary},
    {"operator.mod", op_binary},
    {"operator.pow", op_binary},
    {"operator.matmul", op_binary},
    {"operator.and_", op_binary},
    {"operator.or_", op_binary},
    {"operator.xor", op_binary},
    {"operator.concat", op_binary},
    {"operator.iadd", op_binary},
    {"operator.eq", op_binary},
    {"operator.ne", op_binary},
    {"operator.lt", op_binary},
    {"operator.le", op_binary},
    {"operator.gt", op_binary},
    {"operator.ge", op_binary},
    {"operator.is_", op_binary},
    {"operator.is_not", op_binary},
    {"operator.contains", op_binary},
    {"operator.getitem", op_binary},
    {"operator.neg", op_unary},
    {"operator.pos", op_unary},
    {"operator.not_", op_unary},
    {"operator.invert", op_unary},
    {"operator.itemgetter", getter},
    {"operator.attrgetter", getter},
    {"operator.itemgetter.call", getter_call},
    {"operator.attrgetter.call", getter_call},
    {NULL, NULL},
};
