/* Bare weights and buffers: tensors that a network holds without a layer.
 *
 * Each dialect names the class of such a tensor ("parameter": torch.nn.Parameter, keras.Variable), how it says that
 * it is not trained ("frozen": requires_grad=False, trainable=False), and the initialisers by which a layer's method
 * makes one ("weight_initialisers": zeros -> torch.zeros). A weight keeps the source's order of axes; where it meets
 * an image, the operation moves it (layout.c). An initialiser that draws at random differs in training only.
 *
 * Not handled: weights whose shape is given in no argument. */
#include "port/rw.h"

#include <string.h>

#include "port/static.h"

static Node *keyword(Node *call, const char *name)
{
    for (int i = 0; i < call->items.len; i++)
        if (call->items.at[i]->kind == N_KEYWORD && str_eq(call->items.at[i]->name, name)) return call->items.at[i]->a;
    return NULL;
}

static Node *positional(Node *call, int at)
{
    for (int i = 0; i < call->items.len; i++)
        if (call->items.at[i]->kind != N_KEYWORD && at-- == 0) return call->items.at[i];
    return NULL;
}

static Node *weight_of(Rw *rw, Node *value, bool trained, Node *site)
{
    const char *class = dialect_fact(rw->to, "parameter"), *frozen = dialect_fact(rw->to, "frozen");
    if (!class || !value) return NULL;
    Node *made = py_call(rw->a, name_of(rw, class));
    vec_push(rw->a, &made->items, value);
    if (!trained && frozen) vec_push(rw->a, &made->items, py_kw(rw->a, frozen, py_bool(rw->a, false)));
    made->map = map_for(rw, site);
    return made;
}

static bool says_no(Rw *rw, Node *x)
{
    PValue v = x ? node_literal(rw, x) : pv_bool(true);
    return v.kind == PV_BOOL && !v.u.b;
}

Node *parameter_call(Rw *rw, Node *n, const char *dotted)
{
    if (rw->from == rw->to || !dialect_lists(rw->from, "parameter_functions", dotted)) return NULL;
    const char *frozen = dialect_fact(rw->from, "frozen");
    Node *value = positional(n, 0);
    static const char *const names[] = {"data", "initial_value", "initializer", "value"};
    for (size_t i = 0; !value && i < sizeof names / sizeof *names; i++) value = keyword(n, names[i]);
    if (!value) return NULL;
    bool buffer = strstr(dotted, "Buffer") != NULL;
    return weight_of(rw, rewrite_expr(rw, value), !buffer && !says_no(rw, frozen ? keyword(n, frozen) : NULL), n);
}

static bool is_self_method(const Node *n, const char *method)
{
    return n->kind == N_CALL && n->a->kind == N_ATTRIBUTE && str_eq(n->a->name, method) && n->a->a->kind == N_NAME &&
           str_eq(n->a->a->name, "self");
}

/* The word of an initialiser: "zeros", initializers.Zeros(), "glorot_uniform", None. */
static const char *initialiser_word(Rw *rw, Node *x)
{
    if (!x || x->kind == N_NONE) return "default";
    if (x->kind == N_STRING) return x->str;
    const char *dotted = static_dotted(rw, x->kind == N_CALL ? x->a : x);
    const char *dot = dotted ? strrchr(dotted, '.') : NULL;
    return dot ? dot + 1 : NULL;
}

/* What an initialiser is built with: "stddev:std" of a fact that lists the source's names with the target's. */
static void initialiser_arguments(Rw *rw, Node *x, const char *fact, Node *call)
{
    StrVec words = fact ? dialect_fact_words(rw->to, rw->a, fact) : (StrVec){0};
    for (int i = 0; x && x->kind == N_CALL && i < words.len; i++) {
        const char *colon = strchr(words.at[i], ':');
        const char *own = colon ? arena_strndup(rw->a, words.at[i], (size_t)(colon - words.at[i])) : words.at[i];
        Node *given = keyword(x, own);
        if (!given) given = positional(x, i);
        if (given && colon && colon[1]) vec_push(rw->a, &call->items, py_kw(rw->a, colon + 1, rewrite_expr(rw, given)));
        else if (given) vec_push(rw->a, &call->items, rewrite_expr(rw, given));
    }
}

