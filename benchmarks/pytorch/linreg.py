"""Linear regression: 64×1 -> 1, mean squared error, SGD."""
import torch
import torch.nn.functional as F

x = torch.randn(64, 1)
y = 3 * x + 1 + 0.1 * torch.randn(64, 1)


def module():
    """As the tutorial writes it: a module, autograd and an optimiser."""
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def run(n):
        for _ in range(n):
            optimizer.zero_grad()
            F.mse_loss(model(x), y).backward()
            optimizer.step()
    return run


def functional():
    """Autograd of two tensors, updated in place."""
    w, b = torch.randn(1, 1, requires_grad=True), torch.zeros(1, requires_grad=True)

    def run(n):
        for _ in range(n):
            gw, gb = torch.autograd.grad(((x @ w + b - y) ** 2).mean(), [w, b])
            with torch.no_grad():
                w.sub_(gw, alpha=0.1)
                b.sub_(gb, alpha=0.1)
    return run


@torch.jit.script
def scripted_step(x, y, w, b, lr: float):
    e = x @ w + b - y
    g = e * (2.0 / e.numel())
    return w - (x.t() @ g) * lr, b - g.sum(0) * lr, (e * e).mean()


def script():
    """TorchScript with gradients written by hand: the fastest that PyTorch does."""
    def run(n):
        w, b = torch.zeros(1, 1), torch.zeros(1)
        with torch.no_grad():
            for _ in range(n):
                w, b, _ = scripted_step(x, y, w, b, 0.1)
    return run
