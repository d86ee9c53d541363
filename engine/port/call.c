/* A pivot kind with attributes -> a call of the target, by the target's row for that kind.
 *
 * Arguments at the target's default are left out. An attribute that the row cannot say is reported to the
 * caller (unsaid), as is a parameter the target requires and nobody knows ("?in_channels"): nothing is dropped
 * in silence. */
#include <math.h>
#include <string.h>

#include "dialect/convert.h"
#include "port/rw.h"

Node *name_of(Rw *rw, const char *dotted)
{
    const char *import = NULL;
    const char *spelled = dialect_spelling(rw->to, rw->a, dotted, &import);
    const char *dot = strchr(spelled, '.');
    char *first = dot ? arena_strndup(rw->a, spelled, (size_t)(dot - spelled)) : arena_strdup(rw->a, spelled);
    if (map_has(rw->bound, first)) { /* a local of that name would shadow the import: spell it in full */
        const char *end = strchr(dotted, '.');
        char *root = end ? arena_strndup(rw->a, dotted, (size_t)(end - dotted)) : arena_strdup(rw->a, dotted);
        import = arena_printf(rw->a, "import %s", root);
        spelled = dotted;
    }
    if (import) map_set(rw->imports, import, (void *)import);
    return py_name(rw->a, spelled);
}

Node *helper_of(Rw *rw, const char *name)
{
    map_set(rw->helpers, name, (void *)name);
    return py_name(rw->a, helper_spelling(rw, name));
}

const char *helper_spelling(Rw *rw, const char *name)
{
    return map_has(rw->bound, name) ? arena_printf(rw->a, "%s_", name) : name;
}

Node *value_node(Rw *rw, const PValue *v)
{
    const char *err = NULL;
    switch (v->kind) {
    case PV_BOOL: return py_bool(rw->a, v->u.b);
    case PV_INT: return py_int(rw->a, v->u.i);
    case PV_SIZE: return py_int(rw->a, v->u.size.n);
    case PV_FLOAT:
        if (isinf(v->u.f)) return py_parse_expr(rw->a, v->u.f < 0 ? "float(\"-inf\")" : "float(\"inf\")", &err);
        return py_float(rw->a, v->u.f);
    case PV_STR: return py_str(rw->a, v->u.str);
    case PV_LIST: {
        Node *t = py_tuple(rw->a, true);
        for (int i = 0; i < v->u.list.len; i++) vec_push(rw->a, &t->items, value_node(rw, &v->u.list.at[i]));
        return t;
    }
    case PV_REF: {
        Node *n = py_parse_expr(rw->a, v->u.str, &err);
        return n ? n : py_none(rw->a);
    }
    case PV_ACT: return py_str(rw->a, v->u.act->kind);
    case PV_UNSET:
    case PV_NONE:
    case PV_UNKNOWN: break;
    }
    return py_none(rw->a);
}

PValue node_literal(Rw *rw, Node *n)
{
    n = node_unparen(n);
    switch (n->kind) {
    case N_INT: return n->big ? pv_unknown("a large integer") : pv_int(n->num.i);
    case N_FLOAT: return pv_float(n->num.f);
    case N_STRING: return pv_str(n->str);
    case N_TRUE: return pv_bool(true);
    case N_FALSE: return pv_bool(false);
    case N_NONE: return pv_none();
    case N_UNARY: {
        PValue v = node_literal(rw, n->a);
        if (!str_eq(n->op, "-")) break;
        if (v.kind == PV_INT) return pv_int(-v.u.i);
        if (v.kind == PV_FLOAT) return pv_float(-v.u.f);
        break;
    }
    case N_TUPLE:
    case N_LIST: {
        PValue l = pv_list(rw->a, n->items.len);
        for (int i = 0; i < n->items.len; i++) {
            l.u.list.at[i] = node_literal(rw, n->items.at[i]);
            if (l.u.list.at[i].kind == PV_UNKNOWN) return l.u.list.at[i];
        }
        return l;
    }
    default: break;
    }
    return pv_unknown("not a literal");
}

bool node_is_literal(const Node *n)
{
    n = node_unparen((Node *)n);
    switch (n->kind) {
    case N_INT: case N_FLOAT: case N_STRING: case N_TRUE: case N_FALSE: case N_NONE: return true;
    case N_UNARY: return node_is_literal(n->a);
    case N_TUPLE: case N_LIST:
        for (int i = 0; i < n->items.len; i++)
            if (!node_is_literal(n->items.at[i])) return false;
        return true;
    default: return false;
    }
}

static PlanAttr *find_attr(PlanAttr *attrs, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (str_eq(attrs[i].name, name)) return &attrs[i];
    return NULL;
}

static Node *said(Rw *rw, const PlanAttr *at, long long dflt)
{
    if (at && at->expr) return at->expr;
    return py_int(rw->a, at && at->value.kind == PV_INT ? at->value.u.i : dflt);
}

