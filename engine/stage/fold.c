/* Folding build() into the constructor.
 *
 *     def build(self, input_shape):                            def __init__(self, in_features, units):
 *         self.w = self.add_weight((input_shape[-1], ...))         ...
 *                                                                  self.w = self.add_weight((in_features, ...))
 *
 * A size that is read off input_shape is known for every instance by the tensor that it was called on; as an
 * expression in the constructor's scope it is found like any other width, and threaded where nothing in scope says it.
 * Not handled, and then the method stays: whatever else is done with input_shape, and sizes that differ from call to
 * call. */
#include <string.h>

#include <cjson/cJSON.h>

#include "python/build.h"
#include "python/names.h"
#include "stage/number.h"
#include "stage/widths_internal.h"

typedef struct Reads {
    W *w;
    const char *shape; /* the parameter */
    NodeVec sizes;     /* shape[-1] */
    bool other;
} Reads;

static Node *method(Node *cls, const char *name)
{
    for (int i = 0; i < cls->body.len; i++)
        if (cls->body.at[i]->kind == N_FUNCTION && str_eq(cls->body.at[i]->name, name)) return cls->body.at[i];
    return NULL;
}

static bool is_shape(const Node *n, const char *name)
{
    n = n->kind == N_PAREN ? n->a : n;
    if (n->kind == N_NAME) return str_eq(n->name, name);
    bool listed = n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && str_eq(n->a->name, "as_list");
    return listed && is_shape(n->a->a, name);
}

/* input_shape[1], of a layer that is called on a list */
static bool is_one_of(const Node *n, const char *name)
{
    return n->kind == N_SUBSCRIPT && is_shape(n->a, name);
}

/* len(input_shape), len(input_shape[1]) */
static bool is_rank(const Node *n, const char *name)
{
    bool len = n->kind == N_CALL && n->a->kind == N_NAME && str_eq(n->a->name, "len") && n->items.len == 1;
    return len && (is_shape(n->items.at[0], name) || is_one_of(n->items.at[0], name));
}

static bool find_reads(Node *n, void *ctx)
{
    Reads *r = ctx;
    if (is_rank(n, r->shape)) {
        vec_push(r->w->a, &r->sizes, n);
        return false;
    }
    if (n->kind == N_SUBSCRIPT && (is_shape(n->a, r->shape) || is_one_of(n->a, r->shape))) {
        vec_push(r->w->a, &r->sizes, n);
        return false;
    }
    if (n->kind == N_NAME && str_eq(n->name, r->shape)) r->other = true;
    return true;
}

static bool only_raises(const Node *n)
{
    return n->kind == N_IF && n->body.len == 1 && n->body.at[0]->kind == N_RAISE && !n->orelse.len;
}

/* The shape under whatever wraps it: tf.TensorShape(input_shape).as_list(), tuple(input_shape). */
static bool wraps_shape(const Node *n, const char *shape)
{
    if (is_shape(n, shape)) return true;
    if (n->kind != N_CALL) return false;
    if (n->items.len == 1 && n->items.at[0]->kind != N_KEYWORD) return wraps_shape(n->items.at[0], shape);
    return !n->items.len && n->a->kind == N_ATTRIBUTE && str_eq(n->a->name, "as_list") && wraps_shape(n->a->a, shape);
}

/* input_shape = tf.TensorShape(input_shape): the same sizes. */
static bool renames_itself(const Node *n, const char *shape)
{
    bool own = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && str_eq(n->items.at[0]->name, shape);
    return own && wraps_shape(n->b, shape);
}

/* assert len(input_shape) == 4 */
static bool checks_shape(const Node *n, const char *shape)
{
    return (n->kind == N_ASSERT || only_raises(n)) && names_uses((Node *)n, shape) > 0;
}

/* super().build(input_shape), self.built = True, checks of the shape: they have no meaning in a constructor. */
static bool goes(const Node *n, const char *shape)
{
    if (checks_shape(n, shape) || renames_itself(n, shape)) return true;
    bool call = n->kind == N_EXPR && n->a->kind == N_CALL && n->a->a->kind == N_ATTRIBUTE && str_eq(n->a->a->name, "build");
    bool super = call && n->a->a->a->kind == N_CALL && n->a->a->a->a->kind == N_NAME && str_eq(n->a->a->a->a->name, "super");
    bool built = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_ATTRIBUTE &&
                 str_eq(n->items.at[0]->name, "built");
    bool spec = n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_ATTRIBUTE &&
                str_eq(n->items.at[0]->name, "input_spec");
    bool doc = n->kind == N_EXPR && n->a->kind == N_STRING;
    return super || built || spec || doc || n->kind == N_PASS;
}

