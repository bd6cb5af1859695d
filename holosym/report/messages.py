"""One message for one error, on stderr: what is wrong, where, and the mend."""

from __future__ import annotations

import traceback

from rich.console import Console
from rich.text import Text

from holosym.errors import HolosymError


def show_error(error: HolosymError, debug: bool = False) -> None:
    """Print an error of the user's making; with `debug` also where Python met it."""
    text = Text("".join(traceback.format_exception(error)) if debug else "")
    if error.place():
        text.append(f"{error.place()}: ", "bold")
    text.append("error: ", "bold red").append(error.message)
    if error.mend:
        text.append("\n  mend: ", "green").append(error.mend)
    _print(text)


def show_interruption() -> None:
    """Print that the user stopped the command."""
    _print(Text("interrupted, nothing was written"))


def show_bug(error: Exception, debug: bool) -> None:
    """Print that holosym failed where it should not; with `debug` also how."""
    if debug:
        _print(Text("".join(traceback.format_exception(error))))
    what = traceback.format_exception_only(error)[-1].strip().partition("\n")[0]
    again = "" if debug else "; run it again as `holosym --debug ...` and report what it prints"
    _print(Text.assemble(("error: ", "bold red"), f"this is a bug in holosym: {what}{again}"))


def _print(text: Text) -> None:
    # Lines are not wrapped: a path with a line number must stay in one piece.
    Console(stderr=True).print(text, soft_wrap=True, highlight=False)
