/* Subscripts: x[i], x[a:b:c], x[i] = v, del x[i], over Python's own kinds; framework kinds go to
 * the other half. */
#include <limits.h>
#include <string.h>

#include "trace/pystate.h"

/* ---- indexes and slices ---- */

/* The place of an index in 0..n-1; raises when it is outside. False also where it is not known. */
bool index_in(Interp *in, Value *index, long long n, long long *out, Node *site)
{
    index = v_base(index);
    if (index->kind == V_OBJECT) {
        bool found = false;
        Value *i = call_method(in, index, "__index__", site, 0, NULL, &found);
        if (found) index = i;
    }
    if (index->kind == V_UNKNOWN || index->kind == V_TENSOR) return false;
    if (!v_is_int(index)) {
        raise_error(in, "TypeError", site, "indices must be integers or slices, not %s",
                    v_type_name(index));
        return false;
    }
    long long i = v_as_int(index);
    if (i < 0) i += n;
    if (i < 0 || i >= n) {
        if (!index->free) raise_error(in, "IndexError", site, "list index out of range");
        return false;
    }
    *out = i;
    return true;
}

/* One bound of a slice, clipped as Python clips it. */
static bool bound(Interp *in, Value *v, long long n, long long dflt, bool down, long long *out,
                  Node *site)
{
    v = v_base(v);
    if (v->kind == V_NONE) {
        *out = dflt;
        return true;
    }
    if (!v_is_int(v)) {
        if (v->kind != V_UNKNOWN && v->kind != V_TENSOR)
            raise_error(in, "TypeError", site,
                        "slice indices must be integers or None or have an __index__ method");
        return false;
    }
    if (v->free) return false;
    long long i = v_as_int(v);
    if (i < 0) i += n;
    if (i < 0) i = down ? -1 : 0;
    if (i > n || (down && i >= n)) i = down ? n - 1 : n;
    *out = i;
    return true;
}

bool slice_bounds(Interp *in, const Value *s, long long n, long long *lo, long long *hi,
                  long long *step, Node *site)
{
    Value *st = s->items.at[2];
    *step = 1;
    if (st->kind != V_NONE) {
        if (!v_is_int(st) || st->free) return false;
        *step = v_as_int(st);
        if (*step == 0) {
            raise_error(in, "ValueError", site, "slice step cannot be zero");
            return false;
        }
        if (*step == LLONG_MIN) *step = -LLONG_MAX;
    }
    bool down = *step < 0;
    return bound(in, s->items.at[0], n, down ? n - 1 : 0, down, lo, site) &&
           bound(in, s->items.at[1], n, down ? -1 : n, down, hi, site);
}

static long long slice_count(long long lo, long long hi, long long step)
{
    Value r = {.kind = V_RANGE, .u.range = {lo, hi, step}};
    return range_len(&r);
}

static Value *slice_items(Interp *in, Value *of, Value *slice, Node *site)
{
    long long lo, hi, step;
    if (of->free || !slice_bounds(in, slice, of->items.len, &lo, &hi, &step, site))
        return in->raising ? in->py->poison : v_unknown(in, "a slice whose bounds are not known");
    Value *v = v_list(in, of->kind == V_ITER ? V_LIST : of->kind);
    v->of = of->of;
    v->origin = of->origin;
    long long count = slice_count(lo, hi, step);
    for (long long k = 0; k < count; k++)
        vec_push(in->arena, &v->items, of->items.at[lo + k * step]);
    return v_marked(in, v, of);
}

