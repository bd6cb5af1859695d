"""EinsteinPy: Einstein tensor with both indices down, then the first one raised."""

from collections.abc import Sequence
from importlib.metadata import version

from cases import Rows, run
from einsteinpy.symbolic import EinsteinTensor, MetricTensor
from sympy import Matrix, Symbol


def compute(coordinates: Sequence[Symbol], metric: Matrix) -> Rows:
    """G^i_j in the default mode, which simplifies at each stage."""
    tensor = EinsteinTensor.from_metric(MetricTensor(metric.tolist(), tuple(coordinates)))
    mixed: Rows = tensor.change_config("ul").tensor().tolist()
    return mixed


run("EinsteinPy", version("einsteinpy"), compute)
