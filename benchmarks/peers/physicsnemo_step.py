"""PhysicsNeMo-Sym: a `PDE` and its `PhysicsInformer`, in the loop over steps that its users write."""

from importlib.metadata import version

import stepping
import torch
from four_fields import FIELDS, left_sides
from physicsnemo.sym.eq.pde import PDE
from physicsnemo.sym.eq.phy_informer import PhysicsInformer
from sympy import Function, Symbol


class Fields(PDE):
    """The equations; the package calls its coordinates x, y and z, and one alone is x."""

    def __init__(self):
        self.dim = 1
        x = Symbol("x")
        fields = {name: Function(name)(x) for name in FIELDS}
        left = left_sides({name: (u, u.diff(x), u.diff(x, 2)) for name, u in fields.items()})
        self.equations = {f"equation_{name}": value for name, value in left.items()}


informer = PhysicsInformer([f"equation_{name}" for name in FIELDS], Fields(), "autodiff")
nets = [stepping.network(name) for name in FIELDS]
x = stepping.points().requires_grad_()
adam = torch.optim.Adam([p for net in nets for p in net.parameters()], lr=stepping.RATE)


def loss():
    """The mean square of all residuals."""
    found = informer.forward({"coordinates": x, **{name: net(x) for name, net in zip(FIELDS, nets, strict=True)}})
    return torch.cat(list(found.values()), dim=1).square().mean()


def advance(steps):
    """Forward, backward, Adam."""
    for _ in range(steps):
        adam.zero_grad()
        loss().backward()
        adam.step()


stepping.serve("PhysicsNeMo-Sym", version("nvidia-physicsnemo"), float(loss()), advance)
