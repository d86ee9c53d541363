/* Imports. A module of the project (a file beside the importing one, in its package, or below a
 * folder above it) is parsed and run once, with names of its own; a cycle sees what is bound so
 * far. Any other name is a boundary: a V_EXT whose dotted name says what it is. An import never
 * fails but for a relative one that leads nowhere within a try. */
#include <string.h>

#include "base/file.h"
#include "trace/pystate.h"

#define UP_MAX 4 /* folders above the importing file that may be the root of absolute imports */
#define FILES_MAX 200

/* ---- finding files ---- */

static const char *with_dots_as_slashes(Interp *in, const char *dotted)
{
    char *s = arena_strdup(in->arena, dotted);
    for (char *p = s; *p; p++)
        if (*p == '.') *p = '/';
    return s;
}

/* The folder above; a path is never given two spellings, for a file is known by its path. */
static const char *above(Interp *in, const char *dir)
{
    if (strcmp(dir, ".") == 0 || !*dir) return "..";
    return strcmp(path_base(dir), "..") == 0 ? path_join(in->arena, dir, "..")
                                             : path_dir(in->arena, dir);
}

/* Where a file is reached from the main one: "blocks.conv" for blocks/conv.py beside it. */
static const char *module_name(Interp *in, const char *file)
{
    const char *root = path_dir(
        in->arena, in->trace->interp && in->trace->module->src ? in->trace->module->src->path : "");
    size_t n = strlen(root);
    const char *rest =
        strncmp(file, root, n) == 0 && file[n] == '/' ? file + n + 1 : path_base(file);
    char *name = arena_strdup(in->arena, rest);
    size_t len = strlen(name);
    if (len > 12 && strcmp(name + len - 12, "/__init__.py") == 0) name[len - 12] = 0;
    else if (len > 3 && strcmp(name + len - 3, ".py") == 0) name[len - 3] = 0;
    for (char *p = name; *p; p++)
        if (*p == '/') *p = '.';
    return name;
}

/* "pkg/mod.py", "pkg/mod/__init__.py", or the folder itself where it has no __init__; NULL. */
static const char *module_file(Interp *in, const char *dir, const char *dotted, bool *is_folder)
{
    const char *base = *dotted ? path_join(in->arena, dir, with_dots_as_slashes(in, dotted)) : dir;
    *is_folder = false;
    const char *file = arena_printf(in->arena, "%s.py", base);
    if (*dotted && file_exists(file) && !file_is_dir(file)) return file;
    file = path_join(in->arena, base, "__init__.py");
    if (file_exists(file)) return file;
    *is_folder = true;
    return file_is_dir(base) ? base : NULL;
}

/* Is the importing file itself part of the package of that name? */
static bool own_package(Interp *in, const char *first)
{
    const char *dir = path_dir(in->arena, in->path ? in->path : "");
    for (int up = 0; up < UP_MAX * 2 && file_exists(path_join(in->arena, dir, "__init__.py"));
         up++) {
        if (strcmp(path_base(dir), first) == 0) return true;
        dir = path_dir(in->arena, dir);
    }
    return false;
}

static const char *find_module(Interp *in, const char *dotted, int level, bool *is_folder)
{
    const char *dir = path_dir(in->arena, in->path ? in->path : "");
    if (level > 0) {
        for (int i = 1; i < level; i++) dir = above(in, dir);
        return module_file(in, dir, dotted, is_folder);
    }
    const char *first = arena_strndup(in->arena, dotted, strcspn(dotted, "."));
    for (int up = 0; up < UP_MAX; up++) {
        bool installed = strcmp(path_base(dir), "site-packages") == 0 || strcmp(path_base(dir), "dist-packages") == 0;
        if (installed && !own_package(in, first)) break; /* other people's packages are boundaries */
        const char *file = module_file(in, dir, dotted, is_folder);
        if (file && !*is_folder && strcmp(file, in->path) != 0) return file;
        const char *up_dir = above(in, dir);
        if (strcmp(up_dir, dir) == 0 || !file_exists(up_dir)) break; /* the root */
        dir = up_dir;
    }
    return NULL;
}

/* A library whose names are known here or in the dialect is never looked for among files, but for
 * one that the file is a part of and that the dialect has nothing to write of (the models of
 * torchvision). */
static bool is_library(Interp *in, const char *dotted)
{
    static const char *const known[] = {
        "math",        "typing",  "collections", "functools",  "itertools",  "operator", "copy",
        "dataclasses", "enum",    "abc",         "os",         "sys",        "re",       "numpy",
        "warnings",    "logging", "argparse",    "__future__", "contextlib", "random",   "time",
        "json",        "numbers", "string",      "types"};
    size_t n = strcspn(dotted, ".");
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (strlen(known[i]) == n && strncmp(dotted, known[i], n) == 0) return true;
    const char *first = arena_strndup(in->arena, dotted, n);
    bool inner = dotted[n] == '.'; /* the package as a whole would bring all of it */
    if (in->dialect && inner && !dialect_import_for(in->dialect, first) && own_package(in, first))
        return false;
    return in->dialect && (dialect_owns(in->dialect, first) || dialect_owns(in->dialect, dotted));
}

