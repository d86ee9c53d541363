/* Which framework a file is written for: the one whose names it imports. Only the import statements
 * are looked at, wherever they stand; the framework that more of them belong to wins, and the first
 * in the file where they are equal. */
#include <string.h>

#include "trace/trace.h"

typedef struct Count {
    Dialect *const *dialects;
    int n;
    int *hits, *first;
    Arena *arena;
    int at;
} Count;

/* Does the framework know the name, or its first component, under any of its spellings? */
static bool knows(const Dialect *d, Arena *a, const char *dotted)
{
    if (dialect_owns(d, dialect_canonical(d, a, dotted))) return true;
    for (int i = 0; i < d->module_bases.len; i++) {
        const char *base = d->module_bases.at[i];
        size_t n = strcspn(base, ".");
        if (strncmp(base, dotted, n) == 0 && (dotted[n] == '.' || dotted[n] == 0)) return true;
    }
    return strcmp(dialect_canonical(d, a, dotted), dotted) !=
           0; /* an alias of something of its own */
}

static void count(Count *c, const char *dotted)
{
    c->at++;
    for (int i = 0; i < c->n; i++)
        if (knows(c->dialects[i], c->arena, dotted)) {
            if (!c->hits[i]++) c->first[i] = c->at;
        }
}

static bool visit(Node *n, void *ctx)
{
    Count *c = ctx;
    if (n->kind == N_IMPORT)
        for (int i = 0; i < n->items.len; i++) count(c, n->items.at[i]->name);
    if (n->kind == N_IMPORTFROM && n->level == 0)
        for (int i = 0; i < n->items.len; i++) {
            const char *name = n->items.at[i]->name;
            bool star = strcmp(name, "*") == 0;
            count(c, star ? n->name : arena_printf(c->arena, "%s.%s", n->name, name));
        }
    return true;
}

int trace_detect_framework(const Module *module, Dialect *const *dialects, int n, Arena *a,
                           const char **why)
{
    Count c = {dialects, n, ARENA_ARRAY(a, int, n), ARENA_ARRAY(a, int, n), a, 0};
    node_walk(module->root, visit, &c);
    int best = -1;
    for (int i = 0; i < n; i++) {
        if (!c.hits[i]) continue;
        if (best < 0 || c.hits[i] > c.hits[best] ||
            (c.hits[i] == c.hits[best] && c.first[i] < c.first[best]))
            best = i;
    }
    if (best < 0) {
        const char *names = "";
        for (int i = 0; i < n; i++)
            names = arena_printf(a, "%s%s%s", names, i ? ", " : "",
                                 dialects[i]->title ? dialects[i]->title : dialects[i]->name);
        *why = arena_printf(a, "it imports none of the frameworks known here (%s)", names);
        return -1;
    }
    *why = arena_printf(a, "%d of its imports are of %s", c.hits[best],
                        dialects[best]->title ? dialects[best]->title : dialects[best]->name);
    return best;
}
