/* Python's meaning, held against CPython: every case of interp_cases.py is run, and what it leaves in `result` must have
 * the repr that interp_cases.expected says (interp_expect.py writes it). Then what CPython has no word for: unknowns,
 * arms that were not taken, limits, imports of the project's own files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "trace/interp.h"

#define TEMPLATES "templates/pytorch"

typedef struct Run {
    Arena *arena;
    Trace *trace;
} Run;

static Run run_with(const char *path, const char *source, const TraceOptions *opts)
{
    const char *err = NULL;
    Run r = {.arena = arena_new()};
    Dialect *d = dialect_load(r.arena, TEMPLATES, &err);
    if (!d) fail_msg("%s", err);
    DiagList diags = {.arena = r.arena};
    Module *m = python_parse(r.arena, path, source, (int)strlen(source), &diags);
    r.trace = trace_run(r.arena, m, d, opts);
    return r;
}

static Run run(const char *source)
{
    return run_with("case.py", source, NULL);
}

static Value *global(Run *r, const char *name)
{
    return env_get(r->trace->interp->globals, name);
}

static const char *raised(Run *r)
{
    for (int i = 0; i < r->trace->diags.list.len; i++) {
        const Diag *d = &r->trace->diags.list.at[i];
        const char *text = strcmp(d->code, "raise") == 0 ? strstr(d->message, "ends with ") : NULL;
        if (text) return arena_printf(r->arena, "raises %s", text + strlen("ends with "));
    }
    return "nothing";
}

/* ---- against CPython ---- */

static const char *outcome(Run *r)
{
    Value *v = global(r, "result");
    const char *error = raised(r);
    if (strcmp(error, "nothing") != 0) return error;
    return v ? v_repr(r->trace->interp, v) : "no result";
}

static char *load(Arena *a, const char *path)
{
    const char *err = NULL;
    size_t len;
    char *s = file_read(a, path, &len, &err);
    if (!s) fail_msg("%s", err);
    return s;
}

static void cases_agree_with_cpython(void **state)
{
    (void)state;
    Arena *a = arena_new();
    char *cases = load(a, "tests/unit/interp_cases.py"), *expected = load(a, "tests/unit/interp_cases.expected");
    int wrong = 0, n = 0;
    for (char *c = strstr(cases, "# case "); c; n++) {
        char *line_end = strchr(c, '\n'), *next = strstr(line_end, "\n# case ");
        const char *name = arena_strndup(a, c + 7, (size_t)(line_end - c) - 7);
        const char *source = next ? arena_strndup(a, line_end + 1, (size_t)(next - line_end)) : line_end + 1;
        char *tab = strchr(expected, '\t'), *end = strchr(expected, '\n');
        assert_non_null(tab);
        assert_int_equal(strncmp(expected, name, (size_t)(tab - expected)), 0);
        const char *want = arena_strndup(a, tab + 1, (size_t)(end - tab) - 1);
        expected = end + 1;
        Run r = run(source);
        const char *got = outcome(&r);
        if (strcmp(got, want) != 0) {
            print_error("case %s\n  want %s\n  got  %s\n", name, want, got);
            wrong++;
        }
        arena_free(r.arena);
        c = next ? next + 1 : NULL;
    }
    arena_free(a);
    assert_true(n > 200);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_agree_with_cpython),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
