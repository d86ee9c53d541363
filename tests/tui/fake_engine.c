/* A double of the engine for the workbench's tests: the whole of portolan.h over a "port" made line
 * by line.
 *
 * It knows a handful of spellings of PyTorch (self.NAME = nn.KIND(...), self.NAME(x),
 * torch.flatten) and asks one question of each sort that the panes have to show:
 *
 *     input-shape           at each forward: open, typed, traces again
 *     constructor-argument  a parameter of __init__ without a value: open, typed
 *     activation            getattr(nn, ...): default dynamic
 *     channel-order         at each forward: default native
 *     flatten-order         torch.flatten: default source, which inserts a line
 *     missing-attribute     nn.LazyLinear: open, a number or lazy
 *     unsupported           any other kind: default stub
 *
 * Deterministic, no cleverness; any text goes through. Answers are kept in an undo log as the
 * engine's are. */
#define _GNU_SOURCE
#include "portolan.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct Answer {
    const char *id, *answer; /* NULL: cleared */
} Answer;

typedef struct Change {
    const char *id, *before, *after;
} Change;

struct PtlDoc {
    Arena *arena, *port_arena, *preview_arena, *scratch;
    const char *path, *source, *target_path, *sidecar, *to, *style;
    const char *last_written;
    int len;
    bool ready;
    VEC(Answer) answers;
    VEC(Change) log;
    int undone, unsaved;
    PtlPort *port, *preview;
};

static const struct {
    const char *from, *to;
} kinds[] = {{"Conv2d", "Conv2D"},   {"BatchNorm2d", "BatchNormalization"},
             {"Linear", "Dense"},    {"MaxPool2d", "MaxPool2D"},
             {"ReLU", "ReLU"},       {"Dropout", "Dropout"},
             {"LazyLinear", "Dense"}};

/* --- building a port
 * -------------------------------------------------------------------------------------- */

typedef struct Layer {
    const char *name;
    int mapping;
} Layer;

typedef struct Places {
    VEC(PtlRange) source, target;
    VEC(int) nodes, decisions;
} Places;

typedef struct Build {
    Arena *a;
    const PtlDoc *doc;
    const char *extra_id, *extra_answer; /* of a preview */
    Buf out;
    VEC(PtlMapping) mappings;
    VEC(Places) places;
    VEC(PtlNode) nodes;
    VEC(PtlDecision) decisions;
    VEC(Layer) layers;
    const char *class_name;
    int root, forward_node, line;
} Build;

static const char *answer_of(const Build *b, const char *id)
{
    if (b->extra_id && str_eq(b->extra_id, id))
        return b->extra_answer;
    for (int i = b->doc->answers.len - 1; i >= 0; i--)
        if (str_eq(b->doc->answers.at[i].id, id))
            return b->doc->answers.at[i].answer;
    return NULL;
}

static int add_mapping(Build *b, const char *rule, const char *why, bool inserted)
{
    Places none = {0};
    PtlMapping m = {.id = b->mappings.len + 1, .rule = rule, .why = why, .inserted = inserted};
    vec_push(b->a, &b->mappings, m);
    vec_push(b->a, &b->places, none);
    return m.id;
}

static void in_source(Build *b, int mapping, int start, int end)
{
    PtlRange r = {start, end};
    vec_push(b->a, &b->places.at[mapping - 1].source, r);
}

static void in_target(Build *b, int mapping, int start, int end)
{
    PtlRange r = {start, end};
    vec_push(b->a, &b->places.at[mapping - 1].target, r);
}

static int add_node(Build *b, int parent, const char *name, const char *kind, const char *shape,
                    int mapping, bool use)
{
    PtlNode n = {.parent = parent,
                 .name = name,
                 .kind = kind,
                 .params = "",
                 .shape = shape,
                 .layout = "",
                 .status = PTL_OK,
                 .mapping = mapping,
                 .is_use = use};
    n.depth = parent < 0 ? 0 : b->nodes.at[parent].depth + 1;
    if (parent >= 0)
        b->nodes.at[parent].has_children = true;
    int before = b->nodes.len - 1;
    if (use && before >= 0 && b->nodes.at[before].is_use && b->nodes.at[before].parent == parent) {
        int *input = ARENA_NEW(b->a, int); /* one step after the other */
        *input = before;
        n.inputs = input;
        n.ninputs = 1;
    }
    vec_push(b->a, &b->nodes, n);
    if (mapping)
        vec_push(b->a, &b->places.at[mapping - 1].nodes, b->nodes.len - 1);
    return b->nodes.len - 1;
}

