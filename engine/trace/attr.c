/* Attributes: v.name read, set and deleted.
 *
 * For an instance the order is Python's: a property of its class, its own attributes, what its
 * class defines (functions come bound), then what its framework base has, then __getattr__.
 * get_attr gives NULL where there is nothing; whether that is an AttributeError or merely unknown
 * (a base that nobody sees here) is attr_or_raise's to say. */
#include <string.h>

#include "trace/pystate.h"

Value *class_lookup(ClassValue *c, const char *name, ClassValue **where)
{
    for (int i = 0; i < c->mro.len; i++) {
        Value *v = map_get(c->mro.at[i]->attrs, name);
        if (!v) continue;
        if (where) *where = c->mro.at[i];
        return v;
    }
    return NULL;
}

/* ---- binding ---- */

Value *bind_method(Interp *in, Value *f, Value *self)
{
    if (f->kind == V_BUILTIN) {
        Value *b = v_builtin(in, f->u.builtin.name, self);
        return b;
    }
    if (f->kind != V_FUNCTION || f->u.fn->self) return f;
    FunctionValue *fn = ARENA_NEW(in->arena, FunctionValue);
    *fn = *f->u.fn;
    fn->self = self;
    Value *v = v_copy(in, f);
    v->u.fn = fn;
    return v;
}

/* What a class attribute gives when read through an instance. */
static Value *descriptor_get(Interp *in, Value *a, ClassValue *owner, Value *self, Node *site)
{
    switch (a->kind) {
    case V_FUNCTION: return bind_method(in, a, self);
    case V_PROPERTY: {
        Value *getter = a->items.len ? a->items.at[0] : NULL;
        return getter ? call_with(in, NULL, getter, site, 1, &self)
                      : v_unknown(in, "a property that cannot be read");
    }
    case V_STATICMETHOD: return a->items.at[0];
    case V_CLASSMETHOD: return bind_method(in, a->items.at[0], v_class(in, self->u.obj->cls));
    case V_BUILTIN: {
        bool made = strcmp(a->u.builtin.name, "dataclass.__init__") == 0;
        return made || (owner && !owner->node) ? bind_method(in, a, self) : a;
    }
    default: return a;
    }
}

Value *user_method(Interp *in, Value *v, const char *name)
{
    if (v->kind != V_OBJECT || !v->u.obj->cls) return NULL;
    ClassValue *owner = NULL;
    Value *a = class_lookup(v->u.obj->cls, name, &owner);
    if (!a || a->kind == V_NONE || a->kind == V_PROPERTY) return NULL;
    return descriptor_get(in, a, owner, v, NULL);
}

Value *call_method(Interp *in, Value *v, const char *name, Node *site, int n, Value **args,
                   bool *found)
{
    Value *m = in->raising ? NULL : user_method(in, v, name);
    *found = m != NULL;
    return m ? call_with(in, NULL, m, site, n, args) : in->py->poison;
}

/* ---- instances ---- */

/* The attributes of an instance as a dict: self.__dict__, vars(self). Entries that are set go to
 * the instance. */
Value *object_dict(Interp *in, Value *of)
{
    Value *d = v_list(in, V_DICT);
    if (of->kind == V_OBJECT) d->u.obj = of->u.obj; /* dict_set stores there, too */
    const Map *m = of->kind == V_CLASS ? of->u.cls->attrs : of->u.obj->attrs;
    for (int i = 0; i < m->len; i++)
        if (m->entries[i].key) {
            vec_push(in->arena, &d->keys, v_str(in, m->entries[i].key));
            vec_push(in->arena, &d->items, m->entries[i].value);
        }
    return d;
}

static Value *object_special(Interp *in, Value *of, const char *name)
{
    Object *o = of->u.obj;
    if (strcmp(name, "__class__") == 0 && o->cls) return v_class(in, o->cls);
    if (strcmp(name, "__dict__") == 0) return object_dict(in, of);
    if (strcmp(name, "__module__") == 0) return v_str(in, "__main__");
    if (strcmp(name, "__doc__") == 0) return v_none(in);
    bool gets = strcmp(name, "__getattribute__") == 0 || (strcmp(name, "__getattr__") == 0 && o->nn);
    if (gets) return v_builtin(in, "object.__getattribute__", of);
    if (strcmp(name, "__setattr__") == 0) return v_builtin(in, "object.__setattr__", of);
    return NULL;
}

