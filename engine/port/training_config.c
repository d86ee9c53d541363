/* Losses, optimizers and metrics: a construction, or in compile a string, by the rows of the dialects.
 *
 * A loss and the end of its network belong together. Where a loss meets a network that ends in a softmax, what was
 * written and what was meant may differ: loss-reading asks, and by default what was written holds.
 *
 * Optimizers of one name take different steps (where epsilon stands, when weights decay). optimizer-step asks:
 * the target's own, noted, or a helper class that takes the source's step exactly. Where the target's own cannot
 * say an argument, the helper is the default. */
#include "port/training.h"

#include <string.h>

#include "dialect/convert.h"

typedef VEC(PlanAttr) ConfigAttrs;

typedef struct Config {
    const DialectRow *row;
    SiteArg *args; /* one for each parameter */
    PAttrs attrs;
    const char *gap; /* an argument that is beyond the row */
    Node *call;    /* NULL: a string */
} Config;

static Event *config_event(Rw *rw, Node *n)
{
    const Site *s = trace_site(rw->t, n);
    for (int i = 0; s && i < s->events.len; i++)
        if (s->events.at[i]->kind == EV_TRAINING && s->events.at[i]->row && s->events.at[i]->args) return s->events.at[i];
    return NULL;
}

static bool bind(Rw *rw, Config *c, Node *call)
{
    int pos = 0;
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        int at = -1;
        if (x->kind == N_STAR || x->kind == N_DSTAR) return false;
        if (x->kind == N_KEYWORD) {
            for (int k = 0; k < c->row->params.len; k++)
                if (str_eq(c->row->params.at[k].name, x->name)) at = k;
            x = x->a;
        } else if (pos < c->row->params.len && !c->row->params.at[pos].keyword_only) {
            at = pos++;
        }
        if (at < 0) return false;
        c->args[at] = (SiteArg){.expr = x, .given = true, .value = node_literal(rw, x)};
    }
    return true;
}

static bool read_values(Rw *rw, Config *c)
{
    PValue *given = ARENA_ARRAY(rw->a, PValue, c->row->params.len + 1);
    const char *err = NULL;
    for (int i = 0; i < c->row->params.len; i++) {
        if (!c->args[i].given) continue;
        given[i] = c->args[i].value;
        if (c->row->params.at[i].conv)
            given[i] = dialect_resolve(rw->from, rw->a, rw->t->keras_version, c->row->params.at[i].conv, given[i]);
    }
    return dialect_row_read(rw->from, rw->a, c->row, rw->t->keras_version, given, &c->attrs, &err);
}

static const DialectRow *string_row(Rw *rw, const char *s, KindGroup group)
{
    return dialect_read_group(rw->from, FORM_STRING, s, rw->t->keras_version, group);
}

static bool read_config(Rw *rw, Node *n, KindGroup group, Config *c)
{
    n = node_unparen(n);
    *c = (Config){0};
    if (n->kind == N_STRING) {
        c->row = string_row(rw, n->str, group);
        if (!c->row) return false;
        c->args = ARENA_ARRAY(rw->a, SiteArg, c->row->params.len + 1);
        return read_values(rw, c);
    }
    if (n->kind != N_CALL) return false;
    c->call = n;
    Event *e = config_event(rw, n);
    if (e) {
        c->row = e->row;
        c->args = e->args;
        c->attrs = e->attrs;
    } else {
        const char *dotted = static_dotted(rw, n->a);
        c->row = dotted ? dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version) : NULL;
        if (!c->row) return false;
        c->args = ARENA_ARRAY(rw->a, SiteArg, c->row->params.len + 1);
        if (!bind(rw, c, n)) c->gap = "an argument";
        else read_values(rw, c);
    }
    if (c->row->kind->group != group) return false;
    for (int i = 0; i < c->row->params.len; i++)
        if (c->args[i].given && dialect_param_is_gap(&c->row->params.at[i], &c->args[i].value))
            c->gap = c->row->params.at[i].name;
    return true;
}

const DialectRow *config_row(Rw *rw, Node *n, KindGroup group)
{
    Config c;
    return n && read_config(rw, n, group, &c) ? c.row : NULL;
}

/* ---- writing ---- */

static const char *kind_fact(Rw *rw, const char *what, const char *kind)
{
    return dialect_fact(rw->to, arena_printf(rw->a, "%s:%s", what, kind));
}

static bool plain(const RowParam *p)
{
    return !p->conv || p->conv->carry == CARRY_SAME || p->conv->carry == CARRY_SCALAR;
}

