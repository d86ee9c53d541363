/* Classes that derive from a layer hold it instead:
 *
 *     class Causal(nn.Conv1d):                    class Causal(nn.Module):
 *         def __init__(self, i, o, k):                def __init__(self, i, o, k):
 *             super().__init__(i, o, k)                   super().__init__()
 *                                                         self.conv1d = nn.Conv1d(i, o, k)
 *         def forward(self, x):                       def forward(self, x):
 *             return super().forward(x)[..., :-1]         return self.conv1d(x)[..., :-1]
 *
 * The frameworks' layers are built and called in different ways, and a class that reaches into one of them means that one;
 * what it holds can be ported like any other layer. */
#ifndef STAGE_INHERIT_H
#define STAGE_INHERIT_H

#include "trace/trace.h"

typedef struct Inherit {
    Module *module; /* the draft */
    StrVec notes;
} Inherit;

/* False where no class of the file derives from a layer. */
bool inherit_make(Arena *a, const Trace *t, Inherit *out);

#endif
