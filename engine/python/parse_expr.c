/* Expressions, targets, parameters and arguments.
 *
 * Tree-sitter has separate node kinds for the same thing in different places (list and
 * list_pattern, list_splat and list_splat_pattern, expression and type); here they become one.
 * Chains of `and` and of `or` are flattened without recursion; everything else recurses, bounded by
 * parse_deeper. */
#include <assert.h>
#include <string.h>

#include "python/parse_internal.h"

static const char *operator_text(Parse *p, TSNode n)
{
    return parse_text(p, parse_span(n));
}

static Node *named(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_NAME, parse_span(n));
    e->name = parse_text(p, e->span);
    return e;
}

char *parse_dotted(Parse *p, TSNode n)
{
    Span span = parse_span(n);
    char *text = parse_text(p, span);
    size_t len = (size_t)(span.end - span.start);
    if (strcspn(text, " \t\r\n\f\\#") == len) return text;
    Buf b = {0};
    Kids ks = kids_open(p, n);
    for (int i = 0; i < ks.n; i++) {
        Span part = parse_span(kid(p, ks, i).node);
        buf_addn(&b, p->text + part.start, (size_t)(part.end - part.start));
    }
    kids_close(p, ks);
    return buf_take(&b, p->arena);
}

/* Converts each kid that is an expression. */
static void add_expressions(Parse *p, Kids ks, int from, NodeVec *out)
{
    for (int i = from; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node)) continue;
        Node *e = parse_expr(p, k.node);
        vec_push(p->arena, out, e);
    }
}

static Node *sequence(Parse *p, TSNode n, NodeKind kind, bool paren)
{
    Node *e = parse_node(p, kind, parse_span(n));
    e->paren = paren;
    Kids ks = kids_open(p, n);
    bool comma = kids_have(p, ks, G_comma);
    add_expressions(p, ks, 0, &e->items);
    kids_close(p, ks);
    if (kind == N_TUPLE && paren && e->items.len == 1 && !comma) { /* a target in parentheses */
        e->kind = N_PAREN;
        e->paren = false;
        e->a = e->items.at[0];
        e->items = (NodeVec){0};
    }
    return e;
}

Node *parse_bare_tuple(Parse *p, Kids ks, int from, Field field)
{
    int first = -1, last = -1, n = 0;
    bool comma = false;
    for (int i = from; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (first >= 0 && k.gram == G_comma) {
            comma = true;
            last = i;
        }
        if (!ts_node_is_named(k.node) || (field != F_none && k.field != field)) continue;
        if (first < 0) first = i;
        last = i;
        n++;
    }
    if (first < 0) return NULL;
    if (n == 1 && !comma) return parse_expr(p, kid(p, ks, first).node);
    Span span = {parse_span(kid(p, ks, first).node).start, parse_span(kid(p, ks, last).node).end};
    Node *t = parse_node(p, N_TUPLE, span);
    for (int i = first; i <= last; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node)) continue;
        Node *e = parse_expr(p, k.node);
        vec_push(p->arena, &t->items, e);
    }
    return t;
}

/* The one named child of a wrapper. */
static Node *only_child(Parse *p, TSNode n)
{
    Kids ks = kids_open(p, n);
    Node *e = NULL;
    for (int i = 0; i < ks.n && !e; i++)
        if (ts_node_is_named(kid(p, ks, i).node)) e = parse_expr(p, kid(p, ks, i).node);
    kids_close(p, ks);
    if (e) return e;
    parse_give_up(p, parse_span(n), "an expression is missing here", NULL);
    return parse_node(p, N_NONE, parse_span(n));
}

static Node *wrapped(Parse *p, TSNode n, NodeKind kind)
{
    Node *e = parse_node(p, kind, parse_span(n));
    e->a = only_child(p, n);
    return e;
}

static Node *parenthesised(Parse *p, TSNode n)
{
    Node *e = wrapped(p, n, N_PAREN);
    if (e->a->kind == N_STAR)
        parse_give_up(p, e->span, "a starred expression cannot stand alone in parentheses", NULL);
    return e;
}

static bool is_operation(const Node *e, const char *op)
{
    return e->kind == N_BINARY && strcmp(e->op, op) == 0;
}

typedef struct BitChain {
    NodeVec operands;
    StrVec ops;     /* ops.at[i] stands before operands.at[i + 1] */
    NodeVec spares; /* the operations that are built anew */
} BitChain;

