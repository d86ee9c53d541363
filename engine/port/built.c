/* Which layers those are: some operation takes a weight of theirs, or a forward pass asks for one. */
#include "port/built.h"

#include "dialect/convert.h"
#include "port/member.h"
#include "python/build.h"

static bool in_pass(Rw *rw, const Event *e)
{
    const Definition *d = e->site->definition;
    while (d && d->kind == DEF_FUNCTION && d->node->kind == N_LAMBDA) d = d->parent;
    return d && d->kind == DEF_FUNCTION && str_eq(d->node->name, dialect_fact(rw->from, "forward"));
}

/* By node id of construction sites: a weight of what is built there is an operand of something, or read in a pass. */
static bool *find_read_weights(Rw *rw)
{
    const Trace *t = rw->t;
    bool *operand = ARENA_ARRAY(rw->a, bool, t->pivot->ntensors + 2), *read = ARENA_ARRAY(rw->a, bool, t->nids + 2);
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        for (int k = 0; e->kind == EV_OP && k < e->in.len; k++)
            if (e->in.at[k] && e->in.at[k]->id <= t->pivot->ntensors) operand[e->in.at[k]->id] = true;
    }
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        if (e->kind == EV_MEMBER && e->layer && !e->out.len && member_of_weights(rw, e, e->site->node->name)) read[e->layer->site] |= in_pass(rw, e);
        if (e->kind != EV_MEMBER || !e->layer || !e->out.len || e->layer->site <= 0 || e->layer->site > t->nids) continue;
        bool known = e->out.at[0]->id <= t->pivot->ntensors;
        read[e->layer->site] |= (known && operand[e->out.at[0]->id]) || in_pass(rw, e);
    }
    return read;
}

static bool weights_are_read(Rw *rw, const Node *site)
{
    if (!rw->weights_read) rw->weights_read = find_read_weights(rw);
    return site->id > 0 && site->id <= rw->t->nids && rw->weights_read[site->id];
}

/* The argument that says how many channels come in. */
static Node *channels_given(Rw *rw, const Event *e)
{
    static const char *const NAMES[] = {"in_channels", "in_features", "num_features", "num_embeddings", "normalized_shape"};
    for (int k = 0; e->row && e->args && k < e->row->params.len; k++)
        for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
            if (str_eq(e->row->params.at[k].attr, NAMES[i]) && e->args[k].expr && e->args[k].value.kind != PV_LIST)
                return rewrite_expr(rw, e->args[k].expr);
    return NULL;
}

/* How many axes the input of such a layer has; 0: not a kind that is built so. */
static int axes_of(const PivotLayer *l)
{
    const char *k = l->kind->name;
    if (str_starts(k, "Conv") && !str_eq(k, "ConvTranspose")) return kind_spatial(l->kind, &l->attrs) + 2;
    static const char *const ROWS[] = {"LinearLayer", "BatchNormLayer", "LayerNormLayer", "GroupNormLayer", "EmbeddingLayer"};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (str_eq(k, ROWS[i])) return 2;
    return 0;
}

Node *layer_built(Rw *rw, Node *n, Node *made)
{
    const char *helper = rw->from == rw->to ? NULL : dialect_fact(rw->to, "helper:built");
    int count;
    Event **e = site_events(rw, n, EV_LAYER, &count);
    if (!helper || !count || !weights_are_read(rw, n)) return made;
    int axes = axes_of(e[0]->layer);
    Node *channels = axes ? channels_given(rw, e[0]) : NULL;
    if (!channels) {
        flag_stub(rw, "weights that are read before the layer is called, and built only then");
        return made;
    }
    Node *call = py_call(rw->a, helper_of(rw, helper)), *shape = py_tuple(rw->a, true);
    for (int i = 1; i < axes; i++) vec_push(rw->a, &shape->items, py_none(rw->a));
    vec_push(rw->a, &shape->items, channels);
    vec_push(rw->a, &call->items, made);
    vec_push(rw->a, &call->items, shape);
    return call;
}
