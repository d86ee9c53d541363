/* Recurrent layers between two conventions: one framework's layers return every step and the states and stack
 * themselves (num_layers, bidirectional); the other's return the last step, or every step on request, stand alone
 * and are wrapped and stacked from outside. Which convention a target has is read off its row ("implies").
 *
 * Not handled exactly, and asked: activations that the target's layer does not have, recurrent dropout (training
 * only: noted). */
#include "port/plan.h"

#include <string.h>

#include "port/layout.h"
#include "port/question_port.h"

static bool flag_of(PlanCtx *c, const char *name)
{
    PlanAttr *a = plan_attr(c, name);
    return a && a->value.kind == PV_BOOL && a->value.u.b;
}

static double number_of(PlanCtx *c, const char *name)
{
    return attr_float(&c->events[0]->layer->attrs, name, 0);
}

static const char *word_of(PlanCtx *c, const char *name, const char *dflt)
{
    return attr_str(&c->events[0]->layer->attrs, name, dflt);
}

static const char *act_of(PlanCtx *c, const char *name, const char *dflt)
{
    const PValue *v = attr_get(&c->events[0]->layer->attrs, name);
    return v && v->kind == PV_ACT ? v->u.act->kind : v && v->kind == PV_STR ? v->u.str : dflt;
}

static bool row_is_torch_like(const DialectRow *row)
{
    const PValue *v = row ? attr_get(&row->implies, "return_type") : NULL;
    if (!v && row) v = attr_get(&row->set, "return_type");
    return v && v->kind == PV_STR && str_eq(v->u.str, "torch");
}

static const DialectRow *target_row(PlanCtx *c)
{
    PAttrs v = {0};
    for (int i = 0; i < c->attrs.len; i++) attr_set(c->rw->a, &v, c->attrs.at[i].name, c->attrs.at[i].value);
    const DialectRow *row = dialect_write(c->rw->to, FORM_LAYER, c->kind->name, &v);
    return row;
}

/* Is output o (a state) of the layer looked at anywhere? */
static bool output_used(PlanCtx *c, int o)
{
    const Trace *t = c->rw->t;
    for (int i = 0; i < c->napplies; i++) {
        if (o >= c->applies[i]->out.len) continue;
        const PivotTensor *out = c->applies[i]->out.at[o];
        for (int f = 0; f < t->flows.len; f++)
            if (t->flows.at[f].tensor == out) return true;
        for (int k = 0; k < t->events.len; k++)
            for (int m = 0; m < t->events.at[k]->in.len; m++)
                if (t->events.at[k]->in.at[m] == out) return true;
    }
    return false;
}

/* A nested list of calls: name(args..., kw=...) of the target by row, with only these attributes. */
static Node *single_layer(PlanCtx *c, bool states)
{
    Rw *rw = c->rw;
    VEC(PlanAttr) attrs = {0};
    static const char *const keep[] = {"hidden_size", "bias", "activation", "recurrent_activation", "reset_after"};
    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++) {
        PlanAttr *a = plan_attr(c, keep[i]);
        if (a && (a->value.kind != PV_UNSET || a->expr)) vec_push(rw->a, &attrs, *a);
    }
    PlanAttr rt = {.name = "return_type", .value = pv_str("full")};
    vec_push(rw->a, &attrs, rt);
    if (states) {
        PlanAttr rs = {.name = "return_state", .value = pv_bool(true)};
        vec_push(rw->a, &attrs, rs);
    }
    PAttrs v = {0};
    for (int i = 0; i < attrs.len; i++) attr_set(rw->a, &v, attrs.at[i].name, attrs.at[i].value);
    const DialectRow *row = dialect_write(rw->to, FORM_LAYER, c->kind->name, &v);
    StrVec unsaid = {0};
    return row ? call_build(rw, row, attrs.at, attrs.len, NULL, 0, &unsaid) : NULL;
}

static Node *wrap_bidirectional(PlanCtx *c, Node *inner)
{
    PAttrs none = {0};
    const DialectRow *row = dialect_write(c->rw->to, FORM_LAYER, "BidirectionalWrapper", &none);
    Node *call = py_call(c->rw->a, name_of(c->rw, row ? row->names.at[0] : "Bidirectional"));
    vec_push(c->rw->a, &call->items, inner);
    return call;
}

static PlanStep *ready_main(PlanCtx *c, Node *n)
{
    PlanStep *s = plan_push(c, STEP_MAIN, NULL, NULL);
    s->ready = n;
    return s;
}

