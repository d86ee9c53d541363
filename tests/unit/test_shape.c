/* Shape rules: against tests/equivalence/shapes.txt (whose outputs are the frameworks' own), and,
 * where no framework can be asked, against tables here: free sizes, attributes that the trace
 * fills in, messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "pivot/pivot.h"
#include "tests/unit/pivot_text.h"

static Arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

typedef struct Applied {
    const PivotKind *kind;
    PAttrs attrs, traced;
    const char *text; /* outputs, or "error" */
    const char *err;
} Applied;

/* "int" for every integer, so that int32 and int64 compare equal where the frameworks differ. */
static const char *dtype_text(const char *dtype, bool loose)
{
    if (strcmp(dtype, "float32") == 0) return "";
    if (loose && strncmp(dtype, "int", 3) == 0) return ":int";
    return arena_printf(arena, ":%s", dtype);
}

static Applied apply(const char *call, const char *inputs, bool channels_first, bool loose)
{
    Applied r = {0};
    r.kind = text_call(arena, call, &r.attrs);
    const PivotTensor *in[8];
    int nin = 0;
    for (const PivotTensor *t; nin < 8 && (t = text_tensor(arena, &inputs)); nin++) in[nin] = t;
    ShapeIn si = {in, nin, channels_first};
    ShapeOut *out = ARENA_NEW(arena, ShapeOut);
    if (!shape_infer(arena, r.kind, &r.attrs, &si, out, &r.traced, &r.err)) {
        assert_non_null(r.err);
        r.text = "error";
        return r;
    }
    Buf b = {0};
    buf_add(&b, "");
    for (int i = 0; i < out->nout; i++) {
        const char *shape = tensor_shape_text(arena, &out->out[i]);
        size_t n = strlen(shape);
        if (n > 2 && shape[n - 2] == ',') shape = arena_printf(arena, "%.*s)", (int)n - 2, shape);
        buf_printf(&b, "%s%s%s", i ? " " : "", shape, dtype_text(out->out[i].dtype, loose));
    }
    r.text = buf_take(&b, arena);
    return r;
}

static char *strip(char *s)
{
    while (*s == ' ') s++;
    for (size_t n = strlen(s); n && s[n - 1] == ' '; n--) s[n - 1] = 0;
    return s;
}

/* The expected column with int32 and int64 made one. */
static const char *loosened(const char *text)
{
    Buf b = {0};
    buf_add(&b, "");
    for (const char *p = text; *p; p++) {
        bool wide = strncmp(p, ":int32", 6) == 0 || strncmp(p, ":int64", 6) == 0;
        if (wide) buf_add(&b, ":int");
        else buf_addc(&b, *p);
        if (wide) p += 5;
    }
    return buf_take(&b, arena);
}

static void test_against_frameworks(void **state)
{
    (void)state;
    size_t len;
    const char *err;
    char *text = file_read(arena, "tests/equivalence/shapes.txt", &len, &err);
    if (!text) fail_msg("%s", err);
    int number = 0, cases = 0, wrong = 0;
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        number++;
        if (line[0] == '#' || !line[0]) continue;
        char *cols[4], *p = line;
        for (int i = 0; i < 4; i++) {
            char *bar = strchr(p, '|');
            assert_non_null(bar);
            *bar = 0;
            cols[i] = strip(p);
            p = bar + 1;
        }
        bool keras = strcmp(cols[0], "keras") == 0;
        Applied r = apply(cols[1], cols[2], !keras, keras);
        const char *want = keras ? loosened(cols[3]) : cols[3];
        cases++;
        if (strcmp(r.text, want) == 0) continue;
        wrong++;
        print_message("shapes.txt:%d: %s on %s gives %s %s, expected %s\n", number, cols[1],
                      cols[2], r.text, r.err ? r.err : "", want);
    }
    assert_true(cases > 300);
    assert_int_equal(wrong, 0);
}

