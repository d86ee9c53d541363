/* Static resolution of the framework's names. Shapes and axis orders are not known here: a layer can be written
 * (its row says all), an operation that is about axes cannot and is flagged "not exercised". */
#include <ctype.h>

#include "dialect/convert.h"
#include "port/class_value.h"
#include "port/question_port.h"
#include "port/static.h"

#include "python/names.h"

#include "port/training.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the file binds ---- */

static void bind_name(Rw *rw, const char *name)
{
    map_set(rw->bound, name, (void *)name);
}

static void bind_target(Rw *rw, Node *t)
{
    if (!t) return;
    if (t->kind == N_NAME) bind_name(rw, t->name);
    if (t->kind == N_TUPLE || t->kind == N_LIST)
        for (int i = 0; i < t->items.len; i++) bind_target(rw, t->items.at[i]);
    if (t->kind == N_STAR || t->kind == N_PAREN) bind_target(rw, t->a);
}

bool static_of_framework(const Rw *rw, const char *module)
{
    const char *dotted = dialect_canonical(rw->from, rw->a, module);
    size_t n = strcspn(dotted, ".");
    if (rw->from == rw->to && !dialect_import_for(rw->to, dotted)) return false; /* it stays as it is imported */
    if (dialect_lists(rw->from, "library_layers", dotted)) return true; /* a library's part for this framework */
    /* the table also has rows for libraries that travel as they are (numpy): those are not the framework */
    return dialect_lists(rw->from, "packages", arena_strndup(rw->a, dotted, n)) && dialect_owns(rw->from, dotted);
}

static void collect_import(Rw *rw, Node *n)
{
    for (int i = 0; i < n->items.len; i++) {
        Node *al = n->items.at[i];
        const char *as = al->asname ? al->asname : al->name;
        char *dotted;
        if (n->kind == N_IMPORT) {
            dotted = arena_strdup(rw->a, al->name);
            if (!al->asname) { /* import a.b binds a */
                char *dot = strchr(dotted, '.');
                if (dot) *dot = '\0';
                as = dotted;
            }
        } else {
            dotted = arena_printf(rw->a, "%s.%s", n->name, al->name);
        }
        if (n->kind == N_IMPORTFROM && n->level == 0 && str_eq(al->name, "*") && static_of_framework(rw, n->name))
            vec_push(rw->a, &rw->stars, n->name);
        if ((n->kind == N_IMPORT || n->level == 0) && static_of_framework(rw, n->kind == N_IMPORT ? al->name : n->name))
            map_set(rw->framework_names, as, dotted);
        else
            bind_name(rw, as);
    }
}

static bool collect(Node *n, void *ctx)
{
    Rw *rw = ctx;
    switch (n->kind) {
    case N_IMPORT:
    case N_IMPORTFROM: collect_import(rw, n); return false;
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++) bind_target(rw, n->items.at[i]);
        break;
    case N_ANNASSIGN:
    case N_AUGASSIGN:
    case N_WALRUS: bind_target(rw, n->a); break;
    case N_FOR:
    case N_COMPFOR: bind_target(rw, n->a); break;
    case N_WITHITEM: bind_target(rw, n->b); break;
    case N_CLASS: bind_name(rw, n->name); break;
    case N_FUNCTION: bind_name(rw, n->name); /* fall through */
    case N_LAMBDA:
        for (int i = 0; i < n->params.list.len; i++) bind_name(rw, n->params.list.at[i].name);
        break;
    default: break;
    }
    return true;
}

bool static_own_helper(const Rw *rw, const Node *n)
{
    for (int i = 0; i < rw->t->own_helpers.len && rw->from != rw->to; i++)
        if (rw->t->own_helpers.at[i] == n) return true;
    return false;
}

/* The dotted name that an expression spells from what imports bind, whatever it means. */
static const char *spelt(Rw *rw, Node *n)
{
    n = node_unparen(n);
    if (n->kind == N_NAME) return map_get(rw->framework_names, n->name);
    const char *of = n->kind == N_ATTRIBUTE ? spelt(rw, n->a) : NULL;
    return of ? arena_printf(rw->a, "%s.%s", of, n->name) : NULL;
}

