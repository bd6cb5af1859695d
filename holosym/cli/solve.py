"""`holosym solve`: black branes of a model, as a table, JSON, NetCDF and plots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from holosym.cli.ending import INTERRUPTED
from holosym.cli.options import BRANCH, JSON, PLOT, RELATIONS, SOURCES, THEORY, THREADS, UNITS
from holosym.cli.tables import print_table


@click.command(name="solve")
@click.argument("model")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="T=0.1, mu=1, T/mu=0.2, beta=0.5, s=12, q=3."
)
@SOURCES
@RELATIONS
@click.option("--sweep", metavar="NAME=START:STOP:COUNT[:log]", help="T/mu=0.05:2:40:log.")
@UNITS
@BRANCH
@click.option("--nodes", type=click.IntRange(4, 400), default=None, help="Chebyshev nodes of a panel.")
@click.option("--tolerance", type=click.FloatRange(0, 1, min_open=True), default=None, help="Relative, of every row.")
@THEORY
@click.option("--out", type=click.Path(path_type=Path), help="Write NetCDF: all quantities and fields, with units.")
@PLOT
@JSON
@THREADS
@click.pass_context
def solve_(ctx: click.Context, /, **given: Any) -> None:
    """Solve for black branes of MODEL (a model or a generated package) at given temperature, charge and sources.

    Physical names: T, s, mu, rho, epsilon, p, omega, sigma, parameters, FIELD.source, FIELD.response, and products such
    as T/mu. What does not converge is said, with all points found before it, and the exit code is 1.
    """
    from holosym import solving
    from holosym.report import messages, solutions
    from holosym.report.progress import StageReporter
    from holosym.report.requests import read_request
    from holosym.solve import results

    solving.use_threads(given["threads"])
    request = read_request(given)
    with StageReporter() as progress:
        family = solving.solve_model(given["model"], request, progress, given["theory"])
    if given["out"] is not None:
        results.write(results.to_dataset(family), given["out"])
    if given["plot"] is not None:
        solutions.plot(family, given["plot"])
    if given["as_json"]:
        click.echo(results.as_json(family))
    elif any(branch.points for branch in family.branches):
        print_table(solutions.as_table(family))
        for sentence in solutions.sentences(family):
            click.echo(sentence)
    if family.failure is not None:
        messages.show_error(family.failure, ctx.find_root().params["debug"])
        ctx.exit(INTERRUPTED if family.interrupted else family.failure.exit_code)
