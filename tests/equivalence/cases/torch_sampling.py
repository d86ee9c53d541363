# A small language model with a loss that is asked for, a sampler that nothing runs, and a count of weights in a ModuleDict.
import torch
import torch.nn as nn
from torch.nn import functional as F


class Model(nn.Module):
    def __init__(self, vocab=20, width=12, block_size=8):
        super().__init__()
        self.block_size = block_size
        self.parts = nn.ModuleDict(dict(
            tokens=nn.Embedding(vocab, width),
            places=nn.Embedding(block_size, width),
            blocks=nn.ModuleList([nn.Linear(width, width) for _ in range(2)]),
        ))
        self.head = nn.Linear(width, vocab, bias=False)
        count = sum(p.numel() for p in self.parts.parameters())
        print(f"{count} weights")

    def forward(self, idx, targets=None):
        b, t = idx.size()
        places = torch.arange(0, t, dtype=torch.long, device=idx.device).unsqueeze(0)
        x = self.parts.tokens(idx) + self.parts.places(places)
        for block in self.parts.blocks:
            x = x + torch.tanh(block(x))
        logits = self.head(x)
        loss = None
        if targets is not None:
            loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)
        return logits, loss

    @torch.no_grad()
    def generate(self, idx, steps, temperature=1.0):
        for _ in range(steps):
            window = idx if idx.size(1) <= self.block_size else idx[:, -self.block_size:]
            logits, _ = self(window)
            probs = F.softmax(logits[:, -1, :] / temperature, dim=-1)
            idx = torch.cat((idx, torch.multinomial(probs, num_samples=1)), dim=1)
        return idx


model = Model()
logits, loss = model(torch.randint(0, 20, (2, 6)))
