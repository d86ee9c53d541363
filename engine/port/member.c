/* Both frameworks freeze a module as a whole, PyTorch by a method and Keras by an attribute; PyTorch code mostly walks the
 * weights. A dialect has "freeze_method" or "freeze_attribute", "weights_method" and "frozen" (the flag of one weight). */
#include "port/member.h"
#include "dialect/held.h"
#include "port/class.h"
#include "port/static.h"
#include "port/training.h"

#include <string.h>

#define NOTE_NORMS                                                                                                     \
    "a normalisation of a frozen module uses its moving statistics in Keras; in PyTorch it does so after eval() only"

static Node *frozen(Rw *rw, Node *n, Node *module, Node *value)
{
    const char *method = dialect_fact(rw->to, "freeze_method"), *attribute = dialect_fact(rw->to, "freeze_attribute");
    Node *of = rewrite_expr(rw, module), *made;
    if (method) {
        Node *call = py_call(rw->a, py_attr(rw->a, of, method));
        vec_push(rw->a, &call->items, rewrite_expr(rw, value));
        made = py_expr_stmt(rw->a, call);
    } else if (attribute) {
        made = py_assign(rw->a, py_attr(rw->a, of, attribute), rewrite_expr(rw, value));
    } else {
        return NULL;
    }
    note(rw, NOTE_NORMS);
    made->from = n;
    return made;
}

/* X.weights() */
static Node *weights_of(Rw *rw, Node *n)
{
    const char *weights = dialect_fact(rw->from, "weights_method");
    n = node_unparen(n);
    bool call = weights && n->kind == N_CALL && !n->items.len && n->a->kind == N_ATTRIBUTE && str_eq(n->a->name, weights);
    return call ? n->a->a : NULL;
}

/* The value that one weight's flag gets: p.requires_grad = V, p.requires_grad_(V). */
static Node *flag_value(Rw *rw, Node *n, const char *name)
{
    const char *flag = dialect_fact(rw->from, "frozen"), *method = dialect_fact(rw->from, "freeze_method");
    Node *t = n->kind == N_ASSIGN && n->items.len == 1 ? n->items.at[0] : NULL;
    if (t && t->kind == N_ATTRIBUTE && t->a->kind == N_NAME && str_eq(t->a->name, name) && str_eq(t->name, flag)) return n->b;
    Node *c = n->kind == N_EXPR && n->a->kind == N_CALL ? n->a : NULL;
    bool called = c && c->a->kind == N_ATTRIBUTE && str_eq(c->a->name, method) && c->a->a->kind == N_NAME &&
                  str_eq(c->a->a->name, name);
    if (!called) return NULL;
    return c->items.len ? c->items.at[0] : py_bool(rw->a, true);
}

static Node *freeze_loop(Rw *rw, Node *n)
{
    Node *module = n->a->kind == N_NAME && n->body.len == 1 && !n->orelse.len ? weights_of(rw, n->b) : NULL;
    Node *value = module ? flag_value(rw, n->body.at[0], n->a->name) : NULL;
    if (!value) return NULL;
    account(rw, n->body.at[0], FATE_PORTED, NULL);
    return frozen(rw, n, module, value);
}

/* ---- weights that two layers share ---- */

static bool is_weight(Rw *rw, const Node *n)
{
    const char *weight = dialect_fact(rw->from, "matrix_weight");
    return weight && n->kind == N_ATTRIBUTE && str_eq(n->name, weight) && n->a->kind == N_ATTRIBUTE;
}

/* The kind of the layers that an expression reaches, by its last name; *bias: what they all have. NULL: they differ. */
static const char *layers_named(Rw *rw, const Node *of, bool *bias)
{
    const char *kind = NULL;
    for (int i = 0; i < rw->t->events.len; i++) {
        const PivotLayer *l = rw->t->events.at[i]->kind == EV_LAYER ? rw->t->events.at[i]->layer : NULL;
        const char *dot = l && l->name ? strrchr(l->name, '.') : NULL, *name = dot ? dot + 1 : l ? l->name : NULL;
        if (!str_eq(name, of->name)) continue;
        bool has = attr_bool(&l->attrs, "bias", true);
        if (kind && (!str_eq(kind, l->kind->name) || has != *bias)) return NULL;
        kind = l->kind->name;
        *bias = has;
    }
    return kind;
}