static Value *container_of(Interp *in, const Value *of)
{
    Value *c = v_new(in, V_CONTAINER);
    c->u.cont = of->u.obj->cont;
    c->origin = of->origin;
    return c;
}

/* Put on record: what the framework's modules have, the target's may lack. */
static Value *member(Interp *in, const Value *of, const char *name, Node *site, Value *v)
{
    if (!v || !site || site->kind != N_ATTRIBUTE || in->raising) return v;
    Event *e = event_add(in, EV_MEMBER, site);
    e->dotted = name;
    const Object *o = of->kind == V_OBJECT ? of->u.obj : NULL;
    if (o && o->layer && inherited_holds(in, o->layer, name)) of = o->layer;
    if (of->kind == V_LAYER) {
        e->layer = of->u.layer;
        e->row = of->built ? of->built->row : NULL;
        if (v->kind != V_TENSOR) attr_set(in->arena, &e->attrs, name, v_to_pvalue(in, v));
    }
    return v;
}

static Value *object_attr(Interp *in, Value *of, const char *name, Node *site)
{
    Object *o = of->u.obj;
    ClassValue *owner = NULL;
    Value *c = o->cls ? class_lookup(o->cls, name, &owner) : NULL, *v;
    if (c && c->kind == V_PROPERTY) return descriptor_get(in, c, owner, of, site);
    if ((v = map_get(o->attrs, name))) return v;
    if (c) return descriptor_get(in, c, owner, of, site);
    if ((v = object_special(in, of, name))) return v;
    if (o->cls && o->cls->is_namedtuple && (v = namedtuple_method(in, of, name))) return v;
    if (o->base && (v = type_method(in, o->base, name))) return v;
    if (o->cont && (v = container_attr(in, container_of(in, of), name, site))) return member(in, of, name, site, v);
    if (o->nn && (v = module_attr(in, of, name, site))) return member(in, of, name, site, v);
    if (o->nn && (v = forced_shadow(in, o->attrs, name))) return v;
    Value *getattr = user_method(in, of, "__getattr__");
    if (getattr && strncmp(name, "__", 2) != 0) {
        Value *arg = v_str(in, name);
        v = call_with(in, NULL, getattr, site, 1, &arg);
        if (in->raising && !in->py->unwinding &&
            exception_matches(in, in->result, v_class(in, exception_class(in, "AttributeError")))) {
            raise_clear(in);
            return NULL;
        }
        return v;
    }
    return NULL;
}

/* ---- classes, functions, builtins, modules ---- */

static Value *class_special(Interp *in, Value *of, const char *name)
{
    ClassValue *c = of->u.cls;
    if (strcmp(name, "__name__") == 0 || strcmp(name, "__qualname__") == 0)
        return v_str(in, c->name);
    if (strcmp(name, "__dict__") == 0) return object_dict(in, of);
    if (strcmp(name, "__module__") == 0) return v_str(in, "__main__");
    if (strcmp(name, "__class__") == 0) return v_builtin(in, "type", NULL);
    if (strcmp(name, "__doc__") == 0) return v_none(in);
    if (strcmp(name, "__bases__") == 0) {
        Value *t = v_list(in, V_TUPLE);
        t->items = c->bases;
        return t;
    }
    if (strcmp(name, "__mro__") == 0) {
        Value *t = v_list(in, V_TUPLE);
        for (int i = 0; i < c->mro.len; i++)
            vec_push(in->arena, &t->items, v_class(in, c->mro.at[i]));
        vec_push(in->arena, &t->items, v_builtin(in, "object", NULL));
        return t;
    }
    if (strcmp(name, "__members__") == 0 && c->is_enum) {
        ValueVec members = {0};
        Value *d = v_list(in, V_DICT);
        enum_members(in, c, &members);
        for (int i = 0; i < members.len; i++)
            dict_set(in, d, map_get(members.at[i]->u.obj->attrs, "name"), members.at[i]);
        return d;
    }
    return NULL;
}

