/* Which arms fetch, and the draft that says so in their place. */
#include "stage/fetch.h"

#include "stage/draft.h"

typedef struct Arms {
    Arena *a;
    const Trace *t;
    Fetch *out;
    DraftEdits edits;
} Arms;

typedef struct Fetches {
    const Trace *t;
    bool found;
} Fetches;

static bool find_fetch(Node *n, void *ctx)
{
    Fetches *f = ctx;
    const Node *callee = n->kind == N_CALL ? n->a : NULL;
    bool named = callee && (callee->kind == N_NAME || callee->kind == N_ATTRIBUTE);
    f->found |= named && dialect_lists(f->t->dialect, "fetches", callee->name);
    return !f->found;
}

static bool fetches(const Trace *t, const NodeVec *arm)
{
    Fetches f = {.t = t};
    for (int i = 0; i < arm->len; i++) {
        if (arm->at[i]->id > 0 && t->executed[arm->at[i]->id]) return false;
        node_walk(arm->at[i], find_fetch, &f);
    }
    return f.found;
}

static bool one_arm(Arms *k, const NodeVec *arm)
{
    if (!arm->len || !fetches(k->t, arm)) return false;
    int line, col;
    Span all = {arm->at[0]->span.start, arm->at[arm->len - 1]->span.end};
    DraftEdit e = {.at = all, .why = all, .text = "raise NotImplementedError(\"the published weights are not fetched\")"};
    vec_push(k->a, &k->edits, e);
    source_position(k->t->module->src, all.start, &line, &col);
    vec_push(k->a, &k->out->notes,
             arena_printf(k->a, "line %d: fetches published weights, which are not the port's: left out", line));
    return true;
}

static bool find_arms(Node *n, void *ctx)
{
    Arms *k = ctx;
    if (n->kind != N_IF) return true;
    bool elif = n->orelse.len == 1 && n->orelse.at[0]->kind == N_IF;
    bool body = one_arm(k, &n->body), orelse = !elif && one_arm(k, &n->orelse);
    for (int i = 0; !body && i < n->body.len; i++) node_walk(n->body.at[i], find_arms, k);
    for (int i = 0; !orelse && i < n->orelse.len; i++) node_walk(n->orelse.at[i], find_arms, k);
    return false;
}

bool fetch_make(Arena *a, const Trace *t, Fetch *out)
{
    Arms k = {.a = a, .t = t, .out = out};
    *out = (Fetch){0};
    node_walk(t->module->root, find_arms, &k);
    if (!k.edits.len) return false;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &k.edits);
    out->module = draft_parse(&d);
    return out->module != NULL;
}
