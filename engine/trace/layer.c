/* Layers of the framework: built once, called any number of times.
 *
 * Building binds the row's parameters and makes the PivotLayer; the layer gets its name and owner
 * when it is attached to something (module.c, container.c). Calling asks the pivot's shape rules;
 * what the source left out and the shapes tell (in_channels of a Keras layer) becomes an attribute,
 * marked as traced. A mismatch is one diagnostic that names the producer of the input; the result
 * then has no known rank and the trace goes on. Wrappers apply the rule of what they wrap:
 * Bidirectional to the layer in both directions, TimeDistributed to the tensor without its time
 * axis. The body of a Lambda layer is run for its events; in the pass it is one step. */
#include "dialect/convert.h"
#include "trace/own.h"
#include "trace/frame.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *layer_key(Interp *in, const PivotLayer *l)
{
    return arena_printf(in->arena, "%d", l->id);
}

Value *layer_function(Interp *in, const PivotLayer *l)
{
    return map_get(fw(in)->functions, layer_key(in, l));
}

void layer_set_function(Interp *in, const PivotLayer *l, Value *f)
{
    map_set(fw(in)->functions, layer_key(in, l), f);
}

/* "conv2d", "conv2d_1": the name of a layer that nothing in the source names. */
const char *auto_name(Interp *in, const char *base)
{
    Buf b = {0};
    for (const char *p = base; *p; p++) {
        bool up = isupper((unsigned char)*p) != 0;
        bool after = p > base && (islower((unsigned char)p[-1]) ||
                                  (isupper((unsigned char)p[-1]) && islower((unsigned char)p[1])));
        if (up && after)
            buf_addc(&b, '_');
        buf_addc(&b, (char)tolower((unsigned char)*p));
    }
    char *name = buf_take(&b, in->arena);
    Map *m = fw(in)->layer_names;
    int *count = map_get(m, name);
    if (!count) {
        count = ARENA_NEW(in->arena, int);
        map_set(m, name, count);
    }
    int n = (*count)++;
    return n ? arena_printf(in->arena, "%s_%d", name, n) : name;
}

void layer_name(Interp *in, PivotLayer *l, PivotNN *owner, const char *name)
{
    if (in->forced > 0)
        return;
    bool provisional = !l->owner || (l->owner->is_sequential && owner != l->owner);
    if (!provisional)
        return;
    l->owner = owner;
    l->name = name;
    if (l->inner && (!l->inner->owner || l->inner->owner->is_sequential)) {
        l->inner->owner = owner;
        l->inner->name = name;
    }
}

const char *trace_layer_path(Arena *a, const PivotLayer *l)
{
    const char *name = l->name ? l->name : "";
    const PivotNN *of = l->owner;
    bool part = of && of->parent && !of->parent->is_sequential; /* of a functional graph: nobody holds its items */
    if (!of || !of->name || !*of->name || (of->is_sequential && !part))
        return name;
    return arena_printf(a, "%s.%s", of->name, name);
}

/* A number of the layer that the file does not tell: a recorded answer, else a question. */
static void ask_missing(Interp *in, PAttrs *attrs, const PivotKind *kind, Node *site,
                        const char *callee)
{
    for (int i = 0; i < attrs->len; i++) {
        PAttr *at = &attrs->at[i];
        const KindAttr *ka = kind_attr(kind, at->name);
        if (at->value.kind != PV_UNKNOWN || !ka)
            continue;
        if (!str_eq(ka->type, "int") && !str_eq(ka->type, "ints") && !str_eq(ka->type, "shape"))
            continue;
        if (at->value.u.str && strstr(at->value.u.str, UNKNOWN_SHAPE))
            continue; /* the input's shape tells it */
        const char *path = arena_printf(in->arena, "%s.%s", site_path(in, site), at->name);
        Question *q = ask(in, Q_MISSING_ATTRIBUTE, path, site,
                          arena_printf(in->arena, "What is %s of this %s?", at->name, callee),
                          arena_printf(in->arena, "the file does not tell: %s",
                                       at->value.u.str ? at->value.u.str : "it is not known"),
                          NULL);
        long long n = 0;
        char *end = NULL;
        if (q->answer)
            n = strtoll(q->answer, &end, 10);
        if (q->answer && end != q->answer && !*end)
            at->value = pv_int(n);
    }
}

