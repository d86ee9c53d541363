/* Bundles.
 *
 * A *unit* is a statement at the top of a file, with the names that it binds. Units need units, by
 * the names they mention; an import of a project file is followed to the unit that it means. A unit
 * is *good* where all it needs is good; a class of modules that no network is built of is not, nor is
 * a function that never ran. Units of the file itself that rest on a bad one are left out. */
#include "stage/bundle.h"

#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "python/names.h"
#include "stage/draft.h"

typedef enum { UNIT_UNKNOWN, UNIT_ASKED, UNIT_GOOD, UNIT_BAD } UnitState;

typedef struct Unit {
    const Module *m;
    Node *stmt;
    UnitState state;
    bool placed;
} Unit;

typedef struct Bundler {
    Arena *a;
    const Trace *t;
    VEC(Unit *) units;
    Map *final;   /* "file\0name" -> the name in the bundle */
    Map *taken;   /* names at the top of the bundle -> Unit* or themselves */
    Buf text;     /* of the units that come along */
    StrVec imports;
    Bundle *out;
    bool failed;
} Bundler;

/* ---- units ---- */

static bool is_import(const Node *n)
{
    return n->kind == N_IMPORT || n->kind == N_IMPORTFROM;
}

static Unit *unit_binding(Bundler *b, const Module *m, const char *name)
{
    Unit *found = NULL;
    for (int i = 0; i < b->units.len; i++)
        if (b->units.at[i]->m == m && names_stmt_binds(b->units.at[i]->stmt, name)) found = b->units.at[i];
    return found;
}

static const Module *linked(Bundler *b, const Node *n)
{
    for (int i = 0; i < b->t->links.len; i++)
        if (b->t->links.at[i].node == n) return b->t->links.at[i].to;
    return NULL;
}

/* What a name of a file means: a unit of some file, or a file itself (*module). Neither: nothing of the project. */
static Unit *meant(Bundler *b, const Module *m, const char *name, const char **as, const Module **module)
{
    *module = NULL;
    for (int hops = 0; hops < 20; hops++) {
        Unit *u = unit_binding(b, m, name);
        *as = name;
        if (!u || !is_import(u->stmt)) return u;
        const Node *al = names_alias_binds(u->stmt, name);
        const Module *whole = linked(b, al), *from = u->stmt->kind == N_IMPORTFROM ? linked(b, u->stmt) : NULL;
        if (whole) {
            *module = whole;
            return NULL;
        }
        if (!from) return u; /* an import of something else */
        m = from;
        name = al->name;
    }
    return NULL;
}

/* ---- what a unit mentions ---- */

typedef struct Mention {
    Node *node;       /* the name, or the attribute of a module */
    Unit *unit;
    const char *name; /* in the unit's own file */
} Mention;
typedef VEC(Mention) Mentions;

typedef struct Search {
    Bundler *b;
    const Unit *of;
    Mentions found;
} Search;

static Unit *attribute_meant(Bundler *b, const Module *m, Node *n, const char **as)
{
    const Module *module = NULL;
    Node *left = n->a;
    if (left->kind == N_NAME) meant(b, m, left->name, as, &module);
    if (!module) return NULL;
    const Module *inner = NULL;
    return meant(b, module, n->name, as, &inner);
}

static bool find_mentions(Node *n, void *ctx)
{
    Search *s = ctx;
    Mention k = {.node = n};
    const Module *module = NULL;
    if (n->kind == N_ATTRIBUTE) {
        k.unit = attribute_meant(s->b, s->of->m, n, &k.name);
        if (k.unit) {
            vec_push(s->b->a, &s->found, k);
            return false;
        }
    }
    if (n->kind != N_NAME) return true;
    k.unit = meant(s->b, s->of->m, n->name, &k.name, &module);
    if (k.unit && k.unit != s->of) vec_push(s->b->a, &s->found, k);
    return true;
}

static Mentions mentions(Bundler *b, const Unit *u, Node *in)
{
    Search s = {.b = b, .of = u};
    node_walk(in, find_mentions, &s);
    return s.found;
}

/* ---- good and bad ---- */

static Definition *definition_of(Bundler *b, const Node *n)
{
    for (int i = 0; i < b->t->definitions.len; i++)
        if (b->t->definitions.at[i]->node == n) return b->t->definitions.at[i];
    return NULL;
}

