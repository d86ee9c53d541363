/* Inside of staging.
 *
 *   staging.c  which functions are staged; the draft
 *   split.c    the statements of one function, in two parts
 *   collapse.c loops in loops that become one
 *   gives.c    numbers that a helper gives beside its tensors
 *   labels.c   names that only name layers
 *   lift.c     the expressions of a statement: what is built goes into the constructor */
#ifndef STAGE_STAGING_INTERNAL_H
#define STAGE_STAGING_INTERNAL_H

#include "base/map.h"
#include "stage/draft.h"
#include "stage/staging.h"

/* A piece of text to come: a stretch of the source, or text of its own on account of one. */
typedef struct Chunk {
    const char *text; /* NULL: a copy of `span` */
    Span span;
} Chunk;
typedef VEC(Chunk) Chunks;

typedef struct KeptLoop { /* an inner loop whose second part waits for the outer one's: collapse.c */
    Node *loop;
    int depth;
    const struct KeptLoop *inner;
    Chunks body;
    StrVec taken, bases; /* the lists that each round takes from, and what their items are called */
} KeptLoop;

typedef struct LoopNames { /* a loop that is being split */
    struct LoopNames *outer;
    const Node *node;
    bool uses_target;     /* the second part reads what the loop binds */
    bool conditional;     /* inside of a condition now */
    bool tensors;         /* it walks tensors: nobody knows how many rounds there are when the network is built */
    StrVec lists, each;   /* self.convs, conv: walked side by side */
    StrVec iterators;     /* convs: an iterator, set up before the outermost loop */
    StrVec taken, bases;  /* of these this loop's own body takes one in each round */
    StrVec walked;        /* iterators that are not needed after all */
    KeptLoop *kept;       /* an inner loop that waits */
    bool branches;        /* the second part has conditions */
    bool busy;            /* the second part has more than one inner loop */
    StrVec bound;         /* names of the body that are listed so: layer = Dense(n[i]) ... x = layer(x) */
} LoopNames;

typedef struct Staged {
    Definition *def;
    Node *fn;           /* whose parameters the class has; NULL: module level */
    Node *inner;        /* a closure that fn returns: the second part is in there; or NULL */
    const char *cls;
    const Node *model;  /* the call of Model that ends it; NULL: a helper */
    Node *model_stmt;
    Map *dynamic;       /* names that hold tensors */
    Map *statics;       /* names bound without tensors: number of times */
    Map *built;         /* module level: names of what is built before the graph, and called in it */
    Map *labels;        /* static names that only name layers */
    Map *attrs;         /* attributes taken */
    Map *cross;         /* static names that the second part reads, in order */
    StrVec inputs;      /* names of the graph's inputs */
    Map *passed;        /* parameters that are given lists of tensors; NULL: none */
    StrVec gives;       /* by place in what it returns: a name without tensors, or NULL */
    const char *moved;  /* how the constructor reaches what was built last: "self.blocks[-1]" */
    Map *aliases;       /* names that only say what the graph's inputs are */
    LoopNames *loop;
    Chunks construct, apply, hoisted;
    bool itself;        /* the class has the function's place and its name */
    bool done;
} Staged;

typedef struct Stager {
    Arena *a;
    const Trace *t;
    bool *tensor;      /* by node id: the expression was a tensor */
    bool *input;       /* by node id: the call made a graph's input */
    Definition **runs; /* by node id of calls: the function that ran there */
    VEC(Staged *) all;
    StrVec notes; /* what the draft says differently from the source */
    const char *failed; /* why, or NULL */
    int failed_at;
} Stager;

void stage_fail(Stager *s, const Node *n, const char *why);
Staged *staged_of(Stager *s, const Definition *d);

/* split.c */
void split_function(Stager *s, Staged *f);
void split_names(Stager *s, Staged *f); /* which names are dynamic, which static */
void split_block(Stager *s, Staged *f, const NodeVec *body, int depth, Chunks *construct, Chunks *apply);
bool is_dynamic(Stager *s, const Staged *f, Node *n);
void split_passed(Stager *s); /* which helpers are given lists of tensors: their names are looked at again */
bool stage_only_inputs(Stager *s, const Staged *f, Node *n); /* the statement makes a graph's inputs, or names them anew */

/* gives.c: numbers that a helper gives beside its tensors */
void gives_find(Stager *s);
const char *gives_at(const Staged *g, int place);
const Staged *gives_to(Stager *s, Node *n); /* whose numbers an assignment takes, or NULL */
bool gives_number(Stager *s, Node *n, int place); /* is this target of it such a number? */
void gives_assign(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply);
bool gives_return(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *apply);
void gives_keep(Stager *s, const Staged *f, Chunks *out); /* at the constructor's end */

/* labels.c */
void stage_labels(Stager *s);
bool stage_label_argument(Stager *s, const Staged *f, const Node *call, const Node *arg);
bool stage_only_labels(Stager *s, const Staged *f, Node *n); /* the statement goes */

/* lift.c */
void lift_expr(Stager *s, Staged *f, Node *n, int depth, Chunks *construct, Chunks *out);
/* The statement without a second part, staged functions by their classes' names. */
void lift_static(Stager *s, Staged *f, Node *n, Chunks *out);
/* The staged function that a name means in f, the innermost first; NULL. */
Staged *stage_named_function(Stager *s, const Staged *f, const Node *n);
bool builds(Stager *s, const Node *call); /* is something built at this call? */
bool any_built(Stager *s, Node *n);
bool makes_input(Stager *s, Node *n); /* is a graph's input made somewhere in it? */

void chunk_text(Stager *s, Chunks *c, Span why, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void chunk_copy(Stager *s, Chunks *c, int start, int end);
void chunk_all(Stager *s, Chunks *c, const Chunks *from);
/* The same text, its lines indented by so many blanks. */
void chunk_indented(Stager *s, Chunks *c, const Chunks *from, int blanks);
/* staging.c: the class that a function becomes. */
void stage_class(Stager *s, Staged *f, Chunks *out);
Staged *staged_here(Stager *s, const Node *fn); /* the one whose function or closure this is */
const char *stage_attr(Stager *s, Staged *f, const char *base);
const char *stage_plural(Arena *a, const char *name);
/* Finds what the trace says of each node. */
void stage_facts(Stager *s, Arena *a, const Trace *t);
const char *stage_camel(Arena *a, const char *name);             /* "build_unet" -> "Unet" */
const char *stage_class_name(Stager *s, const char *base);       /* one that the file has not */
const Node *stage_model_call(const Event *e);                    /* Model(inputs, outputs), or NULL */
bool stage_graph_call(Stager *s, const Node *call);              /* was a graph made at this call? */
Node *stage_argument(const Node *call, const char *name, int place); /* of Model(...), or NULL */
void stage_emit(Draft *d, const Chunks *c);
const char *stage_indent(Stager *s, int depth);

#endif