static const Value *first_layer_arg(const Args *args)
{
    for (int i = 0; i < args->pos.len; i++)
        if (args->pos.at[i]->kind == V_LAYER)
            return args->pos.at[i];
    for (int i = 0; i < args->kw.len; i++)
        if (args->kw.at[i]->kind == V_LAYER)
            return args->kw.at[i];
    return NULL;
}

/* What a Lambda layer runs, or what a wrapper holds that is not a layer of the framework. */
static Value *first_callable_arg(const Args *args)
{
    Value *v = args->pos.len ? args->pos.at[0] : args->kw.len ? args->kw.at[0] : NULL;
    if (!v)
        return NULL;
    bool callable = v->kind == V_FUNCTION || v->kind == V_BUILTIN || v->kind == V_OBJECT ||
                    v->kind == V_CONTAINER || v->kind == V_EXT;
    return callable ? v : NULL;
}

/* input_shape= and the like, which Sequential reads; not input_dim= where it is the layer's own. */
static void keep_shape_arguments(Interp *in, Value *layer, const Args *args)
{
    const DialectRow *row = layer->row;
    for (int i = 0; i < args->kw_names.len; i++) {
        const char *name = args->kw_names.at[i];
        bool own = false;
        for (int p = 0; p < row->params.len; p++)
            own |= str_eq(row->params.at[p].name, name) && row->params.at[p].role == ROLE_ATTR;
        if (own && !str_eq(name, "input_length"))
            continue;
        if (!dialect_lists(in->dialect, "input_shape_arguments", name))
            continue;
        vec_push(in->arena, &layer->keys, v_str(in, name));
        vec_push(in->arena, &layer->items, args->kw.at[i]);
    }
}

/* Attributes that the user has edited: in place of what the source says, for every instance of the place. */
static PAttrs own_edits(Interp *in, const PivotKind *kind, PAttrs *attrs, Node *site)
{
    PAttrs edits = {0};
    const char *path = node_in_source(in, site) ? trace_own_path(in->arena, in->trace, site) : NULL, *err = NULL;
    const AnswerSet *answers = in->opts ? in->opts->answers : NULL;
    const Answer *given = path && answers ? answer_find(answers, arena_printf(in->arena, "edit:%s", path)) : NULL;
    if (!given) return edits;
    Question *q = ask(in, Q_EDIT, path, site, "What else should this layer have?", "edited by hand", NULL);
    q->free_text = q->retraces = true;
    q->answer = given->answer;
    bool good = trace_own_edits(in->arena, kind, attrs, given->answer, &edits, &err);
    q->state = good && (!given->at || str_eq(given->at, q->at)) ? ANSWER_CHOSEN : ANSWER_STALE;
    if (q->state != ANSWER_CHOSEN) return (PAttrs){0};
    for (int i = 0; i < edits.len; i++) attr_set(in->arena, attrs, edits.at[i].name, edits.at[i].value);
    return edits;
}

/* An argument that an edit replaces is no expression of the source any more. */
static void drop_edited(Event *e, const PAttrs *edits)
{
    for (int p = 0; e->args && p < e->row->params.len; p++) {
        const char *attr = e->row->params.at[p].attr;
        if (attr && attr_get(edits, attr)) e->args[p].expr = NULL, e->args[p].value = *attr_get(edits, attr);
    }
}

/* The function of the file that an activation argument names: activation=lambda x: ..., Activation(hard_swish). */
static Bound *own_activation(const Binding *b)
{
    for (int p = 0; p < b->row->params.len; p++) {
        const RowParam *rp = &b->row->params.at[p];
        const KindAttr *ka = rp->role == ROLE_ATTR && rp->attr ? kind_attr(b->row->kind, rp->attr) : NULL;
        Value *v = b->at[p].value;
        bool act = ka && str_eq(ka->type, "act") && (str_eq(ka->name, "actv_func") || str_eq(ka->name, "activation"));
        if (act && v && v->kind == V_FUNCTION) return &b->at[p];
    }
    return NULL;
}

