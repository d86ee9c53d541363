/* The port's own questions: activations chosen at run time, flatten order, unsupported and lossy layers, missing
 * attributes, channel order. A question is asked once for a place; what the answer says is read here only. */
#include "port/question_port.h"

#include <string.h>

#include "port/layout.h"
#include "port/scope.h"
#include "port/static.h"
#include "python/build.h"
#include "trace/own.h"

static Definition *class_of(Definition *d)
{
    while (d && d->kind != DEF_MODULE_CLASS && d->kind != DEF_PLAIN_CLASS) d = d->parent;
    return d;
}

const char *question_path(Rw *rw, Node *site)
{
    const Trace *t = rw->t;
    if (!site || site->id <= 0) return "module";
    Definition *d = t->definition_of[site->id], *cls = class_of(d);
    for (Node *n = site; n && n->id > 0; n = t->parent[n->id]) {
        if (n->kind != N_ASSIGN || !n->items.len) continue;
        Node *target = n->items.at[0];
        if (target->kind == N_ATTRIBUTE && cls) return arena_printf(rw->a, "%s.%s", cls->name, target->name);
        if (target->kind == N_NAME)
            return d ? arena_printf(rw->a, "%s.%s", d->name, target->name) : arena_strdup(rw->a, target->name);
        break;
    }
    return d ? d->name : "module";
}

bool question_unreached(Rw *rw, const Node *site)
{
    if (!rw->t->entry || !*rw->t->entry || !site || site->id <= 0 || site->id > rw->t->nids) return false;
    const Node *stmt = rw->t->stmt_parent[site->id];
    return stmt && rw->t->definition_of[site->id] && !rw->t->executed[stmt->id];
}

static Question *asked(Rw *rw, QuestionKind kind, Node *site)
{
    return map_get(rw->asked, arena_printf(rw->a, "%d:%d", kind, site ? site->id : 0));
}

static Question *put(Rw *rw, QuestionKind kind, Node *site, const char *path, const char *text, const char *evidence,
                     const char *dflt)
{
    Question q = {.kind = kind, .text = text, .evidence = evidence, .dflt = dflt, .site = site ? site->id : 0};
    q.id = arena_printf(rw->a, "%s:%s", question_kind_name(kind), path);
    if (site) {
        q.span = site->span;
        q.at = arena_strndup(rw->a, rw->t->module->src->text + site->span.start,
                             (size_t)(site->span.end - site->span.start));
    }
    return question_add(rw->a, &rw->res->questions, NULL, q);
}

/* Options first, then the answer: question_add looks at the options to judge an answer. */
static Question *settle(Rw *rw, Question *q, Node *site)
{
    map_set(rw->asked, arena_printf(rw->a, "%d:%d", q->kind, site ? site->id : 0), q);
    const Answer *given = answer_find(rw->req->answers, q->id);
    if (!given) return q;
    bool known = q->free_text;
    for (int i = 0; i < q->options.len; i++) known |= str_eq(q->options.at[i].answer, given->answer);
    if (!known || (given->at && q->at && !str_eq(given->at, q->at))) {
        q->state = ANSWER_STALE;
    } else {
        q->answer = given->answer;
        q->state = ANSWER_CHOSEN;
    }
    return q;
}

bool question_dynamic_activation(Rw *rw, Node *site, Node *expr)
{
    for (int i = 0; i < rw->res->questions.list.len; i++) {
        Question *q = rw->res->questions.list.at[i];
        if (q->kind != Q_ACTIVATION) continue;
        bool here = q->site == site->id || q->site == expr->id;
        if (here) return !q->answer || str_eq(q->answer, "dynamic") || str_eq(q->answer, "table");
    }
    return false;
}

bool question_keeps_order(Rw *rw, const Event *e)
{
    if (!e->in.len || !layout_moves_channel(rw->layout, e->in.at[0])) return true;
    const PivotKind *k = e->layer ? e->layer->kind : e->node ? e->node->kind : NULL;
    static const char *const merging[] = {"FlattenLayer", "flatten", "reshape", "ReshapeLayer"};
    bool merges = false;
    for (int i = 0; k && i < 4; i++) merges |= str_eq(k->name, merging[i]);
    if (!merges) return true;
    Node *site = e->layer ? node_by_id(rw, e->layer->site) : e->site->node;
    if (!site) site = e->site->node;
    Question *q = asked(rw, Q_FLATTEN_ORDER, site);
    if (!q) {
        const PivotTensor *t = e->in.at[0];
        q = put(rw, Q_FLATTEN_ORDER, site, question_path(rw, site),
                "In which order are the channels and positions flattened?",
                arena_printf(rw->a, "the flatten merges the channel axis of %s, which %s holds in another place",
                             tensor_shape_text(rw->a, t), rw->to->title), "source");
        question_option(rw->a, q, "source", "the source's order", "exact; weights are interchangeable; one permute");
        question_option(rw->a, q, "target", "the target's own order",
                        "no permute; the next layer's weights must be reordered when they are transferred");
        settle(rw, q, site);
    }
    return !str_eq(q->answer, "target");
}

