/* Which networks the file has.
 *
 * After the module's own code ran, roots are: instances of module classes that nothing holds;
 * models and Sequentials that nothing holds; what functions without required parameters return that
 * nothing calls (a factory, main()); classes that nothing uses, with the defaults of their
 * constructors. A required parameter without a value is a question; until it is answered the
 * constructor runs with an unknown, so that its sites are seen all the same. With --entry there is
 * one root: what the entry names or calls. apply.c then applies each root; uncalled.c runs what
 * nothing ran, for its events. */
#include "trace/frame.h"

#include <string.h>

#include "python/build.h"
#include "trace/pystate.h"
#include "trace/roots.h"

/* A statement of our own came to its end: what it raised is reported and forgotten. */
void run_settle(Interp *in, Node *about)
{
    bool stopped = in->py->unwinding;
    Node *at = in->result && in->result->kind == V_OBJECT && in->result->origin ? in->result->origin
                                                                                : about;
    const char *what = take_raised(in);
    if (what && !stopped)
        frame_diag(in, SEV_WARNING, "raise", at, NULL, "running this ends with %s", what);
}

static void add_root(Interp *in, RootTrace r, Value *v)
{
    for (int i = 0; i < in->trace->roots.len; i++)
        if (r.nn && in->trace->roots.at[i].nn == r.nn)
            return;
    if (in->trace->roots.len >= 32)
        return;
    vec_push(in->arena, &in->trace->roots, r);
    if (r.nn)
        value_of_nn_set(in, r.nn, v);
    if (r.nn)
        vec_push(in->arena, &in->trace->pivot->roots, r.nn);
}

static const char *global_name(Interp *in, const Value *v)
{
    const Map *m = &in->globals->vars;
    for (int i = 0; i < m->len; i++) {
        const Value *g = m->entries[i].key ? m->entries[i].value : NULL;
        if (!g)
            continue;
        if (g == v)
            return m->entries[i].key;
        if (v->kind == V_CONTAINER && g->kind == V_CONTAINER && g->u.cont == v->u.cont)
            return m->entries[i].key;
        if (v->kind == V_OBJECT && g->kind == V_OBJECT && g->u.obj == v->u.obj)
            return m->entries[i].key;
    }
    return NULL;
}

static Node *call_of(const Value *v)
{
    return v->built && v->built->site ? v->built->site->node : v->origin;
}

static bool has_parts(const PivotNN *nn)
{
    return nn->layers.len > 0 || nn->children.len > 0;
}

/* attn = MultiHeadedAttention(); Layer(deepcopy(attn)): never called itself, it is only what others are made after. */
static bool is_prototype(Interp *in, const Object *o)
{
    Framework *f = fw(in);
    for (int i = 0; !o->nn->calls && i < f->objects.len; i++) {
        const Object *copy = f->objects.at[i]->u.obj;
        if (copy->copy_of == o && copy->nn && copy->nn->parent)
            return true;
    }
    return false;
}

static bool object_is_root(Interp *in, const Value *v)
{
    const PivotNN *nn = v->u.obj->nn;
    if (!nn || nn->parent || is_prototype(in, v->u.obj))
        return false;
    if (has_parts(nn) || nn->calls > 0)
        return true;
    const Map *m = v->u.obj->attrs; /* a module of bare weights */
    for (int i = 0; m && i < m->len; i++) {
        const Value *a = m->entries[i].key ? m->entries[i].value : NULL;
        if (a && a->kind == V_TENSOR && a->u.tensor->is_parameter)
            return true;
        bool held = a && (a->kind == V_LAYER || a->kind == V_CONTAINER || (a->kind == V_OBJECT && a->u.obj->nn));
        if (held) /* built elsewhere, and held here too */
            return true;
    }
    return false;
}

static void root_of_object(Interp *in, Value *v, Node *call)
{
    RootTrace r = {
        .nn = v->u.obj->nn, .definition = v->u.obj->cls ? v->u.obj->cls->def : NULL, .call = call};
    r.variable = global_name(in, v);
    r.functional = v->u.obj->cont && str_eq(v->u.obj->cont->what, "Model");
    add_root(in, r, v);
}

