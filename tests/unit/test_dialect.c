/* The dialect room: the params mini-language, both tables as they stand, what is read of them and
 * what is written.
 *
 * Every writable row is tried with made-up attributes: written, read, and written again must say
 * the same. The kinds that one framework can read and another cannot write are listed in
 * dialect_gaps.txt, so that progress is a difference of that file (PORTOLAN_UPDATE=1 writes it). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "dialect/convert.h"
#include "dialect/signature.h"

static Arena *arena;
static Dialect *torch, *keras;

static int load(void **state)
{
    const char *err = NULL;
    (void)state;
    arena = arena_new();
    torch = dialect_load(arena, "templates/pytorch", &err);
    if (!torch)
        print_error("%s\n", err);
    keras = dialect_load(arena, "templates/tensorflow", &err);
    if (!keras)
        print_error("%s\n", err);
    return torch && keras ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* ---- the mini-language ---- */

static const char *parse_error(const char *text, const char *kind)
{
    DialectRow row = {0};
    const char *err = NULL;
    return signature_parse(arena, text, kind ? pivot_kind(kind) : NULL, &row, &err) ? NULL : err;
}

static void test_signature(void **state)
{
    (void)state;
    DialectRow row = {0};
    const char *err = NULL;
    const char *text = " self>@0, a , b=-1.5>out_channels, *c>bias, d=('x>', (1, 2), "
                       "None)>kernel_dim|ints, *, e=True>-,"
                       " f=torch.strided>!, g=0>~init, h>@*, i>@?mask, j=None>=6.0 ";
    assert_true(signature_parse(arena, text, NULL, &row, &err));
    assert_int_equal(row.params.len, 11);
    const RowParam *p = row.params.at;
    assert_int_equal(p[0].role, ROLE_INPUT);
    assert_int_equal(p[0].input, 0);
    assert_string_equal(p[1].attr, "a");
    assert_false(p[1].has_default);
    assert_string_equal(p[2].attr, "out_channels");
    assert_true(p[2].has_default);
    assert_true(p[2].dflt.u.f == -1.5);
    assert_true(p[3].rest);
    assert_true(p[4].keyword_only); /* behind *c */
    assert_string_equal(p[4].conv->name, "ints");
    assert_string_equal(pv_text(arena, &p[4].dflt), "('x>', (1, 2), None)");
    assert_int_equal(p[5].role, ROLE_INERT);
    assert_int_equal(p[6].role, ROLE_DEFAULT_ONLY);
    assert_int_equal(p[6].dflt.kind, PV_REF);
    assert_int_equal(p[7].role, ROLE_TRAINING);
    assert_int_equal(p[8].role, ROLE_INPUT_LIST);
    assert_int_equal(p[9].role, ROLE_INPUT_OPTIONAL);
    assert_string_equal(p[9].attr, "mask");
    assert_true(p[10].fixed.u.f == 6.0);
}

static void test_signature_errors(void **state)
{
    (void)state;
    assert_null(parse_error("", NULL));
    assert_null(parse_error("units>out_features, bias=True", "LinearLayer"));
    assert_string_equal(parse_error("units", "LinearLayer"),
                        "parameter units: LinearLayer has no attribute units");
    assert_string_equal(parse_error("a>b|nothing", NULL),
                        "parameter a: unknown conversion nothing");
    assert_string_equal(parse_error("a=>b", NULL), "parameter a: its default is no literal");
    assert_string_equal(parse_error("a=(1, 2>b", NULL), "parameter a: its default is no literal");
    assert_string_equal(parse_error("a='x>b", NULL), "parameter a: its default is no literal");
    assert_string_equal(parse_error("a>!", NULL), "parameter a: >! needs a default");
    assert_string_equal(parse_error("a b", NULL), "parameter a: a comma is expected at \"b\"");
    assert_non_null(parse_error("a>", NULL));
    assert_non_null(parse_error("a>@x", NULL));
    assert_non_null(parse_error("a=[[[[[[[[[[1]]]]]]]]]]", NULL));
    assert_non_null(parse_error("=1", NULL));
}

static void test_load_errors(void **state)
{
    (void)state;
    const char *err = NULL;
    assert_null(dialect_load(arena, "tests/unit/no-such-folder", &err));
    assert_non_null(err);
}

