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

/* Names that hold the tensor and are read behind the statement; false: it is read where no name here can reach. */
static bool later_names(Rw *rw, Node *n, const PivotTensor *t, StrVec *names)
{
    Node *stmt = statement_of(rw, n);
    int end = n->id;
    for (int i = 0; i < rw->t->flows.len; i++) {
        const Flow *f = &rw->t->flows.at[i];
        if (f->tensor != t || !f->expr || f->expr->id <= end || f->expr->kind != N_NAME) continue;
        if (statement_of(rw, f->expr) == stmt && stmt && stmt->kind != N_RETURN) continue;
        if (function_of(rw, f->expr) != function_of(rw, n)) return false;
        if (!assigns(stmt, f->expr->name) && !has(names, f->expr->name)) vec_push(rw->a, names, f->expr->name);
    }
    return true;
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
