/* A trace as text, for people and for tests: roots with their layers and steps, training,
 * questions, diagnostics. */
#ifndef TESTS_TRACE_TEXT_H
#define TESTS_TRACE_TEXT_H

#include <stdio.h>
#include <string.h>

#include "trace/trace.h"

static void indent(Buf *b, int depth)
{
    for (int i = 0; i < depth; i++) buf_add(b, "  ");
}

static int line_at(const Trace *t, Span s)
{
    int line = 0, col = 0;
    if (s.start == s.end)
        return 0;
    source_position(t->module->src, s.start, &line, &col);
    return line;
}

static void attrs_print(Buf *b, Arena *a, const PAttrs *attrs)
{
    for (int i = 0; i < attrs->len; i++) {
        if (attrs->at[i].value.kind == PV_UNSET)
            continue;
        const PValue *v = &attrs->at[i].value;
        const char *text = v->kind == PV_UNKNOWN ? "?" : pv_text(a, v);
        buf_printf(b, " %s=%s", attrs->at[i].name, text);
    }
}

static void tensors_print(Buf *b, Arena *a, PivotTensor *const *ts, int n)
{
    for (int i = 0; i < n; i++)
        buf_printf(b, "%s#%d%s%s%s", i ? ", " : "", ts[i]->id, tensor_shape_text(a, ts[i]),
                   ts[i]->roles ? ":" : "", ts[i]->roles ? ts[i]->roles : "");
}

static void node_print(Buf *b, Arena *a, const Trace *t, const PivotNode *n, int depth)
{
    static const char *const TYPES[] = {"input", "layer", "op", "nn", "output"};
    indent(b, depth);
    buf_printf(b, "%4d %-6s ", line_at(t, n->use), TYPES[n->type]);
    if (n->type == PNODE_INPUT)
        buf_printf(b, "%s ", n->name ? n->name : "-");
    if (n->layer)
        buf_printf(b, "%s %s ", n->layer->name ? n->layer->name : "-", n->kind->name);
    else if (n->kind)
        buf_printf(b, "%s ", n->kind->name);
    if (n->nn)
        buf_printf(b, "%s %s ", n->nn->name, n->nn->definition ? n->nn->definition->name : "");
    tensors_print(b, a, n->inputs.at, n->inputs.len);
    buf_printf(b, " -> ");
    tensors_print(b, a, n->outputs.at, n->outputs.len);
    if (n->type == PNODE_OP)
        attrs_print(b, a, &n->attrs);
    buf_addc(b, '\n');
}

static void nn_print(Buf *b, Arena *a, const Trace *t, const PivotNN *nn, int depth)
{
    indent(b, depth);
    buf_printf(b, "nn %s %s%s calls=%d (", *nn->name ? nn->name : "(root)",
               nn->definition ? nn->definition->name : "-", nn->is_sequential ? " sequential" : "",
               nn->calls);
    for (int i = 0; i < nn->params.len; i++)
        buf_printf(b, "%s%s=%s", i ? ", " : "", nn->params.at[i].name,
                   nn->params.at[i].value.kind == PV_UNKNOWN ? "?"
                                                             : pv_text(a, &nn->params.at[i].value));
    buf_add(b, ")\n");
    for (int i = 0; i < nn->layers.len; i++) {
        const PivotLayer *l = nn->layers.at[i];
        indent(b, depth + 1);
        buf_printf(b, "layer %s %s calls=%d", trace_layer_path(a, l), l->kind->name, l->calls);
        attrs_print(b, a, &l->attrs);
        if (l->traced.len)
            buf_printf(b, " | traced:");
        attrs_print(b, a, &l->traced);
        if (l->inner)
            buf_printf(b, " | inner %s", l->inner->kind->name);
        if (l->inner)
            attrs_print(b, a, &l->inner->attrs);
        buf_addc(b, '\n');
    }
    for (int i = 0; i < nn->nodes.len; i++) node_print(b, a, t, nn->nodes.at[i], depth + 1);
    for (int i = 0; i < nn->children.len; i++) nn_print(b, a, t, nn->children.at[i], depth + 1);
}

