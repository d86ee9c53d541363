/* The edits, class by class. A class whose base is such a class reads the layer's attributes through the same name. */
#include "stage/inherit.h"

#include <string.h>

#include "stage/draft.h"
#include "stage/imports.h"

typedef struct Heir {
    Arena *a;
    const Trace *t;
    Map *names;
    DraftEdits edits;
    Map *held; /* class -> the name under which it holds its layer */
    Map *rows; /* class -> the row of the layer */
    Node *cls;
    const char *name;      /* of the layer in the instance */
    const char *base;      /* the layer's class as the file spells it; NULL: the class's base is one of the file */
    const DialectRow *row;
    const Node *assigned;  /* the statement that is walked, where it sets self.X */
} Heir;

static void edit(Heir *h, int start, int end, const char *text)
{
    DraftEdit e = {.at = {start, end}, .text = text, .why = {start, end}, .order = h->edits.len};
    vec_push(h->a, &h->edits, e);
}

static bool is_self(const Node *n)
{
    return n->kind == N_NAME && str_eq(n->name, "self");
}

/* self.X = ... anywhere in the class: then X is the class's own. */
typedef struct Assigned {
    const char *name;
    bool found;
} Assigned;

static bool find_assigned(Node *n, void *ctx)
{
    Assigned *k = ctx;
    for (int i = 0; n->kind == N_ASSIGN && i < n->items.len; i++) {
        const Node *t = n->items.at[i];
        for (int e = -1; e < (t->kind == N_TUPLE ? t->items.len : 0); e++) {
            const Node *x = e < 0 ? t : t->items.at[e];
            k->found |= x->kind == N_ATTRIBUTE && is_self(x->a) && str_eq(x->name, k->name);
        }
    }
    return true;
}

static bool assigns(const Node *in, const char *name)
{
    Assigned k = {name, false};
    node_walk((Node *)in, find_assigned, &k);
    return k.found;
}

static bool is_held(Heir *h, const char *name)
{
    if (dialect_lists(h->t->dialect, "layer_weights", name)) return true;
    for (int i = 0; i < h->row->params.len; i++)
        if (h->row->params.at[i].role != ROLE_INPUT && str_eq(h->row->params.at[i].name, name)) return true;
    return false;
}

/* super().NAME(...), super(C, self).NAME(...); or Base.NAME(self, ...), whose first argument is not the layer's. */
static bool calls_base(Heir *h, const Node *n, const char *name, int *first)
{
    if (n->kind != N_CALL || n->a->kind != N_ATTRIBUTE || !str_eq(n->a->name, name)) return false;
    const Node *of = n->a->a;
    *first = 0;
    if (of->kind == N_CALL && of->a->kind == N_NAME && str_eq(of->a->name, "super")) return true;
    *first = 1;
    const char *dotted = h->base ? imports_dotted(h->a, h->names, of) : NULL;
    return dotted && n->items.len && is_self(n->items.at[0]) &&
           str_eq(dotted, imports_dotted(h->a, h->names, h->cls->items.at[0]));
}

static const char *indent_of(Heir *h, const Node *stmt)
{
    return draft_indent(h->a, h->t->module->src, stmt);
}

/* The head of a call, up to its first argument, as `head`. */
static void recall(Heir *h, const Node *call, int start, int first, const char *head)
{
    if (call->items.len > first) edit(h, start, call->items.at[first]->span.start, head);
    else edit(h, start, call->span.end, arena_printf(h->a, "%s)", head));
}

static void replace_init(Heir *h, const Node *stmt, int first)
{
    recall(h, stmt->a, stmt->span.start, first,
           arena_printf(h->a, "super().__init__()\n%sself.%s = %s(", indent_of(h, stmt), h->name, h->base));
}

/* self._conv_forward(x, weight, bias): what the base does with other weights, by the fact "inherited_call:KIND:METHOD": the
 * function that does it, and which of the layer's attributes it takes behind the arguments. */
static void replace_inherited_call(Heir *h, const Node *n)
{
    StrVec words = dialect_fact_words(h->t->dialect, h->a, arena_printf(h->a, "inherited_call:%s:%s", h->row->kind->name, n->a->name));
    if (!words.len || !n->items.len) return;
    const char *function = words.at[0], *dot = strrchr(function, '.');
    const char *package = arena_strndup(h->a, function, strcspn(function, "."));
    Buf b = {0};
    for (int i = 1; i < words.len; i++) buf_printf(&b, ", self.%s.%s", h->name, words.at[i]);
    edit(h, n->span.start, n->items.at[0]->span.start, arena_printf(h->a, "%s(", function));
    edit(h, n->items.at[n->items.len - 1]->span.end, n->span.end, arena_printf(h->a, "%s)", b.s ? b.s : ""));
    buf_free(&b);
    if (map_has(h->names, package)) return;
    edit(h, h->cls->span.start, h->cls->span.start,
         arena_printf(h->a, "import %s\n\n\n", arena_strndup(h->a, function, (size_t)(dot - function))));
    map_set(h->names, package, (void *)package);
}

