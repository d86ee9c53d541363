/* Scopes as Python makes them: a module, functions and lambdas, classes (which the functions in them do not see) and
 * comprehensions. What a scope binds is collected first, over its whole text, then its reads are looked up.
 *
 * A read comes too early where the same scope binds the name only in statements that begin further down and no loop
 * leads back: asked of the module's and the functions' own statements, not of what is defined in them. */
#include "python/unbound.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"

typedef struct Scope {
    struct Scope *up;
    Map *binds;    /* name -> the first byte from which it may be bound, plus one, as a pointer's number */
    Map *outer;    /* names declared global or nonlocal */
    Map *said;
    bool is_class, ordered;
} Scope;

typedef struct Check {
    Arena *a;
    UnboundVec found;
    Scope *module;
    bool blind; /* a star import, or text that did not parse */
    bool lazy;  /* annotations are not evaluated */
    Map *known; /* Python's own names */
} Check;

static const char *const BUILTINS[] = {
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError", "BrokenPipeError", "BufferError",
    "BytesWarning", "ChildProcessError", "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError", "ConnectionResetError",
    "DeprecationWarning", "EOFError", "Ellipsis", "EncodingWarning", "EnvironmentError", "Exception", "ExceptionGroup", "False", "FileExistsError",
    "FileNotFoundError", "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportError", "ImportWarning", "IndentationError",
    "IndexError", "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError",
    "NameError", "None", "NotADirectoryError", "NotImplemented", "NotImplementedError", "OSError", "OverflowError", "PendingDeprecationWarning",
    "PermissionError", "ProcessLookupError", "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError", "RuntimeWarning",
    "StopAsyncIteration", "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError", "True",
    "TypeError", "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError", "UnicodeWarning",
    "UserWarning", "ValueError", "Warning", "ZeroDivisionError", "__annotations__", "__build_class__", "__builtins__", "__class__", "__debug__",
    "__dict__", "__doc__", "__file__", "__import__", "__loader__", "__module__", "__name__", "__package__", "__path__", "__qualname__", "__spec__", "abs",
    "aiter", "all", "anext", "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable", "chr", "classmethod", "compile",
    "complex", "copyright", "credits", "delattr", "dict", "dir", "display", "divmod", "enumerate", "eval", "exec", "exit", "filter", "float",
    "format", "frozenset", "get_ipython", "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input", "int", "isinstance", "issubclass",
    "iter", "len", "license", "list", "locals", "map", "max", "memoryview", "min", "next", "object", "oct", "open", "ord", "pow", "print",
    "property", "quit", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple",
    "type", "vars", "zip",
};

static Scope *scope_new(Check *c, Scope *up)
{
    Scope *s = ARENA_NEW(c->a, Scope);
    s->up = up;
    s->binds = map_new(c->a);
    s->outer = map_new(c->a);
    s->said = map_new(c->a);
    return s;
}

/* ---- what a scope binds ---- */

static void bind(Scope *s, const char *name, int from)
{
    if (!name || map_has(s->outer, name)) return;
    const int *was = map_get(s->binds, name);
    if (was && *was <= from) return;
    int *at = ARENA_NEW(s->binds->arena, int);
    *at = from;
    map_set(s->binds, name, at);
}

static void bind_target(Scope *s, const Node *t, int from)
{
    if (!t) return;
    if (t->kind == N_NAME) bind(s, t->name, from);
    if (t->kind == N_STAR || t->kind == N_PAREN) bind_target(s, t->a, from);
    for (int i = 0; (t->kind == N_TUPLE || t->kind == N_LIST) && i < t->items.len; i++) bind_target(s, t->items.at[i], from);
}

/* Every word of a pattern: more than it binds, never less. */
static void bind_words(Check *c, Scope *s, const char *text, int from)
{
    for (const char *p = text; p && *p;) {
        size_t n = 0;
        while (isalnum((unsigned char)p[n]) || p[n] == '_') n++;
        if (n) bind(s, arena_strndup(c->a, p, n), from);
        p += n ? n : 1;
    }
}

typedef struct Binding {
    Check *c;
    Scope *s;
    bool pattern;
} Binding;

static bool collect(Node *n, void *ctx);

static void collect_from(Check *c, Scope *s, Node *n, bool pattern)
{
    Binding b = {c, s, pattern};
    if (n) node_walk(n, collect, &b);
}

