/* What nothing ran: functions that train or test a model somebody else passes in, methods beside
 * forward. They are run once, for their events, with the first root where a parameter is named like
 * a model and unknown values otherwise; what they raise or complain of is nobody's concern.
 * Functions that take a model count as training code, whose events are the file's; anything else is
 * marked forced, as an arm that was not taken. */
#include "trace/roots.h"

#include <ctype.h>
#include <string.h>

#include "trace/pystate.h"

static bool names_model(const Param *p)
{
    static const char *const WORDS[] = {"model", "net", "network", "classifier", "module"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        size_t n = strlen(p->name), w = strlen(WORDS[i]);
        if (n >= w && str_eq(p->name + n - w, WORDS[i]))
            return true;
    }
    return false;
}

static Value *first_root(Interp *in)
{
    for (int i = 0; i < in->trace->roots.len; i++)
        if (in->trace->roots.at[i].nn)
            return value_of_nn(in, in->trace->roots.at[i].nn);
    return NULL;
}

static bool of_this_file(Interp *in, const Definition *d)
{
    return d->node && d->node->id <= in->trace->module->nnodes;
}

static bool takes_model(const Node *fn)
{
    for (int i = 0; i < fn->params.list.len; i++)
        if (names_model(&fn->params.list.at[i]))
            return true;
    return false;
}

/* generate(self, idx) beside forward(self, idx): a tensor with as many axes, where these are two at most and so are
 * held in one order by every framework. */
static PivotTensor *like_an_input(Interp *in, const char *name)
{
    const PivotNN *nn = in->trace->roots.len ? in->trace->roots.at[0].nn : NULL;
    for (int i = 0; nn && i < nn->nodes.len; i++) {
        const PivotNode *n = nn->nodes.at[i];
        const PivotTensor *t = n->type == PNODE_INPUT && n->outputs.len && str_eq(n->name, name) ? n->outputs.at[0] : NULL;
        if (!t || t->rank < 1 || t->rank > 2) continue;
        Size dims[2] = {size_known(-1), size_known(-1)};
        return tensor_new(in, dims, t->rank, t->dtype);
    }
    return tensor_unknown(in);
}

/* What a loss is given by compile() and fit(): the output of the file's network, and targets of its shape. Of a network with
 * several outputs nobody knows which. */
static PivotTensor *like_the_output(Interp *in)
{
    const PivotNN *nn = in->trace->roots.len ? in->trace->roots.at[0].nn : NULL;
    PivotTensor *out = nn && nn->outputs.len == 1 ? nn->outputs.at[0] : NULL;
    return out && out->rank >= 0 ? out : NULL;
}

static bool names_criterion(const Param *p)
{
    return str_eq(p->name, "y_true") || str_eq(p->name, "y_pred");
}

/* skip: the receiver. tensors: unknown values stand for tensors (methods of a module). */
static void fill(Interp *in, const Node *fn, int skip, bool tensors, Args *args)
{
    for (int i = skip; i < fn->params.list.len; i++) {
        const Param *p = &fn->params.list.at[i];
        if (p->kind != PARAM_PLAIN || p->dflt)
            continue;
        Value *model = names_model(p) ? first_root(in) : NULL;
        PivotTensor *output = names_criterion(p) ? like_the_output(in) : NULL;
        Value *v =
            model     ? model
            : output  ? value_of_tensor(in, output, NULL)
            : tensors ? value_of_tensor(in, like_an_input(in, p->name), NULL)
                      : v_unknown(in, "the parameter %s of a function that nothing calls", p->name);
        vec_push(in->arena, &args->kw_names, p->name);
        vec_push(in->arena, &args->kw, v);
        vec_push(in->arena, &args->kw_expr, NULL);
    }
}

static void run_forced(Interp *in, FunctionValue *fn, Value *self, Args *args)
{
    ForcedRun run = forced_begin(in);
    call_function(in, fn, self, args, NULL);
    forced_end(in, &run);
}

static void run_function(Interp *in, Definition *d)
{
    Value *fn = function_of_definition(in, d);
    Args args = {0};
    fill(in, d->node, 0, false, &args);
    if (!takes_model(d->node) && d->node->params.list.len > 0) {
        ForcedRun run = forced_begin(in);
        call_value(in, in->globals, fn, &args, NULL);
        forced_end(in, &run);
        return;
    }
    bool quiet = fw(in)->quiet;
    fw(in)->quiet = true;
    call_value(in, in->globals, fn, &args, NULL);
    run_settle(in, d->node);
    fw(in)->quiet = quiet;
}