static bool method_reached(Bundler *b, const Definition *cls)
{
    for (int i = 0; i < b->t->definitions.len; i++) {
        const Definition *d = b->t->definitions.at[i];
        if (d->parent == cls && d->reached) return true;
    }
    return false;
}

/* Does a unit speak of the framework? */
static bool of_framework(Bundler *b, const Unit *u)
{
    Mentions k = mentions(b, u, u->stmt);
    for (int i = 0; i < k.len; i++) {
        const Node *n = k.at[i].unit->stmt, *al = is_import(n) ? names_alias_binds(n, k.at[i].name) : NULL;
        const char *from = !al ? NULL : n->kind == N_IMPORT ? al->name : n->name;
        if (from && dialect_owns(b->t->dialect, arena_strndup(b->a, from, strcspn(from, ".")))) return true;
    }
    return false;
}

static bool used_by_networks(Bundler *b, const Unit *u)
{
    if (u->stmt->kind != N_CLASS && u->stmt->kind != N_FUNCTION) return true;
    Definition *d = definition_of(b, u->stmt);
    if (!d) return false;
    return d->kind == DEF_FUNCTION ? d->reached : (d->pivot && d->pivot->instances.len) || method_reached(b, d);
}

static UnitState judged(Bundler *b, Unit *u)
{
    if (u->state == UNIT_ASKED) return UNIT_GOOD; /* a cycle */
    if (u->state != UNIT_UNKNOWN) return u->state;
    u->state = UNIT_ASKED;
    bool own = u->m == b->t->module, good = true;
    bool definition = u->stmt->kind == N_CLASS || u->stmt->kind == N_FUNCTION;
    if (own && definition && used_by_networks(b, u)) return u->state = UNIT_GOOD; /* it stays, pruned */
    if (is_import(u->stmt)) {
        good = u->stmt->kind != N_IMPORTFROM || u->stmt->level == 0;
    } else {
        good = own || used_by_networks(b, u) || !of_framework(b, u);
        Mentions k = mentions(b, u, u->stmt);
        for (int i = 0; i < k.len && good; i++) good = judged(b, k.at[i].unit) == UNIT_GOOD;
    }
    u->state = good ? UNIT_GOOD : UNIT_BAD;
    return u->state;
}

/* ---- names ---- */

static const char *stem(Bundler *b, const Module *m)
{
    const char *base = path_base(m->src->path);
    size_t n = strlen(base);
    return arena_strndup(b->a, base, str_ends(base, ".py") ? n - 3 : n);
}

/* The name that what a unit binds has in the bundle. */
static const char *final_name(Bundler *b, const Unit *u, const char *name)
{
    if (u->m == b->t->module) return name;
    const char *key = arena_printf(b->a, "%s:%s", u->m->src->path, name);
    const char *known = map_get(b->final, key);
    if (known) return known;
    const char *as = name;
    for (int i = 1; map_has(b->taken, as); i++)
        as = i == 1 ? arena_printf(b->a, "%s_%s", name, stem(b, u->m)) : arena_printf(b->a, "%s_%d", name, i);
    map_set(b->taken, as, (void *)u);
    map_set(b->final, key, (void *)as);
    return as;
}

/* ---- text ---- */

static void need_import(Bundler *b, const Unit *u, const char *name)
{
    const Node *al = names_alias_binds(u->stmt, name), *n = u->stmt;
    if (!al) return;
    const char *as = al->asname ? arena_printf(b->a, " as %s", al->asname) : "";
    const char *line = n->kind == N_IMPORT ? arena_printf(b->a, "import %s%s", al->name, as)
                                           : arena_printf(b->a, "from %s import %s%s", n->name, al->name, as);
    for (int i = 0; i < b->imports.len; i++)
        if (str_eq(b->imports.at[i], line)) return;
    const char *bound = al->asname ? al->asname : al->name;
    Unit *same = unit_binding(b, b->t->module, bound);
    const Node *there = same && is_import(same->stmt) ? names_alias_binds(same->stmt, bound) : NULL;
    if (there && same->stmt->kind == n->kind && str_eq(same->stmt->name, n->name) && str_eq(there->name, al->name) &&
        str_eq(there->asname, al->asname))
        return;
    vec_push(b->a, &b->imports, line);
    Unit *own = unit_binding(b, b->t->module, arena_strndup(b->a, bound, strcspn(bound, ".")));
    if (own && !is_import(own->stmt)) b->failed = true; /* the file means something else by it */
}

