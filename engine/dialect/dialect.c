/* Loading a dialect: dialect.json -> rows, imports, facts, and the maps that find them.
 *
 * cJSON gives a tree; this file walks it once and copies what it needs into the dialect's arena.
 * Keys that have a meaning of their own are listed in KNOWN; every other key is a fact (a string,
 * number or boolean) or a list of strings. An unknown kind, conversion, attribute or form is an
 * error that names the row.
 *
 * by_name maps a name to the rows that have it, in the order of the file, for each form; by_kind
 * the rows that may be written. Keywords that every row of a form takes ("every") are parsed once
 * and copied behind the row's own, except where the row has one of that name. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "dialect/lookup.h"
#include "dialect/signature.h"

static const char *const KNOWN[] = {
    "framework", "title",        "channels_first", "aliases", "otherwise",
    "imports",   "module_bases", "reserved",       "rename",  "dtypes",
    "every",     "exempt",       "rows",           "inert",   "helpers", NULL};
static const char *const FORMS[] = {"layer", "function", "method", "string"};

typedef struct Loader {
    Arena *a;
    Dialect *d;
    DialectRow every[4];
    Map exempt;
    const char **err;
} Loader;

static bool fail(Loader *l, const char *where, const char *what)
{
    *l->err = arena_printf(l->a, "%s: %s", where, what);
    return false;
}

/* ---- values ---- */

static PValue value_of(Arena *a, const cJSON *j)
{
    if (cJSON_IsBool(j))
        return pv_bool(cJSON_IsTrue(j));
    if (cJSON_IsString(j))
        return pv_str(arena_strdup(a, j->valuestring));
    if (cJSON_IsNumber(j)) {
        long long i = (long long)j->valuedouble;
        return (double)i == j->valuedouble ? pv_int(i) : pv_float(j->valuedouble);
    }
    if (!cJSON_IsArray(j))
        return pv_none();
    PValue list = pv_list(a, cJSON_GetArraySize(j));
    int n = 0;
    for (const cJSON *c = j->child; c; c = c->next) list.u.list.at[n++] = value_of(a, c);
    return list;
}

static bool load_strings(Loader *l, const cJSON *j, const char *where, StrVec *out)
{
    if (!j)
        return true;
    if (!cJSON_IsArray(j))
        return fail(l, where, "a list of strings is expected");
    for (const cJSON *c = j->child; c; c = c->next) {
        if (!cJSON_IsString(c))
            return fail(l, where, "a list of strings is expected");
        vec_push(l->a, out, arena_strdup(l->a, c->valuestring));
    }
    return true;
}

static bool load_map(Loader *l, const cJSON *j, const char *where, Map *out)
{
    if (j && !cJSON_IsObject(j))
        return fail(l, where, "an object is expected");
    for (const cJSON *c = j ? j->child : NULL; c; c = c->next) {
        if (!cJSON_IsString(c))
            return fail(l, where, arena_printf(l->a, "%s: a string is expected", c->string));
        map_set(out, arena_strdup(l->a, c->string), arena_strdup(l->a, c->valuestring));
    }
    return true;
}

/* Attribute values, checked against the kind. An activation is given by its kind's name. */
static bool load_attrs(Loader *l, const cJSON *j, const char *where, const PivotKind *k,
                       PAttrs *out)
{
    if (j && !cJSON_IsObject(j))
        return fail(l, where, "an object is expected");
    for (const cJSON *c = j ? j->child : NULL; c; c = c->next) {
        const KindAttr *ka = kind_attr(k, c->string);
        if (!ka)
            return fail(l, where, arena_printf(l->a, "%s has no attribute %s", k->name, c->string));
        PValue v = value_of(l->a, c);
        if (str_eq(ka->type, "act") && v.kind == PV_STR)
            v = pv_act(l->a, v.u.str);
        attr_set(l->a, out, ka->name, v);
    }
    return true;
}

/* ---- rows ---- */

