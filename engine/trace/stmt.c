/* Statements. Each that runs for real is marked in trace->executed; exec_block stops at the first
 * that does not end normally and says how it ended. */
#include <string.h>

#include "trace/pystate.h"

/* ---- assignment ---- */

void assign_target(Interp *in, Env *env, Node *target, Value *v)
{
    if (in->raising || !target) return;
    switch (target->kind) {
    case N_PAREN: assign_target(in, env, target->a, v); break;
    case N_NAME: env_set(env, target->name, v); break;
    case N_ATTRIBUTE: {
        Value *of = eval_quiet(in, env, target->a);
        set_attr(in, of, target->name, v, target);
        break;
    }
    case N_SUBSCRIPT: {
        Value *of = eval_quiet(in, env, target->a);
        Value *index = target->b ? eval(in, env, target->b) : v_none(in);
        set_item(in, of, index, v, target);
        break;
    }
    case N_TUPLE: case N_LIST: unpack(in, env, &target->items, v, target); break;
    case N_STAR: assign_target(in, env, target->a, v); break;
    default: break; /* source that did not parse */
    }
}

static void exec_augassign(Interp *in, Env *env, Node *n)
{
    Node *t = node_unparen(n->a);
    Value *of = NULL, *index = NULL, *old;
    switch (t->kind) {
    case N_ATTRIBUTE:
        of = eval_quiet(in, env, t->a);
        old = in->raising ? in->py->poison : attr_or_raise(in, of, t->name, t);
        if (!in->raising && old->kind == V_TENSOR) flow_record(in, t, old);
        break;
    case N_SUBSCRIPT:
        of = eval_quiet(in, env, t->a);
        index = t->b ? eval(in, env, t->b) : v_none(in);
        old = in->raising ? in->py->poison : get_item(in, of, index, t);
        if (!in->raising && old->kind == V_TENSOR) flow_record(in, t, old);
        break;
    default: old = eval(in, env, t); break;
    }
    Value *r = eval(in, env, n->b);
    if (in->raising) return;
    Value *v = binary_inplace(in, n->op, old, r, n);
    if (in->raising) return;
    if (v->kind == V_TENSOR) flow_record(in, n, v);
    if (t->kind == N_ATTRIBUTE) set_attr(in, of, t->name, v, t);
    else if (t->kind == N_SUBSCRIPT) set_item(in, of, index, v, t);
    else assign_target(in, env, t, v);
}

/* Fields of dataclasses and named tuples are the annotated names of the class's body, in order. */
static void note_annotation(Interp *in, Env *env, Node *target)
{
    if (!env->is_class || target->kind != N_NAME) return;
    Value *all = map_get(&env->vars, "__annotations__");
    if (!all) {
        all = v_list(in, V_DICT);
        env_set(env, "__annotations__", all);
    }
    dict_set(in, all, v_str(in, target->name), v_none(in));
}

/* ClassVar fields are no fields. */
static bool is_classvar(const Node *annotation)
{
    while (annotation && annotation->kind == N_SUBSCRIPT) annotation = annotation->a;
    return annotation && annotation->name && strcmp(annotation->name, "ClassVar") == 0;
}

static void exec_annassign(Interp *in, Env *env, Node *n)
{
    if (!is_classvar(n->c)) note_annotation(in, env, n->a);
    if (!n->b) return;
    Value *v = eval(in, env, n->b);
    assign_target(in, env, n->a, v);
}

void exec_del(Interp *in, Env *env, Node *n)
{
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *t = node_unparen(n->items.at[i]);
        if (t->kind == N_TUPLE || t->kind == N_LIST) exec_del(in, env, t);
        else if (t->kind == N_NAME) {
            if (!env_get(env, t->name) && !in->py->doubt)
                raise_error(in, "NameError", t, "name '%s' is not defined", t->name);
            else env_del(env, t->name);
        } else if (t->kind == N_ATTRIBUTE) {
            Value *of = eval_quiet(in, env, t->a);
            if (!in->raising && !del_attr(in, of, t->name))
                raise_error(in, "AttributeError", t, "'%s' object has no attribute '%s'",
                            v_type_name(of), t->name);
        } else if (t->kind == N_SUBSCRIPT) {
            Value *of = eval_quiet(in, env, t->a), *index = t->b ? eval(in, env, t->b) : v_none(in);
            del_item(in, of, index, t);
        }
    }
}

/* ---- raise, assert, try, with ---- */

static void exec_raise(Interp *in, Env *env, Node *n)
{
    if (!n->a) {
        if (in->py->handling) raise_value(in, in->py->handling, n);
        else raise_error(in, "RuntimeError", n, "No active exception to reraise");
        return;
    }
    Value *v = eval(in, env, n->a);
    if (in->raising) return;
    if (v->kind == V_CLASS) v = call_with(in, env, v, n, 0, NULL);
    if (in->raising) return;
    if (n->b) eval(in, env, n->b);
    if (!in->raising) raise_value(in, v, n);
}

