/* Instances of the file's own module classes.
 *
 * An attribute that holds a layer, a container or another instance names it; where the framework
 * tracks plain lists and dictionaries, what they hold is named too (again at every call, since
 * lists grow after they were assigned). A call runs forward/call with the instance's network
 * collecting the steps. A call from outside of any pass is the application of a root: its inputs
 * are fresh tensors whose batch is free; where the inputs' shape is not known (a batch out of a
 * data loader) the pass is left to trace_roots, and the call only recorded. */
#include "trace/frame.h"

#include <string.h>

void module_init(Interp *in, Value *self, Node *site)
{
    Object *obj = self->u.obj;
    Definition *d = obj->cls ? obj->cls->def : NULL;
    if (d && !d->pivot && in->forced == 0)
        d->pivot = pivot_add_definition(in->trace->pivot, d->name, node_span(d->node), d->node->id);
    obj->nn = nn_new(in, d ? d->pivot : NULL, site, in->forced > 0);
    value_of_nn_set(in, obj->nn, self);
    Event *e = event_add(in, EV_NN, site);
    e->nn = obj->nn;
    self->built = e;
    self->origin = site;
    const char *base = obj->cls ? obj->cls->ext_base : NULL;
    const DialectRow *row =
        base ? dialect_read_group(in->dialect, FORM_LAYER, base, fw(in)->keras, GROUP_CONTAINER)
             : NULL;
    if (row && !str_eq(row->kind->name, "Model")) {
        Container *c = container_new(in, row, row->kind->name, site);
        c->nn = obj->nn;
        c->owner = obj->nn;
        c->path = "";
        obj->cont = c;
    }
    if (in->forced == 0)
        vec_push(in->arena, &fw(in)->objects, self);
}

void module_params(Interp *in, Value *self, FunctionValue *init, Env *env)
{
    PivotNN *nn = self->u.obj->nn;
    if (!nn || nn->params.len)
        return;
    for (int i = 1; i < init->node->params.list.len; i++) {
        const Param *p = &init->node->params.list.at[i];
        Value *v = env_get(env, p->name);
        PivotParam pp = {p->name, v ? v_to_pvalue(in, v) : (PValue){0}};
        if (p->kind == PARAM_PLAIN)
            vec_push(in->arena, &nn->params, pp);
        for (int k = 0; p->kind == PARAM_DSTAR && v && v->kind == V_DICT && k < v->items.len; k++) {
            const Value *key = v->keys.at[k];
            PivotParam given = {key->kind == V_STR ? key->u.str.s : NULL, v_to_pvalue(in, v->items.at[k])};
            if (given.name) vec_push(in->arena, &nn->params, given);
        }
    }
}

/* ---- attributes that hold modules ---- */

static void list_own_layer(Interp *in, PivotNN *nn, PivotLayer *l)
{
    for (int i = 0; i < nn->layers.len; i++)
        if (nn->layers.at[i] == l)
            return;
    vec_push(in->arena, &nn->layers, l);
}

static void register_layer(Interp *in, PivotNN *nn, const char *path, PivotLayer *l)
{
    if (in->forced > 0)
        return;
    bool mine = !l->owner || (l->owner->is_sequential && l->owner != nn);
    layer_name(in, l, nn, path);
    if (mine)
        list_own_layer(in, nn, l);
}

