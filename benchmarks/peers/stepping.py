"""The frame in which one package steps: the same networks at the start, the same points, rounds on request.

A script calls `serve`, which first prints what the package is and its loss before the first step (mean of the squares
of all residuals), so that all can be seen to do the same work. Then every line it reads is a number of steps, which it
answers with the CPU seconds of one of them.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable

import torch
from four_fields import FIELDS, POINTS, WIDTHS

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

RATE = 1e-3


def points() -> torch.Tensor:
    """(POINTS, 1), on 0 <= z <= 1."""
    return torch.linspace(0, 1, POINTS)[:, None]


def weights(field: str) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Weight (out, in) and bias (out,) of every layer of a field's network; its values are near one."""
    generator = torch.Generator().manual_seed(FIELDS.index(field))
    sizes = (1, *WIDTHS, 1)
    found = []
    for m, n in itertools.pairwise(sizes):
        weight = torch.randn(n, m, generator=generator) / (m + n) ** 0.5
        found.append((weight, 0.1 * torch.randn(n, generator=generator) + (n == 1)))
    return found


def network(field: str) -> torch.nn.Sequential:
    """The network of a field in torch's own parts."""
    layers: list[torch.nn.Module] = []
    for weight, bias in weights(field):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        fill([linear], [(weight, bias)])
        layers += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


def fill(linears: list[torch.nn.Linear], values: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """Puts weights and biases into layers."""
    with torch.no_grad():
        for linear, (weight, bias) in zip(linears, values, strict=True):
            linear.weight.copy_(weight)
            linear.bias.copy_(bias)


def linears(module: torch.nn.Module) -> list[torch.nn.Linear]:
    """The linear layers of a network in order."""
    return [layer for layer in module.modules() if isinstance(layer, torch.nn.Linear)]


def serve(package: str, version: str, loss: float, advance: Callable[[int], None]) -> None:
    """Answers until there are no more requests. What the package prints goes to the log."""
    answers, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps({"package": package, "version": version, "loss": loss}), file=answers, flush=True)
    for line in sys.stdin:
        steps = int(line)
        start = time.process_time()
        advance(steps)
        print((time.process_time() - start) / steps, file=answers, flush=True)