const char *question_unsupported(Rw *rw, Node *site, const char *why)
{
    if (question_unreached(rw, site)) return NULL;
    Question *q = asked(rw, Q_UNSUPPORTED, site);
    if (!q) {
        q = put(rw, Q_UNSUPPORTED, site, question_path(rw, site), "What should stand here?", why, NULL);
        question_option(rw->a, q, "stub", "a marked stub", "incomplete: raises when it is reached");
        q->free_text = true;
        q->state = ANSWER_UNSUPPORTED;
        settle(rw, q, site);
    }
    return q->answer && !str_eq(q->answer, "stub") ? q->answer : NULL;
}

static bool lossy(Rw *rw, Node *site, const char *how, const char *dflt)
{
    Question *q = asked(rw, Q_LOSSY, site);
    if (!q) {
        q = put(rw, Q_LOSSY, site, question_path(rw, site), "Is the nearest counterpart good enough?", how, dflt);
        question_option(rw->a, q, "nearest", "the nearest counterpart", how);
        question_option(rw->a, q, "stub", "a marked stub", "incomplete: raises when it is reached");
        settle(rw, q, site);
    }
    return str_eq(q->answer, "nearest");
}

bool question_lossy(Rw *rw, Node *site, const char *how)
{
    return lossy(rw, site, how, NULL);
}

bool question_accepted(Rw *rw, Node *site, const char *how)
{
    return lossy(rw, site, how, "nearest");
}

Node *question_missing(Rw *rw, Node *site, const char *attr)
{
    Node *in_scope = scope_expression(rw, site, attr);
    if (in_scope || question_unreached(rw, site)) return in_scope;
    char *key = arena_printf(rw->a, "missing:%d:%s", site->id, attr);
    Question *q = map_get(rw->asked, key);
    if (!q) {
        PortNeed need = {site->id, attr};
        vec_push(rw->a, &rw->res->needs, need);
        q = put(rw, Q_MISSING_ATTRIBUTE, site,
                arena_printf(rw->a, "%s.%s", question_path(rw, site), attr),
                arena_printf(rw->a, "What is %s here?", attr),
                arena_printf(rw->a, "%s needs the number, and no input shape that reaches this layer gives it",
                             rw->to->title), NULL);
        q->free_text = true;
        question_option(rw->a, q, "lazy", "let the framework find it at the first call", "a Lazy module");
        const Answer *given = answer_find(rw->req->answers, q->id);
        if (given) q->answer = given->answer, q->state = ANSWER_CHOSEN;
        map_set(rw->asked, key, q);
    }
    if (!q->answer || str_eq(q->answer, "lazy")) return NULL;
    const char *err = NULL;
    return py_parse_expr(rw->a, q->answer, &err);
}

const char *question_training(Rw *rw, QuestionKind kind, Node *site, const char *text, const char *evidence,
                              const char *dflt, const char *a1, const char *label1, const char *consequence1,
                              const char *a2, const char *label2, const char *consequence2)
{
    Question *q = asked(rw, kind, site);
    if (!q) {
        q = put(rw, kind, site, question_path(rw, site), text, evidence, dflt);
        if (a1) question_option(rw->a, q, a1, label1, consequence1);
        question_option(rw->a, q, a2, label2, consequence2);
        settle(rw, q, site);
    }
    return q->answer ? q->answer : dflt;
}

static int count_moves(Rw *rw)
{
    int n = 0, axes[MAX_RANK];
    for (int i = 0; i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->forced || (e->kind != EV_APPLY && e->kind != EV_OP)) continue;
        for (int k = 0; k < e->in.len; k++) n += layout_move_in(rw->layout, e, k, axes);
        for (int k = 0; k < e->out.len; k++) n += layout_move_out(rw->layout, e, k, axes);
    }
    return n;
}

