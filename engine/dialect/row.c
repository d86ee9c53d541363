/* One row at work: arguments -> attributes, attributes -> arguments.
 *
 * Reading starts from "set" and goes in two passes, so that what a call gives outranks what a
 * default says: given arguments first, in the row's order, then the defaults of the others for
 * attributes that nothing has set, then "implies", then the kind's own defaults. A conversion
 * writes into a scratch list that starts as a copy of what is known, since some look at earlier
 * attributes.
 *
 * Writing asks each parameter for its value, leaves out what the framework would take anyway, and
 * then checks that every attribute that differs from the kind's default has been said: by a
 * parameter, by "set" or "implies", or by nobody because it is derived in this framework. What is
 * left is unsaid. */
#include <string.h>

#include "base/str.h"
#include "dialect/convert.h"
#include "dialect/row.h"

/* ---- values ---- */

static bool is_absent(const PValue *v)
{
    return !v || v->kind == PV_UNSET || v->kind == PV_NONE;
}

static PValue collapsed(const PValue *v)
{
    if (v->kind != PV_LIST || v->u.list.len == 0)
        return *v;
    for (int i = 1; i < v->u.list.len; i++) {
        if (!pv_same(&v->u.list.at[0], &v->u.list.at[i]))
            return *v;
    }
    return collapsed(&v->u.list.at[0]);
}

bool row_same_value(const PValue *x, const PValue *y)
{
    if (is_absent(x) && is_absent(y))
        return true;
    if (!x || !y)
        return false;
    if (pv_same(x, y))
        return true;
    if (x->kind == PV_LIST && y->kind == PV_LIST && x->u.list.len != y->u.list.len)
        return false;
    PValue cx = collapsed(x), cy = collapsed(y);
    return (x->kind == PV_LIST || y->kind == PV_LIST) && pv_same(&cx, &cy);
}

/* The value of an attribute, the kind's default where it is absent. */
static PValue value_or_default(Arena *a, const PivotKind *k, const PAttrs *attrs, const char *name)
{
    const PValue *v = attr_get(attrs, name);
    if (v && v->kind != PV_UNSET)
        return *v;
    return kind_default(a, k, name);
}

bool row_set_matches(Arena *a, const DialectRow *row, const PAttrs *attrs)
{
    for (int i = 0; i < row->set.len; i++) {
        PValue v = value_or_default(a, row->kind, attrs, row->set.at[i].name);
        if (!row_same_value(&v, &row->set.at[i].value))
            return false;
    }
    return true;
}

bool dialect_param_is_gap(const RowParam *p, const PValue *given)
{
    if (!given || given->kind == PV_UNSET)
        return false;
    if (p->fixed.kind != PV_UNSET)
        return !row_same_value(given, &p->fixed);
    return p->role == ROLE_DEFAULT_ONLY && !(p->has_default && row_same_value(given, &p->dflt));
}

/* ---- activations and dtypes ---- */

const PivotAct *dialect_act(const Dialect *d, Arena *a, const char *name, int keras)
{
    const DialectRow *row = dialect_read_group(d, FORM_STRING, name, keras, GROUP_ACTIVATION);
    if (!row)
        row = dialect_read_group(d, FORM_FUNCTION, dialect_canonical(d, a, name), keras,
                                 GROUP_ACTIVATION);
    if (!row)
        return NULL;
    PValue *given = ARENA_ARRAY(a, PValue, row->params.len + 1);
    PivotAct *act = ARENA_NEW(a, PivotAct);
    const char *err;
    act->kind = row->kind->name;
    return dialect_row_read(d, a, row, keras, given, &act->attrs, &err) ? act : NULL;
}

const char *dialect_act_string(const Dialect *d, const PivotAct *act)
{
    const DialectRow *row = dialect_write(d, FORM_STRING, act->kind, &act->attrs);
    if (!row || row->names.len == 0)
        return NULL;
    for (int i = 0; i < act->attrs.len;
         i++) { /* a string says nothing but its set and the kind's defaults */
        const PAttr *at = &act->attrs.at[i];
        PValue dflt = kind_default(d->arena, row->kind, at->name);
        if (!attr_get(&row->set, at->name) && !row_same_value(&at->value, &dflt))
            return NULL;
    }
    return row->names.at[0];
}