static Value *str_item(Interp *in, Value *of, Value *index, Node *site)
{
    const char *s = of->u.str.s;
    int n = of->u.str.len;
    bool ascii = of->kind == V_BYTES || utf8_ascii(s, n);
    long long count = ascii ? n : utf8_count(s, n);
    if (index->kind == V_SLICE) {
        long long lo, hi, step;
        if (!slice_bounds(in, index, count, &lo, &hi, &step, site))
            return in->raising ? in->py->poison
                               : v_unknown(in, "a slice whose bounds are not known");
        Buf b = {0};
        long long k = slice_count(lo, hi, step);
        for (long long i = 0; i < k; i++) {
            int at = ascii ? (int)(lo + i * step) : utf8_offset(s, n, (int)(lo + i * step));
            buf_addn(&b, s + at, (size_t)(ascii ? 1 : utf8_offset(s + at, n - at, 1)));
        }
        Value *v = v_strn(in, b.s ? b.s : "", b.len);
        v->kind = of->kind;
        buf_free(&b);
        return v;
    }
    long long i;
    if (!index_in(in, index, count, &i, site)) {
        if (in->raising) {
            if (strncmp(in->raised, "IndexError", 10) == 0) {
                raise_clear(in);
                return raise_error(in, "IndexError", site, "string index out of range");
            }
            return in->py->poison;
        }
        return v_unknown(in, "an index that is not known");
    }
    if (of->kind == V_BYTES) return v_int(in, (unsigned char)s[i]);
    int at = ascii ? (int)i : utf8_offset(s, n, (int)i);
    return v_strn(in, s + at, (size_t)(ascii ? 1 : utf8_offset(s + at, n - at, 1)));
}

static Value *range_item_at(Interp *in, Value *of, Value *index, Node *site)
{
    if (of->free) return v_unknown(in, "an item of a range whose end is free");
    long long n = range_len(of), lo = of->u.range.lo, st = of->u.range.step;
    if (index->kind == V_SLICE) {
        long long a, b, step;
        if (!slice_bounds(in, index, n, &a, &b, &step, site))
            return in->raising ? in->py->poison
                               : v_unknown(in, "a slice whose bounds are not known");
        Value *v = v_new(in, V_RANGE);
        v->u.range.lo = lo + a * st;
        v->u.range.step = st * step;
        v->u.range.hi = v->u.range.lo + slice_count(a, b, step) * v->u.range.step;
        return v;
    }
    long long i;
    if (!index_in(in, index, n, &i, site))
        return in->raising ? in->py->poison : v_unknown(in, "an index that is not known");
    return range_item(in, of, i);
}

static Value *seq_item(Interp *in, Value *of, Value *index, Node *site)
{
    if (index->kind == V_SLICE) return slice_items(in, of, index, site);
    if (of->kind == V_LIST && of->free && of->items.len) /* what every run of the loop gave */
        return v_is_int(index) || index->kind == V_UNKNOWN ? of->items.at[of->items.len - 1]
                                                           : v_unknown(in, "an item");
    long long i;
    if (!index_in(in, index, of->items.len, &i, site)) {
        if (in->raising) {
            if (of->kind != V_LIST && strncmp(in->raised, "IndexError", 10) == 0) {
                raise_clear(in);
                return raise_error(in, "IndexError", site, "tuple index out of range");
            }
            return in->py->poison;
        }
        return index->kind == V_UNKNOWN ? index : v_unknown(in, "an item whose index is not known");
    }
    return of->items.at[i];
}

/* ---- reading ---- */

static Value *dict_item(Interp *in, Value *obj, Value *d, Value *index, Node *site)
{
    if (!hashable(in, index, site)) return in->py->poison;
    int i = dict_find(in, d, index);
    if (i >= 0 && in->act && d->items.at[i]->kind == V_FUNCTION) in->py->picked_from = d;
    if (i >= 0) return d->items.at[i];
    if (i == -2)
        return index->kind == V_UNKNOWN ? index : v_unknown(in, "an item whose key is not known");
    if (obj->kind == V_OBJECT) { /* defaultdict, Counter and __missing__ */
        bool found = false;
        Value *v = call_method(in, obj, "__missing__", site, 1, &index, &found);
        if (found) return v;
        Value *factory = map_get(obj->u.obj->attrs, "default_factory");
        if (factory && factory->kind != V_NONE) {
            v = call_with(in, NULL, factory, site, 0, NULL);
            if (!in->raising) dict_set(in, d, index, v);
            return v;
        }
    }
    Args args = {0};
    args_push(in, &args, index, NULL);
    raise_value(in, exception_new(in, exception_class(in, "KeyError"), &args), site);
    return in->py->poison;
}

