/* Plain lists and dictionaries that hold layers or bare weights, as attributes of a module: where they were assigned,
 * and what they held in the end. A framework that does not look into them needs to be told. */
#include "trace/frame.h"

typedef struct Assigned {
    Node *site;
    Value *value;
    int len; /* when it was assigned */
} Assigned;

struct HolderLog {
    VEC(Assigned) list;
};

void holders_note(Interp *in, Value *v, Node *site)
{
    bool plain = v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_DICT;
    if (!plain || !node_in_source(in, site) || in->forced > 0)
        return;
    if (!fw(in)->holders)
        fw(in)->holders = ARENA_NEW(in->arena, struct HolderLog);
    Assigned a = {site, v, v->items.len};
    vec_push(in->arena, &fw(in)->holders->list, a);
}

static bool is_module(const Value *v)
{
    return v->kind == V_LAYER || v->kind == V_CONTAINER || (v->kind == V_OBJECT && v->u.obj->nn);
}

static bool is_weight(const Value *v)
{
    return v->kind == V_TENSOR && v->u.tensor->is_parameter;
}

static bool holds(const Value *v, bool (*what)(const Value *), int depth)
{
    if (what(v))
        return true;
    bool plain = v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_DICT;
    for (int i = 0; plain && depth < 6 && i < v->items.len; i++)
        if (holds(v->items.at[i], what, depth + 1))
            return true;
    return false;
}

static HolderKind kind_of(const Assigned *a, bool (*what)(const Value *))
{
    const Value *v = a->value;
    for (int i = 0; i < v->items.len; i++)
        if (!what(v->items.at[i]) || (v->kind == V_DICT && v->keys.at[i]->kind != V_STR))
            return HOLDER_MIXED;
    if (v->items.len != a->len && a->len > 0)
        return HOLDER_MIXED; /* it grew after it was assigned, maybe by another name */
    return v->kind == V_DICT ? HOLDER_DICT : HOLDER_LIST;
}

void holders_settle(Interp *in)
{
    Trace *t = in->trace;
    for (int i = 0; in->fw && in->fw->holders && i < in->fw->holders->list.len; i++) {
        const Assigned *a = &in->fw->holders->list.at[i];
        bool modules = holds(a->value, is_module, 0), weights = holds(a->value, is_weight, 0);
        if (!modules && !weights)
            continue;
        HolderKind kind = modules && weights ? HOLDER_MIXED : kind_of(a, modules ? is_module : is_weight);
        Holder h = {t->stmt_parent[a->site->id], kind, modules, weights};
        bool seen = false;
        for (int k = 0; k < t->holders.len; k++) {
            if (t->holders.at[k].stmt != h.stmt)
                continue;
            Holder *was = &t->holders.at[k];
            if (was->kind != h.kind || was->modules != h.modules || was->weights != h.weights)
                was->kind = HOLDER_MIXED;
            was->modules |= h.modules;
            was->weights |= h.weights;
            seen = true;
        }
        if (!seen)
            vec_push(in->arena, &t->holders, h);
    }
}
