/* Lists of statements: what stands between them, and the printer's door.
 *
 * A statement of the source brings along what stood before it: own-line comments and blank lines
 * since the statement before it that is still there. Two neighbours of the source that are still
 * neighbours keep the text between them byte for byte. New statements follow without blank lines,
 * but for classes and functions.
 *
 * Several statements may stand for the same one of the source: comments before it go before the
 * first of them, the comment at its end after the last. */
#include <string.h>

#include "base/str.h"
#include "python/print_internal.h"

#define BLANKS_MAX 2

/* --- gaps --- */

static int count_newlines(const Print *c, int from, int to)
{
    int n = 0;
    for (int i = from; i < to; i++) n += c->source->src->text[i] == '\n';
    return n;
}

static void blank_lines(Print *c, int n)
{
    if (c->out->len == 0) return;
    for (int i = 0; i < n && i < BLANKS_MAX; i++) buf_add(c->out, c->newline);
}

/* Statements of a draft may stand far apart, where others stood between them. */
static int most_blanks(const Print *c, int indent)
{
    if (!c->source->src->origin) return BLANKS_MAX;
    return indent ? 1 : 2;
}

static void blanks(Print *c, int n)
{
    for (int i = 0; i < n; i++) buf_addc(c->out, ' ');
}

/* Where in the list the last statement is that starts before a byte; -1: none. */
static int sibling_before(const NodeVec *list, int byte)
{
    int lo = 0, hi = list ? list->len : 0;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (list->at[mid]->span.start < byte) lo = mid + 1;
        else hi = mid;
    }
    return lo - 1;
}

/* Is a statement of the list around or, on the same line, before the comment? */
static bool belongs_to_sibling(const NodeVec *list, Span gap, const Comment *k)
{
    int i = sibling_before(list, k->span.start);
    if (i < 0 || list->at[i]->span.start < gap.start) return false;
    return !k->own_line || k->span.start < list->at[i]->span.end;
}

static int width_of(Span s)
{
    return s.end - s.start;
}

void print_gap(Print *c, const NodeVec *list, Span gap, int least, int indent)
{
    int pos = gap.start > c->head_end ? gap.start : c->head_end, pending = least;
    int column = width_of(print_prefix(c, gap.end));
    const Module *m = c->source;
    for (int i = print_comment_at(c, gap.start);; i++) {
        bool comment = i < m->comments.len && m->comments.at[i].span.start < gap.end;
        const Comment *k = comment ? &m->comments.at[i] : NULL;
        if (k && belongs_to_sibling(list, gap, k)) c->done[i] = true;
        if (k && (c->done[i] || !k->own_line)) continue;
        int to = k ? k->span.start : gap.end;
        int deleted = sibling_before(list, to);
        for (int d = sibling_before(list, pos) + 1; d <= deleted; d++) {
            int before = count_newlines(c, pos, list->at[d]->span.start) - 1;
            if (before > pending) pending = before;
            pos = list->at[d]->span.end;
        }
        int lines = count_newlines(c, pos, to) - (pos > 0);
        if (lines > pending) pending = lines;
        if (pending > most_blanks(c, indent)) pending = most_blanks(c, indent);
        blank_lines(c, pending);
        if (!k) return;
        int deeper = width_of(print_prefix(c, k->span.start)) - column;
        blanks(c, indent + (deeper > 0 ? deeper : 0));
        print_comment(c, i);
        print_newline(c, 0);
        pos = k->span.end;
        pending = 0;
    }
}

/* --- places --- */

typedef struct Place {
    const Node *origin;
    const NodeVec *list; /* of the source, that holds the origin; NULL for a new statement */
    int index;
} Place;

static Place place_of(const Print *c, const Node *s)
{
    Place p = {0};
    p.origin = c->source ? node_origin(s) : NULL;
    if (p.origin) p.list = node_stmt_list(c->source, p.origin, &p.index);
    return p;
}

/* Where the comments before the first statement of a list may begin: after the header above it, its
 * trailing comment included. */
static int list_start(const Print *c, int byte)
{
    const char *text = c->source->src->text;
    int i = print_comment_at(c, byte);
    while (byte > 0) {
        const Comment *k = i > 0 ? &c->source->comments.at[i - 1] : NULL;
        if (k && k->span.end == byte) {
            if (!k->own_line) return byte;
            byte = k->span.start;
            i--;
        } else if (strchr(" \t\r\n\f", text[byte - 1]) && text[byte - 1]) {
            byte--;
        } else {
            return byte;
        }
    }
    return 0;
}