/* Activation(f) is Lambda(f). */
static Value *as_lambda(Interp *in, Env *env, const Bound *f, const Args *args, Node *site)
{
    PAttrs none = {0};
    const DialectRow *row = dialect_write(in->dialect, FORM_LAYER, "LambdaLayer", &none);
    if (!row) return NULL;
    Args own = {0};
    arg_push(in, &own, f->value, f->expr);
    for (int i = 0; i < args->kw.len; i++) {
        if (!str_eq(args->kw_names.at[i], "name")) continue;
        vec_push(in->arena, &own.kw_names, args->kw_names.at[i]);
        vec_push(in->arena, &own.kw, args->kw.at[i]);
        vec_push(in->arena, &own.kw_expr, args->kw_expr.at[i]);
    }
    return build_layer(in, env, row, row->names.at[0], &own, site);
}

/* Lambda(f, arguments={"k": 2}) calls f(x, k=2). */
static Value *with_arguments(Interp *in, Env *env, Value *f, const Value *dict, Node *site)
{
    if (!dict || dict->kind != V_DICT || !dict->items.len) return f;
    Args own = {0};
    arg_push(in, &own, f, NULL);
    for (int i = 0; i < dict->items.len; i++) {
        const Value *key = dict->keys.at[i];
        if (key->kind != V_STR) return f;
        vec_push(in->arena, &own.kw_names, key->u.str.s);
        vec_push(in->arena, &own.kw, dict->items.at[i]);
        vec_push(in->arena, &own.kw_expr, NULL);
    }
    return call_builtin(in, env, "functools.partial", NULL, &own, site);
}

Value *build_layer(Interp *in, Env *env, const DialectRow *row, const char *dotted, Args *args,
                   Node *site)
{
    const char *callee = short_name(dotted);
    Binding b;
    bind_args(in, row, NULL, args, site, callee, &b);
    Bound *own = own_activation(&b);
    Value *function = own ? own->value : NULL;
    if (own && str_eq(row->kind->name, "ActivationLayer")) {
        Value *lambda = as_lambda(in, env, own, args, site);
        if (lambda) return lambda;
    }
    if (own && kind_attr(row->kind, "actv_func")) own->value = v_none(in); /* it runs behind the layer */
    else function = NULL;
    PAttrs attrs = bind_attrs(in, &b, site, callee);
    PAttrs edits = own_edits(in, row->kind, &attrs, site);
    ask_missing(in, &attrs, row->kind, site, callee);
    PivotLayer *l = pivot_add_layer(in->trace->pivot, row->kind, attrs);
    l->def = node_span(site);
    l->site = node_in_source(in, site) ? site->id : 0;
    const Value *inner = row->kind->group == GROUP_WRAPPER ? first_layer_arg(args) : NULL;
    if (inner)
        l->inner = inner->u.layer;
    Value *f = first_callable_arg(args);
    if (f && (row->kind->group == GROUP_WRAPPER || str_eq(row->kind->name, "LambdaLayer")))
        layer_set_function(in, l, with_arguments(in, env, f, bound_param(&b, "arguments"), site));
    l->own_activation = function != NULL;
    if (function) layer_set_function(in, l, function);
    Value *name = bound_param(&b, "name");
    if (name && name->kind == V_STR)
        l->name = name->u.str.s;

    Event *e = event_add(in, EV_LAYER, site);
    e->row = row;
    e->dotted = dotted;
    e->args = bind_site_args(in, &b);
    if (edits.len) drop_edited(e, &edits);
    e->attrs = attrs;
    e->layer = l;
    Value *v = v_new(in, V_LAYER);
    v->u.layer = l;
    v->origin = site;
    v->row = row;
    v->built = e;
    Framework *w = fw(in);
    while (w->layer_values.len < l->id) vec_push(in->arena, &w->layer_values, NULL);
    w->layer_values.at[l->id - 1] = v;
    while (w->auto_names.len < l->id) vec_push(in->arena, &w->auto_names, NULL);
    if (!l->name && !in->forced && str_eq(dialect_fact(in->dialect, "tracks_lists"), "true"))
        w->auto_names.at[l->id - 1] = auto_name(in, short_name(dotted));
    keep_shape_arguments(in, v, args);
    return v;
}

