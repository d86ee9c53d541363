/* Training code: losses, optimizers, metrics, data loaders, and the steps taken with them.
 *
 * Each construction is a handle, each use an event; nothing of it touches the network. When the
 * trace is over training_collect reads configuration and datasets out of the events: the loss and
 * the optimizer with their attributes, metrics, the number of epochs (fit(epochs=E), or the
 * outermost `for ... in range(E)` around a step), the batch size (a loader's, or fit's). */
#include "trace/frame.h"

#include <string.h>

/* A loss or a metric of the file's own, alone or in a list or a dictionary. */
static void note_criteria(Interp *in, Value *v, int depth)
{
    if (v->kind == V_FUNCTION || (v->kind == V_OBJECT && !v->u.obj->nn))
        vec_push(in->arena, &fw(in)->criteria, v);
    bool plain = v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_DICT;
    for (int i = 0; plain && depth < 3 && i < v->items.len; i++)
        note_criteria(in, v->items.at[i], depth + 1);
}

void training_event(Interp *in, Node *site, const char *dotted, const DialectRow *row, Args *args)
{
    bool compiles = in->forced == 0 && str_eq(short_name(dotted), dialect_fact(in->dialect, "training_compile"));
    for (int i = 0; compiles && i < args->pos.len; i++) note_criteria(in, args->pos.at[i], 0);
    for (int i = 0; compiles && i < args->kw.len; i++) note_criteria(in, args->kw.at[i], 0);
    Event *e = event_add(in, EV_TRAINING, site);
    e->row = row;
    e->dotted = dotted;
    for (int i = 0; i < args->pos.len; i++) tensors_into(in, args->pos.at[i], e);
    if (!row)
        return;
    Binding b;
    bind_args(in, row, NULL, args, site, short_name(dotted), &b);
    e->args = bind_site_args(in, &b);
    e->attrs = bind_attrs(in, &b, site, short_name(dotted));
}

Value *v_loss(Interp *in, const char *dotted, const DialectRow *row)
{
    Value *v = v_new(in, V_HANDLE);
    v->u.handle.dotted = dotted;
    v->u.handle.row = row;
    return v;
}

Value *build_handle(Interp *in, const DialectRow *row, const char *dotted, Args *args, Node *site)
{
    Value *v = v_loss(in, dotted, row);
    Event *e = event_add(in, EV_TRAINING, site);
    e->row = row;
    e->dotted = dotted;
    if (row) {
        Binding b;
        bind_args(in, row, NULL, args, site, short_name(dotted), &b);
        e->args = bind_site_args(in, &b);
        e->attrs = v->u.handle.attrs = bind_attrs(in, &b, site, short_name(dotted));
    }
    v->origin = site;
    v->built = e;
    if (in->forced == 0)
        vec_push(in->arena, &fw(in)->handles, v);
    for (int i = 0; i < args->kw_names.len; i++) {
        vec_push(in->arena, &v->keys, v_str(in, args->kw_names.at[i]));
        vec_push(in->arena, &v->items, args->kw.at[i]);
    }
    return v;
}

Value *handle_attr(Interp *in, Value *handle, const char *name, Node *site)
{
    (void)site;
    for (int i = 0; i < handle->keys.len; i++)
        if (str_eq(handle->keys.at[i]->u.str.s, name))
            return handle->items.at[i];
    return v_loss(in, arena_printf(in->arena, "%s.%s", handle->u.handle.dotted, name), NULL);
}

Value *call_handle(Interp *in, Env *env, Value *handle, Args *args, Node *site)
{
    (void)env;
    Event *e = event_add(in, EV_TRAINING, site);
    e->row = handle->u.handle.row;
    e->dotted = handle->u.handle.dotted;
    e->attrs = handle->u.handle.attrs;
    for (int i = 0; i < args->pos.len; i++) tensors_into(in, args->pos.at[i], e);
    return v_loss(in, handle->u.handle.dotted, handle->u.handle.row);
}

