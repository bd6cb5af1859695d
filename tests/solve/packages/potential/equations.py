"""Residuals, the sizes of their terms, and their linearisation, by hand."""

import torch


def _terms(jets, couplings, parameters):
    _, u1, u2 = jets["u"]
    v0, v1, _ = couplings["V"]
    a = parameters["a"]
    return {"u": (u2, -a * v1), "energy": (u1**2 / 2, -a * v0)}


def residuals(coordinates, jets, couplings, parameters):
    return {name: first + second for name, (first, second) in _terms(jets, couplings, parameters).items()}


def magnitudes(coordinates, jets, couplings, parameters):
    terms = _terms(jets, couplings, parameters)
    return {name: first.abs() + second.abs() for name, (first, second) in terms.items()}


def linearisation(coordinates, jets, couplings, parameters):
    u0, u1, _ = jets["u"]
    v0, v1, v2 = couplings["V"]
    a = parameters["a"]
    one = torch.ones_like(u0)
    d_jets = {"u": {"u": {0: -a * v2, 2: one}}, "energy": {"u": {0: -a * v1, 1: u1}}}
    d_couplings = {"u": {"V": {1: -a * one}}, "energy": {"V": {0: -a * one}}}
    d_parameters = {"u": {"a": -v1}, "energy": {"a": -v0}}
    return d_jets, d_couplings, d_parameters