static void place(Bundler *b, Unit *u);

static int by_start(const Mention *x, const Mention *y)
{
    return x->node->span.start - y->node->span.start;
}

static void sort(Mentions *k)
{
    for (int i = 1; i < k->len; i++)
        for (int j = i; j > 0 && by_start(&k->at[j - 1], &k->at[j]) > 0; j--) {
            Mention x = k->at[j];
            k->at[j] = k->at[j - 1];
            k->at[j - 1] = x;
        }
}

static const char *defined_name(const Node *n)
{
    return n->kind == N_CLASS || n->kind == N_FUNCTION ? n->name : NULL;
}

/* A unit of another file, behind what it needs. */
static void place(Bundler *b, Unit *u)
{
    if (u->placed || u->m == b->t->module) return;
    u->placed = true;
    Mentions k = mentions(b, u, u->stmt);
    sort(&k);
    for (int i = 0; i < k.len; i++) {
        if (is_import(k.at[i].unit->stmt)) need_import(b, k.at[i].unit, k.at[i].name);
        else place(b, k.at[i].unit);
    }
    const char *text = u->m->src->text;
    int at = u->stmt->span.start;
    const char *own = defined_name(u->stmt), *renamed = own ? final_name(b, u, own) : NULL;
    if (own && !str_eq(own, renamed)) {
        const char *p = strstr(text + at, own);
        buf_addn(&b->text, text + at, (size_t)(p - text - at));
        buf_add(&b->text, renamed);
        at = (int)(p - text) + (int)strlen(own);
    }
    for (int i = 0; i < k.len; i++) {
        const Mention *x = &k.at[i];
        const char *to = is_import(x->unit->stmt) ? x->name : final_name(b, x->unit, x->name);
        if (x->node->span.start < at || (x->node->kind == N_NAME && str_eq(x->node->name, to))) continue;
        buf_addn(&b->text, text + at, (size_t)(x->node->span.start - at));
        buf_add(&b->text, to);
        at = x->node->span.end;
    }
    buf_addn(&b->text, text + at, (size_t)(u->stmt->span.end - at));
    buf_add(&b->text, defined_name(u->stmt) ? "\n\n\n" : "\n");
}

/* ---- the file itself ---- */

static bool mentions_bad(Bundler *b, const Unit *u, Node *in)
{
    Mentions k = mentions(b, u, in);
    for (int i = 0; i < k.len; i++)
        if (judged(b, k.at[i].unit) == UNIT_BAD) return true;
    return false;
}

static Span whole_lines(const SourceText *src, Span s)
{
    while (s.start > 0 && (src->text[s.start - 1] == ' ' || src->text[s.start - 1] == '\t')) s.start--;
    if (s.end < src->len && src->text[s.end] == '\n') s.end++;
    return s;
}

static void cut(Bundler *b, DraftEdits *edits, Span s, const char *with, Span why)
{
    DraftEdit e = {.at = s, .text = with, .why = why};
    vec_push(b->a, edits, e);
}

/* n = f(n): what checks a value and hands it back. */
static bool hands_back(const Node *n)
{
    if (n->kind != N_ASSIGN || n->items.len != 1 || n->items.at[0]->kind != N_NAME || n->b->kind != N_CALL) return false;
    for (int i = 0; i < n->b->items.len; i++)
        if (n->b->items.at[i]->kind == N_NAME && str_eq(n->b->items.at[i]->name, n->items.at[0]->name)) return true;
    return false;
}

static int line_of(Bundler *b, const Node *n)
{
    int line, col;
    source_position(b->t->module->src, n->span.start, &line, &col);
    return line;
}