static Value *class_attr(Interp *in, Value *of, const char *name)
{
    ClassValue *c = of->u.cls, *owner = NULL;
    Value *a = class_lookup(c, name, &owner);
    if (a && a->kind == V_CLASSMETHOD) return bind_method(in, a->items.at[0], of);
    if (a && a->kind == V_STATICMETHOD) return a->items.at[0];
    if (a) return a;
    if ((a = class_special(in, of, name))) return a;
    if (c->is_namedtuple && strcmp(name, "_make") == 0)
        return v_builtin(in, "namedtuple._make", of);
    if (c->ext_base) return v_ext(in, arena_printf(in->arena, "%s.%s", c->ext_base, name));
    for (int i = 0; i < c->mro.len;
         i++) /* an unbound method of a builtin base: dict.get(self, ...) */
        for (int k = 0; k < c->mro.at[i]->bases.len; k++)
            if (c->mro.at[i]->bases.at[k]->kind == V_BUILTIN &&
                (a = get_attr(in, c->mro.at[i]->bases.at[k], name, NULL)))
                return a;
    if (strncmp(name, "__", 2) == 0) {
        const char *full = arena_printf(in->arena, "object.%s", name);
        if (builtin_find(in, full)) return v_builtin(in, full, NULL);
    }
    return NULL;
}

static Value *function_attr(Interp *in, Value *of, const char *name)
{
    FunctionValue *fn = of->u.fn;
    Value *v = fn->attrs ? map_get(fn->attrs, name) : NULL;
    if (v) return v;
    if (strcmp(name, "__name__") == 0 || strcmp(name, "__qualname__") == 0)
        return v_str(in, fn->node->name ? fn->node->name : "<lambda>");
    if (strcmp(name, "__self__") == 0) return fn->self;
    if (strcmp(name, "__call__") == 0) return of;
    if (strcmp(name, "__func__") == 0) {
        FunctionValue *plain = ARENA_NEW(in->arena, FunctionValue);
        *plain = *fn;
        plain->self = NULL;
        v = v_copy(in, of);
        v->u.fn = plain;
        return v;
    }
    if (strcmp(name, "__doc__") == 0) {
        Node *doc = fn->node->kind == N_FUNCTION ? node_docstring(fn->node) : NULL;
        return doc && doc->a && doc->a->str ? v_strn(in, doc->a->str, (size_t)doc->a->str_len)
                                            : v_none(in);
    }
    if (strcmp(name, "__module__") == 0) return v_str(in, "__main__");
    if (strcmp(name, "__dict__") == 0) return v_list(in, V_DICT);
    if (strcmp(name, "__wrapped__") == 0) return NULL;
    return strncmp(name, "__", 2) == 0 ? v_unknown(in, "%s of a function", name) : NULL;
}

static Value *builtin_attr(Interp *in, Value *of, const char *name)
{
    const char *own = of->u.builtin.name;
    Value *self = of->u.builtin.self;
    if (strcmp(own, "functools.partial.call") == 0) {
        if (strcmp(name, "func") == 0) return self->items.at[0];
        if (strcmp(name, "args") == 0) return self->items.at[1];
        if (strcmp(name, "keywords") == 0) return self->items.at[2];
        return NULL;
    }
    if (strcmp(name, "__name__") == 0 || strcmp(name, "__qualname__") == 0) {
        const char *dot = strrchr(own, '.');
        return v_str(in, dot ? dot + 1 : own);
    }
    const Builtin *b = builtin_find(in, arena_printf(in->arena, "%s.%s", own, name));
    if (b) return v_builtin(in, b->name, NULL);
    if (strcmp(name, "__call__") == 0) return of;
    const char *full =
        strncmp(name, "__", 2) == 0 ? arena_printf(in->arena, "object.%s", name) : NULL;
    return full && builtin_find(in, full) ? v_builtin(in, full, NULL) : NULL;
}

static Value *ext_attr(Interp *in, Value *of, const char *name)
{
    const char *dotted = arena_printf(in->arena, "%s.%s", of->u.dotted, name);
    Value *v = stdlib_attr(in, dotted);
    if (v) return v;
    const char *version = strcmp(name, "__version__") == 0
                              ? dialect_fact(in->dialect, arena_printf(in->arena, "value:%s", dialect_canonical(in->dialect, in->arena, dotted)))
                              : NULL;
    if (version) return v_str(in, version);
    if (strcmp(name, "__name__") == 0) {
        const char *dot = strrchr(of->u.dotted, '.');
        return v_str(in, dot ? dot + 1 : of->u.dotted);
    }
    return v_ext(in, dotted);
}

