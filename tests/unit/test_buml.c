/* B-UML: small networks, written as steps, and the Python text that comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"
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

typedef struct Step {
    const char *name; /* of the layer; NULL: an operation. "@body" calls the NN of that name */
    const char *call; /* kind and attributes */
    /* names of tensors: "x" is the network's input, "1" what the first step gives where that is an
     * operation, else the step's name */
    const char *inputs;
    const char *outputs;
} Step;

static void connect(PivotNode *n, Map *tensors, const char *inputs)
{
    char *copy = arena_strdup(arena, inputs), *save = NULL;
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        PivotTensor *t = map_get(tensors, w);
        if (!t) fail_msg("no tensor %s", w);
        vec_push(arena, &n->inputs, t);
    }
}

/* The layer of that name that the NN has already, or a new one. */
static PivotLayer *layer_of(PivotModel *m, PivotNN *nn, const Step *s)
{
    for (int i = 0; i < nn->layers.len; i++) {
        if (str_eq(nn->layers.at[i]->name, s->name)) return nn->layers.at[i];
    }
    PAttrs attrs = {0};
    const PivotKind *kind = text_call(arena, s->call, &attrs);
    PivotLayer *l = pivot_add_layer(m, kind, attrs);
    l->name = s->name;
    l->owner = nn;
    vec_push(arena, &nn->layers, l);
    return l;
}

static PivotTensor *copy_of(PivotModel *m, const PivotTensor *t, PivotNode *producer, int output)
{
    PivotTensor *own = pivot_add_tensor(m, t->dims, t->rank, t->dtype);
    own->producer = producer;
    own->output = output;
    return own;
}

static void trace(PivotModel *m, PivotNN *nn, Map *nns, const char *input, const Step *steps)
{
    Map *tensors = map_new(arena);
    PivotNode *in = pivot_add_node(m, nn, PNODE_INPUT);
    PivotTensor *x = copy_of(m, text_tensor(arena, &input), in, 0);
    vec_push(arena, &in->outputs, x);
    map_set(tensors, "x", x);
    for (int i = 0; steps[i].inputs; i++) {
        const Step *s = &steps[i];
        bool sub = s->name && s->name[0] == '@';
        PivotNode *n = pivot_add_node(m, nn, sub ? PNODE_NN : s->name ? PNODE_LAYER : PNODE_OP);
        if (sub) n->nn = map_get(nns, s->name + 1);
        else if (s->name) n->layer = layer_of(m, nn, s);
        n->kind = sub ? NULL : n->layer ? n->layer->kind : text_call(arena, s->call, &n->attrs);
        connect(n, tensors, s->inputs);
        const char *outputs = s->outputs;
        int k = 0;
        for (PivotTensor *t; (t = text_tensor(arena, &outputs)); k++) {
            PivotTensor *own = copy_of(m, t, n, k);
            const char *name = s->name ? s->name + sub : arena_printf(arena, "%d", i + 1);
            vec_push(arena, &n->outputs, own);
            map_set(tensors, k ? arena_printf(arena, "%s.%d", name, k) : name, own);
        }
    }
    nn->calls = 1;
}

static PivotModel *model(const char *input, const Step *steps)
{
    PivotModel *m = pivot_new(arena);
    m->source_path = "folder/model.py";
    PivotNN *net = pivot_add_nn(m, pivot_add_definition(m, "Net", (Span){1, 9}, 1), "", NULL);
    vec_push(arena, &m->roots, net);
    if (steps) trace(m, net, map_new(arena), input, steps);
    return m;
}

static void expect(const PivotModel *m, int lost, const char *text)
{
    DiagList list = {.arena = arena};
    char *got = pivot_to_buml(arena, m, &list);
    const char *body = strchr(got, '\n') + 1;
    assert_string_equal(body, text);
    assert_int_equal(list.list.len, lost);
}

