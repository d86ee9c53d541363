/* What several graphs of a scope have in common.
 *
 *     encoder = Model(inputs, code)            a graph that another begins with is called by it:
 *     auto = Model(inputs, decode(code))       code = encoder(inputs)
 *
 * A layer that they have in common otherwise is built before them, under a name, and handed to each. */
#include <ctype.h>
#include <string.h>

#include "stage/outline_internal.h"

static bool common(const Scope *k, const Graph *a, const Graph *b, int i)
{
    return a->in[i] && b->in[i] && k->facts[i].builds && !k->facts[i].input;
}

static bool share_layers(const Scope *k, const Graph *a, const Graph *b)
{
    for (int i = 0; i < k->body->len; i++)
        if (common(k, a, b, i)) return true;
    return false;
}

static int size_of(const Scope *k, const Graph *g)
{
    int n = 0;
    for (int i = 0; i < k->body->len; i++) n += g->in[i] && !k->facts[i].input;
    return n;
}

/* ---- a graph that another begins with ---- */

static bool name_list(Scope *k, const Graph *g, const char *which, int place, StrVec *out)
{
    Node *x = stage_argument(g->model, which, place);
    if (!x) return false;
    x = node_unparen(x);
    NodeVec one = {0};
    if (x->kind == N_LIST || x->kind == N_TUPLE) one = x->items;
    else vec_push(k->s->a, &one, x);
    for (int i = 0; i < one.len; i++) {
        if (one.at[i]->kind != N_NAME) return false;
        vec_push(k->s->a, out, one.at[i]->name);
    }
    return out->len > 0;
}

static bool bound_behind(const Scope *k, const Graph *g, const char *name, int at)
{
    for (int i = at + 1; i < k->body->len; i++)
        if (g->in[i] && map_has(k->facts[i].binds, name)) return true;
    return false;
}

/* The outputs, and the names that were another word for them when the graph was done. */
static Map *result_names(Scope *k, const Graph *g, const StrVec *outputs)
{
    Map *names = map_new(k->s->a);
    for (int i = 0; i < outputs->len; i++) map_set(names, outputs->at[i], (void *)outputs->at[i]);
    for (int i = 0; i < k->body->len; i++) {
        const Node *n = k->body->at[i];
        bool copy = g->in[i] && n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME &&
                    n->b->kind == N_NAME && map_has(names, n->items.at[0]->name);
        if (copy && !bound_behind(k, g, n->b->name, i)) map_set(names, n->b->name, (void *)n->items.at[0]->name);
    }
    return names;
}

static bool reads_only(const Map *reads, const Map *inner, const Map *allowed)
{
    for (int i = 0; i < reads->len; i++) {
        const char *name = reads->entries[i].key;
        if (name && map_has(inner, name) && !map_has(allowed, name)) return false;
    }
    return true;
}

/* Can b call a for what they have in common? */
static bool begins_with(Scope *k, const Graph *b, const Graph *a, Begun *out)
{
    *out = (Begun){.after = -1};
    if (!outline_target(k, a) || !name_list(k, a, "outputs", 1, &out->outputs)) return false;
    if (!name_list(k, a, "inputs", 0, &out->inputs)) return false;
    Map *inner = map_new(k->s->a), *given = out->given = result_names(k, a, &out->outputs);
    int *last = &out->after;
    for (int i = 0; i < k->body->len; i++) {
        if (!a->in[i] || k->facts[i].input) continue;
        if (!b->in[i]) return false;
        *last = i;
        for (int j = 0; j < k->facts[i].binds->len; j++)
            if (k->facts[i].binds->entries[j].key) map_set(inner, k->facts[i].binds->entries[j].key, (void *)a);
    }
    for (int i = 0; i < k->body->len; i++) {
        const StmtFacts *f = &k->facts[i];
        if (!b->in[i] || a->in[i]) continue;
        if (i < *last && (outline_has(f->reads, inner) || outline_has(f->binds, inner))) return false;
        if (i > *last && !reads_only(f->reads, inner, given)) return false;
        for (int j = 0; i > *last && f->whole && j < f->binds->len; j++) /* from here on the name is b's own */
            if (f->binds->entries[j].key) map_remove(inner, f->binds->entries[j].key);
    }
    return *last >= 0;
}

