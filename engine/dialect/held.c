#include "dialect/held.h"

#include <string.h>

bool held_slot(const Dialect *d, Arena *a, const char *kind, const char *slot, Held *out)
{
    const char *fact = dialect_fact(d, arena_printf(a, "held:%s:%s", kind, slot));
    if (!fact)
        return false;
    size_t n = strcspn(fact, " ");
    *out = (Held){.slot = slot, .name = arena_strndup(a, fact, n)};
    for (const char *p = fact + n; *p; p++)
        if (*p >= '0' && *p < '0' + HELD_AXES && out->rank < HELD_AXES)
            out->axes[out->rank++] = *p - '0';
    return true;
}

bool held_named(const Dialect *d, Arena *a, const char *kind, const char *name, Held *out)
{
    static const char *const SLOTS[] = {"weight", "bias", "running_mean", "running_var"};
    for (size_t i = 0; i < sizeof SLOTS / sizeof *SLOTS; i++)
        if (held_slot(d, a, kind, SLOTS[i], out) && str_eq(out->name, name))
            return true;
    return false;
}
