/* The statements of a function in two parts: what can run when the network is built, and what needs
 * its tensors. A statement that needs tensors goes to the second part, and what it builds to the
 * first; any other goes to the first. Conditions and loops go where their bodies do. */
#include <stdlib.h>
#include <string.h>

#include "stage/copy.h"
#include "stage/collapse.h"
#include "stage/staging_internal.h"

void stage_fail(Stager *s, const Node *n, const char *why)
{
    if (s->failed) return;
    s->failed = why;
    s->failed_at = n ? n->span.start : 0;
}

/* ---- names ---- */

typedef struct Dyn {
    Stager *s;
    const Staged *f;
    bool found;
} Dyn;

static bool find_dynamic(Node *n, void *ctx)
{
    Dyn *d = ctx;
    if (n->kind == N_LAMBDA || n->kind == N_FUNCTION || n->kind == N_CLASS) return false;
    if (n->id > 0 && d->s->tensor[n->id]) d->found = true;
    if (n->kind == N_NAME && map_has(d->f->dynamic, n->name)) d->found = true;
    if (n->kind == N_KEYWORD && !d->found) node_walk(n->a, find_dynamic, d);
    return !d->found;
}

bool is_dynamic(Stager *s, const Staged *f, Node *n)
{
    Dyn d = {s, f, false};
    node_walk(n, find_dynamic, &d);
    return d.found;
}

typedef struct Marks {
    Stager *s;
    Staged *f;
    bool changed;
} Marks;

static void mark(Marks *m, Node *target)
{
    target = node_unparen(target);
    while (target->kind == N_SUBSCRIPT || target->kind == N_STAR) target = target->a;
    for (int i = 0; (target->kind == N_TUPLE || target->kind == N_LIST) && i < target->items.len; i++)
        mark(m, target->items.at[i]);
    if (target->kind != N_NAME || map_has(m->f->dynamic, target->name)) return;
    map_set(m->f->dynamic, target->name, (void *)target->name);
    m->changed = true;
}

static void mark_assigned(Marks *m, Node *n)
{
    if (!gives_to(m->s, n)) {
        for (int i = 0; i < n->items.len; i++) mark(m, n->items.at[i]);
        return;
    }
    Node *t = node_unparen(n->items.at[0]);
    for (int i = 0; i < t->items.len; i++)
        if (!gives_number(m->s, n, i)) mark(m, t->items.at[i]);
}

static bool spread(Node *n, void *ctx)
{
    Marks *m = ctx;
    if (n->kind == N_FUNCTION || n->kind == N_LAMBDA || n->kind == N_CLASS) return false;
    bool graph = n->kind == N_ASSIGN && stage_graph_call(m->s, node_unparen(n->b)); /* a network is no tensor */
    if (n->kind == N_ASSIGN && !graph && is_dynamic(m->s, m->f, n->b))
        mark_assigned(m, n);
    if ((n->kind == N_AUGASSIGN || n->kind == N_WALRUS) && is_dynamic(m->s, m->f, n->b)) mark(m, n->a);
    if ((n->kind == N_FOR || n->kind == N_COMPFOR) && is_dynamic(m->s, m->f, n->b)) {
        bool pairs = n->b->kind == N_CALL && n->b->a->kind == N_NAME &&
                     (str_eq(n->b->a->name, "enumerate") || str_eq(n->b->a->name, "zip"));
        if (!pairs || n->a->kind != N_TUPLE) {
            mark(m, n->a);
        } else if (str_eq(n->b->a->name, "enumerate")) {
            mark(m, n->a->items.at[n->a->items.len - 1]);
        } else {
            for (int i = 0; i < n->b->items.len && i < n->a->items.len; i++)
                if (is_dynamic(m->s, m->f, n->b->items.at[i])) mark(m, n->a->items.at[i]);
        }
    }
    bool method = n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && n->a->a->kind == N_NAME;
    const Definition *of = m->f->def ? m->f->def->parent : NULL;
    bool self = method && of && of->kind != DEF_FUNCTION && m->f->fn->params.list.len &&
                str_eq(m->f->fn->params.list.at[0].name, n->a->a->name);
    bool gives = n->id > 0 && m->s->tensor[n->id]; /* net.head(x) */
    if (method && !self && !gives && map_has(m->f->statics, n->a->a->name)) /* skips.append(x) */
        for (int i = 0; i < n->items.len; i++)
            if (is_dynamic(m->s, m->f, n->items.at[i])) mark(m, n->a->a);
    return true;
}

