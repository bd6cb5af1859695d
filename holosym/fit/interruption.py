"""Ctrl-C and SIGTERM as a question that the fit answers at its next look."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class Interruption:
    """Attributes: asked: whether someone wants the fit to stop."""

    asked: bool = False


@contextlib.contextmanager
def interruptible(say: Callable[[str], None]) -> Iterator[Interruption]:
    """While it lasts, the first signal only asks; the second one interrupts as it always does.

    In another thread than the main one, signals cannot be caught, and nothing is changed.
    """
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if interruption.asked:
            raise KeyboardInterrupt
        interruption.asked = True
        say("interrupted: finishing the step and saving; once more to stop at once")

    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
