/* Which functions are staged, and the draft that comes of it.
 *
 * Staged are the functions that built layers and called them on tensors in the trace, the closures
 * that such functions are made by, and the scopes that end in Model(inputs, outputs). The draft has
 * their classes where the functions stood; everything else stays as it is. */
#include "stage/staging.h"

#include <ctype.h>
#include <string.h>

#include "stage/staging_internal.h"

Staged *staged_here(Stager *s, const Node *fn)
{
    for (int i = 0; i < s->all.len; i++)
        if (fn && (s->all.at[i]->fn == fn || s->all.at[i]->inner == fn)) return s->all.at[i];
    return NULL;
}

Staged *staged_of(Stager *s, const Definition *d)
{
    for (int i = 0; d && i < s->all.len; i++)
        if (s->all.at[i]->def == d || (s->all.at[i]->inner && s->all.at[i]->inner == d->node)) return s->all.at[i];
    return NULL;
}

/* ---- names of classes ---- */

const char *stage_camel(Arena *a, const char *name)
{
    static const char *const VERBS[] = {"build_", "make_", "create_", "get_", "define_", "construct_"};
    for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++)
        if (str_starts(name, VERBS[i]) && name[strlen(VERBS[i])]) name += strlen(VERBS[i]);
    Buf b = {0};
    bool up = true;
    for (const char *p = name; *p; p++) {
        if (*p == '_') up = true;
        else {
            buf_addc(&b, up ? (char)toupper((unsigned char)*p) : *p);
            up = false;
        }
    }
    return b.len ? buf_take(&b, a) : "Block";
}

typedef struct NameSearch {
    const char *name;
    bool found;
} NameSearch;

static bool find_name(Node *n, void *ctx)
{
    NameSearch *k = ctx;
    bool bound = (n->kind == N_NAME || n->kind == N_CLASS || n->kind == N_FUNCTION || n->kind == N_ALIAS) &&
                 (str_eq(n->name, k->name) || str_eq(n->asname, k->name));
    k->found |= bound;
    return !k->found;
}

const char *stage_class_name(Stager *s, const char *base)
{
    for (int i = 1;; i++) {
        NameSearch k = {.name = i == 1 ? base : arena_printf(s->a, "%s%d", base, i)};
        node_walk(s->t->module->root, find_name, &k);
        for (int j = 0; j < s->all.len; j++) k.found |= str_eq(s->all.at[j]->cls, k.name);
        if (!k.found) return k.name;
    }
}

/* ---- what is staged ---- */

/* net.predict(images) gives arrays: no tensors of a graph, nor is what is computed from them. */
static bool is_array(const bool *arrays, const PivotTensor *x)
{
    if (!x || x->id <= 0) return false;
    if (arrays[x->id]) return true;
    for (int i = 0; x->producer && i < x->producer->inputs.len; i++)
        if (x->producer->inputs.at[i]->id > 0 && arrays[x->producer->inputs.at[i]->id]) return true;
    return false;
}

static bool *find_arrays(Arena *a, const Trace *t)
{
    bool *arrays = ARENA_ARRAY(a, bool, t->pivot->ntensors + 2);
    for (int i = 0; i < t->flows.len; i++) { /* in the order of happening */
        const Node *n = t->flows.at[i].expr;
        const PivotTensor *x = t->flows.at[i].tensor;
        if (!n || !x || x->id <= 0 || x->id > t->pivot->ntensors) continue;
        bool method = n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && dialect_lists(t->dialect, "module_training", n->a->name);
        if (method || is_array(arrays, x)) arrays[x->id] = true;
    }
    return arrays;
}

static void note_run(Stager *s, const Activation *act)
{
    const Node *call = act->call;
    bool here = call && call->id > 0 && call->id <= s->t->module->nnodes;
    if (here && act->definition && act->definition->kind == DEF_FUNCTION) s->runs[call->id] = act->definition;
}