void tensors_into(Interp *in, Value *v, Event *e)
{
    TensorVec ts = {0};
    tensors_of(in, v, &ts);
    for (int i = 0; i < ts.len; i++) vec_push(in->arena, &e->in, ts.at[i]);
}

/* ---- configuration ---- */

static PivotConfiguration *configuration(Interp *in)
{
    PivotModel *m = in->trace->pivot;
    if (!m->configuration)
        m->configuration = ARENA_NEW(in->arena, PivotConfiguration);
    return m->configuration;
}

static Node *keyword(Node *call, const char *name)
{
    for (int i = 0; i < call->items.len; i++)
        if (call->items.at[i]->kind == N_KEYWORD && str_eq(call->items.at[i]->name, name))
            return call->items.at[i]->a;
    return NULL;
}

/* A number in the source: a literal, or a name that the module binds to one. */
static PValue number_at(Interp *in, Node *n)
{
    n = n ? node_unparen(n) : NULL;
    if (!n)
        return (PValue){0};
    if (n->kind == N_INT && !n->big)
        return pv_int(n->num.i);
    if (n->kind == N_FLOAT)
        return pv_float(n->num.f);
    if (n->kind == N_STRING)
        return pv_str(n->str);
    if (n->kind != N_NAME)
        return (PValue){0};
    Value *v = env_get(in->globals, n->name);
    if (v && (v->kind == V_INT || v->kind == V_FLOAT))
        return v_to_pvalue(in, v);
    Definition *d = in->trace->definition_of[n->id]; /* def train(epochs=10) */
    for (int i = 0; d && d->node && d->kind == DEF_FUNCTION && i < d->node->params.list.len; i++)
        if (str_eq(d->node->params.list.at[i].name, n->name)) {
            Node *dflt = d->node->params.list.at[i].dflt;
            return dflt && dflt != n ? number_at(in, dflt) : (PValue){0};
        }
    return (PValue){0};
}

/* range(E) of the outermost loop around a training step. */
static void epochs_of_loop(Interp *in, Node *site, PivotConfiguration *c)
{
    Node *outermost = NULL;
    for (Node *n = in->trace->parent[site->id]; n; n = n->id ? in->trace->parent[n->id] : NULL) {
        if (n->kind == N_FUNCTION)
            break;
        if (n->kind == N_FOR)
            outermost = n;
    }
    Node *it = outermost ? node_unparen(outermost->b) : NULL;
    if (!it || it->kind != N_CALL || !it->items.len)
        return;
    Node *callee = node_unparen(it->a);
    if (callee->kind != N_NAME || !str_eq(callee->name, "range"))
        return;
    PValue v = number_at(in, it->items.at[it->items.len > 1 ? 1 : 0]);
    if (v.kind == PV_INT && it->items.len > 1) {
        PValue lo = number_at(in, it->items.at[0]);
        if (lo.kind == PV_INT)
            v.u.i -= lo.u.i;
    }
    if (v.kind == PV_INT)
        c->epochs = v;
}

static void read_string(Interp *in, const char *name, KindGroup group, PivotConfiguration *c)
{
    const DialectRow *row =
        dialect_read_group(in->dialect, FORM_STRING, name, fw(in)->keras, group);
    if (!row)
        return;
    PAttrs attrs = {0};
    const char *err = NULL;
    PValue *given = ARENA_ARRAY(in->arena, PValue, row->params.len + 1);
    dialect_row_read(in->dialect, in->arena, row, fw(in)->keras, given, &attrs, &err);
    if (group == GROUP_LOSS)
        c->loss = row->kind, c->loss_attrs = attrs;
    if (group == GROUP_OPTIMIZER)
        c->optimizer = row->kind, c->optimizer_attrs = attrs;
    if (group == GROUP_METRIC)
        vec_push(in->arena, &c->metrics, row->kind);
}

