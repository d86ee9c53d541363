/* Finding things in a loaded dialect: names after aliases, rows by name or by kind, spellings,
 * facts.
 *
 * An alias replaces a whole-component prefix of a dotted name; "a.b.*" takes one more component
 * with it whatever that is called (torch.nn.modules.conv). They are applied until none fits, at
 * most MAX_ALIASES times, since one may lead to another (tensorflow.python.keras -> keras,
 * keras.layers.core -> keras.layers). Where no row has a name, "otherwise" may still lead to one.
 *
 * Rows with one name are tried in the order of the file, those of the asked generation first, then
 * those of any, then the others. */
#include <string.h>

#include "dialect/convert.h"
#include "base/str.h"
#include "dialect/lookup.h"
#include "dialect/row.h"

enum { MAX_ALIASES = 8, MAX_BOUND = 64 };

/* ---- names ---- */

/* Length of the part of name that key stands for, 0 when it does not apply. */
static size_t prefix_length(const char *name, const char *key)
{
    size_t n = strlen(key);
    bool star = n > 2 && strcmp(key + n - 2, ".*") == 0;
    if (star)
        n -= 1; /* keep the dot */
    if (strncmp(name, key, n) != 0)
        return 0;
    if (!star)
        return name[n] == '.' || !name[n] ? n : 0;
    size_t m = strcspn(name + n, ".");
    return m && name[n + m] == '.' ? n + m : 0; /* something must be left behind it */
}

static const char *apply_alias(const Map *aliases, Arena *a, const char *name)
{
    const char *to = NULL;
    size_t best = 0;
    for (int i = 0; i < aliases->len; i++) {
        size_t n = aliases->entries[i].key ? prefix_length(name, aliases->entries[i].key) : 0;
        if (n > best) {
            best = n;
            to = aliases->entries[i].value;
        }
    }
    return best ? arena_printf(a, "%s%s", to, name + best) : NULL;
}

const char *dialect_canonical(const Dialect *d, Arena *a, const char *dotted)
{
    for (int i = 0; i < MAX_ALIASES; i++) {
        const char *next = apply_alias(d->aliases, a, dotted);
        if (!next || str_eq(next, dotted))
            break;
        dotted = next;
    }
    return dotted;
}

bool dialect_inert(const Dialect *d, const char *dotted)
{
    if (map_has(d->inert, dotted))
        return true;
    for (int i = 0; i < d->inert->len; i++) { /* "torch.cuda.*" */
        const char *key = d->inert->entries[i].key;
        size_t n = key ? strlen(key) : 0;
        if (n > 2 && key[n - 1] == '*' && strncmp(dotted, key, n - 1) == 0)
            return true;
    }
    return false;
}

bool dialect_is_module_base(const Dialect *d, const char *dotted)
{
    for (int i = 0; i < d->module_bases.len; i++) {
        if (str_eq(d->module_bases.at[i], dotted))
            return true;
    }
    return false;
}

const DialectImport *dialect_import_for(const Dialect *d, const char *dotted)
{
    const DialectImport *best = NULL;
    size_t length = 0;
    for (int i = 0; i < d->imports.len; i++) {
        size_t n = prefix_length(dotted, d->imports.at[i].prefix);
        if (n > length) {
            length = n;
            best = &d->imports.at[i];
        }
    }
    return best;
}

bool dialect_owns(const Dialect *d, const char *dotted)
{
    if (prefix_length(dotted, DIALECT_HELPERS))
        return true;
    if (dialect_read(d, FORM_LAYER, dotted, 0) || dialect_read(d, FORM_FUNCTION, dotted, 0))
        return true;
    if (dialect_inert(d, dotted) || dialect_is_module_base(d, dotted) ||
        dialect_import_for(d, dotted))
        return true;
    for (int i = 0; i < d->aliases->len; i++) {
        const char *key = d->aliases->entries[i].key;
        if (key && prefix_length(dotted, key))
            return true;
    }
    const StrVec *roots = dialect_list(d, "packages");
    for (int i = 0; i < roots->len; i++) {
        if (prefix_length(dotted, roots->at[i]))
            return true;
    }
    return false;
}

const char *dialect_spelling(const Dialect *d, Arena *a, const char *dotted,
                             const char **import_text)
{
    const DialectImport *im = dialect_import_for(d, dotted);
    if (import_text)
        *import_text = im ? im->text : NULL;
    return im ? arena_printf(a, "%s%s", im->as, dotted + strlen(im->prefix)) : dotted;
}

