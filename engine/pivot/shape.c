/* shape_infer: which rule a kind has, and what is checked before it runs.
 *
 * The table names, for each kind, its rule and how many of its inputs' ranks the rule needs (ALL:
 * every one). Where one of these is not known, neither is any output, and nothing is wrong. Kinds
 * that are not in the table (losses, containers, wrappers: who holds a wrapper's inner layer
 * applies that one's rule) give one unknown output. */
#include <stdlib.h>
#include <string.h>

#include "pivot/shape.h"

enum { ALL = -1 };

typedef struct RuleRow {
    const char *kind;
    ShapeRule *rule;
    int needs; /* inputs that must be there, with known rank */
} RuleRow;

/* Sorted by kind (strcmp), for binary search; a test holds the order and that every kind is here.
 * */
static const RuleRow rules[] = {
    {"ActivationLayer", rule_same, 1},
    {"AddLayer", rule_merge, ALL},
    {"AlphaDropout", rule_same, 1},
    {"AugmentationLayer", rule_same, 1},
    {"AverageLayer", rule_merge_float, ALL},
    {"BatchNormLayer", rule_batch_norm, 1},
    {"ChannelShuffle", rule_same, 1},
    {"ConcatenateLayer", rule_concatenate, ALL},
    {"Conv1D", rule_conv, 1},
    {"Conv2D", rule_conv, 1},
    {"Conv3D", rule_conv, 1},
    {"ConvTranspose", rule_conv_transpose, 1},
    {"CroppingLayer", rule_cropping, 1},
    {"DepthwiseConv", rule_depthwise, 1},
    {"DotLayer", rule_dot, ALL},
    {"DropPath", rule_same, 1},
    {"DropoutLayer", rule_same, 1},
    {"EinopsLayer", rule_einops, 1},
    {"EmbeddingLayer", rule_embedding, 1},
    {"FlattenLayer", rule_flatten, 1},
    {"GRUCellLayer", rule_cell, 1},
    {"GRULayer", rule_rnn, 1},
    {"GaussianNoise", rule_same, 1},
    {"GroupNormLayer", rule_group_norm, 1},
    {"IdentityLayer", rule_same, 1},
    {"InputLayer", rule_input, 0},
    {"InstanceNormLayer", rule_instance_norm, 1},
    {"LSTMCellLayer", rule_cell, 1},
    {"LSTMLayer", rule_rnn, 1},
    {"LambdaLayer", rule_unknown, 0},
    {"LayerNormLayer", rule_layer_norm, 1},
    {"LinearLayer", rule_linear, 1},
    {"LocalResponseNorm", rule_same, 1},
    {"MaskingLayer", rule_same, 1},
    {"MaximumLayer", rule_merge, ALL},
    {"MinimumLayer", rule_merge, ALL},
    {"MultiHeadAttention", rule_attention_layer, ALL},
    {"MultiplyLayer", rule_merge, ALL},
    {"NormalizationLayer", rule_same_float, 1},
    {"PaddingLayer", rule_padding, 1},
    {"PermuteLayer", rule_permute_layer, 1},
    {"PixelShuffle", rule_shuffle, 1},
    {"PixelUnshuffle", rule_unshuffle, 1},
    {"PoolingLayer", rule_pool, 1},
    {"RMSNormLayer", rule_rms_norm, 1},
    {"RNNCellLayer", rule_cell, 1},
    {"RepeatVector", rule_repeat_vector, 1},
    {"RescalingLayer", rule_same_float, 1},
    {"ReshapeLayer", rule_reshape_layer, 1},
    {"SeparableConv", rule_separable, 1},
    {"SimpleRNNLayer", rule_rnn, 1},
    {"SpatialDropout", rule_same, 1},
    {"SubtractLayer", rule_merge, ALL},
    {"UpSamplingLayer", rule_upsampling, 1},
    {"abs", rule_same, 1},
    {"add", rule_binary, ALL},
    {"add_multiplied", rule_first_broadcast, 1},
    {"add_product", rule_add_product, ALL},
    {"affine_grid", rule_affine_grid, 1},
    {"all", rule_reduce_bool, 1},
    {"any", rule_reduce_bool, 1},
    {"arange", rule_arange, 0},
    {"arctan2", rule_divide, ALL},
    {"argmax", rule_arg_reduce, 1},
    {"argmin", rule_arg_reduce, 1},
    {"argsort", rule_argsort, 1},
    {"attention", rule_attention, ALL},
    {"bernoulli", rule_same, 1},
    {"cast", rule_cast, 1},
    {"cast_like", rule_same, 1},
    {"categorical", rule_sample, 1},
    {"celu", rule_same_float, 1},
    {"chunk", rule_chunk, 1},
    {"clip", rule_same, 1},
    {"clipped_relu", rule_same, 1},
    {"compare", rule_compare, ALL},
    {"concatenate", rule_concatenate, ALL},
    {"constant", rule_constant, 0},
    {"constant_like", rule_constant_like, 1},
    {"convolve", rule_convolve, ALL},
    {"cos", rule_same_float, 1},
    {"cosine_similarity", rule_cosine, ALL},
    {"cumprod", rule_cumsum, 1},
    {"cumsum", rule_cumsum, 1},
    {"depth_to_space", rule_shuffle, 1},
    {"diag", rule_diag, 1},
    {"diagonal", rule_diagonal, 1},
    {"difference", rule_difference, 1},
    {"distances", rule_distances, ALL},
    {"divide", rule_divide, ALL},
    {"dot_product", rule_dot_product, ALL},
    {"dropout", rule_same, 1},
    {"einops", rule_einops, 1},
    {"einsum", rule_einsum, ALL},
    {"elementwise", rule_same_float, 1},
    {"elu", rule_same_float, 1},
    {"erf", rule_same_float, 1},
    {"exp", rule_same_float, 1},
    {"expand", rule_expand, 1},
    {"expand_like", rule_like, ALL},
    {"exponential", rule_same_float, 1},
    {"extract_patches", rule_extract_patches, 1},
    {"eye", rule_eye, 0},
    {"flatten", rule_flatten, 1},
    {"flip", rule_same, 1},
    {"floor", rule_same, 1},
    {"floor_divide", rule_binary, ALL},
    {"fold", rule_fold, 1},
    {"full", rule_full, 0},
    {"full_like", rule_filled_like, 1},
    {"gather", rule_gather, ALL},
    {"gelu", rule_same_float, 1},
    {"getitem", rule_getitem, ALL},
    {"glu", rule_glu, 1},
    {"grid_sample", rule_grid_sample, 1},
    {"group_norm", rule_same_float, 1},
    {"hard_shrink", rule_same, 1},
    {"hard_sigmoid", rule_same_float, 1},
    {"hard_swish", rule_same_float, 1},
    {"hard_tanh", rule_same, 1},
    {"identity", rule_same, 1},
    {"instance_norm", rule_same_float, 1},
    {"interpolate", rule_interpolate, 1},
    {"keras2_hard_sigmoid", rule_same_float, 1},
    {"layer_norm", rule_same_float, 1},
    {"leaky_relu", rule_same, 1},
    {"lerp", rule_first_broadcast, 1},
    {"linear", rule_same, 1},
    {"linear_map", rule_linear_map, ALL},
    {"linspace", rule_linspace, 0},
    {"log", rule_same_float, 1},
    {"log_sigmoid", rule_same_float, 1},
    {"log_softmax", rule_axis_same, 1},
    {"logical_and", rule_compare, ALL},
    {"logical_not", rule_compare, 1},
    {"logical_or", rule_compare, ALL},
    {"logical_xor", rule_compare, ALL},
    {"logsumexp", rule_reduce_float, 1},
    {"masked_fill", rule_same, 1},
    {"matmultiply", rule_matmul, ALL},
    {"max_with_index", rule_max_with_index, 1},
    {"maximum", rule_binary, ALL},
    {"mean", rule_reduce_float, 1},
    {"meshgrid", rule_meshgrid, ALL},
    {"min_with_index", rule_max_with_index, 1},
    {"minimum", rule_binary, ALL},
    {"mish", rule_same_float, 1},
    {"mod", rule_binary, ALL},
    {"moments", rule_moments, 1},
    {"move_axes", rule_move_axes, 1},
    {"multinomial", rule_sample, 1},
    {"multiply", rule_binary, ALL},
    {"narrow", rule_narrow, 1},
    {"negative", rule_same, 1},
    {"norm", rule_reduce_float, 1},
    {"normalize", rule_axis_same, 1},
    {"one_hot", rule_one_hot, 1},
    {"ones", rule_create, 0},
    {"ones_like", rule_filled_like, 1},
    {"outer", rule_outer, ALL},
    {"pad", rule_pad, 1},
    {"pairwise_distance", rule_cosine, ALL},
    {"permute", rule_permute, 1},
    {"power", rule_binary, ALL},
    {"prelu", rule_prelu, 1},
    {"prod", rule_reduce_sum, 1},
    {"rand", rule_create, 0},
    {"rand_like", rule_same, 1},
    {"randint", rule_create_int, 0},
    {"randn", rule_create, 0},
    {"randn_like", rule_same, 1},
    {"reduce_max", rule_reduce, 1},
    {"reduce_min", rule_reduce, 1},
    {"relu", rule_same, 1},
    {"relu6", rule_same, 1},
    {"repeat_interleave", rule_repeat_interleave, 1},
    {"reshape", rule_reshape, 1},
    {"reshape_like", rule_like, ALL},
    {"roll", rule_same, 1},
    {"round", rule_same, 1},
    {"rsqrt", rule_same_float, 1},
    {"scatter", rule_same, ALL},
    {"scatter_add", rule_same, ALL},
    {"selu", rule_same_float, 1},
    {"sigmoid", rule_same_float, 1},
    {"sign", rule_same, 1},
    {"silu", rule_same_float, 1},
    {"sin", rule_same_float, 1},
    {"soft_shrink", rule_same, 1},
    {"softmax", rule_axis_same, 1},
    {"softmin", rule_axis_same, 1},
    {"softplus", rule_same_float, 1},
    {"softsign", rule_same_float, 1},
    {"sort", rule_same, 1},
    {"sort_with_index", rule_sort_with_index, 1},
    {"space_to_depth", rule_unshuffle, 1},
    {"split", rule_split, 1},
    {"split_n", rule_split_n, 1},
    {"sqrt", rule_same_float, 1},
    {"square", rule_same, 1},
    {"squeeze", rule_squeeze, 1},
    {"stack", rule_stack, ALL},
    {"std", rule_reduce_float, 1},
    {"subtract", rule_binary, ALL},
    {"sum", rule_reduce_sum, 1},
    {"take", rule_take, ALL},
    {"tanh", rule_same_float, 1},
    {"tanh_shrink", rule_same_float, 1},
    {"tensordot", rule_tensordot, ALL},
    {"threshold", rule_same, 1},
    {"tile", rule_tile, 1},
    {"topk", rule_topk, 1},
    {"trace", rule_trace, 1},
    {"transpose", rule_transpose, 1},
    {"triangle", rule_same, 1},
    {"truncated_normal", rule_create, 0},
    {"unbind", rule_unbind, 1},
    {"unflatten", rule_unflatten, 1},
    {"unfold", rule_unfold, 1},
    {"unsqueeze", rule_unsqueeze, 1},
    {"var_mean", rule_moments, 1},
    {"variance", rule_reduce_float, 1},
    {"where", rule_where, ALL},
    {"windows", rule_windows, 1},
    {"zeros", rule_create, 0},
    {"zeros_like", rule_filled_like, 1},
};

