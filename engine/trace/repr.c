/* repr() and str() of values, as CPython writes them where the value is one of Python's own; the
 * framework's objects and unknowns get a plain description. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/pystate.h"

#define REPR_DEPTH 30
#define REPR_BYTES 1000000

/* The shortest digits that read back equal; an exponent below 1e-4 and from 1e16 on. */
const char *float_text(Arena *a, double f)
{
    if (isnan(f)) return "nan";
    if (isinf(f)) return f > 0 ? "inf" : "-inf";
    char digits[40];
    for (int prec = 0; prec < 18; prec++) {
        snprintf(digits, sizeof(digits), "%.*e", prec, f);
        if (strtod(digits, NULL) == f) break;
    }
    int exponent = atoi(strchr(digits, 'e') + 1);
    if (exponent < -4 || exponent >= 16) {
        char *e = strchr(digits, 'e');
        return arena_printf(a, "%.*se%c%02d", (int)(e - digits), digits, exponent < 0 ? '-' : '+',
                            abs(exponent));
    }
    int ndigits = (int)(strchr(digits, 'e') - digits) - (digits[0] == '-');
    int prec = (ndigits > 1 ? ndigits - 2 : 0) - exponent; /* digits behind the point */
    return arena_printf(a, "%.*f", prec < 1 ? 1 : prec, f);
}

/* "Conv2d" of "torch.nn.Conv2d". */
static const char *path_tail(const char *dotted)
{
    const char *dot = strrchr(dotted, '.');
    return dot ? dot + 1 : dotted;
}

static void repr_into(Interp *in, Value *v, Buf *out);

static void repr_str(const char *s, int n, Buf *out)
{
    char quote = memchr(s, '\'', (size_t)n) && !memchr(s, '"', (size_t)n) ? '"' : '\'';
    buf_addc(out, quote);
    for (int i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == (unsigned char)quote || c == '\\') buf_printf(out, "\\%c", c);
        else if (c == '\n') buf_add(out, "\\n");
        else if (c == '\t') buf_add(out, "\\t");
        else if (c == '\r') buf_add(out, "\\r");
        else if (c < 32 || c == 127) buf_printf(out, "\\x%02x", c);
        else buf_addc(out, (char)c);
    }
    buf_addc(out, quote);
}

static void repr_items(Interp *in, const ValueVec *items, const char *open, const char *close,
                       Buf *out)
{
    buf_add(out, open);
    for (int i = 0; i < items->len && out->len < REPR_BYTES; i++) {
        if (i) buf_add(out, ", ");
        repr_into(in, items->at[i], out);
    }
    buf_add(out, close);
}

static void repr_dict(Interp *in, const Value *d, Buf *out)
{
    buf_addc(out, '{');
    for (int i = 0; i < d->items.len && out->len < REPR_BYTES; i++) {
        if (i) buf_add(out, ", ");
        repr_into(in, d->keys.at[i], out);
        buf_add(out, ": ");
        repr_into(in, d->items.at[i], out);
    }
    buf_addc(out, '}');
}

/* Name(field=value, ...) of dataclasses and named tuples. */
static void repr_fields(Interp *in, Value *v, Buf *out)
{
    const Object *o = v->u.obj;
    Value *fields = class_lookup(o->cls, "__match_args__", NULL);
    buf_printf(out, "%s(", o->cls->name);
    for (int i = 0; fields && i < fields->items.len; i++) {
        const char *name = v_text(fields->items.at[i]);
        Value *item = name ? map_get(o->attrs, name) : NULL;
        if (!item && o->base && i < o->base->items.len) item = o->base->items.at[i];
        buf_printf(out, "%s%s=", i ? ", " : "", name ? name : "?");
        if (item) repr_into(in, item, out);
    }
    buf_addc(out, ')');
}

static void repr_exception(Interp *in, const Object *o, Buf *out)
{
    Value *args = map_get(o->attrs, "args");
    buf_add(out, o->cls->name);
    buf_addc(out, '(');
    for (int i = 0; args && i < args->items.len; i++) {
        if (i) buf_add(out, ", ");
        repr_into(in, args->items.at[i], out);
    }
    buf_addc(out, ')');
}

static bool is_exception(const Object *o)
{
    for (int i = 0; o->cls && i < o->cls->mro.len; i++)
        if (!o->cls->mro.at[i]->node && strcmp(o->cls->mro.at[i]->name, "BaseException") == 0)
            return true;
    return false;
}

