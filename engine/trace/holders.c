/* Plain lists and dictionaries that hold layers, as attributes of a module: where they were assigned,
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

static bool holds_modules(const Value *v, int depth)
{
    if (is_module(v))
        return true;
    bool plain = v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_DICT;
    for (int i = 0; plain && depth < 6 && i < v->items.len; i++)
        if (holds_modules(v->items.at[i], depth + 1))
            return true;
    return false;
}

static HolderKind kind_of(const Assigned *a)
{
    const Value *v = a->value;
    for (int i = 0; i < v->items.len; i++)
        if (!is_module(v->items.at[i]) || (v->kind == V_DICT && v->keys.at[i]->kind != V_STR))
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
        if (!holds_modules(a->value, 0))
            continue;
        Holder h = {t->stmt_parent[a->site->id], kind_of(a)};
        bool seen = false;
        for (int k = 0; k < t->holders.len; k++) {
            if (t->holders.at[k].stmt != h.stmt)
                continue;
            if (t->holders.at[k].kind != h.kind)
                t->holders.at[k].kind = HOLDER_MIXED;
            seen = true;
        }
        if (!seen)
            vec_push(in->arena, &t->holders, h);
    }
}