static int compare_row(const void *key, const void *row)
{
    return strcmp(key, ((const RuleRow *)row)->kind);
}

/* Outputs whose number is known though their shapes are not. */
static int blind_outputs(const ShapeJob *j)
{
    const char *k = j->kind->name;
    if (kind_gives_pair(j->kind)) return 2;
    if (strcmp(k, "MultiHeadAttention") == 0) return shape_given(j, "key_dim") ? 1 : 2;
    long long n = 1;
    if (strcmp(k, "chunk") == 0 || strcmp(k, "split_n") == 0) n = attr_int(j->as, "n", 1);
    const PValue *sizes = strcmp(k, "split") == 0 ? attr_get(j->as, "sizes") : NULL;
    if (sizes && sizes->kind == PV_LIST) n = sizes->u.list.len;
    if (strcmp(k, "LSTMCellLayer") == 0) n = 2;
    else if (kind_attr(j->kind, "hidden_size")) {
        int states = strcmp(k, "LSTMLayer") == 0 ? 2 : 1;
        bool both = attr_bool(j->as, "bidirectional", false);
        if (str_eq(attr_str(j->as, "return_type", NULL), "torch")) n = 1 + states;
        else if (attr_bool(j->as, "return_state", false)) n = 1 + states * (both ? 2 : 1);
    }
    return n < 1 ? 1 : n > MAX_OUTPUTS ? MAX_OUTPUTS : (int)n;
}