/* The number of an axis, in the scope of the constructor or of what build() had bound when it was done. */
static bool axis_of(W *w, const Node *build, const PivotNN *nn, const Node *x, const Activation *init, long long *axis)
{
    if (number_eval(x, init->at_end, NULL, axis)) return true;
    for (int i = 0; i < w->runs.len; i++) {
        const Activation *act = w->runs.at[i];
        if (act->self == nn && act->definition && act->definition->node == build && number_eval(x, act->at_end, NULL, axis)) return true;
    }
    return false;
}

/* How many tensors the list has that the instance was called on; 0: it was no list; -1: something else again. */
static int listed(const PivotNN *nn)
{
    cJSON *form = nn->input_form ? cJSON_Parse(nn->input_form) : NULL;
    const cJSON *first = cJSON_GetArrayItem(form, 0), *tuple = cJSON_GetObjectItem(first, "tuple"), *x;
    int n = 0;
    if (tuple) first = tuple;
    if (cJSON_IsArray(first)) {
        cJSON_ArrayForEach(x, first) n = n >= 0 && cJSON_IsNumber(x) ? n + 1 : -1;
    } else if (first && !cJSON_IsNumber(first)) {
        n = -1;
    }
    cJSON_Delete(form);
    return n;
}

typedef struct Read { /* what is read of the shapes */
    const PivotTensor *tensor;
    Node *axis;      /* of the tensor; NULL: its rank, or how many tensors there are */
    long long count; /* of the tensors, where that is read */
} Read;

static bool read_of(W *w, const Node *build, const PivotNN *nn, const Activation *init, const Node *n, Read *r)
{
    Node *x = n->kind == N_CALL ? n->items.at[0] : n->a;
    bool len = n->kind == N_CALL, inner = x->kind == N_SUBSCRIPT; /* input_shape[1][-1], len(input_shape[1]) */
    int many = listed(nn);
    long long at = 0;
    if (many < 0 || inner != (many > 0 && !(len && !inner))) return false;
    if (inner && (!axis_of(w, build, nn, x->b, init, &at) || at < -many || at >= many)) return false;
    if (at < 0) at += many;
    if (at >= nn->inputs.len) return false;
    *r = (Read){nn->inputs.at[at], len ? NULL : n->b, len && !inner && many ? many : 0};
    return true;
}

/* The size at that place in every instance, with the scope of its constructor. */
static Occs sizes_of(W *w, const Definition *init, const Node *build, const Node *read)
{
    Occs out = {0}, none = {0};
    for (int i = 0; i < w->t->pivot->definitions.len; i++) {
        const PivotDefinition *d = w->t->pivot->definitions.at[i];
        if (!init->parent || init->parent->pivot != d) continue;
        for (int k = 0; k < d->instances.len; k++) {
            const PivotNN *nn = d->instances.at[k];
            Activation *act = NULL;
            for (int r = 0; r < w->runs.len && !act; r++)
                if (w->runs.at[r]->definition == init && w->runs.at[r]->self == nn) act = w->runs.at[r];
            long long axis;
            if (!nn->inputs.len) continue; /* it was never called */
            Read at;
            if (!act || !read_of(w, build, nn, act, read, &at)) return none;
            const PivotTensor *t = at.tensor;
            if (!at.axis) {
                Occ o = {act, act->at_end, at.count ? at.count : t->rank, t};
                vec_push(w->a, &out, o);
                continue;
            }
            if (!axis_of(w, build, nn, at.axis, act, &axis)) return none;
            if (axis < 0) axis += t->rank;
            if (axis <= 0 || axis >= t->rank || t->dims[axis].free || t->dims[axis].n < 0) return none;
            Occ o = {act, act->at_end, t->dims[axis].n, t};
            vec_push(w->a, &out, o);
        }
    }
    return out;
}

static const char *replaced(W *w, const Node *n, const NodeVec *reads, const char *const *with)
{
    const char *text = w->t->module->src->text;
    Buf b = {0};
    int at = n->span.start;
    for (int i = 0; i < reads->len; i++) {
        Span s = reads->at[i]->span;
        if (s.start < at || s.end > n->span.end) continue;
        buf_addn(&b, text + at, (size_t)(s.start - at));
        buf_add(&b, with[i]);
        at = s.end;
    }
    buf_addn(&b, text + at, (size_t)(n->span.end - at));
    return buf_take(&b, w->a);
}