static PtlDecision *ask(Build *b, const char *id, const char *kind, const char *title,
                        const char *question, const char *dflt, int start, int end, int mapping)
{
    PtlDecision d = {.id = id,
                     .kind = kind,
                     .title = title,
                     .question = question,
                     .evidence = "",
                     .dflt = dflt,
                     .source = {start, end},
                     .line = b->line,
                     .mapping = mapping};
    const char *given = answer_of(b, id);
    d.answer = given ? given : dflt;
    d.status = given ? PTL_OK : dflt ? PTL_DEFAULT : PTL_OPEN;
    vec_push(b->a, &b->decisions, d);
    if (mapping)
        vec_push(b->a, &b->places.at[mapping - 1].decisions, b->decisions.len - 1);
    return &b->decisions.at[b->decisions.len - 1];
}

static void give_options(Build *b, PtlDecision *d, const PtlOption *list, int n)
{
    PtlOption *own = ARENA_ARRAY(b->a, PtlOption, n);
    memcpy(own, list, sizeof *own * (size_t)n);
    d->options = own;
    d->noptions = n;
}

static const char *idf(Build *b, const char *kind, const char *what)
{
    return arena_printf(b->a, "%s:%s.%s", kind, b->class_name, what);
}

/* self.NAME = nn.KIND(ARGS): at is where "self." stands. */
static void build_layer(Build *b, const char *line, int at, int n, int base)
{
    const char *name_start = line + at + 5, *eq = strstr(line, " = nn."), *kind_start = eq + 6;
    const char *name = arena_strndup(b->a, name_start, (size_t)(eq - name_start));
    int kind_n = (int)strcspn(kind_start, "(");
    const char *kind = arena_strndup(b->a, kind_start, (size_t)kind_n), *to = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kinds[i].from, kind))
            to = kinds[i].to;
    const char *args =
        arena_strndup(b->a, kind_start + kind_n, (size_t)(n - (int)(kind_start - line) - kind_n));
    int from = (int)b->out.len, padding = 0;
    if (strstr(args, "padding=")) {
        padding = add_mapping(b, "padding", "strided padding is never \"same\" in Keras", true);
        buf_printf(&b->out, "%*sself.%s_pad = layers.ZeroPadding2D(1)\n", at, "", name);
        in_target(b, padding, from + at, (int)b->out.len - 1);
        from = (int)b->out.len;
    }
    int m =
        add_mapping(b, arena_printf(b->a, "nn.%s is layers.%s", kind, to ? to : "?"), "", false);
    PtlDecision *d = NULL;
    if (!to) {
        static const PtlOption options[] = {{"stub", "a marked stub", "will not run"},
                                            {"Dense", "as a Dense layer", "differs"}};
        d = ask(b, idf(b, "unsupported", name), "unsupported", "unsupported layer",
                arena_printf(b->a, "There is no rule for nn.%s. What should stand there?", kind),
                NULL, base + at, base + n, m);
        give_options(b, d, options, 2);
        if (!d->answer || str_eq(d->answer, "stub"))
            d->status = PTL_UNSUPPORTED;
        d->free_text = true;
    } else if (str_eq(kind, "LazyLinear")) {
        d = ask(b, idf(b, "missing-attribute", name), "missing-attribute", "missing attribute",
                "How many features come in? The source does not say.", NULL, base + at, base + n,
                m);
        static const PtlOption options[] = {{"lazy", "a lazy module", "sized when first called"}};
        give_options(b, d, options, 1);
        d->free_text = true;
    }
    if (!to && (!d->answer || str_eq(d->answer, "stub")))
        buf_printf(&b->out, "%*sself.%s = stub(\"%s\")  # no rule for nn.%s\n", at, "", name, kind,
                   kind);
    else
        buf_printf(&b->out, "%*sself.%s = layers.%s%s\n", at, "", name, to ? to : d->answer, args);
    in_source(b, m, base + at, base + n);
    in_target(b, m, from + at, (int)b->out.len - 1);
    int node = add_node(b, b->root, name, to ? to : kind, "", m, false);
    b->nodes.at[node].params = args;
    if (d)
        b->nodes.at[node].status = d->status;
    Layer l = {name, m};
    vec_push(b->a, &b->layers, l);
}

