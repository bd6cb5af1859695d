"""Differential forms as SymPy expressions linear in a few atoms.

Atoms: the differential of a coordinate dx, a one-form field A, the exterior derivative d(phi) or d(A) of a
field, and a wedge product a ^ b. A form is a sum of scalar expressions times atoms, all of one degree;
`terms` reads it back. `d` obeys d(f a) = df ^ a + f da,  d(a ^ b) = da ^ b + (-1)^p a ^ db,  d d = 0.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Dummy, Expr, Mul, Pow, S, Symbol, expand_mul, sympify
from sympy.core.function import AppliedUndef

from holosym.dsl.place import model_error
from holosym.dsl.symbols import Coordinate


class CoordinateDifferential(Symbol):
    """The differential of a coordinate; commutes, so that a line element is an ordinary expression."""

    coordinate: Coordinate

    def __new__(cls, coordinate: Coordinate) -> CoordinateDifferential:
        made: CoordinateDifferential = Symbol.__xnew__(cls, f"d{coordinate.name}")
        made.coordinate = coordinate
        return made

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, self.coordinate)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.coordinate,), {}


class ScalarField(Symbol):
    """A real scalar field with its ansatz; as a symbol it stands in couplings."""

    ansatz: Expr

    def __new__(cls, name: str, ansatz: Expr) -> ScalarField:
        made: ScalarField = Symbol.__xnew__(cls, name, real=True)
        made.ansatz = ansatz
        return made

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, self.ansatz)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.ansatz), {}


class GaugeField(Symbol):
    """A one-form field with its ansatz, linear in differentials."""

    ansatz: Expr

    def __new__(cls, name: str, ansatz: Expr) -> GaugeField:
        made: GaugeField = Symbol.__xnew__(cls, name)
        made.ansatz = ansatz
        return made

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, self.ansatz)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.ansatz), {}


class FormAtom(Expr):
    """An exterior derivative or a wedge product."""

    is_commutative = True


class ExteriorDerivative(FormAtom):
    """d(phi) of a scalar field, d(A) of a one-form field."""

    def _sympystr(self, printer: Any) -> str:
        return f"d({printer.doprint(self.args[0])})"


class Wedge(FormAtom):
    """a ^ b."""

    def _sympystr(self, printer: Any) -> str:
        a, b = map(printer.doprint, self.args)
        return f"wedge({a}, {b})"


ATOMS = (CoordinateDifferential, GaugeField, ExteriorDerivative, Wedge)


def is_form(expression: Expr) -> bool:
    """Whether an atom of forms stands in an expression."""
    return bool(expression.has(*ATOMS))


def terms(form: Expr, what: str = "a form") -> dict[Expr, Expr]:
    """Coefficient of every atom of a form.

    Raises:
        ModelError: where the expression is not linear in the atoms.
    """
    found: dict[Expr, Expr] = {}
    for term in Add.make_args(expand_forms(sympify(form))):
        factors = [f for f in Mul.make_args(term) if is_form(f)]
        if len(factors) != 1 or not isinstance(factors[0], ATOMS):
            if term == 0:
                continue
            raise model_error(
                f"{what} is not linear in differentials: the term {term}",
                mend="write it as a sum of a function times dt, dx, ...; multiply forms with wedge(a, b)",
            )
        atom = factors[0]
        found[atom] = found.get(atom, S.Zero) + term / atom
    return {atom: c for atom, c in found.items() if c != 0}


def expand_forms(form: Expr) -> Expr:
    """Multiply out the sums that hold differentials, and leave scalar factors as they are."""
    if not isinstance(form, Mul | Pow | Add) or isinstance(form, ATOMS) or not is_form(form):
        return form
    if isinstance(form, Add):
        return Add(*[expand_forms(a) for a in form.args])
    if isinstance(form, Pow):
        base, power = form.args
        if not (power.is_Integer and power > 0 and isinstance(base, Add)):
            return form
        return expand_forms(Mul(*[base] * int(power), evaluate=False))
    scalars, sums = [], [S.One]
    for factor in form.args:
        pieces = _pieces(factor)
        if pieces is None:
            scalars.append(factor)
        else:
            for piece in pieces:
                sums = [a * b for a in sums for b in piece]
    return Add(*[Mul(*scalars, s) for s in sums])


def _pieces(factor: Expr) -> list[list[Expr]] | None:
    """The summands of a factor with differentials in it, once for every power; None for a scalar factor."""
    if not is_form(factor):
        return None
    base, power = factor.as_base_exp()
    expanded = list(Add.make_args(expand_forms(base)))
    count = int(power) if power.is_Integer and power > 0 else 0
    return [expanded] * count if count else [[factor]]


def degree(form: Expr, what: str = "a form") -> int:
    """The degree of a form; 0 for a scalar expression."""
    form = sympify(form)
    if not is_form(form):
        return 0
    degrees = {_atom_degree(atom) for atom in terms(form, what)}
    if len(degrees) > 1:
        raise model_error(f"{what} adds forms of different degree: {form}", mend="add forms of one degree only")
    return degrees.pop() if degrees else 1


def _atom_degree(atom: Expr) -> int:
    if isinstance(atom, CoordinateDifferential | GaugeField):
        return 1
    if isinstance(atom, ExteriorDerivative):
        return 1 if isinstance(atom.args[0], ScalarField) else 2
    return degree(atom.args[0]) + degree(atom.args[1])


def d(thing: Any) -> Expr:
    """The exterior derivative of a coordinate, a field, a function of them, or a form."""
    thing = sympify(thing)
    if isinstance(thing, Coordinate):
        return CoordinateDifferential(thing)
    if isinstance(thing, ScalarField | GaugeField):
        return ExteriorDerivative(thing)
    if not is_form(thing):
        return _differential(thing)
    total = S.Zero
    for atom, coefficient in terms(thing).items():
        slope = _differential(coefficient)
        if slope != 0:
            total += wedge(slope, atom)
        total += coefficient * _d_atom(atom)
    return total


def _differential(function: Expr) -> Expr:
    """df = sum (df/du) du over the coordinates and scalar fields in f."""
    strange = [s for s in function.free_symbols if type(s) in (Symbol, Dummy)]
    if strange:
        name = min(map(str, strange))
        raise model_error(
            f"d({function}) of {name}, which is not declared",
            mend=f"declare it: {name} = coordinates({name!r}), or scalar, parameters, ...",
        )
    found = [u for u in function.free_symbols if isinstance(u, Coordinate | ScalarField)]
    for applied in function.atoms(AppliedUndef):
        found.extend(c for c in applied.free_symbols if isinstance(c, Coordinate) and c not in found)
    found = sorted(set(found), key=lambda u: (type(u).__name__, u.name))
    return Add(*[function.diff(u) * d(u) for u in found])


def _d_atom(atom: Expr) -> Expr:
    if isinstance(atom, GaugeField):
        return ExteriorDerivative(atom)
    if isinstance(atom, Wedge):
        a, b = atom.args
        sign = (-1) ** degree(a)
        return wedge(d(a), b) + sign * wedge(a, d(b))
    return S.Zero


def wedge(a: Any, b: Any) -> Expr:
    """The wedge product; of one-forms, (a ^ b)_mn = a_m b_n - a_n b_m."""
    a, b = sympify(a), sympify(b)
    if a == 0 or b == 0:
        return S.Zero
    if not is_form(a) or not is_form(b):
        return a * b
    return Wedge(expand_mul(a), expand_mul(b))


def bare_potentials(expression: Expr) -> set[GaugeField]:
    """One-form fields that stand in an expression by themselves, outside of their exterior derivative."""
    if isinstance(expression, GaugeField):
        return {expression}
    if isinstance(expression, ExteriorDerivative):
        return set()
    return set().union(*(bare_potentials(a) for a in expression.args))


def scalar(name: str, ansatz: Any) -> ScalarField:
    """A real scalar field.

    Args:
        name: its name, which a profile may share.
        ansatz: its value on the ansatz: a profile, `beta*x`, 0, ...
    """
    value = sympify(ansatz)
    if is_form(value):
        raise model_error(f"the ansatz of the scalar {name} is a form", mend="use gauge_field for a one-form")
    return ScalarField(name, value)


def gauge_field(name: str, ansatz: Any) -> GaugeField:
    """A one-form field, with an ansatz linear in differentials: `A_t*dt + B*x*dy`."""
    value = sympify(ansatz)
    for atom in terms(value, f"the ansatz of {name}") if value != 0 else ():
        if not isinstance(atom, CoordinateDifferential):
            raise model_error(
                f"the ansatz of {name} contains {atom}, which is not the differential of a coordinate",
                mend="write the ansatz in the coordinates' differentials: A_t*dt",
            )
    return GaugeField(name, value)
