"""The free-fermion chain: published numbers, exact symmetries, an independent thermal entropy, a brute-force chain."""

import itertools
import math

import numpy as np
import pytest
from scipy.linalg import eigvalsh, toeplitz

from holosym.data.tight_binding import Chain, entanglement_entropy, write_csv
from holosym.errors import DataError, OutputError

JIN_KOREPIN = 0.4950179


def entropy(chain, *lengths):
    return entanglement_entropy(chain, lengths)


def test_published_numbers():
    assert entropy(Chain(), 10, 100) == pytest.approx([1.493424, 2.261122], abs=5e-7)


@pytest.mark.parametrize("filling", [0.1, 0.3, 0.5, 0.8])
def test_long_blocks(filling):
    """S = (1/3) log(2 l sin(pi nu)) + 0.4950179 (Jin and Korepin 2004), up to 1/l^2."""
    expected = math.log(2 * 1000 * math.sin(math.pi * filling)) / 3 + JIN_KOREPIN
    assert entropy(Chain(filling=filling), 1000) == pytest.approx([expected], abs=2e-6)


@pytest.mark.parametrize("count", [1, 2, 5, 8])
@pytest.mark.parametrize("temperature", [0.0, 0.3])
def test_halves_of_the_matrix(count, temperature):
    """Even and odd vectors have all eigenvalues between them."""
    chain = Chain(filling=0.4, temperature=temperature)
    z = eigvalsh(toeplitz(chain.correlations(count)))
    expected = -(z * np.log(z) + (1 - z) * np.log(1 - z)).sum()
    assert entropy(chain, count) == pytest.approx([expected], abs=1e-12)


def test_by_many_body_states():
    """Six sites, three fermions: the ground state as a vector of 20 Slater determinants, reduced by brute force."""
    sites, fermions, block = 6, 3, 2
    states = list(itertools.combinations(range(sites), fermions))
    momenta = 2 * np.pi * np.array([-1, 0, 1]) / sites
    orbitals = np.exp(1j * np.outer(momenta, np.arange(sites))) / math.sqrt(sites)
    amplitude = {s: np.linalg.det(orbitals[:, list(s)]) for s in states}
    inside = {}
    for state, value in amplitude.items():
        key = tuple(i for i in state if i < block), tuple(i for i in state if i >= block)
        inside[key] = value
    left = sorted({a for a, _ in inside})
    right = sorted({b for _, b in inside})
    matrix = np.array([[inside.get((a, b), 0) for b in right] for a in left])
    weights = np.linalg.svd(matrix, compute_uv=False) ** 2
    weights = weights[weights > 1e-14]
    expected = -(weights * np.log(weights)).sum()
    assert weights.sum() == pytest.approx(1)
    assert entropy(Chain(filling=0.5, sites=sites), block) == pytest.approx([expected], abs=1e-12)


def test_a_pure_state_is_symmetric():
    chain = Chain(filling=51 / 102, sites=102)
    assert entropy(chain, 20, 33) == pytest.approx(entropy(chain, 82, 69), abs=1e-9)


def test_a_finite_chain():
    """S = (1/3) log[(2 L/pi) sin(pi l/L)] + 0.4950179, up to 1/l^2."""
    sites, lengths = 1002, np.array([100, 300, 501])
    expected = np.log(2 * sites / np.pi * np.sin(np.pi * lengths / sites)) / 3 + JIN_KOREPIN
    assert entropy(Chain(filling=501 / 1002, sites=sites), *lengths) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("filling", [0.5, 0.25])
def test_the_thermal_entropy(filling):
    """A long block grows by the thermal entropy of a site, -int dk/2pi [n log n + (1 - n) log(1 - n)]."""
    chain = Chain(filling=filling, temperature=0.1)
    first, second = entropy(chain, 200, 201)
    assert second - first == pytest.approx(chain.thermal_entropy(), abs=1e-9)


def test_the_filling_is_kept_at_temperature():
    assert Chain(filling=0.2, temperature=0.3).correlations(1)[0] == pytest.approx(0.2, abs=1e-12)


def test_low_temperatures_are_the_ground_state():
    assert entropy(Chain(temperature=1e-4), 20) == pytest.approx(entropy(Chain(), 20), abs=1e-5)


def test_one_site():
    """A site that is full with probability 1/2."""
    assert entropy(Chain(), 1) == pytest.approx([math.log(2)])


@pytest.mark.slow
def test_ten_thousand_sites():
    assert entropy(Chain(), 10_000) == pytest.approx([math.log(20_000) / 3 + JIN_KOREPIN], abs=1e-6)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"filling": 1.0}, "not between 0 and 1"),
        ({"temperature": -0.1}, "not 0 or positive"),
        ({"hopping": 0.0}, "not positive"),
        ({"sites": 1}, "no block"),
        ({"filling": 0.5, "sites": 100}, "is unique for odd numbers"),
    ],
)
def test_chains_that_are_refused(values, said):
    with pytest.raises(DataError, match=said) as caught:
        Chain(**values)
    assert caught.value.mend


@pytest.mark.parametrize("lengths", [(), (0,), (2.5,)])
def test_lengths_that_are_refused(lengths):
    with pytest.raises(DataError, match="whole numbers"):
        entanglement_entropy(Chain(), lengths)


def test_a_block_longer_than_the_chain():
    with pytest.raises(DataError, match="longer than the chain"):
        entropy(Chain(filling=0.3, temperature=0.1, sites=10), 11)


def test_a_file(tmp_path):
    path = write_csv(tmp_path / "chain.csv", Chain(), range(2, 6))
    comment, header, *rows = path.read_text().splitlines()
    assert comment.startswith("#")
    assert header == "l,S"
    assert [float(row.split(",")[1]) for row in rows] == entropy(Chain(), 2, 3, 4, 5).tolist()
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OutputError):
        write_csv(blocked / "chain.csv", Chain(), [2])


def test_a_cold_chain_needs_no_more_memory():
    """Below some temperature by Sommerfeld's expansion: beside many momenta at T = 2.5e-5, and the ground state."""
    warm, cold, ground = (entanglement_entropy(Chain(temperature=t), [2, 30, 300]) for t in (2.5e-5, 1.9e-5, 0.0))
    # S - S_0 goes like T^2
    assert (cold - ground).tolist() == pytest.approx(((warm - ground) * (1.9 / 2.5) ** 2).tolist(), rel=2e-3, abs=1e-11)
    assert entanglement_entropy(Chain(temperature=1e-12), [300])[0] == pytest.approx(ground[2], abs=1e-12)
    assert Chain(temperature=1.9e-5).thermal_entropy() == pytest.approx(
        Chain(temperature=2.5e-5).thermal_entropy() * 1.9 / 2.5, rel=1e-6
    )


@pytest.mark.parametrize("wrong", [{"hopping": float("inf")}, {"sites": 10.5}])
def test_chains_that_are_none(wrong):
    with pytest.raises(DataError):
        Chain(filling=0.3, temperature=0.1, **wrong)
