/* One NN of the model as a list of BESSER-NN's modules, in execution order; a module takes the
 * output of the one before it unless it names another. So the forward pass is walked step by step,
 * each tensor remembering which module made it:
 *   an activation right after a layer becomes that layer's actv_func
 *   out[:, -1] right after a recurrent layer becomes its return_type "last"
 *   identities and casts leave no module
 * What BESSER-NN cannot say (an addition, a second call of the same layer, a dilation) is a
 * comment at its place and a note in *lost; the walk goes on with its first input, so what follows
 * is still exported. */
#include <stdarg.h>
#include <string.h>

#include "pivot/buml.h"

/* One NN on its way. */
typedef struct Walk {
    BumlExport *x;
    const PivotNN *nn;
    BumlModules modules;
    StrVec head; /* comments before any module */
    Map names;
    int nops;
} Walk;

/* ---- what is lost ---- */

/* A comment after the last module, and a note. */
static void lose(Walk *w, Span span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void lose(Walk *w, Span span, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = buml_one_line(w->x->a, arena_vprintf(w->x->a, fmt, ap));
    va_end(ap);
    buml_note(w->x, span, text);
    if (w->modules.len) vec_push(w->x->a, &w->modules.at[w->modules.len - 1].lost, text);
    else vec_push(w->x->a, &w->head, text);
}

/* ---- modules ---- */

static const PivotTensor *first_input(const PivotNode *n)
{
    return n->inputs.len ? n->inputs.at[0] : NULL;
}

/* A tensor's place in the arrays; 0, which stands for none, where it has no id. */
static int slot(const Walk *w, const PivotTensor *t)
{
    return t && t->id >= 1 && t->id <= w->x->m->ntensors ? t->id : 0;
}

static const char *maker(const Walk *w, const PivotTensor *t)
{
    return w->x->made_by[slot(w, t)];
}

static void set_maker(Walk *w, const PivotNode *n, const char *name)
{
    for (int i = 0; i < n->outputs.len; i++) {
        int id = slot(w, n->outputs.at[i]);
        if (id) w->x->made_by[id] = name;
    }
}

static bool used_once(const Walk *w, const PivotTensor *t)
{
    return slot(w, t) && w->x->uses[slot(w, t)] == 1;
}

/* The step leaves no module: what it gives counts as made by whoever made its input. */
static void pass_through(Walk *w, const PivotNode *n)
{
    const PivotTensor *in = first_input(n);
    set_maker(w, n, maker(w, in));
    for (int i = 0; i < n->outputs.len; i++)
        w->x->beside[slot(w, n->outputs.at[i])] = w->x->beside[slot(w, in)];
    w->x->beside[0] = false;
}

/* The same for a step that should have left one: a layer after it may take what came before, but
 * an operation that names its operands may not name this one. */
static void pass_beside(Walk *w, const PivotNode *n)
{
    set_maker(w, n, maker(w, first_input(n)));
    for (int i = 0; i < n->outputs.len; i++) w->x->beside[slot(w, n->outputs.at[i])] = true;
    w->x->beside[0] = false;
}

static BumlModule *last_module(Walk *w)
{
    return w->modules.len ? &w->modules.at[w->modules.len - 1] : NULL;
}

/* Which of a recurrent layer's outputs is meant: all steps, or the last state where only that is
 * read. */
static void choose_output(Walk *w, const PivotNode *n)
{
    BumlModule *m = last_module(w);
    int full = w->x->uses[slot(w, n->outputs.at[0])], state = w->x->uses[slot(w, n->outputs.at[1])];
    int cell = n->outputs.len > 2 ? w->x->uses[slot(w, n->outputs.at[2])] : 0;
    if (!full && state && !cell) {
        m->return_type = "hidden";
        m->out = n->outputs.at[1];
    } else if (state || cell) {
        lose(w, n->use, "that the states of %s are read", m->name);
    }
}

/* Appends a module whose input is the step's first input. */
static void add_module(Walk *w, const PivotNode *n, BumlModule m, const char *name)
{
    const PivotTensor *in = first_input(n);
    const char *from = maker(w, in);
    BumlModule *before = last_module(w);
    m.name = buml_unique(w->x->a, &w->names, name);
    m.out = n->outputs.len ? n->outputs.at[0] : NULL;
    bool reused = w->x->uses[slot(w, in)] > 1;
    if (m.role != BUML_NN) m.reused = reused;
    bool elsewhere = from && before && !str_eq(from, before->name);
    if (m.role == BUML_LAYER && (elsewhere || (from && reused))) m.from = from;
    if (m.role != BUML_NN) map_set(&w->x->classes, m.cls, (void *)m.cls);
    for (int i = 0; i < m.lost.len; i++)
        buml_note(w->x, n->use, arena_printf(w->x->a, "%s of %s", m.lost.at[i], m.name));
    vec_push(w->x->a, &w->modules, m);
    set_maker(w, n, m.name);
    if (m.return_type && n->outputs.len > 1) choose_output(w, n);
    if (m.role != BUML_LAYER && m.role != BUML_OP && elsewhere)
        lose(w, n->use, "that %s takes the output of %s", m.name, from);
    if (!from && before && in && in->producer && in->producer->type == PNODE_INPUT)
        lose(w, n->use, "that %s takes the network's input", m.name);
}

static const PivotKind *step_kind(const PivotNode *n)
{
    return n->type == PNODE_LAYER ? n->layer->kind : n->kind;
}

static const PAttrs *step_attrs(const PivotNode *n)
{
    return n->type == PNODE_LAYER ? &n->layer->attrs : &n->attrs;
}

static const char *step_name(Walk *w, const PivotNode *n)
{
    if (n->type == PNODE_LAYER && n->layer->name) {
        const char *name = n->layer->name, *nn = w->nn->name ? w->nn->name : "";
        size_t own = strlen(nn);
        if (own && str_starts(name, nn) && name[own] == '.') name += own + 1; /* "features.0" */
        return buml_identifier(w->x->a, name, "layer");
    }
    return arena_printf(w->x->a, "op%d", ++w->nops);
}

/* ---- steps ---- */

/* Does applying the layer twice share weights? Without any, a second module says the same. */
static bool holds_weights(const PivotKind *kind)
{
    static const char *const sizes[] = {"in_features",      "in_channels",    "num_features",
                                        "normalized_shape", "num_embeddings", "hidden_size"};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (kind_attr(kind, sizes[i])) return true;
    }
    return kind->group == GROUP_WRAPPER || kind->besser == NULL;
}

