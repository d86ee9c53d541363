/* Operators over all kinds of values: numbers, Python's containers, instances with operator
 * methods, tensors, unknowns.
 *
 * An unknown operand makes the result unknown and keeps the first reason. from_param and
 * is_training_flag go over to the result. */
#include <math.h>
#include <string.h>

#include "trace/pystate.h"

typedef struct OpNames {
    const char *op, *method, *reflected, *inplace;
} OpNames;

static const OpNames OPS[] = {
    {"+", "__add__", "__radd__", "__iadd__"},
    {"-", "__sub__", "__rsub__", "__isub__"},
    {"*", "__mul__", "__rmul__", "__imul__"},
    {"/", "__truediv__", "__rtruediv__", "__itruediv__"},
    {"//", "__floordiv__", "__rfloordiv__", "__ifloordiv__"},
    {"%", "__mod__", "__rmod__", "__imod__"},
    {"**", "__pow__", "__rpow__", "__ipow__"},
    {"@", "__matmul__", "__rmatmul__", "__imatmul__"},
    {"&", "__and__", "__rand__", "__iand__"},
    {"|", "__or__", "__ror__", "__ior__"},
    {"^", "__xor__", "__rxor__", "__ixor__"},
    {"<<", "__lshift__", "__rlshift__", "__ilshift__"},
    {">>", "__rshift__", "__rrshift__", "__irshift__"},
    {"<", "__lt__", "__gt__", NULL},
    {"<=", "__le__", "__ge__", NULL},
    {">", "__gt__", "__lt__", NULL},
    {">=", "__ge__", "__le__", NULL},
    {"==", "__eq__", "__eq__", NULL},
    {"!=", "__ne__", "__ne__", NULL},
};

static const OpNames *op_names(const char *op)
{
    for (size_t i = 0; i < sizeof(OPS) / sizeof(*OPS); i++)
        if (strcmp(OPS[i].op, op) == 0) return &OPS[i];
    return NULL;
}

static bool not_implemented(const Value *v)
{
    return v->kind == V_BUILTIN && strcmp(v->u.builtin.name, "NotImplemented") == 0;
}

/* What an instance's own operator method says; NULL where none answers. */
static Value *user_binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    const OpNames *names = op_names(op);
    if (!names) return NULL;
    bool found = false;
    if (l->kind == V_OBJECT) {
        Value *v = call_method(in, l, names->method, site, 1, &r, &found);
        if (found && !not_implemented(v)) return v;
    }
    if (r->kind == V_OBJECT) {
        Value *v = call_method(in, r, names->reflected, site, 1, &l, &found);
        if (found && !not_implemented(v)) return v;
    }
    return NULL;
}

/* ---- sequences ---- */

static Value *concat_strings(Interp *in, Value *l, Value *r)
{
    size_t n = (size_t)l->u.str.len + (size_t)r->u.str.len;
    if (n > MAX_SEQUENCE * 8) return v_unknown(in, "a very long string");
    Value *v = v_new(in, l->kind);
    char *s = arena_alloc(in->arena, n + 1);
    memcpy(s, l->u.str.s, (size_t)l->u.str.len);
    memcpy(s + l->u.str.len, r->u.str.s, (size_t)r->u.str.len);
    v->u.str.s = s;
    v->u.str.len = (int)n;
    return v;
}

static Value *concat(Interp *in, Value *l, Value *r)
{
    Value *v = v_list(in, l->kind == V_LIST ? V_LIST : V_TUPLE);
    if (l->items.len + r->items.len > MAX_SEQUENCE) return v_unknown(in, "a very long list");
    for (int i = 0; i < l->items.len; i++) vec_push(in->arena, &v->items, l->items.at[i]);
    for (int i = 0; i < r->items.len; i++) vec_push(in->arena, &v->items, r->items.at[i]);
    if (l->kind == V_LIST && (l->free || r->free)) v->free = l->free ? l->free : r->free;
    return v;
}

