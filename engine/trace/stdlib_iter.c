/* functools and itertools. What is endless is cut after MAX_YIELDS items. */
#include <limits.h>
#include <string.h>

#include "trace/pystate.h"

static Value *not_known(Call *c)
{
    return c->in->raising ? c->in->py->poison
                          : v_unknown(c->in, "%s() of something not known", c->name);
}

/* ---- functools ---- */

/* partial: a builtin whose receiver is (function, args, keywords). */
static Value *f_partial(Call *c)
{
    Interp *in = c->in;
    Value *bad = arity(c, 1, -1);
    if (bad) return bad;
    Value *t = v_list(in, V_TUPLE), *pos = v_list(in, V_TUPLE), *kw = v_list(in, V_DICT),
          *f = arg(c, 0, NULL);
    if (f->kind == V_BUILTIN &&
        strcmp(f->u.builtin.name, "functools.partial.call") == 0) { /* of a partial: flattened */
        const Value *inner = f->u.builtin.self;
        f = inner->items.at[0];
        for (int i = 0; i < inner->items.at[1]->items.len; i++)
            vec_push(in->arena, &pos->items, inner->items.at[1]->items.at[i]);
        for (int i = 0; i < inner->items.at[2]->keys.len; i++)
            dict_set(in, kw, inner->items.at[2]->keys.at[i], inner->items.at[2]->items.at[i]);
    }
    for (int i = 1; i < nargs(c); i++) vec_push(in->arena, &pos->items, arg(c, i, NULL));
    for (int i = 0; i < c->args->kw.len; i++)
        dict_set(in, kw, v_str(in, c->args->kw_names.at[i]), c->args->kw.at[i]);
    vec_push(in->arena, &t->items, f);
    vec_push(in->arena, &t->items, pos);
    vec_push(in->arena, &t->items, kw);
    return v_builtin(in, "functools.partial.call", t);
}

Value *partial_call(Call *c)
{
    Interp *in = c->in;
    Args all = {0};
    const Value *pos = c->self->items.at[1], *kw = c->self->items.at[2];
    for (int i = 0; i < pos->items.len; i++) args_push(in, &all, pos->items.at[i], NULL);
    for (int i = 0; i < nargs(c); i++) args_push(in, &all, arg(c, i, NULL), c->args->pos_expr[i]);
    for (int i = 0; i < kw->keys.len; i++)
        if (v_text(kw->keys.at[i]) && !args_kw(c->args, v_text(kw->keys.at[i])))
            args_push_kw(in, &all, v_text(kw->keys.at[i]), kw->items.at[i], NULL);
    for (int i = 0; i < c->args->kw.len; i++)
        args_push_kw(in, &all, c->args->kw_names.at[i], c->args->kw.at[i], c->args->kw_expr.at[i]);
    all.unknown_star = c->args->unknown_star;
    return call_value(in, c->env, c->self->items.at[0], &all, c->site);
}

static Value *f_reduce(Call *c)
{
    ValueVec items = {0};
    Value *bad = arity(c, 2, 3);
    if (bad) return bad;
    if (!arg_list(c, 1, &items)) return not_known(c);
    int i = 0;
    Value *acc = arg(c, 2, NULL);
    if (!acc) {
        if (items.len == 0)
            return raise_error(c->in, "TypeError", c->site,
                               "reduce() of empty iterable with no initial value");
        acc = items.at[i++];
    }
    for (; i < items.len && !c->in->raising; i++) {
        Value *pair[] = {acc, items.at[i]};
        acc = call_with(c->in, c->env, arg(c, 0, NULL), c->site, 2, pair);
    }
    return acc;
}

/* Decorators that change nothing about what a function computes. */
static Value *identity(Call *c)
{
    return nargs(c) ? arg(c, 0, NULL) : v_builtin(c->in, "identity", NULL);
}

static Value *f_lru_cache(Call *c)
{
    Value *f = arg(c, 0, NULL);
    return f && (f->kind == V_FUNCTION || f->kind == V_BUILTIN || f->kind == V_CLASS)
               ? f
               : v_builtin(c->in, "identity", NULL);
}

static Value *f_wraps(Call *c)
{
    return v_builtin(c->in, "functools.wraps.apply", nargs(c) ? arg(c, 0, NULL) : v_none(c->in));
}

