/* Loops in loops that become one walk: see collapse.c. */
#ifndef STAGE_COLLAPSE_H
#define STAGE_COLLAPSE_H

#include "stage/staging_internal.h"

/* Keeps the second part of an inner loop back with the outer one; false: it is put in at once. */
bool collapse_keeps_back(Stager *s, LoopNames *l, Node *n, int depth, const Chunks *body);

/* The walk that takes the place of an outermost loop and of what it keeps back; false: it cannot. */
bool collapse_walk(Stager *s, Staged *f, LoopNames *l, Node *n, int depth, Chunks *apply);

/* What a loop keeps back is put in as it was: something else follows. */
void collapse_put_back(Stager *s, Staged *f, LoopNames *l, Chunks *construct, Chunks *apply);

#endif
