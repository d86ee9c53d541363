/* Preparing: what the source lacks and the target needs is put into a draft of the source, which is traced and
 * ported in its place. Without a draft that helps, the source is ported as it is. */
#include "doc/doc.h"

#include <stdlib.h>
#include <string.h>

#include "stage/bundle.h"
#include "stage/callee.h"
#include "stage/chain.h"
#include "stage/closure.h"
#include "stage/fetch.h"
#include "stage/inherit.h"
#include "stage/inward.h"
#include "stage/late.h"
#include "stage/library.h"
#include "stage/number.h"
#include "stage/outline.h"
#include "stage/probe.h"
#include "stage/prune.h"
#include "stage/spread.h"
#include "stage/staging.h"
#include "stage/unbind.h"
#include "stage/unused.h"
#include "stage/unwrap.h"
#include "stage/widths.h"

#define ROUNDS 3 /* a draft may bring to light what else is missing */

typedef struct Prepared {
    PtlDoc *doc;
    Arena *a;
    const AnswerSet *answers;
    const Trace *first;
    const StrVec *gone;     /* names that an outlined scope has no more */
    const Staging *staging; /* NULL: the source has its own classes */
} Prepared;

/* What a graph of the source takes, as --shape writes it for the class that it became. */
static void staged_shapes(const Prepared *p, TraceOptions *o)
{
    for (int i = 0; p->staging && i < p->staging->roots.len; i++) {
        const StagedRoot *r = &p->staging->roots.at[i];
        const PivotNN *nn = r->was;
        for (int k = 0; nn && k < nn->inputs.len && k < r->inputs.len; k++) {
            const PivotTensor *x = nn->inputs.at[k];
            Buf b = {0};
            buf_printf(&b, "%s.%s:", r->cls, r->inputs.at[k]);
            for (int d = 0; d < x->rank; d++) {
                const char *text = size_text(p->a, x->dims[d]);
                bool plain = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(text);
                if (plain) buf_printf(&b, "%s%s", d ? "," : "", text);
                else buf_printf(&b, "%s%d", d ? "," : "", (int)x->dims[d].n);
            }
            if (x->dtype) buf_printf(&b, ":%s", x->dtype);
            const char *err = NULL;
            TraceShape *s = x->rank > 0 ? trace_parse_shape(p->a, b.s, &err) : NULL;
            if (s) vec_push(p->a, &o->shapes, *s);
            buf_free(&b);
        }
    }
}

static Trace *traced(const Prepared *p, Module *m)
{
    TraceOptions o = doc_trace_options(p->doc, p->a, p->answers);
    o.want_scopes = true;
    o.gone = p->gone;
    staged_shapes(p, &o);
    return trace_run(p->a, m, p->first->dialect, &o);
}

/* ---- staging ---- */

typedef VEC(const PivotLayer *) Layers;

/* Layers in the order in which they are first called. */
static Layers called(Arena *a, const Trace *t)
{
    Layers out = {0};
    bool *seen = ARENA_ARRAY(a, bool, t->pivot->nlayers + 2);
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        if (e->kind != EV_APPLY || e->forced || !e->layer || e->layer->id > t->pivot->nlayers) continue;
        if (!seen[e->layer->id]) vec_push(a, &out, e->layer);
        seen[e->layer->id] = true;
    }
    return out;
}

typedef struct Built {
    const PivotLayer *layer;
    int at, order; /* where the opened text builds it, and when it was called among those of the place */
} Built;

static int by_place(const void *x, const void *y)
{
    const Built *a = x, *b = y;
    return a->at != b->at ? (a->at > b->at) - (a->at < b->at) : (a->order > b->order) - (a->order < b->order);
}