static void take_name(Interp *in, Value *to, Value *from, Node *site)
{
    if (to->kind != V_FUNCTION) return;
    static const char *const names[] = {"__name__", "__doc__", "__qualname__"};
    for (int i = 0; i < 3; i++) {
        Value *v = get_attr(in, from, names[i], site);
        if (v && v->kind != V_UNKNOWN) set_attr(in, to, names[i], v, site);
    }
    set_attr(in, to, "__wrapped__", from, site);
}

static Value *wraps_apply(Call *c)
{
    if (!nargs(c)) return v_none(c->in);
    if (c->self) take_name(c->in, arg(c, 0, NULL), c->self, c->site);
    return arg(c, 0, NULL);
}

static Value *update_wrapper(Call *c)
{
    if (nargs(c) > 1) take_name(c->in, arg(c, 0, NULL), arg(c, 1, NULL), c->site);
    return nargs(c) ? arg(c, 0, NULL) : v_none(c->in);
}

/* ---- itertools ---- */

static Value *i_chain(Call *c)
{
    Value *it = v_list(c->in, V_ITER);
    for (int i = 0; i < nargs(c); i++)
        if (!arg_list(c, i, &it->items)) return not_known(c);
    return c->args->unknown_star ? not_known(c) : it;
}

static Value *i_chain_from(Call *c)
{
    ValueVec lists = {0};
    Value *it = v_list(c->in, V_ITER);
    if (!arg_list(c, 0, &lists)) return not_known(c);
    for (int i = 0; i < lists.len; i++)
        if (!iterate(c->in, lists.at[i], &it->items, c->site)) return not_known(c);
    return it;
}

/* Counts through all index tuples of n lists. */
static Value *i_product(Call *c)
{
    Interp *in = c->in;
    long long repeat = arg_int(c, -1, "repeat", 1), total = 1;
    if (repeat < 0 || repeat > 64) return not_known(c);
    int n = nargs(c) * (int)repeat;
    ValueVec *lists = ARENA_ARRAY(in->arena, ValueVec, n + 1);
    for (int i = 0; i < n; i++) {
        if (i < nargs(c) && !arg_list(c, i, &lists[i])) return not_known(c);
        if (i >= nargs(c)) lists[i] = lists[i % nargs(c)];
        if (__builtin_mul_overflow(total, (long long)lists[i].len, &total) ||
            total > MAX_SEQUENCE / (n + 1))
            return not_known(c);
    }
    Value *it = v_list(in, V_ITER);
    for (long long k = 0; k < total; k++) {
        Value *t = v_list(in, V_TUPLE);
        long long rest = k, below = total;
        for (int i = 0; i < n; i++) {
            below /= lists[i].len;
            vec_push(in->arena, &t->items, lists[i].at[rest / below]);
            rest %= below;
        }
        vec_push(in->arena, &it->items, t);
    }
    return it;
}

/* Combinations (rising indexes) and permutations (distinct ones) of length r, in lexicographic
 * order. */
static void choose(Interp *in, const ValueVec *from, int r, bool ordered, int *picked, int n,
                   Value *out)
{
    if (out->items.len > MAX_SEQUENCE / 10) return;
    if (n == r) {
        Value *t = v_list(in, V_TUPLE);
        for (int i = 0; i < r; i++) vec_push(in->arena, &t->items, from->at[picked[i]]);
        vec_push(in->arena, &out->items, t);
        return;
    }
    for (int i = ordered && n ? picked[n - 1] + 1 : 0; i < from->len; i++) {
        bool used = false;
        for (int k = 0; k < n; k++) used |= picked[k] == i;
        if (used) continue;
        picked[n] = i;
        choose(in, from, r, ordered, picked, n + 1, out);
    }
}

static Value *chosen(Call *c, bool ordered)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    long long r = arg_int(c, 1, "r", items.len);
    Value *it = v_list(c->in, V_ITER);
    if (r < 0 || r > 32) return not_known(c);
    int picked[32];
    if (r <= items.len) choose(c->in, &items, (int)r, ordered, picked, 0, it);
    return it;
}

static Value *i_combinations(Call *c) { return chosen(c, true); }
static Value *i_permutations(Call *c) { return chosen(c, false); }

static Value *i_count(Call *c)
{
    Value *it = v_list(c->in, V_ITER), *v = nargs(c) ? arg(c, 0, NULL) : v_int(c->in, 0);
    Value *step_by = arg(c, 1, "step");
    for (int i = 0; i < MAX_YIELDS && !c->in->raising; i++) {
        vec_push(c->in->arena, &it->items, v);
        v = binary(c->in, "+", v, step_by ? step_by : v_int(c->in, 1), c->site);
    }
    return it;
}

