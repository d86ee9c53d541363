/* The patterns of match statements, as expressions where Python writes them alike: a class pattern
 * is a call, alternatives are |, captures are names, a rest is a star. `pattern as name` has no
 * expression and stays an N_PATTERN with its text. */
#include <string.h>

#include "python/parse_internal.h"

static Node *text_pattern(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_PATTERN, parse_span(n));
    e->text = parse_text(p, e->span);
    return e;
}

static Node *name_pattern(Parse *p, Span span)
{
    Node *e = parse_node(p, N_NAME, span);
    e->name = parse_text(p, span);
    return e;
}

static Node *dotted(Parse *p, TSNode n)
{
    Kids ks = kids_open(p, n);
    Node *e = NULL;
    int start = (int)ts_node_start_byte(n);
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        Span span = parse_span(k.node);
        if (k.gram != G_identifier) continue;
        if (!e) {
            e = name_pattern(p, span);
            continue;
        }
        Node *attribute = parse_node(p, N_ATTRIBUTE, (Span){start, span.end});
        attribute->a = e;
        attribute->name = parse_text(p, span);
        e = attribute;
    }
    kids_close(p, ks);
    return e ? e : text_pattern(p, n);
}

/* A kid of a pattern, after a minus where there is one. */
static Node *operand(Parse *p, Kid k, int minus)
{
    Span span = parse_span(k.node);
    Node *sign = minus < 0 ? NULL : parse_node(p, N_UNARY, (Span){minus, span.end});
    Node *e = k.gram == G_underscore ? name_pattern(p, span) : parse_pattern(p, k.node);
    if (!sign) return e;
    sign->op = "-";
    sign->a = e;
    return sign;
}

/* Every pattern among the kids from index `from`. */
static void add_patterns(Parse *p, Kids ks, int from, NodeVec *out)
{
    int minus = -1;
    for (int i = from; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_minus) {
            minus = (int)ts_node_start_byte(k.node);
            continue;
        }
        if (!ts_node_is_named(k.node) && k.gram != G_underscore) continue;
        Node *e = operand(p, k, minus);
        vec_push(p->arena, out, e);
        minus = -1;
    }
}

static Node *sequence(Parse *p, TSNode n, NodeKind kind)
{
    Node *e = parse_node(p, kind, parse_span(n));
    Kids ks = kids_open(p, n);
    bool comma = kids_have(p, ks, G_comma);
    add_patterns(p, ks, 0, &e->items);
    kids_close(p, ks);
    e->paren = kind == N_TUPLE;
    if (kind == N_TUPLE && e->items.len == 1 && !comma) {
        e->kind = N_PAREN;
        e->paren = false;
        e->a = e->items.at[0];
        e->items = (NodeVec){0};
    }
    return e;
}

static Node *class_pattern(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_CALL, parse_span(n));
    Kids ks = kids_open(p, n);
    NodeVec parts = {0};
    add_patterns(p, ks, 0, &parts);
    kids_close(p, ks);
    if (parts.len == 0) {
        parse_give_up(p, e->span, "this pattern does not parse", NULL);
        return e;
    }
    e->a = parts.at[0];
    for (int i = 1; i < parts.len; i++) vec_push(p->arena, &e->items, parts.at[i]);
    return e;
}

static Node *keyword(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_KEYWORD, parse_span(n));
    NodeVec parts = {0};
    Kids ks = kids_open(p, n);
    if (ks.n) e->name = parse_text(p, parse_span(kid(p, ks, 0).node));
    add_patterns(p, ks, 1, &parts);
    kids_close(p, ks);
    if (parts.len == 1) e->a = parts.at[0];
    else parse_give_up(p, e->span, "this pattern does not parse", NULL);
    return e;
}