/* An activation: part of the layer before it, where that is its only input's maker. */
static void step_activation(Walk *w, const PivotNode *n, const char *kind, const PAttrs *attrs)
{
    const PivotTensor *in = first_input(n);
    BumlModule *before = last_module(w);
    const char *name = buml_activation(kind);
    bool follows = before && before->role == BUML_LAYER && before->takes_actv && !before->actv &&
                   str_eq(maker(w, in), before->name) && used_once(w, in);
    if (strcmp(kind, "linear") == 0) {
        pass_through(w, n);
        return;
    }
    if (!name || !follows) {
        pass_beside(w, n);
        lose(w, n->use, "the activation %s%s", kind, name ? " where it stands" : "");
        return;
    }
    pass_through(w, n);
    before->actv = name;
    if (strcmp(name, "leaky_relu") == 0 && attr_get(attrs, "negative_slope"))
        lose(w, n->use, "the slope %s of leaky_relu",
             pv_text(w->x->a, attr_get(attrs, "negative_slope")));
}

static BumlModule tensor_op(Arena *a, const char *type, const char *arg, const char *value)
{
    BumlModule m = {.role = BUML_OP, .cls = "TensorOp"};
    m.args = arena_printf(a, "tns_type=\"%s\", %s=%s", type, arg, value);
    return m;
}

/* A shape whose one open size is -1; NULL when there are more. */
static const char *open_shape(Arena *a, const Size *dims, int rank)
{
    PValue v = pv_list(a, rank);
    int open = 0;
    for (int i = 0; i < rank; i++) {
        bool known = !dims[i].free && dims[i].n >= 0;
        open += !known;
        v.u.list.at[i] = pv_int(known ? dims[i].n : -1);
    }
    return open <= 1 ? buml_ints(a, &v, 1) : NULL;
}