/* head.weight = embed.weight: one set of weights for two layers. The target's dense layer is made of the other. */
static Node *tied(Rw *rw, Node *n)
{
    const char *helper = dialect_fact(rw->to, "helper:tied");
    Node *t = n->kind == N_ASSIGN && n->items.len == 1 ? n->items.at[0] : NULL, *v = t ? node_unparen(n->b) : NULL;
    if (!t || !is_weight(rw, t) || !is_weight(rw, v)) return NULL;
    bool bias = false, unused;
    Node *dense = t->a, *other = v->a;
    const char *kind = layers_named(rw, dense, &bias), *from = layers_named(rw, other, &unused);
    if (str_eq(kind, "EmbeddingLayer") && str_eq(from, "LinearLayer")) {
        dense = v->a, other = t->a;
        kind = layers_named(rw, dense, &bias), from = "EmbeddingLayer";
    }
    bool fits = str_eq(kind, "LinearLayer") && (str_eq(from, "EmbeddingLayer") || str_eq(from, "LinearLayer"));
    if (!fits || !helper) {
        flag(rw, n, "two layers that share a weight");
        return NULL;
    }
    Node *call = py_call(rw->a, helper_of(rw, helper));
    vec_push(rw->a, &call->items, rewrite_expr(rw, other));
    if (!bias) vec_push(rw->a, &call->items, py_kw(rw->a, "use_bias", py_bool(rw->a, false)));
    Node *made = py_assign(rw->a, rewrite_expr(rw, dense), call);
    made->from = n;
    return made;
}

static const char *last_name(const Node *n)
{
    return n && (n->kind == N_NAME || n->kind == N_ATTRIBUTE) ? n->name : NULL;
}

/* d.compile(...); d.trainable = False: for Keras that is about what is compiled next (*next: something is), and d goes on
 * training as it was compiled. */
static bool after_its_compile(Rw *rw, const Node *n, const Node *module, bool *next)
{
    const Training *t = training_of(rw);
    bool before = false, behind = false;
    *next = false;
    for (int i = 0; i < t->compiles.len; i++) {
        const Node *c = t->compiles.at[i];
        *next |= c->span.start > n->span.start && rw->t->definition_of[c->id] == rw->t->definition_of[n->id];
    }
    for (int i = 0; i < t->compiles.len; i++) {
        const Node *c = t->compiles.at[i];
        if (!str_eq(last_name(c->a->a), last_name(module)) || rw->t->definition_of[c->id] != rw->t->definition_of[n->id]) continue;
        before |= c->span.start < n->span.start;
        behind |= c->span.start > n->span.start;
    }
    return before && !behind;
}

Node *freeze_statement(Rw *rw, Node *n)
{
    const char *method = dialect_fact(rw->from, "freeze_method"), *attribute = dialect_fact(rw->from, "freeze_attribute");
    if (rw->from == rw->to) return NULL;
    Node *shares = tied(rw, n);
    if (shares) return shares;
    if (n->kind == N_FOR) return freeze_loop(rw, n);
    Node *t = n->kind == N_ASSIGN && n->items.len == 1 ? n->items.at[0] : NULL;
    if (t && t->kind == N_ATTRIBUTE && str_eq(t->name, attribute)) {
        bool self = t->a->kind == N_NAME && str_eq(t->a->name, "self");
        if (self) return NULL; /* before it has weights */
        bool next, behind = after_its_compile(rw, n, t->a, &next);
        if (behind && !(next && n->b->kind == N_FALSE)) {
            flag(rw, n, "%s is set behind its compile, which goes on as compiled; here it would change", t->name);
            return NULL;
        }
        if (behind) vec_push(rw->a, &training_of(rw)->frozen, t->a);
        return frozen(rw, n, t->a, n->b);
    }
    Node *c = n->kind == N_EXPR && n->a->kind == N_CALL && n->a->a->kind == N_ATTRIBUTE ? n->a : NULL;
    if (!c || !method || !str_eq(c->a->name, method) || c->items.len > 1) return NULL;
    return frozen(rw, n, c->a->a, c->items.len ? c->items.at[0] : py_bool(rw->a, true));
}

