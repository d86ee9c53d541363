/* What stands in brackets, over lines: arguments, displays, parameters, comprehensions.
 *
 * The content goes on one indented line if it fits there, else one item a line with a comma after
 * each. Comments of the source that stand between the items force one item a line: each is printed
 * after the item that it followed, or on its own line before the item that it preceded. */
#include <string.h>

#include "python/print_internal.h"

static void add(Print *c, const char *s)
{
    buf_add(c->out, s);
}

/* --- measuring --- */

PrintSize print_measure_text(const char *s, size_t n)
{
    PrintSize z = {0};
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

Print print_quiet(const Print *c, Buf *out)
{
    Print q = *c;
    q.out = out;
    q.quiet = true;
    return q;
}

PrintSize print_measure(Print *c, const Node *e, Prec min)
{
    Buf text = {0};
    Print q = print_quiet(c, &text);
    print_flat(&q, e, min);
    PrintSize z = text.s ? print_measure_text(text.s, text.len) : (PrintSize){0};
    buf_free(&text);
    return z;
}

static bool size_fits(const Print *c, PrintSize z, int column, int tail)
{
    if (z.lines) return column + z.first <= c->width && z.last + tail <= c->width;
    return column + z.first + tail <= c->width;
}

bool print_fits(Print *c, const Node *e, Prec min, int tail)
{
    if (print_holds_comments(c, e)) return false;
    return size_fits(c, print_measure(c, e, min), print_column(c), tail);
}

/* --- comments between items --- */

/* Every pending comment of the bytes, each on a line of its own. */
void print_flush_comments(Print *c, Span span, int indent)
{
    if (!c->source || span.end == 0) return;
    for (int i = print_comment_at(c, span.start);
         i < c->source->comments.len && c->source->comments.at[i].span.start < span.end; i++) {
        if (c->done[i]) continue;
        print_newline(c, indent);
        print_comment(c, i);
    }
}

Span print_region(const Print *c, const Node *n)
{
    const Node *o = node_origin(n);
    return c->source && o ? o->span : (Span){0, 0};
}

bool print_within(Span inner, Span outer)
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

void print_flat_items(Print *c, const Brackets *b)
{
    for (int i = 0; i < count(b); i++) {
        if (i) add(c, b->comma ? ", " : " ");
        if (b->params) print_flat_param(c, b->params, i);
        else print_flat(c, b->items->at[i], b->min);
    }
    if (count(b) == 1 && b->comma_if_one) add(c, ",");
}

bool print_items_hold_comments(const Print *c, const Brackets *b)
{
    if (print_pending(c, b->region)) return true;
    for (int i = 0; i < count(b); i++)
        if (!b->params && print_holds_comments(c, b->items->at[i])) return true;
    return false;
}

static PrintSize measure_items(Print *c, const Brackets *b)
{
    Buf text = {0};
    Print q = print_quiet(c, &text);
    print_flat_items(&q, b);
    PrintSize z = text.s ? print_measure_text(text.s, text.len) : (PrintSize){0};
    buf_free(&text);
    return z;
}

static void layout_param(Print *c, const Params *params, int i, int indent)
{
    const Param *p = &params->list.at[i];
    Buf text = {0};
    Print q = print_quiet(c, &text);
    print_flat_param(&q, params, i);
    PrintSize z = print_measure_text(text.s, text.len);
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
    if (p->positional_only &&
        (i + 1 == params->list.len || !params->list.at[i + 1].positional_only))
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
        bool known = print_within(s, b->region);
        if (known) print_flush_comments(c, (Span){b->region.start, s.start}, indent);
        print_newline(c, indent);
        one_item(c, b, i, indent);
        if (comma_after(b)) add(c, ",");
        if (known) print_trailing(c, s.end);
    }
    print_flush_comments(c, b->region, indent);
}

void print_brackets(Print *c, const Brackets *b, int indent)
{
    bool comments = print_items_hold_comments(c, b);
    int inner = indent + PRINT_INDENT;
    add(c, b->open);
    if (count(b) == 0 && !comments) {
        add(c, b->close);
        return;
    }
    PrintSize z = measure_items(c, b);
    if (!comments && !b->split && !z.lines && inner + z.first <= c->width) {
        print_newline(c, inner);
        print_flat_items(c, b);
    } else {
        item_lines(c, b, inner);
    }
    print_newline(c, indent);
    add(c, b->close);
}

/* --- comprehensions --- */

static void clause_lines(Print *c, const Node *e, int indent)
{
    Span region = print_region(c, e);
    for (int i = 0; i < e->items.len; i++) {
        const Node *clause = e->items.at[i];
        Span s = print_span(c, clause);
        if (print_within(s, region)) print_flush_comments(c, (Span){region.start, s.start}, indent);
        print_newline(c, indent);
        if (clause->items.len == 0 && print_fits(c, clause, PREC_ATOM, 0)) {
            print_flat(c, clause, PREC_ATOM);
        } else {
            int start = (int)c->out->len;
            add(c, clause->is_async ? "async for " : "for ");
            print_flat(c, clause->a, PREC_TUPLE);
            add(c, " in ");
            print_layout(c, clause->b, PREC_OR, indent, 0, true);
            for (int j = 0; j < clause->items.len; j++) {
                Span test = print_span(c, clause->items.at[j]);
                if (print_within(test, region))
                    print_flush_comments(c, (Span){region.start, test.start}, indent);
                print_newline(c, indent);
                add(c, "if ");
                print_layout(c, clause->items.at[j], PREC_OR, indent, 0, true);
            }
            print_mark(c, clause, start);
        }
        if (print_within(s, region)) print_trailing(c, s.end);
    }
}

static void comprehension_lines(Print *c, const Node *e, int indent)
{
    Span region = print_region(c, e), element = print_span(c, e->a);
    if (print_within(element, region))
        print_flush_comments(c, (Span){region.start, element.start}, indent);
    print_newline(c, indent);
    print_layout(c, e->a, PREC_WALRUS, indent, 0, true);
    if (e->kind == N_DICTCOMP) {
        add(c, ": ");
        print_layout(c, e->b, PREC_TEST, indent, 0, false);
        element = print_span(c, e->b);
    }
    if (print_within(element, region)) print_trailing(c, element.end);
    clause_lines(c, e, indent);
    print_flush_comments(c, region, indent);
}

/* A comprehension over lines between the brackets; a lone argument has those of its call. */
void print_comprehension(Print *c, const Node *e, const char *open, const char *close, int indent)
{
    int inner = indent + PRINT_INDENT;
    Buf text = {0};
    Print q = print_quiet(c, &text);
    print_flat_inside(&q, e);
    PrintSize z = print_measure_text(text.s, text.len);
    buf_free(&text);
    add(c, open);
    if (!print_holds_comments(c, e) && !z.lines && inner + z.first <= c->width) {
        print_newline(c, inner);
        print_flat_inside(c, e);
    } else {
        opening_comment(c, print_region(c, e));
        comprehension_lines(c, e, inner);
    }
    print_newline(c, indent);
    add(c, close);
}