/* A definition of the pivot for a model that no class stands for: named by its variable or its
 * factory. */
static void define_container(Interp *in, Value *v, Definition *factory)
{
    Container *c = v->u.cont;
    if (c->nn->definition)
        return;
    const char *name = factory ? factory->name : global_name(in, v);
    Node *at = factory ? factory->node : c->site;
    if (!name)
        name = site_path(in, c->site);
    PivotDefinition *d =
        factory && factory->pivot
            ? factory->pivot
            : pivot_add_definition(in->trace->pivot, name, node_span(at), factory ? at->id : 0);
    if (factory)
        factory->pivot = d;
    c->nn->definition = d;
    vec_push(in->arena, &d->instances, c->nn);
}

static void root_of_container(Interp *in, Value *v, Definition *factory)
{
    Container *c = v->u.cont;
    if (!c->nn || c->owner || c->nn->parent || (!c->items.len && !c->nn->nodes.len))
        return;
    define_container(in, v, factory);
    RootTrace r = {
        .nn = c->nn, .definition = factory, .call = c->site, .variable = global_name(in, v)};
    r.sequential = str_eq(c->what, "Sequential");
    r.functional = str_eq(c->what, "Model");
    add_root(in, r, v);
}

void root_of_value(Interp *in, Value *v, Definition *factory)
{
    if (v->kind == V_OBJECT && v->u.obj->nn)
        root_of_object(in, v, call_of(v));
    if (v->kind == V_CONTAINER)
        root_of_container(in, v, factory);
    if (v->kind == V_TUPLE || v->kind == V_LIST)
        for (int i = 0; i < v->items.len; i++) root_of_value(in, v->items.at[i], factory);
}

/* Everything that was built and that nothing holds, from the given counts on. */
void roots_collect(Interp *in, int objects, int containers)
{
    Framework *f = fw(in);
    for (int i = 0; i < f->objects.len; i++) module_sync(in, f->objects.at[i]); /* lists have grown */
    for (int i = objects; i < f->objects.len; i++)
        if (object_is_root(in, f->objects.at[i]))
            root_of_object(in, f->objects.at[i], call_of(f->objects.at[i]));
    for (int i = containers; i < f->containers.len; i++)
        root_of_container(in, f->containers.at[i], NULL);
}

/* ---- what is used ---- */

typedef struct Use {
    Interp *in;
    Definition *of;
    bool found;
} Use;

static bool inside(const Definition *d, const Definition *of)
{
    for (; d; d = d->parent)
        if (d == of)
            return true;
    return false;
}

/* A use counts where it may still happen: in a module class, in a function that ran or that is
 * itself run as a root. The module's own code ran already, so that what it names without calling it
 * (a table of factories) is not used by that; a function that needs arguments nobody gives
 * (train(loader)) does not count for classes. */
static bool use_counts(const Use *u, const Definition *d)
{
    if (!d)
        return u->of->kind != DEF_FUNCTION;
    if (u->of->kind == DEF_FUNCTION)
        return true;
    for (const Definition *up = d; up; up = up->parent)
        if (up->kind == DEF_MODULE_CLASS || up->reached)
            return true;
    return false;
}

static bool find_use(Node *n, void *ctx)
{
    Use *u = ctx;
    if (n->kind != N_NAME || n->id <= 0 || n->id > u->in->trace->nids ||
        !str_eq(n->name, u->of->name))
        return !u->found;
    const Definition *d = u->in->trace->definition_of[n->id];
    if (!inside(d, u->of) && use_counts(u, d))
        u->found = true;
    return !u->found;
}

bool definition_used(Interp *in, Definition *d)
{
    Use u = {in, d, false};
    node_walk(in->trace->module->root, find_use, &u);
    return u.found;
}

/* ---- constructors and factories ---- */

static const char *answered(Interp *in, const char *path)
{
    return answer_to(
        in, arena_printf(in->arena, "%s:%s", question_kind_name(Q_CONSTRUCTOR_ARGUMENT), path));
}

