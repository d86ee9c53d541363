/* Answers: recorded, checked, undone, and the sidecar they are kept in.
 *
 * The sidecar holds only what the user chose, keys sorted, one decision a line, so that git merges it. Shapes of
 * inputs stand under "shapes" by network and argument. */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/file.h"
#include "doc/doc.h"
#include "python/build.h"

const char *answers_get(const AnswerSet *s, const char *id)
{
    const Answer *a = answer_find(s, id);
    return a ? a->answer : NULL;
}

void answers_set(PtlDoc *doc, AnswerSet *s, const char *id, const char *answer, const char *at)
{
    for (int i = 0; i < s->list.len; i++) {
        if (!str_eq(s->list.at[i].id, id)) continue;
        if (answer) {
            s->list.at[i].answer = answer;
            s->list.at[i].at = at;
        } else {
            for (int k = i; k + 1 < s->list.len; k++) s->list.at[k] = s->list.at[k + 1];
            s->list.len--;
        }
        return;
    }
    if (!answer) return;
    Answer fresh = {.id = id, .answer = answer, .at = at};
    vec_push(doc->arena, &s->list, fresh);
}

/* ---- the sidecar ---- */

static const char *string_of(PtlDoc *doc, const cJSON *o, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);
    return cJSON_IsString(v) ? arena_strdup(doc->arena, v->valuestring) : NULL;
}

bool sidecar_read(PtlDoc *doc, const char **err)
{
    size_t len;
    const char *why = NULL;
    if (!file_exists(doc->sidecar_path)) return true;
    char *text = file_read(doc->arena, doc->sidecar_path, &len, &why);
    cJSON *o = text ? cJSON_Parse(text) : NULL;
    if (!cJSON_IsObject(o)) {
        *err = arena_printf(doc->arena, "%s: %s", doc->sidecar_path, text ? "not a sidecar: no JSON object" : why);
        cJSON_Delete(o);
        return false;
    }
    const cJSON *d, *decisions = cJSON_GetObjectItemCaseSensitive(o, "decisions");
    cJSON_ArrayForEach(d, decisions)
    {
        const char *answer = string_of(doc, d, "answer");
        if (answer && d->string)
            answers_set(doc, &doc->answers, arena_strdup(doc->arena, d->string), answer, string_of(doc, d, "at"));
    }
    const cJSON *shapes = cJSON_GetObjectItemCaseSensitive(o, "shapes");
    cJSON_ArrayForEach(d, shapes)
    {
        if (cJSON_IsString(d) && d->string)
            answers_set(doc, &doc->answers, arena_printf(doc->arena, "input-shape:%s", d->string),
                        arena_strdup(doc->arena, d->valuestring), NULL);
    }
    if (!doc->style) doc->style = string_of(doc, o, "style");
    if (!doc->to) doc->to = string_of(doc, o, "to");
    cJSON_Delete(o);
    return true;
}

static int by_id(const void *x, const void *y)
{
    return strcmp(((const Answer *)x)->id, ((const Answer *)y)->id);
}

static void add_quoted(Buf *b, const char *s)
{
    cJSON *j = cJSON_CreateString(s);
    char *t = cJSON_PrintUnformatted(j);
    buf_add(b, t);
    free(t);
    cJSON_Delete(j);
}

char *sidecar_text(PtlDoc *doc)
{
    Buf b = {0};
    int n = doc->answers.list.len, written = 0;
    Answer *sorted = ARENA_ARRAY(doc->port_arena, Answer, n + 1);
    for (int i = 0; i < n; i++) sorted[i] = doc->answers.list.at[i];
    qsort(sorted, (size_t)n, sizeof *sorted, by_id);
    buf_add(&b, "{\n  \"decisions\": {");
    for (int i = 0; i < n; i++) {
        if (str_starts(sorted[i].id, "input-shape:")) continue;
        buf_add(&b, written++ ? ",\n    " : "\n    ");
        add_quoted(&b, sorted[i].id);
        buf_add(&b, ": {\"answer\": ");
        add_quoted(&b, sorted[i].answer);
        const Question *q = doc_question(doc, sorted[i].id);
        const char *at = sorted[i].at ? sorted[i].at : q ? q->at : NULL;
        if (at) {
            buf_add(&b, ", \"at\": ");
            add_quoted(&b, at);
        }
        buf_add(&b, "}");
    }
    buf_add(&b, written ? "\n  },\n  \"portolan\": 1,\n  \"shapes\": {" : "},\n  \"portolan\": 1,\n  \"shapes\": {");
    written = 0;
    for (int i = 0; i < n; i++) {
        if (!str_starts(sorted[i].id, "input-shape:")) continue;
        buf_add(&b, written++ ? ",\n    " : "\n    ");
        add_quoted(&b, sorted[i].id + strlen("input-shape:"));
        buf_add(&b, ": ");
        add_quoted(&b, sorted[i].answer);
    }
    buf_add(&b, written ? "\n  }" : "}");
    if (doc->style) {
        buf_add(&b, ",\n  \"style\": ");
        add_quoted(&b, doc->style);
    }
    if (doc->to) {
        buf_add(&b, ",\n  \"to\": ");
        add_quoted(&b, doc->to);
    }
    buf_add(&b, "\n}\n");
    return buf_take(&b, doc->port_arena);
}

const char *ptl_sidecar_text(PtlDoc *doc)
{
    return sidecar_text(doc);
}

/* ---- answering ---- */

const Question *doc_question(const PtlDoc *doc, const char *id)
{
    return doc->result ? question_find(&doc->result->questions, id) : NULL;
}

