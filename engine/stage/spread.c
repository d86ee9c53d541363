/* Spreading *args and **kwargs. A function is taken where they are read only as *name and **name in a call that builds layers. */
#include "stage/spread.h"

#include <string.h>

#include "stage/draft.h"

typedef struct Key {
    const char *name;
    int place;          /* among the layer's parameters */
    const PValue *dflt; /* of the layer's row */
    int given;          /* in how many of the constructions */
} Key;

typedef struct Spread {
    Arena *a;
    const Trace *t;
    const char *name; /* of the ** parameter; NULL: there is none */
    const char *star; /* of the * parameter, where it goes to the same calls; NULL */
    NodeVec sites;    /* calls that take it */
    VEC(Key) keys;
    int runs;
    bool other;       /* it is read in another way too */
} Spread;

/* *args or **kwargs as an argument. */
static bool passes_on(const Spread *s, const Node *x)
{
    const char *name = x->kind == N_DSTAR ? s->name : x->kind == N_STAR ? s->star : NULL;
    return name && x->a->kind == N_NAME && str_eq(x->a->name, name);
}

static bool find_reads(Node *n, void *ctx)
{
    Spread *s = ctx;
    bool site = false;
    if (n->kind == N_CALL)
        for (int i = 0; i < n->items.len; i++) site |= passes_on(s, n->items.at[i]);
    if (site) vec_push(s->a, &s->sites, n);
    if (n->kind == N_NAME && (str_eq(n->name, s->name) || str_eq(n->name, s->star))) {
        const Node *up = n->id > 0 ? s->t->parent[n->id] : NULL;
        s->other |= !up || !passes_on(s, up);
    }
    return true;
}

static void note_key(Spread *s, const Event *e, int i)
{
    const RowParam *p = &e->row->params.at[i];
    for (int k = 0; k < s->keys.len; k++)
        if (str_eq(s->keys.at[k].name, p->name)) {
            s->keys.at[k].given++;
            return;
        }
    Key k = {p->name, i, &p->dflt, 1};
    int at = s->keys.len;
    while (at > 0 && s->keys.at[at - 1].place > i) at--;
    vec_insert(s->a, &s->keys, at, k);
}

/* What came in by the stars: given, by no expression of the call. False where the site is no plain construction. */
static bool collect_keys(Spread *s)
{
    for (int i = 0; i < s->sites.len; i++) {
        const Site *site = trace_site(s->t, s->sites.at[i]);
        bool any = false;
        for (int k = 0; site && k < site->events.len; k++) {
            const Event *e = site->events.at[k];
            if (e->kind == EV_GAP) return false;
            if (e->kind != EV_LAYER || !e->row) continue;
            any = true;
            s->runs++;
            for (int p = 0; p < e->row->params.len; p++)
                if (e->args[p].given && !e->args[p].expr) note_key(s, e, p);
        }
        if (!any) return false;
    }
    return s->sites.len == 1 && s->runs > 0;
}

static bool is_parameter(const Node *fn, const char *name)
{
    for (int i = 0; i < fn->params.list.len; i++)
        if (str_eq(fn->params.list.at[i].name, name)) return true;
    return false;
}

static void edit(Spread *s, DraftEdits *edits, Span at, const char *text)
{
    DraftEdit e = {.at = at, .text = text, .why = at};
    vec_push(s->a, edits, e);
}

static const char *default_text(Spread *s, const Key *k)
{
    if (k->given == s->runs || k->dflt->kind == PV_UNSET) return "";
    return arena_printf(s->a, "=%s", pv_text(s->a, k->dflt));
}

static Span with_stars(const SourceText *src, Span s)
{
    while (s.start > 0 && src->text[s.start] != '*') s.start--;
    if (s.start > 0 && src->text[s.start - 1] == '*') s.start--;
    return s;
}

/* The text of a parameter with its stars, and the comma behind it where another parameter follows. */
static Span whole_parameter(const SourceText *src, const Param *p, const Param *next)
{
    Span stars = with_stars(src, p->span);
    int end = next ? with_stars(src, next->span).start : p->span.end > stars.end ? p->span.end : stars.end;
    return (Span){stars.start, end};
}

static void one_function(Spread *s, Node *fn, DraftEdits *edits)
{
    const Param *star = NULL, *dstar = NULL;
    for (int i = 0; i < fn->params.list.len; i++) {
        const Param *p = &fn->params.list.at[i];
        if (p->kind == PARAM_STAR) star = p;
        if (p->kind == PARAM_DSTAR) dstar = p;
    }
    if (!star && !dstar) return;
    if (star && dstar && star + 1 != dstar) return; /* names between them */
    s->name = dstar ? dstar->name : NULL;
    s->star = star ? star->name : NULL;
    s->sites = (NodeVec){0};
    s->keys.len = s->runs = 0;
    s->other = false;
    for (int i = 0; i < fn->body.len; i++) node_walk(fn->body.at[i], find_reads, s);
    if (s->other || !collect_keys(s) || !s->keys.len) return;
    Buf params = {0}, args = {0};
    for (int pass = 0; pass < 2; pass++) /* those without a default first */
        for (int i = 0; i < s->keys.len; i++) {
            const Key *k = &s->keys.at[i];
            const char *dflt = default_text(s, k);
            if (is_parameter(fn, k->name) || (*dflt != '\0') != (pass == 1)) continue;
            buf_printf(&params, "%s%s%s", params.len ? ", " : "", k->name, dflt);
            buf_printf(&args, "%s%s=%s", args.len ? ", " : "", k->name, k->name);
        }
    bool ordered = true; /* a parameter without a default may not follow one that has it, but for keywords */
    for (int i = 0; i < fn->params.list.len; i++) ordered &= !fn->params.list.at[i].dflt;
    if (star && !ordered) return;
    const SourceText *src = s->t->module->src;
    const Param *first = star ? star : dstar, *last = dstar ? dstar : star;
    if (last != &fn->params.list.at[fn->params.list.len - 1]) return;
    Span all = whole_parameter(src, first, NULL);
    all.end = whole_parameter(src, last, NULL).end;
    edit(s, edits, all, arena_printf(s->a, "%s%s", ordered ? "" : "*, ", params.s ? params.s : ""));
    bool written = false;
    NodeVec *items = &s->sites.at[0]->items;
    for (int i = 0; i < items->len; i++) {
        if (!passes_on(s, items->at[i])) continue;
        int start = written && i ? items->at[i - 1]->span.end : items->at[i]->span.start; /* with its comma */
        edit(s, edits, (Span){start, items->at[i]->span.end}, written ? "" : arena_strdup(s->a, args.s ? args.s : ""));
        written = true;
    }
    buf_free(&params);
    buf_free(&args);
}

typedef struct Functions {
    Spread s;
    DraftEdits edits;
} Functions;

static bool find_function(Node *n, void *ctx)
{
    Functions *f = ctx;
    if (n->kind == N_FUNCTION) one_function(&f->s, n, &f->edits);
    return true;
}

Module *spread_make(Arena *a, const Trace *t)
{
    Functions f = {.s = {.a = a, .t = t}};
    node_walk(t->module->root, find_function, &f);
    if (!f.edits.len) return NULL;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &f.edits);
    return draft_parse(&d);
}