/* ---- what modules have ---- */

static bool is_member(Rw *rw, const Node *n)
{
    const Site *s = trace_site(rw->t, n);
    for (int i = 0; s && i < s->events.len; i++)
        if (s->events.at[i]->kind == EV_MEMBER) return true;
    return false;
}

static bool module_has(const Dialect *d, const char *name)
{
    for (int i = 0; i < d->reserved.len; i++)
        if (str_eq(d->reserved.at[i], name)) return true;
    return false;
}

void member_check(Rw *rw, Node *n)
{
    if (rw->from == rw->to || !is_member(rw, n) || !module_has(rw->from, n->name) || module_has(rw->to, n->name)) return;
    flag(rw, n, "%s of a module has no counterpart", n->name);
}

Node *member_children(Rw *rw, Node *n)
{
    const char *children = dialect_fact(rw->from, "children_attribute"), *method = dialect_fact(rw->to, "children_method");
    const Node *up = n->id > 0 ? rw->t->parent[n->id] : NULL;
    bool walked = up && (up->kind == N_FOR || up->kind == N_COMPFOR) && up->b == n;
    if (rw->from == rw->to || !children || !method || !walked || !str_eq(n->name, children) || !is_member(rw, n)) return NULL;
    return py_call(rw->a, py_attr(rw->a, rewrite_expr(rw, n->a), method));
}

/* ---- what a layer was built with ---- */

static const RowParam *param_named(const DialectRow *row, const char *name)
{
    for (int i = 0; row && i < row->params.len; i++)
        if (str_eq(row->params.at[i].name, name) && row->params.at[i].role == ROLE_ATTR) return &row->params.at[i];
    return NULL;
}

static const RowParam *param_for(const DialectRow *row, const char *attr)
{
    for (int i = 0; row && i < row->params.len; i++)
        if (row->params.at[i].role == ROLE_ATTR && str_eq(row->params.at[i].attr, attr)) return &row->params.at[i];
    return NULL;
}

static bool all_ints(const PValue *list)
{
    for (int i = 0; i < list->u.list.len; i++)
        if (list->u.list.at[i].kind != PV_INT) return false;
    return true;
}

/* What the target's weights tell where its layers do not keep it: "gamma.shape" for normalized_shape; NULL. */
const char *member_of_weights(Rw *rw, const Event *e, const char *name)
{
    const RowParam *p = rw->from != rw->to && e->kind == EV_MEMBER && e->layer ? param_named(e->row, name) : NULL;
    return p ? dialect_fact(rw->to, arena_printf(rw->a, "member:%s:%s", e->layer->kind->name, p->attr)) : NULL;
}

/* fc.in_features, embed.embedding_dim: under the target's name, or the number where its layers do not keep it. NULL: it
 * is no argument of a layer. */
