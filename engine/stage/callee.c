/* Methods between double underscores that are called by name, in the words that both frameworks know. Modules whose forward
 * pass is called __call__ (tf.Module): the draft calls it what the framework's other modules call it.
 * A class counts where it derives from a module of the framework, itself or by a class of the file, and has no forward. */
#include "stage/callee.h"

#include <string.h>

#include "stage/draft.h"
#include "stage/imports.h"

typedef struct Renaming {
    Arena *a;
    const Trace *t;
    Map *names, *modules; /* classes of the file that are modules */
    DraftEdits edits;
} Renaming;

static const Node *method(const Node *cls, const char *name)
{
    for (int i = 0; i < cls->body.len; i++)
        if (cls->body.at[i]->kind == N_FUNCTION && str_eq(cls->body.at[i]->name, name)) return cls->body.at[i];
    return NULL;
}

static bool is_module(Renaming *r, const Node *cls)
{
    for (int i = 0; i < cls->items.len; i++) {
        const Node *b = cls->items.at[i];
        const char *dotted = imports_dotted(r->a, r->names, b);
        if (dotted && dialect_is_module_base(r->t->dialect, dialect_canonical(r->t->dialect, r->a, dotted))) return true;
        if (b->kind == N_NAME && map_has(r->modules, b->name)) return true;
    }
    return false;
}

static void rename_at(Renaming *r, int from, int end, const char *to)
{
    const char *text = r->t->module->src->text, *at = strstr(text + from, "__call__");
    if (!at || at - text >= end) return;
    int start = (int)(at - text);
    DraftEdit e = {.at = {start, start + 8}, .text = to, .why = {start, start + 8}, .order = r->edits.len};
    vec_push(r->a, &r->edits, e);
}

static bool find_base_call(Node *n, void *ctx)
{
    Renaming *r = ctx;
    bool base = n->kind == N_ATTRIBUTE && str_eq(n->name, "__call__") && n->a->kind == N_CALL && n->a->a->kind == N_NAME &&
                str_eq(n->a->a->name, "super");
    if (base) rename_at(r, n->a->span.end, n->span.end, dialect_fact(r->t->dialect, "forward"));
    return true;
}

static bool find_class(Node *n, void *ctx)
{
    Renaming *r = ctx;
    if (n->kind != N_CLASS || !is_module(r, n)) return true;
    map_set(r->modules, n->name, (void *)n->name);
    const char *forward = dialect_fact(r->t->dialect, "forward");
    const Node *call = method(n, "__call__");
    if (!call || !forward || method(n, forward)) return true;
    rename_at(r, call->span.start, call->span.end, forward);
    for (int i = 0; i < call->body.len; i++) node_walk(call->body.at[i], find_base_call, r);
    return true;
}

static void change(Renaming *r, int from, int end, const char *text)
{
    DraftEdit e = {.at = {from, end}, .text = text, .why = {from, end}, .order = r->edits.len};
    vec_push(r->a, &r->edits, e);
}

/* self.__getattr__(name): getattr(self, name), which every object answers. */
static bool find_dunder(Node *n, void *ctx)
{
    static const char *const METHODS[][2] = {{"__getattr__", "getattr"}, {"__getattribute__", "getattr"}, {"__setattr__", "setattr"}};
    Renaming *r = ctx;
    const Node *of = n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && n->items.len ? n->a->a : NULL;
    if (!of || of->kind != N_NAME || !str_eq(of->name, "self")) return true;
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++) {
        if (!str_eq(n->a->name, METHODS[i][0])) continue;
        change(r, of->span.start, of->span.start, arena_printf(r->a, "%s(", METHODS[i][1]));
        change(r, of->span.end, n->items.at[0]->span.start, ", ");
    }
    return true;
}

/* tf.reduce_sum([a, b], axis=0): the framework makes one tensor of a list; the draft says it, tf.stack([a, b]). */
static bool find_packed(Node *n, void *ctx)
{
    static const char *const REDUCES[] = {"sum", "mean", "max", "min", "prod"};
    Renaming *r = ctx;
    const Node *x = n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && n->items.len ? n->items.at[0] : NULL;
    if (!x || (x->kind != N_LIST && x->kind != N_LISTCOMP) || !dialect_fact(r->t->dialect, "packs")) return true;
    const char *dotted = imports_dotted(r->a, r->names, n->a);
    const DialectRow *row = dotted ? dialect_read(r->t->dialect, FORM_FUNCTION, dialect_canonical(r->t->dialect, r->a, dotted), r->t->keras_version) : NULL;
    for (size_t i = 0; row && i < sizeof REDUCES / sizeof *REDUCES; i++) {
        if (!str_eq(row->kind->name, REDUCES[i])) continue;
        const char *of = arena_strndup(r->a, r->t->module->src->text + n->a->a->span.start, (size_t)(n->a->a->span.end - n->a->a->span.start));
        change(r, x->span.start, x->span.start, arena_printf(r->a, "%s.stack(", of));
        change(r, x->span.end, x->span.end, ")");
    }
    return true;
}

Module *callee_make(Arena *a, const Trace *t)
{
    Renaming r = {.a = a, .t = t, .names = imports_of(a, t->module), .modules = map_new(a)};
    node_walk(t->module->root, find_class, &r);
    node_walk(t->module->root, find_dunder, &r);
    node_walk(t->module->root, find_packed, &r);
    if (!r.edits.len) return NULL;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &r.edits);
    return draft_parse(&d);
}
