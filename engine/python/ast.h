/* The Python syntax tree, typed and small, with byte spans.
 *
 * Made by parse.c from tree-sitter's tree (which is dropped), read by trace/, rewritten by port/
 * (which builds new nodes of the same types in its own arena and leaves these untouched), printed
 * by print.c. A node made by a rewrite has span {0,0}. Node identity (the pointer) is how trace/
 * and port/ name a place in the source: a *site*. */
#ifndef PYTHON_AST_H
#define PYTHON_AST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/vec.h"

typedef enum NodeKind {
    /* expressions */
    N_NAME,      /* name */
    N_INT,       /* text (as written), num.i where it fits (else big is true) */
    N_FLOAT,     /* text, num.f */
    N_IMAG,      /* text */
    N_STRING,    /* str (decoded bytes, UTF-8), text (as written, quotes and prefix included;
                    implicit concatenation gives one node whose text is the whole), is_bytes.
                    Without a text it is printed in double quotes */
    N_FSTRING,   /* items: N_STRING and N_FORMAT in order; text as written */
    N_FORMAT,    /* a: expression, name: conversion ("r","s","a" or NULL), b: format spec
                    (N_FSTRING) or NULL */
    N_TRUE, N_FALSE, N_NONE, N_ELLIPSIS,
    N_ATTRIBUTE, /* a.name */
    N_SUBSCRIPT, /* a[b]; several indices are an N_TUPLE without parentheses */
    N_SLICE,     /* a:b:c, each or NULL */
    N_CALL,      /* a(items...): positional expressions, N_STAR, N_KEYWORD, N_DSTAR in order; a lone
                    generator argument is an N_GENEXP item */
    N_KEYWORD,   /* name=a */
    N_STAR,      /* *a */
    N_DSTAR,     /* **a */
    N_BINARY,    /* a op b: + - * / // % ** @ & | ^ << >> */
    N_UNARY,     /* op a: - + ~ not */
    N_BOOL,      /* items joined by op: "and" | "or" (flattened) */
    N_COMPARE,   /* items[0] ops[0] items[1] ops[1] ...; ops in strs: < <= > >= == != in, not in,
                    is, is not */
    N_IFEXP,     /* a if b else c */
    N_LAMBDA,    /* params; a: body */
    N_TUPLE,     /* items; paren: written with parentheses */
    N_LIST, N_SET, /* items */
    N_DICT,      /* items: N_PAIR or N_DSTAR */
    N_PAIR,      /* a: b */
    N_LISTCOMP, N_SETCOMP, N_GENEXP, /* a: element; items: N_COMPFOR in order */
    N_DICTCOMP,  /* a: key, b: value; items: N_COMPFOR */
    N_COMPFOR,   /* for a in b, items: conditions (if ...), is_async */
    N_WALRUS,    /* a := b */
    N_AWAIT,     /* a */
    N_YIELD,     /* a or NULL; op "from" for yield from */
    N_PAREN,     /* (a): kept for faithful printing; the tracer looks through it */
    /* statements */
    N_MODULE,    /* items: statements */
    N_EXPR,      /* a: expression statement (a docstring is an N_STRING in one) */
    N_ASSIGN,    /* items: targets in order (x = y = v has two), b: value */
    N_ANNASSIGN, /* a: target, c: annotation, b: value or NULL */
    N_AUGASSIGN, /* a op= b; op without "=" */
    N_RETURN,    /* a or NULL */
    N_DEL,       /* items */
    N_PASS, N_BREAK, N_CONTINUE,
    N_IF,        /* a: test, body, orelse (an elif is an N_IF alone in orelse with elif set) */
    N_FOR,       /* a: target, b: iterable, body, orelse, is_async */
    N_WHILE,     /* a: test, body, orelse */
    N_TRY,       /* body, items: N_EXCEPT, orelse, final */
    N_EXCEPT,    /* a: type or NULL, name or NULL, body; op "*" for except* */
    N_WITH,      /* items: N_WITHITEM, body, is_async */
    N_WITHITEM,  /* a: context expression, b: target or NULL */
    N_RAISE,     /* a or NULL, b: cause or NULL */
    N_ASSERT,    /* a: test, b: message or NULL */
    N_GLOBAL, N_NONLOCAL, /* strs */
    N_IMPORT,    /* items: N_ALIAS */
    N_IMPORTFROM,/* name: module ("" for "from . import"), level: dots, items: N_ALIAS (name "*"
                    for star) */
    N_ALIAS,     /* name, asname or NULL */
    N_FUNCTION,  /* name, params, c: return annotation or NULL, body, decorators, is_async; text:
                    its type parameters as written ("[T]") or NULL. The span starts at the first
                    decorator */
    N_CLASS,     /* name, items: bases and keywords as in a call, body, decorators; text and span as
                    for a function */
    N_MATCH,     /* a: subject, items: N_CASE */
    N_CASE,      /* a: pattern (an expression tree; N_PATTERN for the forms with no expression),
                    b: guard or NULL, body */
    N_PATTERN,   /* text as written */
    N_TYPEALIAS, /* text as written */
    N_ERROR,     /* text: source that did not parse; the rest of the file still stands. Always a
                    statement: an error within one makes an N_ERROR of it, an error in the body of a
                    compound one only of the inner statement */
} NodeKind;