static Value *repeat(Interp *in, Value *seq, const Value *times)
{
    long long n = v_as_int(times) < 0 ? 0 : v_as_int(times);
    long long len = seq->kind == V_STR || seq->kind == V_BYTES ? seq->u.str.len : seq->items.len;
    if (len > 0 && n > MAX_SEQUENCE / len)
        return v_unknown(in, "a sequence repeated %lld times", n);
    if (seq->kind == V_STR || seq->kind == V_BYTES) {
        Value *v = v_new(in, seq->kind);
        char *s = arena_alloc(in->arena, (size_t)(n * len) + 1);
        for (long long i = 0; i < n && len; i++) memcpy(s + i * len, seq->u.str.s, (size_t)len);
        v->u.str.s = s;
        v->u.str.len = (int)(n * len);
        return v;
    }
    Value *v = v_list(in, seq->kind == V_LIST ? V_LIST : V_TUPLE);
    for (long long k = 0; k < n && len; k++)
        for (int i = 0; i < seq->items.len; i++) vec_push(in->arena, &v->items, seq->items.at[i]);
    if (v->kind == V_LIST && times->free) v->free = times->free;
    return v;
}

/* ---- sets and dicts ---- */

static bool set_has(Interp *in, const Value *s, const Value *v)
{
    for (int i = 0; i < s->items.len; i++)
        if (v_equal(in, s->items.at[i], v) > 0) return true;
    return false;
}

static Value *set_binary(Interp *in, char op, Value *l, Value *r)
{
    Value *v = v_list(in, V_SET);
    for (int i = 0; i < l->items.len; i++) {
        bool both = op != '|' && set_has(in, r, l->items.at[i]);
        if (op == '|' || (op == '&') == both) vec_push(in->arena, &v->items, l->items.at[i]);
    }
    for (int i = 0; i < r->items.len && (op == '|' || op == '^'); i++)
        if (!set_has(in, l, r->items.at[i])) vec_push(in->arena, &v->items, r->items.at[i]);
    return v;
}

static Value *dict_merge(Interp *in, Value *l, Value *r)
{
    Value *v = v_list(in, V_DICT);
    for (int i = 0; i < l->keys.len; i++) dict_set(in, v, l->keys.at[i], l->items.at[i]);
    for (int i = 0; i < r->keys.len; i++) dict_set(in, v, r->keys.at[i], r->items.at[i]);
    return v;
}

/* ---- binary ---- */

static bool is_tuple(const Value *v)
{
    return v->kind == V_TUPLE || v->kind == V_SHAPE;
}

static bool is_type(const Value *v)
{
    return v->kind == V_CLASS || v->kind == V_EXT || v->kind == V_BUILTIN || v->kind == V_NONE;
}

static Value *plain_binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    char c = op[1] ? 0 : op[0];
    if (v_is_num(l) && v_is_num(r) && strcmp(op, "@") != 0)
        return number_binary(in, op, l, r, site);
    if (c == '%' && l->kind == V_STR) return percent_format(in, l, r, site);
    if (c == '+' && l->kind == r->kind && (l->kind == V_STR || l->kind == V_BYTES))
        return concat_strings(in, l, r);
    if (c == '+' && ((l->kind == V_LIST && r->kind == V_LIST) || (is_tuple(l) && is_tuple(r))))
        return concat(in, l, r);
    bool lseq = l->kind == V_STR || l->kind == V_BYTES || l->kind == V_LIST || is_tuple(l);
    bool rseq = r->kind == V_STR || r->kind == V_BYTES || r->kind == V_LIST || is_tuple(r);
    if (c == '*' && lseq && v_is_int(r)) return repeat(in, l, r);
    if (c == '*' && rseq && v_is_int(l)) return repeat(in, r, l);
    bool lset = l->kind == V_SET || l->kind == V_LIST,
         rset = r->kind == V_SET || r->kind == V_LIST; /* keys() is a list */
    if (lset && rset && c && strchr("|&-^", c)) return set_binary(in, c, l, r);
    if (l->kind == V_DICT && r->kind == V_DICT && c == '|') return dict_merge(in, l, r);
    if (c == '|' && is_type(l) && is_type(r)) return v_unknown(in, "a union of types");
    return NULL;
}

