"""The Jinja environment: strict, and with errors that name the template and its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jinja2

from holosym.errors import HolosymError
from holosym.resources import folder


class TemplateError(HolosymError):
    """A broken template, or one that asks for a value it was not given: a bug, or an edited template."""


def environment() -> Callable[[str, Mapping[str, Any]], str]:
    """A function that renders a template with a context.

    Raises (the function):
        TemplateError: for a template that fails.
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(folder("templates"))),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.globals["code_tuple"] = code_tuple

    def render(name: str, context: Mapping[str, Any]) -> str:
        try:
            text = made.get_template(name).render(**context)
        except (jinja2.TemplateError, TypeError, KeyError) as error:
            line = getattr(error, "lineno", None)
            raise TemplateError(
                f"the template {name} failed: {error}", file=str(folder("templates") / name), line=line
            ) from error
        return _tidy(text)

    return render


def code_tuple(names: Sequence[str]) -> str:
    """A tuple of strings as source, with double quotes."""
    inner = ", ".join(f'"{n}"' for n in names)
    return f"({inner},)" if len(names) == 1 else f"({inner})"


def _tidy(text: str) -> str:
    """No blanks at line ends, at most two empty lines in a row, one newline at the end."""
    lines: list[str] = []
    for line in text.split("\n"):
        stripped = line.rstrip()
        if stripped or lines[-2:] != ["", ""]:
            lines.append(stripped)
    return "\n".join(lines).strip("\n") + "\n"
