# needs: keras.ops
def attention(query, key, value, mask=None, is_causal=False, scale=None):
    """softmax(q k^T * scale) v; a boolean mask is True where to look, another is added."""
    if scale is None:
        scale = query.shape[-1] ** -0.5
    scores = ops.matmul(query, ops.swapaxes(key, -1, -2)) * scale
    if is_causal:
        rows, columns = ops.shape(scores)[-2:]
        mask = ops.arange(rows)[:, None] >= ops.arange(columns)[None, :]
    if mask is not None:
        mask = ops.convert_to_tensor(mask)
        if mask.dtype == "bool":
            scores = ops.where(mask, scores, float("-inf"))
        else:
            scores = scores + ops.cast(mask, scores.dtype)
    return ops.matmul(ops.softmax(scores, axis=-1), value)
