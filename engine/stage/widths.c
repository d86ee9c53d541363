/* Widths: the search for expressions, and the draft that gives them their names.
 *
 * An *occurrence* is one time that a place was run: in which call of its function, with what in
 * scope, the number that was wanted, and the tensor whose width it is. resolve() finds one expression
 * for all occurrences of a place; thread() turns the question over to the callers of its function.
 * Whoever uses a draft traces it again and checks every number against what that trace finds. */
#include "stage/widths.h"

#include <string.h>

#include "python/build.h"
#include "python/names.h"
#include "stage/draft.h"
#include "stage/number.h"
#include "stage/widths_internal.h"

#define DEEPEST 16 /* callers of callers */

/* ---- what is asked ---- */

/* The number that an attribute has: itself, or the one item of a list (a normalised shape). */
static bool number_of(const PValue *v, long long *out)
{
    if (!v) return false;
    if (v->kind == PV_LIST && v->u.list.len == 1) v = &v->u.list.at[0];
    if (v->kind == PV_SIZE && !v->u.size.free) {
        *out = v->u.size.n;
        return true;
    }
    if (v->kind != PV_INT) return false;
    *out = v->u.i;
    return true;
}

static bool wanted(const Event *e, const char *attr, long long *out)
{
    for (const PivotLayer *l = e->layer; l; l = l->inner) /* a wrapper's number is that of what it wraps */
        if (number_of(attr_get(&l->attrs, attr), out) || number_of(attr_get(&l->traced, attr), out)) return true;
    return false;
}

static const PivotTensor *input_of(const Trace *t, const PivotLayer *l)
{
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        bool own = e->kind == EV_APPLY && e->layer && (e->layer == l || e->layer->inner == l);
        if (own && e->in.len) return e->in.at[0];
    }
    return NULL;
}

/* The occurrences of a construction; those of forced arms only where there are no others. */
static Occs occurrences(W *w, const Node *site, const char *attr)
{
    Occs out = {0};
    const Site *s = trace_site(w->t, site);
    for (int forced = 0; forced < 2 && !out.len; forced++)
        for (int i = 0; s && i < s->events.len; i++) {
            const Event *e = s->events.at[i];
            if (e->kind != EV_LAYER || e->forced != (forced == 1)) continue;
            Occ o = {.act = e->frame, .scope = e->scope, .tensor = input_of(w->t, e->layer)};
            if (wanted(e, attr, &o.value)) vec_push(w->a, &out, o);
        }
    return out;
}

/* ---- proof ---- */

bool widths_hold(const Node *x, const Occs *o, const StrVec *banned)
{
    long long v;
    for (int i = 0; i < o->len; i++)
        if (!number_eval(x, o->at[i].scope, banned, &v) || v != o->at[i].value) return false;
    return o->len > 0;
}

static bool all_same(const Occs *o)
{
    for (int i = 1; i < o->len; i++)
        if (o->at[i].value != o->at[0].value) return false;
    return true;
}

/* ---- who made the width ---- */

static const char *const WIDTH_ATTRS[] = {"out_features", "out_channels", "embedding_dim", "hidden_size", NULL};

bool widths_has_size(const PivotTensor *t, long long v)
{
    for (int i = 1; t && i < t->rank; i++)
        if (t->dims[i].n == v && !t->dims[i].free) return true;
    return false;
}

/* What a wrapper wraps makes the width; both directions make it twice. */
static const PivotLayer *inner_of(const PivotLayer *l)
{
    while (l && l->inner) l = l->inner;
    return l;
}

/* The layer that made a width of v, back through whatever has that size in its input too. *times: how many of its own
 * widths that is. */