static void test_a_convolutional_network(void **state)
{
    (void)state;
    static const Step steps[] = {
        {"conv1",
         "Conv2D(in_channels=3, out_channels=16, kernel_dim=[3,3], padding_type='explicit', "
         "padding_amount=[[1,1],[1,1]])",
         "x", "(B,16,32,32)"},
        {NULL, "relu()", "conv1", "(B,16,32,32)"},
        {"pool", "PoolingLayer(pooling_type='max', dimension=2, kernel_dim=[2,2])", "2",
         "(B,16,16,16)"},
        {"features.1",
         "Conv2D(in_channels=16, out_channels=8, kernel_dim=[3,3], dilation=[2,2], bias=False)",
         "pool", "(B,8,12,12)"},
        {"bn", "BatchNormLayer(num_features=8, eps=0.001, momentum=0.1)", "features.1",
         "(B,8,12,12)"},
        {"act", "ActivationLayer(activation='tanh')", "bn", "(B,8,12,12)"},
        {NULL, "flatten(start_dim=1)", "act", "(B,1152)"},
        {"drop", "DropoutLayer(rate=0.25)", "7", "(B,1152)"},
        {"class", "LinearLayer(in_features=1152, out_features=10, actv_func='softmax')", "drop",
         "(B,10)"},
        {0},
    };
    expect(model("(B,3,32,32)", steps), 4,
           "from besser.BUML.metamodel.nn import NN, BatchNormLayer, Conv2D, DropoutLayer, "
           "FlattenLayer, LinearLayer, "
           "PoolingLayer\n"
           "\n"
           "Net = NN(name=\"Net\")\n"
           "Net.add_layer(Conv2D(name=\"conv1\", in_channels=3, out_channels=16, kernel_dim=[3, "
           "3], stride_dim=[1, 1], "
           "padding_amount=1, actv_func=\"relu\"))\n"
           "Net.add_layer(PoolingLayer(name=\"pool\", dimension=\"2D\", pooling_type=\"max\", "
           "kernel_dim=[2, 2]))\n"
           "Net.add_layer(Conv2D(name=\"features_1\", in_channels=16, out_channels=8, "
           "kernel_dim=[3, 3], "
           "stride_dim=[1, 1]))\n"
           "# BESSER-NN cannot say dilation=(2, 2)\n"
           "# BESSER-NN cannot say bias=False\n"
           "Net.add_layer(BatchNormLayer(name=\"bn\", dimension=\"2D\", num_features=8, "
           "actv_func=\"tanh\"))\n"
           "# BESSER-NN cannot say eps=0.001\n"
           "# BESSER-NN cannot say momentum=0.1\n"
           "Net.add_layer(FlattenLayer(name=\"op1\", start_dim=1, end_dim=-1))\n"
           "Net.add_layer(DropoutLayer(name=\"drop\", rate=0.25))\n"
           "Net.add_layer(LinearLayer(name=\"class_\", in_features=1152, out_features=10, "
           "actv_func=\"softmax\"))\n");
}

static void test_branches(void **state)
{
    (void)state;
    static const Step steps[] = {
        {"embed", "EmbeddingLayer(num_embeddings=50, embedding_dim=8)", "x", "(B,T,8)"},
        {"a", "LinearLayer(in_features=8, out_features=4)", "embed", "(B,T,4)"},
        {"b", "LinearLayer(in_features=8, out_features=4)", "embed", "(B,T,4)"},
        {NULL, "concatenate(axis=2)", "a b", "(B,T,8)"},
        {NULL, "add()", "4 embed", "(B,T,8)"},
        {"c", "LinearLayer(in_features=8, out_features=4)", "5", "(B,T,4)"},
        {"c", "LinearLayer(in_features=8, out_features=4)", "c", "(B,T,4)"},
        {0},
    };
    expect(model("(B,T):int64", steps), 2,
           "from besser.BUML.metamodel.nn import NN, EmbeddingLayer, LinearLayer, TensorOp\n"
           "\n"
           "Net = NN(name=\"Net\")\n"
           "Net.add_layer(EmbeddingLayer(name=\"embed\", num_embeddings=50, embedding_dim=8))\n"
           "Net.add_layer(LinearLayer(name=\"a\", in_features=8, out_features=4, "
           "name_module_input=\"embed\", "
           "input_reused=True))\n"
           "Net.add_layer(LinearLayer(name=\"b\", in_features=8, out_features=4, "
           "name_module_input=\"embed\", "
           "input_reused=True))\n"
           "Net.add_tensor_op(TensorOp(name=\"op1\", tns_type=\"concatenate\", "
           "layers_of_tensors=[\"a\", \"b\"], "
           "concatenate_dim=2))\n"
           "# BESSER-NN cannot say the step add (BESSER-NN has no such operation)\n"
           "Net.add_layer(LinearLayer(name=\"c\", in_features=8, out_features=4))\n"
           "# BESSER-NN cannot say that c is applied again\n");
}

