"""`holosym compile`: models become torch packages, or it is shown how packages have drifted from them."""

from __future__ import annotations

from pathlib import Path

import click

from holosym.cli.options import MODELS


@click.command(name="compile")
@MODELS
@click.option("--out", type=click.Path(path_type=Path), default=Path("generated"), show_default=True)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; show what has drifted, and exit with 1.")
@click.pass_context
def compile_(ctx: click.Context, models: tuple[str, ...], out: Path, only_check: bool) -> None:
    """Compile MODELs (by default the whole gallery) into torch packages in the folder --out."""
    from holosym import pipeline
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        if only_check:
            difference = pipeline.drift(models, out, progress)
        else:
            compiled = pipeline.compile_models(models, out, progress)
    if only_check:
        click.echo(difference, nl=False)
        ctx.exit(1 if difference else 0)
    for folder in compiled.folders:
        click.echo(f"{folder}{'' if folder.name in compiled.changed else ' (unchanged)'}")
    for failure in compiled.failed:
        click.echo(f"{failure}; `holosym check` says more", err=True)
    ctx.exit(1 if compiled.failed else 0)
