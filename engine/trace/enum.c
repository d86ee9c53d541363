/* Enum classes: after the body ran, plain attributes become members, instances that know their name
 * and value. */
#include <string.h>

#include "trace/pystate.h"

static bool is_auto(const Value *v)
{
    return v->kind == V_BUILTIN && strcmp(v->u.builtin.name, "enum.auto.value") == 0;
}

static bool is_member_value(const char *name, const Value *v)
{
    if (name[0] == '_') return false;
    switch (v->kind) {
    case V_FUNCTION:
    case V_PROPERTY:
    case V_STATICMETHOD:
    case V_CLASSMETHOD:
    case V_CLASS:
        return false;
    default: return true;
    }
}

static Value *member_new(Interp *in, ClassValue *c, const char *name, Value *value)
{
    Value *m = v_new(in, V_OBJECT);
    m->u.obj = ARENA_NEW(in->arena, Object);
    m->u.obj->cls = c;
    m->u.obj->attrs = map_new(in->arena);
    m->origin = c->node;
    if (class_builtin_base(c) && (v_is_num(value) || value->kind == V_STR)) m->u.obj->base = value;
    map_set(m->u.obj->attrs, "name", v_str(in, name));
    map_set(m->u.obj->attrs, "value", value);
    map_set(m->u.obj->attrs, "_name_", v_str(in, name));
    map_set(m->u.obj->attrs, "_value_", value);
    Value *init = user_method(in, m, "__init__");
    if (init) {
        Args args = {0};
        if (value->kind == V_TUPLE)
            for (int i = 0; i < value->items.len; i++)
                args_push(in, &args, value->items.at[i], NULL);
        else args_push(in, &args, value, NULL);
        call_value(in, in->globals, init, &args, c->node);
    }
    return m;
}

void enum_apply(Interp *in, ClassValue *c)
{
    Value *list = v_list(in, V_LIST);
    Value *last = v_int(in, 0);
    for (int i = 0; i < c->attrs->len && !in->raising; i++) {
        const char *name = c->attrs->entries[i].key;
        if (!name || !is_member_value(name, c->attrs->entries[i].value)) continue;
        Value *value = c->attrs->entries[i].value, *member = NULL;
        if (is_auto(value)) {
            bool text = class_builtin_base(c) && strcmp(class_builtin_base(c), "str") == 0;
            value = text             ? v_str(in, name)
                    : v_is_int(last) ? v_int(in, v_as_int(last) + 1)
                                     : v_int(in, list->items.len + 1);
        }
        last = value;
        for (int k = 0; k < list->items.len && !member; k++) /* an alias is the same member */
            if (v_equal(in, map_get(list->items.at[k]->u.obj->attrs, "value"), value) > 0)
                member = list->items.at[k];
        if (!member) {
            member = member_new(in, c, name, value);
            vec_push(in->arena, &list->items, member);
        }
        map_set(c->attrs, name, member);
    }
    map_set(c->attrs, "_member_list_", list);
}

bool enum_members(Interp *in, const ClassValue *c, ValueVec *out)
{
    Value *list = class_lookup((ClassValue *)c, "_member_list_", NULL);
    for (int i = 0; list && i < list->items.len; i++) vec_push(in->arena, out, list->items.at[i]);
    return true;
}

Value *enum_call(Interp *in, ClassValue *c, Args *args, Node *site)
{
    Value *v = args->pos.len ? args->pos.at[0] : args_kw(args, "value");
    Value *list = class_lookup(c, "_member_list_", NULL);
    if (!v || v->kind == V_UNKNOWN) return v_unknown(in, "a member of %s", c->name);
    if (v->kind == V_OBJECT && v->u.obj->cls == c) return v;
    for (int i = 0; list && i < list->items.len; i++)
        if (v_equal(in, map_get(list->items.at[i]->u.obj->attrs, "value"), v) > 0)
            return v_marked(in, list->items.at[i], v);
    Value *missing = class_lookup(c, "_missing_", NULL);
    if (missing && missing->kind == V_CLASSMETHOD) {
        Value *r =
            call_with(in, NULL, bind_method(in, missing->items.at[0], v_class(in, c)), site, 1, &v);
        if (in->raising || r->kind != V_NONE) return r;
    }
    return raise_error(in, "ValueError", site, "%s is not a valid %s", v_repr(in, v), c->name);
}
