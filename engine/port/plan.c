/* What a layer becomes in the target: one call, or a call with layers or operations before and after it.
 *
 * A plan is made for a construction site over all its events, so that one text serves every instance. It
 * starts from the pivot's attributes. What the target's row for the kind cannot say is lowered: explicit
 * padding becomes a padding layer in front, an activation argument a layer behind, and so on. Whatever is
 * left unsaid makes the layer unsupported: a question, and a marked stub until it is answered.
 *
 * Not handled: attributes that differ between the instances of a site with no expression to say them. */
#include "port/plan.h"

#include <stdio.h>
#include <string.h>

#include "dialect/convert.h"
#include "port/class_value.h"
#include "port/instance.h"
#include "port/layout.h"
#include "port/op_settle.h"
#include "port/question_port.h"

/* ---- small helpers ---- */

PlanAttr *plan_attr(PlanCtx *c, const char *name)
{
    for (int i = 0; i < c->attrs.len; i++)
        if (str_eq(c->attrs.at[i].name, name)) return &c->attrs.at[i];
    return NULL;
}

void plan_set(PlanCtx *c, const char *name, PValue v)
{
    PlanAttr *p = plan_attr(c, name);
    if (p) {
        *p = (PlanAttr){.name = name, .value = v};
    } else {
        PlanAttr fresh = {.name = name, .value = v};
        vec_push(c->rw->a, &c->attrs, fresh);
    }
}

PlanStep *plan_push(PlanCtx *c, StepPlace place, const char *kind, const char *suffix)
{
    PlanStep s = {.place = place, .kind = kind, .suffix = suffix};
    vec_push(c->rw->a, &c->plan->steps, s);
    return &c->plan->steps.at[c->plan->steps.len - 1];
}

void step_set(Rw *rw, PlanStep *s, const char *name, PValue v)
{
    PlanAttr a = {.name = name, .value = v};
    vec_push(rw->a, &s->attrs, a);
}

void step_put(Rw *rw, PlanStep *s, const char *name, PValue v)
{
    step_set(rw, s, name, v);
}

void step_set_expr(Rw *rw, PlanStep *s, const char *name, Node *expr)
{
    PlanAttr a = {.name = name, .expr = expr};
    vec_push(rw->a, &s->attrs, a);
}

void plan_why(PlanCtx *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(c->rw->a, fmt, ap);
    va_end(ap);
    c->plan->why = c->plan->why ? arena_printf(c->rw->a, "%s; %s", c->plan->why, s) : s;
}

Node *arg_expr(const Event *e, const char *attr, const RowParam **param)
{
    if (!e->row || !e->args) return NULL;
    for (int i = 0; i < e->row->params.len; i++) {
        const RowParam *p = &e->row->params.at[i];
        if (p->role != ROLE_ATTR || !str_eq(p->attr, attr)) continue;
        if (param) *param = p;
        return e->args[i].expr;
    }
    return NULL;
}

Node *plan_expr(PlanCtx *c, const char *attr)
{
    if (c->literal) return NULL;
    Node *x = arg_expr(c->events[0], attr, NULL);
    return x && !node_is_literal(x) ? rewrite_expr(c->rw, x) : NULL;
}

const char *plan_path(PlanCtx *c)
{
    return question_path(c->rw, c->site);
}

Event **site_events(Rw *rw, Node *n, EventKind kind, int *count)
{
    Site *s = trace_site(rw->t, n);
    *count = 0;
    if (!s) return NULL;
    Event **list = ARENA_ARRAY(rw->a, Event *, s->events.len + 1);
    for (int forced = 0; forced < 2 && *count == 0; forced++)
        for (int i = 0; i < s->events.len; i++)
            if (s->events.at[i]->kind == kind && (s->events.at[i]->forced == (forced == 1)))
                list[(*count)++] = s->events.at[i];
    return list;
}

Event **apply_events(Rw *rw, const PivotLayer *layer, int *n)
{
    const Trace *t = rw->t;
    Event **list = NULL;
    *n = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1) list = ARENA_ARRAY(rw->a, Event *, *n + 1), *n = 0;
        for (int i = 0; i < t->events.len; i++) {
            Event *e = t->events.at[i];
            if (e->kind != EV_APPLY || e->layer != layer) continue;
            if (pass == 1) list[*n] = e;
            ++*n;
        }
    }
    return list;
}

/* ---- gathering ---- */

static void gather_applies(PlanCtx *c)
{
    int total = 0;
    VEC(Event *) all = {0};
    for (int i = 0; i < c->n; i++) {
        int n;
        Event **list = apply_events(c->rw, c->events[i]->layer, &n);
        for (int k = 0; k < n; k++) vec_push(c->rw->a, &all, list[k]);
        total += n;
    }
    c->applies = all.at;
    c->napplies = total;
}

