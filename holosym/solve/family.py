r"""A family of states: a first one, a sweep from there, turning points, condensed branches, and which state dominates.

All states are solved at z_h = 1 and reported in the user's units. Where several have the same swept value, the one
with the least free energy dominates: omega where mu is given, epsilon - T s where rho is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from holosym.errors import SolveError
from holosym.solve.advance import Unresolved
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.couplings import Coupling
from holosym.solve.package import GeneratedPackage
from holosym.solve.path import Path, Step
from holosym.solve.request import Request
from holosym.solve.settings import Settings, read
from holosym.solve.state import State

# The finer grid, for fields that vary fast: large sources near the boundary, steep potentials near the horizon.
_NEAR, _NODES, _BREAKS = 16, 36, (0.15, 0.5)

Progress = Callable[[str, int, int], None]


@dataclass
class Point:
    """One state of a family.

    Attributes:
        state: at z_h = 1.
        scale: the horizon's distance in the user's units.
        values: every quantity in the user's units, by name.
        cs2: the speed of sound squared; nan where it is not known.
        dominant: whether no other state with the same settings has less free energy; None where there is no other.
        residual: the largest relative error of any row.
        swept: the swept setting's value; nan without a sweep.
        first_law: its relative defect.
    """

    state: State
    scale: float
    values: dict[str, float]
    cs2: float
    dominant: bool | None
    residual: float
    swept: float = math.nan
    first_law: float = math.nan


@dataclass
class Branch:
    """States that follow one another."""

    label: str
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True)
class Special:
    """A place of interest: "fold", "bifurcation" or "stopped", in the swept quantity."""

    kind: str
    name: str
    value: float
    text: str


@dataclass
class Family:
    """All that was found; `failure` says what was not.

    Attributes:
        first_law: the largest relative defect of d epsilon = T ds + mu d rho on any point.
        unit: what is one in the values, in words.
        interrupted: whether the user stopped it.
    """

    package: GeneratedPackage
    request: Request
    branches: list[Branch] = field(default_factory=list)
    special: list[Special] = field(default_factory=list)
    failure: SolveError | None = None
    first_law: float = math.nan
    unit: str = ""
    interrupted: bool = False


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def solve_family(
    package: GeneratedPackage,
    request: Request,
    progress: Progress = silent,
    couplings: Mapping[str, Coupling] | None = None,
) -> Family:
    """Solves a request; what cannot be reached is in `failure`, with all points found before it.

    Where the request leaves the number of nodes to the solver, and too few were taken, it is solved again with more.

    Raises:
        SolveError: a request that makes no sense for the theory.
        PackageError: a package without the two expansions.
    """
    settings = read(package, request)
    family = _attempt(settings, request, progress, couplings or {})
    if isinstance(family.failure, Unresolved) and not request.nodes:
        finer = _attempt(settings, request, progress, couplings or {}, finer=True)
        family = finer if finer.failure is None or _count(finer) > _count(family) else family
    return family


def _count(family: Family) -> int:
    return sum(len(branch.points) for branch in family.branches)


def _attempt(
    settings: Settings, request: Request, progress: Progress, couplings: Mapping[str, Coupling], finer: bool = False
) -> Family:
    """A family on one grid."""
    from holosym.solve.explore import Explorer

    problem = problem_of(settings, request, couplings)
    if finer:
        problem = replace(problem, near=_NEAR, nodes=_NODES, breaks=_BREAKS)
    family = Family(settings.package, request, unit=settings.unit)
    explorer = Explorer(problem, settings, request, family, progress)
    try:
        explorer.run()
    except KeyboardInterrupt:
        family.failure = SolveError("interrupted; the points so far are kept", mend="run it again to go on")
        family.interrupted = True
    except SolveError as error:
        family.failure = error
    explorer.record.finish()
    return family


def problem_of(settings: Settings, request: Request, couplings: Mapping[str, Coupling]) -> BoundaryValueProblem:
    """The boundary value problem of a request."""
    problem = BoundaryValueProblem(
        settings.package, parameters=dict(settings.fixed), free=settings.free, couplings=couplings
    )
    return replace(problem, nodes=request.nodes) if request.nodes else problem


def swept_value(path: Path, step: Step) -> float:
    """The first condition's value on a sweep."""
    above, below = path.pairs(step.x)[0]
    return above / below if below else math.inf
