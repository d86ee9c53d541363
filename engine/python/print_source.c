/* What the printer takes from the source: unchanged text, and comments.
 *
 * Every comment is printed once at most. Who prints it marks it done; what is left over inside a
 * statement when the statement is finished goes to its end (print_stmt.c), so none is lost. */
#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "python/print_internal.h"

/* --- unchanged? --- */

static bool stands_for(const Node *n, const Node *source)
{
    if (n == source) return true;
    return n && source && n->id == 0 && n->from == source && node_unchanged(n);
}

static bool same_list(const NodeVec *x, const NodeVec *y)
{
    if (x->len != y->len) return false;
    for (int i = 0; i < x->len; i++)
        if (!stands_for(x->at[i], y->at[i])) return false;
    return true;
}

static bool same_strings(const StrVec *x, const StrVec *y)
{
    if (x->len != y->len) return false;
    for (int i = 0; i < x->len; i++)
        if (!str_eq(x->at[i], y->at[i])) return false;
    return true;
}

static bool same_params(const Params *x, const Params *y)
{
    if (x->list.len != y->list.len || x->bare_star != y->bare_star || x->slash != y->slash)
        return false;
    for (int i = 0; i < x->list.len; i++) {
        const Param *p = &x->list.at[i], *q = &y->list.at[i];
        if (!str_eq(p->name, q->name) || p->kind != q->kind || p->keyword_only != q->keyword_only ||
            p->positional_only != q->positional_only || !stands_for(p->annotation, q->annotation) ||
            !stands_for(p->dflt, q->dflt))
            return false;
    }
    return true;
}

static bool same_value(const Node *x, const Node *y)
{
    if (x->kind == N_INT) return x->num.i == y->num.i && x->big == y->big;
    if (x->kind == N_FLOAT) return !(x->num.f != y->num.f);
    if (x->kind != N_STRING) return true;
    return x->str_len == y->str_len &&
           (x->str == y->str || x->str_len == 0 || memcmp(x->str, y->str, (size_t)x->str_len) == 0);
}

bool print_same_header(const Node *n)
{
    if (n->id > 0) return true;
    const Node *o = n->from;
    bool clauses = n->kind == N_TRY || n->kind == N_MATCH;
    return o && n->kind == o->kind && same_value(n, o) && str_eq(n->name, o->name) &&
           str_eq(n->asname, o->asname) && str_eq(n->op, o->op) && str_eq(n->text, o->text) &&
           n->level == o->level && n->is_bytes == o->is_bytes && n->paren == o->paren &&
           n->elif == o->elif && n->is_async == o->is_async && stands_for(n->a, o->a) &&
           stands_for(n->b, o->b) && stands_for(n->c, o->c) &&
           (clauses || same_list(&n->items, &o->items)) && same_strings(&n->strs, &o->strs) &&
           same_list(&n->decorators, &o->decorators) && same_params(&n->params, &o->params);
}

bool print_same(const Node *n)
{
    if (n->id > 0) return true;
    const Node *o = n->from;
    return print_same_header(n) && same_list(&n->items, &o->items) &&
           same_list(&n->body, &o->body) && same_list(&n->orelse, &o->orelse) &&
           same_list(&n->final, &o->final);
}

bool node_unchanged(const Node *n)
{
    return n->lead.len == 0 && !n->trail && print_same(n);
}

/* --- output --- */

int print_column(const Print *c)
{
    const char *s = c->out->s;
    size_t end = c->out->len, start = end;
    while (start > 0 && s[start - 1] != '\n') start--;
    int shift = start <= c->shifted_to ? c->shift : 0;
    return end > start ? shift + utf8_width(s + start, end - start) : shift;
}

void print_newline(Print *c, int indent)
{
    buf_add(c->out, c->newline);
    for (int i = 0; i < indent; i++) buf_addc(c->out, ' ');
}

void print_mark(Print *c, const Node *n, int start)
{
    if (c->quiet || n->map == 0) return;
    PrintMarks *marks = &c->p->marks;
    PrintMark m = {n->map, start, (int)c->out->len};
    const PrintMark *last = marks->len ? &marks->at[marks->len - 1] : NULL;
    if (last && last->map == m.map && last->start == m.start && last->end == m.end) return;
    vec_push(c->arena, marks, m);
}

