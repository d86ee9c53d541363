/* Expressions of a training loop, for a target without such loops: methods of values (item, size, to), networks and
 * losses called on data, devices and modes.
 *
 * The trace does not know what comes out of a loader. A method of such a value is known by its name alone, where the
 * name is one of the source's own (fact "value_methods"); what is left of the source's steps is flagged. */
#include "port/training_fit.h"

#include <string.h>

static Node *mapped(Rw *rw, Node *made, Node *n)
{
    if (made->id == 0) {
        made->map = map_for(rw, n);
        made->from = n;
    }
    return made;
}

static bool event_of(Rw *rw, Node *n, EventKind k)
{
    int count;
    site_events(rw, n, k, &count);
    return count > 0;
}

/* An operation of the target by its kind, on one input; NULL where it has none. */
static Node *operation(Rw *rw, const char *kind, PlanAttr *attrs, int n, Node *x)
{
    PAttrs values = {0};
    StrVec unsaid = {0};
    for (int i = 0; i < n; i++)
        if (attrs[i].value.kind != PV_UNSET) attr_set(rw->a, &values, attrs[i].name, attrs[i].value);
    const DialectRow *row = dialect_write(rw->to, FORM_FUNCTION, kind, &values);
    Node *made = row ? call_build(rw, row, attrs, n, &x, 1, &unsaid) : NULL;
    return unsaid.len ? NULL : made;
}

/* ---- borders ---- */

static Node *moved(Rw *rw, Node *made, const int *axes, int rank)
{
    return move_axes(rw, made, axes, rank);
}

static bool known_tensor(Rw *rw, Node *x)
{
    x = node_unparen(x);
    for (int i = 0; i < rw->t->flows.len; i++)
        if (rw->t->flows.at[i].expr == x && rw->t->flows.at[i].tensor && rw->t->flows.at[i].tensor->rank >= 0) return true;
    return false;
}

typedef struct Given {
    Rw *rw;
    const char *name;
    Node *call; /* of a network, that gives the name its value */
    bool other; /* it is bound to something else too */
} Given;

static Node *network_call(Rw *rw, Node *n)
{
    n = node_unparen(n);
    bool call = n->kind == N_CALL && (event_of(rw, n, EV_APPLY_NN) || (n->a->kind == N_NAME && training_is_network(rw, n->a)));
    return call ? n : NULL;
}

static bool find_given(Node *n, void *ctx)
{
    Given *g = ctx;
    if (n->kind != N_ASSIGN || n->items.len != 1 || n->items.at[0]->kind != N_NAME || !str_eq(n->items.at[0]->name, g->name)) return true;
    Node *call = network_call(g->rw, n->b);
    if (call) g->call = call;
    else g->other = true;
    return true;
}

/* The network that gave a value: fake = generator(z). NULL: none is known to. */
static const PivotNN *given_by(Rw *rw, Node *x)
{
    x = node_unparen(x);
    Given g = {.rw = rw, .name = x->kind == N_NAME ? x->name : NULL, .call = network_call(rw, x)};
    const Definition *d = x->id > 0 && x->id <= rw->t->module->nnodes ? rw->t->definition_of[x->id] : NULL;
    if (g.name) node_walk(d ? d->node : rw->t->module->root, find_given, &g);
    return g.call && !g.other ? training_network(rw, g.call) : NULL;
}

/* One of the inputs of a network, as its port takes it. */
static Node *one_input(Rw *rw, const PivotNN *nn, int input, Node *was, Node *is)
{
    int axes[MAX_RANK], rank;
    const PivotNN *from = training_held(rw, was) ? NULL : given_by(rw, was);
    if (from) { /* what a network gives is a tensor in the port's order */
        bool have = training_border_out(rw, from, axes, &rank), want = training_border_at(rw, nn, input, axes, &rank);
        return want && !have ? moved(rw, is, axes, rank) : is;
    }
    if (training_compiles(rw->from) && training_loops(rw->to) && !known_tensor(rw, was)) return fit_input_at(rw, nn, input, is);
    bool moves = !training_held(rw, was) && training_border_at(rw, nn, input, axes, &rank);
    return moves ? moved(rw, is, axes, rank) : is;
}

/* net(a, b), net([a, b]) */
static void several_inputs(Rw *rw, const PivotNN *nn, Node *n, Node *call)
{
    bool list = n->items.len && (n->items.at[0]->kind == N_LIST || n->items.at[0]->kind == N_TUPLE) && call->items.len;
    NodeVec *was = list ? &n->items.at[0]->items : &n->items, *is = list ? &call->items.at[0]->items : &call->items;
    for (int i = 0; i < was->len && i < is->len && i < nn->inputs.len; i++) {
        if (was->at[i]->kind == N_KEYWORD || was->at[i]->kind == N_STAR || was->at[i]->kind == N_NONE) break;
        is->at[i] = one_input(rw, nn, i, was->at[i], is->at[i]);
    }
}

