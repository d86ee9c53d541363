/* Opening: options, the search for templates, reading, tracing and porting. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "doc/doc.h"

#ifndef PORTOLAN_DATADIR
#define PORTOLAN_DATADIR "/usr/local/share/portolan"
#endif

double doc_now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* ---- templates ---- */

static bool holds_dialects(Arena *a, const char *dir)
{
    DIR *d = opendir(dir);
    bool found = false;
    for (struct dirent *e; d && (e = readdir(d)) && !found;) {
        if (e->d_name[0] == '.') continue;
        found = file_exists(path_join(a, path_join(a, dir, e->d_name), "dialect.json"));
    }
    if (d) closedir(d);
    return found;
}

static const char *beside_program(Arena *a, const char *relative)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0) return NULL;
    exe[n] = '\0';
    return path_join(a, path_dir(a, exe), relative);
}

/* In the order that the manual gives; *err names every place when none has them. */
static const char *find_templates(Arena *a, const char *given, const char **err)
{
    const char *places[8];
    int n = 0;
    if (given) {
        places[n++] = given;
    } else {
        const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
        if (data && *data) places[n++] = path_join(a, data, "portolan/templates");
        else if (home) places[n++] = path_join(a, home, ".local/share/portolan/templates");
        places[n++] = PORTOLAN_DATADIR "/templates";
        const char *p = beside_program(a, "../share/portolan/templates");
        if (p) places[n++] = p;
        p = beside_program(a, "../templates");
        if (p) places[n++] = p;
        p = beside_program(a, "../../templates"); /* tests, built one folder deeper */
        if (p) places[n++] = p;
    }
    for (int i = 0; i < n; i++)
        if (holds_dialects(a, places[i])) return places[i];
    const char *list = places[0];
    for (int i = 1; i < n; i++) list = arena_printf(a, "%s, %s", list, places[i]);
    *err = arena_printf(a, "no templates found; looked in %s", list);
    return NULL;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static bool load_dialects(PtlDoc *doc, const char **err)
{
    DIR *d = opendir(doc->templates);
    const char *names[16];
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d)) && n < 16;)
        if (e->d_name[0] != '.' &&
            file_exists(path_join(doc->arena, path_join(doc->arena, doc->templates, e->d_name), "dialect.json")))
            names[n++] = arena_strdup(doc->arena, e->d_name);
    if (d) closedir(d);
    qsort(names, (size_t)n, sizeof *names, by_name);
    for (int i = 0; i < n; i++) {
        Dialect *di = dialect_load(doc->arena, path_join(doc->arena, doc->templates, names[i]), err);
        if (!di) return false;
        doc->dialects[doc->ndialects] = di;
        doc->frameworks[doc->ndialects++] = di->name;
    }
    return true;
}

const Dialect *doc_dialect(const PtlDoc *doc, const char *name)
{
    for (int i = 0; i < doc->ndialects; i++)
        if (str_eq(doc->dialects[i]->name, name)) return doc->dialects[i];
    return NULL;
}

/* ---- the stages ---- */

/* The header of an earlier port is not the author's: it is read for the shapes it tells and blanked, so that
 * round trips do not stack it. Bytes keep their places. */
const char *doc_without_header(Arena *a, const char *given, size_t len, StrVec *shapes)
{
    static const char ours[] = " by Portolan.", input[] = "# Input: ";
    char *text = arena_strndup(a, given, len);
    char *end = memchr(text, '\n', len);
    size_t n = sizeof ours - 1;
    if (!str_starts(text, "# Ported from ") || !end || (size_t)(end - text) < n || strncmp(end - n, ours, n) != 0)
        return text;
    memset(text, ' ', (size_t)(end - text));
    for (char *line = end + 1; str_starts(line, input); line = end + 1) {
        end = strchr(line, '\n');
        if (!end) break;
        char *s = arena_strndup(a, line + sizeof input - 1, (size_t)(end - line) - sizeof input + 1);
        char *eq = strchr(s, '=');
        if (eq) {
            *eq = ':';
            vec_push(a, shapes, s);
        }
        memset(line, ' ', (size_t)(end - line));
    }
    if (shapes->len == 1) shapes->at[0] = strchr(shapes->at[0], ':') + 1; /* the one network, whatever it is called now */
    return text;
}

void doc_parse(PtlDoc *doc)
{
    double t = doc_now_ms();
    doc->diags = (DiagList){.arena = doc->trace_arena};
    doc->header_shapes = (StrVec){0};
    const char *text = doc_without_header(doc->trace_arena, doc->text, doc->len, &doc->header_shapes);
    doc->module = python_parse(doc->trace_arena, doc->path, text, (int)doc->len, &doc->diags);
    doc->parse_ms = doc_now_ms() - t;
}

