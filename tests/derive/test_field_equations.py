"""Field equations written by hand, in numbers, against the derived ones.

    E_ab = R_ab - g_ab R/2 + sum of the stresses of the fields,  with  delta S = int sqrt(-g) E_ab delta g^ab

and every matter equation as the divergence that a textbook prints. Nothing of holosym stands on the left.
"""

import mpmath
import pytest
import sympy
from component_formulas import DIGITS, Curvature, Numbers, close, matrix_of

from holosym import d
from holosym.dsl.forms import CoordinateDifferential, terms


class Textbook:
    """Gravity with scalars and one Maxwell field by components.

    Args:
        theory: only its line element and the ansatz of its fields are read.
        salt: the point.
        given: values of couplings, by applied coupling.
    """

    def __init__(self, theory, salt="", given=None):
        self.axes = theory.coordinates
        self.n = range(len(self.axes))
        self.numbers = Numbers(salt, given)
        self.matrix = matrix_of(theory.metric, self.axes, [d(c) for c in self.axes])
        self.curvature = Curvature(self.matrix, self.axes, self.numbers)
        self.g, self.up = self.curvature.g, self.curvature.inverse
        self.potential = [0] * len(self.axes)
        for gauge in theory.gauge_fields:
            for atom, component in terms(gauge.ansatz).items():
                assert isinstance(atom, CoordinateDifferential)
                self.potential[self.axes.index(atom.coordinate)] = component

    def slopes(self, scalar):
        """d_a phi."""
        return [self.numbers(sympy.sympify(scalar).diff(c)) for c in self.axes]

    def strength(self):
        """F_ab."""
        a = [sympy.sympify(component) for component in self.potential]
        return [[self.numbers(a[j].diff(self.axes[i]) - a[i].diff(self.axes[j])) for j in self.n] for i in self.n]

    def contract(self, v, w):
        """v_a w^a."""
        return mpmath.fsum(self.up[a][b] * v[a] * w[b] for a in self.n for b in self.n)

    def strength_square(self):
        """F_ab F^ab."""
        F, up, n = self.strength(), self.up, self.n
        return mpmath.fsum(
            F[a][b] * F[c][e] * up[a][c] * up[b][e] for a in n for b in n if F[a][b] for c in n for e in n
        )

    def strength_stress(self):
        """F_ac F_b^c."""
        F, up, n = self.strength(), self.up, self.n
        return [[mpmath.fsum(F[a][c] * F[b][e] * up[c][e] for c in n for e in n) for b in n] for a in n]

    def metric_equations(self, stress, lagrangian_of_matter):
        """G_ab + dL_m/dg^ab - g_ab L_m / 2."""
        G = self.curvature.einstein()
        return [[G[a][b] + stress[a][b] - self.g[a][b] * lagrangian_of_matter / 2 for b in self.n] for a in self.n]

    def divergence(self, vector):
        """d_a(sqrt(-g) J^a) / sqrt(-g) of an upper vector of SymPy expressions."""
        volume = sympy.sqrt(-self.matrix.det())
        total = sum(((volume * j).diff(c) for j, c in zip(vector, self.axes, strict=True)), sympy.S.Zero)
        return self.numbers(total / volume)

    def raised_slopes(self, scalar):
        """d^a phi, as expressions."""
        up = self.matrix.inv()
        return [
            sum((up[a, b] * sympy.sympify(scalar).diff(self.axes[b]) for b in self.n), sympy.S.Zero) for a in self.n
        ]

    def raised_strength(self):
        """F^ab, as expressions."""
        up, a = self.matrix.inv(), [sympy.sympify(c) for c in self.potential]
        F = sympy.Matrix(len(a), len(a), lambda i, j: a[j].diff(self.axes[i]) - a[i].diff(self.axes[j]))
        return up * F * up.T


def compare(system, book, metric_equations, others):
    """Every field equation: those there agree, those absent vanish."""
    names = [c.name for c in book.axes]
    found = {label: book.numbers(system.write(e)) for label, e in system.field_equations.items()}
    expected = {
        f"einstein_{names[a]}{names[b]}": metric_equations[a][b] for a in book.n for b in book.n if a <= b
    } | others
    scale = max(abs(v) for v in expected.values())
    assert set(found) <= set(expected)
    for label, value in expected.items():
        assert close(found.get(label, 0), value, scale, 28), label


def fields(theory):
    return {one.name: one for one in theory.fields}


