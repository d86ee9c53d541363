/* The report of a port, and the listings that inspect and export print. */
#include <string.h>

#include "doc/doc.h"

static void report_counts(PtlDoc *doc, Buf *b)
{
    const PtlPort *p = &doc->port;
    int ported = 0, kept = 0, flagged = 0;
    for (int i = 0; i < p->naccounts; i++) {
        ported += p->accounts[i].fate == PTL_PORTED;
        kept += p->accounts[i].fate == PTL_KEPT;
        flagged += p->accounts[i].fate == PTL_FLAGGED;
    }
    buf_printf(b, "statements: %d ported, %d kept, %d flagged\n", ported, kept, flagged);
    buf_printf(b, "questions:  %d open, %d unsupported, %d by default, %d decided, %d stale\n", p->open, p->unsupported,
               p->defaults, p->chosen, p->stale);
}

const char *ptl_report(PtlDoc *doc)
{
    if (doc->report) return doc->report;
    Buf b = {0};
    const PtlPort *p = &doc->port;
    const Dialect *from = doc_dialect(doc, doc->from), *to = doc_dialect(doc, doc->to);
    buf_printf(&b, "%s (%s) to %s, %s: %s\n", doc->path, from ? from->title : "?", to ? to->title : "?", ptl_style(doc),
               p->impossible ? p->impossible : p->complete ? "complete" : "incomplete");
    buf_printf(&b, "templates:  %s\n", doc->templates);
    if (p->impossible) return doc->report = buf_take(&b, doc->port_arena);
    report_counts(doc, &b);
    for (int i = 0; i < p->ndecisions; i++) {
        static const char *const words[] = {"decided", "default", "open", "unsupported", "stale"};
        const PtlDecision *d = &p->decisions[i];
        buf_printf(&b, "  %-11s %s (line %d): %s", words[d->status], d->id, d->line, d->question);
        if (d->answer) buf_printf(&b, " -> %s", d->answer);
        buf_add(&b, "\n");
    }
    for (int i = 0; i < p->naccounts; i++)
        if (p->accounts[i].fate == PTL_FLAGGED)
            buf_printf(&b, "  flagged     line %d: %s\n", p->accounts[i].line, p->accounts[i].why);
    if (p->nnotes) buf_add(&b, "notes:\n");
    for (int i = 0; i < p->nnotes; i++) buf_printf(&b, "  %s\n", p->notes[i]);
    return doc->report = buf_take(&b, doc->port_arena);
}

static const char *inspect_text(PtlDoc *doc)
{
    Buf b = {0};
    const PtlPort *p = &doc->port;
    for (int i = 0; i < p->nnodes; i++) {
        const PtlNode *n = &p->nodes[i];
        int at = n->depth * 2;
        buf_printf(&b, "%*s%-*s %-16s %-28s %s%s%s\n", at, "", 24 - at > 8 ? 24 - at : 8, n->name, n->kind, n->params,
                   n->shape, *n->layout ? "  " : "", n->layout);
    }
    report_counts(doc, &b);
    for (int i = 0; i < p->ndecisions; i++) {
        static const char *const marks[] = {"+", "~", "?", "!", "x"};
        const PtlDecision *d = &p->decisions[i];
        buf_printf(&b, "%s %s: %s %s\n", marks[d->status], d->id, d->question, d->answer ? d->answer : "");
    }
    return buf_take(&b, doc->port_arena);
}

const char *ptl_export(PtlDoc *doc, const char *format, const char **err)
{
    if (str_eq(format, "inspect")) return inspect_text(doc);
    if (!doc->trace) {
        *err = "there is no network to export";
        return NULL;
    }
    if (str_eq(format, "json") || str_eq(format, "inspect-json")) return pivot_to_json(doc->port_arena, doc->trace->pivot);
    if (str_eq(format, "buml")) {
        DiagList lost = {.arena = doc->port_arena};
        return pivot_to_buml(doc->port_arena, doc->trace->pivot, &lost);
    }
    *err = "unknown format";
    return NULL;
}
