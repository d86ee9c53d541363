/* Sequential, ModuleList, ModuleDict: what holds layers and modules by name.
 *
 * A container names what it holds when it is itself attached: items of self.features are
 * features.0, features.1, ... A Sequential has a network of its own in the pivot, whose pass
 * applies the items in order; a list or a dictionary only names. A class derived from Sequential
 * holds its items in obj->cont, whose network is the instance's. In frameworks where the first item
 * may be an input, that is no item: it is kept as the container's input tensor. */
#include "trace/frame.h"

#include <stdlib.h>
#include <string.h>

Container *container_new(Interp *in, const DialectRow *row, const char *what, Node *site)
{
    Container *c = ARENA_NEW(in->arena, Container);
    c->row = row;
    c->what = what;
    c->site = site;
    c->forced = in->forced > 0;
    if (str_eq(what, "Sequential") || str_eq(what, "Model")) {
        c->nn = nn_new(in, NULL, site, in->forced > 0);
        c->nn->is_sequential = true;
    }
    return c;
}

static PivotNN *naming_owner(const Container *c)
{
    return c->owner ? c->owner : c->nn;
}

static void list_layer(Interp *in, PivotNN *nn, PivotLayer *l)
{
    for (int i = 0; i < nn->layers.len; i++)
        if (nn->layers.at[i] == l)
            return;
    vec_push(in->arena, &nn->layers, l);
}

/* Names one item and hangs it below the container's network. */
static void adopt(Interp *in, Container *c, int i)
{
    PivotNN *owner = naming_owner(c);
    Value *v = c->items.at[i];
    if (!owner || !v || in->forced > 0)
        return;
    const char *path = dotted_join(in, c->path, c->keys.at[i]);
    PivotNN *parent = c->nn ? c->nn : owner;
    const char *full = dotted_join(in, owner->is_sequential ? NULL : owner->name, path);
    switch (v->kind) {
    case V_LAYER:
        if (!v->u.layer->owner || v->u.layer->owner->is_sequential) {
            layer_name(in, v->u.layer, owner, path);
            if (v->u.layer->owner == c->nn && owner == c->nn)
                v->u.layer->name = path;
        }
        list_layer(in, parent, v->u.layer);
        break;
    case V_CONTAINER: {
        Container *sub = v->u.cont;
        if (sub->owner && !sub->owner->is_sequential)
            break;
        sub->owner = owner;
        sub->path = path;
        if (sub->nn)
            nn_attach(in, sub->nn, parent, full);
        container_rename(in, sub);
        break;
    }
    case V_OBJECT:
        if (v->u.obj->nn)
            nn_attach(in, v->u.obj->nn, parent, full);
        break;
    default:
        break;
    }
}

void container_rename(Interp *in, Container *c)
{
    for (int i = 0; i < c->items.len; i++) adopt(in, c, i);
}

void container_name_path(Interp *in, Container *c, const char *path)
{
    c->path = path;
    container_rename(in, c);
}

static bool keys_are_numbers(const Container *c)
{
    return !str_eq(c->what, "ModuleDict");
}

/* A tensor or layer that only says what the network takes. */
static bool take_input(Interp *in, Container *c, Value *item)
{
    if (c->items.len)
        return false;
    if (item->kind == V_TENSOR && item->u.tensor->producer &&
        item->u.tensor->producer->type == PNODE_INPUT) {
        vec_push(in->arena, &c->inputs, item);
        return true;
    }
    if (item->kind != V_LAYER || !str_eq(item->u.layer->kind->name, "InputLayer"))
        return false;
    const PValue *shape = attr_get(&item->u.layer->attrs, "shape");
    if (!shape || shape->kind != PV_LIST)
        return true;
    Value *s = v_from_pvalue(in, shape);
    int rank = 0;
    const Size *dims = shape_value_dims(in, s, &rank, true);
    const char *dtype = attr_str(&item->u.layer->attrs, "dtype", "float32");
    PivotTensor *t = tensor_new(in, dims, rank, dtype ? dtype : "float32");
    tensor_set_symbolic(in, t);
    vec_push(in->arena, &c->inputs, value_of_tensor(in, t, item->origin));
    return true;
}

