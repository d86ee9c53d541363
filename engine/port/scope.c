/* Where a width comes from: from the layer's input back through operations that keep the feature axis, to the
 * layer that made it. Where that layer is built in the same function, its argument is an expression in scope. */
#include "port/scope.h"

#include <string.h>

#include "stage/number.h"

/* The attribute of a layer that sets the width of its output, NULL when it keeps its input's. */
static const char *width_attr(const PivotLayer *l)
{
    static const struct {
        const char *kind, *attr;
    } WIDTHS[] = {{"LinearLayer", "out_features"},  {"Conv1D", "out_channels"},        {"Conv2D", "out_channels"},
                  {"Conv3D", "out_channels"},       {"ConvTranspose", "out_channels"}, {"SeparableConv", "out_channels"},
                  {"EmbeddingLayer", "embedding_dim"}, {"LSTMLayer", "hidden_size"},   {"GRULayer", "hidden_size"},
                  {"SimpleRNNLayer", "hidden_size"}};
    for (size_t i = 0; i < sizeof WIDTHS / sizeof *WIDTHS; i++)
        if (str_eq(WIDTHS[i].kind, l->kind->name)) return WIDTHS[i].attr;
    return NULL;
}

static bool keeps_width(const PivotNode *n)
{
    static const char *const KEEP[] = {"BatchNormLayer", "LayerNormLayer", "PoolingLayer", "DropoutLayer",
                                       "PaddingLayer",   "ActivationLayer", "IdentityLayer", "add",
                                       "AddLayer",       "multiply",        "cast",          "SpatialDropout",
                                       "identity",       "dropout",         "GroupNormLayer"};
    if (!n->kind) return false;
    if (n->kind->group == GROUP_ACTIVATION) return true;
    for (size_t i = 0; i < sizeof KEEP / sizeof *KEEP; i++)
        if (str_eq(KEEP[i], n->kind->name)) return true;
    return false;
}

static const PivotLayer *maker(const PivotTensor *t)
{
    for (int hops = 0; t && t->producer && hops < 200; hops++) {
        const PivotNode *p = t->producer;
        if (p->type == PNODE_LAYER && width_attr(p->layer)) {
            bool both = attr_bool(&p->layer->attrs, "bidirectional", false);
            return both ? NULL : p->layer;
        }
        if ((p->type != PNODE_LAYER && p->type != PNODE_OP) || !keeps_width(p) || !p->inputs.len) return NULL;
        t = p->inputs.at[0];
    }
    return NULL;
}

static bool is_input_width(const char *attr)
{
    return str_eq(attr, "in_channels") || str_eq(attr, "in_features") || str_eq(attr, "input_size") ||
           str_eq(attr, "num_features");
}

Node *scope_expression(Rw *rw, Node *site, const char *attr)
{
    for (int i = 0; i < rw->t->numbers.len; i++) {
        const SiteNumber *k = &rw->t->numbers.at[i];
        if (k->at == site->span.start && str_eq(k->attr, attr)) return number_copy(rw->a, k->expr);
    }
    if (!is_input_width(attr)) return NULL;
    int n;
    Event **events = site_events(rw, site, EV_LAYER, &n);
    int made_at = 0;
    for (int i = 0; i < n; i++) {
        int na;
        Event **applies = apply_events(rw, events[i]->layer, &na);
        const PivotLayer *m = na && applies[0]->in.len ? maker(applies[0]->in.at[0]) : NULL;
        if (!m || (made_at && m->site != made_at)) return NULL;
        made_at = m->site;
    }
    Node *from = made_at ? node_by_id(rw, made_at) : NULL;
    if (!from || rw->t->definition_of[from->id] != rw->t->definition_of[site->id]) return NULL;
    int k;
    Event **made = site_events(rw, from, EV_LAYER, &k);
    if (!k) return NULL;
    Node *x = arg_expr(made[0], width_attr(made[0]->layer), NULL);
    return x ? rewrite_expr(rw, x) : NULL;
}
