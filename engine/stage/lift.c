/* Expressions in two parts: what is built in them moves to the constructor, under a name.
 *
 *     x = layers.Conv2D(f, 3)(x)      self.conv = layers.Conv2D(f, 3)     x = self.conv(x)
 *     x = block(x, f)                 self.block = Block(f)               x = self.block(x)
 */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "python/build.h"
#include "python/names.h"
#include "stage/number.h"
#include "stage/staging_internal.h"

void chunk_text(Stager *s, Chunks *c, Span why, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    Chunk k = {arena_vprintf(s->a, fmt, ap), why};
    va_end(ap);
    vec_push(s->a, c, k);
}

void chunk_copy(Stager *s, Chunks *c, int start, int end)
{
    Chunk k = {NULL, {start, end}};
    if (end > start) vec_push(s->a, c, k);
}

void chunk_all(Stager *s, Chunks *c, const Chunks *from)
{
    for (int i = 0; i < from->len; i++) vec_push(s->a, c, from->at[i]);
}

/* ---- what is built ---- */

static const Event *built_at(Stager *s, const Node *call)
{
    const Site *site = trace_site(s->t, call);
    for (int i = 0; site && i < site->events.len; i++) {
        EventKind k = site->events.at[i]->kind;
        if (k == EV_LAYER || k == EV_CONTAINER || k == EV_NN) return site->events.at[i];
    }
    return NULL;
}

bool builds(Stager *s, const Node *call)
{
    return built_at(s, call) != NULL;
}

typedef struct Search {
    Stager *s;
    bool found;
} Search;

static bool find_built(Node *n, void *ctx)
{
    Search *k = ctx;
    Definition *d = n->kind == N_CALL && n->id > 0 ? k->s->runs[n->id] : NULL;
    k->found |= n->kind == N_CALL && (builds(k->s, n) || staged_of(k->s, d));
    return !k->found;
}

bool any_built(Stager *s, Node *n)
{
    Search k = {.s = s};
    node_walk(n, find_built, &k);
    return k.found;
}

static bool find_input(Node *n, void *ctx)
{
    Search *k = ctx;
    k->found |= n->id > 0 && k->s->input[n->id];
    return !k->found;
}

bool makes_input(Stager *s, Node *n)
{
    Search k = {.s = s};
    node_walk(n, find_input, &k);
    return k.found;
}

/* ---- names ---- */

static const char *snake(Arena *a, const char *name)
{
    Buf b = {0};
    for (int i = 0; name[i]; i++) {
        bool upper = isupper((unsigned char)name[i]) != 0;
        bool word = i && upper && (islower((unsigned char)name[i - 1]) || islower((unsigned char)name[i + 1]));
        if (word && name[i - 1] != '_') buf_addc(&b, '_');
        buf_addc(&b, (char)tolower((unsigned char)name[i]));
    }
    return buf_take(&b, a);
}

/* How a layer of a kind is mostly called. */
static const char *short_name(const PivotKind *k)
{
    static const struct {
        const char *kind, *name;
    } NAMES[] = {{"Conv1D", "conv"},          {"Conv2D", "conv"},         {"Conv3D", "conv"},
                 {"ConvTranspose", "upconv"}, {"DepthwiseConv", "depthwise"}, {"SeparableConv", "separable"},
                 {"BatchNormLayer", "bn"},    {"LayerNormLayer", "norm"}, {"GroupNormLayer", "norm"},
                 {"LinearLayer", "dense"},    {"PoolingLayer", "pool"},   {"DropoutLayer", "dropout"},
                 {"FlattenLayer", "flatten"}, {"ActivationLayer", "act"}, {"PaddingLayer", "pad"},
                 {"CroppingLayer", "crop"},   {"EmbeddingLayer", "embedding"}, {"LSTMLayer", "lstm"},
                 {"GRULayer", "gru"},         {"SimpleRNNLayer", "rnn"},  {"AddLayer", "add"},
                 {"ConcatenateLayer", "concat"}, {"MultiplyLayer", "multiply"}, {"ReshapeLayer", "reshape"}};
    for (size_t i = 0; k && i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(NAMES[i].kind, k->name)) return NAMES[i].name;
    return k && k->group == GROUP_ACTIVATION ? k->name : NULL;
}

