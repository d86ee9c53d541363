/* Inside of the search for widths: widths.c and widths_loop.c. */
#ifndef STAGE_WIDTHS_INTERNAL_H
#define STAGE_WIDTHS_INTERNAL_H

#include "stage/draft.h"
#include "stage/widths.h"

/* One time that a place was run. */
typedef struct Occ {
    Activation *act;       /* the run of the function that the place is in; NULL: module level */
    const Snapshot *scope; /* what was in scope */
    long long value;       /* the number that is wanted */
    const PivotTensor *tensor; /* whose width it is, or NULL */
} Occ;
typedef VEC(Occ) Occs;

typedef struct Thread { /* a parameter that a function got */
    const Definition *function;
    const char *attr, *name;
    Occs runs; /* one for each run */
} Thread;

typedef struct Carried { /* a variable that a loop carries */
    const Node *loop;
    const char *name, *init, *next;
} Carried;

typedef struct TakenName {
    const Node *in;
    const char *name;
} TakenName;

typedef struct W {
    Arena *a;
    const Trace *t;
    DraftEdits edits;
    VEC(Thread) threads;
    VEC(Carried) carried;
    VEC(TakenName) names;
    VEC(Activation *) runs;
    const Event **built; /* by layer id: its construction */
} W;

/* Where the width was made, in the terms of the run that asks. */
typedef struct Made {
    const Snapshot *scope;
    const Node *site; /* the place in that run's function */
} Made;

Node *widths_resolve(W *w, Node *site, const char *attr, const Occs *o, const StrVec *banned, int depth);
/* The argument that made a width, lifted into the run that asks; NULL. */
Node *widths_made(W *w, const Occ *o, Made *made);
/* The same of a bare weight that a layer of the file's own multiplies by: widths_weight.c. */
Node *widths_weight_made(W *w, const Occ *o, Made *made);
/* x, said in the run `act` and in `made`, in the terms of the run that asks; NULL. */
Node *widths_lifted(W *w, const Occ *o, Node *x, const Activation *act, Made *made);
/* Does the tensor have that size on an axis behind the batch's? */
bool widths_has_size(const PivotTensor *t, long long v);
/* That, or the sum of what was concatenated. */
Node *widths_grown(W *w, const Occ *o, const Occ *before, const char *as, Made *made);
Node *widths_made_any(W *w, const Occ *o, Made *made);
bool widths_hold(const Node *x, const Occs *o, const StrVec *banned);
const char *widths_fresh_name(W *w, Node *in, const char *base);
void widths_edit(W *w, Span at, const char *text, Span why);
void widths_collect_runs(W *w);
/* widths_loop.c: a variable that the loop around the place carries from one round to the next. */
bool widths_outer_name(W *w, Node *site, const Node *x); /* changes only with a loop around the one that the place is in */
Node *widths_carried(W *w, Node *site, const char *attr, const Occs *o, int depth);

/* x, or the variable that a loop before the place carries, where x is what it had in the end. */
Node *widths_from_loop(W *w, Node *site, Node *x, const Occs *o);

#endif