static void begin_with(Scope *k, Graph *b, const Begun *begun)
{
    const Graph *a = &k->graphs.at[begun->graph];
    for (int i = 0; i < k->body->len; i++)
        if (a->in[i] && !k->facts[i].input) b->in[i] = false;
    vec_push(k->s->a, &b->begun, *begun);
}

/* The largest graph that b begins with, as long as there is one. */
static void compose(Scope *k, int which)
{
    for (;;) {
        Begun best = {.graph = -1}, one;
        Graph *b = &k->graphs.at[which];
        for (int i = 0; i < k->graphs.len; i++) {
            Graph *a = &k->graphs.at[i];
            if (i == which || !share_layers(k, a, b) || size_of(k, a) >= size_of(k, b) || !begins_with(k, b, a, &one)) continue;
            if (best.graph >= 0 && size_of(k, a) <= size_of(k, &k->graphs.at[best.graph])) continue;
            best = one;
            best.graph = i;
        }
        if (best.graph < 0) return;
        begin_with(k, b, &best);
    }
}

/* ---- layers in common ---- */

typedef struct Calls {
    Scope *k;
    NodeVec list;
    bool other; /* something is built by a function */
} Calls;

static bool find_calls(Node *n, void *ctx)
{
    Calls *c = ctx;
    if (n->kind != N_CALL) return true;
    if (builds(c->k->s, n)) {
        c->other |= is_dynamic(c->k->s, &c->k->names, n);
        vec_push(c->k->s->a, &c->list, n);
        return false;
    }
    c->other |= n->id > 0 && c->k->s->runs[n->id] && c->k->s->runs[n->id]->builds;
    return true;
}

static const char *hoisted_name(Scope *k, const Node *call)
{
    const char *word = call->a->kind == N_NAME || call->a->kind == N_ATTRIBUTE ? call->a->name : "layer";
    Buf b = {0};
    for (const char *p = word; *p; p++) buf_addc(&b, (char)tolower((unsigned char)*p));
    const char *base = buf_take(&b, k->s->a), *name = base;
    for (int i = 1;; i++) {
        bool taken = false;
        for (int j = 0; j < k->hoisted.len; j++) taken |= str_eq(k->hoisted.at[j].name, name);
        if (!taken && str_eq(stage_class_name(k->s, name), name)) return name;
        name = arena_printf(k->s->a, "%s_%d", base, i);
    }
}

static bool hoist(Scope *k, int i)
{
    Node *n = k->body->at[i];
    Calls c = {.k = k};
    for (int h = 0; h < k->hoisted.len; h++)
        if (k->hoisted.at[h].stmt == i) return true;
    if (n->kind != N_ASSIGN) return false;
    node_walk(n->b, find_calls, &c);
    for (int j = 0; j < c.list.len && !c.other; j++) {
        Hoisted h = {c.list.at[j], hoisted_name(k, c.list.at[j]), i};
        vec_push(k->s->a, &k->hoisted, h);
    }
    return c.list.len && !c.other;
}

bool outline_share(Scope *k)
{
    for (int i = 0; i < k->graphs.len; i++) {
        Graph *g = &k->graphs.at[i];
        g->was = ARENA_ARRAY(k->s->a, bool, k->body->len + 1);
        memcpy(g->was, g->in, (size_t)k->body->len * sizeof *g->was);
    }
    bool *done = ARENA_ARRAY(k->s->a, bool, k->graphs.len + 1);
    for (int n = 0; n < k->graphs.len; n++) { /* the largest first: they are compared with whole ones */
        int best = -1;
        for (int i = 0; i < k->graphs.len; i++)
            if (!done[i] && (best < 0 || size_of(k, &k->graphs.at[i]) > size_of(k, &k->graphs.at[best]))) best = i;
        done[best] = true;
        compose(k, best);
    }
    for (int i = 0; i < k->graphs.len; i++)
        for (int j = i + 1; j < k->graphs.len; j++)
            for (int n = 0; n < k->body->len; n++)
                if (common(k, &k->graphs.at[i], &k->graphs.at[j], n) && !hoist(k, n)) return false;
    return true;
}
