/* The weights of a layer, read as attributes: conv.weight, dense.kernel. Their shapes follow from what the layer was built
 * with; a dialect says in "held:KIND:SLOT" how it calls and orders what PyTorch holds as (out, in / groups, ...). */
#include <string.h>

#include "dialect/convert.h"
#include "dialect/held.h"
#include "pivot/shape.h"
#include "trace/frame.h"
#include "trace/own.h"

static Size attr_size(const PivotLayer *l, const char *name)
{
    const PValue *v = attr_get(&l->attrs, name);
    if (v && v->kind == PV_INT) return size_known(v->u.i);
    return v && v->kind == PV_SIZE ? v->u.size : size_known(-1);
}

static int sizes_of_list(const PivotLayer *l, const char *name, int n, Size *out)
{
    const PValue *v = attr_get(&l->attrs, name);
    bool list = v && v->kind == PV_LIST;
    if (!v || (list && n && v->u.list.len != n && v->u.list.len != 1)) return 0;
    int len = n ? n : list ? v->u.list.len : 1;
    for (int i = 0; i < len && i < MAX_RANK; i++) {
        const PValue *x = list ? &v->u.list.at[v->u.list.len == 1 ? 0 : i] : v;
        out[i] = x->kind == PV_INT ? size_known(x->u.i) : x->kind == PV_SIZE ? x->u.size : size_known(-1);
    }
    return len;
}

/* The shape of a slot in PyTorch's order; its rank, -1 where that is not known. */
static int slot_shape(Interp *in, const PivotLayer *l, const char *slot, Size *dims)
{
    const char *kind = l->kind->name;
    bool weight = strcmp(slot, "weight") == 0;
    int nd = str_starts(kind, "Conv") && !str_eq(kind, "ConvTranspose") ? kind_spatial(l->kind, &l->attrs) : 0;
    if (nd) {
        dims[0] = attr_size(l, "out_channels");
        if (!weight) return 1;
        Size groups = size_known(attr_int(&l->attrs, "groups", 1));
        dims[1] = attr_size(l, "in_channels");
        if (!size_unknown(dims[1])) dims[1] = size_op(in->arena, '/', dims[1], groups);
        return sizes_of_list(l, "kernel_dim", nd, dims + 2) == nd ? nd + 2 : -1;
    }
    if (strcmp(kind, "LinearLayer") == 0) {
        dims[0] = attr_size(l, "out_features"), dims[1] = attr_size(l, "in_features");
        return weight ? 2 : 1;
    }
    if (strcmp(kind, "EmbeddingLayer") == 0) {
        dims[0] = attr_size(l, "num_embeddings"), dims[1] = attr_size(l, "embedding_dim");
        return 2;
    }
    if (strcmp(kind, "LayerNormLayer") == 0) {
        int n = sizes_of_list(l, "normalized_shape", 0, dims);
        return n ? n : -1;
    }
    if (strcmp(kind, "BatchNormLayer") == 0 || strcmp(kind, "GroupNormLayer") == 0) {
        dims[0] = attr_size(l, "num_features");
        return 1;
    }
    return -1;
}

/* In the order in which the framework holds it. */
static int held_shape(Interp *in, const PivotLayer *l, const char *name, Size *dims)
{
    Held h;
    Size slot[MAX_RANK];
    if (!held_named(in->dialect, in->arena, l->kind->name, name, &h)) return -1;
    int rank = slot_shape(in, l, h.slot, slot);
    if (h.rank && h.rank != rank) return -1;
    for (int k = 0; k < rank; k++) dims[h.rank ? h.axes[k] : k] = slot[k];
    return rank;
}

Value *layer_weight(Interp *in, Value *layer, const char *name, Node *site)
{
    Event *e = event_add(in, EV_MEMBER, site);
    e->layer = layer->u.layer;
    e->dotted = name;
    const char *key = arena_printf(in->arena, "weight:%s", name);
    for (int i = 0; i < layer->keys.len; i++)
        if (str_eq(layer->keys.at[i]->u.str.s, key)) {
            vec_push(in->arena, &e->out, layer->items.at[i]->u.tensor);
            return layer->items.at[i];
        }
    Size dims[MAX_RANK];
    int rank = held_shape(in, layer->u.layer, name, dims);
    PivotTensor *t = rank < 0 ? tensor_unknown(in) : tensor_new(in, dims, rank, "float32");
    t->is_parameter = true;
    t->dtype = "float32";
    vec_push(in->arena, &e->out, t);
    Value *v = v_tensor(in, t, site);
    vec_push(in->arena, &layer->keys, v_str(in, key));
    vec_push(in->arena, &layer->items, v);
    return v;
}
