/* An expression over lines.
 *
 * print_layout first tries one line. Else what happens depends on the kind:
 *
 *     brackets      open; what they hold goes on one indented line if it fits there, else one item a
 *                   line with a comma after each; close
 *     a.b(c).d[e]   the largest brackets of the chain are split, provided that what stands before them
 *                   fits; two or more method calls after the first go on a line each instead
 *     a + b         one operand a line, operators in front, in parentheses unless brackets are around
 *                   already; a single operator before a call splits the call's brackets instead
 *
 * Comments of the source that stand between the items of a bracket force one item a line: each is
 * printed after the item that it followed, or on its own line before the item that it preceded. */
#include <string.h>

#include "base/str.h"
#include "python/print_internal.h"

static void add(Print *c, const char *s)
{
    buf_add(c->out, s);
}

/* --- measuring --- */

typedef struct Size {
    int first, last; /* columns of the first and of the last line */
    bool lines;      /* more than one, because of a literal */
} Size;

static Size measure_text(const char *s, size_t n)
{
    Size z = {0};
    const char *nl = memchr(s, '\n', n);
    z.first = utf8_width(s, nl ? (size_t)(nl - s) : n);
    z.last = z.first;
    z.lines = nl != NULL;
    if (nl) {
        size_t start = n;
        while (s[start - 1] != '\n') start--;
        z.last = utf8_width(s + start, n - start);
    }
    return z;
}

static Print quiet(const Print *c, Buf *out)
{
    Print q = *c;
    q.out = out;
    q.quiet = true;
    return q;
}

static Size measure(Print *c, const Node *e, Prec min)
{
    Buf text = {0};
    Print q = quiet(c, &text);
    print_flat(&q, e, min);
    Size z = text.s ? measure_text(text.s, text.len) : (Size){0};
    buf_free(&text);
    return z;
}

static bool size_fits(const Print *c, Size z, int column, int tail)
{
    if (z.lines) return column + z.first <= c->width && z.last + tail <= c->width;
    return column + z.first + tail <= c->width;
}

bool print_fits(Print *c, const Node *e, Prec min, int tail)
{
    if (print_holds_comments(c, e)) return false;
    return size_fits(c, measure(c, e, min), print_column(c), tail);
}

/* --- comments between items --- */

/* Every pending comment of the bytes, each on a line of its own. */
static void flush_comments(Print *c, Span span, int indent)
{
    if (!c->source || span.end == 0) return;
    for (int i = print_comment_at(c, span.start);
         i < c->source->comments.len && c->source->comments.at[i].span.start < span.end; i++) {
        if (c->done[i]) continue;
        print_newline(c, indent);
        print_comment(c, i);
    }
}

static Span node_region(const Print *c, const Node *n)
{
    const Node *o = node_origin(n);
    return c->source && o ? o->span : (Span){0, 0};
}

static bool within(Span inner, Span outer)
{
    return inner.end > 0 && inner.start >= outer.start && inner.end <= outer.end;
}

/* --- brackets --- */

static int count(const Brackets *b)
{
    return b->params ? b->params->list.len : b->items->len;
}

static Span item_span(const Print *c, const Brackets *b, int i)
{
    if (!b->params) return print_span(c, b->items->at[i]);
    return c->source ? b->params->list.at[i].span : (Span){0, 0};
}

static void flat_items(Print *c, const Brackets *b)
{
    for (int i = 0; i < count(b); i++) {
        if (i) add(c, b->comma ? ", " : " ");
        if (b->params) print_flat_param(c, b->params, i);
        else print_flat(c, b->items->at[i], b->min);
    }
    if (count(b) == 1 && b->comma_if_one) add(c, ",");
}

static bool items_hold_comments(const Print *c, const Brackets *b)
{
    if (print_pending(c, b->region)) return true;
    for (int i = 0; i < count(b); i++)
        if (!b->params && print_holds_comments(c, b->items->at[i])) return true;
    return false;
}

static Size measure_items(Print *c, const Brackets *b)
{
    Buf text = {0};
    Print q = quiet(c, &text);
    flat_items(&q, b);
    Size z = text.s ? measure_text(text.s, text.len) : (Size){0};
    buf_free(&text);
    return z;
}