/* ---- running them ---- */

typedef struct Renumber {
    int by, max;
} Renumber;

static bool renumber(Node *n, void *ctx)
{
    Renumber *r = ctx;
    if (n->id > 0) n->id += r->by;
    return true;
}

static Value *module_value(Interp *in, Map *names)
{
    Value *v = v_new(in, V_MODULE);
    v->u.obj = ARENA_NEW(in->arena, Object);
    v->u.obj->attrs = names;
    return v;
}

static void run_module(Interp *in, Module *m, Env *globals, const char *path)
{
    Env *outer_globals = in->globals;
    Module *outer_module = in->module;
    const char *outer_path = in->path;
    Activation *act = in->act;
    PivotNN *self_nn = in->self_nn, *graph_nn = in->graph_nn;
    bool constructing = in->constructing;
    in->globals = globals;
    in->module = m;
    in->path = path;
    in->act = NULL;
    in->self_nn = in->graph_nn = NULL;
    in->constructing = false;
    for (int i = 0; i < m->root->items.len && !in->py->unwinding; i++) {
        NodeVec one = {&m->root->items.at[i], 1, 1};
        exec_block(in, globals, &one);
        if (in->raising && !in->py->unwinding) {
            diag_at(in, SEV_WARNING, "raise", m->root->items.at[i], "this statement ended with %s",
                    in->raised);
            raise_clear(in);
            in->py->doubt = true;
        }
    }
    in->globals = outer_globals;
    in->module = outer_module;
    in->path = outer_path;
    in->act = act;
    in->self_nn = self_nn;
    in->graph_nn = graph_nn;
    in->constructing = constructing;
}

static Value *load_file(Interp *in, const char *file)
{
    Value *have = map_get(in->modules, file);
    if (have) return have;
    const char *err = NULL;
    size_t len = 0;
    if (in->trace->imported.len >= FILES_MAX) return NULL;
    char *text = file_read(in->arena, file, &len, &err);
    if (!text || len > 16u * 1024 * 1024) return NULL;
    Module *m = python_parse(in->arena, file, text, (int)len, &in->trace->diags);
    int offset = in->trace->nids;
    Renumber r = {offset, 0};
    node_walk(m->root, renumber, &r);
    tables_grow(in, offset + m->nnodes);
    vec_push(in->arena, &in->trace->imported, m);
    tables_fill(in, m);
    Env *globals = env_new(in, NULL);
    globals->is_module = true;
    globals->module = m;
    globals->path = file;
    map_set(&globals->vars, "__name__", v_str(in, module_name(in, file)));
    map_set(&globals->vars, "__file__", v_str(in, file));
    Value *v = module_value(in, &globals->vars);
    map_set(in->modules, file, v); /* before it runs: a cycle finds what is there so far */
    run_module(in, m, globals, file);
    return v;
}

static Value *load(Interp *in, const char *dotted, int level)
{
    if (level == 0 && is_library(in, dotted)) return NULL;
    bool is_folder = false;
    const char *file = find_module(in, dotted, level, &is_folder);
    if (!file) return NULL;
    if (!is_folder) return load_file(in, file);
    Value *have = map_get(in->modules, file);
    if (have) return have;
    have = module_value(in, map_new(in->arena));
    map_set(in->modules, file, have);
    return have;
}

/* Puts on record which file an import means. */
static void link_import(Interp *in, const Node *n, const Value *m)
{
    const char *file = NULL;
    for (int i = 0; m && m->kind == V_MODULE && i < in->modules->len && !file; i++)
        if (in->modules->entries[i].value == m) file = in->modules->entries[i].key;
    for (int i = 0; file && i < in->trace->imported.len; i++) {
        if (strcmp(in->trace->imported.at[i]->src->path, file) != 0) continue;
        ImportLink l = {n, in->trace->imported.at[i]};
        vec_push(in->arena, &in->trace->links, l);
    }
}

/* ---- the statements ---- */

static Value *boundary(Interp *in, const char *dotted, Node *alias)
{
    Value *v = stdlib_attr(in, dotted);
    v = v ? v_copy(in, v) : v_ext(in, dotted);
    if (v->kind == V_EXT) v->origin = alias;
    return v;
}