/* ---- reading ---- */

/* Reads a call; args is "name=literal, ..." in the row's own parameter names. */
static PAttrs read_call(const Dialect *d, RowForm form, const char *name, int generation,
                        const char *args)
{
    const DialectRow *row = dialect_read(d, form, name, generation);
    assert_non_null(row);
    PValue *given = ARENA_ARRAY(arena, PValue, row->params.len + 1);
    PAttrs out = {0};
    const char *err = NULL;
    while (*args) {
        size_t n = strcspn(args, "=");
        int at = -1;
        for (int i = 0; i < row->params.len; i++)
            if (strlen(row->params.at[i].name) == n &&
                strncmp(row->params.at[i].name, args, n) == 0)
                at = i;
        if (at < 0)
            fail_msg("%s has no %.*s", name, (int)n, args);
        args += n + 1;
        assert_true(literal_parse(arena, &args, &given[at]));
        args += strspn(args, ", ");
    }
    if (!dialect_row_read(d, arena, row, generation, given, &out, &err))
        fail_msg("%s: %s", name, err);
    return out;
}

static void check_attr(const PAttrs *attrs, const char *name, const char *text)
{
    const PValue *v = attr_get(attrs, name);
    if (!v)
        fail_msg("no attribute %s", name);
    assert_string_equal(pv_text(arena, v), text);
}

static const char *text_of_attrs(const PAttrs *attrs)
{
    const char *s = "";
    for (int i = 0; i < attrs->len; i++)
        s = arena_printf(arena, "%s%s=%s ", s, attrs->at[i].name,
                         pv_text(arena, &attrs->at[i].value));
    return s;
}

/* The call that says attrs: "layers.Dense(64, activation='relu')". */
static const char *written(const Dialect *d, RowForm form, const char *kind, const PAttrs *attrs,
                           StrVec *unsaid, StrVec *noted)
{
    const DialectRow *row = dialect_write(d, form, kind, attrs);
    if (!row)
        return "no row";
    PValue *args = ARENA_ARRAY(arena, PValue, row->params.len + 1);
    bool ok = dialect_row_write(d, arena, row, attrs, args, unsaid, noted);
    assert_true(ok == (!unsaid || unsaid->len == 0));
    const char *s = arena_printf(arena, "%s(", dialect_spelling(d, arena, row->names.at[0], NULL)),
               *comma = "";
    for (int i = 0; i < row->params.len; i++) {
        if (args[i].kind == PV_UNSET)
            continue;
        const char *key =
            i < row->positional ? "" : arena_printf(arena, "%s=", row->params.at[i].name);
        s = arena_printf(arena, "%s%s%s%s", s, comma, key, pv_text(arena, &args[i]));
        comma = ", ";
    }
    return arena_printf(arena, "%s)", s);
}

static void test_convolutions(void **state)
{
    (void)state;
    StrVec unsaid = {0};
    PAttrs a = read_call(torch, FORM_LAYER, "torch.nn.Conv2d", 0,
                         "in_channels=3, out_channels=8, kernel_size=3, padding=1");
    check_attr(&a, "kernel_dim", "(3, 3)");
    check_attr(&a, "padding_type", "'explicit'");
    check_attr(&a, "padding_amount", "((1, 1), (1, 1))");
    check_attr(&a, "stride_dim", "(1, 1)");
    assert_string_equal(written(torch, FORM_LAYER, "Conv2D", &a, NULL, NULL),
                        "nn.Conv2d(3, 8, 3, padding=1)");
    written(keras, FORM_LAYER, "Conv2D", &a, &unsaid, NULL);
    assert_int_equal(unsaid.len, 2); /* padding_type, padding_amount */
    a = read_call(keras, FORM_LAYER, "keras.layers.Conv2D", 3,
                  "filters=8, kernel_size=(3, 5), strides=2, padding='SAME', activation='relu'");
    check_attr(&a, "kernel_dim", "(3, 5)");
    check_attr(&a, "padding_type", "'same'");
    check_attr(&a, "actv_func", "relu");
    assert_string_equal(written(keras, FORM_LAYER, "Conv2D", &a, NULL, NULL),
                        "layers.Conv2D(8, (3, 5), strides=2, padding='same', activation='relu')");
    unsaid = (StrVec){0};
    written(torch, FORM_LAYER, "Conv2D", &a, &unsaid,
            NULL); /* strided same, an activation, and no in_channels */
    assert_int_equal(unsaid.len, 4);
    a = read_call(torch, FORM_LAYER, "torch.nn.Conv1d", 0,
                  "in_channels=3, out_channels=8, kernel_size=3, padding='same'");
    check_attr(&a, "padding_type", "'same'");
}