/* model(x): x as the port's network takes it; in a tape, in training mode. */
Node *value_network(Rw *rw, Node *n)
{
    Node *call = rewrite_apply_site(rw, n);
    const PivotNN *nn = training_network(rw, n);
    int axes[MAX_RANK], rank;
    const char *mode = dialect_fact(rw->to, "training_name");
    bool given = call->items.len && n->items.len && n->items.at[0]->kind != N_KEYWORD && n->items.at[0]->kind != N_STAR;
    if (nn && (nn->inputs.len > 1 || (given && given_by(rw, n->items.at[0])))) several_inputs(rw, nn, n, call);
    else if (given && training_compiles(rw->from) && training_loops(rw->to) && !known_tensor(rw, n->items.at[0]))
        call->items.at[0] = fit_input(rw, nn, call->items.at[0]); /* it may be an array */
    else if (given && !training_held(rw, n->items.at[0]) && training_border(rw, nn, axes, &rank))
        call->items.at[0] = moved(rw, call->items.at[0], axes, rank);
    if (training_of(rw)->tape && mode && nn && needs_training_nn(rw, nn))
        vec_push(rw->a, &call->items, py_kw(rw->a, mode, py_bool(rw->a, true)));
    return call;
}

/* ---- losses ---- */

static Node *target_of_loss(Rw *rw, Node *target, const char *kind)
{
    Node *made = rewrite_expr(rw, target);
    int axes[MAX_RANK], rank;
    const PivotNN *nn = rw->t->roots.len == 1 ? rw->t->roots.at[0].nn : NULL;
    bool element = !str_eq(kind, "CrossEntropy") && !str_eq(kind, "NegativeLogLikelihood");
    if (rw->in_forward) return made; /* a tensor of the pass */
    if (element && !training_held(rw, target) && training_border_out(rw, nn, axes, &rank))
        made = moved(rw, made, axes, rank);
    return made;
}

/* criterion(outputs, labels): the order of the arguments differs. */
static Node *loss_called(Rw *rw, Node *n)
{
    const char *dotted = static_dotted(rw, n->a);
    const DialectRow *row = NULL;
    int count;
    Event **e = site_events(rw, n, EV_TRAINING, &count);
    for (int i = 0; i < count; i++)
        if (e[i]->row && e[i]->row->kind->group == GROUP_LOSS) row = e[i]->row;
    if (!row && !dotted && (n->a->kind == N_NAME || n->a->kind == N_ATTRIBUTE)) {
        Node *built = map_get(training_of(rw)->losses, n->a->name);
        row = built ? config_row(rw, built, GROUP_LOSS) : NULL;
    }
    if (!row && dotted) row = dialect_read(rw->from, FORM_FUNCTION, dotted, rw->t->keras_version);
    if (!row || row->kind->group != GROUP_LOSS) return NULL;
    if (dotted && row->form != FORM_FUNCTION) return NULL; /* built, not called */
    if (!dotted && training_method(n) && !map_has(training_of(rw)->losses, n->a->name)) return NULL; /* loss.item() */
    Node *output = training_keyword(n, "input", 0), *target = training_keyword(n, "target", 1);
    if (!output || !target) {
        flag(rw, n, "a loss called with other arguments than outputs and targets");
        return n;
    }
    Node *loss = dotted ? config_loss(rw, n, NULL) : rewrite_expr(rw, n->a);
    if (!loss || loss == n) return loss;
    Node *call = py_call(rw->a, loss);
    vec_push(rw->a, &call->items, target_of_loss(rw, target, row->kind->name));
    vec_push(rw->a, &call->items, rewrite_expr(rw, output));
    return mapped(rw, call, n);
}

/* (N, classes) for certain: a tensor of two axes, or x.view(n, c). */
static bool has_two_axes(Rw *rw, Node *x)
{
    const Node *o = node_unparen(x);
    for (int i = 0; i < rw->t->flows.len; i++)
        if (rw->t->flows.at[i].expr == o && rw->t->flows.at[i].tensor->rank >= 0) return rw->t->flows.at[i].tensor->rank == 2;
    bool shapes = o->kind == N_CALL && o->a->kind == N_ATTRIBUTE && (str_eq(o->a->name, "view") || str_eq(o->a->name, "reshape"));
    return shapes && o->items.len == 2 && o->items.at[0]->kind != N_STAR && o->items.at[1]->kind != N_STAR;
}

static bool goes_by_element(const DialectRow *row)
{
    static const char *const KINDS[] = {"MeanSquaredError", "MeanAbsoluteError", "BinaryCrossEntropy", "Huber"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_eq(row->kind->name, KINDS[i])) return true;
    return false;
}

