/* Operations that change their input, for a target whose tensors do not change.
 *
 * x.add_(1), relu(x, inplace=True) and y[:, 0] = v give a new tensor there; a name that held the old one, and that is
 * read later, is bound to the new one. Other names may hold the same tensor (identity = x): the trace knows which
 * expressions had it for value, and they are bound anew as well. Where the old tensor is read in another function,
 * nothing of that helps, and the statement is flagged.
 *
 * Not handled: views of a tensor that is changed (they keep the old values: flagged only where they are names of the
 * tensor itself). */
#include <string.h>

#include "port/layout.h"
#include "port/static.h"

/* Was the layer or function told to work in place, or is it a method that does (add_)? */
static bool works_in_place(Rw *rw, Node *n, const Event *e)
{
    const Event *said = e;
    if (e->kind == EV_APPLY && e->layer) said = construction_of(rw, e->layer);
    for (int i = 0; said && said->row && said->args && i < said->row->params.len; i++)
        if (str_eq(said->row->params.at[i].name, "inplace") && said->args[i].value.kind == PV_BOOL &&
            said->args[i].value.u.b)
            return true;
    if (e->kind != EV_OP || n->kind != N_CALL || n->a->kind != N_ATTRIBUTE) return false;
    size_t len = strlen(n->a->name);
    return len > 1 && n->a->name[len - 1] == '_' && n->a->name[len - 2] != '_' && !static_dotted(rw, n->a);
}

static Node *statement_of(Rw *rw, Node *n)
{
    return n->id > 0 ? rw->t->stmt_parent[n->id] : NULL;
}

static bool assigns(const Node *stmt, const char *name)
{
    for (int i = 0; stmt && stmt->kind == N_ASSIGN && i < stmt->items.len; i++)
        if (stmt->items.at[i]->kind == N_NAME && str_eq(stmt->items.at[i]->name, name)) return true;
    return false;
}

static bool has(const StrVec *v, const char *s)
{
    for (int i = 0; i < v->len; i++)
        if (str_eq(v->at[i], s)) return true;
    return false;
}

static Definition *function_of(Rw *rw, const Node *n)
{
    Definition *d = n->id > 0 ? rw->t->definition_of[n->id] : NULL;
    return d;
}

static bool inside(const Node *x, const Node *of)
{
    return x->span.start >= of->span.start && x->span.end <= of->span.end;
}

/* The place in the trace's order at which the call that took the tensor was done; -1: not known. */
static int done_at(Rw *rw, const Node *n, const PivotTensor *t)
{
    bool given = false;
    for (int i = 0; i < rw->t->flows.len; i++) {
        const Flow *f = &rw->t->flows.at[i];
        if (!f->expr) continue;
        given |= f->tensor == t && f->expr != n && f->expr->id > 0 && inside(f->expr, n);
        if (given && f->expr == n) return i;
    }
    return -1;
}

/* Names that hold the tensor and are read behind the statement; false: it is read where no name here can reach. */
static bool later_names(Rw *rw, Node *n, const PivotTensor *t, StrVec *names)
{
    Node *stmt = statement_of(rw, n);
    int end = n->id, done = done_at(rw, n, t);
    for (int i = 0; i < rw->t->flows.len; i++) {
        const Flow *f = &rw->t->flows.at[i];
        if (f->tensor != t || !f->expr || f->expr->id <= end || f->expr->kind != N_NAME) continue;
        bool here = function_of(rw, f->expr) == function_of(rw, n);
        if (stmt && (statement_of(rw, f->expr) == stmt || (here && stmt->kind == N_RETURN))) continue; /* the pass ends with it */
        if (!here && i <= done) continue; /* what was handed in */
        if (!here) return false;
        if (!assigns(stmt, f->expr->name) && !has(names, f->expr->name)) vec_push(rw->a, names, f->expr->name);
    }
    return true;
}

