/* How a layer of the pivot is written as a constructor call of BESSER-NN: a table of arguments for
 * each kind, and the few that need more than copying (padding, dimension, activation, return
 * type). Attributes that no row names, and that differ from the kind's default, are what BESSER-NN
 * cannot say. */
#include <string.h>

#include "pivot/buml.h"

typedef enum Form { FORM_INT, FORM_INTS, FORM_FLOAT, FORM_BOOL, FORM_STR } Form;

typedef struct ArgRow {
    const char *kinds; /* space around each: " Conv1D Conv2D " */
    const char *attr;  /* the same name in BESSER-NN */
    Form form;
    bool required;
} ArgRow;

#define CONVS " Conv1D Conv2D Conv3D "
#define RNNS " SimpleRNNLayer LSTMLayer GRULayer "

static const ArgRow rows[] = {
    {" LinearLayer ", "in_features", FORM_INT, false},
    {" LinearLayer ", "out_features", FORM_INT, true},
    {CONVS, "in_channels", FORM_INT, false},
    {CONVS, "out_channels", FORM_INT, true},
    {CONVS, "kernel_dim", FORM_INTS, true},
    {CONVS, "stride_dim", FORM_INTS, false},
    {" PoolingLayer ", "pooling_type", FORM_STR, true},
    {" PoolingLayer ", "kernel_dim", FORM_INTS, false},
    {" PoolingLayer ", "stride_dim", FORM_INTS, false},
    {" PoolingLayer ", "output_dim", FORM_INTS, false},
    {" BatchNormLayer ", "num_features", FORM_INT, true},
    {" LayerNormLayer ", "normalized_shape", FORM_INTS, true},
    {" DropoutLayer ", "rate", FORM_FLOAT, true},
    {" FlattenLayer ", "start_dim", FORM_INT, false},
    {" FlattenLayer ", "end_dim", FORM_INT, false},
    {" EmbeddingLayer ", "num_embeddings", FORM_INT, true},
    {" EmbeddingLayer ", "embedding_dim", FORM_INT, true},
    {RNNS, "input_size", FORM_INT, false},
    {RNNS, "hidden_size", FORM_INT, true},
    {RNNS, "bidirectional", FORM_BOOL, false},
    {RNNS, "dropout", FORM_FLOAT, false},
    {RNNS, "batch_first", FORM_BOOL, false},
};

static bool in_list(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = strstr(list, word); p; p = strstr(p + 1, word)) {
        if (p > list && p[-1] == ' ' && p[n] == ' ') return true;
    }
    return false;
}

const char *buml_activation(const char *kind)
{
    static const char *const known[] = {"relu", "leaky_relu", "sigmoid", "softmax", "tanh"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_eq(kind, known[i])) return known[i];
    }
    return NULL;
}

/* n: how many to make of a single number. */
const char *buml_ints(Arena *a, const PValue *v, int n)
{
    PValue one = pv_list(a, n > 0 ? n : 1);
    if (v->kind == PV_INT) {
        for (int i = 0; i < one.u.list.len; i++) one.u.list.at[i] = *v;
        v = &one;
    }
    if (v->kind != PV_LIST) return NULL;
    Buf b = {0};
    buf_addc(&b, '[');
    bool plain = true;
    for (int i = 0; i < v->u.list.len; i++) {
        plain &= v->u.list.at[i].kind == PV_INT;
        buf_printf(&b, "%s%s", i ? ", " : "", pv_text(a, &v->u.list.at[i]));
    }
    buf_addc(&b, ']');
    const char *text = buf_take(&b, a);
    return plain ? text : NULL;
}

static const char *argument(Arena *a, Form form, const PValue *v, int nd)
{
    switch (form) {
    case FORM_INT: return v->kind == PV_INT ? pv_text(a, v) : NULL;
    case FORM_INTS: return buml_ints(a, v, nd);
    case FORM_FLOAT: return v->kind == PV_FLOAT || v->kind == PV_INT ? pv_text(a, v) : NULL;
    case FORM_BOOL: return v->kind == PV_BOOL ? pv_text(a, v) : NULL;
    case FORM_STR: return v->kind == PV_STR ? arena_printf(a, "\"%s\"", v->u.str) : NULL;
    }
    return NULL;
}

static bool is_given(const PValue *v)
{
    return v && v->kind != PV_UNSET && v->kind != PV_NONE;
}

/* Spatial axes: by the kind's name, the attribute, or the input. */
static int dimension(const PivotKind *kind, const PAttrs *attrs, const PivotTensor *in)
{
    size_t n = strlen(kind->name);
    if (strncmp(kind->name, "Conv", 4) == 0 && kind->name[n - 1] == 'D')
        return kind->name[n - 2] - '0';
    long long nd = attr_int(attrs, "dimension", 0);
    if (nd < 1 && in && in->rank > 1) nd = in->rank > 3 ? in->rank - 2 : 1;
    return nd >= 1 && nd <= 3 ? (int)nd : 0;
}

/* BESSER-NN pads with one number, alike on all sides. */
static bool same_everywhere(const PValue *v, long long *n)
{
    if (v->kind == PV_INT) {
        if (*n >= 0 && *n != v->u.i) return false;
        *n = v->u.i;
        return true;
    }
    if (v->kind != PV_LIST) return false;
    for (int i = 0; i < v->u.list.len; i++) {
        if (!same_everywhere(&v->u.list.at[i], n)) return false;
    }
    return true;
}