static void build_activation(Build *b, const char *line, int at, int n, int base)
{
    const char *eq = strstr(line, " = ");
    const char *name = arena_strndup(b->a, line + at + 5, (size_t)(eq - line - at - 5));
    int m = add_mapping(b, "getattr(nn, ...) is an activation by name",
                        "the name is known only at run time", false);
    PtlDecision *d =
        ask(b, idf(b, "activation", name), "activation", "dynamic activation",
            "Which activation this is depends on a parameter. How should the port find it?",
            "dynamic", base + at, base + n, m);
    static const PtlOption options[] = {
        {"dynamic", "stay dynamic: a helper as the network is built", "exact"},
        {"table", "a table of relu, gelu, silu", "exact for these 3"},
        {"relu", "always relu", "drops 2 of 3"}};
    give_options(b, d, options, 3);
    d->evidence = "ACTS names relu, gelu and silu.";
    d->free_text = true;
    int from = (int)b->out.len;
    if (str_eq(d->answer, "dynamic"))
        buf_printf(&b->out, "%*sself.%s = activation(act)\n", at, "", name);
    else if (str_eq(d->answer, "table"))
        buf_printf(&b->out,
                   "%*sself.%s = layers.Activation({\"relu\": \"relu\", \"gelu\": \"gelu\", "
                   "\"silu\": \"silu\"}[act])\n",
                   at, "", name);
    else
        buf_printf(&b->out, "%*sself.%s = layers.Activation(\"%s\")\n", at, "", name, d->answer);
    in_source(b, m, base + at, base + n);
    in_target(b, m, from + at, (int)b->out.len - 1);
    int node = add_node(b, b->root, name, "Activation", "", m, false);
    b->nodes.at[node].status = d->status;
    Layer l = {name, m};
    vec_push(b->a, &b->layers, l);
}

static void build_forward(Build *b, int at, int n, int base)
{
    int from = (int)b->out.len;
    int m = add_mapping(b, "forward is call", "", false);
    b->forward_node = add_node(b, b->root, "forward", "call", "", m, false);
    buf_printf(&b->out, "%*sdef call(self, x, training=None):\n", at, "");
    in_source(b, m, base + at, base + n);
    in_target(b, m, from + at, (int)b->out.len - 1);
    PtlDecision *d =
        ask(b, idf(b, "input-shape", "x"), "input-shape", "shape of the input",
            "What shape does x have? The file gives no example.", NULL, base + at, base + n, m);
    d->free_text = d->retraces = true;
    d->evidence = "Without it sizes after the first flatten cannot be known.";
    static const PtlOption options[] = {
        {"native", "the target's own order (N, H, W, C)", "0 permutes"},
        {"same-input", "take the source's arrays as they are", "1 permute"},
        {"channels-first", "data_format=\"channels_first\" throughout", "0 permutes"}};
    PtlDecision *c =
        ask(b, idf(b, "channel-order", "x"), "channel-order", "channel order",
            "In which order should the port take x?", "native", base + at, base + n, m);
    give_options(b, c, options, 3);
    b->nodes.at[b->forward_node].status =
        answer_of(b, idf(b, "input-shape", "x")) ? PTL_DEFAULT : PTL_OPEN;
    if (str_eq(c->answer, "same-input")) {
        int p = add_mapping(b, "channel order",
                            "inserted by channel-order: the source's arrays come in", true);
        from = (int)b->out.len;
        buf_printf(&b->out, "%*sx = ops.transpose(x, (0, 2, 3, 1))\n", at + 4, "");
        in_target(b, p, from + at + 4, (int)b->out.len - 1);
    }
}

