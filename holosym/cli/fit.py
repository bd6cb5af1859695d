"""`holosym fit`: an experiment file becomes a folder with its result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from holosym.cli.ending import INTERRUPTED
from holosym.cli.options import JSON
from holosym.cli.tables import print_table


@click.command(name="fit")
@click.argument("experiment", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the run.  [default: runs/NAME]")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint there.")
@click.option("--device", help="cpu, cuda or cuda:1.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="seeds=3, loss.points=128, stages.0.steps=50."
)
@JSON
@click.pass_context
def fit_(ctx: click.Context, /, experiment: Path, as_json: bool, **given: Any) -> None:
    """Fit what EXPERIMENT, a TOML file, describes: parameters, couplings, fields; from data, equations or both.

    Writes result.json, the fitted functions as CSV and as couplings, fields as NetCDF, plots and a page index.html.
    Checkpoints are kept; after Ctrl-C or a crash, --resume goes on with nothing lost.
    """
    import json

    from rich.console import Console

    from holosym import fitting
    from holosym.fit.progress import progress_for
    from holosym.report import fits
    from holosym.report.progress import StageReporter

    settings = [*given["settings"], *([f"device={given['device']}"] if given["device"] else [])]
    with StageReporter() as stages:
        prepared = fitting.prepare(experiment, settings=settings, out=given["out"], progress=stages)
    fit = fitting.run(prepared, resume=given["resume"], progress=progress_for(Console(stderr=True)))
    if as_json:
        click.echo(json.dumps(fit.summary.as_json(), indent=2))
    else:
        for table in fits.as_tables(fit.summary):
            print_table(table)
        for sentence in [*fit.summary.sentences, *fit.summary.ended]:
            click.echo(sentence)
        click.echo(fit.folder / "index.html")
    if fit.summary.interrupted:
        ctx.exit(INTERRUPTED)