static Value *super_attr(Interp *in, Value *of, const char *name, Node *site)
{
    Value *self = of->u.super.self;
    ClassValue *cls = self->kind == V_OBJECT  ? self->u.obj->cls
                      : self->kind == V_CLASS ? self->u.cls
                                              : NULL;
    bool past = false;
    for (int i = 0; cls && i < cls->mro.len; i++) {
        ClassValue *c = cls->mro.at[i];
        if (past) {
            Value *a = map_get(c->attrs, name);
            if (a && self->kind == V_OBJECT) return descriptor_get(in, a, c, self, site);
            if (a && a->kind == V_CLASSMETHOD) return bind_method(in, a->items.at[0], self);
            if (a) return a;
        }
        past |= c == of->u.super.after;
    }
    return v_builtin(in, arena_printf(in->arena, "super.%s", name), self);
}

static Value *property_attr(Interp *in, Value *of, const char *name)
{
    static const char *const names[] = {"setter", "getter", "deleter"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0)
            return v_builtin(in, arena_printf(in->arena, "property.%s", name), of);
    if (strcmp(name, "fget") == 0 && of->items.len) return of->items.at[0];
    return NULL;
}

static Value *marked_attr(Interp *in, Value *of, Value *v)
{
    return v && (of->from_param || of->is_training_flag) ? v_marked(in, v, of) : v;
}

Value *get_attr(Interp *in, Value *of, const char *name, Node *site)
{
    if (in->raising) return in->py->poison;
    Value *v;
    switch (of->kind) {
    case V_OBJECT: return object_attr(in, of, name, site);
    case V_CLASS: v = class_attr(in, of, name); break;
    case V_EXT: v = ext_attr(in, of, name); break;
    case V_FUNCTION: v = function_attr(in, of, name); break;
    case V_BUILTIN: v = builtin_attr(in, of, name); break;
    case V_MODULE: return map_get(of->u.obj->attrs, name);
    case V_TENSOR: return tensor_attr(in, of, name, site);
    case V_LAYER: return member(in, of, name, site, layer_attr(in, of, name, site));
    case V_CONTAINER: return member(in, of, name, site, container_attr(in, of, name, site));
    case V_HANDLE: return handle_attr(in, of, name, site);
    case V_SUPER: return super_attr(in, of, name, site);
    case V_PROPERTY: return property_attr(in, of, name);
    case V_UNKNOWN: return of;
    default:
        if (strcmp(name, "__class__") == 0) return type_of(in, of);
        v = type_method(in, of, name);
        break;
    }
    return marked_attr(in, of, v);
}

Value *attr_or_raise(Interp *in, Value *of, const char *name, Node *site)
{
    Value *v = get_attr(in, of, name, site);
    if (in->raising) return in->py->poison;
    if (v) return v;
    if (of->kind == V_TUPLE && of->items.len == 2 && of->items.at[0]->kind == V_TENSOR) {
        /* what an operation gives with its places: max(x, dim), topk */
        if (str_eq(name, "values")) return of->items.at[0];
        if (str_eq(name, "indices")) return of->items.at[1];
    }
    const char *type = v_type_name(of);
    if (of->kind == V_LAYER || of->kind == V_CONTAINER || of->kind == V_TENSOR)
        return v_unknown(in, "attribute %s of a %s", name, type);
    if ((of->kind == V_OBJECT && (!of->u.obj->cls || of->u.obj->cls->is_open)) ||
        (of->kind == V_CLASS && of->u.cls->is_open))
        return v_unknown(in, "attribute %s of %s", name,
                         of->kind == V_CLASS ? of->u.cls->name : type);
    if (of->kind == V_MODULE)
        return raise_error(in, "AttributeError", site, "module has no attribute '%s'", name);
    if (of->kind == V_CLASS)
        return raise_error(in, "AttributeError", site, "type object '%s' has no attribute '%s'",
                           of->u.cls->name, name);
    return raise_error(in, "AttributeError", site, "'%s' object has no attribute '%s'", type, name);
}

/* ---- setting ---- */

