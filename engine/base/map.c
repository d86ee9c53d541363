/* Map: entries in the order of insertion, and a table of slots that index them (open addressing,
 * linear probing, FNV-1a, at most three quarters full).
 *
 * A removed entry keeps its place with a NULL key, and its slot goes on pointing at it as a
 * tombstone: a probe walks over it. Rebuilding the slots drops tombstones; entries never move, so
 * an iteration by index survives insertions and removals. */
#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/vec.h"

#define SLOTS_MIN 8

static uint32_t hash(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++) h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

void map_init(Map *m, Arena *a)
{
    *m = (Map){.arena = a};
}

Map *map_new(Arena *a)
{
    Map *m = ARENA_NEW(a, Map);
    map_init(m, a);
    return m;
}

/* The slot that holds key, or the empty one where it would go. Needs nslots > 0. */
static int find_slot(const Map *m, const char *key)
{
    uint32_t mask = (uint32_t)m->nslots - 1;
    uint32_t i = hash(key) & mask;
    while (m->slots[i] >= 0) {
        const char *k = m->entries[m->slots[i]].key;
        if (k && strcmp(k, key) == 0) break;
        i = (i + 1) & mask;
    }
    return (int)i;
}

static void rebuild_slots(Map *m)
{
    int nslots = SLOTS_MIN;
    while (nslots / 4 * 3 <= m->len + 1) nslots *= 2;
    m->slots = ARENA_ARRAY(m->arena, int, nslots);
    m->nslots = nslots;
    for (int i = 0; i < nslots; i++) m->slots[i] = -1;
    for (int i = 0; i < m->len; i++)
        if (m->entries[i].key) m->slots[find_slot(m, m->entries[i].key)] = i;
}

static MapEntry *find(const Map *m, const char *key)
{
    if (m->nslots == 0) return NULL;
    int slot = m->slots[find_slot(m, key)];
    return slot < 0 ? NULL : &m->entries[slot];
}

void *map_get(const Map *m, const char *key)
{
    MapEntry *e = find(m, key);
    return e ? e->value : NULL;
}

bool map_has(const Map *m, const char *key)
{
    return find(m, key) != NULL;
}

void map_set(Map *m, const char *key, void *value)
{
    MapEntry *e = find(m, key);
    if (e) {
        e->value = value;
        return;
    }
    if (m->len == m->cap)
        m->entries = vec_grow(m->arena, m->entries, sizeof(*m->entries), m->len, &m->cap);
    m->entries[m->len] = (MapEntry){key, value};
    m->len++;
    if (m->len >= m->nslots / 4 * 3) {
        rebuild_slots(m);
        return;
    }
    m->slots[find_slot(m, key)] = m->len - 1;
}

void map_remove(Map *m, const char *key)
{
    MapEntry *e = find(m, key);
    if (e) *e = (MapEntry){NULL, NULL};
}

int map_count(const Map *m)
{
    int n = 0;
    for (int i = 0; i < m->len; i++) n += m->entries[i].key != NULL;
    return n;
}
