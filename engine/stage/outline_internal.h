/* Inside of outlining.
 *
 *   outline.c        scopes, their graphs, and which statements belong to which
 *   outline_share.c  what several graphs have in common
 *   outline_text.c   the draft */
#ifndef STAGE_OUTLINE_INTERNAL_H
#define STAGE_OUTLINE_INTERNAL_H

#include "stage/outline.h"
#include "stage/staging_internal.h"

typedef struct StmtFacts { /* a statement of a scope's body */
    Map *binds;     /* names that it binds */
    Map *mutates;   /* names whose value it changes: xs.append(x), d["a"] = x */
    Map *reads;     /* names that it reads */
    Map *attrs;     /* attributes of self that it reads */
    bool whole;     /* it binds its names whatever happens */
    bool dynamic, input, builds;
    bool sets_self; /* it sets an attribute of self, or hands self on */
    int graph;      /* whose call of Model it has, or -1 */
} StmtFacts;

typedef struct Handed { /* an argument of a graph's function */
    const char *outer, *inner; /* as the scope says it, and the parameter's name */
} Handed;

typedef struct Begun { /* a graph that this one begins with */
    int graph, after;  /* called behind this statement */
    StrVec inputs, outputs;
    Map *given;        /* names of what it gives, by the output that they stand for */
} Begun;

typedef struct Graph {
    const Node *model; /* the call */
    int at;            /* its statement */
    const char *name;  /* of the function */
    bool *in;          /* by statement: it belongs to the function */
    bool *was;         /* the same before another graph's statements were taken out */
    Map *statics;      /* names without tensors that it reads from outside */
    VEC(Handed) handed;
    VEC(Begun) begun;
} Graph;

typedef struct Hoisted { /* a layer that several graphs have in common */
    Node *call;
    const char *name;
    int stmt;
} Hoisted;

typedef struct Scope {
    Stager *s;
    Definition *def;
    Node *fn;         /* NULL: module level */
    const char *self; /* of a method, or NULL */
    const NodeVec *body;
    Staged names;     /* which names are dynamic, which static */
    StmtFacts *facts;
    VEC(Graph) graphs;
    VEC(Hoisted) hoisted;
    bool *keep;       /* by statement: it stays in the scope */
    Map *gone;
} Scope;

/* outline.c */
/* Is something built in it, by a function of the file too? */
bool outline_builds(Stager *s, Node *n);
bool outline_has(const Map *names, const Map *of);
void outline_put(Map *m, const Map *from);
/* The scopes with graphs (room for one of each definition, and two), in the order of their first; returns how many. */
int outline_scopes(Stager *s, Scope **all);
/* What each statement of a scope does. False where a graph is made in no statement of its own. */
bool outline_facts(Scope *k);
bool outline_has_effect(const Scope *k, int i); /* beyond the tensors that it binds */
const char *outline_target(const Scope *k, const Graph *g); /* how the scope names it, or NULL */
/* outline_share.c: false where what they have in common cannot be said. */
bool outline_share(Scope *k);
/* outline_text.c */
Module *outline_text(Stager *s, Scope **scopes, int n);

#endif
