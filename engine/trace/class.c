/* Classes: the class statement, the order of bases, instances.
 *
 * A class of the file is a ClassValue whose attributes are the variables of its body. Bases of the
 * framework stay names; the first of them in the method resolution order decides what an instance
 * is to the other half of the room. The order itself (C3) is that of the file's classes alone. */
#include <string.h>

#include "trace/pystate.h"

ClassValue *class_new(Interp *in, const char *name)
{
    ClassValue *c = ARENA_NEW(in->arena, ClassValue);
    c->name = name;
    c->attrs = map_new(in->arena);
    return c;
}

bool class_is(const ClassValue *c, const ClassValue *of)
{
    for (int i = 0; i < c->mro.len; i++)
        if (c->mro.at[i] == of) return true;
    return false;
}

const char *class_builtin_base(const ClassValue *c)
{
    static const char *const types[] = {"dict",  "list", "tuple", "str",      "int",
                                        "float", "set",  "bytes", "frozenset"};
    for (int i = 0; i < c->mro.len; i++)
        for (int k = 0; k < c->mro.at[i]->bases.len; k++) {
            const Value *b = c->mro.at[i]->bases.at[k];
            if (b->kind != V_BUILTIN) continue;
            for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++)
                if (strcmp(b->u.builtin.name, types[t]) == 0) return types[t];
            if (strcmp(b->u.builtin.name, "collections.OrderedDict") == 0) return "dict";
            if (strcmp(b->u.builtin.name, "collections.deque") == 0) return "list";
        }
    return NULL;
}

/* ---- method resolution order ---- */

typedef VEC(ClassValue *) ClassVec;

static bool in_tail(const ClassVec *lists, const int *at, int n, const ClassValue *c)
{
    for (int i = 0; i < n; i++)
        for (int k = at[i] + 1; k < lists[i].len; k++)
            if (lists[i].at[k] == c) return true;
    return false;
}

/* C3: repeatedly the first head that stands in no other list's tail. */
bool class_linearise(Interp *in, ClassValue *c, Node *site)
{
    int nb = 0;
    ClassVec *lists = ARENA_ARRAY(in->arena, ClassVec, c->bases.len + 1);
    int *at = ARENA_ARRAY(in->arena, int, c->bases.len + 1);
    ClassVec *direct = &lists[c->bases.len];
    for (int i = 0; i < c->bases.len; i++)
        if (c->bases.at[i]->kind == V_CLASS) {
            ClassValue *b = c->bases.at[i]->u.cls;
            for (int k = 0; k < b->mro.len; k++) vec_push(in->arena, &lists[nb], b->mro.at[k]);
            vec_push(in->arena, direct, b);
            nb++;
        }
    lists[nb] = *direct;
    int n = nb + 1;
    c->mro.len = 0;
    vec_push(in->arena, &c->mro, c);
    for (;;) {
        ClassValue *next = NULL;
        bool left = false;
        for (int i = 0; i < n && !next; i++) {
            if (at[i] >= lists[i].len) continue;
            left = true;
            if (!in_tail(lists, at, n, lists[i].at[at[i]])) next = lists[i].at[at[i]];
        }
        if (!left) return true;
        if (!next) {
            raise_error(in, "TypeError", site,
                        "Cannot create a consistent method resolution order (MRO) for bases of %s",
                        c->name);
            return false;
        }
        vec_push(in->arena, &c->mro, next);
        for (int i = 0; i < n; i++)
            if (at[i] < lists[i].len && lists[i].at[at[i]] == next) at[i]++;
    }
}

/* ---- bases ---- */

static bool inert_base(const char *d)
{
    static const char *const names[] = {"abc.ABC", "typing.Generic", "typing.Protocol",
                                        "abc.ABCMeta"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(d, names[i]) == 0) return true;
    return strncmp(d, "typing", 6) == 0 || strncmp(d, "collections.abc", 15) == 0;
}

static bool is_enum_base(const char *d)
{
    static const char *const names[] = {"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag",
                                        "enum.IntFlag"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(d, names[i]) == 0) return true;
    return false;
}

/* A class of the framework from which a module can derive: a module base, a layer, a container. */
static bool framework_base(Interp *in, const char *dotted)
{
    if (!in->dialect) return false;
    if (dialect_is_module_base(in->dialect, dotted)) return true;
    return dialect_read(in->dialect, FORM_LAYER, dotted, 0) != NULL;
}