static void prune_body(Bundler *b, const Unit *u, const NodeVec *body, DraftEdits *edits)
{
    const SourceText *src = b->t->module->src;
    for (int i = 0; i < body->len; i++) {
        Node *n = body->at[i];
        if (!mentions_bad(b, u, n)) continue;
        if (n->kind == N_IF && !mentions_bad(b, u, n->a)) {
            prune_body(b, u, &n->body, edits);
            prune_body(b, u, &n->orelse, edits);
            continue;
        }
        if (hands_back(n) && body->len > 1) {
            cut(b, edits, whole_lines(src, n->span), "", n->span);
            vec_push(b->a, &b->out->notes, arena_printf(b->a, "line %d: what only checks a value by something that "
                                                        "does not come along was left out", line_of(b, n)));
        } else {
            cut(b, edits, n->span, "raise NotImplementedError(\"this needs a part of the package that was left out\")",
                n->span);
            vec_push(b->a, &b->out->notes, arena_printf(b->a, "line %d: rests on a part of the package that was left "
                                                        "out, and raises", line_of(b, n)));
        }
    }
}

static bool mentions_others(Bundler *b, const Unit *u, Node *in)
{
    Mentions k = mentions(b, u, in);
    for (int i = 0; i < k.len; i++)
        if (k.at[i].unit->m != b->t->module) return true;
    return false;
}

/* Annotations that name what stands in other files change nothing, and would bring it along. */
static void prune_annotations(Bundler *b, const Unit *u, Node *fn, DraftEdits *edits)
{
    const SourceText *src = b->t->module->src;
    for (int i = 0; i < fn->params.list.len; i++) {
        const Param *p = &fn->params.list.at[i];
        bool goes = p->annotation && (mentions_bad(b, u, p->annotation) || mentions_others(b, u, p->annotation));
        if (!goes) continue;
        int start = p->annotation->span.start;
        while (start > p->span.start && src->text[start] != ':') start--;
        cut(b, edits, (Span){start, p->annotation->span.end}, "", p->span);
    }
    if (fn->c && (mentions_bad(b, u, fn->c) || mentions_others(b, u, fn->c))) {
        int start = fn->c->span.start;
        while (start > 1 && !(src->text[start] == '>' && src->text[start - 1] == '-')) start--;
        cut(b, edits, (Span){start - 1, fn->c->span.end}, "", fn->c->span);
    }
}

/* A function that networks need, without what it takes from bad units. */
static void prune_function(Bundler *b, const Unit *u, Node *fn, DraftEdits *edits)
{
    prune_annotations(b, u, fn, edits);
    if (!mentions_bad(b, u, fn)) return;
    const SourceText *src = b->t->module->src;
    for (int i = 0; i < fn->decorators.len; i++) {
        Node *d = fn->decorators.at[i];
        if (!mentions_bad(b, u, d)) continue;
        Span s = d->span;
        while (s.start > 0 && src->text[s.start] != '@') s.start--;
        cut(b, edits, whole_lines(src, s), "", d->span);
    }
    for (int i = 0; i < fn->params.list.len; i++)
        if (fn->params.list.at[i].dflt && mentions_bad(b, u, fn->params.list.at[i].dflt)) b->failed = true;
    prune_body(b, u, &fn->body, edits);
}

static void rename_mentions(Bundler *b, const Unit *u, DraftEdits *edits)
{
    Mentions k = mentions(b, u, u->stmt);
    for (int i = 0; i < k.len; i++) {
        const Mention *x = &k.at[i];
        if (judged(b, x->unit) == UNIT_BAD) continue;
        if (is_import(x->unit->stmt)) {
            if (x->unit->m != b->t->module) need_import(b, x->unit, x->name);
            continue;
        }
        bool inside = x->unit->m == b->t->module; /* of what is cut already */
        for (int e = 0; e < edits->len; e++)
            inside |= x->node->span.start >= edits->at[e].at.start && x->node->span.end <= edits->at[e].at.end;
        if (inside) continue;
        place(b, x->unit);
        const char *to = final_name(b, x->unit, x->name);
        if (x->node->kind != N_NAME || !str_eq(x->node->name, to)) cut(b, edits, x->node->span, to, x->node->span);
    }
}

static bool links_anything(Bundler *b, const Node *n)
{
    if (linked(b, n)) return true;
    for (int i = 0; i < n->items.len; i++)
        if (linked(b, n->items.at[i])) return true;
    return n->kind == N_IMPORTFROM && n->level > 0;
}

static bool dropped(Bundler *b, Unit *u)
{
    bool definition = u->stmt->kind == N_FUNCTION || u->stmt->kind == N_CLASS;
    return judged(b, u) == UNIT_BAD && !(definition && used_by_networks(b, u));
}

