"""Models that cannot be used, each with what its message must say.

The line that the message must name carries the mark `# <-`. A case without the mark is about the file as a whole.
"""

from dataclasses import dataclass, field

HEAD = """\
from sympy import *
from holosym import *
from holosym import R, d

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, h, A_t, p = profiles("f h A_t phi", z)
beta, Q = parameters("beta Q", positive=True)
phi, A = scalar("phi", p), gauge_field("A", A_t*dt)
V, W = couplings("V W")
brane = (-f*dt**2 + dz**2/f + dx**2 + dy**2)/z**2
"""

MAXWELL = 'theory = Theory("m", brane, R + 6 - square(d(A))/4, radial=z)\n'


@dataclass(frozen=True)
class Bad:
    """A model's text after the head, and words of its message and mend."""

    name: str
    body: str
    message: str
    mend: str = ""
    head: str = field(default=HEAD, repr=False)

    @property
    def text(self) -> str:
        return self.head + self.body

    @property
    def line(self) -> int | None:
        marked = [i for i, line in enumerate(self.text.splitlines(), start=1) if "# <-" in line]
        return marked[0] if marked else None


def theory(metric: str = "brane", lagrangian: str = "R + 6 - square(d(A))/4", more: str = "radial=z") -> str:
    """A theory on one marked line."""
    return f'theory = Theory("m", {metric}, {lagrangian}, {more})  # <-\n'


def solution(arguments: str) -> str:
    """A known solution on one marked line."""
    return MAXWELL + f'theory.known_solution("s", {arguments})  # <-\n'


def published(expression: str) -> str:
    """A published equation on one marked line."""
    return MAXWELL + f'theory.published("p", {expression})  # <-\n'


SCALAR = "R + 6 - square(d(phi))/2 - V(phi)"
SLICED = "(-f*dt**2 + dz**2/f + h*(dx**2 + dy**2))/z**2"

PYTHON = [
    Bad("syntax", 'theory = Theory(  # <-\n    "m",\n', "not Python: '(' was never closed", "correct"),
    Bad("indentation", "  x = 1  # <-\n", "not Python: unexpected indent", "", "y = 1\n"),
    Bad("import", "import no_such_module_of_mine  # <-\n", "no_such_module_of_mine", "install"),
    Bad("import name", "from holosym import sqaure  # <-\n", "no sqaure", "did you mean square?", ""),
    Bad("import elsewhere", "from sympy import couplings  # <-\n", "sympy has no couplings", "from holosym", ""),
    Bad("name", "k = 2*kappa  # <-\n", "kappa is not defined", "kappa = parameters('kappa')"),
    Bad("name of sympy", "k = cosh(1)  # <-\n", "cosh is not defined", "from sympy import cosh", ""),
    Bad("name of holosym", "k = square(1)  # <-\n", "square is not defined", "from holosym import square", ""),
    Bad("name nearly", "k = scalr('k', 0)  # <-\n", "scalr is not defined", "did you mean scalar?"),
    Bad("differential", "del dz\nk = dz  # <-\n", "dz is not defined", "dz = d(z)"),
    Bad("error", "raise ValueError('my\\nown')  # <-\n", "ValueError: my own", "correct this line"),
    Bad("division", "k = 1/0  # <-\n", "ZeroDivisionError"),
    Bad("recursion", "def g(n):\n    return g(n + 1)  # <-\n\n\ng(0)\n", "RecursionError", "without end"),
    Bad("applied twice", "k = f(z)  # <-\n", "not callable", "write f, not f(z)"),
    Bad("not applied", "k = R - V  # <-\n", "CouplingHead", "V(phi)"),
    Bad("keyword", theory(more="radial=z, horizn=1"), "horizn", "did you mean horizon=?"),
    Bad("exit", "import sys\nsys.exit('bye')  # <-\n", "leaves Python by itself with 'bye'", "sys.exit()"),
    Bad("no theory", "", "no theory in this file", "theory = Theory(...)"),
    Bad("unbound", theory().replace("theory = ", "").replace("  # <-", ""), "no theory in this file", "bind"),
    Bad("one name twice", MAXWELL + theory().replace("theory =", "other ="), "two theories are named 'm'", "own"),
]

