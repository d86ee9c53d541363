/* Names that only name layers, or only say an input's shape: `name` parameters, and what is made of them for name=
 * arguments; input_shape, and how it is found. The classes that functions become name their layers by attributes, and
 * have no inputs of their own, so these names go, wherever nothing else reads them. Found by taking every static name for one and dropping those that are read in any
 * other place, until none is left to drop. */
#include <string.h>

#include "stage/staging_internal.h"

typedef struct Labels {
    Stager *s;
    Staged *f;
    bool changed;
} Labels;

static const Param *parameter_for(const Node *fn, const Node *call, const Node *arg)
{
    for (int i = 0; i < call->items.len; i++) {
        const Node *x = call->items.at[i];
        if (x != arg) continue;
        for (int k = 0; x->kind == N_KEYWORD && k < fn->params.list.len; k++)
            if (str_eq(fn->params.list.at[k].name, x->name)) return &fn->params.list.at[k];
        return x->kind != N_KEYWORD && x->kind != N_STAR && x->kind != N_DSTAR && i < fn->params.list.len
                   ? &fn->params.list.at[i]
                   : NULL;
    }
    return NULL;
}

bool stage_label_argument(Stager *s, const Staged *f, const Node *call, const Node *arg)
{
    Staged *g = call->id > 0 ? staged_of(s, s->runs[call->id]) : NULL;
    if (g && !g->model && !(g->inner && call->a->kind == N_CALL)) {
        const Param *p = parameter_for(g->fn, call, arg);
        return p && g->labels && map_has(g->labels, p->name);
    }
    (void)f;
    return arg->kind == N_KEYWORD && str_eq(arg->name, "name") && (builds(s, call) || !trace_site(s->t, call)) &&
           !staged_of(s, call->id > 0 ? s->runs[call->id] : NULL);
}

static bool find_label(Node *n, void *ctx)
{
    Labels *l = ctx;
    l->changed |= n->kind == N_NAME && map_has(l->f->labels, n->name);
    return !l->changed;
}

static bool binds_labels(const Staged *f, const Node *target)
{
    for (int i = 0; target->kind == N_TUPLE && i < target->items.len; i++)
        if (!binds_labels(f, target->items.at[i])) return false;
    return target->kind == N_TUPLE || (target->kind == N_NAME && map_has(f->labels, target->name));
}

/* raise ValueError(...), warnings.warn(...) */
static bool complains(const Node *n)
{
    const Node *call = n->kind == N_EXPR && n->a->kind == N_CALL ? n->a->a : NULL;
    const char *name = call && (call->kind == N_NAME || call->kind == N_ATTRIBUTE) ? call->name : NULL;
    return n->kind == N_RAISE || str_eq(name, "warn") || str_eq(name, "warning") || str_eq(name, "print");
}

/* backend.is_keras_tensor(x), which raises where it is none */
static bool checks(const Node *x)
{
    const Node *callee = x->kind == N_CALL ? x->a : NULL;
    const char *name = callee && (callee->kind == N_NAME || callee->kind == N_ATTRIBUTE) ? callee->name : "";
    return str_starts(name, "is_") || str_starts(name, "assert_") || str_starts(name, "validate_");
}

static bool labels_only(const Staged *f, Node *n);
static bool idle(const Staged *f, const Node *n);

static bool all_idle(const Staged *f, const NodeVec *body)
{
    for (int i = 0; i < body->len; i++)
        if (!idle(f, body->at[i])) return false;
    return true;
}

/* Does the statement bind nothing but labels, and have no effect but a complaint? */
static bool idle(const Staged *f, const Node *n)
{
    if (complains(n)) return true;
    switch (n->kind) {
    case N_PASS: return true;
    case N_EXPR: return checks(n->a);
    case N_AUGASSIGN: return n->a->kind == N_NAME && map_has(f->labels, n->a->name);
    case N_IF: return all_idle(f, &n->body) && all_idle(f, &n->orelse);
    case N_TRY:
        for (int i = 0; i < n->items.len; i++)
            if (!all_idle(f, &n->items.at[i]->body)) return false;
        return all_idle(f, &n->body) && all_idle(f, &n->orelse) && all_idle(f, &n->final);
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++)
            if (!binds_labels(f, n->items.at[i])) return false;
        return true;
    default: return false;
    }
}