static void add_base(Interp *in, ClassValue *c, Value *b)
{
    if (b->kind == V_UNKNOWN) {
        c->is_open = true;
        return;
    }
    if (b->kind == V_EXT) {
        const char *d = b->u.dotted;
        if (is_enum_base(d)) {
            c->is_enum = true;
            if (strcmp(d, "enum.IntEnum") == 0 || strcmp(d, "enum.IntFlag") == 0)
                vec_push(in->arena, &c->bases, v_builtin(in, "int", NULL));
            if (strcmp(d, "enum.StrEnum") == 0)
                vec_push(in->arena, &c->bases, v_builtin(in, "str", NULL));
            return;
        }
        if (strcmp(d, "typing.NamedTuple") == 0) c->is_namedtuple = true;
        if (inert_base(d)) return;
        c->is_open = true;
        if (!c->ext_base && framework_base(in, d)) {
            c->ext_base = d;
            c->is_module = true;
        }
    }
    if (b->kind == V_CLASS) {
        ClassValue *base = b->u.cls;
        if (!c->ext_base) c->ext_base = base->ext_base;
        c->is_module |= base->is_module;
        c->is_open |= base->is_open;
        c->is_enum |= base->is_enum;
        c->is_dataclass |= base->is_dataclass;
        c->is_namedtuple |= base->is_namedtuple;
    }
    if (b->kind == V_BUILTIN && strcmp(b->u.builtin.name, "object") == 0) return;
    vec_push(in->arena, &c->bases, b);
}

static void define(ClassValue *c)
{
    if (!c->def) return;
    c->def->kind = c->is_module ? DEF_MODULE_CLASS : DEF_PLAIN_CLASS;
    c->def->base = c->is_module ? c->ext_base : NULL;
    c->def->reached = true;
}

static void init_subclass(Interp *in, Value *cls)
{
    ClassValue *c = cls->u.cls;
    for (int i = 1; i < c->mro.len; i++) {
        Value *hook = map_get(c->mro.at[i]->attrs, "__init_subclass__");
        if (!hook) continue;
        if (hook->kind == V_CLASSMETHOD) hook = hook->items.at[0];
        call_with(in, NULL, bind_method(in, hook, cls), c->node, 0, NULL);
        return;
    }
}

void exec_class(Interp *in, Env *env, Node *n)
{
    ClassValue *c = class_new(in, n->name ? n->name : "?");
    c->node = n;
    c->def = definition_of_node(in, n);
    Args bases = {0};
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *b = n->items.at[i];
        if (b->kind == N_KEYWORD) eval_quiet(in, env, b->a); /* metaclass= */
        else if (b->kind == N_STAR || b->kind == N_DSTAR) c->is_open = true;
        else args_push(in, &bases, eval_quiet(in, env, b), b);
    }
    for (int i = 0; i < bases.pos.len && !in->raising; i++) add_base(in, c, bases.pos.at[i]);
    if (in->raising || !class_linearise(in, c, n)) return;
    define(c);
    Env *body = env_new(in, env);
    body->is_class = true;
    body->cls = c;
    c->env = body;
    c->attrs = &body->vars;
    exec_block(in, body, &n->body);
    if (in->raising) return;
    if (c->is_enum) enum_apply(in, c);
    if (c->is_namedtuple) namedtuple_apply(in, c);
    Value *v = v_class(in, c);
    init_subclass(in, v);
    v = decorate(in, env, &n->decorators, v);
    if (!in->raising) env_set(env, c->name, v);
}

Value *class_make(Interp *in, const char *name, const ValueVec *bases, Value *attrs, Node *site)
{
    ClassValue *c = class_new(in, name);
    c->node = site;
    for (int i = 0; i < bases->len; i++) add_base(in, c, bases->at[i]);
    if (!class_linearise(in, c, site)) return in->py->poison;
    for (int i = 0; attrs->kind == V_DICT && i < attrs->keys.len; i++)
        if (v_text(attrs->keys.at[i]))
            map_set(c->attrs, v_text(attrs->keys.at[i]), attrs->items.at[i]);
    return v_class(in, c);
}

/* ---- instances ---- */

static bool is_exception_class(const ClassValue *c)
{
    for (int i = 0; i < c->mro.len; i++)
        if (!c->mro.at[i]->node && strcmp(c->mro.at[i]->name, "BaseException") == 0) return true;
    return false;
}

static Value *base_value(Interp *in, const char *type, Args *args, Node *site)
{
    return call_builtin(in, in->globals, type, NULL, args, site);
}

Value *object_new(Interp *in, ClassValue *c)
{
    Value *v = v_new(in, V_OBJECT);
    v->u.obj = ARENA_NEW(in->arena, Object);
    v->u.obj->cls = c;
    v->u.obj->attrs = map_new(in->arena);
    const char *base = class_builtin_base(c);
    if (base &&
        (strcmp(base, "dict") == 0 || strcmp(base, "list") == 0 || strcmp(base, "set") == 0)) {
        Args none = {0};
        v->u.obj->base = base_value(in, base, &none, NULL);
    }
    return v;
}

