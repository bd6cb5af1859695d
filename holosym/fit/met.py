r"""Whether data are met, in sentences, and what errors the report is made at.

For data with errors the sum of n squared deviations over errors is distributed as chi^2 with n - k degrees of freedom,
k of them being used up by the directions of the unknowns that the data determine. What is far out in either tail is
said: data that are missed, and data whose noise is fitted, as it is where equations give way or functions bend too
easily.
Data without errors are assumed to have a small one, and what misses them by more is said, and has the larger one.
"""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import chi2

from holosym.fit.measured import ASSUMED
from holosym.fit.summary import Compared

_TAIL = 1e-6
_MISSED = 0.05  # of their size: more than a theory that is nearly right leaves


def met(compared: Sequence[Compared], directions: int) -> tuple[str, ...]:
    """A sentence for all data that are missed, or met too closely.

    Args:
        directions: how many of the unknowns the data determine.
    """
    said = (_by_size(one) if one.chi2 is None else _by_errors(one, one.chi2, directions) for one in compared)
    return tuple(text for text in said if text)


def counted(compared: Sequence[Compared]) -> str:
    """What errors the directions of the unknowns are counted at."""
    if all(one.assumed is None for one in compared):
        return "at their errors"
    return f"at {' and '.join(dict.fromkeys(_taken(one) for one in compared))}"


def _taken(one: Compared) -> str:
    if one.assumed is None:
        return f"the errors of {one.name}"
    if one.assumed > ASSUMED:
        return f"the relative deviation {one.assumed:.2g} of {one.name}"
    return f"an assumed relative error {one.assumed:g} of {one.name}"


def _by_errors(one: Compared, per_point: float, directions: int) -> str:
    count = len(one.where)
    said = f"chi squared per point is {per_point:.2g}"
    if not per_point * count <= chi2.isf(_TAIL, count):
        return f"{one.name} is missed by more than its errors: {said}."
    if per_point * count < chi2.ppf(_TAIL, max(count - directions, 1)):
        return (
            f"{one.name} is met more closely than its errors allow: {said}. Noise is fitted; give equations or "
            "smoothness more weight."
        )
    return ""


def _by_size(one: Compared) -> str:
    if one.misfit <= ASSUMED:
        return ""
    said = f"deviations are {one.misfit:.2g} of its size, root mean square"
    if one.misfit <= _MISSED:
        return f"{one.name} has no errors, and is not met: {said}. If that is noise, give a column of errors."
    return f"{one.name} is missed: {said}. What was found does not describe these data."