static bool opaque_kind(const Value *v)
{
    return v->kind == V_EXT || v->kind == V_HANDLE || v->kind == V_LAYER ||
           v->kind == V_CONTAINER ||
           (v->kind == V_OBJECT && v->u.obj->cls && v->u.obj->cls->is_open);
}

Value *binary(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    if (in->raising) return in->py->poison;
    Value *v = NULL;
    if (l->kind == V_TENSOR || r->kind == V_TENSOR) v = tensor_binary(in, op, l, r, site);
    else if (is_array(l) || is_array(r)) v = array_binary(in, op, l, r, site);
    else if ((v = v_pick(l, r))) {}
    else {
        if (l->kind == V_OBJECT || r->kind == V_OBJECT) v = user_binary(in, op, l, r, site);
        if (!v && !in->raising) v = container_binary(in, op, l, r, false, site);
        if (!v && !in->raising) v = plain_binary(in, op, v_base(l), v_base(r), site);
    }
    if (in->raising) return in->py->poison;
    if (!v && (opaque_kind(l) || opaque_kind(r)))
        v = v_unknown(in, "%s %s %s", v_type_name(l), op, v_type_name(r));
    if (!v)
        return raise_error(in, "TypeError", site,
                           "unsupported operand type(s) for %s: '%s' and '%s'", op, v_type_name(l),
                           v_type_name(r));
    return v_marked(in, v_marked(in, v, l), r);
}

Value *binary_inplace(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    if (in->raising) return in->py->poison;
    const OpNames *names = op_names(op);
    bool found = false;
    if (l->kind == V_OBJECT && names && names->inplace) {
        Value *v = call_method(in, l, names->inplace, site, 1, &r, &found);
        if (found && !not_implemented(v)) return v;
    }
    if (l->kind == V_CONTAINER) {
        Value *v = container_binary(in, op, l, r, true, site);
        if (v) return v;
    }
    if (l->kind == V_LIST && strcmp(op, "+") == 0 && r->kind != V_UNKNOWN && r->kind != V_TENSOR) {
        ValueVec items = {0};
        if (iterate(in, r, &items, site)) {
            for (int i = 0; i < items.len; i++) list_push(in, l, items.at[i]);
            return l;
        }
    } else if (l->kind == V_LIST && strcmp(op, "*") == 0 && v_is_int(r)) {
        Value *v = repeat(in, l, r);
        if (v->kind != V_LIST) return v;
        forced_note_value(in, l);
        l->items = v->items;
        l->free = v->free;
        return l;
    } else if ((l->kind == V_SET && r->kind == V_SET) || (l->kind == V_DICT && r->kind == V_DICT)) {
        Value *v = binary(in, op, l, r, site);
        if (v->kind != l->kind) return v;
        forced_note_value(in, l);
        l->items = v->items;
        l->keys = v->keys;
        return l;
    }
    return binary(in, op, l, r, site);
}

/* ---- unary ---- */

static Value *number_unary(Interp *in, const char *op, Value *v, Node *site)
{
    if (op[0] == '+') return v->kind == V_BOOL ? v_int(in, v->u.b) : v;
    if (op[0] == '-') {
        if (v->kind == V_FLOAT && !v->free) return v_float(in, -v->u.f);
        if (v_is_int(v) && v_as_int(v) == 0 && !v->free) return v_int(in, 0);
        return number_binary(in, "-", v->kind == V_FLOAT ? v_float(in, -0.0) : v_int(in, 0), v,
                             site);
    }
    if (v_is_int(v)) return number_binary(in, "-", v_int(in, -1), v, site);
    return raise_error(in, "TypeError", site, "bad operand type for unary ~: 'float'");
}