static void read_compile(Interp *in, Node *call, PivotConfiguration *c)
{
    Node *loss = keyword(call, "loss"), *opt = keyword(call, "optimizer"),
         *metrics = keyword(call, "metrics");
    for (int i = 0, p = 0; i < call->items.len; i++) {
        if (call->items.at[i]->kind == N_KEYWORD || call->items.at[i]->kind == N_DSTAR)
            continue;
        if (p == 0)
            opt = call->items.at[i];
        if (p == 1)
            loss = call->items.at[i];
        p++;
    }
    PValue v = number_at(in, loss);
    if (v.kind == PV_STR)
        read_string(in, v.u.str, GROUP_LOSS, c);
    v = number_at(in, opt);
    if (v.kind == PV_STR)
        read_string(in, v.u.str, GROUP_OPTIMIZER, c);
    Node *list = metrics ? node_unparen(metrics) : NULL;
    for (int i = 0; list && (list->kind == N_LIST || list->kind == N_TUPLE) && i < list->items.len;
         i++) {
        v = number_at(in, list->items.at[i]);
        if (v.kind == PV_STR)
            read_string(in, v.u.str, GROUP_METRIC, c);
    }
}

static void read_row(Interp *in, const Event *e, PivotConfiguration *c)
{
    const PivotKind *k = e->row->kind;
    if (k->group == GROUP_LOSS && !c->loss)
        c->loss = k, c->loss_attrs = e->attrs;
    if (k->group == GROUP_OPTIMIZER && !c->optimizer)
        c->optimizer = k, c->optimizer_attrs = e->attrs;
    if (k->group != GROUP_METRIC)
        return;
    for (int i = 0; i < c->metrics.len; i++)
        if (c->metrics.at[i] == k)
            return;
    vec_push(in->arena, &c->metrics, k);
}

static void read_call(Interp *in, const Event *e, PivotConfiguration *c)
{
    Node *call = e->site->node;
    if (!call || call->kind != N_CALL)
        return;
    const char *name = short_name(e->dotted);
    if (str_eq(name, "compile"))
        read_compile(in, call, c);
    Node *batch = keyword(call, "batch_size"), *epochs = keyword(call, "epochs");
    if (!epochs)
        epochs = keyword(call, "nb_epoch");
    PValue v = number_at(in, batch);
    if (v.kind == PV_INT && c->batch_size.kind == PV_UNSET)
        c->batch_size = v;
    v = number_at(in, epochs);
    if (v.kind == PV_INT)
        c->epochs = v;
    if (str_eq(name, "step") || str_eq(name, "backward") || str_eq(name, "apply_gradients") ||
        str_eq(name, "train_on_batch"))
        if (c->epochs.kind == PV_UNSET)
            epochs_of_loop(in, call, c);
    if (dialect_lists(in->dialect, "loaders", e->dotted)) {
        Node *data = call->items.len && call->items.at[0]->kind != N_KEYWORD
                         ? node_unparen(call->items.at[0])
                         : NULL;
        PivotDataset ds = {.name = data && data->kind == N_NAME ? data->name : "data"};
        vec_push(in->arena, &in->trace->pivot->datasets, ds);
        Node *second =
            call->items.len > 1 && call->items.at[1]->kind != N_KEYWORD ? call->items.at[1] : NULL;
        v = number_at(in, second);
        if (v.kind == PV_INT && c->batch_size.kind == PV_UNSET)
            c->batch_size = v;
    }
}

void training_collect(Interp *in)
{
    for (int i = 0; i < in->trace->events.len; i++) {
        const Event *e = in->trace->events.at[i];
        if (e->kind != EV_TRAINING || e->forced)
            continue;
        PivotConfiguration *c = configuration(in);
        if (e->row)
            read_row(in, e, c);
        if (e->dotted)
            read_call(in, e, c);
    }
}
