/* The tracer on small sources of both frameworks: what the pivot holds, which shapes, what is
 * asked.
 *
 * A case is a source and lines that the text of its trace (tests/tools/trace_text.h) has to have;
 * one that begins with
 * "!" must not be there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tools/trace_text.h"

typedef struct Case {
    const char *name, *framework, *source;
    const char *shape, *set, *entry;
    const char *lines[16];
} Case;

#define T "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
#define K                                                                                          \
    "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n"
#define K3 "import keras\nfrom keras import layers, ops\n"

static char *traced(Arena *a, const Case *c)
{
    const char *err = NULL;
    Dialect *d = dialect_load(a, arena_printf(a, "templates/%s", c->framework), &err);
    if (!d)
        fail_msg("%s", err);
    TraceOptions opts = {.entry = c->entry};
    AnswerSet answers = {0};
    if (c->shape) {
        TraceShape *s = trace_parse_shape(a, c->shape, &err);
        if (!s)
            fail_msg("%s: %s", c->shape, err);
        vec_push(a, &opts.shapes, *s);
    }
    if (c->set) {
        char *id = arena_strdup(a, c->set), *eq = strchr(id, '=');
        *eq = '\0';
        vec_push(a, &answers.list, ((Answer){id, eq + 1, NULL}));
    }
    opts.answers = &answers;
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, "model.py", c->source, (int)strlen(c->source), &diags);
    assert_int_equal(diags.list.len, 0);
    Buf b = {0};
    trace_text(&b, a, trace_run(a, m, d, &opts), true);
    return buf_take(&b, a);
}

static void check(const Case *c)
{
    Arena *a = arena_new();
    char *text = traced(a, c);
    for (int i = 0; i < 16 && c->lines[i]; i++) {
        const char *line = c->lines[i];
        bool absent = line[0] == '!';
        bool found = strstr(text, absent ? line + 1 : line) != NULL;
        if (found == absent)
            fail_msg("%s: %s '%s' in\n%s", c->name, absent ? "unwanted" : "no", line + absent,
                     text);
    }
    arena_free(a);
}

static const Case PYTORCH[] = {
    {.name = "layers with their names and a dummy input whose batch is free",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self, classes=10):\n"
                 "        super().__init__()\n"
                 "        self.conv1 = nn.Conv2d(3, 8, 5, stride=2)\n"
                 "        self.features = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2))\n"
                 "        self.fc = nn.Linear(8 * 7 * 7, classes)\n"
                 "    def forward(self, x):\n"
                 "        x = self.features(self.conv1(x))\n"
                 "        return self.fc(torch.flatten(x, 1))\n"
                 "model = Net()\n"
                 "print(model(torch.randn(1, 3, 32, 32)).shape)\n",
     .lines = {"root Net variable=model applied=1", "nn (root) Net calls=1 (classes=10)",
               "layer conv1 Conv2D calls=1 in_channels=3 out_channels=8",
               "layer features.0 relu calls=1", "input  x  -> #2(B,3,32,32):NCHW",
               "features.1 PoolingLayer #4(B,8,14,14):NCHW -> #5(B,8,7,7):NCHW",
               "op     flatten #5(B,8,7,7):NCHW -> #6(B,392):NF start_dim=1 end_dim=3",
               "layer  fc LinearLayer", "!question", "!error"}},
    {.name = "the worked example: blocks out of a loop, pooled by definition",
     .framework = "pytorch",
     .source =
         T "class Block(nn.Module):\n"
           "    def __init__(self, cin, cout, stride=1):\n"
           "        super().__init__()\n"
           "        self.conv = nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False)\n"
           "        self.bn = nn.BatchNorm2d(cout)\n"
           "        self.proj = nn.Conv2d(cin, cout, 1, stride=stride) if stride != 1 or cin != "
           "cout else nn.Identity()\n"
           "    def forward(self, x):\n"
           "        return F.relu(self.bn(self.conv(x)) + self.proj(x))\n"
           "class Net(nn.Module):\n"
           "    def __init__(self, widths=(16, 32, 64), classes=10):\n"
           "        super().__init__()\n"
           "        blocks, c = [], 3\n"
           "        for i, w in enumerate(widths):\n"
           "            blocks.append(Block(c, w, stride=1 if i == 0 else 2))\n"
           "            c = w\n"
           "        self.body = nn.Sequential(*blocks)\n"
           "        self.head = nn.Linear(c, classes)\n"
           "    def forward(self, x):\n"
           "        return self.head(self.body(x).mean(dim=(2, 3)))\n",
     .lines = {"nn body.0 Block calls=1 (cin=3, cout=16, stride=1)",
               "nn body.2 Block calls=1 (cin=32, cout=64, stride=2)", "layer body.1.proj Conv2D",
               "op     mean #16(B,64,(H-1)//4+1,(W-1)//4+1):NCHW -> #17(B,64)", "axes=(2, 3)",
               "LAYER    ! IdentityLayer", "!question", "!error"}},
    {.name = "a mismatch names the producer and its line",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.a = nn.Linear(8, 256)\n"
                 "        self.b = nn.Linear(400, 10)\n"
                 "    def forward(self, x):\n"
                 "        return self.b(self.a(x))\n"
                 "Net()(torch.zeros(4, 8))\n",
     .lines = {"error: Linear expects 400 features in its last axis, and gets 256 from a at line 7 "
               "[shape]"}},
    {.name = "a question for a constructor's argument, and its answer",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self, h):\n"
                 "        super().__init__()\n"
                 "        self.a = nn.Linear(12, h)\n"
                 "    def forward(self, x):\n"
                 "        return self.a(x)\n",
     .lines = {"question ? constructor-argument:Net.h:", "nn (root) Net calls=1 (h=?)",
               "(B,12):NF -> #2(B,"}},
    {.name = "constructor argument answered",
     .framework = "pytorch",
     .set = "constructor-argument:Net.h=7",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self, h):\n"
                 "        super().__init__()\n"
                 "        self.a = nn.Linear(12, h)\n"
                 "    def forward(self, x):\n"
                 "        return self.a(x)\n",
     .lines = {"question ok constructor-argument:Net.h", "in_features=12 out_features=7",
               "#2(B,7):NF"}},
    {.name = "sizes nobody tells are free, with hints that fit",
     .framework = "pytorch",
     .source = T "class LeNet(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.c1 = nn.Conv2d(1, 6, 5)\n"
                 "        self.c2 = nn.Conv2d(6, 16, 5)\n"
                 "        self.fc = nn.Linear(16 * 5 * 5, 10)\n"
                 "    def forward(self, x):\n"
                 "        x = F.max_pool2d(F.relu(self.c1(x)), 2)\n"
                 "        x = F.max_pool2d(F.relu(self.c2(x)), 2)\n"
                 "        return self.fc(x.view(x.size(0), -1))\n",
     .lines = {"#1(B,1,H,W):NCHW", "hints: 2 1 32 32 float32", "op     reshape", "!question",
               "!error"}},
    {.name = "no size fits: the input's shape is asked for",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.c = nn.Conv2d(3, 4, 3, padding=1)\n"
                 "        self.fc = nn.Linear(4 * 7 * 11, 10)\n"
                 "    def forward(self, x):\n"
                 "        return self.fc(self.c(x).flatten(1))\n",
     .lines = {"question ? input-shape:Net.x: What shape does Net take as x?",
               "Conv2D, takes (B,3,H,W)"}},
    {.name = "a shape from the command line",
     .framework = "pytorch",
     .shape = "B,3,7,11",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.c = nn.Conv2d(3, 4, 3, padding=1)\n"
                 "        self.fc = nn.Linear(4 * 7 * 11, 10)\n"
                 "    def forward(self, x):\n"
                 "        return self.fc(self.c(x).flatten(1))\n",
     .lines = {"#1(B,3,7,11):NCHW", "#4(B,10):NF", "!question", "!error"}},
    {.name = "a shape by decision",
     .framework = "pytorch",
     .set = "input-shape:Net.x=2,3,7,11",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.c = nn.Conv2d(3, 4, 3, padding=1)\n"
                 "        self.fc = nn.Linear(4 * 7 * 11, 10)\n"
                 "    def forward(self, x):\n"
                 "        return self.fc(self.c(x).flatten(1))\n",
     .lines = {"#1(2,3,7,11):NCHW", "question ok input-shape:Net.x", "!question ?"}},
    {.name = "recurrent layers give what the framework gives",
     .framework = "pytorch",
     .source = T
     "class Net(nn.Module):\n"
     "    def __init__(self):\n"
     "        super().__init__()\n"
     "        self.emb = nn.Embedding(100, 16)\n"
     "        self.rnn = nn.LSTM(16, 32, num_layers=2, batch_first=True, bidirectional=True)\n"
     "        self.gru = nn.GRU(64, 8)\n"
     "        self.out = nn.Linear(64, 2)\n"
     "    def forward(self, tokens):\n"
     "        o, (h, c) = self.rnn(self.emb(tokens))\n"
     "        g, n = self.gru(o.transpose(0, 1))\n"
     "        s = torch.cat((h[-2], h[-1]), dim=1)\n"
     "        return self.out(o[:, -1, :]), s, n\n",
     .lines = {"input  tokens  -> #1(B,T):NT", "-> #3(B,T,64):NTF, #4(4,B,32)",
               "op     getitem #3(B,T,64):NTF -> #12(B,64)", "op     concatenate", "dim0=0 dim1=1",
               "0 hints: 2 32 int64", "!error"}},
    {.name = "containers: lists, dictionaries, names by computation",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.convs = nn.ModuleList()\n"
                 "        for i in range(3):\n"
                 "            self.convs.append(nn.Conv1d(4, 4, 3, padding='same'))\n"
                 "        self.d = nn.ModuleDict({'a': nn.BatchNorm1d(4), 'b': nn.Identity()})\n"
                 "        self.add_module('last', nn.ReLU())\n"
                 "        setattr(self, 'drop%d' % 1, nn.Dropout(0.1))\n"
                 "        self.seq = nn.Sequential()\n"
                 "        self.seq.add_module('up', nn.Upsample(scale_factor=2))\n"
                 "    def forward(self, x):\n"
                 "        for conv in self.convs[1:]:\n"
                 "            x = conv(x)\n"
                 "        return self.seq(self.drop1(self.last(self.d['a'](x))))\n"
                 "n = Net()\n"
                 "n(torch.zeros(2, 4, 9))\n",
     .lines = {"layer convs.0 Conv1D calls=0", "layer convs.2 Conv1D calls=1",
               "layer d.a BatchNormLayer calls=1", "layer last relu calls=1",
               "layer drop1 DropoutLayer calls=1", "layer seq.up UpSamplingLayer calls=1",
               "(B,4,18)", "!error", "!warning"}},
    {.name = "one layer called twice is one layer",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.fc = nn.Linear(4, 4)\n"
                 "    def forward(self, x):\n"
                 "        return self.fc(F.gelu(self.fc(x)))\n",
     .lines = {"layer fc LinearLayer calls=2", "1 layers", "op     gelu"}},
    {.name = "a module shared and called twice keeps its first pass",
     .framework = "pytorch",
     .source = T "class B(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.fc = nn.Conv2d(2, 2, 3)\n"
                 "    def forward(self, x):\n"
                 "        return torch.relu(self.fc(x))\n"
                 "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.b = B()\n"
                 "    def forward(self, x):\n"
                 "        return self.b(self.b(x))\n"
                 "Net()(torch.zeros(1, 2, 9, 9))\n",
     .lines = {"nn b B calls=2", "nn     b B #2(B,2,9,9):NCHW -> #4(B,2,7,7):NCHW",
               "nn     b B #4(B,2,7,7):NCHW -> #6(B,2,5,5):NCHW"}},
    {.name = "a dynamic activation and a class given as one",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self, nonlinearity='relu', act=nn.GELU):\n"
                 "        super().__init__()\n"
                 "        self.rnn = nn.RNN(3, 4, nonlinearity=nonlinearity)\n"
                 "        self.act = act()\n"
                 "    def forward(self, x):\n"
                 "        return self.act(self.rnn(x)[0])\n",
     .lines = {"question ~ activation:Net.rnn:", "question ~ activation:Net.act:",
               "default=dynamic answer=dynamic", "activation=relu", "!error"}},
    {.name = "training code of a function that nobody calls",
     .framework = "pytorch",
     .source = T "from torch.utils.data import DataLoader\n"
                 "net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))\n"
                 "def train(model, data, epochs=7):\n"
                 "    loader = DataLoader(data, batch_size=16, shuffle=True)\n"
                 "    opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)\n"
                 "    crit = nn.CrossEntropyLoss(label_smoothing=0.1)\n"
                 "    for epoch in range(epochs):\n"
                 "        for x, y in loader:\n"
                 "            opt.zero_grad()\n"
                 "            loss = crit(model(x), y)\n"
                 "            loss.backward()\n"
                 "            opt.step()\n",
     .lines = {"root - variable=net applied=1 sequential", "training: loss CrossEntropy",
               "label_smoothing=0.1", "optimizer SGD learning_rate=0.1 momentum=0.9",
               "epochs 7; batch 16", "#1(B,4):NF", "APPLY_NN  - nn ", "!error", "!warning"}},
    {.name = "an unknown layer is a gap, and the trace goes on behind it",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.odd = nn.FractionalMaxPool2d(2, output_size=3)\n"
                 "        self.fc = nn.Linear(9, 2)\n"
                 "    def forward(self, x):\n"
                 "        return self.fc(self.odd(x).flatten(1))\n"
                 "Net()(torch.zeros(2, 1, 8, 8))\n",
     .lines = {"GAP       - torch.nn.FractionalMaxPool2d", "OP        flatten flatten",
               "layer  fc LinearLayer"}},
    {.name = "arguments that do not fit",
     .framework = "pytorch",
     .source = T "a = nn.Linear(3)\nb = nn.Conv2d(1, 2, 3, kernel_siez=4)\n",
     .lines = {"error: Linear needs the argument out_features [argument]",
               "Conv2d has no argument kernel_siez", "did you mean kernel_size?"}},
    {.name = "shape reads and axes that count from the end",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def forward(self, x):\n"
                 "        b, c, h, w = x.shape\n"
                 "        y = x.reshape(b, c, h * w).softmax(dim=-1)\n"
                 "        y = torch.stack([y, y], dim=-1).sum(-2, keepdim=True)\n"
                 "        return y.unsqueeze(-1), x.size(-1), x.dim()\n"
                 "Net()(torch.zeros(2, 3, 4, 5))\n",
     .lines = {"SHAPE     - #2(B,3,4,5)", "reshape #2(B,3,4,5)", "(B,3,20)", "axis=2", "axis=3",
               "axes=(2,)", "(B,3,1,2)", "!error"}},
    {.name = "several classes: each that nothing uses is a root",
     .framework = "pytorch",
     .source = T "class Inner(nn.Module):\n"
                 "    def __init__(self, c):\n"
                 "        super().__init__()\n"
                 "        self.fc = nn.Linear(c, c)\n"
                 "    def forward(self, x):\n"
                 "        return self.fc(x)\n"
                 "class A(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.i = Inner(4)\n"
                 "    def forward(self, x):\n"
                 "        return self.i(x)\n"
                 "def big(width=8):\n"
                 "    return nn.Sequential(nn.Linear(3, width), nn.Tanh())\n",
     .lines = {"root A variable=- applied=1", "root big variable=- applied=1 sequential",
               "!root Inner", "nn i Inner calls=1 (c=4)", "in_features=3 out_features=8"}},
    {.name = "an entry narrows what is traced",
     .framework = "pytorch",
     .entry = "big(16)",
     .source = T "class A(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.fc = nn.Linear(2, 2)\n"
                 "    def forward(self, x):\n"
                 "        return self.fc(x)\n"
                 "def big(width=8):\n"
                 "    return nn.Sequential(nn.Linear(3, width), nn.Tanh())\n",
     .lines = {"root big variable=- applied=1 sequential", "in_features=3 out_features=16",
               "!root A"}},
    {.name = "classes derived from Sequential",
     .framework = "pytorch",
     .source = T "class Block(nn.Sequential):\n"
                 "    def __init__(self, a, b):\n"
                 "        super().__init__(nn.Linear(a, b), nn.ReLU())\n"
                 "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.one = Block(4, 5)\n"
                 "        self.two = Block(5, 6)\n"
                 "    def forward(self, x):\n"
                 "        return self.two(self.one(x))\n",
     .lines = {"nn one Block calls=1 (a=4, b=5)", "layer one.0 LinearLayer calls=1",
               "layer two.1 relu calls=1", "#5(B,6):NF"}},
    {.name = "bare weights, buffers, in-place operations",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.w = nn.Parameter(torch.randn(4, 3))\n"
                 "        self.register_buffer('m', torch.zeros(3))\n"
                 "    def forward(self, x):\n"
                 "        y = x @ self.w - self.m\n"
                 "        y.relu_()\n"
                 "        y += 1\n"
                 "        return y\n"
                 "Net()(torch.zeros(2, 4))\n",
     .lines = {"matmultiply #6(B,4), #2(4,3)", "subtract #7(B,3)", "relu #8(B,3)", "add #9(B,3)",
               "output #11", "root Net", "!error"}},
    {.name = "the steps of training stay in the port: both arms of self.training",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.a = nn.Linear(3, 3)\n"
                 "        self.aux = nn.Linear(3, 2)\n"
                 "    def forward(self, x):\n"
                 "        x = self.a(x)\n"
                 "        if self.training:\n"
                 "            return x, self.aux(x)\n"
                 "        return x\n",
     .lines = {"layer aux LinearLayer calls=0", "APPLY    ! LinearLayer layer aux",
               "output #2(B,3):NF -> ", "!question"}},
    {.name = "numbers computed with small tensors",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self, depths=(1, 2)):\n"
                 "        super().__init__()\n"
                 "        rates = [r.item() for r in torch.linspace(0, 0.2, sum(depths))]\n"
                 "        w = (torch.round((torch.arange(3) * 8.5 + 16) / 8) * 8).int().tolist()\n"
                 "        self.a = nn.Linear(4, w[1])\n"
                 "        self.d = nn.Dropout(rates[1])\n"
                 "    def forward(self, x):\n"
                 "        return self.d(self.a(x))\n",
     .lines = {"in_features=4 out_features=24", "DropoutLayer calls=1 rate=0.1", "!error"}},
    {.name = "shapes read before the first consumer speaks",
     .framework = "pytorch",
     .source = T "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.proj = nn.Conv2d(3, 16, 8, stride=8)\n"
                 "        self.pos = nn.Parameter(torch.zeros(1, 16, 16))\n"
                 "    def forward(self, x):\n"
                 "        n, c, h, w = x.shape\n"
                 "        x = self.proj(x).reshape(n, 16, (h // 8) * (w // 8)).permute(0, 2, 1)\n"
                 "        return x + self.pos\n",
     .lines = {"(B,3,H,W):NCHW", "-> #6(B,H//8*(W//8),16)", "hints: 2 3 32 32", "!question",
               "!error"}},
    {.name = "attributes of a class derived from Sequential are items of it",
     .framework = "pytorch",
     .source = T "class Transition(nn.Sequential):\n"
                 "    def __init__(self, a, b):\n"
                 "        super().__init__()\n"
                 "        self.norm = nn.BatchNorm2d(a)\n"
                 "        self.conv = nn.Conv2d(a, b, 1)\n"
                 "class Net(nn.Module):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.layers = nn.ModuleList()\n"
                 "        self.layers += [Transition(3, 4)]\n"
                 "    def forward(self, x):\n"
                 "        return self.layers[0](x)\n"
                 "Net()(torch.zeros(1, 3, 5, 5))\n",
     .lines = {"nn layers.0 Transition calls=1 (a=3, b=4)", "layer layers.0.norm BatchNormLayer",
               "(B,4,5,5)", "!error"}},
    {.name = "factories behind decorators, in a table that nobody calls",
     .framework = "pytorch",
     .source = T "import functools\n"
                 "TABLE = {}\n"
                 "def register(f):\n"
                 "    @functools.wraps(f)\n"
                 "    def inner(*args, **kwargs):\n"
                 "        return f(*args, **kwargs)\n"
                 "    TABLE[f.__name__] = inner\n"
                 "    return inner\n"
                 "class Net(nn.Module):\n"
                 "    def __init__(self, width):\n"
                 "        super().__init__()\n"
                 "        self.a = nn.Linear(2, width)\n"
                 "    def forward(self, x):\n"
                 "        return self.a(x)\n"
                 "@register\n"
                 "def small(**kwargs):\n"
                 "    model = Net(4, **kwargs)\n"
                 "    return model\n"
                 "@register\n"
                 "def large():\n"
                 "    return Net(width=8)\n",
     .lines = {"nn (root) Net calls=1 (width=4)", "nn (root) Net calls=1 (width=8)", "!question"}},
};

static const Case TENSORFLOW[] = {
    {.name = "the third argument of Conv2D is the stride",
     .framework = "tensorflow",
     .source = K "m = keras.Sequential([layers.Input((32, 32, 3)), layers.Conv2D(8, 3, 2)])\n",
     .lines = {"kernel_dim=(3, 3) stride_dim=(2, 2)", "argument 3 is read as strides", "!error"}},
    {.name = "in a file of Keras 1 it is the kernel's second size",
     .framework = "tensorflow",
     .source = "from keras.models import Sequential\n"
               "from keras.layers.convolutional import Convolution2D\n"
               "m = Sequential()\n"
               "m.add(Convolution2D(8, 3, 5, border_mode='same', input_shape=(32, 32, 3)))\n",
     .lines = {"kernel_dim=(3, 5)", "padding_type='same'", "stride_dim=(1, 1)", "!error"}},
    {.name = "sizes of first layers in the words of Keras 2",
     .framework = "tensorflow",
     .source =
         K "a = keras.Sequential([layers.Embedding(input_dim=99, output_dim=4, input_length=10), "
           "layers.Flatten(), layers.Dense(1)])\n"
           "b = keras.Sequential([layers.LSTM(8, input_dim=5, input_length=7)])\n",
     .lines = {"#1(B,10):NT", "in_features=40", "hints: 2 10 int64", "(B,7,5):NTF", "!question"}},
    {.name = "a free size builds no layer",
     .framework = "tensorflow",
     .source = K "class M(keras.Model):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.f = layers.Flatten()\n"
                 "        self.d = layers.Dense(2)\n"
                 "    def call(self, x):\n"
                 "        return self.d(self.f(x))\n"
                 "m = M()\n"
                 "m(keras.Input((None, 4)))\n",
     .lines = {"(B,T,4)", "LinearLayer calls=1 out_features=2 bias=True\n", "!in_features="}},
    {.name = "Sequential that grows, with its input",
     .framework = "tensorflow",
     .source = K "model = keras.models.Sequential()\n"
                 "model.add(layers.Input(shape=(32, 32, 3)))\n"
                 "model.add(layers.Conv2D(8, 3, activation='relu', padding='same', strides=2))\n"
                 "model.add(layers.Flatten())\n"
                 "model.add(layers.Dense(10))\n"
                 "model.compile(optimizer='adam', loss='mse', metrics=['accuracy'])\n"
                 "model.fit([1], [2], epochs=4, batch_size=8)\n",
     .lines = {"root - variable=model applied=1 sequential",
               "layer 0 Conv2D calls=1 out_channels=8", "traced: in_channels=3", "(B,16,16,8):NHWC",
               "in_features=2048", "training: loss MeanSquaredError", "optimizer Adam",
               "epochs 4; batch 8", "metrics Accuracy", "!question", "!error"}},
    {.name = "input_shape on the first layer",
     .framework = "tensorflow",
     .source = K "m = keras.Sequential([layers.Dense(4, input_shape=(7,), activation='tanh'), "
                 "layers.Dense(1)])\n",
     .lines = {"#1(B,7):NF", "traced: in_features=7", "actv_func=tanh", "!error", "!warning"}},
    {.name = "a subclassed model with lists and dictionaries of layers",
     .framework = "tensorflow",
     .source = K3 "class M(keras.Model):\n"
                  "    def __init__(self):\n"
                  "        super().__init__()\n"
                  "        self.parts = []\n"
                  "        for i in range(2):\n"
                  "            self.parts.append(layers.Dense(4 + i))\n"
                  "        self.heads = {k: layers.Dense(2) for k in ('a', 'b')}\n"
                  "    def call(self, x, training=None):\n"
                  "        for p in self.parts:\n"
                  "            x = ops.relu(p(x))\n"
                  "        return {k: h(x) for k, h in self.heads.items()}\n"
                  "m = M()\n"
                  "m.build((None, 6))\n",
     .lines = {"layer parts.0 LinearLayer calls=1 out_features=4",
               "layer parts.1 LinearLayer calls=1 out_features=5", "layer heads.b LinearLayer",
               "traced: in_features=6", "output #6(B,2):NF, #7(B,2):NF", "keras 3", "!question"}},
    {.name = "build, add_weight, both arms of training",
     .framework = "tensorflow",
     .source = K3 "class L(layers.Layer):\n"
                  "    def __init__(self, units, **kwargs):\n"
                  "        super().__init__(**kwargs)\n"
                  "        self.units = units\n"
                  "    def build(self, input_shape):\n"
                  "        self.w = self.add_weight(shape=(input_shape[-1], self.units))\n"
                  "        self.d = layers.Dense(self.units)\n"
                  "    def call(self, x, training=None):\n"
                  "        if training:\n"
                  "            x = ops.relu(x)\n"
                  "        return self.d(ops.matmul(x, self.w))\n"
                  "inp = keras.Input((5, 3))\n"
                  "model = keras.Model(inp, L(8)(inp))\n",
     .lines = {"root - variable=model applied=1 functional", "matmultiply #1(B,5,3), #2(3,8) -> ",
               "layer l.d LinearLayer calls=1", "OP       ! relu", "!error"}},
    {.name = "functional: helpers, operators, several inputs, a model within a model",
     .framework = "tensorflow",
     .source = K "def block(x, n):\n"
                 "    x = layers.Conv2D(n, 3, padding='same', name='c%d' % n)(x)\n"
                 "    return layers.ReLU()(x)\n"
                 "a = keras.Input((8, 8, 3), name='left')\n"
                 "enc = keras.Model(a, layers.GlobalAveragePooling2D()(block(a, 4)), name='enc')\n"
                 "x = keras.Input((8, 8, 3))\n"
                 "y = keras.Input((8, 8, 3))\n"
                 "d = enc(x) - enc(y)\n"
                 "out = layers.Dense(1, activation='sigmoid')(tf.abs(d))\n"
                 "siamese = keras.Model(inputs=[x, y], outputs=out)\n",
     .lines = {"root - variable=siamese applied=1 functional", "nn enc - calls=3",
               "layer enc.c4 Conv2D calls=3", "input  left", "nn     enc  #5(B,8,8,3):NHWC -> ",
               "op     subtract", "op     abs", "input  y ", "layer  dense LinearLayer"}},
    {.name = "recurrent layers, wrappers and states",
     .framework = "tensorflow",
     .source = K "class M(keras.Model):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.emb = layers.Embedding(50, 6, mask_zero=True)\n"
                 "        self.bi = layers.Bidirectional(layers.LSTM(4, return_sequences=True))\n"
                 "        self.gru = layers.GRU(5, return_state=True)\n"
                 "        self.td = layers.TimeDistributed(layers.Dense(3))\n"
                 "    def call(self, x):\n"
                 "        x = self.bi(self.emb(x))\n"
                 "        last, state = self.gru(x)\n"
                 "        return self.td(x), last, state\n"
                 "m = M()\n"
                 "m(tf.zeros((1, 9), dtype=tf.int32))\n",
     .lines = {"mask_zero=True", "layer  bi BidirectionalWrapper #3(B,9,6):NTF -> #4(B,9,8)",
               "-> #5(B,5):NF, #6(B,5)",
               "layer  td TimeDistributedWrapper #4(B,9,8):NTF -> #7(B,9,3)", "input_size=8",
               "inner LSTMLayer", "!error"}},
    {.name = "no input anywhere: the shape is asked for",
     .framework = "tensorflow",
     .source = K "class S(keras.Model):\n"
                 "    def __init__(self):\n"
                 "        super().__init__()\n"
                 "        self.c = layers.Conv2D(8, 3)\n"
                 "        self.f = layers.Flatten()\n"
                 "        self.d = layers.Dense(2)\n"
                 "    def call(self, x):\n"
                 "        return self.d(self.f(self.c(x)))\n",
     .lines = {"question ? input-shape:S.x:", "Conv2D, takes (B,H,W,?)"}},
    {.name = "a dynamic activation in a plain class",
     .framework = "tensorflow",
     .source = K
     "class C:\n"
     "    def __init__(self, act='relu'):\n"
     "        self.act = act\n"
     "        self.model = keras.Sequential([layers.Dense(4, activation=self.act, input_dim=3)])\n"
     "C()\n",
     .lines = {"question ~ activation:C.model:", "[in this trace it is 'relu']",
               "applied=1 sequential", "#2(B,4):NF"}},
    {.name = "hard_sigmoid is a question of generations",
     .framework = "tensorflow",
     .source = K
     "m = keras.Sequential([layers.Input((8,)), layers.Dense(4, activation='hard_sigmoid')])\n",
     .lines = {"question ~ keras-version:", "actv_func=keras2_hard_sigmoid", "default=2 answer=2"}},
    {.name = "the generation by answer",
     .framework = "tensorflow",
     .set = "keras-version:file=3",
     .source = K
     "m = keras.Sequential([layers.Input((8,)), layers.Dense(4, activation='hard_sigmoid')])\n",
     .lines = {"actv_func=hard_sigmoid", "keras 3"}},
    {.name = "the generation by an import",
     .framework = "tensorflow",
     .source =
         "from keras.layers.core import Dense, Activation\nfrom keras.models import Sequential\n"
         "m = Sequential()\nm.add(Dense(4, input_dim=3))\nm.add(Activation('hard_sigmoid'))\n",
     .lines = {"keras 2", "activation=keras2_hard_sigmoid", "!question"}},
    {.name = "layers cut out of a Sequential",
     .framework = "tensorflow",
     .source = K
     "m = keras.Sequential([layers.Input((8,)), layers.Dense(4, name='mid'), layers.Dense(2)])\n"
     "feat = keras.Model(m.input, m.get_layer('mid').output)\n",
     .lines = {"root - variable=feat applied=1 functional", "!warning"}},
};

static void pytorch_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PYTORCH / sizeof *PYTORCH; i++) check(&PYTORCH[i]);
}

static void tensorflow_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TENSORFLOW / sizeof *TENSORFLOW; i++) check(&TENSORFLOW[i]);
}

static void shape_argument(Arena *a, const char *text, const char *network, const char *argument,
                           int n, const char *dtype)
{
    const char *err = NULL;
    TraceShape *s = trace_parse_shape(a, text, &err);
    if (!s)
        fail_msg("%s: %s", text, err);
    assert_true(str_eq(s->network, network));
    assert_true(str_eq(s->argument, argument));
    assert_int_equal(s->dims.len, n);
    assert_true(str_eq(s->dtype, dtype));
}

static void shape_arguments(void **state)
{
    (void)state;
    Arena *a = arena_new();
    shape_argument(a, "2,3,32,32", NULL, NULL, 4, NULL);
    shape_argument(a, "x:B,200:int64", NULL, "x", 2, "int64");
    shape_argument(a, "B,200:int64", NULL, NULL, 2, "int64");
    shape_argument(a, "Net.x:(B, 224, 224, 3)", "Net", "x", 4, NULL);
    shape_argument(a, "(8,)", NULL, NULL, 1, NULL);
    const char *wrong[] = {"",    "x:",   "2,,3", "2,-1", "0,3", "a:b:c:d", "x:1,2:furlong",
                           "2;3", "1,2.5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *err = NULL;
        assert_null(trace_parse_shape(a, wrong[i], &err));
        assert_non_null(err);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pytorch_cases),
                                       cmocka_unit_test(tensorflow_cases),
                                       cmocka_unit_test(shape_arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
