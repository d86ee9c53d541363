/* Expressions of whole numbers.
 *
 * Lifting goes by syntax: the call's arguments are bound to the parameters as Python binds them, and
 * whoever uses the result proves it by evaluating it on the caller's snapshot. */
#include "stage/number.h"

#include <stdio.h>
#include <string.h>

#include "python/build.h"

#define DEEPEST 12 /* names looked up through other names */

/* ---- evaluation ---- */

static bool eval(const Node *x, const Snapshot *s, const StrVec *banned, PValue *out);

static bool eval_name(const char *name, const Snapshot *s, const StrVec *banned, PValue *out)
{
    for (int i = 0; banned && i < banned->len; i++)
        if (str_eq(banned->at[i], name)) return false;
    for (int i = 0; s && i < s->len; i++)
        if (str_eq(s->at[i].name, name)) {
            *out = s->at[i].value;
            return true;
        }
    return false;
}

static long long floor_div(long long l, long long r)
{
    long long q = l / r;
    return q - (l % r != 0 && (l % r < 0) != (r < 0));
}

static bool eval_binary(const Node *x, const Snapshot *s, const StrVec *banned, PValue *out)
{
    long long l, r;
    if (!number_eval(x->a, s, banned, &l) || !number_eval(x->b, s, banned, &r)) return false;
    if (str_eq(x->op, "+")) *out = pv_int(l + r);
    else if (str_eq(x->op, "-")) *out = pv_int(l - r);
    else if (str_eq(x->op, "*")) *out = pv_int(l * r);
    else if (str_eq(x->op, "//") && r) *out = pv_int(floor_div(l, r));
    else if (str_eq(x->op, "%") && r) *out = pv_int(l - floor_div(l, r) * r);
    else if (str_eq(x->op, "**") && r >= 0 && r < 31) {
        long long p = 1;
        for (long long i = 0; i < r; i++) p *= l;
        *out = pv_int(p);
    } else return false;
    return true;
}

static bool eval_item(const Node *x, const Snapshot *s, const StrVec *banned, PValue *out)
{
    PValue of;
    long long i;
    if (x->a->kind == N_NAME && x->b->kind == N_STRING) {
        char name[256];
        if (strlen(x->a->name) + strlen(x->b->str) > sizeof name - 6) return false;
        for (int k = 0; banned && k < banned->len; k++)
            if (str_eq(banned->at[k], x->a->name)) return false;
        snprintf(name, sizeof name, "%s[\"%s\"]", x->a->name, x->b->str);
        return eval_name(name, s, NULL, out);
    }
    if (!eval(x->a, s, banned, &of) || of.kind != PV_LIST) return false;
    if (!number_eval(x->b, s, banned, &i)) return false;
    if (i < 0) i += of.u.list.len;
    if (i < 0 || i >= of.u.list.len) return false;
    *out = of.u.list.at[i];
    return true;
}

static bool eval(const Node *x, const Snapshot *s, const StrVec *banned, PValue *out)
{
    long long v;
    switch (x->kind) {
    case N_PAREN: return eval(x->a, s, banned, out);
    case N_INT: *out = pv_int(x->num.i); return !x->big;
    case N_NAME: return eval_name(x->name, s, banned, out);
    case N_ATTRIBUTE: {
        char name[256];
        if (x->a->kind != N_NAME || strlen(x->a->name) + strlen(x->name) > sizeof name - 2)
            return false;
        strcpy(name, x->a->name);
        strcat(name, ".");
        strcat(name, x->name);
        return eval_name(name, s, banned, out);
    }
    case N_BINARY: return eval_binary(x, s, banned, out);
    case N_UNARY:
        if (!str_eq(x->op, "-") || !number_eval(x->a, s, banned, &v)) return false;
        *out = pv_int(-v);
        return true;
    case N_SUBSCRIPT: return eval_item(x, s, banned, out);
    case N_CALL:
        if (x->a->kind != N_NAME || !str_eq(x->a->name, "int") || x->items.len != 1) return false;
        return number_eval(x->items.at[0], s, banned, &v) && (*out = pv_int(v), true);
    default: return false;
    }
}

bool number_eval(const Node *x, const Snapshot *s, const StrVec *banned, long long *value)
{
    PValue v;
    if (!eval(x, s, banned, &v) || v.kind != PV_INT) return false;
    *value = v.u.i;
    return true;
}

/* ---- copies ---- */

typedef struct Lift {
    Arena *a;
    const Trace *t;
    const Activation *act; /* NULL: a plain copy */
    int depth;
    bool failed;
} Lift;

static Node *lifted(Lift *l, const Node *x);

static bool visit(Node **slot, void *ctx)
{
    Lift *l = ctx;
    *slot = lifted(l, *slot);
    return !l->failed;
}

/* ---- what a name of the running function is ---- */

typedef struct Bound {
    const char *name;
    bool attribute;
    Node *value;
    int times;
} Bound;

static bool names(const Node *target, const Bound *b)
{
    if (b->attribute) return target->kind == N_ATTRIBUTE && str_eq(target->name, b->name);
    if (target->kind == N_NAME) return str_eq(target->name, b->name);
    for (int i = 0; (target->kind == N_TUPLE || target->kind == N_LIST) && i < target->items.len; i++)
        if (names(target->items.at[i], b)) return true;
    return false;
}

