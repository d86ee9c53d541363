/* Arguments of a call: evaluating them with their expressions kept, and binding them to a
 * function's parameters. */
#include <string.h>

#include "trace/pystate.h"

void args_push(Interp *in, Args *a, Value *v, Node *expr)
{
    if (a->npos_expr == a->pos.len) { /* grows with pos, whose capacity doubles from 4 */
        int cap = a->pos.len ? a->pos.len * 2 : 4;
        if (a->pos.len == a->pos.cap || !a->pos_expr) {
            Node **grown = ARENA_ARRAY(in->arena, Node *, cap);
            if (a->pos.len) memcpy(grown, a->pos_expr, sizeof(Node *) * (size_t)a->pos.len);
            a->pos_expr = grown;
        }
    }
    vec_push(in->arena, &a->pos, v);
    a->pos_expr[a->npos_expr++] = expr;
}

void args_push_kw(Interp *in, Args *a, const char *name, Value *v, Node *expr)
{
    vec_push(in->arena, &a->kw_names, name);
    vec_push(in->arena, &a->kw, v);
    vec_push(in->arena, &a->kw_expr, expr);
}

Value *args_kw(const Args *a, const char *name)
{
    for (int i = 0; i < a->kw_names.len; i++)
        if (strcmp(a->kw_names.at[i], name) == 0) return a->kw.at[i];
    return NULL;
}

static void push_star(Interp *in, Env *env, Node *n, Args *out)
{
    Value *v = eval(in, env, n->a);
    ValueVec items = {0};
    if (!in->raising && !iterate(in, v, &items, n)) out->unknown_star = true;
    for (int i = 0; i < items.len; i++) args_push(in, out, items.at[i], NULL);
}

static void push_dstar(Interp *in, Env *env, Node *n, Args *out)
{
    Value *v = v_base(eval(in, env, n->a));
    if (in->raising) return;
    if (v->kind == V_OBJECT) { /* a mapping by its keys() and __getitem__ */
        bool found = false;
        ValueVec keys = {0};
        Value *k = call_method(in, v, "keys", n, 0, NULL, &found);
        if (found && iterate(in, k, &keys, n)) {
            for (int i = 0; i < keys.len && !in->raising; i++)
                if (v_text(keys.at[i]))
                    args_push_kw(in, out, v_text(keys.at[i]), get_item(in, v, keys.at[i], n), NULL);
            return;
        }
    }
    if (v->kind != V_DICT) {
        out->unknown_star = true;
        if (v->kind != V_UNKNOWN && v->kind != V_EXT && v->kind != V_HANDLE && v->kind != V_OBJECT)
            raise_error(in, "TypeError", n, "argument after ** must be a mapping, not %s",
                        v_type_name(v));
        return;
    }
    for (int i = 0; i < v->keys.len; i++) {
        const char *name = v_text(v->keys.at[i]);
        if (name) args_push_kw(in, out, name, v_marked(in, v->items.at[i], v), NULL);
        else out->unknown_star = true;
    }
}

bool args_eval(Interp *in, Env *env, const NodeVec *items, Args *out)
{
    for (int i = 0; i < items->len && !in->raising; i++) {
        Node *n = items->at[i];
        if (n->kind == N_STAR) push_star(in, env, n, out);
        else if (n->kind == N_DSTAR) push_dstar(in, env, n, out);
        else if (n->kind == N_KEYWORD) {
            Value *v = eval(in, env, n->a);
            args_push_kw(in, out, n->name, v, n->a);
        } else {
            Value *v = eval(in, env, n);
            args_push(in, out, v, n);
        }
    }
    return !in->raising;
}

/* ---- binding ---- */

static const char *fn_name(Interp *in, const FunctionValue *fn)
{
    const char *name = fn->node->name ? fn->node->name : "<lambda>";
    return fn->owner ? arena_printf(in->arena, "%s.%s", fn->owner->name, name) : name;
}

static void too_many(Interp *in, const FunctionValue *fn, int takes, int given, Node *site)
{
    int required = takes;
    for (int i = 0; i < fn->defaults.len; i++)
        required -= fn->defaults.at[i] && fn->node->params.list.at[i].kind == PARAM_PLAIN &&
                    !fn->node->params.list.at[i].keyword_only;
    const char *how_many = required < takes
                               ? arena_printf(in->arena, "from %d to %d", required, takes)
                               : arena_printf(in->arena, "%d", takes);
    raise_error(in, "TypeError", site, "%s() takes %s positional argument%s but %d %s given",
                fn_name(in, fn), how_many, takes == 1 ? "" : "s", given,
                given == 1 ? "was" : "were");
}

/* Marks what a function is given, so that what depends on it is known to (but for the forward pass,
 * whose arguments are data); and the training argument. */
