"""LSTM 128 -> 256, batch 64, 100 steps, linear layer on the last state, softmax cross-entropy, SGD."""
import torch
from torch import nn

T, B, I, H = 100, 64, 128, 256
x = torch.randn(T, B, I)
y = torch.randint(0, 10, (B,))


class Hoisted(nn.Module):
    """A loop over the steps; the projection of all inputs is one product before it."""

    def __init__(self):
        super().__init__()
        self.wi = nn.Parameter(torch.randn(I, 4 * H) * 0.05)
        self.wh = nn.Parameter(torch.randn(H, 4 * H) * 0.05)
        self.b = nn.Parameter(torch.zeros(4 * H))
        self.out = nn.Linear(H, 10)

    def forward(self, x):
        h = torch.zeros(x.size(1), 256)
        c = torch.zeros(x.size(1), 256)
        projected = (x @ self.wi + self.b).unbind(0)
        for t in range(x.size(0)):
            i, f, g, o = torch.addmm(projected[t], h, self.wh).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        return self.out(h)


class Library(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(I, H)
        self.out = nn.Linear(H, 10)

    def forward(self, x):
        return self.out(self.lstm(x)[0][-1])


def train(model):
    optimizer = torch.optim.SGD(model.parameters(), 1e-2)

    def run(n):
        for _ in range(n):
            optimizer.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    return run


def infer(model):
    def run(n):
        with torch.no_grad():
            for _ in range(n):
                model(x)
    return run


def hoisted():
    return train(Hoisted())


def script():
    return train(torch.jit.script(Hoisted()))


def library():
    return train(Library())


def hoisted_forward():
    return infer(Hoisted())


def library_forward():
    return infer(Library())
