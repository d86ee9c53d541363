/* Expressions. Evaluation gives a value always; while an exception is on its way it gives the
 * poison at once.
 *
 * A name of the framework that is used as a value and not called (an argument `act=nn.ReLU`) is an
 * event, EV_REF: at the attribute, or at the name where the name itself was imported. Callees and
 * the front parts of attributes are evaluated quietly. A tensor that is the value of an expression
 * is recorded for the layout. */
#include <string.h>

#include "trace/pystate.h"

/* ---- names and attributes ---- */

Value *lookup_name(Interp *in, Env *env, const char *name)
{
    Value *v = env_get(env, name);
    if (v) return v;
    if ((v = star_name(in, env, name, true))) return v;
    const Builtin *b = builtin_find(in, name);
    if (b && !strchr(name, '.')) return v_builtin(in, b->name, NULL);
    ClassValue *e = exception_class(in, name);
    if (e) return v_class(in, e);
    if (strcmp(name, "Ellipsis") == 0) return v_new(in, V_ELLIPSIS);
    if (strcmp(name, "__debug__") == 0) return v_bool(in, true);
    return star_name(in, env, name, false);
}

static void note_ref(Interp *in, Node *n, const char *dotted)
{
    if (!in->dialect || !dialect_owns(in->dialect, dotted)) return;
    Site *s = trace_site(in->trace, n);
    const Event *last = s && s->events.len ? s->events.at[s->events.len - 1] : NULL;
    bool again = last && last->kind == EV_REF && last->self == in->self_nn &&
                 str_eq(last->dotted, dotted) && last->forced == (in->forced > 0);
    if (again) return; /* a test within a loop says the same each time */
    Event *e = event_add(in, EV_REF, n);
    if (e) e->dotted = dotted;
}

/* A name whose value stayed behind when a graph got a function of its own. */
static bool is_gone(Interp *in, Node *n)
{
    const StrVec *gone = in->opts ? in->opts->gone : NULL;
    for (int i = 0; gone && i < gone->len; i++)
        if (str_eq(gone->at[i], n->name)) return true;
    return false;
}

static Value *eval_name(Interp *in, Env *env, Node *n, bool quiet)
{
    Value *v = lookup_name(in, env, n->name);
    if (!v) {
        if (in->py->doubt)
            return v_unknown(in, "%s has no value: the statement that gives it one was not run",
                             n->name);
        if (is_gone(in, n)) return v_unknown(in, "%s is a tensor of a graph", n->name);
        return raise_error(in, "NameError", n, "name '%s' is not defined", n->name);
    }
    bool imported = v->kind == V_EXT && v->origin && v->origin->kind == N_ALIAS;
    if (!imported || quiet) return v;
    note_ref(in, n, v->u.dotted);
    v = v_copy(in, v);
    v->origin = n;
    return v;
}

static Value *eval_attribute(Interp *in, Env *env, Node *n, bool quiet)
{
    Value *of = eval_quiet(in, env, n->a);
    if (in->raising) return in->py->poison;
    Value *v = attr_or_raise(in, of, n->name, n);
    if (in->raising || quiet || of->kind != V_EXT || v->kind != V_EXT) return v;
    note_ref(in, n, v->u.dotted);
    v->origin = n;
    return v;
}

static Value *with_flow(Interp *in, Node *n, Value *v)
{
    if (in->raising || !v) return in->py->poison;
    if (v->kind == V_TENSOR) flow_record(in, n, v);
    return v;
}

Value *eval_quiet(Interp *in, Env *env, Node *n)
{
    n = node_unparen(n);
    if (in->raising) return in->py->poison;
    if (n->kind != N_NAME && n->kind != N_ATTRIBUTE) return eval(in, env, n);
    if (in->py->nest >= MAX_NEST)
        return raise_error(in, "RecursionError", n, "maximum recursion depth exceeded");
    in->py->nest++;
    Value *v = n->kind == N_NAME ? eval_name(in, env, n, true) : eval_attribute(in, env, n, true);
    in->py->nest--;
    return with_flow(in, n, v);
}

/* ---- calls ---- */

/* super(): the class that the running method was defined in, and its receiver. */
static Value *eval_super(Interp *in, Env *env, Node *n, const Args *args)
{
    ClassValue *after = NULL;
    Value *self = NULL;
    if (args->pos.len >= 1 && args->pos.at[0]->kind == V_CLASS) {
        after = args->pos.at[0]->u.cls;
        if (args->pos.len > 1) self = args->pos.at[1];
    }
    for (Env *e = env; e && !self; e = e->parent)
        if (e->fn && e->fn->owner) {
            if (!after) after = e->fn->owner;
            self = e->self;
        }
    if (!after || !self) return raise_error(in, "RuntimeError", n, "super(): no arguments");
    Value *v = v_new(in, V_SUPER);
    v->u.super.after = after;
    v->u.super.self = self;
    return v;
}