/* --- places in the source --- */

typedef struct Cover {
    const Print *c;
    Span span;
} Cover;

static bool cover(Node **slot, void *ctx)
{
    Cover *k = ctx;
    Span s = print_span(k->c, *slot);
    if (s.end == 0) return true;
    if (k->span.end == 0 || s.start < k->span.start) k->span.start = s.start;
    if (s.end > k->span.end) k->span.end = s.end;
    return true;
}

Span print_span(const Print *c, const Node *n)
{
    const Node *o = node_origin(n);
    if (!c->source) return (Span){0, 0};
    if (o) return o->span;
    Cover k = {.c = c};
    Node *below;
    memcpy(&below, &n, sizeof(n)); /* only read */
    node_slots(below, cover, &k);
    return k.span;
}

Span print_prefix(const Print *c, int byte)
{
    const SourceText *src = c->source->src;
    const char *text = src->text;
    int lo = 0, hi = src->nlines; /* the last line that starts at or before the byte */
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;
        if (src->line_start[mid] <= byte) lo = mid;
        else hi = mid;
    }
    Span s = {src->line_start[lo], src->line_start[lo]};
    while (s.end < byte && (text[s.end] == ' ' || text[s.end] == '\t' || text[s.end] == '\f'))
        s.end++;
    return s;
}

/* --- comments --- */

