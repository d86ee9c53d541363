/* Scopes with several graphs, and methods with one: which statements belong to which graph.
 *
 * From a graph's outputs backwards: a statement that needs tensors and binds what is needed belongs to the graph. One
 * that needs none comes along where nothing else reads what it binds; else its value is handed to the function. */
#include "stage/outline.h"

#include <ctype.h>
#include <string.h>

#include "stage/outline_internal.h"

bool outline_has(const Map *names, const Map *of)
{
    for (int i = 0; i < names->len; i++)
        if (names->entries[i].key && map_has(of, names->entries[i].key)) return true;
    return false;
}

typedef struct Builder {
    Stager *s;
    bool found;
} Builder;

static void put(Map *m, const char *name)
{
    if (!map_has(m, name)) map_set(m, name, (void *)name);
}

void outline_put(Map *m, const Map *from)
{
    for (int i = 0; i < from->len; i++)
        if (from->entries[i].key) put(m, from->entries[i].key);
}

/* ---- facts of a statement ---- */

typedef struct Facts {
    const Scope *k;
    StmtFacts *f;
    bool inner; /* inside of a function of the statement's own */
} Facts;

static bool is_self(const Scope *k, const Node *n)
{
    return k->self && n->kind == N_NAME && str_eq(n->name, k->self);
}

static void bind(Facts *x, Node *target)
{
    target = node_unparen(target);
    if (target->kind == N_NAME && !x->inner) put(x->f->binds, target->name);
    for (int i = 0; (target->kind == N_TUPLE || target->kind == N_LIST) && i < target->items.len; i++)
        bind(x, target->items.at[i]);
    if (target->kind == N_STAR) bind(x, target->a);
    if (target->kind == N_ATTRIBUTE && is_self(x->k, target->a)) x->f->sets_self = true;
    Node *base = target;
    while (base->kind == N_SUBSCRIPT || base->kind == N_ATTRIBUTE) base = base->a;
    if (base != target && base->kind == N_NAME) put(x->f->mutates, base->name);
}

static bool only_bound(const Node *up, const Node *n)
{
    if (!up) return false;
    if (up->kind == N_ASSIGN) return up->b != n;
    if (up->kind == N_FOR || up->kind == N_ANNASSIGN) return up->a == n;
    return false;
}

static bool collect(Node *n, void *ctx);

static void collect_inner(Facts *x, Node *n)
{
    bool was = x->inner;
    x->inner = true;
    for (int i = 0; i < n->params.list.len; i++)
        if (n->params.list.at[i].dflt) node_walk(n->params.list.at[i].dflt, collect, x);
    if (n->a) node_walk(n->a, collect, x);
    for (int i = 0; i < n->body.len; i++) node_walk(n->body.at[i], collect, x);
    x->inner = was;
}

static void collect_name(Facts *x, Node *n)
{
    const Trace *t = x->k->s->t;
    Node *up = n->id > 0 ? t->parent[n->id] : NULL;
    if (is_self(x->k, n)) {
        const Node *call = up && up->id > 0 ? t->parent[up->id] : NULL;
        bool attribute = up && up->kind == N_ATTRIBUTE;
        bool called = attribute && call && call->kind == N_CALL && call->a == up && x->k->s->runs[call->id];
        if (!attribute || called || x->k->s->tensor[up->id]) x->f->sets_self = true;
        else if (!only_bound(call, up)) put(x->f->attrs, up->name);
        return;
    }
    while (up && (up->kind == N_TUPLE || up->kind == N_LIST) && up->id > 0 && !only_bound(t->parent[up->id], up))
        up = t->parent[up->id];
    bool target = up && (up->kind == N_TUPLE || up->kind == N_LIST);
    if (!target && !only_bound(n->id > 0 ? t->parent[n->id] : NULL, n)) put(x->f->reads, n->name);
}

