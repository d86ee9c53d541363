/* The methods that the framework gives to every module: lists of children and parameters,
 * registration, modes, and what belongs to training. The receiver is an instance, a container or a
 * layer. */
#include "trace/frame.h"

#include <string.h>

typedef struct Child {
    const char *name;
    Value *value;
} Child;
typedef VEC(Child) ChildVec;

static bool is_module(const Value *v)
{
    return v->kind == V_LAYER || v->kind == V_CONTAINER || (v->kind == V_OBJECT && v->u.obj->nn);
}

static void children_of(Interp *in, Value *self, ChildVec *out)
{
    Container *c = self->kind == V_CONTAINER ? self->u.cont
                   : self->kind == V_OBJECT  ? self->u.obj->cont
                                             : NULL;
    for (int i = 0; c && i < c->items.len; i++)
        if (is_module(c->items.at[i]))
            vec_push(in->arena, out, ((Child){c->keys.at[i], c->items.at[i]}));
    Map *m = self->kind == V_OBJECT ? self->u.obj->attrs : NULL;
    for (int i = 0; m && i < m->len; i++) {
        Value *v = m->entries[i].key ? m->entries[i].value : NULL;
        if (v && is_module(v))
            vec_push(in->arena, out, ((Child){m->entries[i].key, v}));
    }
}

static void descend(Interp *in, Value *self, const char *path, int depth, ChildVec *out)
{
    if (depth > 40)
        return;
    vec_push(in->arena, out, ((Child){path, self}));
    ChildVec own = {0};
    children_of(in, self, &own);
    for (int i = 0; i < own.len; i++)
        descend(in, own.at[i].value, dotted_join(in, path, own.at[i].name), depth + 1, out);
}

static Value *listed(Interp *in, const ChildVec *cs, bool named)
{
    Value *l = v_list(in, V_LIST);
    for (int i = 0; i < cs->len; i++) {
        Value *item = cs->at[i].value;
        if (named) {
            item = v_list(in, V_TUPLE);
            vec_push(in->arena, &item->items, v_str(in, cs->at[i].name));
            vec_push(in->arena, &item->items, cs->at[i].value);
        }
        vec_push(in->arena, &l->items, item);
    }
    return l;
}

Value *module_children(Interp *in, Value *self, bool named)
{
    ChildVec cs = {0};
    children_of(in, self, &cs);
    if (!named)
        return listed(in, &cs, false);
    Value *d = v_list(in, V_DICT);
    for (int i = 0; i < cs.len; i++) {
        vec_push(in->arena, &d->keys, v_str(in, cs.at[i].name));
        vec_push(in->arena, &d->items, cs.at[i].value);
    }
    return d;
}

static Value *argument(const Args *args, int i, const char *name)
{
    for (int k = 0; k < args->kw_names.len; k++)
        if (str_eq(args->kw_names.at[k], name))
            return args->kw.at[k];
    return i < args->pos.len ? args->pos.at[i] : NULL;
}

/* add_weight(name, shape, ...), register_buffer(name, tensor): a bare weight. */
static Value *add_weight(Interp *in, Args *args, Node *site)
{
    Value *shape = argument(args, -1, "shape");
    for (int i = 0; !shape && i < args->pos.len; i++)
        if (args->pos.at[i]->kind == V_TUPLE || args->pos.at[i]->kind == V_LIST ||
            args->pos.at[i]->kind == V_SHAPE)
            shape = args->pos.at[i];
    int rank = shape ? -1 : 0;
    Size *dims = NULL;
    if (shape && (shape->kind == V_TUPLE || shape->kind == V_LIST || shape->kind == V_SHAPE)) {
        rank = shape->items.len;
        dims = ARENA_ARRAY(in->arena, Size, rank + 1);
        for (int i = 0; i < rank; i++)
            dims[i] = shape->items.at[i]->kind == V_INT ? v_to_size(shape->items.at[i])
                                                        : (Size){-1, NULL};
    }
    PivotTensor *t = tensor_new(in, dims, rank, "float32");
    t->is_parameter = true;
    Event *e = event_add(in, EV_REF, site);
    e->dotted = "add_weight";
    vec_push(in->arena, &e->out, t);
    return v_tensor(in, t, site);
}