static void count_static(Staged *f, Arena *a, const char *name)
{
    (void)a;
    long n = (long)map_get(f->statics, name);
    map_set(f->statics, name, (void *)(n + 1));
}

static void bind_static(Stager *s, Staged *f, Node *t)
{
    t = node_unparen(t);
    if (t->kind == N_NAME) count_static(f, s->a, t->name);
    for (int i = 0; (t->kind == N_TUPLE || t->kind == N_LIST) && i < t->items.len; i++)
        bind_static(s, f, t->items.at[i]);
}

static bool collect_bound(Node *n, void *ctx)
{
    Marks *m = ctx;
    if (n->kind == N_FUNCTION || n->kind == N_CLASS) {
        count_static(m->f, m->s->a, n->name);
        return false;
    }
    if (n->kind == N_LAMBDA) return false;
    if (n->kind == N_ASSIGN)
        for (int i = 0; i < n->items.len; i++) bind_static(m->s, m->f, n->items.at[i]);
    if (n->kind == N_AUGASSIGN || n->kind == N_FOR || n->kind == N_WALRUS || n->kind == N_ANNASSIGN)
        bind_static(m->s, m->f, n->a);
    return true;
}

static void params_of(Stager *s, Staged *f, const Node *fn)
{
    for (int i = 0; i < fn->params.list.len; i++) count_static(f, s->a, fn->params.list.at[i].name);
}

static bool read_as_tensor(Node *n, void *ctx)
{
    Marks *m = ctx;
    if (n->kind == N_NAME && n->id > 0 && m->s->tensor[n->id] && map_has(m->f->statics, n->name)) mark(m, n);
    return true;
}

static const NodeVec *body_of(Stager *s, const Staged *f)
{
    if (!f->fn) return &s->t->module->root->items;
    return f->inner ? &f->inner->body : &f->fn->body;
}

typedef struct Passed {
    Stager *s;
    Staged *f; /* whose body is looked at */
    bool changed;
} Passed;

static bool binds_list(Node *n, void *ctx)
{
    Dyn *d = ctx; /* f->cls: the name */
    bool list = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && str_eq(n->items.at[0]->name, d->f->cls) &&
                (n->b->kind == N_LIST || n->b->kind == N_LISTCOMP);
    d->found |= list;
    return !d->found;
}

/* [c1, c2], or a name of such a list: not a size that is read off a tensor. */
static bool lists_tensors(Stager *s, const Staged *f, Node *x)
{
    if (x->kind == N_LIST || x->kind == N_TUPLE) {
        for (int i = 0; i < x->items.len; i++)
            if (x->items.at[i]->id > 0 && s->tensor[x->items.at[i]->id]) return true;
        return false;
    }
    if (x->kind != N_NAME || !map_has(f->dynamic, x->name) || s->tensor[x->id] || !f->fn) return false;
    Staged named = {.cls = x->name};
    Dyn d = {s, &named, false};
    for (int i = 0; i < f->fn->body.len; i++) node_walk(f->fn->body.at[i], binds_list, &d);
    return d.found;
}