/* if rows < 32: raise ValueError(...), and arms that bind labels and complain about them: whatever else the test reads. */
static bool one_check(const Staged *f, const Node *n)
{
    Labels l = {.f = (Staged *)f};
    if (n->kind != N_IF || n->orelse.len) return false;
    node_walk(n->a, find_label, &l);
    for (int i = 0; i < n->body.len && l.changed; i++)
        l.changed = complains(n->body.at[i]) || labels_only(f, n->body.at[i]);
    return l.changed;
}

static bool find_other(Node *n, void *ctx)
{
    Labels *l = ctx;
    l->changed |= n->kind == N_NAME && map_has(l->f->statics, n->name) && !map_has(l->f->labels, n->name);
    return !l->changed;
}

/* A whole check of labels: it reads nothing else of the function's own, and has no effect but a complaint. */
static bool checks_label(const Staged *f, Node *n)
{
    Labels any = {.f = (Staged *)f}, other = {.f = (Staged *)f};
    if (one_check(f, n)) return true;
    if (!idle(f, n)) return false;
    node_walk(n, find_label, &any);
    node_walk(n, find_other, &other);
    return any.changed && !other.changed;
}

/* Does the statement do nothing but bind labels, or check them? */
static bool labels_only(const Staged *f, Node *n)
{
    if (n->kind == N_IF || n->kind == N_TRY) return checks_label(f, n);
    if (n->kind != N_ASSIGN && n->kind != N_AUGASSIGN) return false;
    return idle(f, n);
}

bool stage_only_labels(Stager *s, const Staged *f, Node *n)
{
    return f->labels && labels_only(f, n) && !any_built(s, n) && !is_dynamic(s, f, n);
}

/* Is this reading of a name one for the sake of a label? */
static bool for_a_label(Labels *l, Node *n)
{
    for (Node *p = n, *up; p && p->id > 0; p = up) {
        up = l->s->t->parent[p->id];
        if (!up) return false;
        if (up->kind == N_CALL && p != up->a && stage_label_argument(l->s, l->f, up, p)) return true;
        if (up->kind == N_CALL && p != up->a && up->id > 0 && l->s->input[up->id]) return true;
        if (labels_only(l->f, up) || stage_only_inputs(l->s, l->f, up)) return true;
        if (up->kind == N_FUNCTION) return false;
    }
    return false;
}

static bool within(const Node *of, const Node *n)
{
    return n->span.start >= of->span.start && n->span.end <= of->span.end;
}

static bool drop_read(Node *n, void *ctx)
{
    Labels *l = ctx;
    if (n->kind != N_NAME || !map_has(l->f->labels, n->name) || for_a_label(l, n)) return true;
    Node *up = n->id > 0 ? l->s->t->parent[n->id] : NULL;
    while (up && up->kind == N_TUPLE && up->id > 0) up = l->s->t->parent[up->id];
    bool target = up && up->kind == N_ASSIGN && !within(up->b, n);
    if (target && labels_only(l->f, up)) return true;
    map_remove(l->f->labels, n->name);
    l->changed = true;
    return true;
}

static void walk_all(Labels *l)
{
    const Staged *f = l->f;
    const NodeVec *body = f->fn ? &f->fn->body : &l->s->t->module->root->items;
    for (int i = 0; i < body->len; i++) node_walk(body->at[i], drop_read, l);
}

typedef struct Given {
    Stager *s;
    Staged *f;
} Given;

/* What the calls of a function whose class has its name give stays a parameter: they stay as they are. */
static bool find_given(Node *n, void *ctx)
{
    Given *g = ctx;
    bool call = n->kind == N_CALL && n->id > 0 && staged_of(g->s, g->s->runs[n->id]) == g->f;
    for (int i = 0; call && i < n->items.len; i++) {
        const Param *p = parameter_for(g->f->fn, n, n->items.at[i]);
        if (p) map_remove(g->f->labels, p->name);
    }
    return true;
}

void stage_labels(Stager *s)
{
    for (int i = 0; i < s->all.len; i++) {
        Staged *f = s->all.at[i];
        f->labels = map_new(s->a);
        for (int k = 0; f->fn && k < f->statics->len; k++)
            if (f->statics->entries[k].key && !map_has(f->dynamic, f->statics->entries[k].key))
                map_set(f->labels, f->statics->entries[k].key, f);
        Given g = {s, f};
        if (f->itself) node_walk(s->t->module->root, find_given, &g);
    }
    Labels l = {.s = s, .changed = true};
    while (l.changed) {
        l.changed = false;
        for (int i = 0; i < s->all.len; i++) {
            l.f = s->all.at[i];
            walk_all(&l);
        }
    }
}