/* "std=0.05": what the source's initialiser takes where nobody says, and the target's function does not. */
static void usual_arguments(Rw *rw, const char *fact, Node *call)
{
    StrVec words = dialect_fact_words(rw->to, rw->a, fact);
    const char *err = NULL;
    for (int i = 0; i < words.len; i++) {
        const char *equals = strchr(words.at[i], '=');
        const char *name = equals ? arena_strndup(rw->a, words.at[i], (size_t)(equals - words.at[i])) : NULL;
        if (name && !keyword(call, name)) vec_push(rw->a, &call->items, py_kw(rw->a, name, py_parse_expr(rw->a, equals + 1, &err)));
    }
}

Node *parameter_method(Rw *rw, Node *n)
{
    if (rw->from == rw->to || (!is_self_method(n, "add_weight") && !is_self_method(n, "add_variable"))) return NULL;
    Node *shape = keyword(n, "shape"), *first = positional(n, 0);
    if (!shape && first && first->kind != N_STRING) shape = first;
    if (!shape) shape = positional(n, 1);
    Node *start = keyword(n, "initializer");
    const char *word = initialiser_word(rw, start);
    const char *maker = word ? dialect_fact(rw->to, arena_printf(rw->a, "initialiser:%s", word)) : NULL;
    const char *empty = dialect_fact(rw->to, "initialiser:empty");
    bool filled = maker != NULL;
    if (!shape || !(maker || empty)) return no_counterpart(rw, n, "a weight whose shape or start is not understood");
    Node *value = py_call(rw->a, name_of(rw, maker ? maker : empty));
    vec_push(rw->a, &value->items, rewrite_expr(rw, shape));
    const char *filler = filled ? arena_printf(rw->a, "initialiser_takes:%s", word) : NULL;
    if (filled) initialiser_arguments(rw, start, filler, value);
    if (filled && dialect_fact(rw->to, filler) && value->items.len < 2) vec_push(rw->a, &value->items, py_float(rw->a, 0.0));
    Node *made = weight_of(rw, value, !says_no(rw, keyword(n, "trainable")), n);
    if (!made || filled) return made;
    const char *draw = dialect_fact(rw->to, arena_printf(rw->a, "draw:%s", word ? word : ""));
    if (!draw) draw = dialect_fact(rw->to, "draw:default");
    const char *takes = dialect_fact(rw->to, arena_printf(rw->a, "draw_takes:%s", word ? word : ""));
    const Node *sizes = node_unparen(shape);
    bool vector = !takes && (sizes->kind == N_TUPLE || sizes->kind == N_LIST) && sizes->items.len < 2;
    if (vector && dialect_fact(rw->to, "draw:vector")) draw = dialect_fact(rw->to, "draw:vector"); /* no fan in or out */
    Node *drawn = py_call(rw->a, name_of(rw, draw));
    vec_push(rw->a, &drawn->items, made);
    if (takes) initialiser_arguments(rw, start, arena_printf(rw->a, "draw_takes:%s", word), drawn);
    usual_arguments(rw, arena_printf(rw->a, "draw_usual:%s", word ? word : ""), drawn);
    note(rw, "line %d: the start of this weight is drawn as %s does", static_line(rw, n), draw);
    drawn->map = made->map;
    return drawn;
}

Node *parameter_statement(Rw *rw, Node *n)
{
    Node *call = n->kind == N_EXPR ? n->a : NULL;
    if (!call || rw->from == rw->to || rw->to->channels_first) return NULL;
    bool buffer = is_self_method(call, "register_buffer"), weight = is_self_method(call, "register_parameter");
    if (!buffer && !weight) return NULL;
    Node *name = positional(call, 0), *value = positional(call, 1);
    if (!name) name = keyword(call, "name");
    if (!value) value = keyword(call, buffer ? "tensor" : "param");
    if (!name || name->kind != N_STRING || !value) return NULL;
    Node *made = value->kind == N_NONE ? py_none(rw->a) : weight ? rewrite_expr(rw, value)
                                       : weight_of(rw, rewrite_expr(rw, value), false, call);
    if (!made) return NULL;
    const char *renamed = dialect_rename(rw->to, rw->a, name->str);
    Node *target = py_attr(rw->a, rewrite_expr(rw, call->a->a), renamed ? renamed : name->str);
    Node *s = py_assign(rw->a, target, made);
    s->from = n;
    s->map = map_for(rw, call);
    return s;
}
