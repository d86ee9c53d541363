/* einops: rearrange, reduce and repeat as operations, Rearrange and Reduce as layers. The names of axes that a call gives
 * by keyword are collected as pairs of name and size (pivot/shape_einops.c). */
#include <string.h>

#include "trace/frame.h"
#include "trace/pystate.h"

static bool is_option(const char *name)
{
    return str_eq(name, "pattern") || str_eq(name, "reduction") || str_eq(name, "name") || str_eq(name, "tensor");
}

static PValue sizes_of(Interp *in, const Args *args)
{
    int n = 0;
    for (int i = 0; i < args->kw.len; i++) n += !is_option(args->kw_names.at[i]);
    PValue all = pv_list(in->arena, n);
    n = 0;
    for (int i = 0; i < args->kw.len; i++) {
        if (is_option(args->kw_names.at[i])) continue;
        PValue pair = pv_list(in->arena, 2);
        pair.u.list.at[0] = pv_str(args->kw_names.at[i]);
        pair.u.list.at[1] = v_to_pvalue(in, args->kw.at[i]);
        all.u.list.at[n++] = pair;
    }
    return all;
}

static const Value *option(const Args *args, int place, const char *name)
{
    for (int i = 0; i < args->kw.len; i++)
        if (str_eq(args->kw_names.at[i], name)) return args->kw.at[i];
    return place < args->pos.len ? args->pos.at[place] : NULL;
}

Value *einops_call(Interp *in, const char *dotted, const Args *args, Node *site)
{
    static const char *const FUNCTIONS[] = {"rearrange", "reduce", "repeat"};
    bool mine = false;
    for (size_t i = 0; str_starts(dotted, "einops.") && i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        mine |= str_eq(dotted + strlen("einops."), FUNCTIONS[i]);
    const Value *x = mine ? option(args, 0, "tensor") : NULL, *pattern = mine ? option(args, 1, "pattern") : NULL;
    if (!x || x->kind != V_TENSOR || !pattern || pattern->kind != V_STR) return NULL;
    const Value *reduction = option(args, 2, "reduction");
    PAttrs attrs = {0};
    attr_set(in->arena, &attrs, "function", pv_str(dotted + strlen("einops.")));
    attr_set(in->arena, &attrs, "pattern", pv_str(pattern->u.str.s));
    attr_set(in->arena, &attrs, "sizes", sizes_of(in, args));
    if (reduction && reduction->kind == V_STR) attr_set(in->arena, &attrs, "reduction", pv_str(reduction->u.str.s));
    TensorVec ins = {0};
    vec_push(in->arena, &ins, x->u.tensor);
    return apply_op(in, pivot_kind("einops"), attrs, &ins, NULL, NULL, site);
}

Value *einops_layer(Interp *in, Env *env, const DialectRow *row, const char *dotted, const Args *args, Node *site)
{
    if (!str_eq(row->kind->name, "EinopsLayer")) return NULL;
    Args own = {.pos = args->pos, .pos_expr = args->pos_expr, .npos_expr = args->npos_expr};
    for (int i = 0; i < args->kw.len; i++) {
        if (!is_option(args->kw_names.at[i])) continue;
        vec_push(in->arena, &own.kw_names, args->kw_names.at[i]);
        vec_push(in->arena, &own.kw, args->kw.at[i]);
        vec_push(in->arena, &own.kw_expr, args->kw_expr.at[i]);
    }
    Value *v = build_layer(in, env, row, dotted, &own, site);
    if (v->kind == V_LAYER) attr_set(in->arena, &v->u.layer->attrs, "sizes", sizes_of(in, args));
    return v;
}