/* What a Sequential takes by what it begins with: a layer that says it, a model that knows its inputs. */
static Value *shape_of_first(Interp *in, Value *item)
{
    Value *shape = NULL;
    if (item->kind == V_LAYER)
        return layer_input_shape(in, item, &shape) ? shape : NULL;
    const Container *inner = item->kind == V_CONTAINER ? item->u.cont : NULL;
    if (!inner || !inner->nn || (!str_eq(inner->what, "Sequential") && !str_eq(inner->what, "Model")))
        return NULL;
    const PivotTensor *t = inner->inputs.len == 1 && inner->inputs.at[0]->kind == V_TENSOR ? inner->inputs.at[0]->u.tensor : NULL;
    if (!t)
        return inner->inputs.len ? NULL : inner->input_shape;
    if (t->rank < 1)
        return NULL;
    shape = v_list(in, V_TUPLE);
    for (int i = 1; i < t->rank; i++)
        vec_push(in->arena, &shape->items, t->dims[i].free || size_unknown(t->dims[i]) ? v_none(in) : v_size(in, t->dims[i]));
    return shape;
}

void container_push(Interp *in, Container *c, int at, const char *key, Value *item)
{
    if (in->forced > 0 && !c->forced)
        return; /* an arm that was not taken leaves no trace in it */
    if (str_eq(c->what, "Sequential") && take_input(in, c, item))
        return;
    if (item->kind == V_TENSOR && !item->u.tensor->is_parameter)
        return;
    int i = at < 0 || at > c->items.len ? c->items.len : at;
    vec_insert(in->arena, &c->items, i, item);
    vec_insert(in->arena, &c->keys, i, key ? key : arena_printf(in->arena, "%d", i));
    if (!key && keys_are_numbers(c))
        for (int k = i + 1; k < c->keys.len; k++) c->keys.at[k] = arena_printf(in->arena, "%d", k);
    if (!c->input_shape && c->items.len == 1)
        c->input_shape = shape_of_first(in, item);
    adopt(in, c, i);
}

/* self.norm = ... in a class derived from a container: one more item under that name. */
void container_put(Interp *in, Container *c, const char *key, Value *item)
{
    for (int i = 0; i < c->keys.len; i++)
        if (str_eq(c->keys.at[i], key)) {
            if (in->forced > 0 && !c->forced)
                return;
            c->items.at[i] = item;
            adopt(in, c, i);
            return;
        }
    container_push(in, c, -1, key, item);
}

static bool is_module_value(const Value *v)
{
    return v->kind == V_LAYER || v->kind == V_CONTAINER || (v->kind == V_OBJECT && v->u.obj->nn) ||
           v->kind == V_TENSOR || v->kind == V_FUNCTION || v->kind == V_UNKNOWN;
}

static const char *key_text(Interp *in, const Value *k)
{
    return k->kind == V_STR ? k->u.str.s : v_repr(in, (Value *)k);
}

static void push_all(Interp *in, Container *c, Value *v, Node *site)
{
    if (v->kind == V_OBJECT && v->u.obj->base)
        v = v->u.obj->base;
    if (v->kind == V_DICT) {
        for (int i = 0; i < v->items.len; i++)
            container_push(in, c, -1, key_text(in, v->keys.at[i]), v->items.at[i]);
        return;
    }
    if (v->kind == V_CONTAINER && !str_eq(c->what, "Sequential")) {
        for (int i = 0; i < v->u.cont->items.len; i++)
            container_push(in, c, -1, str_eq(c->what, "ModuleDict") ? v->u.cont->keys.at[i] : NULL,
                           v->u.cont->items.at[i]);
        return;
    }
    if (is_module_value(v)) {
        container_push(in, c, -1, NULL, v);
        return;
    }
    ValueVec items = {0};
    if (v->kind == V_NONE || !iterate(in, v, &items, site))
        return;
    for (int i = 0; i < items.len; i++) {
        Value *item = items.at[i];
        bool named = str_eq(c->what, "ModuleDict") && item->kind == V_TUPLE && item->items.len == 2;
        if (named)
            container_push(in, c, -1, key_text(in, item->items.at[0]), item->items.at[1]);
        else
            container_push(in, c, -1, NULL, item);
    }
}

