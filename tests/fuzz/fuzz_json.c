/* Any bytes as a pivot in JSON: a model or a message comes out; a model can be saved, shown and
 * exported. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "pivot/pivot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new();
    const char *err = NULL;
    PivotModel *m = pivot_from_json(a, arena_strndup(a, (const char *)data, size), &err);
    assert(m || err);
    if (m) {
        const char *again = NULL;
        PivotModel *copy = pivot_from_json(a, pivot_to_json(a, m), &again);
        assert(copy);
        DiagList lost = {.arena = a};
        pivot_to_buml(a, m, &lost);
    }
    arena_free(a);
    return 0;
}