static void index_row(Loader *l, Map *map, const char *key, DialectRow *row)
{
    RowList *list = map_get(map, key);
    if (!list) {
        list = ARENA_NEW(l->a, RowList);
        map_set(map, key, list);
    }
    vec_push(l->a, list, row);
}

static bool has_param(const DialectRow *row, const char *name)
{
    for (int i = 0; i < row->params.len; i++) {
        if (str_eq(row->params.at[i].name, name))
            return true;
    }
    return false;
}

static void add_every(Loader *l, DialectRow *row)
{
    const DialectRow *every = &l->every[row->form];
    for (int i = 0; i < row->names.len; i++) {
        if (map_has(&l->exempt, row->names.at[i]))
            return;
    }
    for (int i = 0; i < every->params.len; i++) {
        if (has_param(row, every->params.at[i].name))
            continue;
        RowParam p = every->params.at[i];
        p.keyword_only = true;
        vec_push(l->a, &row->params, p);
    }
}

/* Room for all parameters at once: tables are loaded at every start. */
static void reserve_params(Loader *l, DialectRow *row, const char *text)
{
    int n = 1 + l->every[row->form].params.len;
    for (const char *p = text; *p; p++) n += *p == ',';
    row->params.at = ARENA_ARRAY(l->a, RowParam, n);
    row->params.cap = n;
}

static bool load_form(Loader *l, const cJSON *j, const char *where, RowForm *out)
{
    for (int i = 0; i < 4 && cJSON_IsString(j); i++) {
        if (strcmp(j->valuestring, FORMS[i]) == 0) {
            *out = (RowForm)i;
            return true;
        }
    }
    return fail(l, where, "form: layer, function, method or string is expected");
}

static bool is_false(const cJSON *row, const char *key)
{
    return cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(row, key));
}

static const char *text_of(const cJSON *obj, const char *key)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(obj, key);
    return cJSON_IsString(j) ? j->valuestring : NULL;
}

static bool load_row_fields(Loader *l, const cJSON *j, const char *where, DialectRow *row)
{
    const char *params = text_of(j, "params"), *note = text_of(j, "note"), *err = NULL;
    const cJSON *positional = cJSON_GetObjectItemCaseSensitive(j, "positional");
    const cJSON *keras = cJSON_GetObjectItemCaseSensitive(j, "keras");
    if (!load_strings(l, cJSON_GetObjectItemCaseSensitive(j, "names"), where, &row->names))
        return false;
    if (row->names.len == 0)
        return fail(l, where, "a row needs a name");
    if (!params)
        params = "";
    reserve_params(l, row, params);
    if (!signature_parse(l->a, params, row->kind, row, &err))
        return fail(l, where, arena_printf(l->a, "%s: %s", row->names.at[0], err));
    if (!row->helper)
        add_every(l, row);
    row->positional = cJSON_IsNumber(positional) ? positional->valueint : 0;
    row->keras = cJSON_IsNumber(keras) ? keras->valueint : 0;
    row->write = !is_false(j, "write");
    row->strict = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(j, "strict"));
    row->read = !row->helper && !is_false(j, "read");
    row->note = note ? arena_strdup(l->a, note) : NULL;
    if (!load_strings(l, cJSON_GetObjectItemCaseSensitive(j, "noted"), where, &row->noted))
        return false;
    if (!load_strings(l, cJSON_GetObjectItemCaseSensitive(j, "moot"), where, &row->moot))
        return false;
    return load_attrs(l, cJSON_GetObjectItemCaseSensitive(j, "set"), where, row->kind, &row->set) &&
           load_attrs(l, cJSON_GetObjectItemCaseSensitive(j, "implies"), where, row->kind,
                      &row->implies);
}

