/* Python's meaning, held against CPython: every case of interp_cases.py is run, and what it leaves
 * in `result` must have the repr that interp_cases.expected says (interp_expect.py writes it). Then
 * what CPython has no word for: unknowns, arms that were not taken, limits, imports of the
 * project's own files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "trace/interp.h"

#define TEMPLATES "templates/pytorch"

typedef struct Run {
    Arena *arena;
    Trace *trace;
} Run;

static Run run_with(const char *path, const char *source, const TraceOptions *opts)
{
    const char *err = NULL;
    Run r = {.arena = arena_new()};
    Dialect *d = dialect_load(r.arena, TEMPLATES, &err);
    if (!d) fail_msg("%s", err);
    DiagList diags = {.arena = r.arena};
    Module *m = python_parse(r.arena, path, source, (int)strlen(source), &diags);
    r.trace = trace_run(r.arena, m, d, opts);
    return r;
}

static Run run(const char *source)
{
    return run_with("case.py", source, NULL);
}

static Value *global(Run *r, const char *name)
{
    return env_get(r->trace->interp->globals, name);
}

static const char *raised(Run *r)
{
    for (int i = 0; i < r->trace->diags.list.len; i++) {
        const Diag *d = &r->trace->diags.list.at[i];
        const char *text = strcmp(d->code, "raise") == 0 ? strstr(d->message, "ends with ") : NULL;
        if (text) return arena_printf(r->arena, "raises %s", text + strlen("ends with "));
    }
    return "nothing";
}

/* ---- against CPython ---- */

static const char *outcome(Run *r)
{
    Value *v = global(r, "result");
    const char *error = raised(r);
    if (strcmp(error, "nothing") != 0) return error;
    return v ? v_repr(r->trace->interp, v) : "no result";
}

static char *load(Arena *a, const char *path)
{
    const char *err = NULL;
    size_t len;
    char *s = file_read(a, path, &len, &err);
    if (!s) fail_msg("%s", err);
    return s;
}

static void cases_agree_with_cpython(void **state)
{
    (void)state;
    Arena *a = arena_new();
    char *cases = load(a, "tests/unit/interp_cases.py"),
         *expected = load(a, "tests/unit/interp_cases.expected");
    int wrong = 0, n = 0;
    for (char *c = strstr(cases, "# case "); c; n++) {
        char *line_end = strchr(c, '\n'), *next = strstr(line_end, "\n# case ");
        const char *name = arena_strndup(a, c + 7, (size_t)(line_end - c) - 7);
        const char *source =
            next ? arena_strndup(a, line_end + 1, (size_t)(next - line_end)) : line_end + 1;
        char *tab = strchr(expected, '\t'), *end = strchr(expected, '\n');
        assert_non_null(tab);
        assert_int_equal(strncmp(expected, name, (size_t)(tab - expected)), 0);
        const char *want = arena_strndup(a, tab + 1, (size_t)(end - tab) - 1);
        expected = end + 1;
        Run r = run(source);
        const char *got = outcome(&r);
        if (strcmp(got, want) != 0) {
            print_error("case %s\n  want %s\n  got  %s\n", name, want, got);
            wrong++;
        }
        arena_free(r.arena);
        c = next ? next + 1 : NULL;
    }
    arena_free(a);
    assert_true(n > 200);
    assert_int_equal(wrong, 0);
}

/* ---- beyond CPython ---- */

static const Diag *diag_of(Run *r, const char *code)
{
    for (int i = 0; i < r->trace->diags.list.len; i++)
        if (strcmp(r->trace->diags.list.at[i].code, code) == 0) return &r->trace->diags.list.at[i];
    return NULL;
}

static const char *text_of(Run *r, const char *name)
{
    Value *v = global(r, name);
    return v ? v_repr(r->trace->interp, v) : "no value";
}

/* Events of a kind at sites in a definition: real ones, or those of forced arms. */
static int events_in(Run *r, EventKind kind, const char *definition, bool forced)
{
    int n = 0;
    for (int i = 0; i < r->trace->events.len; i++) {
        const Event *e = r->trace->events.at[i];
        if (e->kind != kind || e->forced != forced || !e->site || !e->site->definition) continue;
        n += strcmp(e->site->definition->name, definition) == 0;
    }
    return n;
}