static bool is_dictionary(const Value *v)
{
    if (v->kind == V_OBJECT && v->u.obj->base) v = v->u.obj->base;
    return v->kind == V_DICT;
}

void container_fill(Interp *in, Container *c, Args *args, Node *site)
{
    if (str_eq(c->what, "Sequential") && args->pos.len == 1 && is_dictionary(args->pos.at[0])) event_add(in, EV_NAMED, site);
    for (int i = 0; i < args->pos.len; i++) {
        Value *v = args->pos.at[i];
        if (v->kind == V_STR)
            continue; /* the second argument of a Keras Sequential: its name */
        push_all(in, c, v, site);
    }
    for (int i = 0; i < args->kw.len; i++) {
        Value *v = args->kw.at[i];
        bool holds =
            v->kind == V_LIST || v->kind == V_TUPLE || v->kind == V_DICT || v->kind == V_ITER;
        if (holds && !dialect_lists(in->dialect, "input_shape_arguments", args->kw_names.at[i]))
            push_all(in, c, v, site);
    }
    if (args->unknown_star)
        frame_diag(in, SEV_WARNING, "unknown", site, NULL, "what this %s holds is not known",
                   c->what);
}

Value *build_container(Interp *in, Env *env, const DialectRow *row, Args *args, Node *site)
{
    const char *what = row->kind->name;
    if (str_eq(what, "Model"))
        return build_model(in, env, row, args, site, NULL);
    Container *c = container_new(in, row, what, site);
    c->name = string_arg(args, "name");
    Value *v = v_new(in, V_CONTAINER);
    v->u.cont = c;
    v->origin = site;
    Event *e = event_add(in, EV_CONTAINER, site);
    e->row = row;
    e->nn = c->nn;
    v->built = e;
    container_fill(in, c, args, site);
    if (c->nn)
        value_of_nn_set(in, c->nn, v);
    if (in->forced == 0 && c->nn)
        vec_push(in->arena, &fw(in)->containers, v);
    return v;
}

/* ---- calling ---- */

static Value *call_item(Interp *in, Env *env, Value *item, Args *args, Node *site)
{
    if (item->kind == V_LAYER) {
        TensorVec ins = {0};
        for (int i = 0; i < args->pos.len; i++) {
            if (is_tensorish(args->pos.at[i]))
                tensors_of(in, args->pos.at[i], &ins);
            else if (i == 0)
                vec_push(in->arena, &ins, tensor_of_value(in, args->pos.at[i]));
        }
        if (!ins.len)
            vec_push(in->arena, &ins, tensor_unknown(in));
        return apply_layer(in, item->u.layer, &ins, site, item);
    }
    if (item->kind == V_CONTAINER)
        return container_run(in, env, item->u.cont, args, site);
    if (item->kind == V_OBJECT && item->u.obj->nn)
        return run_module(in, env, item, args, site);
    if (item->kind == V_UNKNOWN)
        return item;
    int implicit = fw(in)->implicit;
    fw(in)->implicit = 0;
    Value *v = call_value(in, env, item, args, site);
    fw(in)->implicit = implicit;
    return v;
}

static Value *first_input(Interp *in, Args *args)
{
    if (args->pos.len)
        return args->pos.at[0];
    for (int i = 0; i < args->kw.len; i++)
        if (is_tensorish(args->kw.at[i]))
            return args->kw.at[i];
    return v_unknown(in, "the call gives no input");
}

/* A tensor that nobody knows anything of is of the shape that a Sequential says it takes. */
static void take_shape(Interp *in, const Container *c, const Value *v)
{
    PivotTensor *t = v->kind == V_TENSOR ? v->u.tensor : NULL;
    bool blank = t && t->rank < 0 && (!t->producer || t->producer->type == PNODE_INPUT);
    const PivotTensor *own = c->inputs.len == 1 && c->inputs.at[0]->kind == V_TENSOR ? c->inputs.at[0]->u.tensor : NULL;
    if (!blank || (!own && !c->input_shape))
        return;
    int rank = own ? own->rank : 0;
    const Size *dims = own ? own->dims : shape_value_dims(in, c->input_shape, &rank, true);
    if (rank < 1 || !dims)
        return;
    t->dims = ARENA_ARRAY(in->arena, Size, rank);
    memcpy(t->dims, dims, sizeof(Size) * (size_t)rank);
    t->rank = rank;
}

