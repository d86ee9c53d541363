/* A method of a network that does nothing but
 *
 *     x = Input(shape=...)
 *     return Model(inputs=x, outputs=self.call(x))
 *
 * so that somebody can print the network with its shapes. The trace took the shapes; the port has no such method, and a
 * call of it stands for the network. */
#include "port/view.h"

#include <string.h>

#include "port/static.h"

typedef struct Finds {
    Rw *rw;
    bool view, input;
} Finds;

static bool find_parts(Node *n, void *ctx)
{
    Finds *f = ctx;
    if (n->kind != N_CALL) return true;
    const Site *s = trace_site(f->rw->t, n);
    for (int i = 0; s && i < s->events.len; i++) {
        const Event *e = s->events.at[i];
        f->view |= e->kind == EV_INERT && str_eq(e->dotted, VIEW_OF_ITSELF);
    }
    const char *dotted = static_dotted(f->rw, n->a);
    f->input |= dotted && dialect_lists(f->rw->from, "input_functions", dotted);
    return true;
}

bool view_method(Rw *rw, const Node *fn)
{
    bool any = false;
    if (rw->from == rw->to || fn->kind != N_FUNCTION) return false;
    for (int i = 0; i < fn->body.len; i++) {
        Node *n = fn->body.at[i];
        Finds f = {.rw = rw};
        node_walk(n, find_parts, &f);
        any |= f.view;
        bool doc = n->kind == N_EXPR && n->a->kind == N_STRING, gives = n->kind == N_RETURN && n->a && n->a->kind == N_NAME;
        bool shows = any && n->kind == N_EXPR && n->a->kind == N_CALL && n->a->a->kind == N_ATTRIBUTE;
        if (n->body.len || !(f.view || f.input || doc || (any && gives) || shows)) return false;
    }
    return any;
}

Node *view_of(Rw *rw, Node *call)
{
    call = node_unparen(call);
    if (rw->from == rw->to || call->kind != N_CALL || call->a->kind != N_ATTRIBUTE) return NULL;
    for (int i = 0; i < rw->t->definitions.len; i++) {
        const Definition *d = rw->t->definitions.at[i];
        bool method = d->kind == DEF_FUNCTION && d->parent && d->parent->kind == DEF_MODULE_CLASS && d->node->kind == N_FUNCTION;
        if (method && str_eq(d->node->name, call->a->name) && view_method(rw, d->node)) return call->a->a;
    }
    return NULL;
}
