/* Classes that derive from a layer: class CausalConv1d(nn.Conv1d). What super().__init__() builds is held as a layer of the
 * instance's own, under the base's name in small letters; super().forward() calls it, and its weights and what it was built
 * with are attributes of the instance. The draft that is ported says the same (stage/inherit.h). */
#include <ctype.h>
#include <string.h>

#include "trace/frame.h"
#include "trace/own.h"

const DialectRow *inherited_row(const Dialect *d, const char *dotted, int keras)
{
    if (!d || !dotted || dialect_is_module_base(d, dotted)) return NULL;
    return dialect_read_group(d, FORM_LAYER, dotted, keras, GROUP_LAYER);
}

const char *inherited_name(Arena *a, const char *dotted)
{
    const char *dot = strrchr(dotted, '.');
    char *name = arena_strdup(a, dot ? dot + 1 : dotted);
    for (char *p = name; *p; p++) *p = (char)tolower((unsigned char)*p);
    return name;
}

/* Where the layer of a class without a constructor is built: what its base is spelled by, since the call builds the class. */
static Node *base_node(const ClassValue *c)
{
    for (int i = 0; i < c->mro.len; i++) {
        const ClassValue *k = c->mro.at[i];
        for (int b = 0; k->node && b < k->bases.len && b < k->node->items.len; b++)
            if (k->bases.at[b]->kind == V_EXT && str_eq(k->bases.at[b]->u.dotted, c->ext_base)) return k->node->items.at[b];
    }
    return NULL;
}

bool inherited_init(Interp *in, Value *self, Args *args, Node *site)
{
    Object *obj = self->u.obj;
    const char *base = obj->cls ? obj->cls->ext_base : NULL;
    if (!obj->nn || obj->layer || !inherited_row(in->dialect, base, fw(in)->keras)) return false;
    Node *spelled = self->built && self->built->site->node == site ? base_node(obj->cls) : NULL;
    Value *v = call_ext(in, in->globals, base, args, spelled ? spelled : site);
    if (in->raising || v->kind != V_LAYER) return false;
    obj->layer = v;
    module_set_attr(in, self, inherited_name(in->arena, base), v, site);
    return true;
}

Value *inherited_call(Interp *in, Value *self, Args *args, Node *site)
{
    Value *layer = self->u.obj->layer;
    return layer ? call_layer(in, in->globals, layer, args, site) : NULL;
}

/* What "inherited_call:KIND:METHOD" says of a method of the base: a function, and attributes of the layer. */
static StrVec inherited_function(Interp *in, const Value *layer, const char *method)
{
    const char *fact = arena_printf(in->arena, "inherited_call:%s:%s", layer->u.layer->kind->name, method);
    return dialect_fact_words(in->dialect, in->arena, fact);
}

/* self._conv_forward(x, weight, bias): the function that does it, with the layer's own attributes behind the arguments. */
Value *inherited_method(Interp *in, Env *env, Value *self, const char *method, const Args *args, Node *site)
{
    StrVec words = inherited_function(in, self->u.obj->layer, method);
    Args all = {0};
    for (int i = 0; i < args->pos.len; i++) arg_push(in, &all, args->pos.at[i], NULL);
    for (int i = 1; i < words.len; i++) {
        Value *v = inherited_attr(in, self, words.at[i], site);
        if (v) arg_push(in, &all, v, NULL);
    }
    return call_ext(in, env, words.at[0], &all, site);
}

bool inherited_holds(Interp *in, const Value *layer, const char *name)
{
    const DialectRow *row = layer->row ? layer->row : layer->built ? layer->built->row : NULL;
    bool held = dialect_lists(in->dialect, "layer_weights", name);
    for (int i = 0; row && i < row->params.len && !held; i++)
        held = str_eq(row->params.at[i].name, name) && row->params.at[i].role != ROLE_INPUT;
    return held;
}

Value *inherited_attr(Interp *in, Value *self, const char *name, Node *site)
{
    Value *layer = self->u.obj->layer;
    if (layer && inherited_function(in, layer, name).len) return v_builtin(in, arena_printf(in->arena, "inherited:%s", name), self);
    return layer && inherited_holds(in, layer, name) ? layer_attr(in, layer, name, site) : NULL;
}