static bool immutable_base(const char *base)
{
    return base && strcmp(base, "dict") != 0 && strcmp(base, "list") != 0 &&
           strcmp(base, "set") != 0;
}

/* __new__: a fresh instance, or whatever the class's own __new__ gives. */
static Value *make_instance(Interp *in, Env *env, Value *cls, Args *args, Node *site)
{
    ClassValue *c = cls->u.cls;
    Value *own = class_lookup(c, "__new__", NULL);
    if (own && own->kind == V_STATICMETHOD) own = own->items.at[0];
    if (own && own->kind == V_FUNCTION) {
        Args with_cls = {0};
        args_push(in, &with_cls, cls, NULL);
        for (int i = 0; i < args->pos.len; i++)
            args_push(in, &with_cls, args->pos.at[i], args->pos_expr[i]);
        for (int i = 0; i < args->kw.len; i++)
            args_push_kw(in, &with_cls, args->kw_names.at[i], args->kw.at[i], args->kw_expr.at[i]);
        with_cls.unknown_star = args->unknown_star;
        return call_value(in, env, own, &with_cls, site);
    }
    Value *v = object_new(in, c);
    const char *base = class_builtin_base(c);
    if (immutable_base(base)) v->u.obj->base = base_value(in, base, args, site);
    if (is_exception_class(c)) {
        Value *list = v_list(in, V_TUPLE);
        list->items = args->pos;
        map_set(v->u.obj->attrs, "args", list);
    }
    return v;
}

/* What runs where no class of the file has an __init__. */
static void base_init(Interp *in, Value *self, Args *args, Node *site)
{
    ClassValue *c = self->u.obj->cls;
    if (c->is_dataclass) {
        dataclass_init(in, self, args, site);
    } else if (c->is_module) {
        bool known = false;
        module_base_method(in, self, "__init__", args, site, &known);
    } else if (self->u.obj->base) {
        const char *base = class_builtin_base(c);
        if (base && !immutable_base(base)) self->u.obj->base = base_value(in, base, args, site);
    } else if ((args->pos.len || args->kw.len) && !c->is_open && !is_exception_class(c) &&
               !class_lookup(c, "__new__", NULL)) {
        raise_error(in, "TypeError", site, "%s() takes no arguments", c->name);
    }
}

static void run_init(Interp *in, Env *env, Value *self, Args *args, Node *site)
{
    Value *init = user_method(in, self, "__init__");
    if (init) call_value(in, env, init, args, site);
    else base_init(in, self, args, site);
}

/* The constructor of a module runs for its own instance, and not as a part of a forward pass. */
static void construct_module(Interp *in, Env *env, Value *self, Args *args, Node *site)
{
    PivotNN *self_nn = in->self_nn, *graph_nn = in->graph_nn;
    bool constructing = in->constructing;
    Value *pending = in->py->pending_init;
    module_init(in, self, site);
    in->self_nn = self->u.obj->nn;
    in->graph_nn = NULL;
    in->constructing = true;
    in->py->pending_init = self;
    run_init(in, env, self, args, site);
    in->py->pending_init = pending;
    in->self_nn = self_nn;
    in->graph_nn = graph_nn;
    in->constructing = constructing;
}

Value *instantiate(Interp *in, Env *env, Value *cls, Args *args, Node *site)
{
    ClassValue *c = cls->u.cls;
    if (in->raising || !step(in, site)) return in->py->poison;
    if (c->is_enum) return enum_call(in, c, args, site);
    if (c->is_namedtuple && !class_lookup(c, "__new__", NULL))
        return namedtuple_make(in, c, args, site);
    Value *self = make_instance(in, env, cls, args, site);
    if (in->raising) return in->py->poison;
    if (self->kind != V_OBJECT || !self->u.obj->cls || !class_is(self->u.obj->cls, c)) return self;
    self->origin = site;
    if (c->def) {
        c->def->reached = true;
        if (!in->forced) c->def->runs++;
    }
    if (c->is_module && !self->u.obj->nn) construct_module(in, env, self, args, site);
    else run_init(in, env, self, args, site);
    return in->raising ? in->py->poison : self;
}

/* ---- super() beyond the file's classes ---- */

static Value *super_new(Call *c)
{
    Value *cls = nargs(c) ? c->args->pos.at[0] : c->self;
    if (cls->kind != V_CLASS) return v_unknown(c->in, "an instance made by __new__");
    if (cls->u.cls->is_namedtuple) {
        Args fields = *c->args;
        fields.pos.at++;
        fields.pos.cap = --fields.pos.len;
        return namedtuple_make(c->in, cls->u.cls, &fields, c->site);
    }
    Value *v = object_new(c->in, cls->u.cls);
    const char *base = class_builtin_base(cls->u.cls);
    if (immutable_base(base)) {
        Args rest = {0};
        for (int i = 1; i < c->args->pos.len; i++)
            args_push(c->in, &rest, c->args->pos.at[i], NULL);
        v->u.obj->base = base_value(c->in, base, &rest, c->site);
    }
    return v;
}