/* x + relu_(x): the first x is looked up before, and what it holds is taken afterwards. Not so f(x) + relu_(x). */
static bool taken_afterwards(Rw *rw, const Node *x, const Node *n)
{
    for (const Node *p = n; p && p->id > 0; p = rw->t->parent[p->id])
        if (p == x) return false;
    const Node *up = rw->t->parent[x->id];
    while (up && (up->kind == N_PAREN || up->kind == N_TUPLE || up->kind == N_LIST || up->kind == N_KEYWORD)) up = rw->t->parent[up->id];
    for (const Node *p = n; p && p->id > 0; p = rw->t->parent[p->id])
        if (p == up && p != n) return true; /* what takes x takes the call's result, too */
    return false;
}

/* Names of the statement itself that hold the tensor and are taken behind the call. */
static void names_beside(Rw *rw, Node *n, const PivotTensor *t, StrVec *names)
{
    Node *stmt = statement_of(rw, n);
    for (int i = 0; stmt && i < rw->t->flows.len; i++) {
        const Flow *f = &rw->t->flows.at[i];
        if (f->tensor != t || !f->expr || f->expr->kind != N_NAME || f->expr->id <= 0 || statement_of(rw, f->expr) != stmt) continue;
        if (taken_afterwards(rw, f->expr, n) && !has(names, f->expr->name)) vec_push(rw->a, names, f->expr->name);
    }
}

static Node *bind_names(Rw *rw, const StrVec *names, Node *value)
{
    Node *s = py_assign(rw->a, py_name(rw->a, names->at[0]), value);
    for (int i = 1; i < names->len; i++) vec_push(rw->a, &s->items, py_name(rw->a, names->at[i]));
    return s;
}

/* ---- assignment to a part ---- */

static Node *index_item(Rw *rw, Node *x)
{
    if (x->kind != N_SLICE) return rewrite_expr(rw, x);
    Node *call = py_call(rw->a, py_name(rw->a, "slice"));
    Node *parts[3] = {x->a, x->b, x->c};
    if (!x->a && !x->c) {
        vec_push(rw->a, &call->items, x->b ? rewrite_expr(rw, x->b) : py_none(rw->a));
        return call;
    }
    for (int i = 0; i < (x->c ? 3 : 2); i++)
        vec_push(rw->a, &call->items, parts[i] ? rewrite_expr(rw, parts[i]) : py_none(rw->a));
    return call;
}

static bool indexes_by_tensor(Rw *rw, const Node *index)
{
    if (index->kind != N_TUPLE) return flow_tensor(rw, index) != NULL;
    for (int i = 0; i < index->items.len; i++)
        if (flow_tensor(rw, node_unparen(index->items.at[i]))) return true;
    return false;
}

/* x = set_items(x, index, value) */
static Node *part_assigned(Rw *rw, const Node *target, Node *value)
{
    Node *call = py_call(rw->a, helper_of(rw, dialect_fact(rw->to, "helper:setitem")));
    Node *t = py_tuple(rw->a, true), *index = node_unparen(target->b);
    if (index->kind == N_TUPLE)
        for (int i = 0; i < index->items.len; i++) vec_push(rw->a, &t->items, index_item(rw, index->items.at[i]));
    else vec_push(rw->a, &t->items, index_item(rw, index));
    vec_push(rw->a, &call->items, py_name(rw->a, target->a->name));
    vec_push(rw->a, &call->items, t);
    vec_push(rw->a, &call->items, value);
    return py_assign(rw->a, py_name(rw->a, target->a->name), call);
}

/* x[mask] = value: where the mask is true. NULL: it is no mask over all of x, or several values go to its places. */
static Node *masked_assignment(Rw *rw, Node *n, const Event *e, const Node *index)
{
    const PivotTensor *mask = flow_tensor(rw, index), *x = e->in.len ? e->in.at[0] : NULL, *v = flow_tensor(rw, node_unparen(n->b));
    const DialectRow *row = dialect_write(rw->to, FORM_FUNCTION, "where", &(PAttrs){0});
    if (!mask || !str_eq(mask->dtype, "bool") || !x || mask->rank < 0 || mask->rank != x->rank || (v && v->rank != 0) || !row) return NULL;
    Node *name = py_name(rw->a, n->items.at[0]->a->name);
    Node *inputs[3] = {rewrite_expr(rw, n->items.at[0]->b), rewrite_expr(rw, n->b), name};
    StrVec unsaid = {0};
    Node *call = call_build(rw, row, NULL, 0, inputs, 3, &unsaid);
    return call && !unsaid.len ? py_assign(rw->a, name, call) : NULL;
}