const char *dialect_rename(const Dialect *d, Arena *a, const char *attribute)
{
    const char *to = map_get(d->rename, attribute);
    if (to)
        return to;
    for (int i = 0; i < d->reserved.len; i++) {
        if (str_eq(d->reserved.at[i], attribute))
            return arena_printf(a, "%s_", attribute);
    }
    return NULL;
}

/* ---- facts ---- */

const char *dialect_fact(const Dialect *d, const char *name)
{
    return map_get(d->facts, name);
}

const StrVec *dialect_list(const Dialect *d, const char *name)
{
    static const StrVec none = {0};
    const StrVec *list = map_get(d->lists, name);
    return list ? list : &none;
}

bool dialect_lists(const Dialect *d, const char *list, const char *item)
{
    const StrVec *v = dialect_list(d, list);
    for (int i = 0; i < v->len; i++) {
        if (str_eq(v->at[i], item))
            return true;
    }
    return false;
}

const char *dialect_dtype(const Dialect *d, const char *dotted)
{
    return map_get(d->dtypes, dotted);
}

const char *dialect_dtype_spelling(const Dialect *d, const char *dtype)
{
    return map_get(d->dtype_names, dtype);
}

/* ---- rows by name ---- */

static const RowList *rows_named(const Dialect *d, RowForm form, const char *name, Arena *a)
{
    const RowList *list = map_get(d->by_name[form], name);
    if (list || form == FORM_METHOD || form == FORM_STRING)
        return list;
    const char *other = apply_alias(d->otherwise, a, name);
    return other ? map_get(d->by_name[form], dialect_canonical(d, a, other)) : NULL;
}

/* The i-th row of the list in the order for a generation: its own, any, the others. NULL past the
 * end. */
static const DialectRow *row_in_order(const RowList *list, int keras, int i)
{
    for (int pass = 0; pass < 3; pass++) {
        for (int k = 0; k < list->len; k++) {
            const DialectRow *row = list->at[k];
            int rank = row->keras == 0 ? 1 : keras == 0 || row->keras == keras ? 0 : 2;
            if (keras == 0 && row->keras == 2)
                rank = 2; /* not told: the current generation */
            if (rank == pass && i-- == 0)
                return row;
        }
    }
    return NULL;
}

const DialectRow *dialect_read(const Dialect *d, RowForm form, const char *name, int keras)
{
    const RowList *list = rows_named(d, form, name, d->arena);
    return list ? row_in_order(list, keras, 0) : NULL;
}

const DialectRow *dialect_read_group(const Dialect *d, RowForm form, const char *name, int keras,
                                     KindGroup group)
{
    const RowList *list = rows_named(d, form, name, d->arena);
    const DialectRow *row = NULL;
    for (int i = 0; list && (row = row_in_order(list, keras, i)); i++) {
        if (row->kind->group == group)
            return row;
    }
    return NULL;
}

/* ---- does a call fit a row ---- */

static bool look_fits(const RowParam *p, ArgLook look)
{
    switch (p->role) {
    case ROLE_INPUT_LIST:
        return look != ARG_TENSOR || p->rest;
    case ROLE_INPUT:
        return look != ARG_TENSORS;
    case ROLE_INPUT_OPTIONAL:
    case ROLE_INERT:
        return true;
    default:
        if (look == ARG_SHAPE && p->conv && str_eq(p->conv->name, "number_list"))
            return false;
        if (look == ARG_TENSORS && p->conv && str_eq(p->conv->name, "numbers"))
            return false; /* [x, y] of tensors: they are stacked */
        return look != ARG_TENSOR;
    }
}

/* *size may be given as size=(2, 3), too. */
static int param_named(const DialectRow *row, const char *name)
{
    for (int i = 0; i < row->params.len; i++) {
        if (str_eq(row->params.at[i].name, name))
            return i;
    }
    return -1;
}

/* Which parameter each argument goes to: pos_param and kw_param, where they are not NULL. */
static bool bind_look(const DialectRow *row, const CallLook *look, int *pos_param, int *kw_param)
{
    bool given[MAX_BOUND] = {false};
    int at = 0, n = row->params.len;
    if (n > MAX_BOUND)
        n = MAX_BOUND;
    for (int i = 0; i < look->npos; i++) {
        if (at >= n || row->params.at[at].keyword_only)
            return false;
        if (!look_fits(&row->params.at[at], look->pos[i]))
            return false;
        given[at] = true;
        if (pos_param)
            pos_param[i] = at;
        if (!row->params.at[at].rest)
            at++;
    }
    for (int i = 0; i < look->nkw; i++) {
        int p = param_named(row, look->kw_names[i]);
        if (p < 0 || p >= n || given[p] || !look_fits(&row->params.at[p], look->kw[i]))
            return false;
        given[p] = true;
        if (kw_param)
            kw_param[i] = p;
    }
    for (int i = 0; i < n; i++) {
        const RowParam *p = &row->params.at[i];
        if (given[i])
            continue;
        if (!p->has_default && !p->rest && p->role != ROLE_INPUT_OPTIONAL)
            return false;
        if (p->fixed.kind != PV_UNSET && !row_same_value(&p->fixed, &p->dflt))
            return false;
    }
    return true;
}

