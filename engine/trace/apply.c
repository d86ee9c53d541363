/* Applying the roots, and asking for the shapes that nobody tells.
 *
 * A root that the file applied itself keeps that pass. Any other gets input tensors (assume.c) and
 * one pass. The question about an input is asked where the trace needs the answer: its rank stayed
 * unknown and something below needed it, a number of the network's could not be traced, or a size
 * that was assumed does not fit what a layer says. */
#include "trace/roots.h"

#include <string.h>

#include "trace/pystate.h"

static FunctionValue *forward_of(Interp *in, const Value *v)
{
    const char *name = dialect_fact(in->dialect, "forward");
    Value *f = v->u.obj->cls ? class_lookup(v->u.obj->cls, name, NULL) : NULL;
    return f && f->kind == V_FUNCTION ? f->u.fn : NULL;
}

static bool asked_by_option(Interp *in, const char *network, const char *argument)
{
    for (int i = 0; in->opts && i < in->opts->shapes.len; i++) {
        const TraceShape *s = &in->opts->shapes.at[i];
        if (str_eq(s->argument, argument) && (!s->network || str_eq(s->network, network)))
            return true;
    }
    return false;
}

/* Where nobody tells an input's shape its first consumer does; but the pass may read the shape
 * before that (n, c, h, w = x.shape). So the pass is run once without leaving anything behind but
 * what the consumers said. */
static void discover(Interp *in, Value *v, Args *args)
{
    Trace *t = in->trace;
    Framework *f = fw(in);
    bool blind = false;
    for (int i = 0; i < f->root_inputs.len; i++)
        blind |= f->root_inputs.at[i].nn == v->u.obj->nn && f->root_inputs.at[i].tensor->rank < 0;
    if (!blind)
        return;
    int events = t->events.len, flows = t->flows.len;
    PivotModel counts = *t->pivot;
    ForcedRun run = forced_begin(in);
    f->discovering = true;
    Args copy = {0};
    for (int i = 0; i < args->pos.len; i++) arg_push(in, &copy, args->pos.at[i], NULL);
    copy.kw_names = args->kw_names;
    copy.kw = args->kw;
    copy.kw_expr = args->kw_expr;
    run_module(in, in->globals, v, &copy, NULL);
    f->discovering = false;
    forced_end(in, &run);
    for (int i = t->events.len - 1; i >= events; i--) {
        Site *s = t->events.at[i]->site;
        while (s->events.len && s->events.at[s->events.len - 1]->forced &&
               s->events.at[s->events.len - 1] == t->events.at[i])
            s->events.len--;
    }
    t->events.len = events;
    t->flows.len = flows;
    t->pivot->nnodes = counts.nnodes; /* the numbers of what is gone are free again */
    t->pivot->ntensors = counts.ntensors;
    t->pivot->nlayers = counts.nlayers;
    t->pivot->nnns = counts.nnns;
}

/* What another root gives it, where the file hands that on: discriminator(generator(z)). NULL: nothing of known shape. */
static const PivotTensor *fed_by(Interp *in, const PivotNN *nn, int place, PivotNN **other)
{
    for (int i = 0; i < in->trace->events.len; i++) {
        const Event *e = in->trace->events.at[i];
        if (e->kind != EV_APPLY_NN || e->nn != nn || e->forced || place >= e->in.len) continue;
        const PivotNode *made = e->in.at[place]->producer;
        if (!made || made->type != PNODE_NN || !made->nn || made->nn == nn) continue;
        if (other) *other = made->nn;
        int o = e->in.at[place]->output;
        bool known = o < made->nn->outputs.len && made->nn->outputs.at[o]->rank >= 0;
        if (known || other) return known ? made->nn->outputs.at[o] : NULL;
    }
    return NULL;
}

