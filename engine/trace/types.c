/* What type a value has: type(), isinstance(), issubclass(), over Python's types, the file's
 * classes and the framework's. */
#include <string.h>

#include "trace/pystate.h"

ClassValue *own_class(Interp *in, const char *name)
{
    const char *key = arena_printf(in->arena, "@%s", name); /* apart from the exceptions */
    ClassValue *c = map_get(in->py->classes, key);
    if (c) return c;
    c = class_new(in, arena_strdup(in->arena, name));
    vec_push(in->arena, &c->mro, c);
    map_set(in->py->classes, key, c);
    return c;
}

Value *type_of(Interp *in, Value *v)
{
    switch (v->kind) {
    case V_OBJECT:
        return v->u.obj->cls ? v_class(in, v->u.obj->cls)
                             : v_class(in, own_class(in, "SimpleNamespace"));
    case V_CLASS: return v_builtin(in, "type", NULL);
    case V_UNKNOWN: return v;
    case V_EXT: case V_HANDLE: return v_unknown(in, "the type of %s", v_type_name(v));
    case V_LAYER: case V_CONTAINER: {
        const DialectRow *row = v->kind == V_LAYER ? v->row : v->u.cont->row;
        return row && row->names.len ? v_ext(in, row->names.at[0])
                                     : v_unknown(in, "the type of a layer");
    }
    case V_TENSOR: case V_MODULE: return v_unknown(in, "the type of a %s", v_type_name(v));
    default: return v_builtin(in, v_type_name(v), NULL);
    }
}

static const char *tail(const char *dotted)
{
    const char *dot = strrchr(dotted, '.');
    return dot ? dot + 1 : dotted;
}

static int python_type(Interp *in, Value *v, const char *t)
{
    Value *b = v_base(v);
    if (strcmp(t, "object") == 0) return 1;
    if (b->kind == V_UNKNOWN) return -1;
    if (strcmp(t, "int") == 0) return v_is_int(b);
    if (strcmp(t, "type") == 0)
        return v->kind == V_EXT ? -1 : v->kind == V_CLASS || v->kind == V_BUILTIN;
    if (strcmp(t, "tuple") == 0)
        return b->kind == V_TUPLE || b->kind == V_SHAPE ||
               (v->kind == V_OBJECT && v->u.obj->cls && v->u.obj->cls->is_namedtuple);
    if (strcmp(t, "frozenset") == 0) return b->kind == V_SET;
    if (strcmp(t, "dict") == 0 || strcmp(t, "collections.OrderedDict") == 0)
        return b->kind == V_DICT;
    if (strcmp(t, "collections.deque") == 0) return b->kind == V_LIST;
    if (strcmp(t, "functools.partial") == 0)
        return b->kind == V_BUILTIN && strcmp(b->u.builtin.name, "functools.partial.call") == 0;
    if (is_array(v)) return 0;
    if (b->kind == V_EXT)
        return strcmp(t, "str") == 0 || strcmp(t, "list") == 0
                   ? (dialect_owns(in->dialect, b->u.dotted) ? 0 : -1)
                   : 0;
    return strcmp(v_type_name(b), t) == 0;
}

/* Abstract types of typing, collections.abc and numbers; -1: not one of them. */
static int abstract_type(const Value *v, const char *dotted)
{
    const char *t = tail(dotted);
    bool seq = v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_STR || v->kind == V_RANGE ||
               v->kind == V_SHAPE || v->kind == V_BYTES;
    bool sized = seq || v->kind == V_DICT || v->kind == V_SET;
    if (strcmp(t, "Iterable") == 0 || strcmp(t, "Collection") == 0)
        return sized || v->kind == V_ITER || v->kind == V_TENSOR || v->kind == V_CONTAINER;
    if (strcmp(t, "Sequence") == 0) return seq;
    if (strcmp(t, "Mapping") == 0 || strcmp(t, "MutableMapping") == 0 || strcmp(t, "Dict") == 0)
        return v->kind == V_DICT;
    if (strcmp(t, "MutableSequence") == 0 || strcmp(t, "List") == 0) return v->kind == V_LIST;
    if (strcmp(t, "Tuple") == 0) return v->kind == V_TUPLE || v->kind == V_SHAPE;
    if (strcmp(t, "Set") == 0) return v->kind == V_SET;
    if (strcmp(t, "Callable") == 0)
        return v->kind == V_FUNCTION || v->kind == V_BUILTIN || v->kind == V_CLASS ||
               v->kind == V_LAYER || v->kind == V_CONTAINER || v->kind == V_EXT;
    if (strcmp(t, "Number") == 0 || strcmp(t, "Real") == 0) return v_is_num(v);
    if (strcmp(t, "Integral") == 0) return v_is_int(v);
    return -1;
}

