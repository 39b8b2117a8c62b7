"""MLP 784-512-512-10, batch 128, softmax cross-entropy, Adam."""
import torch
from torch import nn

x = torch.randn(128, 784)
y = torch.randint(0, 10, (128,))


def train(model, optimizer):
    def run(n):
        for _ in range(n):
            optimizer.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    return run


def model():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def eager():
    m = model()
    return train(m, torch.optim.Adam(m.parameters(), 1e-3))


def foreach():
    m = model()
    return train(m, torch.optim.Adam(m.parameters(), 1e-3, foreach=True))


def trace():
    m = torch.jit.trace(model(), x)
    return train(m, torch.optim.Adam(m.parameters(), 1e-3))