void module_register(Interp *in, Value *self, const char *path, Value *v, Node *site)
{
    PivotNN *nn = self->u.obj->nn;
    if (!nn || !v || in->forced > 0)
        return;
    bool tracked = str_eq(dialect_fact(in->dialect, "tracks_lists"), "true");
    switch (v->kind) {
    case V_LAYER:
        register_layer(in, nn, path, v->u.layer);
        break;
    case V_CONTAINER:
        if (v->u.cont->owner && v->u.cont->owner != nn)
            break;
        v->u.cont->owner = nn;
        if (!v->u.cont->path)
            v->u.cont->path = path;
        if (v->u.cont->nn)
            nn_attach(in, v->u.cont->nn, nn, dotted_join(in, nn->name, path));
        container_rename(in, v->u.cont);
        break;
    case V_OBJECT:
        if (v->u.obj->nn && !v->u.obj->nn->parent)
            nn_attach(in, v->u.obj->nn, nn, dotted_join(in, nn->name, path));
        break;
    case V_LIST:
    case V_TUPLE:
        for (int i = 0; tracked && i < v->items.len; i++)
            module_register(in, self, arena_printf(in->arena, "%s.%d", path, i), v->items.at[i],
                            site);
        break;
    case V_DICT:
        for (int i = 0; tracked && i < v->items.len; i++)
            if (v->keys.at[i]->kind == V_STR)
                module_register(in, self,
                                arena_printf(in->arena, "%s.%s", path, v->keys.at[i]->u.str.s),
                                v->items.at[i], site);
        break;
    default:
        break;
    }
}

/* ---- self.conv = Sequential(self.conv, ...): what a name held is held by what it holds now ---- */

static bool is_module(const Value *v)
{
    return v->kind == V_LAYER || v->kind == V_CONTAINER || (v->kind == V_OBJECT && v->u.obj->nn);
}

static bool same_module(const Value *x, const Value *y)
{
    if (x->kind != y->kind)
        return false;
    return x->kind == V_LAYER       ? x->u.layer == y->u.layer
           : x->kind == V_CONTAINER ? x->u.cont == y->u.cont
                                    : x->kind == V_OBJECT && x->u.obj == y->u.obj;
}

static void drop_child(PivotNN *parent, const PivotNN *child)
{
    int n = 0;
    for (int i = 0; i < parent->children.len; i++)
        if (parent->children.at[i] != child)
            parent->children.at[n++] = parent->children.at[i];
    parent->children.len = n;
}

static void let_go(PivotNN *nn, Value *v)
{
    PivotNN *own = v->kind == V_OBJECT ? v->u.obj->nn : v->kind == V_CONTAINER ? v->u.cont->nn : NULL;
    if (own && own->parent == nn) {
        drop_child(nn, own);
        own->parent = NULL;
    }
    if (v->kind == V_CONTAINER && v->u.cont->owner == nn)
        v->u.cont->owner = NULL, v->u.cont->path = NULL;
    if (v->kind != V_LAYER || v->u.layer->owner != nn)
        return;
    int n = 0;
    for (int i = 0; i < nn->layers.len; i++)
        if (nn->layers.at[i] != v->u.layer)
            nn->layers.at[n++] = nn->layers.at[i];
    nn->layers.len = n;
    v->u.layer->owner = NULL;
}

/* Hangs the old value below whatever in `in_here` holds it; false: nothing does. */
static bool hang_anew(Interp *in, PivotNN *nn, Value *in_here, Value *old, int depth)
{
    if (depth > 8)
        return false;
    if (in_here->kind == V_CONTAINER) {
        Container *c = in_here->u.cont;
        for (int i = 0; i < c->items.len; i++) {
            if (same_module(c->items.at[i], old)) {
                let_go(nn, old);
                container_rename(in, c);
                return true;
            }
            if (is_module(c->items.at[i]) && hang_anew(in, nn, c->items.at[i], old, depth + 1))
                return true;
        }
        return false;
    }
    const Map *m = in_here->kind == V_OBJECT ? in_here->u.obj->attrs : NULL;
    for (int i = 0; m && i < m->len; i++) {
        Value *v = m->entries[i].key ? m->entries[i].value : NULL;
        if (v && same_module(v, old)) {
            let_go(nn, old);
            module_register(in, in_here, m->entries[i].key, old, NULL);
            return true;
        }
        if (v && is_module(v) && hang_anew(in, nn, v, old, depth + 1))
            return true;
    }
    return false;
}

