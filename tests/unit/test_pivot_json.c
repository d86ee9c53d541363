/* The pivot as JSON: what is saved comes back, and what does not fit is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pivot/pivot.h"

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

static PValue list2(PValue x, PValue y)
{
    PValue v = pv_list(arena, 2);
    v.u.list.at[0] = x;
    v.u.list.at[1] = y;
    return v;
}

static PivotTensor *tensor(PivotModel *m, Size channels, PivotNode *producer)
{
    Size dims[2] = {size_free(arena, "B", 2), channels};
    PivotTensor *t = pivot_add_tensor(m, dims, 2, "float32");
    t->producer = producer;
    t->roles = "NF";
    return t;
}

/* A root with a layer that is applied twice, a wrapped layer, a Sequential child, and every kind
 * of value. */
static PivotModel *sample(void)
{
    PivotModel *m = pivot_new(arena);
    m->source_path = "model.py";
    m->source_framework = "tensorflow";
    m->keras_version = 3;
    PivotDefinition *d = pivot_add_definition(m, "Net", (Span){10, 200}, 4);
    PivotNN *net = pivot_add_nn(m, d, "", NULL), *body = pivot_add_nn(m, NULL, "body", net);
    body->is_sequential = true;
    PivotParam p = {"widths", list2(pv_int(16), pv_float(2.0))};
    vec_push(arena, &net->params, p);

    PAttrs attrs = {0};
    attr_set(arena, &attrs, "out_features", pv_int(5));
    attr_set(arena, &attrs, "in_features",
             pv_size(size_op(arena, '*', size_free(arena, "H", 30), size_known(16))));
    PValue act = pv_act(arena, "leaky_relu");
    attr_set(arena, &act.u.act->attrs, "negative_slope", pv_float(0.25));
    attr_set(arena, &attrs, "actv_func", act);
    attr_set(arena, &attrs, "bias", pv_unknown("it depends on use_bias"));
    PivotLayer *fc = pivot_add_layer(m, pivot_kind("LinearLayer"), attrs);
    fc->name = "fc";
    fc->owner = net;
    fc->def = (Span){40, 60};
    fc->site = 9;
    fc->calls = 2;
    attr_set(arena, &fc->traced, "in_features", *attr_get(&attrs, "in_features"));
    vec_push(arena, &net->layers, fc);

    PAttrs rnn = {0};
    attr_set(arena, &rnn, "hidden_size", pv_int(4));
    attr_set(arena, &rnn, "dropout", pv_float(1.0));
    PivotLayer *inner = pivot_add_layer(m, pivot_kind("LSTMLayer"), rnn);
    PivotLayer *both = pivot_add_layer(m, pivot_kind("BidirectionalWrapper"), (PAttrs){0});
    both->inner = inner;
    both->owner = body;
    vec_push(arena, &body->layers, both);

    PivotNode *in = pivot_add_node(m, net, PNODE_INPUT), *use = pivot_add_node(m, net, PNODE_LAYER);
    PivotNode *op = pivot_add_node(m, net, PNODE_OP), *sub = pivot_add_node(m, net, PNODE_NN);
    PivotNode *out = pivot_add_node(m, net, PNODE_OUTPUT);
    in->name = "x";
    PivotTensor *x = tensor(m, size_known(480), in), *y = tensor(m, size_known(5), use);
    PivotTensor *z = pivot_add_tensor(m, NULL, -1, NULL), *w = pivot_add_tensor(m, NULL, 0, "bool");
    z->producer = op;
    w->is_parameter = true;
    vec_push(arena, &in->outputs, x);
    use->layer = fc;
    use->kind = fc->kind;
    vec_push(arena, &use->inputs, x);
    vec_push(arena, &use->outputs, y);
    op->kind = pivot_kind("getitem");
    PValue slice = list2(pv_str("slice"), pv_none());
    attr_set(arena, &op->attrs, "index", list2(pv_str("..."), slice));
    vec_push(arena, &op->inputs, y);
    vec_push(arena, &op->inputs, w);
    vec_push(arena, &op->outputs, z);
    sub->nn = body;
    vec_push(arena, &sub->inputs, z);
    vec_push(arena, &out->inputs, y);
    vec_push(arena, &net->inputs, x);
    vec_push(arena, &net->outputs, y);
    vec_push(arena, &m->roots, net);

    PivotConfiguration *c = m->configuration = ARENA_NEW(arena, PivotConfiguration);
    c->batch_size = pv_int(32);
    c->optimizer = pivot_kind("Adam");
    attr_set(arena, &c->optimizer_attrs, "learning_rate", pv_float(0.001));
    attr_set(arena, &c->optimizer_attrs, "eps", pv_float(1e-7));
    c->loss = pivot_kind("CrossEntropy");
    attr_set(arena, &c->loss_attrs, "from_logits", pv_bool(true));
    attr_set(arena, &c->loss_attrs, "weight", (PValue){.kind = PV_REF, .u.str = "class_weights"});
    vec_push(arena, &c->metrics, pivot_kind("Accuracy"));
    PivotDataset ds = {
        .name = "train", .path = "data/train", .image_shape = list2(pv_int(28), pv_int(28))};
    vec_push(arena, &m->datasets, ds);
    return m;
}