static bool walk_method(Node *n, void *ctx)
{
    Heir *h = ctx;
    const char *forward = dialect_fact(h->t->dialect, "forward");
    int first;
    if (n->kind == N_EXPR && h->base && calls_base(h, n->a, "__init__", &first)) {
        replace_init(h, n, first);
        for (int i = first; i < n->a->items.len; i++) node_walk(n->a->items.at[i], walk_method, h);
        return false;
    }
    if (h->base && n->kind == N_CALL && (calls_base(h, n, forward, &first) || calls_base(h, n, "__call__", &first))) {
        recall(h, n, n->span.start, first, arena_printf(h->a, "self.%s(", h->name));
        for (int i = first; i < n->items.len; i++) node_walk(n->items.at[i], walk_method, h);
        return false;
    }
    if (n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && is_self(n->a->a)) replace_inherited_call(h, n);
    if (n->kind == N_ASSIGN) {
        const Node *was = h->assigned;
        for (int i = 0; i < n->items.len; i++) node_walk(n->items.at[i], walk_method, h);
        h->assigned = n;
        node_walk(n->b, walk_method, h);
        h->assigned = was;
        return false;
    }
    if (n->kind == N_ATTRIBUTE && is_self(n->a) && is_held(h, n->name)) {
        bool own = assigns(h->cls, n->name) && !(h->assigned && assigns(h->assigned, n->name));
        if (!own) edit(h, n->a->span.end, n->a->span.end, arena_printf(h->a, ".%s", h->name));
        return false;
    }
    return true;
}

static const Node *method(const Node *cls, const char *name)
{
    for (int i = 0; i < cls->body.len; i++)
        if (cls->body.at[i]->kind == N_FUNCTION && str_eq(cls->body.at[i]->name, name)) return cls->body.at[i];
    return NULL;
}

/* The row by which the layer was built where an instance of the class was: a layer may have several, by the generation. */
static const DialectRow *row_built(Heir *h)
{
    for (int i = 0; i < h->t->events.len; i++) {
        const Event *e = h->t->events.at[i];
        if (e->kind == EV_LAYER && e->row && e->site->node == h->cls->items.at[0]) return e->row;
    }
    return h->row;
}

/* A constructor that takes what the layer takes, for a class that has none. */
static const char *constructor(Heir *h, const char *indent)
{
    Buf params = {0}, args = {0};
    const DialectRow *row = row_built(h);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < row->params.len; i++) {
            const RowParam *p = &row->params.at[i];
            if (p->role != ROLE_ATTR || p->rest || p->has_default != (pass == 1)) continue;
            buf_printf(&params, ", %s", p->name);
            if (p->has_default) buf_printf(&params, "=%s", p->dflt.kind == PV_UNSET ? "None" : pv_text(h->a, &p->dflt));
            buf_printf(&args, "%s%s=%s", args.len ? ", " : "", p->name, p->name);
        }
    const char *text = arena_printf(h->a, "def __init__(self%s):\n%s    super().__init__()\n%s    self.%s = %s(%s)\n\n%s",
                                    params.s ? params.s : "", indent, indent, h->name, h->base, args.s ? args.s : "", indent);
    buf_free(&params);
    buf_free(&args);
    return text;
}

/* The module base beside the layer's class: nn.Module for nn.Conv1d, layers.Layer for layers.Dense. */
static const char *module_base(Heir *h, const char *dotted)
{
    const Dialect *d = h->t->dialect;
    const char *canonical = dialect_canonical(d, h->a, dotted), *dot = strrchr(canonical, '.');
    for (int i = 0; dot && i < d->module_bases.len; i++) {
        const char *base = d->module_bases.at[i], *end = strrchr(base, '.');
        if (end && end - base == dot - canonical && strncmp(base, canonical, (size_t)(end - base)) == 0) return end + 1;
    }
    return NULL;
}

static void replace_base(Heir *h, const char *dotted, const char *module)
{
    const Node *base = h->cls->items.at[0];
    if (base->kind == N_ATTRIBUTE) {
        edit(h, base->a->span.end, base->span.end, arena_printf(h->a, ".%s", module));
        return;
    }
    const char *from = arena_strndup(h->a, dotted, (size_t)(strrchr(dotted, '.') - dotted));
    edit(h, base->span.start, base->span.end, module);
    if (!map_has(h->names, module)) {
        edit(h, h->cls->span.start, h->cls->span.start, arena_printf(h->a, "from %s import %s\n\n\n", from, module));
        map_set(h->names, module, arena_printf(h->a, "%s.%s", from, module));
    }
}

