/* Buf: a growing string on the heap (buf_free it, or buf_take it into an arena), and small string
 * helpers. buf.s is always NUL-terminated after any call. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct Buf {
    char *s;
    size_t len, cap;
} Buf;

void buf_add(Buf *b, const char *s);
void buf_addn(Buf *b, const char *s, size_t n);
void buf_addc(Buf *b, char c);
void buf_printf(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *buf_take(Buf *b, Arena *a); /* copies into the arena and frees the buffer */
void buf_free(Buf *b);

bool str_eq(const char *a, const char *b); /* NULL equals only NULL */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Edit distance, for "did you mean". */
int str_distance(const char *a, const char *b);
/* Columns that UTF-8 text takes on a terminal or in a caret line (East Asian wide = 2, combining =
 * 0). */
int utf8_width(const char *s, size_t n);
/* Decodes one code point at s (n bytes left), returns its length in bytes (>= 1; malformed bytes
 * decode as U+FFFD of length 1). */
int utf8_decode(const char *s, size_t n, unsigned *cp);
/* A word that Python keeps for itself (its reference, "Keywords"): no name. */
bool str_is_keyword(const char *s);

#endif