/* import a.b.c: binds a, with b and c as attributes where they are files of the project. */
static void import_plain(Interp *in, Env *env, Node *alias)
{
    const char *dotted = alias->name;
    size_t first_len = strcspn(dotted, ".");
    const char *first = arena_strndup(in->arena, dotted, first_len);
    Value *m = load(in, dotted, 0);
    link_import(in, alias, m);
    if (!m) {
        Value *v = boundary(in, alias->asname ? dotted : first, alias);
        env_set(env, alias->asname ? alias->asname : first, v);
        return;
    }
    if (alias->asname || !dotted[first_len]) {
        env_set(env, alias->asname ? alias->asname : first, m);
        return;
    }
    Value *top = load(in, first, 0);
    if (!top) top = module_value(in, map_new(in->arena));
    Value *at = top;
    for (const char *rest = dotted + first_len + 1;;) {
        size_t n = strcspn(rest, ".");
        const char *part = arena_strndup(in->arena, rest, n);
        const char *so_far = arena_strndup(in->arena, dotted, (size_t)(rest - dotted) + n);
        Value *sub = rest[n] ? load(in, so_far, 0) : m;
        if (!sub) sub = module_value(in, map_new(in->arena));
        map_set(at->u.obj->attrs, part, sub);
        at = sub;
        if (!rest[n]) break;
        rest += n + 1;
    }
    env_set(env, first, top);
}

static void import_star(Interp *in, Env *env, Value *m, const char *dotted, Node *alias)
{
    Env *globals = env_module(env);
    if (!m) { /* names are looked for in it when nothing else has them */
        Value *stars = map_get(&globals->vars, "*");
        if (!stars) {
            stars = v_list(in, V_LIST);
            map_set(&globals->vars, "*", stars);
        }
        Value *v = v_ext(in, dotted);
        v->origin = alias;
        vec_push(in->arena, &stars->items, v);
        return;
    }
    Map *names = m->u.obj->attrs;
    Value *all = map_get(names, "__all__");
    for (int i = 0; i < names->len; i++) {
        const char *key = names->entries[i].key;
        if (!key || strcmp(key, "*") == 0) continue;
        bool wanted = key[0] != '_';
        if (all && all->kind == V_LIST) {
            wanted = false;
            for (int k = 0; k < all->items.len; k++)
                wanted |= v_text(all->items.at[k]) && strcmp(v_text(all->items.at[k]), key) == 0;
        }
        if (wanted) env_set(env, key, names->entries[i].value);
    }
}

/* A name of a project module: an attribute, or a file of its package. */
static Value *name_in(Interp *in, Value *m, const char *module, int level, const char *name)
{
    Value *v = map_get(m->u.obj->attrs, name);
    if (v) return v;
    const char *sub = *module ? arena_printf(in->arena, "%s.%s", module, name) : name;
    return load(in, sub, level);
}

static void import_from(Interp *in, Env *env, Node *n)
{
    const char *module = n->name ? n->name : "";
    if (n->level == 0 && strcmp(module, "__future__") == 0) return;
    Value *m = load(in, module, n->level);
    link_import(in, n, m);
    const char *prefix = "";
    for (int i = 0; i < n->level; i++) prefix = arena_printf(in->arena, "%s.", prefix);
    if (!m && n->level > 0) {
        if (in->py->in_try) {
            raise_error(in, "ImportError", n, "no module named '%s%s'", prefix, module);
            return;
        }
        diag_at(in, SEV_NOTE, "import", n,
                "no file for %s%s is there: what comes from it is a boundary", prefix, module);
    }
    for (int i = 0; i < n->items.len && !in->raising; i++) {
        Node *alias = n->items.at[i];
        const char *bound = alias->asname ? alias->asname : alias->name;
        const char *dotted =
            arena_printf(in->arena, "%s%s%s%s", prefix, module, *module ? "." : "", alias->name);
        if (strcmp(alias->name, "*") == 0) {
            import_star(in, env, m, arena_printf(in->arena, "%s%s", prefix, module), alias);
            continue;
        }
        Value *v = m ? name_in(in, m, module, n->level, alias->name) : NULL;
        link_import(in, alias, v);
        if (m && !v && in->py->in_try) {
            raise_error(in, "ImportError", n, "cannot import name '%s' from '%s%s'", alias->name,
                        prefix, module);
            return;
        }
        env_set(env, bound, v ? v : boundary(in, dotted, alias));
    }
}

void exec_import(Interp *in, Env *env, Node *n)
{
    if (n->kind == N_IMPORTFROM) {
        import_from(in, env, n);
        return;
    }
    for (int i = 0; i < n->items.len && !in->raising; i++) import_plain(in, env, n->items.at[i]);
}

Value *star_name(Interp *in, Env *env, const char *name, bool owned)
{
    Env *globals = env_module(env);
    Value *stars = map_get(&globals->vars, "*");
    if (!stars) return NULL;
    for (int i = stars->items.len - 1; i >= 0; i--) {
        Value *star = stars->items.at[i];
        const char *dotted = arena_printf(in->arena, "%s.%s", star->u.dotted, name);
        Value *v = stdlib_attr(in, dotted);
        if (v) return v;
        v = v_ext(in, dotted);
        v->origin = star->origin;
        if (!owned || ext_is_named(in, v->u.dotted)) return v;
    }
    return NULL;
}