static Value *literal(Interp *in, const char *text)
{
    const char *err = NULL;
    Node *n = py_parse_expr(in->arena, text, &err);
    if (!n)
        return NULL;
    Value *v = eval(in, in->globals, n);
    run_settle(in, NULL);
    return v;
}

/* Values for the parameters that have no default; false where one of them is not known. */
bool arguments_for(Interp *in, const char *title, Node *fn, int skip, Args *args)
{
    bool all = true;
    for (int i = skip; fn && i < fn->params.list.len; i++) {
        const Param *p = &fn->params.list.at[i];
        const char *path = arena_printf(in->arena, "%s.%s", title, p->name);
        const char *answer = p->kind == PARAM_PLAIN ? answered(in, path) : NULL;
        if (p->kind != PARAM_PLAIN || (p->dflt && !answer))
            continue;
        Value *v = answer ? literal(in, answer) : NULL;
        if (!p->dflt)
            ask(in, Q_CONSTRUCTOR_ARGUMENT, path, fn,
                arena_printf(in->arena, "What is %s of %s?", p->name, title),
                arena_printf(in->arena, "%s needs it, and nothing in the file gives it a value",
                             title),
                NULL);
        if (!v) {
            v = v_unknown(in, "the parameter %s has no value", p->name);
            v->from_param = true;
            all = false;
        }
        vec_push(in->arena, &args->kw_names, p->name);
        vec_push(in->arena, &args->kw, v);
        vec_push(in->arena, &args->kw_expr, NULL);
    }
    return all;
}

Value *class_of_definition(Interp *in, const Definition *d)
{
    Value *v = env_get(in->globals, d->name);
    return v && v->kind == V_CLASS && v->u.cls->def == d ? v : NULL;
}

/* What the module binds to the name of a function: the function, or what its decorators made of it.
 */
Value *function_of_definition(Interp *in, const Definition *d)
{
    Value *v = d->node->kind == N_FUNCTION ? env_get(in->globals, d->name) : NULL;
    return v && (v->kind == V_FUNCTION || v->kind == V_BUILTIN) ? v : NULL;
}

bool has_instance(Interp *in, const Definition *d)
{
    Framework *f = fw(in);
    for (int i = 0; i < f->objects.len; i++) {
        const ClassValue *c = f->objects.at[i]->u.obj->cls;
        for (int k = 0; c && k < c->mro.len; k++)
            if (c->mro.at[k]->def == d)
                return true;
    }
    return false;
}

Value *build_class(Interp *in, const Definition *d, bool *known)
{
    Value *cls = class_of_definition(in, d);
    *known = false;
    if (!cls)
        return NULL;
    Value *init = class_lookup(cls->u.cls, "__init__", NULL);
    Args args = {0};
    *known = arguments_for(in, d->name, init && init->kind == V_FUNCTION ? init->u.fn->node : NULL,
                           1, &args);
    bool quiet = fw(in)->quiet;
    fw(in)->quiet |= !*known;
    Value *v = instantiate(in, in->globals, cls, &args, NULL);
    run_settle(in, d->node);
    fw(in)->quiet = quiet;
    return v->kind == V_OBJECT ? v : NULL;
}

static void unused_classes(Interp *in)
{
    for (int i = 0; i < in->trace->definitions.len; i++) {
        Definition *d = in->trace->definitions.at[i];
        if (d->kind != DEF_MODULE_CLASS || d->parent || d->node->id > in->trace->module->nnodes ||
            has_instance(in, d) || definition_used(in, d))
            continue;
        bool known = false;
        Value *v = build_class(in, d, &known);
        if (v && v->u.obj->nn)
            root_of_object(in, v, NULL);
    }
}

int required_params(const FunctionValue *fn, int skip)
{
    int n = 0;
    for (int i = skip; i < fn->node->params.list.len; i++) {
        const Param *p = &fn->node->params.list.at[i];
        n += p->kind == PARAM_PLAIN && !p->dflt;
    }
    return n;
}

