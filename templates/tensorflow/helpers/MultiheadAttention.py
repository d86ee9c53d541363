# needs: keras.layers keras.ops
class MultiheadAttention(layers.MultiHeadAttention):
    """Attention that is called with query, key and value, and gives (output, weights).

    In masks True means that a place is not looked at.
    """

    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, batch_first=False):
        super().__init__(
            num_heads, embed_dim // num_heads, dropout=dropout, use_bias=bias
        )
        self.batch_first = batch_first

    def build(self, query_shape, key_shape=None, value_shape=None):
        super().build(query_shape, value_shape or query_shape, key_shape)

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
        blocked = None
        if key_padding_mask is not None:
            blocked = ops.cast(key_padding_mask, "bool")[:, None, :]
        if attn_mask is not None:
            mask = ops.convert_to_tensor(attn_mask)
            if mask.dtype != "bool":
                mask = mask < -1e30  # an added mask that blocks
            mask = mask[None] if len(mask.shape) == 2 else mask
            blocked = mask if blocked is None else ops.logical_or(blocked, mask)
        allowed = None if blocked is None else ops.logical_not(blocked)
        out, weights = super().call(
            query,
            value,
            key,
            attention_mask=allowed,
            return_attention_scores=True,
            training=training,
        )
        if not self.batch_first:
            out = ops.transpose(out, (1, 0, 2))
        if not need_weights:
            return out, None
        return out, ops.mean(weights, axis=1) if average_attn_weights else weights
