"""neurodiffeq: `Solver1D` with four networks, its validation switched off."""

from importlib.metadata import version

import stepping
import torch
from four_fields import FIELDS, left_sides
from neurodiffeq import diff
from neurodiffeq.conditions import NoCondition
from neurodiffeq.generators import PredefinedGenerator
from neurodiffeq.solvers import Solver1D


def equations(*arguments):
    """The residuals in order, from the fields and z."""
    *fields, z = arguments
    jets = {name: (u, diff(u, z), diff(u, z, order=2)) for name, u in zip(FIELDS, fields, strict=True)}
    return list(left_sides(jets).values())


nets = [stepping.network(name) for name in FIELDS]
z = stepping.points()
solver = Solver1D(
    equations,
    [NoCondition() for _ in FIELDS],
    nets=nets,
    train_generator=PredefinedGenerator(z[:, 0]),
    valid_generator=PredefinedGenerator(z[:, 0]),
    optimizer=torch.optim.Adam([p for net in nets for p in net.parameters()], lr=stepping.RATE),
    n_batches_valid=0,
)
inside = z.clone().requires_grad_()
loss = float(torch.cat(equations(*(net(inside) for net in nets), inside), dim=1).square().mean())

stepping.serve("neurodiffeq", version("neurodiffeq"), loss, lambda n: solver.fit(max_epochs=n, tqdm_file=None))