static void test_free_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *call, *inputs, *outputs;
        bool channels_last;
    } cases[] = {
        {"LinearLayer(in_features=8, out_features=5)", "(B,8)", "(B,5)", false},
        {"LinearLayer(in_features=8, out_features=5)", "(B,16*H)", "(B,5)", false},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3])", "(B,3,H,W)", "(B,6,H-2,W-2)",
         false},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3], stride_dim=[2,2], "
         "padding_type='explicit', "
         "padding_amount=[[1,1],[1,1]])",
         "(B,3,H,W)", "(B,6,(H-1)//2+1,(W-1)//2+1)", false},
        {"Conv2D(out_channels=6, kernel_dim=[3,3], stride_dim=[2,2], padding_type='same')",
         "(B,H,W,3)", "(B,(H-1)//2+1,(W-1)//2+1,6)", true},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3])", "(B,C,H,W)", "(B,6,H-2,W-2)",
         false},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3])", "(?)", "(?)", false},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3])", "(B,3,?,W)", "(B,6,?,W-2)",
         false},
        {"ConvTranspose(dimension=2, in_channels=4, out_channels=3, kernel_dim=[4,4], "
         "stride_dim=[2,2], "
         "padding_type='explicit', padding_amount=[[1,1],[1,1]], output_padding=0)",
         "(B,4,H,W)", "(B,3,2*H,2*W)", false},
        {"PoolingLayer(pooling_type='max', dimension=2, kernel_dim=[2,2])", "(B,3,H,W)",
         "(B,3,H//2,W//2)", false},
        {"PoolingLayer(pooling_type='max', dimension=2, kernel_dim=[3,3], stride_dim=[2,2], "
         "ceil_mode=True)",
         "(B,3,H,W)", "(B,3,H//2,W//2)", false},
        {"PoolingLayer(pooling_type='max', dimension=1, kernel_dim=[2], stride_dim=[2], "
         "padding_type='explicit', "
         "padding_amount=[[1,1]], ceil_mode=True)",
         "(B,3,T)", "(B,3,min(T//2+1,(T-1)//2+2))", false},
        {"FlattenLayer()", "(B,16,H,W)", "(B,16*H*W)", false},
        {"reshape(shape=[B,-1])", "(B,16,5,5)", "(B,400)", false},
        {"reshape(shape=[-1,400])", "(B,16,5,5)", "(B,400)", false},
        {"reshape(shape=[B,-1])", "(B,16,H,W)", "(B,16*H*W)", false},
        {"reshape(shape=[B,4,-1,H,W])", "(B,16,H,W)", "(B,4,4,H,W)", false},
        {"reshape(shape=[-1,H,W])", "(B,16,H,W)", "(16*B,H,W)", false},
        {"reshape(shape=[B,T,8,-1])", "(B,T,64)", "(B,T,8,8)", false},
        {"ReshapeLayer(target_shape=[-1,6])", "(B,H,W,3)", "(B,H*W//2,6)", true},
        {"concatenate(axis=1)", "(B,3,T) (B,5,T)", "(B,8,T)", false},
        {"concatenate(axis=1)", "(B,T,8) (B,S,8)", "(B,S+T,8)", false},
        {"concatenate(axis=1)", "(B,1,8) (B,N,8)", "(B,N+1,8)", false},
        {"concatenate(axis=1)", "(B,3,T) (2,5,T)", "(2,8,T)", false},
        {"chunk(n=3, axis=-1)", "(B,T,12)", "(B,T,4) (B,T,4) (B,T,4)", false},
        {"chunk(n=2, axis=1)", "(B,2*T)", "(B,T) (B,T)", false},
        {"chunk(n=2, axis=1)", "(?)", "(?) (?)", false},
        {"split(sizes=E, axis=-1)", "(B,3*E)", "(B,E) (B,E) (B,E)", false},
        {"split(sizes=[1,-1], axis=1)", "(B,T)", "(B,1) (B,T-1)", false},
        {"add()", "(B,T,8) (1,T,8)", "(B,T,8)", false},
        {"add()", "(B,T,8) (1,50,8)", "(B,50,8)", false},
        {"add()", "(B,1,T) (B,T,1)", "(B,T,T)", false},
        {"matmultiply()", "(B,8,T,4) (B,8,4,T)", "(B,8,T,T)", false},
        {"einsum(equation='bhqd,bhkd->bhqk')", "(B,8,T,4) (B,8,S,4)", "(B,8,T,S)", false},
        {"mean(axes=[2,3])", "(B,16,H,W)", "(B,16)", false},
        {"squeeze()", "(B,1,T)", "(B,T)", false},
        {"getitem(index=[['slice',None,None,None],['slice',1,None,None]])", "(B,T,8)", "(B,T-1,8)",
         false},
        {"getitem(index=[['slice',None,None,None],['slice',None,-1,None]])", "(B,T,8)", "(B,T-1,8)",
         false},
        {"getitem(index=[['slice',None,None,None],['slice',None,T,None]])", "(1,512,8)", "(1,T,8)",
         false},
        {"getitem(index=[['slice',None,None,None],['slice',-5,None,None]])", "(B,T)", "(B,5)",
         false},
        {"getitem(index=[['slice',None,None,None],['slice',None,None,2]])", "(B,T)",
         "(B,(T-1)//2+1)", false},
        {"getitem(index=[['slice',None,None,None],-1])", "(B,T,8)", "(B,8)", false},
        {"getitem(index=['tensor'])", "(B,T,8) (B,T):bool", "(?,8)", false},
        {"LSTMLayer(input_size=5, hidden_size=4, return_type='torch', batch_first=True)", "(B,T,5)",
         "(B,T,4) (1,B,4) (1,B,4)", false},
        {"LSTMLayer(hidden_size=4, return_type='torch')", "(?)", "(?) (?) (?)", false},
        {"LSTMLayer(hidden_size=4, return_type='last', batch_first=True)", "(B,T,5)", "(B,4)",
         true},
        {"EmbeddingLayer(num_embeddings=10, embedding_dim=4)", "(B,T):int64", "(B,T,4)", false},
        {"EmbeddingLayer(num_embeddings=10, embedding_dim=4)", "(?):int64", "(?)", false},
        {"UpSamplingLayer(dimension=2, scale=[2,2])", "(B,H,W,3)", "(B,2*H,2*W,3)", true},
        {"UpSamplingLayer(scale=0.5)", "(B,3,H,W)", "(B,3,H//2,W//2)", false},
        {"UpSamplingLayer(scale=1.5)", "(B,3,H,8)", "(B,3,3*H//2,12)", false},
        {"PixelShuffle(factor=2)", "(B,12,H,W)", "(B,3,2*H,2*W)", false},
        {"PixelShuffle(factor=2)", "(B,H,W,12)", "(B,2*H,2*W,3)", true},
        {"expand(shape=[B,-1,-1])", "(1,1,8)", "(B,1,8)", false},
        {"tile(repeats=[1,T,1])", "(B,1,8)", "(B,T,8)", false},
        {"arange(stop=T)", "", "(T):int64", false},
        {"arange(start=1, stop=T, step=2)", "", "(T//2):int64", false},
        {"zeros(shape=[B,1,8])", "", "(B,1,8)", false},
        {"unflatten(axis=1, sizes=[4,-1])", "(B,4*T)", "(B,4,T)", false},
        {"pad(amounts=[[3,0]])", "(B,8,T)", "(B,8,T+3)", false},
        {"LambdaLayer()", "(B,8)", "(?)", true},
        {"InputLayer(shape=[28,28,1])", "", "(B,28,28,1)", true},
        {"max_with_index(axis=1)", "(?)", "(?) (?)", false},
        {"where()", "(B,8):bool", "(?):int64", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Applied r = apply(cases[i].call, cases[i].inputs, !cases[i].channels_last, false);
        if (strcmp(r.text, cases[i].outputs) != 0)
            fail_msg("%s on %s gives %s %s, expected %s", cases[i].call, cases[i].inputs, r.text,
                     r.err ? r.err : "", cases[i].outputs);
    }
}