ANSATZ = [
    Bad("degenerate", theory("-f*dt**2 + (dx + dy)**2 + dz**2/f"), "degenerate", "every coordinate"),
    Bad("no differentials", theory("f"), "no differentials", "dt = d(t)"),
    Bad("linear metric", theory("f*dt + dz**2"), "not quadratic", "dt**2"),
    Bad("cubic metric", theory("f*dt**3 + dz**2"), "not quadratic"),
    Bad("metric of a field", theory("brane*phi"), "phi stands in the metric", "profiles"),
    Bad("metric is a text", theory("'brane'"), "the metric is a text", "without quotes"),
    Bad("metric is a list", theory("[[1]]"), "the metric is not an expression"),
    Bad("metric is infinite", theory("brane + dt**2/S(0)"), "not finite"),
    Bad("square of a differential", "B = gauge_field('B', A_t*dt**2)  # <-\n", "not linear in differentials", "sum"),
    Bad("no differential", "B = gauge_field('B', A_t)  # <-\n", "not linear in differentials"),
    Bad("form in a scalar", "s = scalar('s', dt)  # <-\n", "is a form", "gauge_field"),
    Bad("other coordinate", 'w = coordinates("w")\ng = profiles("g", w)\n' + theory("brane + g*dt**2"), "g(w)", "z"),
    Bad("not radial", 'g = profiles("g", x)\n' + theory("brane + g*dt**2"), "does not depend on the radial", "z"),
    Bad("no coordinate", 'g = profiles("g", "z")  # <-\n', "not a coordinate", "coordinates('z')"),
    Bad("radial", theory(more="radial=Symbol('r')"), "radial coordinate r is not", "radial=z"),
    Bad("time", theory(more="radial=z, time=phi"), "time coordinate phi", "time=t"),
    Bad("horizon", theory(more="radial=z, horizon=x"), "the horizon is at x", "parameter"),
    Bad("two profiles", 'g = profiles("f", (x, z))\n' + theory("brane + g*dx**2"), "two profiles of one name", "own"),
    Bad(
        "theory's name", MAXWELL.replace('"m"', '"my model"').replace("\n", "  # <-\n"), "'my model' cannot", "letters"
    ),
    Bad("no name", "k = parameters('')  # <-\n", "no name is given", "t x y z"),
]

ACTION = [
    Bad("symbol", theory(lagrangian="R + Symbol('k')"), "k in the Lagrangian is not declared", "parameters('k')"),
    Bad("function", theory(lagrangian="R - Function('U')(phi)"), "U(phi) in the Lagrangian", "couplings('U')"),
    Bad("coordinate", theory("brane + Symbol('k')*dt**2"), "k in the metric is not declared", "parameters('k')"),
    Bad("profile", theory(lagrangian="R + f"), "profile f(z) stands in the Lagrangian by itself", "scalar("),
    Bad("profile in a square", theory(lagrangian="R - square(d(f))"), "profile f(z) stands in the Lagrangian"),
    Bad("explicit", theory(lagrangian="R + z"), "depends on the coordinate z", "invariants"),
    Bad("differential in a square", theory(lagrangian="R - square(d(phi) - dx)"), "differential dx", "ansatz"),
    Bad("form", theory(lagrangian="R - d(A)"), "not a scalar", "square"),
    Bad("no form", theory(lagrangian="R - square(phi)"), "phi, which is not a form", "d(phi)"),
    Bad("degrees", theory(lagrangian="R - dot(d(phi), d(A))"), "different degree", "like with like"),
    Bad("volume", theory(lagrangian="R - levi_civita(d(A), d(phi))"), "3 indices", "total degree 4"),
    Bad("equation", theory(lagrangian="Eq(R, 0)"), "is a relation", "left side minus"),
    Bad("two fields", "k = scalar('phi', h)\n" + theory(SLICED, "R - square(d(phi)) - square(d(k))"), "two fields"),
    Bad(
        "no dynamics",
        "k = profiles('k', z)\nK = gauge_field('K', k*dt)\n" + theory(lagrangian="R + 6 - levi_civita(d(K), d(K))"),
        "no dynamics for the profile k(z)",
        "kinetic term",
    ),
    Bad("not smooth", theory(SLICED, "R - square(d(phi)) - Abs(phi)"), "Abs(phi)", "exp, log"),
    Bad("arity", theory(SLICED, "R - square(d(phi)) - V(phi) - V(phi, phi)"), "arguments", "always to as many"),
    Bad(
        "contradiction",
        "k = scalar('k', beta*x)\n" + theory(lagrangian="R + 6 - square(d(k))/2"),
        "equation einstein_xx is left over",
        "ansatz",
    ),
]