static Question *ask_order(Rw *rw, const RootTrace *root, const PivotNode *input, Node *site)
{
    const char *name = root->definition ? root->definition->name : root->variable ? root->variable : "model";
    bool to_first = rw->to->channels_first;
    int moves = count_moves(rw);
    Question *q = put(rw, Q_CHANNEL_ORDER, site,
                      arena_printf(rw->a, "%s.%s", name, input->name ? input->name : "x"),
                      "In which order does the port hold channels?",
                      arena_printf(rw->a, "the input %s of %s reaches layers with a channel axis",
                                   tensor_shape_text(rw->a, input->outputs.at[0]), name), "native");
    question_option(rw->a, q, "native", to_first ? "PyTorch's own: N, C, H, W" : "Keras's own: N, H, W, C",
                    arena_printf(rw->a, "%d permute%s; the input's axes are in the target's order", moves,
                                 moves == 1 ? "" : "s"));
    question_option(rw->a, q, "same-input", "the source's arrays",
                    arena_printf(rw->a, "%d permutes: one more at the border", moves + 1));
    if (!to_first)
        question_option(rw->a, q, "channels-first", "data_format=\"channels_first\" everywhere",
                        "0 permutes; channels stay in front");
    return settle(rw, q, site);
}

const char *question_channel_order_of(Rw *rw)
{
    const char *answer = NULL;
    for (int i = 0; i < rw->t->roots.len; i++) {
        const RootTrace *root = &rw->t->roots.at[i];
        if (!root->nn) continue;
        for (int k = 0; k < root->nn->nodes.len; k++) {
            const PivotNode *in = root->nn->nodes.at[k];
            if (in->type != PNODE_INPUT || !in->outputs.len || !layout_moves_channel(rw->layout, in->outputs.at[0]))
                continue;
            Node *site = root->call ? root->call : root->definition ? root->definition->node : NULL;
            Question *q = ask_order(rw, root, in, site);
            if (!answer) answer = q->answer ? q->answer : "native";
        }
    }
    return answer ? answer : "native";
}

const char *question_helper_for(Rw *rw, const char *kind)
{
    return dialect_fact(rw->to, arena_printf(rw->a, "helper:%s", kind));
}

/* ---- the user's own ---- */

static Question *own(Rw *rw, QuestionKind kind, Node *site, const char *text, const char *evidence)
{
    Question *q = asked(rw, kind, site);
    const char *path = trace_own_path(rw->a, rw->t, site);
    if (q || !path) return q;
    const Answer *given = answer_find(rw->req->answers, arena_printf(rw->a, "%s:%s", question_kind_name(kind), path));
    if (!given) return NULL;
    q = put(rw, kind, site, path, text, evidence, NULL);
    q->free_text = true;
    q->answer = given->answer;
    q->state = !given->at || str_eq(given->at, q->at) ? ANSWER_CHOSEN : ANSWER_STALE;
    map_set(rw->asked, arena_printf(rw->a, "%d:%d", kind, site->id), q);
    return q;
}

/* layers.Dense in typed code: what it is spelled with is imported. */
static bool imports_of(Node *n, void *ctx)
{
    Rw *rw = ctx;
    for (int i = 0; n->kind == N_NAME && i < rw->to->imports.len; i++)
        if (str_eq(rw->to->imports.at[i].as, n->name)) name_of(rw, rw->to->imports.at[i].prefix);
    return true;
}

Node *question_override(Rw *rw, Node *site)
{
    if (!rw->req->answers || !rw->req->answers->list.len) return NULL;
    Question *q = own(rw, Q_OVERRIDE, site, "What stands here in the port?", "typed by hand");
    const char *err = NULL;
    Node *typed = q && q->state == ANSWER_CHOSEN ? py_parse_expr(rw->a, q->answer, &err) : NULL;
    if (typed) node_walk(typed, imports_of, rw);
    return typed;
}

void question_notes(Rw *rw)
{
    bool any = false;
    for (int i = 0; rw->req->answers && i < rw->req->answers->list.len; i++)
        any |= str_starts(rw->req->answers->list.at[i].id, "note:");
    for (int i = 0; any && i < rw->res->mappings.len; i++) {
        const PortMapping *m = &rw->res->mappings.at[i];
        Node *site = m->sites.len ? node_by_id(rw, m->sites.at[0]) : NULL;
        Question *q = site ? own(rw, Q_NOTE, site, "What is to be said of this?", "a note of your own") : NULL;
        if (q && q->state == ANSWER_CHOSEN) note(rw, "line %d: %s", static_line(rw, site), q->answer);
    }
}
