/* Functions of the framework that model code computes with, beside layers and tensors: what they give is a plain value.
 *
 * From Keras' documentation and behaviour: imagenet_utils.obtain_input_shape (in Keras 2 _obtain_input_shape) chooses an
 * input's shape, correct_pad the amounts that make a strided convolution start where TensorFlow's "same" does. */
#include <string.h>

#include "trace/frame.h"
#include "trace/pystate.h"

static Value *given(const Args *args, const char *name, int place)
{
    for (int i = 0; i < args->kw_names.len; i++)
        if (str_eq(args->kw_names.at[i], name)) return args->kw.at[i];
    return place < args->pos.len ? args->pos.at[place] : NULL;
}

static bool is_sequence(const Value *v)
{
    return v && (v->kind == V_TUPLE || v->kind == V_LIST);
}

static Value *image_shape(Interp *in, Value *rows, Value *channels, bool first)
{
    Value *t = v_list(in, V_TUPLE);
    if (first) vec_push(in->arena, &t->items, channels);
    vec_push(in->arena, &t->items, rows);
    vec_push(in->arena, &t->items, rows);
    if (!first) vec_push(in->arena, &t->items, channels);
    return t;
}

/* obtain_input_shape(input_shape, default_size, min_size, data_format, require_flatten, weights=None) */
static Value *obtain_input_shape(Interp *in, const Args *args, const char *name)
{
    Value *shape = given(args, "input_shape", 0), *size = given(args, "default_size", 1);
    Value *format = given(args, "data_format", 3), *flatten = given(args, "require_flatten", 4);
    Value *weights = given(args, "weights", 5);
    if (!flatten) flatten = given(args, "include_top", 4); /* its name in the first versions */
    bool known = shape && size && flatten && size->kind == V_INT && flatten->kind == V_BOOL;
    if (!known || (shape->kind != V_NONE && !is_sequence(shape))) return v_unknown(in, "what %s() gives", name);
    const char *order = format ? v_text(format) : NULL, *trained = weights ? v_text(weights) : NULL;
    bool first = str_eq(order, "channels_first"), imagenet = str_eq(trained, "imagenet");
    bool whole = shape->kind != V_NONE && shape->items.len == 3;
    Value *channels = whole && !imagenet ? shape->items.at[first ? 0 : 2] : v_int(in, 3);
    if (imagenet && flatten->u.b) return image_shape(in, size, v_int(in, 3), first);
    if (shape->kind != V_NONE) return shape;
    return image_shape(in, flatten->u.b ? size : v_none(in), channels, first);
}

/* correct_pad(inputs, kernel_size): ((k//2 - (1 - rows%2), k//2), the same for columns) */
static Value *correct_pad(Interp *in, const Args *args, const char *name)
{
    Value *x = given(args, "inputs", 0), *kernel = given(args, "kernel_size", 1);
    const PivotTensor *t = x && x->kind == V_TENSOR ? x->u.tensor : NULL;
    Value *out = v_list(in, V_TUPLE);
    for (int i = 0; i < 2; i++) {
        Value *k = is_sequence(kernel) && i < kernel->items.len ? kernel->items.at[i] : kernel;
        bool known = k && k->kind == V_INT && t && t->rank == 4 && !t->dims[i + 1].free && t->dims[i + 1].n >= 0;
        if (!known) return v_unknown(in, "what %s() gives", name);
        long long after = k->u.i / 2, before = after - (1 - t->dims[i + 1].n % 2);
        Value *pair = v_list(in, V_TUPLE);
        vec_push(in->arena, &pair->items, v_int(in, before));
        vec_push(in->arena, &pair->items, v_int(in, after));
        vec_push(in->arena, &out->items, pair);
    }
    return out;
}

Value *library_call(Interp *in, const char *dotted, const Args *args)
{
    static const struct {
        const char *name;
        Value *(*call)(Interp *, const Args *, const char *);
    } FUNCTIONS[] = {
        {"imagenet_utils.obtain_input_shape", obtain_input_shape},
        {"imagenet_utils._obtain_input_shape", obtain_input_shape},
        {"imagenet_utils.correct_pad", correct_pad},
    };
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        if (str_ends(dotted, FUNCTIONS[i].name)) return FUNCTIONS[i].call(in, args, short_name(dotted));
    return NULL;
}