/* The argument that says an attribute of the layer, in the target's words; NULL: none does. */
static Node *said_by(PlanCtx *c, const char *attr)
{
    const Event *e = c->events[0];
    for (int i = 0; e->row && i < e->row->params.len; i++)
        if (e->row->params.at[i].role == ROLE_ATTR && str_eq(e->row->params.at[i].attr, attr) && e->args[i].expr)
            return rewrite_expr(c->rw, e->args[i].expr);
    return NULL;
}

/* From layers that stack themselves to layers that are stacked. */
static void plan_to_single(PlanCtx *c)
{
    Rw *rw = c->rw;
    PlanAttr *layers = plan_attr(c, "num_layers"), *both = plan_attr(c, "bidirectional");
    if (layers->varies || both->varies || layers->value.kind != PV_INT) {
        plan_unsupported(c, "the number of layers or directions differs between the places that build this");
        return;
    }
    PlanAttr *order = plan_attr(c, "batch_first");
    Node *first = order && order->differs ? said_by(c, "batch_first") : NULL;
    if (order && order->differs && !first) {
        plan_unsupported(c, "batch_first differs between the places that build this layer: its axes would move in some runs only");
        return;
    }
    int n = (int)layers->value.u.i;
    bool bidirectional = flag_of(c, "bidirectional");
    bool orders = order && order->differs; /* one text for both orders of axes */
    bool states = orders || output_used(c, 1) || output_used(c, 2);
    bool initial = false;
    for (int i = 0; i < c->napplies; i++) initial |= c->applies[i]->in.len > 1;
    double between = number_of(c, "dropout");
    int axes[MAX_RANK];
    bool major = c->napplies && layout_move_in(rw->layout, c->applies[0], 0, axes);
    if (attr_int(&c->events[0]->layer->attrs, "proj_size", 0) > 0) {
        plan_unsupported(c, "proj_size has no counterpart");
        return;
    }
    if (states || initial) { /* a helper that stacks and returns the states in the source's way */
        PlanStep *s = plan_push(c, STEP_MAIN, NULL, NULL);
        s->helper = "RecurrentStack";
        Node *call = py_call(rw->a, helper_of(rw, "RecurrentStack"));
        Node *proto = single_layer(c, false);
        if (!proto) return;
        vec_push(rw->a, &call->items, proto->a);                       /* layers.LSTM */
        for (int i = 0; i < proto->items.len; i++) {
            Node *x = proto->items.at[i];
            if (x->kind == N_KEYWORD && str_eq(x->name, "return_sequences")) continue;
            vec_push(rw->a, &call->items, x);
        }
        if (n != 1) vec_push(rw->a, &call->items, py_kw(rw->a, "num_layers", py_int(rw->a, n)));
        if (bidirectional) vec_push(rw->a, &call->items, py_kw(rw->a, "bidirectional", py_bool(rw->a, true)));
        if (between > 0 && n > 1) vec_push(rw->a, &call->items, py_kw(rw->a, "dropout", py_float(rw->a, between)));
        if (orders) vec_push(rw->a, &call->items, py_kw(rw->a, "batch_first", first));
        else if (!flag_of(c, "batch_first")) vec_push(rw->a, &call->items, py_kw(rw->a, "batch_first", py_bool(rw->a, false)));
        s->ready = call;
        s->helper = NULL;
        plan_why(c, "the states are used: a small layer stacks the cells and returns them as the source does");
        return;
    }
    if (major) {
        PlanStep *s = plan_push(c, STEP_BEFORE, "permute", "permute");
        PValue dims = pv_list(rw->a, 3);
        for (int i = 0; i < 3; i++) dims.u.list.at[i] = pv_int(axes[i]);
        step_set(rw, s, "dims", dims);
    }
    NodeVec stack = {0};
    for (int i = 0; i < n; i++) {
        Node *one = single_layer(c, false);
        if (!one) {
            plan_unsupported(c, "the target has no such recurrent layer");
            return;
        }
        if (i && between > 0) {
            PlanStep d = {.kind = "DropoutLayer"};
            step_set(rw, &d, "rate", pv_float(between));
            StrVec unsaid = {0};
            vec_push(rw->a, &stack, step_construct(rw, &d, &unsaid));
        }
        vec_push(rw->a, &stack, bidirectional ? wrap_bidirectional(c, one) : one);
    }
    ready_main(c, stack.len == 1 ? stack.at[0] : sequential_node(rw, &stack));
    if (major) {
        PlanStep *s = plan_push(c, STEP_AFTER, "permute", "unpermute");
        PValue dims = pv_list(rw->a, 3);
        for (int i = 0; i < 3; i++) dims.u.list.at[i] = pv_int(i == 0 ? 1 : i == 1 ? 0 : 2);
        step_set(rw, s, "dims", dims);
    }
    PlanStep *after = plan_push(c, STEP_AFTER, NULL, "Sequences");
    after->inline_expr = "(X__, None)"; /* the states are not looked at */
    if (n > 1 && between > 0) plan_why(c, "dropout between the layers becomes Dropout layers between them");
    plan_why(c, "weights: gates in the same order for LSTM, z and r swapped for GRU; biases summed or stacked");
}

