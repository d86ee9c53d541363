#include "stage/chain.h"

#include <string.h>

#include "stage/draft.h"

typedef struct Chain {
    Arena *a;
    const SourceText *src;
    DraftEdits edits;
} Chain;

static void edit(Chain *k, int start, int end, const char *text, const Node *why)
{
    DraftEdit e = {.at = {start, end}, .text = text, .why = why->span};
    vec_push(k->a, &k->edits, e);
}

static bool find_chain(Node *n, void *ctx)
{
    Chain *k = ctx;
    if (n->kind == N_LAMBDA) return false;
    if (n->kind != N_ASSIGN || n->items.len < 2 || node_unparen(n->b)->kind != N_CALL) return true;
    for (int i = 0; i < n->items.len; i++)
        if (n->items.at[i]->kind != N_NAME) return true;
    const char *indent = draft_indent(k->a, k->src, n);
    if (indent[strspn(indent, " \t")]) return true; /* behind another on its line */
    const char *last = n->items.at[n->items.len - 1]->name;
    Buf b = {0};
    for (int i = 0; i < n->items.len - 1; i++) buf_printf(&b, "\n%s%s = %s", indent, n->items.at[i]->name, last);
    edit(k, n->span.start, n->items.at[n->items.len - 1]->span.start, "", n);
    edit(k, n->span.end, n->span.end, buf_take(&b, k->a), n);
    return true;
}

Module *chain_make(Arena *a, const Trace *t)
{
    Chain k = {.a = a, .src = t->module->src};
    node_walk(t->module->root, find_chain, &k);
    if (!k.edits.len) return NULL;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &k.edits);
    return draft_parse(&d);
}