/* Past __setattr__ and properties: what object.__setattr__ does. */
static void object_store(Interp *in, Value *of, const char *name, Value *v, Node *site)
{
    Object *o = of->u.obj;
    if (o->nn) {
        module_set_attr(in, of, name, v, site);
        return;
    }
    forced_note_map(in, o->attrs, name);
    map_set(o->attrs, name, v);
}

static void object_set(Interp *in, Value *of, const char *name, Value *v, Node *site)
{
    Object *o = of->u.obj;
    Value *c = o->cls ? class_lookup(o->cls, name, NULL) : NULL;
    if (c && c->kind == V_PROPERTY) {
        Value *args[] = {of, v};
        if (c->items.len > 1 && c->items.at[1]) call_with(in, NULL, c->items.at[1], site, 2, args);
        else if (c->items.len > 3)
            object_store(in, of, name, v, site); /* functools.cached_property */
        else
            raise_error(in, "AttributeError", site, "property '%s' of '%s' object has no setter",
                        name, v_type_name(of));
        return;
    }
    Value *hook = user_method(in, of, "__setattr__");
    if (hook) {
        Value *args[] = {v_str(in, name), v};
        call_with(in, NULL, hook, site, 2, args);
        return;
    }
    object_store(in, of, name, v, site);
}

static bool reserved(const Dialect *d, const char *name)
{
    for (int i = 0; i < d->reserved.len; i++)
        if (str_eq(d->reserved.at[i], name)) return true;
    return dialect_lists(d, "module_unknown_attributes", name);
}

/* What the framework's own models are given beside what they have: nothing of the network hangs on it, code may read it. */
static void container_mark(Interp *in, Container *c, const char *name, Value *v, const Node *site)
{
    if (!c->nn || reserved(in->dialect, name)) return;
    if (!c->attrs) c->attrs = map_new(in->arena);
    forced_note_map(in, c->attrs, name);
    map_set(c->attrs, name, v);
    if (in->forced) return;
    Mark m = {.nn = c->nn, .name = name, .value = v_to_pvalue(in, v), .target = site};
    vec_push(in->arena, &in->trace->marks, m);
}

void set_attr(Interp *in, Value *of, const char *name, Value *v, Node *site)
{
    if (in->raising) return;
    switch (of->kind) {
    case V_OBJECT: object_set(in, of, name, v, site); break;
    case V_CLASS:
        forced_note_map(in, of->u.cls->attrs, name);
        map_set(of->u.cls->attrs, name, v);
        break;
    case V_FUNCTION:
        if (!of->u.fn->attrs) of->u.fn->attrs = map_new(in->arena);
        forced_note_map(in, of->u.fn->attrs, name);
        map_set(of->u.fn->attrs, name, v);
        break;
    case V_MODULE:
        forced_note_map(in, of->u.obj->attrs, name);
        map_set(of->u.obj->attrs, name, v);
        break;
    case V_SUPER:
        if (of->u.super.self->kind == V_OBJECT) object_store(in, of->u.super.self, name, v, site);
        break;
    case V_CONTAINER: container_mark(in, of->u.cont, name, v, site); break;
    case V_UNKNOWN:
    case V_EXT:
    case V_TENSOR:
    case V_LAYER:
    case V_HANDLE:
    case V_BUILTIN:
        break; /* nothing of the network's structure hangs on it */
    default:
        raise_error(in, "AttributeError", site, "'%s' object has no attribute '%s'",
                    v_type_name(of), name);
    }
}

/* object.__setattr__(self, name, value) and super().__setattr__(name, value). */
Value *object_setattr(Call *c)
{
    Value *self = c->self ? c->self : arg(c, 0, "self");
    int first = c->self ? 0 : 1;
    const char *name = nargs(c) > first ? v_text(c->args->pos.at[first]) : NULL;
    if (self && self->kind == V_OBJECT && name && nargs(c) > first + 1)
        object_store(c->in, self, name, c->args->pos.at[first + 1], c->site);
    return v_none(c->in);
}

bool del_attr(Interp *in, Value *of, const char *name)
{
    if (of->kind != V_OBJECT && of->kind != V_CLASS) return true;
    Map *m = of->kind == V_CLASS ? of->u.cls->attrs : of->u.obj->attrs;
    if (!map_has(m, name)) return of->kind == V_OBJECT && of->u.obj->cls && of->u.obj->cls->is_open;
    forced_note_map(in, m, name);
    map_remove(m, name);
    return true;
}
