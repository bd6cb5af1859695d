"""Which seed of an ensemble stands for the fit."""

from types import SimpleNamespace

import pytest
import torch

from holosym.fit.outcome import Outcome
from holosym.fit.state import Ended


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([["steps", "steps", "steps"]], 1),
        ([["noise", "steps", "steps"]], 0),  # the others may have fitted the noise
        ([["steps", "noise", "steps"], ["steps", "noise", "noise"]], 1),
        ([["steps", "steps", "noise"], ["noise", "steps", "noise"]], 0),
    ],
)
def test_the_champion(reasons, expected):
    value = torch.tensor([0.9, 0.3, 0.95], dtype=torch.float64)
    ended = tuple(Ended("stage", 3, one) for one in reasons)
    assert Outcome.champion.fget(SimpleNamespace(value=value, ended=ended)) == expected
