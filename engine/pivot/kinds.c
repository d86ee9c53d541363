/* The table of kinds, out of kinds.def.
 *
 * The attribute lists in kinds.def are strings for the reader's sake; they are split once, at the
 * first look-up, into a table that never changes afterwards (pthread_once makes that safe, and
 * nothing is written later, so this is no mutable state in any sense that a caller could notice).
 * Names point into one private copy of the strings. Look-up is by binary search over an index
 * sorted by name. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/pivot.h"

typedef struct KindRow {
    const char *name;
    KindGroup group;
    const char *besser, *attrs;
} KindRow;

static const KindRow rows[] = {
#define KIND(name, group, besser, attrs) {name, GROUP_##group, besser, attrs},
#include "pivot/kinds.def"
#undef KIND
};

enum { NROWS = sizeof rows / sizeof rows[0] };

static PivotKind kinds[NROWS]; /* written once, by parse_all */
static const PivotKind *by_name[NROWS];
static pthread_once_t parsed = PTHREAD_ONCE_INIT;

/* Splits "name:type?=default" in place. */
static void parse_attr(char *text, KindAttr *out)
{
    char *colon = strchr(text, ':');
    assert(colon);
    *colon = 0;
    char *type = colon + 1;
    char *eq = strchr(type, '=');
    if (eq) *eq = 0;
    size_t n = strlen(type);
    bool optional = n && type[n - 1] == '?';
    if (optional) type[n - 1] = 0;
    *out = (KindAttr){.name = text, .type = type, .optional = optional, .dflt = eq ? eq + 1 : NULL};
}

static void parse_kind(const KindRow *row, PivotKind *k)
{
    k->name = row->name;
    k->group = row->group;
    k->besser = strcmp(row->besser, "-") == 0 ? NULL : row->besser;
    if (!row->attrs[0]) return;
    int n = 1;
    for (const char *p = row->attrs; *p; p++) n += *p == ' ';
    KindAttr *attrs = x_alloc(sizeof *attrs * (size_t)n);
    char *text = x_strdup(row->attrs), *save = NULL;
    k->nattrs = 0;
    for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
        parse_attr(word, &attrs[k->nattrs++]);
    k->attrs = attrs;
}

static int compare_names(const void *x, const void *y)
{
    const PivotKind *const *l = x, *const *r = y;
    return strcmp((*l)->name, (*r)->name);
}

static void parse_all(void)
{
    for (int i = 0; i < NROWS; i++) {
        parse_kind(&rows[i], &kinds[i]);
        by_name[i] = &kinds[i];
    }
    qsort(by_name, NROWS, sizeof by_name[0], compare_names);
}

const PivotKind *pivot_kind(const char *name)
{
    pthread_once(&parsed, parse_all);
    if (!name) return NULL;
    int lo = 0, hi = NROWS;
    while (lo < hi) {
        int mid = (lo + hi) / 2, c = strcmp(name, by_name[mid]->name);
        if (c == 0) return by_name[mid];
        if (c < 0) hi = mid;
        else lo = mid + 1;
    }
    return NULL;
}

const PivotKind *pivot_kind_at(int i)
{
    pthread_once(&parsed, parse_all);
    return i >= 0 && i < NROWS ? &kinds[i] : NULL;
}

const KindAttr *kind_attr(const PivotKind *k, const char *name)
{
    for (int i = 0; k && i < k->nattrs; i++) {
        if (strcmp(k->attrs[i].name, name) == 0) return &k->attrs[i];
    }
    return NULL;
}

/* ---- defaults ---- */

/* Conv1D..Conv3D carry their number of spatial axes in their name. */
static int fixed_dimension(const PivotKind *k)
{
    if (strcmp(k->name, "Conv1D") == 0) return 1;
    if (strcmp(k->name, "Conv2D") == 0) return 2;
    if (strcmp(k->name, "Conv3D") == 0) return 3;
    return 0;
}

/* "1" for ints, "0" for pads: spread over the axes where the kind says how many there are. */
static PValue spread(Arena *a, const PivotKind *k, long long n, bool pairs)
{
    int nd = fixed_dimension(k);
    if (!nd) return pv_int(n);
    PValue v = pv_list(a, nd);
    for (int i = 0; i < nd; i++) {
        v.u.list.at[i] = pv_int(n);
        if (!pairs) continue;
        PValue pair = pv_list(a, 2);
        pair.u.list.at[0] = pair.u.list.at[1] = pv_int(n);
        v.u.list.at[i] = pair;
    }
    return v;
}

static bool is_integer(const char *s)
{
    if (*s == '-') s++;
    return *s && strspn(s, "0123456789") == strlen(s);
}

static PValue literal(const char *text)
{
    char *end;
    if (is_integer(text)) return pv_int(strtoll(text, NULL, 10));
    if (strcmp(text, "True") == 0 || strcmp(text, "False") == 0) return pv_bool(text[0] == 'T');
    if (strcmp(text, "None") == 0) return pv_none();
    double f = strtod(text, &end);
    return end != text && !*end ? pv_float(f) : pv_str(text);
}

PValue kind_default(Arena *a, const PivotKind *k, const char *attr)
{
    const KindAttr *ka = kind_attr(k, attr);
    if (!ka || !ka->dflt) return (PValue){.kind = PV_UNSET};
    if (strcmp(ka->type, "str") == 0) return pv_str(ka->dflt);
    if (strcmp(ka->type, "act") == 0) return pv_act(a, ka->dflt);
    if (strcmp(ka->type, "float") == 0) return pv_float(strtod(ka->dflt, NULL));
    if (strcmp(ka->type, "ints") == 0 || strcmp(ka->type, "pads") == 0)
        return spread(a, k, strtoll(ka->dflt, NULL, 10), ka->type[0] == 'p');
    return literal(ka->dflt);
}
