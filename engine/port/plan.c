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
#include "port/instance.h"
#include "port/layout.h"
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
            else if (!pv_same(&a.value, v)) a.varies = true;
        }
        if (a.value.kind == PV_UNKNOWN) a.varies = true;
        vec_push(c->rw->a, &c->attrs, a);
    }
}

static bool carries(const Conversion *c)
{
    return !c || c->carry == CARRY_SAME;
}

/* The expression for the target's parameter, given the source's expression; NULL where it cannot be carried. */
static Node *carry(Rw *rw, const RowParam *from, const RowParam *to, Node *expr, const PValue *value)
{
    const Conversion *f = from->conv, *t = to->conv;
    Carry cf = f ? f->carry : CARRY_SAME, ct = t ? t->carry : CARRY_SAME;
    if (f == t && cf != CARRY_NONE) return expr;
    if (carries(f) && carries(t)) return expr;
    bool scalar = value && (value->kind == PV_INT || value->kind == PV_FLOAT || value->kind == PV_SIZE);
    if (scalar && (cf == CARRY_SCALAR || cf == CARRY_SAME) && (ct == CARRY_SCALAR || ct == CARRY_SAME)) return expr;
    if ((cf == CARRY_ONE_MINUS && ct == CARRY_SAME) || (cf == CARRY_SAME && ct == CARRY_ONE_MINUS))
        return py_binary(rw->a, py_int(rw->a, 1), "-", expr);
    if ((cf == CARRY_NOT && ct == CARRY_SAME) || (cf == CARRY_SAME && ct == CARRY_NOT))
        return py_unary(rw->a, "not", expr);
    return NULL;
}

static PAttrs plan_values(PlanCtx *c)
{
    PAttrs values = {0};
    for (int i = 0; i < c->attrs.len; i++)
        if (!c->attrs.at[i].varies) attr_set(c->rw->a, &values, c->attrs.at[i].name, c->attrs.at[i].value);
    return values;
}

static const DialectRow *plan_row(PlanCtx *c)
{
    PAttrs values = plan_values(c);
    return dialect_write(c->rw->to, FORM_LAYER, c->kind->name, &values);
}

