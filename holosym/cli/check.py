"""`holosym check`: whether known solutions and published equations of models hold."""

from __future__ import annotations

import click

from holosym.cli.options import MODELS
from holosym.cli.tables import print_table


@click.command(name="check")
@MODELS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a theory, a list for several.")
@click.pass_context
def check_(ctx: click.Context, models: tuple[str, ...], as_json: bool) -> None:
    """Check known solutions and published equations of MODELs (by default of the whole gallery)."""
    from holosym import pipeline
    from holosym.report import checks, messages
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        checked, errors = pipeline.check_models(models, progress)
    if as_json and checked:
        click.echo(checks.as_json(checked))
    elif not as_json:
        for one in checked:
            print_table(checks.as_table(one))
    for error in errors:
        messages.show_error(error, ctx.find_root().params["debug"])
    ctx.exit(max([0 if one.passed else 1 for one in checked] + [error.exit_code for error in errors]))