static bool collect(Node *n, void *ctx)
{
    Facts *x = ctx;
    for (int i = 0; i < x->k->hoisted.len; i++)
        if (x->k->hoisted.at[i].call == n) return false; /* it is built before the graphs */
    switch (n->kind) {
    case N_NAME: collect_name(x, n); return false;
    case N_FUNCTION: case N_CLASS:
        if (!x->inner) put(x->f->binds, n->name);
        collect_inner(x, n);
        return false;
    case N_LAMBDA: collect_inner(x, n); return false;
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++) bind(x, n->items.at[i]);
        return true;
    case N_AUGASSIGN: case N_FOR: case N_WALRUS: case N_ANNASSIGN: bind(x, n->a); return true;
    case N_WITHITEM:
        if (n->b) bind(x, n->b);
        return true;
    case N_ALIAS:
        if (!x->inner) put(x->f->binds, n->asname ? n->asname : arena_strndup(x->k->s->a, n->name, strcspn(n->name, ".")));
        return true;
    case N_EXPR:
        if (n->a->kind == N_CALL && n->a->a->kind == N_ATTRIBUTE && n->a->a->a->kind == N_NAME && !is_self(x->k, n->a->a->a))
            put(x->f->mutates, n->a->a->a->name);
        return true;
    default: return true;
    }
}

static bool binds_whole(const Node *n)
{
    if (n->kind == N_FUNCTION || n->kind == N_CLASS) return true;
    if (n->kind != N_ASSIGN) return false;
    for (int i = 0; i < n->items.len; i++) {
        const Node *t = n->items.at[i];
        if (t->kind == N_SUBSCRIPT || t->kind == N_ATTRIBUTE) return false;
    }
    return true;
}

static StmtFacts facts_of(Scope *k, Node *n)
{
    Arena *a = k->s->a;
    StmtFacts f = {.binds = map_new(a), .mutates = map_new(a), .reads = map_new(a), .attrs = map_new(a), .graph = -1};
    Facts x = {.k = k, .f = &f};
    node_walk(n, collect, &x);
    f.whole = binds_whole(n);
    bool own = n->kind == N_FUNCTION || n->kind == N_CLASS || n->kind == N_IMPORT || n->kind == N_IMPORTFROM;
    f.input = !own && makes_input(k->s, n);
    f.dynamic = !own && (f.input || is_dynamic(k->s, &k->names, n) || outline_has(f.binds, k->names.dynamic));
    f.builds = !own && outline_builds(k->s, n);
    return f;
}

/* ---- scopes ---- */

static Scope *scope_for(Stager *s, Scope **all, int *n, Definition *d)
{
    for (int i = 0; i < *n; i++)
        if (all[i]->def == d) return all[i];
    Scope *k = ARENA_NEW(s->a, Scope);
    k->s = s;
    k->def = d;
    k->fn = d ? d->node : NULL;
    k->body = d ? &d->node->body : &s->t->module->root->items;
    bool method = d && d->parent && d->parent->kind != DEF_FUNCTION;
    if (method && k->fn->params.list.len) k->self = k->fn->params.list.at[0].name;
    return all[(*n)++] = k;
}

static bool can_be_scope(const Trace *t, const Definition *d)
{
    if (!d) return true;
    bool here = d->kind == DEF_FUNCTION && d->node->kind == N_FUNCTION && d->node->id <= t->module->nnodes;
    bool top = !d->parent || (d->parent->node->kind == N_CLASS && !d->parent->parent);
    return here && top && !(d->parent && d->parent->kind == DEF_MODULE_CLASS);
}

static int statement_at(const Scope *k, const Node *stmt)
{
    for (int i = 0; i < k->body->len; i++)
        if (k->body->at[i] == stmt) return i;
    return -1;
}

/* The scopes with graphs, in the order of their first; those that cannot be split have none. */
int outline_scopes(Stager *s, Scope **all)
{
    const Trace *t = s->t;
    int n = 0;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        const Node *m = e->forced ? NULL : stage_model_call(e);
        if (!m || m->id <= 0 || m->id > t->module->nnodes) continue;
        if (!can_be_scope(t, t->definition_of[m->id])) continue;
        Scope *k = scope_for(s, all, &n, t->definition_of[m->id]);
        bool known = false;
        for (int g = 0; g < k->graphs.len; g++) known |= k->graphs.at[g].model == m;
        if (known) continue;
        Graph g = {.model = m, .at = statement_at(k, t->stmt_parent[m->id]), .statics = map_new(s->a)};
        vec_push(s->a, &k->graphs, g);
    }
    return n;
}

static bool find_builder(Node *n, void *ctx)
{
    Builder *b = ctx;
    const Definition *d = n->kind == N_CALL && n->id > 0 ? b->s->runs[n->id] : NULL;
    b->found |= n->kind == N_CALL && (builds(b->s, n) || (d && d->builds));
    return !b->found;
}

