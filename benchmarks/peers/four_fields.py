r"""The equations of the benchmarks of fits: four fields on 0 <= z <= 1, second order, with rational terms.

    phi'' + (f'/f + h'/h) phi' + phi a^2/(1 + phi^2) = 0,
    h'' - h'^2/(2 h) + h phi'^2/2 = 0,
    f'' + f' h'/(2 h) - a'^2/(1 + phi^2) = 0,
    a'' + (h'/h + phi phi'/(1 + phi^2)) a' - phi^2 a/f = 0,

of the kind that holography has. Plain algebra, for tensors and for SymPy's expressions alike: this file is imported
in the environment of each peer.
"""

from typing import Any

FIELDS = ("phi", "h", "f", "a")
WIDTHS = (32, 32)
POINTS = 256


def left_sides(jets: dict[str, Any]) -> dict[str, Any]:
    """What must vanish, by equation; `jets` has (value, first, second derivative) by field."""
    phi, dphi, ddphi = jets["phi"]
    h, dh, ddh = jets["h"]
    f, df, ddf = jets["f"]
    a, da, dda = jets["a"]
    weight = 1 + phi**2
    return {
        "phi": ddphi + (df / f + dh / h) * dphi + phi * a**2 / weight,
        "h": ddh - dh**2 / (2 * h) + h * dphi**2 / 2,
        "f": ddf + df * dh / (2 * h) - da**2 / weight,
        "a": dda + (dh / h + phi * dphi / weight) * da - phi**2 * a / f,
    }


def cleared(jets: dict[str, Any]) -> dict[str, Any]:
    """By what holosym multiplies each equation, to be free of sums in denominators."""
    weight = 1 + jets["phi"][0] ** 2
    return {"phi": weight, "h": 2, "f": 2 * weight, "a": weight}
