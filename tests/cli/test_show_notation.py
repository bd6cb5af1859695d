"""Notations of what the gallery has not: several coordinates, forms in powers, names that other languages reserve."""

from pathlib import Path
from typing import Any

import pytest

from holosym import pipeline
from holosym.report import show

RICH = """
from sympy import *
from holosym import *
from holosym import R, d

v, x, y, z = coordinates("v x y z")
F, S, p, N = profiles("F S phi N", (v, z))
phi, chi, B = scalar("phi", p), scalar("chi", N), gauge_field("B", x*d(y))
V = couplings("V")
theory = Theory(
    "vaidya",
    -F*d(v)**2/z**2 - 2*d(v)*d(z)/z**2 + S**2*(d(x)**2 + d(y)**2),
    R - square(d(phi))/2 - dot(d(chi), d(chi))/2 - V(phi, chi)**2 + exp(-square(d(B))**3)
    - levi_civita(d(B), d(B))**2,
    radial=z,
)
theory.published("mass of phi", p.diff(v, z)*V(p, N).diff(p)**2)
"""


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("pretty", ["S_zz", "F_zz", "V^(1,0)", "square(d(B))", "unknown functions: F(v, z)"]),
        ("latex", [r"\partial_{z z} S", r"V^{(1,0)}\left(\phi, N\right)", r"\left(\mathrm{d}B\right)^2"]),
        ("mathematica", ["Derivative[0, 2][S][v, z]", "Derivative[1, 0][V][phi[v, z], N$[v, z]]", "Dt[v]^2"]),
    ],
)
def test_rich_model(holosym: Any, tmp_path: Path, notation: str, words: list[str]) -> None:
    (tmp_path / "rich.py").write_text(RICH)
    result = holosym("show", "rich.py", f"--{notation}")
    assert result.exit_code == 0, result.output
    for word in words:
        assert word in result.stdout


def test_a_terminal_without_unicode() -> None:
    (model,) = pipeline.load("gubser_rocha")
    text = show.pretty(model.equations(), width=60, unicode=False)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 90


def test_a_bare_metric_has_nothing_to_check(holosym: Any, tmp_path: Path) -> None:
    (tmp_path / "bare.py").write_text(
        'from holosym import *\nx, z = coordinates("x z")\nt = Theory("bare", (d(x)**2 - d(z)**2)/z**2, radial=z)\n'
    )
    assert holosym("show", "bare.py").exit_code == 0
    assert "0 of 0 checks" in holosym("check", "bare.py").stdout
