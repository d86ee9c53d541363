/* Calls: of functions of the file, and of whatever else can be called.
 *
 * A call of a function runs its body in a new environment under a new activation. A generator
 * function runs at once and gives an iterator over what it yielded. Depth is bounded; what the body
 * raises goes on upwards. */
#include <string.h>

#include "trace/pystate.h"

/* ---- functions ---- */

static bool find_yield(Node *n, void *found)
{
    if (*(bool *)found || n->kind == N_LAMBDA || n->kind == N_FUNCTION || n->kind == N_CLASS)
        return false;
    if (n->kind == N_YIELD) *(bool *)found = true;
    return !*(bool *)found;
}

static bool is_generator(Interp *in, Node *fn)
{
    if (fn->kind != N_FUNCTION || fn->id <= 0 || fn->id > in->trace->nids) return false;
    signed char *known = &in->py->yields[fn->id];
    if (*known == 0) {
        bool found = false;
        for (int i = 0; i < fn->body.len && !found; i++)
            node_walk(fn->body.at[i], find_yield, &found);
        *known = found ? 1 : -1;
    }
    return *known > 0;
}

Value *make_function(Interp *in, Env *env, Node *n)
{
    FunctionValue *fn = ARENA_NEW(in->arena, FunctionValue);
    fn->node = n;
    fn->closure = env;
    fn->def = definition_of_node(in, n);
    for (int i = 0; i < n->params.list.len; i++) {
        const Param *p = &n->params.list.at[i];
        vec_push(in->arena, &fn->defaults, p->dflt ? eval(in, env, p->dflt) : NULL);
    }
    Value *v = v_new(in, V_FUNCTION);
    v->u.fn = fn;
    v->origin = n;
    return v;
}

/* What a running call puts aside and gives back. */
typedef struct Frame {
    Activation *act;
    Env *globals;
    Module *module;
    const char *path;
    Node *loop, *call;
    ValueVec *yielded;
    Value *handling;
    Size free_loop;
    int free_loop_born;
} Frame;

static Frame frame_enter(Interp *in, FunctionValue *fn, Node *site)
{
    PyState *py = in->py;
    Frame f = {in->act,  in->globals, in->module,   in->path,      py->loop,
               py->call, py->yielded, py->handling, py->free_loop, py->free_loop_born};
    Activation *act = ARENA_NEW(in->arena, Activation);
    *act = (Activation){++py->activations, fn->def, in->self_nn, in->act, site, scope_take(in), NULL, NULL};
    if (in->opts && in->opts->want_scopes && !in->forced) vec_push(in->arena, &in->trace->runs, act);
    in->act = act;
    Env *m = env_module(fn->closure);
    if (m->is_module && m != in->globals) {
        in->globals = m;
        in->module = m->module;
        in->path = m->path;
    }
    py->loop = NULL;
    py->call = site ? site : fn->node;
    py->yielded = NULL;
    in->depth++;
    if (fn->def) {
        fn->def->reached = true;
        if (!in->forced) fn->def->runs++;
    }
    return f;
}

static void frame_leave(Interp *in, const Frame *f)
{
    PyState *py = in->py;
    in->depth--;
    in->act = f->act;
    in->globals = f->globals;
    in->module = f->module;
    in->path = f->path;
    py->loop = f->loop;
    py->call = f->call;
    py->yielded = f->yielded;
    py->handling = f->handling;
    py->free_loop = f->free_loop;
    py->free_loop_born = f->free_loop_born;
}

/* Which of a definition's functions built or computed: by the events of this run. */
static void note_effects(Interp *in, Definition *d, int first)
{
    if (!d || (d->builds && d->computes)) return;
    for (int i = first; i < in->trace->events.len; i++) {
        EventKind k = in->trace->events.at[i]->kind;
        d->builds |= k == EV_LAYER || k == EV_CONTAINER || k == EV_NN;
        d->computes |= k == EV_APPLY || k == EV_APPLY_NN || k == EV_OP;
    }
}

static Value *run_body(Interp *in, FunctionValue *fn, Env *local)
{
    if (fn->node->kind == N_LAMBDA) return eval(in, local, fn->node->a);
    ValueVec yielded = {0};
    bool generator = is_generator(in, fn->node);
    if (generator) in->py->yielded = &yielded;
    FlowKind flow = exec_block(in, local, &fn->node->body);
    bool endless = generator && yielded.len >= MAX_YIELDS && in->raising && !in->py->unwinding;
    if (endless) raise_clear(in); /* what it has yielded will do for a loop that breaks */
    if (in->raising) return in->py->poison;
    if (generator) {
        Value *it = v_list(in, V_ITER);
        it->items = yielded;
        return it;
    }
    return flow == FLOW_RETURN && in->result ? in->result : v_none(in);
}

