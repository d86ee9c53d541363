/* A unified diff: hunks of changed rows with three lines around them; changes that are nearer than
 * that share a hunk. The rows come from the workbench's line diff, the fewest removed and added
 * lines. */
#include "cli/unified.h"

#include <string.h>

#include "tui/diff.h"
#include "tui/text.h"

enum { CONTEXT = 3 };

typedef struct Hunk {
    int first, end; /* rows */
} Hunk;

/* The next hunk at or after row i; empty at the end. */
static Hunk next_hunk(const Diff *d, int i)
{
    while (i < d->nrows && d->rows[i].kind == ' ') i++;
    if (i == d->nrows)
        return (Hunk){i, i};
    Hunk h = {i - CONTEXT < 0 ? 0 : i - CONTEXT, i};
    for (int last = i; i < d->nrows && i - last <= 2 * CONTEXT; i++)
        if (d->rows[i].kind != ' ') {
            last = i;
            h.end = i + 1;
        }
    h.end = h.end + CONTEXT > d->nrows ? d->nrows : h.end + CONTEXT;
    return h;
}

static void put_row(const Text *t, int line, char kind, Buf *out)
{
    int start = t->start[line];
    int end = line + 1 < t->nlines ? t->start[line + 1] : t->len;
    buf_addc(out, kind);
    buf_addn(out, t->s + start, (size_t)(end - start));
    if (end == start || t->s[end - 1] != '\n')
        buf_add(out, "\n\\ No newline at end of file\n");
}

static void put_hunk(const Diff *d, const Text *a, const Text *b, Hunk h, Buf *out)
{
    int old = 0, new = 0;
    for (int i = h.first; i < h.end; i++) {
        old += d->rows[i].kind != '+';
        new += d->rows[i].kind != '-';
    }
    const DiffRow *first = &d->rows[h.first];
    buf_printf(out, "@@ -%d,%d +%d,%d @@\n", first->a + (old > 0), old, first->b + (new > 0), new);
    for (int i = h.first; i < h.end; i++)
        if (d->rows[i].kind == '+')
            put_row(b, d->rows[i].b, '+', out);
        else
            put_row(a, d->rows[i].a, d->rows[i].kind, out);
}

static bool unfinished(const Text *t)
{
    return t->len > 0 && t->s[t->len - 1] != '\n';
}

/* Lines are compared without their ends: a last line that only one side ends is a change
 * nonetheless. */
static void split_last(Arena *arena, Diff *d, const Text *a, const Text *b)
{
    if (d->nrows == 0 || d->rows[d->nrows - 1].kind != ' ' || unfinished(a) == unfinished(b))
        return;
    DiffRow *rows = ARENA_ARRAY(arena, DiffRow, d->nrows + 1);
    memcpy(rows, d->rows, sizeof *rows * (size_t)d->nrows);
    rows[d->nrows] = rows[d->nrows - 1];
    rows[d->nrows - 1].kind = '-';
    rows[d->nrows].kind = '+';
    d->rows = rows;
    d->nrows++;
}

void unified_diff(const char *old, const char *new, const char *old_name, const char *new_name,
                  Buf *out)
{
    if (str_eq(old, new))
        return;
    buf_printf(out, "--- %s\n+++ %s\n", old_name, new_name);
    if (!*old || !*new) { /* an empty text has no lines, where the line table has one */
        Arena *arena = arena_new();
        const char *text = *old ? old : new;
        Text t;
        text_init(&t, arena, text, (int)strlen(text));
        buf_printf(out, *old ? "@@ -1,%d +0,0 @@\n" : "@@ -0,0 +1,%d @@\n", t.nlines);
        for (int i = 0; i < t.nlines; i++) put_row(&t, i, *old ? '-' : '+', out);
        arena_free(arena);
        return;
    }
    Arena *arena = arena_new();
    Text a, b;
    text_init(&a, arena, old, (int)strlen(old));
    text_init(&b, arena, new, (int)strlen(new));
    Diff d = diff_lines(arena, &a, &b);
    split_last(arena, &d, &a, &b);
    for (Hunk h = next_hunk(&d, 0); h.first < d.nrows; h = next_hunk(&d, h.end))
        put_hunk(&d, &a, &b, h, out);
    arena_free(arena);
}