static bool all_unknown(ShapeJob *j)
{
    const char *dtype = j->in->nin ? j->in->in[0]->dtype : NULL;
    if (strcmp(j->kind->name, "EmbeddingLayer") == 0) dtype = "float32";
    if (strcmp(j->kind->name, "cast") == 0)
        dtype = dtype_canonical(attr_str(j->as, "dtype", dtype));
    for (int i = blind_outputs(j); i > 0; i--) shape_out_unknown(j, dtype);
    return true;
}

bool shape_infer(Arena *a, const PivotKind *kind, const PAttrs *attrs, const ShapeIn *in,
                 ShapeOut *out, PAttrs *traced, const char **err)
{
    ShapeJob j = {
        .a = a, .kind = kind, .as = attrs, .in = in, .out = out, .traced = traced, .err = err};
    out->nout = 0;
    const RuleRow *row =
        bsearch(kind->name, rules, sizeof rules / sizeof rules[0], sizeof rules[0], compare_row);
    if (!row) return shape_out_unknown(&j, NULL);
    int needs = row->needs == ALL ? in->nin : row->needs;
    if (in->nin < needs || (row->needs == ALL && in->nin == 0))
        return shape_error(&j, "%s is applied to nothing", shape_name(&j));
    for (int i = 0; i < needs; i++) {
        if (in->in[i]->rank < 0) return all_unknown(&j);
        if (in->in[i]->rank > MAX_RANK)
            return shape_error(&j, "%s gets a tensor of %d axes, too many to follow",
                               shape_name(&j), in->in[i]->rank);
    }
    if (row->rule(&j)) return true;
    out->nout = 0;
    return false;
}