/* ["conv1", "conv2"]: the makers of all inputs. NULL when one is not a module. */
static const char *maker_list(Walk *w, const PivotNode *n)
{
    Buf b = {0};
    buf_addc(&b, '[');
    bool all = n->inputs.len > 0;
    for (int i = 0; i < n->inputs.len; i++) {
        const char *name = maker(w, n->inputs.at[i]);
        all &= name != NULL && !w->x->beside[slot(w, n->inputs.at[i])];
        buf_printf(&b, "%s\"%s\"", i ? ", " : "", name ? name : "?");
    }
    buf_addc(&b, ']');
    const char *text = buf_take(&b, w->x->a);
    return all ? text : NULL;
}

/* Does the source hold this image or sequence with its channel second? */
static bool is_channel_second(const PivotTensor *t)
{
    return t && t->roles && t->rank >= 3 && (int)strlen(t->roles) == t->rank && t->roles[1] == 'C';
}

/* BESSER-NN counts axes with the channel last: an axis of an image that has it second moves. */
static long long channel_last(const PivotNode *n, long long axis)
{
    const PivotTensor *image = NULL;
    for (int i = 0; i < n->inputs.len && !image; i++) {
        if (is_channel_second(n->inputs.at[i])) image = n->inputs.at[i];
    }
    if (!image) return axis;
    if (axis < 0) axis += image->rank;
    return axis == 1 ? image->rank - 1 : axis > 1 ? axis - 1 : axis;
}

static bool step_join(Walk *w, const PivotNode *n, const char *type, const char **why)
{
    Arena *a = w->x->a;
    const char *makers = maker_list(w, n);
    *why = "not all its operands are outputs of modules";
    if (!makers || n->inputs.len < 2) return false;
    BumlModule m = tensor_op(a, type, "layers_of_tensors", makers);
    if (strcmp(type, "concatenate") == 0)
        m.args = arena_printf(a, "%s, concatenate_dim=%lld", m.args,
                              channel_last(n, attr_int(step_attrs(n), "axis", -1)));
    add_module(w, n, m, step_name(w, n));
    return true;
}

static bool step_reshape(Walk *w, const PivotNode *n, const char **why)
{
    const PivotTensor *out = n->outputs.len ? n->outputs.at[0] : NULL;
    const PValue *given = attr_get(step_attrs(n), "shape");
    const char *shape =
        given ? buml_ints(w->x->a, given, 1) : NULL; /* as written, where it is numbers */
    if (!shape) shape = out && out->rank >= 0 ? open_shape(w->x->a, out->dims, out->rank) : NULL;
    *why = "more than one size of its shape is open";
    if (!shape) return false;
    BumlModule m = tensor_op(w->x->a, "reshape", "reshape_dim", shape);
    add_module(w, n, m, step_name(w, n));
    return true;
}

static bool step_permute(Walk *w, const PivotNode *n, bool without_batch)
{
    const PValue *dims = attr_get(step_attrs(n), "dims");
    if (!dims || dims->kind != PV_LIST) return false;
    PValue all = *dims;
    if (without_batch) { /* Keras' Permute: the batch stays first */
        all = pv_list(w->x->a, dims->u.list.len + 1);
        all.u.list.at[0] = pv_int(0);
        for (int i = 0; i < dims->u.list.len; i++) all.u.list.at[i + 1] = dims->u.list.at[i];
    }
    const char *text = buml_ints(w->x->a, &all, 1);
    if (!text) return false;
    add_module(w, n, tensor_op(w->x->a, "permute", "permute_dim", text), step_name(w, n));
    if (is_channel_second(first_input(n)))
        lose(w, n->use, "the source's order of axes, in which the channel is second");
    return true;
}

static bool step_transpose(Walk *w, const PivotNode *n)
{
    PValue pair = pv_list(w->x->a, 2);
    pair.u.list.at[0] = pv_int(attr_int(step_attrs(n), "dim0", 0));
    pair.u.list.at[1] = pv_int(attr_int(step_attrs(n), "dim1", 1));
    BumlModule m = tensor_op(w->x->a, "transpose", "transpose_dim", buml_ints(w->x->a, &pair, 2));
    add_module(w, n, m, step_name(w, n));
    if (is_channel_second(first_input(n)))
        lose(w, n->use, "the source's order of axes, in which the channel is second");
    return true;
}