COUPLINGS = [
    Bad("unapplied", theory(SLICED, SCALAR, "{V: 1}, radial=z"), "V is not a coupling applied", "V(phi)"),
    Bad("no dictionary", theory(SLICED, SCALAR, "[V(phi)], radial=z"), "must be a dictionary", "{V(phi)"),
    Bad("of a profile", theory(SLICED, SCALAR, "{V(phi): p}, radial=z"), "profile phi(z)", "field"),
    Bad("of a symbol", theory(SLICED, SCALAR, "{V(phi): Symbol('k')}, radial=z"), "k in the closed form", "parameters"),
    Bad("of itself", theory(SLICED, SCALAR, "{V(phi): W(phi), W(phi): V(phi)}, radial=z"), "contains V itself"),
    Bad("text", theory(SLICED, SCALAR, "{V(phi): 'phi**2'}, radial=z"), "is a text", "without quotes"),
]

KNOWN = [
    Bad("profile missing", solution("{f: 1 - z**3}"), "says nothing of the profile A_t", "add A_t"),
    Bad("profile too many", solution("{f: 1, A_t: 0, h: 1}"), "h(z)", "A_t, f"),
    Bad("not a dictionary", solution("[1, 2]"), "must be a dictionary", "{f: 1 - z**3}"),
    Bad("undeclared", solution("{f: 1, A_t: Symbol('mu')}"), "mu in the solution 's'", "parameters('mu')"),
    Bad("circular", solution("{f: 1, A_t: f}"), "contains the profile f(z)", "coordinates, parameters"),
    Bad("of another coordinate", solution("{f: 1, A_t: x}"), "depends on x", "function of z alone"),
    Bad("fixed", solution("{f: 1, A_t: 0}, parameters={z: 1}"), "z, which is not a parameter", "parameters("),
    Bad("domain", solution("{f: 1, A_t: 0}, domain={beta: (1, 0)}"), "beta: (1, 0)", "lower end first"),
    Bad("foreign", published("h"), "h(z), which is not a profile", "A_t(z), f(z)"),
    Bad("zero", published("phi.diff(z)"), "zero as it is written", "profiles, not fields"),
    Bad("none", published("None"), "not an expression"),
    Bad("relation", published("Eq(A_t.diff(z), 0)"), "is a relation", "left side minus"),
]

SYSTEMS = [
    Bad("no equations", 's = System("s", z, {})  # <-\n', "without equations"),
    Bad("a list", 's = System("s", z, [f])  # <-\n', "must be a dictionary"),
    Bad("no variable", 's = System("s", Symbol("u"), {"m": f})  # <-\n', "variable u is not a coordinate"),
    Bad("another variable", 's = System("s", t, {"m": f.diff(z)})  # <-\n', "not a function of the variable t"),
    Bad("a field", 's = System("s", z, {"m": f.diff(z) + phi})  # <-\n', "holds fields", "Theory"),
    Bad("no unknown", 's = System("s", z, {"m": beta*z})  # <-\n', "without unknown functions"),
]