static void build_flatten(Build *b, int at, int n, int base)
{
    int from = (int)b->out.len;
    int m = add_mapping(b, "torch.flatten is layers.Flatten",
                        "the order of the merged axes differs", false);
    static const PtlOption options[] = {
        {"source", "the source's order: one permute more", "weights interchangeable"},
        {"target", "the target's order", "the next layer's weights are reordered"}};
    PtlDecision *d =
        ask(b, idf(b, "flatten-order", "forward"), "flatten-order", "order of flattening",
            "In which order should the features stand after the flatten?", "source", base + at,
            base + n, m);
    give_options(b, d, options, 2);
    if (str_eq(d->answer, "source")) {
        buf_printf(&b->out, "%*sx = ops.transpose(x, (0, 3, 1, 2))\n", at, "");
        in_target(b, m, from + at, (int)b->out.len - 1);
        from = (int)b->out.len;
    }
    buf_printf(&b->out, "%*sx = ops.reshape(x, (ops.shape(x)[0], -1))\n", at, "");
    in_source(b, m, base + at, base + n);
    in_target(b, m, from + at, (int)b->out.len - 1);
    int node = add_node(b, b->forward_node, "flatten", "Flatten", "(B,4096)", m, true);
    b->nodes.at[node].status = d->status;
}

/* self.NAME(...) anywhere in the line are uses; the line itself goes through. */
static void build_uses(Build *b, const char *line, int n, int base)
{
    int from = (int)b->out.len;
    bool shaped = answer_of(b, idf(b, "input-shape", "x")) != NULL;
    buf_addn(&b->out, line, (size_t)n);
    buf_addc(&b->out, '\n');
    for (int i = 0; i < n; i++) {
        if (strncmp(line + i, "self.", 5) != 0)
            continue;
        for (int k = 0; k < b->layers.len; k++) {
            const char *name = b->layers.at[k].name;
            int len = (int)strlen(name), m = b->layers.at[k].mapping, depth = 0, end = i + 5 + len;
            if (strncmp(line + i + 5, name, (size_t)len) != 0 || line[end] != '(')
                continue;
            do depth += line[end] == '(' ? 1 : line[end] == ')' ? -1 : 0;
            while (++end < n && depth > 0);
            in_source(b, m, base + i, base + end);
            in_target(b, m, from + i, from + end);
            int node =
                add_node(b, b->forward_node, name, "", shaped ? "(B,64,16,16)" : "(?)", m, true);
            b->nodes.at[node].layout = shaped ? "NHWC" : "";
            if (b->places.at[m - 1].decisions.len)
                b->nodes.at[node].status =
                    b->decisions.at[b->places.at[m - 1].decisions.at[0]].status;
            if (!shaped)
                b->nodes.at[node].shape_why = "the shape of x is not known";
        }
    }
}

static void build_init(Build *b, const char *line, int at, int n, int base)
{
    int from = (int)b->out.len;
    const char *open = strchr(line, '(');
    buf_addn(&b->out, line, (size_t)n);
    buf_addc(&b->out, '\n');
    for (const char *p = open; p && p < line + n; p = strchr(p + 1, ',')) {
        const char *s = p + 1 + strspn(p + 1, " ");
        int len = (int)strcspn(s, ",)=");
        if (s[len] == '=' || strncmp(s, "self", 4) == 0 || len == 0) {
            if (!strchr(p + 1, ','))
                break;
            continue;
        }
        const char *name = arena_strndup(b->a, s, (size_t)len);
        int m = add_mapping(b, "a parameter", "", false);
        in_source(b, m, base + (int)(s - line), base + (int)(s - line) + len);
        in_target(b, m, from + (int)(s - line), from + (int)(s - line) + len);
        PtlDecision *d = ask(
            b, idf(b, "constructor-argument", name), "constructor-argument", "constructor argument",
            arena_printf(b->a, "Which value of %s should be traced? The file gives none.", name),
            NULL, base + (int)(s - line), base + (int)(s - line) + len, m);
        d->free_text = d->retraces = true;
        if (!strchr(p + 1, ','))
            break;
    }
    (void)at;
}

