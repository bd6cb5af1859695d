"""Experiments put together on the committed packages, without a file and without compiling anything."""

from pathlib import Path

import torch

from holosym.fit.assemble import assemble
from holosym.fit.data import read_data
from holosym.fit.experiment import Experiment
from holosym.fit.measured import Column, Measured
from holosym.fit.reading import read_experiment
from holosym.fit.stages import stage_of, stop_of
from holosym.fit.trainer import train
from holosym.solve.package import load

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "generated"


def measured(against, where, columns, errors=None):
    """Data as if read from a file: name to values; one error for all of them, or none."""
    where = torch.as_tensor(where, dtype=torch.float64)
    found = []
    for name, values in columns.items():
        values = torch.as_tensor(values, dtype=torch.float64)
        found.append(Column(name, name, values, None if errors is None else torch.full_like(values, errors)))
    return Measured(Path("data.csv"), against, where, tuple(found), {}, tuple(range(2, 2 + len(where))))


def made(model, way, data=(), **sections):
    """What `assemble` makes of an experiment with the given sections."""
    said = {"title": "a test", "model": model, "way": way, **sections}
    experiment = Experiment.model_validate(said | {"data": [_section(one) for one in data]})
    return assemble(experiment, load(GENERATED / model), list(data))


def _section(one):
    errors = {c.name: float(c.errors[0]) for c in one.columns if c.errors is not None}
    observables = {c.name: c.observable for c in one.columns}
    return {"file": "data.csv", "against": one.against, "observables": observables, "errors": errors}


def anywhere(objective, seeds, size=0.1, seed=5):
    """Some theta (seeds, P), the same every time."""
    generator = torch.Generator().manual_seed(seed)
    return size * torch.randn(seeds, objective.size, generator=generator, dtype=torch.float64)


def from_file(name):
    """An experiment of the folder `experiments` with its data, on the committed package."""
    path = ROOT / "experiments" / name
    experiment = read_experiment(path)
    return assemble(
        experiment, load(GENERATED / experiment.model), [read_data(d, path.parent) for d in experiment.data]
    )


def trained(built, folder=None):
    """The end of the fit, as `holosym fit` runs it."""
    experiment = built.experiment
    return train(
        built.objective,
        [stage_of(one, built.layout.blocks, experiment.way == "reduced") for one in experiment.all_stages()],
        weights=built.weights,
        theta=built.layout.initial(experiment.seeds, experiment.seed),
        folder=folder,
        stop=stop_of(built),
    )
