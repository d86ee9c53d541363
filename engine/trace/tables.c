/* Tables by node id: parents, enclosing statements and definitions; and the list of definitions in
 * source order.
 *
 * Ids of imported files go on where those before them end, so that one table serves all files. */
#include <string.h>

#include "trace/pystate.h"

#define WALK_MAX 20000 /* depth of nesting; a parser gives up earlier */

static void *grown(Arena *a, const void *old, size_t item, int had, int cap)
{
    void *p = arena_alloc(a, item * (size_t)(cap + 1));
    if (had) memcpy(p, old, item * (size_t)(had + 1));
    return p;
}

void tables_grow(Interp *in, int n)
{
    Trace *t = in->trace;
    PyState *py = in->py;
    if (n > py->cap_ids) {
        int had = py->cap_ids, cap = had ? had * 2 : n;
        if (cap < n) cap = n;
        Arena *a = in->arena;
        t->site_of = grown(a, t->site_of, sizeof(*t->site_of), had, cap);
        t->branch_of = grown(a, t->branch_of, sizeof(*t->branch_of), had, cap);
        t->stmt_parent = grown(a, t->stmt_parent, sizeof(*t->stmt_parent), had, cap);
        t->parent = grown(a, t->parent, sizeof(*t->parent), had, cap);
        t->definition_of = grown(a, t->definition_of, sizeof(*t->definition_of), had, cap);
        t->executed = grown(a, t->executed, sizeof(*t->executed), had, cap);
        py->def_at = grown(a, py->def_at, sizeof(*py->def_at), had, cap);
        py->yields = grown(a, py->yields, sizeof(*py->yields), had, cap);
        py->tried = grown(a, py->tried, sizeof(*py->tried), had, cap);
        py->cap_ids = cap;
    }
    t->nids = n;
}

typedef struct Place {
    Node *parent, *stmt;
    Definition *def;
    int depth;
} Place;

static void fill(Interp *in, Node *n, Place at);

static void fill_all(Interp *in, const NodeVec *v, Place at)
{
    for (int i = 0; i < v->len; i++) fill(in, v->at[i], at);
}

static Definition *define(Interp *in, Node *n, Definition *parent)
{
    Definition *d = ARENA_NEW(in->arena, Definition);
    const char *name = n->kind == N_LAMBDA ? "<lambda>" : n->name ? n->name : "?";
    d->kind = n->kind == N_CLASS ? DEF_PLAIN_CLASS : DEF_FUNCTION;
    d->node = n;
    d->parent = parent;
    d->name = parent ? arena_printf(in->arena, "%s.%s", parent->name, name) : name;
    vec_push(in->arena, &in->trace->definitions, d);
    in->py->def_at[n->id] = d;
    return d;
}

static void fill(Interp *in, Node *n, Place at)
{
    Trace *t = in->trace;
    if (!n || n->id <= 0 || n->id > t->nids || at.depth > WALK_MAX) return;
    t->parent[n->id] = at.parent;
    if (node_is_stmt(n)) at.stmt = n;
    t->stmt_parent[n->id] = at.stmt;
    t->definition_of[n->id] = at.def;
    at.parent = n;
    at.depth++;
    Place inner = at;
    fill_all(in, &n->decorators, at);
    if (n->kind == N_FUNCTION || n->kind == N_LAMBDA || n->kind == N_CLASS)
        inner.def = define(in, n, at.def);
    for (int i = 0; i < n->params.list.len; i++) {
        fill(in, n->params.list.at[i].annotation, at);
        fill(in, n->params.list.at[i].dflt, at);
    }
    fill(in, n->a, n->kind == N_LAMBDA ? inner : at);
    fill(in, n->b, at);
    fill(in, n->c, at);
    fill_all(in, &n->items, at);
    fill_all(in, &n->body, inner);
    fill_all(in, &n->orelse, at);
    fill_all(in, &n->final, at);
}

void tables_fill(Interp *in, Module *m)
{
    fill(in, m->root, (Place){0});
}

Definition *definition_of_node(Interp *in, Node *n)
{
    if (!n || n->id <= 0 || n->id > in->trace->nids) return NULL;
    Definition *own = in->py->def_at[n->id];
    return own ? own : in->trace->definition_of[n->id];
}
