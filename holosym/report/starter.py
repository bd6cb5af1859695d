"""The model that `holosym new` writes: a charged black brane, explained line by line, to be changed into one's own."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from holosym.errors import OutputError

STARTER = '''"""NAME: what this theory is about, in one line.

    S = int sqrt(-g) [R + 6 - F^2/4],      ds^2 = z^-2 [-f dt^2 + dz^2/f + dx^2 + dy^2],      A = A_t dt.

This starter is the charged black brane in four dimensions. It compiles and checks as it stands:

    holosym check PATH
    holosym compile PATH

Change it into your theory step by step, and check after each. The unit of length is the AdS radius, 16 pi G = 1.
"""

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

# Coordinates and their differentials. The metric signature is mostly plus.
t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)

# Unknown functions of the radial coordinate: what the equations determine.
f, A_t = profiles("f A_t", z)

# Constants of the theory, or of its known solutions.
mu = parameters("mu", positive=True)

# Fields, each with its ansatz. A one-form is linear in differentials.
A = gauge_field("A", A_t * dt)

# A scalar field phi with the profile phi(z), a potential V(phi) and a coupling Z(phi) to the gauge field would be
#
#     from holosym import couplings, scalar
#
#     phi_z = profiles("phi", z)
#     phi = scalar("phi", phi_z)
#     V, Z = couplings("V Z")
#
# with  - square(d(phi))/2 - V(phi) - Z(phi)*square(d(A))/4  in the Lagrangian in place of  6 - square(d(A))/4, and one
# more function in the metric: h*(dx**2 + dy**2). A coupling is unknown (to be learned from data) until the theory gets
# its closed form:  couplings={V(phi): -6 - phi**2}.

theory = Theory(
    name="NAME",
    metric=(-f * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4,           # square(d(A)) is F_mn F^mn: no 1/p!
    radial=z, boundary=0, horizon=1,               # the boundary at z = 0, the horizon at z = 1
)

# What is known of the theory tells whether it is the theory you mean. A solution gives every profile.
theory.known_solution(
    "charged black brane",
    {
        f: 1 - (1 + mu**2 / 4) * z**3 + mu**2 / 4 * z**4,
        A_t: mu * (1 - z),
    },
    source="Chamblin, Emparan, Johnson and Myers 1999; Hartnoll 2009",
)

# An equation of the literature, as the expression that must vanish.
theory.published("Gauss law", A_t.diff(z, 2), source="Hartnoll 2009")
'''


def write_starter(name: str) -> Path:
    """Write a starter model into `models/`, or into the current folder where there is none.

    Args:
        name: the theory's name, and that of its file.

    Returns:
        The new file.

    Raises:
        OutputError: for a name that cannot be one, a file that exists, or a folder that cannot be written.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        raise OutputError(
            f"{name!r} cannot be the name of a theory", mend="use letters, digits and underscores: my_brane"
        )
    path = (Path("models") if Path("models").is_dir() else Path()) / f"{name}.py"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER.replace("NAME", name).replace("PATH", str(path)))
    except FileExistsError:
        raise OutputError("this file exists already", mend="choose another name", file=path) from None
    except OSError as error:
        raise OutputError(
            f"the file cannot be written: {error.strerror}", mend="go to a folder that is yours", file=path
        ) from None
    return path