/* Two tensors in one order of axes. */
static bool held_alike(Rw *rw, Node *x, Node *y)
{
    const PivotTensor *a = x ? flow_tensor(rw, node_unparen(x)) : NULL, *b = y ? flow_tensor(rw, node_unparen(y)) : NULL;
    int p[MAX_RANK], q[MAX_RANK];
    if (!a || !b || a->rank != b->rank || a->rank < 0 || a->rank > MAX_RANK) return false;
    layout_perm(rw->layout, a, p);
    layout_perm(rw->layout, b, q);
    return memcmp(p, q, sizeof(int) * (size_t)a->rank) == 0;
}

/* A loss in a forward pass that is given its targets. Cross entropies of outputs of other ranks have their classes in
 * another axis. */
Node *value_loss_in_pass(Rw *rw, Node *n)
{
    const char *dotted = rw->from != rw->to && rw->in_forward ? static_dotted(rw, n->a) : NULL;
    const DialectRow *row = dotted ? dialect_read(rw->from, FORM_FUNCTION, dotted, rw->t->keras_version) : NULL;
    if (!row || !training_loops(rw->from) || !training_compiles(rw->to)) return NULL;
    if (goes_by_element(row)) return held_alike(rw, training_keyword(n, "input", 0), training_keyword(n, "target", 1)) ? loss_called(rw, n) : NULL;
    Node *output = str_eq(row->kind->name, "CrossEntropy") ? training_keyword(n, "input", 0) : NULL;
    return output && has_two_axes(rw, output) ? loss_called(rw, n) : NULL;
}

/* optimizer.param_groups: the optimizer; NULL. */
static Node *groups_of(Rw *rw, Node *x)
{
    x = node_unparen(x);
    return x->kind == N_ATTRIBUTE && str_eq(x->name, dialect_fact(rw->from, "rate_groups")) ? x->a : NULL;
}

static bool is_rate_item(Rw *rw, const Node *x)
{
    return x->kind == N_SUBSCRIPT && x->b->kind == N_STRING && str_eq(x->b->str, dialect_fact(rw->from, "rate_item"));
}

/* The optimizer of optimizer.param_groups[0], or of the variable of a loop over them; NULL. */
static Node *group_owner(Rw *rw, Node *group)
{
    const Training *t = training_of(rw);
    if (group->kind == N_NAME && str_eq(t->group, group->name)) return t->group_of;
    return group->kind == N_SUBSCRIPT ? groups_of(rw, group->a) : NULL;
}

/* optimizer.param_groups[0]["lr"], read: the rate as a number. */
static Node *rate_read(Rw *rw, Node *n)
{
    const char *rate = dialect_fact(rw->to, "rate_attribute");
    Node *group = is_rate_item(rw, n) ? node_unparen(n->a) : NULL;
    Node *optimizer = rate && group ? group_owner(rw, group) : NULL;
    if (!optimizer) return NULL;
    Node *call = py_call(rw->a, py_name(rw->a, "float"));
    vec_push(rw->a, &call->items, py_attr(rw->a, rewrite_expr(rw, optimizer), rate));
    return mapped(rw, call, n);
}

/* for group in optimizer.param_groups: group["lr"] = rate: the optimizer's rate. 0: something else. */
int training_rate_statement(Rw *rw, Node *n, NodeVec *out)
{
    const char *rate = dialect_fact(rw->to, "rate_attribute");
    bool loop = n->kind == N_FOR && n->a->kind == N_NAME && n->body.len == 1 && !n->orelse.len;
    Node *optimizer = loop && rate ? groups_of(rw, n->b) : NULL, *set = optimizer ? n->body.at[0] : n;
    Node *to = set->kind == N_ASSIGN && set->items.len == 1 ? set->items.at[0] : set->kind == N_AUGASSIGN ? set->a : NULL;
    if (!rate || !to || !is_rate_item(rw, to)) return 0;
    Node *of = node_unparen(to->a);
    if (optimizer && (of->kind != N_NAME || !str_eq(of->name, n->a->name))) return 0;
    if (!optimizer && of->kind == N_SUBSCRIPT) optimizer = groups_of(rw, of->a);
    if (!optimizer) return 0;
    Training *t = training_of(rw);
    const char *outer = t->group;
    t->group = set != n ? n->a->name : outer;
    t->group_of = optimizer;
    Node *attr = py_attr(rw->a, rewrite_expr(rw, optimizer), rate), *value = rewrite_expr(rw, set->b);
    t->group = outer;
    if (set->kind == N_AUGASSIGN) {
        Node *now = py_call(rw->a, py_name(rw->a, "float"));
        vec_push(rw->a, &now->items, attr);
        value = py_binary(rw->a, now, set->op, value);
    }
    Node *made = py_assign(rw->a, attr, value);
    made->from = n;
    vec_push(rw->a, out, made);
    if (set != n) account(rw, set, FATE_PORTED, "the rate");
    account(rw, n, FATE_PORTED, "the rate");
    return 1;
}

