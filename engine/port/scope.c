/* Numbers that were found before the trace: by the place of the call that they are for. */
#include "port/scope.h"

#include "stage/number.h"

Node *scope_expression(Rw *rw, Node *site, const char *attr)
{
    for (int i = 0; i < rw->t->numbers.len; i++) {
        const SiteNumber *k = &rw->t->numbers.at[i];
        if (k->at == site->span.start && str_eq(k->attr, attr)) return number_copy(rw->a, k->expr);
    }
    return NULL;
}
