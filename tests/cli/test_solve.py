"""`holosym solve` as a user meets it: numbers beside exact solutions, files, messages and exit codes."""

import json
import math
from pathlib import Path

import pytest

from holosym.errors import SolveError
from holosym.report import requests
from holosym.solve import family as families
from holosym.solve import results

GENERATED = Path(__file__).parents[2] / "generated"
RN = GENERATED / "rn_ads4"


def values(result):
    """The quantities of the only state of a JSON answer."""
    assert result.exit_code == 0, result.output
    (branch,) = json.loads(result.stdout)["branches"]
    (point,) = branch["points"]
    return point


def test_charged_brane_in_units_of_mu(holosym):
    """T = (12 - m^2)/(16 pi z_h), s = 4 pi/z_h^2, rho = m/z_h^2, epsilon = 2 (1 + m^2/4)/z_h^3 with m = mu z_h."""
    found = values(holosym("solve", RN, "--set", "T=0.1", "--set", "mu=1", "--json"))
    z = found["z_h"]
    assert (12 - z**2) / (16 * math.pi * z) == pytest.approx(0.1, rel=1e-9)
    assert found["s"] == pytest.approx(4 * math.pi / z**2, rel=1e-9)
    assert found["rho"] == pytest.approx(1 / z, rel=1e-9)
    assert found["epsilon"] == pytest.approx(2 * (1 + z**2 / 4) / z**3, rel=1e-9)
    assert found["omega"] == pytest.approx(-found["p"], rel=1e-9)
    assert found["cs2"] == pytest.approx(0.5, rel=1e-9)


def test_linear_axions_compiled_from_the_model(holosym):
    """With z_h: T = (12 - 2 b^2 - m^2)/(16 pi z_h), sigma = 1 + m^2/b^2, b = beta z_h, m = mu z_h."""
    found = values(holosym("solve", "linear_axion", "--set", "T=0.2", "--set", "mu=1", "--set", "beta=0.5", "--json"))
    z = found["z_h"]
    assert (12 - 2 * (z / 2) ** 2 - z**2) / (16 * math.pi * z) == pytest.approx(0.2, rel=1e-9)
    assert found["sigma"] == pytest.approx(5.0, rel=1e-9)
    assert found["rho"] == pytest.approx(1 / z, rel=1e-9)


def test_only_temperature(holosym):
    """Schwarzschild AdS5: z_h = 1/(pi T), c_s^2 = 1/3."""
    found = values(holosym("solve", GENERATED / "schwarzschild_ads5", "--set", "T=2", "--json"))
    assert found["s"] == pytest.approx(4 * math.pi * (2 * math.pi) ** 3, rel=1e-12)
    assert found["epsilon"] == pytest.approx(3 * found["p"], rel=1e-12)
    assert found["cs2"] == pytest.approx(1 / 3, rel=1e-12)


def test_sweep_to_files(holosym, tmp_path):
    arguments = ("--set", "mu=1", "--sweep", "T/mu=0.05:0.4:4:log", "--units", "T=1")
    result = holosym("solve", RN, *arguments, "--out", "deep/rn.nc", "--plot", "rn.svg")
    assert result.exit_code == 0, result.output
    assert "first law" in result.stdout
    dataset = results.read(tmp_path / "deep" / "rn.nc")
    assert dataset.sizes["state"] == 4
    assert dataset["T"].values == pytest.approx([1, 1, 1, 1])
    assert (1 / dataset["mu"].values)[[0, -1]] == pytest.approx([0.05, 0.4])
    assert dataset["epsilon"].attrs["units"] == "T^3"
    assert dataset["field_f"].dims == ("state", "x")
    assert dataset["field_f"].values[:, 0] == pytest.approx(1)
    assert dataset["field_f"].values[:, -1] == pytest.approx(0, abs=1e-12)
    assert dataset.attrs["model"] == "rn_ads4"
    assert float(dataset.attrs["first_law"]) < 1e-8
    assert (tmp_path / "rn.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["deep", "rn.svg"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--set", "T=1"], "mu is missing"),
        (["--set", "T=1", "--set", "mu=1", "--set", "s=3"], "leave out"),
        (["--set", "Tmp=1", "--set", "mu=1"], "no quantity 'Tmp'"),
        (["--set", "T", "--set", "mu=1"], "write --set NAME=VALUE"),
        (["--set", "T=warm", "--set", "mu=1"], "not a number"),
        (["--set", "T=nan", "--set", "mu=1"], "not finite"),
        (["--set", "T=1", "--set", "T=2"], "given twice"),
        (["--set", "T=1", "--sweep", "T=1:2:3"], "given twice"),
        (["--set", "T=1", "--sweep", "mu=1:2"], "cannot be read"),
        (["--set", "T=1", "--sweep", "mu=0:2:4:log"], "logarithm"),
        (["--set", "T=0", "--set", "mu=1"], "extremal"),
        (["--set", "T=-1", "--set", "mu=1"], "T > 0"),
        (["--set", "T=1", "--set", "mu=1", "--source", "phi=1"], "phi.source"),
    ],
)
def test_what_cannot_be_asked(holosym, arguments, says):
    result = holosym("solve", RN, *arguments)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("damped_oscillator", "no spacetime"),
        ("emd_axion", "V and Z are unknown"),
        ("gubser_nellore", "too close"),
        ("no_such_model", "no model"),
    ],
)
def test_what_has_no_branes(holosym, model, says):
    target = GENERATED / model if (GENERATED / model).is_dir() else model
    result = holosym("solve", target, "--set", "T=1")
    assert result.exit_code == 2, result.output
    assert says in result.output


