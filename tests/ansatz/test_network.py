"""The derivative of networks written out by hand: beside automatic differentiation of the same pass, and mapped."""

import pytest
import torch

from holosym.ansatz.mlp import Mlp
from holosym.ansatz.network import _outgoing, hidden, jets

NETS = [Mlp((6,)), Mlp((5, 4)), Mlp((1, 3), activation="silu"), Mlp((4, 3, 5), (0.0, 2.0), "sin", 3.0)]
IDS = ["one layer", "two layers", "a layer of one", "three layers"]


def draw(net, *leading, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*leading, net.size, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("net", NETS, ids=IDS)
@pytest.mark.parametrize("points", [1, 7])
@pytest.mark.parametrize("order", [0, 1, 2, 4])
def test_the_gradient_is_that_of_autograd(net, order, points):
    form, theta = net._form, draw(net, 3).requires_grad_()
    s = torch.linspace(-1, 1, points, dtype=torch.float64)[None].requires_grad_()
    layers = form.layers(theta)
    exact, ours = _outgoing(layers, hidden(layers, s, form, order)[0][-1], order), jets(theta, s, form, order)
    weigh = [draw(Mlp((points,)), 3, seed=k)[:, :points] for k in range(order + 1)]
    for one, other in zip(ours, exact, strict=True):
        assert torch.equal(one, other)
    found = torch.autograd.grad(sum((w * u).sum() for w, u in zip(weigh, ours, strict=True)), (theta, s))
    right = torch.autograd.grad(sum((w * u).sum() for w, u in zip(weigh, exact, strict=True)), (theta, s))
    for one, other in zip(found, right, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12 * float(other.abs().max()))


@pytest.mark.parametrize("net", NETS, ids=IDS)
def test_the_gradient_can_be_differentiated(net):
    theta = draw(net, 2).requires_grad_()
    x = torch.tensor([0.1, 0.7, 0.9], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda t, y: net.jet(t, y, 2), (theta, x), fast_mode=True)
    assert torch.autograd.gradgradcheck(lambda t, y: net.jet(t, y, 2), (theta, x), fast_mode=True)


@pytest.mark.parametrize("axes", [(0, None), (None, 0), (0, 1), (1, 0)])
def test_mapped_over_networks_and_points(axes):
    net = Mlp((5, 4))
    theta, x = draw(net, 3, 3), torch.rand(3, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)

    def rows(t, y):
        return torch.stack(net.jet(t, y, 2))

    mapped = torch.func.vmap(rows, axes)(theta, x)
    slopes = torch.func.vmap(torch.func.jacrev(lambda t, y: rows(t, y).sum(1)), axes)(theta, x)
    for i in range(3):
        t = theta if axes[0] is None else theta.select(axes[0], i)
        y = x if axes[1] is None else x.select(axes[1], i)
        torch.testing.assert_close(mapped[i], rows(t, y))
        exact = torch.autograd.functional.jacobian(lambda t, y=y: rows(t, y).sum(1), t)
        torch.testing.assert_close(slopes[i], exact)
