/* Sites, events, diagnostics and questions.
 *
 * An event stands at the node of the syntax tree at which it happened; node ids index
 * trace->site_of. What the tracer does of its own accord (it calls a root; a Sequential applies its
 * items) stands at no site: such an event is in trace->events with a site that no node finds.
 *
 * While an arm that was not taken is run for its events (in->forced), nothing is diagnosed or
 * asked. */
#include "trace/frame.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Framework *fw(Interp *in)
{
    if (!in->fw) {
        in->fw = ARENA_NEW(in->arena, Framework);
        in->fw->functions = map_new(in->arena);
        in->fw->layer_names = map_new(in->arena);
        in->fw->nn_values = map_new(in->arena);
        in->fw->spatial_hint = 224;
        keras_settle(in);
    }
    return in->fw;
}

bool node_in_source(Interp *in, const Node *n)
{
    return n && n->id > 0 && n->id <= in->trace->nids;
}

/* The file that a node is of: the ids of imported files go on after the module's. */
static const Module *module_of(Interp *in, const Node *n)
{
    const Trace *t = in->trace;
    int last = t->module->nnodes;
    for (int i = 0; n->id > last && i < t->imported.len; i++) {
        last += t->imported.at[i]->nnodes;
        if (n->id <= last)
            return t->imported.at[i];
    }
    return t->module;
}

Span node_span(const Node *n)
{
    return n ? n->span : (Span){0, 0};
}

int line_of(Interp *in, const Node *n)
{
    if (!node_in_source(in, n))
        return 0;
    int line = 0, col = 0;
    source_position(module_of(in, n)->src, n->span.start, &line, &col);
    return line;
}

static Event *event_new(Interp *in, EventKind k, Site *site)
{
    Event *e = ARENA_NEW(in->arena, Event);
    e->kind = k;
    e->site = site;
    e->self = in->self_nn;
    e->frame = in->act;
    e->axis = -1;
    e->forced = in->forced > 0;
    if (k == EV_LAYER || k == EV_NN || k == EV_SHAPE) e->scope = scope_take(in);
    return e;
}

static Site *loose_site(Interp *in, Node *n)
{
    Site *s = ARENA_NEW(in->arena, Site);
    s->node = n;
    s->definition = node_in_source(in, n) ? in->trace->definition_of[n->id] : NULL;
    return s;
}

Event *event_add(Interp *in, EventKind k, Node *n)
{
    Trace *t = in->trace;
    if (!node_in_source(in, n))
        return event_new(in, k, loose_site(in, n));
    Site *s = t->site_of[n->id];
    if (!s)
        s = t->site_of[n->id] = loose_site(in, n);
    Event *e = event_new(in, k, s);
    vec_push(in->arena, &s->events, e);
    vec_push(in->arena, &t->events, e);
    return e;
}

Event *event_detached(Interp *in, EventKind k, Node *n)
{
    Event *e = event_new(in, k, loose_site(in, n));
    if (node_in_source(in, n))
        vec_push(in->arena, &in->trace->events, e);
    return e;
}

void frame_diag(Interp *in, Severity sev, const char *code, Node *site, const char *hint,
                const char *fmt, ...)
{
    if (in->forced > 0)
        return;
    if (in->fw && in->fw->quiet)
        sev = SEV_NOTE;
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(in->arena, fmt, ap);
    va_end(ap);
    const char *file = node_in_source(in, site) ? module_of(in, site)->src->path : in->path;
    diag_add(&in->trace->diags, sev, code, file, node_span(site), hint, "%s", text);
}

/* The attribute or variable that a statement assigns: "conv1" of self.conv1 = ..., "x" of x = ...
 */