static void test_norms(void **state)
{
    (void)state;
    PAttrs a = read_call(torch, FORM_LAYER, "torch.nn.BatchNorm2d", 0, "num_features=8");
    check_attr(&a, "eps", "1e-05");
    check_attr(&a, "momentum", "0.1");
    assert_string_equal(written(keras, FORM_LAYER, "BatchNormLayer", &a, NULL, NULL),
                        "layers.BatchNormalization(axis=1, momentum=0.9, epsilon=1e-05)");
    a = read_call(keras, FORM_LAYER, "keras.layers.BatchNormalization", 3, "");
    check_attr(&a, "momentum", "0.01");
    a = read_call(torch, FORM_LAYER, "torch.nn.LayerNorm", 0,
                  "normalized_shape=64, elementwise_affine=False");
    check_attr(&a, "center", "False");
    check_attr(&a, "scale", "False");
    assert_string_equal(written(torch, FORM_LAYER, "LayerNormLayer", &a, NULL, NULL),
                        "nn.LayerNorm(64, elementwise_affine=False)");
    a = read_call(torch, FORM_LAYER, "torch.nn.LayerNorm", 0,
                  "normalized_shape=(4, 64), bias=False");
    check_attr(&a, "center", "False");
    check_attr(&a, "scale", "True");
    assert_string_equal(written(torch, FORM_LAYER, "LayerNormLayer", &a, NULL, NULL),
                        "nn.LayerNorm((4, 64), bias=False)");
    a = read_call(torch, FORM_LAYER, "torch.nn.InstanceNorm2d", 0, "num_features=8");
    assert_string_equal(
        written(keras, FORM_LAYER, "InstanceNormLayer", &a, NULL, NULL),
        "layers.GroupNormalization(groups=-1, epsilon=1e-05, center=False, scale=False)");
}

static void test_pools(void **state)
{
    (void)state;
    PAttrs a = read_call(torch, FORM_LAYER, "torch.nn.MaxPool2d", 0, "kernel_size=3");
    check_attr(&a, "stride_dim", "(3, 3)");
    assert_string_equal(written(keras, FORM_LAYER, "PoolingLayer", &a, NULL, NULL),
                        "layers.MaxPooling2D(3)");
    a = read_call(torch, FORM_LAYER, "torch.nn.AdaptiveAvgPool2d", 0, "output_size=1");
    assert_string_equal(written(keras, FORM_LAYER, "PoolingLayer", &a, NULL, NULL),
                        "layers.GlobalAveragePooling2D(keepdims=True)");
    a = read_call(torch, FORM_LAYER, "torch.nn.AdaptiveAvgPool2d", 0, "output_size=(None, 7)");
    check_attr(&a, "output_dim", "(None, 7)");
    a = read_call(keras, FORM_LAYER, "keras.layers.AveragePooling2D", 3,
                  "pool_size=2, padding='same'");
    check_attr(&a, "count_include_pad", "False");
    a = read_call(keras, FORM_FUNCTION, "tensorflow.nn.max_pool2d", 3,
                  "ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding='SAME'");
    check_attr(&a, "kernel_dim", "(3, 3)");
    check_attr(&a, "stride_dim", "(2, 2)");
    check_attr(&a, "data_format", "'channels_last'");
}

