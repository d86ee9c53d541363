/* Permutations whose axes a constructor stores: class Permute(Module) with torch.permute(x, self.dims), or
 * class Transpose(Module) with x.transpose(self.a, self.b).
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
#include "python/names.h"

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

static bool is_own(const Node *n)
{
    return n && n->kind == N_ATTRIBUTE && n->a->kind == N_NAME && str_eq(n->a->name, "self");
}

/* The attributes that a permutation reads its axes from: self.dims, or self.a and self.b; false: it reads none. */
typedef struct AxesRead {
    int n;
    Node *of[2];
    bool batch; /* (0, *self.dims): the axes behind the batch */
} AxesRead;

/* *self.dims and 0, *self.dims among arguments or items. */
static void starred(const NodeVec *items, AxesRead *out)
{
    for (int i = 0; i < items->len && i < 2 && !out->of[0]; i++) {
        Node *x = items->at[i];
        if (x->kind == N_STAR && is_own(node_unparen(x->a))) out->of[0] = node_unparen(x->a), out->batch = i == 1;
        else if (x->kind != N_INT || x->num.i != 0) return;
    }
}

static bool axes_read(const Event *e, Node *n, AxesRead *out)
{
    static const char *const NAMES[3] = {"dims", "dim0", "dim1"};
    bool pair = str_eq(e->node->kind->name, "transpose");
    *out = (AxesRead){.n = pair ? 2 : 1};
    for (int w = 0; w < out->n; w++)
        for (int i = 0; e->row && e->args && i < e->row->params.len; i++) {
            Node *x = str_eq(e->row->params.at[i].attr, NAMES[w + pair]) ? e->args[i].expr : NULL;
            if (x && is_own(node_unparen(x))) out->of[w] = node_unparen(x);
        }
    for (int i = 0; !pair && !out->of[0] && e->row && e->args && i < e->row->params.len; i++) {
        const Node *x = str_eq(e->row->params.at[i].attr, "dims") && e->args[i].expr ? node_unparen(e->args[i].expr) : NULL;
        if (x && (x->kind == N_TUPLE || x->kind == N_LIST)) starred(&x->items, out);
    }
    if (!pair && !out->of[0] && n->kind == N_CALL && n->a->kind == N_ATTRIBUTE) starred(&n->items, out);
    return out->of[0] && (!pair || out->of[1]);
}

