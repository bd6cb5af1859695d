"""The peers side by side: metric to simplified mixed Einstein tensor, on the metrics of peers/cases.py."""

import json
import math
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from environments import HERE, NotInstalled, environment
from rich.progress import Progress
from rich.table import Table

CASES = {"brane4": "4D brane", "brane5": "5D brane", "off_diagonal": "with dt dx", "two_variables": "of z and x"}


@dataclass(frozen=True)
class Package:
    """What is timed: a script under peers/, in an environment of its own unless it is holosym's.

    Attributes:
        label: what the table calls it.
        script: its file under peers/.
        requirement: its name for pip; empty for holosym.
        minimum: the oldest Python that it accepts.
        arguments: what the script gets besides the case.
        default: whether this is its default mode: only those are compared with.
    """

    label: str
    script: str
    requirement: str = ""
    minimum: tuple[int, int] = (3, 11)
    arguments: tuple[str, ...] = ()
    default: bool = True


HOLOSYM = Package("holosym", "holosym_einstein.py")
PEERS = (
    Package("EinsteinPy", "einsteinpy_einstein.py", "einsteinpy"),
    Package("OGRePy", "ogrepy_einstein.py", "OGRePy", (3, 13)),
    Package("OGRePy, cancel", "ogrepy_einstein.py", "OGRePy", (3, 13), ("cancel",), default=False),
    Package("pytearcat", "pytearcat_einstein.py", "pytearcat"),
    Package("GraviPy", "gravipy_einstein.py", "GraviPy"),
)
NOT_RUN = ("SageManifolds", "Cadabra")


@dataclass
class Outcome:
    """What came of one package on one case.

    Attributes:
        seconds: CPU seconds; infinite where it ran out of time, NaN where it was not run.
        note: what to print in place of a number.
        fingerprint: G^i_j at the test point.
    """

    seconds: float = math.nan
    note: str = "not run"
    fingerprint: list[list[float]] = field(default_factory=list)


def run_script(python: Path | str, command: Sequence[str], timeout: float) -> Outcome:
    """Run a script in a process of its own and read the JSON of its last line."""
    try:
        done = subprocess.run(
            [str(python), *command], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return Outcome(math.inf, f"> {timeout:g}")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["failed without a word"]
        print(f"{' '.join(command)}: {lines[-1]}", file=sys.stderr)
        return Outcome(note="failed")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return Outcome(found["seconds"], f"{found['seconds']:.3g}", found["fingerprint"])


def _measure(package: Package, case: str, timeout: float, pythons: Iterable[str], repeats: int) -> Outcome:
    try:
        python = environment(package.requirement, package.minimum, pythons) if package.requirement else sys.executable
    except NotInstalled as error:
        return Outcome(note=str(error))
    command = [str(HERE / "peers" / package.script), case, *package.arguments]
    outcomes = [run_script(python, command, timeout) for _ in range(repeats)]
    middle = statistics.median_low(outcome.seconds for outcome in outcomes)
    return next(outcome for outcome in outcomes if outcome.seconds == middle or math.isnan(middle))


def measure(
    cases: Sequence[str], timeout: float, pythons: Iterable[str], progress: Progress
) -> dict[str, dict[str, Outcome]]:
    """Every package on every case, one process each; holosym, which is over at once, is the median of five."""
    results: dict[str, dict[str, Outcome]] = {}
    task = progress.add_task("", total=len(cases) * (1 + len(PEERS)))
    for package in (HOLOSYM, *PEERS):
        for case in cases:
            progress.update(task, description=f"{package.label}: {CASES[case]}")
            repeats = 1 if package.requirement else 5
            results.setdefault(package.label, {})[case] = _measure(package, case, timeout, pythons, repeats)
            progress.advance(task)
    return results


def disagreements(results: dict[str, dict[str, Outcome]]) -> list[str]:
    """Packages whose Einstein tensor is not holosym's, to nine digits."""
    found = []
    for label, outcomes in results.items():
        for case, outcome in outcomes.items():
            ours, theirs = results["holosym"][case].fingerprint, outcome.fingerprint
            if not ours or not theirs:
                continue
            pairs = [(a, b) for row, other in zip(ours, theirs, strict=True) for a, b in zip(row, other, strict=True)]
            if not all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs):
                found.append(f"{label} on {CASES[case]}")
    return found


def table(results: dict[str, dict[str, Outcome]], cases: Sequence[str]) -> Table:
    """CPU seconds by package and case, and how many times faster holosym is than the fastest default peer."""
    made = Table(title="metric to simplified mixed Einstein tensor, CPU seconds after import")
    made.add_column("package")
    for case in cases:
        made.add_column(CASES[case], justify="right")
    for label, outcomes in results.items():
        made.add_row(label, *(outcomes[case].note for case in cases), style="bold" if label == "holosym" else "")
    for label in NOT_RUN:
        made.add_row(label, *("not run" for _ in cases), style="dim")
    made.add_section()
    made.add_row("fastest peer / holosym", *(_ratio(results, case) for case in cases), style="bold")
    return made


def _ratio(results: dict[str, dict[str, Outcome]], case: str) -> str:
    times = [results[peer.label][case].seconds for peer in PEERS if peer.default]
    finished = [seconds for seconds in times if math.isfinite(seconds)]
    ours = results["holosym"][case].seconds
    if not finished or not math.isfinite(ours):
        return "-"
    return f"{min(finished) / ours:.0f} x"
