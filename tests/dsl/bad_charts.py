"""Charts and normalisations that cannot be, as `bad_models` has models."""

from bad_models import SCALAR, SLICED, Bad

FLOW = f'theory = Theory("m", {SLICED}, {SCALAR} - square(d(A))/4, radial=z)\n'
OTHER = 'r, s = coordinates("r s")\ng, B_t, b, c, u = profiles("g A_t b c u", r)\n' + FLOW


def chart(arguments: str, then: str = "") -> str:
    """A chart on one marked line; or, with `then`, on the line before the marked one."""
    made = f"paper = theory.in_coordinates({arguments})"
    return OTHER + (f"{made}\npaper.{then}  # <-\n" if then else f"{made}  # <-\n")


def rescaled(arguments: str) -> str:
    """Another normalisation on one marked line."""
    return OTHER + f"theory.rescaled({arguments})  # <-\n"


INVERSE = "{z: 1/r}, {f: g/r**2, h: b, p: u}"

CHARTS = [
    Bad("chart of a profile", chart("{f: g}"), "a rule for f(z), which is not a coordinate", "second dictionary"),
    Bad("chart by list", chart("[z]"), "must be a dictionary", "{z: 1/r}"),
    Bad("constant chart", chart("{z: 1}"), "z = 1 is no change of coordinates", "{z: 1/r}"),
    Bad("chart of a profile's value", chart("{z: 1/g}"), "z = 1/g(r) is no change of coordinates", "invertible"),
    Bad("two for one", chart("{z: r*s}"), "2 new coordinates take the place of 1", "as many"),
    Bad("both ways", chart("{z: 1/r, s: x}"), "goes both ways", "{z: 1/r}"),
    Bad("two branches", chart("{z: r**2}"), "there are 2 solutions, -sqrt(z) and sqrt(z)", "one branch"),
    Bad("no inverse found", chart("{z: r*exp(r**2) + cos(r)}"), "no solution is found", "in terms of the theory's"),
    Bad("singular", chart("{r: x, s: x}"), "what it replaces cannot be told", "{z: 1/r}"),
    Bad("chart of a stranger", chart("{r: 1/s}"), "s is not a coordinate of m", "{z: 1/r}"),
    Bad("undeclared there", chart("{z: 1/r}, {f: g*Symbol('k')}"), "k in the rule of f is not declared", "parameters"),
    Bad("form in a rule", chart("{z: 1/r}, {f: d(phi)}"), "the rule of f holds forms", "coordinates, profiles"),
    Bad("rule of a stranger", chart("{z: 1/r}, {scalar('chi', 0): 2}"), "a rule for chi", "phi, A"),
    Bad("of no coordinate there", chart("{z: 1/r}, {f: 2*f}"), "f(z) is of z, which is not a coordinate", "r"),
    Bad("other line element", chart("{z: 1/r}, {f: g}, metric=-g*dt**2"), "the coefficient of dt*dt", "correct"),
    Bad("missing there", chart(INVERSE, "known_solution('s', {g: r, b: 1, u: 0})"), "says nothing of the profile A_t"),
    Bad("not of the chart", chart(INVERSE, "known_solution('s', {f: 1})"), "f(z), which is a profile that m in r does"),
    Bad(
        "of the old coordinate", chart(INVERSE, "known_solution('s', {g: z, b: 1, u: 0, B_t: 0})"), "depends on z", "r"
    ),
    Bad("old profile", chart(INVERSE, "published('p', f)"), "f(z), which is not a profile", "g(r)"),
    Bad("old coordinate", chart(INVERSE, "published('p', g - z)"), "z is not a coordinate of this chart", "with r"),
    Bad("integral", chart(INVERSE, "published('p', Integral(g, r))"), "cannot be carried into another", "derivatives"),
    Bad("other coupling", chart(INVERSE, "published('p', W(u))"), "W is not a coupling of m", "use V"),
    Bad("under-determined", chart("{z: 1/r}, {f: g*c}", "published('p', g)"), "more profiles than they", "{g: ...}"),
    Bad("two roots", chart("{z: 1/r}, {f: g**2}", "published('p', g)"), "there are 2 solutions", "{g: ...}"),
    Bad("a slope", chart("{z: 1/r}, {f: g.diff(r)}", "published('p', g)"), "a differential equation for it"),
    Bad(
        "not determined",
        chart("{z: 1/r}, {g: f*h}", "known_solution('s', {g: 1, u: 0, B_t: 0})")
        .replace("u =", "p_r =")
        .replace('"g A_t b c u"', '"g A_t b c phi"')
        .replace("u: 0", "p_r: 0"),
        "does not determine f",
        "{f: ...}",
    ),
    Bad(
        "contradiction in a chart",
        OTHER + "paper = theory.in_coordinates({}, {profiles('C', z): -log(z)})\n"
        "C, *_ = paper.words.profiles\n"
        "paper.known_solution('s', {**{one: 1 for one in paper.words.profiles}, profiles('C', z): log(z)})  # <-\n",
        "the closed form of C in 's' contradicts the chart",
        "correct the closed form",
    ),
    Bad(
        "identity",
        OTHER + "C = profiles('C', z)\ntheory.in_coordinates({}, {C: -log(z)}).published('p', z*C.diff(z) + 1)  # <-\n",
        "by the rules of the chart it is an identity",
        "correct the rules",
    ),
    Bad("two rules", rescaled("{phi: 2*phi, 'phi': 3*phi}"), "a second rule for phi", "one rule"),
    Bad("no such name", rescaled("psi=2*phi"), "psi is no field, coupling, parameter or profile of m", "phi, A, V"),
    Bad("mixed fields", rescaled("phi=phi*A"), "the rule of phi holds forms"),
    Bad("not of a field", rescaled("phi=2*f"), "not a function of one field", "phi=2*phi"),
    Bad("moving frame", rescaled("phi=z*phi"), "z*phi, which is not a function of phi alone", "numbers and parameters"),
    Bad("not linear", rescaled("A=A**2"), "which is not a multiple of A alone", "A=2*A"),
    Bad("two signs", rescaled("phi=phi**2"), "there are 2 solutions", "has an inverse"),
    Bad("no coupling in it", rescaled("V=4*phi"), "does not hold one coupling", "V=4*V(phi)"),
    Bad("coupling unapplied", rescaled("V=4*V"), "CouplingHead", "V(phi)"),
    Bad("no parameter of it", rescaled("{beta: 2*Q}"), "a rule for beta, which is no field", "use one of"),
]
