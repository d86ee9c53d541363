# Ported from keras_named_stack.py (Keras) to PyTorch by Portolan.
# Input: Tower.x=B,3,16,16
import torch
import torch.nn.functional as F
from torch import nn


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


class Permute(nn.Module):
    """Permutes the axes behind the batch; they count from 1."""

    def __init__(self, dims):
        super().__init__()
        self.dims = tuple(dims)

    def forward(self, x):
        return x.permute(0, *self.dims)


class Reshape(nn.Module):
    """Gives the axes behind the batch another shape."""

    def __init__(self, shape):
        super().__init__()
        self.shape = tuple(shape)

    def forward(self, x):
        return x.reshape(x.shape[0], *self.shape)


# A stack of layers from a comprehension inside a named container, in a factory


def mlp(units, name="mlp"):
    in_features = 16
    stack = []
    for u in units:
        stack.append(nn.Sequential(nn.Linear(in_features, u), nn.GELU()))
        in_features = u
    return nn.Sequential(*stack)


class Encoder(nn.Module):
    def __init__(self, dim, heads, mlp_units, name="encoder"):
        super().__init__()
        self.norm1 = nn.LayerNorm(16, eps=0.001)
        self.attn = MultiHeadAttention(16, heads, 4)
        self.norm2 = nn.LayerNorm(16, eps=0.001)
        self.mlp = mlp(mlp_units, name=f"{name}_mlp")
        self.ff = nn.Sequential(
            nn.Linear(16, dim * 2), nn.ReLU(), nn.Linear(dim * 2, dim), Permute((2, 1))
        )

    def forward(self, x):
        h = self.norm1(x.permute(0, 2, 1))
        x = x + self.attn(h, h).permute(0, 2, 1)
        return x + self.ff(self.mlp(self.norm2(x.permute(0, 2, 1))))


class Tower(nn.Module):
    def __init__(self, depth=2, dim=16):
        super().__init__()
        self.stem = nn.Sequential(
            nn.ZeroPad2d((0, 1, 0, 1)),
            nn.Conv2d(3, 8, 3, stride=2),
            nn.BatchNorm2d(8, eps=0.001, momentum=0.01),
            nn.ReLU(),
            nn.ZeroPad2d((0, 1, 0, 1)),
            nn.Conv2d(8, dim, 3, stride=2),
        )
        self.reshape = Reshape((-1, dim))
        self.encoders = nn.ModuleList(
            [Encoder(dim, 4, [32, dim], name=f"enc{i}") for i in range(depth)]
        )
        self.pool = nn.AdaptiveAvgPool1d(1)
        self.head = nn.Linear(dim, 5)

    def forward(self, x):
        x = self.reshape(self.stem(x).permute(0, 2, 3, 1)).permute(0, 2, 1)
        for enc in self.encoders:
            x = enc(x)
        return self.head(torch.flatten(self.pool(x), 1))


model = Tower(depth=3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)
