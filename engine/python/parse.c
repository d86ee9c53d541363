/* Parsing: tree-sitter reads the text, we turn its concrete tree into the small typed one and drop
 * it.
 *
 * One walk, top-down: each conversion opens the children of its node, so every tree-sitter node is
 * visited once and comments are met (and collected) on the way, wherever they stand. Node ids are
 * given before the children are converted, which makes them dense and in source order.
 *
 * Trouble stays local. A simple statement in which tree-sitter recovered from an error, and a
 * compound one whose header has one, becomes an N_ERROR with the whole of its text; so does what is
 * Python 2, and what is nested too deeply. parse_stmt.c decides that.
 *
 * This file: the entry, the children stack, comments, spans. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "python/parse_internal.h"

const TSLanguage *tree_sitter_python(void);

/* Error recovery can be quadratic. What takes longer than this is noise: 4 s, and 4 s more for each
 * megabyte, are some hundred times what sound text takes. */
#define PARSE_TIMEOUT_US(len) ((uint64_t)4 * 1000 * 1000 + (uint64_t)(len)*4)
#define FIELDS_MAX 64

/* clang-format off */
static const char *const symbol_names[] = {
    "",
#define X(name) #name,
    PARSE_SYMBOLS(X)
#undef X
};

static const char *const field_names[] = {
    "",
#define X(name) #name,
    PARSE_FIELDS(X)
#undef X
};
/* clang-format on */

static Gram gram_of_name(const char *name)
{
    int lo = 1, hi = G_NAMED_END;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        int order = strcmp(name, symbol_names[mid]);
        if (order == 0) return (Gram)mid;
        if (order < 0) hi = mid;
        else lo = mid + 1;
    }
    return G_other;
}

static Gram gram_of_token(const char *name)
{
    static const struct {
        const char *name;
        Gram gram;
    } tokens[] = {
        {",", G_comma},   {":", G_colon},      {"=", G_equals}, {"-", G_minus},
        {"*", G_star},    {"**", G_starstar},  {".", G_dot},    {"async", G_async},
        {"from", G_from}, {"_", G_underscore},
    };
    for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++)
        if (strcmp(tokens[i].name, name) == 0) return tokens[i].gram;
    return G_token;
}

/* The language's own numbers differ from one version of the grammar to the next, so they are looked
 * up by name. */
static void learn_language(Parse *p, const TSLanguage *lang)
{
    p->nsymbols = ts_language_symbol_count(lang);
    uint8_t *gram = ARENA_ARRAY(p->arena, uint8_t, p->nsymbols);
    for (uint32_t i = 0; i < p->nsymbols; i++) {
        TSSymbolType type = ts_language_symbol_type(lang, (TSSymbol)i);
        const char *name = ts_language_symbol_name(lang, (TSSymbol)i);
        gram[i] = (uint8_t)(type == TSSymbolTypeRegular     ? gram_of_name(name)
                            : type == TSSymbolTypeAnonymous ? gram_of_token(name)
                                                            : G_other);
    }
    p->gram = gram;
    p->nfields = ts_language_field_count(lang) + 1;
    uint8_t *field = ARENA_ARRAY(p->arena, uint8_t, p->nfields);
    for (int f = 1; f < F_END; f++) {
        TSFieldId id =
            ts_language_field_id_for_name(lang, field_names[f], (uint32_t)strlen(field_names[f]));
        if (id) field[id] = (uint8_t)f;
    }
    p->field = field;
}

/* --- children --- */

Gram parse_gram(const Parse *p, TSNode n)
{
    TSSymbol s = ts_node_symbol(n);
    return s < p->nsymbols ? (Gram)p->gram[s] : G_ERROR;
}

Span parse_span(TSNode n)
{
    return (Span){(int)ts_node_start_byte(n), (int)ts_node_end_byte(n)};
}

static void add_comment(Parse *p, TSNode n)
{
    Comment c = {.span = parse_span(n)};
    int i = c.span.start;
    while (i > 0 && (p->text[i - 1] == ' ' || p->text[i - 1] == '\t' || p->text[i - 1] == '\f'))
        i--;
    c.own_line = i == 0 || p->text[i - 1] == '\n' || p->text[i - 1] == '\r';
    int end = c.span.end;
    while (end > c.span.start && (p->text[end - 1] == '\r' || p->text[end - 1] == ' ')) end--;
    c.span.end = end;
    vec_push(p->arena, &p->module->comments, c);
}

