/* Dataclasses and named tuples: classes whose __init__ is their list of fields.
 *
 * Fields are the annotated names of the class's body, in order, those of bases first. A dataclass
 * keeps them in
 * __dataclass_fields__ (name -> field object), both kinds keep their names in __match_args__. An
 * instance of a named tuple has a tuple for its base, so that indexing, unpacking and comparing are
 * the tuple's. */
#include <string.h>

#include "trace/pystate.h"

static bool is_field(const Value *v)
{
    return v && v->kind == V_OBJECT && v->u.obj->cls && !v->u.obj->cls->node &&
           strcmp(v->u.obj->cls->name, "Field") == 0;
}

static Value *field_part(const Value *field, const char *name)
{
    return map_get(field->u.obj->attrs, name);
}

static Value *new_field(Interp *in, const char *name, Value *dflt)
{
    Value *f = object_new(in, own_class(in, "Field"));
    if (is_field(dflt)) *f->u.obj->attrs = *dflt->u.obj->attrs;
    else if (dflt) map_set(f->u.obj->attrs, "default", dflt);
    map_set(f->u.obj->attrs, "name", v_str(in, name));
    return f;
}

static void add_fields(Interp *in, Value *fields, ClassValue *c)
{
    Value *names = map_get(c->attrs, "__annotations__");
    for (int i = 0; names && i < names->keys.len; i++) {
        const char *name = v_text(names->keys.at[i]);
        if (!name) continue;
        Value *dflt = map_get(c->attrs, name);
        Value *field = new_field(in, name, dflt);
        dict_set(in, fields, v_str(in, name), field);
        if (!is_field(dflt)) continue;
        if (field_part(field, "default")) map_set(c->attrs, name, field_part(field, "default"));
        else map_remove(c->attrs, name);
    }
}

static Value *match_args(Interp *in, const Value *fields)
{
    Value *t = v_list(in, V_TUPLE);
    for (int i = 0; i < fields->keys.len; i++) vec_push(in->arena, &t->items, fields->keys.at[i]);
    return t;
}

void dataclass_apply(Interp *in, Value *cls, Args *args)
{
    (void)args; /* frozen, order, eq, slots: nothing that changes what an instance holds */
    ClassValue *c = cls->u.cls;
    Value *fields = v_list(in, V_DICT);
    for (int i = c->mro.len - 1; i > 0; i--) {
        Value *inherited = map_get(c->mro.at[i]->attrs, "__dataclass_fields__");
        for (int k = 0; inherited && k < inherited->keys.len; k++)
            dict_set(in, fields, inherited->keys.at[k], inherited->items.at[k]);
    }
    add_fields(in, fields, c);
    map_set(c->attrs, "__dataclass_fields__", fields);
    map_set(c->attrs, "__match_args__", match_args(in, fields));
    if (!map_get(c->attrs, "__init__"))
        map_set(c->attrs, "__init__", v_builtin(in, "dataclass.__init__", NULL));
    c->is_dataclass = true;
}

static bool flag_off(Interp *in, const Value *field, const char *name)
{
    Value *v = field_part(field, name);
    return v && v_truth(in, v) == 0;
}

static Value *field_default(Interp *in, const Value *field, Node *site)
{
    Value *v = field_part(field, "default");
    if (v) return v;
    v = field_part(field, "default_factory");
    return v ? call_with(in, NULL, v, site, 0, NULL) : NULL;
}

static bool known_field(Interp *in, const Value *fields, const char *name)
{
    Value *f = dict_get(in, fields, name);
    return f && !flag_off(in, f, "init");
}

