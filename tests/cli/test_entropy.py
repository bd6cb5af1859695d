"""`holosym entropy` and `holosym reconstruct` as a user meets them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from holosym.solve import results

GENERATED = Path(__file__).parents[2] / "generated"

BARE = '''"""A metric, no action."""
from holosym import Theory, coordinates, d, profiles

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f = profiles("f", z)
theory = Theory(name="bare", metric=(-f*dt**2 + dz**2/f + dx**2 + dy**2)/z**2, radial=z)
theory.known_solution("Schwarzschild", {f: 1 - z**3}, source="textbook")
'''

EXPLICIT = '''"""The same, written out, at r = 1/z."""
from sympy import oo

from holosym import Theory, coordinates, d

t, x, y, r = coordinates("t x y r")
f = r**2 - 1/r
theory = Theory(
    name="explicit", metric=-f*d(t)**2 + d(r)**2/f + r**2*(d(x)**2 + d(y)**2), radial=r, boundary=oo,
)
'''


STATIONARY = '''"""In ingoing coordinates."""
from holosym import Theory, coordinates, d, profiles

t, x, y, z = coordinates("t x y z")
f = profiles("f", z)
theory = Theory(name="ingoing", metric=(-f*d(t)**2 - 2*d(t)*d(z) + d(x)**2 + d(y)**2)/z**2, radial=z)
theory.known_solution("Schwarzschild", {f: 1 - z**3}, source="textbook")
'''

CURVED = '''"""Higher curvature."""
from sympy import Rational

from holosym import R, Theory, coordinates, d, gauss_bonnet, profiles

t, x, y, w, z = coordinates("t x y w z")
f, n = profiles("f n", z)
theory = Theory(
    name="curved", metric=(-f*n*d(t)**2 + d(z)**2/f + d(x)**2 + d(y)**2 + d(w)**2)/z**2,
    lagrangian=R + 12 + gauss_bonnet/20, radial=z, boundary=0, horizon=1,
)
'''

VACUUM = '''"""AdS5."""
from holosym import Theory, coordinates, d

t, x, y, w, z = coordinates("t x y w z")
theory = Theory(name="vacuum", metric=(-d(t)**2 + d(z)**2 + d(x)**2 + d(y)**2 + d(w)**2)/z**2, radial=z)
'''


def surfaces(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["surfaces"]


def test_a_known_solution(holosym):
    """Gubser-Rocha, Q = 1, beta = 0.5, turning at z = 1/2: l and half of A to all digits of the reference."""
    settings = ("--set", "Q=1", "--set", "beta=0.5", "--l", "0.49165068571", "--json")
    (found,) = surfaces(holosym("entropy", "gubser_rocha", "--solution", "charged dilatonic brane", *settings))
    assert found["turning_point"] == pytest.approx(0.5, abs=1e-10)
    assert found["area"] / 2 == pytest.approx(-0.51888453018, abs=1e-10)
    assert found["entropy"] == pytest.approx(4 * math.pi * found["area"])
    # h/(z*^2) = dA/dl
    assert found["slope"] == pytest.approx(4 * 1.5**1.5, rel=1e-9)


def test_the_cutoff_of_fefferman_and_graham(holosym):
    """Both halves shift by 3 Q/4."""
    settings = ("--solution", "charged dilatonic brane", "--set", "Q=1", "--set", "beta=0.5", "--l", "0.5", "--json")
    (own,) = surfaces(holosym("entropy", "gubser_rocha", *settings))
    (other,) = surfaces(holosym("entropy", "gubser_rocha", *settings, "--cutoff", "fg"))
    assert other["area"] - own["area"] == pytest.approx(-1.5, abs=1e-10)


def test_a_solved_state_in_its_units(holosym, tmp_path):
    """BTZ at T: A = 2 log[sinh(pi T l)/(pi T)]."""
    result = holosym(
        "entropy", GENERATED / "btz", "--set", "T=0.3", "--shape", "interval", "--l", "0.1:3:4", "--out", "s.nc"
    )
    assert result.exit_code == 0, result.output
    dataset = results.read(tmp_path / "s.nc")
    length = dataset["length"].values
    expected = 2 * np.log(np.sinh(math.pi * 0.3 * length) / (math.pi * 0.3))
    assert dataset["area"].values == pytest.approx(expected, abs=1e-9)
    assert dataset["entropy"].values == pytest.approx(4 * math.pi * expected, abs=1e-8)
    assert dataset["dominant"].values.tolist() == [1] * 4
    assert dataset.attrs["background"] == "the state with T = 0.3"


@pytest.mark.parametrize(("text", "digits"), [(BARE, 1e-10), (EXPLICIT, 1e-7)], ids=["solution", "explicit"])
def test_a_bare_metric(holosym, tmp_path, text, digits):
    """Schwarzschild AdS4, turning at z = 1/2."""
    (tmp_path / "metric.py").write_text(text)
    (found,) = surfaces(holosym("entropy", "metric.py", "--l", "0.62562316843", "--json"))
    assert found["area"] / 2 == pytest.approx(-1.094395918, abs=max(digits, 6e-10))
    assert found["turning_point"] == pytest.approx(0.5, abs=1e-8)


def test_a_loop_breaks(holosym):
    """Both branches, and the jump to two straight strings."""
    result = holosym(
        "entropy", GENERATED / "schwarzschild_ads5", "--set", "T=1", "--shape", "loop", "--l", "0.05:0.4:8"
    )
    assert result.exit_code == 0, result.output
    for said in ("connected 1", "connected 2", "disconnected", "L is largest at", "jumps from connected 1"):
        assert said in result.stdout


def test_a_disk(holosym):
    """Small disks are those of AdS4: A = 2 pi (R/a - 1)."""
    (found,) = surfaces(
        holosym(
            "entropy", GENERATED / "schwarzschild_ads4", "--set", "T=0.01", "--shape", "disk", "--l", "0.1", "--json"
        )
    )
    assert found["area"] == pytest.approx(-2 * math.pi, abs=1e-6)
    # dA = 2 pi^2 R^3 epsilon/(8 pi): nothing else depends on R
    assert 0 < found["slope"] < 1e-4


def test_the_slope_of_a_disk(holosym, tmp_path):
    """dA/dR of the vacuum: 0 in AdS4, where A/(2 pi) = R/epsilon - 1, and -2 pi/R in AdS5, by the logarithm."""
    asked = ("--shape", "disk", "--l", "0.5:2:2", "--json")
    for found in surfaces(holosym("entropy", "isotropic_metric", "--solution", "vacuum", *asked)):
        assert found["slope"] == pytest.approx(0, abs=1e-9)
        assert found["area"] == pytest.approx(-2 * math.pi, abs=1e-9)
    (tmp_path / "vacuum.py").write_text(VACUUM)
    for found in surfaces(holosym("entropy", "vacuum.py", *asked)):
        assert found["slope"] == pytest.approx(-2 * math.pi / found["length"], rel=1e-9)


def test_a_plot(holosym, tmp_path):
    result = holosym("entropy", GENERATED / "btz", "--set", "T=1", "--l", "0.1:1:5", "--plot", "s.svg")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "s.svg").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("btz", "--set", "T=1", "--l", "-1"), "not all positive"),
        (("btz", "--set", "T=1", "--l", "0.1:1"), "cannot be read"),
        (("btz", "--set", "T=1", "--l", "1", "--along", "y"), "no translation along 'y'"),
        (("rn_ads4", "--set", "T=1", "--set", "mu=1", "--l", "1", "--shape", "interval"), "needs one"),
        (("damped_oscillator", "--l", "1"), "has no metric"),
        (("rn_ads4", "--solution", "wormhole", "--l", "1"), "has 0 known solutions with 'wormhole'"),
        (("rn_ads4", "--solution", "charged", "--set", "charge=1", "--l", "1"), "has no free parameter charge"),
        (("rn_ads4", "--solution", "charged", "--l", "1"), "needs values of mu"),
        (("nowhere", "--l", "1"), "nowhere"),
        (("btz", "--set", "T=1", "--l", "1e-320:1:2"), "not all positive and finite"),
        (("btz", "--set", "T=1", "--l", "1:2:100000000"), "lengths are too many"),
        (("btz", "--set", "T=1", "--l", "1", "--out", "s.txt"), "no .nc or .csv file"),
        (("rn_ads4", "--set", "T=1", "--set", "mu=1", "--l", "1", "--shape", "disk", "--along", "x"), "no direction"),
        (("btz", "--solution", "BTZ", "--l", "1", "--units", "T=1"), "--units has no meaning"),
        (("btz", "--solution", "BTZ", "--l", "1", "--nodes", "40"), "--nodes has no meaning"),
        ((GENERATED / "isotropic_metric", "--l", "1"), "give the model file instead of its package"),
    ],
)
def test_what_cannot_be_asked(holosym, arguments, said):
    result = holosym("entropy", *arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("text", "said", "mend"),
    [(STATIONARY, "(HRT) surface", "write the static metric"), (CURVED, "Jacobson and Myers", "Einstein frame")],
    ids=["stationary", "higher curvature"],
)
def test_a_model_without_surfaces_says_the_mend(holosym, tmp_path, text, said, mend):
    (tmp_path / "without.py").write_text(text)
    result = holosym("entropy", "without.py", "--l", "1", "--set", "T=1")
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert mend in result.stderr.partition("mend: ")[2]
    assert result.stderr.startswith("without.py:")


@pytest.mark.parametrize("name", ["s.csv", "s.nc"])
def test_data_are_no_model(holosym, tmp_path, name):
    (tmp_path / name).write_text("l,S\n0.1,-1\n")
    result = holosym("entropy", name, "--l", "1")
    assert result.exit_code == 2, result.output
    assert f"{name}: error: this is a file of data, no model" in result.stderr
    assert ("holosym reconstruct s.csv" in result.stderr) == (name == "s.csv")


def test_endings_in_capitals(holosym, tmp_path):
    result = holosym("entropy", "btz", "--solution", "BTZ", "--l", "0.5:1:2", "--out", "s.CSV")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "s.CSV").read_text().splitlines()[1] == "l,S"


def test_the_sentences_of_loops(holosym):
    """Strings have energies; surfaces have entropies."""
    asked = ("isotropic_metric", "--solution", "vacuum", "--l", "0.3")
    loop, strip = (holosym("entropy", *asked, "--shape", shape).stdout for shape in ("loop", "strip"))
    assert "V = A in units of 1/(2 pi alpha')" in loop
    assert "4 pi A" not in loop
    assert "S = 4 pi A" in strip
    for said in (loop, strip):
        assert "turns at z" in said
        assert "a cutoff at z = epsilon" in said


@pytest.mark.parametrize(
    ("branch", "said"),
    [("all", "no condensed branch was found"), ("normal", "condensed branches were not looked for")],
)
def test_a_normal_state_is_named(holosym, branch, said):
    """Where psi could condense."""
    settings = ("--set", "T=1", "--set", "mu=1", "--set", "q=1", "--branch", branch, "--l", "0.5", "--json")
    result = holosym("entropy", GENERATED / "holographic_superconductor", *settings)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["background"].endswith(", branch normal")
    assert found["notes"][0].startswith("the state is on the branch normal, where psi vanishes: ")
    assert said in found["notes"][0]


def test_a_state_without_branches_is_not_named(holosym):
    found = json.loads(holosym("entropy", GENERATED / "btz", "--set", "T=1", "--l", "0.5", "--json").stdout)
    assert found["background"] == "the state with T = 1"


def test_a_known_solution_ends_at_its_own_horizon(holosym):
    """BTZ of mass 4: z_h = 1/2, where the theory's solver has z_h = 1; and of mass zero: none."""
    asked = ("--solution", "any mass", "--l", "0.5:6:3", "--json")
    for mass, exact in ((4.0, lambda l: 2 * math.log(math.sinh(l))), (0.0, lambda l: 2 * math.log(l))):
        for found in surfaces(holosym("entropy", "btz", *asked, "--set", f"M={mass}")):
            assert found["area"] == pytest.approx(exact(found["length"]), abs=1e-10)


