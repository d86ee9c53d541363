#include "stage/imports.h"

#include <string.h>

typedef struct Imports {
    Arena *a;
    Map *names;
} Imports;

static bool find_imports(Node *n, void *ctx)
{
    Imports *k = ctx;
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

Map *imports_of(Arena *a, const Module *m)
{
    Imports k = {a, map_new(a)};
    node_walk(m->root, find_imports, &k);
    return k.names;
}

const char *imports_dotted(Arena *a, const Map *names, const Node *n)
{
    if (n->kind == N_NAME) return map_get(names, n->name);
    const char *of = n->kind == N_ATTRIBUTE ? imports_dotted(a, names, n->a) : NULL;
    return of ? arena_printf(a, "%s.%s", of, n->name) : NULL;
}