bool dataclass_init(Interp *in, Value *self, Args *args, Node *site)
{
    ClassValue *c = self->u.obj->cls;
    Value *fields = class_lookup(c, "__dataclass_fields__", NULL);
    if (!fields) return false;
    for (int i = 0; i < args->kw_names.len; i++)
        if (!known_field(in, fields, args->kw_names.at[i])) {
            raise_error(in, "TypeError", site,
                        "%s.__init__() got an unexpected keyword argument '%s'", c->name,
                        args->kw_names.at[i]);
            return false;
        }
    int at = 0;
    for (int i = 0; i < fields->keys.len && !in->raising; i++) {
        const char *name = v_text(fields->keys.at[i]);
        Value *field = fields->items.at[i], *v = NULL;
        if (!flag_off(in, field, "init")) {
            v = args_kw(args, name);
            if (!v && at < args->pos.len) v = args->pos.at[at++];
        }
        if (!v) v = field_default(in, field, site);
        if (!v && args->unknown_star)
            v = v_unknown(in, "field %s came out of something that is not known", name);
        if (!v && !flag_off(in, field, "init"))
            raise_error(in, "TypeError", site,
                        "%s.__init__() missing 1 required positional argument: '%s'", c->name,
                        name);
        if (v) set_attr(in, self, name, v, site);
    }
    if (at < args->pos.len && !in->raising)
        raise_error(in, "TypeError", site,
                    "%s.__init__() takes %d positional arguments but %d were given", c->name,
                    fields->keys.len + 1, args->pos.len + 1);
    bool found;
    if (!in->raising) call_method(in, self, "__post_init__", site, 0, NULL, &found);
    return !in->raising;
}

static Value *dc_init(Call *c)
{
    Value *self = c->self;
    Args rest = *c->args;
    if (!self && nargs(c)) { /* Base.__init__(self, ...) */
        self = arg(c, 0, NULL);
        rest.pos.at++;
        rest.pos.cap = --rest.pos.len;
    }
    if (self && self->kind == V_OBJECT) dataclass_init(c->in, self, &rest, c->site);
    return v_none(c->in);
}

/* ---- the functions of dataclasses ---- */

static Value *dc_dataclass(Call *c)
{
    Value *cls = arg(c, 0, NULL);
    if (!cls) return v_builtin(c->in, "dataclasses.dataclass", NULL); /* @dataclass(frozen=True) */
    if (cls->kind == V_CLASS) dataclass_apply(c->in, cls, c->args);
    return cls;
}

static Value *dc_field(Call *c)
{
    Value *f = object_new(c->in, own_class(c->in, "Field"));
    for (int i = 0; i < c->args->kw.len; i++)
        map_set(f->u.obj->attrs, c->args->kw_names.at[i], c->args->kw.at[i]);
    return f;
}

static Value *fields_of(Call *c, Value **self)
{
    *self = arg(c, 0, NULL);
    if (!*self) return NULL;
    ClassValue *cls = (*self)->kind == V_OBJECT  ? (*self)->u.obj->cls
                      : (*self)->kind == V_CLASS ? (*self)->u.cls
                                                 : NULL;
    return cls ? class_lookup(cls, "__dataclass_fields__", NULL) : NULL;
}

static Value *as_plain(Interp *in, Value *v, bool dict, int depth)
{
    Value *fields = v->kind == V_OBJECT && v->u.obj->cls && depth < 40
                        ? class_lookup(v->u.obj->cls, "__dataclass_fields__", NULL)
                        : NULL;
    if (fields) {
        Value *d = v_list(in, dict ? V_DICT : V_TUPLE);
        for (int i = 0; i < fields->keys.len; i++) {
            Value *item = map_get(v->u.obj->attrs, v_text(fields->keys.at[i]));
            item = as_plain(in, item ? item : v_none(in), dict, depth + 1);
            if (dict) vec_push(in->arena, &d->keys, fields->keys.at[i]);
            vec_push(in->arena, &d->items, item);
        }
        return d;
    }
    if ((v->kind == V_LIST || v->kind == V_TUPLE) && depth < 40) {
        Value *l = v_list(in, v->kind);
        for (int i = 0; i < v->items.len; i++)
            vec_push(in->arena, &l->items, as_plain(in, v->items.at[i], dict, depth + 1));
        return l;
    }
    return v;
}

static Value *dc_asdict(Call *c)
{
    return nargs(c) ? as_plain(c->in, arg(c, 0, NULL), true, 0)
                    : v_unknown(c->in, "asdict() of nothing");
}

