"""`holosym list`: the gallery as a table or JSON."""

from __future__ import annotations

import click

from holosym.cli.tables import print_table


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(as_json: bool) -> None:
    """List the gallery: models with their unknown functions and couplings."""
    from holosym.report import gallery
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        entries = gallery.entries(progress)
    if as_json:
        click.echo(gallery.as_json(entries))
    else:
        print_table(gallery.as_table(entries))