#define NETWORK "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"

static void unknowns_keep_their_first_reason(void **state)
{
    (void)state;
    Run r = run("import some_library\n"
                "x = some_library.thing(1)\n"
                "y = (x + 1) * 2\n"
                "z = [y, len(y), f'{y}', y[0], -y]\n"
                "a = 5 if x is not None else 6\n"
                "b = 5 if x is None else 6\n"
                "if x > 3:\n    c = 'true arm'\nelse:\n    c = 'false arm'\n"
                "if x:\n    raise ValueError('no')\n"
                "d = 0\n"
                "for item in x:\n    d += 1\n"
                "e = [i for i in x]\n"
                "f = x is x and False\n"
                "g = True or x\n");
    Value *x = global(&r, "x"), *y = global(&r, "y");
    assert_int_equal(x->kind, V_UNKNOWN);
    assert_int_equal(y->kind, V_UNKNOWN);
    assert_string_equal(x->u.why, y->u.why);
    Value *z = global(&r, "z");
    for (int i = 0; i < z->items.len; i++) assert_int_equal(z->items.at[i]->kind, V_UNKNOWN);
    assert_string_equal(text_of(&r, "a"), "5");
    assert_string_equal(text_of(&r, "b"), "6");
    assert_string_equal(text_of(&r, "c"), "'true arm'");
    assert_string_equal(text_of(&r, "d"), "1");
    assert_int_equal(global(&r, "e")->kind, V_UNKNOWN);
    assert_string_equal(text_of(&r, "f"), "False");
    assert_string_equal(text_of(&r, "g"), "True");
    assert_null(diag_of(&r, "raise"));
    arena_free(r.arena);
}

static void a_failed_statement_does_not_end_the_run(void **state)
{
    (void)state;
    Run r = run("a = 1\nb = 1 / 0\nc = b + 1\nd = a + 1\nraise SystemExit\n");
    assert_non_null(diag_of(&r, "raise"));
    assert_non_null(strstr(diag_of(&r, "raise")->message, "ZeroDivisionError: division by zero"));
    assert_int_equal(global(&r, "c")->kind,
                     V_UNKNOWN); /* its name is missing through the failure, not a mistake */
    assert_string_equal(text_of(&r, "d"), "2");
    assert_int_equal(r.trace->diags.list.len, 1);
    arena_free(r.arena);
}

static void arms_not_taken_leave_events_and_nothing_else(void **state)
{
    (void)state;
    Run r = run(NETWORK
                "log = []\n"
                "class Net(nn.Module):\n"
                "    def __init__(self, act='relu', deep=False):\n"
                "        super().__init__()\n"
                "        self.n = 1\n"
                "        d = {}\n"
                "        if act == 'relu':\n"
                "            self.act = nn.ReLU()\n"
                "        elif act == 'gelu':\n"
                "            log.append('gelu'); d['k'] = 1; self.n += 5; global made; made = 1\n"
                "            self.act = nn.GELU()\n"
                "        else:\n"
                "            log.append('else')\n"
                "            raise ValueError(act)\n"
                "        self.d = d\n"
                "        self.body = nn.Linear(4, 4) if deep else nn.Identity()\n"
                "        if deep:\n"
                "            while True:\n"
                "                self.n += 1\n"
                "    def forward(self, x):\n"
                "        if self.training:\n"
                "            return F.dropout(x)\n"
                "        return self.body(self.act(x))\n"
                "net = Net()\n"
                "n, d, k = net.n, net.d, 'made' in globals()\n"
                "y = net(torch.zeros(2, 4))\n");
    assert_null(diag_of(&r, "limit"));
    assert_null(diag_of(&r, "raise"));
    assert_string_equal(text_of(&r, "log"), "[]");
    assert_string_equal(text_of(&r, "n"), "1");
    assert_string_equal(text_of(&r, "d"), "{}");
    assert_string_equal(text_of(&r, "k"), "False");
    assert_int_equal(events_in(&r, EV_LAYER, "Net.__init__", false), 2); /* ReLU, Identity */
    assert_true(events_in(&r, EV_LAYER, "Net.__init__", true) >= 2);     /* GELU, Linear */
    assert_true(events_in(&r, EV_OP, "Net.forward", true) >= 1);         /* dropout */
    assert_int_equal(events_in(&r, EV_OP, "Net.forward", false), 0);
    int training = 0, executed = 0;
    for (int i = 1; i <= r.trace->nids; i++) {
        if (r.trace->branch_of[i]) training += r.trace->branch_of[i]->on_training;
        executed += r.trace->executed[i];
    }
    assert_int_equal(training, 1);
    assert_true(executed > 15);
    arena_free(r.arena);
}