static bool row_named(const DialectRow *row, const char *dotted)
{
    for (int i = 0; row && i < row->names.len; i++)
        if (strcmp(row->names.at[i], dotted) == 0) return true;
    return false;
}

static int framework_type(Interp *in, Value *v, const char *dotted)
{
    bool base = in->dialect && dialect_is_module_base(in->dialect, dotted);
    const char *t = tail(dotted);
    switch (v->kind) {
    case V_TENSOR:
        if (strcmp(t, "Parameter") == 0) return v->u.tensor->is_parameter;
        return strstr(t, "Tensor") != NULL ||
               (strcmp(t, "Variable") == 0 && v->u.tensor->is_parameter);
    case V_LAYER: return base || row_named(v->row, dotted);
    case V_CONTAINER:
        return base || row_named(v->u.cont->row, dotted) || strcmp(v->u.cont->what, t) == 0;
    case V_OBJECT: {
        const ClassValue *c = v->u.obj->cls;
        if (!c || !c->is_module) break;
        return (c->ext_base && strcmp(c->ext_base, dotted) == 0) || base;
    }
    default: break;
    }
    bool owned = in->dialect && dialect_owns(in->dialect, dotted);
    if (v->kind == V_EXT || v->kind == V_HANDLE) return -1;
    return owned || v->kind != V_OBJECT || !v->u.obj->cls || !v->u.obj->cls->is_open ? 0 : -1;
}

int is_instance(Interp *in, Value *v, Value *type)
{
    if (type->kind == V_TUPLE) {
        int any = 0;
        for (int i = 0; i < type->items.len; i++) {
            int r = is_instance(in, v, type->items.at[i]);
            if (r > 0) return 1;
            if (r < 0) any = -1;
        }
        return any;
    }
    if (v->kind == V_UNKNOWN || type->kind == V_UNKNOWN) return -1;
    if (type->kind == V_NONE) return v->kind == V_NONE;
    if (type->kind == V_BUILTIN) return python_type(in, v, type->u.builtin.name);
    if (type->kind == V_CLASS)
        return v->kind == V_OBJECT && v->u.obj->cls && class_is(v->u.obj->cls, type->u.cls);
    if (type->kind != V_EXT) return -1;
    const char *d = type->u.dotted;
    if (strncmp(d, "typing", 6) == 0 || strncmp(d, "collections", 11) == 0 ||
        strncmp(d, "numbers", 7) == 0) {
        int r = abstract_type(v_base(v), d);
        if (r >= 0) return r;
    }
    return framework_type(in, v, d);
}

int is_subclass(Interp *in, Value *c, Value *type)
{
    if (type->kind == V_TUPLE) {
        int any = 0;
        for (int i = 0; i < type->items.len; i++) {
            int r = is_subclass(in, c, type->items.at[i]);
            if (r > 0) return 1;
            if (r < 0) any = -1;
        }
        return any;
    }
    if (c->kind == V_UNKNOWN || type->kind == V_UNKNOWN) return -1;
    if (type->kind == V_BUILTIN && strcmp(type->u.builtin.name, "object") == 0) return 1;
    if (c->kind == V_CLASS && type->kind == V_CLASS) return class_is(c->u.cls, type->u.cls);
    if (c->kind == V_CLASS && type->kind == V_BUILTIN) {
        const char *b = class_builtin_base(c->u.cls);
        return b && strcmp(b, type->u.builtin.name) == 0;
    }
    if (c->kind == V_CLASS && type->kind == V_EXT) {
        if (c->u.cls->ext_base && strcmp(c->u.cls->ext_base, type->u.dotted) == 0) return 1;
        bool base = in->dialect && dialect_is_module_base(in->dialect, type->u.dotted);
        return base && c->u.cls->is_module ? 1 : c->u.cls->is_open ? -1 : 0;
    }
    if (c->kind == V_EXT && type->kind == V_EXT) {
        if (str_eq(c->u.dotted, type->u.dotted)) return 1;
        bool layer = in->dialect && dialect_read(in->dialect, FORM_LAYER, c->u.dotted, 0);
        return layer && dialect_is_module_base(in->dialect, type->u.dotted) ? 1 : layer ? 0 : -1;
    }
    if (c->kind == V_BUILTIN && type->kind == V_BUILTIN)
        return strcmp(c->u.builtin.name, type->u.builtin.name) == 0 ||
               (strcmp(c->u.builtin.name, "bool") == 0 && strcmp(type->u.builtin.name, "int") == 0);
    return c->kind == V_EXT || type->kind == V_EXT ? -1 : 0;
}
