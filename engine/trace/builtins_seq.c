/* Builtin functions over iterables: range, enumerate, zip, map, filter, sorted, reversed, any, all,
 * iter, next. */
#include <limits.h>
#include <string.h>

#include "trace/frame.h"
#include "trace/pystate.h"

static Value *not_known(Call *c)
{
    return c->in->raising ? c->in->py->poison
                          : v_unknown(c->in, "the items of something not known");
}

/* ---- range and slice ---- */

static Value *range_of(Call *c, Value *lo, Value *hi, Value *step)
{
    Interp *in = c->in;
    Value *parts[] = {lo, hi, step};
    bool is_free = false;
    for (int i = 0; i < 3; i++) {
        if (parts[i]->kind == V_UNKNOWN) return parts[i];
        if (parts[i]->kind == V_TENSOR || parts[i]->kind == V_EXT)
            return v_unknown(in, "a range whose end is not known");
        if (!v_is_int(parts[i]))
            return raise_error(in, "TypeError", c->site,
                               "'%s' object cannot be interpreted as an integer",
                               v_type_name(parts[i]));
        is_free |= parts[i]->free != NULL;
    }
    if (v_as_int(step) == 0)
        return raise_error(in, "ValueError", c->site, "range() arg 3 must not be zero");
    Value *v = v_new(in, V_RANGE);
    v->u.range.lo = v_as_int(lo);
    v->u.range.hi = v_as_int(hi);
    v->u.range.step = v_as_int(step) == LLONG_MIN ? -LLONG_MAX : v_as_int(step);
    if (is_free) {
        Size n = size_op(in->arena, '-', v_to_size(hi), v_to_size(lo));
        if (v_as_int(step) != 1) n = size_op(in->arena, 'c', n, v_to_size(step));
        v->free = n.free;
    }
    return v;
}

static Value *b_range(Call *c)
{
    Value *bad = arity(c, 1, 3);
    if (bad) return bad;
    Value *a = v_base(arg(c, 0, NULL)), *zero = v_int(c->in, 0), *one = v_int(c->in, 1);
    if (nargs(c) == 1) return range_of(c, zero, a, one);
    return range_of(c, a, v_base(arg(c, 1, NULL)), nargs(c) == 3 ? v_base(arg(c, 2, NULL)) : one);
}

static Value *b_slice(Call *c)
{
    Value *bad = arity(c, 1, 3);
    if (bad) return bad;
    Value *v = v_new(c->in, V_SLICE), *none = v_none(c->in);
    Value *parts[] = {none, none, none};
    if (nargs(c) == 1) parts[1] = arg(c, 0, NULL);
    else for (int i = 0; i < nargs(c); i++) parts[i] = arg(c, i, NULL);
    for (int i = 0; i < 3; i++) vec_push(c->in->arena, &v->items, parts[i]);
    return v;
}

/* ---- pairing up ---- */

/* An iterable of free length: the one item that stands for all, and its length. */
static Value *free_item(Interp *in, Value *v, int *hint)
{
    if (v->kind == V_LIST && v->free && v->items.len) {
        *hint = v->pos;
        return v->items.at[0];
    }
    if (v->kind == V_RANGE && v->free) {
        *hint = (int)range_len(v);
        Value *i = v_int(in, v->u.range.lo);
        i->free = size_free(in->arena, "i", 2).free;
        return i;
    }
    return NULL;
}

static Value *free_list(Interp *in, Value *item, const SizeExpr *size, int hint)
{
    Value *l = v_list(in, V_LIST);
    vec_push(in->arena, &l->items, item);
    l->free = size;
    l->pos = hint;
    return l;
}

static Value *b_enumerate(Call *c)
{
    Interp *in = c->in;
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    int hint = 0;
    Value *over = arg(c, 0, NULL), *same = free_item(in, over, &hint);
    if (same) {
        Value *i = v_int(in, 0);
        i->free = size_free(in->arena, "i", 2).free;
        return free_list(in, v_tuple2(in, i, same), over->free, hint);
    }
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *it = v_list(in, V_ITER);
    long long start = arg_int(c, 1, "start", 0);
    for (int i = 0; i < items.len; i++)
        vec_push(in->arena, &it->items, v_tuple2(in, v_int(in, start + i), items.at[i]));
    return it;
}

