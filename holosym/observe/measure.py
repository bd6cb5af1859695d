"""Densities along a horizon, without the measure of a sphere or hyperboloid: r^2 sin(theta) becomes r^2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holosym.derive.freed import depends
from holosym.errors import ExpansionError
from holosym.jets.element import BITS, Element
from holosym.jets.ring import Ring

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory


def is_angular(ring: Ring, position: int, theory: Theory) -> bool:
    """Whether a generator depends on a coordinate other than the radial one."""
    one = ring.generator(ring.generators[position])
    return any(depends(ring, one, c) for c in theory.coordinates if c != theory.radial)


def measured(ring: Ring, density: Element, theory: Theory) -> Element:
    """A density without the common factor that depends on coordinates along the horizon.

    Raises:
        ExpansionError: where that is no common factor.
    """
    measures = set()
    terms = {}
    for m, c in density.terms.items():
        angular = sum(e << (BITS * g) for g, e in ring.decode(m) if is_angular(ring, g, theory))
        measures.add(angular)
        terms[m - angular] = c
    if len(measures) > 1:
        raise ExpansionError(
            f"{theory.name} is not homogeneous: a density along its horizon depends on the coordinates there",
            mend="densities are derived for planes, spheres and hyperboloids",
            file=theory.place.file,
            line=theory.place.line,
        )
    return Element(ring, terms)