/* Attributes with the author's expressions where the target's row can carry them. */
static void config_attrs(Rw *rw, const Config *c, const DialectRow *to, ConfigAttrs *out)
{
    const PivotKind *k = c->row->kind;
    for (int i = 0; i < k->nattrs; i++) {
        PlanAttr a = {.name = k->attrs[i].name, .value = {.kind = PV_UNSET}};
        const PValue *v = attr_get(&c->attrs, a.name);
        if (v) a.value = *v;
        for (int p = 0; p < c->row->params.len; p++) {
            const RowParam *rp = &c->row->params.at[p];
            Node *x = c->args[p].expr;
            if (rp->role != ROLE_ATTR || !str_eq(rp->attr, a.name) || !x || node_is_literal(x) || !plain(rp)) continue;
            for (int q = 0; q < to->params.len; q++)
                if (to->params.at[q].role == ROLE_ATTR && str_eq(to->params.at[q].attr, a.name) && plain(&to->params.at[q]))
                    a.expr = rewrite_expr(rw, x);
        }
        if (!a.expr && a.value.kind == PV_UNKNOWN) a.varies = true;
        vec_push(rw->a, out, a);
    }
}

static Node *write_config(Rw *rw, const Config *c, Node *input, StrVec *unsaid)
{
    const DialectRow *to = dialect_write(rw->to, FORM_LAYER, c->row->kind->name, &c->attrs);
    if (!to) {
        vec_push(rw->a, unsaid, c->row->kind->name);
        return NULL;
    }
    ConfigAttrs attrs = {0};
    config_attrs(rw, c, to, &attrs);
    return call_build(rw, to, attrs.at, attrs.len, &input, input ? 1 : 0, unsaid);
}

/* The helper that does what the source does, called as the source calls its own. */
/* What the source's framework calls an attribute today: the helper classes have these names (lr was learning_rate's). */
static const char *present_name(Rw *rw, const Config *c, const RowParam *p)
{
    const DialectRow *row = dialect_write(rw->from, FORM_LAYER, c->row->kind->name, &c->attrs);
    for (int i = 0; row && i < row->params.len; i++)
        if (row->params.at[i].role == ROLE_ATTR && str_eq(row->params.at[i].attr, p->attr)) return row->params.at[i].name;
    return p->name;
}

static Node *write_faithful(Rw *rw, const Config *c, const char *helper, Node *input)
{
    Node *call = py_call(rw->a, helper_of(rw, helper));
    if (input) vec_push(rw->a, &call->items, input);
    for (int i = 0; i < c->row->params.len; i++) {
        const RowParam *p = &c->row->params.at[i];
        if (!c->args[i].expr || p->role != ROLE_ATTR) continue;
        vec_push(rw->a, &call->items, py_kw(rw->a, present_name(rw, c, p), rewrite_expr(rw, c->args[i].expr)));
    }
    return call;
}

/* ---- optimizers ---- */

/* The target's helper for an argument that its optimizers lack: a function of the optimizer and the argument's value. */
static const char *option_helper(Rw *rw, const Config *c, int i)
{
    const RowParam *p = &c->row->params.at[i];
    if (!c->args[i].given || !dialect_param_is_gap(p, &c->args[i].value)) return NULL;
    return dialect_fact(rw->to, arena_printf(rw->a, "optimizer_option:%s", p->name));
}

static bool is_zero(const PAttrs *as, const char *name)
{
    const PValue *v = attr_get(as, name);
    return !v || v->kind == PV_UNSET || v->kind == PV_NONE || (v->kind == PV_INT && v->u.i == 0) ||
           (v->kind == PV_FLOAT && v->u.f == 0);
}

/* Does the target's optimizer of that kind step otherwise, with these arguments? *grossly: by more than rounding. */
static bool steps_differ(Rw *rw, const Config *c, bool *grossly)
{
    bool slows = false; /* the rate is in the velocity of the one, and outside of it in the other's */
    for (int i = 0; i < c->row->params.len; i++) slows |= option_helper(rw, c, i) && str_eq(c->row->params.at[i].name, dialect_fact(rw->from, "rate_decay"));
    const char *kind = c->row->kind->name;
    bool decays = !is_zero(&c->attrs, "weight_decay"), moves = !is_zero(&c->attrs, "momentum");
    bool always_decouples = str_eq(kind, "AdamW");
    *grossly = (decays && !always_decouples && (moves || !str_eq(kind, "SGD"))) || !is_zero(&c->attrs, "dampening");
    return *grossly || (slows && moves) || dialect_lists(rw->to, "steps_differ", kind);
}