static void push_kid(Parse *p, TSNode n, Gram gram)
{
    if (p->nkids == p->capkids) {
        p->capkids = p->capkids ? p->capkids * 2 : 256;
        p->kids = x_realloc(p->kids, sizeof(*p->kids) * (size_t)p->capkids);
    }
    TSFieldId f = ts_tree_cursor_current_field_id(&p->cursor);
    Field field = f < p->nfields ? (Field)p->field[f] : F_none;
    p->kids[p->nkids++] = (Kid){n, gram, field};
}

Kids kids_open(Parse *p, TSNode n)
{
    Kids ks = {p->nkids, 0};
    ts_tree_cursor_reset(&p->cursor, n);
    if (!ts_tree_cursor_goto_first_child(&p->cursor)) return ks;
    do {
        TSNode c = ts_tree_cursor_current_node(&p->cursor);
        Gram gram = parse_gram(p, c);
        if (gram == G_comment) add_comment(p, c);
        else if (gram != G_line_continuation) push_kid(p, c, gram);
    } while (ts_tree_cursor_goto_next_sibling(&p->cursor));
    ks.n = p->nkids - ks.from;
    return ks;
}

void kids_close(Parse *p, Kids ks)
{
    assert(p->nkids >= ks.from);
    p->nkids = ks.from;
}

Kid kid(const Parse *p, Kids ks, int i)
{
    assert(i >= 0 && i < ks.n);
    return p->kids[ks.from + i];
}

Kid kid_in(const Parse *p, Kids ks, Field field)
{
    for (int i = 0; i < ks.n; i++)
        if (p->kids[ks.from + i].field == field) return p->kids[ks.from + i];
    return (Kid){0};
}

bool kid_is_there(Kid k)
{
    return !ts_node_is_null(k.node);
}

bool kids_have(const Parse *p, Kids ks, Gram gram)
{
    for (int i = 0; i < ks.n; i++)
        if (p->kids[ks.from + i].gram == gram) return true;
    return false;
}

/* --- nodes --- */

char *parse_text(Parse *p, Span span)
{
    return arena_strndup(p->arena, p->text + span.start, (size_t)(span.end - span.start));
}

Node *parse_node(Parse *p, NodeKind kind, Span span)
{
    Node *n = ARENA_NEW(p->arena, Node);
    n->kind = kind;
    n->span = span;
    n->id = ++p->next_id;
    return n;
}

void parse_give_up(Parse *p, Span span, const char *why, const char *hint)
{
    if (p->bad) return; /* the first reason is the one to tell */
    p->bad = true;
    p->bad_span = span;
    p->bad_why = why;
    p->bad_hint = hint;
}

bool parse_deeper(Parse *p, TSNode n)
{
    p->depth++;
    if (p->depth <= PARSE_DEPTH_MAX) return true;
    parse_give_up(p, parse_span(n), "this is nested too deeply to be read", NULL);
    return false;
}

/* --- tree-sitter's memory --- */

/* Tree-sitter (0.20.7) counts the children of a node in 16 bits. An error node over more than 65535
 * tokens, which only a long text of noise gives, therefore looks for its block of memory in the
 * wrong place when it is freed, and some of what it holds is never freed. So each block has a seal
 * before it: what has none is not freed, and what is left when a text is parsed is freed by way of
 * the list of seals. (parse_stmt.c does not look for statements in such a node.)
 *
 * Tree-sitter's allocator has no context, hence the one variable here; it is empty between calls of
 * python_parse. */
typedef struct Seal {
    struct Seal *next, *before;
    uintptr_t value;
    size_t size; /* keeps what follows aligned to 16 bytes */
} Seal;

_Static_assert(sizeof(Seal) % 16 == 0, "blocks stay aligned behind their seal");

static _Thread_local Seal *sealed_blocks;

