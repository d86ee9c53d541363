/* The target file as a whole: header line, docstring, imports, helpers, the rewritten or generated statements.
 *
 * The text is laid out by module.mustache of the target's folder over a small view; the statements come as text
 * with marks, so that every byte that stands for something keeps its mapping. Helpers are Python files beside
 * the templates (helpers/NAME.py), copied once each where the port used them; their first line may name what
 * they import: "# needs: keras.layers keras.ops import:numpy:np helper:Other". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "port/question_port.h"
#include "port/layout.h"
#include "port/static.h"
#include "port/instance.h"
#include "port/reread.h"
#include "port/style.h"
#include "render/mustache.h"

/* ---- imports and helpers ---- */

/* A name of the target, or of another library: "import:numpy:np". */
void need_import(Rw *rw, const char *what)
{
    const char *import = NULL;
    if (str_starts(what, "import:")) {
        const char *module = what + 7, *as = strrchr(module, ':');
        if (!as || map_has(rw->bound, as + 1)) return; /* the source imports it itself */
        import = arena_printf(rw->a, "import %.*s as %s", (int)(as - module), module, as + 1);
    } else {
        dialect_spelling(rw->to, rw->a, what, &import);
        bool own = !import && !strchr(what, '.'); /* Python's own library */
        if (own && map_has(rw->bound, what)) return;
        if (own) import = arena_printf(rw->a, "import %s", what);
    }
    if (import) map_set(rw->imports, import, (void *)import);
}

static const char *helper_text(Rw *rw, const char *name, StrVec *needs)
{
    size_t len;
    const char *err = NULL;
    char *path = path_join(rw->a, rw->req->templates, arena_printf(rw->a, "helpers/%s.py", name));
    char *text = file_read(rw->a, path, &len, &err);
    if (!text) return NULL;
    if (!str_starts(text, "# needs:")) return text;
    char *end = strchr(text, '\n');
    if (!end) return text;
    *end = '\0';
    char *save = NULL;
    for (char *w = strtok_r(text + strlen("# needs:"), " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        if (str_starts(w, "helper:")) {
            vec_push(rw->a, needs, arena_strdup(rw->a, w + 7));
            continue;
        }
        need_import(rw, w);
    }
    return end + 1;
}

static bool is_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A helper's text with the name of a helper as the file spells it, where that is another: the file binds the name. */
static const char *respelled(Rw *rw, const char *text, const char *name)
{
    const char *to = helper_spelling(rw, name);
    if (!text || str_eq(name, to)) return text;
    Buf b = {0};
    size_t n = strlen(name);
    for (const char *p = text; *p;) {
        bool whole = strncmp(p, name, n) == 0 && !is_word(p[n]) && (p == text || (!is_word(p[-1]) && p[-1] != '.'));
        if (whole) buf_printf(&b, "%s", to), p += n;
        else buf_addc(&b, *p++);
    }
    return buf_take(&b, rw->a);
}

/* A helper behind those that it needs. */
static void place_helper(Rw *rw, const char *name, Map *placed, NodeVec *out)
{
    StrVec needs = {0};
    const char *err = NULL;
    if (map_has(placed, name)) return;
    map_set(placed, name, (void *)name);
    const char *code = helper_text(rw, name, &needs);
    for (int i = 0; i < needs.len; i++) place_helper(rw, needs.at[i], placed, out);
    for (int i = 0; i < needs.len; i++) code = respelled(rw, code, needs.at[i]);
    code = respelled(rw, code, name);
    if (!code) {
        note(rw, "the helper %s is missing beside the templates", name);
        return;
    }
    NodeVec made = py_parse_stmts(rw->a, code, &err);
    for (int k = 0; k < made.len; k++) vec_push(rw->a, out, made.at[k]);
}

static int by_text(const void *x, const void *y)
{
    const char *a = *(const char *const *)x, *b = *(const char *const *)y;
    bool fa = str_starts(a, "from"), fb = str_starts(b, "from");
    if (fa != fb) return fa - fb; /* plain imports first */
    return strcmp(a, b);
}