Value *unary(Interp *in, const char *op, Value *v, Node *site)
{
    if (in->raising) return in->py->poison;
    if (strcmp(op, "not") == 0) {
        if (v->kind == V_TENSOR) return v_unknown(in, "the value of a tensor");
        bool guard = false;
        int t = truth(in, v, &guard);
        if (in->raising) return in->py->poison;
        if (t < 0)
            return v->kind == V_UNKNOWN ? v : v_unknown(in, "not of a value that is not known");
        Value *r = v_bool(in, !t);
        if (guard) r->free = v->free;
        return v_marked(in, r, v);
    }
    if (v->kind == V_TENSOR) return tensor_unary(in, op, v, site);
    if (v->kind == V_UNKNOWN) return v;
    if (is_array(v) && op[0] == '-') return array_binary(in, "*", v, v_int(in, -1), site);
    if (v->kind == V_OBJECT) {
        const char *method = op[0] == '-' ? "__neg__" : op[0] == '+' ? "__pos__" : "__invert__";
        bool found = false;
        Value *r = call_method(in, v, method, site, 0, NULL, &found);
        if (found) return r;
    }
    Value *b = v_base(v);
    if (v_is_num(b)) return v_marked(in, number_unary(in, op, b, site), v);
    if (opaque_kind(v)) return v_unknown(in, "%s%s", op, v_type_name(v));
    return raise_error(in, "TypeError", site, "bad operand type for unary %s: '%s'", op,
                       v_type_name(v));
}

/* ---- comparison ---- */

/* -1, 0, 1 into *order; false where the two have no order or it is not known. */
static bool order_of(Interp *in, Value *x, Value *y, int *order, bool *guard, bool *known,
                     int depth)
{
    x = v_base(x);
    y = v_base(y);
    *known = true;
    if (depth > 60 || x->kind == V_UNKNOWN || y->kind == V_UNKNOWN) return *known = false;
    if (v_is_num(x) && v_is_num(y)) {
        if (x->free || y->free) *guard |= !size_same(v_to_size(x), v_to_size(y));
        if (v_is_int(x) && v_is_int(y))
            *order = (v_as_int(x) > v_as_int(y)) - (v_as_int(x) < v_as_int(y));
        else if (isnan(v_num(x)) || isnan(v_num(y))) *order = 2;
        else *order = (v_num(x) > v_num(y)) - (v_num(x) < v_num(y));
        return true;
    }
    if (x->kind == y->kind && (x->kind == V_STR || x->kind == V_BYTES)) {
        int n = x->u.str.len < y->u.str.len ? x->u.str.len : y->u.str.len;
        int c = n ? memcmp(x->u.str.s, y->u.str.s, (size_t)n) : 0;
        *order =
            c ? (c > 0) - (c < 0) : (x->u.str.len > y->u.str.len) - (x->u.str.len < y->u.str.len);
        return true;
    }
    if (!((x->kind == V_LIST && y->kind == V_LIST) || (is_tuple(x) && is_tuple(y)))) return false;
    for (int i = 0; i < x->items.len && i < y->items.len; i++) {
        int same = v_equal_hint(in, x->items.at[i], y->items.at[i], guard);
        if (same > 0) continue;
        if (same < 0) return *known = false;
        return order_of(in, x->items.at[i], y->items.at[i], order, guard, known, depth + 1);
    }
    *order = (x->items.len > y->items.len) - (x->items.len < y->items.len);
    return true;
}

static bool subset(Interp *in, const Value *x, const Value *y)
{
    for (int i = 0; i < x->items.len; i++)
        if (!set_has(in, y, x->items.at[i])) return false;
    return true;
}

static Value *compare_sets(Interp *in, const char *op, Value *l, Value *r)
{
    bool up = op[0] == '<';
    bool within = up ? subset(in, l, r) : subset(in, r, l);
    bool strict = op[1] != '=';
    return v_bool(in, within && (!strict || l->items.len != r->items.len));
}

