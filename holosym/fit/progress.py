"""What a fit shows while it runs: a bar on a terminal, lines elsewhere, nothing if so wished."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichBar

_BAR = 0.1
_LINE = 10.0


@dataclass(frozen=True)
class Look:
    """One look at a fit.

    Attributes:
        stage, number: its name, and which one it is.
        step, steps: done in it, and at most.
        loss: of the best seed.
        worst, size: the term with the largest residuals of that seed, and their root mean square.
        pace: such as "rate 1.0e-03" or "damping 2.1e-05"; may be empty.
        active, seeds: how many are still fitted, of how many.
        over: whether it is the last one of the stage.
    """

    stage: str
    number: int
    step: int
    steps: int
    loss: float
    worst: str
    size: float
    pace: str
    active: int
    seeds: int
    over: bool = False

    def text(self) -> str:
        """In one line, without stage and step."""
        parts = [f"loss {self.loss:.2e}", f"{self.worst} {self.size:.1e}"]
        parts += [self.pace] if self.pace else []
        parts += [f"{self.active} of {self.seeds} seeds"] if self.seeds > 1 else []
        return ", ".join(parts)


class Progress(Protocol):
    """Where a fit reports to."""

    def due(self) -> bool:
        """Whether a look would be shown; saves the cost of making one."""
        ...

    def show(self, look: Look) -> None: ...

    def say(self, message: str) -> None: ...

    def close(self) -> None: ...


class Silent:
    """Shows nothing."""

    def due(self) -> bool:
        return False

    def show(self, look: Look) -> None:
        pass

    def say(self, message: str) -> None:
        pass

    def close(self) -> None:
        pass


class Lines:
    """A line for the first look of each stage, and then every ten seconds."""

    def __init__(self, console: Console, interval: float = _LINE) -> None:
        self.console = console
        self.interval = interval
        self._stage = -1
        self._begun = (0.0, 0)
        self._last = -float("inf")

    def due(self) -> bool:
        return time.monotonic() - self._last >= self.interval

    def show(self, look: Look) -> None:
        now = time.monotonic()
        if look.number != self._stage:
            self._stage, self._begun = look.number, (now, look.step)
        elif not self.due() and not look.over:
            return
        self._last = now
        self.say(f"{look.stage} {look.step}/{look.steps}: {look.text()}{self._left(look, now)}")

    def _left(self, look: Look, now: float) -> str:
        began, first = self._begun
        if look.step <= first or look.over:
            return ""
        seconds = (now - began) / (look.step - first) * (look.steps - look.step)
        return f", at most {_duration(seconds)} left"

    def say(self, message: str) -> None:
        self.console.print(message, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        pass


class Bar:
    """A bar for each stage; what is said stands above it."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[text]}", markup=False),
        )
        self._bar = RichBar(*columns, console=console)
        self._tasks: dict[int, TaskID] = {}
        self._last = -float("inf")

    def due(self) -> bool:
        return time.monotonic() - self._last >= _BAR

    def show(self, look: Look) -> None:
        self._last = time.monotonic()
        if look.number not in self._tasks:
            self._bar.start()
            self._tasks[look.number] = self._bar.add_task(look.stage, total=look.steps, text="")
        total = look.step if look.over else look.steps
        self._bar.update(self._tasks[look.number], completed=look.step, total=total, text=look.text())

    def say(self, message: str) -> None:
        self._bar.console.print(message, markup=False, highlight=False)

    def close(self) -> None:
        self._bar.stop()


def progress_for(console: Console) -> Progress:
    """A bar where it can be redrawn, lines where it cannot."""
    return Bar(console) if console.is_terminal else Lines(console)


def _duration(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
