r"""Whether data with errors are met as well as their errors say, in sentences.

The sum of n squared deviations over errors is distributed as chi^2 with n - k degrees of freedom, k of them being used
up by the directions of the unknowns that the data determine. What is far out in either tail is said: data that are
missed, and data whose noise is fitted, as it is where equations give way or functions bend too easily.
"""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import chi2

from holosym.fit.summary import Compared

_TAIL = 1e-6


def met(compared: Sequence[Compared], directions: int) -> tuple[str, ...]:
    """A sentence for all data with errors that are missed, or met too closely.

    Args:
        directions: how many of the unknowns the data determine.
    """
    found = []
    for one in compared:
        if one.chi2 is None:
            continue
        count, total = len(one.where), one.chi2 * len(one.where)
        said = f"chi squared per point is {one.chi2:.2g}"
        if not total <= chi2.isf(_TAIL, count):
            found.append(f"{one.name} is missed by more than its errors: {said}.")
        elif total < chi2.ppf(_TAIL, max(count - directions, 1)):
            found.append(
                f"{one.name} is met more closely than its errors allow: {said}. Noise is fitted; give equations or "
                "smoothness more weight."
            )
    return tuple(found)