static void repr_namespace(Interp *in, const Object *o, Buf *out)
{
    buf_printf(out, "%s(",
               strcmp(o->cls->name, "SimpleNamespace") == 0 ? "namespace" : o->cls->name);
    bool first = true;
    for (int i = 0; i < o->attrs->len; i++) {
        if (!o->attrs->entries[i].key) continue;
        buf_printf(out, "%s%s=", first ? "" : ", ", o->attrs->entries[i].key);
        repr_into(in, o->attrs->entries[i].value, out);
        first = false;
    }
    buf_addc(out, ')');
}

static void repr_object(Interp *in, Value *v, Buf *out)
{
    Object *o = v->u.obj;
    bool found = false;
    if (o->cls && o->cls->node) {
        Value *r = call_method(in, v, "__repr__", v->origin, 0, NULL, &found);
        if (found && v_text(r)) {
            buf_add(out, v_text(r));
            return;
        }
    }
    if (!o->cls) buf_add(out, "namespace()");
    else if (o->cls->is_enum) {
        Value *name = map_get(o->attrs, "name"), *value = map_get(o->attrs, "value");
        buf_printf(out, "<%s.%s: ", o->cls->name, name && v_text(name) ? v_text(name) : "?");
        if (value) repr_into(in, value, out);
        buf_addc(out, '>');
    } else if (o->cls->is_dataclass || o->cls->is_namedtuple) repr_fields(in, v, out);
    else if (is_exception(o)) repr_exception(in, o, out);
    else if (is_array(v)) repr_items(in, &o->base->items, "array([", "])", out);
    else if (o->base && strcmp(o->cls->name, "Counter") == 0) {
        buf_add(out, "Counter(");
        if (o->base->items.len) repr_into(in, o->base, out);
        buf_addc(out, ')');
    } else if (o->base && strcmp(o->cls->name, "defaultdict") == 0) {
        Value *factory = map_get(o->attrs, "default_factory");
        buf_add(out, "defaultdict(");
        if (factory) repr_into(in, factory, out);
        buf_add(out, ", ");
        repr_into(in, o->base, out);
        buf_addc(out, ')');
    } else if (o->base) repr_into(in, o->base, out);
    else if (!o->cls->node) repr_namespace(in, o, out);
    else buf_printf(out, "<%s object>", o->cls->name);
}

static void repr_range(const Value *v, Buf *out)
{
    buf_printf(out, "range(%lld, %lld", v->u.range.lo, v->u.range.hi);
    if (v->u.range.step != 1) buf_printf(out, ", %lld", v->u.range.step);
    buf_addc(out, ')');
}

static void repr_builtin(const Value *v, Buf *out)
{
    const char *name = v->u.builtin.name;
    static const char *const types[] = {"int",   "float",     "str",   "bool",   "list",
                                        "tuple", "dict",      "set",   "object", "type",
                                        "bytes", "frozenset", "range", "slice",  "complex"};
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (strcmp(name, types[i]) == 0) {
            buf_printf(out, "<class '%s'>", name);
            return;
        }
    buf_printf(out, "<built-in function %s>", name);
}

static void repr_into(Interp *in, Value *v, Buf *out)
{
    if (in->py->repr_depth >= REPR_DEPTH || out->len > REPR_BYTES) {
        buf_add(out, "...");
        return;
    }
    in->py->repr_depth++;
    switch (v->kind) {
    case V_NONE: buf_add(out, "None"); break;
    case V_ELLIPSIS: buf_add(out, "Ellipsis"); break;
    case V_BOOL: buf_add(out, v->u.b ? "True" : "False"); break;
    case V_INT:
        if (v->free) buf_add(out, size_text(in->arena, v_to_size(v)));
        else buf_printf(out, "%lld", v->u.i);
        break;
    case V_FLOAT: buf_add(out, float_text(in->arena, v->u.f)); break;
    case V_STR: repr_str(v->u.str.s, v->u.str.len, out); break;
    case V_BYTES: buf_addc(out, 'b'); repr_str(v->u.str.s, v->u.str.len, out); break;
    case V_LIST: repr_items(in, &v->items, "[", "]", out); break;
    case V_TUPLE:
    case V_SHAPE:
        repr_items(in, &v->items, "(", v->items.len == 1 ? ",)" : ")", out);
        break;
    case V_SET:
        if (v->items.len == 0) buf_add(out, v->u.b ? "frozenset()" : "set()");
        else repr_items(in, &v->items, v->u.b ? "frozenset({" : "{", v->u.b ? "})" : "}", out);
        break;
    case V_DICT: repr_dict(in, v, out); break;
    case V_RANGE: repr_range(v, out); break;
    case V_SLICE: repr_items(in, &v->items, "slice(", ")", out); break;
    case V_FUNCTION:
        buf_printf(out, "<function %s>", v->u.fn->node->name ? v->u.fn->node->name : "<lambda>");
        break;
    case V_BUILTIN: repr_builtin(v, out); break;
    case V_CLASS: buf_printf(out, "<class '%s'>", v->u.cls->name); break;
    case V_OBJECT: repr_object(in, v, out); break;
    case V_EXT: buf_printf(out, "<%s>", v->u.dotted); break;
    default: buf_printf(out, "<%s>", v_type_name(v)); break;
    }
    in->py->repr_depth--;
}

