/* Calls that give back the network or layer that they are given: weight_norm(nn.Conv1d(...)), nn.DataParallel(net),
 * torch.compile(net). What they do to training or to where it runs has no counterpart; in the draft the argument stands
 * alone, so that a layer is built where it is assigned. The dialect lists them ("returns_argument": name -> what is lost). */
#ifndef STAGE_UNWRAP_H
#define STAGE_UNWRAP_H

#include "trace/trace.h"

typedef struct Unwrap {
    Module *module; /* the draft */
    StrVec notes;
} Unwrap;

/* False where there is no such call. */
bool unwrap_make(Arena *a, const Trace *t, Unwrap *out);

#endif