bool dialect_fits(const DialectRow *row, const CallLook *look)
{
    return bind_look(row, look, NULL, NULL);
}

const DialectRow *dialect_match_next(const Dialect *d, RowForm form, const char *name, int keras,
                                     const CallLook *look, const DialectRow *after)
{
    const RowList *list = rows_named(d, form, name, d->arena);
    const DialectRow *row = NULL;
    bool behind = after == NULL;
    for (int i = 0; list && (row = row_in_order(list, keras, i)); i++) {
        if (behind && dialect_fits(row, look))
            return row;
        if (row == after)
            behind = true;
    }
    return NULL;
}

const DialectRow *dialect_match(const Dialect *d, RowForm form, const char *name, int keras,
                                const CallLook *look)
{
    const DialectRow *row = dialect_match_next(d, form, name, keras, look, NULL);
    return row ? row : dialect_read(d, form, name, keras);
}

/* One argument that stands for all sizes of a tensor, or for its numbers: not known, it is not sizes. */
static bool rest_takes(const DialectRow *row, int n, PValue v)
{
    return !row->strict || n > 1 || v.kind == PV_INT || v.kind == PV_SIZE || v.kind == PV_LIST;
}

static bool takes_all(const Dialect *d, Arena *a, const DialectRow *row, int keras, int n,
                      const int *params, const PValue *values)
{
    for (int i = 0; i < n; i++) {
        const RowParam *p = &row->params.at[params[i]];
        if (p->rest ? !rest_takes(row, n, values[i])
                    : !row_takes(d, a, row, keras, p, values[i]))
            return false;
    }
    return true;
}

const DialectRow *dialect_match_values(const Dialect *d, Arena *a, RowForm form, const char *name,
                                       int keras, const CallLook *look, const PValue *pos,
                                       const PValue *kw)
{
    const RowList *list = rows_named(d, form, name, a);
    const DialectRow *row = NULL;
    int *pos_param = ARENA_ARRAY(a, int, look->npos + 1),
        *kw_param = ARENA_ARRAY(a, int, look->nkw + 1);
    if (list && list->len == 1 && !list->at[0]->strict)
        return list->at[0];
    for (int i = 0; list && (row = row_in_order(list, keras, i)); i++) {
        if (bind_look(row, look, pos_param, kw_param) &&
            takes_all(d, a, row, keras, look->npos, pos_param, pos) &&
            takes_all(d, a, row, keras, look->nkw, kw_param, kw))
            return row;
    }
    row = dialect_match(d, form, name, keras, look);
    return row && row->strict ? NULL : row;
}

/* ---- rows by kind ---- */

const DialectRow *dialect_write(const Dialect *d, RowForm form, const char *kind,
                                const PAttrs *attrs)
{
    const RowList *list = map_get(d->by_kind[form], kind);
    const DialectRow *best = NULL;
    for (int i = 0; list && i < list->len; i++) {
        const DialectRow *row = list->at[i];
        if (row->helper)
            continue;
        if (row_set_matches(d->arena, row, attrs) && (!best || row->set.len > best->set.len))
            best = row;
    }
    return best;
}

const DialectRow *dialect_helper(const Dialect *d, RowForm form, const char *kind,
                                 const PAttrs *attrs, const DialectRow *after)
{
    const RowList *list = map_get(d->by_kind[form], kind);
    bool behind = after == NULL;
    for (int i = 0; list && i < list->len; i++) {
        const DialectRow *row = list->at[i];
        if (behind && row->helper && row_set_matches(d->arena, row, attrs))
            return row;
        behind |= row == after;
    }
    return NULL;
}

StrVec dialect_fact_words(const Dialect *d, Arena *a, const char *name)
{
    StrVec out = {0};
    for (const char *p = dialect_fact(d, name); p && *p;) {
        size_t n = strcspn(p, " ");
        if (n)
            vec_push(a, &out, arena_strndup(a, p, n));
        p += n + strspn(p + n, " ");
    }
    return out;
}
