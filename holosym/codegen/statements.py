"""Straight-line code: named intermediate terms shared among many expressions, then the outputs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol

from holosym.codegen.names import Names
from holosym.codegen.printer import TorchPrinter

WIDTH = 100
LONGEST_NAME = 20


@dataclass(frozen=True)
class Block:
    """Code of one function.

    Attributes:
        shared: (name, source lines) of every intermediate term, in order.
        outputs: source lines of every output, in order; several lines for a long sum.
        used: names that the code reads.
        wrapped: parameters that must be tensors.
        operations: the count of operations.
    """

    shared: tuple[tuple[str, tuple[str, ...]], ...]
    outputs: tuple[tuple[str, ...], ...]
    used: frozenset[str]
    wrapped: frozenset[str]
    operations: int

    @property
    def lines(self) -> list[str]:
        """All source lines."""
        return [line for group in (*(s for _, s in self.shared), *self.outputs) for line in group]


def block(outputs: Sequence[Expr], tensors: Sequence[str], names: Names, reference: str) -> Block:
    """Share subexpressions among outputs and print them.

    Args:
        outputs: expressions in symbols that are Python names.
        tensors: which of the names are tensors.
        names: names given already; intermediate terms get free ones.
        reference: a tensor whose shape, type and device a constant output takes.
    """
    replacements, reduced = sympy.cse(
        list(outputs), symbols=sympy.numbered_symbols("shared_", cls=Symbol), order="canonical", list=True
    )
    replacements, reduced = _inlined(replacements, reduced)
    renamed = _rename(replacements, names)
    printer = TorchPrinter(tensors)
    shared = []
    behind: dict[str, set[str]] = {}  # the parameters that a shared term without tensors is made of
    for symbol, expression in replacements:
        inner = expression.xreplace(renamed)
        name = renamed[symbol].name
        if printer.is_tensor(inner):
            printer.tensors.add(name)
        else:
            behind[name] = {p for s in inner.free_symbols for p in behind.get(s.name, {s.name})}
        shared.append((name, _lines(printer, inner)))
    printed = [_output(printer, e.xreplace(renamed), reference) for e in reduced]
    used = {s.name for e in outputs for s in e.free_symbols}
    operations = sympy.count_ops([e for _, e in replacements]) + sympy.count_ops(reduced)
    if any(re.search(rf"\b{reference}\b", line) for lines in printed for line in lines):
        used.add(reference)
    wrapped = frozenset(p for name in printer.wrapped for p in behind.get(name, {name}))
    return Block(tuple(shared), tuple(printed), frozenset(used), wrapped, int(operations))


@dataclass(frozen=True)
class Chain:
    """Code of statements that read one another.

    Attributes:
        steps: (name, source lines), shared terms among the statements, each before the first that reads it.
        used, wrapped, operations: as in `Block`.
    """

    steps: tuple[tuple[str, tuple[str, ...]], ...]
    used: frozenset[str]
    wrapped: frozenset[str]
    operations: int

    @property
    def lines(self) -> list[str]:
        """All source lines."""
        return [line for _, group in self.steps for line in group]


def chain(statements: Sequence[tuple[str, Expr]], tensors: Sequence[str], names: Names, reference: str) -> Chain:
    """Statements `name = expression` in order, each of which may read those before it; all become tensors."""
    targets = [name for name, _ in statements]
    made = block([e for _, e in statements], [*tensors, *targets], names, reference)
    shared = dict(made.shared)
    placed: set[str] = set()
    steps: list[tuple[str, tuple[str, ...]]] = []

    def place(lines: tuple[str, ...]) -> None:
        for word in re.findall(r"[^\W\d]\w*", " ".join(lines)):
            if word in shared and word not in placed:
                placed.add(word)
                place(shared[word])
                steps.append((word, shared[word]))

    for name, lines in zip(targets, made.outputs, strict=True):
        place(lines)
        steps.append((name, lines))
    return Chain(tuple(steps), made.used - set(targets), made.wrapped, made.operations)


def _output(printer: TorchPrinter, expression: Expr, reference: str) -> tuple[str, ...]:
    if expression.is_number:
        value = "0.0" if expression == 0 else printer(expression)
        return (f"torch.full_like({reference}, {value})",)
    if not printer.is_tensor(expression):
        return (f"({printer(expression)}) * torch.ones_like({reference})",)
    return _lines(printer, expression)


def _lines(printer: TorchPrinter, expression: Expr) -> tuple[str, ...]:
    """One line, or for a long sum one a term; a leading plus is dropped."""
    single = printer(expression)
    if len(single) <= WIDTH or not expression.is_Add:
        return (single,)
    first, *others = printer.terms(expression)
    return (first[2:] if first.startswith("+ ") else "-" + first[2:], *others)


def _inlined(
    replacements: Sequence[tuple[Symbol, Expr]], reduced: Sequence[Expr]
) -> tuple[list[tuple[Symbol, Expr]], list[Expr]]:
    """Put back what saves next to nothing and hides what is computed: signs and numbers times one name."""
    uses = Counter(s for e in (*(r for _, r in replacements), *reduced) for s in _occurrences(e))
    put: dict[Symbol, Expr] = {}
    kept = []
    for symbol, expression in replacements:
        inner = expression.xreplace(put)
        coefficient, rest = inner.as_coeff_Mul()
        cheap = coefficient.is_Rational and coefficient != 1 and (rest.is_Symbol or uses[symbol] < 3)
        if cheap or inner.is_Symbol:
            put[symbol] = inner
        else:
            kept.append((symbol, inner))
    return kept, [e.xreplace(put) for e in reduced]


def _occurrences(expression: Expr) -> list[Symbol]:
    return [node for node in sympy.preorder_traversal(expression) if node.is_Symbol]


def _rename(replacements: Sequence[tuple[Symbol, Expr]], names: Names) -> Mapping[Symbol, Symbol]:
    """Names that say what a shared term is, where it is a power or an inverse; t1, t2, ... otherwise."""
    renamed: dict[Symbol, Symbol] = {}
    for symbol, expression in replacements:
        inner = expression.xreplace(renamed)
        renamed[symbol] = Symbol(names.free(_meaning(inner, len(renamed) + 1)))
    return renamed


def _meaning(expression: Expr, number: int) -> str:
    if expression.is_Pow and expression.base.is_Symbol and expression.exp.is_Rational:
        base, exponent = expression.base.name, expression.exp
        if exponent.is_Integer:
            power = "" if abs(exponent) == 1 else f"{abs(exponent)}"
            return f"inv_{base}{power}" if exponent < 0 else f"{base}_pow{power}"
        if abs(exponent) == sympy.Rational(1, 2):
            return f"{'inv_' if exponent < 0 else ''}sqrt_{base}"
    if expression.is_Mul and len(expression.args) <= 3 and all(a.is_Symbol for a in expression.args):
        return _joined("", expression, number)
    if isinstance(expression, sympy.exp) and expression.args[0].free_symbols:
        return _joined("exp_", expression.args[0], number)
    return f"t{number}"


def _joined(prefix: str, expression: Expr, number: int) -> str:
    """A name made of the names in an expression, where it stays short and says something."""
    parts = sorted(s.name for s in expression.free_symbols)
    joined = prefix + "_".join(parts)
    unnamed = any(re.fullmatch(r"t\d+", part) for part in parts)
    return f"t{number}" if unnamed or len(joined) > LONGEST_NAME else joined
