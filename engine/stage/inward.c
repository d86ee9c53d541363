#include "stage/inward.h"

#include <string.h>

#include "python/names.h"
#include "stage/draft.h"

typedef struct Inward {
    Arena *a;
    const Trace *t;
    DraftEdits edits;
} Inward;

static void edit(Inward *w, int start, int end, const char *text, const Node *why)
{
    DraftEdit e = {.at = {start, end}, .text = text, .why = why->span, .order = w->edits.len};
    vec_push(w->a, &w->edits, e);
}

static const char *text_of(const Inward *w, Span s)
{
    return arena_strndup(w->a, w->t->module->src->text + s.start, (size_t)(s.end - s.start));
}

static int uses(const Inward *w, const char *name)
{
    return names_uses(w->t->module->root, name);
}

static bool is_input(const Inward *w, const Node *x)
{
    for (int i = 0; i < w->t->flows.len; i++) {
        const PivotTensor *made = w->t->flows.at[i].expr == x ? w->t->flows.at[i].tensor : NULL;
        if (made && made->producer && made->producer->type == PNODE_INPUT) return true;
    }
    return false;
}

/* The statement at module level that makes an input which is named once more only; NULL: there is none. */
static const Node *made_by(const Inward *w, const Node *name)
{
    const NodeVec *items = &w->t->module->root->items;
    for (int i = 0; i < items->len && uses(w, name->name) == 2; i++) {
        const Node *s = items->at[i];
        bool binds = s->kind == N_ASSIGN && s->items.len == 1 && s->items.at[0]->kind == N_NAME &&
                     str_eq(s->items.at[0]->name, name->name);
        if (binds && node_unparen(s->b)->kind == N_CALL) return s;
    }
    return NULL;
}

static const Node *function_named(const Inward *w, const char *name)
{
    const NodeVec *items = &w->t->module->root->items;
    for (int i = 0; i < items->len; i++)
        if (items->at[i]->kind == N_FUNCTION && str_eq(items->at[i]->name, name)) return items->at[i];
    return NULL;
}

static int param_of(const Node *fn, const Node *arg, int place)
{
    if (arg->kind == N_STAR || arg->kind == N_DSTAR) return -1;
    for (int i = 0; i < fn->params.list.len; i++) {
        const Param *p = &fn->params.list.at[i];
        if (p->kind == PARAM_PLAIN && (arg->kind == N_KEYWORD ? str_eq(p->name, arg->name) : i == place)) return i;
    }
    return -1;
}

/* A list without some of its members, written anew. */
static void rewrite_list(Inward *w, const Span *spans, const bool *gone, int n, const Node *why)
{
    Buf b = {0};
    for (int i = 0, k = 0; i < n; i++)
        if (!gone[i]) buf_printf(&b, "%s%s", k++ ? ", " : "", text_of(w, spans[i]));
    if (n) edit(w, spans[0].start, spans[n - 1].end, b.len ? arena_strdup(w->a, b.s) : "", why);
    buf_free(&b);
}

static void move_in(Inward *w, const Node *call)
{
    const Node *fn = call->a->kind == N_NAME ? function_named(w, call->a->name) : NULL;
    if (!fn || uses(w, fn->name) != 1 || !fn->body.len || fn->params.bare_star || fn->params.slash) return;
    int np = fn->params.list.len, na = call->items.len, moved = 0;
    bool *no_arg = ARENA_ARRAY(w->a, bool, na + 1), *no_param = ARENA_ARRAY(w->a, bool, np + 1);
    Span *args = ARENA_ARRAY(w->a, Span, na + 1), *params = ARENA_ARRAY(w->a, Span, np + 1);
    Buf b = {0};
    bool doc = node_docstring(fn) && fn->body.len > 1;
    const Node *first = fn->body.at[doc ? 1 : 0];
    const char *indent = draft_indent(w->a, w->t->module->src, first);
    if (indent[strspn(indent, " \t")]) return; /* behind something on its line */
    for (int i = 0; i < np; i++) params[i] = fn->params.list.at[i].span;
    for (int i = 0; i < na; i++) {
        const Node *arg = call->items.at[i], *x = node_unparen(arg->kind == N_KEYWORD ? arg->a : (Node *)arg);
        args[i] = arg->span;
        int p = param_of(fn, arg, i);
        const Node *made = x->kind == N_NAME ? made_by(w, x) : NULL, *from = x->kind == N_CALL ? x : made ? node_unparen(made->b) : NULL;
        if (p < 0 || !from || !is_input(w, x)) continue;
        no_arg[i] = no_param[p] = true;
        moved++;
        buf_printf(&b, "%s = %s\n%s", fn->params.list.at[p].name, text_of(w, from->span), indent);
        if (made) edit(w, made->span.start, made->span.end, "", made);
    }
    if (moved) {
        rewrite_list(w, args, no_arg, na, call);
        rewrite_list(w, params, no_param, np, fn);
        edit(w, first->span.start, first->span.start, arena_strdup(w->a, b.s), call);
    }
    buf_free(&b);
}

Module *inward_make(Arena *a, const Trace *t)
{
    Inward w = {.a = a, .t = t};
    const NodeVec *items = &t->module->root->items;
    for (int i = 0; i < items->len; i++) {
        const Node *s = items->at[i];
        if (s->kind != N_ASSIGN || s->items.len != 1 || node_unparen(s->b)->kind != N_CALL) continue;
        move_in(&w, node_unparen(s->b));
    }
    if (!w.edits.len) return NULL;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &w.edits);
    return draft_parse(&d);
}
