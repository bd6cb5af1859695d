"""`compile` never certifies what does not hold."""

from click.testing import CliRunner

from holosym.cli import main

MODEL = '''"""A wrong equation."""
from holosym import R, Theory, coordinates, d, profiles
t, x, y, z = coordinates("t x y z")
f = profiles("f", z)
theory = Theory(name="wrong", metric=(-f*d(t)**2 + d(z)**2/f + d(x)**2 + d(y)**2)/z**2, lagrangian=R + 6, radial=z)
theory.known_solution("brane", {f: 1 - z**3})
theory.published("right", z*f.diff(z) - 3*f + 3)
theory.published("not right", f.diff(z) - 7*f)
'''


def test_a_wrong_equation_is_said_to_be_wrong(tmp_path):
    (tmp_path / "wrong.py").write_text(MODEL)
    result = CliRunner().invoke(main, ["compile", str(tmp_path / "wrong.py"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "'not right' does not hold" in result.output
    text = (tmp_path / "out" / "wrong" / "EQUATIONS.md").read_text()
    assert "**right**: holds (exact)" in text
    assert "**brane**: holds (exact)" in text
    assert "**not right**: DOES NOT HOLD" in text