bool outline_builds(Stager *s, Node *n)
{
    Builder b = {.s = s};
    node_walk(n, find_builder, &b);
    return b.found;
}

const char *outline_target(const Scope *k, const Graph *g)
{
    const Node *n = k->body->at[g->at];
    if (n->kind != N_ASSIGN || n->items.len != 1 || node_unparen(n->b) != g->model) return NULL;
    const Node *t = n->items.at[0];
    if (t->kind == N_NAME) return t->name;
    return t->kind == N_ATTRIBUTE && is_self(k, t->a) ? arena_printf(k->s->a, "%s.%s", k->self, t->name) : NULL;
}

static const char *graph_word(Scope *k, const Graph *g)
{
    const char *target = outline_target(k, g);
    if (target && strchr(target, '.')) target = strchr(target, '.') + 1;
    if (!target) target = k->fn ? k->fn->name : "net";
    while (*target == '_') target++;
    const char *name = stage_camel(k->s->a, target);
    return str_eq(name, "Model") || !isalpha((unsigned char)name[0]) ? "Net" : name;
}

static void name_graphs(Scope *k, Map *taken)
{
    for (int i = 0; i < k->graphs.len; i++) {
        const char *word = graph_word(k, &k->graphs.at[i]), *name = word;
        for (int n = 2;; n++) {
            name = stage_class_name(k->s, name);
            if (!map_has(taken, name)) break;
            name = arena_printf(k->s->a, "%s%d", word, n);
        }
        k->graphs.at[i].name = name;
        map_set(taken, name, (void *)name);
    }
}

/* ---- slices ---- */

static void reads_of_call(const Scope *k, const Node *call, Map *out)
{
    StmtFacts f = {.binds = map_new(k->s->a), .mutates = map_new(k->s->a), .reads = out, .attrs = map_new(k->s->a)};
    Facts x = {.k = k, .f = &f};
    for (int i = 0; i < call->items.len; i++) node_walk(call->items.at[i], collect, &x);
}

/* The statements that need tensors; what they read beside tensors is put into g->statics. */
static void slice(Scope *k, Graph *g)
{
    Map *needed = map_new(k->s->a);
    g->in = ARENA_ARRAY(k->s->a, bool, k->body->len + 1);
    reads_of_call(k, g->model, needed);
    for (int i = g->at - 1; i >= 0; i--) {
        StmtFacts *f = &k->facts[i];
        bool wanted = f->dynamic && f->graph < 0 && (outline_has(f->binds, needed) || outline_has(f->mutates, needed));
        if (!wanted) continue;
        g->in[i] = true;
        for (int b = 0; b < f->binds->len && f->whole; b++)
            if (f->binds->entries[b].key) map_remove(needed, f->binds->entries[b].key);
        outline_put(needed, f->reads);
    }
}

static bool in_another(const Scope *k, const Graph *g, int i)
{
    for (int j = 0; j < k->graphs.len; j++)
        if (&k->graphs.at[j] != g && k->graphs.at[j].in[i]) return true;
    return false;
}

static bool reads_elsewhere(const Scope *k, const Graph *g, const Map *names)
{
    for (int i = 0; i < k->body->len; i++) {
        const StmtFacts *f = &k->facts[i];
        bool own = g->in[i] && !in_another(k, g, i);
        if (own || i == g->at || outline_has(f->binds, names) || outline_has(f->mutates, names)) continue;
        if (outline_has(f->reads, names)) return true;
    }
    for (int i = 0; i < k->graphs.len; i++)
        if (&k->graphs.at[i] != g && i != k->facts[g->at].graph) {
            Map *reads = map_new(k->s->a);
            reads_of_call(k, k->graphs.at[i].model, reads);
            if (outline_has(reads, names)) return true;
        }
    return false;
}

static bool is_parameter(const Scope *k, const char *name)
{
    for (int i = 0; k->fn && i < k->fn->params.list.len; i++)
        if (str_eq(k->fn->params.list.at[i].name, name)) return true;
    return false;
}

static bool is_import(const Node *n)
{
    return n->kind == N_IMPORT || n->kind == N_IMPORTFROM;
}

