/* The algorithm of diff3: base lines that stand in both others are anchors; between two anchors
 * each side has a chunk, and the chunk that differs from the base's wins. S. Khanna, K. Kunal, B.
 * Pierce, "A Formal Investigation of Diff3", 2007. */
#include "merge.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "diff.h"

/* For each line of the base the line of the other that it became, -1: none. */
static int *matches(Arena *arena, const Text *base, const Text *other)
{
    Diff d = diff_lines(arena, base, other);
    int *map = ARENA_ARRAY(arena, int, base->nlines + 1);
    for (int i = 0; i <= base->nlines; i++) map[i] = -1;
    for (int i = 0; i < d.nrows; i++)
        if (d.rows[i].kind == ' ')
            map[d.rows[i].a] = d.rows[i].b;
    return map;
}

typedef struct Chunk {
    const Text *text;
    int from, to;
} Chunk;

static void add_lines(Buf *out, Chunk c)
{
    for (int i = c.from; i < c.to; i++) {
        buf_addn(out, c.text->s + c.text->start[i],
                 (size_t)(text_line_end(c.text, i) - c.text->start[i]));
        buf_addc(out, '\n');
    }
}

static bool same(Chunk a, Chunk b)
{
    if (a.to - a.from != b.to - b.from)
        return false;
    for (int i = 0; i < a.to - a.from; i++) {
        int n = text_line_end(a.text, a.from + i) - a.text->start[a.from + i];
        if (n != text_line_end(b.text, b.from + i) - b.text->start[b.from + i])
            return false;
        if (memcmp(a.text->s + a.text->start[a.from + i], b.text->s + b.text->start[b.from + i],
                   (size_t)n) != 0)
            return false;
    }
    return true;
}

static void resolve(Merge *m, Buf *out, Chunk base, Chunk theirs, Chunk ours)
{
    if (same(theirs, base) || same(theirs, ours)) {
        add_lines(out, ours);
    } else if (same(ours, base)) {
        add_lines(out, theirs);
    } else {
        m->conflicts++;
        buf_add(out, "<<<<<<< in the file\n");
        add_lines(out, theirs);
        buf_add(out, "=======\n");
        add_lines(out, ours);
        buf_add(out, ">>>>>>> ported\n");
    }
}

static int lines(const Text *t)
{
    return t->len ? t->nlines : 0;
}

Merge merge_texts(Arena *arena, const Text *base, const Text *theirs, const Text *ours)
{
    Merge m = {0};
    Buf out = {0};
    int *to_theirs = matches(arena, base, theirs), *to_ours = matches(arena, base, ours);
    int b = 0, t = 0, o = 0;
    buf_add(&out, "");
    for (;;) {
        int anchor = b;
        while (anchor < lines(base) && (to_theirs[anchor] < 0 || to_ours[anchor] < 0)) anchor++;
        bool end = anchor >= lines(base);
        int t_to = end ? lines(theirs) : to_theirs[anchor],
            o_to = end ? lines(ours) : to_ours[anchor];
        Chunk cb = {base, b, anchor}, ct = {theirs, t, t_to}, co = {ours, o, o_to};
        if (b < anchor || t < t_to || o < o_to)
            resolve(&m, &out, cb, ct, co);
        if (end)
            break;
        add_lines(&out, (Chunk){base, anchor, anchor + 1});
        b = anchor + 1, t = t_to + 1, o = o_to + 1;
    }
    m.len = (int)out.len;
    m.text = buf_take(&out, arena);
    return m;
}