static Value *compare_equal(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    if (l->kind == V_OBJECT || r->kind == V_OBJECT) {
        Value *u = user_binary(in, op, l, r, site);
        if (u || in->raising) return u ? u : in->py->poison;
        if (op[0] == '!') { /* != is the opposite of __eq__ */
            u = user_binary(in, "==", l, r, site);
            if (u) return unary(in, "not", u, site);
        }
        if (l->kind == V_OBJECT && r->kind == V_OBJECT && l->u.obj->cls &&
            l->u.obj->cls == r->u.obj->cls && l->u.obj->cls->is_dataclass &&
            !l->u.obj->cls->is_module) {
            bool guard = false;
            int e = v_equal_hint(in, object_dict(in, l), object_dict(in, r), &guard);
            return e < 0 ? v_unknown(in, "a comparison") : v_bool(in, (op[0] == '=') == (e > 0));
        }
    }
    bool guard = false;
    int e = v_equal_hint(in, l, r, &guard);
    if (e < 0) {
        Value *u = v_pick(l, r);
        return u ? u : v_unknown(in, "a comparison of values that are not known");
    }
    Value *v = v_bool(in, (op[0] == '=') == (e > 0));
    if (guard) v->free = l->free ? l->free : r->free ? r->free : size_free(in->arena, "?", 2).free;
    return v;
}

static Value *compare_order(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    if (l->kind == V_OBJECT || r->kind == V_OBJECT) {
        Value *u = user_binary(in, op, l, r, site);
        if (u || in->raising) return u ? u : in->py->poison;
    }
    if (l->kind == V_SET && r->kind == V_SET) return compare_sets(in, op, l, r);
    int o = 0;
    bool guard = false, known = true;
    if (!order_of(in, l, r, &o, &guard, &known, 0)) {
        if (in->raising) return in->py->poison;
        Value *u = v_pick(l, r);
        if (u) return u;
        if (!known || opaque_kind(l) || opaque_kind(r))
            return v_unknown(in, "a comparison of values that are not known");
        return raise_error(in, "TypeError", site,
                           "'%s' not supported between instances of '%s' and '%s'", op,
                           v_type_name(l), v_type_name(r));
    }
    bool yes =
        o != 2 && (op[0] == '<' ? (o < 0 || (op[1] && o == 0)) : (o > 0 || (op[1] && o == 0)));
    Value *v = v_bool(in, yes);
    if (guard) v->free = l->free ? l->free : r->free ? r->free : size_free(in->arena, "?", 2).free;
    return v;
}

static Value *compare_is(Interp *in, Value *l, Value *r)
{
    if (l->kind == V_UNKNOWN || r->kind == V_UNKNOWN) return v_pick(l, r);
    return v_bool(in, v_same_object(l, r));
}

Value *compare(Interp *in, const char *op, Value *l, Value *r, Node *site)
{
    if (in->raising) return in->py->poison;
    Value *v;
    bool negate = strncmp(op, "not", 3) == 0 || strcmp(op, "is not") == 0;
    if (strncmp(op, "is", 2) == 0) v = compare_is(in, l, r);
    else if (strcmp(op, "in") == 0 || strcmp(op, "not in") == 0) {
        int c = contains(in, l, r, site);
        if (in->raising) return in->py->poison;
        Value *u = v_pick(r, l);
        v = c >= 0 ? v_bool(in, c)
            : u    ? u
                   : v_unknown(in, "whether something is in %s", v_type_name(r));
    } else if (l->kind == V_TENSOR || r->kind == V_TENSOR) {
        if (l->kind == V_NONE || r->kind == V_NONE) v = v_bool(in, op[0] == '!');
        else v = tensor_binary(in, op, l, r, site);
    } else if (is_array(l) || is_array(r)) v = array_binary(in, op, l, r, site);
    else if (op[0] == '=' || op[0] == '!') v = compare_equal(in, op, l, r, site);
    else v = compare_order(in, op, l, r, site);
    if (in->raising) return in->py->poison;
    if (negate && v->kind == V_BOOL) {
        Value *n = v_bool(in, !v->u.b);
        n->free = v->free;
        v = n;
    }
    return v_marked(in, v_marked(in, v, l), r);
}