void stage_facts(Stager *s, Arena *a, const Trace *t)
{
    *s = (Stager){.a = a, .t = t};
    const bool *arrays = find_arrays(a, t);
    s->tensor = ARENA_ARRAY(a, bool, t->nids + 2);
    s->input = ARENA_ARRAY(a, bool, t->nids + 2);
    s->runs = ARENA_ARRAY(a, Definition *, t->nids + 2);
    for (int i = 0; i < t->flows.len; i++) {
        const Node *n = t->flows.at[i].expr;
        const PivotNode *made = t->flows.at[i].tensor ? t->flows.at[i].tensor->producer : NULL;
        if (!n || n->id <= 0 || n->id > t->module->nnodes) continue;
        if (t->flows.at[i].tensor && is_array(arrays, t->flows.at[i].tensor)) continue;
        s->tensor[n->id] = true;
        if (made && made->type == PNODE_INPUT && made->site == n->id && n->kind == N_CALL) s->input[n->id] = true;
    }
    for (int i = 0; i < t->runs.len; i++) note_run(s, t->runs.at[i]); /* one that only gives a function leaves no event */
    for (int i = 0; i < t->events.len; i++)
        for (const Activation *act = t->events.at[i]->frame; act; act = act->caller) note_run(s, act);
}

static bool plain_function(const Trace *t, const Definition *d)
{
    bool method = d->parent && d->parent->kind != DEF_FUNCTION;
    return d->kind == DEF_FUNCTION && d->node->kind == N_FUNCTION && !method && d->node->id <= t->module->nnodes;
}

/* def outer(filters): def inner(x): ...; return inner */
static bool returns(const Node *fn, const Node *inner)
{
    const Node *last = fn->body.len ? fn->body.at[fn->body.len - 1] : NULL;
    return last && last->kind == N_RETURN && last->a && last->a->kind == N_NAME && str_eq(last->a->name, inner->name);
}

static Staged *add(Stager *s, Definition *d, Node *fn)
{
    Staged *f = ARENA_NEW(s->a, Staged);
    f->def = d;
    f->fn = fn;
    vec_push(s->a, &s->all, f);
    return f;
}

static void find_helpers(Stager *s)
{
    for (int i = 0; i < s->t->definitions.len; i++) {
        Definition *d = s->t->definitions.at[i];
        if (!plain_function(s->t, d) || !d->computes || staged_of(s, d)) continue;
        Definition *outer = d->parent;
        bool given = outer && plain_function(s->t, outer) && outer->builds && returns(outer->node, d->node);
        if (!d->builds && !given) continue;
        if (outer && plain_function(s->t, outer) && returns(outer->node, d->node)) {
            Staged *f = add(s, outer, outer->node);
            f->inner = d->node;
            f->cls = stage_class_name(s, stage_camel(s->a, outer->node->name));
            continue;
        }
        Staged *f = add(s, d, d->node);
        f->cls = stage_class_name(s, stage_camel(s->a, d->node->name));
    }
}

/* A function that takes no tensor only passes on what it was given. */
static void only_of_tensors(Stager *s)
{
    int n = 0;
    for (int i = 0; i < s->all.len; i++) {
        Staged *f = s->all.at[i];
        const Node *fn = f->inner ? f->inner : f->fn;
        bool takes = f->model != NULL;
        for (int k = 0; fn && k < fn->params.list.len; k++) takes |= map_has(f->dynamic, fn->params.list.at[k].name);
        if (takes) s->all.at[n++] = f;
    }
    s->all.len = n;
}

const Node *stage_model_call(const Event *e)
{
    bool graph = e->kind == EV_CONTAINER && e->row && str_eq(e->row->kind->name, "Model");
    return graph && e->site->node->kind == N_CALL && e->site->node->items.len ? e->site->node : NULL;
}

bool stage_graph_call(Stager *s, const Node *call)
{
    const Site *site = trace_site(s->t, call);
    for (int i = 0; site && i < site->events.len; i++)
        if (stage_model_call(site->events.at[i])) return true;
    return false;
}

bool staging_has_graph(const Event *e)
{
    return !e->forced && stage_model_call(e) != NULL;
}

static bool find_graphs(Stager *s)
{
    const Trace *t = s->t;
    for (int i = 0; i < t->events.len; i++) {
        const Event *e = t->events.at[i];
        const Node *m = e->forced ? NULL : stage_model_call(e);
        if (!m || m->id <= 0 || m->id > t->module->nnodes) continue;
        Definition *d = t->definition_of[m->id];
        if (d && !plain_function(t, d)) return false;
        Staged *f = d ? staged_of(s, d) : NULL;
        for (int k = 0; k < s->all.len && !d; k++)
            if (!s->all.at[k]->fn) f = s->all.at[k];
        if (f && f->model != m) return false; /* several graphs in one scope */
        if (f) continue;
        f = add(s, d, d ? d->node : NULL);
        f->model = m;
        f->model_stmt = t->stmt_parent[m->id];
        const NodeVec *body = d ? &d->node->body : &t->module->root->items;
        bool there = false;
        for (int k = 0; k < body->len; k++) there |= body->at[k] == f->model_stmt;
        if (!there) return false;
    }
    return s->all.len > 0;
}

