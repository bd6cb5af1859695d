r"""Entanglement entropy of a block of the free-fermion chain.

    H = -t sum_i (c+_i c_(i+1) + h.c.) - mu sum_i c+_i c_i,        E(k) = -2 t cos k - mu,

in a Gaussian state, so that the reduced state of a block is known by its correlation matrix (Peschel 2003, J. Phys.
A 36, L205, cond-mat/0212631)

    C_ij = <c+_i c_j> = int dk/(2 pi) n(k) cos k(i - j),      S = -sum_n [z_n log z_n + (1 - z_n) log(1 - z_n)],

z_n its eigenvalues. At T = 0 and filling nu, C_ij = sin(pi nu (i - j))/(pi (i - j)) and

    S = (1/3) log(2 l sin(pi nu)) + 0.4950179...        (Jin and Korepin 2004, quant-ph/0304108)

A Toeplitz block is symmetric about its centre: its even and odd vectors have matrices of half the size.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigvalsh, toeplitz
from scipy.optimize import brentq
from scipy.special import expit, xlogy

from holosym.errors import DataError
from holosym.whole_files import write_text

Array = NDArray[np.float64]
MOMENTA = 4096
"""Fewest momenta of an infinite chain at T > 0; the trapezoidal rule converges like exp(-count/T)."""
MOST = 1 << 21
"""Momenta, beyond which T/t is below 1e-4 and Sommerfeld's expansion is right to its square."""


@dataclass(frozen=True)
class Chain:
    """A chain of free fermions in equilibrium.

    Attributes:
        filling: nu, the mean number of fermions on a site, between 0 and 1.
        temperature: T, in the units of the hopping; 0 for the ground state.
        sites: of a periodic chain; None for an infinite one.
        hopping: t, 1/2 as in H = -sum (c+ c + h.c.)/2.

    Raises:
        DataError: for values out of range, and a finite ground state whose last shell is only partly filled.
    """

    filling: float = 0.5
    temperature: float = 0.0
    sites: int | None = None
    hopping: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.filling < 1:
            raise DataError(f"the filling {self.filling:g} is not between 0 and 1", mend="give 0 < filling < 1")
        if not self.temperature >= 0 or not math.isfinite(self.temperature):
            raise DataError(f"the temperature {self.temperature:g} is not 0 or positive", mend="give temperature >= 0")
        if not 0 < self.hopping < math.inf:
            raise DataError(f"the hopping {self.hopping:g} is not positive", mend="give hopping=0.5, say")
        if self.sites is not None and self.sites != int(self.sites):
            raise DataError(f"{self.sites} is no number of sites", mend="give a whole number, or None for infinite")
        if self.sites is not None and self.sites < 2:
            raise DataError(f"a chain of {self.sites} sites has no block", mend="give sites >= 2, or None for infinite")
        if self.sites is not None and self.temperature == 0:
            self._require_shell(self.sites)

    def _require_shell(self, sites: int) -> None:
        """A ground state of a periodic chain is unique for an odd number of fermions (momenta 2 pi n/N)."""
        count = self.filling * sites
        if abs(count - round(count)) > 1e-9 or round(count) % 2 == 0:
            odd = max(2 * round((count - 1) / 2) + 1, 1)
            raise DataError(
                f"{count:.6g} fermions on {sites} sites: a periodic chain's ground state is unique for odd numbers",
                mend=f"give filling={odd}/{sites}, or temperature > 0",
            )

    def correlations(self, count: int) -> Array:
        """C_0j for j < count.

        Raises:
            DataError: for more sites than there are.
        """
        if self.sites is not None and count > self.sites:
            raise DataError(f"a block of {count} sites is longer than the chain of {self.sites}", mend="take fewer")
        j = np.arange(count)
        if self.temperature == 0:
            if self.sites is None:
                return np.asarray(self.filling * np.sinc(self.filling * j))
            half = (round(self.filling * self.sites) - 1) // 2
            momenta = 2 * np.pi * np.arange(-half, half + 1) / self.sites
            return np.asarray(np.cos(np.outer(j, momenta)).sum(axis=1) / self.sites)
        if self._cold:
            # n(k) is a step whose edge is linear in k - k_F: the transform of its slope is x/sinh(x)
            x = np.asarray(np.pi * self.temperature * j / self._velocity, dtype=np.float64)
            return np.asarray(self.filling * np.sinc(self.filling * j) * _over_sinh(x))
        momenta, occupied = self._occupation(count)
        # C_0j = (1/N) sum n(k) cos kj, the momenta being 2 pi n/N
        found = np.fft.fft(occupied).real / len(momenta)
        return np.asarray(found[:count])

    @property
    def _cold(self) -> bool:
        """Whether an infinite chain is so cold that its momenta would be too many."""
        return self.sites is None and 80 * self.hopping / self.temperature > MOST

    @property
    def _velocity(self) -> float:
        """v = dE/dk at k_F."""
        return 2 * self.hopping * math.sin(math.pi * self.filling)

    def _occupation(self, count: int) -> tuple[Array, Array]:
        """Momenta and n(k) at T > 0, with the chemical potential of the filling."""
        size = self.sites
        if size is None:
            size = max(MOMENTA, 4 * count, 2 ** math.ceil(math.log2(80 * self.hopping / self.temperature + 1)))
        momenta = 2 * np.pi * np.arange(size) / size
        energy = -2 * self.hopping * np.cos(momenta)

        def excess(mu: float) -> float:
            return float(expit((mu - energy) / self.temperature).mean() - self.filling)

        reach = 2 * self.hopping + self.temperature * (2 + abs(math.log(self.filling / (1 - self.filling))))
        mu = 0.0 if self.filling == 0.5 else float(brentq(excess, -reach, reach, xtol=1e-15, rtol=1e-15))
        return momenta, expit((mu - energy) / self.temperature)

    def thermal_entropy(self) -> float:
        """The thermal entropy of a site, what S(l)/l tends to."""
        if self.temperature == 0:
            return 0.0
        if self._cold:
            return math.pi * self.temperature / (3 * self._velocity)
        _, occupied = self._occupation(1)
        return float(_binary(occupied).mean())


