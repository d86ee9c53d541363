/* Hints that fit.
 *
 * A size that nobody tells is free, with a plausible hint. Some layers say more: the Linear behind
 * a flatten takes 400 features, so 16*(H//4-3)*(W//4-3) is 400. Such equations are noted during the
 * pass; afterwards a length is looked for at which all of them hold, usual ones first, and the
 * hints of every tensor are computed from it. The sizes stay free. Where no length fits, the
 * input's shape is a question. view(-1, 400) says so only softly: the -1 may take in more than the
 * batch. */
#include "trace/frame.h"

#include <string.h>

static bool value_at(const SizeExpr *e, long long space, long long *out)
{
    if (e->op == 'n') {
        *out = e->n;
        return true;
    }
    if (e->op == 's') {
        bool spatial = e->symbol[0] == 'H' || e->symbol[0] == 'W' || e->symbol[0] == 'D' ||
                       e->symbol[0] == 'T';
        *out = spatial ? space : 2;
        return true;
    }
    long long l = 0, r = 0;
    if (!e->l || !e->r || !value_at(e->l, space, &l) || !value_at(e->r, space, &r))
        return false;
    if (l > 1000000000 || l < -1000000000 || r > 1000000000 || r < -1000000000)
        return false;
    bool divides = e->op == '/' || e->op == '%' || e->op == 'c';
    if (divides && r == 0)
        return false;
    long long q = divides ? l / r - (l % r != 0 && (l < 0) != (r < 0)) : 0;
    switch (e->op) {
    case '+':
        *out = l + r;
        return true;
    case '-':
        *out = l - r;
        return true;
    case '*':
        *out = l * r;
        return true;
    case '/':
        *out = q;
        return true;
    case '%':
        *out = l - q * r;
        return true;
    case 'c':
        *out = q + (l - q * r != 0);
        return true;
    case 'm':
        *out = l > r ? l : r;
        return true;
    case 'i':
        *out = l < r ? l : r;
        return true;
    default:
        return false;
    }
}

void hint_equation(Interp *in, Size size, long long value, Node *site, bool soft)
{
    if (!size.free || size_unknown(size) || !fw(in)->assumed || in->forced > 0)
        return;
    HintEquation e = {size.free, value, site, soft};
    vec_push(in->arena, &fw(in)->equations, e);
}

static bool holds(const Framework *f, long long space, bool soft)
{
    for (int i = 0; i < f->equations.len; i++) {
        long long v = 0;
        if (f->equations.at[i].soft && !soft)
            continue;
        if (!value_at(f->equations.at[i].expr, space, &v) || v != f->equations.at[i].value)
            return false;
    }
    return true;
}

static long long find_length(const Framework *f, bool soft)
{
    static const int USUAL[] = {224, 32,  28,  64,  96,  128, 256, 227, 299, 48, 84,
                                112, 160, 192, 200, 240, 300, 320, 384, 448, 512};
    for (size_t i = 0; i < sizeof USUAL / sizeof *USUAL; i++)
        if (holds(f, USUAL[i], soft))
            return USUAL[i];
    for (int n = 2; n <= 1024; n++)
        if (holds(f, n, soft))
            return n;
    return 0;
}

static void set_hints(PivotTensor *t, long long space)
{
    for (int i = 0; i < t->rank; i++) {
        long long v = 0;
        bool batch =
            t->dims[i].free && t->dims[i].free->op == 's' && t->dims[i].free->symbol[0] == 'B';
        if (t->dims[i].free && !batch && value_at(t->dims[i].free, space, &v) && v > 0)
            t->dims[i].n = v;
    }
}

bool hints_fit(Interp *in, int first_step)
{
    Framework *f = fw(in);
    if (!f->equations.len)
        return true;
    long long space = find_length(f, true);
    if (!space)
        space = find_length(f, false);
    if (space) {
        for (int i = first_step; i < in->trace->steps.len; i++) {
            const PivotNode *n = in->trace->steps.at[i];
            for (int o = 0; o < n->outputs.len; o++) set_hints(n->outputs.at[o], space);
        }
    } else {
        const HintEquation *e = &f->equations.at[f->equations.len - 1];
        f->misfit = true;
        f->misfit_site = e->site;
        f->misfit_text =
            arena_printf(in->arena, "no size of the input gives the %lld that line %d needs",
                         e->value, line_of(in, e->site));
    }
    f->equations.len = 0;
    return space != 0;
}