/* Alternatives and complex numbers: a op b op c, leaning left. */
static Node *chain(Parse *p, TSNode n, bool complex)
{
    Span span = parse_span(n);
    Kids ks = kids_open(p, n);
    Node *e = NULL;
    const char *op = "|";
    int minus = -1;
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        Span here = parse_span(k.node);
        bool pattern = ts_node_is_named(k.node) || k.gram == G_underscore;
        if (!pattern && e && complex) op = k.gram == G_minus ? "-" : "+";
        else if (k.gram == G_minus) minus = here.start;
        if (!pattern) continue;
        Node *right = operand(p, k, minus);
        minus = -1;
        if (!e) {
            e = right;
            continue;
        }
        Node *both = parse_node(p, N_BINARY, (Span){span.start, here.end});
        both->op = op;
        both->a = e;
        both->b = right;
        e = both;
    }
    kids_close(p, ks);
    return e ? e : text_pattern(p, n);
}

static Node *mapping(Parse *p, TSNode n)
{
    Node *e = parse_node(p, N_DICT, parse_span(n));
    Kids ks = kids_open(p, n);
    Node *open = NULL; /* a pair that has its key */
    int minus = -1;
    for (int i = 0; i < ks.n; i++) {
        Kid k = kid(p, ks, i);
        if (k.gram == G_minus) minus = (int)ts_node_start_byte(k.node);
        if (k.field != F_key && k.field != F_value && k.gram != G_splat_pattern) continue;
        if (k.gram == G_minus) continue;
        if (k.field == F_key && !open) {
            Span span = parse_span(k.node);
            open = parse_node(p, N_PAIR, minus < 0 ? span : (Span){minus, span.end});
            open->a = operand(p, k, minus);
            vec_push(p->arena, &e->items, open);
        } else if (k.field == F_value && open) {
            open->b = operand(p, k, -1);
            open->span.end = open->b->span.end;
            open = NULL;
        } else if (k.gram == G_splat_pattern) {
            Node *rest = parse_pattern(p, k.node);
            vec_push(p->arena, &e->items, rest);
        }
        minus = -1;
    }
    kids_close(p, ks);
    if (open) parse_give_up(p, e->span, "this pattern does not parse", NULL);
    return e;
}

static Node *splat(Parse *p, TSNode n)
{
    Kids ks = kids_open(p, n);
    bool two = kids_have(p, ks, G_starstar);
    Node *e = parse_node(p, two ? N_DSTAR : N_STAR, parse_span(n));
    Kid name = ks.n ? kid(p, ks, ks.n - 1) : (Kid){0};
    kids_close(p, ks);
    if (kid_is_there(name)) e->a = name_pattern(p, parse_span(name.node));
    else parse_give_up(p, e->span, "this pattern does not parse", NULL);
    return e;
}

/* The pattern in a case_pattern, which may be a token (`_`) or have a sign before it. */
static Node *unwrap(Parse *p, TSNode n)
{
    Kids ks = kids_open(p, n);
    NodeVec parts = {0};
    add_patterns(p, ks, 0, &parts);
    kids_close(p, ks);
    return parts.len == 1 ? parts.at[0] : text_pattern(p, n);
}

static Node *convert(Parse *p, TSNode n)
{
    switch (parse_gram(p, n)) {
    case G_case_pattern: return unwrap(p, n);
    case G_as_pattern: return text_pattern(p, n);
    case G_keyword_pattern: return keyword(p, n);
    case G_class_pattern: return class_pattern(p, n);
    case G_splat_pattern: return splat(p, n);
    case G_union_pattern: return chain(p, n, false);
    case G_complex_pattern: return chain(p, n, true);
    case G_list_pattern: return sequence(p, n, N_LIST);
    case G_tuple_pattern: return sequence(p, n, N_TUPLE);
    case G_dict_pattern: return mapping(p, n);
    case G_dotted_name: return dotted(p, n);
    case G_underscore: return name_pattern(p, parse_span(n));
    default: return parse_expr(p, n);
    }
}

Node *parse_pattern(Parse *p, TSNode n)
{
    if (p->bad) return text_pattern(p, n);
    bool fine = parse_deeper(p, n);
    Node *e = fine ? convert(p, n) : text_pattern(p, n);
    p->depth--;
    return e;
}
