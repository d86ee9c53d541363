/* collections, copy, os.path, typing, types, enum, and inert ones. */
#include <string.h>

#include "trace/pystate.h"

static Value *not_known(Call *c)
{
    return c->in->raising ? c->in->py->poison
                          : v_unknown(c->in, "%s() of something not known", c->name);
}

static Value *inert(Call *c)
{
    return v_none(c->in);
}

static Value *unknown(Call *c)
{
    return v_unknown(c->in, "what %s() gives", c->name);
}

/* ---- collections ---- */

static Value *c_ordered_dict(Call *c)
{
    Value *d = v_list(c->in, V_DICT);
    return dict_fill(c, d) ? d : not_known(c);
}

static Value *c_deque(Call *c)
{
    Value *l = v_list(c->in, V_LIST);
    if (nargs(c) && !arg_list(c, 0, &l->items)) return not_known(c);
    return l;
}

static Value *c_defaultdict(Call *c)
{
    Value *o = object_new(c->in, own_class(c->in, "defaultdict"));
    Value *d = v_list(c->in, V_DICT);
    o->u.obj->base = d;
    map_set(o->u.obj->attrs, "default_factory", nargs(c) ? arg(c, 0, NULL) : v_none(c->in));
    Args rest = *c->args;
    if (nargs(c)) {
        rest.pos.at++;
        rest.pos.cap = --rest.pos.len;
        rest.pos_expr++;
        rest.npos_expr--;
    }
    Call inner = *c;
    inner.args = &rest;
    return dict_fill(&inner, d) ? o : not_known(c);
}

static void count_into(Call *c, Value *d, const ValueVec *items)
{
    for (int i = 0; i < items->len; i++) {
        int at = dict_find(c->in, d, items->at[i]);
        Value *had = at >= 0 ? d->items.at[at] : v_int(c->in, 0);
        dict_set(c->in, d, items->at[i], binary(c->in, "+", had, v_int(c->in, 1), c->site));
    }
}

static Value *c_counter(Call *c)
{
    ClassValue *cls = own_class(c->in, "Counter");
    if (!map_get(cls->attrs, "__missing__")) {
        map_set(cls->attrs, "__missing__", v_builtin(c->in, "Counter.__missing__", NULL));
        map_set(cls->attrs, "most_common", v_builtin(c->in, "Counter.most_common", NULL));
        map_set(cls->attrs, "elements", v_builtin(c->in, "Counter.elements", NULL));
        map_set(cls->attrs, "update", v_builtin(c->in, "Counter.update", NULL));
    }
    Value *o = object_new(c->in, cls), *d = v_list(c->in, V_DICT);
    o->u.obj->base = d;
    if (nargs(c) && v_base(arg(c, 0, NULL))->kind != V_DICT) {
        ValueVec items = {0};
        if (!arg_list(c, 0, &items)) return not_known(c);
        count_into(c, d, &items);
        return o;
    }
    return dict_fill(c, d) ? o : not_known(c);
}

static Value *counter_missing(Call *c)
{
    return v_int(c->in, 0);
}

static Value *counter_update(Call *c)
{
    ValueVec items = {0};
    if (arg_list(c, 0, &items)) count_into(c, c->self->u.obj->base, &items);
    return v_none(c->in);
}

static Value *counter_most_common(Call *c)
{
    const Value *d = c->self->u.obj->base;
    ValueVec pairs = {0};
    for (int i = 0; i < d->keys.len; i++)
        vec_push(c->in->arena, &pairs, v_tuple2(c->in, d->keys.at[i], d->items.at[i]));
    Value *one = v_list(c->in, V_TUPLE);
    vec_push(c->in->arena, &one->items, v_int(c->in, 1));
    Value *l = sort_values(c->in, c->env, &pairs, v_builtin(c->in, "operator.itemgetter.call", one),
                           true, c->site);
    long long n = arg_int(c, 0, "n", l->items.len);
    if (l->kind == V_LIST && n >= 0 && n < l->items.len) l->items.len = (int)n;
    return l;
}

static Value *counter_elements(Call *c)
{
    const Value *d = c->self->u.obj->base;
    Value *it = v_list(c->in, V_ITER);
    for (int i = 0; i < d->keys.len; i++)
        for (long long k = 0; v_is_int(d->items.at[i]) && k < v_as_int(d->items.at[i]) &&
                              it->items.len < MAX_SEQUENCE;
             k++)
            vec_push(c->in->arena, &it->items, d->keys.at[i]);
    return it;
}

/* ---- copy ---- */

typedef struct Memo {
    const void *from;
    Value *to;
} Memo;

typedef struct Copying {
    Call *c;
    VEC(Memo) memo;
    int depth;
} Copying;

static Value *deep(Copying *d, Value *v);

static void deep_all(Copying *d, const ValueVec *from, ValueVec *to)
{
    for (int i = 0; i < from->len; i++) vec_push(d->c->in->arena, to, deep(d, from->at[i]));
}

/* Another layer, container or module like it: the call that made it, once more, with copies of what
 * it was given. */