static bool is_identifier(const char *name)
{
    if (!isalpha((unsigned char)name[0])) return false;
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_') return false;
    return true;
}

/* name="conv1" of a call; NULL where it is no plain word. */
static const char *given_name(const Node *call)
{
    for (int i = 0; i < call->items.len; i++) {
        const Node *k = call->items.at[i];
        if (k->kind != N_KEYWORD || !str_eq(k->name, "name")) continue;
        return k->a->kind == N_STRING && k->a->str && is_identifier(k->a->str) ? k->a->str : NULL;
    }
    return NULL;
}

static const char *callee_name(const Node *call)
{
    const Node *f = call->a;
    return f->kind == N_NAME || f->kind == N_ATTRIBUTE ? f->name : "layer";
}

const char *stage_attr(Stager *s, Staged *f, const char *base)
{
    if (str_is_keyword(base)) base = arena_printf(s->a, "%s_layer", base);
    for (int i = 1;; i++) {
        const char *name = i == 1 ? base : arena_printf(s->a, "%s%s%d", base, isdigit((unsigned char)base[strlen(base) - 1]) ? "_" : "", i);
        if (map_has(f->attrs, name) || map_has(f->dynamic, name) || (f->fn && map_has(f->statics, name))) continue;
        if (f->built && map_has(f->built, name)) continue;
        if (dialect_rename(s->t->dialect, s->a, name)) continue;
        map_set(f->attrs, name, (void *)name);
        return name;
    }
}

const char *stage_plural(Arena *a, const char *name)
{
    size_t n = strlen(name);
    return arena_printf(a, "%s%s", name, n && (name[n - 1] == 's' || name[n - 1] == 'x') ? "es" : "s");
}

const char *stage_indent(Stager *s, int depth)
{
    char *out = ARENA_ARRAY(s->a, char, depth * 4 + 1);
    memset(out, ' ', (size_t)depth * 4);
    return out;
}

/* ---- moving it ---- */

/* Puts `made` into the constructor and says how the second part gets at it. */
static void moved(Stager *s, Staged *f, const char *base, const Chunks *made, Span why, int depth, Chunks *construct,
                  Chunks *out)
{
    LoopNames *l = f->loop;
    const char *indent = stage_indent(s, depth);
    const char *name = stage_attr(s, f, l ? stage_plural(s->a, base) : base);
    if (!l) {
        chunk_text(s, construct, why, "%sself.%s = ", indent, name);
        chunk_all(s, construct, made);
        chunk_text(s, construct, why, "\n");
        chunk_text(s, out, why, "self.%s", name);
        f->moved = arena_printf(s->a, "self.%s", name);
        return;
    }
    f->moved = arena_printf(s->a, "self.%s[-1]", name);
    chunk_text(s, construct, why, "%sself.%s.append(", indent, name);
    chunk_all(s, construct, made);
    chunk_text(s, construct, why, ")\n");
    LoopNames *top = l;
    while (top->outer) top = top->outer;
    if (l == top && !l->conditional) {
        const char *each = stage_attr(s, f, base);
        vec_push(s->a, &l->lists, name);
        vec_push(s->a, &l->each, each);
        chunk_text(s, out, why, "%s", each);
    } else {
        vec_push(s->a, &top->iterators, name);
        vec_push(s->a, &l->taken, name);
        vec_push(s->a, &l->bases, base);
        chunk_text(s, out, why, "next(%s)", name);
    }
}

/* ---- expressions with holes ---- */

typedef struct Holes {
    Stager *s;
    Staged *f;
    Node *whole; /* what is looked at */
    bool second; /* in the second part: static names of the function are reached through self */
    NodeVec list;
} Holes;

static bool visible_from(const Stager *s, const Staged *f, const Node *n)
{
    const Definition *d = n->id > 0 ? s->t->definition_of[n->id] : NULL;
    for (; d; d = d->parent)
        if (d == f->def->parent) return true;
    return !f->def->parent;
}