static void events_print(Buf *b, Arena *a, const Trace *t)
{
    static const char *const KINDS[] = {"LAYER",    "CONTAINER", "NN",       "APPLY",
                                        "APPLY_NN", "OP",        "SHAPE",    "REF",
                                        "ACT_REF",  "ITEM",      "INERT",    "TRAINING",
                                        "MEMBER",   "NAMED",     "GAP"};
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        buf_printf(b, "%4d %-9s%s %s%s%s", e->site->node ? line_at(t, e->site->node->span) : 0,
                   KINDS[e->kind], e->forced ? "!" : "", e->row ? e->row->kind->name : "-",
                   e->dotted ? " " : "", e->dotted ? e->dotted : "");
        if (e->layer)
            buf_printf(b, " layer %s", e->layer->name ? e->layer->name : "?");
        if (e->nn)
            buf_printf(b, " nn %s", e->nn->name);
        if (e->why)
            buf_printf(b, " because %s", e->why);
        buf_addc(b, ' ');
        tensors_print(b, a, e->in.at, e->in.len);
        if (e->out.len)
            buf_printf(b, " -> ");
        tensors_print(b, a, e->out.at, e->out.len);
        buf_addc(b, '\n');
    }
}

static void questions_print(Buf *b, const Trace *t)
{
    static const char *const STATES[] = {"?", "!", "~", "ok", "x"};
    for (int i = 0; i < t->questions.list.len; i++) {
        const Question *q = t->questions.list.at[i];
        buf_printf(b, "question %s %s: %s [%s] default=%s answer=%s line %d\n", STATES[q->state],
                   q->id, q->text, q->evidence ? q->evidence : "", q->dflt ? q->dflt : "-",
                   q->answer ? q->answer : "-", line_at(t, q->span));
    }
}

static void training_print(Buf *b, Arena *a, const PivotModel *m)
{
    const PivotConfiguration *c = m->configuration;
    if (!c)
        return;
    buf_printf(b, "training: loss %s", c->loss ? c->loss->name : "-");
    attrs_print(b, a, &c->loss_attrs);
    buf_printf(b, "; optimizer %s", c->optimizer ? c->optimizer->name : "-");
    attrs_print(b, a, &c->optimizer_attrs);
    buf_printf(b, "; epochs %s; batch %s; metrics", pv_text(a, &c->epochs),
               pv_text(a, &c->batch_size));
    for (int i = 0; i < c->metrics.len; i++) buf_printf(b, " %s", c->metrics.at[i]->name);
    buf_addc(b, '\n');
}

static void trace_text(Buf *b, Arena *a, const Trace *t, bool events)
{
    for (int i = 0; i < t->roots.len; i++) {
        const RootTrace *r = &t->roots.at[i];
        buf_printf(b, "root %s variable=%s applied=%d%s%s\n",
                   r->definition ? r->definition->name : "-", r->variable ? r->variable : "-",
                   r->applied, r->sequential ? " sequential" : "",
                   r->functional ? " functional" : "");
        if (r->nn)
            nn_print(b, a, t, r->nn, 1);
        for (int k = 0; r->nn && k < r->nn->inputs.len; k++) {
            const PivotTensor *x = r->nn->inputs.at[k];
            buf_printf(b, "  input %d hints:", k);
            for (int d = 0; d < x->rank; d++) buf_printf(b, " %lld", x->dims[d].n);
            buf_printf(b, " %s\n", x->dtype ? x->dtype : "-");
        }
    }
    if (events)
        events_print(b, a, t);
    training_print(b, a, t->pivot);
    questions_print(b, t);
    for (int i = 0; i < t->diags.list.len; i++)
        diag_format(&t->diags.list.at[i], t->module->src, false, b);
    buf_printf(b, "keras %d, %d layers, %d steps, %d events\n", t->keras_version, t->pivot->nlayers,
               t->steps.len, t->events.len);
}

#endif
