/* A width that a loop carries along: what one round builds is what the next one takes.
 *
 *     for f in filters:                        in_channels = 3
 *         self.blocks.append(Block(f))         for f in filters:
 *                                                  self.blocks.append(Block(in_channels, f))
 *                                                  in_channels = f
 *
 * A list comprehension that is all of an assigned value becomes such a loop first; so does one that is what a container
 * is made of, in front of the statement with the container. */
#include <string.h>

#include "python/build.h"
#include "stage/number.h"
#include "stage/widths_internal.h"

static bool is_loop(const Node *n)
{
    return n->kind == N_FOR || n->kind == N_WHILE || n->kind == N_LISTCOMP;
}

static bool inside(const Node *n, const Node *of)
{
    return n->span.start >= of->span.start && n->span.end <= of->span.end;
}

static bool bind_here(Node *n, void *ctx);

typedef struct Binds {
    Arena *a;
    StrVec names;
} Binds;

static void bind_target(Binds *b, const Node *t)
{
    if (t->kind == N_NAME) vec_push(b->a, &b->names, t->name);
    if (t->kind == N_ATTRIBUTE && t->a->kind == N_NAME)
        vec_push(b->a, &b->names, arena_printf(b->a, "%s.%s", t->a->name, t->name));
    for (int i = 0; (t->kind == N_TUPLE || t->kind == N_LIST) && i < t->items.len; i++)
        bind_target(b, t->items.at[i]);
}

static bool bind_here(Node *n, void *ctx)
{
    Binds *b = ctx;
    if (n->kind == N_ASSIGN)
        for (int i = 0; i < n->items.len; i++) bind_target(b, n->items.at[i]);
    if (n->kind == N_AUGASSIGN || n->kind == N_ANNASSIGN || n->kind == N_FOR || n->kind == N_COMPFOR ||
        n->kind == N_WALRUS)
        bind_target(b, n->a);
    return true;
}

/* What the loop and its rounds bind: it has no such value before the loop. */
static StrVec bound_in(W *w, Node *loop)
{
    Binds b = {.a = w->a};
    node_walk(loop, bind_here, &b);
    return b.names;
}

typedef struct Loops {
    Node *outer; /* before which the variable gets its first value */
    Node *inner; /* at whose end it gets the next one */
} Loops;

static const Node *function_node(W *w, const Node *n)
{
    Definition *d = w->t->definition_of[n->id];
    return d ? d->node : w->t->module->root;
}

/* The loops around a place, in its function, from the inside out. */
static int loops_around(W *w, Node *site, Node **out, int most)
{
    const Node *fn = function_node(w, site);
    int n = 0;
    for (Node *p = w->t->parent[site->id]; p && p != fn && n < most; p = p->id > 0 ? w->t->parent[p->id] : NULL)
        if (is_loop(p)) out[n++] = p;
    return n;
}

#define SO_FAR "_so_far" /* in an expression for the next number: the number now */

/* The round before this one, in the same run of the function. */
static const Occ *round_before(const Occs *o, int i)
{
    for (int k = i - 1; k >= 0; k--)
        if (o->at[k].act == o->at[i].act) return &o->at[k];
    return NULL;
}

static bool put_in(Node *n, void *ctx)
{
    const Node *now = ctx;
    if (n->kind != N_NAME || !str_eq(n->name, SO_FAR)) return true;
    n->kind = now->kind;
    n->name = now->name;
    n->num = now->num;
    return true;
}

/* An expression with what the number is now put in. */
static Node *with_now(W *w, const Node *x, Node *now)
{
    Node *copy = number_copy(w->a, x);
    node_walk(copy, put_in, now);
    return copy;
}

/* The rounds behind the first of each run of the function: one expression, made inside of the loop, gives the next
 * number. first takes the others. */
static Node *next_value(W *w, const Node *loop, const Occs *o, Occs *first, bool grows)
{
    Node *all = NULL;
    for (int i = 0; i < o->len; i++) {
        const Occ *before = round_before(o, i);
        if (!before) {
            vec_push(w->a, first, o->at[i]);
            continue;
        }
        Made made;
        Node *x = grows ? widths_grown(w, &o->at[i], before, SO_FAR, &made) : widths_made_any(w, &o->at[i], &made);
        if (!x || !inside(made.site, loop) || (all && !py_same(x, all))) return NULL;
        long long v;
        Node *number = with_now(w, x, py_int(w->a, before->value));
        if (!number_eval(number, made.scope, NULL, &v) || v != o->at[i].value) return NULL;
        all = x;
    }
    return all;
}