/* ---- the graph's inputs ---- */

typedef struct Inputs {
    Stager *s;
    Staged *f;
    StrVec made;
} Inputs;

static bool find_inputs(Node *n, void *ctx)
{
    Inputs *k = ctx;
    if (n->kind == N_FUNCTION) return false;
    if (n->kind != N_ASSIGN || n->items.len != 1 || n->items.at[0]->kind != N_NAME || !makes_input(k->s, n)) return true;
    const char *name = n->items.at[0]->name;
    for (int i = 0; i < k->made.len; i++)
        if (str_eq(k->made.at[i], name)) return true;
    vec_push(k->s->a, &k->made, name);
    return true;
}

Node *stage_argument(const Node *call, const char *name, int place)
{
    for (int i = 0; i < call->items.len; i++) {
        Node *x = call->items.at[i];
        if (x->kind == N_KEYWORD && (str_eq(x->name, name) || (str_ends(name, "s") && strncmp(x->name, name, strlen(name) - 1) == 0 && !x->name[strlen(name) - 1])))
            return x->a;
        if (x->kind != N_KEYWORD && i == place) return x;
    }
    return NULL;
}

static bool was_made(const Inputs *k, const char *name)
{
    for (int i = 0; i < k->made.len; i++)
        if (str_eq(k->made.at[i], name)) return true;
    return false;
}

static Node *bound_list(const NodeVec *body, const Node *name, const Node *before)
{
    Node *found = NULL;
    for (int i = 0; i < body->len && body->at[i] != before; i++) {
        Node *n = body->at[i];
        if (n->kind == N_ASSIGN && n->items.len == 1 && n->items.at[0]->kind == N_NAME && str_eq(n->items.at[0]->name, name->name))
            found = node_unparen(n->b);
    }
    return found && (found->kind == N_LIST || found->kind == N_TUPLE || found->kind == N_BINARY) ? found : NULL;
}

/* The items of [a, b] + more, where more = [c, d] was bound before. */
static void list_items(Stager *s, const NodeVec *body, const Node *before, Node *x, NodeVec *out, int depth)
{
    x = node_unparen(x);
    Node *bound = x->kind == N_NAME && depth < 8 ? bound_list(body, x, before) : NULL;
    if (bound) {
        list_items(s, body, before, bound, out, depth + 1);
    } else if (x->kind == N_BINARY && str_eq(x->op, "+")) {
        list_items(s, body, before, x->a, out, depth + 1);
        list_items(s, body, before, x->b, out, depth + 1);
    } else if (x->kind == N_LIST || x->kind == N_TUPLE) {
        for (int i = 0; i < x->items.len; i++) {
            Node *item = x->items.at[i];
            if (item->kind == N_STAR) list_items(s, body, before, item->a, out, depth + 1);
            else vec_push(s->a, out, item);
        }
    } else {
        vec_push(s->a, out, x);
    }
}

static bool settle_inputs(Stager *s, Staged *f)
{
    Inputs k = {.s = s, .f = f};
    const NodeVec *body = f->fn ? &f->fn->body : &s->t->module->root->items;
    for (int i = 0; i < body->len && body->at[i] != f->model_stmt; i++) node_walk(body->at[i], find_inputs, &k);
    Node *in = stage_argument(f->model, "inputs", 0);
    if (!in || !k.made.len) return false;
    f->aliases = map_new(s->a);
    NodeVec one = {0};
    list_items(s, body, f->model_stmt, in, &one, 0);
    for (int i = 0; i < one.len; i++) {
        Node *x = node_unparen(one.at[i]);
        if (x->kind != N_NAME) return false;
        if (was_made(&k, x->name)) vec_push(s->a, &f->inputs, x->name);
        else map_set(f->aliases, x->name, (void *)x->name);
    }
    if (!f->inputs.len && k.made.len == 1) vec_push(s->a, &f->inputs, k.made.at[0]);
    return f->inputs.len == k.made.len;
}

/* ---- text ---- */

void stage_emit(Draft *d, const Chunks *c)
{
    for (int i = 0; i < c->len; i++) {
        if (c->at[i].text) draft_add(d, c->at[i].text, c->at[i].span);
        else draft_copy(d, c->at[i].span.start, c->at[i].span.end);
    }
}