static bool too_deep(Interp *in, FunctionValue *fn, Node *site)
{
    if (in->depth < in->max_depth) return false;
    if (!in->forced && !in->py->unwinding) {
        in->trace->limited = true;
        diag_at(in, SEV_WARNING, "limit", site ? site : fn->node,
                "the call of %s() nests deeper than %d; it was not followed further",
                fn->node->name ? fn->node->name : "a lambda", in->max_depth);
    }
    unwind(in);
    return true;
}

Value *call_function(Interp *in, FunctionValue *fn, Value *self, Args *args, Node *site)
{
    if (in->raising || !step(in, site ? site : fn->node) || too_deep(in, fn, site))
        return in->py->poison;
    Env *local = env_new(in, fn->closure);
    local->fn = fn;
    if (!bind_params(in, fn, self, args, local, site)) return in->py->poison;
    local->self = self;
    if (!self && args->pos.len)
        local->self = args->pos.at[0]; /* Base.method(self, ...) and __new__(cls) */
    if (self && in->py->pending_init == self && fn->node->name &&
        strcmp(fn->node->name, "__init__") == 0) {
        in->py->pending_init = NULL;
        module_params(in, self, fn, local);
    }
    int events = in->trace->events.len;
    Frame f = frame_enter(in, fn, site);
    local->act = in->act;
    in->act->env = local;
    Value *v = run_body(in, fn, local);
    bool constructs = str_eq(fn->node->name, "__init__") || str_eq(fn->node->name, dialect_fact(in->dialect, "build"));
    if (fn->node->name && constructs) in->act->at_end = scope_take(in);
    frame_leave(in, &f);
    note_effects(in, fn->def, events);
    return in->raising ? in->py->poison : v;
}

/* ---- everything callable ---- */

Value *call_with(Interp *in, Env *env, Value *callee, Node *site, int n, Value **values)
{
    Args args = {0};
    for (int i = 0; i < n; i++) args_push(in, &args, values[i], NULL);
    return call_value(in, env ? env : in->globals, callee, &args, site);
}

static Value *call_object(Interp *in, Env *env, Value *callee, Args *args, Node *site)
{
    Value *own = user_method(in, callee, "__call__");
    if (own && module_called(in, callee)) return call_module(in, env, callee, args, site); /* its forward pass is that */
    if (own) return call_value(in, env, own, args, site);
    if (callee->u.obj->nn || callee->u.obj->cont) return call_module(in, env, callee, args, site);
    if (callee->u.obj->cls && callee->u.obj->cls->is_open)
        return v_unknown(in, "a call of a %s", v_type_name(callee));
    return raise_error(in, "TypeError", site, "'%s' object is not callable", v_type_name(callee));
}

/* nn.Module.__init__(self, ...): a method of a framework base named through the base. */
static Value *base_method_by_name(Interp *in, const char *dotted, Args *args, Node *site)
{
    const char *dot = strrchr(dotted, '.');
    if (!dot || args->pos.len == 0 || args->pos.at[0]->kind != V_OBJECT ||
        !args->pos.at[0]->u.obj->cls)
        return NULL;
    Value *self = args->pos.at[0];
    const char *base = arena_strndup(in->arena, dotted, (size_t)(dot - dotted));
    bool own = self->u.obj->cls->ext_base && strcmp(self->u.obj->cls->ext_base, base) == 0;
    if (!own && !(in->dialect && dialect_is_module_base(in->dialect, base))) return NULL;
    Args rest = *args;
    rest.pos.at++;
    rest.pos.len--;
    rest.pos.cap = rest.pos.len;
    rest.pos_expr++;
    rest.npos_expr--;
    bool known = false;
    Value *v = module_base_method(in, self, dot + 1, &rest, site, &known);
    return known ? v ? v : v_none(in) : NULL;
}

/* block.forward(x), of another module than the one that runs: a call of that module. */
static bool runs_module(Interp *in, const Value *callee, const Node *site)
{
    const Value *self = callee->u.fn->self;
    if (!in->dialect || !self || self->kind != V_OBJECT || !self->u.obj->nn || self->u.obj->nn == in->self_nn) return false;
    const Node *of = site && site->kind == N_CALL && site->a->kind == N_ATTRIBUTE ? site->a->a : NULL;
    return of && of->kind != N_CALL && str_eq(site->a->name, dialect_fact(in->dialect, "forward"));
}

