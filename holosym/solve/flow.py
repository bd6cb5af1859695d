r"""The flow: initial values at the horizon integrated outwards, in u = log x, to where only sources are left.

With y_k = x^k p^(k) the equations are, for the highest derivative of each profile, a linear system

    R_e(x; y) = R_e|_0 + sum_p (dR_e/dp^(k_p)) p^(k_p) = 0,        dy_k/du = k y_k + y_(k+1),

whose coefficients are the package's linearisation. A source falls off as x^(d - Delta), here exponentially in u,
and a response still faster. An operator that is nearly marginal has d - Delta << 1: its source is felt over
hundreds of e-foldings, which no grid on 0 <= x <= 1 resolves. The price: responses are lost, since at the far
end they are below rounding, so the flow gives temperature, entropy and sources, and not the vacuum expectation
values.

Regular initial values are the generated jets at the horizon, continued by their Taylor polynomial to x = 1 - h. The
far end is compared with the boundary series with all responses zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.integrate import solve_ivp
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.expansion import boundary_of, horizon_of, submodule
from holosym.solve.package import GeneratedPackage, Parameters
from holosym.solve.scalars import coupling_jets

_STEP_IN = 1e-5  # h: the Taylor polynomial of order two leaves h^3
_RELATIVE, _ABSOLUTE = 1e-12, 1e-15


@dataclass(frozen=True)
class Flow:
    """One state from its horizon data.

    Attributes:
        data: sources and data of the boundary metric, z_h = 1; responses are zero, that is: not known.
        horizon: jets at the horizon, in PROFILES' order, with the boundary metric at its vacuum values.
        quantities: what `thermodynamics.py` knows of the horizon, z_h = 1.
    """

    data: dict[str, float]
    horizon: dict[str, tuple[Tensor, ...]]
    quantities: dict[str, float]


def flow(
    package: GeneratedPackage, start: Mapping[str, float], parameters: Parameters | None = None, *, depth: float = 120.0
) -> Flow:
    """Integrate from the horizon z = 1 to log z = -depth.

    Args:
        package: a generated package of a theory with boundary z = 0 and horizon.
        start: horizon data by the names of `horizon.DATA`; those of the boundary metric's time scale may be left out.
        parameters: the theory's parameters.
        depth: how far, in log z; more for an operator that is closer to marginal.

    Raises:
        SolveError: integration fails on the way (another horizon, a singularity), or the end is not the boundary.
    """
    flowing = _Flowing(package, dict(parameters or {}))
    given = {name: float(start.get(name, 0.0)) for name in flowing.horizon.DATA}
    jets = flowing.regular(given)
    y = flowing.outwards(jets, depth)
    data = flowing.match(y, math.exp(-depth))
    return flowing.result(given, data)


class _Flowing:
    def __init__(self, package: GeneratedPackage, parameters: Parameters) -> None:
        self.package, self.parameters = package, parameters
        self.boundary, self.horizon = boundary_of(package), horizon_of(package)
        if self.boundary.BOUNDARY != 0:
            raise SolveError(f"{package.NAME} has its boundary at infinity; the flow is written for z = 0")
        self.coordinate = package.COORDINATES[0]
        generic = {p: tuple(0.3 + 0.1 * i + 0.05 * k for k in range(3)) for i, p in enumerate(package.PROFILES)}
        partials = self._functions(0.5, generic)[1]
        self.dynamical = [name for name, role in package.EQUATIONS.items() if role == "dynamical"]
        self.orders = {
            p: max(k for e in self.dynamical for k in partials[e].get(p, {0: 0.0})) for p in package.PROFILES
        }

    def _couplings(self, x: Tensor, jets: Mapping[str, Any]) -> dict[str, tuple[Tensor, ...]]:
        return coupling_jets(self.package, {self.coordinate: x}, jets, self.parameters, {})

    def _functions(self, x: float, values: Mapping[str, tuple[float, ...]]) -> tuple[Any, Any]:
        """Residuals, and their derivatives by jets."""
        here = torch.tensor(x, dtype=torch.float64)
        jets = {p: tuple(torch.tensor(v, dtype=torch.float64) for v in jet) for p, jet in values.items()}
        state = ({self.coordinate: here}, jets, self._couplings(here, jets), self.parameters)
        return self.package.residuals(*state), self.package.linearisation(*state)[0]

    def regular(self, given: Mapping[str, float]) -> dict[str, tuple[Tensor, ...]]:
        """Jets at the horizon."""
        one = torch.ones((), dtype=torch.float64)
        data = {name: value * one for name, value in given.items()}
        values = {p: (data.get(p, 0 * one), 0 * one, 0 * one) for p in self.package.PROFILES}
        couplings = self._couplings(one, values)
        return self.horizon.horizon_jets({self.coordinate: one}, data, couplings, self.parameters)

    def outwards(self, jets: Mapping[str, tuple[Tensor, ...]], depth: float) -> dict[str, list[float]]:
        """x^k p^(k) at log x = -depth."""
        x, h = 1 - _STEP_IN, -_STEP_IN
        start: list[float] = []
        for p, order in self.orders.items():
            a, b, c = (float(v) for v in jets[p][:3])
            taylor = (a + b * h + c * h * h / 2, (b + c * h) * x)
            start += taylor[:order]
        span = (math.log(x), -depth)
        found = solve_ivp(self._slope, span, start, method="DOP853", rtol=_RELATIVE, atol=_ABSOLUTE)
        if not found.success or not np.all(np.isfinite(found.y[:, -1])):
            raise SolveError(
                f"the flow of {self.package.NAME} ends at z = {math.exp(found.t[-1]):.3g}, short of the boundary",
                mend="choose horizon data nearer to those of the brane without sources",
            )
        return self._split(found.y[:, -1])

    def _split(self, y: np.ndarray[Any, Any]) -> dict[str, list[float]]:
        values = iter(y)
        return {p: [float(next(values)) for _ in range(order)] for p, order in self.orders.items()}

    def _slope(self, u: float, y: np.ndarray[Any, Any]) -> list[float]:
        x, scaled = math.exp(u), self._split(y)
        jets = {p: tuple(v / x**k for k, v in enumerate([*vs, 0.0, 0.0][:3])) for p, vs in scaled.items()}
        residuals, partials = self._functions(x, jets)
        rows = [[float(partials[e].get(p, {}).get(k, 0.0)) for p, k in self.orders.items()] for e in self.dynamical]
        scales = [1 / x**k for k in self.orders.values()]
        matrix = np.array(rows) * scales
        highest = np.linalg.solve(matrix, -np.array([float(residuals[e]) for e in self.dynamical]))
        slope: list[float] = []
        for (_, vs), top in zip(scaled.items(), highest, strict=True):
            raised = [*vs[1:], float(top)]
            slope += [k * v + w for k, (v, w) in enumerate(zip(vs, raised, strict=True))]
        return slope

    def match(self, y: Mapping[str, list[float]], x: float) -> dict[str, float]:
        """Sources and metric data whose series has these values at x: Newton on as many numbers as there are data."""
        free = [n for n, e in self.boundary.DATA.items() if e["kind"] in ("source", "metric") and e["log"] == 0]
        profiles = [str(self.boundary.DATA[n]["profile"]) for n in free]
        goal = torch.tensor([y[p][0] for p in profiles], dtype=torch.float64)
        powers = torch.tensor([float(self.boundary.DATA[n]["power"]) for n in free], dtype=torch.float64)

        def series(values: Tensor) -> Tensor:
            data = {n: torch.zeros((), dtype=torch.float64) for n in self.boundary.DATA} | dict(
                zip(free, values, strict=True)
            )
            coefficients = self.boundary.boundary_coefficients(data, {}, self.parameters)
            log = math.log(x)
            sums = []
            for p in profiles:
                terms = zip(coefficients[p], self.boundary.TERMS[p], strict=True)
                sums.append(sum((c * (x**e * log**k) for c, (e, k) in terms), 0 * values[0]))
            return torch.stack(sums)

        values = goal / x**powers
        for _ in range(50):
            step = torch.linalg.solve(torch.func.jacfwd(series)(values), goal - series(values))
            values = values + step
            if bool((step.abs() <= 1e-15 * (1 + values.abs())).all()):
                return dict(zip(free, (float(v) for v in values), strict=True))
        raise SolveError(f"the flow of {self.package.NAME} does not end on the boundary series", mend="go deeper")

    def result(self, given: dict[str, float], data: dict[str, float]) -> Flow:
        """The same solution with the boundary metric at its vacuum values: time is measured by the boundary's clock."""
        for name, entry in self.boundary.DATA.items():
            profile = str(entry["profile"])
            if entry["kind"] != "metric":
                continue
            if self.boundary.VACUUM[name] != 0 or profile not in given:
                raise SolveError(f"the flow cannot normalise {name}", mend="use a boundary value problem")
            given = {**given, profile: given[profile] - data[name]}
            data = {**data, name: 0.0}
        jets = self.regular(given)
        one = torch.ones((), dtype=torch.float64)
        thermodynamics = submodule(self.package, "thermodynamics")
        local = ({self.coordinate: one}, jets, self._couplings(one, jets), self.parameters)
        found = thermodynamics.horizon_quantities(*local) if thermodynamics is not None else {}
        return Flow(data, jets, {name: float(value) for name, value in found.items()})
