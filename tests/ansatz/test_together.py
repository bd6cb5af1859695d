"""Functions of one form in one pass, and a network's layer: values, gradients and second derivatives as one by one."""

import torch

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.layer import _forward, joined, layer
from holosym.ansatz.mlp import Mlp
from holosym.ansatz.together import jets_together

NET = Mlp((5, 4))
ENDS = torch.tensor([1.0, -2.0], dtype=torch.float64)
FUNCTIONS = {
    "a": NET,
    "b": Anchored(NET, {0.0: 1, 1.0: 1}, ENDS),
    "c": ChebyshevFunction(6),
    "d": Anchored(Mlp((5, 4)), {0.0: 2}, ENDS),
}


def test_jets_and_gradients_are_those_of_each_alone():
    generator = torch.Generator().manual_seed(2)
    x = torch.linspace(0, 1, 7, dtype=torch.float64)
    thetas = {
        name: torch.stack([one.initial(generator) for _ in range(3)]).requires_grad_()
        for name, one in FUNCTIONS.items()
    }
    together = jets_together(FUNCTIONS, thetas, x, 2)
    assert list(together)
    assert set(together) == set(FUNCTIONS)
    for name, one in FUNCTIONS.items():
        alone = one.jet(thetas[name], x, 2)
        for ours, theirs in zip(together[name], alone, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-13, atol=1e-13)
        (ours,) = torch.autograd.grad(sum(k.sin().sum() for k in together[name]), thetas[name], retain_graph=True)
        (theirs,) = torch.autograd.grad(sum(k.sin().sum() for k in alone), thetas[name])
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


def test_the_gradient_of_a_layer_by_hand_is_that_of_autograd_and_differentiable():
    generator = torch.Generator().manual_seed(3)
    draw = [torch.randn(*s, generator=generator, dtype=torch.float64) for s in ((2, 3, 4), (2, 3, 1))]
    entering = joined([torch.randn(4, 5, generator=generator, dtype=torch.float64) for _ in range(3)])
    leaves = [one.requires_grad_() for one in (*draw, entering)]
    for activation, omega in (("tanh", 1.0), ("silu", 1.0), ("sin", 3.0)):

        def ours(w, b, z, activation=activation, omega=omega):
            return layer(w, b, z, activation, 2, omega)

        assert torch.autograd.gradcheck(ours, leaves, fast_mode=True)
        assert torch.autograd.gradgradcheck(ours, leaves, fast_mode=True)
        torch.testing.assert_close(ours(*leaves), _forward(*leaves, activation, 2, omega)[0], rtol=0, atol=0)


def test_many_points_in_pieces_give_the_same(monkeypatch):
    theta = NET.initial(torch.Generator().manual_seed(4)).requires_grad_()
    x = torch.linspace(0, 1, 11, dtype=torch.float64)
    whole = NET.jet(theta, x, 2)
    monkeypatch.setattr("holosym.ansatz.mlp._PIECE", 60)
    pieces = NET.jet(theta, x, 2)
    for one, other in zip(whole, pieces, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-13, atol=1e-13)
    (one,) = torch.autograd.grad(sum(k.sin().sum() for k in whole), theta)
    (other,) = torch.autograd.grad(sum(k.sin().sum() for k in pieces), theta)
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)