/* StepLR(optimizer, 30, gamma=0.5): the target's helper takes the same. */
static Node *schedule_built(Rw *rw, Node *n)
{
    const char *dotted = static_dotted(rw, n->a), *helper = dotted ? training_schedule(rw, dotted) : NULL;
    if (!helper) return NULL;
    Node *call = py_call(rw->a, helper_of(rw, helper));
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        if (x->kind == N_KEYWORD && training_is(rw, "schedule_inert", x->name)) continue;
        vec_push(rw->a, &call->items, x->kind == N_KEYWORD ? py_kw(rw->a, x->name, rewrite_expr(rw, x->a)) : rewrite_expr(rw, x));
    }
    return mapped(rw, call, n);
}

/* ---- methods ---- */

/* loss.item(): a number; a count where what is summed are comparisons. */
static Node *number(Rw *rw, Node *n)
{
    Node *of = node_unparen(n->a->a), *inner = training_receiver(of);
    bool counts = inner && str_eq(of->a->name, "sum") && node_unparen(inner)->kind == N_COMPARE;
    Node *call = py_call(rw->a, py_name(rw->a, counts ? "int" : "float"));
    vec_push(rw->a, &call->items, rewrite_expr(rw, n->a->a));
    return mapped(rw, call, n);
}

static Node *cast(Rw *rw, Node *n, const char *dtype)
{
    PlanAttr a = {.name = "dtype", .value = pv_str(dtype)};
    Node *made = operation(rw, "cast", &a, 1, rewrite_expr(rw, n->a->a));
    return made ? mapped(rw, made, n) : NULL;
}

/* x.to(device), x.cuda(), x.detach(): x. x.to(torch.float32): a cast. */
static Node *move_method(Rw *rw, Node *n)
{
    Node *x = n->items.len ? n->items.at[0] : NULL;
    const char *dotted = x ? static_dotted(rw, x->kind == N_KEYWORD ? x->a : x) : NULL;
    const char *dtype = dotted ? dialect_dtype(rw->from, dotted) : NULL;
    if (dtype) return cast(rw, n, dtype);
    return rewrite_expr(rw, n->a->a);
}

static Node *size_method(Rw *rw, Node *n)
{
    Node *shape = py_attr(rw->a, rewrite_expr(rw, n->a->a), "shape");
    if (n->items.len) shape = py_index(rw->a, shape, rewrite_expr(rw, n->items.at[0]));
    return mapped(rw, shape, n);
}

/* x.unsqueeze(1) of a value that the trace does not know, by the rows alone. */
static Node *row_method(Rw *rw, Node *n)
{
    const DialectRow *row = dialect_read(rw->from, FORM_METHOD, n->a->name, rw->t->keras_version);
    VEC(PlanAttr) attrs = {0};
    if (!row) return NULL;
    for (int i = 1, pos = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        Node *x = training_keyword(n, p->name, p->keyword_only ? -1 : pos);
        pos += !p->keyword_only;
        if (p->role != ROLE_ATTR) continue;
        PlanAttr a = {.name = p->attr};
        if (p->rest) {
            Node *t = py_tuple(rw->a, true);
            for (int k = 0; k < n->items.len; k++) vec_push(rw->a, &t->items, rewrite_expr(rw, n->items.at[k]));
            a.expr = t->items.len == 1 && node_unparen(t->items.at[0])->kind == N_TUPLE ? t->items.at[0] : t;
        } else if (x) {
            a.value = node_literal(rw, x);
            if (a.value.kind == PV_UNKNOWN) a.expr = rewrite_expr(rw, x);
        } else {
            a.value = p->has_default ? p->dflt : (PValue){.kind = PV_UNSET};
        }
        vec_push(rw->a, &attrs, a);
    }
    for (int i = 0; i < row->set.len; i++) {
        PlanAttr a = {.name = row->set.at[i].name, .value = row->set.at[i].value};
        vec_push(rw->a, &attrs, a);
    }
    Node *made = operation(rw, row->kind->name, attrs.at, attrs.len, rewrite_expr(rw, n->a->a));
    return made ? mapped(rw, made, n) : NULL;
}

/* Is it an array already: numpy.unique(y), x.cpu().numpy()? */
static bool gives_array(Rw *rw, Node *x)
{
    x = node_unparen(x);
    if (x->kind != N_CALL) return false;
    const char *dotted = static_dotted(rw, x->a), *m = training_method(x);
    return (dotted && str_starts(dotted, "numpy.")) || (m && training_is(rw, "array", m));
}

/* x.tolist(): what a tensor has no method for in the target, its array has. */
static Node *listed(Rw *rw, Node *n)
{
    const char *f = dialect_fact(rw->to, "to_array");
    if (!f || gives_array(rw, n->a->a)) return NULL;
    Node *array = py_call(rw->a, name_of(rw, f));
    vec_push(rw->a, &array->items, rewrite_expr(rw, n->a->a));
    return mapped(rw, py_call(rw->a, py_attr(rw->a, array, n->a->name)), n);
}

static Node *left_over(Rw *rw, Node *n)
{
    flag(rw, n, "%s() has no counterpart here", n->a->name);
    return n;
}