/* Says of the checks of a build() that they go. */
static void note_checks(const W *w, const Node *build, const char *shape, StrVec *notes)
{
    int line, col;
    for (int i = 0; i < build->body.len; i++) {
        const Node *n = build->body.at[i];
        if (!checks_shape(n, shape)) continue;
        source_position(w->t->module->src, n->span.start, &line, &col);
        vec_push(w->a, notes, arena_printf(w->a, "line %d: this check of %s is left out: the constructor is not given it", line, shape));
    }
}

static bool fold_class(W *w, Definition *cls, StrVec *notes)
{
    const Module *m = w->t->module;
    Node *build = method(cls->node, "build"), *init = method(cls->node, "__init__");
    if (!build || !init || build->params.list.len != 2 || !init->body.len) return false;
    Reads r = {.w = w, .shape = build->params.list.at[1].name};
    for (int i = 0; i < build->body.len; i++)
        if (!goes(build->body.at[i], r.shape)) node_walk(build->body.at[i], find_reads, &r);
    if (r.other) return false;
    Definition *di = w->t->definition_of[init->body.at[0]->id];
    const char **with = ARENA_ARRAY(w->a, const char *, r.sizes.len + 1);
    Node *last = init->body.at[init->body.len - 1];
    int edits = w->edits.len;
    for (int i = 0; i < r.sizes.len; i++) {
        Occs o = sizes_of(w, di, build, r.sizes.at[i]);
        const char *attr = o.len && o.at[0].tensor->rank < 4 ? "in_features" : "in_channels";
        Node *x = o.len ? widths_resolve(w, last, attr, &o, NULL, 0) : NULL;
        if (!x) {
            w->edits.len = edits;
            return false;
        }
        const char *text = print_expr_flat(w->a, x);
        with[i] = x->kind == N_BINARY ? arena_printf(w->a, "(%s)", text) : text;
    }
    const char *indent = draft_indent(w->a, m->src, init->body.at[0]);
    Buf b = {0};
    for (int i = 0; i < build->body.len; i++)
        if (!goes(build->body.at[i], r.shape))
            buf_printf(&b, "\n%s%s", indent, replaced(w, build->body.at[i], &r.sizes, with));
    if (b.len) widths_edit(w, (Span){last->span.end, last->span.end}, arena_strdup(w->a, b.s), build->span);
    buf_free(&b);
    Span gone = {draft_line_start(m->src, build->span.start), build->span.end};
    while (gone.end < m->src->len && (m->src->text[gone.end] == '\n' || m->src->text[gone.end] == ' ') &&
           gone.end < build->span.end + 1)
        gone.end++;
    while (gone.start > 1 && m->src->text[gone.start - 1] == '\n' && m->src->text[gone.start - 2] == '\n') gone.start--;
    widths_edit(w, gone, "", build->span);
    note_checks(w, build, r.shape, notes);
    return true;
}

/* A constructor for a class that has a build() and none. */
static bool add_constructor(W *w, Definition *cls)
{
    Node *build = method(cls->node, "build");
    if (!build || method(cls->node, "__init__") || build->params.list.len != 2) return false;
    const char *indent = draft_indent(w->a, w->t->module->src, build);
    widths_edit(w, (Span){build->span.start, build->span.start},
                arena_printf(w->a, "def __init__(self, **kwargs):\n%s    super().__init__(**kwargs)\n\n%s", indent, indent),
                build->span);
    return true;
}

Module *widths_fold_builds(Arena *a, const Trace *t, bool *again, StrVec *notes)
{
    W w = {.a = a, .t = t};
    widths_collect_runs(&w);
    bool any = false;
    *again = false;
    for (int i = 0; i < t->definitions.len; i++) {
        Definition *d = t->definitions.at[i];
        if (d->kind == DEF_MODULE_CLASS && d->node->id <= t->module->nnodes) *again |= add_constructor(&w, d);
    }
    for (int i = 0; i < t->definitions.len && !*again; i++) {
        Definition *d = t->definitions.at[i];
        if (d->kind == DEF_MODULE_CLASS && d->node->id <= t->module->nnodes) any |= fold_class(&w, d, notes);
    }
    if (!any && !*again) return NULL;
    Draft draft = {.a = a, .origin = t->module->src};
    draft_edits(&draft, &w.edits);
    return draft_parse(&draft);
}
