"""Tables on a terminal, or in a pipe."""

from __future__ import annotations

import sys
from typing import Any

PIPED_WIDTH = 160


def print_table(table: Any) -> None:
    """Print a table of `holosym.report` as wide as the terminal is."""
    from rich.console import Console

    # Where there is no terminal a table has the columns that it needs.
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)