static Value *mark_param(Interp *in, const FunctionValue *fn, const Param *p, Value *v,
                         bool is_self)
{
    if (is_self) return v;
    bool module = fn->owner && fn->owner->is_module;
    const char *forward = in->dialect ? dialect_fact(in->dialect, "forward") : NULL;
    if (!module || !fn->node->name || !str_eq(fn->node->name, forward)) v = v_dependent(in, v);
    if (!module || (fn->node->name && strcmp(fn->node->name, "__init__") == 0)) return v;
    const char *fact = in->dialect ? dialect_fact(in->dialect, "training_argument") : NULL;
    const char *training =
        fact && strcmp(fact, "true") != 0 && strcmp(fact, "false") != 0 ? fact : "training";
    if (strcmp(p->name, training) != 0 || v->is_training_flag) return v;
    Value *flag = v->kind == V_UNKNOWN ? v_bool(in, false) : v_copy(in, v);
    if (v_immutable(flag)) flag->is_training_flag = true;
    return flag;
}

typedef struct Binding {
    Value *star, *dstar; /* the *args tuple and **kwargs dict, or NULL */
    int nplain;          /* parameters that take positional arguments */
} Binding;

static Binding binding_of(Interp *in, const Params *ps)
{
    Binding b = {0};
    for (int i = 0; i < ps->list.len; i++) {
        const Param *p = &ps->list.at[i];
        if (p->kind == PARAM_STAR) b.star = v_list(in, V_TUPLE);
        else if (p->kind == PARAM_DSTAR) b.dstar = v_list(in, V_DICT);
        else if (!p->keyword_only) b.nplain++;
    }
    return b;
}

static int param_named(const Params *ps, const char *name)
{
    for (int i = 0; i < ps->list.len; i++)
        if (ps->list.at[i].kind == PARAM_PLAIN && !ps->list.at[i].positional_only &&
            ps->list.at[i].name && strcmp(ps->list.at[i].name, name) == 0)
            return i;
    return -1;
}

static bool bind_positional(Interp *in, FunctionValue *fn, Value *self, const Args *args,
                            Binding *b, Value **slots, Node *site)
{
    const Params *ps = &fn->node->params;
    int at = 0, given = args->pos.len + (self != NULL);
    for (int i = 0; i < given; i++) {
        Value *v = self ? (i ? args->pos.at[i - 1] : self) : args->pos.at[i];
        while (at < ps->list.len &&
               (ps->list.at[at].kind != PARAM_PLAIN || ps->list.at[at].keyword_only))
            at++;
        if (at < ps->list.len && i < b->nplain) slots[at++] = v;
        else if (b->star) vec_push(in->arena, &b->star->items, v);
        else {
            too_many(in, fn, b->nplain, given, site);
            return false;
        }
    }
    return true;
}

static bool bind_keywords(Interp *in, FunctionValue *fn, const Args *args, Binding *b,
                          Value **slots, Node *site)
{
    for (int i = 0; i < args->kw.len; i++) {
        const char *name = args->kw_names.at[i];
        int at = param_named(&fn->node->params, name);
        if (at < 0 && b->dstar) {
            vec_push(in->arena, &b->dstar->keys, v_str(in, name));
            vec_push(in->arena, &b->dstar->items, args->kw.at[i]);
        } else if (at < 0) {
            raise_error(in, "TypeError", site, "%s() got an unexpected keyword argument '%s'",
                        fn_name(in, fn), name);
            return false;
        } else if (slots[at]) {
            raise_error(in, "TypeError", site, "%s() got multiple values for argument '%s'",
                        fn_name(in, fn), name);
            return false;
        } else slots[at] = args->kw.at[i];
    }
    return true;
}

bool bind_params(Interp *in, FunctionValue *fn, Value *self, Args *args, Env *local, Node *site)
{
    const Params *ps = &fn->node->params;
    Value *few[16] = {0};
    Value **slots = ps->list.len <= 16 ? few : ARENA_ARRAY(in->arena, Value *, ps->list.len);
    Binding b = binding_of(in, ps);
    if (!bind_positional(in, fn, self, args, &b, slots, site) ||
        !bind_keywords(in, fn, args, &b, slots, site))
        return false;
    for (int i = 0; i < ps->list.len; i++) {
        const Param *p = &ps->list.at[i];
        Value *v = slots[i];
        if (p->kind == PARAM_STAR) v = b.star;
        else if (p->kind == PARAM_DSTAR) v = b.dstar;
        else if (!v && i < fn->defaults.len) v = fn->defaults.at[i];
        if (!v && args->unknown_star)
            v = v_unknown(in, "argument %s came out of something that is not known", p->name);
        if (!v) {
            raise_error(in, "TypeError", site, "%s() missing 1 required %s argument: '%s'",
                        fn_name(in, fn), p->keyword_only ? "keyword-only" : "positional", p->name);
            return false;
        }
        if (p->name) map_set(&local->vars, p->name, mark_param(in, fn, p, v, self && i == 0));
    }
    return true;
}
