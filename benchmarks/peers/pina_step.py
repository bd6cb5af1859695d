"""PINA: its physics-informed solver and trainer, with bars, logs and checkpoints switched off."""

import logging
import warnings

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

from importlib.metadata import version
from typing import ClassVar

import stepping
import torch
from four_fields import FIELDS, left_sides
from pina import Condition, LabelTensor, Trainer
from pina.domain import CartesianDomain
from pina.equation import Equation
from pina.operator import grad
from pina.optim import TorchOptimizer
from pina.problem import SpatialProblem
from pina.solver import PhysicsInformedSingleModelSolver


def equations(z, y):
    """The residuals side by side."""
    jets = {}
    for name in FIELDS:
        slope = grad(y, z, components=[name], d=["z"])
        bend = grad(slope, z, components=slope.labels, d=["z"])
        jets[name] = tuple(one.as_subclass(torch.Tensor) for one in (y.extract([name]), slope, bend))
    return torch.cat(list(left_sides(jets).values()), dim=1)


z = LabelTensor(stepping.points(), labels=["z"])


class Problem(SpatialProblem):
    """The equations at the points."""

    output_variables: ClassVar = list(FIELDS)
    spatial_domain = CartesianDomain({"z": [0, 1]})
    conditions: ClassVar = {"inside": Condition(input=z, equation=Equation(equations))}


class Networks(torch.nn.Module):
    """One network a field, side by side."""

    def __init__(self):
        super().__init__()
        self.parts = torch.nn.ModuleList([stepping.network(name) for name in FIELDS])

    def forward(self, x):
        """All fields at the points."""
        x = x.as_subclass(torch.Tensor)
        return torch.cat([part(x) for part in self.parts], dim=1)


solver = PhysicsInformedSingleModelSolver(
    Problem(), Networks(), optimizer=TorchOptimizer(torch.optim.Adam, lr=stepping.RATE)
)
inside = z.clone().requires_grad_()
inside.labels = ["z"]
loss = float(equations(inside, solver.forward(inside)).square().mean())
trainer = Trainer(
    solver,
    accelerator="cpu",
    max_epochs=0,
    enable_progress_bar=False,
    enable_checkpointing=False,
    enable_model_summary=False,
    logger=False,
)


def advance(steps):
    """More epochs of one batch of all points."""
    trainer.fit_loop.max_epochs = (trainer.fit_loop.max_epochs or 0) + steps
    trainer.train()


stepping.serve("PINA", version("pina-mathlab"), loss, advance)
