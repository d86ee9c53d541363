/* Methods of lists (and of deques, which are lists here) and tuples. */
#include <string.h>

#include "trace/pystate.h"

static Value *l_append(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    list_push(c->in, c->self, arg(c, 0, NULL));
    return v_none(c->in);
}

static Value *l_extend(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    Value *v = arg(c, 0, NULL);
    ValueVec items = {0};
    if (!iterate(c->in, v, &items, c->site))
        return c->in->raising ? c->in->py->poison : v_none(c->in);
    for (int i = 0; i < items.len; i++) list_push(c->in, c->self, items.at[i]);
    return v_none(c->in);
}

static Value *l_insert(Call *c)
{
    Value *bad = arity(c, 2, 2);
    if (bad) return bad;
    long long i = arg_int(c, 0, NULL, 0), n = c->self->items.len;
    if (i < 0) i = i + n < 0 ? 0 : i + n;
    if (i > n) i = n;
    forced_note_value(c->in, c->self);
    vec_insert(c->in->arena, &c->self->items, (int)i, arg(c, 1, NULL));
    return v_none(c->in);
}

static Value *pop_at(Call *c, Value *index)
{
    long long i;
    if (c->self->items.len == 0)
        return raise_error(c->in, "IndexError", c->site, "pop from empty list");
    if (!index_in(c->in, index, c->self->items.len, &i, c->site)) {
        if (!c->in->raising) return v_unknown(c->in, "an item whose index is not known");
        raise_clear(c->in);
        return raise_error(c->in, "IndexError", c->site, "pop index out of range");
    }
    Value *v = c->self->items.at[i];
    dict_remove_at(c->in, c->self, (int)i);
    return v;
}

static Value *l_pop(Call *c)
{
    Value *bad = arity(c, 0, 1);
    return bad ? bad : pop_at(c, nargs(c) ? arg(c, 0, NULL) : v_int(c->in, -1));
}

static Value *l_popleft(Call *c)
{
    return pop_at(c, v_int(c->in, 0));
}

static Value *l_appendleft(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    forced_note_value(c->in, c->self);
    vec_insert(c->in->arena, &c->self->items, 0, arg(c, 0, NULL));
    return v_none(c->in);
}

/* Where an equal item is; -1 none, -2 not known. */
static int place_of(Call *c, Value *v)
{
    int doubt = -1;
    for (int i = 0; i < c->self->items.len; i++) {
        if (v_same_object(c->self->items.at[i], v)) return i;
        Value *e = compare(c->in, "==", c->self->items.at[i], v, c->site);
        if (e->kind == V_BOOL && e->u.b) return i;
        if (e->kind != V_BOOL) doubt = -2;
    }
    return doubt;
}

static Value *l_remove(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    int i = place_of(c, arg(c, 0, NULL));
    if (i >= 0) dict_remove_at(c->in, c->self, i);
    else if (i == -1)
        return raise_error(c->in, "ValueError", c->site, "list.remove(x): x not in list");
    return v_none(c->in);
}

static Value *l_index(Call *c)
{
    Value *bad = arity(c, 1, 3);
    if (bad) return bad;
    int i = place_of(c, arg(c, 0, NULL));
    if (i == -2) return v_unknown(c->in, "the place of something not known");
    return i >= 0 ? v_int(c->in, i)
                  : raise_error(c->in, "ValueError", c->site, "%s is not in list",
                                v_repr(c->in, arg(c, 0, NULL)));
}

static Value *l_count(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    long long n = 0;
    for (int i = 0; i < c->self->items.len; i++) {
        Value *e = compare(c->in, "==", c->self->items.at[i], arg(c, 0, NULL), c->site);
        if (e->kind != V_BOOL) return v_unknown(c->in, "a count of something not known");
        n += e->u.b;
    }
    return v_int(c->in, n);
}

static Value *l_sort(Call *c)
{
    Value *reverse = args_kw(c->args, "reverse");
    Value *l = sort_values(c->in, c->env, &c->self->items, args_kw(c->args, "key"),
                           reverse && v_truth(c->in, reverse) == 1, c->site);
    if (l->kind != V_LIST) return c->in->raising ? c->in->py->poison : v_none(c->in);
    forced_note_value(c->in, c->self);
    c->self->items = l->items;
    return v_none(c->in);
}

static Value *l_reverse(Call *c)
{
    ValueVec back = {0};
    for (int i = c->self->items.len - 1; i >= 0; i--)
        vec_push(c->in->arena, &back, c->self->items.at[i]);
    forced_note_value(c->in, c->self);
    c->self->items = back;
    return v_none(c->in);
}

static Value *l_copy(Call *c)
{
    Value *l = v_list(c->in, V_LIST);
    for (int i = 0; i < c->self->items.len; i++)
        vec_push(c->in->arena, &l->items, c->self->items.at[i]);
    l->free = c->self->free;
    l->pos = c->self->pos;
    return l;
}

static Value *l_clear(Call *c)
{
    forced_note_value(c->in, c->self);
    c->self->items = (ValueVec){0};
    c->self->free = NULL;
    return v_none(c->in);
}

static Value *l_rotate(Call *c)
{
    long long n = c->self->items.len, by = arg_int(c, 0, NULL, 1);
    ValueVec out = {0};
    for (long long i = 0; i < n; i++)
        vec_push(c->in->arena, &out, c->self->items.at[(((i - by) % n) + n) % n]);
    forced_note_value(c->in, c->self);
    c->self->items = out;
    return v_none(c->in);
}

const Builtin methods_list[] = {
    {"list.append", l_append},
    {"list.extend", l_extend},
    {"list.insert", l_insert},
    {"list.pop", l_pop},
    {"list.popleft", l_popleft},
    {"list.appendleft", l_appendleft},
    {"list.remove", l_remove},
    {"list.index", l_index},
    {"list.count", l_count},
    {"list.sort", l_sort},
    {"list.reverse", l_reverse},
    {"list.copy", l_copy},
    {"list.clear", l_clear},
    {"list.rotate", l_rotate},
    {"tuple.index", l_index},
    {"tuple.count", l_count},
    {NULL, NULL},
};
