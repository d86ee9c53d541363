/* Compound statements: headers, bodies, clauses.
 *
 * A header that did not parse gives the whole statement up; what did not parse in a body is the
 * business of the statements there. A compound statement ends where its last statement ends,
 * whatever comments follow. `head` is where the header ends: what stands up to there is printed
 * again as it was when only the body changes. */
#include <assert.h>

#include "python/parse_internal.h"

/* The index of the block that is the body, among the kids; -1 when there is none. */
static int block_at(const Parse *p, Kids ks)
{
    for (int i = 0; i < ks.n; i++)
        if (kid(p, ks, i).gram == G_block) return i;
    return -1;
}

static bool is_clause(Gram g)
{
    return g == G_elif_clause || g == G_else_clause || g == G_except_clause ||
           g == G_except_group_clause || g == G_finally_clause || g == G_case_clause ||
           g == G_block || g == G_class_definition || g == G_function_definition;
}

/* Gives up when one of the kids that make up the header did not parse. */
static void check_header(Parse *p, Kids ks)
{
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        bool bad = k.gram == G_ERROR || ts_node_is_missing(k.node) ||
                   (!is_clause(k.gram) && ts_node_has_error(k.node));
        if (bad) p->bad = true; /* told by statement() */
    }
}

/* The end of a list of statements. */
static int list_end(const NodeVec *list, int otherwise)
{
    return list->len ? list->at[list->len - 1]->span.end : otherwise;
}

/* The body: the block among the kids, and head, the byte after the colon before it. */
static int body(Parse *p, Node *n, Kids ks, NodeVec *out)
{
    int at = block_at(p, ks);
    int colon = at - 1;
    while (colon >= 0 && kid(p, ks, colon).gram != G_colon) colon--;
    int head = colon >= 0 ? parse_span(kid(p, ks, colon).node).end : n->span.start;
    if (at >= 0 && !p->bad) parse_statements(p, kid(p, ks, at).node, out);
    if (out->len == 0)
        parse_give_up(p, (Span){n->span.start, head}, "an indented block is missing after this",
                      NULL);
    return head;
}

/* A clause that is nothing but a keyword and a body. */
static void plain_clause(Parse *p, Node *n, TSNode clause, NodeVec *out)
{
    Kids ks = kids_open(p, clause);
    check_header(p, ks);
    body(p, n, ks, out);
    n->span.end = list_end(out, n->span.end);
    kids_close(p, ks);
}

/* --- clauses and statements --- */

/* The elif and else clauses from kid i on. Each elif nests in the one before it, so they count as
 * depth. */
static void alternatives(Parse *p, Node *n, Kids ks)
{
    int depth = p->depth;
    Node *inner = n;
    for (int i = 0; i < ks.n && !p->bad; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_else_clause) {
            plain_clause(p, inner, k.node, &inner->orelse);
        } else if (k.gram == G_elif_clause && parse_deeper(p, k.node)) {
            Node *e = parse_node(p, N_IF, parse_span(k.node));
            e->elif = true;
            Kids clause = kids_open(p, k.node);
            check_header(p, clause);
            e->a = parse_expr_in(p, clause, F_condition, e->span);
            e->head = body(p, e, clause, &e->body);
            e->span.end = list_end(&e->body, e->span.end);
            kids_close(p, clause);
            vec_push(p->arena, &inner->orelse, e);
            inner = e;
        }
    }
    /* Each level ends where the innermost ends. */
    for (Node *outer = n; outer != inner; outer = outer->orelse.at[0])
        outer->span.end = inner->span.end;
    p->depth = depth;
}

static Node *if_or_while(Parse *p, TSNode ts, Kids ks, NodeKind kind)
{
    Node *n = parse_node(p, kind, parse_span(ts));
    n->a = parse_expr_in(p, ks, F_condition, n->span);
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    alternatives(p, n, ks);
    return n;
}

static Node *for_loop(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_FOR, parse_span(ts));
    n->is_async = kids_have(p, ks, G_async);
    n->a = parse_expr_in(p, ks, F_left, n->span);
    n->b = parse_expr_in(p, ks, F_right, n->span);
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    alternatives(p, n, ks);
    return n;
}

/* `value as target`, or value alone. */
static void as_parts(Parse *p, TSNode ts, Node **value, Node **target)
{
    if (parse_gram(p, ts) != G_as_pattern) {
        *value = parse_expr(p, ts);
        return;
    }
    Kids ks = kids_open(p, ts);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node)) continue;
        Node **part = k.field == F_alias ? target : value;
        *part = parse_expr(p, k.node);
    }
    kids_close(p, ks);
}