static Node *optimizer_parameters(Rw *rw, Node *network)
{
    const char *method = dialect_fact(rw->to, "optimizer_parameters"), *flag = dialect_fact(rw->to, "frozen"), *err = NULL;
    Node *all = method && network ? py_call(rw->a, py_attr(rw->a, network, method)) : NULL;
    if (!all || !flag || !training_of(rw)->frozen.len) return all;
    Node *kept = py_parse_expr(rw->a, arena_printf(rw->a, "[p for p in 0 if p.%s]", flag), &err); /* as they are now */
    kept->items.at[0]->b = all;
    return kept;
}

/* decaying(torch.optim.SGD(...), 1e-6) */
static Node *with_options(Rw *rw, const Config *c, Node *made)
{
    for (int i = 0; i < c->row->params.len; i++) {
        const char *helper = option_helper(rw, c, i);
        if (!helper || !c->args[i].expr) continue;
        Node *call = py_call(rw->a, helper_of(rw, helper));
        vec_push(rw->a, &call->items, made);
        vec_push(rw->a, &call->items, rewrite_expr(rw, c->args[i].expr));
        made = call;
    }
    return made;
}

Node *config_optimizer(Rw *rw, Node *n, Node *network)
{
    Config c;
    if (!read_config(rw, n, GROUP_OPTIMIZER, &c)) return NULL;
    Node *input = optimizer_parameters(rw, network);
    const char *gap = c.call || !c.gap ? NULL : c.gap;
    for (int i = 0; c.gap && c.call && i < c.row->params.len && !gap; i++) {
        bool given = c.args[i].given && dialect_param_is_gap(&c.row->params.at[i], &c.args[i].value);
        if (given && (!c.args[i].expr || !option_helper(rw, &c, i))) gap = c.row->params.at[i].name;
    }
    if (str_eq(c.gap, "an argument")) gap = c.gap;
    if (gap) {
        flag(rw, n, "%s of this optimizer has no counterpart", gap);
        return n;
    }
    StrVec unsaid = {0};
    bool grossly = false, differs = steps_differ(rw, &c, &grossly);
    const char *helper = kind_fact(rw, "faithful", c.row->kind->name);
    Node *nearest = write_config(rw, &c, input, &unsaid), *made = nearest;
    if (unsaid.len) differs = grossly = true;
    if (differs && helper) {
        const char *answer = question_training(
            rw, Q_OPTIMIZER_STEP, n, "Whose step does the optimizer take?",
            arena_printf(rw->a, "%s of %s and of %s take different steps", c.row->kind->name, rw->from->title, rw->to->title),
            grossly ? "faithful" : "nearest",
            unsaid.len ? NULL : "nearest", "the target's own", grossly ? "trains otherwise" : "differs in epsilon",
            "faithful", "the source's, by a helper class", "exact");
        if (str_eq(answer, "faithful") || !nearest || unsaid.len) made = write_faithful(rw, &c, helper, input);
        else note(rw, "line %d: %s steps nearly as in %s; --set optimizer-step for the exact step", static_line(rw, n),
                  c.row->kind->name, rw->from->title);
    } else if (unsaid.len || !nearest) {
        flag(rw, n, "%s cannot say %s of this optimizer", rw->to->title, unsaid.len ? unsaid.at[0] : "the name");
        return n;
    } else if (differs) {
        note(rw, "line %d: %s of %s and of %s differ in detail", static_line(rw, n), c.row->kind->name, rw->from->title,
             rw->to->title);
    }
    made = with_options(rw, &c, made);
    made->map = map_for(rw, n);
    made->from = n;
    return made;
}

/* ---- losses ---- */

static bool wants_logits(const Config *c)
{
    return attr_bool(&c->attrs, "from_logits", false);
}