static void what_never_runs_has_its_events_too(void **state)
{
    (void)state;
    Run r = run(NETWORK "ACTS = {'relu': lambda: nn.ReLU(), 'gelu': lambda: nn.GELU()}\n"
                        "class Net(nn.Module):\n"
                        "    def __init__(self, depth=1, act='relu', norm=None):\n"
                        "        super().__init__()\n"
                        "        self.act = ACTS[act]()\n"
                        "        layers = [nn.Linear(2, 2)]\n"
                        "        for i in range(1, depth):\n"
                        "            layers.append(nn.Dropout(0.5))\n"
                        "        self.n = len(layers)\n"
                        "        norm = norm or nn.LayerNorm\n"
                        "        self.norm = norm(2)\n"
                        "        try:\n            self.a = nn.Tanh()\n        except "
                        "AttributeError:\n            self.a = self.b(nn.Sigmoid())\n"
                        "    def forward(self, x):\n        return x\n"
                        "net = Net()\nn = net.n\nhas_b = hasattr(net, 'b')\n"
                        "deep = Net(norm=nn.BatchNorm1d)\n");
    assert_string_equal(text_of(&r, "n"), "1");
    assert_string_equal(text_of(&r, "has_b"), "False");
    assert_int_equal(events_in(&r, EV_LAYER, "<lambda>", false), 2); /* ReLU, in each instance */
    assert_true(events_in(&r, EV_LAYER, "<lambda>", true) >= 1);         /* GELU */
    assert_true(events_in(&r, EV_LAYER, "Net.__init__", true) >= 2);     /* Dropout, Sigmoid */
    assert_true(events_in(&r, EV_REF, "Net.__init__", true) >= 1); /* nn.LayerNorm behind `or` */
    assert_null(diag_of(&r, "raise"));
    arena_free(r.arena);
}

static bool raises_value_error(Node *n, void *found)
{
    if (n->kind == N_RAISE) *(Node **)found = n;
    return true;
}

static void forced_statements_are_not_executed(void **state)
{
    (void)state;
    Run r = run("def f(x):\n    if x > 0:\n        return 1\n    raise ValueError('neg')\nf(3)\n");
    Node *raise = NULL;
    node_walk(r.trace->module->root, raises_value_error, &raise);
    assert_non_null(raise);
    assert_false(r.trace->executed[raise->id]);
    assert_true(r.trace->executed[r.trace->module->root->items.at[1]->id]);
    arena_free(r.arena);
}

static void what_depends_on_a_parameter_says_so(void **state)
{
    (void)state;
    Run r = run(NETWORK
                "TABLE = {'relu': nn.ReLU}\n"
                "def pick(name):\n    return TABLE[name]\n"
                "class Net(nn.Module):\n"
                "    def __init__(self, n=3, act='relu'):\n"
                "        super().__init__()\n"
                "        self.a, self.b, self.c = n * 2 + 1, pick(act), 5\n"
                "        self.d = f'{act}!'\n"
                "        self.e = getattr(nn, 'GELU')\n"
                "        self.f = max(n, 2)\n"
                "net = Net()\n"
                "a, b, c, d, e, f = net.a, net.b, net.c, net.d, net.e, net.f\n");
    assert_true(global(&r, "a")->from_param);
    assert_true(global(&r, "b")->from_param);
    assert_false(global(&r, "c")->from_param);
    assert_true(global(&r, "d")->from_param);
    assert_false(global(&r, "e")->from_param);
    assert_true(global(&r, "f")->from_param);
    assert_string_equal(text_of(&r, "a"), "7");
    arena_free(r.arena);
}