static void build_class(Build *b, const char *line, int n, int base)
{
    int from = (int)b->out.len, len = (int)strcspn(line + 6, "(:");
    b->class_name = arena_strndup(b->a, line + 6, (size_t)len);
    b->layers.len = 0;
    int m = add_mapping(b, "nn.Module is keras.Model", "", false);
    buf_printf(&b->out, "class %s(keras.Model):\n", b->class_name);
    in_source(b, m, base, base + n);
    in_target(b, m, from, (int)b->out.len - 1);
    b->root = add_node(b, -1, b->class_name, "NN", "", m, false);
}

static void build_line(Build *b, const char *line, int n, int base)
{
    int at = (int)strspn(line, " ");
    bool inside = b->class_name != NULL;
    if (strncmp(line, "class ", 6) == 0 && memmem(line, (size_t)n, "nn.Module", 9))
        build_class(b, line, n, base);
    else if (inside && strncmp(line + at, "def __init__(", 13) == 0)
        build_init(b, line, at, n, base);
    else if (inside && strncmp(line + at, "def forward(", 12) == 0)
        build_forward(b, at, n, base);
    else if (inside && strncmp(line + at, "self.", 5) == 0 &&
             memmem(line, (size_t)n, " = getattr(nn", 13))
        build_activation(b, line, at, n, base);
    else if (inside && strncmp(line + at, "self.", 5) == 0 && memmem(line, (size_t)n, " = nn.", 6))
        build_layer(b, line, at, n, base);
    else if (inside && memmem(line, (size_t)n, "torch.flatten(", 14))
        build_flatten(b, at, n, base);
    else if (strncmp(line, "import torch", 12) == 0)
        buf_add(&b->out, str_eq(line + 12, ".nn as nn") ? "from keras import layers, ops\n"
                                                        : "import keras\n");
    else
        build_uses(b, line, n, base);
}

static void count(PtlPort *p)
{
    for (int i = 0; i < p->ndecisions; i++) {
        PtlStatus s = p->decisions[i].status;
        p->open += s == PTL_OPEN;
        p->unsupported += s == PTL_UNSUPPORTED;
        p->defaults += s == PTL_DEFAULT;
        p->chosen += s == PTL_OK;
    }
    p->complete = p->open + p->unsupported == 0;
}

static PtlPort *finish(Build *b)
{
    PtlPort *p = ARENA_NEW(b->a, PtlPort);
    for (int i = 0; i < b->mappings.len; i++) {
        PtlMapping *m = &b->mappings.at[i];
        const Places *w = &b->places.at[i];
        m->source = w->source.at, m->nsource = w->source.len;
        m->target = w->target.at, m->ntarget = w->target.len;
        m->nodes = w->nodes.at, m->nnodes = w->nodes.len;
        m->decisions = w->decisions.at, m->ndecisions = w->decisions.len;
    }
    p->len = (int)b->out.len;
    p->text = buf_take(&b->out, b->a);
    p->mappings = b->mappings.at, p->nmappings = b->mappings.len;
    p->nodes = b->nodes.at, p->nnodes = b->nodes.len;
    p->decisions = b->decisions.at, p->ndecisions = b->decisions.len;
    p->parse_ms = p->trace_ms = p->port_ms = 1;
    count(p);
    const char *cat = strstr(b->doc->source, "torch.cat");
    if (cat && str_eq(b->doc->style, "sequential")) {
        int line = 1;
        for (const char *c = b->doc->source; c < cat; c++) line += *c == '\n';
        p->impossible = arena_printf(
            b->a, "a branching network cannot be written as sequential: torch.cat at line %d",
            line);
        p->text = NULL;
        p->len = 0;
        for (int i = 0; i < p->nmappings; i++) b->mappings.at[i].ntarget = 0;
    }
    return p;
}