/* "from keras import layers" and "from keras import ops" as one line. */
static void merge_imports(Rw *rw, StrVec *lines)
{
    VEC(char *) all = {0};
    for (int i = 0; i < rw->imports->len; i++)
        if (rw->imports->entries[i].key) vec_push(rw->a, &all, arena_strdup(rw->a, rw->imports->entries[i].key));
    if (!all.len) return;
    qsort(all.at, (size_t)all.len, sizeof *all.at, by_text);
    for (int i = 0; i < all.len; i++) {
        char *what = strstr(all.at[i], " import ");
        const char *last = lines->len ? lines->at[lines->len - 1] : NULL;
        size_t n = what ? (size_t)(what - all.at[i]) + strlen(" import ") : 0;
        if (str_starts(all.at[i], "from ") && what && last && strlen(last) > n && strncmp(last, all.at[i], n) == 0 &&
            !strstr(all.at[i], " as "))
            lines->at[lines->len - 1] = arena_printf(rw->a, "%s, %s", last, all.at[i] + n);
        else
            vec_push(rw->a, lines, all.at[i]);
    }
}

/* ---- text with marks ---- */

static cJSON *printed(Rw *rw, const NodeVec *stmts)
{
    Buf out = {0};
    Printer p = {.arena = rw->a, .source = rw->t->module, .out = &out, .width = 88};
    print_stmts(&p, stmts, 0);
    cJSON *o = cJSON_CreateObject();
    while (out.len && out.s[out.len - 1] == '\n') out.s[--out.len] = '\0';
    int skip = 0; /* blank lines where an earlier header stood */
    for (int i = 0; out.s && (out.s[i] == ' ' || out.s[i] == '\n'); i++)
        if (out.s[i] == '\n') skip = i + 1;
    cJSON_AddStringToObject(o, "@text", out.s ? out.s + skip : "");
    cJSON *marks = cJSON_AddArrayToObject(o, "@marks");
    for (int i = 0; i < p.marks.len; i++) {
        int m[3] = {p.marks.at[i].map, p.marks.at[i].start - skip, p.marks.at[i].end - skip};
        if ((size_t)m[2] > out.len - (size_t)skip) m[2] = (int)out.len - skip;
        if (m[1] >= 0 && m[1] < m[2]) cJSON_AddItemToArray(marks, cJSON_CreateIntArray(m, 3));
    }
    buf_free(&out);
    return o;
}

static bool is_import(const Node *n)
{
    return n->kind == N_IMPORT || n->kind == N_IMPORTFROM;
}

static bool is_docstring(const Node *n)
{
    return n->kind == N_EXPR && n->a && n->a->kind == N_STRING;
}

/* Statements up to the last of the leading imports. */
static int leading(const NodeVec *body)
{
    int n = 0;
    for (int i = 0; i < body->len; i++) {
        if (is_import(body->at[i])) n = i + 1;
        else if (!(i == 0 && is_docstring(body->at[i]))) break;
        else n = 1;
    }
    return n;
}

static const char *render(Rw *rw, cJSON *view)
{
    size_t len;
    const char *err = NULL;
    char *path = path_join(rw->a, rw->req->templates, "module.mustache");
    char *template = file_read(rw->a, path, &len, &err);
    if (!template) {
        rw->res->impossible = err;
        return NULL;
    }
    RenderMarks marks = {0};
    MustachePartials partials = {.name = "module.mustache", .raw = true};
    char *text = mustache_render(rw->a, template, view, &partials, &marks, &err);
    if (!text) {
        rw->res->impossible = err;
        return NULL;
    }
    for (int i = 0; i < marks.list.len; i++) {
        PrintMark m = {marks.list.at[i].map, marks.list.at[i].start, marks.list.at[i].end};
        vec_push(rw->a, &rw->res->marks, m);
    }
    return text;
}