/* A softmax in front of a loss on logits, or a loss on probabilities. NULL: nothing to ask. */
static const char *reading(Rw *rw, const Config *c, Node *n, const PivotNN *nn)
{
    const char *end = nn ? training_end(rw, nn) : NULL;
    if (!str_eq(c->row->kind->name, "CrossEntropy") || !str_eq(end, "softmax")) return NULL;
    if (wants_logits(c))
        return question_training(rw, Q_LOSS_READING, n, "Is the softmax in front of this loss meant?",
                                 "the network ends in a softmax, and the loss takes it for logits: the softmax is taken twice",
                                 "as-written", "as-written", "the softmax twice, as written", "exact", "probabilities",
                                 "the loss on the probabilities", "trains otherwise, and usually better");
    return question_training(rw, Q_LOSS_READING, n, "How is the loss on probabilities computed?",
                             "the network ends in a softmax, and the loss takes probabilities", "as-written", "as-written",
                             "from the probabilities", "exact", "logits",
                             "without the softmax, a loss on logits", "the port's network returns logits");
}

Node *config_named_loss(Rw *rw, Node *n)
{
    Node *x = n ? node_unparen(n) : NULL;
    Node *built = x && x->kind == N_NAME ? map_get(training_of(rw)->losses, x->name) : NULL;
    return built ? built : n;
}

/* The answer "logits" takes the softmax from the network's last layer. */
bool training_drops_end(Rw *rw, const PivotLayer *layer)
{
    if (rw->from == rw->to || !training_compiles(rw->from)) return false;
    Training *t = training_of(rw);
    for (int i = 0; i < t->compiles.len; i++) {
        const PivotNN *nn = training_network(rw, t->compiles.at[i]);
        const PivotTensor *out = training_output(nn);
        Node *loss = config_named_loss(rw, training_keyword(t->compiles.at[i], "loss", 1));
        Config c;
        if (!out || !out->producer || out->producer->layer != layer || !loss) continue;
        if (!read_config(rw, loss, GROUP_LOSS, &c)) continue;
        if (!wants_logits(&c) && str_eq(reading(rw, &c, loss, nn), "logits")) return true;
    }
    return false;
}

Node *config_loss(Rw *rw, Node *n, const PivotNN *nn)
{
    Config c;
    if (!read_config(rw, n, GROUP_LOSS, &c)) return NULL;
    if (c.gap) {
        flag(rw, n, "%s of this loss has no counterpart", c.gap);
        return n;
    }
    const char *how = reading(rw, &c, n, nn), *kind = c.row->kind->name;
    const char *helper = NULL;
    if (str_eq(how, "as-written") && wants_logits(&c)) helper = kind_fact(rw, "twice", kind);
    else if (str_eq(how, "probabilities")) attr_set(rw->a, &c.attrs, "from_logits", pv_bool(false));
    else if (str_eq(how, "logits")) attr_set(rw->a, &c.attrs, "from_logits", pv_bool(true));
    else if (str_eq(kind, "CrossEntropy") && !wants_logits(&c)) helper = kind_fact(rw, "probabilities", kind);
    StrVec unsaid = {0};
    Node *made = helper ? NULL : write_config(rw, &c, NULL, &unsaid);
    if (!helper && (!made || unsaid.len)) helper = kind_fact(rw, "loss", kind);
    if (helper) {
        made = py_call(rw->a, helper_of(rw, helper));
        double smoothing = attr_float(&c.attrs, "label_smoothing", 0);
        if (smoothing > 0) vec_push(rw->a, &made->items, py_kw(rw->a, "label_smoothing", py_float(rw->a, smoothing)));
        const char *reduction = attr_str(&c.attrs, "reduction", "mean");
        if (!str_eq(reduction, "mean") && training_compiles(rw->to)) {
            vec_push(rw->a, &made->items, py_kw(rw->a, "reduction", py_str(rw->a, reduction)));
        } else if (!str_eq(reduction, "mean")) {
            flag(rw, n, "a loss that is not averaged over the batch");
            return n;
        }
    } else if (!made || unsaid.len) {
        flag(rw, n, "%s cannot say %s of this loss", rw->to->title, unsaid.len ? unsaid.at[0] : kind);
        return n;
    }
    made->map = map_for(rw, n);
    made->from = n;
    return made;
}

Node *config_call(Rw *rw, Node *n, const char *dotted)
{
    const DialectRow *row = dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version);
    if (!row || rw->from == rw->to) return NULL;
    if (row->kind->group == GROUP_OPTIMIZER) {
        Node *of = training_keyword(n, "params", 0);
        bool whole = !of || training_method(of) || !training_loops(rw->from);
        if (!whole) flag(rw, n, "an optimizer of groups of parameters");
        return whole ? config_optimizer(rw, n, NULL) : n;
    }
    if (row->kind->group == GROUP_LOSS) return config_loss(rw, n, rw->t->roots.len == 1 ? rw->t->roots.at[0].nn : NULL);
    return NULL;
}
