/* Any bytes as a template: the input is "template NUL partial NUL view as JSON"; missing parts are
 * empty. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "render/mustache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *partial_of(void *user, const char *name)
{
    return *name == 'p' ? user : NULL;
}

static const char *next_part(const char *s, const char *end)
{
    s += strlen(s);
    return s < end ? s + 1 : s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new();
    char *template = arena_strndup(a, "", 0);
    if (size) {
        template = arena_alloc(a, size + 1);
        memcpy(template, data, size);
    }
    const char *end = template + size;
    const char *partial = next_part(template, end), *json = next_part(partial, end);
    cJSON *view = cJSON_Parse(json);
    MustachePartials partials = {
        .find = partial_of, .user = (void *)(uintptr_t)partial, .raw = size % 2};
    RenderMarks marks = {0};
    const char *err = NULL;
    char *text = mustache_render(a, template, view, &partials, &marks, &err);
    if (!text == !err)
        abort();
    cJSON_Delete(view);
    arena_free(a);
    return 0;
}