/* The statements of the whole file in order: docstring, kept imports, the target's imports, helpers, the rest. */
static void lay_out(Rw *rw, const NodeVec *body, NodeVec *all)
{
    int n = leading(body);
    NodeVec rest = {0}, helpers = {0};
    const char *err = NULL;
    for (int i = 0; i < body->len; i++) vec_push(rw->a, i < n ? all : &rest, body->at[i]);
    Map *placed = map_new(rw->a);
    for (int i = 0; i < rw->helpers->len; i++)
        if (rw->helpers->entries[i].key) place_helper(rw, rw->helpers->entries[i].key, placed, &helpers);
    StrVec imports = {0};
    merge_imports(rw, &imports);
    for (int i = 0; i < imports.len; i++) {
        Node *line = py_parse_stmts(rw->a, imports.at[i], &err).at[0];
        if (i == 0 && all->len && is_docstring(all->at[all->len - 1])) vec_push(rw->a, &line->lead, "");
        vec_push(rw->a, all, line);
    }
    for (int i = 0; i < helpers.len; i++) vec_push(rw->a, all, helpers.at[i]);
    for (int i = 0; i < rest.len; i++) vec_push(rw->a, all, rest.at[i]);
}

/* Two networks of one class that take the same are said once. */
static void add_line(cJSON *list, const char *line)
{
    const cJSON *said;
    cJSON_ArrayForEach(said, list) if (str_eq(said->valuestring, line)) return;
    cJSON_AddItemToArray(list, cJSON_CreateString(line));
}

/* "Net.x=B,3,224,224:float32": what the target takes, as --shape writes it. A later reading begins from it. */
static cJSON *input_lines(Rw *rw)
{
    cJSON *list = cJSON_CreateArray();
    for (int i = 0; i < rw->t->roots.len; i++) {
        const RootTrace *r = &rw->t->roots.at[i];
        if (!r->nn || !r->applied) continue;
        int k = 0;
        for (int n = 0; n < r->nn->nodes.len; n++) {
            const PivotNode *in = r->nn->nodes.at[n];
            if (in->type != PNODE_INPUT || !in->outputs.len || in->outputs.at[0]->rank < 0) continue;
            const PivotTensor *t = in->outputs.at[0];
            int perm[MAX_RANK];
            bool known = t->rank > 0 && t->rank <= MAX_RANK, news = false;
            layout_perm(rw->layout, t, perm);
            Buf b = {0};
            const char *of = rw->generated_name ? rw->generated_name : r->definition ? r->definition->name : r->variable;
            buf_printf(&b, "%s.%s=", of ? of : "model", port_input_name(rw, r, k++));
            for (int a = 0; known && a < t->rank; a++) {
                Size s = t->dims[rw->same_input ? a : perm[a]];
                if (s.n < 0) known = false;
                buf_printf(&b, "%s%s", a ? "," : "", a == 0 && s.free ? "B" : size_text(rw->a, s));
                news |= !s.free; /* the channels of an image of any size, too */
            }
            known &= news;
            if (t->dtype && !str_eq(t->dtype, "float32")) buf_printf(&b, ":%s", t->dtype);
            if (known) add_line(list, b.s);
            buf_free(&b);
        }
    }
    return list;
}

static const char *assemble(Rw *rw, const NodeVec *body)
{
    NodeVec all = {0};
    lay_out(rw, body, &all);
    cJSON *view = cJSON_CreateObject();
    cJSON_AddStringToObject(view, "source", rw->req->source_name);
    cJSON_AddStringToObject(view, "from", rw->from->title);
    cJSON_AddStringToObject(view, "to", rw->to->title);
    cJSON_AddItemToObject(view, "inputs", input_lines(rw));
    cJSON_AddItemToObject(view, "body", printed(rw, &all));
    const char *text = render(rw, view);
    cJSON_Delete(view);
    return text;
}

/* ---- the port ---- */

