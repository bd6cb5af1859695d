"""Sentences on where a fitted coupling is more than what the solutions have seen of it."""

from __future__ import annotations

from collections.abc import Sequence

from holosym.fit.summary import Curve

_SLACK = 0.01


def continued(curves: Sequence[Curve]) -> tuple[str, ...]:
    """For each coupling, where its range goes beyond its argument on the solutions, and where they go beyond it.

    Ends that differ by less than a hundredth of the range are the same.
    """
    found = []
    for curve in (one for one in curves if one.probed is not None):
        assert curve.probed is not None
        (least, most), low, high = curve.probed, float(curve.x[0]), float(curve.x[-1])
        slack = _SLACK * (high - low)
        seen = f"The solutions reach {curve.argument} from {least:.3g} to {most:.3g}"
        if least < low - slack or most > high + slack:
            found.append(
                f"{seen}, beyond the range of {curve.name}, where its ansatz goes on by itself: widen the range."
            )
        beyond = [[low, min(least, high)]] if least > low + slack else []
        beyond += [[max(most, low), high]] if most < high - slack else []
        if beyond:
            places = " and ".join(f"[{a:.3g}, {b:.3g}]" for a, b in beyond)
            found.append(f"{seen}; in {places} {curve.name} is a continuation by its ansatz.")
    return tuple(found)