/* out_channels=in_channels * depth_multiplier, where one of them is an expression. */
static Node *product(Rw *rw, PlanAttr *attrs, int n, const RowParam *p)
{
    const PlanAttr *at = find_attr(attrs, n, p->attr), *factor = find_attr(attrs, n, p->conv->factor);
    if (!factor || (!factor->expr && (factor->varies || factor->value.kind != PV_INT))) return NULL;
    if (!factor->expr && !(at && at->expr)) return NULL; /* two numbers: the conversion has their product */
    Node *x = said(rw, factor, 1), *times = said(rw, at, 1);
    return times->kind == N_INT && times->num.i == 1 ? x : py_binary(rw->a, x, "*", times);
}

/* The expression that says the attribute of this parameter, where there is one. */
static Node *expression_for(Rw *rw, PlanAttr *attrs, int n, const RowParam *p)
{
    PlanAttr *at = p->role == ROLE_ATTR ? find_attr(attrs, n, p->attr) : NULL;
    if (p->role == ROLE_ATTR && p->conv && p->conv->factor) return product(rw, attrs, n, p);
    return at ? at->expr : NULL;
}

/* Does a parameter wait for another attribute's number, which differs or is still to be found? */
static bool waits(PlanAttr *attrs, int n, const RowParam *p)
{
    const PlanAttr *factor = p->role == ROLE_ATTR && p->conv && p->conv->factor ? find_attr(attrs, n, p->conv->factor) : NULL;
    bool lacks = p->role == ROLE_ATTR && p->conv && p->conv->factor && !factor;
    return lacks || (factor && !factor->expr && (factor->varies || factor->value.kind != PV_INT));
}

static bool says(const RowParam *p, const char *attr)
{
    if (p->role != ROLE_ATTR) return false;
    if (str_eq(p->attr, attr)) return true;
    for (const char *const *s = p->conv ? p->conv->sets : NULL; s && *s; s++)
        if (str_eq(*s, attr)) return true;
    return false;
}

/* Is this attribute said by a parameter that is given as an expression? */
static bool said_by_expression(Rw *rw, const DialectRow *row, PlanAttr *attrs, int n, const char *attr)
{
    for (int i = 0; i < row->params.len; i++)
        if (says(&row->params.at[i], attr) && expression_for(rw, attrs, n, &row->params.at[i])) return true;
    return false;
}

static void push_arg(Rw *rw, Node *call, const RowParam *p, bool positional, Node *arg)
{
    if (p->rest && (arg->kind == N_TUPLE || arg->kind == N_LIST)) {
        for (int i = 0; i < arg->items.len; i++) vec_push(rw->a, &call->items, arg->items.at[i]);
    } else if (positional || p->rest) {
        vec_push(rw->a, &call->items, arg);
    } else {
        vec_push(rw->a, &call->items, py_kw(rw->a, p->name, arg));
    }
}

/* An optional tensor travels as an attribute "?name". */
static Node *optional_input(Rw *rw, PlanAttr *attrs, int n, const RowParam *p)
{
    PlanAttr *at = find_attr(attrs, n, arena_printf(rw->a, "?%s", p->attr));
    return at ? at->expr : NULL;
}

/* What the row cannot say, what it requires and nobody knows ("?name"), what differs between instances ("~name"). */
static void report_unsaid(Rw *rw, const DialectRow *row, PlanAttr *attrs, int nattrs, const PValue *args,
                          const StrVec *cannot, StrVec *unsaid)
{
    for (int i = 0; i < cannot->len; i++) {
        bool required = false; /* reported below, as missing */
        for (int k = 0; k < row->params.len; k++)
            required |= says(&row->params.at[k], cannot->at[i]) && waits(attrs, nattrs, &row->params.at[k]);
        for (int k = 0; k < row->params.len; k++)
            required |= says(&row->params.at[k], cannot->at[i]) && !row->params.at[k].has_default &&
                        args[k].kind == PV_UNSET;
        if (!required && !said_by_expression(rw, row, attrs, nattrs, cannot->at[i]))
            vec_push(rw->a, unsaid, cannot->at[i]);
    }
    for (int i = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        if (p->role != ROLE_ATTR || expression_for(rw, attrs, nattrs, p)) continue;
        PlanAttr *at = find_attr(attrs, nattrs, p->attr);
        if (at && at->varies)
            vec_push(rw->a, unsaid, arena_printf(rw->a, "~%s", p->attr));
        else if (!p->has_default && !p->rest && args[i].kind == PV_UNSET && !waits(attrs, nattrs, p))
            vec_push(rw->a, unsaid, arena_printf(rw->a, "?%s", p->attr));
    }
    for (int i = 0; i < nattrs; i++) {
        bool about = attrs[i].name[0] != '?';
        for (int k = 0; k < row->params.len; k++)
            about |= row->params.at[k].role == ROLE_INPUT_OPTIONAL && str_eq(row->params.at[k].attr, attrs[i].name + 1);
        if (!about) vec_push(rw->a, unsaid, attrs[i].name + 1);
    }
    for (int i = 0; i < nattrs; i++) { /* attributes that vary and that no parameter of the row is about */
        bool about = false;
        for (int k = 0; k < row->params.len; k++) about |= says(&row->params.at[k], attrs[i].name);
        if (attrs[i].varies && !about && !dialect_lists(rw->to, "derived", attrs[i].name))
            vec_push(rw->a, unsaid, arena_printf(rw->a, "~%s", attrs[i].name));
    }
}

