import torch
from torch import nn, optim
from torch.optim import lr_scheduler

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
scheduler = lr_scheduler.MultiStepLR(optimizer, milestones=[2, 4], gamma=0.5)
plateau = lr_scheduler.ReduceLROnPlateau(optimizer, patience=1, factor=0.2, verbose=True)
cosine = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10, eta_min=1e-3)
for epoch in range(6):
    x, y = torch.randn(16, 4), torch.randn(16, 1)
    optimizer.zero_grad()
    out = model(x)
    loss = criterion(out, y)
    loss.backward()
    optimizer.step()
    scheduler.step()
    print(epoch, scheduler.get_last_lr()[0], optimizer.param_groups[0]['lr'])


def adjust_learning_rate(optimizer, epoch):
    lr = 0.1 * (0.5 ** (epoch // 2))
    for param_group in optimizer.param_groups:
        param_group['lr'] = lr


adjust_learning_rate(optimizer, 4)
optimizer.param_groups[0]['lr'] *= 0.5
print(optimizer.param_groups[0]['lr'])