def test_one_of_several_theories(holosym, tmp_path):
    text = (Path(__file__).parents[2] / "models" / "btz.py").read_text(encoding="utf-8")
    (tmp_path / "two.py").write_text(
        text + '\nother = Theory(name="other", metric=theory.metric, lagrangian=R + 2, radial=z)\n', encoding="utf-8"
    )
    result = holosym("solve", "two.py", "--set", "T=1")
    assert result.exit_code == 2
    assert "--theory" in result.output
    found = values(holosym("solve", "two.py", "--theory", "other", "--set", "T=1", "--json"))
    assert found["s"] == pytest.approx(8 * math.pi**2, rel=1e-10)
    assert "no theory 'third'" in holosym("solve", "two.py", "--theory", "third", "--set", "T=1").output


SCALAR = """
from sympy import exp
from holosym import R, Theory, coordinates, d, parameters, profiles, scalar, square
t, x, y, z = coordinates("t x y z")
f, chi, phi_z = profiles("f chi phi", z)
phi, J = scalar("phi", phi_z), parameters("J")
theory = Theory(
    name="sourced",
    metric=(-f * exp(-chi) * d(t)**2 + d(z)**2 / f + d(x)**2 + d(y)**2) / z**2,
    lagrangian=R - square(d(phi)) / 2 + 6 + phi**2, radial=z,
)
theory.boundary_condition(phi, source=SOURCE)
"""


def test_the_source_that_the_theory_declares(holosym, tmp_path):
    """It is that of the solve, unless the command says another; one that is no number is not taken for zero."""
    (tmp_path / "sourced.py").write_text(SCALAR.replace("SOURCE", "0.3"), encoding="utf-8")
    assert values(holosym("solve", "sourced.py", "--set", "T=1", "--json"))["phi.source"] == pytest.approx(0.3)
    said = values(holosym("solve", "sourced.py", "--set", "T=1", "--source", "phi=0.2", "--json"))
    assert said["phi.source"] == pytest.approx(0.2)
    (tmp_path / "sourced.py").write_text(SCALAR.replace("SOURCE", "J"), encoding="utf-8")
    result = holosym("solve", "sourced.py", "--set", "T=1")
    assert result.exit_code == 2
    assert "sourced.py:12" in result.output
    assert "J is missing" in result.output
    assert "--set J=VALUE" in result.output
    said = values(holosym("solve", "sourced.py", "--set", "T=1", "--set", "J=0.4", "--json"))
    assert said["phi.source"] == pytest.approx(0.4)


