/* Pairs of layers for the transfer of weights: how the source reaches a layer that has weights, and how the
 * target does. A Sequential of the target may hold more items than the source's (paddings, permutes): the place
 * of an item is counted over the plans of those in front of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port/class.h"
#include "port/static.h"

/* The place of a layer's main step in a target sequence, given its place in the source's. */
static int spliced_index(Rw *rw, const PivotNN *seq, int index)
{
    int at = 0;
    for (int i = 0; i < seq->layers.len; i++) {
        const PivotLayer *l = seq->layers.at[i];
        Node *site = node_by_id(rw, l->site);
        Plan *p = site ? plan_for(rw, site) : NULL;
        int own = atoi(strrchr(l->name, '.') ? strrchr(l->name, '.') + 1 : l->name);
        if (!p || own > index) continue;
        int steps = p->steps.len;
        bool splice = mode_for(rw, site) == MODE_SPLICE && steps > 1;
        if (own < index) {
            at += splice ? steps - 1 : 0;
        } else if (splice) {
            for (int k = 0; k < steps && p->steps.at[k].place != STEP_MAIN; k++) at++;
        }
    }
    return index + at;
}

/* The place of a named item of a sequence, by the order of its forward pass; -1 where it has none. */
static int named_place(const PivotNN *seq, const char *item)
{
    int at = 0;
    for (int i = 0; i < seq->nodes.len; i++) {
        const PivotNode *n = seq->nodes.at[i];
        const char *name = n->type == PNODE_LAYER && n->layer ? n->layer->name : n->type == PNODE_NN && n->nn ? n->nn->name : NULL;
        if (!name) continue;
        const char *dot = strrchr(name, '.');
        if (str_eq(dot ? dot + 1 : name, item)) return at;
        at++;
    }
    return -1;
}

static void add_part(Rw *rw, Buf *b, const char *part, const PivotNN *seq, bool torch)
{
    bool number = part[0] >= '0' && part[0] <= '9';
    if (number && torch) buf_printf(b, "%s%d", b->len ? "." : "", seq ? spliced_index(rw, seq, atoi(part)) : atoi(part));
    else if (number && seq) buf_printf(b, ".layers[%d]", spliced_index(rw, seq, atoi(part)));
    else if (number) buf_printf(b, "[%s]", part);
    else {
        const char *renamed = dialect_rename(rw->to, rw->a, part);
        buf_printf(b, "%s%s", b->len ? "." : "", renamed && rw->from != rw->to ? renamed : part);
    }
}

/* A Sequential, or an instance of a class that is one. */
static bool is_sequence(Rw *rw, const PivotNN *nn)
{
    if (!nn || nn->is_sequential) return nn != NULL;
    for (int i = 0; nn->definition && i < rw->t->definitions.len; i++) {
        const Definition *d = rw->t->definitions.at[i];
        if (d->pivot == nn->definition) return d->node && d->node->kind == N_CLASS && class_is_sequence(rw, d->node);
    }
    return false;
}

static const PivotNN *child_named(const PivotNN *nn, const char *path)
{
    for (int i = 0; i < nn->children.len; i++)
        if (str_eq(nn->children.at[i]->name, path)) return nn->children.at[i];
    return NULL;
}

/* The target's path of a source path below a root. */
static const char *target_path(Rw *rw, const PivotNN *root, const char *path)
{
    Buf out = {0};
    bool torch = rw->to->channels_first;
    const PivotNN *at = root;
    char *copy = arena_strdup(rw->a, path), *save = NULL;
    Buf so_far = {0};
    for (char *part = strtok_r(copy, ".", &save); part; part = strtok_r(NULL, ".", &save)) {
        bool sequence = is_sequence(rw, at);
        int place = sequence && !torch && !(part[0] >= '0' && part[0] <= '9') ? named_place(at, part) : -1;
        if (place >= 0) buf_printf(&out, ".layers[%d]", place);
        else add_part(rw, &out, part, sequence ? at : NULL, torch);
        buf_printf(&so_far, "%s%s", so_far.len ? "." : "", part);
        const PivotNN *next = at ? child_named(at, so_far.s) : NULL;
        if (next) at = next;
        else if (!(part[0] >= '0' && part[0] <= '9')) at = sequence ? NULL : at;
    }
    buf_free(&so_far);
    return buf_take(&out, rw->a);
}

static void pairs_of(Rw *rw, const PivotNN *root, const PivotNN *nn)
{
    for (int i = 0; i < nn->layers.len; i++) {
        const PivotLayer *l = nn->layers.at[i];
        Node *site = node_by_id(rw, l->site);
        if (!layer_has_weights(l) || !site) continue;
        Plan *p = rw->flat_paths ? NULL : plan_for(rw, site);
        const char *flat = rw->flat_paths ? map_get(rw->flat_paths, arena_printf(rw->a, "%d", l->id)) : NULL;
        if (flat) {
            PortPair pair = {.source = trace_layer_path(rw->a, l), .target = flat, .kind = l->kind->name, .rule = l->kind->name,
                             .attrs = l->attrs, .source_line = static_line(rw, site)};
            vec_push(rw->a, &rw->res->pairs, pair);
        }
        if (!p || p->unsupported || rw->flat_paths) continue;
        const char *path = trace_layer_path(rw->a, l);
        PortPair pair = {.source = path, .kind = l->kind->name, .rule = p->rule ? p->rule : l->kind->name, .attrs = l->attrs};
        const char *target = target_path(rw, root, path);
        if (!p->one_call && mode_for(rw, site) == MODE_BUNDLE) {
            int main = 0;
            while (main < p->steps.len && p->steps.at[main].place != STEP_MAIN) main++;
            target = rw->to->channels_first ? arena_printf(rw->a, "%s.%d", target, main)
                                            : arena_printf(rw->a, "%s.layers[%d]", target, main);
        }
        pair.target = target;
        pair.source_line = static_line(rw, site);
        vec_push(rw->a, &rw->res->pairs, pair);
    }
    for (int i = 0; i < nn->children.len; i++) pairs_of(rw, root, nn->children.at[i]);
}

void pairs_collect(Rw *rw)
{
    for (int i = 0; i < rw->t->roots.len; i++) {
        const PivotNN *root = rw->t->roots.at[i].nn;
        if (root) pairs_of(rw, root, root);
        if (root) break; /* one network is verified at a time */
    }
}
