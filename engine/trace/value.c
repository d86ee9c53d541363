/* Values: making them, their truth and their equality.
 *
 * Immutable values are shared freely, so a mark (from_param, is_training_flag) is only ever set on
 * a copy: v_dependent, v_marked. Mutable ones are their own identity and are never copied behind
 * the program's back. Comparing sizes that are free says nothing for certain: v_equal answers -1,
 * and v_equal_hint answers by the hints and says so. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "trace/pystate.h"

Value *v_new(Interp *in, ValueKind k)
{
    Value *v = ARENA_NEW(in->arena, Value);
    v->kind = k;
    v->axis = -1;
    return v;
}

Value *v_none(Interp *in)
{
    return in->py->none;
}

Value *v_bool(Interp *in, bool b)
{
    Value *v = v_new(in, V_BOOL);
    v->u.b = b;
    return v;
}

Value *v_int(Interp *in, long long i)
{
    Value *v = v_new(in, V_INT);
    v->u.i = i;
    return v;
}

Value *v_size(Interp *in, Size s)
{
    if (size_unknown(s)) return v_unknown(in, "a size that is not known");
    Value *v = v_int(in, s.n);
    v->free = s.free;
    return v;
}

Value *v_float(Interp *in, double f)
{
    Value *v = v_new(in, V_FLOAT);
    v->u.f = f;
    return v;
}

Value *v_strn(Interp *in, const char *s, size_t n)
{
    Value *v = v_new(in, V_STR);
    v->u.str.s = arena_strndup(in->arena, s, n);
    v->u.str.len = (int)n;
    return v;
}

Value *v_str(Interp *in, const char *s)
{
    return v_strn(in, s, strlen(s));
}

Value *v_list(Interp *in, ValueKind k)
{
    assert(k == V_LIST || k == V_TUPLE || k == V_SET || k == V_DICT || k == V_SHAPE || k == V_ITER);
    Value *v = v_new(in, k);
    v->born = in->steps;
    return v;
}

Value *v_ext(Interp *in, const char *dotted)
{
    Value *v = v_new(in, V_EXT);
    v->u.dotted = in->dialect ? dialect_canonical(in->dialect, in->arena, dotted) : dotted;
    return v;
}

Value *v_tensor(Interp *in, PivotTensor *t, Node *origin)
{
    Value *v = v_new(in, V_TENSOR);
    v->u.tensor = t;
    v->origin = origin;
    return v;
}

Value *v_builtin(Interp *in, const char *name, Value *self)
{
    Value *v = v_new(in, V_BUILTIN);
    v->u.builtin.name = name;
    v->u.builtin.self = self;
    return v;
}

Value *v_unknown(Interp *in, const char *fmt, ...)
{
    Value *v = v_new(in, V_UNKNOWN);
    va_list ap;
    va_start(ap, fmt);
    v->u.why = arena_vprintf(in->arena, fmt, ap);
    va_end(ap);
    return v;
}

Value *v_class(Interp *in, ClassValue *c)
{
    Value *v = v_new(in, V_CLASS);
    v->u.cls = c;
    v->origin = c->node;
    return v;
}

Value *v_tuple2(Interp *in, Value *a, Value *b)
{
    Value *v = v_list(in, V_TUPLE);
    vec_push(in->arena, &v->items, a);
    vec_push(in->arena, &v->items, b);
    return v;
}

Value *v_copy(Interp *in, const Value *v)
{
    Value *c = ARENA_NEW(in->arena, Value);
    *c = *v;
    return c;
}

bool v_immutable(const Value *v)
{
    switch (v->kind) {
    case V_NONE:
    case V_BOOL:
    case V_INT:
    case V_FLOAT:
    case V_STR:
    case V_BYTES:
    case V_TUPLE:
    case V_RANGE:
    case V_FUNCTION: case V_BUILTIN: case V_CLASS: case V_EXT: case V_UNKNOWN:
        return true;
    default:
        return false;
    }
}

Value *v_dependent(Interp *in, Value *v)
{
    if (v->from_param || !v_immutable(v)) return v;
    Value *c = v_copy(in, v);
    c->from_param = true;
    return c;
}

Value *v_marked(Interp *in, Value *r, const Value *x)
{
    bool param = x->from_param && !r->from_param,
         flag = x->is_training_flag && !r->is_training_flag;
    if ((!param && !flag) || !v_immutable(r)) return r;
    Value *c = v_copy(in, r);
    c->from_param |= param;
    c->is_training_flag |= flag;
    return c;
}

Value *v_pick(Value *a, Value *b)
{
    if (a && a->kind == V_UNKNOWN) return a;
    if (b && b->kind == V_UNKNOWN) return b;
    return NULL;
}

/* ---- looking at values ---- */