/* Where what belongs to the statement begins: after the sibling before it that is printed too. */
static int gap_start(const Print *c, const Place *p, int list_number)
{
    for (int i = p->index - 1; i >= 0; i--)
        if (c->kept[p->list->at[i]->id] == list_number) return p->list->at[i]->span.end;
    return list_start(c, p->list->at[0]->span.start);
}

static bool is_definition(const Node *s)
{
    return s->kind == N_FUNCTION || s->kind == N_CLASS;
}

/* Blank lines that must be there where one of the two is new. */
static int least_blanks(const Node *before, const Place *pb, const Node *s, const Place *ps,
                        int depth)
{
    if (!before || (pb->list && ps->list)) return 0;
    if (!is_definition(before) && !is_definition(s)) return 0;
    int own = 0; /* blank lines that the statement brings itself */
    while (own < s->lead.len && s->lead.at[own][0] == '\0') own++;
    int least = depth == 0 ? 2 : 1;
    return own < least ? least - own : 0;
}

/* --- separators --- */

static bool all_pending(const Print *c, Span span)
{
    for (int i = print_comment_at(c, span.start);
         i < c->source->comments.len && c->source->comments.at[i].span.start < span.end; i++)
        if (c->done[i]) return false;
    return true;
}

static void copy_gap(Print *c, Span span)
{
    buf_addn(c->out, c->source->src->text + span.start, (size_t)width_of(span));
    print_done(c, span);
}

static bool prefix_is(const Print *c, Span prefix, int indent)
{
    for (int i = prefix.start; i < prefix.end; i++)
        if (c->source->src->text[i] != ' ') return false;
    return width_of(prefix) == indent;
}

/* How the place of a statement on its line came about. START_STAYS: it follows at once and its
 * lines stay where they are, behind a semicolon and around syntax errors, where statements of one
 * list can stand at different columns. */
typedef enum Start {
    START_INDENT, /* the list indents it */
    START_STAYS
} Start;

static bool is_stray(const Print *c, const Place *p, Span prefix, int indent)
{
    int first = p->list->at[0]->span.start;
    bool stays = p->list == &c->source->root->items ? indent == 0
                                                    : prefix_is(c, print_prefix(c, first), indent);
    return stays && !prefix_is(c, prefix, indent);
}

/* Copies what stood between two neighbours, where both are where they were. */
static bool copied_gap(Print *c, const Node *before, const Place *pb, const Node *s,
                       const Place *ps, int indent, Start *how)
{
    if (!pb->list || pb->list != ps->list || ps->index != pb->index + 1) return false;
    Span gap = {pb->origin->span.end, ps->origin->span.start};
    if (!all_pending(c, gap)) return false;
    Span prefix = print_prefix(c, gap.end);
    bool whole = print_same(before) && print_same(s) && s->lead.len == 0 && !before->trail;
    bool line = prefix.end == gap.end && prefix.start >= gap.start;
    bool stray = line && is_stray(c, ps, prefix, indent);
    if (line && prefix_is(c, prefix, indent)) {
        int wide = count_newlines(c, gap.start, gap.end) - 1 - most_blanks(c, indent);
        bool bare = wide > 0 && strspn(c->source->src->text + gap.start, " \n\r") >= (size_t)width_of(gap);
        if (bare) return false;
        copy_gap(c, (Span){gap.start, prefix.start});
        return true;
    }
    if (!whole || (line && !stray)) return false;
    copy_gap(c, gap); /* on one line with a semicolon between them, or a stray */
    *how = START_STAYS;
    return true;
}

static void separator(Print *c, const Node *before, const Place *pb, const Node *s, const Place *ps,
                      int number, int depth, Start *how)
{
    int indent = depth * PRINT_INDENT;
    bool shared = ps->origin && ps->origin == pb->origin;
    if (copied_gap(c, before, pb, s, ps, indent, how)) return;
    if (pb->origin && !shared) print_trailing(c, pb->origin->span.end);
    print_newline(c, 0);
    int least = least_blanks(before, pb, s, ps, depth);
    if (ps->list && !shared)
        print_gap(c, ps->list, (Span){gap_start(c, ps, number), ps->origin->span.start}, least,
                  indent);
    else blank_lines(c, least);
}