/* In the order of the places that build them: several networks may be called in another order. */
static Layers placed(Arena *a, const Trace *t, const Layers *all)
{
    Layers out = {0};
    Built *list = ARENA_ARRAY(a, Built, all->len + 1);
    for (int i = 0; i < all->len; i++) {
        bool here = all->at[i]->site > 0 && all->at[i]->site <= t->module->nnodes;
        list[i] = (Built){all->at[i], here ? source_origin(t->module->src, all->at[i]->def).start : -1, i};
    }
    qsort(list, (size_t)all->len, sizeof *list, by_place);
    for (int i = 0; i < all->len; i++) vec_push(a, &out, list[i].layer);
    return out;
}

static bool same_kinds(const Layers *l, const Layers *r)
{
    for (int i = 0; i < l->len && i < r->len; i++)
        if (l->at[i]->kind != r->at[i]->kind) return false;
    return l->len == r->len;
}

/* How often layers of a kind are applied. */
static int applied(const Layers *all, const PivotKind *kind)
{
    int n = 0;
    for (int i = 0; i < all->len; i++) n += all->at[i]->kind == kind ? all->at[i]->calls : 0;
    return n;
}

/* Layers without weights are the same where they are applied as often: one may stand for several. */
static bool applied_alike(const Layers *l, const Layers *r)
{
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < (side ? r : l)->len; i++) {
            const PivotLayer *x = (side ? r : l)->at[i];
            if (!layer_has_weights(x) && applied(l, x->kind) != applied(r, x->kind)) return false;
        }
    return true;
}

static Layers weighted(Arena *a, const Layers *all)
{
    Layers out = {0};
    for (int i = 0; i < all->len; i++)
        if (layer_has_weights(all->at[i])) vec_push(a, &out, all->at[i]);
    return out;
}

/* The layers of two traces, pair by pair. False where they do not go together. */
static bool match_layers(Arena *a, const Trace *x, const Trace *y, Layers *l, Layers *r)
{
    *l = called(a, x);
    *r = called(a, y);
    if (same_kinds(l, r)) return true;
    Layers pl = placed(a, x, l), pr = placed(a, y, r);
    if (!same_kinds(&pl, &pr) && applied_alike(l, r)) {
        Layers wl = weighted(a, l), wr = weighted(a, r);
        if (wl.len && same_kinds(&wl, &wr)) {
            *l = wl;
            *r = wr;
            return true;
        }
    }
    *l = pl;
    *r = pr;
    return same_kinds(l, r);
}

static int operations(const Trace *t)
{
    int n = 0;
    for (int i = 0; i < t->events.len; i++) n += t->events.at[i]->kind == EV_OP && !t->events.at[i]->forced;
    return n;
}

static bool has_errors(const Trace *t)
{
    for (int i = 0; i < t->diags.list.len; i++)
        if (t->diags.list.at[i].severity == SEV_ERROR) return true;
    return false;
}

/* Is what the draft builds what the source builds, layer by layer? */
static bool same_network(Arena *a, const Trace *x, const Trace *y)
{
    Layers l, r;
    if (!match_layers(a, x, y, &l, &r) || (!l.len && operations(x) != operations(y))) return false;
    return !has_errors(y);
}

static bool wants_classes(const Prepared *p)
{
    const PtlDoc *doc = p->doc;
    bool graph = false;
    for (int i = 0; i < p->first->events.len && !graph; i++) graph = staging_has_graph(p->first->events.at[i]);
    return graph && !str_eq(doc->from, doc->to) && (!doc->style || str_eq(doc->style, "subclassing"));
}

/* The pairs of the draft in the names that the source's own layers have. */
static void rename_pairs(const Prepared *p, const Trace *used, PortResult *r)
{
    Layers was, is;
    match_layers(p->a, p->first, used, &was, &is);
    for (int i = 0; i < r->pairs.len; i++)
        for (int k = 0; k < is.len && k < was.len; k++)
            if (str_eq(trace_layer_path(p->a, is.at[k]), r->pairs.at[i].source)) {
                r->pairs.at[i].source = trace_layer_path(p->a, was.at[k]);
                break;
            }
    int kept = 0; /* a layer that is in no network of the source has no path there: what it gave was not used */
    for (int i = 0; r && i < r->pairs.len; i++)
        if (r->pairs.at[i].source[0]) r->pairs.at[kept++] = r->pairs.at[i];
    if (r) r->pairs.len = kept;
}

