/* The arguments of a call -> the parameters of a dialect row -> pivot attributes.
 *
 * Binding is Python's own: by position, then by keyword, a *rest parameter takes what is left (one
 * sequence given for it counts as its items). Wrong arguments are diagnosed at the call and then
 * left out. A value goes to the conversions in the framework's own terms; what only a value of the
 * interpreter can say is settled here: activations given as functions, classes or layer objects,
 * and names of the framework. */
#include "trace/frame.h"

#include <string.h>

const char *short_name(const char *dotted)
{
    const char *dot = dotted ? strrchr(dotted, '.') : NULL;
    return dot ? dot + 1 : dotted;
}

bool is_tensorish(const Value *v)
{
    if (!v)
        return false;
    if (v->kind == V_TENSOR)
        return true;
    if (v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_DICT)
        for (int i = 0; i < v->items.len; i++)
            if (is_tensorish(v->items.at[i]))
                return true;
    return false;
}

void arg_push(Interp *in, Args *args, Value *v, Node *expr)
{
    Node **exprs = ARENA_ARRAY(in->arena, Node *, args->pos.len + 1);
    for (int i = 0; i < args->pos.len; i++)
        exprs[i] = i < args->npos_expr ? args->pos_expr[i] : NULL;
    exprs[args->pos.len] = expr;
    vec_push(in->arena, &args->pos, v);
    args->pos_expr = exprs;
    args->npos_expr = args->pos.len;
}

static ArgLook look_of(const Value *v)
{
    if (v->kind == V_UNKNOWN)
        return ARG_UNKNOWN;
    if (v->kind == V_TENSOR)
        return ARG_TENSOR;
    if (v->kind == V_SHAPE)
        return ARG_SHAPE;
    return is_tensorish(v) ? ARG_TENSORS : ARG_OTHER;
}

static int param_named(const DialectRow *row, const char *name)
{
    for (int i = 0; i < row->params.len; i++)
        if (str_eq(row->params.at[i].name, name))
            return i;
    return -1;
}

/* Conv2D(32, 3, 2) fits the words of an old generation (rows, columns) and those of all others
 * (kernel, stride). Without a word that only the old row has it is read as all others do, unless
 * the file is known to be of that age. */
static const DialectRow *row_of_today(Interp *in, RowForm form, const char *name,
                                      const CallLook *look, const DialectRow *row, Node *site)
{
    if (form != FORM_LAYER || !row->keras || row->kind->group != GROUP_LAYER || keras_is_old(in))
        return row;
    const DialectRow *other = row;
    do other = dialect_match_next(in->dialect, form, name, fw(in)->keras, look, other);
    while (other && (other->kind != row->kind || other->keras));
    for (int i = 0; other && i < look->nkw; i++)
        if (param_named(other, look->kw_names[i]) < 0)
            return row;
    for (int i = 0; other && i < look->npos && i < row->params.len && i < other->params.len; i++)
        if (!str_eq(row->params.at[i].attr, other->params.at[i].attr)) {
            frame_diag(in, SEV_NOTE, "keras", site, NULL,
                       "argument %d is read as %s; Keras 1 read it as %s", i + 1,
                       other->params.at[i].name, row->params.at[i].name);
            break;
        }
    return other ? other : row;
}

const DialectRow *row_match(Interp *in, RowForm form, const char *name, Value *self,
                            const Args *args, Node *site)
{
    int extra = self ? 1 : 0;
    ArgLook *pos = ARENA_ARRAY(in->arena, ArgLook, args->pos.len + extra + 1);
    ArgLook *kw = ARENA_ARRAY(in->arena, ArgLook, args->kw.len + 1);
    PValue *pos_value = ARENA_ARRAY(in->arena, PValue, args->pos.len + extra + 1);
    PValue *kw_value = ARENA_ARRAY(in->arena, PValue, args->kw.len + 1);
    if (self)
        pos[0] = look_of(self);
    for (int i = 0; i < args->pos.len; i++) {
        pos[i + extra] = look_of(args->pos.at[i]);
        if (!is_tensorish(args->pos.at[i]))
            pos_value[i + extra] = v_to_pvalue(in, args->pos.at[i]);
    }
    for (int i = 0; i < args->kw.len; i++) {
        kw[i] = look_of(args->kw.at[i]);
        if (!is_tensorish(args->kw.at[i]))
            kw_value[i] = v_to_pvalue(in, args->kw.at[i]);
    }
    CallLook look = {pos, args->pos.len + extra, args->kw_names.at, kw, args->kw_names.len};
    const DialectRow *row = dialect_match_values(in->dialect, in->arena, form, name, fw(in)->keras,
                                                 &look, pos_value, kw_value);
    return row ? row_of_today(in, form, name, &look, row, site) : NULL;
}

