"""`holosym entropy`: entanglement entropies and Wilson loops, as a table, JSON, NetCDF or CSV, and plots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from holosym.cli.options import BRANCH, JSON, PLOT, RELATIONS, SOURCES, THEORY, THREADS, UNITS
from holosym.cli.tables import print_table


@click.command(name="entropy")
@click.argument("model")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="T=0.1, mu=1; parameters of a --solution.")
@SOURCES
@RELATIONS
@click.option("--solution", metavar="NAME", help="A known solution of the model in closed form, by a part of its name.")
@click.option("--shape", type=click.Choice(["strip", "disk", "interval", "loop"]), default="strip", show_default=True)
@click.option(
    "--along", "direction", default="", metavar="COORDINATE", help="Where a strip has its width, charges are apart."
)
@click.option("--l", "lengths", required=True, metavar="START:STOP:COUNT[:log]", help="Widths or radii: 0.05:5:60:log.")
@click.option(
    "--cutoff", type=click.Choice(["own", "fg"]), default="own", show_default=True, help="z, or Fefferman-Graham."
)
@UNITS
@BRANCH
@click.option("--nodes", type=click.IntRange(4, 400), default=None, help="Chebyshev nodes of a panel of the state.")
@click.option("--tolerance", type=click.FloatRange(0, 1, min_open=True), default=None, help="Relative, of the state.")
@THEORY
@click.option("--out", type=click.Path(path_type=Path), help="Write .nc, NetCDF with all of it, or .csv.")
@PLOT
@JSON
@THREADS
def entropy_(**given: Any) -> None:
    """Entanglement entropy of strips and disks (or the energy of a Wilson loop) in a background of MODEL.

    The background is the state with the given settings; or a known solution; or a bare metric, which has no action.
    Where several surfaces have one length all are given, and the one of least area is named.
    """
    from holosym import entropy, solving
    from holosym.report import entropies
    from holosym.report.progress import StageReporter
    from holosym.report.requests import read_lengths, read_request, require_ending
    from holosym.solve.results import write
    from holosym.surfaces import results
    from holosym.surfaces.answer import Wanted
    from holosym.whole_files import write_text

    solving.use_threads(given["threads"])
    require_ending(given["out"], (".nc", ".csv"))
    if given["shape"] == "disk" and given["direction"]:
        raise click.UsageError("a disk has no direction: leave --along out")
    lengths = read_lengths(given["lengths"])
    wanted = Wanted(given["shape"], lengths, given["direction"], given["cutoff"])
    request = read_request({**given, "sweep": None})
    with StageReporter() as progress:
        found = entropy.entropy(given["model"], request, wanted, given["solution"], given["theory"], progress)
    if given["out"] is not None:
        if given["out"].suffix.lower() == ".csv":
            write_text(given["out"], entropies.as_csv(found))
        else:
            write(results.to_dataset(found), given["out"])
    if given["plot"] is not None:
        entropies.plot(found, given["plot"])
    if given["as_json"]:
        click.echo(results.as_json(found))
        return
    print_table(entropies.as_table(found))
    for sentence in entropies.sentences(found):
        click.echo(sentence)
