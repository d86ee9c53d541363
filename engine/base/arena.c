/* Arena: a list of blocks, the newest first; an allocation moves a pointer through the newest
 * block.
 *
 * Blocks come from calloc and double up to BLOCK_MAX, so that a small document costs little and a
 * large one few calls. A request larger than a quarter of the next block gets a block of its own,
 * which goes behind the newest one so that the room left there is not lost. Memory is zeroed
 * because the blocks are, and because nothing is ever handed out twice. */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN ((size_t)16 * 1024)
#define BLOCK_MAX ((size_t)4 * 1024 * 1024)
#define ALIGNMENT ((size_t)16)

typedef struct Block {
    struct Block *next;
    size_t size; /* of data; also keeps data aligned to 16 bytes */
    _Alignas(16) unsigned char data[];
} Block;

struct Arena {
    Block *blocks;
    unsigned char *free;
    size_t left;
    size_t next_size;
    size_t handed_out;
};

/* The one place where running out of memory ends. */
static void out_of_memory(void)
{
    fputs("portolan: out of memory\n", stderr);
    abort();
}

void *x_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p) out_of_memory();
    return p;
}

void *x_realloc(void *p, size_t size)
{
    void *q = realloc(p, size ? size : 1);
    if (!q) out_of_memory();
    return q;
}

char *x_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(x_alloc(n), s, n);
}

Arena *arena_new(void)
{
    Arena *a = x_alloc(sizeof(*a));
    a->next_size = BLOCK_MIN;
    return a;
}

void arena_free(Arena *a)
{
    if (!a) return;
    for (Block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static Block *new_block(size_t size)
{
    if (size > SIZE_MAX - sizeof(Block)) out_of_memory();
    Block *b = x_alloc(sizeof(Block) + size);
    b->size = size;
    return b;
}

static void *alloc_slow(Arena *a, size_t size)
{
    if (size > a->next_size / 4) { /* a block of its own, behind the newest */
        Block *b = new_block(size);
        if (a->blocks) {
            b->next = a->blocks->next;
            a->blocks->next = b;
        } else {
            a->blocks = b; /* nothing left in it: the next small request opens a block */
        }
        return b->data;
    }
    Block *b = new_block(a->next_size);
    b->next = a->blocks;
    a->blocks = b;
    if (a->next_size < BLOCK_MAX) a->next_size *= 2;
    a->free = b->data + size;
    a->left = b->size - size;
    return b->data;
}

void *arena_alloc(Arena *a, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT) out_of_memory();
    size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (size == 0) size = ALIGNMENT; /* distinct pointers, also for nothing */
    a->handed_out += size;
    if (size > a->left) return alloc_slow(a, size);
    void *p = a->free;
    a->free += size;
    a->left -= size;
    return p;
}

size_t arena_bytes(const Arena *a)
{
    return a->handed_out;
}

char *arena_strndup(Arena *a, const char *s, size_t n)
{
    char *p = arena_alloc(a, n + 1);
    if (n) memcpy(p, s, n);
    return p;
}

char *arena_strdup(Arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(Arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    assert(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

char *arena_printf(Arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}
