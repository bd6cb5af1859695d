"""The two derivations must imply each other.

For every freed function,  E_u = sqrt(-g) ( -E^ab S_ab | E_phi | E_A^a )  exactly, where S_ab is the part of
the metric that u multiplies (delta g^ab = -g^ac g^bd delta g_cd). So covariant equations imply reduced ones.
Conversely every covariant equation is one of those, or vanishes modulo them; components of a tied block are
checked one by one.
"""

from __future__ import annotations

from holosym.derive.covariant import CovariantVariation
from holosym.derive.freed import Freed
from holosym.derive.reduced import Reduction
from holosym.errors import DerivationError
from holosym.jets.element import Element
from holosym.jets.to_sympy import to_sympy


def prove(name: str, covariant: CovariantVariation, reduction: Reduction) -> list[tuple[str, str]]:
    """Compare both derivations, and the Bianchi identity.

    Args:
        name: the model's name, for messages.
        covariant: the covariant variation on the ansatz.
        reduction: the reduced equations.

    Returns:
        Statements that were proved, with the method.

    Raises:
        DerivationError: where an identity fails.
    """
    statements = [_bianchi(name, covariant)]
    for one, equation in zip(reduction.freed, reduction.equations, strict=True):
        expected = _contracted(covariant, one) * covariant.geometry.volume
        if not covariant.ring.is_zero(equation - expected):
            raise DerivationError(
                f"{name}: the reduced action and the covariant variation disagree on {one.name}: "
                f"their difference is {to_sympy(equation - expected)}",
                mend="this is a bug of holosym, or an ansatz outside its reach: please report the model",
            )
        statements.append((f"reduced action agrees with covariant variation: {one.name}", "exact"))
    statements.append(_converse(name, covariant, reduction))
    return statements


def _bianchi(name: str, covariant: CovariantVariation) -> tuple[str, str]:
    for coordinate, left in zip(covariant.geometry.coordinates, covariant.bianchi(), strict=True):
        if not covariant.ring.is_zero(left):
            raise DerivationError(
                f"{name}: the Bianchi identity fails along {coordinate}: {to_sympy(left)}",
                mend="this is a bug of holosym, or an action outside its reach: please report the model",
            )
    return ("generalised Bianchi identity, every component, off shell", "exact")


def _contracted(covariant: CovariantVariation, one: Freed) -> Element:
    """The covariant equations contracted with what a freed function multiplies."""
    ring = covariant.ring
    if one.field is None:
        upper = covariant.geometry.raise_all(covariant.metric_equations)
        return ring.sum(upper[i] * s * -1 for i, s in one.shape.items() if i in upper)
    if () in one.shape:
        return covariant.scalar_equations[one.field]
    (index,) = one.shape
    return covariant.gauge_equations[one.field].get(index, ring.zero)


def _converse(name: str, covariant: CovariantVariation, reduction: Reduction) -> tuple[str, str]:
    """Components of tied blocks must be proportional to the block's equation: E_ab = S_ab (E . S) / (S . S)."""
    ring, geometry = covariant.ring, covariant.geometry
    tied = [one for one in reduction.freed if one.field is None and len({tuple(sorted(i)) for i in one.shape}) > 1]
    single = {i for one in reduction.freed if one.field is None and one not in tied for i in one.shape}
    if not tied:
        return ("covariant equations are the reduced ones, component by component", "exact")
    if len(tied) > 1:
        return ("tied blocks with several functions: the covariant components are kept", "exact")
    block = tied[0].shape
    shape_upper = geometry.raise_all(block)
    norm = ring.sum(s * shape_upper[i] for i, s in block.items() if i in shape_upper)
    trace = ring.sum(
        covariant.metric_equations[i] * shape_upper[i] for i in shape_upper if i in covariant.metric_equations
    )
    for index in {
        *block,
        *(i for i in covariant.metric_equations if i not in single and set(i) <= _span(block)),
    }:
        left = covariant.metric_equations.get(index, ring.zero) * norm - block.get(index, ring.zero) * trace
        if not ring.is_zero(left):
            raise DerivationError(
                f"{name}: the tied metric components do not share one equation: {to_sympy(left)} is left over",
                mend="write the angular block as one function times a fixed metric: the ansatz breaks its symmetry",
            )
    return ("covariant equations of the tied block follow from the reduced one", "exact")


def _span(block: dict[tuple[int, ...], Element]) -> set[int]:
    return {a for index in block for a in index}
