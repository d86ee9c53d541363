/* Layers of the framework that are networks of other layers, written out: torch.nn.TransformerEncoderLayer.
 *
 * The source's framework has their text in library/NAME.py beside its dialect, by the fact "library", in the terms of
 * layers that the dialect has rows for and with the names that the framework's own class gives its parts, so that
 * weights are found by the same paths. The first line of such a text says what it needs: modules, and others of its
 * kind. The draft has the classes in front of what uses them, and names them where the source names the framework's. */
#include "stage/library.h"

#include <string.h>

#include "base/file.h"
#include "stage/draft.h"
#include "stage/imports.h"

typedef struct Shelf {
    Arena *a;
    const Trace *t;
    Map *names;
    DraftEdits edits;
    StrVec order;   /* classes, those that others need first */
    StrVec imports; /* lines */
    const Node *first_use;
    bool failed;
} Shelf;

static const char *last_part(const char *dotted)
{
    const char *dot = strrchr(dotted, '.');
    return dot ? dot + 1 : dotted;
}

static bool has(const StrVec *v, const char *s)
{
    for (int i = 0; i < v->len; i++)
        if (str_eq(v->at[i], s)) return true;
    return false;
}

typedef struct Bound {
    const char *name;
    bool found;
} Bound;

static bool find_bound(Node *n, void *ctx)
{
    Bound *b = ctx;
    if (n->kind == N_CLASS || n->kind == N_FUNCTION) b->found |= str_eq(n->name, b->name);
    for (int i = 0; n->kind == N_ASSIGN && i < n->items.len; i++)
        b->found |= n->items.at[i]->kind == N_NAME && str_eq(n->items.at[i]->name, b->name);
    return !b->found;
}

/* What the class is called in the draft: the file may have one of that name. */
static const char *spelled(Shelf *h, const char *name)
{
    Bound b = {name, false};
    node_walk(h->t->module->root, find_bound, &b);
    return b.found ? arena_printf(h->a, "%s%s", h->t->dialect->title, name) : name;
}

/* The module, under the name that the library's texts know it by: one of the dialect's "library_imports". */
static void need_module(Shelf *h, const char *module)
{
    const StrVec *lines = dialect_list(h->t->dialect, "library_imports");
    for (int i = 0; lines && i < lines->len; i++) {
        DiagList diags = {.arena = h->a};
        const Map *binds = imports_of(h->a, python_parse(h->a, "", lines->at[i], (int)strlen(lines->at[i]), &diags));
        for (int k = 0; k < binds->len; k++) {
            const char *name = binds->entries[k].key;
            if (!name || !str_eq(binds->entries[k].value, module)) continue;
            const char *bound = map_get(h->names, name);
            if (bound && !str_eq(bound, module)) h->failed = true;
            if (!bound && !has(&h->imports, lines->at[i])) vec_push(h->a, &h->imports, lines->at[i]);
            return;
        }
    }
    h->failed = true;
}

static char *text_of(Shelf *h, const char *name, const char **needs)
{
    size_t len;
    const char *err = NULL;
    char *path = path_join(h->a, h->t->dialect->folder, arena_printf(h->a, "library/%s.py", name));
    char *text = file_read(h->a, path, &len, &err), *end = text ? strchr(text, '\n') : NULL;
    *needs = "";
    if (!end || !str_starts(text, "# needs:")) return text;
    *end = '\0';
    *needs = text + strlen("# needs:");
    return end + 1;
}

static void need_class(Shelf *h, const char *name)
{
    const char *needs;
    if (has(&h->order, name)) return;
    if (!text_of(h, name, &needs)) h->failed = true;
    char *words = arena_strdup(h->a, needs), *save = NULL;
    for (char *w = strtok_r(words, " ", &save); w && !h->failed; w = strtok_r(NULL, " ", &save)) {
        bool other = (w[0] >= 'A' && w[0] <= 'Z') || strchr(w, '_');
        if (other) need_class(h, w);
        else need_module(h, w);
    }
    vec_push(h->a, &h->order, name);
}

static bool on_shelf(const Shelf *h, const char *dotted)
{
    return dotted && dialect_lists(h->t->dialect, "library", dialect_canonical(h->t->dialect, h->a, dotted));
}