static void layout_param(Print *c, const Params *params, int i, int indent)
{
    const Param *p = &params->list.at[i];
    Buf text = {0};
    Print q = quiet(c, &text);
    print_flat_param(&q, params, i);
    Size z = measure_text(text.s, text.len);
    buf_free(&text);
    bool fits = size_fits(c, z, print_column(c), 1);
    if (fits || !p->dflt) {
        print_flat_param(c, params, i);
        return;
    }
    Params without = {0}; /* everything up to the default, then the default over lines */
    Param bare = *p;
    bare.dflt = NULL;
    vec_push(c->arena, &without.list, bare);
    without.list.at[0].positional_only = without.list.at[0].keyword_only = false;
    print_flat_param(c, &without, 0);
    add(c, p->annotation ? " = " : "=");
    print_layout(c, p->dflt, PREC_TEST, indent, 1, false);
    if (p->positional_only && (i + 1 == params->list.len || !params->list.at[i + 1].positional_only))
        add(c, ", /");
}

static bool needs_star_line(const Params *params, int i)
{
    if (!params->list.at[i].keyword_only) return false;
    for (int j = 0; j < i; j++)
        if (params->list.at[j].keyword_only || params->list.at[j].kind == PARAM_STAR) return false;
    return true;
}

/* One item alone gets no comma, as it would make a tuple of it in places. */
static bool comma_after(const Brackets *b)
{
    return b->comma && (count(b) > 1 || b->comma_if_one);
}

static void one_item(Print *c, const Brackets *b, int i, int indent)
{
    if (!b->params) {
        print_layout(c, b->items->at[i], b->min, indent, comma_after(b) ? 1 : 0, true);
    } else if (needs_star_line(b->params, i)) { /* the star has a line to itself */
        Params list = *b->params;
        list.list.at = ARENA_ARRAY(c->arena, Param, list.list.len);
        memcpy(list.list.at, b->params->list.at, sizeof(Param) * (size_t)list.list.len);
        list.list.at[i].keyword_only = false;
        add(c, "*,");
        print_newline(c, indent);
        layout_param(c, &list, i, indent);
    } else {
        layout_param(c, b->params, i, indent);
    }
}

/* The comment on the line of the opening bracket. */
static void opening_comment(Print *c, Span region)
{
    if (!c->source || region.end == 0) return;
    int i = print_comment_at(c, region.start);
    if (i >= c->source->comments.len || c->done[i]) return;
    const Comment *k = &c->source->comments.at[i];
    if (k->own_line || k->span.start >= region.end) return;
    const char *text = c->source->src->text;
    int at = k->span.start;
    while (at > region.start && strchr(" \t", text[at - 1])) at--;
    if (at == 0 || !strchr("([{", text[at - 1])) return;
    add(c, "  ");
    print_comment(c, i);
}

static void item_lines(Print *c, const Brackets *b, int indent)
{
    opening_comment(c, b->region);
    for (int i = 0; i < count(b); i++) {
        Span s = item_span(c, b, i);
        bool known = within(s, b->region);
        if (known) flush_comments(c, (Span){b->region.start, s.start}, indent);
        print_newline(c, indent);
        one_item(c, b, i, indent);
        if (comma_after(b)) add(c, ",");
        if (known) print_trailing(c, s.end);
    }
    flush_comments(c, b->region, indent);
}

void print_brackets(Print *c, const Brackets *b, int indent)
{
    bool comments = items_hold_comments(c, b);
    int inner = indent + PRINT_INDENT;
    add(c, b->open);
    if (count(b) == 0 && !comments) {
        add(c, b->close);
        return;
    }
    Size z = measure_items(c, b);
    if (!comments && !b->split && !z.lines && inner + z.first <= c->width) {
        print_newline(c, inner);
        flat_items(c, b);
    } else {
        item_lines(c, b, inner);
    }
    print_newline(c, indent);
    add(c, b->close);
}

/* --- comprehensions --- */