static void gather_attrs(PlanCtx *c)
{
    for (int i = 0; i < c->kind->nattrs; i++) {
        const char *name = c->kind->attrs[i].name;
        PlanAttr a = {.name = name, .value = {.kind = PV_UNSET}};
        for (int k = 0; k < c->n; k++) {
            const PValue *v = attr_get(&c->events[k]->layer->attrs, name);
            if (!v) continue;
            if (k == 0) a.value = *v;
            else if (!pv_same(&a.value, v)) a.varies = a.differs = true;
        }
        if (a.value.kind == PV_UNKNOWN) a.varies = true;
        vec_push(c->rw->a, &c->attrs, a);
    }
}

PAttrs plan_values(PlanCtx *c)
{
    PAttrs values = {0};
    for (int i = 0; i < c->attrs.len; i++)
        if (!c->attrs.at[i].varies) attr_set(c->rw->a, &values, c->attrs.at[i].name, c->attrs.at[i].value);
    return values;
}

const DialectRow *plan_row(PlanCtx *c)
{
    PAttrs values = plan_values(c);
    return dialect_write(c->rw->to, FORM_LAYER, c->kind->name, &values);
}

/* ---- lowerings ---- */

/* An activation argument that the target's layer does not have: the activation behind it. */
static void settle_activation(PlanCtx *c)
{
    PlanAttr *act = plan_attr(c, "actv_func");
    if (!act) return;
    Rw *rw = c->rw;
    for (int i = 0; i < c->n; i++)
        if (training_drops_end(rw, c->events[i]->layer)) act->value = pv_none(), act->expr = NULL;
    const PValue v = act->value;
    Node *x = c->literal ? NULL : arg_expr(c->events[0], "actv_func", NULL);
    bool dynamic = x && !node_is_literal(x) && question_dynamic_activation(rw, c->site, x);
    const DialectRow *row = plan_row(c);
    bool has_param = false;
    for (int i = 0; row && i < row->params.len; i++)
        has_param |= row->params.at[i].role == ROLE_ATTR && str_eq(row->params.at[i].attr, "actv_func");
    if (x && c->events[0]->layer->own_activation) {
        Node *f = rewrite_expr(rw, x);
        if (has_param && rw->from == rw->to) {
            act->expr = f;
            return;
        }
        Node *made = py_call(rw->a, helper_of(rw, "Apply"));
        vec_push(rw->a, &made->items, f);
        plan_push(c, STEP_AFTER, NULL, "act")->ready = made;
        act->expr = NULL;
        plan_set(c, "actv_func", (PValue){.kind = PV_UNSET});
        return;
    }
    if (dynamic) {
        if (has_param) return; /* the expression was carried */
        PlanStep *s = plan_push(c, STEP_AFTER, NULL, "act");
        s->ready = py_call(rw->a, helper_of(rw, "resolve_activation"));
        vec_push(rw->a, &s->ready->items, rewrite_expr(rw, x));
        plan_why(c, "the activation is chosen at run time: resolved by name when the network is built");
        act->expr = NULL;
        plan_set(c, "actv_func", (PValue){.kind = PV_UNSET});
        return;
    }
    if (v.kind == PV_UNSET || v.kind == PV_NONE) return;
    if (v.kind != PV_ACT) {
        plan_unsupported(c, arena_printf(rw->a, "an activation that is no known name: %s", pv_text(rw->a, &v)));
        return;
    }
    if (has_param && dialect_act_string(rw->to, v.u.act)) {
        act->expr = NULL;
        return;
    }
    if (!str_eq(v.u.act->kind, "linear")) {
        PlanStep *s = plan_push(c, STEP_AFTER, v.u.act->kind, "act");
        const PivotKind *kind = pivot_kind(v.u.act->kind);
        for (int i = 0; i < v.u.act->attrs.len; i++) {
            const PAttr *at = &v.u.act->attrs.at[i];
            const KindAttr *ka = kind ? kind_attr(kind, at->name) : NULL;
            bool axis = ka && str_eq(ka->type, "axis");
            step_set(rw, s, at->name, axis ? plan_axis_behind(c, at->value) : at->value);
        }
    }
    plan_set(c, "actv_func", (PValue){.kind = PV_UNSET});
}