static Value *dc_astuple(Call *c)
{
    return nargs(c) ? as_plain(c->in, arg(c, 0, NULL), false, 0)
                    : v_unknown(c->in, "astuple() of nothing");
}

static Value *dc_fields(Call *c)
{
    Value *self, *fields = fields_of(c, &self);
    if (!fields) return v_unknown(c->in, "the fields of something that is no dataclass");
    Value *t = v_list(c->in, V_TUPLE);
    for (int i = 0; i < fields->items.len; i++)
        vec_push(c->in->arena, &t->items, fields->items.at[i]);
    return t;
}

static Value *dc_is_dataclass(Call *c)
{
    Value *self;
    return v_bool(c->in, fields_of(c, &self) != NULL);
}

static Value *dc_replace(Call *c)
{
    Value *self, *fields = fields_of(c, &self);
    if (!fields || self->kind != V_OBJECT)
        return v_unknown(c->in, "replace() of something that is no dataclass");
    Args args = {0};
    for (int i = 0; i < fields->keys.len; i++) {
        const char *name = v_text(fields->keys.at[i]);
        Value *v = args_kw(c->args, name);
        if (!v) v = map_get(self->u.obj->attrs, name);
        if (v && !flag_off(c->in, fields->items.at[i], "init"))
            args_push_kw(c->in, &args, name, v, NULL);
    }
    return instantiate(c->in, c->env, v_class(c->in, self->u.obj->cls), &args, c->site);
}

/* ---- named tuples ---- */

void namedtuple_apply(Interp *in, ClassValue *c)
{
    Value *names = map_get(c->attrs, "__annotations__");
    if (!names || map_get(c->attrs, "__match_args__")) return;
    Value *fields = v_list(in, V_TUPLE);
    for (int i = 0; i < names->keys.len; i++)
        vec_push(in->arena, &fields->items, names->keys.at[i]);
    Value *defaults = v_list(in, V_DICT);
    for (int i = 0; i < names->keys.len; i++) {
        Value *dflt = map_get(c->attrs, v_text(names->keys.at[i]));
        if (!dflt) continue;
        dict_set(in, defaults, names->keys.at[i], dflt);
        map_remove(c->attrs, v_text(names->keys.at[i]));
    }
    map_set(c->attrs, "__match_args__", fields);
    map_set(c->attrs, "_fields", fields);
    map_set(c->attrs, "_field_defaults", defaults);
}

Value *namedtuple_class(Interp *in, const char *name, const StrVec *fields,
                        const ValueVec *defaults)
{
    ClassValue *c = class_new(in, name);
    c->is_namedtuple = true;
    vec_push(in->arena, &c->mro, c);
    Value *names = v_list(in, V_TUPLE), *d = v_list(in, V_DICT);
    for (int i = 0; i < fields->len; i++)
        vec_push(in->arena, &names->items, v_str(in, fields->at[i]));
    for (int i = 0; i < defaults->len && i < fields->len; i++) /* they belong to the last fields */
        dict_set(in, d,
                 names->items
                     .at[fields->len - defaults->len + i < 0 ? 0 : fields->len - defaults->len + i],
                 defaults->at[i]);
    map_set(c->attrs, "__match_args__", names);
    map_set(c->attrs, "_fields", names);
    map_set(c->attrs, "_field_defaults", d);
    return v_class(in, c);
}

Value *namedtuple_make(Interp *in, ClassValue *c, Args *args, Node *site)
{
    Value *fields = class_lookup(c, "__match_args__", NULL),
          *defaults = class_lookup(c, "_field_defaults", NULL);
    Value *self = v_new(in, V_OBJECT), *tuple = v_list(in, V_TUPLE);
    self->u.obj = ARENA_NEW(in->arena, Object);
    self->u.obj->cls = c;
    self->u.obj->attrs = map_new(in->arena);
    self->u.obj->base = tuple;
    self->origin = site;
    for (int i = 0; fields && i < fields->items.len; i++) {
        const char *name = v_text(fields->items.at[i]);
        Value *v = i < args->pos.len ? args->pos.at[i] : args_kw(args, name);
        if (!v && defaults) v = dict_get(in, defaults, name);
        if (!v && args->unknown_star)
            v = v_unknown(in, "field %s came out of something that is not known", name);
        if (!v)
            return raise_error(in, "TypeError", site,
                               "%s.__new__() missing 1 required positional argument: '%s'", c->name,
                               name);
        map_set(self->u.obj->attrs, name, v);
        vec_push(in->arena, &tuple->items, v);
    }
    if (fields && args->pos.len > fields->items.len)
        return raise_error(in, "TypeError", site,
                           "%s.__new__() takes %d positional arguments but %d were given", c->name,
                           fields->items.len + 1, args->pos.len + 1);
    return self;
}