def test_a_parameter_of_a_bare_metric(holosym, tmp_path):
    path = tmp_path / "deformed.py"
    path.write_text(
        EXPLICIT.replace("f = r**2 - 1/r", 'm = parameters("m")\nf = r**2 - m/r').replace("d\n", "d, parameters\n", 1)
    )
    missing = holosym("entropy", path, "--l", "0.5")
    assert missing.exit_code == 2
    assert "needs a value of m" in missing.stderr
    assert "--set m=..." in missing.stderr
    strange = holosym("entropy", path, "--l", "0.5", "--set", "m=1", "--set", "q=2")
    assert "no parameter q" in strange.stderr
    (found,) = surfaces(holosym("entropy", path, "--l", "0.5", "--set", "m=0", "--json"))
    assert found["area"] == pytest.approx(-1.43554002 / 0.5, abs=1e-6)


def test_a_parameter_that_a_solution_leaves_open(holosym, tmp_path):
    """The metric has m, the solution does not say what it is."""
    text = BARE.replace("+ dx**2", "+ (1 + m*z**2)*dx**2").replace("f = ", 'm = parameters("m")\nf = ')
    (tmp_path / "metric.py").write_text(text.replace("profiles\n", "parameters, profiles\n", 1))
    result = holosym("entropy", "metric.py", "--l", "0.5")
    assert result.exit_code == 2, result.output
    assert "the known solution 'Schwarzschild' leaves m of the metric open" in result.stderr
    assert "parameters={m: ...}" in result.stderr
    fixed = text.replace("profiles\n", "parameters, profiles\n", 1).replace("z**3}", "z**3}, parameters={m: 0}")
    (tmp_path / "metric.py").write_text(fixed)
    (found,) = surfaces(holosym("entropy", "metric.py", "--l", "0.62562316843", "--json"))
    assert found["turning_point"] == pytest.approx(0.5, abs=1e-8)


