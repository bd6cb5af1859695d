r"""The horizon's Hall matrix against the optical conductivity at low frequency, from equations written by hand.

Dyonic brane with axions, ds^2 = z^-2 (-f dt^2 + dz^2/f + dx^2 + dy^2), A = mu (1 - z) dt + B x dy, psi = beta x. For
delta A = a, delta g_tx = h/z^2, delta psi = chi, times exp(-i omega t), y-components i times the x-components:

    (f a' + A_t' h)' + omega^2 a/f - omega B h/f = 0,
    (f chi'/z^2)' + (omega^2 chi - i omega beta h)/(z^2 f) = 0,
    i omega h' = beta f chi' - i omega z^2 A_t' a + i B z^2 (f a' + A_t' h).

The diffeomorphism xi^x = e: chi + beta e, h - i omega e, a - i B e, removes the source of h. Then
sigma_xx + i sigma_xy = a'(0)/(i omega a(0)). Ingoing: a, chi, h/f are (1 - z)^(-i omega/(4 pi T)) times regular.
"""

import numpy as np
import pytest
from transport_theories import found

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square

NODES = 32


def chebyshev(n):
    """Nodes on [0, 1], z = 0 first, and the differentiation matrix (Trefethen 2000, chapter 6)."""
    x = np.cos(np.pi * np.arange(n + 1) / n)
    c = np.hstack([2, np.ones(n - 1), 2]) * (-1) ** np.arange(n + 1)
    gap = x[:, None] - x[None, :] + np.eye(n + 1)
    D = np.outer(c, 1 / c) / gap
    D -= np.diag(D.sum(axis=1))
    return (1 - x) / 2, -2 * D


def optical(mu, B, beta, omega):
    """sigma_xx + i sigma_xy at one frequency."""
    z, D = chebyshev(NODES)
    q = (mu**2 + B**2) / 4
    m = 1 - beta**2 / 2 + q
    f, df = 1 - beta**2 * z**2 / 2 - m * z**3 + q * z**4, -(beta**2) * z - 3 * m * z**2 + 4 * q * z**3
    temperature = -df[-1] / (4 * np.pi)
    nu = -1j * omega / (4 * np.pi * temperature)
    g = np.where(z < 1, f / np.where(z < 1, 1 - z, 1), -df[-1])  # f/(1 - z)
    one, slope = np.eye(NODES + 1), -mu

    def up(k):
        """(1 - z) d/dz on (1 - z)^k times a regular function, with the power taken out."""
        return np.diag(1 - z) @ D - k * one

    w = np.diag
    u = up(nu)
    flux = w(g) @ u  # f a' = (1 - z)^nu g u alpha
    h, dh = w(f), up(nu + 1) @ w(g)  # h = (1 - z)^nu f eta, h' = (1 - z)^nu up(nu + 1) g eta
    maxwell = [w(g) @ u @ flux + omega**2 * one, 0 * one, slope * w(g) @ u @ h - omega * B * h]
    axion = [0 * one, w(g * z) @ u @ flux - 2 * w(f) @ flux + omega**2 * w(z), -1j * omega * beta * w(z) @ h]
    einstein = [
        1j * omega * slope * w(z**2) - 1j * B * w(z**2) @ flux,
        -beta * flux,
        1j * omega * dh - 1j * B * slope * w(z**2) @ h,
    ]
    n = NODES + 1
    matrix, right = np.block([maxwell, axion, einstein]).astype(complex), np.zeros(3 * n, complex)
    for row in (0, n):  # of second order: both sides vanish at the horizon, their slopes must agree there
        matrix[row + n - 1] = D[-1] @ matrix[row : row + n]
        matrix[row] = 0
    matrix[0, 0], right[0] = 1, 1  # a(0) = 1
    matrix[n, n], matrix[n, 2 * n] = 1j * omega / beta, 1  # h(0) + i omega chi(0)/beta = 0
    solved = np.linalg.solve(matrix, right)
    a, chi = solved[:n], solved[n : 2 * n]
    current = D[0] @ a - nu * a[0]
    return current / (1j * omega * (a[0] + 1j * B * chi[0] / beta))


def horizon(mu, B, beta):
    """The same from the horizon."""
    t, x, y, z = coordinates("t x y z")
    f, a = profiles("f A_t", z)
    b, k = parameters("B beta", real=True)
    A = gauge_field("A", a * d(t) + b * x * d(y))
    psi = [scalar("psi_x", k * x), scalar("psi_y", k * y)]
    theory = Theory(
        name="dyonic_axions",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(A)) / 4 - (square(d(psi[0])) + square(d(psi[1]))) / 2,
        radial=z,
    )
    values = {n: v.subs({a.diff(z): -mu, b: B, k: beta, z: 1}) for n, v in found(theory).items()}
    return complex(values["sigma_xx"] + 1j * values["sigma_xy"])


@pytest.mark.parametrize(("mu", "B", "beta"), [(1.0, 0.5, 0.8), (0.4, -1.2, 1.1), (1.5, 0.3, 0.6)])
def test_hall_matrix_from_low_frequency(mu, B, beta):
    """sigma(omega) is analytic at 0; from its even part at omega and 2 omega, O(omega^4) is left."""

    def even(omega):
        return (optical(mu, B, beta, omega) + optical(mu, B, beta, -omega)) / 2

    omega = 5e-4
    extrapolated = (4 * even(omega) - even(2 * omega)) / 3
    assert abs(even(omega) - extrapolated) > 1e-7  # the frequency does matter
    assert abs(extrapolated - horizon(mu, B, beta)) < 1e-8 * abs(extrapolated)