bool ptl_check_answer(PtlDoc *doc, const char *id, const char *answer, const char **err)
{
    const Question *q = doc_question(doc, id);
    if (own_kind(id)) return own_check(doc, id, answer, err);
    if (!q) {
        *err = arena_printf(doc->port_arena, "there is no question %s", id);
        return false;
    }
    for (int i = 0; i < q->options.len; i++)
        if (str_eq(q->options.at[i].answer, answer)) return true;
    if (!q->free_text) {
        Buf b = {0};
        for (int i = 0; i < q->options.len; i++) buf_printf(&b, "%s%s", i ? ", " : "", q->options.at[i].answer);
        *err = arena_printf(doc->port_arena, "the answers are %s", b.s ? b.s : "none");
        buf_free(&b);
        return false;
    }
    const char *why = NULL;
    if (q->kind == Q_INPUT_SHAPE) {
        if (trace_parse_shape(doc->port_arena, answer, &why)) return true;
        *err = why ? why : "not a shape: write sizes with commas, like B,3,224,224";
        return false;
    }
    Node *n = py_parse_expr(doc->port_arena, answer, &why);
    if (!n) {
        *err = arena_printf(doc->port_arena, "not an expression: %s", why ? why : answer);
        return false;
    }
    if (q->kind == Q_MISSING_ATTRIBUTE && n->kind != N_INT) {
        *err = "a number is needed here";
        return false;
    }
    return true;
}

static void reapply(PtlDoc *doc, bool retrace)
{
    if (retrace) {
        Arena *old = doc->trace_arena;
        char *text = doc->text;
        doc->trace_arena = arena_new();
        doc->text = arena_strndup(doc->trace_arena, text, doc->len);
        doc_parse(doc);
        doc_trace(doc);
        doc_port(doc);
        arena_free(old);
    } else {
        doc_port(doc);
    }
}

static bool retraces(PtlDoc *doc, const char *id)
{
    const Question *q = doc_question(doc, id);
    if (own_kind(id)) return str_starts(id, "edit:");
    return !q || q->retraces || q->kind == Q_INPUT_SHAPE || q->kind == Q_CONSTRUCTOR_ARGUMENT || q->kind == Q_BRANCH ||
           q->kind == Q_KERAS_VERSION;
}

bool ptl_answer(PtlDoc *doc, const char *id, const char *answer, const char **err)
{
    if (answer && !ptl_check_answer(doc, id, answer, err)) return false;
    const Question *q = doc_question(doc, id);
    if (!q && !own_kind(id)) {
        *err = "there is no such question";
        return false;
    }
    Change c = {.id = arena_strdup(doc->arena, id),
                .before = answers_get(&doc->answers, id),
                .after = answer ? arena_strdup(doc->arena, answer) : NULL};
    if (str_eq(c.before, c.after)) return true;
    const char *at = q && q->at ? arena_strdup(doc->arena, q->at) : own_kind(id) ? own_text(doc, id) : NULL;
    bool again = retraces(doc, id);
    doc->log.len = doc->log_at;
    vec_push(doc->arena, &doc->log, c);
    doc->log_at++;
    answers_set(doc, &doc->answers, c.id, c.after, at);
    reapply(doc, again);
    return true;
}

static const char *move_log(PtlDoc *doc, const Change *c, const char *to, const char *verb)
{
    const char *from = answers_get(&doc->answers, c->id);
    const Question *q = doc_question(doc, c->id);
    const char *at = q && q->at ? arena_strdup(doc->arena, q->at) : own_kind(c->id) ? own_text(doc, c->id) : NULL;
    bool again = retraces(doc, c->id);
    answers_set(doc, &doc->answers, c->id, to, at);
    reapply(doc, again);
    return arena_printf(doc->arena, "%s %s: %s -> %s", verb, c->id, from ? from : "undecided", to ? to : "undecided");
}

const char *ptl_undo(PtlDoc *doc)
{
    if (doc->log_at == 0) return NULL;
    const Change *c = &doc->log.at[--doc->log_at];
    return move_log(doc, c, c->before, "undo");
}

const char *ptl_redo(PtlDoc *doc)
{
    if (doc->log_at >= doc->log.len) return NULL;
    const Change *c = &doc->log.at[doc->log_at++];
    return move_log(doc, c, c->after, "redo");
}

int ptl_unsaved(const PtlDoc *doc)
{
    int n = doc->log_at - doc->saved_at;
    return n < 0 ? -n : n;
}

const PtlPort *ptl_preview(PtlDoc *doc, const char *id, const char *answer, const char **err)
{
    if (!ptl_check_answer(doc, id, answer, err)) return NULL;
    if (doc->preview_arena) arena_free(doc->preview_arena);
    Arena *a = doc->preview_arena = arena_new();
    AnswerSet with = {0};
    bool there = false;
    for (int i = 0; i < doc->answers.list.len; i++) {
        Answer x = doc->answers.list.at[i];
        if (str_eq(x.id, id)) x.answer = answer, x.at = NULL, there = true;
        vec_push(a, &with.list, x);
    }
    Answer fresh = {.id = id, .answer = arena_strdup(a, answer)};
    if (!there) vec_push(a, &with.list, fresh);
    const Trace *t = doc->trace;
    double start = doc_now_ms();
    if (retraces(doc, id)) {
        DiagList diags = {.arena = a};
        Module *m = python_parse(a, doc->path, doc->module->src->text, (int)doc->len, &diags);
        TraceOptions o = doc_trace_options(doc, a, &with);
        t = trace_run(a, m, doc_dialect(doc, doc->from), &o);
    }
    PortResult *r = doc_ported(doc, a, &with, t, &t);
    view_fill(doc, a, r, t, &doc->preview);
    doc->preview.port_ms = doc_now_ms() - start;
    return &doc->preview;
}
