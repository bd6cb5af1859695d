r"""Conductivity tensors as named quantities, and sentences about those that are infinite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympy import Expr, Integer, latex

from holosym.derive.system import EquationSystem
from holosym.dsl.forms import GaugeField
from holosym.jets.element import Element
from holosym.observe.linear import Fraction, equal
from holosym.observe.linearised import Response
from holosym.observe.quantity import LocalQuantity

Pair = tuple[GaugeField | None, GaugeField | None]
Tensors = dict[Pair, dict[tuple[int, int], Fraction]]
Final = Callable[[Element, Element], Fraction]

SOURCE = "Donos and Gauntlett 2014, arXiv:1406.4742"
TEXTS = {
    "sigma": "electric conductivity, J = sigma E at zero temperature gradient",
    "alpha": "thermoelectric conductivity, J = alpha T zeta with zeta = -grad T / T at zero electric field",
    "alphabar": "thermoelectric conductivity, Q = alphabar T E at zero temperature gradient",
    "kappa": "thermal conductivity kappa-bar, Q = kappabar T zeta at zero electric field "
    "(at zero current it is kappabar - T alphabar sigma^-1 alpha)",
}
SYMBOLS = {"sigma": r"\sigma", "alpha": r"\alpha", "alphabar": r"\bar\alpha", "kappa": r"\bar\kappa"}


def quantities(system: EquationSystem, response: Response, tensors: Tensors) -> tuple[LocalQuantity, ...]:
    """The components that do not follow from others by symmetry, by name in a fixed order."""
    found = []
    fields: list[GaugeField | None] = [*response.brane.gauge, None]
    for above in fields:
        for below in fields:
            tensor = tensors.get((above, below), {})
            if _redundant(system, tensors, fields, (above, below)):
                continue
            for i, j in _independent(system, tensor):
                found.append(_quantity(response, (above, below), (i, j), tensor[i, j]))
    order = list(TEXTS)
    return tuple(sorted(found, key=lambda q: (order.index(q.name.split("_")[0]), q.name)))


def _redundant(system: EquationSystem, tensors: Tensors, fields: list[Any], pair: Pair) -> bool:
    """Whether a tensor equals that of the exchanged pair, which stands before it: Onsager without reversal of B."""
    above, below = pair
    if fields.index(above) <= fields.index(below):
        return False
    mine, other = tensors.get(pair, {}), tensors.get((below, above), {})
    return mine.keys() == other.keys() and all(equal(system.ring, mine[k], other[k]) for k in mine)


def _independent(system: EquationSystem, tensor: dict[tuple[int, int], Fraction]) -> Iterator[tuple[int, int]]:
    ring = system.ring
    diagonal = [key for key in sorted(tensor) if key[0] == key[1]]
    if diagonal and all(equal(ring, tensor[diagonal[0]], tensor[key]) for key in diagonal[1:]):
        diagonal = diagonal[:1]
    yield from diagonal
    for i, j in sorted(tensor):
        if i == j:
            continue
        other = tensor.get((j, i))
        if i < j or other is None or not equal(ring, tensor[i, j], other, -1):
            yield i, j


def _quantity(response: Response, pair: Pair, index: tuple[int, int], value: Fraction) -> LocalQuantity:
    above, below = pair
    brane = response.brane
    kind = {(True, True): "sigma", (True, False): "alpha", (False, True): "alphabar", (False, False): "kappa"}[
        above is not None, below is not None
    ]
    labels = [one.name for one in pair if one is not None] if len(brane.gauge) > 1 else []
    names = [brane.name(i) for i in index]
    where = "".join(names) if all(len(n) == 1 for n in names) else "_".join(names)
    below_text = " ".join(latex(brane.theory.coordinates[i]) for i in index)
    upper = f"^{{{' '.join(labels)}}}" if labels else ""
    d = len(brane.along) + 1
    dimension: Expr = Integer(d - 2 if kind == "kappa" else d - 3)
    text = TEXTS[kind]
    if index[0] != index[1]:
        text += f"; J or Q along {brane.name(index[0])}, driven along {brane.name(index[1])}; the exchanged component "
        text += "is its negative unless given; magnetisation currents are subtracted"
    return LocalQuantity(
        name="_".join((kind, *labels, where)),
        symbol=f"{SYMBOLS[kind]}{upper}_{{{below_text}}}",
        where="horizon",
        numerator=value[0],
        denominator=value[1],
        dimension=dimension,
        text=f"{text}; from the regular linear response at the horizon",
        source=SOURCE,
    )


def massive_note(names: list[str]) -> str:
    """A condensate, or a mass term: no dissipative direct current."""
    return (
        f"sigma is infinite where {', '.join(names)} is massive: in a superfluid the current flows without a field, "
        "sigma(omega) -> i n_s/omega; no direct-current formula at the horizon is given"
    )


def neutral_note(names: list[str], charged: bool) -> str:
    """No charge and no relaxation: sigma is finite, kappabar is not."""
    text = f"kappa along {', '.join(names)} is infinite: nothing relaxes the momentum; kappabar(omega) -> s i/omega"
    return f"{text}. Without charge density sigma is finite" if charged else text


def infinite_note(system: EquationSystem, response: Response, along: list[int], final: Final) -> str:
    """Charge without relaxation: the Drude weights, and the regular part of a single current."""
    where = ", ".join(map(response.brane.name, along))
    text = (
        f"sigma, alpha and kappa along {where} are infinite: nothing relaxes the momentum. Drude weights, with "
        "sigma(omega) -> K i/omega: K = rho^2/(s T + mu rho); alpha has rho s/(s T + mu rho), "
        "kappabar s^2 T/(s T + mu rho), with mu rho summed over the charges"
    )
    values = []
    for i in along:
        found = [response.ohmic[key] for key in response.ohmic if key[0][1] == i]
        if len(response.brane.gauge) == 1 == len(found):
            above, below = final(found[0], response.brane.ring.one)
            values.append(str(system.write(above) / system.write(below)))
    if values and len(values) == len(along):
        shown = ", ".join(sorted(set(values)))
        text += f"; the regular part is Re sigma(0+) = G (s T/(s T + mu rho))^2, G = {shown} at the horizon"
    return text