static bool is_act(const Conversion *c)
{
    return c && (str_eq(c->name, "act") || str_eq(c->name, "rnn_act"));
}

PValue dialect_resolve(const Dialect *d, Arena *a, int keras, const Conversion *conv, PValue v)
{
    if (!conv || (v.kind != PV_STR && v.kind != PV_REF))
        return v;
    if (str_eq(conv->name, "dtype")) {
        const char *dtype =
            dialect_dtype(d, v.kind == PV_REF ? dialect_canonical(d, a, v.u.str) : v.u.str);
        return dtype ? pv_str(dtype) : v;
    }
    if (!is_act(conv))
        return v;
    const PivotAct *act = dialect_act(d, a, v.u.str, keras);
    if (!act)
        return v;
    PValue out = {.kind = PV_ACT};
    out.u.act = (PivotAct *)act;
    return out;
}

bool row_takes(const Dialect *d, Arena *a, const DialectRow *row, int keras, const RowParam *p,
               PValue v)
{
    if (v.kind == PV_UNSET)
        return true;
    if (p->fixed.kind != PV_UNSET || p->role == ROLE_DEFAULT_ONLY)
        return v.kind != PV_UNKNOWN && !dialect_param_is_gap(p, &v);
    if (p->role != ROLE_ATTR)
        return true;
    bool dtype = p->conv && str_eq(p->conv->name, "dtype");
    v = dialect_resolve(d, a, row->keras ? row->keras : keras, p->conv, v);
    if (!dtype && !row->strict && (v.kind == PV_UNKNOWN || v.kind == PV_REF || v.kind == PV_ACT))
        return true;
    if (!p->conv) {
        const KindAttr *ka = kind_attr(row->kind, p->attr);
        bool number = ka && (str_eq(ka->type, "int") || str_eq(ka->type, "float") ||
                             str_eq(ka->type, "axis"));
        return !number || (v.kind != PV_LIST && v.kind != PV_STR);
    }
    PAttrs scratch = {0};
    const char *err = NULL;
    for (int i = 0; i < row->set.len; i++)
        attr_set(a, &scratch, row->set.at[i].name, row->set.at[i].value);
    return p->conv->read(a, &v, kind_spatial(row->kind, &scratch), p->attr, &scratch, &err);
}

/* ---- reading ---- */

static PAttrs copy_attrs(Arena *a, const PAttrs *from)
{
    PAttrs to = {0};
    for (int i = 0; i < from->len; i++) attr_set(a, &to, from->at[i].name, from->at[i].value);
    return to;
}

/* Attributes of from that are new or changed against base go to out; fresh_only: only where out has
 * none. */
static void merge_attrs(Arena *a, PAttrs *out, const PAttrs *from, const PAttrs *base,
                        bool fresh_only)
{
    for (int i = 0; i < from->len; i++) {
        const char *name = from->at[i].name;
        const PValue *had = attr_get(base, name);
        if (had && pv_same(had, &from->at[i].value))
            continue;
        if (fresh_only && attr_get(out, name))
            continue;
        attr_set(a, out, name, from->at[i].value);
    }
}

static void set_unknown(Arena *a, const RowParam *p, const PValue *v, PAttrs *out)
{
    if (!p->conv || !p->conv->sets) {
        attr_set(a, out, p->attr, *v);
        return;
    }
    for (const char *const *s = p->conv->sets; *s; s++) attr_set(a, out, *s, *v);
}

typedef struct RowReader {
    const Dialect *d;
    Arena *a;
    const DialectRow *row;
    int keras;
    PAttrs *out;
    const char **err;
} RowReader;

static bool read_param(const RowReader *r, const RowParam *p, PValue v, bool is_default)
{
    v = dialect_resolve(r->d, r->a, r->keras, p->conv, v);
    if (v.kind == PV_UNKNOWN) {
        set_unknown(r->a, p, &v, r->out);
        return true;
    }
    if (!p->conv) {
        const KindAttr *ka = kind_attr(r->row->kind, p->attr);
        bool nothing = v.kind == PV_UNSET || (v.kind == PV_NONE && ka && ka->optional);
        if (!nothing && !(is_default && attr_get(r->out, p->attr)))
            attr_set(r->a, r->out, p->attr, v);
        return true;
    }
    PAttrs scratch = copy_attrs(r->a, r->out);
    const char *err = NULL;
    bool ok = p->conv->read(r->a, &v, kind_spatial(r->row->kind, r->out), p->attr, &scratch, &err);
    if (!ok)
        *r->err = arena_printf(r->a, "%s: %s", p->name, err ? err : "is not understood");
    if (ok)
        merge_attrs(r->a, r->out, &scratch, r->out, is_default);
    return ok;
}