static Value *zip_free(Interp *in, Call *c)
{
    const SizeExpr *size = NULL;
    int hint = 0;
    for (int i = 0; i < nargs(c); i++)
        if (free_item(in, arg(c, i, NULL), &hint)) size = arg(c, i, NULL)->free;
    if (!size) return NULL;
    Value *t = v_list(in, V_TUPLE);
    for (int i = 0; i < nargs(c); i++) {
        int h;
        Value *item = free_item(in, arg(c, i, NULL), &h);
        vec_push(in->arena, &t->items, item ? item : v_unknown(in, "an item at a free index"));
    }
    return free_list(in, t, size, hint);
}

static Value *b_zip(Call *c)
{
    Interp *in = c->in;
    if (c->args->unknown_star) return not_known(c);
    Value *over_free = zip_free(in, c);
    if (over_free) return over_free;
    ValueVec *lists = ARENA_ARRAY(in->arena, ValueVec, nargs(c) + 1);
    int n = nargs(c) ? INT_MAX : 0;
    for (int i = 0; i < nargs(c); i++) {
        if (!arg_list(c, i, &lists[i])) return not_known(c);
        if (lists[i].len < n) n = lists[i].len;
    }
    Value *it = v_list(in, V_ITER);
    for (int k = 0; k < n; k++) {
        Value *t = v_list(in, V_TUPLE);
        for (int i = 0; i < nargs(c); i++) vec_push(in->arena, &t->items, lists[i].at[k]);
        vec_push(in->arena, &it->items, t);
    }
    return it;
}

static Value *b_map(Call *c)
{
    Interp *in = c->in;
    Value *bad = arity(c, 2, -1);
    if (bad) return bad;
    ValueVec *lists = ARENA_ARRAY(in->arena, ValueVec, nargs(c));
    int n = INT_MAX;
    for (int i = 1; i < nargs(c); i++) {
        if (!arg_list(c, i, &lists[i])) return not_known(c);
        if (lists[i].len < n) n = lists[i].len;
    }
    Value *it = v_list(in, V_ITER);
    for (int k = 0; k < n && !in->raising && step(in, c->site); k++) {
        Args args = {0};
        for (int i = 1; i < nargs(c); i++) args_push(in, &args, lists[i].at[k], NULL);
        vec_push(in->arena, &it->items, call_value(in, c->env, arg(c, 0, NULL), &args, c->site));
    }
    return it;
}

static Value *b_filter(Call *c)
{
    Interp *in = c->in;
    Value *bad = arity(c, 2, 2);
    if (bad) return bad;
    ValueVec items = {0};
    if (!arg_list(c, 1, &items)) return not_known(c);
    Value *it = v_list(in, V_ITER), *f = arg(c, 0, NULL);
    for (int i = 0; i < items.len && !in->raising; i++) {
        Value *keep =
            f->kind == V_NONE ? items.at[i] : call_with(in, c->env, f, c->site, 1, &items.at[i]);
        bool guard = false;
        int t = in->raising ? 0 : truth(in, keep, &guard);
        if (t < 0) return not_known(c);
        if (t) vec_push(in->arena, &it->items, items.at[i]);
    }
    return it;
}

/* ---- order ---- */

typedef struct Keyed {
    Value *key, *item;
} Keyed;

/* Merge sort, stable; -1 from less() makes the order unknown. */
static bool merge_sort(Interp *in, Keyed *v, Keyed *tmp, int n, bool reverse, Node *site)
{
    if (n < 2) return true;
    int half = n / 2;
    if (!merge_sort(in, v, tmp, half, reverse, site) ||
        !merge_sort(in, v + half, tmp, n - half, reverse, site))
        return false;
    memcpy(tmp, v, sizeof(Keyed) * (size_t)half);
    for (int i = 0, j = half, k = 0; i < half; k++) {
        int take_right = 0;
        if (j < n) {
            take_right = reverse ? less(in, tmp[i].key, v[j].key, site)
                                 : less(in, v[j].key, tmp[i].key, site);
            if (take_right < 0 || in->raising) return false;
        }
        v[k] = take_right ? v[j++] : tmp[i++];
    }
    return true;
}

Value *sort_values(Interp *in, Env *env, ValueVec *list, Value *key, bool reverse, Node *site)
{
    ValueVec now = *list, *items = &now; /* the key function may change the list */
    Keyed *v = ARENA_ARRAY(in->arena, Keyed, items->len + 1),
          *tmp = ARENA_ARRAY(in->arena, Keyed, items->len + 1);
    for (int i = 0; i < items->len && !in->raising; i++) {
        v[i].item = items->at[i];
        v[i].key = key && key->kind != V_NONE ? call_with(in, env, key, site, 1, &items->at[i])
                                              : items->at[i];
    }
    if (in->raising) return in->py->poison;
    if (!merge_sort(in, v, tmp, items->len, reverse, site))
        return in->raising ? in->py->poison
                           : v_unknown(in, "the order of values that are not known");
    Value *l = v_list(in, V_LIST);
    for (int i = 0; i < items->len; i++) vec_push(in->arena, &l->items, v[i].item);
    return l;
}

