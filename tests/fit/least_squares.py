"""The smallest fits: lines through points, for several seeds, with everything that can go wrong on demand."""

import torch


class Lines:
    """Straight lines a + b x through points (x_i, y_i), theta = (a, b) in each seed; `held` has every fourth point.

    The memory counts evaluations and changes the residuals at rounding level, as a warm start does, so that a
    resumed run that forgot it would differ in the last bits.
    """

    size = 2

    def __init__(self, noise=0.0, points=40, seeds=2, error=None):
        generator = torch.Generator().manual_seed(7)
        self.x = torch.linspace(-1, 1, points, dtype=torch.float64)
        self.y = 0.5 + 2 * self.x + noise * torch.randn(points, generator=generator, dtype=torch.float64)
        self.error = error or noise or 1.0
        self.calls = torch.zeros(seeds, 1, dtype=torch.float64)
        self.matrix = torch.stack([torch.ones_like(self.x), self.x], dim=-1)
        self.held = torch.arange(points) % 4 == 3

    def _rows(self, theta):
        self.calls = self.calls + 1
        wobble = 1 + 1e-14 * torch.sin(self.calls)
        return (theta @ self.matrix.T * wobble - self.y) / self.error

    def residuals(self, theta):
        rows = self._rows(theta)
        return {"data": rows[:, ~self.held], "held": rows[:, self.held]}

    def jacobian(self, theta):
        rows = self.residuals(theta)
        full = (self.matrix / self.error).expand(theta.shape[0], -1, -1)
        return {"data": (rows["data"], full[:, ~self.held]), "held": (rows["held"], full[:, self.held])}

    def memory(self):
        return {"calls": self.calls}

    def restore(self, memory):
        self.calls = memory["calls"]


def start(seeds=2):
    """Different in each seed."""
    return torch.arange(2.0 * seeds, dtype=torch.float64).reshape(seeds, 2) - 1.0