static Node *except(Parse *p, TSNode ts, bool group)
{
    Node *n = parse_node(p, N_EXCEPT, parse_span(ts));
    if (group) n->op = "*";
    Kids ks = kids_open(p, ts);
    check_header(p, ks);
    Node *target = NULL;
    for (int i = 0; i < ks.n && kid(p, ks, i).gram != G_block; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_comma)
            parse_give_up(p, n->span, "this except clause is Python 2", "except Error as name:");
        if (!ts_node_is_named(k.node)) continue;
        if (!n->a) as_parts(p, k.node, &n->a, &target);
        else target = parse_expr(p, k.node);
    }
    if (target && target->kind != N_NAME)
        parse_give_up(p, target->span, "an exception is bound to a plain name", NULL);
    if (target) n->name = target->name;
    if (target && target->id == p->next_id) p->next_id--; /* no node of its own */
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    kids_close(p, ks);
    return n;
}

static Node *try_statement(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_TRY, parse_span(ts));
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    for (int i = 0; i < ks.n && !p->bad; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_except_clause || k.gram == G_except_group_clause) {
            Node *e = except(p, k.node, k.gram == G_except_group_clause);
            vec_push(p->arena, &n->items, e);
            n->span.end = e->span.end;
        } else if (k.gram == G_else_clause) {
            plain_clause(p, n, k.node, &n->orelse);
        } else if (k.gram == G_finally_clause) {
            plain_clause(p, n, k.node, &n->final);
        }
    }
    if (n->items.len == 0 && n->final.len == 0)
        parse_give_up(p, (Span){n->span.start, n->head}, "try needs except or finally", NULL);
    return n;
}

static void with_item(Parse *p, Node *with, TSNode value)
{
    Node *item = parse_node(p, N_WITHITEM, parse_span(value));
    as_parts(p, value, &item->a, &item->b);
    item->a = parse_need(p, item->a, item->span);
    vec_push(p->arena, &with->items, item);
}

/* The value of a with_item. Tree-sitter takes `(a as b)` and `(a as b, c)` on more than one line
 * for an expression in parentheses; `as` in it tells that the parentheses are the statement's. */
static void with_value(Parse *p, Node *with, Kid value)
{
    Kids ks = kids_open(p, value.node);
    bool brackets = (value.gram == G_parenthesized_expression || value.gram == G_tuple) &&
                    kids_have(p, ks, G_as_pattern);
    if (!brackets) with_item(p, with, value.node);
    for (int i = 0; i < ks.n && brackets; i++)
        if (ts_node_is_named(kid(p, ks, i).node)) with_item(p, with, kid(p, ks, i).node);
    kids_close(p, ks);
}

static Node *with_statement(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_WITH, parse_span(ts));
    n->is_async = kids_have(p, ks, G_async);
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_with_clause) continue;
        Kids items = kids_open(p, kid(p, ks, i).node);
        for (int j = 0; j < items.n; j++) {
            if (kid(p, items, j).gram != G_with_item) continue;
            Kids inner = kids_open(p, kid(p, items, j).node);
            Kid value = kid_in(p, inner, F_value);
            kids_close(p, inner);
            if (kid_is_there(value)) with_value(p, n, value);
        }
        kids_close(p, items);
    }
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    return n;
}

static const char *type_parameters(Parse *p, Kids ks)
{
    Kid k = kid_in(p, ks, F_type_parameters);
    return kid_is_there(k) ? parse_text(p, parse_span(k.node)) : NULL;
}

static void definition(Parse *p, Node *n, Kids ks, NodeKind kind)
{
    n->kind = kind;
    Kid name = kid_in(p, ks, F_name), params = kid_in(p, ks, F_parameters);
    Kid bases = kid_in(p, ks, F_superclasses), returns = kid_in(p, ks, F_return_type);
    n->is_async = kids_have(p, ks, G_async);
    n->name = kid_is_there(name) ? parse_text(p, parse_span(name.node)) : "";
    n->text = type_parameters(p, ks);
    if (kid_is_there(params)) parse_params(p, params.node, &n->params);
    if (kid_is_there(bases)) parse_arguments(p, bases.node, &n->items);
    if (kid_is_there(returns)) n->c = parse_expr(p, returns.node);
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
}

static Node *define(Parse *p, TSNode ts, Kids ks, NodeKind kind)
{
    Node *n = parse_node(p, kind, parse_span(ts));
    definition(p, n, ks, kind);
    return n;
}

