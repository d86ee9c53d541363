/* Preparing: what the source lacks and the target needs is put into a draft of the source, which is traced and
 * ported in its place. Without a draft that helps, the source is ported as it is. */
#include "doc/doc.h"
#include "stage/number.h"
#include "stage/widths.h"

#define ROUNDS 3 /* a draft may bring to light what else is missing */

static Trace *traced(PtlDoc *doc, Arena *a, const AnswerSet *answers, Module *m, const Trace *like)
{
    TraceOptions o = doc_trace_options(doc, a, answers);
    o.want_scopes = true;
    return trace_run(a, m, like->dialect, &o);
}

static bool is_number(const PValue *v, long long *out)
{
    if (v && v->kind == PV_LIST && v->u.list.len == 1) v = &v->u.list.at[0];
    if (!v || (v->kind != PV_INT && (v->kind != PV_SIZE || v->u.size.free))) return false;
    *out = v->kind == PV_INT ? v->u.i : v->u.size.n;
    return true;
}

/* Does the expression give what the trace of the draft found, every time? */
static bool proved(const Trace *t, const SiteNumber *n)
{
    bool any = false;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        long long given, found;
        if (e->kind != EV_LAYER || e->forced || e->site->node->span.start != n->at) continue;
        if (!is_number(attr_get(&e->layer->attrs, n->attr), &found)) continue;
        if (!number_eval(n->expr, e->scope, NULL, &given) || given != found) return false;
        any = true;
    }
    return any;
}

PortResult *doc_ported(PtlDoc *doc, Arena *a, const AnswerSet *answers, const Trace *first, const Trace **used)
{
    *used = first;
    PortResult *best = doc_make(doc, a, answers, first);
    for (int round = 0; round < ROUNDS && best && best->needs.len; round++) {
        Widths w;
        const Trace *scoped = traced(doc, a, answers, (*used)->module, first);
        if (!widths_find(a, scoped, &best->needs, &w)) break;
        Trace *again = traced(doc, a, answers, w.module, first);
        for (int i = 0; i < w.numbers.len; i++)
            if (proved(again, &w.numbers.at[i])) vec_push(a, &again->numbers, w.numbers.at[i]);
        PortResult *r = doc_make(doc, a, answers, again);
        if (!r || r->needs.len >= best->needs.len) break;
        best = r;
        *used = again;
    }
    return best;
}
