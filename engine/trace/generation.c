/* Which generation of the framework a file is written for, where a dialect has generations.
 *
 * Evidence is what only one of them has: import paths, dotted names, argument names (lists of the
 * dialect). Without any, the first generation is assumed; only if something in the file computes
 * otherwise in the other one is it a question. */
#include "trace/frame.h"

#include <stdlib.h>
#include <string.h>

typedef struct Evidence {
    Interp *in;
    const char *lists[2]; /* names, arguments */
    int generation, other;
    const char *found;
} Evidence;

static bool starts_with_component(const char *name, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(name, prefix, n) == 0 && (name[n] == '\0' || name[n] == '.');
}

static bool name_is_evidence(const Evidence *e, const char *dotted)
{
    const StrVec *v = dialect_list(e->in->dialect, e->lists[0]);
    for (int i = 0; i < v->len; i++)
        if (starts_with_component(dotted, v->at[i]))
            return true;
    return false;
}

/* The name with the package that holds the framework inside of another one taken off:
 * tensorflow.keras -> keras. */
static const char *plain_name(Interp *in, const char *dotted)
{
    const char *of = dialect_fact(in->dialect, "inside");
    if (of && starts_with_component(dotted, of)) {
        const char *rest = strrchr(of, '.');
        return dotted + (rest ? rest + 1 - of : 0);
    }
    return dotted;
}

static const char *chain(Interp *in, Node *n)
{
    n = node_unparen(n);
    if (n->kind == N_NAME) {
        Value *v = env_get(in->globals, n->name);
        return v && v->kind == V_EXT ? v->u.dotted : n->name;
    }
    if (n->kind != N_ATTRIBUTE)
        return NULL;
    const char *of = chain(in, n->a);
    return of ? arena_printf(in->arena, "%s.%s", of, n->name) : NULL;
}

/* Do only rows of this generation have the name? */
static bool only_of(Interp *in, const char *dotted, int generation, int other)
{
    const RowForm forms[] = {FORM_LAYER, FORM_FUNCTION};
    bool any = false;
    for (int i = 0; i < 2; i++) {
        const DialectRow *row = dialect_read(in->dialect, forms[i], dotted, other);
        if (row && row->keras != generation)
            return false;
        any |= row != NULL;
    }
    return any;
}

static void look_at_name(Evidence *e, const char *name, const char *how)
{
    Interp *in = e->in;
    name = plain_name(in, name);
    bool is = name_is_evidence(e, name);
    if (!is)
        is = only_of(in, dialect_canonical(in->dialect, in->arena, name), e->generation, e->other);
    if (is)
        e->found = arena_printf(in->arena, "it %s %s", how, name);
}

/* Arguments count in calls of the framework only: lr= of a function of the file says nothing. */
static void look_at_call(Evidence *e, Node *call)
{
    Interp *in = e->in;
    const char *name = chain(in, call->a);
    if (!name || !strchr(name, '.'))
        return;
    name = dialect_canonical(in->dialect, in->arena, name);
    if (!dialect_owns(in->dialect, name))
        return;
    for (int i = 0; i < call->items.len && !e->found; i++) {
        const Node *k = call->items.at[i];
        if (k->kind != N_KEYWORD)
            continue;
        const char *full = arena_printf(in->arena, "%s.%s", name, k->name);
        if (dialect_lists(in->dialect, e->lists[1], k->name) ||
            dialect_lists(in->dialect, e->lists[1], full))
            e->found = arena_printf(in->arena, "it gives the argument %s= to %s", k->name, name);
    }
}

static bool look(Node *n, void *ctx)
{
    Evidence *e = ctx;
    Interp *in = e->in;
    if (e->found)
        return false;
    const char *name = NULL;
    if (n->kind == N_IMPORTFROM && n->level == 0) {
        for (int i = 0; i < n->items.len && !e->found; i++)
            look_at_name(e, arena_printf(in->arena, "%s.%s", n->name, n->items.at[i]->name),
                         "imports");
    } else if (n->kind == N_IMPORT) {
        for (int i = 0; i < n->items.len && !e->found; i++)
            look_at_name(e, n->items.at[i]->name, "imports");
    } else if (n->kind == N_ATTRIBUTE && (name = chain(in, n))) {
        look_at_name(e, name, "uses");
    } else if (n->kind == N_CALL) {
        look_at_call(e, n);
    }
    return !e->found;
}