Node *member_parameter(Rw *rw, Node *n)
{
    const Site *s = trace_site(rw->t, n);
    const PValue *value = NULL;
    const char *to = NULL, *path = NULL;
    bool any = false, same = true, spelled = true;
    if (dialect_lists(rw->from, "layer_weights", n->name)) return NULL; /* the weight, and not whether there is one */
    for (int i = 0; s && rw->from != rw->to && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        const RowParam *p = e->kind == EV_MEMBER && e->layer ? param_named(e->row, n->name) : NULL;
        if (!p) continue;
        const DialectRow *row = dialect_write(rw->to, FORM_LAYER, e->layer->kind->name, &e->layer->attrs);
        const RowParam *tp = param_for(row, p->attr);
        const PValue *v = attr_get(&e->layer->attrs, p->attr);
        if (!v) v = attr_get(&e->attrs, n->name); /* as the source's layers hold it */
        bool alike = tp && (p->conv == tp->conv || (!p->conv && !tp->conv)) && (!to || str_eq(to, tp->name));
        spelled &= alike;
        if (alike) to = tp->name;
        same &= v && (!any || (value && pv_same(value, v)));
        if (!any) value = v, path = member_of_weights(rw, e, n->name);
        else if (!str_eq(path, member_of_weights(rw, e, n->name))) path = NULL;
        any = true;
    }
    if (!any) return NULL;
    if (spelled) return str_eq(to, n->name) ? NULL : py_attr(rw->a, rewrite_expr(rw, n->a), to);
    if (same && value && value->kind == PV_INT) return py_int(rw->a, value->u.i);
    if (same && value && value->kind == PV_LIST && all_ints(value)) {
        Node *t = py_tuple(rw->a, true);
        for (int i = 0; i < value->u.list.len; i++) vec_push(rw->a, &t->items, py_int(rw->a, value->u.list.at[i].u.i));
        return t;
    }
    if (path) {
        Node *x = rewrite_expr(rw, n->a);
        char *copy = arena_strdup(rw->a, path), *save = NULL;
        for (char *part = strtok_r(copy, ".", &save); part; part = strtok_r(NULL, ".", &save)) x = py_attr(rw->a, x, part);
        return x;
    }
    flag(rw, n, "%s of a layer has no counterpart", n->name);
    return n;
}

/* ---- weights of layers, read ---- */

static const Event *held_event(Rw *rw, const Node *n)
{
    const Site *s = trace_site(rw->t, n);
    for (int i = 0; s && rw->from != rw->to && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        if (e->kind == EV_MEMBER && e->layer && dialect_lists(rw->from, "layer_weights", n->name)) return e;
    }
    return NULL;
}

Node *member_held(Rw *rw, Node *n)
{
    const Event *e = held_event(rw, n);
    const char *kind = e ? e->layer->kind->name : NULL;
    Held was, is;
    if (!e) return NULL;
    if (!held_named(rw->from, rw->a, kind, n->name, &was) || !held_slot(rw->to, rw->a, kind, was.slot, &is)) {
        flag(rw, n, "%s of a layer has no counterpart", n->name);
        return NULL;
    }
    Node *x = py_attr(rw->a, rewrite_expr(rw, n->a), is.name);
    if (is.rank) return move_axes(rw, x, is.axes, is.rank);
    int back[MAX_RANK];
    for (int k = 0; k < was.rank; k++) back[was.axes[k]] = k;
    return was.rank ? move_axes(rw, x, back, was.rank) : x;
}

/* ---- how many weights ---- */

static bool attribute_of(const Node *n, const char *name, const char *attribute)
{
    return n->kind == N_ATTRIBUTE && n->a->kind == N_NAME && str_eq(n->a->name, name) && str_eq(n->name, attribute);
}

/* self.blocks where it is a ModuleList or a ModuleDict, which the target holds as a plain list or dictionary. */
static bool is_plain_holder(Rw *rw, const Node *of)
{
    if (!str_eq(dialect_fact(rw->to, "tracks_lists"), "true") || of->kind != N_ATTRIBUTE) return false;
    for (int i = 0; i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->kind != EV_CONTAINER || !e->row || !str_starts(e->row->kind->name, "Module")) continue;
        const Node *site = e->site->node, *stmt = site->id > 0 && site->id <= rw->t->nids ? rw->t->stmt_parent[site->id] : NULL;
        bool assigned = stmt && stmt->kind == N_ASSIGN && node_unparen(stmt->b) == site && stmt->items.len == 1;
        if (assigned && stmt->items.at[0]->kind == N_ATTRIBUTE && str_eq(stmt->items.at[0]->name, of->name)) return true;
    }
    return false;
}