static const PivotLayer *maker(const PivotTensor *t, long long v, const char **attr, int *times)
{
    for (int hops = 0; t && t->producer && hops < 400; hops++) {
        const PivotNode *p = t->producer;
        const PivotLayer *outer = p->type == PNODE_LAYER ? p->layer : NULL, *l = inner_of(outer);
        for (int i = 0; l && WIDTH_ATTRS[i]; i++) {
            long long own = attr_int(&l->attrs, WIDTH_ATTRS[i], -1);
            if (own < 0) continue;
            bool both = attr_bool(&l->attrs, "bidirectional", false) || outer != l;
            *attr = WIDTH_ATTRS[i];
            *times = both && v == 2 * own ? 2 : 1;
            return v == *times * own ? l : NULL;
        }
        const PivotTensor *next = NULL;
        for (int i = 0; i < p->inputs.len && !next; i++)
            if (widths_has_size(p->inputs.at[i], v)) next = p->inputs.at[i];
        t = next;
    }
    return NULL;
}

static const Event *construction(W *w, const PivotLayer *l)
{
    if (!w->built) {
        w->built = ARENA_ARRAY(w->a, const Event *, w->t->pivot->nlayers + 2);
        for (int i = 0; i < w->t->events.len; i++) {
            const Event *e = w->t->events.at[i];
            if (e->kind == EV_LAYER && e->layer && e->layer->id <= w->t->pivot->nlayers) w->built[e->layer->id] = e;
        }
    }
    return l && l->id <= w->t->pivot->nlayers ? w->built[l->id] : NULL;
}

Node *widths_lifted(W *w, const Occ *o, Node *x, const Activation *act, Made *made)
{
    for (int i = 0; act != o->act && i < DEEPEST; i++) {
        if (!act || !act->call) return NULL;
        x = number_lift(w->a, w->t, x, act);
        if (!x) return NULL;
        made->scope = act->at_call;
        made->site = act->call;
        act = act->caller;
    }
    return act == o->act ? x : NULL;
}

static Node *layer_made(W *w, const Occ *o, Made *made)
{
    const char *attr = NULL;
    int times = 1;
    const Event *e = construction(w, maker(o->tensor, o->value, &attr, &times));
    if (!e) return NULL;
    Node *x = number_argument(e, attr);
    x = x ? number_copy(w->a, x) : py_int(w->a, o->value);
    if (times > 1 && x->kind != N_INT) x = py_binary(w->a, py_int(w->a, times), "*", x);
    else if (x->kind == N_INT) x = py_int(w->a, o->value);
    *made = (Made){.scope = e->scope, .site = e->site->node};
    return widths_lifted(w, o, x, e->frame, made);
}

Node *widths_made(W *w, const Occ *o, Made *made)
{
    Node *x = layer_made(w, o, made);
    return x ? x : widths_weight_made(w, o, made);
}

static Node *by_maker(W *w, const Occs *o, const StrVec *banned)
{
    Node *all = NULL;
    for (int i = 0; i < o->len; i++) {
        Made made;
        Node *x = widths_made(w, &o->at[i], &made);
        if (!x || (all && !py_same(x, all))) return NULL;
        all = x;
    }
    return all && widths_hold(all, o, banned) ? all : NULL;
}

/* ---- a joined width: what is concatenated, added up ---- */

static bool joins(const PivotNode *p)
{
    return p->kind && (str_starts(p->kind->name, "concatenate") || str_eq(p->kind->name, "ConcatenateLayer"));
}

static bool makes_width(const PivotNode *p)
{
    const PivotLayer *l = p->type == PNODE_LAYER ? inner_of(p->layer) : NULL;
    for (int i = 0; l && WIDTH_ATTRS[i]; i++)
        if (attr_int(&l->attrs, WIDTH_ATTRS[i], -1) >= 0) return true;
    return false;
}

/* Where a width of v was made or joined: back through what only hands it on. */
static const PivotTensor *origin_of(const PivotTensor *t, long long v)
{
    for (int hops = 0; t && t->producer && hops < 100; hops++) {
        const PivotNode *p = t->producer;
        const PivotTensor *next = NULL;
        for (int i = 0; i < p->inputs.len && !next; i++)
            if (widths_has_size(p->inputs.at[i], v)) next = p->inputs.at[i];
        if (joins(p) || makes_width(p) || !next) break;
        t = next;
    }
    return t;
}

/* The axis along which a part of a joined tensor has another size; -1. */
static int joined_axis(const PivotTensor *t, const PivotTensor *part, long long v)
{
    for (int k = 1; part->rank == t->rank && k < t->rank; k++)
        if (t->dims[k].n == v && part->dims[k].n != v) return k;
    return -1;
}