static Rw *rw_new(Arena *a, const PortRequest *req, PortResult *res)
{
    Rw *rw = ARENA_NEW(a, Rw);
    int n = req->trace->module->nnodes + 1;
    rw->a = a;
    rw->t = req->trace;
    rw->from = req->trace->dialect;
    rw->to = req->to;
    rw->req = req;
    rw->res = res;
    rw->plan_of = ARENA_ARRAY(a, Plan *, n);
    rw->mode_of = ARENA_ARRAY(a, SiteMode, n);
    rw->map_of = ARENA_ARRAY(a, int, n);
    rw->helpers = map_new(a);
    rw->imports = map_new(a);
    rw->bound = map_new(a);
    rw->locals = map_new(a);
    rw->framework_names = map_new(a);
    rw->rename = map_new(a);
    rw->asked = map_new(a);
    rw->created = map_new(a);
    rw->init_names = map_new(a);
    return rw;
}

static void copy_questions(Rw *rw)
{
    for (int i = 0; i < rw->t->questions.list.len; i++) {
        Question *q = ARENA_NEW(rw->a, Question);
        *q = *rw->t->questions.list.at[i];
        const Answer *given = answer_find(rw->req->answers, q->id);
        if (given && !q->retraces) {
            bool known = q->free_text;
            for (int k = 0; k < q->options.len; k++) known |= str_eq(q->options.at[k].answer, given->answer);
            bool moved = given->at && q->at && !str_eq(given->at, q->at);
            q->state = known && !moved ? ANSWER_CHOSEN : ANSWER_STALE;
            if (known && !moved) q->answer = given->answer;
        }
        vec_push(rw->a, &rw->res->questions.list, q);
    }
}

static bool flagged_within(const Rw *rw, Span in)
{
    for (int i = 0; i < rw->res->accounts.len; i++) {
        const PortAccount *a = &rw->res->accounts.at[i];
        if (a->fate == FATE_FLAGGED && a->stmt->span.start >= in.start && a->stmt->span.end <= in.end) return true;
    }
    return false;
}

/* The class that a question is about, where the trace called its constructor itself; and did it build other networks? */
static const Definition *asked_class(const Rw *rw, const Question *q, bool *others)
{
    const Definition *found = NULL;
    *others = false;
    for (int i = 0; i < rw->t->definitions.len; i++) {
        const Definition *d = rw->t->definitions.at[i];
        bool function = d->kind == DEF_FUNCTION && !d->parent && d->node->kind == N_FUNCTION;
        bool about = (d->kind == DEF_MODULE_CLASS || function) && d->node->span.start <= q->span.start && q->span.end <= d->node->span.end;
        if (about) found = d;
    }
    for (int i = 0; i < rw->t->roots.len; i++)
        *others |= (rw->t->roots.at[i].call || rw->t->roots.at[i].variable) && rw->t->roots.at[i].definition != found && rw->t->roots.at[i].applied;
    return found;
}

/* What a constructor that nothing in the file calls is given: not asked where the port of its class says all without, and
 * the file's own networks were traced. */
static void settle_unasked(Rw *rw)
{
    for (int i = 0; i < rw->res->questions.list.len; i++) {
        Question *q = rw->res->questions.list.at[i];
        bool others;
        if (q->kind != Q_CONSTRUCTOR_ARGUMENT || q->state != ANSWER_OPEN) continue;
        const Definition *d = asked_class(rw, q, &others);
        if (!d || !others || flagged_within(rw, d->node->span)) continue;
        q->state = ANSWER_DEFAULT;
        q->answer = "not needed";
    }
}

static void collect_notes(Rw *rw)
{
    for (int i = 0; i < rw->res->mappings.len; i++) {
        PortMapping *m = &rw->res->mappings.at[i];
        for (int k = 0; k < rw->res->questions.list.len; k++) {
            Question *q = rw->res->questions.list.at[k];
            for (int s = 0; s < m->sites.len; s++)
                if (m->sites.at[s] == q->site && q->site) vec_push(rw->a, &m->questions, q->id);
        }
    }
}

