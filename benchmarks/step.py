"""One step of training, forward, backward and Adam, by holosym and by packages for physics-informed networks.

The equations are those of peers/four_fields.py: four fields, each a network 1-32-32-1 with tanh, four residuals of
second order with rational terms at 256 points, in double precision on one thread. Every package begins at the same
weights, and its first loss must be holosym's to nine digits, or the run fails. All packages step in turn, round after
round, in processes that stay; a figure is the median over the rounds of the CPU time of one step.

    python benchmarks/step.py
"""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import click
from environments import HERE, NotInstalled, environment
from rich.console import Console
from rich.table import Table

WITHOUT = ("torch", "sympy", "numpy", "warp-lang", "packaging", "requests", "s3fs", "tqdm", "jaxtyping", "einops")


@dataclass
class Contender:
    """One row of the table.

    Attributes:
        label: what the table calls it.
        script: its file under peers/, with arguments.
        requirement: its name for pip; empty for holosym.
        before: what its environment gets first.
        alone: whether it comes without what it asks for besides.
        goals: how many times faster holosym is to be, eager and compiled; None where nothing is asked.
        milliseconds: of one step, by round.
    """

    label: str
    script: tuple[str, ...]
    requirement: str = ""
    before: tuple[str, ...] = ("torch",)
    alone: bool = False
    goals: tuple[float | None, float | None] = (None, None)
    process: subprocess.Popen[str] | None = None
    hello: dict[str, Any] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    trouble: str = ""

    def begin(self) -> None:
        """Starts its process and reads what it is."""
        try:
            python = environment(self.requirement, (3, 11), before=self.before, alone=self.alone)
        except NotInstalled as error:
            self.trouble = str(error)
            return
        self._start([str(python)])

    def _start(self, python: list[str]) -> None:
        command = [*python, str(HERE / "peers" / self.script[0]), *self.script[1:]]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self.hello = json.loads(line)
                return
        self.trouble = "failed"

    def round(self, steps: int) -> None:
        """Some more steps."""
        if self.trouble or self.process is None or self.process.stdin is None or self.process.stdout is None:
            return
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if answer:
            self.milliseconds.append(1e3 * float(answer))
        else:
            self.trouble = "failed"

    def end(self) -> None:
        """No more requests."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait()

    @property
    def middle(self) -> float:
        """The median, without the first round, which warms up."""
        return statistics.median(self.milliseconds[1:]) if not self.trouble else math.nan


class Ours(Contender):
    """holosym, in this environment."""

    def begin(self) -> None:
        """Starts its process; compiling belongs to the start."""
        self._start([sys.executable])


def contenders() -> tuple[list[Contender], list[Contender]]:
    """holosym eager and compiled; and the peers."""
    ours: list[Contender] = [
        Ours("holosym", ("holosym_step.py",)),
        Ours("holosym, compile = true", ("holosym_step.py", "compiled")),
    ]
    peers = [
        Contender("DeepXDE", ("deepxde_step.py",), "deepxde", goals=(4, 10)),
        Contender("PINA", ("pina_step.py",), "pina-mathlab", goals=(4, None)),
        Contender("neurodiffeq", ("neurodiffeq_step.py",), "neurodiffeq", goals=(2, None)),
        Contender(
            "PhysicsNeMo-Sym",
            ("physicsnemo_step.py",),
            "nvidia-physicsnemo",
            before=(*WITHOUT, "tensordict"),
            alone=True,
            goals=(2, None),
        ),
    ]
    return ours, peers


def table(ours: list[Contender], peers: list[Contender]) -> Table:
    """Milliseconds, and how many times as long as holosym's steps the others' are."""
    eager, compiled = (one.middle for one in ours)
    made = Table(title="one step of training, CPU milliseconds: medians", title_justify="left")
    for name, side in (("package", "left"), ("version", "left"), ("ms", "right")):
        made.add_column(name, justify=side)  # type: ignore[arg-type]
    for name in ("/ holosym", "goal", "/ compiled", "goal"):
        made.add_column(name, justify="right")
    for one in (*ours, *peers):
        if one.trouble:
            made.add_row(one.label, "", one.trouble)
            continue
        goals = ("" if goal is None else f"{goal:g}" for goal in one.goals)
        ratios = (f"{one.middle / base:.1f}" for base in (eager, compiled))
        cells = (cell for pair in zip(ratios, goals, strict=True) for cell in pair)
        made.add_row(one.label, one.hello["version"], f"{one.middle:.2f}", *cells)
    return made


@click.command()
@click.option("--rounds", default=8, show_default=True, help="Rounds after the one that warms up.")
@click.option("--steps", default=50, show_default=True, help="Steps of a package in one round.")
@click.option("--peers/--no-peers", "with_peers", default=True, help="Time the peers, or holosym alone.")
def main(rounds: int, steps: int, with_peers: bool) -> None:
    """Print the table; exit 1 where a package does not compute the same loss."""
    ours, peers = contenders()
    everyone = [*ours, *(peers if with_peers else [])]
    for one in everyone:
        one.begin()
    for _ in range(rounds + 1):
        for one in everyone:
            one.round(steps)
    for one in everyone:
        one.end()
    Console().print(table(ours, everyone[2:]))
    loss = ours[0].hello["loss"]
    wrong = [one.label for one in everyone if one.hello and not math.isclose(one.hello["loss"], loss, rel_tol=1e-9)]
    if wrong:
        print(f"not the same loss: {', '.join(wrong)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