void module_set_attr(Interp *in, Value *self, const char *name, Value *v, Node *site)
{
    Value *old = map_get(self->u.obj->attrs, name);
    forced_note_map(in, self->u.obj->attrs, name);
    map_set(self->u.obj->attrs, name, v);
    Container *c = self->u.obj->cont;
    bool tracked = str_eq(dialect_fact(in->dialect, "tracks_lists"), "true");
    bool module =
        v->kind == V_LAYER || v->kind == V_CONTAINER || (v->kind == V_OBJECT && v->u.obj->nn);
    if (c && !tracked && module && !str_eq(c->what, "Model"))
        container_put(in, c, name, v);
    else
        module_register(in, self, name, v, site);
    if (old && is_module(old) && !same_module(old, v) && module && self->u.obj->nn && in->forced == 0)
        hang_anew(in, self->u.obj->nn, v, old, 0);
    if (tracked)
        holders_note(in, v, site);
}

void module_sync(Interp *in, Value *self)
{
    if (!str_eq(dialect_fact(in->dialect, "tracks_lists"), "true"))
        return;
    Map *m = self->u.obj->attrs;
    for (int i = 0; m && i < m->len; i++) {
        Value *v = m->entries[i].key ? m->entries[i].value : NULL;
        if (v && (v->kind == V_LIST || v->kind == V_DICT || v->kind == V_TUPLE))
            module_register(in, self, m->entries[i].key, v, NULL);
    }
}

/* ---- calling ---- */

static FunctionValue *method_of(Value *self, const char *name)
{
    Value *f = name && self->u.obj->cls ? class_lookup(self->u.obj->cls, name, NULL) : NULL;
    return f && f->kind == V_FUNCTION ? f->u.fn : NULL;
}

bool module_called(Interp *in, Value *self)
{
    const char *forward = dialect_fact(in->dialect, "forward");
    return self->u.obj->nn && !self->u.obj->cont && !self->u.obj->layer && !method_of(self, forward) && method_of(self, "__call__");
}

/* The forward pass; a class without one may say __call__ itself. */
static FunctionValue *forward_of(Interp *in, Value *self)
{
    FunctionValue *fn = method_of(self, dialect_fact(in->dialect, "forward"));
    return fn || !module_called(in, self) ? fn : method_of(self, "__call__");
}

static bool has_param(const FunctionValue *fn, const char *name)
{
    for (int i = 0; name && i < fn->node->params.list.len; i++)
        if (str_eq(fn->node->params.list.at[i].name, name))
            return true;
    return false;
}

static const char *param_at(const FunctionValue *fn, int i)
{
    int n = fn->node->params.list.len;
    if (i < n && fn->node->params.list.at[i].kind == PARAM_PLAIN)
        return fn->node->params.list.at[i].name;
    return n && fn->node->params.list.at[n - 1].kind == PARAM_STAR
               ? fn->node->params.list.at[n - 1].name
               : NULL;
}

/* The names under which the callee knows the tensors of a call. */
static void input_names(Interp *in, const FunctionValue *fn, Args *args, TensorVec *ins,
                        StrVec *names)
{
    for (int i = 0; i < args->pos.len; i++) {
        int before = ins->len;
        tensors_of(in, args->pos.at[i], ins);
        const char *name = param_at(fn, i + 1);
        for (int k = before; k < ins->len; k++)
            vec_push(in->arena, names,
                     ins->len - before > 1
                         ? arena_printf(in->arena, "%s[%d]", name ? name : "", k - before)
                         : name);
    }
    for (int i = 0; i < args->kw.len; i++) {
        int before = ins->len;
        tensors_of(in, args->kw.at[i], ins);
        for (int k = before; k < ins->len; k++) vec_push(in->arena, names, args->kw_names.at[i]);
    }
}

/* An argument as JSON: a tensor by its place among the inputs, a tuple as {"tuple": [...]}, other values as {"v": ...}. False:
 * it cannot be said. */
