/* The match statement. A pattern comes as an expression tree: names capture, calls are class
 * patterns, `|` alternatives; `pattern as name` comes as text. A pattern that cannot be decided (an
 * unknown subject) matches: its case is followed, as the first arm of an unknown conditional is. */
#include <string.h>

#include "python/build.h"
#include "trace/pystate.h"

static int matches(Interp *in, Env *env, Node *p, Value *v);

static int match_sequence(Interp *in, Env *env, Node *p, Value *v)
{
    Value *b = v_base(v);
    if (b->kind == V_UNKNOWN) return -1;
    if (b->kind != V_LIST && b->kind != V_TUPLE && b->kind != V_SHAPE && b->kind != V_RANGE)
        return 0;
    ValueVec items = {0};
    if (!iterate(in, b, &items, p)) return -1;
    int star = -1, n = p->items.len, all = 1;
    for (int i = 0; i < n; i++)
        if (p->items.at[i]->kind == N_STAR) star = i;
    if (star < 0 ? items.len != n : items.len < n - 1) return 0;
    for (int i = 0, at = 0; i < n; i++) {
        if (i == star) {
            Value *rest = v_list(in, V_LIST);
            for (int k = items.len - (n - 1); k > 0; k--)
                vec_push(in->arena, &rest->items, items.at[at++]);
            Node *name = p->items.at[i]->a;
            if (name && name->name && strcmp(name->name, "_") != 0) env_set(env, name->name, rest);
            continue;
        }
        int r = matches(in, env, p->items.at[i], items.at[at++]);
        if (r == 0) return 0;
        if (r < 0) all = -1;
    }
    return all;
}

static int match_mapping(Interp *in, Env *env, Node *p, Value *v)
{
    Value *b = v_base(v);
    if (b->kind == V_UNKNOWN) return -1;
    if (b->kind != V_DICT) return 0;
    int all = 1;
    Value *rest = binary(in, "|", b, v_list(in, V_DICT), p); /* what no key of the pattern takes */
    for (int i = 0; i < p->items.len; i++) {
        Node *pair = p->items.at[i];
        if (pair->kind == N_DSTAR) {
            if (pair->a && pair->a->name) env_set(env, pair->a->name, rest);
            continue;
        }
        Value *key = eval(in, env, pair->a);
        if (in->raising) return 0;
        int at = dict_find(in, b, key);
        if (at == -1) return 0;
        int taken = dict_find(in, rest, key);
        if (taken >= 0) dict_remove_at(in, rest, taken);
        int r = at < 0 ? -1 : matches(in, env, pair->b, b->items.at[at]);
        if (r == 0) return 0;
        if (r < 0) all = -1;
    }
    return all;
}

static int match_class(Interp *in, Env *env, Node *p, Value *v)
{
    Value *type = eval_quiet(in, env, p->a);
    if (in->raising) return 0;
    int all = is_instance(in, v, type);
    if (all == 0) return 0;
    Value *names = type->kind == V_CLASS ? class_lookup(type->u.cls, "__match_args__", NULL) : NULL;
    int position = 0;
    for (int i = 0; i < p->items.len; i++) {
        Node *arg = p->items.at[i];
        Value *part = NULL;
        if (arg->kind == N_KEYWORD) part = get_attr(in, v, arg->name, p);
        else if (names && position < names->items.len && v_text(names->items.at[position]))
            part = get_attr(in, v, v_text(names->items.at[position++]), p);
        else if (type->kind == V_BUILTIN) part = v; /* int(n) captures the value itself */
        if (in->raising || !part) return in->raising ? 0 : all < 0 ? -1 : 0;
        int r = matches(in, env, arg->kind == N_KEYWORD ? arg->a : arg, part);
        if (r == 0) return 0;
        if (r < 0) all = -1;
    }
    return all;
}

/* `pattern as name`, which comes as text. */
static int match_as(Interp *in, Env *env, Node *p, Value *v)
{
    const char *as = NULL;
    for (const char *s = p->text; s && (s = strstr(s, " as ")); s++) as = s;
    if (!as) return -1;
    const char *err = NULL;
    const char *front = arena_strndup(in->arena, p->text, (size_t)(as - p->text));
    Node *inner = py_parse_expr(in->arena, front, &err);
    int r = inner ? matches(in, env, inner, v) : -1;
    if (r == 0) return 0;
    const char *name = as + 4;
    size_t n = strcspn(name, " \t\r\n)");
    env_set(env, arena_strndup(in->arena, name, n), v);
    return r;
}

static int match_value(Interp *in, Env *env, Node *p, Value *v)
{
    Value *want = eval(in, env, p);
    if (in->raising) return 0;
    if (p->kind == N_NONE || p->kind == N_TRUE || p->kind == N_FALSE) {
        if (v->kind == V_UNKNOWN) return -1;
        return v_same_object(v, want);
    }
    bool guard = false;
    return truth(in, compare(in, "==", v, want, p), &guard);
}

static int matches(Interp *in, Env *env, Node *p, Value *v)
{
    if (in->raising || !p) return 0;
    switch (p->kind) {
    case N_PAREN: return matches(in, env, p->a, v);
    case N_NAME:
        if (strcmp(p->name, "_") != 0) env_set(env, p->name, v);
        return 1;
    case N_BINARY:
        if (strcmp(p->op, "|") == 0) {
            int l = matches(in, env, p->a, v);
            return l > 0 ? 1 : matches(in, env, p->b, v) > 0 ? 1 : l;
        }
        return match_value(in, env, p, v);
    case N_LIST: case N_TUPLE: return match_sequence(in, env, p, v);
    case N_DICT: return match_mapping(in, env, p, v);
    case N_CALL: return match_class(in, env, p, v);
    case N_PATTERN: return match_as(in, env, p, v);
    default: return match_value(in, env, p, v);
    }
}

FlowKind exec_match(Interp *in, Env *env, Node *n)
{
    Value *v = eval(in, env, n->a);
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *c = n->items.at[i];
        int m = matches(in, env, c->a, v);
        if (in->raising) break;
        if (m != 0 && c->b) {
            Value *g = eval(in, env, c->b);
            bool guard = false;
            int t = in->raising ? 0 : truth(in, g, &guard);
            if (t == 0) m = 0;
            else if (t < 0) m = -1;
        }
        if (m == 0) {
            if (in->act) forced_block(in, env, c, true, &c->body, 0);
            continue;
        }
        if (m < 0) in->py->doubt = true;
        if (in->act) /* the cases behind it, for their events */
            for (int k = i + 1; k < n->items.len; k++)
                forced_block(in, env, n->items.at[k], true, &n->items.at[k]->body, 0);
        return in->raising ? FLOW_RAISE : exec_block(in, env, &c->body);
    }
    return in->raising ? FLOW_RAISE : FLOW_NORMAL;
}