static void test_traced_attributes(void **state)
{
    (void)state;
    static const struct {
        const char *call, *inputs, *attr, *value;
    } cases[] = {
        {"LinearLayer(out_features=5)", "(B,8)", "in_features", "8"},
        {"LinearLayer(out_features=5)", "(B,16*H)", "in_features", "16*H"},
        {"Conv2D(out_channels=6, kernel_dim=[3,3])", "(B,32,31,3)", "in_channels", "3"},
        {"Conv1D(out_channels=6, kernel_dim=[3])", "(B,32,7)", "in_channels", "7"},
        {"ConvTranspose(dimension=2, out_channels=6, kernel_dim=[3,3])", "(B,4,4,9)", "in_channels",
         "9"},
        {"DepthwiseConv(dimension=2, kernel_dim=[3,3])", "(B,4,4,9)", "in_channels", "9"},
        {"SeparableConv(dimension=2, out_channels=6, kernel_dim=[3,3])", "(B,4,4,9)", "in_channels",
         "9"},
        {"BatchNormLayer(axis=-1, eps=0.001, momentum=0.1)", "(B,4,4,9)", "num_features", "9"},
        {"BatchNormLayer(axis=-1, eps=0.001, momentum=0.1)", "(B,4,4,9)", "dimension", "2"},
        {"BatchNormLayer(axis=-1, eps=0.001, momentum=0.1)", "(B,9)", "dimension", "1"},
        {"GroupNormLayer(groups=3, axis=-1, eps=0.001)", "(B,4,4,9)", "num_features", "9"},
        {"UpSamplingLayer(scale=2)", "(B,4,4,9)", "dimension", "2"},
        {"PoolingLayer(pooling_type='max', kernel_dim=[2])", "(B,4,9)", "dimension", "1"},
        {"LayerNormLayer(axes=[-1], eps=0.001)", "(B,4,9)", "normalized_shape", "(9,)"},
        {"LayerNormLayer(axes=[1,2], eps=0.001)", "(B,4,9)", "normalized_shape", "(4, 9)"},
        {"RMSNormLayer()", "(B,4,9)", "normalized_shape", "(9,)"},
        {"LSTMLayer(hidden_size=4)", "(B,T,9)", "input_size", "9"},
        {"GRULayer(hidden_size=4)", "(B,T,9)", "input_size", "9"},
        {"MultiHeadAttention(num_heads=2, key_dim=4)", "(B,T,8) (B,T,8)", "embed_dim", "8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Applied r = apply(cases[i].call, cases[i].inputs, false, false);
        const PValue *v = attr_get(&r.traced, cases[i].attr);
        const char *text = v ? pv_text(arena, v) : "nothing";
        if (strcmp(text, cases[i].value) != 0)
            fail_msg("%s on %s: %s is %s, expected %s %s", cases[i].call, cases[i].inputs,
                     cases[i].attr, text, cases[i].value, r.err ? r.err : "");
    }
    Applied given = apply("LinearLayer(in_features=8, out_features=5)", "(B,8)", true, false);
    assert_int_equal(given.traced.len, 0);
}

static void test_messages(void **state)
{
    (void)state;
    static const struct {
        const char *call, *inputs, *message;
    } cases[] = {
        {"LinearLayer(in_features=400, out_features=5)", "(B,256)",
         "Linear expects 400 features in its last axis, and gets 256"},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3])", "(B,4,8,8)",
         "Conv2D expects 3 channels, and gets 4"},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[5,5])", "(B,3,4,8)",
         "Conv2D's kernel spans 5, more than the 4 along axis 2"},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[5,5])", "(B,3)",
         "Conv2D takes a tensor of 4 axes, and gets 2: (B,3)"},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3,3])", "(B,3,4,8)",
         "Conv2D takes 2 numbers for kernel_dim, and gets 3"},
        {"Conv2D(in_channels=3, out_channels=6, kernel_dim=[3,3], stride_dim=[0,1])", "(B,3,4,8)",
         "Conv2D needs a kernel, stride and dilation above 0"},
        {"ConvTranspose(dimension=2, in_channels=4, out_channels=3, kernel_dim=[2,2])", "(B,3,7,8)",
         "ConvTranspose2D expects 4 channels, and gets 3"},
        {"PoolingLayer(pooling_type='max', dimension=2, kernel_dim=[5,5])", "(B,3,4,4)",
         "MaxPooling2D's window spans 5, more than the 4 along axis 2"},
        {"BatchNormLayer(num_features=6, dimension=2, eps=1.0, momentum=0.1)", "(B,5,4,4)",
         "BatchNorm2D expects 6 channels, and gets 5"},
        {"LayerNormLayer(normalized_shape=[6], eps=1.0)", "(B,5)",
         "LayerNorm expects 6 features in its last axis, and gets 5"},
        {"LSTMLayer(input_size=5, hidden_size=4)", "(B,T,6)",
         "LSTM expects 5 features a step, and gets 6"},
        {"reshape(shape=[5,-1])", "(2,3,4)",
         "reshape makes (5,?) of 5 elements, which cannot hold 24"},
        {"reshape(shape=[5,5])", "(2,3,4)",
         "reshape makes (5,5) of 25 elements, which cannot hold 24"},
        {"add()", "(B,3) (B,4)", "add cannot combine (B,3) with (B,4): 3 and 4 along axis 1"},
        {"concatenate(axis=1)", "(B,3,28) (B,3,27)",
         "concatenate along axis 1 needs equal sizes along axis 2, and gets 28 and 27"},
        {"matmultiply()", "(B,3) (4,5)",
         "matrix product of (B,3) and (4,5): 3 columns on the left, 4 rows on the right"},
        {"softmax(axis=4)", "(B,3)", "softmax names axis 4 of a tensor of 2 axes"},
        {"getitem(index=[5])", "(3,4)", "index 5 is out of range for axis 0 of size 3"},
        {"LinearLayer(out_features=5)", "", "Linear is applied to nothing"},
        {"chunk(n=100)", "(200,4)", "chunk gives 100 tensors, more than the 64 that are followed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Applied r = apply(cases[i].call, cases[i].inputs, true, false);
        if (!r.err || strcmp(r.err, cases[i].message) != 0)
            fail_msg("%s on %s: \"%s\" (%s), expected \"%s\"", cases[i].call, cases[i].inputs,
                     r.err ? r.err : "", r.text, cases[i].message);
    }
}