/* Parameters that are tensors belong to the call, the others to the constructor. */
static void parameters(Stager *s, const Staged *f, const Node *fn, bool tensors, Chunks *out)
{
    const SourceText *src = s->t->module->src;
    bool star = false;
    for (int i = 0; fn && i < fn->params.list.len; i++) {
        const Param *p = &fn->params.list.at[i];
        if (map_has(f->dynamic, p->name) != tensors || map_has(f->labels, p->name)) continue;
        if (p->keyword_only && !star && p->kind == PARAM_PLAIN && fn->params.bare_star) {
            chunk_text(s, out, fn->span, ", *");
            star = true;
        }
        const char *stars = p->kind == PARAM_STAR ? "*" : p->kind == PARAM_DSTAR ? "**" : "";
        bool starred = p->span.end > p->span.start && src->text[p->span.start] == '*';
        chunk_text(s, out, p->span, ", %s", starred ? "" : stars);
        chunk_copy(s, out, p->span.start, p->span.end);
    }
}

static void docstring(Stager *s, const Node *fn, int depth, Chunks *out)
{
    Node *copy;
    memcpy(&copy, &fn, sizeof copy); /* only read */
    Node *doc = fn ? node_docstring(copy) : NULL;
    if (!doc) return;
    chunk_text(s, out, doc->span, "%s", stage_indent(s, depth));
    chunk_copy(s, out, doc->span.start, doc->span.end);
    chunk_text(s, out, doc->span, "\n\n");
}

typedef struct Package {
    Stager *s;
    const char *name; /* "tensorflow.keras" where the file imports it from there */
} Package;

static bool find_package(Node *n, void *ctx)
{
    Package *p = ctx;
    if (n->kind != N_IMPORT && n->kind != N_IMPORTFROM) return true;
    for (int i = 0; i < n->items.len; i++) {
        const char *module = n->kind == N_IMPORT ? n->items.at[i]->name : n->name;
        const char *first = arena_strndup(p->s->a, module, strcspn(module, "."));
        const char *inner = arena_printf(p->s->a, "%s.keras", first);
        const char *whole = dialect_canonical(p->s->t->dialect, p->s->a, inner);
        if (!p->name && str_eq(first, "keras")) p->name = first;
        if (!p->name && str_eq(whole, "keras")) p->name = inner;
    }
    return true;
}

/* The statement that binds a base of the classes, in the words of the file's own generation. */
static const char *base_import(Stager *s, const char *kind)
{
    const char *base = s->t->dialect->module_bases.at[0];
    for (int i = 0; i < s->t->dialect->module_bases.len; i++)
        if (str_ends(s->t->dialect->module_bases.at[i], arena_printf(s->a, ".%s", kind))) {
            base = s->t->dialect->module_bases.at[i];
            break;
        }
    const char *dot = strrchr(base, '.');
    Package p = {.s = s};
    node_walk(s->t->module->root, find_package, &p);
    const char *module = arena_strndup(s->a, base, (size_t)(dot - base));
    if (p.name && str_starts(module, "keras")) module = arena_printf(s->a, "%s%s", p.name, module + strlen("keras"));
    return arena_printf(s->a, "from %s import %s as %s_\n", module, kind, kind);
}

static void crossing(Stager *s, const Staged *f, bool parameters, Chunks *out)
{
    for (int i = 0; i < f->cross->len; i++) {
        const char *name = f->cross->entries[i].key;
        bool param = false;
        for (int which = 0; which < 2; which++) {
            const Node *fn = which ? f->inner : f->fn;
            for (int k = 0; fn && k < fn->params.list.len; k++) param |= str_eq(fn->params.list.at[k].name, name);
        }
        if (!name || param != parameters) continue;
        chunk_text(s, out, f->fn ? f->fn->span : (Span){0, 0}, "        self.%s = %s\n", name, name);
    }
}

static void strip_newline(Chunks *c)
{
    Chunk *last = c->len ? &c->at[c->len - 1] : NULL;
    if (last && last->text && str_eq(last->text, "\n")) c->len--;
}

/* What a model gives: of outputs=[x] the tensor, as when Keras calls one. */
static Node *given_back(const Node *model)
{
    Node *outputs = stage_argument(model, "outputs", 1);
    bool one = outputs && outputs->kind == N_LIST && outputs->items.len == 1 && outputs->items.at[0]->kind != N_STAR;
    return one ? outputs->items.at[0] : outputs;
}

