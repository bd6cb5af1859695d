"""A model on one sheet: ansatz, action, equations solved for the highest derivatives, constraints, and the proof.

The sheet is made once, as titled sections of equations and sentences; each notation then writes it out. Markdown is the
`EQUATIONS.md` of the generated package.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, S, Symbol, log
from sympy.printing.pretty.pretty_symbology import pretty_use_unicode
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from holosym.derive.system import EquationSystem
from holosym.dsl.theory import Model, System, Theory
from holosym.expand.series import BoundarySeries
from holosym.jets.element import Element
from holosym.jets.to_sympy import atom_symbol
from holosym.report.gallery import couplings_of
from holosym.report.notation import Latex, Mathematica, Pretty, mathematica_name

WIDTH = 100
"""Columns of the pretty form, where nobody knows better."""


@dataclass(frozen=True)
class Line:
    """`left = right`, with where it comes from."""

    left: Expr
    right: Expr
    origin: str = ""


@dataclass(frozen=True)
class Section:
    """Equations and sentences under one title."""

    title: str
    lines: tuple[Line, ...] = ()
    words: tuple[str, ...] = ()


def sheet(system: EquationSystem) -> list[Section]:
    """Everything to be shown of a model; empty sections are left out."""
    solved = [e for e in system.equations if e.leading is not None and e.right is not None]
    dynamical = zip(solved, system.dynamical.items(), strict=True)
    constraints = system.constraints.items()
    free = f"{', '.join(system.free)} (a choice of gauge)" if system.free else ""
    sections = [
        *_given(system.model),
        Section("equations", tuple(Line(*pair, f"from {e.origin}") for e, pair in dynamical)),
        Section("constraints", tuple(Line(S.Zero, right, name) for name, right in constraints)),
        Section("left free by the equations", words=(free,)),
        Section("proved", words=tuple(f"{what}: {how}" for what, how in system.proof.statements)),
        Section("notes", words=system.proof.notes),
        *_observed(system),
        *_known(system.model),
    ]
    kept = (Section(s.title, s.lines, tuple(word for word in s.words if word)) for s in sections)
    return [section for section in kept if section.lines or section.words]


def _given(model: Model) -> list[Section]:
    """What the user wrote."""
    profiles = (f"unknown functions: {', '.join(map(str, model.profiles))}",) if model.profiles else ()
    if isinstance(model, System):
        given = tuple(Line(S.Zero, right, name) for name, right in model.given.items())
        found = [Section("given", given, profiles)]
    else:
        assert isinstance(model, Theory)
        lines = [Line(Symbol("ds^2"), model.metric)]
        lines += [Line(scalar, scalar.ansatz) for scalar in model.scalars]
        lines += [Line(gauge, gauge.ansatz) for gauge in model.gauge_fields]
        found = [Section("ansatz", tuple(lines), profiles)]
        if model.lagrangian is not None:
            found.append(Section("action", (Line(Symbol("L"), model.lagrangian),)))
        wall = "" if model.wall is None else f"a wall at {model.radial} = {model.wall} in place of a horizon"
        chosen = (one.sentence() for one in model.boundary_conditions.values())
        found.append(Section("boundary choices", words=(wall, *chosen)))
    closed = tuple(Line(applied, form) for applied, form in model.couplings.items())
    unknown = tuple(f"{name} is unknown" for name, state in couplings_of(model).items() if state == "unknown")
    return [*found, Section("couplings", closed, unknown)]


def _observed(system: EquationSystem) -> list[Section]:
    """What is known of all solutions: expansions, thermodynamics, transport."""
    from holosym.codegen.observables import observables

    if isinstance(system.model, System):
        return []
    known = observables(system)
    sections = []
    if known.horizon is not None:
        values = tuple(
            Line(atom_symbol(jet), quotient(system, above, below)) for jet, above, below in known.horizon.values
        )
        free = ", ".join(jet.unknown.name + "'" * sum(jet.orders) for jet in known.horizon.data)
        sections.append(Section("regular at the horizon", values, (f"free: {free}", *known.horizon.notes)))
    if known.boundary is not None:
        series = known.boundary
        lines = tuple(Line(Symbol(name), leading_terms(series, name)) for name in sorted(series.series))
        sections.append(Section("towards the boundary", lines, series.notes))
    local = tuple(Line(Symbol(q.name), quotient(system, q.numerator, q.denominator), q.text) for q in known.local)
    asymptotic = tuple(Line(Symbol(q.name), q.value, q.text) for q in known.at_boundary)
    sections.append(Section("thermodynamics and transport", local + asymptotic, known.transport_notes))
    return sections


def quotient(system: EquationSystem, numerator: Element, denominator: Element) -> Expr:
    """A quotient of elements; one term below is divided into every term above."""
    below = system.write(denominator)
    if len(denominator.terms) > 1:
        return system.write(numerator) / below
    return Add(*[term / below for term in Add.make_args(system.write(numerator))])


def leading_terms(series: BoundarySeries, profile: str) -> Expr:
    """A profile's series through the boundary's dimension beyond its first power."""
    from holosym.codegen.sections import readable

    terms = series.series[profile]
    last = terms[0].power + series.dimension if terms else S.Zero
    kept = [t for t in terms if not (t.power - last).is_positive]
    x = series.variable
    pieces = [c * x**t.power * log(x) ** t.log for t in kept for c in Add.make_args(readable(t.coefficient))]
    return Add(*pieces)


def _known(model: Model) -> list[Section]:
    """What is known of it, with the sources."""
    solutions = [
        Section(f"known solution: {one.name}", tuple(Line(*pair) for pair in one.profiles.items()), (one.source,))
        for one in model.known_solutions
    ]
    published = [
        Section(f"published: {one.name}", (Line(S.Zero, one.expression),), (one.source,))
        for one in model.published_equations
    ]
    return [*solutions, *published]


def pretty(system: EquationSystem, width: int = WIDTH, unicode: bool = True) -> str:
    """For a terminal of so many columns."""
    printer = Pretty({"wrap_line": False})
    before = pretty_use_unicode(unicode)
    try:
        return _pretty(system, printer, width)
    finally:
        pretty_use_unicode(before)


def _pretty(system: EquationSystem, printer: Any, width: int) -> str:
    text = [system.model.name, "=" * len(system.model.name)]
    for section in sheet(system):
        text += ["", section.title, "-" * len(section.title)]
        for line in section.lines:
            text += _wrapped(f"{line.origin}:", width) if line.origin else []
            text += [*_rows(printer, line, width - 4), ""]
        text += [row for words in section.words for row in _wrapped(words, width)]
    return "\n".join(row.rstrip() for row in text) + "\n"


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, width, initial_indent="  ", subsequent_indent="    ", break_long_words=False)


def _rows(printer: Any, line: Line, width: int) -> list[str]:
    """An equation in two dimensions, a long sum broken between its terms."""
    start = prettyForm(*stringPict.next(printer._print(line.left), " = "))
    rows: list[str] = []
    for piece in _broken(printer, line.right, width - start.width()):
        form = printer._print(piece)
        if rows and not str(piece).startswith("-"):
            form = prettyForm(*stringPict.next(prettyForm("+ "), form))
        before = start if not rows else prettyForm(" " * start.width())
        rows += [f"  {row}" for row in str(stringPict(*stringPict.next(before, form))).split("\n")]
    return rows


def _broken(printer: Any, expression: Expr, width: int) -> list[Expr]:
    """Parts of a sum, each as long as fits the width, and at least one term long."""
    pieces: list[Expr] = []
    chunk: list[Expr] = []
    for term in Add.make_args(expression) if not expression.is_Add else expression.as_ordered_terms():
        if chunk and printer._print(Add(*chunk, term)).width() > width:
            pieces.append(Add(*chunk))
            chunk = []
        chunk.append(term)
    return [*pieces, Add(*chunk)]


def latex(system: EquationSystem) -> str:
    """A piece of LaTeX to be put into a paper; it needs amsmath."""
    printer = Latex({})
    text = [f"% {system.model.name}, derived by holosym"]
    for section in sheet(system):
        text += ["", rf"\paragraph{{{_plain(section.title)}}}"]
        for line in section.lines:
            pieces = _terms(line.right, 4)
            body = r" \\ &\quad ".join(_signed(printer.doprint(p), i) for i, p in enumerate(pieces))
            text += [f"% {line.origin}"] if line.origin else []
            text += [rf"\begin{{align*}} {printer.doprint(line.left)} &= {body} \end{{align*}}"]
        text += [_plain(words) + "." for words in section.words]
    return "\n".join(text) + "\n"


def _terms(expression: Expr, count: int) -> list[Expr]:
    """A sum in pieces of so many terms."""
    terms = expression.as_ordered_terms() if expression.is_Add else [expression]
    return [Add(*terms[i : i + count]) for i in range(0, len(terms), count)]


def _signed(text: str, position: int) -> str:
    return text if position == 0 or text.lstrip().startswith("-") else f"+ {text}"


def _plain(words: str) -> str:
    """Words of a person, as LaTeX prints them."""
    return words.replace("_", r"\_").replace("&", r"\&").replace("%", r"\%").replace("#", r"\#")


def mathematica(system: EquationSystem) -> str:
    """Input for Mathematica; what that has no word for, the forms in the action, is in a comment."""
    printer = Mathematica({"strict": False})
    model = system.model
    text = [f"(* {model.name}, derived by holosym *)"]
    if isinstance(model, Theory):
        text += [f"(* L = {model.lagrangian} *)", f"lineElement = {printer.doprint(model.metric)};"]
    for applied, form in model.couplings.items():
        slots = ", ".join(printer.doprint(a) for a in applied.args)
        name = mathematica_name(applied.func.base)
        text += [f"{name} = Function[{{{slots}}}, {printer.doprint(form)}];"]
    equations = [f"{printer.doprint(left)} == {printer.doprint(right)}" for left, right in system.dynamical.items()]
    constraints = [f"{printer.doprint(left)} == 0" for left in system.constraints.values()]
    text += [_mathematica_list("equations", equations), _mathematica_list("constraints", constraints)]
    return "\n".join(text) + "\n"


def _mathematica_list(name: str, entries: list[str]) -> str:
    return f"{name} = {{\n  " + ",\n  ".join(entries) + "\n};" if entries else f"{name} = {{}};"


def markdown(system: EquationSystem) -> str:
    """The EQUATIONS.md of the generated package."""
    from holosym.codegen.package import generate

    return generate(system)["EQUATIONS.md"]


def write(system: EquationSystem, notation: str) -> str:
    """The sheet in a notation: `pretty` (as the terminal takes it), `latex`, `markdown` or `mathematica`."""
    if notation == "pretty":
        width = shutil.get_terminal_size((WIDTH, 0)).columns if sys.stdout.isatty() else WIDTH
        return pretty(system, width, unicode=(sys.stdout.encoding or "").lower().startswith("utf"))
    return {"latex": latex, "markdown": markdown, "mathematica": mathematica}[notation](system)