int print_comment_at(const Print *c, int byte)
{
    if (!c->source) return 0;
    int lo = 0, hi = c->source->comments.len;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (c->source->comments.at[mid].span.start < byte) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

bool print_pending(const Print *c, Span span)
{
    if (!c->source || span.end == 0) return false;
    for (int i = print_comment_at(c, span.start);
         i < c->source->comments.len && c->source->comments.at[i].span.start < span.end; i++)
        if (!c->done[i]) return true;
    return false;
}

static bool pending_below(Node **slot, void *ctx)
{
    Cover *k = ctx;
    if (print_holds_comments(k->c, *slot)) k->span.end = 1;
    return k->span.end == 0;
}

bool print_holds_comments(const Print *c, const Node *n)
{
    if (!c->source || c->source->comments.len == 0) return false;
    const Node *o = node_origin(n);
    if (o && print_pending(c, o->span)) return true;
    if (n->id > 0) return false; /* all below lies within */
    Cover k = {.c = c};
    Node *below;
    memcpy(&below, &n, sizeof(n)); /* only read */
    node_slots(below, pending_below, &k);
    return k.span.end != 0;
}

void print_comment(Print *c, int i)
{
    Span s = c->source->comments.at[i].span;
    buf_addn(c->out, c->source->src->text + s.start, (size_t)(s.end - s.start));
    if (!c->quiet) c->done[i] = true;
}

void print_done(Print *c, Span span)
{
    if (!c->source) return;
    for (int i = print_comment_at(c, span.start);
         i < c->source->comments.len && c->source->comments.at[i].span.start < span.end; i++)
        c->done[i] = true;
}

void print_trailing(Print *c, int byte)
{
    if (!c->source) return;
    const char *text = c->source->src->text;
    int i = print_comment_at(c, byte);
    if (i >= c->source->comments.len || c->done[i]) return;
    int start = c->source->comments.at[i].span.start;
    bool plain = true; /* only blanks: keep how far the author set it off */
    for (int b = byte; b < start; b++) {
        if (!strchr(" \t;,", text[b]) || text[b] == '\0') return;
        plain &= text[b] == ' ';
    }
    if (plain && start - byte >= 2) buf_addn(c->out, text + byte, (size_t)(start - byte));
    else buf_add(c->out, "  ");
    print_comment(c, i);
}

/* --- verbatim --- */

typedef struct Moved { /* where a line of the source went */
    int source, out;
} Moved;

typedef struct Verbatim {
    Print *c;
    const Module *source;
    VEC(Span) strings; /* literals over several lines, whose lines stay as they are */
    VEC(Moved) lines;
    Span span; /* that is copied: a header, or all of a node */
    int base;  /* of the parts being collected */
} Verbatim;

static void add_part(Span part, void *ctx)
{
    Verbatim *v = ctx;
    Span s = {v->base + part.start, v->base + part.end};
    if (memchr(v->source->src->text + s.start, '\n', (size_t)(s.end - s.start)))
        vec_push(v->c->arena, &v->strings, s);
}

static bool collect_strings(Node *n, void *ctx)
{
    Verbatim *v = ctx;
    if (n->kind != N_STRING && n->kind != N_FSTRING) return true;
    v->base = n->span.start;
    print_string_parts(n->text, add_part, v);
    return false;
}

static int moved_to(const Verbatim *v, int byte)
{
    int i = v->lines.len - 1;
    while (i > 0 && v->lines.at[i].source > byte) i--;
    return v->lines.at[i].out + byte - v->lines.at[i].source;
}

/* Marks below a copy whose text was copied: their place follows from that of their source. */
static bool mark_copied(Node *n, void *ctx)
{
    Verbatim *v = ctx;
    if (n->id > 0) return false; /* source nodes carry no mapping */
    const Node *o = node_origin(n);
    if (n->map && o && o->span.start >= v->span.start && o->span.end <= v->span.end) {
        PrintMark m = {n->map, moved_to(v, o->span.start), moved_to(v, o->span.end)};
        vec_push(v->c->arena, &v->c->p->marks, m);
    }
    return true;
}

static bool in_string(const Verbatim *v, int byte)
{
    for (int i = 0; i < v->strings.len; i++)
        if (v->strings.at[i].start < byte && byte < v->strings.at[i].end) return true;
    return false;
}

/* From `at`, the start of a line: the blanks that the line gets instead of those it has. */
static int reindent(Verbatim *v, int at, int end, Span prefix, int indent)
{
    const char *text = v->source->src->text;
    int n = prefix.end - prefix.start;
    bool inside = at + n <= end && memcmp(text + at, text + prefix.start, (size_t)n) == 0;
    if (at < end && (text[at] == '\n' || text[at] == '\r')) return at;
    if (!inside)
        return at; /* it stands further left than its statement: only brackets allow that */
    for (int i = 0; i < indent; i++) buf_addc(v->c->out, ' ');
    return at + n;
}

static bool prefix_is(const Print *c, Span prefix, int indent)
{
    for (int i = prefix.start; i < prefix.end; i++)
        if (c->source->src->text[i] != ' ') return false;
    return prefix.end - prefix.start == indent;
}

static void copy_lines(Verbatim *v, Span span, Span prefix, bool moves, int indent)
{
    Print *c = v->c;
    const char *text = c->source->src->text;
    for (int at = span.start; at < span.end;) {
        Moved m = {at, (int)c->out->len};
        const char *nl = memchr(text + at, '\n', (size_t)(span.end - at));
        int end = nl ? (int)(nl - text) + 1 : span.end;
        if (moves && at > span.start && !in_string(v, at)) {
            int from = reindent(v, at, span.end, prefix, indent);
            m = (Moved){from, (int)c->out->len};
            at = from;
        }
        vec_push(c->arena, &v->lines, m);
        buf_addn(c->out, text + at, (size_t)(end - at));
        at = end;
    }
}

void print_verbatim(Print *c, const Node *n, Span span, int indent)
{
    Verbatim v = {.c = c, .source = c->source, .span = span};
    Node *o;
    const Node *origin = node_origin(n);
    assert(origin);
    memcpy(&o, &origin, sizeof(o)); /* only read */
    Span prefix = print_prefix(c, span.start);
    bool lines = memchr(c->source->src->text + span.start, '\n', (size_t)(span.end - span.start));
    bool moves = lines && indent >= 0 && !prefix_is(c, prefix, indent);
    if (moves) node_walk(o, collect_strings, &v);
    copy_lines(&v, span, prefix, moves, indent);
    if (!c->quiet) print_done(c, span);
    if (n->id > 0 || c->quiet || v.lines.len == 0) return;
    Node *copy;
    memcpy(&copy, &n, sizeof(copy));
    node_walk(copy, mark_copied, &v);
}