bool v_is_int(const Value *v)
{
    return v->kind == V_INT || v->kind == V_BOOL;
}

long long v_as_int(const Value *v)
{
    assert(v_is_int(v));
    return v->kind == V_BOOL ? v->u.b : v->u.i;
}

bool v_is_num(const Value *v)
{
    return v->kind == V_INT || v->kind == V_FLOAT || v->kind == V_BOOL;
}

double v_num(const Value *v)
{
    if (v->kind == V_FLOAT) return v->u.f;
    return v_is_int(v) ? (double)v_as_int(v) : 0.0;
}

Size v_to_size(const Value *v)
{
    if (v->kind == V_INT) return (Size){v->u.i, v->free};
    if (v->kind == V_BOOL) return size_known(v->u.b);
    return size_known(-1);
}

bool v_is_seq(const Value *v)
{
    return v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_SET || v->kind == V_SHAPE ||
           v->kind == V_ITER;
}

Value *v_base(Value *v)
{
    return v->kind == V_OBJECT && v->u.obj->base ? v->u.obj->base : v;
}

const char *v_text(Value *v)
{
    v = v_base(v);
    return v->kind == V_STR ? v->u.str.s : NULL;
}

long long range_len(const Value *v)
{
    long long lo = v->u.range.lo, hi = v->u.range.hi, step = v->u.range.step;
    if (step > 0)
        return hi > lo ? (long long)(((unsigned long long)hi - (unsigned long long)lo - 1) /
                                     (unsigned long long)step) +
                             1
                       : 0;
    unsigned long long down = 0ull - (unsigned long long)step;
    return lo > hi ? (long long)(((unsigned long long)lo - (unsigned long long)hi - 1) / down) + 1
                   : 0;
}

Value *range_item(Interp *in, const Value *v, long long i)
{
    return v_marked(in, v_int(in, v->u.range.lo + i * v->u.range.step), v);
}

/* The truth of an instance that has no say in it itself: framework containers by their length. */
static int object_truth(Interp *in, const Value *v)
{
    const Object *o = v->u.obj;
    if (o->base) return v_truth(in, o->base);
    if (o->cont) return o->cont->items.len > 0;
    return 1;
}

bool ext_is_named(Interp *in, const char *dotted)
{
    const Dialect *d = in->dialect;
    return d &&
           (dialect_read(d, FORM_LAYER, dotted, 0) || dialect_read(d, FORM_FUNCTION, dotted, 0) ||
            dialect_is_module_base(d, dotted) || dialect_dtype(d, dotted));
}

static int ext_truth(Interp *in, const char *dotted)
{
    if (!strchr(dotted, '.')) return 1; /* a module */
    return ext_is_named(in, dotted) ? 1 : -1;
}