static PtlPort *build(const PtlDoc *doc, Arena *a, const char *extra_id, const char *extra_answer)
{
    Build b = {.a = a,
               .doc = doc,
               .extra_id = extra_id,
               .extra_answer = extra_answer,
               .root = -1,
               .forward_node = -1};
    buf_printf(&b.out, "# Ported from %s (PyTorch) to %s by Portolan.\n", path_base(doc->path),
               str_eq(doc->to, "pytorch") ? "PyTorch" : "Keras");
    if (str_eq(doc->style, "sequential"))
        buf_add(&b.out, "# one layer behind the other\n");
    for (int i = 0; i < doc->len;) {
        const char *nl = memchr(doc->source + i, '\n', (size_t)(doc->len - i));
        int n = nl ? (int)(nl - doc->source) - i : doc->len - i;
        b.line++;
        build_line(&b, arena_strndup(a, doc->source + i, (size_t)n), n, i);
        i += n + 1;
    }
    return finish(&b);
}

static void rebuild(PtlDoc *doc)
{
    arena_free(doc->port_arena);
    doc->port_arena = arena_new();
    doc->port = build(doc, doc->port_arena, NULL, NULL);
    doc->preview = NULL;
}

/* --- the interface
 * ---------------------------------------------------------------------------------------- */

PtlDoc *ptl_open_text(const char *path, const PtlOptions *opts, const char **err)
{
    Arena *a = arena_new();
    size_t len;
    char *text = file_read(a, path, &len, err);
    if (!text)
        return NULL; /* the arena holds *err */
    PtlDoc *doc = ARENA_NEW(a, PtlDoc);
    doc->arena = a;
    doc->port_arena = arena_new();
    doc->preview_arena = arena_new();
    doc->scratch = arena_new();
    doc->path = arena_strdup(a, path);
    doc->source = text;
    doc->len = (int)len;
    size_t stem = strlen(path);
    if (str_ends(path, ".py"))
        stem -= 3;
    doc->target_path =
        opts->output ? opts->output : arena_printf(a, "%.*s_tensorflow.py", (int)stem, path);
    doc->sidecar =
        opts->decisions ? opts->decisions : arena_printf(a, "%.*s.port.json", (int)stem, path);
    doc->to = opts->to ? opts->to : "tensorflow";
    doc->style = opts->style ? opts->style : "subclassing";
    return doc;
}

PtlDoc *ptl_open(const char *path, const PtlOptions *opts, const char **err)
{
    PtlDoc *doc = ptl_open_text(path, opts, err);
    if (doc)
        ptl_work(doc);
    return doc;
}

void ptl_work(PtlDoc *doc)
{
    rebuild(doc);
    doc->ready = true;
}

bool ptl_ready(const PtlDoc *doc)
{
    return doc->ready;
}

void ptl_close(PtlDoc *doc)
{
    if (!doc)
        return;
    arena_free(doc->port_arena);
    arena_free(doc->preview_arena);
    arena_free(doc->scratch);
    arena_free(doc->arena);
}

const char *ptl_path(const PtlDoc *doc)
{
    return doc->path;
}

const char *ptl_source(const PtlDoc *doc, int *len)
{
    *len = doc->len;
    return doc->source;
}

const char *ptl_target_path(const PtlDoc *doc)
{
    return doc->target_path;
}
const char *ptl_sidecar_path(const PtlDoc *doc)
{
    return doc->sidecar;
}
const char *ptl_from(const PtlDoc *doc)
{
    return doc->ready ? "pytorch" : NULL;
}
const char *ptl_to(const PtlDoc *doc)
{
    return doc->to;
}
const char *ptl_style(const PtlDoc *doc)
{
    return doc->style;
}
const char *ptl_templates_from(const PtlDoc *doc)
{
    return (void)doc, "templates";
}
const PtlPort *ptl_port(const PtlDoc *doc)
{
    return doc->port;
}
int ptl_unsaved(const PtlDoc *doc)
{
    return doc->unsaved;
}