static Value *make_again(Copying *d, Value *v)
{
    Interp *in = d->c->in;
    if (!v->made) return v_unknown(in, "a copy of a %s", v_type_name(v));
    in->trace->copies_layers = true;
    if (v->kind == V_CONTAINER && v->u.cont->items.len != v->made->args.pos.len &&
        v->made->args.pos.len != 1)
        return v_unknown(in, "a copy of a %s that was changed since", v_type_name(v));
    Args args = v->made->args;
    args.pos = args.kw = (ValueVec){0};
    deep_all(d, &v->made->args.pos, &args.pos);
    deep_all(d, &v->made->args.kw, &args.kw);
    return call_value(in, d->c->env, v->made->callee, &args, v->made->site);
}

static Value *deep(Copying *d, Value *v)
{
    Interp *in = d->c->in;
    const void *id = v->kind == V_OBJECT      ? (void *)v->u.obj
                     : v->kind == V_LAYER     ? (void *)v->u.layer
                     : v->kind == V_CONTAINER ? (void *)v->u.cont
                                              : (void *)v;
    for (int i = 0; i < d->memo.len; i++)
        if (d->memo.at[i].from == id) return d->memo.at[i].to;
    if (in->raising || d->depth > 100) return v;
    Value *n = v;
    d->depth++;
    switch (v->kind) {
    case V_LIST: case V_SET: case V_DICT:
        n = v_copy(in, v);
        n->items = n->keys = (ValueVec){0};
        n->born = in->steps;
        vec_push(in->arena, &d->memo, ((Memo){id, n}));
        deep_all(d, &v->keys, &n->keys);
        deep_all(d, &v->items, &n->items);
        break;
    case V_TUPLE:
        n = v_copy(in, v);
        n->items = (ValueVec){0};
        deep_all(d, &v->items, &n->items);
        break;
    case V_OBJECT:
        if (v->u.obj->nn) {
            n = make_again(d, v);
            if (n->kind == V_OBJECT) n->u.obj->copy_of = v->u.obj;
            vec_push(in->arena, &d->memo, ((Memo){id, n}));
            break;
        }
        if (!v->u.obj->cls || v->u.obj->cls->is_enum) break;
        n = v_copy(in, v);
        n->u.obj = ARENA_NEW(in->arena, Object);
        *n->u.obj = *v->u.obj;
        n->u.obj->attrs = map_new(in->arena);
        vec_push(in->arena, &d->memo, ((Memo){id, n}));
        if (v->u.obj->base) n->u.obj->base = deep(d, v->u.obj->base);
        for (int i = 0; i < v->u.obj->attrs->len; i++)
            if (v->u.obj->attrs->entries[i].key)
                map_set(n->u.obj->attrs, v->u.obj->attrs->entries[i].key,
                        deep(d, v->u.obj->attrs->entries[i].value));
        break;
    case V_LAYER: case V_CONTAINER:
        n = make_again(d, v);
        vec_push(in->arena, &d->memo, ((Memo){id, n}));
        break;
    default: break;
    }
    d->depth--;
    return n;
}

static Value *copy_deepcopy(Call *c)
{
    Value *bad = arity(c, 1, 2);
    if (bad) return bad;
    Copying d = {.c = c};
    bool found = false;
    Value *v = arg(c, 0, NULL), *none = v_list(c->in, V_DICT);
    Value *r = call_method(c->in, v, "__deepcopy__", c->site, 1, &none, &found);
    return found ? r : deep(&d, v);
}

static Value *copy_copy(Call *c)
{
    Value *bad = arity(c, 1, 1);
    if (bad) return bad;
    Value *v = arg(c, 0, NULL), *n = v;
    if (v->kind == V_LIST || v->kind == V_SET || v->kind == V_DICT) {
        n = v_copy(c->in, v);
        n->items = n->keys = (ValueVec){0};
        for (int i = 0; i < v->items.len; i++) vec_push(c->in->arena, &n->items, v->items.at[i]);
        for (int i = 0; i < v->keys.len; i++) vec_push(c->in->arena, &n->keys, v->keys.at[i]);
    } else if (v->kind == V_OBJECT && !v->u.obj->nn && v->u.obj->cls) {
        n = v_copy(c->in, v);
        n->u.obj = ARENA_NEW(c->in->arena, Object);
        *n->u.obj = *v->u.obj;
        n->u.obj->attrs = map_new(c->in->arena);
        for (int i = 0; i < v->u.obj->attrs->len; i++)
            if (v->u.obj->attrs->entries[i].key)
                map_set(n->u.obj->attrs, v->u.obj->attrs->entries[i].key,
                        v->u.obj->attrs->entries[i].value);
    } else if (v->kind == V_LAYER || v->kind == V_CONTAINER ||
               (v->kind == V_OBJECT && v->u.obj->nn))
        return copy_deepcopy(c);
    return n;
}

/* ---- os.path ---- */

