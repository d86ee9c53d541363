/* Permutations whose axes a constructor stores: class Permute(Module) with torch.permute(x, self.dims).
 *
 * One instance permutes images, another what is none, and the target holds images in another order: the axes are
 * then each construction's own. Where the class does nothing with its axes but store them and permute by them, the
 * numbers of each construction are written for the target (Permute([0, 2, 3, 1]) becomes Permute([0, 1, 2, 3])) and
 * the permutation stays as it reads. */
#include "port/stored_axes.h"

#include <string.h>

#include "port/class.h"
#include "port/static.h"
#include "python/build.h"

typedef struct Names {
    const char *name;
    int reads;
} Names;

static bool count_attribute(Node *n, void *ctx)
{
    Names *c = ctx;
    if (n->kind == N_ATTRIBUTE && str_eq(n->name, c->name)) c->reads++;
    return true;
}

static bool count_name(Node *n, void *ctx)
{
    Names *c = ctx;
    if (n->kind == N_NAME && str_eq(n->name, c->name)) c->reads++;
    return true;
}

static bool is_own(const Node *n)
{
    return n && n->kind == N_ATTRIBUTE && n->a->kind == N_NAME && str_eq(n->a->name, "self");
}

/* self.dims in torch.permute(x, self.dims) and x.permute(*self.dims); NULL. */
static Node *axes_read(const Event *e, Node *n)
{
    for (int i = 0; e->row && i < e->row->params.len; i++) {
        Node *x = str_eq(e->row->params.at[i].attr, "dims") ? e->args[i].expr : NULL;
        if (x && is_own(node_unparen(x))) return node_unparen(x);
    }
    for (int i = 0; n->kind == N_CALL && i < n->items.len; i++)
        if (n->items.at[i]->kind == N_STAR && is_own(node_unparen(n->items.at[i]->a))) return node_unparen(n->items.at[i]->a);
    return NULL;
}

static Node *class_of(const Event *e)
{
    const Definition *d = e->site->definition;
    while (d && d->kind != DEF_MODULE_CLASS) d = d->parent;
    return d ? d->node : NULL;
}

static Node *constructor(Node *cls)
{
    for (int i = 0; cls && i < cls->body.len; i++)
        if (cls->body.at[i]->kind == N_FUNCTION && str_eq(cls->body.at[i]->name, "__init__")) return cls->body.at[i];
    return NULL;
}

/* The parameter that the constructor stores under this name, and uses for nothing else: its place behind self; -1. */
static int stored_parameter(Node *init, const char *attr, bool *rest)
{
    const Node *from = NULL;
    for (int i = 0; init && i < init->body.len; i++) {
        const Node *s = init->body.at[i];
        bool stores = s->kind == N_ASSIGN && s->items.len == 1 && is_own(s->items.at[0]) && str_eq(s->items.at[0]->name, attr);
        if (stores && s->b->kind == N_NAME) from = s->b;
    }
    if (!from) return -1;
    Names uses = {.name = from->name};
    for (int i = 0; i < init->body.len; i++) node_walk(init->body.at[i], count_name, &uses);
    for (int i = 1; uses.reads == 1 && i < init->params.list.len; i++) {
        const Param *p = &init->params.list.at[i];
        if (!str_eq(p->name, from->name)) continue;
        *rest = p->kind == PARAM_STAR;
        return p->kind == PARAM_PLAIN || *rest ? i - 1 : -1;
    }
    return -1;
}

static bool is_numbers(Rw *rw, Node *x)
{
    if (x->kind != N_LIST && x->kind != N_TUPLE) return false;
    for (int i = 0; i < x->items.len; i++)
        if (node_literal(rw, x->items.at[i]).kind != PV_INT) return false;
    return x->items.len > 0;
}

/* The place of the axes among the arguments of a construction: one list, or (rest) numbers from there on; -1. */
static int given_at(Rw *rw, const Node *call, const Node *init, int param, bool rest)
{
    if (rest) {
        for (int i = param; i < call->items.len; i++)
            if (node_literal(rw, call->items.at[i]).kind != PV_INT) return -1;
        return param < call->items.len ? param : -1;
    }
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        bool named = x->kind == N_KEYWORD && str_eq(x->name, init->params.list.at[param + 1].name);
        if (named ? is_numbers(rw, node_unparen(x->a)) : x->kind != N_KEYWORD && i == param && is_numbers(rw, node_unparen(x))) return i;
        if (x->kind == N_STAR || x->kind == N_DSTAR) return -1;
    }
    return -1;
}

static Node *built_by(Rw *rw, const PivotNN *nn)
{
    for (int i = 0; i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->kind == EV_NN && e->nn == nn && e->site->node && e->site->node->kind == N_CALL) return e->site->node;
    }
    return NULL;
}

/* What a construction says of the stored axes. */
typedef struct StoredAxes {
    int call; /* id of the call that builds */
    int at;   /* which argument */
    bool rest;
    PValue axes; /* the target's */
} StoredAxes;

typedef VEC(StoredAxes) Stored;