int less(Interp *in, Value *x, Value *y, Node *site)
{
    Value *v = compare(in, "<", x, y, site);
    return v->kind == V_BOOL ? v->u.b : -1;
}

/* ---- containment and truth ---- */

static int contains_items(Interp *in, Value *item, const ValueVec *items)
{
    int found = 0;
    for (int i = 0; i < items->len; i++) {
        if (v_same_object(items->at[i], item)) return 1;
        Value *e = compare(in, "==", items->at[i], item, NULL);
        int t = e->kind == V_BOOL ? e->u.b : -1;
        if (t > 0) return 1;
        if (t < 0) found = -1;
    }
    return found;
}

static int contains_range(const Value *r, const Value *item)
{
    if (!v_is_num(item) || r->free) return r->free ? -1 : 0;
    double d = v_num(item);
    long long i = (long long)d, lo = r->u.range.lo, hi = r->u.range.hi, step = r->u.range.step;
    if ((double)i != d) return 0;
    bool inside = step > 0 ? i >= lo && i < hi : i <= lo && i > hi;
    return inside && (i - lo) % step == 0;
}

static int contains_text(Interp *in, Value *item, Value *text, Node *site)
{
    item = v_base(item);
    if (item->kind == V_UNKNOWN) return -1;
    if (item->kind != text->kind) {
        raise_error(in, "TypeError", site, "'in <string>' requires string as left operand, not %s",
                    v_type_name(item));
        return -1;
    }
    return strstr(text->u.str.s, item->u.str.s) != NULL;
}

int contains(Interp *in, Value *item, Value *what, Node *site)
{
    Value *b = v_base(what);
    bool found = false;
    if (what->kind == V_OBJECT) {
        Value *v = call_method(in, what, "__contains__", site, 1, &item, &found);
        if (found) {
            bool guard;
            return truth(in, v, &guard);
        }
    }
    switch (b->kind) {
    case V_STR: case V_BYTES: return contains_text(in, item, b, site);
    case V_LIST: case V_TUPLE: case V_SET: case V_SHAPE: return contains_items(in, item, &b->items);
    case V_DICT: {
        int i = dict_find(in, b, item);
        return i >= 0 ? 1 : i == -1 ? 0 : -1;
    }
    case V_RANGE: return contains_range(b, item);
    case V_UNKNOWN: case V_TENSOR: case V_EXT: case V_HANDLE: return -1;
    default: {
        ValueVec items = {0};
        if (b->kind == V_CONTAINER ||
            (b->kind == V_OBJECT && b->u.obj->cont)) { /* a ModuleDict: by its keys */
            Container *c = b->kind == V_CONTAINER ? b->u.cont : b->u.obj->cont;
            const char *key = v_text(item);
            if (key) {
                for (int i = 0; i < c->keys.len; i++)
                    if (strcmp(c->keys.at[i], key) == 0) return 1;
                return 0;
            }
            return contains_items(in, item, &c->items);
        }
        if (iterate(in, what, &items, site)) return contains_items(in, item, &items);
        if (!in->raising && b->kind != V_OBJECT)
            raise_error(in, "TypeError", site, "argument of type '%s' is not iterable",
                        v_type_name(b));
        return -1;
    }
    }
}

int truth(Interp *in, Value *v, bool *guard)
{
    if (v->kind == V_OBJECT && !v->u.obj->base) {
        bool found = false;
        Value *r = call_method(in, v, "__bool__", NULL, 0, NULL, &found);
        if (!found) r = call_method(in, v, "__len__", NULL, 0, NULL, &found);
        if (found) {
            bool number = v_is_num(r) || r->kind == V_UNKNOWN;
            return number ? v_truth(in, r) : -1;
        }
    }
    if (v_is_num(v) && v->free) {
        *guard = true;
        return v->kind == V_BOOL ? v->u.b : v_num(v) != 0;
    }
    if (v->kind == V_RANGE && v->free) {
        *guard = true;
        return range_len(v) > 0;
    }
    return v_truth(in, v);
}