/* Does a statement without tensors come along with the graph that reads what it binds? */
static bool comes_along(const Scope *k, const Graph *g, int i)
{
    const StmtFacts *f = &k->facts[i];
    const Node *n = k->body->at[i];
    if (f->dynamic || f->graph >= 0 || f->sets_self) return false;
    if (n->kind == N_RETURN || !(outline_has(f->binds, g->statics) || outline_has(f->mutates, g->statics))) return false;
    if (n->kind == N_FUNCTION || is_import(n)) return k->fn != NULL;
    Map *all = map_new(k->s->a);
    outline_put(all, f->binds);
    outline_put(all, f->mutates);
    for (int b = 0; b < all->len; b++)
        if (all->entries[b].key && is_parameter(k, all->entries[b].key) && !f->whole) return false;
    return (k->fn || f->builds) && !reads_elsewhere(k, g, all);
}

static StmtFacts facts_again(Scope *k, int i)
{
    StmtFacts f = facts_of(k, k->body->at[i]);
    f.graph = k->facts[i].graph;
    return f;
}

static void add_statics(Scope *k, Graph *g)
{
    reads_of_call(k, g->model, g->statics);
    for (int i = 0; i < k->body->len; i++) {
        if (!g->in[i]) continue;
        if (k->hoisted.len) k->facts[i] = facts_again(k, i);
        outline_put(g->statics, k->facts[i].reads);
    }
    for (int i = g->at - 1; i >= 0; i--) {
        if (g->in[i] || !comes_along(k, g, i)) continue;
        g->in[i] = true;
        outline_put(g->statics, k->facts[i].reads);
    }
}

/* ---- what is handed over ---- */

static bool bound_inside(const Scope *k, const Graph *g, const char *name)
{
    for (int i = 0; i < k->body->len; i++)
        if (g->in[i] && map_has(k->facts[i].binds, name)) return true;
    for (int i = 0; i < g->begun.len; i++) {
        const Graph *other = &k->graphs.at[g->begun.at[i].graph];
        for (int j = 0; j < k->body->len; j++)
            if (other->was[j] && map_has(k->facts[j].binds, name)) return true;
    }
    return false;
}

static void hand(Scope *k, Graph *g, const char *outer, const char *inner)
{
    for (int i = 0; i < g->handed.len; i++)
        if (str_eq(g->handed.at[i].outer, outer)) return;
    while (bound_inside(k, g, inner)) inner = arena_printf(k->s->a, "%s_", inner);
    Handed h = {outer, inner};
    vec_push(k->s->a, &g->handed, h);
}

/* How often is a name bound in the scope by a statement that stays there, and is one of them no plain value? */
static int bindings(const Scope *k, const char *name, bool *builds)
{
    int n = is_parameter(k, name);
    for (int i = 0; i < k->body->len; i++) {
        const StmtFacts *f = &k->facts[i];
        if (!map_has(f->binds, name) || (f->dynamic && f->graph < 0) || is_import(k->body->at[i])) continue;
        *builds |= f->builds || f->graph >= 0;
        n++;
    }
    return n;
}

static bool hand_static(Scope *k, Graph *g, const char *name)
{
    bool builds = false;
    if (bound_inside(k, g, name) || is_self(k, &(Node){.kind = N_NAME, .name = name})) return true;
    int n = bindings(k, name, &builds);
    if (n > 1) return false; /* which of its values? */
    if (n && (k->fn || builds)) hand(k, g, name, name);
    return true;
}

static bool hand_over(Scope *k, Graph *g)
{
    for (int i = 0; i < g->begun.len; i++) {
        const char *outer = outline_target(k, &k->graphs.at[g->begun.at[i].graph]);
        const char *dot = strchr(outer, '.');
        hand(k, g, outer, dot ? dot + 1 : outer);
    }
    for (int i = 0; i < g->statics->len; i++)
        if (g->statics->entries[i].key && !hand_static(k, g, g->statics->entries[i].key)) return false;
    for (int i = 0; i < k->hoisted.len; i++)
        if (g->in[k->hoisted.at[i].stmt]) hand(k, g, k->hoisted.at[i].name, k->hoisted.at[i].name);
    Facts x = {.k = k};
    StmtFacts own = {.binds = map_new(k->s->a), .mutates = map_new(k->s->a), .reads = map_new(k->s->a), .attrs = map_new(k->s->a)};
    x.f = &own;
    for (int i = 0; i < g->model->items.len; i++) node_walk(g->model->items.at[i], collect, &x);
    for (int i = 0; i < k->body->len; i++) {
        if (!g->in[i]) continue;
        if (k->facts[i].sets_self) return false;
        outline_put(own.attrs, k->facts[i].attrs);
    }
    for (int i = 0; i < own.attrs->len; i++) {
        const char *name = own.attrs->entries[i].key;
        if (name) hand(k, g, arena_printf(k->s->a, "%s.%s", k->self, name), name);
    }
    return !own.sets_self;
}