/* layers = tf.keras.layers: a module of the framework by another name, as an import gives it. */
static const char *module_alias(Rw *rw, const Node *n)
{
    bool plain = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && n->b && node_unparen(n->b)->kind == N_ATTRIBUTE;
    const char *dotted = plain ? spelt(rw, n->b) : NULL;
    if (!dotted || !islower((unsigned char)strrchr(dotted, '.')[1])) return NULL;
    const char *name = dialect_canonical(rw->from, rw->a, dotted);
    bool row = dialect_dtype(rw->from, name) != NULL;
    for (RowForm f = FORM_LAYER; f <= FORM_STRING && !row; f++) row = dialect_read(rw->from, f, name, rw->t->keras_version) != NULL;
    return row ? NULL : dotted;
}

/* Bound there, and nowhere else in the file. */
static bool bound_once(Rw *rw, const char *name)
{
    int n = 0;
    for (int i = 0; i < rw->t->module->root->items.len; i++) n += names_stmt_binds(rw->t->module->root->items.at[i], name);
    return n == 1;
}

bool static_is_alias(Rw *rw, const Node *n)
{
    return rw->from != rw->to && module_alias(rw, n) && map_has(rw->framework_names, n->items.at[0]->name);
}

static void collect_aliases(Rw *rw)
{
    const NodeVec *items = &rw->t->module->root->items;
    for (int i = 0; i < items->len; i++) {
        const char *dotted = module_alias(rw, items->at[i]);
        const char *name = dotted ? items->at[i]->items.at[0]->name : NULL;
        if (!name || !bound_once(rw, name)) continue;
        map_remove(rw->bound, name);
        map_set(rw->framework_names, name, (void *)dotted);
    }
}

void static_collect(Rw *rw)
{
    node_walk(rw->t->module->root, collect, rw);
    if (rw->from != rw->to) collect_aliases(rw);
    for (int i = 0; i < rw->t->own_helpers.len && rw->from != rw->to; i++) {
        const char *name = rw->t->own_helpers.at[i]->name;
        map_remove(rw->bound, name);
        map_set(rw->framework_names, name, arena_printf(rw->a, "%s.%s", DIALECT_HELPERS, name));
    }
}

/* ---- names ---- */

/* Names that a function binds itself: parameters, targets. */
static bool collect_local(Node *n, void *ctx)
{
    Rw *rw = ctx;
    switch (n->kind) {
    case N_FUNCTION:
    case N_LAMBDA:
    case N_CLASS: return false;
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++) bind_target(rw, n->items.at[i]);
        break;
    case N_ANNASSIGN:
    case N_AUGASSIGN:
    case N_WALRUS:
    case N_FOR: bind_target(rw, n->a); break;
    case N_WITHITEM: bind_target(rw, n->b); break;
    default: break;
    }
    return true;
}

static const Map *locals_of(Rw *rw, const Definition *d)
{
    char *key = arena_printf(rw->a, "%d", d->node->id);
    Map *known = map_get(rw->locals, key);
    if (known) return known;
    Map *all = rw->bound;
    known = rw->bound = map_new(rw->a);
    for (int i = 0; i < d->node->params.list.len; i++) bind_name(rw, d->node->params.list.at[i].name);
    for (int i = 0; i < d->node->body.len; i++) node_walk(d->node->body.at[i], collect_local, rw);
    rw->bound = all;
    map_set(rw->locals, key, known);
    return known;
}

/* Does a name mean a variable of a function around it, whatever the file imports under that name? */
static bool is_local(Rw *rw, const Node *n)
{
    if (n->id <= 0 || n->id > rw->t->nids) return false;
    for (const Definition *d = rw->t->definition_of[n->id]; d; d = d->parent)
        if (d->kind == DEF_FUNCTION && d->node->kind == N_FUNCTION && map_has(locals_of(rw, d), n->name)) return true;
    return false;
}

/* A name that only a star import can have bound, where the dialect knows it as one of that module. */
static const char *starred(Rw *rw, const char *name)
{
    if (!rw->stars.len || map_has(rw->bound, name)) return NULL;
    for (int i = 0; i < rw->stars.len; i++) {
        const char *dotted = dialect_canonical(rw->from, rw->a, arena_printf(rw->a, "%s.%s", rw->stars.at[i], name));
        bool known = dialect_lists(rw->from, "input_functions", dotted);
        for (RowForm f = FORM_LAYER; f <= FORM_FUNCTION && !known; f++)
            known = dialect_read(rw->from, f, dotted, rw->t->keras_version) != NULL;
        if (known) return dotted;
    }
    return NULL;
}