static const char *input_name(const PivotNN *nn, const PivotTensor *x)
{
    for (int i = 0; i < nn->nodes.len; i++) {
        const PivotNode *n = nn->nodes.at[i];
        if (n->type == PNODE_INPUT && n->outputs.len && n->outputs.at[0] == x) return n->name;
    }
    return NULL;
}

/* The orders of the inputs' axes, under the names that the source's graph gives its inputs too. */
static void rename_inputs(const Prepared *p, PortResult *r)
{
    for (int i = 0; r && i < p->staging->roots.len; i++) {
        const StagedRoot *root = &p->staging->roots.at[i];
        const PivotNN *nn = root->was;
        for (int k = 0; nn && k < nn->inputs.len && k < root->inputs.len; k++) {
            const char *name = input_name(nn, nn->inputs.at[k]);
            const PValue *order = attr_get(&r->input_perms, root->inputs.at[k]);
            if (name && order && !attr_get(&r->input_perms, name)) attr_set(p->a, &r->input_perms, name, *order);
        }
    }
}

/* ---- widths ---- */

static bool is_number(const PValue *v, long long *out)
{
    if (v && v->kind == PV_LIST && v->u.list.len == 1) v = &v->u.list.at[0];
    if (!v || (v->kind != PV_INT && (v->kind != PV_SIZE || v->u.size.free))) return false;
    *out = v->kind == PV_INT ? v->u.i : v->u.size.n;
    return true;
}

/* Does the expression give what the trace of the draft found, every time? What an arm that was not taken would have built
 * counts where nothing else was built there. */
static bool proved_by(const Trace *t, const SiteNumber *n, bool forced, bool *other)
{
    bool any = false;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        long long given, found;
        if (e->kind != EV_LAYER || e->site->node->span.start != n->at) continue;
        if (e->forced != forced) continue;
        const PivotLayer *l = e->layer;
        while (l && !is_number(attr_get(&l->attrs, n->attr), &found)) l = l->inner; /* a wrapper's number is of what it wraps */
        if (!l) continue;
        if (!number_eval(n->expr, e->scope, NULL, &given) || given != found) {
            *other = true;
            return false;
        }
        any = true;
    }
    return any;
}

static bool proved(const Trace *t, const SiteNumber *n)
{
    bool other = false;
    return proved_by(t, n, false, &other) || (!other && proved_by(t, n, true, &other));
}

static PortResult *with_widths(const Prepared *p, PortResult *best, const Trace **used)
{
    for (int round = 0; round < ROUNDS && best && (best->needs.len || (!round && best->wishes.len)); round++) {
        Widths w;
        const Trace *scoped = traced(p, (*used)->module);
        if (!widths_find(p->a, scoped, &best->needs, &best->wishes, &w)) break;
        Trace *again = traced(p, w.module);
        for (int i = 0; i < w.numbers.len; i++)
            if (proved(again, &w.numbers.at[i])) vec_push(p->a, &again->numbers, w.numbers.at[i]);
        PortResult *r = doc_make(p->doc, p->a, p->answers, again);
        if (!r || r->needs.len > best->needs.len || (best->needs.len && r->needs.len == best->needs.len)) break;
        best = r;
        *used = again;
    }
    return best;
}

/* Has the source's framework a method that builds at the first call, and the target's none? */
static bool doc_has_builds(const PtlDoc *doc)
{
    const Dialect *from = doc_dialect(doc, doc->from), *to = doc_dialect(doc, doc->to);
    return from && to && from != to && dialect_fact(from, "build") && !dialect_fact(to, "build");
}

/* Takes a draft in place of what was traced so far, where it is the same network. */
static bool take_draft(Prepared *p, Module *draft)
{
    const Trace *t = draft ? traced(p, draft) : NULL;
    bool same = t && same_network(p->a, p->first, t);
    if (same) p->first = t;
    return same;
}

