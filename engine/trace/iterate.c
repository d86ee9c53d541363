/* Iteration: what a value yields, how long it is, unpacking. Iterators are materialised lists with
 * a position; ranges stay lazy where a loop can stop early. */
#include <limits.h>
#include <string.h>

#include "trace/pystate.h"

static bool too_long(Interp *in, long long n)
{
    if (n <= MAX_SEQUENCE) return false;
    (void)in;
    return true;
}

static void push_all(Interp *in, ValueVec *out, const ValueVec *items, const Value *of)
{
    for (int i = 0; i < items->len; i++) vec_push(in->arena, out, v_marked(in, items->at[i], of));
}

static bool iterate_text(Interp *in, const Value *v, ValueVec *out)
{
    const char *s = v->u.str.s;
    for (int i = 0; i < v->u.str.len;) {
        int n = v->kind == V_BYTES ? 1 : utf8_offset(s + i, v->u.str.len - i, 1);
        Value *c =
            v->kind == V_BYTES ? v_int(in, (unsigned char)s[i]) : v_strn(in, s + i, (size_t)n);
        vec_push(in->arena, out, v_marked(in, c, v));
        i += n;
    }
    return true;
}

/* An object with __next__, called until StopIteration. */
static bool iterate_next(Interp *in, Value *v, ValueVec *out, Node *site)
{
    for (int n = 0; n < MAX_YIELDS; n++) {
        bool found = false;
        Value *item = call_method(in, v, "__next__", site, 0, NULL, &found);
        if (!found) return false;
        if (in->raising) {
            if (in->py->unwinding ||
                !exception_matches(in, in->result,
                                   v_class(in, exception_class(in, "StopIteration"))))
                return false;
            raise_clear(in);
            return true;
        }
        vec_push(in->arena, out, item);
    }
    return false; /* endless */
}

/* The old protocol: __getitem__ with 0, 1, ... until IndexError. */
static bool iterate_getitem(Interp *in, Value *v, ValueVec *out, Node *site)
{
    for (int n = 0; n < MAX_YIELDS; n++) {
        bool found = false;
        Value *i = v_int(in, n);
        Value *item = call_method(in, v, "__getitem__", site, 1, &i, &found);
        if (!found) return false;
        if (in->raising) {
            if (in->py->unwinding ||
                !exception_matches(in, in->result, v_class(in, exception_class(in, "IndexError"))))
                return false;
            raise_clear(in);
            return true;
        }
        if (item->kind == V_UNKNOWN) return false;
        vec_push(in->arena, out, item);
    }
    return false;
}

static bool iterate_object(Interp *in, Value *v, ValueVec *out, Node *site)
{
    Object *o = v->u.obj;
    bool found = false;
    Value *it = call_method(in, v, "__iter__", site, 0, NULL, &found);
    if (found) {
        if (in->raising) return false;
        if (it->kind == V_OBJECT && user_method(in, it, "__next__"))
            return iterate_next(in, it, out, site);
        return it != v && iterate(in, it, out, site);
    }
    if (o->base) return iterate(in, o->base, out, site);
    if (o->cont) {
        Value *c = v_new(in, V_CONTAINER);
        c->u.cont = o->cont;
        return container_iterate(in, c, out);
    }
    if (user_method(in, v, "__getitem__")) return iterate_getitem(in, v, out, site);
    if (user_method(in, v, "__next__")) return iterate_next(in, v, out, site);
    if (!o->cls || o->cls->is_open) return false;
    raise_error(in, "TypeError", site, "'%s' object is not iterable", v_type_name(v));
    return false;
}

/* A tensor yields its slices along the first axis, where that has a known length. */
static bool iterate_tensor(Interp *in, Value *v, ValueVec *out, Node *site)
{
    const PivotTensor *t = v->u.tensor;
    if (t->rank < 1 || t->dims[0].free || t->dims[0].n < 0 || t->dims[0].n > 1024) return false;
    for (long long i = 0; i < t->dims[0].n; i++) {
        vec_push(in->arena, out, tensor_getitem(in, v, v_int(in, i), site));
        if (in->raising) return false;
    }
    return true;
}

bool iterate(Interp *in, Value *v, ValueVec *out, Node *site)
{
    if (in->raising) return false;
    switch (v->kind) {
    case V_LIST:
    case V_TUPLE:
    case V_SET:
    case V_SHAPE:
        push_all(in, out, &v->items, v);
        return true;
    case V_DICT: push_all(in, out, &v->keys, v); return true;
    case V_ITER:
        forced_note_value(in, v);
        while (v->pos < v->items.len) vec_push(in->arena, out, v->items.at[v->pos++]);
        return true;
    case V_RANGE:
        if (v->free || too_long(in, range_len(v))) return false;
        for (long long i = 0, n = range_len(v); i < n; i++)
            vec_push(in->arena, out, range_item(in, v, i));
        return true;
    case V_STR: case V_BYTES: return iterate_text(in, v, out);
    case V_CONTAINER: return container_iterate(in, v, out);
    case V_OBJECT: return iterate_object(in, v, out, site);
    case V_TENSOR:
        if (constant_of(v) && constant_of(v)->kind == V_OBJECT)
            return iterate(in, constant_of(v), out, site);
        return iterate_tensor(in, v, out, site);
    case V_CLASS:
        if (v->u.cls->is_enum) return enum_members(in, v->u.cls, out);
        break;
    case V_UNKNOWN: case V_EXT: case V_HANDLE: return false;
    default: break;
    }
    raise_error(in, "TypeError", site, "'%s' object is not iterable", v_type_name(v));
    return false;
}

