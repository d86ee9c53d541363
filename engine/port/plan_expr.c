/* Expressions that stand in place of values: those that the source gives an argument by, taken to the target's words, and
 * those that say a width better than its number. */
#include "dialect/convert.h"
#include "port/plan.h"
#include "port/question_port.h"
#include "port/scope.h"
#include "python/build.h"
#include "python/names.h"

static bool carries(const Conversion *c)
{
    return !c || c->carry == CARRY_SAME;
}

/* (left, right, top, bottom) of PyTorch, last axis first, as Keras's ((top, bottom), (left, right)); NULL: it is none. */
static Node *paired(Rw *rw, const Conversion *from, const Conversion *to, const Node *expr)
{
    bool pads = from && to && str_eq(from->name, "torch_pads") && str_eq(to->name, "keras_pads");
    bool flat = (expr->kind == N_TUPLE || expr->kind == N_LIST) && expr->items.len % 2 == 0;
    if (!pads || !flat) return NULL;
    Node *pairs = py_tuple(rw->a, true);
    for (int i = expr->items.len - 2; i >= 0; i -= 2) {
        Node *pair = py_tuple(rw->a, true);
        vec_push(rw->a, &pair->items, expr->items.at[i]);
        vec_push(rw->a, &pair->items, expr->items.at[i + 1]);
        vec_push(rw->a, &pairs->items, pair);
    }
    return pairs->items.len == 1 ? pairs->items.at[0] : pairs;
}

static bool is_scalar(const PValue *v)
{
    return v && (v->kind == PV_INT || v->kind == PV_FLOAT || v->kind == PV_SIZE);
}

/* The expression for the target's parameter, given the source's expression; NULL where it cannot be carried. */
static Node *carry(PlanCtx *c, const RowParam *from, const RowParam *to, Node *expr, const PValue *value)
{
    Rw *rw = c->rw;
    const Conversion *f = from->conv, *t = to->conv;
    Carry cf = f ? f->carry : CARRY_SAME, ct = t ? t->carry : CARRY_SAME;
    if (f == t && cf != CARRY_NONE) return expr;
    if (carries(f) && carries(t)) return expr;
    if (is_scalar(value) && (cf == CARRY_SCALAR || cf == CARRY_SAME) && (ct == CARRY_SCALAR || ct == CARRY_SAME)) return expr;
    Node *pairs = paired(rw, f, t, expr);
    if (pairs) return pairs;
    bool one_axis = value && value->kind == PV_LIST && attr_int(&c->events[0]->layer->attrs, "dimension", 0) == 1; /* (before, after) there */
    const char *helper = f && t && !one_axis ? dialect_fact(rw->to, arena_printf(rw->a, "carry:%s:%s", f->name, t->name)) : NULL;
    if (helper) {
        Node *call = py_call(rw->a, helper_of(rw, helper));
        vec_push(rw->a, &call->items, expr);
        return call;
    }
    if ((cf == CARRY_ONE_MINUS && ct == CARRY_SAME) || (cf == CARRY_SAME && ct == CARRY_ONE_MINUS))
        return py_binary(rw->a, py_int(rw->a, 1), "-", expr);
    if ((cf == CARRY_NOT && ct == CARRY_SAME) || (cf == CARRY_SAME && ct == CARRY_NOT))
        return py_unary(rw->a, "not", expr);
    return NULL;
}

/* A parameter's value where not all of them are numbers: one that is none. */
static const PValue *hardest_value(const PlanCtx *c, int param)
{
    for (int i = 0; i < c->n; i++) {
        const Event *e = c->events[i];
        if (e->row == c->events[0]->row && e->args && e->args[param].given && !is_scalar(&e->args[param].value))
            return &e->args[param].value;
    }
    return &c->events[0]->args[param].value;
}

/* A helper of the target that takes what the source's layer takes. */
static void helper_exprs(PlanCtx *c)
{
    const Event *e = c->events[0];
    for (int i = 0; i < e->row->params.len; i++) {
        const RowParam *p = &e->row->params.at[i];
        Node *x = e->args[i].expr;
        PlanAttr *a = p->role == ROLE_ATTR && x && !node_is_literal(x) ? plan_attr(c, p->attr) : NULL;
        if (!a || (p->conv && p->conv->carry == CARRY_NONE)) continue;
        a->expr = rewrite_expr(c->rw, x);
        a->varies = false;
    }
}