/* The trained weights of a network or of what holds some, in the target. */
static Node *trained_weights(Rw *rw, Node *module, const char *trained)
{
    const char *helper = is_plain_holder(rw, node_unparen(module)) ? dialect_fact(rw->to, "helper:held_weights") : NULL;
    Node *of = rewrite_expr(rw, module);
    if (!helper) return py_attr(rw->a, of, trained);
    Node *call = py_call(rw->a, helper_of(rw, helper));
    vec_push(rw->a, &call->items, of);
    return call;
}

Node *member_count(Rw *rw, Node *n)
{
    const char *trained = dialect_fact(rw->to, "trained_weights"), *size = dialect_fact(rw->to, "size_function");
    bool sum = n->a->kind == N_NAME && str_eq(n->a->name, "sum") && n->items.len == 1;
    Node *each = sum && trained && size && rw->from != rw->to ? n->items.at[0] : NULL;
    if (!each || (each->kind != N_GENEXP && each->kind != N_LISTCOMP) || each->items.len != 1) return NULL;
    const Node *of = each->items.at[0], *count = each->a;
    Node *module = of->a->kind == N_NAME ? weights_of(rw, of->b) : NULL;
    bool counts = module && count->kind == N_CALL && !count->items.len && count->a->kind == N_ATTRIBUTE &&
                  dialect_lists(rw->from, "count_methods", count->a->name) && attribute_of(count->a, of->a->name, count->a->name);
    bool kept = of->items.len == 0 ||
                (of->items.len == 1 && attribute_of(of->items.at[0], of->a->name, dialect_fact(rw->from, "frozen")));
    if (!counts || !kept) return NULL;
    const char *err = NULL;
    Node *made = py_parse_expr(rw->a, arena_printf(rw->a, "sum(int(SIZE(%s)) for %s in 0)", of->a->name, of->a->name), &err);
    Node *loop = made->items.at[0];
    loop->a->items.at[0]->a = name_of(rw, size);
    loop->items.at[0]->b = trained_weights(rw, module, trained);
    note(rw, "line %d: before a network of %s is called it has no weights to count", static_line(rw, n), rw->to->title);
    made->from = NULL;
    return made;
}

/* ---- parts with names ---- */

static const Event *item_event(Rw *rw, const Node *n)
{
    const Site *s = trace_site(rw->t, n);
    const Event *first = NULL;
    for (int i = 0; s && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        if (e->kind != EV_ITEM) continue;
        if (first && (!str_eq(first->dotted, e->dotted) || first->axis != e->axis)) return NULL;
        if (!first) first = e;
    }
    return first;
}

/* The sequence: self, or what self holds instead of being one. */
static Node *held_by(Rw *rw, Node *of)
{
    bool self = of->kind == N_NAME && str_eq(of->name, "self");
    return self && class_holds_sequence(rw, rw->cls ? rw->cls->node : NULL) ? class_sequence(rw) : rewrite_expr(rw, of);
}

Node *member_item(Rw *rw, Node *n)
{
    const Event *e = item_event(rw, n);
    const char *children = dialect_fact(rw->to, "children_attribute");
    Node *of = held_by(rw, n->a);
    if (e && str_eq(e->dotted, "Sequential") && children)
        return py_index(rw->a, py_attr(rw->a, of, children), py_int(rw->a, e->axis));
    if (!e || !str_eq(e->dotted, "ModuleDict")) flag(rw, n, "%s is an item of containers of several kinds", n->name);
    return py_index(rw->a, of, py_str(rw->a, n->name));
}

static Node *argument_of(Node *call, const char *name, int place)
{
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        if (x->kind == N_KEYWORD ? str_eq(x->name, name) : i == place) return x->kind == N_KEYWORD ? x->a : x;
    }
    return NULL;
}