static void test_recurrent(void **state)
{
    (void)state;
    StrVec noted = {0};
    PAttrs a = read_call(keras, FORM_LAYER, "keras.layers.LSTM", 3,
                         "units=8, return_sequences=True, dropout=0.2");
    check_attr(&a, "return_type", "'full'");
    check_attr(&a, "input_dropout", "0.2");
    check_attr(&a, "batch_first", "True");
    check_attr(&a, "recurrent_activation", "sigmoid");
    attr_set(arena, &a, "return_type", pv_str("torch"));
    attr_set(arena, &a, "input_size", pv_int(5));
    StrVec unsaid = {0};
    assert_string_equal(written(torch, FORM_LAYER, "LSTMLayer", &a, &unsaid, &noted),
                        "nn.LSTM(5, 8, batch_first=True)");
    assert_int_equal(noted.len, 1);
    a = read_call(keras, FORM_LAYER, "tensorflow.compat.v1.keras.layers.GRU", 2, "units=8");
    check_attr(&a, "recurrent_activation", "keras2_hard_sigmoid");
    check_attr(&a, "reset_after", "False");
    a = read_call(torch, FORM_LAYER, "torch.nn.RNN", 0,
                  "input_size=3, hidden_size=4, nonlinearity='relu'");
    check_attr(&a, "activation", "relu");
    assert_string_equal(written(torch, FORM_LAYER, "SimpleRNNLayer", &a, NULL, NULL),
                        "nn.RNN(3, 4, nonlinearity='relu')");
}

static void test_activations(void **state)
{
    (void)state;
    const PivotAct *act = dialect_act(keras, arena, "leaky_relu", 3);
    assert_non_null(act);
    check_attr(&act->attrs, "negative_slope", "0.2");
    assert_string_equal(dialect_act_string(keras, act), "leaky_relu");
    assert_string_equal(dialect_act(keras, arena, "swish", 3)->kind, "silu");
    assert_string_equal(dialect_act(keras, arena, "hard_sigmoid", 3)->kind, "hard_sigmoid");
    assert_string_equal(dialect_act(keras, arena, "hard_sigmoid", 2)->kind, "keras2_hard_sigmoid");
    assert_string_equal(dialect_act(keras, arena, "tensorflow.nn.relu", 3)->kind, "relu");
    assert_string_equal(dialect_act(torch, arena, "torch.nn.functional.gelu", 0)->kind, "gelu");
    assert_null(dialect_act(keras, arena, "no_such", 3));
    PivotAct slope = {.kind = "leaky_relu"};
    attr_set(arena, &slope.attrs, "negative_slope", pv_float(0.01));
    assert_null(dialect_act_string(keras, &slope));
    PAttrs a = read_call(torch, FORM_LAYER, "torch.nn.LeakyReLU", 0, "");
    assert_string_equal(written(keras, FORM_LAYER, "leaky_relu", &a, NULL, NULL),
                        "layers.LeakyReLU(negative_slope=0.01)");
    assert_string_equal(written(keras, FORM_FUNCTION, "leaky_relu", &a, NULL, NULL),
                        "ops.leaky_relu(negative_slope=0.01)");
    a = read_call(keras, FORM_LAYER, "keras.layers.LeakyReLU", 2, "alpha=0.3");
    check_attr(&a, "negative_slope", "0.3");
    a = read_call(torch, FORM_LAYER, "torch.nn.SiLU", 0, "");
    assert_string_equal(written(keras, FORM_LAYER, "silu", &a, NULL, NULL),
                        "layers.Activation('silu')");
    a = (PAttrs){0};
    attr_set(arena, &a, "max_value", pv_float(4));
    assert_string_equal(written(torch, FORM_LAYER, "clipped_relu", &a, NULL, NULL),
                        "nn.Hardtanh(0.0, 4.0)");
    attr_set(arena, &a, "max_value", pv_int(6));
    assert_string_equal(written(torch, FORM_LAYER, "clipped_relu", &a, NULL, NULL), "nn.ReLU6()");
}

