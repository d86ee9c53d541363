/* The port as portolan.h shows it: mappings with byte ranges, decisions, diagnostics, accounts, counts. */
#include <string.h>

#include "doc/doc.h"

static PtlStatus status_of(const Question *q)
{
    switch (q->state) {
    case ANSWER_OPEN: return PTL_OPEN;
    case ANSWER_UNSUPPORTED: return PTL_UNSUPPORTED;
    case ANSWER_DEFAULT: return PTL_DEFAULT;
    case ANSWER_STALE: return PTL_STALE;
    case ANSWER_CHOSEN: break;
    }
    return PTL_OK;
}

static int line_of(const Trace *t, Span s, int *col)
{
    int line = 0, c = 0;
    if (t && (s.start || s.end)) source_position(t->module->src, s.start, &line, &c);
    if (col) *col = c;
    return line;
}

static PtlRange range_of(const Trace *t, Span s)
{
    s = source_origin(t->module->src, s);
    return (PtlRange){s.start, s.end};
}

static void fill_decisions(Arena *a, const PortResult *r, const Trace *t, const int *site_map, PtlPort *out)
{
    int n = r->questions.list.len;
    PtlDecision *d = ARENA_ARRAY(a, PtlDecision, n + 1);
    for (int i = 0; i < n; i++) {
        const Question *q = r->questions.list.at[i];
        PtlOption *options = ARENA_ARRAY(a, PtlOption, q->options.len + 1);
        for (int k = 0; k < q->options.len; k++)
            options[k] = (PtlOption){q->options.at[k].answer, q->options.at[k].label, q->options.at[k].consequence};
        d[i] = (PtlDecision){.id = q->id, .kind = question_kind_name(q->kind), .title = question_kind_title(q->kind),
                             .question = q->text, .evidence = q->evidence, .source = range_of(t, q->span),
                             .line = line_of(t, q->span, NULL), .options = options, .noptions = q->options.len,
                             .dflt = q->dflt, .answer = q->answer, .status = status_of(q), .free_text = q->free_text,
                             .retraces = q->retraces || q->kind == Q_INPUT_SHAPE || q->kind == Q_CONSTRUCTOR_ARGUMENT,
                             .mapping = q->site > 0 && q->site <= t->module->nnodes ? site_map[q->site] : 0};
        switch (d[i].status) {
        case PTL_OPEN: out->open++; break;
        case PTL_UNSUPPORTED: out->unsupported++; break;
        case PTL_DEFAULT: out->defaults++; break;
        case PTL_STALE: out->stale++; break;
        case PTL_OK: out->chosen++; break;
        }
    }
    out->decisions = d;
    out->ndecisions = n;
}

static void fill_mappings(Arena *a, const PortResult *r, const Trace *t, PtlPort *out)
{
    int n = r->mappings.len;
    PtlMapping *m = ARENA_ARRAY(a, PtlMapping, n + 1);
    int *counts = ARENA_ARRAY(a, int, n + 2);
    for (int i = 0; i < r->marks.len; i++)
        if (r->marks.at[i].map > 0 && r->marks.at[i].map <= n) counts[r->marks.at[i].map]++;
    for (int i = 0; i < n; i++) {
        const PortMapping *p = &r->mappings.at[i];
        PtlRange *src = ARENA_ARRAY(a, PtlRange, p->sites.len + 1), *tgt = ARENA_ARRAY(a, PtlRange, counts[i + 1] + 1);
        int ns = 0;
        for (int k = 0; k < p->sites.len; k++) {
            const Site *s = t->site_of[p->sites.at[k]];
            const Node *node = s ? s->node : NULL;
            for (int d = 0; !node && d < t->definitions.len; d++)
                if (t->definitions.at[d]->node->id == p->sites.at[k]) node = t->definitions.at[d]->node;
            if (!node) continue;
            Span at = node->span;
            if (node->kind == N_CLASS) { /* the header line stands for the class */
                const char *nl = memchr(t->module->src->text + at.start, '\n',
                                        (size_t)(t->module->src->len - at.start));
                if (nl) at.end = (int)(nl - t->module->src->text);
            }
            src[ns++] = range_of(t, at);
        }
        int *ds = ARENA_ARRAY(a, int, p->questions.len + 1), nd = 0;
        for (int k = 0; k < p->questions.len; k++)
            for (int q = 0; q < r->questions.list.len; q++)
                if (str_eq(r->questions.list.at[q]->id, p->questions.at[k])) ds[nd++] = q;
        m[i] = (PtlMapping){.id = i + 1, .source = src, .nsource = ns, .target = tgt, .decisions = ds, .ndecisions = nd,
                            .rule = p->rule ? p->rule : "", .why = p->why ? p->why : "", .inserted = ns == 0};
    }
    for (int i = 0; i < r->marks.len; i++) {
        const PrintMark *k = &r->marks.at[i];
        if (k->map <= 0 || k->map > n) continue;
        ((PtlRange *)m[k->map - 1].target)[m[k->map - 1].ntarget++] = (PtlRange){k->start, k->end};
    }
    out->mappings = m;
    out->nmappings = n;
}