typedef struct Node Node;
typedef VEC(Node *) NodeVec;

typedef enum { PARAM_PLAIN, PARAM_STAR, PARAM_DSTAR } ParamKind;

typedef struct Param {
    const char *name;
    Node *annotation; /* or NULL */
    Node *dflt;       /* default, or NULL */
    ParamKind kind;
    bool keyword_only, positional_only;
    Span span;
} Param;

typedef struct Params {
    VEC(Param) list;
    bool bare_star; /* "*," before the keyword-only ones */
    bool slash;     /* "/" after the positional-only ones */
} Params;

struct Node {
    NodeKind kind;
    Span span;
    const char *name, *asname;
    const char *op;
    const char *text; /* literal as written */
    const char *str;  /* decoded string */
    int str_len;
    union {
        long long i;
        double f;
    } num;
    Node *a, *b, *c;
    NodeVec items;
    StrVec strs;
    NodeVec body, orelse, final;
    NodeVec decorators;
    Params params;
    int level;
    int head; /* source compound statements: the byte after the colon that ends the header */
    bool big, is_bytes, paren, elif, is_async;
    int map;    /* rewritten nodes: the mapping that this text belongs to (0: none). print.c
                   reports it */
    int id;     /* dense number within the module, in source order; rewritten nodes: 0 */
    Node *from; /* rewritten nodes: the source node this one stands for, or NULL. A copied statement
                   whose from is set and which is otherwise unchanged is printed verbatim. Several
                   may stand for the same one: the comments before it go before the first of them,
                   the comment at its end after the last */
    StrVec lead;       /* rewritten statements: comment lines to put before it, without "#"
                          indentation; "" is a blank line */
    const char *trail; /* rewritten statements: a comment for the end of its (first) line */
};

typedef struct Comment {
    Span span;
    bool own_line; /* nothing but blanks before it on its line */
} Comment;

typedef struct Module {
    SourceText *src;
    Node *root; /* N_MODULE */
    VEC(Comment) comments; /* in source order */
    int nnodes;            /* ids run from 1 to nnodes */
} Module;

/* Parses text (any bytes). Never fails: what does not parse is an N_ERROR node and a diagnostic
 * "syntax" with line and caret. Everything lives in the arena (a copy of the text too), the
 * tree-sitter tree is freed before returning. diags may be NULL. */
Module *python_parse(Arena *a, const char *path, const char *text, int len, DiagList *diags);

bool node_is_stmt(const Node *n);
/* The source node that n is or stands for, or NULL. */
const Node *node_origin(const Node *n);
/* The text of a source node, or of what a rewritten one stands for, as written; "" without one. */
char *node_source(Arena *a, const Module *m, const Node *n);
/* The innermost node that covers a byte of the source; the root where there is none. */
Node *node_find_at(Module *m, int byte);
/* The statement list that holds a source statement, and its index there; NULL: it is in none. */
const NodeVec *node_stmt_list(const Module *m, const Node *stmt, int *index);
/* Calls f with every place that holds a node directly below n (never an empty one), in source
 * order, until f returns false. f may replace what is there: the way to rewrite a tree. False when
 * f stopped it. */
bool node_slots(Node *n, bool (*f)(Node **slot, void *), void *ctx);
/* Looks through N_PAREN. */
Node *node_unparen(Node *n);
/* A shallow copy (own vectors) in arena a, with from = n, or n->from where n is a rewrite. */
Node *node_copy(Arena *a, const Node *n);
/* The docstring node (N_EXPR) of a module, class or function body, or NULL. */
Node *node_docstring(const Node *n);
/* Calls f on n and all nodes below in source order; f returns false to skip what is below. */
void node_walk(Node *n, bool (*f)(Node *, void *), void *ctx);

#endif
