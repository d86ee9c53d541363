/* What the rules of a port say of its parts, nobody says of the whole: an import that fell out, a parameter that stayed
 * where it was read from, a statement that moved above what it needs. Such text does not run, and whoever gets it should
 * not be the one to find out. */
#include "port/reread.h"

#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "python/names.h"
#include "python/unbound.h"

static const char *key(Arena *a, const Unbound *u)
{
    return arena_printf(a, "%s%s", u->early ? "<" : "", u->name->name);
}

/* A statement that was flagged, and stands in the text as a comment, would have bound it: the gap is counted there. */
static bool bound_by_flagged(const Rw *rw, const char *name)
{
    for (int i = 0; i < rw->res->accounts.len; i++) {
        const PortAccount *x = &rw->res->accounts.at[i];
        if (x->fate == FATE_FLAGGED && names_stmt_binds(x->stmt, name)) return true;
    }
    return false;
}

static void shift_marks(Rw *rw, int from, int by)
{
    for (int i = 0; i < rw->res->marks.len; i++) {
        PrintMark *m = &rw->res->marks.at[i];
        if (m->start >= from) m->start += by;
        if (m->end > from) m->end += by;
    }
}

/* A comment at the end of the line that a byte stands in. */
static void mark_line(Rw *rw, int byte, const char *why)
{
    const char *text = rw->res->text;
    int end = byte + (int)strcspn(text + byte, "\n");
    if (end > 0 && text[end - 1] == '\\') return; /* no comment can stand there */
    const char *mark = arena_printf(rw->a, "  # PORT: %s", why);
    rw->res->text = arena_printf(rw->a, "%.*s%s%s", end, text, mark, text + end);
    rw->res->len = (int)strlen(rw->res->text);
    shift_marks(rw, end, (int)strlen(mark));
}

void reread(Rw *rw)
{
    PortResult *res = rw->res;
    if (!res->text) return;
    DiagList diags = {.arena = rw->a};
    const Module *m = python_parse(rw->a, "port", res->text, res->len, &diags);
    UnboundVec is = python_unbound(rw->a, m), was = python_unbound(rw->a, rw->t->module);
    Map *before = map_new(rw->a);
    for (int i = 0; i < was.len; i++) map_set(before, key(rw->a, &was.at[i]), &was.at[i]);
    for (int i = is.len - 1; i >= 0; i--) { /* from the end: what is put in moves nothing that is still to come */
        const Unbound *u = &is.at[i];
        const char *name = u->name->name;
        if (map_has(before, key(rw->a, u)) || bound_by_flagged(rw, name)) continue;
        const char *why = u->early ? arena_printf(rw->a, "%s is read before anything binds it", name)
                                   : arena_printf(rw->a, "nothing here binds %s", name);
        mark_line(rw, u->name->span.start, why);
        vec_push(rw->a, &res->notes, arena_printf(rw->a, "the port cannot run as it stands: %s", why));
        res->gaps++;
    }
}