static void test_padding(void **state)
{
    (void)state;
    PAttrs a = read_call(torch, FORM_LAYER, "torch.nn.ZeroPad2d", 0, "padding=(1, 2, 3, 4)");
    check_attr(&a, "amounts", "((3, 4), (1, 2))");
    assert_string_equal(written(keras, FORM_LAYER, "PaddingLayer", &a, NULL, NULL),
                        "layers.ZeroPadding2D(((3, 4), (1, 2)))");
    assert_string_equal(written(torch, FORM_LAYER, "PaddingLayer", &a, NULL, NULL),
                        "nn.ZeroPad2d((1, 2, 3, 4))");
    a = read_call(keras, FORM_LAYER, "keras.layers.ZeroPadding1D", 3, "padding=(1, 2)");
    check_attr(&a, "amounts", "((1, 2),)");
    a = read_call(keras, FORM_LAYER, "keras.layers.ZeroPadding2D", 3, "padding=(1, 2)");
    check_attr(&a, "amounts", "((1, 1), (2, 2))");
    a = read_call(torch, FORM_FUNCTION, "torch.nn.functional.pad", 0, "pad=(1, 2, 0, 3)");
    check_attr(&a, "amounts", "((0, 3), (1, 2))");
    a = read_call(keras, FORM_LAYER, "keras.layers.Cropping2D", 3, "cropping=1");
    assert_string_equal(written(torch, FORM_LAYER, "CroppingLayer", &a, NULL, NULL),
                        "nn.ZeroPad2d(-1)");
}

static void test_training_rows(void **state)
{
    (void)state;
    PAttrs a = read_call(torch, FORM_LAYER, "torch.optim.Adam", 0, "lr=0.01, betas=(0.5, 0.9)");
    check_attr(&a, "beta_1", "0.5");
    assert_string_equal(
        written(keras, FORM_LAYER, "Adam", &a, NULL, NULL),
        "keras.optimizers.Adam(learning_rate=0.01, beta_1=0.5, beta_2=0.9, epsilon=1e-08)");
    StrVec noted = {0};
    a = read_call(torch, FORM_LAYER, "torch.optim.SGD", 0,
                  "lr=0.1, momentum=0.9, weight_decay=0.5");
    assert_string_equal(written(keras, FORM_LAYER, "SGD", &a, NULL, &noted),
                        "keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, weight_decay=0.5)");
    assert_int_equal(noted.len, 1); /* it decays otherwise */
    noted.len = 0;
    a = read_call(torch, FORM_LAYER, "torch.optim.SGD", 0, "lr=0.1, momentum=0.9");
    written(keras, FORM_LAYER, "SGD", &a, NULL, &noted);
    assert_int_equal(noted.len, 0);
    a = read_call(keras, FORM_LAYER, "keras.losses.SparseCategoricalCrossentropy", 3,
                  "from_logits=True");
    assert_string_equal(written(torch, FORM_LAYER, "CrossEntropy", &a, NULL, NULL),
                        "nn.CrossEntropyLoss()");
    assert_int_equal(dialect_read_group(keras, FORM_STRING, "mse", 3, GROUP_LOSS)->kind->group,
                     GROUP_LOSS);
    assert_int_equal(dialect_read_group(keras, FORM_STRING, "mse", 3, GROUP_METRIC)->kind->group,
                     GROUP_METRIC);
    a = read_call(keras, FORM_STRING, "adam", 3, "");
    check_attr(&a, "eps", "1e-07");
}

/* ---- rows with one name ---- */

static const char *matched(const Dialect *d, RowForm form, const char *name, int generation,
                           int npos, ...)
{
    ArgLook look[8];
    PValue values[8] = {0};
    va_list ap;
    va_start(ap, npos);
    for (int i = 0; i < npos; i++) {
        const char *s = va_arg(ap, const char *);
        look[i] = str_eq(s, "T") ? ARG_TENSOR : str_eq(s, "[T]") ? ARG_TENSORS : ARG_OTHER;
        if (look[i] == ARG_OTHER)
            assert_true(literal_parse(arena, &s, &values[i]));
    }
    va_end(ap);
    CallLook call = {look, npos, NULL, NULL, 0};
    const DialectRow *row =
        dialect_match_values(d, arena, form, name, generation, &call, values, NULL);
    return row ? row->kind->name : "none";
}