/* A table that only what was left out reads, and that would bring something along. */
static bool only_for_dropped(Bundler *b, Unit *u)
{
    if (u->stmt->kind != N_ASSIGN || !mentions_others(b, u, u->stmt)) return false;
    bool any = false;
    for (int i = 0; i < b->units.len; i++) {
        Unit *v = b->units.at[i];
        if (v->m != u->m || v == u || is_import(v->stmt)) continue;
        Mentions k = mentions(b, v, v->stmt);
        for (int j = 0; j < k.len; j++) {
            if (k.at[j].unit != u) continue;
            if (!dropped(b, v)) return false;
            any = true;
        }
    }
    return any;
}

static void own_unit(Bundler *b, Unit *u, DraftEdits *edits)
{
    Node *n = u->stmt;
    const SourceText *src = b->t->module->src;
    if (is_import(n)) {
        if (links_anything(b, n)) cut(b, edits, whole_lines(src, n->span), "", n->span);
        return;
    }
    if (judged(b, u) == UNIT_BAD || only_for_dropped(b, u)) {
        cut(b, edits, whole_lines(src, n->span), "", n->span);
        vec_push(b->a, &b->out->notes,
                 arena_printf(b->a, "line %d: %s is not needed by any network and rests on a part of the package "
                              "that does not come along: left out", line_of(b, n),
                              defined_name(n) ? defined_name(n) : "this statement"));
        return;
    }
    if (n->kind == N_FUNCTION) prune_function(b, u, n, edits);
    for (int i = 0; n->kind == N_CLASS && i < n->body.len; i++)
        if (n->body.at[i]->kind == N_FUNCTION) prune_function(b, u, n->body.at[i], edits);
    rename_mentions(b, u, edits);
}

static void collect_units(Bundler *b, const Module *m)
{
    for (int i = 0; i < m->root->items.len; i++) {
        Unit *u = ARENA_NEW(b->a, Unit);
        u->m = m;
        u->stmt = m->root->items.at[i];
        vec_push(b->a, &b->units, u);
    }
}

static int behind_imports(const Module *m)
{
    int at = 0;
    for (int i = 0; i < m->root->items.len; i++) {
        const Node *n = m->root->items.at[i];
        bool doc = i == 0 && n->kind == N_EXPR;
        if (!is_import(n) && !doc) break;
        at = n->span.end;
    }
    while (at < m->src->len && m->src->text[at] != '\n') at++;
    return at < m->src->len ? at + 1 : at;
}

bool bundle_make(Arena *a, const Trace *t, Bundle *out)
{
    Bundler b = {.a = a, .t = t, .out = out};
    *out = (Bundle){0};
    bool any = false;
    for (int i = 0; i < t->links.len; i++) any |= t->links.at[i].node->id <= t->module->nnodes;
    for (int i = 0; i < t->module->root->items.len; i++)
        any |= t->module->root->items.at[i]->kind == N_IMPORTFROM && t->module->root->items.at[i]->level > 0;
    if (!any) return false;
    b.final = map_new(a);
    b.taken = map_new(a);
    collect_units(&b, t->module);
    for (int i = 0; i < t->imported.len; i++) collect_units(&b, t->imported.at[i]);
    for (int i = 0; i < t->module->root->items.len; i++) {
        const char *name = defined_name(t->module->root->items.at[i]);
        if (name) map_set(b.taken, name, (void *)name);
    }
    DraftEdits edits = {0};
    for (int i = 0; i < b.units.len && !b.failed; i++)
        if (b.units.at[i]->m == t->module) own_unit(&b, b.units.at[i], &edits);
    Buf head = {0};
    for (int i = 0; i < b.imports.len; i++) buf_printf(&head, "%s\n", b.imports.at[i]);
    if (b.text.len) buf_printf(&head, "\n\n%s", b.text.s);
    buf_free(&b.text);
    int at = behind_imports(t->module);
    if (head.len) cut(&b, &edits, (Span){at, at}, arena_strdup(a, head.s), (Span){at, at + 1});
    buf_free(&head);
    if (b.failed) return false;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &edits);
    out->module = draft_parse(&d);
    return out->module != NULL;
}