static void limits_end_in_a_diagnostic_that_names_the_place(void **state)
{
    (void)state;
    TraceOptions opts = {.max_steps = 5000};
    Run r = run_with("case.py", "a = 1\nwhile True:\n    a += 1\nb = 'after'\n", &opts);
    const Diag *d = diag_of(&r, "limit");
    assert_non_null(d);
    assert_non_null(strstr(d->message, "in the loop at line 2"));
    assert_true(r.trace->limited);
    assert_string_equal(text_of(&r, "b"), "'after'");
    arena_free(r.arena);

    r = run_with("case.py", "def f(n):\n    return f(n + 1)\nf(0)\nb = 'after'\n", NULL);
    assert_non_null(strstr(diag_of(&r, "limit")->message, "the call of f() nests deeper than 200"));
    assert_string_equal(text_of(&r, "b"), "'after'");
    arena_free(r.arena);

    opts = (TraceOptions){.max_bytes = 4u << 20};
    r = run_with("case.py", "l = []\nwhile True:\n    l.append([0] * 1000)\n", &opts);
    assert_non_null(strstr(diag_of(&r, "limit")->message, "4 MB of memory"));
    arena_free(r.arena);
}

static void definitions_stand_in_source_order(void **state)
{
    (void)state;
    Run r = run(NETWORK "class Net(nn.Module):\n"
                        "    def __init__(self):\n        super().__init__()\n"
                        "    def forward(self, x):\n        def inner(y):\n            return y\n  "
                        "      return inner(x)\n"
                        "class Plain:\n    pass\n"
                        "def make():\n    return lambda v: v\n"
                        "class Sub(Net):\n    pass\n"
                        "net = Net()\nnet(torch.zeros(1, 2))\n");
    static const char *const names[] = {
        "Net",   "Net.__init__", "Net.forward",   "Net.forward.inner",
        "Plain", "make",         "make.<lambda>", "Sub"};
    assert_int_equal(r.trace->definitions.len, 8);
    for (int i = 0; i < 8; i++) assert_string_equal(r.trace->definitions.at[i]->name, names[i]);
    assert_int_equal(r.trace->definitions.at[0]->kind, DEF_MODULE_CLASS);
    assert_string_equal(r.trace->definitions.at[0]->base, "torch.nn.Module");
    assert_int_equal(r.trace->definitions.at[4]->kind, DEF_PLAIN_CLASS);
    assert_int_equal(r.trace->definitions.at[7]->kind, DEF_MODULE_CLASS);
    assert_true(r.trace->definitions.at[3]->runs > 0);
    Node *forward = r.trace->definitions.at[2]->node;
    assert_ptr_equal(r.trace->definition_of[forward->id], r.trace->definitions.at[0]);
    assert_ptr_equal(r.trace->definition_of[forward->body.at[0]->id], r.trace->definitions.at[2]);
    arena_free(r.arena);
}

static void loops_over_free_sizes_run_once(void **state)
{
    (void)state;
    Run r = run(NETWORK
                "class Net(nn.Module):\n"
                "    def __init__(self):\n"
                "        super().__init__()\n"
                "        self.emb = nn.Embedding(10, 4)\n"
                "        self.fc = nn.Linear(4, 3)\n"
                "    def forward(self, x):\n"
                "        e = self.emb(x)\n"
                "        outs, n = [], 0\n"
                "        for t in range(x.size(1)):\n"
                "            tmp = [1]\n"
                "            outs.append(self.fc(e[:, t]))\n"
                "            n += len(tmp)\n"
                "        global rounds, length, half\n"
                "        rounds, length, half = n, len(outs), x.size(1) // 2\n"
                "        return torch.stack(outs, dim=1)\n");
    assert_string_equal(text_of(&r, "rounds"), "1");
    assert_string_equal(text_of(&r, "length"), "T");
    assert_string_equal(text_of(&r, "half"), "T//2");
    assert_null(diag_of(&r, "raise"));
    arena_free(r.arena);
}