static void edit(Shelf *h, Span at, const char *text)
{
    DraftEdit e = {.at = at, .text = text, .why = at, .order = h->edits.len};
    vec_push(h->a, &h->edits, e);
}

/* from torch.nn import TransformerEncoder, Linear: without what the draft defines itself. */
static void strip_import(Shelf *h, const Node *n)
{
    Buf left = {0};
    int gone = 0, kept = 0;
    for (int i = 0; i < n->items.len; i++) {
        const Node *al = n->items.at[i];
        if (on_shelf(h, arena_printf(h->a, "%s.%s", n->name, al->name))) {
            gone++;
            continue;
        }
        buf_printf(&left, "%s%s", kept++ ? ", " : "", al->name);
        if (al->asname) buf_printf(&left, " as %s", al->asname);
    }
    const char *names = buf_take(&left, h->a);
    if (gone && kept) edit(h, n->span, arena_printf(h->a, "from %s import %s", n->name, names));
    else if (gone) edit(h, n->span, arena_printf(h->a, "import %.*s", (int)strcspn(n->name, "."), n->name));
}

static bool find_uses(Node *n, void *ctx)
{
    Shelf *h = ctx;
    if (n->kind == N_IMPORTFROM && n->level == 0 && n->name) strip_import(h, n);
    if (n->kind == N_IMPORT || n->kind == N_IMPORTFROM) return false;
    if (n->kind != N_ATTRIBUTE && n->kind != N_NAME) return true;
    const char *dotted = imports_dotted(h->a, h->names, n);
    if (!on_shelf(h, dotted)) return true;
    const char *name = last_part(dialect_canonical(h->t->dialect, h->a, dotted));
    need_class(h, name);
    if (!h->first_use) h->first_use = n;
    const char *to = spelled(h, name);
    if (n->kind != N_NAME || !str_eq(n->name, to)) edit(h, n->span, to);
    return false;
}

static bool is_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The text with each of the library's names as the draft spells it. */
static void put_class(Shelf *h, Buf *out, const char *text)
{
    for (const char *p = text; *p;) {
        size_t n = 0;
        for (int i = 0; i < h->order.len && !n; i++) {
            size_t len = strlen(h->order.at[i]);
            bool whole = strncmp(p, h->order.at[i], len) == 0 && !is_word(p[len]) && (p == text || !is_word(p[-1]));
            if (whole) buf_printf(out, "%s", spelled(h, h->order.at[i])), n = len;
        }
        if (!n) buf_addc(out, *p), n = 1;
        p += n;
    }
}

/* In front of the first statement that is no import and no docstring. */
static int place(const Shelf *h)
{
    const NodeVec *body = &h->t->module->root->items;
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->at[i];
        bool doc = i == 0 && n->kind == N_EXPR && n->a->kind == N_STRING;
        if (n->kind == N_IMPORT || n->kind == N_IMPORTFROM || doc) continue;
        int start = n->decorators.len ? n->decorators.at[0]->span.start : n->span.start;
        return draft_line_start(h->t->module->src, start);
    }
    return -1;
}

bool library_make(Arena *a, const Trace *t, Library *out)
{
    Shelf h = {.a = a, .t = t, .names = imports_of(a, t->module)};
    *out = (Library){0};
    if (!dialect_list(t->dialect, "library")) return false;
    node_walk(t->module->root, find_uses, &h);
    int at = place(&h);
    if (!h.order.len || h.failed || at < 0) return false;
    Buf text = {0};
    for (int i = 0; i < h.imports.len; i++) buf_printf(&text, "%s\n", h.imports.at[i]);
    if (h.imports.len) buf_printf(&text, "\n\n");
    for (int i = 0; i < h.order.len; i++) {
        const char *needs;
        put_class(&h, &text, text_of(&h, h.order.at[i], &needs));
        buf_printf(&text, "\n\n");
        vec_push(a, &out->notes, arena_printf(a, "%s is written out as a class of the file", h.order.at[i]));
    }
    DraftEdit e = {.at = {at, at}, .text = buf_take(&text, a), .why = h.first_use->span, .order = h.edits.len};
    vec_push(a, &h.edits, e);
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &h.edits);
    out->module = draft_parse(&d);
    return out->module != NULL;
}