static bool is_parameter(const Staged *f, const char *name)
{
    for (int which = 0; which < 2; which++) {
        const Node *fn = which ? f->inner : f->fn;
        for (int i = 0; fn && i < fn->params.list.len; i++)
            if (str_eq(fn->params.list.at[i].name, name)) return true;
    }
    return false;
}

/* The staged function that a name means in f, the innermost first. */
Staged *stage_named_function(Stager *s, const Staged *f_in, const Node *n)
{
    Staged *best = NULL;
    if (n->kind == N_NAME && is_parameter(f_in, n->name)) return NULL;
    for (int i = 0; n->kind == N_NAME && i < s->all.len; i++) {
        Staged *f = s->all.at[i];
        if (!f->fn || f->model || !str_eq(f->fn->name, n->name) || !visible_from(s, f, n)) continue;
        if (!best || f->def->parent) best = f;
    }
    return best;
}

/* A staged function that is defined inside of what is copied. */
static Staged *nested_function(Stager *s, const Node *n)
{
    Staged *f = n->kind == N_FUNCTION ? staged_here(s, n) : NULL;
    return f && f->fn == n && !f->model ? f : NULL;
}

void chunk_indented(Stager *s, Chunks *c, const Chunks *from, int blanks)
{
    const char *indent = stage_indent(s, blanks / 4);
    bool fresh = true;
    for (int i = 0; i < from->len; i++) {
        Chunk k = from->at[i];
        const char *text = k.text ? k.text : s->t->module->src->text + k.span.start;
        int len = k.text ? (int)strlen(text) : k.span.end - k.span.start;
        for (int at = 0; at < len;) {
            const char *nl = memchr(text + at, '\n', (size_t)(len - at));
            int end = nl ? (int)(nl - text) + 1 : len;
            if (fresh && text[at] != '\n') chunk_text(s, c, k.span, "%s", indent);
            if (k.text) chunk_text(s, c, k.span, "%.*s", end - at, text + at);
            else chunk_copy(s, c, k.span.start + at, k.span.start + end);
            fresh = nl != NULL;
            at = end;
        }
    }
}

static bool bound_by_loop(const Staged *f, const char *name, LoopNames **which);

static bool listed_by_loop(const Staged *f, const char *name)
{
    for (LoopNames *l = f->loop; l; l = l->outer)
        for (int i = 0; i < l->bound.len; i++)
            if (str_eq(l->bound.at[i], name)) return true;
    return false;
}

typedef struct Bound {
    const char *name;
    bool found;
} Bound;

static bool find_bound(Node *n, void *ctx)
{
    Bound *b = ctx;
    for (int i = 0; n->kind == N_ASSIGN && i < n->items.len; i++) b->found |= names_target_binds(n->items.at[i], b->name);
    if (n->kind == N_AUGASSIGN || n->kind == N_ANNASSIGN) b->found |= names_target_binds(n->a, b->name);
    return !b->found && n->kind != N_LAMBDA;
}

/* Is it bound anew in the rounds of a loop that is being split? Then no one value of it can be kept. */
static bool changes_in_loop(const Staged *f, const char *name)
{
    Bound b = {name, false};
    for (const LoopNames *l = f->loop; l; l = l->outer)
        for (int i = 0; i < l->node->body.len; i++) node_walk(l->node->body.at[i], find_bound, &b);
    return b.found;
}

static bool crosses(const Staged *f, const Node *n)
{
    if (n->kind != N_NAME || listed_by_loop(f, n->name)) return false;
    if (!f->fn) return f->built && map_has(f->built, n->name);
    LoopNames *l;
    return map_has(f->statics, n->name) && !map_has(f->dynamic, n->name) && !bound_by_loop(f, n->name, &l);
}

static bool bound_by_loop(const Staged *f, const char *name, LoopNames **which)
{
    for (LoopNames *l = f->loop; l; l = l->outer)
        if (l->node->kind == N_FOR && names_target_binds(l->node->a, name)) {
            *which = l;
            return true;
        }
    return false;
}

static bool helper_call(Stager *s, const Node *n)
{
    Definition *d = n->kind == N_CALL && n->id > 0 ? s->runs[n->id] : NULL;
    Staged *g = staged_of(s, d);
    return g && !g->model;
}