/* The global poolings of a target that has none: adaptive to one cell, and a flatten where axes are dropped. */
static bool settle_global_pool(PlanCtx *c)
{
    PlanAttr *type = plan_attr(c, "pooling_type");
    if (!type || type->value.kind != PV_STR || !str_starts(type->value.u.str, "global_") || plan_row(c)) return false;
    Rw *rw = c->rw;
    bool keep = plan_attr(c, "keepdims")->value.kind == PV_BOOL && plan_attr(c, "keepdims")->value.u.b;
    bool max = str_eq(type->value.u.str, "global_max");
    plan_set(c, "pooling_type", pv_str(max ? "adaptive_max" : "adaptive_average"));
    int nd = (int)attr_int(&c->events[0]->layer->attrs, "dimension", 2);
    PValue one = pv_list(rw->a, nd);
    for (int i = 0; i < nd; i++) one.u.list.at[i] = pv_int(1);
    plan_set(c, "output_dim", one);
    plan_set(c, "keepdims", pv_bool(false));
    if (!keep) {
        PlanStep *s = plan_push(c, STEP_AFTER, "FlattenLayer", "flatten");
        s->inline_expr = NULL;
        step_set(rw, s, "start_dim", pv_int(1));
        step_set(rw, s, "end_dim", pv_int(-1));
    }
    return true;
}

static bool is_word_pair(const Node *n)
{
    return n->kind == N_PAIR && n->a->kind == N_STRING && n->a->str && *n->a->str && !str_is_keyword(n->a->str);
}

/* arguments={"k": 2} as k=2, and any other dictionary as **arguments. */
static void add_options(Rw *rw, Node *call, Node *arguments)
{
    const Node *given = arguments ? node_unparen(arguments) : NULL;
    if (!given || given->kind == N_NONE) return;
    Node *dict = rewrite_expr(rw, arguments);
    bool words = dict->kind == N_DICT;
    for (int i = 0; words && i < dict->items.len; i++) words = is_word_pair(dict->items.at[i]);
    if (!words) {
        Node *all = ARENA_NEW(rw->a, Node);
        all->kind = N_DSTAR;
        all->a = dict;
        vec_push(rw->a, &call->items, all);
        return;
    }
    for (int i = 0; i < dict->items.len; i++)
        vec_push(rw->a, &call->items, py_kw(rw->a, dict->items.at[i]->a->str, dict->items.at[i]->b));
}

/* A function as a layer, for a target that has no such layer: its body is the author's, rewritten. */
static void settle_lambda(PlanCtx *c)
{
    Rw *rw = c->rw;
    if (!str_eq(c->kind->name, "LambdaLayer") || plan_row(c)) return;
    Node *function = arg_expr(c->events[0], "function", NULL);
    if (!function) return;
    const char *local = plan_local_name(c, function);
    if (local) {
        plan_unsupported(c, arena_printf(rw->a, "a function that reads %s, which is not known where the layer is written", local));
        return;
    }
    Node *made = py_call(rw->a, helper_of(rw, "Apply"));
    vec_push(rw->a, &made->items, rewrite_expr(rw, function));
    add_options(rw, made, arg_expr(c->events[0], "arguments", NULL));
    plan_push(c, STEP_MAIN, NULL, NULL)->ready = made;
}

/* Attention is called otherwise in the two frameworks: a helper takes the source's arguments and gives its results. */
static void settle_attention(PlanCtx *c)
{
    Rw *rw = c->rw;
    PAttrs values = plan_values(c);
    const DialectRow *row = rw->from == rw->to ? NULL
                                               : dialect_helper(rw->to, FORM_LAYER, c->kind->name, &values, NULL);
    if (!row) return;
    StrVec unsaid = {0};
    Node *made = call_build(rw, row, c->attrs.at, c->attrs.len, NULL, 0, &unsaid);
    if (unsaid.len) {
        plan_unsupported(c, arena_printf(rw->a, "%s of an attention layer", unsaid.at[0]));
        return;
    }
    plan_push(c, STEP_MAIN, NULL, NULL)->ready = made;
    plan_why(c, "attention takes its arguments in another order there: a helper takes and gives what the source does");
}

/* Rearrange(pattern, h=8): the same words in the target's class. */
static void settle_einops(PlanCtx *c)
{
    Rw *rw = c->rw;
    const DialectRow *row = str_eq(c->kind->name, "EinopsLayer") ? plan_row(c) : NULL;
    if (!row) return;
    Node *made = py_call(rw->a, name_of(rw, row->names.at[0]));
    for (int i = 0; i < c->site->items.len; i++) {
        Node *x = c->site->items.at[i];
        vec_push(rw->a, &made->items, x->kind == N_KEYWORD ? py_kw(rw->a, x->name, rewrite_expr(rw, x->a)) : rewrite_expr(rw, x));
    }
    plan_push(c, STEP_MAIN, NULL, NULL)->ready = made;
}