/* How many of the tensors that t joins, from the first on, are all that `known` joined: a list that has grown since. */
static int joined_before(const PivotTensor *t, const PivotTensor *known)
{
    int n = known && known->producer && joins(known->producer) ? known->producer->inputs.len : 0;
    if (n >= t->producer->inputs.len) return 0;
    for (int i = 0; i < n; i++)
        if (t->producer->inputs.at[i] != known->producer->inputs.at[i]) return 0;
    return n;
}

/* before: the width that `as` stands for already, or NULL. */
static Node *joined_of(W *w, const Occ *o, const Occ *before, const char *as, Made *made)
{
    const PivotTensor *t = origin_of(o->tensor, o->value);
    if (!t || !t->producer || !joins(t->producer)) return NULL;
    const PivotTensor *known = before ? origin_of(before->tensor, before->value) : NULL;
    int first = joined_before(t, known);
    Node *sum = first ? py_name(w->a, as) : NULL;
    for (int i = first; i < t->producer->inputs.len; i++) {
        const PivotTensor *in = t->producer->inputs.at[i];
        int axis = joined_axis(t, in, o->value);
        if (axis < 0) return NULL;
        Occ part = *o;
        part.tensor = in;
        part.value = in->dims[axis].n;
        bool is_before = known && part.value == before->value && origin_of(in, part.value) == known;
        Node *x = is_before ? py_name(w->a, as) : widths_made(w, &part, made);
        if (!x) x = joined_of(w, &part, before, as, made);
        if (!x) return NULL;
        sum = sum ? py_binary(w->a, sum, "+", x) : x;
    }
    return sum;
}

Node *widths_grown(W *w, const Occ *o, const Occ *before, const char *as, Made *made)
{
    return joined_of(w, o, before, as, made);
}

Node *widths_made_any(W *w, const Occ *o, Made *made)
{
    Node *x = widths_made(w, o, made);
    return x ? x : joined_of(w, o, NULL, NULL, made);
}

#define MOST_TERMS 6 /* of a sum that is easier to read than the number */

static int terms(const Node *x)
{
    return x->kind == N_BINARY ? terms(x->a) + terms(x->b) : 1;
}

static Node *by_join(W *w, const Occs *o, const StrVec *banned)
{
    Node *all = NULL;
    bool same = all_same(o);
    for (int i = 0; i < o->len; i++) {
        Made made;
        Node *x = joined_of(w, &o->at[i], NULL, NULL, &made);
        if (!x || (same && terms(x) > MOST_TERMS) || (all && !py_same(x, all))) return NULL;
        all = x;
    }
    return all && widths_hold(all, o, banned) ? all : NULL;
}

/* ---- a name that has the number every time ---- */

static Node *named(W *w, const char *name)
{
    const char *item = strstr(name, "[\""); /* args["filters"] */
    if (!item) return py_name(w->a, name);
    const char *key = arena_strndup(w->a, item + 2, strlen(item + 2) - 2);
    return py_index(w->a, py_name(w->a, arena_strndup(w->a, name, (size_t)(item - name))), py_str(w->a, key));
}

static Node *by_name(W *w, const Occs *o, const StrVec *banned)
{
    const Snapshot *s = o->at[0].scope;
    Node *found = NULL;
    for (int i = 0; s && i < s->len; i++) {
        if (s->at[i].value.kind != PV_INT || s->at[i].value.u.i != o->at[0].value || s->at[i].module) continue;
        Node *x = named(w, s->at[i].name);
        if (!widths_hold(x, o, banned)) continue;
        if (!found || x->kind == N_NAME) found = x;
        if (x->kind == N_NAME) break;
    }
    return found;
}