static const Event *set_event(Rw *rw, Node *n)
{
    const Site *s = trace_site(rw->t, n);
    for (int i = 0; s && i < s->events.len; i++)
        if (s->events.at[i]->kind == EV_GAP && str_eq(s->events.at[i]->dotted, "__setitem__")) return s->events.at[i];
    return NULL;
}

/* What is assigned to: x[0] = ... and x[0] += ... */
static Node *assigned(const Node *n)
{
    return n->kind == N_AUGASSIGN ? n->a : n->kind == N_ASSIGN && n->items.len == 1 ? n->items.at[0] : NULL;
}

Node *inplace_statement(Rw *rw, Node *n)
{
    Node *target = assigned(n);
    if (!target || target->kind != N_SUBSCRIPT || rw->from == rw->to) return NULL;
    const char *helper = dialect_fact(rw->to, "helper:setitem");
    const Event *e = set_event(rw, target);
    if (!e) e = set_event(rw, n);
    if (!e || !helper) return NULL;
    bool moved = false;
    for (int i = 0; i < e->in.len; i++) moved |= layout_moves_channel(rw->layout, e->in.at[i]);
    if (target->a->kind != N_NAME || moved) {
        flag(rw, n, "assignment to a part of a tensor");
        return n;
    }
    Node *index = node_unparen(target->b);
    if (indexes_by_tensor(rw, index)) {
        Node *masked = n->kind == N_AUGASSIGN ? NULL : masked_assignment(rw, n, e, index);
        if (!masked) flag(rw, n, "assignment to places that a tensor tells");
        if (masked) masked->from = n;
        return masked ? masked : n;
    }
    Node *value = rewrite_expr(rw, n->b);
    if (n->kind == N_AUGASSIGN) value = py_binary(rw->a, rewrite_expr(rw, target), n->op, value);
    Node *made = part_assigned(rw, target, value);
    made->from = n;
    return made;
}

/* ---- what changes its input ---- */

/* x[1:3].zero_(): a part of a tensor is changed by a method. */
static bool changes_part(Rw *rw, const Node *n)
{
    return n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && n->a->a->kind == N_SUBSCRIPT && flow_tensor(rw, n->a->a);
}

static Node *part_changed(Rw *rw, Node *n, Node *made, const Event *e)
{
    const Node *part = n->a->a, *stmt = statement_of(rw, n);
    bool alone = stmt && stmt->kind == N_EXPR && node_unparen(stmt->a) == n;
    bool moved = e->in.len && layout_moves_channel(rw->layout, e->in.at[0]);
    if (!alone || moved || part->a->kind != N_NAME || indexes_by_tensor(rw, node_unparen(part->b)) || !dialect_fact(rw->to, "helper:setitem")) {
        flag(rw, n, "this changes a part of a tensor");
        return made;
    }
    vec_push(rw->a, rw->before, part_assigned(rw, part, made));
    return py_name(rw->a, part->a->name);
}

Node *inplace_settle(Rw *rw, Node *n, Node *made, Event **e, int count)
{
    if (rw->from == rw->to || rw->to->channels_first || !rw->before || !count || !works_in_place(rw, n, e[0])) return made;
    if (changes_part(rw, n)) return part_changed(rw, n, made, e[0]);
    StrVec names = {0};
    bool method = e[0]->kind == EV_OP && n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && n->a->name[strlen(n->a->name) - 1] == '_';
    for (int i = 0; i < count; i++) { /* a method's receiver has the new tensor for value, a layer's argument the old one */
        const PivotTensor *t = method ? (e[i]->out.len ? e[i]->out.at[0] : NULL) : (e[i]->in.len ? e[i]->in.at[0] : NULL);
        if (t && !method) names_beside(rw, n, t, &names);
        if (t && later_names(rw, n, t, &names)) continue;
        flag(rw, n, "this changes its input, which is read elsewhere");
        return made;
    }
    if (!names.len) return made;
    Node *stmt = statement_of(rw, n);
    if (stmt && stmt->kind == N_EXPR && node_unparen(stmt->a) == n) { /* x.add_(1) alone */
        vec_push(rw->a, rw->before, bind_names(rw, &names, made));
        return py_name(rw->a, names.at[0]);
    }
    vec_push(rw->a, rw->before, bind_names(rw, &names, made));
    return py_name(rw->a, names.at[0]);
}

