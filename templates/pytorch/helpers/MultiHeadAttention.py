# needs: torch torch.nn torch.nn.functional
class MultiHeadAttention(nn.Module):
    """Attention that is called with query, value and key; masks are True where to look.

    A head may have any size, key_dim.
    """

    def __init__(self, embed_dim, num_heads, key_dim, dropout=0.0, bias=True):
        super().__init__()
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.dropout = dropout
        inner = num_heads * key_dim
        self.query = nn.Linear(embed_dim, inner, bias=bias)
        self.key = nn.Linear(embed_dim, inner, bias=bias)
        self.value = nn.Linear(embed_dim, inner, bias=bias)
        self.output = nn.Linear(inner, embed_dim, bias=bias)

    def heads(self, x):
        return x.unflatten(-1, (self.num_heads, self.key_dim)).transpose(1, 2)

    def forward(
        self,
        query,
        value,
        key=None,
        attention_mask=None,
        return_attention_scores=False,
        use_causal_mask=False,
    ):
        key = value if key is None else key
        q, k = self.heads(self.query(query)), self.heads(self.key(key))
        scores = q @ k.transpose(-1, -2) * self.key_dim**-0.5
        allowed = None
        if attention_mask is not None:
            allowed = attention_mask.bool()
            allowed = allowed.unsqueeze(1) if allowed.dim() == 3 else allowed
        if use_causal_mask:
            causal = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
            allowed = causal if allowed is None else allowed & causal
        if allowed is not None:
            scores = scores.masked_fill(~allowed, -1e30)
        weights = scores.softmax(-1)
        used = F.dropout(weights, self.dropout, self.training)
        out = used @ self.heads(self.value(value))
        out = self.output(out.transpose(1, 2).flatten(-2))
        return (out, weights) if return_attention_scores else out
