/* A function that builds layers and gives a lambda that calls them: the draft gives a function of its own, which staging
 * makes a class of.
 *
 *     def block(filters):                      def block(filters):
 *         conv = Conv2D(filters, 3)                conv = Conv2D(filters, 3)
 *         return lambda x: conv(x)                 def apply(x):
 *                                                      return conv(x)
 *                                                  return apply */
#include "stage/closure.h"

#include <string.h>

#include "python/names.h"
#include "stage/draft.h"

typedef struct Closures {
    Arena *a;
    const Trace *t;
    DraftEdits edits;
} Closures;

static const char *text_of(const Closures *c, int start, int end)
{
    return arena_strndup(c->a, c->t->module->src->text + start, (size_t)(end - start));
}

static bool gives_lambda(const Node *fn)
{
    const Node *last = fn->body.len ? fn->body.at[fn->body.len - 1] : NULL;
    const Node *x = last && last->kind == N_RETURN && last->a ? last->a : NULL;
    return x && x->kind == N_LAMBDA && x->params.list.len > 0 && x->a;
}

static void rewrite(Closures *c, Node *fn)
{
    Node *last = fn->body.at[fn->body.len - 1], *x = last->a;
    const char *name = names_uses(fn, "apply") ? "apply_layers" : "apply", *indent = draft_indent(c->a, c->t->module->src, last);
    const Params *p = &x->params;
    const char *params = text_of(c, p->list.at[0].span.start, p->list.at[p->list.len - 1].span.end);
    DraftEdit head = {.at = {last->span.start, x->a->span.start},
                      .text = arena_printf(c->a, "def %s(%s):\n%s    return ", name, params, indent),
                      .why = x->span};
    DraftEdit tail = {.at = {x->a->span.end, last->span.end}, .text = arena_printf(c->a, "\n%sreturn %s", indent, name), .why = x->span};
    vec_push(c->a, &c->edits, head);
    vec_push(c->a, &c->edits, tail);
}

Module *closure_make(Arena *a, const Trace *t)
{
    Closures c = {.a = a, .t = t};
    for (int i = 0; i < t->definitions.len; i++) {
        Definition *d = t->definitions.at[i];
        bool plain = d->kind == DEF_FUNCTION && !d->parent && d->node->kind == N_FUNCTION && d->node->id <= t->module->nnodes;
        if (plain && d->builds && gives_lambda(d->node)) rewrite(&c, d->node);
    }
    if (!c.edits.len) return NULL;
    Draft d = {.a = a, .origin = t->module->src};
    draft_edits(&d, &c.edits);
    return draft_parse(&d);
}