static bool find_passed(Node *n, void *ctx)
{
    Passed *k = ctx;
    bool call = n->kind == N_CALL && n->id > 0 && n->id <= k->s->t->module->nnodes && k->s->runs[n->id];
    Staged *g = call ? staged_of(k->s, k->s->runs[n->id]) : NULL;
    for (int i = 0; g && g->fn && !g->model && !g->inner && i < n->items.len; i++) {
        Node *x = n->items.at[i], *value = x->kind == N_KEYWORD ? x->a : x;
        const Params *p = &g->fn->params;
        const char *name = x->kind == N_KEYWORD ? x->name : i < p->list.len && p->list.at[i].kind == PARAM_PLAIN ? p->list.at[i].name : NULL;
        if (!name || map_has(g->dynamic, name) || !lists_tensors(k->s, k->f, value)) continue;
        if (!g->passed) g->passed = map_new(k->s->a);
        map_set(g->passed, name, (void *)name);
        k->changed = true;
    }
    return true;
}

void split_passed(Stager *s)
{
    for (int round = 0; round < 4; round++) {
        Passed k = {.s = s};
        for (int i = 0; i < s->all.len; i++) {
            k.f = s->all.at[i];
            const NodeVec *body = k.f->fn ? &k.f->fn->body : &s->t->module->root->items;
            for (int b = 0; b < body->len; b++)
                if (k.f->fn || body->at[b]->kind != N_FUNCTION) node_walk(body->at[b], find_passed, &k);
        }
        if (!k.changed) return;
        for (int i = 0; i < s->all.len; i++) {
            Staged *f = s->all.at[i];
            split_names(s, f);
            for (int n = 0; f->model && n < f->inputs.len; n++) map_set(f->dynamic, f->inputs.at[n], (void *)f->inputs.at[n]);
        }
    }
}

void split_names(Stager *s, Staged *f)
{
    Marks m = {s, f, true};
    f->dynamic = map_new(s->a);
    for (int i = 0; f->passed && i < f->passed->len; i++)
        if (f->passed->entries[i].key) map_set(f->dynamic, f->passed->entries[i].key, f->passed->entries[i].value);
    f->statics = map_new(s->a);
    if (f->fn) params_of(s, f, f->fn);
    if (f->inner) params_of(s, f, f->inner);
    for (int pass = 0; pass < 2; pass++) {
        const NodeVec *body = pass ? body_of(s, f) : f->inner ? &f->fn->body : NULL;
        for (int i = 0; body && i < body->len; i++) node_walk(body->at[i], collect_bound, &m);
    }
    const NodeVec *body = body_of(s, f);
    for (int i = 0; i < body->len; i++) node_walk(body->at[i], read_as_tensor, &m);
    for (int rounds = 0; m.changed && rounds < 20; rounds++) {
        m.changed = false;
        for (int i = 0; i < body->len; i++) node_walk(body->at[i], spread, &m);
    }
}

/* ---- statements ---- */

/* Checks of what only names layers go with it, and that is said. */
static void note_gone(Stager *s, const Node *n)
{
    int line, col;
    if (n->kind != N_IF && n->kind != N_TRY) return;
    source_position(s->t->module->src, n->span.start, &line, &col);
    vec_push(s->a, &s->notes, arena_printf(s->a, "line %d: a check of what the port does not ask for is left out", line));
}

static void find_vanishing(Stager *s, const Staged *f, const NodeVec *body, CopyHoles *holes)
{
    int left = 0;
    for (int i = 0; i < body->len; i++) left += !stage_only_labels(s, f, body->at[i]);
    for (int i = 0; i < body->len; i++) {
        Node *n = body->at[i];
        if (stage_only_labels(s, f, n)) {
            note_gone(s, n);
            CopyHole h = {n->span, left || i ? "" : "pass"};
            if (i && (left || i)) h.at.start = body->at[i - 1]->span.end;
            else if (left) h.at.end = body->at[i + 1]->span.start;
            vec_push(s->a, holes, h);
            continue;
        }
        const NodeVec *inner[] = {&n->body, &n->items, &n->orelse, &n->final};
        for (int k = 0; k < 4; k++)
            if (k != 1 || n->kind == N_TRY) find_vanishing(s, f, inner[k], holes);
    }
}

typedef struct NameHoles {
    Stager *s;
    const Staged *f;
    CopyHoles *holes;
} NameHoles;