int v_truth(Interp *in, const Value *v)
{
    switch (v->kind) {
    case V_NONE: return 0;
    case V_BOOL: return v->free ? -1 : v->u.b;
    case V_INT: return v->free ? -1 : v->u.i != 0;
    case V_FLOAT: return v->free ? -1 : v->u.f != 0;
    case V_STR: case V_BYTES: return v->u.str.len > 0;
    case V_LIST: case V_TUPLE: case V_SET: case V_DICT: case V_SHAPE: return v->items.len > 0;
    case V_RANGE: return v->free ? -1 : range_len(v) > 0;
    case V_OBJECT: return object_truth(in, v);
    case V_CONTAINER: return v->u.cont->items.len > 0;
    case V_EXT: return ext_truth(in, v->u.dotted);
    case V_TENSOR: case V_UNKNOWN: return -1;
    default: return 1;
    }
}

/* ---- equality ---- */

bool v_same_object(const Value *x, const Value *y)
{
    if (x == y) return true;
    if (x->kind != y->kind) return false;
    switch (x->kind) {
    case V_NONE: case V_ELLIPSIS: return true;
    case V_BOOL: return x->u.b == y->u.b;
    case V_INT: return x->u.i == y->u.i && !x->free && !y->free;
    case V_STR:
    case V_BYTES:
        return x->u.str.len == y->u.str.len &&
               memcmp(x->u.str.s, y->u.str.s, (size_t)x->u.str.len) == 0;
    case V_FUNCTION:
        return x->u.fn == y->u.fn ||
               (x->u.fn->node == y->u.fn->node && x->u.fn->closure == y->u.fn->closure &&
                x->u.fn->self && y->u.fn->self && v_same_object(x->u.fn->self, y->u.fn->self));
    case V_BUILTIN:
        return str_eq(x->u.builtin.name, y->u.builtin.name) &&
               x->u.builtin.self == y->u.builtin.self;
    case V_CLASS: return x->u.cls == y->u.cls;
    case V_OBJECT: case V_MODULE: return x->u.obj == y->u.obj;
    case V_EXT: return str_eq(x->u.dotted, y->u.dotted);
    case V_LAYER: return x->u.layer == y->u.layer;
    case V_CONTAINER: return x->u.cont == y->u.cont;
    case V_TENSOR: return x->u.tensor == y->u.tensor;
    case V_TUPLE:
        return x->items.at == y->items.at && x->items.len == y->items.len && x->items.len > 0;
    default: return false;
    }
}

static int equal(Interp *in, const Value *x, const Value *y, bool *guard, int depth);

static int equal_items(Interp *in, const ValueVec *x, const ValueVec *y, bool *guard, int depth)
{
    if (x->len != y->len) return 0;
    int all = 1;
    for (int i = 0; i < x->len; i++) {
        int r = equal(in, x->at[i], y->at[i], guard, depth);
        if (r == 0) return 0;
        if (r < 0) all = -1;
    }
    return all;
}

static int item_in(Interp *in, const ValueVec *items, const Value *v, bool *guard, int depth)
{
    int found = 0;
    for (int i = 0; i < items->len; i++) {
        int r = equal(in, items->at[i], v, guard, depth);
        if (r > 0) return 1;
        if (r < 0) found = -1;
    }
    return found;
}

static int equal_sets(Interp *in, const Value *x, const Value *y, bool *guard, int depth)
{
    if (x->items.len != y->items.len) return 0;
    for (int i = 0; i < x->items.len; i++) {
        int r = item_in(in, &y->items, x->items.at[i], guard, depth);
        if (r <= 0) return r;
    }
    return 1;
}

static int equal_dicts(Interp *in, const Value *x, const Value *y, bool *guard, int depth)
{
    if (x->items.len != y->items.len) return 0;
    for (int i = 0; i < x->keys.len; i++) {
        int r = 0;
        for (int j = 0; j < y->keys.len && r == 0; j++) {
            r = equal(in, x->keys.at[i], y->keys.at[j], guard, depth);
            if (r > 0 && (r = equal(in, x->items.at[i], y->items.at[j], guard, depth)) <= 0)
                return r;
        }
        if (r <= 0) return r;
    }
    return 1;
}

static int equal_ranges(const Value *x, const Value *y)
{
    long long n = range_len(x);
    if (n != range_len(y)) return 0;
    if (n == 0) return 1;
    return x->u.range.lo == y->u.range.lo && (n == 1 || x->u.range.step == y->u.range.step);
}

