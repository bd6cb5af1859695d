"""Contexts of the Python templates: blocks of straight-line code with the inputs they read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from sympy import Expr, sstr

from holosym.codegen.ir import CouplingIR, EquationIR, PackageIR
from holosym.codegen.statements import Block, Chain, block


class Blocks:
    """Inputs of a package by their names in code."""

    def __init__(self, ir: PackageIR) -> None:
        self.ir = ir
        self.tensors = [
            *ir.coordinate_names,
            *(n for p in ir.profiles for n in p.names),
            *(n for c in ir.couplings for n in c.names),
        ]
        self.reference = ir.coordinate_names[0]

    def block(self, outputs: Sequence[Expr], tensors: Sequence[str], reference: str) -> Block:
        """A block of its own names: terms of one function do not number those of another."""
        return block(outputs, tensors, self.ir.names.copy(), reference)

    def loads(self, made: Block) -> list[str]:
        """Lines that read what a block uses."""
        ir = self.ir
        lines = []
        for key, name in zip(ir.coordinates, ir.coordinate_names, strict=True):
            if name in made.used or (made.wrapped and name == self.reference):
                lines.append(f'{name} = coordinates["{key}"]')
        for profile in ir.profiles:
            lines += unpack(profile.names, f'jets["{profile.name}"]', made.used)
        for coupling in ir.couplings:
            lines += unpack(coupling.names, f'couplings["{coupling.name}"]', made.used)
        return lines + parameter_lines(ir, made, self.reference)


def unpack(names: Sequence[str], source: str, used: Iterable[str]) -> list[str]:
    """Assignments of the entries of a sequence that are used."""
    wanted = [i for i, name in enumerate(names) if name in set(used)]
    if len(wanted) == len(names) > 1:
        return [f"{', '.join(names)} = {source}"]
    return [f"{names[i]} = {source}[{i}]" for i in wanted]


def parameter_lines(ir: PackageIR, made: Block | Chain, reference: str) -> list[str]:
    """Parameters as they come, or as tensors where a function of them alone is needed."""
    lines = []
    for key, name in zip(ir.parameters, ir.parameter_names, strict=True):
        if name in made.wrapped:
            lines.append(
                f'{name} = torch.as_tensor(parameters["{key}"], dtype={reference}.dtype, device={reference}.device)'
            )
        elif name in made.used:
            lines.append(f'{name} = parameters["{key}"]')
    return lines


def imports(blocks: Iterable[Block | Chain]) -> dict[str, bool]:
    """Which modules the code of some blocks needs."""
    made = list(blocks)
    lines = [line for b in made for line in b.lines]
    found = {module: any(f"{module}." in line for line in lines) for module in ("math", "torch")}
    found["torch"] = found["torch"] or any(b.wrapped for b in made)
    return found


class EquationBlocks(Blocks):
    """The context of `equations.py`."""

    def context(self) -> dict[str, Any]:
        """Everything the template names."""
        equations = self.ir.equations
        residuals = self.block([e.residual for e in equations], self.tensors, self.reference)
        magnitudes = self.block([e.magnitude for e in equations], self.tensors, self.reference)
        slopes = [s for e in equations for s in _slopes(e)]
        linear = self.block(slopes, self.tensors, self.reference)
        names = [e.equation.name for e in equations]
        blocks = {"residuals": residuals, "magnitudes": magnitudes, "linearisation": linear}
        return {
            "imports": imports(blocks.values()),
            "equations": [_described(e) for e in equations],
            "notes": {e.equation.name: _note(e) for e in equations},
            "operations": {name: b.operations for name, b in blocks.items()},
            "functions": {
                name: {
                    "loads": self.loads(b),
                    "shared": b.shared,
                    "outputs": list(zip(names, b.outputs, strict=True)) if name != "linearisation" else [],
                }
                for name, b in blocks.items()
            },
            "derivatives": _nested(equations, list(linear.outputs)),
        }


def _slopes(e: EquationIR) -> list[Expr]:
    return [*e.by_jet.values(), *e.by_coupling.values(), *e.by_parameter.values()]


def _nested(equations: Sequence[EquationIR], outputs: list[tuple[str, ...]]) -> dict[str, Any]:
    """Outputs of the linearisation, by equation, variable and position."""
    remaining = iter(outputs)
    jets: dict[str, Any] = {}
    couplings: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    for e in equations:
        name = e.equation.name
        jets[name], couplings[name], parameters[name] = {}, {}, {}
        for profile, i in e.by_jet:
            jets[name].setdefault(profile, {})[i] = next(remaining)
        for coupling, i in e.by_coupling:
            couplings[name].setdefault(coupling, {})[i] = next(remaining)
        for parameter in e.by_parameter:
            parameters[name][parameter] = next(remaining)
    return {"jets": jets, "couplings": couplings, "parameters": parameters}


def _note(e: EquationIR) -> str:
    return f"{e.equation.role}, from {e.equation.origin}"


def _described(e: EquationIR) -> dict[str, str]:
    text = textwrap.fill(
        f"{sstr(e.residual)} = 0",
        106,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
    )
    return {"heading": f"{e.equation.name} ({_note(e)}):", "text": text}


class CouplingBlocks(Blocks):
    """The context of `couplings.py`."""

    def context(self) -> dict[str, Any]:
        """Everything the template names."""
        flat = [a for c in self.ir.couplings for a in c.arguments]
        arguments = self.block(flat, self.tensors, self.reference)
        values = iter(arguments.outputs)
        by_name = {c.name: [next(values) for _ in c.arguments] for c in self.ir.couplings}
        closed = [self._closed(c) for c in self.ir.couplings if c.closed is not None]
        return {
            "imports": imports([arguments, *(c["made"] for c in closed)]),
            "couplings": [{"text": _coupling_text(c)} for c in self.ir.couplings],
            "arguments": {"loads": self.loads(arguments), "shared": arguments.shared},
            "argument_values": by_name,
            "closed": closed,
        }

    def _closed(self, coupling: CouplingIR) -> dict[str, Any]:
        assert coupling.closed is not None
        made = self.block(coupling.closed, coupling.slots, coupling.slots[0])
        loads = unpack(coupling.slots, f'arguments["{coupling.name}"]', {*made.used, coupling.slots[0]})
        return {
            "name": coupling.name,
            "note": _coupling_text(coupling),
            "made": made,
            "block": {
                "loads": loads + parameter_lines(self.ir, made, coupling.slots[0]),
                "shared": made.shared,
            },
            "jets": made.outputs,
        }


def _coupling_text(coupling: CouplingIR) -> str:
    applied = f"{coupling.function}({', '.join(coupling.slots)})"
    if coupling.closed is None:
        return f"{applied} is unknown: whoever calls gives its jets"
    return f"{applied} = {sstr(coupling.closed[0])}"
