/* The text of a class as a value: planned over all the places that call it. */
#include "port/class_value.h"

#include "python/build.h"
#include "port/layout.h"
#include "port/question_port.h"
#include "port/static.h"

static bool builds_several(Rw *rw, Node *site)
{
    int n;
    Event **e = site_events(rw, site, EV_LAYER, &n);
    for (int i = 1; i < n; i++)
        if (!plan_same_kind(e[i]->layer, e[0]->layer)) return true;
    return false;
}

typedef VEC(Event *) Events;

/* The constructions of a class: at places that build several kinds, or at any. */
static Events constructions(Rw *rw, const char *dotted, bool several)
{
    Events out = {0};
    for (int forced = 0; forced < 2 && !out.len; forced++)
        for (int i = 0; i < rw->t->events.len; i++) {
            Event *e = rw->t->events.at[i];
            if (e->kind != EV_LAYER || e->forced != (forced == 1) || !str_eq(e->dotted, dotted) || e->site->node->id <= 0) continue;
            if (!several || builds_several(rw, e->site->node)) vec_push(rw->a, &out, e);
        }
    return out;
}

Node *class_value_of(Rw *rw, Node *call)
{
    if (!call->items.len) return call->a;
    bool partial = map_has(rw->bound, "partial");
    if (!partial) need_import(rw, "functools");
    Node *made = py_call(rw->a, py_name(rw->a, partial ? "partial" : "functools.partial"));
    vec_push(rw->a, &made->items, call->a);
    for (int i = 0; i < call->items.len; i++) vec_push(rw->a, &made->items, call->items.at[i]);
    return made;
}

static bool row_says(const DialectRow *row, const char *attr)
{
    for (int i = 0; row && i < row->params.len; i++)
        if (str_eq(row->params.at[i].attr, attr)) return true;
    return false;
}

/* Where the class is called at places of one kind alone, each says what is traced there (a width), or what its code must
 * know though the source's class never asks for it: not so the value. */
static bool leave_traced(Rw *rw, const PlanStep *s, const Event *e, Node *call)
{
    for (int i = 0; i < s->attrs.len; i++) {
        const PlanAttr *a = &s->attrs.at[i];
        if (!a->expr || (!attr_get(&e->layer->traced, a->name) && row_says(e->row, a->name))) continue;
        NodeVec kept = {0};
        for (int k = 0; k < call->items.len; k++) {
            Node *x = call->items.at[k];
            bool own = x != a->expr && !(x->kind == N_KEYWORD && x->a == a->expr);
            if (own && x->kind != N_KEYWORD && kept.len < k) return false; /* it would take the place of what is left out */
            if (own) vec_push(rw->a, &kept, x);
        }
        call->items = kept;
    }
    return true;
}

static Node *planned(Rw *rw, const char *dotted, bool several)
{
    Events e = constructions(rw, dotted, several);
    Plan *p = e.len ? plan_make(rw, e.at, e.len, true) : NULL;
    if (!p || p->unsupported || p->steps.len != 1 || p->steps.at[0].place != STEP_MAIN) return NULL;
    StrVec unsaid = {0};
    Node *call = step_construct(rw, &p->steps.at[0], &unsaid);
    if (!call || call->kind != N_CALL || unsaid.len || (!several && !leave_traced(rw, &p->steps.at[0], e.at[0], call))) return NULL;
    return class_value_of(rw, call);
}

bool class_value_plan(Rw *rw, Event **events, int n, Plan *out)
{
    Node *site = events[0]->site->node;
    if (rw->from == rw->to || site->kind != N_CALL || static_dotted(rw, site->a)) return false;
    for (int i = 0; i < n; i++)
        if (!events[i]->dotted || !planned(rw, events[i]->dotted, true)) return false;
    PlanStep step = {.place = STEP_MAIN, .ready = py_call(rw->a, rewrite_expr(rw, site->a))};
    *out = (Plan){.one_call = true};
    vec_push(rw->a, &out->steps, step);
    return true;
}

Node *class_value_name(Rw *rw, const char *dotted)
{
    return rw->from == rw->to ? NULL : planned(rw, dotted, true);
}

/* The same where nothing calls it: by its own arguments. */
static Node *unrun_partial(Rw *rw, Node *call, const char *dotted)
{
    const DialectRow *row = dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version);
    if (!row || row->kind->group != GROUP_LAYER) return NULL;
    Node *inner = py_call(rw->a, call->items.at[0]);
    for (int i = 1; i < call->items.len; i++) vec_push(rw->a, &inner->items, call->items.at[i]);
    inner->span = call->span;
    Node *made = static_layer(rw, inner, row);
    return made && made->kind == N_CALL ? class_value_of(rw, made) : NULL;
}

Node *class_value_partial(Rw *rw, Node *call)
{
    const Node *callee = call->a;
    bool named = (callee->kind == N_NAME || callee->kind == N_ATTRIBUTE) && str_eq(callee->name, "partial");
    const char *dotted = named && call->items.len && rw->from != rw->to ? static_dotted(rw, call->items.at[0]) : NULL;
    if (!dotted) return NULL;
    Node *made = planned(rw, dotted, true);
    if (!made) made = planned(rw, dotted, false);
    return made ? made : unrun_partial(rw, call, dotted);
}

/* ---- functions ---- */

/* Is the function named somewhere as a value, and never found otherwise (by getattr)? */
static bool is_named(Rw *rw, const char *dotted)
{
    bool named = false;
    for (int i = 0; i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->kind != EV_REF || !str_eq(e->dotted, dotted)) continue;
        if (e->site->node->kind != N_NAME && e->site->node->kind != N_ATTRIBUTE) return false;
        named = true;
    }
    return named;
}

bool function_value_called(Rw *rw, Node *n, Event **e, int count)
{
    if (rw->from == rw->to || n->kind != N_CALL || n->items.len != 1 || n->items.at[0]->kind == N_KEYWORD || n->items.at[0]->kind == N_STAR ||
        (n->a->kind != N_ATTRIBUTE && n->a->kind != N_NAME) || static_dotted(rw, n->a))
        return false;
    for (int i = 0; i < count; i++) {
        bool function = e[i]->row && e[i]->row->form == FORM_FUNCTION && e[i]->in.len == 1 && e[i]->out.len == 1 && e[i]->dotted;
        if (!function || !layout_elementwise(e[i]) || kind_attr(e[i]->node->kind, "axis") || kind_attr(e[i]->node->kind, "axes")) return false;
        if (!is_named(rw, e[i]->dotted) || !static_says_function(rw, e[i]->dotted)) return false;
    }
    return true;
}