static Value *path_join_all(Call *c)
{
    const char *path = "";
    for (int i = 0; i < nargs(c); i++) {
        const char *part = v_text(arg(c, i, NULL));
        if (!part) return not_known(c);
        bool absolute = part[0] == '/', slash = !*path || str_ends(path, "/");
        path = absolute ? part : arena_printf(c->in->arena, "%s%s%s", path, slash ? "" : "/", part);
    }
    return c->args->unknown_star ? not_known(c) : v_str(c->in, path);
}

static Value *path_part(Call *c)
{
    Value *v = arg(c, 0, NULL);
    const char *s = v ? v_text(v) : NULL;
    if (!s) return not_known(c);
    const char *slash = strrchr(s, '/'), *base = slash ? slash + 1 : s;
    if (strcmp(c->name, "os.path.basename") == 0) return v_str(c->in, base);
    if (strcmp(c->name, "os.path.dirname") == 0)
        return v_strn(c->in, s, slash ? (size_t)(slash - s + (slash == s)) : 0);
    const char *dot = strrchr(base, '.');
    if (dot == base) dot = NULL;
    size_t n = dot ? (size_t)(dot - s) : strlen(s);
    return v_tuple2(c->in, v_strn(c->in, s, n), v_str(c->in, s + n));
}

/* ---- typing, types, enum ---- */

static Value *t_cast(Call *c)
{
    return nargs(c) > 1 ? arg(c, 1, NULL) : not_known(c);
}

static Value *t_namespace(Call *c)
{
    Value *o = object_new(c->in, own_class(c->in, strcmp(c->name, "argparse.Namespace") == 0
                                                      ? "Namespace"
                                                      : "SimpleNamespace"));
    for (int i = 0; i < c->args->kw.len; i++)
        map_set(o->u.obj->attrs, c->args->kw_names.at[i], c->args->kw.at[i]);
    return o;
}

static Value *e_auto(Call *c)
{
    return v_builtin(c->in, "enum.auto.value", NULL);
}

static Value *self_or_none(Call *c)
{
    return nargs(c) ? arg(c, 0, NULL) : v_none(c->in);
}

/* functools and sys leftovers share this table. */
static Value *sys_exit(Call *c)
{
    return raise_error(c->in, "SystemExit", c->site, "the program ends here");
}

static Value *exception_init(Call *c)
{
    Value *self = arg(c, 0, NULL);
    if (!self || self->kind != V_OBJECT) return v_none(c->in);
    Value *args = v_list(c->in, V_TUPLE);
    for (int i = 1; i < nargs(c); i++) vec_push(c->in->arena, &args->items, arg(c, i, NULL));
    forced_note_map(c->in, self->u.obj->attrs, "args");
    map_set(self->u.obj->attrs, "args", args);
    return v_none(c->in);
}

const Builtin stdlib_misc[] = {
    {"collections.OrderedDict", c_ordered_dict},
    {"collections.OrderedDict.fromkeys", unknown},
    {"typing.OrderedDict", c_ordered_dict},
    {"collections.deque", c_deque},
    {"collections.defaultdict", c_defaultdict},
    {"collections.Counter", c_counter},
    {"Counter.__missing__", counter_missing},
    {"Counter.most_common", counter_most_common},
    {"Counter.elements", counter_elements},
    {"Counter.update", counter_update},
    {"copy.copy", copy_copy},
    {"copy.deepcopy", copy_deepcopy},
    {"os.path.join", path_join_all},
    {"os.path.basename", path_part},
    {"os.path.dirname", path_part},
    {"os.path.splitext", path_part},
    {"os.path.abspath", self_or_none},
    {"os.path.realpath", self_or_none},
    {"os.path.normpath", self_or_none},
    {"os.path.expanduser", self_or_none},
    {"os.path.exists", unknown},
    {"os.path.isfile", unknown},
    {"os.path.isdir", unknown},
    {"os.makedirs", inert},
    {"os.mkdir", inert},
    {"os.getenv", unknown},
    {"os.getcwd", unknown},
    {"os.listdir", unknown},
    {"os.cpu_count", unknown},
    {"sys.exit", sys_exit},
    {"typing.cast", t_cast},
    {"typing.TypeVar", unknown},
    {"typing.NewType", unknown},
    {"typing.get_type_hints", unknown},
    {"types.SimpleNamespace", t_namespace},
    {"argparse.Namespace", t_namespace},
    {"enum.auto", e_auto},
    {"warnings.warn", inert},
    {"warnings.filterwarnings", inert},
    {"warnings.simplefilter", inert},
    {"logging.info", inert},
    {"logging.debug", inert},
    {"logging.warning", inert},
    {"logging.error", inert},
    {"logging.basicConfig", inert},
    {"logging.getLogger", unknown},
    {"time.time", unknown},
    {"time.sleep", inert},
    {"time.perf_counter", unknown},
    {"gc.collect", inert},
    {"random.seed", inert},
    {"pprint.pprint", inert},
    {"BaseException.__init__", exception_init},
    {"contextlib.nullcontext", self_or_none},
    {"contextlib.suppress", unknown},
    {"inspect.signature", unknown},
    {NULL, NULL},
};
