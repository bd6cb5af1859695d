"""Are the equations right? Known solutions and published equations against the derived system.

Every check has two legs. *Exactly zero*: in the ring of jets, where zero is decided without a simplifier.
*Zero to 50 digits at N random admissible points*: high-precision evaluation of the same equation on SymPy's
own derivatives. A check passes when no leg contradicts it and at least one proves it; which one did is
reported. The forms of a bare metric, which solve nothing, have to make a spacetime.
"""

from __future__ import annotations

from holosym.derive.system import EquationSystem
from holosym.dsl.theory import Model, Theory
from holosym.verify.check import Check
from holosym.verify.metric import check_metric
from holosym.verify.published import check_published
from holosym.verify.solutions import check_solution

__all__ = ["Check", "verify"]


def verify(model: Model) -> list[Check]:
    """All checks of a model: what its derivation proved, its known solutions, its published equations.

    Raises:
        HolosymError: where the model cannot be used at all.
    """
    system: EquationSystem = model.equations()
    checks = [Check("derivation", name, True, method, "") for name, method in system.proof.statements]
    for solution in model.known_solutions:
        if isinstance(model, Theory) and model.lagrangian is None:
            checks.append(check_metric(model, solution))
        else:
            checks.append(check_solution(system, solution))
    checks += [check_published(system, published) for published in model.published_equations]
    return checks
