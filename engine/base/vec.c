/* Vec: the one function behind the macros. Capacities double from 4. */
#include "base/vec.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

void *vec_grow(Arena *a, void *old, size_t item, int len, int *cap)
{
    assert(*cap <= INT_MAX / 2);
    int grown = *cap ? *cap * 2 : 4;
    void *p = arena_alloc(a, item * (size_t)grown);
    if (len) memcpy(p, old, item * (size_t)len);
    *cap = grown;
    return p;
}