static void clause_lines(Print *c, const Node *e, int indent)
{
    Span region = node_region(c, e);
    for (int i = 0; i < e->items.len; i++) {
        const Node *clause = e->items.at[i];
        Span s = print_span(c, clause);
        if (within(s, region)) flush_comments(c, (Span){region.start, s.start}, indent);
        print_newline(c, indent);
        if (print_fits(c, clause, PREC_ATOM, 0)) {
            print_flat(c, clause, PREC_ATOM);
        } else {
            int start = (int)c->out->len;
            add(c, clause->is_async ? "async for " : "for ");
            print_flat(c, clause->a, PREC_TUPLE);
            add(c, " in ");
            print_layout(c, clause->b, PREC_OR, indent, 0, true);
            for (int j = 0; j < clause->items.len; j++) {
                Span test = print_span(c, clause->items.at[j]);
                if (within(test, region)) flush_comments(c, (Span){region.start, test.start}, indent);
                print_newline(c, indent);
                add(c, "if ");
                print_layout(c, clause->items.at[j], PREC_OR, indent, 0, true);
            }
            print_mark(c, clause, start);
        }
        if (within(s, region)) print_trailing(c, s.end);
    }
}

static void comprehension_lines(Print *c, const Node *e, int indent)
{
    Span region = node_region(c, e), element = print_span(c, e->a);
    if (within(element, region)) flush_comments(c, (Span){region.start, element.start}, indent);
    print_newline(c, indent);
    print_layout(c, e->a, PREC_WALRUS, indent, 0, true);
    if (e->kind == N_DICTCOMP) {
        add(c, ": ");
        print_layout(c, e->b, PREC_TEST, indent, 0, false);
        element = print_span(c, e->b);
    }
    if (within(element, region)) print_trailing(c, element.end);
    clause_lines(c, e, indent);
    flush_comments(c, region, indent);
}

/* A comprehension over lines between the brackets; a lone argument has those of its call. */
static void comprehension(Print *c, const Node *e, const char *open, const char *close, int indent)
{
    int inner = indent + PRINT_INDENT;
    Buf text = {0};
    Print q = quiet(c, &text);
    print_flat_inside(&q, e);
    Size z = measure_text(text.s, text.len);
    buf_free(&text);
    add(c, open);
    if (!print_holds_comments(c, e) && !z.lines && inner + z.first <= c->width) {
        print_newline(c, inner);
        print_flat_inside(c, e);
    } else {
        opening_comment(c, node_region(c, e));
        comprehension_lines(c, e, inner);
    }
    print_newline(c, indent);
    add(c, close);
}

/* --- chains of attributes, calls and subscripts --- */

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
    Brackets b = {.open = "(", .close = ")", .items = &e->items, .min = PREC_WALRUS, .comma = true};
    const Node *o = node_origin(e);
    if (c->source && o && o->a && o->kind == e->kind) b.region = (Span){o->a->span.end, o->span.end};
    if (e->kind == N_CALL) return b;
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
        flat_items(c, &b);
        add(c, b.close);
    }
}