/* ---- a sequence whose first layer changes what the sequence is given ---- */

/* Applied again it changes nothing. */
static bool is_idempotent(const PivotKind *k)
{
    static const char *const KINDS[] = {"relu", "relu6", "clipped_relu", "hard_tanh", "clip", "abs"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_eq(k->name, KINDS[i])) return true;
    return false;
}

/* The layer that takes the sequence's input first; NULL: none does, or it changes nothing. */
static const Event *first_changing(Rw *rw, Node *n, const Event *net)
{
    for (int i = 0; i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->kind == EV_APPLY && e->layer && e->site->node == n && e->in.len && e->in.at[0] == net->in.at[0])
            return works_in_place(rw, n, e) ? e : NULL;
    }
    return NULL;
}

static bool same_attrs(const PAttrs *x, const PAttrs *y)
{
    for (int i = 0; i < x->len; i++) {
        const PValue *v = attr_get(y, x->at[i].name);
        if (!v || !pv_same(v, &x->at[i].value)) return false;
    }
    return x->len == y->len;
}

/* The layer as a function of x; NULL: the target has none. */
static Node *as_function(Rw *rw, const PivotLayer *l, Node *x)
{
    PlanAttrVec attrs = {0};
    for (int i = 0; i < l->attrs.len; i++) {
        PlanAttr a = {.name = l->attrs.at[i].name, .value = l->attrs.at[i].value};
        vec_push(rw->a, &attrs, a);
    }
    const DialectRow *row = row_for(rw, FORM_FUNCTION, l->kind->name, attrs.at, attrs.len);
    StrVec unsaid = {0};
    Node *call = row ? call_build(rw, row, attrs.at, attrs.len, &x, 1, &unsaid) : NULL;
    return unsaid.len ? NULL : call;
}

/* The call takes what the name held before. */
static bool takes_given(Rw *rw, Node *made, const StrVec *names, const char *given)
{
    int changed = 0;
    for (int i = 0; i < made->items.len; i++) {
        if (made->items.at[i]->kind != N_NAME || !has(names, made->items.at[i]->name)) continue;
        made->items.at[i] = py_name(rw->a, given);
        changed++;
    }
    return changed > 0;
}

Node *inplace_sequence(Rw *rw, Node *n, Node *made, Event **nets, int count)
{
    if (rw->from == rw->to || rw->to->channels_first || !rw->before || !count || !nets[0]->in.len) return made;
    StrVec names = {0};
    const PivotLayer *layer = NULL;
    bool reached = true, same = true;
    for (int i = 0; i < count; i++) {
        const Event *first = first_changing(rw, n, nets[i]);
        if (!first) continue;
        same &= !layer || (layer->kind == first->layer->kind && same_attrs(&layer->attrs, &first->layer->attrs));
        layer = first->layer;
        names_beside(rw, n, nets[i]->in.at[0], &names);
        reached &= later_names(rw, n, nets[i]->in.at[0], &names);
    }
    if (!layer || (reached && !names.len)) return made;
    Node *call = names.len && same && reached ? as_function(rw, layer, py_name(rw->a, names.at[0])) : NULL;
    const char *given = names.len ? arena_printf(rw->a, "%s_given", names.at[0]) : NULL;
    bool again = call && is_idempotent(layer->kind);
    if (!call || (!again && (map_has(rw->bound, given) || !takes_given(rw, made, &names, given)))) {
        flag(rw, n, "the sequence changes its input, which is read elsewhere");
        return made;
    }
    if (!again) vec_push(rw->a, rw->before, py_assign(rw->a, py_name(rw->a, given), py_name(rw->a, names.at[0])));
    vec_push(rw->a, rw->before, bind_names(rw, &names, call));
    return made;
}