/* activation = hard_swish, within a conditional: the class that the function has become. */
static bool find_named(Node *n, void *ctx)
{
    NameHoles *k = ctx;
    Staged *g = n->kind == N_NAME ? stage_named_function(k->s, k->f, n) : NULL;
    for (int i = 0; g && i < k->holes->len; i++) /* what goes already */
        if (k->holes->at[i].at.start <= n->span.start && n->span.end <= k->holes->at[i].at.end) g = NULL;
    if (g) {
        CopyHole h = {n->span, g->cls};
        vec_push(k->s->a, k->holes, h);
    }
    return true;
}

static int by_start(const void *x, const void *y)
{
    const CopyHole *a = x, *b = y;
    return (a->at.start > b->at.start) - (a->at.start < b->at.start);
}

static void static_stmt(Stager *s, Staged *f, Node *n, int depth, Chunks *construct)
{
    bool compound = n->body.len > 0;
    if (compound) {
        CopyHoles holes = {0};
        NodeVec one = {&n, 1, 1};
        find_vanishing(s, f, &one, &holes);
        NameHoles names = {s, f, &holes};
        node_walk(n, find_named, &names);
        if (holes.len) qsort(holes.at, (size_t)holes.len, sizeof *holes.at, by_start);
        copy_stmt(s, n, &holes, depth, construct);
        return;
    }
    chunk_text(s, construct, n->span, "%s", stage_indent(s, depth));
    lift_static(s, f, n, construct);
    chunk_text(s, construct, n->span, "\n");
}

static void dynamic_stmt(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply)
{
    Chunks line = {0};
    lift_expr(s, f, n, depth, construct, &line);
    chunk_text(s, apply, n->span, "%s", stage_indent(s, depth));
    chunk_all(s, apply, &line);
    chunk_text(s, apply, n->span, "\n");
}

static bool needs_second(Stager *s, Staged *f, Node *n);

static bool any_second(Stager *s, Staged *f, const NodeVec *body)
{
    for (int i = 0; i < body->len; i++)
        if (needs_second(s, f, body->at[i])) return true;
    return false;
}

/* Does some of the statement need tensors? */
static bool needs_second(Stager *s, Staged *f, Node *n)
{
    switch (n->kind) {
    case N_IF:
        return is_dynamic(s, f, n->a) || any_second(s, f, &n->body) || any_second(s, f, &n->orelse);
    case N_FOR: return is_dynamic(s, f, n->b) || any_second(s, f, &n->body);
    case N_WHILE: return is_dynamic(s, f, n->a) || any_second(s, f, &n->body);
    case N_WITH: case N_TRY: return any_second(s, f, &n->body);
    case N_FUNCTION: case N_CLASS: return false;
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++)
            if (is_dynamic(s, f, n->items.at[i])) return true;
        return is_dynamic(s, f, n->b);
    case N_RETURN: return true;
    default: return is_dynamic(s, f, n);
    }
}

static void arm(Stager *s, Staged *f, const NodeVec *body, int depth, Chunks *construct, Chunks *apply)
{
    bool *flag = f->loop ? &f->loop->conditional : NULL, was = flag ? *flag : false;
    if (flag) *flag = true;
    split_block(s, f, body, depth, construct, apply);
    if (flag) *flag = was;
}

static void if_arms(Stager *s, Chunks *out, const Chunks *head, const Chunks *body, const Chunks *orelse, Node *n,
                    int depth)
{
    const char *indent = stage_indent(s, depth), *inner = stage_indent(s, depth + 1);
    if (!body->len && !orelse->len) return;
    chunk_text(s, out, n->span, "%sif ", indent);
    chunk_all(s, out, head);
    chunk_text(s, out, n->span, ":\n");
    if (body->len) chunk_all(s, out, body);
    else chunk_text(s, out, n->span, "%spass\n", inner);
    if (!orelse->len) return;
    chunk_text(s, out, n->span, "%selse:\n", indent);
    chunk_all(s, out, orelse);
}

