"""Characteristic evolution in AdS5: profiles of (v, r), Eddington-Finkelstein form, equations pasted as printed."""

from sympy import Rational, exp, oo, sin

from holosym import R, Theory, coordinates, d, parameters, profiles

v, r, x, y, w = coordinates("v r x y w")
A, B, S = profiles("A B S", (v, r))

theory = Theory(
    name="characteristic_ads5",
    metric=-A * d(v) ** 2 + 2 * d(v) * d(r) + S**2 * (exp(B) * (d(x) ** 2 + d(y) ** 2) + exp(-2 * B) * d(w) ** 2),
    lagrangian=R + 12,
    radial=r,
    boundary=oo,
    horizon=1,
)
a = parameters("a", positive=True)
shift = a * sin(v)
theory.known_solution(
    "black brane in a moving gauge",
    {A: (r + shift) ** 2 - 1 / (r + shift) ** 2 - 2 * shift.diff(v), B: 0, S: r + shift},
    source="Chesler and Yaffe 2009",
)


def dot_(q):
    """Derivative along the outgoing null ray."""
    return q.diff(v) + A * q.diff(r) / 2


CY = "Chesler and Yaffe 2009"
theory.published("S dot", S * dot_(S).diff(r) + 2 * S.diff(r) * dot_(S) - 2 * S**2, source=CY)
theory.published("B dot", S * dot_(B).diff(r) + Rational(3, 2) * (S.diff(r) * dot_(B) + B.diff(r) * dot_(S)), source=CY)
theory.published("A", A.diff(r, 2) + 3 * B.diff(r) * dot_(B) - 12 * S.diff(r) * dot_(S) / S**2 + 4, source=CY)
theory.published("S dot dot", dot_(dot_(S)) + (dot_(B) ** 2 * S - A.diff(r) * dot_(S)) / 2, source=CY)
theory.published("S prime prime", S.diff(r, 2) + B.diff(r) ** 2 * S / 2, source=CY)