Value *container_run(Interp *in, Env *env, Container *c, Args *args, Node *site)
{
    if (str_eq(c->what, "Model"))
        return replay_model(in, c, args, site);
    if (!c->nn) {
        frame_diag(in, SEV_ERROR, "type", site, "apply its items one by one",
                   "a %s cannot be called", c->what);
        return v_unknown(in, "a %s cannot be called", c->what);
    }
    if (in->depth > in->max_depth)
        return v_unknown(in, "containers nested too deeply");
    in->depth++;
    TensorVec ins = {0};
    Value *now = first_input(in, args);
    if (now->kind == V_UNKNOWN)
        now = value_of_tensor(in, tensor_unknown(in), NULL);
    take_shape(in, c, now);
    tensors_of(in, now, &ins);
    GraphScope g = graph_enter(in, c->nn, &ins, NULL, site);
    fw(in)->implicit++;
    for (int i = 0; i < c->items.len && !in->raising; i++) {
        Args one = {0};
        arg_push(in, &one, now, NULL);
        now = call_item(in, env, c->items.at[i], &one, site);
    }
    fw(in)->implicit--;
    graph_leave(in, &g, &ins, now, site);
    in->depth--;
    return now;
}

Value *call_container(Interp *in, Env *env, Value *cont, Args *args, Node *site)
{
    Container *c = cont->u.cont;
    Args shaped = {0}, own;
    for (int i = 0; i < args->pos.len; i++) arg_push(in, &shaped, args->pos.at[i], NULL);
    shaped.kw = args->kw;
    shaped.kw_names = args->kw_names;
    shaped.kw_expr = args->kw_expr;
    if (shaped.pos.len == 1 && shaped.pos.at[0]->kind == V_UNKNOWN && !shaped.pos.at[0]->of && c->owner)
        shaped.pos.at[0] = value_of_tensor(in, tensor_unknown(in), NULL);
    if (shaped.pos.len == 1)
        take_shape(in, c, shaped.pos.at[0]);
    own = shaped;
    args = &shaped;
    if (from_outside(in) && c->nn && !any_symbolic(in, args)) {
        if (c->nn->calls > 0 || !all_shapes_known(in, args))
            return call_deferred(in, c->nn, args, site);
        own = (Args){0};
        for (int i = 0; i < args->pos.len; i++)
            arg_push(in, &own,
                     fresh_input(in, c->nn, nn_title(in, c->nn), "input", args->pos.at[i]), NULL);
    }
    int implicit = fw(in)->implicit;
    fw(in)->implicit = 0;
    Value *v = container_run(in, env, c, &own, site);
    fw(in)->implicit = implicit;
    return v;
}

/* ---- items ---- */

static Value *slice_of(Interp *in, Value *cont, Value *index)
{
    Container *c = cont->u.cont;
    Value *all = v_list(in, V_LIST);
    for (int i = 0; i < c->items.len; i++) vec_push(in->arena, &all->items, v_int(in, i));
    Value *picked = get_item(in, all, index, cont->origin);
    if (!picked || picked->kind != V_LIST)
        return v_unknown(in, "a slice with unknown ends");
    Container *part = container_new(in, c->row, c->what, c->site);
    Value *v = v_new(in, V_CONTAINER);
    v->u.cont = part;
    v->origin = cont->origin;
    v->built = cont->built;
    for (int i = 0; i < picked->items.len; i++) {
        int k = (int)picked->items.at[i]->u.i;
        vec_push(in->arena, &part->items, c->items.at[k]);
        vec_push(in->arena, &part->keys, c->keys.at[k]);
    }
    return v;
}

static int index_of_key(const Container *c, const char *key)
{
    for (int i = 0; i < c->keys.len; i++)
        if (str_eq(c->keys.at[i], key))
            return i;
    return -1;
}

