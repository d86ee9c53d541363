/* Drafts of a text: pieces, edits, and the parse with the way back. */
#include "stage/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static void push(Draft *d, int len, Span from, bool copied)
{
    if (len <= 0) return;
    SourcePiece p = {(int)d->text.len - len, len, from, copied};
    vec_push(d->a, &d->pieces, p);
}

void draft_copy(Draft *d, int start, int end)
{
    if (end <= start) return;
    buf_addn(&d->text, d->origin->text + start, (size_t)(end - start));
    push(d, end - start, (Span){start, end}, true);
}

void draft_add(Draft *d, const char *text, Span why)
{
    buf_add(&d->text, text);
    push(d, (int)strlen(text), why, false);
}

static int by_place(const void *x, const void *y)
{
    const DraftEdit *a = x, *b = y;
    if (a->at.start != b->at.start) return a->at.start < b->at.start ? -1 : 1;
    return a->order - b->order;
}

void draft_edits(Draft *d, const DraftEdits *edits)
{
    DraftEdit *list = ARENA_ARRAY(d->a, DraftEdit, edits->len + 1);
    if (edits->len) memcpy(list, edits->at, (size_t)edits->len * sizeof *list);
    for (int i = 0; i < edits->len; i++) list[i].order = list[i].order * edits->len + i;
    qsort(list, (size_t)edits->len, sizeof *list, by_place);
    int at = 0;
    for (int i = 0; i < edits->len; i++) {
        draft_copy(d, at, list[i].at.start);
        draft_add(d, list[i].text, list[i].why);
        if (list[i].at.end > at) at = list[i].at.end;
    }
    draft_copy(d, at, d->origin->len);
}

int draft_line_start(const SourceText *src, int byte)
{
    while (byte > 0 && src->text[byte - 1] != '\n') byte--;
    return byte;
}

const char *draft_indent(Arena *a, const SourceText *src, const Node *stmt)
{
    int start = draft_line_start(src, stmt->span.start);
    return arena_strndup(a, src->text + start, (size_t)(stmt->span.start - start));
}

Module *draft_parse(Draft *d)
{
    DiagList diags = {.arena = d->a};
    int len = (int)d->text.len;
    char *text = buf_take(&d->text, d->a);
    Module *m = python_parse(d->a, d->origin->path, text, len, &diags);
    for (int i = 0; i < diags.list.len; i++)
        if (diags.list.at[i].severity == SEV_ERROR) return NULL;
    m->src->origin = d->origin;
    m->src->pieces = d->pieces.at;
    m->src->npieces = d->pieces.len;
    return m;
}