static Value *eval_call(Interp *in, Env *env, Node *n)
{
    Value *callee = eval_quiet(in, env, n->a);
    Args args = {0};
    if (in->raising || !args_eval(in, env, &n->items, &args)) return in->py->poison;
    if (callee->kind == V_BUILTIN && strcmp(callee->u.builtin.name, "super") == 0)
        return eval_super(in, env, n, &args);
    return call_value(in, env, callee, &args, n);
}

/* ---- displays ---- */

static void push_item(Interp *in, Value *v, Value *item)
{
    if (v->kind == V_SET) set_add(in, v, item);
    else vec_push(in->arena, &v->items, item);
}

static Value *eval_items(Interp *in, Env *env, Node *n, ValueKind kind)
{
    Value *v = v_list(in, kind);
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *item = n->items.at[i];
        if (item->kind == N_STAR) {
            ValueVec more = {0};
            Value *from = eval(in, env, item->a);
            if (!iterate(in, from, &more, item))
                return in->raising ? in->py->poison
                                   : v_unknown(in, "a display of items that are not known");
            for (int k = 0; k < more.len; k++) push_item(in, v, more.at[k]);
            continue;
        }
        Value *x = eval(in, env, item);
        if (in->raising) break;
        if (kind != V_SET || hashable(in, x, item)) push_item(in, v, x);
    }
    return v;
}

static Value *eval_dict(Interp *in, Env *env, Node *n)
{
    Value *d = v_list(in, V_DICT);
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *item = n->items.at[i];
        if (item->kind == N_DSTAR) {
            Value *from = v_base(eval(in, env, item->a));
            if (in->raising) break;
            if (from->kind != V_DICT)
                return v_unknown(in, "a dict with entries that are not known");
            for (int k = 0; k < from->keys.len; k++)
                dict_set(in, d, from->keys.at[k], from->items.at[k]);
            continue;
        }
        Value *key = eval(in, env, item->a), *v = eval(in, env, item->b);
        if (in->raising || !hashable(in, key, item)) break;
        dict_set(in, d, key, v);
    }
    return d;
}

static Value *eval_slice(Interp *in, Env *env, Node *n)
{
    Value *v = v_new(in, V_SLICE);
    Node *parts[] = {n->a, n->b, n->c};
    for (int i = 0; i < 3; i++) {
        Value *p = parts[i] ? eval(in, env, parts[i]) : v_none(in);
        vec_push(in->arena, &v->items, p);
    }
    return v;
}

/* ---- operators ---- */

static Value *eval_bool(Interp *in, Env *env, Node *n)
{
    bool is_and = strcmp(n->op, "and") == 0;
    Value *unknown = NULL, *v = NULL;
    Branch *b = branch_note(in, n);
    for (int i = 0; i < n->items.len; i++) {
        v = eval(in, env, n->items.at[i]);
        if (in->raising) return in->py->poison;
        bool guard = false;
        int t = truth(in, v, &guard);
        if (b && v->is_training_flag) b->on_training = true;
        if (t < 0) {
            if (!unknown) unknown = v;
            continue;
        }
        if (b && !in->forced) *(t ? &b->took_true : &b->took_false) = true;
        if (t != is_and) { /* decides: what stands behind it is run for its events only */
            if (in->act)
                for (int k = i + 1; k < n->items.len; k++)
                    forced_expr(in, env, n->items.at[k], true, n->items.at[k]);
            if (!unknown) return v;
            if (is_and || v->kind == V_BOOL)
                return v_marked(in, v_bool(in, t), v); /* either way, that is its truth */
            return v_unknown(in, "a choice on a value that is not known");
        }
    }
    if (!unknown) return v;
    if (b) b->on_unknown = true;
    return unknown->kind == V_UNKNOWN ? unknown : v_unknown(in, "the value of a tensor");
}

static Value *eval_compare(Interp *in, Env *env, Node *n)
{
    Value *l = eval(in, env, n->items.at[0]), *v = in->py->poison;
    for (int i = 0; i < n->strs.len && !in->raising; i++) {
        Value *r = eval(in, env, n->items.at[i + 1]);
        Value *c = compare(in, n->strs.at[i], l, r, n);
        if (in->raising) break;
        if (i > 0 && v->kind == V_BOOL && v->free && c->kind == V_BOOL)
            c->free = c->free ? c->free : v->free;
        v = i > 0 ? v_marked(in, c, v) : c;
        if (i + 1 < n->strs.len) {
            bool guard = false;
            int t = truth(in, v, &guard);
            if (t == 0) return v;
            if (t < 0) return v->kind == V_UNKNOWN ? v : v_unknown(in, "the value of a tensor");
        }
        l = r;
    }
    return in->raising ? in->py->poison : v;
}