/* Parameters of the source that are given as expressions over names keep them. */
void plan_gather_exprs(PlanCtx *c)
{
    const Event *e = c->events[0];
    const DialectRow *to = plan_row(c);
    PAttrs values = plan_values(c);
    if (!to) to = dialect_helper(c->rw->to, FORM_LAYER, c->kind->name, &values, NULL);
    if (c->literal || !e->row || !e->args) return;
    if (!to && question_helper_for(c->rw, c->kind->name)) helper_exprs(c);
    if (!to) return;
    for (int i = 0; i < e->row->params.len; i++) {
        const RowParam *p = &e->row->params.at[i];
        Node *x = e->args[i].expr;
        if (p->role != ROLE_ATTR || !x || node_is_literal(x)) continue;
        for (int k = 0; k < to->params.len; k++) {
            const RowParam *tp = &to->params.at[k];
            if (tp->role != ROLE_ATTR || !str_eq(tp->attr, p->attr)) continue;
            Node *carried = carry(c, p, tp, rewrite_expr(c->rw, x), hardest_value(c, i));
            if (!carried) break;
            PlanAttr *a = plan_attr(c, p->attr);
            if (!a) {
                PlanAttr fresh = {.name = p->attr, .value = {.kind = PV_UNSET}};
                vec_push(c->rw->a, &c->attrs, fresh);
                a = &c->attrs.at[c->attrs.len - 1];
            }
            a->expr = carried;
            a->varies = false;
            for (const char *const *s = p->conv ? p->conv->sets : NULL; s && *s; s++)
                if (plan_attr(c, *s)) plan_attr(c, *s)->varies = false;
            break;
        }
    }
}

/* Widths that the source leaves to the framework and that were the same everywhere: an expression for them where one is
 * known, else a number, and a wish for one. */
void plan_wish_exprs(PlanCtx *c)
{
    static const char *const WIDTHS[] = {"in_channels", "in_features", "num_features", "input_size", "normalized_shape"};
    for (size_t i = 0; !c->literal && i < sizeof WIDTHS / sizeof *WIDTHS; i++) {
        PlanAttr *a = plan_attr(c, WIDTHS[i]);
        const PValue *traced = attr_get(&c->events[0]->layer->traced, WIDTHS[i]);
        bool number = a && !a->varies && !a->expr && (a->value.kind == PV_INT || (a->value.kind == PV_LIST && a->value.u.list.len == 1));
        if (!number || !traced) continue;
        a->expr = scope_expression(c->rw, c->site, WIDTHS[i]);
        if (a->expr) continue;
        PortNeed wish = {c->site->id, WIDTHS[i]};
        vec_push(c->rw->a, &c->rw->res->wishes, wish);
    }
}

typedef struct Local {
    const Node *function, *scope; /* the function that is handed on; the one it stands in */
    const char *found;
} Local;

static bool find_local(Node *n, void *ctx)
{
    Local *k = ctx;
    bool own = n->kind == N_NAME && k->function->kind == N_LAMBDA && names_function_binds(k->function, n->name);
    if (n->kind == N_NAME && !own && names_function_binds(k->scope, n->name)) k->found = n->name;
    return !k->found;
}

const char *plan_local_name(PlanCtx *c, Node *function)
{
    const Node *site = c->site;
    const Definition *d = site->id > 0 && site->id <= c->rw->t->module->nnodes ? c->rw->t->definition_of[site->id] : NULL;
    if (!c->literal || !d || d->node->kind != N_FUNCTION) return NULL;
    Local k = {function, d->node, NULL};
    node_walk(function, find_local, &k);
    for (int i = 0; function->kind == N_LAMBDA && i < function->params.list.len; i++) /* defaults are read where it stands */
        if (function->params.list.at[i].dflt && !k.found) {
            Local outer = {d->node, d->node, NULL};
            node_walk(function->params.list.at[i].dflt, find_local, &outer);
            k.found = outer.found;
        }
    return k.found;
}