static Node *by_multiple(W *w, const Occs *o, const StrVec *banned)
{
    const Snapshot *s = o->at[0].scope;
    for (int i = 0; s && i < s->len; i++) {
        const PValue *v = &s->at[i].value;
        if (v->kind != PV_INT || v->u.i < 2 || s->at[i].module || o->at[0].value % v->u.i) continue;
        long long k = o->at[0].value / v->u.i;
        if (k < 2 || k > 8) continue;
        Node *x = py_binary(w->a, named(w, s->at[i].name), "*", py_int(w->a, k));
        if (widths_hold(x, o, banned)) return x;
    }
    return NULL;
}

/* ---- parameters ---- */

static Definition *function_of(W *w, const Node *n)
{
    Definition *d = n->id > 0 && n->id <= w->t->nids ? w->t->definition_of[n->id] : NULL;
    return d && d->kind == DEF_FUNCTION && d->node->kind == N_FUNCTION ? d : NULL;
}

static bool binds_name(Node *n, void *ctx)
{
    Param *p = ctx; /* name: looked for; dflt: set when found */
    if (n->kind == N_NAME && str_eq(n->name, p->name)) p->dflt = n;
    if (n->kind == N_FUNCTION || n->kind == N_LAMBDA)
        for (int i = 0; i < n->params.list.len; i++)
            if (str_eq(n->params.list.at[i].name, p->name)) p->dflt = n;
    return !p->dflt;
}

const char *widths_fresh_name(W *w, Node *in, const char *base)
{
    for (int i = 1;; i++) {
        Param p = {.name = i == 1 ? base : arena_printf(w->a, "%s_%d", base, i)};
        node_walk(in, binds_name, &p);
        bool taken = p.dflt != NULL;
        for (int k = 0; k < w->names.len; k++) taken |= w->names.at[k].in == in && str_eq(w->names.at[k].name, p.name);
        if (taken) continue;
        TakenName n = {in, p.name};
        vec_push(w->a, &w->names, n);
        return p.name;
    }
}

void widths_edit(W *w, Span at, const char *text, Span why)
{
    DraftEdit e = {.at = at, .text = text, .why = why};
    vec_push(w->a, &w->edits, e);
}

static int after_open_paren(W *w, int from)
{
    const SourceText *src = w->t->module->src;
    while (from < src->len && src->text[from] != '(') from++;
    return from + 1;
}

/* The new parameter in front of the function's own, behind self. */
static void add_parameter(W *w, const Node *fn, const char *name)
{
    const Params *p = &fn->params;
    bool method = p->list.len && str_eq(p->list.at[0].name, "self");
    if (method) {
        int end = p->list.at[0].span.end;
        widths_edit(w, (Span){end, end}, arena_printf(w->a, ", %s", name), p->list.at[0].span);
    } else if (p->list.len) {
        int at = p->list.at[0].span.start;
        widths_edit(w, (Span){at, at}, arena_printf(w->a, "%s, ", name), p->list.at[0].span);
    } else {
        const char *def = strstr(w->t->module->src->text + fn->span.start, arena_printf(w->a, "def %s", fn->name));
        int at = def ? after_open_paren(w, (int)(def - w->t->module->src->text)) : fn->span.start;
        widths_edit(w, (Span){at, at}, name, fn->span);
    }
}

static void add_argument(W *w, const Node *call, const Node *x)
{
    int at = after_open_paren(w, call->a->span.end);
    const char *text = print_expr_flat(w->a, x);
    widths_edit(w, (Span){at, at}, call->items.len ? arena_printf(w->a, "%s, ", text) : text, call->span);
}

/* Every run of a function that the trace has on record. */
static void note_run(W *w, Activation *act)
{
    for (; act; act = act->caller) {
        bool seen = false;
        for (int i = w->runs.len - 1; i >= 0 && !seen; i--) seen = w->runs.at[i] == act;
        if (seen) return;
        vec_push(w->a, &w->runs, act);
    }
}

void widths_collect_runs(W *w)
{
    Activation *last = NULL;
    for (int i = 0; i < w->t->runs.len; i++) vec_push(w->a, &w->runs, w->t->runs.at[i]);
    for (int i = 0; i < w->t->events.len; i++) { /* forced ones too */
        Activation *act = w->t->events.at[i]->frame;
        if (act != last) note_run(w, act);
        last = act;
    }
}