Value *container_item(Interp *in, Value *cont, Value *index, Node *site)
{
    Container *c = cont->u.cont;
    if (index->kind == V_UNKNOWN)
        return index;
    if (index->kind == V_SLICE)
        return slice_of(in, cont, index);
    if (index->kind == V_STR) {
        int i = index_of_key(c, index->u.str.s);
        return i >= 0 ? c->items.at[i] : raise_error(in, "KeyError", site, "%s", v_repr(in, index));
    }
    if (index->kind == V_INT && !index->free) {
        long long i = index->u.i < 0 ? index->u.i + c->items.len : index->u.i;
        if (i >= 0 && i < c->items.len)
            return c->items.at[i];
        return raise_error(in, "IndexError", site, "index %lld is out of range", index->u.i);
    }
    return v_unknown(in, "an index that is not known");
}

bool container_iterate(Interp *in, Value *cont, ValueVec *out)
{
    Container *c = cont->u.cont;
    for (int i = 0; i < c->items.len; i++)
        vec_push(in->arena, out,
                 str_eq(c->what, "ModuleDict") ? v_str(in, c->keys.at[i]) : c->items.at[i]);
    return true;
}

/* ---- methods ---- */

static Value *pairs_of(Interp *in, const Container *c)
{
    Value *l = v_list(in, V_LIST);
    for (int i = 0; i < c->items.len; i++) {
        Value *pair = v_list(in, V_TUPLE);
        vec_push(in->arena, &pair->items, v_str(in, c->keys.at[i]));
        vec_push(in->arena, &pair->items, c->items.at[i]);
        vec_push(in->arena, &l->items, pair);
    }
    return l;
}

static Value *keys_of(Interp *in, const Container *c)
{
    Value *l = v_list(in, V_LIST);
    for (int i = 0; i < c->keys.len; i++) vec_push(in->arena, &l->items, v_str(in, c->keys.at[i]));
    return l;
}

static Value *items_of(Interp *in, const Container *c)
{
    Value *l = v_list(in, V_LIST);
    for (int i = 0; i < c->items.len; i++) vec_push(in->arena, &l->items, c->items.at[i]);
    return l;
}

static Value *pop_item(Interp *in, Container *c, Value *which, Node *site)
{
    int i = c->items.len - 1;
    if (which && which->kind == V_STR)
        i = index_of_key(c, which->u.str.s);
    else if (which && which->kind == V_INT)
        i = (int)(which->u.i < 0 ? which->u.i + c->items.len : which->u.i);
    if (i < 0 || i >= c->items.len)
        return raise_error(in, "IndexError", site, "pop from an empty container");
    Value *v = c->items.at[i];
    if (in->forced > 0 && !c->forced)
        return v;
    for (int k = i; k + 1 < c->items.len; k++) {
        c->items.at[k] = c->items.at[k + 1];
        if (!keys_are_numbers(c))
            c->keys.at[k] = c->keys.at[k + 1];
    }
    c->items.len--;
    c->keys.len--;
    return v;
}

