"""Functions of one form in one pass: values and gradients as one by one."""

import torch

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev_function import ChebyshevFunction
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
