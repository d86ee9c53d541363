/* argparse: parsing gives what the declared defaults say. An argument that has none and must be
 * given is unknown. */
#include <string.h>

#include "trace/pystate.h"

static const char *const METHODS[] = {"add_argument",
                                      "parse_args",
                                      "parse_known_args",
                                      "add_argument_group",
                                      "add_mutually_exclusive_group",
                                      "set_defaults",
                                      "print_help",
                                      "error"};

static Value *ap_parser(Call *c)
{
    ClassValue *cls = own_class(c->in, "ArgumentParser");
    if (!map_get(cls->attrs, "add_argument"))
        for (size_t i = 0; i < sizeof(METHODS) / sizeof(*METHODS); i++)
            map_set(cls->attrs, METHODS[i],
                    v_builtin(c->in, arena_printf(c->in->arena, "ArgumentParser.%s", METHODS[i]),
                              NULL));
    Value *p = object_new(c->in, cls);
    cls->is_open = true;
    map_set(p->u.obj->attrs, "_defaults", v_list(c->in, V_DICT));
    return p;
}

static Value *defaults_of(const Call *c)
{
    return map_get(c->self->u.obj->attrs, "_defaults");
}

/* "--batch-size" is batch_size; a positional argument is its own name; dest= says otherwise. */
static const char *dest_of(Call *c, bool *positional)
{
    Value *dest = args_kw(c->args, "dest");
    const char *best = NULL;
    *positional = false;
    for (int i = 0; i < nargs(c); i++) {
        const char *s = v_text(arg(c, i, NULL));
        if (!s) continue;
        bool better = !best || (str_starts(s, "--") && !str_starts(best, "--"));
        if (better) best = s;
    }
    if (!best) return dest ? v_text(dest) : NULL;
    *positional = best[0] != '-';
    if (dest && v_text(dest)) return v_text(dest);
    char *name = arena_strdup(c->in->arena, best + strspn(best, "-"));
    for (char *s = name; *s; s++)
        if (*s == '-' && !*positional) *s = '_';
    return name;
}

static Value *default_of(Call *c, bool positional)
{
    Value *dflt = args_kw(c->args, "default"), *action = args_kw(c->args, "action"),
          *type = args_kw(c->args, "type");
    const char *act = action ? v_text(action) : NULL;
    if (dflt) {
        bool convert = v_text(dflt) && type && type->kind != V_NONE;
        return convert ? call_with(c->in, c->env, type, c->site, 1, &dflt) : dflt;
    }
    if (act && strcmp(act, "store_true") == 0) return v_bool(c->in, false);
    if (act && strcmp(act, "store_false") == 0) return v_bool(c->in, true);
    Value *required = args_kw(c->args, "required"), *count = args_kw(c->args, "nargs");
    bool optional_count = count && v_text(count) && strchr("?*", v_text(count)[0]);
    if ((positional && !optional_count) || (required && v_truth(c->in, required) != 0))
        return v_unknown(c->in, "a command-line argument");
    return v_none(c->in);
}

static Value *ap_add_argument(Call *c)
{
    bool positional;
    const char *name = dest_of(c, &positional);
    if (name) dict_set(c->in, defaults_of(c), v_str(c->in, name), default_of(c, positional));
    return v_none(c->in);
}

static Value *ap_set_defaults(Call *c)
{
    for (int i = 0; i < c->args->kw.len; i++)
        dict_set(c->in, defaults_of(c), v_str(c->in, c->args->kw_names.at[i]), c->args->kw.at[i]);
    return v_none(c->in);
}

static Value *ap_parse_args(Call *c)
{
    const Value *d = defaults_of(c);
    Value *o = object_new(c->in, own_class(c->in, "Namespace"));
    for (int i = 0; i < d->keys.len; i++)
        map_set(o->u.obj->attrs, v_text(d->keys.at[i]), d->items.at[i]);
    return o;
}

static Value *ap_parse_known_args(Call *c)
{
    return v_tuple2(c->in, ap_parse_args(c), v_list(c->in, V_LIST));
}

static Value *ap_group(Call *c)
{
    return c->self;
}

static Value *ap_inert(Call *c)
{
    return v_none(c->in);
}

const Builtin stdlib_argparse[] = {
    {"argparse.ArgumentParser", ap_parser},
    {"ArgumentParser.add_argument", ap_add_argument},
    {"ArgumentParser.set_defaults", ap_set_defaults},
    {"ArgumentParser.parse_args", ap_parse_args},
    {"ArgumentParser.parse_known_args", ap_parse_known_args},
    {"ArgumentParser.add_argument_group", ap_group},
    {"ArgumentParser.add_mutually_exclusive_group", ap_group},
    {"ArgumentParser.print_help", ap_inert},
    {"ArgumentParser.error", ap_inert},
    {NULL, NULL},
};