static void apply_object(Interp *in, Value *v)
{
    PivotNN *nn = v->u.obj->nn;
    FunctionValue *fn = forward_of(in, v);
    const char *title = nn_title(in, nn);
    Args args = {0};
    if (!fn)
        arg_push(in, &args, value_of_tensor(in, root_input(in, nn, title, "input", NULL), NULL),
                 NULL);
    const char *training = dialect_fact(in->dialect, "training_argument_name");
    for (int i = 1; fn && i < fn->node->params.list.len; i++) {
        const Param *p = &fn->node->params.list.at[i];
        if (p->kind != PARAM_PLAIN || str_eq(p->name, training))
            continue;
        if (p->dflt && !asked_by_option(in, title, p->name))
            continue;
        PivotTensor *t = root_input(in, nn, title, p->name, fed_by(in, nn, i - 1, NULL));
        vec_push(in->arena, &args.kw_names, p->name);
        vec_push(in->arena, &args.kw, value_of_tensor(in, t, NULL));
        vec_push(in->arena, &args.kw_expr, NULL);
    }
    discover(in, v, &args);
    run_module(in, in->globals, v, &args, NULL);
}

static bool takes_indices(const Container *c)
{
    const Value *first = c->items.len ? c->items.at[0] : NULL;
    return first && first->kind == V_LAYER && str_eq(first->u.layer->kind->name, "EmbeddingLayer");
}

static void apply_container(Interp *in, Value *v)
{
    Container *c = v->u.cont;
    if (!str_eq(c->what, "Sequential"))
        return;
    const char *title = nn_title(in, c->nn);
    PivotTensor given = {.rank = -1};
    if (c->inputs.len && c->inputs.at[0]->kind == V_TENSOR) {
        given = *c->inputs.at[0]->u.tensor;
    } else if (c->input_shape) {
        given.dims = (Size *)shape_value_dims(in, c->input_shape, &given.rank, true);
        given.dtype = takes_indices(c) ? "int64" : "float32";
    }
    PivotTensor *t = root_input(in, c->nn, title, "input", given.rank >= 0 ? &given : NULL);
    Args args = {0};
    arg_push(in, &args, value_of_tensor(in, t, NULL), NULL);
    fw(in)->implicit++;
    container_run(in, in->globals, c, &args, c->site);
    fw(in)->implicit--;
}

static bool shape_given(Interp *in, const char *network)
{
    for (int i = 0; in->opts && i < in->opts->shapes.len; i++)
        if (str_eq(in->opts->shapes.at[i].network, network)) return true;
    return false;
}

/* Parts of a network that no pass reaches (an encoder and a decoder whose owner only has a train_step): they run by
 * themselves, where somebody says what goes in. */
static void apply_parts(Interp *in)
{
    Framework *f = fw(in);
    for (int i = 0; i < f->objects.len && !in->py->out_of_steps; i++) {
        Value *v = f->objects.at[i];
        PivotNN *nn = v->u.obj->nn;
        if (!nn || !nn->parent || nn->calls || !forward_of(in, v) || !shape_given(in, nn_title(in, nn)))
            continue;
        f->assumed = f->misfit = false;
        apply_object(in, v);
        run_settle(in, v->u.obj->cls && v->u.obj->cls->def ? v->u.obj->cls->def->node : NULL);
    }
}

static void apply_root(Interp *in, int i, int depth)
{
    RootTrace *r = &in->trace->roots.at[i];
    if (!r->nn)
        return;
    Value *v = value_of_nn(in, r->nn);
    if (!v)
        return;
    PivotNN *feeds = NULL;
    if (r->nn->calls == 0) fed_by(in, r->nn, 0, &feeds);
    for (int k = 0; feeds && !feeds->calls && k < in->trace->roots.len && depth < 8; k++)
        if (in->trace->roots.at[k].nn == feeds) apply_root(in, k, depth + 1);
    r = &in->trace->roots.at[i];
    if (r->nn->calls == 0) {
        Framework *f = fw(in);
        f->assumed = f->misfit = false;
        int first_step = in->trace->steps.len;
        if (v->kind == V_OBJECT)
            apply_object(in, v);
        else
            apply_container(in, v);
        Node *about = r->definition ? r->definition->node : r->call;
        run_settle(in, about);
        hints_fit(in, first_step);
        for (int k = 0; k < f->root_inputs.len; k++) {
            RootInput *ri = &f->root_inputs.at[k];
            if (ri->nn != r->nn || !f->misfit)
                continue;
            ri->misfit = f->misfit_text;
        }
        f->assumed = f->misfit = false;
    }
    r = &in->trace->roots.at[i];
    r->applied = r->nn->calls > 0;
}

/* In their order, but one that another feeds behind that one. */
void roots_apply(Interp *in)
{
    for (int i = 0; i < in->trace->roots.len && !in->py->out_of_steps; i++) apply_root(in, i, 0);
    apply_parts(in);
}