/* The comments at the top of a file that are about the file: up to their last blank line. */
static void file_head(Print *c, const Place *home)
{
    const Module *m = c->source;
    int first = home->list->at[0]->span.start, end = 0;
    for (int i = 0; i < m->comments.len && m->comments.at[i].span.start < first; i++) {
        bool last = i + 1 == m->comments.len || m->comments.at[i + 1].span.start >= first;
        Span k = m->comments.at[i].span;
        int next = last ? first : m->comments.at[i + 1].span.start;
        bool magic = k.start == 0 && k.end > 1 && m->src->text[1] == '!';
        if (count_newlines(c, k.end, next) > 1 || magic) end = print_prefix(c, next).start;
    }
    if (end == 0) return;
    copy_gap(c, (Span){0, end});
    c->head_end = end;
}

/* What stands before the first statement. */
static void opening(Print *c, const Node *s, const Place *first, const Place *home, int number,
                    int depth, Start *how)
{
    bool module = home->list && home->list == &c->source->root->items && depth == 0;
    if (module && first->list == home->list && first->index == 0) {
        Span prefix = print_prefix(c, first->origin->span.start), head = {0, prefix.start};
        bool stays = !prefix_is(c, prefix, 0) || prefix.end < first->origin->span.start; /* a BOM */
        if (stays && print_same(s) && s->lead.len == 0) {
            head.end = first->origin->span.start;
            *how = START_STAYS;
        }
        if (all_pending(c, head)) {
            copy_gap(c, head);
            return;
        }
    }
    if (module && !first->list) file_head(c, home);
    if (!first->list) return;
    Span gap = {gap_start(c, first, number), first->origin->span.start};
    if (gap.end > gap.start) print_gap(c, first->list, gap, 0, depth * PRINT_INDENT);
}

/* --- comments of a rewrite --- */

static void lead(Print *c, const Node *s, int indent)
{
    for (int i = 0; i < s->lead.len; i++) {
        const char *line = s->lead.at[i];
        if (*line) {
            blanks(c, indent);
            if (*line != '#') buf_add(c->out, "# ");
            buf_add(c->out, line);
        }
        print_newline(c, 0);
    }
}

/* The end of the line at i, or of the first one that does not end inside a literal. */
static size_t line_end(const char *s, size_t i)
{
    while (s[i] && s[i] != '\n') {
        if (s[i] == '"' || s[i] == '\'') i = (size_t)print_skip_literal(s, (int)i);
        else if (s[i] == '#') i += strcspn(s + i, "\n");
        else if (s[i] == '\\' && s[i + 1]) i += 2;
        else i++;
    }
    return i;
}

static void insert(Print *c, size_t at, const char *text)
{
    Buf *b = c->out;
    size_t n = strlen(text), rest = b->len - at;
    buf_add(b, text);
    memmove(b->s + at + n, b->s + at, rest);
    memcpy(b->s + at, text, n);
    for (int i = 0; i < c->p->marks.len; i++) {
        PrintMark *m = &c->p->marks.at[i];
        if (m->start >= (int)at) m->start += (int)n;
        if (m->end > (int)at) m->end += (int)n;
    }
}

/* s->trail at the end of the first line of what was printed from `start` on; below decorators. */
static void trail(Print *c, const Node *s, size_t start)
{
    if (!s->trail) return;
    size_t end = line_end(c->out->s, start);
    while (s->decorators.len && c->out->s[end]) {
        size_t i = end + 1 + strspn(c->out->s + end + 1, " ");
        bool decorated = c->out->s[start] == '@';
        if (!decorated) break;
        start = i;
        end = line_end(c->out->s, i);
    }
    if (end > start && c->out->s[end - 1] == '\r') end--;
    const char *mark = str_starts(s->trail, "#") ? "  " : "  # ";
    insert(c, end, arena_printf(c->arena, "%s%s", mark, s->trail));
}

/* --- the list --- */

/* Comments on lines of their own after the last statement that is left of a list. */
static void closing(Print *c, const Place *home, int number, int indent)
{
    if (!home->list) return;
    int last = home->list->len - 1, kept = last;
    while (kept >= 0 && c->kept[home->list->at[kept]->id] != number) kept--;
    if (kept < 0 || kept == last) return;
    Span gap = {home->list->at[kept]->span.end, home->list->at[last]->span.end};
    for (int i = print_comment_at(c, gap.start);
         i < c->source->comments.len && c->source->comments.at[i].span.start < gap.end; i++) {
        if (belongs_to_sibling(home->list, gap, &c->source->comments.at[i])) c->done[i] = true;
        if (c->done[i] || !c->source->comments.at[i].own_line) continue;
        print_newline(c, indent);
        print_comment(c, i);
    }
}