/* A call that is called, and needs no tensor itself: a layer by the looks of it, where no run came by. */
static bool looks_built(Stager *s, const Staged *f, Node *n)
{
    Node *p = n->kind == N_CALL && n->id > 0 ? s->t->parent[n->id] : NULL;
    bool callee = p && p->kind == N_CALL && p->a == n;
    return callee && !is_dynamic(s, f, n) && !trace_site(s->t, n);
}

/* Is this the list of inputs of a graph that is a class, which takes them one by one? */
static bool several_inputs(Stager *s, const Node *n)
{
    const Node *call = n->id > 0 ? s->t->parent[n->id] : NULL;
    if (!call || call->kind != N_CALL || !call->items.len || call->items.at[0] != n || n->kind == N_STAR) return false;
    for (int i = 1; i < call->items.len; i++)
        if (call->items.at[i]->kind != N_KEYWORD) return false;
    const Site *site = trace_site(s->t, call);
    for (int i = 0; site && i < site->events.len; i++) {
        const Event *e = site->events.at[i];
        for (int k = 0; e->kind == EV_APPLY_NN && e->nn && k < s->all.len; k++) {
            const Staged *f = s->all.at[k];
            if (f->model && f->model->id == e->nn->site) return f->inputs.len > 1;
        }
    }
    for (int i = 0; call->a->kind == N_NAME && i < s->t->roots.len; i++) { /* in code that no trace ran */
        const RootTrace *r = &s->t->roots.at[i];
        bool named = r->functional && r->nn && r->variable && str_eq(r->variable, call->a->name);
        for (int k = 0; named && k < s->all.len; k++)
            if (s->all.at[k]->model && s->all.at[k]->model->id == r->nn->site) return s->all.at[k]->inputs.len > 1;
    }
    return false;
}

/* Conv2D(filters, name=name), where the constructor is not given what only names layers. */
static bool names_itself(Stager *s, const Staged *f, Node *n)
{
    for (int i = 0; n->kind == N_CALL && i < n->items.len; i++)
        for (int k = 0; k < f->labels->len && stage_label_argument(s, f, n, n->items.at[i]); k++)
            if (f->labels->entries[k].key && names_uses(n->items.at[i], f->labels->entries[k].key)) return true;
    return false;
}

static bool special(const Holes *h, Node *n)
{
    if (n != h->whole && several_inputs(h->s, n)) return true;
    if (nested_function(h->s, n)) return true;
    if (n->kind == N_CALL && h->second && n->a->kind == N_CALL && helper_call(h->s, n->a) && helper_call(h->s, n) &&
        staged_of(h->s, h->s->runs[n->id])->inner)
        return false; /* block(filters)(x): what is built is in the first call */
    if (!h->second && names_itself(h->s, h->f, n)) return true;
    if (n->kind == N_CALL && h->second)
        return builds(h->s, n) || helper_call(h->s, n) || looks_built(h->s, h->f, n);
    if (n->kind == N_NAME) {
        LoopNames *l;
        if (h->second && bound_by_loop(h->f, n->name, &l)) l->uses_target = true;
        bool cross = h->second && crosses(h->f, n);
        if (cross && changes_in_loop(h->f, n->name))
            stage_fail(h->s, n, arena_printf(h->s->a, "%s changes in a loop over tensors", n->name));
        return cross || stage_named_function(h->s, h->f, n);
    }
    return false;
}

static bool find_holes(Node **slot, void *ctx)
{
    Holes *h = ctx;
    if (special(h, *slot)) vec_push(h->s->a, &h->list, *slot);
    else node_slots(*slot, find_holes, h);
    return true;
}

static void lift_call(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *out);
static void lift_built(Stager *s, Staged *f, Node *n, Chunks *out);

