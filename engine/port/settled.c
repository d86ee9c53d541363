/* Tests of what the framework says of itself, by syntax. */
#include "port/settled.h"

#include "port/static.h"

#include <string.h>

/* What a name or call of the framework always gives in the port, as text; NULL: that is not settled. */
static const char *settled_text(Rw *rw, Node *x)
{
    x = node_unparen(x);
    bool version = x->kind == N_ATTRIBUTE && str_eq(x->name, "__version__");
    const char *dotted = x->kind == N_CALL && !x->items.len ? static_dotted(rw, x->a) : version ? static_dotted(rw, x) : NULL;
    return dotted ? dialect_fact(rw->from, arena_printf(rw->a, "value:%s", dotted)) : NULL;
}

static const char *string_of(Rw *rw, Node *x, bool *asks)
{
    x = node_unparen(x);
    if (x->kind == N_STRING) return x->str;
    const char *text = settled_text(rw, x);
    *asks |= text != NULL;
    return text;
}

static Settled comparison(Rw *rw, const Node *n)
{
    bool asks = false;
    if (n->items.len != 2) return SETTLED_OPEN;
    const char *l = string_of(rw, n->items.at[0], &asks), *r = string_of(rw, n->items.at[1], &asks);
    if (!l || !r || !asks) return SETTLED_OPEN;
    const char *op = n->strs.at[0];
    int order = strcmp(l, r); /* as Python compares texts */
    if (op[0] == '<') return order < 0 || (op[1] && order == 0) ? SETTLED_TRUE : SETTLED_FALSE;
    if (op[0] == '>') return order > 0 || (op[1] && order == 0) ? SETTLED_TRUE : SETTLED_FALSE;
    if (str_eq(op, "==")) return str_eq(l, r) ? SETTLED_TRUE : SETTLED_FALSE;
    return str_eq(op, "!=") ? (str_eq(l, r) ? SETTLED_FALSE : SETTLED_TRUE) : SETTLED_OPEN;
}

Settled settled_test(Rw *rw, Node *test)
{
    const Node *n = node_unparen(test);
    if (rw->from == rw->to) return SETTLED_OPEN;
    switch (n->kind) {
    case N_COMPARE: return comparison(rw, n);
    case N_ATTRIBUTE:
        return dialect_lists(rw->from, "false_attributes", n->name) && !static_dotted(rw, node_unparen(test)) ? SETTLED_FALSE
                                                                                                     : SETTLED_OPEN;
    case N_CALL: {
        const char *dotted = static_dotted(rw, n->a);
        return dotted && dialect_lists(rw->from, "false_functions", dotted) ? SETTLED_FALSE : SETTLED_OPEN;
    }
    case N_UNARY: {
        Settled inner = str_eq(n->op, "not") ? settled_test(rw, n->a) : SETTLED_OPEN;
        return inner == SETTLED_OPEN ? inner : inner == SETTLED_TRUE ? SETTLED_FALSE : SETTLED_TRUE;
    }
    case N_BOOL: { /* one part settles it, or all of them do */
        Settled ends = str_eq(n->op, "and") ? SETTLED_FALSE : SETTLED_TRUE, other = ends == SETTLED_TRUE ? SETTLED_FALSE : SETTLED_TRUE;
        bool all = true;
        for (int i = 0; i < n->items.len; i++) {
            Settled part = settled_test(rw, n->items.at[i]);
            if (part == ends) return ends;
            all &= part == other;
        }
        return all ? other : SETTLED_OPEN;
    }
    default: return SETTLED_OPEN;
    }
}
