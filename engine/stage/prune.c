/* Which statements are live, from the end of the scope backwards, and the draft without the others. */
#include "stage/prune.h"

#include <string.h>

#include "stage/copy.h"
#include "stage/outline_internal.h"

/* What functions and classes of the scope read they may read at any time. */
static Map *read_later(Scope *k)
{
    Map *out = map_new(k->s->a);
    for (int i = 0; i < k->body->len; i++)
        if (k->body->at[i]->kind == N_FUNCTION || k->body->at[i]->kind == N_CLASS) outline_put(out, k->facts[i].reads);
    return out;
}

static void remove_statement(Scope *k, int i, Prune *out, Pieces *all)
{
    Node *n = k->body->at[i];
    const SourceText *src = k->s->t->module->src;
    int line, col;
    source_position(src, n->span.start, &line, &col);
    Span lines = copy_whole_lines(k->s, n, i ? k->body->at[i - 1]->span.end : k->fn ? k->fn->head : 0);
    piece_add(k->s, all, lines, NULL);
    const char *why = arena_printf(k->s->a, "line %d: reaches no output of the network, and is no part of it: left out", line);
    vec_push(k->s->a, &out->notes, why);
}

static void prune_scope(Scope *k, Prune *out, Pieces *all)
{
    Map *needed = map_new(k->s->a), *later = read_later(k);
    for (int i = k->body->len - 1; i >= 0; i--) {
        const StmtFacts *f = &k->facts[i];
        bool wanted = f->graph >= 0 || outline_has_effect(k, i) || outline_has(f->binds, needed) ||
                      outline_has(f->mutates, needed) || outline_has(f->binds, later) || outline_has(f->mutates, later);
        bool plain = k->body->at[i]->kind == N_ASSIGN && f->builds && !f->input;
        if (!wanted && plain) {
            remove_statement(k, i, out, all);
            continue;
        }
        for (int b = 0; b < f->binds->len && f->whole; b++)
            if (f->binds->entries[b].key) map_remove(needed, f->binds->entries[b].key);
        outline_put(needed, f->reads);
    }
}

bool prune_make(Arena *a, const Trace *t, Prune *out)
{
    Stager s;
    Pieces all = {0};
    *out = (Prune){0};
    stage_facts(&s, a, t);
    Scope **scopes = ARENA_ARRAY(a, Scope *, t->definitions.len + 2);
    int n = outline_scopes(&s, scopes);
    for (int i = 0; i < n; i++)
        if (outline_facts(scopes[i])) prune_scope(scopes[i], out, &all);
    for (int i = 0, j = out->notes.len - 1; i < j; i++, j--) { /* they were found from the end */
        const char *last = out->notes.at[j];
        out->notes.at[j] = out->notes.at[i];
        out->notes.at[i] = last;
    }
    out->module = all.len ? pieces_draft(&s, &all) : NULL;
    return out->module != NULL;
}