typedef struct Calls {
    W *w;
    const Definition *of;
    bool other; /* some call of the name was never run, or runs something else too */
} Calls;

static bool find_unrun(Node *n, void *ctx)
{
    Calls *c = ctx;
    const char *name = c->of->parent && str_eq(c->of->node->name, "__init__") ? c->of->parent->name : c->of->node->name;
    if (n->kind != N_CALL) return true;
    bool method = c->of->parent && c->of->parent->kind != DEF_FUNCTION; /* self.block(x) is no call of a function block() */
    const char *called = n->a->kind == N_NAME || (n->a->kind == N_ATTRIBUTE && method) ? n->a->name : NULL;
    if (!str_eq(called, name)) return true;
    bool run = false;
    for (int i = 0; i < c->w->runs.len && !run; i++) run = c->w->runs.at[i]->call == n;
    c->other |= !run;
    return true;
}

static bool callable_with_more(W *w, Definition *f)
{
    Calls c = {w, f, false};
    node_walk(w->t->module->root, find_unrun, &c);
    for (int i = 0; i < w->runs.len && !c.other; i++) {
        const Activation *r = w->runs.at[i];
        if (r->definition != f) continue;
        c.other |= !r->call || r->call->kind != N_CALL || r->call->id > w->t->module->nnodes;
        for (int k = 0; k < w->runs.len && !c.other; k++)
            c.other |= w->runs.at[k]->call == r->call && w->runs.at[k]->definition != f &&
                       w->runs.at[k]->caller == r->caller;
    }
    return !c.other && f->node->id <= w->t->module->nnodes;
}

/* A parameter that has these numbers in these runs: whatever it was called for. */
static Thread *thread_known(W *w, const Definition *f, const Occs *o)
{
    for (int i = 0; i < w->threads.len; i++) {
        Thread *t = &w->threads.at[i];
        bool same = t->function == f;
        for (int k = 0; k < o->len && same; k++) {
            bool found = false;
            for (int m = 0; m < t->runs.len; m++)
                found |= t->runs.at[m].act == o->at[k].act && t->runs.at[m].value == o->at[k].value;
            same = found;
        }
        if (same) return t;
    }
    return NULL;
}

static Node *thread(W *w, Node *site, const char *attr, const Occs *o, int depth)
{
    Definition *f = function_of(w, site);
    if (!f || depth > DEEPEST) return NULL;
    Thread *known = thread_known(w, f, o);
    if (known) return py_name(w->a, known->name);
    if (!callable_with_more(w, f)) return NULL;
    Thread t = {.function = f, .attr = attr};
    for (int i = 0; i < o->len; i++) {
        bool seen = false;
        for (int k = 0; k < t.runs.len; k++) {
            if (t.runs.at[k].act != o->at[i].act) continue;
            if (t.runs.at[k].value != o->at[i].value) return NULL; /* not one number a run */
            seen = true;
        }
        if (!o->at[i].act || o->at[i].act->definition != f) return NULL;
        if (!seen) vec_push(w->a, &t.runs, o->at[i]);
    }
    int edits = w->edits.len, names = w->names.len;
    t.name = widths_fresh_name(w, f->node, attr);
    vec_push(w->a, &w->threads, t);
    NodeVec calls = {0}, given = {0};
    for (int i = 0; i < t.runs.len; i++) {
        Node *call = t.runs.at[i].act->call;
        bool seen = false;
        for (int k = 0; k < calls.len; k++) seen |= calls.at[k] == call;
        if (seen) continue;
        Occs there = {0};
        for (int k = 0; k < t.runs.len; k++) {
            const Occ *r = &t.runs.at[k];
            if (r->act->call != call) continue;
            Occ c = {r->act->caller, r->act->at_call, r->value, r->tensor};
            vec_push(w->a, &there, c);
        }
        Node *x = widths_resolve(w, call, attr, &there, NULL, depth + 1);
        if (!x) {
            w->edits.len = edits;
            w->names.len = names;
            w->threads.len--;
            return NULL;
        }
        vec_push(w->a, &calls, call);
        vec_push(w->a, &given, x);
    }
    for (int i = 0; i < w->runs.len; i++) { /* a run that never came to the layer has no number to give */
        bool seen = w->runs.at[i]->definition != f;
        for (int k = 0; k < calls.len; k++) seen |= calls.at[k] == w->runs.at[i]->call;
        if (!seen) {
            vec_push(w->a, &calls, w->runs.at[i]->call);
            vec_push(w->a, &given, py_none(w->a));
        }
    }
    add_parameter(w, f->node, t.name);
    for (int i = 0; i < calls.len; i++) add_argument(w, calls.at[i], given.at[i]);
    return py_name(w->a, t.name);
}