static void test_overloads(void **state)
{
    (void)state;
    assert_string_equal(matched(torch, FORM_FUNCTION, "torch.max", 0, 1, "T"), "reduce_max");
    assert_string_equal(matched(torch, FORM_FUNCTION, "torch.max", 0, 2, "T", "1"),
                        "max_with_index");
    assert_string_equal(matched(torch, FORM_FUNCTION, "torch.max", 0, 2, "T", "T"), "maximum");
    assert_string_equal(matched(torch, FORM_METHOD, "max", 0, 2, "T", "-1"), "max_with_index");
    assert_string_equal(matched(torch, FORM_METHOD, "to", 0, 2, "T", "torch.float32"), "cast");
    assert_string_equal(matched(torch, FORM_METHOD, "to", 0, 2, "T", "'cuda'"), "identity");
    assert_string_equal(matched(torch, FORM_METHOD, "to", 0, 2, "T", "device"), "identity");
    assert_string_equal(matched(torch, FORM_METHOD, "to", 0, 3, "T", "device", "torch.float16"),
                        "cast");
    assert_string_equal(matched(keras, FORM_FUNCTION, "keras.ops.split", 3, 2, "T", "3"),
                        "split_n");
    assert_string_equal(matched(keras, FORM_FUNCTION, "keras.ops.split", 3, 2, "T", "[2, 5]"),
                        "split");
    assert_string_equal(matched(keras, FORM_FUNCTION, "tensorflow.split", 3, 2, "T", "[2, 5]"),
                        "split");
    assert_string_equal(matched(keras, FORM_FUNCTION, "tensorflow.transpose", 3, 1, "T"),
                        "transpose");
    assert_string_equal(
        matched(keras, FORM_FUNCTION, "tensorflow.transpose", 3, 2, "T", "[0, 2, 1]"), "permute");
    assert_string_equal(matched(keras, FORM_LAYER, "keras.layers.ReLU", 3, 0), "relu");
    assert_string_equal(matched(keras, FORM_LAYER, "keras.layers.ReLU", 3, 1, "6.0"), "relu6");
    assert_string_equal(matched(keras, FORM_LAYER, "keras.layers.ReLU", 3, 1, "4.0"),
                        "clipped_relu");
    assert_string_equal(matched(torch, FORM_FUNCTION, "torch.arange", 0, 1, "10"), "arange");
    assert_string_equal(matched(torch, FORM_FUNCTION, "torch.no_such", 0, 0), "none");
    assert_string_equal(matched(keras, FORM_FUNCTION, "keras.layers.concatenate", 3, 1, "[T]"),
                        "concatenate");
    PAttrs a = read_call(keras, FORM_FUNCTION, "keras.ops.argmax", 3, "");
    assert_null(attr_get(&a, "axis"));
}

/* ---- names ---- */

static void test_names(void **state)
{
    (void)state;
    const char *import = NULL;
    assert_string_equal(dialect_canonical(keras, arena, "tensorflow.keras.layers.Dense"),
                        "keras.layers.Dense");
    assert_string_equal(
        dialect_canonical(keras, arena, "tensorflow.python.keras.layers.core.Dense"),
        "keras.layers.Dense");
    assert_string_equal(dialect_canonical(keras, arena, "keras.layers.convolutional.Conv2D"),
                        "keras.layers.Conv2D");
    assert_string_equal(
        dialect_canonical(keras, arena,
                          "tensorflow.keras.layers.experimental.preprocessing.Rescaling"),
        "keras.layers.Rescaling");
    assert_string_equal(dialect_canonical(torch, arena, "torch.nn.modules.conv.Conv2d"),
                        "torch.nn.Conv2d");
    const char *same = "torch.nn.Linear";
    assert_ptr_equal(dialect_canonical(torch, arena, same), same);
    assert_non_null(dialect_read(keras, FORM_LAYER, "tensorflow.compat.v1.keras.layers.Dense", 2));
    assert_string_equal(dialect_spelling(torch, arena, "torch.nn.functional.relu", &import),
                        "F.relu");
    assert_string_equal(import, "import torch.nn.functional as F");
    assert_string_equal(dialect_spelling(keras, arena, "keras.layers.Conv2D", &import),
                        "layers.Conv2D");
    assert_string_equal(import, "from keras import layers");
    assert_string_equal(dialect_spelling(keras, arena, "tensorflow.nn.pool", &import),
                        "tf.nn.pool");
    assert_string_equal(import, "import tensorflow as tf");
    assert_string_equal(dialect_rename(keras, arena, "layers"), "blocks");
    assert_string_equal(dialect_rename(keras, arena, "path"), "route");
    assert_null(dialect_rename(keras, arena, "conv1"));
    assert_true(dialect_inert(torch, "torch.cuda.manual_seed_all"));
    assert_true(dialect_owns(torch, "torch.fft.fft"));
    assert_false(dialect_owns(torch, "numpy.zeros"));
    assert_false(dialect_owns(torch, "torchlike.zeros"));
    assert_true(dialect_is_module_base(torch, "torch.nn.Module"));
    assert_string_equal(dialect_fact(keras, "forward"), "call");
    assert_string_equal(dialect_dtype(torch, "torch.long"), "int64");
    assert_string_equal(dialect_dtype_spelling(torch, "int64"), "torch.int64");
    assert_true(dialect_lists(keras, "derived", "in_channels"));
}

