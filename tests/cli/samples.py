"""A small model, and what a folder holds."""

from pathlib import Path

BRANE = """\
from holosym import R, Theory, coordinates, d, gauge_field, profiles, square

t, x, y, z = coordinates("t x y z")
f, A_t = profiles("f A_t", z)
theory = Theory(
    "brane",
    (-f*d(t)**2 + d(z)**2/f + d(x)**2 + d(y)**2)/z**2,
    R + 6 - square(d(gauge_field("A", A_t*d(t))))/4,
    radial=z,
)
"""


def snapshot(folder: Path) -> dict[str, bytes]:
    """Everything in a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