/* ---- all of it ---- */

Node *widths_resolve(W *w, Node *site, const char *attr, const Occs *o, const StrVec *banned, int depth)
{
    if (!o->len || depth > DEEPEST) return NULL;
    Node *x = by_maker(w, o, banned);
    if (!x) x = by_join(w, o, banned);
    if (x) return widths_from_loop(w, site, x, o);
    if (all_same(o)) return py_int(w->a, o->at[0].value);
    x = by_name(w, o, banned);
    if (x && widths_outer_name(w, site, x)) { /* it may be right by chance: one round of the inner loop */
        Node *carried = widths_carried(w, site, attr, o, depth);
        if (carried) return carried;
    }
    if (!x) x = widths_carried(w, site, attr, o, depth);
    if (!x) x = thread(w, site, attr, o, depth);
    return x ? x : by_multiple(w, o, banned);
}

static Node *node_of_site(const Trace *t, int id)
{
    return id > 0 && id <= t->nids && t->site_of[id] ? t->site_of[id]->node : NULL;
}

typedef struct Found {
    Node *site;
    const char *attr;
    Node *x;
} Found;

/* Where a byte of the source went. */
static int drafted_at(const Draft *d, int byte)
{
    for (int i = 0; i < d->pieces.len; i++) {
        const SourcePiece *p = &d->pieces.at[i];
        if (p->copied && p->from.start <= byte && byte < p->from.end) return p->at + byte - p->from.start;
    }
    return -1;
}

static bool find_name(Node *n, void *ctx)
{
    bool *found = ctx;
    *found |= n->kind == N_NAME || n->kind == N_ATTRIBUTE;
    return !*found;
}

static bool all_numbers(Node *x)
{
    bool named = false;
    node_walk(x, find_name, &named);
    return !named;
}

/* What made the width, or what was joined to it, where that says more than the number. */
static Node *said_in_scope(W *w, Node *site, const char *attr)
{
    Occs o = occurrences(w, site, attr);
    Node *x = by_maker(w, &o, NULL);
    if (!x) x = by_join(w, &o, NULL);
    return x && x->kind != N_INT ? widths_from_loop(w, site, x, &o) : NULL;
}

bool widths_find(Arena *a, const Trace *t, const PortNeeds *needs, const PortNeeds *wishes, Widths *out)
{
    W w = {.a = a, .t = t};
    VEC(Found) found = {0};
    widths_collect_runs(&w);
    *out = (Widths){0};
    for (int i = 0; i < needs->len; i++) {
        Found f = {.site = node_of_site(t, needs->at[i].site), .attr = needs->at[i].attr};
        if (!f.site || f.site->id > t->module->nnodes) continue;
        Occs o = occurrences(&w, f.site, f.attr);
        int edits = w.edits.len;
        f.x = widths_resolve(&w, f.site, f.attr, &o, NULL, 0);
        if (f.x) vec_push(a, &found, f);
        else w.edits.len = edits;
    }
    for (int i = 0; i < wishes->len; i++) {
        Found f = {.site = node_of_site(t, wishes->at[i].site), .attr = wishes->at[i].attr};
        if (!f.site || f.site->id > t->module->nnodes) continue;
        f.x = said_in_scope(&w, f.site, f.attr);
        if (f.x && !all_numbers(f.x)) vec_push(a, &found, f);
    }
    if (!found.len) return false;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &w.edits);
    for (int i = 0; i < found.len; i++) {
        SiteNumber n = {drafted_at(&d, found.at[i].site->span.start), found.at[i].attr, found.at[i].x};
        vec_push(a, &out->numbers, n);
    }
    out->module = draft_parse(&d);
    return out->module != NULL;
}

