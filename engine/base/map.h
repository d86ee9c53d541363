/* Map: string to pointer, insertion-ordered, in an arena. Keys are not copied. Iterate with
 * `for (int i = 0; i < m->len; i++) m->entries[i].key / .value`; a removed entry has key NULL. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>

#include "base/arena.h"

typedef struct MapEntry {
    const char *key;
    void *value;
} MapEntry;

typedef struct Map {
    Arena *arena;
    MapEntry *entries;
    int len, cap;
    int *slots; /* open addressing: index into entries, or -1 */
    int nslots;
} Map;

void map_init(Map *m, Arena *a);
Map *map_new(Arena *a);
void *map_get(const Map *m, const char *key);           /* NULL when absent */
bool map_has(const Map *m, const char *key);
void map_set(Map *m, const char *key, void *value);
void map_remove(Map *m, const char *key);
int map_count(const Map *m);                            /* live entries */

#endif