static void split_link(Print *c, const Node *e, int indent)
{
    if (is_lone_call(e)) {
        const Node *g = e->items.at[0];
        int start = (int)c->out->len;
        comprehension(c, g, "(", ")", indent);
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
    return items_hold_comments(c, &b);
}

static int link_width(Print *c, const Node *e)
{
    Buf text = {0};
    Print q = quiet(c, &text);
    flat_link(&q, e);
    int width = measure_text(text.s, text.len).first;
    buf_free(&text);
    return width;
}

/* The link whose brackets are best split: the widest of those that the line can take up to the opening
 * bracket, and whose rest fits after the closing one. -1: none. */
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
    return links->at[i]->kind == N_ATTRIBUTE && i + 1 < links->len && links->at[i + 1]->kind == N_CALL &&
           !is_plain_name(links->at[i]->a);
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
    Size z = measure(c, e, PREC_YIELD);
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

static void chain(Print *c, const Node *e, int indent, int tail, bool bracketed)
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
    Size base_size = measure(c, base, base_min);
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

/* --- operators --- */

typedef struct Operand {
    const Node *node;
    const char *op;     /* before it; NULL for the first */
    const Node *whole;  /* the inner operation that ends with it, or NULL */
    Prec min;
} Operand;

typedef VEC(Operand) Operands;

static void binary_operands(Print *c, const Node *e, Operands *out, bool outermost)
{
    bool flatten = e->a->kind == N_BINARY && !str_eq(e->op, "**") &&
                   prec_of_operator(e->a->op) == prec_of_operator(e->op);
    if (flatten) {
        binary_operands(c, e->a, out, false);
    } else {
        Operand first = {e->a, NULL, NULL, prec_left(e->op)};
        vec_push(c->arena, out, first);
    }
    Operand right = {e->b, e->op, outermost ? NULL : e, prec_right(e->op)};
    vec_push(c->arena, out, right);
}

static Operands operands_of(Print *c, const Node *e)
{
    Operands out = {0};
    if (e->kind == N_BINARY) {
        binary_operands(c, e, &out, true);
    } else if (e->kind == N_IFEXP) {
        Operand parts[] = {
            {e->a, NULL, NULL, PREC_OR}, {e->b, "if", NULL, PREC_OR}, {e->c, "else", NULL, PREC_TEST}};
        for (int i = 0; i < 3; i++) vec_push(c->arena, &out, parts[i]);
    } else {
        Prec min = e->kind == N_COMPARE ? PREC_BITOR : str_eq(e->op, "or") ? PREC_AND : PREC_NOT;
        for (int i = 0; i < e->items.len; i++) {
            const char *op = i == 0 ? NULL : e->kind == N_COMPARE ? e->strs.at[i - 1] : e->op;
            Operand o = {e->items.at[i], op, NULL, min};
            vec_push(c->arena, &out, o);
        }
    }
    return out;
}

/* `a + f(` and then the arguments of f: one operator, and the line takes all up to the bracket. */
static bool splits_last(Print *c, const Node *e, const Operands *o)
{
    if (o->len != 2 || e->kind == N_IFEXP || print_holds_comments(c, o->at[0].node)) return false;
    const Node *last = o->at[1].node;
    if (last->kind != N_CALL || last->items.len == 0 || prec_of(last) < o->at[1].min) return false;
    Size left = measure(c, o->at[0].node, o->at[0].min), callee = measure(c, last->a, PREC_PRIMARY);
    int before = print_column(c) + left.first + (int)strlen(o->at[1].op) + 2 + callee.first + 1;
    return !left.lines && !callee.lines && before <= c->width;
}

static void operators(Print *c, const Node *e, int indent, int tail, bool bracketed)
{
    Operands o = operands_of(c, e);
    if (!bracketed && !splits_last(c, e, &o)) {
        Brackets b = {.open = "(", .close = ")", .min = PREC_YIELD};
        NodeVec one = {0};
        Node *self;
        memcpy(&self, &e, sizeof(self)); /* only read */
        vec_push(c->arena, &one, self);
        b.items = &one;
        print_brackets(c, &b, indent);
        return;
    }
    Span region = node_region(c, e);
    int start = (int)c->out->len;
    for (int i = 0; i < o.len; i++) {
        Span s = print_span(c, o.at[i].node);
        bool known = within(s, region);
        if (i && !bracketed) add(c, " ");
        if (i && bracketed) {
            if (known) flush_comments(c, (Span){region.start, s.start}, indent);
            print_newline(c, indent);
        }
        if (i) buf_printf(c->out, "%s ", o.at[i].op);
        int after = i + 1 == o.len ? tail : 0;
        print_layout(c, o.at[i].node, o.at[i].min, indent, after, bracketed);
        if (bracketed && known && i + 1 < o.len) print_trailing(c, s.end);
        if (o.at[i].whole) print_mark(c, o.at[i].whole, start);
    }
}

/* --- strings --- */

typedef struct StringLines {
    Print *c;
    const char *text;
    int indent, n;
    int base; /* where the text begins in the source; -1: it is not from there */
    int end;  /* of the part before */
} StringLines;

static void string_line(Span part, void *ctx)
{
    StringLines *l = ctx;
    if (l->n++) {
        if (l->base >= 0) print_trailing(l->c, l->base + l->end);
        print_newline(l->c, l->indent);
    }
    buf_addn(l->c->out, l->text + part.start, (size_t)(part.end - part.start));
    l->end = part.end;
}

static void string_lines(Print *c, const Node *e, int indent, bool bracketed)
{
    StringLines l = {.c = c, .text = print_string_text(c, e), .indent = indent, .base = -1};
    const Node *o = node_origin(e);
    bool many = print_count_parts(l.text) > 1;
    if (c->source && o && l.text == o->text) l.base = o->span.start;
    if (many && !bracketed) {
        l.indent += PRINT_INDENT;
        add(c, "(");
        print_newline(c, l.indent);
    }
    print_string_parts(l.text, string_line, &l);
    if (many && !bracketed) {
        print_newline(c, indent);
        add(c, ")");
    }
}

/* --- the dispatcher --- */

static void items_between(Print *c, const Node *e, const char *open, const char *close, int indent)
{
    Brackets b = {.open = open, .close = close, .items = &e->items, .min = PREC_WALRUS, .comma = true,
                  .comma_if_one = e->kind == N_TUPLE, .region = node_region(c, e)};
    print_brackets(c, &b, indent);
}

static void parenthesised(Print *c, const Node *e, int indent)
{
    NodeVec one = {0};
    vec_push(c->arena, &one, e->a);
    Brackets b = {.open = "(", .close = ")", .items = &one, .min = PREC_YIELD, .region = node_region(c, e)};
    print_brackets(c, &b, indent);
}

/* A prefix that stays on the line, and the rest of it over lines. */
static void prefixed(Print *c, const char *prefix, const Node *e, Prec min, int indent, int tail,
                     bool bracketed)
{
    add(c, prefix);
    print_layout(c, e, min, indent, tail, bracketed);
}

static void expression(Print *c, const Node *e, int indent, int tail, bool bracketed)
{
    switch (e->kind) {
    case N_ATTRIBUTE:
    case N_SUBSCRIPT:
    case N_CALL: chain(c, e, indent, tail, bracketed); break;
    case N_BINARY:
    case N_BOOL:
    case N_COMPARE:
    case N_IFEXP: operators(c, e, indent, tail, bracketed); break;
    case N_STRING:
    case N_FSTRING: string_lines(c, e, indent, bracketed); break;
    case N_LIST: items_between(c, e, "[", "]", indent); break;
    case N_SET:
    case N_DICT: items_between(c, e, "{", "}", indent); break;
    case N_TUPLE: items_between(c, e, "(", ")", indent); break;
    case N_PAREN: parenthesised(c, e, indent); break;
    case N_LISTCOMP: comprehension(c, e, "[", "]", indent); break;
    case N_SETCOMP:
    case N_DICTCOMP: comprehension(c, e, "{", "}", indent); break;
    case N_GENEXP: comprehension(c, e, "(", ")", indent); break;
    case N_KEYWORD:
        add(c, e->name);
        prefixed(c, "=", e->a, PREC_TEST, indent, tail, false);
        break;
    case N_PAIR:
        print_flat(c, e->a, PREC_TEST);
        prefixed(c, ": ", e->b, PREC_TEST, indent, tail, false);
        break;
    case N_STAR: prefixed(c, "*", e->a, PREC_BITOR, indent, tail, false); break;
    case N_DSTAR: prefixed(c, "**", e->a, PREC_BITOR, indent, tail, false); break;
    case N_AWAIT: prefixed(c, "await ", e->a, PREC_PRIMARY, indent, tail, false); break;
    case N_UNARY:
        add(c, e->op);
        if (str_eq(e->op, "not")) prefixed(c, " ", e->a, PREC_NOT, indent, tail, false);
        else prefixed(c, "", e->a, PREC_UNARY, indent, tail, false);
        break;
    case N_LAMBDA:
        add(c, e->params.list.len ? "lambda " : "lambda");
        print_flat_params(c, &e->params);
        prefixed(c, ": ", e->a, PREC_TEST, indent, tail, false);
        break;
    case N_WALRUS:
        print_flat(c, e->a, PREC_ATOM);
        prefixed(c, " := ", e->b, PREC_TEST, indent, tail, false);
        break;
    case N_YIELD:
        add(c, e->op ? "yield from" : "yield");
        if (e->a) prefixed(c, " ", e->a, e->op ? PREC_TEST : PREC_TUPLE, indent, tail, false);
        break;
    case N_WITHITEM:
        print_layout(c, e->a, PREC_TEST, indent, tail, false);
        if (!e->b) break;
        add(c, " as ");
        print_flat(c, e->b, PREC_PRIMARY);
        break;
    default: print_flat(c, e, PREC_YIELD); return; /* nothing to split; it marks itself */
    }
}

void print_layout(Print *c, const Node *e, Prec min, int indent, int tail, bool bracketed)
{
    if (print_fits(c, e, min, tail)) {
        print_flat(c, e, min);
        return;
    }
    bool parens = prec_of(e) < min;
    int inner = parens ? indent + PRINT_INDENT : indent;
    if (parens) {
        add(c, "(");
        print_newline(c, inner);
    }
    int start = (int)c->out->len;
    expression(c, e, inner, parens ? 0 : tail, bracketed || parens);
    print_mark(c, e, start);
    if (parens) {
        print_newline(c, indent);
        add(c, ")");
    }
}
