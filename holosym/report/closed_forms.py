"""A known solution as functions of tensors: fast, differentiable, in float64; `exact` gives 30 digits instead.

q(z) in closed form  ->  z -> (q, q', q'', ...)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
import torch
from sympy import Expr, Symbol, lambdify
from torch import Tensor

from holosym.dsl.model import KnownSolution
from holosym.errors import HolosymError, ModelError

Function = Callable[[Tensor], tuple[Tensor, ...]]
ELEMENTARY = ("sqrt", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "atan")


def _either(name: str) -> Callable[[Any], Any]:
    """A function of a tensor or of a number."""
    of_tensor = getattr(torch, name)
    of_number = getattr(math, name)
    return lambda value: of_tensor(value) if isinstance(value, Tensor) else of_number(value)


def _whole(value: Any, exponent: int) -> Any:
    """A whole power by products: torch's own are slow from the fourth on."""
    if exponent < 0:
        return 1 / _whole(value, -exponent)
    if exponent == 1:
        return value
    half = _whole(value, exponent // 2)
    return half * half * value if exponent % 2 else half * half


WHOLE = sympy.Function("whole")
NAMESPACE = {name: _either(name) for name in ELEMENTARY} | {"pi": math.pi, "E": math.e, "whole": _whole}


def functions(solution: KnownSolution, given: Mapping[str, float], order: int = 2) -> dict[str, Function]:
    """The profiles of a known solution, each as a function from points to its jet.

    Args:
        solution: closed forms of all profiles.
        given: values of the solution's parameters, by name.
        order: the highest derivative.

    Raises:
        HolosymError: for a parameter without a value, and one that the solution does not have.
    """
    values = parameter_values(solution, given)
    found = {}
    for profile, form in solution.profiles.items():
        (coordinate,) = profile.args
        closed = form.xreplace(values)
        foreign = closed.free_symbols - {coordinate}
        if foreign:
            raise ModelError(
                f"the solution {solution.name!r} holds {min(map(str, foreign))}, which is no parameter",
                file=solution.place.file,
                line=solution.place.line,
            )
        found[profile.func.name] = _function(closed, coordinate, order)
    return found


def parameter_values(solution: KnownSolution, given: Mapping[str, float]) -> dict[Symbol, Expr]:
    """Values of all parameters of a solution: those that it fixes or relates are computed.

    Raises:
        HolosymError: for a parameter without a value, and one that the solution does not have.
    """
    related = dict(solution.parameters)
    forms: Sequence[Expr] = [*solution.profiles.values(), *related.values()]
    coordinates = {c for profile in solution.profiles for c in profile.args}
    free = {s for form in forms for s in form.free_symbols} - coordinates - set(related)
    by_name = {s.name: s for s in free}
    strange = sorted(set(given) - set(by_name))
    missing = sorted(set(by_name) - set(given))
    mend = f"give {' '.join(f'--set {n}=...' for n in sorted(by_name))}" if by_name else "give no --set"
    if strange:
        raise HolosymError(f"the solution {solution.name!r} has no free parameter {strange[0]}", mend=mend)
    if missing:
        raise HolosymError(f"the solution {solution.name!r} needs values of {', '.join(missing)}", mend=mend)
    values: dict[Symbol, Expr] = {by_name[name]: sympy.Float(value, 17) for name, value in given.items()}
    for _ in related:
        values |= {s: form.xreplace(values) for s, form in related.items()}
    return values


def _function(form: Expr, coordinate: Symbol, order: int) -> Function:
    derivatives = [form.diff(coordinate, n) if n else form for n in range(order + 1)]
    quick = [_by_products(one) for one in derivatives]
    evaluate = lambdify([coordinate], quick, modules=[NAMESPACE], cse=True)

    def jet(points: Tensor) -> tuple[Tensor, ...]:
        blank = torch.zeros_like(points)
        return tuple(value + blank for value in evaluate(points))

    return jet


def _by_products(form: Expr) -> Expr:
    """With whole and half-integer powers as products of the base and of its root."""

    def product(base: Expr, exponent: Expr) -> Expr:
        root = base if exponent.q == 1 else sympy.sqrt(base)
        return WHOLE(root, exponent.p)

    def counts(one: Any) -> bool:
        return bool(one.is_Pow and one.exp.is_Rational and one.exp.q <= 2 and one.exp != sympy.S.Half)

    found: Expr = form.replace(counts, lambda one: product(one.base, one.exp))
    return found