static void exec_assert(Interp *in, Env *env, Node *n)
{
    Value *v = eval(in, env, n->a);
    if (in->raising) return;
    bool guard = false;
    if (truth(in, v, &guard) != 0 || guard || in->raising) return;
    Value *message = n->b ? eval(in, env, n->b) : NULL;
    if (in->raising) return;
    raise_error(in, "AssertionError", n, "%s", message ? v_str_text(in, message) : "");
}

static FlowKind run_handler(Interp *in, Env *env, Node *h, Value *exc)
{
    Value *outer = in->py->handling;
    raise_clear(in);
    in->py->handling = exc;
    if (h->name) env_set(env, h->name, exc);
    FlowKind flow = exec_block(in, env, &h->body);
    if (h->name && !in->raising) env_del(env, h->name);
    in->py->handling = outer;
    return flow;
}

static FlowKind handle(Interp *in, Env *env, Node *n)
{
    Value *exc = in->result;
    const char *text = in->raised;
    for (int i = 0; i < n->items.len; i++) {
        Node *h = n->items.at[i];
        bool match = !h->a;
        if (h->a) {
            raise_clear(in); /* the type is evaluated as any expression */
            Value *type = eval_quiet(in, env, h->a);
            if (in->raising) return FLOW_RAISE;
            match = exception_matches(in, exc, type);
            in->raising = true;
            in->result = exc;
            in->raised = text;
        }
        if (match) return run_handler(in, env, h, exc);
    }
    return FLOW_RAISE;
}

static bool only_trivial(const NodeVec *body)
{
    for (int i = 0; i < body->len; i++)
        if (body->at[i]->kind != N_PASS && body->at[i]->kind != N_RAISE &&
            body->at[i]->kind != N_ASSIGN)
            return false;
    return true;
}

static bool only_imports(const NodeVec *body)
{
    for (int i = 0; i < body->len; i++)
        if (body->at[i]->kind != N_IMPORT && body->at[i]->kind != N_IMPORTFROM) return false;
    return body->len > 0;
}

/* try: from keras.engine import merge / except ImportError: from keras.layers import concatenate. Which of the library's
 * generations there is nobody knows, and code behind it uses the names of either: what only the second binds is bound too. */
static void other_imports(Interp *in, Env *env, Node *n)
{
    if (!only_imports(&n->body)) return;
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        const NodeVec *body = &n->items.at[i]->body;
        bool missing = only_imports(body);
        for (int k = 0; missing && k < body->len; k++)
            for (int m = 0; m < body->at[k]->items.len; m++) {
                const Node *al = body->at[k]->items.at[m];
                missing &= body->at[k]->kind == N_IMPORTFROM && !env_get(env, al->asname ? al->asname : al->name);
            }
        if (missing) exec_block(in, env, body);
    }
}

static FlowKind exec_try(Interp *in, Env *env, Node *n)
{
    in->py->in_try += n->items.len > 0;
    FlowKind flow = exec_block(in, env, &n->body);
    in->py->in_try -= n->items.len > 0;
    if (in->raising && !in->py->unwinding) flow = handle(in, env, n);
    else {
        if (!in->raising) /* what would handle an exception, for its events */
            for (int i = 0; i < n->items.len && !in->raising; i++) {
                Node *h = n->items.at[i];
                if (!only_trivial(&h->body)) forced_block(in, env, h, true, &h->body, 0);
            }
        if (flow == FLOW_NORMAL && !in->raising) other_imports(in, env, n);
        if (flow == FLOW_NORMAL && !in->raising) flow = exec_block(in, env, &n->orelse);
    }
    if (in->py->unwinding || n->final.len == 0) return in->raising ? FLOW_RAISE : flow;
    bool raising = in->raising;
    Value *result = in->result;
    const char *raised = in->raised;
    in->raising = false;
    FlowKind last = exec_block(in, env, &n->final);
    if (last != FLOW_NORMAL) return last;
    in->raising = raising;
    in->result = result;
    in->raised = raised;
    return raising ? FLOW_RAISE : flow;
}

static Value *enter(Interp *in, Value *context, Node *site)
{
    bool found = false;
    Value *v = call_method(in, context, "__enter__", site, 0, NULL, &found);
    if (found) return v;
    if (context->kind == V_ITER) /* a generator that contextlib made a context of */
        return context->pos < context->items.len ? context->items.at[context->pos++] : v_none(in);
    return context;
}