def test_a_metric_returns_from_its_entropy(holosym, tmp_path):
    """Without learning: linear axions' f(z) from 200 strips."""
    known = ("--solution", "charged", "--set", "mu=0", "--set", "beta=0.5")
    made = holosym("entropy", "linear_axion", *known, "--l", "0.03:3:200", "--out", "s.csv")
    assert made.exit_code == 0, made.output
    formula = "1 - 0.125*z^2 - 0.875*z^3"
    result = holosym("reconstruct", "s.csv", "--compare", formula, "--out", "f.csv", "--plot", "f.png")
    assert result.exit_code == 0, result.output
    assert "beyond they say nothing" in result.stdout
    z, f, _ = np.loadtxt(tmp_path / "f.csv", delimiter=",", skiprows=1).T
    assert f == pytest.approx(1 - 0.125 * z**2 - 0.875 * z**3, abs=1e-6)
    assert (tmp_path / "f.png").stat().st_size > 1000
    as_json = json.loads(holosym("reconstruct", "s.csv", "--json").stdout)
    assert as_json["f"] == pytest.approx(f.tolist())


def test_noise_makes_a_band(holosym, tmp_path):
    lengths = np.linspace(0.05, 3, 60)
    entropy = 8 * math.pi * np.log(2 * np.sinh(lengths / 2))
    errors = 0.01 * np.abs(entropy) + 0.01
    noisy = entropy + errors * np.random.default_rng(0).standard_normal(60)
    rows = "\n".join(f"{a},{b},{c}" for a, b, c in zip(lengths, noisy, errors, strict=True))
    (tmp_path / "s.csv").write_text(f"l,S,error\n{rows}\n")
    result = holosym("reconstruct", "s.csv", "--dimension", "2", "--out", "f.csv")
    assert result.exit_code == 0, result.output
    z, _, low, high, _ = np.loadtxt(tmp_path / "f.csv", delimiter=",", skiprows=1).T
    assert np.mean((low <= 1 - z**2) & (1 - z**2 <= high)) > 0.8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("l,S\n0.1,-1\n", "one row"),
        ("l,entropy\n0.1,-1\n0.2,-0.5\n", "no column 'S'"),
        ("l,S\n" + "\n".join(f"{k / 10},{k}" for k in range(20, 0, -1)), "comes after"),
        ("l,S\n" + "\n".join(f"{k / 10},{-k}" for k in range(1, 21)), "do not grow"),
    ],
    ids=["row", "column", "order", "falls"],
)
def test_data_that_cannot_be_used(holosym, tmp_path, text, said):
    (tmp_path / "s.csv").write_text(text)
    result = holosym("reconstruct", "s.csv")
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "s.csv" in result.stderr


def test_a_branch_that_is_not_there(holosym):
    asked = ("--branch", "condensed", "--set", "T=1", "--set", "mu=1", "--set", "q=1", "--l", "1")
    result = holosym("entropy", GENERATED / "holographic_superconductor", *asked)
    assert result.exit_code == 1, result.output
    assert "has no condensed state with T = 1, mu = 1, q = 1" in result.stderr
