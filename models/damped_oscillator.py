"""Damped oscillator in an unknown potential: the warm-up of every inverse problem.

    x'' + 2 delta x' + omega0^2 V(x) = 0,        true force V(x) = x.

With V(x) = x the motion is x = e^(-delta t) (c_1 cos(w t) + c_2 sin(w t)), w^2 = omega0^2 - delta^2. The
values of the talks and papers on physics-informed networks are delta = 1, omega0 = 20.

For: fitting delta, omega0 or the function V from a few points of x(t), with nothing of gravity in it.
"""

from sympy import cos, exp, sin, sqrt

from holosym import System, coordinates, couplings, parameters, profiles

t = coordinates("t")
x = profiles("x", t)
delta, omega0 = parameters("delta omega0", positive=True)
V = couplings("V")

theory = System(
    name="damped_oscillator",
    variable=t,
    equations={"motion": x.diff(t, 2) + 2*delta*x.diff(t) + omega0**2 * V(x)},
)

c_1, c_2 = parameters("c_1 c_2", real=True)
w = sqrt(omega0**2 - delta**2)
theory.known_solution(
    "underdamped motion",
    {x: exp(-delta*t) * (c_1 * cos(w*t) + c_2 * sin(w*t))},
    couplings={V(x): x},
    domain={delta: (0, 1), omega0: (1, 20)},
    source="any textbook of mechanics, such as Landau and Lifshitz 1976, section 25",
)
theory.published(
    "loss of energy",                               # kinetic energy, work of the force, friction
    (x.diff(t)**2 / 2).diff(t) + omega0**2 * V(x) * x.diff(t) + 2*delta*x.diff(t)**2,
    source="Landau and Lifshitz 1976, section 25",
)