static bool is_step(Rw *rw, const char *m)
{
    return training_is(rw, "zero_grad", m) || training_is(rw, "backward", m) || training_is(rw, "step", m);
}

static Node *method(Rw *rw, Node *n)
{
    const char *m = n->a->name;
    Node *of = node_unparen(n->a->a);
    if (of->kind == N_STRING || of->kind == N_FSTRING) return NULL;
    bool known = event_of(rw, n, EV_OP) || event_of(rw, n, EV_SHAPE);
    if (training_is(rw, "number", m) && !n->items.len) return number(rw, n);
    if (training_is(rw, "listed", m) && !n->items.len) return listed(rw, n);
    if (!known && training_is(rw, "moves", m)) return move_method(rw, n);
    if (!known && training_is(rw, "shape_methods", m) && of->kind != N_CALL) return size_method(rw, n);
    if (is_step(rw, m)) return training_is_schedule(rw, of) ? NULL : left_over(rw, n);
    if (!known && training_is_network(rw, of) &&
        (dialect_lists(rw->from, "module_methods", m) || training_is(rw, "modes", m)))
        return left_over(rw, n);
    if (!known && training_is(rw, "array", m)) {
        const char *f = dialect_fact(rw->to, "to_array");
        Node *call = f ? py_call(rw->a, name_of(rw, f)) : NULL;
        if (call) vec_push(rw->a, &call->items, rewrite_expr(rw, n->a->a));
        return call ? mapped(rw, call, n) : NULL;
    }
    const char *dtype = dialect_fact(rw->from, arena_printf(rw->a, "cast:%s", m));
    if (!known && dtype && !n->items.len) return cast(rw, n, dtype);
    if (!known && training_is(rw, "like_shape", m) && n->items.len == 1) {
        PlanAttr a = {.name = "shape", .expr = py_attr(rw->a, rewrite_expr(rw, n->items.at[0]), "shape")};
        Node *made = operation(rw, "reshape", &a, 1, rewrite_expr(rw, n->a->a));
        return made ? mapped(rw, made, n) : left_over(rw, n);
    }
    if (!known && training_is(rw, "tensor_only", m)) return left_over(rw, n);
    if (!known && training_is(rw, "value_methods", m)) {
        Node *made = row_method(rw, n);
        return made ? made : left_over(rw, n);
    }
    return NULL;
}

/* ---- torch.max(x, 1) ---- */

static bool max_with_index(Rw *rw, Node *n, Node **x, PlanAttr *axis)
{
    n = node_unparen(n);
    if (n->kind != N_CALL) return false;
    const char *dotted = static_dotted(rw, n->a);
    int at = dotted ? 1 : 0;
    if (dotted ? !training_is(rw, "max_with_index", dotted) : !str_eq(training_method(n), "max")) return false;
    Node *dim = training_keyword(n, "dim", at);
    *x = dotted ? training_keyword(n, "input", 0) : n->a->a;
    if (!dim || !*x) return false;
    *axis = (PlanAttr){.name = "axis", .value = node_literal(rw, dim)};
    return axis->value.kind == PV_INT;
}

static Node *maximum(Rw *rw, Node *n, bool index)
{
    Node *x;
    PlanAttr axis;
    if (!max_with_index(rw, n, &x, &axis)) return NULL;
    Node *made = operation(rw, index ? "argmax" : "reduce_max", &axis, 1, rewrite_expr(rw, x));
    if (!made && !index) {
        axis.name = "axes";
        made = operation(rw, "reduce_max", &axis, 1, rewrite_expr(rw, x));
    }
    return made ? mapped(rw, made, n) : NULL;
}

/* ---- the other direction ---- */

/* loss_fn(labels, outputs) in a loop with a tape. */
static Node *loss_turned(Rw *rw, Node *n)
{
    if (n->a->kind != N_NAME || !map_has(training_of(rw)->losses, n->a->name) || n->items.len != 2) return NULL;
    Node *target = training_keyword(n, "y_true", 0), *output = training_keyword(n, "y_pred", 1);
    if (!target || !output) return NULL;
    Node *call = py_call(rw->a, n->a);
    vec_push(rw->a, &call->items, rewrite_expr(rw, output));
    vec_push(rw->a, &call->items, rewrite_expr(rw, target));
    return mapped(rw, call, n);
}

/* ops.convert_to_numpy(x), x.numpy(): by the target's own steps, or by none where its lists and numbers follow. */
static Node *plain_array(Rw *rw, Node *n)
{
    const char *dotted = static_dotted(rw, n->a);
    const StrVec *steps = dialect_list(rw->to, "array_steps");
    Node *x = NULL;
    if (dotted && n->items.len && training_is(rw, "array_functions", dotted)) x = n->items.at[0];
    else if (!dotted && !n->items.len && training_method(n) && training_is(rw, "array_methods", n->a->name)) x = n->a->a;
    if (!x || !steps) return NULL;
    const Node *up = rw->t->parent[n->id];
    Node *made = rewrite_expr(rw, x);
    bool goes_on = up && up->kind == N_ATTRIBUTE && (str_eq(up->name, "tolist") || str_eq(up->name, "item"));
    for (int i = 0; !goes_on && i < steps->len; i++)
        made = py_call(rw->a, py_attr(rw->a, made, steps->at[i]));
    return mapped(rw, made, n);
}