/* Options of the standing-alone kind that the stacking kind lacks. */
static bool plain_activations(PlanCtx *c)
{
    const char *act = act_of(c, "activation", "tanh"), *gate = act_of(c, "recurrent_activation", "sigmoid");
    if (str_eq(c->kind->name, "SimpleRNNLayer")) return str_eq(act, "tanh") || str_eq(act, "relu");
    if (!str_eq(act, "tanh") || !str_eq(gate, "sigmoid")) return false;
    return !str_eq(c->kind->name, "GRULayer") || attr_bool(&c->events[0]->layer->attrs, "reset_after", true);
}

static void input_dropout(PlanCtx *c)
{
    double rate = number_of(c, "input_dropout");
    PlanAttr *a = plan_attr(c, "input_dropout");
    Node *x = plan_expr(c, "input_dropout");
    if (rate <= 0 && !x) return;
    PlanStep *s = plan_push(c, STEP_BEFORE, NULL, "dropout");
    s->helper = "InputDropout";
    if (x) step_set_expr(c->rw, s, "rate", x);
    else step_set(c->rw, s, "rate", a->value);
    plan_why(c, "dropout on the inputs uses one mask for all steps: a small module does");
}

/* Does an option differ between the places that build the layer, beyond what an argument says? The module below takes
 * return_sequences, use_bias and go_backwards as expressions. */
static const char *option_differs(PlanCtx *c)
{
    static const char *const ALL[] = {"return_type", "bias",       "go_backwards", "return_state", "bidirectional",        "stateful",
                                      "merge_mode",  "reset_after", "activation",   "recurrent_activation"};
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++) {
        const PlanAttr *a = plan_attr(c, ALL[i]);
        if (a && a->differs && (i > 2 || !said_by(c, ALL[i]))) return ALL[i];
    }
    return NULL;
}

static bool differs(PlanCtx *c, const char *attr)
{
    const PlanAttr *a = plan_attr(c, attr);
    return a && a->differs;
}

