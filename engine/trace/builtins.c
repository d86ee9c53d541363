/* Calling builtins: the table look-up, and helpers for reading their arguments. */
#include <string.h>

#include "trace/pystate.h"

int nargs(const Call *c)
{
    return c->args->pos.len;
}

Value *arg(Call *c, int i, const char *name)
{
    if (i >= 0 && i < c->args->pos.len) return c->args->pos.at[i];
    return name ? args_kw(c->args, name) : NULL;
}

Value *arg_unknown(Call *c)
{
    if (c->self && c->self->kind == V_UNKNOWN) return c->self;
    for (int i = 0; i < c->args->pos.len; i++)
        if (c->args->pos.at[i]->kind == V_UNKNOWN) return c->args->pos.at[i];
    for (int i = 0; i < c->args->kw.len; i++)
        if (c->args->kw.at[i]->kind == V_UNKNOWN) return c->args->kw.at[i];
    if (c->args->unknown_star) return v_unknown(c->in, "arguments that are not known");
    return NULL;
}

Value *arity(Call *c, int lo, int hi)
{
    int n = c->args->pos.len;
    if (c->args->unknown_star) return v_unknown(c->in, "arguments that are not known");
    if (n >= lo && (hi < 0 || n <= hi)) return NULL;
    const char *dot = strrchr(c->name, '.');
    return raise_error(c->in, "TypeError", c->site, "%s() takes %s%d argument%s (%d given)",
                       dot ? dot + 1 : c->name, n < lo ? "at least " : "at most ", n < lo ? lo : hi,
                       (n < lo ? lo : hi) == 1 ? "" : "s", n);
}

long long arg_int(Call *c, int i, const char *name, long long dflt)
{
    Value *v = arg(c, i, name);
    if (!v) return dflt;
    v = v_base(v);
    return v_is_int(v) ? v_as_int(v) : dflt;
}

bool arg_list(Call *c, int i, ValueVec *out)
{
    return i < c->args->pos.len && iterate(c->in, c->args->pos.at[i], out, c->site);
}

/* str.upper("x"): a method of a type called through the type takes its receiver as the first
 * argument. */
static bool is_method(const char *name)
{
    static const char *const types[] = {"str.", "list.",  "dict.",  "set.",   "tuple.",
                                        "int.", "float.", "bytes.", "object."};
    static const char *const functions[] = {"dict.fromkeys",  "str.maketrans",
                                            "int.from_bytes", "float.fromhex",
                                            "object.__new__", "object.__init_subclass__",
                                            "bytes.fromhex"};
    for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
        if (strcmp(name, functions[i]) == 0) return false;
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (strncmp(name, types[i], strlen(types[i])) == 0) return true;
    return false;
}

static Value *unbound(Call *c)
{
    Value *self = v_base(c->args->pos.at[0]);
    c->self = self;
    Args rest = *c->args;
    rest.pos.at++;
    rest.pos.cap = --rest.pos.len;
    rest.pos_expr++;
    rest.npos_expr--;
    Args *moved = ARENA_NEW(c->in->arena, Args);
    *moved = rest;
    c->args = moved;
    return self;
}

static Value *run(Call *c, const Builtin *b)
{
    if (!c->self && is_method(c->name)) {
        if (c->args->pos.len == 0) return v_unknown(c->in, "%s() of nothing", c->name);
        Value *self = unbound(c);
        if (self->kind == V_UNKNOWN) return self;
        const char *type = v_type_name(self);
        bool object = strncmp(c->name, "object.", 7) == 0;
        if (!object && strncmp(c->name, type, strlen(type)) != 0 &&
            !(self->kind == V_BOOL && strncmp(c->name, "int.", 4) == 0))
            return self->kind == V_TENSOR || self->kind == V_EXT
                       ? v_unknown(c->in, "%s of a %s", c->name, type)
                       : raise_error(c->in, "TypeError", c->site,
                                     "descriptor '%s' does not apply to a '%s' object", c->name,
                                     type);
    }
    return b->fn(c);
}

/* int(t), sum(t), sorted(t) of a tensor of constants: of its numbers. What asks for the type sees
 * the tensor. */
static Args *numbers_of(Interp *in, const char *name, Args *args)
{
    static const char *const TYPES[] = {"isinstance", "type",  "hasattr",  "getattr",
                                        "id",         "print", "callable", "setattr"};
    bool any = false;
    for (int i = 0; i < args->pos.len; i++)
        any |= args->pos.at[i]->kind == V_TENSOR && constant_of(args->pos.at[i]);
    for (size_t i = 0; any && i < sizeof(TYPES) / sizeof(*TYPES); i++)
        any = strcmp(TYPES[i], name) != 0;
    if (!any) return args;
    Args *own = ARENA_NEW(in->arena, Args);
    *own = *args;
    own->pos = (ValueVec){0};
    for (int i = 0; i < args->pos.len; i++) {
        Value *c = args->pos.at[i]->kind == V_TENSOR ? constant_of(args->pos.at[i]) : NULL;
        vec_push(in->arena, &own->pos, c ? c : args->pos.at[i]);
    }
    return own;
}

Value *call_builtin(Interp *in, Env *env, const char *name, Value *self, Args *args, Node *site)
{
    if (in->raising) return in->py->poison;
    if (strchr(name, ':')) return call_framework_builtin(in, env, name, self, args, site);
    args = numbers_of(in, name, args);
    Call c = {in, env ? env : in->globals, name, self, args, site};
    Value *v;
    const Builtin *b = builtin_find(in, name);
    if (strncmp(name, "super.", 6) == 0 && self) v = super_call(&c, name + 6);
    else if (b) v = run(&c, b);
    else if (self && self->kind == V_TENSOR)
        v = call_tensor_method(in, env, self, name, args, site);
    else v = v_unknown(in, "a call of %s", name);
    if (in->raising || !v) return in->py->poison;
    if (self && self->from_param) v = v_marked(in, v, self);
    for (int i = 0; i < args->pos.len; i++)
        if (args->pos.at[i]->from_param || args->pos.at[i]->is_training_flag)
            v = v_marked(in, v, args->pos.at[i]);
    for (int i = 0; i < args->kw.len; i++)
        if (args->kw.at[i]->from_param) v = v_marked(in, v, args->kw.at[i]);
    return v;
}
