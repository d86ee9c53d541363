/* Methods of dicts and sets. keys(), values() and items() give lists: views are not kept. */
#include <string.h>

#include "trace/pystate.h"

/* ---- dict ---- */

static Value *d_get(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    if (!hashable(c->in, arg(c, 0, NULL), c->site)) return c->in->py->poison;
    int i = dict_find(c->in, c->self, arg(c, 0, NULL));
    if (i >= 0 && c->in->act && c->self->items.at[i]->kind == V_FUNCTION)
        c->in->py->picked_from = c->self;
    if (i >= 0) return c->self->items.at[i];
    if (i == -2) return v_unknown(c->in, "an item whose key is not known");
    return nargs(c) > 1 ? arg(c, 1, NULL) : v_none(c->in);
}

static Value *d_keys(Call *c)
{
    Value *l = v_list(c->in, V_LIST);
    for (int i = 0; i < c->self->keys.len; i++)
        vec_push(c->in->arena, &l->items, c->self->keys.at[i]);
    return l;
}

static Value *d_values(Call *c)
{
    Value *l = v_list(c->in, V_LIST);
    for (int i = 0; i < c->self->items.len; i++)
        vec_push(c->in->arena, &l->items, c->self->items.at[i]);
    return l;
}

static Value *d_items(Call *c)
{
    Value *l = v_list(c->in, V_LIST);
    for (int i = 0; i < c->self->items.len; i++)
        vec_push(c->in->arena, &l->items,
                 v_tuple2(c->in, c->self->keys.at[i], c->self->items.at[i]));
    return l;
}

static Value *key_error(Call *c, Value *key)
{
    Args args = {0};
    args_push(c->in, &args, key, NULL);
    raise_value(c->in, exception_new(c->in, exception_class(c->in, "KeyError"), &args), c->site);
    return c->in->py->poison;
}

static Value *d_pop(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    int i = dict_find(c->in, c->self, arg(c, 0, NULL));
    if (i == -2) return v_unknown(c->in, "an item whose key is not known");
    if (i < 0) return nargs(c) > 1 ? arg(c, 1, NULL) : key_error(c, arg(c, 0, NULL));
    Value *v = c->self->items.at[i];
    dict_remove_at(c->in, c->self, i);
    return v;
}

static Value *d_popitem(Call *c)
{
    int n = c->self->items.len;
    if (n == 0) return raise_error(c->in, "KeyError", c->site, "popitem(): dictionary is empty");
    Value *last = args_kw(c->args, "last");
    int i = last && v_truth(c->in, last) == 0 ? 0 : n - 1;
    Value *t = v_tuple2(c->in, c->self->keys.at[i], c->self->items.at[i]);
    dict_remove_at(c->in, c->self, i);
    return t;
}

static Value *d_setdefault(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    int i = dict_find(c->in, c->self, arg(c, 0, NULL));
    if (i >= 0) return c->self->items.at[i];
    if (i == -2) return v_unknown(c->in, "an item whose key is not known");
    Value *v = nargs(c) > 1 ? arg(c, 1, NULL) : v_none(c->in);
    dict_set(c->in, c->self, arg(c, 0, NULL), v);
    return v;
}

static Value *d_update(Call *c)
{
    dict_fill(c, c->self);
    return v_none(c->in);
}

static Value *d_copy(Call *c)
{
    Value *d = v_list(c->in, V_DICT); /* of an instance's __dict__: a dict of its own */
    for (int i = 0; i < c->self->keys.len; i++) {
        vec_push(c->in->arena, &d->keys, c->self->keys.at[i]);
        vec_push(c->in->arena, &d->items, c->self->items.at[i]);
    }
    return d;
}

static Value *d_clear(Call *c)
{
    forced_note_value(c->in, c->self);
    c->self->items = c->self->keys = (ValueVec){0};
    return v_none(c->in);
}

static Value *d_move_to_end(Call *c)
{
    int i = nargs(c) ? dict_find(c->in, c->self, arg(c, 0, NULL)) : -1;
    if (i < 0) return v_none(c->in);
    Value *k = c->self->keys.at[i], *v = c->self->items.at[i];
    Value *last = arg(c, 1, "last");
    bool front = last && v_truth(c->in, last) == 0;
    dict_remove_at(c->in, c->self, i);
    if (front) {
        vec_insert(c->in->arena, &c->self->keys, 0, k);
        vec_insert(c->in->arena, &c->self->items, 0, v);
    } else dict_set(c->in, c->self, k, v);
    return v_none(c->in);
}

/* ---- set ---- */

