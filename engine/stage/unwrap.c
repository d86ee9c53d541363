/* Which calls those are, by the imports of the file, and the draft without them. */
#include "stage/unwrap.h"

#include <string.h>

#include "base/map.h"
#include "stage/draft.h"

typedef struct Calls {
    Arena *a;
    const Trace *t;
    Map *names; /* what import statements bind: name -> dotted */
    Unwrap *out;
    DraftEdits edits;
} Calls;

static bool find_imports(Node *n, void *ctx)
{
    Calls *k = ctx;
    for (int i = 0; (n->kind == N_IMPORT || n->kind == N_IMPORTFROM) && i < n->items.len; i++) {
        const Node *al = n->items.at[i];
        if (n->kind == N_IMPORTFROM && n->level == 0)
            map_set(k->names, al->asname ? al->asname : al->name, arena_printf(k->a, "%s.%s", n->name, al->name));
        if (n->kind == N_IMPORT && al->asname) map_set(k->names, al->asname, (void *)al->name);
        if (n->kind == N_IMPORT && !al->asname) { /* import a.b binds a */
            char *first = arena_strndup(k->a, al->name, strcspn(al->name, "."));
            map_set(k->names, first, first);
        }
    }
    return true;
}

static const char *dotted(Calls *k, const Node *n)
{
    if (n->kind == N_NAME) return map_get(k->names, n->name);
    const char *of = n->kind == N_ATTRIBUTE ? dotted(k, n->a) : NULL;
    return of ? arena_printf(k->a, "%s.%s", of, n->name) : NULL;
}

static void remove_text(Calls *k, int start, int end)
{
    DraftEdit e = {.at = {start, end}, .text = "", .why = {start, end}};
    vec_push(k->a, &k->edits, e);
}

static bool find_call(Node *n, void *ctx)
{
    Calls *k = ctx;
    const char *name = n->kind == N_CALL && n->items.len ? dotted(k, n->a) : NULL;
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
    Calls k = {.a = a, .t = t, .out = out, .names = map_new(a)};
    *out = (Unwrap){0};
    node_walk(t->module->root, find_imports, &k);
    node_walk(t->module->root, find_call, &k);
    if (!k.edits.len) return false;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &k.edits);
    out->module = draft_parse(&d);
    return out->module != NULL;
}