static void split_if(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply)
{
    Chunks c1 = {0}, a1 = {0}, c2 = {0}, a2 = {0}, test = {0}, head = {0};
    arm(s, f, &n->body, depth + 1, &c1, &a1);
    arm(s, f, &n->orelse, depth + 1, &c2, &a2);
    if (is_dynamic(s, f, n->a) && (c1.len || c2.len)) {
        stage_fail(s, n, "layers are built under a condition on a tensor");
        return;
    }
    lift_static(s, f, n->a, &test);
    if_arms(s, construct, &test, &c1, &c2, n, depth);
    if (a1.len || a2.len) lift_expr(s, f, n->a, depth, construct, &head);
    if_arms(s, apply, &head, &a1, &a2, n, depth);
    if (f->loop && (a1.len || a2.len)) f->loop->branches = true;
}

/* The head of the constructor's loop for one over tensors that are listed: enumerate([a, b]) -> "i in range(2)". NULL:
 * nobody knows how many there are. */
static const char *counted_head(Stager *s, const Node *n)
{
    const Node *over = node_unparen(n->b), *target = n->a;
    bool numbers = over->kind == N_CALL && over->a->kind == N_NAME && str_eq(over->a->name, "enumerate") && over->items.len == 1;
    if (numbers) {
        over = node_unparen(over->items.at[0]);
        target = target->kind == N_TUPLE && target->items.len ? target->items.at[0] : NULL;
    }
    bool listed = over->kind == N_LIST || over->kind == N_TUPLE;
    for (int i = 0; listed && i < over->items.len; i++) listed = over->items.at[i]->kind != N_STAR;
    if (!listed) return NULL;
    const char *name = numbers && target && target->kind == N_NAME ? target->name : "_";
    return arena_printf(s->a, "%s in range(%d)", name, over->items.len);
}

static bool listed(const StrVec *v, const char *name)
{
    for (int i = 0; i < v->len; i++)
        if (str_eq(v->at[i], name)) return true;
    return false;
}

/* for i in range(n): ... -> the lists before it, the loop that fills them; and the loop that walks them. */
static void split_for(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply)
{
    LoopNames l = {.outer = f->loop, .node = n};
    if (f->loop && f->loop->conditional) l.conditional = true;
    Chunks cbody = {0}, abody = {0}, over = {0};
    bool dynamic = is_dynamic(s, f, n->b);
    l.tensors = (dynamic && !counted_head(s, n)) || (l.outer && l.outer->tensors);
    f->loop = &l;
    split_block(s, f, &n->body, depth + 1, &cbody, &abody);
    f->loop = l.outer;
    const char *counted = dynamic && cbody.len ? counted_head(s, n) : NULL;
    if (n->orelse.len || (dynamic && cbody.len && !counted)) {
        stage_fail(s, n, "a loop over tensors that builds layers");
        return;
    }
    const char *indent = stage_indent(s, depth);
    Chunks walk = {0};
    bool kept = !dynamic && collapse_keeps_back(s, &l, n, depth, &abody);
    bool collapsed = !kept && !abody.len && !l.outer && !dynamic && collapse_walk(s, f, &l, n, depth, &walk);
    if (!kept && !collapsed && l.kept) collapse_put_back(s, f, &l, &cbody, &abody);
    if (!l.outer) {
        for (int i = 0; i < l.lists.len; i++) chunk_text(s, construct, n->span, "%sself.%s = []\n", indent, l.lists.at[i]);
        for (int i = 0; i < l.iterators.len; i++) {
            chunk_text(s, construct, n->span, "%sself.%s = []\n", indent, l.iterators.at[i]);
            if (!listed(&l.walked, l.iterators.at[i])) chunk_text(s, apply, n->span, "%s%s = iter(self.%s)\n", indent, l.iterators.at[i], l.iterators.at[i]);
        }
    }
    if (cbody.len) {
        chunk_text(s, construct, n->span, "%sfor %s", indent, counted ? counted : "");
        if (!counted) chunk_copy(s, construct, n->a->span.start, n->b->span.start);
        if (!counted) lift_static(s, f, n->b, construct);
        chunk_text(s, construct, n->span, ":\n");
        chunk_all(s, construct, &cbody);
    }
    if (collapsed) chunk_all(s, apply, &walk);
    if (!abody.len || kept || collapsed) return;
    bool target = l.uses_target || !l.lists.len || dynamic;
    if (target) lift_expr(s, f, n->b, depth, construct, &over);
    chunk_text(s, apply, n->span, "%sfor ", indent);
    if (target) {
        bool tuple = n->a->kind == N_TUPLE && l.lists.len;
        chunk_text(s, apply, n->a->span, "%s", tuple ? "(" : "");
        chunk_copy(s, apply, n->a->span.start, n->a->span.end);
        chunk_text(s, apply, n->a->span, "%s", tuple ? ")" : "");
    }
    for (int i = 0; i < l.each.len; i++) chunk_text(s, apply, n->span, "%s%s", target || i ? ", " : "", l.each.at[i]);
    bool zip = l.lists.len + target > 1;
    chunk_text(s, apply, n->span, " in %s", zip ? "zip(" : "");
    if (target) chunk_all(s, apply, &over);
    for (int i = 0; i < l.lists.len; i++) chunk_text(s, apply, n->span, "%sself.%s", target || i ? ", " : "", l.lists.at[i]);
    chunk_text(s, apply, n->span, "%s:\n", zip ? ")" : "");
    chunk_all(s, apply, &abody);
}