const char *layer_given_name(const Value *layer)
{
    const Event *e = layer->built;
    for (int p = 0; e && e->row && e->args && p < e->row->params.len; p++)
        if (str_eq(e->row->params.at[p].name, "name") && e->args[p].given &&
            e->args[p].value.kind == PV_STR)
            return e->args[p].value.u.str;
    return layer->u.layer->name;
}

static Value *shape_argument(Value *layer, const char *name)
{
    for (int i = 0; i < layer->keys.len; i++)
        if (str_eq(layer->keys.at[i]->u.str.s, name) && layer->items.at[i]->kind != V_NONE)
            return layer->items.at[i];
    return NULL;
}

/* input_shape=(32, 32, 3); input_dim=8, with input_length=100 before it where it is a sequence. */
bool layer_input_shape(Interp *in, Value *layer, Value **shape)
{
    static const char *const WHOLE[] = {"input_shape", "batch_input_shape", "batch_shape"};
    Value *s = v_list(in, V_TUPLE);
    *shape = s;
    for (int i = 0; i < 3; i++) {
        Value *given = shape_argument(layer, WHOLE[i]);
        if (!given || (given->kind != V_TUPLE && given->kind != V_LIST && given->kind != V_SHAPE))
            continue;
        for (int k = i ? 1 : 0; k < given->items.len; k++)
            vec_push(in->arena, &s->items, given->items.at[k]);
        return true;
    }
    Value *length = shape_argument(layer, "input_length"), *dim = shape_argument(layer, "input_dim");
    bool sequence = kind_attr(layer->u.layer->kind, "return_type") != NULL;
    if (length)
        vec_push(in->arena, &s->items, length);
    else if (dim && sequence)
        vec_push(in->arena, &s->items, v_none(in));
    if (dim)
        vec_push(in->arena, &s->items, dim);
    return s->items.len > 0;
}

/* ---- shapes ---- */

typedef struct Inferred {
    ShapeOut *out;
    PAttrs traced;
    const char *err;
    PivotLayer *told; /* the layer that the traced attributes belong to */
    bool ok;
} Inferred;

static bool has_unknown(const PAttrs *attrs, const PivotKind *kind)
{
    for (int i = 0; i < attrs->len; i++)
        if (attrs->at[i].value.kind == PV_UNKNOWN) {
            const KindAttr *ka = kind_attr(kind, attrs->at[i].name);
            if (ka && !str_eq(ka->type, "float") && !str_eq(ka->type, "act") &&
                !str_eq(ka->type, "any"))
                return true;
        }
    return false;
}

/* What the layer was built for, where the input has a free size in its place. */
static void note_equation(Interp *in, const PivotLayer *l, const PAttrs *attrs,
                          const TensorVec *ins, Node *site)
{
    const char *name = str_eq(l->kind->name, "LinearLayer") ? "in_features"
                       : kind_attr(l->kind, "input_size")   ? "input_size"
                                                            : NULL;
    const PValue *v = name ? attr_get(attrs, name) : NULL;
    const PivotTensor *x = ins->len ? ins->at[0] : NULL;
    if (v && v->kind == PV_INT && x && x->rank > 1)
        hint_equation(in, x->dims[x->rank - 1], v->u.i, site, false);
}

/* Sizes that are not known count as free ones of their own, so that the rank and the other sizes
 * stay known. */
static const PAttrs *with_free_sizes(Interp *in, const PivotLayer *l, const PAttrs *attrs)
{
    PAttrs *copy = ARENA_NEW(in->arena, PAttrs);
    for (int i = 0; i < attrs->len; i++) {
        PValue v = attrs->at[i].value;
        const KindAttr *ka = kind_attr(l->kind, attrs->at[i].name);
        if (v.kind == PV_UNKNOWN && ka && str_eq(ka->type, "int"))
            v = pv_size(size_free(in->arena, arena_printf(in->arena, "%s%d", ka->name, l->id), 8));
        attr_set(in->arena, copy, attrs->at[i].name, v);
    }
    return copy;
}

