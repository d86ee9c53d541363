/* Vec: a growing array in an arena, typed by macro.
 *
 *     typedef VEC(Node *) NodeVec;
 *     NodeVec v = {0};
 *     vec_push(arena, &v, node);
 *     for (int i = 0; i < v.len; i++) use(v.at[i]);
 *
 * Growing copies into new arena memory; the old block stays in the arena (sizes double, so the
 * waste is bounded by the final size). A zeroed Vec is an empty one. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *at;                                                                                     \
        int len;                                                                                   \
        int cap;                                                                                   \
    }

#define vec_push(a, v, item)                                                                       \
    do {                                                                                           \
        if ((v)->len == (v)->cap)                                                                  \
            (v)->at = vec_grow((a), (v)->at, sizeof(*(v)->at), (v)->len, &(v)->cap);               \
        (v)->at[(v)->len++] = (item);                                                              \
    } while (0)

/* Inserts before index i (0 <= i <= len). */
#define vec_insert(a, v, i, item)                                                                  \
    do {                                                                                           \
        vec_push((a), (v), (item));                                                                \
        for (int vec_k_ = (v)->len - 1; vec_k_ > (i); vec_k_--)                                    \
            (v)->at[vec_k_] = (v)->at[vec_k_ - 1];                                                 \
        (v)->at[(i)] = (item);                                                                     \
    } while (0)

void *vec_grow(Arena *a, void *old, size_t item, int len, int *cap);

typedef VEC(const char *) StrVec;
typedef VEC(int) IntVec;

#endif