static bool form_of(const Value *v, int *next, Buf *b)
{
    bool list = v->kind == V_LIST || v->kind == V_TUPLE, ok = true;
    if (v->kind == V_TENSOR) buf_printf(b, "%d", (*next)++);
    else if (v->kind == V_NONE) buf_add(b, "null");
    else if (v->kind == V_BOOL) buf_printf(b, "{\"v\":%s}", v->u.b ? "true" : "false");
    else if (v->kind == V_INT) buf_printf(b, "{\"v\":%lld}", v->u.i);
    else if (v->kind == V_DICT || list) {
        buf_add(b, list ? v->kind == V_TUPLE ? "{\"tuple\":[" : "[" : "{\"dict\":{");
        for (int i = 0; ok && i < v->items.len; i++) {
            buf_add(b, i ? "," : "");
            const Value *k = list ? NULL : v->keys.at[i];
            const char *key = k && k->kind == V_STR ? k->u.str.s : NULL;
            if (!list) buf_printf(b, "\"%s\":", key ? key : "");
            ok = (list || (key && !strpbrk(key, "\"\\"))) && form_of(v->items.at[i], next, b);
        }
        buf_add(b, list ? v->kind == V_TUPLE ? "]}" : "]" : "}}");
    } else {
        ok = false;
    }
    return ok;
}

static void note_form(Interp *in, PivotNN *nn, const Args *args)
{
    Buf b = {0};
    int next = 0;
    bool plain = true, said = !args->kw.len;
    if (nn->calls || in->forced) return;
    buf_add(&b, "[");
    for (int i = 0; said && i < args->pos.len; i++) {
        plain &= args->pos.at[i]->kind == V_TENSOR;
        buf_add(&b, i ? "," : "");
        said = form_of(args->pos.at[i], &next, &b);
    }
    buf_add(&b, "]");
    const char *text = buf_take(&b, in->arena);
    if (said && !plain) nn->input_form = text;
}

static Value *shape_of_arg(Interp *in, Value *v)
{
    if (v->kind == V_TENSOR) {
        PivotTensor *t = v->u.tensor;
        if (t->rank < 0)
            return v_unknown(in, "the input's shape is not known");
        Value *s = v_list(in, V_SHAPE);
        s->of = t;
        s->axis = -1;
        for (int i = 0; i < t->rank; i++) vec_push(in->arena, &s->items, axis_size(in, t, i));
        return s;
    }
    if (v->kind != V_LIST && v->kind != V_TUPLE)
        return v_unknown(in, "the input's shape is not known");
    Value *l = v_list(in, V_LIST);
    for (int i = 0; i < v->items.len; i++)
        vec_push(in->arena, &l->items, shape_of_arg(in, v->items.at[i]));
    return l;
}

/* build(input_shape), once, before the first call, where the framework has it. */
static void build_once(Interp *in, Value *self, Args *args, Node *site)
{
    const char *name = dialect_fact(in->dialect, "build");
    FunctionValue *fn = method_of(self, name);
    if (self->u.obj->built)
        return;
    if (in->forced == 0)
        self->u.obj->built = true;
    if (!fn || !args->pos.len)
        return;
    Args one = {0};
    arg_push(in, &one, shape_of_arg(in, args->pos.at[0]), NULL);
    PivotNN *graph = in->graph_nn, *nn = in->self_nn;
    in->graph_nn = NULL;
    in->self_nn = self->u.obj->nn;
    call_function(in, fn, self, &one, site);
    in->graph_nn = graph;
    in->self_nn = nn;
}

static void add_training(Interp *in, const FunctionValue *fn, Args *args)
{
    const char *name = dialect_fact(in->dialect, "training_argument_name");
    if (!name || !has_param(fn, name))
        return;
    for (int i = 0; i < args->kw_names.len; i++)
        if (str_eq(args->kw_names.at[i], name))
            return;
    for (int i = 0; i < args->pos.len; i++)
        if (str_eq(param_at(fn, i + 1), name))
            return;
    Value *flag = v_bool(in, false);
    flag->is_training_flag = true;
    vec_push(in->arena, &args->kw_names, name);
    vec_push(in->arena, &args->kw, flag);
    vec_push(in->arena, &args->kw_expr, NULL);
}