static PivotModel *load(const char *text)
{
    const char *err = NULL;
    PivotModel *m = pivot_from_json(arena, text, &err);
    if (!m) fail_msg("%s", err);
    return m;
}

static void test_round_trip(void **state)
{
    (void)state;
    char *text = pivot_to_json(arena, sample());
    PivotModel *m = load(text);
    PivotNN *net = m->roots.at[0];
    assert_string_equal(m->source_path, "model.py");
    assert_int_equal(m->keras_version, 3);
    assert_string_equal(net->definition->name, "Net");
    assert_ptr_equal(m->definitions.at[0]->instances.at[0], net);
    assert_int_equal(net->nodes.len, 5);
    assert_ptr_equal(net->nodes.at[1]->layer, net->layers.at[0]);
    assert_ptr_equal(net->nodes.at[1]->kind, pivot_kind("LinearLayer"));
    assert_ptr_equal(net->nodes.at[1]->inputs.at[0]->producer, net->nodes.at[0]);
    assert_true(net->children.at[0]->is_sequential);
    assert_string_equal(net->children.at[0]->layers.at[0]->inner->kind->name, "LSTMLayer");
    PivotLayer *fc = net->layers.at[0];
    const PValue *in = attr_get(&fc->attrs, "in_features"),
                 *act = attr_get(&fc->attrs, "actv_func");
    assert_string_equal(pv_text(arena, in), "16*H");
    assert_int_equal(in->u.size.n, 480);
    assert_string_equal(pv_text(arena, act), "leaky_relu(negative_slope=0.25)");
    assert_int_equal(attr_get(&fc->attrs, "bias")->kind, PV_UNKNOWN);
    assert_int_equal(fc->traced.len, 1);
    assert_int_equal(fc->def.start, 40);
    const PivotLayer *inner = net->children.at[0]->layers.at[0]->inner;
    assert_int_equal(attr_get(&inner->attrs, "dropout")->kind, PV_FLOAT);
    assert_string_equal(attr_str(&inner->attrs, "merge_mode", ""),
                        "concat"); /* defaults are filled in */
    assert_int_equal(net->params.at[0].value.u.list.at[1].kind, PV_FLOAT);
    assert_int_equal(net->nodes.at[2]->outputs.at[0]->rank, -1);
    assert_true(net->nodes.at[2]->inputs.at[1]->is_parameter);
    assert_int_equal(attr_get(&m->configuration->loss_attrs, "weight")->kind, PV_REF);
    assert_string_equal(m->datasets.at[0].path, "data/train");
}

/* From the second time on, text and model are the same: defaults are filled in by then. */
static void test_saving_is_stable(void **state)
{
    (void)state;
    char *first = pivot_to_json(arena, load(pivot_to_json(arena, sample())));
    char *second = pivot_to_json(arena, load(first));
    assert_string_equal(first, second);
}