/* A separable convolution for a target without one: the depthwise convolution, without bias, and then the pointwise. */
static void settle_separable(PlanCtx *c)
{
    Rw *rw = c->rw;
    if (!str_eq(c->kind->name, "SeparableConv") || plan_row(c)) return;
    static const char *const pointwise[] = {"Conv1D", "Conv2D", "Conv3D"};
    static const char *const shared[] = {"in_channels", "dimension", "depth_multiplier", "kernel_dim", "stride_dim",
                                         "padding_type", "padding_amount", "padding", "dilation"};
    int nd = kind_spatial(c->kind, &c->events[0]->layer->attrs);
    PlanAttr *in = plan_attr(c, "in_channels"), *times = plan_attr(c, "depth_multiplier");
    if (nd < 1 || nd > 3 || in->varies || in->value.kind != PV_INT || times->value.kind != PV_INT) {
        plan_unsupported(c, "a separable convolution whose channels are not known");
        return;
    }
    PlanStep depth = {.kind = "DepthwiseConv"}, point = {.kind = pointwise[nd - 1]};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        PlanAttr *a = plan_attr(c, shared[i]);
        if (a) vec_push(rw->a, &depth.attrs, *a);
    }
    step_set(rw, &depth, "bias", pv_bool(false));
    step_set(rw, &point, "in_channels", pv_int(in->value.u.i * times->value.u.i));
    PlanAttr out = *plan_attr(c, "out_channels"), bias = *plan_attr(c, "bias");
    PValue ones = pv_list(rw->a, nd);
    for (int i = 0; i < nd; i++) ones.u.list.at[i] = pv_int(1);
    vec_push(rw->a, &point.attrs, out);
    vec_push(rw->a, &point.attrs, bias);
    step_set(rw, &point, "kernel_dim", ones);
    StrVec unsaid = {0};
    NodeVec items = {0};
    vec_push(rw->a, &items, step_construct(rw, &depth, &unsaid));
    vec_push(rw->a, &items, step_construct(rw, &point, &unsaid));
    if (unsaid.len) {
        plan_unsupported(c, arena_printf(rw->a, "%s of a separable convolution", unsaid.at[0]));
        return;
    }
    plan_push(c, STEP_MAIN, NULL, NULL)->ready = sequential_node(rw, &items);
    plan_why(c, "a separable convolution is a depthwise one without bias and a pointwise one behind it");
}

/* The moves of one tensor of two applications: are they the same? Nothing is asked of what is not known. */
static bool same_move(const PivotTensor *x, bool moves, const int *how, const PivotTensor *y, bool other, const int *otherwise)
{
    if (!x || !y || x->rank < 0 || y->rank < 0 || (!moves && !other)) return true;
    return moves == other && x->rank == y->rank && memcmp(how, otherwise, sizeof(int) * (size_t)x->rank) == 0;
}

/* Are the axes moved alike wherever the layer, or another one of this text, is applied? */
static bool moves_alike(PlanCtx *c)
{
    const Layout *l = c->rw->layout;
    int x[MAX_RANK], y[MAX_RANK];
    const Event *e = c->applies[0];
    for (int i = 1; i < c->napplies; i++) {
        const Event *o = c->applies[i];
        bool in = layout_move_in(l, e, 0, x), there = layout_move_in(l, o, 0, y);
        if (!same_move(e->in.len ? e->in.at[0] : NULL, in, x, o->in.len ? o->in.at[0] : NULL, there, y)) return false;
        bool out = layout_move_out(l, e, 0, x);
        there = layout_move_out(l, o, 0, y);
        if (!same_move(e->out.len ? e->out.at[0] : NULL, out, x, o->out.len ? o->out.at[0] : NULL, there, y)) return false;
    }
    return true;
}

/* Axis moves around the layer itself: a flatten that must see the source's order. */
static void settle_moves(PlanCtx *c)
{
    int axes[MAX_RANK];
    if (!c->napplies) return;
    for (int i = 0; i < c->plan->steps.len; i++) /* a recurrent layer has seen to it itself */
        if (str_eq(c->plan->steps.at[i].kind, "permute")) return;
    const Event *e = c->applies[0];
    if (str_eq(attr_str(&c->events[0]->layer->attrs, "return_type", ""), "torch")) return;
    if (!moves_alike(c)) {
        plan_unsupported(c, "tensors of several ranks or orders of axes come to this layer");
        return;
    }
    if (layout_move_in(c->rw->layout, e, 0, axes) && question_keeps_order(c->rw, e)) {
        PlanStep s = {.place = STEP_BEFORE, .kind = "permute", .suffix = "permute"};
        PValue dims = pv_list(c->rw->a, e->in.at[0]->rank);
        for (int i = 0; i < dims.u.list.len; i++) dims.u.list.at[i] = pv_int(axes[i]);
        step_set(c->rw, &s, "dims", dims);
        vec_insert(c->rw->a, &c->plan->steps, 0, s);
    }
    if (e->out.len && layout_move_out(c->rw->layout, e, 0, axes)) {
        PlanStep *s = plan_push(c, STEP_AFTER, "permute", "unpermute");
        PValue dims = pv_list(c->rw->a, e->out.at[0]->rank);
        for (int i = 0; i < dims.u.list.len; i++) dims.u.list.at[i] = pv_int(axes[i]);
        step_set(c->rw, s, "dims", dims);
    }
}