static void training_loops_do_not_run_to_their_end(void **state)
{
    (void)state;
    Run r = run(NETWORK
                "from torch.utils.data import DataLoader\n"
                "net = nn.Sequential(nn.Linear(4, 3))\n"
                "opt = torch.optim.SGD(net.parameters(), lr=0.1)\n"
                "loss = nn.CrossEntropyLoss()\n"
                "rounds = 0\n"
                "for epoch in range(1000000):\n"
                "    for x, y in DataLoader(data):\n"
                "        opt.zero_grad()\n"
                "        loss(net(x), y).backward()\n"
                "        opt.step()\n"
                "    rounds += 1\n"
                "done = True\n");
    assert_null(diag_of(&r, "limit"));
    assert_string_equal(text_of(&r, "done"), "True");
    assert_true(global(&r, "rounds")->u.i < 5);
    arena_free(r.arena);
}

static void a_deep_copy_of_a_layer_is_another_layer(void **state)
{
    (void)state;
    Run r =
        run(NETWORK
            "import copy\n"
            "def clones(m, n):\n    return nn.ModuleList([copy.deepcopy(m) for _ in range(n)])\n"
            "class Block(nn.Module):\n"
            "    def __init__(self, n):\n        super().__init__()\n        self.fc = "
            "nn.Linear(n, n)\n"
            "    def forward(self, x):\n        return self.fc(x)\n"
            "a = nn.Linear(2, 2)\nb = copy.deepcopy(a)\n"
            "l = clones(Block(4), 3)\nn = len(l)\nsame = l[0] is l[1]\nw = l[2].fc.out_features\n");
    assert_int_equal(global(&r, "b")->kind, V_LAYER);
    assert_ptr_not_equal(global(&r, "a")->u.layer, global(&r, "b")->u.layer);
    assert_string_equal(text_of(&r, "n"), "3");
    assert_string_equal(text_of(&r, "same"), "False");
    assert_string_equal(text_of(&r, "w"), "4");
    arena_free(r.arena);
}

static void names_come_out_of_star_imports(void **state)
{
    (void)state;
    Run r =
        run("from torch.nn import *\nimport torch\na = Linear(2, 3)\nb = sum([1, 2])\nc = ReLU\n");
    assert_int_equal(global(&r, "a")->kind, V_LAYER);
    assert_string_equal(text_of(&r, "b"), "3");
    assert_string_equal(global(&r, "c")->u.dotted, "torch.nn.ReLU");
    arena_free(r.arena);
}

/* ---- files of the project ---- */

static void put(Arena *a, const char *dir, const char *name, const char *text)
{
    const char *path = path_join(a, dir, name), *err = NULL, *note = NULL;
    assert_true(file_mkdirs(a, path_dir(a, path), &err));
    assert_true(file_write_atomic(a, path, text, strlen(text), &note, &err));
}