static void fill(Arena *a, PAttrs *out, const PAttrs *from)
{
    for (int i = 0; i < from->len; i++) {
        if (!attr_get(out, from->at[i].name))
            attr_set(a, out, from->at[i].name, from->at[i].value);
    }
}

/* A number for each spatial axis, where the kind's default is one for all of them. */
static PValue spread(Arena *a, PValue v, int ndim, bool pads)
{
    if (v.kind != PV_INT || ndim <= 0)
        return v;
    PValue list = pv_list(a, ndim);
    for (int i = 0; i < ndim; i++) list.u.list.at[i] = pads ? spread(a, v, 2, false) : v;
    return list;
}

static void fill_defaults(Arena *a, const PivotKind *k, PAttrs *out)
{
    int ndim = kind_spatial(k, out);
    for (int i = 0; i < k->nattrs; i++) {
        const KindAttr *ka = &k->attrs[i];
        if (attr_get(out, ka->name))
            continue;
        PValue v = kind_default(a, k, ka->name);
        if (str_eq(ka->type, "ints") || str_eq(ka->type, "pads"))
            v = spread(a, v, ndim, str_eq(ka->type, "pads"));
        if (v.kind != PV_UNSET)
            attr_set(a, out, ka->name, v);
    }
}

bool dialect_row_read(const Dialect *d, Arena *a, const DialectRow *row, int keras,
                      const PValue *given, PAttrs *out, const char **err)
{
    RowReader r = {d, a, row, row->keras ? row->keras : keras, out, err};
    bool ok = true;
    for (int i = 0; i < row->set.len; i++)
        attr_set(a, out, row->set.at[i].name, row->set.at[i].value);
    for (int i = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        if (given[i].kind == PV_UNSET)
            continue;
        if (p->role == ROLE_ATTR && p->fixed.kind == PV_UNSET)
            ok &= read_param(&r, p, given[i], false);
        if (p->fixed.kind == PV_UNSET || !dialect_param_is_gap(p, &given[i]))
            continue;
        *err = arena_printf(a, "%s: %s is needed here, not %s", p->name, pv_text(a, &p->fixed),
                            pv_text(a, &given[i]));
        ok = false;
    }
    for (int i = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        bool defaulted = given[i].kind == PV_UNSET && p->role == ROLE_ATTR && p->has_default;
        if (defaulted && p->fixed.kind == PV_UNSET)
            ok &= read_param(&r, p, p->dflt, true);
    }
    fill(a, out, &row->implies);
    fill_defaults(a, row->kind, out);
    return ok;
}

/* ---- writing ---- */

static bool str_in(const StrVec *list, const char *s)
{
    for (int i = 0; i < list->len; i++) {
        if (str_eq(list->at[i], s))
            return true;
    }
    return false;
}

static bool param_covers(const RowParam *p, const char *attr)
{
    if (p->role != ROLE_ATTR)
        return false;
    if (!p->conv || !p->conv->sets)
        return str_eq(p->attr, attr);
    for (const char *const *s = p->conv->sets; *s; s++) {
        if (str_eq(*s, attr))
            return true;
    }
    return false;
}

static void list_name(Arena *a, StrVec *list, const char *name)
{
    if (list && !str_in(list, name))
        vec_push(a, list, name);
}