/* Kinds whose target form is another kind. */
static void settle_kind(PlanCtx *c)
{
    Rw *rw = c->rw;
    if (str_eq(c->kind->name, "ActivationLayer") && !plan_row(c)) {
        PlanAttr *act = plan_attr(c, "activation");
        Node *x = c->literal ? NULL : arg_expr(c->events[0], "activation", NULL);
        if (x && !node_is_literal(x) && question_dynamic_activation(rw, c->site, x)) {
            PlanStep *s = plan_push(c, STEP_MAIN, NULL, NULL);
            s->ready = py_call(rw->a, helper_of(rw, "resolve_activation"));
            vec_push(rw->a, &s->ready->items, rewrite_expr(rw, x));
            return;
        }
        if (act->value.kind != PV_ACT) return;
        PAttrs of = act->value.u.act->attrs;
        c->kind = pivot_kind(act->value.u.act->kind);
        c->attrs.len = 0;
        for (int i = 0; c->kind && i < of.len; i++) {
            const KindAttr *ka = kind_attr(c->kind, of.at[i].name);
            bool axis = ka && str_eq(ka->type, "axis"); /* of the source's order */
            plan_set(c, of.at[i].name, axis ? plan_axis(c, of.at[i].value) : of.at[i].value);
        }
    }
    if (str_eq(c->kind->name, "AugmentationLayer") && !plan_row(c)) {
        if (!question_accepted(rw, c->site, "changes images in training only, and has no counterpart: the port does nothing there")) {
            plan_unsupported(c, "an augmentation of images");
            return;
        }
        c->plan->lossy = true;
        plan_why(c, "augments in training only: left out");
        c->kind = pivot_kind("IdentityLayer"), c->attrs.len = 0;
    }
    if (str_eq(c->kind->name, "DropPath") && plan_rank(c) > 1) plan_set(c, "rank", pv_int(plan_rank(c)));
    if (str_eq(c->kind->name, "linear")) c->kind = pivot_kind("IdentityLayer"), c->attrs.len = 0;
}

static void plan_main_step(PlanCtx *c)
{
    for (int i = 0; i < c->plan->steps.len; i++)
        if (c->plan->steps.at[i].place == STEP_MAIN) return;
    const DialectRow *row = plan_row(c);
    PlanStep s = {.place = STEP_MAIN, .kind = c->kind->name};
    for (int i = 0; i < c->attrs.len; i++) vec_push(c->rw->a, &s.attrs, c->attrs.at[i]);
    if (!row) s.helper = question_helper_for(c->rw, c->kind->name);
    StrVec unsaid = {0};
    if (!row && !s.helper && step_construct(c->rw, &s, &unsaid)->kind == N_NONE) {
        plan_unsupported(c, arena_printf(c->rw->a, "%s has no layer for %s", c->rw->to->title, c->kind->name));
        return;
    }
    int at = 0; /* behind what goes before, in front of what comes after */
    while (at < c->plan->steps.len && c->plan->steps.at[at].place == STEP_BEFORE) at++;
    vec_insert(c->rw->a, &c->plan->steps, at, s);
}

void plan_unsupported(PlanCtx *c, const char *why)
{
    if (c->plan->unsupported) return;
    Rw *rw = c->rw;
    plan_why(c, "%s", why);
    const char *code = question_unsupported(rw, c->site, why);
    const char *err = NULL;
    Node *typed = code ? py_parse_expr(rw->a, code, &err) : NULL;
    c->plan->steps.len = 0;
    PlanStep *s = plan_push(c, STEP_MAIN, NULL, NULL);
    if (typed) {
        s->ready = typed;
    } else {
        c->plan->unsupported = true;
        s->ready = py_call(rw->a, helper_of(rw, "Unported"));
        vec_push(rw->a, &s->ready->items, py_str(rw->a, why));
    }
}

bool plan_lossy(PlanCtx *c, const char *how)
{
    if (question_lossy(c->rw, c->site, how)) {
        c->plan->lossy = true;
        plan_why(c, "%s", how);
        return true;
    }
    plan_unsupported(c, how);
    return false;
}

