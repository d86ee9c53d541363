#include "stage/copy.h"

#include <stdlib.h>
#include <string.h>

int copy_line_start(const Stager *s, int at)
{
    return draft_line_start(s->t->module->src, at);
}

/* Copies up to the end of the line (or of the statement), filling holes; returns where it got to. */
static int copy_line(Stager *s, const Node *n, const CopyHoles *holes, int at, int *next, Chunks *out)
{
    const SourceText *src = s->t->module->src;
    for (;;) {
        const char *nl = at < n->span.end ? memchr(src->text + at, '\n', (size_t)(n->span.end - at)) : NULL;
        int end = nl ? (int)(nl - src->text) : n->span.end;
        if (*next >= holes->len || holes->at[*next].at.start > end) { /* it may begin with the line's end */
            chunk_copy(s, out, at, end);
            return end;
        }
        const CopyHole *h = &holes->at[(*next)++];
        chunk_copy(s, out, at, h->at.start);
        chunk_text(s, out, h->at, "%s", h->text);
        at = h->at.end;
    }
}

void copy_stmt(Stager *s, const Node *n, const CopyHoles *holes, int depth, Chunks *out)
{
    const SourceText *src = s->t->module->src;
    int column = n->span.start - copy_line_start(s, n->span.start), next = 0;
    for (int at = n->span.start; at < n->span.end;) {
        while (next < holes->len && holes->at[next].at.start < at) next++;
        if (src->text[at] != '\n') chunk_text(s, out, n->span, "%s", stage_indent(s, depth));
        at = copy_line(s, n, holes, at, &next, out) + 1;
        chunk_text(s, out, n->span, "\n");
        for (int i = 0; i < column && at < n->span.end && src->text[at] == ' '; i++) at++;
    }
}

void copy_span(Stager *s, Span span, const CopyHoles *holes, Chunks *out)
{
    int at = span.start;
    for (int i = 0; i < holes->len; i++) {
        if (holes->at[i].at.start < span.start || holes->at[i].at.end > span.end) continue;
        chunk_copy(s, out, at, holes->at[i].at.start);
        chunk_text(s, out, holes->at[i].at, "%s", holes->at[i].text);
        at = holes->at[i].at.end;
    }
    chunk_copy(s, out, at, span.end);
}

Span copy_whole_lines(const Stager *s, const Node *n, int from)
{
    const Module *m = s->t->module;
    Span at = n->span;
    for (int c = m->comments.len - 1; c >= 0; c--) {
        const Span k = m->comments.at[c].span;
        if (k.start >= from && k.start < at.start && m->comments.at[c].own_line) at.start = k.start;
    }
    int start = copy_line_start(s, at.start);
    if (start > from) at.start = start;
    while (at.end < m->src->len && m->src->text[at.end] != '\n') at.end++;
    if (at.end < m->src->len) at.end++;
    return at;
}

void copy_comments(Stager *s, int from, int to, int depth, Chunks *out)
{
    const Module *m = s->t->module;
    for (int i = 0; i < m->comments.len; i++) {
        Span c = m->comments.at[i].span;
        if (c.start < from || c.start >= to || !m->comments.at[i].own_line) continue;
        chunk_text(s, out, c, "%s", stage_indent(s, depth));
        chunk_copy(s, out, c.start, c.end);
        chunk_text(s, out, c, "\n");
    }
}

void piece_add(Stager *s, Pieces *all, Span at, const Chunks *text)
{
    Piece p = {at, text ? *text : (Chunks){0}, all->len};
    vec_push(s->a, all, p);
}

static int by_place(const void *x, const void *y)
{
    const Piece *a = x, *b = y;
    if (a->at.start != b->at.start) return a->at.start < b->at.start ? -1 : 1;
    return a->order - b->order;
}

Module *pieces_draft(Stager *s, Pieces *all)
{
    if (all->len) qsort(all->at, (size_t)all->len, sizeof *all->at, by_place);
    Draft d = {.a = s->a, .origin = s->t->module->src};
    int at = 0;
    for (int i = 0; i < all->len; i++) {
        draft_copy(&d, at, all->at[i].at.start);
        stage_emit(&d, &all->at[i].text);
        if (all->at[i].at.end > at) at = all->at[i].at.end;
    }
    draft_copy(&d, at, d.origin->len);
    return draft_parse(&d);
}