/* True where the context swallowed the exception. */
static bool leave(Interp *in, Value *context, Node *site)
{
    if (!user_method(in, context, "__exit__") || in->py->unwinding) return false;
    bool raising = in->raising, found = false;
    Value *exc = in->result;
    const char *text = in->raised;
    Value *none = v_none(in);
    Value *args[] = {raising ? type_of(in, exc) : none, raising ? exc : none, none};
    in->raising = false;
    Value *r = call_method(in, context, "__exit__", site, 3, args, &found);
    if (in->raising) return false;
    bool swallowed = raising && v_truth(in, r) == 1;
    in->result = exc;
    in->raising = raising && !swallowed;
    in->raised = text;
    return swallowed;
}

static FlowKind exec_with(Interp *in, Env *env, Node *n)
{
    ValueVec contexts = {0};
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *item = n->items.at[i];
        Value *c = eval(in, env, item->a);
        if (in->raising) break;
        Value *v = enter(in, c, item);
        vec_push(in->arena, &contexts, c);
        if (item->b) assign_target(in, env, item->b, v);
    }
    FlowKind flow = in->raising ? FLOW_RAISE : exec_block(in, env, &n->body);
    for (int i = contexts.len - 1; i >= 0; i--)
        if (leave(in, contexts.at[i], n)) flow = FLOW_NORMAL;
    return in->raising ? FLOW_RAISE : flow;
}

/* ---- dispatch ---- */

static void push_names(Interp *in, StrVec *to, const StrVec *names)
{
    for (int i = 0; i < names->len; i++) vec_push(in->arena, to, names->at[i]);
}

static void exec_assign(Interp *in, Env *env, Node *n)
{
    Value *v = eval(in, env, n->b);
    for (int i = 0; i < n->items.len && !in->raising; i++)
        assign_target(in, env, n->items.at[i], v);
}

static void exec_function(Interp *in, Env *env, Node *n)
{
    Value *f = make_function(in, env, n);
    if (env->is_class) f->u.fn->owner = env->cls;
    f = decorate(in, env, &n->decorators, f);
    if (!in->raising) env_set(env, n->name, f);
}

static FlowKind exec_one(Interp *in, Env *env, Node *n)
{
    switch (n->kind) {
    case N_EXPR: eval(in, env, n->a); break;
    case N_ASSIGN: exec_assign(in, env, n); break;
    case N_ANNASSIGN: exec_annassign(in, env, n); break;
    case N_AUGASSIGN: exec_augassign(in, env, n); break;
    case N_RETURN: {
        Value *v = n->a ? eval(in, env, n->a) : v_none(in);
        if (in->raising) return FLOW_RAISE;
        in->result = v;
        return FLOW_RETURN;
    }
    case N_DEL: exec_del(in, env, n); break;
    case N_BREAK: return FLOW_BREAK;
    case N_CONTINUE: return FLOW_CONTINUE;
    case N_FOR: return exec_for(in, env, n);
    case N_WHILE: return exec_while(in, env, n);
    case N_TRY: return exec_try(in, env, n);
    case N_WITH: return exec_with(in, env, n);
    case N_RAISE: exec_raise(in, env, n); break;
    case N_ASSERT: exec_assert(in, env, n); break;
    case N_GLOBAL: push_names(in, &env->globals, &n->strs); break;
    case N_NONLOCAL: push_names(in, &env->nonlocals, &n->strs); break;
    case N_IMPORT: case N_IMPORTFROM: exec_import(in, env, n); break;
    case N_FUNCTION:
        if (!own_helper(in, env, n)) exec_function(in, env, n);
        break;
    case N_CLASS:
        if (!own_helper(in, env, n)) exec_class(in, env, n);
        break;
    case N_MATCH: return exec_match(in, env, n);
    default: break; /* pass, type aliases, source that did not parse */
    }
    return in->raising ? FLOW_RAISE : FLOW_NORMAL;
}

FlowKind exec_stmt(Interp *in, Env *env, Node *n)
{
    if (in->raising || !step(in, n)) return FLOW_RAISE;
    if (!in->forced && n->id > 0 && n->id <= in->trace->nids) in->trace->executed[n->id] = true;
    if (in->py->nest >= MAX_NEST) {
        raise_error(in, "RecursionError", n, "maximum recursion depth exceeded");
        return FLOW_RAISE;
    }
    in->py->nest++;
    FlowKind flow = exec_one(in, env, n);
    in->py->nest--;
    return in->raising ? FLOW_RAISE : flow;
}

FlowKind exec_block(Interp *in, Env *env, const NodeVec *stmts)
{
    for (int i = 0; i < stmts->len; i++) {
        Node *n = stmts->at[i];
        FlowKind flow;
        if (n->kind == N_IF) {
            if (in->raising || !step(in, n)) return FLOW_RAISE;
            if (!in->forced && n->id > 0 && n->id <= in->trace->nids)
                in->trace->executed[n->id] = true;
            flow = exec_if(in, env, n, stmts, i + 1);
        } else flow = exec_stmt(in, env, n);
        if (flow != FLOW_NORMAL) return flow;
    }
    return in->raising ? FLOW_RAISE : FLOW_NORMAL;
}