static const char *closest_param(const DialectRow *row, const char *name)
{
    const char *best = NULL;
    int least = 4;
    for (int i = 0; i < row->params.len; i++) {
        int d = str_distance(row->params.at[i].name, name);
        if (d < least)
            least = d, best = row->params.at[i].name;
    }
    return best;
}

/* The next parameter that takes a value by position, from i on; -1. */
static int next_positional(const DialectRow *row, int i)
{
    for (; i < row->params.len; i++)
        if (!row->params.at[i].keyword_only)
            return i;
    return -1;
}

static void bind_positional(Interp *in, const DialectRow *row, Value *self, const Args *args,
                            Node *site, const char *callee, Binding *b)
{
    int p = 0;
    int total = args->pos.len + (self ? 1 : 0);
    for (int i = 0; i < total; i++) {
        int k = self ? i - 1 : i;
        Value *v = k < 0 ? self : args->pos.at[k];
        Node *expr = k >= 0 && k < args->npos_expr ? args->pos_expr[k] : NULL;
        p = next_positional(row, p);
        if (p < 0) {
            int most = 0;
            for (int j = 0; j < row->params.len; j++) most += !row->params.at[j].keyword_only;
            frame_diag(in, SEV_ERROR, "argument", site, NULL,
                       "%s takes %d arguments by position, and gets %d", callee, most, total);
            b->failed = true;
            return;
        }
        if (row->params.at[p].rest) {
            if (!b->rest)
                b->rest = ARENA_NEW(in->arena, ValueVec);
            vec_push(in->arena, b->rest, v);
            b->at[p].expr = b->rest->len == 1 ? expr : NULL;
            continue;
        }
        b->at[p].value = v;
        b->at[p].expr = expr;
        p++;
    }
}

static void bind_keywords(Interp *in, const DialectRow *row, const Args *args, Node *site,
                          const char *callee, Binding *b)
{
    for (int i = 0; i < args->kw_names.len; i++) {
        const char *name = args->kw_names.at[i];
        Node *expr = i < args->kw_expr.len ? args->kw_expr.at[i] : NULL;
        int p = param_named(row, name);
        if (p < 0) {
            const char *near = closest_param(row, name);
            const char *hint = near ? arena_printf(in->arena, "did you mean %s?", near) : NULL;
            frame_diag(in, SEV_WARNING, "argument", expr ? expr : site, hint,
                       "%s has no argument %s", callee, name);
            b->failed = true;
            continue;
        }
        if (b->at[p].value)
            frame_diag(in, SEV_ERROR, "argument", expr ? expr : site, NULL,
                       "%s gets the argument %s twice", callee, name);
        b->at[p].value = args->kw.at[i];
        b->at[p].expr = expr;
    }
}

/* What *rest took becomes one value: view(2, 3) and view((2, 3)) are the same. */
static void close_rest(Interp *in, const DialectRow *row, Binding *b)
{
    for (int p = 0; p < row->params.len; p++) {
        if (!row->params.at[p].rest || !b->rest)
            continue;
        Value *one = b->rest->len == 1 ? b->rest->at[0] : NULL;
        bool sequence =
            one && (one->kind == V_LIST || one->kind == V_TUPLE || one->kind == V_SHAPE);
        if (one && (sequence || one->kind == V_UNKNOWN || one->kind == V_NONE)) {
            b->at[p].value = one;
        } else {
            b->at[p].value = v_list(in, V_TUPLE);
            b->at[p].value->items = *b->rest;
            b->at[p].expr = NULL;
        }
    }
}