static void record_perm(Rw *rw, PAttrs *perms, const char *name, const PivotTensor *x)
{
    int perm[MAX_RANK];
    if (!x || !layout_perm(rw->layout, x, perm)) return;
    PValue l = pv_list(rw->a, x->rank);
    for (int j = 0; j < l.u.list.len; j++) l.u.list.at[j] = pv_int(perm[j]);
    attr_set(rw->a, perms, name, l);
}

static void record_perms(Rw *rw)
{
    const RootTrace *root = NULL;
    for (int i = 0; i < rw->t->roots.len && !root; i++)
        if (rw->t->roots.at[i].nn) root = &rw->t->roots.at[i];
    if (root && root->functional && instance_root(rw)) root = instance_root(rw);
    const PivotNN *nn = root ? root->nn : NULL;
    for (int k = 0; nn && !rw->same_input && k < nn->nodes.len; k++) {
        const PivotNode *in = nn->nodes.at[k];
        if (in->type == PNODE_INPUT && in->outputs.len)
            record_perm(rw, &rw->res->input_perms, in->name ? in->name : "x", in->outputs.at[0]);
    }
    for (int k = 0; nn && root->functional && !rw->same_input && k < nn->inputs.len; k++) { /* another graph's, too */
        const PivotNode *in = nn->inputs.at[k] ? nn->inputs.at[k]->producer : NULL;
        if (in && in->owner != nn) record_perm(rw, &rw->res->input_perms, in->name ? in->name : "x", nn->inputs.at[k]);
    }
    for (int k = 0; nn && k < nn->outputs.len; k++)
        record_perm(rw, &rw->res->output_perms, arena_printf(rw->a, "%d", k), nn->outputs.at[k]);
}

static bool says_training(const DialectRow *row, const char *about)
{
    for (int i = 0; row && i < row->params.len; i++)
        if (row->params.at[i].role == ROLE_TRAINING && str_eq(row->params.at[i].attr, about)) return true;
    return false;
}

/* What a layer was given for its training alone (a regularizer, an initializer), and the target's layers are not. */
static void note_training_alone(Rw *rw)
{
    for (int i = 0; rw->from != rw->to && i < rw->t->events.len; i++) {
        const Event *e = rw->t->events.at[i];
        if (e->kind != EV_LAYER || !e->row || !e->args || !e->layer) continue;
        const DialectRow *to = dialect_write(rw->to, FORM_LAYER, e->layer->kind->name, &e->layer->attrs);
        for (int k = 0; k < e->row->params.len; k++) {
            const RowParam *p = &e->row->params.at[k];
            if (p->role != ROLE_TRAINING || !e->args[k].given || e->args[k].value.kind == PV_NONE) continue;
            if (!says_training(to, p->attr))
                note(rw, "line %d: %s is left out: it is about training alone", static_line(rw, e->site->node), p->name);
        }
    }
}

PortResult *port_make(Arena *a, const PortRequest *req)
{
    PortResult *res = ARENA_NEW(a, PortResult);
    res->arena = a;
    res->diags.arena = a;
    Rw *rw = rw_new(a, req, res);
    static_collect(rw);
    const char *own = style_of_source(rw);
    res->style = req->style ? req->style : style_default(rw, own);
    rw->restyled = !str_eq(res->style, own);
    copy_questions(rw);
    rw->layout = layout_solve(rw);
    if (rw->from != rw->to) {
        const char *order = question_channel_order_of(rw);
        layout_keep(rw->layout, str_eq(order, "channels-first"));
        rw->same_input = str_eq(order, "same-input");
    } else {
        layout_keep(rw->layout, true);
    }
    NodeVec body = {0};
    if (!rw->restyled) rewrite_block(rw, &rw->t->module->root->items, &body);
    else if (!instance_generate(rw, res->style, &body)) return res;
    pairs_collect(rw);
    settle_unasked(rw);
    question_notes(rw);
    note_training_alone(rw);
    collect_notes(rw);
    record_perms(rw);
    res->text = assemble(rw, &body);
    res->len = res->text ? (int)strlen(res->text) : 0;
    reread(rw);
    return res;
}
