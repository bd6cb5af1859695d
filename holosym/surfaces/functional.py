r"""Two functions of the radial line, of which every surface of this room is made.

With x the boundary variable (z, 1/r, ...; the boundary is x = 0), a surface over a strip along x_1 has

    A = int sqrt(B dx^2 + C dx_1^2),       B = x^(-2P) b(x),   C = x^(-2M) c(x),

per volume of the transverse directions; b and c are finite and not zero at the boundary. The same B and C make
the disk, sqrt(C + B x'(rho)^2), and, with others, the string of a Wilson loop. Near the boundary

    beta = sqrt(b) = sum over (e, k) of c_(e,k) x^e (log x)^k,

and the terms with e <= P - 1 are the divergence, e = P - 1 its logarithm.

Sources: Ryu and Takayanagi 2006, hep-th/0603001; Maldacena 1998, hep-th/9803002.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.errors import SurfaceError
from holosym.solve.package import EntanglementModule, GeneratedPackage
from holosym.solve.scalars import coupling_jets
from holosym.surfaces.background import Background
from holosym.surfaces.lazy import LazyJets

REACH, SAME = 0.1, 1e-8
"""How far from the boundary its jet is extrapolated from, and how well two orders must agree."""
SHRUNK = 1e-8
"""What is so much smaller at a wall than halfway is nothing there."""
Jet = tuple[Tensor, Tensor, Tensor]
Pieces = Callable[[Tensor], tuple[Jet, Jet]]
Term = tuple[float, int, Tensor]


@dataclass(frozen=True)
class Functional:
    """B and C of one surface in one background.

    Attributes:
        name: as in the generated SURFACES: `strip_x`, `wilson_x`.
        kind: "strip" or "wilson".
        powers: (P, M).
        pieces: from x, of any shape, to the jets (value, d/dx, d^2/dx^2) of b and of c.
        terms: (power, power of the logarithm, coefficient) of beta's terms with power <= P - 1, ascending.
        end: x of the horizon or the wall; infinite where there is none.
        ends_at: "horizon", "wall" or "none".
        isotropic: whether all directions along the boundary are alike, as the disk needs.
        dimension: of the boundary, time included; of a strip.
        line: n, n', n'' at the boundary with n = x^2 g_xx, for the Fefferman-Graham cutoff; None where not known.
        variable: what x is in the model's coordinate: "z" or "1/r".
        throat: where C has its first minimum, beyond which no surface turns; infinite where none was found, or sought.
    """

    name: str
    kind: str
    powers: tuple[float, float]
    pieces: Pieces
    terms: tuple[Term, ...]
    end: float = math.inf
    ends_at: str = "none"
    isotropic: bool = False
    dimension: int = 0
    line: Jet | None = None
    throat: float = math.inf
    variable: str = "x"

    @property
    def reach(self) -> float:
        """How far surfaces hang down."""
        return min(self.end, self.throat)

    @cached_property
    def graded(self) -> float:
        """Where nodes crowd: horizon, throat, a wall where C vanishes or B diverges; infinite where there is none."""
        if self.throat < self.end:
            return self.throat
        if self.ends_at == "wall":
            end = torch.tensor([self.end, self.end / 2], dtype=torch.float64)
            with torch.no_grad():
                b, c = (jet[0] for jet in self.pieces(end))
            shrunk = [abs(float(last)) < SHRUNK * abs(float(halfway)) for last, halfway in (c, 1 / b)]
            return self.end if any(shrunk) else math.inf
        return self.end if self.ends_at == "horizon" else math.inf


def functional(package: GeneratedPackage, background: Background, name: str) -> Functional:
    """The functional of a generated package in a background.

    Args:
        package: with an `entanglement.py`.
        background: the fields.
        name: of SURFACES.

    Raises:
        SurfaceError: where the package has no such surface.
    """
    module = package.entanglement
    if module is None:
        raise SurfaceError(f"{package.NAME} has no entanglement functional: EQUATIONS.md says why")
    if name not in module.SURFACES:
        known = ", ".join(sorted(module.SURFACES))
        raise SurfaceError(f"{package.NAME} has no surface {name!r}", mend=f"it has {known}")
    entry = module.SURFACES[name]
    power, along = entry["powers"]

    def pieces(x: Tensor) -> tuple[Jet, Jet]:
        return module.FUNCTIONS[name](*_inputs(package, module, background, x))

    return Functional(
        name,
        str(entry["kind"]),
        (power, along),
        pieces,
        _terms(module, background, name, power, pieces),
        background.end,
        background.ends_at,
        bool(entry["isotropic"]),
        len(entry["transverse"]) + 2,
        _line(package, module, background),
        variable=module.VARIABLE,
    )


def _inputs(package: GeneratedPackage, module: EntanglementModule, background: Background, x: Tensor) -> tuple:  # type: ignore[type-arg]
    """What generated functions of jets take."""
    coordinates = {package.COORDINATES[0]: radial_coordinate(module.VARIABLE, module.RADIAL, x)}
    jets, parameters = background.jets(x), background.parameters

    @cache
    def every() -> dict[str, tuple[Tensor, ...]]:
        return coupling_jets(package, coordinates, jets, parameters, background.couplings)

    couplings = LazyJets({name: partial(_one, every, name) for name in package.COUPLINGS})
    return coordinates, jets, couplings, parameters


def _one(every: Callable[[], dict[str, tuple[Tensor, ...]]], name: str) -> tuple[Tensor, ...]:
    return every()[name]


def radial_coordinate(variable: str, radial: str, x: Tensor) -> Tensor:
    """The radial coordinate from x: z = x, r = 1/x, u = x^2, r = -log x.

    Raises:
        SurfaceError: for another chart.
    """
    charts: dict[str, Callable[[Tensor], Tensor]] = {
        radial: lambda x: x,
        f"1/{radial}": torch.reciprocal,
        f"sqrt({radial})": torch.square,
        f"exp(-{radial})": lambda x: -torch.log(x),
    }
    if variable not in charts:
        raise SurfaceError(f"the boundary variable {variable} is none of {', '.join(charts)}")
    return charts[variable](x)


def _terms(
    module: EntanglementModule, background: Background, name: str, power: float, pieces: Pieces
) -> tuple[Term, ...]:
    """Of the boundary series where the background has its data; else whole powers, from the jets at x = 0."""
    if background.data is not None and name in module.DIVERGENCES:
        values = module.divergences(background.data, background.taylor, background.parameters)[name]
        return tuple((e, k, value) for (e, k), value in zip(module.DIVERGENCES[name], values, strict=True))
    return taylor_terms(pieces, power)


def taylor_terms(pieces: Pieces, power: float) -> tuple[Term, ...]:
    """Terms of beta = sqrt(b) through x^(P-1), P <= 3, where b is a Taylor series at the boundary.

    Raises:
        SurfaceError: where b has no such series, or P is beyond its jets.
    """
    if power != round(power) or not 1 <= power <= 3:
        raise SurfaceError(
            f"an area that diverges like x^{1 - power:g} is subtracted with the boundary series alone",
            mend="solve for the state with `--set`, so that its boundary series is known",
        )
    b = at_boundary(pieces)
    root = torch.sqrt(b[0])
    slope = b[1] / (2 * root)
    bend = b[2] / (2 * root) - b[1] ** 2 / (4 * root**3)
    found = (root, slope, bend / 2)[: round(power)]
    if not all(torch.isfinite(value) for value in found):
        raise SurfaceError(
            "the metric has no Taylor series at the boundary",
            mend="profiles have to be finite there, with as many derivatives as the area's divergence needs",
        )
    return tuple((float(e), 0, value) for e, value in enumerate(found))


def at_boundary(pieces: Pieces, which: int = 0) -> Jet:
    """The jet of b (or c, `which` = 1) at x = 0, by polynomials from nearby where r = 1/x has no value."""
    jet = pieces(torch.zeros((), dtype=torch.float64))[which]
    if all(bool(torch.isfinite(value).all()) for value in jet):
        return jet
    grids = [chebyshev_grid(count, 0.0, REACH, order=0) for count in (12, 16)]
    near = [pieces(grid.nodes[1:])[which] for grid in grids]
    ends = [[extrapolated(grid.nodes[1:], value) for value in jet] for grid, jet in zip(grids, near, strict=True)]
    value, slope, bend = (_settled(rough, finer) for rough, finer in zip(*ends, strict=True))
    return value, slope, bend


def _settled(rough: Tensor, finer: Tensor) -> Tensor:
    """A value in two approximations: not a number where they differ, zero where it is lost in their difference."""
    change = abs(float(rough - finer))
    if change > SAME * (1 + abs(float(finer))):
        return torch.full_like(finer, math.nan)
    return finer if abs(float(finer)) > 10 * change else torch.zeros_like(finer)


def extrapolated(points: Tensor, values: Tensor) -> Tensor:
    """At 0, the polynomial through values at points: Lagrange, prod_(i != j) x_i/(x_i - x_j)."""
    ratios = -points[:, None] / (points - points[:, None]).fill_diagonal_(1.0)
    return (values * ratios.fill_diagonal_(1.0).prod(dim=0)).sum()


def _line(package: GeneratedPackage, module: EntanglementModule, background: Background) -> Jet | None:
    zero = torch.zeros((), dtype=torch.float64)
    if module.VARIABLE != module.RADIAL:
        return None
    n = module.line_element(*_inputs(package, module, background, zero))
    return n if all(bool(torch.isfinite(value).all()) for value in n) else None