static Value *i_cycle(Call *c)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *it = v_list(c->in, V_ITER);
    for (int i = 0; i < MAX_YIELDS && items.len; i++)
        vec_push(c->in->arena, &it->items, items.at[i % items.len]);
    return it;
}

static Value *i_repeat(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    Value *it = v_list(c->in, V_ITER);
    long long n = arg_int(c, 1, "times", MAX_YIELDS);
    for (long long i = 0; i < n && i < MAX_SEQUENCE; i++)
        vec_push(c->in->arena, &it->items, arg(c, 0, NULL));
    return it;
}

static Value *i_islice(Call *c)
{
    Value *bad = arity(c, 2, 4);
    if (bad) return bad;
    Value *src = arg(c, 0, NULL);
    ValueVec items = {0};
    bool in_place = src->kind == V_ITER;
    if (in_place) {
        for (int i = src->pos; i < src->items.len; i++)
            vec_push(c->in->arena, &items, src->items.at[i]);
    } else if (!arg_list(c, 0, &items)) return not_known(c);
    Value *stop_v = arg(c, nargs(c) == 2 ? 1 : 2, NULL);
    long long lo = nargs(c) > 2 ? arg_int(c, 1, NULL, 0) : 0, step_by = arg_int(c, 3, NULL, 1);
    long long hi = v_is_int(stop_v) ? v_as_int(stop_v) : LLONG_MAX;
    Value *it = v_list(c->in, V_ITER);
    if (step_by < 1 || lo < 0)
        return raise_error(c->in, "ValueError", c->site, "islice() arguments must be positive");
    long long i = lo;
    for (; i < hi && i < items.len; i += step_by) vec_push(c->in->arena, &it->items, items.at[i]);
    if (in_place) {
        forced_note_value(c->in, src);
        src->pos += (int)(hi < items.len ? hi : items.len);
    }
    return it;
}

static Value *i_zip_longest(Call *c)
{
    Interp *in = c->in;
    ValueVec *lists = ARENA_ARRAY(in->arena, ValueVec, nargs(c) + 1);
    Value *fill = args_kw(c->args, "fillvalue"), *it = v_list(in, V_ITER);
    int n = 0;
    for (int i = 0; i < nargs(c); i++) {
        if (!arg_list(c, i, &lists[i])) return not_known(c);
        if (lists[i].len > n) n = lists[i].len;
    }
    for (int k = 0; k < n; k++) {
        Value *t = v_list(in, V_TUPLE);
        for (int i = 0; i < nargs(c); i++)
            vec_push(in->arena, &t->items,
                     k < lists[i].len ? lists[i].at[k]
                     : fill           ? fill
                                      : v_none(in));
        vec_push(in->arena, &it->items, t);
    }
    return it;
}

static Value *i_accumulate(Call *c)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *it = v_list(c->in, V_ITER), *f = arg(c, 1, "func"), *acc = args_kw(c->args, "initial");
    if (acc) vec_push(c->in->arena, &it->items, acc);
    for (int i = 0; i < items.len && !c->in->raising; i++) {
        Value *pair[] = {acc, items.at[i]};
        if (!acc) acc = items.at[i];
        else
            acc = f && f->kind != V_NONE ? call_with(c->in, c->env, f, c->site, 2, pair)
                                         : binary(c->in, "+", acc, items.at[i], c->site);
        vec_push(c->in->arena, &it->items, acc);
    }
    return it;
}

/* takewhile, dropwhile, filterfalse: by a predicate. */
static Value *i_while(Call *c)
{
    ValueVec items = {0};
    Value *bad = arity(c, 2, 2);
    if (bad) return bad;
    if (!arg_list(c, 1, &items)) return not_known(c);
    bool take = strcmp(c->name, "itertools.takewhile") == 0,
         drop = strcmp(c->name, "itertools.dropwhile") == 0, past = false;
    Value *it = v_list(c->in, V_ITER);
    for (int i = 0; i < items.len && !c->in->raising; i++) {
        Value *f = arg(c, 0, NULL);
        Value *r = past                ? NULL
                   : f->kind == V_NONE ? items.at[i]
                                       : call_with(c->in, c->env, f, c->site, 1, &items.at[i]);
        bool guard = false;
        int t = past ? 0 : truth(c->in, r, &guard);
        if (t < 0) return not_known(c);
        if (take && !t) break;
        if (drop && !t) past = true;
        if (take || !t) vec_push(c->in->arena, &it->items, items.at[i]);
    }
    return it;
}