static void imports_read_the_project_s_own_files(void **state)
{
    (void)state;
    Arena *a = arena_new();
    char dir[] = "/tmp/portolan-import-XXXXXX";
    assert_non_null(mkdtemp(dir));
    put(a, dir, "helpers.py", "K = 3\ndef twice(x):\n    return x * 2 * K\n_hidden = 1\n");
    put(a, dir, "blocks/__init__.py", "from .conv import Block, WIDTH\nfrom . import extra\n");
    put(a, dir, "blocks/conv.py",
        "from torch import nn\nfrom ..helpers import twice\nfrom . import extra\nWIDTH = 8\n"
        "class Block(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.fc = nn.Linear(n, WIDTH)\n    def forward(self, x):\n        return "
        "self.fc(x)\n");
    put(a, dir, "blocks/extra.py",
        "from . import conv\nNAME = __name__\ndef late():\n    return conv.WIDTH\n");
    put(a, dir, "bad.py", "good = 1\nx = 1 / 0\nafter = 2\n");
    const char *main =
        "import torch\nfrom blocks import Block, extra, WIDTH as W\nimport blocks.extra\nimport "
        "helpers as h\n"
        "from helpers import *\nimport bad\n"
        "try:\n    from .missing import thing\nexcept ImportError:\n    thing = 'fallback'\n"
        "from .gone import other\nimport numpy.linalg as la\n"
        "b = Block(4)\ny = b(torch.zeros(1, 4))\n"
        "r = [W, h.twice(2), twice(1), K, extra.late(), blocks.extra.NAME, bad.good, bad.after, "
        "thing, '_hidden' in globals()]\n";
    Run r = run_with(path_join(a, dir, "main.py"), main, NULL);
    assert_string_equal(text_of(&r, "r"),
                        "[8, 12, 6, 3, 8, 'blocks.extra', 1, 2, 'fallback', False]");
    assert_int_equal(global(&r, "other")->kind, V_EXT);
    assert_int_equal(global(&r, "la")->kind, V_EXT);
    assert_int_equal(global(&r, "b")->kind, V_OBJECT);
    assert_int_equal(r.trace->imported.len, 5);
    assert_true(r.trace->nids > r.trace->module->nnodes);
    const Diag *d = diag_of(&r, "raise");
    assert_non_null(d);
    assert_non_null(strstr(d->file, "bad.py"));
    assert_non_null(diag_of(&r, "import"));
    arena_free(r.arena);
    arena_free(a);
    static const char *const files[] = {"helpers.py",
                                        "blocks/__init__.py",
                                        "blocks/conv.py",
                                        "blocks/extra.py",
                                        "bad.py",
                                        "blocks",
                                        ""};
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        char path[200];
        snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        remove(path);
    }
}

static void the_framework_is_told_by_imports(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        int want;
    } cases[] = {
        {"import torch\n", 0},
        {"from torch import nn\n", 0},
        {"import torch.nn.functional as F\nimport numpy\n", 0},
        {"import tensorflow as tf\n", 1},
        {"from tensorflow import keras\n", 1},
        {"from keras import layers\n", 1},
        {"from tensorflow.keras.layers import Dense\n", 1},
        {"import os\n", -1},
        {"", -1},
        {"from .torch import x\n", -1},
        {"import torch\nimport tensorflow as tf\nfrom tensorflow.keras import layers\n", 1},
        {"def f():\n    import torch\n", 0},
    };
    Arena *a = arena_new();
    const char *err = NULL, *why = NULL;
    Dialect *ds[] = {dialect_load(a, "templates/pytorch", &err),
                     dialect_load(a, "templates/tensorflow", &err)};
    assert_non_null(ds[0]);
    assert_non_null(ds[1]);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        DiagList diags = {.arena = a};
        Module *m = python_parse(a, "m.py", cases[i].source, (int)strlen(cases[i].source), &diags);
        int got = trace_detect_framework(m, ds, 2, a, &why);
        if (got != cases[i].want) fail_msg("%s: %d (%s)", cases[i].source, got, why);
        assert_non_null(why);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_agree_with_cpython),
        cmocka_unit_test(unknowns_keep_their_first_reason),
        cmocka_unit_test(a_failed_statement_does_not_end_the_run),
        cmocka_unit_test(arms_not_taken_leave_events_and_nothing_else),
        cmocka_unit_test(what_never_runs_has_its_events_too),
        cmocka_unit_test(forced_statements_are_not_executed),
        cmocka_unit_test(what_depends_on_a_parameter_says_so),
        cmocka_unit_test(limits_end_in_a_diagnostic_that_names_the_place),
        cmocka_unit_test(definitions_stand_in_source_order),
        cmocka_unit_test(loops_over_free_sizes_run_once),
        cmocka_unit_test(training_loops_do_not_run_to_their_end),
        cmocka_unit_test(a_deep_copy_of_a_layer_is_another_layer),
        cmocka_unit_test(names_come_out_of_star_imports),
        cmocka_unit_test(imports_read_the_project_s_own_files),
        cmocka_unit_test(the_framework_is_told_by_imports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
