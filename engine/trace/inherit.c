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

bool inherited_init(Interp *in, Value *self, Args *args, Node *site)
{
    Object *obj = self->u.obj;
    const char *base = obj->cls ? obj->cls->ext_base : NULL;
    if (!obj->nn || obj->layer || !inherited_row(in->dialect, base, fw(in)->keras)) return false;
    Value *v = call_ext(in, in->globals, base, args, site);
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

Value *inherited_attr(Interp *in, Value *self, const char *name, Node *site)
{
    Value *layer = self->u.obj->layer;
    const DialectRow *row = layer ? layer->row : NULL;
    bool held = layer && dialect_lists(in->dialect, "layer_weights", name);
    for (int i = 0; row && i < row->params.len && !held; i++)
        held = str_eq(row->params.at[i].name, name) && row->params.at[i].role != ROLE_INPUT;
    return held ? layer_attr(in, layer, name, site) : NULL;
}