static const char *evidence_of(Interp *in, const char *generation)
{
    Evidence e = {.in = in, .generation = atoi(generation)};
    const StrVec *all = dialect_list(in->dialect, "generations");
    for (int i = 0; i < all->len; i++)
        if (!str_eq(all->at[i], generation))
            e.other = atoi(all->at[i]);
    e.lists[0] = arena_printf(in->arena, "generation_%s_names", generation);
    e.lists[1] = arena_printf(in->arena, "generation_%s_arguments", generation);
    node_walk(in->trace->module->root, look, &e);
    return e.found;
}

static const char *recorded(Interp *in)
{
    const AnswerSet *a = in->opts ? in->opts->answers : NULL;
    const char *kind = question_kind_name(Q_KERAS_VERSION);
    for (int i = 0; a && i < a->list.len; i++)
        if (str_starts(a->list.at[i].id, kind))
            return a->list.at[i].answer;
    return NULL;
}

void keras_settle(Interp *in)
{
    Framework *f = fw(in);
    const StrVec *all = dialect_list(in->dialect, "generations");
    if (!all->len)
        return;
    f->keras = atoi(all->at[0]);
    for (int i = all->len - 1; i >= 0 && !f->keras_why; i--) {
        f->keras_why = evidence_of(in, all->at[i]);
        if (f->keras_why)
            f->keras = atoi(all->at[i]);
    }
    const char *answer = recorded(in);
    if (answer && atoi(answer) > 0)
        f->keras = atoi(answer);
    in->trace->keras_version = f->keras;
    if (in->trace->pivot)
        in->trace->pivot->keras_version = f->keras;
}

static bool imports_outer(Node *n, void *ctx)
{
    Evidence *e = ctx;
    const char *inside = dialect_fact(e->in->dialect, "inside");
    size_t len = inside ? strcspn(inside, ".") : 0;
    if (n->kind == N_IMPORTFROM && n->level == 0 && len && strncmp(n->name, inside, len) == 0)
        e->found = n->name;
    for (int i = 0; n->kind == N_IMPORT && len && i < n->items.len; i++)
        if (strncmp(n->items.at[i]->name, inside, len) == 0)
            e->found = n->items.at[i]->name;
    return !e->found && n->kind != N_CALL;
}

bool keras_is_old(Interp *in)
{
    Framework *f = fw(in);
    if (f->keras_old)
        return f->keras_old > 0;
    Evidence e = {.in = in};
    const StrVec *all = dialect_list(in->dialect, "generations");
    bool old = all->len && f->keras_why && f->keras == atoi(all->at[0]);
    if (old)
        node_walk(in->trace->module->root, imports_outer, &e);
    f->keras_old = old && !e.found ? 1 : -1;
    return f->keras_old > 0;
}

void keras_matters(Interp *in, Node *site, const char *what)
{
    Framework *f = fw(in);
    if (f->keras_why || f->keras_asked || in->forced > 0 ||
        !dialect_list(in->dialect, "generations")->len)
        return;
    f->keras_asked = true;
    const char *first = dialect_list(in->dialect, "generations")->at[0];
    ask(in, Q_KERAS_VERSION, "file", site, "Which Keras was this file written for?",
        arena_printf(in->arena,
                     "%s computes something else in Keras 2 and Keras 3, and nothing in the file "
                     "tells them apart",
                     what),
        first);
}

static bool same_act(const PivotAct *x, const PivotAct *y)
{
    if (!x || !y)
        return true; /* known to one of them only: that is no doubt */
    if (!str_eq(x->kind, y->kind) || x->attrs.len != y->attrs.len)
        return false;
    for (int i = 0; i < x->attrs.len; i++) {
        const PValue *v = attr_get(&y->attrs, x->attrs.at[i].name);
        if (!v || !pv_same(v, &x->attrs.at[i].value))
            return false;
    }
    return true;
}

void keras_check_act(Interp *in, const char *name, Node *site)
{
    const StrVec *all = dialect_list(in->dialect, "generations");
    if (all->len < 2 || fw(in)->keras_why || fw(in)->keras_asked)
        return;
    const PivotAct *x = dialect_act(in->dialect, in->arena, name, atoi(all->at[0]));
    const PivotAct *y = dialect_act(in->dialect, in->arena, name, atoi(all->at[1]));
    if (!same_act(x, y))
        keras_matters(in, site, name);
}

void keras_check_row(Interp *in, RowForm form, const char *name, const DialectRow *row, Node *site)
{
    const StrVec *all = dialect_list(in->dialect, "generations");
    if (all->len < 2 || !row || fw(in)->keras_why || fw(in)->keras_asked)
        return;
    for (int i = 0; i < all->len; i++) {
        const DialectRow *other =
            dialect_read_group(in->dialect, form, name, atoi(all->at[i]), row->kind->group);
        if (other && other->kind != row->kind && other->keras != row->keras)
            keras_matters(in, site, name);
    }
}
