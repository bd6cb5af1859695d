"""holosym by itself: what a model costs to derive, and what the whole command costs.

Run as a script it derives one model of the gallery in a fresh process and prints JSON; `table` does this for all.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.progress import Progress
from rich.table import Table


def derive(name: str) -> dict[str, float]:
    """CPU seconds of a gallery model after import: reading the file, then both derivations and their proofs."""
    import holosym.derive
    import holosym.dsl.loader  # noqa: F401  (imported here so that its import is not counted below)
    from holosym import pipeline

    start = time.process_time()
    models = pipeline.load(name)
    loaded = time.process_time()
    for model in models:
        pipeline.derive(model)
    return {"load": loaded - start, "derive": time.process_time() - loaded}


def command(name: str) -> float:
    """Seconds on the clock of `holosym compile NAME`, from the shell's point of view, into an empty folder."""
    holosym = Path(sys.executable).parent / "holosym"
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run([str(holosym), "compile", name, "--out", f"{folder}/generated"], check=True, capture_output=True)
        return time.perf_counter() - start


def table(progress: Progress) -> Table:
    """The gallery, model by model."""
    from holosym import resources

    made = Table(title="the gallery")
    made.add_column("model")
    made.add_column("derived twice, agreement, Bianchi\nCPU s after import", justify="right")
    made.add_column("holosym compile\nwhole command, s", justify="right")
    names = resources.gallery()
    task = progress.add_task("", total=len(names))
    for name in names:
        progress.update(task, description=name)
        made.add_row(name, *_figures(name))
        progress.advance(task)
    return made


def _figures(name: str) -> Iterator[str]:
    """The two columns of one model; what fails is said on stderr and does not stop the others."""
    for measure, places in ((_derive_alone, 3), (command, 2)):
        try:
            yield f"{measure(name):.{places}f}"
        except subprocess.CalledProcessError as error:
            lines = error.stderr.strip().splitlines() or ["failed without a word"]
            print(f"{name}: {lines[-1]}", file=sys.stderr)
            yield "failed"


def _derive_alone(name: str) -> float:
    """`derive` in a process of its own, where no cache is warm."""
    done = subprocess.run([sys.executable, __file__, name], check=True, capture_output=True, text=True)
    seconds: float = json.loads(done.stdout)["derive"]
    return seconds


if __name__ == "__main__":
    print(json.dumps(derive(sys.argv[1])))