static void choose_frameworks(PtlDoc *doc)
{
    const char *why = NULL;
    if (!doc->from) {
        int i = trace_detect_framework(doc->module, doc->dialects, doc->ndialects, doc->trace_arena, &why);
        if (i >= 0) doc->from = doc->dialects[i]->name;
        else
            diag_add(&doc->diags, SEV_ERROR, "framework", doc->path, (Span){0, 0},
                     "name it with --from", "no framework is recognised: %s", why ? why : "no import of one");
    }
    for (int i = 0; !doc->to && doc->from && i < doc->ndialects; i++)
        if (!str_eq(doc->dialects[i]->name, doc->from)) doc->to = doc->dialects[i]->name;
    if (!doc->target_path && doc->to) {
        size_t n = strlen(doc->path);
        const char *stem = str_ends(doc->path, ".py") ? arena_strndup(doc->arena, doc->path, n - 3) : doc->path;
        doc->target_path = arena_printf(doc->arena, "%s_%s.py", stem, doc->to);
    }
}

TraceOptions doc_trace_options(PtlDoc *doc, Arena *a, const AnswerSet *answers)
{
    TraceOptions o = {.entry = doc->entry, .answers = answers};
    const char *err = NULL;
    bool answered = doc->shapes.len > 0;
    for (int i = 0; i < answers->list.len; i++) answered |= str_starts(answers->list.at[i].id, "input-shape:");
    for (int i = 0; i < doc->header_shapes.len && !answered; i++) {
        TraceShape *s = trace_parse_shape(a, doc->header_shapes.at[i], &err);
        if (s) vec_push(a, &o.shapes, *s);
    }
    for (int i = 0; i < doc->shapes.len; i++) {
        TraceShape *s = trace_parse_shape(a, doc->shapes.at[i], &err);
        if (s) vec_push(a, &o.shapes, *s);
    }
    return o;
}

void doc_trace(PtlDoc *doc)
{
    const Dialect *from = doc_dialect(doc, doc->from);
    doc->trace = NULL;
    if (!from) return;
    double t = doc_now_ms();
    TraceOptions o = doc_trace_options(doc, doc->trace_arena, &doc->answers);
    doc->trace = trace_run(doc->trace_arena, doc->module, from, &o);
    doc->trace_ms = doc_now_ms() - t;
}

PortResult *doc_make(PtlDoc *doc, Arena *a, const AnswerSet *answers, const Trace *trace)
{
    const Dialect *to = doc_dialect(doc, doc->to);
    if (!trace || !to) return NULL;
    PortRequest req = {.trace = trace,
                       .to = to,
                       .style = doc->style,
                       .answers = answers,
                       .source_name = path_base(doc->path),
                       .templates = to->folder};
    return port_make(a, &req);
}

void doc_port(PtlDoc *doc)
{
    if (doc->port_arena) arena_free(doc->port_arena);
    doc->port_arena = arena_new();
    double t = doc_now_ms();
    doc->result = doc_ported(doc, doc->port_arena, &doc->answers, doc->trace, &doc->used);
    view_fill(doc, doc->port_arena, doc->result, doc->used, &doc->port);
    doc->port.parse_ms = doc->parse_ms;
    doc->port.trace_ms = doc->trace_ms;
    doc->port.port_ms = doc_now_ms() - t;
    doc->report = doc->exported = NULL;
}

/* ---- opening ---- */

static void take_options(PtlDoc *doc, const PtlOptions *o)
{
    Arena *a = doc->arena;
    doc->from = o->from ? arena_strdup(a, o->from) : NULL;
    doc->to = o->to ? arena_strdup(a, o->to) : NULL;
    doc->style = o->style ? arena_strdup(a, o->style) : NULL;
    doc->entry = o->entry ? arena_strdup(a, o->entry) : NULL;
    doc->target_path = o->output && !str_eq(o->output, "-") ? arena_strdup(a, o->output) : NULL;
    doc->no_sidecar = o->no_sidecar;
    for (int i = 0; o->shapes && o->shapes[i]; i++) vec_push(a, &doc->shapes, arena_strdup(a, o->shapes[i]));
    if (o->decisions) {
        doc->sidecar_path = arena_strdup(a, o->decisions);
    } else {
        size_t n = strlen(doc->path);
        doc->sidecar_path = arena_printf(a, "%.*s.port.json", (int)(str_ends(doc->path, ".py") ? n - 3 : n), doc->path);
    }
}

static void take_sets(PtlDoc *doc, const PtlOptions *o)
{
    for (int i = 0; o->sets && o->sets[i]; i++) {
        const char *eq = strchr(o->sets[i], '=');
        if (!eq) continue;
        char *id = arena_strndup(doc->arena, o->sets[i], (size_t)(eq - o->sets[i]));
        answers_set(doc, &doc->answers, id, arena_strdup(doc->arena, eq + 1), NULL);
    }
}

static const char *fail(PtlDoc *doc, const char *why)
{
    static char last[1024]; /* the one message that outlives its document */
    snprintf(last, sizeof last, "%s", why);
    ptl_close(doc);
    return last;
}