static bool load_row(Loader *l, const cJSON *j, int i, bool helper)
{
    const char *where = arena_printf(l->a, "%s[%d]", helper ? "helpers" : "rows", i);
    const char *kind = text_of(j, "kind");
    DialectRow *row = ARENA_NEW(l->a, DialectRow);
    row->helper = helper;
    if (!kind)
        return fail(l, where, "a row needs a kind");
    row->kind = pivot_kind(kind);
    if (!row->kind)
        return fail(l, where, arena_printf(l->a, "unknown kind %s", kind));
    if (!load_form(l, cJSON_GetObjectItemCaseSensitive(j, "form"), where, &row->form))
        return false;
    if (!load_row_fields(l, j, where, row))
        return false;
    if (!helper)
        vec_push(l->a, &l->d->rows, row);
    for (int n = 0; n < row->names.len && row->read; n++)
        index_row(l, l->d->by_name[row->form], row->names.at[n], row);
    for (int n = 0; n < row->names.len && helper; n++) /* as an earlier port has it */
        index_row(l, l->d->by_name[row->form],
                  arena_printf(l->a, "%s.%s", DIALECT_HELPERS, row->names.at[n]), row);
    if (row->write)
        index_row(l, l->d->by_kind[row->form], row->kind->name, row);
    return true;
}

static bool load_rows(Loader *l, const cJSON *root)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(root, "rows");
    const cJSON *every = cJSON_GetObjectItemCaseSensitive(root, "every");
    StrVec exempt = {0};
    if (!cJSON_IsArray(rows))
        return fail(l, "rows", "a list is expected");
    map_init(&l->exempt, l->a);
    if (!load_strings(l, cJSON_GetObjectItemCaseSensitive(root, "exempt"), "exempt", &exempt))
        return false;
    for (int i = 0; i < exempt.len; i++) map_set(&l->exempt, exempt.at[i], l->d);
    for (int form = 0; form < 4; form++) {
        const char *text = text_of(every, FORMS[form]), *err = NULL;
        if (text && !signature_parse(l->a, text, NULL, &l->every[form], &err))
            return fail(l, "every", err);
    }
    int i = 0;
    for (const cJSON *r = rows->child; r; r = r->next) {
        if (!load_row(l, r, i++, false))
            return false;
    }
    const cJSON *helpers = cJSON_GetObjectItemCaseSensitive(root, "helpers");
    i = 0;
    for (const cJSON *r = helpers ? helpers->child : NULL; r; r = r->next) {
        if (!load_row(l, r, i++, true))
            return false;
    }
    return true;
}

/* ---- the rest ---- */

static bool load_imports(Loader *l, const cJSON *j)
{
    int i = 0;
    for (const cJSON *c = j ? j->child : NULL; c; c = c->next, i++) {
        const char *prefix = text_of(c, "prefix"), *as = text_of(c, "as"),
                   *module = text_of(c, "module");
        const char *name = text_of(c, "name");
        if (!prefix || !as || !module)
            return fail(l, arena_printf(l->a, "imports[%d]", i),
                        "prefix, as and module are expected");
        DialectImport im = {arena_strdup(l->a, prefix), arena_strdup(l->a, as),
                            arena_strdup(l->a, module), name ? arena_strdup(l->a, name) : NULL,
                            NULL};
        const char *bound = name ? name : module;
        const char *rename = strcmp(bound, as) ? arena_printf(l->a, " as %s", as) : "";
        im.text = name ? arena_printf(l->a, "from %s import %s%s", module, name, rename)
                       : arena_printf(l->a, "import %s%s", module, rename);
        vec_push(l->a, &l->d->imports, im);
    }
    return true;
}

static bool load_facts(Loader *l, const cJSON *root)
{
    for (const cJSON *c = root->child; c; c = c->next) {
        bool known = false;
        for (int i = 0; KNOWN[i]; i++) known |= strcmp(c->string, KNOWN[i]) == 0;
        const char *key = arena_strdup(l->a, c->string);
        if (cJSON_IsArray(c) && !known) {
            StrVec *list = ARENA_NEW(l->a, StrVec);
            if (!load_strings(l, c, key, list))
                return false;
            map_set(l->d->lists, key, list);
        }
        char *text = cJSON_IsString(c)   ? arena_strdup(l->a, c->valuestring)
                     : cJSON_IsBool(c)   ? arena_strdup(l->a, cJSON_IsTrue(c) ? "true" : "false")
                     : cJSON_IsNumber(c) ? arena_printf(l->a, "%g", c->valuedouble)
                                         : NULL;
        if (text)
            map_set(l->d->facts, key, text);
    }
    return true;
}