static void test_recurrent(void **state)
{
    (void)state;
    static const Step last[] = {
        {"rnn", "GRULayer(input_size=8, hidden_size=4, return_type='torch', batch_first=True)", "x",
         "(B,T,4) (1,B,4)"},
        {NULL, "getitem(index=[['slice',None,None,None],-1])", "rnn", "(B,4)"},
        {"fc", "LinearLayer(in_features=4, out_features=2)", "2", "(B,2)"},
        {0},
    };
    expect(model("(B,T,8)", last), 0,
           "from besser.BUML.metamodel.nn import NN, GRULayer, LinearLayer\n"
           "\n"
           "Net = NN(name=\"Net\")\n"
           "Net.add_layer(GRULayer(name=\"rnn\", input_size=8, hidden_size=4, bidirectional=False, "
           "dropout=0.0, "
           "batch_first=True, return_type=\"last\"))\n"
           "Net.add_layer(LinearLayer(name=\"fc\", in_features=4, out_features=2))\n");
    static const Step hidden[] = {
        {"rnn", "LSTMLayer(input_size=8, hidden_size=4, return_type='torch', batch_first=True)",
         "x", "(B,T,4) (1,B,4) (1,B,4)"},
        {NULL, "getitem(index=[-1])", "rnn.1", "(B,4)"},
        {"fc", "LinearLayer(in_features=4, out_features=2)", "2", "(B,2)"},
        {0},
    };
    expect(model("(B,T,8)", hidden), 0,
           "from besser.BUML.metamodel.nn import NN, LSTMLayer, LinearLayer\n"
           "\n"
           "Net = NN(name=\"Net\")\n"
           "Net.add_layer(LSTMLayer(name=\"rnn\", input_size=8, hidden_size=4, "
           "bidirectional=False, dropout=0.0, "
           "batch_first=True, return_type=\"hidden\"))\n"
           "Net.add_layer(LinearLayer(name=\"fc\", in_features=4, out_features=2))\n");
}

static void test_tensor_operations(void **state)
{
    (void)state;
    static const Step steps[] = {
        {NULL, "reshape(shape=[B,-1,4])", "x", "(B,T,4)"},
        {NULL, "permute(dims=[0,2,1])", "1", "(B,4,T)"},
        {NULL, "transpose(dim0=1, dim1=2)", "2", "(B,T,4)"},
        {NULL, "identity()", "3", "(B,T,4)"},
        {NULL, "multiply()", "4 1", "(B,T,4)"},
        {NULL, "reshape(shape=[-1,8])", "5", "(B,8)"},
        {0},
    };
    expect(
        model("(B,4,T)", steps), 2,
        "from besser.BUML.metamodel.nn import NN, TensorOp\n"
        "\n"
        "Net = NN(name=\"Net\")\n"
        "# BESSER-NN cannot say the step reshape (more than one size of its shape is open)\n"
        "Net.add_tensor_op(TensorOp(name=\"op1\", tns_type=\"permute\", permute_dim=[0, 2, 1], "
        "input_reused=True))\n"
        "Net.add_tensor_op(TensorOp(name=\"op2\", tns_type=\"transpose\", transpose_dim=[1, 2]))\n"
        "# BESSER-NN cannot say the step multiply (not all its operands are outputs of modules)\n"
        "Net.add_tensor_op(TensorOp(name=\"op3\", tns_type=\"reshape\", reshape_dim=[-1, 8]))\n");
}

static void test_sub_networks(void **state)
{
    (void)state;
    PivotModel *m = model("", NULL);
    PivotNN *net = m->roots.at[0], *body = pivot_add_nn(m, NULL, "body", net);
    body->is_sequential = true;
    Map *nns = map_new(arena);
    map_set(nns, "body", body);
    static const Step inner[] = {
        {"0", "LinearLayer(in_features=8, out_features=4)", "x", "(B,4)"},
        {"1", "relu()", "0", "(B,4)"},
        {"2", "gelu()", "1", "(B,4)"},
        {0},
    };
    static const Step outer[] = {
        {"@body", NULL, "x", "(B,4)"},
        {"head", "LinearLayer(in_features=4, out_features=2)", "body", "(B,2)"},
        {"@body", NULL, "head", "(B,4)"},
        {0},
    };
    trace(m, body, nns, "(B,8)", inner);
    trace(m, net, nns, "(B,8)", outer);
    PivotConfiguration *c = m->configuration = ARENA_NEW(arena, PivotConfiguration);
    c->epochs = pv_int(5);
    c->optimizer = pivot_kind("Adam");
    attr_set(arena, &c->optimizer_attrs, "learning_rate", pv_float(0.001));
    c->loss = pivot_kind("CrossEntropy");
    vec_push(arena, &c->metrics, pivot_kind("Accuracy"));
    PivotDataset ds = {.name = "train set", .path = "data/it's", .task_type = "multi_class"};
    vec_push(arena, &m->datasets, ds);
    expect(m, 2,
           "from besser.BUML.metamodel.nn import NN, Configuration, Dataset, LinearLayer\n"
           "\n"
           "body = NN(name=\"body\")\n"
           "body.add_layer(LinearLayer(name=\"l0\", in_features=8, out_features=4, "
           "actv_func=\"relu\"))\n"
           "# BESSER-NN cannot say the activation gelu\n"
           "\n"
           "Net = NN(name=\"Net\")\n"
           "Net.add_sub_nn(body)\n"
           "Net.add_layer(LinearLayer(name=\"head\", in_features=4, out_features=2))\n"
           "# BESSER-NN cannot say that body is called again\n"
           "\n"
           "Net.add_configuration(Configuration(batch_size=32, epochs=5, learning_rate=0.001, "
           "optimizer=\"adam\", "
           "loss_function=\"crossentropy\", metrics=[\"accuracy\"]))\n"
           "# the source does not say the batch size; the number above stands for it\n"
           "Net.add_train_data(Dataset(name=\"train_set\", path_data=\"data/it's\", "
           "task_type=\"multi_class\"))\n");
}