/* ---- every row: written, read, written again ---- */

static PValue ints_sample(int n, int base)
{
    PValue v = pv_list(arena, n);
    for (int i = 0; i < n; i++) v.u.list.at[i] = pv_int(base);
    return v;
}

static PValue pads_sample(int n, int variant)
{
    PValue v = pv_list(arena, n);
    for (int i = 0; i < n; i++) {
        v.u.list.at[i] = ints_sample(2, 1);
        if (variant)
            v.u.list.at[i].u.list.at[1] = pv_int(2 + i);
    }
    return v;
}

static PValue sample(const DialectRow *row, const KindAttr *ka, int variant)
{
    PAttrs set = row->set;
    int nd = kind_spatial(row->kind, &set);
    if (str_eq(ka->type, "int") || str_eq(ka->type, "axis"))
        return pv_int(variant ? 3 : 5);
    if (str_eq(ka->type, "float"))
        return pv_float(variant ? 0.25 : 0.5);
    if (str_eq(ka->type, "bool"))
        return pv_bool(variant);
    if (str_eq(ka->type, "ints"))
        return ints_sample(nd ? nd : 1, variant ? 3 : 2);
    if (str_eq(ka->type, "pads"))
        return pads_sample(nd ? nd : 1, variant);
    if (str_eq(ka->type, "axes") || str_eq(ka->type, "shape"))
        return ints_sample(1 + variant, 1);
    if (str_eq(ka->type, "act"))
        return pv_act(arena, variant ? "relu" : "tanh");
    return (PValue){.kind = PV_UNSET};
}

/* Attributes of the kind: what the row says of itself, defaults, and made-up values for the rest
 * (all of them where varied). */
static PAttrs sample_attrs(const Dialect *d, const DialectRow *row, int variant)
{
    PAttrs as = {0};
    for (int i = 0; i < row->kind->nattrs; i++) {
        const KindAttr *ka = &row->kind->attrs[i];
        const PValue *own = attr_get(&row->set, ka->name);
        if (!own)
            own = attr_get(&row->implies, ka->name);
        PValue v = kind_default(arena, row->kind, ka->name);
        if (v.kind == PV_INT && str_eq(ka->type, "ints"))
            v = ints_sample(kind_spatial(row->kind, &row->set), (int)v.u.i);
        if (v.kind == PV_INT && str_eq(ka->type, "pads"))
            continue;
        bool special =
            strncmp(ka->name, "padding_", 8) == 0 || str_eq(ka->name, "count_include_pad");
        if (!special && (variant >= 0 || v.kind == PV_UNSET)) {
            PValue made = sample(row, ka, variant < 0 ? 0 : variant);
            if (made.kind != PV_UNSET && !dialect_lists(d, "derived", ka->name))
                v = made;
        }
        if (own)
            v = *own;
        if (v.kind != PV_UNSET)
            attr_set(arena, &as, ka->name, v);
    }
    return as;
}

