/* An expression over lines.
 *
 * print_layout first tries one line. Else what happens depends on the kind:
 *
 *     brackets      print_brackets.c
 *     a.b(c).d[e]   print_chain.c
 *     a + b         one operand a line, operators in front, in parentheses unless brackets are
 * around already; a single operator before a call splits the call's brackets instead */
#include <string.h>

#include "base/str.h"
#include "python/print_internal.h"

static void add(Print *c, const char *s)
{
    buf_add(c->out, s);
}

/* --- operators --- */

typedef struct Operand {
    const Node *node;
    const char *op;    /* before it; NULL for the first */
    const Node *whole; /* the inner operation that ends with it, or NULL */
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
        Operand parts[] = {{e->a, NULL, NULL, PREC_OR},
                           {e->b, "if", NULL, PREC_OR},
                           {e->c, "else", NULL, PREC_TEST}};
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
    PrintSize left = print_measure(c, o->at[0].node, o->at[0].min),
              callee = print_measure(c, last->a, PREC_PRIMARY);
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
    Span region = print_region(c, e);
    int start = (int)c->out->len;
    for (int i = 0; i < o.len; i++) {
        Span s = print_span(c, o.at[i].node);
        bool known = print_within(s, region);
        if (i && !bracketed) add(c, " ");
        if (i && bracketed) {
            if (known) print_flush_comments(c, (Span){region.start, s.start}, indent);
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
    Brackets b = {.open = open,
                  .close = close,
                  .items = &e->items,
                  .min = PREC_WALRUS,
                  .comma = true,
                  .comma_if_one = e->kind == N_TUPLE,
                  .region = print_region(c, e)};
    print_brackets(c, &b, indent);
}

static void parenthesised(Print *c, const Node *e, int indent)
{
    NodeVec one = {0};
    vec_push(c->arena, &one, e->a);
    Brackets b = {
        .open = "(", .close = ")", .items = &one, .min = PREC_YIELD, .region = print_region(c, e)};
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
    case N_CALL: print_chain(c, e, indent, tail, bracketed); break;
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
    case N_LISTCOMP: print_comprehension(c, e, "[", "]", indent); break;
    case N_SETCOMP:
    case N_DICTCOMP: print_comprehension(c, e, "{", "}", indent); break;
    case N_GENEXP: print_comprehension(c, e, "(", ")", indent); break;
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
