/* Which methods, what they read of self (through each other, too), and the draft. */
#include "stage/unbind.h"

#include <ctype.h>
#include <string.h>

#include "stage/copy.h"

typedef struct Method {
    Definition *def;
    Node *fn;
    const Node *cls;
    const char *self; /* NULL: a static method */
    const char *name; /* of the function */
    Map *attrs;       /* what it reads of self */
    NodeVec calls;    /* of other methods of the class */
    bool good, called;
} Method;

typedef struct Unbind {
    Stager s;
    VEC(Method) methods;
} Unbind;

/* ---- which ---- */

static const char *decorator_name(const Node *fn)
{
    if (!fn->decorators.len) return NULL;
    const Node *d = fn->decorators.at[0];
    return fn->decorators.len == 1 && d->kind == N_NAME ? d->name : "?";
}

static bool plain_class(const Definition *d)
{
    return d && d->kind != DEF_FUNCTION && d->kind != DEF_MODULE_CLASS && d->node->kind == N_CLASS && !d->parent;
}

static Method *method_named(Unbind *u, const Node *cls, const char *name)
{
    for (int i = 0; i < u->methods.len; i++)
        if (u->methods.at[i].cls == cls && str_eq(u->methods.at[i].fn->name, name)) return &u->methods.at[i];
    return NULL;
}

/* self.name( in a method of the class that has it, Cls.name( anywhere: which one is meant although no trace came here. */
static Method *called_here(Unbind *u, const Node *call)
{
    for (int i = 0; i < u->methods.len; i++)
        if (!u->methods.at[i].self && str_eq(u->methods.at[i].cls->name, call->a->a->name) && str_eq(u->methods.at[i].fn->name, call->a->name))
            return &u->methods.at[i];
    Node **parent = u->s.t->parent, *fn = parent[call->id];
    while (fn && (fn->kind != N_FUNCTION || fn->id <= 0 || !parent[fn->id] || parent[fn->id]->kind != N_CLASS))
        fn = fn->id > 0 ? parent[fn->id] : NULL;
    bool self = fn && fn->params.list.len && str_eq(fn->params.list.at[0].name, call->a->a->name);
    return self ? method_named(u, parent[fn->id], call->a->name) : NULL;
}

/* self.name( or Cls.name( of a method of a plain class. */
static Method *called_method(Unbind *u, const Node *call)
{
    if (call->kind != N_CALL || call->a->kind != N_ATTRIBUTE || call->a->a->kind != N_NAME || call->id <= 0) return NULL;
    Definition *d = u->s.runs[call->id];
    for (int i = 0; d && i < u->methods.len; i++)
        if (u->methods.at[i].def == d) return &u->methods.at[i];
    return d ? NULL : called_here(u, call);
}

static Method *taken_method(Unbind *u, const Node *call)
{
    Method *m = called_method(u, call);
    return m && m->good ? m : NULL;
}

typedef struct Look {
    Unbind *u;
    Method *m;
    const char *name;
    bool found;
} Look;

static bool look(Node *n, void *ctx)
{
    Look *l = ctx;
    Method *m = l->m;
    const Trace *t = l->u->s.t;
    if (n->kind == N_CALL && n->id > 0 && m->self && stage_graph_call(&l->u->s, n)) m->good = false; /* outlined where it stands */
    if (n->kind != N_NAME || !m->self || !str_eq(n->name, m->self)) return true;
    const Node *up = n->id > 0 ? t->parent[n->id] : NULL, *over = up && up->id > 0 ? t->parent[up->id] : NULL;
    if (!up || up->kind != N_ATTRIBUTE || l->u->s.tensor[up->id]) {
        m->good = false;
        return true;
    }
    if (over && over->kind == N_CALL && over->a == up && method_named(l->u, m->cls, up->name)) {
        Node *call = t->parent[up->id];
        vec_push(l->u->s.a, &m->calls, call);
        return true;
    }
    bool set = over && ((over->kind == N_ASSIGN && over->b != up) || (over->kind == N_AUGASSIGN && over->a == up));
    if (set) m->good = false;
    else map_set(m->attrs, up->name, (void *)up->name);
    return true;
}

