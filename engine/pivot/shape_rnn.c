/* Recurrent layers and attention.
 *
 * A recurrent layer's outputs come flat, in the order in which the source's tuple holds them:
 *   return_type full     (N,T,D*H), in the layout of the input
 *               last     (N,D*H)
 *               torch    the full output, h_n (L*D,N,H), and for LSTM c_n (L*D,N,H): layers first
 *                 whatever batch_first
 *               states   last, and the states
 * return_state adds the states after full or last: for each direction h (N,H), and for LSTM c
 * (N,H). D is 2 for both directions merged by concatenation, else 1; merge_mode None keeps the two
 * apart, as two outputs. A proj_size replaces H everywhere but in c. Unbatched input (T,F) has the
 * same outputs without N. */
#include <string.h>

#include "pivot/shape.h"

typedef struct Recurrent {
    Size batch, time, hidden, cell, width; /* width of the output's last axis */
    bool batched, time_first, lstm, apart; /* apart: two outputs, one for each direction */
    int directions;
    long long layers;
    const char *dtype;
} Recurrent;

static bool read_recurrent(ShapeJob *j, Recurrent *r)
{
    const PivotTensor *x = j->in->in[0];
    *r = (Recurrent){.batched = x->rank == 3, .dtype = dtype_float(x->dtype), .directions = 1};
    if (x->rank != 3 && !(x->rank == 2 && j->in->channels_first))
        return shape_error(j, "%s takes a tensor of 3 axes, and gets %d: %s", shape_name(j),
                           x->rank, tensor_shape_text(j->a, x));
    if (!shape_expect(j, "input_size", x->dims[x->rank - 1], "features a step")) return false;
    r->time_first = r->batched && j->in->channels_first && !attr_bool(j->as, "batch_first", false);
    r->batch = r->batched ? x->dims[r->time_first ? 1 : 0] : size_known(1);
    r->time = x->dims[r->batched && !r->time_first ? 1 : 0];
    r->cell = shape_size(j, "hidden_size");
    long long projected = attr_int(j->as, "proj_size", 0);
    r->hidden = projected > 0 ? size_known(projected) : r->cell;
    r->layers = attr_int(j->as, "num_layers", 1);
    r->lstm = strcmp(j->kind->name, "LSTMLayer") == 0;
    r->width = r->hidden;
    if (attr_bool(j->as, "bidirectional", false)) {
        const PValue *mode = attr_get(j->as, "merge_mode");
        r->directions = 2;
        r->apart = mode &&
                   (mode->kind == PV_NONE || (mode->kind == PV_STR && str_eq(mode->u.str, "none")));
        bool concat = !mode || mode->kind != PV_STR || str_eq(mode->u.str, "concat");
        if (concat && !r->apart) r->width = size_op(j->a, '*', r->hidden, size_known(2));
    }
    return true;
}

static bool out_full(ShapeJob *j, const Recurrent *r)
{
    Size batched[3] = {r->batch, r->time, r->width};
    if (r->time_first) {
        batched[0] = r->time;
        batched[1] = r->batch;
    }
    return shape_out(j, r->batched ? batched : batched + 1, r->batched ? 3 : 2, r->dtype);
}

static bool out_last(ShapeJob *j, const Recurrent *r)
{
    Size dims[2] = {r->batch, r->width};
    return shape_out(j, r->batched ? dims : dims + 1, r->batched ? 2 : 1, r->dtype);
}

/* Keras: h (and c) of each direction. */
static bool out_states(ShapeJob *j, const Recurrent *r)
{
    Size dims[2] = {r->batch, r->hidden};
    for (int i = 0; i < r->directions * (r->lstm ? 2 : 1); i++) {
        if (!shape_out(j, dims, 2, r->dtype)) return false;
    }
    return true;
}

/* PyTorch: all layers and directions stacked in front. */
static bool out_stacked(ShapeJob *j, const Recurrent *r)
{
    Size stack = size_known(r->layers * r->directions);
    for (int i = 0; i < (r->lstm ? 2 : 1); i++) {
        Size h = i ? r->cell : r->hidden;
        Size batched[3] = {stack, r->batch, h}, unbatched[2] = {stack, h};
        if (!shape_out(j, r->batched ? batched : unbatched, r->batched ? 3 : 2, r->dtype))
            return false;
    }
    return true;
}