/* The same, and what the draft says differently. */
static bool take_noted(Prepared *p, Module *draft, const StrVec *said, StrVec *notes)
{
    bool taken = take_draft(p, draft);
    for (int i = 0; taken && i < said->len; i++) vec_push(p->a, notes, said->at[i]);
    return taken;
}

/* Layers of the framework as classes of the file: the networks are larger by what these hold. */
static void take_library(Prepared *p, StrVec *notes)
{
    Library library;
    if (!library_make(p->a, p->first, &library)) return;
    const Trace *t = traced(p, library.module);
    if (!t || has_errors(t)) return;
    p->first = t;
    for (int i = 0; i < library.notes.len; i++) vec_push(p->a, notes, library.notes.at[i]);
}

/* Without the layers that no network has: what is left is some of the layers, in their order. */
static void take_pruned(Prepared *p, StrVec *notes)
{
    Prune prune;
    if (!prune_make(p->a, traced(p, p->first->module), &prune)) return;
    const Trace *t = traced(p, prune.module);
    Layers all = called(p->a, p->first), left = called(p->a, t);
    int k = 0;
    for (int i = 0; i < all.len && k < left.len; i++) k += all.at[i]->kind == left.at[k]->kind;
    if (k < left.len || has_errors(t)) return;
    p->first = t;
    for (int i = 0; i < prune.notes.len; i++) vec_push(p->a, notes, prune.notes.at[i]);
}

static PortResult *noted(Arena *a, PortResult *r, const StrVec *notes)
{
    for (int i = 0; r && i < notes->len; i++) vec_push(a, &r->notes, notes->at[i]);
    return r;
}

static const char *written_flat(Arena *a, const Staging *s)
{
    const char *where = s->line ? arena_printf(a, "line %d: ", s->line) : "";
    return arena_printf(a, "%s%s: the network is written flat, layer by layer", where, s->failed);
}

/* Is something of it marked, or asked for what the target lacks? */
static int shortcomings(const PortResult *r)
{
    int n = r->gaps;
    for (int i = 0; i < r->questions.list.len; i++) {
        const Question *q = r->questions.list.at[i];
        n += q->state == ANSWER_OPEN || q->state == ANSWER_UNSUPPORTED;
    }
    return n;
}

/* The orders of the inputs' axes under the names that the inputs had before they were moved. */
static void moved_inputs(Arena *a, const Trace *was, const Trace *is, PortResult *r)
{
    for (int i = 0; i < was->roots.len && i < is->roots.len; i++) {
        const PivotNN *x = was->roots.at[i].nn, *y = is->roots.at[i].nn;
        for (int k = 0; x && y && k < x->inputs.len && k < y->inputs.len; k++) {
            const PivotNode *from = x->inputs.at[k]->producer, *to = y->inputs.at[k]->producer;
            const PValue *order = from && to && to->name ? attr_get(&r->input_perms, to->name) : NULL;
            const char *name = from && from->name ? from->name : "x";
            if (order && !attr_get(&r->input_perms, name)) attr_set(a, &r->input_perms, name, *order);
        }
    }
}

/* Where classes made of functions leave gaps, in code that no trace ran or with what functions have no say in: the
 * network itself, layer by layer, if that is whole. */
static PortResult *rather_flat(const Prepared *p, const Trace *whole, PortResult *r, const Trace **used, const StrVec *notes)
{
    if (!r || (r->text && !shortcomings(r))) return NULL;
    Prepared plain = {.doc = p->doc, .a = p->a, .answers = p->answers, .first = whole};
    take_draft(&plain, inward_make(p->a, whole));
    const Trace *t = plain.first;
    PortResult *flat = with_widths(&plain, doc_make(p->doc, p->a, p->answers, t), &t);
    if (!flat || !flat->text || shortcomings(flat)) return NULL;
    moved_inputs(p->a, whole, t, flat);
    *used = t;
    StrVec said = *notes;
    vec_push(p->a, &said, "what its functions build could not be written whole as classes of their own: the network is written flat, "
                          "layer by layer, as it was traced; code of these functions that did not run is not in the port");
    return noted(p->a, flat, &said);
}