/* What the main row still cannot say. */
static void check_unsaid(PlanCtx *c)
{
    for (int i = 0; i < c->plan->steps.len; i++) {
        PlanStep *s = &c->plan->steps.at[i];
        if (s->place != STEP_MAIN || s->ready || !s->kind || s->helper) continue;
        StrVec unsaid = {0};
        step_construct(c->rw, s, &unsaid);
        for (int k = 0; k < unsaid.len; k++) {
            const char *what = unsaid.at[k];
            if (what[0] == '?') {
                Node *given = question_missing(c->rw, c->site, what + 1);
                if (!given) {
                    plan_unsupported(c, arena_printf(c->rw->a, "%s is needed and cannot be traced", what + 1));
                    return;
                }
                PlanAttr add = {.name = what + 1, .expr = given};
                vec_push(c->rw->a, &s->attrs, add);
                for (int m = 0; m < s->attrs.len - 1; m++)
                    if (str_eq(s->attrs.at[m].name, what + 1)) s->attrs.at[m].expr = given;
            } else if (what[0] == '~') {
                Node *given = question_missing(c->rw, c->site, what + 1);
                if (!given) {
                    plan_unsupported(c, arena_printf(c->rw->a, "%s differs between the places that build this layer, "
                                                     "and no expression in scope says it", what + 1));
                    return;
                }
                for (int m = 0; m < s->attrs.len; m++)
                    if (str_eq(s->attrs.at[m].name, what + 1)) s->attrs.at[m].expr = given, s->attrs.at[m].varies = false;
            } else {
                const PlanAttr *a = plan_attr(c, what);
                plan_unsupported(c, arena_printf(c->rw->a, "%s cannot say %s=%s of %s", c->rw->to->title, what,
                                                 a ? pv_text(c->rw->a, &a->value) : "...", c->kind->name));
                return;
            }
        }
    }
}

/* How the weights of the layer map, by the pivot kind (the verify script knows the rules). */
static void weight_rule(PlanCtx *c)
{
    c->plan->rule = c->events[0]->layer->kind->name;
    c->plan->rule_attrs = c->events[0]->layer->attrs;
}

static Node *permute_module(Rw *rw, const int *axes, int rank)
{
    PlanStep s = {.kind = "permute"};
    PValue dims = pv_list(rw->a, rank);
    for (int i = 0; i < rank; i++) dims.u.list.at[i] = pv_int(axes[i]);
    step_set(rw, &s, "dims", dims);
    return step_module(rw, &s);
}

/* A wrapper that the target has too: the wrapped layer's own call inside of it. */
static void plan_wrapper(PlanCtx *c)
{
    Rw *rw = c->rw;
    const PivotLayer *inner = c->events[0]->layer->inner;
    const DialectRow *row = plan_row(c);
    Event *built = inner ? construction_of(rw, inner) : NULL;
    Plan *p = built ? plan_make(rw, &built, 1, c->literal) : NULL;
    if (!p || p->unsupported) {
        plan_unsupported(c, "what is wrapped here could not be ported");
        return;
    }
    StrVec unsaid = {0};
    NodeVec items = {0};
    Event **runs;
    int nruns, axes[MAX_RANK], rank = plan_rank(c) - 1;
    runs = apply_events(rw, inner, &nruns);
    bool image = !row && rw->from != rw->to && layout_image_kind(inner->kind) && rank > 2 && rank < MAX_RANK;
    for (int i = 0; i < nruns; i++) rank = runs[i]->in.len ? runs[i]->in.at[0]->rank : rank;
    if (image) { /* the steps are held in the source's order: the layer inside works in its own */
        for (int j = 0; j < rank; j++) axes[j] = j == 0 ? 0 : j == 1 ? rank - 1 : j - 1;
        vec_push(rw->a, &items, permute_module(rw, axes, rank));
    }
    for (int i = 0; i < p->steps.len; i++) vec_push(rw->a, &items, step_module(rw, &p->steps.at[i]));
    if (image) {
        for (int j = 0; j < rank; j++) axes[j] = j == 0 ? 0 : j == rank - 1 ? 1 : j + 1;
        vec_push(rw->a, &items, permute_module(rw, axes, rank));
    }
    Node *in = items.len == 1 ? items.at[0] : sequential_node(rw, &items);
    PlanStep *s = plan_push(c, STEP_MAIN, NULL, NULL);
    if (row) {
        s->ready = call_build(rw, row, c->attrs.at, c->attrs.len, &in, 1, &unsaid);
    } else {
        const char *helper = question_helper_for(rw, c->kind->name);
        if (!helper) {
            plan_unsupported(c, arena_printf(rw->a, "%s has no counterpart of %s", rw->to->title, c->kind->name));
            return;
        }
        s->ready = py_call(rw->a, helper_of(rw, helper));
        vec_push(rw->a, &s->ready->items, in);
    }
    c->plan->rule = inner->kind->name;
    c->plan->rule_attrs = inner->attrs;
}

