# A decoder that shares its weights with the embedding
import torch
from torch import nn


class LM(nn.Module):
    def __init__(self, vocab=20, dim=8, tie=True):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.rnn = nn.LSTM(dim, dim, batch_first=True)
        self.decoder = nn.Linear(dim, vocab)
        if tie:
            self.decoder.weight = self.embed.weight

    def forward(self, x):
        y, _ = self.rnn(self.embed(x))
        return self.decoder(y)


LM()(torch.zeros(2, 5, dtype=torch.long))