static void with_holes(Stager *s, Staged *f, Node *n, bool second, int depth, Chunks *construct, Chunks *out)
{
    Holes h = {.s = s, .f = f, .second = second, .whole = n};
    if (special(&h, n)) vec_push(s->a, &h.list, n);
    else node_slots(n, find_holes, &h);
    int at = n->span.start;
    for (int i = 0; i < h.list.len; i++) {
        Node *hole = h.list.at[i];
        chunk_copy(s, out, at, hole->span.start);
        at = hole->span.end;
        if (several_inputs(s, hole)) {
            bool list = hole->kind == N_LIST || hole->kind == N_TUPLE;
            if (!list) chunk_text(s, out, hole->span, "*");
            if (!list) with_holes(s, f, hole, second, depth, construct, out);
            for (int k = 0; list && k < hole->items.len; k++) {
                if (k) chunk_text(s, out, hole->span, ", ");
                with_holes(s, f, hole->items.at[k], second, depth, construct, out);
            }
            continue;
        }
        Staged *nested = nested_function(s, hole);
        if (nested) {
            Chunks text = {0}, moved = {0};
            const SourceText *src = s->t->module->src;
            int column = 0;
            while (column < hole->span.start && src->text[hole->span.start - column - 1] == ' ') column++;
            split_function(s, nested);
            stage_class(s, nested, &text);
            chunk_indented(s, &moved, &text, column);
            if (moved.len) moved.at[0].text = ""; /* the first line stands where the function did */
            chunk_all(s, out, &moved);
            continue;
        }
        if (hole->kind == N_CALL && !second) {
            lift_built(s, f, hole, out);
            continue;
        }
        if (hole->kind == N_CALL) {
            lift_call(s, f, hole, depth, construct, out);
            continue;
        }
        Staged *g = stage_named_function(s, f, hole);
        if (g) {
            chunk_text(s, out, hole->span, "%s", g->cls);
        } else {
            map_set(f->cross, hole->name, (void *)hole->name);
            chunk_text(s, out, hole->span, "self.%s", hole->name);
        }
    }
    chunk_copy(s, out, at, n->span.end);
}

void lift_expr(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *out)
{
    with_holes(s, f, n, true, depth, construct, out);
}

void lift_static(Stager *s, Staged *f, Node *n, Chunks *out)
{
    with_holes(s, f, n, false, 0, NULL, out);
}

/* ---- arguments that shapes give ---- */

/* Every layer that is built there has no weights: it may be built as late as its arguments are known. */
static bool builds_without_weights(Stager *s, const Node *call)
{
    const Site *site = trace_site(s->t, call);
    bool any = false;
    for (int i = 0; site && i < site->events.len; i++) {
        const Event *e = site->events.at[i];
        if (e->kind == EV_CONTAINER || e->kind == EV_NN) return false;
        if (e->kind != EV_LAYER) continue;
        if (!e->layer || layer_has_weights(e->layer)) return false;
        any = true;
    }
    return any;
}

static const char *built_everywhere(Stager *s, const Node *call, const Node *arg);

/* Was each argument that needs a tensor the same in every run? */
static bool known_numbers(Stager *s, const Staged *f, const Node *call)
{
    for (int i = 0; i < call->items.len; i++)
        if (is_dynamic(s, f, call->items.at[i]) && !built_everywhere(s, call, call->items.at[i])) return false;
    return true;
}

typedef struct Calls {
    Stager *s;
    bool other;
} Calls;

static bool find_other_call(Node *n, void *ctx)
{
    Calls *k = ctx;
    if (n->kind != N_CALL) return !k->other;
    const Site *site = trace_site(k->s->t, n);
    bool shape = false, own = n->a->kind == N_NAME && (str_eq(n->a->name, "int") || str_eq(n->a->name, "len"));
    for (int i = 0; site && i < site->events.len; i++) shape |= site->events.at[i]->kind == EV_SHAPE;
    k->other |= !shape && !own;
    return !k->other;
}

/* Are the arguments that need a tensor arithmetic with sizes, without calls of anything else? */
static bool plain_sizes(Stager *s, const Staged *f, const Node *call)
{
    Calls k = {.s = s};
    for (int i = 0; i < call->items.len; i++)
        if (is_dynamic(s, f, call->items.at[i])) node_walk(call->items.at[i], find_other_call, &k);
    return !k.other;
}

