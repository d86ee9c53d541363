import torch
import torch.nn as nn


class TransformerEncoder(nn.Module):
    """A classifier over patches, with a class token."""

    def __init__(self, dim, depth, heads, mlp_dim, patches, classes):
        super().__init__()
        self.cls_token = nn.Parameter(torch.randn(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, patches + 1, dim))
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(d_model=dim, nhead=heads, dim_feedforward=mlp_dim, activation=nn.GELU(),
                                       batch_first=True, norm_first=True),
            num_layers=depth,
            norm=nn.LayerNorm(dim),
        )
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        b = x.shape[0]
        x = torch.cat([self.cls_token.expand(b, -1, -1), x], dim=1) + self.pos
        x = self.encoder(x)
        return self.head(x[:, 0])


class DecoderOnly(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.layers = nn.ModuleList([nn.TransformerDecoderLayer(dim, 2, 12, batch_first=True) for _ in range(2)])

    def forward(self, x, memory):
        for layer in self.layers:
            x = layer(x, memory)
        return x


net = TransformerEncoder(8, 2, 2, 16, 5, 3)
dec = DecoderOnly(8)
y = net(torch.randn(2, 5, 8))
z = dec(torch.randn(2, 4, 8), torch.randn(2, 5, 8))