static bool is_word(const char *s)
{
    return s && *s && !strchr("0123456789", *s) && !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")];
}

/* net.conv = m, setattr(net, name, m) */
static Node *attribute_set(Rw *rw, Node *of, Node *name, Node *part)
{
    if (name->kind == N_STRING && is_word(name->str)) {
        const char *to = dialect_rename(rw->to, rw->a, name->str);
        return py_assign(rw->a, py_attr(rw->a, of, to ? to : name->str), part);
    }
    Node *call = py_call(rw->a, py_name(rw->a, "setattr"));
    vec_push(rw->a, &call->items, of);
    vec_push(rw->a, &call->items, rewrite_expr(rw, name));
    vec_push(rw->a, &call->items, part);
    return py_expr_stmt(rw->a, call);
}

Node *member_added(Rw *rw, Node *n)
{
    Node *call = n->kind == N_EXPR && n->a->kind == N_CALL ? n->a : NULL;
    bool plain = str_eq(dialect_fact(rw->to, "tracks_lists"), "true");
    const Event *e = call && plain && rw->from != rw->to && call->a->kind == N_ATTRIBUTE ? item_event(rw, call) : NULL;
    Node *name = e ? argument_of(call, "name", 0) : NULL, *part = e ? argument_of(call, "module", 1) : NULL;
    if (!name || !part) return NULL;
    Node *of = str_eq(e->dotted, "Sequential") ? held_by(rw, call->a->a) : rewrite_expr(rw, call->a->a), *made = NULL;
    part = rewrite_expr(rw, part);
    if (str_eq(e->dotted, "module")) {
        made = attribute_set(rw, of, name, part);
    } else if (str_eq(e->dotted, "Sequential")) {
        made = py_call(rw->a, py_attr(rw->a, of, dialect_fact(rw->to, "sequential_add")));
        vec_push(rw->a, &made->items, part);
        made = py_expr_stmt(rw->a, made);
    } else if (str_eq(e->dotted, "ModuleDict")) {
        made = py_assign(rw->a, py_index(rw->a, of, rewrite_expr(rw, name)), part);
    }
    if (made) made->from = n;
    return made;
}

/* ---- a weight that only says where and of which type ---- */

typedef struct Probe {
    Rw *rw;
    const char *name;
    int reads, probes;
} Probe;

static bool find_probe(Node *n, void *ctx)
{
    Probe *p = ctx;
    p->reads += n->kind == N_NAME && str_eq(n->name, p->name);
    if (n->kind != N_ATTRIBUTE || n->a->kind != N_NAME || !str_eq(n->a->name, p->name)) return true;
    const DialectRow *row = dialect_read(p->rw->from, FORM_METHOD, n->name, p->rw->t->keras_version);
    bool maker = row && row->params.len && row->params.at[0].role == ROLE_INERT; /* w.new_zeros(3): nothing of w itself */
    p->probes += maker || dialect_lists(p->rw->from, "placement_attributes", n->name) ||
                 dialect_lists(p->rw->from, "false_attributes", n->name);
    return true;
}

bool member_probe(Rw *rw, const Node *n)
{
    const Node *v = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME ? node_unparen(n->b) : NULL;
    if (!v || rw->from == rw->to || !rw->fn) return false;
    if (v->kind == N_ATTRIBUTE && dialect_lists(rw->from, "tensor_self_attributes", v->name)) v = v->a;
    bool next = v->kind == N_CALL && v->a->kind == N_NAME && str_eq(v->a->name, "next") && v->items.len == 1;
    if (!next || !weights_of(rw, v->items.at[0])) return false;
    Probe p = {.rw = rw, .name = n->items.at[0]->name};
    for (int i = 0; i < rw->fn->body.len; i++) node_walk(rw->fn->body.at[i], find_probe, &p);
    return p.reads == p.probes + 1; /* the name that is bound counts */
}
