"""`holosym reconstruct`: the metric that has given entropies or loop energies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from holosym.cli.options import JSON, PLOT
from holosym.cli.tables import print_table


@click.command(name="reconstruct")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--shape", type=click.Choice(["strip", "loop"]), default="strip", show_default=True)
@click.option(
    "--dimension", type=click.IntRange(2, 4), default=3, show_default=True, help="Of the boundary, time included."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the resampling that makes the band."
)
@click.option("--compare", metavar="FORMULA", help="A true f(z) to draw and compare with: 1 - z^3.")
@click.option("--out", type=click.Path(path_type=Path), help="Write z, f and the band as .csv.")
@PLOT
@JSON
def reconstruct_(data: Path, shape: str, dimension: int, seed: int, compare: str | None, **given: Any) -> None:
    """The metric ds^2 = z^-2 (-f dt^2 + dz^2/f + dx^2) that has the entropies, or loop energies, of DATA; no learning.

    DATA is a CSV file with columns l and S (or L and V), and error where there are errors, which make a band.
    """
    from holosym import reconstructing
    from holosym.report import entropies
    from holosym.whole_files import write_text

    made = reconstructing.reconstruct(data, shape, dimension, seed)
    exact = None if compare is None else reconstructing.truth(compare, made.found.z)
    if given["out"] is not None:
        write_text(given["out"], reconstructing.as_csv(made))
    if given["plot"] is not None:
        entropies.plot_reconstruction(made, given["plot"], exact)
    if given["as_json"]:
        click.echo(reconstructing.as_json(made, exact))
        return
    print_table(entropies.reconstruction_table(made, exact))
    for note in made.found.notes:
        click.echo(note)