static void flatten_bits(Parse *p, Node *e, BitChain *c)
{
    if (!is_operation(e, "&") && !is_operation(e, "^")) {
        vec_push(p->arena, &c->operands, e);
        return;
    }
    flatten_bits(p, e->a, c);
    vec_push(p->arena, &c->ops, e->op);
    vec_push(p->arena, &c->spares, e);
    flatten_bits(p, e->b, c);
}

static Node *join(BitChain *c, int spare, Node *a, const char *op, Node *b)
{
    Node *e = c->spares.at[spare];
    e->a = a;
    e->b = b;
    e->op = op;
    e->span = (Span){a->span.start, b->span.end};
    return e;
}

/* The grammar lets ^ bind more tightly than &, the wrong way round: builds the chain anew. */
static Node *order_bits(Parse *p, Node *e)
{
    BitChain c = {0};
    flatten_bits(p, e, &c);
    Node *sum = NULL, *term = c.operands.at[0];
    int spare = 0;
    for (int i = 0; i < c.ops.len; i++) {
        if (strcmp(c.ops.at[i], "&") == 0) {
            term = join(&c, spare++, term, "&", c.operands.at[i + 1]);
        } else {
            sum = sum ? join(&c, spare++, sum, "^", term) : term;
            term = c.operands.at[i + 1];
        }
    }
    return sum ? join(&c, spare, sum, "^", term) : term;
}

static Node *binary(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_BINARY, parse_span(n));
    Kids ks = kids_open(p, n);
    e->a = parse_expr_in(p, ks, F_left, e->span);
    Kid op = kid_in(p, ks, F_operator);
    e->op = kid_is_there(op) ? operator_text(p, op.node) : "+";
    e->b = parse_expr_in(p, ks, F_right, e->span);
    kids_close(p, ks);
    bool mixed = strcmp(e->op, "&") == 0 && (is_operation(e->a, "^") || is_operation(e->b, "^"));
    return mixed && !p->bad ? order_bits(p, e) : e;
}

static Node *unary(Parse *p, TSNode n, bool is_not)
{
    Node *e = parse_node(p, N_UNARY, parse_span(n));
    Kids ks = kids_open(p, n);
    Kid op = kid_in(p, ks, F_operator);
    e->op = is_not || !kid_is_there(op) ? "not" : operator_text(p, op.node);
    Node *a = NULL;
    for (int i = 0; i < ks.n && !a; i++)
        if (ts_node_is_named(kid(p, ks, i).node)) a = parse_expr(p, kid(p, ks, i).node);
    kids_close(p, ks);
    if (!a) parse_give_up(p, e->span, "an operand is missing here", NULL);
    e->a = a ? a : parse_node(p, N_NONE, e->span);
    return e;
}

typedef VEC(TSNode) TsVec;

static const char *bool_operator(Parse *p, TSNode n, TSNode *left, TSNode *right)
{
    Kids ks = kids_open(p, n);
    Kid a = kid_in(p, ks, F_left), b = kid_in(p, ks, F_right), token = kid_in(p, ks, F_operator);
    kids_close(p, ks);
    if (!kid_is_there(a) || !kid_is_there(b) || !kid_is_there(token)) return NULL;
    *left = a.node;
    *right = b.node;
    Span span = parse_span(token.node);
    return span.end - span.start == 3 ? "and" : "or";
}

/* Down the left side of a chain of the same operator: its operands, last first. */
static const char *bool_operands(Parse *p, TSNode n, TsVec *out)
{
    TSNode left, right;
    const char *op = bool_operator(p, n, &left, &right), *next = op;
    while (next && strcmp(op, next) == 0) {
        vec_push(p->arena, out, right);
        n = left;
        next = parse_gram(p, n) == G_boolean_operator ? bool_operator(p, n, &left, &right) : NULL;
    }
    vec_push(p->arena, out, n);
    return op;
}

static Node *boolean(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_BOOL, parse_span(n));
    TsVec operands = {0};
    e->op = bool_operands(p, n, &operands);
    if (!e->op) parse_give_up(p, e->span, "an operand is missing here", NULL);
    for (int i = operands.len - 1; i >= 0 && !p->bad; i--) {
        Node *item = parse_expr(p, operands.at[i]);
        vec_push(p->arena, &e->items, item);
    }
    return e;
}