static bool is_imported(Node *n, void *ctx)
{
    Look *l = ctx;
    const char *name = l->name;
    if (n->kind == N_ALIAS && (str_eq(n->asname, name) || (!n->asname && str_eq(n->name, name)))) l->found = true;
    return !l->found;
}

/* A method that somebody reads otherwise than by a call that is rewritten has to stay. */
static bool find_readers(Node *n, void *ctx)
{
    Look *l = ctx;
    Unbind *u = l->u;
    if (n->kind != N_ATTRIBUTE || !str_eq(n->name, l->m->fn->name)) return true;
    const Node *call = n->id > 0 ? u->s.t->parent[n->id] : NULL;
    bool calls = call && call->kind == N_CALL && call->a == n && call->id > 0;
    if (calls && called_method(u, call) == l->m) l->m->called = true;
    if (calls && (u->s.runs[call->id] || called_method(u, call))) return true;
    Look import = {.u = u, .name = n->a->kind == N_NAME ? n->a->name : NULL};
    if (import.name) node_walk(u->s.t->module->root, is_imported, &import); /* layers.add */
    if (!import.found) l->m->good = false;
    return true;
}

static void find_methods(Unbind *u)
{
    const Trace *t = u->s.t;
    for (int i = 0; i < t->definitions.len; i++) {
        Definition *d = t->definitions.at[i];
        bool here = d->kind == DEF_FUNCTION && d->node->kind == N_FUNCTION && d->node->id <= t->module->nnodes;
        const char *how = here ? decorator_name(d->node) : NULL;
        if (!here || !plain_class(d->parent) || !d->computes || str_starts(d->node->name, "__")) continue;
        if (how && !str_eq(how, "staticmethod")) continue;
        Method m = {.def = d, .fn = d->node, .cls = d->parent->node, .attrs = map_new(u->s.a), .good = true};
        if (!how && !d->node->params.list.len) continue;
        if (!how) m.self = d->node->params.list.at[0].name;
        vec_push(u->s.a, &u->methods, m);
    }
    for (int i = 0; i < u->methods.len; i++) {
        Look l = {.u = u, .m = &u->methods.at[i]};
        for (int k = 0; k < l.m->fn->body.len; k++) node_walk(l.m->fn->body.at[k], look, &l);
        node_walk(u->s.t->module->root, find_readers, &l);
        l.m->good &= l.m->called; /* what a framework calls, by its name alone, stays a method */
    }
}

/* What a method's methods read it reads; one that calls a method that stays stays. */
static void close_over(Unbind *u)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < u->methods.len; i++) {
            Method *m = &u->methods.at[i];
            for (int c = 0; c < m->calls.len && m->good; c++) {
                Method *other = method_named(u, m->cls, m->calls.at[c]->a->name);
                if (!other->good) {
                    m->good = false;
                    changed = true;
                    break;
                }
                for (int k = 0; k < other->attrs->len; k++) {
                    const char *name = other->attrs->entries[k].key;
                    if (!name || map_has(m->attrs, name)) continue;
                    map_set(m->attrs, name, (void *)name);
                    changed = true;
                }
            }
        }
    }
}

/* ---- names ---- */

typedef struct Names {
    const Node *but;
    const char *name;
    bool taken;
} Names;

static bool find_name(Node *n, void *ctx)
{
    Names *k = ctx;
    bool names = n->kind == N_NAME || n->kind == N_CLASS || n->kind == N_FUNCTION || n->kind == N_ALIAS;
    k->taken |= n != k->but && names && (str_eq(n->name, k->name) || str_eq(n->asname, k->name));
    for (int i = 0; n->kind == N_FUNCTION && i < n->params.list.len; i++)
        k->taken |= str_eq(n->params.list.at[i].name, k->name);
    return !k->taken;
}

