/* Snapshots of the whole numbers that are in scope: what a pass that looks for an expression of a
 * number (stage/widths.c) evaluates its candidates on. Taken only when asked for: at what is built,
 * and at calls. */
#include <string.h>

#include "trace/interp.h"

#define MOST_ITEMS 64 /* of a list or tuple */

static bool whole(const Value *v)
{
    if (v->kind == V_INT) return !v->free;
    if (v->kind != V_LIST && v->kind != V_TUPLE) return false;
    if (v->items.len > MOST_ITEMS) return false;
    for (int i = 0; i < v->items.len; i++)
        if (!whole(v->items.at[i])) return false;
    return true;
}

static bool has(const Snapshot *s, const char *name)
{
    for (int i = 0; i < s->len; i++)
        if (strcmp(s->at[i].name, name) == 0) return true;
    return false;
}

/* args["filters"]: the items of a dictionary under names of their own. */
static void take_items(Interp *in, Snapshot *s, const char *name, const Value *v, bool module)
{
    if (v->items.len > MOST_ITEMS) return;
    for (int i = 0; i < v->items.len; i++) {
        const Value *key = v->keys.at[i], *item = v->items.at[i];
        if (key->kind != V_STR || strpbrk(key->u.str.s, "\"\\\n") || !whole(item)) continue;
        const char *own = arena_printf(in->arena, "%s[\"%s\"]", name, key->u.str.s);
        ScopeName n = {own, v_to_pvalue(in, item), module};
        if (!has(s, own)) vec_push(in->arena, s, n);
    }
}

static void take_vars(Interp *in, Snapshot *s, const Map *vars, const char *prefix, bool module)
{
    for (int i = 0; i < vars->len; i++) {
        const Value *v = vars->entries[i].value;
        if (!vars->entries[i].key || !v || v->kind == V_UNKNOWN) continue;
        const char *name = vars->entries[i].key;
        if (*prefix) name = arena_printf(in->arena, "%s%s", prefix, name);
        else if (v->kind == V_DICT) take_items(in, s, name, v, module);
        if (!whole(v) || has(s, name)) continue;
        ScopeName n = {name, v_to_pvalue(in, v), module};
        vec_push(in->arena, s, n);
    }
}

const Snapshot *scope_take(Interp *in)
{
    if (!in->opts || !in->opts->want_scopes) return NULL;
    Snapshot *s = ARENA_NEW(in->arena, Snapshot);
    Env *env = in->act && in->act->env ? in->act->env : in->globals;
    for (Env *e = env; e; e = e->parent) {
        if (e->is_class) continue;
        take_vars(in, s, &e->vars, "", e->is_module);
        if (e->fn && e->self && e->self->kind == V_OBJECT && e->self->u.obj->attrs &&
            e->fn->node->params.list.len) {
            const char *self = e->fn->node->params.list.at[0].name;
            take_vars(in, s, e->self->u.obj->attrs, arena_printf(in->arena, "%s.", self), false);
        }
    }
    return s;
}