static bool load_names(Loader *l, const cJSON *root)
{
    Dialect *d = l->d;
    StrVec inert = {0};
    if (!load_map(l, cJSON_GetObjectItemCaseSensitive(root, "aliases"), "aliases", d->aliases) ||
        !load_map(l, cJSON_GetObjectItemCaseSensitive(root, "otherwise"), "otherwise",
                  d->otherwise) ||
        !load_map(l, cJSON_GetObjectItemCaseSensitive(root, "rename"), "rename", d->rename) ||
        !load_map(l, cJSON_GetObjectItemCaseSensitive(root, "dtypes"), "dtypes", d->dtypes) ||
        !load_strings(l, cJSON_GetObjectItemCaseSensitive(root, "module_bases"), "module_bases",
                      &d->module_bases) ||
        !load_strings(l, cJSON_GetObjectItemCaseSensitive(root, "reserved"), "reserved",
                      &d->reserved) ||
        !load_strings(l, cJSON_GetObjectItemCaseSensitive(root, "inert"), "inert", &inert))
        return false;
    for (int i = 0; i < inert.len; i++) map_set(d->inert, inert.at[i], d);
    for (int i = 0; i < d->dtypes->len; i++) {
        const MapEntry *e = &d->dtypes->entries[i];
        if (!map_has(d->dtype_names, e->value))
            map_set(d->dtype_names, e->value, (void *)e->key);
    }
    return true;
}

static bool load_root(Loader *l, const cJSON *root)
{
    Dialect *d = l->d;
    if (!cJSON_IsObject(root))
        return fail(l, "dialect", "an object is expected");
    const char *name = text_of(root, "framework"), *title = text_of(root, "title");
    if (!name || !title)
        return fail(l, "dialect", "framework and title are expected");
    d->name = arena_strdup(l->a, name);
    d->title = arena_strdup(l->a, title);
    d->channels_first = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "channels_first"));
    return load_facts(l, root) && load_names(l, root) &&
           load_imports(l, cJSON_GetObjectItemCaseSensitive(root, "imports")) && load_rows(l, root);
}

static Dialect *dialect_empty(Arena *a, const char *dir)
{
    Dialect *d = ARENA_NEW(a, Dialect);
    Map **maps[] = {&d->aliases, &d->otherwise, &d->facts,  &d->lists,
                    &d->inert,   &d->rename,    &d->dtypes, &d->dtype_names};
    d->arena = a;
    d->folder = arena_strdup(a, dir);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) *maps[i] = map_new(a);
    for (int form = 0; form < 4; form++) {
        d->by_name[form] = map_new(a);
        d->by_kind[form] = map_new(a);
    }
    return d;
}

Dialect *dialect_load(Arena *a, const char *dir, const char **err)
{
    char *path = path_join(a, dir, "dialect.json");
    const char *why = NULL, *end = NULL;
    size_t len = 0;
    char *text = file_read(a, path, &len, &why);
    if (!text) {
        *err = why;
        return NULL;
    }
    cJSON *root = cJSON_ParseWithLengthOpts(text, len + 1, &end, false);
    if (!root) {
        int line = 1;
        for (const char *p = text; p < end; p++) line += *p == '\n';
        *err = arena_printf(a, "%s:%d: this is not JSON", path, line);
        return NULL;
    }
    Loader l = {.a = a, .d = dialect_empty(a, dir), .err = &why};
    bool ok = load_root(&l, root);
    cJSON_Delete(root);
    if (!ok)
        *err = arena_printf(a, "%s: %s", path, why);
    return ok ? l.d : NULL;
}