/* The arguments of a row, and what it leaves unsaid. */
static PValue *row_arguments(Rw *rw, const DialectRow *row, PlanAttr *attrs, int nattrs, StrVec *unsaid)
{
    PAttrs values = {0};
    for (int i = 0; i < nattrs; i++)
        if (!attrs[i].varies && kind_attr(row->kind, attrs[i].name))
            attr_set(rw->a, &values, attrs[i].name, attrs[i].value);
    PValue *args = ARENA_ARRAY(rw->a, PValue, row->params.len + 1);
    StrVec cannot = {0};
    dialect_row_write(rw->to, rw->a, row, &values, args, &cannot, NULL);
    report_unsaid(rw, row, attrs, nattrs, args, &cannot, unsaid);
    return args;
}

/* Does the row leave more unsaid than numbers that are still to be found? */
static bool falls_short(const StrVec *unsaid)
{
    for (int i = 0; i < unsaid->len; i++)
        if (unsaid->at[i][0] != '?' && unsaid->at[i][0] != '~') return true;
    return false;
}

const DialectRow *row_for(Rw *rw, RowForm form, const char *kind, PlanAttr *attrs, int nattrs)
{
    PAttrs values = {0};
    StrVec unsaid = {0};
    for (int i = 0; i < nattrs; i++) {
        bool unset = attrs[i].value.kind == PV_UNSET; /* with an expression: given, and not known */
        bool open = attrs[i].differs && attrs[i].expr; /* a row for one number says it of one of the places only */
        if (open) attr_set(rw->a, &values, attrs[i].name, (PValue){.kind = PV_UNKNOWN});
        else if (!attrs[i].varies && !unset) attr_set(rw->a, &values, attrs[i].name, attrs[i].value);
        else if (unset && attrs[i].expr) attr_set(rw->a, &values, attrs[i].name, (PValue){.kind = PV_UNKNOWN});
    }
    const DialectRow *plain = dialect_write(rw->to, form, kind, &values);
    if (!plain && form == FORM_FUNCTION) plain = dialect_write(rw->to, FORM_METHOD, kind, &values);
    if (plain) row_arguments(rw, plain, attrs, nattrs, &unsaid);
    if (plain && !falls_short(&unsaid)) return plain;
    for (const DialectRow *h = NULL; (h = dialect_helper(rw->to, form, kind, &values, h));) {
        unsaid.len = 0;
        row_arguments(rw, h, attrs, nattrs, &unsaid);
        if (!falls_short(&unsaid)) return h;
    }
    return plain;
}

Node *call_build(Rw *rw, const DialectRow *row, PlanAttr *attrs, int nattrs, Node **inputs, int ninputs,
                 StrVec *unsaid)
{
    PValue *args = row_arguments(rw, row, attrs, nattrs, unsaid);
    bool method = row->form == FORM_METHOD;
    Node *call = py_call(rw->a, method        ? py_attr(rw->a, inputs[0], row->names.at[0])
                                : row->helper ? helper_of(rw, row->names.at[0])
                                              : name_of(rw, row->names.at[0]));
    bool positional = true;
    for (int i = method ? 1 : 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        if (p->keyword_only) positional = false;
        bool is_input = p->role == ROLE_INPUT || p->role == ROLE_INPUT_LIST;
        Node *arg = NULL;
        if (p->role == ROLE_INPUT) arg = p->input < ninputs ? inputs[p->input] : NULL;
        else if (p->role == ROLE_INPUT_LIST) arg = ninputs ? inputs[0] : NULL;
        else if (p->role == ROLE_INPUT_OPTIONAL) arg = optional_input(rw, attrs, nattrs, p);
        else if (p->role == ROLE_ATTR && expression_for(rw, attrs, nattrs, p)) arg = expression_for(rw, attrs, nattrs, p);
        else if (p->role == ROLE_ATTR && args[i].kind != PV_UNSET) arg = value_node(rw, &args[i]);
        if (!arg) {
            if (!p->rest) positional = false;
            continue;
        }
        push_arg(rw, call, p, positional && (is_input || i < row->positional), arg);
    }
    return call;
}
