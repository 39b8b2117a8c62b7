"""Small calls: what an operation costs when there is nothing to compute."""
import torch

a, b, s = torch.full((8,), 0.5), torch.full((8,), 1.25), torch.full((8,), 2.0)


def add():
    def run(n):
        with torch.no_grad():
            for _ in range(n):
                a + b
    return run


def tanh():
    def run(n):
        with torch.no_grad():
            for _ in range(n):
                torch.tanh(a)
    return run


def module():
    """A traced module that adds its two arguments and a buffer of its own."""
    class Sum(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("s", s)

        def forward(self, a, b):
            return a + b + self.s

    m = torch.jit.trace(Sum(), (a, b))

    def run(n):
        with torch.no_grad():
            for _ in range(n):
                m(a, b)
    return run


def hundred_elementwise():
    def run(n):
        with torch.no_grad():
            for _ in range(n):
                y = a
                for _ in range(50):
                    y = y * 0.75 + 0.25
    return run


def hundred_products():
    square = torch.eye(2) * 0.5

    def run(n):
        with torch.no_grad():
            for _ in range(n):
                y = square
                for _ in range(100):
                    y = y @ square
    return run