/* class Name(Layer): both parts. */
void stage_class(Stager *s, Staged *f, Chunks *out)
{
    Span why = f->fn ? f->fn->span : f->model_stmt->span;
    why.end = why.start + 1;
    Chunks result = {0};
    if (f->model) lift_expr(s, f, given_back(f->model), 2, &f->construct, &result);
    const char *kind = f->model ? "Model" : "Layer";
    chunk_text(s, out, why, "class %s(%s_):\n", f->cls, kind);
    docstring(s, f->fn, 1, out);
    chunk_text(s, out, why, "    def __init__(self");
    parameters(s, f, f->fn, false, out);
    if (f->inner) parameters(s, f, f->inner, false, out);
    chunk_text(s, out, why, "):\n        super().__init__()\n");
    crossing(s, f, true, out);
    chunk_all(s, out, &f->construct);
    crossing(s, f, false, out);
    gives_keep(s, f, out);
    chunk_text(s, out, why, "\n    def call(self");
    if (f->model) {
        for (int i = 0; i < f->inputs.len; i++) chunk_text(s, out, why, ", %s", f->inputs.at[i]);
    } else {
        parameters(s, f, f->inner ? f->inner : f->fn, true, out);
    }
    chunk_text(s, out, why, "):\n");
    chunk_all(s, out, &f->apply);
    if (f->model) {
        chunk_text(s, out, why, "        return ");
        chunk_all(s, out, &result);
    }
    strip_newline(out);
}

/* ---- a graph's function ---- */

static const char *arguments_text(Stager *s, const Staged *f)
{
    Buf b = {0};
    const Node *fn = f->fn;
    for (int i = 0; fn && i < fn->params.list.len; i++) {
        const Param *p = &fn->params.list.at[i];
        const char *name = p->name;
        if (map_has(f->labels, name)) continue;
        buf_printf(&b, "%s", b.len ? ", " : "");
        if (p->kind == PARAM_STAR) buf_printf(&b, "*%s", name);
        else if (p->kind == PARAM_DSTAR) buf_printf(&b, "**%s", name);
        else if (p->keyword_only) buf_printf(&b, "%s=%s", name, name);
        else buf_add(&b, name);
    }
    return b.len ? buf_take(&b, s->a) : "";
}

/* Does the function only return what it made? */
static bool plain_tail(const Staged *f)
{
    const NodeVec *body = &f->fn->body;
    const Node *last = body->at[body->len - 1];
    if (f->model_stmt->kind == N_RETURN) return last == f->model_stmt && node_unparen(last->a) == f->model;
    bool named = f->model_stmt->kind == N_ASSIGN && f->model_stmt->items.len == 1 &&
                 f->model_stmt->items.at[0]->kind == N_NAME;
    return named && body->len >= 2 && body->at[body->len - 2] == f->model_stmt && last->kind == N_RETURN && last->a &&
           last->a->kind == N_NAME && str_eq(last->a->name, f->model_stmt->items.at[0]->name);
}

typedef struct Reads {
    const Staged *f;
    Arena *a;
    StrVec names;
} Reads;

static bool find_reads(Node *n, void *ctx)
{
    Reads *r = ctx;
    if (n == r->f->model) return false;
    if (n->kind == N_NAME && map_has(r->f->statics, n->name)) vec_push(r->a, &r->names, n->name);
    return true;
}

static bool reads(const Reads *r, const Node *target)
{
    if (target->kind == N_NAME)
        for (int i = 0; i < r->names.len; i++)
            if (str_eq(r->names.at[i], target->name)) return true;
    for (int i = 0; (target->kind == N_TUPLE || target->kind == N_LIST) && i < target->items.len; i++)
        if (reads(r, target->items.at[i])) return true;
    return false;
}

typedef struct Binds {
    const Reads *r;
    bool found;
} Binds;

static bool find_binds(Node *n, void *ctx)
{
    Binds *b = ctx;
    if (n->kind == N_ASSIGN)
        for (int i = 0; i < n->items.len; i++) b->found |= reads(b->r, n->items.at[i]);
    if (n->kind == N_AUGASSIGN) b->found |= reads(b->r, n->a);
    return true;
}

