/* Dicts, sets and lists from the inside. Dicts are two vectors in the order of insertion, searched
 * by comparing keys; those of model code are short. Every change is noted for forced arms first. */
#include <string.h>

#include "trace/pystate.h"

static bool same_text(const Value *x, const Value *y)
{
    return x->u.str.len == y->u.str.len &&
           memcmp(x->u.str.s, y->u.str.s, (size_t)x->u.str.len) == 0;
}

int dict_find(Interp *in, const Value *d, const Value *key)
{
    if (key->kind == V_UNKNOWN) return d->keys.len ? -2 : -1;
    int doubt = -1;
    for (int i = 0; i < d->keys.len; i++) {
        const Value *k = d->keys.at[i];
        if (k->kind == V_STR && key->kind == V_STR) {
            if (same_text(k, key)) return i;
            continue;
        }
        if (v_same_object(k, key)) return i;
        bool guard = false;
        int e = v_equal_hint(in, k, key, &guard);
        if (e > 0) return i;
        if (e < 0) doubt = -2;
    }
    return doubt;
}

Value *dict_get(Interp *in, const Value *d, const char *key)
{
    (void)in;
    size_t n = strlen(key);
    for (int i = 0; i < d->keys.len; i++) {
        const Value *k = d->keys.at[i];
        if (k->kind == V_STR && (size_t)k->u.str.len == n && memcmp(k->u.str.s, key, n) == 0)
            return d->items.at[i];
    }
    return NULL;
}

void dict_set(Interp *in, Value *d, Value *key, Value *v)
{
    forced_note_value(in, d);
    int i = dict_find(in, d, key);
    if (d->kind == V_DICT && d->u.obj && v_text(key)) { /* an instance's __dict__ */
        Value self = {.kind = V_OBJECT, .u.obj = d->u.obj};
        Value *of = v_copy(in, &self);
        set_attr(in, of, v_text(key), v, NULL);
    }
    if (i >= 0) {
        d->items.at[i] = v;
        return;
    }
    vec_push(in->arena, &d->keys, key);
    vec_push(in->arena, &d->items, v);
}

static void remove_at(ValueVec *v, int i)
{
    for (; i + 1 < v->len; i++) v->at[i] = v->at[i + 1];
    v->len--;
}

void dict_remove_at(Interp *in, Value *d, int i)
{
    forced_note_value(in, d);
    if (d->kind == V_DICT) remove_at(&d->keys, i);
    remove_at(&d->items, i);
}

void set_add(Interp *in, Value *s, Value *v)
{
    for (int i = 0; i < s->items.len; i++)
        if (v_equal(in, s->items.at[i], v) > 0) return;
    forced_note_value(in, s);
    vec_push(in->arena, &s->items, v);
}

/* A list that a loop over a free size fills holds what one run of the body gives, and its length is
 * the loop's. */
void list_push(Interp *in, Value *l, Value *v)
{
    forced_note_value(in, l);
    if (in->py->free_loop.free && l->items.len == 0 && l->born < in->py->free_loop_born) {
        l->free = in->py->free_loop.free;
        l->pos = (int)in->py->free_loop.n;
    }
    vec_push(in->arena, &l->items, v);
}

bool hashable(Interp *in, const Value *v, Node *site)
{
    if (v->kind == V_TUPLE) {
        for (int i = 0; i < v->items.len; i++)
            if (!hashable(in, v->items.at[i], site)) return false;
        return true;
    }
    if (v->kind != V_LIST && v->kind != V_DICT && (v->kind != V_SET || v->u.b)) return true;
    raise_error(in, "TypeError", site, "unhashable type: '%s'", v_type_name(v));
    return false;
}