static void plan_to_stack(PlanCtx *c)
{
    Rw *rw = c->rw;
    const char *other = option_differs(c);
    if (other) {
        plan_unsupported(c, arena_printf(rw->a, "%s differs between the places that build this layer", other));
        return;
    }
    bool bidirectional = flag_of(c, "bidirectional"), full = str_eq(word_of(c, "return_type", "last"), "full");
    bool state = flag_of(c, "return_state"), backwards = flag_of(c, "go_backwards");
    const char *merge = word_of(c, "merge_mode", "concat");
    if (flag_of(c, "stateful")) {
        plan_unsupported(c, "stateful=True: the state must be passed by hand");
        return;
    }
    input_dropout(c);
    if (number_of(c, "recurrent_dropout") > 0) {
        note(rw, "recurrent_dropout=%g has no counterpart (training only)", number_of(c, "recurrent_dropout"));
        plan_why(c, "recurrent_dropout is left out: it matters in training only");
    }
    bool plain = plain_activations(c);
    bool given = false;
    for (int i = 0; i < c->napplies; i++) given |= c->applies[i]->in.len > 1;
    bool stackable = plain && (!bidirectional || str_eq(merge, "concat")) && !state && !backwards && !given &&
                     !differs(c, "return_type") && !differs(c, "go_backwards");
    if (!stackable) { /* a module that does what the source's layer says */
        PlanStep *s = plan_push(c, STEP_MAIN, NULL, NULL);
        Node *call = py_call(rw->a, helper_of(rw, "KerasRNN"));
        const char *cell = str_eq(c->kind->name, "LSTMLayer") ? "lstm" : str_eq(c->kind->name, "GRULayer") ? "gru" : "rnn";
        PlanAttr *in = plan_attr(c, "input_size"), *hidden = plan_attr(c, "hidden_size");
        Node *size = in->varies ? question_missing(rw, c->site, "input_size") : value_node(rw, &in->value);
        if (in->value.kind == PV_UNSET) size = question_missing(rw, c->site, "input_size");
        if (!size) {
            plan_unsupported(c, "input_size is needed and cannot be traced");
            return;
        }
        vec_push(rw->a, &call->items, py_str(rw->a, cell));
        vec_push(rw->a, &call->items, size);
        vec_push(rw->a, &call->items, hidden->expr ? hidden->expr : value_node(rw, &hidden->value));
        struct {
            const char *name, *value, *dflt;
        } words[] = {{"activation", act_of(c, "activation", "tanh"), "tanh"},
                     {"recurrent_activation", act_of(c, "recurrent_activation", "sigmoid"), "sigmoid"},
                     {"merge_mode", merge, "concat"}};
        for (size_t i = 0; i < 3; i++)
            if (!str_eq(words[i].value, words[i].dflt))
                vec_push(rw->a, &call->items, py_kw(rw->a, words[i].name, py_str(rw->a, words[i].value)));
        struct {
            const char *name;
            bool value, dflt;
        } flags[] = {{"bias", !plan_attr(c, "bias") || flag_of(c, "bias"), true},
                     {"reset_after", attr_bool(&c->events[0]->layer->attrs, "reset_after", true), true},
                     {"return_sequences", full, false}, {"return_state", state, false},
                     {"go_backwards", backwards, false}, {"bidirectional", bidirectional, false}};
        static const char *const open[][2] = {{"bias", "bias"}, {"return_sequences", "return_type"}, {"go_backwards", "go_backwards"}};
        for (size_t i = 0; i < 3; i++)
            if (differs(c, open[i][1])) vec_push(rw->a, &call->items, py_kw(rw->a, open[i][0], said_by(c, open[i][1])));
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
            bool said = (i == 0 && differs(c, "bias")) || (i == 2 && differs(c, "return_type")) || (i == 4 && differs(c, "go_backwards"));
            if (!said && flags[i].value != flags[i].dflt)
                vec_push(rw->a, &call->items, py_kw(rw->a, flags[i].name, py_bool(rw->a, flags[i].value)));
        }
        s->ready = call;
        c->plan->rule = "KerasRNN";
        plan_why(c, "this combination has no built-in layer: a module with the source's formula");
        return;
    }
    PlanStep main = {.place = STEP_MAIN, .kind = c->kind->name};
    static const char *const drop[] = {"return_type",  "input_dropout", "recurrent_dropout", "recurrent_activation",
                                       "reset_after",  "return_state",  "go_backwards",      "stateful",
                                       "merge_mode",   "batch_first"};
    for (int i = 0; i < c->attrs.len; i++) {
        bool dropped = false;
        for (size_t k = 0; k < sizeof drop / sizeof *drop; k++) dropped |= str_eq(drop[k], c->attrs.at[i].name);
        if (!dropped) vec_push(rw->a, &main.attrs, c->attrs.at[i]);
    }
    if (!str_eq(c->kind->name, "SimpleRNNLayer")) {
        for (int i = 0; i < main.attrs.len; i++)
            if (str_eq(main.attrs.at[i].name, "activation")) main.attrs.at[i].value = (PValue){.kind = PV_UNSET};
    }
    step_set(rw, &main, "batch_first", pv_bool(true));
    step_set(rw, &main, "return_type", pv_str("torch"));
    vec_push(rw->a, &c->plan->steps, main);
    PlanStep *after = plan_push(c, STEP_AFTER, NULL, full ? "Sequences" : bidirectional ? "LastOfBoth" : "LastStep");
    after->inline_expr = full ? "X__[0]" : "X__[0][:, -1]";
    if (!full && bidirectional) {
        after->helper = "last_of_both";
        plan_why(c, "the last step of both directions: the backward one ends at step 0");
    }
}

void plan_rnn(PlanCtx *c)
{
    const DialectRow *row = target_row(c);
    bool from_torch = str_eq(word_of(c, "return_type", "full"), "torch");
    if (!row) {
        plan_unsupported(c, "the target has no such recurrent layer");
        return;
    }
    bool to_torch = row_is_torch_like(row);
    if (from_torch == to_torch) return; /* the same convention: one call */
    if (from_torch) plan_to_single(c);
    else plan_to_stack(c);
}