/* ---- does a function return a network? Told by its text, before it is run ---- */

typedef struct Builder {
    Interp *in;
    const char *name; /* returned name that is looked for, NULL: any building call */
    bool found;
    int depth;
} Builder;

static bool call_builds(Interp *in, Node *call, int depth);

static const char *dotted_of(Interp *in, Node *n)
{
    n = node_unparen(n);
    if (n->kind == N_ATTRIBUTE) {
        const char *of = dotted_of(in, n->a);
        return of ? arena_printf(in->arena, "%s.%s", of, n->name) : NULL;
    }
    if (n->kind != N_NAME)
        return NULL;
    Value *v = env_get(in->globals, n->name);
    return v && v->kind == V_EXT ? v->u.dotted : NULL;
}

static bool assigns_builder(Node *n, void *ctx)
{
    Builder *b = ctx;
    if (n->kind == N_CLASS)
        return false;
    if (n->kind != N_ASSIGN || !n->items.len)
        return !b->found;
    Node *t = node_unparen(n->items.at[0]), *value = node_unparen(n->b);
    if (t->kind == N_NAME && str_eq(t->name, b->name) && value->kind == N_CALL &&
        call_builds(b->in, value, b->depth + 1))
        b->found = true;
    return !b->found;
}

static bool returns_builder(Node *n, void *ctx)
{
    Builder *b = ctx;
    if (n->kind == N_CLASS || n->kind == N_LAMBDA)
        return false;
    if (n->kind != N_RETURN || !n->a)
        return !b->found;
    Node *v = node_unparen(n->a);
    if (v->kind == N_CALL)
        b->found |= call_builds(b->in, v, b->depth + 1);
    if (v->kind == N_NAME)
        b->name = v->name;
    return !b->found;
}

static bool function_builds(Interp *in, Node *fn, int depth)
{
    Builder b = {in, NULL, false, depth};
    for (int i = 0; i < fn->body.len && !b.found; i++)
        node_walk(fn->body.at[i], returns_builder, &b);
    if (b.found || !b.name)
        return b.found;
    for (int i = 0; i < fn->body.len && !b.found; i++)
        node_walk(fn->body.at[i], assigns_builder, &b);
    return b.found;
}

static bool call_builds(Interp *in, Node *call, int depth)
{
    if (depth > 6)
        return false;
    Node *callee = node_unparen(call->a);
    Value *v = callee->kind == N_NAME ? env_get(in->globals, callee->name) : NULL;
    if (v && v->kind == V_CLASS)
        return v->u.cls->is_module;
    if (v && (v->kind == V_FUNCTION || v->kind == V_BUILTIN)) {
        Node *fn = v->kind == V_FUNCTION ? v->u.fn->node : NULL;
        for (int i = 0; i < in->trace->definitions.len; i++) /* behind its decorators */
            if (str_eq(in->trace->definitions.at[i]->name, callee->name))
                fn = in->trace->definitions.at[i]->node;
        return fn && fn->kind == N_FUNCTION && function_builds(in, fn, depth);
    }
    const char *dotted = dotted_of(in, callee);
    if (!dotted)
        return false;
    dotted = dialect_canonical(in->dialect, in->arena, dotted);
    return dialect_read_group(in->dialect, FORM_LAYER, dotted, fw(in)->keras, GROUP_CONTAINER) ||
           dialect_is_module_base(in->dialect, dotted);
}

static bool uncalled(Interp *in, Definition *d)
{
    return d->kind == DEF_FUNCTION && !d->parent && d->runs == 0 &&
           d->node->id <= in->trace->module->nnodes && function_of_definition(in, d) &&
           !definition_used(in, d);
}

