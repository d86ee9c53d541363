/* Environments: where names are bound. A function's variables stand in an environment whose parent
 * is the one the function was defined in; a name that is not there is looked for outwards, and
 * class bodies are skipped on the way unless the look-up starts in one. */
#include <string.h>

#include "trace/pystate.h"

Env *env_new(Interp *in, Env *parent)
{
    Env *e = ARENA_NEW(in->arena, Env);
    map_init(&e->vars, in->arena);
    e->parent = parent;
    e->in = in;
    e->act = in->act;
    return e;
}

Env *env_module(Env *e)
{
    while (e->parent && !e->is_module) e = e->parent;
    return e;
}

static bool listed(const StrVec *names, const char *name)
{
    for (int i = 0; i < names->len; i++)
        if (strcmp(names->at[i], name) == 0) return true;
    return false;
}

Value *env_get(Env *e, const char *name)
{
    if (e->globals.len && listed(&e->globals, name)) e = env_module(e);
    Value *v = map_get(&e->vars, name);
    for (Env *p = e->parent; !v && p; p = p->parent)
        if (!p->is_class) v = map_get(&p->vars, name);
    return v;
}

/* Where a binding of name in e goes: global and nonlocal statements send it outwards. */
static Env *home(Env *e, const char *name)
{
    if (e->globals.len && listed(&e->globals, name)) return env_module(e);
    if (e->nonlocals.len && listed(&e->nonlocals, name))
        for (Env *p = e->parent; p && !p->is_module; p = p->parent)
            if (!p->is_class && map_has(&p->vars, name)) return p;
    return e;
}

void env_set(Env *e, const char *name, Value *v)
{
    Env *h = home(e, name);
    if (h->in) forced_note_map(h->in, &h->vars, name);
    map_set(&h->vars, name, v);
}

void env_del(Env *e, const char *name)
{
    Env *h = home(e, name);
    if (h->in) forced_note_map(h->in, &h->vars, name);
    map_remove(&h->vars, name);
}

Env *env_walrus(Env *e)
{
    while (e->parent && !e->fn && !e->is_class && !e->is_module) e = e->parent;
    return e;
}