/* 16, (8, 8), ((0, 1), (0, 1)); NULL: other than whole numbers. */
static const char *numbers_text(Stager *s, const PValue *v)
{
    if (v->kind == PV_INT) return arena_printf(s->a, "%lld", v->u.i);
    if (v->kind != PV_LIST || !v->u.list.len) return NULL;
    Buf b = {0};
    for (int i = 0; i < v->u.list.len; i++) {
        const char *item = numbers_text(s, &v->u.list.at[i]);
        if (!item) {
            buf_free(&b);
            return NULL;
        }
        buf_printf(&b, "%s%s", i ? ", " : "(", item);
    }
    buf_add(&b, v->u.list.len == 1 ? ",)" : ")");
    return buf_take(&b, s->a);
}

static const PValue *given_value(const Event *e, const Node *arg)
{
    const Node *x = arg->kind == N_KEYWORD ? arg->a : arg;
    for (int i = 0; e->row && e->args && i < e->row->params.len; i++)
        if (e->args[i].expr == x) return &e->args[i].value;
    return NULL;
}

/* What an argument of a construction that is read off shapes was in every run, as text; NULL where it varied. */
static const char *built_everywhere(Stager *s, const Node *call, const Node *arg)
{
    const Site *site = trace_site(s->t, call);
    const PValue *first = NULL;
    for (int forced = 0; forced < 2 && !first; forced++) /* arms that were not taken count where nothing else does */
        for (int i = 0; site && i < site->events.len; i++) {
            const Event *e = site->events.at[i];
            if (e->kind != EV_LAYER || e->forced != (forced == 1)) continue;
            const PValue *v = given_value(e, arg);
            if (!v || (first && !pv_same(first, v))) return NULL;
            first = v;
        }
    return first ? numbers_text(s, first) : NULL;
}

/* The same of an argument of a helper function. */
static const char *passed_everywhere(Stager *s, const Node *call, const Node *arg)
{
    const Node *x = arg->kind == N_KEYWORD ? arg->a : arg;
    const Trace *t = s->t;
    long long first = 0, now;
    bool any = false;
    for (int i = 0; i < t->runs.len; i++) {
        const Activation *act = t->runs.at[i];
        if (act->call != call) continue;
        if (!number_eval(x, act->at_call, NULL, &now) || (any && now != first)) return NULL;
        first = now;
        any = true;
    }
    return any ? arena_printf(s->a, "%lld", first) : NULL;
}

/* Writes an argument that shapes give as the number that it was wherever this ran. */
static bool lift_number(Stager *s, const Node *arg, const char *text, Chunks *out)
{
    int line, col;
    const SourceText *src = s->t->module->src;
    const Node *x = arg->kind == N_KEYWORD ? arg->a : arg;
    if (!text) {
        stage_fail(s, arg, "what is built takes a size that differs between the places that build it");
        return false;
    }
    if (arg->kind == N_KEYWORD) chunk_text(s, out, arg->span, "%s=", arg->name);
    chunk_text(s, out, x->span, "%s", text);
    source_position(src, x->span.start, &line, &col);
    vec_push(s->a, &s->notes, arena_printf(s->a, "line %d: %.*s is read off a tensor, and was %s: the port says so", line,
                                           x->span.end - x->span.start, src->text + x->span.start, text));
    return true;
}

/* ---- calls ---- */

static const Param *param_of(const Node *fn, const Node *arg, int place)
{
    const Params *p = &fn->params;
    if (arg->kind == N_KEYWORD) {
        for (int i = 0; i < p->list.len; i++)
            if (str_eq(p->list.at[i].name, arg->name)) return &p->list.at[i];
        return NULL;
    }
    return place < p->list.len ? &p->list.at[place] : NULL;
}

