"""Jackiw-Teitelboim gravity: D = 2, L = phi (R + 2), where the Einstein tensor vanishes identically."""

from holosym import R, Theory, coordinates, d, parameters, profiles, scalar

t, z = coordinates("t z")
f, Phi = profiles("f Phi", z)
phi = scalar("phi", Phi)

theory = Theory(
    name="jt_gravity",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f) / z**2,
    lagrangian=phi * (R + 2),
    radial=z,
)
c = parameters("c", positive=True)
theory.known_solution("AdS2 black hole", {f: 1 - z**2, Phi: c / z}, source="Jackiw 1985; Teitelboim 1983")
