# A PyTorch script as people write them
import torch
import torch.nn as nn
import torch.nn.functional as F


class TextCNN(nn.Module):
    def __init__(self, vocab_size=100, embed_dim=16, num_filters=8, filter_sizes=(3, 4, 5), num_classes=4, dropout=0.5):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim, padding_idx=0)
        self.convs = nn.ModuleList([nn.Conv2d(1, num_filters, (fs, embed_dim)) for fs in filter_sizes])
        self.fc = nn.Linear(num_filters * len(filter_sizes), num_classes)
        self.dropout = nn.Dropout(dropout)

    def forward(self, text):
        x = self.embedding(text)
        x = x.unsqueeze(1)
        x = [F.relu(conv(x)).squeeze(3) for conv in self.convs]
        x = [F.max_pool1d(i, i.size(2)).squeeze(2) for i in x]
        x = torch.cat(x, 1)
        x = self.dropout(x)
        return self.fc(x)


class AttnLSTM(nn.Module):
    def __init__(self, vocab=100, emb=16, hidden=8, classes=3):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.lstm = nn.LSTM(emb, hidden, num_layers=2, bidirectional=True, batch_first=True, dropout=0.3)
        self.w = nn.Linear(2 * hidden, 1)
        self.fc = nn.Linear(2 * hidden, classes)

    def forward(self, x):
        h, (hn, cn) = self.lstm(self.emb(x))
        a = torch.softmax(self.w(torch.tanh(h)), dim=1)
        ctx = (a * h).sum(dim=1)
        return F.log_softmax(self.fc(ctx), dim=1)


if __name__ == "__main__":
    m = TextCNN()
    print(m(torch.randint(0, 100, (2, 20))).shape)
    n = AttnLSTM()
    print(n(torch.randint(0, 100, (2, 20))).shape)
