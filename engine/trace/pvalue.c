/* Values to pivot values and back. What has no value of its own (a class, a layer, a function)
 * becomes a reference whose text is the name it goes by; the pivot keeps that text and nothing
 * else. */
#include <string.h>

#include "trace/pystate.h"

static PValue ref(const char *text)
{
    return (PValue){.kind = PV_REF, .u.str = text};
}

static PValue list_of(Interp *in, const ValueVec *items, int depth);

static PValue to_pvalue(Interp *in, const Value *v, int depth)
{
    if (depth > 20) return pv_unknown("a value nested too deeply");
    switch (v->kind) {
    case V_NONE: return pv_none();
    case V_BOOL: return v->free ? pv_unknown("a comparison of free sizes") : pv_bool(v->u.b);
    case V_INT: return v->free ? pv_size((Size){v->u.i, v->free}) : pv_int(v->u.i);
    case V_FLOAT:
        return v->free ? pv_unknown("a number computed from a free size") : pv_float(v->u.f);
    case V_STR: return pv_str(v->u.str.s);
    case V_LIST: case V_TUPLE: case V_SET: case V_SHAPE: {
        PValue list = list_of(in, &v->items, depth);
        list.u.list.square = v->kind == V_LIST;
        return list;
    }
    case V_RANGE: {
        ValueVec items = {0};
        if (v->free || range_len(v) > 1000) return pv_unknown("a long range");
        for (long long i = 0; i < range_len(v); i++)
            vec_push(in->arena, &items, range_item(in, v, i));
        return list_of(in, &items, depth);
    }
    case V_EXT: return ref(v->u.dotted);
    case V_CLASS: return ref(v->u.cls->name);
    case V_FUNCTION: return ref(v->u.fn->node->name ? v->u.fn->node->name : "lambda");
    case V_BUILTIN: return ref(v->u.builtin.name);
    case V_LAYER: return ref(v->u.layer->name ? v->u.layer->name : v->u.layer->kind->name);
    case V_HANDLE: return ref(v->u.handle.dotted);
    case V_UNKNOWN: return pv_unknown(v->u.why);
    case V_TENSOR: return pv_unknown("a tensor");
    case V_OBJECT:
        if (v->u.obj->base) return to_pvalue(in, v->u.obj->base, depth + 1);
        return ref(v_type_name(v));
    default: return ref(v_type_name(v));
    }
}

static PValue list_of(Interp *in, const ValueVec *items, int depth)
{
    PValue p = pv_list(in->arena, items->len);
    for (int i = 0; i < items->len; i++) p.u.list.at[i] = to_pvalue(in, items->at[i], depth + 1);
    return p;
}

PValue v_to_pvalue(Interp *in, const Value *v)
{
    return to_pvalue(in, v, 0);
}

Value *v_from_pvalue(Interp *in, const PValue *p)
{
    switch (p->kind) {
    case PV_UNSET: case PV_NONE: return v_none(in);
    case PV_BOOL: return v_bool(in, p->u.b);
    case PV_INT: return v_int(in, p->u.i);
    case PV_SIZE: return v_size(in, p->u.size);
    case PV_FLOAT: return v_float(in, p->u.f);
    case PV_STR: return v_str(in, p->u.str);
    case PV_ACT: return v_str(in, p->u.act->kind);
    case PV_REF: return v_ext(in, p->u.str);
    case PV_UNKNOWN: return v_unknown(in, "%s", p->u.str ? p->u.str : "not known");
    case PV_LIST: {
        Value *l = v_list(in, V_TUPLE);
        for (int i = 0; i < p->u.list.len; i++)
            vec_push(in->arena, &l->items, v_from_pvalue(in, &p->u.list.at[i]));
        return l;
    }
    }
    return v_none(in);
}
