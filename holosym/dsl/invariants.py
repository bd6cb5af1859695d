"""Scalars that a Lagrangian may be made of: contractions of forms, and curvature.

square(w) = w_{m...} w^{m...}                      (no 1/p!: square(d(A)) is F_mn F^mn) dot(v, w) = v_{m...}
w^{m...} levi_civita(a, b, ...) = eps^{mn...} a_{m..} b_{..}  with eps_{0123...} = +sqrt(-g) in the order of
the coordinates R, ricci_square = R_mn R^mn, riemann_square = R_mnpq R^mnpq, gauss_bonnet = R^2 - 4 R_mn R^mn
+ R_mnpq R^mnpq
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Symbol, sympify

from holosym.dsl.forms import degree, is_form
from holosym.dsl.place import model_error


class Curvature(Symbol):
    """A scalar of the curvature."""


class Contraction(Expr):
    """A scalar made of forms; `args` are the forms."""

    is_commutative = True


class FormProduct(Contraction):
    """The full contraction of two forms of one degree."""

    def _sympystr(self, printer: Any) -> str:
        v, w = self.args
        if v == w:
            return f"square({printer.doprint(v)})"
        return f"dot({printer.doprint(v)}, {printer.doprint(w)})"


class LeviCivita(Contraction):
    """Forms of total degree D contracted with the volume tensor."""

    def _sympystr(self, printer: Any) -> str:
        return f"levi_civita({', '.join(map(printer.doprint, self.args))})"


INVARIANTS = (Curvature, Contraction)

R = Curvature("R")
ricci_square = Curvature("ricci_square")
riemann_square = Curvature("riemann_square")
gauss_bonnet = Curvature("gauss_bonnet")


def dot(v: Any, w: Any) -> Expr:
    """The full contraction v_{m...} w^{m...} of two forms of one degree."""
    v, w = sympify(v), sympify(w)
    if v == 0 or w == 0:
        return sympify(0)
    for form in (v, w):
        if not is_form(form):
            raise model_error(
                f"a contraction of {form}, which is not a form",
                mend="contract d(phi), d(A), A, ... with square or dot",
            )
    if degree(v) != degree(w):
        raise model_error(f"a contraction of forms of different degree: {v} and {w}", mend="contract like with like")
    return FormProduct(v, w)


def square(w: Any) -> Expr:
    """The full contraction of a form with itself, with all indices and no 1/p!."""
    return dot(w, w)


def levi_civita(*forms: Any) -> Expr:
    """Theta and Chern-Simons densities made scalars: eps^{mn...} a_mn b_.., eps_{012...} = +sqrt(-g)."""
    made = [sympify(f) for f in forms]
    if any(f == 0 for f in made):
        return sympify(0)
    for form in made:
        if not is_form(form):
            raise model_error(f"levi_civita of {form}, which is not a form", mend="give it forms such as d(A)")
    return LeviCivita(*made)