/* ---- what stays ---- */

/* Does it change nothing but tensors, and lists of them, that the graphs' own statements bind? */
static bool only_tensors(const Scope *k, const Map *names)
{
    for (int m = 0; m < names->len; m++) {
        const char *name = names->entries[m].key;
        bool bound = false;
        for (int i = 0; name && i < k->body->len; i++) {
            const StmtFacts *f = &k->facts[i];
            if (f->graph >= 0 && map_has(f->binds, name)) return false;
            bound |= f->graph < 0 && map_has(f->binds, name);
        }
        if (name && !(bound && map_has(k->names.dynamic, name))) return false;
    }
    return true;
}

bool outline_has_effect(const Scope *k, int i)
{
    const StmtFacts *f = &k->facts[i];
    const Node *n = k->body->at[i];
    if (!f->dynamic || f->sets_self || n->kind == N_RETURN) return true;
    if (n->kind == N_EXPR && !map_count(f->mutates)) return true;
    return !only_tensors(k, f->mutates);
}

static void find_kept(Scope *k)
{
    k->keep = ARENA_ARRAY(k->s->a, bool, k->body->len + 1);
    k->gone = map_new(k->s->a);
    Map *bound = map_new(k->s->a), *read = map_new(k->s->a);
    for (int i = 0; i < k->body->len; i++) {
        const StmtFacts *f = &k->facts[i];
        bool moved = false;
        for (int g = 0; g < k->graphs.len; g++) moved |= k->graphs.at[g].in[i] && !is_import(k->body->at[i]);
        k->keep[i] = f->graph >= 0 || (!moved && outline_has_effect(k, i));
        if (k->keep[i] && f->graph < 0) outline_put(read, f->reads);
        outline_put(k->keep[i] ? bound : k->gone, f->binds);
    }
    for (int i = 0; i < k->gone->len; i++) {
        const char *name = k->gone->entries[i].key;
        if (name && (map_has(bound, name) || !map_has(read, name) || is_parameter(k, name))) map_remove(k->gone, name);
    }
}

bool outline_facts(Scope *k)
{
    Stager *s = k->s;
    k->names = (Staged){.def = k->def, .fn = k->fn};
    split_names(s, &k->names);
    k->facts = ARENA_ARRAY(s->a, StmtFacts, k->body->len + 1);
    for (int i = 0; i < k->body->len; i++) k->facts[i] = facts_of(k, k->body->at[i]);
    for (int i = 0; i < k->graphs.len; i++) {
        Graph *g = &k->graphs.at[i];
        if (g->at < 0 || k->facts[g->at].graph >= 0) return false;
        k->facts[g->at].graph = i;
    }
    return true;
}

static bool split_scope(Scope *k)
{
    if (!k->self && k->graphs.len < 2) return false;
    if (!outline_facts(k)) return false;
    for (int i = 0; i < k->graphs.len; i++) slice(k, &k->graphs.at[i]);
    if (!outline_share(k)) return false;
    for (int i = 0; i < k->graphs.len; i++) add_statics(k, &k->graphs.at[i]);
    for (int i = 0; i < k->graphs.len; i++)
        if (!hand_over(k, &k->graphs.at[i])) return false;
    find_kept(k);
    return true;
}

bool outline_make(Arena *a, const Trace *t, Outline *out)
{
    Stager s;
    *out = (Outline){0};
    stage_facts(&s, a, t);
    Scope **all = ARENA_ARRAY(a, Scope *, t->definitions.len + 2);
    int found = outline_scopes(&s, all), n = 0;
    Map *taken = map_new(a);
    for (int i = 0; i < found; i++)
        if (split_scope(all[i])) all[n++] = all[i];
    for (int i = 0; i < n; i++) {
        name_graphs(all[i], taken);
        for (int g = 0; g < all[i]->gone->len; g++)
            if (all[i]->gone->entries[g].key) vec_push(a, &out->gone, all[i]->gone->entries[g].key);
    }
    out->module = n ? outline_text(&s, all, n) : NULL;
    return out->module != NULL;
}
