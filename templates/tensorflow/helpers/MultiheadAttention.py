# needs: keras.layers keras.ops
class MultiheadAttention(layers.MultiHeadAttention):
    """Attention that is called with query, key and value, and gives (output, weights).

    In masks True means that a place is not looked at; numbers are added.
    """

    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, batch_first=False):
        super().__init__(
            num_heads, embed_dim // num_heads, dropout=dropout, use_bias=bias
        )
        self.batch_first = batch_first

    def build(self, query_shape, key_shape=None, value_shape=None):
        super().build(query_shape, value_shape or query_shape, key_shape)

    def masked(self, scores, mask):
        if mask.dtype != "bool":
            return scores + ops.cast(mask, scores.dtype)
        return ops.where(mask, float("-inf"), scores)

    def call(
        self,
        query,
        key,
        value,
        key_padding_mask=None,
        need_weights=True,
        attn_mask=None,
        average_attn_weights=True,
        is_causal=False,
        training=None,
    ):
        if not self.batch_first:
            query, key, value = (
                ops.transpose(t, (1, 0, 2)) for t in (query, key, value)
            )
        query, key, value = (
            self._query_dense(query), self._key_dense(key), self._value_dense(value)
        )
        scores = ops.einsum("btnh,bsnh->bnts", query, key) / query.shape[-1] ** 0.5
        if attn_mask is not None:
            mask = ops.convert_to_tensor(attn_mask)
            if len(mask.shape) == 3:  # one for each head of each sample
                mask = ops.reshape(mask, (-1, query.shape[2], *mask.shape[1:]))
            scores = self.masked(scores, mask)
        if key_padding_mask is not None:
            mask = ops.convert_to_tensor(key_padding_mask)
            scores = self.masked(scores, mask[:, None, None, :])
        seen = ops.max(scores, axis=-1, keepdims=True) > float("-inf")
        weights = ops.softmax(ops.where(seen, scores, 0.0))
        weights = ops.where(seen, weights, 0.0)  # where nothing is looked at
        dropped = self._dropout_layer(weights, training=training)
        out = self._output_dense(ops.einsum("bnts,bsnh->btnh", dropped, value))
        if not self.batch_first:
            out = ops.transpose(out, (1, 0, 2))
        if not need_weights:
            return out, None
        return out, ops.mean(weights, axis=1) if average_attn_weights else weights