/* namedtuple("P", "x y", defaults=(...)). */
static Value *nt_namedtuple(Call *c)
{
    Value *name = arg(c, 0, "typename"), *list = arg(c, 1, "field_names"),
          *defaults = arg(c, -1, "defaults");
    StrVec fields = {0};
    ValueVec dflts = {0}, names = {0};
    if (!name || !v_text(name) || !list) return v_unknown(c->in, "a named tuple");
    if (v_text(list)) {
        for (const char *s = v_text(list); *s;) {
            size_t n = strcspn(s, " ,\t\n");
            if (n) vec_push(c->in->arena, &fields, arena_strndup(c->in->arena, s, n));
            s += n + (s[n] != 0);
        }
    } else if (iterate(c->in, list, &names, c->site)) {
        for (int i = 0; i < names.len; i++)
            if (v_text(names.at[i])) vec_push(c->in->arena, &fields, v_text(names.at[i]));
    }
    if (defaults && defaults->kind != V_NONE) iterate(c->in, defaults, &dflts, c->site);
    return namedtuple_class(c->in, v_text(name), &fields, &dflts);
}

static Value *nt_make(Call *c)
{
    Args args = {0};
    ValueVec items = {0};
    if (!c->self || c->self->kind != V_CLASS || !arg_list(c, 0, &items))
        return v_unknown(c->in, "a named tuple");
    for (int i = 0; i < items.len; i++) args_push(c->in, &args, items.at[i], NULL);
    return namedtuple_make(c->in, c->self->u.cls, &args, c->site);
}

static Value *nt_replace(Call *c)
{
    Value *fields = class_lookup(c->self->u.obj->cls, "__match_args__", NULL);
    Args args = {0};
    for (int i = 0; fields && i < fields->items.len; i++) {
        Value *v = args_kw(c->args, v_text(fields->items.at[i]));
        args_push(c->in, &args, v ? v : c->self->u.obj->base->items.at[i], NULL);
    }
    return namedtuple_make(c->in, c->self->u.obj->cls, &args, c->site);
}

static Value *nt_asdict(Call *c)
{
    Value *fields = class_lookup(c->self->u.obj->cls, "__match_args__", NULL),
          *d = v_list(c->in, V_DICT);
    for (int i = 0; fields && i < fields->items.len; i++)
        dict_set(c->in, d, fields->items.at[i], c->self->u.obj->base->items.at[i]);
    return d;
}

/* Methods of instances that no class of the file defines. */
Value *namedtuple_method(Interp *in, Value *self, const char *name)
{
    if (strcmp(name, "_replace") == 0) return v_builtin(in, "namedtuple._replace", self);
    if (strcmp(name, "_asdict") == 0) return v_builtin(in, "namedtuple._asdict", self);
    return NULL;
}

const Builtin builtins_record[] = {
    {"dataclass.__init__", dc_init},
    {"dataclasses.dataclass", dc_dataclass}, {"dataclasses.field", dc_field},
    {"dataclasses.asdict", dc_asdict},       {"dataclasses.astuple", dc_astuple},
    {"dataclasses.fields", dc_fields},       {"dataclasses.is_dataclass", dc_is_dataclass},
    {"dataclasses.replace", dc_replace},     {"collections.namedtuple", nt_namedtuple},
    {"namedtuple._make", nt_make},           {"namedtuple._replace", nt_replace},
    {"namedtuple._asdict", nt_asdict},       {NULL, NULL},
};
