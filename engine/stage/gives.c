/* Helpers that give a number beside their tensor: x, filters = dense_block(x, filters). The number is known when the
 * block is built: the class keeps it, and whoever builds the block reads it there: filters = self.dense_block.filters. */
#include <string.h>

#include "stage/staging_internal.h"

typedef struct Returns {
    Stager *s;
    NodeVec all;
} Returns;

static bool find_returns(Node *n, void *ctx)
{
    Returns *r = ctx;
    if (n->kind == N_FUNCTION || n->kind == N_CLASS || n->kind == N_LAMBDA) return false;
    if (n->kind == N_RETURN) vec_push(r->s->a, &r->all, n);
    return true;
}

/* The name that stands at this place of every return, and holds no tensor; NULL. */
static const char *name_at(Stager *s, const Staged *g, const NodeVec *returns, int place)
{
    const char *name = NULL;
    for (int i = 0; i < returns->len; i++) {
        Node *v = returns->at[i]->a ? node_unparen(returns->at[i]->a) : NULL;
        Node *x = v && v->kind == N_TUPLE && place < v->items.len ? node_unparen(v->items.at[place]) : NULL;
        bool other = !x && v && v->kind == N_TUPLE;
        if (other) continue; /* it gives fewer there */
        if (!x || x->kind != N_NAME || is_dynamic(s, g, x) || (name && !str_eq(name, x->name))) return NULL;
        name = x->name;
    }
    return name;
}

/* a, b = helper(...), or NULL */
static Node *pair_of(Stager *s, Node *n, const Staged **g)
{
    Node *t = n->kind == N_ASSIGN && n->items.len == 1 && n->b ? node_unparen(n->items.at[0]) : NULL;
    Node *v = t && t->kind == N_TUPLE ? node_unparen(n->b) : NULL;
    bool call = v && v->kind == N_CALL && v->id > 0 && v->id <= s->t->module->nnodes && s->runs[v->id];
    *g = call ? staged_of(s, s->runs[v->id]) : NULL;
    return *g ? t : NULL;
}

typedef struct Uses {
    Stager *s;
    const Staged *g;
    int calls, pairs;
} Uses;

static bool find_uses(Node *n, void *ctx)
{
    Uses *u = ctx;
    const Staged *g;
    bool call = n->kind == N_CALL && n->id > 0 && n->id <= u->s->t->module->nnodes;
    if (call && u->s->runs[n->id] == u->g->def) u->calls++;
    if (pair_of(u->s, n, &g) && g == u->g) u->pairs++;
    return true;
}

static void find_given(Stager *s, Staged *g)
{
    Returns r = {.s = s};
    Uses u = {.s = s, .g = g};
    g->gives = (StrVec){0};
    if (!g->fn || g->inner || g->model || !g->def) return;
    for (int i = 0; i < g->fn->body.len; i++) node_walk(g->fn->body.at[i], find_returns, &r);
    node_walk(s->t->module->root, find_uses, &u);
    if (!r.all.len || u.calls != u.pairs) return;
    int most = 0;
    for (int i = 0; i < r.all.len; i++) {
        const Node *v = r.all.at[i]->a ? node_unparen(r.all.at[i]->a) : NULL;
        if (v && v->kind == N_TUPLE && v->items.len > most) most = v->items.len;
    }
    for (int i = 0; i < most; i++) vec_push(s->a, &g->gives, name_at(s, g, &r.all, i));
}

/* What one gives the next may give in its turn: the names are looked at again. */
void gives_find(Stager *s)
{
    for (int round = 0; round < 4; round++) {
        bool any = false;
        for (int i = 0; i < s->all.len; i++) {
            int was = 0, is = 0;
            for (int k = 0; k < s->all.at[i]->gives.len; k++) was += s->all.at[i]->gives.at[k] != NULL;
            find_given(s, s->all.at[i]);
            for (int k = 0; k < s->all.at[i]->gives.len; k++) is += s->all.at[i]->gives.at[k] != NULL;
            any |= was != is;
        }
        if (!any) return;
        for (int i = 0; i < s->all.len; i++) {
            Staged *f = s->all.at[i];
            split_names(s, f);
            for (int k = 0; f->model && k < f->inputs.len; k++) map_set(f->dynamic, f->inputs.at[k], (void *)f->inputs.at[k]);
        }
    }
}

const char *gives_at(const Staged *g, int place)
{
    return place < g->gives.len ? g->gives.at[place] : NULL;
}

const Staged *gives_to(Stager *s, Node *n)
{
    const Staged *g;
    Node *t = pair_of(s, n, &g);
    for (int i = 0; t && i < t->items.len; i++)
        if (gives_at(g, i)) return g;
    return NULL;
}

bool gives_number(Stager *s, Node *n, int place)
{
    const Staged *g = gives_to(s, n);
    return g && gives_at(g, place) && node_unparen(node_unparen(n->items.at[0])->items.at[place])->kind == N_NAME;
}

void gives_assign(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply)
{
    const Staged *g = gives_to(s, n);
    Node *t = node_unparen(n->items.at[0]);
    Chunks line = {0};
    f->moved = NULL;
    lift_expr(s, f, n->b, depth, construct, &line);
    int kept = 0;
    chunk_text(s, apply, n->span, "%s", stage_indent(s, depth));
    for (int i = 0; i < t->items.len; i++) {
        Node *x = node_unparen(t->items.at[i]);
        if (gives_number(s, n, i)) {
            if (!f->moved) stage_fail(s, n, "what gives a number is not built here");
            else if (str_eq(x->name, "_")) continue;
            else chunk_text(s, construct, n->span, "%s%s = %s.%s\n", stage_indent(s, depth), x->name, f->moved, gives_at(g, i));
            continue;
        }
        if (gives_at(g, i)) stage_fail(s, n, "a number that is given to something else than a name");
        if (kept++) chunk_text(s, apply, n->span, ", ");
        chunk_copy(s, apply, x->span.start, x->span.end);
    }
    chunk_text(s, apply, n->span, " = ");
    chunk_all(s, apply, &line);
    chunk_text(s, apply, n->span, "\n");
    if (!kept) stage_fail(s, n, "a block that gives numbers alone");
}

bool gives_return(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply)
{
    Node *v = n->a ? node_unparen(n->a) : NULL;
    bool any = false;
    for (int i = 0; v && v->kind == N_TUPLE && i < v->items.len; i++) any |= gives_at(f, i) != NULL;
    if (!any) return false;
    Chunks line = {0};
    int kept = 0;
    for (int i = 0; i < v->items.len; i++) {
        if (gives_at(f, i)) continue;
        if (kept++) chunk_text(s, &line, n->span, ", ");
        lift_expr(s, f, v->items.at[i], depth, construct, &line);
    }
    chunk_text(s, apply, n->span, "%sreturn ", stage_indent(s, depth));
    chunk_all(s, apply, &line);
    chunk_text(s, apply, n->span, "\n");
    return true;
}

void gives_keep(Stager *s, const Staged *f, Chunks *out)
{
    for (int i = 0; i < f->gives.len; i++) {
        const char *name = f->gives.at[i];
        bool twice = !name || map_has(f->cross, name);
        for (int k = 0; k < i && !twice; k++) twice = str_eq(f->gives.at[k], name);
        if (twice) continue;
        if (map_has(f->attrs, name)) stage_fail(s, f->fn, "two attributes of one name");
        chunk_text(s, out, f->fn->span, "        self.%s = %s\n", name, name);
    }
}