static Place print_list_home(Print *c, const NodeVec *stmts, int depth)
{
    Place *places = ARENA_ARRAY(c->arena, Place, stmts->len), home = {0};
    int number = ++c->lists, indent = depth * PRINT_INDENT;
    if (c->source && !c->kept) c->kept = ARENA_ARRAY(c->arena, int, c->source->nnodes + 1);
    for (int i = 0; i < stmts->len; i++) {
        places[i] = place_of(c, stmts->at[i]);
        if (!places[i].list) continue;
        c->kept[places[i].origin->id] = number;
        if (!home.list) home = places[i];
    }
    for (int i = 0; i < stmts->len; i++) {
        const Node *s = stmts->at[i];
        Start how = START_INDENT;
        if (i == 0) opening(c, s, &places[0], &home, number, depth, &how);
        else separator(c, stmts->at[i - 1], &places[i - 1], s, &places[i], number, depth, &how);
        lead(c, s, indent);
        if (how == START_INDENT) blanks(c, indent);
        size_t start = c->out->len;
        if (how == START_STAYS) print_verbatim(c, s, places[i].origin->span, -1);
        else print_stmt(c, s, depth);
        trail(c, s, start);
    }
    const Place *last = &places[stmts->len - 1];
    if (stmts->len && last->origin &&
        !(depth == 0 && last->list && last->index + 1 == last->list->len))
        print_trailing(c, last->origin->span.end);
    closing(c, &home, number, indent);
    return stmts->len ? *last : home;
}

void print_list(Print *c, const NodeVec *stmts, int depth)
{
    print_list_home(c, stmts, depth);
}

/* --- the door --- */

static Print begin(Printer *p)
{
    Print c = {.p = p, .arena = p->arena, .out = p->out, .source = p->source, .newline = "\n"};
    c.width = p->width > 0 ? p->width : 88;
    if (!p->source) return c;
    const SourceText *src = p->source->src;
    if (src->nlines > 1 && src->line_start[1] > 1 && src->text[src->line_start[1] - 2] == '\r')
        c.newline = "\r\n";
    c.done = ARENA_ARRAY(p->arena, bool, p->source->comments.len + 1);
    return c;
}

/* The rest of the file after its last statement. */
static void file_end(Print *c, const Place *last)
{
    const NodeVec *list = &c->source->root->items;
    Span rest = {list->at[list->len - 1]->span.end, c->source->src->len};
    if (last->list == list && last->index + 1 == list->len && all_pending(c, rest)) {
        copy_gap(c, rest);
        return;
    }
    if (last->list == list && last->index + 1 == list->len) print_trailing(c, rest.start);
    for (int i = print_comment_at(c, rest.start); i < c->source->comments.len; i++) {
        if (c->done[i] || !c->source->comments.at[i].own_line) continue;
        print_newline(c, 0);
        print_comment(c, i);
    }
}

/* Is the list the module's, or made from it? */
static bool is_module(const Print *c, const NodeVec *stmts)
{
    if (!c->source) return false;
    if (stmts == &c->source->root->items || c->source->root->items.len + stmts->len == 0)
        return true;
    for (int i = 0; i < stmts->len; i++) {
        Place p = place_of(c, stmts->at[i]);
        if (p.list) return p.list == &c->source->root->items;
    }
    return false;
}

void print_stmts(Printer *p, const NodeVec *stmts, int depth)
{
    Print c = begin(p);
    size_t start = p->out->len;
    bool module = depth == 0 && is_module(&c, stmts);
    if (module && p->source->root->items.len == 0) {
        copy_gap(&c, (Span){0, p->source->src->len});
    } else if (stmts->len) {
        Place last = print_list_home(&c, stmts, depth);
        if (module) file_end(&c, &last);
    }
    if (p->out->len > start && p->out->s[p->out->len - 1] != '\n') buf_add(p->out, c.newline);
}

void print_expr(Printer *p, const Node *e, int depth, int col)
{
    Print c = begin(p);
    if (!p->out->s) buf_add(p->out, "");
    c.shift = col - print_column(&c); /* the text before it may be elsewhere */
    c.shifted_to = p->out->len;
    print_layout(&c, e, PREC_YIELD, depth * PRINT_INDENT, 0, false);
}

char *print_expr_flat(Arena *a, const Node *e)
{
    Buf text = {0};
    Printer p = {.arena = a, .out = &text, .width = 88};
    Print c = begin(&p);
    c.quiet = true;
    c.one_line = true;
    buf_add(&text, "");
    print_flat(&c, e, PREC_YIELD);
    return buf_take(&text, a);
}