/* ---- channels read off a tensor ---- */

typedef struct Reads {
    W *w;
    NodeVec list;
} Reads;

/* The expression whose whole shape a name holds: shape = K.int_shape(x), bound once in its function. */
static bool find_shape_of(Node *n, void *ctx)
{
    Param *p = ctx; /* name: looked for; dflt: its value; annotation: it is bound more than once */
    if (n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && str_eq(n->items.at[0]->name, p->name)) {
        if (p->dflt) p->annotation = n;
        p->dflt = n->b;
    } else if (names_stmt_binds(n, p->name) && !n->body.len) {
        p->annotation = n;
    }
    return true;
}

static Node *shape_source(W *w, Node *of)
{
    of = node_unparen(of);
    Definition *d = of->id > 0 ? w->t->definition_of[of->id] : NULL;
    if (of->kind != N_NAME || !d || d->kind != DEF_FUNCTION || d->node->kind != N_FUNCTION) return of;
    Param p = {.name = of->name};
    for (int i = 0; i < d->node->body.len; i++) node_walk(d->node->body.at[i], find_shape_of, &p);
    for (int i = 0; i < d->node->params.list.len; i++)
        if (str_eq(d->node->params.list.at[i].name, of->name)) return of;
    return p.dflt && !p.annotation ? node_unparen(p.dflt) : of;
}

static bool find_reads(Node *n, void *ctx)
{
    Reads *r = ctx;
    Definition *d = n->id > 0 ? r->w->t->definition_of[n->id] : NULL;
    if (n->kind != N_SUBSCRIPT || !d || d->kind != DEF_FUNCTION || !d->builds || !d->computes) return true;
    const Site *s = trace_site(r->w->t, shape_source(r->w, n->a));
    for (int i = 0; s && i < s->events.len; i++)
        if (s->events.at[i]->kind == EV_SHAPE && s->events.at[i]->axis < 0) {
            vec_push(r->w->a, &r->list, n);
            return false;
        }
    return true;
}

/* The last axis, in every run; empty for any other. */
static Occs channel_reads(W *w, Node *n)
{
    Occs out = {0}, none = {0};
    const Site *s = trace_site(w->t, shape_source(w, n->a));
    for (int i = 0; i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        long long axis;
        if (e->kind != EV_SHAPE || e->axis >= 0 || e->forced || !e->in.len) continue;
        const PivotTensor *t = e->in.at[0];
        if (!number_eval(n->b, e->scope, NULL, &axis) || t->rank < 2) return none;
        if (axis < 0) axis += t->rank;
        if (axis != t->rank - 1 || t->dims[axis].free || t->dims[axis].n < 0) return none;
        Occ o = {.act = e->frame, .scope = e->scope, .value = t->dims[axis].n, .tensor = t};
        vec_push(w->a, &out, o);
    }
    return out;
}

bool widths_of_shapes(Arena *a, const Trace *t, Widths *out)
{
    W w = {.a = a, .t = t};
    Reads r = {.w = &w};
    *out = (Widths){0};
    widths_collect_runs(&w);
    node_walk(t->module->root, find_reads, &r);
    bool any = false;
    for (int i = 0; i < r.list.len; i++) {
        Node *n = r.list.at[i];
        Occs o = channel_reads(&w, n);
        int edits = w.edits.len;
        const char *attr = o.len && o.at[0].tensor->rank < 4 ? "in_features" : "in_channels";
        Node *x = o.len ? widths_resolve(&w, n, attr, &o, NULL, 0) : NULL;
        if (!x) {
            w.edits.len = edits;
            continue;
        }
        const char *text = print_expr_flat(a, x);
        widths_edit(&w, n->span, x->kind == N_BINARY ? arena_printf(a, "(%s)", text) : text, n->span);
        any = true;
    }
    if (!any) return false;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &w.edits);
    out->module = draft_parse(&d);
    return out->module != NULL;
}