static Value *object_item(Interp *in, Value *of, Value *index, Node *site)
{
    Object *o = of->u.obj;
    bool found = false;
    Value *v = call_method(in, of, "__getitem__", site, 1, &index, &found);
    if (found) return v;
    if (o->cont) {
        Value *c = v_new(in, V_CONTAINER);
        c->u.cont = o->cont;
        return container_item(in, c, index, site);
    }
    if (is_array(of) && index->kind == V_SLICE) {
        Value *part = slice_items(in, o->base, index, site);
        return part->kind == V_LIST ? v_array(in, &part->items) : part;
    }
    if (is_array(of) && index->kind == V_TUPLE) return v_unknown(in, "an array of several axes");
    if (o->base && o->base->kind == V_DICT) return dict_item(in, of, o->base, index, site);
    if (o->base) return get_item(in, o->base, index, site);
    if (o->cls && o->cls->is_open) return v_unknown(in, "an item of a %s", v_type_name(of));
    return raise_error(in, "TypeError", site, "'%s' object is not subscriptable", v_type_name(of));
}

static Value *class_item(Interp *in, Value *of, Value *index, Node *site)
{
    const ClassValue *c = of->u.cls;
    if (!c->is_enum) return of; /* Generic[T] */
    const char *name = v_text(index);
    Value *m = name ? class_lookup(of->u.cls, name, NULL) : NULL;
    if (m) return m;
    return name ? raise_error(in, "KeyError", site, "%s", name)
                : v_unknown(in, "a member of %s", c->name);
}

/* list[int], Optional[int] stand for the type; an item of something unknown is unknown. */
static Value *ext_item(Interp *in, Value *of)
{
    const char *d = of->u.dotted;
    bool inert = strncmp(d, "typing", 6) == 0 || strncmp(d, "collections.abc", 15) == 0 ||
                 (in->dialect && dialect_owns(in->dialect, d));
    return inert ? of : v_unknown(in, "an item of %s", d);
}

static Value *item_of(Interp *in, Value *of, Value *index, Node *site)
{
    switch (of->kind) {
    case V_LIST: case V_TUPLE: case V_SHAPE: return seq_item(in, of, index, site);
    case V_STR: case V_BYTES: return str_item(in, of, index, site);
    case V_DICT: return dict_item(in, of, of, index, site);
    case V_RANGE: return range_item_at(in, of, index, site);
    case V_OBJECT: return object_item(in, of, index, site);
    case V_CONTAINER: return container_item(in, of, index, site);
    case V_TENSOR: return tensor_getitem(in, of, index, site);
    case V_CLASS: return class_item(in, of, index, site);
    case V_EXT: return ext_item(in, of);
    case V_UNKNOWN: return of;
    case V_HANDLE: return v_unknown(in, "an item of %s", of->u.handle.dotted);
    case V_BUILTIN:
        if (!of->u.builtin.self) return of; /* dict[str, int] */
        break;
    default: break;
    }
    return raise_error(in, "TypeError", site, "'%s' object is not subscriptable", v_type_name(of));
}

Value *get_item(Interp *in, Value *of, Value *index, Node *site)
{
    if (in->raising) return in->py->poison;
    Value *v = item_of(in, of, index, site);
    if (in->raising || !v) return in->py->poison;
    return v_marked(in, v_marked(in, v, index), of);
}

/* ---- writing ---- */

static void set_slice(Interp *in, Value *of, Value *slice, Value *v, Node *site)
{
    long long lo, hi, step;
    ValueVec items = {0}, out = {0};
    if (!slice_bounds(in, slice, of->items.len, &lo, &hi, &step, site) ||
        !iterate(in, v, &items, site))
        return;
    forced_note_value(in, of);
    if (step != 1) {
        long long count = slice_count(lo, hi, step);
        if (count != items.len) {
            raise_error(in, "ValueError", site,
                        "attempt to assign sequence of size %d to extended slice of size %lld",
                        items.len, count);
            return;
        }
        for (long long k = 0; k < count; k++) of->items.at[lo + k * step] = items.at[k];
        return;
    }
    if (hi < lo) hi = lo;
    for (long long i = 0; i < lo; i++) vec_push(in->arena, &out, of->items.at[i]);
    for (int i = 0; i < items.len; i++) vec_push(in->arena, &out, items.at[i]);
    for (long long i = hi; i < of->items.len; i++) vec_push(in->arena, &out, of->items.at[i]);
    of->items = out;
}

