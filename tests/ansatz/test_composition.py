"""A function of a number with a remainder, against that number's own exponential and a polynomial of it."""

import pytest
import torch

from holosym.ansatz.composition import compose
from holosym.ansatz.remainder import from_powers


def argument(window=4, lowest=0):
    x = torch.linspace(0.01, 0.6, 7, dtype=torch.float64)
    waves = {k: (k + 1.3) * torch.cos((k + 2.0) * x) / 3 for k in range(lowest, lowest + window + 2)}
    return from_powers(x, window, waves)


def same(one, other):
    for k in range(one.window):
        torch.testing.assert_close(one.part(k), other.part(k), rtol=1e-12, atol=1e-13)
    torch.testing.assert_close(one.above(one.window), other.above(one.window), rtol=1e-11, atol=0)


@pytest.mark.parametrize("lowest", [0, 1, 2])
@pytest.mark.parametrize("window", [1, 4, 7])
def test_the_exponential_has_the_parts_and_the_remainder_it_should(window, lowest):
    q = argument(window, lowest)
    value, third = compose(lambda u, orders: (u.exp(),) * len(orders), q, [0, 3])
    same(value, q.exp())
    same(third, q.exp())


def test_a_polynomial_beyond_the_window():
    def jet(u, orders):
        every = [u**5, 5 * u**4, 20 * u**3, 60 * u**2, 120 * u, 120 + 0 * u, *[0 * u] * 9]
        return tuple(every[order] for order in orders)

    q = argument(3)
    value, slope = compose(jet, q, [0, 1])
    same(value, q**5)
    same(slope, q**4 * 5.0)


@pytest.mark.parametrize("window", [1, 3, 6])
def test_the_remainder_of_a_polynomial_takes_few_nodes(window):
    """With n nodes the integral is exact up to degree 2n - 1; one node fewer is not."""
    asked = []

    def jet(u, orders):
        asked.append(u.shape[-2] if u.ndim > 1 else 0)
        every = [u**9]
        for k in range(9):
            every.append((9 - k) * every[-1] / u)
        return tuple((every + [0 * u] * 9)[order] for order in orders)

    q = argument(window)
    value, slope = compose(jet, q, [0, 1], 9)
    assert max(asked) == (9 - window) // 2 + 1
    same(value, q**9)
    same(slope, q**8 * 9.0)
    short = compose(jet, q, [0], 9 - 2)[0]
    exact = (q**9).above(window)
    assert ((short.above(window) - exact).abs() > 1e-9 * exact.abs()).any()


def test_a_function_of_too_few_derivatives_and_a_singular_argument_are_refused_by_type():
    def jet(u, orders):
        if max(orders) > 3:
            raise ValueError("no derivative of that order")
        return (u,) * len(orders)

    with pytest.raises(TypeError, match="that order"):
        compose(jet, argument(4), [0])
    with pytest.raises(TypeError, match="singular"):
        compose(jet, argument(4, lowest=-1), [0])
