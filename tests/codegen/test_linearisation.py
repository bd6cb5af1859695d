"""The symbolic linearisation against automatic differentiation of the residuals, entry by entry.

For d_jets the couplings are composed with the fields, so V_{k+1} d(argument) is in it; d_couplings is at fixed
fields, d_parameters at fixed fields and couplings. An entry that is not there must be zero.
"""

import pytest
import torch

from holosym.codegen import ir
from holosym.dsl.symbols import AppliedCoupling

RELATIVE = 1e-11


def leaves(values):
    """The same tensors as independent variables."""
    return {name: tuple(v.detach().clone().requires_grad_() for v in jets) for name, jets in values.items()}


def slopes(residual, variables):
    """d residual / d variable at every point of the batch; zeros where it does not depend on it."""
    if not residual.requires_grad:
        return [torch.zeros_like(residual) for _ in variables]
    found = torch.autograd.grad(residual.sum(), variables, allow_unused=True, retain_graph=True)
    return [torch.zeros_like(v) if g is None else g for g, v in zip(found, variables, strict=True)]


def largest_error(entries, residual, variables):
    """The largest difference from automatic differentiation, relative to the largest derivative."""
    exact = slopes(residual, variables)
    scale = max([float(e.abs().max()) for e in exact], default=0.0) or 1.0
    zero = torch.zeros_like(exact[0])
    assert all(0 <= i < len(variables) for i in entries)
    return max(float((entries.get(i, zero) - e).abs().max()) for i, e in enumerate(exact)) / scale


def linearised(case, at):
    return case.package.linearisation(at.coordinates, at.jets, at.couplings(), at.parameters)


def test_d_jets(case, points):
    at = points(case.package)
    d_jets, _, _ = linearised(case, at)
    jets = leaves(at.jets)
    found = case.package.residuals(at.coordinates, jets, at.couplings(jets=jets), at.parameters)
    assert list(d_jets) == list(found)
    for equation, residual in found.items():
        assert set(d_jets[equation]) <= set(jets)
        for profile, entries in jets.items():
            error = largest_error(d_jets[equation].get(profile, {}), residual, entries)
            assert error < RELATIVE, (equation, profile)


def test_d_couplings(case, points):
    at = points(case.package)
    _, d_couplings, _ = linearised(case, at)
    couplings = leaves(at.couplings())
    found = case.package.residuals(at.coordinates, at.jets, couplings, at.parameters)
    assert list(d_couplings) == list(found)
    for equation, residual in found.items():
        assert set(d_couplings[equation]) <= set(couplings)
        for coupling, entries in couplings.items():
            error = largest_error(d_couplings[equation].get(coupling, {}), residual, entries)
            assert error < RELATIVE, (equation, coupling)


def test_d_parameters(case, points):
    at = points(case.package)
    _, _, d_parameters = linearised(case, at)
    parameters = {name: v.clone().requires_grad_() for name, v in at.parameters.items()}
    couplings = {name: tuple(v.detach() for v in jets) for name, jets in at.couplings().items()}
    found = case.package.residuals(at.coordinates, at.jets, couplings, parameters)
    assert list(d_parameters) == list(found)
    for equation, residual in found.items():
        assert set(d_parameters[equation]) <= set(parameters)
        for name, variable in parameters.items():
            entry = d_parameters[equation].get(name)
            error = largest_error({} if entry is None else {0: entry}, residual, [variable])
            assert error < RELATIVE, (equation, name)


def test_something_is_tested(case, points):
    """Every profile stands in some equation, with a slope that is not zero."""
    if not case.package.EQUATIONS:
        return  # a bare metric
    at = points(case.package)
    d_jets, d_couplings, d_parameters = linearised(case, at)
    in_equations = {p for by_profile in d_jets.values() for p, entries in by_profile.items() if entries}
    assert in_equations == set(case.package.PROFILES)
    used = {c for by_coupling in d_couplings.values() for c, entries in by_coupling.items() if entries}
    assert used == set(case.package.COUPLINGS)
    in_none = set(case.package.PARAMETERS) - {p for by_name in d_parameters.values() for p in by_name}
    in_couplings = {s.name for form in case.model.couplings.values() for s in form.free_symbols}
    for residual in case.system.residuals.values():
        in_couplings |= {s.name for applied in residual.atoms(AppliedCoupling) for s in applied.free_symbols}
    assert in_none <= in_couplings


def test_the_chain_through_couplings_is_in_d_jets(generated, points):
    """d(residual of phi)/d(phi) holds V'': without the couplings' dependence it would be another number."""
    case = generated("einstein_scalar_ads5")
    at = points(case.package)
    d_jets, _, _ = linearised(case, at)
    jets = leaves(at.jets)
    fixed = at.couplings()
    residual = case.package.residuals(at.coordinates, jets, fixed, at.parameters)["phi"]
    assert largest_error(d_jets["phi"]["phi"], residual, jets["phi"]) > 1e-3


def test_a_lost_term_is_seen(monkeypatch, fresh, points):
    """The derivative with respect to a coupling's jet taken for zero: the comparison notices."""
    original = ir.partial
    monkeypatch.setattr(
        ir, "partial", lambda ring, variable, hold=None: original(ring, variable, hold or ir._is_coupling)
    )
    with pytest.raises(AssertionError, match="phi"):
        test_d_jets(fresh("emd_axion"), points)