/* "net.pth" -> "net.weights.h5" */
static Node *weights_path(Rw *rw, Node *path)
{
    const char *end = dialect_fact(rw->to, "weights_suffix");
    if (!end) return rewrite_expr(rw, path);
    if (path->kind != N_STRING) return py_binary(rw->a, rewrite_expr(rw, path), "+", py_str(rw->a, end));
    const char *dot = strrchr(path->str, '.');
    int n = dot ? (int)(dot - path->str) : (int)strlen(path->str);
    return py_str(rw->a, arena_printf(rw->a, "%.*s%s", n, path->str, end));
}

const char *training_callback(Rw *rw, const Node *call)
{
    const char *dotted = call->kind == N_CALL ? static_dotted(rw, call->a) : NULL, *dot = dotted ? strrchr(dotted, '.') : NULL;
    return dot && training_is(rw, "callbacks", dotted) ? dot + 1 : NULL;
}

Node *training_callback_argument(Rw *rw, const char *kind, Node *call, const char *name)
{
    StrVec words = dialect_fact_words(rw->from, rw->a, arena_printf(rw->a, "callback:%s", kind));
    int at = -1;
    for (int i = 0; i < words.len; i++)
        if (str_eq(words.at[i], name)) at = i;
    return at < 0 ? NULL : training_keyword(call, name, at);
}

/* EarlyStopping(patience=3): the target's helper takes the same by the same names, in an order of its own; NULL: another call. */
static Node *callback_built(Rw *rw, Node *n)
{
    const char *kind = training_callback(rw, n);
    const char *helper = kind ? dialect_fact(rw->to, arena_printf(rw->a, "helper:callback:%s", kind)) : NULL;
    if (!helper) return NULL;
    StrVec words = dialect_fact_words(rw->from, rw->a, arena_printf(rw->a, "callback:%s", kind));
    StrVec takes = dialect_fact_words(rw->to, rw->a, arena_printf(rw->a, "callback_takes:%s", kind));
    Node *call = py_call(rw->a, helper_of(rw, helper));
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i], *v = x->kind == N_KEYWORD ? x->a : x;
        const char *name = x->kind == N_KEYWORD ? x->name : x->kind != N_STAR && x->kind != N_DSTAR && i < words.len ? words.at[i] : NULL;
        if (name && training_is(rw, "callback_inert", name)) continue;
        bool taken = false;
        for (int k = 0; name && k < takes.len; k++) taken |= str_eq(takes.at[k], name);
        if (!taken) {
            flag_stub(rw, arena_printf(rw->a, "%s of a callback has no counterpart", name ? name : "an argument"));
            continue;
        }
        Node *made = training_is(rw, "callback_files", name) ? weights_path(rw, v) : rewrite_expr(rw, v);
        vec_push(rw->a, &call->items, i == 0 && x->kind != N_KEYWORD ? made : py_kw(rw->a, name, made));
    }
    return mapped(rw, call, n);
}

/* [EarlyStopping(...), TensorBoard(...)]: without those that only write down how it went. */
static Node *callback_list(Rw *rw, Node *n)
{
    bool gone = false;
    for (int i = 0; i < n->items.len; i++) {
        const char *d = n->items.at[i]->kind == N_CALL ? static_dotted(rw, n->items.at[i]->a) : NULL;
        gone |= d && training_is(rw, "callbacks_left_out", d);
    }
    if (!gone) return NULL;
    Node *list = py_list(rw->a);
    for (int i = 0; i < n->items.len; i++) {
        const char *d = n->items.at[i]->kind == N_CALL ? static_dotted(rw, n->items.at[i]->a) : NULL;
        if (d && training_is(rw, "callbacks_left_out", d)) {
            note(rw, "line %d: %s only writes down how it went, and is left out", static_line(rw, n->items.at[i]), d);
            continue;
        }
        vec_push(rw->a, &list->items, rewrite_expr(rw, n->items.at[i]));
    }
    return mapped(rw, list, n);
}

/* Functions that prepare data, of no tensor that the trace knows: the target's helper takes the same arguments. */
static Node *data_call(Rw *rw, Node *n)
{
    const char *dotted = static_dotted(rw, n->a);
    const char *kind = dotted ? dialect_fact(rw->from, arena_printf(rw->a, "data:%s", dotted)) : NULL;
    const char *helper = kind ? dialect_fact(rw->to, arena_printf(rw->a, "helper:data:%s", kind)) : NULL;
    if (!helper || flow_tensor(rw, n)) return NULL;
    Node *made = py_call(rw->a, helper_of(rw, helper));
    for (int i = 0; i < n->items.len; i++) vec_push(rw->a, &made->items, rewrite_expr(rw, n->items.at[i]));
    return mapped(rw, made, n);
}