static Node *comparison(Parse *p, TSNode n)
{
    static const char *const ops[] = {
        "<", "<=", ">", ">=", "==", "!=", "in", "is", "not in", "is not"};
    Node *e = parse_node(p, N_COMPARE, parse_span(n));
    Kids ks = kids_open(p, n);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (ts_node_is_named(k.node)) {
            Node *operand = parse_expr(p, k.node);
            vec_push(p->arena, &e->items, operand);
            continue;
        }
        const char *type = ts_node_type(k.node), *op = NULL; /* "not in" even where blanks differ */
        for (size_t j = 0; j < sizeof(ops) / sizeof(*ops); j++)
            if (strcmp(type, ops[j]) == 0) op = ops[j];
        if (!op) parse_give_up(p, parse_span(k.node), "this operator is Python 2", "write !=");
        vec_push(p->arena, &e->strs, op ? op : "!=");
    }
    kids_close(p, ks);
    if (e->items.len != e->strs.len + 1 || e->strs.len == 0)
        parse_give_up(p, e->span, "an operand is missing here", NULL);
    return e;
}

static Node *conditional(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_IFEXP, parse_span(n));
    NodeVec parts = {0};
    Kids ks = kids_open(p, n);
    add_expressions(p, ks, 0, &parts);
    kids_close(p, ks);
    if (parts.len != 3) {
        parse_give_up(p, e->span, "a conditional expression needs three parts", NULL);
        return e;
    }
    e->a = parts.at[0];
    e->b = parts.at[1];
    e->c = parts.at[2];
    return e;
}

static Node *lambda(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_LAMBDA, parse_span(n));
    Kids ks = kids_open(p, n);
    Kid params = kid_in(p, ks, F_parameters);
    if (kid_is_there(params)) parse_params(p, params.node, &e->params);
    e->a = parse_expr_in(p, ks, F_body, e->span);
    kids_close(p, ks);
    return e;
}

static Node *walrus(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_WALRUS, parse_span(n));
    Kids ks = kids_open(p, n);
    e->a = parse_expr_in(p, ks, F_name, e->span);
    e->b = parse_expr_in(p, ks, F_value, e->span);
    kids_close(p, ks);
    return e;
}

static Node *yield(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_YIELD, parse_span(n));
    Kids ks = kids_open(p, n);
    if (kids_have(p, ks, G_from)) e->op = "from";
    e->a = parse_bare_tuple(p, ks, 0, F_none);
    kids_close(p, ks);
    return e;
}

static Node *attribute(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_ATTRIBUTE, parse_span(n));
    Kids ks = kids_open(p, n);
    e->a = parse_expr_in(p, ks, F_object, e->span);
    Kid name = kid_in(p, ks, F_attribute);
    if (!kid_is_there(name)) parse_give_up(p, e->span, "an attribute name is missing here", NULL);
    e->name = kid_is_there(name) ? parse_text(p, parse_span(name.node)) : "";
    kids_close(p, ks);
    return e;
}

static Node *subscript(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_SUBSCRIPT, parse_span(n));
    Kids ks = kids_open(p, n);
    e->a = parse_expr_in(p, ks, F_value, e->span);
    e->b = parse_bare_tuple(p, ks, 1, F_subscript);
    kids_close(p, ks);
    if (!e->b) parse_give_up(p, e->span, "an index is missing here", NULL);
    return e;
}

/* type[arguments] in an annotation. */
static Node *generic_type(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_SUBSCRIPT, parse_span(n));
    Kids ks = kids_open(p, n);
    e->a = ks.n ? parse_expr(p, kid(p, ks, 0).node) : NULL;
    Kid arguments = ks.n > 1 ? kid(p, ks, ks.n - 1) : (Kid){0};
    kids_close(p, ks);
    if (arguments.gram == G_type_parameter) {
        ks = kids_open(p, arguments.node);
        e->b = parse_bare_tuple(p, ks, 1, F_none);
        kids_close(p, ks);
    }
    if (!e->a || !e->b) parse_give_up(p, e->span, "this type does not parse", NULL);
    return e;
}

/* type | type, and type.name where tree-sitter saw a type before the dot. */
static Node *compound_type(Parse *p, TSNode n, bool is_union)
{
    Node *e = parse_node(p, is_union ? N_BINARY : N_ATTRIBUTE, parse_span(n));
    Kids ks = kids_open(p, n);
    if (ks.n == 3) {
        Span last = parse_span(kid(p, ks, 2).node);
        e->a = parse_expr(p, kid(p, ks, 0).node);
        e->op = is_union ? "|" : NULL;
        if (is_union) e->b = parse_expr(p, kid(p, ks, 2).node);
        else e->name = parse_text(p, last);
    } else {
        parse_give_up(p, e->span, "this type does not parse", NULL);
    }
    kids_close(p, ks);
    return e;
}

static Node *slice(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_SLICE, parse_span(n));
    Node **parts[] = {&e->a, &e->b, &e->c};
    int part = 0;
    Kids ks = kids_open(p, n);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_colon) part++;
        else if (part < 3) *parts[part] = parse_expr(p, k.node);
    }
    kids_close(p, ks);
    return e;
}

