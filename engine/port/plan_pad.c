/* What a layer's own padding becomes where the target's layer cannot say it.
 *
 * Explicit padding is a padding layer in front of a "valid" layer; "same" at a stride is one too where the sizes
 * are known, and is computed when it is called where they are not. Borders other than zeros are padded in front
 * as well. A transposed convolution cuts where a convolution pads: what one framework takes off with padding=, the
 * other leaves to a cropping layer behind, and the sizes that "same" gives are met by output padding or by dropping
 * the last row. A pooling that counts what it pads in a way of its own is left to a helper, whole.
 *
 * Not handled: transposed convolutions that both stride and dilate, for a target that refuses them. */
#include "port/plan.h"

#include <string.h>

#include "dialect/convert.h"
#include "port/layout.h"

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

static long long axis_int(const PValue *v, int axis, long long dflt)
{
    if (v && v->kind == PV_INT) return v->u.i;
    if (v && v->kind == PV_LIST && axis < v->u.list.len && v->u.list.at[axis].kind == PV_INT)
        return v->u.list.at[axis].u.i;
    return dflt;
}

static long long spatial_int(const PlanAttr *a, int axis, long long dflt)
{
    return a ? axis_int(&a->value, axis, dflt) : dflt;
}

/* Is the attribute more than one step along some axis, in any instance? */
static bool any_above_one(PlanCtx *c, const char *attr, int nd)
{
    for (int i = 0; i < c->n; i++)
        for (int k = 0; k < nd; k++)
            if (axis_int(attr_get(&c->events[i]->layer->attrs, attr), k, 1) != 1) return true;
    return false;
}

/* Is an argument an expression, so that another instance may have another number? */
static bool is_open(PlanCtx *c, const char *attr)
{
    const PlanAttr *a = plan_attr(c, attr);
    return a && (a->expr || a->differs);
}

/* The padding that "same" means for one application (TensorFlow's rule: out = ceil(n/s), surplus behind). False where
 * a size is free or not known. */