bool rule_rnn(ShapeJob *j)
{
    Recurrent r;
    if (!read_recurrent(j, &r)) return false;
    const char *type = attr_str(j->as, "return_type", "full");
    if (strcmp(type, "torch") == 0) return out_full(j, &r) && out_stacked(j, &r);
    bool full = strcmp(type, "full") == 0;
    for (int i = 0; i < (r.apart ? 2 : 1); i++) {
        if (!(full ? out_full(j, &r) : out_last(j, &r))) return false;
    }
    bool states = strcmp(type, "states") == 0 || attr_bool(j->as, "return_state", false);
    return !states || out_states(j, &r);
}

/* One step: of (N, features) and states (N, hidden) the next state, and for an LSTM the next cell. */
bool rule_cell(ShapeJob *j)
{
    const PivotTensor *x = j->in->in[0];
    if (x->rank < 1 || x->rank > 2) return shape_error(j, "%s takes one step, (N, features), and gets %s", shape_name(j), tensor_shape_text(j->a, x));
    if (!shape_expect(j, "input_size", x->dims[x->rank - 1], "features")) return false;
    Size dims[2] = {x->dims[0], size_known(attr_int(j->as, "hidden_size", -1))};
    bool lstm = strcmp(j->kind->name, "LSTMCellLayer") == 0;
    for (int i = 0; i < (lstm ? 2 : 1); i++)
        if (!shape_out(j, x->rank == 2 ? dims : dims + 1, x->rank, x->dtype)) return false;
    return true;
}

/* ---- attention ---- */

/* Inputs: query, then PyTorch's key and value or Keras' value and key; both have the same length,
 * so the order does not show here. A key_dim (per head) is Keras' way: it gives the output alone.
 * Else also the weights. */
bool rule_attention_layer(ShapeJob *j)
{
    const PivotTensor *q = j->in->in[0], *k = j->in->in[j->in->nin > 1 ? 1 : 0];
    bool keras = shape_given(j, "key_dim");
    if (q->rank < 2 || k->rank != q->rank)
        return shape_error(j, "%s takes a query and a key of 3 axes, and gets %s and %s",
                           shape_name(j), tensor_shape_text(j->a, q), tensor_shape_text(j->a, k));
    Size width = q->dims[q->rank - 1];
    if (!shape_expect(j, "embed_dim", width, "features in its query")) return false;
    long long heads = attr_int(j->as, "num_heads", 1);
    if (!keras && heads > 0 && !width.free && width.n >= 0 && width.n % heads != 0)
        return shape_error(j, "%s has %lld heads, which do not divide %lld features", shape_name(j),
                           heads, width.n);
    if (!shape_out_like(j, q, dtype_float(q->dtype))) return false;
    if (keras) return true;
    bool batched = q->rank == 3, time_first = batched && !attr_bool(j->as, "batch_first", false);
    int t = time_first || !batched ? 0 : 1;
    Size weights[3] = {q->dims[time_first ? 1 : 0], q->dims[t], k->dims[t]};
    return shape_out(j, batched ? weights : weights + 1, batched ? 3 : 2, dtype_float(q->dtype));
}

/* (..., L, E), (..., S, E), (..., S, Ev) -> (..., L, Ev) */
bool rule_attention(ShapeJob *j)
{
    if (j->in->nin < 3) return shape_error(j, "attention takes a query, a key and a value");
    const PivotTensor *q = j->in->in[0], *k = j->in->in[1], *v = j->in->in[2];
    if (q->rank < 2 || k->rank < 2 || v->rank < 2)
        return shape_error(j, "attention takes tensors of at least 2 axes");
    if (size_differs(q->dims[q->rank - 1], k->dims[k->rank - 1]))
        return shape_error(j, "attention compares queries of %lld features with keys of %lld",
                           q->dims[q->rank - 1].n, k->dims[k->rank - 1].n);
    if (size_differs(k->dims[k->rank - 2], v->dims[v->rank - 2]))
        return shape_error(j, "attention has %lld keys for %lld values", k->dims[k->rank - 2].n,
                           v->dims[v->rank - 2].n);
    Size dims[MAX_RANK];
    memcpy(dims, q->dims, sizeof(Size) * (size_t)q->rank);
    dims[q->rank - 1] = v->dims[v->rank - 1];
    return shape_out(j, dims, q->rank, dtype_float(q->dtype));
}