static Value *i_groupby(Call *c)
{
    Interp *in = c->in;
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *it = v_list(in, V_ITER), *f = arg(c, 1, "key"), *key = NULL, *group = NULL;
    for (int i = 0; i < items.len && !in->raising; i++) {
        Value *k = f && f->kind != V_NONE ? call_with(in, c->env, f, c->site, 1, &items.at[i])
                                          : items.at[i];
        if (in->raising) break;
        if (!key || v_equal(in, key, k) <= 0) {
            key = k;
            group = v_list(in, V_ITER);
            vec_push(in->arena, &it->items, v_tuple2(in, key, group));
        }
        vec_push(in->arena, &group->items, items.at[i]);
    }
    return it;
}

static Value *i_starmap(Call *c)
{
    ValueVec items = {0};
    Value *bad = arity(c, 2, 2);
    if (bad) return bad;
    if (!arg_list(c, 1, &items)) return not_known(c);
    Value *it = v_list(c->in, V_ITER);
    for (int i = 0; i < items.len && !c->in->raising; i++) {
        ValueVec one = {0};
        if (!iterate(c->in, items.at[i], &one, c->site)) return not_known(c);
        vec_push(c->in->arena, &it->items,
                 call_with(c->in, c->env, arg(c, 0, NULL), c->site, one.len, one.at));
    }
    return it;
}

static Value *i_tee(Call *c)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *t = v_list(c->in, V_TUPLE);
    for (long long i = 0, n = arg_int(c, 1, "n", 2); i < n && i < 64; i++) {
        Value *it = v_list(c->in, V_ITER);
        for (int k = 0; k < items.len; k++) vec_push(c->in->arena, &it->items, items.at[k]);
        vec_push(c->in->arena, &t->items, it);
    }
    return t;
}

static Value *i_pairwise(Call *c)
{
    ValueVec items = {0};
    if (!arg_list(c, 0, &items)) return not_known(c);
    Value *it = v_list(c->in, V_ITER);
    for (int i = 0; i + 1 < items.len; i++)
        vec_push(c->in->arena, &it->items, v_tuple2(c->in, items.at[i], items.at[i + 1]));
    return it;
}

static Value *i_compress(Call *c)
{
    ValueVec items = {0}, keep = {0};
    if (!arg_list(c, 0, &items) || !arg_list(c, 1, &keep)) return not_known(c);
    Value *it = v_list(c->in, V_ITER);
    for (int i = 0; i < items.len && i < keep.len; i++)
        if (v_truth(c->in, keep.at[i]) == 1) vec_push(c->in->arena, &it->items, items.at[i]);
    return it;
}

const Builtin stdlib_iter[] = {
    {"identity", identity},
    {"functools.partial", f_partial},
    {"functools.partial.call", partial_call},
    {"functools.partialmethod", f_partial},
    {"functools.reduce", f_reduce},
    {"functools.lru_cache", f_lru_cache},
    {"functools.cache", identity},
    {"functools.wraps", f_wraps},
    {"functools.wraps.apply", wraps_apply},
    {"functools.update_wrapper", update_wrapper},
    {"functools.total_ordering", identity},
    {"functools.singledispatch", identity},
    {"contextlib.contextmanager", identity},
    {"abc.abstractmethod", identity},
    {"typing.overload", identity},
    {"typing.final", identity},
    {"typing.no_type_check", identity},
    {"typing.runtime_checkable", identity},
    {"enum.unique", identity},
    {"atexit.register", identity},
    {"itertools.chain", i_chain},
    {"itertools.chain.from_iterable", i_chain_from},
    {"itertools.product", i_product},
    {"itertools.combinations", i_combinations},
    {"itertools.permutations", i_permutations},
    {"itertools.count", i_count},
    {"itertools.cycle", i_cycle},
    {"itertools.repeat", i_repeat},
    {"itertools.islice", i_islice},
    {"itertools.zip_longest", i_zip_longest},
    {"itertools.accumulate", i_accumulate},
    {"itertools.takewhile", i_while},
    {"itertools.dropwhile", i_while},
    {"itertools.filterfalse", i_while},
    {"itertools.groupby", i_groupby},
    {"itertools.starmap", i_starmap},
    {"itertools.tee", i_tee},
    {"itertools.pairwise", i_pairwise},
    {"itertools.compress", i_compress},
    {NULL, NULL},
};