static void infer_plain(Interp *in, PivotLayer *l, const PAttrs *attrs, const TensorVec *ins,
                        Inferred *r)
{
    ShapeIn si = {(const PivotTensor *const *)ins->at, ins->len, in->dialect->channels_first};
    r->told = l;
    if (has_unknown(attrs, l->kind))
        attrs = with_free_sizes(in, l, attrs);
    if (has_unknown(attrs, l->kind)) {
        r->ok = true;
        r->out->nout = 1;
        r->out->out[0].rank = -1;
        return;
    }
    r->ok = shape_infer(in->arena, l->kind, attrs, &si, r->out, &r->traced, &r->err);
}

/* Runs the inner rule on the tensor without axis 1 and puts the axis back. */
static void infer_time_distributed(Interp *in, PivotLayer *l, const TensorVec *ins, Inferred *r)
{
    const PivotTensor *t = ins->at[0];
    if (t->rank < 2 || !l->inner) {
        r->ok = true;
        r->out->nout = 1;
        r->out->out[0].rank = -1;
        return;
    }
    PivotTensor step = *t;
    step.rank = t->rank - 1;
    step.dims = ARENA_ARRAY(in->arena, Size, step.rank);
    for (int i = 0; i < step.rank; i++) step.dims[i] = t->dims[i ? i + 1 : 0];
    TensorVec one = {0};
    vec_push(in->arena, &one, &step);
    infer_plain(in, l->inner, &l->inner->attrs, &one, r);
    for (int o = 0; r->ok && o < r->out->nout; o++) {
        PivotTensor *x = &r->out->out[o];
        if (x->rank < 1)
            continue;
        Size *dims = ARENA_ARRAY(in->arena, Size, x->rank + 1);
        dims[0] = x->dims[0];
        dims[1] = t->dims[1];
        for (int i = 1; i < x->rank; i++) dims[i + 1] = x->dims[i];
        x->dims = dims;
        x->rank++;
    }
}

static void infer_layer(Interp *in, PivotLayer *l, const TensorVec *ins, Inferred *r)
{
    r->out = ARENA_NEW(in->arena, ShapeOut);
    if (l->kind->group != GROUP_WRAPPER) {
        infer_plain(in, l, &l->attrs, ins, r);
        return;
    }
    if (str_eq(l->kind->name, "TimeDistributedWrapper")) {
        infer_time_distributed(in, l, ins, r);
        return;
    }
    if (!l->inner) {
        infer_plain(in, l, &l->attrs, ins, r);
        return;
    }
    PAttrs attrs = {0};
    for (int i = 0; i < l->inner->attrs.len; i++)
        attr_set(in->arena, &attrs, l->inner->attrs.at[i].name, l->inner->attrs.at[i].value);
    attr_set(in->arena, &attrs, "bidirectional", pv_bool(true));
    const PValue *merge = attr_get(&l->attrs, "merge_mode");
    if (merge)
        attr_set(in->arena, &attrs, "merge_mode", *merge);
    infer_plain(in, l->inner, &attrs, ins, r);
}

const char *producer_text(Interp *in, const PivotTensor *t)
{
    const PivotNode *n = t ? t->producer : NULL;
    if (!n)
        return "";
    if (n->type == PNODE_INPUT)
        return n->name ? arena_printf(in->arena, " from the input %s", n->name) : "";
    const char *who = n->layer  ? (n->layer->name ? n->layer->name : n->layer->kind->name)
                      : n->kind ? n->kind->name
                                : NULL;
    if (!who)
        return "";
    Span at = n->layer ? n->layer->def : n->use;
    if (at.start == at.end)
        at = n->use;
    int line = 0, col = 0;
    source_position(in->trace->module->src, at.start, &line, &col);
    return arena_printf(in->arena, " from %s at line %d", who, line);
}