/* Does the forward pass do nothing but this: return torch.permute(x, self.dims)? */
static bool is_whole_pass(const Rw *rw, const Node *n)
{
    const Node *up = rw->t->parent[n->id], *fn = up ? rw->t->parent[up->id] : NULL;
    int statements = 0;
    if (!up || up->kind != N_RETURN || !fn || fn->kind != N_FUNCTION) return false;
    for (int i = 0; i < fn->body.len; i++) {
        const Node *s = fn->body.at[i];
        statements += !(s->kind == N_EXPR && s->a->kind == N_STRING);
    }
    return statements == 1;
}

bool *stored_axes_classes(Rw *rw)
{
    bool *of = ARENA_ARRAY(rw->a, bool, rw->t->module->nnodes + 1);
    for (int i = 0; rw->from != rw->to && i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        Node *site = e->site->node;
        if (e->kind != EV_OP || !e->node || !str_eq(e->node->kind->name, "permute") || !site || site->id <= 0) continue;
        Node *read = axes_read(e, site), *cls = read && is_whole_pass(rw, site) ? class_of(e) : NULL;
        bool rest;
        Node *init = constructor(cls);
        int param = init ? stored_parameter(init, read->name, &rest) : -1;
        Node *call = param >= 0 && e->self ? built_by(rw, e->self) : NULL;
        if (call && given_at(rw, call, init, param, rest) >= 0) of[cls->id] = true;
    }
    return of;
}

/* Fills what the constructions say; false where they do not settle the permutation. */
static bool settle(Rw *rw, Node *n, Event **e, int count, Stored *out)
{
    Node *read = axes_read(e[0], n), *cls = read ? class_of(e[0]) : NULL, *init = constructor(cls);
    Names reads = {.name = read ? read->name : NULL};
    if (cls) node_walk(cls, count_attribute, &reads);
    bool rest = false;
    int param = init && reads.reads == 2 ? stored_parameter(init, read->name, &rest) : -1;
    for (int i = 0; param >= 0 && i < count; i++) {
        Node *call = e[i]->self ? built_by(rw, e[i]->self) : NULL;
        int at = call && e[i]->in.len && e[i]->out.len && e[i]->in.at[0]->rank > 0 ? given_at(rw, call, init, param, rest) : -1;
        int axes[MAX_RANK], rank;
        if (at < 0) return false;
        permute_axes(rw, e[i], axes, &rank);
        StoredAxes s = {.call = call->id, .at = at, .rest = rest, .axes = pv_list(rw->a, rank)};
        for (int k = 0; k < rank; k++) s.axes.u.list.at[k] = pv_int(axes[k]);
        for (int k = 0; k < out->len; k++) /* one text for all that this call builds */
            if (out->at[k].call == s.call && !pv_same(&out->at[k].axes, &s.axes)) return false;
        vec_push(rw->a, out, s);
    }
    return param >= 0;
}

Node *stored_axes(Rw *rw, Node *n, Event **e, int count)
{
    Stored s = {0};
    return rw->from != rw->to && settle(rw, n, e, count, &s) ? axes_read(e[0], n) : NULL;
}

static void prepare(Rw *rw)
{
    rw->stored_axes = map_new(rw->a);
    for (int i = 0; rw->from != rw->to && i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        Node *site = e->site->node;
        if (e->kind != EV_OP || !e->node || !str_eq(e->node->kind->name, "permute") || !site || site->id <= 0) continue;
        int count;
        Event **all = site_events(rw, site, EV_OP, &count);
        Stored s = {0};
        if (!count || all[0] != e || !settle(rw, site, all, count, &s)) continue;
        for (int k = 0; k < s.len; k++) map_set(rw->stored_axes, arena_printf(rw->a, "%d", s.at[k].call), &s.at[k]);
    }
}

static bool same_numbers(Rw *rw, const Node *call, const StoredAxes *s)
{
    const Node *given = call->items.at[s->at];
    const NodeVec *numbers = s->rest ? &call->items : &node_unparen(given->kind == N_KEYWORD ? given->a : (Node *)given)->items;
    int from = s->rest ? s->at : 0;
    if (numbers->len - from != s->axes.u.list.len) return false;
    for (int i = from; i < numbers->len; i++) {
        PValue v = node_literal(rw, numbers->at[i]);
        if (!pv_same(&v, &s->axes.u.list.at[i - from])) return false;
    }
    return true;
}

Node *stored_axes_call(Rw *rw, Node *call)
{
    const Node *source = call->from ? call->from : call;
    if (!rw->stored_axes) prepare(rw);
    const StoredAxes *s = map_get(rw->stored_axes, arena_printf(rw->a, "%d", source->id));
    if (!s || same_numbers(rw, call, s)) return call;
    Node *made = node_copy(rw->a, call), *list = py_tuple(rw->a, true);
    for (int k = 0; k < s->axes.u.list.len; k++) vec_push(rw->a, &list->items, py_int(rw->a, s->axes.u.list.at[k].u.i));
    NodeVec items = {0};
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        if (s->rest && i >= s->at) break;
        vec_push(rw->a, &items, i != s->at ? x : x->kind == N_KEYWORD ? py_kw(rw->a, x->name, list) : list);
    }
    for (int k = 0; s->rest && k < list->items.len; k++) vec_push(rw->a, &items, list->items.at[k]);
    made->items = items;
    return made;
}
