/* The tree's own operations: walking, copying, finding places.
 *
 * node_slots is the one function that knows where a node keeps its children and in which order they
 * stand in the source; whatever visits or rewrites trees builds on it. */
#include "python/ast.h"

#include <string.h>

#include "base/str.h"

bool node_is_stmt(const Node *n)
{
    return n->kind >= N_MODULE && n->kind != N_WITHITEM && n->kind != N_EXCEPT &&
           n->kind != N_CASE && n->kind != N_ALIAS && n->kind != N_PATTERN;
}

Node *node_unparen(Node *n)
{
    while (n && n->kind == N_PAREN) n = n->a;
    return n;
}

const Node *node_origin(const Node *n)
{
    return n->id > 0 ? n : n->from;
}

static void copy_nodes(Arena *a, NodeVec *v)
{
    NodeVec copy = {0};
    if (v->len == 0) {
        *v = copy;
        return;
    }
    copy.at = ARENA_ARRAY(a, Node *, v->len);
    memcpy(copy.at, v->at, sizeof(Node *) * (size_t)v->len);
    copy.len = copy.cap = v->len;
    *v = copy;
}

static void copy_strings(Arena *a, StrVec *v)
{
    StrVec copy = {0};
    for (int i = 0; i < v->len; i++) vec_push(a, &copy, v->at[i]);
    *v = copy;
}

Node *node_copy(Arena *a, const Node *n)
{
    Node *c = ARENA_NEW(a, Node);
    *c = *n;
    c->id = 0;
    c->span = (Span){0, 0};
    c->head = 0;
    if (n->id > 0)
        memcpy(&c->from, &n, sizeof(n)); /* from is not const; nobody writes through it */
    copy_nodes(a, &c->items);
    copy_nodes(a, &c->body);
    copy_nodes(a, &c->orelse);
    copy_nodes(a, &c->final);
    copy_nodes(a, &c->decorators);
    copy_strings(a, &c->strs);
    copy_strings(a, &c->lead);
    Params params = n->params;
    params.list.at = NULL;
    params.list.len = params.list.cap = 0;
    for (int i = 0; i < n->params.list.len; i++) vec_push(a, &params.list, n->params.list.at[i]);
    c->params = params;
    return c;
}

Node *node_docstring(const Node *n)
{
    const NodeVec *list = n->kind == N_MODULE ? &n->items : &n->body;
    if (n->kind != N_MODULE && n->kind != N_CLASS && n->kind != N_FUNCTION) return NULL;
    if (list->len == 0 || list->at[0]->kind != N_EXPR) return NULL;
    const Node *e = list->at[0]->a;
    return e && e->kind == N_STRING && !e->is_bytes ? list->at[0] : NULL;
}

/* --- walking --- */

typedef bool SlotFn(Node **slot, void *ctx);

static bool vec_slots(NodeVec *v, SlotFn *f, void *ctx)
{
    for (int i = 0; i < v->len; i++)
        if (v->at[i] && !f(&v->at[i], ctx)) return false;
    return true;
}

static bool param_slots(Params *params, SlotFn *f, void *ctx)
{
    for (int i = 0; i < params->list.len; i++) {
        Param *p = &params->list.at[i];
        if (p->annotation && !f(&p->annotation, ctx)) return false;
        if (p->dflt && !f(&p->dflt, ctx)) return false;
    }
    return true;
}

bool node_slots(Node *n, SlotFn *f, void *ctx)
{
    Node **first = &n->a, **second = &n->b, **third = &n->c;
    if (n->kind == N_ANNASSIGN) { /* target: annotation = value */
        second = &n->c;
        third = &n->b;
    }
    bool body_first = n->kind == N_TRY, items_first = n->kind == N_ASSIGN;
    if (!vec_slots(&n->decorators, f, ctx) || !param_slots(&n->params, f, ctx)) return false;
    if (items_first && !vec_slots(&n->items, f, ctx)) return false;
    if (*first && !f(first, ctx)) return false;
    if (*second && !f(second, ctx)) return false;
    if (*third && !f(third, ctx)) return false;
    if (body_first && !vec_slots(&n->body, f, ctx)) return false;
    if (!items_first && !vec_slots(&n->items, f, ctx)) return false;
    if (!body_first && !vec_slots(&n->body, f, ctx)) return false;
    return vec_slots(&n->orelse, f, ctx) && vec_slots(&n->final, f, ctx);
}

typedef struct Walk {
    bool (*f)(Node *, void *);
    void *ctx;
} Walk;

static bool walk_slot(Node **slot, void *ctx)
{
    Walk *w = ctx;
    if (w->f(*slot, w->ctx)) node_slots(*slot, walk_slot, w);
    return true;
}

void node_walk(Node *n, bool (*f)(Node *, void *), void *ctx)
{
    Walk w = {f, ctx};
    walk_slot(&n, &w);
}

/* --- places in the source --- */

char *node_source(Arena *a, const Module *m, const Node *n)
{
    const Node *o = node_origin(n);
    if (!o || o->span.end > m->src->len || o->span.start >= o->span.end) return arena_strdup(a, "");
    return arena_strndup(a, m->src->text + o->span.start, (size_t)(o->span.end - o->span.start));
}

typedef struct Search {
    int byte;
    Node *found;
} Search;

static bool covers_byte(Node **slot, void *ctx)
{
    Search *s = ctx;
    if ((*slot)->span.start <= s->byte && s->byte < (*slot)->span.end) s->found = *slot;
    return !s->found;
}

Node *node_find_at(Module *m, int byte)
{
    Search s = {.byte = byte};
    Node *n = m->root;
    for (;;) {
        s.found = NULL;
        node_slots(n, covers_byte, &s);
        if (!s.found) return n;
        n = s.found;
    }
}

/* The last in the list that starts at or before a byte; -1 when none does. */
static int last_before(const NodeVec *list, int byte)
{
    int lo = 0, hi = list->len;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (list->at[mid]->span.start <= byte) lo = mid + 1;
        else hi = mid;
    }
    return lo - 1;
}

static const Node *inside(const NodeVec *list, const Node *stmt)
{
    int i = last_before(list, stmt->span.start);
    return i >= 0 && list->at[i]->span.end >= stmt->span.end ? list->at[i] : NULL;
}

const NodeVec *node_stmt_list(const Module *m, const Node *stmt, int *index)
{
    const Node *n = m->root;
    while (n) {
        bool clauses = n->kind == N_TRY || n->kind == N_MATCH, module = n->kind == N_MODULE;
        const NodeVec *lists[] = {module ? &n->items : &n->body, &n->orelse, &n->final};
        const Node *next = clauses ? inside(&n->items, stmt) : NULL;
        for (int i = 0; i < 3; i++) {
            const Node *in = inside(lists[i], stmt);
            if (in == stmt) {
                *index = last_before(lists[i], stmt->span.start);
                return lists[i];
            }
            if (in) next = in;
        }
        n = next;
    }
    return NULL;
}