/* out[:, -1] of a recurrent layer that nothing else reads, or h_n[-1], which "hidden" means. */
static bool step_last(Walk *w, const PivotNode *n)
{
    BumlModule *before = last_module(w);
    const PValue *index = attr_get(&n->attrs, "index");
    if (before && str_eq(before->return_type, "hidden") && first_input(n) == before->out && index &&
        index->kind == PV_LIST && index->u.list.len == 1 && pv_is_int(&index->u.list.at[0], -1)) {
        set_maker(w, n, before->name);
        return true;
    }
    if (!before || !str_eq(before->return_type, "full") || n->inputs.len != 1 ||
        first_input(n) != before->out || !used_once(w, before->out) || !index ||
        index->kind != PV_LIST || index->u.list.len < 2 || !pv_is_int(&index->u.list.at[1], -1))
        return false;
    for (int i = 0; i < index->u.list.len; i++) {
        if (i != 1 &&
            strncmp(pv_text(w->x->a, &index->u.list.at[i]), "('slice', None, None", 20) != 0)
            return false;
    }
    before->return_type = "last";
    set_maker(w, n, before->name);
    return true;
}

/* Layers and operations that a layer of BESSER-NN says. */
static bool step_layer(Walk *w, const PivotNode *n, const PivotKind *kind, const PAttrs *attrs,
                       const char **why)
{
    BumlModule m = {0};
    if (!buml_layer(w->x->a, kind, attrs, first_input(n), &m, why)) return false;
    add_module(w, n, m, step_name(w, n));
    return true;
}

static bool step_wrapped(Walk *w, const PivotNode *n, const char **why)
{
    const PivotLayer *l = n->layer, *inner = l->inner;
    PAttrs attrs = {0};
    *why = "BESSER-NN has no such layer";
    if (!inner || strcmp(l->kind->name, "BidirectionalWrapper") != 0) return false;
    if (strcmp(attr_str(&l->attrs, "merge_mode", "concat"), "concat") != 0) {
        *why = "BESSER-NN has no other merge mode than concat";
        return false;
    }
    for (int i = 0; i < inner->attrs.len; i++)
        attr_set(w->x->a, &attrs, inner->attrs.at[i].name, inner->attrs.at[i].value);
    attr_set(w->x->a, &attrs, "bidirectional", pv_bool(true));
    return step_layer(w, n, inner->kind, &attrs, why);
}

static bool step_flatten(Walk *w, const PivotNode *n, const char **why)
{
    return step_layer(w, n, pivot_kind("FlattenLayer"), step_attrs(n), why);
}

/* True when the step is said, or needs no saying. */
static bool step_computes(Walk *w, const PivotNode *n, const char **why)
{
    const PivotKind *kind = step_kind(n);
    const PAttrs *attrs = step_attrs(n);
    const char *k = kind->name;
    *why = "BESSER-NN has no such operation";
    if (kind->group == GROUP_WRAPPER) return step_wrapped(w, n, why);
    if (str_eq(k, "identity") || str_eq(k, "IdentityLayer") || str_eq(k, "cast")) {
        pass_through(w, n);
        return true;
    }
    if (str_eq(k, "concatenate") || str_eq(k, "ConcatenateLayer"))
        return step_join(w, n, "concatenate", why);
    if (str_eq(k, "multiply") || str_eq(k, "MultiplyLayer"))
        return step_join(w, n, "multiply", why);
    if (str_eq(k, "matmultiply")) return step_join(w, n, "matmultiply", why);
    if (str_eq(k, "reshape") || str_eq(k, "ReshapeLayer") || str_eq(k, "unflatten"))
        return step_reshape(w, n, why);
    if (str_eq(k, "permute")) return step_permute(w, n, false);
    if (str_eq(k, "PermuteLayer")) return step_permute(w, n, true);
    if (str_eq(k, "transpose")) return step_transpose(w, n);
    if (str_eq(k, "flatten")) return step_flatten(w, n, why);
    if (str_eq(k, "getitem") && step_last(w, n)) return true;
    if (str_eq(k, "dropout")) return step_layer(w, n, pivot_kind("DropoutLayer"), attrs, why);
    return step_layer(w, n, kind, attrs, why);
}

