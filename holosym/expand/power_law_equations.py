r"""The field equations of a power law, over their geometry, and their linear parts.

    E = sum over classes of  C(exponents) Y,      Y = x^weight prod amplitude^m

so an equation is linear in the Y, and quadratic at most in most exponents.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy
from sympy import Expr, S, Symbol

from holosym.dsl.symbols import Profile
from holosym.errors import ExpansionError
from holosym.expand.power_law import LOG, POWER, REST, Class, PowerLaw, Term

E, EPS = Symbol("e"), Symbol("epsilon")


@dataclass
class Row:
    """One equation.

    Attributes:
        label: its name.
        products: its products, in symbols for jets.
        parts: coefficients by class of what does not vanish.
        scale: the class by which it was divided; None where it vanishes.
    """

    label: str
    products: list[Expr]
    parts: dict[Class, Expr] = field(default_factory=dict)
    scale: Class | None = None


def rows(law: PowerLaw, equations: dict[str, Expr], metric: dict[tuple[int, int], Expr]) -> list[Row]:
    """The equations, by class."""
    found = []
    for label, expression in equations.items():
        row = Row(label, law.in_jets(expression))
        terms = [(p, t) for p in row.products if (t := law.term(p)) is not None]
        if terms:
            row.scale = _scale(law, label, terms, metric)
            for _, term in terms:
                place = term.over(row.scale)
                row.parts[place] = row.parts.get(place, S.Zero) + term.coefficient
            row.parts = {k: c for k, v in row.parts.items() if (c := sympy.expand(v)) != 0}
        found.append(row)
    return found


def component(law: PowerLaw, expression: Expr) -> Term:
    """A diagonal component of the metric, which has to be one product."""
    found = [t for p in law.in_jets(expression) if (t := law.term(p)) is not None]
    if len(found) != 1:
        raise ExpansionError("a diagonal component of the metric is no single product")
    return found[0]


def _scale(law: PowerLaw, label: str, terms: list[tuple[Expr, Term]], metric: dict[tuple[int, int], Expr]) -> Class:
    """g_ij g^rr r^-2 of an Einstein equation, g^rr r^-2 of a scalar's; what has most derivatives of others."""
    radial = law.theory.coordinates.index(law.chart.radial)
    inside = component(law, metric[radial, radial])
    names = {f"einstein_{c}{c}": i for i, c in enumerate(law.theory.coordinates)}
    if label in names or label.startswith("scalar_"):
        over = component(law, metric[names[label], names[label]]) if label in names else Term(S.One, S.Zero, ())
        weight, amplitudes = over.over((inside.weight, inside.amplitudes))
        geometry = (sympy.expand(weight + 2 * law.chart.shift), amplitudes)
        if any(t.over(geometry) == (0, ()) for _, t in terms):
            return geometry
    gauge = {p.func.name for a in law.theory.gauge_fields for p in a.ansatz.atoms(Profile)}

    def order(pair: tuple[Expr, Term]) -> tuple[int, int, str]:
        jets = [law.jets[s] for s in sorted(pair[0].free_symbols & set(law.jets), key=str)]
        mine = label.startswith("maxwell")
        return (0 if mine else -sum(n in gauge for n, _ in jets), max((o for _, o in jets), default=0), str(pair[0]))

    _, best = max(terms, key=order)
    return best.weight, best.amplitudes


def linear_parts(law: PowerLaw, row: Row) -> dict[str, list[Term]]:
    """The coefficients of relative perturbations x^e: of u in c x^a (1 + u x^e), in k log x + s + u x^e, in u x^e."""
    found: dict[str, list[Term]] = {}
    for product in row.products:
        for jet in sorted(product.free_symbols & set(law.jets), key=str):
            name, order = law.jets[jet]
            for piece in sympy.Add.make_args(sympy.expand(sympy.diff(product, jet))):
                term = law.term(piece) if piece != 0 else None
                if term is not None:
                    found.setdefault(name, []).append(_perturbed(law, term, name, order))
    return found


def _perturbed(law: PowerLaw, term: Term, name: str, order: int) -> Term:
    kind = law.kinds[name]
    start = law.exponent[name] if kind == POWER else S.Zero
    value: Expr = S.One
    for j in range(order):
        value *= law.chart.sign * (start + E + j * law.chart.shift)
    powers = dict(term.amplitudes)
    if kind == POWER:
        powers[name] = powers.get(name, S.Zero) + 1
    weight = sympy.expand(term.weight + start + order * law.chart.shift)
    return Term(term.coefficient * value, weight, tuple(sorted(powers.items())))


def kinds_of(law: PowerLaw) -> str:
    """The ansatz in words."""
    words = {POWER: "a power", LOG: "a logarithm", REST: "at rest"}
    return ", ".join(f"{n} {words[k]}" for n, k in sorted(law.kinds.items()))
