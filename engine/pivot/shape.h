/* Inside of the shape rules (shape*.c): one inference in progress and what the rules share.
 *
 * A rule reads job->in and job->as, adds its outputs with shape_out* and returns true, or returns
 * shape_error(...). It is called only when the ranks of the inputs that it needs are known (the
 * table in shape.c says which). Sizes are computed with size_op throughout, so free and unknown
 * lengths pass through every formula. */
#ifndef PIVOT_SHAPE_H
#define PIVOT_SHAPE_H

#include "pivot/pivot.h"

enum { MAX_RANK = 32, MAX_OUTPUTS = 64 };

typedef struct ShapeJob {
    Arena *a;
    const PivotKind *kind;
    const PAttrs *as;
    const ShapeIn *in;
    ShapeOut *out;
    PAttrs *traced;
    const char **err;
} ShapeJob;

typedef bool ShapeRule(ShapeJob *j);

/* shape_util.c: errors and names */
bool shape_error(ShapeJob *j, const char *fmt, ...)
    __attribute__((format(printf, 2, 3))); /* always false */
const char *shape_name(const ShapeJob *j); /* in the user's words: "Linear", "MaxPooling2D" */
const char *shape_dims_text(ShapeJob *j, const Size *dims, int rank);

/* shape_util.c: outputs */
bool shape_out(ShapeJob *j, const Size *dims, int rank, const char *dtype);
bool shape_out_like(ShapeJob *j, const PivotTensor *t, const char *dtype);
bool shape_out_unknown(ShapeJob *j, const char *dtype);

/* shape_util.c: dtypes; NULL counts as float32 */
bool dtype_is_float(const char *dtype);
const char *dtype_float(const char *dtype); /* itself where floating, else float32 */
const char *
dtype_integral(const char *dtype); /* what sums of it have: int64 for bool and integers */
const char *dtype_promote(const char *x, const char *y);
const char *dtype_canonical(const char *dtype);

/* shape_util.c: attributes */
bool shape_given(const ShapeJob *j, const char *attr); /* set to something other than None */
Size shape_size(const ShapeJob *j, const char *attr);  /* unknown where it is no number */
void shape_trace(ShapeJob *j, const char *attr, PValue v);
/* One size for each of n axes out of an int or a list (a list of one stands for all). */
bool shape_ints(ShapeJob *j, const char *attr, int n, long long dflt, Size *out);
/* A pair for each of n axes: out[i][0] before, out[i][1] after. */
bool shape_pads(ShapeJob *j, const char *attr, int n, Size (*out)[2]);
/* One axis within rank, negative ones counted from the end. */
bool shape_axis(ShapeJob *j, const PValue *v, int rank, int *axis);
bool shape_axis_attr(ShapeJob *j, const char *attr, int rank, int *axis);
/* A mask of axes: an int or a list; *all when the attribute is not given. */
bool shape_axes(ShapeJob *j, const char *attr, int rank, bool *mask, bool *all);
/* Sizes of a shape attribute (an int counts as one); -1 entries stay -1 in *out and are marked in
 * infer[]. */
bool shape_sizes(ShapeJob *j, const PValue *v, Size *out, bool *infer, int *n);

/* shape_util.c: sizes */
bool size_is(Size s, long long n); /* known and n */
bool size_differs(Size x, Size y); /* both known and different */
Size size_product(Arena *a, const Size *dims, int n);
Size size_add(Arena *a, Size s, long long n);

/* shape_util.c: where the axes of an image, a sequence or a volume are */
typedef struct Layout {
    int nd; /* spatial axes */
    int rank;
    int channel; /* axis number */
    int first;   /* axis number of the first spatial axis */
} Layout;

/* nd 0: as many as the rank leaves. Unbatched input only where the source holds channels first. */
bool shape_layout(ShapeJob *j, const PivotTensor *x, int nd, Layout *l);
int shape_dimension(const ShapeJob *j); /* 2 for Conv2D, or the attribute; 0 */
/* Writes the shape with one axis replaced. */
bool shape_expect(ShapeJob *j, const char *attr, Size got,
                  const char *what); /* compares or traces */

/* shape_math.c */
bool shape_broadcast(ShapeJob *j, const Size *x, int xrank, const Size *y, int yrank, Size *out,
                     int *rank);

/* the rules, by file */
ShapeRule rule_conv, rule_conv_transpose, rule_depthwise, rule_separable,
    rule_convolve; /* shape_conv.c */
ShapeRule rule_pool, rule_padding, rule_cropping, rule_upsampling, rule_interpolate,
    rule_shuffle, rule_unshuffle, rule_like, rule_cosine, rule_linear_map; /* shape_pool.c */
ShapeRule rule_linear, rule_batch_norm, rule_layer_norm, rule_group_norm, rule_instance_norm,
    rule_rms_norm, rule_embedding, rule_same, rule_same_float, rule_glu, rule_axis_same, rule_prelu,
    rule_input, rule_unknown, rule_cast, rule_one_hot;    /* shape_layer.c */
ShapeRule rule_rnn, rule_attention_layer, rule_attention, rule_cell; /* shape_rnn.c */
ShapeRule rule_reshape, rule_reshape_layer, rule_flatten, rule_unflatten, rule_permute,
    rule_permute_layer, rule_transpose, rule_squeeze, rule_unsqueeze, rule_expand, rule_tile,
    rule_repeat_interleave, rule_repeat_vector, rule_pad; /* shape_move.c */
ShapeRule rule_concatenate, rule_stack, rule_split, rule_split_n, rule_chunk,
    rule_unbind; /* shape_join.c */
ShapeRule rule_binary, rule_divide, rule_compare, rule_merge, rule_merge_float, rule_dot,
    rule_matmul, rule_einsum, rule_where, rule_reduce, rule_reduce_sum, rule_reduce_float,
    rule_arg_reduce, rule_moments, rule_max_with_index, rule_topk, rule_cumsum; /* shape_math.c, shape_reduce.c */
ShapeRule rule_getitem, rule_gather, rule_take;                   /* shape_index.c */
ShapeRule rule_tensordot, rule_dot_product;                                /* shape_math.c */
ShapeRule rule_extract_patches;                                           /* shape_conv.c */
ShapeRule rule_einops;                                                    /* shape_einops.c */
ShapeRule rule_filled_like, rule_create, rule_full, rule_create_int, rule_arange, rule_eye, rule_constant, rule_constant_like, rule_sample;   /* shape_create.c */
ShapeRule rule_difference, rule_argsort, rule_sort_with_index, rule_meshgrid, rule_outer, rule_diag, rule_diagonal, rule_trace,
    rule_move_axes, rule_windows, rule_narrow, rule_unfold, rule_fold, rule_distances, rule_grid_sample, rule_affine_grid,
    rule_first_broadcast, rule_add_product, rule_linspace; /* shape_view.c */
ShapeRule rule_reduce_bool;                                /* shape_reduce.c */

#endif