static bool permutes(const Event *e)
{
    bool kind = e->kind == EV_OP && e->node && (str_eq(e->node->kind->name, "permute") || str_eq(e->node->kind->name, "transpose"));
    return kind && e->site->node && e->site->node->id > 0;
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

/* dims of tuple(dims), list(dims). */
static const Node *as_given(const Node *v)
{
    bool wraps = v->kind == N_CALL && v->a->kind == N_NAME && (str_eq(v->a->name, "tuple") || str_eq(v->a->name, "list")) && v->items.len == 1;
    return wraps ? v->items.at[0] : v;
}

/* The parameter that the constructor stores under this name, and uses for nothing else: its place behind self; -1. */
static int stored_parameter(Node *init, const char *attr, bool *rest)
{
    const Node *from = NULL;
    for (int i = 0; init && i < init->body.len; i++) {
        const Node *s = init->body.at[i];
        const Node *to = s->kind == N_ASSIGN && s->items.len == 1 ? s->items.at[0] : NULL;
        bool pairs = to && to->kind == N_TUPLE && s->b->kind == N_TUPLE && to->items.len == s->b->items.len;
        for (int k = 0; to && k < (pairs ? to->items.len : 1); k++) {
            const Node *t = pairs ? to->items.at[k] : to, *v = as_given(pairs ? s->b->items.at[k] : s->b);
            if (is_own(t) && str_eq(t->name, attr) && v->kind == N_NAME) from = v;
        }
    }
    if (!from) return -1;
    int uses = 0;
    for (int i = 0; i < init->body.len; i++) uses += names_uses(init->body.at[i], from->name);
    for (int i = 1; uses == 1 && i < init->params.list.len; i++) {
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

static bool says_axes(Rw *rw, Node *x, bool one)
{
    x = node_unparen(x);
    return one ? node_literal(rw, x).kind == PV_INT : is_numbers(rw, x);
}

/* The place of the axes among the arguments of a construction: one list (or number), or (rest) numbers from there on; -1. */
static int given_at(Rw *rw, const Node *call, const Node *init, int param, bool rest, bool one)
{
    if (rest) {
        for (int i = param; i < call->items.len; i++)
            if (node_literal(rw, call->items.at[i]).kind != PV_INT) return -1;
        return param < call->items.len ? param : -1;
    }
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        bool named = x->kind == N_KEYWORD && str_eq(x->name, init->params.list.at[param + 1].name);
        if (named ? says_axes(rw, x->a, one) : x->kind != N_KEYWORD && i == param && says_axes(rw, x, one)) return i;
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

/* How a class stores what the permutation at n reads. */
typedef struct Storage {
    AxesRead read;
    Node *cls, *init;
    int param[2];
    bool rest;
} Storage;

static bool storage_of(Event *e, Node *n, Storage *s)
{
    *s = (Storage){0};
    if (!axes_read(e, n, &s->read)) return false;
    s->cls = class_of(e);
    s->init = constructor(s->cls);
    for (int w = 0; s->init && w < s->read.n; w++) {
        Names reads = {.name = s->read.of[w]->name};
        node_walk(s->cls, count_attribute, &reads);
        bool rest = false;
        s->param[w] = reads.reads == 2 ? stored_parameter(s->init, s->read.of[w]->name, &rest) : -1;
        if (s->param[w] < 0 || (rest && s->read.n > 1)) return false;
        s->rest = rest;
    }
    return s->init != NULL;
}

/* Where a construction says them; false: it does not. */
static bool given(Rw *rw, const Storage *s, const Node *call, int at[2])
{
    for (int w = 0; w < s->read.n; w++) {
        at[w] = given_at(rw, call, s->init, s->param[w], s->rest, s->read.n > 1);
        if (at[w] < 0) return false;
    }
    return true;
}

bool *stored_axes_classes(Rw *rw)
{
    bool *of = ARENA_ARRAY(rw->a, bool, rw->t->module->nnodes + 1);
    for (int i = 0; rw->from != rw->to && i < rw->t->events.len; i++) {
        Event *e = rw->t->events.at[i];
        Storage s;
        int at[2];
        if (!permutes(e) || !is_whole_pass(rw, e->site->node) || !storage_of(e, e->site->node, &s)) continue;
        Node *call = e->self ? built_by(rw, e->self) : NULL;
        if (call && given(rw, &s, call, at)) of[s.cls->id] = true;
    }
    return of;
}

/* What a construction says of the stored axes. */
typedef struct StoredAxes {
    int call; /* id of the call that builds */
    int n, at[2]; /* which arguments */
    int rank;
    bool rest;
    PValue axes[2]; /* the target's: a list, or two numbers */
} StoredAxes;

typedef VEC(StoredAxes) Stored;

/* The two axes that a permutation exchanges (one axis twice: none); false: it does more. */
static bool exchanged(const int *axes, int rank, const PAttrs *as, PValue out[2])
{
    int at[MAX_RANK], n = 0;
    for (int k = 0; k < rank; k++)
        if (axes[k] != k) at[n++] = k;
    long long any = attr_int(as, "dim0", 0);
    if (!n) out[0] = out[1] = pv_int(any < 0 ? any + rank : any);
    if (n == 2 && axes[at[0]] == at[1] && axes[at[1]] == at[0]) out[0] = pv_int(at[0]), out[1] = pv_int(at[1]);
    return n == 0 || n == 2;
}

/* Fills what the constructions say; false where they do not settle the permutation. */
static bool settle(Rw *rw, Node *n, Event **e, int count, Stored *out)
{
    Storage st;
    if (!count || !permutes(e[0]) || !storage_of(e[0], n, &st)) return false;
    for (int i = 0; i < count; i++) {
        Node *call = e[i]->self ? built_by(rw, e[i]->self) : NULL;
        int axes[MAX_RANK], rank;
        StoredAxes s = {.call = call ? call->id : 0, .n = st.read.n, .rest = st.rest};
        bool known = call && e[i]->in.len && e[i]->out.len && e[i]->in.at[0]->rank > 0 && given(rw, &st, call, s.at);
        if (!known) return false;
        permute_axes(rw, e[i], axes, &rank);
        s.rank = rank;
        int first = st.read.batch;
        if (first && axes[0] != 0) return false;
        s.axes[0] = pv_list(rw->a, rank - first);
        for (int k = first; k < rank; k++) s.axes[0].u.list.at[k - first] = pv_int(axes[k]);
        if (st.read.n > 1 && !exchanged(axes, rank, &e[i]->attrs, s.axes)) return false;
        for (int k = 0; k < out->len; k++) /* one text for all that this call builds */
            for (int w = 0; w < s.n; w++)
                if (out->at[k].call == s.call && !pv_same(&out->at[k].axes[w], &s.axes[w])) return false;
        vec_push(rw->a, out, s);
    }
    return true;
}

bool stored_axes(Rw *rw, Node *n, Event **e, int count, Node *out[2])
{
    Stored s = {0};
    AxesRead read;
    if (rw->from == rw->to || !settle(rw, n, e, count, &s) || !axes_read(e[0], n, &read)) return false;
    out[0] = read.of[0];
    out[1] = read.of[1];
    if (!read.batch) return true;
    Node *star = ARENA_NEW(rw->a, Node);
    star->kind = N_STAR;
    star->a = out[0];
    out[0] = py_tuple(rw->a, true);
    vec_push(rw->a, &out[0]->items, py_int(rw->a, 0));
    vec_push(rw->a, &out[0]->items, star);
    return true;
}

static void prepare(Rw *rw)
{
    rw->stored_axes = map_new(rw->a);
    for (int i = 0; rw->from != rw->to && i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (!permutes(e)) continue;
        int count;
        Event **all = site_events(rw, e->site->node, EV_OP, &count);
        Stored s = {0};
        if (!count || all[0] != e || !settle(rw, e->site->node, all, count, &s)) continue;
        for (int k = 0; k < s.len; k++) map_set(rw->stored_axes, arena_printf(rw->a, "%d", s.at[k].call), &s.at[k]);
    }
}

static long long axis_of(Rw *rw, Node *x, int rank)
{
    PValue v = node_literal(rw, node_unparen(x->kind == N_KEYWORD ? x->a : x));
    return v.kind != PV_INT ? rank : v.u.i < 0 ? v.u.i + rank : v.u.i;
}

static bool same_numbers(Rw *rw, const Node *call, const StoredAxes *s)
{
    if (s->n > 1) {
        long long x = axis_of(rw, call->items.at[s->at[0]], s->rank), y = axis_of(rw, call->items.at[s->at[1]], s->rank);
        long long l = s->axes[0].u.i, r = s->axes[1].u.i;
        return (x == l && y == r) || (x == r && y == l);
    }
    Node *x = call->items.at[s->at[0]];
    const NodeVec *numbers = s->rest ? &call->items : &node_unparen(x->kind == N_KEYWORD ? x->a : x)->items;
    int from = s->rest ? s->at[0] : 0;
    if (numbers->len - from != s->axes[0].u.list.len) return false;
    for (int i = from; i < numbers->len; i++)
        if (axis_of(rw, numbers->at[i], s->rank) != s->axes[0].u.list.at[i - from].u.i) return false;
    return true;
}

static Node *axes_node(Rw *rw, const PValue *v)
{
    if (v->kind == PV_INT) return py_int(rw->a, v->u.i);
    Node *list = py_tuple(rw->a, true);
    for (int k = 0; k < v->u.list.len; k++) vec_push(rw->a, &list->items, py_int(rw->a, v->u.list.at[k].u.i));
    return list;
}

Node *stored_axes_call(Rw *rw, Node *call)
{
    const Node *source = call->from ? call->from : call;
    if (!rw->stored_axes) prepare(rw);
    const StoredAxes *s = map_get(rw->stored_axes, arena_printf(rw->a, "%d", source->id));
    if (!s || same_numbers(rw, call, s)) return call;
    Node *made = node_copy(rw->a, call), *list = axes_node(rw, &s->axes[0]);
    NodeVec items = {0};
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i], *to = NULL;
        if (s->rest && i >= s->at[0]) break;
        for (int w = 0; w < s->n; w++)
            if (i == s->at[w]) to = w ? axes_node(rw, &s->axes[w]) : list;
        vec_push(rw->a, &items, !to ? x : x->kind == N_KEYWORD ? py_kw(rw->a, x->name, to) : to);
    }
    for (int k = 0; s->rest && k < list->items.len; k++) vec_push(rw->a, &items, list->items.at[k]);
    made->items = items;
    return made;
}
