"""Networks: jets and sensitivities against nested derivatives of the plain network, written out again here."""

import itertools
import math

import pytest
import torch

from holosym.ansatz.mlp import Mlp

PLAIN = {"tanh": torch.tanh, "silu": torch.nn.functional.silu, "sin": torch.sin}
CASES = [("tanh", (7, 5), 1.0), ("tanh", (4,), 1.0), ("silu", (6, 3, 4), 1.0), ("sin", (5, 6), 3.0)]


def plain(net, theta, x):
    """The network at one point x, layer by layer, as torch.nn.Linear would have it."""
    a, b = net.interval
    z = ((2 * x - a - b) / (b - a)).reshape(1)
    sizes, start = (1, *net.widths, 1), 0
    for layer, (m, n) in enumerate(itertools.pairwise(sizes)):
        weight, bias = theta[start : start + m * n].reshape(n, m), theta[start + m * n : start + m * n + n]
        start += m * n + n
        z = torch.nn.functional.linear(z, weight, bias)
        z = PLAIN[net.activation](net.omega * z) if layer < len(net.widths) else z
    assert start == theta.shape[0] == net.size
    return z[0]


def nested(net, order):
    """The derivative of `order` of the plain network with respect to x, by reverse mode within reverse mode."""

    def function(theta, x):
        return plain(net, theta, x)

    for _ in range(order):
        function = torch.func.jacrev(function, argnums=1)
    return function


def coefficients(net, *shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.stack([net.initial(generator) for _ in range(math.prod(shape))]).reshape(*shape, net.size)


@pytest.mark.parametrize(("activation", "widths", "omega"), CASES)
def test_jets_and_sensitivities_are_nested_derivatives_also_outside_the_interval(activation, widths, omega):
    net = Mlp(widths, (-1.0, 2.0), activation, omega)
    theta = coefficients(net)
    x = torch.tensor([-1.0, -0.3, 0.5, 2.0, 3.5], dtype=torch.float64)
    jet, rows = net.jet(theta, x, 4), net.sensitivity(theta, x, 4)
    for order in range(5):
        function = nested(net, order)
        exact = torch.func.vmap(function, (None, 0))(theta, x)
        by_theta = torch.func.vmap(torch.func.jacrev(function), (None, 0))(theta, x)
        torch.testing.assert_close(jet[order], exact, rtol=1e-11, atol=1e-12 * float(exact.abs().max()))
        torch.testing.assert_close(rows[order], by_theta, rtol=1e-11, atol=1e-12 * float(by_theta.abs().max()))


@pytest.mark.parametrize("order", [0, 1, 2])
def test_lower_orders_are_the_beginning_of_higher_ones(order):
    net = Mlp((5, 4))
    theta, x = coefficients(net), torch.linspace(0, 1, 4, dtype=torch.float64)
    assert len(net.jet(theta, x, order)) == len(net.sensitivity(theta, x, order)) == order + 1
    for found, full in ((net.jet, net.jet), (net.sensitivity, net.sensitivity)):
        for low, high in zip(found(theta, x, order), full(theta, x, 3), strict=False):
            torch.testing.assert_close(low, high)


@pytest.mark.parametrize(
    ("coefficient_axes", "point_axes"), [((3,), ()), ((), (3,)), ((3,), (3,)), ((3, 1), (2,)), ((2, 3), (3,))]
)
def test_leading_axes_broadcast_as_one_network_at_a_time(coefficient_axes, point_axes):
    net = Mlp((4, 3))
    theta = coefficients(net, *coefficient_axes)
    x = torch.rand(*point_axes, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    leading = torch.broadcast_shapes(coefficient_axes, point_axes)
    jet, rows = net.jet(theta, x, 2), net.sensitivity(theta, x, 2)
    each_theta, each_x = theta.expand(*leading, net.size), x.expand(*leading, 6)
    for k in range(3):
        assert jet[k].shape == (*leading, 6)
        assert rows[k].shape == (*leading, 6, net.size)
        for place in itertools.product(*map(range, leading)):
            torch.testing.assert_close(jet[k][place], net.jet(each_theta[place], each_x[place], 2)[k])
            torch.testing.assert_close(rows[k][place], net.sensitivity(each_theta[place], each_x[place], 2)[k])


@pytest.mark.parametrize("activation", sorted(PLAIN))
def test_autograd_passes_through_jets_and_sensitivities(activation):
    net = Mlp((3, 2), activation=activation)
    theta = coefficients(net, 2).requires_grad_()
    x = torch.tensor([0.1, 0.8], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda t, y: net.jet(t, y, 2), (theta, x))
    assert torch.autograd.gradcheck(lambda t, y: net.sensitivity(t, y, 1), (theta, x))
    assert torch.autograd.gradgradcheck(lambda t, y: net.jet(t, y, 1), (theta[:1].detach().requires_grad_(), x))


def test_blocks_lay_out_the_coefficients():
    net = Mlp((32, 32))
    assert net.blocks == ((32, 1), (32,), (32, 32), (32,), (1, 32), (1,))
    assert net.size == 1153


@pytest.mark.parametrize(("activation", "omega"), [("tanh", 1.0), ("silu", 1.0), ("sin", 5.0)])
def test_initial_networks_depend_on_the_generator_alone_and_stay_in_their_bounds(activation, omega):
    net = Mlp((40, 30), activation=activation, omega=omega)
    one, again, other = coefficients(net, seed=3), coefficients(net, seed=3), coefficients(net, seed=4)
    torch.random.manual_seed(12)
    assert one.dtype == torch.float64
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    weights = one[80 : 80 + 1200]
    bound = math.sqrt(6 / 40) / omega if activation == "sin" else math.sqrt(6 / 70)
    assert 0.9 * bound < weights.abs().max() <= bound


def test_a_high_frequency_network_varies_faster():
    x = torch.linspace(0, 1, 200, dtype=torch.float64)
    slopes = []
    for omega in (1.0, 10.0):
        net = Mlp((32, 32), activation="sin", omega=omega)
        u, d = net.jet(coefficients(net, 8), x, 1)
        slopes.append(float(d.std() / u.std()))
    assert slopes[1] > 3 * slopes[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"widths": ()}, "hidden layers"),
        ({"widths": (3, 0)}, "hidden layers"),
        ({"activation": "relu"}, "relu"),
        ({"omega": 0.0}, "omega"),
        ({"interval": (1.0, 1.0)}, "interval"),
    ],
)
def test_networks_that_cannot_be_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        Mlp(**changes)
