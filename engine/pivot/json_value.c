/* Attribute values, attribute lists and sizes as JSON, both ways. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/json.h"

enum { MAX_DEPTH = 32 };
static const double EXACT =
    9007199254740992.0; /* 2^53: whole numbers up to here survive a double */

/* ---- writing ---- */

static cJSON *wrap(const char *key, cJSON *value)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddItemToObject(o, key, value);
    return o;
}

static cJSON *json_int(long long n)
{
    if (n >= -(1LL << 53) && n <= 1LL << 53) return cJSON_CreateNumber((double)n);
    char text[32];
    snprintf(text, sizeof text, "%lld", n);
    return wrap("int", cJSON_CreateString(text));
}

static cJSON *json_float(double f, const char *type)
{
    if (isnan(f) || isinf(f))
        return wrap("float", cJSON_CreateString(isnan(f) ? "nan" : f > 0 ? "inf" : "-inf"));
    bool clear = f != floor(f) || (type && strcmp(type, "float") == 0);
    return clear ? cJSON_CreateNumber(f) : wrap("float", cJSON_CreateNumber(f));
}

cJSON *json_size(Arena *a, Size s)
{
    if (size_unknown(s)) return cJSON_CreateNull();
    if (!s.free) return json_int(s.n);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddItemToObject(o, "hint", json_int(s.n));
    cJSON_AddStringToObject(o, "size", size_text(a, s));
    return o;
}

static cJSON *value_deep(Arena *a, const PValue *v, const char *type, int depth);

static cJSON *attrs_deep(Arena *a, const PAttrs *as, const PivotKind *kind, int depth)
{
    cJSON *o = cJSON_CreateObject();
    for (int i = 0; i < as->len; i++) {
        const KindAttr *ka = kind_attr(kind, as->at[i].name);
        if (as->at[i].value.kind == PV_UNSET) continue;
        cJSON_AddItemToObject(o, as->at[i].name,
                              value_deep(a, &as->at[i].value, ka ? ka->type : NULL, depth));
    }
    return o;
}

static cJSON *json_act(Arena *a, const PivotAct *act, int depth)
{
    cJSON *o = wrap("activation", cJSON_CreateString(act->kind));
    if (act->attrs.len)
        cJSON_AddItemToObject(o, "attrs",
                              attrs_deep(a, &act->attrs, pivot_kind(act->kind), depth + 1));
    return o;
}

static cJSON *value_deep(Arena *a, const PValue *v, const char *type, int depth)
{
    if (depth > MAX_DEPTH) return wrap("unknown", cJSON_CreateString("it is nested too deep"));
    switch (v->kind) {
    case PV_UNSET: return wrap("unset", cJSON_CreateTrue());
    case PV_NONE: return cJSON_CreateNull();
    case PV_BOOL: return cJSON_CreateBool(v->u.b);
    case PV_INT: return json_int(v->u.i);
    case PV_SIZE: return json_size(a, v->u.size);
    case PV_FLOAT: return json_float(v->u.f, type);
    case PV_STR: return cJSON_CreateString(v->u.str ? v->u.str : "");
    case PV_ACT: return json_act(a, v->u.act, depth);
    case PV_REF: return wrap("ref", cJSON_CreateString(v->u.str ? v->u.str : ""));
    case PV_UNKNOWN: return wrap("unknown", cJSON_CreateString(v->u.str ? v->u.str : ""));
    case PV_LIST: break;
    }
    cJSON *list = cJSON_CreateArray();
    for (int i = 0; i < v->u.list.len; i++)
        cJSON_AddItemToArray(list, value_deep(a, &v->u.list.at[i], NULL, depth + 1));
    return list;
}

cJSON *json_value(Arena *a, const PValue *v, const char *type)
{
    return value_deep(a, v, type, 0);
}

cJSON *json_attrs(Arena *a, const PAttrs *as, const PivotKind *kind)
{
    return attrs_deep(a, as, kind, 0);
}

/* ---- reading ---- */

static bool read_int(const cJSON *j, long long *out)
{
    if (!cJSON_IsNumber(j) || j->valuedouble != floor(j->valuedouble) ||
        fabs(j->valuedouble) > EXACT)
        return false;
    *out = (long long)j->valuedouble;
    return true;
}

bool json_read_size(Arena *a, const cJSON *j, Size *out)
{
    long long n;
    if (cJSON_IsNull(j)) {
        *out = size_known(-1);
        return true;
    }
    if (read_int(j, &n)) {
        *out = size_known(n);
        return n >= 0;
    }
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(j, "size");
    if (!cJSON_IsString(text) || !read_int(cJSON_GetObjectItemCaseSensitive(j, "hint"), &n))
        return false;
    *out = size_from_text(a, text->valuestring, n);
    return out->free != NULL;
}

static bool read_deep(Arena *a, const cJSON *j, const char *type, PValue *out, const char **err,
                      int depth);

static bool fail(Arena *a, const char **err, const char *what, const char *which)
{
    *err = arena_printf(a, what, which);
    return false;
}

static bool read_float(const cJSON *j, PValue *out)
{
    if (cJSON_IsNumber(j)) *out = pv_float(j->valuedouble);
    else if (cJSON_IsString(j)) *out = pv_float(strtod(j->valuestring, NULL));
    else return false;
    return true;
}

static bool attrs_from(Arena *a, const cJSON *j, const PivotKind *kind, PAttrs *out,
                       const char **err, int depth);