static void add_padding(Arena *a, const PAttrs *attrs, Buf *args, BumlModule *out)
{
    const char *type = attr_str(attrs, "padding_type", "valid");
    const PValue *amount = attr_get(attrs, "padding_amount");
    long long n = -1;
    if (strcmp(type, "same") == 0) {
        buf_add(args, ", padding_type=\"same\"");
    } else if (strcmp(type, "explicit") == 0 && amount && same_everywhere(amount, &n) && n >= 0) {
        buf_printf(args, ", padding_amount=%lld", n);
    } else if (strcmp(type, "valid") != 0) {
        const char *text = strcmp(type, "explicit") == 0 && amount ? pv_text(a, amount) : type;
        vec_push(a, &out->lost, arena_printf(a, "padding=%s", text));
    }
}

/* Does an activation have an attribute that is not the kind's default? */
static bool is_special(Arena *a, const PivotAct *act)
{
    const PivotKind *kind = pivot_kind(act->kind);
    for (int i = 0; i < act->attrs.len; i++) {
        PValue dflt = kind_default(a, kind, act->attrs.at[i].name);
        if (!pv_same(&act->attrs.at[i].value, &dflt)) return true;
    }
    return false;
}

static void add_activation(Arena *a, const PAttrs *attrs, BumlModule *out)
{
    const PValue *v = attr_get(attrs, "actv_func");
    if (!is_given(v)) return;
    const char *kind = v->kind == PV_ACT ? v->u.act->kind : NULL;
    if (str_eq(kind, "linear")) return;
    out->actv = buml_activation(kind);
    if (!out->actv)
        vec_push(a, &out->lost, arena_printf(a, "the activation %s", pv_text(a, v)));
    else if (is_special(a, v->u.act))
        vec_push(a, &out->lost, arena_printf(a, "the attributes of %s", pv_text(a, v)));
}

/* Attributes with a row, or said in another way, or without meaning for BESSER-NN. */
static bool is_said(const PivotKind *kind, const char *attr)
{
    if (in_list(" padding_type padding_amount dimension actv_func return_type data_format axes "
                "axis input_length "
                "count_include_pad ",
                attr))
        return true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].attr, attr) == 0 && in_list(rows[i].kinds, kind->name)) return true;
    }
    return false;
}

static void add_lost(Arena *a, const PivotKind *kind, const PAttrs *attrs, BumlModule *out)
{
    for (int i = 0; i < kind->nattrs; i++) {
        const char *name = kind->attrs[i].name;
        const PValue *v = attr_get(attrs, name);
        PValue dflt = kind_default(a, kind, name);
        bool spread =
            v && dflt.kind == PV_LIST && v->kind == PV_INT && pv_is_int(&dflt.u.list.at[0], v->u.i);
        bool one = v && dflt.kind == PV_INT && v->kind == PV_LIST;
        for (int k = 0; one && k < v->u.list.len; k++) one = pv_is_int(&v->u.list.at[k], dflt.u.i);
        if (!is_given(v) || is_said(kind, name) || pv_same(v, &dflt) || spread || one) continue;
        vec_push(a, &out->lost, arena_printf(a, "%s=%s", name, pv_text(a, v)));
    }
}

static bool add_rows(Arena *a, const PivotKind *kind, const PAttrs *attrs, int nd, Buf *args,
                     const char **why)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!in_list(rows[i].kinds, kind->name)) continue;
        const PValue *v = attr_get(attrs, rows[i].attr);
        const char *text = is_given(v) ? argument(a, rows[i].form, v, nd) : NULL;
        if (text) {
            buf_printf(args, ", %s=%s", rows[i].attr, text);
        } else if (rows[i].required) {
            *why = arena_printf(a, "its %s is not a known number", rows[i].attr);
            return false;
        }
    }
    return true;
}

/* A bidirectional layer of BESSER-NN concatenates; what return_type it has is in its own words. */
static void finish_recurrent(const PAttrs *attrs, BumlModule *out)
{
    const char *type = attr_str(attrs, "return_type", "full");
    out->return_type = strcmp(type, "last") == 0     ? "last"
                       : strcmp(type, "states") == 0 ? "hidden"
                                                     : "full";
}

bool buml_layer(Arena *a, const PivotKind *kind, const PAttrs *attrs, const PivotTensor *in,
                BumlModule *out, const char **why)
{
    bool layer =
        kind->group == GROUP_LAYER && kind->besser && strcmp(kind->besser, "TensorOp") != 0;
    if (!layer) {
        *why = kind->group == GROUP_OP ? "BESSER-NN has no such operation"
                                       : "BESSER-NN has no such layer";
        return false;
    }
    int nd = dimension(kind, attrs, in);
    bool pooling = strcmp(kind->name, "PoolingLayer") == 0,
         norm = strcmp(kind->name, "BatchNormLayer") == 0;
    if ((pooling || norm) && !nd) {
        *why = "its number of axes is not known";
        return false;
    }
    const char *pool = attr_str(attrs, "pooling_type", "");
    bool windowed = pooling && !str_starts(pool, "global") && !str_starts(pool, "adaptive");
    if (windowed && !is_given(attr_get(attrs, "kernel_dim"))) {
        *why = "its window is not known";
        return false;
    }
    Buf args = {0};
    buf_add(&args, "");
    if (pooling || norm) buf_printf(&args, ", dimension=\"%dD\"", nd);
    if (!add_rows(a, kind, attrs, nd, &args, why)) {
        buf_free(&args);
        return false;
    }
    out->role = BUML_LAYER;
    out->cls = kind->besser;
    out->takes_actv = strcmp(kind->name, "DropoutLayer") != 0;
    if (kind_attr(kind, "padding_type")) add_padding(a, attrs, &args, out);
    add_activation(a, attrs, out);
    if (kind_attr(kind, "hidden_size")) finish_recurrent(attrs, out);
    add_lost(a, kind, attrs, out);
    out->args = buf_take(&args, a);
    if (str_starts(out->args, ", ")) out->args += 2;
    return true;
}