static Node *fit_value(Rw *rw, Node *n)
{
    Training *t = training_of(rw);
    Node *array = n->kind == N_CALL && rw->from != rw->to ? plain_array(rw, n) : NULL;
    if (array) return array;
    if (n->kind == N_ATTRIBUTE) { /* history.history */
        bool held = n->a->kind == N_NAME && map_has(t->histories, n->a->name) && training_is(rw, "history", n->name);
        return held ? mapped(rw, py_name(rw->a, n->a->name), n) : NULL;
    }
    if (!training_compiles(rw->from) || !training_loops(rw->to)) return NULL;
    if (n->kind == N_LIST) return callback_list(rw, n);
    if (n->kind != N_CALL) return NULL;
    if (event_of(rw, n, EV_APPLY_NN)) return value_network(rw, n);
    Node *callback = callback_built(rw, n);
    if (callback) return callback;
    if (n->a->kind == N_NAME && !static_dotted(rw, n->a)) return loss_turned(rw, n);
    if (!training_method(n) || static_dotted(rw, n->a) || !training_is_network(rw, n->a->a)) return NULL;
    const char *m = n->a->name;
    if (training_is(rw, "evaluate", m)) return fit_evaluate(rw, n);
    if (training_is(rw, "predict", m)) return fit_predict(rw, n);
    for (int i = 0; i < 2; i++) {
        const char *step = i ? "test_batch" : "train_batch", *helper = dialect_fact(rw->to, arena_printf(rw->a, "helper:%s", step));
        if (helper && training_is(rw, step, m)) return batch_step(rw, n, helper);
    }
    if (dialect_lists(rw->from, "module_training", m) || dialect_lists(rw->from, "module_methods", m) ||
        dialect_lists(rw->from, "module_inert", m))
        return left_over(rw, n);
    return NULL;
}

Node *value_rewrite(Rw *rw, Node *n)
{
    Node *data = n->kind == N_CALL && rw->from != rw->to ? data_call(rw, n) : NULL;
    if (data) return data;
    if (!training_loops(rw->from) || !training_compiles(rw->to)) return fit_value(rw, n);
    Node *x;
    PlanAttr axis;
    if (n->kind == N_SUBSCRIPT) {
        Node *rate = rate_read(rw, n);
        if (rate) return rate;
        PValue v = node_literal(rw, n->b);
        return v.kind == PV_INT && max_with_index(rw, n->a, &x, &axis) ? maximum(rw, n->a, v.u.i == 1) : NULL;
    }
    if (n->kind == N_ATTRIBUTE) {
        bool index = str_eq(n->name, "indices"), value = str_eq(n->name, "values");
        if (groups_of(rw, n) && dialect_fact(rw->to, "rate_attribute")) flag(rw, n, "groups of parameters of an optimizer");
        return (index || value) && max_with_index(rw, n->a, &x, &axis) ? maximum(rw, n->a, index) : NULL;
    }
    if (n->kind != N_CALL) return NULL;
    if (event_of(rw, n, EV_APPLY_NN)) return value_network(rw, n);
    Node *schedule = schedule_built(rw, n);
    if (schedule) return schedule;
    Node *loss = loss_called(rw, n);
    if (loss) return loss;
    if (training_method(n) && !static_dotted(rw, n->a)) return method(rw, n);
    return NULL;
}

/* ---- statements ---- */

static int done(Rw *rw, Node *n, const char *why)
{
    account(rw, n, FATE_PORTED, why);
    return 1;
}

typedef struct Reads {
    Rw *rw;
    const char *name;
    bool found;
} Reads;

static bool find_read(Node *n, void *ctx)
{
    Reads *r = ctx;
    if (n->kind == N_CALL && training_method(n) && training_is(r->rw, "moves", n->a->name)) {
        node_walk(n->a->a, find_read, ctx);
        return false;
    }
    if (n->kind == N_NAME && str_eq(n->name, r->name) && n->id > 0) {
        const Node *p = r->rw->t->parent[n->id];
        if (!p || p->kind != N_ASSIGN || p->b == n) r->found = true;
    }
    return true;
}

bool training_read(Rw *rw, const char *name)
{
    Reads r = {rw, name, false};
    node_walk(rw->t->module->root, find_read, &r);
    return r.found;
}

