import torch.nn as nn


class Ünïcode(nn.Module):  # 日本語のコメント: ネットワーク, étude, 👩‍🔬
    def __init__(self):
        super().__init__()
	self.tab = nn.Linear(1, 2)	# a tab	and another
        self.層 = nn.Linear(3, 4)
        self.bell = nn.Linear("[31m", 4)  # control characters
        self.bidi = nn.Linear("‮abc", 4)  # turned round
        self.bad = nn.Linear("���", 4)  # not UTF-8
        self.long = nn.Linear(1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1)

    def forward(self, x):
        return self.層(self.tab(x))