void bind_args(Interp *in, const DialectRow *row, Value *self, const Args *args, Node *site,
               const char *callee, Binding *out)
{
    memset(out, 0, sizeof *out);
    out->row = row;
    out->at = ARENA_ARRAY(in->arena, Bound, row->params.len + 1);
    out->unknown = args->unknown_star;
    bind_positional(in, row, self, args, site, callee, out);
    bind_keywords(in, row, args, site, callee, out);
    close_rest(in, row, out);
    if (out->unknown)
        return;
    for (int p = 0; p < row->params.len; p++) {
        const RowParam *rp = &row->params.at[p];
        if (out->at[p].value || rp->has_default || rp->rest || rp->role == ROLE_INPUT_OPTIONAL)
            continue;
        frame_diag(in, SEV_ERROR, "argument", site, NULL, "%s needs the argument %s", callee,
                   rp->name);
        out->failed = true;
    }
}

SiteArg *bind_site_args(Interp *in, const Binding *b)
{
    const DialectRow *row = b->row;
    SiteArg *args = ARENA_ARRAY(in->arena, SiteArg, row->params.len + 1);
    for (int p = 0; p < row->params.len; p++) {
        args[p].expr = b->at[p].expr;
        args[p].given = b->at[p].value != NULL;
        if (args[p].given)
            args[p].value = v_to_pvalue(in, b->at[p].value);
        else if (b->unknown)
            args[p].value = pv_unknown("it came out of unknown arguments");
        else
            args[p].value = row->params.at[p].dflt;
    }
    return args;
}

Value *bound_param(const Binding *b, const char *param)
{
    int p = param_named(b->row, param);
    return p < 0 ? NULL : b->at[p].value;
}

static const DialectRow *act_row(Interp *in, const char *name)
{
    const RowForm forms[] = {FORM_STRING, FORM_FUNCTION, FORM_LAYER};
    for (int i = 0; i < 3; i++) {
        const DialectRow *r =
            dialect_read_group(in->dialect, forms[i], name, fw(in)->keras, GROUP_ACTIVATION);
        if (r)
            return r;
    }
    return NULL;
}

static PValue act_of_name(Interp *in, const char *name, Node *expr)
{
    const PivotAct *act = dialect_act(in->dialect, in->arena, name, fw(in)->keras);
    keras_check_act(in, name, expr);
    const DialectRow *row = act_row(in, name);
    if (!act && !row)
        return (PValue){0};
    PValue v = act ? (PValue){.kind = PV_ACT, .u.act = (PivotAct *)act}
                   : pv_act(in->arena, row->kind->name);
    if (!act) {
        PValue *given = ARENA_ARRAY(in->arena, PValue, row->params.len + 1);
        const char *err = NULL;
        dialect_row_read(in->dialect, in->arena, row, fw(in)->keras, given, &v.u.act->attrs, &err);
    }
    Event *e = event_add(in, EV_ACT_REF, expr);
    e->row = row;
    e->dotted = name;
    e->attrs = v.u.act->attrs;
    return v;
}

PValue act_of_value(Interp *in, Value *v, Node *expr)
{
    PValue none = {0};
    if (!v)
        return none;
    if (v->kind == V_NONE)
        return pv_none();
    if (v->kind == V_STR)
        return act_of_name(in, v->u.str.s, expr);
    if (v->kind == V_EXT)
        return act_of_name(in, v->u.dotted, expr);
    if (v->kind == V_LAYER && v->u.layer->kind->group == GROUP_ACTIVATION) {
        PValue act = pv_act(in->arena, v->u.layer->kind->name);
        act.u.act->attrs = v->u.layer->attrs;
        return act;
    }
    if (v->kind == V_LAYER && str_eq(v->u.layer->kind->name, "ActivationLayer")) {
        const PValue *a = attr_get(&v->u.layer->attrs, "activation");
        return a ? *a : none;
    }
    return none;
}

static bool is_act_attr(const DialectRow *row, const RowParam *rp)
{
    if (rp->role != ROLE_ATTR || !rp->attr)
        return false;
    const KindAttr *ka = kind_attr(row->kind, rp->attr);
    return ka && str_eq(ka->type, "act");
}

/* Which activation is used depends on a constructor parameter (or is not known at all): all of them
 * stay. */