static void collect_aliases(Check *c, Scope *s, const Node *n)
{
    for (int i = 0; i < n->items.len; i++) {
        const Node *al = n->items.at[i];
        if (al->name && str_eq(al->name, "*")) c->blind = true;
        if (n->name && str_eq(n->name, "__future__") && str_eq(al->name, "annotations")) c->lazy = true;
        const char *bound = al->asname ? al->asname : al->name;
        size_t first = n->kind == N_IMPORT && !al->asname ? strcspn(bound, ".") : strlen(bound);
        bind(s, arena_strndup(c->a, bound, first), n->span.end);
    }
}

/* Where a name that a loop's body binds may be read: anywhere in the loop from its second round on. The first round is
 * not told from the others, so the loop's begin counts. */
static void collect_loop(Check *c, Scope *s, Node *n)
{
    Scope *in = scope_new(c, NULL);
    in->outer = s->outer;
    for (int i = 0; i < n->body.len; i++) collect_from(c, in, n->body.at[i], false);
    for (int i = 0; i < in->binds->len; i++)
        if (in->binds->entries[i].key) bind(s, in->binds->entries[i].key, n->span.start);
}

static bool collect(Node *n, void *ctx)
{
    Binding *b = ctx;
    Check *c = b->c;
    Scope *s = b->s;
    switch (n->kind) {
    case N_NAME:
        if (b->pattern) bind(s, n->name, 0);
        return true;
    case N_PATTERN: bind_words(c, s, n->text, 0); return false;
    case N_ERROR: c->blind = true; return false;
    case N_IMPORT: case N_IMPORTFROM: collect_aliases(c, s, n); return false;
    case N_FUNCTION: case N_CLASS: bind(s, n->name, n->span.end); return false;
    case N_TYPEALIAS: bind_words(c, s, n->text, n->span.start); return false;
    case N_LAMBDA: return false;
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++) bind_target(s, n->items.at[i], n->b->span.end);
        return true;
    case N_ANNASSIGN: bind_target(s, n->a, n->span.end); return true;
    case N_AUGASSIGN: bind_target(s, n->a, n->span.end); return true;
    case N_WALRUS: bind_target(s, n->a, n->span.end); return true;
    case N_FOR:
        bind_target(s, n->a, n->b->span.end);
        collect_loop(c, s, n);
        return true;
    case N_WHILE: collect_loop(c, s, n); return true;
    case N_WITHITEM: bind_target(s, n->b, n->a->span.end); return true;
    case N_EXCEPT: bind(s, n->name, n->span.start); return true;
    case N_CASE: collect_from(c, s, n->a, true); return true;
    default: return true;
    }
}

static bool collect_outer(Node *n, void *ctx)
{
    Binding *b = ctx;
    if (n->kind == N_FUNCTION || n->kind == N_CLASS || n->kind == N_LAMBDA) return false;
    for (int i = 0; (n->kind == N_GLOBAL || n->kind == N_NONLOCAL) && i < n->strs.len; i++)
        map_set(b->s->outer, n->strs.at[i], b);
    return true;
}

static void collect_block(Check *c, Scope *s, const NodeVec *body)
{
    Binding b = {c, s, false};
    for (int i = 0; i < body->len; i++) node_walk(body->at[i], collect_outer, &b);
    for (int i = 0; i < body->len; i++) collect_from(c, s, body->at[i], false);
}

/* global x in a function binds the module's x, which must be known before anything is looked up. */
static bool collect_globals(Node *n, void *ctx)
{
    Check *c = ctx;
    for (int i = 0; n->kind == N_GLOBAL && i < n->strs.len; i++) bind(c->module, n->strs.at[i], 0);
    return true;
}

/* ---- what it reads ---- */

static void read_name(Check *c, Scope *s, const Node *n)
{
    bool own = true;
    for (Scope *at = s; at; at = at->up) {
        if (at->is_class && !own) continue;
        const int *from = map_get(at->binds, n->name);
        if (from && own && at->ordered && *from > n->span.start && !map_has(c->known, n->name)) {
            if (!map_has(at->said, n->name)) vec_push(c->a, &c->found, ((Unbound){n, true}));
            map_set(at->said, n->name, at);
        }
        if (from) return;
        own = false;
    }
    if (map_has(c->known, n->name) || map_has(s->said, n->name)) return;
    map_set(s->said, n->name, s);
    vec_push(c->a, &c->found, ((Unbound){n, false}));
}

typedef struct Reading {
    Check *c;
    Scope *s;
} Reading;

static bool read_node(Node **slot, void *ctx);

static void read_below(Check *c, Scope *s, Node *n)
{
    Reading r = {c, s};
    node_slots(n, read_node, &r);
}