static void list_set(Interp *in, Value *of, Value *index, Value *v, Node *site)
{
    if (index->kind == V_SLICE) {
        set_slice(in, of, index, v, site);
        return;
    }
    long long i;
    if (!index_in(in, index, of->items.len, &i, site)) return;
    forced_note_value(in, of);
    of->items.at[i] = v;
}

/* A layer put into a ModuleList by index or into a ModuleDict by key: the container's own method
 * where it has one. */
static void container_set(Interp *in, Value *of, Value *index, Value *v, Node *site)
{
    Value *method = container_attr(in, of, "__setitem__", site);
    if (method) {
        Value *args[] = {index, v};
        call_with(in, NULL, method, site, 2, args);
        return;
    }
    long long i;
    if (v_is_int(index) && index_in(in, index, of->u.cont->items.len, &i, site))
        of->u.cont->items.at[i] = v;
}

void set_item(Interp *in, Value *of, Value *index, Value *v, Node *site)
{
    if (in->raising) return;
    bool found = false;
    Value *args[] = {index, v};
    switch (of->kind) {
    case V_LIST: list_set(in, of, index, v, site); return;
    case V_DICT:
        if (index->kind != V_UNKNOWN && hashable(in, index, site)) dict_set(in, of, index, v);
        return;
    case V_TENSOR: tensor_setitem(in, of, index, v, site); return;
    case V_CONTAINER: container_set(in, of, index, v, site); return;
    case V_OBJECT:
        call_method(in, of, "__setitem__", site, 2, args, &found);
        if (found) return;
        if (of->u.obj->cont) {
            Value *c = v_new(in, V_CONTAINER);
            c->u.cont = of->u.obj->cont;
            container_set(in, c, index, v, site);
            return;
        }
        if (of->u.obj->base) {
            set_item(in, of->u.obj->base, index, v, site);
            return;
        }
        if (of->u.obj->cls && of->u.obj->cls->is_open) return;
        break;
    case V_UNKNOWN: case V_EXT: case V_HANDLE: case V_LAYER: return;
    default: break;
    }
    raise_error(in, "TypeError", site, "'%s' object does not support item assignment",
                v_type_name(of));
}

void del_item(Interp *in, Value *of, Value *index, Node *site)
{
    if (in->raising) return;
    bool found = false;
    if (of->kind == V_OBJECT) {
        call_method(in, of, "__delitem__", site, 1, &index, &found);
        if (found) return;
    }
    of = v_base(of);
    if (of->kind == V_DICT) {
        int i = dict_find(in, of, index);
        if (i >= 0) dict_remove_at(in, of, i);
        else if (i == -1) raise_error(in, "KeyError", site, "%s", v_repr(in, index));
    } else if (of->kind == V_LIST && index->kind == V_SLICE) {
        long long lo, hi, step;
        if (!slice_bounds(in, index, of->items.len, &lo, &hi, &step, site)) return;
        long long count = slice_count(lo, hi, step);
        for (long long k = 0; k < count; k++) /* from the back, so that places stay */
            dict_remove_at(in, of, (int)(step > 0 ? lo + (count - 1 - k) * step : lo + k * step));
    } else if (of->kind == V_LIST) {
        long long i;
        if (index_in(in, index, of->items.len, &i, site)) dict_remove_at(in, of, (int)i);
    } else if (of->kind == V_CONTAINER || (of->kind == V_OBJECT && of->u.obj->cont)) {
        Value *c = of;
        if (of->kind == V_OBJECT) {
            c = v_new(in, V_CONTAINER);
            c->u.cont = of->u.obj->cont;
        }
        Value *method = container_attr(in, c, "__delitem__", site);
        if (method) call_with(in, NULL, method, site, 1, &index);
    }
}