/* device = torch.device(...): nothing, or None where functions pass it on. */
static int device_statement(Rw *rw, Node *n, NodeVec *out)
{
    Node *v = node_unparen(n->b), *to = n->items.at[0];
    const char *dotted = v->kind == N_CALL ? static_dotted(rw, v->a) : NULL;
    bool names = v->kind == N_IFEXP && map_has(training_of(rw)->devices, to->kind == N_NAME ? to->name : "");
    if (!(dotted && training_is(rw, "device", dotted)) && !names) return 0;
    note(rw, "line %d: %s places what it computes itself; devices are left out", static_line(rw, n), rw->to->title);
    if (to->kind != N_NAME || training_read(rw, to->name)) {
        Node *made = node_copy(rw->a, n);
        made->b = py_none(rw->a);
        made->map = map_for(rw, n);
        vec_push(rw->a, out, made);
    }
    return done(rw, n, "devices are the target's own business");
}

/* x, y = x, y */
static bool says_nothing(const Node *to, const Node *v)
{
    if (to->kind == N_NAME && v->kind == N_NAME) return str_eq(to->name, v->name);
    if (to->kind != N_TUPLE || v->kind != N_TUPLE || to->items.len != v->items.len) return false;
    for (int i = 0; i < to->items.len; i++)
        if (!says_nothing(to->items.at[i], v->items.at[i])) return false;
    return true;
}

static bool only_moves(Rw *rw, Node *to, Node *v)
{
    v = node_unparen(v);
    if (to->kind == N_TUPLE && v->kind == N_TUPLE && to->items.len == v->items.len) {
        for (int i = 0; i < to->items.len; i++)
            if (!only_moves(rw, to->items.at[i], v->items.at[i])) return false;
        return true;
    }
    return to->kind == N_NAME && training_method(v) && training_is(rw, "moves", v->a->name);
}

static int assign_statement(Rw *rw, Node *n, NodeVec *out)
{
    if (n->items.len != 1) return 0;
    Node *to = n->items.at[0];
    int taken = device_statement(rw, n, out);
    if (taken) return taken;
    if (only_moves(rw, to, n->b) && !event_of(rw, node_unparen(n->b), EV_OP)) {
        Node *v = rewrite_expr(rw, n->b);
        if (!rw->flags.len && says_nothing(to, node_unparen(v)))
            return done(rw, n, "devices are the target's own business");
    }
    Node *x;
    PlanAttr axis;
    if (to->kind != N_TUPLE || to->items.len != 2 || !max_with_index(rw, n->b, &x, &axis)) return 0;
    for (int k = 0; k < 2; k++) {
        Node *name = to->items.at[k];
        if (name->kind == N_NAME && str_eq(name->name, "_")) continue;
        Node *made = maximum(rw, n->b, k == 1);
        if (!made) return 0;
        Node *stmt = py_assign(rw->a, name, made);
        stmt->from = n;
        vec_push(rw->a, out, stmt);
    }
    return done(rw, n, "the largest and its index");
}

static int file_statement(Rw *rw, Node *n, Node *network, Node *path, const char *which, NodeVec *out)
{
    const char *m = dialect_fact(rw->to, which);
    if (!m) return 0;
    Node *call = py_call(rw->a, py_attr(rw->a, rewrite_expr(rw, network), m));
    vec_push(rw->a, &call->items, weights_path(rw, path));
    Node *stmt = py_expr_stmt(rw->a, call);
    stmt->from = n;
    stmt->map = map_for(rw, n);
    vec_push(rw->a, out, stmt);
    note(rw, "line %d: files of weights are not interchangeable between %s and %s", static_line(rw, n), rw->from->title,
         rw->to->title);
    return done(rw, n, "a file of weights");
}

static int call_statement(Rw *rw, Node *n, NodeVec *out)
{
    Node *call = n->a;
    const char *dotted = static_dotted(rw, call->a), *m = training_method(call);
    if (dotted && training_is(rw, "save_weights", dotted) && call->items.len > 1) {
        Node *state = node_unparen(call->items.at[0]);
        if (training_method(state) && training_is(rw, "weights", state->a->name))
            return file_statement(rw, n, state->a->a, call->items.at[1], "write_weights", out);
        return 0;
    }
    if (dotted || !m) return 0;
    Node *of = node_unparen(call->a->a);
    if (training_is(rw, "load_weights", m) && call->items.len) {
        Node *load = node_unparen(call->items.at[0]);
        if (load->kind == N_CALL && static_dotted(rw, load->a) && load->items.len)
            return file_statement(rw, n, call->a->a, load->items.at[0], "read_weights", out);
        return 0;
    }
    if (training_is(rw, "zero_grad", m)) return done(rw, n, "gradients do not add up in the target");
    if (training_is(rw, "modes", m) && (training_is_network(rw, of) || of->kind == N_NAME))
        return done(rw, n, "the mode is an argument in the target");
    if (training_is(rw, "moves", m) && training_is_network(rw, of)) return done(rw, n, "devices are the target's own business");
    return 0;
}

int value_statement(Rw *rw, Node *n, NodeVec *out)
{
    if (n->kind == N_ASSIGN) return assign_statement(rw, n, out);
    if (n->kind == N_EXPR && n->a->kind == N_CALL) return call_statement(rw, n, out);
    return 0;
}