static bool arg_truth(Call *c, const char *name)
{
    Value *v = args_kw(c->args, name);
    return v && v_truth(c->in, v) == 1;
}

static Value *b_sorted(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    return sort_values(c->in, c->env, &items, args_kw(c->args, "key"), arg_truth(c, "reverse"),
                       c->site);
}

static Value *b_reversed(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    bool found = false;
    Value *r = call_method(c->in, arg(c, 0, NULL), "__reversed__", c->site, 0, NULL, &found);
    if (found) return r;
    int hint = 0;
    if (free_item(c->in, arg(c, 0, NULL), &hint)) return arg(c, 0, NULL);
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *it = v_list(c->in, V_ITER);
    for (int i = items.len - 1; i >= 0; i--) vec_push(c->in->arena, &it->items, items.at[i]);
    return it;
}

/* ---- any and all ---- */

static Value *any_all(Call *c, bool want)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *unknown = NULL;
    for (int i = 0; i < items.len && !c->in->raising; i++) {
        bool guard = false;
        int t = truth(c->in, items.at[i], &guard);
        if (t < 0) unknown = items.at[i];
        else if (t == want) return v_marked(c->in, v_bool(c->in, want), items.at[i]);
    }
    if (unknown)
        return unknown->kind == V_UNKNOWN ? unknown : v_unknown(c->in, "the value of a tensor");
    return v_bool(c->in, !want);
}

static Value *b_any(Call *c)
{
    return any_all(c, true);
}

static Value *b_all(Call *c)
{
    return any_all(c, false);
}

/* ---- iterators ---- */

static Value *b_iter(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    Value *v = arg(c, 0, NULL);
    if (v->kind == V_ITER || nargs(c) == 2) return nargs(c) == 2 ? not_known(c) : v;
    if (v->kind == V_OBJECT) {
        bool found = false;
        Value *r = call_method(c->in, v, "__iter__", c->site, 0, NULL, &found);
        if (found) return r;
    }
    Value *it = v_list(c->in, V_ITER);
    return arg_list(c, 0, &it->items) ? it : not_known(c);
}

static Value *next_of(Call *c, Value *it, Value *dflt)
{
    Interp *in = c->in;
    if (it->kind == V_UNKNOWN || it->kind == V_EXT || it->kind == V_HANDLE) return not_known(c);
    if (it->kind == V_ITER) {
        if (it->pos < it->items.len) {
            forced_note_value(in, it);
            return it->items.at[it->pos++];
        }
        return dflt ? dflt : raise_error(in, "StopIteration", c->site, "%s", "");
    }
    bool found = false;
    Value *v = call_method(in, it, "__next__", c->site, 0, NULL, &found);
    if (!found)
        return raise_error(in, "TypeError", c->site, "'%s' object is not an iterator",
                           v_type_name(it));
    if (dflt && in->raising && !in->py->unwinding &&
        exception_matches(in, in->result, v_class(in, exception_class(in, "StopIteration")))) {
        raise_clear(in);
        return dflt;
    }
    return v;
}

static Value *b_next(Call *c)
{
    Value *bad = arity(c, 1, 2), *of = bad ? NULL : arg(c, 0, NULL);
    if (of && of->kind == V_UNKNOWN && str_eq(of->u.why, WEIGHTS_OF_MODULE)) /* one of them: which, nobody knows */
        return v_tensor(c->in, tensor_unknown(c->in), c->site);
    return bad ? bad : next_of(c, of, arg(c, 1, NULL));
}

static Value *iter_next(Call *c)
{
    return next_of(c, c->self, NULL);
}

static Value *iter_self(Call *c)
{
    return c->self;
}

static Value *iter_close(Call *c)
{
    forced_note_value(c->in, c->self);
    c->self->pos = c->self->items.len;
    return v_none(c->in);
}

const Builtin builtins_seq[] = {
    {"range", b_range},
    {"slice", b_slice},
    {"enumerate", b_enumerate},
    {"zip", b_zip},
    {"map", b_map},
    {"filter", b_filter},
    {"sorted", b_sorted},
    {"reversed", b_reversed},
    {"any", b_any},
    {"all", b_all},
    {"iter", b_iter},
    {"next", b_next},
    {"generator.__next__", iter_next},
    {"generator.send", iter_next},
    {"generator.__iter__", iter_self},
    {"generator.close", iter_close},
    {NULL, NULL},
};