static void report_shape(Interp *in, const char *err, const TensorVec *ins, Node *site, Node *built)
{
    Framework *f = fw(in);
    const char *from = ins->len ? producer_text(in, ins->at[0]) : "";
    if (f->assumed && in->forced == 0) {
        if (!f->misfit) {
            f->misfit_text = arena_printf(in->arena, "%s%s", err, from);
            f->misfit_site = site ? site : built;
        }
        f->misfit = true;
        return;
    }
    frame_diag(in, SEV_ERROR, "shape", site ? site : built, NULL, "%s%s", err, from);
}

/* A size that is free is none to build a layer with: its number is a hint. */
static bool is_known(const PValue *v)
{
    if (v->kind == PV_UNSET || v->kind == PV_UNKNOWN || v->kind == PV_SIZE)
        return false;
    for (int i = 0; v->kind == PV_LIST && i < v->u.list.len; i++)
        if (!is_known(&v->u.list.at[i]))
            return false;
    return true;
}

static void take_traced(Interp *in, const Inferred *r, Event *built)
{
    PivotLayer *l = r->told;
    for (int i = 0; i < r->traced.len; i++) {
        const PAttr *at = &r->traced.at[i];
        if (!is_known(&at->value))
            continue;
        const PValue *have = attr_get(&l->attrs, at->name);
        bool again =
            l->calls == 0 && attr_get(&l->traced, at->name); /* a forced arm told it before */
        if (have && have->kind != PV_UNSET && have->kind != PV_NONE && !again)
            continue;
        attr_set(in->arena, &l->attrs, at->name, at->value);
        attr_set(in->arena, &l->traced, at->name, at->value);
        if (built && built->layer == l)
            attr_set(in->arena, &built->attrs, at->name, at->value);
    }
}

static Value *tensors_value(Interp *in, ValueKind kind, PivotTensor **t, int n, Node *site)
{
    Value *v = v_list(in, kind);
    for (int i = 0; i < n; i++) vec_push(in->arena, &v->items, value_of_tensor(in, t[i], site));
    return v;
}

/* What a call gives back, in the shape of the framework: PyTorch's recurrent layers give (out, (h,
 * c)). */
static Value *result_value(Interp *in, const PivotLayer *l, TensorVec *outs, Node *site)
{
    const PivotLayer *core = l->inner ? l->inner : l;
    if (outs->len == 1)
        return value_of_tensor(in, outs->at[0], site);
    if (str_eq(attr_str(&core->attrs, "return_type", ""), "torch")) {
        Value *pair = v_list(in, V_TUPLE);
        vec_push(in->arena, &pair->items, value_of_tensor(in, outs->at[0], site));
        bool cell = outs->len > 2;
        vec_push(in->arena, &pair->items,
                 cell ? tensors_value(in, V_TUPLE, outs->at + 1, outs->len - 1, site)
                      : value_of_tensor(in, outs->at[1], site));
        return pair;
    }
    bool states = attr_bool(&core->attrs, "return_state", false);
    return tensors_value(in, states ? V_LIST : V_TUPLE, outs->at, outs->len, site);
}

/* A function of the file on tensors, run for its events and its result; in the pass it is no step of its own. */
static bool call_on(Interp *in, Value *f, const TensorVec *ins, Node *site, TensorVec *outs)
{
    Args args = {0};
    if (ins->len == 1) {
        arg_push(in, &args, value_of_tensor(in, ins->at[0], site), NULL);
    } else {
        arg_push(in, &args, tensors_value(in, V_LIST, ins->at, ins->len, site), NULL);
    }
    Framework *w = fw(in);
    PivotNN *graph = in->graph_nn;
    in->graph_nn = NULL;
    w->off++;
    Value *r = call_value(in, in->globals, f, &args, site);
    w->off--;
    in->graph_nn = graph;
    tensors_of(in, r, outs);
    for (int i = 0; i < outs->len; i++) /* the step is the Lambda layer's */
        if (outs->at[i]->producer && outs->at[i]->producer->type != PNODE_INPUT &&
            in->forced == 0) {
            bool is_input = false;
            for (int k = 0; k < ins->len; k++) is_input |= ins->at[k] == outs->at[i];
            if (!is_input)
                outs->at[i]->producer = NULL;
        }
    return outs->len > 0;
}