def condition(arguments: str, more: str = "radial=z") -> str:
    """A boundary condition on one marked line."""
    action = "R + 6 - square(d(phi))/2 + phi**2 - square(d(A))/4 - square(d(k))/2 - square(d(l))/2"
    axions = 'k, l = scalar("k", beta*x), scalar("l", beta*y)\n'
    made = f'theory = Theory("m", {SLICED}, {action}, {more})\n'
    return axions + made + f"theory.boundary_condition({arguments})  # <-\n"


BOUNDARY = [
    Bad("wall and horizon", theory(more="radial=z, horizon=1, wall=2"), "a horizon and a wall", "leave horizon= or"),
    Bad("wall at the boundary", theory(more="radial=z, wall=0"), "the wall is at 0", "wall=z_m"),
    Bad("wall at a coordinate", theory(more="radial=z, wall=x"), "the wall is at x", "parameter"),
    Bad("condition on a profile", condition("p"), "phi(z), which is not a field", "the field phi, not its profile"),
    Bad("condition on nothing", condition("scalar('u', p)"), "u, which is not a field of m", "phi, A"),
    Bad("condition on an axion", condition("k"), "leaves the boundary no choice", "phi, A"),
    Bad("condition without boundary", condition("phi", "radial=None"), "no radial coordinate", "radial=z"),
    Bad(
        "two conditions",
        condition("A, source=Q").replace("  # <-", "") + "theory.boundary_condition(A)  # <-\n",
        "a second boundary condition on A",
        "in one call",
    ),
    Bad("source and relation", condition("phi, 1, relation=lambda a: a"), "a source and a relation", "kappa*phi_1"),
    Bad("source of a coordinate", condition("phi, source=x"), "depends on x", "numbers and parameters"),
    Bad("source of a profile", condition("phi, source=f"), "depends on", "numbers and parameters"),
    Bad("source of a symbol", condition("phi, source=Symbol('J')"), "J in the source of phi", "parameters('J')"),
    Bad("complex source", condition("phi, source=I"), "not real"),
    Bad("alternate", condition("phi, alternate='yes'"), "alternate is 'yes'", "alternate=True"),
    Bad("relation is a number", condition("phi, relation=2"), "2, which is not a function", "lambda phi_1"),
    Bad("relation fails", condition("phi, relation=lambda a, b: a"), "fails for a symbol: TypeError", "one argument"),
    Bad("relation of a coordinate", condition("phi, relation=lambda a: a*z"), "depends on z", "parameters"),
    Bad("relation of nothing", condition("phi, relation=lambda a: None"), "is not an expression", "SymPy"),
    Bad("relation of a symbol", condition("phi, relation=lambda a: a*Symbol('k')"), "k in the relation", "parameters"),
    Bad("dimension of a current", condition("A, dimension=2"), "A is a one-form", "leave dimension="),
    Bad("not unitary", condition("phi, alternate=True, dimension=Rational(1, 2)"), "unitarity bound 1/2", "above 1/2"),
    Bad("dimension of the other", condition("phi, dimension=1"), "is below d/2 = 3/2", "or give dimension=2"),
    Bad("dimension too high", condition("phi, alternate=True, dimension=2"), "is not below d/2", "or give dimension=1"),
    Bad("irrelevant", condition("phi, source=1, dimension=4"), "dimension 4 > 3 is irrelevant", "source=0"),
    Bad("misspelt", condition("phi, alternative=True"), "alternative", "did you mean alternate=?"),
]

ALL = [*PYTHON, *ANSATZ, *ACTION, *COUPLINGS, *KNOWN, *SYSTEMS, *BOUNDARY]