def _over_sinh(x: Array) -> Array:
    """x/sinh(x), 1 at 0 and 0 far away."""
    safe = np.clip(x, 1e-8, 700.0)
    return np.where(x < 1e-8, 1.0, safe / np.sinh(safe))


def entanglement_entropy(chain: Chain, lengths: Sequence[int]) -> Array:
    """S of blocks of given numbers of sites.

    Args:
        chain: the state.
        lengths: numbers of sites, each at least 1.

    Raises:
        DataError: for lengths that are not positive whole numbers, or longer than the chain.
    """
    whole = [int(one) for one in lengths]
    if not whole or any(one < 1 or one != given for one, given in zip(whole, lengths, strict=True)):
        raise DataError("lengths of blocks are whole numbers from 1 on", mend="give range(2, 81), say")
    row = chain.correlations(max(whole))
    return np.array([_entropy(row[:one]) for one in whole])


def _entropy(row: Array) -> float:
    """S of the Toeplitz matrix with a given first row, from its even and odd vectors."""
    return float(sum(_binary(eigvalsh(block, check_finite=False, driver="evd")).sum() for block in _halves(row)))


def _halves(row: Array) -> list[Array]:
    """A symmetric Toeplitz matrix on vectors that are even and odd about its centre."""
    count = len(row)
    half = count // 2
    upper = toeplitz(row[:half])
    # entries from the first half to the second one in reverse order: C_(i, count-1-j)
    across = row[np.abs(count - 1 - np.arange(half)[:, None] - np.arange(half))]
    if count % 2 == 0:
        return [upper + across, upper - across]
    even = np.empty((half + 1, half + 1))
    even[:half, :half] = upper + across
    even[half, :half] = even[:half, half] = math.sqrt(2) * row[half - np.arange(half)]
    even[half, half] = row[0]
    return [even, upper - across] if half else [even]


def _binary(occupied: Array) -> Array:
    """-z log z - (1 - z) log(1 - z); eigenvalues leave [0, 1] by rounding only."""
    inside = np.clip(occupied, 0.0, 1.0)
    return np.asarray(-xlogy(inside, inside) - xlogy(1 - inside, 1 - inside))


def write_csv(path: str | Path, chain: Chain, lengths: Sequence[int]) -> Path:
    """Lengths and entropies as a CSV file with a header, as fits and reconstructions read them; whole or not at all.

    Raises:
        OutputError: where it cannot be written.
    """
    entropy = entanglement_entropy(chain, lengths)
    stream = io.StringIO()
    stream.write(f"# free-fermion chain: {chain}\n")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["l", "S"])
    writer.writerows((one, repr(float(s))) for one, s in zip(lengths, entropy, strict=True))
    return write_text(path, stream.getvalue(), "the data cannot be written")