@pytest.mark.parametrize("alternate", [False, True])
def test_the_relation_that_the_theory_declares(holosym, tmp_path, alternate):
    """phi_2 = kappa phi_1 + phi_1^2/2 + q kappa^2, parameters from the command; the first law is the relation's.

    kappa has the dimension of phi_2/phi_1, whatever the units; a number has it in those of the settings alone.
    """
    relation = "relation=lambda a: kappa*a + a**2/2 + q*kappa**2" + (", alternate=True" if alternate else "")
    text = (
        SCALAR.replace("source=SOURCE", relation).replace("phi, J =", "phi, (kappa, q) =").replace('"J"', '"kappa q"')
    )
    (tmp_path / "related.py").write_text(text, encoding="utf-8")
    result = holosym("solve", "related.py", "--set", "T=1")
    assert result.exit_code == 2
    assert "kappa and q is missing" in result.output
    assert "--set kappa=VALUE --set q=VALUE" in result.output
    arguments = ("--set", "T=2", "--set", "kappa=0.3", "--set", "q=2", "--json")
    family = holosym("solve", "related.py", *arguments)
    found = values(family)
    slow, fast = found["phi.source"], found["phi.response"]
    if alternate:
        slow, fast = -fast, slow
    assert fast == pytest.approx(0.3 * slow + slow**2 / 2 + 2 * 0.3**2, abs=1e-12)
    assert abs(slow) > 0.05
    assert json.loads(family.stdout)["first_law"] < 1e-9
    assert found["p"] == pytest.approx(-found["omega"], rel=1e-10)
    other = values(holosym("solve", "related.py", *arguments, "--units", "T=1"))
    assert other["kappa"] == pytest.approx(0.15, rel=1e-12)
    assert other["s"] == pytest.approx(found["s"] / 4, rel=1e-10)
    assert other["cs2"] == pytest.approx(found["cs2"], rel=1e-9)
    (tmp_path / "number.py").write_text(text.replace("a**2/2", "a/2"), encoding="utf-8")
    result = holosym("solve", "number.py", *arguments, "--units", "T=1")
    assert result.exit_code == 2
    assert "numbers have a dimension" in result.output


def test_failure_keeps_what_came_before(holosym, monkeypatch, tmp_path):
    """A sweep that stops: its points are in the file, the message has the reason, the exit code is 1."""
    from holosym.solve import trace

    advance, calls = trace.advance, []

    def failing(path, trail, goal):
        calls.append(goal)
        if len(calls) == 3:
            raise SolveError("the iteration stands still: the last residual is 1.00e-02", mend="take more nodes")
        return advance(path, trail, goal)

    monkeypatch.setattr(trace, "advance", failing)
    result = holosym("solve", RN, "--set", "mu=1", "--sweep", "T=0.4:0.1:6", "--out", "part.nc")
    assert result.exit_code == 1
    assert "last residual is 1.00e-02" in result.output
    kept = results.read(tmp_path / "part.nc")
    assert 0 < kept.sizes["state"] < 6
    assert "last residual" in kept.attrs["failure"]


def test_interruption_keeps_what_came_before(holosym, monkeypatch, tmp_path):
    told = []

    def interrupting(stage, name):
        told.append(name)
        if name.startswith("2 of"):
            raise KeyboardInterrupt

    class Reporter:
        def __enter__(self):
            return interrupting

        def __exit__(self, *_):
            return None

    from holosym.report import progress

    monkeypatch.setattr(progress, "StageReporter", Reporter)
    result = holosym("solve", RN, "--set", "mu=1", "--sweep", "T=0.4:0.1:6", "--out", "part.nc")
    assert result.exit_code == 130, result.output
    assert 1 <= results.read(tmp_path / "part.nc").sizes["state"] < 6


def test_files_that_cannot_be_written(holosym, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = holosym("solve", RN, "--set", "T=1", "--set", "mu=1", "--out", "file/rn.nc")
    assert result.exit_code == 2
    assert "cannot be written" in result.output
    result = holosym("solve", RN, "--set", "T=1", "--set", "mu=1", "--plot", "rn.doc")
    assert result.exit_code == 2
    assert ".png, .pdf, .svg" in result.output


def test_units_in_words():
    assert results.unit(2, "mu = 1") == "mu^2"
    assert results.unit(1, "z_h = 1") == "(1/z_h)"
    assert results.unit(0, "T = 1") == "1"


def test_read_refuses_other_files(tmp_path):
    from holosym.errors import HolosymError

    (tmp_path / "a.nc").write_text("no", encoding="utf-8")
    with pytest.raises(HolosymError, match="not a file of results"):
        results.read(tmp_path / "a.nc")


def test_a_source_is_a_setting():
    typed = {"settings": ("T=1",), "sources": ("phi=2",), "relations": (), "sweep": None, "units": "", "branch": "all"}
    read = requests.read_request(typed | {"nodes": None, "tolerance": None})
    assert read == families.Request(settings={"T": 1.0, "phi.source": 2.0})