static Node *decorated(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_FUNCTION, parse_span(ts));
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_decorator) continue;
        NodeVec one = {0};
        parse_arguments(p, kid(p, ks, i).node, &one);
        Node *e = parse_need(p, one.len ? one.at[0] : NULL, n->span);
        vec_push(p->arena, &n->decorators, e);
    }
    Kid inner = kid_in(p, ks, F_definition);
    if (!kid_is_there(inner)) {
        parse_give_up(p, n->span, "a class or function is missing here", NULL);
        return n;
    }
    Kids parts = kids_open(p, inner.node);
    check_header(p, parts);
    definition(p, n, parts, inner.gram == G_class_definition ? N_CLASS : N_FUNCTION);
    kids_close(p, parts);
    return n;
}

/* Patterns without brackets make a tuple. */
static Node *case_patterns(Parse *p, Kids ks, Span whole)
{
    int n = 0;
    Span span = {0, 0};
    bool comma = false;
    for (int i = 0; i < ks.n && kid(p, ks, i).gram != G_colon; i++) {
        Kid k = kid(p, ks, i);
        comma |= k.gram == G_comma;
        if (k.gram != G_case_pattern) continue;
        if (n++ == 0) span = parse_span(k.node);
        span.end = parse_span(k.node).end;
    }
    Node *tuple = n > 1 || comma ? parse_node(p, N_TUPLE, span) : NULL;
    Node *e = tuple;
    for (int i = 0; i < ks.n; i++) {
        if (kid(p, ks, i).gram != G_case_pattern) continue;
        Node *one = parse_pattern(p, kid(p, ks, i).node);
        if (tuple) vec_push(p->arena, &tuple->items, one);
        else e = one;
    }
    return parse_need(p, e, whole);
}

static Node *case_clause(Parse *p, TSNode ts)
{
    Node *n = parse_node(p, N_CASE, parse_span(ts));
    Kids ks = kids_open(p, ts);
    check_header(p, ks);
    n->a = case_patterns(p, ks, n->span);
    Kid guard = kid_in(p, ks, F_guard);
    if (kid_is_there(guard)) {
        NodeVec test = {0};
        parse_arguments(p, guard.node, &test);
        n->b = parse_need(p, test.len ? test.at[0] : NULL, n->span);
    }
    n->head = body(p, n, ks, &n->body);
    n->span.end = list_end(&n->body, n->span.end);
    kids_close(p, ks);
    return n;
}

static Node *match_statement(Parse *p, TSNode ts, Kids ks)
{
    Node *n = parse_node(p, N_MATCH, parse_span(ts));
    n->a = parse_need(p, parse_bare_tuple(p, ks, 1, F_subject), n->span);
    int at = block_at(p, ks);
    for (int i = 0; i < ks.n; i++)
        if (kid(p, ks, i).gram == G_colon) n->head = parse_span(kid(p, ks, i).node).end;
    if (at >= 0 && !p->bad) {
        Kids cases = kids_open(p, kid(p, ks, at).node);
        for (int i = 0; i < cases.n && !p->bad; i++) {
            Kid k = kid(p, cases, i);
            if (k.gram == G_ERROR)
                parse_give_up(p, parse_span(k.node), "this does not parse", NULL);
            if (k.gram != G_case_clause) continue;
            Node *c = case_clause(p, k.node);
            vec_push(p->arena, &n->items, c);
        }
        kids_close(p, cases);
    }
    if (n->items.len == 0) parse_give_up(p, n->span, "match needs a case", NULL);
    n->span.end = list_end(&n->items, n->span.end);
    return n;
}

/* --- the dispatcher --- */

Node *parse_compound(Parse *p, TSNode n)
{
    Gram gram = parse_gram(p, n);
    Kids ks = kids_open(p, n);
    check_header(p, ks);
    Node *s = NULL;
    if (!p->bad) {
        switch (gram) {
        case G_if_statement: s = if_or_while(p, n, ks, N_IF); break;
        case G_while_statement: s = if_or_while(p, n, ks, N_WHILE); break;
        case G_for_statement: s = for_loop(p, n, ks); break;
        case G_try_statement: s = try_statement(p, n, ks); break;
        case G_with_statement: s = with_statement(p, n, ks); break;
        case G_function_definition: s = define(p, n, ks, N_FUNCTION); break;
        case G_class_definition: s = define(p, n, ks, N_CLASS); break;
        case G_decorated_definition: s = decorated(p, n, ks); break;
        case G_match_statement: s = match_statement(p, n, ks); break;
        default: assert(!"a compound statement");
        }
    }
    kids_close(p, ks);
    return s;
}

bool parse_is_compound(Gram g)
{
    return g == G_if_statement || g == G_while_statement || g == G_for_statement ||
           g == G_try_statement || g == G_with_statement || g == G_function_definition ||
           g == G_class_definition || g == G_decorated_definition || g == G_match_statement;
}