bool is_lazy(const Value *v)
{
    return v->kind == V_RANGE || v->kind == V_LIST;
}

Value *lazy_item(Interp *in, Value *v, long long i)
{
    if (v->kind == V_RANGE) return i < range_len(v) ? range_item(in, v, i) : NULL;
    return i < v->items.len ? v_marked(in, v->items.at[i], v) : NULL;
}

/* ---- length ---- */

Value *length_value(Interp *in, Value *v, Node *site)
{
    if (in->raising) return in->py->poison;
    bool found = false;
    if (v->kind == V_OBJECT) {
        Value *r = call_method(in, v, "__len__", site, 0, NULL, &found);
        if (found) return r;
    }
    Value *b = v_base(v);
    switch (b->kind) {
    case V_STR: return v_int(in, utf8_count(b->u.str.s, b->u.str.len));
    case V_BYTES: return v_int(in, b->u.str.len);
    case V_LIST:
        if (b->free) return v_size(in, (Size){b->pos, b->free});
        return v_int(in, b->items.len);
    case V_TUPLE: case V_SET: case V_DICT: case V_SHAPE: return v_int(in, b->items.len);
    case V_RANGE:
        if (b->free) return v_size(in, (Size){range_len(b), b->free});
        return v_int(in, range_len(b));
    case V_CONTAINER: return v_int(in, b->u.cont->items.len);
    case V_TENSOR: {
        const PivotTensor *t = b->u.tensor;
        if (t->rank < 1) return v_unknown(in, "the length of a tensor whose shape is not known");
        Value *n = v_size(in, t->dims[0]);
        n->of = b->u.tensor;
        n->axis = 0;
        return n;
    }
    case V_CLASS: {
        ValueVec members = {0};
        if (b->u.cls->is_enum && enum_members(in, b->u.cls, &members))
            return v_int(in, members.len);
        break;
    }
    case V_OBJECT:
        if (b->u.obj->cont) return v_int(in, b->u.obj->cont->items.len);
        if (b->u.obj->cls && b->u.obj->cls->is_open)
            return v_unknown(in, "the length of a %s", v_type_name(b));
        break;
    case V_UNKNOWN: return b;
    case V_EXT: case V_HANDLE: return v_unknown(in, "the length of %s", v_type_name(b));
    default: break;
    }
    return raise_error(in, "TypeError", site, "object of type '%s' has no len()", v_type_name(v));
}

/* ---- unpacking ---- */

static void all_unknown(Interp *in, Env *env, const NodeVec *targets, Value *why)
{
    for (int i = 0; i < targets->len; i++) {
        Node *t = targets->at[i];
        assign_target(in, env, t->kind == N_STAR ? t->a : t, why);
    }
}

/* A tensor whose first axis has no known length is taken to have as many items as there are
 * targets. */
static bool tensor_parts(Interp *in, Value *v, int n, ValueVec *items, Node *site)
{
    for (int i = 0; i < n && !in->raising; i++)
        vec_push(in->arena, items, tensor_getitem(in, v, v_int(in, i), site));
    return !in->raising;
}

void unpack(Interp *in, Env *env, const NodeVec *targets, Value *v, Node *site)
{
    ValueVec items = {0};
    int star = -1;
    for (int i = 0; i < targets->len; i++)
        if (targets->at[i]->kind == N_STAR) star = i;
    bool listed = iterate(in, v, &items, site);
    if (!listed && !in->raising && v->kind == V_TENSOR && star < 0)
        listed = tensor_parts(in, v, targets->len, &items, site);
    if (in->raising && !in->py->unwinding && v->kind != V_OBJECT && !v_is_seq(v) &&
        strstr(in->raised, "is not iterable")) {
        raise_clear(in);
        raise_error(in, "TypeError", site, "cannot unpack non-iterable %s object", v_type_name(v));
    }
    if (in->raising) return;
    if (!listed) {
        all_unknown(in, env, targets,
                    v->kind == V_UNKNOWN ? v : v_unknown(in, "an item of %s", v_type_name(v)));
        return;
    }
    int need = targets->len - (star >= 0);
    if (items.len < need) {
        raise_error(in, "ValueError", site, "not enough values to unpack (expected %s%d, got %d)",
                    star >= 0 ? "at least " : "", need, items.len);
        return;
    }
    if (star < 0 && items.len > need) {
        raise_error(in, "ValueError", site, "too many values to unpack (expected %d)", need);
        return;
    }
    int at = 0;
    for (int i = 0; i < targets->len && !in->raising; i++) {
        if (i != star) {
            assign_target(in, env, targets->at[i], items.at[at++]);
            continue;
        }
        Value *rest = v_list(in, V_LIST);
        for (int k = items.len - need; k > 0; k--)
            vec_push(in->arena, &rest->items, items.at[at++]);
        assign_target(in, env, targets->at[i]->a, rest);
    }
}
