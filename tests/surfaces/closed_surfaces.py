"""Functionals of closed-form metrics ds^2 = z^-2 (-f dt^2 + dz^2/f + h dx^2), made by hand, without generated code."""

import math

import torch

from holosym.surfaces.functional import Functional, taylor_terms


def jet(function):
    """x -> (value, first, second derivative), differentiable once more."""

    def evaluate(x):
        wanted = torch.is_grad_enabled()
        with torch.enable_grad():
            at = x if x.requires_grad else x.detach().requires_grad_()
            value = function(at) + 0 * at
            (first,) = torch.autograd.grad(value.sum(), at, create_graph=True)
            (second,) = torch.autograd.grad((first + 0 * at).sum(), at, create_graph=True)
        found = value, first, second
        return found if wanted else tuple(one.detach() for one in found)

    return evaluate


def of_functions(radial, along, powers, kind="strip", end=1.0, ends_at="horizon", dimension=0):
    """A functional of b(x) and c(x)."""
    b, c = jet(radial), jet(along)

    def pieces(x):
        return b(x), c(x)

    terms = taylor_terms(pieces, powers[0])
    return Functional(f"{kind}_x", kind, powers, pieces, terms, end, ends_at, True, dimension)


def strip_of(dimension, f, h=None, end=1.0, ends_at="horizon"):
    """Strips: B = h^(d-2)/(z^(2d-2) f), C = h^(d-1)/z^(2d-2)."""
    h = h or torch.ones_like
    power = float(dimension - 1)
    return of_functions(
        lambda z: h(z) ** (dimension - 2) / f(z),
        lambda z: h(z) ** (dimension - 1) + 0 * z,
        (power, power),
        end=end,
        ends_at=ends_at,
        dimension=dimension,
    )


def string_of(f, end=1.0, ends_at="horizon"):
    """Strings: B = z^-4, C = f/z^4."""
    return of_functions(torch.ones_like, f, (2.0, 2.0), kind="wilson", end=end, ends_at=ends_at)


def vacuum(dimension, end=math.inf, ends_at="none"):
    """AdS."""
    return strip_of(dimension, torch.ones_like, end=end, ends_at=ends_at)
