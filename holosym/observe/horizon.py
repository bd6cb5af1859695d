r"""Temperature and entropy density of a horizon.

With the lapse N, N^2 = -det(g without r)/det(g along the horizon), both N^2 and g^rr vanish linearly there:

    T = kappa/2 pi,      kappa^2 = (N^2)' (g^rr)'/4,

in any chart that reaches the horizon: f'^2 e^(-chi)/4 in Schwarzschild-like ones and in Eddington-Finkelstein ones. The
entropy is Wald's (16 pi G = 1), with P^abcd = dL/dR_abcd and the binormal eps = (-det g/det g_along)^(1/2) dt ^ dr:

    s = -2 pi P^abcd eps_ab eps_cd (det g_along)^(1/2),

4 pi (area density) for L = R. Densities are per unit coordinate volume; along a sphere (or a hyperbolic space) per unit
of its own measure, sin(theta) dtheta dphi. Sources: Wald 1993, gr-qc/9307038; Iyer and Wald 1994, gr-qc/9403028.
"""

from __future__ import annotations

import sympy

from holosym.derive import ansatz as reading
from holosym.derive.action import Action
from holosym.derive.geometry import Tensor
from holosym.derive.higher_curvature import curvature_momentum
from holosym.derive.system import EquationSystem
from holosym.dsl.invariants import R, gauss_bonnet, ricci_square, riemann_square
from holosym.expand.dimensions import Dimensions
from holosym.expand.emblackening import TimeRadial, emblackening, horizon_theory, time_radial
from holosym.jets.element import Element
from holosym.jets.generators import HALF, ConstantGenerator
from holosym.jets.ring import Ring
from holosym.jets.transfer import Transfer
from holosym.observe.limit import HorizonLimit
from holosym.observe.linear import reduced
from holosym.observe.measure import is_angular, measured
from holosym.observe.planar import outward
from holosym.observe.quantity import LocalQuantity

WALD = "Wald 1993, gr-qc/9307038; Iyer and Wald 1994, gr-qc/9403028"
HIGHER = (ricci_square, riemann_square, gauss_bonnet)


def horizon_quantities(system: EquationSystem) -> tuple[LocalQuantity, ...]:
    """Temperature and entropy density as functions of the jets at the horizon.

    Args:
        system: the equations of a theory with a horizon.

    Raises:
        ExpansionError: for a theory without a horizon, or one that is not seen in its metric.
    """
    return _Horizon(system).quantities()


class _Horizon:
    """The horizon of one theory, in a ring of its own."""

    def __init__(self, system: EquationSystem) -> None:
        self.system = system
        self.theory = theory = horizon_theory(system)
        ansatz = reading.read(theory)
        self.ring: Ring = ansatz.ring
        self.action: Action = ansatz.action()
        self.across: TimeRadial = time_radial(theory, self.action.geometry)
        assert theory.horizon is not None
        self.limit = HorizonLimit(self.ring, emblackening(theory, ansatz), outward(theory.boundary, theory.horizon))
        self.dimensions = Dimensions(system)
        self.pi = self.ring.generator(ConstantGenerator(sympy.pi))

    def quantities(self) -> tuple[LocalQuantity, ...]:
        """Temperature and entropy density."""
        per = "area of the unit sphere or hyperboloid" if self._curved() else "coordinate area"
        return (
            self._quantity(
                "temperature",
                "T",
                self.temperature(),
                f"surface gravity over 2 pi, with respect to the time {self.theory.time}",
                "Hawking 1975",
            ),
            self._quantity("entropy_density", "s", self.entropy(), f"Wald's entropy per unit of {per}", WALD),
        )

    def _quantity(self, name: str, symbol: str, value: Element, text: str, source: str) -> LocalQuantity:
        ring = self.system.ring
        above, below = reduced(ring, Transfer(ring)(self.limit.restored(value)), ring.one)
        dimension = self.dimensions.quotient(above, below)
        return LocalQuantity(name, symbol, "horizon", above, below, dimension, text, source)

    def temperature(self) -> Element:
        """kappa/2 pi: (N^2 g^rr)^(1/2) is 2 kappa times the distance to the horizon."""
        root = self.ring.power(self.across.lapse * self.across.slope, HALF)
        return self.limit.coefficient(root, 1) / (4 * self.pi)

    def entropy(self) -> Element:
        """-2 pi P^abcd eps_ab eps_cd (det g_along)^(1/2)."""
        action, across = self.action, self.across
        parts = []
        for invariant in action.invariants:
            if invariant == R:
                parts.append(action.slope(R))
            elif invariant in HIGHER:
                over = action.geometry.determinant * across.area**-1
                component = self._raised(curvature_momentum(action.geometry, invariant))
                parts.append(action.slope(invariant) * component * over * 2)
        area = measured(self.ring, self.ring.power(self.limit.coefficient(across.area), HALF), self.theory)
        return self.limit.coefficient(self.ring.sum(parts) * 4) * self.pi * area

    def _raised(self, tensor: Tensor) -> Element:
        """The trtr component of a tensor, raised."""
        g, t, r = self.action.geometry.inverse, self.across.time, self.across.radial
        parts = [
            value * g[t, a] * g[r, b] * g[t, c] * g[r, d]
            for (a, b, c, d), value in tensor.items()
            if {(t, a), (r, b), (t, c), (r, d)} <= g.keys()
        ]
        return self.ring.sum(parts)

    def _curved(self) -> bool:
        return any(is_angular(self.ring, g, self.theory) for g in self.ring.positions(self.across.area))
