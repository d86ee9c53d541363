/* Which calls those are, by the imports of the file, and the draft without them. */
#include "stage/unwrap.h"

#include <string.h>

#include "stage/draft.h"
#include "stage/imports.h"

typedef struct Calls {
    Arena *a;
    const Trace *t;
    Map *names; /* what import statements bind: name -> dotted */
    Unwrap *out;
    DraftEdits edits;
} Calls;

static void remove_text(Calls *k, int start, int end)
{
    DraftEdit e = {.at = {start, end}, .text = "", .why = {start, end}};
    vec_push(k->a, &k->edits, e);
}

static bool find_call(Node *n, void *ctx)
{
    Calls *k = ctx;
    const char *name = n->kind == N_CALL && n->items.len ? imports_dotted(k->a, k->names, n->a) : NULL;
    const char *lost = name ? dialect_fact(k->t->dialect, arena_printf(k->a, "returns_argument:%s",
                                                                       dialect_canonical(k->t->dialect, k->a, name)))
                            : NULL;
    const Node *given = lost ? n->items.at[0] : NULL;
    if (!given || given->kind == N_STAR || given->kind == N_DSTAR) return true;
    int line, col;
    source_position(k->t->module->src, n->span.start, &line, &col);
    vec_push(k->a, &k->out->notes, arena_printf(k->a, "line %d: %s is left out: %s", line, name, lost));
    const Node *x = given->kind == N_KEYWORD ? given->a : given;
    remove_text(k, n->span.start, x->span.start);
    remove_text(k, x->span.end, n->span.end);
    node_walk((Node *)x, find_call, k);
    return false;
}

bool unwrap_make(Arena *a, const Trace *t, Unwrap *out)
{
    Calls k = {.a = a, .t = t, .out = out, .names = imports_of(a, t->module)};
    *out = (Unwrap){0};
    node_walk(t->module->root, find_call, &k);
    if (!k.edits.len) return false;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &k.edits);
    out->module = draft_parse(&d);
    return out->module != NULL;
}