const char *static_dotted(Rw *rw, Node *n)
{
    n = node_unparen(n);
    if (n->kind == N_NAME) {
        if (map_has(rw->framework_names, n->name) && is_local(rw, n)) return NULL;
        const char *d = map_get(rw->framework_names, n->name);
        return d ? dialect_canonical(rw->from, rw->a, d) : starred(rw, n->name);
    }
    if (n->kind != N_ATTRIBUTE) return NULL;
    const char *of = static_dotted(rw, n->a);
    return of ? dialect_canonical(rw->from, rw->a, arena_printf(rw->a, "%s.%s", of, n->name)) : NULL;
}

static Node *with_map(Rw *rw, Node *made, Node *site)
{
    made->map = map_for(rw, site);
    made->from = site;
    return made;
}

/* A class of the framework for which the target has a helper of the same use: "neutral:NAME" of the source names the
 * use, "helper:USE" of the target the helper. */
static Node *neutral_helper(Rw *rw, const char *dotted)
{
    const char *use = dialect_fact(rw->from, arena_printf(rw->a, "neutral:%s", dotted));
    const char *helper = use ? dialect_fact(rw->to, arena_printf(rw->a, "helper:%s", use)) : NULL;
    return helper ? helper_of(rw, helper) : NULL;
}

/* What a class of the framework, used as a value, became where it was called; NULL: it was not, or differed. */
static const char *called_as(Rw *rw, const char *dotted)
{
    const char *all = NULL;
    for (int i = 0; i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->kind != EV_LAYER || !str_eq(e->dotted, dotted) || e->site->node->id <= 0) continue;
        Plan *p = plan_for(rw, e->site->node);
        for (int k = 0; p && !p->unsupported && k < p->steps.len; k++) {
            PlanStep *s = &p->steps.at[k];
            if (s->place != STEP_MAIN || !s->kind || s->ready) continue;
            const DialectRow *row = row_for(rw, FORM_LAYER, s->kind, s->attrs.at, s->attrs.len);
            if (!row || row->helper || (all && !str_eq(all, row->names.at[0]))) return NULL;
            all = row->names.at[0];
        }
    }
    return all;
}

static Node *static_function(Rw *rw, Node *n, const DialectRow *row);

/* F.gelu as a value: the target's function, with the options that give what the source's does by default. NULL: it takes
 * more than a tensor, or nobody can say it in one call. */
static Node *function_value(Rw *rw, Node *n, const DialectRow *row)
{
    if (!row->params.len || row->params.at[0].role != ROLE_INPUT) return NULL;
    for (int i = 1; i < row->params.len; i++)
        if (row->params.at[i].role == ROLE_INPUT || (!row->params.at[i].has_default && row->params.at[i].role == ROLE_ATTR)) return NULL;
    Node *call = py_call(rw->a, n), *x = py_name(rw->a, "x");
    vec_push(rw->a, &call->items, x);
    Node *made = static_function(rw, call, row);
    if (!made || made->kind != N_CALL || !made->items.len || made->items.at[0]->kind != N_NAME || !str_eq(made->items.at[0]->name, "x"))
        return NULL;
    Node *rest = py_call(rw->a, made->a);
    for (int i = 1; i < made->items.len; i++) {
        if (made->items.at[i]->kind != N_KEYWORD) return NULL;
        vec_push(rw->a, &rest->items, made->items.at[i]);
    }
    return class_value_of(rw, rest);
}

bool static_says_function(Rw *rw, const char *dotted)
{
    const DialectRow *row = rw->from == rw->to ? NULL : dialect_read(rw->from, FORM_FUNCTION, dotted, rw->t->keras_version);
    return row && function_value(rw, py_name(rw->a, "f"), row);
}