static void test_empty(void **state)
{
    (void)state;
    PivotModel *m = load(pivot_to_json(arena, pivot_new(arena)));
    assert_int_equal(m->roots.len, 0);
    assert_null(m->configuration);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "no JSON at byte 0"},
        {"[]", "this is no pivot of format 1"},
        {"{}", "this is no pivot of format 1"},
        {"{\"format\": 2}", "this is no pivot of format 1"},
        {"{\"format\": 1, \"layers\": 3}", "layers[0]: this is no list"},
        {"{\"format\": 1, \"layers\": [{}]}", "layers[0]: a row without an id"},
        {"{\"format\": 1, \"layers\": [{\"id\": 9999999}]}", "layers[0]: a row without an id"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1}, {\"id\": 1}]}", "layers[1]: id 1 stands twice"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1, \"kind\": \"Conv4D\"}]}",
         "layers[0]: unknown kind Conv4D"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1, \"kind\": \"SGD\"}]}",
         "layers[0]: SGD is no kind of layer"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1, \"kind\": \"Conv2D\", \"attrs\": {\"filters\": "
         "3}}]}",
         "layers[0]: Conv2D has no attribute filters"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1, \"kind\": \"Conv2D\", \"attrs\": {\"groups\": "
         "\"two\"}}]}",
         "layers[0]: Conv2D.groups: 'two' where int belongs"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1, \"kind\": \"LinearLayer\", \"inner\": 2}]}",
         "layers[0]: inner 2 is not there"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1, \"kind\": \"BidirectionalWrapper\", \"inner\": "
         "1}]}",
         "layer 1 wraps itself"},
        {"{\"format\": 1, \"layers\": [{\"id\": 1, \"kind\": \"LinearLayer\", \"attrs\": "
         "{\"actv_func\": "
         "{\"activation\": \"SGD\"}}}]}",
         "layers[0]: LinearLayer.actv_func: unknown activation SGD"},
        {"{\"format\": 1, \"nodes\": [{\"id\": 1, \"type\": \"jump\"}]}",
         "nodes[0]: unknown type of node jump"},
        {"{\"format\": 1, \"nodes\": [{\"id\": 1, \"type\": \"layer\"}]}",
         "nodes[0]: a layer node without a layer"},
        {"{\"format\": 1, \"nodes\": [{\"id\": 1, \"type\": \"op\"}]}",
         "nodes[0]: unknown kind (none given)"},
        {"{\"format\": 1, \"nodes\": [{\"id\": 1, \"type\": \"op\", \"kind\": \"Model\"}]}",
         "nodes[0]: Model is no kind of operation"},
        {"{\"format\": 1, \"nodes\": [{\"id\": 1, \"type\": \"input\", \"outputs\": [7]}]}",
         "nodes[0]: outputs[0] is not there"},
        {"{\"format\": 1, \"tensors\": [{\"id\": 1, \"shape\": [2, \"B\"]}]}",
         "tensors[0]: shape[1] is no size"},
        {"{\"format\": 1, \"tensors\": [{\"id\": 1, \"shape\": [{\"hint\": 2, \"size\": "
         "\"B+\"}]}]}",
         "tensors[0]: shape[0] is no size"},
        {"{\"format\": 1, \"nns\": [{\"id\": 1, \"parent\": 2}, {\"id\": 2, \"parent\": 1}]}",
         "nn 1 goes in a circle, or too deep"},
        {"{\"format\": 1, \"nns\": [{\"id\": 1, \"children\": [1]}]}",
         "nn 1 goes in a circle, or too deep"},
        {"{\"format\": 1, \"nns\": [{\"id\": 1, \"nodes\": [1]}], \"nodes\": [{\"id\": 1, "
         "\"type\": \"nn\", \"nn\": 1}]}",
         "nn 1 goes in a circle, or too deep"},
        {"{\"format\": 1, \"roots\": [4]}", "roots[0] is not there"},
        {"{\"format\": 1, \"configuration\": {\"loss\": {\"kind\": \"SGD\"}}}",
         "configuration: a kind in the wrong place"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *err = NULL;
        assert_null(pivot_from_json(arena, cases[i].text, &err));
        assert_non_null(err);
        if (strcmp(err, cases[i].message) != 0)
            fail_msg("%s\n gives %s, expected %s", cases[i].text, err, cases[i].message);
    }
}

/* Whatever single byte of a good file is damaged or cut, loading ends in a model or in a message.
 * */
static void test_damage(void **state)
{
    (void)state;
    char *text = pivot_to_json(arena, sample());
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i += 3) {
        Arena *own = arena_new();
        char *copy = arena_strndup(own, text, len);
        if (i % 2) copy[i] = (char)("0{]\"z-"[i % 6]);
        else copy[i] = 0;
        const char *err = NULL;
        PivotModel *m = pivot_from_json(own, copy, &err);
        assert_true(m || err);
        if (m) pivot_to_json(own, m);
        arena_free(own);
    }
}

static void test_texts(void **state)
{
    (void)state;
    PivotModel *m = sample();
    assert_string_equal(tensor_shape_text(arena, m->roots.at[0]->inputs.at[0]), "(B,480)");
    assert_string_equal(tensor_shape_text(arena, NULL), "(?)");
    PAttrs as = {0};
    const PivotKind *conv = pivot_kind("Conv2D");
    for (int i = 0; i < conv->nattrs; i++) {
        PValue v = kind_default(arena, conv, conv->attrs[i].name);
        if (v.kind != PV_UNSET) attr_set(arena, &as, conv->attrs[i].name, v);
    }
    attr_set(arena, &as, "in_channels", pv_int(3));
    attr_set(arena, &as, "out_channels", pv_int(64));
    attr_set(arena, &as, "kernel_dim", list2(pv_int(3), pv_int(3)));
    attr_set(arena, &as, "stride_dim", list2(pv_int(2), pv_int(2)));
    attr_set(arena, &as, "padding_type", pv_str("explicit"));
    attr_set(arena, &as, "padding_amount",
             list2(list2(pv_int(1), pv_int(1)), list2(pv_int(1), pv_int(1))));
    attr_set(arena, &as, "bias", pv_bool(false));
    PivotLayer *l = pivot_add_layer(m, conv, as);
    assert_string_equal(layer_params_text(arena, l), "3->64 k3 s2 p1 bias=False");
    PAttrs drop = {0};
    attr_set(arena, &drop, "rate", pv_float(0.3));
    assert_string_equal(
        layer_params_text(arena, pivot_add_layer(m, pivot_kind("DropoutLayer"), drop)), "rate=0.3");
    attr_set(arena, &drop, "rate", pv_float(0.5));
    assert_string_equal(
        layer_params_text(arena, pivot_add_layer(m, pivot_kind("DropoutLayer"), drop)), "");
    assert_string_equal(layer_params_text(arena, m->roots.at[0]->layers.at[0]),
                        "16*H->5 bias=? leaky_relu(negative_slope=0.25)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_saving_is_stable),
        cmocka_unit_test(test_empty),      cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_damage),     cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