/* The body of a Lambda layer or of a wrapped module. */
static bool run_function(Interp *in, PivotLayer *l, const TensorVec *ins, Node *site,
                         TensorVec *outs)
{
    Value *f = layer_function(in, l);
    if (!f || l->inner || l->own_activation || l->kind->group == GROUP_WRAPPER)
        return false;
    return call_on(in, f, ins, site, outs);
}

static Event *apply_event(Interp *in, PivotLayer *l, Node *site)
{
    if (fw(in)->implicit > 0)
        return event_detached(in, EV_APPLY, site);
    (void)l;
    return event_add(in, EV_APPLY, site);
}

Value *apply_layer(Interp *in, PivotLayer *l, const TensorVec *ins, Node *site, Value *layer_value)
{
    Inferred r = {0};
    TensorVec outs = {0};
    PivotLayer *core = l->inner ? l->inner : l;
    int extra = fw(in)->extra_outputs;
    fw(in)->extra_outputs = 0;
    if (ins->len && ins->at[0]->rank < 0)
        assume_input(in, ins->at[0], core->kind, &core->attrs);
    normalise_axes(in, l->kind, &l->attrs, ins);
    if (!run_function(in, l, ins, site, &outs)) {
        note_equation(in, core, &core->attrs, ins, site);
        infer_layer(in, l, ins, &r);
        if (!r.ok) {
            Node *built = layer_value ? layer_value->origin : NULL;
            report_shape(in, r.err ? r.err : "the shapes do not fit", ins, site, built);
            r.out->nout = 1;
            r.out->out[0] = (PivotTensor){.rank = -1};
        } else {
            take_traced(in, &r, layer_value ? layer_value->built : NULL);
        }
        for (int i = 0; i < r.out->nout; i++)
            vec_push(in->arena, &outs,
                     tensor_new(in, r.out->out[i].dims, r.out->out[i].rank, r.out->out[i].dtype));
        for (int i = 0; i < extra; i++) vec_push(in->arena, &outs, tensor_unknown(in));
    }
    TensorVec behind = {0};
    if (l->own_activation && outs.len == 1 && call_on(in, layer_function(in, l), &outs, site, &behind)) outs = behind;
    PivotNode *n = node_step(in, PNODE_LAYER, site, ins, &outs);
    n->layer = l;
    n->kind = l->kind;
    if (in->forced == 0) {
        l->calls++;
        if (l->inner)
            l->inner->calls++;
    }
    Event *e = apply_event(in, l, site);
    e->layer = l;
    e->node = n;
    e->row = layer_value ? layer_value->row : NULL;
    e->attrs = l->attrs;
    for (int i = 0; i < ins->len; i++) vec_push(in->arena, &e->in, ins->at[i]);
    for (int i = 0; i < outs.len; i++) vec_push(in->arena, &e->out, outs.at[i]);
    return result_value(in, l, &outs, site);
}

/* The tensors of a call in order. An unknown first argument stands for a tensor of unknown rank. */
static void call_inputs(Interp *in, Args *args, TensorVec *ins)
{
    for (int i = 0; i < args->pos.len; i++) {
        Value *v = args->pos.at[i];
        if (is_tensorish(v))
            tensors_of(in, v, ins);
        else if (i == 0 && v->kind != V_NONE)
            vec_push(in->arena, ins, tensor_of_value(in, v));
    }
    for (int i = 0; i < args->kw.len; i++)
        if (!dialect_lists(in->dialect, "call_arguments_inert", args->kw_names.at[i]) &&
            is_tensorish(args->kw.at[i]))
            tensors_of(in, args->kw.at[i], ins);
    if (ins->len == 0)
        vec_push(in->arena, ins, tensor_unknown(in));
}

/* return_attention_scores=True and the like: one more result, of a shape that no rule tells. */
static int extra_outputs(Interp *in, const Args *args)
{
    int n = 0;
    for (int i = 0; i < args->kw_names.len; i++)
        if (dialect_lists(in->dialect, "extra_output_arguments", args->kw_names.at[i]) &&
            v_truth(in, args->kw.at[i]) == 1)
            n++;
    return n;
}

