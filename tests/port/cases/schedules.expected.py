# Ported from schedules.py (PyTorch) to Keras by Portolan.
# Input: model.x=B,4
import keras
import math
import tensorflow as tf
from keras import layers


class MultiStepLR:
    """The rate falls by a factor at each milestone."""

    def __init__(self, optimizer, milestones, gamma=0.1):
        self.optimizer = optimizer
        self.base = float(optimizer.learning_rate)
        self.epoch = 0
        self.milestones = list(milestones)
        self.gamma = gamma

    def step(self):
        self.epoch += 1
        self.optimizer.learning_rate = self.rate()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]

    def rate(self):
        passed = sum(milestone <= self.epoch for milestone in self.milestones)
        return self.base * self.gamma**passed


class ReduceLROnPlateau:
    """The rate falls by a factor where a number has not become better for a while."""

    def __init__(
        self,
        optimizer,
        mode="min",
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        min_lr=0.0,
        eps=1e-8,
    ):
        self.optimizer = optimizer
        self.sign = 1 if mode == "min" else -1
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.relative = threshold_mode == "rel"
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.eps = eps
        self.best = None
        self.bad = self.waiting = 0

    def is_better(self, value):
        if self.best is None:
            return True
        margin = self.threshold * (abs(self.best) if self.relative else 1)
        return self.sign * value < self.sign * self.best - margin

    def step(self, metrics):
        value = float(metrics)
        if self.is_better(value):
            self.best, self.bad = value, 0
        else:

            self.bad += 1
        if self.waiting > 0:
            self.waiting -= 1
            self.bad = 0
        if self.bad > self.patience:
            old = float(self.optimizer.learning_rate)
            new = max(old * self.factor, self.min_lr)
            if old - new > self.eps:
                self.optimizer.learning_rate = new
            self.waiting, self.bad = self.cooldown, 0

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]


class CosineAnnealingLR:
    """The rate falls along half a cosine, and rises again."""

    def __init__(self, optimizer, T_max, eta_min=0.0):
        self.optimizer = optimizer
        self.base = float(optimizer.learning_rate)
        self.epoch = 0
        self.T_max = T_max
        self.eta_min = eta_min

    def step(self):
        self.epoch += 1
        self.optimizer.learning_rate = self.rate()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]

    def rate(self):
        share = (1 + math.cos(math.pi * self.epoch / self.T_max)) / 2
        return self.eta_min + (self.base - self.eta_min) * share


model = keras.Sequential([layers.Dense(8), layers.ReLU(), layers.Dense(1)])
criterion = keras.losses.MeanSquaredError()
optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
scheduler = MultiStepLR(optimizer, milestones=[2, 4], gamma=0.5)
plateau = ReduceLROnPlateau(optimizer, patience=1, factor=0.2)
cosine = CosineAnnealingLR(optimizer, T_max=10, eta_min=1e-3)
for epoch in range(6):
    x, y = keras.random.normal((16, 4)), keras.random.normal((16, 1))
    with tf.GradientTape() as tape:
        out = model(x)
        loss = criterion(y, out)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    scheduler.step()
    print(epoch, scheduler.get_last_lr()[0], float(optimizer.learning_rate))


def adjust_learning_rate(optimizer, epoch):
    lr = 0.1 * (0.5 ** (epoch // 2))
    optimizer.learning_rate = lr


adjust_learning_rate(optimizer, 4)
optimizer.learning_rate = float(optimizer.learning_rate) * 0.5
print(float(optimizer.learning_rate))