/* What stands before the graph and is read beside or behind it, in the function that is left. */
static void kept_before(Stager *s, Staged *f, Chunks *out)
{
    const NodeVec *body = &f->fn->body;
    Reads r = {.f = f, .a = s->a};
    bool behind = false;
    for (int i = 0; i < body->len; i++) {
        behind |= body->at[i] == f->model_stmt;
        if (behind) node_walk(body->at[i], find_reads, &r);
    }
    bool *keep = ARENA_ARRAY(s->a, bool, body->len + 1);
    for (int i = body->len - 1; i >= 0; i--) {
        if (body->at[i] == f->model_stmt) behind = false;
        if (behind || body->at[i] == f->model_stmt || is_dynamic(s, f, body->at[i])) continue;
        Binds b = {.r = &r};
        node_walk(body->at[i], find_binds, &b);
        if (!b.found) continue;
        keep[i] = true;
        node_walk(body->at[i], find_reads, &r);
    }
    for (int i = 0; i < body->len; i++) {
        if (!keep[i]) continue;
        chunk_text(s, out, body->at[i]->span, "    ");
        chunk_copy(s, out, body->at[i]->span.start, body->at[i]->span.end);
        chunk_text(s, out, body->at[i]->span, "\n");
    }
}

static void factory_text(Stager *s, Staged *f, Chunks *out)
{
    const Node *fn = f->fn, *m = f->model_stmt;
    const SourceText *src = s->t->module->src;
    Node *copy;
    memcpy(&copy, &fn, sizeof copy); /* only read */
    const Node *doc = node_docstring(copy);
    chunk_copy(s, out, fn->span.start, fn->head > 0 ? fn->head : fn->body.at[0]->span.start);
    chunk_text(s, out, fn->span, "\n");
    if (doc) {
        chunk_text(s, out, doc->span, "    ");
        chunk_copy(s, out, doc->span.start, doc->span.end);
        chunk_text(s, out, doc->span, "\n");
    }
    kept_before(s, f, out);
    chunk_text(s, out, m->span, "    ");
    chunk_copy(s, out, m->span.start, f->model->span.start);
    chunk_text(s, out, f->model->span, "%s(%s)", f->cls, arguments_text(s, f));
    chunk_copy(s, out, f->model->span.end, m->span.end);
    chunk_text(s, out, m->span, "\n");
    int line = m->span.end;
    while (line < fn->span.end && src->text[line] != '\n') line++;
    if (line < fn->span.end) chunk_copy(s, out, line + 1, fn->span.end);
    else strip_newline(out);
}

/* ---- the draft ---- */

static Staged *staged_at(Stager *s, const Node *stmt)
{
    for (int i = 0; i < s->all.len; i++)
        if (s->all.at[i]->fn == stmt && stmt->kind == N_FUNCTION) return s->all.at[i];
    return NULL;
}

static Staged *module_graph(Stager *s)
{
    for (int i = 0; i < s->all.len; i++)
        if (!s->all.at[i]->fn) return s->all.at[i];
    return NULL;
}

typedef struct Unrun {
    Stager *s;
    bool found;
} Unrun;

static bool find_unrun(Node *n, void *ctx)
{
    Unrun *u = ctx;
    bool named = n->kind == N_CALL && n->a->kind == N_NAME && n->id > 0 && !u->s->runs[n->id];
    for (int i = 0; named && i < u->s->all.len; i++)
        u->found |= u->s->all.at[i]->fn && !u->s->all.at[i]->model && str_eq(u->s->all.at[i]->fn->name, n->a->name);
    return !u->found;
}

/* Does a function that nothing ran call what is a class now? */
static bool calls_unrun(Stager *s, Node *n)
{
    Unrun u = {.s = s};
    node_walk(n, find_unrun, &u);
    return u.found;
}

static void unrun_text(Stager *s, const Node *fn, Chunks *out)
{
    chunk_copy(s, out, fn->span.start, fn->head > 0 ? fn->head : fn->body.at[0]->span.start);
    chunk_text(s, out, fn->span, "\n    raise NotImplementedError(\"%s was not reached by any network that was ported\")\n",
               fn->name);
}