/* ResnetBuilder.build: outside of the class a verb alone says too little. */
static const char *with_class(Unbind *u, const Method *m)
{
    Buf b = {0};
    for (const char *p = m->cls->name; *p; p++) {
        bool next = p > m->cls->name && isupper((unsigned char)*p) && islower((unsigned char)p[-1]);
        buf_printf(&b, "%s%c", next ? "_" : "", tolower((unsigned char)*p));
    }
    buf_printf(&b, "_%s", m->name);
    return buf_take(&b, u->s.a);
}

static void name_function(Unbind *u, Method *m)
{
    m->name = m->fn->name;
    while (*m->name == '_') m->name++;
    if (!m->self && !strchr(m->name, '_')) m->name = with_class(u, m);
    for (;;) {
        Names k = {.but = m->fn, .name = m->name};
        node_walk(u->s.t->module->root, find_name, &k);
        for (int i = 0; i < u->methods.len; i++)
            k.taken |= &u->methods.at[i] != m && u->methods.at[i].good && str_eq(u->methods.at[i].name, m->name);
        if (!k.taken) return;
        m->name = arena_printf(u->s.a, "%s_block", m->name);
    }
}

/* Names of attributes that the method binds itself: they would be one with the parameter. */
static bool attrs_clash(const Method *m)
{
    for (int i = 0; i < m->attrs->len; i++) {
        Names k = {.name = m->attrs->entries[i].key};
        if (k.name) node_walk((Node *)m->fn, find_name, &k);
        if (k.taken) return true;
    }
    return false;
}

/* ---- text ---- */

typedef struct Fill {
    Unbind *u;
    const char *self; /* of the method that is left, or NULL */
    bool keep; /* self stays self: in a method that remains */
    CopyHoles holes;
} Fill;

static const char *handed(Unbind *u, const Method *m, const char *of)
{
    Buf b = {0};
    for (int i = 0; i < m->attrs->len; i++) {
        const char *name = m->attrs->entries[i].key;
        if (name) buf_printf(&b, "%s%s%s", b.len ? ", " : "", of, name);
    }
    return b.len ? buf_take(&b, u->s.a) : "";
}

static bool fill(Node *n, void *ctx)
{
    Fill *f = ctx;
    Unbind *u = f->u;
    Method *m = taken_method(u, n);
    if (m) {
        const char *of = f->keep ? arena_printf(u->s.a, "%s.", n->a->a->name) : "";
        const char *args = handed(u, m, of);
        int open = n->a->span.end;
        while (u->s.t->module->src->text[open] != '(') open++;
        CopyHole h = {{n->a->span.start, open + 1},
                      arena_printf(u->s.a, "%s(%s%s", m->name, args, *args && n->items.len ? ", " : "")};
        vec_push(u->s.a, &f->holes, h);
        for (int i = 0; i < n->items.len; i++) node_walk(n->items.at[i], fill, f);
        return false;
    }
    if (f->self && n->kind == N_ATTRIBUTE && n->a->kind == N_NAME && str_eq(n->a->name, f->self)) {
        CopyHole h = {n->span, n->name};
        vec_push(u->s.a, &f->holes, h);
        return false;
    }
    return true;
}

static void function_text(Unbind *u, const Method *m, Chunks *out)
{
    Node *fn = m->fn;
    Fill f = {.u = u, .self = m->self};
    const Params *p = &fn->params;
    int first = m->self ? 1 : 0;
    Buf b = {0};
    buf_printf(&b, "def %s(%s", m->name, handed(u, m, ""));
    if (map_count(m->attrs) && p->list.len > first) buf_add(&b, ", ");
    int open = fn->decorators.len ? fn->decorators.at[0]->span.end : fn->span.start;
    while (u->s.t->module->src->text[open] != '(') open++;
    CopyHole head = {{fn->span.start, p->list.len > first ? p->list.at[first].span.start : open + 1}, NULL};
    if (p->list.len > first && (p->list.at[first].kind != PARAM_PLAIN || p->list.at[first].keyword_only))
        head.at.end = p->list.at[0].span.end; /* a star stands before it */
    if (p->list.len == first && first) head.at.end = p->list.at[0].span.end;
    head.text = buf_take(&b, u->s.a);
    vec_push(u->s.a, &f.holes, head);
    for (int i = 0; i < fn->body.len; i++) node_walk(fn->body.at[i], fill, &f);
    copy_stmt(&u->s, fn, &f.holes, 0, out);
    chunk_text(&u->s, out, fn->span, "\n\n");
}

