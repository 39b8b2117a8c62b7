"""LeNet-5, batch 64, softmax cross-entropy, SGD with momentum."""
import torch
from torch import nn

x = torch.randn(64, 1, 28, 28)
y = torch.randint(0, 10, (64,))


def model():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def train(m):
    optimizer = torch.optim.SGD(m.parameters(), 1e-2, momentum=0.9)

    def run(n):
        for _ in range(n):
            optimizer.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(m(x), y).backward()
            optimizer.step()
    return run


def eager():
    return train(model())


def trace():
    return train(torch.jit.trace(model(), x))