/* The channel is second in the source and last in BESSER-NN; a pooling has no weights to share. */
static void test_images_with_the_channel_second(void **state)
{
    (void)state;
    static const Step steps[] = {
        {"features.0", "Conv2D(in_channels=3, out_channels=4, kernel_dim=[1,1])", "x", "(B,4,8,8)"},
        {NULL, "concatenate(axis=1)", "features.0 x features.0", "(B,11,8,8)"},
        {NULL, "concatenate(axis=-3)", "features.0 features.0", "(B,8,8,8)"},
        {"pool", "PoolingLayer(pooling_type='max', dimension=2, kernel_dim=[2,2])", "3", "(B,8,4,4)"},
        {"pool", "PoolingLayer(pooling_type='max', dimension=2, kernel_dim=[2,2])", "pool", "(B,8,2,2)"},
        {NULL, "permute(dims=[0,2,3,1])", "pool", "(B,2,2,8)"},
        {0},
    };
    PivotModel *m = model("(B,3,8,8)", steps);
    PivotNN *net = m->roots.at[0];
    net->name = "features";
    for (int i = 0; i < net->nodes.len; i++) {
        for (int k = 0; k < net->nodes.at[i]->outputs.len; k++)
            net->nodes.at[i]->outputs.at[k]->roles = "NCHW";
    }
    expect(m, 2,
           "from besser.BUML.metamodel.nn import NN, Conv2D, PoolingLayer, TensorOp\n"
           "\n"
           "features = NN(name=\"features\")\n"
           "features.add_layer(Conv2D(name=\"l0\", in_channels=3, out_channels=4, kernel_dim=[1, 1], "
           "stride_dim=[1, 1], input_reused=True))\n"
           "# BESSER-NN cannot say the step concatenate (not all its operands are outputs of modules)\n"
           "features.add_tensor_op(TensorOp(name=\"op1\", tns_type=\"concatenate\", "
           "layers_of_tensors=[\"l0\", \"l0\"], concatenate_dim=3, input_reused=True))\n"
           "features.add_layer(PoolingLayer(name=\"pool\", dimension=\"2D\", pooling_type=\"max\", "
           "kernel_dim=[2, 2]))\n"
           "features.add_layer(PoolingLayer(name=\"pool_2\", dimension=\"2D\", pooling_type=\"max\", "
           "kernel_dim=[2, 2]))\n"
           "features.add_tensor_op(TensorOp(name=\"op2\", tns_type=\"permute\", "
           "permute_dim=[0, 2, 3, 1]))\n"
           "# BESSER-NN cannot say the source's order of axes, in which the channel is second\n");
}

static void test_nothing_known(void **state)
{
    (void)state;
    expect(pivot_new(arena), 0, "from besser.BUML.metamodel.nn import NN\n");
    static const Step steps[] = {
        {"fc", "LinearLayer(out_features=T)", "x", "(?)"},
        {"conv", "Conv1D(out_channels=3, kernel_dim=[3])", "fc", "(?)"},
        {0},
    };
    expect(
        model("(?)", steps), 1,
        "from besser.BUML.metamodel.nn import NN, Conv1D\n"
        "\n"
        "Net = NN(name=\"Net\")\n"
        "# BESSER-NN cannot say the step LinearLayer (its out_features is not a known number)\n"
        "Net.add_layer(Conv1D(name=\"conv\", out_channels=3, kernel_dim=[3], stride_dim=[1]))\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_convolutional_network),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_recurrent),
        cmocka_unit_test(test_tensor_operations),
        cmocka_unit_test(test_sub_networks),
        cmocka_unit_test(test_images_with_the_channel_second),
        cmocka_unit_test(test_nothing_known),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
