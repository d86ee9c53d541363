/* Loops in loops whose second part only walks what the first one built.
 *
 *     for args in blocks:                      self.blocks = []
 *         for j in range(args["repeats"]):     ...            self.blocks.append(Block(**args))
 *             x = block(x, **args)             for block in self.blocks:
 *                                                  x = block(x)
 *
 * The inner loop's second part is kept back until the outer one is done. Where the outer loops have nothing else to do
 * in their second part, one loop over the lists takes the place of all; else the inner loop is put in as it was. */
#include "stage/collapse.h"

#include <string.h>

/* What a walk over lists needs: each round of the body takes one item from each. */
static bool walks_lists(const LoopNames *l, const Chunks *body)
{
    if (l->uses_target || l->branches || l->bound.len || !l->taken.len || l->lists.len || !body->len) return false;
    for (int i = 0; i < body->len; i++)
        if (body->at[i].text && strstr(body->at[i].text, "= next(")) return false;
    return true;
}

bool collapse_keeps_back(Stager *s, LoopNames *l, Node *n, int depth, const Chunks *body)
{
    LoopNames *outer = l->outer;
    bool inner = l->kept != NULL;
    if (!outer || outer->conditional || outer->kept || outer->busy || l->uses_target || l->branches) return false;
    if (inner ? body->len > 0 : !walks_lists(l, body)) return false;
    KeptLoop *k = ARENA_NEW(s->a, KeptLoop);
    *k = (KeptLoop){.loop = n, .depth = depth, .inner = l->kept, .body = *body, .taken = l->taken, .bases = l->bases};
    outer->kept = k;
    return true;
}

static const char *replaced(const StrVec *taken, const StrVec *each, const char *text)
{
    for (int i = 0; i < taken->len; i++) {
        size_t n = strlen(taken->at[i]);
        bool same = strncmp(text, "next(", 5) == 0 && strncmp(text + 5, taken->at[i], n) == 0 && strcmp(text + 5 + n, ")") == 0;
        if (same) return each->at[i];
    }
    return text;
}

/* The body at another depth, with the names of the walk for what it took by itself. */
static void put_body(Stager *s, Chunks *out, const KeptLoop *k, const StrVec *each, int less)
{
    bool fresh = true;
    for (int i = 0; i < k->body.len; i++) {
        Chunk c = k->body.at[i];
        if (!c.text) {
            vec_push(s->a, out, c);
            fresh = false;
            continue;
        }
        c.text = replaced(&k->taken, each, c.text);
        for (int b = 0; fresh && b < less && *c.text == ' '; b++) c.text++;
        size_t n = strlen(c.text);
        if (n) fresh = c.text[n - 1] == '\n';
        if (n) vec_push(s->a, out, c);
    }
}

bool collapse_walk(Stager *s, Staged *f, LoopNames *l, Node *n, int depth, Chunks *apply)
{
    const KeptLoop *k = l->kept;
    if (!k || l->uses_target || l->branches || l->conditional) return false;
    while (k->inner) k = k->inner;
    StrVec each = {0};
    for (int i = 0; i < k->taken.len; i++) vec_push(s->a, &each, stage_attr(s, f, k->bases.at[i]));
    for (int i = 0; i < l->iterators.len; i++) /* they are walked, and need no iterator */
        for (int t = 0; t < k->taken.len; t++)
            if (str_eq(l->iterators.at[i], k->taken.at[t])) vec_push(s->a, &l->walked, k->taken.at[t]);
    chunk_text(s, apply, n->span, "%sfor ", stage_indent(s, depth));
    for (int i = 0; i < each.len; i++) chunk_text(s, apply, n->span, "%s%s", i ? ", " : "", each.at[i]);
    chunk_text(s, apply, n->span, " in %s", each.len > 1 ? "zip(" : "");
    for (int i = 0; i < each.len; i++) chunk_text(s, apply, n->span, "%sself.%s", i ? ", " : "", k->taken.at[i]);
    chunk_text(s, apply, n->span, "%s:\n", each.len > 1 ? ")" : "");
    put_body(s, apply, k, &each, 4 * (k->depth - depth));
    l->kept = NULL;
    return true;
}

static void put_back(Stager *s, Staged *f, const KeptLoop *k, Chunks *construct, Chunks *apply)
{
    Chunks body = {0}, over = {0};
    if (k->inner) put_back(s, f, k->inner, construct, &body);
    chunk_all(s, &body, &k->body);
    lift_expr(s, f, k->loop->b, k->depth, construct, &over);
    chunk_text(s, apply, k->loop->span, "%sfor ", stage_indent(s, k->depth));
    chunk_copy(s, apply, k->loop->a->span.start, k->loop->a->span.end);
    chunk_text(s, apply, k->loop->span, " in ");
    chunk_all(s, apply, &over);
    chunk_text(s, apply, k->loop->span, ":\n");
    chunk_all(s, apply, &body);
}

void collapse_put_back(Stager *s, Staged *f, LoopNames *l, Chunks *construct, Chunks *apply)
{
    if (l->kept) put_back(s, f, l->kept, construct, apply);
    l->kept = NULL;
    l->busy = true;
}