Node *static_name(Rw *rw, Node *n, const char *dotted)
{
    Node *helper = rw->from == rw->to ? NULL : neutral_helper(rw, dotted);
    if (helper) return with_map(rw, helper, n);
    if (rw->from == rw->to) return with_map(rw, name_of(rw, dotted), n);
    Node *value = class_value_name(rw, dotted);
    if (value) return with_map(rw, value, n);
    static const RowForm forms[] = {FORM_LAYER, FORM_FUNCTION};
    for (int i = 0; i < 2; i++) {
        const DialectRow *r = dialect_read(rw->from, forms[i], dotted, rw->t->keras_version);
        if (!r) continue;
        Node *function = forms[i] == FORM_FUNCTION ? function_value(rw, n, r) : NULL;
        if (function) return with_map(rw, function, n);
        const DialectRow *w = dialect_write(rw->to, forms[i], r->kind->name, &r->set);
        if (!w && forms[i] == FORM_LAYER) w = dialect_write(rw->to, FORM_FUNCTION, r->kind->name, &r->set);
        if (w) return with_map(rw, name_of(rw, w->names.at[0]), n);
    }
    if (dialect_lists(rw->from, "none_names", dotted)) return with_map(rw, py_none(rw->a), n);
    const char *called = called_as(rw, dotted);
    if (called) return with_map(rw, name_of(rw, called), n);
    const char *dtype = dialect_dtype(rw->from, dotted);
    if (dtype) {
        const char *spelled = dialect_dtype_spelling(rw->to, dtype);
        if (spelled && strchr(spelled, '.')) return with_map(rw, name_of(rw, spelled), n);
        return with_map(rw, py_str(rw->a, spelled ? spelled : dtype), n);
    }
    if (dialect_is_module_base(rw->from, dotted) && rw->to->module_bases.len)
        return with_map(rw, name_of(rw, rw->to->module_bases.at[0]), n);
    flag(rw, n, "%s has no counterpart", dotted);
    return n;
}

/* ---- calls ---- */

/* Binds the arguments of a call to a row's parameters, by syntax. False where * or ** hides them. */
static bool bind_arguments(Rw *rw, const DialectRow *row, Node *call, SiteArg *args, PValue *given)
{
    int pos = 0;
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        int at = -1;
        if (x->kind == N_STAR || x->kind == N_DSTAR) return false;
        if (x->kind == N_KEYWORD) {
            for (int k = 0; k < row->params.len; k++)
                if (str_eq(row->params.at[k].name, x->name)) at = k;
            x = x->a;
        } else if (pos < row->params.len && !row->params.at[pos].keyword_only) {
            at = pos;
            if (!row->params.at[pos].rest) pos++;
        }
        if (at < 0) return false;
        args[at] = (SiteArg){.expr = x, .given = true, .value = node_literal(rw, x)};
        given[at] = args[at].value;
    }
    return true;
}

Node *static_layer(Rw *rw, Node *n, const DialectRow *row)
{
    Event *e = ARENA_NEW(rw->a, Event);
    Site *s = ARENA_NEW(rw->a, Site);
    s->node = n;
    e->kind = EV_LAYER;
    e->site = s;
    e->row = row;
    e->args = ARENA_ARRAY(rw->a, SiteArg, row->params.len + 1);
    PValue *given = ARENA_ARRAY(rw->a, PValue, row->params.len + 1);
    if (!bind_arguments(rw, row, n, e->args, given)) return NULL;
    for (int i = 0; i < row->params.len; i++)
        if (row->params.at[i].conv)
            given[i] = dialect_resolve(rw->from, rw->a, rw->t->keras_version, row->params.at[i].conv, given[i]);
    const char *err = NULL;
    dialect_row_read(rw->from, rw->a, row, rw->t->keras_version, given, &e->attrs, &err);
    e->layer = ARENA_NEW(rw->a, PivotLayer);
    e->layer->kind = row->kind;
    e->layer->attrs = e->attrs;
    e->layer->site = n->id;
    Plan *p = plan_make(rw, &e, 1, false);
    if (p->unsupported) return NULL;
    note(rw, "line %d: not exercised by any traced network", static_line(rw, n));
    NodeVec items = {0};
    StrVec unsaid = {0};
    for (int i = 0; i < p->steps.len; i++) vec_push(rw->a, &items, step_construct(rw, &p->steps.at[i], &unsaid));
    if (unsaid.len) return NULL;
    return items.len == 1 ? items.at[0] : sequential_node(rw, &items);
}

int static_line(Rw *rw, Node *n)
{
    int line, col;
    source_position(rw->t->module->src, n->span.start, &line, &col);
    return line;
}

/* Are axes given, or is there no way to mean all of them? */
static bool names_axes(const DialectRow *row, const SiteArg *args)
{
    for (int i = 0; i < row->kind->nattrs; i++) {
        const KindAttr *k = &row->kind->attrs[i];
        if (!str_eq(k->type, "axes")) continue;
        if (!k->optional) return true;
        for (int p = 0; p < row->params.len; p++)
            if (str_eq(row->params.at[p].attr, k->name) && args[p].given && args[p].expr && args[p].expr->kind != N_NONE) return true;
    }
    return false;
}