static bool read_act(Arena *a, const cJSON *o, PValue *out, const char **err, int depth)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(o, "activation");
    const cJSON *attrs = cJSON_GetObjectItemCaseSensitive(o, "attrs");
    const PivotKind *kind = cJSON_IsString(name) ? pivot_kind(name->valuestring) : NULL;
    if (!kind || kind->group != GROUP_ACTIVATION) {
        *err =
            arena_printf(a, "unknown activation %s", cJSON_IsString(name) ? name->valuestring : "");
        return false;
    }
    *out = pv_act(a, kind->name);
    return !attrs || attrs_from(a, attrs, kind, &out->u.act->attrs, err, depth + 1);
}

/* An object that stands for a value. */
static bool read_tagged(Arena *a, const cJSON *o, PValue *out, const char **err, int depth)
{
    const cJSON *item = o->child;
    const char *tag = item ? item->string : "";
    Size s;
    if (cJSON_GetObjectItemCaseSensitive(o, "activation")) return read_act(a, o, out, err, depth);
    if (strcmp(tag, "float") == 0 && read_float(item, out)) return true;
    if (strcmp(tag, "unset") == 0) {
        *out = (PValue){.kind = PV_UNSET};
        return true;
    }
    if (strcmp(tag, "int") == 0 && cJSON_IsString(item)) {
        *out = pv_int(strtoll(item->valuestring, NULL, 10));
        return true;
    }
    if ((strcmp(tag, "ref") == 0 || strcmp(tag, "unknown") == 0) && cJSON_IsString(item)) {
        *out = (PValue){.kind = tag[0] == 'r' ? PV_REF : PV_UNKNOWN,
                        .u.str = arena_strdup(a, item->valuestring)};
        return true;
    }
    if (cJSON_GetObjectItemCaseSensitive(o, "size") && json_read_size(a, o, &s)) {
        *out = pv_size(s);
        return true;
    }
    *err = "an object that stands for no value";
    return false;
}

static bool read_list(Arena *a, const cJSON *j, PValue *out, const char **err, int depth)
{
    int i = 0;
    *out = pv_list(a, cJSON_GetArraySize(j));
    for (const cJSON *item = j->child; item; item = item->next) {
        if (!read_deep(a, item, NULL, &out->u.list.at[i++], err, depth + 1)) return false;
    }
    return true;
}

static bool read_deep(Arena *a, const cJSON *j, const char *type, PValue *out, const char **err,
                      int depth)
{
    long long n;
    if (depth > MAX_DEPTH) return fail(a, err, "%s", "lists in lists without end");
    if (cJSON_IsNull(j)) *out = pv_none();
    else if (cJSON_IsBool(j)) *out = pv_bool(cJSON_IsTrue(j));
    else if (cJSON_IsString(j)) *out = pv_str(arena_strdup(a, j->valuestring));
    else if (cJSON_IsArray(j)) return read_list(a, j, out, err, depth);
    else if (cJSON_IsObject(j)) return read_tagged(a, j, out, err, depth);
    else if (type && strcmp(type, "float") == 0) *out = pv_float(j->valuedouble);
    else *out = read_int(j, &n) ? pv_int(n) : pv_float(j->valuedouble);
    return true;
}

/* Does the value fit the attribute's type? What the source left unknown, and names, fit anywhere.
 * */
static bool fits(const char *type, const PValue *v)
{
    bool lists = strcmp(type, "ints") == 0 || strcmp(type, "pads") == 0 ||
                 strcmp(type, "axes") == 0 || strcmp(type, "shape") == 0;
    bool whole = strcmp(type, "int") == 0 || strcmp(type, "axis") == 0;
    switch (v->kind) {
    case PV_BOOL: return strcmp(type, "bool") == 0 || strcmp(type, "any") == 0;
    case PV_INT:
    case PV_SIZE: return whole || lists || strcmp(type, "float") == 0 || strcmp(type, "any") == 0;
    case PV_FLOAT: return strcmp(type, "float") == 0 || strcmp(type, "any") == 0 || lists;
    case PV_STR:
        return strcmp(type, "str") == 0 || strcmp(type, "any") == 0 || strcmp(type, "act") == 0;
    case PV_LIST: return lists || strcmp(type, "any") == 0;
    case PV_ACT: return strcmp(type, "act") == 0 || strcmp(type, "any") == 0;
    default: return true;
    }
}

static bool read_typed(Arena *a, const cJSON *j, const char *type, PValue *out, const char **err,
                       int depth)
{
    if (!read_deep(a, j, type, out, err, depth)) return false;
    if (!type || fits(type, out)) return true;
    *err = arena_printf(a, "%s where %s belongs", pv_text(a, out), type);
    return false;
}

bool json_read_value(Arena *a, const cJSON *j, const char *type, PValue *out, const char **err)
{
    return read_typed(a, j, type, out, err, 0);
}

static bool attrs_from(Arena *a, const cJSON *j, const PivotKind *kind, PAttrs *out,
                       const char **err, int depth)
{
    if (!cJSON_IsObject(j)) return fail(a, err, "%s: attributes that are no object", kind->name);
    for (const cJSON *item = j->child; item; item = item->next) {
        const KindAttr *ka = kind_attr(kind, item->string);
        PValue v;
        if (!ka) {
            *err = arena_printf(a, "%s has no attribute %s", kind->name, item->string);
            return false;
        }
        if (!read_typed(a, item, ka->type, &v, err, depth)) {
            *err = arena_printf(a, "%s.%s: %s", kind->name, ka->name, *err);
            return false;
        }
        attr_set(a, out, ka->name, v);
    }
    return true;
}

bool json_read_attrs(Arena *a, const cJSON *j, const PivotKind *kind, PAttrs *out, const char **err)
{
    return attrs_from(a, j, kind, out, err, 0);
}