static bool worth_running(const char *name)
{
    static const char *const SKIP[] = {
        "__init__",     "get_config", "from_config", "compute_output_shape",
        "extra_repr",   "__repr__",   "__str__",     "__getattr__",
        "__setattr__",  "__len__",    "__iter__",    "__getitem__",
        "compute_mask", "build"};
    for (size_t i = 0; i < sizeof SKIP / sizeof *SKIP; i++)
        if (str_eq(name, SKIP[i]))
            return false;
    return true;
}

/* The methods of an instance that nothing called. */
static void run_methods(Interp *in, Value *self, bool tensors)
{
    ClassValue *c = self->u.obj->cls;
    for (int k = 0; c && k < c->mro.len; k++) {
        Map *m = c->mro.at[k]->attrs;
        for (int i = 0; i < m->len && !in->py->out_of_steps; i++) {
            Value *f = m->entries[i].key ? m->entries[i].value : NULL;
            if (!f || f->kind != V_FUNCTION || !f->u.fn->def || f->u.fn->def->runs > 0 ||
                f->u.fn->def->reached)
                continue;
            if (!worth_running(m->entries[i].key) || !f->u.fn->node->params.list.len)
                continue;
            Args args = {0};
            bool step = str_ends(m->entries[i].key,
                                 "_step"); /* train_step(data): a batch in whatever form */
            fill(in, f->u.fn->node, 1, tensors && !step, &args);
            run_forced(in, f->u.fn, self, &args);
        }
    }
}

static bool seen_before(Interp *in, int i)
{
    Framework *f = fw(in);
    for (int k = 0; k < i; k++)
        if (f->objects.at[k]->u.obj->cls == f->objects.at[i]->u.obj->cls)
            return true;
    return false;
}

/* Classes that were never built (their constructor's values are not known, or nothing reaches
 * them). */
static void unreached_classes(Interp *in)
{
    for (int i = 0; i < in->trace->definitions.len && !in->py->out_of_steps; i++) {
        Definition *d = in->trace->definitions.at[i];
        if (d->kind == DEF_FUNCTION || d->parent || !of_this_file(in, d))
            continue;
        Value *cls = class_of_definition(in, d);
        if (!cls || (d->kind == DEF_MODULE_CLASS && has_instance(in, d)))
            continue;
        Value *init = class_lookup(cls->u.cls, "__init__", NULL);
        bool has_init = init && init->kind == V_FUNCTION;
        bool computes = class_lookup(cls->u.cls, dialect_fact(in->dialect, "forward"), NULL) != NULL; /* a loss */
        if (d->kind == DEF_PLAIN_CLASS && (has_init ? init->u.fn->def->reached : !computes))
            continue;
        Args args = {0};
        if (has_init)
            fill(in, init->u.fn->node, 1, false, &args);
        ForcedRun run = forced_begin(in);
        Value *v = instantiate(in, in->globals, cls, &args, NULL);
        if (v->kind == V_OBJECT && !in->raising) {
            Value *f = class_lookup(cls->u.cls, dialect_fact(in->dialect, "forward"), NULL);
            if (v->u.obj->nn && f && f->kind == V_FUNCTION) {
                Args one = {0};
                fill(in, f->u.fn->node, 1, true, &one);
                run_module(in, in->globals, v, &one, NULL);
            }
            if (!in->raising)
                run_methods(in, v, v->u.obj->nn != NULL);
        }
        forced_end(in, &run);
    }
}

/* What compile() was given, called as fit() calls it. */
static void run_criteria(Interp *in)
{
    const char *forward = dialect_fact(in->dialect, "forward");
    PivotTensor *output = like_the_output(in);
    for (int i = 0; output && i < fw(in)->criteria.len && !in->py->out_of_steps; i++) {
        Value *v = fw(in)->criteria.at[i], *f = v;
        if (v->kind == V_OBJECT) f = class_lookup(v->u.obj->cls, forward, NULL);
        if (!f || f->kind != V_FUNCTION || !f->u.fn->def || f->u.fn->def->runs > 0) continue;
        Args args = {0};
        for (int k = 0; k < 2; k++) args_push(in, &args, value_of_tensor(in, output, NULL), NULL);
        run_forced(in, f->u.fn, v->kind == V_OBJECT ? v : f->u.fn->self, &args);
    }
}

void uncalled_run(Interp *in)
{
    run_criteria(in);
    for (int i = 0; i < in->trace->definitions.len && !in->py->out_of_steps; i++) {
        Definition *d = in->trace->definitions.at[i];
        if (d->kind == DEF_FUNCTION && !d->parent && !d->reached && of_this_file(in, d) &&
            function_of_definition(in, d))
            run_function(in, d);
    }
    run_criteria(in); /* of compilations in these functions */
    Framework *f = fw(in);
    int n = f->objects.len;
    for (int i = 0; i < n; i++)
        if (!seen_before(in, i))
            run_methods(in, f->objects.at[i], true);
    unreached_classes(in);
}