@pytest.mark.parametrize("salt", ["one", "two"])
@pytest.mark.parametrize("name", ["emd_axion", "gubser_rocha"])
def test_maxwell_dilaton_axion(gallery, name, salt):
    theory = gallery(name)
    by_name = fields(theory)
    phi, psi_x, psi_y = (by_name[k].ansatz for k in ("phi", "psi_x", "psi_y"))
    with mpmath.workdps(DIGITS):
        book = Textbook(theory, salt)
        system = theory.equations()
        couplings = {str(a): a for e in system.residuals.values() for a in e.atoms(sympy.core.function.AppliedUndef)}
        v, v1, z0, z1 = (couplings[k] for k in ("V(phi(z))", "V'(phi(z))", "Z(phi(z))", "Z'(phi(z))"))
        V, V1, Z0, Z1 = map(book.numbers.atom, (v, v1, z0, z1))
        F2, slopes = book.strength_square(), [book.slopes(s) for s in (phi, psi_x, psi_y)]
        matter = -sum(book.contract(s, s) for s in slopes) / 2 - V - Z0 * F2 / 4
        FF = book.strength_stress()
        stress = [[-sum(s[a] * s[b] for s in slopes) / 2 - Z0 * FF[a][b] / 2 for b in book.n] for a in book.n]
        (radial,) = (c for c in theory.coordinates if c.name == "z")
        F = book.raised_strength()
        others = {
            "scalar_phi": book.divergence(book.raised_slopes(phi)) - V1 - Z1 * F2 / 4,
            "scalar_psi_x": book.divergence(book.raised_slopes(psi_x)),
            "scalar_psi_y": book.divergence(book.raised_slopes(psi_y)),
        }
        for a, axis in enumerate(theory.coordinates):
            # D_b (Z F^ba)
            others[f"maxwell_A_{axis}"] = book.divergence([z0 * F[b, a] for b in book.n])
        assert z0.diff(radial) != 0
        compare(system, book, book.metric_equations(stress, matter), others)


def test_charged_scalar(gallery):
    """psi^2 (d theta - q A)^2: the stress, the equation of psi, and Proca's current in Maxwell's equation."""
    theory = gallery("holographic_superconductor")
    psi = fields(theory)["psi"].ansatz
    q = next(s for s in theory.lagrangian.free_symbols if s.name == "q")
    with mpmath.workdps(DIGITS):
        book = Textbook(theory)
        charge, value, slope = book.numbers(q), book.numbers(psi), book.slopes(psi)
        A = [book.numbers(c) for c in book.potential]
        A2, F2, FF = book.contract(A, A), book.strength_square(), book.strength_stress()
        matter = 6 - F2 / 4 - book.contract(slope, slope) - value**2 * charge**2 * A2 + 2 * value**2
        stress = [
            [-FF[a][b] / 2 - slope[a] * slope[b] - value**2 * charge**2 * A[a] * A[b] for b in book.n] for a in book.n
        ]
        F = book.raised_strength()
        up_A = [mpmath.fsum(book.up[a][b] * A[b] for b in book.n) for a in book.n]
        others = {
            f"maxwell_A_{axis}": book.divergence([F[b, a] for b in book.n]) - 2 * charge**2 * value**2 * up_A[a]
            for a, axis in enumerate(theory.coordinates)
        }
        others["scalar_psi"] = 2 * book.divergence(book.raised_slopes(psi)) - 2 * value * charge**2 * A2 + 4 * value
        others["scalar_theta"] = mpmath.mpf(0)  # the current has no divergence on this ansatz
        compare(theory.equations(), book, book.metric_equations(stress, matter), others)


@pytest.mark.parametrize("name", ["schwarzschild_ads4", "schwarzschild_ads5", "btz"])
def test_cosmological_constant(gallery, name):
    theory = gallery(name)
    size = len(theory.coordinates) - 1
    with mpmath.workdps(DIGITS):
        book = Textbook(theory)
        zero = [[mpmath.mpf(0)] * len(book.axes) for _ in book.axes]
        compare(theory.equations(), book, book.metric_equations(zero, size * (size - 1)), {})


def test_a_stress_of_the_wrong_weight_is_seen(gallery):
    """Z F^2/4 taken for Z F^2/2: the comparison can fail."""
    theory = gallery("rn_ads4")
    with mpmath.workdps(DIGITS):
        book = Textbook(theory)
        F2, FF = book.strength_square(), book.strength_stress()
        F = book.raised_strength()
        others = {
            f"maxwell_A_{axis}": book.divergence([F[b, a] for b in book.n]) for a, axis in enumerate(theory.coordinates)
        }
        right = book.metric_equations([[-v / 2 for v in row] for row in FF], 6 - F2 / 4)
        compare(theory.equations(), book, right, others)
        wrong = book.metric_equations([[-v for v in row] for row in FF], 6 - F2 / 2)
        with pytest.raises(AssertionError, match="einstein"):
            compare(theory.equations(), book, wrong, others)