/* Parameters of the source that are given as expressions over names keep them. */
static void gather_exprs(PlanCtx *c)
{
    const Event *e = c->events[0];
    const DialectRow *to = plan_row(c);
    if (c->literal || !e->row || !e->args || !to) return;
    for (int i = 0; i < e->row->params.len; i++) {
        const RowParam *p = &e->row->params.at[i];
        Node *x = e->args[i].expr;
        if (p->role != ROLE_ATTR || !x || node_is_literal(x)) continue;
        for (int k = 0; k < to->params.len; k++) {
            const RowParam *tp = &to->params.at[k];
            if (tp->role != ROLE_ATTR || !str_eq(tp->attr, p->attr)) continue;
            Node *carried = carry(c->rw, p, tp, rewrite_expr(c->rw, x), &e->args[i].value);
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

/* ---- adjustments by kind ---- */

static int applied_rank(PlanCtx *c)
{
    for (int i = 0; i < c->napplies; i++)
        if (c->applies[i]->in.len && c->applies[i]->in.at[0]->rank >= 0) return c->applies[i]->in.at[0]->rank;
    return -1;
}

/* Axis numbers of a layer, in the target's order. */
static void adjust_axis(PlanCtx *c, const char *name)
{
    PlanAttr *a = plan_attr(c, name);
    if (!a || a->value.kind != PV_INT || !c->napplies) return;
    const Event *e = c->applies[0];
    int perm[MAX_RANK];
    const PivotTensor *t = e->out.len ? e->out.at[0] : NULL;
    if (!t || t->rank < 0 || !layout_perm(c->rw->layout, t, perm)) return;
    int j = layout_axis(perm, t->rank, (int)a->value.u.i);
    *a = (PlanAttr){.name = name, .value = pv_int(a->value.u.i < 0 ? j - t->rank : j)};
}

static void adjust_norm(PlanCtx *c)
{
    int rank = applied_rank(c);
    bool first = c->napplies && rank > 2 && layout_channels_first(c->rw->layout, c->applies[0]);
    if (str_eq(c->kind->name, "BatchNormLayer")) {
        PlanAttr *d = plan_attr(c, "dimension");
        if (d->value.kind != PV_INT || d->value.u.i == 0)
            plan_set(c, "dimension", pv_int(rank == 4 ? 2 : rank == 5 ? 3 : 1));
    }
    if (plan_attr(c, "axis")) plan_set(c, "axis", pv_int(first && rank > 2 ? 1 : -1));
}

static void adjust_layernorm(PlanCtx *c)
{
    Rw *rw = c->rw;
    PlanAttr *shape = plan_attr(c, "normalized_shape"), *axes = plan_attr(c, "axes");
    if (shape->value.kind == PV_INT) {
        PValue l = pv_list(rw->a, 1);
        l.u.list.at[0] = shape->value;
        shape->value = l;
    }
    if (axes->value.kind == PV_UNSET && shape->value.kind == PV_LIST) {
        int r = shape->value.u.list.len;
        PValue l = pv_list(rw->a, r);
        for (int i = 0; i < r; i++) l.u.list.at[i] = pv_int(i - r);
        axes->value = r == 1 ? pv_int(-1) : l;
    }
}

static void adjust(PlanCtx *c)
{
    const char *k = c->kind->name;
    if (str_eq(k, "BatchNormLayer") || str_eq(k, "GroupNormLayer") || str_eq(k, "InstanceNormLayer")) adjust_norm(c);
    if (str_eq(k, "LayerNormLayer")) adjust_layernorm(c);
    if (str_eq(k, "FlattenLayer")) {
        PlanAttr *end = plan_attr(c, "end_dim");
        if (end && end->value.kind == PV_INT && end->value.u.i == applied_rank(c) - 1) plan_set(c, "end_dim", pv_int(-1));
    }
    if (c->kind->group == GROUP_ACTIVATION || str_eq(k, "ConcatenateLayer")) adjust_axis(c, "axis");
    if (plan_attr(c, "data_format")) {
        bool first = c->napplies && layout_channels_first(c->rw->layout, c->applies[0]);
        bool dflt = c->rw->to->channels_first;
        PValue v = {.kind = PV_UNSET};
        if (first != dflt && !str_eq(k, "FlattenLayer"))
            v = pv_str(first ? "channels_first" : "channels_last");
        plan_set(c, "data_format", v);
    }
}

/* ---- lowerings ---- */

/* One number, one per axis, or pairs, in the smallest form. */
static PValue pads_value(Rw *rw, long long (*pads)[2], int n)
{
    PValue l = pv_list(rw->a, n);
    for (int i = 0; i < n; i++) {
        PValue pair = pv_list(rw->a, 2);
        pair.u.list.at[0] = pv_int(pads[i][0]);
        pair.u.list.at[1] = pv_int(pads[i][1]);
        l.u.list.at[i] = pair;
    }
    return l;
}

static long long spatial_int(const PlanAttr *a, int axis, long long dflt)
{
    if (!a) return dflt;
    if (a->value.kind == PV_INT) return a->value.u.i;
    if (a->value.kind == PV_LIST && axis < a->value.u.list.len && a->value.u.list.at[axis].kind == PV_INT)
        return a->value.u.list.at[axis].u.i;
    return dflt;
}

/* The padding that "same" means for one application (TensorFlow's rule: out = ceil(n/s), surplus behind). False where
 * a size is free or not known. */
static bool same_pads(PlanCtx *c, const Event *e, int nd, long long (*pads)[2])
{
    const PivotTensor *t = e->in.len ? e->in.at[0] : NULL;
    if (!t || t->rank != nd + 2) return false;
    const char *format = attr_str(&e->layer->attrs, "data_format", NULL);
    bool first = format ? str_eq(format, "channels_first") : c->rw->from->channels_first;
    for (int i = 0; i < nd; i++) {
        Size s = t->dims[first ? 2 + i : 1 + i];
        long long k = spatial_int(plan_attr(c, "kernel_dim"), i, 1), st = spatial_int(plan_attr(c, "stride_dim"), i, 1);
        long long d = spatial_int(plan_attr(c, "dilation"), i, 1), ke = d * (k - 1) + 1;
        if (s.free || s.n < 0) {
            if (st > 1) return false;
            s.n = 1;
        }
        long long out = (s.n + st - 1) / st, total = (out - 1) * st + ke - s.n;
        if (total < 0) total = 0;
        pads[i][0] = total / 2;
        pads[i][1] = total - total / 2;
    }
    return true;
}

static void plan_pad_step(PlanCtx *c, int nd, PValue amounts, Node *expr)
{
    PlanStep *s = plan_push(c, STEP_BEFORE, "PaddingLayer", "pad");
    bool max = str_eq(attr_str(&c->events[0]->layer->attrs, "pooling_type", ""), "max");
    step_set(c->rw, s, "dimension", pv_int(nd));
    if (expr) step_set_expr(c->rw, s, "amounts", expr);
    else step_set(c->rw, s, "amounts", amounts);
    const char *mode = attr_str(&c->events[0]->layer->attrs, "padding_mode", "zeros");
    if (!str_eq(mode, "zeros")) step_set(c->rw, s, "mode", pv_str(mode));
    if (max) step_set(c->rw, s, "value", pv_float(-1.0 / 0.0));
}

/* Padding that the target's layer cannot say itself: a padding layer in front of a "valid" one. */
static void lower_padding(PlanCtx *c, int nd)
{
    PlanAttr *type = plan_attr(c, "padding_type"), *amount = plan_attr(c, "padding_amount");
    const RowParam *param = NULL;
    Node *x = c->literal ? NULL : arg_expr(c->events[0], "padding", &param);
    if (x && node_is_literal(x)) x = NULL;
    if (str_eq(type->value.kind == PV_STR ? type->value.u.str : "", "same")) {
        long long first[3][2], other[3][2];
        bool known = c->napplies > 0 && same_pads(c, c->applies[0], nd, first);
        for (int i = 1; known && i < c->napplies; i++)
            known = same_pads(c, c->applies[i], nd, other) && memcmp(first, other, sizeof(first[0]) * (size_t)nd) == 0;
        if (known) {
            plan_pad_step(c, nd, pads_value(c->rw, first, nd), NULL);
            plan_why(c, "padding=\"same\" at a stride pads by the input's size; the sizes traced here need just this");
        } else {
            PlanStep *s = plan_push(c, STEP_BEFORE, NULL, "pad");
            s->helper = "SamePad";
            for (int i = 0; i < 3; i++) {
                static const char *const names[] = {"kernel_dim", "stride_dim", "dilation"};
                PlanAttr *a = plan_attr(c, names[i]);
                PlanAttr copy = a ? *a : (PlanAttr){.value = pv_int(1)};
                copy.name = names[i];
                vec_push(c->rw->a, &s->attrs, copy);
            }
            bool max = str_eq(attr_str(&c->events[0]->layer->attrs, "pooling_type", ""), "max");
            if (max) step_set(c->rw, s, "value", pv_float(-1.0 / 0.0));
            plan_why(c, "padding=\"same\" at a stride depends on the input's size: computed when it is called");
        }
    } else if (str_eq(type->value.kind == PV_STR ? type->value.u.str : "", "causal")) {
        long long pads[3][2] = {{0}};
        pads[0][0] = spatial_int(plan_attr(c, "dilation"), 0, 1) * (spatial_int(plan_attr(c, "kernel_dim"), 0, 1) - 1);
        plan_pad_step(c, nd, pads_value(c->rw, pads, nd), NULL);
    } else {
        Node *expr = x ? rewrite_expr(c->rw, x) : NULL;
        plan_pad_step(c, nd, amount->value, expr);
        plan_why(c, "explicit padding is a padding layer in front: \"same\" pads otherwise at a stride");
    }
    plan_set(c, "padding_type", pv_str("valid"));
    plan_set(c, "padding_amount", pv_int(0));
    if (plan_attr(c, "padding_mode")) plan_set(c, "padding_mode", pv_str("zeros"));
    PlanAttr *padding = plan_attr(c, "padding");
    if (padding) padding->expr = NULL;
}

/* Is explicit padding just "same" for every size? Stride 1, odd kernel, p = d(k-1)/2, all literal. */
static bool padding_is_same(PlanCtx *c, int nd)
{
    static const char *const args[] = {"kernel_dim", "stride_dim", "dilation", "padding"};
    for (int i = 0; i < 4 && !c->literal; i++) {
        Node *x = arg_expr(c->events[0], args[i], NULL);
        if (x && !node_is_literal(x)) return false;
    }
    const PlanAttr *amount = plan_attr(c, "padding_amount");
    if (amount->varies || amount->value.kind != PV_LIST) return false;
    for (int i = 0; i < nd; i++) {
        long long k = spatial_int(plan_attr(c, "kernel_dim"), i, 1), d = spatial_int(plan_attr(c, "dilation"), i, 1);
        const PValue *p = i < amount->value.u.list.len ? &amount->value.u.list.at[i] : NULL;
        if (spatial_int(plan_attr(c, "stride_dim"), i, 1) != 1 || k % 2 == 0 || !p || p->kind != PV_LIST) return false;
        if (!pv_is_int(&p->u.list.at[0], d * (k - 1) / 2) || !pv_is_int(&p->u.list.at[1], d * (k - 1) / 2)) return false;
    }
    return true;
}

static bool all_zero(const PValue *v)
{
    if (v->kind == PV_INT) return v->u.i == 0;
    if (v->kind != PV_LIST) return v->kind == PV_UNSET || v->kind == PV_NONE;
    for (int i = 0; i < v->u.list.len; i++)
        if (!all_zero(&v->u.list.at[i])) return false;
    return true;
}

static bool target_says(PlanCtx *c, const char *attr)
{
    PAttrs values = plan_values(c);
    const DialectRow *row = plan_row(c);
    if (!row) return false;
    PValue *args = ARENA_ARRAY(c->rw->a, PValue, row->params.len + 1);
    StrVec unsaid = {0};
    dialect_row_write(c->rw->to, c->rw->a, row, &values, args, &unsaid, NULL);
    for (int i = 0; i < unsaid.len; i++)
        if (str_eq(unsaid.at[i], attr)) return false;
    return true;
}

static void settle_padding(PlanCtx *c)
{
    PlanAttr *type = plan_attr(c, "padding_type"), *amount = plan_attr(c, "padding_amount");
    if (!type || !amount) return;
    PlanAttr *carried = plan_attr(c, "padding");
    if (carried && carried->expr) return; /* the target takes the very expression */
    int nd = kind_spatial(c->kind, &c->events[0]->layer->attrs);
    bool is_same = type->value.kind == PV_STR && str_eq(type->value.u.str, "same");
    bool explicit_ = type->varies || amount->varies ||
                     (type->value.kind == PV_STR && str_eq(type->value.u.str, "explicit"));
    if (explicit_ && !type->varies && !amount->varies && all_zero(&amount->value)) {
        Node *x = c->literal ? NULL : arg_expr(c->events[0], "padding", NULL);
        if (!x || node_is_literal(x)) {
            plan_set(c, "padding_type", pv_str("valid"));
            return;
        }
    }
    if (is_same && target_says(c, "padding_type")) {
        bool strided = false;
        for (int i = 0; i < nd; i++) strided |= spatial_int(plan_attr(c, "stride_dim"), i, 1) != 1;
        if (!strided || !c->rw->to->channels_first) return;
    }
    bool pool = str_eq(c->kind->name, "PoolingLayer");
    if (explicit_ && !type->varies && target_says(c, "padding_type") && target_says(c, "padding_amount")) return;
    if (explicit_ && !pool && !type->varies && padding_is_same(c, nd)) {
        PValue keep = amount->value;
        plan_set(c, "padding_type", pv_str("same"));
        plan_set(c, "padding_amount", pv_int(0));
        if (target_says(c, "padding_type")) return;
        plan_set(c, "padding_type", pv_str("explicit"));
        plan_set(c, "padding_amount", keep);
    }
    if (str_eq(type->value.kind == PV_STR ? type->value.u.str : "", "valid") && !type->varies) return;
    lower_padding(c, nd);
}

/* An activation argument that the target's layer does not have: the activation behind it. */
static void settle_activation(PlanCtx *c)
{
    PlanAttr *act = plan_attr(c, "actv_func");
    if (!act) return;
    Rw *rw = c->rw;
    const PValue v = act->value;
    Node *x = c->literal ? NULL : arg_expr(c->events[0], "actv_func", NULL);
    bool dynamic = x && !node_is_literal(x) && question_dynamic_activation(rw, c->site, x);
    const DialectRow *row = plan_row(c);
    bool has_param = false;
    for (int i = 0; row && i < row->params.len; i++)
        has_param |= row->params.at[i].role == ROLE_ATTR && str_eq(row->params.at[i].attr, "actv_func");
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
        for (int i = 0; i < v.u.act->attrs.len; i++)
            step_set(rw, s, v.u.act->attrs.at[i].name, v.u.act->attrs.at[i].value);
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

/* Axis moves around the layer itself: a flatten that must see the source's order. */
static void settle_moves(PlanCtx *c)
{
    int axes[MAX_RANK];
    if (!c->napplies) return;
    for (int i = 0; i < c->plan->steps.len; i++) /* a recurrent layer has seen to it itself */
        if (str_eq(c->plan->steps.at[i].kind, "permute")) return;
    const Event *e = c->applies[0];
    if (str_eq(attr_str(&c->events[0]->layer->attrs, "return_type", ""), "torch")) return;
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
        for (int i = 0; c->kind && i < of.len; i++) plan_set(c, of.at[i].name, of.at[i].value);
    }
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
    if (!row && !s.helper) {
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
    for (int i = 0; i < p->steps.len; i++) vec_push(rw->a, &items, step_module(rw, &p->steps.at[i]));
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
    gather_exprs(c);
    c->plan->rule = c->kind->name;
    c->plan->rule_attrs = inner[0]->layer->attrs;
    return true;
}

Event *construction_of(Rw *rw, const PivotLayer *l)
{
    const Trace *t = rw->t;
    for (int i = 0; i < t->events.len; i++)
        if (t->events.at[i]->kind == EV_LAYER && t->events.at[i]->layer == l) return t->events.at[i];
    return NULL;
}

Plan *plan_make(Rw *rw, Event **events, int n, bool literal)
{
    PlanCtx c = {.rw = rw, .events = events, .n = n, .literal = literal, .kind = events[0]->layer->kind};
    c.plan = ARENA_NEW(rw->a, Plan);
    c.site = events[0]->site->node;
    weight_rule(&c);
    for (int i = 1; i < n; i++)
        if (events[i]->layer->kind != c.kind) {
            plan_unsupported(&c, "the places that build this layer disagree on its kind");
            return c.plan;
        }
    gather_applies(&c);
    gather_attrs(&c);
    gather_exprs(&c);
    unwrap_bidirectional(&c);
    if (c.kind->group == GROUP_WRAPPER) {
        plan_wrapper(&c);
    } else if (str_eq(c.kind->name, "SimpleRNNLayer") || str_eq(c.kind->name, "LSTMLayer") || str_eq(c.kind->name, "GRULayer")) {
        plan_rnn(&c);
    } else {
        adjust(&c);
        settle_kind(&c);
        settle_padding(&c);
        settle_global_pool(&c);
        settle_activation(&c);
    }
    if (!c.plan->unsupported) settle_moves(&c);
    if (!c.plan->unsupported) plan_main_step(&c);
    if (!c.plan->unsupported) check_unsaid(&c);
    c.plan->one_call = c.plan->steps.len == 1;
    return c.plan;
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
            if (a->value.kind == PV_FLOAT && a->value.u.f == -1.0 / 0.0)
                v = py_parse_expr(rw->a, "float(\"-inf\")", &(const char *){NULL});
            vec_push(rw->a, &call->items, a->name[0] == 'v' && str_eq(a->name, "value") ? py_kw(rw->a, "value", v) : v);
        }
        return call;
    }
    PAttrs values = {0};
    for (int i = 0; i < s->attrs.len; i++)
        if (!s->attrs.at[i].varies) attr_set(rw->a, &values, s->attrs.at[i].name, s->attrs.at[i].value);
    const DialectRow *row = dialect_write(rw->to, FORM_LAYER, s->kind, &values);
    if (!row) {
        const char *helper = question_helper_for(rw, s->kind);
        if (helper) {
            PlanStep h = *s;
            h.helper = helper;
            return step_construct(rw, &h, unsaid);
        }
        vec_push(rw->a, unsaid, s->kind);
        return py_none(rw->a);
    }
    PlanStep copy = *s;
    return call_build(rw, row, copy.attrs.at, copy.attrs.len, NULL, 0, unsaid);
}