PtlDoc *ptl_open_text(const char *path, const PtlOptions *opts, const char **err)
{
    static const PtlOptions none;
    if (!opts) opts = &none;
    Arena *a = arena_new();
    PtlDoc *doc = ARENA_NEW(a, PtlDoc);
    doc->arena = a;
    doc->trace_arena = arena_new();
    doc->path = arena_strdup(a, path);
    const char *why = NULL;
    doc->text = file_read(doc->trace_arena, path, &doc->len, &why);
    if (!doc->text) {
        *err = fail(doc, why);
        return NULL;
    }
    doc->templates = find_templates(a, opts->templates, &why);
    if (!doc->templates || !load_dialects(doc, &why)) {
        *err = fail(doc, why);
        return NULL;
    }
    take_options(doc, opts);
    for (int i = 0; i < 2; i++) {
        const char *name = i ? doc->to : doc->from;
        if (name && !doc_dialect(doc, name)) {
            *err = fail(doc, arena_printf(a, "unknown framework %s: there is no %s/%s/dialect.json", name,
                                          doc->templates, name));
            return NULL;
        }
    }
    if (!doc->no_sidecar && !sidecar_read(doc, &why)) {
        *err = fail(doc, why);
        return NULL;
    }
    take_sets(doc, opts);
    return doc;
}

void ptl_work(PtlDoc *doc)
{
    if (doc->ready) return;
    doc_parse(doc);
    choose_frameworks(doc);
    doc_trace(doc);
    doc_port(doc);
    doc->ready = true;
}

PtlDoc *ptl_open(const char *path, const PtlOptions *opts, const char **err)
{
    PtlDoc *doc = ptl_open_text(path, opts, err);
    if (doc) ptl_work(doc);
    return doc;
}

bool ptl_ready(const PtlDoc *doc)
{
    return doc->ready;
}

void ptl_close(PtlDoc *doc)
{
    if (!doc) return;
    if (doc->port_arena) arena_free(doc->port_arena);
    if (doc->preview_arena) arena_free(doc->preview_arena);
    arena_free(doc->trace_arena);
    arena_free(doc->arena);
}

bool ptl_reload(PtlDoc *doc, const char **err)
{
    Arena *fresh = arena_new();
    size_t len;
    char *text = file_read(fresh, doc->path, &len, err);
    if (!text || (len == doc->len && memcmp(text, doc->text, len) == 0)) {
        arena_free(fresh);
        return false;
    }
    arena_free(doc->trace_arena);
    doc->trace_arena = fresh;
    doc->text = text;
    doc->len = len;
    doc_parse(doc);
    doc_trace(doc);
    doc_port(doc);
    return true;
}

bool ptl_set_target(PtlDoc *doc, const char *to, const char *style, const char **err)
{
    const char *old_to = doc->to, *old_style = doc->style;
    if (to && !doc_dialect(doc, to)) {
        *err = "no such framework";
        return false;
    }
    if (to && !str_eq(to, doc->to)) {
        doc->to = arena_strdup(doc->arena, to);
        doc->target_path = NULL;
        choose_frameworks(doc);
    }
    if (style) doc->style = *style ? arena_strdup(doc->arena, style) : NULL;
    if (doc->style && !dialect_lists(doc_dialect(doc, doc->to), "styles", doc->style)) {
        *err = arena_printf(doc->arena, "%s has no style %s", doc_dialect(doc, doc->to)->title, doc->style);
        doc->to = old_to;
        doc->style = old_style;
        return false;
    }
    doc_port(doc);
    return true;
}

/* ---- plain facts ---- */

const char *ptl_path(const PtlDoc *doc) { return doc->path; }
const char *ptl_source(const PtlDoc *doc, int *len)
{
    if (len) *len = (int)doc->len;
    return doc->text;
}
const char *ptl_target_path(const PtlDoc *doc) { return doc->target_path; }
const char *ptl_sidecar_path(const PtlDoc *doc) { return doc->sidecar_path; }
const char *ptl_from(const PtlDoc *doc) { return doc->from; }
const char *ptl_to(const PtlDoc *doc) { return doc->to; }
const char *ptl_style(const PtlDoc *doc) { return doc->result ? doc->result->style : doc->style ? doc->style : "subclassing"; }
const char *ptl_templates_from(const PtlDoc *doc) { return doc->templates; }
const char *const *ptl_frameworks(const PtlDoc *doc) { return doc->frameworks; }
const PtlPort *ptl_port(const PtlDoc *doc) { return &doc->port; }

const char *ptl_input_text(const PtlDoc *doc)
{
    const Trace *t = doc->trace;
    for (int i = 0; t && i < t->roots.len; i++) {
        const PivotNN *nn = t->roots.at[i].nn;
        for (int k = 0; nn && k < nn->nodes.len; k++)
            if (nn->nodes.at[k]->type == PNODE_INPUT && nn->nodes.at[k]->outputs.len)
                return arena_printf(doc->port_arena, "%s: %s", nn->nodes.at[k]->name ? nn->nodes.at[k]->name : "x",
                                    tensor_shape_text(doc->port_arena, nn->nodes.at[k]->outputs.at[0]));
    }
    return "";
}