static void check_row(const Dialect *d, const DialectRow *row, int variant)
{
    PAttrs as = sample_attrs(d, row, variant), back = {0};
    PValue *args = ARENA_ARRAY(arena, PValue, row->params.len + 1),
           *again = ARENA_ARRAY(arena, PValue, row->params.len + 1);
    StrVec unsaid = {0};
    const char *err = NULL;
    dialect_row_write(d, arena, row, &as, args, &unsaid, NULL);
    for (int i = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        bool missing =
            p->role == ROLE_ATTR && !p->has_default && !p->rest && args[i].kind == PV_UNSET;
        if (missing || (p->role == ROLE_ATTR && args[i].kind == PV_UNKNOWN))
            return; /* it takes what has no sample */
    }
    if (!dialect_row_read(d, arena, row, 0, args, &back, &err))
        fail_msg("%s %s: %s, of %s", d->name, row->names.at[0], err, text_of_attrs(&as));
    dialect_row_write(d, arena, row, &back, again, NULL, NULL);
    for (int i = 0; i < row->params.len; i++) {
        if (!pv_same(&args[i], &again[i]))
            fail_msg("%s %s: %s is %s, and then %s, of %s", d->name, row->names.at[0],
                     row->params.at[i].name, pv_text(arena, &args[i]), pv_text(arena, &again[i]),
                     text_of_attrs(&as));
    }
    for (int i = 0; i < as.len; i++) {
        bool lost = dialect_lists(d, "derived", as.at[i].name) || !attr_get(&back, as.at[i].name);
        for (int k = 0; k < unsaid.len; k++) lost |= str_eq(unsaid.at[k], as.at[i].name);
        for (int k = 0; k < row->noted.len; k++) lost |= str_eq(row->noted.at[k], as.at[i].name);
        for (int k = 0; k < row->moot.len; k++) lost |= str_eq(row->moot.at[k], as.at[i].name);
        if (!lost && !pv_same(&as.at[i].value, attr_get(&back, as.at[i].name)))
            fail_msg("%s %s: %s was %s and comes back as %s", d->name, row->names.at[0],
                     as.at[i].name, pv_text(arena, &as.at[i].value),
                     pv_text(arena, attr_get(&back, as.at[i].name)));
    }
}

static void test_round_trip(void **state)
{
    (void)state;
    const Dialect *const both[] = {torch, keras};
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < both[k]->rows.len; i++) {
            for (int variant = -1; variant <= 1 && both[k]->rows.at[i]->write; variant++)
                check_row(both[k], both[k]->rows.at[i], variant);
        }
    }
}

/* ---- what one framework reads and the other cannot write ---- */

static bool can(const Dialect *d, const PivotKind *k, bool write)
{
    for (int i = 0; i < d->rows.len; i++) {
        const DialectRow *row = d->rows.at[i];
        if (row->kind == k && (write ? row->write : row->read))
            return true;
    }
    return false;
}

static void list_gaps(Buf *out, const Dialect *from, const Dialect *to)
{
    const PivotKind *k;
    buf_printf(out, "%s reads, and %s cannot write by one call:\n", from->name, to->name);
    for (int i = 0; (k = pivot_kind_at(i)); i++) {
        bool ours = k->group == GROUP_LAYER || k->group == GROUP_ACTIVATION || k->group == GROUP_OP;
        if (ours && can(from, k, false) && !can(to, k, true))
            buf_printf(out, "    %s\n", k->name);
    }
}

static void test_gaps(void **state)
{
    (void)state;
    const char *path = "tests/unit/dialect_gaps.txt", *err = NULL, *note = NULL;
    Buf b = {0};
    list_gaps(&b, torch, keras);
    list_gaps(&b, keras, torch);
    size_t len = 0;
    if (getenv("PORTOLAN_UPDATE"))
        assert_true(file_write_atomic(arena, path, b.s, b.len, &note, &err));
    char *expected = file_read(arena, path, &len, &err);
    assert_non_null(expected);
    assert_string_equal(b.s, expected);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signature),   cmocka_unit_test(test_signature_errors),
        cmocka_unit_test(test_load_errors), cmocka_unit_test(test_convolutions),
        cmocka_unit_test(test_norms),       cmocka_unit_test(test_pools),
        cmocka_unit_test(test_recurrent),   cmocka_unit_test(test_activations),
        cmocka_unit_test(test_padding),     cmocka_unit_test(test_training_rows),
        cmocka_unit_test(test_overloads),   cmocka_unit_test(test_names),
        cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_gaps),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