/* Bidirectional(LSTM(...)) for a target whose recurrent layers have both directions themselves. */
static bool unwrap_bidirectional(PlanCtx *c)
{
    Rw *rw = c->rw;
    if (!str_eq(c->kind->name, "BidirectionalWrapper") || plan_row(c)) return false;
    const char *merge = attr_str(&c->events[0]->layer->attrs, "merge_mode", "concat");
    Event **inner = ARENA_ARRAY(rw->a, Event *, c->n);
    for (int i = 0; i < c->n; i++) {
        const PivotLayer *l = c->events[i]->layer->inner;
        Event *built = l ? construction_of(rw, l) : NULL;
        if (!built) return false;
        inner[i] = ARENA_NEW(rw->a, Event);
        *inner[i] = *built;
        inner[i]->layer = ARENA_NEW(rw->a, PivotLayer);
        *inner[i]->layer = *l;
        PAttrs both = {0};
        for (int k = 0; k < l->attrs.len; k++) attr_set(rw->a, &both, l->attrs.at[k].name, l->attrs.at[k].value);
        attr_set(rw->a, &both, "bidirectional", pv_bool(true));
        attr_set(rw->a, &both, "merge_mode", pv_str(merge));
        inner[i]->layer->attrs = both;
    }
    c->events = inner;
    c->kind = inner[0]->layer->kind;
    c->attrs.len = 0;
    gather_attrs(c);
    plan_gather_exprs(c);
    c->plan->rule = c->kind->name;
    c->plan->rule_attrs = inner[0]->layer->attrs;
    return true;
}

const PivotTensor *flow_tensor(Rw *rw, const Node *n)
{
    const Trace *t = rw->t;
    if (!rw->flow_of) {
        rw->flow_of = ARENA_ARRAY(rw->a, const PivotTensor *, t->nids + 2);
        for (int i = t->flows.len - 1; i >= 0; i--) {
            const Node *x = t->flows.at[i].expr;
            if (x && x->id > 0 && x->id <= t->nids) rw->flow_of[x->id] = t->flows.at[i].tensor;
        }
    }
    return n->id > 0 && n->id <= t->nids ? rw->flow_of[n->id] : NULL;
}

Event *construction_of(Rw *rw, const PivotLayer *l)
{
    const Trace *t = rw->t;
    for (int i = 0; i < t->events.len; i++)
        if (t->events.at[i]->kind == EV_LAYER && t->events.at[i]->layer == l) return t->events.at[i];
    return NULL;
}

bool plan_same_kind(const PivotLayer *x, const PivotLayer *y)
{
    return x->kind == y->kind && str_eq(attr_str(&x->attrs, "pooling_type", ""), attr_str(&y->attrs, "pooling_type", ""));
}

Plan *plan_make(Rw *rw, Event **events, int n, bool literal)
{
    PlanCtx c = {.rw = rw, .events = events, .n = n, .literal = literal, .kind = events[0]->layer->kind};
    c.plan = ARENA_NEW(rw->a, Plan);
    c.site = events[0]->site->node;
    weight_rule(&c);
    Node *typed = question_override(rw, c.site);
    if (typed) {
        plan_push(&c, STEP_MAIN, NULL, NULL)->ready = typed;
        plan_why(&c, "code of your own");
        return c.plan;
    }
    if (as_written(rw) && !literal) { /* nothing is asked of what stays as it is */
        plan_push(&c, STEP_MAIN, NULL, NULL)->ready = rw->restyled ? rewrite_parts(rw, c.site) : c.site;
        return c.plan;
    }
    for (int i = 1; i < n; i++)
        if (!plan_same_kind(events[i]->layer, events[0]->layer)) {
            if (class_value_plan(rw, events, n, c.plan)) return c.plan;
            plan_unsupported(&c, "the places that build this layer disagree on its kind");
            return c.plan;
        }
    Site *s = trace_site(rw->t, c.site);
    for (int i = 0; s && rw->from != rw->to && i < s->events.len; i++) { /* an argument that no row understands */
        if (s->events.at[i]->kind != EV_GAP || !s->events.at[i]->why) continue;
        plan_unsupported(&c, s->events.at[i]->why);
        return c.plan;
    }
    gather_applies(&c);
    gather_attrs(&c);
    plan_gather_exprs(&c);
    plan_wish_exprs(&c);
    unwrap_bidirectional(&c);
    if (c.kind->group == GROUP_WRAPPER) {
        plan_wrapper(&c);
    } else if (str_eq(c.kind->name, "SimpleRNNLayer") || str_eq(c.kind->name, "LSTMLayer") || str_eq(c.kind->name, "GRULayer")) {
        plan_rnn(&c);
    } else {
        plan_adjust(&c);
        if (!c.plan->unsupported) settle_kind(&c);
        if (c.plan->unsupported) return c.plan;
        if (str_eq(c.kind->name, "MultiHeadAttention")) settle_attention(&c);
        settle_lambda(&c);
        settle_einops(&c);
        if (str_eq(c.kind->name, "ConvTranspose")) plan_transposed(&c);
        else plan_padding(&c);
        if (!c.plan->unsupported) plan_dilated_stride(&c);
        if (!c.plan->unsupported) settle_separable(&c);
        if (!c.plan->unsupported) plan_norm_axes(&c);
        if (!c.plan->unsupported) settle_global_pool(&c);
        if (!c.plan->unsupported) settle_activation(&c);
    }
    if (!c.plan->unsupported) settle_moves(&c);
    if (!c.plan->unsupported) plan_main_step(&c);
    if (!c.plan->unsupported) check_unsaid(&c);
    c.plan->one_call = c.plan->steps.len == 1;
    return c.plan;
}