static uintptr_t seal_of(const Seal *s)
{
    return (uintptr_t)s ^ (uintptr_t)0x5ea1ed0fb10c5ea1;
}

static void *sealed(Seal *s, size_t size)
{
    *s = (Seal){sealed_blocks, NULL, seal_of(s), size};
    if (s->next) s->next->before = s;
    sealed_blocks = s;
    return s + 1;
}

static void unseal(Seal *s)
{
    if (s->before) s->before->next = s->next;
    else sealed_blocks = s->next;
    if (s->next) s->next->before = s->before;
    s->value = 0;
}

static void *sealed_calloc(size_t n, size_t size)
{
    assert(size == 0 || n < SIZE_MAX / 2 / size);
    return sealed(x_alloc(sizeof(Seal) + n * size), n * size);
}

static void *sealed_malloc(size_t size)
{
    return sealed(x_realloc(NULL, sizeof(Seal) + size), size);
}

static void sealed_free(void *p)
{
    Seal *s = p ? (Seal *)p - 1 : NULL;
    if (!s || s->value != seal_of(s)) return;
    unseal(s);
    free(s);
}

static void *sealed_realloc(void *p, size_t size)
{
    if (!p) return sealed_malloc(size);
    Seal *s = (Seal *)p - 1;
    assert(s->value == seal_of(s));
    unseal(s);
    return sealed(x_realloc(s, sizeof(Seal) + size), size);
}

static void free_sealed(void)
{
    while (sealed_blocks) sealed_free(sealed_blocks + 1);
}

/* --- entry --- */

static int comment_order(const void *x, const void *y)
{
    return ((const Comment *)x)->span.start - ((const Comment *)y)->span.start;
}

/* Puts the comments in order; a node that was opened twice gave its comments twice. */
static void sort_comments(Module *m)
{
    if (m->comments.len == 0) return;
    qsort(m->comments.at, (size_t)m->comments.len, sizeof(Comment), comment_order);
    int n = 1;
    for (int i = 1; i < m->comments.len; i++)
        if (m->comments.at[i].span.start != m->comments.at[n - 1].span.start)
            m->comments.at[n++] = m->comments.at[i];
    m->comments.len = n;
}

static void convert(Parse *p, const TSTree *tree)
{
    TSNode root = ts_tree_root_node(tree);
    p->cursor = ts_tree_cursor_new(root);
    Module *m = p->module;
    m->root = parse_node(p, N_MODULE, (Span){0, p->len});
    parse_statements(p, root, &m->root->items);
    m->nnodes = p->next_id;
    sort_comments(m);
    ts_tree_cursor_delete(&p->cursor);
    free(p->kids);
}

Module *python_parse(Arena *a, const char *path, const char *text, int len, DiagList *diags)
{
    Module *m = ARENA_NEW(a, Module);
    m->src = source_text_new(a, path, text, len);
    Parse p = {.arena = a, .module = m, .diags = diags, .text = m->src->text, .len = len};
    const TSLanguage *lang = tree_sitter_python();
    learn_language(&p, lang);
    ts_set_allocator(sealed_malloc, sealed_calloc, sealed_realloc, sealed_free);
    TSParser *parser = ts_parser_new();
    bool known = ts_parser_set_language(parser, lang);
    assert(known); /* the build pins a grammar that the library loads */
    (void)known;
    ts_parser_set_timeout_micros(parser, PARSE_TIMEOUT_US(len));
    TSTree *tree = ts_parser_parse_string(parser, NULL, m->src->text, (uint32_t)len);
    if (tree) {
        convert(&p, tree);
        ts_tree_delete(tree);
    } else {
        m->root = parse_node(&p, N_MODULE, (Span){0, len});
        Node *all = parse_node(&p, N_ERROR, (Span){0, len});
        all->text = parse_text(&p, all->span);
        vec_push(a, &m->root->items, all);
        m->nnodes = p.next_id;
        if (diags)
            diag_add(diags, SEV_ERROR, "syntax", m->src->path, (Span){0, 1}, NULL,
                     "this cannot be read as Python in reasonable time");
    }
    ts_parser_delete(parser);
    free_sealed();
    return m;
}