Value *container_method(Interp *in, Value *cont, const char *name, Args *args, Node *site,
                        bool *known)
{
    Container *c = cont->u.cont;
    Value *first = args->pos.len ? args->pos.at[0] : args->kw.len ? args->kw.at[0] : NULL;
    Value *second = args->pos.len > 1 ? args->pos.at[1] : args->kw.len > 1 ? args->kw.at[1] : NULL;
    *known = true;
    if ((str_eq(name, "append") || str_eq(name, "add")) && first) {
        container_push(in, c, -1, NULL, first);
        return str_eq(name, "append") ? cont : v_none(in);
    }
    if ((str_eq(name, "extend") || str_eq(name, "update")) && first) {
        push_all(in, c, first, site);
        return cont;
    }
    if (str_eq(name, "insert") && first && second) {
        long long at = first->kind == V_INT ? first->u.i : -1;
        container_push(in, c, (int)(at < 0 ? at + c->items.len : at), NULL, second);
        return v_none(in);
    }
    if ((str_eq(name, "add_module") || str_eq(name, "register_module")) && first && second) {
        container_push(in, c, -1, key_text(in, first), second);
        event_add(in, EV_ITEM, site)->dotted = c->what;
        return v_none(in);
    }
    if (str_eq(name, "pop"))
        return pop_item(in, c, first, site);
    if (str_eq(name, "items") || str_eq(name, "named_children"))
        return pairs_of(in, c);
    if (str_eq(name, "keys"))
        return keys_of(in, c);
    if (str_eq(name, "values") || str_eq(name, "children"))
        return items_of(in, c);
    if (str_eq(name, "__len__"))
        return v_int(in, c->items.len);
    if (str_eq(name, "__getitem__") && first)
        return container_item(in, cont, first, site);
    if (str_eq(name, "__contains__") && first)
        return v_bool(in, first->kind == V_STR && index_of_key(c, first->u.str.s) >= 0);
    if (str_eq(name, "get_layer") || str_eq(name, "get_submodule")) {
        if (first && first->kind == V_INT)
            return container_item(in, cont, first, site);
        for (int i = 0; first && first->kind == V_STR && i < c->items.len; i++) {
            Value *item = c->items.at[i];
            bool named = item->kind == V_LAYER && str_eq(layer_given_name(item), first->u.str.s);
            named |= item->kind == V_CONTAINER && str_eq(item->u.cont->name, first->u.str.s);
            if (named || str_eq(c->keys.at[i], first->u.str.s))
                return item;
        }
        return v_unknown(in, "no layer of that name");
    }
    *known = false;
    return NULL;
}

static bool is_container_method(const char *name)
{
    static const char *const METHODS[] = {"append",          "add",       "extend",
                                          "update",          "insert",    "add_module",
                                          "register_module", "pop",       "items",
                                          "named_children",  "keys",      "values",
                                          "children",        "__len__",   "__getitem__",
                                          "__contains__",    "get_layer", "get_submodule"};
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (str_eq(METHODS[i], name))
            return true;
    return false;
}

/* a += b extends a; a + b is a new list of the same kind. NULL: no such operator. */
Value *container_binary(Interp *in, const char *op, Value *l, Value *r, bool in_place, Node *site)
{
    if (!str_eq(op, "+") || l->kind != V_CONTAINER || str_eq(l->u.cont->what, "Model"))
        return NULL;
    Value *into = l;
    if (!in_place) {
        into = v_new(in, V_CONTAINER);
        into->u.cont = container_new(in, l->u.cont->row, l->u.cont->what, l->u.cont->site);
        into->origin = site;
        into->built = l->built;
        push_all(in, into->u.cont, l, site);
    }
    push_all(in, into->u.cont, r, site);
    return into;
}

Value *container_attr(Interp *in, Value *cont, const char *name, Node *site)
{
    Container *c = cont->u.cont;
    const Dialect *d = in->dialect;
    int child = c->what && !str_eq(c->what, "Model") ? index_of_key(c, name) : -1;
    if (child >= 0) {
        bool named = str_eq(c->what, "ModuleDict") || str_eq(c->what, "Sequential");
        Event *e = named && site ? event_add(in, EV_ITEM, site) : NULL;
        if (e) e->dotted = c->what, e->axis = child;
        return c->items.at[child];
    }
    if (is_container_method(name))
        return v_builtin(in, arena_printf(in->arena, "container:%s", name), cont);
    if (str_eq(name, dialect_fact(d, "children_attribute")))
        return items_of(in, c);
    if (str_eq(name, dialect_fact(d, "forward")) || str_eq(name, "__call__"))
        return v_builtin(in, "container:__call__", cont);
    Value *v = functional_attr(in, cont, name, site);
    if (v)
        return v;
    if (str_eq(name, dialect_fact(d, "training_attribute"))) {
        v = v_bool(in, false);
        v->is_training_flag = true;
        return v;
    }
    if (dialect_lists(d, "module_methods", name) || dialect_lists(d, "module_returns_self", name) ||
        dialect_lists(d, "module_inert", name) || dialect_lists(d, "module_training", name))
        return v_builtin(in, arena_printf(in->arena, "container:%s", name), cont);
    return c->attrs ? map_get(c->attrs, name) : NULL;
}