static int equal_numbers(const Value *x, const Value *y, bool *guard)
{
    int r;
    if (v_is_int(x) && v_is_int(y)) {
        if ((x->free || y->free) && size_same(v_to_size(x), v_to_size(y))) return 1;
        r = v_as_int(x) == v_as_int(y);
    } else {
        r = v_num(x) == v_num(y);
    }
    if (!x->free && !y->free) return r;
    if (!guard) return -1;
    *guard = true;
    return r;
}

static bool is_tuple(const Value *v)
{
    return v->kind == V_TUPLE || v->kind == V_SHAPE;
}

/* A name of a library may be any constant (torch.__version__); one of the framework's own classes
 * and functions is not. */
static int foreign(Interp *in, const Value *ext, const Value *other)
{
    if (other->kind == V_NONE || other->kind == V_CLASS || other->kind == V_FUNCTION) return 0;
    return ext_is_named(in, ext->u.dotted) ? 0 : -1;
}

/* What a class's own __eq__ says. */
static int own_equal(Interp *in, const Value *x, const Value *y, bool *answered)
{
    if (x->kind != V_OBJECT || !x->u.obj->cls || !x->u.obj->cls->node) return -1;
    Value *other = (Value *)y;
    Value *v = call_method(in, (Value *)x, "__eq__", NULL, 1, &other, answered);
    if (*answered && v->kind == V_BUILTIN) *answered = false; /* NotImplemented */
    return v->kind == V_BOOL ? v->u.b : -1;
}

static int equal(Interp *in, const Value *x, const Value *y, bool *guard, int depth)
{
    if (x->kind == V_UNKNOWN || y->kind == V_UNKNOWN) return -1;
    if (x == y && x->kind != V_FLOAT) return 1;
    if (depth > 60) return -1;
    if (v_is_num(x) && v_is_num(y)) return equal_numbers(x, y, guard);
    if (x->kind == V_OBJECT && y->kind == V_OBJECT && x->u.obj == y->u.obj) return 1;
    bool by_method = false;
    int said = own_equal(in, x, y, &by_method);
    if (by_method) return said;
    if (x->kind == V_OBJECT && x->u.obj->base && !(y->kind == V_OBJECT && !y->u.obj->base))
        return equal(in, x->u.obj->base, v_base((Value *)y), guard, depth + 1);
    if (y->kind == V_OBJECT && y->u.obj->base)
        return equal(in, x, y->u.obj->base, guard, depth + 1);
    if (is_tuple(x) && is_tuple(y)) return equal_items(in, &x->items, &y->items, guard, depth + 1);
    if (x->kind != y->kind) {
        if (x->kind == V_TENSOR || y->kind == V_TENSOR)
            return x->kind == V_NONE || y->kind == V_NONE ? 0 : -1;
        if (x->kind == V_HANDLE || y->kind == V_HANDLE) return -1;
        if (x->kind == V_EXT) return foreign(in, x, y);
        return y->kind == V_EXT ? foreign(in, y, x) : 0;
    }
    switch (x->kind) {
    case V_LIST: return equal_items(in, &x->items, &y->items, guard, depth + 1);
    case V_SET: return equal_sets(in, x, y, guard, depth + 1);
    case V_DICT: return equal_dicts(in, x, y, guard, depth + 1);
    case V_RANGE: return equal_ranges(x, y);
    case V_SLICE: return equal_items(in, &x->items, &y->items, guard, depth + 1);
    case V_TENSOR: return -1; /* by items, in the frameworks */
    default: return v_same_object(x, y);
    }
}

int v_equal(Interp *in, const Value *x, const Value *y)
{
    return equal(in, x, y, NULL, 0);
}

int v_equal_hint(Interp *in, const Value *x, const Value *y, bool *guard)
{
    return equal(in, x, y, guard, 0);
}