static bool is_taken(const Unbind *u, const Node *fn)
{
    for (int i = 0; i < u->methods.len; i++)
        if (u->methods.at[i].good && u->methods.at[i].fn == fn) return true;
    return false;
}

/* The calls in code that stays. */
static void calls_pieces(Unbind *u, Node *n, Pieces *all)
{
    Fill f = {.u = u, .keep = true};
    node_walk(n, fill, &f);
    for (int h = 0; h < f.holes.len; h++) {
        Chunks c = {0};
        chunk_text(&u->s, &c, f.holes.at[h].at, "%s", f.holes.at[h].text);
        piece_add(&u->s, all, f.holes.at[h].at, &c);
    }
}

/* What is left of the class: the calls of its other methods, and the place of those that went. */
static void class_pieces(Unbind *u, const Node *cls, Pieces *all)
{
    int left = 0;
    for (int i = 0; i < cls->body.len; i++) {
        Node *n = cls->body.at[i];
        if (is_taken(u, n)) {
            Span at = copy_whole_lines(&u->s, n, i ? cls->body.at[i - 1]->span.end : cls->head);
            const char *text = u->s.t->module->src->text; /* with the blank lines before it */
            while (i && at.start > 1 && text[at.start - 1] == '\n' && text[at.start - 2] == '\n') at.start--;
            piece_add(&u->s, all, at, NULL);
            continue;
        }
        left++;
        calls_pieces(u, n, all);
    }
    Chunks pass = {0};
    chunk_text(&u->s, &pass, cls->span, "    pass\n");
    if (!left) piece_add(&u->s, all, (Span){cls->span.end, cls->span.end}, &pass);
}

static int end_before(const Method *m)
{
    for (int i = 1; i < m->cls->body.len; i++)
        if (m->cls->body.at[i] == m->fn) return m->cls->body.at[i - 1]->span.end;
    return m->cls->head;
}

static Module *draft(Unbind *u)
{
    Pieces all = {0};
    const NodeVec *top = &u->s.t->module->root->items;
    for (int c = 0; c < top->len; c++) {
        bool any = false;
        for (int i = 0; i < u->methods.len; i++) {
            Method *m = &u->methods.at[i];
            if (!m->good || m->cls != top->at[c]) continue;
            Chunks fn = {0};
            copy_comments(&u->s, end_before(m), m->fn->span.start, 0, &fn);
            function_text(u, m, &fn);
            int at = copy_line_start(&u->s, m->cls->span.start);
            piece_add(&u->s, &all, (Span){at, at}, &fn);
            any = true;
        }
        if (any) class_pieces(u, top->at[c], &all);
        else calls_pieces(u, top->at[c], &all);
    }
    return pieces_draft(&u->s, &all);
}

Module *unbind_make(Arena *a, const Trace *t)
{
    Unbind u = {0};
    stage_facts(&u.s, a, t);
    find_methods(&u);
    close_over(&u);
    for (int i = 0; i < u.methods.len; i++)
        if (attrs_clash(&u.methods.at[i])) u.methods.at[i].good = false;
    close_over(&u);
    bool any = false;
    for (int i = 0; i < u.methods.len; i++) any |= u.methods.at[i].good;
    for (int i = 0; i < u.methods.len; i++)
        if (u.methods.at[i].good) name_function(&u, &u.methods.at[i]);
    return any ? draft(&u) : NULL;
}