/* The text that a diagnostic is about: the document's (or the draft's of it), or an imported file's. */
static const SourceText *text_of(const PtlDoc *doc, const Trace *t, const char *file)
{
    for (int i = 0; t && file && i < t->imported.len; i++)
        if (str_eq(t->imported.at[i]->src->path, file) && !str_eq(file, doc->path)) return t->imported.at[i]->src;
    return t ? t->module->src : doc->module->src;
}

static void fill_diags(PtlDoc *doc, Arena *a, const PortResult *r, const Trace *t, PtlPort *out)
{
    const DiagList *lists[3] = {&doc->diags, t ? &t->diags : NULL, r ? &r->diags : NULL};
    int n = 0;
    for (int i = 0; i < 3; i++) n += lists[i] ? lists[i]->list.len : 0;
    PtlDiag *d = ARENA_ARRAY(a, PtlDiag, n + 1);
    n = 0;
    for (int i = 0; i < 3; i++)
        for (int k = 0; lists[i] && k < lists[i]->list.len; k++) {
            const Diag *x = &lists[i]->list.at[k];
            Buf b = {0};
            const SourceText *src = text_of(doc, i == 0 ? NULL : t, x->file);
            Span at = source_origin(src, x->span);
            diag_format(x, src, false, &b);
            PtlDiag *o = &d[n++];
            *o = (PtlDiag){.severity = x->severity == SEV_ERROR ? PTL_ERROR : x->severity == SEV_WARNING ? PTL_WARNING : PTL_NOTE,
                           .code = x->code, .message = x->message, .hint = x->hint, .source = {at.start, at.end},
                           .text = buf_take(&b, a)};
            source_position(src, x->span.start, &o->line, &o->col);
        }
    out->diags = d;
    out->ndiags = n;
}

static void fill_accounts(Arena *a, const PortResult *r, const Trace *t, PtlPort *out)
{
    PtlAccount *ac = ARENA_ARRAY(a, PtlAccount, r->accounts.len + 1);
    for (int i = 0; i < r->accounts.len; i++) {
        const PortAccount *p = &r->accounts.at[i];
        ac[i] = (PtlAccount){.source = range_of(t, p->stmt->span),
                             .line = line_of(t, p->stmt->span, NULL),
                             .fate = p->fate == FATE_KEPT ? PTL_KEPT : p->fate == FATE_FLAGGED ? PTL_FLAGGED : PTL_PORTED,
                             .why = p->why ? p->why : ""};
    }
    out->accounts = ac;
    out->naccounts = r->accounts.len;
    PtlPair *pairs = ARENA_ARRAY(a, PtlPair, r->pairs.len + 1);
    for (int i = 0; i < r->pairs.len; i++)
        pairs[i] = (PtlPair){r->pairs.at[i].source, r->pairs.at[i].target, r->pairs.at[i].kind, r->pairs.at[i].rule,
                             r->pairs.at[i].source_line};
    out->pairs = pairs;
    out->npairs = r->pairs.len;
}

void view_fill(PtlDoc *doc, Arena *a, const PortResult *r, const Trace *t, PtlPort *out)
{
    *out = (PtlPort){0};
    fill_diags(doc, a, r, t, out);
    if (!r || !t) return;
    int *site_map = ARENA_ARRAY(a, int, t->module->nnodes + 1);
    for (int i = 0; i < r->mappings.len; i++)
        for (int k = 0; k < r->mappings.at[i].sites.len; k++)
            if (r->mappings.at[i].sites.at[k] <= t->module->nnodes) site_map[r->mappings.at[i].sites.at[k]] = i + 1;
    out->text = r->text;
    out->len = r->len;
    out->impossible = r->impossible;
    fill_decisions(a, r, t, site_map, out);
    fill_mappings(a, r, t, out);
    fill_accounts(a, r, t, out);
    out->nodes = tree_build(a, t, r, site_map, &out->nnodes);
    int *counts = ARENA_ARRAY(a, int, out->nmappings + 2);
    for (int i = 0; i < out->nnodes; i++) counts[out->nodes[i].mapping]++;
    for (int i = 0; i < out->nmappings; i++) {
        int *list = ARENA_ARRAY(a, int, counts[i + 1] + 1), n = 0;
        for (int k = 0; k < out->nnodes; k++)
            if (out->nodes[k].mapping == i + 1) list[n++] = k;
        ((PtlMapping *)out->mappings)[i].nodes = list;
        ((PtlMapping *)out->mappings)[i].nnodes = n;
    }
    out->notes = r->notes.at;
    out->nnotes = r->notes.len;
    bool lossy = false;
    for (int i = 0; i < out->ndiags; i++) lossy |= out->diags[i].severity == PTL_ERROR;
    out->complete = r->text && !out->open && !out->unsupported && !out->stale && !r->gaps && !lossy;
}
