/* einops patterns: "b (h p) c -> b h (p c)". Names on the left take the sizes of the axes, those in brackets share one
 * (at most one of them is found by division); names on the right make up the axes of the result. The rules are those of
 * einops.rearrange, reduce and repeat, which differ in which names may be on one side alone. */
#include <ctype.h>
#include <string.h>

#include "pivot/shape.h"

enum { MOST_NAMES = 64 };

typedef struct Axis { /* names of one axis: none for 1 or () */
    const char *names[MAX_RANK];
    int n;
    bool ellipsis;
} Axis;

typedef struct Side {
    Axis axes[MAX_RANK];
    int n;
} Side;

typedef struct Known {
    const char *name;
    Size size;
} Known;

typedef struct Pattern {
    ShapeJob *j;
    Known known[MOST_NAMES];
    int nknown;
    Size ellipsis[MAX_RANK];
    int nellipsis;
} Pattern;

static bool add_name(ShapeJob *j, Axis *a, const char *from, size_t n)
{
    if (a->n == MAX_RANK) return shape_error(j, "an einops pattern with too many names");
    if (n == 1 && *from == '1') return true;
    a->names[a->n++] = arena_strndup(j->a, from, n);
    return true;
}

static bool parse_side(ShapeJob *j, const char *s, const char *end, Side *out)
{
    bool inside = false;
    while (s < end) {
        if (isspace((unsigned char)*s)) {
            s++;
        } else if (*s == '(' || *s == ')') {
            if (inside == (*s == '(') || (*s == '(' && out->n == MAX_RANK)) return shape_error(j, "an einops pattern whose brackets do not match");
            if (*s == '(') out->axes[out->n] = (Axis){0};
            else out->n++;
            inside = *s == '(';
            s++;
        } else {
            const char *from = s;
            while (s < end && !isspace((unsigned char)*s) && *s != '(' && *s != ')') s++;
            if (!inside && out->n == MAX_RANK) return shape_error(j, "an einops pattern with too many axes");
            Axis *a = &out->axes[out->n];
            if (!inside) *a = (Axis){0};
            if (strncmp(from, "...", 3) == 0) a->ellipsis = true;
            else if (!add_name(j, a, from, (size_t)(s - from))) return false;
            if (!inside) out->n++;
        }
    }
    return inside ? shape_error(j, "an einops pattern whose brackets do not match") : true;
}

static Known *known(Pattern *p, const char *name)
{
    for (int i = 0; i < p->nknown; i++)
        if (str_eq(p->known[i].name, name)) return &p->known[i];
    return NULL;
}

static bool learn(Pattern *p, const char *name, Size size)
{
    Known *k = known(p, name);
    if (k) return size_differs(k->size, size) ? shape_error(p->j, "einops: %s is %lld here and %lld there", name, k->size.n, size.n) : true;
    if (p->nknown == MOST_NAMES) return shape_error(p->j, "an einops pattern with too many names");
    p->known[p->nknown++] = (Known){name, size};
    return true;
}

/* The sizes that the call gives: a list of [name, size]. */
static bool learn_given(Pattern *p)
{
    const PValue *sizes = attr_get(p->j->as, "sizes");
    for (int i = 0; sizes && sizes->kind == PV_LIST && i < sizes->u.list.len; i++) {
        const PValue *pair = &sizes->u.list.at[i];
        if (pair->kind != PV_LIST || pair->u.list.len != 2 || pair->u.list.at[0].kind != PV_STR) continue;
        if (!learn(p, pair->u.list.at[0].u.str, pv_as_size(&pair->u.list.at[1]))) return false;
    }
    return true;
}

static bool learn_axis(Pattern *p, const Axis *a, Size size)
{
    Size rest = size;
    const char *open = NULL;
    for (int i = 0; i < a->n; i++) {
        Known *k = known(p, a->names[i]);
        if (!k && open) return shape_error(p->j, "einops: neither %s nor %s is given", open, a->names[i]);
        if (!k) open = a->names[i];
        else if (a->n == 1) return learn(p, a->names[i], size);
        else rest = size_op(p->j->a, '/', rest, k->size);
    }
    return open ? learn(p, open, rest) : true;
}

static bool read_left(Pattern *p, const Side *left, const PivotTensor *x)
{
    int more = -1;
    for (int i = 0; i < left->n; i++)
        if (left->axes[i].ellipsis) more = i;
    p->nellipsis = more < 0 ? 0 : x->rank - (left->n - 1);
    if (more < 0 ? x->rank != left->n : p->nellipsis < 0)
        return shape_error(p->j, "the einops pattern has %d axes, and the tensor is %s", left->n, tensor_shape_text(p->j->a, x));
    int at = 0;
    for (int i = 0; i < left->n; i++) {
        if (i == more) {
            for (int k = 0; k < p->nellipsis; k++) p->ellipsis[k] = x->dims[at++];
            continue;
        }
        if (!learn_axis(p, &left->axes[i], x->dims[at++])) return false;
    }
    return true;
}

bool rule_einops(ShapeJob *j)
{
    const char *text = attr_str(j->as, "pattern", NULL), *arrow = text ? strstr(text, "->") : NULL;
    Side left = {0}, right = {0};
    Pattern p = {.j = j};
    Size dims[MAX_RANK];
    int n = 0;
    if (!arrow) return shape_out_unknown(j, j->in->in[0]->dtype);
    if (!parse_side(j, text, arrow, &left) || !parse_side(j, arrow + 2, text + strlen(text), &right)) return false;
    if (!learn_given(&p) || !read_left(&p, &left, j->in->in[0])) return false;
    for (int i = 0; i < right.n; i++) {
        const Axis *a = &right.axes[i];
        Size size = size_known(1);
        for (int k = 0; k < p.nellipsis && a->ellipsis; k++) {
            if (a->n == 0 && n < MAX_RANK) dims[n++] = p.ellipsis[k];
            size = size_op(j->a, '*', size, p.ellipsis[k]);
        }
        if (a->ellipsis && a->n == 0) continue;
        for (int k = 0; k < a->n; k++) {
            const Known *name = known(&p, a->names[k]);
            if (!name) return shape_error(j, "einops: nothing says how long %s is", a->names[k]);
            size = size_op(j->a, '*', size, name->size);
        }
        if (n == MAX_RANK) return shape_error(j, "an einops pattern with too many axes");
        dims[n++] = size;
    }
    return shape_out(j, dims, n, j->in->in[0]->dtype);
}
