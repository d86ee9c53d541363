/* Arena: memory that is handed out piecewise and given back whole.
 *
 * One arena for a parsed and traced document, one for each port of it. Nothing in an arena is freed
 * on its own. Memory comes zeroed and aligned for any type. Out of memory ends the process in one
 * place (x_alloc in arena.c), so no caller ever sees NULL. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *a);
void *arena_alloc(Arena *a, size_t size);
size_t arena_bytes(const Arena *a); /* handed out so far: the tracer's memory limit reads it */

char *arena_strdup(Arena *a, const char *s);
char *arena_strndup(Arena *a, const char *s, size_t n);
char *arena_printf(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *a, const char *fmt, va_list ap);

#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))

/* Plain heap memory for long-lived state; never NULL. */
void *x_alloc(size_t size);
void *x_realloc(void *p, size_t size);
char *x_strdup(const char *s);

#endif