/* torch.full((n, n), 0.0): made of nothing, and of too few axes for an image. */
static bool makes_matrix(const DialectRow *row, const Node *call)
{
    for (int i = 0; i < row->params.len; i++)
        if (row->params.at[i].role == ROLE_INPUT || row->params.at[i].role == ROLE_INPUT_LIST) return false;
    const Node *x = call->items.len ? node_unparen(call->items.at[0]) : NULL;
    return x && (x->kind == N_TUPLE || x->kind == N_LIST) && x->items.len <= 2;
}

/* Element-wise functions need no shapes, and neither does a reduction of all axes. */
static Node *static_function(Rw *rw, Node *n, const DialectRow *row)
{
    if (row->kind->group != GROUP_ACTIVATION && row->kind->group != GROUP_OP) return NULL;
    for (int i = 0; i < row->kind->nattrs; i++) {
        const char *type = row->kind->attrs[i].type;
        if (str_eq(type, "axis") || (str_eq(type, "shape") && !makes_matrix(row, n))) return NULL;
    }
    SiteArg *args = ARENA_ARRAY(rw->a, SiteArg, row->params.len + 1);
    PValue *given = ARENA_ARRAY(rw->a, PValue, row->params.len + 1);
    if (!bind_arguments(rw, row, n, args, given) || names_axes(row, args)) return NULL;
    Node *inputs[8] = {0};
    int ni = 0;
    PlanAttrVec attrs = {0};
    PAttrs read = {0}; /* what the literals say */
    const char *err = NULL;
    dialect_row_read(rw->from, rw->a, row, rw->t->keras_version, given, &read, &err);
    if (err) return NULL;
    for (int i = 0; i < row->set.len; i++) {
        PlanAttr a = {.name = row->set.at[i].name, .value = row->set.at[i].value};
        vec_push(rw->a, &attrs, a);
    }
    for (int i = 0; i < row->params.len; i++) {
        const RowParam *p = &row->params.at[i];
        if (p->role == ROLE_INPUT && args[i].expr && p->input < 8) {
            inputs[p->input] = rewrite_expr(rw, args[i].expr);
            if (p->input >= ni) ni = p->input + 1;
        } else if (p->role == ROLE_ATTR && args[i].expr) {
            PlanAttr a = {.name = p->attr, .value = {.kind = PV_UNSET}};
            bool literal = node_is_literal(args[i].expr);
            const PValue *v = attr_get(&read, p->attr);
            if (literal && v) a.value = *v;
            if (!literal && p->conv && p->conv->carry != CARRY_SAME) return NULL;
            if (!literal) a.expr = rewrite_expr(rw, args[i].expr);
            vec_push(rw->a, &attrs, a);
        } else if (p->role == ROLE_ATTR && p->has_default) { /* the source's default, which may not be the target's */
            const PValue *v = attr_get(&read, p->attr);
            PlanAttr a = {.name = p->attr, .value = v ? *v : (PValue){.kind = PV_UNSET}};
            if (v) vec_push(rw->a, &attrs, a);
        } else if (args[i].expr && p->role != ROLE_INERT) {
            return NULL;
        }
    }
    const DialectRow *w = row_for(rw, FORM_FUNCTION, row->kind->name, attrs.at, attrs.len);
    if (!w) return NULL;
    StrVec unsaid = {0};
    Node *call = call_build(rw, w, attrs.at, attrs.len, inputs, ni, &unsaid);
    return unsaid.len ? NULL : call;
}

static bool site_has_container(Rw *rw, Node *n)
{
    int count;
    site_events(rw, n, EV_CONTAINER, &count);
    return count > 0;
}

/* Is this the building of something that will be called: a value of self.name, an item of a Sequential? */
static bool builds_module(Rw *rw, const Node *n)
{
    Node *p = n->id > 0 ? rw->t->parent[n->id] : NULL;
    if (!rw->cls || rw->in_forward || !p) return false;
    if (p->kind == N_ASSIGN && p->items.len == 1 && p->items.at[0]->kind == N_ATTRIBUTE) return true;
    return p->kind == N_CALL && p->a != n && site_has_container(rw, p);
}

Node *no_counterpart(Rw *rw, Node *n, const char *why)
{
    const char *err = NULL, *code = question_unsupported(rw, n, why);
    Node *typed = code ? py_parse_expr(rw->a, code, &err) : NULL;
    if (typed) return with_map(rw, typed, n);
    if (!builds_module(rw, n)) {
        flag(rw, n, "%s", why);
        return n;
    }
    flag_stub(rw, why);
    Node *stub = py_call(rw->a, helper_of(rw, "Unported"));
    vec_push(rw->a, &stub->items, py_str(rw->a, why));
    return with_map(rw, stub, n);
}