const char *ptl_input_text(const PtlDoc *doc)
{
    for (int i = doc->answers.len - 1; i >= 0; i--)
        if (str_starts(doc->answers.at[i].id, "input-shape:") && doc->answers.at[i].answer)
            return arena_printf(doc->scratch, "x: (%s)", doc->answers.at[i].answer);
    return "";
}

static const PtlDecision *find(const PtlDoc *doc, const char *id)
{
    for (int i = 0; i < doc->port->ndecisions; i++)
        if (str_eq(doc->port->decisions[i].id, id))
            return &doc->port->decisions[i];
    return NULL;
}

static bool is_shape(const char *s)
{
    if (!isalnum((unsigned char)*s))
        return false;
    for (; *s; s++)
        if (!isalnum((unsigned char)*s) && *s != ',' && *s != ' ')
            return false;
    return true;
}

bool ptl_check_answer(PtlDoc *doc, const char *id, const char *answer, const char **err)
{
    const PtlDecision *d = find(doc, id);
    *err = NULL;
    if (strstr(id, ":m")) { /* the user's own */
        if (strncmp(id, "edit:", 5) == 0 && !strchr(answer, '=')) *err = "write attribute=value";
        return !*err;
    }
    if (!d) {
        *err = "there is no such question";
        return false;
    }
    for (int i = 0; i < d->noptions; i++)
        if (str_eq(d->options[i].answer, answer))
            return true;
    if (!d->free_text)
        *err = "not one of the answers";
    else if (str_eq(d->kind, "input-shape") && !is_shape(answer))
        *err = "a shape is dimensions with commas: B,3,32,32";
    else if (str_eq(d->kind, "missing-attribute") && strspn(answer, "0123456789") != strlen(answer))
        *err = "a number, or lazy";
    else if (!*answer)
        *err = "an answer is needed";
    return *err == NULL;
}

const PtlPort *ptl_preview(PtlDoc *doc, const char *id, const char *answer, const char **err)
{
    if (!ptl_check_answer(doc, id, answer, err))
        return NULL;
    arena_free(doc->preview_arena);
    doc->preview_arena = arena_new();
    doc->preview = build(doc, doc->preview_arena, id, arena_strdup(doc->preview_arena, answer));
    return doc->preview;
}

static const char *given(const PtlDoc *doc, const char *id)
{
    for (int i = doc->answers.len - 1; i >= 0; i--)
        if (str_eq(doc->answers.at[i].id, id))
            return doc->answers.at[i].answer;
    return NULL;
}

static void put(PtlDoc *doc, const char *id, const char *answer)
{
    Answer a = {id, answer};
    vec_push(doc->arena, &doc->answers, a);
    doc->unsaved++;
    rebuild(doc);
}

bool ptl_answer(PtlDoc *doc, const char *id, const char *answer, const char **err)
{
    if (answer && !ptl_check_answer(doc, id, answer, err))
        return false;
    Change c = {arena_strdup(doc->arena, id), given(doc, id),
                answer ? arena_strdup(doc->arena, answer) : NULL};
    doc->log.len -= doc->undone;
    doc->undone = 0;
    vec_push(doc->arena, &doc->log, c);
    put(doc, c.id, c.after);
    return true;
}

static const char *name(const char *answer)
{
    return answer ? answer : "undecided";
}

const char *ptl_sidecar_text(PtlDoc *doc)
{
    (void)doc;
    return "{}";
}

const char *ptl_own_id(PtlDoc *doc, const char *kind, int mapping)
{
    return mapping > 0 ? arena_printf(doc->arena, "%s:m%d", kind, mapping) : NULL;
}

const char *ptl_own_now(PtlDoc *doc, const char *id)
{
    (void)doc;
    (void)id;
    return "";
}

const char *ptl_own_attributes(PtlDoc *doc, const char *id)
{
    (void)doc;
    return strstr(id, ":m") ? "eps=0.1" : NULL;
}

