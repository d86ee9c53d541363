/* Which arguments the classes of the file still take.
 *
 * `name` goes where the constructor does nothing but hand it on: to its base's constructor, or as the name= of a layer
 * or of such a class. Where it is used otherwise (kept as an attribute, printed) it is an ordinary parameter and stays.
 * **kwargs go where they are only handed to the base. A call then loses what nobody takes any more; what may change
 * how the network is trained is flagged.
 *
 * Not handled: a dictionary of such arguments given by ** at the call. */
#include "port/class_takes.h"

#include <string.h>

#include "port/class.h"
#include "port/static.h"

bool class_drops_base_arguments(Rw *rw)
{
    return rw->from != rw->to && str_eq(dialect_fact(rw->from, "constructor_kwargs"), "true") &&
           !str_eq(dialect_fact(rw->to, "constructor_kwargs"), "true");
}

static Node *module_class(Rw *rw, const Definition *d)
{
    (void)rw;
    return d && d->base && d->node && d->node->kind == N_CLASS ? d->node : NULL;
}

static Node *class_named(Rw *rw, const char *name)
{
    for (int i = 0; i < rw->t->definitions.len; i++)
        if (str_eq(rw->t->definitions.at[i]->name, name)) return module_class(rw, rw->t->definitions.at[i]);
    return NULL;
}

static Node *class_built(Rw *rw, Node *call)
{
    Site *s = trace_site(rw->t, call);
    for (int i = 0; s && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        if (e->kind != EV_NN || !e->nn || !e->nn->definition) continue;
        for (int k = 0; k < rw->t->definitions.len; k++)
            if (rw->t->definitions.at[k]->pivot == e->nn->definition)
                return module_class(rw, rw->t->definitions.at[k]);
    }
    Node *callee = node_unparen(call->a);
    return callee->kind == N_NAME ? class_named(rw, callee->name) : NULL;
}

/* The base that is a class of the file. */
static Node *base_of(Rw *rw, Node *cls)
{
    for (int i = 0; i < cls->items.len; i++) {
        Node *b = node_unparen(cls->items.at[i]);
        Node *found = b->kind == N_NAME && !str_eq(b->name, cls->name) ? class_named(rw, b->name) : NULL;
        if (found) return found;
    }
    return NULL;
}

static Node *constructor_of(Node *cls)
{
    for (int i = 0; i < cls->body.len; i++)
        if (cls->body.at[i]->kind == N_FUNCTION && str_eq(cls->body.at[i]->name, "__init__")) return cls->body.at[i];
    return NULL;
}

/* super().__init__(...) and super(Net, self).__init__(...) */
static bool calls_base(const Node *n)
{
    return n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && str_eq(n->a->name, "__init__") &&
           n->a->a->kind == N_CALL && n->a->a->a->kind == N_NAME && str_eq(n->a->a->a->name, "super");
}

/* ---- what a constructor does with a parameter ---- */

typedef struct Uses {
    Rw *rw;
    const char *name;
    bool star; /* **name */
    int all, handed_on;
} Uses;

static bool count_name(Node *n, void *ctx)
{
    Uses *u = ctx;
    if (n->kind == N_NAME && str_eq(n->name, u->name)) u->all++;
    return true;
}

static int uses_in(const Uses *u, Node *n)
{
    Uses inner = {.name = u->name};
    node_walk(n, count_name, &inner);
    return inner.all;
}

static bool find_uses(Node *n, void *ctx)
{
    Uses *u = ctx;
    count_name(n, u);
    if (n->kind != N_CALL) return true;
    if (u->star) {
        for (int i = 0; i < n->items.len && calls_base(n); i++)
            if (n->items.at[i]->kind == N_DSTAR) u->handed_on += uses_in(u, n->items.at[i]);
        return true;
    }
    bool own = n->a->kind == N_ATTRIBUTE && n->a->a->kind == N_NAME && str_eq(n->a->a->name, "self");
    Node *cls = class_built(u->rw, n);
    bool lost = cls ? class_drops_name(u->rw, cls) : own || calls_base(n) || static_dotted(u->rw, n->a);
    for (int i = 0; i < n->items.len && lost; i++)
        if (n->items.at[i]->kind == N_KEYWORD && str_eq(n->items.at[i]->name, "name"))
            u->handed_on += uses_in(u, n->items.at[i]);
    return true;
}