static Args args_copy(Interp *in, const Args *args)
{
    Args c = {0};
    for (int i = 0; i < args->pos.len; i++)
        arg_push(in, &c, args->pos.at[i], i < args->npos_expr ? args->pos_expr[i] : NULL);
    for (int i = 0; i < args->kw.len; i++) {
        vec_push(in->arena, &c.kw_names, args->kw_names.at[i]);
        vec_push(in->arena, &c.kw, args->kw.at[i]);
        vec_push(in->arena, &c.kw_expr, i < args->kw_expr.len ? args->kw_expr.at[i] : NULL);
    }
    c.unknown_star = args->unknown_star;
    return c;
}

/* training=True, given to a module whose forward pass does not take it: the framework's own call keeps it to itself. */
static void drop_training(Interp *in, const FunctionValue *fn, Args *args)
{
    const char *name = dialect_fact(in->dialect, "training_argument_name");
    for (int i = 0; name && i < fn->node->params.list.len; i++) {
        const Param *p = &fn->node->params.list.at[i];
        if (p->kind == PARAM_DSTAR || str_eq(p->name, name))
            return;
    }
    for (int i = args->kw.len - 1; name && i >= 0; i--) {
        if (!str_eq(args->kw_names.at[i], name))
            continue;
        for (int k = i; k + 1 < args->kw.len; k++) {
            args->kw.at[k] = args->kw.at[k + 1];
            args->kw_names.at[k] = args->kw_names.at[k + 1];
            if (k + 1 < args->kw_expr.len)
                args->kw_expr.at[k] = args->kw_expr.at[k + 1];
        }
        args->kw.len--;
        args->kw_names.len--;
        if (args->kw_expr.len > args->kw.len)
            args->kw_expr.len--;
    }
}

Value *run_module(Interp *in, Env *env, Value *self, Args *args, Node *site)
{
    Object *obj = self->u.obj;
    FunctionValue *fn = forward_of(in, self);
    if (!fn && obj->cont)
        return container_run(in, env, obj->cont, args, site);
    if (!fn && obj->layer)
        return inherited_call(in, self, args, site);
    if (!fn)
        return v_unknown(in, "%s has no %s", obj->cls ? obj->cls->name : "this module",
                         dialect_fact(in->dialect, "forward"));
    Args own = args_copy(in, args);
    for (int i = 0; i < own.pos.len; i++) /* an unknown first input stands for a tensor */
        if (i == 0 && own.pos.at[i]->kind == V_UNKNOWN)
            own.pos.at[i] = value_of_tensor(in, tensor_of_value(in, own.pos.at[i]), NULL);
    int implicit = fw(in)->implicit;
    fw(in)->implicit = 0;
    build_once(in, self, &own, site);
    module_sync(in, self);
    drop_training(in, fn, &own);
    add_training(in, fn, &own);
    TensorVec ins = {0};
    StrVec names = {0};
    input_names(in, fn, &own, &ins, &names);
    note_form(in, obj->nn, &own);
    GraphScope g = graph_enter(in, obj->nn, &ins, &names, site);
    Value *r = call_function(in, fn, self, &own, site);
    fw(in)->implicit = implicit;
    graph_leave(in, &g, &ins, r, site);
    if (in->forced == 0)
        module_sync(in, self);
    return r;
}

/* ---- calls from outside of any pass ---- */

bool from_outside(Interp *in)
{
    return !in->graph_nn && !in->self_nn && fw(in)->off == 0 && in->forced == 0;
}

