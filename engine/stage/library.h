/* Layers that are networks of other layers, written out as classes of the file: see library.c. */
#ifndef STAGE_LIBRARY_H
#define STAGE_LIBRARY_H

#include "trace/trace.h"

typedef struct Library {
    Module *module;
    StrVec notes;
} Library;

/* False: the file names none. */
bool library_make(Arena *a, const Trace *t, Library *out);

#endif
