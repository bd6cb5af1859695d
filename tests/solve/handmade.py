"""Boundary series derived by hand, in the form of a generated `boundary.py`, and horizons to go with them."""

import math
from types import SimpleNamespace

from delta3 import TERMS as DELTA3_TERMS
from delta3 import boundary_coefficients as delta3_coefficients

HORIZON = SimpleNamespace(POINT=1.0, VANISHING=("A_t", "f"), DATA=())
SCALAR_HORIZON = SimpleNamespace(POINT=1.0, VANISHING=("f",), DATA=())


def datum(profile, power, kind):
    dimension = power + 1 if profile == "A_t" else power
    return {"profile": profile, "power": float(power), "log": 0, "kind": kind, "dimension": float(dimension)}


def module(dimension, data, terms, coefficients, **more):
    parts = {"DIMENSION": dimension, "RADIAL": "z", "BOUNDARY": 0.0, "VACUUM": {}, "TAYLOR": {}}
    return SimpleNamespace(**(parts | {"DATA": data, "TERMS": terms, "boundary_coefficients": coefficients} | more))


def linear_axion():
    """f = 1 - beta^2 z^2/2 + f_3 z^3 + A_1^2 z^4/4, A_t = A_0 + A_1 z: the exact solution is the series."""
    data = {
        "A_t_0": datum("A_t", 0, "source"),
        "A_t_1": datum("A_t", 1, "response"),
        "f_3": datum("f", 3, "response"),
    }
    terms = {"A_t": ((0.0, 0), (1.0, 0)), "f": ((0.0, 0), (2.0, 0), (3.0, 0), (4.0, 0))}

    def coefficients(data, taylor, parameters):
        square = parameters.get("beta", 0.0) ** 2
        return {
            "A_t": (data["A_t_0"], data["A_t_1"]),
            "f": (1.0, -square / 2, data["f_3"], data["A_t_1"] ** 2 / 4),
        }

    return module(3, data, terms, coefficients, PARAMETER_DIMENSIONS={"beta": 1.0})


def gubser_rocha():
    """Through the order of the responses; h_1 is the freedom 1/z -> 1/z + constant."""
    data = {
        "A_t_0": datum("A_t", 0, "source"),
        "A_t_1": datum("A_t", 1, "response"),
        "f_3": datum("f", 3, "response"),
        "h_1": datum("h", 1, "gauge"),
        "phi_1": datum("phi", 1, "source"),
        "phi_2": datum("phi", 2, "response"),
    }
    terms = {
        "A_t": ((0.0, 0), (1.0, 0), (2.0, 0)),
        "f": ((0.0, 0), (1.0, 0), (2.0, 0), (3.0, 0)),
        "h": ((0.0, 0), (1.0, 0), (2.0, 0), (3.0, 0)),
        "phi": ((1.0, 0), (2.0, 0), (3.0, 0)),
    }

    def coefficients(data, taylor, parameters):
        a0, a1, f3, h1, p1, p2 = (data[name] for name in ("A_t_0", "A_t_1", "f_3", "h_1", "phi_1", "phi_2"))
        return {
            "A_t": (a0, a1, -a1 * h1 / 2 - math.sqrt(3) * a1 * p1 / 6),
            "f": (1.0, h1, (h1**2 - p1**2) / 4 - parameters["beta"] ** 2 / 2, f3),
            "h": (1.0, h1, (h1**2 - p1**2) / 4, -h1 * p1**2 / 6 - p1 * p2 / 3),
            "phi": (p1, p2, -(h1**2) * p1 / 4 - h1 * p2 + 7 * p1**3 / 36),
        }

    return module(3, data, terms, coefficients)


def delta3():
    """Einstein-scalar in AdS5, V = -12 - 3 phi^2/2 + V4 phi^4/24 + ..., with all logarithms through z^9."""
    data = {
        "chi_0": datum("chi", 0, "metric"),
        "f_4": datum("f", 4, "response"),
        "phi_1": datum("phi", 1, "source"),
        "phi_3": datum("phi", 3, "response"),
    }
    more = {"VACUUM": {"chi_0": 0.0}, "TAYLOR": {"V": ((4,), (6,), (8,))}}
    return module(4, data, DELTA3_TERMS, delta3_coefficients, **more)