static void read_one(Check *c, Scope *s, Node *n)
{
    Reading r = {c, s};
    if (n) read_node(&n, &r);
}

static void read_block(Check *c, Scope *s, const NodeVec *body)
{
    for (int i = 0; i < body->len; i++) read_one(c, s, body->at[i]);
}

/* A target is bound, not read; what its items and attributes are of is read. */
static void read_target(Check *c, Scope *s, Node *t)
{
    if (t->kind == N_NAME) return;
    if (t->kind == N_STAR || t->kind == N_PAREN) read_target(c, s, t->a);
    else if (t->kind == N_TUPLE || t->kind == N_LIST)
        for (int i = 0; i < t->items.len; i++) read_target(c, s, t->items.at[i]);
    else read_one(c, s, t);
}

static void read_function(Check *c, Scope *s, Node *n)
{
    for (int i = 0; i < n->decorators.len; i++) read_one(c, s, n->decorators.at[i]);
    Scope *in = scope_new(c, s);
    in->ordered = n->kind == N_FUNCTION;
    for (int i = 0; i < n->params.list.len; i++) {
        const Param *p = &n->params.list.at[i];
        read_one(c, s, p->dflt);
        if (!n->text && !c->lazy) read_one(c, s, p->annotation); /* type parameters are names of their own */
        bind(in, p->name, 0);
    }
    if (n->kind == N_LAMBDA) {
        collect_from(c, in, n->a, false);
        read_one(c, in, n->a);
        return;
    }
    if (!n->text && !c->lazy) read_one(c, s, n->c);
    collect_block(c, in, &n->body);
    read_block(c, in, &n->body);
}

static void read_class(Check *c, Scope *s, Node *n)
{
    for (int i = 0; i < n->decorators.len; i++) read_one(c, s, n->decorators.at[i]);
    for (int i = 0; !n->text && i < n->items.len; i++) read_one(c, s, n->items.at[i]);
    Scope *in = scope_new(c, s);
    in->is_class = true;
    collect_block(c, in, &n->body);
    read_block(c, in, &n->body);
}

static void read_comprehension(Check *c, Scope *s, Node *n)
{
    Scope *in = scope_new(c, s);
    for (int i = 0; i < n->items.len; i++) bind_target(in, n->items.at[i]->a, 0);
    read_one(c, in, n->a);
    read_one(c, in, n->b);
    for (int i = 0; i < n->items.len; i++) { /* what the first goes over is evaluated outside */
        const Node *f = n->items.at[i];
        read_one(c, i ? in : s, f->b);
        read_target(c, in, f->a);
        for (int k = 0; k < f->items.len; k++) read_one(c, in, f->items.at[k]);
    }
}

static bool read_node(Node **slot, void *ctx)
{
    Reading *r = ctx;
    Node *n = *slot;
    switch (n->kind) {
    case N_NAME: read_name(r->c, r->s, n); break;
    case N_FUNCTION: case N_LAMBDA: read_function(r->c, r->s, n); break;
    case N_CLASS: read_class(r->c, r->s, n); break;
    case N_LISTCOMP: case N_SETCOMP: case N_GENEXP: case N_DICTCOMP: read_comprehension(r->c, r->s, n); break;
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++) read_target(r->c, r->s, n->items.at[i]);
        read_one(r->c, r->s, n->b);
        break;
    case N_ANNASSIGN:
        read_target(r->c, r->s, n->a);
        if (!r->c->lazy) read_one(r->c, r->s, n->c);
        read_one(r->c, r->s, n->b);
        break;
    case N_FOR:
        read_target(r->c, r->s, n->a);
        read_one(r->c, r->s, n->b);
        read_block(r->c, r->s, &n->body);
        read_block(r->c, r->s, &n->orelse);
        break;
    case N_WITHITEM:
        read_one(r->c, r->s, n->a);
        if (n->b) read_target(r->c, r->s, n->b);
        break;
    case N_WALRUS: read_one(r->c, r->s, n->b); break;
    default: read_below(r->c, r->s, n);
    }
    return true;
}

UnboundVec python_unbound(Arena *a, const Module *m)
{
    Check c = {.a = a, .known = map_new(a)};
    for (size_t i = 0; i < sizeof BUILTINS / sizeof *BUILTINS; i++) map_set(c.known, BUILTINS[i], m->root);
    c.module = scope_new(&c, NULL);
    c.module->ordered = true;
    node_walk(m->root, collect_globals, &c);
    collect_block(&c, c.module, &m->root->items);
    read_block(&c, c.module, &m->root->items);
    UnboundVec none = {0};
    return c.blind ? none : c.found;
}