bool all_shapes_known(Interp *in, Args *args)
{
    TensorVec ts = {0};
    for (int i = 0; i < args->pos.len; i++) {
        if (args->pos.at[i]->kind == V_UNKNOWN && !args->pos.at[i]->of)
            return false;
        if (args->pos.at[i]->kind == V_UNKNOWN)
            vec_push(in->arena, &ts, args->pos.at[i]->of);
        tensors_of(in, args->pos.at[i], &ts);
    }
    for (int i = 0; i < args->kw.len; i++) tensors_of(in, args->kw.at[i], &ts);
    for (int i = 0; i < ts.len; i++)
        if (ts.at[i]->rank < 0)
            return false;
    return ts.len > 0;
}

bool any_symbolic(Interp *in, Args *args)
{
    TensorVec ts = {0};
    for (int i = 0; i < args->pos.len; i++) tensors_of(in, args->pos.at[i], &ts);
    for (int i = 0; i < args->kw.len; i++) tensors_of(in, args->kw.at[i], &ts);
    for (int i = 0; i < ts.len; i++)
        if (tensor_is_symbolic(in, ts.at[i]))
            return true;
    return false;
}

Value *fresh_input(Interp *in, PivotNN *nn, const char *title, const char *argument, Value *v)
{
    if (v->kind == V_UNKNOWN && v->of)
        return value_of_tensor(in, root_input(in, nn, title, argument, v->of), NULL);
    if (v->kind == V_TENSOR)
        return value_of_tensor(in, root_input(in, nn, title, argument, v->u.tensor), v->origin);
    if (v->kind != V_LIST && v->kind != V_TUPLE && v->kind != V_DICT)
        return v;
    Value *c = v_list(in, v->kind);
    c->keys = v->keys;
    for (int i = 0; i < v->items.len; i++)
        vec_push(in->arena, &c->items,
                 fresh_input(in, nn, title,
                             arena_printf(in->arena, "%s[%d]", argument ? argument : "", i),
                             v->items.at[i]));
    return c;
}

/* The call is on record; what it computes is traced when the shapes are known. */
Value *call_deferred(Interp *in, PivotNN *nn, Args *args, Node *site)
{
    TensorVec ins = {0}, outs = {0};
    for (int i = 0; i < args->pos.len; i++) {
        if (args->pos.at[i]->kind == V_UNKNOWN)
            vec_push(in->arena, &ins, tensor_unknown(in));
        tensors_of(in, args->pos.at[i], &ins);
    }
    bool known = nn->calls > 0 && nn->outputs.len == 1;
    PivotTensor *out = known ? tensor_new(in, nn->outputs.at[0]->dims, nn->outputs.at[0]->rank,
                                          nn->outputs.at[0]->dtype)
                             : tensor_unknown(in);
    vec_push(in->arena, &outs, out);
    PivotNode *n = node_step(in, PNODE_NN, site, &ins, &outs);
    n->nn = nn;
    Event *e = event_add(in, EV_APPLY_NN, site);
    e->nn = nn;
    e->node = n;
    for (int i = 0; i < ins.len; i++) vec_push(in->arena, &e->in, ins.at[i]);
    vec_push(in->arena, &e->out, out);
    return value_of_tensor(in, out, site);
}

Value *call_module(Interp *in, Env *env, Value *self, Args *args, Node *site)
{
    PivotNN *nn = self->u.obj->nn;
    if (!from_outside(in) || any_symbolic(in, args))
        return run_module(in, env, self, args, site);
    if (nn->calls > 0 || !all_shapes_known(in, args))
        return call_deferred(in, nn, args, site);
    FunctionValue *fn = forward_of(in, self);
    Args own = args_copy(in, args);
    const char *title = nn_title(in, nn);
    for (int i = 0; i < own.pos.len; i++)
        own.pos.at[i] = fresh_input(in, nn, title, fn ? param_at(fn, i + 1) : NULL, own.pos.at[i]);
    for (int i = 0; i < own.kw.len; i++)
        if (is_tensorish(own.kw.at[i]))
            own.kw.at[i] = fresh_input(in, nn, title, own.kw_names.at[i], own.kw.at[i]);
    return run_module(in, env, self, &own, site);
}

