"""General relativity by components in plain numbers: nothing here knows of holosym's ring.

A metric is differentiated twice with SymPy; every derivative of an unknown function then gets a number of its own,
and curvature is sums over indices of arrays of 40-digit floats.
"""

import hashlib
from itertools import product

import mpmath
import sympy
from sympy import Derivative
from sympy.core.function import AppliedUndef

DIGITS = 40


def value_of(name):
    """A number in (1/2, 3/2) that depends on a name alone."""
    digest = hashlib.sha256(name.encode()).digest()
    return mpmath.mpf(1) / 2 + mpmath.mpf(int.from_bytes(digest[:16], "big")) / 2**128


def name_of(atom):
    """The name under which an atom has its number: `z`, `f(z)`, `f(z) zz`."""
    if isinstance(atom, Derivative):
        along = "".join(sorted(str(v) * int(n) for v, n in atom.variable_count))
        return f"{atom.expr} {along}"
    return str(atom)


class Numbers:
    """Expressions as numbers: symbols, unknown functions and their derivatives each by their own name.

    Args:
        salt: another salt, another point.
        given: values of some atoms.
    """

    def __init__(self, salt="", given=None):
        self.salt = salt
        self.given = dict(given or {})

    def atom(self, atom):
        """The value of a symbol, of an unknown function, or of a derivative of one."""
        if atom in self.given:
            return self.given[atom]
        return value_of(self.salt + name_of(atom))

    def __call__(self, expression):
        """The value of an expression; within `mpmath.workdps`."""
        expression = sympy.sympify(expression)
        slots = {}

        def replaced(e):
            if isinstance(e, Derivative | AppliedUndef) or e.is_Symbol:
                return slots.setdefault(e, sympy.Dummy(f"s{len(slots)}"))
            return e.func(*map(replaced, e.args)) if e.args else e

        made = replaced(expression)
        function = sympy.lambdify(list(slots.values()), made, modules="mpmath")
        return mpmath.mpmathify(function(*[self.atom(a) for a in slots]))


def arrays(metric, coordinates, numbers):
    """g_ab, d_c g_ab and d_c d_d g_ab as nested lists of numbers."""
    n = range(len(coordinates))
    g = [[numbers(metric[a, b]) for b in n] for a in n]
    first = [[[numbers(metric[a, b].diff(x)) for x in coordinates] for b in n] for a in n]
    second = [
        [[[numbers(metric[a, b].diff(x).diff(y)) for y in coordinates] for x in coordinates] for b in n] for a in n
    ]
    return g, first, second


class Curvature:
    """Christoffel symbols and curvature of a metric at one point.

    Args:
        metric: a SymPy matrix g_ab.
        coordinates: the symbols of the coordinates.
        numbers: the values at the point.
    """

    def __init__(self, metric, coordinates, numbers):
        self.n = range(len(coordinates))
        self.g, d1, d2 = arrays(metric, coordinates, numbers)
        inverse = mpmath.matrix(self.g) ** -1
        self.inverse = [[inverse[a, b] for b in self.n] for a in self.n]
        n, up = self.n, self.inverse
        lower = [[[(d1[a][b][c] + d1[a][c][b] - d1[b][c][a]) / 2 for c in n] for b in n] for a in n]
        self.gamma = [[[mpmath.fsum(up[a][e] * lower[e][b][c] for e in n) for c in n] for b in n] for a in n]
        d_up = [
            [
                [-mpmath.fsum(up[a][p] * d1[p][q][c] * up[q][b] for p in n for q in n if d1[p][q][c]) for c in n]
                for b in n
            ]
            for a in n
        ]
        self.d_gamma = {
            (a, b, c, x): mpmath.fsum(
                d_up[a][e][x] * lower[e][b][c] + up[a][e] * (d2[e][b][c][x] + d2[e][c][b][x] - d2[b][c][e][x]) / 2
                for e in n
            )
            for a, b, c, x in product(n, repeat=4)
        }

    def riemann(self, a, b, c, d):
        """R^a_bcd."""
        gamma, n = self.gamma, self.n
        quadratic = mpmath.fsum(gamma[a][c][e] * gamma[e][d][b] - gamma[a][d][e] * gamma[e][c][b] for e in n)
        return self.d_gamma[a, d, b, c] - self.d_gamma[a, c, b, d] + quadratic

    def ricci(self):
        """R_ab."""
        return [[mpmath.fsum(self.riemann(c, a, c, b) for c in self.n) for b in self.n] for a in self.n]

    def scalar(self):
        """R."""
        ricci = self.ricci()
        return mpmath.fsum(self.inverse[a][b] * ricci[a][b] for a in self.n for b in self.n)

    def einstein(self):
        """G_ab."""
        ricci, scalar = self.ricci(), self.scalar()
        return [[ricci[a][b] - self.g[a][b] * scalar / 2 for b in self.n] for a in self.n]

    def einstein_mixed(self):
        """G^a_b."""
        lower = self.einstein()
        return [[mpmath.fsum(self.inverse[a][c] * lower[c][b] for c in self.n) for b in self.n] for a in self.n]


def matrix_of(line_element, coordinates, differentials):
    """g_ab from a line element, by differentiation with respect to the differentials."""
    expanded = sympy.expand(line_element)
    return sympy.Matrix(
        len(coordinates),
        len(coordinates),
        lambda a, b: expanded.diff(differentials[a]).diff(differentials[b]) / 2,
    )


def close(one, other, scale=1, digits=30):
    """Whether two numbers agree to some digits, relative to a scale or to the larger of them."""
    size = max(abs(one), abs(other), abs(scale))
    return abs(one - other) <= mpmath.mpf(10) ** -digits * size


__all__ = ["DIGITS", "Curvature", "Numbers", "close", "matrix_of", "name_of", "value_of"]