static bool names_only(Node *target)
{
    target = node_unparen(target);
    return target->kind == N_NAME;
}

/* x = Input(...), however it is guarded: the name becomes a parameter of the call. */
static void input_stmt(Stager *s, Staged *f, Node *n)
{
    if (any_built(s, n) || !f->model) stage_fail(s, n, "an input of a graph inside of something else");
    (void)f;
}

typedef struct Binding {
    const Staged *f;
    int others, own;
} Binding;

static bool binds_alias(Node *n, void *ctx)
{
    Binding *b = ctx;
    if (n->kind == N_CALL) return true;
    if (n->kind != N_ASSIGN && n->kind != N_AUGASSIGN && n->kind != N_FOR) return true;
    bool own = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME &&
               map_has(b->f->aliases, n->items.at[0]->name);
    if (own) b->own++;
    else b->others++;
    return true;
}

/* inputs = img_input, however it is guarded, where only Model(inputs, ...) reads it. */
static bool only_aliases(Stager *s, const Staged *f, Node *n)
{
    Binding b = {.f = f};
    if (!f->aliases || (n->kind != N_ASSIGN && n->kind != N_IF) || any_built(s, n)) return false;
    node_walk(n, binds_alias, &b);
    return b.own && !b.others;
}

bool stage_only_inputs(Stager *s, const Staged *f, Node *n)
{
    bool statement = n->kind == N_ASSIGN || n->kind == N_IF;
    if (!statement || !f->model) return false;
    return (makes_input(s, n) && !any_built(s, n)) || only_aliases(s, f, n);
}

/* layer = Dense(n[i]), in a loop: one for each round, which the second part gets from a list. */
static void listed_name(Stager *s, Staged *f, const Node *target, int depth, Chunks *construct, Chunks *apply)
{
    LoopNames *l = f->loop, *top = l;
    const char *name = target->name, *indent = stage_indent(s, depth);
    const char *list = stage_attr(s, f, stage_plural(s->a, name));
    chunk_text(s, construct, target->span, "%sself.%s.append(%s)\n", indent, list, name);
    vec_push(s->a, &l->bound, name);
    while (top->outer) top = top->outer;
    if (l == top && !l->conditional) {
        vec_push(s->a, &l->lists, list);
        vec_push(s->a, &l->each, name);
    } else {
        vec_push(s->a, &top->iterators, list);
        chunk_text(s, apply, target->span, "%s%s = next(%s)\n", indent, name, list);
    }
}