/* --- calls --- */

static Node *keyword(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_KEYWORD, parse_span(n));
    Kids ks = kids_open(p, n);
    Kid name = kid_in(p, ks, F_name);
    e->name = kid_is_there(name) ? parse_text(p, parse_span(name.node)) : "";
    e->a = parse_expr_in(p, ks, F_value, e->span);
    kids_close(p, ks);
    return e;
}

void parse_arguments(Parse *p, TSNode n, NodeVec *out)
{
    Kids ks = kids_open(p, n);
    add_expressions(p, ks, 0, out);
    kids_close(p, ks);
}

static Node *comprehension(Parse *p, TSNode n, NodeKind kind);

static Node *call(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_CALL, parse_span(n));
    Kids ks = kids_open(p, n);
    e->a = parse_expr_in(p, ks, F_function, e->span);
    Kid args = kid_in(p, ks, F_arguments);
    kids_close(p, ks);
    if (args.gram == G_generator_expression) { /* it shares the call's parentheses */
        Node *g = comprehension(p, args.node, N_GENEXP);
        g->paren = false;
        g->span.start++;
        g->span.end--;
        vec_push(p->arena, &e->items, g);
    } else if (kid_is_there(args)) {
        parse_arguments(p, args.node, &e->items);
    }
    return e;
}

/* --- displays --- */

static Node *pair(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_PAIR, parse_span(n));
    Kids ks = kids_open(p, n);
    e->a = parse_expr_in(p, ks, F_key, e->span);
    e->b = parse_expr_in(p, ks, F_value, e->span);
    kids_close(p, ks);
    return e;
}

static Node *for_clause(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_COMPFOR, parse_span(n));
    Kids ks = kids_open(p, n);
    e->is_async = kids_have(p, ks, G_async);
    e->a = parse_expr_in(p, ks, F_left, e->span);
    int right = 0;
    while (right < ks.n && kid(p, ks, right).field != F_right) right++;
    e->b = parse_bare_tuple(p, ks, right, F_right);
    kids_close(p, ks);
    if (!e->b) parse_give_up(p, e->span, "something to iterate over is missing here", NULL);
    return e;
}

static Node *comprehension(Parse *p, TSNode n, NodeKind kind)
{
    Node *e = parse_node(p, kind, parse_span(n));
    e->paren = kind == N_GENEXP;
    Node *last = NULL;
    Kids ks = kids_open(p, n);
    Kid body = kid_in(p, ks, F_body);
    if (kind == N_DICTCOMP && kid_is_there(body)) {
        Kids pair_kids = kids_open(p, body.node);
        e->a = parse_expr_in(p, pair_kids, F_key, e->span);
        e->b = parse_expr_in(p, pair_kids, F_value, e->span);
        kids_close(p, pair_kids);
    } else {
        e->a = parse_expr_in(p, ks, F_body, e->span);
    }
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_for_in_clause) {
            last = for_clause(p, k.node);
            vec_push(p->arena, &e->items, last);
        } else if (k.gram == G_if_clause && last) {
            Node *test = only_child(p, k.node);
            vec_push(p->arena, &last->items, test);
            last->span.end = test->span.end;
        }
    }
    kids_close(p, ks);
    return e;
}

/* --- parameters --- */

static Node *type_of(Parse *p, Kids ks)
{
    Kid k = kid_in(p, ks, F_type);
    return kid_is_there(k) ? parse_expr(p, k.node) : NULL;
}

/* The name below a parameter, and how many stars stand before it. */
static void param_name(Parse *p, Param *out, TSNode n, Gram gram)
{
    if (gram == G_identifier) {
        out->name = parse_text(p, parse_span(n));
        return;
    }
    if (gram == G_tuple_pattern) {
        parse_give_up(p, parse_span(n), "tuple parameters are Python 2", NULL);
        out->name = "_";
        return;
    }
    out->kind = gram == G_dictionary_splat_pattern ? PARAM_DSTAR : PARAM_STAR;
    Kids ks = kids_open(p, n);
    Kid name = ks.n ? kid(p, ks, ks.n - 1) : (Kid){0};
    kids_close(p, ks);
    if (name.gram != G_identifier)
        parse_give_up(p, parse_span(n), "a parameter needs a name", NULL);
    out->name = kid_is_there(name) ? parse_text(p, parse_span(name.node)) : "_";
}

