/* Arithmetic on ints, bools and floats.
 *
 * Ints are exact while they fit in 64 bits; what does not is unknown, never a wrong number. A free
 * size keeps its expression through + - * // %; the quotient of `/` is kept on the float, so that
 * int(h / 2) and math.ceil(h / 2) find it again. Whatever else is computed from a free size becomes
 * a symbol of its own, named after how it came about: it stays free and never turns into a plain
 * number. */
#include <math.h>
#include <string.h>

#include "trace/pystate.h"

static Value *too_large(Interp *in)
{
    return v_unknown(in, "an integer beyond 64 bits");
}

Value *int_pow(Interp *in, long long b, long long e)
{
    if (e < 0) return b == 0 ? NULL : v_float(in, pow((double)b, (double)e));
    long long r = 1;
    while (e > 0) {
        if ((e & 1) && __builtin_mul_overflow(r, b, &r)) return too_large(in);
        e >>= 1;
        if (e > 0 && __builtin_mul_overflow(b, b, &b)) return too_large(in);
    }
    return v_int(in, r);
}

static long long floor_div(long long a, long long b)
{
    long long q = a / b;
    return a % b != 0 && ((a < 0) != (b < 0)) ? q - 1 : q;
}

static Value *int_divide(Interp *in, char op, long long a, long long b, Node *site)
{
    if (b == 0)
        return raise_error(in, "ZeroDivisionError", site,
                           op == '%' ? "integer modulo by zero"
                                     : "integer division or modulo by zero");
    if (b == -1) { /* the one quotient that overflows */
        long long r;
        if (op == '%') return v_int(in, 0);
        return __builtin_sub_overflow(0, a, &r) ? too_large(in) : v_int(in, r);
    }
    long long q = floor_div(a, b);
    return v_int(in, op == '%' ? a - q * b : q);
}

static Value *int_shift(Interp *in, char op, long long a, long long b, Node *site)
{
    if (b < 0) return raise_error(in, "ValueError", site, "negative shift count");
    if (op == '>') return v_int(in, b > 62 ? (a < 0 ? -1 : 0) : a >> b);
    long long r = a;
    if (b > 62) return a == 0 ? v_int(in, 0) : too_large(in);
    return __builtin_mul_overflow(r, 1LL << b, &r) ? too_large(in) : v_int(in, r);
}

static Value *int_binary(Interp *in, const char *op, long long a, long long b, Node *site)
{
    long long r;
    switch (op[0]) {
    case '+': return __builtin_add_overflow(a, b, &r) ? too_large(in) : v_int(in, r);
    case '-': return __builtin_sub_overflow(a, b, &r) ? too_large(in) : v_int(in, r);
    case '*': {
        if (op[1] == 0) return __builtin_mul_overflow(a, b, &r) ? too_large(in) : v_int(in, r);
        Value *p = int_pow(in, a, b);
        return p ? p
                 : raise_error(in, "ZeroDivisionError", site,
                               "0.0 cannot be raised to a negative power");
    }
    case '/':
        if (op[1] == '/') return int_divide(in, '/', a, b, site);
        if (b == 0) return raise_error(in, "ZeroDivisionError", site, "division by zero");
        return v_float(in, (double)a / (double)b);
    case '%': return int_divide(in, '%', a, b, site);
    case '&': return v_int(in, a & b);
    case '|': return v_int(in, a | b);
    case '^': return v_int(in, a ^ b);
    case '<': case '>': return int_shift(in, op[0], a, b, site);
    default:
        return raise_error(in, "TypeError", site,
                           "unsupported operand type(s) for %s: 'int' and 'int'", op);
    }
}

static double float_mod(double a, double b)
{
    double m = fmod(a, b);
    if (m == 0) return copysign(0.0, b);
    return (m < 0) != (b < 0) ? m + b : m;
}

static Value *float_binary(Interp *in, const char *op, double a, double b, Node *site)
{
    switch (op[0]) {
    case '+': return v_float(in, a + b);
    case '-': return v_float(in, a - b);
    case '*':
        if (op[1] == 0) return v_float(in, a * b);
        if (a == 0 && b < 0)
            return raise_error(in, "ZeroDivisionError", site,
                               "0.0 cannot be raised to a negative power");
        if (a < 0 && b != floor(b)) return v_unknown(in, "a complex number");
        return v_float(in, pow(a, b));
    case '/':
        if (b == 0)
            return raise_error(in, "ZeroDivisionError", site,
                               op[1] ? "float floor division by zero" : "float division by zero");
        return v_float(in, op[1] ? floor(a / b) : a / b);
    case '%':
        if (b == 0) return raise_error(in, "ZeroDivisionError", site, "float modulo");
        return v_float(in, float_mod(a, b));
    default:
        return raise_error(in, "TypeError", site,
                           "unsupported operand type(s) for %s: 'float' and 'float'", op);
    }
}

static const char *operand_text(Interp *in, const Value *v)
{
    if (v->kind == V_INT) return size_text(in->arena, v_to_size(v));
    if (v->kind == V_FLOAT && v->free)
        return size_text(in->arena, (Size){(long long)v->u.f, v->free});
    return v_repr(in, v);
}

/* A result that no size expression says: a symbol of its own, with what it is by the hints. */
static Value *opaque(Interp *in, Value *r, const char *op, const Value *a, const Value *b)
{
    if (!v_is_num(r)) return r;
    const char *name =
        arena_printf(in->arena, "(%s%s%s)", operand_text(in, a), op, operand_text(in, b));
    Value *c = v_copy(in, r);
    c->free = size_free(in->arena, name, c->kind == V_FLOAT ? 2 : c->u.i).free;
    return c;
}

static Value *free_binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    char c = op[0];
    bool ints = v_is_int(l) && v_is_int(r);
    bool plain = op[1] == 0 && (c == '+' || c == '-' || c == '*' || c == '%');
    if (ints && (plain || strcmp(op, "//") == 0)) {
        if ((c == '/' || c == '%') && v_as_int(r) == 0)
            return int_binary(in, op, v_as_int(l), 0, site);
        Size x = l->kind == V_INT && !l->free ? size_number(in->arena, l->u.i) : v_to_size(l);
        Size y = r->kind == V_INT && !r->free ? size_number(in->arena, r->u.i) : v_to_size(r);
        Size s = size_op(in->arena, c, x, y);
        if (!size_unknown(s)) return v_size(in, s);
        return opaque(in, int_binary(in, op, v_as_int(l), v_as_int(r), site), op, l, r);
    }
    Value *v = ints ? int_binary(in, op, v_as_int(l), v_as_int(r), site)
                    : float_binary(in, op, v_num(l), v_num(r), site);
    if (ints && c == '/' && v->kind == V_FLOAT) { /* int() and ceil() divide again, as integers */
        vec_push(in->arena, &v->items, l);
        vec_push(in->arena, &v->items, r);
        v->free = size_op(in->arena, '/', v_to_size(l), v_to_size(r)).free;
        if (v->free) return v;
    }
    return opaque(in, v, op, l, r);
}

Value *number_binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    if (l->free || r->free) return free_binary(in, op, l, r, site);
    if (l->kind == V_FLOAT || r->kind == V_FLOAT)
        return float_binary(in, op, v_num(l), v_num(r), site);
    bool logical = op[1] == 0 && (op[0] == '&' || op[0] == '|' || op[0] == '^');
    Value *v = int_binary(in, op, v_as_int(l), v_as_int(r), site);
    if (logical && l->kind == V_BOOL && r->kind == V_BOOL && v->kind == V_INT)
        return v_bool(in, v->u.i != 0);
    return v;
}
