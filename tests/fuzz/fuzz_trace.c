/* Any bytes as a program: parsed and traced, with small limits so that every input ends soon. Each
 * run must end, and without touching what is not its own; what it finds is not looked at. */
#include <stdint.h>
#include <string.h>

#include "trace/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Dialect *dialect(const char *dir)
{
    static Arena *arena; /* kept for the whole run: loading is slow beside tracing */
    static Dialect *pytorch, *tensorflow;
    const char *err = NULL;
    if (!arena) {
        arena = arena_new();
        pytorch = dialect_load(arena, "templates/pytorch", &err);
        tensorflow = dialect_load(arena, "templates/tensorflow", &err);
    }
    return strcmp(dir, "pytorch") == 0 ? pytorch : tensorflow;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new();
    char *text = arena_alloc(a, size + 1);
    if (size) memcpy(text, data, size);
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, "fuzz/input.py", text, (int)size, &diags);
    TraceOptions opts = {
        .max_steps = 20000, .max_depth = 60, .max_bytes = (size_t)32 * 1024 * 1024};
    bool keras = size > 200 && memchr(data, 'k', 200);
    trace_run(a, m, dialect(keras ? "tensorflow" : "pytorch"), &opts);
    arena_free(a);
    return 0;
}