/* Every kind that computes has a rule, and no combination of odd attributes and inputs breaks one.
 * */
static void test_every_kind_survives(void **state)
{
    (void)state;
    static const char *const inputs[] = {"()",        "(2)",         "(B,3)",      "(B,3,T)",
                                         "(2,3,4,5)", "(2,3,4,5,6)", "(?)",        "(?,?)",
                                         "(0)",       "(1,1,1,1)",   "(2,3):bool", "(2,3):int64"};
    static const char *const odd[] = {
        "0",    "-7",       "1",         "[]",  "[0]", "[-1,-1]",         "[[1,2],[3]]",
        "None", "'tensor'", "[[['x']]]", "3.5", "T",   "[1,2,3,4,5,6,7]", "999999999999",
        "True"};
    int ninputs = sizeof inputs / sizeof inputs[0], nodd = sizeof odd / sizeof odd[0];
    for (int k = 0; pivot_kind_at(k); k++) {
        const PivotKind *kind = pivot_kind_at(k);
        bool computes = kind->group == GROUP_LAYER || kind->group == GROUP_ACTIVATION ||
                        kind->group == GROUP_OP;
        Arena *outer = arena;
        for (int i = 0; i < ninputs * ninputs; i++) {
            arena = arena_new();
            int n = i % 3 + 1;
            PAttrs attrs = {0}, traced = {0};
            for (int c = 0; c < kind->nattrs; c++) {
                const char *text = odd[(i * 7 + c * 5 + k) % nodd];
                PValue v = (i + c) % 3 ? text_value(arena, text)
                                       : kind_default(arena, kind, kind->attrs[c].name);
                if (strcmp(kind->attrs[c].name, "data_format") &&
                    strcmp(kind->attrs[c].type, "act"))
                    attr_set(arena, &attrs, kind->attrs[c].name, v);
            }
            const PivotTensor *in[3];
            for (int t = 0; t < n; t++) {
                const char *text = inputs[(i / (t + 1) + t) % ninputs];
                in[t] = text_tensor(arena, &text);
            }
            ShapeIn si = {in, n, i & 1};
            ShapeOut *out = ARENA_NEW(arena, ShapeOut);
            const char *err = NULL;
            bool ok = shape_infer(arena, kind, &attrs, &si, out, &traced, &err);
            assert_true(ok ? out->nout >= 0 : err != NULL && out->nout == 0);
            bool known_inputs = true;
            for (int t = 0; t < n; t++) known_inputs &= in[t]->rank >= 0;
            if (computes && ok && known_inputs && out->nout && out->out[0].rank < 0 &&
                !strstr(" LambdaLayer where einsum getitem split unbind chunk split_n einops EinopsLayer tensordot ",
                        kind->name))
                fail_msg("%s has no rule", kind->name);
            for (int t = 0; t < out->nout; t++) tensor_shape_text(arena, &out->out[t]);
            arena_free(arena);
        }
        arena = outer;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_frameworks),  cmocka_unit_test(test_free_sizes),
        cmocka_unit_test(test_traced_attributes),   cmocka_unit_test(test_messages),
        cmocka_unit_test(test_every_kind_survives),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
