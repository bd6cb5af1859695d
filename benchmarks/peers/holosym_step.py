"""holosym: the objective of `holosym fit`, all at once, under its own Adam; with an argument, the step is compiled."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import four_fields_package
import stepping
import torch
from four_fields import FIELDS, WIDTHS, cleared

import holosym
from holosym.ansatz.mlp import Mlp
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.device import keep_freed_memory
from holosym.fit.layout import Entry, Layout
from holosym.fit.trajectory import TrajectoryFields
from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.compiled import Compiled
from holosym.optimise.objective import Weighted

keep_freed_memory()
package = four_fields_package.package()
network = Mlp(WIDTHS, (-1.0, 1.0))
layout = Layout(tuple(Entry(name, "field", network) for name in package.PROFILES))
fields = TrajectoryFields(package, dict.fromkeys(package.PROFILES, network), stepping.points()[:, 0])
objective = AllAtOnce(package, fields, layout)
problem = Weighted(objective, {f"equation {name}": 1.0 for name in package.EQUATIONS})
adam = Adam(Schedule(stepping.RATE))
rule = Compiled(adam) if len(sys.argv) > 1 else adam

theta = torch.cat([part.flatten() for name in package.PROFILES for pair in stepping.weights(name) for part in pair])[
    None
]
parts = layout.split(theta)
jets = fields.jets(parts, ({}, {}))
residuals, factors = package.residuals(fields.coordinates(), jets, {}, {}), cleared(jets)
loss = float(sum((residuals[name] / factors[name]).square().mean() for name in FIELDS) / len(FIELDS))
state = adam.start(theta)
notes = {rule.step(theta, state, problem).note} - {""}
print(*notes, file=sys.stderr)


def advance(steps: int) -> None:
    """Steps of the optimiser."""
    global theta, state
    for _ in range(steps):
        step = rule.step(theta, state, problem)
        theta, state = step.theta, step.state


stepping.serve("holosym", holosym.__version__, loss, advance)