/* block(x, f): the arguments that are tensors stay with the call. */
static void lift_helper(Stager *s, Staged *f, Node *n, Staged *g, int depth, Chunks *construct, Chunks *out)
{
    Chunks made = {0}, args = {0};
    int nmade = 0, nargs = 0;
    bool direct = stage_named_function(s, f, n->a) == g;
    if (direct) chunk_text(s, &made, n->a->span, "%s(", g->cls);
    else {
        lift_static(s, f, n->a, &made);
        chunk_text(s, &made, n->a->span, "(");
    }
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        if (stage_label_argument(s, f, n, x)) continue;
        const Param *p = x->kind == N_STAR || x->kind == N_DSTAR ? NULL : param_of(g->fn, x, i);
        bool tensor = p && map_has(g->dynamic, p->name);
        if (!tensor && is_dynamic(s, f, x)) {
            if (nmade++) chunk_text(s, &made, x->span, ", ");
            if (!lift_number(s, x, passed_everywhere(s, n, x), &made)) return;
        } else if (tensor) {
            if (nargs++) chunk_text(s, &args, x->span, ", ");
            lift_expr(s, f, x, depth, construct, &args);
        } else {
            if (nmade++) chunk_text(s, &made, x->span, ", ");
            lift_static(s, f, x, &made);
        }
    }
    chunk_text(s, &made, n->span, ")");
    const char *base = given_name(n);
    if (!base) base = snake(s->a, direct ? g->fn->name : callee_name(n));
    moved(s, f, base, &made, n->span, depth, construct, out);
    chunk_text(s, out, n->span, "(");
    chunk_all(s, out, &args);
    chunk_text(s, out, n->span, ")");
}

/* A call without the arguments that only name what it builds, and with numbers for those that shapes give. */
static void lift_built(Stager *s, Staged *f, Node *n, Chunks *out)
{
    bool any = false;
    for (int i = 0; i < n->items.len; i++)
        any |= stage_label_argument(s, f, n, n->items.at[i]) || is_dynamic(s, f, n->items.at[i]);
    if (!any) {
        lift_static(s, f, n, out);
        return;
    }
    lift_static(s, f, n->a, out);
    chunk_text(s, out, n->a->span, "(");
    int written = 0;
    for (int i = 0; i < n->items.len; i++) {
        Node *x = n->items.at[i];
        if (stage_label_argument(s, f, n, x)) continue;
        if (written++) chunk_text(s, out, x->span, ", ");
        if (!is_dynamic(s, f, x)) lift_static(s, f, x, out);
        else if (!lift_number(s, x, built_everywhere(s, n, x), out)) return;
    }
    chunk_text(s, out, n->span, ")");
}

/* A layer without weights is built where the sizes that it takes are known: in the second part. */
static void build_late(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *out)
{
    lift_static(s, f, n->a, out);
    chunk_text(s, out, n->a->span, "(");
    int written = 0;
    for (int i = 0; i < n->items.len; i++) {
        if (stage_label_argument(s, f, n, n->items.at[i])) continue;
        if (written++) chunk_text(s, out, n->items.at[i]->span, ", ");
        lift_expr(s, f, n->items.at[i], depth, construct, out);
    }
    chunk_text(s, out, n->span, ")");
}

/* A layer that does otherwise while the network is trained: it has to be a part of it. */
static bool asks_training(Stager *s, const Node *call)
{
    const Site *site = trace_site(s->t, call);
    for (int i = 0; site && i < site->events.len; i++) {
        const PivotLayer *l = site->events.at[i]->layer;
        if (l && (strstr(l->kind->name, "ropout") || strstr(l->kind->name, "Noise") || strstr(l->kind->name, "Random"))) return true;
    }
    return false;
}

static void lift_call(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *out)
{
    Staged *g = helper_call(s, n) ? staged_of(s, s->runs[n->id]) : NULL;
    if (g && !g->inner) {
        lift_helper(s, f, n, g, depth, construct, out);
        return;
    }
    bool late = f->loop && f->loop->tensors && builds_without_weights(s, n) && !asks_training(s, n);
    if (late || (is_dynamic(s, f, n) && builds_without_weights(s, n) && (plain_sizes(s, f, n) || !known_numbers(s, f, n)))) {
        build_late(s, f, n, depth, construct, out);
        return;
    }
    Chunks made = {0};
    lift_built(s, f, n, &made);
    const Event *e = built_at(s, n);
    const char *base = given_name(n);
    if (!base && e && e->layer) base = short_name(e->layer->kind);
    if (!base) base = snake(s->a, callee_name(n));
    moved(s, f, base, &made, n->span, depth, construct, out);
}