/* Does leaving the parameter out give these attributes? */
static bool default_says(const RowReader *r, const RowParam *p, const PAttrs *attrs,
                         const PValue *v)
{
    if (!p->has_default)
        return false;
    if (row_same_value(v, &p->dflt))
        return true;
    if (p->dflt.kind == PV_LIST && p->dflt.u.list.len == 0) /* dim=(): over all axes, not over these */
        return false;
    if (!p->conv)
        return false;
    PAttrs base = copy_attrs(r->a, attrs), scratch = copy_attrs(r->a, attrs);
    const char *err;
    PValue dflt = dialect_resolve(r->d, r->a, r->keras, p->conv, p->dflt);
    if (dflt.kind == PV_NONE ||
        !p->conv->read(r->a, &dflt, kind_spatial(r->row->kind, attrs), p->attr, &scratch, &err))
        return false;
    for (int i = 0; i < scratch.len; i++) {
        if (!row_same_value(&scratch.at[i].value, attr_get(&base, scratch.at[i].name)))
            return false;
    }
    return true;
}

/* The attribute's value as this parameter says it. False: it cannot. PV_UNSET: there is nothing to
 * say. */
static bool param_value(const RowReader *r, const RowParam *p, const PAttrs *attrs, PValue *v)
{
    if (p->conv) {
        if (!p->conv->write(r->a, attrs, kind_spatial(r->row->kind, attrs), p->attr, v))
            return false;
    } else {
        const PValue *have = attr_get(attrs, p->attr);
        *v = have ? *have : (PValue){.kind = PV_UNSET};
    }
    if (v->kind == PV_NONE && !p->has_default)
        v->kind = PV_UNSET;
    if (v->kind == PV_UNSET)
        return p->has_default || p->rest;
    if (is_act(p->conv) && v->kind == PV_ACT) {
        const char *s = dialect_act_string(r->d, v->u.act);
        if (s)
            *v = pv_str(s);
    }
    if (p->conv && str_eq(p->conv->name, "dtype") && v->kind == PV_STR) {
        const char *s = dialect_dtype_spelling(r->d, v->u.str);
        if (!s)
            return false;
        *v = strchr(s, '.') ? (PValue){.kind = PV_REF, .u.str = s} : pv_str(s);
    }
    if (p->rest && v->kind != PV_LIST) {
        PValue list = pv_list(r->a, 1);
        list.u.list.at[0] = *v;
        *v = list;
    }
    return true;
}

static void cannot(const RowReader *r, const RowParam *p, StrVec *unsaid)
{
    if (!p->conv || !p->conv->sets) {
        list_name(r->a, unsaid, p->attr);
        return;
    }
    for (const char *const *s = p->conv->sets; *s; s++) list_name(r->a, unsaid, *s);
}

static bool said(const Dialect *d, Arena *a, const DialectRow *row, const char *name,
                 const PValue *v)
{
    if (attr_get(&row->set, name) || str_in(&row->moot, name))
        return true;
    for (int i = 0; i < row->params.len; i++) {
        if (param_covers(&row->params.at[i], name))
            return true;
    }
    const PValue *implied = attr_get(&row->implies, name);
    if (implied)
        return row_same_value(implied, v) || dialect_lists(d, "derived", name);
    PValue dflt = kind_default(a, row->kind, name);
    return row_same_value(v, &dflt) || dialect_lists(d, "derived", name);
}

bool dialect_row_write(const Dialect *d, Arena *a, const DialectRow *row, const PAttrs *attrs,
                       PValue *out, StrVec *unsaid, StrVec *noted)
{
    RowReader r = {d, a, row, row->keras, NULL, NULL};
    StrVec missing = {0};
    for (int i = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        out[i] = (PValue){.kind = PV_UNSET};
        if (p->fixed.kind != PV_UNSET)
            out[i] = p->fixed;
        if (p->role != ROLE_ATTR || p->fixed.kind != PV_UNSET)
            continue;
        if (!param_value(&r, p, attrs, &out[i]))
            cannot(&r, p, &missing);
        else if (default_says(&r, p, attrs, &out[i]))
            out[i] = (PValue){.kind = PV_UNSET};
    }
    for (int i = 0; i < attrs->len; i++) {
        const PAttr *at = &attrs->at[i];
        if (kind_attr(row->kind, at->name) && at->value.kind != PV_UNSET &&
            !said(d, a, row, at->name, &at->value))
            list_name(a, &missing, at->name);
    }
    bool ok = true;
    for (int i = 0; i < missing.len; i++) {
        bool training = str_in(&row->noted, missing.at[i]);
        list_name(a, training ? noted : unsaid, missing.at[i]);
        ok &= training;
    }
    return ok;
}