/* What an assignment binds, name by name, where each is built; none: it does not. */
static NodeVec built_names(Stager *s, const Node *n)
{
    NodeVec names = {0}, none = {0};
    Node *t = n->kind == N_ASSIGN && n->items.len == 1 ? node_unparen(n->items.at[0]) : NULL, *v = t ? node_unparen(n->b) : NULL;
    bool pairs = t && t->kind == N_TUPLE && v->kind == N_TUPLE && t->items.len == v->items.len;
    for (int i = 0; t && i < (pairs ? t->items.len : 1); i++) {
        Node *x = pairs ? node_unparen(t->items.at[i]) : t;
        if (x->kind != N_NAME || !builds(s, pairs ? node_unparen(v->items.at[i]) : v)) return none;
        vec_push(s->a, &names, x);
    }
    return names;
}

typedef struct Reads {
    Stager *s;
    Staged *f;
    const char *name;
    bool found;
} Reads;

static bool reads_name(Node *n, void *ctx)
{
    Reads *r = ctx;
    r->found |= n->kind == N_NAME && str_eq(n->name, r->name);
    return !r->found;
}

static bool second_reads(Node *n, void *ctx)
{
    Reads *r = ctx;
    bool block = n->body.len > 0;
    if (!block && node_is_stmt(n) && needs_second(r->s, r->f, n)) node_walk(n, reads_name, r);
    if (block && (n->kind == N_IF || n->kind == N_WHILE) && needs_second(r->s, r->f, n)) node_walk(n->a, reads_name, r);
    return !r->found;
}

/* scale = 2 ** i, in a loop whose second part reads it: said there again. */
static bool is_repeated(Stager *s, Staged *f, Node *n)
{
    bool binds = f->loop && n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && !any_built(s, n);
    Reads r = {s, f, binds ? n->items.at[0]->name : NULL, false};
    if (!binds || (long)map_get(f->statics, r.name) != 1) return false;
    for (int i = 0; i < f->loop->node->body.len; i++) node_walk(f->loop->node->body.at[i], second_reads, &r);
    return r.found;
}

/* A statement of a loop that the second part has to know of, round by round. False: it is of the first alone. */
static bool each_round(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply)
{
    NodeVec names = f->loop ? built_names(s, n) : (NodeVec){0};
    if (!names.len && !is_repeated(s, f, n)) return false;
    static_stmt(s, f, n, depth, construct);
    for (int i = 0; i < names.len; i++) listed_name(s, f, names.at[i], depth, construct, apply);
    if (names.len) return true;
    vec_push(s->a, &f->loop->bound, n->items.at[0]->name);
    dynamic_stmt(s, f, n, depth, construct, apply);
    return true;
}

static void one_statement(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply)
{
    Staged *nested = n->kind == N_FUNCTION ? staged_here(s, n) : NULL;
    if (nested) {
        Chunks text = {0};
        if (nested->fn != n || !f->fn) return;
        split_function(s, nested);
        stage_class(s, nested, &text);
        chunk_indented(s, construct, &text, depth * 4);
        chunk_text(s, construct, n->span, "\n\n");
        return;
    }
    if (makes_input(s, n)) {
        input_stmt(s, f, n);
        return;
    }
    if (only_aliases(s, f, n)) return;
    if (stage_only_labels(s, f, n)) {
        note_gone(s, n);
        return;
    }
    if (!needs_second(s, f, n)) {
        if (!f->fn && depth == 2) return; /* it stays where it is, at module level */
        if (each_round(s, f, n, depth, construct, apply)) return;
        static_stmt(s, f, n, depth, construct);
        return;
    }
    switch (n->kind) {
    case N_IF: split_if(s, f, n, depth, construct, apply); break;
    case N_FOR: split_for(s, f, n, depth, construct, apply); break;
    case N_WITH: split_block(s, f, &n->body, depth, construct, apply); break;
    case N_WHILE: case N_TRY: case N_MATCH: stage_fail(s, n, "a statement that is not split"); break;
    case N_RETURN:
        if (n->a && f->inner && names_only(n->a) && str_eq(n->a->name, f->inner->name)) break;
        if (!gives_return(s, f, n, depth, construct, apply)) dynamic_stmt(s, f, n, depth, construct, apply);
        break;
    case N_ASSIGN:
        if (gives_to(s, n)) gives_assign(s, f, n, depth, construct, apply);
        else dynamic_stmt(s, f, n, depth, construct, apply);
        break;
    default: dynamic_stmt(s, f, n, depth, construct, apply); break;
    }
}

