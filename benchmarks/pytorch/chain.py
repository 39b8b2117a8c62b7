"""A chain of twelve elementwise operations, as in GELU, over ten million floats."""
import torch

x = torch.randn(10_000_000)


def chain(x):
    y = x * x
    y = y * x
    y = y * 0.044715
    y = y + x
    y = y * 0.7978845608
    y = torch.tanh(y)
    y = y + 1.0
    y = y * x
    y = y * 0.5
    y = y + x
    y = torch.relu(y)
    return y * 2.0


def repeat(function):
    def run(n):
        with torch.no_grad():
            for _ in range(n):
                function(x)
    return run


def eager():
    return repeat(chain)


def in_place():
    """What a user does about the traffic by hand."""
    def function(x):
        y = x * x
        y.mul_(x).mul_(0.044715).add_(x).mul_(0.7978845608).tanh_().add_(1.0).mul_(x).mul_(0.5).add_(x).relu_().mul_(2.0)
        return y
    return repeat(function)


def script():
    return repeat(torch.jit.script(chain))