static Value *set_of(Call *c, Value *v)
{
    Value *s = v_list(c->in, V_SET);
    ValueVec items = {0};
    if (!iterate(c->in, v, &items, c->site)) return NULL;
    for (int i = 0; i < items.len; i++) set_add(c->in, s, items.at[i]);
    return s;
}

static Value *combined(Call *c, const char *op)
{
    Value *r = c->self;
    for (int i = 0; i < nargs(c); i++) {
        Value *s = set_of(c, arg(c, i, NULL));
        if (!s)
            return c->in->raising ? c->in->py->poison
                                  : v_unknown(c->in, "a set of something not known");
        r = binary(c->in, op, r, s, c->site);
    }
    if (r != c->self) return r;
    return binary(c->in, "|", r, v_list(c->in, V_SET), c->site);
}

static Value *s_union(Call *c) { return combined(c, "|"); }
static Value *s_intersection(Call *c) { return combined(c, "&"); }
static Value *s_difference(Call *c) { return combined(c, "-"); }
static Value *s_symmetric(Call *c) { return combined(c, "^"); }

static Value *take(Call *c, Value *r)
{
    if (r->kind == V_SET) {
        forced_note_value(c->in, c->self);
        c->self->items = r->items;
    }
    return v_none(c->in);
}

static Value *s_update(Call *c) { return take(c, combined(c, "|")); }
static Value *s_intersection_update(Call *c) { return take(c, combined(c, "&")); }
static Value *s_difference_update(Call *c) { return take(c, combined(c, "-")); }

static Value *s_add(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    if (hashable(c->in, arg(c, 0, NULL), c->site)) set_add(c->in, c->self, arg(c, 0, NULL));
    return v_none(c->in);
}

static int set_find(Call *c, const Value *v)
{
    for (int i = 0; i < c->self->items.len; i++)
        if (v_equal(c->in, c->self->items.at[i], v) > 0) return i;
    return -1;
}

static Value *s_discard(Call *c)
{
    int i = nargs(c) ? set_find(c, arg(c, 0, NULL)) : -1;
    if (i >= 0) dict_remove_at(c->in, c->self, i);
    return v_none(c->in);
}

static Value *s_remove(Call *c)
{
    int i = nargs(c) ? set_find(c, arg(c, 0, NULL)) : -1;
    if (i < 0) return nargs(c) ? key_error(c, arg(c, 0, NULL)) : v_none(c->in);
    dict_remove_at(c->in, c->self, i);
    return v_none(c->in);
}

static Value *s_pop(Call *c)
{
    if (c->self->items.len == 0)
        return raise_error(c->in, "KeyError", c->site, "pop from an empty set");
    Value *v = c->self->items.at[0];
    dict_remove_at(c->in, c->self, 0);
    return v;
}

static Value *s_copy(Call *c)
{
    return binary(c->in, "|", c->self, v_list(c->in, V_SET), c->site);
}

static Value *set_compare(Call *c, const char *op)
{
    Value *s = nargs(c) ? set_of(c, arg(c, 0, NULL)) : NULL;
    return s ? compare(c->in, op, c->self, s, c->site)
             : v_unknown(c->in, "a comparison with something not known");
}

static Value *s_issubset(Call *c) { return set_compare(c, "<="); }
static Value *s_issuperset(Call *c) { return set_compare(c, ">="); }

static Value *s_isdisjoint(Call *c)
{
    Value *both = combined(c, "&");
    return both->kind == V_SET ? v_bool(c->in, both->items.len == 0) : both;
}

const Builtin methods_dict[] = {
    {"dict.get", d_get},
    {"dict.keys", d_keys},
    {"dict.values", d_values},
    {"dict.items", d_items},
    {"dict.pop", d_pop},
    {"dict.popitem", d_popitem},
    {"dict.setdefault", d_setdefault},
    {"dict.update", d_update},
    {"dict.copy", d_copy},
    {"dict.clear", d_clear},
    {"dict.move_to_end", d_move_to_end},
    {"set.union", s_union},
    {"set.intersection", s_intersection},
    {"set.difference", s_difference},
    {"set.symmetric_difference", s_symmetric},
    {"set.update", s_update},
    {"set.intersection_update", s_intersection_update},
    {"set.difference_update", s_difference_update},
    {"set.add", s_add},
    {"set.discard", s_discard},
    {"set.remove", s_remove},
    {"set.pop", s_pop},
    {"set.copy", s_copy},
    {"set.clear", d_clear},
    {"set.issubset", s_issubset},
    {"set.issuperset", s_issuperset},
    {"set.isdisjoint", s_isdisjoint},
    {NULL, NULL},
};