static bool same_pads(PlanCtx *c, const Event *e, int nd, long long (*pads)[2])
{
    const PivotTensor *t = e->in.len ? e->in.at[0] : NULL;
    if (!t || t->rank != nd + 2) return false;
    const char *format = attr_str(&e->layer->attrs, "data_format", NULL);
    bool first = format ? str_eq(format, "channels_first") : c->rw->from->channels_first;
    const PAttrs *as = &e->layer->attrs;
    for (int i = 0; i < nd; i++) {
        Size s = t->dims[first ? 2 + i : 1 + i];
        long long k = axis_int(attr_get(as, "kernel_dim"), i, 1), st = axis_int(attr_get(as, "stride_dim"), i, 1);
        long long d = axis_int(attr_get(as, "dilation"), i, 1), ke = d * (k - 1) + 1;
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

/* padding=mode, whose value is a word in every instance: the expression; NULL. */
static Node *named_padding(PlanCtx *c)
{
    const RowParam *param = NULL;
    Node *x = c->literal ? NULL : arg_expr(c->events[0], "padding", &param);
    if (!x || node_is_literal(x)) return NULL;
    for (int i = 0; i < c->n; i++) {
        const Event *e = c->events[i];
        for (int k = 0; e->row && k < e->row->params.len; k++)
            if (e->row->params.at[k].role == ROLE_ATTR && str_eq(e->row->params.at[k].attr, "padding") &&
                e->args[k].value.kind != PV_STR)
                return NULL;
    }
    return rewrite_expr(c->rw, x);
}

/* The padding that depends on the input's size, computed when it is called. mode: where it is a choice. */
static void pad_when_called(PlanCtx *c, Node *mode)
{
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
    if (mode) step_set_expr(c->rw, s, "mode", mode);
    plan_why(c, "padding=\"same\" at a stride depends on the input's size: computed when it is called");
}

/* A number of the layer as an expression; NULL: it differs, and nothing says it. */
static Node *number_node(PlanCtx *c, const char *attr)
{
    const PlanAttr *a = plan_attr(c, attr);
    if (a && a->expr) return a->expr;
    return a && a->differs ? NULL : py_int(c->rw->a, spatial_int(a, 0, 1));
}

/* All of the padding in front: dilation * (kernel - 1). */
static void causal_pad(PlanCtx *c, int nd)
{
    Rw *rw = c->rw;
    if (!is_open(c, "kernel_dim") && !is_open(c, "dilation")) {
        long long pads[3][2] = {{0}};
        pads[0][0] = spatial_int(plan_attr(c, "dilation"), 0, 1) * (spatial_int(plan_attr(c, "kernel_dim"), 0, 1) - 1);
        plan_pad_step(c, nd, pads_value(rw, pads, nd), NULL);
        return;
    }
    Node *kernel = number_node(c, "kernel_dim"), *dilation = number_node(c, "dilation");
    const PlanAttr *k = plan_attr(c, "kernel_dim");
    if (!kernel || !dilation) {
        plan_unsupported(c, "the padding differs between the places that build this layer, and no expression in scope says it");
        return;
    }
    Node *less = k->expr ? py_binary(rw->a, kernel, "-", py_int(rw->a, 1)) : py_int(rw->a, spatial_int(k, 0, 1) - 1);
    bool one = !is_open(c, "dilation") && spatial_int(plan_attr(c, "dilation"), 0, 1) == 1;
    bool plain = !k->expr && spatial_int(k, 0, 1) == 2;
    Node *amount = one ? less : plain ? dilation : py_binary(rw->a, less, "*", dilation);
    Node *both = py_tuple(rw->a, true);
    vec_push(rw->a, &both->items, amount);
    vec_push(rw->a, &both->items, py_int(rw->a, 0));
    plan_pad_step(c, nd, pv_none(), both);
}

/* Padding that the target's layer cannot say itself: a padding layer in front of a "valid" one. */
static void lower_padding(PlanCtx *c, int nd)
{
    PlanAttr *type = plan_attr(c, "padding_type"), *amount = plan_attr(c, "padding_amount");
    const RowParam *param = NULL;
    Node *x = c->literal ? NULL : arg_expr(c->events[0], "padding", &param);
    if (x && node_is_literal(x)) x = NULL;
    Node *mode = named_padding(c);
    if (mode) {
        pad_when_called(c, mode);
    } else if (str_eq(type->value.kind == PV_STR ? type->value.u.str : "", "same")) {
        long long first[3][2], other[3][2];
        bool known = c->napplies > 0 && same_pads(c, c->applies[0], nd, first) && !is_open(c, "kernel_dim") &&
                     !is_open(c, "stride_dim") && !is_open(c, "dilation");
        for (int i = 1; known && i < c->napplies; i++)
            known = same_pads(c, c->applies[i], nd, other) && memcmp(first, other, sizeof(first[0]) * (size_t)nd) == 0;
        bool none = known;
        for (int i = 0; known && i < nd; i++) none &= !first[i][0] && !first[i][1];
        if (none) {
            plan_why(c, "padding=\"same\" at a stride pads by the input's size; the sizes traced here need none");
        } else if (known) {
            plan_pad_step(c, nd, pads_value(c->rw, first, nd), NULL);
            plan_why(c, "padding=\"same\" at a stride pads by the input's size; the sizes traced here need just this");
        } else {
            pad_when_called(c, NULL);
        }
    } else if (str_eq(type->value.kind == PV_STR ? type->value.u.str : "", "causal")) {
        causal_pad(c, nd);
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

bool plan_says(PlanCtx *c, const char *attr)
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

static bool is_type(const PlanAttr *type, const char *word)
{
    return type->value.kind == PV_STR && str_eq(type->value.u.str, word);
}

/* Is this a pooling whose padding, said by a layer in front, would be counted otherwise, or that has more to say than
 * the target's own layer can? */
static bool pool_is_whole(PlanCtx *c, bool padded)
{
    if (!str_eq(c->kind->name, "PoolingLayer")) return false;
    const PAttrs *as = &c->events[0]->layer->attrs;
    bool average = str_eq(attr_str(as, "pooling_type", ""), "average");
    if (padded && average && !attr_bool(as, "count_include_pad", true)) return true;
    if (average && is_type(plan_attr(c, "padding_type"), "same") && !plan_says(c, "padding_type")) return true;
    return !plan_says(c, "ceil_mode") || !plan_says(c, "dilation");
}

void plan_padding(PlanCtx *c)
{
    PlanAttr *type = plan_attr(c, "padding_type"), *amount = plan_attr(c, "padding_amount");
    if (!type || !amount) return;
    Node *word = c->rw->from == c->rw->to ? named_padding(c) : NULL; /* the same words mean the same there */
    if (word) {
        type->varies = type->differs = amount->varies = amount->differs = false;
        PlanAttr *said = plan_attr(c, "padding"), fresh = {.name = "padding", .value = {.kind = PV_UNSET}, .expr = word};
        if (said) *said = fresh;
        else vec_push(c->rw->a, &c->attrs, fresh);
        return;
    }
    const char *border = attr_str(&c->events[0]->layer->attrs, "padding_mode", "zeros");
    bool bordered = !str_eq(border, "zeros") && !plan_says(c, "padding_mode");
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
    if (is_same && !bordered && plan_says(c, "padding_type")) {
        if (!any_above_one(c, "stride_dim", nd) || !c->rw->to->channels_first) return;
    }
    bool pool = str_eq(c->kind->name, "PoolingLayer");
    if (type->differs && !named_padding(c) && c->rw->from != c->rw->to && !c->rw->from->channels_first) {
        plan_unsupported(c, "a padding that differs between the places that build this layer");
        return;
    }
    if (explicit_ && !type->varies && plan_says(c, "padding_type") && plan_says(c, "padding_amount")) return;
    if (pool_is_whole(c, explicit_)) return; /* a helper does it, see row_for */
    if (explicit_ && !pool && !bordered && !type->varies && padding_is_same(c, nd)) {
        PValue keep = amount->value;
        plan_set(c, "padding_type", pv_str("same"));
        plan_set(c, "padding_amount", pv_int(0));
        if (plan_says(c, "padding_type")) return;
        plan_set(c, "padding_type", pv_str("explicit"));
        plan_set(c, "padding_amount", keep);
    }
    if (str_eq(type->value.kind == PV_STR ? type->value.u.str : "", "valid") && !type->varies) return;
    lower_padding(c, nd);
}

/* ---- transposed convolutions ---- */

static PValue ints_value(Rw *rw, const long long *v, int n)
{
    PValue l = pv_list(rw->a, n);
    for (int i = 0; i < n; i++) l.u.list.at[i] = pv_int(v[i]);
    return l;
}

static bool any_set(const long long *v, int n)
{
    for (int i = 0; i < n; i++)
        if (v[i]) return true;
    return false;
}

static void crop_behind(PlanCtx *c, int nd, long long (*cut)[2])
{
    PlanStep *s = plan_push(c, STEP_AFTER, "CroppingLayer", "crop");
    step_set(c->rw, s, "dimension", pv_int(nd));
    step_set(c->rw, s, "amounts", pads_value(c->rw, cut, nd));
}

/* padding= cuts the full result on both sides, output_padding= adds rows behind. */
static void transposed_to_names(PlanCtx *c, int nd)
{
    long long cut[3][2] = {{0}}, rows[3] = {0};
    PlanAttr *amount = plan_attr(c, "padding_amount"), *op = plan_attr(c, "output_padding");
    bool cuts = false, natural = true;
    for (int i = 0; i < nd; i++) {
        const PValue *p = amount->value.kind == PV_LIST && i < amount->value.u.list.len ? &amount->value.u.list.at[i] : NULL;
        for (int k = 0; k < 2; k++)
            cut[i][k] = p && p->kind == PV_LIST && p->u.list.at[k].kind == PV_INT ? p->u.list.at[k].u.i : 0;
        cuts |= cut[i][0] || cut[i][1];
        rows[i] = spatial_int(op, i, 0);
        natural &= rows[i] == 0 && spatial_int(plan_attr(c, "kernel_dim"), i, 1) >=
                                       spatial_int(plan_attr(c, "stride_dim"), i, 1);
        if (rows[i] && rows[i] >= spatial_int(plan_attr(c, "stride_dim"), i, 1)) {
            plan_unsupported(c, "an output padding that is not smaller than the stride");
            return;
        }
    }
    plan_set(c, "padding_type", pv_str("valid"));
    plan_set(c, "padding_amount", pv_int(0));
    plan_set(c, "output_padding", natural ? (PValue){.kind = PV_UNSET} : ints_value(c->rw, rows, nd));
    if (cuts) {
        crop_behind(c, nd, cut);
        plan_why(c, "padding= of a transposed convolution cuts its result: a cropping layer does; \"same\" is shifted");
    }
}

/* Which rows of the full result a named padding keeps: cut in front is half of what is too much, rounded down. */
static void transposed_from_names(PlanCtx *c, int nd)
{
    long long pads[3][2] = {{0}}, rows[3] = {0}, drop[3][2] = {{0}};
    PlanAttr *op = plan_attr(c, "output_padding");
    bool same = is_type(plan_attr(c, "padding_type"), "same"), cuts = false, drops = false;
    bool given = op->value.kind == PV_INT || op->value.kind == PV_LIST;
    for (int i = 0; i < nd; i++) {
        long long k = spatial_int(plan_attr(c, "kernel_dim"), i, 1), s = spatial_int(plan_attr(c, "stride_dim"), i, 1);
        long long over; /* rows of the full result that are too many */
        if (same) over = given ? 2 * (k / 2) - spatial_int(op, i, 0) : k - s;
        else over = given ? -spatial_int(op, i, 0) : k < s ? k - s : 0;
        if (over >= 0) {
            pads[i][0] = pads[i][1] = over / 2;
            drop[i][1] = over % 2;
        } else {
            rows[i] = -over;
        }
        cuts |= pads[i][0] != 0;
        drops |= drop[i][1] != 0;
    }
    plan_set(c, "padding_type", pv_str(cuts ? "explicit" : "valid"));
    plan_set(c, "padding_amount", cuts ? pads_value(c->rw, pads, nd) : pv_int(0));
    plan_set(c, "output_padding", any_set(rows, nd) ? ints_value(c->rw, rows, nd) : (PValue){.kind = PV_UNSET});
    if (drops) {
        crop_behind(c, nd, drop);
        plan_why(c, "\"same\" keeps an odd number of rows less: the last one is cut off behind");
    }
}

void plan_transposed(PlanCtx *c)
{
    static const char *const numbers[] = {"kernel_dim", "stride_dim", "padding_type", "padding_amount", "output_padding"};
    int nd = kind_spatial(c->kind, &c->events[0]->layer->attrs);
    if (c->rw->from == c->rw->to) return;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        PlanAttr *a = plan_attr(c, numbers[i]);
        if (!a->varies && !a->differs) continue;
        plan_unsupported(c, arena_printf(c->rw->a, "a transposed convolution whose %s differs between its instances",
                                         numbers[i]));
        return;
    }
    PlanAttr *carried = plan_attr(c, "padding");
    if (carried) carried->expr = NULL;
    PlanAttr *rows = plan_attr(c, "output_padding");
    rows->expr = NULL;
    bool from_names = !c->rw->from->channels_first;
    if (from_names) transposed_from_names(c, nd);
    else transposed_to_names(c, nd);
}

/* ---- stride and dilation at once ---- */

/* A target that refuses both in one convolution: the dilated one at every place, and then every s-th of them. */
void plan_dilated_stride(PlanCtx *c)
{
    Rw *rw = c->rw;
    PlanAttr *stride = plan_attr(c, "stride_dim"), *dilation = plan_attr(c, "dilation");
    if (!stride || !dilation || !dialect_fact(rw->to, "dilated_stride") || str_eq(c->kind->name, "PoolingLayer")) return;
    int nd = kind_spatial(c->kind, &c->events[0]->layer->attrs);
    bool strided = any_above_one(c, "stride_dim", nd), dilated = any_above_one(c, "dilation", nd);
    if (!strided || !dilated) return;
    if (str_eq(c->kind->name, "ConvTranspose")) {
        plan_unsupported(c, "a transposed convolution that both strides and dilates");
        return;
    }
    if (is_type(plan_attr(c, "padding_type"), "same")) lower_padding(c, nd);
    PlanStep *s = plan_push(c, STEP_AFTER, NULL, "stride");
    s->helper = dialect_fact(rw->to, "dilated_stride");
    if (stride->expr) step_set_expr(rw, s, "stride_dim", stride->expr);
    else step_set(rw, s, "stride_dim", stride->value);
    plan_set(c, "stride_dim", pv_int(1));
    plan_why(c, "stride and dilation at once are refused: the dilated convolution, and then every s-th place");
}