static Value *call_any(Interp *in, Env *env, Value *callee, Args *args, Node *site)
{
    Value *v;
    if (callee->kind == V_FUNCTION && runs_module(in, callee, site)) return call_module(in, env, (Value *)callee->u.fn->self, args, site);
    switch (callee->kind) {
    case V_FUNCTION: return call_function(in, callee->u.fn, callee->u.fn->self, args, site);
    case V_BUILTIN:
        return call_builtin(in, env, callee->u.builtin.name, callee->u.builtin.self, args, site);
    case V_CLASS: return instantiate(in, env, callee, args, site);
    case V_OBJECT: return call_object(in, env, callee, args, site);
    case V_EXT:
        v = base_method_by_name(in, callee->u.dotted, args, site);
        return v ? v : call_ext(in, env, callee->u.dotted, args, site);
    case V_LAYER: return call_layer(in, env, callee, args, site);
    case V_CONTAINER: return call_container(in, env, callee, args, site);
    case V_HANDLE: return call_handle(in, env, callee, args, site);
    case V_STATICMETHOD:
    case V_CLASSMETHOD:
        return call_value(in, env, callee->items.at[0], args, site);
    case V_UNKNOWN: return call_unknown(in, callee, args, site);
    default:
        return raise_error(in, "TypeError", site, "'%s' object is not callable",
                           v_type_name(callee));
    }
}

/* A function taken out of a table of functions is one arm of a choice: the others are run for their
 * events. */
static void force_others(Interp *in, Env *env, const Value *callee, Args *args, Node *site)
{
    const Value *table = in->py->picked_from;
    in->py->picked_from = NULL;
    bool holds = false;
    for (int i = 0; i < table->items.len; i++)
        holds |= table->items.at[i]->kind == V_FUNCTION &&
                 table->items.at[i]->u.fn->node == callee->u.fn->node;
    if (!holds || in->forced) return;
    for (int i = 0; i < table->items.len && !in->raising; i++) {
        Value *other = table->items.at[i];
        if (other->kind == V_FUNCTION && other->u.fn->node != callee->u.fn->node)
            forced_call(in, env, other->u.fn->node, other, args, site);
    }
}

static void note_made(Interp *in, Value *v, Value *callee, const Args *args, Node *site)
{
    bool thing =
        v->kind == V_LAYER || v->kind == V_CONTAINER || (v->kind == V_OBJECT && v->u.obj->nn);
    if (!thing || v->made || (callee->kind != V_EXT && callee->kind != V_CLASS)) return;
    Made *m = ARENA_NEW(in->arena, Made);
    *m = (Made){callee, *args, site};
    v->made = m;
}

Value *call_value(Interp *in, Env *env, Value *callee, Args *args, Node *site)
{
    if (in->raising) return in->py->poison;
    if (in->py->nest >= MAX_NEST)
        return raise_error(in, "RecursionError", site, "maximum recursion depth exceeded");
    in->py->nest++;
    if (in->py->picked_from && callee->kind == V_FUNCTION)
        force_others(in, env, callee, args, site);
    Value *v = call_any(in, env, callee, args, site);
    in->py->nest--;
    if (in->raising || !v) return in->py->poison;
    note_made(in, v, callee, args, site);
    if (!callee->from_param) return v;
    call_depends(in, callee, v, site);
    if (v->from_param || v->kind == V_TENSOR) return v;
    if (v_immutable(v)) return v_dependent(in, v);
    if (v->kind == V_LAYER || v->kind == V_CONTAINER) { /* identity is what it holds */
        v = v_copy(in, v);
        v->from_param = true;
    }
    return v;
}

/* ---- decorators ---- */

static bool keeps_original(const Value *decorator, const Value *result)
{
    if (decorator->kind == V_EXT || decorator->kind == V_UNKNOWN || decorator->kind == V_HANDLE)
        return true;
    return result->kind == V_UNKNOWN;
}

/* Applies decorators from the innermost outwards. What a library's decorator returns is taken to be
 * what it was given. */
Value *decorate(Interp *in, Env *env, const NodeVec *decorators, Value *v)
{
    ValueVec fns = {0};
    for (int i = 0; i < decorators->len; i++)
        vec_push(in->arena, &fns, eval(in, env, decorators->at[i]));
    for (int i = fns.len - 1; i >= 0 && !in->raising; i--) {
        Value *d = fns.at[i];
        if (d->kind == V_EXT || d->kind == V_UNKNOWN || d->kind == V_HANDLE) continue;
        Value *r = call_with(in, env, d, decorators->at[i], 1, &v);
        if (in->raising) return in->py->poison;
        if (!keeps_original(d, r)) v = r;
    }
    return v;
}