const char *v_repr(Interp *in, const Value *v)
{
    Buf b = {0};
    repr_into(in, (Value *)v, &b);
    buf_addn(&b, "", 0);
    return buf_take(&b, in->arena);
}

/* str() of an instance: its __str__, a message, a member's name; else its repr. */
static const char *object_text(Interp *in, Value *v)
{
    Object *o = v->u.obj;
    bool found = false;
    if (o->cls && o->cls->node && !o->nn) {
        Value *r = call_method(in, v, "__str__", v->origin, 0, NULL, &found);
        if (found && v_text(r)) return v_text(r);
    }
    if (o->cls && o->cls->is_enum) {
        Value *name = map_get(o->attrs, "name");
        bool plain =
            o->base && (o->base->kind == V_INT || class_lookup(o->cls, "_plain_str_", NULL));
        if (plain) return v_str_text(in, o->base);
        return arena_printf(in->arena, "%s.%s", o->cls->name,
                            name && v_text(name) ? v_text(name) : "?");
    }
    if (is_exception(o)) {
        Value *args = map_get(o->attrs, "args");
        if (!args || args->items.len == 0) return "";
        if (args->items.len == 1) {
            Value *only = args->items.at[0];
            return strcmp(o->cls->name, "KeyError") == 0 ? v_repr(in, only) : v_str_text(in, only);
        }
        return v_repr(in, args);
    }
    if (o->base && o->base->kind == V_STR) return o->base->u.str.s;
    return v_repr(in, v);
}

const char *v_str_text(Interp *in, Value *v)
{
    if (v->kind == V_STR) return v->u.str.s;
    if (v->kind == V_OBJECT && in->py->repr_depth < REPR_DEPTH) {
        in->py->repr_depth++;
        const char *s = object_text(in, v);
        in->py->repr_depth--;
        return s;
    }
    return v_repr(in, v);
}

const char *v_type_name(const Value *v)
{
    switch (v->kind) {
    case V_NONE: return "NoneType";
    case V_BOOL: return "bool";
    case V_INT: return "int";
    case V_FLOAT: return "float";
    case V_STR: return "str";
    case V_BYTES: return "bytes";
    case V_ELLIPSIS: return "ellipsis";
    case V_LIST: return "list";
    case V_TUPLE: return "tuple";
    case V_SET: return "set";
    case V_DICT: return "dict";
    case V_RANGE: return "range";
    case V_SLICE: return "slice";
    case V_FUNCTION: return v->u.fn->self ? "method" : "function";
    case V_BUILTIN: return "builtin_function_or_method";
    case V_CLASS: return "type";
    case V_OBJECT: return v->u.obj->cls ? v->u.obj->cls->name : "SimpleNamespace";
    case V_MODULE: return "module";
    case V_EXT: return v->u.dotted;
    case V_LAYER:
        return v->row && v->row->names.len ? path_tail(v->row->names.at[0])
                                           : v->u.layer->kind->name;
    case V_CONTAINER: return v->u.cont->what;
    case V_TENSOR: return "Tensor";
    case V_SHAPE: return "Size";
    case V_ITER: return "generator";
    case V_PROPERTY: return "property";
    case V_STATICMETHOD: return "staticmethod";
    case V_CLASSMETHOD: return "classmethod";
    case V_SUPER: return "super";
    case V_HANDLE: return path_tail(v->u.handle.dotted);
    case V_UNKNOWN: return "unknown";
    }
    return "object";
}