static void one_top(Stager *s, Node *n, Chunks *out)
{
    Staged *f = staged_at(s, n), *graph = module_graph(s);
    if (f) {
        stage_class(s, f, out);
        if (f->model && !(isupper((unsigned char)f->fn->name[0]) && plain_tail(f))) {
            chunk_text(s, out, n->span, "\n\n\n");
            factory_text(s, f, out);
        }
        return;
    }
    if (graph && n == graph->model_stmt) {
        stage_class(s, graph, out);
        chunk_text(s, out, n->span, "\n\n\n");
        chunk_copy(s, out, n->span.start, graph->model->span.start);
        chunk_text(s, out, graph->model->span, "%s()", graph->cls);
        chunk_copy(s, out, graph->model->span.end, n->span.end);
        return;
    }
    if (graph && n->span.start < graph->model_stmt->span.start &&
        (is_dynamic(s, graph, n) || makes_input(s, n)) && n->kind != N_FUNCTION && n->kind != N_CLASS)
        return; /* it stands in the class */
    if (n->kind == N_FUNCTION && calls_unrun(s, n)) {
        unrun_text(s, n, out);
        return;
    }
    Staged none = {.dynamic = map_new(s->a), .statics = map_new(s->a), .labels = map_new(s->a)};
    lift_static(s, &none, n, out);
}

/* Where the gap between two statements begins to be copied: behind the blanks, where the first of them went. */
static int gap_start(const Stager *s, int at, int next)
{
    int i = at;
    while (i < next && isspace((unsigned char)s->t->module->src->text[i])) i++;
    return i == next ? next : at;
}

static bool write_draft(Stager *s, Draft *d)
{
    const NodeVec *body = &s->t->module->root->items;
    int at = 0;
    bool imported = false, went = false;
    for (int i = 0; i < body->len && !s->failed; i++) {
        Chunks c = {0};
        const Node *n = body->at[i];
        bool head = n->kind == N_IMPORT || n->kind == N_IMPORTFROM || (i == 0 && n->kind == N_EXPR);
        draft_copy(d, went ? gap_start(s, at, n->span.start) : at, n->span.start);
        if (!head && !imported) {
            draft_add(d, base_import(s, "Layer"), n->span);
            draft_add(d, base_import(s, "Model"), n->span);
            imported = true;
        }
        one_top(s, body->at[i], &c);
        stage_emit(d, &c);
        went = !c.len;
        at = body->at[i]->span.end;
    }
    draft_copy(d, at, s->t->module->src->len);
    return !s->failed;
}

static void list_roots(Stager *s, Staging *out)
{
    for (int i = 0; i < s->all.len; i++) {
        Staged *f = s->all.at[i];
        if (!f->model) continue;
        StagedRoot r = {.cls = f->cls, .inputs = f->inputs};
        for (int k = 0; k < s->t->events.len && !r.was; k++) {
            const Event *e = s->t->events.at[k];
            if (staging_has_graph(e) && e->site->node == f->model) r.was = e->nn;
        }
        vec_push(s->a, &out->roots, r);
    }
}

bool staging_make(Arena *a, const Trace *t, Staging *out)
{
    Stager s;
    *out = (Staging){0};
    stage_facts(&s, a, t);
    if (!find_graphs(&s)) return false;
    find_helpers(&s);
    for (int i = 0; i < s.all.len; i++) {
        Staged *f = s.all.at[i];
        if (f->model) {
            const char *name = f->fn ? f->fn->name : "net";
            bool itself = f->fn && isupper((unsigned char)name[0]) && plain_tail(f);
            const char *base = str_eq(stage_camel(a, name), "Model") ? "Net" : stage_camel(a, name);
            f->itself = itself;
            f->cls = itself ? name : stage_class_name(&s, str_eq(base, name) ? arena_printf(a, "%sModel", base) : base);
            if (!settle_inputs(&s, f)) return false;
        }
        split_names(&s, f);
        for (int k = 0; f->model && k < f->inputs.len; k++) map_set(f->dynamic, f->inputs.at[k], (void *)f->inputs.at[k]);
    }
    split_passed(&s);
    gives_find(&s);
    only_of_tensors(&s);
    stage_labels(&s);
    for (int i = 0; i < s.all.len && !s.failed; i++) split_function(&s, s.all.at[i]);
    Draft d = {.a = a, .origin = t->module->src};
    if (s.failed || !write_draft(&s, &d)) {
        int col;
        out->failed = s.failed;
        if (s.failed_at) source_position(t->module->src, s.failed_at, &out->line, &col);
        buf_free(&d.text);
        return false;
    }
    out->module = draft_parse(&d);
    if (!out->module) out->failed = "its two parts do not make up Python";
    list_roots(&s, out);
    out->notes = s.notes;
    return out->module != NULL;
}