bool static_trains_alone(const Rw *rw, const char *dotted)
{
    const char *dot = dotted ? strrchr(dotted, '.') : NULL;
    if (!dot) return false;
    const char *module = arena_strndup(rw->a, dotted, (size_t)(dot - dotted));
    return dialect_lists(rw->from, "training_alone", dotted) || dialect_lists(rw->from, "training_alone", module);
}

typedef struct Called {
    const char *name;
    bool found;
} Called;

static bool find_called(Node *n, void *ctx)
{
    Called *c = ctx;
    const Node *f = n->kind == N_CALL ? n->a : NULL;
    c->found |= f && (f->kind == N_NAME || f->kind == N_ATTRIBUTE) && str_eq(f->name, c->name);
    return !c->found;
}

/* An initializer or a regularizer that is handed on, to layers in the end, whose counterparts take none: None. One that the
 * code calls itself makes numbers. */
static Node *about_training(Rw *rw, Node *n, const char *dotted)
{
    const Node *up = n->id > 0 && n->id <= rw->t->module->nnodes ? rw->t->parent[n->id] : NULL;
    if (rw->from == rw->to || !up || !static_trains_alone(rw, dotted)) return NULL;
    if ((up->kind == N_CALL && up->a == n) || up->kind == N_ATTRIBUTE) return NULL;
    for (int i = 0; up->kind == N_ASSIGN && i < up->items.len; i++) {
        const Node *to = up->items.at[i];
        Called c = {.name = to->kind == N_NAME || to->kind == N_ATTRIBUTE ? to->name : NULL};
        if (c.name) node_walk(rw->t->module->root, find_called, &c);
        if (!c.name || c.found) return NULL;
    }
    note(rw, "line %d: %s is left out: it is about training alone", static_line(rw, n), dotted);
    return with_map(rw, py_none(rw->a), n);
}

Node *static_call(Rw *rw, Node *n, const char *dotted)
{
    if (rw->from != rw->to && dialect_lists(rw->from, "false_functions", dotted))
        return with_map(rw, py_bool(rw->a, false), n);
    const char *configured = rw->from == rw->to ? NULL : dialect_fact(rw->from, arena_printf(rw->a, "value:%s", dotted));
    if (configured) {
        char *end;
        double number = strtod(configured, &end);
        return with_map(rw, *configured && !*end ? py_float(rw->a, number) : py_str(rw->a, configured), n);
    }
    Node *made = config_call(rw, n, dotted);
    if (made) return made == n ? n : with_map(rw, made, n);
    const DialectRow *row = dialect_read(rw->from, FORM_LAYER, dotted, rw->t->keras_version);
    if (row && row->kind->group == GROUP_CONTAINER) return rewrite_container_site(rw, n);
    bool trains = row && (row->kind->group == GROUP_LOSS || row->kind->group == GROUP_OPTIMIZER ||
                          row->kind->group == GROUP_METRIC);
    if (row && !(trains && rw->from == rw->to)) made = static_layer(rw, n, row); /* training code stays as it is */
    if (!made) {
        row = dialect_read(rw->from, FORM_FUNCTION, dotted, rw->t->keras_version);
        if (row) made = static_function(rw, n, row);
    }
    if (made) return with_map(rw, made, n);
    if (rw->from != rw->to && (made = neutral_helper(rw, dotted)) != NULL) {
        Node *call = py_call(rw->a, made);
        for (int i = 0; i < n->items.len; i++) {
            Node *x = n->items.at[i];
            const char *key = arena_printf(rw->a, "inert_arguments:%s", dotted);
            if (x->kind == N_KEYWORD && dialect_lists(rw->from, key, x->name)) continue;
            key = arena_printf(rw->a, "gap_arguments:%s", dotted);
            if (x->kind == N_KEYWORD && dialect_lists(rw->from, key, x->name))
                flag(rw, n, "%s of %s has no counterpart", x->name, dotted);
            vec_push(rw->a, &call->items, rewrite_expr(rw, x));
        }
        return with_map(rw, call, n);
    }
    if (rw->from == rw->to) {
        Node *copy = node_copy(rw->a, n);
        copy->a = name_of(rw, dotted);
        for (int i = 0; i < n->items.len; i++) copy->items.at[i] = rewrite_expr(rw, n->items.at[i]);
        return copy;
    }
    made = about_training(rw, n, dotted);
    return made ? made : no_counterpart(rw, n, arena_printf(rw->a, "%s has no counterpart", dotted));
}
