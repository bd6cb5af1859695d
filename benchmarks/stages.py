"""holosym by itself: a linearised metric, what a model costs to derive, and what the whole command costs.

Run as a script with the name of a gallery model it derives that model in a fresh process and prints JSON, and with
`linearised` the Einstein tensor of a perturbed metric; the tables do this for all.
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

LINEARISED = "linearised"


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


def linearised() -> dict[str, float]:
    """CPU seconds for G^i_j of g + epsilon h to first order, all ten h_ij functions of z, g the brane in 4D."""
    from sympy import exp

    from holosym import coordinates, d, parameters, profiles
    from holosym.derive.geometry import Geometry
    from holosym.derive.line_element import line_element
    from holosym.jets.from_sympy import Converter
    from holosym.jets.generators import ConstantGenerator
    from holosym.jets.ring import Ring
    from holosym.jets.to_sympy import Writer

    chart = t, x, y, z = coordinates("t x y z")
    f, chi, h = profiles("f chi h", z)
    epsilon = parameters("epsilon")
    line = (-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2
    for i, a in enumerate(chart):
        for b in chart[i:]:
            line += epsilon * (1 if a == b else 2) * profiles(f"h_{a}{b}", z) * d(a) * d(b)
    start = time.process_time()
    ring = Ring(truncate=1)
    ring.generator(ConstantGenerator(epsilon))  # the first generator is the one that is cut
    geometry = Geometry(ring, chart, line_element(line, chart, Converter(ring)))
    write = Writer(ring)
    components = [write(value) for value in geometry.einstein_mixed.values()]
    assert any(component.has(epsilon) for component in components)
    return {"derive": time.process_time() - start}


def command(name: str) -> float:
    """Seconds on the clock of `holosym compile NAME`, from the shell's point of view, into an empty folder."""
    holosym = Path(sys.executable).parent / "holosym"
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [str(holosym), "compile", name, "--out", f"{folder}/generated"],
            check=True,
            capture_output=True,
            text=True,
        )
        return time.perf_counter() - start


def table(progress: Progress) -> Table:
    """The gallery, model by model, and below it the linearised metric."""
    from holosym import resources

    made = Table(title="holosym: CPU seconds after import, and the whole command")
    made.add_column("model")
    made.add_column("reading\nthe file", justify="right")
    made.add_column("two derivations,\nagreement, Bianchi", justify="right")
    made.add_column("holosym compile\nfrom the shell", justify="right")
    names = resources.gallery()
    task = progress.add_task("", total=len(names) + 1)
    for name in (*names, LINEARISED):
        progress.update(task, description=name)
        if name == LINEARISED:
            made.add_section()
            made.add_row("4D brane + all ten h_ij, first order", "", *_alone(name))
        else:
            made.add_row(name, *_alone(name), *_shell(name))
        progress.advance(task)
    return made


def _alone(name: str) -> Iterator[str]:
    """The figures of `derive` or `linearised` from a process of its own, where no cache is warm."""
    try:
        done = subprocess.run([sys.executable, __file__, name], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        yield from (_failure(name, error) for _ in range(1 if name == LINEARISED else 2))
        return
    for seconds in json.loads(done.stdout).values():
        yield f"{seconds:.3f}"


def _shell(name: str) -> Iterator[str]:
    try:
        yield f"{command(name):.2f}"
    except subprocess.CalledProcessError as error:
        yield _failure(name, error)


def _failure(name: str, error: subprocess.CalledProcessError) -> str:
    """Say on stderr what went wrong, so that the other models still get their row."""
    said = error.stderr.strip().splitlines()[-2:] or ["failed without a word"]  # a message, and its mend
    print(f"{name}: {' '.join(said)}", file=sys.stderr)
    return "failed"


if __name__ == "__main__":
    print(json.dumps(linearised() if sys.argv[1] == LINEARISED else derive(sys.argv[1])))