static Value *register_tensor(Interp *in, Value *self, Args *args, Node *site)
{
    Value *name = argument(args, 0, "name"), *t = argument(args, 1, "tensor");
    if (!t)
        t = argument(args, 1, "param");
    if (self->kind != V_OBJECT || !name || name->kind != V_STR || !t)
        return v_none(in);
    if (t->kind == V_TENSOR) {
        PivotTensor *p = tensor_new(in, t->u.tensor->dims, t->u.tensor->rank, t->u.tensor->dtype);
        p->is_parameter = true;
        Event *e = event_add(in, EV_REF, site);
        e->dotted = "register_buffer";
        vec_push(in->arena, &e->out, p);
        t = v_tensor(in, p, site);
    }
    module_set_attr(in, self, name->u.str.s, t, site);
    return v_none(in);
}

static Value *submodule(Interp *in, Value *self, Args *args)
{
    Value *path = args->pos.len ? args->pos.at[0] : args->kw.len ? args->kw.at[0] : NULL;
    ChildVec all = {0};
    descend(in, self, "", 0, &all);
    for (int i = 0; path && path->kind == V_STR && i < all.len; i++)
        if (str_eq(all.at[i].name, path->u.str.s))
            return all.at[i].value;
    return v_unknown(in, "no submodule of that name");
}

/* model.build((None, 32, 32, 3)) from outside: what the network takes. */
static Value *build_hint(Interp *in, Value *self, Args *args, Node *site)
{
    Value *shape = argument(args, 0, "input_shape");
    PivotNN *nn = self->kind == V_OBJECT      ? self->u.obj->nn
                  : self->kind == V_CONTAINER ? self->u.cont->nn
                                              : NULL;
    if (!nn || !shape || in->forced > 0)
        return v_none(in);
    ShapeHint h = {.nn = nn, .site = site};
    h.dims = shape_value_dims(in, shape, &h.rank, false);
    if (h.rank > 0)
        vec_push(in->arena, &fw(in)->hints, h);
    return v_none(in);
}

static Value *children_method(Interp *in, Value *self, const char *name)
{
    ChildVec cs = {0};
    bool named = str_starts(name, "named_");
    const char *what = named ? name + 6 : name;
    if (str_eq(what, "children")) {
        children_of(in, self, &cs);
        return listed(in, &cs, named);
    }
    if (!str_eq(what, "modules"))
        return NULL;
    descend(in, self, "", 0, &cs);
    return listed(in, &cs, named);
}

static Value *training_method(Interp *in, Value *self, const char *name, Args *args, Node *site)
{
    Event *before = in->trace->events.len ? in->trace->events.at[in->trace->events.len - 1] : NULL;
    training_event(in, site, name, NULL, args);
    Event *e = in->trace->events.len ? in->trace->events.at[in->trace->events.len - 1] : NULL;
    if (e && e != before)
        e->nn = self->kind == V_OBJECT      ? self->u.obj->nn
                : self->kind == V_CONTAINER ? self->u.cont->nn
                                            : NULL;
    return v_unknown(in, "what %s gives back", name);
}

Value *module_method(Interp *in, Env *env, Value *self, const char *name, Args *args, Node *site)
{
    const Dialect *d = in->dialect;
    Value *v = children_method(in, self, name);
    if (v)
        return v;
    if (dialect_lists(d, "module_returns_self", name)) {
        if (args->pos.len && args->pos.at[0]->kind == V_FUNCTION &&
            str_eq(name, "apply")) { /* fn(module) for each */
            event_add(in, EV_INERT, site)->dotted = name;
        }
        return self;
    }
    if (dialect_lists(d, "module_training", name))
        return training_method(in, self, name, args, site);
    if (str_eq(name, "add_weight") || str_eq(name, "add_variable"))
        return add_weight(in, args, site);
    if (str_eq(name, "register_buffer") || str_eq(name, "register_parameter"))
        return register_tensor(in, self, args, site);
    if (str_eq(name, "get_submodule") || str_eq(name, "get_layer"))
        return submodule(in, self, args);
    if ((str_eq(name, "add_module") || str_eq(name, "register_module")) && self->kind == V_OBJECT) {
        Value *key = argument(args, 0, "name"), *m = argument(args, 1, "module");
        if (key && key->kind == V_STR && m)
            module_set_attr(in, self, key->u.str.s, m, site);
        event_add(in, EV_ITEM, site)->dotted = "module";
        return v_none(in);
    }
    if (str_eq(name, dialect_fact(d, "build")))
        return build_hint(in, self, args, site);
    if (str_eq(name, "parameters") || str_eq(name, "buffers") || str_starts(name, "named_"))
        return v_unknown(in, WEIGHTS_OF_MODULE);
    (void)env;
    Event *e = event_add(in, EV_INERT, site);
    e->dotted = name;
    if (dialect_lists(d, "zero_states", name)) /* what a layer begins with that is given none */
        return v_none(in);
    return v_unknown(in, "what %s gives back", name);
}
