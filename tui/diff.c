/* Myers' greedy algorithm over hashed lines, after the common head and tail are cut off. Each
 * round's frontier is kept for the way back, so memory is the square of the distance: beyond
 * DISTANCE_MAX the middle is given as all removed, all added, which is right, only not minimal.
 * Reference: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986. */
#include "diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { DISTANCE_MAX = 1500 };

typedef struct Side {
    const Text *text;
    uint64_t *hash;
} Side;

static uint64_t hash_line(const Text *t, int line)
{
    uint64_t h = 1469598103934665603u;
    for (int i = t->start[line], end = text_line_end(t, line); i < end; i++)
        h = (h ^ (unsigned char)t->s[i]) * 1099511628211u;
    return h;
}

static uint64_t *hash_lines(Arena *arena, const Text *t)
{
    uint64_t *h = ARENA_ARRAY(arena, uint64_t, t->nlines + 1);
    for (int i = 0; i < t->nlines; i++) h[i] = hash_line(t, i);
    return h;
}

static void add_row(Diff *d, char kind, int a, int b)
{
    d->rows[d->nrows++] = (DiffRow){kind, a, b};
    d->added += kind == '+';
    d->removed += kind == '-';
}

/* Frontiers of each round; NULL when the distance is too great. On success *rounds is the distance.
 */
static int **frontiers(Arena *arena, const uint64_t *a, int n, const uint64_t *b, int m,
                       int *rounds)
{
    int max = n + m < DISTANCE_MAX ? n + m : DISTANCE_MAX;
    int **trace = ARENA_ARRAY(arena, int *, max + 1);
    int *v = ARENA_ARRAY(arena, int, 2 * max + 3);
    for (int d = 0; d <= max; d++) {
        trace[d] = ARENA_ARRAY(arena, int, 2 * d + 3);
        for (int k = -d; k <= d; k += 2) {
            int *at = v + max + 1 + k;
            int x = k == -d || (k != d && at[-1] < at[1]) ? at[1] : at[-1] + 1;
            int y = x - k;
            while (x < n && y < m && a[x] == b[y]) x++, y++;
            *at = x;
            if (x >= n && y >= m) {
                *rounds = d;
                return trace;
            }
        }
        memcpy(trace[d], v + max + 1 - d - 1, sizeof(int) * (size_t)(2 * d + 3));
    }
    return NULL;
}

/* Walks back from the end and writes the middle's rows last to first, then turns them round. */
static void middle(Diff *out, Arena *arena, const uint64_t *a, int n, const uint64_t *b, int m,
                   int base)
{
    int rounds = 0, first = out->nrows;
    int **trace = frontiers(arena, a, n, b, m, &rounds);
    if (!trace) {
        for (int i = 0; i < n; i++) add_row(out, '-', base + i, base);
        for (int i = 0; i < m; i++) add_row(out, '+', base + n, base + i);
        return;
    }
    int x = n, y = m;
    for (int d = rounds; d > 0; d--) {
        const int *v = trace[d - 1] + d; /* v[k] for k in -d..d of the round before */
        int k = x - y;
        bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
        int px = down ? v[k + 1] : v[k - 1], py = px - (down ? k + 1 : k - 1);
        int sx = down ? px : px + 1, sy = down ? py + 1 : py;
        while (x > sx && y > sy) x--, y--, add_row(out, ' ', base + x, base + y);
        x = px, y = py;
        add_row(out, down ? '+' : '-', base + x, base + y);
    }
    while (x > 0 && y > 0) x--, y--, add_row(out, ' ', base + x, base + y);
    for (int i = first, j = out->nrows - 1; i < j; i++, j--) {
        DiffRow swap = out->rows[i];
        out->rows[i] = out->rows[j];
        out->rows[j] = swap;
    }
}

/* Removed lines come before the added ones of the same hunk, as readers expect. */
static void order_hunks(Diff *d, Arena *arena)
{
    DiffRow *sorted = ARENA_ARRAY(arena, DiffRow, d->nrows + 1);
    int n = 0;
    for (int i = 0; i < d->nrows;) {
        int end = i;
        while (end < d->nrows && d->rows[end].kind != ' ') end++;
        for (int j = i; j < end; j++)
            if (d->rows[j].kind == '-')
                sorted[n++] = d->rows[j];
        for (int j = i; j < end; j++)
            if (d->rows[j].kind == '+')
                sorted[n++] = d->rows[j];
        if (end < d->nrows)
            sorted[n++] = d->rows[end++];
        i = end;
    }
    d->rows = sorted;
}

Diff diff_lines(Arena *arena, const Text *a, const Text *b)
{
    Diff d = {0};
    int n = a->len ? a->nlines : 0, m = b->len ? b->nlines : 0;
    d.rows = ARENA_ARRAY(arena, DiffRow, n + m + 1);
    uint64_t *ha = hash_lines(arena, a), *hb = hash_lines(arena, b);
    int head = 0, tail = 0;
    while (head < n && head < m && ha[head] == hb[head]) head++;
    while (tail < n - head && tail < m - head && ha[n - 1 - tail] == hb[m - 1 - tail]) tail++;
    for (int i = 0; i < head; i++) add_row(&d, ' ', i, i);
    middle(&d, arena, ha + head, n - head - tail, hb + head, m - head - tail, head);
    for (int i = tail; i > 0; i--) add_row(&d, ' ', n - i, m - i);
    order_hunks(&d, arena);
    return d;
}