static const char *indent_of(W *w, const Node *stmt)
{
    return draft_indent(w->a, w->t->module->src, stmt);
}

static void edit_loop(W *w, const Node *loop, const Node *outer, const char *name, const char *init, const char *next)
{
    const Node *last = loop->body.at[loop->body.len - 1];
    if (!str_eq(init, name))
        widths_edit(w, (Span){outer->span.start, outer->span.start},
                    arena_printf(w->a, "%s = %s\n%s", name, init, indent_of(w, outer)), outer->span);
    widths_edit(w, (Span){last->span.end, last->span.end},
                arena_printf(w->a, "\n%s%s = %s", indent_of(w, loop->body.at[0]), name, next), last->span);
}

static const char *text_of(W *w, const Node *n)
{
    return arena_strndup(w->a, w->t->module->src->text + n->span.start, (size_t)(n->span.end - n->span.start));
}

/* The statement whose whole value the comprehension is; NULL. */
static Node *assigned(W *w, const Node *comp)
{
    Node *p = w->t->parent[comp->id];
    bool plain = comp->items.len == 1 && !comp->items.at[0]->items.len;
    return plain && p && p->kind == N_ASSIGN && p->items.len == 1 && p->b == comp ? p : NULL;
}

static bool edit_comprehension(W *w, const Node *comp, const char *name, const char *init, const char *next)
{
    Node *stmt = assigned(w, comp);
    if (!stmt) return false;
    const Node *over = comp->items.at[0];
    const char *target = text_of(w, stmt->items.at[0]), *indent = indent_of(w, stmt);
    const char *before = str_eq(init, name) ? "" : arena_printf(w->a, "%s = %s\n%s", name, init, indent);
    widths_edit(w, (Span){stmt->span.start, comp->a->span.start},
                arena_printf(w->a, "%s%s = []\n%sfor %s in %s:\n%s    %s.append(", before, target, indent,
                             text_of(w, over->a), text_of(w, over->b), indent, target),
                stmt->span);
    widths_edit(w, (Span){comp->a->span.end, stmt->span.end},
                arena_printf(w->a, ")\n%s    %s = %s", indent, name, next), stmt->span);
    return true;
}

static bool is_container(W *w, const Node *call)
{
    const Site *s = trace_site(w->t, call);
    for (int i = 0; s && i < s->events.len; i++)
        if (s->events.at[i]->kind == EV_CONTAINER) return true;
    return false;
}

static bool count_call(Node *n, void *ctx)
{
    *(int *)ctx += n->kind == N_CALL;
    return true;
}

/* The statement that assigns or returns the container made of this comprehension alone; NULL. */
static Node *contained(W *w, const Node *comp)
{
    bool plain = comp->items.len == 1 && !comp->items.at[0]->items.len;
    Node *call = plain ? w->t->parent[comp->id] : NULL;
    if (call && call->kind == N_KEYWORD) call = w->t->parent[call->id];
    if (!call || call->kind != N_CALL || !is_container(w, call)) return NULL;
    for (int i = 0; i < call->items.len; i++) {
        int calls = 0;
        if (inside(comp, call->items.at[i])) continue;
        node_walk(call->items.at[i], count_call, &calls);
        if (calls) return NULL;
    }
    Node *stmt = w->t->parent[call->id];
    bool whole = stmt && ((stmt->kind == N_ASSIGN && stmt->b == call) || (stmt->kind == N_RETURN && stmt->a == call));
    return whole ? stmt : NULL;
}

static void edit_contained(W *w, Node *in, const Node *comp, const char *name, const char *init, const char *next)
{
    Node *stmt = contained(w, comp);
    const char *text = w->t->module->src->text, *indent = indent_of(w, stmt);
    const Node *over = comp->items.at[0];
    const char *list = widths_fresh_name(w, in, "stack");
    const char *before = str_eq(init, name) ? "" : arena_printf(w->a, "%s = %s\n%s", name, init, indent);
    const char *head = arena_strndup(w->a, text + stmt->span.start, (size_t)(comp->span.start - stmt->span.start));
    const char *tail = arena_strndup(w->a, text + comp->span.end, (size_t)(stmt->span.end - comp->span.end));
    widths_edit(w, (Span){stmt->span.start, comp->a->span.start},
                arena_printf(w->a, "%s%s = []\n%sfor %s in %s:\n%s    %s.append(", before, list, indent,
                             text_of(w, over->a), text_of(w, over->b), indent, list),
                stmt->span);
    widths_edit(w, (Span){comp->a->span.end, stmt->span.end},
                arena_printf(w->a, ")\n%s    %s = %s\n%s%s%s%s", indent, name, next, indent, head, list, tail),
                stmt->span);
}