static bool only_handed_on(Rw *rw, Node *init, const char *name, bool star)
{
    Uses u = {.rw = rw, .name = name, .star = star};
    for (int i = 0; i < init->body.len; i++) node_walk(init->body.at[i], find_uses, &u);
    return u.all == u.handed_on;
}

static const Param *param_at(const Node *init, const char *name, int *at)
{
    for (int i = 1; i < init->params.list.len; i++) {
        const Param *p = &init->params.list.at[i];
        if (name ? p->kind == PARAM_PLAIN && str_eq(p->name, name) : p->kind == PARAM_DSTAR) {
            if (at) *at = i - 1;
            return p;
        }
    }
    return NULL;
}

bool class_drops_name(Rw *rw, Node *cls)
{
    Node *init = constructor_of(cls), *base = base_of(rw, cls);
    if (!class_drops_base_arguments(rw)) return false;
    if (base && !class_drops_name(rw, base)) return false;
    return !init || !param_at(init, "name", NULL) || only_handed_on(rw, init, "name", false);
}

bool class_drops_kwargs(Rw *rw, Node *cls)
{
    Node *init = constructor_of(cls), *base = base_of(rw, cls);
    if (!class_drops_base_arguments(rw)) return false;
    if (!init) return !base || class_drops_kwargs(rw, base);
    const Param *star = param_at(init, NULL, NULL);
    return star && !base && only_handed_on(rw, init, star->name, true);
}

/* Whether this class's constructor takes such a keyword once it is ported. */
static bool takes(Rw *rw, Node *cls, const char *keyword)
{
    Node *init = constructor_of(cls), *base = base_of(rw, cls);
    if (init && param_at(init, keyword, NULL)) return !str_eq(keyword, "name") || !class_drops_name(rw, cls);
    if (!init) return base && takes(rw, base, keyword);
    const Param *star = param_at(init, NULL, NULL);
    if (!star) return true; /* an error in the source too */
    if (base && only_handed_on(rw, init, star->name, true)) return takes(rw, base, keyword);
    return !class_drops_kwargs(rw, cls);
}

/* ---- calls ---- */

static bool harmless(const char *keyword)
{
    static const char *const known[] = {"name", "dtype", "input_shape", "batch_size", "batch_input_shape", "dynamic"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(keyword, known[i])) return true;
    return false;
}

static NodeVec still_taken(Rw *rw, Node *cls, Node *call)
{
    NodeVec out = {0};
    Node *init = cls;
    while (init && !constructor_of(init)) init = base_of(rw, init);
    init = init ? constructor_of(init) : NULL;
    int at = -1;
    if (!init || !param_at(init, "name", &at) || takes(rw, cls, "name")) at = -1;
    bool starred = false;
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        starred |= x->kind == N_STAR;
        if (i == at && !starred && x->kind != N_KEYWORD && x->kind != N_DSTAR) continue;
        if (x->kind == N_KEYWORD && !takes(rw, cls, x->name)) {
            bool on = x->a->kind == N_NAME && str_eq(x->a->name, "True");
            if (str_eq(x->name, "trainable") && !on) flag(rw, call, "trainable, given to a layer of the file");
            else if (!harmless(x->name) && !on)
                note(rw, "line %d: %s is an argument of the base class and is left out", static_line(rw, call), x->name);
            continue;
        }
        vec_push(rw->a, &out, x);
    }
    return out;
}

NodeVec class_base_arguments(Rw *rw, Node *cls, Node *call)
{
    Node *base = base_of(rw, cls);
    if (!base || !class_drops_base_arguments(rw)) return call->items;
    return still_taken(rw, base, call);
}

Node *class_call_arguments(Rw *rw, Node *call)
{
    if (!class_drops_base_arguments(rw)) return call;
    Node *cls = class_built(rw, call);
    if (!cls) return call;
    NodeVec left = still_taken(rw, cls, call);
    if (left.len == call->items.len) return call;
    Node *copy = node_copy(rw->a, call);
    copy->items = left;
    return copy;
}