static Value *eval_yield(Interp *in, Env *env, Node *n)
{
    Value *v = n->a ? eval(in, env, n->a) : v_none(in);
    ValueVec *out = in->py->yielded;
    if (in->raising || !out) return in->raising ? in->py->poison : v_none(in);
    if (n->op && strcmp(n->op, "from") == 0) {
        if (!iterate(in, v, out, n))
            return in->raising ? in->py->poison : v_unknown(in, "yield from something not known");
    } else vec_push(in->arena, out, v);
    if (out->len >= MAX_YIELDS)
        return raise_error(in, "GeneratorExit", n, "a generator without end");
    return v_none(in);
}

static Value *eval_string(Interp *in, Node *n)
{
    Value *v = v_new(in, n->is_bytes ? V_BYTES : V_STR);
    v->u.str.s = n->str ? n->str : "";
    v->u.str.len = n->str ? n->str_len : 0;
    return v;
}

static Value *eval_subscript(Interp *in, Env *env, Node *n)
{
    Value *of = eval_quiet(in, env, n->a);
    Value *index = n->b ? eval(in, env, n->b) : v_none(in);
    return in->raising ? in->py->poison : get_item(in, of, index, n);
}

static Value *eval_node(Interp *in, Env *env, Node *n)
{
    Value *v;
    switch (n->kind) {
    case N_NAME: return eval_name(in, env, n, false);
    case N_INT: return n->big ? v_unknown(in, "an integer beyond 64 bits") : v_int(in, n->num.i);
    case N_FLOAT: return v_float(in, n->num.f);
    case N_IMAG: return v_unknown(in, "a complex number");
    case N_STRING: return eval_string(in, n);
    case N_FSTRING: return eval_fstring(in, env, n);
    case N_TRUE: return v_bool(in, true);
    case N_FALSE: return v_bool(in, false);
    case N_NONE: return v_none(in);
    case N_ELLIPSIS: return v_new(in, V_ELLIPSIS);
    case N_ATTRIBUTE: return eval_attribute(in, env, n, false);
    case N_SUBSCRIPT: return eval_subscript(in, env, n);
    case N_SLICE: return eval_slice(in, env, n);
    case N_CALL: return eval_call(in, env, n);
    case N_BINARY: {
        Value *l = eval(in, env, n->a), *r = eval(in, env, n->b);
        return binary(in, n->op, l, r, n);
    }
    case N_UNARY: return unary(in, n->op, eval(in, env, n->a), n);
    case N_BOOL: return eval_bool(in, env, n);
    case N_COMPARE: return eval_compare(in, env, n);
    case N_IFEXP: return eval_ifexp(in, env, n);
    case N_LAMBDA: return make_function(in, env, n);
    case N_TUPLE: return eval_items(in, env, n, V_TUPLE);
    case N_LIST: return eval_items(in, env, n, V_LIST);
    case N_SET: return eval_items(in, env, n, V_SET);
    case N_DICT: return eval_dict(in, env, n);
    case N_LISTCOMP:
    case N_SETCOMP:
    case N_GENEXP:
    case N_DICTCOMP:
        return eval_comprehension(in, env, n);
    case N_WALRUS:
        v = eval(in, env, n->b);
        if (!in->raising && n->a && n->a->name) env_set(env_walrus(env), n->a->name, v);
        return v;
    case N_AWAIT: return n->a ? eval(in, env, n->a) : v_none(in);
    case N_YIELD: return eval_yield(in, env, n);
    case N_PAREN: return n->a ? eval(in, env, n->a) : v_none(in);
    case N_STAR: case N_DSTAR: case N_KEYWORD: return n->a ? eval(in, env, n->a) : v_none(in);
    default: return v_unknown(in, "source that was not understood");
    }
}

Value *eval(Interp *in, Env *env, Node *n)
{
    if (in->raising) return in->py->poison;
    if (!n) return v_none(in);
    if (in->py->nest >= MAX_NEST)
        return raise_error(in, "RecursionError", n, "maximum recursion depth exceeded");
    in->py->nest++;
    Value *v = eval_node(in, env, n);
    in->py->nest--;
    return with_flow(in, n, v);
}
