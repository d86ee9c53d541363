/* Functions that build layers, that no network of the file came through, and that nothing in the file names: what their
 * layers take nobody knows. They are left out, and the report says so. */
#include "stage/unused.h"

#include <string.h>

#include "python/names.h"
#include "stage/draft.h"

static bool ran(const Trace *t, const Definition *d)
{
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        for (const Activation *act = e->forced ? NULL : e->frame; act; act = act->caller)
            if (act->definition == d) return true;
    }
    return false;
}

static bool find_string(Node *n, void *ctx)
{
    const char **name = ctx;
    if (n->kind == N_STRING && str_eq(n->str, *name)) *name = NULL;
    return *name != NULL;
}

/* By its name, or as a word of __all__ and the like. */
static bool is_named(const Trace *t, const Definition *d)
{
    const char *name = d->node->name;
    if (names_uses(t->module->root, name)) return true;
    node_walk(t->module->root, find_string, &name);
    return !name;
}

Module *unused_make(Arena *a, const Trace *t, StrVec *notes)
{
    DraftEdits edits = {0};
    const SourceText *src = t->module->src;
    for (int i = 0; i < t->definitions.len; i++) {
        const Definition *d = t->definitions.at[i];
        bool plain = d->kind == DEF_FUNCTION && !d->parent && d->node->kind == N_FUNCTION && d->node->id <= t->module->nnodes;
        if (!plain || !d->builds || d->node->decorators.len || ran(t, d) || is_named(t, d)) continue;
        Span gone = {draft_line_start(src, d->node->span.start), d->node->span.end};
        while (gone.end < src->len && src->text[gone.end] == '\n') gone.end++;
        DraftEdit e = {.at = gone, .text = "", .why = d->node->span};
        int line, col;
        source_position(src, d->node->span.start, &line, &col);
        vec_push(a, &edits, e);
        vec_push(a, notes, arena_printf(a, "line %d: %s() is left out: nothing in the file calls it, and what its layers take is not known",
                                        line, d->node->name));
    }
    if (!edits.len) return NULL;
    Draft d = {.a = a, .origin = src};
    draft_edits(&d, &edits);
    return draft_parse(&d);
}
