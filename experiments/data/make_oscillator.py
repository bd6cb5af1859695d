"""Writes the data of the oscillator experiments: x'' + 2 delta x' + omega0^2 x = 0 with delta = 1, omega0 = 20.

x(0) = 1, x'(0) = 0:    x = e^(-delta t) (cos w t + (delta/w) sin w t),    w^2 = omega0^2 - delta^2.

python experiments/data/make_oscillator.py
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
DELTA, OMEGA = 1.0, 20.0


def motion(t: float) -> float:
    """The exact solution."""
    w = math.sqrt(OMEGA**2 - DELTA**2)
    return math.exp(-DELTA * t) * (math.cos(w * t) + DELTA / w * math.sin(w * t))


def write(name: str, times: Sequence[float], noise: float, seed: int, about: str) -> None:
    """One CSV file; the noise is Gaussian, its standard deviation relative to the amplitude at t = 0."""
    draw = random.Random(seed)
    lines = [f"# {about}", "t,x" + (",x_error" if noise else "")]
    for t in times:
        x = motion(t) + (draw.gauss(0.0, noise) if noise else 0.0)
        lines.append(f"{t!r},{x!r}" + (f",{noise!r}" if noise else ""))
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def even(start: float, stop: float, count: int) -> list[float]:
    """Evenly spaced, both ends included."""
    return [round(start + (stop - start) * i / (count - 1), 12) for i in range(count)]


def main() -> None:
    """All files."""
    truth = "delta = 1, omega0 = 20, x(0) = 1, x'(0) = 0"
    write("oscillator_few.csv", even(0.0, 0.36, 13), 0.02, 1, f"{truth}; 2% noise, seed 1: few points, early times")
    write("oscillator_noisy.csv", even(0.0, 2.0, 4001), 0.01, 2, f"{truth}; 1% noise, seed 2")
    write("oscillator_clean.csv", even(0.0, 1.0, 41), 0.0, 0, f"{truth}; no noise")
    write("oscillator_force.csv", even(0.0, 1.0, 201), 0.01, 3, f"{truth}; 1% noise, seed 3")


if __name__ == "__main__":
    main()