/* Functions that nothing calls and that return a network, or take nothing (main()). */
static void factories(Interp *in)
{
    for (int i = 0; i < in->trace->definitions.len; i++) {
        Definition *d = in->trace->definitions.at[i];
        if (!uncalled(in, d))
            continue;
        Value *fn = function_of_definition(in, d);
        bool builds = function_builds(in, d->node, 0);
        if (!builds && d->node->params.list.len > 0)
            continue;
        int objects = fw(in)->objects.len, containers = fw(in)->containers.len;
        Args args = {0};
        bool known = arguments_for(in, d->name, d->node, 0, &args);
        bool quiet = fw(in)->quiet;
        fw(in)->quiet |= !known;
        Value *v = call_value(in, in->globals, fn, &args, NULL);
        run_settle(in, d->node);
        fw(in)->quiet = quiet;
        if (builds)
            root_of_value(in, v, d);
        else
            roots_collect(in, objects, containers);
    }
}

/* Classes that are no modules but hold one (self.model = keras.Sequential(...)). */
static void plain_classes(Interp *in)
{
    for (int i = 0; i < in->trace->definitions.len; i++) {
        Definition *d = in->trace->definitions.at[i];
        Value *cls = d->kind == DEF_PLAIN_CLASS && !d->parent ? class_of_definition(in, d) : NULL;
        Value *init = cls ? class_lookup(cls->u.cls, "__init__", NULL) : NULL;
        if (!init || init->kind != V_FUNCTION || init->u.fn->def->runs > 0 ||
            definition_used(in, d))
            continue;
        if (required_params(init->u.fn, 1) > 0)
            continue;
        int objects = fw(in)->objects.len, containers = fw(in)->containers.len;
        instantiate(in, in->globals, cls, &(Args){0}, NULL);
        run_settle(in, d->node);
        roots_collect(in, objects, containers);
    }
}

/* ---- --entry ---- */

static void entry_root(Interp *in)
{
    const char *err = NULL;
    Node *n = py_parse_expr(in->arena, in->opts->entry, &err);
    if (!n) {
        frame_diag(in, SEV_ERROR, "entry", NULL, NULL, "the entry '%s' is no expression: %s",
                   in->opts->entry, err ? err : "");
        return;
    }
    n = node_unparen(n);
    Node *callee = n->kind == N_CALL ? node_unparen(n->a) : n;
    Value *named =
        callee->kind == N_NAME ? env_get(in->globals, callee->name) : eval(in, in->globals, callee);
    run_settle(in, NULL);
    if (!named) {
        frame_diag(in, SEV_ERROR, "entry", NULL, NULL, "the file has no %s",
                   callee->kind == N_NAME ? callee->name : in->opts->entry);
        return;
    }
    Definition *d = named->kind == V_CLASS ? named->u.cls->def : NULL;
    for (int i = 0; named->kind == V_FUNCTION && i < in->trace->definitions.len; i++)
        if (callee->kind == N_NAME && str_eq(in->trace->definitions.at[i]->name, callee->name))
            d = in->trace->definitions.at[i];
    Value *v = named;
    bool known = true;
    if (n->kind == N_CALL) {
        v = eval(in, in->globals, n);
    } else if (named->kind == V_CLASS && d) {
        v = build_class(in, d, &known);
    } else if (named->kind == V_FUNCTION) {
        Args args = {0};
        arguments_for(in, callee->name ? callee->name : in->opts->entry,
                      d ? d->node : named->u.fn->node, 0, &args);
        v = call_value(in, in->globals, named, &args, NULL);
    }
    run_settle(in, d ? d->node : NULL);
    int before = in->trace->roots.len;
    if (v)
        root_of_value(in, v, named->kind == V_FUNCTION ? d : NULL);
    if (in->trace->roots.len == before)
        frame_diag(in, SEV_ERROR, "entry", NULL, NULL, "the entry '%s' gives no network",
                   in->opts->entry);
}

void trace_roots(Interp *in)
{
    run_settle(in, NULL);
    in->self_nn = in->graph_nn = NULL;
    if (in->opts && in->opts->entry && *in->opts->entry) {
        entry_root(in);
    } else {
        roots_collect(in, 0, 0);
        factories(in);
        plain_classes(in);
        roots_collect(in, 0, 0);
        unused_classes(in);
    }
    roots_apply(in);
    uncalled_run(in);
    roots_ask(in);
    training_collect(in);
    holders_settle(in);
    roles_infer(in);
}
