/* Chains of attributes, calls and subscripts, over lines.
 *
 * The largest brackets of the chain are split, provided that what stands before them fits on the
 * line; two or more method calls after the first go on a line each instead. */
#include <string.h>

#include "python/print_internal.h"

static void add(Print *c, const char *s)
{
    buf_add(c->out, s);
}

typedef VEC(const Node *) Links;

static bool is_link(const Node *e)
{
    return e->kind == N_ATTRIBUTE || e->kind == N_CALL || e->kind == N_SUBSCRIPT;
}

static bool is_lone_call(const Node *e)
{
    return e->kind == N_CALL && e->items.len == 1 && e->items.at[0]->kind == N_GENEXP;
}

static Brackets link_brackets(Print *c, const Node *e)
{
    Brackets b = {.open = "(", .close = ")", .min = PREC_WALRUS, .comma = true};
    const Node *o = node_origin(e);
    if (c->source && o && o->a && o->kind == e->kind)
        b.region = (Span){o->a->span.end, o->span.end};
    if (e->kind == N_CALL) {
        b.items = print_arguments(c, e);
        return b;
    }
    b.open = "[";
    b.close = "]";
    if (e->b->kind == N_TUPLE && !e->b->paren && e->b->items.len) {
        b.items = &e->b->items;
        b.comma_if_one = true;
    } else {
        NodeVec *one = ARENA_NEW(c->arena, NodeVec);
        vec_push(c->arena, one, e->b);
        b.items = one;
        b.comma = false; /* it would make a tuple of the index */
        b.min = PREC_WALRUS;
    }
    return b;
}

static void flat_link(Print *c, const Node *e)
{
    if (e->kind == N_ATTRIBUTE) {
        buf_printf(c->out, ".%s", e->name);
    } else if (is_lone_call(e)) {
        add(c, "(");
        print_flat_lone(c, e->items.at[0]);
        add(c, ")");
    } else {
        Brackets b = link_brackets(c, e);
        add(c, b.open);
        print_flat_items(c, &b);
        add(c, b.close);
    }
}

static void split_link(Print *c, const Node *e, int indent)
{
    if (is_lone_call(e)) {
        const Node *g = e->items.at[0];
        int start = (int)c->out->len;
        print_comprehension(c, g, "(", ")", indent);
        print_mark(c, g, start);
        return;
    }
    Brackets b = link_brackets(c, e);
    print_brackets(c, &b, indent);
}

static bool link_holds_comments(Print *c, const Node *e)
{
    if (e->kind == N_ATTRIBUTE) return false;
    Brackets b = link_brackets(c, e);
    return print_items_hold_comments(c, &b);
}

static int link_width(Print *c, const Node *e)
{
    Buf text = {0};
    Print q = print_quiet(c, &text);
    flat_link(&q, e);
    int width = print_measure_text(text.s, text.len).first;
    buf_free(&text);
    return width;
}

/* The link whose brackets are best split: the widest of those that the line can take up to the
 * opening bracket, and whose rest fits after the closing one. -1: none. */
static int best_link(Print *c, const Links *links, int base_width, int indent, int tail)
{
    int *width = ARENA_ARRAY(c->arena, int, links->len);
    int after = 0, best = -1;
    int before = print_column(c) + base_width;
    for (int i = 0; i < links->len; i++) after += width[i] = link_width(c, links->at[i]);
    for (int i = 0; i < links->len; i++) {
        after -= width[i];
        bool brackets = links->at[i]->kind != N_ATTRIBUTE && width[i] > 2;
        bool fits = before + 1 <= c->width && indent + 1 + after + tail <= c->width;
        if (brackets && fits && (best < 0 || width[i] >= width[best])) best = i;
        before += width[i];
    }
    return best;
}

static bool is_plain_name(const Node *e)
{
    while (e->kind == N_ATTRIBUTE) e = e->a;
    return e->kind == N_NAME;
}

/* Does a new line start at link i in a chain of method calls? */
static bool starts_call(const Links *links, int i)
{
    return links->at[i]->kind == N_ATTRIBUTE && i + 1 < links->len &&
           links->at[i + 1]->kind == N_CALL && !is_plain_name(links->at[i]->a);
}

static void emit_link(Print *c, const Links *links, int i, bool split, int start, int indent)
{
    const Node *e = links->at[i];
    if (split || link_holds_comments(c, e)) split_link(c, e, indent);
    else flat_link(c, e);
    if (i + 1 < links->len) print_mark(c, e, start); /* the whole is marked by print_layout */
}

/* a.b()
 * .c()
 * .d() */
static void method_lines(Print *c, const Node *base, const Links *links, int indent, int tail)
{
    int start = (int)c->out->len;
    print_layout(c, base, PREC_PRIMARY, indent, 0, true);
    for (int i = 0; i < links->len; i++) {
        if (starts_call(links, i)) print_newline(c, indent);
        int room = c->width - print_column(c) - (i + 1 == links->len ? tail : 0);
        bool split = links->at[i]->kind != N_ATTRIBUTE && link_width(c, links->at[i]) > room;
        emit_link(c, links, i, split, start, indent);
    }
}

static bool would_fit(Print *c, const Node *e, int indent)
{
    PrintSize z = print_measure(c, e, PREC_YIELD);
    return !z.lines && indent + z.first <= c->width;
}

/* Puts e, which is not in brackets yet, on lines of its own in parentheses. */
static void in_parentheses(Print *c, const Node *e, int indent)
{
    int inner = indent + PRINT_INDENT;
    add(c, "(");
    print_newline(c, inner);
    print_layout(c, e, PREC_YIELD, inner, 0, true);
    print_newline(c, indent);
    add(c, ")");
}

void print_chain(Print *c, const Node *e, int indent, int tail, bool bracketed)
{
    Links links = {0};
    const Node *base = e;
    int calls = 0;
    for (; is_link(base); base = base->a) vec_push(c->arena, &links, base);
    for (int i = 0, j = links.len - 1; i < j; i++, j--) {
        const Node *swap = links.at[i];
        links.at[i] = links.at[j];
        links.at[j] = swap;
    }
    for (int i = 0; i < links.len; i++) calls += starts_call(&links, i);
    bool comments = print_holds_comments(c, e);
    Prec base_min = base->kind == N_INT ? (Prec)(PREC_ATOM + 1) : PREC_PRIMARY;
    PrintSize base_size = print_measure(c, base, base_min);
    int best = best_link(c, &links, base_size.first, indent, tail);
    if (!bracketed && !comments && (calls > 1 || best < 0) &&
        (calls > 1 || would_fit(c, e, indent + PRINT_INDENT))) {
        in_parentheses(c, e, indent);
    } else if (calls > 1 && bracketed) {
        method_lines(c, base, &links, indent, tail);
    } else {
        int start = (int)c->out->len;
        print_layout(c, base, base_min, indent, 0, bracketed);
        for (int i = 0; i < links.len; i++) emit_link(c, &links, i, i == best, start, indent);
    }
}