static bool find_binding(Node *n, void *ctx)
{
    Bound *b = ctx;
    if (n->kind == N_ASSIGN)
        for (int i = 0; i < n->items.len; i++)
            if (names(n->items.at[i], b)) {
                bool whole = n->items.at[i]->kind == N_NAME || b->attribute;
                b->times += whole ? 1 : 2;
                b->value = n->b;
            }
    if ((n->kind == N_AUGASSIGN || n->kind == N_FOR || n->kind == N_COMPFOR || n->kind == N_WALRUS) &&
        names(n->a, b))
        b->times += 2;
    return true;
}

/* What a name is bound to, where that is one plain assignment; NULL. */
static Node *binding(Node *in, const char *name, bool attribute)
{
    Bound b = {.name = name, .attribute = attribute};
    node_walk(in, find_binding, &b);
    return b.times == 1 ? b.value : NULL;
}

static bool is_self(const Param *p)
{
    return str_eq(p->name, "self") || str_eq(p->name, "cls");
}

/* The argument for the parameter at `at`, or its default; NULL: hidden in several stars. */
static Node *argument(Arena *a, const Node *fn, const Node *call, int at)
{
    const Param *p = &fn->params.list.at[at];
    int first = fn->params.list.len && is_self(&fn->params.list.at[0]) ? 1 : 0, place = at - first;
    Node *two_stars = NULL; /* **args: the one of that name, if it has one */
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        if (x->kind == N_DSTAR) {
            if (two_stars || x->a->kind != N_NAME) return NULL;
            two_stars = x->a;
            continue;
        }
        if (x->kind == N_STAR) /* *widths: one of them, by its place */
            return i <= place && !p->keyword_only ? py_index(a, number_copy(a, x->a), py_int(a, place - i)) : NULL;
        if (x->kind == N_KEYWORD && str_eq(x->name, p->name)) return x->a;
        if (x->kind != N_KEYWORD && i == place && !p->keyword_only) return x;
    }
    return two_stars ? py_index(a, number_copy(a, two_stars), py_str(a, p->name)) : p->dflt;
}

/* What a call gives the parameter of that name; NULL where it is none, or is bound again. */
static Node *given_to(Arena *a, Node *fn, const Node *call, const char *name)
{
    for (int i = 0; i < fn->params.list.len; i++) {
        if (!str_eq(fn->params.list.at[i].name, name)) continue;
        bool plain = fn->params.list.at[i].kind == PARAM_PLAIN && !binding(fn, name, false);
        return plain ? argument(a, fn, call, i) : NULL;
    }
    return NULL;
}

static Node *name_lifted(Lift *l, const Node *x)
{
    Node *fn = l->act->definition ? l->act->definition->node : NULL;
    const Node *call = l->act->call;
    if (!fn || !call || call->kind != N_CALL || ++l->depth > DEEPEST) {
        l->failed = true;
        return number_copy(l->a, x);
    }
    Node *given = given_to(l->a, fn, call, x->name);
    if (given) return number_copy(l->a, given);
    Node *local = binding(fn, x->name, false);
    if (local) return lifted(l, local);
    Definition *outer = l->act->definition->parent; /* outer(filters)(x): a name of the function around */
    if (outer && outer->kind == DEF_FUNCTION && call->a->kind == N_CALL)
        given = given_to(l->a, outer->node, call->a, x->name);
    if (given) return number_copy(l->a, given);
    l->failed = true;
    return number_copy(l->a, x);
}

static Node *attribute_lifted(Lift *l, const Node *x)
{
    Definition *d = l->act->definition;
    bool own = x->a->kind == N_NAME && d && d->node->params.list.len &&
               str_eq(x->a->name, d->node->params.list.at[0].name) && is_self(&d->node->params.list.at[0]);
    Node *value = own && d->parent ? binding(d->parent->node, x->name, true) : NULL;
    if (value && ++l->depth <= DEEPEST) return lifted(l, value);
    l->failed = true;
    return number_copy(l->a, x);
}

static Node *lifted(Lift *l, const Node *x)
{
    if (l->act && x->kind == N_NAME) return name_lifted(l, x);
    if (l->act && x->kind == N_ATTRIBUTE) return attribute_lifted(l, x);
    if (x->kind == N_PAREN && l->act) return lifted(l, x->a);
    Node *copy = node_copy(l->a, x);
    copy->from = NULL;
    if (l->act && copy->kind == N_CALL) { /* int(x): the name is Python's own */
        for (int i = 0; i < copy->items.len; i++) copy->items.at[i] = lifted(l, copy->items.at[i]);
        return copy;
    }
    node_slots(copy, visit, l);
    /* what came in may bind less tightly than what it came into */
    if (copy->kind == N_BINARY) return py_binary(l->a, copy->a, copy->op, copy->b);
    return copy;
}

Node *number_copy(Arena *a, const Node *x)
{
    Lift l = {.a = a};
    return lifted(&l, x);
}

Node *number_lift(Arena *a, const Trace *t, const Node *x, const Activation *act)
{
    Lift l = {.a = a, .t = t, .act = act};
    Node *out = lifted(&l, x);
    return l.failed ? NULL : out;
}

Node *number_argument(const Event *e, const char *attr)
{
    for (int i = 0; e->row && e->args && i < e->row->params.len; i++) {
        const RowParam *p = &e->row->params.at[i];
        if (p->role == ROLE_ATTR && str_eq(p->attr, attr)) return e->args[i].expr;
    }
    return NULL;
}
