"""The optional files of a package: which of them a theory has, their templates' contexts, and why others are absent.

horizon.py         the regular expansion at the horizon
boundary.py        the boundary series
thermodynamics.py  quantities of the horizon, radially conserved ones, quantities of the boundary
transport.py       DC conductivities
entanglement.py    surfaces of entanglement entropy, strings of Wilson loops
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sympy import Symbol

from holosym.codegen.ir import PackageIR, build
from holosym.codegen.observables import Observables, reason
from holosym.codegen.quantities import HorizonBlocks, described, local_context
from holosym.codegen.series_code import BoundaryBlocks, boundary_function, numeric
from holosym.codegen.surface_code import SurfaceBlocks
from holosym.derive.system import EquationSystem
from holosym.dsl.symbols import Parameter
from holosym.errors import ExpansionError, PrinterError, RingError
from holosym.jets.element import Element

Context = dict[str, Any]


def built(system: EquationSystem, known: Observables) -> tuple[PackageIR, Observables]:
    """The package of a system with all that is to become code; without the rest, where that cannot be written."""
    try:
        return build(system, tuple(_elements(known)), _symbols(known)), known
    except (PrinterError, RingError) as error:
        ir = build(system)  # where the equations themselves cannot be written this says so
        lost = dict.fromkeys(("horizon", "at_horizon", "conserved", "transport", "surfaces"), reason(error))
        bare = replace(
            known,
            horizon=None,
            at_horizon=(),
            conserved=(),
            transport=(),
            surfaces=None,
            reasons={**known.reasons, **lost},
        )
        return ir, bare


def _elements(known: Observables) -> Iterable[Element]:
    for _, above, below in known.horizon.values if known.horizon else ():
        yield above
        yield below
    for quantity in known.local:
        yield quantity.numerator
        yield quantity.denominator
    if known.surfaces is not None:
        yield from known.surfaces.line
        for one in known.surfaces.surfaces:
            yield from (*one.radial, *one.along)


def _symbols(known: Observables) -> set[Symbol]:
    """Parameters that stand in boundary data alone."""
    if known.boundary is None:
        return set()
    found = [t.coefficient for terms in known.boundary.series.values() for t in terms]
    found += [one.value for one in known.boundary.taylor if one.value is not None]
    found += [quantity.value for quantity in known.at_boundary]
    return {s for e in found for s in e.free_symbols if isinstance(s, Parameter)}


def parts(ir: PackageIR, known: Observables) -> tuple[dict[str, Context], dict[str, str]]:
    """Contexts of the optional files, and for those that are absent the reason."""
    contexts: dict[str, Context] = {}
    reasons: dict[str, str] = {}
    makers: dict[str, Callable[[PackageIR, Observables], Context]] = {
        "horizon": _horizon,
        "boundary": _boundary,
        "thermodynamics": _thermodynamics,
        "transport": _transport,
        "entanglement": _entanglement,
    }
    for name, make in makers.items():
        try:
            contexts[name] = make(ir, known)
        except (ExpansionError, PrinterError) as error:
            reasons[name] = reason(error)
    return contexts, reasons


def _horizon(ir: PackageIR, known: Observables) -> Context:
    if known.horizon is None:
        raise ExpansionError(known.reasons["horizon"])
    return HorizonBlocks(ir, known.horizon).context()


def _boundary(ir: PackageIR, known: Observables) -> Context:
    if known.boundary is None:
        raise ExpansionError(known.reasons["boundary"])
    if known.boundary.asymptotics != "AdS":
        raise ExpansionError(
            f"the boundary is {known.boundary.asymptotics}: the series is known to leading order alone, and energy, "
            "sources and responses are derived for AdS boundaries only"
        )
    if not numeric(known.boundary):
        raise ExpansionError("the powers depend on parameters: there are no numbers to be compiled")
    return BoundaryBlocks(ir, known.boundary).context(known.scaling)


def _thermodynamics(ir: PackageIR, known: Observables) -> Context:
    at_boundary = known.at_boundary if known.boundary is not None and numeric(known.boundary) else ()
    if not (known.at_horizon or known.conserved or at_boundary):
        missing = [known.reasons.get(name, "") for name in ("at_horizon", "conserved", "at_boundary")]
        raise ExpansionError("; ".join(dict.fromkeys(text for text in missing if text)))
    both = (*known.at_horizon, *known.conserved)
    functions = {
        "horizon_quantities": [q for q in both if q.where == "horizon"],
        "conserved_charges": [q for q in both if q.where != "horizon"],
    }
    context = local_context(ir, functions)
    series = known.boundary
    asymptotic = boundary_function(ir, series, at_boundary) if series is not None and at_boundary else None
    modules = [context["imports"], asymptotic["imports"] if asymptotic else {}]
    local = {q.name: described(q, q.where) for q in both}
    # a conserved charge is known at the boundary too: there it is read off the data
    asymptotics = [described(q, "boundary") for q in at_boundary if q.name not in local]
    return {
        "imports": {name: any(m.get(name, False) for m in modules) for name in ("math", "torch")},
        "quantities": [*local.values(), *asymptotics],
        **context["functions"],
        "boundary_quantities": asymptotic,
    }


def _transport(ir: PackageIR, known: Observables) -> Context:
    if not known.transport:
        raise ExpansionError("; ".join(known.transport_notes) or known.reasons["transport"])
    context = local_context(ir, {"dc_transport": known.transport})
    return {
        "imports": context["imports"],
        "quantities": [described(q, q.where) for q in known.transport],
        "notes": known.transport_notes,
        **context["functions"],
    }


def _entanglement(ir: PackageIR, known: Observables) -> Context:
    if known.surfaces is None:
        raise ExpansionError(known.reasons["surfaces"])
    usable = known.boundary is not None and known.boundary.asymptotics == "AdS" and numeric(known.boundary)
    return SurfaceBlocks(ir, known.surfaces).context(known.boundary if usable else None)
