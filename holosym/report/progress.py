"""What is being done now, on stderr, for whoever waits.

On a terminal a line with the stage and the model is shown while they last. Elsewhere a stage is named only when it
takes longer than two seconds, so that scripts stay quiet and a log still tells where the time went.
"""

from __future__ import annotations

import sys
import threading
from types import TracebackType

PATIENCE = 2.0
"""Seconds after which a stage is named where there is no terminal."""


class StageReporter:
    """A context within which calls `reporter(stage, name)` are shown."""

    def __init__(self, patience: float | None = None) -> None:
        self.patience = PATIENCE if patience is None else patience
        self._timer: threading.Timer | None = None
        self._status = None
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("")

    def __call__(self, stage: str, name: str) -> None:
        """A stage begins."""
        from rich.markup import escape

        if self._status is not None:
            self._status.update(f"{escape(stage)} [bold]{escape(name)}[/bold]")
            return
        self._stop()
        self._timer = threading.Timer(self.patience, _name, (stage, name))
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> StageReporter:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
        self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _name(stage: str, name: str) -> None:
    print(f"holosym: {stage} {name} ...", file=sys.stderr, flush=True)
