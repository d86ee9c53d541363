/* Decisions of the user's own: which places take them, and what they may say. */
#include <string.h>

#include "doc/doc.h"
#include "python/build.h"
#include "trace/own.h"

bool own_kind(const char *id)
{
    return str_starts(id, "edit:") || str_starts(id, "override:") || str_starts(id, "note:");
}

static Node *site_of(const PtlDoc *doc, int id)
{
    const Trace *t = doc->used;
    const Site *s = t && id > 0 && id <= t->nids ? t->site_of[id] : NULL;
    return s ? s->node : NULL;
}

static const char *path_of(const PtlDoc *doc, Arena *a, int mapping, Node **site)
{
    const PortResult *r = doc->result;
    if (!r || !doc->used || mapping < 1 || mapping > r->mappings.len) return NULL;
    const PortMapping *m = &r->mappings.at[mapping - 1];
    *site = m->sites.len ? site_of(doc, m->sites.at[0]) : NULL;
    return *site ? trace_own_path(a, doc->used, *site) : NULL;
}

const char *ptl_own_id(PtlDoc *doc, const char *kind, int mapping)
{
    Node *site;
    const char *path = path_of(doc, doc->port_arena, mapping, &site);
    return path ? arena_printf(doc->port_arena, "%s:%s", kind, path) : NULL;
}

/* The mapping that an id of this sort is about; NULL: there is none. */
static const PortMapping *mapping_of(PtlDoc *doc, const char *id, Node **site)
{
    const char *path = strchr(id, ':') + 1;
    for (int i = 1; doc->result && i <= doc->result->mappings.len; i++) {
        const char *own = path_of(doc, doc->port_arena, i, site);
        if (str_eq(own, path)) return &doc->result->mappings.at[i - 1];
    }
    return NULL;
}

static const PivotLayer *layer_of(const PtlDoc *doc, const PortMapping *m)
{
    for (int i = 0; m && m->layers.len && i < doc->used->events.len; i++) {
        const PivotLayer *l = doc->used->events.at[i]->layer;
        if (l && l->id == m->layers.at[0]) return l;
    }
    return NULL;
}

const char *ptl_own_now(PtlDoc *doc, const char *id)
{
    Node *site = NULL;
    const Answer *given = answer_find(&doc->answers, id);
    const PortMapping *m = mapping_of(doc, id, &site);
    if (given) return given->answer;
    if (str_starts(id, "override:") && m && doc->result->text)
        for (int i = 0; i < doc->result->marks.len; i++) {
            const PrintMark *k = &doc->result->marks.at[i];
            if (k->map == (int)(m - doc->result->mappings.at) + 1)
                return arena_strndup(doc->port_arena, doc->result->text + k->start, (size_t)(k->end - k->start));
        }
    return "";
}

const char *ptl_own_attributes(PtlDoc *doc, const char *id)
{
    Node *site = NULL;
    const PivotLayer *l = layer_of(doc, mapping_of(doc, id, &site));
    Buf b = {0};
    for (int i = 0; l && i < l->attrs.len; i++) {
        const PValue *v = &l->attrs.at[i].value;
        PAttrs one = {0};
        const char *err = NULL, *text = arena_printf(doc->port_arena, "%s=%s", l->attrs.at[i].name, pv_text(doc->port_arena, v));
        if (v->kind == PV_UNSET || !trace_own_edits(doc->port_arena, l->kind, &l->attrs, text, &one, &err)) continue;
        buf_printf(&b, "%s%s", b.len ? ", " : "", text);
    }
    return b.len ? buf_take(&b, doc->port_arena) : NULL;
}

bool own_check(PtlDoc *doc, const char *id, const char *answer, const char **err)
{
    Node *site = NULL;
    const char *why = NULL;
    const PortMapping *m = mapping_of(doc, id, &site);
    if (!m && !answer_find(&doc->answers, id)) {
        *err = arena_printf(doc->port_arena, "there is no place %s", strchr(id, ':') + 1);
        return false;
    }
    if (!*answer || strchr(answer, '\n')) {
        *err = "a line of text is needed";
        return false;
    }
    if (str_starts(id, "note:")) return true;
    if (str_starts(id, "edit:")) {
        const PivotLayer *l = layer_of(doc, m);
        if (!l) *err = "only layers have attributes";
        return l && trace_own_edits(doc->port_arena, l->kind, &l->attrs, answer, NULL, err);
    }
    if (py_parse_expr(doc->port_arena, answer, &why)) return true;
    *err = arena_printf(doc->port_arena, "not an expression: %s", why ? why : answer);
    return false;
}

const char *own_text(PtlDoc *doc, const char *id)
{
    Node *site = NULL;
    if (!mapping_of(doc, id, &site) || !site) return NULL;
    Span s = site->span;
    return arena_strndup(doc->arena, doc->used->module->src->text + s.start, (size_t)(s.end - s.start));
}
