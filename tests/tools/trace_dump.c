/* Prints what the tracer found in a file.
 *
 *     trace_dump [--events] [--templates DIR] [--entry E] [--shape S]... [--set ID=ANSWER]... FILE
 */
#include "base/file.h"
#include "tools/trace_text.h"

static const char *templates = "templates";

static int dump(Arena *a, const char *path, const TraceOptions *opts, bool events)
{
    const char *err = NULL;
    size_t len = 0;
    char *text = file_read(a, path, &len, &err);
    if (!text) {
        fprintf(stderr, "%s: %s\n", path, err);
        return 1;
    }
    Dialect *ds[2] = {dialect_load(a, path_join(a, templates, "pytorch"), &err), NULL};
    if (ds[0])
        ds[1] = dialect_load(a, path_join(a, templates, "tensorflow"), &err);
    if (!ds[0] || !ds[1]) {
        fprintf(stderr, "%s\n", err);
        return 1;
    }
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, path, text, (int)len, &diags);
    const char *why = NULL;
    int which = trace_detect_framework(m, ds, 2, a, &why);
    printf("framework: %s (%s)\n", which < 0 ? "-" : ds[which]->name, why ? why : "");
    if (which < 0)
        return 1;
    Trace *t = trace_run(a, m, ds[which], opts);
    Buf b = {0};
    for (int i = 0; i < diags.list.len; i++) diag_format(&diags.list.at[i], m->src, false, &b);
    trace_text(&b, a, t, events);
    if (b.s)
        fputs(b.s, stdout);
    buf_free(&b);
    printf("%zu bytes\n", arena_bytes(a));
    return 0;
}

int main(int argc, char **argv)
{
    Arena *a = arena_new();
    TraceOptions opts = {0};
    AnswerSet answers = {0};
    const char *path = NULL;
    bool events = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--events") == 0) {
            events = true;
        } else if (strcmp(argv[i], "--templates") == 0 && i + 1 < argc) {
            templates = argv[++i];
        } else if (strcmp(argv[i], "--entry") == 0 && i + 1 < argc) {
            opts.entry = argv[++i];
        } else if (strcmp(argv[i], "--shape") == 0 && i + 1 < argc) {
            const char *err = NULL;
            TraceShape *s = trace_parse_shape(a, argv[++i], &err);
            if (s)
                vec_push(a, &opts.shapes, *s);
            else
                fprintf(stderr, "%s\n", err);
        } else if (strcmp(argv[i], "--set") == 0 && i + 1 < argc) {
            char *id = arena_strdup(a, argv[++i]), *eq = strchr(id, '=');
            if (!eq)
                continue;
            *eq = '\0';
            vec_push(a, &answers.list, ((Answer){id, eq + 1, NULL}));
        } else {
            path = argv[i];
        }
    }
    opts.answers = &answers;
    int rc = path ? dump(a, path, &opts, events) : 2;
    arena_free(a);
    return rc;
}
