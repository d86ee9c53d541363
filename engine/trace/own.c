#include "trace/own.h"

#include <string.h>

#include "python/build.h"

static const Definition *class_around(const Definition *d)
{
    while (d && d->kind != DEF_MODULE_CLASS && d->kind != DEF_PLAIN_CLASS) d = d->parent;
    return d;
}

typedef struct Count {
    const Node *site;
    int n, found;
} Count;

static bool count_calls(Node *n, void *ctx)
{
    Count *c = ctx;
    if (n->kind == N_CALL && !c->found) c->n++;
    if (n == c->site) c->found = c->n;
    return !c->found;
}

static const char *base_path(Arena *a, const Trace *t, const Node *site)
{
    const Definition *d = t->definition_of[site->id], *cls = class_around(d);
    for (const Node *n = site; n && n->id > 0; n = t->parent[n->id]) {
        if (n->kind != N_ASSIGN || !n->items.len) continue;
        const Node *target = n->items.at[0];
        if (target->kind == N_ATTRIBUTE && cls) return arena_printf(a, "%s.%s", cls->name, target->name);
        if (target->kind == N_NAME) return d ? arena_printf(a, "%s.%s", d->name, target->name) : arena_strdup(a, target->name);
        break;
    }
    return d ? d->name : "module";
}

const char *trace_own_path(Arena *a, const Trace *t, const Node *site)
{
    if (!site || site->id <= 0 || site->id > t->nids) return NULL;
    const char *base = base_path(a, t, site);
    Count c = {.site = site};
    if (t->stmt_parent[site->id]) node_walk(t->stmt_parent[site->id], count_calls, &c);
    return c.found > 1 ? arena_printf(a, "%s#%d", base, c.found) : base;
}

/* ---- attributes that are edited ---- */

static bool literal(Arena *a, const Node *n, PValue *out)
{
    switch (n->kind) {
    case N_PAREN: return literal(a, n->a, out);
    case N_INT: *out = pv_int(n->num.i); return !n->big;
    case N_FLOAT: *out = pv_float(n->num.f); return true;
    case N_TRUE: case N_FALSE: *out = pv_bool(n->kind == N_TRUE); return true;
    case N_NONE: *out = pv_none(); return true;
    case N_STRING: *out = pv_str(arena_strdup(a, n->str)); return true;
    case N_UNARY:
        if (!str_eq(n->op, "-") || !literal(a, n->a, out)) return false;
        if (out->kind == PV_INT) out->u.i = -out->u.i;
        else if (out->kind == PV_FLOAT) out->u.f = -out->u.f;
        return out->kind == PV_INT || out->kind == PV_FLOAT;
    case N_TUPLE: case N_LIST:
        *out = pv_list(a, n->items.len);
        for (int i = 0; i < n->items.len; i++)
            if (!literal(a, n->items.at[i], &out->u.list.at[i])) return false;
        return true;
    default: return false;
    }
}

/* Is the value one that attributes of that type take? A number stands for as many as there were. */
static bool fits(Arena *a, const KindAttr *ka, const PValue *now, PValue *v)
{
    const char *type = ka->type;
    if (str_eq(type, "float") && v->kind == PV_INT) *v = pv_float((double)v->u.i);
    if (str_eq(type, "ints") && v->kind == PV_INT && now && now->kind == PV_LIST) {
        PValue list = pv_list(a, now->u.list.len);
        for (int i = 0; i < list.u.list.len; i++) list.u.list.at[i] = *v;
        *v = list;
    }
    if (str_eq(type, "int") || str_eq(type, "axis")) return v->kind == PV_INT;
    if (str_eq(type, "float")) return v->kind == PV_FLOAT;
    if (str_eq(type, "bool")) return v->kind == PV_BOOL;
    if (str_eq(type, "str")) return v->kind == PV_STR;
    if (str_eq(type, "ints")) return v->kind == PV_LIST && (!now || now->kind != PV_LIST || now->u.list.len == v->u.list.len);
    return false;
}

bool trace_own_edits(Arena *a, const PivotKind *kind, const PAttrs *now, const char *text, PAttrs *out, const char **err)
{
    const char *why = NULL;
    Node *call = py_parse_expr(a, arena_printf(a, "edit(%s)", text), &why);
    if (!call || call->kind != N_CALL || !call->items.len) {
        *err = "write attribute=value, or several with commas between them";
        return false;
    }
    for (int i = 0; i < call->items.len; i++) {
        const Node *k = call->items.at[i];
        const KindAttr *ka = k->kind == N_KEYWORD ? kind_attr(kind, k->name) : NULL;
        PValue v;
        if (!ka) {
            *err = arena_printf(a, "%s has no attribute %s", kind->name, k->kind == N_KEYWORD ? k->name : "without a name");
            return false;
        }
        if (!literal(a, k->a, &v) || !fits(a, ka, now ? attr_get(now, k->name) : NULL, &v)) {
            *err = arena_printf(a, "%s takes another value: it is of type %s", k->name, ka->type);
            return false;
        }
        if (out) attr_set(a, out, k->name, v);
    }
    return true;
}