static void ask_activation(Interp *in, const char *path, Value *v, Node *expr, Node *site)
{
    if (!v->from_param && v->kind != V_UNKNOWN)
        return;
    const char *now = v->kind == V_UNKNOWN ? v->u.why : v_repr(in, v);
    const char *evidence = v->kind == V_UNKNOWN
                               ? arena_printf(in->arena, "its value is not known: %s", now)
                               : arena_printf(in->arena, "in this trace it is %s", now);
    Question *q = ask(in, Q_ACTIVATION, path, expr ? expr : site,
                      "Which activation should this be in the port?", evidence, "dynamic");
    if (v->kind != V_STR)
        return;
    for (int i = 0; i < q->options.len; i++)
        if (str_eq(q->options.at[i].answer, v->u.str.s))
            return;
    question_option(in->arena, q, v->u.str.s, arena_printf(in->arena, "always %s", v->u.str.s),
                    "the parameter loses its effect");
}

/* A layer or a result that came out of a callee which depends on a parameter: act() with
 * act=nn.ReLU as a default. */
void call_depends(Interp *in, const Value *callee, const Value *result, Node *site)
{
    if (callee->kind != V_EXT || in->forced > 0)
        return;
    const PivotKind *k = NULL;
    if (result->kind == V_LAYER)
        k = result->u.layer->kind;
    if (result->kind == V_TENSOR && result->u.tensor->producer)
        k = result->u.tensor->producer->kind;
    if (!k || k->group != GROUP_ACTIVATION)
        return;
    Question *q = ask(
        in, Q_ACTIVATION, site_path(in, site), site, "Which activation should this be in the port?",
        arena_printf(in->arena, "in this trace it is %s", callee->u.dotted), "dynamic");
    for (int i = 0; i < q->options.len; i++)
        if (str_eq(q->options.at[i].answer, k->name))
            return;
    question_option(in->arena, q, k->name, arena_printf(in->arena, "always %s", k->name),
                    "the parameter loses its effect");
}

static PValue given_value(Interp *in, const Binding *b, int p, Node *site)
{
    const RowParam *rp = &b->row->params.at[p];
    Value *v = b->at[p].value;
    if (!v)
        return b->unknown ? pv_unknown("it came out of unknown arguments") : (PValue){0};
    if (is_act_attr(b->row, rp)) {
        ask_activation(in, site_path(in, site), v, b->at[p].expr, site);
        PValue act = act_of_value(in, v, b->at[p].expr);
        if (act.kind != PV_UNSET)
            return act;
        if (v->kind == V_EXT)
            return pv_unknown(arena_printf(in->arena, "%s is no known activation", v->u.dotted));
    }
    return v_to_pvalue(in, v);
}

/* A value that is understood only at its default: the rest of the call stands, and the gap is
 * reported. */
static void check_gap(Interp *in, const Binding *b, int p, const PValue *given, Node *site,
                      const char *callee)
{
    const RowParam *rp = &b->row->params.at[p];
    if (rp->role != ROLE_DEFAULT_ONLY || !b->at[p].value || !dialect_param_is_gap(rp, given))
        return;
    event_gap(
        in, site, callee, NULL,
        arena_printf(in->arena, "%s=%s has no counterpart", rp->name, pv_text(in->arena, given)));
}

PAttrs bind_attrs(Interp *in, const Binding *b, Node *site, const char *callee)
{
    const DialectRow *row = b->row;
    PValue *given = ARENA_ARRAY(in->arena, PValue, row->params.len + 1);
    for (int p = 0; p < row->params.len; p++) {
        if (row->params.at[p].role == ROLE_INPUT || row->params.at[p].role == ROLE_INPUT_LIST ||
            row->params.at[p].role == ROLE_INPUT_OPTIONAL)
            continue;
        given[p] = given_value(in, b, p, site);
        check_gap(in, b, p, &given[p], site, callee);
    }
    PAttrs attrs = {0};
    const char *err = NULL;
    if (!dialect_row_read(in->dialect, in->arena, row, fw(in)->keras, given, &attrs, &err) && err)
        frame_diag(in, SEV_ERROR, "argument", site, NULL, "%s: %s", callee, err);
    return attrs;
}
