"""How commands end: what is raised in one becomes a message and an exit code, and signals end it in order."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import click

from holosym.errors import HolosymError

BUG = 3
# As shells have it: 128 and the number of the signal.
INTERRUPTED, BROKEN_PIPE, TERMINATED = 130, 141, 143
_LESS = "ask for fewer points, nodes, seeds or states at once, or take a machine with more"


class Terminated(KeyboardInterrupt):
    """`kill` was sent: the same as Ctrl-C, with an exit code of its own."""


class Commands(click.Group):
    """The group of all commands: what is raised in one becomes a message and an exit code here."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        from holosym.report import messages

        debug = bool(ctx.params["debug"])
        try:
            with _ended_in_order():
                result = super().invoke(ctx)
                sys.stdout.flush()
                return result
        except HolosymError as error:
            messages.show_error(error, debug)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt as interruption:
            messages.show_interruption()
            ctx.exit(TERMINATED if isinstance(interruption, Terminated) else INTERRUPTED)
        except BrokenPipeError:
            # Who reads has gone. Python would complain once more when it flushes at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(BROKEN_PIPE)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if _memory_ran_out(error):
                messages.show_error(HolosymError("there is not enough memory for this", mend=_LESS), debug)
                ctx.exit(1)
            messages.show_bug(error, debug)
            ctx.exit(BUG)


def _memory_ran_out(error: Exception) -> bool:
    """Python's error, torch's own of a device, or the one that torch's allocator for the processor has."""
    named = type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error)
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and named)


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """`kill` ends a command as Ctrl-C does, with temporary files taken away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(*_: object) -> None:
    raise Terminated
