/* A small reader of Python literals, shapes and kinds, for the tables of tests. A literal that is
 * a capital letter is a free size of that name. Malformed text ends the test. */
#include "tests/unit/pivot_text.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Reader {
    Arena *a;
    const char *at;
} Reader;

static void blank(Reader *r)
{
    while (*r->at == ' ') r->at++;
}

static bool eat(Reader *r, char c)
{
    blank(r);
    if (*r->at != c) return false;
    r->at++;
    return true;
}

static const char *word(Reader *r)
{
    const char *start = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '_') r->at++;
    return arena_strndup(r->a, start, (size_t)(r->at - start));
}

static PValue value(Reader *r)
{
    blank(r);
    if (eat(r, '[')) {
        PValue items[32];
        int n = 0;
        while (!eat(r, ']')) {
            assert_true(n < 32);
            items[n++] = value(r);
            eat(r, ',');
        }
        PValue list = pv_list(r->a, n);
        if (n) memcpy(list.u.list.at, items, sizeof(PValue) * (size_t)n);
        return list;
    }
    if (*r->at == '\'') {
        const char *start = ++r->at;
        while (*r->at && *r->at != '\'') r->at++;
        return pv_str(arena_strndup(r->a, start, (size_t)(r->at++ - start)));
    }
    if (isalpha((unsigned char)*r->at)) {
        const char *w = word(r);
        if (strcmp(w, "True") == 0) return pv_bool(true);
        if (strcmp(w, "False") == 0) return pv_bool(false);
        if (strcmp(w, "None") == 0) return pv_none();
        return pv_size(size_free(r->a, w, 10 + (w[0] - 'A')));
    }
    char *end, *fend;
    long long n = strtoll(r->at, &end, 10);
    double f = strtod(r->at, &fend);
    bool whole = end == fend;
    assert_true(fend > r->at);
    r->at = fend;
    return whole ? pv_int(n) : pv_float(f);
}

/* A size: numbers, free sizes and "?", or a product of them. */
static Size size(Reader *r)
{
    blank(r);
    Size s = size_known(1);
    do {
        Size f;
        if (isalpha((unsigned char)*r->at)) {
            const char *w = word(r);
            f = size_free(r->a, w, 10 + (w[0] - 'A'));
        } else if (eat(r, '?')) {
            f = size_known(-1);
        } else {
            char *end;
            f = size_known(strtoll(r->at, &end, 10));
            r->at = end;
        }
        s = size_op(r->a, '*', s, f);
    } while (eat(r, '*'));
    return s;
}

static PivotTensor *tensor(Reader *r)
{
    PivotTensor *t = ARENA_NEW(r->a, PivotTensor);
    t->dims = ARENA_ARRAY(r->a, Size, 16);
    t->dtype = "float32";
    assert_true(eat(r, '('));
    if (r->at[0] == '?' && r->at[1] == ')') {
        r->at += 2;
        t->rank = -1;
    } else {
        while (!eat(r, ')')) {
            t->dims[t->rank++] = size(r);
            eat(r, ',');
        }
    }
    if (eat(r, ':')) t->dtype = word(r);
    if (strcmp(t->dtype, "index") == 0) t->dtype = "int64";
    return t;
}

PValue text_value(Arena *a, const char *text)
{
    Reader r = {a, text};
    return value(&r);
}

PivotTensor *text_tensor(Arena *a, const char **text)
{
    Reader r = {a, *text};
    blank(&r);
    PivotTensor *t = *r.at == '(' ? tensor(&r) : NULL;
    *text = r.at;
    return t;
}

const PivotKind *text_call(Arena *a, const char *text, PAttrs *attrs)
{
    Reader r = {a, text};
    blank(&r);
    const char *name = word(&r);
    const PivotKind *kind = pivot_kind(name);
    if (!kind) fail_msg("no kind %s", name);
    for (int i = 0; i < kind->nattrs; i++) { /* defaults filled in, as the trace does */
        PValue v = kind_default(a, kind, kind->attrs[i].name);
        if (v.kind != PV_UNSET) attr_set(a, attrs, kind->attrs[i].name, v);
    }
    assert_true(eat(&r, '('));
    while (!eat(&r, ')')) {
        blank(&r);
        const char *attr = word(&r);
        if (!kind_attr(kind, attr)) fail_msg("%s has no %s", name, attr);
        assert_true(eat(&r, '='));
        PValue v = value(&r);
        bool act = strcmp(kind_attr(kind, attr)->type, "act") == 0 && v.kind == PV_STR;
        attr_set(a, attrs, attr, act ? pv_act(a, v.u.str) : v);
        eat(&r, ',');
    }
    return kind;
}
