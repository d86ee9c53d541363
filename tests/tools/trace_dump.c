/* Prints what the tracer found in a file: the pivot with shapes, training, questions, diagnostics.
 *
 *     build/dev-trace/trace_dump [--events] [--entry E] [--shape S]... [--set ID=ANSWER]... FILE
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "trace/trace.h"

static void indent(int depth)
{
    for (int i = 0; i < depth; i++) fputs("  ", stdout);
}

static int line_at(const Trace *t, Span s)
{
    int line = 0, col = 0;
    if (s.start == s.end) return 0;
    source_position(t->module->src, s.start, &line, &col);
    return line;
}

static void attrs_print(Arena *a, const PAttrs *attrs)
{
    for (int i = 0; i < attrs->len; i++) {
        if (attrs->at[i].value.kind == PV_UNSET) continue;
        const PValue *v = &attrs->at[i].value;
        const char *text = v->kind == PV_UNKNOWN ? "?" : pv_text(a, v);
        printf(" %s=%s", attrs->at[i].name, text);
    }
}

static void tensors_print(Arena *a, PivotTensor *const *ts, int n)
{
    for (int i = 0; i < n; i++)
        printf("%s#%d%s%s%s", i ? ", " : "", ts[i]->id, tensor_shape_text(a, ts[i]), ts[i]->roles ? ":" : "",
               ts[i]->roles ? ts[i]->roles : "");
}

static void node_print(Arena *a, const Trace *t, const PivotNode *n, int depth)
{
    static const char *const TYPES[] = {"input", "layer", "op", "nn", "output"};
    indent(depth);
    printf("%4d %-6s ", line_at(t, n->use), TYPES[n->type]);
    if (n->type == PNODE_INPUT) printf("%s ", n->name ? n->name : "-");
    if (n->layer) printf("%s %s ", n->layer->name ? n->layer->name : "-", n->kind->name);
    else if (n->kind) printf("%s ", n->kind->name);
    if (n->nn) printf("%s %s ", n->nn->name, n->nn->definition ? n->nn->definition->name : "");
    tensors_print(a, n->inputs.at, n->inputs.len);
    printf(" -> ");
    tensors_print(a, n->outputs.at, n->outputs.len);
    if (n->type == PNODE_OP) attrs_print(a, &n->attrs);
    putchar('\n');
}

static void nn_print(Arena *a, const Trace *t, const PivotNN *nn, int depth)
{
    indent(depth);
    printf("nn %s %s%s calls=%d (", *nn->name ? nn->name : "(root)", nn->definition ? nn->definition->name : "-",
           nn->is_sequential ? " sequential" : "", nn->calls);
    for (int i = 0; i < nn->params.len; i++)
        printf("%s%s=%s", i ? ", " : "", nn->params.at[i].name,
               nn->params.at[i].value.kind == PV_UNKNOWN ? "?" : pv_text(a, &nn->params.at[i].value));
    puts(")");
    for (int i = 0; i < nn->layers.len; i++) {
        const PivotLayer *l = nn->layers.at[i];
        indent(depth + 1);
        printf("layer %s %s calls=%d", trace_layer_path(a, l), l->kind->name, l->calls);
        attrs_print(a, &l->attrs);
        if (l->traced.len) printf(" | traced:");
        attrs_print(a, &l->traced);
        if (l->inner) printf(" | inner %s", l->inner->kind->name);
        if (l->inner) attrs_print(a, &l->inner->attrs);
        putchar('\n');
    }
    for (int i = 0; i < nn->nodes.len; i++) node_print(a, t, nn->nodes.at[i], depth + 1);
    for (int i = 0; i < nn->children.len; i++) nn_print(a, t, nn->children.at[i], depth + 1);
}

static void events_print(Arena *a, const Trace *t)
{
    static const char *const KINDS[] = {"LAYER", "CONTAINER", "NN", "APPLY", "APPLY_NN", "OP", "SHAPE", "REF", "ACT_REF",
                                        "INERT", "TRAINING", "GAP"};
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        printf("%4d %-9s%s %s%s%s", e->site->node ? line_at(t, e->site->node->span) : 0, KINDS[e->kind],
               e->forced ? "!" : "", e->row ? e->row->kind->name : "-", e->dotted ? " " : "", e->dotted ? e->dotted : "");
        if (e->layer) printf(" layer %s", e->layer->name ? e->layer->name : "?");
        if (e->nn) printf(" nn %s", e->nn->name);
        if (e->why) printf(" because %s", e->why);
        putchar(' ');
        tensors_print(a, e->in.at, e->in.len);
        if (e->out.len) printf(" -> ");
        tensors_print(a, e->out.at, e->out.len);
        putchar('\n');
    }
}

static void questions_print(const Trace *t)
{
    static const char *const STATES[] = {"?", "!", "~", "ok", "x"};
    for (int i = 0; i < t->questions.list.len; i++) {
        const Question *q = t->questions.list.at[i];
        printf("question %s %s: %s [%s] default=%s answer=%s line %d\n", STATES[q->state], q->id, q->text,
               q->evidence ? q->evidence : "", q->dflt ? q->dflt : "-", q->answer ? q->answer : "-", line_at(t, q->span));
    }
}

static void training_print(Arena *a, const PivotModel *m)
{
    const PivotConfiguration *c = m->configuration;
    if (!c) return;
    printf("training: loss %s", c->loss ? c->loss->name : "-");
    attrs_print(a, &c->loss_attrs);
    printf("; optimizer %s", c->optimizer ? c->optimizer->name : "-");
    attrs_print(a, &c->optimizer_attrs);
    printf("; epochs %s; batch %s; metrics", pv_text(a, &c->epochs), pv_text(a, &c->batch_size));
    for (int i = 0; i < c->metrics.len; i++) printf(" %s", c->metrics.at[i]->name);
    putchar('\n');
}

static int dump(Arena *a, const char *path, const TraceOptions *opts, bool events)
{
    const char *err = NULL;
    size_t len = 0;
    char *text = file_read(a, path, &len, &err);
    if (!text) {
        fprintf(stderr, "%s: %s\n", path, err);
        return 1;
    }
    Dialect *ds[2] = {dialect_load(a, "templates/pytorch", &err), NULL};
    if (ds[0]) ds[1] = dialect_load(a, "templates/tensorflow", &err);
    if (!ds[0] || !ds[1]) {
        fprintf(stderr, "%s\n", err);
        return 1;
    }
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, path, text, (int)len, &diags);
    const char *why = NULL;
    int which = trace_detect_framework(m, ds, 2, a, &why);
    printf("framework: %s (%s)\n", which < 0 ? "-" : ds[which]->name, why ? why : "");
    if (which < 0) return 1;
    Trace *t = trace_run(a, m, ds[which], opts);
    for (int i = 0; i < t->roots.len; i++) {
        const RootTrace *r = &t->roots.at[i];
        printf("root %s variable=%s applied=%d%s%s\n", r->definition ? r->definition->name : "-",
               r->variable ? r->variable : "-", r->applied, r->sequential ? " sequential" : "", r->functional ? " functional" : "");
        if (r->nn) nn_print(a, t, r->nn, 1);
    }
    if (events) events_print(a, t);
    training_print(a, t->pivot);
    questions_print(t);
    Buf b = {0};
    for (int i = 0; i < diags.list.len; i++) diag_format(&diags.list.at[i], m->src, false, &b);
    for (int i = 0; i < t->diags.list.len; i++) diag_format(&t->diags.list.at[i], m->src, false, &b);
    if (b.s) fputs(b.s, stdout);
    buf_free(&b);
    printf("keras %d, %d layers, %d steps, %d events, %zu bytes\n", t->keras_version, t->pivot->nlayers, t->steps.len,
           t->events.len, arena_bytes(a));
    return 0;
}

int main(int argc, char **argv)
{
    Arena *a = arena_new();
    TraceOptions opts = {0};
    AnswerSet answers = {0};
    const char *path = NULL;
    bool events = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--events") == 0) {
            events = true;
        } else if (strcmp(argv[i], "--entry") == 0 && i + 1 < argc) {
            opts.entry = argv[++i];
        } else if (strcmp(argv[i], "--shape") == 0 && i + 1 < argc) {
            const char *err = NULL;
            TraceShape *s = trace_parse_shape(a, argv[++i], &err);
            if (s) vec_push(a, &opts.shapes, *s);
            else fprintf(stderr, "%s\n", err);
        } else if (strcmp(argv[i], "--set") == 0 && i + 1 < argc) {
            char *id = arena_strdup(a, argv[++i]), *eq = strchr(id, '=');
            if (!eq) continue;
            *eq = '\0';
            vec_push(a, &answers.list, ((Answer){id, eq + 1, NULL}));
        } else {
            path = argv[i];
        }
    }
    opts.answers = &answers;
    int rc = path ? dump(a, path, &opts, events) : 2;
    arena_free(a);
    return rc;
}
