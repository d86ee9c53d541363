/* Any bytes as Python: they parse, ids are dense, spans lie in the text, and the unchanged tree
 * prints the same bytes. The same tree with nothing copied prints too; where the text had no errors
 * it parses back to the same tree. */
#include <assert.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "python/build.h"
#include "python/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Check {
    const Module *module;
    bool *seen;
} Check;

static bool check_node(Node *n, void *ctx)
{
    Check *c = ctx;
    assert(n->id >= 1 && n->id <= c->module->nnodes && !c->seen[n->id]);
    c->seen[n->id] = true;
    assert(n->span.start >= 0 && n->span.start <= n->span.end &&
           n->span.end <= c->module->src->len);
    return true;
}

static void print_to(Arena *a, Buf *out, const Module *source, const NodeVec *stmts)
{
    Printer p = {.arena = a, .source = source, .out = out, .width = 88};
    print_stmts(&p, stmts, 0);
}

static void check_unchanged(Arena *a, const Module *m)
{
    Buf out = {0};
    print_to(a, &out, m, &m->root->items);
    size_t len = (size_t)m->src->len;
    assert(out.len >= len && out.len <= len + 2);
    assert(len == 0 || memcmp(out.s, m->src->text, len) == 0);
    buf_free(&out);
}

static bool forget(Node **slot, void *ctx)
{
    *slot = node_copy(ctx, *slot);
    (*slot)->from = NULL;
    node_slots(*slot, forget, ctx);
    return true;
}

static void check_anew(Arena *a, const Module *m, bool errors)
{
    NodeVec stmts = {0};
    for (int i = 0; i < m->root->items.len; i++) {
        Node *s = m->root->items.at[i];
        forget(&s, a);
        vec_push(a, &stmts, s);
    }
    Buf out = {0};
    print_to(a, &out, m, &stmts);
    if (!errors && out.len && out.len < INT_MAX) {
        DiagList diags = {.arena = a};
        Module *again = python_parse(a, "again.py", out.s, (int)out.len, &diags);
        assert(diags.list.len == 0);
        assert(py_same(again->root, m->root));
    }
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 20) return 0;
    Arena *a = arena_new();
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, "fuzz.py", (const char *)data, (int)size, &diags);
    Check c = {m, ARENA_ARRAY(a, bool, m->nnodes + 1)};
    node_walk(m->root, check_node, &c);
    check_unchanged(a, m);
    check_anew(a, m, diags.list.len > 0);
    Buf text = {0};
    for (int i = 0; i < diags.list.len; i++) diag_format(&diags.list.at[i], m->src, false, &text);
    buf_free(&text);
    arena_free(a);
    return 0;
}

#ifdef FUZZ_MAIN
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        Arena *a = arena_new();
        size_t len = 0;
        const char *err = NULL;
        const char *text = file_read(a, argv[i], &len, &err);
        if (text) LLVMFuzzerTestOneInput((const uint8_t *)text, len);
        else fprintf(stderr, "%s\n", err);
        arena_free(a);
    }
    return 0;
}
#endif
