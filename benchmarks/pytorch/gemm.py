"""Square products in float32, into an existing output."""
import torch


def square(size):
    a, b, c = torch.randn(size, size), torch.randn(size, size), torch.empty(size, size)

    def run(n):
        for _ in range(n):
            torch.mm(a, b, out=c)
    return run


def n256():
    return square(256)


def n512():
    return square(512)


def n1024():
    return square(1024)


def n2048():
    return square(2048)