static void body_of(Heir *h)
{
    for (int i = 0; i < h->cls->body.len; i++)
        if (h->cls->body.at[i]->kind == N_FUNCTION) node_walk(h->cls->body.at[i], walk_method, h);
}

static bool derives(Heir *h, Node *n, Inherit *out)
{
    const Dialect *d = h->t->dialect;
    const char *dotted = imports_dotted(h->a, h->names, n->items.at[0]);
    const char *canonical = dotted ? dialect_canonical(d, h->a, dotted) : NULL;
    const DialectRow *row = canonical ? inherited_row(d, canonical, h->t->keras_version) : NULL;
    const char *module = row ? module_base(h, dotted) : NULL;
    if (!row || !module || !n->body.len) return false;
    h->cls = n;
    h->row = row;
    h->base = node_source(h->a, h->t->module, n->items.at[0]);
    h->name = inherited_name(h->a, canonical);
    replace_base(h, dotted, module);
    const char *forward = dialect_fact(d, "forward");
    const Node *doc = node_docstring(n), *at = n->body.at[doc && n->body.len > 1 ? 1 : 0], *last = n->body.at[n->body.len - 1];
    const char *indent = indent_of(h, n->body.at[0]);
    if (!method(n, "__init__")) edit(h, at->span.start, at->span.start, constructor(h, indent));
    body_of(h);
    if (!method(n, forward))
        edit(h, last->span.end, last->span.end,
             arena_printf(h->a, "\n\n%sdef %s(self, x):\n%s    return self.%s(x)\n", indent, forward, indent, h->name));
    int line, col;
    source_position(h->t->module->src, n->span.start, &line, &col);
    vec_push(h->a, &out->notes,
             arena_printf(h->a, "line %d: %s derives from %s; the port holds one as self.%s", line, n->name, h->base, h->name));
    map_set(h->held, n->name, (void *)h->name);
    map_set(h->rows, n->name, (void *)row);
    return true;
}

typedef struct Search {
    Heir *h;
    Inherit *out;
} Search;

static bool find_class(Node *n, void *ctx)
{
    Search *s = ctx;
    Heir *h = s->h;
    if (n->kind != N_CLASS || n->items.len != 1) return true;
    if (derives(h, n, s->out)) return false;
    const Node *base = n->items.at[0];
    const char *held = base->kind == N_NAME ? map_get(h->held, base->name) : NULL;
    if (!held) return true;
    h->cls = n;
    h->base = NULL;
    h->name = held;
    h->row = map_get(h->rows, base->name);
    body_of(h);
    map_set(h->held, n->name, (void *)held);
    map_set(h->rows, n->name, (void *)h->row);
    return false;
}

static const char *class_around(const Trace *t, const Node *n)
{
    for (; n && n->id > 0; n = t->parent[n->id])
        if (n->kind == N_CLASS) return n->name;
    return NULL;
}

/* self.token.embedding_dim, where token is such an instance: the attribute of what it holds. */
static void read_outside(Heir *h)
{
    bool *done = ARENA_ARRAY(h->a, bool, h->t->nids + 2);
    for (int i = 0; i < h->t->events.len; i++) {
        const Event *e = h->t->events.at[i];
        const PivotNN *of = e->kind == EV_MEMBER && e->layer ? e->layer->owner : NULL;
        const char *cls = of && of->definition ? of->definition->name : NULL, *held = cls ? map_get(h->held, cls) : NULL;
        const Node *n = e->site->node;
        if (!held || !str_eq(held, e->layer->name) || n->kind != N_ATTRIBUTE || n->id <= 0 || n->id > h->t->nids || done[n->id]) continue;
        done[n->id] = true;
        if (!str_eq(class_around(h->t, n), cls) || !is_self(n->a))
            edit(h, n->a->span.end, n->a->span.end, arena_printf(h->a, ".%s", held));
    }
}

bool inherit_make(Arena *a, const Trace *t, Inherit *out)
{
    Heir h = {.a = a, .t = t, .names = imports_of(a, t->module), .held = map_new(a), .rows = map_new(a)};
    Search s = {&h, out};
    *out = (Inherit){0};
    node_walk(t->module->root, find_class, &s);
    if (!h.edits.len) return false;
    read_outside(&h);
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &h.edits);
    out->module = draft_parse(&d);
    return out->module != NULL;
}