/* "channels" where the function has in_channels already. */
static const char *variable(W *w, Node *in, const char *attr)
{
    const char *base = attr;
    for (int i = 0; i < w->threads.len; i++)
        if (w->threads.at[i].function->node == in && str_eq(w->threads.at[i].attr, attr))
            base = str_starts(attr, "in_") ? attr + 3 : str_starts(attr, "input_") ? "width" : "features";
    return widths_fresh_name(w, in, base);
}

/* The variable that a loop carries: one that is there already, or a new one. */
static const char *carry(W *w, Node *site, Node *loop, Node *outer, const char *attr, const Node *init, const Node *next, int edits)
{
    const char *from = print_expr_flat(w->a, init);
    for (int i = 0; i < w->carried.len; i++) {
        Carried *c = &w->carried.at[i];
        const char *to = print_expr_flat(w->a, with_now(w, next, py_name(w->a, c->name)));
        if (c->loop != loop || !str_eq(c->next, to) || !(str_eq(c->init, from) || str_eq(c->name, from))) continue;
        w->edits.len = edits;
        return c->name;
    }
    Node *fn;
    const Node *of = function_node(w, site);
    memcpy(&fn, &of, sizeof fn); /* only read */
    Carried fresh = {loop, variable(w, fn, attr), from, NULL};
    fresh.next = print_expr_flat(w->a, with_now(w, next, py_name(w->a, fresh.name)));
    vec_push(w->a, &w->carried, fresh);
    if (loop->kind == N_LISTCOMP && contained(w, loop)) edit_contained(w, fn, loop, fresh.name, from, fresh.next);
    else if (loop->kind == N_LISTCOMP) edit_comprehension(w, loop, fresh.name, from, fresh.next);
    else edit_loop(w, loop, outer, fresh.name, from, fresh.next);
    return fresh.name;
}

static bool has_name(const StrVec *v, const char *name)
{
    for (int i = 0; i < v->len; i++)
        if (str_eq(v->at[i], name)) return true;
    return false;
}

bool widths_outer_name(W *w, Node *site, const Node *x)
{
    Node *loops[8];
    int n = x->kind == N_NAME ? loops_around(w, site, loops, 8) : 0;
    if (n < 2) return false;
    StrVec inner = bound_in(w, loops[0]), outer = bound_in(w, loops[n - 1]);
    return !has_name(&inner, x->name) && has_name(&outer, x->name);
}

Node *widths_carried(W *w, Node *site, const char *attr, const Occs *o, int depth)
{
    Node *loops[8];
    int n = loops_around(w, site, loops, 8);
    for (int i = 0; i < n; i++) {
        Occs first = {0};
        Node *next = next_value(w, loops[i], o, &first, false), *outer = loops[n - 1];
        if (!next) {
            first.len = 0;
            next = next_value(w, loops[i], o, &first, true);
        }
        if (!next) continue;
        if (loops[i]->kind == N_LISTCOMP ? n > 1 || (!assigned(w, loops[i]) && !contained(w, loops[i])) : outer->kind == N_LISTCOMP) return NULL;
        int edits = w->edits.len;
        StrVec banned = bound_in(w, outer);
        Node *init = widths_resolve(w, outer, attr, &first, &banned, depth + 1);
        if (!init) {
            w->edits.len = edits;
            return NULL;
        }
        return py_name(w->a, carry(w, site, loops[i], outer, attr, init, next, edits));
    }
    return NULL;
}

Node *widths_from_loop(W *w, Node *site, Node *x, const Occs *o)
{
    (void)o;
    const char *text = print_expr_flat(w->a, x);
    for (int i = 0; i < w->carried.len; i++) {
        const Carried *c = &w->carried.at[i];
        bool behind = c->loop->span.end <= site->span.start;
        if (behind && function_node(w, c->loop) == function_node(w, site) && str_eq(c->next, text))
            return py_name(w->a, c->name);
    }
    return x;
}