static void step(Walk *w, const PivotNode *n)
{
    const PivotKind *kind = step_kind(n);
    const PAttrs *attrs = step_attrs(n);
    const char *why = NULL;
    bool again =
        n->type == PNODE_LAYER && n->layer->id <= w->x->m->nlayers && w->x->applied[n->layer->id];
    if (n->type == PNODE_LAYER && n->layer->id <= w->x->m->nlayers)
        w->x->applied[n->layer->id] = true;
    const PValue *act =
        str_eq(kind->name, "ActivationLayer") ? attr_get(attrs, "activation") : NULL;
    if (kind->group == GROUP_ACTIVATION) {
        step_activation(w, n, kind->name, attrs);
    } else if (act && act->kind == PV_ACT) {
        step_activation(w, n, act->u.act->kind, &act->u.act->attrs);
    } else if (again && holds_weights(kind)) {
        pass_beside(w, n);
        lose(w, n->use, "that %s is applied again", n->layer->name ? n->layer->name : kind->name);
    } else if (!step_computes(w, n, &why)) {
        pass_beside(w, n);
        lose(w, n->use, "the step %s (%s)", kind->name, why);
    }
}

static void step_nn(Walk *w, const PivotNode *n)
{
    const PivotNN *callee = n->nn;
    const char *variable = callee->id <= w->x->m->nnns ? w->x->variable_of[callee->id] : NULL;
    if (!variable || w->x->called[callee->id]) {
        pass_beside(w, n);
        lose(w, n->use, "that %s is called again",
             callee->name && callee->name[0] ? callee->name : "a network");
        return;
    }
    w->x->called[callee->id] = true;
    BumlModule m = {.role = BUML_NN, .cls = variable};
    add_module(w, n, m, variable); /* its NN has that name */
}

/* ---- one NN ---- */

static void count_uses(Walk *w)
{
    const PivotNN *nn = w->nn;
    BumlExport *x = w->x;
    for (int pass = 0; pass < 2; pass++) { /* clear, then count */
        for (int i = 0; i < nn->nodes.len; i++) {
            const PivotNode *n = nn->nodes.at[i];
            for (int k = 0; k < n->inputs.len; k++) {
                int id = slot(w, n->inputs.at[k]);
                x->made_by[id] = NULL;
                x->beside[id] = false;
                x->uses[id] = pass && id ? x->uses[id] + 1 : 0;
            }
            for (int k = 0; !pass && k < n->outputs.len; k++) {
                x->made_by[slot(w, n->outputs.at[k])] = NULL;
                x->beside[slot(w, n->outputs.at[k])] = false;
                x->uses[slot(w, n->outputs.at[k])] = 0;
            }
            if (n->type == PNODE_NN && n->nn->id <= x->m->nnns) x->called[n->nn->id] = false;
        }
    }
}

static void walk_nodes(Walk *w)
{
    const PivotNN *nn = w->nn;
    count_uses(w);
    for (int i = 0; i < nn->nodes.len; i++) {
        const PivotNode *n = nn->nodes.at[i];
        if (n->type == PNODE_LAYER || n->type == PNODE_OP) step(w, n);
        else if (n->type == PNODE_NN) step_nn(w, n);
    }
    for (int i = 0; i < nn->layers.len; i++) {
        const PivotLayer *l = nn->layers.at[i];
        if (l->id <= w->x->m->nlayers && !w->x->applied[l->id])
            lose(w, l->def, "that %s is there without being applied",
                 l->name ? l->name : l->kind->name);
    }
}

/* A network that the trace never applied: its layers in the order of construction. */
static void walk_layers(Walk *w)
{
    for (int i = 0; i < w->nn->layers.len; i++) {
        const PivotLayer *l = w->nn->layers.at[i];
        PivotNode n = {
            .type = PNODE_LAYER, .layer = (PivotLayer *)l, .kind = l->kind, .use = l->def};
        step(w, &n);
    }
    lose(w, w->nn->def, "in which order the layers are applied, for the trace did not see it");
}

void buml_walk(BumlExport *x, const PivotNN *nn, BumlModules *modules, StrVec *head)
{
    Walk w = {.x = x, .nn = nn};
    map_init(&w.names, x->a);
    if (nn->nodes.len) walk_nodes(&w);
    else walk_layers(&w);
    *modules = w.modules;
    *head = w.head;
}