PortResult *doc_ported(PtlDoc *doc, Arena *a, const AnswerSet *answers, const Trace *first, const Trace **used)
{
    Prepared p = {.doc = doc, .a = a, .answers = answers, .first = first};
    bool other = first && !str_eq(doc->from, doc->to);
    Outline outline;
    Staging staging = {0};
    Bundle bundle = {0};
    StrVec notes = {0};
    if (other && bundle_make(a, first, &bundle) && take_draft(&p, bundle.module))
        for (int i = 0; i < bundle.notes.len; i++) vec_push(a, &notes, bundle.notes.at[i]);
    Unwrap unwrap;
    if (other && unwrap_make(a, p.first, &unwrap)) take_noted(&p, unwrap.module, &unwrap.notes, &notes);
    if (other) take_draft(&p, callee_make(a, p.first));
    if (other) take_draft(&p, probe_make(a, p.first));
    if (other) take_library(&p, &notes);
    Inherit inherit;
    if (other && inherit_make(a, p.first, &inherit)) take_noted(&p, inherit.module, &inherit.notes, &notes);
    Fetch fetch;
    if (other && fetch_make(a, p.first, &fetch)) take_noted(&p, fetch.module, &fetch.notes, &notes);
    if (other) take_draft(&p, spread_make(a, p.first));
    bool again = first && doc_has_builds(doc);
    for (int i = 0; i < 2 && again; i++) {
        StrVec checks = {0};
        if (!take_noted(&p, widths_fold_builds(a, traced(&p, p.first->module), &again, &checks), &checks, &notes)) break;
    }
    bool classes = first && wants_classes(&p);
    if (classes) late_notes(a, first, &notes);
    if (classes) take_draft(&p, closure_make(a, p.first));
    if (classes) take_draft(&p, chain_make(a, p.first));
    if (classes) take_pruned(&p, &notes);
    StrVec unused = {0};
    if (classes) take_noted(&p, unused_make(a, p.first, &unused), &unused, &notes);
    if (classes) take_draft(&p, unbind_make(a, p.first));
    const Trace *whole = p.first;
    if (classes && outline_make(a, traced(&p, p.first->module), &outline)) {
        p.gone = &outline.gone;
        if (!take_draft(&p, outline.module)) p.gone = NULL;
    }
    first = p.first;
    *used = first;
    const Trace *plain = first && wants_classes(&p) ? traced(&p, first->module) : first;
    Widths shapes;
    if (first && wants_classes(&p) && widths_of_shapes(a, plain, &shapes)) plain = traced(&p, shapes.module);
    if (first && wants_classes(&p) && staging_make(a, plain, &staging)) {
        p.staging = &staging;
        const Trace *t = traced(&p, staging.module);
        if (same_network(a, first, t)) {
            PortResult *r = with_widths(&p, doc_make(doc, a, answers, t), &t);
            rename_pairs(&p, t, r);
            rename_inputs(&p, r);
            *used = t;
            PortResult *flat = rather_flat(&p, whole, r, used, &notes);
            if (flat) return flat;
            for (int i = 0; i < staging.notes.len; i++) vec_push(a, &notes, staging.notes.at[i]);
            return noted(a, r, &notes);
        }
        p.staging = NULL;
        staging.failed = "the classes made of its functions do not build the layers that it builds";
    }
    PortResult *r = with_widths(&p, doc_make(doc, a, answers, first), used);
    PortResult *flat = classes ? rather_flat(&p, whole, r, used, &notes) : NULL;
    if (flat) return flat;
    if (staging.failed) vec_push(a, &notes, written_flat(a, &staging));
    if (staging.failed && r && r->impossible)
        r->impossible = arena_printf(a, "%s; and its functions could not become classes: %s%s", r->impossible,
                                     staging.line ? arena_printf(a, "line %d: ", staging.line) : "", staging.failed);
    return noted(a, r, &notes);
}