static const char *assigned_name(Node *stmt, bool *attribute)
{
    Node *target = NULL;
    if (stmt->kind == N_ASSIGN && stmt->items.len > 0)
        target = node_unparen(stmt->items.at[0]);
    if (stmt->kind == N_ANNASSIGN)
        target = node_unparen(stmt->a);
    *attribute = false;
    if (!target)
        return NULL;
    while (target->kind == N_SUBSCRIPT) target = node_unparen(target->a);
    if (target->kind == N_ATTRIBUTE) {
        *attribute = true;
        return target->name;
    }
    return target->kind == N_NAME ? target->name : NULL;
}

const char *site_path(Interp *in, Node *site)
{
    if (!node_in_source(in, site))
        return "model";
    Trace *t = in->trace;
    Definition *d = t->definition_of[site->id];
    Node *stmt = t->stmt_parent[site->id];
    bool attribute = false;
    const char *name = stmt ? assigned_name(stmt, &attribute) : NULL;
    if (name && attribute) {
        while (d && d->kind == DEF_FUNCTION) d = d->parent;
        return d ? arena_printf(in->arena, "%s.%s", d->name, name) : name;
    }
    if (d)
        return d->name;
    return name ? name : "module";
}

const char *answer_to(Interp *in, const char *id)
{
    const Answer *a = in->opts && in->opts->answers ? answer_find(in->opts->answers, id) : NULL;
    return a ? a->answer : NULL;
}

static void standard_options(Arena *a, Question *q)
{
    switch (q->kind) {
    case Q_ACTIVATION:
        question_option(
            a, q, "dynamic", "keep it a choice",
            "a constructor parameter, and a helper that resolves it when the network is built");
        question_option(a, q, "table", "the values found",
                        "a table of the activations that this file uses");
        q->free_text = true;
        break;
    case Q_BRANCH:
        question_option(a, q, "keep", "keep the condition", "decided when the network runs");
        question_option(a, q, "true", "always true", "the other arm is dropped");
        question_option(a, q, "false", "always false", "this arm is dropped");
        q->retraces = true;
        break;
    case Q_KERAS_VERSION:
        question_option(a, q, "2", "Keras 2", "read as tf.keras before Keras 3");
        question_option(a, q, "3", "Keras 3", "read as Keras 3");
        q->retraces = true;
        break;
    case Q_INPUT_SHAPE:
    case Q_CONSTRUCTOR_ARGUMENT:
    case Q_MISSING_ATTRIBUTE:
        q->free_text = true;
        q->retraces = true;
        break;
    default:
        q->free_text = true;
        break;
    }
}

static const char *span_text(Interp *in, Node *site)
{
    if (!node_in_source(in, site))
        return NULL;
    const SourceText *src = module_of(in, site)->src;
    return arena_strndup(in->arena, src->text + site->span.start,
                         (size_t)(site->span.end - site->span.start));
}

Question *ask(Interp *in, QuestionKind kind, const char *path, Node *site, const char *text,
              const char *evidence, const char *dflt)
{
    Question q = {0};
    q.kind = kind;
    q.id = arena_printf(in->arena, "%s:%s", question_kind_name(kind), path);
    q.text = text;
    q.evidence = evidence;
    q.dflt = dflt;
    q.span = node_span(site);
    q.site = node_in_source(in, site) ? site->id : 0;
    q.at = span_text(in, site);
    q.answer = dflt;
    q.state = dflt ? ANSWER_DEFAULT : ANSWER_OPEN;
    standard_options(in->arena, &q);
    QuestionList *l = &in->trace->questions;
    if (in->forced > 0 || (in->fw && in->fw->quiet)) {
        Question *loose = ARENA_NEW(in->arena, Question);
        *loose = q;
        return loose;
    }
    /* One place is asked about once, however many instances come by. */
    for (int i = 0; i < l->list.len; i++) {
        Question *o = l->list.at[i];
        if (o->kind != kind)
            continue;
        if (q.site ? o->site == q.site && str_starts(o->id, q.id) : str_eq(o->id, q.id))
            return o;
    }
    return question_add(in->arena, l, in->opts ? in->opts->answers : NULL, q);
}
