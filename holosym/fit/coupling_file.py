"""A fitted coupling as a JSON file: what it is made of, in words and numbers; nothing in it is executed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.bspline import BSpline
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.function import Function
from holosym.ansatz.mlp import Mlp
from holosym.errors import DataError
from holosym.solve.fitted import FittedCoupling

FORMAT = "holosym coupling 1"


def coupling_text(name: str, function: Function, theta: Tensor) -> str:
    """The file's text, for coefficients theta (P,)."""
    content = {"format": FORMAT, "name": name, **_described(function), "theta": theta.tolist()}
    return json.dumps(content, indent=2) + "\n"


def load_coupling(path: str | Path) -> FittedCoupling:
    """The coupling of a file, ready for a solver.

    Raises:
        DataError: not such a file.
    """
    mend = "give the NAME.json that `holosym fit` wrote"
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"its format is {content['format']!r}")
        function = _function(content)
        theta = torch.tensor(content["theta"], dtype=torch.float64)
        if theta.shape != (function.size,):
            raise ValueError(f"{len(theta)} coefficients where {function.size} belong")
        if not bool(theta.isfinite().all()):
            raise ValueError("not all coefficients are finite")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"is not a fitted coupling: {error}", mend=mend, file=path) from None
    return FittedCoupling(function, theta)


def _described(function: Function) -> dict[str, Any]:
    if isinstance(function, Anchored):
        anchors = [[point, count] for point, count in function.anchors.items()]
        values = [] if function.values is None else function.values.tolist()
        return {**_described(function.function), "anchors": anchors, "values": values}
    if isinstance(function, ChebyshevFunction):
        return {"kind": "chebyshev", "interval": list(function.interval), "count": function.count}
    if isinstance(function, BSpline):
        own = {"intervals": function.intervals, "degree": function.degree}
        return {"kind": "bspline", "interval": list(function.interval), **own}
    if isinstance(function, Mlp):
        network: dict[str, Any] = {
            "widths": list(function.widths),
            "activation": function.activation,
            "omega": function.omega,
        }
        return {"kind": "mlp", "interval": list(function.interval), **network}
    raise TypeError(f"a {type(function).__name__} cannot be written")


def _function(content: dict[str, Any]) -> Function:
    a, b = content["interval"]
    plain: Function
    if content["kind"] == "chebyshev":
        plain = ChebyshevFunction(content["count"], (a, b))
    elif content["kind"] == "bspline":
        plain = BSpline(content["intervals"], (a, b), content["degree"])
    elif content["kind"] == "mlp":
        plain = Mlp(tuple(content["widths"]), (a, b), content["activation"], content["omega"])
    else:
        raise ValueError(f"its kind is {content['kind']!r}")
    if not content.get("anchors"):
        return plain
    return Anchored(plain, dict(content["anchors"]), torch.tensor(content["values"], dtype=torch.float64))