/* How many tensors the function takes, in front of everything else and in their order; 0: not so. */
static int inputs_in_front(const DialectRow *row)
{
    int n = 0;
    if (row->form != FORM_FUNCTION) return 0;
    for (int i = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        if (p->role == ROLE_INPUT_LIST) return 0;
        if (p->role != ROLE_INPUT) continue;
        if (i != n || p->input != n) return 0;
        n++;
    }
    return n;
}

/* A kind that the target has as a function only: Apply(ops.glu, axis=1). NULL: not even that. */
static Node *function_as_layer(Rw *rw, const PlanStep *s)
{
    PlanStep copy = *s;
    const DialectRow *row = row_for(rw, FORM_FUNCTION, s->kind, copy.attrs.at, copy.attrs.len);
    int n = row ? inputs_in_front(row) : 0;
    if (!n) return NULL;
    StrVec unsaid = {0};
    Node **x = arena_alloc(rw->a, sizeof *x * (size_t)n);
    for (int i = 0; i < n; i++) x[i] = py_name(rw->a, "x");
    Node *call = call_build(rw, row, copy.attrs.at, copy.attrs.len, x, n, &unsaid);
    if (unsaid.len || call->items.len < n) return NULL;
    Node *made = py_call(rw->a, helper_of(rw, "Apply"));
    vec_push(rw->a, &made->items, call->a);
    for (int i = n; i < call->items.len; i++) vec_push(rw->a, &made->items, call->items.at[i]);
    return made;
}

Node *step_construct(Rw *rw, const PlanStep *s, StrVec *unsaid)
{
    if (s->ready) return s->ready;
    if (s->helper) {
        Node *call = py_call(rw->a, helper_of(rw, s->helper));
        for (int i = 0; i < s->attrs.len; i++) {
            const PlanAttr *a = &s->attrs.at[i];
            Node *v = a->expr ? a->expr : value_node(rw, &a->value);
            if (!a->expr && (a->value.kind == PV_UNSET || str_eq(a->name, "data_format"))) continue;
            if (!a->expr && a->varies) vec_push(rw->a, unsaid, arena_printf(rw->a, "~%s", a->name));
            bool by_name = str_eq(a->name, "value") || str_eq(a->name, "mode");
            vec_push(rw->a, &call->items, by_name ? py_kw(rw->a, a->name, v) : v);
        }
        return call;
    }
    PlanStep copy = *s;
    StrVec missing = {0};
    const DialectRow *row = row_for(rw, FORM_LAYER, s->kind, copy.attrs.at, copy.attrs.len);
    Node *made = row ? call_build(rw, row, copy.attrs.at, copy.attrs.len, NULL, 0, &missing) : NULL;
    if (made && !missing.len) return made;
    const char *helper = row ? NULL : question_helper_for(rw, s->kind);
    if (helper) {
        copy.helper = helper;
        return step_construct(rw, &copy, unsaid);
    }
    Node *applied = function_as_layer(rw, s);
    if (applied) return applied;
    for (int i = 0; i < missing.len; i++) vec_push(rw->a, unsaid, missing.at[i]);
    if (!made) vec_push(rw->a, unsaid, s->kind);
    return made ? made : py_none(rw->a);
}