void split_block(Stager *s, Staged *f, const NodeVec *body, int depth, Chunks *construct, Chunks *apply)
{
    int end = body->len ? body->at[0]->span.start : 0;
    for (int i = 0; i < body->len && !s->failed; i++) {
        Node *n = body->at[i];
        Chunks c = {0}, a = {0};
        one_statement(s, f, n, depth, &c, &a);
        if (f->loop && f->loop->kept && a.len) collapse_put_back(s, f, f->loop, construct, apply);
        bool gone = !c.len && !a.len; /* and so does what is said of it */
        if (!gone) copy_comments(s, end, n->span.start, depth, c.len ? construct : apply);
        chunk_all(s, construct, &c);
        chunk_all(s, apply, &a);
        end = n->span.end;
    }
}

/* ---- a function ---- */

/* What the second part reads is kept on self as soon as it is bound; a name that is bound twice has no one value. */
static void check_crossing(Stager *s, Staged *f)
{
    for (int i = 0; i < f->cross->len; i++) {
        const char *name = f->cross->entries[i].key;
        if (name && (long)map_get(f->statics, name) > 1 && f->fn)
            stage_fail(s, f->fn, arena_printf(s->a, "%s is bound again between the two parts", name));
        if (name && map_has(f->attrs, name)) stage_fail(s, f->fn, "two attributes of one name");
    }
}

/* What the module builds before the graph: the class holds it, so that its weights are known there. */
static void find_built_names(Stager *s, Staged *f)
{
    const NodeVec *all = body_of(s, f);
    f->built = map_new(s->a);
    for (int i = 0; i < all->len && all->at[i] != f->model_stmt; i++) {
        Node *n = all->at[i];
        if (n->kind != N_ASSIGN || needs_second(s, f, n) || !any_built(s, n)) continue;
        for (int k = 0; k < n->items.len; k++)
            if (n->items.at[k]->kind == N_NAME) map_set(f->built, n->items.at[k]->name, n);
    }
}

void split_function(Stager *s, Staged *f)
{
    if (f->done) return;
    f->done = true;
    f->attrs = map_new(s->a);
    f->cross = map_new(s->a);
    NodeVec body = {0};
    const NodeVec *all = body_of(s, f);
    if (!f->fn) find_built_names(s, f);
    int first = f->fn && all->len && all->at[0]->kind == N_EXPR && all->at[0]->a->kind == N_STRING ? 1 : 0;
    for (int i = first; i < all->len && all->at[i] != f->model_stmt; i++) vec_push(s->a, &body, all->at[i]);
    if (f->inner) {
        NodeVec outer = {0};
        bool doc = f->fn->body.at[0]->kind == N_EXPR && f->fn->body.at[0]->a->kind == N_STRING;
        for (int i = doc; i < f->fn->body.len; i++)
            if (f->fn->body.at[i] != f->inner && f->fn->body.at[i]->kind != N_RETURN)
                vec_push(s->a, &outer, f->fn->body.at[i]);
        split_block(s, f, &outer, 2, &f->construct, &f->apply);
        if (f->apply.len) stage_fail(s, f->fn, "a closure whose outside needs tensors");
    }
    split_block(s, f, &body, 2, &f->construct, &f->apply);
    if (!s->failed) check_crossing(s, f);
}