/* ---- attributes that no class of the file defines ---- */

Value *module_attr(Interp *in, Value *self, const char *name, Node *site)
{
    const Dialect *d = in->dialect;
    Object *obj = self->u.obj;
    if (str_eq(name, dialect_fact(d, "training_attribute"))) {
        Value *flag = v_bool(in, false);
        flag->is_training_flag = true;
        return flag;
    }
    if (obj->cont) {
        Value c = {
            .kind = V_CONTAINER, .u.cont = obj->cont, .origin = self->origin, .built = self->built};
        Value *cont = v_new(in, V_CONTAINER);
        *cont = c;
        Value *v = container_attr(in, cont, name, site);
        if (v && v->kind == V_BUILTIN && str_eq(name, dialect_fact(d, "forward")))
            return v_builtin(in, "module:__call__", self);
        if (v)
            return v;
    }
    Value *held = obj->layer ? inherited_attr(in, self, name, site) : NULL;
    if (held)
        return held;
    if (str_eq(name, "built"))
        return v_bool(in, obj->built);
    if (str_eq(name, dialect_fact(d, "forward")))
        return NULL;
    if (str_eq(name, "__call__"))
        return v_builtin(in, "module:__call__", self);
    if (str_eq(name, dialect_fact(d, "children_attribute")) || str_eq(name, "_modules"))
        return module_children(in, self, str_eq(name, "_modules"));
    if (dialect_lists(d, "module_methods", name) || dialect_lists(d, "module_returns_self", name) ||
        dialect_lists(d, "module_inert", name) || dialect_lists(d, "module_training", name))
        return v_builtin(in, arena_printf(in->arena, "module:%s", name), self);
    if (dialect_lists(d, "module_unknown_attributes", name))
        return v_unknown(in, "%s of a module", name);
    return NULL;
}

Value *module_base_method(Interp *in, Value *self, const char *name, Args *args, Node *site,
                          bool *known)
{
    *known = true;
    Object *obj = self->u.obj;
    if (str_eq(name, "__init__")) {
        bool tensors = false;
        for (int i = 0; i < args->pos.len; i++) tensors |= is_tensorish(args->pos.at[i]);
        for (int i = 0; i < args->kw.len; i++) tensors |= is_tensorish(args->kw.at[i]);
        if (inherited_init(in, self, args, site))
            return v_none(in);
        if (obj->cont && !str_eq(obj->cont->what, "Model"))
            container_fill(in, obj->cont, args, site);
        else if (tensors && obj->nn)
            build_model(in, in->globals, NULL, args, site, self);
        return v_none(in);
    }
    if (str_eq(name, "__setattr__") && args->pos.len == 2 && args->pos.at[0]->kind == V_STR) {
        module_set_attr(in, self, args->pos.at[0]->u.str.s, args->pos.at[1], site);
        return v_none(in);
    }
    bool forward = str_eq(name, dialect_fact(in->dialect, "forward"));
    if ((forward || str_eq(name, "__call__")) && (obj->cont || obj->layer)) {
        int implicit = fw(in)->implicit;
        fw(in)->implicit = 0;
        Value *v = obj->layer ? inherited_call(in, self, args, site)
                              : container_run(in, in->globals, obj->cont, args, site);
        fw(in)->implicit = implicit;
        return v;
    }
    if (str_eq(name, dialect_fact(in->dialect, "build"))) {
        if (in->forced == 0)
            obj->built = true;
        return v_none(in);
    }
    if (str_eq(name, "get_config"))
        return v_list(in, V_DICT);
    Value *f = module_attr(in, self, name, site);
    if (f && f->kind == V_BUILTIN)
        return call_framework_builtin(in, in->globals, f->u.builtin.name, f->u.builtin.self, args,
                                      site);
    if (f)
        return f;
    *known = false;
    return NULL;
}
