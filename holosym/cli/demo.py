"""`holosym demo`: a model is compiled, and solved beside its exact solution."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="demo")
@click.argument("name", default="gubser_rocha")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs/demo"), show_default=True)
def demo_(name: str, out: Path) -> None:
    """Compile NAME, and solve its generated equations beside the exact solution."""
    from holosym.report import exact
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        package, solution = exact.prepare(name, out, progress)
        from holosym import demo
    demo.run(package, solution, out)