static Param param(Parse *p, TSNode n, Gram gram)
{
    Param out = {.span = parse_span(n)};
    if (gram != G_typed_parameter && gram != G_default_parameter &&
        gram != G_typed_default_parameter) {
        param_name(p, &out, n, gram);
        return out;
    }
    Kids ks = kids_open(p, n);
    if (ks.n) param_name(p, &out, kid(p, ks, 0).node, kid(p, ks, 0).gram);
    out.annotation = type_of(p, ks);
    Kid value = kid_in(p, ks, F_value);
    if (kid_is_there(value)) out.dflt = parse_expr(p, value.node);
    kids_close(p, ks);
    return out;
}

void parse_params(Parse *p, TSNode n, Params *out)
{
    bool after_star = false;
    Kids ks = kids_open(p, n);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (!ts_node_is_named(k.node)) continue;
        if (k.gram == G_keyword_separator) {
            out->bare_star = after_star = true;
        } else if (k.gram == G_positional_separator) {
            out->slash = true;
            for (int j = 0; j < out->list.len; j++) out->list.at[j].positional_only = true;
        } else {
            Param one = param(p, k.node, k.gram);
            one.keyword_only = after_star && one.kind == PARAM_PLAIN;
            after_star |= one.kind == PARAM_STAR;
            vec_push(p->arena, &out->list, one);
        }
    }
    kids_close(p, ks);
}

/* --- the dispatcher --- */

static Node *leaf(Parse *p, TSNode n, NodeKind kind)
{
    return parse_node(p, kind, parse_span(n));
}

static Node *give_up_here(Parse *p, TSNode n, const char *why)
{
    parse_give_up(p, parse_span(n), why, NULL);
    return leaf(p, n, N_NONE);
}

static Node *convert(Parse *p, TSNode n)
{
    switch (parse_gram(p, n)) {
    case G_identifier: return named(p, n);
    case G_integer: return parse_number(p, n, false);
    case G_float: return parse_number(p, n, true);
    case G_string: return parse_string(p, n);
    case G_concatenated_string: return parse_concatenated(p, n);
    case G_true: return leaf(p, n, N_TRUE);
    case G_false: return leaf(p, n, N_FALSE);
    case G_none: return leaf(p, n, N_NONE);
    case G_ellipsis: return leaf(p, n, N_ELLIPSIS);
    case G_attribute: return attribute(p, n);
    case G_subscript: return subscript(p, n);
    case G_slice: return slice(p, n);
    case G_call: return call(p, n);
    case G_keyword_argument: return keyword(p, n);
    case G_list_splat:
    case G_list_splat_pattern:
    case G_splat_type: return wrapped(p, n, N_STAR);
    case G_dictionary_splat:
    case G_dictionary_splat_pattern: return wrapped(p, n, N_DSTAR);
    case G_binary_operator: return binary(p, n);
    case G_unary_operator: return unary(p, n, false);
    case G_not_operator: return unary(p, n, true);
    case G_boolean_operator: return boolean(p, n);
    case G_comparison_operator: return comparison(p, n);
    case G_conditional_expression: return conditional(p, n);
    case G_lambda: return lambda(p, n);
    case G_named_expression: return walrus(p, n);
    case G_await: return wrapped(p, n, N_AWAIT);
    case G_yield: return yield(p, n);
    case G_parenthesized_expression: return parenthesised(p, n);
    case G_tuple:
    case G_tuple_pattern: return sequence(p, n, N_TUPLE, true);
    case G_expression_list:
    case G_pattern_list: return sequence(p, n, N_TUPLE, false);
    case G_list:
    case G_list_pattern: return sequence(p, n, N_LIST, false);
    case G_set: return sequence(p, n, N_SET, false);
    case G_dictionary: return sequence(p, n, N_DICT, false);
    case G_pair: return pair(p, n);
    case G_list_comprehension: return comprehension(p, n, N_LISTCOMP);
    case G_set_comprehension: return comprehension(p, n, N_SETCOMP);
    case G_dictionary_comprehension: return comprehension(p, n, N_DICTCOMP);
    case G_generator_expression: return comprehension(p, n, N_GENEXP);
    case G_type:
    case G_as_pattern_target: return only_child(p, n);
    case G_generic_type: return generic_type(p, n);
    case G_union_type: return compound_type(p, n, true);
    case G_member_type: return compound_type(p, n, false);
    default: return give_up_here(p, n, "this is not an expression");
    }
}

Node *parse_expr(Parse *p, TSNode n)
{
    if (p->bad) return leaf(p, n, N_NONE); /* the statement is lost already */
    bool fine = parse_deeper(p, n);
    Node *e = fine ? convert(p, n) : leaf(p, n, N_NONE);
    p->depth--;
    return e;
}