const char *ptl_undo(PtlDoc *doc)
{
    if (doc->undone == doc->log.len)
        return NULL;
    Change c = doc->log.at[doc->log.len - ++doc->undone];
    put(doc, c.id, c.before);
    return arena_printf(doc->arena, "undo %s: %s -> %s", c.id, name(c.after), name(c.before));
}

const char *ptl_redo(PtlDoc *doc)
{
    if (doc->undone == 0)
        return NULL;
    Change c = doc->log.at[doc->log.len - doc->undone--];
    put(doc, c.id, c.after);
    return arena_printf(doc->arena, "redo %s: %s -> %s", c.id, name(c.before), name(c.after));
}

bool ptl_set_target(PtlDoc *doc, const char *to, const char *style, const char **err)
{
    static const char *const styles[] = {"subclassing", "sequential", "functional"};
    bool known = !style;
    for (int i = 0; i < 3; i++) known = known || str_eq(style, styles[i]);
    if (!known || (to && !str_eq(to, "pytorch") && !str_eq(to, "tensorflow"))) {
        *err = arena_printf(doc->arena, "there is no %s \"%s\"", known ? "framework" : "style",
                            known ? to : style);
        return false;
    }
    if (to)
        doc->to = arena_strdup(doc->arena, to);
    if (style)
        doc->style = arena_strdup(doc->arena, style);
    if (to) {
        size_t stem = strlen(doc->path) - (str_ends(doc->path, ".py") ? 3 : 0);
        doc->target_path = arena_printf(doc->arena, "%.*s_%s.py", (int)stem, doc->path, to);
    }
    rebuild(doc);
    return true;
}

bool ptl_reload(PtlDoc *doc, const char **err)
{
    size_t len;
    char *text = file_read(doc->arena, doc->path, &len, err);
    if (!text || ((int)len == doc->len && memcmp(text, doc->source, len) == 0))
        return false;
    doc->source = text;
    doc->len = (int)len;
    rebuild(doc);
    return true;
}

const char *const *ptl_frameworks(const PtlDoc *doc)
{
    static const char *const list[] = {"pytorch", "tensorflow", NULL};
    (void)doc;
    return list;
}

PtlTargetState ptl_target_state(PtlDoc *doc, const char *path, const char **text)
{
    size_t len;
    const char *err = NULL;
    char *disk = file_exists(path) ? file_read(doc->arena, path, &len, &err) : NULL;
    if (text)
        *text = disk;
    if (!disk)
        return PTL_TARGET_NEW;
    if (doc->port->text && str_eq(disk, doc->port->text))
        return PTL_TARGET_SAME;
    return doc->last_written && str_eq(disk, doc->last_written) ? PTL_TARGET_OURS
                                                                : PTL_TARGET_FOREIGN;
}

bool ptl_write_target(PtlDoc *doc, const char *path, const char **note, const char **err)
{
    const PtlPort *p = doc->port;
    if (!p->text)
        return false;
    if (!file_write_atomic(doc->arena, path, p->text, (size_t)p->len, note, err))
        return false;
    doc->last_written = arena_strdup(doc->arena, p->text);
    return true;
}

bool ptl_write_sidecar(PtlDoc *doc, const char *path, const char **note, const char **err)
{
    Buf b = {0};
    buf_add(&b, "{\n");
    for (int i = 0; i < doc->port->ndecisions; i++) {
        const PtlDecision *d = &doc->port->decisions[i];
        if (d->status == PTL_OK)
            buf_printf(&b, "  \"%s\": \"%s\",\n", d->id, d->answer);
    }
    buf_add(&b, "  \"portolan\": 1\n}\n");
    bool ok = file_write_atomic(doc->arena, path, b.s, b.len, note, err);
    buf_free(&b);
    if (ok)
        doc->unsaved = 0;
    return ok;
}

const char *ptl_report(PtlDoc *doc)
{
    return arena_printf(doc->arena, "%d mappings, %d questions\n", doc->port->nmappings,
                        doc->port->ndecisions);
}

const char *ptl_export(PtlDoc *doc, const char *format, const char **err)
{
    (void)doc;
    *err = arena_printf(doc->arena, "no export as %s", format);
    return NULL;
}