/* ---- questions ---- */

static bool nn_below(const PivotNN *nn, const PivotNN *root)
{
    for (; nn; nn = nn->parent)
        if (nn == root)
            return true;
    return false;
}

static bool lacks_size(const PivotLayer *l)
{
    static const char *const SIZES[] = {"in_channels", "in_features", "input_size", "num_features",
                                        "normalized_shape"};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        const PValue *v = attr_get(&l->attrs, SIZES[i]);
        if (kind_attr(l->kind, SIZES[i]) && (!v || v->kind == PV_UNSET || v->kind == PV_NONE))
            return true;
    }
    return false;
}

/* Did the pass of this root need what is not known: a step without shape, a layer without its
 * sizes? */
static bool needed(Interp *in, const RootInput *r)
{
    bool unknown_rank = r->tensor->rank < 0;
    for (int i = 0; i < in->trace->steps.len; i++) {
        const PivotNode *n = in->trace->steps.at[i];
        if (n->type == PNODE_INPUT || !n->owner || !nn_below(n->owner, r->nn))
            continue;
        const PivotLayer *l = n->layer && n->layer->inner ? n->layer->inner : n->layer;
        if (l && lacks_size(l))
            return true;
        for (int o = 0; unknown_rank && o < n->outputs.len; o++)
            if (n->outputs.at[o]->rank < 0)
                return true;
    }
    return false;
}

static bool has_unknown_size(const PivotTensor *t)
{
    for (int i = 0; i < t->rank; i++)
        if (size_unknown(t->dims[i]))
            return true;
    return false;
}

static Node *place_of(Interp *in, const RootInput *r)
{
    Value *v = value_of_nn(in, r->nn);
    if (v && v->kind == V_OBJECT) {
        FunctionValue *fn = forward_of(in, v);
        if (fn)
            return fn->node;
    }
    return v ? v->origin : NULL;
}

static const char *evidence_for(Interp *in, const RootInput *r)
{
    if (r->misfit && r->says)
        return arena_printf(in->arena, "%s; with the sizes assumed, %s", r->says, r->misfit);
    if (r->misfit)
        return arena_printf(in->arena, "with the sizes assumed, %s", r->misfit);
    if (r->says)
        return r->says;
    return "nothing in the file applies the network to a tensor of known shape";
}

/* Input(shape=...) whose shape came out of something unknown. */
static void ask_symbolic(Interp *in, const RootTrace *root)
{
    for (int i = 0; i < root->nn->inputs.len; i++) {
        const PivotTensor *t = root->nn->inputs.at[i];
        if (t->rank >= 0 && !has_unknown_size(t))
            continue;
        const PivotNode *n = t->producer;
        const char *argument = n && n->name ? n->name : "input";
        const char *title = nn_title(in, root->nn);
        ask(in, Q_INPUT_SHAPE, arena_printf(in->arena, "%s.%s", title, argument), root->call,
            arena_printf(in->arena, "What shape does %s take as %s?", title, argument),
            "the shape given to the input is not known", NULL);
    }
}

void roots_ask(Interp *in)
{
    Framework *f = fw(in);
    for (int i = 0; i < in->trace->roots.len; i++)
        if (in->trace->roots.at[i].functional && in->trace->roots.at[i].nn)
            ask_symbolic(in, &in->trace->roots.at[i]);
    for (int i = 0; i < f->root_inputs.len; i++) {
        const RootInput *r = &f->root_inputs.at[i];
        if (r->told) { /* the answer that told it is on record */
            const char *id = arena_printf(in->arena, "input-shape:%s.%s", r->network,
                                          r->argument ? r->argument : "input");
            if (!answer_to(in, id))
                continue;
        } else {
            bool blind =
                r->tensor->rank < 0 || (has_unknown_size(r->tensor) && r->tensor->rank > 2);
            if (!r->misfit && !(blind && needed(in, r)))
                continue;
        }
        const char *argument = r->argument ? r->argument : "input";
        ask(in, Q_INPUT_SHAPE, arena_printf(in->arena, "%s.%s", r->network, argument),
            place_of(in, r),
            arena_printf(in->arena, "What shape does %s take as %s?", r->network, argument),
            evidence_for(in, r), NULL);
    }
}