Value *call_layer(Interp *in, Env *env, Value *layer, Args *args, Node *site)
{
    (void)env;
    fw(in)->extra_outputs = extra_outputs(in, args);
    TensorVec ins = {0};
    call_inputs(in, args, &ins);
    if (args->unknown_star) {
        ins.len = 0;
        vec_push(in->arena, &ins, tensor_unknown(in));
    }
    int implicit = fw(in)->implicit;
    fw(in)->implicit = 0;
    Value *v = apply_layer(in, layer->u.layer, &ins, site, layer);
    fw(in)->implicit = implicit;
    return v;
}

/* ---- attributes ---- */

/* A padding is held as one number for each axis. */
static const PValue *held_value(Interp *in, const PivotLayer *l, const RowParam *p, const PValue *given)
{
    int axes = str_starts(l->kind->name, "Conv") ? kind_spatial(l->kind, &l->attrs) : 0;
    if (!axes || given->kind != PV_INT || !dialect_lists(in->dialect, "held_for_each_axis", p->name))
        return given;
    PValue *list = ARENA_NEW(in->arena, PValue);
    *list = pv_list(in->arena, axes);
    for (int i = 0; i < axes; i++) list->u.list.at[i] = *given;
    return list;
}

static Value *given_attribute(Interp *in, Value *layer, const char *name)
{
    const Event *e = layer->built;
    if (!e || !e->row || !e->args)
        return NULL;
    for (int p = 0; p < e->row->params.len; p++) {
        const RowParam *rp = &e->row->params.at[p];
        if (!str_eq(rp->name, name) || rp->role == ROLE_INPUT)
            continue;
        const KindAttr *ka = rp->attr ? kind_attr(layer->u.layer->kind, rp->attr) : NULL;
        const PValue *read =
            ka && str_eq(ka->type, "ints") ? attr_get(&layer->u.layer->attrs, rp->attr) : NULL;
        return v_from_pvalue(in, read && read->kind == PV_LIST ? read : held_value(in, layer->u.layer, rp, &e->args[p].value));
    }
    const PValue *at = attr_get(&layer->u.layer->attrs, name);
    return at && at->kind != PV_UNSET ? v_from_pvalue(in, at) : NULL;
}

Value *layer_attr(Interp *in, Value *layer, const char *name, Node *site)
{
    const Dialect *d = in->dialect;
    if (dialect_lists(d, "layer_weights", name)) {
        if (str_eq(name, "bias") && !attr_bool(&layer->u.layer->attrs, "bias", true))
            return v_none(in);
        return layer_weight(in, layer, name, site);
    }
    if (dialect_lists(d, "module_methods", name) || dialect_lists(d, "module_returns_self", name) ||
        dialect_lists(d, "module_inert", name) || dialect_lists(d, "zero_states", name))
        return v_builtin(in, arena_printf(in->arena, "layer:%s", name), layer);
    if (str_eq(name, dialect_fact(d, "forward")) || str_eq(name, "__call__"))
        return v_builtin(in, "layer:__call__", layer);
    if (str_eq(name, dialect_fact(d, "training_attribute"))) {
        Value *flag = v_bool(in, false);
        flag->is_training_flag = true;
        return flag;
    }
    bool output = dialect_lists(d, "model_output_attributes", name);
    if ((output || dialect_lists(d, "model_input_attributes", name)) && !strstr(name, "shape")) {
        Value *end = layer_end(in, layer, output, site);
        if (end)
            return end;
    }
    Value *v = given_attribute(in, layer, name);
    if (v)
        return v;
    if (str_eq(name, "name") || str_eq(name, "__name__"))
        return layer->u.layer->name ? v_str(in, layer->u.layer->name)
                                    : v_unknown(in, "the layer's name is not known");
    if (str_eq(name, "__class__") && layer->built && layer->built->dotted)
        return v_ext(in, layer->built->dotted);
    return NULL;
}