/* Methods of dict, list, ... that an instance of a derived class reaches through super(). */
static Value *super_base(Call *c, const char *method, Value *base)
{
    Interp *in = c->in;
    Value *a = nargs(c) > 0 ? c->args->pos.at[0] : NULL,
          *b = nargs(c) > 1 ? c->args->pos.at[1] : NULL;
    if (strcmp(method, "__init__") == 0) {
        const char *type = class_builtin_base(c->self->u.obj->cls);
        if (type && !immutable_base(type))
            c->self->u.obj->base = base_value(in, type, c->args, c->site);
        return v_none(in);
    }
    if (strcmp(method, "__getitem__") == 0 && a) return get_item(in, base, a, c->site);
    if (strcmp(method, "__setitem__") == 0 && b) set_item(in, base, a, b, c->site);
    else if (strcmp(method, "__delitem__") == 0 && a) del_item(in, base, a, c->site);
    else if (strcmp(method, "__len__") == 0) return length_value(in, base, c->site);
    else if (strcmp(method, "__contains__") == 0 && a) return compare(in, "in", a, base, c->site);
    else if (strcmp(method, "__iter__") == 0) {
        Value *it = v_list(in, V_ITER);
        iterate(in, base, &it->items, c->site);
        return it;
    } else if (strcmp(method, "__repr__") == 0 || strcmp(method, "__str__") == 0)
        return v_str(in, v_repr(in, base));
    else {
        Value *m = type_method(in, base, method);
        return m ? call_value(in, c->env, m, c->args, c->site) : NULL;
    }
    return v_none(in);
}

static Value *plain_attr(Call *c, Value *self)
{
    const char *name = nargs(c) ? v_text(c->args->pos.at[0]) : NULL;
    if (!name || self->kind != V_OBJECT) return v_unknown(c->in, "an attribute");
    Value *v = map_get(self->u.obj->attrs, name);
    if (!v && self->u.obj->nn) v = module_attr(c->in, self, name, c->site);
    return v ? v
             : raise_error(c->in, "AttributeError", c->site, "'%s' object has no attribute '%s'",
                           v_type_name(self), name);
}

static Value *super_object(Call *c, const char *method)
{
    Interp *in = c->in;
    Value *self = c->self;
    if (strcmp(method, "__setattr__") == 0) return object_setattr(c);
    if (strcmp(method, "__getattribute__") == 0 || strcmp(method, "__getattr__") == 0)
        return plain_attr(c, self);
    if (strcmp(method, "__repr__") == 0 || strcmp(method, "__str__") == 0)
        return v_str(in, arena_printf(in->arena, "<%s object>", v_type_name(self)));
    if (strcmp(method, "__eq__") == 0 && nargs(c))
        return v_bool(in, v_same_object(self, c->args->pos.at[0]));
    if (strcmp(method, "__ne__") == 0 && nargs(c))
        return v_bool(in, !v_same_object(self, c->args->pos.at[0]));
    if (strcmp(method, "__enter__") == 0) return self;
    if (strncmp(method, "__", 2) == 0)
        return v_none(in); /* __init__, __init_subclass__, __exit__, ... */
    return raise_error(in, "AttributeError", c->site, "'super' object has no attribute '%s'",
                       method);
}

Value *super_call(Call *c, const char *method)
{
    Interp *in = c->in;
    if (strcmp(method, "__new__") == 0) return super_new(c);
    if (c->self->kind == V_OBJECT) {
        ClassValue *cls = c->self->u.obj->cls;
        if (cls->is_module) {
            bool known = false;
            Value *v = module_base_method(in, c->self, method, c->args, c->site, &known);
            if (known) return v ? v : v_none(in);
            if (in->raising) return in->py->poison;
        }
        if (strcmp(method, "__init__") == 0 && class_lookup(cls, "__dataclass_fields__", NULL)) {
            dataclass_init(in, c->self, c->args, c->site); /* the base's, generated */
            return v_none(in);
        }
        if (is_exception_class(cls) && strcmp(method, "__init__") == 0) {
            Value *list = v_list(in, V_TUPLE);
            list->items = c->args->pos;
            forced_note_map(in, c->self->u.obj->attrs, "args");
            map_set(c->self->u.obj->attrs, "args", list);
            return v_none(in);
        }
        if (c->self->u.obj->base) {
            Value *v = super_base(c, method, c->self->u.obj->base);
            if (v) return v;
        }
        if (cls->is_open && strncmp(method, "__", 2) != 0)
            return v_unknown(in, "%s() of a base of %s", method, cls->name);
    }
    return super_object(c, method);
}
