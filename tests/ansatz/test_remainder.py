"""Numbers with a remainder, against the same functions in fifty digits."""

import mpmath
import pytest
import torch

from holosym.ansatz.remainder import from_powers, monomial

WINDOW = 6
X = torch.tensor([1e-3, 0.05, 0.4, 0.9, 1.0], dtype=torch.float64)
A = {0: 1.3, 1: 0.7, 3: -0.2, 9: 0.5}
P = {1: 0.6, 2: -0.3, 7: 0.5}


def number(coefficients):
    return from_powers(X, WINDOW, {k: torch.full_like(X, c) for k, c in coefficients.items()})


def exact(coefficients):
    return lambda x: sum(mpmath.mpf(c) * x**k for k, c in coefficients.items())


a, p, big_a, big_p = number(A), number(P), exact(A), exact(P)
CASES = {
    "product": (lambda: a * a * p, lambda x: big_a(x) ** 2 * big_p(x)),
    "sum": (lambda: 2 - a * p + p / a, lambda x: 2 - big_a(x) * big_p(x) + big_p(x) / big_a(x)),
    "inverse": (lambda: 1 / a, lambda x: 1 / big_a(x)),
    "powers": (lambda: a**-2 * p**3, lambda x: big_p(x) ** 3 / big_a(x) ** 2),
    "root": (lambda: torch.sqrt(a), lambda x: mpmath.sqrt(big_a(x))),
    "log": (lambda: torch.log(a), lambda x: mpmath.log(big_a(x))),
    "exp": (lambda: torch.exp(3 * p), lambda x: mpmath.exp(3 * big_p(x))),
    "exp of a constant and more": (lambda: torch.exp(-2 * a), lambda x: mpmath.exp(-2 * big_a(x))),
    "cosh": (lambda: torch.cosh(p), lambda x: mpmath.cosh(big_p(x))),
    "sinh": (lambda: torch.sinh(p), lambda x: mpmath.sinh(big_p(x))),
    "tanh": (lambda: torch.tanh(p), lambda x: mpmath.tanh(big_p(x))),
}


@pytest.mark.parametrize("name", CASES)
def test_what_stands_above_the_window_keeps_its_digits(name):
    """f - (its Taylor polynomial of degree 5), divided by x^6: plain arithmetic has no digit of it at x = 0.001."""
    compute, function = CASES[name]
    found = compute().above(WINDOW)
    with mpmath.workdps(50):
        taylor = mpmath.taylor(function, 0, WINDOW - 1)[::-1]
        for x, value in zip(X.tolist(), found.tolist(), strict=True):
            expected = (function(mpmath.mpf(x)) - mpmath.polyval(taylor, mpmath.mpf(x))) / mpmath.mpf(x) ** WINDOW
            assert value == pytest.approx(float(expected), rel=1e-13)


def test_equal_terms_cancel_exactly():
    difference = (p * p - monomial(X, WINDOW, 1) * p * 0.6).above(3)
    torch.testing.assert_close(difference, (number(P).value * (P[2] * X**2 + P[7] * X**7)) / X**3, rtol=1e-12, atol=0)


def test_unknown_functions_are_refused():
    with pytest.raises(TypeError, match=r"torch.atan is not known"):
        torch.atan(p)
    with pytest.raises(TypeError, match="singular"):
        (1 / p).exp()
